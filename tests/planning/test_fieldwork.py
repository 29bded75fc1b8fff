"""Work in the field is told by the visits of each week, and a dinner is no visit."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from effort_oracle import MOMENTS, PERIODS, books, there, unnamed
from salesflow.activity import ActivityKind
from salesflow.errors import DuplicateId, ForeignDeal
from salesflow.periods import Span, Week
from salesflow.planning.fieldwork import visited
from salesflow.planning.metric import Metric
from salesflow.planning.rhythm import weeks_over
from salesflow.visits import VisitAct
from visit_books import OWN, Talk, planned
from visit_teams import (
    JULY,
    NOTES,
    SHORT,
    SUMMARY,
    TICK,
    TREATS,
    dropped,
    held,
    on,
    opened,
    talked,
)

WEEK = Week(2026, 28, tz=JULY.tz)  # from Monday 6 July


def told(*visits, during=WEEK, **rest):
    """Customers visited and hours, week by week."""
    table = visited(visits, during, **rest)
    return tuple(zip(table[Metric.CUSTOMERS_VISITED], table[Metric.VISIT_HOURS], strict=True))


def lasting(id="V-1", *, minutes=90, at=None, **rest):
    """A visit whose conversation lasted so many minutes."""
    visit = opened(id, **rest)
    start = at or on(7, 7)
    for step in SHORT[:-1]:
        visit = visit.advance(at=start, to=step, records=NOTES.get(visit.step, ()))
    return visit.advance(at=start + timedelta(minutes=minutes), records=NOTES.get(visit.step, ()))


def naive(visits, week, at):
    """The customers of the visits held in a week, as known at a moment: event by event."""
    customers = set()
    for visit in visits:
        begun = [e.at for e in visit.trail if e.act is VisitAct.ADVANCED and e.at <= at][:1]
        if any(week.first <= there(moment, week.tz) < week.after for moment in begun):
            customers.add(visit.customer)
    return len(customers)


@given(
    books(),
    PERIODS.map(lambda p: Span(p.first, p.after + timedelta(days=20), tz=p.tz)),
    st.none() | MOMENTS,
    st.data(),
)
def test_customers_are_counted_as_the_naive_calendar_does(visits, during, at, data):
    """Wherever the period lives and whenever somebody asks."""
    some = st.sampled_from(["H-1", "H-2", "H-3"])
    book = [evolve(visit, customer=data.draw(some)) for visit in visits]
    moment = during.last if at is None else min(at, during.last)
    table = visited(book, during, at=at)

    weeks = weeks_over(during, moment)
    assert table[Metric.CUSTOMERS_VISITED] == tuple(naive(book, week, moment) for week in weeks)
    assert len(table[Metric.VISIT_HOURS]) == len(weeks)


@given(books(max_size=4), books(max_size=2, kinds=TREATS, prefix="T"), st.none() | MOMENTS)
def test_invariant_46_no_dinner_is_a_visit(visits, treats, at):
    """However many, and wherever they stand in the book."""
    mixed = (*treats[1:], *visits, *treats[:1])

    assert visited(visits, JULY, at=at) == visited(mixed, JULY, at=at)


def test_eight_customers_are_eight_though_one_was_seen_twice():
    book = [held(f"V-{n}", customer=f"H-{n % 8}") for n in range(9)]

    assert told(*book) == ((8, None),)


def test_hours_run_from_the_opening_to_the_end_of_the_conversation():
    """Ninety minutes and twenty; the summary is written on nobody's time."""
    long, short = lasting("A"), lasting("B", minutes=20, customer="H-4")
    late = long.close(at=on(7, 7, 23), records=SUMMARY)

    assert told(long, short) == ((2, Fraction(11, 6)),)
    assert told(late) == told(long) == ((1, Fraction(3, 2)),)


def test_a_conversation_that_was_broken_off_lasted_until_then():
    visit = talked(path=SHORT[:1], at=on(7, 7)).abort(at=on(7, 7, 10), reason="called away")

    assert told(visit) == ((1, 1),)


def test_an_hour_is_exact_to_the_shortest_time_there_is():
    visit = talked(path=SHORT[:1], at=on(7, 7)).abort(at=on(7, 7) + TICK, reason="called away")

    assert told(visit) == ((1, Fraction(1, 3_600_000_000)),)


@pytest.mark.parametrize("silent", [held("S"), talked("S", path=SHORT[:2])])
def test_hours_are_unknown_where_one_visit_does_not_tell_its_length(silent):
    """Written down within an instant, or not over yet."""
    assert told(lasting("A"), silent) == ((1, None),)


def test_a_week_without_visits_has_no_hours_and_that_is_known():
    assert told() == ((0, Fraction(0)),)
    assert told(opened("planned"), dropped("cancelled", at=on(7, 7))) == ((0, Fraction(0)),)


def test_the_week_that_still_runs_is_not_told_yet():
    during = Span(WEEK.first, WEEK.shift(1).after, tz=JULY.tz)
    book = [held("V")]

    assert told(*book, during=during, at=on(7, 12, 23)) == ()
    assert told(*book, during=during, at=on(7, 13)) == ((1, None),)
    assert told(*book, during=during) == ((1, None), (0, 0))


def test_a_visit_outside_the_whole_weeks_is_in_none():
    """July begins on a Wednesday: 1 July is in no whole week of it."""
    assert told(held("V", at=on(7, 1)), during=JULY) == ((0, 0),) * 3
    assert told(held("V", at=on(6, 30)), held("W", at=on(7, 31)), during=JULY) == ((0, 0),) * 3


def test_a_method_of_ones_own_is_read_by_its_own_summary():
    visit = planned(machine=OWN)

    assert told(visit, machine=OWN) == ((0, 0),)
    assert OWN.landmark("summary") is Talk.NOTE
    with pytest.raises(ForeignDeal):
        told(visit)


def test_visits_that_make_no_book_are_refused():
    with pytest.raises(DuplicateId):
        told(held("V"), held("V", kind=ActivityKind.MEAL))
    values = [None, 5, "V-1", [None], ["Prof. Wang"]]
    assert unnamed(lambda visits: visited(visits, WEEK), values, "visits") == []
    assert unnamed(lambda during: visited([], during), [None, "2026-W28", 5], "during") == []
    assert unnamed(lambda at: visited([], WEEK, at=at), [5, "now", WEEK.first], "at") == []
