"""The rhythm of a standard: by the week, by the month, once in its phase, once in the year.

What is asked every week is held to whole weeks that are over: the week that still runs has not
failed yet, and the piece of a week at either end of a period cannot be held to a full one.

>>> from salesflow.periods import Quarter
>>> q3 = Quarter(2026, 3)
>>> [str(month) for month in months_over(q3, q3.start.add(days=70))]
['2026-07', '2026-08']
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeVar

from pendulum import DateTime

from salesflow.instants import instant
from salesflow.labels import Label, Term
from salesflow.metrics.moments import first_day_ahead
from salesflow.periods import Month, Period, Week

__all__ = ["Per", "months_over", "weeks_over"]

P = TypeVar("P", bound=Period)


class Per(Term):
    """How often a standard is asked for."""

    WEEK = "week", "每周", "a week"
    MONTH = "month", "每月", "a month"
    PHASE = "phase", "本阶段", "in the phase"
    YEAR = "year", "全年", "in the year"

    @property
    def repeats(self) -> bool:
        """Whether it is asked for again and again, so that its values come as a list."""
        return self in _TURNS

    def nth(self, number: int) -> Label:
        """Name its n-th turn, such as month 3; what does not repeat goes by its own name."""
        zh, en = _TURNS.get(self, (self.label("zh"), self.label("en")))
        return Label(zh.format(n=number), en.format(n=number))


# What repeats, and how one of its turns is called.
_TURNS: Final = {Per.WEEK: ("第 {n} 周", "week {n}"), Per.MONTH: ("第 {n} 个月", "month {n}")}


def weeks_over(during: Period, at: datetime) -> tuple[Week, ...]:
    """Return the weeks that lie within a period and are over at an instant."""
    year, week, _ = during.first.isocalendar()
    return _over(Week(year, week, tz=during.tz), during, instant(at))


def months_over(during: Period, at: datetime) -> tuple[Month, ...]:
    """Return the calendar months that lie within a period and are over at an instant."""
    first = during.first
    return _over(Month(first.year, first.month, tz=during.tz), during, instant(at))


def _over(turn: P, during: Period, at: DateTime) -> tuple[P, ...]:
    """Return the turns from the one in which a period begins to the last one that is over."""
    limit = during.after if at >= during.last else first_day_ahead(during, at)
    found: list[P] = []
    while turn.after < limit:  # beyond the limit the calendar may end
        found.append(turn)
        turn = turn.shift(1)
    if turn.after == limit:
        found.append(turn)
    return tuple(turn for turn in found if turn.first >= during.first)
