"""The process review after a piece of work: what was learned, and what follows (流程总结).

The form has a line for each step of a machine, so that every review covers the same ground: was it
done, what is the lesson, which action follows, who takes it, by when.

>>> from salesflow.visits import Step
>>> review = ProcessReview.blank(id="PR-1", subject="V-7", on=date(2026, 7, 6))
>>> review = review.judge(Step.OBJECTIONS, done=False, lesson="price came too early",
...                       action="rehearse the value first", owner="R-9", due=date(2026, 7, 13))
>>> [finding.key for finding in review.findings(on=date(2026, 7, 14))]
['review_incomplete', 'action_overdue']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, Self

from attrs import evolve, field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.instants import day
from salesflow.labels import Label, Term
from salesflow.machine import Machine, table_of
from salesflow.visits.steps import VISIT

__all__ = ["REVIEW_REMARKS", "ProcessReview", "ReviewLine"]

_INCOMPLETE: Final = Remark(
    "review_incomplete",
    Severity.WATCH,
    Label("流程总结未涉及：{steps}", "the review says nothing of: {steps}"),
    Label("补全每个步骤", "judge every step"),
)
_NO_ACTION: Final = Remark(
    "lesson_without_action",
    Severity.WATCH,
    Label("“{step}”有教训但没有改进措施", "“{step}” has a lesson, and nothing follows from it"),
    Label("确定改进措施", "settle what to do"),
)
_UNASSIGNED: Final = Remark(
    "action_unassigned",
    Severity.WATCH,
    Label("“{step}”的改进措施没有负责人或期限", "the action on “{step}” lacks who or when"),
    Label("指定负责人和期限", "assign both"),
)
_OVERDUE: Final = Remark(
    "action_overdue",
    Severity.WATCH,
    Label("“{step}”的改进措施逾期 {days} 天", "the action on “{step}” is overdue, days: {days}"),
    Label("请负责人完成", "ask whoever took it"),
)
#: every finding about a process review
REVIEW_REMARKS: Final = (_INCOMPLETE, _NO_ACTION, _UNASSIGNED, _OVERDUE)


@frozen(kw_only=True)
class ReviewLine:
    """A line of the review: one step."""

    #: the step
    step: Term
    #: whether it was done as it should be, None where nobody judged
    done: bool | None = None
    #: what was learned
    lesson: str = ""
    #: what follows from it
    action: str = ""
    #: who takes it, by id
    owner: str = ""
    #: the day by which it is due
    due: date | None = None
    #: the day it was carried out
    carried_out_on: date | None = None

    def __attrs_post_init__(self) -> None:
        forms.terms(self, step=Term)
        if self.done is not None:
            forms.flags(self, "done")
        forms.notes(self, "lesson", "action")
        forms.optional_lines(self, "owner")
        forms.optional_days(self, "due", "carried_out_on")


def _lines(value: Iterable[ReviewLine]) -> tuple[ReviewLine, ...]:
    lines = forms.list_of(ReviewLine, value, "lines")
    if len({line.step for line in lines}) < len(lines):
        raise InvalidValue("lines", "have one step twice", "give each step one line")
    return lines


@frozen(kw_only=True)
class ProcessReview:
    """A review of one visit, one deal or one period of work."""

    #: the host's id
    id: str
    #: what is reviewed: id of a visit or a deal, or a period
    subject: str
    #: the day of the review
    on: date
    #: its lines, one a step
    lines: tuple[ReviewLine, ...] = field(converter=_lines)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id", "subject")
        forms.days(self, "on")

    @classmethod
    def blank(cls, *, id: str, subject: str, on: date, machine: Machine = VISIT) -> Self:
        """Return an empty form with a line for each step, or stage, of a machine."""
        lines = [ReviewLine(step=step) for step in table_of(machine).stages]
        return cls(id=id, subject=subject, on=on, lines=lines)

    def judge(
        self,
        step: Term,
        *,
        done: bool,
        lesson: str = "",
        action: str = "",
        owner: str = "",
        due: date | None = None,
    ) -> Self:
        """Return the review with the line of a step filled in."""
        filled = ReviewLine(
            step=step, done=done, lesson=lesson, action=action, owner=owner, due=due
        )
        return self._replaced(filled)

    def carry_out(self, step: Term, on: date) -> Self:
        """Return the review with the action of a step carried out on a day."""
        return self._replaced(evolve(self._line(step), carried_out_on=on))

    def findings(self, on: date) -> tuple[Finding, ...]:
        """Return what is missing or overdue at the end of a day."""
        return tuple(self._findings(day(on, "on")))

    def _line(self, step: Term) -> ReviewLine:
        found = next((line for line in self.lines if line.step is step), None)
        if found is None:
            raise InvalidValue("step", "is not one of the review", "use a step of its lines")
        return found

    def _replaced(self, filled: ReviewLine) -> Self:
        old = self._line(filled.step)
        return evolve(self, lines=[filled if line is old else line for line in self.lines])

    def _findings(self, on: date) -> Iterator[Finding]:
        open_ones = tuple(line.step for line in self.lines if line.done is None)
        if open_ones:
            yield _INCOMPLETE.about(self.subject, steps=open_ones)
        for line in self.lines:
            if line.lesson and not line.action:
                yield _NO_ACTION.about(self.subject, step=line.step)
            if line.action and not (line.owner and line.due):
                yield _UNASSIGNED.about(self.subject, step=line.step)
            waiting = line.carried_out_on is None or line.carried_out_on > on
            if line.action and waiting and line.due is not None and on > line.due:
                days = (on - line.due).days
                yield _OVERDUE.about(self.subject, step=line.step, days=days)
