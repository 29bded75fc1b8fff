"""The issue log: what keeps happening gets a rule, so that next time it is handled by the rule.

    preventive share = cases handled by a rule that held already ÷ all cases

An issue that was seen at least twice is recurring (例常问题); any other is an exception (例外问题).
Which cases are the same issue the host says, by a signature.  A recurring issue without a rule is a
finding, and so is one that came back under a rule and was handled without it.

>>> late = [Issue(id=f"I-{day}", on=date(2026, 7, day), category="shipping",
...               signature="reagent late") for day in (3, 9)]
>>> [finding.key for finding in issue_review(late, on=date(2026, 7, 10)).findings()]
['needs_rule']
>>> rule = Rule(key="P-1", signatures=["reagent late"], on=date(2026, 7, 10))
>>> issue_review(late, rules=[rule], on=date(2026, 7, 10)).findings()
()
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.conduct.foresight import Difficulty
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.instants import day
from salesflow.labels import Label, Term
from salesflow.ratios import Rate
from salesflow.tables import Table, listed_of, once

__all__ = [
    "ISSUE_REMARKS",
    "RECURS_FROM",
    "Issue",
    "IssueKind",
    "IssueReview",
    "Rule",
    "SeenIssue",
    "issue_review",
]

#: from how many cases on an issue is recurring
RECURS_FROM: Final = 2

_NEEDS_RULE: Final = Remark(
    "needs_rule",
    Severity.WATCH,
    Label(
        "例常问题“{issue}”已出现 {n} 次，没有规则", "“{issue}” keeps coming (n={n}) and has no rule"
    ),
    Label("制定规则、政策或原则", "make a rule, a policy or a principle"),
)
_NOT_BY_RULE: Final = Remark(
    "rule_not_used",
    Severity.WATCH,
    Label(
        "“{issue}”已有规则，仍有 {n} 次未按规则处理：{cases}",
        "“{issue}” has a rule, cases handled without it: {n} ({cases})",
    ),
    Label("执行规则，或修改行不通的规则", "go by the rule, or change one that does not work"),
)
_UNKNOWN_RULE: Final = Remark(
    "rule_unknown",
    Severity.WATCH,
    Label(
        "处理“{issue}”所依据的规则不存在、未生效或不适用：{cases}",
        "“{issue}” was handled by rules that do not exist, hold or apply: {cases}",
    ),
    Label("核对规则及其生效日期", "check the rule and the day from which it holds"),
)
#: every finding about the issue log
ISSUE_REMARKS: Final = (_NEEDS_RULE, _NOT_BY_RULE, _UNKNOWN_RULE)


class IssueKind(Term):
    """Whether an issue keeps happening."""

    RECURRING = "recurring", "例常问题", "recurring"
    EXCEPTIONAL = "exceptional", "例外问题", "exceptional"


@frozen(kw_only=True)
class Issue:
    """One case of an issue: what happened on a day, and by which rule it was handled."""

    #: the host's id of the case
    id: str
    #: the day it came up
    on: date
    #: which kind of difficulty it is
    category: Difficulty
    #: what makes two cases the same issue, as the host writes it
    signature: str
    #: what happened
    details: str = field(default="", repr=forms.masked)
    #: key of the rule by which it was handled, empty where none was
    rule: str = ""

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id", "signature")
        forms.days(self, "on")
        forms.terms(self, category=Difficulty)
        forms.notes(self, "details")
        forms.optional_lines(self, "rule")


@frozen(kw_only=True)
class Rule:
    """A rule, policy or principle made after an issue was solved, so that it is handled by it."""

    #: its key
    key: str
    #: the issues it covers, by signature
    signatures: tuple[str, ...] = field(converter=forms.some)
    #: the day from which it holds
    on: date
    #: what it says
    text: str = field(default="", repr=forms.masked)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        forms.texts(self, "signatures")
        if not self.signatures:
            raise InvalidValue("signatures", "are empty", "say which issue it covers")
        forms.days(self, "on")
        forms.notes(self, "text")

    def covers(self, issue: Issue) -> bool:
        """Whether it held on the day of a case and is about it."""
        return self.on <= issue.on and issue.signature in self.signatures


@frozen(kw_only=True)
class SeenIssue:
    """All cases of one issue."""

    #: whether it keeps happening
    kind: IssueKind
    #: ids of its cases, the oldest first
    cases: tuple[str, ...]
    #: keys of the rules that cover it by now
    rules: tuple[str, ...]
    #: ids of the cases handled by a rule that held already
    by_rule: tuple[str, ...]
    #: ids of the cases that came when a rule held, and were handled without one
    without_rule: tuple[str, ...]
    #: ids of the cases that name a rule which does not exist, did not hold or is not about them
    wrong_rule: tuple[str, ...]


@frozen(kw_only=True)
class IssueReview:
    """What the issue log tells at the end of a day."""

    #: the issues by signature, in their order
    issues: Table[str, SeenIssue]
    #: how many cases came up of each kind of difficulty, in the order of the list
    categories: Table[Difficulty, int]

    @property
    def preventive(self) -> Rate:
        """Cases handled by a rule that held already, of all cases."""
        seen = self.issues.values()
        return Rate(sum(len(one.by_rule) for one in seen), sum(len(one.cases) for one in seen))

    def findings(self) -> tuple[Finding, ...]:
        """Return what keeps happening without a rule, or in spite of one."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        for issue, seen in self.issues.items():
            if seen.kind is IssueKind.RECURRING and not seen.rules:
                yield _NEEDS_RULE.about(issue, issue=issue, n=len(seen.cases))
            for remark, cases in (
                (_NOT_BY_RULE, seen.without_rule),
                (_UNKNOWN_RULE, seen.wrong_rule),
            ):
                if cases:
                    yield remark.about(issue, issue=issue, n=len(cases), cases=cases)


def issue_review(
    issues: Iterable[Issue],
    on: date,
    *,
    rules: Iterable[Rule] = (),
    recurs_from: int = RECURS_FROM,
) -> IssueReview:
    """Return what the issue log tells at the end of a day; later cases are not known yet.

    Raises `DuplicateId` for a case or a rule that is passed twice.
    """
    today, least = day(on, "on"), forms.count(recurs_from, "recurs_from")
    log, made = listed_of(issues, Issue, "issues"), listed_of(rules, Rule, "rules")
    once(issue.id for issue in log)
    once(rule.key for rule in made)
    known = sorted((one for one in log if one.on <= today), key=lambda one: (one.on, one.id))
    cases: dict[str, list[Issue]] = {}
    for issue in known:
        cases.setdefault(issue.signature, []).append(issue)
    ruled: dict[str, list[Rule]] = {signature: [] for signature in cases}
    for rule in made:
        for signature in ruled.keys() & set(rule.signatures) if rule.on <= today else ():
            ruled[signature].append(rule)
    categories = [issue.category for issue in known]
    return IssueReview(
        issues=Table({one: _seen(cases[one], ruled[one], least) for one in sorted(cases)}),
        categories=Table({one: n for one in Difficulty if (n := categories.count(one))}),
    )


def _seen(cases: Sequence[Issue], rules: Sequence[Rule], least: int) -> SeenIssue:
    covered = {case.id: {rule.key for rule in rules if rule.covers(case)} for case in cases}
    return SeenIssue(
        kind=IssueKind.RECURRING if len(cases) >= least else IssueKind.EXCEPTIONAL,
        cases=tuple(case.id for case in cases),
        rules=tuple(rule.key for rule in rules),
        by_rule=tuple(case.id for case in cases if case.rule in covered[case.id]),
        without_rule=tuple(case.id for case in cases if covered[case.id] and not case.rule),
        wrong_rule=tuple(c.id for c in cases if c.rule and c.rule not in covered[c.id]),
    )
