"""Planning profiles: what a day and a week of field work should hold, by kind of selling.

Detailing drugs means many short visits a day; selling equipment means few long ones a week.  Both
are plans of the same shape with other numbers, and a company passes its own.

>>> PHARMA_DETAILING.least_daily, PHARMA_DETAILING.most_daily, PHARMA_DETAILING.least_aims
(10, 15, 3)
>>> DEVICE_PROJECT.least_weekly, DEVICE_PROJECT.least_hours_weekly, DEVICE_PROJECT.most_daily
(8, 10, None)

The minutes are ours, to start from: fifteen visits of 30 minutes leave half an hour of an
eight-hour day, and eight customers in ten hours are 75 minutes each.

Source: the trade's training material, day plan (10–15 doctors, three aims a visit) and roadmap of
equipment selling (eight customers, ten hours a week).
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.visits.plan import LEAST_AIMS

__all__ = ["DEVICE_PROJECT", "PHARMA_DETAILING", "PlanProfile", "profile_of"]

# Hours of a week, minutes of a day.
_WEEK: Final = 7 * 24
_DAY: Final = 24 * 60


@frozen(kw_only=True)
class PlanProfile:
    """What a plan of field work is held against; everything found is advice, never a refusal."""

    #: customers a day should hold at least
    least_daily: int = 0
    #: customers a day should hold at most, None without a limit
    most_daily: int | None = None
    #: customers a week should hold at least
    least_weekly: int = 0
    #: hours with customers that a week should hold at least
    least_hours_weekly: int = 0
    #: aims that each visit should have at least
    least_aims: int = LEAST_AIMS
    #: minutes of a working day
    day_minutes: int = 8 * 60
    #: minutes of one visit, the way there and the waiting included
    visit_minutes: int

    def __attrs_post_init__(self) -> None:
        forms.counts_of(self, "least_daily", "least_weekly", "least_hours_weekly", "least_aims")
        forms.optional_counts(self, "most_daily")
        forms.counts_of(self, "day_minutes", "visit_minutes")
        if self.most_daily is not None and self.most_daily < self.least_daily:
            raise InvalidValue("most_daily", "is below least_daily", "exchange the two")
        if self.least_hours_weekly > _WEEK:
            raise InvalidValue("least_hours_weekly", "is more than a week has", "check the figure")
        if not 0 < self.day_minutes <= _DAY:
            raise InvalidValue("day_minutes", "is no length of a day", f"use 1 to {_DAY}")
        if not 0 < self.visit_minutes <= self.day_minutes:
            raise InvalidValue("visit_minutes", "does not fit into a day", "use 1 to day_minutes")

    @property
    def capacity(self) -> int:
        """Visits that fit into a day: day ÷ visit, and no more than the most a day should hold."""
        fits = self.day_minutes // self.visit_minutes
        return fits if self.most_daily is None else min(fits, self.most_daily)


#: detailing drugs: 10 to 15 doctors a day
PHARMA_DETAILING: Final = PlanProfile(least_daily=10, most_daily=15, visit_minutes=30)
#: selling equipment as a project: at least eight customers and ten hours a week
DEVICE_PROJECT: Final = PlanProfile(least_weekly=8, least_hours_weekly=10, visit_minutes=75)


def profile_of(value: object) -> PlanProfile:
    """Return a profile, proved to be one; raises `WrongType`."""
    if not isinstance(value, PlanProfile):
        raise WrongType.of("profile", value, "pass a PlanProfile such as PHARMA_DETAILING")
    return value
