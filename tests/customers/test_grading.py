"""A hospital is an A, a B or a C by the host's own weights; what is missing is never guessed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import gradings, marks
from salesflow.customers.grading import STRATEGIES, Graded, GradeInput, Grading, HospitalGrade
from salesflow.errors import InvalidValue, WrongType
from salesflow.labels import Term

WEIGHTS = {
    GradeInput.SIZE: Decimal("0.4"),
    GradeInput.LEVEL: Decimal("0.3"),
    GradeInput.VOLUME: Decimal("0.2"),
    GradeInput.COMPETITION: Decimal("0.1"),
}
CUTS = {HospitalGrade.A: 80, HospitalGrade.B: 60}
GRADING = Grading(weights=WEIGHTS, cuts=CUTS)
SCORES = dict(zip(WEIGHTS, [90, 80, 70, 60], strict=True))


class OwnInput(Term):
    """A host's own words."""

    WARDS = "wards", "病区", "wards"
    LABS = "labs", "实验室", "laboratories"


# --- acceptance ------------------------------------------------------------------------------


def test_ae_45_eighty_reaches_the_a():
    """AE-45: weights .4, .3, .2, .1 and scores 90, 80, 70, 60 make 80, and 80 is an A."""
    graded = GRADING.grade(SCORES)

    assert (graded.grade, graded.score, graded.missing) == (HospitalGrade.A, 80, ())
    assert (graded.label("zh"), graded.label("en")) == ("A级", "grade A")


@pytest.mark.parametrize("lacking", WEIGHTS, ids=lambda one: one.value)
def test_ae_45_an_input_that_is_missing_gives_no_grade(lacking):
    """AE-45: unknown, whichever of the four it is, and whether it is left out or None."""
    left_out = {key: score for key, score in SCORES.items() if key is not lacking}

    for scores in (left_out, {**SCORES, lacking: None}):
        graded = GRADING.grade(scores)
        assert (graded.grade, graded.score, graded.missing) == (None, None, (lacking,))
        assert (graded.label("zh"), graded.label("en")) == ("未定级", "unknown")


# --- invariants ------------------------------------------------------------------------------


@st.composite
def graded_cases(draw):
    """A way of grading, and a score for each of its inputs."""
    grading = draw(gradings())
    return grading, {key: draw(marks()) for key in grading.weights}


@given(graded_cases(), st.data(), st.fractions(0, 100, max_denominator=9))
def test_invariant_42_a_better_score_never_lowers_the_grade(case, data, more):
    """Monotone in each input, since no weight is below zero."""
    grading, scores = case
    key = data.draw(st.sampled_from(list(scores)))
    before = grading.grade(scores)
    after = grading.grade({**scores, key: Fraction(scores[key]) + more})

    assert before.grade <= after.grade
    assert after.score == before.score + more * grading.weights[key]


@given(graded_cases(), st.data())
def test_invariant_42_without_an_input_there_is_no_grade(case, data):
    """However little it weighs: unknown, with the list of what is missing in order."""
    grading, scores = case
    gone = data.draw(st.sets(st.sampled_from(list(scores)), min_size=1))
    graded = grading.grade({key: None if key in gone else score for key, score in scores.items()})

    assert (graded.grade, graded.score) == (None, None)
    assert graded.missing == tuple(key for key in grading.weights if key in gone)


@given(graded_cases())
def test_the_grade_is_the_highest_whose_cut_off_is_reached(case):
    """As somebody with a pocket calculator would find it, exactly."""
    grading, scores = case
    total = sum(grading.weights[key] * Fraction(score) for key, score in scores.items())
    best = "a" if total >= grading.cuts[HospitalGrade.A] else "b"

    assert grading.grade(scores) == Graded(
        grade=HospitalGrade("c" if total < grading.cuts[HospitalGrade.B] else best),
        score=total,
        missing=(),
    )


# --- tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "grade"),
    [(80, "a"), (Fraction(7999, 100), "b"), (60, "b"), (Decimal("59.99"), "c"), (-5, "c")],
    ids=str,
)
def test_a_cut_off_is_reached_when_it_is_equalled(score, grade):
    """80 is an A, 79.99 is a B; whatever reaches no cut-off is a C."""
    one = Grading(weights={GradeInput.SIZE: 1}, cuts=CUTS)

    assert one.grade({GradeInput.SIZE: score}).grade is HospitalGrade(grade)


def test_a_is_the_highest_class_and_each_is_served_its_way():
    """个性化服务 for A, 稳定高效 for B, 市场开发 for C."""
    assert sorted(HospitalGrade) == [HospitalGrade.C, HospitalGrade.B, HospitalGrade.A]
    assert [STRATEGIES[HospitalGrade(key)].zh[:4] for key in "abc"] == [
        "个性化服",
        "稳定高效",
        "市场开发",
    ]


def test_the_inputs_are_those_of_the_trade():
    """规模, 等级, 业务量, 用药, 竞争; sample volume and payment for devices."""
    assert [one.label("zh") for one in GradeInput] == [
        "规模",
        "等级",
        "业务量",
        "用药水平和数量",
        "竞争态势",
        "标本量",
        "回款情况",
    ]


def test_a_host_may_weigh_words_of_its_own():
    """And write its cut-offs by key, in any order."""
    grading = Grading(weights={OwnInput.WARDS: 1, OwnInput.LABS: 0}, cuts={"b": 1, "a": 2})

    assert list(grading.cuts.items()) == [(HospitalGrade.A, 2), (HospitalGrade.B, 1)]
    assert grading.grade({OwnInput.WARDS: 2, OwnInput.LABS: 0}).grade is HospitalGrade.A
    assert grading.grade({OwnInput.WARDS: 2}).missing == (OwnInput.LABS,)


@pytest.mark.parametrize(
    ("weights", "problem"),
    [
        ({}, "are negative or do not sum to 1"),
        ({GradeInput.SIZE: Fraction(1, 2)}, "are negative or do not sum to 1"),
        ({GradeInput.SIZE: 2, GradeInput.LEVEL: -1}, "are negative or do not sum to 1"),
        ({"size": 1}, "have a key that is no Term"),
        ({GradeInput.SIZE: 1.0}, "is of type float"),
        ({GradeInput.SIZE: True}, "is of type bool"),
        ([GradeInput.SIZE], "is of type list"),
    ],
    ids=str,
)
def test_weights_are_exact_and_make_one(weights, problem):
    """Three tenths in floats do not; one is what a host has to say."""
    with pytest.raises(InvalidValue) as caught:
        Grading(weights=weights, cuts=CUTS)

    assert (caught.value.field, caught.value.problem) == ("weights", problem)


@pytest.mark.parametrize(
    ("cuts", "problem"),
    [
        ({}, "are not those of A and B"),
        ({"a": 80}, "are not those of A and B"),
        ({"a": 80, "b": 60, "c": 0}, "are not those of A and B"),
        ({"a": 60, "b": 80}, "do not fall from A to B"),
        ({"a": 60, "b": 60}, "do not fall from A to B"),
        ({"a": 80.0, "b": 60}, "is of type float"),
        ("ab", "is of type str"),
    ],
    ids=str,
)
def test_cut_offs_fall_from_a_to_b(cuts, problem):
    """One for either class, and the higher one for the higher class."""
    with pytest.raises(InvalidValue) as caught:
        Grading(weights={GradeInput.SIZE: 1}, cuts=cuts)

    assert (caught.value.field, caught.value.problem) == ("cuts", problem)


def test_a_score_without_a_weight_is_not_lost():
    """Whoever scores something wants it to count."""
    for extra in (GradeInput.PAYMENT, "size"):
        with pytest.raises(InvalidValue, match=r"^scores have an input without a weight"):
            GRADING.grade({**SCORES, extra: 50})


@pytest.mark.parametrize("scores", [None, [], "size", 80], ids=repr)
def test_scores_come_by_input(scores):
    """A list of numbers says nothing of what they are for."""
    with pytest.raises(WrongType, match=r"^scores is of type "):
        GRADING.grade(scores)
