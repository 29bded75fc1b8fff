"""Churn is money that was lost, for whatever reason; the bad debt is told beside it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from books import yuan
from ledgers import (
    AUGUST,
    JULY,
    Q3,
    SEPTEMBER,
    SPRING,
    deal,
    ledgers,
    lost,
    moved,
    owner_shares,
    quarter,
    won,
)
from salesflow.errors import SalesflowError
from salesflow.funnel import LossReason, Status
from salesflow.metrics import bad_debt, churn, losses, movements, progress
from salesflow.money import NO_CURRENCY, Money


def test_ae_10_a_deal_that_advanced_and_was_lost_is_churn_only():
    """A 100 3→4 then lost, B 300 unchanged: progress 0, churn 25 %."""
    moves = quarter(lost(moved(deal("A", 100), 4)), deal("B", 300))

    assert (0, Fraction(1, 4)) == (progress(moves).ratio, churn(moves).ratio)


def test_ae_11_won_is_not_churn():
    """A 100 won, B 100 lost: 50 % each."""
    moves = quarter(won(deal("A")), lost(deal("B")))

    assert (Fraction(1, 2), Fraction(1, 2)) == (progress(moves).ratio, churn(moves).ratio)


@pytest.mark.parametrize(("amount_at", "shown"), [("latest", "40.0%"), ("opening", "45.5%")])
def test_ae_14_a_revised_deal_has_one_amount_in_part_and_whole(amount_at, shown):
    """A 100 revised to 80, then lost; B 120: 80 of 200, or 100 of 220."""
    book = [lost(deal("A", 100).revise(at=JULY, amount=yuan(80))), deal("B", 120)]

    assert shown == str(churn(quarter(*book, amount_at=amount_at)))


def test_ae_26_a_loss_needs_a_reason_and_is_counted_in_churn():
    """Without a reason there is no loss; with a competitor there is, and it is churn."""
    with pytest.raises((TypeError, SalesflowError)):
        deal().lose(at=AUGUST)
    gone = deal().lose(LossReason.CHOSE_COMPETITOR, at=AUGUST, competitor="X")

    assert Status.LOST is gone.status
    assert churn(quarter(gone)).ratio == 1


@pytest.mark.parametrize("reason", LossReason)
def test_every_loss_is_churn_whatever_its_reason(reason):
    """Also a deal stopped for compliance, or no longer qualified."""
    moves = quarter(lost(deal(), reason))

    assert churn(moves).ratio == 1
    assert [reason] == list(losses(moves))


def test_a_deal_lost_and_taken_up_again_in_the_window_is_no_churn():
    """Its state at the end decides."""
    moves = quarter(lost(deal()).reopen(at=SEPTEMBER, reason="asked again"))

    assert churn(moves).ratio == 0
    assert dict(losses(moves)) == {}


def test_a_loss_of_an_earlier_period_is_not_churn_again():
    """It left the funnel before."""
    moves = quarter(lost(deal("A"), at=SPRING), deal("B"))

    assert churn(moves).ratio == 0


def test_a_partly_paid_deal_is_lost_with_its_full_amount():
    """F17a: churn 100 of 200; what it still owes, 60, is the bad debt."""
    book = [lost(deal("A", stage=8).collect(yuan(40), at=JULY)), deal("B")]

    assert (yuan(100), Fraction(1, 2)) == (churn(quarter(*book)).part, churn(quarter(*book)).ratio)
    assert yuan(60) == bad_debt(quarter(*book))


@pytest.mark.parametrize(
    "sound",
    [
        lost(deal()),
        deal().collect(yuan(40), at=JULY),
        won(deal().collect(yuan(40), at=JULY), paid=False),
        lost(deal().collect(yuan(100), at=JULY)),
    ],
    ids=["lost unpaid", "open", "won", "lost fully paid"],
)
def test_there_is_no_bad_debt_without_part_payment_and_loss(sound):
    """Who never paid owes nothing, who is not lost may still pay."""
    assert yuan(0) == bad_debt(quarter(sound))


def test_the_bad_debt_of_no_deals_is_nothing():
    """In ISO's "no currency"."""
    assert Money.of_minor(0, NO_CURRENCY) == bad_debt(quarter())


def test_losses_are_told_by_reason_the_largest_first():
    """With how many, how much, and their ids in the order of the book."""
    book = [
        lost(deal("A", 10), LossReason.OTHER),
        lost(deal("B", 30), LossReason.DISQUALIFIED),
        lost(deal("C", 10), LossReason.OTHER),
        lost(deal("D", 25), LossReason.CHOSE_COMPETITOR),
        deal("E", 900),
    ]
    told = losses(quarter(*book))

    assert [reason.name for reason in told] == ["DISQUALIFIED", "CHOSE_COMPETITOR", "OTHER"]
    other = told[LossReason.OTHER]
    assert (2, yuan(20), ("A", "C")) == (other.n, other.amount, other.ids)


def test_losses_read_the_base_that_churn_reads():
    """A deal created and lost within is not in the opening base."""
    book = [lost(deal("A", 10)), lost(deal("B", 20, at=JULY))]

    assert losses(quarter(*book, base="opening"))[LossReason.STOPPED_PURCHASING].ids == ("A",)


@given(ledgers())
def test_losses_sum_to_churn(deals):
    """The reasons split the amount lost, and no deal has two."""
    moves = movements(deals, Q3)
    told = losses(moves).values()

    if moves:
        assert churn(moves).part.minor == sum(tally.amount.minor for tally in told)
    assert sum(tally.n for tally in told) == sum(move.kind.name == "LOST" for move in moves)


@given(ledgers(), owner_shares())
def test_bad_debt_of_the_shares_sums_to_that_of_the_team(deals, shares):
    """Split between owners, nobody's debt is forgotten."""
    moves = movements(deals, Q3)
    parts = moves.by(lambda move: shares).values()

    assert bad_debt(moves).minor == sum(bad_debt(part).minor for part in parts)


def test_a_share_of_a_bad_debt_is_not_forgotten_to_the_cent():
    """3 fen, of which 1 is paid, between two owners: together they miss the other 2."""
    owing = lost(deal(amount=Money("0.03", "CNY")).collect(Money("0.01", "CNY"), at=JULY))
    moves = quarter(owing)
    parts = moves.by(lambda move: {"R-1": yuan(1) / yuan(2), "R-2": yuan(1) / yuan(2)})

    assert Money("0.02", "CNY") == bad_debt(moves)
    assert bad_debt(moves) == sum(bad_debt(part) for part in parts.values())
