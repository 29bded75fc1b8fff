"""Hypothesis strategies for the ground floor: money, numbers, time, text, evidence.

They draw what a host may pass in; what a host must not pass in stands in `hostile_texts`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

from attrs import evolve
from hypothesis import strategies as st

from salesflow.activity import WORK, ActivityKind, counts
from salesflow.customers import RelationshipLevel
from salesflow.gates import Evidence, Gate
from salesflow.labels import Label
from salesflow.money import Money
from salesflow.periods import Cycle, Month, Quarter, Span, Week, Year

#: zones with odd hours, odd halves, odd midnights, and none of these
ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "America/New_York",
    "America/Havana",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)

_FIRST = date(2020, 1, 1)
_LAST = date(2029, 12, 31)


def moneys(currency="CNY", min_minor=0, max_minor=10**12):
    """Amounts of one currency, counted in minor units."""
    return st.integers(min_minor, max_minor).map(lambda minor: Money.of_minor(minor, currency))


def fractions(min_value=-1000, max_value=1000, max_denominator=10**6):
    """Exact ratios and factors."""
    return st.fractions(min_value, max_value, max_denominator=max_denominator)


def weights(max_size=12):
    """Non-negative numbers to split by, of which at least one is above zero."""
    parts = st.one_of(st.integers(0, 1000), fractions(0, 1000), st.decimals(0, 1000, places=3))
    return st.lists(parts, min_size=1, max_size=max_size).filter(any)


def zones():
    """Names of time zones."""
    return st.sampled_from(ZONES)


def dates():
    """Calendar dates from 2020 to 2029."""
    return st.dates(_FIRST, _LAST)


def instants():
    """Aware datetimes from 2020 to 2029: IANA zones, UTC, and offsets down to the second."""
    offsets = st.integers(-14 * 3600, 14 * 3600).map(lambda s: timezone(timedelta(seconds=s)))
    return st.datetimes(
        datetime(2020, 1, 1),
        datetime(2029, 12, 31, 23, 59, 59, 999999),
        timezones=st.one_of(zones().map(ZoneInfo), offsets, st.just(UTC)),
        allow_imaginary=False,
    )


def ids():
    """Ids as hosts write them: short, printable, without blanks at the edges."""
    alphabet = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz0123456789-_/.甲乙医院")
    return st.text(alphabet, min_size=1, max_size=20)


def safe_texts(max_size=60):
    """One line of text of any script that nobody has to refuse; never blank."""
    letters = st.characters(categories=["L", "N", "P", "S"])
    return st.text(letters, min_size=1, max_size=max_size)


def hostile_texts():
    """Text with a control, a lone surrogate or a direction character inside."""
    bad = st.one_of(
        st.characters(categories=["Cc", "Cs"]),
        st.sampled_from("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    )
    return st.builds("a{}b{}c".format, safe_texts(), bad)


def spans():
    """Runs of one to 400 days."""
    return st.builds(
        lambda first, days, tz: Span(first, first + timedelta(days=days), tz=tz),
        dates(),
        st.integers(1, 400),
        zones(),
    )


def weeks():
    """ISO weeks, the 53rd among them."""
    return st.builds(
        lambda of, tz: Week(of.isocalendar().year, of.isocalendar().week, tz=tz), dates(), zones()
    )


def months():
    """Calendar months."""
    return st.builds(Month, st.integers(2020, 2029), st.integers(1, 12), tz=zones())


def quarters():
    """Quarters of calendar and fiscal years."""
    return st.builds(
        Quarter,
        st.integers(2020, 2029),
        st.integers(1, 4),
        first_month=st.integers(1, 12),
        tz=zones(),
    )


def years():
    """Calendar and fiscal years."""
    return st.builds(Year, st.integers(2020, 2029), first_month=st.integers(1, 12), tz=zones())


def cycles():
    """Cycles of four weeks."""
    return st.builds(Cycle, dates(), st.integers(1, 130), tz=zones())


def periods():
    """Periods of every kind."""
    return st.one_of(spans(), weeks(), months(), quarters(), years(), cycles())


def evidences(keys):
    """Evidence for one of these gates: of any kind, approved or not, with and without a value."""
    values = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-2, 6),
        st.sampled_from([Fraction(5, 2), Fraction(7, 2)]),
        st.sampled_from(RelationshipLevel),
    )
    return st.builds(
        Evidence,
        gate=st.sampled_from(keys),
        kind=st.sampled_from(ActivityKind),
        ref=ids(),
        value=values,
        approver=st.sampled_from(["", "M-1"]),
    )


@st.composite
def gate_rows(draw, keys):
    """The gates of one row: with thresholds, facts and groups; what only invites stands alone."""
    able = [kind for kind in ActivityKind if counts(kind, approved=True)]
    bars = st.sampled_from([None, 0, 2, 4, Fraction(5, 2), *RelationshipLevel])
    drawn = []
    for key in keys[: draw(st.integers(0, len(keys)))]:
        required = draw(st.sampled_from([True, True, True, False]))
        fact = draw(st.sampled_from(["", "", "paid", "signed"])) if required else ""
        kinds = st.one_of(st.just(WORK), st.sets(st.sampled_from(able)))
        settings = {"accepts": draw(kinds if fact else kinds.filter(bool)), "fact": fact}
        settings |= {"threshold": draw(bars), "measured": draw(st.booleans())}
        settings |= {"any_of": draw(st.sampled_from(["", "", "g", "h"])) if required else ""}
        drawn.append(Gate(key, Label("可以吗？", "May we?"), required=required, **settings))
    groups = [gate.any_of for gate in drawn]
    return [gate if groups.count(gate.any_of) > 1 else evolve(gate, any_of="") for gate in drawn]
