"""A book: deals that belong together, proved once.

Every figure reads a book: each deal once, all of one machine and one currency.  Hand over any
iterable of deals and the proof is made each time; make the book yourself, and it is made once.

>>> from salesflow.funnel import Opportunity
>>> len(book_of([])), book_of([]).currency
(0, 'XXX')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import overload

from attrs import field, frozen

from salesflow.errors import CurrencyMismatch, DuplicateId, ForeignDeal, WrongType
from salesflow.funnel import FUNNEL, Event, Opportunity
from salesflow.labels import Term
from salesflow.machine import Machine, table_of
from salesflow.metrics.moments import last_before, until
from salesflow.money import NO_CURRENCY
from salesflow.tables import listed

__all__ = ["Book", "book_of"]


def _deals(value: Iterable[Opportunity]) -> tuple[Opportunity, ...]:
    deals = listed(value, "deals")
    for kind in set(map(type, deals)):
        if kind is not Opportunity:
            raise WrongType("deals", f"hold a {kind.__name__}", "pass opportunities")
    return deals


@frozen(kw_only=True)
class Book(Sequence[Opportunity]):
    """Deals of one machine and one currency, each once.

    Raises `DuplicateId` naming the id, `CurrencyMismatch`, `ForeignDeal`, and `WrongType` for
    anything that is no deal.
    """

    #: the deals, in the order given
    deals: tuple[Opportunity, ...] = field(converter=_deals, repr=False)
    #: their machine
    machine: Machine = field(default=FUNNEL, repr=False)
    #: their currency; of an empty book the one asked for, or `NO_CURRENCY`
    currency: str = NO_CURRENCY

    def __attrs_post_init__(self) -> None:
        if not self.deals:
            return
        name, ids, stages = self.machine.name, set[str](), set[Term]()
        currency = self.deals[0].amount.currency
        for deal in self.deals:
            ids.add(deal.id)
            stages.add(deal.trail[-1].target)
            if deal.machine != name:
                table_of(self.machine, deal.machine)
            if deal.trail[0].amount.currency != currency:
                raise CurrencyMismatch(currency, deal.amount.currency)
        if len(ids) < len(self.deals):
            raise DuplicateId(Counter(deal.id for deal in self.deals).most_common(1)[0][0])
        if not stages <= set(self.machine.stages):
            raise ForeignDeal(f"another table named {name}", name)
        if self.currency not in {NO_CURRENCY, currency}:
            raise CurrencyMismatch(self.currency, currency)
        object.__setattr__(self, "currency", currency)

    def standing(self, at: datetime | None) -> Iterator[tuple[Opportunity, Event]]:
        """Yield each deal with the event that tells how it stands, or stood at `at`.

        Deals not yet open then are left out.
        """
        bound = until(at)
        for deal in self.deals:
            now = last_before(deal.trail, bound)
            if now is not None:
                yield deal, now

    @overload
    def __getitem__(self, index: int) -> Opportunity: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Opportunity]: ...
    def __getitem__(self, index: int | slice) -> Opportunity | Sequence[Opportunity]:
        return self.deals[index]

    def __iter__(self) -> Iterator[Opportunity]:
        return iter(self.deals)

    def __len__(self) -> int:
        return len(self.deals)


def book_of(deals: Iterable[Opportunity], machine: Machine = FUNNEL) -> Book:
    """Return the deals as a book of a machine; a book of that machine is returned as it is."""
    if isinstance(deals, Book):
        table_of(machine, deals.machine.name)
        return deals
    table_of(machine)
    return Book(deals=listed(deals, "deals"), machine=machine)
