"""How a visit stands is read from its trail: the step, the day, who was met and when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given

from salesflow.errors import ForeignDeal, InvalidValue, NoSuchMove, SkippedStage, WrongType
from salesflow.gates import Evidence
from salesflow.visits import VISIT, Need, Step, Visit, VisitAct, VisitStatus
from salesflow.visits.standing import Standing
from visit_books import (
    AGREED,
    DAY,
    OWN,
    PLAN,
    START,
    SUMMARY_OF_IT,
    TWICE,
    Talk,
    aborted,
    closed,
    deferred,
    fields_of,
    later,
    objection,
    planned,
    promise,
    resolved,
    visits,
    walked,
)

S = Step


def keys(gates):
    return [gate.key for gate in gates]


# --- what is read --------------------------------------------------------------------------------


def test_a_planned_visit_stands_at_its_plan():
    """It has a day, and nobody was met."""
    visit = planned()

    assert (visit.step, visit.status, visit.day) == (S.PRE_CALL_PLAN, VisitStatus.PLANNED, DAY)
    assert visit.path == (S.PRE_CALL_PLAN,)
    assert (visit.held_at, visit.aborted_at, visit.closed_at) == (None, None, None)
    assert planned(ad_hoc=True).day is None
    assert isinstance(visit, Standing)


def test_a_visit_was_held_when_it_was_opened_and_closed_when_it_was_closed():
    """Not when it was set up, and not when it was followed up."""
    visit = closed([promise()]).follow_up(promise().fulfil(DAY), at=later(500))

    assert visit.held_at == later(1)
    assert visit.closed_at == later(7)
    assert visit.path == tuple(Step)
    assert (visit.step, visit.status) == (S.POST_CALL_SUMMARY, VisitStatus.CLOSED)
    cancelled = planned().cancel(at=later(1), reason="no time")
    assert (cancelled.held_at, cancelled.path) == (None, (S.PRE_CALL_PLAN,))


def test_a_path_has_each_step_as_often_as_it_was_entered():
    """What is recorded on the way, or a new day, is no step."""
    visit = planned().postpone(date(2026, 7, 8), at=later(1), reason="ill")
    visit = walked(S.OBJECTIONS, visit=visit).record(objection(), at=later(30))
    visit = visit.advance(to=S.NEEDS, at=later(31))
    visit = walked(S.SOLUTION, visit=visit)

    assert "".join(str(list(Step).index(step) + 1) for step in visit.path) == "1234534"


@pytest.mark.parametrize("step", list(Step)[1:6])
def test_the_step_of_an_abort_is_kept(step):
    """Whatever step the conversation was broken off at, and after the end too."""
    visit = aborted(step)

    assert (visit.aborted_at, visit.step) == (step, S.POST_CALL_SUMMARY)
    done = visit.close(at=later(60), records=[SUMMARY_OF_IT, resolved()])
    assert done.aborted_at is step
    assert closed().aborted_at is None


def test_a_record_belongs_to_the_step_that_is_left():
    """A doubt noted while leaving the solution was raised there, not at the next step."""
    visit = walked(S.SOLUTION).advance(at=later(10), records=objection("a"))
    visit = visit.record(objection("b"), at=later(11))
    visit = visit.advance(at=later(12), records=[resolved("a"), deferred("b")])
    visit = visit.advance(at=later(13), records=resolved("c"))
    visit = visit.close(at=later(14), records=[SUMMARY_OF_IT, resolved("d")])

    assert dict(visit.sheet.raised_at) == {
        "a": S.SOLUTION,
        "b": S.OBJECTIONS,
        "c": S.CLOSE,
        "d": S.POST_CALL_SUMMARY,
    }
    early = planned(plan=None).record(objection("z"), at=later(1))
    assert dict(early.sheet.raised_at) == {"z": S.PRE_CALL_PLAN}


def test_a_sheet_gathers_what_was_recorded_anywhere():
    """The plan from the opening, the talk on the way, the summary from the close."""
    visit = walked(S.NEEDS).record(Need(key="speed"), at=later(9))
    visit = walked(S.POST_CALL_SUMMARY, visit=visit)
    sheet = visit.close(at=later(60), records=[SUMMARY_OF_IT, promise()]).sheet

    assert (sheet.plan, sheet.summary) == (PLAN, SUMMARY_OF_IT)
    assert sheet.needs == (Need(key="speed"),)
    assert sheet.commitments == (promise(),)
    assert aborted().sheet.plan == PLAN


# --- as it stood ---------------------------------------------------------------------------------


def test_a_visit_is_seen_as_it_stood():
    """What happened at that very instant is included; before the opening there is nothing."""
    visit = closed()

    assert visit.as_of(START - timedelta(microseconds=1)) is None
    assert visit.as_of(START) == planned()
    assert visit.as_of(later(2)) == walked(S.NEEDS)
    assert visit.as_of(later(3) - timedelta(microseconds=1)) == walked(S.NEEDS)
    assert visit.as_of(later(7)) is visit
    assert visit.as_of(later(days=99)) is visit


@given(visits())
def test_every_past_of_a_visit_is_a_visit(visit):
    """At the instant of each event it stood as that event says, and proves itself."""
    for event in visit.trail:
        then = visit.as_of(event.at)
        same = [one for one in visit.trail if one.at <= event.at]
        assert then.trail == tuple(same)
        assert (then.step, then.status, then.day) == (
            same[-1].target,
            same[-1].status,
            same[-1].day,
        )
        assert Visit(**fields_of(then)) == then


@pytest.mark.parametrize("moment", [datetime(2026, 7, 6), DAY, "2026-07-06", None, 5], ids=repr)
def test_a_past_is_asked_at_an_instant(moment):
    """A naive datetime, a date and a text are refused."""
    with pytest.raises(InvalidValue) as refused:
        planned().as_of(moment)
    assert refused.value.field == "moment"


# --- what is asked -------------------------------------------------------------------------------


def test_a_visit_without_a_plan_does_not_open():
    """The gate names the plan; filing one, or an unplanned meeting, opens it."""
    bare = planned(plan=None)

    assert keys(bare.unmet()) == ["planned"]
    assert bare.unmet(records=PLAN) == ()
    assert keys(bare.unmet(records=Need(key="a"))) == ["planned"]
    assert planned().unmet() == ()
    assert planned(plan=None, ad_hoc=True).unmet() == ()


@pytest.mark.parametrize("step", [S.SOLUTION, S.OBJECTIONS])
def test_an_open_doubt_bars_the_close(step):
    """Unless it is resolved, or answered with a day; a doubt in the records counts at once."""
    visit = walked(step)

    assert visit.unmet(to=S.CLOSE) == ()
    assert keys(visit.unmet(to=S.CLOSE, records=objection())) == ["objections_settled"]
    doubted = visit.record(objection(), at=later(20))
    assert keys(doubted.unmet(to=S.CLOSE)) == ["objections_settled"]
    assert doubted.unmet(to=S.CLOSE, records=resolved()) == ()
    assert doubted.unmet(to=S.CLOSE, records=[deferred()]) == ()
    assert keys(doubted.unmet(to=S.CLOSE, records=deferred(follow_up=None))) == [
        "objections_settled"
    ]
    assert keys(doubted.unmet(to=S.CLOSE, records=resolved("another"))) == ["objections_settled"]


def test_at_the_summary_the_next_move_is_the_end():
    """Plan, summary and settled doubts, in the order of the table."""
    late = walked(S.POST_CALL_SUMMARY, plan=None, ad_hoc=True).record(objection(), at=later(20))

    assert keys(late.unmet()) == ["plan_filed", "summarised", "objections_settled"]
    assert keys(late.unmet(records=[PLAN])) == ["summarised", "objections_settled"]
    assert late.unmet(records=[PLAN, SUMMARY_OF_IT, resolved()]) == ()
    assert late.unmet(to=VisitStatus.CLOSED) == late.unmet()


@pytest.mark.parametrize(
    "visit", [closed(), planned().cancel(at=START, reason="ill")], ids=["closed", "cancelled"]
)
def test_a_visit_that_is_over_has_no_next_move(visit):
    """It asks for nothing any more, wherever one wants to go."""
    assert visit.unmet() == visit.unmet(to=S.CLOSE) == ()


def test_asking_is_refused_where_going_would_be():
    """A step left out, no such move, no step at all, a record out of place, another table."""
    visit = walked(S.NEEDS)

    with pytest.raises(SkippedStage) as skipped:
        visit.unmet(to=S.CLOSE)
    assert skipped.value.skipped == (S.SOLUTION, S.OBJECTIONS)
    with pytest.raises(NoSuchMove):
        visit.unmet(to=S.OPENING)
    with pytest.raises(NoSuchMove):
        visit.unmet(to=VisitStatus.CANCELLED)
    with pytest.raises(WrongType):
        visit.unmet(to="close")
    with pytest.raises(InvalidValue, match="before the last step"):
        visit.unmet(records=SUMMARY_OF_IT)
    with pytest.raises(InvalidValue, match="made afterwards"):
        visit.unmet(records=PLAN)
    with pytest.raises(ForeignDeal):
        visit.unmet(machine=OWN)
    with pytest.raises(ForeignDeal):
        closed().unmet(machine=OWN)
    with pytest.raises(WrongType):
        visit.unmet(machine="visit")
    with pytest.raises(InvalidValue, match="unknown to visit"):
        visit.unmet(evidence=AGREED)
    with pytest.raises(WrongType):
        visit.unmet(evidence="AGREED")


def test_evidence_opens_the_gates_of_a_method_that_asks_for_it():
    """Filed before or with the move; the right gate, and enough of it."""
    bare = planned(plan=None, machine=OWN)

    assert keys(bare.unmet(machine=OWN)) == ["planned", "consent"]
    assert keys(bare.unmet(evidence=AGREED, machine=OWN)) == ["planned"]
    assert bare.unmet(evidence=[AGREED], records=PLAN, machine=OWN) == ()
    at_last = walked(Talk.ADVISE, machine=OWN)
    once = Evidence(gate="shown", kind="demonstration", ref="C-2", value=1)
    meal = Evidence(gate="shown", kind="meal", ref="B-1", value=9)
    for evidence in (AGREED, once, meal, Evidence(gate="shown", kind="visit", ref="C-2")):
        assert keys(at_last.unmet(evidence=evidence, machine=OWN)) == ["shown"]
    assert at_last.unmet(evidence=[once, TWICE], machine=OWN) == ()
    back = at_last.advance(to=Talk.GREET, at=later(9), evidence=TWICE, machine=OWN)
    again = back.advance(at=later(9), machine=OWN)
    assert again.unmet(machine=OWN) == ()


@given(visits())
def test_asking_changes_nothing(visit):
    """Every question leaves the visit as it was, and tells the same twice."""
    before = Visit(**fields_of(visit))

    assert visit.unmet() == visit.unmet()
    assert visit.sheet == visit.sheet
    assert visit == before
    acts = [event.act for event in visit.trail]
    assert (visit.aborted_at is not None) is (VisitAct.ABORTED in acts)
    assert (visit.closed_at is not None) is (visit.status is VisitStatus.CLOSED)
    assert (visit.held_at is not None) is (
        visit.status in {VisitStatus.RUNNING, VisitStatus.CLOSED}
    )
    assert visit.path[-1] is visit.step
    assert set(visit.path) <= set(VISIT.stages)
