"""Whom a cycle is for: how important, how often, and when they can be met."""

from __future__ import annotations

import pickle
from datetime import datetime, time
from decimal import Decimal
from itertools import pairwise, product

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from call_teams import MONDAY, callee, callees, from_to, on
from people_strategies import CANARY, doctor_scores, everything_told, refusal
from salesflow.customers import (
    SEGMENTATION,
    AfterListing,
    DoctorScore,
    HospitalGrade,
    Segment,
)
from salesflow.errors import InvalidValue
from salesflow.planning.callees import SEGMENT_ORDER, Callee, by_importance


def score(**rest):
    """A doctor who prescribes little and could become the first to do so."""
    given_ = {"doctor": "DR-7", "product": "CLIA-900", "status": AfterListing.FEW}
    return DoctorScore(**(given_ | {"potential": AfterListing.FIRST_CHOICE} | rest))


# --- how important ---------------------------------------------------------------------------


def test_who_can_grow_comes_before_who_is_kept_and_so_on():
    """Six segments, each with a place of its own."""
    ordered = sorted(SEGMENT_ORDER, key=SEGMENT_ORDER.get, reverse=True)

    assert [segment.value for segment in ordered] == [
        "grow",
        "keep",
        "prepare",
        "sustain",
        "observe",
        "inform",
    ]
    assert len({*SEGMENT_ORDER.values()}) == len(Segment) == len(SEGMENT_ORDER)


def test_the_segment_comes_first_and_the_grade_second():
    """Whoever has neither comes last."""
    segments = [None, *sorted(SEGMENT_ORDER, key=SEGMENT_ORDER.get)]
    grades = [None, *sorted(HospitalGrade)]
    ranks = [callee(segment=s, grade=g).rank for s, g in product(segments, grades)]

    assert ranks == sorted({*ranks})


@given(st.integers(0, 10**12), st.sampled_from(Segment), st.sampled_from(HospitalGrade))
def test_a_number_of_ones_own_takes_the_place_of_both(importance, segment, grade):
    """It compares with the numbers of the segments."""
    one = callee(importance=importance, segment=segment, grade=grade)

    assert one.rank == (importance, 0)
    assert (one.rank > callee(segment=Segment.GROW).rank) == (importance > 6)


@given(callees(), st.randoms())
def test_the_most_important_come_first_and_equals_by_their_ids(team, shuffle):
    """However the team is listed."""
    mixed = [*team]
    shuffle.shuffle(mixed)
    found = by_importance(mixed)

    assert found == by_importance(team)
    assert sorted(found, key=lambda one: one.contact) == team
    for sooner, later in pairwise(found):
        assert sooner.rank >= later.rank
        assert sooner.rank > later.rank or sooner.contact < later.contact


# --- how often -------------------------------------------------------------------------------


@given(doctor_scores())
def test_a_score_recommends_segment_and_frequency(one):
    """As the segmentation does; where nobody judged the potential, none is invented."""
    if one.potential is None:
        assert refusal(Callee.of_score, one, "H-1").field == "potential"
        assert Callee.of_score(one, "H-1", visits=2).visits == 2
        return
    made = Callee.of_score(one, "H-1", grade="a", busy=[from_to(8, 9)])

    assert (made.contact, made.place) == (one.doctor, "H-1")
    assert made.segment is SEGMENTATION.segment(one)
    assert made.visits == SEGMENTATION.visits(one)
    assert (made.grade, made.busy) == (HospitalGrade.A, (from_to(8, 9),))


def test_a_company_has_a_segmentation_of_its_own():
    """Its numbers are what counts, and a frequency that is said is kept."""
    often = evolve(SEGMENTATION, visits_per_cycle=dict.fromkeys(Segment, 9))

    assert Callee.of_score(score(), "H-1", often).visits == 9
    assert Callee.of_score(score(), "H-1").visits == 4
    assert Callee.of_score(score(), "H-1", visits=1).visits == 1


@pytest.mark.parametrize("bad", [None, 7, CANARY, Segment.GROW])
def test_what_is_no_score_or_segmentation_is_refused(bad):
    """A box that is none, too."""
    assert refusal(Callee.of_score, bad, "H-1").field == "score"
    assert refusal(Callee.of_score, score(), "H-1", bad).field == "segmentation"
    assert refusal(Callee.of_score, score(), bad and [bad]).field == "place"
    assert refusal(Callee.of_score, score(), "H-1", hobbies=CANARY).field == "hobbies"


# --- when ------------------------------------------------------------------------------------


def test_a_customer_is_met_on_their_weekdays_outside_busy_hours():
    """From its start up to, not including, its end; on the weekday it names."""
    one = callee(weekdays=[1, 2], busy=[from_to(8, 10), from_to(14, 15, 2)])

    met = [
        (day, hour)
        for day in range(4)
        for hour in (8, 9, 10, 14, 15)
        if one.meets(on(day), time(hour))
    ]

    assert met == [(0, 10), (0, 14), (0, 15), (1, 10), (1, 15)]


def test_any_hour_is_welcome_where_no_best_one_was_named():
    """A best hour may be that of one weekday."""
    one = callee(best=[from_to(15, 17), from_to(9, 10, 3)])

    assert callee().welcomes(on(0), time(3))
    assert one.welcomes(on(0), time(15))
    assert not one.welcomes(on(0), time(9))
    assert one.welcomes(on(2), time(9))


# --- a value ---------------------------------------------------------------------------------


def test_a_callee_is_a_value():
    """Hashable, stored, unchangeable, and not changed through the lists passed in."""
    busy, weekdays = [from_to(8, 9)], [1, 1, 3]
    one = callee(busy=busy, best=busy, weekdays=weekdays, segment="grow", grade="b")
    busy.clear()
    weekdays.clear()

    assert (one.busy, one.best, one.weekdays) == ((from_to(8, 9),), (from_to(8, 9),), {1, 3})
    assert (one.segment, one.grade) == (Segment.GROW, HospitalGrade.B)
    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(evolve(one))
    with pytest.raises(FrozenInstanceError):
        one.visits = 9


NO_ID = ["", " ", None, 7, f"{CANARY}\0", [CANARY]]
NO_COUNT = [CANARY, 1.5, float("nan"), True, -1, 10**13, Decimal(3), [3]]
NO_HOURS = [None, 7, CANARY, [CANARY], [time(8)], [None], [from_to(8, 9)] * 1001]
BAD = {
    "contact": NO_ID,
    "place": NO_ID,
    "visits": [*NO_COUNT, None, 29],
    "segment": [7, CANARY, HospitalGrade.A],
    "grade": [7, CANARY, Segment.GROW],
    "importance": NO_COUNT,
    "busy": NO_HOURS,
    "best": NO_HOURS,
    "weekdays": [None, 7, "1", [], [0], [8], [1.0], [True], [CANARY], [on(0)], [1] * 1001],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_callee_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(callee, **{box: bad})

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


def test_a_cycle_has_room_for_one_call_a_day():
    """Four weeks of them, and no more."""
    assert callee(visits=28).visits == 28
    assert callee(visits=0).visits == 0


@pytest.mark.parametrize("bad", [None, 7, CANARY, [None], [CANARY], [score()]])
def test_what_is_no_team_is_refused(bad):
    """A list of callees, and nothing else."""
    error = refusal(by_importance, bad)

    assert error.field == "callees"
    assert CANARY not in everything_told(error)


@pytest.mark.parametrize("bad", [None, 7, CANARY, datetime(2026, 1, 5)])
def test_hours_are_asked_of_a_date(bad):
    """And an hour of the wall."""
    one = callee(busy=[from_to(8, 9)], best=[from_to(8, 9)])

    assert refusal(one.meets, bad, time(8)).field == "on"
    assert refusal(one.welcomes, bad, time(8)).field == "day"
    assert refusal(one.welcomes, on(0), bad).field == "hour"


def test_a_call_does_not_run_into_busy_hours():
    """An hour before them is free for a short call, and not for a long one."""
    one = callee(busy=[from_to(9, 12)])

    assert one.meets(MONDAY, time(8), 60)
    assert not one.meets(MONDAY, time(8), 61)
    assert one.meets(MONDAY, time(12), 60)
    assert not one.meets(MONDAY, time(9))
    assert callee(busy=[from_to(9, 12, weekday=2)]).meets(MONDAY, time(8), 240)
