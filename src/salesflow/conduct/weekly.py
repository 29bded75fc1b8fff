"""The weekly form: customers, deals and activities of one person in one week (周表).

A form is the input; what moved since the last one is the analysis (`weekly_analysis`).  The two
tables belong together (两张表，一个都不能少).

>>> from salesflow.funnel import Stage
>>> from salesflow.money import wan
>>> row = WeeklyRow(deal="D-1", customer="H-3", product="CLIA-900", amount=wan(120),
...                 stage=Stage.TRUST_BUILDING, activities={"visit": 2})
>>> form = WeeklyForm(week=Week(2026, 30), person="R-9", rows=[row])
>>> [finding.key for finding in form.findings()], form.complete
(['row_incomplete'], False)
>>> str(handed_in([form], ["R-9", "R-1"], Week(2026, 30))), owing([form], ["R-1"], Week(2026, 30))
('50.0% (n=2)', ('R-1',))

Source: the weekly form of funnel management; every week all forms are handed in (上交各种表格).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.activity import SEVERITIES, ActivityKind, counts
from salesflow.conduct.roll import staff_of
from salesflow.conduct.weekly_row import WEEKLY_COLUMNS, Activities, WeeklyRow, activities_of
from salesflow.errors import WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label
from salesflow.periods import Week
from salesflow.ratios import Rate
from salesflow.tables import Rows, Table, listed_of, once

__all__ = ["WEEKLY_REMARKS", "WeeklyForm", "handed_in", "owing", "week_of"]

_INCOMPLETE: Final = Remark(
    "row_incomplete",
    Severity.WATCH,
    Label("周表缺少：{columns}", "the row lacks: {columns}"),
    Label("补全后上交", "complete it before it is handed in"),
)
_IDLE: Final = Remark(
    "deal_without_activity",
    Severity.WATCH,
    Label("本周没有任何活动", "nothing was done for it this week"),
    Label("安排拜访，或暂停该机会", "plan a visit, or put the deal on hold"),
)
_PAST: Final = Remark(
    "next_action_past",
    Severity.WATCH,
    Label("下一步日期 {on} 已过", "the day of its next action, {on}, is over"),
    Label("重新确定日期", "set a new one"),
)
_NEVER: Final = Remark(
    "activity_never_counts",
    Severity.AVOID,
    Label("周表中的{kind}不计入", "a {kind} in the form does not count"),
    Label("报合规审查", "tell compliance"),
)
#: every finding about a weekly form
WEEKLY_REMARKS: Final = (_INCOMPLETE, _IDLE, _PAST, _NEVER)

_NO_ACTIVITY: Final[Activities] = Table({})


def _rows(value: Iterable[WeeklyRow]) -> tuple[WeeklyRow, ...]:
    rows = forms.list_of(WeeklyRow, value, "rows")
    once(row.deal for row in rows)
    return rows


def _besides(value: Rows[ActivityKind, int]) -> Activities:
    return activities_of(value, "besides")


@frozen(kw_only=True)
class WeeklyForm:
    """The weekly form of one person: a row for each deal, and what was done besides."""

    #: the week
    week: Week
    #: whose form it is, by id
    person: str
    #: one row for each deal
    rows: tuple[WeeklyRow, ...] = field(default=(), converter=_rows)
    #: what was done for no deal of the form, by kind
    besides: Activities = field(default=_NO_ACTIVITY, converter=_besides)
    #: who filled it, by id; empty where the person did
    author: str = ""

    def __attrs_post_init__(self) -> None:
        week_of(self.week)
        forms.lines(self, "person")
        forms.optional_lines(self, "author")

    @property
    def on_behalf_of(self) -> str:
        """The person, where somebody else filled the form for them; empty otherwise."""
        return self.person if self.author not in ("", self.person) else ""

    @property
    def complete(self) -> bool:
        """Whether no row lacks a column."""
        return not any(row.missing for row in self.rows)

    @property
    def activities(self) -> Activities:
        """What was done in the week, for deals and besides, without what never counts."""
        done = Counter[ActivityKind]()
        for table in (self.besides, *(row.activities for row in self.rows)):
            done.update(table)
        return Table({kind: done[kind] for kind in ActivityKind if done[kind] and counts(kind)})

    def findings(self) -> tuple[Finding, ...]:
        """Return what is doubtful, row by row; what was done besides comes last."""
        return (*self._of_rows(), *_hospitality(self.person, self.besides))

    def _of_rows(self) -> Iterator[Finding]:
        last = self.week.after
        for row in self.rows:
            if row.missing:
                lacking = tuple(WEEKLY_COLUMNS[box] for box in row.missing)
                yield _INCOMPLETE.about(row.deal, columns=lacking)
            if row.is_open and not row.counted:
                yield _IDLE.about(row.deal)
            if row.is_open and row.next_on is not None and row.next_on < last:
                yield _PAST.about(row.deal, on=row.next_on)
            planned = {row.next_action: 1} if row.next_action else {}
            yield from _hospitality(row.deal, {**planned, **row.activities})


def _hospitality(subject: str, done: Mapping[ActivityKind, int]) -> Iterator[Finding]:
    for kind, n in done.items():
        if n and not counts(kind):
            yield _NEVER.about(subject, severity=SEVERITIES[kind], kind=kind)


def week_of(week: object) -> Week:
    """Return a week; raises `WrongType` for anything else."""
    if not isinstance(week, Week):
        raise WrongType.of("week", week, "pass a week such as Week(2026, 30)")
    return week


def owing(forms: Iterable[WeeklyForm], people: Iterable[str], week: Week) -> tuple[str, ...]:
    """Return who has not handed in the form of a week, in the order given.

    A week is told by its number, whatever the time zone.
    """
    wanted = week_of(week)
    given = {
        form.person
        for form in listed_of(forms, WeeklyForm, "forms")
        if (form.week.year, form.week.week) == (wanted.year, wanted.week)
    }
    return tuple(person for person in staff_of(people) if person not in given)


def handed_in(forms: Iterable[WeeklyForm], people: Iterable[str], week: Week) -> Rate:
    """Return how many have handed in the form of a week, complete or not."""
    staff = staff_of(people)
    return Rate(len(staff) - len(owing(forms, staff, week)), len(staff))
