"""The calendar of a country is that of the package `holidays`, and no surer than it is."""

from __future__ import annotations

import importlib.util
import pickle
import re
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import count, repeat

import chinese_calendar
import holidays
import pytest

from people_strategies import CANARY, everything_told
from salesflow import calendars
from salesflow.calendars import work_calendar
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.periods import Year
from salesflow.workdays import WorkCalendar

HAN = re.compile(r"[\u4e00-\u9fff]")
# Years that both sources took from the notices.
COMPARED = range(2010, 2027)


def days_of(*years):
    """Every day of some years."""
    return [day for year in years for day in map(date.fromordinal, range(*ordinals(year)))]


def ordinals(year):
    """The first day of a year and that of the next."""
    return date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()


# --- China -----------------------------------------------------------------------------------


def test_china_works_as_a_second_source_says():
    """Every day of 2010 to 2026, against chinesecalendar."""
    china = work_calendar("CN", COMPARED)

    differ = [d for d in days_of(*COMPARED) if china.works(d) != chinese_calendar.is_workday(d)]
    assert differ == []
    assert china.findings(Year(2010)) == china.findings(Year(2026)) == ()


def test_the_make_up_days_of_2026_are_those_of_the_notice():
    """国务院办公厅关于2026年部分节假日安排的通知."""
    china = work_calendar("CN", [2026])

    assert sorted(china.make_up) == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
    assert (china.name, china.weekend, china.count(Year(2026))) == ("CN", frozenset({6, 7}), 248)


def test_a_year_without_a_notice_is_not_official():
    """The package gives 2099 its statutory days, and no word about the missing make-up days."""
    china = work_calendar("CN", range(2025, 2100))
    swapped = {day.year for day in china.make_up}

    assert china.holidays[date(2099, 10, 1)].zh == "国庆节"
    assert china.confirmed_from == date(2025, 1, 1)
    assert china.confirmed_until == date(max(swapped), 12, 31)
    assert 2026 <= max(swapped) < 2099
    (finding,) = china.findings(Year(2099))
    assert finding.values["day"] == date(2099, 1, 1)


def test_the_first_year_nobody_announced_is_the_one_after_the_last_swap():
    """Of all years the package knows, those with swapped days make one run: 2001 to the latest."""
    china = work_calendar("CN", range(1990, 2100))

    assert {day.year for day in china.make_up} == set(
        range(china.confirmed_from.year, china.confirmed_until.year + 1)
    )
    assert china.confirmed_from == date(2001, 1, 1)


@pytest.mark.parametrize("years", [[2099], range(1960, 1970), [1900], [2200]])
def test_years_nobody_knows_are_confirmed_for_no_day(years):
    """Long past ones, far ones, and those before and after the package."""
    china = work_calendar("CN", years)

    assert china.confirmed_until is None
    assert len(china.findings(Year(years[0]))) == 1


def test_a_make_up_day_of_the_notice_of_the_next_year_is_found():
    """The notice for 2012 asked for work on the last Saturday of 2011."""
    assert work_calendar("CN", [2011]).works(date(2011, 12, 31))
    assert not work_calendar("CN", [2012]).make_up & {date(2011, 12, 31)}


def test_holidays_are_named_in_both_languages():
    """Each language is its own: no Chinese in the English name, and the other way round."""
    china = work_calendar("CN", [2026])

    assert china.holidays[date(2026, 2, 17)].zh == "春节"
    assert china.holidays[date(2026, 2, 17)].en == "Chinese New Year (Spring Festival)"
    assert all(HAN.search(name.zh) and not HAN.search(name.en) for name in china.holidays.values())


def test_where_there_is_no_chinese_name_the_english_one_serves():
    """Never the German one, or that of the host's locale."""
    germany = work_calendar("DE", [2026])

    assert {name.zh == name.en for name in germany.holidays.values()} == {True}
    assert germany.holidays[date(2026, 10, 3)].en == "German Unity Day"


@pytest.mark.parametrize("country", ["CN", "DE", "NZ", "HK"])
def test_the_locale_of_the_host_changes_nothing(country, monkeypatch):
    """The package would listen to it, were the language left open."""
    before = work_calendar(country, [2026])
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "th")

    assert work_calendar(country, [2026]) == before


# --- other countries -------------------------------------------------------------------------


def test_a_country_is_official_to_the_end_of_the_last_year_asked():
    """All years between the first and the last are filled, in whatever order they are asked."""
    germany = work_calendar("DE", [2028, 2025])

    assert germany == work_calendar("DE", range(2025, 2029))
    assert (germany.confirmed_from, germany.confirmed_until) == (
        date(2025, 1, 1),
        date(2028, 12, 31),
    )
    assert not germany.works(date(2026, 12, 25))


def test_no_country_is_official_beyond_the_years_of_the_package():
    """For Japan they begin in 1949."""
    japan = work_calendar("JP", range(1940, 2201))

    assert japan.confirmed_from == date(1949, 1, 1)
    assert date(2026, 12, 31) < japan.confirmed_until < date(2200, 12, 31)


def test_an_estimated_feast_makes_its_year_doubtful():
    """Nobody knows yet when the month of fasting of 2095 ends; that of 2025 is over."""
    emirates = work_calendar("AE", range(2020, 2100))

    assert emirates.confirmed(date(2025, 12, 31))
    assert not emirates.confirmed(date(2095, 1, 1))
    doubtful = {day.year for day, name in emirates.holidays.items() if "estimated" in name.en}
    assert emirates.confirmed_until == date(min(doubtful) - 1, 12, 31)


def test_after_the_last_estimate_nobody_vouches_for_a_year():
    """Bhutan's dates are estimated up to 2035, and then its lunar feasts are simply missing."""
    bhutan = work_calendar("BT", [2025, 2040])

    estimated = {day.year for day, name in bhutan.holidays.items() if "estimated" in name.en}
    assert max(estimated) == 2035
    assert bhutan.confirmed(date(2025, 12, 31))
    assert not bhutan.confirmed(date(2040, 1, 1))
    assert work_calendar("BT", [2040]).confirmed_until is None


def test_of_several_official_runs_the_last_one_counts():
    """In Indonesia dates of the fifties are estimated between two runs of known ones."""
    indonesia = work_calendar("ID", range(1950, 1966))

    assert {day.year for day, name in indonesia.holidays.items() if "estimated" in name.en} == set(
        range(1953, 1964)
    )
    assert (indonesia.confirmed_from, indonesia.confirmed_until) == (
        date(1964, 1, 1),
        date(1965, 12, 31),
    )
    assert work_calendar("ID", range(1950, 1960)).confirmed_until == date(1952, 12, 31)


def test_a_country_that_changed_its_weekend_works_as_it_did():
    """The Emirates rested on Friday and Saturday until 2021, on Saturday and Sunday since."""
    emirates = work_calendar("AE", range(2021, 2023))

    assert emirates.weekend == {6, 7}
    assert emirates.works(date(2021, 3, 7))
    assert not emirates.works(date(2021, 3, 5))
    assert emirates.holidays[date(2021, 3, 5)].en == "weekend"
    assert emirates.works(date(2022, 3, 4))
    assert not emirates.works(date(2022, 3, 6))


def test_a_part_of_a_country_has_its_own_days():
    """Corpus Christi is a holiday in Bavaria and none in Berlin."""
    corpus_christi = date(2026, 6, 4)
    bavaria, berlin = (work_calendar("DE", [2026], subdiv=part) for part in ("BY", "BE"))

    assert (bavaria.name, berlin.name) == ("DE-BY", "DE-BE")
    assert not bavaria.works(corpus_christi)
    assert berlin.works(corpus_christi)
    assert work_calendar("DE", [2026], subdiv="Bayern").holidays == bavaria.holidays
    assert work_calendar(" DE ", [2026], subdiv="  ") == work_calendar("DE", [2026])


@pytest.mark.parametrize("years", [range(1960, 2006), range(2006, 2040)], ids=str)
@pytest.mark.parametrize("country", ["AE", "DE", "HK", "HU", "IR", "RU", "SA", "TH", "TW", "VN"])
def test_a_calendar_works_as_the_package_does(country, years):
    """Whatever its weekend was and whichever days it swapped."""
    source = holidays.country_holidays(country, years=years, expand=False, language="en_US")
    made = work_calendar(country, years)

    assert [day for day in days_of(*years) if made.works(day) != source.is_working_day(day)] == []


@pytest.mark.parametrize("year", [1949, 1953, 1964, 2000, 2001, 2026, 2027, 2060, 2150])
@pytest.mark.parametrize("country", ["CN", "DE", "ID"])
def test_asking_for_the_years_before_changes_nothing_in_a_year(country, year):
    """It is worked and official, or not, whether it is asked alone or after others."""
    alone, longer = work_calendar(country, [year]), work_calendar(country, [year - 3, year])

    assert alone.confirmed(date(year, 12, 31)) == longer.confirmed(date(year, 12, 31))
    assert alone.working_days(Year(year)) == longer.working_days(Year(year))


def test_the_calendar_is_a_plain_value():
    """Nothing of the package stays in it."""
    china = work_calendar("CN", [2026])

    assert type(china) is WorkCalendar
    assert pickle.loads(pickle.dumps(china)) == china
    assert hash(china) == hash(work_calendar("CN", iter([2026])))
    assert b"china" not in pickle.dumps(china)


# --- a host that knows better ----------------------------------------------------------------


def test_a_host_may_know_more_than_the_package():
    """Bulgaria gave up swapping days in 2017; to the package it has not announced them since."""
    assert work_calendar("BG", [2024]).confirmed_until is None
    bulgaria = work_calendar("BG", [2024], confirmed_until=date(2024, 12, 31))

    assert (bulgaria.confirmed_from, bulgaria.confirmed_until) == (
        date(2024, 1, 1),
        date(2024, 12, 31),
    )
    assert bulgaria.findings(Year(2024)) == ()


def test_a_host_may_know_less_than_the_package():
    """What the host says stands, and the days after it are in doubt."""
    china = work_calendar("CN", range(2025, 2027), confirmed_until=date(2026, 6, 30))

    assert china.confirmed(date(2026, 6, 30))
    assert not china.confirmed(date(2026, 7, 1))


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2025, 12, 31), date(1850, 1, 1)], ids=str)
def test_nobody_vouches_for_days_that_were_not_asked(day):
    """There are no holidays in them, so counting there would be wrong."""
    with pytest.raises(InvalidValue, match=r"^confirmed_until "):
        work_calendar("CN", [2026], confirmed_until=day)


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "value"),
    [
        *[("country", word) for word in ("", "ZZ", "cn", "China", "CHN", "CN ZZ", "C\x00", "ＣＮ")],
        *[("country", word) for word in ("HolidayBase", "list_long_breaks", "__name__", CANARY)],
        *[("country", word) for word in (None, 86, True, b"CN", ["CN"], "x" * 10**6)],
        *[("subdiv", word) for word in ("ZZ", CANARY, "x\x00", 11, None, True, ["BJ"], "x" * 999)],
        *[("years", [year]) for year in (1899, 2201, -1, 0, 10**400, -(10**400))],
        *[("years", [year]) for year in (2026.0, True, "2026", None, float("nan"), date.max)],
        *[("years", years) for years in (2026, None, "2026", CANARY, [], range(0), range(301))],
        *[("years", years) for years in (count(1900), repeat(2026), [2026, CANARY], [[2026]])],
        ("confirmed_until", datetime(2026, 1, 1, tzinfo=UTC)),
        *[("confirmed_until", day) for day in ("2026-12-31", 2026, True, CANARY, date.max)],
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_makes_no_calendar_is_refused(box, value):
    """By an error of ours that names the argument and not what was passed."""
    with pytest.raises(SalesflowError) as caught:
        work_calendar(**{"country": "DE", "years": [2026], box: value})

    assert caught.value.field == box
    assert CANARY not in everything_told(caught.value)


def test_three_hundred_years_are_taken():
    """As many as anybody asks for, and soon done."""
    years = range(1900, 2200)

    assert len(years) == 300
    assert work_calendar("CN", years).confirmed_until >= date(2026, 12, 31)


def test_a_country_without_a_code_is_told_from_one_without_data():
    """Both say how a code looks."""
    with pytest.raises(InvalidValue, match=r"^country is no code of a country; use two letters"):
        work_calendar("China", [2026])
    with pytest.raises(InvalidValue, match=r"^country is not in the package holidays; use two"):
        work_calendar("ZZ", [2026])
    with pytest.raises(WrongType):
        work_calendar("CN", [2026.5])


def test_without_the_package_one_is_told_what_to_install(monkeypatch):
    """An ImportError like any other, with what to do."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    spec = importlib.util.spec_from_file_location("calendars_alone", calendars.__file__)

    with pytest.raises(ModuleNotFoundError, match=r"install salesflow\[calendars\]\.$") as caught:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    assert caught.value.name == "holidays"


def test_the_second_source_really_disagrees_where_days_differ():
    """The comparison could fail: without its make-up days China differs from the oracle."""
    plain = WorkCalendar(name="CN", holidays=work_calendar("CN", [2026]).holidays)

    assert [
        day for day in days_of(2026) if plain.works(day) != chinese_calendar.is_workday(day)
    ] == sorted(work_calendar("CN", [2026]).make_up)
    assert date(2026, 1, 4) - timedelta(days=1) not in work_calendar("CN", [2026]).make_up
