"""Capacity: at which hours a representative calls, and how many calls a day and a week hold.

The hours of a day are cut into calls of equal length, the way there and the waiting included; a
day holds at most as many calls as it has hours, and no more than the profile allows.

>>> DETAILING.most_daily, len(DETAILING.hours), DETAILING.hours[0].isoformat()
(15, 16, '08:00:00')
>>> PROJECTS.most_weekly, PROJECTS.visit_minutes * PROJECTS.most_weekly // 60
(8, 10)

Source: the trade's plan of a day (10 to 15 doctors), and of a week of equipment selling (8
customers, 10 hours); the hours of the day are ours, to start from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, time
from itertools import pairwise
from typing import Final, Self

from attrs import field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.instants import minute_of
from salesflow.planning.profiles import DEVICE_PROJECT, PHARMA_DETAILING, PlanProfile, profile_of
from salesflow.visits import Hours

__all__ = ["DETAILING", "PROJECTS", "Capacity", "capacity_of", "week_of"]

_HOUR: Final = 60
_WEEK: Final = 7


def _worked(value: Iterable[Hours]) -> tuple[Hours, ...]:
    found = forms.list_of(Hours, value, "worked")
    if any(shift.weekday is not None for shift in found):
        raise InvalidValue("worked", "name a weekday", "leave days to the calendar")
    if any(hour.second or hour.microsecond for shift in found for hour in (shift.start, shift.end)):
        raise InvalidValue("worked", "count seconds", "say hours and minutes")
    ordered = sorted(found, key=lambda shift: shift.start)
    if any(later.start < sooner.end for sooner, later in pairwise(ordered)):
        raise InvalidValue("worked", "overlap", "say each hour once")
    return tuple(ordered)


@frozen(kw_only=True)
class Capacity:
    """What the days of a representative can hold."""

    #: hours of work in a day
    worked: tuple[Hours, ...] = field(
        default=(
            Hours(start=time(8), end=time(12)),
            Hours(start=time(13, 30), end=time(17, 30)),
        ),
        converter=_worked,
    )
    #: minutes from one call to the next
    visit_minutes: int
    #: calls that a day should have at least
    least_daily: int = 0
    #: calls that a day can have at most
    most_daily: int
    #: calls that a week should have at least
    least_weekly: int = 0
    #: calls that a week can have at most, None where only days are limited
    most_weekly: int | None = None
    #: at which hours calls can begin
    hours: tuple[time, ...] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        forms.counts_of(self, "visit_minutes", "least_daily", "most_daily", "least_weekly")
        forms.optional_counts(self, "most_weekly")
        if not self.visit_minutes:
            raise InvalidValue("visit_minutes", "are none", "say how long a call takes")
        hours = tuple(
            time(*divmod(minute, _HOUR))
            for shift in self.worked
            for minute in range(
                minute_of(shift.start),
                minute_of(shift.end) - self.visit_minutes + 1,
                self.visit_minutes,
            )
        )
        if not hours:
            raise InvalidValue("worked", "hold no call", "allow more hours, or shorter calls")
        object.__setattr__(self, "hours", hours)
        object.__setattr__(self, "most_daily", min(self.most_daily, len(hours)))

    @classmethod
    def of_profile(cls, profile: PlanProfile) -> Self:
        """Return the capacity of a profile, with the usual hours.

        Where the profile names only a week, the calls of the week are its capacity.
        """
        profile_of(profile)
        names_only_a_week = profile.most_daily is None and profile.least_weekly > 0
        return cls(
            visit_minutes=profile.visit_minutes,
            least_daily=profile.least_daily,
            most_daily=profile.capacity,
            least_weekly=profile.least_weekly,
            most_weekly=profile.least_weekly if names_only_a_week else None,
        )

    def room(self, days: Iterable[date], first: date) -> int:
        """Return how many calls working days can hold; their weeks begin with the first day."""
        weeks = Counter(week_of(day, first) for day in days)
        daily = (n * self.most_daily for n in weeks.values())
        return sum(n if self.most_weekly is None else min(n, self.most_weekly) for n in daily)


#: short calls on doctors, 15 a day at the most
DETAILING: Final = Capacity.of_profile(PHARMA_DETAILING)
#: long calls on customers, 8 in the 10 hours of a week
PROJECTS: Final = Capacity.of_profile(DEVICE_PROJECT)


def capacity_of(value: object) -> Capacity:
    """Return a capacity, proved to be one; raises `WrongType`."""
    if not isinstance(value, Capacity):
        raise WrongType.of("capacity", value, "pass a Capacity such as DETAILING")
    return value


def week_of(day: date, first: date) -> int:
    """Return the week of a day, from 0; weeks begin with the first day of what is planned."""
    return (day - first).days // _WEEK
