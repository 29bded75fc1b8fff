"""The agenda of a plan: the six questions of work and of time, answered by its tasks.

    work: result · action · priority        time: estimate · schedule · slack

A question is answered where its boxes are filled, for every task.  Slack is time left free on each
day for what nobody foresaw, so a day is full before its last minute:

    Σ minutes of a day's tasks + slack ≤ length of the day,  slack > 0

>>> agenda = Agenda(result="two new departments", slack_minutes=60, tasks=[
...     Task(key="call", text="call the head", important=True, urgent=False, minutes=30)])
>>> [question.value for question in agenda.missing]
['schedule']

Source: the six questions (六个问题) of the trade's plans of a day and a week.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.instants import day
from salesflow.labels import Label, Term
from salesflow.planning.priority import Task, tasks_of
from salesflow.planning.profiles import PlanProfile, profile_of
from salesflow.tables import Rows, Table, rows_of

__all__ = ["AGENDA_REMARKS", "NO_AGENDA", "Agenda", "SixQuestion", "overfull"]


class SixQuestion(Term):
    """One of the six questions that every plan answers: three of work, three of time."""

    RESULT = "result", "结果", "result"
    ACTION = "action", "行动", "action"
    PRIORITY = "priority", "优先原则", "priority"
    ESTIMATE = "estimate", "估计时间", "estimated time"
    SCHEDULE = "schedule", "日程表", "schedule"
    SLACK = "slack", "弹性时间", "slack"


_OPEN: Final = Remark(
    "questions_open",
    Severity.WATCH,
    Label("计划没有回答：{questions}", "the plan does not answer: {questions}"),
    Label("补全六个问题", "answer all six questions"),
)
_OVERFULL: Final = Remark(
    "day_overfull",
    Severity.WATCH,
    Label("加上弹性时间超出 {over} 分钟", "with its slack the day is overfull, minutes: {over}"),
    Label("减少安排，或者另选一天", "plan less, or another day"),
)
_TOO_LATE: Final = Remark(
    "scheduled_late",
    Severity.WATCH,
    Label("安排在期限 {due} 之后", "it is scheduled after its deadline, {due}"),
    Label("提前安排", "schedule it earlier"),
)
#: every finding about an agenda
AGENDA_REMARKS: Final = (_OPEN, _OVERFULL, _TOO_LATE)


def overfull(subject: str, minutes: int, slack: int, profile: PlanProfile) -> Iterator[Finding]:
    """Return what is found where work and slack are more than a day of the profile holds."""
    over = minutes + slack - profile.day_minutes
    if over > 0:
        yield _OVERFULL.about(subject, over=over)


def _schedule(value: Rows[str, date]) -> Table[str, date]:
    rows = rows_of(value, "schedule").items()
    return Table({key: day(on, "schedule") for key, on in rows})


_NOT_YET: Final[Table[str, date]] = Table({})


@frozen(kw_only=True)
class Agenda:
    """What is to come of a plan, by which tasks, when, and what is left free."""

    #: the result that is aimed at
    result: str = field(default="", repr=forms.masked)
    #: what is done for it
    tasks: tuple[Task, ...] = field(default=(), converter=tasks_of)
    #: the day of each task, by its key
    schedule: Table[str, date] = field(default=_NOT_YET, converter=_schedule)
    #: minutes left free on each day
    slack_minutes: int = 0

    def __attrs_post_init__(self) -> None:
        forms.notes(self, "result")
        forms.counts_of(self, "slack_minutes")
        if not set(self.schedule) <= {task.key for task in self.tasks}:
            raise InvalidValue("schedule", "names an unknown task", "use the keys of the tasks")

    @property
    def missing(self) -> tuple[SixQuestion, ...]:
        """The questions that it does not answer, in their order."""
        tasks = self.tasks
        answered = {
            SixQuestion.RESULT: bool(self.result),
            SixQuestion.ACTION: bool(tasks),
            SixQuestion.PRIORITY: all(task.priority for task in tasks),
            SixQuestion.ESTIMATE: all(task.minutes is not None for task in tasks),
            SixQuestion.SCHEDULE: all(task.key in self.schedule for task in tasks),
            SixQuestion.SLACK: self.slack_minutes > 0,
        }
        return tuple(question for question in SixQuestion if not answered[question])

    @property
    def by_day(self) -> Table[date, int]:
        """The minutes planned on each scheduled day, in order."""
        days = dict.fromkeys(sorted(set(self.schedule.values())), 0)
        for task in self.tasks:
            if task.key in self.schedule:
                days[self.schedule[task.key]] += task.minutes or 0
        return Table(days)

    def findings(self, subject: str, *, profile: PlanProfile) -> tuple[Finding, ...]:
        """Return what the agenda of a plan lacks; a finding of one day bears that day."""
        return tuple(self._findings(subject, profile_of(profile)))

    def _findings(self, subject: str, profile: PlanProfile) -> Iterator[Finding]:
        if self.missing:
            yield _OPEN.about(subject, questions=self.missing)
        for on, minutes in self.by_day.items():
            yield from overfull(on.isoformat(), minutes, self.slack_minutes, profile)
        for task in self.tasks:
            if task.due is not None and self.schedule.get(task.key, task.due) > task.due:
                yield _TOO_LATE.about(task.key, due=task.due)


#: an agenda that nobody has written
NO_AGENDA: Final = Agenda()
