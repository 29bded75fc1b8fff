"""Coverage of the logs: everyone, every day, everything (三E管理).

    coverage = person-days with a complete log ÷ person-days on which one is due

A log is due from each person on each working day that is not their leave.  An incomplete log is
told with what it lacks and does not count; a second log of the same day changes nothing, unless
it is the complete one; a log on a day off, or of somebody not asked about, is counted apart.

>>> from salesflow.conduct.logs import LogEntry
>>> from salesflow.periods import Week
>>> from salesflow.workdays import WEEKDAYS
>>> log = DailyLog(id="L-1", person="R-9", on=date(2026, 7, 6), entries=[LogEntry(place="H-3")])
>>> report = log_coverage([log], ["R-9"], Week(2026, 28), WEEKDAYS)
>>> str(report.rate), report.incomplete[0].lacks[:2], [cell.on.day for cell in report.missing]
('0.0% (n=5)', ('customer', 'content'), [7, 8, 9, 10])

Source: the daily routine of three E management; only logs are looked at, never a place or photo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from attrs import frozen

from salesflow.conduct.logs import DAILY_LIST, DailyLog, boxes_of
from salesflow.conduct.roll import NO_LEAVE, Leave, leave_of, logs_once, staff_of
from salesflow.findings import Finding
from salesflow.labels import Label
from salesflow.periods import Period
from salesflow.ratios import Rate
from salesflow.tables import Rows, Table
from salesflow.workdays import WorkCalendar, calendar_of

__all__ = ["LogCoverage", "PersonDay", "log_coverage"]

Key = TypeVar("Key", str, date)
# A person and a day.
_Cell = tuple[str, date]


@frozen(kw_only=True)
class PersonDay:
    """A day of a person on which the log is not as it should be."""

    #: the person, by id
    person: str
    #: the day
    on: date
    #: the boxes that the log leaves open; () where there is no log
    lacks: tuple[str, ...] = ()


@frozen(kw_only=True)
class LogCoverage:
    """How far the logs of a period cover everyone, every day, everything."""

    #: the period
    during: Period
    #: person-days with a complete log, of those on which one is due
    rate: Rate
    #: the same for each person, in the order given
    by_person: Table[str, Rate]
    #: the same for each working day
    by_day: Table[date, Rate]
    #: where there is no log, by person and day
    missing: tuple[PersonDay, ...]
    #: where there is none but an incomplete one
    incomplete: tuple[PersonDay, ...]
    #: ids of the logs of the period that were not due
    beside: tuple[str, ...]
    #: what is doubtful about the calendar
    findings: tuple[Finding, ...]


def log_coverage(
    logs: Iterable[DailyLog],
    people: Iterable[str],
    during: Period,
    calendar: WorkCalendar,
    *,
    leave: Leave = NO_LEAVE,
    profile: Rows[str, Label] = DAILY_LIST,
) -> LogCoverage:
    """Return how many of the logs due in a period are there and complete.

    Raises `DuplicateId` for a log or a person passed twice.
    """
    found, staff, away = logs_once(logs), staff_of(people), leave_of(leave)
    days, boxes = calendar_of(calendar).working_days(during), tuple(boxes_of(profile))
    due = [(who, on) for who in staff for on in days if on not in away.get(who, frozenset())]
    first, after = during.first, during.after
    written = [log for log in found if first <= log.on < after]
    lacks = _lacks(written, boxes)
    full = [cell for cell in due if lacks.get(cell) == ()]
    wanted = set(due)
    return LogCoverage(
        during=during,
        rate=Rate(len(full), len(due)),
        by_person=_rates(staff, (who for who, _ in full), (who for who, _ in due)),
        by_day=_rates(days, (on for _, on in full), (on for _, on in due)),
        missing=tuple(PersonDay(person=who, on=on) for who, on in due if (who, on) not in lacks),
        incomplete=tuple(
            PersonDay(person=who, on=on, lacks=lacks[who, on])
            for who, on in due
            if lacks.get((who, on))
        ),
        beside=tuple(log.id for log in written if (log.person, log.on) not in wanted),
        findings=calendar.findings(during),
    )


def _lacks(logs: Iterable[DailyLog], boxes: tuple[str, ...]) -> dict[_Cell, tuple[str, ...]]:
    """Return what the best log of each person and day lacks."""
    found: dict[_Cell, tuple[str, ...]] = {}
    for log in logs:
        filled, cell = log.filled, (log.person, log.on)
        lacking = tuple(box for box in boxes if box not in filled)
        known = found.get(cell)
        if known is None or (len(lacking), lacking) < (len(known), known):
            found[cell] = lacking
    return found


def _rates(keys: Iterable[Key], full: Iterable[Key], due: Iterable[Key]) -> Table[Key, Rate]:
    hits, n = Counter(full), Counter(due)
    return Table({key: Rate(hits[key], n[key]) for key in keys})
