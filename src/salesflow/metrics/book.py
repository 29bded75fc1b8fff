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
from operator import attrgetter
from typing import Final, NoReturn, overload

from attrs import field, frozen

from salesflow.errors import CurrencyMismatch, DuplicateId, ForeignDeal, WrongType
from salesflow.funnel import FUNNEL, Opportunity
from salesflow.instants import instant
from salesflow.machine import Machine, table_of
from salesflow.money import NO_CURRENCY, Money
from salesflow.tables import listed

__all__ = ["Book", "Tally", "book_of"]

_ID: Final = attrgetter("id")


def _deals(value: Iterable[Opportunity]) -> tuple[Opportunity, ...]:
    deals = listed(value, "deals")
    for kind in set(map(type, deals)):
        if kind is not Opportunity:
            raise WrongType("deals", f"hold a {kind.__name__}", "pass opportunities")
    return deals


@frozen(kw_only=True)
class Tally:
    """So many deals of so much money, by name where somebody has to look after them."""

    #: how many deals
    n: int
    #: how much money they are about
    amount: Money
    #: their ids, in the order of the input; empty where nobody needs them
    ids: tuple[str, ...] = ()


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
        name, stages = self.machine.name, frozenset(self.machine.stages)
        currency = self.deals[0].amount.currency
        # A million deals pass here, so each is looked at once, and a refusal explained only then.
        for deal in self.deals:
            now = deal.trail[-1]
            if now.amount.currency != currency or deal.machine != name or now.target not in stages:
                self._refuse(deal, currency)
        if len(set(map(_ID, self.deals))) < len(self.deals):
            raise DuplicateId(Counter(map(_ID, self.deals)).most_common(1)[0][0])
        if self.currency not in {NO_CURRENCY, currency}:
            raise CurrencyMismatch(self.currency, currency)
        object.__setattr__(self, "currency", currency)

    def _refuse(self, deal: Opportunity, currency: str) -> NoReturn:
        table_of(self.machine, deal.machine)
        if deal.amount.currency != currency:
            raise CurrencyMismatch(currency, deal.amount.currency)
        raise ForeignDeal(f"another table named {deal.machine}", self.machine.name)

    def as_of(self, at: datetime | None) -> Book:
        """Return the deals as they stood at an instant, without those not opened by then.

        None returns them as they stand.
        """
        if at is None:
            return self
        moment = instant(at)
        if all(deal.trail[-1].at <= moment for deal in self.deals):
            return self
        stood = (deal.as_of(moment) for deal in self.deals)
        deals = tuple(deal for deal in stood if deal is not None)
        return Book(deals=deals, machine=self.machine, currency=self.currency)

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


def book_of(
    deals: Iterable[Opportunity], machine: Machine = FUNNEL, *, currency: str = NO_CURRENCY
) -> Book:
    """Return the deals as a book of a machine; a book of that machine is returned as it is.

    `currency` is that of a book without deals.
    """
    table_of(machine)
    if isinstance(deals, Book):  # proved already
        table_of(machine, deals.machine.name)
        if deals or currency in {NO_CURRENCY, deals.currency}:
            return deals
    held = listed(deals, "deals")
    return Book(deals=held, machine=machine, currency=NO_CURRENCY if held else currency)
