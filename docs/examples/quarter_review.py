"""The quarter review of a sales team, as a text report in English or Chinese.

    python docs/examples/quarter_review.py [en|zh] [FOLDER] [--quarter 2026Q3] [--quota 500wan] …

Without a folder it reviews the sample book beside this file.  A folder is recognised by its files:
`Opportunity.csv` and `OpportunityHistory.csv` are a Salesforce export, `sales_pipeline.csv` is
the practice set "CRM Sales Opportunities", `deals.csv` and `events.csv` are a book of your own.

The library reads no file and no clock: everything of that kind is done here.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, NoReturn, cast

from attrs import evolve, frozen
from quarter_review_parts import book, crm_set, details, figures, inputs, salesforce
from quarter_review_parts.layout import WIDTH, Page
from quarter_review_parts.rows import BadInput
from quarter_review_parts.source import Options, Source

from salesflow import Label, Money, Quarter, SalesflowError, Span, wan
from salesflow.labels import LANGUAGES, Language
from salesflow.metrics import Review, forecast, review

__all__ = ["main"]

SAMPLE: Final = Path(__file__).parent / "book"
_READERS: Final[tuple[tuple[tuple[str, ...], Callable[[Path, Options], Source]], ...]] = (
    (salesforce.FILES, salesforce.salesforce),
    (crm_set.FILES, crm_set.crm_set),
    (book.FILES, book.book),
)
_QUARTER: Final = re.compile(r"([0-9]{4})-?[Qq]([1-4])")
_STALLED: Final = "stalled_after"
_QUOTA: Final = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?) ?(wan|万)?")


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Print the line and leave with exit code 2."""
        self.exit(2, f"{self.prog}: {message} (try --help)\n")


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser(
        prog="quarter_review.py",
        description="Review a quarter of a sales team from CSV files.",
        epilog="FOLDER holds Opportunity.csv and OpportunityHistory.csv (a Salesforce export), or "
        "sales_pipeline.csv, products.csv and sales_teams.csv (CRM Sales Opportunities), or "
        "deals.csv and events.csv (a book of your own: copy the folder book beside this script; "
        "docs/how-to/review-your-csv.md explains every column). Exit code: 0 for a report, 1 for "
        "one in which every deal was refused, 2 where the arguments or the files are no use.",
    )
    made.add_argument("language", nargs="?", help="en (the default) or zh")
    made.add_argument("folder", nargs="?", help="folder of CSV files; without it the sample book")
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
    command = parser()
    given = command.parse_args(argv)
    try:
        language, folder = _place(given)
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
    except (BadInput, SalesflowError) as problem:
        command.error(str(problem))
    print("\n".join(_report(job, result, language, all_rows=given.all_rows)))
    return 1 if _nothing_read(job.source) else 0


def _nothing_read(source: Source) -> bool:
    """Say whether there are deals in the file, and every one of them was refused."""
    return not source.deals and source.files[0].rows > 0


def _place(given: argparse.Namespace) -> tuple[Language, Path]:
    words = [word for word in (given.language, given.folder) if word is not None]
    spoken = [word for word in words if word in LANGUAGES]
    folders = [word for word in words if word not in LANGUAGES]
    if len(spoken) > 1 or len(folders) > 1:
        raise BadInput(f"one language (en or zh) and one folder, not {' and '.join(words)}")
    folder = Path(folders[0]) if folders else SAMPLE
    if not folder.is_dir():
        raise BadInput(f"{folders[0]!r} is neither a language (en, zh) nor a folder")
    return cast("Language", spoken[0] if spoken else "en"), folder


def _job(folder: Path, given: argparse.Namespace) -> Job:
    said = book.settings(folder)
    tz = given.tz or said.get("time_zone")
    zone = said.get("time_zone") or given.tz
    _zone(zone)
    options = Options(
        currency=_currency(given.currency or said.get("currency")),
        quarter=_quarter(given.quarter or said.get("quarter")),
        tz=tz,
        file_tz=zone,
    )
    source = _reader(folder)(folder, options)
    source = _limited(source, given.stalled_after, said)
    wanted = given.quota or said.get("quota")
    source, quota = _quota(source, wanted)
    during = source.during
    last = during.end.subtract(microseconds=1)
    at = _at(given.at, during)
    if at is not None and not during.start <= at <= last:
        raise BadInput(f"--at {given.at} does not lie in {during}")
    # A book kept up to some day tells of earlier quarters to their end, of later ones only a start.
    kept = _at(said.get("at"), during) or last
    at = at or min(max(kept, during.start), last)
    return Job(
        source=source,
        quota=quota,
        assumed=wanted is None,
        at=at,
        as_of=str(during.day_of(at)),
        over=at >= last,
    )


def _reader(folder: Path) -> Callable[[Path, Options], Source]:
    for files, reader in _READERS:
        if all((folder / name).is_file() for name in files):
            return reader
    known = "; ".join(" + ".join(files) for files, _ in _READERS)
    raise BadInput(f"{str(folder)!r} holds no files that are known: {known}")


def _currency(code: str | None) -> str | None:
    if code is None:
        return None
    Money(0, code.upper())
    return code.upper()


def _zone(name: str | None) -> None:
    if name is not None:
        Quarter(2026, 1, tz=name)


def _quarter(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    matched = _QUARTER.fullmatch(text)
    if matched is None:
        raise BadInput(f"the quarter {text!r} is not written like 2026Q3")
    return int(matched[1]), int(matched[2])


def _quota(source: Source, text: str | None) -> tuple[Source, Money]:
    """Return the quota, and say so where it is only assumed."""
    if text is None:
        return _assumed(source)
    matched = _QUOTA.fullmatch(text.strip())
    if matched is None:
        raise BadInput(f"the quota {text!r} is not written like 5000000 or 500wan")
    figure = matched[1].replace(",", "")
    quota = wan(figure, source.currency) if matched[2] else Money(figure, source.currency)
    return source, quota


def _assumed(source: Source) -> tuple[Source, Money]:
    before = source.during.shift(-1)
    done = forecast(
        source.deals,
        Money(1, source.currency),
        before,
        win_rates=source.win_rates,
        at=before.end.subtract(microseconds=1),
        machine=source.machine,
    ).completed
    if not done:
        first = next((f" (row {one.row}: {one.reason.en})" for one in source.refused), "")
        unread = f"no deal can be read{first}, and " if _nothing_read(source) else ""
        raise BadInput(
            f"{unread}nothing was collected in {before} to assume a quota from; give --quota"
        )
    note = Label(
        f"没有给出指标，假定为上一季度（{before}）的回款额；可用 --quota 指定。",
        f"No quota was given: assumed is what was collected in the quarter before, {before}. "
        "Give --quota to set it.",
    )
    return evolve(source, notes=(note, *source.notes)), done


def _at(text: str | None, during: Quarter) -> datetime | None:
    if text is None:
        return None
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            day = date.fromisoformat(text)
            return Span(day, day + timedelta(days=1), tz=during.tz).end.subtract(microseconds=1)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise BadInput(f"the day {text!r} is not written like 2026-08-31") from None
    if moment.utcoffset() is None:
        raise BadInput(f"the instant {text!r} has no offset such as +08:00")
    return moment


def _limited(source: Source, days: int | None, said: dict[str, str]) -> Source:
    """Set the days after which a deal is stalled; those of the command line hold for all stages."""
    if days is not None:
        return evolve(source, limits=dict.fromkeys(source.machine.stages, days))
    stages = {str(stage.value): stage for stage in source.machine.stages}
    limits = {}
    if _STALLED in said:
        limits = dict.fromkeys(stages.values(), _days(_STALLED, said[_STALLED]))
    for name, text in said.items():
        prefix, dot, key = name.partition(".")
        if prefix != _STALLED or not dot:
            continue
        if key not in stages:
            raise BadInput(
                f"{book.SETTINGS}: {name!r} names no stage; known are {', '.join(stages)}"
            )
        limits[stages[key]] = _days(name, text)
    return evolve(source, limits=limits)


def _days(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text):
        raise BadInput(f"{book.SETTINGS}: {name} {text!r} is no whole number of days")
    return int(text)


def _encoded(source: Source) -> tuple[Label, ...]:
    """Say which files were no UTF-8 and yet were read."""
    files = [file.name for file in source.files if file.chinese]
    if not files:
        return ()
    return (
        Label(
            f"{'、'.join(files)} 不是 UTF-8，按 GB18030（中文 Excel 的编码）读取。",
            f"Not UTF-8, so read as GB18030, the encoding of Chinese Excel: {', '.join(files)}.",
        ),
    )


def _later(job: Job) -> tuple[Label, ...]:
    """Say how much of the input is not looked at, since it happened after the report."""
    later = sum(event.at > job.at for deal in job.source.deals for event in deal.trail)
    if not later:
        return ()
    return (
        Label(
            f"{later:,} 条事件晚于 {job.as_of}，不在任何数字中。",
            f"{later:,} events happened after {job.as_of} and are in no figure.",
        ),
    )


def _report(job: Job, result: Review, language: Language, *, all_rows: bool) -> list[str]:
    source = job.source
    whole = all(deal.amount.amount % 1 == 0 for deal in source.deals)
    page = Page(language, source.currency, whole=whole)
    stood = {deal.id: deal.as_of(job.at) or deal for deal in source.deals}
    title = page.say(
        f"{source.name.zh} · {source.during} 季度回顾",
        f"{source.name.en} · review of {source.during}",
    )
    page.lines += ["═" * WIDTH, f"  {title}", "═" * WIDTH]
    if _nothing_read(source):
        file = source.files[0]
        page.text(
            f"没有读入任何机会：{file.name} 的 {file.rows:,} 行全部未读入，原因见“未能读入的行”。",
            f"No deal was read: all {file.rows:,} rows of {file.name} were refused, for the "
            "reasons in “Rows that could not be read”.",
        )
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
    inputs.notes_(page, (*source.notes, *_encoded(source), *_later(job)))
    inputs.refused_(page, source.refused, all_rows=all_rows)
    inputs.reconciliation_(page, source, result)
    return page.lines


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # both languages, whatever the terminal says
    try:
        sys.exit(main())
    except BrokenPipeError:  # the reader has seen enough
        sys.exit(0)
