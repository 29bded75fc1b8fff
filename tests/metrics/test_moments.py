"""Moments: "as of" an instant includes it, and a period ends one tick before its end."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import yuan
from ledgers import (
    AUGUST,
    EVE,
    JULY,
    LAST,
    MOMENTS,
    Q3,
    SEPTEMBER,
    SPRING,
    TICK,
    deal,
    lives,
    on,
)
from salesflow.errors import InvalidValue, WrongType
from salesflow.metrics import book_of
from salesflow.metrics.moments import (
    closing,
    first_day_ahead,
    last_before,
    period_of,
    window,
)
from salesflow.periods import Quarter, instant


def test_a_window_has_the_days_and_instants_of_the_period():
    """From its first to the first that is no longer in it."""
    seen = window(Q3)

    assert (Q3.start, Q3.end, Q3.first, Q3.after) == (seen.start, seen.end, seen.first, seen.after)


def test_a_window_without_period_and_instant_is_open_on_every_side():
    """Every planned day is in it."""
    seen = window(None)

    assert (seen.start, seen.end, seen.first) == (None, None, None)
    assert date(2200, 12, 31) < seen.after


@pytest.mark.parametrize(("at", "error"), [("now", WrongType), (AUGUST.naive(), InvalidValue)])
def test_a_book_is_read_at_an_aware_instant(at, error):
    """Or not at all."""
    with pytest.raises(error):
        book_of([deal()]).as_of(at)
    with pytest.raises(error):
        closing(Q3, at)


@given(lives(), MOMENTS)
def test_the_last_event_is_how_the_deal_stood(deal, at):
    """As `as_of` tells it, the very instant included; one tick earlier it is not."""
    stood = deal.as_of(at)
    before = [event for event in deal.trail if event.at < at]

    assert list(book_of([deal]).as_of(at)) == ([stood] if stood else [])
    assert (stood.trail[-1] if stood else None) == last_before(deal.trail, at + TICK)
    assert (before[-1] if before else None) == last_before(deal.trail, at)
    assert list(book_of([deal]).as_of(None)) == [deal]


def test_of_events_at_one_instant_the_last_counts():
    """The trail is ordered by instant, then by sequence."""
    busy = deal(at=JULY).revise(at=JULY, amount=yuan(7)).revise(at=JULY, amount=yuan(9))

    assert yuan(9) == book_of([busy]).as_of(JULY)[0].amount
    assert not book_of([busy]).as_of(JULY - TICK)


@pytest.mark.parametrize(
    ("at", "read"), [(None, LAST), (AUGUST, AUGUST), (SPRING, SPRING), (Q3.end, LAST)]
)
def test_a_figure_of_a_period_never_looks_beyond_it(at, read):
    """Read as of an instant, or to its last one."""
    assert closing(Q3, at) == read


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (AUGUST, date(2026, 8, 10)),
        (on(8, 11, 0) - 2 * TICK, date(2026, 8, 10)),
        (on(8, 11, 0) - TICK, date(2026, 8, 11)),
        (on(8, 11, 0), date(2026, 8, 11)),
        (LAST, Q3.after),
    ],
)
def test_a_day_is_over_at_its_last_instant(moment, day):
    """Where the period lives: the first day that is not over yet."""
    assert first_day_ahead(Q3, instant(moment)) == day


@pytest.mark.parametrize("during", [None, 5, "2026-Q3", date(2026, 7, 1), AUGUST, Quarter])
def test_what_is_no_period_has_no_window(during):
    """Only a window over everything may go without one."""
    for read in (period_of, lambda value: closing(value, None)):
        with pytest.raises(WrongType):
            read(during)
    if during is not None:
        with pytest.raises(WrongType):
            window(during)


def paid():
    """10 in spring, 20 in July, 30 in September, 40 in November."""
    sold = deal(stage=8, at=on(5, 1))
    for at, cash in [(SPRING, 10), (JULY, 20), (SEPTEMBER, 30), (on(11, 1), 40)]:
        sold = sold.collect(yuan(cash), at=at)
    return sold


def read(during, deal, at):
    """The cash of a deal in a window, the deal read as of an instant."""
    return sum(window(during).cash(seen.trail) for seen in book_of([deal]).as_of(at))


@pytest.mark.parametrize(
    ("during", "at", "cash"),
    [
        (Q3, None, 50),
        (Q3, on(12, 1), 50),
        (Q3, AUGUST, 20),
        (Q3, JULY, 20),
        (Q3, JULY - TICK, 0),
        (Q3, SPRING, 0),
        (None, None, 100),
        (None, SEPTEMBER, 60),
        (None, on(4, 1), 0),
        (Q3.shift(1), None, 40),
    ],
)
def test_cash_is_counted_between_the_start_and_the_earlier_of_end_and_reading(during, at, cash):
    """The instalments of a deal, and what of them a window sees."""
    assert cash * 100 == read(during, paid(), at)


@given(lives(), st.none() | MOMENTS)
def test_the_cash_of_the_months_is_the_cash_of_the_quarter(deal, at):
    """No instalment falls between two windows."""
    parts = [read(month, deal, at) for month in Q3.months]

    assert read(Q3, deal, at) == sum(parts)


def test_the_edges_of_the_quarter_are_a_tick_apart():
    """What these tests call the eve and the last instant."""
    assert (EVE in Q3, Q3.start in Q3, LAST in Q3, Q3.end in Q3) == (False, True, True, False)
