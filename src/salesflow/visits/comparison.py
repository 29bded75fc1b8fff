"""Two periods of visits side by side: what changed, and whether more than chance is at work.

>>> from salesflow.visits import lessons
>>> str(compare(lessons([]), lessons([])).effective)
'– (n=0) → – (n=0)'
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen

from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.forms import count
from salesflow.labels import Label, Term
from salesflow.ratios import Change, Rate
from salesflow.tables import Table
from salesflow.visits.habits import Habit
from salesflow.visits.lessons import LEAST, Lessons

__all__ = ["COMPARISON_REMARKS", "Comparison", "compare"]

_EFFECTIVE: Final = Label("有效拜访", "effective visits")
_BETTER: Final = Remark(
    "measure_better",
    Severity.WATCH,
    Label("“{measure}”明显改善：{change}", "“{measure}” is clearly better: {change}"),
    Label(
        "保持改变的做法；仍未做到的拜访：{visits}",
        "go on with it; visits still without it: {visits}",
    ),
)
_WORSE: Final = Remark(
    "measure_worse",
    Severity.WATCH,
    Label("“{measure}”明显变差：{change}", "“{measure}” is clearly worse: {change}"),
    Label("查明原因，复盘：{visits}", "find out why, from {visits}"),
)
#: every finding of a comparison
COMPARISON_REMARKS: Final = (_BETTER, _WORSE)


@frozen(kw_only=True)
class Comparison:
    """Two periods side by side: what changed, and whether more than chance is at work."""

    #: the share of effective visits
    effective: Change
    #: for each step, how many went on from it
    steps: Table[Term, Change]
    #: for each technique used in either period, how often it resolved an objection
    answers: Table[str, Change]
    #: for each habit, how many visits kept it
    habits: Table[Habit, Change]
    #: what is clearly better or worse
    findings: tuple[Finding, ...]


def compare(before: Lessons, after: Lessons, *, least: int = LEAST) -> Comparison:
    """Return what changed between the lessons of two periods.

    A change is a finding where its interval leaves out zero, from `least` cases in either period.
    Raises `InvalidValue` where they are of visits of two methods.
    """
    for name, told in (("before", before), ("after", after)):
        if not isinstance(told, Lessons):
            raise WrongType.of(name, told, "pass Lessons")
    if not count(least, "least"):
        raise InvalidValue("least", "is zero", "pass 1 or more")
    if tuple(before.steps) != tuple(after.steps):
        raise InvalidValue("after", "has other steps", "compare visits of one method")
    none = Rate(0, 0)
    used = {
        name: tuple(
            told.answers[name].rate if name in told.answers else none for told in (before, after)
        )
        for name in sorted({*before.answers, *after.answers})
    }
    made = Comparison(
        effective=Change(before.effective, after.effective),
        steps=Table({s: Change(before.steps[s].rate, after.steps[s].rate) for s in before.steps}),
        answers=Table({name: Change(*rates) for name, rates in used.items()}),
        habits=Table({h: Change(before.habits[h].kept, after.habits[h].kept) for h in Habit}),
        findings=(),
    )
    return evolve(made, findings=tuple(_changed(made, after, least)))


def _changed(made: Comparison, after: Lessons, least: int) -> Iterator[Finding]:
    rows: list[tuple[Label | Term | str, Change, tuple[str, ...]]] = [
        (_EFFECTIVE, made.effective, after.ineffective),
        *((step, change, after.steps[step].dropped) for step, change in made.steps.items()),
        *((name, change, _unresolved(after, name)) for name, change in made.answers.items()),
        *((habit, change, after.habits[habit].missed) for habit, change in made.habits.items()),
    ]
    for measure, change, behind in rows:
        enough = min(change.before.n, change.after.n) >= least
        if enough and change.clear and change.difference is not None:
            remark = _BETTER if change.difference > 0 else _WORSE
            yield remark.about("visits", measure=measure, change=change, visits=behind)


def _unresolved(told: Lessons, technique: str) -> tuple[str, ...]:
    return told.answers[technique].unresolved if technique in told.answers else ()
