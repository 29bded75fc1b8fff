"""Forecast (销售预计), the answer to "will we make the number?".

    forecast = (completed + Σ amount outstanding × win rate of the stage) ÷ quota

Completed is cash collected inside the period, so no yuan counts twice: of a half-paid deal the
paid half counts in full and the rest by its rate.  Only deals expected to close in the period are
weighed; undated ones, and those expected in other periods, are told beside it.  The forecast is
what is *expected*; what is *done* is the completion ratio, and neither is capped at 1.

Amounts are summed per stage first and multiplied once, in exact fractions; each money figure is
rounded once, half up, to the minor unit.

Source: the first formula of funnel management; readings F1 to F4, F13 and F15.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from attrs import frozen

from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.funnel import FUNNEL, WIN_RATES, Opportunity, Status, WinRates, rates_of
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics.book import Tally, book_of
from salesflow.metrics.moments import Window, window
from salesflow.money import NO_CURRENCY, Money, half_up
from salesflow.periods import Period
from salesflow.ratios import percent
from salesflow.scales import Number
from salesflow.tables import Rows, Table

__all__ = ["Forecast", "Outside", "StageEstimate", "check_quota", "forecast"]


@frozen(kw_only=True)
class StageEstimate:
    """What the open deals of one stage are expected to bring in the period (阶段预计)."""

    #: how many open deals
    n: int
    #: what they have still to pay
    outstanding: Money
    #: the win rate of the stage
    rate: Fraction
    #: outstanding × rate, rounded for itself
    weighted: Money


@frozen(kw_only=True)
class Outside:
    """Open deals with an expected close in another period."""

    #: expected after the period
    later: Tally
    #: expected before the period and still open: each by name, since its date is wrong
    overdue: Tally


@frozen(kw_only=True)
class Forecast:
    """The forecast of a period against its quota; `str` shows the ratio."""

    #: cash collected in the period
    completed: Money
    #: what the open deals are expected to bring
    weighted: Money
    #: completed + weighted
    expected: Money
    #: what was to be sold
    quota: Money
    #: quota − expected; negative where more is expected than asked
    gap: Money
    #: expected ÷ quota, exact
    ratio: Fraction
    #: completed ÷ quota, exact
    completion_ratio: Fraction
    #: each stage of the machine
    by_stage: Table[Term, StageEstimate]
    #: open deals without an expected close, in no figure above
    undated: Tally
    #: open deals expected in other periods, in no figure above
    outside: Outside
    #: won deals that have still to pay, in no figure above but for the cash that came
    unpaid: Tally

    def __str__(self) -> str:
        return percent(self.ratio)


def forecast(
    deals: Iterable[Opportunity],
    quota: Money,
    during: Period | None = None,
    *,
    win_rates: WinRates | Rows[Term, Number | str] = WIN_RATES,
    completed: Money | None = None,
    at: datetime | None = None,
    machine: Machine = FUNNEL,
) -> Forecast:
    """Return the forecast of a period, from the deals as they stand, or as they stood at `at`.

    (completed + Σ outstanding × win rate) ÷ quota, over the open deals expected to close in it.
    `completed` replaces the cash collected, for a host that counts revenue otherwise.  Without a
    period every open deal is weighed and all cash counts.

    Raises `InvalidValue` for a quota of zero or less, `CurrencyMismatch` for a deal in another
    currency, and as `book_of` does.
    """
    check_quota(quota, completed)
    rates = rates_of(win_rates, machine)
    book = book_of(deals, machine).as_of(at)
    if book.currency not in {NO_CURRENCY, quota.currency}:
        raise CurrencyMismatch(quota.currency, book.currency)
    sums = _Sums(quota.currency, window(during), machine)
    sums.read(book)
    weighted = sum(rate * sums.outstanding[stage] for stage, rate in rates.items())
    done = sums.cash if completed is None else completed.minor
    expected = done + half_up(weighted)
    return Forecast(
        completed=sums.money(done),
        weighted=sums.money(half_up(weighted)),
        expected=sums.money(expected),
        quota=quota,
        gap=sums.money(quota.minor - expected),
        ratio=Fraction(done + weighted) / quota.minor,
        completion_ratio=Fraction(done, quota.minor),
        by_stage=Table({stage: sums.estimate(stage, rate) for stage, rate in rates.items()}),
        undated=sums.tally(sums.undated),
        outside=Outside(
            later=Tally(n=sums.later_n, amount=sums.money(sums.later_minor)),
            overdue=sums.tally(sums.overdue),
        ),
        unpaid=sums.tally(sums.unpaid),
    )


def check_quota(quota: Money, completed: Money | None) -> None:
    """Refuse a quota that is no money above zero, and completed money in another currency."""
    given = {"quota": quota} if completed is None else {"quota": quota, "completed": completed}
    for name, money in given.items():
        if not isinstance(money, Money):
            raise WrongType.of(name, money, "pass Money")
    if quota.minor <= 0:
        raise InvalidValue("quota", "is zero or less", "pass an amount above zero")
    if completed is not None and completed.currency != quota.currency:
        raise CurrencyMismatch(quota.currency, completed.currency)


class _Sums:
    """Sums over the deals, in minor units, per stage."""

    def __init__(self, currency: str, during: Window, machine: Machine) -> None:
        self.currency = currency
        self.during = during
        self.n = dict.fromkeys(machine.stages, 0)
        self.outstanding = dict.fromkeys(machine.stages, 0)
        self.cash = 0
        self.undated: list[tuple[str, int]] = []
        self.overdue: list[tuple[str, int]] = []
        self.unpaid: list[tuple[str, int]] = []
        self.later_n = self.later_minor = 0

    def read(self, deals: Iterable[Opportunity]) -> None:
        """Sum up, in one plain loop: this is where a million deals are read."""
        first, after = self.during.first, self.during.after
        n, outstanding, opened = self.n, self.outstanding, Status.OPEN
        later_n = later_minor = 0
        for deal in deals:
            now = deal.trail[-1]
            minor, paid = now.amount.minor, now.collected.minor
            # Imported cash may have been paid back since.
            if paid or (now.sequence and deal.trail[0].observed):
                self.cash += self.during.cash(deal.trail)
                minor -= paid
            if now.status is not opened:
                if minor and now.status is Status.WON:
                    self.unpaid.append((deal.id, minor))
                continue
            closes = now.expected_close
            if first is not None:
                if closes is None:
                    self.undated.append((deal.id, minor))
                    continue
                if closes >= after:
                    later_n += 1
                    later_minor += minor
                    continue
                if closes < first:
                    self.overdue.append((deal.id, minor))
                    continue
            n[now.target] += 1
            outstanding[now.target] += minor
        self.later_n, self.later_minor = later_n, later_minor

    def estimate(self, stage: Term, rate: Fraction) -> StageEstimate:
        """Weigh the deals of a stage."""
        outstanding = self.outstanding[stage]
        return StageEstimate(
            n=self.n[stage],
            outstanding=self.money(outstanding),
            rate=rate,
            weighted=self.money(half_up(rate * outstanding)),
        )

    def money(self, minor: int) -> Money:
        """Give a sum its currency."""
        return Money.of_minor(minor, self.currency)

    def tally(self, found: list[tuple[str, int]]) -> Tally:
        """Tell deals that were left out, by name."""
        return Tally(
            n=len(found),
            amount=self.money(sum(minor for _, minor in found)),
            ids=tuple(name for name, _ in found),
        )
