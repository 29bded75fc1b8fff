"""The shape of the funnel: how many deals stand where, where it is blocked, whom to focus on."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import GENERAL, GENERAL_RATES, Phase, new_deal, yuan
from ledgers import (
    AUGUST,
    JULY,
    MOMENTS,
    SEPTEMBER,
    SPRING,
    STAGE,
    TICK,
    deal,
    ledgers,
    lost,
    moved,
    won,
)
from salesflow.errors import InvalidValue
from salesflow.funnel import WIN_RATES, RateOrigin, Stage, Status, WinRates
from salesflow.metrics import Focus, Step, focus, shape, shape_of
from salesflow.money import NO_CURRENCY, Money
from salesflow.ratios import percent

PICTURE = {STAGE[n]: count for n, count in zip(range(3, 9), [50, 20, 12, 10, 7, 6], strict=True)}
COUNTS = st.dictionaries(st.sampled_from(Stage), st.integers(0, 20))


def shaped(*counts, **rest):
    """The shape of these counts at stage 3 and after."""
    return shape_of(dict(zip(list(Stage)[2:], counts, strict=False)), **rest)


# --- acceptance ------------------------------------------------------------------------------


def test_ae_19_the_picture_is_a_funnel_and_names_its_bottleneck():
    """50, 20, 12, 10, 7, 6: five conversions, the narrowest from analysis to trust."""
    funnel = shape_of(PICTURE)
    narrow = funnel.bottleneck

    assert funnel.is_funnel_shaped
    assert [percent(step.ratio) for step in funnel.steps] == [
        "40.0%",
        "60.0%",
        "83.3%",
        "70.0%",
        "85.7%",
    ]
    assert (narrow.source, narrow.target) == (Stage.CUSTOMER_ANALYSIS, Stage.TRUST_BUILDING)


def test_ae_20_a_later_stage_with_more_deals_is_an_anomaly():
    """50, 20, 5, 10, 7, 6 is no funnel: 10 at value presentation after 5 at needs discovery."""
    funnel = shaped(50, 20, 5, 10, 7, 6)

    assert not funnel.is_funnel_shaped
    assert [(STAGE[5], STAGE[6])] == [(step.source, step.target) for step in funnel.anomalies]


def test_ae_21_the_picture_is_worth_nineteen_and_a_half_wins():
    """2.5 + 2 + 2.4 + 3 + 4.2 + 5.4."""
    assert Fraction(39, 2) == shape_of(PICTURE).expected_wins


def test_ae_22_the_picture_holds_one_hundred_and_five():
    """The total is a sum, not a tier of its own."""
    assert shape_of(PICTURE).total == 105


def test_ae_33_the_focus_list_ranks_by_rate_then_amount():
    """A (7, 100), B (5, 500), C (7, 200): C, A, B."""
    book = [deal("A", 100, 7), deal("B", 500, 5), deal("C", 200, 7)]

    assert [one.id for one in focus(book)] == ["C", "A", "B"]


# --- invariants ------------------------------------------------------------------------------


@given(ledgers(), st.none() | MOMENTS)
def test_invariant_08_the_stages_hold_every_open_deal_and_its_money(deals, at):
    """Σ counts is the number of open deals, Σ amounts their money, at any instant."""
    stood = [deal if at is None else deal.as_of(at) for deal in deals]
    still = [deal for deal in stood if deal is not None and deal.status is Status.OPEN]
    funnel = shape(deals, at=at)

    assert len(still) == funnel.total == sum(funnel.counts.values())
    minors = [money.minor for money in funnel.amounts.values()]
    assert sum(minors) == sum(deal.amount.minor for deal in still)
    for stage in Stage:
        here = [deal for deal in still if deal.stage is stage]
        assert len(here) == funnel.counts[stage]
        assert sum(deal.amount.minor for deal in here) == funnel.amounts[stage].minor


@given(COUNTS)
def test_invariant_09_a_funnel_is_what_has_no_anomaly(counts):
    """And an anomaly is a step at which the later stage holds more."""
    funnel = shape_of(counts)
    row = [counts.get(stage, 0) for stage in list(Stage)[2:]]

    assert funnel.is_funnel_shaped is (funnel.anomalies == ())
    assert funnel.is_funnel_shaped is (row == sorted(row, reverse=True))


@given(COUNTS, st.integers(0, 20))
def test_invariant_10_reach_never_grows_down_the_path(counts, sold):
    """Whoever stands further down was here too, and the won reached every stage."""
    reach = shape_of(counts, won=sold).reach
    naive = {
        stage: sold + sum(counts.get(later, 0) for later in list(Stage)[position:])
        for position, stage in enumerate(Stage)
    }

    assert naive == dict(reach)
    assert list(reach.values()) == sorted(reach.values(), reverse=True)


@given(COUNTS, st.lists(st.fractions(0, 1), min_size=8, max_size=8))
def test_invariant_11_no_more_wins_are_expected_than_deals_are_open(counts, rates):
    """Whatever the rates."""
    table = WinRates(dict(zip(Stage, rates, strict=True)), origin=RateOrigin.LEARNED)
    funnel = shape_of(counts, win_rates=table)

    assert 0 <= funnel.expected_wins <= funnel.total


# --- shape -----------------------------------------------------------------------------------


def test_the_population_of_the_first_stages_is_no_part_of_the_shape():
    """5 targets before 50 in analysis is no anomaly, unless the host tracks that stage."""
    counts = {STAGE[2]: 5, **PICTURE}

    assert shape_of(counts).is_funnel_shaped
    assert (STAGE[2], STAGE[3]) == (
        shape_of(counts, since=STAGE[2]).anomalies[0].source,
        shape_of(counts, since=STAGE[2]).anomalies[0].target,
    )
    assert shape_of(counts).total == 110


@pytest.mark.parametrize(("since", "steps"), [(1, 7), (3, 5), (7, 1), (8, 0)])
def test_the_shape_starts_where_it_is_told_to(since, steps):
    """The default is stage 3, the landmark of the machine."""
    assert steps == len(shape_of(PICTURE, since=STAGE[since]).steps)
    assert shape_of(PICTURE) == shape_of(PICTURE, since=STAGE[3])


def test_a_pipeline_of_ones_own_has_its_own_landmark():
    """The shape of the general process starts at contact."""
    rest = {"win_rates": GENERAL_RATES, "machine": GENERAL}
    book = [new_deal("A", stage=Phase.NEEDS, machine=GENERAL)]
    funnel = shape(book, **rest)

    assert (funnel.steps[0].source, funnel.steps[0].target) == (Phase.CONTACT, Phase.NEEDS)
    assert Fraction(1, 4) == funnel.expected_wins
    assert list(Phase) == list(funnel.counts)


def test_an_empty_stage_gives_its_step_no_ratio():
    """None, not infinity; and from nothing to something is an anomaly."""
    funnel = shaped(0, 3)

    assert Step(source=STAGE[3], target=STAGE[4], ratio=None) == funnel.steps[0]
    assert [funnel.steps[0]] == list(funnel.anomalies)


def test_the_earliest_of_equal_bottlenecks_is_told():
    """100 → 50 → 25: both steps keep a half."""
    assert STAGE[3] is shaped(100, 50, 25, 24, 23, 22).bottleneck.source


def test_a_step_to_nobody_is_the_narrowest():
    """Zero is a ratio, and no step is narrower."""
    narrow = shaped(4, 1, 0, 0, 0, 0).bottleneck

    assert (STAGE[4], 0) == (narrow.source, narrow.ratio)


def test_an_empty_funnel_has_no_bottleneck():
    """Nothing is blocked where nobody stands; and it is funnel-shaped."""
    funnel = shape([])

    assert None is funnel.bottleneck
    assert funnel.is_funnel_shaped
    assert (funnel.total, funnel.won, funnel.expected_wins) == (0, 0, 0)
    assert {Money.of_minor(0, NO_CURRENCY)} == set(funnel.amounts.values())


def test_the_shape_is_of_an_instant():
    """As the deals stood then; the very instant is included, what opened later is not."""
    book = [moved(deal("A"), 5, at=AUGUST), deal("B", at=SEPTEMBER)]

    assert (shape(book).counts[STAGE[5]], shape(book).counts[STAGE[3]]) == (1, 1)
    assert tuple(shape(book, at=AUGUST).counts[STAGE[n]] for n in (5, 3)) == (1, 0)
    assert tuple(shape(book, at=AUGUST - TICK).counts[STAGE[n]] for n in (5, 3)) == (0, 1)


def test_the_won_are_counted_beside_the_open_and_the_lost_nowhere():
    """Won reached every stage; who was lost or pushed back gets no credit."""
    funnel = shape([won(deal("A")), lost(moved(deal("B"), 7)), moved(deal("C", stage=6), 4)])

    assert (funnel.won, funnel.total) == (1, 1)
    assert list(funnel.reach.values()) == [2, 2, 2, 2, 1, 1, 1, 1]


@pytest.mark.parametrize("count", [-1, 1.0, "1", True, None])
def test_counts_that_are_no_whole_numbers_are_refused(count):
    """Deals are counted, from 0."""
    with pytest.raises(InvalidValue):
        shape_of({STAGE[3]: count})


@pytest.mark.parametrize("stage", [Status.WON, Phase.CONTACT, 3, "trust_building"])
def test_a_count_or_a_start_at_no_stage_of_the_machine_is_refused(stage):
    """An outcome is none, and neither is a stage of another machine."""
    with pytest.raises(InvalidValue):
        shape_of({stage: 1})
    with pytest.raises(InvalidValue):
        shape_of({}, since=stage)


def test_rates_of_another_machine_are_refused_by_the_shape():
    """Expected wins need a rate for every stage."""
    with pytest.raises(InvalidValue):
        shape([], win_rates=GENERAL_RATES)


# --- focus -----------------------------------------------------------------------------------


@given(ledgers(max_size=6), st.none() | st.integers(0, 4), st.none() | MOMENTS)
def test_the_focus_list_is_sorted_and_holds_every_open_deal(deals, top, at):
    """By rate falling, amount falling, id rising; cut at `top`."""
    stood = [deal if at is None else deal.as_of(at) for deal in deals]
    still = [deal for deal in stood if deal is not None and deal.status is Status.OPEN]
    ranked = sorted(still, key=lambda d: (-WIN_RATES[d.stage], -d.amount.minor, d.id))

    assert [
        Focus(
            id=d.id,
            stage=d.stage,
            rate=WIN_RATES[d.stage],
            amount=d.amount,
            expected_close=d.expected_close,
            customer=d.customer,
            owner=d.owner,
        )
        for d in ranked[:top]
    ] == list(focus(deals, top=top, at=at))


def test_learned_rates_may_focus_on_an_earlier_stage():
    """Rank follows the rate, not the place on the path."""
    rates = [Fraction(9 - n, 10) for n in range(8)]
    table = WinRates(dict(zip(Stage, rates, strict=True)), origin=RateOrigin.LEARNED)
    book = [deal("A", 900, 7), deal("B", 1, 2)]

    assert [one.id for one in focus(book, win_rates=table)] == ["B", "A"]
    assert [one.id for one in focus(book)] == ["A", "B"]


def test_equal_deals_are_ranked_by_id():
    """Stages 1 and 2 share a rate, so amount and id decide."""
    book = [deal("C", 5, 2), deal("A", 5, 1), deal("B", 5, 2), deal("D", 6, 1)]

    assert [one.id for one in focus(book)] == ["D", "A", "B", "C"]


def test_closed_deals_need_no_focus():
    """Neither won nor lost ones."""
    assert focus([won(deal("A")), lost(deal("B"))]) == ()
    assert yuan(100) == focus([deal(at=JULY)])[0].amount
    assert focus([deal(at=JULY)], at=SPRING) == ()


@pytest.mark.parametrize("nonsense", [-1, 1.5, True, "3"])
def test_what_is_counted_is_a_whole_number(nonsense):
    """Deals won and the length of a list are counted from 0; anything else is refused."""
    with pytest.raises(InvalidValue) as refused:
        shape_of({}, won=nonsense)
    assert refused.value.field == "won"
    with pytest.raises(InvalidValue) as refused:
        focus([], top=nonsense)
    assert refused.value.field == "top"
