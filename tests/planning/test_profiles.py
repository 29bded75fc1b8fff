"""A profile says what a day and a week should hold; it advises and never refuses a plan."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError

from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import InvalidValue, WrongType
from salesflow.planning.profiles import (
    DEVICE_PROJECT,
    PHARMA_DETAILING,
    PlanProfile,
    profile_of,
)


def profile(**rest):
    """A profile of visits of half an hour."""
    return PlanProfile(**({"visit_minutes": 30} | rest))


def test_detailing_drugs_is_ten_to_fifteen_doctors_a_day_with_three_aims_each():
    """Nothing is asked of its week."""
    one = PHARMA_DETAILING

    assert (one.least_daily, one.most_daily, one.least_aims) == (10, 15, 3)
    assert (one.least_weekly, one.least_hours_weekly) == (0, 0)


def test_selling_equipment_is_eight_customers_and_ten_hours_a_week():
    """Nothing is asked of its day."""
    one = DEVICE_PROJECT

    assert (one.least_weekly, one.least_hours_weekly, one.least_aims) == (8, 10, 3)
    assert (one.least_daily, one.most_daily) == (0, None)
    assert one.visit_minutes * one.least_weekly == one.least_hours_weekly * 60


def test_a_full_day_of_detailing_leaves_slack():
    """Fifteen visits of half an hour, and half an hour free."""
    one = PHARMA_DETAILING

    assert one.day_minutes - one.most_daily * one.visit_minutes == 30


@pytest.mark.parametrize(
    ("rest", "capacity"),
    [
        ({}, 16),
        ({"most_daily": 15}, 15),
        ({"most_daily": 16}, 16),
        ({"most_daily": 17}, 16),
        ({"most_daily": 0}, 0),
        ({"visit_minutes": 480}, 1),
        ({"visit_minutes": 241}, 1),
        ({"day_minutes": 59, "visit_minutes": 30}, 1),
        ({"day_minutes": 60, "visit_minutes": 30}, 2),
    ],
)
def test_a_day_holds_the_visits_that_fit_and_no_more_than_it_should(rest, capacity):
    """Whole visits only."""
    assert profile(**rest).capacity == capacity


def test_a_profile_is_a_value():
    """Equal by content, hashable, stored, and changed only into another."""
    one = profile(least_daily=3, most_daily=3)

    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(profile(least_daily=3, most_daily=3))
    assert evolve(one, most_daily=9).most_daily == 9
    with pytest.raises(FrozenInstanceError):
        one.most_daily = 4


def test_a_profile_is_known_from_what_is_none():
    """Everything that is held to a profile asks for one."""
    assert profile_of(DEVICE_PROJECT) is DEVICE_PROJECT
    for bad in (None, 7, CANARY, PlanProfile):
        with pytest.raises(WrongType, match=r"^profile ") as refused:
            profile_of(bad)
        assert CANARY not in everything_told(refused.value)


NO_COUNT = [CANARY, None, 1.5, float("nan"), True, -1, 10**13, Decimal(3), [3]]
BAD = {
    "least_daily": NO_COUNT,
    "most_daily": [CANARY, 1.5, True, -1, 10**13],
    "least_weekly": NO_COUNT,
    "least_hours_weekly": [*NO_COUNT, 169],
    "least_aims": NO_COUNT,
    "day_minutes": [*NO_COUNT, 0, 1441],
    "visit_minutes": [*NO_COUNT, 0, 481],
}


@pytest.mark.parametrize(
    ("box", "bad"), [pytest.param(box, bad, id=f"{box}-{bad!r}") for box in BAD for bad in BAD[box]]
)
def test_what_is_no_profile_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(profile, **{box: bad})

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


def test_the_most_is_not_below_the_least():
    """The two are exchanged."""
    with pytest.raises(InvalidValue, match=r"^most_daily is below least_daily"):
        profile(least_daily=4, most_daily=3)
