"""The life of a business notice is a table, and its trail is one that verbs could have written."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

from notice_books import DUE, HELP, ISSUED, LATER, REASON, issued, morning, notices, receipted
from salesflow.conduct.notice_trail import NOTICE, NoticeEvent, NoticeState, checked
from salesflow.diagrams import mermaid
from salesflow.errors import InvalidValue, NoSuchMove, OutOfOrder, SalesflowError, SkippedStage

HAN = re.compile(r"[\u4e00-\u9fff]")
SECRET = "CANARY"
FIRST = issued().trail[0]
ACCEPTED = issued().accept(at=morning(ISSUED)).trail
RECEIPTED = receipted().trail
HELPED = receipted().resolve_help(at=morning(LATER)).trail
DONE = receipted().done(at=morning(LATER)).trail

WAYS = {
    (NoticeState.ISSUED, NoticeState.ACCEPTED),
    (NoticeState.ACCEPTED, NoticeState.DONE),
    (NoticeState.RECEIPTED, NoticeState.DONE),
    (NoticeState.ISSUED, NoticeState.RECEIPTED),
    (NoticeState.ACCEPTED, NoticeState.RECEIPTED),
    (NoticeState.RECEIPTED, NoticeState.RECEIPTED),
    (NoticeState.ISSUED, NoticeState.CANCELLED),
    (NoticeState.ACCEPTED, NoticeState.CANCELLED),
    (NoticeState.RECEIPTED, NoticeState.CANCELLED),
}


def event(**rest):
    """A receipt."""
    boxes = {"at": morning(DUE), "state": "receipted", "due": LATER, "reason": REASON}
    return NoticeEvent(**(boxes | rest))


def leading_to(state, last):
    """An event that leads to a state, with everything in it that the state wants."""
    receipt = state is NoticeState.RECEIPTED
    due = last.due + timedelta(days=1) if receipt else last.due
    return event(at=last.at, state=state, due=due, by="R-9")


# --- the table -------------------------------------------------------------------------------


def test_the_table_is_that_of_the_trade():
    """Issued, accepted, done; put off by receipts; cancelled: each in both languages."""
    rows = {(row.source, row.target) for row in (*NOTICE.moves, *NOTICE.departures)}

    assert rows == WAYS
    assert (NOTICE.start, NOTICE.final) == (
        NoticeState.ISSUED,
        (NoticeState.DONE, NoticeState.CANCELLED),
    )
    for state in NoticeState:
        assert HAN.search(state.label("zh"))
        assert not HAN.search(state.label("en"))


def test_the_table_can_be_drawn():
    """With the receipt that follows a receipt as an arrow to itself."""
    at = NOTICE.position(NoticeState.RECEIPTED)

    assert f"s{at} --> s{at}" in mermaid(NOTICE, departures=True)


TRAILS = {
    NoticeState.ISSUED: (FIRST,),
    NoticeState.ACCEPTED: ACCEPTED,
    NoticeState.RECEIPTED: RECEIPTED,
    NoticeState.DONE: DONE,
    NoticeState.CANCELLED: issued().cancel(by="R-9", at=morning(DUE), reason="dropped").trail,
}


@pytest.mark.parametrize(("source", "target"), [*product(NoticeState, repeat=2)])
def test_a_trail_moves_as_the_table_says_and_not_otherwise(source, target):
    """For every pair of states; what the table lacks is refused by name."""
    trail = TRAILS[source]
    grown = (*trail, leading_to(target, trail[-1]))

    if (source, target) in WAYS:
        assert checked(grown) == grown
    else:
        with pytest.raises(NoSuchMove) as refused:
            checked(grown)
        assert (refused.value.source, refused.value.target) == (source, target)


def test_what_nobody_accepted_is_not_done():
    """The step that is left out is named."""
    with pytest.raises(SkippedStage) as refused:
        checked((FIRST, leading_to(NoticeState.DONE, FIRST)))

    assert refused.value.skipped == (NoticeState.ACCEPTED,)


# --- the trail -------------------------------------------------------------------------------


def test_time_does_not_go_back():
    """The same instant will do."""
    early = evolve(ACCEPTED[-1], at=FIRST.at - timedelta(microseconds=1))

    assert checked((FIRST, evolve(early, at=FIRST.at)))
    with pytest.raises(OutOfOrder) as refused:
        checked((FIRST, early))
    assert refused.value.last == "2013-01-28T01:00:00+00:00"


@pytest.mark.parametrize("due", [ISSUED, DUE - timedelta(days=1), DUE])
def test_a_receipt_promises_a_later_day(due):
    """AE-59 and invariant 36: the days due strictly increase."""
    with pytest.raises(InvalidValue) as refused:
        checked((FIRST, event(due=due)))

    assert refused.value.field == "due"


FORGED = {
    "nothing": (),
    "no issue": RECEIPTED[1:],
    "an issue that helps": (evolve(FIRST, helped=True),),
    "a day changed by the acceptance": (FIRST, evolve(ACCEPTED[-1], due=LATER)),
    "a day changed by the completion": (*DONE[:-1], evolve(DONE[-1], due=DUE)),
    "a day changed by help": (*HELPED[:-1], evolve(HELPED[-1], due=LATER + timedelta(days=1))),
    "help that moves": (FIRST, evolve(ACCEPTED[-1], helped=True)),
    "help after the end": (*DONE, evolve(DONE[-1], helped=True)),
    "an event of another kind": (FIRST, SECRET),
    "a text": SECRET,
    "no list": None,
}


@pytest.mark.parametrize("trail", FORGED.values(), ids=FORGED)
def test_a_trail_that_no_verbs_could_have_written_is_refused(trail):
    """By the name of the box, without a word of what stood in it."""
    with pytest.raises(InvalidValue) as refused:
        checked(trail)

    assert refused.value.field == "trail"
    assert SECRET not in str(refused.value)


@given(notices())
def test_every_trail_that_verbs_write_is_accepted(notice):
    """As a list too; it comes back as a tuple."""
    assert checked(list(notice.trail)) == notice.trail


# --- an event --------------------------------------------------------------------------------


def test_an_event_is_a_value():
    """Hashable, stored, in UTC, and silent about what somebody typed."""
    one = event(at=datetime(2013, 2, 3, tzinfo=UTC), help=HELP, by=SECRET, state="receipted")

    assert one == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(copy.deepcopy(one))
    assert (one.at.isoformat(), one.state) == ("2013-02-03T00:00:00+00:00", NoticeState.RECEIPTED)
    assert event(by=SECRET).is_receipt
    assert not {SECRET, HELP, REASON} & set(re.findall(r"\w+", repr(one)))
    with pytest.raises(FrozenInstanceError):
        one.helped = True


def test_the_word_that_help_came_is_no_receipt():
    """It wants no reason, and asks for no help."""
    assert not event(helped=True, reason="").is_receipt
    with pytest.raises(InvalidValue, match="help"):
        event(helped=True, reason="", help=HELP)


@pytest.mark.parametrize("state", ["issued", "accepted", "done", "cancelled"])
def test_help_is_asked_for_in_a_receipt(state):
    """Nowhere else."""
    with pytest.raises(InvalidValue) as refused:
        event(state=state, help=HELP)

    assert refused.value.field == "help"


@pytest.mark.parametrize("state", NoticeState)
@pytest.mark.parametrize("reason", ["", "  "])
def test_a_receipt_and_a_cancellation_want_a_reason(state, reason):
    """AE-59: and nothing else does."""
    if state in (NoticeState.RECEIPTED, NoticeState.CANCELLED):
        with pytest.raises(InvalidValue) as refused:
            event(state=state, reason=reason)
        assert refused.value.field == "reason"
    else:
        assert event(state=state, reason=reason).reason == ""


BAD = {
    "at": [SECRET, 7, None, 1.5, datetime(2013, 2, 3), ISSUED, datetime(1066, 1, 1, tzinfo=UTC)],
    "state": ["lost", SECRET, 7, None, True, [], ISSUED],
    "due": [SECRET, 7, None, datetime(2013, 2, 3, tzinfo=UTC)],
    "reason": [7, None, f"a\0{SECRET}", "x" * 4001],
    "help": [7, None, f"{SECRET}\u202e"],
    "helped": [1, None, "yes"],
    "by": [7, None, f"{SECRET}\n{SECRET}"],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_event_is_refused(box, bad):
    """By the name of the box."""
    with pytest.raises(SalesflowError) as refused:
        event(**{box: bad})

    assert refused.value.field == box
    assert SECRET not in str(refused.value)
