"""The week plan is made before the week, holds enough customers, and answers the six questions."""

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

from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import InvalidValue
from salesflow.periods import Month, Week
from salesflow.planning.agenda import Agenda
from salesflow.planning.priority import Task
from salesflow.planning.profiles import DEVICE_PROJECT, PHARMA_DETAILING, PlanProfile
from salesflow.planning.week_plan import WEEK_REMARKS, WeekPlan

WEEK = Week(2026, 28)  # 6 to 12 July 2026
MONDAY = date(2026, 7, 6)
SUBJECT = "2026-W28"


def agenda(minutes=60, on=MONDAY, **rest):
    """One task of class B, with its goal and its day."""
    task = Task(
        key="t",
        text="plan",
        important=True,
        urgent=False,
        goal="G-1",
        minutes=minutes,
        due=date(2026, 8, 1),
    )
    given_ = {"result": "two departments", "slack_minutes": 60}
    return Agenda(tasks=[task], schedule={"t": on}, **(given_ | rest))


def plan(n=8, **rest):
    """A week plan of an equipment seller that leaves nothing to remark."""
    given_ = {"owner": "R-9", "week": WEEK, "made_on": MONDAY - timedelta(days=1), "hours": 10}
    given_ |= {"customers": [f"H-{i}" for i in range(n)], "agenda": agenda()}
    return WeekPlan(**(given_ | rest))


def found(one, profile=DEVICE_PROJECT):
    """Keys and subjects of what is found."""
    return [(row.key, row.subject) for row in one.findings(profile)]


@given(st.integers(-10, 10))
def test_a_week_is_planned_before_its_first_day(days):
    """Made on the Monday itself it is late, which is advice and no refusal."""
    one = plan(made_on=MONDAY + timedelta(days=days))

    assert found(one) == ([("plan_made_late", SUBJECT)] if days >= 0 else [])


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"n": 8}, []),
        ({"n": 9}, []),
        ({"n": 7}, ["customers_few"]),
        ({"customers": ["H-1"] * 8}, ["customers_few"]),
        ({"hours": 10}, []),
        ({"hours": Decimal("9.5")}, ["hours_few"]),
        ({"hours": Fraction(21, 2)}, []),
        ({"n": 0, "hours": 0}, ["customers_few", "hours_few"]),
    ],
)
def test_a_week_of_equipment_selling_is_eight_customers_and_ten_hours(changes, keys):
    """A customer seen twice is one customer; the other profile asks nothing of a week."""
    assert [key for key, _ in found(plan(**changes))] == keys
    assert found(plan(**changes), PHARMA_DETAILING) == []


def test_what_is_short_is_told_as_a_comparison():
    """With both numbers."""
    texts = [row.text.en for row in plan(7, hours=Fraction(19, 2)).findings(DEVICE_PROJECT)]

    assert texts == ["customers 7 < 8", "hours with customers 9.5 < 10"]


@pytest.mark.parametrize(("days", "inside"), [(-1, False), (0, True), (6, True), (7, False)])
def test_the_tasks_of_a_week_are_scheduled_in_it(days, inside):
    """From Monday to Sunday."""
    one = plan(agenda=agenda(on=MONDAY + timedelta(days=days)))

    assert found(one) == ([] if inside else [("task_outside_week", "t")])


def test_the_six_questions_are_asked_of_a_week():
    """The findings of the agenda are among those of the plan."""
    assert found(plan(agenda=agenda(result=""))) == [("questions_open", SUBJECT)]
    assert found(plan(agenda=agenda(minutes=421))) == [("day_overfull", "2026-07-06")]


@pytest.mark.parametrize(
    ("working_days", "slack", "minutes", "over"),
    [(5, 60, 2100, 0), (5, 60, 2101, 1), (1, 60, 421, 1), (0, 60, 1, 1), (5, 500, 1, 1)],
)
def test_the_tasks_of_a_week_fit_into_its_working_days_less_slack(
    working_days, slack, minutes, over
):
    """5 × (480 - 60) = 2100 minutes."""
    one = plan(working_days=working_days, agenda=agenda(minutes, slack_minutes=slack))
    overs = [f.values["over"] for f in one.findings(DEVICE_PROJECT) if f.key == "over_committed"]

    assert overs == ([over] if over else [])


def test_every_remark_is_provoked():
    """No row of the table is without its case."""
    bad = plan(0, hours=0, made_on=MONDAY, agenda=agenda(on=date(2026, 7, 1)))

    assert [key for key, _ in found(bad)] == [remark.key for remark in WEEK_REMARKS]


def test_a_week_plan_is_a_value():
    """Hashable, stored, unchangeable, and not changed through the list passed in."""
    customers = ["H-1"]
    one = plan(customers=customers)
    customers.clear()

    assert one.customers == ("H-1",)
    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(evolve(one))
    with pytest.raises(FrozenInstanceError):
        one.owner = ""


BAD = {
    "owner": ["", None, 7, f"{CANARY}\0"],
    "week": [None, CANARY, Month(2026, 7), 28],
    "made_on": [None, CANARY, datetime(2026, 7, 6), date(1066, 1, 1)],
    "customers": [None, 7, CANARY, [7], [""], [f"{CANARY}\0"]],
    "hours": [None, 1.5, True, -1, 169, CANARY, Decimal("NaN"), 2**300],
    "working_days": [None, 1.5, True, -1, 8, CANARY],
    "agenda": [None, CANARY, Agenda, []],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_week_plan_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(plan, **{box: bad})

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


@pytest.mark.parametrize("bad", [None, 7, CANARY, PlanProfile])
def test_a_week_plan_is_held_to_a_profile(bad):
    """And to nothing else."""
    assert refusal(plan().findings, bad).field == "profile"
