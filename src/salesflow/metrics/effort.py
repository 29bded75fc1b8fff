"""Effort: how many visits were planned, made and effective (有效拜访量).

    adherence = planned visits that were held ÷ visits planned for days that are over, or held
    effective = effective visits ÷ visits made in it

An ad hoc visit is made but was not planned, so it counts in the second rate and not in the first.
What never counts, a dinner say, counts in neither.  A visit is judged by what is known at the
moment read: one whose summary is written after the period has ended was not effective in it.

>>> from salesflow.periods import Month
>>> str(effort([], Month(2026, 7)).adherence)
'– (n=0)'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from attrs import frozen

from salesflow import text
from salesflow.errors import WrongType
from salesflow.machine import Machine
from salesflow.periods import Period
from salesflow.ratios import Rate
from salesflow.tables import Table
from salesflow.visits import EFFECTIVE, VISIT, EffectiveRule, Visit, VisitStatus
from salesflow.visits.cases import Case, Cases, cases_of
from salesflow.visits.effect import rule_of

__all__ = ["Effort", "effort", "effort_by"]


@frozen(kw_only=True)
class Effort:
    """The visits of a period, counted."""

    #: how many were held in it
    made: int
    #: how many of those were not planned
    ad_hoc: int
    #: how many that were planned for it were cancelled
    cancelled: int
    #: how many people were met
    contacts: int
    #: planned visits that were held, of those planned
    adherence: Rate
    #: effective visits, of those made
    effective: Rate
    #: ids of the visits made that were not effective
    ineffective: tuple[str, ...]


def effort(
    visits: Iterable[Visit],
    during: Period,
    *,
    at: datetime | None = None,
    rule: EffectiveRule = EFFECTIVE,
    machine: Machine = VISIT,
) -> Effort:
    """Return the effort of a period, with the visits as they stood at `at`.

    `at` is the last instant of the period by default, and never later.
    """
    cases = _cases(visits, during, at, rule, machine)
    return _effort(cases.counted, during, _over(cases, during), rule)


def effort_by(
    visits: Iterable[Visit],
    key: Callable[[Visit], str],
    during: Period,
    *,
    at: datetime | None = None,
    rule: EffectiveRule = EFFECTIVE,
    machine: Machine = VISIT,
) -> Table[str, Effort]:
    """Return the effort of each group of visits, in the order of the keys.

    `key` names the group of a visit: `lambda visit: visit.owner`.
    """
    if not callable(key):
        raise WrongType.of("key", key, "pass a function of a visit")
    groups: dict[str, list[Case]] = {}
    cases = _cases(visits, during, at, rule, machine)
    for case in cases.counted:
        groups.setdefault(text.line(key(case.visit), "key"), []).append(case)
    over = _over(cases, during)
    return Table({name: _effort(groups[name], during, over, rule) for name in sorted(groups)})


def _cases(
    visits: Iterable[Visit],
    during: Period,
    at: datetime | None,
    rule: EffectiveRule,
    machine: Machine,
) -> Cases:
    if not isinstance(during, Period):
        raise WrongType.of("during", during, "pass a period such as Month(2026, 7)")
    rule_of(rule)
    return cases_of(visits, during, at, machine)


def _over(cases: Cases, during: Period) -> date:
    """Return the first day that is not over yet at the moment that was read."""
    moment = during.last if cases.moment is None else cases.moment
    return during.day_of(moment.add(microseconds=1))


def _effort(cases: Iterable[Case], during: Period, over: date, rule: EffectiveRule) -> Effort:
    first, after = during.first, during.after
    planned = kept = cancelled = ad_hoc = 0
    contacts, lacking, made = set[str](), list[str](), 0
    for case in cases:
        visit, held = case.visit, case.visit.held_at is not None
        if visit.day is not None and first <= visit.day < after:
            # A day still to come is not missed yet.
            planned += visit.day < over or held or visit.status is VisitStatus.CANCELLED
            kept += held
            cancelled += visit.status is VisitStatus.CANCELLED
        if held and case.belongs:
            made += 1
            ad_hoc += visit.ad_hoc
            contacts.add(visit.contact)
            if not rule.effective(visit, case.sheet):
                lacking.append(visit.id)
    return Effort(
        made=made,
        ad_hoc=ad_hoc,
        cancelled=cancelled,
        contacts=len(contacts),
        adherence=Rate(kept, planned),
        effective=Rate(made - len(lacking), made),
        ineffective=tuple(lacking),
    )
