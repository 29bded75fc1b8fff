"""Numbers are taken exactly, and ladders compare only with themselves."""

from __future__ import annotations

import operator
import pickle
from decimal import Decimal, localcontext
from enum import IntEnum
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesflow.customers import RelationshipLevel
from salesflow.errors import InvalidValue, WrongType
from salesflow.funnel import Stage
from salesflow.scales import Rung, exact, reaches
from strategies import fractions

COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge]
DAYS = list(RelationshipLevel)


class Warmth(Rung):
    COLD = "cold", "冷", "cold"
    WARM = "warm", "暖", "warm"


class Level(IntEnum):
    THREE = 3


@pytest.mark.parametrize("compare", [*COMPARISONS, operator.eq, operator.ne])
def test_rungs_compare_as_their_places_on_the_ladder(compare):
    """The order of the table is the order of the ladder."""
    for (i, low), (j, high) in product(enumerate(DAYS), repeat=2):
        assert compare(low, high) is compare(i, j)
    assert [rung.rank for rung in DAYS] == list(range(len(DAYS)))
    assert sorted([*DAYS[2:], *DAYS[:2]]) == DAYS


@pytest.mark.parametrize("compare", COMPARISONS)
@pytest.mark.parametrize("other", [Warmth.WARM, Stage.TARGET_GROUP, 2, "trust", None], ids=str)
def test_rungs_of_two_ladders_do_not_compare(compare, other):
    """Trust is neither more nor less than warmth, or than a number."""
    with pytest.raises(TypeError):
        compare(RelationshipLevel.TRUST, other)
    assert other != RelationshipLevel.TRUST


def test_a_rung_is_found_in_tables():
    """Comparing rungs does not cost them their hash."""
    assert {RelationshipLevel.TRUST: 1}[RelationshipLevel("trust")] == 1
    assert pickle.loads(pickle.dumps(RelationshipLevel.TRUST)) is RelationshipLevel.TRUST


@given(st.one_of(st.integers(-(2**255), 2**255), fractions(), st.decimals(-1000, 1000, places=6)))
def test_a_number_is_taken_exactly_and_never_changed(number):
    """Whatever the caller's decimal context says, the Fraction is equal to the number."""
    with localcontext() as context:
        context.prec = 3
        taken = exact(number, "factor")

    assert type(taken) is Fraction
    assert taken == number


@pytest.mark.parametrize(
    "number",
    [0.5, float("nan"), True, False, "1", b"1", None, 1j, [1], object()],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_exact_number_is_refused(number):
    """A float, a bool and a text are no measures."""
    with pytest.raises(
        WrongType, match=r"^factor is of type \w+; pass an int, a Fraction or a Dec"
    ):
        exact(number, "factor")


@pytest.mark.parametrize("text", ["NaN", "sNaN", "-sNaN", "NaN123", "Infinity", "-Infinity"])
def test_a_number_that_is_not_finite_is_refused(text):
    """Unknown is said by leaving a number out."""
    with pytest.raises(InvalidValue, match=r"^factor is not a finite number"):
        exact(Decimal(text), "factor")


@pytest.mark.parametrize(
    ("last", "too_long"),
    [
        (2**256 - 1, 2**256),
        (-(2**256) + 1, -(2**256)),
        (Fraction(1, 2**256 - 1), Fraction(1, 2**256)),
        (Fraction(2**256 - 1, 7), Fraction(2**256, 7)),
        (Decimal("1" * 40), Decimal("1" * 41)),
        (Decimal("1e40"), Decimal("1e41")),
        (Decimal("1e-40"), Decimal("1e-41")),
        (1, 1 << 3_000_000),
        (1, Decimal("1e9999999")),
        (1, Decimal("1e-9999999")),
        (1, Decimal("1" * 10**6)),
    ],
    ids=range(11),
)
def test_a_number_too_long_to_compute_with_is_refused(last, too_long):
    """The limit itself is taken; one bit or digit more is not, and costs no time."""
    assert exact(last, "factor") == last
    with pytest.raises(InvalidValue, match=r"^factor has too many digits; round it first\.$"):
        exact(too_long, "factor")


def test_a_kind_of_number_is_taken_for_its_value():
    """A member of an IntEnum is the number it stands for."""
    assert exact(Level.THREE, "factor") == 3
    assert type(exact(Level.THREE, "factor").numerator) is int


@given(fractions(), fractions())
def test_a_number_reaches_a_threshold_exactly(value, threshold):
    """Reaching is being at least as high, to the last digit and for every kind of number."""
    assert reaches(value, threshold) is (value >= threshold)
    assert reaches(value, value)
    assert reaches(int(value), threshold) is (int(value) >= threshold)


def test_a_rung_reaches_its_own_ladder_only():
    """Two different kinds of measure never reach each other, in either direction."""
    trust = RelationshipLevel.TRUST

    assert [reaches(rung, trust) for rung in DAYS] == [False, False, True, True]
    assert not reaches(Warmth.WARM, trust)
    assert not reaches(trust, Warmth.COLD)
    assert not reaches(99, trust)
    assert not reaches(trust, 0)


@pytest.mark.parametrize(("value", "threshold"), [(0.9, 1), (1, 0.9), (True, 1), (1, "1")])
def test_no_float_is_compared(value, threshold):
    """0.9 is not nine tenths; it is refused on either side."""
    with pytest.raises(WrongType):
        reaches(value, threshold)
