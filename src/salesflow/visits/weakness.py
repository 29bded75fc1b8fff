"""Which step is weakest: where conversations get to, where they go on, where they break off.

Each visit counts once at each step.  It *reached* a step it entered; it was *dropped* there where
it was broken off or cancelled; it *passed* where it went on from there and was not dropped there
in the end.  A visit still standing at a step, or gone back from it only, is decided neither way.

    rate of a step = passed ÷ (passed + dropped)
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.ratios import Rate
from salesflow.tables import Table
from salesflow.visits.trail import VisitAct
from salesflow.visits.visit import Visit

__all__ = ["StepLesson", "steps_walked", "weakest"]


@frozen(kw_only=True)
class StepLesson:
    """What became of the visits that reached a step."""

    #: how many reached it
    reached: int
    #: how many of those decided went on
    rate: Rate
    #: ids of the visits that were dropped here
    dropped: tuple[str, ...]


def steps_walked(visits: Iterable[Visit], machine: Machine) -> Table[Term, StepLesson]:
    """Return for each step what became of the visits that reached it, in the order of the path."""
    reached = dict.fromkeys(machine.stages, 0)
    passed = dict.fromkeys(machine.stages, 0)
    dropped: dict[Term, list[str]] = {step: [] for step in machine.stages}
    for visit in visits:
        seen, went_on, lost = _walk(visit, machine)
        for step in seen:
            reached[step] += 1
        for step in went_on - {lost}:
            passed[step] += 1
        if lost is not None:
            dropped[lost].append(visit.id)
    return Table(
        {
            step: StepLesson(
                reached=reached[step],
                rate=Rate(passed[step], passed[step] + len(dropped[step])),
                dropped=tuple(dropped[step]),
            )
            for step in machine.stages
        }
    )


def _walk(visit: Visit, machine: Machine) -> tuple[set[Term], set[Term], Term | None]:
    """Return the steps a visit reached, those it went on from, and the one it was dropped at."""
    seen, went_on, lost = {visit.trail[0].target}, set[Term](), None
    for event in visit.trail:
        seen.add(event.target)
        source = event.source or event.target
        match event.act:
            case VisitAct.ABORTED | VisitAct.CANCELLED:
                lost = source
            case VisitAct.CLOSED:
                went_on.add(source)
            case _ if machine.position(event.target) > machine.position(source):
                went_on.add(source)
            case _:
                pass
    return seen, went_on, lost


def weakest(steps: Table[Term, StepLesson], least: int) -> Term | None:
    """Return the step with the lowest rate of those with `least` decided visits or more.

    The earlier one of two that are equal; None where none has so many, or none lost a visit.
    """
    known = {
        step: lesson.rate.ratio
        for step, lesson in steps.items()
        if lesson.rate.n >= least and lesson.rate.ratio is not None
    }
    low = min(known, key=lambda step: known[step], default=None)
    return low if low is not None and known[low] < 1 else None
