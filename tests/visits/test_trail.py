"""The trail of a visit: what an event says, and which trails could never have grown."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

from people_strategies import everything_told
from salesflow.errors import InvalidValue, OutOfOrder, SalesflowError
from salesflow.visits import Need, Step, Visit, VisitAct, VisitEvent, VisitStatus
from salesflow.visits.trail import checked, follow
from visit_books import (
    AGREED,
    DAY,
    OWN,
    START,
    SUMMARY_OF_IT,
    WORD,
    aborted,
    closed,
    fields_of,
    later,
    objection,
    planned,
    promise,
    resolved,
    visits,
    walked,
)

PLANNED = planned().postpone(date(2026, 7, 8), at=later(1), reason="ill")
RUNNING = walked(Step.NEEDS, visit=PLANNED)
CLOSED = closed([promise()], visit=RUNNING)
CANCELLED = PLANNED.cancel(at=later(2), reason="no time")
LAST = walked(Step.POST_CALL_SUMMARY)
STANDINGS = {"planned": PLANNED, "running": RUNNING, "closed": CLOSED, "cancelled": CANCELLED}


def forged(visit, index, **changes):
    """The trail of a visit with one event changed."""
    trail = list(visit.trail)
    trail[index] = evolve(trail[index], **changes)
    return tuple(trail)


def grown(visit, act=VisitAct.RECORDED, **changes):
    """The trail of a visit with one more event, like the last but for its number and `changes`."""
    last = visit.trail[-1]
    more = {"sequence": last.sequence + 1, "source": last.target, "act": act, "records": ()}
    return (*visit.trail, evolve(last, **(more | changes)))


FORGED = {
    "nothing": (),
    "no events": ("opened", "closed"),
    "an event of another kind": (*RUNNING.trail, object()),
    "a gap in the sequence": (*RUNNING.trail[:2], *RUNNING.trail[3:]),
    "an event twice": (*RUNNING.trail, RUNNING.trail[-1]),
    "the wrong order": (RUNNING.trail[0], RUNNING.trail[2], RUNNING.trail[1]),
    "no opening": RUNNING.trail[1:],
    "a start that is no opening": forged(RUNNING, 0, act=VisitAct.RECORDED),
    "a start that comes from somewhere": forged(RUNNING, 0, source=Step.OPENING),
    "a start with another number": forged(RUNNING, 0, sequence=1),
    "a start that runs": forged(planned(), 0, status=VisitStatus.RUNNING),
    "a start at its end": forged(planned(), 0, status=VisitStatus.CLOSED),
    "two openings": grown(PLANNED, VisitAct.OPENED),
    "a source that is not the last target": forged(RUNNING, 3, source=Step.CLOSE),
    "a number that is a text": forged(RUNNING, 2, sequence="2"),
    "a close without a summary": grown(LAST, VisitAct.CLOSED, status=VisitStatus.CLOSED),
    "a close without a plan": grown(
        walked(Step.POST_CALL_SUMMARY, plan=None, ad_hoc=True),
        VisitAct.CLOSED,
        status=VisitStatus.CLOSED,
        records=(SUMMARY_OF_IT,),
    ),
    "an end as a step": grown(LAST, VisitAct.ADVANCED, target=VisitStatus.CLOSED, override=WORD),
    "a word that is none": grown(RUNNING, override="M-1"),
    "a reason that is none": grown(RUNNING, reason=None),
    "somebody who is none": grown(RUNNING, by=7),
    "a step changed without a move": grown(RUNNING, target=Step.CLOSE),
    "a step changed by a postponement": grown(
        PLANNED, VisitAct.POSTPONED, day=DAY, target=Step.OPENING
    ),
    "a step changed by the close": grown(
        walked(Step.CLOSE), VisitAct.CLOSED, status=VisitStatus.CLOSED, target=Step.OPENING
    ),
    "an advance that stays": grown(RUNNING, VisitAct.ADVANCED),
    "an abort that stays": grown(RUNNING, VisitAct.ABORTED),
    "an abort of a plan": grown(PLANNED, VisitAct.ABORTED, target=Step.POST_CALL_SUMMARY),
    "an opening that is not running": grown(PLANNED, VisitAct.ADVANCED, target=Step.OPENING),
    "a record that closes": grown(RUNNING, status=VisitStatus.CLOSED),
    "a record that cancels": grown(PLANNED, status=VisitStatus.CANCELLED),
    "a close that is none": grown(RUNNING, VisitAct.CLOSED),
    "a close of a plan": grown(PLANNED, VisitAct.CLOSED, status=VisitStatus.CLOSED),
    "a cancellation on the way": grown(RUNNING, VisitAct.CANCELLED, status=VisitStatus.CANCELLED),
    "a postponement on the way": grown(RUNNING, VisitAct.POSTPONED, day=DAY),
    "a postponement after the end": grown(CLOSED, VisitAct.POSTPONED, day=DAY),
    "a follow-up on the way": grown(RUNNING, VisitAct.FOLLOWED_UP),
    "a follow-up of a cancelled visit": grown(CANCELLED, VisitAct.FOLLOWED_UP),
    "a record after the end": grown(CLOSED),
    "a move after the end": grown(CLOSED, VisitAct.ADVANCED, target=Step.CLOSE),
    "an end after the end": grown(CLOSED, VisitAct.CLOSED),
    "a resurrection": grown(CANCELLED, VisitAct.ADVANCED, status=VisitStatus.RUNNING),
    "a day changed without a word": grown(PLANNED, day=date(2026, 8, 1)),
    "a day changed by a move": forged(RUNNING, -1, day=date(2026, 8, 1)),
    "a day lost": grown(RUNNING, day=None),
    "an instant that is a text": grown(RUNNING, at="2026-09-01"),
    "an instant that is none": grown(RUNNING, at=None),
    "a naive instant": grown(RUNNING, at=datetime(2026, 9, 1)),
    "an instant of another zone": forged(RUNNING, 0, at=START),
    "a step that is a text": grown(RUNNING, target="close"),
    "a step that is none": forged(planned(), 0, target=None),
    "an act that is a text": grown(RUNNING, act="recorded"),
    "an act that is none": grown(RUNNING, act=None),
    "a standing that is a text": grown(RUNNING, status="running"),
    "evidence that is none": grown(RUNNING, evidence=None),
    "evidence in a list": grown(RUNNING, evidence=[]),
    "evidence that is a text": grown(RUNNING, evidence=("x",)),
    "evidence that is another word": grown(RUNNING, evidence=(WORD,)),
    "a number that is a flag": forged(RUNNING, 1, sequence=True),
    "a number that is a float": forged(RUNNING, 2, sequence=2.0),
    "a day that is an instant": tuple(evolve(one, day=START) for one in planned().trail),
    "a day that is a text": forged(planned(), 0, day="2026-07-06"),
    "a step that is a status as a text": forged(planned(), 0, target="planned"),
    "an act of another list": grown(RUNNING, act=VisitStatus.CLOSED),
    "a standing of another list": grown(RUNNING, status=VisitAct.CLOSED),
    "records in a list": grown(RUNNING, records=[Need(key="a")]),
    "records that are none": grown(RUNNING, records=None),
    "records that are texts": grown(RUNNING, records=("speed",)),
    "records that are nested": grown(RUNNING, records=((Need(key="a"),),)),
}


@pytest.mark.parametrize("trail", FORGED.values(), ids=FORGED)
def test_a_trail_that_could_not_have_grown_is_refused(trail):
    """A visit can't be built from a trail that no verbs could have written."""
    with pytest.raises(InvalidValue) as refused:
        Visit(**fields_of(RUNNING) | {"trail": trail})
    assert refused.value.field in {"trail", "records"}


def test_time_that_goes_back_is_refused():
    """An event earlier than its predecessor names both instants; the same instant will do."""
    early = forged(RUNNING, -1, at=RUNNING.trail[-2].at - timedelta(seconds=1))

    with pytest.raises(OutOfOrder) as refused:
        checked(early)
    assert refused.value == OutOfOrder("2026-07-06T01:02:00+00:00", "2026-07-06T01:01:59+00:00")
    assert checked(forged(RUNNING, -1, at=RUNNING.trail[-2].at))


@pytest.mark.parametrize(
    "trail", [None, 5, "opened", START, PLANNED], ids=lambda value: type(value).__name__
)
def test_what_is_no_trail_is_refused(trail):
    """Anything but a run of events is refused by an error of the library."""
    with pytest.raises(SalesflowError) as refused:
        Visit(**fields_of(PLANNED) | {"trail": trail})
    assert refused.value.field == "trail"


def test_a_trail_may_come_as_any_run_of_events():
    """A list or an iterator is taken, and kept as a tuple."""
    assert checked(list(CLOSED.trail)) == checked(iter(CLOSED.trail)) == CLOSED.trail
    assert type(Visit(**fields_of(CLOSED) | {"trail": list(CLOSED.trail)}).trail) is tuple


def test_a_forged_trail_does_not_tell_what_was_said():
    """The words of a visit are in its trail, and in no error about it."""
    secret = objection("price", technique="CANARY7731")
    for trail in (grown(CLOSED, records=(secret,)), grown(RUNNING, records=(secret, "CANARY7731"))):
        with pytest.raises(SalesflowError) as refused:
            checked(trail)
        assert "CANARY7731" not in everything_told(refused.value)


# --- laws ----------------------------------------------------------------------------------------


@given(visits() | visits(OWN))
def test_a_trail_the_verbs_wrote_is_accepted(visit):
    """Whatever a visit went through, its trail proves itself."""
    assert checked(visit.trail) == visit.trail


@given(visits())
def test_a_trail_only_grows_forward(visit):
    """No event before its predecessor, no step without a move, nothing after a cancellation."""
    for before, after in pairwise(visit.trail):
        assert before.at <= after.at
        assert before.status is not VisitStatus.CANCELLED
        assert before.status is not VisitStatus.CLOSED or after.act is VisitAct.FOLLOWED_UP
        moved = after.act in {VisitAct.ADVANCED, VisitAct.ABORTED}
        assert (after.source is not after.target) is moved


@pytest.mark.parametrize("act", VisitAct)
@pytest.mark.parametrize("before", VisitStatus)
@pytest.mark.parametrize("after", VisitStatus)
def test_an_act_leads_from_one_standing_to_one_other(act, before, after):
    """Nine acts in their standings, and no tenth: told as a set of triples."""
    possible = {
        "recorded planned planned",
        "recorded running running",
        "postponed planned planned",
        "advanced planned running",
        "advanced running running",
        "aborted running running",
        "cancelled planned cancelled",
        "closed running closed",
        "followed_up closed closed",
    }
    visit = STANDINGS[before.value]
    moved = act in {VisitAct.ADVANCED, VisitAct.ABORTED}
    other = Step.OPENING if visit.step is Step.POST_CALL_SUMMARY else Step.POST_CALL_SUMMARY
    target = other if moved else visit.step
    trail = grown(visit, act, status=after, target=target, records=(SUMMARY_OF_IT,))

    if f"{act.value} {before.value} {after.value}" in possible:
        assert checked(trail) == trail
        return
    with pytest.raises(InvalidValue, match="standing"):
        checked(trail)


# --- when, and by whom -----------------------------------------------------------------------

VERBS = {
    "record": (RUNNING, lambda visit, **at: visit.record(Need(key="a"), **at)),
    "advance": (RUNNING, lambda visit, **at: visit.advance(**at)),
    "abort": (RUNNING, lambda visit, **at: visit.abort(reason="called", **at)),
    "close": (LAST, lambda visit, **at: visit.close(records=SUMMARY_OF_IT, **at)),
    "postpone": (PLANNED, lambda visit, **at: visit.postpone(DAY, reason="ill", **at)),
    "cancel": (PLANNED, lambda visit, **at: visit.cancel(reason="no time", **at)),
    "follow_up": (CLOSED, lambda visit, **at: visit.follow_up(promise().fulfil(DAY), **at)),
    "open": (None, lambda _, **rest: planned(**rest)),
}
EACH_VERB = pytest.mark.parametrize(("visit", "verb"), VERBS.values(), ids=VERBS)
NO_INSTANTS = {
    "naive": datetime(2026, 8, 1),
    "a date": date(2026, 8, 1),
    "a text": "2026-08-01T00:00:00Z",
    "None": None,
    "a number": 1_800_000_000,
    "True": True,
    "year 1": datetime(1, 1, 1, tzinfo=timezone.max),
    "year 9999": datetime(9999, 12, 31, 23, 59, tzinfo=timezone.min),
    "the year 2201": datetime(2201, 1, 2, tzinfo=UTC),
}


@EACH_VERB
@pytest.mark.parametrize("at", NO_INSTANTS.values(), ids=NO_INSTANTS)
def test_what_happened_happened_at_an_instant(visit, verb, at):
    """A naive datetime, a date, a text or a year beyond reason is refused, and nothing happens."""
    before = copy.deepcopy(visit)

    with pytest.raises(InvalidValue) as refused:
        verb(visit, at=at)
    assert refused.value.field == "at"
    assert visit == before


@EACH_VERB
def test_by_whom_is_a_name_or_nobody(visit, verb):
    """Every verb takes an optional `by`; what is no text is refused there."""
    assert verb(visit, at=later(60), by=" R-2 ").trail[-1].by == "R-2"
    assert verb(visit, at=later(60)).trail[-1].by == ""
    for by in (5, None, b"R-2", ["R-2"], "x" * 10_000, "a\x00", "a\u202e"):
        with pytest.raises(InvalidValue) as refused:
            verb(visit, at=later(60), by=by)
        assert refused.value.field == "by"


@EACH_VERB
def test_nothing_happens_before_what_happened(visit, verb):
    """An event out of order is refused with both instants; the same instant is taken."""
    if visit is None:
        return
    last = visit.trail[-1].at

    assert verb(visit, at=last).trail[-1].at == last
    with pytest.raises(OutOfOrder) as refused:
        verb(visit, at=last - timedelta(microseconds=1))
    assert refused.value.last == last.isoformat()


@EACH_VERB
def test_an_instant_is_kept_in_utc(visit, verb):
    """Whatever the zone of the host, the trail has one."""
    at = later(60).in_timezone("Asia/Kathmandu")
    event = verb(visit, at=at).trail[-1]

    assert event.at == at
    assert event.at.isoformat().endswith("+00:00")


# --- events --------------------------------------------------------------------------------------


def test_acts_are_said_in_both_languages():
    """A trail can be read in Chinese and in English, and its keys are plain."""
    for act in VisitAct:
        assert not act.label("zh").isascii()
        assert act.label("en").isascii()
        assert act.value == act.name.lower()


def test_every_act_is_done_by_some_verb():
    """There is no act that no visit can do."""
    full = aborted(Step.NEEDS, visit=PLANNED.record(Need(key="a"), at=later(1)))
    full = full.close(at=later(99), records=[SUMMARY_OF_IT, promise()])
    full = full.follow_up(promise(), at=later(100))

    assert {event.act for one in (full, CANCELLED) for event in one.trail} == set(VisitAct)


def test_an_event_keeps_what_it_is_not_told_to_change():
    """What is not given stays as it was; what belongs to one event alone starts afresh."""
    last = forged(RUNNING, -1, records=(Need(key="a"),), override=WORD, reason="so", by="R-1")[-1]
    after = follow(last, VisitAct.RECORDED, later(60))

    assert (after.sequence, after.source) == (last.sequence + 1, last.target)
    assert (after.target, after.status, after.day) == (last.target, last.status, last.day)
    assert (after.records, after.evidence, after.override) == ((), (), None)
    assert (after.by, after.reason) == ("", "")
    assert type(after) is VisitEvent


def test_an_event_changes_what_it_is_told_to():
    """Each field that a verb may set is set, and none can be set again."""
    told = {
        "target": Step.CLOSE,
        "status": VisitStatus.CLOSED,
        "day": DAY,
        "records": (resolved(),),
        "evidence": (AGREED,),
        "override": WORD,
        "reason": "so it was",
    }
    after = follow(RUNNING.trail[-1], VisitAct.RECORDED, later(60), by="R-9", **told)

    assert {name: getattr(after, name) for name in told} == told
    with pytest.raises(FrozenInstanceError):
        after.reason = "another"


@pytest.mark.parametrize("event", CLOSED.trail, ids=lambda event: event.act.name)
def test_an_event_is_a_value(event):
    """Equal by content, hashable, and the same after a journey, whoever made it."""
    made = VisitEvent(**{name: getattr(event, name) for name in VisitEvent.__slots__})

    for arrived in (pickle.loads(pickle.dumps(event)), copy.deepcopy(event), made):
        assert arrived == event
        assert hash(arrived) == hash(event)
    assert evolve(event, by="another") != event
    assert "another" not in repr(evolve(event, by="another", reason="another"))
