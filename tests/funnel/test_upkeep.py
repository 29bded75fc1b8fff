"""The verbs that leave a deal at its stage: hold, resume, revise, collect."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import START, WORD, climb, lives, new_deal, on_day, sell, yuan
from salesflow.errors import (
    ClosedDeal,
    CurrencyMismatch,
    InvalidValue,
    OnHold,
    OutOfOrder,
    WrongType,
)
from salesflow.funnel import KEEP, WIN_RATES, Act, LossReason, Stage, Status
from salesflow.money import Money

CLOSE = date(2026, 9, 20)
OPEN = new_deal(stage=Stage.NEEDS_DISCOVERY, expected_close=CLOSE)
HELD = OPEN.hold(at=on_day(1), reason="budget frozen", by="R-9")
LOST = OPEN.lose(LossReason.STOPPED_PURCHASING, at=on_day(1))
WON = sell(OPEN)
DUE = new_deal(stage=Stage.PAYMENT_AND_RESALE).win(at=on_day(1), override=WORD)


# --- a pause ---------------------------------------------------------------------------------


def test_a_held_deal_is_still_open():
    """On hold it keeps its stage, its money and its close; the trail says why and who."""
    event = HELD.trail[-1]

    assert (HELD.held, HELD.status, HELD.stage) == (True, Status.OPEN, Stage.NEEDS_DISCOVERY)
    assert (HELD.amount, HELD.expected_close) == (OPEN.amount, CLOSE)
    assert (event.act, event.reason, event.by) == (Act.HELD, "budget frozen", "R-9")


@pytest.mark.parametrize("verb", ["advance", "win", "hold"])
def test_a_held_deal_does_not_move_on(verb):
    """Advancing, winning and holding again are refused by name, even on somebody's word."""
    deal = new_deal(stage=Stage.PAYMENT_AND_RESALE).hold(at=on_day(1), reason="frozen")
    verbs = {
        "advance": lambda: HELD.advance(at=on_day(2), override=WORD),
        "win": lambda: deal.win(at=on_day(2), override=WORD),
        "hold": lambda: HELD.hold(at=on_day(2), reason="again"),
    }

    with pytest.raises(OnHold) as refused:
        verbs[verb]()
    assert refused.value == OnHold(verb)


def test_everything_else_can_happen_while_on_hold():
    """A held deal takes evidence, cash and new terms, may step back, and may be lost."""
    deal = HELD.collect(yuan(10), at=on_day(2)).revise(at=on_day(3), expected_close=None)
    deal = deal.regress(to=Stage.TRUST_BUILDING, at=on_day(4), reason="cooled")

    assert (deal.held, deal.stage, deal.expected_close) == (True, Stage.TRUST_BUILDING, None)
    lost = deal.lose(LossReason.OTHER, at=on_day(5))
    assert not lost.held
    assert not lost.reopen(at=on_day(6), reason="again").held


def test_a_resumed_deal_moves_again():
    """Resuming ends the hold; a deal that is not on hold has none to end."""
    deal = HELD.resume(at=on_day(2), by="R-9")

    assert (deal.held, deal.trail[-1].act, deal.trail[-1].by) == (False, Act.RESUMED, "R-9")
    assert climb(deal, Stage.VALUE_PRESENTATION).stage is Stage.VALUE_PRESENTATION
    with pytest.raises(InvalidValue, match="not on hold"):
        OPEN.resume(at=on_day(1))


# --- new terms -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "amount", "close"),
    [
        ({"amount": yuan(80)}, yuan(80), CLOSE),
        ({"amount": yuan(0)}, yuan(0), CLOSE),
        ({"expected_close": date(2026, 12, 1)}, yuan(100), date(2026, 12, 1)),
        ({"expected_close": None}, yuan(100), None),
        ({"amount": yuan(120), "expected_close": KEEP}, yuan(120), CLOSE),
        ({"amount": yuan(100), "expected_close": None}, yuan(100), None),
        ({"amount": None, "expected_close": date(2027, 1, 1)}, yuan(100), date(2027, 1, 1)),
    ],
    ids=repr,
)
def test_a_revision_changes_what_is_given_and_keeps_the_rest(terms, amount, close):
    """The amount, the expected close, or both; None clears the close."""
    deal = OPEN.revise(at=on_day(1), reason="new tender", by="R-9", **terms)
    event = deal.trail[-1]

    assert (deal.amount, deal.expected_close, deal.stage) == (amount, close, OPEN.stage)
    assert (event.act, event.reason, event.by) == (Act.REVISED, "new tender", "R-9")


@pytest.mark.parametrize(
    "terms",
    [{}, {"amount": yuan(100)}, {"expected_close": CLOSE}, {"amount": None}],
    ids=repr,
)
def test_a_revision_that_changes_nothing_is_refused(terms):
    """A trail holds what happened, and nothing did."""
    with pytest.raises(InvalidValue, match="changes nothing"):
        OPEN.revise(at=on_day(1), **terms)


def test_a_deal_is_never_worth_less_than_was_paid():
    """A revision below the cash collected is refused; down to it, the deal is fully paid."""
    deal = OPEN.collect(yuan(40), at=on_day(1))

    with pytest.raises(InvalidValue, match="below the cash collected"):
        deal.revise(at=on_day(2), amount=yuan("39.99"))
    assert deal.revise(at=on_day(2), amount=yuan(40)).facts == {"fully_paid"}


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"amount": 80}, WrongType),
        ({"amount": 80.0}, WrongType),
        ({"amount": "80"}, WrongType),
        ({"amount": yuan(-1)}, InvalidValue),
        ({"amount": Money(80, "USD")}, CurrencyMismatch),
        ({"expected_close": "2026-12-01"}, WrongType),
        ({"expected_close": datetime(2026, 12, 1)}, WrongType),
        ({"expected_close": date(1, 1, 1)}, InvalidValue),
        ({"expected_close": date(9999, 12, 31)}, InvalidValue),
        ({"expected_close": 0}, WrongType),
    ],
    ids=repr,
)
def test_terms_that_can_not_be_are_refused(terms, error):
    """Numbers for money, other money, texts and instants for a date, and years beyond reason."""
    with pytest.raises(error):
        OPEN.revise(at=on_day(1), **terms)


# --- cash ------------------------------------------------------------------------------------


def test_instalments_add_up():
    """Cash comes in parts, also after the win, and what is left is outstanding."""
    deal = DUE.collect(yuan(40), at=on_day(2), by="F-1").collect(yuan("59.99"), at=on_day(3))

    assert (deal.collected, deal.outstanding) == (yuan("99.99"), yuan("0.01"))
    assert [event.collected for event in deal.trail[-3:]] == [yuan(0), yuan(40), yuan("99.99")]
    assert (deal.trail[-2].act, deal.trail[-2].by) == (Act.COLLECTED, "F-1")
    assert (deal.status, deal.stage) == (Status.WON, Stage.PAYMENT_AND_RESALE)


@pytest.mark.parametrize(
    ("cash", "error"),
    [
        (yuan(0), InvalidValue),
        (yuan("100.01"), InvalidValue),
        (yuan(-1), InvalidValue),
        (Money(1, "USD"), CurrencyMismatch),
        (1, WrongType),
        (1.0, WrongType),
        (None, WrongType),
        ("1", WrongType),
    ],
    ids=str,
)
def test_cash_is_a_part_of_what_is_outstanding(cash, error):
    """Nothing, too much, a refund, other money and bare numbers are refused."""
    for deal in (OPEN, DUE):
        with pytest.raises(error):
            deal.collect(cash, at=on_day(1))


def test_nothing_more_can_be_collected_of_a_paid_deal():
    """A deal fully paid has nothing outstanding."""
    with pytest.raises(InvalidValue):
        WON.collect(yuan("0.01"), at=on_day(99))


@given(lives())
def test_invariant_23_cash_and_outstanding_make_the_amount(deal):
    """Cash + outstanding = amount after every event; a contribution lies between 0 and amount."""
    for event in deal.trail:
        assert event.collected + event.outstanding == event.amount
        assert 0 <= event.collected.minor <= event.amount.minor
        rate = WIN_RATES[event.target]
        contribution = event.collected.minor + rate * event.outstanding.minor
        assert 0 <= contribution <= event.amount.minor
    assert (deal.collected, deal.amount) == (deal.trail[-1].collected, deal.trail[-1].amount)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_instalments_never_exceed_the_amount(parts):
    """Collecting goes on until something would be paid twice."""
    deal, paid = OPEN, 0
    for part in parts:
        if paid + part > 100:
            with pytest.raises(InvalidValue):
                deal.collect(yuan(part), at=on_day(1))
        else:
            deal, paid = deal.collect(yuan(part), at=on_day(1)), paid + part
    assert deal.collected == yuan(paid)
    assert deal.collected / deal.amount == Fraction(paid, 100)


# --- closed deals, and time ------------------------------------------------------------------

VERBS = {
    "hold": lambda deal, at: deal.hold(at=at, reason="frozen"),
    "resume": lambda deal, at: deal.resume(at=at),
    "revise": lambda deal, at: deal.revise(at=at, amount=yuan(200)),
    "collect": lambda deal, at: deal.collect(yuan(1), at=at),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("deal", [LOST, DUE], ids=["lost", "won"])
def test_a_closed_deal_keeps_its_terms(deal, verb):
    """After the end only cash comes in, and only of a won deal; the error says what to do."""
    if (deal, verb) == (DUE, "collect"):
        assert VERBS[verb](deal, on_day(2)).collected == yuan(1)
        return

    with pytest.raises(ClosedDeal) as refused:
        VERBS[verb](deal, on_day(2))
    assert (refused.value.verb, refused.value.status) == (verb, deal.status)
    assert refused.value.remedy


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_goes_back_in_time(verb):
    """An instant before the last event is refused, an equal one is not."""
    deal = HELD if verb == "resume" else OPEN
    last = deal.trail[-1].at

    with pytest.raises(OutOfOrder):
        VERBS[verb](deal, last.subtract(microseconds=1))
    assert VERBS[verb](deal, last).trail[-1].at == last
    assert deal.opened_at == START
