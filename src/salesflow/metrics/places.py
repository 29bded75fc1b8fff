"""Places: where a deal stands, as a win rate knows it: stage, band of days, phase of the quarter.

The bands are cut where enough deals stood in each, at days a person would name; of few deals
there is one band.  The phase is the month of the quarter in which a period lies, since quarters
end with a rush; periods longer than a month have none.

>>> from salesflow.periods import Month, Quarter
>>> phase_of(Month(2026, 9)), phase_of(Month(2026, 8)), phase_of(Quarter(2026, 3)) == ANY
(3, 2, True)
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from itertools import islice
from typing import Final, NamedTuple

from pendulum import DateTime

from salesflow.errors import InvalidValue
from salesflow.funnel import Status
from salesflow.instants import elapsed, instant
from salesflow.labels import Term
from salesflow.metrics.book import Book
from salesflow.metrics.exposure import Exposure, Look
from salesflow.metrics.moments import period_of
from salesflow.periods import Period

__all__ = [
    "ANY",
    "Place",
    "Stand",
    "bands_of",
    "first_close",
    "looks_back",
    "looks_of",
    "phase_of",
    "place_of",
    "stands",
]

#: any band of days, or any phase
ANY: Final = -1


class Place(NamedTuple):
    """A stage, or one band of days there, or that in one phase of the quarter."""

    #: the stage
    stage: Term
    #: number of the band of days at it
    band: int = ANY
    #: month of the quarter, 1 to 3
    phase: int = ANY

    def above(self) -> Place | None:
        """Return the place around this one; None of a stage."""
        if self.phase != ANY:
            return Place(self.stage, self.band)
        return None if self.band == ANY else Place(self.stage)

    @property
    def depth(self) -> int:
        """How narrow it is: 0 for a stage."""
        return (self.band != ANY) + (self.phase != ANY)


# Days at a stage at which one band may end and the next begin.
_CUTS: Final = (1, 2, 4, 7, 10, 14, 21, 30, 45, 60, 75, 90, 105, 120, 135, 150, 180, 240, 365)
# At most so many bands, and at least so many deals in each.
_BANDS: Final = 12
_FEWEST: Final = 10
# Longer than any month.
_LONG: Final = 45
# Five years of months; what lies further back tells of another market.
_LOOKS: Final = 60
_MONTHS: Final = 3


class Stand(NamedTuple):
    """A deal in one place, for how long, and whether it was won (None: still open)."""

    deal: int
    place: Place
    days: float
    won: int | None
    fields: tuple[str | None, ...]
    look: int


def phase_of(during: Period | None) -> int:
    """Return the month of the quarter in which a period ends, 1 to 3; `ANY` of longer ones."""
    if during is None or during.days > _LONG:
        return ANY
    return ((during.after - timedelta(days=1)).month - 1) % _MONTHS + 1


def first_close(book: Book, at: DateTime) -> DateTime:
    """Return when a deal of a book was first closed, or `at` where none was."""
    closes = (
        event.at
        for deal in book
        for event in islice((e for e in deal.trail if e.status is not Status.OPEN), 1)
    )
    return min(closes, default=at)


def looks_of(book: Book, during: Period, at: DateTime) -> list[Look]:
    """Return the looks that a book cut at an instant allows into periods before `during`.

    Raises `WrongType` for what is no period, and `InvalidValue` for one that is over.
    """
    if period_of(during).end <= at:
        raise InvalidValue("during", "is over at as_of", "learn for a period that is not over")
    return looks_back(during, at, first_close(book, at))


def looks_back(during: Period, at: DateTime, since: DateTime) -> list[Look]:
    """Return the looks into earlier periods, oldest first, each at the same point as `at` is now.

    Only periods that are over by `at` are looked into, and none before any deal was ever closed:
    the record began there.
    """
    lead, left = elapsed(at, during.start), elapsed(during.end, at)
    looks: list[Look] = []
    for back in range(1, _LOOKS + 1):
        period = _earlier(during, back)
        if period is None or period.end <= since:
            break
        # Months differ in length: early in one the days gone are the same, late the days left.
        moment = period.start + lead if lead <= left else period.end - left
        if period.end <= at:
            looks.append(Look(instant(moment), period.end, phase_of(period), period.start))
    return looks[::-1]


def _earlier(during: Period, back: int) -> Period | None:
    """Return the period so many before; None where the calendar, or its count, begins."""
    try:
        return during.shift(-back)
    except InvalidValue:
        return None


def bands_of(rows: Sequence[Exposure]) -> tuple[int, ...]:
    """Return the days at which a new band begins, so that enough deals stood in each band."""
    stood: list[set[int]] = [set() for _ in range(len(_CUTS) + 1)]
    for row in rows:
        if row.won is not None:
            last = bisect_right(_CUTS, row.until)
            for band in range(bisect_right(_CUTS, row.since), last + 1):
                stood[band].add(row.deal)
    enough = max(_FEWEST, len(set[int]().union(*stood)) / _BANDS)
    cuts: list[int] = []
    here: set[int] = set()
    for place, cut in enumerate(_CUTS):
        here |= stood[place]
        rest = set[int]().union(*stood[place + 1 :])
        if len(rest) < enough:
            break
        if len(here) >= enough:
            cuts.append(cut)
            here = set()
    return tuple(cuts)


def place_of(stage: Term, days: float, bands: Sequence[int], phase: int) -> Place:
    """Return the place of a deal that has stood at a stage for some days."""
    return Place(stage, bisect_right(bands, days), phase)


def stands(
    rows: Iterable[Exposure], bands: Sequence[int], phases: Sequence[int]
) -> Iterator[Stand]:
    """Cut each run at the bands; `phases` are those of the looks, empty where none is meant."""
    # A few hundred places, and hundreds of thousands of stands in them.
    place = cache(Place)
    for row in rows:
        phase = phases[row.look] if phases else ANY
        first, last = bisect_right(bands, row.since), bisect_right(bands, row.until)
        for band in range(first, last + 1):
            begins = row.since if band == first else bands[band - 1]
            ends = row.until if band == last else bands[band]
            days = row.days if first == last else ends - begins
            if days > 0:
                where = place(row.stage, band, phase)
                yield Stand(row.deal, where, days, row.won, row.fields, row.look)
