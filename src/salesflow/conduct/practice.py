"""Say, do, show: what is laid down is done, and what is done can be seen (说到、做到、见到).

    said  = executions of a standard ÷ executions
    done  = standards executed ÷ standards laid down
    shown = executions with a record ÷ executions

A company is led by rules and not by persons, and each rule is a triple: the standard, its
execution and the record of it.  A standard that nobody executes is 做不到, an execution that nobody
can see is 见不到, and one that no standard asks for is 没说到.

>>> from salesflow.periods import Month
>>> rules = RuleSet(system="reporting", version="2026-1", valid_from=date(2026, 1, 1), standards=[
...     Standard(key="daily_list"), Standard(key="weekly_form")])
>>> seen = say_do_show([rules], [
...     Execution(id="E-1", standard="daily_list", on=date(2026, 7, 6), author="R-9",
...               records=["LOG-77"]),
...     Execution(id="E-2", standard="", on=date(2026, 7, 7), author="R-9")], Month(2026, 7))
>>> str(seen.said), str(seen.done), str(seen.shown)
('50.0% (n=2)', '50.0% (n=2)', '50.0% (n=2)')
>>> [(finding.key, finding.subject) for finding in seen.findings()]
[('not_done', 'weekly_form'), ('not_shown', 'E-2'), ('not_said', 'E-2')]

Source: the second of the four principles of funnel management, after ISO 9000.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.instants import day
from salesflow.labels import Label, Term
from salesflow.periods import Period
from salesflow.ratios import Rate
from salesflow.tables import Table, listed_of, once

__all__ = [
    "PRACTICE_REMARKS",
    "Execution",
    "Practice",
    "RuleSet",
    "RuleSystem",
    "Standard",
    "in_force",
    "say_do_show",
]

_NOT_DONE: Final = Remark(
    "not_done",
    Severity.WATCH,
    Label("{system}：“{standard}”没有执行（做不到）", "{system}: nobody executed “{standard}”"),
    Label("执行，或修改做不到的制度", "have it executed, or change what cannot be done"),
)
_NOT_SHOWN: Final = Remark(
    "not_shown",
    Severity.WATCH,
    Label("“{standard}”的执行没有记录（见不到）", "“{standard}” was executed without a record"),
    Label("补充记录的编号", "add the reference of a record"),
)
_NOT_SAID: Final = Remark(
    "not_said",
    Severity.WATCH,
    Label("执行了制度没有规定的事（没说到）：“{standard}”", "no standard asks for “{standard}”"),
    Label("写进制度，或不再执行", "lay it down, or leave it"),
)
#: every finding of the audit
PRACTICE_REMARKS: Final = (_NOT_DONE, _NOT_SHOWN, _NOT_SAID)


class RuleSystem(Term):
    """One of the five rule systems (制度) of a sales organisation."""

    INCENTIVES = "incentives", "销售激励制度", "incentives"
    REPORTING = "reporting", "销售汇报制度", "reporting"
    MANAGEMENT = "management", "销售管理制度", "sales management"
    AFTER_SALES = "after_sales", "售后管理制度", "after-sales management"
    OFFICE = "office", "内勤管理制度", "office management"


@frozen(kw_only=True)
class Standard:
    """A line of a rule system: something that is to be done."""

    #: key, unique among the rules in force
    key: str
    #: what is to be done
    text: str = ""

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        forms.notes(self, "text")


def _standards(value: Iterable[Standard]) -> tuple[Standard, ...]:
    standards = forms.list_of(Standard, value, "standards")
    if len({standard.key for standard in standards}) < len(standards):
        raise InvalidValue("standards", "have one key twice", "give each its own key")
    return standards


@frozen(kw_only=True)
class RuleSet:
    """One version of a rule system, in force from a day until the next version is."""

    #: the rule system
    system: RuleSystem
    #: the host's name of the version
    version: str
    #: the day from which it is in force
    valid_from: date
    #: what it lays down
    standards: tuple[Standard, ...] = field(converter=_standards)

    def __attrs_post_init__(self) -> None:
        forms.terms(self, system=RuleSystem)
        forms.lines(self, "version")
        forms.days(self, "valid_from")


@frozen(kw_only=True)
class Execution:
    """Something that was done, by a standard or without one, and the records that show it."""

    #: the host's id
    id: str
    #: key of the standard, empty where none asks for it
    standard: str
    #: the day it was done
    on: date
    #: who wrote it down, by id
    author: str
    #: for whom, by id, where a busy colleague's form was filled in; empty for the author's own
    on_behalf_of: str = ""
    #: opaque references to the records that show it; the records stay with the host
    records: tuple[str, ...] = field(default=(), converter=forms.some)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id", "author")
        forms.optional_lines(self, "standard", "on_behalf_of")
        forms.days(self, "on")
        forms.texts(self, "records")
        if self.on_behalf_of == self.author:
            raise InvalidValue("on_behalf_of", "names the author", "leave it empty")

    @property
    def person(self) -> str:
        """Id of the one whose execution it is, whoever wrote it down."""
        return self.on_behalf_of or self.author


@frozen(kw_only=True)
class Practice:
    """How far the rules of a company are said, done and shown in a period."""

    #: executions that a standard in force on their day asks for
    said: Rate
    #: standards in force on the last day that were executed at least once
    done: Rate
    #: executions with a record
    shown: Rate
    #: the same as `done`, by rule system
    systems: Table[RuleSystem, Rate]
    #: the standards that nobody executed (做不到), with their rule system
    not_done: Table[str, RuleSystem]
    #: the executions without a record (见不到), with what was executed
    not_shown: Table[str, str]
    #: the executions that no standard asks for (没说到), with what was executed
    not_said: Table[str, str]

    def findings(self) -> tuple[Finding, ...]:
        """Return what is said and not done, done and not seen, done and not said."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        for key, system in self.not_done.items():
            yield _NOT_DONE.about(key, standard=key, system=system)
        for remark, executions in ((_NOT_SHOWN, self.not_shown), (_NOT_SAID, self.not_said)):
            for execution, standard in executions.items():
                yield remark.about(execution, standard=standard or "–")


def in_force(rule_sets: Iterable[RuleSet], on: date) -> Table[RuleSystem, RuleSet]:
    """Return the version of each rule system that is in force on a day.

    Raises `InvalidValue` where two versions of a system are valid from one day, or where two
    systems lay down a standard of one key.
    """
    today = day(on, "on")
    found = listed_of(rule_sets, RuleSet, "rule_sets")
    if len({(one.system, one.valid_from) for one in found}) < len(found):
        raise InvalidValue("rule_sets", "have two versions from one day", "pass one of them")
    by_age = sorted((one for one in found if one.valid_from <= today), key=_valid_from)
    latest = {one.system: one for one in by_age}
    keys = [standard.key for one in latest.values() for standard in one.standards]
    if len(set(keys)) < len(keys):
        raise InvalidValue("rule_sets", "share the key of a standard", "give each its own key")
    return Table({system: latest[system] for system in RuleSystem if system in latest})


def _valid_from(rule_set: RuleSet) -> date:
    return rule_set.valid_from


def say_do_show(
    rule_sets: Iterable[RuleSet], executions: Iterable[Execution], during: Period
) -> Practice:
    """Return how far the rules are practised in a period; executions outside it are left out.

    Each execution is held to the rules in force on its day, and the standards to those in force on
    the last day.  Raises `DuplicateId` for an execution that is passed twice, and as `in_force`.
    """
    if not isinstance(during, Period):
        raise WrongType.of("during", during, "pass a period such as Month(2026, 7)")
    sets = listed_of(rule_sets, RuleSet, "rule_sets")
    everything = listed_of(executions, Execution, "executions")
    once(one.id for one in everything)
    seen = [one for one in everything if one.on in during]
    asked = {on: _keys(in_force(sets, on)) for on in {one.on for one in seen}}
    said = [one for one in seen if one.standard in asked[one.on]]
    executed = {one.standard for one in said}
    last = in_force(sets, during.after - timedelta(days=1))
    laid_down = _keys(last)
    systems = {system: _done(one.standards, executed) for system, one in last.items()}
    return Practice(
        said=Rate(len(said), len(seen)),
        done=_done((s for one in last.values() for s in one.standards), executed),
        shown=Rate(sum(bool(one.records) for one in seen), len(seen)),
        systems=Table(systems),
        not_done=Table({key: s for key, s in laid_down.items() if key not in executed}),
        not_shown=Table({one.id: one.standard for one in seen if not one.records}),
        not_said=Table({o.id: o.standard for o in seen if o.standard not in asked[o.on]}),
    )


def _keys(sets: Table[RuleSystem, RuleSet]) -> dict[str, RuleSystem]:
    return {one.key: system for system, rules in sets.items() for one in rules.standards}


def _done(standards: Iterable[Standard], executed: set[str]) -> Rate:
    hits = [standard.key in executed for standard in standards]
    return Rate(sum(hits), len(hits))
