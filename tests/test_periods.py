"""An instant is one instant everywhere, and periods are runs of whole days that tile time."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pendulum
import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salesflow.errors import InvalidValue, SalesflowError
from salesflow.periods import Cycle, Month, Period, Quarter, Span, Week, Year
from strategies import (
    cycles,
    dates,
    instants,
    months,
    periods,
    quarters,
    spans,
    weeks,
    years,
    zones,
)

SHIFTING = st.one_of(weeks(), months(), quarters(), years(), cycles())
TICK = timedelta(microseconds=1)


# --- what belongs to a period -----------------------------------------------------------------


@given(periods(), instants(), st.sampled_from([-TICK, timedelta(0), TICK]))
def test_a_period_is_half_open(period, moment, step):
    """An instant is in it from the start on and before the end, to the microsecond."""
    for at in (moment, period.start + step, period.end + step):
        assert (at in period) is (period.start <= at < period.end)
    assert period.start in period
    assert period.end not in period


@given(periods(), dates(), st.sampled_from([-1, 0, 1]))
def test_a_planned_date_is_in_it_from_its_first_day_to_its_last(period, planned, step):
    """Dates need no time zone."""
    for on in (planned, period.first + timedelta(step), period.after + timedelta(step)):
        assert (on in period) is (period.first <= on < period.after)
    assert period.days == (period.after - period.first).days


@given(periods(), instants(), st.integers(-50, 50))
def test_what_happened_on_a_day_belongs_where_the_day_belongs(period, moment, hours):
    """The local date of an instant and the instant itself are never in different periods."""
    for at in (moment, period.start + timedelta(hours=hours), period.end + timedelta(hours=hours)):
        assert period.day_of(at) == at.astimezone(ZoneInfo(period.tz)).date()
        assert (period.day_of(at) in period) is (at in period)


def test_late_in_shanghai_is_still_the_same_quarter():
    """23:30 on 30 September in Shanghai is the third quarter there, and in London."""
    signed = pendulum.datetime(2026, 9, 30, 23, 30, tz="Asia/Shanghai")
    early = pendulum.datetime(2026, 10, 1, 0, 30, tz="Asia/Shanghai")
    q3, q3_london = Quarter(2026, 3, tz="Asia/Shanghai"), Quarter(2026, 3, tz="Europe/London")

    assert signed in q3
    assert early not in q3
    assert early in q3.shift(1)
    assert early in q3_london
    assert (q3.day_of(early), q3_london.day_of(early)) == (date(2026, 10, 1), date(2026, 9, 30))


ODD_DAYS = [
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", "no midnight", 23),
    ("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00", "its last hour twice", 25),
    ("America/Havana", "2025-03-09", "2025-03-09T05:00", "no midnight", 23),
    ("America/Havana", "2025-11-02", "2025-11-02T04:00", "midnight twice", 25),
    ("America/New_York", "2026-03-08", "2026-03-08T05:00", "short", 23),
    ("America/New_York", "2026-11-01", "2026-11-01T04:00", "long", 25),
    ("Asia/Shanghai", "1986-05-04", "1986-05-03T16:00", "summer time begins", 23),
    ("Asia/Shanghai", "1988-07-01", "1988-06-30T15:00", "in summer time", 24),
    ("Asia/Shanghai", "1991-09-15", "1991-09-14T15:00", "summer time ends", 25),
    ("Asia/Shanghai", "1992-07-01", "1992-06-30T16:00", "no summer time any more", 24),
    ("Australia/Lord_Howe", "2025-04-06", "2025-04-05T13:00", "half an hour more", 24.5),
    ("Australia/Lord_Howe", "2025-10-05", "2025-10-04T13:30", "half an hour less", 23.5),
    ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00", "left out", 0),
    ("America/Toronto", "1919-03-31", "1919-03-31T04:30", "the jump is across midnight", 23.5),
]


@pytest.mark.parametrize(("tz", "on", "start", "why", "hours"), ODD_DAYS)
def test_an_odd_day_starts_where_its_clocks_say(tz, on, start, why, hours):
    """At the jump where midnight is missing, at the first one where it comes twice."""
    first = date.fromisoformat(on)
    odd = Span(first, first + timedelta(1), tz=tz)

    assert odd.start.isoformat() == f"{start}:00+00:00"
    assert (odd.end - odd.start).total_seconds() == hours * 3600
    assert odd.days == 1


# --- tiling -----------------------------------------------------------------------------------


def assert_tiles(parts, whole):
    """The parts follow each other without gap or overlap, from first to last."""
    assert (parts[0].first, parts[-1].after) == (whole.first, whole.after)
    assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
    for one, two in pairwise(parts):
        assert one.after == two.first
        assert one.end == two.start
    assert sum(part.days for part in parts) == whole.days
    assert {part.tz for part in parts} == {whole.tz}


@given(quarters())
def test_three_months_tile_a_quarter(quarter):
    """Also the quarter of a fiscal year, and one across New Year."""
    assert len(quarter.months) == 3
    assert_tiles(quarter.months, quarter)


@given(years())
def test_four_quarters_tile_a_year(year):
    """The quarters of a fiscal year are fiscal quarters."""
    assert [quarter.quarter for quarter in year.quarters] == [1, 2, 3, 4]
    assert_tiles(year.quarters, year)


@given(SHIFTING)
def test_periods_of_a_kind_tile_time(period):
    """Each begins on the day on which the one before is over."""
    parts = [period.shift(n) for n in range(4)]

    assert_tiles(parts, Span(period.first, period.shift(3).after, tz=period.tz))


@given(dates(), zones())
def test_a_date_is_in_the_week_month_and_cycle_named_after_it(on, tz):
    """Weeks are numbered as ISO 8601 does, cycles from their anchor."""
    year, week, weekday = on.isocalendar()

    assert on in Week(year, week, tz=tz)
    assert Week(year, week).first == on - timedelta(weekday - 1)
    assert Week(year, week).days == 7
    assert on in Month(on.year, on.month, tz=tz)
    assert on in Quarter(on.year, (on.month + 2) // 3, tz=tz)
    assert on in Year(on.year, tz=tz)
    anchor = date(2020, 1, 6)
    if on >= anchor:
        assert on in Cycle(anchor, (on - anchor).days // 28 + 1)


@given(SHIFTING, st.integers(-60, 60), st.integers(-60, 60))
def test_shifts_add_up(period, a, b):
    """So many on and so many more is all of them at once, and back is back."""
    if isinstance(period, Cycle):
        period = evolve(period, number=period.number + 200)

    assert period.shift(a).shift(b) == period.shift(a + b)
    assert period.shift(a).shift(-a) == period == period.shift(0)
    assert period.shift(a).tz == period.tz
    assert (period.shift(a).first < period.first) is (a < 0)


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        (Quarter(2026, 1, first_month=4), "2026-04-01", "2026-07-01"),
        (Quarter(2026, 4, first_month=4), "2027-01-01", "2027-04-01"),
        (Quarter(2026, 1, first_month=12), "2026-12-01", "2027-03-01"),
        (Quarter(2026, 4, first_month=12), "2027-09-01", "2027-12-01"),
        (Quarter(2026, 4), "2026-10-01", "2027-01-01"),
        (Year(2026, first_month=7), "2026-07-01", "2027-07-01"),
        (Year(2024), "2024-01-01", "2025-01-01"),
        (Month(2024, 2), "2024-02-01", "2024-03-01"),
        (Month(2026, 12), "2026-12-01", "2027-01-01"),
        (Week(2026, 1), "2025-12-29", "2026-01-05"),
        (Week(2026, 53), "2026-12-28", "2027-01-04"),
        (Week(2020, 53), "2020-12-28", "2021-01-04"),
        (Cycle(date(2026, 1, 5), 1), "2026-01-05", "2026-02-02"),
        (Cycle(date(2026, 1, 5), 3), "2026-03-02", "2026-03-30"),
        (Week(2026, 53).shift(1), "2027-01-04", "2027-01-11"),
        (Year(2200), "2200-01-01", "2201-01-01"),
        (Month(1900, 1), "1900-01-01", "1900-02-01"),
    ],
    ids=repr,
)
def test_a_period_has_its_days(period, first, after):
    """Fiscal quarters, leap years, week 53 and cycles, by the calendar on the wall."""
    assert period.first.isoformat() == first
    assert period.after.isoformat() == after
    assert period.start < period.end


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        (Span(date(2026, 7, 1), date(2026, 8, 1)), "2026-07-01/2026-08-01"),
        (Week(2026, 7), "2026-W07"),
        (Month(2026, 7), "2026-07"),
        (Quarter(2026, 3), "2026-Q3"),
        (Quarter(2026, 3, first_month=4), "FY2026-Q3"),
        (Year(2026), "2026"),
        (Year(2026, first_month=4), "FY2026"),
        (Cycle(date(2026, 1, 5), 3), "cycle 3 of 2026-01-05"),
    ],
)
def test_a_period_is_named_as_on_paper(period, shown):
    """Its text is the short name that a report bears; a fiscal one says so."""
    assert str(period) == shown


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Quarter(2026, 0), "quarter"),
        (lambda: Quarter(2026, 5), "quarter"),
        (lambda: Quarter(1899, 1), "year"),
        (lambda: Quarter(2026, 1, first_month=13), "first_month"),
        (lambda: Month(2026, 0), "month"),
        (lambda: Month(2026, 13), "month"),
        (lambda: Month(2201, 1), "year"),
        (lambda: Month("2026", 1), "year"),
        (lambda: Month(2026, True), "month"),
        (lambda: Month(2026, 7.0), "month"),
        (lambda: Year(10**400), "year"),
        (lambda: Year(2026, first_month=0), "first_month"),
        (lambda: Week(2026, 0), "week"),
        (lambda: Week(2026, 54), "week"),
        (lambda: Week(2027, 53), "week"),
        (lambda: Span(date(2026, 1, 1), date(2026, 1, 1)), "after"),
        (lambda: Span(date(2026, 1, 2), date(2026, 1, 1)), "after"),
        (lambda: Span(date(2026, 1, 1), "2026-02-01"), "after"),
        (lambda: Span(datetime(2026, 1, 1, tzinfo=UTC), date(2026, 2, 1)), "first"),
        (lambda: Cycle(date(2026, 1, 5), 0), "number"),
        (lambda: Cycle(date(2026, 1, 5), 4001), "number"),
        (lambda: Cycle(date(1800, 1, 1), 1), "anchor"),
        (lambda: Cycle(date(2200, 1, 1), 4000), "number"),
    ],
)
def test_a_period_that_cannot_be_is_refused_when_made(make, field):
    """The error names the field; nothing waits until a figure asks for the first day."""
    with pytest.raises(InvalidValue) as caught:
        make()
    assert caught.value.field == field


ALL = [Week(2026, 1), Month(2026, 1), Quarter(2026, 1), Year(2026), Cycle(date(2026, 1, 5), 3)]


@pytest.mark.parametrize("period", ALL, ids=lambda period: type(period).__name__)
def test_an_absurd_shift_is_refused(period):
    """Beyond the calendar, or by a part of a period: our error, not Python's."""
    for steps in [10**400, -(10**400), 10**9, -(10**9), 30_000, -30_000, 1.0, 0.5, float("nan")]:
        with pytest.raises(SalesflowError):
            period.shift(steps)


def test_a_shift_may_reach_the_ends_of_the_calendar():
    """The last period within the years is reached, the next one is not."""
    assert Month(2026, 1).shift(12 * 174 + 11) == Month(2200, 12)
    assert Quarter(2026, 1).shift(-4 * 126) == Quarter(1900, 1)
    assert Week(2026, 1).shift(1).shift(-1) == Week(2026, 1)
    for period, step in ((Month(2200, 12), 1), (Quarter(1900, 1), -1), (Year(2200), 1)):
        with pytest.raises(InvalidValue):
            period.shift(step)


@given(periods())
def test_a_period_is_a_value(period):
    """Equal, hashable, storable, and never changed in place."""
    arrived = pickle.loads(pickle.dumps(period))

    assert arrived == period
    assert hash(arrived) == hash(period)
    assert (arrived.start, arrived.end) == (period.start, period.end)
    assert isinstance(period, Period)
    with pytest.raises(FrozenInstanceError):
        period.tz = "UTC"


# --- spans before and after ---------------------------------------------------------------------


@given(spans(), st.integers(-3, 3), st.integers(-3, 3))
def test_a_span_shifts_by_its_own_length(span, a, b):
    """So many lengths on is that many runs of as many days, in the same zone; back is back."""
    moved = span.shift(a)

    assert moved.first == span.first + a * timedelta(span.days)
    assert (moved.days, moved.tz, type(moved)) == (span.days, span.tz, Span)
    assert moved.shift(b) == span.shift(a + b)
    assert moved.shift(-a) == span == span.shift(0)


@given(spans())
def test_spans_of_one_length_tile_time(span):
    """The one before ends on the day on which this one begins."""
    parts = [span.shift(n) for n in range(-1, 3)]

    assert_tiles(parts, Span(parts[0].first, parts[-1].after, tz=span.tz))


def test_a_sprint_of_two_weeks_is_followed_by_the_next():
    """Days are counted, whatever the clocks and the months do."""
    sprint = Span(date(2026, 2, 20), date(2026, 3, 6), tz="America/New_York")

    assert sprint.shift(1) == Span(date(2026, 3, 6), date(2026, 3, 20), tz="America/New_York")
    assert sprint.shift(-26).first == date(2025, 2, 21)


@pytest.mark.parametrize("steps", [10**400, -(10**400), 30_000, -30_000, 1.0, 0.5, float("nan")])
def test_an_absurd_shift_of_a_span_is_refused(steps):
    """As of any other period."""
    with pytest.raises(SalesflowError):
        Span(date(2026, 1, 1), date(2026, 2, 1)).shift(steps)
