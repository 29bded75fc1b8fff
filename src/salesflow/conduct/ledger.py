"""The ledger of limits: what was drawn on each of them so far, action by action, day by day.

Each limit has pots: one for each employee, customer, visit, event or attendee it is counted for.
An action draws on some pots; whether that would be too much is asked first, and only what may be
done is booked.  Days come in order, so what has left the window is taken out once and for all,
and a long history costs no more than its length.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import product

from attrs import frozen

from salesflow.conduct.actions import Action, Scope
from salesflow.conduct.limits import Limit, Window

__all__ = ["Draw", "Ledger"]


class _Pot:
    """What lies in the window of one limit, for one of those it is counted for."""

    __slots__ = ("_entries", "estimate", "spent")

    def __init__(self) -> None:
        self._entries: deque[tuple[date, Fraction, Fraction]] = deque()
        self.spent = self.estimate = Fraction(0)

    def since(self, first: date) -> _Pot:
        """Take out what lies before a day."""
        while self._entries and self._entries[0][0] < first:
            _, spent, estimate = self._entries.popleft()
            self.spent -= spent
            self.estimate -= estimate
        return self

    def add(self, on: date, spent: Fraction, estimate: Fraction) -> None:
        self._entries.append((on, spent, estimate))
        self.spent += spent
        self.estimate += estimate


@frozen(eq=False)
class Draw:
    """What an action would draw on the pots of a limit, an equal part on each."""

    #: the limit
    limit: Limit
    #: the day of the action
    on: date
    #: pieces, or minor units of money, for each pot
    spent: Fraction
    #: minor units that were estimated, for each pot
    estimate: Fraction
    _pots: tuple[_Pot, ...]

    @property
    def fullest(self) -> tuple[Fraction, Fraction]:
        """What would lie in the pot that comes nearest to its limit, and what may lie there."""
        totals = (
            (pot.spent + self.spent, self.limit.allows(pot.estimate + self.estimate))
            for pot in self._pots
        )
        return max(totals, key=lambda total: total[0] - total[1])

    @property
    def exceeds(self) -> bool:
        """Whether that would be too much; exactly at the limit is within it."""
        total, most = self.fullest
        return total > most

    def book(self) -> None:
        """Draw it."""
        for pot in self._pots:
            pot.add(self.on, self.spent, self.estimate)


class Ledger:
    """What was drawn on some limits by actions that come in the order of their days."""

    def __init__(self) -> None:
        self._pots: dict[tuple[str, ...], _Pot] = {}

    def draw(self, limit: Limit, action: Action) -> Draw:
        """Return what an action would draw on a limit that can read all its boxes."""
        names, first = tuple(_names(limit, action)), limit.opens(action.on)
        pots = tuple(self._pots.setdefault(name, _Pot()).since(first) for name in names)
        spent = Fraction(limit.draws(action), len(pots))
        estimate = Fraction(0 if action.estimate is None else action.estimate.minor, len(pots))
        return Draw(limit, action.on, spent, estimate, pots)


def _names(limit: Limit, action: Action) -> Iterator[tuple[str, ...]]:
    """Yield the name of each pot."""
    alone = action.id if limit.window is Window.ACTION else ""
    # Estimates come in any currency, and two of them never meet in one pot.
    money = None if limit.most_of_estimate is None else action.value
    boxes = (
        action.attendees if scope is Scope.ATTENDEE else (getattr(action, scope.value),)
        for scope in limit.per
    )
    return product((limit.key,), (alone,), ("" if money is None else money.currency,), *boxes)
