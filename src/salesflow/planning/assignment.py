"""An assignment: everything a schedule of calls is made from, checked once and put together.

Customers come first, the most important at the top, then the calls that are booked already; both
are known by their number, and so are days and hours.  A *mask* tells at which hours of each day
somebody can be met, one bit an hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import ceil
from typing import Final

from attrs import frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.periods import Period
from salesflow.planning.callees import Callee, by_importance
from salesflow.planning.capacity import Capacity, capacity_of, week_of
from salesflow.planning.diary import Diary
from salesflow.planning.schedule import Call
from salesflow.scales import Number, exact
from salesflow.tables import Rows, Table, listed_of, once
from salesflow.workdays import WorkCalendar, calendar_of

__all__ = ["Assignment", "Mask", "assignment_of"]

# A season is planned in cycles; a longer one would be planned again anyway.
_LONGEST: Final = 92
_DAY: Final = timedelta(days=1)

#: the hours that will do on each day, one bit an hour
Mask = tuple[int, ...]


@frozen(kw_only=True)
class Assignment:
    """What is to be planned."""

    #: the cycle
    during: Period
    #: its working days
    days: tuple[date, ...]
    #: what they can hold
    capacity: Capacity
    #: the customers, the most important first
    callees: tuple[Callee, ...]
    #: calls that are agreed on
    booked: tuple[Call, ...]
    #: on which days, counted from the start, each customer of these is called upon
    booked_days: Table[str, tuple[int, ...]]
    #: on how many days a hospital can be visited, where that is limited
    place_days: Table[str, int]
    #: when each customer can be met, and each booked call takes place
    masks: tuple[Mask, ...]
    #: how many calls are still wanted of each of these
    wanted: tuple[int, ...]

    @property
    def everybody(self) -> tuple[Callee | Call, ...]:
        """The customers, and then the booked calls."""
        return (*self.callees, *self.booked)

    def since(self, day: date) -> int:
        """Return how many days after the start of the cycle a day is."""
        return day.toordinal() - self.during.first.toordinal()

    def booked_on(self, number: int) -> tuple[int, ...]:
        """Return on which days, counted from the start, calls on a customer are booked."""
        if number >= len(self.callees):
            return ()
        return self.booked_days.get(self.callees[number].contact, ())

    def diary(self) -> Diary:
        """Return an empty diary of the working days."""
        weeks = [week_of(day, self.during.first) for day in self.days]
        limits = self.capacity.most_daily, self.capacity.most_weekly
        return Diary(weeks, len(self.capacity.hours), *limits)


def assignment_of(
    callees: Iterable[Callee],
    during: Period,
    calendar: WorkCalendar,
    *,
    capacity: Capacity,
    place_days: Rows[str, Number],
    booked: Iterable[Call],
) -> Assignment:
    """Check what was passed in, and put it together."""
    _check_kinds(during, calendar, capacity)
    ranked = by_importance(callees)
    once(one.contact for one in ranked)
    days = calendar.working_days(during)
    agreed = _agreed(booked, days, capacity)
    since = _days_by_contact(agreed, during.first)
    return Assignment(
        during=during,
        days=days,
        capacity=capacity,
        callees=ranked,
        booked=agreed,
        booked_days=since,
        place_days=_limits(place_days),
        masks=(
            *(
                _mask_of_callee(one, days, capacity, {during.first + n * _DAY for n in taken})
                for one, taken in ((one, since.get(one.contact, ())) for one in ranked)
            ),
            *(_mask_of_call(call, days, capacity) for call in agreed),
        ),
        wanted=(
            *(max(0, one.visits - len(since.get(one.contact, ()))) for one in ranked),
            *(1 for _ in agreed),
        ),
    )


def _check_kinds(during: Period, calendar: WorkCalendar, capacity: Capacity) -> None:
    if not isinstance(during, Period):
        raise WrongType.of("during", during, "pass a period such as a Cycle")
    calendar_of(calendar)
    capacity_of(capacity)
    if during.days > _LONGEST:
        raise InvalidValue("during", f"is longer than {_LONGEST} days", "plan it in cycles")


def _limits(place_days: Rows[str, Number]) -> Table[str, int]:
    """Return on how many days each hospital can be visited, in one order for one plan.

    Part of a day is a visit on that day.
    """
    box = "place_days"
    given = sorted(forms.by_line(place_days, box).items())
    return Table({place: forms.count(ceil(exact(n, box)), box) for place, n in given})


def _agreed(booked: Iterable[Call], days: Sequence[date], capacity: Capacity) -> tuple[Call, ...]:
    """Return the booked calls by day and hour, proved to be possible."""
    calls, worked, hours = listed_of(booked, Call, "booked"), set(days), set(capacity.hours)
    n = len(calls)
    problems = {
        "lie on a day that is not worked": any(call.on not in worked for call in calls),
        "lie at an hour at which no call begins": any(call.hour not in hours for call in calls),
        "take an hour twice": len({(call.on, call.hour) for call in calls}) < n,
        "name a customer twice on a day": len({(call.on, call.contact) for call in calls}) < n,
    }
    for problem, found in problems.items():
        if found:
            raise InvalidValue("booked", problem, "agree on another day or hour")
    return tuple(sorted(calls, key=lambda call: (call.on, call.hour)))


def _days_by_contact(booked: Iterable[Call], first: date) -> Table[str, tuple[int, ...]]:
    days: dict[str, tuple[int, ...]] = {}
    for call in booked:
        days[call.contact] = (*days.get(call.contact, ()), (call.on - first).days)
    return Table(days)


def _mask_of_callee(
    callee: Callee, days: Sequence[date], capacity: Capacity, taken: set[date]
) -> Mask:
    by_weekday: dict[int, int] = {}
    for day in days:
        # Busy hours come again every week.
        if day.isoweekday() not in by_weekday:
            met = (
                callee.meets(day, hour, capacity.visit_minutes) << bit
                for bit, hour in enumerate(capacity.hours)
            )
            by_weekday[day.isoweekday()] = sum(met)
    return tuple(0 if day in taken else by_weekday[day.isoweekday()] for day in days)


def _mask_of_call(call: Call, days: Sequence[date], capacity: Capacity) -> Mask:
    hour = capacity.hours.index(call.hour)
    return tuple((day == call.on) << hour for day in days)
