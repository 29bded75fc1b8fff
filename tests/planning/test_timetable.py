"""Everybody of a day gets an hour at which they can be met, hospital by hospital."""

from __future__ import annotations

from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from salesflow.planning.timetable import timetable

CALLS = st.tuples(st.integers(0, 2), st.integers(1, 31), st.integers(0, 31))


def changes(places, at):
    """How often the way leads to another hospital."""
    way = [place for _, place in sorted(zip(at, places, strict=True))]
    return sum(sooner != later for sooner, later in pairwise(way))


def fits(masks, hours=5):
    """Every way to give each call an hour of its own."""
    return [
        at
        for at in permutations(range(hours), len(masks))
        if all(mask >> hour & 1 for mask, hour in zip(masks, at, strict=True))
    ]


@given(st.lists(CALLS, min_size=1, max_size=4))
def test_everybody_is_met_at_an_hour_that_will_do(calls):
    """Where all fit at all: nobody shares an hour, and nobody is left without one."""
    places, masks, welcome = map(list, zip(*calls, strict=True))
    if fits(masks):
        at = timetable(places, masks, welcome, 5)

        assert at in fits(masks)
        assert at == timetable(places, masks, welcome, 5)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.integers(12, 16))
def test_without_busy_hours_each_hospital_is_visited_once(places, hours):
    """Also where there are more hospitals than orders of them are tried."""
    anytime = [2**hours - 1] * len(places)
    at = timetable(places, anytime, anytime, hours)

    assert changes(places, at) == len(set(places)) - 1
    assert sorted(at) == list(range(len(places)))


def test_the_order_of_hospitals_is_one_that_busy_hours_allow():
    """Whom one can meet in the afternoon only, and the colleagues there, come last."""
    morning, afternoon = 0b0011, 0b1100

    at = timetable([0, 0, 1, 1], [afternoon, 15, morning, 15], [15] * 4, 4)

    assert at[0] >= 2
    assert at[1] >= 2
    assert changes([0, 0, 1, 1], at) == 1


def test_within_a_hospital_a_welcome_hour_is_kept_for_whom_it_suits():
    """And a call outranks a best hour: who can come at no other time has it."""
    assert timetable([0, 0], [3, 3], [3, 1], 2) == (1, 0)
    assert timetable([0, 0], [3, 1], [1, 1], 2) == (1, 0)


def test_a_day_of_nobody_has_no_hours():
    assert timetable([], [], [], 3) == ()
