"""A cycle plan stands as the formulas of Veeva say, and a dinner counts nowhere."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from call_teams import holding
from people_strategies import CANARY, everything_told, refusal
from salesflow.activity import WORK, ActivityKind
from salesflow.errors import DuplicateId, InvalidValue
from salesflow.periods import Cycle, Span
from salesflow.planning.capacity import DETAILING, PROJECTS
from salesflow.planning.cycle_goals import (
    CycleGoal,
    CycleStanding,
    GoalStanding,
    call_capacity,
    cycle_standing,
    reach,
    utilisation,
)
from salesflow.ratios import Rate
from salesflow.workdays import WEEKDAYS, WorkCalendar
from visit_teams import DAY, TREATS, dropped, held, on, opened

# The visits of these teams are held on 6 July 2026, the first day of the cycle.
CYCLE = Cycle(DAY, 1, tz="Asia/Shanghai")
LATER = date(2026, 7, 15)


def goal(**rest):
    """A goal of two visits."""
    return CycleGoal(**({"contact": "DR-7", "planned": 2} | rest))


def standing(actual=0, scheduled=0, missed=0, **rest):
    """How such a goal stands."""
    return GoalStanding(goal=goal(**rest), actual=actual, scheduled=scheduled, missed=missed)


def cycle(*goals, over=0, n=20):
    """How some goals stand after so many working days."""
    return CycleStanding(goals=goals, elapsed=Rate(over, n), unplanned=())


# --- the formulas ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("boxes", "remaining", "to_schedule", "interactions", "earned"),
    [
        # Veeva's own example of a maximum: goal 2, max 4, actual 5, weight 1.
        ({"actual": 5, "most": 4}, 0, 0, 2, 4),
        # A blank maximum limits nothing, a blank actual leaves all, a blank plan leaves nothing.
        ({"actual": 5}, 0, 0, 2, 5),
        ({}, 2, 2, 2, 0),
        ({"planned": 0, "actual": 1}, 0, 0, 0, 1),
        ({"planned": 0}, 0, 0, 0, 0),
        ({"actual": 1, "most": 0}, 1, 1, 2, 0),
        ({"actual": 1, "scheduled": 1}, 1, 0, 2, 1),
        ({"actual": 1, "scheduled": 3}, 1, 0, 2, 1),
        ({"planned": 6, "actual": 1, "scheduled": 2, "missed": 3}, 5, 3, 6, 1),
        ({"actual": 3, "most": 3, "weight": Decimal("1.5")}, 0, 0, 3, Fraction(9, 2)),
        ({"actual": 2, "weight": Fraction(1, 3)}, 0, 0, Fraction(2, 3), Fraction(2, 3)),
        ({"actual": 2, "weight": 0}, 0, 0, 0, 0),
    ],
)
def test_a_goal_stands_by_the_formulas(boxes, remaining, to_schedule, interactions, earned):
    """Remaining, Remaining Schedule, Interactions Goal and Earned, exactly."""
    one = standing(**boxes)

    assert (one.remaining, one.remaining_schedule) == (remaining, to_schedule)
    assert (one.goal.interactions, one.earned) == (interactions, earned)
    assert type(one.earned) is type(one.goal.interactions) is Fraction


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 3, st.fractions(0, 3, max_denominator=9))))
def test_a_cycle_is_the_sum_of_its_goals(rows):
    """Attainment is the weighted share; where nothing was planned there is no basis."""
    goals = [
        standing(actual, planned=planned, most=most, weight=weight)
        for actual, planned, most, weight in rows
    ]
    one = cycle(*goals, over=5)
    wanted = sum(planned * weight for _, planned, _, weight in rows)
    earned = sum(min(actual, most) * weight for actual, _, most, weight in rows)

    assert (one.interactions, one.earned) == (wanted, earned)
    assert one.attainment == (earned / wanted if wanted else None)
    assert one.prorated_goal == wanted / Fraction(4)
    assert one.prorated == (4 * earned / Fraction(wanted) if wanted else None)


@pytest.mark.parametrize(
    ("over", "n", "due", "prorated"),
    [
        (0, 20, 0, None),
        (5, 20, 1, 2),
        (10, 20, 2, 1),
        (20, 20, 4, Fraction(1, 2)),
        (0, 0, 0, None),
    ],
)
def test_a_goal_is_prorated_by_working_days(over, n, due, prorated):
    """Two of four calls, after so many of so many days."""
    one = cycle(standing(2, planned=4), over=over, n=n)

    assert (one.prorated_goal, one.prorated) == (due, prorated)
    assert one.attainment == Fraction(1, 2)


def test_covered_are_customers_with_a_goal_who_were_called_upon():
    """Each once, however many goals; a goal of nothing covers nobody."""
    one = cycle(
        standing(1),
        standing(0, kind="call"),
        standing(0, contact="DR-8"),
        standing(3, contact="DR-9", planned=0),
    )

    assert one.covered == Rate(1, 2)
    assert cycle().covered == Rate(0, 0)


# --- what visits become ----------------------------------------------------------------------


def stands(*visits, on=LATER, goals=(), during=CYCLE):
    """How a goal of two calls on DR-1 stands, and the others."""
    return cycle_standing([goal(contact="DR-1"), *goals], visits, during, WEEKDAYS, on)


def counted(one):
    """Actual, scheduled and missed of the first goal."""
    first = one.goals[0]
    return first.actual, first.scheduled, first.missed


def visit(id="V-1", **rest):
    """A visit held on the first day of the cycle."""
    return held(id, **({"contact": "DR-1"} | rest))


def plan(day, **rest):
    """A visit that is planned for a day."""
    return opened(**({"contact": "DR-1", "day": day} | rest))


@pytest.mark.parametrize(
    ("day", "became"),
    [
        (DAY, (0, 0, 1)),
        (LATER - timedelta(days=1), (0, 0, 1)),
        (LATER, (0, 0, 1)),
        (LATER + timedelta(days=1), (0, 1, 0)),
        (CYCLE.after - timedelta(days=1), (0, 1, 0)),
        (CYCLE.after, (0, 0, 0)),
        (DAY - timedelta(days=1), (0, 0, 0)),
    ],
)
def test_a_planned_call_is_scheduled_until_its_day_is_over(day, became):
    """Then it was missed; outside the cycle it is neither."""
    assert counted(stands(plan(day))) == became


@pytest.mark.parametrize(
    ("at", "actual"),
    [
        (on(7, 6, 0, 0), 1),
        (on(7, 6, 0, 0) - timedelta(microseconds=1), 0),
        (on(8, 2, 22), 1),
        (on(8, 3, 0, 0), 0),
    ],
)
def test_a_call_counts_where_it_was_held_in_the_cycle(at, actual):
    """By the calendar of Shanghai."""
    assert counted(stands(visit(at=at), on=date(2026, 9, 1))) == (actual, 0, 0)


def test_a_visit_counts_as_it_stood_on_the_day():
    """Held on the 6th, planned before, unknown before that; cancelled is nothing."""
    one = visit(day=DAY)

    assert counted(stands(one, on=DAY)) == (1, 0, 0)
    assert counted(stands(one, on=DAY - timedelta(days=1))) == (0, 1, 0)
    assert counted(stands(one, on=date(2026, 5, 1))) == (0, 0, 0)
    assert counted(stands(dropped(contact="DR-1"))) == (0, 0, 0)


def test_a_visit_counts_for_the_goal_of_its_product_before_that_of_any():
    """Of its customer and its kind."""
    goals = [
        goal(contact="DR-1", product="P-1"),
        goal(contact="DR-1", kind="call"),
        goal(contact="DR-2"),
    ]
    found = stands(
        visit("V-1", product="P-1"),
        visit("V-2", product="P-2"),
        visit("V-3", kind=ActivityKind.CALL, product="P-1"),
        goals=goals,
    )

    assert [one.actual for one in found.goals] == [1, 1, 1, 0]
    assert [one.goal for one in found.goals] == [goal(contact="DR-1"), *goals]
    assert found.unplanned == ()


def test_what_was_held_without_a_goal_is_named():
    """What is only planned is not."""
    found = stands(visit("V-1", contact="DR-X"), plan(DAY, id="V-2", contact="DR-X"))

    assert found.unplanned == ("V-1",)
    assert counted(found) == (0, 0, 0)


@given(st.lists(st.sampled_from(TREATS), max_size=4), st.booleans())
def test_a_dinner_counts_nowhere(kinds, planned):
    """Invariant 46: hospitality, held or planned, changes no goal, and is not even unplanned."""
    with_goal = [visit(f"T-{n}", kind=kind) for n, kind in enumerate(kinds)]
    without = [visit(f"X-{n}", kind=kind, contact="DR-X") for n, kind in enumerate(kinds)]
    to_come = [plan(LATER, id=f"P-{n}", kind=kind) for n, kind in enumerate(kinds)]
    treats = to_come if planned else [*with_goal, *without]

    assert stands(visit(), *treats) == stands(visit())


@pytest.mark.parametrize("kind", [kind for kind in ActivityKind if kind not in WORK])
def test_nobody_plans_what_is_no_professional_work(kind):
    """Invariant 46: there is no goal of dinners."""
    assert refusal(goal, kind=kind).field == "kind"
    assert refusal(goal, kind=kind.value).field == "kind"


def test_working_days_elapse_at_their_end():
    """The day itself is over; days off are none."""
    calendar = WorkCalendar(name="CN", holidays=[DAY])
    found = [
        cycle_standing([goal()], [], CYCLE, calendar, day).elapsed
        for day in (DAY, DAY + timedelta(days=1), DAY - timedelta(days=9), date(2027, 1, 1))
    ]

    assert found == [Rate(0, 19), Rate(1, 19), Rate(0, 19), Rate(19, 19)]


# --- capacity --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("during", "capacity", "calls"),
    [
        (CYCLE, DETAILING, 300),
        (CYCLE, PROJECTS, 32),
        (CYCLE, holding(4, most_weekly=20), 80),
        (CYCLE, holding(4, most_weekly=19), 76),
        (CYCLE, holding(4, most_daily=0), 0),
        (Span(date(2026, 7, 9), date(2026, 7, 19)), holding(4, most_weekly=15), 15 + 4 * 2),
        (Span(date(2026, 7, 11), date(2026, 7, 13)), DETAILING, 0),
    ],
)
def test_capacity_is_calls_a_day_times_working_days(during, capacity, calls):
    """And no week of the period holds more than it may."""
    assert call_capacity(during, WEEKDAYS, capacity) == calls
    assert call_capacity(CYCLE, WEEKDAYS) == 300


def test_days_off_are_no_capacity():
    """Three of them."""
    off = [date(2026, 7, 6), date(2026, 7, 7), date(2026, 7, 15)]

    assert call_capacity(CYCLE, WorkCalendar(name="CN", holidays=off)) == 17 * 15


def test_utilisation_is_what_is_planned_by_capacity():
    """It may be above one; without capacity there is no basis."""
    goals = [goal(), goal(contact="DR-8", planned=3), goal(kind="call", planned=0)]

    assert utilisation(goals, 20) == Fraction(1, 4)
    assert utilisation(goals, 4) == Fraction(5, 4)
    assert utilisation([], 4) == 0
    assert utilisation(goals, 0) is None


def test_reach_is_targets_by_those_assigned():
    """Each once; who is not assigned is nobody's reach, and a goal of nothing is none."""
    goals = [goal(), goal(kind="call"), goal(contact="DR-8", planned=0), goal(contact="DR-X")]

    assert reach(goals, ["DR-7", "DR-8", "DR-9", " DR-7 "]) == Rate(1, 3)
    assert reach(goals, []) == Rate(0, 0)


# --- values and refusals ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "one", [goal(), standing(3), stands(visit())], ids=lambda one: type(one).__name__
)
def test_all_of_it_are_values(one):
    """Hashable, stored, unchangeable."""
    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(evolve(one))
    with pytest.raises(FrozenInstanceError):
        one.goal = one.goals = ()


def test_a_goal_takes_its_kind_by_its_key():
    """Any professional work."""
    assert [goal(kind=kind.value).kind for kind in WORK] == [*WORK]


NO_COUNT = [CANARY, 1.5, float("nan"), True, -1, 10**13, Decimal(3), [3]]
NO_ID = ["", None, 7, f"{CANARY}\0", [CANARY]]
BAD = {
    "contact": NO_ID,
    "kind": [None, 7, CANARY],
    "product": [None, 7, f"{CANARY}\0"],
    "planned": [*NO_COUNT, None],
    "most": NO_COUNT,
    "weight": [None, CANARY, 1.0, True, -1, Decimal("NaN"), Decimal("-0.1"), 2**300],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_goal_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(goal, **{box: bad})

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


@pytest.mark.parametrize("box", ["actual", "scheduled", "missed"])
@pytest.mark.parametrize("bad", [*NO_COUNT, None])
def test_what_nobody_can_count_is_refused(box, bad):
    """Calls are whole."""
    error = refusal(standing, **{box: bad})

    assert error.field == box
    assert CANARY not in everything_told(error)
    assert refusal(GoalStanding, goal=bad).field == "goal"


ARGUMENTS = {
    "goals": [None, 7, CANARY, [None], [CANARY], [standing()]],
    "visits": [None, 7, CANARY, [None], [CANARY], [goal()]],
    "during": [None, 28, CANARY, DAY],
    "calendar": [None, CANARY, [DAY]],
    "on": [None, 7, CANARY, datetime(2026, 7, 6), date(1066, 1, 1)],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        pytest.param(box, bad, id=f"{box}-{i}")
        for box in ARGUMENTS
        for i, bad in enumerate(ARGUMENTS[box])
    ],
)
def test_what_is_no_cycle_plan_is_refused(box, bad):
    """By the name of the argument, without its content."""
    given_ = {"goals": [goal()], "visits": [], "during": CYCLE, "calendar": WEEKDAYS, "on": DAY}
    error = refusal(cycle_standing, **(given_ | {box: bad}))

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


def test_a_goal_or_a_visit_twice_is_refused():
    """By the id of the customer, or of the visit."""
    assert refusal(stands, goals=[goal(contact="DR-1", planned=9)]) == DuplicateId("DR-1")
    assert refusal(stands, visit(), visit()) == DuplicateId("V-1")


@pytest.mark.parametrize("bad", [None, 7, CANARY, [CANARY]])
def test_what_has_no_capacity_or_reach_is_refused(bad):
    """Each by its name."""
    errors = {
        "during": refusal(call_capacity, bad, WEEKDAYS),
        "calendar": refusal(call_capacity, CYCLE, bad),
        "capacity": refusal(call_capacity, CYCLE, WEEKDAYS, bad),
        "goals": refusal(utilisation, bad, 4),
    }
    assert {name: error.field for name, error in errors.items()} == {name: name for name in errors}
    assert refusal(reach, bad, []).field == "goals"
    assert refusal(reach, [], bad if bad != [CANARY] else [7]).field == "assigned"
    assert not any(CANARY in everything_told(error) for error in errors.values())


@pytest.mark.parametrize("bad", [*NO_COUNT, None])
def test_capacity_is_a_whole_number(bad):
    """Of calls."""
    assert refusal(utilisation, [], bad).field == "capacity"
