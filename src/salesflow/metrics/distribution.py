"""How much money comes in, with all its chances: the whole distribution, not only its mean.

Revenue of a period is what is certain, plus each open deal, which comes in whole or not at all,
plus what arrives that is not in the funnel yet: a Poisson number of deals of random size.  Under
one `Scenario` they are independent; the distribution is the mixture of those of all scenarios.

>>> even = Scenario(weight=1, chances=(0.5, 0.5))
>>> revenue = distribution([300_00, 200_00], [even], certain=100_00)
>>> revenue
Distribution(mean=35000.0, variance=325000000.0, support=(10000, 60000), error=3e-12)
>>> [revenue.cdf(yuan * 100) for yuan in (99, 100, 300, 599, 600)]
[0.0, 0.25, 0.5, 0.75, 1.0]
>>> revenue.quantile(0.6), revenue.at_least(400_00)
(40000, 0.5)

A few deals are added up result by result.  For many, the curve is found back from its waves.  Some
deals that are large or odd among the many are set apart: for each of their results the curve of
the many is moved by what they bring.

Source: Y. Hong, CSDA 59 (2013), for waves; T. Gneiting and A. Raftery, JASA 102 (2007), for why a
forecast should be a distribution.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from heapq import nlargest
from itertools import count, islice
from math import ceil, exp, fsum, gcd, prod, sqrt
from operator import mul
from typing import Final

from attrs import evolve, field, frozen

from salesflow.errors import InvalidValue, WrongType
from salesflow.metrics.echoes import spacings_of
from salesflow.metrics.shock import Pool, Scenario, Sizes, amounts_of, pool_of, sizes_of, width_of
from salesflow.metrics.waves import (
    Steps,
    Wave,
    listen,
    noise_of,
    results_of,
    spectrum_of,
    table_of,
    turns_of,
    won_of,
)
from salesflow.tables import listed_of

__all__ = ["Distribution", "Scenario", "distribution"]

# Results that are added up one by one: how many in the first list, at ease or if it must be, and in
# the second; of how many amounts, and with how much work for each.
_FEW, _MANY, _OTHERS, _KINDS, _PER_RESULT = 2**14, 2**17, 2**12, 29, 8
# A whale exceeds so many standard deviations of all that is smaller.
_WHALE: Final = 2.0
# How many whales are set apart, and how many deals in all.
_WHALES, _APART = 5, 10
# Steps narrower than this part of a standard deviation need no setting apart.
_NARROW: Final = 1e-6
# Work is counted in factors of φ, some 0.1 µs each: what is little, and the most to spend on all
# frequencies, or on bringing noise down.
_LITTLE, _SOME, _ALL, _STILLING = 30_000, 1_000_000, 15_000_000, 1_000_000
# The error of stairs; that by noise which is aimed at, and the one to be content with.
_EXACT, _NOISE, _ENOUGH = 3e-12, 3e-9, 1e-8
# The weight of a scenario that is seen in the mean, and not in the curve.
_UNHEARD: Final = 1e-10
# Among so few events, results that differ in two of them are told one by one.
_PAIRED: Final = 361
_FEWEST: Final = 64

Curve = tuple[Steps | Wave, ...]
#: a curve, how likely it holds, from where it counts, and in what unit
Term = tuple[float, int, int, Steps | Wave]


@frozen(kw_only=True)
class Distribution:
    """How much money comes in by chance, in minor units."""

    #: what comes in on average
    mean: float
    #: variance, that between scenarios with it
    variance: float
    #: least and most that can come in; with arrivals, beyond the most there is some 1e-12 of mass
    support: tuple[int, int]
    #: estimate of the largest error of `cdf`
    error: float
    #: the curves it is made of
    terms: tuple[Term, ...] = field(repr=False)

    def cdf(self, x: int) -> float:
        """P(S ≤ x): how likely at most x minor units come in; raises `WrongType` for no int."""
        if type(x) is not int:
            raise WrongType.of("x", x, "count minor units, as an int")
        if not self.support[0] <= x < self.support[1]:
            return 0.0 if x < self.support[0] else 1.0
        found = sum(w * part.upto((x - base) // unit) for w, base, unit, part in self.terms)
        return min(1.0, max(0.0, found))

    def at_least(self, x: int) -> float:
        """P(S ≥ x) = 1 - P(S ≤ x - 1): how likely at least x minor units come in."""
        if type(x) is not int:
            raise WrongType.of("x", x, "count minor units, as an int")
        return 1.0 - self.cdf(x - 1)

    def quantile(self, q: float) -> int:
        """Return the least x with P(S ≤ x) ≥ q, in minor units, found by halving.

        Raises `InvalidValue` for a q that does not lie strictly between 0 and 1.
        """
        if isinstance(q, bool) or not isinstance(q, int | float):
            raise WrongType.of("quantile", q, "pass a float such as 0.1")
        if not 0 < q < 1:
            raise InvalidValue("quantile", "is not between 0 and 1", "pass a float such as 0.1")
        below, high = self.support[0] - 1, self.support[1]
        while high - below > 1:
            middle = (below + high) // 2
            below, high = (below, middle) if self.cdf(middle) >= q else (middle, high)
        return high


def distribution(
    amounts: Iterable[int],
    scenarios: Iterable[Scenario],
    *,
    certain: int = 0,
    sizes: Sizes = (),
) -> Distribution:
    """Return the distribution of revenue: Σ weight × that of each scenario.

    `amounts` are those of the deals, `certain` is what comes in anyway, both in minor units.
    `sizes` says what an arrival brings, and how often; the weights need not sum to 1, nor those of
    the scenarios.  Among scenarios S has the variance E Var + Var E.

    `error` is 3e-12 to 5e-9 but for a few dozen deals of irregular amounts, or hundreds of unlikely
    ones: there it is up to some 1e-5, for their single results are too many to tell and too likely
    to be smooth; and for long price lists with more than ten odd deals.

    Raises `InvalidValue` or `WrongType`, naming the field: amounts not from 0 to 10^18, chances not
    one for each amount, scenarios without weight, arrivals without sizes.
    """
    whole, rows = amounts_of(amounts), listed_of(scenarios, Scenario, "scenarios")
    total, kinds = fsum(one.weight for one in rows), sizes_of(sizes)
    if type(certain) is not int:
        raise WrongType.of("certain", certain, "count minor units, as an int")
    if not total:
        raise InvalidValue("scenarios", "have no weight", "give one of them a weight above zero")
    if any(one.arrivals for one in rows) and not sizes:
        raise InvalidValue("sizes", "are missing", "say what an arrival may bring")
    drawn = [pool_of(whole, one.chances, one.arrivals, kinds) for one in rows]
    weights = [one.weight / total for one in rows]
    found = [(w, _law(certain, *one, w)) for w, one in zip(weights, drawn, strict=True) if w]
    mean = fsum(w * law.mean for w, law in found)
    return Distribution(
        mean=mean,
        variance=fsum(w * (law.variance + (law.mean - mean) ** 2) for w, law in found),
        support=(min(law.support[0] for _, law in found), max(law.support[1] for _, law in found)),
        error=fsum(w * law.error for w, law in found),
        terms=tuple((w * part[0], *part[1:]) for w, law in found for part in law.terms),
    )


def _law(certain: int, won: int, pool: Pool, weight: float) -> Distribution:
    """Return the distribution under one scenario; next to no weight is not worth a curve."""
    terms, error = _terms_of(pool) if weight > _UNHEARD else ([], 1.0)
    certain += won
    coming = evolve(pool, amounts=(), chances=(), counts=())
    most = ceil(coming.mean + width_of(coming.variance, max(pool.sizes, default=0)))
    return Distribution(
        mean=certain + pool.mean,
        variance=pool.variance,
        support=(certain, certain + sum(map(mul, pool.counts, pool.amounts)) + most),
        error=error,
        terms=tuple((w, certain + base, unit, part) for w, base, unit, part in terms),
    )


def _terms_of(pool: Pool) -> tuple[list[Term], float]:
    """Return the curves of a pool, each with weight, start and unit, and their error."""
    few = _added_up(pool, _FEW)
    if few:
        return few, _EXACT
    apart, rest = _set_apart(pool)
    unit = gcd(*rest.amounts, *rest.sizes)
    if unit > 1:
        amounts, sizes = ([a // unit for a in some] for some in (rest.amounts, rest.sizes))
        rest = evolve(rest, amounts=tuple(amounts), sizes=tuple(sizes))
    curve = _smooth(rest)
    if not curve:
        few = _added_up(pool, _MANY)
        if few:
            return few, _EXACT
    parts, error = curve or _rough(rest)
    results = results_of([(a, [1 - p, p]) for a, p in apart]).items()
    return [(p, base, unit, part) for base, p in results for part in parts], error


def _added_up(pool: Pool, most: int) -> list[Term]:
    """Return the stairs of all results where they are few, else nothing.

    Two lists of results are put together: the stairs of one, moved by each result of the other.
    """
    if pool.rate or len(set(pool.amounts)) > _KINDS:
        return []
    kinds = Counter[int]()
    for a, n in zip(pool.amounts, pool.counts, strict=True):
        kinds[a] += n
    rows = sorted(kinds.items(), key=lambda row: (-row[1], row[0]))
    first, second, place = 1, 1, 0
    for _, n in rows:
        if first * (n + 1) <= most and second == 1:
            first, place = first * (n + 1), place + 1
        else:
            second *= n + 1
    # Counting how many of n come in takes n² ÷ 2 steps.
    if second > _OTHERS or sum(n * n for _, n in rows) > _PER_RESULT * most:
        return []
    chances = defaultdict[int, list[float]](list)
    for a, p in pool.deals():
        chances[a].append(p)
    each = [(a, won_of(chances[a])) for a, _ in rows]
    steps = Steps.of(results_of(each[:place]))
    return [(p, base, 1, steps) for base, p in results_of(each[place:]).items()]


def _set_apart(pool: Pool) -> tuple[list[tuple[int, float]], Pool]:
    """Return the deals to be set apart, and the pool of all others.

    Whales would make the wave long, and its frequencies many; a few deals that are odd among the
    multiples of some spacing would hide that all others are stairs.
    """
    if not pool.amounts:
        return [], pool
    top = [place for _, place in nlargest(_WHALES, zip(pool.amounts, count()))]
    variance, apart = pool.variance, set[int]()
    for i, place in enumerate(top, 1):
        a = float(pool.amounts[place])
        variance -= pool.swings[place] * a * a
        if a * a > _WHALE * _WHALE * variance and sum(pool.counts[k] for k in top[:i]) <= _WHALES:
            apart = set(top[:i])
    apart |= _odd(pool, apart)
    if not apart:
        return [], pool
    few = pool.only(sorted(apart)).deals()
    return few, pool.only([i for i in range(len(pool.amounts)) if i not in apart])


def _odd(pool: Pool, whales: set[int]) -> set[int]:
    """Return the places of a few deals without which all are multiples of some spacing."""
    room = _APART - sum(pool.counts[i] for i in whales)
    for spacing in reversed(spacings_of(pool)):
        if spacing < _NARROW * sqrt(pool.variance):
            break
        places = enumerate(pool.amounts)
        odd = set(islice((i for i, a in places if a % spacing and i not in whales), _APART + 1))
        fits = sum(pool.counts[i] for i in odd) <= room and 2 * len(odd) < len(pool.amounts)
        if fits and not any(size % spacing for size in pool.sizes):
            return odd
    return set()


def _smooth(pool: Pool) -> tuple[Curve, float] | None:
    """Return the curve of a pool and its error, where it is easily had.

    All frequencies where they are few, else the first ones, if noise can be brought down and there
    are no echoes.
    """
    low, cells, work = _window_of(pool)
    if work <= _LITTLE:
        return (table_of(pool, low, cells),), _EXACT
    found = _wave_of(pool, echoes=False)
    return found if found and found[1] <= _ENOUGH else None


def _rough(pool: Pool) -> tuple[Curve, float]:
    """Return the curve of a pool and its error, where it is not easily had.

    With echoes, if that does; or all frequencies, as long as a second or two pays for it; else the
    likeliest results one by one, and a wave for the rest.
    """
    low, cells, work = _window_of(pool)
    found = _wave_of(pool, echoes=True) if work > _SOME else None
    if work <= _ALL and not (found and found[1] <= _ENOUGH):
        return (table_of(pool, low, cells),), _EXACT
    if found:
        return found
    likely = _Likely.of(pool)
    steps = likely.steps()
    wave = Wave(low, cells + 1, 1.0 - steps.below[-1], 0.0, ())
    least = max(_FEWEST, _STILLING // pool.work)
    spectrum = partial(likely.rest_of, pool, wave.cells)
    wave, error = listen(wave, pool, spectrum, least, noise=None, echoes=True)
    return (steps, wave), min(1.0, error + likely.next)


def _window_of(pool: Pool) -> tuple[int, int, int]:
    """Return the lowest cell, 2^k cells that hold the mass, and the work of all frequencies."""
    low, cells = pool.window()
    full = 1 << (cells - 1).bit_length()
    return low, full, full * (pool.work + full.bit_length()) // 2


def _wave_of(pool: Pool, *, echoes: bool) -> tuple[Curve, float] | None:
    """Return the wave of a pool and its error, or nothing where there is too much noise."""
    spread = pool.spread()
    least = ceil(spread * (noise_of(1.0, 1) / _NOISE) ** 2)
    if least * pool.work > _STILLING or spread > _NOISE**2:
        return None
    low, cells = pool.window()
    wave = Wave(low, cells | 1, 1.0, 0.0, ())
    # Near either end single results stand out of the noise.
    noise = sqrt(spread) + noise_of(spread, max(least, 1))
    spectrum = partial(spectrum_of, pool, wave.cells)
    wave, error = listen(wave, pool, spectrum, least, noise=noise, echoes=echoes)
    return (wave,), error


# --- the likeliest results -------------------------------------------------------------------


@frozen(kw_only=True)
class _Likely:
    """The likeliest result of a pool, and those that differ from it in one event or in two."""

    #: what the likeliest result brings
    origin: int
    #: how likely it is
    mass: float
    #: what an event adds to it: deals first, then arrivals, which may come twice
    moves: tuple[int, ...]
    #: the odds of each event
    odds: tuple[float, ...]
    #: how many of the events are deals
    deals: int

    @classmethod
    def of(cls, pool: Pool) -> _Likely:
        """Return it for a pool: a deal is won where that is likelier, and nothing arrives."""
        rows = zip(pool.amounts, pool.chances, pool.counts, strict=True)
        deals = [(a, p) for a, p, n in rows for _ in range(n)]
        won = [2 * p > 1 for _, p in deals]
        odds = [min(p, 1 - p) / max(p, 1 - p) for _, p in deals]
        return cls(
            origin=sum(a for (a, _), sure in zip(deals, won, strict=True) if sure),
            mass=prod(max(p, 1 - p) for _, p in deals) * exp(-pool.rate),
            moves=(
                *(-a if sure else a for (a, _), sure in zip(deals, won, strict=True)),
                *pool.sizes,
            ),
            odds=(*odds, *(pool.rate * w for w in pool.shares)),
            deals=len(deals),
        )

    @property
    def paired(self) -> bool:
        """Whether the events are few enough for two of them at once."""
        return len(self.moves) <= _PAIRED

    @property
    def next(self) -> float:
        """How likely the likeliest of all other results is, at most."""
        highest = sorted(self.odds, reverse=True)[: 3 if self.paired else 2]
        return min(1.0, self.mass * exp(max(0.0, highest[0] - 1)) * prod(highest))

    def steps(self) -> Steps:
        """Return the stairs of these results."""
        masses = defaultdict[int, float](float, {self.origin: self.mass})
        for i, (a, r) in enumerate(zip(self.moves, self.odds, strict=True)):
            masses[self.origin + a] += self.mass * r
            if self.paired:
                for b, other in zip(self.moves[i + 1 :], self.odds[i + 1 :], strict=True):
                    masses[self.origin + a + b] += self.mass * r * other
                if i >= self.deals:
                    masses[self.origin + 2 * a] += self.mass * r * r / 2
        return Steps.of(masses)

    def rest_of(self, pool: Pool, cells: int, first: int) -> Iterator[complex]:
        """φ of all other results; Σ over pairs is half of (Σ)² - Σ of squares."""
        step, events = turns_of(self.moves, self.odds, cells, first)
        (turn,), (base,) = turns_of((self.origin,), (self.mass,), cells, first)
        spectrum = spectrum_of(pool, cells, first)
        while True:
            one = sum(events)
            twice = sum(map(mul, events[: self.deals], events))
            yield next(spectrum) - base * (1 + one + (one * one - twice) / 2 * self.paired)
            base *= turn
            events = list(map(mul, events, step))
