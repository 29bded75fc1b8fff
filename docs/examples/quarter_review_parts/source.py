"""What every kind of file is turned into before it is reviewed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Final

import pendulum
from attrs import Factory, define, frozen

from report_parts.intake import FileCount, not_accepted
from report_parts.rows import Refusal, Row, Unreadable
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
from salesflow.errors import (
    ClosedDeal,
    CurrencyMismatch,
    GateShut,
    NoSuchMove,
    OnHold,
    OutOfOrder,
    SkippedStage,
)
from salesflow.metrics import Movement, forecast
from salesflow.periods import Period

__all__ = [
    "ASSUMED_USD",
    "Filled",
    "Grouping",
    "Ledger",
    "Options",
    "Source",
    "assumed_quarter",
    "because",
    "ids",
    "midnight",
]

#: the note about a currency that nobody gave
ASSUMED_USD: Final = Label(
    "文件没有币种，假定为美元（USD）。", "No currency in the file: assumed USD."
)
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

    @property
    def whole(self) -> bool:
        """Whether no amount has a decimal."""
        return all(deal.amount.amount % 1 == 0 for deal in self.deals)

    def collected(self, during: Period) -> Money:
        """Return what was collected in a period, as its end saw it."""
        return forecast(
            self.deals,
            Money(1, self.currency),
            during,
            win_rates=self.win_rates,
            at=during.last,
            machine=self.machine,
        ).completed


def assumed_quarter(during: Quarter, why: Label) -> Label:
    """Return the note about a quarter that nobody chose."""
    return Label(
        f"没有给出季度，取 {during}（{why.zh}）；可用 --quarter 指定。",
        f"No quarter was given: reviewed is {during}, {why.en}. Give --quarter to choose.",
    )


def because(error: SalesflowError) -> Label:
    """Say in both languages why the library refused the row of a deal."""
    match error:
        case GateShut():
            zh = f"关口未过，缺：{'、'.join(error.missing)}"
        case SkippedStage():
            skipped = (stage.label("zh") for stage in error.skipped if isinstance(stage, Term))
            zh = f"跳过了阶段：{'、'.join(skipped)}"
        case NoSuchMove():
            zh = "没有这样的阶段变动"
        case OnHold():
            zh = "机会暂停中，须先恢复"
        case ClosedDeal():
            zh = "机会已结束，不能再做此操作"
        case OutOfOrder():
            zh = "早于该机会的上一条记录"
        case CurrencyMismatch():
            zh = "币种与该机会不同"
        case _:
            return not_accepted(error)
    return Label(zh, str(error).rstrip("."))


def midnight(day: date, tz: str) -> datetime:
    """Return the start of a day in a time zone."""
    return pendulum.datetime(day.year, day.month, day.day, tz=tz)


def ids(found: Iterable[str], few: int = 3) -> str:
    """Return a few ids and how many more there are."""
    every = tuple(found)
    return ", ".join(every[:few]) + (f" +{len(every) - few}" if len(every) > few else "")
