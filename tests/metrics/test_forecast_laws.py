"""The laws of the forecast: over random books it agrees with a naive one, and moves as it must."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

import metrics_oracles as oracles
from books import WORD, new_deal, pay, yuan
from ledgers import (
    AMOUNTS,
    AUGUST,
    CLOSE,
    JULY,
    MOMENTS,
    Q3,
    SHARES,
    SPRING,
    STAGE,
    STAGES,
    ledgers,
    lost,
    moved,
    repriced,
)
from salesflow.funnel import FUNNEL, WIN_RATES, RateOrigin, WinRates
from salesflow.metrics import forecast
from salesflow.money import Money, half_up

QUOTAS = st.integers(1, 10**8).map(lambda minor: Money.of_minor(minor, "CNY"))
RATES = st.lists(st.fractions(0, 1, max_denominator=97), min_size=8, max_size=8)


def learned(rates):
    """A table of win rates learned from history, which may fall."""
    return WinRates(dict(zip(STAGE.values(), rates, strict=True)), origin=RateOrigin.LEARNED)


# --- against the naive oracle ----------------------------------------------------------------


@given(ledgers(), QUOTAS, RATES, st.none() | MOMENTS)
def test_the_forecast_is_what_replaying_each_deal_gives(deals, quota, rates, at):
    """Completed, weighted, ratios and what was left out, as of any instant."""
    table = learned(rates)
    expected = oracles.forecast(deals, Q3, table, at)
    outlook = forecast(deals, quota, Q3, win_rates=table, at=at)

    assert expected.completed == outlook.completed.minor
    assert half_up(expected.weighted) == outlook.weighted.minor
    assert (expected.completed + expected.weighted) / quota.minor == outlook.ratio
    assert Fraction(expected.completed, quota.minor) == outlook.completion_ratio
    assert tuple(expected.undated) == outlook.undated.ids
    assert tuple(expected.overdue) == outlook.outside.overdue.ids
    assert len(expected.later) == outlook.outside.later.n


@given(ledgers(), QUOTAS)
def test_each_figure_is_rounded_once_and_the_gap_closes(deals, quota):
    """Quota = expected + gap to the minor unit; the stages hold every weighed deal."""
    outlook = forecast(deals, quota, Q3)
    stages = outlook.by_stage.values()
    left = (outlook.undated, outlook.outside.later, outlook.outside.overdue)

    assert quota == outlook.expected + outlook.gap
    assert outlook.expected == outlook.completed + outlook.weighted
    assert list(FUNNEL.stages) == list(outlook.by_stage)
    still = sum(deal.status.name == "OPEN" for deal in deals)
    assert still == sum(stage.n for stage in stages) + sum(tally.n for tally in left)


# --- invariants ------------------------------------------------------------------------------


@given(ledgers(), QUOTAS, st.integers(0, 10**6), st.integers(0, 10**6))
def test_invariant_19_more_completed_never_forecasts_less(deals, quota, completed, more):
    """The ratio rises with completed revenue and strictly falls with the quota."""

    def ratio(done, asked):
        return forecast(deals, asked, Q3, completed=Money.of_minor(done, "CNY")).ratio

    assert ratio(completed, quota) <= ratio(completed + more, quota)
    if ratio(completed, quota) > 0:
        assert ratio(completed, quota) > ratio(completed, quota + Money("0.01", "CNY"))


@given(ledgers(min_size=1), QUOTAS, st.integers(1, 50), RATES, st.data())
def test_invariant_19_larger_amounts_and_rates_never_forecast_less(deals, quota, k, rates, data):
    """One deal of more money, or one stage of a higher rate."""
    first, *others = deals
    larger = repriced(first, lambda minor: minor * k)
    stage = data.draw(st.integers(0, 7))
    higher = [*rates[:stage], data.draw(st.fractions(rates[stage], 1)), *rates[stage + 1 :]]

    def ratio(book, table):
        return forecast(book, quota, Q3, win_rates=learned(table)).ratio

    assert ratio(deals, rates) <= ratio([larger, *others], rates)
    assert ratio(deals, rates) <= ratio(deals, higher)


@given(ledgers(), QUOTAS)
def test_invariant_20_what_is_done_is_never_more_than_what_is_expected(deals, quota):
    """Equal if and only if nothing is weighed."""
    outlook = forecast(deals, quota, Q3)
    weighed = any(stage.outstanding for stage in outlook.by_stage.values())

    assert outlook.completion_ratio <= outlook.ratio
    assert (outlook.completion_ratio == outlook.ratio) is not weighed


@given(STAGES, AMOUNTS, SHARES, ledgers())
def test_invariant_21_advancing_losing_and_winning_move_the_forecast_as_they_must(
    stage, amount, share, others
):
    """Up never lowers; a loss takes exactly the contribution; a win adds outstanding × (1 − w)."""
    one = new_deal("one", stage=stage, amount=amount, at=SPRING, expected_close=CLOSE)
    if amount * share:
        one = one.collect(amount * share, at=SPRING)

    def expected(deal):
        return forecast([deal, *others], yuan(1), Q3).ratio * 100

    before, owed, rate = expected(one), one.outstanding.minor, WIN_RATES[stage]
    if stage is not STAGE[8]:
        assert expected(one.advance(at=AUGUST, override=WORD)) >= before
    assert before - expected(lost(one)) == owed * rate
    last = moved(one, 8)
    paid = pay(last, at=AUGUST).win(at=AUGUST, override=WORD)
    assert expected(paid) - before == owed * (1 - rate)
    assert expected(paid) - expected(last) == owed * (1 - WIN_RATES[STAGE[8]])


@given(ledgers(), QUOTAS)
def test_invariant_22_the_number_is_made_where_the_pipeline_covers_the_rest(deals, quota):
    """Ratio ≥ 1 ⇔ weighted ≥ quota − completed, in exact figures."""
    outlook = forecast(deals, quota, Q3)
    weighted = sum(stage.outstanding.minor * stage.rate for stage in outlook.by_stage.values())

    assert (outlook.ratio >= 1) is (weighted >= quota.minor - outlook.completed.minor)


@given(STAGES, AMOUNTS, SHARES, RATES)
def test_invariant_23_a_deal_contributes_between_nothing_and_its_amount(
    stage, amount, share, rates
):
    """And collected + outstanding is the amount."""
    one = new_deal(stage=stage, amount=amount, at=SPRING, expected_close=CLOSE)
    if amount * share:
        one = one.collect(amount * share, at=JULY)
    outlook = forecast([one], yuan(1), Q3, win_rates=learned(rates))

    assert 0 <= outlook.ratio * 100 <= amount.minor
    assert amount == one.collected + one.outstanding


@given(st.lists(st.tuples(ledgers(max_size=2), QUOTAS), min_size=1, max_size=3))
def test_invariant_24_a_team_forecast_lies_between_its_members(members):
    """It is the ratio of the sums of the members' figures and quotas."""
    reps = [
        ([repriced(d, int, id=f"{rep}/{d.id}") for d in deals], quota)
        for rep, (deals, quota) in enumerate(members)
    ]
    each = [forecast(deals, quota, Q3) for deals, quota in reps]
    team = forecast([d for deals, _ in reps for d in deals], sum(q for _, q in reps), Q3)

    assert min(f.ratio for f in each) <= team.ratio <= max(f.ratio for f in each)
    assert sum(f.ratio * f.quota.minor for f in each) == team.ratio * team.quota.minor
