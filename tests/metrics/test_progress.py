"""Progress is money that moved towards the order; with what stood, fell and left it makes one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import metrics_oracles as oracles
from books import yuan
from ledgers import (
    JULY,
    OWNERS,
    Q3,
    QUIET,
    SPRING,
    deal,
    ledgers,
    lives,
    lost,
    moved,
    owner_shares,
    quarter,
    repriced,
    won,
)
from salesflow.metrics import churn, forecast, movements, progress, regressed, unchanged
from salesflow.money import wan

BASES = st.sampled_from(["exposed", "opening"])
AMOUNTS_AT = st.sampled_from(["latest", "opening"])
FOUR = {
    progress: ("advanced", "won"),
    regressed: ("regressed",),
    unchanged: ("unchanged",),
    churn: ("lost",),
}


def ratios(deals, during=Q3, **ways):
    """Progress, regressed, unchanged and churn, exact."""
    moves = movements(deals, during, **ways)
    return [figure(moves).ratio for figure in FOUR]


# --- acceptance ------------------------------------------------------------------------------


def test_ae_06_a_won_deal_is_progress_and_a_lost_one_is_churn():
    """A 100 advanced, B 200 unchanged, C 50 lost, D 150 won: 50, 0, 40 and 10 %."""
    book = [
        moved(deal("A", 100, 3), 4),
        deal("B", 200),
        lost(deal("C", 50)),
        won(deal("D", 150, 8)),
    ]

    assert [Fraction(1, 2), 0, Fraction(2, 5), Fraction(1, 10)] == ratios(book)
    assert (yuan(250), yuan(500)) == (progress(quarter(*book)).part, progress(quarter(*book)).whole)
    assert str(progress(quarter(*book))) == "50.0%"


def test_ae_07_progress_counts_money_and_not_deals():
    """A 100 advanced, B 900 unchanged: 10 %, not 50 %."""
    assert Fraction(1, 10) == ratios([moved(deal("A", 100), 4), deal("B", 900)])[0]


def test_ae_08_up_and_back_is_no_progress():
    """A 3→4→3, B unchanged: progress 0, unchanged 100 %."""
    assert ratios([moved(deal("A"), 4, 3), deal("B")]) == [0, 0, 1, 0]


def test_ae_09_two_stages_count_once():
    """A 100 3→4→5, B 300 unchanged: 25 %, not 50 %."""
    assert Fraction(1, 4) == ratios([moved(deal("A", 100), 4, 5), deal("B", 300)])[0]


def test_ae_12_going_back_is_measured_beside_progress():
    """A 100 4→3, B 300 unchanged: progress 0, regressed 25 %."""
    assert [0, Fraction(1, 4)] == ratios([moved(deal("A", 100, 4), 3), deal("B", 300)])[:2]


@pytest.mark.parametrize(("base", "expected"), [("exposed", (1, 5)), ("opening", (1, 4))])
def test_ae_13_a_new_deal_is_in_the_exposed_base_only(base, expected):
    """Opening 400, of which 100 advanced, and 100 new: 20 % exposed, 25 % opening."""
    book = [moved(deal("A", 100), 4), deal("B", 300), deal("C", 100, at=JULY)]

    assert Fraction(*expected) == ratios(book, base=base)[0]


def test_ae_15_without_deals_there_is_a_forecast_of_zero_and_no_ratio():
    """Quota 500, nothing done: forecast 0; the ratios are undefined, and so are their parts."""
    assert forecast([], wan(500), Q3).ratio == 0
    for figure in FOUR:
        told = figure(quarter())
        assert (told.part, told.whole, told.ratio, told.n) == (None, None, None, 0)
        assert str(told) == "–"


def test_ae_16_the_ratio_of_a_team_is_the_ratio_of_the_sums():
    """50 of 100 moved, and 0 of 300: 12.5 %, not 25 %."""
    book = [
        moved(deal("A", 50, owner="R-1"), 4),
        deal("B", 50, owner="R-1"),
        deal("C", 300, owner="R-2"),
    ]

    assert Fraction(1, 8) == ratios(book)[0]


def test_ae_17_a_deal_won_last_quarter_is_in_no_base():
    """A 100 advanced, B 100 unchanged, D 150 won before: 50 %."""
    book = [moved(deal("A"), 4), deal("B"), won(deal("D", 150), at=SPRING)]

    assert Fraction(1, 2) == ratios(book)[0]


# --- against the naive oracle ----------------------------------------------------------------


@given(ledgers(), BASES, AMOUNTS_AT)
def test_the_four_ratios_are_those_of_the_naive_sums(deals, base, amount_at):
    """Whatever the base and the amount."""
    moves = oracles.movements(deals, Q3)
    ways = {"base": base, "amount_at": amount_at}
    expected = [oracles.ratio(moves, kinds, **ways) for kinds in FOUR.values()]

    assert expected == ratios(deals, **ways)


def test_deals_without_money_have_a_base_but_no_ratio():
    """Part and whole are zero, n counts them, and nothing is divided by zero."""
    told = progress(quarter(moved(deal(amount=0), 4)))

    assert (yuan(0), yuan(0), None, 1) == (told.part, told.whole, told.ratio, told.n)


# --- invariants ------------------------------------------------------------------------------


@given(ledgers(), BASES, AMOUNTS_AT)
def test_invariant_12_the_four_ratios_make_exactly_one(deals, base, amount_at):
    """Each lies in [0, 1] and they sum to 1, as fractions, where there is money."""
    found = ratios(deals, base=base, amount_at=amount_at)

    assert found == [None] * 4 or sum(found) == 1
    assert all(0 <= ratio <= 1 for ratio in found if ratio is not None)
    assert all(type(ratio) is Fraction for ratio in found if ratio is not None)


@given(ledgers(), st.integers(1, 999), st.randoms(use_true_random=False), BASES, AMOUNTS_AT)
def test_invariant_13_neither_scale_nor_order_matters(deals, factor, draw, base, amount_at):
    """All amounts times k, in any order: the same ratios."""
    scaled = [repriced(deal, lambda minor: minor * factor) for deal in deals]
    draw.shuffle(scaled)
    ways = {"base": base, "amount_at": amount_at}

    assert ratios(deals, **ways) == ratios(scaled, **ways)


@given(ledgers(min_size=1), st.integers(1, 9), BASES, AMOUNTS_AT)
def test_invariant_14_splitting_a_deal_changes_no_ratio(deals, divisor, base, amount_at):
    """Two deals with the same path and amounts that add up weigh as much as one."""
    whole, *others = deals
    one = repriced(whole, lambda minor: minor // divisor, id="one half")
    other = repriced(whole, lambda minor: minor - minor // divisor, id="other half")
    ways = {"base": base, "amount_at": amount_at}

    assert ratios(deals, **ways) == ratios([*others, one, other], **ways)


@given(ledgers(), lives("worthless"), BASES, AMOUNTS_AT)
def test_invariant_15_a_deal_without_money_changes_nothing(deals, extra, base, amount_at):
    """Whatever becomes of it."""
    extra = repriced(extra, lambda minor: 0)
    ways = {"base": base, "amount_at": amount_at}

    assert ratios(deals, **ways) == ratios([*deals, extra], **ways)


@given(ledgers(), st.integers(1, 10**6), BASES, AMOUNTS_AT)
def test_invariant_16_an_unchanged_deal_never_raises_progress_or_churn(
    deals, amount, base, amount_at
):
    """It only makes the base larger."""
    ways = {"base": base, "amount_at": amount_at}
    before = ratios(deals, **ways)
    after = ratios([*deals, deal("still", amount)], **ways)

    assert after[0] <= (before[0] or 0)
    assert after[3] <= (before[3] or 0)


@given(ledgers())
def test_invariant_17_where_nothing_happens_nothing_moved(deals):
    """Progress and churn of a window without events are zero, or undefined without money."""
    moved_on, _, still, gone = ratios(deals, QUIET)

    assert (moved_on, still, gone) in {(0, 1, 0), (None, None, None)}


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8), st.integers(0, 999))))
def test_invariant_18_reversing_the_moves_swaps_advanced_and_regressed(moves):
    """The same way back: what was progress is regression, to the cent."""
    there = [moved(deal(f"{i}", money, a), b) for i, (a, b, money) in enumerate(moves)]
    back = [moved(deal(f"{i}", money, b), a) for i, (a, b, money) in enumerate(moves)]
    ahead, behind = quarter(*there), quarter(*back)

    assert progress(ahead).part == regressed(behind).part
    assert regressed(ahead).part == progress(behind).part
    assert unchanged(ahead) == unchanged(behind)


@given(ledgers(), BASES, AMOUNTS_AT)
def test_invariant_24_a_team_lies_between_its_members(deals, base, amount_at):
    """Ratio of the sums, so between the least and the greatest of the members' ratios."""
    moves = movements(deals, Q3, base=base, amount_at=amount_at)
    for figure in FOUR:
        team = figure(moves)
        members = [figure(part) for part in moves.by(lambda move: move.owner).values()]
        parts = [one.part.minor for one in members if one.part is not None]
        known = [one.ratio for one in members if one.ratio is not None]
        assert (team.part.minor if team.part else 0) == sum(parts)
        if team.ratio is not None:
            assert min(known) <= team.ratio <= max(known)


@given(ledgers(), owner_shares())
def test_the_team_is_the_sum_of_the_shares(deals, shares):
    """Split between three owners, part and whole still sum to those of the team."""
    moves = movements(deals, Q3)
    members = moves.by(lambda move: shares)

    if deals and moves:
        assert set(OWNERS) == set(members)
        for figure in FOUR:
            found = [figure(part) for part in members.values()]
            assert figure(moves).part == sum(one.part for one in found)
            assert figure(moves).whole == sum(one.whole for one in found)
