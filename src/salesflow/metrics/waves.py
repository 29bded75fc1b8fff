"""Sums of chances: as stairs where there are few sums, as a wave where there are many.

A `Pool` is what is drawn under one scenario.  Its characteristic function φ(w) = E exp(i w S) is a
product over the deals.  With a window [lo, lo + M) that holds the mass, w_j = 2π j ÷ M and
n = k - lo + 1, its distribution is

    P(S ≤ k) = n ÷ M + Σ Re(c_j (1 - exp(-i w_j n))),    0 < j < M ÷ 2,
    c_j = (2 ÷ M) φ(w_j) exp(-i w_j lo) ÷ (1 - exp(-i w_j)).

All j together give the stairs, exactly.  With many deals φ dies away after some twenty of them, and
these make a wave, if two things are small: *noise*, for with a few dozen deals, or unlikely ones,
single results stand out; and *echoes*, for φ comes back at 2π m ÷ c where nearly all amounts are
nearly multiples of c.

>>> pool = Pool(amounts=(1, 2, 2), chances=(0.5, 0.5, 0.5), counts=(1, 1, 1))
>>> steps = table_of(pool, 0, 8)
>>> [round(steps.upto(total), 12) for total in range(-1, 6)]
[0.0, 0.125, 0.25, 0.5, 0.75, 0.875, 1.0]

Source: Y. Hong, "On computing the distribution function for the Poisson binomial distribution",
CSDA 59 (2013).
"""

from __future__ import annotations

from bisect import bisect_right
from cmath import exp as turned
from cmath import rect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, islice
from math import fsum, pi, prod, sin, sqrt, tau
from operator import add, mul, sub
from statistics import fmean
from typing import Final

from attrs import frozen

from salesflow.metrics.echoes import Spectrum, add_echoes
from salesflow.metrics.shock import Pool

__all__ = [
    "Steps",
    "Wave",
    "listen",
    "noise_of",
    "results_of",
    "spectrum_of",
    "table_of",
    "turns_of",
    "won_of",
]

# Work is counted in factors of φ, some 0.1 µs each: the most to spend on bringing down noise, and
# on listening to echoes.
_STILLING, _LISTENING = 1_000_000, 3_000_000
# The most frequencies of echoes, so that the curve is read fast.
_MOST: Final = 30_000
# A wave is over where some j in a row say less than this.
_SILENCE: Final = 3e-11
_SILENT: Final = 2
# The error of rounding, and by what the window misses.
_WAVE: Final = 3e-11
# Turns are multiplied on from one frequency to the next, and made anew after so many.
_FRESH: Final = 1024


# --- φ ---------------------------------------------------------------------------------------


def _turn(part: int, whole: int) -> complex:
    """exp(2π i part ÷ whole), its full turns taken off while they are whole numbers."""
    return rect(1.0, tau * (part % whole / whole))


def turns_of(
    sums: Sequence[int], weights: Sequence[float], cells: int, first: int
) -> tuple[list[complex], list[complex]]:
    """How sums turn from one frequency to the next, and their weights turned to the first."""
    step = [_turn(one, cells) for one in sums]
    start = step if first == 1 else [_turn(one * first, cells) for one in sums]
    return step, list(map(mul, weights, start))


def spectrum_of(pool: Pool, cells: int, first: int) -> Iterator[complex]:
    """φ(w_j) for j = first, first + 1, … where so many cells are a full turn of w_1.

    φ(w) = Π (1 - p + p exp(i w a)) × exp(rate (φ_size(w) - 1)).  Each factor is turned on to the
    next frequency by one multiplication.
    """
    lost, grouped = pool.lost, max(pool.counts, default=1) > 1
    step, won = turns_of(pool.amounts, pool.chances, cells, first)
    size_step, came = turns_of(pool.sizes, pool.shares, cells, first)
    while True:
        factors = map(add, lost, won)
        phi = prod(map(pow, factors, pool.counts) if grouped else factors, start=1 + 0j)
        if pool.rate:
            phi *= turned(pool.rate * (sum(came) - 1))
            came = list(map(mul, came, size_step))
        yield phi
        won = list(map(mul, won, step))


# --- steps -----------------------------------------------------------------------------------


@frozen
class Steps:
    """A distribution as stairs: how likely it is to stay at or below each of some sums."""

    #: the sums, rising
    sums: Sequence[int]
    #: how likely it is to stay below each of them, and below any beyond
    below: tuple[float, ...]

    @classmethod
    def of(cls, masses: Mapping[int, float]) -> Steps:
        """Return the stairs of some sums and their masses."""
        rising = tuple(sorted(masses))
        return cls(rising, tuple(accumulate(map(masses.__getitem__, rising), initial=0.0)))

    def upto(self, total: int) -> float:
        """P(S ≤ total)."""
        return self.below[bisect_right(self.sums, total)]


def won_of(chances: Sequence[float]) -> list[float]:
    """Return how likely 0, 1, … of some deals are to come in."""
    masses = [1.0]
    for p in chances:
        came, lost = ([mass * one for mass in masses] for one in (p, 1 - p))
        masses = list(map(add, [*lost, 0.0], [0.0, *came]))
    return masses


def results_of(kinds: Iterable[tuple[int, Sequence[float]]]) -> dict[int, float]:
    """Return all sums of some kinds of deals and how likely each is.

    A kind is an amount and the masses of 0, 1, … such deals.
    """
    found = {0: 1.0}
    for a, masses in kinds:
        rows, found = found, defaultdict[int, float](float)
        for k, mass in enumerate(masses):
            for total, other in rows.items():
                found[total + k * a] += other * mass
    return found


def table_of(pool: Pool, low: int, cells: int) -> Steps:
    """Return the exact stairs of a pool over a window of 2^k cells, from φ at all frequencies."""
    blocks = (islice(spectrum_of(pool, cells, j), _FRESH) for j in range(0, cells, _FRESH))
    half = list(islice(chain.from_iterable(blocks), cells // 2 + 1))
    # Masses are real, so the upper half of the spectrum mirrors the lower.
    mirrored = [phi.conjugate() for phi in half[-2:0:-1]]
    roots = [rect(1.0, -tau * k / cells) for k in range(cells // 2)]
    masses = [max(0.0, one.real / cells) for one in _transform(half + mirrored, roots)]
    # A sum stands at its remainder by the number of cells.
    turn = low % cells
    below = accumulate(masses[turn:] + masses[:turn], initial=0.0)
    return Steps(range(low, low + cells), tuple(below))


def _transform(values: list[complex], roots: list[complex]) -> list[complex]:
    """Fast Fourier transform: those of the even and of the odd places, put together."""
    if len(values) == 1:
        return values
    even = _transform(values[::2], roots[::2])
    odd = list(map(mul, _transform(values[1::2], roots[::2]), roots))
    return [*map(add, even, odd), *map(sub, even, odd)]


# --- waves -----------------------------------------------------------------------------------


@frozen
class Wave:
    """A distribution as a sum of waves."""

    #: lowest sum
    low: int
    #: how many sums it holds for
    cells: int
    #: its mass
    mass: float
    #: Σ Re c_j
    level: float
    #: runs of neighbouring frequencies: the first j, and their c_j, the last one first
    runs: tuple[tuple[int, tuple[complex, ...]], ...]

    @classmethod
    def of(cls, low: int, cells: int, mass: float, heard: Mapping[int, complex]) -> Wave:
        """Return the wave of φ at some frequencies, by their j."""
        runs: list[tuple[int, list[complex]]] = []
        for j in sorted(heard):
            if not runs or runs[-1][0] + len(runs[-1][1]) != j:
                runs.append((j, []))
            # 1 - exp(-i w) = 2i sin(w ÷ 2) exp(-i w ÷ 2) loses no digits where w is small.
            turn = _turn(-j * (2 * low - 1), 2 * cells) / (1j * cells * sin(pi * j / cells))
            runs[-1][1].append(heard[j] * turn)
        level = fsum(c.real for _, run in runs for c in run)
        return cls(low, cells, mass, level, tuple((j, tuple(run[::-1])) for j, run in runs))

    def upto(self, total: int) -> float:
        """P(S ≤ total), by Horner's rule in exp(-i w_1 n)."""
        n = total - self.low + 1
        if not 0 < n < self.cells:
            return self.mass if n > 0 else 0.0
        z = _turn(-n, self.cells)
        found = self.mass * (n / self.cells) + self.level
        for first, run in self.runs:
            value = 0j
            for c in run:
                value = value * z + c
            found -= (value * _turn(-first * n, self.cells)).real
        return found


# --- where to listen -------------------------------------------------------------------------


def noise_of(spread: float, frequencies: int) -> float:
    """Return the largest error to expect of a wave that stops after some frequencies.

    What is left out has random phases and the size √spread, so it sums to a curve of standard
    deviation √(2 spread ÷ J) ÷ π; its greatest height is put at six of them.
    """
    return 6 * sqrt(2 * spread / frequencies) / pi


def listen(
    wave: Wave, pool: Pool, spectrum: Spectrum, least: int, *, noise: float | None, echoes: bool
) -> tuple[Wave, float]:
    """Return the wave of what is heard, and the largest error by what is left out.

    From j = 1 until φ has died away, then where it comes back, if echoes are wanted.  Noise that is
    not known beforehand is measured over the later half.
    """
    heard: dict[int, complex] = {}
    half, silent = wave.cells // 2, 0
    for j, phi in enumerate(islice(spectrum(1), half), 1):
        heard[j] = phi
        silent = silent + 1 if abs(phi) < _SILENCE * j else 0
        if j >= least and (silent >= _SILENT or j * pool.work >= _STILLING):
            break
    reach, error = len(heard), _WAVE
    if reach < half:
        if noise is None:
            later = [abs(heard[j]) ** 2 for j in range(reach // 2 + 1, reach + 1)]
            noise = noise_of(fmean(later), reach)
        most = min(_MOST, _LISTENING // pool.work) if echoes else 0
        error += noise + add_echoes(heard, spectrum, pool, wave.cells, most)
    return Wave.of(wave.low, wave.cells, wave.mass, heard), error
