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

from salesflow.errors import CurrencyMismatch, DuplicateId, WrongType
from salesflow.funnel import FUNNEL, Event, Opportunity
from salesflow.machine import Machine
from salesflow.metrics.moments import last_before, until
from salesflow.money import NO_CURRENCY
from salesflow.tables import listed

__all__ = ["Book", "book_of"]


@frozen(kw_only=True)
class Book(Sequence[Opportunity]):
    """Deals of one machine and one currency, each once; made by `book_of`."""

    #: the deals, in the order given
    deals: tuple[Opportunity, ...] = field(repr=False)
    #: name of their machine
    machine: str
    #: their currency, `NO_CURRENCY` where there is no deal
    currency: str

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
    """Return the deals as a book; a book is returned as it is.

    Raises `DuplicateId` naming the id, `CurrencyMismatch`, `ForeignDeal`, and `WrongType` for
    anything that is no deal.
    """
    if isinstance(deals, Book):
        machine.accept(deals.machine)
        return deals
    held = listed(deals, "deals")
    for kind in set(map(type, held)):
        if not issubclass(kind, Opportunity):
            raise WrongType("deals", f"hold a {kind.__name__}", "pass opportunities")
    name, ids = machine.name, set[str]()
    currency = held[0].amount.currency if held else NO_CURRENCY
    for deal in held:
        ids.add(deal.id)
        if deal.machine != name:
            machine.accept(deal.machine)
        if deal.trail[0].amount.currency != currency:
            raise CurrencyMismatch(currency, deal.amount.currency)
    if len(ids) < len(held):
        raise DuplicateId(Counter(deal.id for deal in held).most_common(1)[0][0])
    return Book(deals=held, machine=machine.name, currency=currency)
