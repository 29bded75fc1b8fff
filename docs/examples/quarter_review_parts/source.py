"""What every kind of file is turned into before it is reviewed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from attrs import Factory, define, field, frozen

from quarter_review_parts.rows import Refusal, Row, Sheet, Unreadable, because
from salesflow import (
    FUNNEL,
    WIN_RATES,
    Label,
    Machine,
    Money,
    Opportunity,
    Quarter,
    SalesflowError,
    Term,
    WinRates,
)
from salesflow.metrics import Movement

__all__ = [
    "FileCount",
    "Filled",
    "Grouping",
    "Intake",
    "Ledger",
    "Options",
    "Source",
    "assumed_quarter",
    "ids",
]

_T = TypeVar("_T")
Grouping = tuple[Label, Callable[[Movement], str]]


@frozen(kw_only=True)
class Options:
    """What the command line asks of a reader; None leaves it to the file."""

    currency: str | None = None
    quarter: tuple[int, int] | None = None
    tz: str | None = None
    #: time zone in which the files write instants without an offset
    file_tz: str | None = None

    def during(self, default: Callable[[], tuple[int, int]], tz: str) -> Quarter:
        """Return the quarter to review."""
        year, quarter = self.quarter or default()
        return Quarter(year, quarter, tz=self.tz or tz)


@frozen(kw_only=True)
class FileCount:
    """Rows of a file: all of them, and those that went into deals."""

    name: str
    rows: int
    used: int
    refused: int
    #: whether it was read as GB18030
    chinese: bool = False


@frozen(kw_only=True)
class Filled:
    """Amounts that the file does not tell and the reader put in."""

    what: Label
    n: int
    minor: int


@define(kw_only=True)
class Ledger:
    """The money of a file, cell by cell, in minor units, counted apart from the deals."""

    currency: str
    #: every amount that can be read in the file
    in_file: int = 0
    #: the part of it that stands in refused rows
    refused: int = 0
    #: refused rows whose amount can't be read either
    unreadable: int = 0
    filled: list[Filled] = Factory(list)

    def book(self, row: Row, column: str) -> int | None:
        """Count the amount of a row, and return it where it is one."""
        try:
            minor = row.money(column, self.currency).minor
        except Unreadable:
            return None
        self.in_file += minor
        return minor

    def strike(self, minor: int | None) -> None:
        """Count the amount of a refused row."""
        if minor is None:
            self.unreadable += 1
        else:
            self.refused += minor


@define
class Intake:
    """Takes in the rows of one sheet, and keeps the refusals."""

    sheet: Sheet
    #: the column that holds the id of the deal
    column: str
    used: int = 0
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
            self.refuse(row, because(error))
        else:
            self.used += 1
            return made
        return None

    def refuse(self, row: Row, reason: Label) -> None:
        """Refuse a row."""
        self.refused.append(self.sheet.refuse(row, self.column, reason))

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


@frozen(kw_only=True)
class Source:
    """The deals of a folder, with all that has to be said about how they were read."""

    name: Label
    deals: tuple[Opportunity, ...]
    currency: str
    during: Quarter
    files: tuple[FileCount, ...]
    refused: tuple[Refusal, ...]
    ledger: Ledger
    #: how the file was read, where it could have been read otherwise
    notes: tuple[Label, ...] = ()
    machine: Machine = FUNNEL
    win_rates: WinRates = WIN_RATES
    #: None where the file does not say
    quota: Money | None = None
    #: None for the end of the quarter
    at: datetime | None = None
    #: days after which a deal at a stage is stalled
    limits: Mapping[Term, int] = Factory(dict)
    #: what else to group by, besides the owner
    groupings: tuple[Grouping, ...] = ()


def assumed_quarter(during: Quarter, why: Label) -> Label:
    """Return the note about a quarter that nobody chose."""
    return Label(
        f"没有给出季度，取 {during}（{why.zh}）；可用 --quarter 指定。",
        f"No quarter was given: reviewed is {during}, {why.en}. Give --quarter to choose.",
    )


def ids(found: Iterable[str], few: int = 3) -> str:
    """Return a few ids and how many more there are."""
    every = tuple(found)
    return ", ".join(every[:few]) + (f" +{len(every) - few}" if len(every) > few else "")
