"""Everyone, every day, everything: logs, weekly forms, what people wait for, and the spot check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from manager_week_parts.folder import Team
from report_parts.layout import Page
from salesflow.conduct import (
    DAILY_LIST,
    HelpKind,
    LogCoverage,
    PersonDay,
    handed_in,
    help_requests,
    log_coverage,
    owing,
    plan_adherence,
    spot_check,
    workload,
)
from salesflow.ratios import percent

__all__ = ["coverage_", "coverage_of", "forms_", "help_", "spot_check_"]

_NOT_KNOWN: Final = "–"
_NO_LOGS: Final = ("没有 logs.csv，略。", "Left out: no logs.csv.")


def coverage_of(team: Team) -> LogCoverage | None:
    """Return how far the logs of last week cover the salespeople; None without logs."""
    if team.logs is None:
        return None
    return log_coverage(
        team.logs, team.at_work, team.last_week, team.said.calendar, leave=team.leave
    )


def coverage_(page: Page, team: Team, covered: LogCoverage | None) -> None:
    """A cell for each person and working day of last week."""
    week = team.last_week
    page.heading(f"上周日志（{week}）：每人每天", f"Logs of last week ({week}): person by day")
    if covered is None or team.logs is None:
        page.text(*_NO_LOGS)
        return
    kept = plan_adherence(team.logs, week, team.said.calendar, on=team.on, leave=team.leave)
    days = tuple(covered.by_day)
    head = [
        page.say("员工", "person"),
        *(f"{day:%m-%d}" for day in days),
        page.say("完整", "complete"),
        "%",
        page.say("计划兑现", "plan kept"),
    ]
    cells = _cells(page, team, covered)
    rows = [
        (
            who,
            *(cells[who, day] for day in days),
            f"{rate.hits}/{rate.n}",
            percent(rate.ratio),
            str(kept[who].rate) if who in kept else _NOT_KNOWN,
        )
        for who, rate in covered.by_person.items()
    ]
    total = (
        page.say("团队", "team"),
        *(f"{rate.hits}/{rate.n}" for rate in covered.by_day.values()),
        f"{covered.rate.hits}/{covered.rate.n}",
        percent(covered.rate.ratio),
        "",
    )
    page.table([head, *rows, total], "l" + "r" * len(days) + "rrr", total=True)
    for one in covered.incomplete:
        lacks = page.say("；", "; ").join(DAILY_LIST[box].text(page.language) for box in one.lacks)
        page.text(
            f"{one.person} {one.on:%m-%d} 的日志缺少：{lacks}",
            f"{one.person}, {one.on:%m-%d}: the log lacks: {lacks}",
            indent="    ",
            first="  -",
        )
    if covered.beside:
        ids = ", ".join(covered.beside)
        page.text(f"不在应交之列的日志：{ids}", f"Logs that were not due: {ids}")


def _cells(page: Page, team: Team, covered: LogCoverage) -> Mapping[tuple[str, date], str]:
    """Return what the matrix says of each person and working day."""
    away = {(who, day) for who, days in team.leave.items() for day in days}
    full, off = page.say("完整", "full"), page.say("休假", "leave")
    cells = {
        (who, day): off if (who, day) in away else full
        for who in covered.by_person
        for day in covered.by_day
    }
    for word, found in (
        (page.say("无", "NONE"), covered.missing),
        (page.say("缺项", "part"), covered.incomplete),
    ):
        cells.update((_place(one), word) for one in found)
    return cells


def _place(one: PersonDay) -> tuple[str, date]:
    return one.person, one.on


def forms_(page: Page, team: Team) -> None:
    """Who has not handed in the weekly form."""
    week, people = team.last_week, team.at_work
    page.heading(f"周表（{week}）", f"Weekly forms ({week})")
    if team.forms is None:
        page.text("没有 forms.csv，略。", "Left out: no forms.csv.")
        return
    rate, due = handed_in(team.forms, people, week), owing(team.forms, people, week)
    owed = page.say("、", ", ").join(due) or page.say("无", "nobody")
    page.text(
        f"已交 {rate.hits} 份，应交 {rate.n} 份；未交：{owed}。",
        f"Handed in: {rate.hits} of {rate.n}. Still owed by: {owed}.",
    )


def help_(page: Page, team: Team) -> None:
    """What still stands in the way, the oldest first."""
    page.heading("待解决的问题与求助", "Open problems and requests for help")
    if team.logs is None and team.notices is None:
        page.text("没有日志和通知单的文件，略。", "Left out: no files of logs or notices.")
        return
    rows = sorted(_waiting(page, team))
    if not rows:
        page.text("没有。", "None.")
        return
    head = page.say("自|等待的人|所属|类型|内容", "since|who waits|at|kind|what").split("|")
    page.table([head, *rows], "lllll")


def _waiting(page: Page, team: Team) -> Iterator[tuple[str, ...]]:
    for one in help_requests(team.logs or ()):
        kind = one.kind.label(page.language)
        yield str(one.since), one.person, one.customer or _NOT_KNOWN, kind, one.text
    kind = HelpKind.HELP.label(page.language)
    for load in workload(team.notices or (), team.on).values():
        for item in load.help:
            yield str(item.since), item.department, item.notice, kind, item.text


def spot_check_(page: Page, team: Team, seed: int | None) -> None:
    """The logs of last week to be looked into this week, drawn so that anybody can draw again."""
    page.heading("本周抽查", "Spot check of this week")
    if team.logs is None:
        page.text(*_NO_LOGS)
        return
    written = [log for log in team.logs if log.on in team.last_week]
    number = team.this_week.week if seed is None else seed
    check = spot_check(written, team.said.spot_check, seed=number)
    people = {log.id: log.person for log in written}
    drawn = ", ".join(f"{id_} ({people[id_]})" for id_ in check.sample) or _NOT_KNOWN
    why = page.say("即本周的周次", "the ISO number of this week") if seed is None else "--seed"
    page.text(
        f"抽取日志：{drawn}。从上周 {check.population} 份中抽出，种子 {check.seed}（{why}）。",
        f"Look into: {drawn}. Drawn from the {check.population} logs of last week with seed "
        f"{check.seed} ({why}).",
    )
    if seed is None:
        page.text(
            "周次人人可知；要让被查的人事先无从得知，请用 --seed 给一个事后才公开的数字。",
            "Anybody knows the number of a week: where nobody may know the sample beforehand, give "
            "a number of your own with --seed, and tell it afterwards.",
        )
