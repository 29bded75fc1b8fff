"""A movement is one deal exposed in a period: how it entered, how it stood at the end."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import metrics_oracles as oracles
from books import GENERAL, Phase, new_deal, yuan
from ledgers import (
    AUGUST,
    EVE,
    JULY,
    LAST,
    OWNERS,
    Q3,
    SEPTEMBER,
    SPRING,
    STAGE,
    TICK,
    deal,
    ledgers,
    lost,
    moved,
    on,
    quarter,
    won,
)
from salesflow.errors import CurrencyMismatch, InvalidValue
from salesflow.funnel import LossReason, Status
from salesflow.metrics import Entered, MovementKind, movements
from salesflow.money import NO_CURRENCY, Money

SUMS = ("amount_before", "amount_after", "amount", "outstanding")


def the_one(*deals, **rest):
    """The only movement of these deals."""
    (move,) = quarter(*deals, **rest)
    return move


# --- against the naive oracle ----------------------------------------------------------------


@given(ledgers())
def test_movements_are_what_replaying_each_deal_shows(deals):
    """Kind, entry, stages, amounts and closes agree with looking at each deal twice."""
    told, looked = movements(deals, Q3), oracles.movements(deals, Q3)

    assert [m.id for m in told] == [m.deal.id for m in looked]
    for move, seen in zip(told, looked, strict=True):
        before, after = seen.before, seen.after
        assert (move.entered.value, move.kind.value) == (seen.entered, seen.kind)
        assert (move.stage_before, move.stage_after) == (before.stage, after.stage)
        assert (move.amount_before.minor, move.amount_after.minor) == (before.amount, after.amount)
        assert (move.close_before, move.close_after) == (before.close, after.close)
        owed = after.amount - after.collected if seen.kind == "lost" and after.collected else 0
        assert move.bad_debt.minor == owed


@given(ledgers(), st.sampled_from(["latest", "opening"]))
def test_the_amount_that_counts_is_one_of_two(deals, amount_at):
    """`amount_at` chooses between the latest amount and that at the entry (F10)."""
    for move in movements(deals, Q3, amount_at=amount_at):
        chosen = move.amount_after if amount_at == "latest" else move.amount_before
        assert chosen == move.amount


def test_a_movement_tells_who_and_what():
    """Id, owner, customer and product are those of the deal."""
    move = the_one(deal("D-7", owner="R-5", customer="H-8", product="CLIA-1"))

    assert (move.id, move.owner, move.customer, move.product) == ("D-7", "R-5", "H-8", "CLIA-1")
    assert Fraction(1) == move.share


# --- what is exposed -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "entered"),
    [
        (EVE, Entered.OPENING),
        (Q3.start, Entered.CREATED),
        (LAST, Entered.CREATED),
        (Q3.end, None),
    ],
)
def test_an_opening_at_the_start_belongs_to_the_period_and_one_at_the_end_does_not(opened, entered):
    """Periods are half-open, to the microsecond."""
    found = [move.entered for move in quarter(deal(at=opened))]

    assert [entered] * (entered is not None) == found


@pytest.mark.parametrize(
    ("at", "kinds"),
    [
        (EVE, []),
        (Q3.start, [MovementKind.LOST]),
        (LAST, [MovementKind.LOST]),
        (Q3.end, [MovementKind.UNCHANGED]),
    ],
)
def test_a_loss_at_the_start_belongs_to_the_period_and_one_at_the_end_does_not(at, kinds):
    """A deal lost one tick earlier left the funnel before; at the end it is still open."""
    assert kinds == [move.kind for move in quarter(lost(deal(), at=at))]


def test_a_win_at_half_past_eleven_in_shanghai_belongs_to_the_quarter():
    """23:30 on the last day counts there, though it is 15:30 in London."""
    late = won(deal(), at=on(9, 30, 23, 30))
    after_midnight = won(deal("B"), at=on(10, 1, 0, 0))

    assert [move.kind for move in quarter(late, after_midnight)] == [
        MovementKind.WON,
        MovementKind.UNCHANGED,
    ]


def test_deals_closed_before_are_not_exposed():
    """What left the funnel in an earlier period is in no base (F9)."""
    assert not quarter(won(deal("A"), at=SPRING), lost(deal("B"), at=SPRING))


def test_cash_after_the_win_exposes_nobody():
    """An instalment on a deal that was won before is no movement."""
    paid = won(deal(), at=SPRING, paid=False).collect(yuan(40), at=AUGUST)

    assert not quarter(paid)


def test_no_deals_make_no_movements():
    """An empty book is an empty sequence, without a currency."""
    moves = quarter()

    assert (len(moves), bool(moves), moves.currency) == (0, False, NO_CURRENCY)


# --- what became of a deal -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("life", "kind"),
    [
        (lambda d: moved(d, 4), MovementKind.ADVANCED),
        (lambda d: moved(d, 5), MovementKind.ADVANCED),
        (lambda d: moved(d, 2), MovementKind.REGRESSED),
        (lambda d: moved(d, 4, 3), MovementKind.UNCHANGED),
        (lambda d: moved(d, 2, 3), MovementKind.UNCHANGED),
        (lambda d: moved(d, 2, 4), MovementKind.ADVANCED),
        (lambda d: d.hold(at=AUGUST, reason="budget frozen"), MovementKind.UNCHANGED),
        (won, MovementKind.WON),
        (lambda d: lost(moved(d, 4)), MovementKind.LOST),
        (lambda d: lost(d).reopen(at=SEPTEMBER, reason="asked again"), MovementKind.UNCHANGED),
        (lambda d: moved(lost(d).reopen(at=AUGUST, reason="again"), 4), MovementKind.ADVANCED),
    ],
)
def test_stages_are_compared_net_and_the_end_decides(life, kind):
    """Up and back is no movement, two stages are one, and lost goes before all (F5 to F7)."""
    assert kind is the_one(life(deal())).kind


def test_a_deal_won_after_a_loss_is_won():
    """Its state at the end of the window decides."""
    again = lost(deal(stage=8), at=JULY).reopen(at=AUGUST, reason="asked again")

    assert MovementKind.WON is the_one(won(again, at=SEPTEMBER)).kind


def test_a_deal_created_and_advanced_in_the_window_moved_from_where_it_was_created():
    """F14: it counts as moved down from its creation stage."""
    move = the_one(moved(deal(at=JULY), 5))

    assert (move.entered, move.kind) == (Entered.CREATED, MovementKind.ADVANCED)
    assert (STAGE[3], (STAGE[4], STAGE[5])) == (move.stage_before, move.passed)


def test_a_deal_lost_before_and_reopened_within_enters_again():
    """It enters with the stage and amount it is reopened with."""
    before = lost(moved(deal(stage=5), 6, at=SPRING), at=SPRING)
    move = the_one(before.reopen(at=JULY, reason="asked again", to=STAGE[4]))

    assert (Entered.REOPENED, STAGE[4]) == (move.entered, move.stage_before)
    assert MovementKind.UNCHANGED is move.kind


def test_a_deal_reopened_in_the_window_may_be_lost_again_in_it():
    """It entered again and was lost: churn of this period."""
    before = lost(deal(), at=SPRING).reopen(at=JULY, reason="asked again")

    assert MovementKind.LOST is the_one(lost(before, at=AUGUST)).kind


def test_passed_names_the_stages_entered_on_the_way_down_only():
    """None where the deal did not climb, and the stage it stood at is none of them."""
    assert (STAGE[4], STAGE[5]) == the_one(moved(deal(), 5)).passed
    assert the_one(moved(deal(), 2)).passed == ()
    assert the_one(moved(deal(), 4, 3)).passed == ()


def test_a_lost_deal_tells_why_and_to_whom():
    """Reason and competitor are those of the loss; an open deal has none."""
    move = the_one(lost(deal(), LossReason.CHOSE_COMPETITOR, competitor="X"))

    assert (move.loss, move.competitor) == (LossReason.CHOSE_COMPETITOR, "X")
    assert (the_one(deal()).loss, the_one(deal()).competitor) == (None, "")


def test_only_the_won_and_the_lost_are_no_longer_open():
    """`is_open` is what the bridge's end is made of."""
    moves = quarter(deal("A"), moved(deal("B"), 4), moved(deal("C"), 2), won(deal("D")))

    assert [move.is_open for move in moves] == [True, True, True, False]
    assert not the_one(lost(deal())).is_open


def test_what_happens_after_the_period_is_not_known_in_it():
    """A period reads the same before and after the deal went on."""
    now = moved(deal(), 4).revise(at=AUGUST, amount=yuan(80), expected_close=date(2026, 9, 1))
    later = won(now.revise(at=on(11, 1), amount=yuan(500)), at=on(11, 2))

    assert quarter(now) == quarter(later)


# --- base ------------------------------------------------------------------------------------


def test_the_base_counts_all_or_only_the_opening():
    """Every exposed deal stays in the sequence; `counted` is the base of ratios (F8)."""
    deals = [deal("A"), deal("B", at=JULY), lost(deal("C"), at=SPRING)]
    deals[2] = deals[2].reopen(at=JULY, reason="asked again")

    assert [move.id for move in quarter(*deals).counted] == ["A", "B", "C"]
    assert [move.id for move in quarter(*deals, base="opening").counted] == ["A"]
    assert len(quarter(*deals, base="opening")) == 3


def test_movements_are_a_sequence():
    """They are indexed, sliced, searched and counted as any sequence."""
    moves = quarter(deal("A"), deal("B"), deal("C"))

    assert moves[1].id == "B"
    assert [move.id for move in moves[1:]] == ["B", "C"]
    assert moves[2] in moves
    assert [move.id for move in reversed(moves)] == ["C", "B", "A"]


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["base", "amount_at"])
@pytest.mark.parametrize("value", ["all", "", None, 1, b"latest", [], {}])
def test_an_unknown_base_or_amount_is_refused(name, value):
    """The text says what can be passed."""
    with pytest.raises(InvalidValue, match=f"^{name} is unknown; pass one of: "):
        quarter(**{name: value})


def test_a_pipeline_of_ones_own_moves_along_its_own_path():
    """Stages, kinds and passed stages are read from the machine that is passed."""
    first = new_deal("A", stage=Phase.CONTACT, at=SPRING, machine=GENERAL)
    seen = [(SPRING, Phase.CONTACT), (AUGUST, Phase.RECOMMEND)]
    rest = {"customer": "H", "owner": "R", "product": "P", "amount": yuan(5), "machine": GENERAL}
    skipping = type(first).from_history(id="B", events=seen, **rest)
    moves = quarter(first, skipping, machine=GENERAL)

    assert [move.kind for move in moves] == [MovementKind.UNCHANGED, MovementKind.ADVANCED]
    assert moves[1].passed == (Phase.NEEDS, Phase.RECOMMEND)
    assert moves.machine == "general"


def test_an_imported_deal_may_come_back_after_a_win():
    """Observed history goes on after its end: it enters again, and its last state decides."""
    seen = [(SPRING, STAGE[8]), (SPRING + TICK, Status.WON), (JULY, STAGE[7])]
    rest = {"customer": "H", "owner": OWNERS[0], "product": "P", "amount": yuan(5)}
    move = the_one(type(deal()).from_history(id="A", events=seen, **rest))

    assert (move.entered, move.kind) == (Entered.REOPENED, MovementKind.UNCHANGED)


def test_movements_of_two_currencies_are_not_put_together():
    """Not even by hand, past the book."""
    ours = movements([deal("A")], Q3)
    theirs = movements([deal("B", amount=Money(1, "USD"))], Q3)

    with pytest.raises(CurrencyMismatch):
        evolve(ours, items=(*ours.items, *theirs.items))
