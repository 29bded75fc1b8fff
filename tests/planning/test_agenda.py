"""Every plan answers six questions, three of work and three of time."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import InvalidValue
from salesflow.planning.agenda import AGENDA_REMARKS, NO_AGENDA, Agenda, SixQuestion, overfull
from salesflow.planning.priority import Task
from salesflow.planning.profiles import DEVICE_PROJECT, PHARMA_DETAILING, PlanProfile

DAY = date(2026, 7, 6)
PROFILE = PlanProfile(visit_minutes=30, day_minutes=100)


def task(key="t", **rest):
    """A task of class B that takes an hour."""
    given_ = {"text": "plan", "important": True, "urgent": False, "minutes": 60}
    return Task(key=key, **(given_ | rest))


def agenda(*tasks, **rest):
    """An agenda that answers all six, with its tasks on one day."""
    days = {one.key: DAY for one in tasks}
    given_ = {"result": "two departments", "slack_minutes": 10, "schedule": days}
    return Agenda(tasks=tasks, **(given_ | rest))


def found(one, profile=PROFILE):
    """Keys and subjects of what is found."""
    return [(row.key, row.subject) for row in one.findings("W-1", profile=profile)]


def test_the_six_questions_are_of_work_and_of_time():
    """结果, 行动, 优先原则; 估计时间, 日程表, 弹性时间."""
    assert [one.label("zh") for one in SixQuestion] == [
        "结果",
        "行动",
        "优先原则",
        "估计时间",
        "日程表",
        "弹性时间",
    ]


@pytest.mark.parametrize(
    ("one", "missing"),
    [
        (agenda(task()), []),
        (agenda(task(), result=" "), ["result"]),
        (agenda(), ["action"]),
        (agenda(task(), task("u", urgent=None)), ["priority"]),
        (agenda(task(), task("u", minutes=None)), ["estimate"]),
        (agenda(task(), task("u", minutes=0)), []),
        (agenda(task(), task("u"), schedule={"t": DAY}), ["schedule"]),
        (agenda(task(), slack_minutes=0), ["slack"]),
        (NO_AGENDA, ["result", "action", "slack"]),
    ],
)
def test_a_question_is_answered_where_its_boxes_are_filled_for_every_task(one, missing):
    """Slack is time above zero; a question left open is found once for all."""
    assert [question.value for question in one.missing] == missing
    assert [key for key, _ in found(one)].count("questions_open") == bool(missing)


def test_the_questions_left_open_are_named_in_both_languages():
    """With the plan as the subject."""
    (finding,) = agenda(task(), result="", slack_minutes=0).findings("W-1", profile=PROFILE)

    assert finding.subject == "W-1"
    assert finding.text.zh == "计划没有回答：结果, 弹性时间"
    assert finding.text.en == "the plan does not answer: result, slack"


def test_a_day_is_full_before_its_last_minute():
    """Work and slack exactly fill a day of 100 minutes; one more is too much."""
    assert found(agenda(task(minutes=90))) == []
    assert found(agenda(task(minutes=91))) == [("day_overfull", "2026-07-06")]
    assert [f.values["over"] for f in overfull("D", 95, 10, PROFILE)] == [5]
    assert list(overfull("D", 470, 10, DEVICE_PROJECT)) == []


@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 2)), min_size=1, max_size=6),
    st.integers(1, 30),
)
def test_each_scheduled_day_is_held_to_its_length(rows, slack):
    """Σ estimates + slack ≤ length of the day ⇔ no finding about that day."""
    tasks = [task(str(i), minutes=minutes) for i, (minutes, _) in enumerate(rows)]
    days = {str(i): DAY + timedelta(days=on) for i, (_, on) in enumerate(rows)}
    one = agenda(*tasks, schedule=days, slack_minutes=slack)
    sums = [(on, sum(m for m, other in rows if other == on)) for on in sorted({o for _, o in rows})]

    assert list(one.by_day.items()) == [(DAY + timedelta(days=on), total) for on, total in sums]
    assert found(one) == [
        ("day_overfull", (DAY + timedelta(days=on)).isoformat())
        for on, total in sums
        if total + slack > 100
    ]


def test_a_task_without_a_day_or_an_estimate_fills_none():
    """It is told by the question left open."""
    one = agenda(task(), task("u", minutes=None), task("v"), schedule={"t": DAY, "u": DAY})

    assert dict(one.by_day) == {DAY: 60}


@pytest.mark.parametrize(("late", "is_found"), [(-1, False), (0, False), (1, True)])
def test_a_task_scheduled_after_its_deadline_is_found(late, is_found):
    """On the day itself it is in time; without a deadline or a day there is nothing to compare."""
    one = agenda(task(due=DAY - timedelta(days=late)), task("u"))

    assert found(one, PHARMA_DETAILING) == ([("scheduled_late", "t")] if is_found else [])
    assert ("scheduled_late", "t") not in found(evolve(one, schedule={}))


def test_every_remark_is_provoked():
    """No row of the table is without its case."""
    one = agenda(task(due=date(2026, 7, 5)), slack_minutes=0, result="")
    keys = [key for key, _ in found(one, evolve(PROFILE, day_minutes=59))]

    assert keys == [remark.key for remark in AGENDA_REMARKS]


def test_an_agenda_is_a_value_that_keeps_its_text_to_itself():
    """Hashable, stored, unchangeable, and not changed through what was passed in."""
    tasks, days = [task(text=CANARY)], {"t": DAY}
    one = Agenda(result=CANARY, tasks=tasks, schedule=days)
    tasks.clear()
    days.clear()

    assert dict(one.by_day) == {DAY: 60}
    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(evolve(one))
    assert CANARY not in repr(one)
    with pytest.raises(FrozenInstanceError):
        one.result = ""


BAD = {
    "result": [7, None, f"{CANARY}\0"],
    "tasks": [None, 7, CANARY, [CANARY], task(), [task(), task()], [task("x")] * 1001],
    "schedule": [
        None,
        CANARY,
        [("t", DAY)],
        {CANARY: DAY},
        {None: DAY},
        {7: DAY},
        {"t": CANARY},
        {"t": datetime(2026, 7, 6)},
    ],
    "slack_minutes": [1.5, True, None, -1, 10**13, CANARY],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_agenda_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(Agenda, **({"tasks": [task()]} | {box: bad}))

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


@pytest.mark.parametrize("bad", [None, 7, CANARY, PlanProfile])
def test_an_agenda_is_held_to_a_profile(bad):
    """And to nothing else, before any finding is made."""
    assert refusal(NO_AGENDA.findings, "W-1", profile=bad).field == "profile"
