"""New business: what will be won in a period by deals that are not in the funnel yet.

What is open today is not all that a period brings: some deals will be opened later and won before
the period is over.  Nobody can name them, but history tells how many there were at the same point
of earlier periods, and what they brought.  Their number is taken as Poisson with the mean of the
earlier periods (of the same month of the quarter, where there were enough), each of a size drawn
from those seen: a compound Poisson term.  It is a term of its own and never mixed in silently.

    expected = (sum of the counts + prior count) ÷ (periods + prior periods)

For one owner or team, learn from their deals alone.

Source: H. Panjer, "Recursive evaluation of a family of compound distributions" (1981).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import inf
from typing import Final

from attrs import field, frozen
from pendulum import DateTime

from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.forms import counts_of
from salesflow.funnel import FUNNEL, Opportunity, Status
from salesflow.instants import instant
from salesflow.machine import Machine
from salesflow.metrics.book import Book, book_of
from salesflow.metrics.exposure import Look
from salesflow.metrics.places import looks_of, phase_of
from salesflow.money import Money
from salesflow.periods import Period
from salesflow.tables import listed

__all__ = ["NewBusiness", "learn_newcomers"]

# How many periods the mean of all periods is worth to that of one month of the quarter.
_PRIOR_PERIODS: Final = 0.5
# So many different sizes are kept as they are; of more, neighbours are taken together.
_SIZES: Final = 120
_PAIR: Final = 2


def _pairs(value: Iterable[tuple[Money, int]]) -> tuple[tuple[Money, int], ...]:
    rows = listed(value, "sizes")
    if not rows:
        raise InvalidValue("sizes", "are empty", "leave the term out")
    if not all(isinstance(row, tuple) and len(row) == _PAIR for row in rows):
        raise WrongType("sizes", "are no pairs", "pair Money with how often it was seen")
    for size, n in rows:
        if not isinstance(size, Money):
            raise WrongType.of("sizes", size, "pair Money with how often it was seen")
        if type(n) is not int or n < 1 or size.minor < 0:
            raise InvalidValue("sizes", "are negative or were never seen", "count cases from 1")
        if size.currency != rows[0][0].currency:
            raise CurrencyMismatch(rows[0][0].currency, size.currency)
    return rows


def _number(value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongType.of("expected", value, "pass a float")
    if not 0 <= value < inf:
        raise InvalidValue("expected", "is no number of deals", "pass zero or more")
    return float(value)


@frozen(kw_only=True)
class NewBusiness:
    """What deals not yet opened are expected to bring in a period."""

    #: how many of them are expected to be won
    expected: float = field(converter=_number)
    #: what each may bring, and how often that was seen
    sizes: tuple[tuple[Money, int], ...] = field(converter=_pairs)
    #: how many earlier periods it was learned from
    periods: int
    #: how many such deals were won in them
    n: int

    def __attrs_post_init__(self) -> None:
        counts_of(self, "periods", "n")

    @property
    def minor(self) -> float:
        """What they are expected to bring, in minor units: their number × the mean size."""
        seen = sum(n for _, n in self.sizes)
        return self.expected * sum(size.minor * n for size, n in self.sizes) / seen

    @property
    def mean(self) -> Money:
        """What they are expected to bring, rounded."""
        return Money.of_minor(round(self.minor), self.sizes[0][0].currency)


def learn_newcomers(
    deals: Iterable[Opportunity],
    *,
    during: Period,
    as_of: datetime,
    machine: Machine = FUNNEL,
) -> NewBusiness | None:
    """Learn what new deals will bring in a period, from what was known at `as_of`.

    In each earlier period, at the same point, it counts the deals opened after it and won before
    the period was over.  Returns None where no earlier period was seen, or no such deal was won.

    Raises `InvalidValue` for a period that is over at `as_of`, and as `book_of` does.
    """
    moment = instant(as_of, "as_of")
    book = book_of(deals, machine).as_of(moment)
    looks = looks_of(book, during, moment)
    won = _won_after(book, looks)
    alike = [
        minors for look, minors in zip(looks, won, strict=True) if look.phase == phase_of(during)
    ]
    sizes = Counter(minor for minors in (alike if any(alike) else won) for minor in minors)
    if not sizes:
        return None
    mean = sum(map(len, won)) / len(looks)
    expected = (sum(map(len, alike)) + _PRIOR_PERIODS * mean) / (len(alike) + _PRIOR_PERIODS)
    return NewBusiness(
        expected=expected,
        sizes=tuple(
            (Money.of_minor(minor, book.currency), n) for minor, n in _grouped(sizes).items()
        ),
        periods=len(looks),
        n=sum(map(len, won)),
    )


def _won_after(book: Book, looks: Sequence[Look]) -> list[list[int]]:
    """Return, for each look, the amounts of the deals opened after it and won in the period."""
    ends: list[DateTime] = [look.end for look in looks]
    won: list[list[int]] = [[] for _ in looks]
    for deal in book:
        closing = next((event for event in deal.trail if event.status is Status.WON), None)
        place = len(looks) if closing is None else bisect_right(ends, closing.at)
        if closing is None or place == len(looks):
            continue
        look = looks[place]
        if deal.trail[0].at > look.at and (look.start is None or closing.at >= look.start):
            won[place].append(closing.amount.minor)
    return won


def _grouped(sizes: Counter[int]) -> dict[int, int]:
    """Take neighbouring sizes together, at their mean, where there are too many."""
    if len(sizes) <= _SIZES:
        return dict(sorted(sizes.items()))
    every = sorted(sizes.elements())
    step = -(-len(every) // _SIZES)
    groups = [every[start : start + step] for start in range(0, len(every), step)]
    grouped: Counter[int] = Counter()
    for group in groups:
        grouped[round(sum(group) / len(group))] += len(group)
    return dict(grouped)
