"""Between two snapshots only the difference is known, and a missing deal is a doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import metrics_oracles as oracles
from books import yuan
from ledgers import (
    AUGUST,
    EVE,
    JULY,
    LAST,
    Q3,
    SPRING,
    STAGE,
    deal,
    ledgers,
    lost,
    moved,
    won,
)
from salesflow.errors import CurrencyMismatch, DuplicateId, ForeignDeal, InvalidValue
from salesflow.findings import Severity
from salesflow.labels import LANGUAGES
from salesflow.metrics import Entered, MovementKind, bridge, churn, movements, movements_between
from salesflow.metrics.snapshots import REMARKS
from salesflow.money import Money


def snapshot(deals, at):
    """The deals as somebody saw them at an instant."""
    stood = [deal.as_of(at) for deal in deals]
    return [deal for deal in stood if deal is not None]


def by_id(moves):
    """The movements in the order of their ids."""
    return sorted(moves, key=lambda move: move.id)


def reopened_within(deal):
    """Whether the deal came back after a closing in the quarter."""
    stood = deal.as_of(EVE)
    within = [event for event in deal.trail if Q3.start <= event.at < Q3.end]
    closed = stood is not None and stood.status.name != "OPEN"
    for event in within:
        if closed and event.status.name == "OPEN":
            return True
        closed = event.status.name != "OPEN"
    return False


@given(ledgers(), st.sampled_from(["exposed", "opening"]), st.sampled_from(["latest", "opening"]))
def test_two_snapshots_agree_with_the_trails_where_no_deal_was_reopened(deals, base, amount_at):
    """Snapshots at the two ends of a quarter give the movements of the quarter."""
    deals = [deal for deal in deals if not reopened_within(deal)]
    ways = {"base": base, "amount_at": amount_at}
    told = movements(deals, Q3, **ways)
    between = movements_between(snapshot(deals, EVE), snapshot(deals, LAST), **ways)

    assert by_id(told) == by_id(between)
    assert between.findings == ()
    assert (None, base) == (between.during, between.base)


@given(ledgers())
def test_the_bridge_between_two_snapshots_balances(deals):
    """Start and end are what the two snapshots show, whoever was reopened."""
    before, after = snapshot(deals, EVE), snapshot(deals, LAST)
    figures = bridge(movements_between(before, after))

    assert oracles.balances(figures)
    assert oracles.open_amount(deals, EVE) == figures.start.minor
    assert oracles.open_amount(deals, LAST) == figures.end.minor


def test_a_deal_missing_afterwards_is_a_finding_and_not_a_loss():
    """It is kept as it was, and the finding names it in both languages."""
    moves = movements_between([deal("A"), deal("B")], [deal("A")])
    (finding,) = moves.findings

    assert [move.kind for move in moves] == [MovementKind.UNCHANGED] * 2
    assert churn(moves).ratio == 0
    assert (
        finding.key,
        finding.subject,
        finding.severity,
    ) == ("missing_afterwards", "B", Severity.WATCH)
    assert all(finding.text.text(tongue) and finding.advice.text(tongue) for tongue in LANGUAGES)


@pytest.mark.parametrize("close", [won, lost])
def test_a_closed_deal_that_is_missing_afterwards_is_no_doubt(close):
    """It had left the funnel before."""
    moves = movements_between([close(deal("A"), at=SPRING)], [])

    assert not moves
    assert moves.findings == ()


def test_a_new_deal_entered_where_its_own_trail_begins():
    """Created at stage 3, it moved to 5 between the two Mondays."""
    (move,) = movements_between([], [moved(deal(at=JULY), 5)])

    assert (move.entered, move.kind) == (Entered.CREATED, MovementKind.ADVANCED)
    assert STAGE[3] is move.stage_before


def test_a_deal_lost_before_and_open_now_was_reopened():
    """It entered where its trail shows it open again, as movements() has it."""
    before = lost(deal(), at=SPRING)
    after = moved(before.reopen(at=JULY, reason="asked again"), 4)
    (move,) = movements_between([before], [after])

    assert (move.entered, move.kind) == (Entered.REOPENED, MovementKind.ADVANCED)
    assert (STAGE[3], STAGE[4]) == (move.stage_before, move.stage_after)


@pytest.mark.parametrize("close", [won, lost])
def test_a_deal_reopened_and_closed_in_between_is_not_forgotten(close):
    """Lost on the first Monday, taken up and closed before the second."""
    before = lost(deal(), at=SPRING)
    after = close(before.reopen(at=JULY, reason="asked again"), at=AUGUST)
    (move,) = movements_between([before], [after])
    (same,) = movements([after], Q3)

    assert (move.entered, move.kind) == (same.entered, same.kind)


def test_a_snapshot_row_that_says_won_after_lost_entered_again():
    """Though nobody saw it open."""
    before, after = lost(deal(), at=SPRING), won(deal(stage=8), at=JULY)
    (move,) = movements_between([before], [after])

    assert (move.entered, move.kind) == (Entered.REOPENED, MovementKind.WON)


def test_a_deal_closed_in_both_is_not_exposed():
    """Nothing moved that anybody could see."""
    gone = lost(deal(), at=SPRING)

    assert not movements_between([gone], [gone])


def test_a_deal_won_or_lost_between_is_told_as_such():
    """Both left the funnel, through different doors."""
    before = [deal("A"), deal("B", stage=8)]
    moves = movements_between(before, [lost(before[0]), won(before[1])])

    assert [move.kind for move in moves] == [MovementKind.LOST, MovementKind.WON]


@pytest.mark.parametrize("side", ["before", "after"])
def test_each_snapshot_holds_a_deal_once(side):
    """A deal twice in one snapshot is refused; once in each is how it should be."""
    books = {"before": [deal("A")], "after": [deal("A")]}
    books[side].append(deal("A"))

    with pytest.raises(DuplicateId):
        movements_between(**books)


def test_two_currencies_in_or_across_snapshots_are_refused():
    """Also where the second one is only in the earlier snapshot."""
    usd = deal("B", Money("5", "USD"))

    for before, after in [([deal("A"), usd], []), ([], [deal("A"), usd]), ([usd], [deal("A")])]:
        with pytest.raises(CurrencyMismatch):
            movements_between(before, after)


def test_a_deal_that_changed_its_currency_between_snapshots_is_refused():
    """Its amounts before and after can't be compared."""
    with pytest.raises(CurrencyMismatch):
        movements_between([deal("A", Money("5", "USD"))], [deal("A", Money("5", "CNY"))])


def test_a_foreign_deal_is_refused_in_either_snapshot():
    """A snapshot is of one machine."""
    foreign = type(deal())(
        id="F", customer="H", owner="R", product="P", machine="general", trail=deal().trail
    )

    for before, after in [([foreign], []), ([], [foreign])]:
        with pytest.raises(ForeignDeal):
            movements_between(before, after)


def test_an_unknown_base_is_refused_between_snapshots_too():
    """As in `movements`."""
    with pytest.raises(InvalidValue):
        movements_between([], [], base="all")


def test_the_findings_of_snapshots_speak_both_languages_and_name_nobody():
    """The table has one row, without a place for a name."""
    assert [remark.key for remark in REMARKS] == ["missing_afterwards"]
    assert not any("{" in remark.text.text(tongue) for remark in REMARKS for tongue in LANGUAGES)


def test_two_mondays_tell_the_week():
    """A hand-made pair of weekly forms: progress 100, churn 50, of 250."""
    monday = [deal("A", 100), deal("B", 50), deal("C", 100)]
    next_monday = [moved(monday[0], 4), lost(monday[1]), monday[2]]
    moves = movements_between(monday, next_monday)

    assert (yuan(50), yuan(250)) == (churn(moves).part, churn(moves).whole)


def test_a_part_bears_the_doubts_about_its_own_deals_only():
    """Another owner's missing deal is not this owner's doubt."""
    ours, theirs = deal("A", owner="R-1"), deal("B", owner="R-2")
    moves = movements_between([ours, theirs], [ours])
    parts = moves.by(lambda move: move.owner)

    assert [finding.subject for finding in moves.findings] == ["B"]
    assert parts["R-1"].findings == ()
    assert parts["R-2"].findings == moves.findings
