"""Money is exact to the minor unit, of one currency, and out of reach of any context."""

from __future__ import annotations

import copy
import decimal
import operator
import pickle
import traceback
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from time import process_time

import iso4217
import pycountry
import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import example, given
from hypothesis import strategies as st

from salesflow.errors import CurrencyMismatch, InvalidValue, SalesflowError, WrongType
from salesflow.money import MINOR_UNITS, NO_CURRENCY, Money, half_up, wan
from strategies import fractions, moneys, weights

SIGNED = moneys(min_minor=-(10**15), max_minor=10**15)
CODES = st.sampled_from(sorted(MINOR_UNITS))
CNY, USD = Money("1", "CNY"), Money("1", "USD")


def whole(money):
    """The amount as an exact fraction, read from its text."""
    return Fraction(str(money).split()[0])


def rounded(exact):
    """Half up by other means: the decimal module, told to round half away from zero."""
    context = decimal.Context(prec=200, rounding=decimal.ROUND_HALF_UP)
    tenths = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return int(tenths.to_integral_value(decimal.ROUND_HALF_UP, context))


# --- the currency table -----------------------------------------------------------------------


def test_the_currencies_are_those_in_force():
    """The table agrees with two packages that publish ISO 4217, funds and metals left out."""
    decimals = {currency.code: currency.exponent for currency in iso4217.Currency}
    no_money = {code for code, exponent in decimals.items() if exponent is None}

    assert {code: decimals[code] for code in decimals.keys() - no_money} == dict(MINOR_UNITS)
    assert {c.alpha_3 for c in pycountry.currencies} - no_money == set(MINOR_UNITS)
    assert {"XXX", "XAU", "XTS"} <= no_money


@given(CODES, st.integers(1 - 10**18, 10**18 - 1))
def test_an_amount_has_all_the_decimals_of_its_currency(code, minor):
    """Yen have none, dinars three; the text is the amount, and brings it back."""
    money = Money.of_minor(minor, code)

    assert money.amount == Decimal(minor).scaleb(-MINOR_UNITS[code])
    assert -money.amount.as_tuple().exponent == MINOR_UNITS[code]
    assert str(money) == f"{money.amount} {code}"
    assert eval(repr(money)) == money
    assert bool(money) is (minor != 0)


@given(SIGNED, CODES)
def test_money_survives_the_way_to_another_process(money, code):
    """Pickled or copied it is equal, with the same hash, and cannot be changed."""
    for arrived in (pickle.loads(pickle.dumps(money)), copy.copy(money), copy.deepcopy(money)):
        assert arrived == money
        assert hash(arrived) == hash(money)
    with pytest.raises(FrozenInstanceError):
        money.minor = 1


# --- arithmetic -------------------------------------------------------------------------------


@given(SIGNED, SIGNED, SIGNED)
def test_adding_is_exact_in_any_order(a, b, c):
    """Sums agree with fractions, whatever is added first; what is added can be taken away."""
    assert whole(a + b) == whole(a) + whole(b)
    assert whole(a - b) == whole(a) - whole(b)
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + b - b == a
    assert -a + a + a == a
    assert a + -a == Money(0, "CNY")
    assert sum([a, b, c]) == a + b + c


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
@given(a=SIGNED, b=moneys(min_minor=-3, max_minor=3), c=moneys(min_minor=-3, max_minor=3))
def test_amounts_compare_as_their_numbers(compare, a, b, c):
    """The order of amounts is the order of numbers, ties included."""
    assert compare(a, b) is compare(whole(a), whole(b))
    assert compare(b, c) is compare(whole(b), whole(c))
    assert (b == c) is (whole(b) == whole(c))


@given(SIGNED, fractions(max_denominator=40))
@example(Money("0.01", "CNY"), Fraction(1, 2))
@example(Money("-0.01", "CNY"), Fraction(1, 2))
@example(Money("0.05", "CNY"), Fraction(-1, 10))
def test_a_product_is_rounded_once_half_away_from_zero(money, factor):
    """Half a fen is a fen, of what is owned and of what is owed."""
    assert (money * factor).minor == rounded(money.minor * factor)
    assert factor * money == money * factor
    assert -money * factor == -(money * factor) == money * -factor
    if factor:
        assert (money / factor).minor == rounded(money.minor / factor)


@given(SIGNED, SIGNED.filter(bool))
def test_money_by_money_is_an_exact_ratio(part, base):
    """No rounding happens in a ratio."""
    assert part / base == whole(part) / whole(base)
    assert base * (part / base) == part


@given(st.one_of(fractions(max_denominator=4), st.integers(-5, 5)))
def test_half_up_agrees_with_the_accountants_rule(value):
    """2.5 is 3 and −2.5 is −3."""
    assert half_up(value) == rounded(Fraction(value))


@pytest.mark.parametrize("factor", [0.5, 1.0, float("nan"), True, "2", None, b"2", CNY, [1]])
def test_money_is_never_multiplied_by_what_is_no_exact_number(factor):
    """A float would bring its error into the book; a bool is no factor."""
    for act in (operator.mul, lambda money, f: f * money):
        with pytest.raises(WrongType, match=r"^factor is of type "):
            act(CNY, factor)
    if factor is not CNY:
        with pytest.raises(WrongType, match=r"^divisor is of type "):
            CNY / factor


@pytest.mark.parametrize("zero", [0, Fraction(0), Decimal("-0"), Money(0, "CNY")], ids=repr)
def test_there_is_no_ratio_without_a_base(zero):
    """Dividing by nothing raises our error, not Python's."""
    with pytest.raises(InvalidValue, match=r"^divisor is zero"):
        CNY / zero


@pytest.mark.parametrize("number", [1, 0.0, "1", None, Decimal(1), False], ids=repr)
def test_money_meets_no_bare_number(number):
    """Only the 0 with which `sum()` starts may be added; nothing else has a currency."""
    for act in (operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError):
            act(CNY, number)
        with pytest.raises(TypeError):
            act(number, CNY)
    assert number != CNY
    assert 0 + CNY == sum([CNY]) == CNY


@pytest.mark.parametrize("act", ["add", "sub", "lt", "le", "gt", "ge", "truediv"])
def test_invariant_30_two_currencies_never_meet(act):
    """Every operation names both codes; only equality answers, with no."""
    with pytest.raises(CurrencyMismatch) as caught:
        getattr(operator, act)(CNY, USD)
    assert (caught.value.left, caught.value.right) == ("CNY", "USD")


def test_amounts_of_two_currencies_are_never_equal():
    """Not even nothing of one and nothing of another."""
    assert CNY != USD
    assert Money(0, "CNY") != Money(0, "USD")
    with pytest.raises(CurrencyMismatch):
        sum([CNY, USD])


@given(SIGNED)
def test_invariant_30_wan_and_yuan_round_trip(money):
    """万 to 元 to 万, exactly, for what is owned and what is owed."""
    assert wan(money.in_wan) == money
    assert wan(str(money.in_wan)) == money
    assert money.in_wan * 10_000 == money.amount


def test_ae_18_wan_is_exact_and_currencies_are_kept_apart():
    """426.5 万元 is 4 265 000 元; 元 and dollars raise."""
    assert wan("426.5") == Money("4265000", "CNY")
    assert str(wan("426.5")) == "4265000.00 CNY"
    assert wan(3, "JPY") == Money(30000, "JPY")
    with pytest.raises(CurrencyMismatch):
        wan("426.5") + wan("426.5", "USD")


# --- splitting --------------------------------------------------------------------------------


@given(SIGNED, weights())
def test_invariant_25_a_split_loses_nothing(money, parts):
    """The parts sum to the whole, and each lies within one minor unit of its exact share."""
    split = money.allocate(parts)
    total = sum(map(Fraction, parts))

    assert sum(split) == money
    assert len(split) == len(parts)
    for part, weight in zip(split, parts, strict=True):
        assert abs(part.minor - money.minor * Fraction(weight) / total) < 1
        assert part.currency == money.currency
        assert weight or not part
    assert (-money).allocate(parts) == tuple(-part for part in split)


@given(SIGNED, st.integers(1, 40), st.sampled_from([1, Fraction(1, 3), Decimal("0.7")]))
def test_invariant_25_equal_weights_give_the_earlier_part_the_extra_unit(money, n, weight):
    """The order of a split is stable: what is left over goes to the front."""
    each, over = divmod(abs(money.minor), n)
    sign = -1 if money.minor < 0 else 1

    assert [part.minor for part in money.allocate([weight] * n)] == (
        [sign * (each + 1)] * over + [sign * each] * (n - over)
    )


def test_ae_52_a_million_over_twelve_months():
    """Four months of 83 333.34 and eight of 83 333.33 make the million."""
    months = Money("1000000.00", "CNY").allocate([1] * 12)

    assert [str(m.amount) for m in months] == ["83333.34"] * 4 + ["83333.33"] * 8
    assert sum(months) == wan(100)


def test_ae_54_seven_hundred_by_five_three_two():
    """700 split 5:3:2 is 350, 210 and 140."""
    assert wan(700).allocate([5, 3, 2]) == (wan(350), wan(210), wan(140))


def test_the_largest_remainder_goes_first():
    """Ten units by 6:6:1 leave one unit over, and it goes where most was cut off."""
    assert [part.minor for part in Money(10, "JPY").allocate([6, 6, 1])] == [5, 4, 1]


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1], [3, -1], [-1, -1], [Fraction(-1, 9), 1]])
def test_a_split_needs_weights_above_zero(bad):
    """Nobody's share is negative, and somebody has one."""
    with pytest.raises(InvalidValue, match=r"^weights are negative or sum to zero"):
        CNY.allocate(bad)
    with pytest.raises(WrongType, match=r"^weights is of type float"):
        CNY.allocate([1, 0.5])


# --- hostile input ----------------------------------------------------------------------------

CANARY = "7310557"
HUGE = 1 << 3_000_000  # close to a million digits


class Currency(str, Enum):  # noqa: UP042 - the older way, whose str() is another text
    """A host's own list of currencies."""

    CNY = "CNY"


class Text(str):
    __slots__ = ()


class Exact(Decimal):
    __slots__ = ()


class Count(IntEnum):
    ONE = 1


TEXTS = ["NaN", "sNaN", "Infinity", "-Infinity", "inf", "1e999999999", f"{CANARY}e999999999", "1E5"]
TEXTS += [
    "1_000",
    " 1 ",
    "1 ",
    "1\n",
    "１２",
    "٣",
    "+1",
    "--1",
    ".5",
    "-.5",
    "1.",
    "",
    "-",
    "1,000",
]
TEXTS += ["0x10", "1.2.3", "¥1", "1\0", CANARY * 3, "9" * 19, "9" * 10**6, "0" * 10**6]
DECIMALS = ["NaN", "sNaN", "-sNaN", f"NaN{CANARY}", "Infinity", "-Infinity", "1e18", "-1e18"]
DECIMALS += ["1e9999999", "-1e9999999", "1e-9999999", f"{CANARY}e30", "1" * 10**6]
DECIMALS += ["0." + "1" * 10**6, "NaN" + "1" * 10**6]
INTS = [HUGE, -HUGE, 10**18, -(10**18), int(CANARY) * 10**15]
OTHERS = [1.0, float("nan"), float("inf"), True, False, None, b"1", bytearray(b"1"), 1j, [1], {}]
OTHERS += [(1,), Fraction(1, 2), object(), CNY]
CODES_REFUSED = ["XXY", "RMB", CANARY, "HRK", "DEM", "cny", "Cny", "CNY ", " CNY", "", "XAU", "XTS"]
CODES_REFUSED += ["CN", "CNY\0", "ＣＮＹ", None, b"CNY", 156, True, ["CNY"], {}, "A" * 10**6]


def kind(value):
    """A name for a row of a table: the values themselves may have a million digits."""
    return type(value).__name__


def assert_refused_at_once(act, *args):
    """Our own error, in no time, and without a trace of what was typed."""
    seconds = []
    for _ in range(3):
        start = process_time()
        with pytest.raises(SalesflowError) as caught:
            act(*args)
        seconds.append(process_time() - start)

    assert min(seconds) < 0.05
    assert len(str(caught.value)) < 200
    assert CANARY not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)


@pytest.mark.parametrize("amount", [*TEXTS, *map(Decimal, DECIMALS), *INTS, *OTHERS], ids=kind)
def test_what_is_not_exactly_an_amount_is_refused_at_once(amount):
    """Nothing doubtful, inexact or beyond any book gets in, by either door."""
    assert_refused_at_once(Money, amount, "CNY")
    assert_refused_at_once(wan, amount, "CNY")


@pytest.mark.parametrize("minor", [*map(Decimal, DECIMALS), "1", HUGE, 10**40, *OTHERS], ids=kind)
def test_a_count_of_minor_units_is_a_whole_number_within_any_economy(minor):
    """The inner door is no wider; the largest sum it takes is still quick to print."""
    assert_refused_at_once(Money.of_minor, minor, "CNY")
    assert str(Money.of_minor(1 - 10**40, "CNY")) == f"-{'9' * 38}.99 CNY"


@pytest.mark.parametrize(
    "factor", [*map(Decimal, DECIMALS[:6]), Decimal("1" * 10**6), HUGE], ids=kind
)
def test_an_absurd_factor_is_refused_at_once(factor):
    """No product, quotient or split takes long, whatever it is asked to take."""
    assert_refused_at_once(operator.mul, CNY, factor)
    assert_refused_at_once(operator.truediv, CNY, factor)
    assert_refused_at_once(CNY.allocate, [1, factor])
    assert_refused_at_once(operator.mul, Money.of_minor(10**39, "CNY"), 10)


@pytest.mark.parametrize(
    ("code", "fits", "too_fine"),
    [
        ("JPY", "7", "7.0"),
        ("CNY", "7.01", "7.001"),
        ("CNY", "-0.01", f"-0.00{CANARY}"),
        ("KWD", "7.001", "7.0001"),
        ("CLF", "7.0001", "7.00001"),
    ],
)
def test_an_amount_has_no_more_decimals_than_its_currency(code, fits, too_fine):
    """Nobody pays a tenth of a fen; a Decimal with zeros behind is taken, being exact."""
    assert Money(fits, code) == Money(Decimal(fits), code)
    assert Money(Decimal(fits + "0" if "." in fits else fits + ".0"), code) == Money(fits, code)
    assert_refused_at_once(Money, too_fine, code)
    assert_refused_at_once(wan, f"{too_fine}0001", code)
    if Decimal(too_fine) != Decimal(fits):
        assert_refused_at_once(Money, Decimal(too_fine), code)
        assert_refused_at_once(wan, Decimal(f"{too_fine}0001"), code)


@pytest.mark.parametrize("code", CODES_REFUSED, ids=kind)
@pytest.mark.parametrize("door", [Money, wan, lambda _, code: Money.of_minor(1, code)])
def test_what_is_no_currency_in_force_is_refused(door, code):
    """Unknown, retired, lower-case or padded codes, metals and other types."""
    assert_refused_at_once(door, "1", code)


def test_no_currency_is_only_for_the_sum_over_nothing():
    """The code for it opens no door that a host uses."""
    assert_refused_at_once(Money, "0", NO_CURRENCY)
    assert_refused_at_once(wan, "0", NO_CURRENCY)
    assert str(Money.of_minor(0, NO_CURRENCY)) == "0 XXX"


@pytest.mark.parametrize("zero", ["-0", "-0.00", Decimal("-0"), Decimal("0e9999999"), 0])
def test_nothing_owed_is_nothing(zero):
    """There is one zero, and it has no sign."""
    assert Money(zero, "CNY") == Money("0", "CNY")
    assert str(Money(zero, "CNY")) == "0.00 CNY"
    assert not Money(zero, "CNY")


@pytest.mark.parametrize("form", [str, int, Decimal])
def test_eighteen_digits_are_taken_in_any_form(form):
    """The limit itself is an amount."""
    for largest in (10**18 - 1, 1 - 10**18):
        assert Money(form(largest), "CNY").minor == largest * 100


@pytest.mark.parametrize("amount", [Text("1.00"), Exact("1.00"), Count.ONE], ids=kind)
@pytest.mark.parametrize("code", [Text("CNY"), Currency.CNY], ids=kind)
@pytest.mark.parametrize("door", [Money, wan, lambda _, code: Money.of_minor(100, code)])
def test_a_kind_of_str_or_number_is_taken_for_its_value_and_never_kept(door, amount, code):
    """A member of a host's own list means its code; the money holds plain values only."""
    money = door(amount, code)

    assert money == door(1, "CNY")
    assert (type(money.minor), type(money.currency)) == (int, str)
    assert str(money) == f"{money.amount} CNY"


# --- nobody else's arithmetic -----------------------------------------------------------------


def figures():
    """Everything Money computes, as text."""
    money = Money(Decimal("1234567.89"), "CNY")
    values = [money, money + money, money * Decimal("0.3333"), money / 7, money / Money("3", "CNY")]
    values += [money.in_wan, wan(Decimal("426.512345")), *money.allocate([Decimal("1.5"), 1, 1])]
    return [f"{value}" for value in values]


def test_money_is_deaf_to_the_callers_decimal_context():
    """Three digits, a tiny range and every trap set: the figures stay the same."""
    expected = figures()

    with decimal.localcontext(decimal.Context(prec=3, Emax=2, Emin=-2)) as context:
        context.traps = dict.fromkeys(context.traps, True)
        assert figures() == expected
        assert not any(context.flags.values())
    assert expected[2] == "411481.48 CNY"


def test_money_is_the_same_in_eight_threads():
    """Each thread has a context of its own, and none of them matters."""

    def in_context(precision):
        decimal.getcontext().prec = precision
        return [figures() for _ in range(20)]

    with ThreadPoolExecutor(8) as pool:
        found = [row for rows in pool.map(in_context, range(1, 33)) for row in rows]

    assert len(found) == 640
    assert all(row == figures() for row in found)


def test_weights_without_a_common_measure_are_refused_at_once():
    """Fractions whose common denominator explodes would take minutes to sum."""
    weights = [Fraction(1, 2**255 + 2 * n + 1) for n in range(1000)]
    started = process_time()

    with pytest.raises(InvalidValue):
        Money("100", "CNY").allocate(weights)
    assert process_time() - started < 0.5


def test_money_is_not_subclassed():
    """A kind of money could add up otherwise."""
    with pytest.raises(WrongType):
        type("Mine", (Money,), {})
