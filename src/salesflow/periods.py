"""Periods: weeks, months, quarters, years, cycles and spans, each in its own time zone.

A period is half-open, from the first midnight in to the first midnight out, **where it lives**: an
order signed on 30 September at 23:30 in Shanghai belongs to the third quarter there.

>>> q3 = Quarter(2026, 3, tz="Asia/Shanghai")
>>> q3.first, q3.after, q3.start.isoformat()
(datetime.date(2026, 7, 1), datetime.date(2026, 10, 1), '2026-06-30T16:00:00+00:00')
>>> date(2026, 9, 30) in q3, q3.end in q3
(True, False)
>>> Quarter(2026, 1, first_month=4).first  # a fiscal year that starts in April
datetime.date(2026, 4, 1)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date, datetime
from typing import Self

from attrs import Attribute, evolve, field, frozen
from pendulum import DateTime

from salesflow.errors import InvalidValue, WrongType
from salesflow.instants import FIRST_YEAR, LAST_YEAR, day, day_in, instant, midnight, zone_name

__all__ = ["Cycle", "Month", "Period", "Quarter", "Span", "Week", "Year"]


def _first_day(value: date) -> date:
    return day(value, "first")


def _day_after(value: date) -> date:
    return day(value, "after")


def _anchor_day(value: date) -> date:
    return day(value, "anchor")


def _within(low: int, high: int) -> Callable[[object, Attribute[int], int], None]:
    """Return a validator of whole numbers; a bool or a float is none."""

    def validate(_: object, attribute: Attribute[int], value: int) -> None:
        _check(attribute.name, value, low, high)

    return validate


def _check(name: str, value: int, low: int, high: int) -> int:
    if type(value) is not int:
        raise WrongType.of(name, value, "pass an int")
    if not low <= value <= high:
        raise InvalidValue(name, "is out of range", f"use {low} to {high}")
    return value


class Period(ABC):
    """A run of whole days in a time zone: what all periods have in common."""

    __slots__ = ()
    tz: str

    @property
    @abstractmethod
    def first(self) -> date:
        """The first day."""

    @property
    @abstractmethod
    def after(self) -> date:
        """The first day that is no longer in it."""

    @abstractmethod
    def shift(self, periods: int, /) -> Self:
        """The period of its kind so many periods later, or earlier where negative."""

    @property
    def start(self) -> DateTime:
        """The instant at which the first day begins, in UTC."""
        return midnight(self.first, self.tz)

    @property
    def end(self) -> DateTime:
        """The instant at which it is over, in UTC; not itself in the period."""
        return midnight(self.after, self.tz)

    @property
    def last(self) -> DateTime:
        """The last instant of the period, a microsecond before its end."""
        return self.end.subtract(microseconds=1)

    @property
    def days(self) -> int:
        """Its length in calendar days."""
        return self.after.toordinal() - self.first.toordinal()

    def __contains__(self, moment: object) -> bool:
        """Whether a planned date, or an instant that happened, falls into the period."""
        if isinstance(moment, datetime):
            return self.start <= instant(moment, "moment") < self.end
        return self.first <= day(moment, "moment") < self.after

    def day_of(self, moment: datetime) -> date:
        """The calendar date of an instant where this period lives."""
        return day_in(instant(moment, "moment"), self.tz)


@frozen
class Span(Period):
    """Any run of days, written `Span(first, after)`: the day `after` is not in it."""

    #: the first day
    first: date = field(converter=_first_day)
    #: the first day that is no longer in it
    after: date = field(converter=_day_after)
    #: IANA time zone
    tz: str = field(default="UTC", converter=zone_name, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.after <= self.first:
            raise InvalidValue("after", "is not later than first", "pass a later date")

    def shift(self, spans: int, /) -> Self:
        """The span of the same length so many lengths later, or earlier where negative."""
        days = spans * self.days
        return evolve(self, first=_days_on(self.first, days), after=_days_on(self.after, days))

    def __str__(self) -> str:
        return f"{self.first}/{self.after}"


@frozen
class Week(Period):
    """A week from Monday to Sunday, numbered as ISO 8601 does: `Week(2026, 47)`."""

    #: ISO year, which differs from the calendar year around New Year
    year: int = field(validator=_within(FIRST_YEAR, LAST_YEAR))
    #: ISO week, 1 to 53
    week: int = field(validator=_within(1, 53))
    #: IANA time zone
    tz: str = field(default="UTC", converter=zone_name, kw_only=True)

    def __attrs_post_init__(self) -> None:
        try:
            date.fromisocalendar(self.year, self.week, 1)
        except ValueError:
            raise InvalidValue("week", "does not exist in that year", "use 1 to 52") from None

    @property
    def first(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def after(self) -> date:
        """The Monday after."""
        return _days_on(self.first, 7)

    def shift(self, weeks: int, /) -> Self:
        """The week so many weeks later, or earlier where negative."""
        year, week, _ = _days_on(self.first, 7 * weeks).isocalendar()
        return evolve(self, year=year, week=week)

    def __str__(self) -> str:
        return f"{self.year}-W{self.week:02}"


@frozen
class Month(Period):
    """A calendar month, written `Month(2026, 7)`."""

    #: calendar year
    year: int = field(validator=_within(FIRST_YEAR, LAST_YEAR))
    #: 1 to 12
    month: int = field(validator=_within(1, 12))
    #: IANA time zone
    tz: str = field(default="UTC", converter=zone_name, kw_only=True)

    @property
    def first(self) -> date:
        """The first of the month."""
        return date(self.year, self.month, 1)

    @property
    def after(self) -> date:
        """The first of the next month."""
        return _months_on(self.first, 1)

    def shift(self, months: int, /) -> Self:
        """The month so many months later, or earlier where negative."""
        first = _months_on(self.first, months)
        return evolve(self, year=first.year, month=first.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"


@frozen
class Quarter(Period):
    """A quarter of a calendar or fiscal year, written `Quarter(2026, 3)`."""

    #: the year in which the (fiscal) year starts
    year: int = field(validator=_within(FIRST_YEAR, LAST_YEAR))
    #: 1 to 4
    quarter: int = field(validator=_within(1, 4))
    #: month in which the fiscal year starts, 1 for the calendar year
    first_month: int = field(default=1, validator=_within(1, 12), kw_only=True)
    #: IANA time zone
    tz: str = field(default="UTC", converter=zone_name, kw_only=True)

    @property
    def first(self) -> date:
        """The first day of its first month."""
        return _months_on(date(self.year, self.first_month, 1), 3 * (self.quarter - 1))

    @property
    def after(self) -> date:
        """The first day of the next quarter."""
        return _months_on(self.first, 3)

    @property
    def months(self) -> tuple[Month, ...]:
        """Its three months, in order."""
        start = Month(self.first.year, self.first.month, tz=self.tz)
        return tuple(start.shift(n) for n in range(3))

    def shift(self, quarters: int, /) -> Self:
        """The quarter so many quarters later, or earlier where negative."""
        years, index = divmod(self.quarter - 1 + quarters, 4)
        return evolve(self, year=self.year + years, quarter=index + 1)

    def __str__(self) -> str:
        return f"{_fiscal(self.first_month)}{self.year}-Q{self.quarter}"


@frozen
class Year(Period):
    """A calendar or fiscal year, written `Year(2026)`."""

    #: the calendar year in which it starts
    year: int = field(validator=_within(FIRST_YEAR, LAST_YEAR))
    #: month in which it starts, 1 for the calendar year
    first_month: int = field(default=1, validator=_within(1, 12), kw_only=True)
    #: IANA time zone
    tz: str = field(default="UTC", converter=zone_name, kw_only=True)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.first_month, 1)

    @property
    def after(self) -> date:
        """The first day of the next year."""
        return _months_on(self.first, 12)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """Its four quarters, in order."""
        return tuple(
            Quarter(self.year, n, first_month=self.first_month, tz=self.tz) for n in range(1, 5)
        )

    def shift(self, years: int, /) -> Self:
        """The year so many years later, or earlier where negative."""
        return evolve(self, year=self.year + years)

    def __str__(self) -> str:
        return f"{_fiscal(self.first_month)}{self.year}"


@frozen
class Cycle(Period):
    """A cycle of four weeks, the month of field planning: `Cycle(date(2026, 1, 5), 3)`."""

    #: the day on which cycle 1 starts
    anchor: date = field(converter=_anchor_day)
    #: 1 for the cycle that starts on the anchor
    number: int = field(validator=_within(1, 4000))
    #: IANA time zone
    tz: str = field(default="UTC", converter=zone_name, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.anchor.toordinal() + 28 * self.number > date(LAST_YEAR, 12, 31).toordinal():
            raise InvalidValue("number", "lies outside the calendar", "use a smaller number")

    @property
    def first(self) -> date:
        """Its first day."""
        return _days_on(self.anchor, 28 * (self.number - 1))

    @property
    def after(self) -> date:
        """The first day of the next cycle."""
        return _days_on(self.first, 28)

    def shift(self, cycles: int, /) -> Self:
        """The cycle so many cycles later, or earlier where negative."""
        return evolve(self, number=self.number + cycles)

    def __str__(self) -> str:
        return f"cycle {self.number} of {self.anchor}"


def _fiscal(first_month: int) -> str:
    return "" if first_month == 1 else "FY"


def _months_on(first: date, months: int) -> date:
    years, index = divmod(first.month - 1 + months, 12)
    return date(_soon(first.year + years), index + 1, 1)


def _soon(year: int) -> int:
    # What follows the last period still has to have a date.
    return _check("period", year, FIRST_YEAR - 10, LAST_YEAR + 10)


def _days_on(first: date, days: int) -> date:
    ordinal = first.toordinal() + days
    # Dividing first keeps an absurd shift from overflowing the calendar.
    _soon(ordinal // 366)
    return date.fromordinal(ordinal)
