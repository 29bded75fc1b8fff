"""Will we make the quarter, or the month: the answer as a text report in English or Chinese.

    python docs/examples/will_we_make_it.py [en|zh] [FOLDER] [--quarter 2026Q3 | --month 2017-12] …

Without a folder it asks about the sample book beside this file.  The folders it knows are those of
`quarter_review.py`, whose readers it uses; of "CRM Sales Opportunities" it asks about December
2017, since a year of data holds nine months to learn from and only three quarters.

The library reads no file and no clock: everything of that kind is done here.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from attrs import frozen

from quarter_review_parts import crm_set
from quarter_review_parts.book import settings
from quarter_review_parts.folders import reader_of
from quarter_review_parts.source import Options, Source
from report_parts.arguments import amount, currency, instant, instant_in, month, quarter, zone
from report_parts.command import Parser, answer, place, run
from report_parts.inputs import encoded, nothing_
from report_parts.intake import FileCount
from report_parts.layout import Page
from report_parts.rows import BadInput
from salesflow import Label, Money
from salesflow.labels import Language
from salesflow.periods import Period
from will_we_make_it_parts.answer import answer_, chart_
from will_we_make_it_parts.compute import Job, Told, told
from will_we_make_it_parts.deciding import deciding_
from will_we_make_it_parts.proof import proof_
from will_we_make_it_parts.reasons import reasons_

__all__ = ["main"]

SAMPLE: Final = Path(__file__).parent / "book"
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
        folder="the files that quarter_review.py knows; see its --help",
        what="deal",
    )
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
    return answer(parser(), argv, _report)


def _report(given: argparse.Namespace) -> tuple[Page, Sequence[FileCount]]:
    language, folder = place(given, SAMPLE)
    asked = _asked(folder, given)
    return _written(asked, told(asked.job), language), asked.job.source.files


def _asked(folder: Path, given: argparse.Namespace) -> Asked:
    said = settings(folder)
    tz = zone(given.tz or said.get("time_zone"))
    reader = reader_of(folder)
    default = _CRM_MONTH if reader is crm_set.crm_set and not given.quarter else None
    wanted = month(given.month or default, tz or "UTC")
    options = Options(
        currency=currency(given.currency or said.get("currency")),
        quarter=(wanted.year, (wanted.month + 2) // 3)
        if wanted
        else quarter(given.quarter or said.get("quarter")),
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
    return Asked(job=job, notes=(*assumed, *how, *_unread(source), *encoded(source.files)))


def _known(
    given: str | None, kept: str | None, source: Source, during: Period
) -> tuple[datetime, tuple[Label, ...]]:
    """Return the instant up to which anything is known, and say where it was only assumed."""
    at = instant_in(given, during)
    if at is not None:
        return at, ()
    at = instant(kept, during.tz)
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
    return instant(str(day), during.tz) or last, (note,)


def _wanted(source: Source, during: Period, text: str | None) -> tuple[Money, tuple[Label, ...]]:
    """Return the quota, and say so where it is only assumed."""
    quota = amount(text, source.currency)
    if quota is not None:
        return quota, ()
    before = during.shift(-1)
    done = source.collected(before)
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


def _written(asked: Asked, found: Told, language: Language) -> Page:
    source, during = asked.job.source, asked.job.during
    page = Page(language, source.currency, whole=source.whole)
    page.title(
        f"{source.name.zh} · {during} 能完成吗", f"{source.name.en} · will we make {during}?"
    )
    nothing_(page, source.files, Label("机会", "deal"), listed=False)
    answer_(page, found)
    chart_(page, found)
    weightiest = deciding_(page, found)
    reasons_(page, found, weightiest)
    proof_(page, found)
    notes = (*asked.notes, *_rounded(page, found))
    if notes:
        page.lines.append("")
        page.paragraph(page.say("", " ").join(note.text(language) for note in notes))
    return page


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
    run(main)
