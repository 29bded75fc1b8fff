"""Pace: how long deals stay, which are stuck, and what the funnel yields a day."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from statistics import median

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import metrics_oracles as oracles
from books import GENERAL, Phase, new_deal, yuan
from ledgers import (
    AUGUST,
    EVE,
    JULY,
    LAST,
    MOMENTS,
    Q3,
    SPRING,
    STAGE,
    TICK,
    deal,
    ledgers,
    lives,
    lost,
    moved,
    on,
    won,
)
from salesflow.errors import InvalidValue, SalesflowError
from salesflow.funnel import Act, Stage, Status
from salesflow.metrics import Stalled, Stay, pace, stays
from salesflow.money import Money, half_up
from salesflow.periods import instant
from salesflow.ratios import Rate

DAY = timedelta(days=1)


def told(*deals, **rest):
    """The pace of these deals in the quarter."""
    return pace(deals, Q3, **rest)


def stood(latest, cumulative=None):
    """A stay of so many days."""
    return Stay(latest=latest * DAY, cumulative=(cumulative or latest) * DAY)


# --- stays -----------------------------------------------------------------------------------


@given(lives(), MOMENTS)
def test_stays_are_what_adding_up_the_days_gives(deal, at):
    """Latest and cumulative at each stage, closed and held time left out, at any instant."""
    found = {stage: (one.latest, one.cumulative) for stage, one in stays(deal, at).items()}

    assert oracles.stays(deal, at) == found


def test_a_stay_lasts_from_one_event_to_the_next():
    """Five days at stage 3, then ten at stage 4, and still there."""
    one = moved(deal(at=JULY), 4, at=JULY + 5 * DAY)

    assert {STAGE[3]: stood(5), STAGE[4]: stood(10)} == dict(stays(one, JULY + 15 * DAY))


def test_coming_back_starts_a_new_stay_and_adds_to_the_old_one():
    """3 for five days, 4 for two, 3 again for one: latest 1, cumulative 6."""
    one = moved(deal(at=JULY), 4, at=JULY + 5 * DAY)
    one = moved(one, 3, at=JULY + 7 * DAY)

    assert stood(1, 6) == stays(one, JULY + 8 * DAY)[STAGE[3]]


def test_time_on_hold_is_not_counted():
    """A deal that rightly waits is not slow: two days, a hold of twenty, three more."""
    one = deal(at=JULY).hold(at=JULY + 2 * DAY, reason="budget frozen")

    assert stood(2) == stays(one, JULY + 22 * DAY)[STAGE[3]]
    one = one.resume(at=JULY + 22 * DAY)
    assert stood(5) == stays(one, JULY + 25 * DAY)[STAGE[3]]


def test_a_deal_taken_up_again_starts_a_new_stay():
    """Lost after five days, taken up after fifty, there for two: it is not stuck at once."""
    one = lost(deal(at=JULY), at=JULY + 5 * DAY).reopen(at=JULY + 50 * DAY, reason="asked again")

    assert stays(one, JULY + 52 * DAY)[STAGE[3]] == stood(2, 7)
    assert told(one, at=JULY + 52 * DAY, limits={STAGE[3]: 6}).stalled == ()


def test_what_changes_no_stage_interrupts_no_stay():
    """A revision and an instalment leave the clock running."""
    one = deal(at=JULY).revise(at=JULY + DAY, amount=yuan(90))
    one = one.collect(yuan(5), at=JULY + 2 * DAY)

    assert stood(9) == stays(one, JULY + 9 * DAY)[STAGE[3]]


@pytest.mark.parametrize("close", [won, lost])
def test_time_after_the_end_is_not_counted(close):
    """A closed deal stands nowhere."""
    one = close(deal(stage=8, at=JULY), at=JULY + 4 * DAY)

    assert stood(4) == stays(one, JULY + 40 * DAY)[STAGE[8]]


def test_before_it_was_opened_a_deal_stood_nowhere():
    """And at its very first instant it has stood for no time."""
    assert dict(stays(deal(at=JULY), JULY - TICK)) == {}
    assert stays(deal(at=JULY), JULY)[STAGE[3]] == stood(0)


# --- stages ----------------------------------------------------------------------------------


@given(ledgers(), st.none() | MOMENTS)
def test_a_stage_tells_the_median_of_its_stays(deals, at):
    """In days, to the second, over the deals that stood there, in the order of the path."""
    seen = [oracles.stays(deal, min(at or LAST, LAST)) for deal in deals]
    found = told(*deals, at=at).stages

    assert [stage for stage in Stage if any(stage in one for one in seen)] == list(found)
    for stage, one in found.items():
        latest, cumulative = zip(*(stood[stage] for stood in seen if stage in stood), strict=True)
        assert len(latest) == one.n
        assert median(latest) / DAY == pytest.approx(one.latest, abs=2 / 86_400)
        assert median(cumulative) / DAY == pytest.approx(one.cumulative, abs=2 / 86_400)


def test_time_is_counted_to_the_last_instant_of_the_period_by_default():
    """An open deal has stood until then, as the docs say."""
    assert told(deal()) == told(deal(), at=LAST)
    assert told(deal()) != told(deal(), at=AUGUST)


def test_a_deal_opened_later_is_not_in_the_pace():
    """Neither in a stage nor in the velocity."""
    assert dict(told(deal(at=Q3.end)).stages) == {}


# --- stalled ---------------------------------------------------------------------------------


def test_a_deal_is_stalled_only_beyond_its_limit():
    """Ten days are allowed; at ten days sharp it is not stuck, one tick later it is."""
    limits = {STAGE[3]: 10}
    sharp = JULY + 10 * DAY

    assert told(deal(at=JULY), at=sharp, limits=limits).stalled == ()
    assert (Stalled(id="A", stage=STAGE[3], days=10, limit=10),) == told(
        deal(at=JULY), at=sharp + TICK, limits=limits
    ).stalled


def test_without_a_limit_nothing_stalls():
    """The host sets them, stage by stage."""
    assert told(deal()).stalled == ()
    assert told(deal(), limits={STAGE[4]: 0}).stalled == ()
    assert told(deal(), limits={}).stalled == ()


def test_a_deal_on_hold_is_not_stuck_however_long_it_stood():
    """It rightly waits."""
    held = deal().hold(at=AUGUST, reason="budget frozen")

    assert told(held, limits={STAGE[3]: 10}).stalled == ()
    assert len(told(held.resume(at=AUGUST), limits={STAGE[3]: 10}).stalled) == 1


@pytest.mark.parametrize("close", [won, lost])
def test_a_closed_deal_is_not_stuck(close):
    """It went."""
    limits = dict.fromkeys(STAGE.values(), 0)

    assert told(close(deal()), limits=limits).stalled == ()


def test_a_limit_looks_at_the_latest_stay_only():
    """A deal that came back yesterday may stand there again."""
    back = moved(deal(), 4, 3, at=on(9, 29))

    assert told(back, limits={STAGE[3]: 10}).stalled == ()


def test_the_longest_over_its_limit_comes_first():
    """Then by id, whatever the order of the book."""
    book = [
        deal("C", at=JULY),
        deal("B", at=JULY),
        deal("A", stage=4, at=JULY),
        deal("D", at=AUGUST),
    ]
    limits = {STAGE[3]: 10, STAGE[4]: 60}

    for deals in (book, book[::-1]):
        stuck = told(*deals, limits=limits).stalled
        assert [one.id for one in stuck] == ["B", "C", "D", "A"]
    assert [one.days - one.limit for one in stuck] == [72, 72, 41, 22]


@given(ledgers(), st.integers(0, 90), MOMENTS)
def test_the_stalled_are_those_whose_latest_stay_is_too_long(deals, limit, at):
    """Open, not on hold, and beyond the limit."""
    expected, at = set(), min(at, LAST)
    for one in deals:
        now = one.as_of(at)
        if now is None or now.held or now.status is not Status.OPEN:
            continue
        if oracles.stays(one, at)[now.stage][0] > limit * DAY:
            expected.add(one.id)

    stuck = told(*deals, at=at, limits=dict.fromkeys(Stage, limit)).stalled
    assert expected == {one.id for one in stuck}


@pytest.mark.parametrize("days", [-1, 1.5, "10", None, True])
def test_a_limit_that_is_no_whole_number_of_days_is_refused(days):
    """Days are counted, from 0."""
    with pytest.raises(InvalidValue):
        told(limits={STAGE[3]: days})


@pytest.mark.parametrize("stage", [Status.WON, Phase.CONTACT, "trust_building", 3])
def test_a_limit_at_no_stage_of_the_machine_is_refused(stage):
    """A typing mistake would make it silently never stall."""
    with pytest.raises(InvalidValue):
        told(limits={stage: 3})


def test_a_limit_without_end_stalls_nobody():
    """A host that writes an absurd number of days means never; it is refused or it is never."""
    try:
        stuck = told(deal(), limits={STAGE[3]: 10**20}).stalled
    except InvalidValue:
        return
    assert stuck == ()


# --- velocity --------------------------------------------------------------------------------


def test_velocity_is_the_formula_computed_by_hand():
    """4 open × 1000 × 1/2 ÷ 50 days = 40 a day."""
    sold = won(deal("W", 777, at=JULY), at=JULY + 50 * DAY)
    book = [deal(f"{n}", money) for n, money in enumerate([700, 900, 1100, 1300])]
    velocity = told(*book, sold, lost(deal("L"))).velocity

    assert (4, yuan(1000)) == (velocity.n, velocity.value)
    assert (Rate(1, 2), Fraction(50)) == (velocity.win_rate, velocity.cycle)
    assert yuan(40) == velocity.per_day


def test_the_cycle_is_the_mean_from_opening_to_win():
    """20 and 31 days make 25.5, instalments after the win not counted."""
    one = won(deal("A", at=JULY), at=JULY + 20 * DAY, paid=False)
    other = won(deal("B", at=JULY), at=JULY + 31 * DAY)
    paid = one.collect(one.outstanding, at=JULY + 60 * DAY)

    assert Fraction(51, 2) == told(deal("C"), paid, other).velocity.cycle


@pytest.mark.parametrize(
    "book",
    [
        [],
        [deal("open")],
        [won(deal("won"))],
        [deal("open"), lost(deal("lost"))],
        [deal("open"), won(deal("in no time", stage=8, at=JULY), at=JULY)],
        [deal("open"), won(deal("won before"), at=on(6, 30))],
    ],
    ids=["none", "open", "won", "lost", "in no time", "won before"],
)
def test_without_a_basis_there_is_no_velocity(book):
    """None where nothing is open, nothing was won in the period, or nothing took any time."""
    assert None is told(*book).velocity


def test_velocity_counts_the_closings_of_the_period_only():
    """Won or lost before it is another period's business."""
    book = [deal("A"), won(deal("B")), lost(deal("C"), at=SPRING), won(deal("D"), at=on(6, 1))]

    assert Rate(1, 1) == told(*book).velocity.win_rate


@pytest.mark.parametrize(("at", "n"), [(EVE, 1), (Q3.start, 2), (LAST, 2), (Q3.end, 1)])
def test_a_closing_at_the_start_belongs_to_the_period_and_one_at_the_end_does_not(at, n):
    """Half-open, to the microsecond."""
    assert told(deal("A"), won(deal("B")), won(deal("C"), at=at)).velocity.win_rate == Rate(n, n)


def test_a_period_read_later_is_read_to_its_last_instant():
    """The pace of a quarter does not go on when the quarter is over."""
    assert told(deal(), at=on(11, 30)) == told(deal())


def test_velocity_of_a_period_read_later_still_counts_its_own_closings_only():
    """At the end of November, a win of October is still not one of the third quarter."""
    book = [deal("A"), won(deal("B")), won(deal("C"), at=on(10, 20)), lost(deal("D"), at=on(11, 2))]

    assert Rate(1, 1) == told(*book, at=on(11, 30)).velocity.win_rate


@given(ledgers())
def test_velocity_multiplies_its_own_factors(deals):
    """N × mean × rate ÷ cycle, exact until it is rounded once."""
    velocity = told(*deals).velocity
    if velocity is not None:
        still = [d for d in (deal.as_of(LAST) for deal in deals) if d and d.status is Status.OPEN]
        money = sum(deal.amount.minor for deal in still)
        assert len(still) == velocity.n
        assert half_up(Fraction(money, len(still))) == velocity.value.minor
        assert half_up(money * velocity.win_rate.ratio / velocity.cycle) == velocity.per_day.minor


def test_pace_of_a_pipeline_of_ones_own():
    """Its own stages, in its own order."""
    book = [new_deal("A", stage=Phase.NEEDS, at=JULY, machine=GENERAL)]
    found = told(*book, at=JULY + 3 * DAY, limits={Phase.NEEDS: 2}, machine=GENERAL)

    assert list(found.stages) == [Phase.NEEDS]
    assert found.stages[Phase.NEEDS].latest == 3.0
    assert (found.stalled[0].days, found.stalled[0].limit) == (3, 2)


def test_a_stored_deal_that_was_seen_closed_needs_no_closing_act():
    """A trail from outside may say won in an event of any name, if such a trail can be at all."""
    first = deal(at=JULY).trail[0]
    seen = evolve(
        first,
        sequence=1,
        at=instant(JULY + 3 * DAY),
        source=first.target,
        act=Act.RECORDED,
        status=Status.WON,
        observed=True,
    )
    try:
        stored = evolve(deal(), id="S", trail=(first, seen))
    except SalesflowError:
        return
    assert told(deal("A"), stored).velocity.cycle == 3


def test_a_stored_deal_that_was_closed_from_the_start_took_no_time():
    """If such a trail can be at all: it is won, in no days."""
    try:
        first = evolve(deal(at=JULY).trail[0], status=Status.WON, observed=True)
        stored = evolve(deal(), id="S", trail=(first,))
    except SalesflowError:
        return
    one = won(deal("W", at=JULY), at=JULY + 10 * DAY)

    assert told(deal("A"), one, stored).velocity.cycle == 5


def test_the_money_of_a_velocity_is_rounded_half_up():
    """One open deal of 1 fen, won half of the time, a cycle of a day: half a fen a day is one."""
    fen = Money("0.01", "CNY")
    book = [deal("A", fen), won(deal("B", at=JULY), at=JULY + DAY), lost(deal("C"))]

    assert fen == told(*book).velocity.per_day
