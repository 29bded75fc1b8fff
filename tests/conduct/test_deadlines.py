"""What is due is warned of before its day, whatever it is."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from notice_books import DUE, ISSUED, LATER, issued, morning, receipted
from salesflow.conduct.deadlines import (
    DEADLINE_REMARKS,
    WARNING_DAYS,
    Deadline,
    deadlines_of,
    near_date,
    upcoming,
)
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.findings import Severity
from salesflow.funnel import LossReason, Opportunity
from salesflow.labels import Label
from salesflow.money import wan
from salesflow.visits import AcademicEvent, ChecklistItem, Commitment, Visit

HAN = re.compile(r"[\u4e00-\u9fff]")
SECRET = "CANARY"
DAY = timedelta(days=1)
AT = morning(date(2026, 7, 1))
QUOTE = Label("报价", "quotation")


def deadline(due=DUE, **rest):
    """A quotation that somebody waits for."""
    return Deadline(**({"subject": "V-7", "what": QUOTE, "due": due, "owner": "R-9"} | rest))


def deal(id="D-1", **rest):
    """A deal expected in September."""
    boxes = {"customer": "H-3", "owner": "R-9", "product": "P", "amount": wan(10), "at": AT}
    return Opportunity.open(id=id, **({"expected_close": date(2026, 9, 20)} | boxes | rest))


def visit(*promises):
    """A visit in which something was promised."""
    planned = Visit.open(
        id="V-7",
        customer="H-3",
        contact="DR-7",
        owner="R-9",
        product="P",
        day=date(2026, 7, 6),
        at=AT,
    )
    return planned.record(promises, at=AT) if promises else planned


def promise(**rest):
    """A promise of ours, made on 3 July."""
    boxes = {"key": "quote", "by": "company", "made_on": date(2026, 7, 3), "who": "R-9"}
    return Commitment(**(boxes | {"due": date(2026, 7, 10)} | rest))


# --- warnings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_before", "left"), [(3, []), (2, [2]), (1, [1]), (0, [0]), (-1, []), (-30, [])]
)
def test_a_warning_comes_two_days_before_and_on_the_day(days_before, left):
    """Once the day has passed, what is late is told elsewhere."""
    found = upcoming([deadline()], DUE - days_before * DAY)

    assert [finding.values["days"] for finding in found] == left
    assert WARNING_DAYS == 2


def test_how_early_is_the_hosts_word():
    """No days ahead still warns on the day itself."""
    assert upcoming([deadline()], DUE - 10 * DAY, within_days=10)
    assert not upcoming([deadline()], DUE - DAY, within_days=0)
    assert upcoming([deadline()], DUE, within_days=0)


@pytest.mark.parametrize(
    ("done_on", "warned"), [(None, 1), (DUE - 2 * DAY, 0), (DUE - DAY, 0), (DUE, 1), (LATER, 1)]
)
def test_what_is_done_needs_no_warning(done_on, warned):
    """On the day before it is due; what is done later is not known yet."""
    assert len(upcoming([deadline(done_on=done_on)], DUE - DAY)) == warned


def test_a_warning_says_what_and_when():
    """In both languages, with who sees to it among its values."""
    (finding,) = upcoming([deadline(date(2026, 7, 10))], date(2026, 7, 8))

    assert (finding.key, finding.subject, finding.severity) == ("due_soon", "V-7", Severity.WATCH)
    assert finding.text.zh == "报价于 2026-07-10 到期，还有 2 天"
    assert finding.text.en == "quotation is due on 2026-07-10, days left: 2"
    assert finding.values["owner"] == "R-9"
    assert [remark.key for remark in DEADLINE_REMARKS] == [finding.key]
    assert HAN.search(finding.advice.zh)
    assert not HAN.search(finding.advice.en)


DEADLINES = st.builds(
    deadline,
    due=st.dates(date(2026, 7, 1), date(2026, 7, 20)),
    subject=st.sampled_from(["V-1", "V-2", "N-1"]),
    done_on=st.none() | st.dates(date(2026, 7, 1), date(2026, 7, 20)),
)


@given(st.lists(DEADLINES, max_size=8), st.dates(date(2026, 6, 25), date(2026, 7, 25)))
def test_the_nearest_comes_first_and_nothing_is_left_out(deadlines, on):
    """In whatever order they were given; an oracle counts the days."""
    found = upcoming(deadlines, on, within_days=5)
    days = {on + n * DAY: n for n in range(6)}
    waiting = [d for d in deadlines if d.due in days and not (d.done_on and d.done_on <= on)]

    left = [(finding.values["days"], finding.subject) for finding in found]
    assert left == sorted((days[one.due], one.subject) for one in waiting)
    assert upcoming(deadlines[::-1], on, within_days=5) == found


# --- where deadlines come from ---------------------------------------------------------------


def test_a_notice_is_due_on_the_day_promised_last():
    """Nobody waits for it once it is done or cancelled."""
    put_off = receipted()
    gone = issued(id="N-2").cancel(by="R-9", at=morning(DUE), reason="order withdrawn")

    first, second, third = deadlines_of([put_off, put_off.done(at=morning(LATER)), gone])
    assert (first.subject, first.due, first.owner, first.done_on) == ("N-1", LATER, "W-2", None)
    assert (second.done_on, third.done_on) == (LATER, DUE)
    assert upcoming(deadlines_of([issued()]), ISSUED + 4 * DAY)


def test_a_promise_is_due_until_it_is_kept_or_taken_back():
    """By either side; one without a day is due on none."""
    kept = promise(key="kept", fulfilled_on=date(2026, 7, 8))
    back = promise(key="back", by="customer", who="", withdrawn_on=date(2026, 7, 9))

    found = deadlines_of([visit(promise(), kept, back, promise(key="vague", due=None))])
    assert [(one.subject, one.what.en, one.done_on) for one in found] == [
        ("V-7", "the promise “quote”", None),
        ("V-7", "the promise “kept”", date(2026, 7, 8)),
        ("V-7", "the promise “back”", date(2026, 7, 9)),
    ]
    assert [one.owner for one in found] == ["R-9", "R-9", ""]
    assert found[0].what.zh == "承诺“quote”"
    assert deadlines_of([visit()]) == ()


def test_an_item_of_a_checklist_is_due_where_it_has_a_day():
    """Of an academic event."""
    items = [
        ChecklistItem(
            key="room", label=Label("会场", "room"), owner="R-9", due=DUE, done_on=ISSUED
        ),
        ChecklistItem(key="light", label=Label("灯光", "light")),
    ]
    event = AcademicEvent(id="E-1", kind="salon", on=LATER, checklist=items)

    (only,) = deadlines_of([event])
    assert (only.subject, only.what, only.due) == ("E-1", Label("会场", "room"), DUE)
    assert (only.owner, only.done_on) == ("R-9", ISSUED)


def test_an_open_deal_is_due_on_its_expected_close():
    """A lost one, or one without a day, is not."""
    lost = deal("D-2").lose(LossReason.OTHER, at=AT)

    (only,) = deadlines_of([deal(), lost, deal("D-3", expected_close=None)])
    assert (only.subject, only.due, only.owner) == ("D-1", date(2026, 9, 20), "R-9")
    assert (only.what.zh, only.done_on) == ("预计成交", None)


def test_everything_dated_can_be_asked_at_once():
    """In the order given."""
    book = [deal(), issued(), visit(promise())]

    assert [one.subject for one in deadlines_of(iter(book))] == ["D-1", "N-1", "V-7"]
    assert deadlines_of([]) == ()


# --- a day without a year --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "day", "after", "found"),
    [
        (2, 6, DUE, LATER),
        (2, 3, DUE, DUE),
        (2, 2, DUE, date(2014, 2, 2)),
        (1, 4, date(2013, 12, 30), date(2014, 1, 4)),
        (12, 31, date(2013, 12, 30), date(2013, 12, 31)),
        (2, 29, date(2016, 1, 1), date(2016, 2, 29)),
        (2, 29, date(2015, 12, 30), date(2016, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_next_such_day(month, day, after, found):
    """The "2.6" of a receipt: in the year of the day due so far, or the next."""
    assert near_date(month, day, after) == found


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)), st.integers(0, 365))
def test_a_near_day_is_found_again(after, days):
    """Whatever day within a year is meant."""
    meant = after + days * DAY
    if (meant.month, meant.day) != (after.month, after.day):
        assert near_date(meant.month, meant.day, after) == meant


@pytest.mark.parametrize(
    ("month", "day", "after"),
    [
        (2, 30, DUE),
        (13, 1, DUE),
        (0, 1, DUE),
        (4, 0, DUE),
        (10**12, 1, DUE),
        (2, 29, date(2013, 3, 1)),
        (1, 1, date(2200, 2, 1)),
    ],
)
def test_a_day_that_no_calendar_has_is_refused(month, day, after):
    """Within the next year, that is, and within the calendar."""
    with pytest.raises(InvalidValue) as refused:
        near_date(month, day, after)
    assert refused.value.field == "day"


@pytest.mark.parametrize("bad", [SECRET, 2.0, None, True, -1, 10**13])
@pytest.mark.parametrize("box", ["month", "day"])
def test_month_and_day_are_counts(box, bad):
    """Neither texts nor floats."""
    with pytest.raises(InvalidValue) as refused:
        near_date(**({"month": 2, "day": 6, "after": DUE} | {box: bad}))
    assert refused.value.field == box
    assert SECRET not in str(refused.value)


# --- what is no deadline ---------------------------------------------------------------------


def test_a_deadline_is_a_value():
    """Equal by content, hashable, stored."""
    one = deadline()

    assert one == pickle.loads(pickle.dumps(one)) == copy.deepcopy(one)
    assert hash(one) == hash(copy.deepcopy(one))
    with pytest.raises(FrozenInstanceError):
        one.due = LATER


BAD = {
    "subject": ["", 7, None, f"{SECRET}\0"],
    "what": ["", SECRET, None, 7, Label],
    "due": [SECRET, 7, None, datetime(2013, 2, 3, tzinfo=UTC)],
    "owner": [7, None],
    "done_on": [SECRET, 7, datetime(2013, 2, 3, tzinfo=UTC)],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_deadline_is_refused(box, bad):
    """By the name of the box."""
    with pytest.raises(InvalidValue) as refused:
        deadline(**{box: bad})
    assert refused.value.field == box
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("bad", [SECRET, 7, None, [SECRET], [None], [7], issued()])
def test_what_has_no_deadline_is_refused(bad):
    """Instead of being left out without a word."""
    with pytest.raises(WrongType) as refused:
        deadlines_of(bad)
    assert refused.value.field == "things"
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("deadlines", "on", "within"),
    [
        ([SECRET], DUE, 2),
        (SECRET, DUE, 2),
        (None, DUE, 2),
        ([issued()], DUE, 2),
        ([deadline()], SECRET, 2),
        ([deadline()], datetime(2013, 2, 3, tzinfo=UTC), 2),
        ([deadline()], DUE, -1),
        ([deadline()], DUE, 2.0),
        ([deadline()], DUE, True),
        ([deadline()], DUE, None),
    ],
)
def test_what_cannot_be_asked_is_refused(deadlines, on, within):
    """Lists of deadlines, days, and whole numbers only."""
    with pytest.raises(SalesflowError) as refused:
        upcoming(deadlines, on, within)
    assert SECRET not in str(refused.value)
