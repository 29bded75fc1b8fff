"""Coverage: the open pipeline of the period against the quota, and against what remains of it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import yuan
from ledgers import JULY, Q3, deal, ledgers, lost, won
from salesflow.metrics import coverage, forecast
from salesflow.money import Money


def told(*deals, quota=100, **rest):
    """The coverage behind the forecast of these deals in the quarter."""
    return coverage(forecast(deals, yuan(quota), Q3, **rest))


def test_the_two_denominators_are_both_told_by_name():
    """Quota 100, 50 done, 150 open: 1.5 of the quota, 3.0 of what remains."""
    cover = told(won(deal("done", 50)), deal("A", 100), deal("B", 50, 7))

    assert (yuan(150), yuan(100), yuan(50)) == (cover.pipeline, cover.quota, cover.remaining)
    assert (Fraction(3, 2), Fraction(3)) == (cover.of_quota, cover.of_remaining)


@pytest.mark.parametrize("done", [100, 101])
def test_a_quota_that_is_met_needs_no_cover(done):
    """Nothing remains, so there is no ratio of it; never infinity."""
    cover = told(deal(), completed=yuan(done))

    assert (yuan(0), None) == (cover.remaining, cover.of_remaining)
    assert Fraction(1) == cover.of_quota


def test_no_pipeline_covers_nothing():
    """Zero of the quota, and zero of what remains."""
    cover = told()

    assert (0, 0, yuan(0)) == (cover.of_quota, cover.of_remaining, cover.pipeline)


def test_only_what_is_still_to_be_paid_in_the_period_covers():
    """Paid halves, closed, undated and later deals don't."""
    book = [
        deal("half paid", 100, 8).collect(yuan(40), at=JULY),
        deal("undated", 100, close=None),
        deal("later", 100, close=Q3.after),
        lost(deal("lost", 100)),
    ]
    cover = told(*book)

    assert (yuan(60), yuan(60)) == (cover.pipeline, cover.remaining)
    assert (Fraction(3, 5), Fraction(1)) == (cover.of_quota, cover.of_remaining)


@given(ledgers(), st.integers(1, 10**8))
def test_what_remains_is_never_covered_worse_than_the_whole(deals, quota):
    """With cash in hand the same pipeline covers more; the forecast never exceeds full cover."""
    outlook = forecast(deals, Money.of_minor(quota, "CNY"), Q3)
    cover = coverage(outlook)

    assert cover.of_quota >= 0
    assert outlook.ratio <= outlook.completion_ratio + cover.of_quota
    if cover.of_remaining is not None and outlook.completed.minor >= 0:
        assert cover.of_remaining >= cover.of_quota
