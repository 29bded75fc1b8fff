"""A schedule of calls: who is called upon when and where, and what did not fit.

>>> call = Call(contact="DR-7", place="H-1", on=date(2026, 1, 6), hour=time(8))
>>> call.on.isoweekday(), call.hour.isoformat()
(2, '08:00:00')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from fractions import Fraction
from typing import Final

from attrs import frozen

from salesflow import forms
from salesflow.findings import Finding, Remark, Severity
from salesflow.instants import day as calendar_day
from salesflow.instants import hour as wall_hour
from salesflow.labels import Label, Term
from salesflow.periods import Period
from salesflow.planning.capacity import Capacity, week_of
from salesflow.tables import Table

__all__ = ["SCHEDULE_REMARKS", "Call", "CallSchedule", "Obstacle", "Unplaced"]


class Obstacle(Term):
    """Why a call did not fit."""

    NO_DAY = "no_day", "可约见的工作日不够", "too few working days on which the customer can be met"
    PLACE_DAYS = (
        "place_days",
        "月计划给该医院的天数不够",
        "the month plan gives the hospital too few days",
    )
    HOURS = "hours", "有空的日子里没有合适的钟点", "no free hour suits on the days that have room"
    CAPACITY = (
        "capacity",
        "可约见的日子或周已排满：已约定的拜访，同等或更重要的客户",
        "all days or weeks are full: booked calls, customers as important or more",
    )


@frozen(kw_only=True)
class Call:
    """A call that is planned."""

    #: id of the customer
    contact: str
    #: id of the hospital
    place: str
    #: the day
    on: date
    #: the hour, on the wall of the hospital
    hour: time

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "contact", "place")
        forms.days(self, "on")
        wall_hour(self.hour)


@frozen(kw_only=True)
class Unplaced:
    """A customer whose calls did not all fit."""

    #: id of the customer
    contact: str
    #: how many calls were wanted
    wanted: int
    #: how many are planned
    planned: int
    #: why there are no more
    why: Obstacle


_LEFT_OUT: Final = Remark(
    "calls_left_out",
    Severity.WATCH,
    Label(
        "计划 {planned} 次，少于希望的 {wanted} 次：{why}",
        "{planned} calls are planned of {wanted} wanted: {why}",
    ),
    Label(
        "调整频率、天数或时间，或请同事分担",
        "change frequency, days or hours, or share with a colleague",
    ),
)
_DAY_LOW: Final = Remark(
    "day_low",
    Severity.WATCH,
    Label("{n} 位，少于每天至少 {least} 位", "{n} calls, fewer than the {least} of a day"),
    Label("补充客户，或用于开发新客户", "add customers, or use the day to find new ones"),
)
_WEEK_LOW: Final = Remark(
    "week_low",
    Severity.WATCH,
    Label("本周 {n} 次，少于每周至少 {least} 次", "{n} calls in the week, fewer than {least}"),
    Label("补充客户，或用于开发新客户", "add customers, or use the week to find new ones"),
)
#: every finding about a schedule, besides those about its calendar
SCHEDULE_REMARKS: Final = (_LEFT_OUT, _DAY_LOW, _WEEK_LOW)


@frozen(kw_only=True)
class CallSchedule:
    """The calls of one representative in a cycle."""

    #: id of the representative, empty where nobody said
    representative: str
    #: the cycle
    during: Period
    #: its working days
    days: tuple[date, ...]
    #: what its days can hold
    capacity: Capacity
    #: the calls, by day and hour
    calls: tuple[Call, ...]
    #: what did not fit, the most important first
    unplaced: tuple[Unplaced, ...]
    #: what is to be known about the calendar
    notes: tuple[Finding, ...] = ()

    def on(self, day: date) -> tuple[Call, ...]:
        """Return the calls of a day, by the hour."""
        wanted = calendar_day(day, "day")
        return tuple(call for call in self.calls if call.on == wanted)

    def of(self, contact: str) -> tuple[Call, ...]:
        """Return the calls on a customer, by day."""
        return tuple(call for call in self.calls if call.contact == contact)

    @property
    def place_days(self) -> Table[str, int]:
        """On how many days each hospital is visited."""
        pairs = {(call.place, call.on) for call in self.calls}
        return Table(dict(sorted(Counter(place for place, _ in pairs).items())))

    @property
    def hospital_days(self) -> Table[str, Fraction]:
        """The days of work each hospital takes, as a month plan says it.

        A day with several hospitals is shared between them by their calls.
        """
        loads = Counter(call.on for call in self.calls)
        parts: dict[str, Fraction] = {}
        for call in self.calls:
            parts[call.place] = parts.get(call.place, Fraction()) + Fraction(1, loads[call.on])
        return Table(dict(sorted(parts.items())))

    @property
    def trips(self) -> int:
        """Hospitals of each day, all days together: what it takes to get around."""
        return sum(self.place_days.values())

    @property
    def trips_bound(self) -> int:
        """The fewest trips that any schedule of these calls could have.

        A hospital takes as many days as its most frequent customer, and as its calls fill.
        """
        calls, often = Counter(call.place for call in self.calls), Counter[str]()
        for (place, _), n in Counter((one.place, one.contact) for one in self.calls).items():
            often[place] = max(often[place], n)
        most = max(1, self.capacity.most_daily)
        return sum(max(often[place], -(-n // most)) for place, n in calls.items())

    @property
    def utilisation(self) -> Fraction | None:
        """Calls ÷ calls that the working days can hold; None where they can hold none."""
        room = self.capacity.room(self.days, self.during.first)
        return Fraction(len(self.calls), room) if room else None

    def findings(self) -> tuple[Finding, ...]:
        """Return what did not fit, which days and weeks are thin, and what the calendar lacks."""
        return (*self.notes, *self._left_out(), *self._thin_days(), *self._thin_weeks())

    def _left_out(self) -> Iterator[Finding]:
        for one in self.unplaced:
            yield _LEFT_OUT.about(one.contact, planned=one.planned, wanted=one.wanted, why=one.why)

    def _thin_days(self) -> Iterator[Finding]:
        loads, least = Counter(call.on for call in self.calls), self.capacity.least_daily
        for day in self.days:
            if loads[day] < least:
                yield _DAY_LOW.about(str(day), n=loads[day], least=least)

    def _thin_weeks(self) -> Iterator[Finding]:
        first, least = self.during.first, self.capacity.least_weekly
        loads = Counter(week_of(call.on, first) for call in self.calls)
        for week in sorted({week_of(day, first) for day in self.days}):
            if loads[week] < least:
                begins = first + timedelta(weeks=week)
                yield _WEEK_LOW.about(str(begins), n=loads[week], least=least)
