"""What happens around a visit: it is written down, put off, cancelled, and followed up."""

from __future__ import annotations

from datetime import date, timedelta

import pendulum
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import refusal
from salesflow.errors import InvalidValue, NoSuchMove
from salesflow.visits import (
    CallPlan,
    Need,
    ObjectionOutcome,
    Question,
    Step,
    VisitAct,
    VisitStatus,
    replay,
)
from visit_books import (
    DAY,
    OWN,
    PLAN,
    START,
    SUMMARY_OF_IT,
    closed,
    deferred,
    fab,
    heard,
    later,
    objection,
    planned,
    promise,
    resolved,
    walked,
)

S = Step
NEW_DAY = date(2026, 7, 8)
SOON = later(90)
PLANNED = planned()
BARE = planned(plan=None)
UNPLANNED = planned(plan=None, ad_hoc=True)
RUNNING = walked(S.NEEDS)
CLOSED = closed([promise(), heard(), deferred()])


# --- recording -------------------------------------------------------------------------------


def test_recording_nothing_is_no_event():
    """A record without anything in it is refused."""
    for nothing in ((), [], iter(())):
        with pytest.raises(InvalidValue, match="record at least one"):
            RUNNING.record(nothing, at=SOON)


def test_what_is_recorded_stays_at_its_step():
    """Alone or in any run, of a plan as of a conversation; nothing else changes."""
    for visit in (PLANNED, BARE, UNPLANNED, RUNNING):
        after = visit.record(Need(key="speed"), at=SOON, by="R-9")
        event = after.trail[-1]

        assert (after.step, after.status, after.day) == (visit.step, visit.status, visit.day)
        assert (event.act, event.by, event.records) == (
            VisitAct.RECORDED,
            "R-9",
            (Need(key="speed"),),
        )
        assert visit.record(iter([Need(key="speed")]), at=SOON, by="R-9") == after


# --- another day -----------------------------------------------------------------------------


def test_a_visit_is_postponed_to_another_day_for_a_reason():
    """As often as it takes, earlier or later, while it is planned."""
    visit = PLANNED.postpone(NEW_DAY, at=SOON, reason=" doctor ill ", by="R-9")
    event = visit.trail[-1]

    assert (visit.day, visit.step, visit.status) == (
        NEW_DAY,
        S.PRE_CALL_PLAN,
        VisitStatus.PLANNED,
    )
    assert (event.act, event.reason, event.by) == (VisitAct.POSTPONED, "doctor ill", "R-9")
    assert visit.postpone(DAY, at=SOON, reason="well again").day == DAY
    assert walked(S.POST_CALL_SUMMARY, visit=visit).day == NEW_DAY


def test_a_day_is_changed_for_another_one_or_not_at_all():
    """The same day is none, an instant is none, and an unplanned meeting has none to change."""
    for day in (DAY, START, None, "2026-07-08", True, date(1, 1, 1)):
        with pytest.raises(InvalidValue) as refused:
            PLANNED.postpone(day, at=SOON, reason="ill")
        assert refused.value.field == "day"
    with pytest.raises(InvalidValue, match="of an ad hoc visit"):
        UNPLANNED.postpone(NEW_DAY, at=SOON, reason="ill")
    for reason in ("", None, 0, "\x00"):
        with pytest.raises(InvalidValue) as refused:
            PLANNED.postpone(NEW_DAY, at=SOON, reason=reason)
        assert refused.value.field == "reason"


def test_a_day_is_kept_as_a_plain_date():
    """Also where the host has one of pendulum's, or another kind of its own."""

    class Feast(date):
        """A day of a host's own kind."""

    for day in (pendulum.date(2026, 7, 8), Feast(2026, 7, 8)):
        visit = PLANNED.postpone(day, at=SOON, reason="ill")

        assert type(visit.day) is type(visit.trail[-1].day) is date
        assert visit == PLANNED.postpone(NEW_DAY, at=SOON, reason="ill") == replay(visit)
        assert type(planned(day=day).day) is date


# --- no visit at all -------------------------------------------------------------------------


@pytest.mark.parametrize("visit", [PLANNED, BARE, UNPLANNED], ids=["planned", "bare", "ad hoc"])
def test_a_visit_that_has_not_begun_is_cancelled_for_a_reason(visit):
    """Nobody was met, so there is no summary to write."""
    after = visit.cancel(at=SOON, reason="no time", by="R-9")
    event = after.trail[-1]

    assert (after.status, after.step, after.held_at) == (
        VisitStatus.CANCELLED,
        S.PRE_CALL_PLAN,
        None,
    )
    assert (event.act, event.reason, event.by) == (VisitAct.CANCELLED, "no time", "R-9")
    for reason in ("", None, 0):
        with pytest.raises(InvalidValue) as refused:
            visit.cancel(at=SOON, reason=reason)
        assert refused.value.field == "reason"


def test_a_method_without_cancellation_knows_none():
    """Whether a plan can be cancelled is said by the table, as everything else."""
    strict = evolve(OWN, name="strict", departures=OWN.departures[:-1], final=(VisitStatus.CLOSED,))

    with pytest.raises(NoSuchMove):
        planned(machine=strict).cancel(at=SOON, reason="no time", machine=strict)


@given(st.text(max_size=60))
def test_any_reason_is_taken_or_refused_and_never_crashes(reason):
    """Whatever somebody types: kept so that it can be kept again, or refused by name."""
    error = refusal(PLANNED.cancel, at=SOON, reason=reason)
    if error is not None:
        assert error.field == "reason"
        return
    visit = PLANNED.cancel(at=SOON, reason=reason)
    assert PLANNED.cancel(at=SOON, reason=visit.trail[-1].reason) == visit


# --- after it --------------------------------------------------------------------------------


def test_a_closed_visit_is_followed_up():
    """A promise kept, feedback answered, a deferred objection resolved: each by its key."""
    kept, told = promise().fulfil(NEW_DAY), heard().answered(NEW_DAY, "done")
    visit = CLOSED.follow_up([kept, told], at=later(days=2), by="R-9")
    visit = visit.follow_up(resolved(), at=later(days=3))

    assert visit.sheet.commitments == (kept,)
    assert visit.sheet.feedback == (told,)
    assert visit.sheet.objections == (resolved(),)
    assert (visit.status, visit.closed_at) == (VisitStatus.CLOSED, CLOSED.closed_at)
    assert [event.act for event in visit.trail[-2:]] == [VisitAct.FOLLOWED_UP] * 2
    assert visit.trail[-2].by == "R-9"


@pytest.mark.parametrize(
    "records",
    [
        (),
        promise("another"),
        heard("another"),
        resolved("another"),
        promise("speed"),
        heard("price"),
        [promise(), promise("another")],
        Need(key="speed"),
        Question(spin="problem"),
        SUMMARY_OF_IT,
        fab(),
    ],
    ids=repr,
)
def test_only_what_the_visit_knows_is_followed_up(records):
    """Nothing, another key, a key of another kind, or what has no end: none is a follow-up."""
    with pytest.raises(InvalidValue) as refused:
        CLOSED.follow_up(records, at=later(days=2))
    assert refused.value.field == "records"


def test_a_late_plan_is_no_follow_up():
    """Of an unplanned meeting neither, once it is closed."""
    visit = closed([PLAN], ad_hoc=True, plan=None)
    for plan in (PLAN, CallPlan()):
        with pytest.raises(InvalidValue):
            visit.follow_up(plan, at=SOON)


@pytest.mark.parametrize(
    "doubt",
    [
        objection(),
        deferred(follow_up=None),
        objection(outcome=ObjectionOutcome.UNRESOLVED),
        [promise(), objection()],
        [resolved(), objection()],
        objection("another"),
    ],
    ids=repr,
)
def test_no_objection_is_left_open_after_the_visit(doubt):
    """It was settled when the visit was closed, and a follow-up does not open it again."""
    with pytest.raises(InvalidValue, match="leave an objection open") as refused:
        CLOSED.follow_up(doubt, at=later(days=2))
    assert refused.value.field == "records"


@pytest.mark.parametrize("outcome", ObjectionOutcome)
def test_an_objection_may_be_put_off_again(outcome):
    """For another day; it need not be resolved."""
    doubt = objection(outcome=outcome, follow_up=date(2026, 7, 30))
    visit = CLOSED.follow_up(doubt, at=later(days=2))

    assert visit.sheet.objections == (doubt,)
    assert replay(visit) == visit


@pytest.mark.parametrize(
    "record",
    [
        promise(by="customer"),
        promise(text="send another"),
        promise(who="R-1"),
        promise(made_on=date(2026, 7, 5)),
        heard(topic="price"),
        heard(polarity="positive"),
        heard(received_on=date(2026, 7, 5)),
        deferred(kind="safety"),
        [promise(), resolved(text="no longer dear")],
    ],
    ids=repr,
)
def test_what_was_said_in_the_visit_is_not_changed_afterwards(record):
    """Only what became of it is followed up; anything new belongs to the next visit."""
    with pytest.raises(InvalidValue, match="change what was said") as refused:
        CLOSED.follow_up(record, at=later(days=2))
    assert refused.value.field == "records"


@pytest.mark.parametrize(
    "record",
    [
        promise(due=date(2026, 8, 3)),
        promise().withdraw(NEW_DAY),
        heard(respond_by=date(2026, 8, 3)),
        heard().answered(NEW_DAY, "done"),
        deferred(technique="story", follow_up=date(2026, 8, 3)),
    ],
    ids=repr,
)
def test_what_became_of_it_is_written_down_afterwards(record):
    """A new day, an answer, another technique."""
    visit = CLOSED.follow_up(record, at=later(days=2))
    sheet = visit.sheet

    assert record in (*sheet.commitments, *sheet.feedback, *sheet.objections)
    assert replay(visit) == visit


@pytest.mark.parametrize("outcome", [None, ObjectionOutcome.UNRESOLVED, ObjectionOutcome.DEFERRED])
def test_nobody_comes_back_on_a_day_long_over(outcome):
    """A day before is another one's today; earlier than that it is over, but for a solved doubt."""
    late, near = DAY - timedelta(days=2), DAY - timedelta(days=1)
    for verb in (
        lambda doubt: RUNNING.record(doubt, at=SOON),
        lambda doubt: RUNNING.advance(records=doubt, at=SOON),
        lambda doubt: RUNNING.abort(records=doubt, at=SOON, reason="called"),
    ):
        with pytest.raises(InvalidValue, match="on a day long over") as refused:
            verb(objection(outcome=outcome, follow_up=late))
        assert refused.value.field == "records"
        for doubt in (objection(outcome=outcome, follow_up=near), resolved(follow_up=late)):
            assert verb(doubt).sheet.objections == (doubt,)
