"""Habits of good visits, and what comes of them.

For each habit the visits that kept it are compared with those that did not: how many reached
something (an aim met, a promise obtained).  A visit is judged only on what it came to: one that
was broken off before the product was named neither kept nor broke a habit of presenting it.  The
difference bears an interval; it is an association, and says nothing of what causes what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from attrs import frozen

from salesflow.labels import Term
from salesflow.ratios import Change, Rate
from salesflow.tables import Table
from salesflow.visits.cases import Case
from salesflow.visits.dialogue import ObjectionOutcome, QuestionForm, Spin, spin_coverage
from salesflow.visits.effect import EffectiveRule
from salesflow.visits.plan import LEAST_AIMS
from salesflow.visits.sheet import Sheet
from salesflow.visits.steps import VisitStatus
from salesflow.visits.visit import Visit

__all__ = ["Habit", "HabitLesson", "habits_kept", "habits_of"]


class Habit(Term):
    """Something that good representatives do in every visit."""

    THREE_AIMS = "three_aims", "至少三个目的", "three aims at least"
    LAST_RECORD = "last_record", "翻阅上次记录", "the last record read"
    OPEN_FIRST = "open_first", "以开放式问题开始", "an open question first"
    FULL_SPIN = "full_spin", "四类SPIN问题齐全", "all four types of question"
    IMPLICATION_FIRST = "implication_first", "先暗示后回报", "implication before need-payoff"
    NEED_FIRST = "need_first", "先确认需求再谈产品", "a need confirmed before the product"
    FULL_FAB = "full_fab", "FAB完整并对应需求", "complete statements, linked to needs"
    OBJECTIONS_RESOLVED = "objections_resolved", "异议都当场解决", "every objection resolved"


@frozen(kw_only=True)
class HabitLesson:
    """What comes of a habit."""

    #: how many of the visits judged on it kept it
    kept: Rate
    #: visits that reached something: without the habit, and with it
    success: Change
    #: ids of the visits that did not keep it
    missed: tuple[str, ...]


def habits_of(visit: Visit, sheet: Sheet) -> Mapping[Habit, bool]:
    """Return the habits a visit can be judged on, and whether it kept each of them."""
    whole = visit.status is VisitStatus.CLOSED and visit.aborted_at is None
    return dict(
        chain(_of_plan(sheet), _of_questions(sheet, whole=whole), _of_product(sheet, whole=whole))
    )


def _of_plan(sheet: Sheet) -> Iterator[tuple[Habit, bool]]:
    plan = sheet.plan
    yield Habit.THREE_AIMS, plan is not None and len(plan.aims) >= LEAST_AIMS
    yield Habit.LAST_RECORD, plan is not None and bool(plan.last_record or plan.first_visit)


def _of_questions(sheet: Sheet, *, whole: bool) -> Iterator[tuple[Habit, bool]]:
    spin = spin_coverage(sheet.questions)
    if sheet.questions or whole:
        first = sheet.questions[0].form if sheet.questions else None
        yield Habit.OPEN_FIRST, first is QuestionForm.OPEN
        yield Habit.FULL_SPIN, not spin.missing
    if Spin.NEED_PAYOFF in spin.asked:
        yield Habit.IMPLICATION_FIRST, not spin.payoff_early


def _of_product(sheet: Sheet, *, whole: bool) -> Iterator[tuple[Habit, bool]]:
    if sheet.statements or whole:
        needs = sheet.need_keys
        complete = (fab.complete(needs) for fab in sheet.statements)
        yield Habit.NEED_FIRST, sheet.need_first
        yield Habit.FULL_FAB, bool(sheet.statements) and all(complete)
    if sheet.objections:
        outcomes = {objection.outcome for objection in sheet.objections}
        yield Habit.OBJECTIONS_RESOLVED, outcomes == {ObjectionOutcome.RESOLVED}


def habits_kept(cases: Iterable[Case], rule: EffectiveRule) -> Table[Habit, HabitLesson]:
    """Return what comes of each habit, over visits that were held."""
    # For each habit: visits without and with it, and those of either that reached something.
    n = {habit: [0, 0] for habit in Habit}
    hits = {habit: [0, 0] for habit in Habit}
    missed: dict[Habit, list[str]] = {habit: [] for habit in Habit}
    for case in cases:
        reached = rule.reached(case.sheet)
        for habit, kept in habits_of(case.visit, case.sheet).items():
            n[habit][kept] += 1
            hits[habit][kept] += reached
            if not kept:
                missed[habit].append(case.visit.id)
    return Table(
        {
            habit: HabitLesson(
                kept=Rate(n[habit][True], sum(n[habit])),
                success=Change(*(Rate(hits[habit][kept], n[habit][kept]) for kept in (0, 1))),
                missed=tuple(missed[habit]),
            )
            for habit in Habit
        }
    )
