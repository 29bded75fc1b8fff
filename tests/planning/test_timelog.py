"""Time is recorded, then analysed, then managed."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import InvalidValue
from salesflow.planning.priority import Priority
from salesflow.planning.timelog import TIME_REMARKS, TimeEntry, TimeLog, TimeStep, TimeWaster

DAY = date(2026, 7, 6)


def entry(minutes=60, priority=None, waster=None, **rest):
    """An hour of a day."""
    given_ = {"on": DAY, "activity": "mail"}
    return TimeEntry(minutes=minutes, priority=priority, waster=waster, **(given_ | rest))


def log(*entries):
    """The record of one person."""
    return TimeLog(owner="R-9", entries=entries)


def found(*entries):
    """What it tells."""
    return [finding.key for finding in log(*entries).findings()]


ENTRIES = st.lists(
    st.builds(
        entry,
        st.integers(0, 120),
        st.none() | st.sampled_from(Priority),
        st.none() | st.sampled_from(TimeWaster),
        on=st.dates(DAY, DAY + timedelta(days=3)),
    ),
    max_size=12,
)


def test_the_four_steps_come_in_their_order():
    """明确目标, 分清轻重缓急, 制定计划, 立即行动."""
    assert [step.label("zh") for step in TimeStep] == [
        "明确目标",
        "分清轻重缓急",
        "制定计划",
        "立即行动",
    ]


def test_there_are_ten_wasters_of_time_and_six_more():
    """The ten of the list come first."""
    wasters = list(TimeWaster)

    assert len(wasters) == 16
    assert [wasters[0], wasters[9]] == [TimeWaster.SEARCHING, TimeWaster.NO_ORDER]
    assert [one.value for one in wasters[10:]] == [
        "over_committed",
        "no_goal",
        "no_priority",
        "no_deadline",
        "unclear_duties",
        "no_resources",
    ]


def test_shares_are_exact_and_of_the_time_judged():
    """A first; what nobody judged is left out."""
    one = log(entry(10, "a"), entry(20, "c"), entry(500), entry(0, "d"))

    assert list(one.shares.items()) == [
        (Priority.A, Fraction(1, 3)),
        (Priority.B, 0),
        (Priority.C, Fraction(2, 3)),
        (Priority.D, 0),
    ]
    assert one.minutes == 530
    assert log(entry(500)).shares is None
    assert log().shares is None


@given(ENTRIES)
def test_shares_sum_to_one_and_losses_fall(entries):
    """Told once more by plain sums."""
    one = log(*entries)
    judged = sum(item.minutes for item in entries if item.priority)
    lost = [(item.waster, item.minutes) for item in entries if item.waster]

    assert (one.shares is None) is (judged == 0)
    if one.shares is not None:
        assert sum(one.shares.values()) == 1
        for row, share in one.shares.items():
            assert share * judged == sum(item.minutes for item in entries if item.priority is row)
    assert list(one.wasted.values()) == sorted(one.wasted.values(), reverse=True)
    assert sum(one.wasted.values()) == sum(minutes for _, minutes in lost)
    for waster, minutes in one.wasted.items():
        assert minutes == sum(spent for why, spent in lost if why is waster) > 0


def test_of_equal_losses_the_one_earlier_on_the_list_comes_first():
    """However they were recorded."""
    rows = [entry(5, waster="lazy"), entry(9, waster="rash"), entry(5, waster="searching")]

    for entries in (rows, rows[::-1]):
        assert [waster.value for waster in log(*entries).wasted] == ["rash", "searching", "lazy"]


@pytest.mark.parametrize(
    ("entries", "keys"),
    [
        ([], []),
        ([entry(60, "a")], []),
        ([entry(0)], []),
        ([entry(1)], ["time_unjudged"]),
        ([entry(30, "b"), entry(30, "c")], []),
        ([entry(30, "b"), entry(31, "c")], ["urgent_first"]),
        ([entry(60, "a", "delayed")], ["time_wasted"]),
        ([entry(0, "a", "delayed")], []),
    ],
)
def test_a_record_tells_what_to_change(entries, keys):
    """Unjudged time, more of C than of B, what wastes time."""
    assert found(*entries) == keys


def test_the_wasters_named_are_the_vital_few():
    """Those that make up four fifths of the time lost."""
    rows = entry(70, "a", "searching"), entry(20, "a", "rash"), entry(10, "a", "lazy")
    (finding,) = log(*rows).findings()

    assert finding.subject == "R-9"
    assert finding.values["wasters"] == (TimeWaster.SEARCHING, TimeWaster.RASH)
    assert finding.text.zh == "浪费的时间主要来自：找东西, 缺乏理解就匆忙行动"


def test_every_remark_is_provoked():
    """No row of the table is without its case."""
    assert found(entry(1), entry(2, "c", "lazy")) == [remark.key for remark in TIME_REMARKS]


def test_a_day_has_no_more_than_its_minutes():
    """Two persons in one record; on two days they fit."""
    assert log(entry(1000), entry(440)).minutes == 1440
    assert log(entry(1440), entry(1440, on=DAY + timedelta(days=1))).minutes == 2880
    with pytest.raises(InvalidValue, match=r"^entries fill more than a day"):
        log(entry(1000), entry(441))


def test_a_record_is_a_value_that_keeps_what_was_done_to_itself():
    """Hashable, stored, unchangeable, and not changed through the list passed in."""
    rows = [entry(activity=CANARY)]
    one = TimeLog(owner="R-9", entries=rows)
    rows.clear()

    assert one.minutes == 60
    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(log(entry(activity=CANARY)))
    assert CANARY not in repr(one)
    with pytest.raises(FrozenInstanceError):
        one.owner = "R-1"


BAD = {
    "on": [CANARY, None, datetime(2026, 7, 6), date(1066, 1, 1)],
    "activity": ["", None, 7, f"{CANARY}\0"],
    "minutes": [1.5, True, -1, None, 10**13, CANARY],
    "priority": [CANARY, 7, TimeWaster.LAZY],
    "waster": [CANARY, 7, Priority.A],
}


@pytest.mark.parametrize(
    ("box", "bad"), [pytest.param(box, bad, id=f"{box}-{bad!r}") for box in BAD for bad in BAD[box]]
)
def test_what_is_no_line_of_a_record_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(entry, **{box: bad})

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        ("owner", ""),
        ("owner", None),
        ("owner", f"{CANARY}\0"),
        ("entries", None),
        ("entries", CANARY),
        ("entries", [CANARY]),
        ("entries", entry()),
        ("entries", [entry(0)] * 1001),
    ],
)
def test_what_is_no_record_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(TimeLog, **({"owner": "R-9"} | {box: bad}))

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)
