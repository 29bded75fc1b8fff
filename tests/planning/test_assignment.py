"""An assignment is checked once, and put together by numbers."""

from __future__ import annotations

import pickle
from datetime import date, time
from decimal import Decimal

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

from call_teams import (
    CYCLE,
    MONDAY,
    call,
    callee,
    from_to,
    holding,
    on,
    orders,
    reordered,
    span,
)
from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import DuplicateId, InvalidValue
from salesflow.periods import Quarter, Span, Year
from salesflow.planning.assignment import assignment_of
from salesflow.planning.capacity import DETAILING
from salesflow.planning.schedule import Call
from salesflow.tables import Table
from salesflow.workdays import WEEKDAYS, WorkCalendar


def assigned(callees=(), during=CYCLE, calendar=WEEKDAYS, **rest):
    """An assignment of two hours a day."""
    given_ = {"capacity": holding(2), "place_days": {}, "booked": ()}
    return assignment_of(callees, during, calendar, **(given_ | rest))


@given(orders())
def test_everybody_is_met_at_the_hours_that_suit_and_as_often_as_is_still_wanted(order):
    """A customer when they can be met and are not booked; a booked call at its own hour."""
    task = assignment_of(**order)
    hours = task.capacity.hours

    assert len(task.masks) == len(task.wanted) == len(task.everybody)
    for one, mask in zip(task.everybody, task.masks, strict=True):
        for day, met in zip(task.days, mask, strict=True):
            bits = {hour for bit, hour in enumerate(hours) if met >> bit & 1}
            if isinstance(one, Call):
                assert bits == ({one.hour} if one.on == day else set())
            else:
                booked = any((it.contact, it.on) == (one.contact, day) for it in order["booked"])
                assert bits == {hour for hour in hours if one.meets(day, hour) and not booked}
    for number, (one, wanted) in enumerate(zip(task.everybody, task.wanted, strict=True)):
        booked = [it.on for it in order["booked"] if it.contact == one.contact]
        if isinstance(one, Call):
            assert (wanted, task.booked_on(number)) == (1, ())
        else:
            assert wanted == max(0, one.visits - len(booked))
            assert {*task.booked_on(number)} == {task.since(day) for day in booked}


def test_an_assignment_is_the_same_however_it_is_listed():
    """Customers, booked calls and hospitals in any order."""
    team = [callee(f"DR-{n}", f"H-{n}", importance=n % 2) for n in range(3)]
    booked = [call("DR-X", day=day) for day in (2, 0, 1)]
    rows = [("H-2", 1), ("H-0", 2), ("H-1", 3)]
    task = assigned(team, booked=booked, place_days=dict(rows))

    assert [one.contact for one in task.callees] == ["DR-1", "DR-0", "DR-2"]
    assert [one.on for one in task.booked] == [on(0), on(1), on(2)]
    assert [*task.place_days] == ["H-0", "H-1", "H-2"]
    for mixed in zip(*map(reordered, (team, booked, rows)), strict=True):
        again = assigned(mixed[0], booked=mixed[1], place_days=dict(mixed[2]))
        assert again == task


def test_days_are_counted_from_the_start_and_weeks_with_them():
    """A cycle that starts on a Thursday has weeks from Thursday to Wednesday."""
    task = assigned(during=span(14, on(3)), capacity=holding(1, most_weekly=1))

    assert [task.since(day) for day in task.days] == [0, 1, 4, 5, 6, 7, 8, 11, 12, 13]
    diary = task.diary()
    entered = [diary.enter(0, [day == at for day in range(10)]) for at in (0, 4, 5, 9)]
    assert entered == [True, False, True, False]


def test_the_diary_holds_what_the_capacity_does():
    """So many hours, so many calls."""
    diary = assigned(capacity=holding(3, most_daily=2), during=span(1)).diary()

    assert [diary.enter(who, [0b111]) for who in range(3)] == [True, True, False]


def test_an_assignment_is_a_value():
    """It can't be changed; it is stored and compared."""
    team, booked, limits = [callee()], [call()], {"H-1": 2}
    task = assigned(team, booked=booked, place_days=limits)
    for items in (team, booked, limits):
        items.clear()

    assert (task.callees, task.booked, task.place_days) == (
        (callee(),),
        (call(),),
        Table({"H-1": 2}),
    )
    assert task == pickle.loads(pickle.dumps(task))
    assert hash(task) == hash(assigned([callee()], booked=[call()], place_days={"H-1": 2}))
    with pytest.raises(FrozenInstanceError):
        task.days = ()


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("booked", "problem"),
    [
        ([call(day=5)], "not worked"),
        ([call(day=28)], "not worked"),
        ([call(day=-1)], "not worked"),
        ([call(hour=10)], "no call begins"),
        ([Call(contact="DR-7", place="H-1", on=MONDAY, hour=time(8, 30))], "no call begins"),
        ([call(), call("DR-8")], "an hour twice"),
        ([call(), call(hour=9)], "twice on a day"),
        ([call(), call()], "twice"),
    ],
)
def test_a_booked_call_that_cannot_be_is_refused(booked, problem):
    """With what is wrong with it."""
    for order in reordered(booked):
        error = refusal(assigned, [callee()], booked=order)

        assert isinstance(error, InvalidValue)
        assert error.field == "booked"
        assert problem in error.problem


def test_a_booked_call_on_a_day_that_makes_up_for_another_is_taken():
    """It is a working day."""
    calendar = WorkCalendar(name="CN", make_up=[on(5)])

    assert assigned(calendar=calendar, booked=[call(day=5)]).booked == (call(day=5),)


def test_a_customer_named_twice_is_refused():
    """By the id, spelled alike or not; with the same wishes or not."""
    for twin in (callee(), callee(" DR-7 ", visits=2)):
        assert refusal(assigned, [callee(), twin]) == DuplicateId("DR-7")


def test_a_hospital_is_known_by_its_id_however_it_is_spelled():
    """A blank at the edge does not lift its limit, and the same one twice is refused."""
    assert assigned(place_days={" H-1 ": 2}).place_days == Table({"H-1": 2})
    assert refusal(assigned, place_days={"H-1": 1, " H-1": 2}).field == "place_days"


BAD = {
    "callees": [None, 7, CANARY, [None], [CANARY], [call()]],
    "during": [None, 28, CANARY, MONDAY, Year(2026), Span(MONDAY, on(93))],
    "calendar": [None, CANARY, [MONDAY], WorkCalendar],
    "capacity": [None, 15, CANARY, DETAILING.worked],
    "booked": [None, 7, CANARY, [None], [CANARY], [callee()]],
    "place_days": [
        None,
        7,
        CANARY,
        [("H-1", 2)],
        {7: 1},
        {"": 1},
        {f"{CANARY}\0": 1},
        *({"H-1": bad} for bad in (None, -1, 1.5, True, float("nan"), CANARY, 2**99)),
        {"H-1": Decimal("NaN")},
        {"H-1": 1, " H-1": None},
    ],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_assignment_is_refused(box, bad):
    """By the name of the argument, without its content."""
    error = refusal(assigned, **{box: bad})

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


def test_the_longest_period_is_a_quarter():
    """92 days."""
    assert len(assigned(during=Quarter(2026, 3)).days) == 66
    assert assigned(during=Span(date(2026, 1, 1), date(2026, 4, 3))).during.days == 92


def test_nobody_at_all_is_an_assignment():
    """With nothing to do."""
    task = assigned(during=span(2, on(5)), capacity=holding(1, worked=[from_to(8, 9)]))

    assert (task.days, task.everybody, task.masks, task.wanted) == ((), (), (), ())
