"""A share needs a whole, a return needs an effort, and growth needs something to grow from."""

from __future__ import annotations

import copy
import decimal
import pickle
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort_oracle import unnamed
from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.metrics.market import (
    collection_rate,
    contribution,
    growth,
    market_share,
    net_return,
    output_per_input,
    per_head,
    vital_few,
)
from salesflow.money import NO_CURRENCY, Money, half_up, wan
from salesflow.ratios import percent

SALES = st.one_of(
    st.integers(0, 10**9),
    st.fractions(0, 10**6, max_denominator=999),
    st.decimals(0, 10**6, places=2),
)
ANY = st.one_of(SALES, st.integers(-(10**9), -1))
# Every figure of two amounts, and the names of the two.
TWO = {
    market_share: ("own", "market"),
    output_per_input: ("output", "input"),
    net_return: ("output", "input"),
    growth: ("before", "after"),
    collection_rate: ("collected", "due"),
}
two = pytest.mark.parametrize("figure", TWO)
# What is no amount.
NO_AMOUNTS = [0.5, True, False, "5", None, [5], 1j, 10**80, -(10**80), Fraction(1, 10**80)]
NO_AMOUNTS += [Decimal(text) for text in ("NaN", "sNaN", "Infinity", "-Infinity", "1e999")]


def yuan(minor):
    """An amount in fen."""
    return Money.of_minor(minor, "CNY")


# --- acceptance ------------------------------------------------------------------------------


def test_ae_65_three_regions_and_what_each_contributes():
    """300, 200 and 500: 30, 20 and 50 %."""
    shares = contribution({"north": 300, "south": 200, "east": 500})

    assert list(shares.items()) == [
        ("north", Fraction(3, 10)),
        ("south", Fraction(1, 5)),
        ("east", Fraction(1, 2)),
    ]
    assert [percent(share) for share in shares.values()] == ["30.0%", "20.0%", "50.0%"]


def test_ae_67_what_an_input_of_twenty_brings():
    """Input 20, output 100: ratio 5, net return 4; not the other way round."""
    assert (output_per_input(100, 20), net_return(100, 20)) == (5, 4)
    assert (output_per_input(output=100, input=20), net_return(output=100, input=20)) == (5, 4)


def test_ae_68_sales_per_head_and_growth():
    """67 612 by 150 heads is 450.75 when shown; from 6 031 to 20 766 is +244.3 %."""
    each = per_head(67_612, 150)

    assert each == Fraction(67_612, 150)
    assert half_up(each * 100) == 45_075
    assert percent(growth(6_031, 20_766)) == "244.3%"
    assert percent(growth(before=6_031, after=20_766)) == "244.3%"


def test_the_whole_table_of_the_example_years():
    """Growth 244.3, 225.6, 78.1, 8.0 and 38.5 %; sales per head from 50.26 to 600.00."""
    sales = [6_031, 20_766, 67_612, 120_424, 130_000, 180_000]
    force = [120, 120, 150, 210, 220, 300]
    heads = [half_up(per_head(*row) * 100) for row in zip(sales, force, strict=True)]
    grown = [percent(growth(*row)) for row in pairwise(sales)]

    assert grown == ["244.3%", "225.6%", "78.1%", "8.0%", "38.5%"]
    assert heads == [5_026, 17_305, 45_075, 57_345, 59_091, 60_000]


# --- invariants ------------------------------------------------------------------------------


@given(st.lists(ANY))
def test_invariant_44_contributions_sum_to_exactly_one(amounts):
    """Where the whole is above zero; else nobody contributes anything."""
    shares = contribution(dict(enumerate(amounts)))

    if sum(map(Fraction, amounts)) > 0:
        assert sum(shares.values()) == 1
        assert list(shares) == list(range(len(amounts)))
        assert {type(share) for share in shares.values()} == {Fraction}
    else:
        assert shares is None


@given(st.lists(SALES).filter(any))
def test_invariant_44_nobody_who_sells_contributes_less_than_nothing(amounts):
    """Each share lies between zero and one, and is its part of the whole."""
    shares, whole = contribution(dict(enumerate(amounts))), sum(map(Fraction, amounts))

    assert all(0 <= share <= 1 for share in shares.values())
    assert [share * whole for share in shares.values()] == [Fraction(one) for one in amounts]


@given(st.lists(st.integers(-999, 10**9)), st.integers(1, 10**6))
def test_invariant_44_contributions_of_money_are_those_of_its_amounts(minors, factor):
    """To the fen, in yuan or in numbers, at any scale."""
    in_money = contribution({n: yuan(minor) for n, minor in enumerate(minors)})

    assert in_money == contribution({n: minor * factor for n, minor in enumerate(minors)})


@given(SALES, SALES.filter(bool))
def test_a_net_return_is_the_ratio_less_one(output, spent):
    """And the growth from the input to the output."""
    assert net_return(output, spent) == output_per_input(output, spent) - 1
    assert net_return(output, spent) == growth(spent, output)
    assert output_per_input(output, spent) * Fraction(spent) == Fraction(output)


@given(SALES.filter(bool), ANY)
def test_growth_leads_from_before_to_after(before, after):
    """Exactly, up and down."""
    assert Fraction(before) * (1 + growth(before, after)) == Fraction(after)


@given(SALES, SALES)
def test_what_we_have_not_others_have(own, rest):
    """Our share and theirs make one."""
    market = Fraction(own) + Fraction(rest)
    ours, theirs = market_share(own, market), market_share(rest, market)

    assert (ours, theirs) == (None, None) if not market else ours + theirs == 1


@given(ANY, st.integers(1, 10**6))
def test_a_figure_per_head_times_the_heads_is_the_whole(total, heads):
    """Nothing is lost by rounding."""
    assert per_head(total, heads) * heads == Fraction(total)


@two
@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_money_and_plain_numbers_give_the_same_figure(figure, first, second):
    """In yuan, in fen and in numbers."""
    low, high = sorted([first, second])
    told = figure(low, high)

    assert type(told) is Fraction
    assert told == figure(yuan(low), yuan(high)) == figure(Money(low, "CNY"), Money(high, "CNY"))
    assert told == figure(Decimal(low), Fraction(high))


@two
def test_a_callers_decimal_context_is_not_heard(figure):
    """Three digits of precision elsewhere are not ours."""
    amounts = Decimal("1234567.89"), Decimal("7654321.01")
    money = Money("1234567.89", "CNY"), Money("7654321.01", "CNY")
    told = figure(*amounts)

    with decimal.localcontext() as context:
        context.prec = 3
        assert told == figure(*amounts) == figure(*money)


# --- directions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "first", "second", "told"),
    [
        (market_share, 1, 4, Fraction(1, 4)),
        (output_per_input, 1, 4, Fraction(1, 4)),
        (net_return, 1, 4, Fraction(-3, 4)),
        (growth, 4, 1, Fraction(-3, 4)),
        (growth, 1, 4, 3),
        (collection_rate, 9, 10, Fraction(9, 10)),
        (per_head, 1, 4, Fraction(1, 4)),
    ],
)
def test_the_names_tell_which_way_round(figure, first, second, told):
    """One by four is a quarter, and never four."""
    assert figure(first, second) == told
    assert type(figure(first, second)) is Fraction


def test_a_month_may_collect_more_than_was_due():
    """Where old debts are paid as well; and less than nothing where money went back."""
    assert collection_rate(wan(12), wan(10)) == Fraction(6, 5)
    assert collection_rate(-1, 10) == Fraction(-1, 10)


def test_a_region_that_took_goods_back_contributes_less_than_nothing():
    """The shares still make one."""
    assert dict(contribution({"north": 30, "south": -10})) == {
        "north": Fraction(3, 2),
        "south": Fraction(-1, 2),
    }


def test_money_per_head_is_in_its_main_unit():
    """Yuan and not fen; yen have no smaller unit."""
    assert per_head(Money("67612", "CNY"), 150) == per_head(Money(67_612, "JPY"), 150)
    assert half_up(per_head(Money("67612.00", "CNY"), 150) * 100) == 45_075


def test_a_loss_is_output_below_zero():
    """The return may be worse than the whole input."""
    assert (output_per_input(-5, 10), net_return(-5, 10)) == (Fraction(-1, 2), Fraction(-3, 2))


def test_the_whole_market_may_be_ours():
    """And none of it; a share of exactly one is no mistake."""
    assert (market_share(7, 7), market_share(0, 7)) == (1, 0)


# --- no base ---------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", [0, Fraction(0), Decimal("0.00"), Decimal("-0"), yuan(0)])
def test_without_a_base_there_is_no_figure(nothing):
    """None, and neither zero nor infinity."""
    some = yuan(5) if isinstance(nothing, Money) else 5

    assert market_share(nothing, nothing) is None
    assert (output_per_input(some, nothing), net_return(some, nothing)) == (None, None)
    assert (growth(nothing, some), collection_rate(some, nothing)) == (None, None)
    assert contribution({"north": nothing, "south": nothing}) is None


def test_without_heads_there_is_nothing_per_head():
    """In money or not."""
    assert (per_head(5, 0), per_head(yuan(5), 0)) == (None, None)


def test_without_regions_nobody_contributes():
    """Nor where the whole is below zero."""
    assert contribution({}) is None
    assert contribution({"north": 5, "south": -6}) is None


def test_no_output_is_a_figure():
    """Only the base decides whether there is one."""
    assert (output_per_input(0, 5), net_return(0, 5), growth(5, 0)) == (0, -1, -1)
    assert (collection_rate(0, 5), per_head(0, 5)) == (0, 0)


# --- refusals --------------------------------------------------------------------------------


@two
def test_money_and_plain_numbers_never_meet(figure):
    """On either side, and where either is zero."""
    for number in (5, 0, Fraction(1, 2), Decimal(5)):
        for pair in ((yuan(5), number), (number, yuan(5)), (yuan(0), number)):
            with pytest.raises(WrongType):
                figure(*pair)


@two
def test_two_currencies_never_meet(figure):
    """Also where there would be no base; the error names both."""
    for minor in (500, 0):
        with pytest.raises(CurrencyMismatch) as refused:
            figure(yuan(minor), Money.of_minor(minor, "USD"))
        assert (refused.value.left, refused.value.right) == ("CNY", "USD")
    with pytest.raises(CurrencyMismatch):
        figure(yuan(5), Money.of_minor(0, NO_CURRENCY))


def test_regions_are_counted_in_one_kind_of_amount():
    """Wherever in the table the other one stands."""
    for amounts in ([yuan(5), 5], [5, yuan(5)], [5, 5, yuan(0)], [yuan(5), yuan(5), 0]):
        with pytest.raises(WrongType) as refused:
            contribution(dict(enumerate(amounts)))
        assert refused.value.field == "amounts"
    with pytest.raises(CurrencyMismatch):
        contribution({"north": yuan(5), "south": yuan(5), "east": Money(5, "USD")})


@two
def test_what_is_no_amount_is_refused(figure):
    """Floats, flags, text, and what is not finite or too long: on either side."""
    names = TWO[figure]

    assert unnamed(lambda first: figure(first, 10), NO_AMOUNTS, *names) == []
    assert unnamed(lambda second: figure(1, second), NO_AMOUNTS, *names) == []


def test_a_whole_of_no_amount_is_refused():
    """In a table of regions, and for the heads."""
    values = [*NO_AMOUNTS, {}, ()]

    assert unnamed(lambda one: contribution({"a": 1, "b": one}), values, "amounts") == []
    assert unnamed(lambda one: contribution({"a": one}), values, "amounts") == []
    assert unnamed(lambda one: per_head(one, 3), values, "total") == []


def test_what_is_no_table_of_regions_is_refused():
    """A list of amounts has no names."""
    values = [None, 5, 0.5, "north", [1, 2], [("north", 1)], {1, 2}, yuan(5)]

    assert unnamed(contribution, values, "amounts") == []


def test_heads_are_whole_people():
    """None below zero, no halves and no flags."""
    values = [-1, 0.5, 2.0, True, "3", None, Fraction(1, 2), Decimal(3), 10**13]

    assert unnamed(lambda heads: per_head(5, heads), values, "heads") == []
    assert unnamed(lambda heads: per_head(yuan(5), heads), values, "heads") == []


@pytest.mark.parametrize(
    ("figure", "name"),
    [
        (lambda base: output_per_input(5, base), "input"),
        (lambda base: net_return(5, base), "input"),
        (lambda base: growth(base, 5), "before"),
        (lambda base: collection_rate(5, base), "due"),
    ],
)
def test_a_base_below_zero_is_refused(figure, name):
    """The sign of the figure would say the opposite of what happened."""
    assert unnamed(figure, [-1, Fraction(-1, 9), Decimal("-0.01")], name) == []


def test_a_money_base_below_zero_is_refused():
    """As a number is."""
    with pytest.raises(InvalidValue):
        growth(yuan(-1), yuan(5))


def test_our_part_is_no_more_than_the_market():
    """Nor less than nothing: then other products were counted, or another period."""
    values = [11, -1, Fraction(101, 10), Decimal("10.01")]

    assert unnamed(lambda own: market_share(own, 10), values, "own") == []
    with pytest.raises(InvalidValue):
        market_share(yuan(11), yuan(10))
    with pytest.raises(InvalidValue):
        market_share(1, 0)


# --- values ----------------------------------------------------------------------------------


def test_a_table_of_contributions_is_a_value():
    """Equal by content, hashable, copied, stored, and not changed by whoever made it."""
    amounts = {"north": yuan(30), "south": yuan(20)}
    shares = contribution(amounts)
    amounts["north"] = yuan(0)

    assert shares["north"] == Fraction(3, 5)
    assert shares == copy.deepcopy(shares) == pickle.loads(pickle.dumps(shares))
    assert hash(shares) == hash(copy.deepcopy(shares))
    with pytest.raises(TypeError):
        shares["north"] = 0


# --- the vital few ---------------------------------------------------------------------------

AMOUNTS = st.dictionaries(st.integers(0, 9), st.integers(-3, 12), max_size=6)
SHARES = st.fractions(0, 1, max_denominator=12).filter(bool)
MOST = Fraction(4, 5)


def test_two_of_ten_may_make_up_eighty_per_cent():
    """As the rule of thumb says; where all are equal it takes eight of ten."""
    steep = dict.fromkeys("cdefghij", 5) | {"a": 100, "b": 60}

    assert vital_few(steep) == ("a", "b")
    assert vital_few(dict.fromkeys("abcdefghij", 7)) == tuple("abcdefgh")


@pytest.mark.parametrize(
    ("amounts", "share", "few"),
    [
        ({}, MOST, ""),
        ({"a": 0, "b": 0}, MOST, ""),
        ({"a": -1}, MOST, ""),
        ({"a": 1}, MOST, "a"),
        ({"a": 80, "b": 20}, MOST, "a"),
        ({"a": 79, "b": 21}, MOST, "ab"),
        ({"b": 21, "a": 79}, MOST, "ab"),
        ({"a": 1, "b": 1}, Fraction(1, 2), "a"),
        ({"b": 1, "a": 1}, Fraction(1, 2), "b"),
        ({"a": 3, "b": 2, "c": 0}, 1, "ab"),
        ({"a": 12, "b": 3, "c": -5}, MOST, "a"),
        ({"a": Decimal("0.1"), "b": Fraction(9, 10)}, Decimal("0.9"), "b"),
    ],
)
def test_the_largest_come_first_until_the_share_is_reached(amounts, share, few):
    """Reached is enough; of equals the earlier one; nothing adds what is not needed."""
    assert vital_few(amounts, share) == tuple(few)


@given(AMOUNTS, SHARES)
def test_no_smaller_set_makes_up_the_share(amounts, share):
    """A naive oracle tries every set."""
    few, whole = vital_few(amounts, share), sum(amounts.values())
    if whole <= 0:
        assert few == ()
        return
    enough = [
        n
        for n in range(len(amounts) + 1)
        if any(sum(some) >= share * whole for some in combinations(amounts.values(), n))
    ]

    assert len(few) == min(enough)
    assert sum(amounts[key] for key in few) >= share * whole
    assert [amounts[key] for key in few] == sorted((amounts[key] for key in few), reverse=True)


@given(AMOUNTS, SHARES)
def test_money_has_the_vital_few_of_its_numbers(amounts, share):
    """In one currency."""
    money = {key: Money(str(amount), "CNY") for key, amount in amounts.items()}

    assert vital_few(money, share) == vital_few(amounts, share)


@pytest.mark.parametrize("share", [0, -1, Fraction(5, 4), 0.8, True, None, CANARY, Decimal("NaN")])
def test_what_is_no_share_is_refused(share):
    """Above 0 and at most 1, exactly."""
    error = refusal(vital_few, {"a": 1}, share)

    assert isinstance(error, InvalidValue)
    assert error.field == "share"
    assert CANARY not in everything_told(error)


@pytest.mark.parametrize(
    "amounts", [None, 7, CANARY, [3], {"a": 1.5}, {"a": CANARY}, {"a": Decimal("Infinity")}]
)
def test_what_is_no_amount_has_no_vital_few(amounts):
    """Exact numbers or money, by key."""
    error = refusal(vital_few, amounts)

    assert isinstance(error, InvalidValue)
    assert error.field == "amounts"
    assert CANARY not in everything_told(error)


def test_currencies_are_not_mixed():
    """Group them first."""
    with pytest.raises(CurrencyMismatch):
        vital_few({"a": Money("1", "CNY"), "b": Money("1", "USD")})
