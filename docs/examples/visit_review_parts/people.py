"""The representatives: what comes of their visits, and which practice is doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from report_parts.layout import WIDTH, Page, cut, interval, width, wrapped
from salesflow import Term
from salesflow.findings import Finding, Severity
from salesflow.metrics import Effort
from salesflow.products.claims import CLAIM_REMARKS
from salesflow.ratios import percent
from salesflow.visits import Lessons, Party, Visit
from salesflow.visits.checks import VISIT_REMARKS
from salesflow.visits.plan import PLAN_REMARKS
from visit_review_parts.cases import Cases

__all__ = ["owners_", "practice_", "serious"]

_REMARKS: Final = {remark.key: remark for remark in (*VISIT_REMARKS, *PLAN_REMARKS, *CLAIM_REMARKS)}
_MOST: Final = 3
_NAME: Final = 20


def owners_(page: Page, cases: Cases) -> None:
    """A line for each representative, and the team as the sum of them."""
    page.heading("按代表", "By representative")
    head = page.say(
        "代表|计划|履行|进行|中断|有效|有效率|95% 区间|最弱步骤|我方逾期",
        "rep|planned|kept|held|broken off|effective|rate|95% interval|weakest step|overdue",
    ).split("|")
    rows = [_owner(page, name, cases.efforts[name], told) for name, told in cases.owners.items()]
    team = _owner(page, page.say("合计", "team"), cases.effort, cases.told)
    page.table([head, *rows, team], "lrrrrrrrlr", total=True)
    page.text(
        "计划 = 日期已过的计划拜访，以及已进行或已取消的；履行 = 其中已进行的。",
        "planned: for days that are over, and whatever was held or cancelled; kept: held of these.",
    )


def _owner(page: Page, name: str, made: Effort, told: Lessons) -> tuple[str, ...]:
    kept, rate = made.adherence, made.effective
    broken = sum(len(line.dropped) for line in told.steps.values()) - (told.n - made.made)
    late = sum(one.promise.by is Party.COMPANY for one in told.overdue)
    return (
        cut(name, _NAME),
        f"{kept.n:,}",
        f"{kept.hits:,}",
        f"{made.made:,}",
        f"{broken:,}",
        f"{rate.hits:,}",
        percent(rate.ratio),
        interval(rate.interval),
        "–" if told.weakest is None else told.weakest.label(page.language),
        f"{late:,}",
    )


def practice_(page: Page, cases: Cases) -> None:
    """What is doubtful about the visits of each representative, the commonest first."""
    page.heading("做法：每位代表最常见的不足", "Practice: what each representative leaves out most")
    rows: list[tuple[str, str, str]] = []
    for owner in cases.owners:
        visits = [visit for visit in cases.held if visit.owner == owner]
        found: dict[str, list[Finding]] = {}
        for visit in visits:
            for finding in visit.findings():
                found.setdefault(finding.key, []).append(finding)
        for index, (n, key) in enumerate(_commonest(found)):
            times = page.say(f"{len(visits):,} 次中 {n:,} 次", f"{n:,} of {len(visits):,}")
            rows.append(("" if index else cut(owner, _NAME), times, _named(page, found[key])))
    if not rows:
        page.text("没有发现不足。", "Nothing is left out.")
        return
    head = page.say("代表|拜访|不足 → 建议", "rep|visits|what → advice").split("|")
    room = WIDTH - sum(
        max(map(width, some)) + 2 for some in list(zip(head, *rows, strict=True))[:2]
    )
    page.table([head, *(line for row in rows for line in _lines(row, room - 2))], "lrl")


def _lines(row: tuple[str, str, str], room: int) -> Iterator[tuple[str, str, str]]:
    """Yield a row with as many lines as its last cell needs."""
    name, times, said = row
    for line in wrapped(said, room):
        yield name, times, line
        name = times = ""


def _commonest(found: Mapping[str, Sequence[Finding]]) -> list[tuple[int, str]]:
    """Return the commonest keys, each with its visits; the one first in a visit of equal ones."""
    order = list(_REMARKS)
    visits = [(len({one.subject for one in some}), key) for key, some in found.items()]
    return sorted(visits, key=lambda one: (-one[0], order.index(one[1])))[:_MOST]


def _named(page: Page, found: Sequence[Finding]) -> str:
    """Say what several visits leave out, with the values that come up in them."""
    remark = _REMARKS[found[0].key]
    values = {name: _told(page, [one.values[name] for one in found]) for name in found[0].values}
    what, advice = (
        label.text(page.language).format(**values) for label in (remark.text, remark.advice)
    )
    return f"{what} → {advice}"


def _told(page: Page, values: Sequence[object]) -> str:
    """Say the values of several findings: from least to most, or the terms, with how often."""
    lists = [value for value in values if isinstance(value, tuple)]
    every = [one for value in lists for one in value] if lists else values
    numbers = [one for one in every if isinstance(one, int)]
    if numbers and len(numbers) == len(every):
        return str(min(numbers)) + (f"–{max(numbers)}" if min(numbers) < max(numbers) else "")
    terms = Counter(one.label(page.language) for one in every if isinstance(one, Term))
    if not terms or terms.total() < len(every):
        return "…"  # the words of one visit are no words of all
    if not lists:
        return page.say("或", " or ").join(name for name, _ in terms.most_common())
    if len(set(terms.values())) == 1:
        return page.say("、", ", ").join(terms)
    return page.say("、", ", ").join(f"{name} ×{n}" for name, n in terms.most_common())


def serious(visits: Iterable[Visit]) -> list[Finding]:
    """Return what in single visits is worse than practice left out: conduct, and claims."""
    return [
        finding
        for visit in visits
        for finding in visit.findings()
        if finding.severity is not Severity.WATCH
    ]
