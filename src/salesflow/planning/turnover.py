"""What was sold and paid: contracts, new customers, collection and growth, told by the trails.

A customer is *new* in a period if none of its deals was won before the period began and none
repeats a sale made elsewhere; every other one is an *existing* customer.  So each yuan collected
in a month is either a sale to a new customer or a payment of an existing one, never both.

    sales to new customers = cash collected in the month from new customers
    collection rate = cash collected in the month from existing customers ÷ what they owed in it
    growth = (cash from existing customers − cash before from the same) ÷ cash before

A contract counts in the period in which it was signed, on evidence that opens its gate: a gift
opens none, and a deal that was lost or taken back has to be signed anew.  Where another system saw
the deal, standing beyond the gate shows the contract.

>>> from salesflow.periods import Quarter
>>> sold([], Quarter(2026, 3))[Metric.CONTRACTS]
0
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from pendulum import DateTime

from salesflow import text
from salesflow.errors import InvalidValue, WrongType
from salesflow.funnel import FUNNEL, Act, Event, Opportunity, Status
from salesflow.gates import Gate
from salesflow.instants import day, midnight
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics import collection_rate, growth
from salesflow.metrics.book import Book, book_of
from salesflow.metrics.moments import closing, period_of, window
from salesflow.money import NO_CURRENCY, Money
from salesflow.periods import Month, Period
from salesflow.planning.metric import Metric
from salesflow.planning.rhythm import months_over
from salesflow.planning.standards import Value, or_not_applicable
from salesflow.tables import Rows, Table, rows_of

__all__ = ["CONTRACT_GATE", "sold"]

#: key of the gate whose evidence is the signed contract
CONTRACT_GATE: Final = "contract_signed"
# A deal that fell has to be signed anew.
_FALLS: Final = frozenset({Act.REGRESSED, Act.REOPENED})


def sold(
    deals: Iterable[Opportunity],
    during: Period,
    *,
    at: datetime | None = None,
    due: Rows[Month, Money] | None = None,
    earlier: Period | None = None,
    new_since: date | None = None,
    contract_gate: str = CONTRACT_GATE,
    machine: Machine = FUNNEL,
) -> Table[Term, Value | tuple[Value, ...]]:
    """Return what was sold and paid in a period, as known at `at`, by metric of the roadmap.

    What is asked for by the month comes as a list, one value for each calendar month that lies in
    the period and is over.  `due` is what existing customers owed in each month: without it the
    collection rate is left out, and a month it does not name is unknown.  `earlier` is the period
    that growth compares with, told once `during` is over.  `new_since` is the day from which on a
    customer is newly won, by default the first of the period.  Raises as `book_of` does.
    """
    moment, owed = closing(during, at), _owed(due)
    currency = next((money.currency for money in owed.values()), NO_CURRENCY)
    book = book_of(deals, machine, currency=currency).as_of(moment)
    since = during.start if new_since is None else midnight(day(new_since, "new_since"), during.tz)
    new, old = _split(book, since)
    gate = machine.gates.get(text.line(contract_gate, "contract_gate"))
    contracts = {} if gate is None else _signings(book, gate)
    months, start = months_over(during, moment), during.start
    rows: dict[Term, Value | tuple[Value, ...]] = {
        Metric.NEW_CUSTOMERS: len({d.customer for d in new if _gained(d, contracts, start)}),
        Metric.NEW_SALES_OF_MONTH: tuple(_cash(new, month) for month in months),
        Metric.NEW_SALES_OF_YEAR: _cash(new, during),
    }
    if gate is not None:
        rows[Metric.CONTRACTS] = sum(signed >= start for signed in contracts.values())
    if due is not None:
        rates = (_rate(_cash(old, month), owed.get(str(month))) for month in months)
        rows[Metric.COLLECTION_RATE] = tuple(rates)
    if earlier is not None:
        before = _cash(old, _before(earlier, during))
        if moment >= during.last:
            rows[Metric.EXISTING_GROWTH] = or_not_applicable(growth(before, _cash(old, during)))
    return Table(rows)


def _owed(due: Rows[Month, Money] | None) -> dict[str, Money]:
    """Return what was due in each month, by the name of the month, wherever the month lives."""
    rows = {} if due is None else rows_of(due, "due")
    for month, money in rows.items():
        if not isinstance(month, Month):
            raise WrongType.of("due", month, "key the amounts by Month(2026, 7)")
        if not isinstance(money, Money):
            raise WrongType.of("due", money, "pass Money for each month")
    owed = {str(month): money for month, money in rows.items()}
    if len(owed) < len(rows):
        raise InvalidValue("due", "has a month twice", "name each month once")
    return owed


def _rate(collected: Money, due: Money | None) -> Value:
    return None if due is None else or_not_applicable(collection_rate(collected, due))


def _before(earlier: Period, during: Period) -> Period:
    if period_of(earlier).after > during.first:
        raise InvalidValue("earlier", "is not over before the period", "pass the one before")
    return earlier


def _split(book: Book, since: DateTime) -> tuple[Book, Book]:
    """Return the deals of new customers, and those of customers won before an instant."""
    known = {deal.id for deal in book}
    existing = {
        deal.customer
        for deal in book
        # a second sale whose first one the book does not know was won elsewhere
        if (deal.origin and deal.origin not in known)
        or any(event.status is Status.WON and event.at < since for event in deal.trail)
    }
    sides = (tuple(d for d in book if (d.customer in existing) is old) for old in (False, True))
    new, old = (Book(deals=s, machine=book.machine, currency=book.currency) for s in sides)
    return new, old


def _signings(book: Book, gate: Gate) -> dict[str, DateTime]:
    """Return when the contract of each deal was signed, for the deals that still have one."""
    moves, place = book.machine.moves, book.machine.position
    behind = next(place(move.target) for move in moves if gate in move.gates)
    signed: dict[str, DateTime] = {}
    for deal in book:
        for event in deal.trail:
            beyond = event.status is Status.WON or place(event.target) >= behind
            if event.status is Status.LOST or event.act in _FALLS:
                signed.pop(deal.id, None)
            elif (event.observed and beyond) or _files(event, gate):
                signed.setdefault(deal.id, event.at)
    return signed


def _files(event: Event, gate: Gate) -> bool:
    return any(one.gate == gate.key and gate.admits(one) for one in event.evidence)


def _gained(deal: Opportunity, contracts: dict[str, DateTime], start: DateTime) -> bool:
    """Whether a deal won its customer since an instant: by a contract, or without one."""
    won = (event.at for event in deal.trail if event.status is Status.WON)
    at = contracts.get(deal.id) or next(won, None)
    return at is not None and at >= start


def _cash(book: Book, during: Period) -> Money:
    within = window(during)
    return Money.of_minor(sum(within.cash(deal.trail) for deal in book), book.currency)
