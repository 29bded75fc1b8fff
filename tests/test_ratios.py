"""Ratios are exact until they are shown, and a rate knows how sure it is."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import example, given
from hypothesis import strategies as st

from salesflow.errors import InvalidValue, SalesflowError
from salesflow.money import Money, wan
from salesflow.ratios import Rate, Ratio, percent
from strategies import fractions

CASES = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (Fraction(853, 1000), "85.3%"),
        (Fraction(1, 3), "33.3%"),
        (Fraction(2, 3), "66.7%"),
        (Fraction(6, 5), "120.0%"),
        (Fraction(8535, 10000), "85.4%"),
        (Fraction(8525, 10000), "85.3%"),
        (Fraction(5, 10000), "0.1%"),
        (Fraction(4999, 10**7), "0.0%"),
        (Fraction(-5, 10000), "-0.1%"),
        (Fraction(-4999, 10**7), "0.0%"),
        (Fraction(-12345, 10000), "-123.5%"),
        (Fraction(0), "0.0%"),
        (Fraction(10**15), "100000000000000000.0%"),
        (None, "–"),
    ],
)
def test_a_percentage_has_one_decimal_rounded_half_up(ratio, shown):
    """85.35 % is shown as 85.4 %, and no base is shown as a dash, not as nought."""
    assert percent(ratio) == shown


@given(fractions(max_denominator=10**4))
def test_percent_agrees_with_the_decimal_module(ratio):
    """Rounding happens once, from the exact ratio, whatever the caller's context says."""
    wide = Context(prec=60, rounding=ROUND_HALF_UP)
    exact = wide.divide(Decimal(100 * ratio.numerator), Decimal(ratio.denominator))
    expected = f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP, wide)}%"

    with localcontext() as context:
        context.prec = 2
        assert percent(ratio) == expected.replace("-0.0%", "0.0%")


def test_a_ratio_keeps_what_it_was_made_of():
    """Part, whole and number of deals stay beside the ratio; its text is the percentage."""
    ratio = Ratio(part=wan(50), whole=wan(400), ratio=Fraction(1, 8), n=7)
    none = Ratio(part=None, whole=None, ratio=None, n=0)

    assert str(ratio) == "12.5%"
    assert str(none) == "–"
    assert (ratio.part, ratio.whole, ratio.n) == (Money(500000, "CNY"), wan(400), 7)
    assert ratio != none
    assert len({ratio, Ratio(part=wan(50), whole=wan(400), ratio=Fraction(1, 8), n=7)}) == 1
    with pytest.raises(FrozenInstanceError):
        ratio.n = 8


@given(CASES)
@example((0, 1))
@example((10, 10))
@example((4999, 4999))
def test_wilsons_interval_contains_the_rate_and_stays_within_bounds(case):
    """From nought to one, with the rate inside: also where all or none of the cases were hits."""
    hits, n = case
    low, high = Rate(hits, n).interval

    assert 0 <= low <= hits / n <= high <= 1
    assert low < high


@given(CASES)
def test_wilsons_interval_agrees_with_the_textbook(case):
    """The bounds are where the score test, (p̂ − p)² n = z² p (1 − p), turns."""
    hits, n = case
    context = Context(prec=60)
    z2 = Decimal("1.959963984540054") ** 2
    a, b, c = n + z2, -(2 * hits + z2), Decimal(hits * hits) / n
    root = context.sqrt(b * b - 4 * a * c)

    low, high = Rate(hits, n).interval

    assert low == pytest.approx(float((-b - root) / (2 * a)), abs=1e-12)
    assert high == pytest.approx(float((-b + root) / (2 * a)), abs=1e-12)


def test_wilsons_interval_of_a_published_case():
    """Seven of ten: 0.397 to 0.892 (Newcombe 1998 tabulates the method)."""
    assert [round(bound, 3) for bound in Rate(7, 10).interval] == [0.397, 0.892]
    assert [round(bound, 3) for bound in Rate(0, 10).interval] == [0.0, 0.278]


@given(CASES)
def test_more_cases_of_the_same_rate_make_it_surer(case):
    """Ten times the cases, a narrower interval around the same rate."""
    hits, n = case
    few, many = Rate(hits, n), Rate(10 * hits, 10 * n)

    assert few.ratio == many.ratio == Fraction(hits, n)
    assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]


def test_a_rate_of_no_cases_is_unknown():
    """No case decided means no rate and no interval, never nought."""
    rate = Rate(0, 0)

    assert rate.ratio is None
    assert rate.interval is None
    assert str(rate) == "– (n=0)"


def test_a_rate_shows_its_number_of_cases():
    """Two of three is not the same news as two hundred of three hundred."""
    assert str(Rate(2, 3)) == "66.7% (n=3)"
    assert Rate(2, 3) != Rate(200, 300)
    assert Rate(2, 3) == Rate(2, 3)


@pytest.mark.parametrize(("hits", "n"), [(4, 3), (-1, 3), (0, -1), (-2, -1), (1, 0)])
def test_no_more_hits_than_cases(hits, n):
    """A rate above one or below nought was counted wrongly."""
    with pytest.raises(InvalidValue, match=r"^hits are not between zero and n"):
        Rate(hits, n)


@pytest.mark.parametrize(
    ("hits", "n"),
    [(0.5, 1), (1, 2.0), (True, 1), (Fraction(1, 2), 1), ("1", 2), (None, 2), (float("nan"), 1)],
)
def test_cases_are_counted_in_whole_numbers(hits, n):
    """Half a case is none; what cannot be counted is refused when the rate is made."""
    with pytest.raises(SalesflowError):
        Rate(hits, n)
