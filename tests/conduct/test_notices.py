"""A business notice lands on a person, has a day, and never forgets the first one."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

from notice_books import (
    DUE,
    HELP,
    ISSUED,
    LATER,
    REASON,
    TZ,
    boxes_of,
    days_around,
    issued,
    morning,
    notices,
    receipted,
)
from salesflow.conduct.notice_trail import NoticeState
from salesflow.conduct.notices import NOTICE_REMARKS, HelpItem, Lateness, Notice
from salesflow.errors import (
    InvalidValue,
    NoSuchMove,
    OutOfOrder,
    SalesflowError,
    SkippedStage,
    WrongType,
)

HAN = re.compile(r"[\u4e00-\u9fff]")
SECRET = "CANARY"
DAY = timedelta(days=1)
FAR = date(2027, 1, 1)


def found(notice, on):
    """The keys of its findings."""
    return [finding.key for finding in notice.findings(on)]


# --- the example of the trade ----------------------------------------------------------------


def test_ae_57_the_example_of_the_trade():
    """AE-57: put off by its receipt; lead 6, slip 3, total 9 days; one open help item."""
    notice = receipted()

    assert notice.state is NoticeState.RECEIPTED
    assert (notice.lead_days, notice.slip_days, notice.total_days) == (6, 3, 9)
    assert notice.open_help == (
        HelpItem(notice="N-1", department="库房", text=HELP, since=date(2013, 2, 2)),
    )
    assert (notice.issued_on, notice.due_dates, notice.due) == (ISSUED, (DUE, LATER), LATER)


def test_ae_58_a_receipt_is_required_when_the_day_passes():
    """AE-58: as of 4 February it is one day overdue; as of the 3rd nothing is wrong."""
    notice = issued()
    (finding,) = notice.findings(DUE + DAY)

    assert (finding.key, finding.subject, finding.values["days"]) == ("receipt_required", "N-1", 1)
    assert notice.overdue(DUE + DAY)
    assert notice.findings(DUE) == ()
    assert not notice.overdue(DUE)


def test_ae_59_a_receipt_wants_a_reason_and_a_later_day():
    """AE-59: without a reason, or for 2 February, it is refused."""
    with pytest.raises(InvalidValue) as refused:
        receipted(reason="")
    assert refused.value.field == "reason"

    for due in (date(2013, 2, 2), DUE, None):
        with pytest.raises(InvalidValue) as refused:
            receipted(due=due)
        assert refused.value.field == "due"


def test_ae_60_done_on_the_day_of_the_receipt():
    """AE-60: on time against the latest day, three days late against the original one."""
    notice = receipted().done(at=morning(LATER))

    assert (notice.state, notice.done_on) == (NoticeState.DONE, LATER)
    for on in (LATER, LATER + DAY, FAR):
        assert notice.lateness(on) == Lateness(original=3, latest=0)


# --- verbs -----------------------------------------------------------------------------------


def test_a_notice_is_accepted_and_done():
    """Each verb returns another notice and leaves the one before as it was."""
    notice = issued()
    done = notice.accept(at=morning(ISSUED, 10), by="W-2").done(at=morning(DUE), by="W-2")

    assert [event.state.name for event in done.trail] == ["ISSUED", "ACCEPTED", "DONE"]
    assert [event.by for event in done.trail] == ["", "W-2", "W-2"]
    assert (done.open, done.closed_on, done.due_dates) == (False, DUE, (DUE,))
    assert (notice.state, notice.closed_on, notice.open) == (NoticeState.ISSUED, None, True)


def test_a_second_receipt_adds_to_the_days():
    """The state stays; every day remains on record."""
    again = receipted(receipted(), due=date(2013, 2, 10), help="", at=morning(LATER))

    assert again.state is NoticeState.RECEIPTED
    assert again.due_dates == (DUE, LATER, date(2013, 2, 10))
    assert (again.lead_days, again.slip_days, again.total_days) == (6, 7, 13)
    assert len(again.open_help) == 1


def test_an_accepted_notice_can_be_put_off():
    """Who took it on may find that it cannot be done in time."""
    assert receipted(issued().accept(at=morning(ISSUED))).due_dates == (DUE, LATER)


def test_only_who_issued_it_cancels_it():
    """With a reason; afterwards nobody waits for it."""
    notice = receipted()
    gone = notice.cancel(by=" R-9 ", at=morning(LATER), reason="order withdrawn")

    assert (gone.state, gone.closed_on, gone.done_on) == (NoticeState.CANCELLED, LATER, None)
    assert gone.open_help == ()
    for by in ("W-2", "", SECRET):
        with pytest.raises(InvalidValue) as refused:
            notice.cancel(by=by, at=morning(LATER), reason="order withdrawn")
        assert refused.value.field == "by"
        assert SECRET not in str(refused.value)
    with pytest.raises(InvalidValue, match="reason"):
        notice.cancel(by="R-9", at=morning(LATER), reason=" ")


def test_help_that_came_closes_the_item():
    """Everything asked for so far; what a later receipt asks for is open again."""
    twice = receipted(receipted(), due=date(2013, 2, 10), at=morning(LATER))
    helped = twice.resolve_help(at=morning(LATER, 10), by="R-9")
    third = receipted(helped, due=date(2013, 2, 20), at=morning(date(2013, 2, 9)))

    assert [item.since for item in twice.open_help] == [date(2013, 2, 2), LATER]
    assert helped.open_help == ()
    assert (helped.state, helped.due_dates) == (twice.state, twice.due_dates)
    assert [item.since for item in third.open_help] == [date(2013, 2, 9)]
    assert helped.done(at=morning(date(2013, 2, 10))).done_on == date(2013, 2, 10)


@pytest.mark.parametrize(
    "notice",
    [issued(), receipted(help=""), receipted().done(at=morning(LATER))],
    ids=["issued", "no help asked", "done"],
)
def test_help_comes_only_where_it_is_asked_for(notice):
    """It can be asked beforehand: `open_help` is empty."""
    assert notice.open_help == ()
    with pytest.raises(InvalidValue) as refused:
        notice.resolve_help(at=morning(LATER))
    assert refused.value.field == "help"


VERBS = {
    NoticeState.ACCEPTED: lambda notice, at: notice.accept(at=at),
    NoticeState.RECEIPTED: lambda notice, at: notice.receipt(
        reason=REASON, due=notice.due + DAY, at=at
    ),
    NoticeState.DONE: lambda notice, at: notice.done(at=at),
    NoticeState.CANCELLED: lambda notice, at: notice.cancel(by="R-9", reason="dropped", at=at),
}


@given(notices())
def test_a_verb_works_where_it_is_allowed_and_is_refused_elsewhere(notice):
    """Asked and done say the same."""
    at = notice.trail[-1].at
    assert NoticeState.ISSUED not in notice.allowed
    for state, verb in VERBS.items():
        if state in notice.allowed:
            assert verb(notice, at).state is state
        else:
            with pytest.raises(NoSuchMove) as refused:
                verb(notice, at)
            assert refused.value.source is notice.state


def test_what_is_allowed_is_told_in_the_order_of_the_table():
    """Of an issued, a put off and a closed notice."""
    assert [state.name for state in issued().allowed] == ["ACCEPTED", "RECEIPTED", "CANCELLED"]
    assert [state.name for state in receipted().allowed] == ["RECEIPTED", "DONE", "CANCELLED"]
    assert receipted().done(at=morning(LATER)).allowed == ()


def test_what_nobody_accepted_is_not_done():
    """The step left out is named."""
    with pytest.raises(SkippedStage):
        issued().done(at=morning(DUE))


def test_time_does_not_go_back():
    """Every verb refuses an instant before the last one."""
    notice = receipted()
    for verb in (*VERBS.values(), lambda notice, at: notice.resolve_help(at=at)):
        with pytest.raises((OutOfOrder, NoSuchMove)):
            verb(notice, morning(ISSUED))
    with pytest.raises(OutOfOrder):
        notice.done(at=notice.trail[-1].at - timedelta(microseconds=1))


# --- on a day --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notice", "on", "late", "keys"),
    [
        (issued(), ISSUED - DAY, (0, 0), []),
        (issued(), ISSUED, (0, 0), []),
        (issued(), DUE, (0, 0), []),
        (issued(), DUE + 5 * DAY, (5, 5), ["receipt_required"]),
        (issued().accept(at=morning(ISSUED)), DUE + DAY, (1, 1), ["receipt_required"]),
        (receipted(), date(2013, 2, 1), (0, 0), []),
        (receipted(), date(2013, 2, 2), (0, 0), ["help_open"]),
        (receipted(), DUE + DAY, (1, 0), ["help_open"]),
        (receipted(), LATER, (3, 0), ["help_open"]),
        (receipted(), LATER + DAY, (4, 1), ["receipt_required", "help_open"]),
        (receipted(help=""), LATER + DAY, (4, 1), ["receipt_required"]),
        (receipted(at=morning(DUE + 2 * DAY)), DUE + DAY, (1, 1), ["receipt_required"]),
        (receipted(at=morning(DUE + 2 * DAY)), DUE + 2 * DAY, (2, 0), ["help_open"]),
        (receipted().resolve_help(at=morning(LATER)), LATER, (3, 0), []),
        (receipted().done(at=morning(LATER + DAY)), LATER, (3, 0), ["help_open"]),
        (receipted().done(at=morning(LATER + DAY)), LATER + DAY, (4, 1), []),
        (receipted().done(at=morning(LATER + DAY)), FAR, (4, 1), []),
        (issued().cancel(by="R-9", at=morning(DUE + DAY), reason="x"), DUE, (0, 0), []),
        (issued().cancel(by="R-9", at=morning(DUE + 2 * DAY), reason="x"), FAR, (0, 0), []),
        (
            issued().cancel(by="R-9", at=morning(DUE + 2 * DAY), reason="x"),
            DUE + DAY,
            (1, 1),
            ["receipt_required"],
        ),
    ],
)
def test_a_notice_is_judged_at_the_end_of_a_day(notice, on, late, keys):
    """What happened later is not known yet."""
    assert notice.lateness(on) == Lateness(original=late[0], latest=late[1])
    assert notice.overdue(on) is ("receipt_required" in keys)
    assert found(notice, on) == keys


@given(notices(), days_around())
def test_invariant_36_days_only_grow(notice, on):
    """Invariant 36: days strictly increase, completion follows issue, latest is never later."""
    late = notice.lateness(on)

    assert all(before < after for before, after in pairwise(notice.due_dates))
    assert notice.due_dates[0] >= notice.issued_on
    assert notice.due == notice.due_dates[-1]
    assert notice.closed_on is None or notice.closed_on >= notice.issued_on
    assert 0 <= late.latest <= late.original
    assert late.original - late.latest <= notice.slip_days
    assert notice.lead_days + notice.slip_days == notice.total_days
    assert all(event.reason for event in notice.trail if event.is_receipt)


@given(notices(), days_around())
def test_lateness_agrees_with_counting_the_days(notice, on):
    """A naive oracle: walk day by day, and count those on which the notice was past its day."""
    then = notice.at_end_of(on)
    if then is None or then.state is NoticeState.CANCELLED:
        assert notice.lateness(on) == Lateness(original=0, latest=0)
        return
    first, last = then.trail[0].due, then.trail[-1].due
    lived = [then.issued_on + n * DAY for n in range(400)]
    waited = [one for one in lived if one <= (then.closed_on or on)]
    assert notice.lateness(on) == Lateness(
        original=sum(one > first for one in waited), latest=sum(one > last for one in waited)
    )


@given(notices(), days_around())
def test_an_open_notice_grows_late_by_a_day_each_day(notice, on):
    """And never earlier; overdue is late against the latest day and open."""
    then = notice.at_end_of(on)
    if then is not None and then.open:
        today, tomorrow = then.lateness(on), then.lateness(on + DAY)
        assert tomorrow.original - today.original == (on >= then.due_dates[0])
        assert notice.overdue(on) is (today.latest > 0)
    else:
        assert not notice.overdue(on)


@given(notices(), days_around())
def test_the_past_is_not_rewritten(notice, on):
    """What was found on a day is found again, however the notice went on."""
    then = notice.at_end_of(on)
    if then is None:
        assert notice.issued_on > on
        assert notice.findings(on) == ()
    else:
        assert then.findings(on) == notice.findings(on)
        assert then.trail == notice.trail[: len(then.trail)]
        assert then.as_of(then.trail[-1].at) is then


def test_the_notice_as_of_an_instant():
    """That instant included; before its issue there is none."""
    notice = receipted()
    at = morning(date(2013, 2, 2))

    assert notice.as_of(at) is notice
    assert notice.as_of(at - timedelta(seconds=1)) == issued()
    assert notice.as_of(morning(ISSUED, 8)) is None
    for bad in (SECRET, DUE, None, datetime(2013, 2, 2)):
        with pytest.raises(SalesflowError) as refused:
            notice.as_of(bad)
        assert SECRET not in str(refused.value)


def test_a_day_is_a_day_where_the_notice_lives():
    """Delivered on 4 February at 07:00 in Shanghai: it is still the 3rd in London."""
    at = morning(DUE + DAY, 7)

    here, there = (issued(tz=tz).accept(at=morning(ISSUED)).done(at=at) for tz in (TZ, "UTC"))
    assert (here.done_on, here.lateness(FAR).original) == (DUE + DAY, 1)
    assert (there.done_on, there.lateness(FAR).original) == (DUE, 0)


def test_midnight_belongs_to_the_day_that_begins():
    """What happened on the stroke of the 6th is not known at the end of the 5th."""
    notice = receipted().done(at=morning(LATER, 0))

    assert notice.at_end_of(LATER - DAY) == receipted()
    assert notice.at_end_of(LATER) is notice
    assert notice.done_on == LATER


@pytest.mark.parametrize("ask", ["overdue", "lateness", "findings", "at_end_of"])
@pytest.mark.parametrize("bad", [SECRET, 7, None, datetime(2013, 2, 3, tzinfo=UTC)])
def test_a_notice_is_asked_on_a_day(ask, bad):
    """A datetime has no day without a zone."""
    with pytest.raises(WrongType) as refused:
        getattr(receipted(), ask)(bad)
    assert SECRET not in str(refused.value)


# --- findings --------------------------------------------------------------------------------


def test_every_remark_is_provoked_and_speaks_both_languages():
    """It says what is wrong and what to do."""
    findings = receipted().findings(FAR)

    assert [finding.key for finding in findings] == [remark.key for remark in NOTICE_REMARKS]
    for finding in findings:
        for label in (finding.text, finding.advice):
            assert HAN.search(label.zh)
            assert not HAN.search(label.en)
            assert not set("{}") & set(label.zh + label.en)


def test_a_finding_repeats_nothing_that_was_typed():
    """Neither the details nor the help, nor the reason."""
    notice = receipted(issued(details=SECRET), help=SECRET, reason=SECRET)

    assert SECRET not in str(notice.findings(FAR))


# --- what is a notice, and what is none ------------------------------------------------------


def test_a_notice_is_a_value():
    """Equal by content, hashable, copied and stored."""
    notice = receipted()

    assert notice == copy.deepcopy(notice) == pickle.loads(pickle.dumps(notice))
    assert hash(notice) == hash(copy.deepcopy(notice))
    assert Notice(**boxes_of(notice)) == notice
    assert Notice(**boxes_of(notice) | {"trail": list(notice.trail)}) == notice
    assert evolve(notice, manner="").manner == ""
    with pytest.raises(FrozenInstanceError):
        notice.id = "N-2"
    for value in (notice.open_help[0], notice.lateness(FAR)):
        assert value == pickle.loads(pickle.dumps(value))
        assert hash(value) == hash(copy.deepcopy(value))


def test_it_prints_short_and_without_what_was_typed():
    """Its id, its state and its day."""
    notice = receipted(issued(details=SECRET), help=SECRET)

    assert repr(notice) == "<Notice N-1: RECEIPTED, due 2013-02-06>"
    assert SECRET not in repr(notice.open_help)


def test_a_notice_is_due_on_its_own_day_at_the_earliest():
    """Lead time is not negative."""
    assert issued(due=ISSUED).lead_days == 0
    with pytest.raises(InvalidValue) as refused:
        issued(due=ISSUED - DAY)
    assert refused.value.field == "due"


def test_a_stored_notice_was_cancelled_by_who_issued_it():
    """The constructor proves what the verb demands."""
    gone = issued().cancel(by="R-9", at=morning(DUE), reason="dropped")

    with pytest.raises(InvalidValue, match="by"):
        Notice(**boxes_of(gone) | {"issuer": "R-8"})


BAD = {
    "id": ["", " ", 7, None, f"{SECRET}\0", "x" * 201],
    "department": ["", 7, None, f"{SECRET}\u202e"],
    "contact": ["", 7, None],
    "issuer": ["", 7, None, b"R-9"],
    "issuer_department": [7, None, f"{SECRET}\n{SECRET}"],
    "details": ["", " \n ", 7, None, f"{SECRET}\0", "x" * 4001],
    "manner": [7, None],
    "tz": ["", SECRET, "Asia/Beijing", "../../etc/passwd", 8, None],
    "due": [SECRET, 7, None, 1.5, datetime(2013, 2, 3, tzinfo=UTC), date(1066, 1, 1)],
    "at": [SECRET, 7, None, ISSUED, datetime(2013, 1, 28)],
    "by": [7, None, f"{SECRET}\0"],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_notice_is_refused(box, bad):
    """By the name of the box: responsibility lands on a person, so contact and issuer are there."""
    with pytest.raises(InvalidValue) as refused:
        issued(**{box: bad})

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("verb", VERBS.values(), ids=[state.value for state in VERBS])
@pytest.mark.parametrize("bad", [SECRET, 7, None, DUE, datetime(2013, 2, 3)])
def test_a_verb_happens_at_an_instant(verb, bad):
    """Aware, and nothing else."""
    with pytest.raises(InvalidValue) as refused:
        verb(receipted(), bad)

    assert refused.value.field == "at"
    assert SECRET not in str(refused.value)
