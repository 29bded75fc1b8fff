"""Walks: random visits beside a naive oracle, and every state a visit can reach."""

from __future__ import annotations

import copy
import pickle
from collections import deque
from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

import visit_oracle
from salesflow.errors import SalesflowError
from salesflow.gates import Evidence
from salesflow.visits import (
    VISIT,
    CallPlan,
    Commitment,
    Feedback,
    Objection,
    ObjectionOutcome,
    Step,
    Summary,
    Visit,
    VisitAct,
    VisitStatus,
    replay,
)
from visit_books import (
    AGREED,
    DAY,
    OWN,
    PLAN,
    START,
    SUMMARY_OF_IT,
    TWICE,
    WORD,
    deferred,
    evidence_for,
    fields_of,
    objection,
    planned,
    records,
    resolved,
    visits,
)

HOURS = st.sampled_from([0, 0, 1, 1, 24, 24, 700, -1])
DAYS = st.sampled_from([DAY, date(2026, 7, 7), date(2026, 8, 1)])
PLANS = st.sampled_from([PLAN, CallPlan()])
NAMES = {Objection: "objection", Commitment: "promise", Feedback: "feedback"}


def plain(record):
    """A record as the oracle reads it: what it is, its key, whether it is settled, what was said.

    A doubt with a day was answered, or it is not settled; a day that still matters comes last.
    """
    match record:
        case CallPlan():
            return "plan", "", None, None, None
        case Summary():
            return "summary", "", None, None, None
        case Objection(key=key, outcome=outcome, follow_up=day):
            done = outcome is ObjectionOutcome.RESOLVED or (outcome and day)
            waits = None if outcome is ObjectionOutcome.RESOLVED else day
            return "objection", key, bool(done), (record.kind, record.text), waits
        case Commitment():
            said = (record.by, record.text, record.who, record.made_on)
            return NAMES[Commitment], record.key, None, said, None
        case Feedback():
            said = (record.received_on, record.topic, record.polarity)
            return NAMES[Feedback], record.key, None, said, None
        case _:
            return "talk", "", None, None, None


class Walk(RuleBasedStateMachine):
    """A visit and its naive twin: each verb is done by both or refused by both."""

    machine = VISIT
    table = visit_oracle.VISIT

    @initialize(day=st.none() | DAYS, plan=st.none() | PLANS)
    def opened(self, day, plan):
        self.visit = planned(day=day, plan=plan, ad_hoc=day is None, machine=self.machine)
        self.twin = visit_oracle.NaiveVisit(self.table, self.visit.trail[0].at, day, bool(plan))

    def steps(self):
        return st.none() | st.sampled_from(self.machine.stages)

    def notes(self, data):
        every = records() | PLANS | st.just(SUMMARY_OF_IT)
        return data.draw(st.lists(every, max_size=3))

    def papers(self, data):
        gates = st.sampled_from(["consent", "shown"])
        counts = st.none() | st.integers(0, 3)
        kinds = st.sampled_from(["call", "demonstration", "visit"])
        paper = st.builds(Evidence, gate=gates, kind=kinds, ref=st.just("C-1"), value=counts)
        paper |= st.sampled_from([AGREED, TWICE])
        return data.draw(st.lists(paper, max_size=2) if self.machine is OWN else st.just([]))

    def after(self, hours):
        return self.visit.trail[-1].at + timedelta(hours=hours)

    def both(self, verb, done):
        """Perform `verb`, which the twin has `done` or not, and compare the two."""
        before = copy.deepcopy(self.visit)
        try:
            after = verb()
        except SalesflowError:
            assert not done
            after = self.visit
        else:
            assert done
            assert after.trail[:-1] == before.trail
        assert self.visit == before
        self.visit = after
        self.compare()

    def compare(self):
        visit, twin = self.visit, self.twin
        assert visit.step.value == twin.step
        assert visit.status.value == twin.status
        assert [step.value for step in visit.path] == twin.path
        assert visit.day == twin.day
        assert visit.held_at == twin.met_at
        assert visit.closed_at == twin.closed_at
        assert (visit.aborted_at and visit.aborted_at.value) == twin.broken_off_at
        assert len(visit.trail) == len(twin.history)
        assert {one.key: one.settled for one in visit.sheet.objections} == twin.settled
        assert (visit.sheet.plan is not None) is twin.has_plan
        assert (visit.sheet.summary is not None) is twin.has_summary
        self.asks()

    def asks(self):
        """What may be asked of every way on from here is what the twin finds shut there."""
        active = self.twin.status in {"planned", "running"}
        for to in [*self.machine.stages, VisitStatus.CLOSED]:
            exists = (self.twin.step, to.value) in self.table["moves"] or (
                self.twin.over and to is VisitStatus.CLOSED
            )
            if not active:
                assert self.visit.unmet(to=to, machine=self.machine) == ()
            elif exists:
                shut = self.visit.unmet(to=to, machine=self.machine)
                assert [gate.key for gate in shut] == self.twin.shut(to.value)
            else:
                with pytest.raises(SalesflowError):
                    self.visit.unmet(to=to, machine=self.machine)

    @rule(data=st.data(), hours=HOURS)
    def record(self, data, hours):
        at, new = self.after(hours), self.notes(data)
        done = self.twin.record(at, list(map(plain, new)))
        self.both(lambda: self.visit.record(new, at=at, machine=self.machine), done)

    @rule(hours=HOURS, settle=st.sampled_from([objection, deferred, resolved]))
    def doubt(self, hours, settle):
        at, new = self.after(hours), settle()
        done = self.twin.record(at, [plain(new)])
        self.both(lambda: self.visit.record(new, at=at, machine=self.machine), done)

    @rule(data=st.data(), hours=HOURS, word=st.sampled_from([None, None, WORD]))
    def advance(self, data, hours, word):
        at, to, new = self.after(hours), data.draw(self.steps()), self.notes(data)
        papers = self.papers(data)
        done = self.twin.advance(
            at,
            to.value if to else None,
            list(map(plain, new)),
            [(paper.gate, paper.value) for paper in papers if self.counts(paper)],
            override=bool(word),
        )
        self.both(
            lambda: self.visit.advance(
                at=at, to=to, records=new, evidence=papers, override=word, machine=self.machine
            ),
            done,
        )

    def counts(self, paper):
        """Every kind that is drawn here is professional work."""
        return paper.kind.value in {"call", "demonstration", "visit"}

    @precondition(lambda self: self.twin.status in {"planned", "running"} and not self.twin.over)
    @rule(data=st.data())
    def go_on(self, data):
        """One of the ways that the table has, with what it takes."""
        at, here = self.after(1), self.visit.step
        ways = [move.target for move in self.machine.moves if move.source is here]
        to = data.draw(st.sampled_from(ways))
        shut = self.visit.unmet(to=to, machine=self.machine)
        papers = evidence_for(shut)
        new = [resolved(key) for key, settled in self.twin.settled.items() if not settled]
        new += [PLAN] if "planned" in {gate.key for gate in shut} else []
        given = [(paper.gate, paper.value) for paper in papers]
        done = self.twin.advance(at, to.value, list(map(plain, new)), given)
        assert done
        assert self.visit.unmet(records=new, evidence=papers, to=to, machine=self.machine) == ()
        self.both(
            lambda: self.visit.advance(
                at=at, to=to, records=new, evidence=papers, machine=self.machine
            ),
            done,
        )

    @rule(hours=HOURS, data=st.data())
    def abort(self, hours, data):
        at, new = self.after(hours), self.notes(data)
        done = self.twin.abort(at, list(map(plain, new)))
        self.both(
            lambda: self.visit.abort(at=at, reason="called", records=new, machine=self.machine),
            done,
        )

    @rule(data=st.data(), hours=HOURS, word=st.sampled_from([None, None, WORD]))
    def close(self, data, hours, word):
        at, new = self.after(hours), self.notes(data)
        papers = self.papers(data)
        given = [(paper.gate, paper.value) for paper in papers]
        done = self.twin.close(at, list(map(plain, new)), given, override=bool(word))
        self.both(
            lambda: self.visit.close(
                at=at, records=new, evidence=papers, override=word, machine=self.machine
            ),
            done,
        )

    @precondition(lambda self: self.twin.over)
    @rule()
    def close_with_what_it_takes(self):
        at = self.after(1)
        new = [resolved(key) for key, settled in self.twin.settled.items() if not settled]
        new += [SUMMARY_OF_IT, *([PLAN] if self.twin.ad_hoc else [])]
        done = self.twin.close(at, list(map(plain, new)))
        self.both(lambda: self.visit.close(at=at, records=new, machine=self.machine), done)

    @rule(hours=HOURS, day=DAYS)
    def postpone(self, hours, day):
        at = self.after(hours)
        done = self.twin.postpone(at, day)
        self.both(lambda: self.visit.postpone(day, at=at, reason="ill", machine=self.machine), done)

    @precondition(lambda self: self.twin.at > START or self.twin.status != "planned")
    @rule(hours=HOURS)
    def cancel(self, hours):
        at = self.after(hours)
        done = self.twin.cancel(at)
        self.both(lambda: self.visit.cancel(at=at, reason="no time", machine=self.machine), done)

    @rule(data=st.data(), hours=HOURS)
    def follow_up(self, data, hours):
        at, new = self.after(hours), self.notes(data)
        if self.twin.settled and data.draw(st.booleans()):
            new = [resolved(data.draw(st.sampled_from(sorted(self.twin.settled))))]
        done = self.twin.follow_up(at, list(map(plain, new)))
        self.both(lambda: self.visit.follow_up(new, at=at, machine=self.machine), done)

    @rule()
    def another_table(self):
        """Whatever the verb, another table is refused."""
        other, at = VISIT if self.machine is OWN else OWN, self.after(1)
        verbs = [
            lambda: self.visit.record(objection(), at=at, machine=other),
            lambda: self.visit.advance(at=at, machine=other),
            lambda: self.visit.abort(at=at, reason="called", machine=other),
            lambda: self.visit.close(at=at, override=WORD, machine=other),
            lambda: self.visit.postpone(date(2026, 9, 1), at=at, reason="ill", machine=other),
            lambda: self.visit.cancel(at=at, reason="ill", machine=other),
            lambda: self.visit.follow_up(objection(), at=at, machine=other),
            lambda: self.visit.unmet(machine=other),
        ]
        for verb in verbs:
            self.both(verb, done=False)

    def teardown(self):
        if hasattr(self, "visit"):
            hangs_together(self.visit, self.machine)
            for at, _, _ in self.twin.history:
                then = self.visit.as_of(at)
                there = [(step, status) for when, step, status in self.twin.history if when <= at]
                assert (then.step.value, then.status.value) == there[-1]
                assert len(then.trail) == len(there)


def hangs_together(visit, machine):
    """What holds of every visit, whatever happened to it."""
    assert replay(visit, machine) == visit
    assert pickle.loads(pickle.dumps(visit)) == visit
    assert hash(copy.deepcopy(visit)) == hash(visit)
    assert Visit(**fields_of(visit)) == visit
    assert [event.sequence for event in visit.trail] == list(range(len(visit.trail)))
    for before, after in pairwise(visit.trail):
        assert after.source is before.target
        assert after.at >= before.at
    assert visit.as_of(visit.trail[0].at - timedelta(microseconds=1)) is None


class OwnWalk(Walk):
    """The same walk through a method of one's own."""

    machine = OWN
    table = visit_oracle.OWN


TestWalk = Walk.TestCase
TestWalk.settings = settings(stateful_step_count=20)
TestOwnWalk = OwnWalk.TestCase
TestOwnWalk.settings = settings(stateful_step_count=20)


# --- the path ----------------------------------------------------------------------------------

NUMBERS = dict(enumerate(Step, start=1))


def walk(path, broken_off=False):
    """Whether the verbs take a visit along these steps to its end, the last move being an abort."""
    if not path or path[0] != 1:
        return False
    visit = planned()
    try:
        for index, number in enumerate(path[1:], start=2):
            if broken_off and index == len(path):
                visit = visit.abort(at=START, reason="called to the ward")
                if visit.step is not NUMBERS[number]:
                    return False
            else:
                visit = visit.advance(at=START, to=NUMBERS[number])
        visit = visit.close(at=START, records=SUMMARY_OF_IT)
    except SalesflowError:
        return False
    assert visit.status is VisitStatus.CLOSED
    assert visit.path == tuple(NUMBERS[number] for number in path)
    return True


def by_hand(path, broken_off=False):
    """The same visit with a trail written by hand, which no verb has checked."""
    first = planned().trail[0]
    events = [evolve(first, target=NUMBERS[path[0]])]
    for index, number in enumerate(path[1:], start=2):
        off = broken_off and index == len(path)
        events.append(
            evolve(
                first,
                sequence=len(events),
                source=events[-1].target,
                target=NUMBERS[number],
                act=VisitAct.ABORTED if off else VisitAct.ADVANCED,
                status=VisitStatus.RUNNING,
                reason="called to the ward" if off else "",
                records=(),
            )
        )
    last = events[-1]
    end = {"act": VisitAct.CLOSED, "status": VisitStatus.CLOSED, "records": (SUMMARY_OF_IT,)}
    more = {"sequence": len(events), "source": last.target, "reason": ""} | end
    return Visit(**fields_of(planned()) | {"trail": (*events, evolve(last, **more))})


@st.composite
def paths(draw):
    """Sequences of steps: legal ones, legal ones with one step wrong, and any at all."""
    path = [1]
    while path[-1] != 7 and len(path) < 14:
        ways = sorted(b for a, b in visit_oracle.PAIRS if a == path[-1])
        path.append(draw(st.sampled_from(ways)))
    change = draw(st.sampled_from(["none", "cut", "cut", "drop", "put", "swap", "any"]))
    place = draw(st.integers(0, len(path) - 1))
    match change:
        case "cut":
            path = [*path[: place + 1], 7]
        case "drop":
            path = path[:place] + path[place + 1 :]
        case "put":
            path.insert(place, draw(st.integers(1, 7)))
        case "swap":
            path[place] = draw(st.integers(1, 7))
        case "any":
            path = draw(st.lists(st.integers(1, 7), max_size=8))
    return path


@given(paths(), st.booleans())
@example([1, 3], False)
@example([1, 2, 3, 4, 6, 7], False)
@example([1, 2, 3, 7], True)
@example([1, 7], True)
@example([1, 2, 3, 4, 6, 7], True)
def test_invariant_31_the_verbs_walk_the_paths_of_the_trade_and_no_other(path, broken_off):
    """Invariant 31: a path is walked ⇔ it starts at 1, ends at 7 and has no pair but the ten.

    The last move may be an abort, from 2 to 5 too; so 7 comes once, last, and 6 never without 3
    and 4.
    """
    assert walk(path, broken_off) is visit_oracle.accepted(path, broken_off)


@given(paths(), st.booleans())
@example([1, 2, 3, 4, 6, 7], False)
@example([1, 2, 7], True)
@example([1, 2, 7], False)
def test_invariant_31_a_trail_written_by_hand_replays_along_the_same_paths(path, broken_off):
    """Invariant 31: what no verb would have walked, `replay` does not walk either."""
    if not path:
        return
    broken_off = broken_off and len(path) > 1
    try:
        visit = by_hand(path, broken_off)
        replayed = replay(visit) == visit
    except SalesflowError:
        replayed = False
    assert replayed is visit_oracle.accepted(path, broken_off)


def test_invariant_31_holds_of_every_path_of_up_to_seven_steps():
    """Invariant 31, exhaustively: prefix by prefix, no path is walked that the trade has not."""
    walked, prefixes = set(), [(1,)]
    for _ in range(6):
        longer = [(*prefix, number) for prefix in prefixes for number in range(1, 8)]
        ended = {(path, off) for path, off in product(longer, [False, True]) if walk(path, off)}
        assert ended == {
            (path, off)
            for path, off in product(longer, [False, True])
            if visit_oracle.accepted(path, off)
        }
        walked |= ended
        prefixes = [path for path in longer if path[-2:] in visit_oracle.PAIRS]
    assert ((1, 2, 3, 4, 6, 7), False) in walked
    assert ((1, 2, 3, 4, 5, 6, 7), False) in walked
    assert all(path.count(7) == 1 for path, _ in walked)
    assert all(6 not in path or {3, 4} <= set(path[: path.index(6)]) for path, _ in walked)


@given(visits(max_steps=20))
def test_invariant_32_a_started_visit_is_closed_after_its_last_step_alone(visit):
    """Invariant 32: CLOSED ⇒ step 7 was the last; open doubts have a day, unless a manager said."""
    if visit.status is not VisitStatus.CLOSED:
        assert visit.closed_at is None
        return
    ending = next(event for event in visit.trail if event.act is VisitAct.CLOSED)
    then = visit.as_of(ending.at)

    assert ending.source is ending.target is Step.POST_CALL_SUMMARY
    assert then.path[-1] is Step.POST_CALL_SUMMARY
    if ending.override is None:
        before = Visit(**fields_of(visit) | {"trail": visit.trail[: ending.sequence + 1]})
        doubts = before.sheet.objections
        assert all(
            doubt.outcome is ObjectionOutcome.RESOLVED or doubt.follow_up for doubt in doubts
        )
        assert before.sheet.summary is not None
        assert before.sheet.plan is not None


# --- every state there is ------------------------------------------------------------------------

MACHINES = pytest.mark.parametrize("machine", [VISIT, OWN], ids=lambda machine: machine.name)


def state_of(visit):
    """What the table and the gates know of a visit: its place, its standing and its facts."""
    sheet = visit.sheet
    settled = all(doubt.settled for doubt in sheet.objections)
    facts = (sheet.plan is not None, sheet.summary is not None, settled)
    return visit.step, visit.status, visit.ad_hoc, facts, visit.aborted_at is not None


def next_visits(visit, machine):
    """Every visit that one verb makes of this one, all at one instant, on nobody's word."""
    at = {"at": START, "machine": machine}
    verbs = [
        lambda: visit.record(PLAN, **at),
        lambda: visit.record(SUMMARY_OF_IT, **at),
        lambda: visit.record(objection(), **at),
        lambda: visit.record(deferred(), **at),
        lambda: visit.abort(reason="called", **at),
        lambda: visit.cancel(reason="no time", **at),
        lambda: visit.postpone(date(2026, 8, 1), reason="ill", **at),
        lambda: visit.close(**at),
        lambda: visit.follow_up(deferred(), **at),
    ]
    for move in machine.moves:
        papers = evidence_for(move.gates)
        verbs.append(lambda to=move.target, e=papers: visit.advance(to=to, evidence=e, **at))
    for verb in verbs:
        try:
            yield verb()
        except SalesflowError:
            continue


def every_visit(machine):
    """One visit for each state that can be reached from an opening, and what follows it."""
    firsts = [planned(plan=None, ad_hoc=ad_hoc, machine=machine) for ad_hoc in (False, True)]
    found = {state_of(first): first for first in firsts}
    waiting, ways = deque(firsts), {}
    while waiting:
        visit = waiting.popleft()
        exits = {state_of(after): after for after in next_visits(visit, machine)}
        ways[state_of(visit)] = set(exits)
        for state, after in exits.items():
            if state not in found:
                found[state] = after
                waiting.append(after)
    return found, ways


def test_every_state_of_the_seven_steps_can_be_reached_and_no_other():
    """Planned or cancelled at the plan, running at 2 to 7, closed at 7; each with what it takes."""
    plan, *talk, summary = Step
    expected = set()
    for ad_hoc, filed, settled in product((False, True), repeat=3):
        for status in (VisitStatus.PLANNED, VisitStatus.CANCELLED):
            expected.add((plan, status, ad_hoc, (filed, False, settled), False))
        if not (filed or ad_hoc):
            continue
        for step in talk:
            expected.add((step, VisitStatus.RUNNING, ad_hoc, (filed, False, settled), False))
        for written, off in product((False, True), repeat=2):
            facts = (filed, written, settled)
            expected.add((summary, VisitStatus.RUNNING, ad_hoc, facts, off))
            if filed and written and settled:
                expected.add((summary, VisitStatus.CLOSED, ad_hoc, facts, off))

    found, _ = every_visit(VISIT)
    assert set(found) == expected


@MACHINES
def test_every_step_and_every_end_is_reached(machine):
    """No step of a method is out of reach, and neither is an end."""
    found, _ = every_visit(machine)

    assert {step for step, *_ in found} == set(machine.stages)
    assert {status for _, status, *_ in found} == set(VisitStatus)


@MACHINES
def test_every_started_visit_can_be_closed(machine):
    """From every state that is not final there is a way, without anybody's word, to CLOSED."""
    found, ways = every_visit(machine)
    closing = {state for state in found if state[1] is VisitStatus.CLOSED}
    for _ in found:
        closing |= {state for state, exits in ways.items() if exits & closing}

    assert {state for state in found if state[1] is not VisitStatus.CANCELLED} == closing


@MACHINES
def test_a_visit_is_closed_through_the_summary_and_cancelled_from_the_plan(machine):
    """Every way into CLOSED comes from the last step, every way into CANCELLED from the first."""
    _, ways = every_visit(machine)
    into = {
        (state[0], after[1])
        for state, exits in ways.items()
        for after in exits
        if state[1] is not after[1]
    }

    assert into == {
        (machine.start, VisitStatus.RUNNING),
        (machine.start, VisitStatus.CANCELLED),
        (machine.stages[-1], VisitStatus.CLOSED),
    }


@MACHINES
def test_a_cancelled_visit_goes_nowhere(machine):
    """CANCELLED is absorbing, and a closed visit stays closed."""
    _, ways = every_visit(machine)

    for state, exits in ways.items():
        if state[1] is VisitStatus.CANCELLED:
            assert exits == set()
        if state[1] is VisitStatus.CLOSED:
            assert {after[1] for after in exits} <= {VisitStatus.CLOSED}


@given(visits() | visits(OWN))
def test_a_visit_hangs_together(visit):
    """Whatever verbs were used, the trail replays, pickles and can be rebuilt from its fields."""
    hangs_together(visit, VISIT if visit.machine == VISIT.name else OWN)
