"""What the arguments and the settings say: each is read in one known way, or is one clear line.

What nobody gave is None, and stays None.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from report_parts.rows import BadInput
from salesflow import Money, Month, Span, instants, wan
from salesflow.periods import Period

__all__ = ["amount", "currency", "day", "instant", "instant_in", "month", "quarter", "zone"]

_AMOUNT: Final = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?) ?(wan|万)?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
_QUARTER: Final = re.compile(r"([0-9]{4})-?[Qq]([1-4])")


def amount(text: str | None, code: str, name: str = "quota") -> Money | None:
    """Return an amount in a currency, written 5000000, 5,000,000 or 500wan."""
    if text is None:
        return None
    matched = _AMOUNT.fullmatch(text.strip())
    if matched is None:
        raise BadInput(f"the {name} {text!r} is not written like 5000000 or 500wan")
    figure = matched[1].replace(",", "")
    return wan(figure, code) if matched[2] else Money(figure, code)


def currency(text: str | None) -> str | None:
    """Return the code of a currency, which may be written small; raises `InvalidValue`."""
    return None if text is None else Money(0, text.upper()).currency


def day(text: str | None, name: str) -> date | None:
    """Return a day of the calendar; `name` is the argument that holds it."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise BadInput(f"{name}: the day {text!r} is not written like 2026-07-31")
    return instants.day(found, name)


def instant(text: str | None, tz: str) -> datetime | None:
    """Return the last instant of a day in a time zone, or an instant written with an offset."""
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            first = date.fromisoformat(text)
            return Span(first, first + timedelta(days=1), tz=tz).last
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise BadInput(f"the day {text!r} is not written like 2026-08-31") from None
    if moment.utcoffset() is None:
        raise BadInput(f"the instant {text!r} has no offset such as +08:00")
    return moment


def instant_in(text: str | None, during: Period) -> datetime | None:
    """Return the instant that `--at` gives, which has to lie in the period."""
    at = instant(text, during.tz)
    if at is not None and not during.start <= at < during.end:
        raise BadInput(f"--at {text} does not lie in {during}")
    return at


def month(text: str | None, tz: str) -> Month | None:
    """Return a month in a time zone."""
    if text is None:
        return None
    matched = _MONTH.fullmatch(text)
    if matched is None:
        raise BadInput(f"the month {text!r} is not written like 2026-08")
    return Month(int(matched[1]), int(matched[2]), tz=tz)


def quarter(text: str | None) -> tuple[int, int] | None:
    """Return the year and the number of a quarter."""
    if text is None:
        return None
    matched = _QUARTER.fullmatch(text)
    if matched is None:
        raise BadInput(f"the quarter {text!r} is not written like 2026Q3")
    return int(matched[1]), int(matched[2])


def zone(text: str | None) -> str | None:
    """Return the name of a time zone, proved to be one; raises `InvalidValue`."""
    return None if text is None else instants.zone_name(text)
