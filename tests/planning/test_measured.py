"""What deals and visits tell of the roadmap, together, and what they leave to be given by hand."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import GENERAL, Phase, answer, new_deal, yuan
from effort_oracle import books, unnamed
from ledgers import AUGUST, JULY, LAST, Q3, TICK, deal, ledgers, lost, moved, on
from salesflow.errors import InvalidValue
from salesflow.funnel import FUNNEL, Status
from salesflow.gates import Evidence
from salesflow.periods import Month
from salesflow.planning.fieldwork import visited
from salesflow.planning.metric import Metric
from salesflow.planning.readings import STAGES_REACHED, measured, reached
from salesflow.planning.road_check import check_phase
from salesflow.planning.roadmap import ROADMAP
from salesflow.planning.turnover import sold
from visit_books import OWN
from visit_teams import TREATS, held

DUE = {Month(2026, 7): yuan(100)}
Q2 = Q3.shift(-1)
MOMENTS = st.sampled_from([None, JULY, AUGUST, LAST, LAST + TICK, on(12, 31)])


@given(ledgers(), books(max_size=2), MOMENTS, st.sampled_from(["reach", "snapshot"]))
def test_it_is_what_the_three_tell(deals, visits, at, reading):
    """Each as known at the moment, which is never later than the end of the period."""
    told = measured(deals, visits, during=Q3, at=at, reading=reading, due=DUE, earlier=Q2)
    moment = LAST if at is None else min(at, LAST)

    assert dict(told) == {
        **reached(deals, at=moment, reading=reading),
        **sold(deals, Q3, at=at, due=DUE, earlier=Q2),
        **visited(visits, Q3, at=at),
    }


def test_nobody_is_measured_by_visits_that_were_not_handed_over():
    """No visits are none made; no list of visits says nothing."""
    assert Metric.CUSTOMERS_VISITED not in measured([], during=Q3)
    assert set(measured([], [], during=Q3)[Metric.CUSTOMERS_VISITED]) == {0}


def test_deals_may_come_one_by_one():
    book = [deal("A"), deal("B", stage=5)]

    assert measured(iter(book), during=Q3) == measured(book, during=Q3)
    assert measured(book, during=Q3)[Metric.IN_ANALYSIS] == 2


def test_a_deal_lost_after_the_period_still_stood_in_it():
    one = lost(deal(stage=5), at=LAST + TICK)

    assert measured([one], during=Q3)[Metric.NEEDS] == 1
    assert measured([one], during=Q3.shift(1))[Metric.NEEDS] == 0


def test_a_company_measures_its_own_pipeline_and_its_own_way_of_visiting():
    one = new_deal(machine=GENERAL)
    stages = {Metric.PROSPECTS: Phase.IDENTIFY}
    told = measured([one], [], during=Q3, stages=stages, machine=GENERAL, method=OWN)

    assert told[Metric.PROSPECTS] == 1
    assert not set(told) & (set(STAGES_REACHED) - {Metric.PROSPECTS})
    with pytest.raises(InvalidValue):
        measured([one], during=Q3, machine=GENERAL)


_KINDS = st.sampled_from(TREATS)


def gifted(one, kind):
    """The deal with such a thing filed for every gate, approved and not; a closed deal as it is."""
    gifts = [
        Evidence(gate=key, kind=kind, ref="G-1", approver=who)
        for key in FUNNEL.gates
        for who in ("", "M-1")
    ]
    return one.record(gifts, at=one.trail[-1].at) if one.status is Status.OPEN else one


@given(ledgers(), books(max_size=2), books(max_size=2, kinds=TREATS, prefix="T"), _KINDS)
def test_invariant_46_hospitality_changes_no_figure_of_the_roadmap(deals, visits, treats, kind):
    """Gifts filed for every gate, approved or not, and dinners written down as visits."""
    mixed = [gifted(one, kind) for one in deals]
    clean = measured(deals, visits, during=Q3, due=DUE, earlier=Q2)

    assert clean == measured(mixed, [*treats, *visits], during=Q3, due=DUE, earlier=Q2)


@pytest.mark.parametrize("kind", TREATS)
def test_invariant_46_hospitality_changes_no_result_of_a_phase(kind):
    """It is found all the same, on the deal and on the visit."""
    clean, dinner = deal(stage=7), held("T", kind=kind)
    treated = gifted(clean, kind)
    results = [
        check_phase(ROADMAP.phase("C"), measured([one], visits, during=Q3))
        for one, visits in ((clean, []), (treated, [dinner]))
    ]

    assert results[0] == results[1]
    assert "evidence_never_counts" in {finding.key for finding in treated.findings()}
    assert "visit_never_counts" in {finding.key for finding in dinner.findings()}


def test_a_real_contract_changes_the_result():
    """What the invariant would not see if nothing ever counted."""
    bare = moved(deal(stage=6), 7)
    signed = bare.record(answer(FUNNEL.gates["contract_signed"]), at=AUGUST)

    assert measured([bare], during=Q3) != measured([signed], during=Q3)
    assert measured([], [held("V")], during=Q3) != measured([], [], during=Q3)


def test_what_was_measured_is_a_value():
    told, again = (
        measured([deal()], [held("V")], during=Q3, due=DUE, earlier=Q2) for _ in range(2)
    )

    assert told == again == copy.deepcopy(told) == pickle.loads(pickle.dumps(told))
    assert hash(told) == hash(again)


def test_what_cannot_be_measured_is_refused():
    values = [None, 5, "Prof. Wang", [None]]

    assert unnamed(lambda deals: measured(deals, during=Q3), values, "deals") == []
    assert unnamed(lambda visits: measured([], visits, during=Q3), values[1:], "visits") == []
    assert unnamed(lambda during: measured([], during=during), [None, 5, "Q3"], "during") == []
    assert unnamed(lambda at: measured([], during=Q3, at=at), [5, "now"], "at") == []
    assert unnamed(lambda how: measured([], during=Q3, reading=how), [None, "far"], "reading") == []
