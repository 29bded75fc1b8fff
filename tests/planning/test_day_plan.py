"""The day plan says whom to see, who they are, when, where, what for, and what came before."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import InvalidValue
from salesflow.planning.agenda import AGENDA_REMARKS
from salesflow.planning.day_plan import DAY_REMARKS, DayPlan, DayVisit
from salesflow.planning.profiles import DEVICE_PROJECT, PHARMA_DETAILING, PlanProfile
from salesflow.visits import Hours

DAY = date(2026, 7, 6)  # a Monday
SUBJECT = "2026-07-06"
ROUNDS = Hours(start=time(8), end=time(10), weekday=1)


def visit(contact="DR-7", **rest):
    """A visit with all that a day plan asks for."""
    ready = {"place": "ward 3", "hour": time(14), "appointed": True, "aims": ["a", "b", "c"]}
    ready |= {"file_read": True, "last_record": "V-6", "minutes": 0}
    return DayVisit(contact=contact, **(ready | rest))


def plan(*visits, **rest):
    """A day plan with half an hour free."""
    return DayPlan(owner="R-9", on=DAY, visits=visits, **({"slack_minutes": 30} | rest))


def doctors(n, **rest):
    """A plan with so many doctors."""
    return plan(*(visit(f"DR-{i}") for i in range(n)), **rest)


def found(one, profile=DEVICE_PROJECT):
    """Keys and subjects of what is found."""
    return [(row.key, row.subject) for row in one.findings(profile)]


@pytest.mark.parametrize(
    ("n", "key", "text"),
    [
        (9, "contacts_few", "doctors or customers 9 < 10"),
        (10, None, None),
        (15, None, None),
        (16, "contacts_many", "doctors or customers 16 > 15"),
    ],
)
def test_ae_50_ten_to_fifteen_doctors_are_a_day(n, key, text):
    """9 low, 10 ok, 15 ok, 16 high: advice, since it is a budget."""
    findings = doctors(n).findings(PHARMA_DETAILING)

    assert [(one.key, one.subject) for one in findings] == ([(key, SUBJECT)] if key else [])
    assert [one.text.en for one in findings] == ([text] if text else [])


def test_ae_50_a_visit_with_two_aims_is_told_as_two_of_three():
    """Per visit, not per day."""
    (finding,) = plan(visit(aims=["a", "b"]), visit("DR-8")).findings(DEVICE_PROJECT)

    assert (finding.key, finding.subject) == ("aims_few", "DR-7")
    assert finding.text.en == "aims 2 < 3"


def test_a_profile_without_a_daily_number_asks_for_none():
    """Equipment is sold by the week."""
    assert found(doctors(0)) == []
    assert found(doctors(40)) == []


def test_a_doctor_seen_twice_is_one_doctor():
    """Ten visits on nine doctors are nine doctors."""
    one = plan(*doctors(9).visits, visit("DR-0", hour=time(16)))

    assert found(one, PHARMA_DETAILING) == [("contacts_few", SUBJECT)]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, None),
        ({"aims": ["a", "b", "b"]}, "aims_few"),
        ({"file_read": False}, "file_unread"),
        ({"hour": None}, "no_hour"),
        ({"place": ""}, "no_place"),
        ({"last_record": ""}, "last_record_unread"),
        ({"last_record": "", "first_visit": True}, None),
        ({"appointed": False}, "no_appointment"),
        ({"hour": time(8), "busy": [ROUNDS]}, "busy_hour"),
        ({"hour": time(10), "busy": [ROUNDS]}, None),
        ({"hour": time(7, 59), "busy": [ROUNDS]}, None),
        ({"hour": time(9), "busy": [evolve(ROUNDS, weekday=2)]}, None),
    ],
)
def test_each_of_the_six_points_is_asked_of_a_visit(changes, key):
    """Who, when, where, what for, the last record; with an appointment, outside busy hours."""
    one = visit(**changes)

    assert found(plan(one)) == ([(key, "DR-7")] if key else [])
    assert [row.key for row in one.findings(DAY, DEVICE_PROJECT)] == ([key] if key else [])


def test_the_words_of_a_call_plan_are_used_again():
    """One remark, one text, wherever it is found."""
    (finding,) = visit(hour=time(8, 30), busy=[ROUNDS]).findings(DAY, DEVICE_PROJECT)

    assert finding.text.zh == "08:30 是客户繁忙时段"
    assert finding.text.en == "the customer is busy at 08:30"


@pytest.mark.parametrize(
    ("minutes", "slack", "keys"),
    [
        (450, 30, []),
        (451, 30, ["day_overfull"]),
        (480, 0, ["no_slack"]),
        (481, 0, ["no_slack", "day_overfull"]),
        (0, 480, []),
        (0, 481, ["day_overfull"]),
    ],
)
def test_visits_and_slack_fit_into_the_day(minutes, slack, keys):
    """Σ minutes + slack ≤ 480, slack > 0."""
    one = plan(visit(minutes=minutes), slack_minutes=slack)

    assert found(one) == [(key, SUBJECT) for key in keys]


def test_a_visit_takes_as_long_as_its_profile_says_unless_it_says_so_itself():
    """Zero is said on purpose."""
    one = plan(visit(minutes=None), visit("DR-8", minutes=7), visit("DR-9", minutes=0))

    assert one.minutes(PHARMA_DETAILING) == 37
    assert one.minutes(DEVICE_PROJECT) == 82


@given(st.lists(st.tuples(st.integers(480, 600), st.none() | st.integers(0, 90)), max_size=6))
def test_nobody_is_at_two_places_at_once(rows):
    """A visit that begins before one before it is over is found; an oracle compares all pairs."""
    visits = [
        visit(f"DR-{i}", hour=time(*divmod(begins, 60)), minutes=minutes)
        for i, (begins, minutes) in enumerate(rows)
    ]
    ordered = sorted(enumerate(rows), key=lambda row: row[1][0])
    late = [
        ("visits_overlap", f"DR-{i}")
        for place, (i, (begins, _)) in enumerate(ordered)
        if any(
            begins < sooner + (30 if length is None else length)
            for _, (sooner, length) in ordered[:place]
        )
    ]

    assert [row for row in found(plan(*visits), PHARMA_DETAILING) if row[1] != SUBJECT] == late


def test_a_visit_without_an_hour_overlaps_with_none():
    """It is told that its hour is missing."""
    one = plan(visit(minutes=60), visit("DR-8", hour=None), visit("DR-9", hour=time(15)))

    assert found(one) == [("no_hour", "DR-8")]


def test_every_remark_is_provoked():
    """No row of the table is without its case."""
    bare = DayVisit(contact="DR-7")
    busy = visit(hour=time(8), busy=[ROUNDS], minutes=600)
    one = plan(bare, busy, visit("DR-8", hour=time(8, 5)), slack_minutes=0)
    keys = {key for key, _ in found(one, PHARMA_DETAILING) + found(doctors(16), PHARMA_DETAILING)}

    assert keys - {remark.key for remark in AGENDA_REMARKS} == {row.key for row in DAY_REMARKS}


def test_a_day_plan_is_a_value():
    """Hashable, stored, unchangeable, and not changed through the lists passed in."""
    aims, visits = ["a"], []
    visits.append(visit(aims=aims, busy=[ROUNDS]))
    one = DayPlan(owner="R-9", on=DAY, visits=visits)
    aims.clear()
    visits.clear()

    assert one.visits[0].aims == ("a",)
    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(evolve(one))
    with pytest.raises(FrozenInstanceError):
        one.owner = ""
    with pytest.raises(FrozenInstanceError):
        one.visits[0].place = ""


BAD_VISITS = {
    "contact": ["", None, 7, f"{CANARY}\0"],
    "place": [None, 7, f"{CANARY}\u202e"],
    "hour": [CANARY, 14, 14.5, datetime(2026, 7, 6, 14), time(14, tzinfo=UTC)],
    "appointed": [1, None, CANARY],
    "minutes": [1.5, True, -1, 10**13, CANARY],
    "aims": [None, 7, CANARY, [7], [""], [f"{CANARY}\0"]],
    "file_read": [1, None],
    "last_record": [None, 7],
    "first_visit": [0, None],
    "busy": [None, CANARY, [CANARY], ROUNDS],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        pytest.param(box, bad, id=f"{box}-{i}")
        for box in BAD_VISITS
        for i, bad in enumerate(BAD_VISITS[box])
    ],
)
def test_what_is_no_line_of_the_plan_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(visit, **{box: bad})

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


BAD = {
    "owner": ["", None, 7, f"{CANARY}\0"],
    "on": [None, CANARY, datetime(2026, 7, 6), date(1066, 1, 1)],
    "visits": [None, CANARY, [CANARY], visit(), [visit()] * 1001],
    "slack_minutes": [1.5, True, None, -1, 10**13, CANARY],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_day_plan_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(DayPlan, **({"owner": "R-9", "on": DAY} | {box: bad}))

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


@pytest.mark.parametrize("bad", [None, 7, CANARY, PlanProfile])
def test_a_day_plan_is_held_to_a_profile(bad):
    """And to nothing else; a visit is asked about a day."""
    assert refusal(plan().findings, bad).field == "profile"
    assert refusal(plan().minutes, bad).field == "profile"
    assert refusal(visit().findings, DAY, bad).field == "profile"
    assert refusal(visit().findings, bad, DEVICE_PROJECT).field == "on"
