"""Conversion counts deals, not rows of a log, and an open deal is unfinished, not failed."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given

import metrics_oracles as oracles
from books import GENERAL, Phase, new_deal, yuan
from ledgers import (
    AUGUST,
    JULY,
    Q3,
    SPRING,
    STAGE,
    deal,
    ledgers,
    lost,
    moved,
    quarter,
    won,
)
from salesflow.errors import ForeignDeal
from salesflow.funnel import Opportunity, Status
from salesflow.metrics import conversion, movements, movements_between
from salesflow.ratios import Rate

NAMES = ("entered", "advanced", "lost", "regressed", "unfinished")


def row(figures, number):
    """What became of the deals at stage `number`, as five counts."""
    return tuple(getattr(figures.stages[STAGE[number]], name) for name in NAMES)


def told(*deals):
    """The conversion of these deals in the quarter."""
    return conversion(quarter(*deals))


# --- laws ------------------------------------------------------------------------------------


@given(ledgers())
def test_conversion_is_what_counting_each_deal_by_hand_gives(deals):
    """Per stage, each deal once."""
    figures = conversion(movements(deals, Q3))
    found = {
        stage: tuple(getattr(one, name) for name in NAMES) for stage, one in figures.stages.items()
    }

    assert oracles.conversion(deals, Q3) == found


@given(ledgers())
def test_at_every_stage_each_deal_has_one_fate(deals):
    """Entered = advanced + lost + regressed + unfinished, and no rate passes 1."""
    for one in conversion(movements(deals, Q3)).stages.values():
        assert one.entered == one.advanced + one.lost + one.regressed + one.unfinished
        assert min(one.advanced, one.lost, one.regressed, one.unfinished) >= 0
        assert one.rate.ratio is None or 0 <= one.rate.ratio <= 1
        assert one.rate.n == one.advanced + one.lost


@given(ledgers())
def test_every_exposed_deal_has_one_end(deals):
    """The ends over all stages, a fall being none, are as many as the movements; in order."""
    moves = movements(deals, Q3)
    figures = conversion(moves)
    rows = figures.stages.values()
    ends = sum(one.lost + one.unfinished for one in rows)

    assert len(moves) == ends + figures.won_of_decided.hits
    assert [stage for stage in STAGE.values() if stage in figures.stages] == list(figures.stages)


@given(ledgers())
def test_the_win_rate_of_the_due_is_never_the_higher_one(deals):
    """Both count the same wins; the due only add to the base."""
    figures = conversion(movements(deals, Q3))

    assert figures.won_of_decided.hits == figures.won_of_due.hits
    assert figures.won_of_decided.n <= figures.won_of_due.n


# --- by hand ---------------------------------------------------------------------------------


def test_a_deal_that_came_back_to_a_stage_is_counted_once():
    """Lead, qualified, lead, qualified: a log of events says 200 %, one deal of one is true."""
    figures = told(moved(deal(stage=2), 3, 2, 3))

    assert row(figures, 2) == (1, 1, 0, 0, 0)
    assert Rate(1, 1) == figures.stages[STAGE[2]].rate


def test_open_deals_are_unfinished_and_not_failures():
    """4 of 10 went on, 2 were lost, 4 still stand there: 67 % of the decided, not 40 %."""
    book = [moved(deal(f"on {i}"), 4) for i in range(4)]
    book += [lost(deal(f"lost {i}")) for i in range(2)]
    book += [deal(f"open {i}") for i in range(4)]
    figures = told(*book)

    assert row(figures, 3) == (10, 4, 2, 0, 4)
    assert Rate(4, 6) == figures.stages[STAGE[3]].rate
    assert str(figures.stages[STAGE[3]].rate) == "66.7% (n=6)"


def test_lost_deals_are_in_the_conversion_of_the_stages_they_passed():
    """No survivors only: who climbed from 3 to 5 and was lost there converted twice and failed."""
    figures = told(lost(moved(deal(), 5)))

    assert (1, 1, 0, 0, 0) == row(figures, 3) == row(figures, 4)
    assert row(figures, 5) == (1, 0, 1, 0, 0)


def test_the_first_stage_is_counted_though_nothing_leads_to_it():
    """A deal opened at stage 1 stood there."""
    assert row(told(moved(deal(stage=1), 2)), 1) == (1, 1, 0, 0, 0)


def test_a_stage_that_was_skipped_counts_as_passed():
    """An imported deal went from 2 to 5 between two sightings."""
    seen = [(SPRING, STAGE[2]), (AUGUST, STAGE[5])]
    rest = {"customer": "H", "owner": "R", "product": "P", "amount": yuan(5)}
    figures = told(Opportunity.from_history(id="A", events=seen, **rest))

    assert (1, 1, 0, 0, 0) == row(figures, 2) == row(figures, 3) == row(figures, 4)
    assert row(figures, 5) == (1, 0, 0, 0, 1)


def test_a_won_deal_advanced_from_every_stage_it_stood_at():
    """Also from the last one."""
    figures = told(won(deal(stage=7)))

    assert (1, 1, 0, 0, 0) == row(figures, 7) == row(figures, 8)


def test_a_deal_that_went_back_is_told_where_it_left_and_where_it_stands():
    """Regressed is neither a success nor a failure of the rate."""
    figures = told(moved(deal(stage=5), 3))

    assert row(figures, 5) == (1, 0, 0, 1, 0)
    assert row(figures, 3) == (1, 0, 0, 0, 1)
    assert [STAGE[3], STAGE[5]] == list(figures.stages)
    assert Rate(0, 0) == figures.stages[STAGE[5]].rate
    assert None is figures.stages[STAGE[5]].rate.ratio


def test_a_deal_that_fell_and_was_lost_is_lost_where_it_fell_to():
    """It was closed from there."""
    figures = told(lost(moved(deal(stage=5), 3)))

    assert row(figures, 3) == (1, 0, 1, 0, 0)
    assert row(figures, 5) == (1, 0, 0, 1, 0)


def test_a_stage_at_which_nobody_stood_is_left_out():
    """And no deals, no stages."""
    assert [STAGE[3]] == list(told(deal()).stages)
    assert dict(told().stages) == {}


def test_the_win_rate_comes_in_two_readings():
    """2 won, 1 lost, 1 open past its close, 1 open and undated: 2 of 3 decided, 2 of 4 due."""
    book = [
        won(deal("A")),
        won(deal("B")),
        lost(deal("C")),
        deal("D", close=date(2026, 8, 1)),
        deal("E", close=None),
    ]
    figures = told(*book)

    assert Rate(2, 3) == figures.won_of_decided
    assert Rate(2, 4) == figures.won_of_due


@pytest.mark.parametrize(("close", "due"), [(Q3.after - timedelta(1), 1), (Q3.after, 0)])
def test_a_deal_is_due_once_its_expected_close_is_over(close, due):
    """On the last day of the period it is over at its end; the day after it is not."""
    assert Rate(0, due) == told(deal(close=close)).won_of_due


def test_the_day_on_which_a_deal_is_due_may_be_given():
    """In a running quarter only what was expected before that day should have been decided."""
    moves = quarter(deal("A", close=date(2026, 8, 9)), deal("B", close=date(2026, 8, 10)))

    assert conversion(moves, due=date(2026, 8, 10)).won_of_due == Rate(0, 1)
    assert conversion(moves, due=date(2026, 8, 11)).won_of_due == Rate(0, 2)


def test_a_won_deal_passed_every_stage_that_another_system_skipped():
    """Seen at stage 4 and then won: it went through 5 to 8 as well."""
    seen = [(SPRING, STAGE[4]), (AUGUST, Status.WON)]
    rest = {"customer": "H", "owner": "R", "product": "P", "amount": yuan(5)}
    figures = told(Opportunity.from_history(id="A", events=seen, **rest))

    assert [row(figures, n) for n in range(4, 9)] == [(1, 1, 0, 0, 0)] * 5


def test_without_a_decision_there_is_no_win_rate():
    """None, never zero."""
    figures = told(deal(close=None))

    assert None is figures.won_of_decided.ratio
    assert None is figures.won_of_due.ratio


def test_between_two_snapshots_nobody_knows_what_was_due():
    """There is no period, so only the decided are told."""
    before = [deal("A"), deal("B")]
    figures = conversion(movements_between(before, [won(before[0]), lost(before[1])]))

    assert Rate(1, 2) == figures.won_of_decided
    assert None is figures.won_of_due


def test_a_deal_may_be_won_in_its_first_instant():
    """Opened and won within the window, from the stage it was opened at."""
    assert row(told(won(deal(stage=8, at=JULY), at=JULY)), 8) == (1, 1, 0, 0, 0)


def test_conversion_of_a_pipeline_of_ones_own():
    """Its stages in its own order; figures of another machine are refused."""
    book = [new_deal("A", stage=Phase.CONTACT, at=SPRING, machine=GENERAL)]
    moves = quarter(*book, machine=GENERAL)

    assert list(conversion(moves, machine=GENERAL).stages) == [Phase.CONTACT]
    with pytest.raises(ForeignDeal):
        conversion(moves)


def test_every_rate_tells_how_many_stand_behind_it():
    """N and an interval come with every rate, and the interval holds the rate."""
    rate = told(*[moved(deal(f"{i}"), 4) for i in range(7)]).stages[STAGE[3]].rate
    low, high = rate.interval

    assert rate.n == 7
    assert low < Fraction(1) <= high + 1e-9
