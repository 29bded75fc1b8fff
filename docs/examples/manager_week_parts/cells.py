"""Cells of the files of a team: a yes or a no, days, words of a list, a quantity of the roadmap."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from attrs import evolve

from report_parts.rows import ANSWERS, Row, Unreadable, shown
from salesflow import Money, Term
from salesflow.planning import Standard, Unit

__all__ = ["choice", "days", "flag", "number", "quantity", "said", "terms", "whole"]

_T = TypeVar("_T", bound=Term)
#: what says that there was none, while a blank cell says nothing
_NONE: Final = ("none", "无")
_WHOLE: Final = re.compile(r"[0-9]{1,6}")
_HUNDRED: Final = 100


def flag(row: Row, name: str) -> bool:
    """Return a yes or a no; a blank cell is a no."""
    cell = row.cell(name).casefold()
    if cell and cell not in ANSWERS:
        raise Unreadable(
            f"{name} 应为 是 或 否：{shown(cell)}", f"{name} {shown(cell)!r} is neither yes nor no"
        )
    return ANSWERS.get(cell, False)


def whole(row: Row, name: str) -> int | None:
    """Return a whole number, None for a blank cell."""
    cell = row.cell(name)
    if not cell:
        return None
    if not _WHOLE.fullmatch(cell):
        raise Unreadable(
            f"{name} 不是整数：{shown(cell)}", f"{name} {shown(cell)!r} is no whole number"
        )
    return int(cell)


def number(row: Row, name: str) -> Decimal:
    """Return a number; `90%` is 0.9."""
    cell = row.cell(name)
    try:
        figure = Decimal(cell.removesuffix("%"))
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite():
        raise Unreadable(f"{name} 不是数字：{shown(cell)}", f"{name} {shown(cell)!r} is no number")
    return figure / _HUNDRED if cell.endswith("%") else figure


def days(row: Row, name: str) -> tuple[date, ...]:
    """Return the days of a cell, separated by spaces."""
    return tuple(_with(row, name, word).day(name) for word in row.cell(name).split())


def terms(row: Row, name: str, kind: type[_T]) -> tuple[_T, ...]:
    """Return words of a list: one, or the keys of several, separated by spaces."""
    cell = row.cell(name)
    one = {text.casefold() for term in kind for text in (term.label("zh"), term.label("en"))}
    words: Iterable[str] = [cell] if cell.casefold() in one else cell.split()
    return tuple(_with(row, name, word).term(name, kind) for word in words)


def choice(row: Row, name: str, kind: type[_T]) -> _T | None:
    """Return a word of a list, None for a blank cell."""
    return row.term(name, kind) if row.cell(name) else None


def said(row: Row, name: str) -> tuple[str, ...] | None:
    """Return what a cell says: () for `none`, and None where it is blank, since nobody said."""
    cell = row.cell(name)
    if not cell:
        return None
    return () if cell.casefold() in _NONE else (row.text(name),)


def quantity(row: Row, standard: Standard, currency: str) -> int | Decimal | Money | bool:
    """Return the `value` of a row in the unit of a standard; raises where that is another one."""
    if not row.cell("value"):
        raise Unreadable("value 为空", "value is blank")
    found: int | Decimal | Money | bool
    match standard.unit:
        case Unit.COUNT:
            found = whole(row, "value") or 0
        case Unit.MONEY:
            found = row.money("value", currency)
        case Unit.ATTESTED:
            found = flag(row, "value")
        case _:
            found = number(row, "value")
    return found


def _with(row: Row, name: str, word: str) -> Row:
    """Return the row with one word in a cell."""
    return evolve(row, cells={**row.cells, name: word})
