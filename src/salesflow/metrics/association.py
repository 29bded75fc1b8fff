"""Whether two things go together: how often somebody is visited, and what they buy.

Pearson's r runs from -1 to 1 and is undefined with fewer than three pairs, or where one side never
varies.  It is computed from exact sums and rounded once.  It shows an association and says nothing
of what causes what.

>>> found = association([(2, 10), (4, 20), (6, 30), (8, 40)])
>>> found.r, found.output_per_visit
(1.0, Fraction(5, 1))
>>> association([(3, 10), (3, 20), (3, 30)]).r is None
True

Source: K. Pearson, "Note on regression and inheritance in the case of two parents" (1895).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import copysign, sqrt
from typing import Final

from attrs import frozen

from salesflow.errors import InvalidValue, WrongType
from salesflow.scales import Number, common_measure, exact
from salesflow.tables import listed

__all__ = ["Association", "association"]

_FEWEST: Final = 3
_PAIR: Final = 2


@frozen(kw_only=True)
class Association:
    """How visits and output go together over some customers."""

    #: how many pairs there are
    n: int
    #: Pearson's r, None where it is undefined
    r: float | None
    #: all output ÷ all visits, exact, None without visits
    output_per_visit: Fraction | None


def association(pairs: Iterable[tuple[Number, Number]]) -> Association:
    """Return how the two sides of some pairs go together: (visits, output) for each customer."""
    rows = [_pair(pair) for pair in listed(pairs, "pairs")]
    visits, per_visit = _whole([row[0] for row in rows], "visits")
    output, per_output = _whole([row[1] for row in rows], "output")
    total = Fraction(sum(visits), per_visit)
    return Association(
        n=len(rows),
        r=_pearson(visits, output),
        output_per_visit=Fraction(sum(output), per_output) / total if total else None,
    )


def _pair(pair: tuple[Number, Number]) -> tuple[Fraction, Fraction]:
    if not isinstance(pair, tuple) or len(pair) != _PAIR:
        raise WrongType.of("pairs", pair, "list pairs such as (visits, output)")
    visits, output = exact(pair[0], "visits"), exact(pair[1], "output")
    if visits < 0:
        raise InvalidValue("visits", "are below zero", "count visits")
    return visits, output


def _whole(numbers: list[Fraction], name: str) -> tuple[list[int], int]:
    """Return numbers as multiples of their common measure, and how many of it make one.

    r is the same, and sums of whole numbers stay short.
    """
    measure = common_measure(numbers, name)
    return [int(number * measure) for number in numbers], measure


def _pearson(xs: list[int], ys: list[int]) -> float | None:
    n, x_sum, y_sum = len(xs), sum(xs), sum(ys)
    xx = n * sum(x * x for x in xs) - x_sum * x_sum
    yy = n * sum(y * y for y in ys) - y_sum * y_sum
    if n < _FEWEST or not xx or not yy:
        return None
    xy = n * sum(x * y for x, y in zip(xs, ys, strict=True)) - x_sum * y_sum
    # The square is exact and at most 1, so that rounding cannot push r past its bounds.
    return copysign(sqrt(Fraction(xy * xy, xx * yy)), 1 if xy >= 0 else -1)
