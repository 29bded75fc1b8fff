"""Instants that happened, days that are planned, and the midnights between them.

What *happened* has an instant, kept in UTC; what is *planned* has a date.  A naive datetime could
mean any of forty instants and is refused.  Years run from 1900 to 2200: outside, a date is a
typing mistake, or another system's word for "never".

>>> from datetime import timezone
>>> instant(datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=8)))).isoformat()
'2026-07-01T01:00:00+00:00'
>>> midnight(date(2026, 7, 1), "Asia/Shanghai").isoformat()
'2026-06-30T16:00:00+00:00'

Where midnight does not exist (clocks jump over it) a day starts at the jump; where it comes twice
it starts at the first one.
"""

from __future__ import annotations

import re
from datetime import UTC as STANDARD_UTC
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

import pendulum
from pendulum import UTC, DateTime

from salesflow.errors import InvalidValue, WrongType

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "day",
    "day_in",
    "elapsed",
    "hour",
    "instant",
    "midnight",
    "minute_of",
    "zone_name",
]

#: first and last year of the calendar
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200

#: `elapsed(later, earlier)`, the standard library's difference: pendulum's own takes a hundred
#: times as long, and taken off an instant it leads elsewhere
elapsed: Final = datetime.__sub__

_YEARS: Final = f"use a year from {FIRST_YEAR} to {LAST_YEAR}"
_SECOND: Final = timedelta(seconds=1)
# Minutes of it.
_HOUR: Final = 60
_ZONE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,32}){0,2}")
# Files of the time zone data that are no zones.
_NO_ZONE: Final = re.compile("posix|right/|local")


def instant(value: object, name: str = "at") -> DateTime:
    """Return an aware datetime of any kind as a pendulum `DateTime` in UTC.

    Raises `WrongType` for anything else, `InvalidValue` for a naive one and outside the calendar.
    """
    if type(value) is DateTime and value.tzinfo is UTC:
        moment = value
    else:
        if not isinstance(value, datetime):
            raise WrongType.of(name, value, "pass an aware datetime")
        if value.utcoffset() is None:
            raise InvalidValue(name, "has no time zone", "pass an aware datetime")
        try:
            moment = _pendulum(datetime.astimezone(value, STANDARD_UTC))
        except OverflowError:
            raise InvalidValue(name, "lies outside the calendar", _YEARS) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise InvalidValue(name, "lies outside the calendar", _YEARS)
    return moment


def day(value: object, name: str = "date") -> date:
    """Return a calendar date; a datetime is refused, since its date depends on a time zone."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise WrongType.of(name, value, "pass a date")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise InvalidValue(name, "lies outside the calendar", _YEARS)
    return value if type(value) is date else date(value.year, value.month, value.day)


def hour(value: object, name: str = "hour") -> time:
    """Return an hour of a day on the wall of the place; one with a time zone is refused."""
    if not isinstance(value, time):
        raise WrongType.of(name, value, "pass a datetime.time")
    if value.tzinfo is not None:
        raise InvalidValue(name, "has a time zone", "pass the hour on the wall of the hospital")
    return value


def minute_of(hour: time) -> int:
    """Return how many minutes of the day are over at an hour."""
    return hour.hour * _HOUR + hour.minute


def zone_name(value: str) -> str:
    """Return the name of a time zone, proved to be one; raises `InvalidValue`."""
    problem, remedy = "is not a known time zone", "pass an IANA name such as 'Asia/Shanghai'"
    if not isinstance(value, str) or not _ZONE.fullmatch(value) or _NO_ZONE.match(value):
        raise InvalidValue("tz", problem, remedy)
    name = str.__str__(value)
    try:
        zone = _zone(name)
    except (ValueError, TypeError, OSError, LookupError):
        raise InvalidValue("tz", problem, remedy) from None
    if zone.name != name:  # another spelling of it
        raise InvalidValue("tz", problem, remedy)
    return name


def midnight(of: date, tz: str) -> DateTime:
    """Return the instant at which a day begins in a time zone."""
    zone = _zone(tz)
    wall = datetime(of.year, of.month, of.day, tzinfo=zone)
    begins = datetime.astimezone(wall, STANDARD_UTC)
    jump = datetime.astimezone(wall.replace(fold=1), STANDARD_UTC)
    # Only where the clocks jump over midnight is the second reading the earlier one; the day
    # then begins at the jump, somewhere between the two.
    while begins - jump > _SECOND:
        middle = jump + (begins - jump) / 2
        if datetime.astimezone(middle, zone).date() < of:
            jump = middle
        else:
            begins = middle
    return _pendulum(begins.replace(microsecond=0))


def day_in(moment: DateTime, tz: str) -> date:
    """Return the calendar date of an instant in a time zone."""
    # As a plain datetime: a pendulum one, asked by the standard library to move, adds the offset
    # its own way and is an hour off on the day the clocks change.
    m = moment
    plain = datetime(m.year, m.month, m.day, m.hour, m.minute, m.second, tzinfo=STANDARD_UTC)
    return plain.astimezone(_zone(tz)).date()


# pendulum forgets a zone that nobody holds, and reads its file again; more zones than these are
# hardly in use at once.
_zone: Final = lru_cache(maxsize=64)(pendulum.timezone)


def _pendulum(u: datetime) -> DateTime:
    # By hand: pendulum's own conversion takes thirty times as long.
    return DateTime(u.year, u.month, u.day, u.hour, u.minute, u.second, u.microsecond, tzinfo=UTC)
