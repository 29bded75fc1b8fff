"""A schedule says who is called upon when and where, what it takes, and what is thin."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time
from fractions import Fraction

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import assume, given
from hypothesis import strategies as st

from call_teams import CYCLE, MONDAY, call, fewest_trips, holding, on, span
from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import InvalidValue
from salesflow.findings import Severity
from salesflow.planning.capacity import PROJECTS
from salesflow.planning.schedule import (
    SCHEDULE_REMARKS,
    Call,
    CallSchedule,
    Obstacle,
    Unplaced,
)
from salesflow.tables import Table
from salesflow.workdays import WEEKDAYS


def schedule(*calls, during=CYCLE, **rest):
    """A schedule of these calls on days of four hours."""
    given_ = {"representative": "R-9", "days": WEEKDAYS.working_days(during), "unplaced": ()}
    return CallSchedule(during=during, calls=calls, **(given_ | {"capacity": holding(4)} | rest))


WEEK = schedule(
    call("DR-1", "H-2", 0, 8),
    call("DR-2", "H-1", 0, 9),
    call("DR-3", "H-1", 0, 10),
    call("DR-1", "H-2", 1, 8),
    call("DR-2", "H-1", 3, 8),
)


def test_calls_are_found_by_day_and_by_customer():
    """In the order of the schedule."""
    assert [one.contact for one in WEEK.on(MONDAY)] == ["DR-1", "DR-2", "DR-3"]
    assert WEEK.on(on(2)) == WEEK.of("DR-9") == ()
    assert [one.on for one in WEEK.of("DR-2")] == [on(0), on(3)]
    assert refusal(WEEK.on, datetime(2026, 1, 5)).field == "day"


def test_the_days_of_a_hospital_are_those_on_which_anybody_is_met_there():
    """However many; by id, as a month plan allots them."""
    assert WEEK.place_days == Table({"H-1": 2, "H-2": 2})
    assert [*WEEK.place_days] == ["H-1", "H-2"]
    assert WEEK.trips == 4
    assert (schedule().place_days, schedule().trips, schedule().trips_bound) == (Table({}), 0, 0)


def test_a_hospital_takes_as_many_days_as_its_most_frequent_customer():
    """And as its calls fill: three customers twice are two days of four hours, or three of two."""
    calls = [call(f"DR-{who}", "H-1", day, 8 + who) for who in range(3) for day in range(2)]

    assert WEEK.trips_bound == 4
    assert schedule(*calls).trips_bound == 2
    assert schedule(*calls, capacity=holding(4, most_daily=2)).trips_bound == 3


@given(
    st.lists(st.tuples(st.sampled_from(["H-1", "H-2"]), st.integers(1, 4)), max_size=4),
    st.integers(1, 4),
)
def test_no_schedule_has_fewer_trips_than_the_bound(frequencies, most_daily):
    """A naive oracle tries every way to lay calls out on four days; for one hospital it is met."""
    fewest = fewest_trips(frequencies, 4, most_daily)
    assume(fewest is not None)
    calls = [
        call(f"DR-{who}", place, day)
        for who, (place, n) in enumerate(frequencies)
        for day in range(n)
    ]
    one = schedule(*calls, capacity=holding(4, most_daily=most_daily))

    assert one.trips_bound <= fewest
    if len({place for place, _ in frequencies}) == 1:
        assert one.trips_bound == fewest


@pytest.mark.parametrize(
    ("capacity", "calls", "share"),
    [
        (holding(4), 5, Fraction(5, 80)),
        (holding(4, most_daily=1), 5, Fraction(1, 4)),
        (holding(4, most_weekly=2), 4, Fraction(1, 2)),
        (PROJECTS, 5, Fraction(5, 32)),
        (holding(4, most_daily=0), 0, None),
        (holding(4, most_weekly=0), 0, None),
    ],
)
def test_utilisation_is_calls_by_what_days_and_weeks_can_hold(capacity, calls, share):
    """A week that limits is what its days can hold."""
    assert evolve(WEEK, capacity=capacity, calls=WEEK.calls[:calls]).utilisation == share


def test_there_is_no_utilisation_without_a_working_day():
    """No basis."""
    assert schedule(during=span(2, on(5))).utilisation is None


# --- findings --------------------------------------------------------------------------------


def found(one):
    """Keys and subjects of what is found."""
    return [(row.key, row.subject) for row in one.findings()]


def test_a_thin_day_is_found():
    """Also one without any call; a day off is none."""
    one = evolve(WEEK, during=span(7), days=WEEK.days[:4], capacity=holding(4, least_daily=2))

    assert found(one) == [("day_low", str(on(day))) for day in (1, 2, 3)]
    assert [row.text.en for row in one.findings()] == [
        "1 calls, fewer than the 2 of a day",
        "0 calls, fewer than the 2 of a day",
        "1 calls, fewer than the 2 of a day",
    ]


def test_a_thin_week_is_found():
    """By its first day; five calls in the first week, none in the others."""
    one = evolve(WEEK, capacity=holding(4, least_weekly=5))

    assert found(one) == [("week_low", str(on(day))) for day in (7, 14, 21)]
    assert found(evolve(one, capacity=holding(4, least_weekly=6)))[0] == ("week_low", str(MONDAY))
    assert one.findings()[0].values == Table({"n": 0, "least": 5})


def test_weeks_are_those_of_the_period_whatever_weekday_it_starts_on():
    """From Thursday to Wednesday: the third week has only its last day left, and is thin."""
    thursday, last = on(3), call("DR-4", "H-1", 17)
    one = schedule(
        *(call("DR-1", "H-1", day) for day in (3, 4, 7, 8, 9)),
        last,
        during=span(15, thursday),
        capacity=holding(4, least_weekly=3),
    )

    assert found(one) == [("week_low", str(on(10))), ("week_low", str(on(17)))]
    assert one.findings()[-1].values["n"] == 1


def test_a_week_without_a_working_day_is_not_thin():
    """Whoever is on leave has no calls to make."""
    one = schedule(capacity=holding(4, least_weekly=1), days=(on(14),))

    assert found(one) == [("week_low", str(on(14)))]


def test_what_was_left_out_is_found_with_its_reason():
    """In both languages, after what is to be known about the calendar."""
    rows = [
        Unplaced(contact=f"DR-{n}", wanted=4, planned=1, why=why) for n, why in enumerate(Obstacle)
    ]
    one = schedule(unplaced=rows, notes=WEEKDAYS.findings(CYCLE))
    told = one.findings()

    assert [row.key for row in told] == ["calendar_unconfirmed", *["calls_left_out"] * 4]
    for row, why in zip(told[1:], Obstacle, strict=True):
        assert row.text.en == f"1 calls are planned of 4 wanted: {why.label('en')}"
        assert why.label("zh") in row.text.zh


def test_every_remark_is_provoked_and_only_watches():
    """A plan is advice; nobody is blocked."""
    thin = holding(4, least_daily=1, least_weekly=1)
    row = Unplaced(contact="DR-1", wanted=1, planned=0, why=Obstacle.HOURS)
    one = schedule(unplaced=[row], capacity=thin, during=span(1))

    assert [row.key for row in one.findings()] == [row.key for row in SCHEDULE_REMARKS]
    assert {row.severity for row in SCHEDULE_REMARKS} == {Severity.WATCH}


# --- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "one",
    [call(), WEEK, Unplaced(contact="DR-1", wanted=1, planned=0, why=Obstacle.NO_DAY)],
    ids=lambda one: type(one).__name__,
)
def test_all_of_it_are_values(one):
    """Hashable, stored, unchangeable."""
    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(evolve(one))
    with pytest.raises(FrozenInstanceError):
        one.contact = one.calls = ()


NO_ID = ["", None, 7, f"{CANARY}\0", [CANARY]]
BAD = {
    "contact": NO_ID,
    "place": NO_ID,
    "on": [None, CANARY, 7, datetime(2026, 1, 5), date(1066, 1, 1)],
    "hour": [None, CANARY, 8, 8.5, datetime(2026, 1, 5, 8), time(8, tzinfo=UTC)],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_call_is_refused(box, bad):
    """By the name of the box, without its content."""
    boxes = {"contact": "DR-7", "place": "H-1", "on": MONDAY, "hour": time(8)}
    error = refusal(Call, **(boxes | {box: bad}))

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


def test_a_day_with_several_hospitals_is_shared_between_them():
    """By their calls, so that a month plan made of it takes the days there are and no more."""
    assert dict(WEEK.hospital_days) == {"H-1": Fraction(5, 3), "H-2": Fraction(4, 3)}
    assert sum(WEEK.hospital_days.values()) == len({one.on for one in WEEK.calls})
