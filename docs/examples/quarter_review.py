"""The quarter review of a sales team, as a text report in English or Chinese.

    python docs/examples/quarter_review.py [en|zh] [FOLDER] [--quarter 2026Q3] [--quota 500wan] …

Without a folder it reviews the sample book beside this file.  A folder is recognised by its files:
`Opportunity.csv` and `OpportunityHistory.csv` are a Salesforce export, `sales_pipeline.csv` is
the practice set "CRM Sales Opportunities", `deals.csv` and `events.csv` are a book of your own.

The library reads no file and no clock: everything of that kind is done here.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from quarter_review_parts import details, figures, inputs
from quarter_review_parts.book import STALLED, settings
from quarter_review_parts.folders import reader_of
from quarter_review_parts.source import Options, Source
from report_parts.arguments import amount, currency, instant, instant_in, quarter, zone
from report_parts.command import Parser, answer, place, run
from report_parts.inputs import encoded, first_reason, notes_, nothing_, nothing_read, refused_
from report_parts.intake import FileCount
from report_parts.layout import Page
from report_parts.rows import BadInput
from report_parts.settings import SETTINGS
from salesflow import Label, Money, Term
from salesflow.labels import Language
from salesflow.metrics import Review, review

__all__ = ["main"]

SAMPLE: Final = Path(__file__).parent / "book"


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser(
        prog="quarter_review.py",
        description="Review a quarter of a sales team from CSV files.",
        folder="Opportunity.csv and OpportunityHistory.csv (a Salesforce export), or "
        "sales_pipeline.csv, products.csv and sales_teams.csv (CRM Sales Opportunities), or "
        "deals.csv and events.csv (a book of your own: copy the folder book beside this script; "
        "docs/how-to/review-your-csv.md explains every column)",
        what="deal",
    )
    made.add_argument(
        "--quarter",
        metavar="YYYYQn",
        help="the quarter to review, such as 2026Q3; without it the one in settings.csv, or that "
        "of the last event in a book of your own, 2022Q2 for a Salesforce export, 2017Q4 for CRM "
        "Sales Opportunities",
    )
    made.add_argument(
        "--quota",
        metavar="AMOUNT",
        help="5000000 or 500wan; without it the one in "
        "settings.csv, or what was collected in the quarter before, as the report says",
    )
    made.add_argument("--currency", metavar="CODE", help="currency of the review, such as CNY")
    made.add_argument(
        "--at",
        metavar="DAY",
        help="read the deals as they stood at the end of this "
        "day, 2026-08-31, or at an instant with an offset; without it the quarter's end",
    )
    made.add_argument(
        "--tz", metavar="ZONE", help="time zone of the quarter, such as Asia/Shanghai"
    )
    made.add_argument(
        "--stalled-after",
        metavar="DAYS",
        type=int,
        help="days after which a deal at any stage counts as stalled; without it the limits in "
        "settings.csv, if any",
    )
    made.add_argument("--all-rows", action="store_true", help="list every row that was refused")
    return made


@frozen(kw_only=True)
class Job:
    """What is to be reviewed, all questions settled."""

    source: Source
    quota: Money
    #: whether nobody gave it
    assumed: bool
    at: datetime
    as_of: str
    over: bool


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report and return the exit code; arguments of no use are one line and a 2."""
    return answer(parser(), argv, _report)


def _report(given: argparse.Namespace) -> tuple[Page, Sequence[FileCount]]:
    language, folder = place(given, SAMPLE)
    job = _job(folder, given)
    result = review(
        job.source.deals,
        job.quota,
        job.source.during,
        at=job.at,
        win_rates=job.source.win_rates,
        limits=job.source.limits,
        machine=job.source.machine,
    )
    return _written(job, result, language, all_rows=given.all_rows), job.source.files


def _job(folder: Path, given: argparse.Namespace) -> Job:
    said = settings(folder)
    options = Options(
        file_tz=zone(said.get("time_zone") or given.tz),
        tz=given.tz or said.get("time_zone"),
        currency=currency(given.currency or said.get("currency")),
        quarter=quarter(given.quarter or said.get("quarter")),
    )
    source = reader_of(folder)(folder, options)
    source = evolve(source, limits=_limits(source, given.stalled_after, said))
    asked = amount(given.quota or said.get("quota"), source.currency)
    quota = _assumed(source) if asked is None else asked
    during = source.during
    # A book kept up to some day tells of earlier quarters to their end, of later ones only a start.
    at = instant_in(given.at, during)
    kept = instant(said.get("at"), during.tz) or during.last
    at = at or min(max(kept, during.start), during.last)
    return Job(
        source=source,
        quota=quota,
        assumed=asked is None,
        at=at,
        as_of=str(during.day_of(at)),
        over=at >= during.last,
    )


def _assumed(source: Source) -> Money:
    """Return what was collected in the quarter before, in place of a quota that nobody gave."""
    before = source.during.shift(-1)
    done = source.collected(before)
    if done:
        return done
    unread = ""
    if nothing_read(source.files):
        unread = f"no deal can be read{first_reason(source.refused)}, and "
    raise BadInput(
        f"{unread}nothing was collected in {before} to assume a quota from; give --quota"
    )


def _limits(source: Source, days: int | None, said: Mapping[str, str]) -> dict[Term, int]:
    """Return the days after which a deal is stalled; the command line speaks for all stages."""
    if days is not None:
        return dict.fromkeys(source.machine.stages, days)
    stages = {str(stage.value): stage for stage in source.machine.stages}
    limits = {}
    if STALLED in said:
        limits = dict.fromkeys(stages.values(), _days(STALLED, said[STALLED]))
    for name, text in said.items():
        prefix, dot, key = name.partition(".")
        if prefix != STALLED or not dot:
            continue
        if key not in stages:
            raise BadInput(f"{SETTINGS}: {name!r} names no stage; known are {', '.join(stages)}")
        limits[stages[key]] = _days(name, text)
    return limits


def _days(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text):
        raise BadInput(f"{SETTINGS}: {name} {text!r} is no whole number of days")
    return int(text)


def _notes(job: Job) -> Iterator[Label]:
    """Say how the input was read, and what of it is in no figure."""
    if job.assumed:
        before = job.source.during.shift(-1)
        yield Label(
            f"没有给出指标，假定为上一季度（{before}）的回款额；可用 --quota 指定。",
            f"No quota was given: assumed is what was collected in the quarter before, {before}. "
            "Give --quota to set it.",
        )
    yield from job.source.notes
    yield from encoded(job.source.files)
    later = sum(event.at > job.at for deal in job.source.deals for event in deal.trail)
    if later:
        yield Label(
            f"{later:,} 条事件晚于 {job.as_of}，不在任何数字中。",
            f"{later:,} events happened after {job.as_of} and are in no figure.",
        )


def _written(job: Job, result: Review, language: Language, *, all_rows: bool) -> Page:
    source = job.source
    page = Page(language, source.currency, whole=source.whole)
    stood = {deal.id: deal.as_of(job.at) or deal for deal in source.deals}
    page.title(
        f"{source.name.zh} · {source.during} 季度回顾",
        f"{source.name.en} · review of {source.during}",
    )
    nothing_(page, source.files, Label("机会", "deal"))
    figures.headline(page, source.during, job.as_of, result, over=job.over, assumed=job.assumed)
    figures.forecast_(page, result, assumed=job.assumed)
    figures.ratios_(page, result)
    figures.bridge_(page, result)
    details.funnel_(page, result)
    details.conversion_(page, result, over=job.over)
    details.pace_(page, result, source.limits)
    details.focus_(page, result, stood)
    details.groups(
        page, page.say("按负责人", "By owner"), result.movements.by(lambda m: m.owner), result
    )
    for name, key in source.groupings:
        details.groups(page, name.text(language), result.movements.by(key), result)
    details.losses_(page, result)
    inputs.findings_(page, result)
    notes_(page, tuple(_notes(job)))
    refused_(page, source.refused, all_rows=all_rows)
    inputs.reconciliation_(page, source, result)
    return page


if __name__ == "__main__":
    run(main)
