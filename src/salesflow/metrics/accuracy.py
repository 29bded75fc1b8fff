"""Were the totals true?  What was told of a period, beside what came in.

A *total* is one such case, of the company or of one owner.  Over many of them, *bias* says whether
too much is told, *WAPE* how much it misses either way, *cover* whether the intervals hold what they
promise; *pinball* and *CRPS* judge the quantiles and the whole distribution by one figure each.

>>> told = {0.1: Money(60, "CNY"), 0.9: Money(140, "CNY")}
>>> found = accuracy(
...     Total(subject="company", period=f"2026-Q{quarter}", mean=Money(100, "CNY"),
...           actual=Money(came, "CNY"), quantiles=told)
...     for quarter, came in enumerate((80, 110, 150, 60), 1)
... )
>>> found.bias, found.wape, str(found.cover[0.8])
(Fraction(0, 1), Fraction(3, 10), '75.0% (n=4)')

Ratios are exact; pinball and CRPS are losses in *minor units* (分, cents), the lower the better.

Sources: S. Kolassa and W. Schütz, Foresight 6 (2007), for WAPE; R. Koenker and G. Bassett,
Econometrica 46 (1978), for pinball; T. Gneiting and A. E. Raftery, JASA 102 (2007), for CRPS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from heapq import heappush, heapreplace
from itertools import combinations, pairwise
from math import fsum, isclose
from typing import Final, NamedTuple, Protocol, runtime_checkable

from attrs import field, frozen

from salesflow import text
from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.forms import lines
from salesflow.metrics.calibration import chance
from salesflow.money import Money
from salesflow.ratios import Rate
from salesflow.tables import Rows, Table, listed_of, rows_of

__all__ = ["Accuracy", "Spread", "Total", "accuracy", "accuracy_by", "crps", "pinball"]

_LARGEST: Final = 10**40  # beyond any economy, and its square is still a float
_PIECES: Final = 600  # a distribution is asked once for each; enough for one part in a thousand
_NOISE: Final = 1e-6  # what rounding may add to certainty, or take from nothing


def _quantiles(told: Rows[float, Money]) -> Table[float, Money]:
    """Take amounts by level, and put them in the order of the levels."""
    given = rows_of(told, "quantiles").items()
    rows = sorted(
        (_level(level, "quantiles"), _money(amount, "quantiles")) for level, amount in given
    )
    for (low, below), (high, above) in pairwise(rows):
        if low == high or below > above:
            remedy = "give each level once, and a higher one no lower amount"
            raise InvalidValue("quantiles", "cross or repeat a level", remedy)
    return Table(dict(rows))


@frozen(kw_only=True)
class Total:
    """What was told of one period, and what came in; two currencies raise `CurrencyMismatch`."""

    #: whose total it is: "company", or the id of an owner
    subject: str
    #: the period, as the host names it
    period: str
    #: the mean that was told
    mean: Money
    #: what came in
    actual: Money
    #: what the nominal win rates expected; None where nobody asked them
    nominal: Money | None = None
    #: amounts told by level, above 0 and below 1: nine in ten times it is no more than that of 0.9
    quantiles: Table[float, Money] = field(default=Table({}), converter=_quantiles)
    #: CRPS of the distribution that was told, in minor units; None where none was
    crps: float | None = None

    def __attrs_post_init__(self) -> None:
        lines(self, "subject", "period")
        currency = _money(self.mean, "mean").currency
        named = () if self.nominal is None else (_money(self.nominal, "nominal"),)
        for money in (_money(self.actual, "actual"), *named, *self.quantiles.values()):
            if money.currency != currency:
                raise CurrencyMismatch(currency, money.currency)
        if self.crps is not None and _number(self.crps, "crps") < 0:
            raise InvalidValue("crps", "is below zero", "pass the loss in minor units")


@frozen(kw_only=True)
class Accuracy:
    """How true some totals were, beside those of the nominal win rates."""

    #: how many totals there are
    n: int
    #: Σ (mean - actual) ÷ Σ actual, exact: above zero too much was told; None where nothing came in
    bias: Fraction | None
    #: Σ abs(mean - actual) ÷ Σ abs(actual), exact: how far off, either way; None where nothing came
    wape: Fraction | None
    #: bias of the nominal win rates, over the totals that have them
    nominal_bias: Fraction | None
    #: WAPE of the nominal win rates, over the totals that have them
    nominal_wape: Fraction | None
    #: by share promised, as 0.8 from level 0.1 to 0.9: how many actuals lay there, ends included
    cover: Table[float, Rate]
    #: by level: mean quantile loss in minor units, over the totals that have the level
    pinball: Table[float, float]
    #: mean CRPS in minor units, over the totals that have one; None where none has
    crps: float | None


def accuracy(totals: Iterable[Total]) -> Accuracy | None:
    """Return how true some totals were, None without any; `CurrencyMismatch` for two currencies."""
    cases = listed_of(totals, Total, "totals")
    return _accuracy(cases) if cases else None


def accuracy_by(totals: Iterable[Total], key: Callable[[Total], str]) -> Table[str, Accuracy]:
    """Return the accuracy of each group of totals that `key` names, in the order of the names."""
    if not callable(key):
        raise WrongType.of("key", key, "pass a function of a total")
    groups: dict[str, list[Total]] = {}
    for total in listed_of(totals, Total, "totals"):
        groups.setdefault(text.line(key(total), "key"), []).append(total)
    return Table({name: _accuracy(groups[name]) for name in sorted(groups)})


def _accuracy(totals: Sequence[Total]) -> Accuracy:
    currency = totals[0].mean.currency
    for total in totals:
        if total.mean.currency != currency:
            raise CurrencyMismatch(currency, total.mean.currency)
    bias, wape = _misses([(one.mean, one.actual) for one in totals])
    nominal = _misses([(one.nominal, one.actual) for one in totals if one.nominal is not None])
    losses = [one.crps for one in totals if one.crps is not None]
    return Accuracy(
        n=len(totals),
        bias=bias,
        wape=wape,
        nominal_bias=nominal[0],
        nominal_wape=nominal[1],
        cover=_cover(totals),
        pinball=_pinball(totals),
        crps=fsum(losses) / len(losses) if losses else None,
    )


def _misses(pairs: list[tuple[Money, Money]]) -> tuple[Fraction | None, Fraction | None]:
    """Return bias and WAPE of (told, actual), each where its base is above zero."""
    missed = [told.minor - actual.minor for told, actual in pairs]
    net = sum(actual.minor for _, actual in pairs)
    gross = sum(abs(actual.minor) for _, actual in pairs)
    return (
        Fraction(sum(missed), net) if net > 0 else None,
        Fraction(sum(map(abs, missed)), gross) if gross else None,
    )


def _cover(totals: Sequence[Total]) -> Table[float, Rate]:
    held: dict[float, list[bool]] = {}
    for total in totals:
        told = total.quantiles
        for low, high in combinations(told, 2):
            if isclose(low + high, 1):
                inside = told[low] <= total.actual <= told[high]
                # 0.95 - 0.05 shall be 0.9, not a hair less.
                held.setdefault(round(high - low, 9), []).append(inside)
    return Table({share: Rate(sum(held[share]), len(held[share])) for share in sorted(held)})


def _pinball(totals: Sequence[Total]) -> Table[float, float]:
    losses: dict[float, list[float]] = {}
    for total in totals:
        for level, told in total.quantiles.items():
            found = losses.setdefault(level, [])
            found.append(pinball(level, told.minor, total.actual.minor))
    return Table({level: fsum(losses[level]) / len(losses[level]) for level in sorted(losses)})


def pinball(level: float, told: float, actual: float) -> float:
    """Return the quantile loss of one amount, in the unit of the amounts.

    Too little costs level × what is missing, too much (1 - level) × what is over; so on average
    nobody loses less than with the true quantile.

    >>> pinball(0.75, 100, 120), pinball(0.75, 140, 120)
    (15.0, 5.0)
    """
    share = _level(level, "level")
    over = _number(told, "told") - _number(actual, "actual")
    return max((1 - share) * over, -share * over)


@runtime_checkable
class Spread(Protocol):
    """A distribution of a total over whole minor units."""

    @property
    def support(self) -> tuple[int, int]:
        """The lowest and the highest amount there can be."""
        ...

    def cdf(self, x: int, /) -> float:
        """Return the probability of at most `x`: rising, and 1 at the highest amount."""
        ...


class _Piece(NamedTuple):
    """A stretch of amounts, and F less what happened at its ends."""

    doubt: float  # how wrong its area may be; below zero, so that a heap has the worst on top
    start: int
    stop: int
    gap: float
    end: float

    @property
    def area(self) -> float:
        """Σ gap² over its amounts, were the distribution straight in between."""
        n = self.stop - self.start
        rise = (self.end - self.gap) / n
        tilted = self.gap * rise * n * (n - 1) + rise * rise * n * (n - 1) * (2 * n - 1) / 6
        return n * self.gap * self.gap + tilted


def crps(spread: Spread, actual: int) -> float:
    """Return the continuous ranked probability score of a distribution, in minor units.

    It is ∫ (F(x) - [x ≥ actual])² dx: for one sure amount just the miss, |told - actual|, and on
    average nobody scores lower than with the truth.  F rises, so the ends of a stretch bound what
    lies between, and the stretch with the widest bounds is halved, over and over: exact for a few
    steps, and to one part in a thousand for many.

    Raises `InvalidValue` for a support that is no range, and for a `cdf` outside 0 to 1.
    """
    low, high = _support(spread)
    turn = min(max(_whole(actual, "actual"), low), high)
    ends = sorted({low, turn, high})
    told = {x: _share(spread, x) if x < high else 1.0 for x in ends}
    pieces = sorted(  # and so a heap
        _piece(start, stop, told[start] - (start >= actual), told[stop] - (start >= actual))
        for start, stop in pairwise(ends)
    )
    while pieces and pieces[0].doubt and len(pieces) < _PIECES:
        _, start, stop, gap, end = pieces[0]
        middle = (start + stop) // 2
        between = _share(spread, middle) - (start >= actual)
        heapreplace(pieces, _piece(start, middle, gap, between))
        heappush(pieces, _piece(middle, stop, between, end))
    return abs(actual - turn) + fsum(piece.area for piece in pieces)


def _piece(start: int, stop: int, gap: float, end: float) -> _Piece:
    return _Piece(-(stop - start - 1) * abs(end * end - gap * gap), start, stop, gap, end)


def _share(spread: Spread, x: int) -> float:
    share = spread.cdf(x)
    if not isinstance(share, float | int) or not -_NOISE <= share <= 1 + _NOISE:
        raise InvalidValue("cdf", "is not between 0 and 1", "return the probability of at most x")
    return min(max(share, 0.0), 1.0)


def _support(spread: Spread) -> tuple[int, int]:
    if not isinstance(spread, Spread):
        raise WrongType.of("spread", spread, "pass a distribution with cdf and support")
    match spread.support:
        case (low, high) if _whole(low, "support") <= _whole(high, "support"):
            return low, high
        case _:
            raise InvalidValue("support", "is no range", "give the lowest and the highest amount")


def _whole(value: int, name: str) -> int:
    if type(value) is not int:
        raise WrongType.of(name, value, "pass minor units, as an int")
    return int(_number(value, name))


def _number(value: float, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, float | int):
        raise WrongType.of(name, value, "pass a float or an int")
    if not -_LARGEST < value < _LARGEST:  # nor is what is not a number
        raise InvalidValue(name, "is beyond any economy", "check the unit")
    return value


def _money(value: Money, name: str) -> Money:
    if not isinstance(value, Money):
        raise WrongType.of(name, value, "pass Money")
    return value


def _level(value: float, name: str) -> float:
    level = chance(value, name)
    if not 0 < level < 1:
        raise InvalidValue(name, "is or has a level of 0 or 1", "pass levels between them")
    return level
