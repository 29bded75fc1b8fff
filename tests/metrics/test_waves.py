"""Stairs and waves tell the same, and a wave hears what comes back."""

from __future__ import annotations

import random
from functools import partial
from itertools import islice
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribution_oracle import drawn, panjer, stairs
from salesflow.metrics.shock import Pool
from salesflow.metrics.waves import (
    Steps,
    Wave,
    listen,
    noise_of,
    results_of,
    spectrum_of,
    table_of,
    turns_of,
    won_of,
)


def pool_of(amounts, chances):
    """A pool of single deals."""
    return Pool(amounts=tuple(amounts), chances=tuple(chances), counts=(1,) * len(amounts))


def heard(pool, least=1, noise=0.0, *, echoes=True):
    """The wave of a pool, and its error."""
    low, cells = pool.window()
    wave = Wave(low, cells | 1, 1.0, 0.0, ())
    spectrum = partial(spectrum_of, pool, wave.cells)
    return listen(wave, pool, spectrum, least, noise=noise, echoes=echoes)


def worst(part, below):
    """The largest error at the cells of stairs, and on either side of them."""
    told = [0.0, *below, 1.0]
    some = {*range(0, len(told), 1 + len(told) // 150), *range(len(told) // 2, len(told))[:20]}
    return max(abs(part.upto(k - 1) - told[k]) for k in some)


BOOKS = st.lists(st.tuples(st.integers(1, 40), st.floats(0.01, 0.99)), min_size=1, max_size=8)


# --- stairs and waves ------------------------------------------------------------------------


@settings(max_examples=40)
@given(BOOKS)
def test_stairs_and_a_wave_of_all_frequencies_are_the_same(deals):
    """And both are those of counting cell by cell."""
    amounts, chances = [a for a, _ in deals], [p for _, p in deals]
    pool, below = pool_of(amounts, chances), stairs(amounts, chances)
    cells = sum(amounts) + 1 | 1
    told = dict(enumerate(islice(spectrum_of(pool, cells, 1), cells // 2), 1))

    assert worst(Wave.of(0, cells, 1.0, told), below) < 1e-12
    assert worst(table_of(pool, 0, 1 << cells.bit_length()), below) < 1e-12
    assert worst(Steps.of(results_of([(a, won_of([p])) for a, p in deals])), below) < 1e-12


def test_equal_deals_are_one_factor():
    """Raised to how many there are, thousands of them too."""
    one = Pool(amounts=(1, 3), chances=(0.2, 0.6), counts=(1500, 3))
    told = won_of([0.2] * 1500)
    low, cells = one.window()
    steps = table_of(one, low, 1 << cells.bit_length())

    assert isclose(
        steps.upto(300),
        sum(m * sum(told[: 301 - 3 * k]) for k, m in enumerate(won_of([0.6] * 3))),
        abs_tol=1e-12,
    )


def test_a_spectrum_begins_anywhere():
    """At the same frequencies it is the same."""
    pool = Pool(amounts=(3, 5), chances=(0.2, 0.9), counts=(1, 2), rate=2, sizes=(7,), shares=(1,))
    first, later = spectrum_of(pool, 101, 1), spectrum_of(pool, 101, 5)
    for _ in range(4):
        next(first)

    assert abs(next(first) - next(later)) < 1e-14
    assert turns_of((7,), (2.0,), 28, 1) == turns_of((7,), (2.0,), 28, 5)


def test_a_window_holds_the_mass():
    """All of it but 1e-12 on either side, of deals and of arrivals."""
    draw = random.Random(1)
    for _ in range(20):
        n = draw.randrange(1, 80)
        amounts, chances = (
            [int(draw.lognormvariate(3, 1)) + 1 for _ in range(n)],
            drawn(draw, n, 0.01, 0.99),
        )
        low, cells = pool_of(amounts, chances).window()
        below = [0.0, *stairs(amounts, chances)]
        assert below[low] < 1e-12
        assert 1 - below[min(low + cells, len(below) - 1)] < 1e-12
    arrivals = Pool(rate=5.0, sizes=(1, 9), shares=(0.5, 0.5))
    low, cells = arrivals.window()
    assert low == 0
    assert 1 - sum(panjer(5.0, {1: 1, 9: 1}, cells)) < 1e-12


def test_so_many_of_so_many_come_in():
    """Each with a chance of its own."""
    assert won_of([]) == [1.0]
    assert won_of([0.5, 0.5]) == [0.25, 0.5, 0.25]
    assert won_of([0.1, 1.0]) == pytest.approx([0.0, 0.9, 0.1])


# --- where to listen -------------------------------------------------------------------------


def test_a_wave_of_many_deals_ends_early():
    """After some twenty frequencies of thousands."""
    draw = random.Random(2)
    amounts, chances = [draw.randrange(1, 100) for _ in range(300)], drawn(draw, 300)
    pool = pool_of(amounts, chances)
    wave, error = heard(pool)

    assert sum(len(run) for _, run in wave.runs) < 40 < wave.cells // 20
    assert worst(wave, stairs(amounts, chances)) <= error < 1e-8


@pytest.mark.parametrize("echoes", [True, False])
def test_what_is_not_listened_to_is_counted_as_lost(echoes):
    """Prices just below multiples of 50, each one of its own."""
    draw = random.Random(3)
    amounts, chances = [50 * k - 1 for k in range(10, 80)], drawn(draw, 70, 0.3, 0.7)
    wave, error = heard(pool_of(amounts, chances), echoes=echoes)

    assert worst(wave, stairs(amounts, chances)) <= error
    assert (error < 1e-8) is echoes
    assert (len(wave.runs) > 1) is echoes


@pytest.mark.parametrize("prices", [(5, 10, 50), (49, 99, 199), (61, 100)])
def test_the_whole_spectrum_of_a_price_list_is_looked_through(prices):
    """Few factors tell where it is loud; there is no need to guess."""
    draw = random.Random(4)
    amounts, chances = [draw.choice(prices) for _ in range(120)], drawn(draw, 120)
    wave, error = heard(pool_of(amounts, chances))

    assert worst(wave, stairs(amounts, chances)) <= error < 1e-8


def test_a_wave_that_hears_all_has_nothing_left():
    """Where it must go on to the last frequency."""
    wave, error = heard(pool_of([1, 2, 2], [0.5, 0.5, 0.5]), least=99)

    assert worst(wave, stairs([1, 2, 2], [0.5, 0.5, 0.5])) <= error < 1e-10


def test_arrivals_echo_too():
    """All of sizes near to multiples of 50."""
    sizes = {50: 1, 99: 1, 151: 1}
    pool = Pool(rate=200.0, sizes=tuple(sizes), shares=(1 / 3,) * 3)
    wave, error = heard(pool)
    masses = panjer(200.0, sizes, 35_000)

    assert error < 1e-8
    for k in (15_000, 20_000, 20_050, 24_000):
        assert abs(wave.upto(k) - sum(masses[: k + 1])) <= error


def test_noise_falls_with_the_root_of_the_frequencies():
    """Four times as many halve it."""
    assert noise_of(1e-10, 400) == pytest.approx(noise_of(1e-10, 100) / 2)
