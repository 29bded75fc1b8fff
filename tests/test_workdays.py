"""A calendar says which days are worked, and how far anybody vouches for it."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from fractions import Fraction
from itertools import count

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import CANARY, everything_told
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.findings import Severity
from salesflow.labels import Label
from salesflow.periods import Cycle, Month, Quarter, Span, Year
from salesflow.tables import Table
from salesflow.workdays import CALENDAR_REMARKS, WEEKDAYS, WorkCalendar, calendar_of
from strategies import dates, periods, spans

HAN = re.compile(r"[\u4e00-\u9fff]")
NEW_YEAR = Label("元旦", "New Year's Day")
JANUARY = Month(2026, 1)
# China's January 2026: Thursday to Saturday off, Sunday the 4th worked.
HOLIDAYS = {date(2026, 1, 1): NEW_YEAR, date(2026, 1, 2): "调休"}
MAKE_UP = date(2026, 1, 4)
CHINA = WorkCalendar(
    name="CN", holidays=HOLIDAYS, make_up=[MAKE_UP], confirmed_until=date(2026, 12, 31)
)
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)


class Sunday(IntEnum):
    SUNDAY = 7


@st.composite
def calendars(draw):
    """Calendars of any weekend, with days off and make-up days, official for a while or never."""
    off = draw(st.sets(dates(), max_size=30))
    bounds = sorted(draw(st.tuples(dates(), dates())))
    return WorkCalendar(
        name=draw(st.sampled_from(["CN", "company"])),
        weekend=draw(st.sets(st.integers(1, 7), max_size=6)),
        holidays=dict.fromkeys(off, NEW_YEAR),
        make_up=draw(st.sets(dates(), max_size=30)) - off,
        confirmed_from=bounds[0],
        confirmed_until=draw(st.none() | st.just(bounds[1])),
    )


def every_day(during):
    """The days of a period, one after the other."""
    day, found = during.first, []
    while day < during.after:
        found.append(day)
        day += timedelta(days=1)
    return found


def is_worked(calendar, day):
    """The same rule, told the other way round: first what decides, then what is usual."""
    if day in list(calendar.make_up):
        return True
    if day in list(calendar.holidays):
        return False
    return day.weekday() + 1 not in calendar.weekend


# --- which days are worked -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
        (date(2026, 1, 2), False),
        (date(2026, 1, 3), False),
        (MAKE_UP, True),
        (date(2026, 1, 5), True),
        (date(2026, 1, 10), False),
        (date(2026, 1, 11), False),
    ],
    ids=str,
)
def test_a_make_up_day_is_worked_and_a_holiday_is_not(day, worked):
    """The Sunday after New Year makes up for the Friday that was off."""
    assert CHINA.works(day) is worked
    assert (day in CHINA.working_days(Span(day, day + timedelta(days=1)))) is worked


def test_the_nominal_cycle_has_twenty_working_days():
    """AE-51: four weeks of five days, before any holiday."""
    cycle = Cycle(date(2026, 1, 5), 1)

    assert WEEKDAYS.count(cycle) == 20
    assert WEEKDAYS.with_days_off([date(2026, 1, 7)]).count(cycle) == 19


def test_weekdays_are_monday_to_friday():
    """The named default knows of no holiday."""
    assert [day.isoweekday() for day in WEEKDAYS.working_days(Span(FIRST, date(1900, 1, 8)))] == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert (WEEKDAYS.holidays, WEEKDAYS.make_up) == (Table({}), frozenset())


def test_a_week_may_have_another_weekend_or_none():
    """Friday is off in Teheran, and a night shift knows no weekend."""
    assert WorkCalendar(name="IR", weekend=[5]).count(JANUARY) == 31 - 5
    assert WorkCalendar(name="shift", weekend=()).count(JANUARY) == 31


def test_a_make_up_day_within_the_week_changes_nothing():
    """A company that works on Saturdays takes the calendar of its country as it is."""
    six_days = evolve(CHINA, weekend={7})
    saturday = evolve(six_days, make_up=[MAKE_UP, date(2026, 1, 10)])

    assert saturday.working_days(JANUARY) == six_days.working_days(JANUARY)
    assert six_days.works(date(2026, 1, 10))


@given(calendars(), periods())
def test_working_days_are_those_that_are_worked(calendar, during):
    """In order, each once, by the rule told the other way round."""
    expected = [day for day in every_day(during) if is_worked(calendar, day)]

    assert list(calendar.working_days(during)) == expected
    assert calendar.count(during) == len(expected)
    assert [day for day in every_day(during) if calendar.works(day)] == expected


@given(calendars(), spans(), st.integers(0))
def test_the_working_days_of_two_parts_add_up(calendar, whole, cut):
    """However a period is cut in two."""
    middle = whole.first + timedelta(days=cut % whole.days)
    parts = [Span(middle, whole.after)]
    parts += [Span(whole.first, middle)] if middle > whole.first else []

    assert sum(calendar.count(part) for part in parts) == calendar.count(whole)


def test_the_whole_calendar_can_be_counted():
    """Three centuries, to their last day: every seventh part of five."""
    assert WEEKDAYS.count(Span(FIRST, LAST)) == sum(
        date.fromordinal(n).weekday() < 5 for n in range(FIRST.toordinal(), LAST.toordinal())
    )
    assert WEEKDAYS.count(Year(2200, first_month=12)) == 261


# --- the next working day --------------------------------------------------------------------


@given(calendars(), dates(), st.integers(1, 40))
def test_the_nth_working_day_is_the_nth_that_is_worked(calendar, day, n):
    """The day asked from is not counted."""
    later = (day + timedelta(days=k) for k in count(1))
    worked = (one for one in later if is_worked(calendar, one))

    assert calendar.next_working_day(day, n) == [next(worked) for _ in range(n)][-1]


def test_the_day_after_a_friday_is_a_monday():
    """One working day on, and the same from within the weekend."""
    friday, monday = date(2026, 1, 9), date(2026, 1, 12)

    assert WEEKDAYS.next_working_day(friday) == monday
    assert WEEKDAYS.next_working_day(friday + timedelta(days=1)) == monday
    assert WEEKDAYS.next_working_day(monday - timedelta(days=1), 1) == monday


def test_the_last_day_of_the_calendar_can_be_reached():
    """31 December 2200 is a Wednesday."""
    assert WEEKDAYS.next_working_day(date(2200, 12, 30)) == LAST
    assert WEEKDAYS.next_working_day(date(2200, 12, 29), 2) == LAST


@pytest.mark.parametrize(("day", "n"), [(LAST, 1), (date(2200, 12, 30), 2), (FIRST, 10**12)])
def test_beyond_the_calendar_there_is_no_working_day(day, n):
    """Refused, and soon: no step of it is endless."""
    with pytest.raises(InvalidValue, match=r"^n leads outside the calendar"):
        WEEKDAYS.next_working_day(day, n)


def test_a_calendar_off_to_its_end_has_no_next_working_day():
    """Nobody works again after the last holiday."""
    never = WEEKDAYS.with_days_off([date(2200, 12, 30), LAST])

    with pytest.raises(InvalidValue, match=r"^n leads outside the calendar"):
        never.next_working_day(date(2200, 12, 29))


@pytest.mark.parametrize(
    ("n", "error"),
    [
        (0, InvalidValue),
        (-1, InvalidValue),
        (10**13, InvalidValue),
        (10**400, InvalidValue),
        (1.0, WrongType),
        (True, WrongType),
        (None, WrongType),
        (CANARY, WrongType),
    ],
    ids=lambda value: str(value)[:9],
)
def test_a_number_of_days_nobody_counts_is_refused(n, error):
    """Days are counted in whole numbers from one."""
    with pytest.raises(error, match=r"^n ") as caught:
        CHINA.next_working_day(date(2026, 1, 1), n)

    assert CANARY not in everything_told(caught.value)


# --- days off of a company or a person -------------------------------------------------------


@given(calendars(), st.sets(dates(), max_size=10), periods())
def test_days_off_are_taken_off_and_nothing_else_changes(calendar, leave, during):
    """Leave on a make-up day counts, leave on a holiday takes nothing off."""
    less = calendar.with_days_off(leave)

    expected = tuple(day for day in calendar.working_days(during) if day not in leave)
    assert less.working_days(during) == expected
    assert evolve(less, holidays=calendar.holidays, make_up=calendar.make_up) == calendar


def test_a_holiday_keeps_its_name_when_it_is_taken_as_leave():
    """The name of the public day says more; the day that was only leave has its own."""
    mine = CHINA.with_days_off({date(2026, 1, 1): "leave", MAKE_UP: "leave"})

    assert mine.holidays[date(2026, 1, 1)] == NEW_YEAR
    assert mine.holidays[MAKE_UP] == Label("leave", "leave")
    assert not mine.works(MAKE_UP)
    assert CHINA.works(MAKE_UP)


def test_why_somebody_is_away_is_not_shown():
    """A calendar turns up in logs, its days off do not."""
    mine = CHINA.with_days_off({date(2026, 1, 5): CANARY})

    assert CANARY not in repr(mine)
    assert [finding.values for finding in mine.findings(Month(2027, 1))] == [
        Table({"calendar": "CN", "day": date(2027, 1, 1)})
    ]


# --- how far it is official ------------------------------------------------------------------


@given(calendars(), periods())
def test_the_first_day_nobody_vouches_for_is_named(calendar, during):
    """One finding for a period, however many of its days are in doubt."""
    doubtful = [day for day in every_day(during) if not calendar.confirmed(day)]
    found = calendar.findings(during)

    assert [finding.values["day"] for finding in found] == doubtful[:1]
    assert all(finding.subject == calendar.name for finding in found)


@given(calendars(), dates())
def test_a_day_is_confirmed_within_the_bounds(calendar, day):
    """Both bounds belong to it; without the last one no day does."""
    until = calendar.confirmed_until
    inside = until is not None and day in every_day(
        Span(calendar.confirmed_from, until + timedelta(days=1))
    )

    assert calendar.confirmed(day) is inside


@pytest.mark.parametrize(
    ("during", "day"),
    [
        (Quarter(2026, 4), None),
        (Span(date(2026, 12, 31), date(2027, 1, 2)), date(2027, 1, 1)),
        (Year(2030), date(2030, 1, 1)),
        (Span(date(2025, 12, 31), date(2026, 1, 2)), date(2025, 12, 31)),
    ],
)
def test_an_unconfirmed_year_is_said(during, day):
    """Before the first official day as after the last one."""
    china = evolve(CHINA, confirmed_from=date(2026, 1, 1))

    assert [finding.values["day"] for finding in china.findings(during)] == [day] * bool(day)


def test_the_finding_speaks_both_languages():
    """It names the calendar and the day, and says what to do."""
    (finding,) = CHINA.findings(Year(2027))

    assert (finding.key, finding.severity, finding.subject) == (
        "calendar_unconfirmed",
        Severity.WATCH,
        "CN",
    )
    for label in (finding.text, finding.advice):
        assert HAN.search(label.zh)
        assert not HAN.search(label.en)
    assert "CN" in finding.text.zh
    assert "2027-01-01" in finding.text.zh
    assert "2027-01-01" in finding.text.en
    assert [remark.key for remark in CALENDAR_REMARKS] == [finding.key]


def test_weekdays_are_official_nowhere():
    """A calendar without holidays is no country's."""
    assert WEEKDAYS.confirmed_until is None
    assert not WEEKDAYS.confirmed(FIRST)
    assert [finding.values["day"] for finding in WEEKDAYS.findings(JANUARY)] == [JANUARY.first]


# --- a value ---------------------------------------------------------------------------------


def test_a_calendar_is_a_value():
    """It can't be changed, is found by hash, is copied and stored."""
    assert pickle.loads(pickle.dumps(CHINA)) == CHINA == copy.deepcopy(CHINA)
    assert hash(pickle.loads(pickle.dumps(CHINA))) == hash(CHINA)
    with pytest.raises(FrozenInstanceError):
        CHINA.name = "DE"


def test_calendars_are_equal_however_their_days_were_listed():
    """Order, repetition and the kind of list make no difference."""
    days = sorted(HOLIDAYS)
    listed = WorkCalendar(name="C", weekend=[6, 7, 7], holidays=days, make_up=(MAKE_UP, MAKE_UP))
    streamed = WorkCalendar(
        name=" C ",
        weekend=iter((7, 6)),
        holidays=(day for day in [*reversed(days), *days]),
        make_up=iter([MAKE_UP]),
    )

    assert listed == streamed
    assert hash(listed) == hash(streamed)
    assert evolve(CHINA, holidays=dict(reversed(HOLIDAYS.items()))) == CHINA
    assert evolve(CHINA, holidays=CHINA.holidays) == CHINA


def test_a_list_that_was_passed_in_can_change_no_more():
    """What the host does with its list later is its own business."""
    holidays, make_up, weekend = dict(HOLIDAYS), [MAKE_UP], {6, 7}
    made = WorkCalendar(name="CN", weekend=weekend, holidays=holidays, make_up=make_up)
    before = made.working_days(JANUARY)
    holidays[date(2026, 1, 5)] = NEW_YEAR
    make_up.append(date(2026, 1, 10))
    weekend.clear()

    assert made.working_days(JANUARY) == before


def test_holidays_have_names_in_both_languages():
    """A plain text serves for both, and a plain date is a day off."""
    plain = WorkCalendar(name="C", holidays=[date(2026, 1, 1)])

    assert CHINA.holidays[date(2026, 1, 1)] == NEW_YEAR
    assert CHINA.holidays[date(2026, 1, 2)] == Label("调休", "调休")
    assert plain.holidays[date(2026, 1, 1)] == Label("休息日", "day off")
    assert list(evolve(plain, holidays=sorted(HOLIDAYS, reverse=True)).holidays) == sorted(HOLIDAYS)


# --- what is refused -------------------------------------------------------------------------

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NO_DAYS = [NOON, datetime(2026, 1, 1), CANARY, 20260101, 1.5, None, True, date(1899, 12, 31)]
HOSTILE = [
    *[("name", name) for name in ("", "  ", "a\x00b", "x" * 201, None, 7, b"CN", "\u202eCN")],
    *[("weekend", [number]) for number in (0, 8, -1, 10**30, True, 6.0, Fraction(6), "6", None)],
    ("weekend", [Sunday.SUNDAY]),
    ("weekend", range(1, 8)),
    ("weekend", count(1)),
    ("weekend", "67"),
    ("weekend", 6),
    ("weekend", None),
    ("weekend", [[6]]),
    *[("holidays", [day]) for day in NO_DAYS],
    *[("make_up", [day]) for day in NO_DAYS],
    *[("holidays", {day: "x"}) for day in NO_DAYS],
    *[("holidays", {date(2026, 1, 1): name}) for name in ("", None, 7, "a\nb", b"x", ("a", "b"))],
    ("holidays", [[date(2026, 1, 1)]]),
    ("holidays", CANARY),
    ("holidays", date(2026, 1, 1)),
    ("holidays", None),
    ("make_up", CANARY),
    ("make_up", date(2026, 1, 1)),
    ("make_up", None),
    *[("confirmed_from", day) for day in NO_DAYS],
    *[("confirmed_until", day) for day in NO_DAYS if day is not None],
]


@pytest.mark.parametrize(("box", "value"), HOSTILE, ids=lambda value: repr(value)[:30])
def test_what_is_no_calendar_is_refused(box, value):
    """By an error of ours that names the box and not what stood in it."""
    with pytest.raises(SalesflowError) as caught:
        WorkCalendar(**{"name": "CN", box: value})

    assert caught.value.field == box
    assert CANARY not in everything_told(caught.value)


@pytest.mark.parametrize("box", ["holidays", "make_up"])
def test_an_endless_list_of_days_is_refused(box):
    """One too many tells enough; as many days as the calendar has are taken."""
    every = [date.fromordinal(n) for n in range(FIRST.toordinal(), LAST.toordinal() + 1)]
    endless = (date(2026, 1, 1) for _ in count())

    with pytest.raises(InvalidValue, match=rf"^{box} holds more than 110000 days"):
        WorkCalendar(name="CN", **{box: endless})
    assert len(getattr(WorkCalendar(name="CN", **{box: every}), box)) == len(every)


def test_a_week_without_a_day_to_work_on_is_refused():
    """Or looking for the next working day would never end."""
    with pytest.raises(InvalidValue, match=r"^weekend is the whole week; leave a day to work on"):
        WorkCalendar(name="CN", weekend={1, 2, 3, 4, 5, 6, 7})


def test_a_day_is_off_or_made_up_for_and_never_both():
    """Two lists that contradict each other are a mistake of one of them."""
    with pytest.raises(InvalidValue, match=r"^make_up holds a holiday"):
        evolve(CHINA, make_up=[MAKE_UP, date(2026, 1, 1)])


def test_a_calendar_is_not_official_before_it_begins_to_be():
    """The last official day is not earlier than the first; one day alone is possible."""
    one = evolve(CHINA, confirmed_from=MAKE_UP, confirmed_until=MAKE_UP)

    assert one.confirmed(MAKE_UP)
    with pytest.raises(InvalidValue, match=r"^confirmed_until is earlier than confirmed_from"):
        evolve(one, confirmed_until=date(2026, 1, 3))


@pytest.mark.parametrize("day", NO_DAYS, ids=repr)
@pytest.mark.parametrize("ask", ["works", "confirmed", "next_working_day"])
def test_what_is_no_day_is_not_asked_about(ask, day):
    """An instant is no day: which one it is depends on the time zone."""
    with pytest.raises(SalesflowError, match=r"^on ") as caught:
        getattr(CHINA, ask)(day)

    assert CANARY not in everything_told(caught.value)


@pytest.mark.parametrize("during", [None, 2026, CANARY, MAKE_UP, (MAKE_UP, MAKE_UP)], ids=repr)
@pytest.mark.parametrize("ask", ["working_days", "count", "findings"])
def test_what_is_no_period_is_not_asked_about(ask, during):
    """Not even a pair of dates: nobody knows whether the last one belongs to it."""
    with pytest.raises(WrongType, match=r"^during ") as caught:
        getattr(CHINA, ask)(during)

    assert CANARY not in everything_told(caught.value)


@pytest.mark.parametrize("days_off", [None, CANARY, MAKE_UP, [NOON], {MAKE_UP: 7}, [CANARY]])
def test_what_are_no_days_off_is_refused_by_name(days_off):
    """The argument is named, not the box it would have gone into."""
    with pytest.raises(SalesflowError, match=r"^days_off ") as caught:
        CHINA.with_days_off(days_off)

    assert CANARY not in everything_told(caught.value)


@pytest.mark.parametrize("value", [None, CANARY, JANUARY, {MAKE_UP}], ids=repr)
def test_a_calendar_is_taken_and_nothing_else(value):
    """A calendar is taken as it is."""
    assert calendar_of(CHINA) is CHINA
    with pytest.raises(WrongType, match=r"^calendar ") as caught:
        calendar_of(value)

    assert CANARY not in everything_told(caught.value)
