"""A field reads a deal, and says nothing where the deal does not."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from books import new_deal, on_day, sell, yuan
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.metrics.fields import FIELDS, UNCHANGING, amount_band, readers_of
from salesflow.money import Money
from strategies import moneys


def test_a_deal_says_who_owns_it_what_is_sold_to_whom_and_how_large_it_is():
    """The five fields that every deal has."""
    deal = new_deal("D-1", amount=120_000, owner="R-1", product="P-1", customer="H-1")

    assert {name: read(deal) for name, read in FIELDS.items()} == {
        "owner": "R-1",
        "product": "P-1",
        "customer": "H-1",
        "amount": "100000-300000",
        "origin": "first sale",
    }


def test_the_second_sale_says_that_it_is_one():
    """A resale names its origin."""
    again = sell(new_deal("D-1")).resale(id="D-2", at=on_day(60))

    assert FIELDS["origin"](again) == "second sale"


def test_the_amount_is_that_of_the_deal_as_it_is_shown():
    """A revised deal is shown before and after."""
    deal = new_deal(amount=100).revise(at=on_day(3), amount=yuan(5_000))

    assert FIELDS["amount"](deal) == "3000-10000"
    assert FIELDS["amount"](deal.as_of(on_day(1))) == "100-300"


def test_only_the_amount_changes_in_the_life_of_a_deal():
    """The others are read once."""
    assert {read for name, read in FIELDS.items() if name != "amount"} == UNCHANGING


# --- bands of amounts ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "band"),
    [
        ("0", "0"),
        ("0.99", "0"),
        ("1", "1-3"),
        ("2.99", "1-3"),
        ("3", "3-10"),
        ("9.99", "3-10"),
        ("10", "10-30"),
        ("99", "30-100"),
        ("100", "100-300"),
        ("299999.99", "100000-300000"),
        ("300000", "300000-1000000"),
    ],
)
def test_an_amount_is_banded_by_half_decades(amount, band):
    """1 to 3, 3 to 10, and so on; less than one is nought."""
    assert amount_band(Money(amount, "CNY")) == band


@given(moneys())
@example(Money.of_minor(10**12 - 1, "CNY"))
def test_an_amount_lies_in_its_band(money):
    """At the foot of the band or above, below the foot of the next."""
    band = amount_band(money)
    if band == "0":
        assert money.minor < 100
    else:
        low, high = map(int, band.split("-"))
        assert low <= money.amount < high
        assert high in {3 * low, low // 3 * 10}


@given(moneys(), moneys())
def test_a_larger_amount_is_never_in_a_lower_band(one, other):
    """Bands have an order."""
    foot = lambda money: int(amount_band(money).partition("-")[0])

    assert (foot(one) <= foot(other)) or one > other


def test_yen_are_banded_in_yen():
    """A currency without minor units is banded in its own major ones."""
    assert amount_band(Money("120000", "JPY")) == "100000-300000"


# --- naming them -----------------------------------------------------------------------------


def test_fields_keep_the_order_in_which_they_were_named():
    """Ready-made ones by name, one's own as a mapping, none at all."""
    own = {"region": lambda deal: "east", "owner": lambda deal: deal.owner}

    assert list(readers_of(["product", "owner"])) == ["product", "owner"]
    assert readers_of(["owner"]) == {"owner": FIELDS["owner"]}
    assert readers_of(name for name in ("owner",)) == {"owner": FIELDS["owner"]}
    assert readers_of(own) == own
    assert list(readers_of(own)) == ["region", "owner"]
    assert readers_of(()) == readers_of({}) == {}


def test_a_name_of_ones_own_is_trimmed():
    """As every name that comes from a host."""
    read = FIELDS["owner"]

    assert readers_of({" region ": read}) == {"region": read}


@pytest.mark.parametrize(
    "fields",
    [
        ["region"],
        ["owner", "Owner"],
        ["owner", ""],
        ["owner", None],
        [1],
        [[]],
        [lambda deal: "x"],
        "owner",
        "",
        None,
        5,
        True,
        {"region": "east"},
        {"region": None},
        {"": lambda deal: "x"},
        {"a\nb": lambda deal: "x"},
        {1: lambda deal: "x"},
        {None: lambda deal: "x"},
        {"x" * 201: lambda deal: "x"},
    ],
    ids=lambda fields: type(fields).__name__,
)
def test_what_is_no_field_is_refused(fields):
    """A name that nobody knows, a reader that cannot read, text in place of a list."""
    with pytest.raises(InvalidValue) as refused:
        readers_of(fields)
    assert refused.value.field == "fields"


def test_the_refusal_of_an_unknown_field_names_the_known_ones():
    """And never the value that somebody typed."""
    with pytest.raises(InvalidValue) as refused:
        readers_of(["owner", "Wang Li"])
    assert "owner, product, customer, amount, origin" in str(refused.value)
    assert "Wang Li" not in str(refused.value)


def test_a_reader_that_cannot_be_called_is_of_a_wrong_type():
    """A function of a deal is wanted."""
    with pytest.raises(WrongType, match="function of a deal"):
        readers_of({"region": "east"})


@given(st.recursive(st.none() | st.booleans() | st.text() | st.integers(), st.lists))
def test_whatever_is_named_is_taken_or_refused(fields):
    """Never another error than ours."""
    try:
        assert set(readers_of(fields)) <= set(FIELDS)
    except SalesflowError:
        return
