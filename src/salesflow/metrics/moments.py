"""Which moments of a trail a figure looks at: the period, and the last instant it reads.

A figure asked "as of" an instant reads a book cut there, that instant included (`Book.as_of`); a
period does not include the instant at which it ends.
"""

from __future__ import annotations

from datetime import date, datetime

from attrs import frozen
from pendulum import DateTime

from salesflow.errors import WrongType
from salesflow.funnel import Event
from salesflow.instants import instant
from salesflow.periods import Period

__all__ = ["Window", "closing", "first_day_ahead", "last_before", "period_of", "window"]


@frozen(kw_only=True)
class Window:
    """The instants and days of a period; None leaves that side open."""

    #: first instant that counts
    start: DateTime | None
    #: first instant after the period
    end: DateTime | None
    #: first planned day that counts
    first: date | None
    #: first planned day that does not
    after: date

    def awaits(self, closes: date | None) -> bool:
        """Whether a deal expected to close on a day, or on none, belongs to the window."""
        if self.first is None:
            return True
        return closes is not None and self.first <= closes < self.after

    def cash(self, trail: tuple[Event, ...]) -> int:
        """Return the cash collected in the window, in minor units."""
        after = last_before(trail, self.end)
        before = None if self.start is None else last_before(trail, self.start)
        if after is None or (self.start is not None and after.at < self.start):
            return 0
        return after.collected.minor - (before.collected.minor if before else 0)


def window(during: Period | None) -> Window:
    """Return the window of a figure over `during`, or over everything."""
    if during is None:
        return Window(start=None, end=None, first=None, after=date.max)
    period_of(during)
    return Window(start=during.start, end=during.end, first=during.first, after=during.after)


def period_of(during: object) -> Period:
    """Return a period; raises `WrongType` for anything else."""
    if not isinstance(during, Period):
        raise WrongType.of("during", during, "pass a period such as Quarter(2026, 3)")
    return during


def closing(during: Period, at: datetime | None) -> DateTime:
    """Return the last instant that a figure of a period reads: `at`, or the period's last one.

    A figure of a period never looks beyond it.
    """
    last = period_of(during).last
    return last if at is None else min(last, instant(at))


def first_day_ahead(during: Period, moment: DateTime) -> date:
    """Return the first day not yet over at a moment, where the period lives."""
    return during.day_of(moment.add(microseconds=1))


def last_before(trail: tuple[Event, ...], bound: DateTime | None) -> Event | None:
    """Return the last event before an instant; None where there is none yet."""
    if bound is None:
        return trail[-1]
    index = len(trail) - 1
    while index >= 0 and trail[index].at >= bound:
        index -= 1
    return trail[index] if index >= 0 else None
