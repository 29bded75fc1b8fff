"""What fits is the most important, as many as can be; what does not has its reason."""

from __future__ import annotations

import pickle
from fractions import Fraction
from itertools import zip_longest
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from call_teams import (
    call,
    callee,
    countings,
    from_to,
    holding,
    max_flow,
    on,
    orders,
    some_order,
    span,
)
from people_strategies import refusal
from salesflow.errors import InvalidValue
from salesflow.planning.assignment import assignment_of
from salesflow.planning.fitting import fit
from salesflow.planning.schedule import Obstacle, Unplaced
from salesflow.workdays import WEEKDAYS


def task_of(*callees, days=5, **rest):
    """An assignment of one hour a day."""
    given_ = {"capacity": holding(1), "place_days": {}, "booked": ()}
    return assignment_of(callees, span(days), WEEKDAYS, **(given_ | rest))


def network(task):
    """The weeks and the capacity of a task, as the naive answers take them."""
    one = task.capacity
    weeks = [task.since(day) // 7 for day in task.days]
    return weeks, (len(one.hours), one.most_daily, one.most_weekly)


def possible(task):
    """Every tuple of numbers of calls that fit, all booked ones among them; each day is tried."""
    places = [one.place for one in task.everybody]
    weeks, capacity = network(task)
    found = countings(
        task.masks, task.wanted, weeks, capacity, places=places, place_days=task.place_days
    )
    n = len(task.callees)
    return {counts[:n] for counts in found if all(counts[n:])}


SMALL = {"max_days": 7, "max_customers": 4, "max_visits": 3, "max_hours": 2}


@given(orders(limited=False, **SMALL), st.data())
def test_no_other_calls_that_fit_are_more_important(order, data):
    """All are tried: one by one, ours are as important, and nobody comes twice before an equal.

    So for any weights that grow with importance no sum is higher.
    """
    task = assignment_of(**order)
    ours = fit(task).calls[: len(task.callees)]
    # First calls are more important than second ones of customers of the same rank.
    grades = {
        (one.rank, -n)
        for one, most in zip(task.callees, task.wanted, strict=False)
        for n in range(most)
    }
    weights, total = {}, 0
    for grade in sorted(grades):
        total += data.draw(st.integers(0, 5))
        weights[grade] = total

    def line(counts):
        return sorted(
            (
                (one.rank, -n)
                for one, most in zip(task.callees, counts, strict=True)
                for n in range(most)
            ),
            reverse=True,
        )

    for others in possible(task):
        for mine, other in zip_longest(line(ours), line(others)):
            assert mine is not None
            assert other is None or mine >= other
        assert sum(weights[one] for one in line(ours)) >= sum(weights[one] for one in line(others))


@given(orders(limited=False, max_days=12))
def test_as_many_calls_fit_as_flow_through_the_network(order):
    """Where hospitals have all days, importance costs no call."""
    task = assignment_of(**order)

    assert sum(fit(task).calls) == max_flow(task.masks, task.wanted, *network(task))


@given(orders(**SMALL))
def test_where_hospitals_have_so_many_days_what_fits_is_possible(order):
    """The days are chosen within the limit, and the booked ones are among them."""
    task = assignment_of(**order)
    fits = fit(task)

    assert fits.calls[: len(task.callees)] in possible(task)
    assert fits.calls[len(task.callees) :] == (1,) * len(task.booked)
    for place, most in task.place_days.items():
        chosen = [
            {day for day, hours in enumerate(mask) if hours}
            for one, mask in zip(task.everybody, fits.masks, strict=True)
            if one.place == place
        ]
        assert len(set().union(*chosen)) <= most


def test_chosen_days_are_near_the_best_that_trying_all_days_finds():
    """Of 100 small teams the mean is at least 97 % of the best, by number and by importance."""
    shares = {"calls": [], "importance": []}
    for seed in range(100):
        task = assignment_of(**some_order(seed, limited=True))
        weights = [one.importance for one in task.callees]
        ours, others = fit(task).calls, possible(task)
        figures = {
            "calls": sum,
            "importance": lambda counts, w=weights: sum(map(int.__mul__, w, counts)),
        }
        for name, figure in figures.items():
            shares[name].append(Fraction(figure(ours), max(map(figure, others))))

    assert all(share <= 1 for row in shares.values() for share in row)
    assert mean(shares["calls"]) >= Fraction(97, 100)
    assert mean(shares["importance"]) >= Fraction(97, 100)
    assert min(shares["importance"]) >= Fraction(3, 4)


def test_days_are_chosen_for_the_more_important():
    """One day suits one doctor, another day the other; the hospital has one."""
    rare = [callee("DR-1", weekdays=[2]), callee("DR-2", weekdays=[4], importance=1)]

    assert fit(task_of(*rare, place_days={"H-1": 1})).calls == (1, 0)
    assert task_of(*rare, place_days={"H-1": 1}).callees[0].contact == "DR-2"


def test_days_are_exchanged_until_no_more_calls_fit():
    """Even days suit few; those on which everybody can be met are found."""
    team = [callee(f"DR-{n}", visits=2, weekdays=[1, 2, n]) for n in range(3, 6)]
    task = task_of(*team, capacity=holding(3), place_days={"H-1": 2})

    assert fit(task).calls == (2, 2, 2)


def test_equals_are_called_upon_once_before_anybody_is_twice():
    """Importance decides first."""
    equals = [callee(f"DR-{n}", visits=3) for n in range(4)]

    assert fit(task_of(*equals)).calls == (2, 1, 1, 1)
    assert fit(task_of(*equals, callee("DR-X", visits=3, importance=1))).calls == (3, 1, 1, 0, 0)


# --- reasons ---------------------------------------------------------------------------------

NO_DAY = task_of(callee(visits=2, weekdays=[3]))
PLACE_DAYS = task_of(callee(visits=2), place_days={"H-1": 1})
# The day is one of the hospital's, but it is no day for this doctor.
WRONG_DAYS = task_of(
    callee("DR-1", weekdays=[1]), callee("DR-2", weekdays=[2]), place_days={"H-1": 1}
)
NO_HOUR = task_of(
    callee("DR-1"), callee("DR-2", busy=[from_to(9, 10)]), capacity=holding(2), days=1
)
BUSY_HOURS = task_of(
    callee("DR-1", busy=[from_to(9, 10)]),
    callee("DR-2", busy=[from_to(9, 10)]),
    capacity=holding(2),
    days=1,
)
FULL = task_of(*(callee(f"DR-{n}") for n in range(6)))
FULL_WEEK = task_of(callee("DR-1"), callee("DR-2"), capacity=holding(2, most_weekly=1))
FULL_THE_REST = task_of(callee("DR-1", "H-2", importance=1, weekdays=[2]), callee(visits=2), days=2)
FULL_THAT_DAY = task_of(
    callee("DR-1", "H-2", importance=9, weekdays=[1]), callee(), place_days={"H-1": 1}
)
FULL_ELSEWHERE = task_of(
    callee("DR-1", "H-2", 3, importance=9), callee(visits=2), place_days={"H-1": 1}, days=3
)


@pytest.mark.parametrize(
    ("task", "planned", "why"),
    [
        (NO_DAY, 1, Obstacle.NO_DAY),
        (PLACE_DAYS, 1, Obstacle.PLACE_DAYS),
        (WRONG_DAYS, 0, Obstacle.PLACE_DAYS),
        (FULL_ELSEWHERE, 0, Obstacle.CAPACITY),
        (BUSY_HOURS, 0, Obstacle.HOURS),
        (FULL, 0, Obstacle.CAPACITY),
        (FULL_WEEK, 0, Obstacle.CAPACITY),
        (FULL_THE_REST, 1, Obstacle.CAPACITY),
        (FULL_THAT_DAY, 0, Obstacle.PLACE_DAYS),
    ],
)
def test_what_does_not_fit_has_its_reason(task, planned, why):
    """The last customer is the one of whom too little fits."""
    last = task.callees[-1]
    row = Unplaced(contact=last.contact, wanted=last.visits, planned=planned, why=why)

    assert fit(task).unplaced == (row,)


def test_where_others_can_make_room_nobody_is_left_out():
    """Whoever can come at any hour goes to the other one."""
    assert fit(NO_HOUR).unplaced == ()


def test_the_most_important_of_whom_not_all_fits_is_told_first():
    """With what is booked among what is planned; whoever has enough is not named."""
    team = [callee("DR-1", visits=3), callee("DR-2", visits=4, importance=1), callee("DR-3")]
    task = task_of(*team, booked=[call("DR-1"), call("DR-3", day=1)], days=4)

    assert [(row.contact, row.wanted, row.planned) for row in fit(task).unplaced] == [
        ("DR-2", 4, 2),
        ("DR-1", 3, 1),
    ]


# --- booked calls ----------------------------------------------------------------------------


def test_a_booked_call_goes_before_anybody():
    """Whoever is booked; the important one goes to another day."""
    task = task_of(callee(importance=9, weekdays=[1]), booked=[call("DR-X")])

    assert fit(task).calls == (0, 1)
    assert fit(task).unplaced[0].why is Obstacle.CAPACITY


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        ({"capacity": holding(2, most_daily=1)}, "beyond its capacity"),
        ({"capacity": holding(2, most_weekly=1)}, "beyond its capacity"),
        ({"capacity": holding(2, most_daily=0)}, "beyond its capacity"),
        ({"capacity": holding(2), "place_days": {"H-1": 0}}, "more days than place_days"),
    ],
)
def test_booked_calls_that_no_plan_can_keep_are_refused(rest, problem):
    """More than a day, a week or a hospital holds."""
    booked = [call("DR-1"), call("DR-2", hour=9)]
    error = refusal(fit, task_of(booked=booked, **rest))

    assert isinstance(error, InvalidValue)
    assert error.field == "booked"
    assert problem in error.problem
    assert fit(task_of(booked=booked, capacity=holding(2))).calls == (1, 1)


def test_what_fits_is_a_value():
    """Compared, hashed and stored."""
    fits = fit(PLACE_DAYS)

    assert fits == pickle.loads(pickle.dumps(fits))
    assert hash(fits) == hash(fit(PLACE_DAYS))
    assert fits.masks[0] == tuple(int(day == on(0)) for day in PLACE_DAYS.days)


def test_the_limit_of_a_hospital_is_the_reason_where_more_days_would_help():
    """Though every day is full, a less important customer stands on the other one."""
    task = task_of(
        callee("DR-1", "H-1", importance=5),
        callee("DR-2", "H-1", importance=3),
        callee("DR-3", "H-2", importance=0),
        place_days={"H-1": 1},
        days=2,
    )

    assert [(one.contact, one.why) for one in fit(task).unplaced] == [("DR-2", Obstacle.PLACE_DAYS)]


def test_the_hospital_of_the_most_important_customer_chooses_its_days_first():
    """Whatever it is called."""
    busy = [callee(f"DR-{n}", "H-1", importance=1, weekdays=[1]) for n in range(2)]
    task = task_of(
        *busy,
        callee("DR-8", "H-2", importance=9, weekdays=[1]),
        callee("DR-9", "H-2", importance=2, weekdays=[2]),
        place_days={"H-1": 1, "H-2": 1},
        days=2,
    )

    assert "DR-8" not in {one.contact for one in fit(task).unplaced}
