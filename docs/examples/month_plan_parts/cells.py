"""What the cells of a territory say: numbers, weekdays, hours, and names in two languages."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date, time
from fractions import Fraction
from typing import Final

from report_parts.rows import Row, Unreadable, shown
from salesflow import Label
from salesflow.instants import day
from salesflow.visits import Hours

__all__ = ["count", "dated", "days", "hour", "hours", "number", "several", "weekdays", "worded"]

_COUNT: Final = re.compile(r"[0-9]{1,4}")
_NUMBER: Final = re.compile(r"-?[0-9]")
_DAYS: Final = re.compile(r"[0-9]{1,2}(\.[05])?")
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::00)?")
_HOURS: Final = re.compile(r"(?:([1-7]) +)?([0-9:]+) ?[-–] ?([0-9:]+)")
_SEPARATORS: Final = re.compile("[;；]")
_WEEK: Final = frozenset("1234567")


def count(row: Row, name: str) -> int | None:
    """Return a whole number from zero, None for a blank."""
    cell = row.cell(name)
    if cell and not _COUNT.fullmatch(cell):
        raise _unfit(name, cell, Label("不是不小于零的整数", "is no whole number such as 4"))
    return int(cell) if cell else None


def number(row: Row, name: str) -> int | None:
    """Return a score, which may be below zero, None for a blank."""
    cell = row.cell(name)
    if cell and not _NUMBER.fullmatch(cell):
        raise _unfit(name, cell, Label("不是分值", "is no score from -4 to 4"))
    return int(cell) if cell else None


def days(row: Row, name: str) -> Fraction | None:
    """Return days, of which halves are possible, None for a blank."""
    cell = row.cell(name)
    if cell and not _DAYS.fullmatch(cell):
        raise _unfit(name, cell, Label("不是天数（可为半天）", "are no days such as 3 or 2.5"))
    return Fraction(cell) if cell else None


def dated(row: Row, known: Container[date]) -> date:
    """Return the day of a row, which is named once."""
    on = day(row.day("day"), "day")
    if on in known:
        raise Unreadable("日期重复", "the day occurs twice")
    return on


def weekdays(row: Row, name: str) -> tuple[int, ...]:
    """Return weekdays written `1 3 5`, 1 for Monday; all of them for a blank."""
    cell = row.cell(name)
    if not _WEEK.issuperset(cell.split()):
        raise _unfit(name, cell, Label("不是星期（1 至 7）", "are no weekdays such as 1 3 5"))
    return tuple(map(int, cell.split())) or tuple(range(1, 8))


def hour(row: Row, name: str) -> time:
    """Return the hour of a call."""
    return _time(name, row.text(name))


def hours(row: Row, name: str) -> tuple[Hours, ...]:
    """Return hours written `08:00-09:30; 3 13:30-17:30`, the latter on Wednesdays only."""
    found: list[Hours] = []
    for part in several(row, name):
        matched = _HOURS.fullmatch(part)
        if matched is None:
            raise _no_time(name, part)
        start, end = _time(name, matched[2]), _time(name, matched[3])
        found.append(Hours(start=start, end=end, weekday=int(matched[1] or 0) or None))
    return tuple(found)


def several(row: Row, name: str) -> tuple[str, ...]:
    """Return what stands between the semicolons of a cell."""
    return tuple(part.strip() for part in _SEPARATORS.split(row.cell(name)) if part.strip())


def worded(row: Row, other: Label) -> Label:
    """Return the name in the columns `zh` and `en`; one stands for both, and `other` for none."""
    zh, en = row.cell("zh"), row.cell("en")
    return Label(zh or en, en or zh) if zh or en else other


def _time(name: str, text: str) -> time:
    matched = _TIME.fullmatch(text)
    if matched is None:
        raise _no_time(name, text)
    return time(int(matched[1]), int(matched[2]))


def _no_time(name: str, text: str) -> Unreadable:
    return _unfit(name, text, Label("不是时间", "is no time such as 14:00, or 08:00-09:30"))


def _unfit(name: str, cell: str, why: Label) -> Unreadable:
    return Unreadable(f"{name} {why.zh}：{shown(cell)}", f"{name} {shown(cell)!r} {why.en}")
