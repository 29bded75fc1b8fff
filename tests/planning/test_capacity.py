"""The hours of a day are cut into calls, and a day and a week hold so many of them."""

from __future__ import annotations

import pickle
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from call_teams import MONDAY, from_to, holding, on
from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import InvalidValue, WrongType
from salesflow.planning.capacity import DETAILING, PROJECTS, Capacity, capacity_of
from salesflow.planning.profiles import DEVICE_PROJECT, PHARMA_DETAILING, PlanProfile
from salesflow.visits import Hours


def begins(capacity):
    """When the calls of a day begin."""
    return [hour.isoformat("minutes") for hour in capacity.hours]


def test_detailing_is_fifteen_short_calls_a_day_and_rest_at_noon():
    """Sixteen half hours, of which one stays free."""
    assert begins(DETAILING)[:2] == ["08:00", "08:30"]
    assert begins(DETAILING)[7:9] == ["11:30", "13:30"]
    assert begins(DETAILING)[-1] == "17:00"
    assert (len(DETAILING.hours), DETAILING.least_daily, DETAILING.most_daily) == (16, 10, 15)
    assert (DETAILING.least_weekly, DETAILING.most_weekly) == (0, None)


def test_projects_are_eight_long_calls_a_week():
    """The way there included, the week of ten hours is full with them."""
    assert begins(PROJECTS) == ["08:00", "09:15", "10:30", "13:30", "14:45", "16:00"]
    assert (PROJECTS.least_daily, PROJECTS.most_daily) == (0, 6)
    assert (PROJECTS.least_weekly, PROJECTS.most_weekly) == (8, 8)


@pytest.mark.parametrize(
    ("profile", "daily", "weekly"),
    [
        (PHARMA_DETAILING, (10, 15), (0, None)),
        (DEVICE_PROJECT, (0, 6), (8, 8)),
        (PlanProfile(visit_minutes=60), (0, 8), (0, None)),
        (PlanProfile(visit_minutes=60, most_daily=3, least_weekly=9), (0, 3), (9, None)),
        (PlanProfile(visit_minutes=60, most_daily=0), (0, 0), (0, None)),
        (PlanProfile(visit_minutes=60, day_minutes=240, most_daily=9), (0, 4), (0, None)),
        (PlanProfile(visit_minutes=30, day_minutes=960), (0, 16), (0, None)),
    ],
)
def test_a_profile_has_its_capacity(profile, daily, weekly):
    """A week limits where it is all that the profile names; hours limit always."""
    one = Capacity.of_profile(profile)

    assert (one.least_daily, one.most_daily) == daily
    assert (one.least_weekly, one.most_weekly) == weekly
    assert one.visit_minutes == profile.visit_minutes


@given(
    st.lists(
        st.tuples(st.integers(0, 23), st.integers(0, 59)), min_size=2, max_size=8, unique=True
    ),
    st.integers(1, 300),
)
def test_calls_follow_each_other_within_the_hours_of_work(ends, minutes):
    """Each ends before the shift does, and no further one would have fitted."""
    ends = sorted(ends)[: len(ends) // 2 * 2]
    shifts = [
        Hours(start=time(*start), end=time(*end))
        for start, end in zip(ends[::2], ends[1::2], strict=True)
    ]
    of_day = [
        (60 * one.start.hour + one.start.minute, 60 * one.end.hour + one.end.minute)
        for one in shifts
    ]
    naive = [
        minute
        for start, end in of_day
        for minute in range(1440)
        if start <= minute <= end - minutes and (minute - start) % minutes == 0
    ]
    if not naive:
        assert refusal(holding, 1, worked=shifts, visit_minutes=minutes).field == "worked"
        return

    one = holding(1, worked=[*reversed(shifts)], visit_minutes=minutes, most_daily=9999)

    assert [60 * hour.hour + hour.minute for hour in one.hours] == naive
    assert one.most_daily == len(naive)


@given(
    st.sets(st.integers(0, 30)), st.integers(0, 6), st.integers(0, 4), st.none() | st.integers(0, 9)
)
def test_working_days_hold_what_their_weeks_do(numbers, first, daily, weekly):
    """Week by week, counted from the first day, whatever weekday that is."""
    one = holding(4, most_daily=daily, most_weekly=weekly)
    days = [on(first + n) for n in numbers]
    weeks = [[n for n in numbers if 7 * week <= n < 7 * week + 7] for week in range(5)]
    naive = [daily * len(week) for week in weeks]

    assert one.room(days, on(first)) == sum(n if weekly is None else min(n, weekly) for n in naive)


def test_a_capacity_is_a_value():
    """Equal by content, hashable, stored, and not changed through the list passed in."""
    worked = [from_to(13, 15), from_to(8, 10)]
    one = holding(4, worked=worked)
    worked.clear()

    assert one.worked == (from_to(8, 10), from_to(13, 15))
    assert one == pickle.loads(pickle.dumps(one))
    assert pickle.loads(pickle.dumps(one)).hours == one.hours
    assert hash(one) == hash(evolve(one))
    assert evolve(one, visit_minutes=30, most_daily=20).most_daily == 8
    assert "hours=" not in repr(one)
    with pytest.raises(FrozenInstanceError):
        one.most_daily = 9


NO_COUNT = [CANARY, None, 1.5, float("nan"), True, -1, 10**13, Decimal(3), [3]]
BAD = {
    "worked": [
        None,
        7,
        CANARY,
        [],
        [CANARY],
        [time(8)],
        [from_to(8, 9, 1)],
        [from_to(8, 10), from_to(9, 11)],
        [from_to(8, 10), from_to(8, 10)],
        [Hours(start=time(8), end=time(8, 59))],
        [Hours(start=time(8, 0, 30), end=time(12))],
        [Hours(start=time(8), end=time(12, 0, 0, 1))],
        [from_to(8, 9)] * 1001,
    ],
    "visit_minutes": [*NO_COUNT, 0],
    "least_daily": NO_COUNT,
    "most_daily": NO_COUNT,
    "least_weekly": NO_COUNT,
    "most_weekly": [bad for bad in NO_COUNT if bad is not None],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_capacity_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(holding, 4, **{box: bad})

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


def test_a_call_longer_than_any_shift_is_refused():
    """The hours of work are at fault, or the length."""
    assert refusal(holding, 4, visit_minutes=241).field == "worked"
    assert refusal(holding, 4, visit_minutes=10**12).field == "worked"


@pytest.mark.parametrize("bad", [None, 7, CANARY, Capacity, PHARMA_DETAILING])
def test_a_capacity_is_known_from_what_is_none(bad):
    """As is a profile."""
    assert capacity_of(DETAILING) is DETAILING
    for error in (refusal(capacity_of, bad), refusal(Capacity.of_profile, [bad])):
        assert isinstance(error, WrongType)
        assert CANARY not in everything_told(error)


def test_days_before_the_first_are_in_weeks_before_it():
    """Whole weeks, on either side."""
    one = holding(1, most_weekly=1)

    assert one.room([MONDAY - timedelta(days=1), MONDAY], MONDAY) == 2
    assert one.room([], date(2026, 1, 1)) == 0
