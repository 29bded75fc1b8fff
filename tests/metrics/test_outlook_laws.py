"""The laws of the outlook: it agrees with every outcome told by itself, and with the forecast."""

from __future__ import annotations

from fractions import Fraction
from math import fsum

from hypothesis import given, settings
from hypothesis import strategies as st

import outlook_oracle as oracle
from ledgers import MOMENTS, Q3, ledgers
from outlook_oracle import LEVELS, OPEN, RATES, pipelines
from salesflow.metrics import forecast, outlook
from salesflow.metrics.book import book_of
from salesflow.money import Money

CLOSE = 1e-9
ANY = Money("1", "CNY")
COMPLETED = st.none() | st.integers(-(10**6), 10**8).map(lambda minor: Money.of_minor(minor, "CNY"))


def fen(minor):
    """So many fen."""
    return Money.of_minor(minor, "CNY")


def told_of(deals, **rest):
    """The outlook of some deals in the quarter; a book without deals is in yuan too."""
    return outlook(book_of(deals, currency="XXX" if deals else "CNY"), Q3, **rest)


def asked(law):
    """Where a distribution of steps is asked: at each of some steps, just below it, and beyond."""
    steps = law.sums[:: max(1, len(law.sums) // 12)]
    return sorted({x for step in (*steps, law.sums[-1]) for x in (step - 1, step, step + 1)})


# --- beside the forecast -----------------------------------------------------------------------


@settings(max_examples=60)
@given(st.one_of(ledgers(), pipelines()), RATES, st.none() | MOMENTS, COMPLETED)
def test_the_mean_is_what_the_forecast_expects(deals, rates, at, completed):
    """And what is completed, undated, outside and unpaid is the same, to the minor unit."""
    f = forecast(deals, ANY, Q3, win_rates=rates, completed=completed, at=at)
    o = told_of(deals, win_rates=rates, completed=completed, at=at)

    assert o.mean == f.expected
    assert o.pipeline == f.weighted
    assert o.completed == f.completed
    assert (o.undated, o.outside, o.unpaid) == (f.undated, f.outside, f.unpaid)


@settings(max_examples=30)
@given(ledgers(min_size=1), RATES)
def test_without_a_period_it_is_the_forecast_of_everything(deals, rates):
    """Every open deal, all cash."""
    told = forecast(deals, ANY, win_rates=rates)
    o = outlook(deals, win_rates=rates)

    assert (o.mean, o.completed, o.unpaid) == (told.expected, told.completed, told.unpaid)
    assert (o.undated, o.outside) == (told.undated, told.outside)


# --- against every outcome ---------------------------------------------------------------------


def agree(deals, rates, at=None):
    """The outlook of some deals is that of all their outcomes."""
    told = oracle.stakes(deals, Q3, rates, at)
    law = oracle.outcomes(told.rows, told.cash)
    o = told_of(deals, win_rates=rates, at=at)

    assert [one.id for one in o.prospects] == [id_ for id_, *_ in told.rows]
    for x in asked(law):
        assert abs(o.cdf(fen(x)) - law.cdf(x)) < CLOSE
        assert abs(o.probability(at_least=fen(x)) - (1 - law.cdf(x - 1))) < CLOSE
    for level in (0.0507, 0.1003, 0.5003, 0.9503):
        assert oracle.inverse(o.quantile(level), law, level)
    assert abs(o.distribution.mean - float(law.mean)) <= 1e-9 * max(1.0, abs(law.mean))
    assert abs(o.distribution.variance - float(law.variance)) <= 1e-9 * max(1.0, law.variance)
    return o


@settings(max_examples=60)
@given(pipelines(max_size=8), RATES)
def test_each_probability_is_that_of_all_outcomes(deals, rates):
    """Partly paid, won, lost, worth nothing, one deal or none."""
    o = agree(deals, rates)

    wins = oracle.outcomes([(one.id, 1, rates[one.stage]) for one in o.prospects])
    for k in range(-1, len(o.prospects) + 1):
        assert abs(o.wins.cdf(k) - wins.cdf(k)) < CLOSE


@settings(max_examples=10)
@given(pipelines(min_size=10, max_size=10, fates=st.just("open")), RATES)
def test_each_probability_of_ten_deals_is_that_of_all_outcomes(deals, rates):
    """A thousand of them."""
    agree(deals, rates)


@settings(max_examples=40)
@given(ledgers(), RATES, st.none() | MOMENTS)
def test_each_probability_of_deals_of_any_past_is_that_of_all_outcomes(deals, rates, at):
    """As they stand, or as they stood."""
    agree(deals, rates, at)


@given(pipelines(), LEVELS, st.sampled_from([0, 0.5]))
def test_a_quantile_is_the_least_amount_that_is_likely_enough(deals, level, shock):
    """One fen less is not."""
    o = told_of(deals, shock=shock)
    x = o.quantile(level)

    assert o.cdf(x - Money("0.01", "CNY")) < level <= o.cdf(x)


@given(pipelines(), st.lists(st.integers(-10, 10**9), min_size=2, max_size=6).map(sorted))
def test_more_is_never_likelier_than_less(deals, amounts):
    """And at most so much, or at least a fen more, is certain."""
    o = told_of(deals)
    below = [o.cdf(fen(x)) for x in amounts]

    assert below == sorted(below)
    for x, chance in zip(amounts, below, strict=True):
        assert 0 <= chance <= 1
        assert abs(chance + o.probability(at_least=fen(x + 1)) - 1) < CLOSE


# --- shock, bins, rounding ---------------------------------------------------------------------


@settings(max_examples=60)
@given(pipelines(), st.floats(0, 5))
def test_a_shock_keeps_the_mean_and_never_narrows(deals, shock):
    """Whatever its strength."""
    plain, shaken = told_of(deals), told_of(deals, shock=shock)

    assert shaken.mean == plain.mean
    scale = max(1.0, abs(plain.distribution.mean))
    assert abs(shaken.distribution.mean - plain.distribution.mean) <= 1e-9 * scale
    assert shaken.distribution.variance >= plain.distribution.variance * (1 - 1e-9)


@given(pipelines(), st.integers(1, 60), st.sampled_from([0, 0.7]))
def test_bins_sum_to_one(deals, n, shock):
    """However many."""
    bins = told_of(deals, shock=shock).bins(n)

    assert 1 <= len(bins) <= n
    assert abs(fsum(one.mass for one in bins) - 1) < CLOSE
    assert all(one.low <= one.high for one in bins)


@given(OPEN.filter(bool), st.integers(1, 10**6), LEVELS)
def test_rounding_moves_a_quantile_by_half_a_unit_a_deal_at_most(deals, unit, level):
    """Deal by deal, whatever comes in."""
    o = outlook(deals, Q3)
    near = o.rounded(fen(unit))

    assert 2 * abs((near.quantile(level) - o.quantile(level)).minor) <= unit * len(deals)
    assert near.wins.mean == o.wins.mean
    assert abs(near.mean.minor - o.mean.minor) <= Fraction(unit * len(deals), 2) + 1
