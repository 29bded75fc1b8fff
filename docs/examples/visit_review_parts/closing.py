"""The findings of all sections with what to do next, and what became of every row and visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from report_parts.inputs import agrees, counted_
from report_parts.layout import Page, width
from salesflow.findings import Finding, Severity
from salesflow.ratios import Change, Rate
from visit_review_parts.book import Book
from visit_review_parts.cases import Cases
from visit_review_parts.people import serious

__all__ = ["findings_", "reconciliation_"]

_MOST: Final = 3
#: findings of what is to be gone on with; they come last
_GOOD: Final = frozenset({"answer_works", "measure_better"})
_HABIT: Final = "habit_pays"
_HABITS: Final = 2


def findings_(page: Page, cases: Cases) -> None:
    """What is wrong or right, where, and what to do next; the gravest first."""
    page.heading("发现与建议", "Findings and advice")
    compared = () if cases.compared is None else cases.compared.findings
    found = [*cases.told.findings, *compared, *serious(cases.held)]
    kinds: dict[tuple[int, str], list[Finding]] = {}
    order = list(Severity)
    for finding in found:
        rank = len(order) if finding.key in _GOOD else order.index(finding.severity)
        kinds.setdefault((rank, finding.key), []).append(finding)
    if not kinds:
        page.text(
            "团队层面没有发现问题；单次拜访见下文“做法”。",
            "No finding for the team; for single visits see “Practice” below.",
        )
    visits = {visit.id for visit in cases.held}
    for kind in sorted(kinds, key=lambda kind: kind[0]):
        _kind(page, kinds[kind], visits)


def _kind(page: Page, found: Sequence[Finding], visits: set[str]) -> None:
    """Write the findings of one kind, each with its advice; that of several is told once."""
    marks = [page.say("保持", "keep"), *(one.label(page.language) for one in Severity)]
    mark = marks[0] if found[0].key in _GOOD else found[0].severity.label(page.language)
    lead, indent = f"  [{mark}]", " " * (5 + max(map(width, marks)))
    shown, more = _shown(page, found, visits)
    for index, finding in enumerate(shown):
        whom = f"{finding.subject}{page.say('：', ': ')}" if finding.subject in visits else ""
        text, advice = finding.text.text(page.language), finding.advice.text(page.language)
        page.paragraph(whom + text, indent=indent, first="" if index else lead)
        if index == len(shown) - 1 or shown[index + 1].advice != finding.advice:
            page.paragraph(f"→ {advice}", indent=indent)
    if more:
        page.paragraph(more, indent=indent)


def _shown(page: Page, found: Sequence[Finding], visits: set[str]) -> tuple[Sequence[Finding], str]:
    """Return the findings of one kind to write in full, and what to say of the others."""
    if found[0].key == _HABIT and len(found) > _HABITS:
        surest = sorted(found, key=_least_difference, reverse=True)[:_HABITS]
        more = len(found) - _HABITS
        return surest, page.say(
            f"另有 {more} 个习惯也是如此，见“好习惯与成果”中带 * 的行",
            f"more habits like these: {more}, with a * in “Habits, and what comes of them”",
        )
    # What is found in single visits can be long; what is found of the team is told in full.
    if found[0].subject in visits and len(found) > _MOST:
        more = len(found) - _MOST
        return found[:_MOST], page.say(f"另有 {more} 条同类", f"and {more} more of this kind")
    return found, ""


def _least_difference(finding: Finding) -> float:
    """Return the difference that a habit makes at least: the lower bound of its interval."""
    before, after = finding.values["before"], finding.values["after"]
    if not (isinstance(before, Rate) and isinstance(after, Rate)):
        return 0.0
    bounds = Change(before, after).interval
    return 0.0 if bounds is None else bounds[0]


def reconciliation_(page: Page, book: Book, cases: Cases) -> None:
    """Prove that no row and no visit was dropped on the way."""
    page.heading("核对：一行不少", "Reconciliation: nothing is dropped")
    counted_(page, book.files)
    read = len(book.visits)
    page.text(
        f"读入 {read:,} 次拜访 = 已进行 {len(cases.held):,} + 取消 {len(cases.cancelled):,}"
        f" + 尚未开始 {len(cases.waiting):,} + 不计入的类型 {len(cases.uncounted):,}"
        f" + 不在本期 {len(cases.outside):,}：{agrees(page, right=read == cases.total)}。",
        f"{read:,} visits read = {len(cases.held):,} held + {len(cases.cancelled):,} cancelled + "
        f"{len(cases.waiting):,} not begun + {len(cases.uncounted):,} of kinds that do not count "
        f"+ {len(cases.outside):,} outside the period: {agrees(page, right=read == cases.total)}.",
    )
    told, made = cases.told, cases.effort
    right = (
        told.n == len(cases.held) + len(cases.cancelled)
        and told.effective.n == len(cases.held)
        and told.n == sum(one.n for one in cases.owners.values())
        and made.effective == told.effective
        and made.made == sum(one.made for one in cases.efforts.values())
        and made.adherence.n == sum(one.adherence.n for one in cases.efforts.values())
    )
    page.text(
        f"结论所依据的 {told.n:,} 次拜访 = 已进行 + 取消 = 各代表之和："
        f"{agrees(page, right=right)}。",
        f"The lessons are of {told.n:,} visits = held + cancelled = the sum of the "
        f"representatives: {agrees(page, right=right)}.",
    )
