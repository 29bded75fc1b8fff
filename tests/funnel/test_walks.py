"""Walks: random lives of a deal beside a naive oracle, and every state a deal can reach."""

from __future__ import annotations

import copy
import pickle
from collections import deque
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

import oracles
from books import GENERAL, START, WORD, climb, evidence_for, lives, new_deal, on_day, pay, sell
from salesflow.errors import SalesflowError
from salesflow.funnel import FUNNEL, LossReason, Opportunity, Status, replay
from salesflow.gates import Evidence
from salesflow.money import Money
from salesflow.scales import Rung
from strategies import evidences

CLOSES = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))
MINORS = st.integers(0, 5_000)
HOURS = st.sampled_from([0, 0, 1, 1, 24, 24, 700, 700, -1])


def plain(item: Evidence):
    """An evidence as the oracle reads it."""
    value = item.value.value if isinstance(item.value, Rung) else item.value
    return item.gate, item.kind.value, value, item.approver


def money(minor):
    return Money.of_minor(minor, "CNY")


class Walk(RuleBasedStateMachine):
    """A deal and its naive twin: each verb is done by both or refused by both."""

    machine = FUNNEL
    table = oracles.FUNNEL

    @initialize(data=st.data(), minor=MINORS, close=CLOSES)
    def opened(self, data, minor, close):
        stage = data.draw(self.stages())
        self.deal = new_deal(
            stage=stage, amount=money(minor), expected_close=close, machine=self.machine
        )
        self.twin = oracles.NaiveDeal(self.table, stage.value, minor, close, self.deal.opened_at)

    def stages(self):
        return st.sampled_from(self.machine.stages)

    def papers(self):
        gates = st.sampled_from(list(self.machine.gates)).flatmap(lambda key: evidences([key]))
        return st.lists(gates, max_size=3)

    def after(self, hours):
        return self.deal.trail[-1].at + timedelta(hours=hours)

    def both(self, verb, done):
        """Perform `verb`, which the twin has `done` or not, and compare the two."""
        before = copy.deepcopy(self.deal)
        try:
            after = verb()
        except SalesflowError:
            assert not done
            after = self.deal
        else:
            assert done
        assert self.deal == before
        self.deal = after
        self.compare()

    def compare(self):
        deal, twin = self.deal, self.twin
        assert deal.stage.value == twin.now["stage"]
        assert deal.status.value == twin.now["status"]
        assert deal.amount.minor == twin.now["amount"]
        assert deal.collected.minor == twin.now["collected"]
        assert deal.outstanding.minor == twin.outstanding
        assert deal.expected_close == twin.now["expected_close"]
        assert deal.held is twin.now["held"]
        assert len(deal.trail) == len(twin.rows)
        shut = [gate.key for gate in deal.unmet(machine=self.machine)]
        assert shut == (twin.missing() if twin.now["status"] == "open" else [])

    @rule(data=st.data(), hours=HOURS)
    def record(self, data, hours):
        items, at = data.draw(self.papers()), self.after(hours)
        done = self.twin.record(at, [plain(item) for item in items])
        self.both(lambda: self.deal.record(items, at=at, machine=self.machine), done)

    @rule(data=st.data(), hours=HOURS)
    def advance_with_what_there_is(self, data, hours):
        items, at = data.draw(self.papers()), self.after(hours)
        to = data.draw(st.none() | self.stages())
        done = self.twin.advance(at, [plain(item) for item in items], to=to.value if to else None)
        self.both(
            lambda: self.deal.advance(at=at, evidence=items, to=to, machine=self.machine), done
        )

    @rule(hours=HOURS)
    def advance_with_what_it_takes(self, hours):
        at = self.after(hours)
        items = evidence_for(self.deal.unmet(machine=self.machine))
        done = self.twin.advance(at, [plain(item) for item in items])
        self.both(lambda: self.deal.advance(at=at, evidence=items, machine=self.machine), done)

    @rule(data=st.data(), hours=HOURS)
    def advance_on_a_word(self, data, hours):
        items, at = data.draw(self.papers()), self.after(hours)
        done = self.twin.advance(at, [plain(item) for item in items], override=True)
        self.both(
            lambda: self.deal.advance(at=at, evidence=items, override=WORD, machine=self.machine),
            done,
        )

    @rule(data=st.data(), hours=HOURS, word=st.none() | st.just(WORD))
    def win_with_what_there_is(self, data, hours, word):
        items, at = data.draw(self.papers()), self.after(hours)
        done = self.twin.win(at, [plain(item) for item in items], override=bool(word))
        self.both(
            lambda: self.deal.win(at=at, evidence=items, override=word, machine=self.machine), done
        )

    @precondition(lambda self: self.deal.stage is self.machine.stages[-1])
    @rule(hours=HOURS)
    def win_with_what_it_takes(self, hours):
        at = self.after(hours)
        items = evidence_for(self.deal.unmet(machine=self.machine))
        done = self.twin.win(at, [plain(item) for item in items])
        self.both(lambda: self.deal.win(at=at, evidence=items, machine=self.machine), done)

    @rule(data=st.data(), hours=HOURS)
    def regress(self, data, hours):
        to, at = data.draw(self.stages()), self.after(hours)
        done = self.twin.regress(at, to.value)
        self.both(
            lambda: self.deal.regress(to=to, at=at, reason="cooled", machine=self.machine), done
        )

    @rule(hours=HOURS)
    def hold(self, hours):
        at = self.after(hours)
        self.both(lambda: self.deal.hold(at=at, reason="frozen"), self.twin.hold(at))

    @rule(hours=HOURS)
    def resume(self, hours):
        at = self.after(hours)
        self.both(lambda: self.deal.resume(at=at), self.twin.resume(at))

    @rule(hours=HOURS, minor=MINORS, close=CLOSES)
    def revise(self, hours, minor, close):
        at = self.after(hours)
        done = self.twin.revise(at, minor, close)
        self.both(lambda: self.deal.revise(at=at, amount=money(minor), expected_close=close), done)

    @rule(hours=HOURS, minor=MINORS, rest=st.booleans())
    def collect(self, hours, minor, rest):
        at, cash = self.after(hours), self.twin.outstanding if rest else minor
        self.both(lambda: self.deal.collect(money(cash), at=at), self.twin.collect(at, cash))

    @rule(hours=HOURS, reason=st.sampled_from(LossReason))
    def lose(self, hours, reason):
        at = self.after(hours)
        self.both(lambda: self.deal.lose(reason, at=at, machine=self.machine), self.twin.lose(at))

    @rule(data=st.data(), hours=HOURS)
    def reopen(self, data, hours):
        to, at = data.draw(st.none() | self.stages()), self.after(hours)
        done = self.twin.reopen(at, to.value if to else None)
        self.both(
            lambda: self.deal.reopen(to=to, at=at, reason="again", machine=self.machine), done
        )

    def teardown(self):
        if hasattr(self, "deal"):
            hangs_together(self.deal, self.machine)
            for row in self.twin.rows:
                assert self.deal.as_of(row["at"]).stage.value == self.twin.stage_at(row["at"])


def hangs_together(deal, machine):
    """What holds of every deal, whatever happened to it."""
    assert replay(deal, machine) == deal
    assert pickle.loads(pickle.dumps(deal)) == deal
    assert hash(copy.deepcopy(deal)) == hash(deal)
    names = ("id", "customer", "owner", "product", "machine", "origin", "trail")
    assert Opportunity(**{name: getattr(deal, name) for name in names}) == deal
    assert [event.sequence for event in deal.trail] == list(range(len(deal.trail)))
    for before, after in pairwise(deal.trail):
        assert after.source is before.target
        assert after.at >= before.at
    assert deal.as_of(deal.opened_at - timedelta(microseconds=1)) is None


class GeneralWalk(Walk):
    """The same walk through a pipeline of one's own."""

    machine = GENERAL
    table = oracles.GENERAL


TestWalk = Walk.TestCase
TestWalk.settings = settings(stateful_step_count=40)
TestGeneralWalk = GeneralWalk.TestCase
TestGeneralWalk.settings = settings(stateful_step_count=30)


# --- every state there is --------------------------------------------------------------------

AT = START
MACHINES = pytest.mark.parametrize("machine", [FUNNEL, GENERAL], ids=lambda machine: machine.name)


def state_of(deal):
    return deal.stage, deal.status, deal.held


def next_deals(deal, machine):
    """Every deal that one verb makes of this one, all at one instant."""
    known = machine.unmet(machine.move(deal.stage))
    verbs = [
        lambda: deal.advance(at=AT, evidence=evidence_for(known), machine=machine),
        lambda: pay(deal).win(at=AT, evidence=evidence_for(known), machine=machine),
        lambda: deal.hold(at=AT, reason="frozen"),
        lambda: deal.resume(at=AT),
        lambda: deal.lose(LossReason.DISQUALIFIED, at=AT, machine=machine),
        lambda: deal.reopen(at=AT, reason="again", machine=machine),
    ]
    for stage in machine.stages:
        verbs += [
            lambda to=stage: deal.regress(to=to, at=AT, reason="cooled", machine=machine),
            lambda to=stage: deal.reopen(to=to, at=AT, reason="again", machine=machine),
        ]
    for verb in verbs:
        try:
            yield verb()
        except SalesflowError:
            continue


def every_deal(machine):
    """One deal for each state that can be reached from the opening, breadth first."""
    first = new_deal(machine=machine)
    found, waiting = {state_of(first): first}, deque([first])
    while waiting:
        for deal in next_deals(waiting.popleft(), machine):
            if state_of(deal) not in found:
                found[state_of(deal)] = deal
                waiting.append(deal)
    return found


@MACHINES
def test_every_state_can_be_reached_and_no_other(machine):
    """Open, held or lost at every stage, and won at the last one: there is nothing else."""
    last = machine.stages[-1]
    expected = {
        *((stage, Status.OPEN, held) for stage in machine.stages for held in (False, True)),
        *((stage, Status.LOST, False) for stage in machine.stages),
        (last, Status.WON, False),
    }

    assert set(every_deal(machine)) == expected


@MACHINES
def test_every_open_deal_can_be_won_and_lost(machine):
    """There is a way out of every state to both ends, through a resumption where it is held."""
    for deal in every_deal(machine).values():
        if deal.status is Status.OPEN:
            going = deal.resume(at=AT) if deal.held else deal

            assert sell(going, at=AT, machine=machine).status is Status.WON
            assert deal.lose(LossReason.OTHER, at=AT, machine=machine).status is Status.LOST


@MACHINES
def test_a_won_deal_goes_nowhere(machine):
    """WON is absorbing: no verb makes another state of it."""
    won = every_deal(machine)[machine.stages[-1], Status.WON, False]

    assert list(next_deals(won, machine)) == []


@MACHINES
def test_every_state_of_the_table_lies_on_a_way_from_the_start(machine):
    """The table itself is closed: each row starts at a state and the ends are the final ones."""
    rows = [*machine.moves, *machine.departures]
    reached = {machine.start}
    for _ in machine.states:
        reached |= {row.target for row in rows if row.source in reached}

    assert reached == set(machine.states)
    assert {row.target for row in rows} - {row.source for row in rows} == set(machine.final)


# --- what holds of every life ----------------------------------------------------------------


@given(lives() | lives(GENERAL))
def test_a_life_hangs_together(deal):
    """Whatever verbs were used, the trail replays, pickles and can be rebuilt from its fields."""
    hangs_together(deal, FUNNEL if deal.machine == FUNNEL.name else GENERAL)


# --- one life in two machines --------------------------------------------------------------------


@MACHINES
def test_the_same_life_can_be_led_in_any_machine(machine):
    """Opened, filed, advanced, held, set back, lost, reopened, paid, won and sold again."""
    on = {"machine": machine}
    first, second, third = machine.stages[:3]
    deal = new_deal(**on)
    deal = deal.record(evidence_for(deal.unmet(**on)), at=on_day(1), **on)
    assert deal.unmet(**on) == ()
    deal = deal.advance(at=on_day(2), to=second, **on)
    deal = climb(deal, third, **on).hold(at=on_day(4), reason="frozen").resume(at=on_day(5))
    deal = deal.regress(to=first, at=on_day(6), reason="the guide left", **on)
    deal = deal.lose(LossReason.STOPPED_PURCHASING, at=on_day(7), **on)
    deal = deal.reopen(at=on_day(8), reason="budget came", **on)
    deal = sell(deal, at=on_day(20), **on)

    assert (deal.status, deal.stage) == (Status.WON, machine.stages[-1])
    assert deal.findings(**on) == ()
    again = deal.resale(id="D-2", at=on_day(40), **on)
    assert again.stage is machine.landmark("resale")
    assert (again.origin, again.machine) == ("D-1", machine.name)
