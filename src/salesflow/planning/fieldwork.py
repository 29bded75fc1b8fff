"""Work in the field, week by week: customers visited, and hours spent with them.

    customers visited = different customers of the visits held in the week
    hours = Σ from the opening of each visit to the end of its conversation

A dinner that somebody wrote down as a visit is none.  Hours are known only where every visit of
the week tells how long it lasted: one that was written down within an instant does not.

>>> from salesflow.periods import Week
>>> dict(visited([], Week(2026, 28)))[Metric.CUSTOMERS_VISITED]
(0,)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from salesflow.instants import elapsed
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics.moments import closing
from salesflow.periods import Period
from salesflow.planning.metric import Metric
from salesflow.planning.rhythm import weeks_over
from salesflow.planning.standards import Value
from salesflow.tables import Table
from salesflow.visits import VISIT, Visit
from salesflow.visits.cases import cases_of

__all__ = ["visited"]

_TICK: Final = timedelta(microseconds=1)
_TICKS_OF_AN_HOUR: Final = timedelta(hours=1) // _TICK


def visited(
    visits: Iterable[Visit],
    during: Period,
    *,
    at: datetime | None = None,
    machine: Machine = VISIT,
) -> Table[Term, tuple[Value, ...]]:
    """Return the work of each week of a period, as known at `at`, by metric of the roadmap.

    The weeks are those that lie in the period and are over.  Raises `DuplicateId`, `ForeignDeal`
    for a visit of another method, and `WrongType`.
    """
    weeks = {week.first: list[Visit]() for week in weeks_over(during, closing(during, at))}
    for case in cases_of(visits, during, at, machine).belonging:
        held = case.visit.held_at
        if held is not None:
            on = during.day_of(held)
            weeks.get(on - timedelta(days=on.weekday()), []).append(case.visit)
    return Table(
        {
            Metric.CUSTOMERS_VISITED: tuple(
                len({visit.customer for visit in held}) for held in weeks.values()
            ),
            Metric.VISIT_HOURS: tuple(_hours(held, machine) for held in weeks.values()),
        }
    )


def _hours(visits: Sequence[Visit], machine: Machine) -> Fraction | None:
    """Return the hours of some visits, exact; None where one of them does not tell its length."""
    lengths = [_length(visit, machine) for visit in visits]
    if not all(lengths):
        return None
    return Fraction(sum(lengths, timedelta()) // _TICK, _TICKS_OF_AN_HOUR)


def _length(visit: Visit, machine: Machine) -> timedelta:
    """Return how long the conversation lasted; nothing where the visit does not tell."""
    over = machine.landmark("summary")
    ends = (event.at for event in visit.trail if event.target is over)
    start, end = visit.held_at, next(ends, None)
    return timedelta() if start is None or end is None else elapsed(end, start)
