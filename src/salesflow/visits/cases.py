"""The visits that a figure reads: each once, of one method, as they stood, with their sheets.

What never counts is left out here, once, for every figure: a dinner that somebody wrote down as a
visit changes no rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from attrs import frozen
from pendulum import DateTime

from salesflow.activity import counts
from salesflow.errors import ForeignDeal, WrongType
from salesflow.instants import instant
from salesflow.machine import Machine, table_of
from salesflow.periods import Period
from salesflow.tables import listed_of, once
from salesflow.visits.sheet import Sheet
from salesflow.visits.steps import VisitStatus
from salesflow.visits.visit import Visit

__all__ = ["Case", "Cases", "cases_of", "each_once"]


@frozen
class Case:
    """A visit as it stood, and its sheet."""

    #: the visit
    visit: Visit
    #: everything recorded in it
    sheet: Sheet
    #: whether it was held in the period, or cancelled in it
    belongs: bool


@frozen(kw_only=True)
class Cases:
    """The visits that a figure reads."""

    #: those that count, in the order given
    counted: tuple[Case, ...]
    #: ids of those of the period that never count
    left_out: tuple[str, ...]
    #: the last instant that was read, None where everything was
    moment: DateTime | None

    @property
    def belonging(self) -> tuple[Case, ...]:
        """Those held in the period, or cancelled in it."""
        return tuple(case for case in self.counted if case.belongs)


def cases_of(
    visits: Iterable[Visit], during: Period | None, at: datetime | None, machine: Machine
) -> Cases:
    """Return the visits as they stood at `at`, by default and at most the end of the period.

    Raises `DuplicateId`, `ForeignDeal` for a visit of another method, and `WrongType`.
    """
    moment = None if at is None else instant(at)
    belongs = _membership(during)
    if during is not None:
        moment = during.last if moment is None else min(moment, during.last)
    counted: list[Case] = []
    left_out: list[str] = []
    for visit in _of_method(visits, table_of(machine)):
        stood = visit if moment is None else visit.as_of(moment)
        if stood is None:
            continue
        if counts(visit.kind):
            counted.append(Case(stood, stood.sheet, belongs(stood)))
        elif belongs(stood):
            left_out.append(visit.id)
    return Cases(counted=tuple(counted), left_out=tuple(left_out), moment=moment)


def _membership(during: Period | None) -> Callable[[Visit], bool]:
    """Return what tells whether a visit was held in a period, or cancelled in it."""
    if during is None:
        return lambda visit: _when(visit) is not None
    if not isinstance(during, Period):
        raise WrongType.of("during", during, "pass a period such as Month(2026, 7)")
    start = during.start  # found once, since it takes its time; what came later is cut off

    def within(visit: Visit) -> bool:
        when = _when(visit)
        return when is not None and start <= when

    return within


def _when(visit: Visit) -> DateTime | None:
    return visit.trail[-1].at if visit.status is VisitStatus.CANCELLED else visit.held_at


def _of_method(visits: Iterable[Visit], machine: Machine) -> tuple[Visit, ...]:
    found = listed_of(visits, Visit, "visits")
    for visit in found:
        table_of(machine, visit.machine)
        if visit.step not in machine.stages:
            raise ForeignDeal(f"another table named {visit.machine}", machine.name)
    return each_once(found)


def each_once(visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
    """Return visits, each of them once; raises `DuplicateId` naming the id."""
    once(visit.id for visit in visits)
    return visits
