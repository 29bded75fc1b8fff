"""Instants, dates, zones and midnights: what is taken, what is refused."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import Enum
from time import process_time
from zoneinfo import ZoneInfo

import pendulum
import pytest
from attrs import evolve
from hypothesis import given

from salesflow.errors import InvalidValue, WrongType
from salesflow.instants import day, day_in, instant
from salesflow.periods import Cycle, Month, Quarter, Span, Week
from strategies import instants


class Stamp(datetime):
    """A datetime of somebody else's, as data frames have them."""


class Moment(pendulum.DateTime):
    pass


class Day(date):
    pass


class Nowhere(tzinfo):
    def utcoffset(self, moment):
        return None


class Zone(str, Enum):  # noqa: UP042 - the older way, whose str() is another text
    """A host's own list of time zones."""

    SHANGHAI = "Asia/Shanghai"


# --- instants and dates -----------------------------------------------------------------------


@given(instants())
def test_an_instant_is_kept_in_utc_and_stays_the_same_instant(moment):
    """Whatever the zone, the instant is equal; stored and loaded it is still the same."""
    kept = instant(moment)

    assert type(kept) is pendulum.DateTime
    assert kept.isoformat() == moment.astimezone(UTC).isoformat()
    assert instant(kept) is kept
    for arrived in (pickle.loads(pickle.dumps(kept)), copy.copy(kept), copy.deepcopy(kept)):
        assert instant(arrived).isoformat() == kept.isoformat()
        assert hash(arrived) == hash(kept)


@pytest.mark.parametrize(
    ("moment", "utc"),
    [
        (datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York")), "2026-11-01T05:30"),
        (
            datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/New_York")),
            "2026-11-01T06:30",
        ),
        (pendulum.datetime(2026, 11, 1, 1, 30, tz="America/New_York", fold=0), "2026-11-01T05:30"),
        (pendulum.datetime(2026, 11, 1, 1, 30, tz="America/New_York", fold=1), "2026-11-01T06:30"),
        (datetime(2026, 3, 8, 2, 30, tzinfo=ZoneInfo("America/New_York")), "2026-03-08T07:30"),
        (datetime(1988, 7, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai")), "1988-07-01T03:00"),
        (datetime(1992, 7, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai")), "1992-07-01T04:00"),
        (datetime(2026, 1, 1, 12, tzinfo=ZoneInfo("Australia/Lord_Howe")), "2026-01-01T01:00"),
        (datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Australia/Lord_Howe")), "2026-07-01T01:30"),
        (Stamp(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=8))), "2026-07-01T04:00"),
        (Moment(2026, 7, 1, 12, tzinfo=pendulum.timezone("Asia/Shanghai")), "2026-07-01T04:00"),
        (Moment(2026, 7, 1, 12, tzinfo=pendulum.UTC), "2026-07-01T12:00"),
        (datetime(1900, 1, 1, tzinfo=UTC), "1900-01-01T00:00"),
        (datetime(2200, 12, 31, 23, 59, tzinfo=UTC), "2200-12-31T23:59"),
    ],
    ids=str,
)
def test_an_hour_that_comes_twice_or_never_is_one_instant(moment, utc):
    """Fold and gap, summer time and half hours: read as the zone says, then kept in UTC."""
    kept = instant(moment)

    assert kept.isoformat() == f"{utc}:00+00:00"
    assert type(kept) is pendulum.DateTime


@pytest.mark.parametrize(
    "naive",
    [datetime(2026, 7, 1), pendulum.naive(2026, 7, 1), datetime(2026, 7, 1, tzinfo=Nowhere())],
)
def test_a_naive_instant_is_refused(naive):
    """It could mean any of forty instants."""
    with pytest.raises(InvalidValue, match=r"^at has no time zone; pass an aware datetime\.$"):
        instant(naive)
    with pytest.raises(InvalidValue, match=r"^moment has no time zone"):
        naive in Month(2026, 7)
    with pytest.raises(InvalidValue, match=r"^moment has no time zone"):
        Month(2026, 7).day_of(naive)


EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))


@pytest.mark.parametrize("zone", [UTC, EAST, WEST, pendulum.UTC, ZoneInfo("Asia/Shanghai")])
@pytest.mark.parametrize("on", ["0001-01-01", "1899-07-01", "2201-07-01", "9999-12-31"])
def test_an_instant_outside_the_calendar_is_a_typing_mistake(on, zone):
    """Years run from 1900 to 2200; the first and the last day of all do not overflow either."""
    for hour in (0, 23):
        moment = datetime.combine(date.fromisoformat(on), time(hour), tzinfo=zone)
        with pytest.raises(
            InvalidValue, match=r"^at lies outside the calendar; use a year from 19"
        ):
            instant(moment)


@pytest.mark.parametrize("year", [1, 1899, 2201, 9999])
def test_a_date_outside_the_calendar_is_a_typing_mistake(year):
    """A close in the year 202 or 20261 was mistyped."""
    with pytest.raises(InvalidValue, match=r"^date lies outside the calendar"):
        day(date(year, 12, 31))
    with pytest.raises(InvalidValue, match=r"^first lies outside the calendar"):
        Span(date(year, 1, 1), date(2026, 1, 1))
    assert day(date(1900, 1, 1)) < day(date(2200, 12, 31))


@pytest.mark.parametrize("value", ["2026-07-01", 20260701, 1.5, None, time(9), timedelta(1), b"x"])
def test_what_is_no_instant_and_no_date_is_refused(value):
    """Texts are read at the edge of the host, not here."""
    with pytest.raises(WrongType, match="pass an aware datetime"):
        instant(value)
    with pytest.raises(WrongType, match="pass a date"):
        day(value)
    with pytest.raises(WrongType, match=r"^moment is of type"):
        value in Month(2026, 7)


def test_a_date_is_no_instant_and_an_instant_no_date():
    """A date has no hour; the date of an instant depends on where one stands."""
    with pytest.raises(WrongType):
        instant(date(2026, 7, 1))
    for moment in (datetime(2026, 7, 1, tzinfo=UTC), pendulum.datetime(2026, 7, 1), Stamp(1, 1, 1)):
        with pytest.raises(WrongType, match=r"^date is of type"):
            day(moment)


@pytest.mark.parametrize("value", [date(2026, 7, 1), pendulum.date(2026, 7, 1), Day(2026, 7, 1)])
def test_a_kind_of_date_is_taken_and_never_kept(value):
    """What is kept is a plain date: a library's own kind may compare and store otherwise."""
    assert type(day(value)) is date
    assert day(value) == date(2026, 7, 1)
    assert type(Span(value, date(2026, 8, 1)).first) is date
    assert type(Cycle(value, 1).anchor) is date
    assert value in Month(2026, 7)


# --- zones ------------------------------------------------------------------------------------

ZONES_REFUSED = ["../../etc/passwd", "/etc/localtime", "", " ", "\0", "UTC\0", "A" * 10_000]
ZONES_REFUSED += ["A/" * 5_000, "zone.tab", "tzdata.zi", "UTC+8", "+08:00", "Asia/Beijing", "Asia"]
ZONES_REFUSED += [
    "UTC\n",
    " UTC",
    "Ａsia/Shanghai",
    "亚洲/上海",
    "__init__",
    "leapseconds",
    "local",
]
ZONES_REFUSED += [None, 8, True, b"UTC", ["UTC"], {}, UTC, ZoneInfo("UTC"), 1.5]


@pytest.mark.parametrize("name", ZONES_REFUSED, ids=lambda value: ascii(value)[:20])
@pytest.mark.parametrize(
    "make",
    [
        lambda tz: Quarter(2026, 3, tz=tz),
        lambda tz: Span(date(2026, 1, 1), date(2026, 2, 1), tz=tz),
        lambda tz: evolve(Week(2026, 1), tz=tz),
    ],
    ids=["quarter", "span", "evolved week"],
)
def test_what_is_no_time_zone_is_refused(make, name):
    """One error for all of them, at once, and no path of the machine is ever opened."""
    started = process_time()

    with pytest.raises(InvalidValue, match=r"^tz is not a known time zone; pass an IANA name"):
        make(name)
    assert process_time() - started < 0.05


@pytest.mark.parametrize("name", ["localtime", "posixrules", "right/UTC", "posix/Asia/Shanghai"])
def test_a_file_of_the_machine_is_no_time_zone(name):
    """A result must not depend on what a machine calls local, or on its leap seconds."""
    with pytest.raises(InvalidValue, match=r"^tz is not a known time zone"):
        Month(2026, 7, tz=name)


@pytest.mark.parametrize("name", ["utc", "Utc", "asia/shanghai"])
def test_a_zone_has_one_spelling(name):
    """Two spellings would make two periods that are equal to everybody but the library."""
    try:
        taken = Month(2026, 7, tz=name).tz
    except InvalidValue:
        return
    assert taken in ("UTC", "Asia/Shanghai")


def test_a_kind_of_str_is_taken_for_the_zone_it_names():
    """A member of a host's own list means its zone, and is not kept."""
    quarter = Quarter(2026, 3, tz=Zone.SHANGHAI)

    assert quarter == Quarter(2026, 3, tz="Asia/Shanghai")
    assert type(quarter.tz) is str


@pytest.mark.parametrize(
    ("at", "tz", "on"),
    [
        ("2028-11-05T03:00:00+00:00", "America/New_York", "2028-11-04"),
        ("2028-11-05T04:30:00+00:00", "America/New_York", "2028-11-05"),
        ("2026-09-30T15:30:00+00:00", "Asia/Shanghai", "2026-09-30"),
    ],
)
def test_the_date_of_an_instant_is_that_of_the_clock_on_the_wall(at, tz, on):
    """Also in the hours before the clocks change."""
    assert day_in(instant(datetime.fromisoformat(at)), tz) == date.fromisoformat(on)
