"""Weeks and months are held to a standard once they are over, and only whole ones."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort_oracle import there
from ledgers import Q3, TICK, on
from salesflow.errors import WrongType
from salesflow.periods import Month, Span, Week
from salesflow.planning.rhythm import Per, months_over, weeks_over
from strategies import instants, spans


def naive(during, at, starts):
    """The first days of the turns that lie in a period and are over: day by day."""
    days = [during.first + timedelta(days=n) for n in range(during.days)]
    begins = [day for day in days if starts(day)]
    ends = [day for day in (*days, during.after) if starts(day)]
    turns = [(day, next((end for end in ends if end > day), None)) for day in begins]
    today = there(at + TICK, during.tz)
    return [first for first, end in turns if end and end <= today]


@given(spans(), instants())
def test_the_weeks_of_a_period_are_whole_and_over(during, at):
    found = weeks_over(during, at)

    assert [week.first for week in found] == naive(during, at, lambda day: day.weekday() == 0)
    assert {week.tz for week in found} <= {during.tz}


@given(spans(), instants())
def test_the_months_of_a_period_are_whole_and_over(during, at):
    found = months_over(during, at)

    assert [month.first for month in found] == naive(during, at, lambda day: day.day == 1)
    assert {month.tz for month in found} <= {during.tz}


def test_a_month_is_over_with_its_last_instant():
    """On 31 August, at the end of the day in Shanghai."""
    august = Month(2026, 8, tz=Q3.tz)

    assert [str(month) for month in months_over(Q3, august.last)] == ["2026-07", "2026-08"]
    assert [str(month) for month in months_over(Q3, august.last - TICK)] == ["2026-07"]
    assert months_over(Q3, on(7, 1)) == ()


def test_the_pieces_at_the_edges_are_left_out():
    """From a Wednesday to a Tuesday no week is whole, but for the one between."""
    during = Span(date(2026, 7, 1), date(2026, 7, 14))

    assert weeks_over(during, on(12, 31)) == (Week(2026, 28),)
    assert months_over(during, on(12, 31)) == ()


def test_at_the_end_of_the_calendar_nothing_is_sought_beyond_it():
    last = Span(date(2200, 11, 1), date(2200, 12, 31))
    december = Month(2200, 12)

    assert [str(month) for month in months_over(last, last.last)] == ["2200-11"]
    assert months_over(december, december.last) == (december,)


def test_what_repeats_has_turns_and_the_rest_a_name():
    assert [per for per in Per if per.repeats] == [Per.WEEK, Per.MONTH]
    assert [(per.nth(3).zh, per.nth(3).en) for per in Per] == [
        ("第 3 周", "week 3"),
        ("第 3 个月", "month 3"),
        ("本阶段", "in the phase"),
        ("全年", "in the year"),
    ]


@given(st.integers(1, 600))
def test_a_turn_is_named_by_its_number(number):
    assert Per.WEEK.nth(number).en == f"week {number}"


def test_an_instant_is_needed():
    with pytest.raises(WrongType):
        months_over(Q3, date(2026, 8, 1))
