"""An opportunity: how it is made, how it moves, and what it does not let itself be talked into."""

from __future__ import annotations

import copy
import pickle
import traceback
from datetime import UTC
from enum import Enum

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

from books import (
    GENERAL,
    START,
    WORD,
    Phase,
    climb,
    evidence_for,
    new_deal,
    on_day,
    pay,
    sell,
    yuan,
)
from salesflow.errors import (
    ClosedDeal,
    GateShut,
    InvalidValue,
    NoSuchMove,
    OutOfOrder,
    SalesflowError,
    SkippedStage,
)
from salesflow.funnel import FUNNEL, Act, LossReason, Opportunity, Stage, Status
from salesflow.gates import Evidence, Override
from salesflow.money import Money
from strategies import dates, ids, instants, moneys

S = Stage
THIRD = new_deal(stage=S.CUSTOMER_ANALYSIS)
LAST = new_deal(stage=S.PAYMENT_AND_RESALE)
LOST = THIRD.lose(LossReason.STOPPED_PURCHASING, at=on_day(1), note="no budget")
WON = sell(LAST)


# --- making one ------------------------------------------------------------------------------


@given(ids(), moneys(), instants(), dates())
def test_an_opened_deal_is_what_was_said(name, amount, at, close):
    """Ids, amount, instant and expected close are kept; nothing is paid, nothing has happened."""
    deal = new_deal(name, amount=amount, at=at, expected_close=close, owner=name, by=name)
    event = deal.trail[0]

    assert {deal.id, deal.owner, event.by} == {name}
    assert (deal.machine, deal.origin) == ("funnel", "")
    assert (deal.amount, deal.outstanding, deal.expected_close) == (amount, amount, close)
    assert deal.opened_at == at.astimezone(UTC)  # an hour that comes twice equals no other zone's
    assert deal.opened_at.utcoffset().total_seconds() == 0
    assert (deal.stage, deal.status, event.act) == (S.TARGET_GROUP, Status.OPEN, Act.OPENED)
    assert (deal.collected, deal.held, event.observed) == (yuan(0), False, False)
    assert (event.evidence, len(deal.trail)) == ((), 1)


@pytest.mark.parametrize("stage", Stage)
def test_a_deal_may_be_opened_where_it_stands(stage):
    """Further down than the start it is an import: it never passed the gates before."""
    deal = new_deal(stage=stage)

    assert deal.stage is stage
    assert deal.trail[0].act is (Act.OPENED if stage is S.TARGET_GROUP else Act.IMPORTED)


def test_a_deal_can_not_be_opened_anywhere_else():
    """An outcome, a stage of another table, a text: none is a stage to stand at."""
    for stage in (Status.WON, Status.LOST, Phase.NEEDS, "target_group", 3, ["x"]):
        with pytest.raises(InvalidValue):
            new_deal(stage=stage)


def test_a_deal_is_a_value():
    """It compares by content, hashes, copies and pickles, and can't be changed in place."""
    deal, twin = climb(new_deal(), S.TRUST_BUILDING), climb(new_deal(), S.TRUST_BUILDING)

    assert deal == twin
    assert hash(deal) == hash(twin)
    assert deal != new_deal("D-2")
    assert copy.copy(deal) == copy.deepcopy(deal) == pickle.loads(pickle.dumps(deal)) == deal
    assert "trail" not in repr(deal)
    with pytest.raises(FrozenInstanceError):
        deal.owner = "R-1"
    with pytest.raises(FrozenInstanceError):
        climb(deal, S.NEEDS_DISCOVERY).trail = ()


@given(ids(), instants(), dates())
def test_a_second_sale_names_its_origin(name, at, close):
    """A new deal for the same customer, at the needs, from the instant of the win on."""
    if at < WON.trail[-1].at:
        with pytest.raises(OutOfOrder):
            WON.resale(id=name, at=at)
        return
    again = WON.resale(id=name, at=at, expected_close=close, by="R-9")

    assert (again.id, again.origin, again.customer) == (name, "D-1", WON.customer)
    assert (again.stage, again.status, again.trail[0].act) == (
        S.NEEDS_DISCOVERY,
        Status.OPEN,
        Act.OPENED,
    )
    assert (again.amount, again.collected, again.expected_close) == (WON.amount, yuan(0), close)
    assert (again.owner, again.product, again.evidence) == (WON.owner, WON.product, ())


def test_a_second_sale_may_differ_in_all_but_the_customer():
    """Owner, product, amount and stage can be said anew."""
    new = {"owner": "R-1", "product": "P-2", "amount": yuan(7), "stage": S.VALUE_PRESENTATION}
    again = WON.resale(id="D-2", at=on_day(30), **new)

    assert {name: getattr(again, name) for name in new} == new


@pytest.mark.parametrize("deal", [LAST, LOST], ids=["open", "lost"])
def test_only_a_won_deal_is_sold_again(deal):
    """An open or lost deal has no second sale."""
    with pytest.raises(ClosedDeal, match="win the deal first"):
        deal.resale(id="D-2", at=on_day(30))


# --- up, down and out ------------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(Stage)[:-1])
def test_each_stage_is_left_through_its_gates(stage):
    """Without evidence the gates are named, with it the deal stands one stage on."""
    deal, move = new_deal(stage=stage), FUNNEL.move(stage)
    with pytest.raises(GateShut) as shut:
        deal.advance(at=on_day(1))
    assert shut.value.missing == tuple(gate.key for gate in deal.unmet())

    evidence = evidence_for(move.gates)
    after = deal.advance(at=on_day(1), evidence=evidence, to=move.target, by="R-9")
    event = after.trail[-1]
    assert (after.stage, event.source, event.act) == (move.target, stage, Act.ADVANCED)
    assert (event.evidence, event.by, event.override) == (evidence, "R-9", None)


def test_ae_23_a_skipped_stage_is_named():
    """3 → 5 leaves out the trust, whatever evidence or word is given."""
    with pytest.raises(SkippedStage) as skipped:
        THIRD.advance(at=on_day(1), to=S.NEEDS_DISCOVERY, override=WORD)
    assert skipped.value.skipped == (S.TRUST_BUILDING,)
    assert "TRUST_BUILDING" in str(skipped.value)
    with pytest.raises(SkippedStage) as skipped:
        THIRD.win(at=on_day(1), override=WORD)
    assert skipped.value.skipped == tuple(list(Stage)[3:])


@pytest.mark.parametrize("to", [S.CUSTOMER_ANALYSIS, S.TARGET_GROUP, Status.LOST])
def test_an_advance_leads_on_and_nowhere_else(to):
    """Standing still, going back and losing are other verbs."""
    with pytest.raises(NoSuchMove) as refused:
        THIRD.advance(at=on_day(1), to=to, override=WORD)
    assert type(refused.value) is NoSuchMove


@pytest.mark.parametrize("to", [None, Status.WON])
def test_the_last_stage_is_left_by_winning(to):
    """Advancing from the last stage is refused; the win is a verb of its own."""
    with pytest.raises(NoSuchMove):
        LAST.advance(at=on_day(1), to=to, override=WORD)
    assert WON.trail[-1].act is Act.WON
    assert WON.stage is S.PAYMENT_AND_RESALE


@pytest.mark.parametrize("source", Stage)
@pytest.mark.parametrize("to", Stage)
def test_a_deal_goes_back_to_any_earlier_stage_for_a_reason(source, to):
    """Down is allowed with a reason, up or staying is not."""
    deal, path = new_deal(stage=source), list(Stage)
    if path.index(to) >= path.index(source):
        with pytest.raises(NoSuchMove):
            deal.regress(to=to, at=on_day(1), reason="the guide left")
        return
    event = deal.regress(to=to, at=on_day(1), reason=" the guide left ", by="R-9").trail[-1]

    assert (event.source, event.target, event.act) == (source, to, Act.REGRESSED)
    assert (event.reason, event.by) == ("the guide left", "R-9")


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("reason", LossReason)
def test_a_deal_is_lost_from_any_stage_for_a_reason(stage, reason):
    """The stage stays the one it was lost from; a competitor may be named with any reason."""
    deal = new_deal(stage=stage).lose(reason, at=on_day(1), competitor="X", note="so it is")

    assert (deal.status, deal.stage, deal.loss_reason) == (Status.LOST, stage, reason)
    assert (deal.competitor, deal.trail[-1].reason) == ("X", "so it is")
    assert THIRD.lose(reason.value, at=on_day(1)).loss_reason is reason


def test_ae_26_a_loss_wants_a_reason():
    """Without one, or with one nobody knows, the deal is not lost; with a competitor it is."""
    for reason in (None, "", "bored", 1, Status.LOST, Stage.TARGET_GROUP):
        with pytest.raises(InvalidValue):
            THIRD.lose(reason, at=on_day(1))
    with pytest.raises(TypeError):
        THIRD.lose(at=on_day(1))
    lost = THIRD.lose(LossReason.CHOSE_COMPETITOR, at=on_day(1), competitor="X")
    assert (lost.status, lost.competitor, lost.findings()) == (Status.LOST, "X", ())


@pytest.mark.parametrize("to", [None, *Stage, Status.LOST, Status.WON])
def test_a_lost_deal_is_taken_up_where_it_was_lost_or_earlier(to):
    """Reopening leads back at most to the stage it was lost from, and wants a reason."""
    if to in {None, *list(Stage)[:3]}:
        deal = LOST.reopen(at=on_day(2), reason="new budget", to=to, by="R-9")
        event = deal.trail[-1]
        assert (deal.status, deal.stage) == (Status.OPEN, to or S.CUSTOMER_ANALYSIS)
        assert (deal.loss_reason, event.act, event.by) == (None, Act.REOPENED, "R-9")
        return
    with pytest.raises((NoSuchMove, InvalidValue)):
        LOST.reopen(at=on_day(2), reason="new budget", to=to)


def test_a_won_deal_is_never_reopened():
    """Only a lost deal is; an open one has nothing to reopen."""
    for deal in (WON, THIRD):
        with pytest.raises(ClosedDeal) as refused:
            deal.reopen(at=on_day(30), reason="again")
        assert refused.value.status is deal.status


@pytest.mark.parametrize("stage", Stage)
def test_evidence_filed_before_counts_for_the_move(stage):
    """What was recorded as it came in need not be handed over again, not for the win either."""
    deal = pay(new_deal(stage=stage)).record(evidence_for(FUNNEL.move(stage).gates), at=on_day(1))
    after = (deal.win if stage is S.PAYMENT_AND_RESALE else deal.advance)(at=on_day(2))

    assert FUNNEL.move(stage).target in (after.stage, after.status)
    assert after.trail[-1].evidence == ()


def test_a_table_without_a_loss_knows_no_loss():
    """Whether a stage can be lost from is said by the table, as everything else."""
    machine = evolve(GENERAL, departures=[m for m in GENERAL.departures if m.source is Phase.CLOSE])
    early, late = (new_deal(stage=s, machine=machine) for s in (Phase.NEEDS, Phase.CLOSE))

    assert late.lose(LossReason.OTHER, at=START, machine=machine).status is Status.LOST
    with pytest.raises(NoSuchMove):
        early.lose(LossReason.OTHER, at=START, machine=machine)
    with pytest.raises(NoSuchMove):
        early.regress(to=Phase.CONTACT, at=START, reason="cooled", machine=machine)


def test_filing_nothing_is_no_event():
    """A record without evidence is refused."""
    with pytest.raises(InvalidValue, match="file at least one"):
        THIRD.record([], at=on_day(1))


# --- hostile hosts ---------------------------------------------------------------------------


class Mood(Enum):
    GOOD = "good"


CANARY = "CANARY-7731"
HOSTILE = {
    "amount float": lambda: new_deal(amount=Money(1.5, "CNY")),
    "amount None": lambda: Opportunity.open(
        id=CANARY, customer="H", owner=CANARY, product="P", amount=None, at=START
    ),
    "amount a number": lambda: THIRD.collect(80.0, at=START, by=CANARY),
    "amount negative": lambda: new_deal(amount=yuan(-1), owner=CANARY),
    "close an instant": lambda: new_deal(expected_close=START, owner=CANARY),
    "close a text": lambda: new_deal(expected_close=CANARY),
    "to a foreign term": lambda: THIRD.advance(at=START, to=Phase.NEEDS, by=CANARY),
    "to a foreign enum": lambda: THIRD.advance(at=START, to=Mood.GOOD, by=CANARY),
    "to a text": lambda: THIRD.advance(at=START, to=CANARY),
    "to a list": lambda: THIRD.advance(at=START, to=[CANARY]),
    "back to a foreign term": lambda: THIRD.regress(to=Phase.NEEDS, at=START, reason=CANARY),
    "back to a foreign enum": lambda: THIRD.regress(to=Mood.GOOD, at=START, reason=CANARY),
    "back to a text": lambda: THIRD.regress(to=CANARY, at=START, reason=CANARY),
    "back to a list": lambda: THIRD.regress(to=[CANARY], at=START, reason=CANARY),
    "back to nowhere": lambda: THIRD.regress(to=None, at=START, reason=CANARY),
    "back to an outcome": lambda: THIRD.regress(to=Status.LOST, at=START, reason=CANARY),
    "again from a text": lambda: LOST.reopen(to=CANARY, at=on_day(1), reason=CANARY),
    "again from a foreign enum": lambda: LOST.reopen(to=Mood.GOOD, at=on_day(1), reason=CANARY),
    "a reason for a loss": lambda: THIRD.lose(CANARY, at=START),
    "a reason in a list": lambda: THIRD.lose([CANARY], at=START, competitor=CANARY),
    "a competitor that is none": lambda: THIRD.lose(LossReason.OTHER, at=START, competitor=5),
    "a note too long": lambda: THIRD.lose(LossReason.OTHER, at=START, note=CANARY * 999),
    "no reason to hold": lambda: THIRD.hold(at=START, reason=" \n ", by=CANARY),
    "a reason that is no text": lambda: THIRD.hold(at=START, reason=[CANARY]),
    "an unsafe reason": lambda: THIRD.hold(at=START, reason=CANARY + "\x00"),
    "an unsafe owner": lambda: new_deal(owner=CANARY + "\u202e"),
    "an unsafe competitor": lambda: THIRD.lose(
        LossReason.OTHER, at=START, competitor=CANARY + "\ud800"
    ),
    "an override that is True": lambda: THIRD.advance(at=START, override=True, by=CANARY),
    "an override that is False": lambda: THIRD.advance(at=START, override=False, by=CANARY),
    "an override that is a text": lambda: LAST.win(at=START, override=CANARY),
    "an override by nobody": lambda: Override(approver="", reason=CANARY),
    "an override for nothing": lambda: Override(approver=CANARY, reason=" "),
    "an unknown gate": lambda: THIRD.record(
        Evidence(gate=CANARY, kind="visit", ref=CANARY), at=START
    ),
    "an unknown kind": lambda: Evidence(gate="strategic", kind=CANARY, ref=CANARY),
    "a float value": lambda: Evidence(gate="strategic", kind="visit", ref=CANARY, value=1.5),
    "a text value": lambda: Evidence(gate="strategic", kind="visit", ref="V", value=CANARY),
    "no reference": lambda: Evidence(gate="strategic", kind="visit", ref="", approver=CANARY),
    "evidence as a text": lambda: THIRD.record(CANARY, at=START),
    "evidence as a mapping": lambda: THIRD.record([{"gate": CANARY}], at=START),
    "gates shut": lambda: THIRD.advance(at=START, by=CANARY),
    "a skipped stage": lambda: THIRD.win(at=START, by=CANARY),
    "back in time": lambda: LOST.reopen(at=START.subtract(days=1), reason=CANARY, by=CANARY),
    "a closed deal": lambda: LOST.hold(at=on_day(3), reason=CANARY, by=CANARY),
    "another machine": lambda: THIRD.lose(
        LossReason.OTHER, at=START, competitor=CANARY, machine=GENERAL
    ),
}


@pytest.mark.parametrize("attempt", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_call_is_refused_without_repeating_it(attempt):
    """Only errors of the library, with a text that can be shown and names nobody's words."""
    before = copy.deepcopy((THIRD, LAST, LOST))
    with pytest.raises(SalesflowError) as refused:
        attempt()
    error = refused.value
    chain = [error, error.__cause__, error.__context__]

    assert str(error)
    for link in filter(None, chain):
        shown = [str(link), repr(link), *traceback.format_exception_only(link)]
        assert not any(CANARY in text for text in shown)
    assert before == (THIRD, LAST, LOST)


def test_a_second_sale_is_another_deal():
    """It cannot bear the id of the deal it repeats."""
    won = sell(new_deal(stage=Stage.PAYMENT_AND_RESALE))

    with pytest.raises(InvalidValue) as refused:
        won.resale(id=won.id, at=won.trail[-1].at)
    assert refused.value.field == "origin"


def test_a_deal_opened_beyond_its_door_is_imported():
    """A first sale starts at the start, a second one where the machine says."""
    late = Stage.PAYMENT_AND_RESALE
    won = sell(new_deal(stage=late))
    at = won.trail[-1].at

    assert new_deal().trail[0].act is Act.OPENED
    assert new_deal(stage=late).trail[0].act is Act.IMPORTED
    assert won.resale(id="D-2", at=at).trail[0].act is Act.OPENED
    assert won.resale(id="D-2", at=at, stage=late).trail[0].act is Act.IMPORTED


def test_a_deal_is_not_subclassed():
    """A host holds a deal in its own class; a kind of deal would not be one for the verbs."""
    with pytest.raises(SalesflowError):
        type("OurDeal", (Opportunity,), {})


@pytest.mark.parametrize("verb", ["by", "note", "reason"])
def test_what_is_false_is_not_nothing(verb):
    """None or 0 where a text belongs is refused, not taken for an empty one."""
    deal = new_deal()
    deeds = {
        "by": lambda: deal.hold(at=START, reason="frozen", by=None),
        "note": lambda: deal.lose(LossReason.OTHER, at=START, note=b""),
        "reason": lambda: deal.revise(at=START, amount=yuan(7), reason=0),
    }

    with pytest.raises(SalesflowError):
        deeds[verb]()
