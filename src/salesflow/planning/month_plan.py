"""The month plan: where the working days of a cycle of four weeks go.

    slack = working days - Σ days of the hospitals,  over-allocated where below zero

It has five items (月计划): places, working days, days per hospital, what is to be developed, main
activities.  Each target hospital is given its days, or zero on purpose.

>>> from datetime import date
>>> from salesflow.periods import Week
>>> from salesflow.workdays import WEEKDAYS
>>> cycle = Cycle(date(2026, 1, 5), 3)
>>> plan = MonthPlan(owner="R-9", cycle=cycle, working_days=WEEKDAYS.count(cycle),
...                  hospital_days={"H-1": 8, "H-2": 6, "H-3": 5, "H-4": 2},
...                  places={Week(2026, 10): "east"}, doctors=["DR-7"], activities=["salon"])
>>> plan.slack, [finding.text.en for finding in plan.findings()]
(Fraction(-1, 1), ['the days of the hospitals are more than the working days, over: 1'])
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from salesflow import forms, text
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label
from salesflow.periods import Cycle, Period
from salesflow.scales import Number, common_measure, exact
from salesflow.tables import Rows, Table, rows_of

__all__ = ["MONTH_REMARKS", "NOMINAL_DAYS", "MonthPlan"]

#: working days of four weeks without a holiday
NOMINAL_DAYS: Final = 4 * 5

_OVER: Final = Remark(
    "days_over_allocated",
    Severity.WATCH,
    Label(
        "各医院天数超过工作天，超出：{over}",
        "the days of the hospitals are more than the working days, over: {over}",
    ),
    Label("减少医院天数，先保证重点医院", "give fewer days, the key hospitals first"),
)
_UNALLOTTED: Final = Remark(
    "hospital_unallotted",
    Severity.WATCH,
    Label("目标医院没有分配工作天", "the target hospital was given no number of days"),
    Label("分配天数，不去也写明 0 天", "give it its days, or zero on purpose"),
)
_NO_DEVELOPMENT: Final = Remark(
    "no_development",
    Severity.WATCH,
    Label("没有预计开发的科室或新医生", "no department and no new doctor is to be developed"),
    Label("至少定一个开发目标", "aim at one at least"),
)
_NO_PLACES: Final = Remark(
    "no_places",
    Severity.WATCH,
    Label("没有安排各段时间的工作地点", "no part of the month has its place of work"),
    Label("写明每段时间在哪里工作", "say where the work is, part by part"),
)
_OUTSIDE: Final = Remark(
    "place_outside",
    Severity.WATCH,
    Label("时间段 {part} 不在本周期内", "the part {part} does not lie in the cycle"),
    Label("核对日期", "check the days"),
)
_NO_ACTIVITIES: Final = Remark(
    "no_activities",
    Severity.WATCH,
    Label("没有主要推广活动", "no main activity is planned"),
    Label("安排学术推广活动", "plan an academic one"),
)
#: every finding about a month plan
MONTH_REMARKS: Final = (
    _OVER,
    _UNALLOTTED,
    _NO_DEVELOPMENT,
    _NO_PLACES,
    _OUTSIDE,
    _NO_ACTIVITIES,
)


def _days(value: Rows[str, Number]) -> Table[str, Fraction]:
    box = "hospital_days"
    rows = rows_of(value, box).items()
    days = {text.line(hospital, box): exact(number, box) for hospital, number in rows}
    if len(days) < len(rows):
        raise InvalidValue(box, "name a hospital twice", "add its days up")
    if any(number < 0 for number in days.values()):
        raise InvalidValue(box, "are below zero", "pass zero or more")
    common_measure(days.values(), box)
    return Table(days)


def _places(value: Rows[Period, str]) -> Table[Period, str]:
    rows = rows_of(value, "places").items()
    for part, _ in rows:
        if not isinstance(part, Period):
            raise WrongType.of("places", part, "key them by periods such as Week(2026, 10)")
    return Table({part: text.line(place, "places") for part, place in rows})


_NO_DAYS: Final[Table[str, Fraction]] = Table({})
_NOWHERE: Final[Table[Period, str]] = Table({})


@frozen(kw_only=True)
class MonthPlan:
    """What somebody plans for a cycle of four weeks."""

    #: whose plan it is, by id
    owner: str
    #: the four weeks
    cycle: Cycle
    #: how many days are worked in it; `WorkCalendar.count(cycle)` knows
    working_days: int = NOMINAL_DAYS
    #: days for each hospital, by id; half days are possible, and zero is said on purpose
    hospital_days: Table[str, Fraction] = field(default=_NO_DAYS, converter=_days)
    #: ids of the target hospitals
    targets: tuple[str, ...] = field(default=(), converter=forms.some)
    #: where the work is in each part of the month, by period
    places: Table[Period, str] = field(default=_NOWHERE, converter=_places)
    #: ids or names of departments to be developed
    departments: tuple[str, ...] = field(default=(), converter=forms.some)
    #: ids of new doctors to be developed
    doctors: tuple[str, ...] = field(default=(), converter=forms.some)
    #: the main promotional activities
    activities: tuple[str, ...] = field(default=(), converter=forms.some)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "owner")
        if not isinstance(self.cycle, Cycle):
            raise WrongType.of("cycle", self.cycle, "pass a Cycle, the month of four weeks")
        forms.counts_of(self, "working_days")
        if self.working_days > self.cycle.days:
            raise InvalidValue("working_days", "are more than the cycle has", "check the figure")
        forms.texts(self, "targets", "departments", "doctors", "activities")

    @property
    def allotted(self) -> Fraction:
        """Days given to hospitals, together."""
        return sum(self.hospital_days.values(), Fraction())

    @property
    def slack(self) -> Fraction:
        """Working days that no hospital was given; below zero where too many were."""
        return self.working_days - self.allotted

    def findings(self) -> tuple[Finding, ...]:
        """Return what is doubtful about the plan; findings of one hospital bear its id."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        subject = str(self.cycle)
        if self.slack < 0:
            yield _OVER.about(subject, over=-self.slack)
        for hospital in dict.fromkeys(self.targets):
            if hospital not in self.hospital_days:
                yield _UNALLOTTED.about(hospital)
        for part in self.places:
            if part.first < self.cycle.first or part.after > self.cycle.after:
                yield _OUTSIDE.about(subject, part=part)
        lacks = {
            _NO_DEVELOPMENT: not (self.departments or self.doctors),
            _NO_PLACES: not self.places,
            _NO_ACTIVITIES: not self.activities,
        }
        yield from (remark.about(subject) for remark, lacking in lacks.items() if lacking)
