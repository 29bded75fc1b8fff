"""The working days of a country, taken from the package `holidays` (extra `calendars`).

    official = a year of which the package has every date: none is estimated, its tables have not
               ended, and, where days are swapped by decree, it lies between decrees it has

Two kinds of year look complete and are not.  Where the State moves working days about (调休), as
in China, a year whose notice is not out has its statutory days and no make-up days; and a feast
that follows the moon may be only estimated.  So a calendar is official for the last unbroken run
of such years among those asked, and its findings say so of any day outside.

>>> china = work_calendar("CN", range(2025, 2028))
>>> china.works(date(2026, 2, 14)), china.holidays[date(2026, 10, 1)]
(True, Label(zh='国庆节', en='National Day'))
>>> work_calendar("CN", [2025]).confirmed_until
datetime.date(2025, 12, 31)

The notice for a year may still ask for work on the last days of the year before, as that for 2012
did; so take the newest release of the package each December.

Source: the package `holidays` (github.com/vacanza/holidays), which cites the notice of each year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, dropwhile, islice, takewhile
from typing import Final

from salesflow import text
from salesflow.errors import InvalidValue, WrongType
from salesflow.instants import FIRST_YEAR, LAST_YEAR, day
from salesflow.labels import Label
from salesflow.tables import several
from salesflow.workdays import WorkCalendar

try:
    from holidays import HolidayBase, country_holidays
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "salesflow.calendars needs the package holidays; install salesflow[calendars].",
        name=error.name,
    ) from error

__all__ = ["work_calendar"]

_MOST_YEARS: Final = 300
# ISO 3166-1, two letters; the package has other things under longer names.
_COUNTRY: Final = re.compile("[A-Z]{2}")
# How the package marks a date that is not known yet: "(estimated)", "(observed, estimated)".
_ESTIMATED: Final = "estimated)"
# A day off only because the weekend lay on other days at the time.
_WEEKEND: Final = Label("周末", "weekend")
# A country speaks it or has one language only; were it left unsaid, the locale would decide.
_ENGLISH: Final = "en_US"
_CHINESE: Final = "zh_CN"


def work_calendar(
    country: str,
    years: Iterable[int],
    *,
    subdiv: str = "",
    confirmed_until: date | None = None,
) -> WorkCalendar:
    """Return the calendar of a country, "CN" say, from the first to the last of some years.

    `subdiv` is a part of the country, as ISO 3166-2 writes it after the hyphen.
    `confirmed_until` is for a host that knows more than the package, such as that a country has
    given up swapping days.
    Raises `InvalidValue` for a country or a part that the package does not have, for years
    outside the calendar, and for a `confirmed_until` in none of them.
    """
    country, subdiv = text.line(country, "country"), text.optional(subdiv, "subdiv")
    asked = _asked(years)
    english = _source(country, subdiv, asked)
    has_chinese = _CHINESE in english.supported_languages
    chinese = _read(country, subdiv, asked, _CHINESE) if has_chinese else english
    days = _days_of(asked)
    weekend = frozenset(on.isoweekday() for on in days[-7:] if english.is_weekend(on))
    off = frozenset(on for on in days if not english.is_working_day(on))
    official = _official(english, asked)
    return WorkCalendar(
        name=f"{country}-{subdiv}" if subdiv else country,
        weekend=weekend,
        holidays={on: Label(chinese[on], english[on]) for on in off.intersection(english)}
        | {on: _WEEKEND for on in off.difference(english) if on.isoweekday() not in weekend},
        make_up=(on for on in days if on.isoweekday() in weekend and on not in off),
        confirmed_from=date(official[-1] if official else asked[0], 1, 1),
        confirmed_until=_until(confirmed_until, official, asked),
    )


def _asked(years: Iterable[int]) -> range:
    few = tuple(islice(several(years, "years"), _MOST_YEARS + 1))
    for year in few:
        if type(year) is not int:
            raise WrongType.of("years", year, "list whole numbers such as 2026")
    if not 0 < len(few) <= _MOST_YEARS:
        raise InvalidValue("years", "are none or too many", f"list 1 to {_MOST_YEARS}")
    if min(few) < FIRST_YEAR or max(few) > LAST_YEAR:
        raise InvalidValue("years", "lie outside the calendar", f"use {FIRST_YEAR} to {LAST_YEAR}")
    return range(min(few), max(few) + 1)


def _source(country: str, subdiv: str, years: range) -> HolidayBase:
    remedy = "use two letters of ISO 3166-1, such as CN"
    if not _COUNTRY.fullmatch(country):
        raise InvalidValue("country", "is no code of a country", remedy)
    try:
        whole = _read(country, "", years)
    except NotImplementedError:
        raise InvalidValue("country", "is not in the package holidays", remedy) from None
    if not subdiv:
        return whole
    if subdiv not in {*whole.subdivisions, *whole.subdivisions_aliases}:
        raise InvalidValue("subdiv", "is no part of that country", "see the package holidays")
    return _read(country, subdiv, years)


def _read(country: str, subdiv: str, years: range, language: str = _ENGLISH) -> HolidayBase:
    # Not to be expanded: asked about a day of another year, it would add that year.
    part = subdiv or None
    return country_holidays(country, subdiv=part, years=years, expand=False, language=language)


def _days_of(years: range) -> tuple[date, ...]:
    first, after = date(years.start, 1, 1), date(years.stop, 1, 1)
    return tuple(map(date.fromordinal, range(first.toordinal(), after.toordinal())))


def _official(source: HolidayBase, asked: range) -> tuple[int, ...]:
    """Return the last unbroken run of official years, the latest first."""
    doubtful = set(asked).difference(_known(source, asked)).union(_estimated(source, asked))
    latest = dropwhile(doubtful.__contains__, reversed(asked))
    return tuple(takewhile(lambda year: year not in doubtful, latest))


def _known(source: HolidayBase, asked: range) -> range:
    """Return the years of which the package has every date, be it estimated."""
    first, last = source.start_year, source.end_year
    if source.has_substituted_holidays:
        whole = _read(source.country, source.subdiv or "", range(first, last + 1))
        swapped = {on.year for on in whole.weekend_workdays}
        return range(min(swapped, default=0), max(swapped, default=0) + 1)
    # After the last feast that it estimates its tables have ended, and it no longer says so.
    nearest = chain(range(asked.stop, last + 1), range(asked.stop - 1, first - 1, -1))
    return range(first, next(_estimated(source, nearest), last) + 1)


def _estimated(source: HolidayBase, years: Iterable[int]) -> Iterator[int]:
    """Yield those years of which a date is estimated."""
    for year in years:  # one by one, as the package may warn of the far ones
        names = _read(source.country, source.subdiv or "", range(year, year + 1)).values()
        if any(_ESTIMATED in name for name in names):
            yield year


def _until(given: date | None, official: tuple[int, ...], asked: range) -> date | None:
    if given is None:
        return date(official[0], 12, 31) if official else None
    if day(given, "confirmed_until").year not in asked:
        raise InvalidValue("confirmed_until", "is not in the years asked", "ask for its year too")
    return given
