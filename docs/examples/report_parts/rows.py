"""Reading CSV files that nobody has checked: every row is either read or refused with a reason.

A spreadsheet may lack cells, bear another encoding or hold a formula where an id should be.  None
of that may stop a report, and none of it may vanish: what can't be read becomes a `Refusal` with
the row as a spreadsheet counts it (the header is row 1) and a reason in both languages.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

import pendulum
from attrs import frozen

from salesflow import Label, Money, Term
from salesflow.errors import InvalidValue

__all__ = ["ANSWERS", "BadInput", "Refusal", "Row", "Sheet", "Unreadable", "once", "read", "shown"]

_T = TypeVar("_T", bound=Term)
_V = TypeVar("_V")
# What a spreadsheet would run instead of show.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LONGEST: Final = 40
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
# Spreadsheets write 2026/7/1 9:00 where 2026-07-01T09:00 was.
_INSTANT: Final = re.compile(
    r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})[T ]([0-9]{1,2}):([0-9]{2})(:[0-9]{2})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
# The order of the parts of a date, by the way it is written.
_DATES: Final = {
    "year-month-day": (re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})"), (0, 1, 2)),
    "day/month/year": (re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})"), (2, 1, 0)),
    "month/day/year": (re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})"), (2, 0, 1)),
}


class BadInput(Exception):
    """Something in the arguments or the folder that makes a report impossible."""


class Unreadable(Exception):
    """A row that can't be used, and why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = Label(zh, en)


@frozen(kw_only=True)
class Refusal:
    """A row that was refused."""

    #: name of the file
    file: str
    #: row as a spreadsheet counts, the header being row 1
    row: int
    #: id of what it tells of, as far as it can be read
    id: str
    #: why it was refused
    reason: Label


def shown(cell: str) -> str:
    """Return a cell as it may be printed: short, on one line, without control characters."""
    plain = "".join(c if c.isprintable() else "?" for c in cell[: _LONGEST + 1]).strip()
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


#: how yes and no are written
ANSWERS: Final = MappingProxyType({"yes": True, "是": True, "no": False, "否": False})


def once(id_: str, known: Container[str]) -> None:
    """Refuse an id that is known already."""
    if id_ in known:
        raise Unreadable("编号重复", "the id occurs twice")


@frozen
class Row:
    """One row of a sheet, found by the names of the columns."""

    #: row as a spreadsheet counts
    number: int
    #: the cells by the names of their columns, trimmed
    cells: dict[str, str]
    #: time zone of instants without an offset, if any is known
    tz: str | None = None

    def cell(self, name: str) -> str:
        """Return a cell that may be empty; raises `Unreadable` for one of another encoding."""
        cell = self.cells.get(name, "")
        if _SURROGATE.search(cell):
            raise Unreadable(f"{name} 不是 UTF-8 编码", f"{name} is not UTF-8 text")
        return cell

    def text(self, name: str) -> str:
        """Return an id or a name, which can be neither empty nor a formula."""
        cell = self.cell(name)
        if not cell:
            raise Unreadable(f"缺少 {name}", f"{name} is missing")
        if cell.startswith(_FORMULA):
            raise Unreadable(
                f"{name} 形如电子表格公式：{shown(cell)}",
                f"{name} looks like a spreadsheet formula: {shown(cell)}",
            )
        return cell

    def money(self, name: str, currency: str) -> Money:
        """Return an amount in plain figures."""
        cell = self.cell(name)
        if not cell:
            raise Unreadable(f"{name} 为空", f"{name} is blank")
        try:
            return Money(cell, currency)
        except InvalidValue as error:
            raise Unreadable(
                f"{name} 不是可用的金额：{shown(cell)}", f"{name} {shown(cell)!r} {error.problem}"
            ) from None

    def day(self, name: str, written: str = "year-month-day") -> date:
        """Return a date written in one known way; a date that looks like another is refused."""
        pattern, order = _DATES[written]
        cell = self.cell(name)
        if not cell:
            raise Unreadable(f"{name} 为空，无从得知日期", f"{name} is blank, so it has no date")
        matched = pattern.fullmatch(cell)
        try:
            if matched is not None:
                year, month, day = (int(matched.groups()[index]) for index in order)
                return date(year, month, day)
        except ValueError:
            pass
        raise Unreadable(
            f"{name} 不是日期：{shown(cell)}", f"{name} {shown(cell)!r} is no date ({written})"
        )

    def instant(self, name: str) -> datetime:
        """Return an instant; without an offset from UTC it is read in the zone of the book."""
        cell = self.cell(name)
        matched = _INSTANT.fullmatch(cell)
        try:
            if matched is not None:
                year, month, day, hour, minute = (int(part) for part in matched.groups()[:5])
                second, offset = int((matched[6] or ":0")[1:]), matched[7]
                if offset is not None:
                    zone = datetime.fromisoformat(f"2000-01-01T00:00{offset}").tzinfo
                    return datetime(year, month, day, hour, minute, second, tzinfo=zone)
                if self.tz is not None:
                    return pendulum.datetime(year, month, day, hour, minute, second, tz=self.tz)
        except ValueError:
            matched = None
        if matched is not None:
            raise Unreadable(
                f"{name} 没有时区，settings.csv 中也没有 time_zone：{shown(cell)}",
                f"{name} {shown(cell)!r} has no offset such as +08:00, and settings.csv no "
                "time_zone",
            )
        raise Unreadable(
            f"{name} 不是时刻：{shown(cell)}",
            f"{name} {shown(cell)!r} is no instant such as 2026-07-01T09:00+08:00",
        )

    def is_local(self, name: str) -> bool:
        """Say whether a cell is an instant without an offset."""
        matched = _INSTANT.fullmatch(self.cells.get(name, ""))
        return matched is not None and matched[7] is None

    def term(self, name: str, kind: type[_T]) -> _T:
        """Return a word of the trade, given by its key or by its text in either language."""
        cell = self.text(name)
        for term in kind:
            if cell.casefold() in {term.value, term.label("zh"), term.label("en").casefold()}:
                return term
        raise Unreadable(f"{name} 无此选项：{shown(cell)}", f"{name} {shown(cell)!r} is unknown")

    def entry(self, name: str, table: Mapping[str, _V], what: Label) -> _V:
        """Return what a table holds for a cell; `what` the keys of the table are called."""
        cell = self.text(name)
        if cell not in table:
            raise Unreadable(
                f"无此{what.zh}：{shown(cell)}", f"the {what.en} {shown(cell)!r} is unknown"
            )
        return table[cell]


@frozen(kw_only=True)
class Sheet:
    """A file: the rows that have the right cells, and those that have not."""

    #: name of the file
    name: str
    #: how many rows it has, without the header and blank lines
    total: int
    #: rows whose cells can be told apart
    rows: tuple[Row, ...]
    #: rows whose cells can't
    refused: tuple[Refusal, ...]
    #: whether it was read as GB18030, the encoding of Chinese spreadsheets
    chinese: bool = False

    def refuse(self, row: Row, column: str, reason: Label) -> Refusal:
        """Refuse a row of this sheet; `column` is the one that holds the id."""
        return Refusal(
            file=self.name, row=row.number, id=shown(row.cells.get(column, "")), reason=reason
        )


def read(folder: Path, name: str, columns: Sequence[str], tz: str | None = None) -> Sheet:
    """Return the rows of a CSV file; raises `BadInput` where the file or a column is missing.

    Instants without an offset are read in `tz`.
    """
    try:
        raw = (folder / name).read_bytes()
    except OSError as error:
        raise BadInput(f"{name} can't be opened: {error.strerror}") from None
    content, chinese = _decoded(raw)
    records = _records(content)
    _, header = next(records, (1, []))
    names = [] if isinstance(header, Label) else [cell.strip() for cell in header]
    missing = [column for column in columns if column not in names]
    if missing:
        raise BadInput(f"{name} lacks the columns {', '.join(missing)} ({_hint(names)})")
    rows: list[Row] = []
    refused: list[Refusal] = []
    for number, record in records:
        if isinstance(record, Label):
            refused.append(Refusal(file=name, row=number, id="", reason=record))
        elif len(record) != len(names):
            problem = _misfit(len(record), len(names))
            refused.append(Refusal(file=name, row=number, id=shown(record[0]), reason=problem))
        else:
            cells = (cell.strip() for cell in record)
            rows.append(Row(number, dict(zip(names, cells, strict=True)), tz))
    return Sheet(
        name=name,
        total=len(rows) + len(refused),
        rows=tuple(rows),
        refused=tuple(refused),
        chinese=chinese,
    )


def _decoded(raw: bytes) -> tuple[str, bool]:
    """Return the text of a file, and whether it is GB18030 instead of UTF-8."""
    # A byte that is no UTF-8 survives as a surrogate, and only its own row is refused.
    content = raw.decode("utf-8-sig", errors="surrogateescape")
    broken = len(_SURROGATE.findall(content))
    # Some broken bytes between good characters are damage; Chinese of Excel has hardly a good one.
    if broken > sum(not char.isascii() for char in content) - broken:
        try:
            return raw.decode("gb18030").removeprefix("\ufeff"), True
        except UnicodeDecodeError:
            pass
    return content, False


def _hint(names: Sequence[str]) -> str:
    """Say what is likely wrong with a header in which columns are missing."""
    for mark, said in ((";", "semicolons"), ("\t", "tabs")):
        if any(mark in name for name in names):
            return f"its cells seem to be separated by {said}; save it with commas"
    return "is it a CSV in UTF-8?"


def _records(content: str) -> Iterator[tuple[int, list[str] | Label]]:
    """Yield each record with its number, or the reason why it can't be told apart."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield (
                number,
                Label(f"引号或单元格有误（{error}）", f"quotes or cells are broken: {error}"),
            )
            continue
        if any(cell.strip() for cell in record):
            yield number, record


def _misfit(found: int, wanted: int) -> Label:
    return Label(f"有 {found} 个单元格，应为 {wanted} 个", f"has {found} cells instead of {wanted}")
