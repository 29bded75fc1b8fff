"""Walking a stored visit again: what replays, and which forgeries are found out."""

from __future__ import annotations

import pickle
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from salesflow.activity import ActivityKind
from salesflow.errors import (
    ForeignDeal,
    GateShut,
    InvalidValue,
    NoSuchMove,
    SalesflowError,
    SkippedStage,
    WrongStanding,
    WrongType,
)
from salesflow.visits import (
    VISIT,
    CallPlan,
    Need,
    Step,
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
    SUMMARY_OF_IT,
    TWICE,
    WORD,
    Talk,
    aborted,
    closed,
    deferred,
    fields_of,
    heard,
    later,
    objection,
    planned,
    promise,
    resolved,
    visits,
    walked,
)

S = Step
NEED = Need(key="speed")


def retold(visit, **changes):
    """The visit built from its fields, as from a store, with some of them changed."""
    return Visit(**(fields_of(visit) | changes))


def forged(visit, index, **changes):
    """The visit with one event of its trail changed."""
    trail = list(visit.trail)
    trail[index] = evolve(trail[index], **changes)
    return retold(visit, trail=trail)


def grown(visit, act, **changes):
    """The visit with one more event written by hand."""
    last = visit.trail[-1]
    more = {"sequence": last.sequence + 1, "source": last.target, "act": act, "records": ()}
    return retold(visit, trail=(*visit.trail, evolve(last, **(more | changes))))


PLANNED, BARE = planned(), planned(plan=None)
#: every verb but the cancellation, with everything a verb can be told
LIFE = (
    planned(plan=None, by="R-9", deal="D-1", kind="call")
    .record(CallPlan(opening="hello"), at=later(1), by="R-9")
    .record([PLAN, NEED], at=later(2), by="R-9")
    .postpone(date(2026, 7, 8), at=later(3), reason="ill", by="R-9")
    .advance(at=later(4), by="R-9")
    .advance(at=later(5), records=NEED, by="R-9")
    .advance(at=later(6), by="R-9")
    .advance(at=later(7), to=S.CLOSE, records=objection(), override=WORD, by="R-9")
    .advance(at=later(8), to=S.OBJECTIONS, by="R-9")
    .abort(at=later(9), reason="called", records=deferred(), by="R-9")
    .close(at=later(10), records=[SUMMARY_OF_IT, promise(), heard()], override=WORD, by="R-9")
    .follow_up([promise().fulfil(DAY), resolved()], at=later(11), by="R-8")
)
OWN_LIFE = closed(machine=OWN)
CANCELLED = PLANNED.cancel(at=later(1), reason="no time")
RUNNING = walked(S.NEEDS)
DOUBTED = walked(S.SOLUTION).record(objection(), at=later(20))
LAST = walked(S.POST_CALL_SUMMARY)
CLOSED = closed([promise()])


# --- what the verbs wrote --------------------------------------------------------------------


@pytest.mark.parametrize("length", range(1, len(LIFE.trail) + 1))
def test_every_part_of_a_visit_replays(length):
    """A trail of every verb, cut after any event, walks again to the same visit."""
    visit = retold(LIFE, trail=LIFE.trail[:length])

    assert replay(visit) == visit
    assert replay(pickle.loads(pickle.dumps(visit))) == visit


def test_that_visit_uses_every_verb():
    """Nothing a visit can do is left out of the replay; a cancelled one replays too."""
    acts = {event.act for visit in (LIFE, CANCELLED) for event in visit.trail}

    assert acts == set(VisitAct)
    assert replay(CANCELLED) == CANCELLED


@given(visits() | visits(OWN))
def test_any_visit_replays(visit):
    """Whatever the verbs made, they make again."""
    assert replay(visit, VISIT if visit.machine == "visit" else OWN) == visit


def test_an_unplanned_meeting_replays():
    """Without a day, with a plan from the start or a late one."""
    for plan, late in ((None, [PLAN]), (PLAN, [])):
        visit = closed(late, ad_hoc=True, plan=plan)
        assert replay(visit) == visit


@given(st.text(max_size=30))
def test_a_reason_of_any_script_replays(reason):
    """What a verb took as a reason, it takes again, and means the same."""
    try:
        visit = RUNNING.abort(at=later(9), reason=reason)
    except InvalidValue:
        return
    assert replay(visit) == visit


# --- what nobody could have done -------------------------------------------------------------

ON, OFF = VisitStatus.RUNNING, S.POST_CALL_SUMMARY
FORGED = {
    "an opening without a plan": (
        lambda: grown(BARE, VisitAct.ADVANCED, target=S.OPENING, status=ON),
        GateShut,
    ),
    "a step left out": (
        lambda: grown(PLANNED, VisitAct.ADVANCED, target=S.NEEDS, status=ON, override=WORD),
        SkippedStage,
    ),
    "a step back that there is not": (
        lambda: grown(RUNNING, VisitAct.ADVANCED, target=S.OPENING, override=WORD),
        NoSuchMove,
    ),
    "a close on an open doubt": (
        lambda: grown(DOUBTED, VisitAct.ADVANCED, target=S.CLOSE),
        GateShut,
    ),
    "an end on an open doubt": (
        lambda: grown(
            LAST,
            VisitAct.CLOSED,
            status=VisitStatus.CLOSED,
            records=(SUMMARY_OF_IT, objection()),
        ),
        GateShut,
    ),
    "an end in the conversation": (
        lambda: grown(RUNNING, VisitAct.CLOSED, status=VisitStatus.CLOSED, override=WORD),
        NoSuchMove,
    ),
    "a summary before the last step": (
        lambda: grown(RUNNING, VisitAct.RECORDED, records=(SUMMARY_OF_IT,)),
        InvalidValue,
    ),
    "a plan made afterwards": (
        lambda: grown(RUNNING, VisitAct.RECORDED, records=(PLAN,)),
        InvalidValue,
    ),
    "nothing recorded": (lambda: grown(RUNNING, VisitAct.RECORDED), InvalidValue),
    "an abort for no reason": (
        lambda: grown(RUNNING, VisitAct.ABORTED, target=OFF),
        InvalidValue,
    ),
    "an abort that goes elsewhere": (
        lambda: grown(RUNNING, VisitAct.ABORTED, target=S.CLOSE, reason="called"),
        InvalidValue,
    ),
    "an abort of a summary": (
        lambda: grown(LAST, VisitAct.ABORTED, target=S.CLOSE, reason="called"),
        WrongStanding,
    ),
    "a cancellation for no reason": (
        lambda: grown(PLANNED, VisitAct.CANCELLED, status=VisitStatus.CANCELLED),
        InvalidValue,
    ),
    "a postponement for no reason": (
        lambda: grown(PLANNED, VisitAct.POSTPONED, day=date(2026, 8, 1)),
        InvalidValue,
    ),
    "a postponement to the same day": (
        lambda: grown(PLANNED, VisitAct.POSTPONED, reason="ill"),
        InvalidValue,
    ),
    "a postponement to no day": (
        lambda: grown(PLANNED, VisitAct.POSTPONED, day=None, reason="ill"),
        InvalidValue,
    ),
    "a follow-up of nothing": (lambda: grown(CLOSED, VisitAct.FOLLOWED_UP), InvalidValue),
    "a follow-up of something unknown": (
        lambda: grown(CLOSED, VisitAct.FOLLOWED_UP, records=(promise("another"),)),
        InvalidValue,
    ),
    "evidence for an unknown gate": (
        lambda: grown(RUNNING, VisitAct.ADVANCED, target=S.SOLUTION, evidence=(AGREED,)),
        InvalidValue,
    ),
    "a word for a record": (
        lambda: grown(RUNNING, VisitAct.RECORDED, records=(NEED,), override=WORD),
        InvalidValue,
    ),
    "a reason for a record": (
        lambda: grown(RUNNING, VisitAct.RECORDED, records=(NEED,), reason="so"),
        InvalidValue,
    ),
    "an opening with more than a plan": (
        lambda: forged(PLANNED, 0, records=(PLAN, NEED)),
        InvalidValue,
    ),
    "an opening with two plans": (
        lambda: forged(PLANNED, 0, records=(PLAN, CallPlan())),
        InvalidValue,
    ),
    "an opening with a summary": (
        lambda: forged(PLANNED, 0, records=(SUMMARY_OF_IT,)),
        InvalidValue,
    ),
    "an opening with a reason": (lambda: forged(PLANNED, 0, reason="so"), InvalidValue),
    "an opening on a word": (lambda: forged(PLANNED, 0, override=WORD), InvalidValue),
    "an opening with evidence": (lambda: forged(PLANNED, 0, evidence=(AGREED,)), InvalidValue),
    "an opening without a day": (lambda: forged(PLANNED, 0, day=None), InvalidValue),
    "a planned visit said to be ad hoc": (lambda: retold(PLANNED, ad_hoc=True), InvalidValue),
    "a start at another step": (lambda: forged(PLANNED, 0, target=S.CLOSE), InvalidValue),
    "a start at a step of another table": (
        lambda: forged(PLANNED, 0, target=Talk.GREET),
        InvalidValue,
    ),
    "a move to a step of another table": (
        lambda: grown(RUNNING, VisitAct.ADVANCED, target=Talk.NOTE, override=WORD),
        InvalidValue,
    ),
    "a reason with blanks": (lambda: forged(CANCELLED, -1, reason=" no time "), InvalidValue),
    "a name with blanks": (lambda: forged(CANCELLED, -1, by=" R-9 "), InvalidValue),
}


@pytest.mark.parametrize(("forgery", "error"), FORGED.values(), ids=FORGED)
def test_a_forged_trail_is_found_out(forgery, error):
    """What hangs together may still be what no verb does: the verb refuses again."""
    visit = forgery()  # `checked` lets it pass

    with pytest.raises(error):
        replay(visit)


OTHER = {
    "at": later(days=99),
    "day": date(2030, 1, 1),
    "records": (heard("another"),),
    "evidence": (AGREED,),
    "override": WORD,
    "reason": "another",
    "by": "somebody else",
    "status": VisitStatus.CLOSED,
    "target": S.OPENING,
}
# What a verb is told, rather than what follows: another person, reason or record is another visit.
TOLD = {"at", "by", "day", "override", "reason", "records"}


@pytest.mark.parametrize("name", OTHER)
@pytest.mark.parametrize("index", range(len(LIFE.trail)))
def test_no_event_can_claim_what_does_not_follow(name, index):
    """A field set to something else is refused, or was the free choice of its verb."""
    try:
        visit = forged(LIFE, index, **{name: OTHER[name]})
        again = replay(visit)
    except SalesflowError:
        return
    assert again == visit
    assert visit == LIFE or name in TOLD


def test_gates_are_those_of_the_table_that_is_passed():
    """A trail of a lax table does not replay through a strict one of the same name."""
    rows = [evolve(move, gates=()) if move.source is S.SOLUTION else move for move in VISIT.moves]
    lax = evolve(VISIT, moves=rows)
    doubted = walked(S.SOLUTION).record(objection(), at=later(50))
    visit = doubted.advance(at=later(51), to=S.CLOSE, machine=lax)

    assert replay(visit, lax) == visit
    with pytest.raises(GateShut) as shut:
        replay(visit)
    assert shut.value.missing == ("objections_settled",)


def test_hospitality_opens_no_gate_afterwards():
    """Evidence that was swapped for a meal does not lead through again."""
    shown = OWN_LIFE.trail[-2]
    meal = evolve(TWICE, kind=ActivityKind.MEAL)

    assert replay(OWN_LIFE, OWN) == OWN_LIFE
    assert shown.evidence == (TWICE,)
    with pytest.raises(GateShut):
        replay(forged(OWN_LIFE, -2, evidence=(meal,)), OWN)


def test_a_visit_of_another_table_is_not_replayed():
    """A name is not enough: the visit must belong to the machine it is replayed with."""
    with pytest.raises(ForeignDeal):
        replay(CLOSED, OWN)
    with pytest.raises(ForeignDeal):
        replay(retold(CLOSED, machine="own"))
    with pytest.raises(WrongType):
        replay(CLOSED, "visit")


def test_a_replayed_visit_is_the_one_that_was_given():
    """With its step, its day, its sheet and its end."""
    again = replay(LIFE)

    assert (again.status, again.aborted_at, again.day) == (
        VisitStatus.CLOSED,
        S.OBJECTIONS,
        date(2026, 7, 8),
    )
    assert again.sheet == LIFE.sheet
    assert aborted() == replay(aborted())


@pytest.mark.parametrize(
    "visit", [None, "V-1", 5, Visit, CLOSED.trail, [CLOSED]], ids=lambda value: type(value).__name__
)
def test_what_is_no_visit_is_not_replayed(visit):
    """Its trail alone is none either."""
    with pytest.raises(WrongType) as refused:
        replay(visit)
    assert refused.value.field == "visit"
