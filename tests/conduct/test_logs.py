"""The daily log is one form with two profiles, and says what each of them lacks."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date, datetime, timedelta

import pendulum
import pytest
from attrs import evolve, fields
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from daily_logs import DAY, HOSPITALITY, SECRET, entry, log, problem
from salesflow.conduct.logs import (
    DAILY_LIST,
    DAILY_SUMMARY,
    DailyLog,
    LogEntry,
    Problem,
    boxes_of,
)
from salesflow.errors import InvalidValue, SalesflowError
from salesflow.labels import Label

HAN = re.compile(r"[\u4e00-\u9fff]")
BARE = DailyLog(id="L-1", person="R-9", on=DAY)
PROFILES = [DAILY_LIST, DAILY_SUMMARY]


# --- the profiles ----------------------------------------------------------------------------


def test_the_daily_list_has_eight_contents_and_the_summary_five():
    """In the order of the paper, each in both languages."""
    assert [label.zh for label in DAILY_LIST.values()] == [
        "到什么地方",
        "拜访什么客户",
        "商谈什么问题",
        "解决了什么问题",
        "还存在什么问题",
        "需要公司提供何种帮助",
        "客户是谁（填资料编号）",
        "明天的工作计划",
    ]
    assert [label.zh for label in DAILY_SUMMARY.values()] == [
        "医院",
        "目的",
        "内容",
        "问题及解决方案",
        "下一步计划",
    ]
    for label in (*DAILY_LIST.values(), *DAILY_SUMMARY.values()):
        assert not HAN.search(label.en)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_full_log_lacks_nothing_and_a_bare_one_everything(profile):
    assert log().missing(profile) == ()
    assert log().complete(profile)
    assert BARE.missing(profile) == tuple(profile)
    assert not BARE.complete(profile)


def test_ae_62_a_log_without_tomorrows_plan_is_incomplete():
    """AE-62: one without 明天的工作计划 is not complete; a plan in words is a plan."""
    unplanned = log(tomorrow=[])

    assert unplanned.missing() == ("tomorrow",)
    assert not unplanned.complete()
    assert evolve(unplanned, tomorrow_note="training in the office").complete()
    assert unplanned.complete(DAILY_SUMMARY)


# For each box, an entry that leaves it open; and what the two profiles then miss.
@pytest.mark.parametrize(
    ("rest", "of_list", "of_summary"),
    [
        ({"place": ""}, ("place",), ()),
        ({"customer": ""}, ("customer",), ("customer",)),
        ({"contact": ""}, ("contact",), ()),
        ({"purpose": ""}, (), ("purpose",)),
        ({"content": " "}, ("content",), ("content",)),
        ({"problems": None}, ("solved", "remains"), ("problems",)),
        ({"problems": []}, (), ()),
        ({"problems": [problem(solution="")]}, ("remains",), ("problems",)),
        ({"problems": [problem(solution="", open=True)]}, (), ()),
        ({"problems": [problem(), problem("b", solution="")]}, ("remains",), ("problems",)),
        ({"help_needed": None}, ("help_needed",), ()),
        ({"help_needed": ["an engineer"]}, (), ()),
        ({"next_step": ""}, (), ("next_plan",)),
        ({"next_on": None}, (), ("next_plan",)),
    ],
)
def test_each_box_that_is_left_open_is_named(rest, of_list, of_summary):
    """None in a box is no answer; an empty list is the answer "none"."""
    faulty = log(entries=[entry(), entry(**rest)])

    assert faulty.missing(DAILY_LIST) == of_list
    assert faulty.missing(DAILY_SUMMARY) == of_summary


def test_a_host_asks_for_its_own_boxes():
    """A profile is a mapping of boxes to labels; an unknown box is refused, not passed over."""
    own = {"place": Label("地点", "place")}

    assert log(entries=[entry(place="")]).missing(own) == ("place",)
    assert boxes_of(own)["place"].en == "place"


@pytest.mark.parametrize(
    "profile",
    [{SECRET: Label("a", "a")}, {"place": SECRET}, {7: Label("a", "a")}, [SECRET], SECRET, None, 7],
)
def test_what_is_no_profile_is_refused(profile):
    with pytest.raises(InvalidValue, match="profile") as refused:
        log().missing(profile)

    assert SECRET not in str(refused.value)


# --- what counts -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", HOSPITALITY)
@pytest.mark.parametrize("profile", PROFILES)
def test_hospitality_neither_completes_a_log_nor_spoils_it(kind, profile):
    """Invariant 46: a dinner in the log changes nothing."""
    dinner = entry(kind=kind)

    assert log(entries=[dinner]).missing(profile) == log(entries=[]).missing(profile)
    assert log(entries=[entry(), LogEntry(kind=kind)]).complete(profile)
    assert log(entries=[entry(), dinner]).counted == (entry(),)


@given(st.lists(st.sampled_from([entry(), LogEntry(), entry(place="")]), max_size=4))
def test_a_box_is_filled_when_every_block_fills_it(blocks):
    """Against a naive reading, box by box."""
    filled = log(entries=blocks).filled

    for box in {*DAILY_LIST, *DAILY_SUMMARY} - {"tomorrow"}:
        assert (box in filled) is (bool(blocks) and all(box in one.filled for one in blocks))


def test_a_block_is_found_by_its_place_its_customer_and_its_contact():
    assert entry().names == {"H-3/lab", "H-3", "C-7"}
    assert LogEntry().names == frozenset()


@pytest.mark.parametrize(
    ("rest", "decided", "stands"),
    [
        ({"solution": "a filter"}, True, False),
        ({"solution": "a filter", "open": True}, True, True),
        ({"solution": "", "open": True}, True, True),
        ({"solution": ""}, False, True),
    ],
)
def test_a_problem_is_solved_flagged_or_undecided(rest, decided, stands):
    one = problem(**rest)

    assert (one.decided, one.stands) == (decided, stands)


def test_somebody_else_may_write_the_log():
    """Then it is told on whose behalf; who writes their own log writes on nobody's."""
    assert log(author="O-1").on_behalf_of == "R-9"
    assert log(author="R-9").on_behalf_of == log().on_behalf_of == ""


# --- privacy ---------------------------------------------------------------------------------


def test_c12_no_box_is_for_a_position_a_photo_or_a_phone():
    """C12: only ids and opaque references; a field of that sort is refused."""
    boxes = {box.name for form in (DailyLog, LogEntry, Problem) for box in fields(form)}

    assert not boxes & {"location", "position", "latitude", "longitude", "gps", "photo", "phone"}
    with pytest.raises(TypeError):
        LogEntry(photo="P-1")
    assert entry(refs=["V-7", "PHOTO-9"]).refs == ("V-7", "PHOTO-9")


def test_what_people_wrote_is_not_printed():
    told = dict.fromkeys(("purpose", "content", "next_step"), SECRET) | {"help_needed": [SECRET]}
    doubts = [problem(text=SECRET, solution=SECRET)]

    assert SECRET not in repr(log(entries=[entry(problems=doubts, **told)], tomorrow_note=SECRET))


# --- a value ---------------------------------------------------------------------------------


def test_a_log_is_a_value():
    """Equal by content, hashable, copied and stored; lists become tuples, and nothing changes."""
    tomorrow = ["H-4"]
    one = log(tomorrow=tomorrow, written_at=pendulum.datetime(2026, 7, 6, 18, tz="Asia/Shanghai"))
    tomorrow.append("H-5")

    assert one == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(copy.deepcopy(one))
    assert one.tomorrow == ("H-4",)
    assert one.written_at.isoformat() == "2026-07-06T10:00:00+00:00"
    with pytest.raises(FrozenInstanceError):
        one.on = DAY


NO_TEXT = [7, None, 1.5, f"a\0{SECRET}", f"{SECRET}\u202e"]
NO_LIST = [SECRET, 7, 1.5, [7], [None], [""], [f"a\0{SECRET}"]]
NO_DAY = [SECRET, 7, datetime(2026, 7, 6), date(1066, 1, 1)]
BAD_LOGS = {
    "id": ["", *NO_TEXT],
    "person": [" ", *NO_TEXT],
    "on": [None, *NO_DAY],
    "weekday": [0, 8, -1, True, 1.0, "1", 10**400, float("nan")],
    "entries": [SECRET, 7, None, [SECRET], [None], entry(), [entry()] * 1001],
    "tomorrow": [None, *NO_LIST],
    "tomorrow_note": NO_TEXT,
    "author": NO_TEXT,
    "written_at": [SECRET, 7, DAY, datetime(2026, 7, 6)],
}
BAD_ENTRIES = {
    "place": NO_TEXT,
    "customer": NO_TEXT,
    "contact": NO_TEXT,
    "kind": ["party", 7, None, SECRET],
    "purpose": NO_TEXT,
    "content": NO_TEXT,
    "problems": [SECRET, 7, [SECRET], [None], problem(), [problem(), problem()]],
    "help_needed": NO_LIST,
    "next_step": NO_TEXT,
    "next_on": NO_DAY,
    "refs": [None, *NO_LIST],
}
BAD_PROBLEMS = {
    "key": ["", *NO_TEXT],
    "text": NO_TEXT,
    "solution": NO_TEXT,
    "open": [1, None, "yes"],
}


@pytest.mark.parametrize(
    ("make", "box", "bad"),
    [
        pytest.param(make, box, bad, id=f"{make.__name__}-{box}-{i}")
        for make, boxes in ((log, BAD_LOGS), (entry, BAD_ENTRIES), (problem, BAD_PROBLEMS))
        for box in boxes
        for i, bad in enumerate(boxes[box])
    ],
)
def test_what_is_no_log_is_refused(make, box, bad):
    """By the name of the box, and without a word of what stood in it."""
    with pytest.raises(SalesflowError) as refused:
        make(**{box: bad})

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


def test_a_next_step_before_the_log_is_a_slip_of_the_pen():
    """On the day itself it is possible."""
    assert log(entries=[entry(next_on=DAY)]).complete(DAILY_SUMMARY)
    with pytest.raises(InvalidValue, match="next_on"):
        log(entries=[entry(next_on=DAY - timedelta(days=1))])
