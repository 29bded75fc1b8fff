"""A standard asks for at least so much, in one unit, and nothing unknown is taken for zero."""

from __future__ import annotations

import copy
import decimal
import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort_oracle import unnamed
from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.metrics import collection_rate, growth
from salesflow.money import NO_CURRENCY, Money, wan
from salesflow.planning.metric import Metric
from salesflow.planning.rhythm import Per
from salesflow.planning.standards import (
    Standard,
    StandardKind,
    Unit,
    Verdict,
    or_not_applicable,
)
from strategies import fractions, moneys

SECRET = "Prof. Wang"
# A quantity of each unit, drawn twice: what is required, and what there is.
QUANTITIES = {
    Unit.COUNT: st.integers(0, 99),
    Unit.DURATION: fractions(0, 99, 60),
    Unit.MONEY: moneys(),
    Unit.SHARE: fractions(-3, 3, 99),
}
PAIRS = st.sampled_from(list(QUANTITIES)).flatmap(
    lambda unit: st.tuples(st.just(unit), QUANTITIES[unit], QUANTITIES[unit])
)
TRIPLES = st.sampled_from(list(QUANTITIES)).flatmap(
    lambda unit: st.tuples(st.just(unit), *[QUANTITIES[unit]] * 3)
)


def standard(required=8, unit=Unit.COUNT, **rest):
    """A standard of customers visited."""
    return Standard(metric=Metric.CUSTOMERS_VISITED, required=required, unit=unit, **rest)


# --- acceptance ------------------------------------------------------------------------------


def test_ae_36_a_collection_rate_of_ninety_percent_is_reached_to_the_fen():
    """Due 100 000: 90 000 met, 89 999.99 unmet; nothing due is not applicable."""
    ninety, due = standard(Fraction(9, 10), Unit.SHARE), Money("100000", "CNY")
    paid = {text: collection_rate(Money(text, "CNY"), due) for text in ("90000", "89999.99")}

    assert ninety.verdict(or_not_applicable(paid["90000"])) is Verdict.MET
    assert ninety.verdict(or_not_applicable(paid["89999.99"])) is Verdict.UNMET
    assert ninety.missing(paid["89999.99"]) == Fraction(1, 10_000_000)
    none_due = or_not_applicable(collection_rate(Money(0, "CNY"), Money(0, "CNY")))
    assert ninety.verdict(none_due) is Verdict.NOT_APPLICABLE


def test_ae_38_growth_of_thirty_percent_is_exact():
    """From 100 to 130 is met; to 129.9 is 29.9 %, and a thousandth is missing."""
    thirty = standard(Fraction(3, 10), Unit.SHARE)
    short = growth(wan(100), wan("129.9"))

    assert thirty.verdict(growth(wan(100), wan(130))) is Verdict.MET
    assert thirty.verdict(short) is Verdict.UNMET
    assert (thirty.shown(short).en, thirty.missing(short)) == ("29.9%", Fraction(1, 1000))


# --- laws ------------------------------------------------------------------------------------


@given(PAIRS)
def test_what_is_there_and_what_is_missing_make_what_is_required(pair):
    """So much is enough, and nothing is missing to more."""
    unit, required, actual = pair
    row = standard(required, unit)
    reached = actual >= required

    assert (row.verdict(actual) is Verdict.MET) == reached
    assert (row.verdict(actual) is Verdict.UNMET) == (not reached)
    assert row.missing(actual) == (required - required if reached else required - actual)


@given(TRIPLES)
def test_more_never_misses_what_less_has_reached(triple):
    unit, required, *two = triple
    less, more = sorted(two)
    row = standard(required, unit)

    assert row.verdict(less) is Verdict.UNMET or row.verdict(more) is Verdict.MET


@given(PAIRS)
def test_what_is_short_never_looks_reached(pair):
    """What is there is rounded down, what is missing up: never 0 %, never as much as required."""
    unit, required, actual = pair
    row = standard(required, unit)
    if row.verdict(actual) is Verdict.UNMET and unit is not Unit.MONEY:
        scale = 1000 if unit is Unit.SHARE else 10
        told = Fraction(row.shown(actual).en.rstrip("%")) * 10
        short = Fraction(row.shown(row.missing(actual), up=True).en.rstrip("%")) * 10

        assert told <= actual * scale < told + 1
        assert short - 1 < row.missing(actual) * scale <= short
        assert short > 0


@pytest.mark.parametrize("unit", Unit)
def test_what_nobody_measured_is_unknown_and_missing_nowhere(unit):
    required = {Unit.MONEY: wan(3), Unit.ATTESTED: True}.get(unit, 1)
    row = standard(required, unit)

    for value, verdict in ((None, Verdict.UNKNOWN), (Verdict.NOT_APPLICABLE,) * 2):
        assert (row.verdict(value), row.actual(value), row.missing(value)) == (verdict, None, None)


@pytest.mark.parametrize(("said", "verdict"), [(True, Verdict.MET), (False, Verdict.UNMET)])
def test_what_is_attested_is_reached_or_still_missing(said, verdict):
    row = standard(True, Unit.ATTESTED)

    assert (row.verdict(said), row.actual(said), row.missing(said)) == (verdict, said, not said)


def test_a_sum_over_nothing_is_no_money_of_any_currency():
    nothing = Money.of_minor(0, NO_CURRENCY)

    assert standard(wan(3), Unit.MONEY).missing(nothing) == wan(3)
    assert standard(wan(3), Unit.MONEY).actual(nothing) == wan(0)


def test_another_currency_is_refused():
    with pytest.raises(CurrencyMismatch):
        standard(wan(3), Unit.MONEY).verdict(Money(9, "USD"))


def test_a_ratio_without_a_base_does_not_apply_and_zero_does():
    assert or_not_applicable(None) is Verdict.NOT_APPLICABLE
    assert or_not_applicable(Fraction(0)) == 0
    assert unnamed(or_not_applicable, [0.9, "90 %", True], "ratio") == []


@pytest.mark.parametrize(
    ("unit", "quantity", "down", "up"),
    [
        (Unit.COUNT, 19, "19", "19"),
        (Unit.DURATION, Fraction(19, 2), "9.5", "9.5"),
        (Unit.DURATION, Fraction(999, 100), "9.9", "10"),
        (Unit.SHARE, Fraction(8999999, 10**7), "89.9%", "90.0%"),
        (Unit.SHARE, Fraction(-1, 3), "-33.4%", "-33.3%"),
        (Unit.MONEY, wan("2.9"), "29000.00 CNY", "29000.00 CNY"),
    ],
)
def test_a_quantity_is_shown_in_its_unit(unit, quantity, down, up):
    required = wan(3) if unit is Unit.MONEY else 1
    row = standard(required, unit)

    assert (row.shown(quantity).zh, row.shown(quantity, up=True).en) == (down, up)


def test_an_attestation_is_shown_in_words():
    row = standard(True, Unit.ATTESTED)

    assert [row.shown(said).zh for said in (True, False)] == ["是", "否"]


# --- values ----------------------------------------------------------------------------------


def test_a_standard_is_a_row_of_plain_words():
    """Words are taken by their keys; a target of the phase unless it says otherwise."""
    row = Standard(metric="lead_days", required=4, unit="duration", per="week", kind="work")

    assert (row.metric, row.unit, row.per) == (Metric.LEAD_DAYS, Unit.DURATION, Per.WEEK)
    assert row.kind is StandardKind.WORK
    assert (standard().per, standard().kind) == (Per.PHASE, StandardKind.TARGET)
    assert row == copy.deepcopy(row) == pickle.loads(pickle.dumps(row))
    assert hash(row) == hash(copy.deepcopy(row))


def test_a_callers_decimal_context_is_not_heard():
    row = standard(Fraction("9.25"), Unit.DURATION)

    with decimal.localcontext() as context:
        context.prec = 1
        assert row.missing(Decimal("8.123")) == Fraction("1.127")


# What is no quantity of each unit.
_NO_NUMBERS = [0.5, "8", SECRET, [8], 1j, Decimal("NaN"), Decimal("1e999"), 10**80, wan(3)]
WRONG = {
    Unit.COUNT: [*_NO_NUMBERS, -1, True, Fraction(1, 2), Decimal(8)],
    Unit.DURATION: [*_NO_NUMBERS, -1, True, Fraction(-1, 2)],
    Unit.MONEY: [*_NO_NUMBERS[:-1], 3, True, 30_000],
    Unit.SHARE: [*_NO_NUMBERS, True],
    Unit.ATTESTED: [*_NO_NUMBERS, 1, 0, "yes"],
}


@pytest.mark.parametrize("unit", Unit)
def test_a_value_of_another_unit_is_refused_by_the_name_of_its_metric(unit):
    required = {Unit.MONEY: wan(3), Unit.ATTESTED: True}.get(unit, 1)
    values = [*WRONG[unit], Verdict.MET, Verdict.UNKNOWN]

    assert unnamed(standard(required, unit).verdict, values, "customers_visited") == []


@pytest.mark.parametrize("unit", Unit)
def test_a_requirement_of_another_unit_is_refused(unit):
    assert unnamed(lambda n: standard(n, unit), [*WRONG[unit], None], "required") == []


def test_nobody_is_asked_for_a_no():
    with pytest.raises(InvalidValue, match="required asks for a no"):
        standard(False, Unit.ATTESTED)


@pytest.mark.parametrize("box", ["metric", "unit", "per", "kind"])
def test_an_unknown_word_is_refused_and_not_repeated(box):
    given = {"metric": "trust", "required": 1}
    words = [SECRET, "", 5, None, ["trust"]]

    assert unnamed(lambda word: Standard(**(given | {box: word})), words, box) == []
    with pytest.raises(InvalidValue) as refused:
        Standard(**(given | {box: SECRET}))
    assert SECRET not in str(refused.value)


def test_a_wrong_value_is_not_repeated():
    with pytest.raises(WrongType) as refused:
        standard().verdict(SECRET)

    assert SECRET not in str(refused.value)
