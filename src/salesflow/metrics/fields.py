"""Fields: what else a win rate may depend on, besides the stage and the time spent there.

A field is a name and a way to read a deal: who owns it, what is sold, how large it is.  A reader
is always shown the deal **as it stood** at the moment that is learned from, never as it ended, so
no later event of a deal can leak into a rate.  What the deal bears from the start, such as its
owner, is taken as the host says it today.  A reader answers a category, or None where the deal does
not say; None moves no rate.

>>> from salesflow.money import Money
>>> amount_band(Money("120000", "CNY")), amount_band(Money("0", "CNY"))
('100000-300000', '0')
>>> sorted(FIELDS)
['amount', 'customer', 'origin', 'owner', 'product']
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, cast

from salesflow import text
from salesflow.errors import InvalidValue, WrongType
from salesflow.funnel import Opportunity
from salesflow.money import Money
from salesflow.tables import Rows, Table, listed

__all__ = ["FIELDS", "Reader", "Readers", "amount_band", "categories_of", "readers_of"]

#: answers the category of a deal as it stands, or None where it does not say
Reader = Callable[[Opportunity], str | None]
#: the fields a caller names: ready-made ones by name, or readers of one's own by name
Readers = Iterable[str] | Rows[str, Reader]


def amount_band(amount: Money) -> str:
    """Return the half decade of an amount in major units: 1 to 3, 3 to 10, 10 to 30 and so on."""
    major = int(amount.amount)
    if major < 1:
        return "0"
    decade = 10 ** (len(str(major)) - 1)
    low, high = (decade, 3 * decade) if major < 3 * decade else (3 * decade, 10 * decade)
    return f"{low}-{high}"


def _owner(deal: Opportunity) -> str:
    return deal.owner


def _product(deal: Opportunity) -> str:
    return deal.product


def _customer(deal: Opportunity) -> str:
    return deal.customer


def _origin(deal: Opportunity) -> str:
    return "second sale" if deal.origin else "first sale"


def _amount(deal: Opportunity) -> str:
    return amount_band(deal.amount)


#: the fields every deal has, by name
FIELDS: Final[Table[str, Reader]] = Table(
    {
        "owner": _owner,
        "product": _product,
        "customer": _customer,
        "amount": _amount,
        "origin": _origin,
    }
)
#: of these, the ones that no event of a deal changes
UNCHANGING: Final[frozenset[Reader]] = frozenset({_owner, _product, _customer, _origin})


def categories_of(readers: Iterable[Reader], deal: Opportunity) -> tuple[str | None, ...]:
    """Return what each reader answers of a deal; raises `WrongType` for what is no category."""
    told = tuple([read(deal) for read in readers])
    for category in told:
        if category is not None and type(category) is not str:
            raise WrongType.of("fields", category, "let a reader answer a text, or None")
    return told


def readers_of(fields: Readers) -> dict[str, Reader]:
    """Return the reader of each field named, in the order given.

    Raises `InvalidValue` for a name that is no ready-made field, `WrongType` for a reader that
    cannot be called.
    """
    if isinstance(fields, Mapping):
        return _own(cast("Mapping[str, Reader]", fields))
    names = listed(cast("Iterable[str]", fields), "fields")
    unknown = [True for name in names if not isinstance(name, str) or name not in FIELDS]
    if unknown:
        ready = ", ".join(FIELDS)
        remedy = f"name {ready}, or map a name of yours to a function of a deal"
        raise InvalidValue("fields", "name what is no ready-made field", remedy)
    return {name: FIELDS[name] for name in names}


def _own(fields: Mapping[str, Reader]) -> dict[str, Reader]:
    for read in fields.values():
        if not callable(read):
            raise WrongType.of("fields", read, "map each name to a function of a deal")
    return {text.line(name, "fields"): read for name, read in fields.items()}
