"""The trail: what an event says, and which trails could never have grown."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given

from books import GENERAL, START, WORD, answer, climb, lives, new_deal, on_day, sell, yuan
from salesflow.errors import (
    ClosedDeal,
    CurrencyMismatch,
    InvalidValue,
    OutOfOrder,
    SalesflowError,
    WrongType,
)
from salesflow.funnel import (
    FUNNEL,
    KEEP,
    Act,
    Event,
    LossReason,
    Opportunity,
    Stage,
    Status,
    replay,
)
from salesflow.funnel.trail import checked, close, follow, not_before, worth
from salesflow.money import Money

#: opened, advanced, revised, paid in part, held, resumed
OPEN = (
    climb(new_deal(), Stage.INFO_COLLECTION)
    .revise(at=on_day(2), amount=yuan(120))
    .collect(yuan(50), at=on_day(3))
    .hold(at=on_day(4), reason="frozen")
    .resume(at=on_day(5))
)
LOST = OPEN.lose(LossReason.CHOSE_COMPETITOR, at=on_day(6), competitor="X")
WON = sell(new_deal(stage=Stage.PAYMENT_AND_RESALE))


def forged(deal, index, **changes):
    """The trail of a deal with one event changed."""
    trail = list(deal.trail)
    trail[index] = evolve(trail[index], **changes)
    return tuple(trail)


def grown(deal, **changes):
    """The trail of a deal with one more event, like the last but for its sequence and `changes`."""
    last = deal.trail[-1]
    more = {"sequence": last.sequence + 1, "source": last.target, "act": Act.RECORDED} | changes
    return (*deal.trail, evolve(last, **more))


FORGED = {
    "nothing": (),
    "no events": ("opened", "won"),
    "an event of another kind": (*OPEN.trail, object()),
    "a gap in the sequence": (*OPEN.trail[:2], *OPEN.trail[3:]),
    "an event twice": (*OPEN.trail, OPEN.trail[-1]),
    "no opening": OPEN.trail[1:],
    "a start that is no opening": forged(OPEN, 0, act=Act.RECORDED),
    "a start that comes from somewhere": forged(OPEN, 0, source=Stage.TARGET_GROUP),
    "a start with another number": forged(OPEN, 0, sequence=1),
    "two openings": grown(OPEN, act=Act.OPENED),
    "an import in the middle": grown(OPEN, act=Act.IMPORTED),
    "a source that is not the last target": forged(OPEN, 2, source=Stage.TARGET_GROUP),
    "an amount changed without a revision": forged(OPEN, 1, amount=yuan(99)),
    "a stage changed without a move": grown(OPEN, target=Stage.TRUST_BUILDING),
    "a stage changed by a collection": grown(
        OPEN, act=Act.COLLECTED, collected=yuan(60), target=Stage.TARGET_GROUP
    ),
    "a win without a decision": grown(OPEN, status=Status.WON),
    "a loss without a decision": grown(OPEN, status=Status.LOST, loss=LossReason.OTHER),
    "an event after the win": grown(WON),
    "an advance after the win": grown(WON, act=Act.ADVANCED),
    "a reopening after the win": grown(WON, act=Act.REOPENED, status=Status.OPEN),
    "a loss after the win": grown(WON, act=Act.LOST, status=Status.LOST, loss=LossReason.OTHER),
    "an event after the loss": grown(LOST),
    "cash after the loss": grown(LOST, act=Act.COLLECTED, collected=yuan(60)),
    "a loss without a reason": forged(LOST, -1, loss=None),
    "a reason without a loss": grown(OPEN, loss=LossReason.OTHER),
    "a hold on a lost deal": forged(LOST, -1, held=True),
    "more cash than the amount": forged(OPEN, -1, collected=yuan(121)),
    "cash below zero": forged(new_deal(), 0, collected=yuan(-1)),
    "cash without a collection": grown(OPEN, collected=yuan(60)),
    "a collection without cash": grown(OPEN, act=Act.COLLECTED),
    "cash that melts away": grown(OPEN, collected=yuan(40)),
    "cash that melts away in a revision": grown(
        OPEN, act=Act.REVISED, amount=yuan(90), collected=yuan(40)
    ),
}


@pytest.mark.parametrize("trail", FORGED.values(), ids=FORGED)
def test_a_trail_that_could_not_have_grown_is_refused(trail):
    """A deal can't be built from a trail that no verbs could have written."""
    with pytest.raises(InvalidValue) as refused:
        Opportunity(id="D-1", customer="H", owner="R", product="P", trail=trail)
    assert refused.value.field == "trail"


def test_time_that_goes_back_is_refused():
    """An event earlier than its predecessor names both instants."""
    early = forged(OPEN, -1, at=OPEN.trail[-2].at - timedelta(seconds=1))

    with pytest.raises(OutOfOrder) as refused:
        checked(early)
    assert refused.value == OutOfOrder("2026-07-05T01:00:00+00:00", "2026-07-05T00:59:59+00:00")
    assert checked(forged(OPEN, -1, at=OPEN.trail[-2].at))


@pytest.mark.parametrize(
    "trail",
    [
        forged(new_deal(), 0, collected=Money("0", "USD")),
        grown(new_deal(), amount=Money("100", "USD"), collected=Money("0", "USD")),
        grown(new_deal(), amount=Money(1, "USD"), collected=Money(0, "USD"), observed=True),
    ],
    ids=["in one event", "between events", "between events seen"],
)
def test_a_trail_of_two_currencies_is_refused(trail):
    """Amount and cash have one currency, and keep it."""
    with pytest.raises(CurrencyMismatch):
        checked(trail)


@pytest.mark.parametrize(
    "trail", [None, 5, "opened", START, new_deal()], ids=lambda value: type(value).__name__
)
def test_what_is_no_trail_is_refused(trail):
    """Anything but a run of events is refused by an error of the library."""
    with pytest.raises(SalesflowError):
        Opportunity(id="D-1", customer="H", owner="R", product="P", trail=trail)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": None},
        {"amount": 120},
        {"collected": "50"},
        {"at": None},
        {"at": datetime(2026, 9, 1)},
        {"at": "2026-09-01"},
        {"status": "open"},
        {"target": None},
        {"act": "recorded"},
        {"evidence": None},
        {"expected_close": "2026-09-01"},
        {"sequence": "6"},
    ],
    ids=repr,
)
def test_an_event_with_a_wrong_value_is_refused(changes):
    """A field of the wrong type in a stored trail is refused by an error of the library."""
    with pytest.raises(SalesflowError):
        checked(grown(OPEN, **changes))


def test_a_trail_may_come_as_any_run_of_events():
    """A list or an iterator is taken, and kept as a tuple."""
    assert checked(list(OPEN.trail)) == checked(iter(OPEN.trail)) == OPEN.trail


# --- laws ------------------------------------------------------------------------------------


@given(lives() | lives(GENERAL))
def test_a_trail_the_verbs_wrote_is_accepted(deal):
    """Whatever life a deal led, its trail proves itself."""
    assert checked(deal.trail) == deal.trail


@given(lives())
def test_invariant_02_each_event_starts_where_the_last_one_ended(deal):
    """The source of event k+1 is the target of event k, and replaying reproduces the deal."""
    assert [event.source for event in deal.trail[1:]] == [e.target for e in deal.trail[:-1]]
    assert replay(deal) == deal


@given(lives())
def test_invariant_03_a_closed_deal_stays_closed_and_time_never_goes_back(deal):
    """After a win comes only cash, after a loss only a reopening, and never an earlier instant."""
    for before, after in pairwise(deal.trail):
        assert before.at <= after.at
        assert before.status is not Status.WON or after.act is Act.COLLECTED
        assert before.status is not Status.LOST or after.act is Act.REOPENED


@given(lives())
def test_invariant_04_a_loss_has_its_reason_and_a_win_came_from_the_last_stage(deal):
    """LOST always says why, nothing else does, and WON stands at the eighth stage."""
    for event in deal.trail:
        assert (event.status is Status.LOST) is isinstance(event.loss, LossReason)
        assert event.status is not Status.WON or event.target is Stage.PAYMENT_AND_RESALE


# --- when, and by whom -------------------------------------------------------------------------

HERE = new_deal(stage=Stage.CUSTOMER_ANALYSIS)
LATE = new_deal(stage=Stage.PAYMENT_AND_RESALE)
GONE = HERE.lose(LossReason.STOPPED_PURCHASING, at=on_day(1))
VERBS = {
    "record": lambda deal, **at: deal.record(answer(FUNNEL.gates["strategic"]), **at),
    "advance": lambda deal, **at: deal.advance(override=WORD, **at),
    "regress": lambda deal, **at: deal.regress(to=Stage.TARGET_GROUP, reason="cooled", **at),
    "lose": lambda deal, **at: deal.lose(LossReason.DISQUALIFIED, **at),
    "win": lambda deal, **at: deal.win(override=WORD, **at),
    "reopen": lambda deal, **at: deal.reopen(reason="again", **at),
    "hold": lambda deal, **at: deal.hold(reason="frozen", **at),
    "resume": lambda deal, **at: deal.resume(**at),
    "revise": lambda deal, **at: deal.revise(amount=yuan(200), **at),
    "collect": lambda deal, **at: deal.collect(yuan(1), **at),
}
READY = {
    "win": LATE,
    "reopen": GONE,
    "resume": HERE.hold(at=on_day(1), reason="frozen"),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("deal", [GONE, WON], ids=["lost", "won"])
def test_a_closed_deal_does_nothing_more(verb, deal):
    """Each verb but the reopening of a loss is refused, and says what to do instead."""
    if (verb, deal) == ("reopen", GONE):
        return
    expected = InvalidValue if (verb, deal) == ("collect", WON) else ClosedDeal  # all is paid
    with pytest.raises(expected):
        VERBS[verb](deal, at=on_day(30))


NO_INSTANTS = {
    "naive": datetime(2026, 8, 1),
    "a date": date(2026, 8, 1),
    "a text": "2026-08-01T00:00:00Z",
    "None": None,
    "a number": 1_800_000_000,
    "year 1": datetime(1, 1, 1, tzinfo=timezone.max),
    "year 9999": datetime(9999, 12, 31, 23, 59, tzinfo=timezone.min),
    "the year 2201": datetime(2201, 1, 2, tzinfo=UTC),
}


@pytest.mark.parametrize("verb", ["open", "resale", *VERBS])
@pytest.mark.parametrize("at", NO_INSTANTS.values(), ids=NO_INSTANTS)
def test_what_happened_happened_at_an_instant(verb, at):
    """A naive datetime, a date, a text or a year beyond reason is refused, and nothing happens."""
    deal = READY.get(verb, HERE)
    before = copy.deepcopy(deal)
    verbs = {"open": lambda: new_deal(at=at), "resale": lambda: WON.resale(id="D-2", at=at)}
    with pytest.raises(InvalidValue) as refused:
        verbs.get(verb, lambda: VERBS[verb](deal, at=at))()
    assert refused.value.field == "at"
    assert deal == before


@pytest.mark.parametrize("verb", VERBS)
def test_by_whom_is_a_name_or_nobody(verb):
    """Every verb takes an optional `by`; what is no text is refused there."""
    deal = READY.get(verb, HERE)

    assert VERBS[verb](deal, at=on_day(2), by=" R-2 ").trail[-1].by == "R-2"
    assert VERBS[verb](deal, at=on_day(2)).trail[-1].by == ""
    for by in (5, b"R-2", ["R-2"], "x" * 10_000):
        with pytest.raises(InvalidValue):
            VERBS[verb](deal, at=on_day(2), by=by)


# --- the words of a trail --------------------------------------------------------------------


@pytest.mark.parametrize("term", [*Act, *LossReason], ids=str)
def test_acts_and_reasons_are_said_in_both_languages(term):
    """A trail can be read in Chinese and in English, and its keys are plain."""
    assert not term.label("zh").isascii()
    assert term.label("en").isascii()
    assert term.value == term.name.lower()


def test_every_act_is_done_by_some_verb():
    """There is no act that no deal can do."""
    deal = LOST.reopen(at=on_day(7), reason="again", to=Stage.TARGET_GROUP)
    deal = climb(deal, Stage.CUSTOMER_ANALYSIS, at=on_day(8))
    deal = deal.regress(to=Stage.TARGET_GROUP, at=on_day(9), reason="cooled")
    acts = {event.act for each in (deal, WON) for event in each.trail}

    assert acts == set(Act) - {Act.RECORDED}


# --- writing the next event ------------------------------------------------------------------


def test_an_event_keeps_what_it_is_not_told_to_change():
    """What is not given stays as it was; what belongs to one event alone starts afresh."""
    last = LOST.trail[-1]
    after = follow(last, Act.REOPENED, on_day(9), reason="again", by="R-2", status=Status.OPEN)

    kept = ("amount", "collected", "expected_close", "held", "target")
    assert all(getattr(after, name) == getattr(last, name) for name in kept)
    assert (after.sequence, after.source) == (last.sequence + 1, last.target)
    assert (after.loss, after.competitor, after.override, after.evidence) == (None, "", None, ())
    assert (after.by, after.reason, after.observed) == ("R-2", "again", False)
    assert type(after) is Event
    assert after.outstanding == yuan(70)


def test_an_event_changes_what_it_is_told_to():
    """Each field that a verb may set is set."""
    told = {
        "override": WORD,
        "target": Stage.TARGET_GROUP,
        "status": Status.WON,
        "amount": yuan(1),
        "collected": yuan(1),
        "expected_close": None,
        "held": True,
        "loss": LossReason.OTHER,
        "competitor": "X",
        "observed": True,
    }
    after = follow(OPEN.trail[-1], Act.RECORDED, on_day(9), **told)

    assert {name: getattr(after, name) for name in told} == told
    with pytest.raises(AttributeError):
        after.amount = yuan(2)


@pytest.mark.parametrize("minutes", [0, 1, 10**6])
def test_an_instant_may_equal_the_last_one_or_follow_it(minutes):
    """Equal instants are allowed; the sequence orders them."""
    last = OPEN.trail[-1]

    moment = last.at + timedelta(minutes=minutes)
    assert not_before(last, moment.in_timezone("Asia/Kathmandu")).isoformat() == moment.isoformat()
    with pytest.raises(OutOfOrder):
        not_before(last, last.at - timedelta(microseconds=1))


def test_an_amount_is_money_and_not_below_zero():
    """Zero is an amount; a number and a debt are none."""
    assert worth(yuan(0)) == yuan(0)
    for wrong in (100, 1.5, None, "100 CNY"):
        with pytest.raises(WrongType):
            worth(wrong)
    with pytest.raises(InvalidValue, match="negative"):
        worth(yuan(-1))


def test_an_expected_close_is_a_date_or_unknown():
    """None is kept, a date is kept as a plain date, an instant is refused."""
    assert close(None) is None
    assert type(close(date(2026, 9, 20))) is date
    with pytest.raises(WrongType):
        close(START)


def test_the_wish_to_keep_is_none_of_the_values():
    """`KEEP` differs from None, which clears, and shows what it means."""
    assert KEEP is not None
    assert repr(KEEP) == "<Keep.KEEP: 'keep'>"


def test_nothing_is_seen_elsewhere_after_it_was_walked_here():
    """Otherwise a stored event could claim to be observed and pass a shut gate."""
    smuggled = grown(new_deal(), act=Act.ADVANCED, target=Stage.TRUST_BUILDING, observed=True)

    with pytest.raises(InvalidValue, match="seen elsewhere"):
        checked(smuggled)
