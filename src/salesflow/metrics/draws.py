"""Draws: revenues made by lot, to check a distribution that was computed.

The caller brings what draws, a `random.Random(seed)`, so that the same seed gives the same lots.

>>> from random import Random
>>> from salesflow.metrics.distribution import Scenario
>>> sorted(draws([100, 20], [Scenario(weight=1, chances=(0.5, 0.5))], (), Random(7), 6))
[0, 20, 20, 20, 100, 120]
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import exp
from typing import Final, Protocol, TypeVar

from salesflow.metrics.distribution import Scenario

__all__ = ["Draw", "draws"]

# Below the exponent at which a float vanishes.
_PIECE: Final = 500.0

V = TypeVar("V")


class Draw(Protocol):
    """What draws lots: a `random.Random(seed)` that the caller brings."""

    def random(self) -> float:
        """Return a float from 0 up to 1."""
        ...


def draws(
    amounts: Sequence[int],
    scenarios: Sequence[Scenario],
    sizes: Sequence[tuple[int, int]],
    draw: Draw,
    n: int,
) -> Iterator[int]:
    """Yield `n` revenues in minor units: a scenario, then each deal, then what arrives."""
    weights = [scenario.weight for scenario in scenarios]
    brings, often = [size for size, _ in sizes], [often for _, often in sizes]
    for _ in range(n):
        scenario = _one_of(scenarios, weights, draw)
        minor = sum(
            amount
            for amount, chance in zip(amounts, scenario.chances, strict=True)
            if draw.random() < chance
        )
        come = _poisson(scenario.arrivals, draw)
        yield minor + sum(_one_of(brings, often, draw) for _ in range(come))


def _one_of(things: Sequence[V], weights: Sequence[float], draw: Draw) -> V:
    """Draw one of some things by their weights."""
    bounds = list(accumulate(weights))
    return things[min(len(things) - 1, bisect_right(bounds, draw.random() * bounds[-1]))]


def _poisson(mean: float, draw: Draw) -> int:
    """Draw a number of arrivals: of events at rate 1, those within the time `mean`.

    A long time is taken in pieces, since the product of the draws would vanish.
    """
    n = 0
    while mean > 0:
        piece = min(mean, _PIECE)
        left = draw.random()
        while left > exp(-piece):
            n += 1
            left *= draw.random()
        mean -= piece
    return n
