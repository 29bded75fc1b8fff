"""What the visits of a sales team teach, as a text report in English or Chinese.

    python docs/examples/visit_review.py [en|zh] [FOLDER] [--from DAY] [--to DAY] [--weeks N] …

Without a folder it reviews the sample book of visits beside this file.  A book of your own is a
folder with `visits.csv`, `events.csv`, `records.csv` and `summaries.csv`.

The library reads no file and no clock: everything of that kind is done here.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from attrs import frozen

from report_parts.arguments import day
from report_parts.command import Parser, answer, place, run
from report_parts.inputs import encoded, first_reason, notes_, nothing_, read_in, refused_
from report_parts.intake import FileCount
from report_parts.layout import Page
from report_parts.rows import BadInput
from salesflow import Label, Span
from salesflow.labels import Language
from visit_review_parts import closing, details, figures, people
from visit_review_parts.book import FILES, Book, Settings, book, settings
from visit_review_parts.cases import Cases, cases_of

__all__ = ["main"]

SAMPLE: Final = Path(__file__).parent / "visits"
_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_MOST_WEEKS: Final = 520


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser(
        prog="visit_review.py",
        description="Review the visits of a sales team from CSV files.",
        folder=f"{', '.join(FILES)} and, if you like, settings.csv: copy the folder visits beside "
        "this script; docs/how-to/review-your-visits.md explains every column",
        what="visit",
    )
    made.add_argument(
        "--from",
        dest="first",
        metavar="DAY",
        help="first day of the period, such as 2026-07-06; without it the one in settings.csv, or "
        "the Monday of the week of the first visit",
    )
    made.add_argument(
        "--to",
        dest="last",
        metavar="DAY",
        help="last day of the period; without it the one in settings.csv, or the Sunday of the "
        "week of the last visit",
    )
    made.add_argument(
        "--weeks", metavar="N", type=int, help="in place of --from: the last N weeks of the period"
    )
    made.add_argument(
        "--at",
        metavar="DAY",
        help="read the visits as they stood at the end of this day; without it the one in "
        "settings.csv, or the last day of the period",
    )
    made.add_argument(
        "--compare",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="put the first half of the period beside the second (the default)",
    )
    made.add_argument("--all-rows", action="store_true", help="list every row that was refused")
    return made


@frozen(kw_only=True)
class Job:
    """What is to be reviewed, all questions settled."""

    book: Book
    cases: Cases
    #: the last instant that is read
    at: datetime


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report and return the exit code; arguments of no use are one line and a 2."""
    return answer(parser(), argv, _report)


def _report(given: argparse.Namespace) -> tuple[Page, Sequence[FileCount]]:
    language, folder = place(given, SAMPLE)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise BadInput(f"{str(folder)!r} holds no {', '.join(missing)}")
    said = settings(folder)
    job = _job(book(folder, said.tz), given, said)
    notes = _notes(given, said, job)
    return _written(job, notes, language, all_rows=given.all_rows), job.book.files


def _job(read: Book, given: argparse.Namespace, said: Settings) -> Job:
    during = _period(given, said, read)
    at = _at(given.at, said.at, during)
    cases = cases_of(read.visits, during, at, said.groups, compared=given.compare)
    return Job(book=read, cases=cases, at=at)


def _period(given: argparse.Namespace, said: Settings, read: Book) -> Span:
    """Return the days to review: those of the command line, of the settings, or of the visits."""
    first, last = day(given.first, "--from"), day(given.last, "--to") or said.last
    if given.weeks is not None:
        if first is not None or not 1 <= given.weeks <= _MOST_WEEKS:
            raise BadInput(f"--weeks is a number from 1 to {_MOST_WEEKS}, in place of --from")
        last = last or _days(read, said)[1]
        first = last - (given.weeks * _WEEK - 1) * _DAY
    first = first or said.first or _days(read, said)[0]
    last = last or _days(read, said)[1]
    if last < first:
        raise BadInput(f"the period ends on {last}, before it begins on {first}")
    return Span(first, last + _DAY, tz=_zone(said))


def _zone(said: Settings) -> str:
    return said.tz or "UTC"


def _days(read: Book, said: Settings) -> tuple[date, date]:
    """Return the Monday of the first visit's week and the Sunday of the last one's."""
    days = [visit.day or visit.trail[0].at.in_timezone(_zone(said)).date() for visit in read.visits]
    if not days:
        why = first_reason(read.refused)
        raise BadInput(f"no visit can be read{why} to take a period from; give --from and --to")
    monday, sunday = min(days), max(days)
    return monday - monday.weekday() * _DAY, sunday + (_WEEK - 1 - sunday.weekday()) * _DAY


def _at(given: str | None, said: date | None, during: Span) -> datetime:
    """Return the last instant that is read; a book kept up to some day tells no more."""
    asked, last = day(given, "--at"), during.after - _DAY
    if asked is not None and asked not in during:
        raise BadInput(f"--at {asked} does not lie in {during.first} to {last}")
    today = asked or min(max(said or last, during.first), last)
    return Span(today, today + _DAY, tz=during.tz).last


def _notes(given: argparse.Namespace, said: Settings, job: Job) -> Iterator[Label]:
    """Say how the book was read, where it could have been read otherwise."""
    yield Label(
        "每一行都经由同名动作执行；违反规则的行不予执行并列出，拜访不受其影响地继续。",
        "Every row was performed by the verb it stands for. One that breaks a rule is not "
        "performed but listed, and its visit goes on without it.",
    )
    yield Label(
        "有效拜访：已进行，有目的，达成目的或取得客户承诺（未撤回），并在一天内写好总结。",
        "A visit is effective that was held, had an aim, met one or obtained a promise of the "
        "customer that was not withdrawn, and was summed up within a day.",
    )
    if job.book.local and said.tz:
        yield read_in(said.tz)
    during = job.cases.during
    if (given.first or given.weeks or said.first) is None or (given.last or said.last) is None:
        yield Label(
            f"没有给全期间，取 {during.first} 至 {during.after - _DAY}；可用 --from 和 --to 指定。",
            f"The period was not given in full: reviewed is {during.first} to "
            f"{during.after - _DAY}. Give --from and --to to choose.",
        )
    if not said.groups:
        yield Label(
            "settings.csv 没有客户群体，故不区分对谁有效。",
            "settings.csv names no groups of contacts, so answers are not told apart by them.",
        )
    yield from encoded(job.book.files)
    later = sum(event.at > job.at for visit in job.book.visits for event in visit.trail)
    if later:
        yield Label(
            f"{later:,} 条记录晚于 {job.cases.today}，不在任何数字中。",
            f"{later:,} rows are of a time after {job.cases.today} and are in no figure.",
        )


def _written(job: Job, notes: Iterable[Label], language: Language, *, all_rows: bool) -> Page:
    page, cases = Page(language, "CNY", whole=True), job.cases
    days = f"{cases.during.first} – {cases.during.after - _DAY}"
    page.title(f"拜访台账 · {days} 拜访回顾", f"Book of visits · review of {days}")
    nothing_(page, job.book.files, Label("拜访", "visit"))
    figures.headline(page, cases)
    closing.findings_(page, cases)
    figures.visits_(page, cases)
    figures.steps_(page, cases)
    figures.answers_(page, cases)
    details.habits_(page, cases)
    details.signals_(page, cases)
    details.promises_(page, cases)
    people.owners_(page, cases)
    people.practice_(page, cases)
    details.comparison_(page, cases)
    notes_(page, tuple(notes))
    refused_(page, job.book.refused, all_rows=all_rows)
    closing.reconciliation_(page, job.book, cases)
    return page


if __name__ == "__main__":
    run(main)
