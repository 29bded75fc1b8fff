"""Numbers as a manager says them: no more digits than are true, in either language."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from report_parts.layout import Page
from salesflow import Money, Month, Quarter
from salesflow.money import half_up
from salesflow.periods import Period
from salesflow.ratios import percent

__all__ = ["about", "chance", "kind", "rate"]

_DIGITS: Final = 3
_LOW: Final = 0.005
_SMALL: Final = 0.095


def chance(page: Page, probability: float) -> str:
    """Return the probability of a total, in whole percent; nothing uncertain is 0 or 100."""
    if probability < _LOW:
        return page.say("不到 1%", "less than 1%")
    if probability > 1 - _LOW:
        return page.say("99% 以上", "more than 99%")
    return f"{half_up(Fraction(probability) * 100)}%"


def rate(share: float) -> str:
    """Return a win rate: whole percent, and one decimal where that would be too coarse."""
    if abs(share) < _SMALL:
        return percent(Fraction(share))
    return f"{half_up(Fraction(share) * 100)}%"


def about(money: Money) -> Money:
    """Return an amount to three digits, which is all that a forecast can bear."""
    spare = max(0, len(str(abs(money.minor))) - _DIGITS)
    return Money.of_minor(half_up(Fraction(money.minor, 10**spare)) * 10**spare, money.currency)


def kind(page: Page, period: Period) -> str:
    """Return what a period is called."""
    if isinstance(period, Month):
        return page.say("月份", "month")
    if isinstance(period, Quarter):
        return page.say("季度", "quarter")
    return page.say("期间", "period")
