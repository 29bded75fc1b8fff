"""Exposure: a deal is counted where it stood, for as long as it stood there, and as it stood."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import metrics_oracles
import rates_oracle as oracle
from books import new_deal
from ledgers import JULY, LAST, MOMENTS, Q3, SPRING, TICK, deal, ledgers, lives, lost, moved, won
from rates_oracle import DAY, LOST, MOMENT, STAGE, WON, on, seen
from salesflow.funnel import Status
from salesflow.metrics.book import book_of
from salesflow.metrics.exposure import Look, clock, exposures, snapshots
from salesflow.metrics.fields import FIELDS
from salesflow.money import Money
from salesflow.periods import Month

LATE = Q3.end + 200 * DAY


def told(deals, at, readers=None):
    """The rows of these deals, cut at an instant."""
    return list(exposures(book_of(deals).as_of(at), readers or {}, at))


def look(during, at, phase=1):
    """A look into a period at an instant."""
    return Look(at=at, end=during.end, phase=phase)


# --- the clock -------------------------------------------------------------------------------


@given(lives(), MOMENTS)
def test_the_clock_is_the_latest_stay(deal, at):
    """As `pace` counts it: since it came to the stage, hold left out, coming back anew."""
    stood = deal.as_of(at)
    if stood is not None and stood.status is Status.OPEN:
        latest, _ = metrics_oracles.stays(stood, at)[stood.stage]

        assert clock(stood.trail, at) == pytest.approx(latest / DAY, abs=1e-9)
        assert clock(stood.trail, at) == pytest.approx(oracle.standing(deal, at)[1], abs=1e-9)


@pytest.mark.parametrize(
    ("live", "days"),
    [
        (lambda: deal(at=JULY), 30),
        (lambda: moved(deal(at=JULY), 4, at=JULY + 5 * DAY), 25),
        (lambda: moved(moved(deal(at=JULY), 4, at=JULY + 5 * DAY), 3, at=JULY + 7 * DAY), 23),
        (lambda: deal(at=JULY).hold(at=JULY + 2 * DAY, reason="budget"), 2),
        (
            lambda: (
                deal(at=JULY).hold(at=JULY + 2 * DAY, reason="budget").resume(at=JULY + 20 * DAY)
            ),
            12,
        ),
        (lambda: lost(deal(at=JULY), at=JULY + DAY).reopen(at=JULY + 9 * DAY, reason="asked"), 21),
        (lambda: deal(at=JULY).revise(at=JULY + DAY, amount=Money("9", "CNY")), 30),
        (lambda: won(deal(stage=8, at=JULY), at=JULY + 4 * DAY), 4),
        (lambda: deal(at=JULY + 30 * DAY), 0),
    ],
    ids=["here", "advanced", "back", "held", "resumed", "reopened", "revised", "won", "opened now"],
)
def test_days_at_the_stage_are_counted_by_hand(live, days):
    """Thirty days after 10 July."""
    assert clock(live().trail, JULY + 30 * DAY) == days


def test_where_nothing_happened_the_clock_never_started():
    """No events, no days."""
    assert clock((), JULY) == 0


# --- eventually ------------------------------------------------------------------------------


@given(ledgers(), MOMENTS)
def test_exposure_is_what_replaying_every_deal_gives(deals, at):
    """Each run with its days on the clock, and what became of the deal."""
    held = book_of(deals).as_of(at)
    found = [(*row[:5], row.won) for row in exposures(held, {}, at)]

    for mine, theirs in zip(oracle.exposures(held, at), found, strict=True):
        assert theirs[:2] == mine[:2]
        assert theirs[2:5] == pytest.approx(mine[2:5], abs=1e-9)
        assert theirs[5] == mine[5]


@given(lives(), MOMENTS)
def test_the_days_of_all_runs_are_the_time_that_the_deal_stood_open(deal, at):
    """On hold too: a deal that waits still stands there.  Ten minutes at the least for each run."""
    stood = deal.as_of(at)
    if stood is not None:
        rows = told([deal], at)
        ends = [event.at for event in stood.trail[1:]] + [at]
        open_days = sum(
            oracle.between(event.at, end)
            for event, end in zip(stood.trail, ends, strict=True)
            if event.status is Status.OPEN
        )

        assert open_days - 1e-6 <= sum(row.days for row in rows)
        assert sum(row.days for row in rows) <= open_days + len(rows) * MOMENT + 1e-6
        assert {row.won for row in rows} <= {{"OPEN": None, "WON": 1, "LOST": 0}[stood.status.name]}
        assert all(row.days >= MOMENT and row.until >= row.since >= 0 for row in rows)
        assert {row.look for row in rows} <= {0}


def test_a_deal_opened_and_won_at_one_instant_stood_for_a_moment():
    """It counts, though it took no time."""
    (row,) = told([seen("A", (3, STAGE[3]), (3, WON))], on(9))

    assert (row.since, row.until, row.days, row.won) == (0, MOMENT, MOMENT, 1)


def test_a_deal_closed_before_anybody_saw_it_open_stood_for_a_moment():
    """Imported as won."""
    (row,) = told([seen("A", (3, WON))], on(9))

    assert (row.days, row.won) == (MOMENT, 1)


def test_time_on_hold_is_exposure_but_does_not_turn_the_clock():
    """Two days, ten on hold, three more."""
    one = deal(at=JULY).hold(at=JULY + 2 * DAY, reason="budget").resume(at=JULY + 12 * DAY)

    rows = [(row.since, row.until, row.days) for row in told([one], JULY + 15 * DAY)]
    assert rows == [(0, 2, 2), (2, 2, 10), (2, 5, 3)]


def test_a_deal_taken_up_again_is_exposed_again_and_not_in_between():
    """Lost after five days, taken up after fifty, won two days later: all of it was won."""
    one = lost(deal(stage=8, at=JULY), at=JULY + 5 * DAY)
    one = one.reopen(at=JULY + 50 * DAY, reason="asked")
    one = won(one, at=JULY + 52 * DAY)
    rows = told([one], LATE)

    assert [(row.since, row.until, row.won) for row in rows[:2]] == [(0, 5, 1), (0, 2, 1)]


def test_an_instalment_after_the_win_is_no_exposure():
    """A won deal stands nowhere."""
    one = won(deal(stage=8, at=JULY), at=JULY + 5 * DAY, paid=False)
    paid = one.collect(one.outstanding, at=JULY + 90 * DAY)

    assert told([paid], LATE) == told([one], LATE)


def test_an_empty_book_was_nowhere():
    """No rows."""
    assert told([], LATE) == []
    assert list(snapshots(book_of([]), {}, [look(Month(2026, 7), JULY)])) == []


# --- within a period -------------------------------------------------------------------------


@given(ledgers(), st.integers(0, 27), st.integers(1, 5))
def test_snapshots_are_what_looking_at_each_deal_at_each_look_gives(deals, day, n):
    """Where it stood then, and whether it had been won when the month was over."""
    months = [Month(2026, 6, tz=Q3.tz).shift(k) for k in range(n)]
    looks = [look(month, month.start + day * DAY) for month in months]
    rows = list(snapshots(book_of(deals), {}, looks))
    found = {(row.deal, row.look, row.stage, round(row.since, 9), row.won) for row in rows}

    assert found == oracle.snapshots(deals, [(one.at, one.end) for one in looks])
    assert len(found) == len(rows)
    assert all(row.days == 1 and row.since == row.until for row in rows)


JUNE = Month(2026, 6, tz=Q3.tz)


@pytest.mark.parametrize(
    ("live", "came"),
    [
        (lambda: won(deal(stage=8), at=JUNE.end - TICK), [1]),
        (lambda: won(deal(stage=8), at=JUNE.end), [0]),
        (lambda: lost(deal(), at=JUNE.end - DAY), [0]),
        (lambda: lost(deal(), at=JUNE.start + DAY).reopen(at=JUNE.end - DAY, reason="asked"), [0]),
        (lambda: won(deal(stage=8), at=JUNE.start + DAY), [1]),
        (lambda: won(deal(stage=8), at=JUNE.start), []),
        (lambda: deal(at=JUNE.start), [0]),
        (lambda: deal(at=JUNE.start + TICK), []),
    ],
    ids=[
        "last tick",
        "a tick late",
        "lost",
        "lost and back",
        "won",
        "gone",
        "just opened",
        "not yet",
    ],
)
def test_a_period_is_won_before_it_is_over_by_a_deal_that_stood_at_its_look(live, came):
    """Looked at on the first instant of June."""
    rows = snapshots(book_of([live()]), {}, [look(JUNE, JUNE.start)])

    assert [row.won for row in rows] == came


# --- what a reader is shown ------------------------------------------------------------------


def shown(deals, at, looks=None):
    """What a reader of one's own was shown, in order."""
    seen_deals = []
    readers = {"mine": seen_deals.append}
    held = book_of(deals).as_of(at)
    rows = exposures(held, readers, at) if looks is None else snapshots(held, readers, looks)
    return seen_deals, list(rows)


@given(ledgers(), MOMENTS)
def test_a_reader_is_shown_each_deal_as_it_stood(deals, at):
    """Open, at the stage of the row, with no event after the one it stood at."""
    for seen_deals, rows in (
        shown(deals, at),
        shown(deals, LATE, [look(JUNE, JUNE.start + 9 * DAY)]),
    ):
        assert len(seen_deals) == len(rows)
        for one, row in zip(seen_deals, rows, strict=True):
            assert one.status is Status.OPEN
            assert one.stage is row.stage


def test_of_two_events_at_one_instant_a_reader_is_not_shown_the_later_one():
    """A CRM that knows days only opens and wins at one instant: the win must not leak."""
    ended = [
        seen("A", (3, STAGE[3]), (3, WON)),
        seen("B", (3, STAGE[3]), (3, STAGE[4]), (9, LOST)),
    ]
    seen_deals, rows = shown(ended, on(20))

    assert [one.status.name for one in seen_deals] == ["OPEN"] * 3
    assert [one.stage for one in seen_deals] == [row.stage for row in rows]


@pytest.mark.parametrize("name", list(FIELDS))
def test_a_reader_of_ones_own_is_shown_no_outcome_whatever_it_is_called(name):
    """Also where it bears the name of a ready-made field."""
    book = book_of([seen("A", (0, STAGE[3]), (5, WON)), seen("B", (0, STAGE[3]), (5, LOST))])
    rows = exposures(book, {name: lambda deal: deal.status.name}, on(9))

    assert {row.fields for row in rows} == {("OPEN",)}


def test_the_size_of_a_deal_is_that_of_its_day():
    """Revised from 100 to 9,000 after four days."""
    one = new_deal(amount=100, at=JULY).revise(at=JULY + 4 * DAY, amount=Money("9000", "CNY"))
    rows = told([one], JULY + 9 * DAY, {"amount": FIELDS["amount"], "owner": FIELDS["owner"]})

    assert [row.fields for row in rows] == [("100-300", "R-9"), ("3000-10000", "R-9")]


def test_fields_that_never_change_are_read_once():
    """And stand in every row."""
    one = evolve(moved(deal(at=SPRING), 4, 5), owner="R-7")
    rows = told([one], LAST, {"owner": FIELDS["owner"], "product": FIELDS["product"]})

    assert {row.fields for row in rows} == {("R-7", "CLIA-900")}


@given(lives(), MOMENTS, st.integers(1, 5000))
def test_what_happens_later_changes_no_row(deal, at, hours):
    """The book is cut first."""
    later = [deal, evolve(new_deal(at=at + timedelta(hours=hours)), id="later")]

    assert told(later, at) == told([one for one in [deal.as_of(at)] if one], at)
