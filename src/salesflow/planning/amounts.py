"""What a quota is stated in: money, or a number of visits, deals or whatever else is counted.

Both are whole numbers inside, minor units or pieces, so one tree and one way of sharing out serve
for either.  The two never meet in one tree.

>>> units(Money("12.50", "CNY")), units(40)
(1250, 40)
>>> like(Money("12.50", "CNY"), 99), like(40, 99)
(Money('0.99', 'CNY'), 99)
"""

from __future__ import annotations

from typing import TypeVar

from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.forms import count
from salesflow.money import Money

__all__ = ["Amount", "check_alike", "check_amount", "like", "units"]

#: money, or a whole number of things
Amount = TypeVar("Amount", Money, int)


def units(amount: Money | int) -> int:
    """Return an amount as a whole number: of minor units, or of things."""
    return amount.minor if isinstance(amount, Money) else amount


def like(amount: Amount, whole: int) -> Amount:
    """Return a whole number as an amount of the same kind as another."""
    if isinstance(amount, Money):
        return Money.of_minor(whole, amount.currency)
    return whole


def check_amount(value: object, box: str) -> None:
    """Prove something an amount that is not below zero; raises `InvalidValue` otherwise."""
    if isinstance(value, Money):
        if value.minor < 0:
            raise InvalidValue(box, "is below zero", "pass zero or more")
    elif type(value) is int:
        count(value, box)
    else:
        raise WrongType.of(box, value, "pass Money, or a whole number of things")


def check_alike(amount: Money | int, other: object, box: str) -> None:
    """Prove another amount of the same kind and currency; raises `InvalidValue` otherwise."""
    if type(other) is not type(amount):
        raise WrongType.of(box, other, "state all amounts in money, or all as whole numbers")
    if isinstance(amount, Money) and isinstance(other, Money) and other.currency != amount.currency:
        raise CurrencyMismatch(amount.currency, other.currency)
