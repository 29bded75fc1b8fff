"""The day plan: whom to see, who they are, when, where, what for, and what was said last time.

    Σ minutes of the visits + slack ≤ length of the day,  slack > 0

Ten to fifteen doctors are a budget and no limit: what lies outside is found and never refused.

>>> from salesflow.planning.profiles import PHARMA_DETAILING
>>> visit = DayVisit(contact="DR-7", place="H-1, ward 3", hour=time(14), appointed=True,
...                  aims=["awareness", "trial"], file_read=True, last_record="V-6")
>>> plan = DayPlan(owner="R-9", on=date(2026, 7, 6), visits=[visit], slack_minutes=30)
>>> [finding.text.en for finding in plan.findings(PHARMA_DETAILING)]
['doctors or customers 1 < 10', 'aims 2 < 3']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.findings import Finding, Remark, Severity
from salesflow.instants import day, minute_of
from salesflow.instants import hour as wall_hour
from salesflow.labels import Label
from salesflow.planning.agenda import overfull
from salesflow.planning.profiles import PlanProfile, profile_of
from salesflow.tables import Table
from salesflow.visits import Hours
from salesflow.visits.plan import PLAN_REMARKS

__all__ = ["DAY_REMARKS", "DayPlan", "DayVisit"]

# What is prepared for a call is asked of a day in the same words.
_OF_CALL: Final = Table({remark.key: remark for remark in PLAN_REMARKS})
_FEW_AIMS: Final = _OF_CALL["aims_few"]
_UNREAD: Final = _OF_CALL["last_record_unread"]
_NO_APPOINTMENT: Final = _OF_CALL["no_appointment"]
_BUSY: Final = _OF_CALL["busy_hour"]

_FEW: Final = Remark(
    "contacts_few",
    Severity.WATCH,
    Label("医生或客户 {n} 位，少于 {least} 位", "doctors or customers {n} < {least}"),
    Label("增加拜访", "add visits"),
)
_MANY: Final = Remark(
    "contacts_many",
    Severity.WATCH,
    Label("医生或客户 {n} 位，多于 {most} 位", "doctors or customers {n} > {most}"),
    Label("减少拜访，保证质量", "plan fewer, and prepare them well"),
)
_NO_SLACK: Final = Remark(
    "no_slack",
    Severity.WATCH,
    Label("没有弹性时间", "no time is left free"),
    Label("留出弹性时间", "leave some slack"),
)
_NO_FILE: Final = Remark(
    "file_unread",
    Severity.WATCH,
    Label("未查阅客户记录", "the file of the customer was not consulted"),
    Label("先了解客户是怎样的人", "see first who the customer is"),
)
_NO_HOUR: Final = Remark(
    "no_hour",
    Severity.WATCH,
    Label("没有安排拜访时间", "no hour is planned for the visit"),
    Label("选最佳拜访时间", "choose the best one"),
)
_NO_PLACE: Final = Remark(
    "no_place",
    Severity.WATCH,
    Label("没有写明医生的位置", "it is not said where the customer is"),
    Label("写明地点", "find out, and write it down"),
)
_OVERLAP: Final = Remark(
    "visits_overlap",
    Severity.WATCH,
    Label("{hour} 开始时上一次拜访还没有结束", "at {hour} the visit before is not over"),
    Label("错开时间", "move one of the two"),
)
#: every finding about a day plan besides that of a day overfull
DAY_REMARKS: Final = (
    _FEW,
    _MANY,
    _NO_SLACK,
    _NO_FILE,
    _NO_HOUR,
    _NO_PLACE,
    _FEW_AIMS,
    _UNREAD,
    _NO_APPOINTMENT,
    _BUSY,
    _OVERLAP,
)


def _hour(value: time | None) -> time | None:
    return None if value is None else wall_hour(value)


def _busy(value: Iterable[Hours]) -> tuple[Hours, ...]:
    return forms.list_of(Hours, value, "busy")


@frozen(kw_only=True)
class DayVisit:
    """A line of the day plan."""

    #: id of the doctor or customer
    contact: str
    #: where the customer is found
    place: str = ""
    #: when, on the wall of the hospital
    hour: time | None = field(default=None, converter=_hour)
    #: whether the customer agreed to the hour
    appointed: bool = False
    #: how long, the way and the waiting included; None for as long as the profile says
    minutes: int | None = None
    #: what the visit is for: keys of its aims
    aims: tuple[str, ...] = field(default=(), converter=forms.some)
    #: whether the file was consulted, to know who the customer is
    file_read: bool = False
    #: the host's reference to the last record that was read
    last_record: str = ""
    #: whether nobody has visited before, so that there is no record to read
    first_visit: bool = False
    #: when the customer has no time
    busy: tuple[Hours, ...] = field(default=(), converter=_busy)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "contact")
        forms.optional_lines(self, "place", "last_record")
        forms.flags(self, "appointed", "file_read", "first_visit")
        forms.optional_counts(self, "minutes")
        forms.texts(self, "aims")

    def findings(self, on: date, profile: PlanProfile) -> tuple[Finding, ...]:
        """Return what is not prepared for the visit on a day."""
        return tuple(self._findings(day(on, "on"), profile_of(profile)))

    def _findings(self, on: date, profile: PlanProfile) -> Iterator[Finding]:
        aims = len(set(self.aims))
        if aims < profile.least_aims:
            yield _FEW_AIMS.about(self.contact, n=aims, least=profile.least_aims)
        lacks = {
            _NO_FILE: not self.file_read,
            _NO_HOUR: self.hour is None,
            _NO_PLACE: not self.place,
            _UNREAD: not (self.last_record or self.first_visit),
            _NO_APPOINTMENT: not self.appointed,
        }
        yield from (remark.about(self.contact) for remark, lacking in lacks.items() if lacking)
        hour = self.hour
        if hour is not None and any(busy.covers(on, hour) for busy in self.busy):
            yield _BUSY.about(self.contact, hour=f"{hour:%H:%M}")


def _visits(value: Iterable[DayVisit]) -> tuple[DayVisit, ...]:
    return forms.list_of(DayVisit, value, "visits")


@frozen(kw_only=True)
class DayPlan:
    """What somebody plans for a day."""

    #: whose plan it is, by id
    owner: str
    #: the day
    on: date
    #: the visits of the day
    visits: tuple[DayVisit, ...] = field(default=(), converter=_visits)
    #: minutes left free
    slack_minutes: int = 0

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "owner")
        forms.days(self, "on")
        forms.counts_of(self, "slack_minutes")

    def minutes(self, profile: PlanProfile) -> int:
        """Return how long the visits take together."""
        held = profile_of(profile)
        return sum(_length(visit, held) for visit in self.visits)

    def findings(self, profile: PlanProfile) -> tuple[Finding, ...]:
        """Return what is doubtful about the plan, held to a profile.

        Findings of one visit bear the id of the customer, those of the whole day its date.
        """
        held = profile_of(profile)
        return (
            *self._of_day(self.on.isoformat(), held),
            *(finding for visit in self.visits for finding in visit.findings(self.on, held)),
            *self._of_hours(held),
        )

    def _of_day(self, subject: str, profile: PlanProfile) -> Iterator[Finding]:
        n = len({visit.contact for visit in self.visits})
        if n < profile.least_daily:
            yield _FEW.about(subject, n=n, least=profile.least_daily)
        if profile.most_daily is not None and n > profile.most_daily:
            yield _MANY.about(subject, n=n, most=profile.most_daily)
        if not self.slack_minutes:
            yield _NO_SLACK.about(subject)
        yield from overfull(subject, self.minutes(profile), self.slack_minutes, profile)

    def _of_hours(self, profile: PlanProfile) -> Iterator[Finding]:
        timed = ((visit.hour, visit) for visit in self.visits if visit.hour is not None)
        free_from = 0
        for hour, visit in sorted(timed, key=lambda pair: pair[0]):
            begins = minute_of(hour)
            if begins < free_from:
                yield _OVERLAP.about(visit.contact, hour=f"{hour:%H:%M}")
            free_from = max(free_from, begins + _length(visit, profile))


def _length(visit: DayVisit, profile: PlanProfile) -> int:
    return profile.visit_minutes if visit.minutes is None else visit.minutes
