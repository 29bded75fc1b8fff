"""What is overdue, what is due this week, and how punctual each department is."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from manager_week_parts.folder import Team
from report_parts.layout import Page
from salesflow import Finding
from salesflow.conduct import (
    Notice,
    Punctuality,
    deadlines_of,
    upcoming,
    workload,
)
from salesflow.money import half_up
from salesflow.visits import OverduePromise, Party, lessons

__all__ = ["Dates", "dates_of", "departments_", "due_", "overdue_"]

_NOT_KNOWN: Final = "–"


@frozen(kw_only=True)
class Dates:
    """What has a day, on the day of the page."""

    #: notices past their day, the latest first
    notices: tuple[Notice, ...]
    #: promises past theirs, the oldest first
    promises: tuple[OverduePromise, ...]
    #: what is due within the days of the settings, the nearest first
    soon: tuple[Finding, ...]


def dates_of(team: Team) -> Dates:
    """Return what is overdue and what is due soon."""
    late = [one for one in team.notices or () if one.overdue(team.on)]
    late.sort(key=lambda one: (-one.lateness(team.on).latest, one.id))
    things = (*(team.notices or ()), *(team.visits or ()), *(team.deals or ()))
    return Dates(
        notices=tuple(late),
        promises=lessons(team.visits or (), at=team.today.last, on=team.on).overdue,
        soon=upcoming(deadlines_of(things), team.on, team.said.warning_days),
    )


def overdue_(page: Page, team: Team, dates: Dates) -> None:
    """The notices and promises past their day."""
    page.heading("逾期：通知单与承诺", "Overdue: notices and promises")
    if team.notices is None and team.visits is None:
        page.text("没有通知单和拜访的文件，略。", "Left out: no files of notices or visits.")
    elif not dates.notices and not dates.promises:
        page.text("没有逾期。", "Nothing is overdue.")
    if dates.notices:
        head = page.say(
            "通知单|受理部门|接洽人员|下单人员|业务详情|最初期限|最新期限|逾期天数",
            "notice|department|contact|issuer|what|first due|due now|days",
        ).split("|")
        page.table([head, *(_notice(one, team) for one in dates.notices)], "llllllrr")
    if dates.notices and dates.promises:
        page.lines.append("")
    if dates.promises:
        head = page.say(
            "承诺方|兑现人|客户|拜访|承诺|期限|逾期天数",
            "promised by|who|customer|visit|promise|due|days",
        ).split("|")
        ours_first = sorted(dates.promises, key=lambda one: list(Party).index(one.promise.by))
        page.table([head, *(_promise(page, one) for one in ours_first)], "lllllrr")


def _notice(notice: Notice, team: Team) -> tuple[str, ...]:
    return (
        notice.id,
        notice.department,
        notice.contact,
        notice.issuer,
        _line(notice.details),
        str(notice.due_dates[0]),
        str(notice.due),
        str(notice.lateness(team.on).latest),
    )


def _promise(page: Page, one: OverduePromise) -> tuple[str, ...]:
    return (
        one.promise.by.label(page.language),
        one.promise.who or _NOT_KNOWN,
        one.customer,
        one.visit,
        _line(one.promise.text or one.promise.key),
        str(one.promise.due),
        f"{one.days:,}",
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def due_(page: Page, team: Team, dates: Dates) -> None:
    """What is due within a few days, the nearest first."""
    n = team.said.warning_days
    page.heading(f"未来 {n} 天内到期", f"Due within the next {n} days")
    if not dates.soon:
        page.text("没有。", "Nothing.")
        return
    head = page.say("期限|剩余天数|所属|事项|负责人", "due|days left|of|what|who").split("|")
    page.table([head, *(_soon(page, finding) for finding in dates.soon)], "lrlll")


def _soon(page: Page, finding: Finding) -> tuple[str, ...]:
    values = finding.values
    return (
        str(values["due"]),
        str(values["days"]),
        finding.subject,
        values["what"].text(page.language),
        str(values["owner"]) or _NOT_KNOWN,
    )


def departments_(page: Page, team: Team) -> None:
    """How many notices each department has, and whether it keeps the days."""
    page.heading("各部门的准时率", "On time, by department")
    if team.notices is None:
        page.text("没有 notices.csv，略。", "Left out: no notices.csv.")
        return
    loads = workload(team.notices, team.on)
    if not loads:
        page.text("没有通知单。", "No notices.")
        return
    head = page.say(
        "受理部门|未完成|逾期|已回执|已完成|按最初期限准时|按最新期限准时|平均逾期天数",
        "department|open|overdue|put off|done|on time, first day|on time, last day|mean days late",
    ).split("|")
    rows = [
        (
            name,
            *(str(n) for n in (load.open, load.overdue, load.receipted, load.done)),
            *(str(one.on_time) for one in (load.original, load.latest)),
            _mean(load.original),
        )
        for name, load in loads.items()
    ]
    page.table([head, *rows], "lrrrrrrr")
    page.text(
        "分母为已有结果的通知单：已完成的，或已过期限的。推迟期限的回执改善后一个准时率，"
        "不改善前一个；平均逾期天数按最初期限计。",
        "Of the notices that are decided: done, or past their day. A receipt helps the second rate "
        "and never the first. The mean is against the first day.",
    )


def _mean(one: Punctuality) -> str:
    if one.mean_late is None:
        return _NOT_KNOWN
    tenths = half_up(one.mean_late * 10)
    return f"{tenths // 10}.{tenths % 10}"
