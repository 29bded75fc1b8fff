"""The roll: whose papers are due, on which days they are away, and each paper once.

>>> staff_of(["R-9", "R-1"])
('R-9', 'R-1')
>>> staff_of(["R-9", "R-9"])
Traceback (most recent call last):
    ...
salesflow.errors.DuplicateId: the id 'R-9' occurs twice; pass each one once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from salesflow import forms, text
from salesflow.conduct.logs import DailyLog
from salesflow.instants import day
from salesflow.tables import Rows, Table, listed, listed_of, once

__all__ = ["NO_LEAVE", "Leave", "leave_of", "logs_once", "staff_of"]

#: the days on which somebody is away, by person
Leave = Rows[str, Iterable[date]]
#: nobody is away
NO_LEAVE: Final[Table[str, Iterable[date]]] = Table({})


def staff_of(people: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of people, each once, in the order given."""
    staff = tuple(text.line(one, "people") for one in listed(people, "people"))
    once(staff)
    return staff


def leave_of(leave: Leave) -> Table[str, frozenset[date]]:
    """Return who is away on which days, by person."""
    return Table(
        {
            person: frozenset(day(on, "leave") for on in listed(days, "leave"))
            for person, days in forms.by_line(leave, "leave").items()
        }
    )


def logs_once(logs: Iterable[DailyLog]) -> tuple[DailyLog, ...]:
    """Return logs in the order given; raises `DuplicateId` where one id occurs twice."""
    found = listed_of(logs, DailyLog, "logs")
    once(log.id for log in found)
    return found
