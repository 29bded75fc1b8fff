"""Ratios are exact until they are shown, and a rate knows how sure it is."""

from __future__ import annotations

import pickle
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import example, given
from hypothesis import strategies as st

from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.money import Money, wan
from salesflow.ratios import Z95, Change, Rate, Ratio, percent, wilson
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


# --- changes -------------------------------------------------------------------------------------

NO_RATE = Rate(0, 0)


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [
        ((48, 80), (56, 70), 0.0524, 0.3339),
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((2, 7), (6, 7), 0.0582, 0.8062),
        ((0, 29), (5, 56), -0.0381, 0.1926),
        ((0, 20), (0, 10), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((0, 20), (10, 10), 0.6791, 1.0),
        ((0, 10), (10, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_interval_of_the_published_cases(before, after, low, high):
    """Newcombe 1998, table II, method 10: all eight contrasts, to four decimals."""
    change = Change(Rate(*before), Rate(*after))

    assert [round(bound, 4) for bound in change.interval] == [low, high]
    assert change.clear is (low > 0)


def test_the_best_known_case_is_clear():
    """56 of 70 against 48 of 80: a fifth more, and more than chance."""
    change = Change(Rate(48, 80), Rate(56, 70))

    assert change.difference == Fraction(1, 5)
    assert change.clear
    assert str(change) == "60.0% (n=80) → 80.0% (n=70)"


@given(CASES, CASES)
def test_newcombes_interval_agrees_with_its_formula(before, after):
    """From d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²), in sixty digits."""
    context = Context(prec=60)
    (was, n), (now, m) = before, after
    l2, u2 = map(Decimal, Rate(was, n).interval)
    l1, u1 = map(Decimal, Rate(now, m).interval)
    p1, p2 = context.divide(Decimal(now), Decimal(m)), context.divide(Decimal(was), Decimal(n))
    with localcontext(context):
        low = p1 - p2 - ((p1 - l1) ** 2 + (u2 - p2) ** 2).sqrt()
        high = p1 - p2 + ((u1 - p1) ** 2 + (p2 - l2) ** 2).sqrt()

    change = Change(Rate(was, n), Rate(now, m))
    assert change.interval == pytest.approx((float(low), float(high)), abs=1e-12)
    assert change.difference == Fraction(now, m) - Fraction(was, n)


@given(CASES, CASES)
def test_newcombes_interval_contains_the_difference_and_turns_with_it(before, after):
    """Within −1 and 1 but for rounding; the way back is the same interval with its sign turned."""
    there = Change(Rate(*before), Rate(*after))
    back = Change(Rate(*after), Rate(*before))
    low, high = there.interval

    assert -1 - 1e-12 <= low <= float(there.difference) <= high <= 1 + 1e-12
    assert low < high
    assert back.difference == -there.difference
    assert back.interval == pytest.approx((-high, -low), abs=1e-12)
    assert there.clear is back.clear
    assert there.clear is (low > 0 or high < 0)


@given(CASES)
def test_a_rate_that_stayed_did_not_clearly_change(case):
    """No difference is never clear, however many cases there are."""
    same = Change(Rate(*case), Rate(*case))

    assert same.difference == 0
    assert not same.clear


@pytest.mark.parametrize(
    "change",
    [Change(NO_RATE, Rate(1, 2)), Change(Rate(1, 2), NO_RATE), Change(NO_RATE, NO_RATE)],
    ids=str,
)
def test_a_change_from_or_to_no_cases_is_unknown(change):
    """Neither nought nor clear: nobody knows."""
    assert change.difference is None
    assert change.interval is None
    assert not change.clear


def test_a_change_is_a_value_with_a_direction():
    """Equal by content, hashable, picklable; there and back are two changes."""
    change = Change(Rate(1, 2), Rate(2, 3))

    assert pickle.loads(pickle.dumps(change)) == change == Change(Rate(1, 2), Rate(2, 3))
    assert len({change, Change(Rate(1, 2), Rate(2, 3)), Change(Rate(2, 3), Rate(1, 2))}) == 2
    with pytest.raises(FrozenInstanceError):
        change.after = Rate(3, 3)


@pytest.mark.parametrize("bad", [None, 0.5, Fraction(1, 2), (1, 2), "1/2", Rate], ids=repr)
def test_a_change_leads_from_a_rate_to_a_rate(bad):
    """A share has lost its n, and nothing is known of the chance in it."""
    for name, rates in (("before", (bad, NO_RATE)), ("after", (NO_RATE, bad))):
        with pytest.raises(WrongType) as refused:
            Change(*rates)
        assert refused.value.field == name


# --- shares of cases that do not weigh the same -------------------------------------------------

WORTHS = st.floats(1e-6, 1e9)
SHARES = st.floats(0, 1)


@given(CASES)
def test_wilson_of_whole_cases_is_the_interval_of_their_rate(case):
    """A rate is the share of cases that each are worth one."""
    hits, n = case

    assert wilson(hits / n, n) == Rate(hits, n).interval


@given(SHARES, WORTHS)
@example(0.0, 1e-6)
@example(1.0, 1e9)
def test_wilsons_interval_holds_the_share_whatever_the_cases_are_worth(share, n):
    """Also half a case, and where none or all were hits."""
    low, high = wilson(share, n)

    assert 0 <= low <= share <= high <= 1
    assert low < high


@given(SHARES, WORTHS)
def test_wilsons_interval_turns_with_the_share(share, n):
    """What was not hit has the mirrored interval."""
    low, high = wilson(share, n)

    assert wilson(1 - share, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(st.floats(0.01, 0.99), st.floats(0.1, 1e6))
def test_cases_worth_more_make_a_share_surer(share, n):
    """Twice the worth, a narrower interval; of next to no worth it is all there is."""
    few, many = wilson(share, n), wilson(share, 2 * n)

    assert many[1] - many[0] < few[1] - few[0]
    assert wilson(share, 1e-9) == pytest.approx((0, 1), abs=1e-6)


@given(SHARES, st.floats(0.5, 1e6))
def test_at_its_bounds_a_share_is_just_not_refused(share, n):
    """The score test: the bound lies 1.96 of its own standard errors away."""
    for bound in wilson(share, n):
        if 1e-9 < bound < 1 - 1e-9:
            distance = abs(share - bound) / (bound * (1 - bound) / n) ** 0.5
            assert distance == pytest.approx(Z95, rel=1e-3)
