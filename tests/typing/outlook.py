"""The outlook as the type checkers see it: never run, only checked by mypy and pyright."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_type

import pendulum

from salesflow import WIN_RATES, Money, Month, Opportunity, Quarter, Stage
from salesflow.metrics import (
    Accuracy,
    Backtest,
    Calibration,
    Chance,
    LearnedRates,
    NewBusiness,
    Outlook,
    SmallestSet,
    Swing,
    WhatIf,
    accuracy,
    backtest,
    calibration,
    decisive,
    learn_newcomers,
    learn_rates,
    needed,
    outlook,
    smallest_set,
    what_if,
)


def the_contract(deals: list[Opportunity], q3: Quarter, quota: Money) -> None:
    o = outlook(deals, during=q3, win_rates=WIN_RATES, completed=None, shock=0)
    assert_type(o, Outlook)
    assert_type(o.mean, Money)
    assert_type(o.quantile(0.1), Money)
    assert_type(o.probability(at_least=quota), float)
    assert_type(o.cdf(quota), float)
    assert_type(decisive(o, at_least=quota), tuple[Swing, ...])
    assert_type(needed(o, at_least=quota, level=0.8), Money)
    assert_type(smallest_set(o, at_least=quota, level=0.8), SmallestSet | None)
    edited = what_if(o, remove=["D-1"], restage={"D-2": Stage.WINNING_COMMITMENT})
    assert_type(edited, WhatIf)
    assert_type(edited.mean, Money)


def size(deal: Opportunity) -> str:
    return str(deal.amount > Money(1, "CNY"))


def learned(deals: list[Opportunity], month: Month) -> None:
    at = pendulum.datetime(2026, 7, 1, tz="UTC")
    rates = learn_rates(
        deals,
        as_of=at,
        during=month,
        fields={"size": size},
    )
    assert_type(rates, LearnedRates)
    chance = rates.chance(Stage.NEEDS_DISCOVERY, days=12, fields={"size": "True"})
    assert_type(chance, Chance)
    assert_type(chance.nominal, Fraction)
    assert_type(chance.interval, tuple[float, float] | None)
    new = learn_newcomers(deals, during=month, as_of=at)
    assert_type(new, NewBusiness | None)
    assert_type(outlook(deals, month, win_rates=rates, new_business=new, shock=0.3), Outlook)


def judged(deals: list[Opportunity]) -> None:
    told = backtest(deals, [Month(2026, 5), Month(2026, 6)], by=lambda deal: deal.owner)
    assert_type(told, Backtest)
    assert_type(calibration(told.predictions), Calibration | None)
    assert_type(accuracy(told.totals), Accuracy | None)
