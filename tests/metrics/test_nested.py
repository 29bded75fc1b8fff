"""Nested rates: nominal without history, the share seen with much of it, and the way between."""

from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rates_oracle as oracle
from rates_oracle import STAGE
from salesflow.metrics.nested import NOMINAL_WORTH, Cell, around_of, known, nested
from salesflow.metrics.places import ANY, Place, Stand
from salesflow.ratios import wilson

A, B = STAGE[3], STAGE[4]
NOMINAL = {A: 0.2, B: 0.6}


def stand(deal, won, *, days=1.0, band=0, stage=A, phase=ANY, look=0):
    """A deal in a place, for so many days, and what became of it."""
    return Stand(deal, Place(stage, band, phase), days, won, (), look)


def told(rows, now=None, *, looks=False, **rest):
    """The cells of these stands."""
    return nested(rows, NOMINAL, now or {}, looks=looks, **rest)


@st.composite
def histories(draw, max_deals=12):
    """Stands, deal after deal, and where the open ones stand now."""
    rows, now = [], {}
    for deal in range(draw(st.integers(0, max_deals))):
        won = draw(st.sampled_from([0, 1, None]))
        places = draw(st.lists(st.tuples(st.sampled_from([A, B]), st.integers(0, 3)), min_size=1))
        for stage, band in places:
            days = draw(st.floats(0.01, 100))
            rows.append(stand(deal, won, days=days, band=band, stage=stage))
        if won is None:
            now[deal] = rows[-1].place
    return rows, now


# --- the levels ------------------------------------------------------------------------------


@given(histories(), st.sampled_from([1.0, 20.0, 100.0]))
def test_nested_rates_are_what_summing_place_by_place_gives(history, worth):
    """From the nominal rate to the stage to the band, open deals as what they may become."""
    rows, now = history
    naive = oracle.rates(
        [(row.deal, tuple(row.place), row.days, row.won) for row in rows],
        NOMINAL,
        {deal: tuple(place) for deal, place in now.items()},
        worth,
    )
    cells = told(rows, now, nominal_worth=worth)

    assert {tuple(place): cell.told for place, cell in cells.items()} == pytest.approx(naive)


@given(histories())
def test_a_rate_lies_between_nominal_and_what_was_seen(history):
    """Never below nought nor above one, its weight and worth never negative."""
    rows, now = history
    for cell in told(rows, now).values():
        assert 0.0 <= cell.told <= 1.0 + 1e-12
        assert -1e-12 <= cell.seen <= 1.0 + 1e-9
        assert 0 <= cell.won <= cell.n
        assert 0.0 <= cell.weight < 1.0
        assert cell.worth >= 0.0
        assert isfinite(cell.worth)


def test_without_history_every_stage_is_nominal():
    """And nothing is seen."""
    assert told([]) == {
        Place(stage): Cell(n=0, won=0, told=rate, seen=0.0, worth=0.0, weight=0.0)
        for stage, rate in NOMINAL.items()
    }


def test_a_stage_of_equal_deals_is_the_mean_by_hand():
    """Fifteen of thirty, nominal 0.2 worth twenty: (4 + 15) ÷ 50."""
    cell = told([stand(n, n % 2) for n in range(30)])[Place(A)]

    assert cell.told == pytest.approx(19 / 50)
    assert (cell.n, cell.won, cell.seen) == (30, 15, 0.5)
    assert cell.worth == pytest.approx(30)
    assert cell.weight == pytest.approx(30 / 50)


def test_a_band_starts_from_its_stage_by_hand():
    """Forty deals' worth of the stage, and its own ten of ten."""
    rows = [stand(n, 1) for n in range(10)] + [stand(10 + n, 0, band=1) for n in range(10)]
    cells = told(rows)
    stage = (20 * 0.2 + 20 * 0.5) / 40

    assert cells[Place(A)].told == pytest.approx(stage)
    assert cells[Place(A, 0)].told == pytest.approx((40 * stage + 10) / 50)
    assert cells[Place(A, 1)].told == pytest.approx(40 * stage / 50)
    assert cells[Place(B)].told == 0.6


def test_with_much_history_a_rate_is_the_share_seen():
    """Of 100,000 deals a third was won."""
    cell = told([stand(n, n % 3 == 0) for n in range(99_999)])[Place(A, 0)]

    assert cell.told == pytest.approx(1 / 3, abs=1e-3)
    assert cell.weight > 0.999


def test_a_deal_counts_once_in_a_place_however_often_it_came():
    """Ten runs of one deal are one deal, worth one."""
    cell = told([stand(0, 1) for _ in range(10)])[Place(A, 0)]

    assert (cell.n, cell.won) == (1, 1)
    assert told([stand(0, 1) for _ in range(10)])[Place(A)].worth == pytest.approx(1)


def test_a_deal_that_lingers_is_still_one():
    """One of a thousand days beside nine of one: hardly more than one deal is seen."""
    rows = [stand(0, 1, days=1000)] + [stand(n, 0) for n in range(1, 10)]

    assert 1 < told(rows)[Place(A)].worth < 1.1
    assert told(rows)[Place(A)].told < 0.25


def test_the_band_of_all_deals_is_worth_no_more_than_they_are():
    """Where there is one band, stage and band hold the same fifty deals; they are not ninety."""
    cells = told([stand(n, n % 2) for n in range(50)])

    assert cells[Place(A, 0)].worth <= 50 + 1e-9


def test_of_a_period_many_deals_are_worth_no_more_than_fifty():
    """They share its luck; two periods are worth twice as much."""
    one = told([stand(n, n % 2) for n in range(500)], looks=True)[Place(A)]
    two = told([stand(n, n % 2, look=n % 2) for n in range(500)], looks=True)[Place(A)]
    few = told([stand(n, n % 2) for n in range(20)], looks=True)[Place(A)]

    assert (one.worth, two.worth) == (50, 100)
    assert few.worth == pytest.approx(20)


def test_a_phase_starts_from_its_band():
    """The third month of a quarter sells better."""
    good, bad = range(30), range(30, 60)
    rows = [stand(n, 1, phase=3) for n in good] + [stand(n, 0, phase=1) for n in bad]
    cells = told(rows, looks=True)
    band = cells[Place(A, 0)].told

    assert cells[Place(A, 0, 3)].told == pytest.approx((40 * band + 30) / 70)
    assert cells[Place(A, 0, 1)].told < band < cells[Place(A, 0, 3)].told


def test_a_nominal_rate_worth_more_is_left_later():
    """With little history it is asked to weigh more."""
    rows = [stand(n, 1) for n in range(5)]
    firm, usual = (told(rows, nominal_worth=k)[Place(A)] for k in (200.0, NOMINAL_WORTH))

    assert 0.2 < firm.told < usual.told


@given(histories(), st.randoms())
def test_the_order_of_deals_changes_no_rate(history, lots):
    """But for the rounding of sums."""
    rows, now = history
    deals = sorted({row.deal for row in rows})
    lots.shuffle(deals)
    mixed = [row for deal in deals for row in rows if row.deal == deal]
    one, other = told(rows, now), told(mixed, now)

    assert one.keys() == other.keys()
    for place, cell in one.items():
        assert other[place].told == pytest.approx(cell.told)
        assert (other[place].n, other[place].won) == (cell.n, cell.won)


# --- deals still open ------------------------------------------------------------------------


def test_open_deals_are_unfinished_and_not_lost():
    """Four won, two lost, four open, of equal time in one stage: four of six."""
    outcomes = [1, 1, 1, 1, 0, 0, None, None, None, None]
    rows = [stand(n, won) for n, won in enumerate(outcomes)]
    cell = told(rows, {n: Place(A, 0) for n in range(6, 10)})[Place(A)]

    assert cell.seen == pytest.approx(4 / 6)
    assert (cell.n, cell.won) == (6, 4)
    assert cell.worth == pytest.approx(6)
    assert cell.told == pytest.approx((20 * 0.2 + 6 * 4 / 6) / 26)


def test_where_an_open_deal_stood_before_counts_with_where_it_stands_now():
    """Ten went on from stage 3 to 4, where much is won: stage 3 looks better than what it lost."""
    lost = [stand(n, 0) for n in range(10)]
    gone_on = [s for n in range(10, 20) for s in (stand(n, None), stand(n, None, stage=B))]
    won = [stand(n, 1, stage=B) for n in range(20, 40)]
    now = {n: Place(B, 0) for n in range(10, 20)}
    cells = told(lost + gone_on + won, now)
    here, there = cells[Place(A)], cells[Place(B, 0)].told

    assert here.seen == pytest.approx(there / 2)
    assert here.worth == pytest.approx(10)
    assert here.n == 10


def test_open_deals_lend_no_worth():
    """A hundred deals of which nobody knows anything narrow nothing."""
    rows = [s for n in range(100) for s in (stand(n, None), stand(n, None, stage=B))]
    cells = told(rows, {n: Place(B, 0) for n in range(100)})

    assert {cell.worth for cell in cells.values()} == {0.0}
    assert {cell.weight for cell in cells.values()} == {0.0}
    assert cells[Place(A)].told == pytest.approx(0.2)
    assert cells[Place(B)].told == pytest.approx(0.6)


# --- places that nobody knows ----------------------------------------------------------------


def test_of_a_place_never_seen_the_narrowest_around_it_is_told():
    """The band where the phase is unknown, the stage where the band is."""
    cells = told([stand(n, 1, phase=2) for n in range(9)], looks=True)

    assert known(cells, Place(A, 0, 2)) is cells[Place(A, 0, 2)]
    assert known(cells, Place(A, 0, 3)) is cells[Place(A, 0)]
    assert known(cells, Place(A, 7, 3)) is cells[Place(A)]
    assert known(cells, Place(B, 0)) is cells[Place(B)]
    assert around_of(Place(A, 4, 1)) == (Place(A, 4, 1), Place(A, 4), Place(A))


@given(st.integers(1, 400), st.floats(0, 1))
def test_wilson_of_a_cell_holds_what_it_saw(n, share):
    """Also where the worth of its deals is no whole number."""
    won = round(n * share)
    cell = told([stand(d, d < won, days=1 + d % 3) for d in range(n)])[Place(A)]
    low, high = wilson(cell.seen, cell.worth)

    assert 0 <= low <= cell.seen <= high <= 1
