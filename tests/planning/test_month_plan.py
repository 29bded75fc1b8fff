"""The month plan shares out the working days of four weeks; a bad one is told, not refused."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import InvalidValue
from salesflow.periods import Cycle, Span, Week
from salesflow.planning.month_plan import MONTH_REMARKS, NOMINAL_DAYS, MonthPlan
from salesflow.workdays import WEEKDAYS

CYCLE = Cycle(date(2026, 1, 5), 3)  # 2 to 29 March 2026
SUBJECT = str(CYCLE)


def plan(*days, **rest):
    """A month plan with these days for H-1, H-2 and so on, and nothing else to remark."""
    hospitals = {f"H-{i}": number for i, number in enumerate(days, 1)}
    given_ = {"hospital_days": hospitals, "places": {Week(2026, 10): "east"}}
    given_ |= {"doctors": ["DR-7"], "activities": ["salon"]}
    return MonthPlan(owner="R-9", cycle=CYCLE, **(given_ | rest))


def found(one):
    """Keys and subjects of what is found."""
    return [(row.key, row.subject) for row in one.findings()]


def test_ae_51_twenty_one_days_of_twenty_are_over_by_one():
    """8 + 6 + 5 + 2 = 21 > 20."""
    (finding,) = plan(8, 6, 5, 2).findings()

    assert (finding.key, finding.subject) == ("days_over_allocated", SUBJECT)
    assert finding.values["over"] == 1
    assert finding.text.zh == "各医院天数超过工作天，超出：1"
    assert plan(8, 6, 5, 2).slack == -1
    assert found(plan(8, 6, 5, 1)) == []


@given(
    st.lists(st.integers(0, 8) | st.fractions(0, 8, max_denominator=4), max_size=6),
    st.integers(0, 28),
)
def test_invariant_28_the_days_fit_if_and_only_if_nothing_is_found(days, working_days):
    """Slack is the difference, exact, whatever its sign."""
    one = plan(*days, working_days=working_days)
    total = sum(Fraction(number) for number in days)

    assert one.allotted == total
    assert one.slack == working_days - total
    assert (found(one) == []) is (total <= working_days)


def test_four_weeks_have_twenty_working_days_unless_a_calendar_knows_better():
    """4 × 5; a plan of another number takes it from the calendar."""
    leave = WEEKDAYS.with_days_off([date(2026, 3, 2), date(2026, 3, 8)])

    assert NOMINAL_DAYS == plan().working_days == WEEKDAYS.count(CYCLE) == 20
    assert plan(working_days=leave.count(CYCLE)).slack == 19


def test_half_days_are_possible():
    """As exact numbers."""
    assert plan(Decimal("1.5"), Fraction(1, 2)).slack == 18
    assert plan(20, Fraction(1, 2)).findings()[0].text.en.endswith("over: 0.5")


def test_each_target_hospital_has_its_days_or_zero_on_purpose():
    """A hospital that is no target needs no target's days."""
    one = plan(3, 0, targets=["H-1", "H-2", "H-8", "H-9", "H-8"])

    assert found(one) == [("hospital_unallotted", "H-8"), ("hospital_unallotted", "H-9")]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"doctors": []}, "no_development"),
        ({"doctors": [], "departments": ["DE-1"]}, None),
        ({"places": {}}, "no_places"),
        ({"activities": []}, "no_activities"),
    ],
)
def test_each_of_the_five_items_is_filled(changes, key):
    """One department or one doctor to be developed is enough."""
    assert found(plan(**changes)) == ([(key, SUBJECT)] if key else [])


@pytest.mark.parametrize(
    ("part", "inside"),
    [
        (Week(2026, 10), True),
        (Week(2026, 13), True),
        (Week(2026, 9), False),
        (Week(2026, 14), False),
        (Span(date(2026, 3, 2), date(2026, 3, 30)), True),
        (Span(date(2026, 3, 1), date(2026, 3, 9)), False),
        (Span(date(2026, 3, 9), date(2026, 3, 31)), False),
        (CYCLE, True),
        (CYCLE.shift(1), False),
    ],
)
def test_a_part_of_the_month_lies_in_it(part, inside):
    """From its first day to its last."""
    assert found(plan(places={part: "east"})) == ([] if inside else [("place_outside", SUBJECT)])


def test_every_remark_is_provoked():
    """No row of the table is without its case."""
    bare = plan(21, targets=["H-9"], doctors=[], places={}, activities=[])
    keys = {key for key, _ in found(bare) + found(plan(places={Week(2026, 1): "east"}))}

    assert keys == {remark.key for remark in MONTH_REMARKS}


def test_a_month_plan_is_a_value():
    """Hashable, stored, unchangeable, and not changed through what was passed in."""
    days = {"H-1": 3}
    one = plan(hospital_days=days)
    days["H-1"] = 30

    assert one.allotted == 3
    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(evolve(one))
    with pytest.raises(FrozenInstanceError):
        one.owner = ""


NO_LIST = [None, 7, CANARY, [7], [""], [f"{CANARY}\0"]]
BAD = {
    "owner": ["", None, 7, f"{CANARY}\0"],
    "cycle": [None, CANARY, Week(2026, 10), 3],
    "working_days": [None, 1.5, True, -1, 29, CANARY, WEEKDAYS],
    "hospital_days": [
        None,
        CANARY,
        [("H-1", 3)],
        {CANARY: 1.5},
        {CANARY: -1},
        {"H-1": True},
        {"H-1": Decimal("NaN")},
        {"H-1": 2**300},
        {"H-1": CANARY},
        {"": 1},
        {7: 1},
        {f"{CANARY}\0": 1},
        {"H-1": 1, " H-1": 2},
        {f"H-{i}": Fraction(1, 2**127 + 2 * i + 1) for i in range(99)},
    ],
    "targets": NO_LIST,
    "places": [None, CANARY, {"first week": CANARY}, {Week(2026, 10): ""}, {Week(2026, 10): 7}],
    "departments": NO_LIST,
    "doctors": NO_LIST,
    "activities": NO_LIST,
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_month_plan_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(MonthPlan, **({"owner": "R-9", "cycle": CYCLE} | {box: bad}))

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)
