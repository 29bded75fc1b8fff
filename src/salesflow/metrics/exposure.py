"""Exposure: how long each deal stood where, as far as was known at an instant.

A win rate is learned from deals *standing* somewhere, not from deals that once came by: of a
hundred deals that reach a stage the quick ones are soon gone, so the slow ones are most of those
that stand there on any day.  Each row is one deal at one stage over a run of its clock, the days
since it came to the stage, time on hold left out; coming back starts the clock anew.

Two questions are asked of a history.  *Eventually*: of the time that deals stood here, how much
belonged to deals that were won?  *Within a period*: of the deals that stood here at the same point
of each earlier period, which ones had won it when that period was over?
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from attrs import evolve
from pendulum import DateTime

from salesflow.funnel import Act, Event, Opportunity, Status
from salesflow.instants import elapsed
from salesflow.labels import Term
from salesflow.metrics.book import Book
from salesflow.metrics.fields import UNCHANGING, Reader, categories_of

__all__ = ["Exposure", "Look", "clock", "exposures", "snapshots"]

_DAY: Final = 86_400.0
# Ten minutes: what a deal that is closed the moment it opens is taken to have stood.
_MOMENT: Final = 600 / _DAY


class Exposure(NamedTuple):
    """One deal at one stage, over a run of days."""

    #: number of the deal in the book
    deal: int
    #: the stage it stood at
    stage: Term
    #: days it had stood there when the run began
    since: float
    #: and when it ended
    until: float
    #: how much of the deal's time this is
    days: float
    #: the category of each field, None where the deal does not say
    fields: tuple[str | None, ...]
    #: 1 where it was won, 0 where it was not, None where nobody knows yet
    won: int | None
    #: number of the look at which it stood there, 0 where its whole time is taken
    look: int = 0


class Look(NamedTuple):
    """A look back into an earlier period: when its deals are looked at, and when it ran."""

    at: DateTime
    end: DateTime
    #: which month of its quarter the period is in
    phase: int
    #: when it began, where that is another instant
    start: DateTime | None = None


class _Run(NamedTuple):
    """A deal standing open between two events, and its clock when that began."""

    start: datetime
    end: datetime
    number: int
    clock: float
    held: bool

    def at(self, moment: datetime) -> float:
        """Days at the stage at a moment of the run."""
        return self.clock if self.held else self.clock + _days(self.start, moment)


def exposures(book: Book, readers: Mapping[str, Reader], at: DateTime) -> Iterator[Exposure]:
    """Yield every run of every deal of a book cut at an instant, with what became of the deal."""
    for number, deal in enumerate(book):
        status = deal.trail[-1].status
        won = None if status is Status.OPEN else int(status is Status.WON)
        read = _reading(deal, readers)
        for run in _runs(deal.trail, at):
            stage = deal.trail[run.number].target
            days = max(_days(run.start, run.end), _MOMENT)
            until = run.clock if run.held else run.clock + days
            yield Exposure(number, stage, run.clock, until, days, read(run.number), won)


def snapshots(
    book: Book, readers: Mapping[str, Reader], looks: Sequence[Look]
) -> Iterator[Exposure]:
    """Yield each deal that stood open at each look, and whether it was won when the period ended.

    The looks come oldest first.
    """
    moments = [look.at for look in looks]
    for number, deal in enumerate(book):
        trail = deal.trail
        read = _reading(deal, readers)
        for run in _runs(trail, looks[-1].end):
            for place in range(bisect_left(moments, run.start), bisect_left(moments, run.end)):
                days = run.at(moments[place])
                won = int(_status_before(trail, looks[place].end) is Status.WON)
                stage = trail[run.number].target
                yield Exposure(number, stage, days, days, 1.0, read(run.number), won, place)


def clock(trail: tuple[Event, ...], at: DateTime) -> float:
    """Return for how many days a deal has stood open at its stage, time on hold left out."""
    for event in reversed(trail):
        if event.held or event.status is not Status.OPEN:
            break
        if event.source is not event.target or event.act is Act.REOPENED:
            return _days(event.at, at)
    days = 0.0
    for run in _runs(trail, at):
        days = run.at(run.end)
    return days


def _runs(trail: tuple[Event, ...], at: datetime) -> Iterator[_Run]:
    """Yield the runs of a trail in which the deal was open, the last one up to an instant."""
    days, last = 0.0, len(trail) - 1
    for index, event in enumerate(trail):
        if event.source is not event.target or event.act is Act.REOPENED:
            days = 0.0
        if event.status is Status.OPEN:
            run = _Run(
                event.at, trail[index + 1].at if index < last else at, index, days, event.held
            )
            days = run.at(run.end)
            yield run


def _days(start: datetime, end: datetime) -> float:
    return elapsed(end, start).total_seconds() / _DAY


def _status_before(trail: tuple[Event, ...], end: DateTime) -> Status:
    """Return the outcome of a deal at the end of a period in which it stood open."""
    return next(event.status for event in reversed(trail) if event.at < end)


def _reading(
    deal: Opportunity, readers: Mapping[str, Reader]
) -> Callable[[int], tuple[str | None, ...]]:
    """Return what reads the fields of a deal as it stood after its n-th event."""
    if UNCHANGING.issuperset(readers.values()):
        known = categories_of(readers.values(), deal)
        return lambda _: known
    trail = deal.trail

    def read(number: int) -> tuple[str | None, ...]:
        stood = deal
        if number < len(trail) - 1:
            at = trail[number].at
            alone = trail[number + 1].at > at
            before = deal.as_of(at) if alone else evolve(deal, trail=trail[: number + 1])
            stood = before or deal
        return categories_of(readers.values(), stood)

    return read
