"""Movements by key: each in one group, or split between several by shares that sum to 1."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from books import yuan
from ledgers import Q3, deal, ledgers, lost, owner_shares, quarter
from salesflow.errors import InvalidValue, SalesflowError
from salesflow.metrics import Movements, churn, movements

SUMS = ("amount_before", "amount_after", "amount", "bad_debt")


@given(ledgers())
def test_grouping_by_owner_leaves_nobody_out_and_nobody_twice(deals):
    """Each movement is in the group of its owner, in the order of the book."""
    moves = movements(deals, Q3)
    groups = moves.by(lambda move: move.owner)

    assert Counter(m.id for m in moves) == Counter(m.id for part in groups.values() for m in part)
    for owner, part in groups.items():
        assert isinstance(part, Movements)
        assert [m for m in moves if m.owner == owner] == list(part)
        assert (moves.during, moves.base, moves.currency) == (part.during, part.base, part.currency)


@given(ledgers(min_size=1), owner_shares())
def test_the_parts_of_a_split_deal_sum_to_the_deal(deals, shares):
    """To the minor unit, in each of the four amounts, and the shares sum to 1."""
    moves = movements(deals, Q3)
    parts = [part for group in moves.by(lambda move: shares).values() for part in group]

    for move in moves:
        own = [part for part in parts if part.id == move.id]
        assert len(shares) == len(own)
        assert Fraction(1) == sum(part.share for part in own)
        for name in SUMS:
            assert getattr(move, name) == sum(getattr(part, name) for part in own)


def test_a_part_that_is_split_again_knows_its_share_of_the_whole():
    """Half of a third is a sixth."""
    moves = quarter(deal(amount=600)).by(lambda move: {"N": Fraction(1, 3), "S": Fraction(2, 3)})
    again = moves["N"].by(lambda move: {"R-1": Fraction(1, 2), "R-2": Fraction(1, 2)})

    assert (Fraction(1, 6), yuan(100)) == (again["R-1"][0].share, again["R-1"][0].amount)


@pytest.mark.parametrize(
    "shares",
    [
        {},
        {"R-1": Fraction(1, 2)},
        {"R-1": 1, "R-2": 1},
        {"R-1": 2, "R-2": -1},
        {"R-1": 1.0},
        {"R-1": True},
    ],
)
def test_shares_that_do_not_sum_to_one_are_refused(shares):
    """So are negative ones and floats."""
    with pytest.raises(InvalidValue):
        quarter(deal()).by(lambda move: shares)


@pytest.mark.parametrize("share", ["1", None, object()])
def test_shares_that_are_no_numbers_are_refused(share):
    """With an error of the library, not with Python's own."""
    with pytest.raises(SalesflowError):
        quarter(deal()).by(lambda move: {"R-1": share})


def test_decimal_shares_are_refused_or_taken_but_never_half_way():
    """Decimals that sum to 1 split the deal, or an error of the library says no."""
    half = Decimal("0.5")
    try:
        parts = quarter(deal()).by(lambda move: {"R-1": half, "R-2": half})
    except SalesflowError:
        return
    assert yuan(50) == parts["R-1"][0].amount


def test_a_ratio_of_a_part_is_the_part_of_its_own_base():
    """Churn of a rep who holds a quarter of a lost deal and all of an open one."""
    moves = quarter(lost(deal("A", 400)), deal("B", 100, owner="R-1"))
    quarters = {"R-1": Fraction(1, 4), "R-2": Fraction(3, 4)}
    parts = moves.by(lambda m: quarters if m.id == "A" else m.owner)

    assert Fraction(1, 2) == churn(parts["R-1"]).ratio
    assert Fraction(1) == churn(parts["R-2"]).ratio
