"""The analysis of two weeks' forms says what moved, and agrees with the review."""

from __future__ import annotations

import pickle
from datetime import date
from fractions import Fraction

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import GENERAL, Phase, lives, new_deal, yuan
from daily_logs import SECRET
from salesflow.conduct.weekly import WeeklyForm
from salesflow.conduct.weekly_analysis import deals_of, weekly_analysis
from salesflow.conduct.weekly_filling import weekly_form
from salesflow.conduct.weekly_row import WeeklyRow
from salesflow.errors import CurrencyMismatch, DuplicateId, InvalidValue, SalesflowError
from salesflow.funnel import LossReason, Opportunity, Stage, Status
from salesflow.metrics import (
    Entered,
    MovementKind,
    churn,
    forecast,
    movements,
    progress,
    regressed,
    unchanged,
)
from salesflow.money import Money
from salesflow.periods import Quarter, Week

WEEK = Week(2026, 29, tz="Asia/Shanghai")
LATER = WEEK.shift(1)


def row(deal="D-1", stage=Stage.TRUST_BUILDING, *, amount=100, **rest):
    """A row of which only the stage and the amount matter."""
    return WeeklyRow(
        deal=deal, customer="H-3", product="CLIA-900", amount=yuan(amount), stage=stage, **rest
    )


def form(*rows, week=WEEK, person="R-9"):
    return WeeklyForm(week=week, person=person, rows=rows)


def moved(before, after):
    """What became of each deal between two lists of rows."""
    table = weekly_analysis([form(*before)], [form(*after, week=LATER)])
    return [(move.id, move.entered, move.kind) for move in table.moves]


OPENING, CREATED, REOPENED = Entered
ADVANCED, WON, REGRESSED, LOST, UNCHANGED = MovementKind


# --- what moved ------------------------------------------------------------------------------


def test_two_forms_give_the_three_ratios_and_the_bridge():
    """100 of 400 moved on, 200 were lost; a new deal came in."""
    before = form(row("D-1"), row("D-2", amount=200))
    after = [
        row("D-1", Stage.NEEDS_DISCOVERY, amount=150),
        row("D-2", amount=200, status="lost", loss="other"),
        row("D-3", amount=50),
    ]
    table = weekly_analysis([before], [form(*after, week=LATER)])

    assert table.progress.ratio == Fraction(150, 400)
    assert table.churn.ratio == Fraction(200, 400)
    assert (table.regressed.ratio, table.unchanged.ratio) == (0, Fraction(50, 400))
    assert (table.bridge.start, table.bridge.created, table.bridge.raised) == (
        yuan(300),
        yuan(50),
        yuan(50),
    )
    assert table.bridge.end == yuan(200)
    assert table.findings == ()


@pytest.mark.parametrize(
    ("stage", "rest", "kind"),
    [
        (Stage.NEEDS_DISCOVERY, {}, ADVANCED),
        (Stage.TARGET_GROUP, {}, REGRESSED),
        (Stage.TRUST_BUILDING, {}, UNCHANGED),
        (Stage.TRUST_BUILDING, {"status": "won"}, WON),
        (Stage.NEEDS_DISCOVERY, {"status": "lost", "loss": "disqualified"}, LOST),
    ],
)
def test_a_deal_moves_as_its_rows_say(stage, rest, kind):
    """Whether the later row says where it came from or not; the earlier form is believed."""
    for previous in (None, Stage.TRUST_BUILDING):
        after = row("D-1", stage, previous=previous, **rest)
        assert moved([row()], [after]) == [("D-1", OPENING, kind)]


def test_a_new_deal_moves_from_the_stage_with_which_it_came_in():
    fresh = row("D-2", Stage.NEEDS_DISCOVERY, previous=Stage.TARGET_GROUP)

    assert moved([], [fresh]) == [("D-2", CREATED, ADVANCED)]
    assert moved([], [row("D-2")]) == [("D-2", CREATED, UNCHANGED)]


def test_a_lost_deal_that_is_taken_up_again_enters_again():
    """From the stage the later form names; one that is only carried along moves no more."""
    lost = row(status="lost", loss="other")
    again = row("D-1", Stage.NEEDS_DISCOVERY, previous=Stage.TRUST_BUILDING)

    assert moved([lost], [again]) == [("D-1", REOPENED, ADVANCED)]
    assert moved([lost], [row()]) == [("D-1", REOPENED, UNCHANGED)]
    assert moved([lost], [lost]) == []


def test_a_deal_that_is_no_longer_on_the_form_is_a_doubt_and_no_loss():
    table = weekly_analysis([form(row())], [form(week=LATER)])

    assert [(f.key, f.subject) for f in table.findings] == [("missing_afterwards", "D-1")]
    assert table.churn.ratio == 0
    assert weekly_analysis([form(row())], []).findings == table.findings


def test_a_team_is_analysed_together():
    """A deal that changed hands moves like any other, for its new owner."""
    before = [form(row(), person="R-1"), form(row("D-2"))]
    after = [
        form(row("D-2"), person="R-1", week=LATER),
        form(row("D-1", Stage.NEEDS_DISCOVERY), week=LATER),
    ]
    parts = weekly_analysis(before, after).moves.by(lambda move: move.owner)

    assert progress(parts["R-9"]).ratio == 1
    assert progress(parts["R-1"]).ratio == 0


def test_a_company_analyses_its_own_machine():
    before = form(row(stage=Phase.CONTACT))
    after = form(row(stage=Phase.NEEDS), week=LATER)

    assert weekly_analysis([before], [after], machine=GENERAL).progress.ratio == 1
    with pytest.raises(InvalidValue, match="stage"):
        weekly_analysis([before], [after])


def test_no_forms_have_no_ratio():
    table = weekly_analysis([], [])

    assert (table.progress.ratio, table.churn.ratio, len(table.moves)) == (None, None, 0)


# --- it agrees with the review ---------------------------------------------------------------


def renamed(deal, id):
    return Opportunity(
        id=id, customer="H-3", owner="R-9", product="P", trail=deal.trail, machine=deal.machine
    )


@given(st.lists(lives(max_steps=8), max_size=2), st.integers(0, 8))
def test_the_forms_give_the_ratios_that_the_deals_give(deals, weeks):
    """Stage for stage and to the cent, for deals whatever happened to them."""
    book = [renamed(deal, f"D-{n}") for n, deal in enumerate(deals)]
    week = Week(2026, 26, tz="Asia/Shanghai").shift(weeks)
    before, after = (weekly_form(book, [], one, "R-9") for one in (week, week.shift(1)))
    table, truth = weekly_analysis([before], [after]), movements(book, week.shift(1))

    def told(moves):
        return [
            (m.id, m.kind, m.stage_before, m.stage_after, m.passed, m.amount, m.loss) for m in moves
        ]

    assert told(table.moves) == told(truth)
    assert (table.progress, table.churn) == (progress(truth), churn(truth))
    assert (table.regressed, table.unchanged) == (regressed(truth), unchanged(truth))
    assert table.findings == ()


# --- deals of forms --------------------------------------------------------------------------


def test_the_deals_of_a_form_are_forecast_like_others():
    """Weighted 10 % of 100 and 20 % of 200."""
    close = date(2026, 9, 1)
    rows = [
        row(expected_close=close),
        row("D-2", Stage.NEEDS_DISCOVERY, amount=200, expected_close=close),
    ]
    deals = deals_of([form(*rows)])

    assert [deal.owner for deal in deals] == ["R-9", "R-9"]
    assert forecast(deals, yuan(1000), Quarter(2026, 3)).weighted == yuan(50)


def test_each_form_adds_what_it_saw():
    """The deals of the last week, with the amounts and days of the weeks before."""
    first = row(amount=100, previous=Stage.TARGET_GROUP)
    second = row("D-1", Stage.NEEDS_DISCOVERY, amount=70, status="lost", loss="chose_competitor")
    (deal,) = deals_of([form(second, week=LATER), form(first, row("D-2"))])

    stages = [event.target for event in deal.trail]
    assert stages == [Stage.TARGET_GROUP, Stage.TRUST_BUILDING, Stage.NEEDS_DISCOVERY]
    assert deal.trail[0].amount == deal.as_of(WEEK.end).amount == yuan(100)
    assert (deal.amount, deal.status) == (yuan(70), Status.LOST)
    assert deal.loss_reason is LossReason.CHOSE_COMPETITOR
    assert deal.opened_at == pendulum.datetime(2026, 7, 13, tz="Asia/Shanghai")
    assert all(event.observed for event in deal.trail)


def test_no_forms_have_no_deals():
    assert deals_of([]) == ()


# --- what is refused -------------------------------------------------------------------------


def test_weeks_are_passed_in_their_order():
    one, next_one = form(row()), form(row(), week=LATER)

    for before, after in (([next_one], [one]), ([one], [one])):
        with pytest.raises(InvalidValue, match="after are not of a later week"):
            weekly_analysis(before, after)
    with pytest.raises(InvalidValue, match="before are of several weeks"):
        weekly_analysis([one, next_one], [])
    with pytest.raises(InvalidValue, match="after are of several weeks"):
        weekly_analysis([], [one, next_one])


def test_a_deal_stands_on_one_form_of_a_week():
    """Whether in the earlier or in the later one."""
    twice = [form(row()), form(row(), person="R-1")]

    with pytest.raises(DuplicateId, match="D-1"):
        deals_of(twice)
    with pytest.raises(DuplicateId, match="D-1"):
        weekly_analysis(twice, [form(week=LATER)])
    with pytest.raises(DuplicateId, match="D-1"):
        deals_of([*twice, form(week=LATER)])


def test_money_of_two_currencies_is_not_compared():
    dollars = WeeklyRow(
        deal="D-2",
        customer="H-3",
        product="P",
        amount=Money(9, "USD"),
        stage=Stage.TARGET_GROUP,
    )

    with pytest.raises(CurrencyMismatch):
        weekly_analysis([form(row())], [form(dollars, week=LATER)])


def test_an_analysis_is_a_value():
    table = weekly_analysis([form(row())], [form(row(), week=LATER)])

    assert pickle.loads(pickle.dumps(table)) == table
    assert hash(table) == hash(pickle.loads(pickle.dumps(table)))


@pytest.mark.parametrize(
    ("ask", "box", "bad"),
    [
        *[(weekly_analysis, "before", bad) for bad in (SECRET, 7, None, [SECRET], [new_deal()])],
        *[(weekly_analysis, "after", bad) for bad in (SECRET, 7, None, [SECRET], [None])],
        *[(weekly_analysis, "machine", bad) for bad in (SECRET, 7, None)],
        *[(deals_of, "forms", bad) for bad in (SECRET, 7, None, [SECRET], form())],
    ],
)
def test_what_is_no_analysis_is_refused(ask, box, bad):
    given_ = {"forms": []} if ask is deals_of else {"before": [], "after": []}
    with pytest.raises(SalesflowError) as refused:
        ask(**(given_ | {box: bad}))

    assert refused.value.field == box
    assert SECRET not in str(refused.value)
