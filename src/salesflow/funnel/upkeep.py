"""Upkeep: what changes about a deal while it stays where it is: its amount, its cash, a pause.

>>> from datetime import date
>>> import pendulum
>>> from salesflow.funnel import Opportunity
>>> july = pendulum.datetime(2026, 7, 1, tz="UTC")
>>> deal = Opportunity.open(id="D-1", customer="H-3", owner="R-9", product="CLIA-900",
...                         amount=Money("100", "CNY"), at=july)
>>> deal = deal.collect(Money("40", "CNY"), at=july).revise(at=july, amount=Money("90", "CNY"))
>>> deal.outstanding
Money('50.00', 'CNY')
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from salesflow import text
from salesflow.errors import ClosedDeal, CurrencyMismatch, InvalidValue, OnHold
from salesflow.funnel.stages import Status
from salesflow.funnel.standing import Standing
from salesflow.funnel.trail import KEEP, Act, Event, Keep, close, follow, worth
from salesflow.machine import Machine, table_of
from salesflow.money import Money

__all__ = ["Upkeep"]


class Upkeep(Standing):
    """The verbs that leave a deal at its stage."""

    __slots__ = ()

    def hold(
        self, *, at: datetime, reason: str, by: str = "", machine: Machine | None = None
    ) -> Self:
        """Put the deal on hold: it stays open and in the forecast, but cannot move on."""
        last = self._moving("hold", machine)
        why = text.note(reason, "reason")
        return self._add(follow(last, Act.HELD, at, by=by, reason=why, held=True))

    def resume(self, *, at: datetime, by: str = "", machine: Machine | None = None) -> Self:
        """End the hold."""
        last = self._open("resume", machine)
        if not last.held:
            raise InvalidValue("resume", "finds the deal not on hold", "put it on hold first")
        return self._add(follow(last, Act.RESUMED, at, by=by, held=False))

    def revise(
        self,
        *,
        at: datetime,
        amount: Money | None = None,
        expected_close: date | Keep | None = KEEP,
        reason: str = "",
        by: str = "",
        machine: Machine | None = None,
    ) -> Self:
        """Change the amount or the expected close, or clear the latter with None.

        Raises `InvalidValue` where nothing would change and where less than the cash already
        collected would be left, `CurrencyMismatch` for another currency.
        """
        last = self._open("revise", machine)
        new = last.amount if amount is None else self._own(amount)
        closes = last.expected_close if expected_close is KEEP else close(expected_close)
        if (new, closes) == (last.amount, last.expected_close):
            raise InvalidValue("revise", "changes nothing", "pass a new amount or expected_close")
        if new < last.collected:
            raise InvalidValue("amount", "is below the cash collected", "pass at least that")
        why = "" if reason == "" else text.note(reason, "reason")
        return self._add(
            follow(last, Act.REVISED, at, by=by, reason=why, amount=new, expected_close=closes)
        )

    def collect(
        self, amount: Money, *, at: datetime, by: str = "", machine: Machine | None = None
    ) -> Self:
        """Record an instalment of cash, also after the win; never more than is outstanding."""
        self._check(machine)
        last = self.trail[-1]
        if last.status is Status.LOST:
            raise ClosedDeal("collect", last.status, "reopen the deal first")
        cash = self._own(amount)
        if not 0 < cash.minor <= last.outstanding.minor:
            problem = "is zero or more than is outstanding"
            raise InvalidValue("amount", problem, "collect a part, or revise the deal first")
        return self._add(follow(last, Act.COLLECTED, at, by=by, collected=last.collected + cash))

    def _add(self, event: Event) -> Self:
        return self._with((*self.trail, event))

    def _check(self, machine: Machine | None) -> None:
        # These verbs need no table, but refuse a wrong one.
        if machine is not None:
            table_of(machine, self.machine)

    def _open(self, verb: str, machine: Machine | None) -> Event:
        self._check(machine)
        last = self.trail[-1]
        if last.status is not Status.OPEN:
            remedy = "reopen a lost deal, open a resale of a won one"
            raise ClosedDeal(verb, last.status, remedy)
        return last

    def _moving(self, verb: str, machine: Machine | None) -> Event:
        last = self._open(verb, machine)
        if last.held:
            raise OnHold(verb)
        return last

    def _own(self, amount: Money) -> Money:
        if worth(amount).currency != self.amount.currency:
            raise CurrencyMismatch(self.amount.currency, amount.currency)
        return amount
