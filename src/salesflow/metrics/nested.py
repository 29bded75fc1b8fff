"""Nested rates: from the nominal rate of a stage, to the stage, to the time spent at it.

Each level starts from the one above it and leaves it as far as its own deals say:

    rate = (k × rate above + n × share won here) ÷ (k + n),

the mean of a Beta distribution whose prior is worth `k` deals.  At the top is the nominal rate.
So with no history a rate is nominal, with much of it the share seen, and a place where few deals
ever stood stays near the places around it.

What is *told* mixes the nominal rate in.  What is *seen* is the same sum without it, and its
worth in deals carries the interval: a nominal rate is an opinion, and narrows nothing.

Deals still open are unfinished, not lost.  Where such a deal stood before counts with the rate of
where it stands now (Efron's redistribution to the right), and lends no worth.

Source: B. Efron, "The two sample problem with censored data" (1967); L. Kish, "Survey Sampling"
(1965), for what unequal shares are worth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from math import fsum
from operator import attrgetter
from typing import Final

from attrs import frozen

from salesflow.labels import Term
from salesflow.metrics.places import Place, Stand

__all__ = ["LOOK_WORTH", "NOMINAL_WORTH", "Cell", "around_of", "known", "nested"]

#: how many deals the nominal rate of a stage is worth
NOMINAL_WORTH: Final = 20.0
# How many deals the level above is worth to the one below.
_ABOVE_WORTH: Final = 40.0
#: deals of one period share its luck: however many they are, they are worth no more than this
LOOK_WORTH: Final = 50.0
# Rates of open deals depend on each other; a few rounds settle them.
_ROUNDS: Final = 5
_NOTHING: Final = 1e-12
_DEPTH: Final = attrgetter("depth")
_DEAL: Final = attrgetter("deal")


@frozen(kw_only=True)
class Cell:
    """What history says of the deals that stood in one place, and what is made of it."""

    #: how many decided deals stood there, each counted once
    n: int
    #: how many of these were won
    won: int
    #: the rate told: nominal and history mixed
    told: float
    #: the rate of history alone
    seen: float
    #: what that history is worth, in deals; 0 where there is none
    worth: float
    #: how much of what is told comes from history, 0 to 1
    weight: float


class _Sums:
    """The time that deals stood in one place."""

    def __init__(self) -> None:
        self.deals = self.won = 0
        self.days = self.won_days = self.square = 0.0
        self.open_days = self.open_won = 0.0
        self.looks: set[int] = set()

    def add(self, days: float, won_days: float) -> None:
        """Take the time of one decided deal."""
        self.deals += 1
        self.won += won_days > 0
        self.days += days
        self.won_days += won_days
        self.square += days * days

    def wait(self, days: float, won_days: float) -> None:
        """Set the time of the deals still open, and what of it is expected to be won."""
        self.open_days, self.open_won = days, won_days

    def share(self) -> float:
        """Share won, of the time that deals stood here."""
        return (self.won_days + self.open_won) / max(_NOTHING, self.days + self.open_days)

    def worth(self) -> float:
        """How many equal deals these are worth: one that lingers still is one."""
        kish = self.days * self.days / max(_NOTHING, self.square)
        return min(kish, LOOK_WORTH * len(self.looks)) if self.looks else kish


def nested(
    stands: Iterable[Stand],
    nominal: Mapping[Term, float],
    now: Mapping[int, Place],
    *,
    looks: bool,
    nominal_worth: float = NOMINAL_WORTH,
) -> dict[Place, Cell]:
    """Return the cell of every place that a deal stood in, and of each stage.

    `now` is where each open deal stands.  With `looks`, the stands were taken at looks into
    periods whose deals share one luck.
    """
    sums = defaultdict[Place, _Sums](_Sums, {Place(stage): _Sums() for stage in nominal})
    waits = defaultdict[Place, list[tuple[float, Place]]](list)
    around = cache(around_of)
    for deal, rows in groupby(stands, key=_DEAL):
        spent: dict[Place, list[float]] = {}
        for row in rows:
            for place in around(row.place):
                if row.won is None:
                    if row.place != now[deal]:
                        waits[place].append((row.days, now[deal]))
                    continue
                times = spent.setdefault(place, [0.0, 0.0])
                times[0] += row.days
                times[1] += row.days * row.won
                if looks:
                    sums[place].looks.add(row.look)
        for place, (days, won_days) in spent.items():
            sums[place].add(days, won_days)
    return _settled(sums, waits, nominal, nominal_worth)


def _settled(
    sums: Mapping[Place, _Sums],
    waits: Mapping[Place, Sequence[tuple[float, Place]]],
    nominal: Mapping[Term, float],
    nominal_worth: float,
) -> dict[Place, Cell]:
    """Count the time of open deals with the rate of where they stand, until no rate moves."""
    cells = _told(sums, nominal, nominal_worth)
    for _ in range(_ROUNDS if waits else 0):
        for place, open_deals in waits.items():
            sums[place].wait(
                fsum(days for days, _ in open_deals),
                fsum(days * known(cells, stands).told for days, stands in open_deals),
            )
        cells = _told(sums, nominal, nominal_worth)
    return cells


def known(cells: Mapping[Place, Cell], place: Place) -> Cell:
    """Return the cell of a place, or of the narrowest place around it that history knows."""
    return next(cells[around] for around in around_of(place) if around in cells)


def around_of(place: Place) -> tuple[Place, ...]:
    """Return a place and those around it, the widest last."""
    above = place.above()
    return (place,) if above is None else (place, *around_of(above))


def _told(
    sums: Mapping[Place, _Sums], nominal: Mapping[Term, float], nominal_worth: float
) -> dict[Place, Cell]:
    """Mix the levels, widest first."""
    # Who trusts the nominal rate more is more cautious at every level.
    above_worth = _ABOVE_WORTH * nominal_worth / NOMINAL_WORTH
    cells: dict[Place, Cell] = {}
    for place in sorted(sums, key=_DEPTH):
        here, around = sums[place], place.above()
        n, share = here.worth(), here.share()
        if around is None:
            prior, told, weight = nominal_worth, nominal[place.stage], 0.0
            lent, seen = 0.0, share
        else:
            above = cells[around]
            prior, told, weight = above_worth, above.told, above.weight
            # What the level above knows from other deals than these.
            others = max(0.0, above.worth - n)
            lent = above_worth * others / (above_worth + others)
            elsewhere = (above.worth * above.seen - n * share) / max(_NOTHING, others)
            seen = (lent * min(1.0, max(0.0, elsewhere)) + n * share) / max(_NOTHING, lent + n)
        cells[place] = Cell(
            n=here.deals,
            won=here.won,
            told=(prior * told + n * share) / (prior + n),
            seen=seen,
            worth=lent + n,
            weight=(prior * weight + n) / (prior + n),
        )
    return cells
