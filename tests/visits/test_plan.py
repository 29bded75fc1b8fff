"""A plan is judged by what is written in it, letter by letter."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from time import process_time

import pytest
from attrs import evolve, fields
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

from people_strategies import everything_told
from salesflow.customers import AdoptionRung
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.findings import Severity
from salesflow.visits import (
    CallPlan,
    Hours,
    PredictedObjection,
    SmartGoal,
    climb,
)
from salesflow.visits.plan import LEAST_AIMS, PLAN_REMARKS
from visit_books import DAY, aim, fab, planned, plans

UP = climb(
    "up",
    "DR-7",
    baseline=AdoptionRung.AWARE,
    target=AdoptionRung.TRIAL,
    set_on=date(2026, 7, 1),
    deadline=date(2026, 7, 31),
)
LUNCH = Hours(start=time(12), end=time(13))
ROUNDS = Hours(start=time(8), end=time(10), weekday=1)
#: a plan that lacks nothing
GOOD = CallPlan(
    aims=[aim("a"), aim("b"), UP],
    opening="the new guideline",
    key_messages=[fab()],
    predicted=[PredictedObjection(text="too dear", answer="per result it is not")],
    materials=["STUDY-12"],
    last_record="V-6",
    appointment=time(14, 30),
    busy=[LUNCH, ROUNDS],
)


def keys(plan, **rest):
    return [finding.key for finding in plan.findings("V-1", day=DAY, **rest)]


# --- hours ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "day", "hour", "busy"),
    [
        (LUNCH, DAY, time(12), True),
        (LUNCH, DAY, time(12, 59, 59), True),
        (LUNCH, DAY, time(13), False),
        (LUNCH, DAY, time(11, 59), False),
        (ROUNDS, date(2026, 7, 6), time(9), True),
        (ROUNDS, date(2026, 7, 7), time(9), False),
        (evolve(ROUNDS, weekday=7), date(2026, 7, 12), time(9), True),
    ],
)
def test_an_hour_is_busy_from_the_start_up_to_the_end(hours, day, hour, busy):
    """The end is free again; a weekday, where one is named, must be that day."""
    assert hours.covers(day, hour) is busy


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("start", {"start": "08:00"}),
        ("start", {"start": None}),
        ("start", {"start": datetime(2026, 7, 6, 8)}),
        ("start", {"start": time(8, tzinfo=UTC)}),
        ("end", {"end": 9}),
        ("end", {"end": time(9, tzinfo=UTC)}),
        ("end", {"end": time(8)}),
        ("end", {"end": time(7)}),
        ("weekday", {"weekday": 0}),
        ("weekday", {"weekday": 8}),
        ("weekday", {"weekday": "1"}),
        ("weekday", {"weekday": True}),
        ("weekday", {"weekday": 1.0}),
        ("weekday", {"weekday": Fraction(1)}),
        ("weekday", {"weekday": [1]}),
        ("weekday", {"weekday": 10**1000}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_hours_that_cannot_be_are_refused(field, changes):
    """Times without a zone, one after the other, and a weekday from 1 to 7."""
    with pytest.raises(InvalidValue) as refused:
        Hours(**({"start": time(8), "end": time(10)} | changes))
    assert refused.value.field == field


# --- what a plan lacks ---------------------------------------------------------------------------

LACKING = {
    "aims_few": {"aims": [aim(), UP]},
    "aim_not_smart": {"aims": [aim("a", deadline=None), aim("b"), UP]},
    "no_ladder_aim": {"aims": [aim("a"), aim("b"), aim("c")]},
    "last_record_unread": {"last_record": ""},
    "no_appointment": {"appointment": None},
    "busy_hour": {"appointment": time(12, 15)},
    "prediction_unanswered": {"predicted": [PredictedObjection(text="too dear")]},
    "no_prediction": {"predicted": ()},
    "no_key_message": {"key_messages": ()},
    "no_opening": {"opening": ""},
    "no_material": {"materials": ()},
}


def test_a_good_plan_has_no_findings():
    """Nothing is wrong with a plan that has it all; nobody reads the record of a first visit."""
    assert keys(GOOD) == []
    assert keys(evolve(GOOD, last_record="", first_visit=True)) == []


@pytest.mark.parametrize("key", LACKING)
def test_each_lack_is_one_finding(key):
    """Whatever is left out is told, once, in both languages, with what to do."""
    (finding,) = evolve(GOOD, **LACKING[key]).findings("V-1", day=DAY)
    row = {remark.key: remark for remark in PLAN_REMARKS}[key]

    assert (finding.key, finding.subject, finding.severity) == (key, "V-1", row.severity)
    assert finding.severity is Severity.WATCH
    assert "{" not in finding.text.zh + finding.text.en
    assert finding.advice == row.advice


def test_every_remark_is_provoked_by_one_of_these_plans():
    """The table holds no finding that nobody can get, and no key twice."""
    assert [remark.key for remark in PLAN_REMARKS] == list(LACKING)
    assert len(set(LACKING)) == len(PLAN_REMARKS)


def test_ae_50_a_visit_with_two_aims_has_too_few():
    """The second half of AE-50: 2 < 3, in those words, for the plan and for the visit."""
    plan = evolve(GOOD, aims=[aim("a"), UP])
    (finding,) = plan.findings("V-1", day=DAY)

    assert finding.text.en == "aims 2 < 3"
    assert dict(finding.values) == {"n": 2, "least": LEAST_AIMS}
    assert finding in planned(plan=plan).findings()
    assert "aims_few" not in [found.key for found in planned(plan=GOOD).findings()]


def test_a_host_may_want_fewer_aims_or_more():
    """The least number is an argument, of the plan and of the visit."""
    assert keys(GOOD, least_aims=4) == ["aims_few"]
    assert keys(evolve(GOOD, aims=[UP]), least_aims=1) == []
    assert "aims_few" in [found.key for found in planned(plan=GOOD).findings(least_aims=4)]


def test_findings_name_what_they_are_about():
    """The aim and its letters, the hour, the number of doubts without an answer."""
    doubts = [PredictedObjection(text="dear"), PredictedObjection(text="slow")]
    plan = evolve(GOOD, aims=[aim("a", deadline=None, subject=""), UP, aim("c")], predicted=doubts)
    smart, unanswered = plan.findings("V-1")

    assert "“a”" in smart.text.en
    assert "specific, timed" in smart.text.en
    assert "明确, 有期限" in smart.text.zh
    assert unanswered.text.en.endswith(": 2")
    (busy,) = evolve(GOOD, appointment=time(9, 5)).findings("V-1", day=DAY)
    assert "09:05" in busy.text.en


def test_a_busy_hour_is_one_of_the_day_planned():
    """On another weekday, or on no known day, it is free."""
    plan = evolve(GOOD, appointment=time(9))

    assert keys(plan) == ["busy_hour"]
    assert plan.findings("V-1", day=date(2026, 7, 7)) == plan.findings("V-1") == ()


def test_what_is_to_be_said_is_held_to_the_rules_of_claims():
    """A message that is prepared may not promise what it could not promise in the visit."""
    plan = evolve(GOOD, key_messages=[fab(benefit="the best", evidence="")])

    assert keys(plan) == ["claim_without_evidence", "absolute_claim"]


@given(plans())
def test_the_findings_of_any_plan_come_from_its_tables(plan):
    """No finding without a remark; without aims there are too few, and none up the ladder."""
    found = keys(plan)

    assert set(found) <= {remark.key for remark in PLAN_REMARKS}
    assert ("aims_few" in found) is (len(plan.aims) < 3)
    assert found.count("aim_not_smart") == sum(bool(one.missing) for one in plan.aims)
    assert ("no_ladder_aim" in found) is not any(one.moves_ladder for one in plan.aims)


# --- hostile hosts -------------------------------------------------------------------------------

CANARY = "CANARY7731"
NO_LINE = {
    "NUL": CANARY + "\x00" + CANARY,
    "RLO": CANARY + "\u202e",
    "surrogate": CANARY + "\ud800" + CANARY,
    "a million": CANARY * 10**5,
    "bytes": CANARY.encode(),
    "int": 7,
    "None": None,
    "list": [CANARY],
}
NOTHING = {"empty": "", "ZWSP": "\u200b", "blank": " \t", "filler": "\u3164"}
NO_LIST = {
    "text": CANARY,
    "int": 7,
    "None": None,
    "of texts": [CANARY],
    "of None": [None],
    "nested": [[CANARY]],
    "bytes": CANARY.encode(),
    "mapping": {CANARY: CANARY},
    "too many": [CANARY] * 10**5,
}
NO_DAY = {
    "datetime": datetime(2026, 7, 6),
    "text": CANARY,
    "int": 20260706,
    "bool": True,
    "ancient": date(1, 1, 1),
    "never": date(9999, 12, 31),
}
NO_MEASURE = {
    "float": 0.5,
    "bool": True,
    "text": CANARY,
    "NaN": Decimal("NaN"),
    "sNaN": Decimal("sNaN"),
    "infinite": Decimal("Infinity"),
    "a long exponent": Decimal("1e9999999"),
    "a long int": 1 << 3_000_000,
    "list": [1],
}
NO_FLAG = {"int": 1, "text": CANARY, "None": None}
NO_HOUR = {"text": CANARY, "datetime": datetime(2026, 7, 6), "zone": time(8, tzinfo=UTC), "int": 8}

FULL = {
    SmartGoal: {name.name: getattr(aim(), name.name) for name in fields(SmartGoal)},
    PredictedObjection: {"text": "dear", "answer": "no"},
    CallPlan: {name.name: getattr(GOOD, name.name) for name in fields(CallPlan)},
}
BAD = {
    SmartGoal: {
        "key": NO_LINE | NOTHING,
        **dict.fromkeys(("subject", "action", "metric"), NO_LINE),
        **dict.fromkeys(("baseline", "target", "capacity"), NO_MEASURE),
        "set_on": NO_DAY | {"None": None},
        "deadline": NO_DAY,
    },
    PredictedObjection: {"text": NO_LINE | NOTHING, "answer": NO_LINE | {"ZWSP": "\u200b"}},
    CallPlan: {
        "aims": NO_LIST,
        "opening": NO_LINE | {"ZWSP": "\u200b"},
        "key_messages": NO_LIST,
        "predicted": NO_LIST,
        "materials": {**NO_LIST, "of texts": [CANARY + "\x00"], "mapping": 5} | {"of blanks": [""]},
        "last_record": NO_LINE,
        "first_visit": NO_FLAG,
        "appointment": NO_HOUR,
        "busy": NO_LIST,
    },
}
CASES = [
    pytest.param(form, box, bad, id=f"{form.__name__}.{box}-{name}")
    for form, boxes in BAD.items()
    for box, contents in boxes.items()
    for name, bad in contents.items()
]


def test_every_box_of_a_plan_is_held_to_the_table():
    """A new box is tested by being written down."""
    for form, boxes in BAD.items():
        assert set(boxes) == {box.name for box in fields(form)} == set(FULL[form])


@pytest.mark.parametrize(("form", "box", "bad"), CASES)
def test_a_bad_content_is_refused_at_once_by_the_name_of_its_box(form, box, bad):
    """Our own error, in no time, and not a word of what stood in the box."""
    start = process_time()
    with pytest.raises(SalesflowError) as refused:
        form(**(FULL[form] | {box: bad}))
    assert process_time() - start < 0.5
    assert refused.value.field == box
    assert CANARY not in everything_told(refused.value)


def test_an_aim_stands_in_a_plan_once():
    """Two aims of one key could not be told apart in the summary."""
    with pytest.raises(InvalidValue, match="bear one key twice"):
        CallPlan(aims=[aim("a"), aim("a", target=90)])


@pytest.mark.parametrize("item", [UP, GOOD, LUNCH, PredictedObjection(text="dear")], ids=type)
def test_a_list_takes_its_own_kind_only(item):
    """An aim among the busy hours is an error of the host, and is told as one."""
    for box, kind in (("aims", SmartGoal), ("predicted", PredictedObjection), ("busy", Hours)):
        if type(item) is kind:
            assert getattr(CallPlan(**{box: (one for one in [item])}), box) == (item,)
            continue
        with pytest.raises(WrongType) as refused:
            CallPlan(**{box: [item]})
        assert refused.value.field == box


# --- values --------------------------------------------------------------------------------------

VALUES = [aim(), UP, LUNCH, ROUNDS, PredictedObjection(text="dear", answer="no"), GOOD, CallPlan()]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_plan_and_its_parts_are_values(value):
    """Equal by content, hashable, the same after a journey, and never changed."""
    for arrived in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value), evolve(value)):
        assert arrived == value
        assert hash(arrived) == hash(value)
    first = fields(type(value))[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(value, first, None)
    assert value not in [other for other in VALUES if other is not value]


@pytest.mark.parametrize("day", [5, "2026-07-06", True, datetime(2026, 7, 6)], ids=repr)
def test_a_plan_is_judged_for_a_day(day):
    """An instant and a text are none; without a day no hour is a busy one."""
    for act in (
        lambda: CallPlan().findings("V-1", day=day),
        lambda: ROUNDS.covers(day, time(9)),
    ):
        with pytest.raises(WrongType) as refused:
            act()
        assert refused.value.field == "day"


@pytest.mark.parametrize("least", [None, "3", True, 3.0, -1, [3]], ids=repr)
def test_aims_are_counted(least):
    """A flag is no number, and nobody has fewer than none."""
    with pytest.raises(InvalidValue) as refused:
        CallPlan().findings("V-1", least_aims=least)
    assert refused.value.field == "least_aims"


@pytest.mark.parametrize("hour", ["9:00", None, 9, time(9, tzinfo=UTC)], ids=repr)
def test_whether_an_hour_is_busy_is_asked_of_an_hour(hour):
    """On the wall of the hospital, as the hours themselves."""
    with pytest.raises(InvalidValue, match=r"^hour "):
        Hours(start=time(8), end=time(10)).covers(DAY, hour)
