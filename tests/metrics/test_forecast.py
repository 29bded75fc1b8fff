"""The forecast: cash in the period, and what the dated open deals weigh, against the quota."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import strategies as st

from books import GENERAL, GENERAL_RATES, Phase, new_deal, yuan
from ledgers import (
    AUGUST,
    CLOSE,
    EVE,
    JULY,
    LAST,
    Q3,
    SEPTEMBER,
    SPRING,
    STAGE,
    deal,
    lost,
    moved,
    on,
    won,
)
from salesflow.errors import InvalidValue
from salesflow.funnel import Opportunity, RateOrigin, Sighting, WinRates
from salesflow.metrics import Forecast, Tally, forecast
from salesflow.money import Money, wan

QUOTAS = st.integers(1, 10**8).map(lambda minor: Money.of_minor(minor, "CNY"))
RATES = st.lists(st.fractions(0, 1, max_denominator=97), min_size=8, max_size=8)


def told(*deals, quota=500, **rest):
    """The forecast of these deals in the quarter."""
    return forecast(deals, yuan(quota), Q3, **rest)


def learned(rates):
    """A table of win rates learned from history, which may fall."""
    return WinRates(dict(zip(STAGE.values(), rates, strict=True)), origin=RateOrigin.LEARNED)


# --- acceptance ------------------------------------------------------------------------------


def test_ae_01_the_forecast_is_expected_over_quota():
    """Quota 500, expected 426.5: 85.3 %, gap 73.5 (in 万)."""
    book = [new_deal(stage=STAGE[5], amount=wan("132.5"), at=SPRING, expected_close=CLOSE)]
    outlook = forecast(book, wan(500), Q3, completed=wan(400))

    assert (wan("426.5"), wan("73.5")) == (outlook.expected, outlook.gap)
    assert Fraction(853, 1000) == outlook.ratio
    assert str(outlook) == "85.3%"


def test_ae_02_open_deals_are_weighed_and_not_summed():
    """Completed 200 and the seven stages weigh 226.5: 85.3 %, and 40.0 % is done."""
    amounts = {2: 500, 3: 300, 4: 250, 5: 200, 6: 145, 7: 80, 8: 50}
    book = [
        new_deal(f"{n}", stage=STAGE[n], amount=wan(money), at=SPRING, expected_close=CLOSE)
        for n, money in amounts.items()
    ]
    book.append(won(new_deal("done", stage=STAGE[8], amount=wan(200), at=SPRING)))
    outlook = forecast(book, wan(500), Q3)

    assert (wan(200), wan("226.5")) == (outlook.completed, outlook.weighted)
    assert str(outlook) == "85.3%"
    assert Fraction(2, 5) == outlook.completion_ratio
    assert [wan("43.5")] == [outlook.by_stage[STAGE[6]].weighted]


def test_ae_03_more_than_the_quota_is_more_than_one():
    """Completed 600 of 500: 120 %, not capped; the gap is negative."""
    outlook = told(completed=yuan(600))

    assert (Fraction(6, 5), Fraction(6, 5)) == (outlook.ratio, outlook.completion_ratio)
    assert yuan(-100) == outlook.gap


@pytest.mark.parametrize("quota", [0, -500])
def test_ae_04_a_quota_of_zero_or_less_is_refused(quota):
    """Nothing can be divided by it."""
    with pytest.raises(ValueError, match="quota is zero or less; pass an amount above zero"):
        told(quota=quota)


def test_ae_05_no_yuan_counts_twice():
    """100 in stage 8, 40 collected: 40 + 0.9 × 60 = 94."""
    outlook = told(deal(stage=8).collect(yuan(40), at=JULY))

    assert (yuan(40), yuan(54), yuan(94)) == (outlook.completed, outlook.weighted, outlook.expected)


# --- which deals are weighed -----------------------------------------------------------------


def test_only_deals_expected_in_the_period_are_weighed():
    """F4: undated, overdue and later ones are told beside it, by name where a date is wrong."""
    book = [
        deal("first day", 1, close=Q3.first),
        deal("last day", 2, close=Q3.after - timedelta(1)),
        deal("undated", 4, close=None),
        deal("overdue", 8, close=Q3.first - timedelta(1)),
        deal("later", 16, close=Q3.after),
    ]
    outlook = told(*book)
    stage = outlook.by_stage[STAGE[3]]

    assert (2, yuan(3), Fraction(1, 20)) == (stage.n, stage.outstanding, stage.rate)
    assert Tally(n=1, amount=yuan(4), ids=("undated",)) == outlook.undated
    assert Tally(n=1, amount=yuan(8), ids=("overdue",)) == outlook.outside.overdue
    assert Tally(n=1, amount=yuan(16)) == outlook.outside.later


def test_what_is_left_out_is_told_with_what_it_still_owes():
    """Half paid, the other half is outside."""
    outlook = told(deal(close=None).collect(yuan(60), at=JULY))

    assert (yuan(60), yuan(40)) == (outlook.completed, outlook.undated.amount)


def test_without_a_period_every_open_deal_is_weighed_and_all_cash_counts():
    """The plain function takes what it is given."""
    book = [deal("A", close=None), deal("B", close=date(2031, 1, 1)), won(deal("C"), at=SPRING)]
    outlook = forecast(book, yuan(500))

    assert (yuan(100), yuan(10)) == (outlook.completed, outlook.weighted)
    assert 0 == outlook.undated.n == outlook.outside.later.n == outlook.outside.overdue.n


def test_a_deal_on_hold_is_still_forecast_and_a_closed_one_is_not():
    """Held deals are open; a won deal weighs by its cash alone, a lost one not at all."""
    held = deal("A").hold(at=JULY, reason="budget frozen")
    outlook = told(held, lost(deal("B")), won(deal("C"), paid=False))

    assert (yuan(0), yuan(5)) == (outlook.completed, outlook.weighted)


# --- cash ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "cash"),
    [(EVE, 0), (Q3.start, 40), (on(9, 30, 23, 30), 40), (LAST, 40), (Q3.end, 0)],
)
def test_cash_counts_in_the_period_in_which_it_came(at, cash):
    """Half-open, to the microsecond, in the period's own zone."""
    assert yuan(cash) == told(deal(stage=8).collect(yuan(40), at=at)).completed


def test_instalments_after_the_win_count_when_they_come():
    """Won and a quarter paid in spring, a half in August, the rest in November."""
    sold = won(deal().collect(yuan(25), at=SPRING), at=SPRING, paid=False)
    sold = sold.collect(yuan(50), at=AUGUST).collect(yuan(25), at=on(11, 2))

    assert yuan(50) == told(sold).completed
    assert yuan(25) == forecast([sold], yuan(500), Q3.shift(1)).completed


def test_cash_of_a_deal_that_was_lost_later_stays_collected():
    """The money came in; the loss is churn."""
    outlook = told(lost(deal(stage=8).collect(yuan(40), at=JULY)))

    assert (yuan(40), yuan(0)) == (outlook.completed, outlook.weighted)


def refunded(*cash):
    """An imported deal that held so much cash in spring and then, after each sighting, so much."""
    seen = [
        Sighting(at=at, stage=STAGE[8], collected=yuan(held))
        for at, held in zip((SPRING, AUGUST, on(11, 2)), cash, strict=False)
    ]
    rest = {"customer": "H", "owner": "R", "product": "P", "amount": yuan(100)}
    return Opportunity.from_history(id="A", events=seen, **rest)


@pytest.mark.parametrize(
    ("cash", "completed"), [((40, 10), -30), ((40, 0), -40), ((0, 40, 10), 40), ((0, 40, 0), 40)]
)
def test_a_refund_counts_in_its_own_period_whether_in_part_or_in_full(cash, completed):
    """Imported cash may shrink; a full refund is no other case than a partial one."""
    assert yuan(completed) == told(refunded(*cash)).completed


def test_a_refund_is_not_forgotten_when_the_deal_goes_on():
    """Imported with 40 in spring and none in August, then taken over: the 40 are still gone."""
    deal = refunded(40, 0).revise(at=SEPTEMBER, amount=yuan(90))

    assert told(deal).completed == yuan(-40)


def test_the_host_may_count_revenue_otherwise():
    """`completed` replaces the cash; what is outstanding weighs as before (F2)."""
    outlook = told(deal(stage=8).collect(yuan(40), at=JULY), completed=yuan(10))

    assert (yuan(10), yuan(54), yuan(64)) == (outlook.completed, outlook.weighted, outlook.expected)


# --- as of -----------------------------------------------------------------------------------


def test_a_forecast_can_be_made_as_of_an_instant():
    """Stage, cash and close as they stood then; what happened at that very instant is in."""
    later = moved(deal(), 7, at=SEPTEMBER).collect(yuan(50), at=SEPTEMBER)
    outlook = told(later, deal("B", at=SEPTEMBER), at=AUGUST)
    now = told(later, deal("B", at=SEPTEMBER), at=SEPTEMBER)

    assert (yuan(0), yuan(5)) == (outlook.completed, outlook.weighted)
    assert (yuan(50), yuan(35)) == (now.completed, now.weighted)


def test_a_period_that_has_not_begun_has_no_cash_yet():
    """Read in June, with 40 paid in May and 60 to come before July: nothing, and nothing owed."""
    paid = deal(stage=8).collect(yuan(40), at=SPRING).collect(yuan(60), at=on(6, 20))

    assert yuan(0) == told(paid, at=on(6, 1)).completed
    assert yuan(54) == told(paid, at=on(6, 1)).weighted


def test_reading_late_does_not_let_later_cash_in():
    """At the end of November the quarter's cash still ends with September."""
    late = deal(stage=8).collect(yuan(40), at=JULY).collect(yuan(60), at=on(11, 2))

    assert yuan(40) == told(late, at=on(11, 30)).completed


# --- rates -----------------------------------------------------------------------------------


def test_rates_may_be_given_as_a_plain_mapping():
    """As text, Decimal, Fraction or int, each exact."""
    given = ["0.1", Decimal("0.2"), Fraction(1, 3), "0.5", "0.5", "0.5", 1, 1]
    outlook = told(deal(stage=3), win_rates=dict(zip(STAGE.values(), given, strict=True)))

    assert yuan("33.33") == outlook.weighted
    assert Fraction(1, 3) == outlook.by_stage[STAGE[3]].rate
    assert Fraction(1, 15) == outlook.ratio


def test_learned_rates_may_fall_and_nominal_ones_may_not():
    """History is what it is; a table by hand that falls is a mistake."""
    falling = [Fraction(9 - n, 10) for n in range(8)]

    assert yuan(70) == told(deal(stage=3), win_rates=learned(falling)).weighted
    with pytest.raises(InvalidValue, match="fall at INFO_COLLECTION"):
        told(win_rates=dict(zip(STAGE.values(), falling, strict=True)))


def test_rates_that_leave_a_stage_out_are_refused():
    """Also where no deal stands there."""
    with pytest.raises(InvalidValue, match="say nothing of PAYMENT_AND_RESALE"):
        told(win_rates={STAGE[n]: "0.5" for n in range(1, 8)})


def test_rates_of_another_machine_are_refused():
    """A pipeline of one's own needs rates of one's own."""
    book = [new_deal(stage=Phase.CLOSE, at=SPRING, expected_close=CLOSE, machine=GENERAL)]
    outlook = forecast(book, yuan(500), Q3, win_rates=GENERAL_RATES, machine=GENERAL)

    assert yuan(80) == outlook.weighted
    with pytest.raises(InvalidValue):
        forecast(book, yuan(500), Q3, machine=GENERAL)


# --- rounding --------------------------------------------------------------------------------


def test_sums_are_rounded_once_and_half_up():
    """Three deals of 1 fen at one half weigh 1.5 fen, so 2, and not 3 times 1."""
    half = dict.fromkeys(STAGE.values(), Fraction(1, 2))
    fen = Money("0.01", "CNY")
    book = [deal(f"{n}", fen, n) for n in (3, 4, 5)]
    outlook = told(*book, win_rates=half)

    assert Money("0.02", "CNY") == outlook.weighted
    assert [fen] * 3 == [outlook.by_stage[STAGE[n]].weighted for n in (3, 4, 5)]
    assert Fraction(3, 2) / 50_000 == outlook.ratio


@pytest.mark.parametrize(
    ("expected", "shown"), [("426.50", "85.3%"), ("426.75", "85.4%"), ("426.74", "85.3%")]
)
def test_a_forecast_shows_one_decimal_rounded_half_up(expected, shown):
    """85.35 % shows as 85.4 %, and a little less does not."""
    assert shown == str(told(completed=yuan(expected)))


def test_a_forecast_is_a_value():
    """Equal where made of the same, and hashable."""
    assert isinstance(told(deal()), Forecast)
    assert told(deal()) == told(deal())
    assert hash(told(deal())) == hash(told(deal()))
