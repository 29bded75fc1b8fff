"""A manager's Monday page: what to look at this week, as a text report in English or Chinese.

    python docs/examples/manager_week.py [en|zh] [FOLDER] [--on DAY] [--seed N]

Without a folder it reads the sample team beside this file.  A team of your own is a folder with
`people.csv` and as many of the other files as you have; what is not there is said, and left out.

The library reads no file and no clock: everything of that kind is done here.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from manager_week_parts.agenda import agenda_, topics_of
from manager_week_parts.control import coverage_, coverage_of, forms_, help_, spot_check_
from manager_week_parts.dates import dates_of, departments_, due_, overdue_
from manager_week_parts.folder import OPTIONAL, Team, team_of
from manager_week_parts.roadmap import roadmap_, steps_of
from manager_week_parts.rules import compliance_, rules_of
from manager_week_parts.settings import settings
from manager_week_parts.team import PEOPLE
from report_parts.arguments import day
from report_parts.command import Parser, answer, place, run
from report_parts.inputs import counted_, encoded, notes_, nothing_, read_in, refused_
from report_parts.intake import FileCount
from report_parts.layout import Page
from report_parts.rows import BadInput
from report_parts.settings import SETTINGS
from salesflow import Label
from salesflow.labels import Language

__all__ = ["main"]

SAMPLE: Final = Path(__file__).parent / "week"
_MOST: Final = 2**31


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser(
        prog="manager_week.py",
        description="Print a sales manager's page for the Monday of a week from CSV files.",
        folder=f"{PEOPLE[0]} and, if you like, {', '.join(OPTIONAL)} and {SETTINGS}: copy the "
        "folder week beside this script; docs/how-to/monday-page.md explains every column",
        what="person",
    )
    made.add_argument(
        "--on",
        metavar="DAY",
        help="the day of the page, such as 2026-08-31; without it the one in settings.csv",
    )
    made.add_argument(
        "--seed",
        metavar="N",
        type=int,
        help="draw the spot check with this number; without it the ISO number of the week",
    )
    made.add_argument("--all-rows", action="store_true", help="list every row that was refused")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Print the page and return the exit code; arguments of no use are one line and a 2."""
    return answer(parser(), argv, _report)


def _report(given: argparse.Namespace) -> tuple[Page, Sequence[FileCount]]:
    language, folder = place(given, SAMPLE)
    if not (folder / PEOPLE[0]).is_file():
        raise BadInput(f"{str(folder)!r} holds no {PEOPLE[0]}")
    if given.seed is not None and not 0 <= given.seed < _MOST:
        raise BadInput(f"--seed is a whole number from 0 to {_MOST - 1}")
    said = settings(folder)
    on = day(given.on, "--on") or said.day
    if on is None:
        raise BadInput(f"which day? give --on, or a row 'day' in {SETTINGS}")
    team = team_of(folder, said, on)
    return _written(team, language, given.seed, all_rows=given.all_rows), team.files


def _written(team: Team, language: Language, seed: int | None, *, all_rows: bool) -> Page:
    page = Page(language, team.said.currency, whole=True)
    dates, covered, rules = dates_of(team), coverage_of(team), rules_of(team)
    topics = topics_of(team, dates)
    week = team.this_week
    page.title(f"经理周一页 · {team.on}（{week}）", f"The manager's week · {team.on} ({week})")
    nothing_(page, team.files, Label("员工", "person"))
    complete = page.say("没有日志", "no logs") if covered is None else str(covered.rate)
    page.text(
        f"逾期通知单 {len(dates.notices)}，逾期承诺 {len(dates.promises)}，"
        f"未来 {team.said.warning_days} 天到期 {len(dates.soon)}；上周日志完整率 {complete}；"
        f"需要处理的活动 {len(rules.stopped)}，职责与证据问题 "
        f"{len(rules.mixed) + len(rules.filed)}。",
        f"Overdue: notices {len(dates.notices)}, promises {len(dates.promises)}; due within "
        f"{team.said.warning_days} days: {len(dates.soon)}. Logs of last week: {complete}. Actions "
        f"to be seen to: {len(rules.stopped)}; roles and evidence: "
        f"{len(rules.mixed) + len(rules.filed)}.",
    )
    agenda_(page, topics)
    overdue_(page, team, dates)
    due_(page, team, dates)
    help_(page, team)
    compliance_(page, team, rules)
    coverage_(page, team, covered)
    forms_(page, team)
    spot_check_(page, team, seed)
    roadmap_(page, team, steps_of(team))
    departments_(page, team)
    doubts = () if covered is None else (one.text for one in covered.findings)
    notes_(page, tuple(_notes(team, doubts)))
    refused_(page, team.refused, all_rows=all_rows)
    page.heading("核对：一行不少", "Reconciliation: nothing is dropped")
    counted_(page, team.files)
    return page


def _notes(team: Team, doubts: Iterable[Label]) -> Iterator[Label]:
    """Say how the folder was read, and what of it is in no figure."""
    yield Label(
        f"截至 {team.on} 当天结束时所知；“上周”是 {team.last_week}。",
        f"As known at the end of {team.on}; last week is {team.last_week}.",
    )
    if team.missing:
        names = ", ".join(team.missing)
        yield Label(
            f"文件夹中没有以下文件，相关部分略去：{names}。",
            f"Not in the folder, so that what needs them is left out: {names}.",
        )
    yield (
        read_in(team.said.tz)
        if team.said.tz
        else Label(
            f"{SETTINGS} 没有 time_zone，日期按 UTC 划分。",
            f"{SETTINGS} has no time_zone, so days are cut in UTC.",
        )
    )
    yield from doubts
    if team.later:
        yield Label(
            f"{team.later:,} 条记录晚于 {team.on}，不在任何数字中。",
            f"{team.later:,} entries are of a time after {team.on} and are in no figure.",
        )
    strangers = _strangers(team)
    if strangers:
        names = ", ".join(strangers)
        yield Label(f"people.csv 中没有的员工：{names}。", f"Not in people.csv: {names}.")
    yield from encoded(team.files)


def _strangers(team: Team) -> list[str]:
    """Return the ids of our own people that the files name and `people.csv` does not."""
    owners = (one.owner for one in (*(team.deals or ()), *(team.visits or ())))
    people = (
        one.person
        for some in (team.logs, team.forms, team.actions, team.given)
        for one in some or ()
    )
    return sorted({*owners, *people}.difference(person.id for person in team.people))


if __name__ == "__main__":
    run(main)
