"""Numbers are taken exactly, ladders compare only with themselves, and a split loses nothing."""

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
from salesflow.scales import Rung, apportion, exact, reaches
from strategies import fractions, weights

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


# --- apportioning ----------------------------------------------------------------------------


def by_largest_remainder(whole, parts):
    """The same by other means: one unit after the other to whoever is owed most."""
    total = sum(map(Fraction, parts))
    owed = [abs(whole) * Fraction(part) / total for part in parts]
    given_ = [share.numerator // share.denominator for share in owed]
    left = [share - got for share, got in zip(owed, given_, strict=True)]
    for _ in range(abs(whole) - sum(given_)):
        index = left.index(max(left))
        given_[index] += 1
        left[index] = Fraction(-1)
    return tuple(got if whole >= 0 else -got for got in given_)


@given(st.integers(-(10**6), 10**6), weights())
def test_invariant_43_an_apportionment_loses_nothing(whole, parts):
    """The parts sum to the whole, each within one of its share, as the naive way has them."""
    split = apportion(whole, parts)
    total = sum(map(Fraction, parts))

    assert split == by_largest_remainder(whole, parts)
    assert sum(split) == whole
    assert all(type(part) is int for part in split)
    for part, weight in zip(split, parts, strict=True):
        assert abs(part - whole * Fraction(weight) / total) < 1


@given(st.integers(0, 10**6), weights(), st.integers(1, 1000))
def test_only_the_proportion_of_weights_counts(whole, parts, factor):
    """Percent or per mille, the split is the same."""
    assert apportion(whole, parts) == apportion(whole, [Fraction(p) * factor for p in parts])


def test_what_is_left_over_goes_to_the_largest_remainder_and_then_to_the_front():
    """Ten by 6:6:1 are 5, 4 and 1; a debt is split as what is owned."""
    assert apportion(10, [6, 6, 1]) == (5, 4, 1)
    assert apportion(-10, [6, 6, 1]) == (-5, -4, -1)
    assert apportion(0, [6, 6, 1]) == (0, 0, 0)
    assert apportion(2, [1, 0, Decimal("0.5"), Fraction(1, 2)]) == (1, 0, 1, 0)


@pytest.mark.parametrize("parts", [[], [0], [0, 0], [2, -1], [-1], [Fraction(-1, 9), 1]], ids=str)
def test_nobodys_part_is_negative_and_somebody_has_one(parts):
    """Weights above zero, or no split."""
    with pytest.raises(InvalidValue, match=r"^weights are negative or sum to zero"):
        apportion(7, parts)


@pytest.mark.parametrize("weight", [0.5, True, "1", None], ids=repr)
def test_a_weight_is_an_exact_number(weight):
    """A float would bring its error into the split."""
    with pytest.raises(WrongType, match=r"^weights is of type "):
        apportion(7, [1, weight])


def test_weights_without_a_usual_common_measure_are_refused():
    """Shares of odd denominators make ever longer sums; 4096 bits are the end."""
    odd = [Fraction(1, 2**255 + n) for n in range(1, 60, 2)]

    assert sum(apportion(7, odd[:4])) == 7
    with pytest.raises(InvalidValue, match=r"^weights have no common measure of usual size"):
        apportion(7, odd)
