"""A quota is money or a number of things; inside it is a whole number either way."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from quota_strategies import AMOUNTS
from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.money import Money
from salesflow.planning.amounts import check_alike, check_amount, like, units

YUAN = Money("12.50", "CNY")


@given(AMOUNTS, AMOUNTS)
def test_a_whole_number_becomes_an_amount_and_back(amount, other):
    assert like(amount, units(amount)) == amount
    assert units(like(amount, units(other))) == units(other)
    assert type(like(amount, units(other))) is type(amount)


def test_money_counts_in_minor_units_and_things_one_by_one():
    assert (units(YUAN), units(Money(12, "JPY")), units(12)) == (1250, 12, 12)


@pytest.mark.parametrize("amount", [YUAN, Money(0, "JPY"), 0, 7], ids=repr)
def test_zero_and_more_is_an_amount(amount):
    check_amount(amount, "amount")


@pytest.mark.parametrize(
    ("amount", "error"),
    [
        (-YUAN, InvalidValue),
        (-1, InvalidValue),
        (1 << 3_000_000, InvalidValue),
        (1.5, WrongType),
        (float("nan"), WrongType),
        (True, WrongType),
        (Decimal(1), WrongType),
        (Fraction(1), WrongType),
        ("12.50", WrongType),
        (None, WrongType),
    ],
    ids=lambda value: str(value)[:20] if not isinstance(value, int) else value.bit_length(),
)
def test_anything_else_is_none(amount, error):
    with pytest.raises(InvalidValue) as caught:
        check_amount(amount, "amount")

    assert (type(caught.value), caught.value.field) == (error, "amount")


def test_amounts_of_one_kind_go_together():
    check_alike(YUAN, Money(0, "CNY"), "parts")
    check_alike(3, 0, "parts")


@pytest.mark.parametrize("other", [3, True, 1.0, "12.50", None], ids=repr)
def test_money_goes_with_money_only(other):
    with pytest.raises(WrongType, match=r"^parts is of type "):
        check_alike(YUAN, other, "parts")


@pytest.mark.parametrize("other", [YUAN, True, 1.0, None], ids=repr)
def test_a_number_goes_with_numbers_only(other):
    with pytest.raises(WrongType, match=r"^parts is of type "):
        check_alike(3, other, "parts")


def test_invariant_30_two_currencies_never_meet():
    """Invariant 30: yuan and yen are no one quota."""
    with pytest.raises(CurrencyMismatch) as caught:
        check_alike(YUAN, Money(1, "JPY"), "parts")

    assert (caught.value.left, caught.value.right) == ("CNY", "JPY")
