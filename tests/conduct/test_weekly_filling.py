"""The weekly form is filled from the deals and visits that the library knows."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import GENERAL, GENERAL_RATES, START, Phase, climb, lives, new_deal, sell
from daily_logs import HOSPITALITY, SECRET
from salesflow.activity import ActivityKind, counts
from salesflow.conduct.weekly_filling import weekly_form
from salesflow.customers import HospitalGrade
from salesflow.errors import CurrencyMismatch, DuplicateId, SalesflowError
from salesflow.funnel import LossReason, Stage, Status
from salesflow.metrics import movements
from salesflow.money import Money
from salesflow.periods import Month, Week
from visit_teams import dropped, held, opened
from visit_teams import on as at

#: deals are opened on a Wednesday; this is the week after, and that Monday
WEEK = Week(2026, 28, tz="Asia/Shanghai")
MONDAY = pendulum.datetime(2026, 7, 6, 9, tz="Asia/Shanghai")
SOON = date(2026, 7, 14)


def filled(deals=(), visits=(), *, week=WEEK, person="R-9", **rest):
    return weekly_form(deals, visits, week, person, **rest)


def planned(id="V-9", **rest):
    """A visit that is planned for the week after."""
    return opened(id, **({"day": SOON, "deal": "D-1"} | rest))


# --- deals -----------------------------------------------------------------------------------


def test_a_deal_has_its_row_with_the_stage_before_and_the_stage_now():
    """And everything else that the deal knows of itself."""
    deal = new_deal(expected_close=date(2026, 9, 20), amount=120)
    deal = climb(deal, Stage.CUSTOMER_ANALYSIS, at=MONDAY)
    (row,) = filled([deal], grades={"H-3": "a"}).rows

    assert (row.deal, row.customer, row.product) == ("D-1", "H-3", "CLIA-900")
    assert (row.previous, row.stage) == (Stage.TARGET_GROUP, Stage.CUSTOMER_ANALYSIS)
    assert (row.amount, row.expected_close) == (Money(120, "CNY"), date(2026, 9, 20))
    assert (row.status, row.loss, row.grade) == (Status.OPEN, None, HospitalGrade.A)
    assert row.win_rate == Fraction(1, 20)


def test_the_form_shows_the_end_of_its_week():
    """What came later is not known yet; a deal opened later has no row."""
    deal = climb(new_deal(), Stage.INFO_COLLECTION, at=MONDAY + timedelta(days=7))

    assert [row.stage for row in filled([deal]).rows] == [Stage.TARGET_GROUP]
    assert filled([deal], week=WEEK.shift(-2)).rows == ()
    assert filled([deal], week=WEEK.shift(1)).rows[0].previous is Stage.TARGET_GROUP


def test_a_deal_won_or_lost_in_the_week_stands_in_it_once_more():
    """With its reason and without a chance; the week after it is gone."""
    won = sell(new_deal("D-1"), at=MONDAY)
    lost = new_deal("D-2").lose(LossReason.OTHER, at=MONDAY)
    first, second = filled([won, lost]).rows

    assert (first.status, first.loss, first.win_rate) == (Status.WON, None, None)
    assert (second.status, second.loss, second.win_rate) == (Status.LOST, LossReason.OTHER, None)
    assert first.stage is Stage.PAYMENT_AND_RESALE
    assert filled([won, lost], week=WEEK.shift(1)).rows == ()


def test_a_form_holds_the_deals_of_its_person():
    """Those of others may even be in another currency."""
    deals = [new_deal("D-1"), new_deal("D-2", owner="R-1", amount=Money(9, "USD"))]

    assert [row.deal for row in filled(deals).rows] == ["D-1"]
    assert [row.deal for row in filled(deals, person="R-1").rows] == ["D-2"]
    assert filled(deals, person="R-2").rows == ()


@given(st.lists(lives(max_steps=6), max_size=2), st.integers(-1, 6))
def test_every_deal_in_play_has_a_row_as_the_review_sees_it(deals, weeks):
    """One row for each movement of the week, with its stages and its amount."""
    book = [new_deal(f"D-{n}", at=START - timedelta(days=400)) for n in range(2)]
    book += [_renamed(deal, f"D-9{n}") for n, deal in enumerate(deals)]
    week = WEEK.shift(weeks)
    rows = filled(book, week=week).rows

    assert [(r.deal, r.previous, r.stage, r.amount, r.expected_close, r.loss) for r in rows] == [
        (m.id, m.stage_before, m.stage_after, m.amount_after, m.close_after, m.loss)
        for m in movements(book, week)
    ]


def _renamed(deal, id):
    return type(deal)(
        id=id, customer="H-3", owner="R-9", product="P", trail=deal.trail, machine=deal.machine
    )


def test_another_machine_fills_the_form_with_its_own_rates():
    deal = new_deal(machine=GENERAL)
    (row,) = filled([deal], machine=GENERAL, win_rates=GENERAL_RATES).rows

    assert (row.stage, row.win_rate) == (Phase.IDENTIFY, Fraction(1, 20))


# --- visits ----------------------------------------------------------------------------------


def test_visits_are_counted_by_kind_for_the_deal_they_name():
    """Those of the week that were held, by the person; the rest was done besides."""
    visits = [
        held("V-1", deal="D-1"),
        held("V-2", deal="D-1", at=at(7, 12, 23)),
        held("V-3", deal="D-1", kind=ActivityKind.CALL),
        held("V-4"),
        held("V-5", deal="D-7"),
        held("V-6", deal="D-1", owner="R-1"),
        held("V-7", deal="D-1", at=at(7, 13, 1)),
        held("V-70", deal="D-1", at=at(7, 5, 23)),
        opened("V-8", deal="D-1"),
        dropped("V-10", deal="D-1"),
    ]
    form = filled([new_deal()], visits)

    assert dict(form.rows[0].activities) == {ActivityKind.VISIT: 2, ActivityKind.CALL: 1}
    assert dict(form.besides) == {ActivityKind.VISIT: 2}


@pytest.mark.parametrize("kind", HOSPITALITY)
def test_hospitality_fills_no_cell(kind):
    """Invariant 46: neither what was done, nor what comes next."""
    dinners = [held(deal="D-1", kind=kind), held("V-2", kind=kind), planned(kind=kind)]

    assert filled([new_deal()], dinners) == filled([new_deal()])


def test_the_next_action_is_the_visit_planned_first_after_the_week():
    """Of its deal and its person; a visit that was cancelled is no plan."""
    plans = [
        planned("V-9", day=SOON + timedelta(days=1)),
        planned("V-8", kind="call"),
        planned("V-85", kind="demonstration"),
        planned("V-7", day=date(2026, 7, 12)),
        planned("V-6", day=date(2026, 7, 13), deal="D-2"),
        planned("V-5", day=date(2026, 7, 13), owner="R-1"),
        dropped("V-4", day=date(2026, 7, 13), deal="D-1", at=at(7, 7)),
        planned("V-3", at=at(7, 13, 9), day=date(2026, 7, 13)),
    ]
    (row,) = filled([new_deal()], plans).rows

    # Of two on one day the id decides, so that the form is the same each time.
    assert (row.next_on, row.next_action) == (SOON, ActivityKind.CALL)


def test_monday_is_the_first_day_after_the_week():
    assert filled([new_deal()], [planned(day=date(2026, 7, 13))]).rows[0].next_on.day == 13
    assert filled([new_deal()], [planned(ad_hoc=True, day=None)]).rows[0].next_on is None


def test_a_form_that_the_library_filled_may_be_complete():
    deal = new_deal(expected_close=date(2026, 9, 20))
    form = filled([deal], [held(deal="D-1"), planned()], grades={"H-3": "a"})

    assert form.complete
    assert form.findings() == ()
    assert [finding.key for finding in filled([deal]).findings()] == [
        "row_incomplete",
        "deal_without_activity",
    ]


@given(st.lists(st.sampled_from(ActivityKind), max_size=4))
def test_what_is_done_is_found_again_in_the_form(kinds):
    """In the row or besides, and without what never counts."""
    visits = [
        held(f"V-{n}", kind=kind, deal="D-1" if n % 2 else "") for n, kind in enumerate(kinds)
    ]
    form = filled([new_deal()], visits)

    assert sum(form.activities.values()) == sum(counts(kind) for kind in kinds)
    assert sum(form.besides.values()) == sum(counts(kind) for kind in kinds[::2])


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        *[("deals", bad) for bad in (SECRET, 7, None, [SECRET])],
        *[("visits", bad) for bad in (SECRET, 7, None, [SECRET])],
        *[("week", bad) for bad in (SECRET, 7, None, Month(2026, 7))],
        *[("person", bad) for bad in ("", 7, None, f"{SECRET}\0")],
        *[("grades", bad) for bad in (SECRET, 7, None, {"H-3": SECRET}, {"H-3": 7})],
        *[("win_rates", bad) for bad in (SECRET, 7, {Stage.TARGET_GROUP: 0.5})],
        *[("machine", bad) for bad in (SECRET, 7, None)],
    ],
)
def test_what_fills_no_form_is_refused(box, bad):
    given_ = {"deals": [new_deal()], "visits": [], "week": WEEK, "person": "R-9"}
    with pytest.raises(SalesflowError) as refused:
        weekly_form(**(given_ | {box: bad}))

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


def test_deals_and_visits_are_taken_once_and_in_one_currency():
    with pytest.raises(DuplicateId, match="D-1"):
        filled([new_deal(), new_deal()])
    with pytest.raises(DuplicateId, match="V-1"):
        filled([], [held(), held()])
    with pytest.raises(CurrencyMismatch):
        filled([new_deal(), new_deal("D-2", amount=Money(9, "USD"))])
