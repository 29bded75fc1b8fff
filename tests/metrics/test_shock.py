"""A common shock moves all chances at once, and none of them on average."""

from __future__ import annotations

import copy
import pickle
import random
from itertools import pairwise
from math import expm1, fsum, inf, log, nan, prod, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribution_oracle import alone, drawn
from effort_oracle import unnamed
from salesflow.metrics.distribution import distribution
from salesflow.metrics.shock import Pool, Scenario, hermite, pool_of, scenarios, sizes_of, width_of

DEALS = st.lists(st.tuples(st.integers(0, 10**12), st.floats(0, 1)), max_size=8)
SHOCKS = st.sampled_from([0, 0.01, 0.5, 1, 2.5, 5]) | st.floats(0, 5)

# --- the rule --------------------------------------------------------------------------------


@pytest.mark.parametrize("points", [1, 3, 7, 15, 31, 63])
def test_a_rule_has_the_moments_of_the_normal(points):
    """All below twice its points: E z^2k = 1 × 3 × … × (2k - 1)."""
    rule = hermite(points)

    assert [z for z, _ in rule] == sorted(z for z, _ in rule)
    assert [-z for z, _ in reversed(rule)] == [z for z, _ in rule]
    for k in range(min(points, 20)):
        moment = fsum(weight * z ** (2 * k) for z, weight in rule)
        assert moment == pytest.approx(prod(range(1, 2 * k, 2)), rel=1e-11)


def test_three_points_are_those_of_the_books():
    """0 and ±√3, with weights of 2/3 and 1/6."""
    (low, outer), (middle, inner), (high, _) = hermite(3)

    assert (low, middle, high) == pytest.approx((-sqrt(3), 0, sqrt(3)), abs=1e-15)
    assert (outer, inner) == pytest.approx((1 / 6, 2 / 3), abs=1e-15)


def test_a_rule_has_an_odd_number_of_points():
    """So that one of them is the middle."""
    assert unnamed(hermite, [0, 2, -1, 65, 7.0, True, None, "7"], "points") == []


# --- the shock -------------------------------------------------------------------------------


@settings(max_examples=60)
@given(DEALS, SHOCKS)
def test_a_shock_keeps_every_chance_on_average(deals, shock):
    """And with them the mean revenue."""
    amounts, chances = [a for a, _ in deals], [p for _, p in deals]
    worlds = scenarios(amounts, chances, shock, arrivals=3.0, sizes={10: 1.0})

    assert fsum(one.weight for one in worlds) == pytest.approx(1, abs=1e-14)
    for i, p in enumerate(chances):
        mean = fsum(one.weight * one.chances[i] for one in worlds)
        assert mean == pytest.approx(p, rel=1e-12, abs=1e-290)
        assert all(0 <= one.chances[i] <= 1 for one in worlds)
    assert fsum(one.weight * one.arrivals for one in worlds) == pytest.approx(3, rel=1e-13)


def test_the_mean_of_the_revenue_is_that_without_a_shock():
    """To twelve digits, at any shock."""
    draw = random.Random(1)
    amounts, chances = [draw.randrange(10**9) for _ in range(9)], drawn(draw, 9, 0, 1)
    expected = fsum(a * p for a, p in zip(amounts, chances, strict=True))

    for shock in (0.1, 1, 3, 5):
        found = distribution(amounts, scenarios(amounts, chances, shock))
        assert found.mean == pytest.approx(expected, rel=1e-12)
        assert found.variance > alone(amounts, chances).variance


def test_log_odds_move_by_the_shock():
    """All by as much: the distance of two deals stays, on that scale."""
    worlds = scenarios([1, 1], [0.2, 0.7], 0.8)
    rule = hermite(len(worlds))
    starts = []
    for (z, weight), one in zip(rule, worlds, strict=True):
        assert one.weight == weight
        starts.append([log(p / (1 - p)) - 0.8 * z for p in one.chances])

    for start in starts:
        assert start == pytest.approx(starts[0], abs=1e-9)


def test_without_a_shock_nothing_moves():
    """One scenario, the chances to the bit; nor where nothing is left to chance."""
    assert scenarios([5, 6], [0.1, 0.3], 0, arrivals=2.0, sizes={1: 1}) == (
        Scenario(weight=1.0, chances=(0.1, 0.3), arrivals=2.0),
    )
    assert len(scenarios([5, 6], [0, 1], 1)) == 1
    assert len(scenarios([], [], 1)) == 1


def test_what_is_certain_or_hopeless_stays_so():
    """In a good quarter and in a bad one; so does what is next to hopeless."""
    for one in scenarios([5, 5, 5, 5], [0.0, 1.0, 1e-250, 0.5], 2):
        assert one.chances[:3] == (0.0, 1.0, 1e-250)


def test_very_small_chances_keep_their_digits():
    """As far as a float goes, even where the log-odds can't be told any better."""
    tiny = [10.0**-k for k in range(20, 200, 3)]
    worlds = scenarios([5] * 61, [*tiny, 0.5], 1.5)

    for i, p in enumerate(tiny):
        assert fsum(one.weight * one.chances[i] for one in worlds) == pytest.approx(p, rel=1e-12)


def test_neighbouring_scenarios_overlap():
    """Their means lie about one standard deviation apart, as far as 63 points allow."""
    draw = random.Random(2)
    for n, shock in ((10, 0.3), (20, 0.8), (40, 1.0)):
        amounts, chances = [draw.randrange(1, 100) for _ in range(n)], drawn(draw, n)
        worlds = scenarios(amounts, chances, shock)
        pools = [pool_of(amounts, one.chances)[1] for one in worlds]
        assert 7 <= len(worlds) <= 63
        assert len(worlds) % 2 == 1
        for before, after in pairwise(pools):
            assert after.mean - before.mean <= 1.6 * max(
                sqrt(after.variance), sqrt(before.variance)
            )


def test_many_deals_and_a_strong_shock_take_all_points():
    """There are no more than 63."""
    assert len(scenarios([1] * 3000, [0.5] * 3000, 1)) == 63


def test_arrivals_are_moved_too():
    """More of them in a good quarter."""
    arrivals = [one.arrivals for one in scenarios([], [], 1, arrivals=4.0, sizes={5: 1})]

    assert arrivals == sorted(arrivals)
    assert len(set(arrivals)) == len(arrivals) >= 7


# --- what is drawn ---------------------------------------------------------------------------


def test_equal_deals_are_told_together():
    """What is certain is not drawn, and what cannot come in drops out."""
    certain, pool = pool_of([5, 5, 7, 9, 0], [0.5, 0.5, 1, 0, 0.5], 2.0, sizes_of({0: 1, 3: 1}))

    assert certain == 7
    assert pool == Pool(
        amounts=(5,), chances=(0.5,), counts=(2,), rate=1.0, sizes=(3,), shares=(1.0,)
    )
    assert (pool.mean, pool.variance) == (8.0, 21.5)
    assert pool.deals() == [(5, 0.5), (5, 0.5)]
    assert pool.only([]).deals() == []


def test_a_sum_goes_no_farther_than_bennett_says():
    """For the Poisson it is the bound of Chernoff; nothing goes nowhere."""
    assert width_of(0, 5) == pytest.approx(2 * 5 * 27.6 / 3)
    assert width_of(100, 0) == pytest.approx(sqrt(200 * 27.6))
    t = width_of(4.0, 1.0)
    assert 4 * ((1 + t / 4) * log(1 + t / 4) - t / 4) == pytest.approx(27.6)
    assert expm1(-27.6) == pytest.approx(-1, abs=1.1e-12)


def test_sizes_are_shares():
    """As a mapping or as pairs; the same size twice is one."""
    assert sizes_of({2: 3, 4: 1}) == sizes_of([(2, 1), (4, 1), (2, 2)]) == ((2, 0.75), (4, 0.25))
    assert sizes_of({}) == ()


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("shock", [-0.1, 5.1, nan, inf, -inf, True, None, "1", 1j]),
        (
            "chances",
            [[0.5], [0.5, 1.1], [0.5, -0.1], [0.5, nan], [0.5, True], "ab", None, [0.5, "x"]],
        ),
        ("amounts", [None, [1, 0.5], [1, True], [1, -1], [1, 10**19]]),
        ("arrivals", [-1, nan, inf, True, None, "1"]),
        ("sizes", [5, {1: -1}, [(1,)]]),
    ],
)
def test_what_cannot_be_is_refused_by_name(name, values):
    """And not with an error of Python."""

    def asked(value):
        told = {"amounts": [1, 2], "chances": [0.5, 0.5], "shock": 1.0, "arrivals": 1.0}
        told |= {"sizes": {1: 1}} | {name: value}
        amounts, chances, shock = told.pop("amounts"), told.pop("chances"), told.pop("shock")
        return scenarios(amounts, chances, shock, **told)

    assert unnamed(asked, values, name) == []


def test_a_scenario_is_a_value():
    """Equal by content, hashable, copied and stored; ints are taken for chances of 0 and 1."""
    one = Scenario(weight=0.5, chances=[0.5, 1], arrivals=2)

    assert one == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))
    assert one.chances == (0.5, 1.0)
    assert hash(one) == hash(Scenario(weight=0.5, chances=(0.5, 1.0), arrivals=2))
    assert (
        unnamed(lambda w: Scenario(weight=w, chances=()), [-1, nan, inf, True, None], "weight")
        == []
    )
    with pytest.raises(AttributeError):
        one.weight = 1
