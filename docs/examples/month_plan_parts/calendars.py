"""Which days are worked: those of `holidays.csv`, of a country, or plain Monday to Friday."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, cast

from attrs import evolve, frozen

from month_plan_parts.cells import dated, worded
from month_plan_parts.settings import Settings
from report_parts.intake import Intake
from report_parts.rows import BadInput, Row, read, shown
from salesflow import Cycle, Label
from salesflow.workdays import WEEKDAYS, WorkCalendar

__all__ = ["HOLIDAYS", "KINDS", "public"]

HOLIDAYS: Final = "holidays.csv"
_FILE: Final = "file"
_WEEKDAYS: Final = "weekdays"
_COUNTRY: Final = re.compile("[A-Z]{2}")
_HOLIDAY: Final = Label("节假日", "holiday")
_KIND: Final = Label("种类", "kind")
#: whether a row of `holidays.csv` is a day off, or makes up for one
KINDS: Final = MappingProxyType({"off": False, "make_up": True})


@frozen
class _Day:
    """A row of `holidays.csv`."""

    on: date
    name: Label
    made_up: bool


def public(
    folder: Path, asked: str | None, said: Settings, cycle: Cycle
) -> tuple[WorkCalendar, tuple[Intake, ...]]:
    """Return the calendar that was asked for, and the file it was read from, if any."""
    usual = _FILE if (folder / HOLIDAYS).is_file() else _WEEKDAYS
    word = asked or said.words.get("calendar") or usual
    if word == _WEEKDAYS:
        return WEEKDAYS, ()
    if _COUNTRY.fullmatch(word):
        return _of_country(word, cycle), ()
    if word != _FILE:
        raise BadInput(
            f"the calendar {shown(word)!r} is not {_FILE}, {_WEEKDAYS} or a country such as CN"
        )
    intake = Intake(read(folder, HOLIDAYS, ("day", "kind")), "day")
    found: dict[date, _Day] = {}
    for row in intake.sheet.rows:
        one = intake.take(row, partial(_listed, row, found))
        if one is not None:
            found[one.on] = one
    return _of_file(found, said), (intake,)


def _listed(row: Row, found: Mapping[date, _Day]) -> _Day:
    return _Day(dated(row, found), worded(row, _HOLIDAY), row.entry("kind", KINDS, _KIND))


def _of_file(found: Mapping[date, _Day], said: Settings) -> WorkCalendar:
    made = WorkCalendar(
        name=HOLIDAYS,
        holidays={on: one.name for on, one in found.items() if not one.made_up},
        make_up=[on for on, one in found.items() if one.made_up],
    )
    since, until = said.days.get("confirmed_from"), said.days.get("confirmed_until")
    return evolve(made, confirmed_from=since or made.confirmed_from, confirmed_until=until)


def _of_country(code: str, cycle: Cycle) -> WorkCalendar:
    try:
        source = importlib.import_module("salesflow.calendars")
    except ModuleNotFoundError as error:
        raise BadInput(f"the calendar {code} cannot be read: {error.msg}") from None
    return cast("WorkCalendar", source.work_calendar(code, [cycle.first.year, cycle.after.year]))
