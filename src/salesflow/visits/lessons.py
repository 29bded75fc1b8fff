"""Lessons of many visits: what a team should go on doing, and what it should change (流程总结).

One reading of the visits of a period tells which step is weakest, which answers to objections
work and for whom, what comes of good habits, what the market signals, and which promises are
overdue.  Every finding names the visits behind it.  Rates bear their n and an interval, and a rate
of fewer than `least` cases is shown but never made a lesson of.

>>> lessons([]).findings, str(lessons([]).effective)
((), '– (n=0)')
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Final

from attrs import evolve, frozen
from pendulum import DateTime

from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.forms import count
from salesflow.instants import day, day_in
from salesflow.labels import Label, Term
from salesflow.machine import Machine
from salesflow.periods import Period
from salesflow.ratios import Rate, percent
from salesflow.tables import Table
from salesflow.visits.answers import AnswerLesson, answers_given
from salesflow.visits.cases import cases_of
from salesflow.visits.effect import EFFECTIVE, EffectiveRule, rule_of
from salesflow.visits.habits import Habit, HabitLesson, habits_kept
from salesflow.visits.outcome import Party
from salesflow.visits.signals import (
    OverduePromise,
    SignalLesson,
    overdue_promises,
    signals_heard,
)
from salesflow.visits.steps import VISIT
from salesflow.visits.visit import Visit
from salesflow.visits.weakness import StepLesson, steps_walked, weakest

__all__ = ["LEAST", "LESSON_REMARKS", "Lessons", "lessons"]

#: cases from which on a rate is made a lesson of
LEAST: Final = 5
# Visits from which on a signal is one.
_RISING: Final = 3
_HALF: Final = 0.5

_WEAKEST: Final = Remark(
    "weakest_step",
    Severity.WATCH,
    Label(
        "最弱的步骤是“{step}”：仅 {rate} 进入下一步，在此中断：{visits}",
        "“{step}” is the weakest step: {rate} go on from it; broken off in {visits}",
    ),
    Label("辅导该步骤，复盘这些拜访", "coach that step, and review these visits"),
)
_WORKS: Final = Remark(
    "answer_works",
    Severity.WATCH,
    Label("应对异议的“{technique}”有效：{rate}", "answering with “{technique}” works: {rate}"),
    Label("推广该技巧，参考：{visits}", "let the team copy it, from {visits}"),
)
_FAILS: Final = Remark(
    "answer_fails",
    Severity.WATCH,
    Label("应对异议的“{technique}”效果差：{rate}", "answering with “{technique}” fails: {rate}"),
    Label("换一种技巧，复盘：{visits}", "try another one, and review {visits}"),
)
_HABIT: Final = Remark(
    "habit_pays",
    Severity.WATCH,
    Label(
        "做到“{habit}”的拜访 {after} 有成果，未做到的 {before}；做到率 {kept}",
        "visits with “{habit}”: {after} reach something; without: {before}; {kept} keep it",
    ),
    Label("辅导未做到的拜访：{visits}", "coach it; it was left out in {visits}"),
)
_RISES: Final = Remark(
    "demand_rising",
    Severity.WATCH,
    Label(
        "{n} 次拜访（{customers} 家客户）反映“{product}”需求上升",
        "rising demand for “{product}” is reported by visits: {n}, customers: {customers}",
    ),
    Label("调整推广重点，参考：{visits}", "shift the focus of promotion; see {visits}"),
)
_OVERDUE: Final = Remark(
    "promises_overdue",
    Severity.WATCH,
    Label(
        "{party}有 {n} 个承诺逾期，最久 {days} 天",
        "overdue promises of {party}: {n}, the oldest by {days} d",
    ),
    Label("尽快兑现、催促或重新约定：{visits}", "keep them, ask for them or agree anew: {visits}"),
)
_LEFT_OUT: Final = Remark(
    "visits_never_count",
    Severity.AVOID,
    Label("{n} 次“拜访”的活动类型不计入", "visits of a kind that does not count: {n}"),
    Label(
        "改为专业拜访，并报合规审查：{visits}", "visit professionally, tell compliance: {visits}"
    ),
)
#: every finding of lessons
LESSON_REMARKS: Final = (
    _LEFT_OUT,
    _WEAKEST,
    _WORKS,
    _FAILS,
    _HABIT,
    _RISES,
    _OVERDUE,
)


@frozen(kw_only=True)
class Lessons:
    """What the visits of a period teach."""

    #: how many visits were looked at
    n: int
    #: how many of those held were effective
    effective: Rate
    #: ids of those held that were not
    ineffective: tuple[str, ...]
    #: for each step, what became of the visits that reached it
    steps: Table[Term, StepLesson]
    #: the step that loses most, None where too few visits tell
    weakest: Term | None
    #: for each technique, how well it resolved objections
    answers: Table[str, AnswerLesson]
    #: for each good habit, what comes of it
    habits: Table[Habit, HabitLesson]
    #: for each class of products, what the market signals
    signals: Table[str, SignalLesson]
    #: promises that are overdue, the oldest first
    overdue: tuple[OverduePromise, ...]
    #: ids of visits left out of everything, since their kind never counts
    left_out: tuple[str, ...]
    #: what to go on doing, and what to change
    findings: tuple[Finding, ...]


def lessons(
    visits: Iterable[Visit],
    during: Period | None = None,
    *,
    at: datetime | None = None,
    on: date | None = None,
    whom: Callable[[Visit], str] | None = None,
    rule: EffectiveRule = EFFECTIVE,
    least: int = LEAST,
    rising: int = _RISING,
    machine: Machine = VISIT,
) -> Lessons:
    """Return the lessons of the visits that were held, or cancelled, in a period.

    Visits are read as they stood at `at`, by default and at most the last instant of the period;
    one whose summary came later was not effective in it.
    Promises are overdue `on` a day, by default that of this instant, in the zone of the period or
    in UTC; those of all visits before count.  `whom` names the group of a visit's customer, so
    that answers are told apart by it.  A rate is made a lesson of from `least` cases on, rising
    demand from `rising` visits on.
    """
    for name, number in (("least", least), ("rising", rising)):
        if not count(number, name):
            raise InvalidValue(name, "is zero", "pass 1 or more")
    rule_of(rule)
    cases = cases_of(visits, during, at, machine)
    seen = cases.belonging
    held = tuple(case for case in seen if case.visit.held_at is not None)
    steps = steps_walked((case.visit for case in seen), machine)
    lacking = tuple(one.visit.id for one in held if not rule.effective(one.visit, one.sheet))
    today = _today(cases.moment, during, on)
    told = Lessons(
        n=len(seen),
        effective=Rate(len(held) - len(lacking), len(held)),
        ineffective=lacking,
        steps=steps,
        weakest=weakest(steps, least),
        answers=answers_given(held, whom),
        habits=habits_kept(held, rule),
        signals=signals_heard(held),
        overdue=() if today is None else overdue_promises(cases.counted, today),
        left_out=cases.left_out,
        findings=(),
    )
    subject = "visits" if during is None else str(during)
    return evolve(told, findings=tuple(_findings(told, subject, least, rising)))


def _today(moment: DateTime | None, during: Period | None, on: date | None) -> date | None:
    """Return the day on which promises are looked at; None where nothing tells one."""
    last: date | None = None
    if moment is not None:
        last = day_in(moment, "UTC") if during is None else during.day_of(moment)
    if on is None:
        return last
    if last is not None and day(on, "on") > last:
        raise InvalidValue("on", "lies after the last instant that is read", "pass a later period")
    return day(on, "on")


def _findings(told: Lessons, subject: str, least: int, rising: int) -> Iterator[Finding]:
    if told.left_out:
        yield _LEFT_OUT.about(subject, n=len(told.left_out), visits=told.left_out)
    if told.weakest is not None:
        step = told.steps[told.weakest]
        yield _WEAKEST.about(subject, step=told.weakest, rate=step.rate, visits=step.dropped)
    for technique, answer in told.answers.items():
        bounds = answer.rate.interval
        if bounds is None or answer.rate.n < least or bounds[0] <= _HALF <= bounds[1]:
            continue
        works = bounds[0] > _HALF
        behind = answer.resolved if works else answer.unresolved
        remark = _WORKS if works else _FAILS
        yield remark.about(subject, technique=technique, rate=answer.rate, visits=behind)
    for habit, lesson in told.habits.items():
        change = lesson.success
        enough = min(change.before.n, change.after.n) >= least
        if enough and change.clear and change.difference is not None and change.difference > 0:
            yield _HABIT.about(
                subject,
                habit=habit,
                before=change.before,
                after=change.after,
                kept=percent(lesson.kept.ratio),
                visits=lesson.missed,
            )
    yield from _of_market(told, subject, rising)


def _of_market(told: Lessons, subject: str, rising: int) -> Iterator[Finding]:
    for product, signal in told.signals.items():
        if signal.rising >= rising:
            behind = next(iter(signal.visits.values()))
            yield _RISES.about(
                subject,
                product=product,
                n=signal.rising,
                customers=signal.customers,
                visits=behind,
            )
    for party in Party:
        late = [one for one in told.overdue if one.promise.by is party]
        if late:
            behind = tuple(dict.fromkeys(one.visit for one in late))
            days = max(one.days for one in late)
            yield _OVERDUE.about(subject, party=party, n=len(late), days=days, visits=behind)
