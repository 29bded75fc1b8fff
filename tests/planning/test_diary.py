"""A diary enters every call that fits, wherever it has to move the others, and never one more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from call_teams import countings, groups, max_flow
from salesflow.planning.diary import Diary


@st.composite
def books(draw, max_days=4, max_hours=3, max_customers=4):
    """Weeks of days, hours, limits, and when each customer can be met."""
    weeks = sorted(draw(st.lists(st.integers(0, 1), min_size=1, max_size=max_days)))
    hours = draw(st.integers(1, max_hours))
    most = draw(st.integers(0, hours)), draw(st.none() | st.integers(0, 3))
    mask = st.lists(st.integers(0, 2**hours - 1), min_size=len(weeks), max_size=len(weeks))
    masks = draw(st.lists(mask, min_size=1, max_size=max_customers))
    return weeks, hours, most, masks


def held(diary, masks):
    """How many calls each customer has."""
    return tuple(len(diary.calls(who)) for who in range(len(masks)))


def proved(diary, book):
    """That nothing in a diary is impossible, and that it counts right."""
    weeks, _, (daily, weekly), masks = book
    seats = [
        (day, hour, who) for who in range(len(masks)) for day, hour in diary.calls(who).items()
    ]
    loads = [sum(day == one for day, _, _ in seats) for one in range(len(weeks))]

    assert all(masks[who][day] >> hour & 1 for day, hour, who in seats)
    assert len({(day, hour) for day, hour, _ in seats}) == len(seats)
    assert all(load <= daily for load in loads)
    for week in {*weeks} if weekly is not None else ():
        assert sum(n for n, one in zip(loads, weeks, strict=True) if one == week) <= weekly
    for day, load in enumerate(loads):
        assert diary.load(day) == load
        assert diary.holders(day) == [who for one, _, who in sorted(seats) if one == day]
    return loads


@given(books(), st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_a_call_is_entered_exactly_where_it_fits(book, wishes):
    """In any order; whatever was entered before stays, though perhaps on another day."""
    weeks, hours, most, masks = book
    fits = countings(masks, [len(wishes)] * len(masks), weeks, (hours, *most))
    diary = Diary(weeks, hours, *most)

    for wish in wishes:
        who = wish % len(masks)
        before = held(diary, masks)
        more = tuple(n + (one == who) for one, n in enumerate(before))
        entered = diary.enter(who, masks[who])

        assert entered == (more in fits)
        assert held(diary, masks) == (more if entered else before)
        proved(diary, book)


@given(books(max_days=8, max_hours=4, max_customers=9), st.data())
def test_as_many_calls_are_entered_as_flow_through_the_network(book, data):
    """The order makes no difference to how many there are."""
    weeks, hours, most, masks = book
    wanted = [data.draw(st.integers(0, 4)) for _ in masks]
    one_by_one = data.draw(st.permutations([w for w, n in enumerate(wanted) for _ in range(n)]))
    diary = Diary(weeks, hours, *most)

    entered = [diary.enter(who, masks[who]) for who in one_by_one]

    assert sum(entered) == sum(held(diary, masks)) == max_flow(masks, wanted, weeks, (hours, *most))
    proved(diary, book)


_STEPS = st.lists(
    st.tuples(st.sampled_from(["enter", "seat", "unseat", "narrow"]), st.integers(0, 3)),
    max_size=25,
)


@given(books(), _STEPS, st.data())
def test_what_was_refused_is_entered_once_there_is_room(book, steps, data):
    """Entering, seating and taking out mix; a day that was full is not held against anybody."""
    weeks, hours, most, masks = book
    masks = [list(mask) for mask in masks]
    diary = Diary(weeks, hours, *most)
    for who, mask in enumerate(masks):
        diary.know(who, mask)

    for step, number in steps:
        who = number % len(masks)
        day = data.draw(st.integers(0, len(weeks) - 1))
        before = held(diary, masks)
        if step == "enter":
            more = tuple(n + (one == who) for one, n in enumerate(before))
            fits = countings(masks, more, weeks, (hours, *most))
            assert diary.enter(who, masks[who]) == (more in fits)
        elif step == "seat":
            there = {*diary.holders(day)}
            found = groups([mask[day] for mask in masks], hours, most[0])
            fits = diary.has_room(day) and who not in there and there | {who} in found
            assert diary.seat(who, day) == fits
            assert {*diary.holders(day)} == (there | {who} if fits else there)
        elif step == "unseat" and day in diary.calls(who):
            diary.unseat(who, day)
            assert day not in diary.calls(who)
        elif step == "narrow" and not diary.calls(who):
            masks[who] = [data.draw(st.integers(0, 2**hours - 1)) for _ in weeks]
            diary.know(who, masks[who])
        proved(diary, (weeks, hours, most, masks))


@given(books())
def test_a_day_has_room_while_it_and_its_week_are_not_full(book):
    """Whoever is entered."""
    weeks, hours, (daily, weekly), masks = book
    diary = Diary(weeks, hours, daily, weekly)
    for who, mask in enumerate(masks):
        diary.enter(who, mask)
    loads = proved(diary, book)

    for day, week in enumerate(weeks):
        of_week = sum(n for n, one in zip(loads, weeks, strict=True) if one == week)
        room = loads[day] < daily and (weekly is None or of_week < weekly)
        assert diary.has_room(day) == room


def test_others_move_to_another_hour_or_day_to_make_room():
    """The first has any hour of two days; the second only one hour; the third the one before."""
    diary = Diary(weeks=[0, 0], hours=2, most_daily=2)
    anywhere, only = [0b11, 0b11], [0b01, 0]

    assert [diary.enter(who, anywhere) for who in (0, 0, 1)] == [True, True, True]
    assert diary.enter(2, only)
    assert diary.calls(2) == {0: 0}
    assert [len(diary.calls(who)) for who in (0, 1)] == [2, 1]
    assert diary.enter(3, anywhere) is False


def test_a_seat_is_found_by_moving_others_within_the_day():
    """Who can come at any hour gives way to who can't; where two have one hour, one stays out."""
    diary = Diary(weeks=[0], hours=3, most_daily=3)
    for who, hours in enumerate([0b011, 0b011, 0b001, 0b111]):
        diary.know(who, [hours])

    assert diary.seat(0, 0)
    assert diary.seat(2, 0)
    assert (diary.calls(0), diary.calls(2)) == ({0: 1}, {0: 0})
    assert not diary.seat(1, 0)
    assert (diary.calls(0), diary.calls(2)) == ({0: 1}, {0: 0})
    assert not diary.seat(0, 0)
    assert diary.seat(3, 0)
    assert diary.holders(0) == [2, 0, 3]


def test_whoever_was_refused_may_come_at_other_hours():
    """A new mask is a new question."""
    diary = Diary([0], 2, 2)

    assert [diary.enter(0, [mask]) for mask in (0b00, 0b10)] == [False, True]


def test_nobody_unknown_has_calls():
    """Asking is free."""
    assert Diary([0], 1, 1).calls(7) == {}
