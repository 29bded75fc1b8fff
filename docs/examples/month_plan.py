"""The four weeks of a representative: which calls fit, and which do not, in English or Chinese.

    python docs/examples/month_plan.py [en|zh] [FOLDER] [--from DAY] [--representative ID] …

Without a folder it plans the sample territory beside this file.  A territory of your own is a
folder with `customers.csv` and, if you like, `hospitals.csv`, `booked.csv`, `days_off.csv`,
`holidays.csv` and `settings.csv`.

The library reads no file and no clock: everything of that kind is done here.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from month_plan_parts import closing, details, figures
from month_plan_parts.settings import settings
from month_plan_parts.territory import COLUMNS, Territory, territory
from report_parts.arguments import day
from report_parts.command import Parser, answer, place, run
from report_parts.inputs import encoded, notes_, nothing_, refused_
from report_parts.intake import FileCount
from report_parts.layout import Page
from report_parts.rows import BadInput, shown
from salesflow import Cycle, Label

__all__ = ["main"]

SAMPLE: Final = Path(__file__).parent / "territory"
_DAY: Final = timedelta(days=1)


def parser() -> Parser:
    """Return the parser of the command line."""
    files = list(COLUMNS)
    made = Parser(
        prog="month_plan.py",
        description="Plan four weeks of calls of a representative from CSV files.",
        folder=f"{files[0]} and, if you like, {', '.join(files[1:])} and settings.csv: copy the "
        "folder territory beside this script; docs/how-to/plan-your-month.md explains every "
        "column",
        what="customer",
    )
    made.add_argument(
        "--from",
        dest="first",
        metavar="DAY",
        help="first day of the four weeks, such as 2026-09-21; without it the one in settings.csv",
    )
    made.add_argument(
        "--representative",
        metavar="ID",
        help="whose plan it is; without it the one in settings.csv, or the only one in "
        "customers.csv",
    )
    made.add_argument(
        "--calendar",
        metavar="CALENDAR",
        help="file for holidays.csv (the default where there is one), weekdays for Monday to "
        "Friday, or a country such as CN, which needs the package holidays",
    )
    made.add_argument(
        "--day", metavar="DAY", help="the day told hour by hour; without it the first with calls"
    )
    made.add_argument("--all-days", action="store_true", help="tell every day hour by hour")
    made.add_argument(
        "--all-rows",
        action="store_true",
        help="list every call that did not fit, and every row that was refused",
    )
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report and return the exit code; arguments of no use are one line and a 2."""
    return answer(parser(), argv, _report)


def _report(given: argparse.Namespace) -> tuple[Page, Sequence[FileCount]]:
    language, folder = place(given, SAMPLE)
    said = settings(folder)
    first = day(given.first, "--from") or said.days.get("from")
    if first is None:
        raise BadInput("nobody says when the four weeks begin; give --from, such as 2026-09-21")
    read = territory(
        folder,
        Cycle(first, 1),
        said,
        representative=given.representative or said.words.get("representative", ""),
        calendar=given.calendar,
    )
    page = Page(language, "CNY", whole=True)
    _write(page, read, _days(given, read), all_rows=given.all_rows)
    return page, read.files


def _days(given: argparse.Namespace, read: Territory) -> Sequence[date]:
    """Return the days to be told hour by hour."""
    if given.all_days:
        return [on for on in read.schedule.days if read.schedule.on(on)]
    asked = day(given.day, "--day")
    if asked is not None and asked not in read.cycle:
        raise BadInput(f"--day {asked} does not lie in {_span(read)}")
    return [call.on for call in read.schedule.calls[:1]] if asked is None else [asked]


def _span(read: Territory) -> str:
    return f"{read.cycle.first} – {read.cycle.after - _DAY}"


def _notes(read: Territory) -> Iterator[Label]:
    """Say how the territory was read, where it could have been read otherwise."""
    yield Label(
        "客户分类的重要性依次为：重点发展、重点维护、推动进药、常规维护、一般关注、传递信息；同类"
        "按医院等级；importance 一栏优先。",
        "A customer is as important as the segment, grow first, and of one segment as the grade "
        "of the hospital; the column importance is stronger.",
    )
    yield Label(
        f"日历：{read.calendar.name}。没有写 visits 的客户按其分类的推荐频率拜访。",
        f"The calendar is {read.calendar.name}. Where visits is blank, the segment recommends how "
        "often.",
    )
    if any(one.days is not None and one.visit_days is None for one in read.hospitals.values()):
        yield Label(
            "hospitals.csv 没有写 visit_days 的医院，可去的天数为月计划天数，半天进为一天。",
            "Where visit_days is blank in hospitals.csv, a hospital can be visited on as many days "
            "as the month plan gives it, and half a day counts as one.",
        )
    yield from encoded(read.files)


def _write(page: Page, read: Territory, days: Sequence[date], *, all_rows: bool) -> None:
    whose = shown(read.schedule.representative)
    page.title(
        f"月计划 · {whose}{' · ' if whose else ''}{_span(read)}",
        f"Month plan · {whose}{' · ' if whose else ''}{_span(read)}",
    )
    nothing_(page, read.files, Label("客户", "customer"))
    figures.headline(page, read)
    figures.segments_(page, read)
    figures.grid_(page, read)
    for on in days:
        figures.day_(page, read, on)
    details.hospitals_(page, read)
    details.month_(page, read)
    details.left_out_(page, read, all_rows=all_rows)
    details.evenness_(page, read)
    closing.findings_(page, read)
    notes_(page, tuple(_notes(read)))
    refused_(page, read.refused, all_rows=all_rows)
    closing.reconciliation_(page, read)


if __name__ == "__main__":
    run(main)
