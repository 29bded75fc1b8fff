"""How much money may come in: every curve is that of counting all results one by one."""

from __future__ import annotations

import copy
import pickle
import random
from fractions import Fraction
from itertools import accumulate, pairwise
from math import exp, fsum, inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribution_oracle import (
    AMOUNTS,
    CHANCES,
    CLOSE,
    Enumerated,
    Halves,
    alone,
    binomial,
    both,
    check,
    drawn,
    observed,
    panjer,
    stairs,
    weighted,
)
from effort_oracle import unnamed
from salesflow.metrics.distribution import Scenario, distribution
from salesflow.metrics.shock import scenarios
from salesflow.metrics.waves import won_of

FEW = st.lists(st.tuples(AMOUNTS, CHANCES), max_size=6)


# --- a few deals -----------------------------------------------------------------------------


@settings(max_examples=60)
@given(FEW, st.integers(-(10**6), 10**9))
def test_a_few_deals_are_counted_result_by_result(deals, certain):
    """At each sum, just below it, and between two of them; quantiles to the minor unit."""
    amounts, chances = [a for a, _ in deals], [p for _, p in deals]
    told, found = Enumerated(amounts, chances, certain), alone(amounts, chances, certain=certain)

    for total in told.sums:
        for x in (total, total - 1, total + 17):
            assert abs(found.cdf(x) - told.cdf(x)) <= min(CLOSE, found.error)
            assert found.at_least(x) == 1 - found.cdf(x - 1)
    for q in (0.001, 0.25, 0.7, 0.999):
        assert found.quantile(q) in told.sums
        assert found.cdf(found.quantile(q)) >= q > found.cdf(found.quantile(q) - 1)
    assert found.mean == pytest.approx(float(told.mean), rel=1e-12)
    assert found.variance == pytest.approx(float(told.variance), rel=1e-9, abs=1e-9)
    assert found.support == (told.sums[0], told.sums[-1])


def test_nothing_open_is_no_chance():
    """What is certain comes in, and no more."""
    found = alone([], [], certain=700)

    assert (found.mean, found.variance, found.support) == (700, 0, (700, 700))
    assert [found.cdf(x) for x in (699, 700)] == [0.0, 1.0]
    assert found.quantile(0.5) == 700


def test_one_deal_is_one_step():
    """It comes in whole or not at all."""
    found = alone([10**18], [0.3])

    assert [found.cdf(x) for x in (-1, 0, 10**18 - 1, 10**18)] == [0.0, 0.7, 0.7, 1.0]
    assert [found.quantile(q) for q in (0.69, 0.71)] == [0, 10**18]


def test_certain_and_hopeless_deals_are_no_chance():
    """One at 100 % is money, one at nothing or of nothing is none."""
    found = alone([5, 7, 0, 9], [1, 0, 0.5, 0.5])

    assert found.support == (5, 14)
    assert found == alone([9], [0.5], certain=5)


@pytest.mark.parametrize("n", [16, 22, 28])
def test_two_dozen_irregular_deals_are_exact(n):
    """As far as all of their results can be told."""
    draw = random.Random(n)
    amounts, chances = [draw.randrange(10**6, 10**9) for _ in range(n)], drawn(draw, n)
    told, found = Halves(amounts, chances), alone(amounts, chances)

    for q in (1e-6, 0.01, 0.5, 0.99):
        x = found.quantile(q)
        assert abs(found.cdf(x) - told.cdf(x)) <= found.error < 1e-11
        assert abs(found.cdf(x - 1) - told.cdf(x - 1)) <= found.error


# --- price lists -----------------------------------------------------------------------------


@pytest.mark.parametrize("n", [30, 150, 900])
def test_a_price_list_is_stairs(n):
    """Each chance of its own; the steps are those of the list's common measure."""
    draw = random.Random(n)
    amounts, chances = [draw.choice([500, 1000, 5000]) for _ in range(n)], drawn(draw, n)

    check(alone(amounts, chances, certain=77), stairs(amounts, chances, 500), 500, 77)


@pytest.mark.parametrize("n", [30, 150])
def test_a_price_list_with_three_odd_deals_keeps_its_stairs(n):
    """They are set apart, and the stairs moved by what they bring."""
    draw = random.Random(n)
    amounts = [*(draw.choice([50, 100, 500]) for _ in range(n)), 77, 123, 499]
    chances = drawn(draw, n + 3)

    check(alone(amounts, chances), stairs(amounts, chances))


def test_an_odd_deal_in_a_price_list_may_be_a_whale():
    """Then it is set apart once."""
    draw = random.Random(3)
    amounts = [*(draw.choice([50, 100, 500]) for _ in range(60)), 7777, 51]
    chances = drawn(draw, 62)

    check(alone(amounts, chances), stairs(amounts, chances))


@pytest.mark.parametrize("n", [60, 900])
def test_prices_that_end_in_99_come_back_as_echoes(n):
    """φ is loud again at the round price they are near to, a little aside."""
    draw = random.Random(n)
    amounts, chances = [draw.choice([499, 999]) for _ in range(n)], drawn(draw, n)
    told = [
        won_of([p for a, p in zip(amounts, chances, strict=True) if a == price])
        for price in (499, 999)
    ]
    found = alone(amounts, chances)

    for x in (
        499,
        499 * n // 4,
        750 * n // 2,
        int(found.mean),
        int(found.mean) + 200,
        998 * n // 2,
    ):
        exact = fsum(
            m * o
            for i, m in enumerate(told[0])
            for j, o in enumerate(told[1])
            if 499 * i + 999 * j <= x
        )
        assert abs(found.cdf(x) - exact) <= min(found.error, CLOSE)


def test_two_prices_without_a_common_measure_come_back_as_echoes():
    """Wherever a multiple of one is near to a multiple of the other."""
    draw = random.Random(5)
    amounts, chances = [draw.choice([61, 100]) for _ in range(250)], drawn(draw, 250)

    check(alone(amounts, chances), stairs(amounts, chances))


def test_what_all_end_in_99_and_all_differ_comes_back_too():
    """No price is there twice, so the round price is guessed."""
    draw = random.Random(8)
    amounts, chances = [50 * k - 1 for k in range(10, 80)], drawn(draw, 70, 0.3, 0.7)
    found = alone(amounts, chances)

    error = observed(found, stairs(amounts, chances))
    assert error <= CLOSE
    assert error <= found.error


def test_ten_thousand_deals_of_a_price_list_are_stairs():
    """Three prices and three chances: for each price so many of so many are won."""
    counts = {1: (2500, 1900, 600), 2: (1500, 1000, 500), 10: (800, 700, 500)}
    rates, amounts, chances, won = (0.1, 0.3, 0.8), [], [], {}
    for price, many in counts.items():
        won[price] = [1.0]
        for n, p in zip(many, rates, strict=True):
            amounts += [price * 1000] * n
            chances += [p] * n
            won[price] = both(won[price], binomial(n, p))
    found = alone(amounts, chances)
    ones = list(accumulate(won[1]))
    mean = found.mean / 1000
    pairs = [(2 * i + 10 * j, m * o) for i, m in enumerate(won[2]) for j, o in enumerate(won[10])]
    pairs = [(total, mass) for total, mass in pairs if mass > 1e-14]

    for shift in (-1500, -1, 333):
        k = int(mean) + shift
        spans = ((ones[min(k - t, len(ones) - 1)] if k >= t else 0.0, m) for t, m in pairs)
        exact = fsum(below * mass for below, mass in spans)
        for x in (k * 1000, k * 1000 + 999):
            assert abs(found.cdf(x) - exact) <= min(found.error, CLOSE)
    assert found.quantile(0.5) % 1000 == 0


# --- many irregular deals --------------------------------------------------------------------


@pytest.mark.parametrize("unit", [1, 100])
def test_skewed_amounts_are_right_from_end_to_end(unit):
    """Many small deals, and a few that are many times as large."""
    draw = random.Random(unit)
    amounts = [unit * (1 + int(draw.lognormvariate(5, 1.2))) for _ in range(120)]
    chances = drawn(draw, 120, 0.1, 0.9)

    check(alone(amounts, chances), stairs(amounts, chances, unit), unit)


def test_whales_among_many_small_deals_are_steps():
    """Two of them, each many times what all others vary by."""
    draw = random.Random(9)
    amounts = [*(draw.randrange(1, 300) for _ in range(150)), 20_000, 45_001]
    chances = drawn(draw, 152)

    check(alone(amounts, chances), stairs(amounts, chances))


def test_two_hundred_unlikely_deals_are_steps():
    """At 2 % each nothing comes in once in fifty times, and that is a step."""
    draw = random.Random(2)
    amounts = [draw.randrange(1, 60) * 1000 for _ in range(200)]

    found = alone(amounts, [0.02] * 200)
    check(found, stairs(amounts, [0.02] * 200, 1000), 1000)
    assert found.cdf(0) == pytest.approx(0.98**200, abs=1e-11)


@pytest.mark.parametrize(("n", "chance"), [(32, None), (32, 0.05), (31, 0.9)])
def test_what_is_too_many_to_count_and_too_few_to_be_smooth_says_its_error(n, chance):
    """The likeliest results are told one by one; the rest is a wave with noise."""
    draw = random.Random(n)
    amounts = [draw.randrange(10**7, 10**9) for _ in range(n)]
    chances = [chance] * n if chance else drawn(draw, n)
    told, found = Halves(amounts, chances), alone(amounts, chances)

    assert CLOSE < found.error < 1e-3
    points = {0, *amounts[:3], sum(amounts), sum(amounts) - amounts[0], int(found.mean)}
    for x in points:
        for at in (x, x - 1):
            assert abs(found.cdf(at) - told.cdf(at)) <= found.error


def test_many_unlikely_deals_are_told_one_at_a_time():
    """Where there are too many pairs of them."""
    draw = random.Random(4)
    amounts = [draw.randrange(10**6, 10**9) for _ in range(500)]
    found = alone(amounts, [0.004] * 500)

    none, odds = 0.996**500, 0.004 / 0.996
    assert abs(found.cdf(0) - none) <= found.error < 1e-2
    least = sorted(amounts)[4]
    pairs = sum(a + b <= least for i, a in enumerate(amounts) for b in amounts[:i])
    assert found.cdf(least) == pytest.approx(
        none * (1 + 5 * odds + pairs * odds**2), abs=found.error
    )


@settings(max_examples=6)
@given(st.integers(90, 300), st.randoms(use_true_random=False))
def test_a_curve_never_falls(n, draw):
    """But for the noise it tells of; nor leaves 0 and 1, below what is possible and above it."""
    amounts, chances = [draw.randrange(1, 10**9) for _ in range(n)], drawn(draw, n)
    found = alone(amounts, chances)
    low, high = found.support
    curve = [found.cdf(low + (high - low) * k // 60) for k in range(-1, 62)]

    noise = 1e-12 if found.error < 1e-10 else 2 * found.error
    assert all(after >= before - noise for before, after in pairwise(curve))
    assert (curve[0], curve[-1]) == (0.0, 1.0)


def test_long_price_lists_with_many_odd_deals_say_their_error():
    """Echoes that there is no time to listen to are counted as lost."""
    draw = random.Random(1)
    amounts = [draw.choice([500_00, 1000_00, 5000_00]) for _ in range(800)]
    amounts += [draw.randrange(10**4, 5 * 10**5) for _ in range(12)]
    found = alone(amounts, drawn(draw, 812))

    assert CLOSE < found.error < 1e-2


# --- scenarios -------------------------------------------------------------------------------


def test_a_mixture_is_the_mean_of_its_scenarios():
    """Weights need not sum to 1, and one of no weight is left out."""
    draw = random.Random(6)
    amounts = [draw.choice([500, 1000, 5000]) for _ in range(60)]
    columns = [drawn(draw, 60) for _ in range(3)]
    worlds = [Scenario(weight=w, chances=c) for w, c in zip((1, 2, 0), columns, strict=True)]
    parts = [stairs(amounts, column, 500) for column in columns[:2]]

    check(distribution(amounts, worlds), weighted(parts, (1 / 3, 2 / 3)), 500)


@pytest.mark.parametrize("shock", [0.3, 1.0])
def test_a_common_shock_keeps_the_mean_and_widens_the_curve(shock):
    """The variance is that within scenarios and that between them."""
    draw = random.Random(7)
    amounts = [draw.choice([500, 1000, 5000]) for _ in range(40)]
    chances = drawn(draw, 40)
    worlds = scenarios(amounts, chances, shock)
    found, calm = distribution(amounts, worlds), alone(amounts, chances)
    parts = [stairs(amounts, world.chances, 500) for world in worlds]
    below = weighted(parts, [world.weight for world in worlds])

    check(found, below, 500)
    assert found.mean == pytest.approx(calm.mean, rel=1e-12)
    assert found.variance > calm.variance
    masses = [b - a for a, b in zip([0.0, *below], below, strict=False)]
    second = fsum(m * (500 * k - found.mean) ** 2 for k, m in enumerate(masses))
    assert found.variance == pytest.approx(second, rel=1e-9)


# --- arrivals --------------------------------------------------------------------------------

SIZES = {3: 0.5, 7: 0.3, 20: 0.2}


@pytest.mark.parametrize("rate", [0.01, 0.7, 4.0, 60.0, 400.0])
def test_arrivals_are_panjers(rate):
    """From hardly any to hundreds; nothing arrives with exp(-rate)."""
    most = int(12 * rate + 300)
    found = distribution(
        [],
        [Scenario(weight=1, chances=(), arrivals=rate)],
        sizes={100 * s: w for s, w in SIZES.items()},
    )
    below = list(accumulate(panjer(rate, SIZES, most)))

    assert observed(found, below, 100) <= min(CLOSE, found.error)
    assert found.cdf(0) == pytest.approx(exp(-rate), abs=1e-11)
    assert found.mean == pytest.approx(100 * rate * 7.6, rel=1e-12)
    assert found.variance == pytest.approx(10**4 * rate * (4.5 + 14.7 + 80), rel=1e-12)
    assert found.cdf(found.support[1]) == 1.0
    assert found.cdf(found.support[1] - 1) >= 1 - 1e-11


def test_arrivals_come_on_top_of_the_deals():
    """The two are independent."""
    draw = random.Random(5)
    amounts, chances = [draw.choice([5, 10, 50]) for _ in range(40)], drawn(draw, 40)
    world = Scenario(weight=1, chances=chances, arrivals=2.5)
    found = distribution(amounts, [world], sizes=[(15, 2), (40, 1), (0, 1)])
    deals = stairs(amounts, chances, 5)
    masses = [b - a for a, b in zip([0.0, *deals], deals, strict=False)]
    arrived = panjer(2.5 * 0.75, {3: 2, 8: 1}, 300)

    assert observed(found, list(accumulate(both(masses, arrived))), 5) <= found.error <= CLOSE


def test_irregular_arrivals_on_a_few_deals_are_told_one_by_one():
    """None, one, two: these are steps; three and more are a wave."""
    sizes = {10**6 + 7919 * k * k: 1.0 for k in range(60)}
    world = Scenario(weight=1, chances=(0.5,), arrivals=0.4)
    found = distribution([123_456_789], [world], sizes=sizes)

    assert found.error < 1e-4
    assert abs(found.cdf(0) - exp(-0.4) / 2) <= found.error
    assert abs(found.cdf(10**6) - exp(-0.4) / 2 * (1 + 0.4 / 60)) <= found.error
    x = 3_900_000
    near = [size for size in sizes if size <= x]
    pairs = sum(a + b <= x for a in near for b in near)
    threes = sum(a + b + c <= x for a in near for b in near for c in near)
    rate = 0.4 / 60
    exact = 1 + rate * len(near) + rate**2 * pairs / 2 + rate**3 * threes / 6
    assert abs(found.cdf(x) - exp(-0.4) / 2 * exact) <= found.error


def test_many_arrivals_of_many_sizes_are_smooth():
    """And none of them is rounded."""
    sizes = {10**6 + 7919 * k * k: 1.0 for k in range(60)}
    found = distribution([], [Scenario(weight=1, chances=(), arrivals=90)], sizes=sizes)

    assert found.error <= CLOSE
    assert found.cdf(int(found.mean)) == pytest.approx(0.5, abs=0.05)


# --- refusals --------------------------------------------------------------------------------

ONE = Scenario(weight=1, chances=(0.5,))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("amounts", [None, 5, "12", [0.5], [True], ["1"], [-1], [10**18 + 1], [None]]),
        ("scenarios", [None, 5, [], [0.5], "x", [Scenario(weight=0, chances=(0.5,))]]),
        ("certain", [0.5, True, None, "1"]),
        ("sizes", [5, "ab", [5], [(1,)], [(1, 2, 3)], {"a": 1}, {0.5: 1}, {-1: 1}, {1: -1}]),
        ("sizes", [{1: nan}, {1: inf}, {1: 0}, {1: "x"}, {1: True}, [(True, 1)], None]),
    ],
)
def test_what_cannot_be_is_refused_by_name(name, values):
    """And not with an error of Python."""

    def asked(value):
        told = {"amounts": [5], "scenarios": [ONE], "certain": 0, "sizes": {1: 1}} | {name: value}
        return distribution(
            told["amounts"], told["scenarios"], certain=told["certain"], sizes=told["sizes"]
        )

    assert unnamed(asked, values, name) == []


def test_chances_are_one_for_each_amount():
    """Too few are refused as are too many."""
    assert unnamed(lambda amounts: distribution(amounts, [ONE]), [[], [1, 2]], "chances") == []


def test_arrivals_need_sizes():
    """Where nothing is said of what they bring."""
    world = Scenario(weight=1, chances=(0.5,), arrivals=1)

    assert unnamed(lambda sizes: distribution([5], [world], sizes=sizes), [(), {}], "sizes") == []
    assert distribution([5], [world], sizes={0: 1}) == distribution([5], [ONE])


@pytest.mark.parametrize("q", [0, 1, -0.1, 1.1, nan, True, None, "0.5", Fraction(1, 2)])
def test_a_quantile_is_asked_for_between_nothing_and_certainty(q):
    """The ends are no quantiles: the support tells them."""
    assert unnamed(alone([5], [0.5]).quantile, [q], "quantile") == []


@pytest.mark.parametrize("x", [0.5, True, None, "1"])
def test_minor_units_are_whole(x):
    """A curve is asked about ints."""
    found = alone([5], [0.5])

    assert unnamed(found.cdf, [x], "x") == []
    assert unnamed(found.at_least, [x], "x") == []


# --- values ----------------------------------------------------------------------------------


def test_a_distribution_is_a_value():
    """Equal by content, hashable, copied and stored, and shown short."""
    draw = random.Random(1)
    amounts, chances = [draw.randrange(10**6) for _ in range(120)], drawn(draw, 120)
    found = alone(amounts, chances)

    assert found == alone(amounts, chances) == copy.deepcopy(found)
    assert found == pickle.loads(pickle.dumps(found))
    assert hash(found) == hash(alone(amounts, chances))
    assert found != alone(amounts, chances, certain=1)
    assert len(repr(found)) < 200
    with pytest.raises(AttributeError):
        found.mean = 5
