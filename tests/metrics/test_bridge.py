"""The bridge leads from the money at the start to the money at the end, and always balances."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import metrics_oracles as oracles
from books import yuan
from ledgers import (
    AUGUST,
    CLOSE,
    EVE,
    JULY,
    LAST,
    Q3,
    SPRING,
    deal,
    ledgers,
    lost,
    moved,
    owner_shares,
    quarter,
    won,
)
from salesflow.metrics import Bridge, Tally, bridge, movements
from salesflow.money import NO_CURRENCY, Money

AMOUNTS = ("start", "created", "reopened", "raised", "lowered", "lost", "won", "end")
WAYS = st.fixed_dictionaries(
    {
        "base": st.sampled_from(["exposed", "opening"]),
        "amount_at": st.sampled_from(["latest", "opening"]),
    }
)


def told(figures: Bridge):
    """The eight amounts, in minor units."""
    return {name: getattr(figures, name).minor for name in AMOUNTS}


# --- laws ------------------------------------------------------------------------------------


@given(ledgers(), WAYS)
def test_the_bridge_always_balances(deals, ways):
    """Start + created + reopened + raised − lowered − lost − won = end."""
    assert oracles.balances(bridge(movements(deals, Q3, **ways)))


@given(ledgers(), WAYS)
def test_the_bridge_is_what_looking_at_the_deals_shows(deals, ways):
    """Start and end are the open money one tick before and at the last tick; the rest agrees."""
    figures = told(bridge(movements(deals, Q3, **ways)))

    assert oracles.open_amount(deals, EVE) == figures["start"]
    assert oracles.open_amount(deals, LAST) == figures["end"]
    assert oracles.bridge(deals, Q3) == figures
    assert min(figures.values()) >= 0


@given(ledgers(), WAYS)
def test_the_bridges_of_the_owners_balance_and_sum_to_that_of_the_team(deals, ways):
    """Each amount of the team is the sum of the owners'."""
    moves = movements(deals, Q3, **ways)
    parts = [bridge(part) for part in moves.by(lambda move: move.owner).values()]

    assert all(oracles.balances(part) for part in parts)
    for name, minor in told(bridge(moves)).items():
        assert minor == sum(told(part)[name] for part in parts)


@given(ledgers(), WAYS, owner_shares())
def test_the_bridges_of_shares_balance_and_sum_to_that_of_the_team(deals, ways, shares):
    """A part may be rounded up by a cent where the whole goes down, so changes sum only net."""
    moves = movements(deals, Q3, **ways)
    parts = [bridge(part) for part in moves.by(lambda move: shares).values()]
    team = told(bridge(moves))
    sums = {name: sum(told(part)[name] for part in parts) for name in AMOUNTS}

    assert all(oracles.balances(part) for part in parts)
    for name in set(AMOUNTS) - {"raised", "lowered"}:
        assert team[name] == sums[name]
    assert team["raised"] - team["lowered"] == sums["raised"] - sums["lowered"]


@given(ledgers())
def test_one_quarter_ends_where_the_next_starts(deals):
    """The end of a bridge is the start of the following one."""
    before, after = movements(deals, Q3), movements(deals, Q3.shift(1))

    assert bridge(before).end.minor == bridge(after).start.minor


@given(ledgers())
def test_the_months_of_a_quarter_lead_from_its_start_to_its_end(deals):
    """Three short bridges reach as far as one long one."""
    months = [bridge(movements(deals, month)) for month in Q3.months]
    whole = bridge(movements(deals, Q3))

    assert whole.start.minor == months[0].start.minor
    assert whole.end.minor == months[-1].end.minor
    assert [m.end.minor for m in months[:-1]] == [m.start.minor for m in months[1:]]


# --- by hand ---------------------------------------------------------------------------------


def test_each_pier_of_the_bridge():
    """One deal for each way in, each change and each way out."""
    book = [
        deal("stays", 100),
        deal("new", 20, at=JULY),
        lost(deal("back", 30), at=SPRING).reopen(at=JULY, reason="asked again"),
        deal("up", 40).revise(at=JULY, amount=yuan(45)),
        deal("down", 50).revise(at=JULY, amount=yuan(43)),
        lost(deal("lost", 60)),
        won(deal("won", 70)),
        won(deal("won before", 999), at=SPRING),
    ]
    figures = {name: minor // 100 for name, minor in told(bridge(quarter(*book))).items()}

    assert figures == {
        "start": 320,
        "created": 20,
        "reopened": 30,
        "raised": 5,
        "lowered": 7,
        "lost": 60,
        "won": 70,
        "end": 238,
    }


@pytest.mark.parametrize("leave", [won, lost])
def test_a_deal_leaves_with_the_amount_last_known(leave):
    """Raised from 100 to 130 and then closed: it takes 130 away."""
    figures = bridge(quarter(leave(deal().revise(at=JULY, amount=yuan(130)))))

    assert yuan(30) == figures.raised
    assert yuan(130) == figures.won + figures.lost
    assert yuan(0) == figures.end


def test_moving_along_the_stages_changes_no_money():
    """A deal that only advanced is at both ends with the same amount."""
    figures = bridge(quarter(moved(deal(), 6)))

    assert (yuan(100), yuan(100)) == (figures.start, figures.end)


def test_a_bridge_over_nothing_is_all_zero():
    """In ISO's "no currency", and it balances."""
    figures = bridge(quarter())

    assert {Money.of_minor(0, NO_CURRENCY)} == {getattr(figures, name) for name in AMOUNTS}
    assert oracles.balances(figures)


def test_slipped_and_pulled_in_closes_are_told_by_name():
    """They change no amount; what was never dated, or is dated no longer, is neither."""
    later, sooner = date(2026, 10, 1), date(2026, 8, 20)
    book = [
        deal("late", 10).revise(at=JULY, expected_close=later),
        deal("soon", 20).revise(at=JULY, expected_close=sooner),
        deal("there and back", 40)
        .revise(at=JULY, expected_close=later)
        .revise(at=AUGUST, expected_close=CLOSE),
        deal("cleared", 80).revise(at=JULY, expected_close=None),
        deal("dated", 160, close=None).revise(at=JULY, expected_close=later),
        deal("never dated", 320, close=None),
        won(deal("won late", 640).revise(at=JULY, expected_close=later)),
        lost(deal("lost late", 640).revise(at=JULY, expected_close=sooner)),
    ]
    figures = bridge(quarter(*book))

    assert Tally(n=1, amount=yuan(10), ids=("late",)) == figures.slipped
    assert Tally(n=1, amount=yuan(20), ids=("soon",)) == figures.pulled_in


def test_a_slipped_deal_is_told_with_its_latest_amount():
    """As everything else at the end."""
    late = deal().revise(at=JULY, amount=yuan(80), expected_close=date(2026, 10, 1))

    assert yuan(80) == bridge(quarter(late)).slipped.amount


@given(ledgers())
def test_no_deal_both_slipped_and_was_pulled_in(deals):
    """And both are open at the end."""
    moves = movements(deals, Q3)
    figures = bridge(moves)
    still = {move.id for move in moves if move.is_open}

    assert set(figures.slipped.ids).isdisjoint(figures.pulled_in.ids)
    assert still >= {*figures.slipped.ids, *figures.pulled_in.ids}
