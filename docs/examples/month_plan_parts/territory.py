"""A territory: the CSV files of a folder, read into customers, hospitals, calls and days off.

Copy the folder `territory` and put your own customers in; docs/how-to/plan-your-month.md explains
every column.  Only `customers.csv` is needed.  A row is read or refused; a booked call is tried
out on the library together with those before it, so that one that cannot be is refused alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from attrs import define, field, frozen

from month_plan_parts.calendars import HOLIDAYS, public
from month_plan_parts.makers import CUSTOMERS, Hospital, because, call_of, customer, hospital, leave
from month_plan_parts.settings import Settings
from report_parts.intake import FileCount, Intake
from report_parts.layout import UNKNOWN
from report_parts.rows import BadInput, Refusal, Row, Unreadable, read, shown
from salesflow import Cycle
from salesflow.planning import Call, Callee, CallSchedule, MonthPlan, call_plan
from salesflow.workdays import WorkCalendar

__all__ = ["COLUMNS", "Territory", "territory"]

_K = TypeVar("_K")
_V = TypeVar("_V")

_BOOKED: Final = "booked.csv"
_DAYS_OFF: Final = "days_off.csv"
_HOSPITALS: Final = "hospitals.csv"
_WHOSE: Final = "representative"
#: the columns without which nothing can be told; others may be missing, and so may their cells
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    CUSTOMERS: ("contact", "place"),
    _HOSPITALS: ("hospital",),
    _BOOKED: ("contact", "day", "hour"),
    _DAYS_OFF: ("day",),
    HOLIDAYS: ("day", "kind"),
}
_FEW: Final = 6


@frozen(kw_only=True)
class Territory:
    """What was read of a folder, and the plan that was made of it."""

    cycle: Cycle
    #: the calendar, with the days off of the representative
    calendar: WorkCalendar
    #: the customers, by their ids
    customers: Mapping[str, Callee]
    #: the hospitals of the month plan, by their ids
    hospitals: Mapping[str, Hospital]
    booked: tuple[Call, ...]
    schedule: CallSchedule
    month: MonthPlan
    #: how many rows are customers of other representatives
    others: int
    #: the customers first
    files: tuple[FileCount, ...]
    refused: tuple[Refusal, ...]


@define
class _Sheets:
    """The files of a folder, of which the rows of one representative are taken in."""

    folder: Path
    representative: str
    intakes: dict[str, Intake] = field(init=False)
    others: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.intakes = {
            name: Intake(read(self.folder, name, columns), columns[0], because)
            for name, columns in COLUMNS.items()
            if name == CUSTOMERS or ((self.folder / name).is_file() and name != HOLIDAYS)
        }
        self.representative = self.representative or self._only_one()

    def take(self, name: str, make: Callable[[Row, dict[_K, _V]], tuple[_K, _V]]) -> dict[_K, _V]:
        """Return what the rows of a file make; a row is made beside those before it."""
        found: dict[_K, _V] = {}
        if name not in self.intakes:
            return found
        intake = self.intakes[name]
        for row in intake.sheet.rows:
            made = intake.take(row, partial(self._made, name, make, row, found))
            if made is not None:
                found.update([made])
        return found

    def _made(
        self,
        name: str,
        make: Callable[[Row, dict[_K, _V]], tuple[_K, _V]],
        row: Row,
        found: dict[_K, _V],
    ) -> tuple[_K, _V] | None:
        """Return what a row makes, nothing where it is of another representative."""
        if _whose(row) in ("", self.representative):
            return make(row, found)
        self.others += name == CUSTOMERS
        return None

    def _only_one(self) -> str:
        """Return the one representative whom the customers name, if they name any."""
        found: dict[str, None] = {}
        for row in self.intakes[CUSTOMERS].sheet.rows:
            with suppress(Unreadable):
                found.update({_whose(row): None} if _whose(row) else {})
        if len(found) > 1:
            some = ", ".join(map(shown, list(found)[:_FEW]))
            raise BadInput(f"{CUSTOMERS} has several representatives ({some}); say --{_WHOSE}")
        return next(iter(found), "")


def _whose(row: Row) -> str:
    return row.text(_WHOSE) if row.cell(_WHOSE) else ""


def territory(
    folder: Path, cycle: Cycle, said: Settings, *, representative: str, calendar: str | None
) -> Territory:
    """Read a folder, and plan its calls."""
    official, holidays = public(folder, calendar, said, cycle)
    sheets = _Sheets(folder, representative)
    customers = sheets.take(CUSTOMERS, customer)
    if sheets.others and not customers:
        raise BadInput(f"{CUSTOMERS} has no customer of {shown(sheets.representative)!r}")
    hospitals = sheets.take(_HOSPITALS, hospital)
    worked = official.with_days_off(sheets.take(_DAYS_OFF, leave))
    plan = partial(
        call_plan,
        during=cycle,
        calendar=worked,
        capacity=said.capacity,
        place_days=_limits(hospitals),
        representative=sheets.representative,
    )
    booked = tuple(sheets.take(_BOOKED, partial(_possible, plan, customers)))
    schedule = plan(customers.values(), booked=booked)
    intakes = (*sheets.intakes.values(), *holidays)
    return Territory(
        cycle=cycle,
        calendar=worked,
        customers=customers,
        hospitals=hospitals,
        booked=booked,
        schedule=schedule,
        month=_month(schedule, cycle, hospitals, said),
        others=sheets.others,
        files=tuple(intake.count for intake in intakes),
        refused=tuple(one for intake in intakes for one in intake.in_order),
    )


def _limits(hospitals: Mapping[str, Hospital]) -> dict[str, int]:
    limits = ((name, one.limit) for name, one in hospitals.items())
    return {name: most for name, most in limits if most is not None}


def _possible(
    plan: Callable[..., CallSchedule],
    customers: Mapping[str, Callee],
    row: Row,
    agreed: Mapping[Call, Call],
) -> tuple[Call, Call]:
    """Return a booked call that is possible beside the others; the library raises otherwise."""
    call = call_of(row, customers)
    plan((), booked=(*agreed, call))
    return call, call


def _month(
    schedule: CallSchedule, cycle: Cycle, hospitals: Mapping[str, Hospital], said: Settings
) -> MonthPlan:
    return MonthPlan(
        owner=schedule.representative or UNKNOWN,
        cycle=cycle,
        working_days=len(schedule.days),
        hospital_days={name: one.days for name, one in hospitals.items() if one.days is not None},
        targets=[name for name, one in hospitals.items() if one.target],
        places=said.places_of(cycle),
        **said.lists,
    )
