"""A phase of the roadmap: when it runs, counted from the entry, and the standards of it.

>>> phase = Phase(key="B", label=Label("起步", "start"), stretch=Stretch("month", 1, 3), standards=[
...     Standard(metric="prospects", required=50), Standard(metric="trust", required=10)])
>>> str(phase.stretch.during(date(2026, 1, 12)))
'2026-01-12/2026-04-12'
>>> phase.with_standard(Standard(metric="trust", required=8)).standard("trust").required
8
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Self

from attrs import evolve, field, frozen
from pendulum import Date

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.instants import day
from salesflow.labels import Label, Term
from salesflow.periods import Span
from salesflow.planning.metric import metric_of
from salesflow.planning.rhythm import Per
from salesflow.planning.standards import Standard

__all__ = ["Phase", "Stretch"]

# No career is planned further ahead.
_LONGEST: Final = 600


@frozen
class Stretch:
    """A run of weeks or months counted from the entry, written `Stretch("week", 1, 4)`."""

    #: what it is counted in: weeks or months
    per: Per
    #: the first of them, 1 for the one that begins with the entry
    first: int
    #: the last of them
    last: int
    #: whether the figures are ours, and not those of the source
    assumed: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        forms.terms(self, per=Per)
        forms.counts_of(self, "first", "last")
        forms.flags(self, "assumed")
        if not self.per.repeats:
            raise InvalidValue("per", "is no run of weeks or months", "count in one of the two")
        if not 1 <= self.first <= self.last <= _LONGEST:
            raise InvalidValue("last", "leaves no stretch", f"count up, from 1 to {_LONGEST}")

    def during(self, started_on: date, *, tz: str = "UTC") -> Span:
        """Return the days of the stretch for somebody who entered on a day."""
        entry = day(started_on, "started_on")
        return Span(self._after(entry, self.first - 1), self._after(entry, self.last), tz=tz)

    def _after(self, entry: date, turns: int) -> date:
        start = Date(entry.year, entry.month, entry.day)
        end = start.add(weeks=turns) if self.per is Per.WEEK else start.add(months=turns)
        return date(end.year, end.month, end.day)


def _standards(value: Iterable[Standard]) -> tuple[Standard, ...]:
    rows = forms.list_of(Standard, value, "standards")
    if len({row.metric for row in rows}) < len(rows):
        raise InvalidValue("standards", "have a metric twice", "ask for each metric once")
    return rows


@frozen(kw_only=True)
class Phase:
    """A phase of the roadmap: how long it lasts, and what it asks for."""

    #: key within the roadmap
    key: str
    #: its name
    label: Label
    #: when it runs, counted from the entry
    stretch: Stretch
    #: what is to be reached in it
    standards: tuple[Standard, ...] = field(converter=_standards)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        for box, kind in (("label", Label), ("stretch", Stretch)):
            if not isinstance(getattr(self, box), kind):
                raise WrongType.of(box, getattr(self, box), f"pass a {kind.__name__}")

    def standard(self, metric: Term) -> Standard:
        """Return the standard of a metric; raises `InvalidValue` where the phase asks for none."""
        wanted = metric_of(metric)
        for row in self.standards:
            if row.metric is wanted:
                return row
        raise InvalidValue("metric", f"is not asked for in {self.key}", "use one of its standards")

    def with_standard(self, standard: Standard) -> Self:
        """Return the phase with the standard of that metric replaced, or added as the last."""
        (row,) = forms.list_of(Standard, [standard], "standard")
        if all(old.metric is not row.metric for old in self.standards):
            return evolve(self, standards=(*self.standards, row))
        rows = (row if old.metric is row.metric else old for old in self.standards)
        return evolve(self, standards=rows)
