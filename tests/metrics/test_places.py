"""Places: bands of days that enough deals saw, phases of the quarter, looks at the same point."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import rates_oracle as oracle
from rates_oracle import DAY, STAGE, on
from salesflow.funnel import Stage
from salesflow.metrics.exposure import Exposure
from salesflow.metrics.places import (
    ANY,
    Place,
    bands_of,
    looks_back,
    phase_of,
    place_of,
    stands,
)
from salesflow.periods import Cycle, Month, Quarter, Span, Week, Year, instant
from strategies import periods

HERE = STAGE[3]
# Days a person would name.
NAMED = {1, 2, 4, 7, 10, 14, 21, 30, *range(45, 151, 15), 180, 240, 365}


def run(deal, since, until, *, won=1, days=None, look=0):
    """A row of exposure: a deal at a stage over a run of its clock."""
    spent = until - since if days is None else days
    return Exposure(deal, HERE, since, until, spent, (), won, look)


@st.composite
def runs(draw, max_size=40):
    """Rows as a history gives them."""
    rows = []
    for number in range(draw(st.integers(0, max_size))):
        since, days = draw(st.floats(0, 300)), draw(st.floats(0.01, 300))
        held = draw(st.booleans()) and draw(st.booleans())
        until = since if held else since + days
        won = draw(st.sampled_from([0, 1, None]))
        rows.append(run(number // 2, since, until, days=days, won=won))
    return rows


# --- a place ---------------------------------------------------------------------------------


def test_around_a_band_lies_the_stage_and_around_a_phase_the_band():
    """From narrow to wide, and nothing around a stage."""
    narrow = Place(HERE, 2, 3)

    assert narrow.above() == Place(HERE, 2)
    assert narrow.above().above() == Place(HERE)
    assert Place(HERE).above() is None
    assert [Place(HERE).depth, Place(HERE, 2).depth, narrow.depth] == [0, 1, 2]


@given(st.lists(st.integers(1, 400), max_size=6, unique=True), st.floats(0, 500))
def test_a_deal_is_in_the_band_that_its_days_have_reached(cuts, days):
    """A band begins on its day: at seven days sharp one is in the band from seven on."""
    bands = tuple(sorted(cuts))
    place = place_of(HERE, days, bands, 2)

    assert place == Place(HERE, sum(cut <= days for cut in bands), 2)


# --- phases ----------------------------------------------------------------------------------


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_has_its_place_in_the_quarter(month):
    """Quarters end with March, June, September and December."""
    assert phase_of(Month(2026, month)) == (month - 1) % 3 + 1


@pytest.mark.parametrize(
    ("during", "phase"),
    [
        (None, ANY),
        (Quarter(2026, 3), ANY),
        (Year(2026), ANY),
        (Week(2026, 1), 1),
        (Week(2026, 40), 1),
        (Week(2026, 39), 3),
        (Cycle(date(2026, 1, 5), 1), 2),
        (Span(date(2026, 2, 1), date(2026, 3, 18)), 3),
        (Span(date(2026, 2, 1), date(2026, 3, 19)), ANY),
        (Span(date(2026, 3, 31), date(2026, 4, 1)), 3),
    ],
    ids=str,
)
def test_a_short_period_is_in_the_phase_of_its_last_day_and_a_long_one_in_none(during, phase):
    """Up to forty-five days."""
    assert phase_of(during) == phase


# --- looks -----------------------------------------------------------------------------------


@given(periods(), st.floats(0, 1), st.integers(0, 400))
def test_looks_are_taken_at_the_same_point_of_earlier_periods(during, way, days):
    """Oldest first, only of periods that are over, none from before the first closing."""
    assume(not isinstance(during, Cycle))
    at = instant(during.start + (during.end - during.start) * (way * 0.85))
    first = at - days * DAY
    expected = oracle.looks(during, at, first)
    found = looks_back(during, at, first)

    assert [look.end for look in found] == [end for _, end in expected]
    for look, (moment, _) in zip(found, expected, strict=True):
        # Months are not of one length, nor are days where clocks are changed.
        assert abs(oracle.between(moment, look.at)) <= 3.1
        assert look.at < look.end <= at
    assert all(one.at < two.at for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("during", "at", "first", "n"),
    [
        (Month(2026, 7), "2026-07-01", "2026-01-15", 6),
        (Month(2026, 7), "2026-07-01", "2026-02-01", 5),
        (Month(2026, 7), "2026-07-20", "2026-01-15", 6),
        (Month(2026, 7), "2026-06-20", "2026-01-15", 5),
        (Month(2026, 7), "2026-07-01", "2026-07-01", 0),
        (Week(2026, 27), "2026-07-01", "2026-06-01", 4),
        (Quarter(2026, 3), "2026-07-01", "2025-07-02", 4),
        (Year(2026), "2026-07-01", "2024-07-02", 2),
        (Span(date(2026, 6, 21), date(2026, 7, 1)), "2026-06-25", "2026-05-30", 3),
        (Cycle(date(2026, 1, 5), 6), "2026-06-01", "2026-01-05", 5),
        (Month(2026, 7), "2026-07-01", "2010-01-01", 60),
        (Week(2026, 27), "2026-07-01", "2010-01-01", 60),
    ],
    ids=str,
)
def test_looks_are_counted_by_hand(during, at, first, n):
    """Sixty at the most: what lies further back tells of another market."""
    moment = lambda day: instant(on(0) + (date.fromisoformat(day) - date(2024, 1, 1)))

    assert len(looks_back(during, moment(at), moment(first))) == n


@pytest.mark.parametrize(
    ("during", "at"),
    [
        (Month(2026, 3), on(818.5)),
        (Month(2026, 3), on(820.9)),
        (Month(2026, 7), on(942.5)),
        (Month(2026, 3, tz="Asia/Shanghai"), on(820.5)),
        (Quarter(2026, 4), on(1095.5)),
        (Quarter(2026, 2), on(911.5)),
        (Year(2024), on(365.5)),
    ],
    ids=str,
)
def test_towards_the_end_of_a_long_month_no_look_lies_beyond_a_short_one(during, at):
    """On 30 March there is no such day of February; 1 or 2 March is none."""
    found = looks_back(during, instant(at), instant(on(0) - 900 * DAY))

    assert found
    assert all(look.at < look.end for look in found)


@pytest.mark.parametrize(
    "during",
    [
        Cycle(date(2026, 6, 1), 2),
        Cycle(date(2026, 6, 1), 1),
        Span(date(2026, 3, 1), date(2126, 3, 1)),
        Year(1900),
    ],
    ids=str,
)
def test_where_the_calendar_ends_no_more_looks_are_taken(during):
    """Before cycle 1 there is no cycle of that anchor, and before 1900 no year."""
    first = instant(during.start - 300 * DAY) if during.first.year > 1900 else during.start

    assert len(looks_back(during, during.start, first)) <= 11


# --- bands -----------------------------------------------------------------------------------


def test_few_deals_have_one_band():
    """Nineteen deals cannot fill two bands of ten."""
    assert bands_of([]) == ()
    assert bands_of([run(n, 0, 100) for n in range(9)]) == ()
    quick, slow = [run(n, 0, 0.5) for n in range(10)], [run(10 + n, 0, 99) for n in range(9)]
    assert bands_of(quick + slow) == ()


def test_bands_are_cut_where_ten_deals_stood_on_either_side():
    """Ten that left within two days, ten that came with the fifty-first."""
    rows = [run(n, 0, 2) for n in range(10)] + [run(10 + n, 51, 80) for n in range(10)]

    assert bands_of(rows)[0] == 1
    assert bands_of(rows)[-1] <= 75


def test_a_deal_is_counted_once_in_a_band_however_often_it_comes():
    """A hundred runs of nine deals are nine deals."""
    assert bands_of([run(n % 9, 0, 100) for n in range(100)]) == ()


def test_deals_still_open_cut_no_bands():
    """Nobody knows yet what became of them."""
    assert bands_of([run(n, 0, 400, won=None) for n in range(100)]) == ()


@given(runs(max_size=120))
def test_enough_decided_deals_stood_in_every_band(rows):
    """At least ten, and at least a twelfth of all; days a person would name, in order."""
    bands = bands_of(rows)
    decided = [row for row in rows if row.won is not None]
    edges = [0, *bands, 10**9]

    assert all(one < two for one, two in pairwise(edges))
    assert set(bands) <= NAMED
    for low, high in pairwise(edges) if bands else ():
        stood = {row.deal for row in decided if row.since < high and row.until >= low}
        assert len(stood) >= max(10, len({row.deal for row in decided}) / 12)
    assert len(bands) < 12 or len({row.deal for row in decided}) > 12


@given(st.permutations([run(n, n % 7, 9 + 3 * n) for n in range(40)]))
def test_the_order_of_rows_changes_no_band(rows):
    """A history is a set."""
    assert bands_of(rows) == bands_of(sorted(rows))


# --- stands ----------------------------------------------------------------------------------

CUTS = st.lists(st.sampled_from([1, 2, 4, 7, 10, 30, 90]), unique=True).map(sorted).map(tuple)


@given(runs(), CUTS)
def test_cutting_a_run_at_the_bands_loses_no_time(rows, bands):
    """The parts of each row sum to its days, each in the band of its own days."""
    for row in rows:
        parts = list(stands([row], bands, ()))

        assert sum(part.days for part in parts) == pytest.approx(row.days)
        assert all(part.days > 0 for part in parts)
        assert {(part.deal, part.won, part.fields) for part in parts} == {(row.deal, row.won, ())}
        assert {part.place.phase for part in parts} == {ANY}
        assert parts[0].place == place_of(row.stage, row.since, bands, ANY)
        for part in parts:
            low = max(row.since, (0, *bands)[part.place.band])
            high = min(row.until, (*bands, 10**9)[part.place.band])
            assert row.since == row.until or part.days == pytest.approx(high - low)


def test_a_run_across_two_bands_stands_in_both():
    """From the third day to the twelfth, cut at seven."""
    parts = [(part.place.band, part.days) for part in stands([run(0, 3, 12)], (7,), ())]

    assert parts == [(0, 4), (1, 5)]


def test_a_run_that_ends_where_a_band_begins_does_not_stand_in_it():
    """Nought days there."""
    assert [part.place.band for part in stands([run(0, 3, 7)], (7,), ())] == [0]


def test_time_on_hold_is_spent_in_the_band_where_the_clock_stopped():
    """Ninety days on hold after eight: all in the band from seven."""
    (part,) = stands([run(0, 8, 8, days=90)], (7, 30), ())

    assert (part.place.band, part.days) == (1, 90)


def test_a_look_brings_its_phase():
    """The first look in the second month of a quarter, the second one in the third."""
    rows = [run(0, 3, 3, days=1, look=0), run(0, 40, 40, days=1, look=1)]
    parts = list(stands(rows, (30,), [2, 3]))

    assert [part.place for part in parts] == [Place(HERE, 0, 2), Place(HERE, 1, 3)]
    assert [part.look for part in parts] == [0, 1]


@given(runs())
def test_the_time_of_each_deal_is_the_same_however_it_is_cut(rows):
    """With bands and without."""
    for bands in ((), (7,), (1, 2, 4, 30)):
        spent = defaultdict(float)
        for part in stands(rows, bands, ()):
            spent[part.deal] += part.days
        whole = Counter()
        for row in rows:
            whole[row.deal] += row.days
        assert spent == pytest.approx(dict(whole))


def test_every_stage_can_be_a_place():
    """Of any machine."""
    assert len({Place(stage) for stage in Stage}) == len(Stage)
    assert Place(HERE) == Place(HERE, ANY, ANY)
    assert timedelta(0) < DAY
