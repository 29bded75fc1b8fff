"""The distribution of revenue: 100, 1,000 and 10,000 deals, against 10,000 draws by numpy.

Prints milliseconds for making the distribution and asking it once, and the largest error of its
curve; beside it the same for Monte Carlo over the same book.  Errors are those on coarser amounts,
of which every cell can be counted.  Then the number of wins of 10,000 deals, against fast-poibin.

Needs numpy and fast-poibin, which the library never imports:

    pip install numpy fast-poibin && PYTHONPATH=src python benchmarks/distribution.py
"""

from __future__ import annotations

import argparse
import gc
import random
from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np
from fast_poibin import PoiBin

from salesflow.metrics.distribution import Distribution, Scenario, distribution

DRAWS = 10_000
# A tenth of these deals by numpy at a time, or the draws would not fit into memory.
BLOCK = 1_000


def book(n: int, unit: int) -> tuple[list[int], Scenario]:
    """Make n deals of irregular amounts, in minor units, each with a chance of its own."""
    draw = random.Random(n)
    amounts = [unit * draw.randrange(1, 10**9 // unit) for _ in range(n)]
    return amounts, Scenario(weight=1.0, chances=tuple(draw.uniform(0.05, 0.95) for _ in amounts))


def drawn(amounts: list[int], scenario: Scenario) -> np.ndarray:
    """Draw the revenue many times over, and sort it."""
    generator = np.random.default_rng(1)
    worth, chances = np.array(amounts, dtype=np.int64), np.array(scenario.chances)
    totals = [
        (generator.random((BLOCK, len(amounts))) < chances) @ worth for _ in range(DRAWS // BLOCK)
    ]
    return np.sort(np.concatenate(totals))


def counted(amounts: list[int], scenario: Scenario, unit: int) -> np.ndarray:
    """Tell the curve cell by cell, deal after deal: exact, and slow."""
    cells = np.zeros(sum(amounts) // unit + 1)
    cells[0], top = 1.0, 0
    for amount, chance in zip(amounts, scenario.chances, strict=True):
        step = amount // unit
        came = cells[: top + 1] * chance
        cells[: top + 1] *= 1 - chance
        cells[step : step + top + 1] += came
        top += step
    return np.cumsum(cells)


def timed(work: Callable[[], object], runs: int) -> float:
    """Milliseconds of a run, the median of some."""
    times: list[float] = []
    for _ in range(runs):
        gc.collect()
        started = perf_counter()
        work()
        times.append((perf_counter() - started) * 1e3)
    return median(times)


def asked(amounts: list[int], scenario: Scenario) -> Distribution:
    """Make the distribution, and ask it once."""
    found = distribution(amounts, [scenario])
    found.cdf(int(found.mean))
    return found


def compare(n: int, runs: int) -> None:
    """Measure time on irregular amounts, and errors on amounts of which all cells can be told."""
    amounts, scenario = book(n, 1)
    ours = timed(lambda: asked(amounts, scenario), runs)
    theirs = timed(lambda: drawn(amounts, scenario), max(1, runs // 3))
    unit = 10**6 if n < 10_000 else 5 * 10**7
    coarse, scenario = book(n, unit)
    below, found, sample = (
        counted(coarse, scenario, unit),
        asked(coarse, scenario),
        drawn(coarse, scenario),
    )
    # No unit would be taken out of these: the first deal is one minor unit off.
    found = distribution([a + (not i) for i, a in enumerate(coarse)], [scenario])
    points = [k * unit for k in range(0, len(below), max(1, len(below) // 2_000))]
    exact = [float(below[x // unit]) for x in points]
    error = max(abs(found.cdf(x + 1) - one) for x, one in zip(points, exact, strict=True))
    shares = np.searchsorted(sample, points, side="right") / DRAWS
    missed = max(abs(shares - np.array(exact)))
    print(f"{n:6,} deals: {ours:8.2f} ms, error {error:.0e} (it says {found.error:.0e})")
    print(
        f"   Monte Carlo: {theirs:8.2f} ms, error {missed:.0e}, {theirs / ours:.1f} times as long"
    )


def wins(n: int, runs: int) -> None:
    """Measure the number of wins: all amounts are 1."""
    scenario = book(n, 1)[1]
    ones = [1] * n
    ours = timed(lambda: asked(ones, scenario), runs)
    theirs = timed(lambda: PoiBin(scenario.chances).cdf, runs)
    found, exact = distribution(ones, [scenario]), PoiBin(scenario.chances).cdf
    error = max(abs(found.cdf(k) - float(one)) for k, one in enumerate(exact))
    print(f"{n:6,} wins : {ours:8.2f} ms, {error:.0e} from fast-poibin")
    print(f"   fast-poibin: {theirs:8.2f} ms, {theirs / ours:.2f} times as long")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    for n in (100, 1_000, 10_000):
        compare(n, options.runs)
    for n in (100, 1_000, 10_000):
        wins(n, options.runs)


if __name__ == "__main__":
    main()
