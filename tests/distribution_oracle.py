"""The distribution of revenue told naively, and books of deals to read it from.

Written from the definition and not from the library: every result of a few deals by itself, in
fractions; a lattice cell by cell; arrivals by Panjer's recursion.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from itertools import accumulate, product
from math import exp, fsum, lgamma, log, log1p
from operator import add, mul

from hypothesis import strategies as st

from salesflow.metrics.distribution import Scenario, distribution

#: what the issue allows anywhere
CLOSE = 1e-8

# --- told naively ----------------------------------------------------------------------------


class Enumerated:
    """All sums of a few deals with their exact probabilities, in fractions."""

    def __init__(self, amounts, chances, certain=0):
        masses = {}
        for won in product((0, 1), repeat=len(amounts)):
            mass = Fraction(1)
            for p, one in zip(chances, won, strict=True):
                mass *= Fraction(p) if one else 1 - Fraction(p)
            total = certain + sum(map(mul, amounts, won))
            masses[total] = masses.get(total, 0) + mass
        self.rows = sorted((total, mass) for total, mass in masses.items() if mass)
        self.sums = [total for total, _ in self.rows]
        self.below = [
            float(one) for one in accumulate((m for _, m in self.rows), initial=Fraction(0))
        ]
        self.mean = sum(total * mass for total, mass in self.rows)
        self.variance = sum((total - self.mean) ** 2 * mass for total, mass in self.rows)

    def cdf(self, x):
        return self.below[bisect_right(self.sums, x)]


def stairs(amounts, chances, unit=1):
    """P(S ≤ k units) for k = 0, 1, …: one deal after the other moves all cells."""
    cells = [1.0]
    for a, p in zip(amounts, chances, strict=True):
        moved = [0.0] * (a // unit) + [mass * p for mass in cells]
        stayed = [mass * (1 - p) for mass in cells] + [0.0] * (a // unit)
        cells = list(map(add, stayed, moved))
    return list(accumulate(cells))


def binomial(n, p):
    """How likely k of n are, for each k."""
    return [
        exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p))
        for k in range(n + 1)
    ]


def both(first, second):
    """The distribution of the sum of two independent counts."""
    found = [0.0] * (len(first) + len(second) - 1)
    for i, mass in enumerate(first):
        if mass > 1e-18:
            part = [mass * other for other in second]
            found[i : i + len(second)] = map(add, found[i : i + len(second)], part)
    return found


def panjer(rate, sizes, most):
    """How likely Poisson arrivals bring 0, 1, …, most: Panjer's recursion."""
    whole = fsum(sizes.values())
    found = [exp(-rate)]
    for x in range(1, most + 1):
        terms = [s * w / whole * found[x - s] for s, w in sizes.items() if s <= x]
        found.append(rate / x * fsum(terms))
    return found


class Halves:
    """P(S ≤ x) of up to some thirty deals: the sums of one half meet those of the other."""

    def __init__(self, amounts, chances):
        half = len(amounts) // 2
        self.first = self.results(amounts[:half], chances[:half])
        second = sorted(self.results(amounts[half:], chances[half:]))
        self.sums = [total for total, _ in second]
        self.below = list(accumulate((mass for _, mass in second), initial=0.0))

    @staticmethod
    def results(amounts, chances):
        found = [(0, 1.0)]
        for a, p in zip(amounts, chances, strict=True):
            found = [(t, m * (1 - p)) for t, m in found] + [(t + a, m * p) for t, m in found]
        return found

    def cdf(self, x):
        return fsum(m * self.below[bisect_right(self.sums, x - t)] for t, m in self.first)


# --- compared --------------------------------------------------------------------------------


def alone(amounts, chances, **rest):
    """The distribution under one scenario."""
    return distribution(amounts, [Scenario(weight=1.0, chances=tuple(chances))], **rest)


def observed(found, below, unit=1, start=0, points=60):
    """The largest error of a cdf at the steps of stairs, just below them, and between."""
    width = len(below)
    jumps = sorted(range(1, width), key=lambda k: below[k - 1] - below[k])[:points]
    errors = [abs(found.cdf(start - 1))]
    for k in {*jumps, *range(0, width, max(1, width // points)), 0, width - 1}:
        x = start + k * unit
        errors += [abs(found.cdf(at) - below[k]) for at in (x, x + unit // 2, x + unit - 1)]
        if k:
            errors.append(abs(found.cdf(x - 1) - below[k - 1]))
    return max(errors)


def check(found, below, unit=1, start=0):
    """The cdf is right to 1e-8 and no worse than it says, and its quantiles are those of it."""
    error = observed(found, below, unit, start)
    assert error <= CLOSE
    assert error <= found.error
    for q in (0.001, 0.1, 0.5, 0.8, 0.999):
        x = found.quantile(q)
        assert found.cdf(x) >= q > found.cdf(x - 1)
        assert (x - start) % unit == 0


# --- books -----------------------------------------------------------------------------------


def drawn(draw, n, low=0.05, high=0.95):
    """Chances of n deals, from a `random.Random`."""
    return [draw.uniform(low, high) for _ in range(n)]


#: chances as they are typed, with nothing and certainty among them
CHANCES = st.sampled_from([0.0, 1.0, 0.5, 0.1, 0.9]) | st.floats(0, 1)
#: amounts: none, price lists, nines, irregular ones, and one that dwarfs all others
AMOUNTS = st.one_of(
    st.sampled_from([0, 500_00, 1000_00, 5000_00, 499_99, 999_99]),
    st.integers(1, 10**9),
    st.integers(10**15, 10**18),
)


def weighted(columns, weights):
    """The mixture of some stairs of the same length."""
    return [fsum(map(mul, weights, cells)) for cells in zip(*columns, strict=True)]
