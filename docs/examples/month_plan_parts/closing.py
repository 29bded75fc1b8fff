"""The findings with what to do next, and what became of every row, customer and call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from month_plan_parts.territory import Territory
from report_parts.inputs import agrees, counted_
from report_parts.layout import Page, cut, width
from salesflow.findings import Finding, Severity

__all__ = ["findings_", "reconciliation_"]

_MOST: Final = 4
_NAME: Final = 40


def findings_(page: Page, read: Territory) -> None:
    """What is doubtful about the plan, and what to do next; the gravest first."""
    page.heading("发现与建议", "Findings and advice")
    kinds: dict[tuple[int, str], list[Finding]] = {}
    order = list(Severity)
    for finding in (*read.month.findings(), *read.schedule.findings()):
        kinds.setdefault((order.index(finding.severity), finding.key), []).append(finding)
    if not kinds:
        page.text("没有发现问题。", "None.")
    for kind in sorted(kinds, key=lambda kind: kind[0]):
        _kind(page, kinds[kind], {str(read.cycle), read.calendar.name})


def _kind(page: Page, found: Sequence[Finding], whole: set[str]) -> None:
    """Write the findings of one kind, and their advice once; those of the `whole` name nobody."""
    lead = f"  [{found[0].severity.label(page.language)}]"
    indent = " " * (3 + max(width(one.label(page.language)) for one in Severity) + 2)
    for index, finding in enumerate(found[:_MOST]):
        whom = (
            "" if finding.subject in whole else cut(finding.subject, _NAME) + page.say("：", ": ")
        )
        said = finding.text.text(page.language)
        page.paragraph(whom + said, indent=indent, first="" if index else lead)
    more = len(found) - _MOST
    if more > 0:
        page.text(f"另有 {more:,} 条同类", f"and {more:,} more of this kind", indent=indent)
    page.paragraph(f"→ {found[0].advice.text(page.language)}", indent=indent)


def reconciliation_(page: Page, read: Territory) -> None:
    """Prove that no row, no customer and no call was dropped on the way."""
    page.heading("核对：一行不少", "Reconciliation: nothing is dropped")
    counted_(page, read.files)
    _customers(page, read)
    _calls(page, read)


def _customers(page: Page, read: Territory) -> None:
    some = read.customers.values()
    short = {one.contact: one.planned for one in read.schedule.unplaced}
    none = sum(not one.visits for one in some)
    partly = sum(planned > 0 for planned in short.values())
    unplanned = len(short) - partly
    fully = sum(
        one.contact not in short and len(read.schedule.of(one.contact)) >= one.visits > 0
        for one in some
    )
    right = (
        len(some) == fully + partly + unplanned + none
        and read.files[0].used == len(some) + read.others
    )
    page.text(
        f"读入 {read.files[0].used:,} 位客户 = 全部安排 {fully:,} + 部分安排 {partly:,} + "
        f"没有安排 {unplanned:,} + 不需拜访 {none:,} + 其他代表的 {read.others:,}："
        f"{agrees(page, right=right)}。",
        f"{read.files[0].used:,} customers read = {fully:,} planned in full + {partly:,} in part + "
        f"{unplanned:,} not at all + {none:,} wanted no call + {read.others:,} of other "
        f"representatives: {agrees(page, right=right)}.",
    )


def _calls(page: Page, read: Territory) -> None:
    schedule = read.schedule
    wanted = sum(one.visits for one in read.customers.values())
    missing = sum(one.wanted - one.planned for one in schedule.unplaced)
    made = Counter(call.contact for call in schedule.calls)
    planned = sum(made[contact] for contact in read.customers)
    extra = sum(max(0, made[one.contact] - one.visits) for one in read.customers.values())
    strangers = len(schedule.calls) - planned
    right = wanted == planned - extra + missing
    page.text(
        f"希望 {wanted:,} 次 = 计划 {planned:,} - 预约多出 {extra:,} + 安排不下 {missing:,}："
        f"{agrees(page, right=right)}。",
        f"{wanted:,} calls wanted = {planned:,} planned - {extra:,} booked beyond that + "
        f"{missing:,} not fitting: {agrees(page, right=right)}.",
    )
    daily = sum(len(schedule.on(on)) for on in schedule.days)
    right = len(schedule.calls) == daily and all(call in schedule.calls for call in read.booked)
    page.text(
        f"日程共 {len(schedule.calls):,} 次 = 客户的 {planned:,} + 名单外预约 {strangers:,} = "
        f"各工作日之和；{len(read.booked):,} 次预约都在其中：{agrees(page, right=right)}。",
        f"{len(schedule.calls):,} calls of the plan = {planned:,} on customers + {strangers:,} "
        f"booked with others = the sum of the working days; the {len(read.booked):,} booked ones "
        f"are among them: {agrees(page, right=right)}.",
    )
