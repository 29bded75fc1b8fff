"""A quarter is good or bad for all deals at once: a common shock on every chance.

Were deals independent, the revenue of many of them would be almost certain, and it is not: they
share the season, the frozen budget, the tender that was put off.  A shock moves the log-odds of
every deal by the same normal amount z × shock.  It is held fixed in each `Scenario`, at the points
of a Gauss-Hermite rule, and it keeps the mean: over all scenarios a chance is what it was.

>>> quarter = scenarios([200_000] * 10, [0.25] * 10, 0.5)
>>> [round(one.chances[0], 2) for one in quarter]
[0.05, 0.09, 0.15, 0.24, 0.36, 0.51, 0.67]
>>> round(sum(one.weight * one.chances[0] for one in quarter), 12)
0.25

Source: W. Gautschi, "Orthogonal polynomials" (2004), for the rule; S. Zeger et al., Biometrics 44
(1988), for where a search of a shifted chance begins; G. Bennett, JASA 57 (1962), for a window.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain, repeat
from math import exp, fsum, inf, log, log1p, pi, prod, sqrt
from operator import mul, sub
from typing import Final, cast

from attrs import evolve, field, frozen

from salesflow.errors import InvalidValue, WrongType
from salesflow.tables import listed

__all__ = [
    "Pool",
    "Scenario",
    "Sizes",
    "amounts_of",
    "hermite",
    "pool_of",
    "scenarios",
    "shock_of",
    "sizes_of",
]

#: what an arrival may bring, in minor units, and how often
Sizes = Mapping[int, float] | Iterable[tuple[int, float]]

_GREATEST_AMOUNT: Final = 10**18
_GREATEST_SHOCK: Final = 5.0
_FEWEST, _MOST = 7, 63
_ROUNDS: Final = 30
# A step of Newton's method that no longer tells, and a chance that is met.
_STILL, _CLOSE = 1e-15, 1e-14
# A chance that no shock makes worth a thought, and the shift of log-odds that exp still takes.
_NEVER, _FARTHEST = 1e-200, 700.0
# Each side of a window may miss exp(-27.6) = 1e-12 of the mass.
_MISSED: Final = 27.6
# Below this Bennett's bound agrees with Bernstein's, and would lose digits.
_FLAT: Final = 1e-6
_PAIR: Final = 2
_ASIDE: Final = 0.1


def _number(value: float, name: str, most: float = inf) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongType.of(name, value, "pass a float")
    if not 0 <= value <= most or value == inf:
        raise InvalidValue(name, "is below zero or too great", "pass a number within its range")
    return float(value)


def shock_of(value: float, name: str = "shock") -> float:
    """Return the standard deviation of a shock; raises for what is no number from 0 to 5."""
    return _number(value, name, _GREATEST_SHOCK)


def _chances(values: Iterable[float]) -> tuple[float, ...]:
    chances = listed(values, "chances")
    # There may be many; only where one is wrong, or an int, each is looked at.
    if set(map(type, chances)) <= {float} and all(0.0 <= p <= 1.0 for p in chances):
        return chances
    return tuple(_number(p, "chances", 1.0) for p in chances)


def amounts_of(values: Iterable[int], name: str = "amounts") -> tuple[int, ...]:
    """Return amounts in minor units, refusing all but whole numbers from 0 to 10^18."""
    amounts = listed(values, name)
    if set(map(type, amounts)) - {int}:
        bad = next(one for one in amounts if type(one) is not int)
        raise WrongType.of(name, bad, "count minor units, as ints")
    if amounts and not 0 <= min(amounts) <= max(amounts) <= _GREATEST_AMOUNT:
        raise InvalidValue(name, "are below zero or too great", "pass from 0 to 10^18")
    return amounts


def sizes_of(sizes: Sizes) -> tuple[tuple[int, float], ...]:
    """Return sizes above zero and their shares of all, which sum to 1 where none is zero."""
    # The checkers narrow a mapping to something that is a list of pairs as well.
    is_table = issubclass(type(sizes), Mapping)
    rows = cast("Mapping[int, float]", sizes).items() if is_table else sizes
    weights: dict[int, float] = {}
    for row in listed(cast("Iterable[tuple[int, float]]", rows), "sizes"):
        if not isinstance(row, tuple) or len(row) != _PAIR:
            raise WrongType.of("sizes", row, "list pairs such as (size, weight)")
        size, weight = row
        amounts_of([size], "sizes")
        weights[size] = weights.get(size, 0.0) + _number(weight, "sizes")
    whole = fsum(weights.values())
    if weights and not 0 < whole < inf:
        raise InvalidValue("sizes", "have no weight", "give one of them a weight above zero")
    return tuple((size, weight / whole) for size, weight in weights.items() if size and weight)


@frozen(kw_only=True)
class Scenario:
    """What may happen to all deals at once, such as a weak quarter, and what it does to each."""

    #: how likely it is, beside the other scenarios
    weight: float
    #: chance of each deal to come in
    chances: tuple[float, ...] = field(converter=_chances)
    #: expected number of new arrivals
    arrivals: float = 0.0

    def __attrs_post_init__(self) -> None:
        _number(self.weight, "weight")
        _number(self.arrivals, "arrivals")


# --- what is drawn ---------------------------------------------------------------------------


@frozen(kw_only=True)
class Pool:
    """What is drawn under one scenario: deals, equal ones together, and a number of arrivals."""

    #: amount of a deal, in any unit
    amounts: tuple[int, ...] = ()
    #: chance that it comes in, strictly between 0 and 1
    chances: tuple[float, ...] = ()
    #: how many such deals there are
    counts: tuple[int, ...] = ()
    #: expected number of arrivals
    rate: float = 0.0
    #: what an arrival may bring, above zero
    sizes: tuple[int, ...] = ()
    #: how often it brings that, summing to 1
    shares: tuple[float, ...] = ()

    @cached_property
    def lost(self) -> list[float]:
        """Chance of each deal not to come in: 1 - p."""
        return list(map(sub, repeat(1.0), self.chances))

    @cached_property
    def swings(self) -> list[float]:
        """Variance of the number of such deals that come in: n p (1 - p)."""
        return list(map(mul, self.counts, map(mul, self.chances, self.lost)))

    @property
    def work(self) -> int:
        """How many factors φ has, and some ten more for what a frequency costs besides."""
        return 10 + len(self.amounts) + len(self.sizes)

    @cached_property
    def mean(self) -> float:
        """Return E S = Σ n p a + rate × E size."""
        won = fsum(map(mul, map(mul, self.counts, self.chances), self.amounts))
        return won + self.rate * fsum(map(mul, self.shares, self.sizes))

    @cached_property
    def variance(self) -> float:
        """Return Var S = Σ n p (1 - p) a² + rate × E size²."""
        won: float = fsum(map(mul, map(mul, self.swings, self.amounts), self.amounts))
        return won + self.rate * fsum(map(mul, map(mul, self.shares, self.sizes), self.sizes))

    def window(self) -> tuple[int, int]:
        """Return the lowest sum and how many sums there are that hold all mass but some 1e-12."""
        mean, variance = self.mean, self.variance
        falls = max(map(mul, self.amounts, self.chances), default=0.0)
        rises = max(chain(map(mul, self.amounts, self.lost), self.sizes), default=0.0)
        low = max(0, int(mean - width_of(variance, falls)))
        high = int(mean + width_of(variance, rises)) + 1
        most = high if self.sizes else sum(map(mul, self.counts, self.amounts))
        return low, min(high, most) - low + 1

    def spread(self) -> float:
        """Return Σ of the squared masses of all results, were no two of their sums equal.

        Π (p² + q²) over the deals; for arrivals of one size at a rate r, exp(-2 r) (1 + r²).  By
        Parseval it is the mean of |φ|² over all frequencies: how loud φ stays past the first ones.
        """
        each = map(sub, repeat(1.0), map(mul, repeat(2.0), map(mul, self.chances, self.lost)))
        won: float = prod(map(pow, each, self.counts))
        return won * exp(sum(log1p((self.rate * w) ** 2) for w in self.shares) - 2 * self.rate)

    def deals(self) -> list[tuple[int, float]]:
        """Return each deal: amount and chance."""
        rows = zip(self.amounts, self.chances, self.counts, strict=True)
        return [(a, p) for a, p, n in rows for _ in range(n)]

    def only(self, places: Sequence[int]) -> Pool:
        """Return the pool with the deals at some places only."""
        return evolve(
            self,
            amounts=tuple(map(self.amounts.__getitem__, places)),
            chances=tuple(map(self.chances.__getitem__, places)),
            counts=tuple(map(self.counts.__getitem__, places)),
        )


def width_of(variance: float, step: float) -> float:
    """Return the t with P(S - E S ≥ t) ≤ 1e-12, where no single step exceeds `step`.

    Bennett: P ≤ exp(-(v ÷ b²) h(b t ÷ v)), h(u) = (1 + u) ln(1 + u) - u, for deals and arrivals
    alike.  Newton's method comes down to it from Bernstein's bound, which lies above.
    """
    part = step * _MISSED / 3
    far = part + sqrt(part * part + 2 * variance * _MISSED)
    goal = _MISSED * step * step / variance if variance else 0.0
    if goal < _FLAT:
        return far
    u = step * far / variance
    for _ in range(8):
        u -= ((1 + u) * log1p(u) - u - goal) / log1p(u)
    return u * variance / step


def pool_of(
    amounts: Sequence[int],
    chances: Sequence[float],
    rate: float = 0.0,
    sizes: Sequence[tuple[int, float]] = (),
) -> tuple[int, Pool]:
    """Return what comes in for certain, and what is drawn; what cannot come in drops out."""
    if len(amounts) != len(chances):
        raise InvalidValue("chances", "are not one for each amount", "list as many as amounts")
    rows: dict[tuple[int, float], int] = Counter(zip(amounts, chances, strict=True))
    certain = 0
    if rows and (not min(amounts) or min(chances) == 0 or max(chances) == 1):
        certain = sum(n * a for (a, p), n in rows.items() if p == 1)
        rows = {(a, p): n for (a, p), n in rows.items() if a and 0 < p < 1}
    coming = fsum(share for _, share in sizes)
    rate *= coming
    return certain, Pool(
        amounts=tuple([a for a, _ in rows]),
        chances=tuple([p for _, p in rows]),
        counts=tuple(rows.values()),
        rate=rate,
        sizes=tuple(size for size, _ in sizes) if rate else (),
        shares=tuple(share / coming for _, share in sizes) if rate else (),
    )


# --- the shock -------------------------------------------------------------------------------


def hermite(points: int) -> tuple[tuple[float, float], ...]:
    """Return the points of the standard normal and their weights, rising: an odd number of them.

    With the orthonormal polynomials √(k + 1) h_(k+1) = z h_k - √k h_(k-1), the points are the roots
    of h_n, and the weight of each is 1 ÷ (n h_(n-1)²).  Newton's method comes down from above to
    one root after the other, those found before divided out.

    Raises `InvalidValue` for an even number, or one not from 1 to 63.
    """
    if type(points) is not int or not 1 <= points <= _MOST or not points % 2:
        raise InvalidValue("points", "are not an odd number up to 63", "pass such as 15")
    roots: list[float] = []
    z = sqrt(4.0 * points + 2)
    for _ in range(points // 2):
        step = inf
        while abs(step) > _STILL * z:
            value, before = _polynomials(points, z)
            known = 1 / z + fsum(2 * z / (z * z - root * root) for root in roots)
            step = value / (sqrt(points) * before - value * known)
            z -= step
        roots.append(z)
        # All others lie below, by 0.39 at least; at this one nothing could be divided out.
        z -= _ASIDE
    rising = [*(-root for root in roots), 0.0, *reversed(roots)]
    weights = [1 / (points * _polynomials(points, z)[1] ** 2) for z in rising]
    whole = fsum(weights)
    return tuple((z, weight / whole) for z, weight in zip(rising, weights, strict=True))


def _polynomials(degree: int, z: float) -> tuple[float, float]:
    """Return h_n and h_(n-1) at z."""
    before, value = 0.0, 1.0
    for k in range(degree):
        before, value = value, (z * value - sqrt(k) * before) / sqrt(k + 1)
    return value, before


def scenarios(
    amounts: Iterable[int],
    chances: Iterable[float],
    shock: float,
    *,
    arrivals: float = 0.0,
    sizes: Sizes = (),
) -> tuple[Scenario, ...]:
    """Return the scenarios of a common normal shock, `shock` being its standard deviation.

    At the point z a chance p becomes expit(a + shock × z), where Σ weight × expit(a + shock × z) is
    p to rounding; 0 and 1 stay.  Arrivals are multiplied by exp(shock × z), brought to a mean of 1.
    Without a shock, or with nothing open, there is one scenario, with the chances unchanged.

    There are so many points, 7 to 63, that neighbouring scenarios differ by about one standard
    deviation within them, or the mixture would show bumps that are not there.  For hundreds of
    deals and a strong shock 63 are too few: the mean is right, and quantiles are only good to the
    distance of neighbouring scenarios.

    Raises `InvalidValue` or `WrongType` for a shock that is no number from 0 to 5, for chances that
    are not one for each amount, and for what `Scenario` refuses.
    """
    strength = shock_of(shock)
    plain = Scenario(weight=1.0, chances=listed(chances, "chances"), arrivals=arrivals)
    _, pool = pool_of(amounts_of(amounts), plain.chances, plain.arrivals, sizes_of(sizes))
    if not strength or not pool.variance:
        return (plain,)
    rule = hermite(_points_for(pool, strength))
    weights = [weight for _, weight in rule]
    odds = [exp(-strength * z) for z, _ in rule]
    shifted = {p: _shifted(p, strength, weights, odds) for p in set(plain.chances)}
    factors = [1 / one for one in odds]
    mean = fsum(map(mul, weights, factors))
    return tuple(
        Scenario(
            weight=weights[k],
            chances=tuple(shifted[p][k] for p in plain.chances),
            arrivals=plain.arrivals * (factors[k] / mean),
        )
        for k in range(len(rule))
    )


def _points_for(pool: Pool, shock: float) -> int:
    """Return how many points it takes.

    About z = 0 they lie π ÷ √n apart, and the mean moves by shock × Σ p (1 - p) a for one of z.
    """
    slope = fsum(map(mul, pool.swings, pool.amounts))
    slope += pool.rate * fsum(map(mul, pool.shares, pool.sizes))
    apart = pi * shock * slope / sqrt(pool.variance)
    return max(_FEWEST, int(min(apart * apart, _MOST)) | 1)


def _shifted(
    chance: float, shock: float, weights: Sequence[float], odds: Sequence[float]
) -> tuple[float, ...]:
    """Return a chance in each scenario, where its odds are divided by one of `odds`.

    Newton's method on the log-odds of the mean: they are nearly a straight line in a, so that
    three or four rounds do, and small chances keep their digits.
    """
    if not _NEVER < chance < 1:
        return (chance,) * len(odds)
    if chance > 1 / 2:
        # What does not come in is shifted the other way, and its digits are kept.
        return tuple(1 - one for one in reversed(_shifted(1 - chance, shock, weights, odds)))
    goal = log(chance) - log1p(-chance)
    a = goal * sqrt(1 + pi * shock * shock / 8)
    moved: list[float] = []
    for _ in range(_ROUNDS):
        against = exp(-min(max(a, -_FARTHEST), _FARTHEST))
        moved = [1 / (1 + against * one) for one in odds]
        mean = sum(map(mul, weights, moved))
        if abs(chance - mean) <= _CLOSE * chance:
            break
        slope = mean - sum(map(mul, weights, map(mul, moved, moved)))
        a += (goal - log(mean) + log1p(-mean)) * mean * (1 - mean) / slope
    return tuple(moved)
