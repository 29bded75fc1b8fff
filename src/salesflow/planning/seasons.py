"""Seasons: how a year's sales fall on its months, learned from whole years of the past.

    share of a month = mean over the years of (sales of the month ÷ sales of its year)

Every year weighs the same, so a year that sold twice as much does not decide the season.  Only
complete years count: in a broken one the missing months would look weak.  Quarters are taken in
the same way, of calendar or fiscal years.

>>> from salesflow import wan
>>> past = {Quarter(year, n): wan(n * year) for year in (2023, 2024, 2025) for n in (1, 2, 3, 4)}
>>> learned = seasons({**past, Quarter(2026, 1): wan(900)})
>>> learned.years, learned.left_out, learned.shares[4].mean
((2023, 2024, 2025), (2026,), Fraction(2, 5))
>>> [str(share) for share in learned.weights([Quarter(2027, 1), Quarter(2027, 2)]).values()]
['1/10', '1/5']

The weights are those that `Quota.split_periods` takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from attrs import frozen

from salesflow import text
from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.forms import count
from salesflow.labels import Label
from salesflow.money import Money, half_up
from salesflow.periods import Month, Period, Quarter
from salesflow.tables import Rows, Table, listed, rows_of

__all__ = ["ENOUGH_YEARS", "SEASON_REMARKS", "SeasonShare", "Seasons", "seasons"]

#: complete years from which a season is more than the luck of one; ours, to start from
ENOUGH_YEARS: Final = 3
_PRECISE: Final = 10**12

_THIN: Final = Remark(
    "season_thin",
    Severity.WATCH,
    Label("季节规律只有 {n} 个完整年度可依", "the season rests on few complete years: {n}"),
    Label("补充往年数据，或自行确定权重", "add earlier years, or set the weights yourself"),
)
_LEFT_OUT: Final = Remark(
    "season_years_left_out",
    Severity.WATCH,
    Label("未采用的年度：{years}", "years left out: {years}"),
    Label(
        "补全各月数据；无销售或有负数的年度也不采用",
        "complete them; a year without sales, or with returns above them, is left out too",
    ),
)
#: every finding about seasons
SEASON_REMARKS: Final = (_THIN, _LEFT_OUT)


@frozen(kw_only=True)
class SeasonShare:
    """The share of one month or quarter in its year."""

    #: mean over the years, exact
    mean: Fraction
    #: share in the year in which it was smallest
    low: Fraction
    #: share in the year in which it was largest
    high: Fraction


@frozen(kw_only=True)
class Seasons:
    """How sales fall on a year, learned from its past: a value to read and to split by."""

    #: the complete years it was learned from
    years: tuple[int, ...]
    #: the years that were left out
    left_out: tuple[int, ...]
    #: share by the number of the month or quarter; none where no year is complete
    shares: Table[int, SeasonShare]
    #: what was looked at: 12 months or 4 quarters a year, and the month the year starts in
    calendar: tuple[int, int]

    @property
    def n(self) -> int:
        """How many years it was learned from."""
        return len(self.years)

    def weights(self, periods: Iterable[Month | Quarter]) -> Table[Period, Fraction]:
        """Return the share of each period in its year, to split a quota by.

        Rounded to twelve decimals, or the fractions of a long past would be endless.  Raises
        `InvalidValue` where nothing was learned, or for periods of another kind.
        """
        if not self.shares:
            raise InvalidValue("history", "has no complete year", "add one, or set the weights")
        places = {period: _place(period, "periods") for period in listed(periods, "periods")}
        if any(calendar != self.calendar for calendar, _, _ in places.values()):
            raise InvalidValue("periods", "are not of the kind learned from", "pass the same kind")
        return Table(
            {
                period: Fraction(half_up(self.shares[number].mean * _PRECISE), _PRECISE)
                for period, (_, _, number) in places.items()
            }
        )

    def findings(self, subject: str, *, enough: int = ENOUGH_YEARS) -> tuple[Finding, ...]:
        """Return what is doubtful, about whatever the history is of: a product or a team."""
        return tuple(self._findings(text.line(subject, "subject"), count(enough, "enough")))

    def _findings(self, subject: str, enough: int) -> Iterator[Finding]:
        if self.n < enough:
            yield _THIN.about(subject, n=self.n)
        if self.left_out:
            yield _LEFT_OUT.about(subject, years=self.left_out)


def seasons(history: Rows[Month | Quarter, Money]) -> Seasons:
    """Return how sales fell on the months, or on the quarters, of the complete years of a past.

    Raises `InvalidValue` for an empty past and one of mixed kinds, `CurrencyMismatch` for one of
    two currencies.
    """
    years, calendar = _years(rows_of(history, "history"))
    size, _ = calendar
    whole = {
        year: sold
        for year, sold in years.items()
        if len(sold) == size and min(sold.values()) >= 0 and any(sold.values())
    }
    return Seasons(
        years=tuple(sorted(whole)),
        left_out=tuple(sorted(set(years) - set(whole))),
        shares=Table({n: _share(n, [*whole.values()]) for n in range(1, size + 1) if whole}),
        calendar=calendar,
    )


def _share(number: int, years: list[dict[int, int]]) -> SeasonShare:
    shares = [Fraction(sold[number], sum(sold.values())) for sold in years]
    return SeasonShare(
        mean=sum(shares, Fraction(0)) / len(shares), low=min(shares), high=max(shares)
    )


def _years(
    history: dict[Month | Quarter, Money],
) -> tuple[dict[int, dict[int, int]], tuple[int, int]]:
    """Return what was sold in each year, by number of month or quarter, and the calendar."""
    years, calendars, currencies = dict[int, dict[int, int]](), set[tuple[int, int]](), set[str]()
    for period, sold in history.items():
        calendar, year, number = _place(period, "history")
        if not isinstance(sold, Money):
            raise WrongType.of("history", sold, "pass Money for each period")
        if number in years.setdefault(year, {}):
            raise InvalidValue("history", "has one period twice", "keep to one time zone")
        years[year][number] = sold.minor
        calendars.add(calendar)
        currencies.add(sold.currency)
    if len(calendars) != 1:
        raise InvalidValue("history", "is empty or mixes calendars", "pass months, or quarters")
    if len(currencies) > 1:
        raise CurrencyMismatch(*sorted(currencies)[:2])
    return years, calendars.pop()


def _place(period: object, box: str) -> tuple[tuple[int, int], int, int]:
    """Return the calendar of a period, its year, and its number in that."""
    match period:
        case Month(year=year, month=number):
            return (12, 1), year, number
        case Quarter(year=year, quarter=number, first_month=first):
            return (4, first), year, number
        case _:
            raise WrongType.of(box, period, "pass values of Month, or of Quarter")
