"""The week plan: made before the week begins, by the same six questions as every plan.

A week sees further than a day and leaves more choice, so it is planned at the end of the week
before.  How many customers and hours it should hold is said by the profile.

>>> from salesflow.planning.profiles import DEVICE_PROJECT
>>> plan = WeekPlan(owner="R-9", week=Week(2026, 28), made_on=date(2026, 7, 6),
...                 customers=["H-1", "H-2"], hours=10)
>>> [finding.text.en for finding in plan.findings(DEVICE_PROJECT)][:2]
['the plan was made when the week had begun', 'customers 2 < 8']
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label
from salesflow.periods import Week
from salesflow.planning.agenda import NO_AGENDA, Agenda
from salesflow.planning.priority import task_findings
from salesflow.planning.profiles import PlanProfile, profile_of
from salesflow.scales import Number, exact

__all__ = ["WEEK_REMARKS", "WeekPlan"]

# Working days of a week without a holiday, and hours of all its days.
_NOMINAL_DAYS: Final = 5
_HOURS: Final = 7 * 24

_MADE_LATE: Final = Remark(
    "plan_made_late",
    Severity.WATCH,
    Label("一周开始后才做计划", "the plan was made when the week had begun"),
    Label("在上周末做好下周计划", "make it at the end of the week before"),
)
_FEW_CUSTOMERS: Final = Remark(
    "customers_few",
    Severity.WATCH,
    Label("客户 {n} 家，少于 {least} 家", "customers {n} < {least}"),
    Label("增加拜访客户", "add customers"),
)
_FEW_HOURS: Final = Remark(
    "hours_few",
    Severity.WATCH,
    Label("拜访 {hours} 小时，少于 {least} 小时", "hours with customers {hours} < {least}"),
    Label("留出更多拜访时间", "keep more time for visits"),
)
_OUTSIDE: Final = Remark(
    "task_outside_week",
    Severity.WATCH,
    Label("安排在 {on}，不在本周内", "it is scheduled on {on}, outside the week"),
    Label("核对日期", "check the day"),
)
#: every finding about a week plan besides those of its agenda and its tasks
WEEK_REMARKS: Final = (_MADE_LATE, _FEW_CUSTOMERS, _FEW_HOURS, _OUTSIDE)


def _hours(value: Number) -> Fraction:
    hours = exact(value, "hours")
    if not 0 <= hours <= _HOURS:
        raise InvalidValue("hours", "are not those of a week", f"pass 0 to {_HOURS}")
    return hours


@frozen(kw_only=True)
class WeekPlan:
    """What somebody plans for a week."""

    #: whose plan it is, by id
    owner: str
    #: the week
    week: Week
    #: the day on which the plan was made
    made_on: date
    #: ids of the customers to be seen
    customers: tuple[str, ...] = field(default=(), converter=forms.some)
    #: hours with customers
    hours: Fraction = field(default=Fraction(), converter=_hours)
    #: how many days of it are worked; `WorkCalendar.count(week)` knows
    working_days: int = _NOMINAL_DAYS
    #: the six questions answered
    agenda: Agenda = NO_AGENDA

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "owner")
        if not isinstance(self.week, Week):
            raise WrongType.of("week", self.week, "pass a Week")
        forms.days(self, "made_on")
        forms.texts(self, "customers")
        forms.counts_of(self, "working_days")
        if self.working_days > self.week.days:
            raise InvalidValue("working_days", "are more than a week has", "check the figure")
        if not isinstance(self.agenda, Agenda):
            raise WrongType.of("agenda", self.agenda, "pass an Agenda")

    def findings(self, profile: PlanProfile) -> tuple[Finding, ...]:
        """Return what is doubtful about the plan, its agenda and its tasks, held to a profile."""
        held = profile_of(profile)
        subject, agenda = str(self.week), self.agenda
        free = max(0, held.day_minutes - agenda.slack_minutes)
        return (
            *self._findings(subject, held),
            *agenda.findings(subject, profile=held),
            *task_findings(subject, agenda.tasks, minutes=self.working_days * free),
        )

    def _findings(self, subject: str, profile: PlanProfile) -> Iterator[Finding]:
        if self.made_on >= self.week.first:
            yield _MADE_LATE.about(subject)
        seen, least = len(set(self.customers)), profile.least_weekly
        if seen < least:
            yield _FEW_CUSTOMERS.about(subject, n=seen, least=least)
        if self.hours < profile.least_hours_weekly:
            yield _FEW_HOURS.about(subject, hours=self.hours, least=profile.least_hours_weekly)
        for key, on in self.agenda.schedule.items():
            if on not in self.week:
                yield _OUTSIDE.about(key, on=on)
