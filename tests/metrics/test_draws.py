"""Draws follow the chances, and the same seed draws the same."""

from __future__ import annotations

from random import Random

import pytest

from salesflow.metrics.distribution import Scenario
from salesflow.metrics.draws import draws

EVEN = Scenario(weight=1, chances=(0.5, 0.25))


def test_the_same_seed_draws_the_same():
    """And another seed does not."""
    first, again, other = (
        list(draws([100, 20], [EVEN], (), Random(seed), 50)) for seed in (7, 7, 8)
    )

    assert first == again != other


def test_deals_come_in_as_often_as_told():
    """Within five standard errors, of 20,000 draws."""
    drawn = list(draws([100, 20], [EVEN], (), Random(1), 20_000))

    assert sum(minor >= 100 for minor in drawn) / len(drawn) == pytest.approx(0.5, abs=0.018)
    assert sum(minor % 100 == 20 for minor in drawn) / len(drawn) == pytest.approx(0.25, abs=0.016)


def test_scenarios_are_drawn_by_their_weights():
    """One in which all comes in, one in which nothing does."""
    rows = [Scenario(weight=3, chances=(1.0,)), Scenario(weight=1, chances=(0.0,))]
    drawn = list(draws([10], rows, (), Random(2), 8_000))

    assert sum(drawn) / 80_000 == pytest.approx(0.75, abs=0.025)


@pytest.mark.parametrize("mean", [0.7, 3.0, 1_200.0])
def test_arrivals_are_poisson(mean):
    """Mean and variance are the same, also where a float would vanish; sizes by their weights."""
    quarter = Scenario(weight=1, chances=(), arrivals=mean)
    n = 3_000 if mean < 100 else 500
    counts = list(draws([], [quarter], [(1, 1)], Random(3), n))
    average = sum(counts) / n
    spread = sum((count - average) ** 2 for count in counts) / n

    assert average == pytest.approx(mean, abs=5 * (mean / n) ** 0.5)
    assert spread == pytest.approx(mean, rel=0.3)
    sized = list(draws([], [quarter], [(10, 3), (50, 1)], Random(4), n))
    assert sum(sized) / n == pytest.approx(20 * mean, rel=0.1)


def test_no_draws_are_none():
    """Asked for nothing."""
    assert list(draws([100, 20], [EVEN], (), Random(1), 0)) == []
