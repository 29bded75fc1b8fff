"""The cycle of calls is possible, puts the important first, and is the same for the same team."""

from __future__ import annotations

from collections import Counter
from datetime import date, time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from call_teams import (
    CYCLE,
    MONDAY,
    call,
    callee,
    faults,
    from_to,
    holding,
    on,
    orders,
    reordered,
    span,
)
from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import DuplicateId, InvalidValue
from salesflow.periods import Cycle, Month
from salesflow.planning.assignment import assignment_of
from salesflow.planning.calls import call_plan, call_plans
from salesflow.planning.capacity import DETAILING, PROJECTS
from salesflow.planning.fitting import fit
from salesflow.planning.schedule import Obstacle
from salesflow.tables import Table
from salesflow.workdays import WEEKDAYS, WorkCalendar


def planned(*callees, during=CYCLE, calendar=WEEKDAYS, **rest):
    """A plan of detailing."""
    return call_plan(callees, during, calendar, **rest)


@given(orders())
def test_every_schedule_can_be_kept(order):
    """Whoever is wanted, busy, limited or booked: nothing is asked that cannot be done."""
    plan = call_plan(**order)
    during, capacity = order["during"], order["capacity"]
    team = {one.contact: one for one in order["callees"]}
    booked, planned_ = Counter(order["booked"]), Counter(plan.calls)

    assert booked <= planned_
    assert faults(plan.calls, during, capacity, order["place_days"]) == []
    assert plan.trips >= plan.trips_bound
    for one in planned_ - booked:
        assert one.on in during
        assert order["calendar"].works(one.on)
        assert one.hour in capacity.hours
        assert one.place == team[one.contact].place
        assert team[one.contact].meets(one.on, one.hour)
    assert [(one.on, one.hour) for one in plan.calls] == sorted(
        (one.on, one.hour) for one in plan.calls
    )


@given(orders())
def test_what_is_planned_and_what_is_left_out_are_together_what_is_wanted(order):
    """Nothing more, and nothing lost on the way to an hour."""
    plan = call_plan(**order)
    n = Counter(one.contact for one in plan.calls)
    booked = Counter(one.contact for one in order["booked"])
    short = {row.contact: row for row in plan.unplaced}

    assert len(short) == len(plan.unplaced)
    for one in order["callees"]:
        assert n[one.contact] <= max(one.visits, booked[one.contact])
        assert (n[one.contact] < one.visits) == (one.contact in short)
        if one.contact in short:
            row = short[one.contact]
            assert (row.planned, row.wanted) == (n[one.contact], one.visits)
            assert row.why in Obstacle
    assert len(plan.calls) == sum(fit(assignment_of(**order)).calls)


@given(orders(), st.randoms())
def test_the_order_in_which_a_team_is_listed_changes_nothing(order, draw):
    """Nor that of booked calls, of hospitals, or doing it again."""
    mixed = {name: [*order[name]] for name in ("callees", "booked")}
    rows = [*order["place_days"].items()]
    for items in (*mixed.values(), rows):
        draw.shuffle(items)

    assert call_plan(**order | mixed | {"place_days": dict(rows)}) == call_plan(**order)


def test_calls_on_a_doctor_are_spread_over_the_cycle():
    """Four calls are one a week, on the same weekday; two are a fortnight apart."""
    plan = planned(callee("DR-4", visits=4), callee("DR-2", visits=2))

    assert len({one.on.isoweekday() for one in plan.of("DR-4")}) == 1
    assert [
        (b.on - a.on).days for a, b in zip(plan.of("DR-4"), plan.of("DR-4")[1:], strict=False)
    ] == [
        7,
        7,
        7,
    ]
    first, second = plan.of("DR-2")
    assert (second.on - first.on).days == 14
    assert plan.trips == plan.trips_bound == 4


def test_a_full_cycle_is_left_to_the_important():
    """More doctors than days: those who can grow are called upon, the others are left out."""
    team = [callee(f"A-{n:02}", visits=2, segment="grow") for n in range(20)]
    team += [callee(f"B-{n:02}", visits=1, segment="inform") for n in range(20)]
    plan = planned(*team, capacity=holding(2))

    assert plan.utilisation == 1
    assert {one.contact for one in plan.unplaced} == {f"B-{n:02}" for n in range(20)}
    assert {one.why for one in plan.unplaced} == {Obstacle.CAPACITY}


@pytest.mark.parametrize(("hospitals", "visits"), [(100, 1), (20, 1), (20, 2), (10, 2), (5, 2)])
def test_days_are_level(hospitals, visits):
    """A hundred calls, five a day: no day has more than a tenth above the mean, rounded up."""
    team = [callee(f"DR-{n:02}", f"H-{n % hospitals:02}", visits) for n in range(100 // visits)]
    plan = planned(*team, capacity=holding(15))

    assert len(plan.calls) == 100
    assert max(Counter(one.on for one in plan.calls).values()) <= 6


def test_a_day_is_filled_to_its_least_where_one_hospital_can_fill_it():
    """Twenty doctors of one hospital are two days of ten."""
    plan = planned(*(callee(f"DR-{n:02}") for n in range(20)))

    assert [*Counter(one.on for one in plan.calls).values()] == [10, 10]


# --- hours -----------------------------------------------------------------------------------


def hours_of(*callees, hours=3, **rest):
    """Who is called upon at which hour of the one day."""
    plan = planned(*callees, during=span(1), capacity=holding(hours), **rest)
    return {one.hour.hour: one.contact for one in plan.calls}


def test_a_best_hour_is_used_where_it_is_free():
    """Whoever has none takes another one."""
    late = callee("DR-1", best=[from_to(10, 11)])

    assert hours_of(late) == {10: "DR-1"}
    assert hours_of(late, callee("DR-2"), callee("DR-3")) == {8: "DR-2", 9: "DR-3", 10: "DR-1"}
    assert hours_of(late, booked=[call("DR-X", hour=10)]) == {8: "DR-1", 10: "DR-X"}


def test_two_who_like_the_same_hour_both_have_a_call():
    """One at that hour."""
    like = [from_to(8, 9)]

    assert {*hours_of(callee("DR-1", best=like), callee("DR-2", best=like)).values()} == {
        "DR-1",
        "DR-2",
    }


def test_whoever_has_no_other_hour_takes_a_welcome_one_from_whoever_has():
    """A call is worth more than a welcome hour."""
    eager = callee("DR-1", best=[from_to(8, 9)])
    bound = callee("DR-2", best=[from_to(9, 10)], busy=[from_to(9, 12)])

    assert hours_of(eager, bound) == {8: "DR-2", 9: "DR-1"}


def test_best_hours_outside_those_of_work_are_no_obstacle():
    """Any hour will do then."""
    assert hours_of(callee(best=[from_to(19, 20)])) == {8: "DR-7"}


def test_a_hospital_is_done_with_before_the_next_one():
    """Where hours allow."""
    team = [callee(f"DR-{n}", f"H-{n % 2}") for n in range(4)]
    plan = planned(*team, during=span(1), capacity=holding(4))

    assert [one.place for one in plan.calls] in (
        ["H-0", "H-0", "H-1", "H-1"],
        ["H-1", "H-1", "H-0", "H-0"],
    )


# --- the frame -------------------------------------------------------------------------------


def test_nobody_is_called_upon_on_a_day_off():
    """A make-up Saturday is worked."""
    calendar = WorkCalendar(name="CN", holidays=[MONDAY, on(1), on(2), on(3)], make_up=[on(5)])
    plan = planned(callee(visits=3), during=span(7), calendar=calendar)

    assert plan.days == (on(4), on(5))
    assert [one.on for one in plan.calls] == [on(4), on(5)]
    assert plan.unplaced[0].why is Obstacle.NO_DAY


def test_days_that_a_month_plan_gives_are_kept():
    """A hospital that is not named has no limit."""
    team = [callee(f"DR-{n}", f"H-{n % 2}", 4) for n in range(4)]
    plan = planned(*team, place_days={"H-0": 2, "H-9": 1})

    assert plan.place_days == Table({"H-0": 2, "H-1": 4})
    assert [(row.contact, row.planned, row.why) for row in plan.unplaced] == [
        ("DR-0", 2, Obstacle.PLACE_DAYS),
        ("DR-2", 2, Obstacle.PLACE_DAYS),
    ]


def test_a_booked_call_counts_for_its_customer():
    """The second one of two is planned half a cycle later."""
    plan = planned(callee(visits=2), booked=[call(day=2)])

    assert plan.of("DR-7") == (call(day=2), plan.calls[1])
    assert plan.calls[1].on == on(16)


def test_a_plan_holds_what_was_asked_for():
    """Who, when, how much, and what is doubtful about the calendar."""
    plan = planned(callee(), representative=" R-9 ", capacity=PROJECTS)

    assert (plan.representative, plan.during, plan.capacity) == ("R-9", CYCLE, PROJECTS)
    assert plan.days == WEEKDAYS.working_days(CYCLE)
    assert plan.notes == WEEKDAYS.findings(CYCLE)
    assert planned().capacity == DETAILING
    assert (planned().calls, planned().representative) == ((), "")


def test_a_month_is_planned_as_a_cycle_is():
    """Any period up to a quarter."""
    plan = planned(callee(visits=2), during=Month(2026, 2))

    assert len(plan.calls) == 2


def test_each_representative_of_a_territory_has_a_plan_of_their_own():
    """The same as alone, with the same hospitals' days."""
    team = [callee(f"DR-{n}", f"H-{n % 2}", 3) for n in range(4)]
    rest = {"capacity": PROJECTS, "place_days": {"H-0": 1}}
    plans = call_plans({"R-1": team, "R-2": [], "R-3": iter(team)}, CYCLE, WEEKDAYS, **rest)

    assert plans == Table(
        {
            name: planned(*mine, representative=name, **rest)
            for name, mine in (("R-1", team), ("R-2", []), ("R-3", team))
        }
    )


def test_leave_and_booked_calls_are_those_of_one_representative():
    """The others work, and are free, as before."""
    teams = {"R-1": [callee(visits=2)], "R-2": [callee(visits=2)]}
    rest = {"leave": {"R-1": [MONDAY]}, "booked": {"R-2": [call(day=3)]}}
    plans = call_plans(teams, CYCLE, WEEKDAYS, **rest)

    assert MONDAY not in plans["R-1"].days
    assert MONDAY in plans["R-2"].days
    assert call(day=3) in plans["R-2"].calls
    assert call(day=3) not in plans["R-1"].calls
    for box, rows in rest.items():
        strange = {box: dict.fromkeys([CANARY], next(iter(rows.values())))}
        error = refusal(call_plans, teams, CYCLE, WEEKDAYS, **strange)
        assert error.field == box
        assert CANARY not in everything_told(error)


def test_part_of_a_day_at_a_hospital_is_a_visit_on_that_day():
    """A month plan may give it a day and a half."""
    team = [callee(f"DR-{n}", visits=3) for n in range(2)]

    assert planned(*team, place_days={"H-1": Fraction(3, 2)}).place_days == Table({"H-1": 2})


def test_a_day_is_chosen_on_which_the_customers_have_hours():
    """Monday's single free hour holds one call, and any other day all of them."""
    busy = [from_to(9, 23, weekday=1)]
    team = [callee(f"DR-{n}", busy=busy) for n in range(4)]

    assert len(planned(*team, capacity=holding(4), place_days={"H-1": 1}).calls) == 4


# --- refusals --------------------------------------------------------------------------------


def test_a_plan_is_refused_before_anything_is_planned():
    """Customers twice, booked calls that cannot be."""
    assert refusal(planned, callee(), callee()) == DuplicateId("DR-7")
    for booked in reordered([call("DR-1"), call("DR-2", hour=9)]):
        rest = {"booked": booked, "capacity": holding(2, most_daily=1)}
        assert refusal(planned, **rest).field == "booked"


BAD = {
    "callees": [None, 7, CANARY, [CANARY]],
    "during": [None, CANARY, date(2026, 1, 5)],
    "calendar": [None, CANARY],
    "capacity": [None, 15, CANARY],
    "place_days": [None, CANARY, {CANARY: -1}, {"H-1": 1.5}, {7: 1}],
    "booked": [None, CANARY, [CANARY], [time(8)]],
    "representative": [None, 7, f"{CANARY}\0", [CANARY]],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_plan_is_refused(box, bad):
    """By the name of the argument, without its content."""
    given_ = {"callees": [callee()], "during": CYCLE, "calendar": WEEKDAYS}
    error = refusal(call_plan, **(given_ | {box: bad}))

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


@pytest.mark.parametrize("bad", [None, 7, CANARY, [("R-1", [])], {"R-1": None}, {7: []}])
def test_what_is_no_territory_is_refused(bad):
    """Teams by the id of their representative."""
    error = refusal(call_plans, bad, Cycle(MONDAY, 1), WEEKDAYS)

    assert isinstance(error, InvalidValue)
    assert CANARY not in everything_told(error)
