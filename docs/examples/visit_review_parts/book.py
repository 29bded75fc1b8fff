"""A book of visits: five CSV files, walked through the verbs of the library.

Copy the folder `visits` and put your own visits in; docs/how-to/review-your-visits.md explains
every column.  `visits.csv` has one row a visit, as it was planned; `events.csv` one row a move
from step to step; `records.csv` one row for everything that was prepared, said or agreed;
`summaries.csv` one row a record after the visit; `settings.csv` is optional.

Each row is one verb, and the rows of a visit are performed in the order of time.  So a row that
breaks a rule is refused by the library, and listed; the visit goes on without it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from attrs import Factory, frozen

from report_parts.arguments import zone
from report_parts.intake import FileCount, Intake
from report_parts.rows import BadInput, Refusal, Row, Unreadable, once, read, shown
from report_parts.settings import SETTINGS, setting_rows, unknown_setting
from salesflow import ActivityKind, Label
from salesflow.instants import day
from salesflow.visits import CallPlan, Step, Visit
from visit_review_parts.records import because, recorded, summarised

__all__ = ["ACTS", "FILES", "GROUP", "KNOWN", "Book", "Settings", "book", "settings"]

FILES: Final = ("visits.csv", "events.csv", "records.csv", "summaries.csv")
KNOWN: Final = ("from", "to", "at", "time_zone")
#: what the setting of a group of contacts begins with
GROUP: Final = "group."
# The columns without which nothing can be told; the others may be missing, as may their cells.
_COLUMNS: Final = (
    ("id", "opened_at", "day", "owner", "customer", "contact", "product"),
    ("visit", "at", "act"),
    ("visit", "at", "type"),
    ("visit", "at", "points"),
)
_ACT: Final = Label("动作", "act")
_AD_HOC: Final = "ad_hoc"
_FIRST_VISIT: Final = "first_visit"
_HOUR: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(:00)?")
_NO_VISIT: Final = Label("所属拜访未读入", "its visit was refused or is not in visits.csv")

_IDS: Final = ("id", "visit", "visit", "visit")

Verb = Callable[[Visit, Row, datetime], Visit]


@frozen
class _Waiting:
    """A row that waits for its visit."""

    #: when it is performed, None for what is prepared before
    at: datetime | None
    #: what comes first of one minute: a record, the move that leaves its step, a summary, the close
    rank: int
    intake: Intake
    row: Row
    verb: Verb


@frozen(kw_only=True)
class Settings:
    """What `settings.csv` says, None where it does not."""

    first: date | None = None
    last: date | None = None
    at: date | None = None
    tz: str | None = None
    #: the group of each contact
    groups: Mapping[str, str] = Factory(dict)


@frozen(kw_only=True)
class Book:
    """The visits of a folder, with all that has to be said about how they were read."""

    visits: tuple[Visit, ...]
    files: tuple[FileCount, ...]
    refused: tuple[Refusal, ...]
    #: whether instants were read in the time zone of the book
    local: bool


def settings(folder: Path) -> Settings:
    """Return the settings of a book, all of them optional; an unknown one is refused."""
    said: dict[str, Row] = {}
    groups: dict[str, str] = {}
    try:
        for row in setting_rows(folder):
            name = row.cell("name")
            if name.startswith(GROUP):
                _grouped(groups, shown(name.removeprefix(GROUP)), row.cell("value").split())
            elif name not in KNOWN:
                raise unknown_setting(name, KNOWN, f"{GROUP}NAME")
            elif row.cell("value"):
                said[name] = row
        days = {
            name: day(said[name].day("value"), name)
            for name in ("from", "to", "at")
            if name in said
        }
    except Unreadable as problem:
        raise BadInput(f"{SETTINGS}: {problem}") from None
    tz = zone(said["time_zone"].cell("value") if "time_zone" in said else None)
    return Settings(
        first=days.get("from"),
        last=days.get("to"),
        at=days.get("at"),
        tz=tz,
        groups=groups,
    )


def _grouped(groups: dict[str, str], name: str, contacts: list[str]) -> None:
    for contact in contacts:
        if groups.setdefault(contact, name) != name:
            raise BadInput(f"{SETTINGS}: {shown(contact)!r} stands in two groups")


def book(folder: Path, tz: str | None) -> Book:
    """Read a book; instants without an offset are read in `tz`."""
    sheets = (read(folder, name, known, tz) for name, known in zip(FILES, _COLUMNS, strict=True))
    intakes = [Intake(sheet, column, because) for sheet, column in zip(sheets, _IDS, strict=True)]
    visits, waiting = intakes[0], _waiting(*intakes[1:])
    found: dict[str, Visit] = {}
    for row in visits.sheet.rows:
        visit = visits.take(row, partial(_opened, row, found))
        if visit is not None:
            found[visit.id] = _walked(visit, waiting.pop(visit.id, []))
    for orphan in (one for rows in waiting.values() for one in rows):
        orphan.intake.refuse(orphan.row, _NO_VISIT)
    return Book(
        visits=tuple(found.values()),
        files=tuple(intake.count for intake in intakes),
        refused=tuple(one for intake in intakes for one in intake.in_order),
        local=any(
            row.is_local(column)
            for intake in intakes
            for row in intake.sheet.rows
            for column in ("at", "opened_at")
        ),
    )


def _waiting(events: Intake, records: Intake, summaries: Intake) -> dict[str, list[_Waiting]]:
    """Return the rows of each visit, to be performed once it is opened."""
    found: defaultdict[str, list[_Waiting]] = defaultdict(list)
    for intake, verb, rank in (
        (records, recorded, 0),
        (events, _moved, 1),
        (summaries, summarised, 2),
    ):
        for row in intake.sheet.rows:
            try:
                # What was prepared may lie before the opening of the visit: it needs no instant.
                blank = intake is records and not row.cell("at")
                at = None if blank else row.instant("at")
                closing = verb is _moved and row.cell("act") == "close"
                one = _Waiting(at, 3 if closing else rank, intake, row, verb)
                found[row.text("visit")].append(one)
            except Unreadable as problem:
                intake.refuse(row, problem.reason)
    return found


def _walked(visit: Visit, rows: list[_Waiting]) -> Visit:
    """Perform the rows of a visit in the order of time, each by its verb."""
    opened = visit.trail[0].at
    for one in sorted(rows, key=lambda one: (one.at or opened, one.rank)):
        step = partial(one.verb, visit, one.row, one.at or opened)
        visit = one.intake.take(one.row, step) or visit
    return visit


def _opened(row: Row, found: Mapping[str, Visit]) -> Visit:
    """Open the visit of a row, planned for a day or ad hoc."""
    id_ = row.text("id")
    once(id_, found)
    ad_hoc = row.cell("day") == _AD_HOC
    return Visit.open(
        id=id_,
        customer=row.text("customer"),
        contact=row.text("contact"),
        owner=row.text("owner"),
        product=row.text("product"),
        at=row.instant("opened_at"),
        day=None if ad_hoc else row.day("day"),
        plan=_prepared(row),
        ad_hoc=ad_hoc,
        kind=row.term("kind", ActivityKind) if row.cell("kind") else ActivityKind.VISIT,
    )


def _prepared(row: Row) -> CallPlan | None:
    """Return what a row of `visits.csv` tells of the plan; None where it tells nothing."""
    last, hour = row.cell("last_record"), row.cell("appointment")
    opening, materials = row.cell("opening"), row.cell("materials").split()
    if not (last or hour or opening or materials):
        return None
    return CallPlan(
        last_record="" if last in ("", _FIRST_VISIT) else row.text("last_record"),
        first_visit=last == _FIRST_VISIT,
        appointment=_hour(hour) if hour else None,
        opening=opening,
        materials=materials,
    )


def _hour(cell: str) -> time:
    matched = _HOUR.fullmatch(cell)
    if matched is None:
        raise Unreadable(
            f"appointment 不是时刻：{shown(cell)}", f"appointment {shown(cell)!r} is no hour: 14:30"
        )
    return time(int(matched[1]), int(matched[2]))


def _moved(visit: Visit, row: Row, at: datetime) -> Visit:
    return row.entry("act", _VERBS, _ACT)(visit, row, at)


def _advance(visit: Visit, row: Row, at: datetime) -> Visit:
    return visit.advance(at=at, to=row.term("step", Step) if row.cell("step") else None)


#: the verb behind each act
_VERBS: Final[Mapping[str, Verb]] = MappingProxyType(
    {
        "advance": _advance,
        "abort": lambda visit, row, at: visit.abort(at=at, reason=row.text("reason")),
        "close": lambda visit, _, at: visit.close(at=at),
        "postpone": lambda visit, row, at: visit.postpone(
            row.day("day"), at=at, reason=row.text("reason")
        ),
        "cancel": lambda visit, row, at: visit.cancel(at=at, reason=row.text("reason")),
    }
)
#: the acts of `events.csv`
ACTS: Final = tuple(_VERBS)
