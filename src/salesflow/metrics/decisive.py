"""What decides the period: the deals that matter, what would help, and what has to be found.

Each question is put to an `Outlook` and a wanted amount, such as the quota, and answered by
computing the distribution anew.  "If it is won" means that this deal is won and all others keep
their chances: what a manager can bring about, not what its win would tell of the quarter.

>>> from salesflow.metrics.outlook import outlook
>>> o = outlook([], completed=Money("300000", "CNY"))
>>> needed(o, at_least=Money("500000", "CNY"), level=0.8)
Money('200000.00', 'CNY')
>>> wanted = Money("500000", "CNY")
>>> decisive(o, at_least=wanted), smallest_set(o, at_least=wanted, level=0.8)
((), None)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations
from typing import Final

from attrs import evolve, frozen

from salesflow.errors import CurrencyMismatch, DuplicateId, InvalidValue, WrongType
from salesflow.funnel import Opportunity, Status
from salesflow.instants import day
from salesflow.labels import Term
from salesflow.metrics.book import book_of
from salesflow.metrics.outlook import Outlook
from salesflow.metrics.prospects import Prospect
from salesflow.money import Money
from salesflow.tables import Rows, listed, rows_of

__all__ = [
    "Dependence",
    "SmallestSet",
    "Swing",
    "WhatIf",
    "decisive",
    "dependence",
    "needed",
    "smallest_set",
    "what_if",
]

_LIMIT: Final = 10
# Among so many deals all sets are tried.
_REACH: Final = 10


@frozen(kw_only=True)
class Swing:
    """How much one deal decides."""

    #: id of the deal
    id: str
    #: its owner
    owner: str
    #: what it still owes
    outstanding: Money
    #: its own probability
    probability: float
    #: probability of the wanted amount if it is won
    if_won: float
    #: the same if it is lost
    if_lost: float

    @property
    def swing(self) -> float:
        """What hangs on it: if_won - if_lost."""
        return self.if_won - self.if_lost


@frozen(kw_only=True)
class Dependence:
    """How much a period rests on its largest deal."""

    #: id of the deal
    id: str
    #: its part of the expected revenue
    share: float
    #: probability of the wanted amount as things are
    now: float
    #: the same without the deal
    without: float


@frozen(kw_only=True)
class SmallestSet:
    """The fewest deals that, once won, bring the wanted amount within reach."""

    #: ids of the deals, the largest first
    ids: tuple[str, ...]
    #: what they still owe
    outstanding: Money
    #: probability of the wanted amount if all of them are won
    probability: float


@frozen(kw_only=True)
class WhatIf:
    """An outlook before and after some edits."""

    #: as things are
    before: Outlook
    #: as they would be
    after: Outlook

    @property
    def mean(self) -> Money:
        """The change of the expected revenue."""
        return self.after.mean - self.before.mean

    def quantile(self, level: float) -> Money:
        """Return the change of a quantile."""
        return self.after.quantile(level) - self.before.quantile(level)

    def probability(self, *, at_least: Money) -> float:
        """Return the change of the probability of an amount."""
        after = self.after.probability(at_least=at_least)
        return after - self.before.probability(at_least=at_least)


def decisive(o: Outlook, *, at_least: Money, limit: int = _LIMIT) -> tuple[Swing, ...]:
    """Return the deals that decide whether an amount is reached, the weightiest first.

    Asked are the `limit` deals that owe most, since what hangs on a deal is the probability that
    the others fall short by no more than its amount.  Raises `InvalidValue` for a limit below 1.
    """
    if type(limit) is not int or limit < 1:
        raise InvalidValue("limit", "is no number of deals", "pass a whole number from 1")
    o.minor(at_least, "at_least")
    largest = sorted(o.prospects, key=_owes_most)[:limit]
    return tuple(sorted((_swing(o, one, at_least) for one in largest), key=_weightiest))


def dependence(o: Outlook, *, at_least: Money) -> Dependence | None:
    """Return how much the outlook rests on the deal that owes most; None without open deals."""
    now = o.probability(at_least=at_least)
    if not o.prospects:
        return None
    largest = min(o.prospects, key=_owes_most)
    whole = o.mean.minor
    return Dependence(
        id=largest.id,
        share=largest.probability * largest.outstanding / whole if whole else 0.0,
        now=now,
        without=_without(o, {largest.id}).probability(at_least=at_least),
    )


def needed(o: Outlook, *, at_least: Money, level: float) -> Money:
    """Return what new deals have to bring, for certain, to reach an amount with a probability.

    It is the least x with P(revenue + x ≥ at_least) ≥ level; zero where that holds already.
    Raises `InvalidValue` for a level that does not lie strictly between 0 and 1.
    """
    _check_level(level)
    now = o.probability(at_least=at_least)
    missing = at_least - o.completed
    zero = Money.of_minor(0, missing.currency)
    if now >= level:
        return zero
    low, high = 0, max(missing.minor, 0)
    while high - low > 1:
        middle = (low + high) // 2
        reached = o.distribution.at_least(at_least.minor - middle) >= level
        low, high = (low, middle) if reached else (middle, high)
    return Money.of_minor(high, missing.currency)


def smallest_set(o: Outlook, *, at_least: Money, level: float) -> SmallestSet | None:
    """Return the fewest deals whose win brings P(revenue ≥ at_least) to `level`.

    Among the ten deals whose win would add most to the mean, all sets are tried, so that none of
    them is smaller, and of the smallest the best is returned; where all ten fall short, the next
    ones follow, one by one.  An empty set where the level is reached already, None where even
    winning all open deals does not reach it.
    """
    _check_level(level)
    now = o.probability(at_least=at_least)
    if now >= level:
        return _set(o, (), now)
    adding = sorted(o.prospects, key=lambda one: (-_adds(one), one.id))
    if _if_won(o, adding, at_least) < level:
        return None
    reach, reached = adding[:_REACH], now
    for size in range(1, len(reach) + 1):
        reached, best = _best(o, combinations(reach, size), at_least, level)
        if reached >= level:
            return _set(o, best, reached)
    # The ten together fall short: all of them, and the next ones until it is enough.
    best, place = tuple(reach), len(reach)
    while reached < level:
        best, place = (*best, adding[place]), place + 1
        reached = _if_won(o, best, at_least)
    return _set(o, best, reached)


def _best(
    o: Outlook, sets: Iterable[tuple[Prospect, ...]], at_least: Money, level: float
) -> tuple[float, tuple[Prospect, ...]]:
    """Return the set whose win brings most, and how likely that makes the amount.

    What a set owes, on top of everything, is more than its win brings, and quickly asked; so the
    sets are tried from the most promising on, until none can be better, or reach the level.
    """
    missing = [(at_least.minor - sum(one.outstanding for one in some), some) for some in sets]
    promised = sorted(
        ((o.distribution.at_least(rest), some) for rest, some in missing), key=_promise
    )
    reached, best = 0.0, promised[0][1]
    for most, some in promised:
        if most < max(level, reached):
            break
        probability = _if_won(o, some, at_least)
        if probability > reached:
            reached, best = probability, some
    return reached, best


def _promise(pair: tuple[float, tuple[Prospect, ...]]) -> float:
    return -pair[0]


def what_if(
    o: Outlook,
    *,
    add: Iterable[Opportunity] = (),
    remove: Iterable[str] = (),
    win: Iterable[str] = (),
    move: Rows[str, date | None] | None = None,
    restage: Rows[str, Term] | None = None,
) -> WhatIf:
    """Return an outlook before and after some edits: a supposition, which no rule is asked for.

    `add` are open deals, rated as the others; `remove` and `win` name deals by id; `move` gives
    deals another expected close, `restage` another stage, at which they have just arrived.  Under
    rates learned for the period a move changes nothing, since every open deal enters.

    Raises `InvalidValue` for an id that is of no open deal, `DuplicateId` for a deal added twice.
    """
    open_deals = {one.id: one for one in o.open_deals}
    certain = 0
    for id_, closes in ({} if move is None else rows_of(move, "move")).items():
        planned = None if closes is None else day(closes, "move")
        open_deals[id_] = evolve(o.prospect(id_), expected_close=planned)
    for id_, stage in ({} if restage is None else rows_of(restage, "restage")).items():
        o.prospect(id_)
        open_deals[id_] = o.rater.restaged(open_deals[id_], stage)
    gone = [(id_, False) for id_ in listed(remove, "remove")]
    gone += [(id_, True) for id_ in listed(win, "win")]
    for id_, won in gone:
        one = o.prospect(id_)
        if open_deals.pop(one.id, None) is None:
            raise DuplicateId(one.id)
        certain += one.outstanding * won
    book = book_of(add, o.rater.machine, currency=o.completed.currency)
    if book.currency != o.completed.currency:
        raise CurrencyMismatch(o.completed.currency, book.currency)
    taken = {one.id for one in o.open_deals}
    for deal in book:
        if deal.id in taken:
            raise DuplicateId(deal.id)
        if deal.status is not Status.OPEN:
            raise InvalidValue("add", "holds a closed deal", "add open deals")
        open_deals[deal.id] = o.rater.rated(deal)
    return WhatIf(before=o, after=o.changed(open_deals.values(), certain))


def _swing(o: Outlook, one: Prospect, at_least: Money) -> Swing:
    rest = _without(o, {one.id}).distribution
    return Swing(
        id=one.id,
        owner=one.owner,
        outstanding=Money.of_minor(one.outstanding, at_least.currency),
        probability=one.probability,
        if_won=rest.at_least(at_least.minor - one.outstanding),
        if_lost=rest.at_least(at_least.minor),
    )


def _weightiest(swing: Swing) -> tuple[float, str]:
    return -swing.swing, swing.id


def _owes_most(one: Prospect) -> tuple[int, str]:
    return -one.outstanding, one.id


def _adds(one: Prospect) -> float:
    """What the win of a deal adds to the mean."""
    return one.outstanding * (1 - one.probability)


def _without(o: Outlook, ids: set[str]) -> Outlook:
    return o.changed(one for one in o.open_deals if one.id not in ids)


def _if_won(o: Outlook, some: Sequence[Prospect], at_least: Money) -> float:
    certain = sum(one.outstanding for one in some)
    rest = _without(o, {one.id for one in some})
    return rest.distribution.at_least(at_least.minor - certain)


def _set(o: Outlook, some: Iterable[Prospect], reached: float) -> SmallestSet:
    largest = sorted(some, key=_owes_most)
    return SmallestSet(
        ids=tuple(one.id for one in largest),
        outstanding=Money.of_minor(sum(one.outstanding for one in largest), o.completed.currency),
        probability=reached,
    )


def _check_level(level: float) -> None:
    if type(level) is not float:
        raise WrongType.of("level", level, "pass a float such as 0.8")
    if not 0 < level < 1:
        raise InvalidValue("level", "is not between 0 and 1", "pass a float such as 0.8")
