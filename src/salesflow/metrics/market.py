"""Shares and returns: what a region contributes, what an effort brings, how much grew.

Figures are exact fractions and None where there is no base.  Amounts may be money or plain
numbers, but not both in one figure.  Directions are in the names: output per input, never the
other way round.

>>> contribution({"north": 300, "south": 200, "east": 500})["east"]
Fraction(1, 2)
>>> output_per_input(100, 20), net_return(100, 20), growth(6031, 20766)
(Fraction(5, 1), Fraction(4, 1), Fraction(14735, 6031))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import accumulate
from typing import Final, NoReturn, TypeVar

from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.forms import count
from salesflow.money import Money
from salesflow.scales import Number, common_measure, exact
from salesflow.tables import Rows, Table, rows_of

__all__ = [
    "collection_rate",
    "contribution",
    "growth",
    "market_share",
    "net_return",
    "output_per_input",
    "per_head",
    "vital_few",
]

K = TypeVar("K")

_MOST_OF_IT: Final = Fraction(4, 5)


def contribution(amounts: Rows[K, Money | Number]) -> Table[K, Fraction] | None:
    """Return the share of each region, or group of customers, in the whole: they sum to 1.

    None where the whole is not above zero.
    """
    rows = rows_of(amounts, "amounts")
    shares = dict(zip(rows, _figures(("amounts", one) for one in rows.values()), strict=True))
    common_measure(shares.values(), "amounts")
    whole = sum(shares.values())
    return Table({key: share / whole for key, share in shares.items()}) if whole > 0 else None


def vital_few(amounts: Rows[K, Money | Number], share: Number = _MOST_OF_IT) -> tuple[K, ...]:
    """Return the smallest set that makes up a share of the whole, the largest first (二八定律).

    Of equals the earlier one is taken; nothing is vital where the whole is not above zero.  Eighty
    and twenty are a rule of thumb (J. M. Juran after V. Pareto): how few they are is found.

    >>> vital_few({"H-1": 50, "H-2": 5, "H-3": 30, "H-4": 15})
    ('H-1', 'H-3')

    Raises `InvalidValue` for a share that is not above 0 and at most 1, or for mixed amounts.
    """
    wanted = exact(share, "share")
    if not 0 < wanted <= 1:
        raise InvalidValue("share", "is not above 0 and at most 1", "pass a part of the whole")
    shares: Mapping[K, Fraction] = contribution(amounts) or {}
    falling = sorted(shares, key=lambda key: shares[key], reverse=True)
    before = accumulate((shares[key] for key in falling), initial=Fraction())
    return tuple(key for key, reached in zip(falling, before, strict=False) if reached < wanted)


def market_share(own: Money | Number, market: Money | Number) -> Fraction | None:
    """Return own ÷ market, of the same products and period; None for an empty market.

    Raises `InvalidValue` where our part is more than the whole.
    """
    ours, whole = _figures((("own", own), ("market", market)))
    _not_negative(whole, "market")
    if not 0 <= ours <= whole:
        problem = "is below zero or more than the market"
        raise InvalidValue("own", problem, "count the same products")
    return ours / whole if whole else None


def output_per_input(output: Money | Number, input: Money | Number) -> Fraction | None:
    """Return output ÷ input (投入产出比); None for no input."""
    brought, spent = _figures((("output", output), ("input", input)))
    return brought / _not_negative(spent, "input") if spent else None


def net_return(output: Money | Number, input: Money | Number) -> Fraction | None:
    """Return (output - input) ÷ input; None for no input."""
    ratio = output_per_input(output, input)
    return None if ratio is None else ratio - 1


def growth(before: Money | Number, after: Money | Number) -> Fraction | None:
    """Return (after - before) ÷ before; None where there was nothing before."""
    was, now = _figures((("before", before), ("after", after)))
    return (now - was) / was if _not_negative(was, "before") else None


def per_head(total: Money | Number, heads: int) -> Fraction | None:
    """Return total ÷ heads, of money in its main unit; None without heads."""
    (whole,) = _figures((("total", total),))
    return whole / heads if count(heads, "heads") else None


def collection_rate(collected: Money | Number, due: Money | Number) -> Fraction | None:
    """Return collected ÷ due of a month (回款率); None where nothing was due.

    It may exceed 1 where old debts are paid as well.
    """
    paid, owed = _figures((("collected", collected), ("due", due)))
    return paid / owed if _not_negative(owed, "due") else None


def _figures(amounts: Iterable[tuple[str, Money | Number]]) -> list[Fraction]:
    """Return named amounts as exact numbers, of money in its main unit; all of one kind."""
    figures: list[Fraction] = []
    kinds: set[str | None] = set()
    for name, amount in amounts:
        if isinstance(amount, Money):
            figures.append(Fraction(amount.amount))
            kinds.add(amount.currency)
        else:
            figures.append(exact(amount, name))
            kinds.add(None)
        if len(kinds) > 1:
            _refuse_mixture(name, kinds)
    return figures


def _refuse_mixture(name: str, kinds: set[str | None]) -> NoReturn:
    if None in kinds:
        raise WrongType(name, "mixes money and plain numbers", "pass all of one kind")
    raise CurrencyMismatch(*sorted(str(kind) for kind in kinds))


def _not_negative(figure: Fraction, name: str) -> Fraction:
    if figure < 0:
        raise InvalidValue(name, "is below zero", "pass zero or more")
    return figure
