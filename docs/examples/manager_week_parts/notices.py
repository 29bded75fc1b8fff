"""Business notices and what became of them: `notices.csv` and `notice_events.csv`.

`notices.csv` has one row a notice, as it was issued; `notice_events.csv` one row for everything
that happened to it since, performed by the verb of the same name in the order of time.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from report_parts.intake import Intake, not_accepted
from report_parts.rows import Row, Unreadable, once
from salesflow import Label, SalesflowError
from salesflow.conduct import Notice
from salesflow.errors import NoSuchMove, OutOfOrder

__all__ = ["ACTS", "EVENTS", "NOTICES", "because", "issued", "performed"]

NOTICES: Final = ("notices.csv", ("id", "department", "contact", "issuer", "details", "due", "at"))
EVENTS: Final = ("notice_events.csv", ("notice", "at", "act"))
_ACT: Final = Label("动作", "act")
_NO_NOTICE: Final = Label("所属通知单未读入", "its notice was refused or is not in notices.csv")

Verb = Callable[[Notice, Row, datetime], Notice]


def because(error: SalesflowError) -> Label:
    """Say in both languages why the library refused the row of a notice."""
    match error:
        case NoSuchMove():
            return Label("通知单现状不允许此动作", str(error).rstrip("."))
        case OutOfOrder():
            return Label("早于该通知单的上一条记录", str(error).rstrip("."))
        case _:
            return not_accepted(error)


def issued(row: Row, known: Container[str], tz: str) -> Notice:
    """Return the notice of a row, as it was issued."""
    id_ = row.text("id")
    once(id_, known)
    return Notice.issue(
        id=id_,
        department=row.text("department"),
        contact=row.text("contact"),
        issuer=row.text("issuer"),
        issuer_department=row.cell("issuer_department"),
        details=row.text("details"),
        manner=row.cell("manner"),
        due=row.day("due"),
        at=row.instant("at"),
        tz=tz,
    )


def performed(notices: Iterable[Notice], events: Intake) -> tuple[Notice, ...]:
    """Return the notices as the rows of their events left them."""
    found = {notice.id: notice for notice in notices}
    timed: list[tuple[datetime, Row]] = []
    for row in events.sheet.rows:
        try:
            timed.append((row.instant("at"), row))
        except Unreadable as problem:
            events.refuse(row, problem.reason)
    for at, row in sorted(timed, key=lambda one: one[0]):
        notice = found.get(row.cells["notice"])
        if notice is None:
            events.refuse(row, _NO_NOTICE)
            continue
        moved = events.take(row, lambda n=notice, r=row, t=at: _moved(n, r, t))
        found[notice.id] = moved or notice
    return tuple(found.values())


def _moved(notice: Notice, row: Row, at: datetime) -> Notice:
    return row.entry("act", _VERBS, _ACT)(notice, row, at)


def _receipt(notice: Notice, row: Row, at: datetime) -> Notice:
    return notice.receipt(
        reason=row.text("reason"), help=row.cell("help"), due=row.day("due"), at=at
    )


#: the verb behind each act
_VERBS: Final[Mapping[str, Verb]] = MappingProxyType(
    {
        "accept": lambda notice, _, at: notice.accept(at=at),
        "receipt": _receipt,
        "helped": lambda notice, _, at: notice.resolve_help(at=at),
        "done": lambda notice, _, at: notice.done(at=at),
        "cancel": lambda notice, row, at: notice.cancel(
            by=notice.issuer, at=at, reason=row.text("reason")
        ),
    }
)
#: the acts of `notice_events.csv`
ACTS: Final = tuple(_VERBS)
