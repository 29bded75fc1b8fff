"""Working days: on which days a country, a company or a person works, as plain data.

A day is worked where it makes up for another (调休补班), or is neither weekend nor day off:

    works = make-up day, or (no day of the weekend, and no holiday)

China announces the days of a year only in the November before; until then nobody knows which
Saturdays will be worked.  So a calendar says from when to when it is official, and counting beyond
that is an estimate, which is said and never silent.

>>> from salesflow.periods import Month
>>> china = WorkCalendar(
...     name="CN",
...     holidays={date(2026, 1, 1): Label("元旦", "New Year's Day"), date(2026, 1, 2): "调休"},
...     make_up=[date(2026, 1, 4)],
...     confirmed_until=date(2026, 1, 31),
... )
>>> china.works(date(2026, 1, 4)), china.count(Month(2026, 1)), china.holidays[date(2026, 1, 1)].zh
(True, 21, '元旦')
>>> [finding.text.en for finding in china.findings(Month(2026, 2))]
['the calendar CN is not official on 2026-02-01']

Source: China's days off and make-up days are set each year by a notice of the State Council
(国务院办公厅关于部分节假日安排的通知).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Final, Self, TypeVar, cast

from attrs import evolve, field, frozen

from salesflow import forms, text
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.instants import FIRST_YEAR, LAST_YEAR, day
from salesflow.labels import Label
from salesflow.periods import Period
from salesflow.tables import Table, several

__all__ = ["CALENDAR_REMARKS", "WEEKDAYS", "DaysOff", "WorkCalendar", "calendar_of"]

V = TypeVar("V")

#: days off as a host has them: with their names, or only the dates
DaysOff = Mapping[date, Label | str] | Iterable[date]

_UNCONFIRMED: Final = Remark(
    "calendar_unconfirmed",
    Severity.WATCH,
    Label(
        "{day} 不在日历“{calendar}”的官方范围内",
        "the calendar {calendar} is not official on {day}",
    ),
    Label(
        "补充官方放假安排；在此之前，工作天数仅为估算",
        "add the official days off; until then its working days are an estimate",
    ),
)
#: every finding about a calendar
CALENDAR_REMARKS: Final = (_UNCONFIRMED,)

# More days than the calendar has.
_MOST: Final = 110_000
_WEEK: Final = frozenset(range(1, 8))
_DAY_OFF: Final = Label("休息日", "day off")
_NONE: Final[Table[date, Label]] = Table({})
# The first day that is beyond the calendar.
_BEYOND: Final = date(LAST_YEAR + 1, 1, 1)


def _few(value: Iterable[V], box: str) -> tuple[V, ...]:
    items = tuple(islice(several(value, box), _MOST + 1))  # one too many tells enough
    if len(items) > _MOST:
        raise InvalidValue(box, f"holds more than {_MOST} days", "pass fewer years")
    return items


def _weekend(value: Iterable[int]) -> frozenset[int]:
    numbers = _few(value, "weekend")
    for number in numbers:
        if type(number) is not int:
            raise WrongType.of("weekend", number, "list ISO weekdays, 1 for Monday")
    if not _WEEK.issuperset(numbers):
        raise InvalidValue("weekend", "has a day no week has", "use 1 for Monday to 7 for Sunday")
    if _WEEK.issubset(numbers):
        raise InvalidValue("weekend", "is the whole week", "leave a day to work on")
    return frozenset(numbers)


def _make_up(value: Iterable[date]) -> frozenset[date]:
    return frozenset(day(one, "make_up") for one in _few(value, "make_up"))


def _holidays(value: DaysOff, box: str = "holidays") -> Table[date, Label]:
    rows: Iterable[tuple[date, Label | str]] = ((on, _DAY_OFF) for on in several(value, box))
    if isinstance(value, Mapping):
        rows = cast("Mapping[date, Label | str]", value).items()
    named = {day(on, box): _name(name, box) for on, name in _few(rows, box)}
    # By day, so that calendars with the same holidays are equal however they were listed.
    return Table({on: named[on] for on in sorted(named)})


def _name(value: Label | str, box: str) -> Label:
    if isinstance(value, Label):
        return value
    name = text.line(value, box)
    return Label(name, name)


@frozen(kw_only=True)
class WorkCalendar:
    """The working days of a country, a company or a person."""

    #: whose days they are, such as "CN"
    name: str
    #: ISO weekdays that are not worked, 1 for Monday; none is possible, all seven are not
    weekend: frozenset[int] = field(default=frozenset({6, 7}), converter=_weekend)
    #: days off by date, with their names; plain dates are taken too
    holidays: Table[date, Label] = field(default=_NONE, converter=_holidays, repr=False)
    #: days that are worked although they fall on the weekend; on another day it changes nothing
    make_up: frozenset[date] = field(default=frozenset(), converter=_make_up, repr=False)
    #: the first day on which the calendar is official
    confirmed_from: date = date(FIRST_YEAR, 1, 1)
    #: the last such day, or None where nobody vouches for any
    confirmed_until: date | None = None

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "name")
        forms.days(self, "confirmed_from")
        forms.optional_days(self, "confirmed_until")
        if not self.make_up.isdisjoint(self.holidays):
            raise InvalidValue("make_up", "holds a holiday", "say of each day which one it is")
        if self.confirmed_until is not None and self.confirmed_until < self.confirmed_from:
            remedy = "pass a later date, or None where no day is official"
            raise InvalidValue("confirmed_until", "is earlier than confirmed_from", remedy)

    def works(self, on: date) -> bool:
        """Whether a day is a working day."""
        return self._works(day(on, "on"))

    def confirmed(self, on: date) -> bool:
        """Whether the calendar is official on a day."""
        return self._confirmed(day(on, "on"))

    def working_days(self, during: Period) -> tuple[date, ...]:
        """Return the working days of a period, in order."""
        return tuple(filter(self._works, _days_of(during)))

    def count(self, during: Period) -> int:
        """Return how many working days a period has."""
        return len(self.working_days(during))

    def next_working_day(self, on: date, n: int = 1) -> date:
        """Return the `n`-th working day after a day.

        Raises `InvalidValue` for an `n` that is not above zero or leads outside the calendar.
        """
        if not forms.count(n, "n"):
            raise InvalidValue("n", "is zero", "pass 1 for the next working day")
        later = islice(_from(day(on, "on"), _BEYOND), 1, None)
        found = next(islice(filter(self._works, later), n - 1, None), None)
        if found is None:
            raise InvalidValue("n", "leads outside the calendar", "pass a smaller one")
        return found

    def with_days_off(self, days_off: DaysOff) -> Self:
        """Return the calendar with more days off: those of a company, or a person's leave.

        A day that is off already keeps its name; a make-up day among them is no longer worked.
        """
        more = _holidays(days_off, "days_off")
        make_up = self.make_up.difference(more)
        return evolve(self, holidays={**more, **self.holidays}, make_up=make_up)

    def findings(self, during: Period) -> tuple[Finding, ...]:
        """Return what is doubtful: the first day of a period on which it is not official."""
        doubtful = (on for on in _days_of(during) if not self._confirmed(on))
        return tuple(
            _UNCONFIRMED.about(self.name, calendar=self.name, day=on) for on in islice(doubtful, 1)
        )

    def _works(self, on: date) -> bool:
        off = on.isoweekday() in self.weekend or on in self.holidays
        return not off or on in self.make_up

    def _confirmed(self, on: date) -> bool:
        until = self.confirmed_until
        return until is not None and self.confirmed_from <= on <= until


def _days_of(during: Period) -> Iterator[date]:
    if not isinstance(during, Period):
        raise WrongType.of("during", during, "pass a period such as Month(2026, 7)")
    return _from(during.first, during.after)


def _from(first: date, after: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), after.toordinal()))


def calendar_of(value: object) -> WorkCalendar:
    """Return a calendar, proved to be one; raises `WrongType`."""
    if not isinstance(value, WorkCalendar):
        raise WrongType.of("calendar", value, "pass a WorkCalendar such as WEEKDAYS")
    return value


#: Monday to Friday without any holiday, which is official nowhere
WEEKDAYS: Final = WorkCalendar(name="weekdays")
