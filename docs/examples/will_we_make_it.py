"""Will we make the quarter, or the month: the answer as a text report in English or Chinese.

    python docs/examples/will_we_make_it.py [en|zh] [FOLDER] [--quarter 2026Q3 | --month 2017-12] …

Without a folder it asks about the sample book beside this file.  The folders it knows are those of
`quarter_review.py`, whose readers it uses; of "CRM Sales Opportunities" it asks about December
2017, since a year of data holds nine months to learn from and only three quarters.

The library reads no file and no clock: everything of that kind is done here.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from attrs import frozen
from quarter_review import (
    Parser,
    _at,
    _currency,
    _encoded,
    _nothing_read,
    _place,
    _quarter,
    _quota,
    _reader,
    _zone,
)
from quarter_review_parts import book, crm_set
from quarter_review_parts.layout import WIDTH, Page
from quarter_review_parts.rows import BadInput
from quarter_review_parts.source import Options, Source
from will_we_make_it_parts.answer import answer_, chart_
from will_we_make_it_parts.compute import Job, Told, told
from will_we_make_it_parts.deciding import deciding_
from will_we_make_it_parts.proof import proof_
from will_we_make_it_parts.reasons import reasons_

from salesflow import Label, Money, Month, SalesflowError
from salesflow.labels import Language
from salesflow.metrics import forecast
from salesflow.periods import Period

__all__ = ["main"]

_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
_CRM_MONTH: Final = "2017-12"
_CHOSEN: Final = Label(
    f"没有给出期间，取 {_CRM_MONTH}（该数据集的末月，历史最多）；可用 --month 或 --quarter 指定。",
    f"No period was given: asked is {_CRM_MONTH}, the last month of this set, with most history "
    "before it. Give --month or --quarter to choose.",
)


@frozen(kw_only=True)
class Asked:
    """A job, and what has to be said about how it was understood."""

    job: Job
    notes: tuple[Label, ...]


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser(
        prog="will_we_make_it.py",
        description="Say how likely a quarter or a month is made, from CSV files.",
        epilog="FOLDER holds the files that quarter_review.py knows; see its --help. Exit code: 0 "
        "for a report, 1 for one in which every deal was refused, 2 where the arguments or the "
        "files are no use.",
    )
    made.add_argument("language", nargs="?", help="en (the default) or zh")
    made.add_argument("folder", nargs="?", help="folder of CSV files; without it the sample book")
    period = made.add_mutually_exclusive_group()
    period.add_argument(
        "--quarter",
        metavar="YYYYQn",
        help="the quarter, such as 2026Q3; without it as in quarter_review.py",
    )
    period.add_argument(
        "--month",
        metavar="YYYY-MM",
        help=f"the month instead, such as 2026-08; {_CRM_MONTH} for CRM Sales Opportunities",
    )
    made.add_argument(
        "--quota",
        metavar="AMOUNT",
        help="5000000 or 500wan; without it the one in settings.csv for a quarter, or what was "
        "collected in the period before, as the report says",
    )
    made.add_argument("--currency", metavar="CODE", help="currency of the report, such as CNY")
    made.add_argument(
        "--at",
        metavar="DAY",
        help="what is known by the end of this day, 2026-08-31, or at an instant with an offset; "
        "without it that of settings.csv, the last event's day, or a third of the period",
    )
    made.add_argument("--tz", metavar="ZONE", help="time zone, such as Asia/Shanghai")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report and return the exit code; arguments of no use are one line and a 2."""
    command = parser()
    given = command.parse_args(argv)
    try:
        language, folder = _place(given)
        asked = _asked(folder, given)
        found = told(asked.job)
        lines = _report(asked, found, language)
    except (BadInput, SalesflowError) as problem:
        command.error(str(problem))
    print("\n".join(lines))
    return 1 if _nothing_read(asked.job.source) else 0


def _asked(folder: Path, given: argparse.Namespace) -> Asked:
    said = book.settings(folder)
    tz = given.tz or said.get("time_zone")
    _zone(tz)
    reader = _reader(folder)
    month = given.month
    if reader is crm_set.crm_set and not given.quarter:
        month = month or _CRM_MONTH
    wanted = _month(month, tz or "UTC") if month else None
    quarter = given.quarter or said.get("quarter")
    options = Options(
        currency=_currency(given.currency or said.get("currency")),
        quarter=(wanted.year, (wanted.month + 2) // 3) if wanted else _quarter(quarter),
        tz=tz,
        file_tz=said.get("time_zone") or given.tz,
    )
    source = reader(folder, options)
    during = wanted or source.during
    at, how = _known(given.at, said.get("at"), source, during)
    if wanted and not given.month:
        how = (_CHOSEN, *how)
    text = given.quota or (None if wanted else said.get("quota"))
    quota, assumed = _wanted(source, during, text)
    if not quota.minor:
        raise BadInput("the quota is zero: there is nothing to make")
    job = Job(source=source, during=during, quota=quota, at=at)
    return Asked(job=job, notes=(*assumed, *how, *_unread(source), *_encoded(source)))


def _month(text: str, tz: str) -> Month:
    matched = _MONTH.fullmatch(text)
    if matched is None:
        raise BadInput(f"the month {text!r} is not written like 2026-08")
    return Month(int(matched[1]), int(matched[2]), tz=tz)


def _known(
    given: str | None, kept: str | None, source: Source, during: Period
) -> tuple[datetime, tuple[Label, ...]]:
    """Return the instant up to which anything is known, and say where it was only assumed."""
    at = _at(given, during)
    if at is not None:
        if not during.start <= at < during.end:
            raise BadInput(f"--at {given} does not lie in {during}")
        return at, ()
    at = _at(kept, during)
    if at is not None and during.start <= at < during.end:
        return at, ()
    last = max((deal.trail[-1].at for deal in source.deals), default=during.start)
    day = during.day_of(last)
    if not during.start <= last < during.end or day == during.day_of(during.last):
        day = during.day_of(during.start.add(days=during.days // 3 - 1, hours=1))
    note = Label(
        f"没有给出日期，只看到 {day} 为止，此后的一概不看；可用 --at 指定。",
        f"No day was given: what is known by {day} counts, and nothing after it. Give --at to "
        "choose.",
    )
    return _at(str(day), during) or last, (note,)


def _wanted(source: Source, during: Period, text: str | None) -> tuple[Money, tuple[Label, ...]]:
    """Return the quota, and say so where it is only assumed."""
    if text is not None:
        return _quota(source, text)[1], ()
    before = during.shift(-1)
    done = forecast(
        source.deals,
        Money(1, source.currency),
        before,
        win_rates=source.win_rates,
        at=before.last,
        machine=source.machine,
    ).completed
    if not done:
        raise BadInput(f"nothing was collected in {before} to assume a quota from; give --quota")
    note = Label(
        f"没有给出指标，假定为 {before} 的回款额；可用 --quota 指定。",
        f"No quota was given: assumed is what was collected in {before}. Give --quota to set it.",
    )
    return done, (note,)


def _unread(source: Source) -> tuple[Label, ...]:
    if not source.refused:
        return ()
    n = f"{len(source.refused):,}"
    return (
        Label(
            f"{n} 行未能读入，不在任何数字中；清单见 quarter_review.py。",
            f"Rows that could not be read and are in no figure: {n}. quarter_review.py lists them.",
        ),
    )


def _report(asked: Asked, found: Told, language: Language) -> list[str]:
    source, during = asked.job.source, asked.job.during
    whole = all(deal.amount.amount % 1 == 0 for deal in source.deals)
    page = Page(language, source.currency, whole=whole)
    title = page.say(
        f"{source.name.zh} · {during} 能完成吗", f"{source.name.en} · will we make {during}?"
    )
    page.lines += ["═" * WIDTH, f"  {title}", "═" * WIDTH]
    if _nothing_read(source):
        file = source.files[0]
        page.text(
            f"没有读入任何机会：{file.name} 的 {file.rows:,} 行全部未读入。",
            f"No deal was read: all {file.rows:,} rows of {file.name} were refused.",
        )
    answer_(page, found)
    chart_(page, found)
    weightiest = deciding_(page, found)
    reasons_(page, found, weightiest)
    proof_(page, found)
    notes = (*asked.notes, *_rounded(page, found))
    if notes:
        page.lines.append("")
        page.paragraph(page.say("", " ").join(note.text(language) for note in notes))
    return page.lines


def _rounded(page: Page, found: Told) -> tuple[Label, ...]:
    if found.unit is None:
        return ()
    unit = page.money(found.unit)
    return (
        Label(
            f"机会很多，算概率时金额按 {unit} 取整；平均值不取整。",
            f"There are many deals: for the probabilities amounts are rounded to {unit}; sums are "
            "exact.",
        ),
    )


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # both languages, whatever the terminal says
    try:
        sys.exit(main())
    except BrokenPipeError:  # the reader has seen enough
        sys.exit(0)
