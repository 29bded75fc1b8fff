"""Pace: how long deals stay at a stage, which ones are stuck, and what the funnel yields a day.

A stay is the time a deal stood open at a stage; *latest* is its last stay there, *cumulative* all
of them, if it came back.  Time on hold is not counted: a deal that rightly waits is not stuck.
A deal is stalled when its latest stay is longer than the limit that the host sets for the stage.

    velocity = open deals × mean amount × win rate ÷ mean days from opening to win, per day

where the win rate is won ÷ (won + lost) and all of it is of the period; None where a factor has
no basis.

Source: the sales velocity formula of CRM vendors, with its inputs named.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Final

from attrs import frozen
from pendulum import DateTime

from salesflow.errors import InvalidValue
from salesflow.funnel import FUNNEL, Act, Event, Opportunity, Status
from salesflow.funnel.trail import so_far
from salesflow.instants import elapsed, instant
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics.book import book_of
from salesflow.metrics.moments import closing
from salesflow.money import Money, half_up
from salesflow.periods import Period
from salesflow.ratios import Rate
from salesflow.tables import Rows, Table, rows_of

__all__ = ["Pace", "StagePace", "Stalled", "Stay", "Velocity", "pace", "stays"]

_DAY: Final = timedelta(days=1)
_NONE: Final = timedelta(0)


@frozen(kw_only=True)
class Stay:
    """How long one deal stood at one stage, time on hold left out."""

    #: its last stay there
    latest: timedelta
    #: all its stays there
    cumulative: timedelta


@frozen(kw_only=True)
class StagePace:
    """How long deals stand at a stage, in days."""

    #: how many deals stood there
    n: int
    #: median of their latest stays
    latest: float
    #: median of all their time there
    cumulative: float


@frozen(kw_only=True)
class Stalled:
    """An open deal that has stood longer at its stage than the limit allows."""

    #: id of the deal
    id: str
    #: where it stands
    stage: Term
    #: whole days of its latest stay
    days: int
    #: the limit of that stage, in days
    limit: int


@frozen(kw_only=True)
class Velocity:
    """What the funnel yields a day, with the factors it is made of."""

    #: open deals at the end
    n: int
    #: mean amount of these
    value: Money
    #: won ÷ (won + lost) of the deals closed in the period
    win_rate: Rate
    #: mean days from opening to win of the deals won in the period
    cycle: Fraction
    #: the product, per day
    per_day: Money


@frozen(kw_only=True)
class Pace:
    """Time at each stage, what is stuck, and the velocity of a period."""

    #: each stage that a deal stood at
    stages: Table[Term, StagePace]
    #: stuck deals, the longest over its limit first
    stalled: tuple[Stalled, ...]
    #: None where no deal is open, none was won or lost, or none took any time
    velocity: Velocity | None


def stays(deal: Opportunity, at: datetime) -> Table[Term, Stay]:
    """Return how long a deal stood at each stage up to `at`, open and not on hold."""
    until = instant(at)
    trail = so_far(deal.trail, until)
    latest, earlier = _stays(trail, until)
    return Table(
        {
            stage: Stay(latest=stay, cumulative=stay + earlier.get(stage, _NONE))
            for stage, stay in latest.items()
        }
    )


def pace(
    deals: Iterable[Opportunity],
    during: Period,
    *,
    at: datetime | None = None,
    limits: Rows[Term, int] | None = None,
    machine: Machine = FUNNEL,
) -> Pace:
    """Return the pace of the deals up to `at`, by default the last instant of the period.

    The stages tell of every deal in the book, the velocity of the period only.
    Velocity is open deals × mean amount × win rate ÷ mean days from opening to win.
    `limits` are the days that a deal may stand at a stage; a stage without one never stalls.
    Raises `InvalidValue` for a limit that is no whole number of days, and as `book_of` does.
    """
    allowed = {} if limits is None else rows_of(limits, "limits")
    for stage, days in allowed.items():
        machine.stage(stage)
        if type(days) is not int or days < 0:
            raise InvalidValue("limits", "hold no whole number of days", "pass days, from 0")
    moment = closing(during, at)
    book = book_of(deals, machine).as_of(moment)
    clock = _Clock(machine.stages, during, moment, allowed)
    for deal in book:
        clock.read(deal)
    return Pace(
        stages=Table(
            {stage: clock.at_stage(stage) for stage in machine.stages if clock.latest[stage]}
        ),
        stalled=tuple(sorted(clock.stalled, key=lambda s: (s.limit - s.days, s.id))),
        velocity=clock.velocity(book.currency),
    )


class _Clock:
    """Reads trails up to a moment."""

    def __init__(
        self,
        stages: Iterable[Term],
        during: Period,
        moment: DateTime,
        limits: dict[Term, int],
    ) -> None:
        self._start = during.start
        self._moment = moment
        self._limits = limits
        # Seconds of each deal, since whole numbers sort faster than durations.
        self.latest: dict[Term, list[int]] = {stage: [] for stage in stages}
        # Where a deal came back: its place in that list, and the seconds it stood there before.
        self._returned: dict[Term, list[tuple[int, int]]] = {stage: [] for stage in stages}
        self.stalled: list[Stalled] = []
        self._open_n = self._open_minor = self._lost = 0
        self._cycles: list[timedelta] = []

    def read(self, deal: Opportunity) -> None:
        """Take the times of one deal."""
        trail = deal.trail
        latest, earlier = _stays(trail, self._moment)
        for stage, stay in latest.items():
            self.latest[stage].append(stay.days * 86_400 + stay.seconds)
        for stage, stay in earlier.items():
            place = len(self.latest[stage]) - 1
            self._returned[stage].append((place, stay.days * 86_400 + stay.seconds))
        now = trail[-1]
        if now.status is Status.OPEN:
            self._open(deal.id, now, latest[now.target])
        else:
            self._closed(trail, now.status)

    def _open(self, id: str, now: Event, stay: timedelta) -> None:
        self._open_n += 1
        self._open_minor += now.amount.minor
        limit = self._limits.get(now.target)
        longer = limit is not None and (stay.days, stay - stay.days * _DAY) > (limit, _NONE)
        if limit is not None and longer and not now.held:
            self.stalled.append(Stalled(id=id, stage=now.target, days=stay.days, limit=limit))

    def _closed(self, trail: tuple[Event, ...], status: Status) -> None:
        closing = trail[-1]
        for event in reversed(trail):  # instalments may follow the closing
            if event.status is not status:
                break
            closing = event
        if closing.at < self._start:
            return
        if status is Status.LOST:
            self._lost += 1
        else:
            self._cycles.append(elapsed(closing.at, trail[0].at))

    def at_stage(self, stage: Term) -> StagePace:
        """Return the medians of a stage, in days."""
        latest = self.latest[stage]
        cumulative = latest.copy()
        for place, seconds in self._returned[stage]:
            cumulative[place] += seconds
        last = median(latest) / 86_400
        every = median(cumulative) / 86_400 if self._returned[stage] else last
        return StagePace(n=len(latest), latest=last, cumulative=every)

    def velocity(self, currency: str) -> Velocity | None:
        """Multiply the factors, where each has a basis."""
        won = len(self._cycles)
        spent = sum(self._cycles, _NONE)
        if not self._open_n or not spent:
            return None
        win_rate = Rate(won, won + self._lost)
        cycle = Fraction(spent // timedelta(microseconds=1), won * 86_400_000_000)
        per_day = self._open_minor * Fraction(won, won + self._lost) / cycle
        return Velocity(
            n=self._open_n,
            value=Money.of_minor(half_up(Fraction(self._open_minor, self._open_n)), currency),
            win_rate=win_rate,
            cycle=cycle,
            per_day=Money.of_minor(half_up(per_day), currency),
        )


def _stays(
    trail: tuple[Event, ...], until: DateTime
) -> tuple[dict[Term, timedelta], dict[Term, timedelta]]:
    """Return the latest stay at each stage, and what came before it where a deal came back.

    Closed and held time is no stay.
    """
    latest: dict[Term, timedelta] = {}
    earlier: dict[Term, timedelta] = {}
    ends = len(trail) - 1
    for index, event in enumerate(trail):
        stage = event.target
        if event.source is not stage or event.act is Act.REOPENED:
            if stage in latest:
                earlier[stage] = earlier.get(stage, _NONE) + latest[stage]
            latest[stage] = _NONE
        if event.status is Status.OPEN and not event.held:
            latest[stage] += elapsed(trail[index + 1].at if index < ends else until, event.at)
    return latest, earlier
