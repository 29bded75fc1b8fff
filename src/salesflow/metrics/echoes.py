"""Echoes: where the characteristic function of a sum comes back after it has died away.

φ is as loud as at the beginning near 2π m ÷ c wherever nearly all amounts are nearly multiples of
c: a price list with a few odd deals, prices that end in .99.  A curve made from the first
frequencies alone would miss the steps that these make.  So such c are guessed, φ is asked how loud
it is there, and the loud places are listened to; what is left out is told as an error.

>>> spacings_of(Pool(amounts=(500, 1500, 2500), chances=(0.5, 0.5, 0.5), counts=(1, 1, 1)))[0]
500
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from math import exp, fsum, gcd, pi, sin, sqrt, tau
from typing import Final

from attrs import frozen

from salesflow.metrics.shock import Pool

__all__ = ["Spectrum", "add_echoes", "spacings_of"]

#: tells φ from one frequency on
Spectrum = Callable[[int], Iterator[complex]]

# How much to spend on looking for echoes, in factors of φ.
_LOOKING: Final = 300_000
# What an echo may say and not be listened to, and what all of those may say together.
_FAINT, _ECHOES = 1e-10, 5e-9
_SAMPLE, _PART = 64, 128
# Of so few different amounts the whole spectrum can be looked through.
_PRICES: Final = 32
# How much to listen before a guess is given up.
_GUESSES: Final = 256


def add_echoes(
    heard: dict[int, complex], spectrum: Spectrum, pool: Pool, cells: int, room: int
) -> float:
    """Listen where φ is loud again, the loudest first, and return what may be left."""
    pace = max(1, round(cells / (tau * sqrt(pool.variance))))
    count, noise = len(pool.amounts), 8 * sqrt(pool.spread())
    some = pool.only(range(0, count, 1 + count // _PART))
    # Where some of the deals are silent, all of them are.
    if not _Echo.of(some, cells, pace, noise).hints():
        return 0.0
    points = _Echo.of(pool, cells, pace, noise).points()
    if not points:
        return 0.0
    weights = {j: weight for j, weight in points.items() if j not in heard}
    left = fsum(weights.values())
    for j in sorted(weights, key=weights.__getitem__, reverse=True):
        near = range(max(1, j - pace), min(j + pace, cells // 2) + 1)
        new = [k for k in near if k not in heard]
        room -= len(new)
        if left < _FAINT or room < 0:
            break
        if new:
            run = islice(spectrum(new[0]), new[-1] - new[0] + 1)
            heard.update(enumerate(run, new[0]))
        left -= weights[j]
    return max(0.0, left) + _ECHOES


def spacings_of(pool: Pool) -> list[int]:
    """Return numbers of which many amounts of a pool may be multiples, or nearly so, rising.

    Guessed from a sample: the commonest amounts, and common measures of neighbours, exact or
    rounded to three digits or to two.
    """
    sample = list(pool.amounts[:: 1 + len(pool.amounts) // _SAMPLE])
    sample += pool.sizes[:: 1 + len(pool.sizes) // _SAMPLE]
    found = {amount for amount, _ in Counter(sample).most_common(4)}
    for digits in (20, 3, 2):
        rounded = [round(amount, digits - len(str(amount))) for amount in sample]
        pairs = Counter(map(gcd, rounded, rounded[1:]))
        found.update(measure for measure, _ in pairs.most_common(3))
    return sorted(found)


@frozen
class _Echo:
    """How loud φ may be at any frequency, told faster than φ itself.

    A deal has |1 - p + p exp(i t)|² = 1 - 4 v sin²(t ÷ 2), v = p (1 - p).  Arrivals have
    exp(-4 v sin²(t ÷ 2)), and so at most have deals: one factor for all that bring the same.
    """

    cells: int
    #: how far φ goes before it halves, near a peak
    pace: int
    #: what may as well be noise
    noise: float
    guesses: tuple[int, ...]
    #: amounts and variances of deals that share their amount with none, and of all others
    alone: tuple[tuple[int, float], ...]
    pooled: tuple[tuple[int, float], ...]

    @classmethod
    def of(cls, pool: Pool, cells: int, pace: int, noise: float) -> _Echo:
        """Return it for a pool, and a window of so many cells."""
        swings, counts = defaultdict[int, float](float), Counter[int]()
        for a, v, n in zip(pool.amounts, pool.swings, pool.counts, strict=True):
            swings[a] += v
            counts[a] += n
        for s, w in zip(pool.sizes, pool.shares, strict=True):
            swings[s] += w * pool.rate
            counts[s] += 2
        alone = tuple((a, v) for a, v in swings.items() if counts[a] == 1)
        pooled = tuple((a, v) for a, v in swings.items() if counts[a] > 1)
        guesses = tuple(spacings_of(pool))
        return cls(cells, pace, noise, guesses, alone, pooled)

    @property
    def work(self) -> int:
        """How many factors there are, and some more for what a frequency costs besides."""
        return 4 + len(self.alone) + len(self.pooled)

    @property
    def listed(self) -> bool:
        """Whether these are prices of a list, few enough to look everywhere."""
        paces = self.cells // 2 // self.pace
        return self.work <= _PRICES and paces * self.work <= _LOOKING

    def hints(self) -> list[int]:
        """Return the guessed spacings about which φ is loud at first; all for a price list."""
        return [spacing for spacing in self.guesses if self.listed or self.hinted(spacing)]

    def hinted(self, spacing: int) -> bool:
        """Whether φ is loud at one of the first multiples of 2π ÷ spacing."""
        first = range(1, min(4 + _GUESSES // self.work, spacing // 2) + 1)
        return bool(self.loud(round(m * self.cells / spacing) for m in first))

    def points(self) -> dict[int, float]:
        """Return where φ may be loud: anywhere for a price list, else about the guessed spacings.

        Each j has the weight of all frequencies within a pace of it.
        """
        if self.listed:
            return self.loud(range(self.pace, self.cells // 2 + 1, self.pace))
        points: dict[int, float] = {}
        for spacing in self.hints():
            points.update(self.along(spacing))
        return points

    def along(self, spacing: int) -> dict[int, float]:
        """Return where φ is loud about the multiples of one frequency, 2π ÷ spacing."""
        pitch, points = self.cells / spacing, dict[int, float]()
        reach = 6 * self.pace
        for m in range(1, min(spacing // 2, _LOOKING // (13 * self.work * len(self.guesses))) + 1):
            middle = round(m * pitch)
            near = range(max(1, middle - reach), min(middle + reach, self.cells // 2) + 1)
            found = self.loud(near[:: self.pace])
            points.update(found)
            if found:
                # Where amounts are only nearly multiples, echoes stand a little aside.
                pitch = max(found, key=found.__getitem__) / m
        return points

    def loud(self, points: Iterable[int]) -> dict[int, float]:
        """Return those of some j where φ is heard, with what it may add to the curve there."""
        found: dict[int, float] = {}
        for j in points:
            most = 2 * self.pace / (self.cells * sin(pi * j / self.cells))
            loudness = self.loudness(j, max(self.noise, _FAINT / most))
            if loudness:
                found[j] = most * loudness
        return found

    def loudness(self, j: int, floor: float) -> float:
        """Return |φ(w_j)| or somewhat more, or 0 where it is below `floor`."""
        alone, shift = 1.0, 0.0
        for a, v in self.alone:
            alone *= 1 - 4 * v * sin(pi * (a * j % self.cells / self.cells)) ** 2
            if alone < floor * floor:
                return 0.0
        for a, v in self.pooled:
            shift += v * sin(pi * (a * j % self.cells / self.cells)) ** 2
        loudness = sqrt(alone) * exp(-2 * shift)
        return loudness if loudness > floor else 0.0
