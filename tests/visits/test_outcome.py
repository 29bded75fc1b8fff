"""What was promised has a day, and whether it is overdue is asked on a day, never stored."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, timedelta

import pytest
from attrs import evolve, fields
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import everything_told
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.labels import Label
from salesflow.visits import (
    SUMMARY,
    Commitment,
    CommitmentState,
    Feedback,
    MarketSignal,
    Party,
    Polarity,
    Step,
    Summary,
    SummaryBox,
    Trend,
)
from visit_books import DAY, DAYS, heard, promise, promises

MARCH = date(2025, 3, 10)
#: each day of a few months
EVERY_DAY = [date(2026, 6, 1) + timedelta(days=number) for number in range(150)]


# --- promises ------------------------------------------------------------------------------------


def test_ae_71_a_promise_due_on_10_march_is_overdue_on_the_11th():
    """Due 2025-03-10: open on the day itself, overdue by one day on the next."""
    owed = promise(made_on=date(2025, 3, 3), due=MARCH)
    next_day = date(2025, 3, 11)

    assert owed.state(MARCH) is CommitmentState.OPEN
    assert owed.overdue_days(MARCH) == 0
    assert owed.state(next_day) is CommitmentState.OVERDUE
    assert owed.overdue_days(next_day) == 1


@given(promises(), DAYS)
def test_invariant_35_overdue_is_what_is_not_kept_and_past_its_day(owed, on):
    """Invariant 35: OVERDUE at d ⇔ not fulfilled (nor taken back) by then, and d > due."""
    ended = [day for day in (owed.fulfilled_on, owed.withdrawn_on) if day is not None]
    over = any(day <= on for day in ended)
    overdue = not over and owed.due is not None and on > owed.due

    assert (owed.state(on) is CommitmentState.OVERDUE) is overdue
    assert owed.overdue_days(on) == ((on - owed.due).days if overdue else 0)
    assert (owed.overdue_days(on) > 0) is overdue
    if not overdue:
        expected = {True: "FULFILLED" if owed.fulfilled_on else "WITHDRAWN", False: "OPEN"}
        assert owed.state(on).name == expected[over]


@given(promises(), DAYS, st.integers(0, 60))
def test_invariant_35_a_promise_is_never_less_overdue_the_day_after(owed, on, more):
    """Invariant 35: the overdue days do not fall from one day to a later one, until it is kept."""
    after = on + timedelta(days=more)
    if owed.state(after) not in {CommitmentState.FULFILLED, CommitmentState.WITHDRAWN}:
        assert owed.overdue_days(on) <= owed.overdue_days(after)


def test_a_promise_goes_from_open_to_overdue_to_kept():
    """Day by day: what happens later is not known yet, and what is kept is no longer owed."""
    owed = promise(due=date(2026, 7, 13)).fulfil(date(2026, 7, 20))
    states = [owed.state(day) for day in EVERY_DAY]

    assert list(dict.fromkeys(states)) == [
        CommitmentState.OPEN,
        CommitmentState.OVERDUE,
        CommitmentState.FULFILLED,
    ]
    assert states.count(CommitmentState.OVERDUE) == 6
    assert owed.overdue_days(date(2026, 7, 19)) == 6
    assert owed.overdue_days(date(2026, 7, 20)) == 0


@pytest.mark.parametrize(
    ("due", "kept", "on_time"),
    [
        (date(2026, 7, 13), None, None),
        (None, date(2026, 7, 20), None),
        (date(2026, 7, 13), date(2026, 7, 13), True),
        (date(2026, 7, 13), date(2026, 7, 14), False),
        (DAY, DAY, True),
    ],
)
def test_a_promise_is_kept_on_time_up_to_its_day(due, kept, on_time):
    """The day itself is on time; without a day, or while it is not kept, nobody can tell."""
    assert promise(due=due, fulfilled_on=kept).on_time is on_time


def test_a_promise_without_a_day_is_never_overdue():
    """It stays open until it is kept or taken back."""
    open_end = promise(due=None)

    assert {open_end.state(day) for day in EVERY_DAY} == {CommitmentState.OPEN}
    back = open_end.withdraw(date(2026, 7, 9))
    assert back.state(date(2026, 7, 8)) is CommitmentState.OPEN
    assert back.state(date(2026, 7, 9)) is CommitmentState.WITHDRAWN
    assert back.on_time is None


def test_keeping_and_taking_back_are_other_values():
    """The promise that was made stays as it was made, and only one of the two can happen."""
    owed = promise()

    assert owed.fulfil(DAY).fulfilled_on == owed.withdraw(DAY).withdrawn_on == DAY
    assert owed == promise()
    with pytest.raises(InvalidValue) as refused:
        owed.fulfil(DAY).withdraw(DAY)
    assert refused.value.field == "withdrawn_on"
    with pytest.raises(InvalidValue):
        owed.withdraw(DAY).fulfil(DAY)


@pytest.mark.parametrize("box", ["due", "fulfilled_on", "withdrawn_on"])
def test_nothing_of_a_promise_happens_before_it_was_made(box):
    """The same day will do."""
    assert getattr(promise(**{"due": None, box: DAY}), box) == DAY
    with pytest.raises(InvalidValue, match="before the day it began") as refused:
        promise(**{"due": None, box: DAY - timedelta(days=1)})
    assert refused.value.field == box


@pytest.mark.parametrize("word", ["company", Party.COMPANY])
def test_who_promised_may_be_told_by_its_key(word):
    """Words of a store are words of the list."""
    assert promise(by=word).by is Party.COMPANY


# --- feedback ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("respond_by", "handled_on", "on", "overdue"),
    [
        (date(2026, 7, 8), None, date(2026, 7, 8), False),
        (date(2026, 7, 8), None, date(2026, 7, 9), True),
        (date(2026, 7, 8), date(2026, 7, 9), date(2026, 7, 9), False),
        (date(2026, 7, 8), date(2026, 7, 10), date(2026, 7, 9), True),
        (None, None, date(2026, 9, 9), False),
        (DAY, DAY, date(2026, 9, 9), False),
    ],
)
def test_feedback_is_overdue_after_the_promised_day(respond_by, handled_on, on, overdue):
    """At the end of a day, without an answer by then; what has no limit is never overdue."""
    assert heard(respond_by=respond_by, handled_on=handled_on).overdue(on) is overdue


@given(st.integers(0, 90), DAYS)
def test_an_answer_took_the_days_between(days, on):
    """None while there is none; the answer keeps what was heard."""
    late = DAY + timedelta(days=days)
    answered = heard().answered(late, "done")

    assert heard().response_days is None
    assert (answered.response_days, answered.response) == (days, "done")
    assert answered.overdue(on) is (late > on > date(2026, 7, 8))
    assert heard().answered(late).response == ""


@pytest.mark.parametrize("box", ["respond_by", "handled_on"])
def test_nothing_is_answered_before_it_was_heard(box):
    """The same day will do."""
    assert getattr(heard(**{box: DAY}), box) == DAY
    with pytest.raises(InvalidValue) as refused:
        heard(**{box: DAY - timedelta(days=1)})
    assert refused.value.field == box


def test_praise_question_and_complaint_are_told_apart():
    """A word that nobody noted is neutral."""
    assert Feedback(key="a", received_on=DAY).polarity is Polarity.NEUTRAL
    assert heard(polarity="negative").polarity is Polarity.NEGATIVE


# --- signals and summary -------------------------------------------------------------------------


def test_a_signal_says_where_a_demand_is_going():
    """Rising, steady or falling, by word or key."""
    assert MarketSignal(subject="assays", trend="rising").trend is Trend.RISING
    assert [trend.label("zh") for trend in Trend] == ["上升", "平稳", "下降"]


def test_the_form_of_a_summary_has_the_boxes_of_the_trade():
    """Points, feedback, agreement, success and next plan are required; the names are fields."""
    names = {box.name for box in fields(Summary)}

    assert [row.box for row in SUMMARY if row.required] == [
        "points",
        "feedback",
        "agreed",
        "succeeded",
        "next_plan",
    ]
    assert {row.box for row in SUMMARY} <= names
    assert {"拜访要点", "客户反馈", "达成共识", "待解决问题"} <= {row.label.zh for row in SUMMARY}


def test_a_summary_tells_which_required_boxes_are_empty():
    """In the order of the form; a judgement of False is one, and what is optional may be empty."""
    full = Summary(
        points="a", feedback="b", agreed="c", succeeded=False, next_plan="d", aims_met=["a"]
    )

    assert full.missing() == ()
    assert [row.box for row in Summary(points="a").missing()] == [
        "feedback",
        "agreed",
        "succeeded",
        "next_plan",
    ]
    assert [row.box for row in evolve(full, succeeded=None).missing()] == ["succeeded"]


def test_a_host_may_have_another_form():
    """Its rows name boxes of a summary, in its own order."""
    form = [
        SummaryBox("aims_met", Label("目的", "aims"), required=True),
        SummaryBox("market", Label("市场", "market"), required=False),
        SummaryBox("technique", Label("技巧", "technique"), required=True),
    ]

    assert [row.box for row in Summary(points="a").missing(iter(form))] == ["aims_met", "technique"]
    assert [row.box for row in Summary(points="a", aims_met=["a"]).missing(form)] == ["technique"]
    assert Summary(points="a", aims_met=["a"], technique="b").missing(form) == ()


@pytest.mark.parametrize("box", ["stars", "", "Points", "declined", None, 5, ["points"], Summary])
def test_a_row_of_a_form_names_a_box_of_a_summary(box):
    """A box that there is not would always be missing."""
    with pytest.raises(InvalidValue, match="no field of a summary") as refused:
        SummaryBox(box, Label("星", "stars"), required=True)
    assert refused.value.field == "box"


@pytest.mark.parametrize("form", [None, 5, "points", SUMMARY[0], ["points"], [*SUMMARY, None]])
def test_a_form_is_a_list_of_rows(form):
    """A single row or the name of a box is none."""
    with pytest.raises(WrongType) as refused:
        Summary(points="a").missing(form)
    assert refused.value.field == "form"


# --- hostile hosts -------------------------------------------------------------------------------

CANARY = "CANARY7731"
NO_TEXT = {
    "NUL": CANARY + "\x00" + CANARY,
    "RLO": CANARY + "\u202e",
    "surrogate": CANARY + "\ud800" + CANARY,
    "a million": CANARY * 10**5,
    "bytes": CANARY.encode(),
    "int": 7,
    "None": None,
    "list": [CANARY],
}
NO_NOTE = NO_TEXT | {"ZWSP": "\u200b"}
NO_LINE = NO_NOTE | {"empty": "", "lines": f"{CANARY}\n{CANARY}"}
NO_WORD = {"unknown": CANARY, "int": 1, "list": [CANARY], "another's": Step.NEEDS, "None": None}
NO_FLAG = {"int": 1, "zero": 0, "text": CANARY}
MAYBE_DAY = {
    "datetime": datetime(2026, 7, 6),
    "text": CANARY,
    "int": 1,
    "bool": True,
    "never": date(9999, 12, 31),
}
NO_DAY = MAYBE_DAY | {"None": None}
BAD = {
    Commitment: {
        "key": NO_LINE,
        "by": NO_WORD,
        "text": NO_NOTE,
        "who": NO_TEXT,
        "made_on": NO_DAY,
        "due": MAYBE_DAY,
        "fulfilled_on": MAYBE_DAY,
        "withdrawn_on": MAYBE_DAY,
    },
    Feedback: {
        "key": NO_LINE,
        "received_on": NO_DAY,
        "topic": NO_TEXT,
        "polarity": NO_WORD,
        "respond_by": MAYBE_DAY,
        "handled_on": MAYBE_DAY,
        "response": NO_NOTE,
    },
    MarketSignal: {"subject": NO_LINE, "trend": NO_WORD, "note": NO_NOTE},
    Summary: {
        "points": NO_NOTE | {"empty": ""},
        **dict.fromkeys(("feedback", "agreed", "open_points", "technique"), NO_NOTE),
        **dict.fromkeys(("market", "next_plan"), NO_NOTE),
        "succeeded": NO_FLAG,
        "aims_met": {
            "text": CANARY,
            "int": 7,
            "None": None,
            "of ints": [7],
            "nested": [[CANARY]],
            "of blanks": ["\u200b"],
            "many": [CANARY] * 10**5,
            "bytes": CANARY.encode(),
        },
        "declined": NO_FLAG | {"None": None},
    },
}
LEAST = {
    Commitment: {"key": "quote", "by": "company", "made_on": DAY},
    Feedback: {"key": "speed", "received_on": DAY},
    MarketSignal: {"subject": "assays", "trend": "rising"},
    Summary: {"points": "showed interest"},
}
CASES = [
    pytest.param(form, box, bad, id=f"{form.__name__}.{box}-{name}")
    for form, boxes in BAD.items()
    for box, contents in boxes.items()
    for name, bad in contents.items()
]


def test_every_box_is_held_to_the_table():
    """A new box is tested by being written down."""
    for form, boxes in BAD.items():
        assert set(boxes) == {box.name for box in fields(form)}


@pytest.mark.parametrize(("form", "box", "bad"), CASES)
def test_a_bad_content_is_refused_by_the_name_of_its_box(form, box, bad):
    """Our own error, and not a word of what stood in the box."""
    with pytest.raises(SalesflowError) as refused:
        form(**(LEAST[form] | {box: bad}))
    assert refused.value.field == box
    assert CANARY not in everything_told(refused.value)


@pytest.mark.parametrize("on", NO_DAY.values(), ids=NO_DAY)
def test_a_state_is_asked_on_a_day(on):
    """An instant, a text and nothing are no days."""
    for ask in (promise().state, promise().overdue_days, heard().overdue):
        with pytest.raises(InvalidValue) as refused:
            ask(on)
        assert refused.value.field == "on"


@pytest.mark.parametrize("on", MAYBE_DAY.values(), ids=MAYBE_DAY)
def test_what_was_done_was_done_on_a_day(on):
    """Kept, taken back or answered: the box is named."""
    deeds = {
        "fulfilled_on": promise().fulfil,
        "withdrawn_on": promise().withdraw,
        "handled_on": heard().answered,
    }
    for box, deed in deeds.items():
        with pytest.raises(InvalidValue) as refused:
            deed(on)
        assert refused.value.field == box


VALUES = [
    promise(),
    promise(by="customer"),
    heard(),
    heard().answered(DAY, "yes"),
    MarketSignal(subject="assays", trend=Trend.RISING, note="twice last year"),
    Summary(points="a", aims_met=["x"], succeeded=True),
    Summary(points="a", aims_met=["x"], succeeded=False),
    SUMMARY[0],
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_what_a_visit_leaves_is_a_value(value):
    """Equal by content, hashable, the same after a journey, and never changed."""
    for arrived in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value), evolve(value)):
        assert arrived == value
        assert hash(arrived) == hash(value)
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(type(value))[0].name, None)
    assert value not in [other for other in VALUES if other is not value]


def test_a_box_of_the_form_has_a_label_and_is_required_or_not():
    """So that what is missing can be told in both languages."""
    with pytest.raises(InvalidValue, match=r"^label "):
        SummaryBox("points", "main points", required=True)
    with pytest.raises(InvalidValue, match=r"^required "):
        SummaryBox("points", Label("要点", "points"), required="yes")
