"""Taking in the rows of a sheet: each goes into what is reported, or is refused with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from attrs import define, field, frozen

from report_parts.rows import Refusal, Row, Sheet, Unreadable
from salesflow import Label, SalesflowError

__all__ = ["FileCount", "Intake", "not_accepted"]

_T = TypeVar("_T")


@frozen(kw_only=True)
class FileCount:
    """Rows of a file: all of them, those that were used and those that were refused."""

    name: str
    rows: int
    used: int
    refused: int
    #: whether it was read as GB18030
    chinese: bool = False


def not_accepted(error: SalesflowError) -> Label:
    """Say in both languages that the library refused; its own text is English."""
    return Label(f"不被接受（{error}）", str(error).rstrip("."))


@define
class Intake:
    """Takes in the rows of one sheet, and keeps the refusals."""

    sheet: Sheet
    #: the column that holds the id
    column: str
    #: says in both languages why the library refused
    because: Callable[[SalesflowError], Label] = not_accepted
    used: int = field(default=0, init=False)
    refused: list[Refusal] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.refused = list(self.sheet.refused)

    def take(self, row: Row, make: Callable[[], _T]) -> _T | None:
        """Return what a row makes, or None and a refusal with the reason."""
        try:
            made = make()
        except Unreadable as problem:
            self.refuse(row, problem.reason)
        except SalesflowError as error:
            self.refuse(row, self.because(error))
        else:
            self.used += 1
            return made
        return None

    def refuse(self, row: Row, reason: Label) -> None:
        """Refuse a row."""
        self.refused.append(self.sheet.refuse(row, self.column, reason))

    @property
    def in_order(self) -> list[Refusal]:
        """The refusals in the order of the rows."""
        return sorted(self.refused, key=lambda refusal: refusal.row)

    @property
    def count(self) -> FileCount:
        """How many rows were used, and how many were not."""
        return FileCount(
            name=self.sheet.name,
            rows=self.sheet.total,
            used=self.used,
            refused=len(self.refused),
            chinese=self.sheet.chinese,
        )
