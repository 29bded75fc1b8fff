"""Echoes are looked for where the amounts hint at them; the curves with them are in test_waves."""

from __future__ import annotations

from itertools import repeat

from salesflow.metrics.echoes import add_echoes, spacings_of
from salesflow.metrics.shock import Pool


def pool_of(amounts, chances):
    """A pool of single deals."""
    return Pool(amounts=tuple(amounts), chances=tuple(chances), counts=(1,) * len(amounts))


def test_irregular_amounts_have_no_echoes():
    """Primes of all sizes have no common measure, so nothing is listened to and nothing lost."""
    pool = pool_of([104_729 + 2 * n * n + 6 * n for n in range(200)], [0.5] * 200)
    heard = {}

    assert add_echoes(heard, lambda first: repeat(0j), pool, 40_000_001, 1_000) == 0.0
    assert heard == {}


def test_an_echo_is_listened_to_where_prices_are_nearly_multiples():
    """Prices that end in .99 are loud at the frequencies of the round ones."""
    pool = pool_of([99_999, 199_999, 499_999] * 70, [0.5] * 210)
    heard = {}
    add_echoes(heard, lambda first: repeat(1j), pool, 80_000_001, 30_000)

    assert any(abs(j - 80_000_001 / 100_000) < 60 for j in heard)


def test_spacings_are_guessed_from_prices():
    """Exact common measures, and the round numbers that prices are near to."""
    pool = pool_of([49_900, 99_900, 199_900, 499_900] * 5, [0.5] * 20)

    assert {100, 50_000, 100_000} <= set(spacings_of(pool))
    assert spacings_of(Pool()) == []
