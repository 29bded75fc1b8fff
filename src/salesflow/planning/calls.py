"""The cycle of calls: four weeks of visits that fit, are even, and put the important first.

Every schedule is feasible by construction: calls lie on working days and at hours at which the
customer can be met, nobody is called upon twice a day, and no day, week or hospital holds more
than it may.  Among all such schedules

1. what is left out is the least important: without hospital days to keep to, no schedule places a
   more important set of calls, nor more of them (the calls that fit form a matroid, see `diary`);
2. repeated calls are spread evenly and days hold few hospitals, as well as moving and exchanging
   calls can make it (see `rounds`).

Where a month plan gives a hospital so many days, these are chosen first, spread over the cycle;
then 1. holds for the days chosen.  What did not fit is told, with the reason.

>>> from salesflow.periods import Cycle
>>> from salesflow.workdays import WEEKDAYS
>>> team = [Callee(contact="DR-7", place="H-1", visits=4, segment="grow"),
...         Callee(contact="DR-8", place="H-1", visits=2, weekdays=[2, 4])]
>>> plan = call_plan(team, Cycle(date(2026, 1, 5), 1), WEEKDAYS)
>>> [call.on.isoformat() for call in plan.calls if call.contact == "DR-7"]
['2026-01-06', '2026-01-13', '2026-01-20', '2026-01-27']
>>> plan.trips, plan.trips_bound, plan.unplaced  # hospitals of all days together
(4, 4, ())
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from typing import Final

from salesflow import text
from salesflow.errors import InvalidValue
from salesflow.periods import Period
from salesflow.planning.assignment import Assignment, assignment_of
from salesflow.planning.callees import Callee
from salesflow.planning.capacity import DETAILING, Capacity
from salesflow.planning.diary import Diary
from salesflow.planning.fitting import fit
from salesflow.planning.rounds import Guest, Rounds
from salesflow.planning.schedule import Call, CallSchedule
from salesflow.planning.timetable import timetable
from salesflow.scales import Number
from salesflow.tables import Rows, Table, rows_of
from salesflow.workdays import DaysOff, WorkCalendar, calendar_of

__all__ = ["call_plan", "call_plans"]

_NO_LIMITS: Final[Table[str, Number]] = Table({})
_NO_LEAVE: Final[Table[str, DaysOff]] = Table({})
_NO_CALLS: Final[Table[str, Iterable[Call]]] = Table({})


def call_plan(
    callees: Iterable[Callee],
    during: Period,
    calendar: WorkCalendar,
    *,
    capacity: Capacity = DETAILING,
    place_days: Rows[str, Number] = _NO_LIMITS,
    booked: Iterable[Call] = (),
    representative: str = "",
) -> CallSchedule:
    """Return the schedule of one representative for a cycle, or any period up to 92 days.

    `place_days` are the days that a month plan gives to hospitals; one that is not named has no
    limit.  `booked` are calls that are agreed on; they stay, and count for their customers.

    Raises `DuplicateId` for a customer named twice, `InvalidValue` for a booked call that cannot
    be.
    """
    task = assignment_of(
        callees, during, calendar, capacity=capacity, place_days=place_days, booked=booked
    )
    fits = fit(task)
    places = list(dict.fromkeys(one.place for one in task.everybody))
    guests = [
        Guest(places.index(one.place), mask, calls, task.booked_on(number))
        for number, (one, mask, calls) in enumerate(
            zip(task.everybody, fits.masks, fits.calls, strict=True)
        )
    ]
    diary = task.diary()
    since = [task.since(day) for day in task.days]
    Rounds(guests, diary, since, during.days, _enough(task, sum(fits.calls))).lay_out()
    calls = (call for day in range(len(task.days)) for call in _calls_of(task, guests, diary, day))
    return CallSchedule(
        representative=text.optional(representative, "representative"),
        during=during,
        days=task.days,
        capacity=capacity,
        calls=tuple(calls),
        unplaced=fits.unplaced,
        notes=calendar.findings(during),
    )


def call_plans(
    teams: Rows[str, Iterable[Callee]],
    during: Period,
    calendar: WorkCalendar,
    *,
    capacity: Capacity = DETAILING,
    place_days: Rows[str, Number] = _NO_LIMITS,
    leave: Rows[str, DaysOff] = _NO_LEAVE,
    booked: Rows[str, Iterable[Call]] = _NO_CALLS,
) -> Table[str, CallSchedule]:
    """Return the schedule of each representative of a territory, by id.

    Each has customers of their own, and `leave` and `booked` calls by id; so the time grows as
    the number of representatives does.  Raises `InvalidValue` for the leave or the calls of
    somebody who has no customers.
    """
    names, away, agreed = (
        rows_of(teams, "teams"),
        rows_of(leave, "leave"),
        rows_of(booked, "booked"),
    )
    for box, rows in (("leave", away), ("booked", agreed)):
        if not rows.keys() <= names.keys():
            raise InvalidValue(box, "names somebody without customers", "use the ids of the teams")
    return Table(
        {
            name: call_plan(
                team,
                during,
                calendar_of(calendar).with_days_off(away.get(name, ())),
                capacity=capacity,
                place_days=place_days,
                booked=agreed.get(name, ()),
                representative=name,
            )
            for name, team in names.items()
        }
    )


def _enough(task: Assignment, calls: int) -> int:
    """Return how many calls a day should hold while there is room: a tenth above the mean."""
    even = -(-11 * calls // (10 * max(1, len(task.days))))
    return max(1, min(task.capacity.most_daily, max(task.capacity.least_daily, even)))


def _calls_of(
    task: Assignment, guests: Sequence[Guest], laid_out: Diary, day: int
) -> Iterator[Call]:
    """Yield the calls of a day by the hour: hospital by hospital, at the best hours that fit."""
    on, hours, everybody = task.days[day], task.capacity.hours, task.everybody
    today = sorted(laid_out.holders(day))
    at = timetable(
        [guests[who].place for who in today],
        [guests[who].mask[day] for who in today],
        [_welcome(everybody[who], on, hours) for who in today],
        len(hours),
    )
    for hour, who in sorted(zip(at, today, strict=True)):
        one = everybody[who]
        yield Call(contact=one.contact, place=one.place, on=on, hour=hours[hour])


def _welcome(one: Callee | Call, on: date, hours: Sequence[time]) -> int:
    """Return the hours that suit somebody best, one bit an hour; a booked call has but one."""
    if isinstance(one, Call):
        return 1 << hours.index(one.hour)
    return sum(one.welcomes(on, hour) << bit for bit, hour in enumerate(hours))
