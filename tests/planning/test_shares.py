"""Six factors decide how much of a quota a part can bear; the host says how much each weighs."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salesflow.errors import InvalidValue, SalesflowError
from salesflow.money import wan
from salesflow.planning.quota import Cut, Quota
from salesflow.planning.shares import HIGH_SCORES, AllocationFactor, FactorWeights
from strategies import fractions, weights

CANARY = "王小明13800138000"
RULE = FactorWeights(
    weights={
        AllocationFactor.CUSTOMER_POTENTIAL: Decimal("0.5"),
        AllocationFactor.COMPETITION: Decimal("0.5"),
    }
)
NORTH = {"customer_potential": 80, "competition": 60}
SOUTH = {"customer_potential": 50, "competition": 10}


@st.composite
def rules(draw):
    """Weights of one to six factors, exactly 1 together."""
    drawn = [Fraction(weight) for weight in draw(weights(6))]
    chosen = draw(st.permutations(AllocationFactor))
    return FactorWeights(
        weights={factor: weight / sum(drawn) for factor, weight in zip(chosen, drawn, strict=False)}
    )


def scored(rule):
    """A score for every factor that counts."""
    return st.fixed_dictionaries(
        {factor: fractions(0, 100, max_denominator=9) for factor in rule.weights}
    )


@given(rules(), st.data())
def test_a_part_weighs_the_weighted_sum_of_its_scores(rule, data):
    """Between the lowest and the highest of them."""
    scores = data.draw(scored(rule))
    expected = sum(weight * scores[factor] for factor, weight in rule.weights.items())

    assert dict(rule.shares({"a": scores})) == {"a": expected}
    assert min(scores.values()) <= expected <= max(scores.values())


@given(rules(), st.data())
def test_a_better_score_never_means_less(rule, data):
    scores = data.draw(scored(rule))
    factor = data.draw(st.sampled_from(list(scores)))
    better = {**scores, factor: 100}
    shares = rule.shares({"before": scores, "after": better})

    assert shares["after"] >= shares["before"]


@given(rules(), st.data())
def test_what_nobody_scored_is_asked_for(rule, data):
    """Ask or do: a share is made if and only if nothing is missing; a None is missing too."""
    scores = data.draw(scored(rule))
    gone = data.draw(st.sets(st.sampled_from(list(scores))))
    told = data.draw(st.sampled_from([{}, dict.fromkeys(gone)]))
    partly = {**{key: n for key, n in scores.items() if key not in gone}, **told}
    missing = dict(rule.missing({"a": partly, "b": scores}))

    assert missing == ({"a": tuple(key for key in rule.weights if key in gone)} if gone else {})
    if gone:
        with pytest.raises(InvalidValue, match=r"^scores are not complete"):
            rule.shares({"a": partly, "b": scores})
    else:
        assert list(rule.shares({"a": partly, "b": scores})) == ["a", "b"]


def test_regions_share_a_quota_by_their_scores():
    """70 and 30 points of 100 are 70 and 30 percent."""
    shares = RULE.shares({"north": NORTH, "south": SOUTH})
    cut = Quota(key="2026", amount=wan(1000)).split(Cut.TERRITORY, shares)

    assert dict(shares) == {"north": 70, "south": 30}
    assert [part.amount for part in cut.parts] == [wan(700), wan(300)]


def test_the_factors_are_those_of_the_trade():
    assert [factor.label("zh") for factor in AllocationFactor] == [
        "客户的消费经济、潜力",
        "各区域现有用量与最大潜力",
        "竞争对手投入及表现",
        "市场开发、管理的难易程度",
        "公司的投入",
        "代表的能力成长",
    ]


def test_of_each_factor_it_is_said_what_a_high_score_means():
    """A strong competitor makes a low score."""
    assert list(HIGH_SCORES) == list(AllocationFactor)
    assert HIGH_SCORES[AllocationFactor.COMPETITION].zh == "竞争对手弱"


# --- hostile ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"competition": Fraction(1, 2)},
        {"competition": 2, "ease": -1},
        {"competition": 1.0},
        {"competition": True},
        {"competition": float("nan")},
        {"competition": None},
        {"competition": 1 << 300},
        {"competition": CANARY},
        {CANARY: 1},
        {AllocationFactor.EASE: 1, "ease": 0},
        [("competition", 1)],
        CANARY,
        None,
    ],
    ids=ascii,
)
def test_weights_are_exact_and_make_one(bad):
    with pytest.raises(SalesflowError, match=r"^weights ") as caught:
        FactorWeights(weights=bad)

    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "bad",
    [
        {"north": {**NORTH, "ease": 50}},
        {"north": {**NORTH, "ease": None}},
        {"north": {**NORTH, "competition": 101}},
        {"north": {**NORTH, "competition": Decimal("-0.1")}},
        {"north": {**NORTH, "competition": 60.0}},
        {"north": {**NORTH, "competition": True}},
        {"north": {**NORTH, "competition": Decimal("NaN")}},
        {"north": {**NORTH, "competition": CANARY}},
        {"north": {**NORTH, CANARY: 1}},
        {"north": CANARY},
        {"north": None},
        {"north": NORTH, " north": SOUTH},
        {"": NORTH},
        {7: NORTH},
        {f"{CANARY}\0": NORTH},
        [NORTH],
        None,
    ],
    ids=ascii,
)
def test_scores_are_exact_on_the_scale_and_by_part(bad):
    """And none without a weight is lost."""
    for ask in (RULE.missing, RULE.shares):
        with pytest.raises(SalesflowError, match=r"^scores ") as caught:
            ask(bad)
        assert CANARY not in str(caught.value)


def test_a_rule_is_a_value():
    given_weights = {"ease": 1}
    rule = FactorWeights(weights=given_weights)
    given_weights["competition"] = 1

    assert dict(rule.weights) == {AllocationFactor.EASE: 1}
    assert pickle.loads(pickle.dumps(rule)) == rule
    assert len({rule, FactorWeights(weights={"ease": 1})}) == 1
    with pytest.raises(FrozenInstanceError):
        rule.weights = {}
