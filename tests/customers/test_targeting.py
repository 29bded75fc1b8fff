"""Time goes to doctors with room to grow, and to the accounts that matter."""

from __future__ import annotations

from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import doctor_scores, made
from salesflow.customers.grading import STRATEGIES, HospitalGrade
from salesflow.customers.scoring import AfterListing, BeforeListing, DoctorScore
from salesflow.customers.targeting import (
    ACCOUNT_METHODS,
    SEGMENTATION,
    DepartmentInput,
    KeyAccount,
    KeyFeature,
    Segment,
    Segmentation,
    TargetDepartment,
    by_priority,
)
from salesflow.errors import InvalidValue, WrongType

VISITS = dict.fromkeys(Segment, 2)


def score(status, potential=None, doctor="DR-7"):
    return made(DoctorScore, doctor=doctor, status=status, potential=potential)


# --- departments -----------------------------------------------------------------------------


def test_five_inputs_choose_a_department():
    """药品适应症, 医院特色, 科室人数、结构, 床位, 专科设置."""
    assert [one.label("zh") for one in DepartmentInput] == [
        "药品适应症",
        "医院特色",
        "科室人数、结构",
        "床位",
        "专科设置",
    ]


@given(st.dictionaries(st.sampled_from(DepartmentInput), st.booleans()))
def test_a_department_is_judged_when_all_five_are_looked_at(answers):
    """Until then it is told what is missing, and no number is made up."""
    keyed = {key.value: yes for key, yes in reversed(answers.items())}
    department = TargetDepartment(department="DE-1", speaks_for_it=keyed)

    assert department == TargetDepartment(department="DE-1", speaks_for_it=answers)
    assert set(department.missing) == set(DepartmentInput) - set(answers)
    assert list(department.missing) == [k for k in DepartmentInput if k in department.missing]
    assert department.in_favour == (
        None if department.missing else list(answers.values()).count(True)
    )


@pytest.mark.parametrize("yes", [1, 0, "yes", None], ids=repr)
def test_an_input_speaks_for_it_or_does_not(yes):
    """What nobody looked at is left out."""
    with pytest.raises(WrongType, match=r"^speaks_for_it is of type "):
        TargetDepartment(department="DE-1", speaks_for_it={"beds": yes})


# --- segments --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "potential", "segment", "visits"),
    [
        (AfterListing.FEW, AfterListing.COMMON, Segment.GROW, 4),
        (AfterListing.COMMON, AfterListing.FIRST_CHOICE, Segment.KEEP, 3),
        (AfterListing.FIRST_CHOICE, AfterListing.MEDIUM, Segment.SUSTAIN, 2),
        (AfterListing.NONE, AfterListing.MEDIUM, Segment.OBSERVE, 1),
        (BeforeListing.APPLIED, AfterListing.COMMON, Segment.PREPARE, 2),
        (BeforeListing.OPPOSED, AfterListing.NONE, Segment.INFORM, 1),
    ],
    ids=lambda one: getattr(one, "name", one),
)
def test_a_segment_follows_from_status_and_potential(status, potential, segment, visits):
    """High begins at "commonly used"; each segment has its visits in four weeks."""
    doctor = score(status, potential)

    assert SEGMENTATION.segment(doctor) is segment
    assert SEGMENTATION.visits(doctor) == visits


@given(doctor_scores(), st.sampled_from(AfterListing), st.sampled_from(AfterListing))
def test_a_company_draws_its_own_lines(doctor, high_status, high_potential):
    """Whatever the cut-offs, a doctor with a potential has exactly one segment."""
    drawn = Segmentation(
        high_status=high_status, high_potential=high_potential.value, visits_per_cycle=VISITS
    )
    segment = drawn.segment(doctor)
    promising = doctor.potential is not None and doctor.potential >= high_potential
    listed = isinstance(doctor.status, AfterListing)
    won = listed and doctor.status >= high_status

    assert (segment is None) is (doctor.potential is None) is (drawn.visits(doctor) is None)
    if segment is not None:
        assert (segment in {Segment.GROW, Segment.KEEP, Segment.PREPARE}) is promising
        assert (segment in {Segment.PREPARE, Segment.INFORM}) is not listed
        assert (segment in {Segment.KEEP, Segment.SUSTAIN}) is won


@pytest.mark.parametrize(
    ("visits", "problem"),
    [
        ({}, "lack a segment"),
        ({key: n for key, n in VISITS.items() if key is not Segment.KEEP}, "lack a segment"),
        ({**VISITS, Segment.GROW: -1}, "is below zero"),
        ({**VISITS, Segment.GROW: True}, "is of type bool"),
        ({**VISITS, Segment.GROW: 1.5}, "is of type float"),
        (None, "is of type NoneType"),
        (list(VISITS), "is of type list"),
    ],
    ids=range(7),
)
def test_each_segment_has_a_whole_number_of_visits(visits, problem):
    """None is none; a segment forgotten is not the same as a segment not visited."""
    with pytest.raises(InvalidValue) as caught:
        Segmentation(visits_per_cycle=visits)

    assert caught.value.problem == problem
    assert (
        Segmentation(visits_per_cycle=dict.fromkeys(Segment, 0)).visits(
            score(AfterListing.FEW, AfterListing.FEW)
        )
        == 0
    )


def test_the_same_numbers_in_another_order_are_the_same_segmentation():
    """A host's table need not be in our order."""
    backwards = Segmentation(visits_per_cycle=dict(reversed(VISITS.items())))

    assert backwards == Segmentation(visits_per_cycle=VISITS)


# --- priorities ------------------------------------------------------------------------------


@given(st.lists(doctor_scores(), max_size=12), st.randoms(use_true_random=False))
def test_the_largest_gap_comes_first(scores, draw):
    """Then the highest potential, then the id; left out is who has no room to grow."""
    ranked = by_priority(iter(scores))
    shuffled = scores[:]
    draw.shuffle(shuffled)

    assert sorted(map(repr, ranked)) == sorted(repr(one) for one in scores if (one.gap or 0) > 0)
    for one, other in pairwise(ranked):
        assert (-one.gap, -one.potential.number, one.doctor) <= (
            -other.gap,
            -other.potential.number,
            other.doctor,
        )
    assert [one.doctor for one in by_priority(shuffled)] == [one.doctor for one in ranked]


def test_nobody_without_a_gap_is_a_priority():
    """Not listed yet, not judged, and at or above the potential."""
    assert by_priority([]) == ()
    assert (
        by_priority(
            [
                score(BeforeListing.APPLIED, AfterListing.FIRST_CHOICE),
                score(AfterListing.NONE),
                score(AfterListing.FEW, AfterListing.FEW),
                score(AfterListing.COMMON, AfterListing.FEW),
            ]
        )
        == ()
    )


def test_of_two_equal_gaps_the_higher_potential_comes_first():
    """From 1 to 4 before 0 to 3; of equals the earlier id."""
    low = score(AfterListing.NONE, AfterListing.COMMON, "DR-1")
    high = score(AfterListing.FEW, AfterListing.FIRST_CHOICE, "DR-2")
    small = score(AfterListing.COMMON, AfterListing.FIRST_CHOICE, "DR-0")

    assert by_priority([small, low, high, evolve(low, doctor="DR-0")]) == (
        high,
        evolve(low, doctor="DR-0"),
        low,
        small,
    )


@pytest.mark.parametrize("scores", [[1], ["DR-7"], [None], None, "DR-7", 5], ids=repr)
def test_only_scores_are_ranked(scores):
    """The name of the argument is told."""
    with pytest.raises(WrongType, match=r"^scores "):
        by_priority(scores)


# --- key accounts ----------------------------------------------------------------------------


@given(st.sets(st.sampled_from(KeyFeature), min_size=1), st.none() | st.sampled_from(HospitalGrade))
def test_a_key_account_is_served_as_its_class(features, grade):
    """Large, special or influential; without a grade there is no strategy by class."""
    account = KeyAccount(customer="H-3", features=features, grade=grade)

    assert account.features == features
    assert account.strategy == (None if grade is None else STRATEGIES[grade])


def test_a_key_account_has_a_reason():
    """购买量较大, 特殊需求 or 影响较大: at least one of them."""
    assert [feature.label("zh") for feature in KeyFeature] == [
        "购买量较大",
        "对产品或服务有特殊需求",
        "对行业影响较大",
    ]
    with pytest.raises(InvalidValue, match=r"^features are empty"):
        KeyAccount(customer="H-3", features=[])


def test_key_accounts_are_managed_in_four_ways():
    """长期稳定, 定制化, 差异化, 考核机制, each in both languages."""
    for method, word in zip(
        ACCOUNT_METHODS, ["长期稳定", "定制化", "差异化", "考核机制"], strict=True
    ):
        assert word in method.zh
        assert method.en.isascii()


def test_a_segment_is_that_of_a_score():
    """Nobody's segment cannot be told."""
    with pytest.raises(WrongType, match=r"^score "):
        SEGMENTATION.segment(None)
