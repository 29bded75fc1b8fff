"""Who has entered a stage: now there or beyond, exactly there, or there at any time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from books import GENERAL, Phase, lives, new_deal, sell
from effort_oracle import unnamed
from ledgers import AUGUST, SPRING, STAGE, deal, ledgers, lost, moved, on, won
from salesflow.errors import CurrencyMismatch, DuplicateId, ForeignDeal, InvalidValue
from salesflow.funnel import FUNNEL, Stage, Status
from salesflow.money import Money
from salesflow.planning.metric import Metric
from salesflow.planning.readings import STAGES_REACHED, Reading, reached, reached_of

SECRET = "Prof. Wang"
COUNTS = st.dictionaries(st.sampled_from(Stage), st.integers(0, 99))
PATH = {stage: stage for stage in Stage}
CUSTOMERS = st.sampled_from(["H-1", "H-2", "H-3"])


def at_customers(deals, draw):
    """The same deals, with customers drawn."""
    return [evolve(one, customer=draw(CUSTOMERS)) for one in deals]


def naive(deals, stage, reading, key=lambda deal: deal.id):
    """How many deals count for a stage, deal by deal."""
    order = list(Stage).index

    def counts(one):
        here = order(one.stage)
        if reading is Reading.SNAPSHOT:
            return one.status is Status.OPEN and one.stage is stage
        if one.status is Status.WON:
            return True
        if reading is Reading.REACH:
            return one.status is Status.OPEN and here >= order(stage)
        return any(e.status is Status.WON or order(e.target) >= order(stage) for e in one.trail)

    return len({key(one) for one in deals if counts(one)})


# --- acceptance ------------------------------------------------------------------------------

OF_B = (Metric.PROSPECTS, Metric.IN_ANALYSIS, Metric.TRUST, Metric.NEEDS)
AE_35 = {STAGE[2]: 30, STAGE[3]: 10, STAGE[4]: 4, STAGE[5]: 6}


def test_ae_35_fifty_prospects_contain_the_twenty_the_ten_and_the_six():
    """Snapshot 30, 10, 4, 6: reach 50, 20, 10, 6."""
    reach, snapshot = (reached_of(AE_35, reading=how) for how in ("reach", "snapshot"))

    assert [reach[metric] for metric in OF_B] == [50, 20, 10, 6]
    assert [snapshot[metric] for metric in OF_B] == [30, 10, 4, 6]
    assert reached_of(AE_35) == reach


def test_ae_35_the_same_told_by_the_deals():
    book = [
        deal(f"{n}-{i}", stage=n)
        for n, many in zip((2, 3, 4, 5), (30, 10, 4, 6), strict=True)
        for i in range(many)
    ]

    assert reached(book) == reached_of(AE_35)
    assert reached(book, reading=Reading.SNAPSHOT) == reached_of(AE_35, reading="snapshot")


# --- laws ------------------------------------------------------------------------------------


@given(COUNTS, st.integers(0, 9))
def test_invariant_10_reach_never_grows_along_the_path(counts, won):
    """For any counts, funnel-shaped or not; the won reached every stage."""
    reach = reached_of(counts, won=won, stages=PATH)

    assert all(later <= earlier for earlier, later in pairwise(reach.values()))
    assert {
        s: sum(counts.get(t, 0) for t in list(Stage)[n:]) + won for n, s in enumerate(Stage)
    } == dict(reach)


@given(ledgers(), st.sampled_from([Reading.REACH, Reading.EVER_ENTERED]), st.booleans())
def test_invariant_10_reach_of_deals_never_grows_along_the_path(deals, reading, by_customer):
    reach = reached(deals, reading=reading, by_customer=by_customer, stages=PATH)

    assert all(later <= earlier for earlier, later in pairwise(reach.values()))


@given(ledgers(), st.sampled_from(Reading))
def test_deals_are_counted_as_the_naive_count_does(deals, reading):
    found = reached(deals, reading=reading, stages=PATH)

    assert {stage: naive(deals, stage, reading) for stage in Stage} == dict(found)


@given(ledgers(), st.sampled_from([Reading.REACH, Reading.EVER_ENTERED]), st.data())
def test_customers_are_counted_once_each(deals, reading, data):
    """By their furthest deal; never more than there are deals."""
    book = at_customers(deals, data.draw)
    found = reached(book, reading=reading, by_customer=True, stages=PATH)

    assert dict(found) == {
        stage: naive(book, stage, reading, lambda one: one.customer) for stage in Stage
    }


@given(ledgers())
def test_nobody_counts_for_less_in_a_wider_reading(deals):
    """Exactly there, there or beyond, ever there."""
    snapshot, reach, ever = (
        reached(deals, reading=how) for how in ("snapshot", "reach", "ever_entered")
    )

    assert all(snapshot[metric] <= reach[metric] <= ever[metric] for metric in STAGES_REACHED)


@given(lives(machine=GENERAL))
def test_a_pipeline_of_ones_own_has_stages_of_its_own(life):
    stages = {Metric.PROSPECTS: Phase.IDENTIFY, Metric.CONTRACTS: Phase.CLOSE}
    found = reached([life], stages=stages, machine=GENERAL)

    assert found[Metric.PROSPECTS] == (life.status is not Status.LOST)
    last = life.status is Status.OPEN and life.stage is Phase.CLOSE
    assert found[Metric.CONTRACTS] == (life.status is Status.WON or last)


# --- what counts -----------------------------------------------------------------------------


def told(*deals, stage=5, **rest):
    """How many deals count for a stage, by each reading."""
    stages = {Metric.NEEDS: STAGE[stage]}
    return tuple(
        reached(deals, reading=how, stages=stages, **rest)[Metric.NEEDS] for how in Reading
    )


@pytest.mark.parametrize(
    ("one", "counted"),
    [
        (deal(stage=4), (0, 0, 0)),
        (deal(stage=5), (1, 1, 1)),
        (deal(stage=6), (1, 0, 1)),
        (moved(deal(stage=5), 4), (0, 0, 1)),
        (moved(deal(stage=4), 6, 4), (0, 0, 1)),
        (lost(deal(stage=5)), (0, 0, 1)),
        (lost(deal(stage=4)), (0, 0, 0)),
        (won(deal(stage=3)), (1, 0, 1)),
        (deal(stage=5).hold(at=AUGUST, reason="budget"), (1, 1, 1)),
        (lost(deal(stage=5)).reopen(at=AUGUST, reason="asked again"), (1, 1, 1)),
    ],
)
def test_nobody_gains_by_pushing_a_deal_and_dropping_it(one, counted):
    """Reach, snapshot, ever entered."""
    assert told(one) == counted


def test_a_deal_is_read_as_it_stood():
    one = moved(deal(stage=4), 5, at=AUGUST)

    assert told(one, at=on(8, 1)) == (0, 0, 0)
    assert told(one, at=AUGUST) == (1, 1, 1)
    assert told(one, at=on(5, 1)) == (0, 0, 0)


def test_a_customer_with_an_open_deal_stands_there_though_another_was_won():
    """In a snapshot the won deal says nothing."""
    book = [won(deal("W", stage=3)), deal("A", stage=5)]

    assert told(*book, by_customer=True) == (1, 1, 1)
    assert told(*book) == (2, 1, 2)


def test_the_default_stages_are_those_of_the_funnel():
    assert set(STAGES_REACHED.values()) <= set(FUNNEL.stages)
    assert STAGES_REACHED[Metric.PROSPECTS] is Stage.INFO_COLLECTION


# --- refusals --------------------------------------------------------------------------------


def test_a_stage_of_another_pipeline_is_refused():
    with pytest.raises(InvalidValue, match="stage is not a stage of general"):
        reached([sell(new_deal(machine=GENERAL), machine=GENERAL)], machine=GENERAL)
    with pytest.raises(ForeignDeal):
        reached([new_deal(machine=GENERAL)])


def test_deals_that_make_no_book_are_refused():
    with pytest.raises(DuplicateId):
        reached([deal("A"), deal("A")])
    with pytest.raises(CurrencyMismatch):
        reached([deal("A"), deal("B", amount=Money(1, "USD"))])
    assert unnamed(reached, [None, 5, "D-1", [None], [SECRET]], "deals") == []


def test_what_is_no_reading_no_count_and_no_table_is_refused():
    assert unnamed(lambda how: reached([], reading=how), [SECRET, None, 5, ""], "reading") == []
    assert unnamed(lambda t: reached_of({}, stages=t), [None, 5, "trust", []], "stages") == []
    assert unnamed(lambda key: reached_of({}, stages={key: STAGE[1]}), [SECRET, 5], "metric") == []
    assert (
        unnamed(lambda stage: reached_of({}, stages={"trust": stage}), [SECRET, None], "stage")
        == []
    )
    wrong = [-1, True, 0.5, "1", None]
    assert unnamed(lambda n: reached_of({STAGE[1]: n}), wrong, "counts") == []
    assert unnamed(lambda n: reached_of({}, won=n), wrong, "won") == []


def test_a_moment_is_an_instant():
    assert (
        unnamed(lambda at: reached([deal()], at=at), [5, "now", SPRING.date()], "at", "moment")
        == []
    )
