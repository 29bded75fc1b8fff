"""What each open deal may still bring, and how likely that is, from whichever table is asked."""

from __future__ import annotations

import copy
import pickle
from datetime import timedelta

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given, settings

from books import GENERAL, GENERAL_RATES, Phase, new_deal, yuan
from ledgers import (
    AUGUST,
    CLOSE,
    JULY,
    Q3,
    SEPTEMBER,
    SPRING,
    STAGE,
    deal,
    ledgers,
    lost,
    moved,
    on,
    won,
)
from outlook_oracle import past
from salesflow.errors import ForeignDeal, InvalidValue, SalesflowError, WrongType
from salesflow.funnel import FUNNEL, WIN_RATES, Stage, Status
from salesflow.metrics.book import book_of
from salesflow.metrics.learning import learn_rates
from salesflow.metrics.prospects import Prospect, prospects, rater_of


def rated(deals, rates=WIN_RATES, during=Q3, *, fields=None, at=None):
    """The rater of some deals, and their prospects."""
    book = book_of(deals)
    rater = rater_of(rates, book, during, fields, at)
    return rater, list(prospects(book, rater))


# --- rates of the stages -----------------------------------------------------------------------


@settings(max_examples=50)
@given(ledgers())
def test_every_open_deal_is_a_prospect_with_the_rate_of_its_stage(deals):
    """And no closed one: what it still owes, its owner, its date, no days."""
    _, found = rated(deals)

    assert [one.id for one in found] == [d.id for d in deals if d.status is Status.OPEN]
    for one, d in zip(found, [d for d in deals if d.status is Status.OPEN], strict=True):
        assert one == Prospect(
            id=d.id,
            owner=d.owner,
            stage=d.stage,
            outstanding=d.outstanding.minor,
            expected_close=d.expected_close,
            probability=float(WIN_RATES[d.stage]),
        )


def test_of_a_partly_paid_deal_only_the_rest_is_at_stake():
    """No yuan counts twice."""
    _, (one,) = rated([deal(amount=100).collect(yuan(40), at=JULY)])

    assert one.outstanding == 60_00


def test_a_deal_on_hold_is_a_prospect():
    """It is still open."""
    held = deal("A").hold(at=JULY, reason="budget frozen")

    assert [one.id for one in rated([held, lost(deal("B")), won(deal("C"))])[1]] == ["A"]


def test_a_prospect_is_a_value():
    """Equal, hashable, unchanging, and it can be stored."""
    (one,), (other,) = rated([deal()])[1], rated([deal()])[1]

    assert (one, hash(one)) == (other, hash(other))
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one
    with pytest.raises(FrozenInstanceError):
        one.outstanding = 0


def test_a_pipeline_of_ones_own_is_rated_by_its_own_table():
    """Its machine and its rates."""
    own = new_deal(stage=Phase.CLOSE, at=SPRING, expected_close=CLOSE, machine=GENERAL)
    book = book_of([own], GENERAL)
    rater = rater_of(GENERAL_RATES, book, Q3, None, None)

    assert [one.probability for one in prospects(book, rater)] == [0.8]
    with pytest.raises(InvalidValue, match="say nothing of"):
        rater_of(WIN_RATES, book, Q3, None, None)


def test_a_rate_of_a_stage_says_nothing_of_when():
    """So the date of a deal decides whether it enters."""
    assert not rated([deal()])[0].within


def test_a_prospect_that_comes_to_another_stage_has_its_rate():
    """Nothing else of it changes, and the stage has to be one of the machine."""
    rater, (one,) = rated([deal()])
    up = rater.restaged(one, STAGE[7])

    assert (up.stage, up.probability, up.days) == (STAGE[7], 0.6, None)
    assert (up.id, up.outstanding, up.expected_close) == (one.id, 100_00, CLOSE)
    assert (one.stage, one.probability) == (STAGE[3], 0.05)
    for foreign in (Phase.CLOSE, "NEEDS_DISCOVERY", None, 3):
        with pytest.raises(SalesflowError):
            rater.restaged(one, foreign)


# --- learned rates -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def eventual():
    """Rates of winning some day, learned up to July."""
    return learn_rates(past(), as_of=JULY)


@pytest.fixture(scope="module")
def within():
    """Rates of winning within the quarter, learned up to July."""
    return learn_rates(past(), as_of=JULY, during=Q3)


def test_a_learned_rate_knows_the_stage_and_the_days_there(eventual):
    """It is that of the table at the days that the deal stood there."""
    rater, (one,) = rated([deal(at=SPRING)], eventual, at=JULY)
    days = (JULY - SPRING).total_seconds() / 86_400

    assert one.days == pytest.approx(days)
    assert one.probability == eventual.probability(STAGE[3], days, ())
    assert isinstance(one.probability, float)
    assert one.categories == ()
    assert not rater.within


def test_a_rate_of_the_period_says_when(within):
    """Won within it, whatever close is expected."""
    assert rated([deal()], within)[0].within


def test_with_little_history_a_rate_of_the_period_knows_of_no_period():
    """It is still nominal, so the date of a deal decides as before."""
    assert not rated([deal()], learn_rates(past(9), as_of=JULY, during=Q3))[0].within


def test_time_on_hold_is_left_out(eventual):
    """Held since ten days after it was opened."""
    held = deal(at=SPRING).hold(at=SPRING + timedelta(days=10), reason="budget frozen")

    assert rated([held], eventual, at=SEPTEMBER)[1][0].days == pytest.approx(10)


@pytest.mark.parametrize(
    ("at", "counted"),
    [(None, JULY), (AUGUST, AUGUST), (SPRING, SPRING)],
    ids=["as of", "late", "early"],
)
def test_days_are_counted_up_to_the_instant_asked_or_that_of_learning(eventual, at, counted):
    """Where nobody asks for an instant, it is that up to which history was seen."""
    opened = on(5, 1)
    (one,) = rated([deal(at=opened)], eventual, at=at)[1]

    assert one.days == pytest.approx((counted - opened).total_seconds() / 86_400)


def test_days_are_never_counted_to_before_the_last_event(eventual):
    """A deal moved in August, with rates learned in July: it came there just now."""
    fresh = moved(deal("A"), 5, at=AUGUST)
    one, other = rated([fresh, deal("B", at=SPRING)], eventual)[1]

    assert one.days == 0
    assert other.days == pytest.approx((AUGUST - SPRING).total_seconds() / 86_400)


def test_a_book_without_deals_is_rated_too(eventual):
    """There is nothing to tell."""
    assert rated([], eventual)[1] == []


def test_a_ready_made_field_needs_no_reader_and_one_of_ones_own_does():
    """The host that learned it hands it over again."""
    ready = learn_rates(past(), as_of=JULY, fields=["owner"])
    own = {"region": lambda d: "east" if d.owner == "R-1" else "west"}
    table = learn_rates(past(), as_of=JULY, fields=own)

    assert rated([deal(owner="R-1")], ready)[1][0].categories == ("R-1",)
    assert rated([deal(owner="R-2")], table, fields=own)[1][0].categories == ("west",)
    with pytest.raises(InvalidValue, match="fields lack a reader for region"):
        rated([deal()], table)
    with pytest.raises(InvalidValue, match="fields lack a reader for region"):
        rated([deal()], table, fields=["owner"])
    with pytest.raises(WrongType, match="fields"):
        rated([deal()], table, fields={"region": "east"})


def test_a_prospect_that_comes_to_another_stage_has_just_arrived():
    """Under learned rates its days begin anew, and its fields stay."""
    table = learn_rates(past(), as_of=JULY, fields=["owner"])
    rater, (one,) = rated([deal(owner="R-1")], table, at=AUGUST)
    up = rater.restaged(one, STAGE[5])

    assert (up.days, up.categories) == (0.0, ("R-1",))
    assert up.probability == table.probability(STAGE[5], 0.0, ("R-1",))
    with pytest.raises(SalesflowError):
        rater.restaged(one, Phase.CLOSE)


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize("during", [None, Q3.shift(1), Q3.shift(-1)])
def test_rates_of_one_period_are_refused_for_another(within, during):
    """They say how likely a win is before that period is over."""
    with pytest.raises(InvalidValue, match="win_rates were learned for another period"):
        rated([deal()], within, during)


@pytest.mark.parametrize("during", [None, Q3, Q3.shift(1)])
def test_rates_of_winning_some_day_do_for_any_period(eventual, during):
    """The date of the deal says when."""
    assert len(rated([deal()], eventual, during)[1]) == 1


def test_rates_of_another_machine_are_refused(eventual):
    """They know other stages."""
    with pytest.raises(ForeignDeal):
        rater_of(eventual, book_of([], GENERAL), Q3, None, None)


@pytest.mark.parametrize(
    "rates",
    [None, 5, "0.5", {}, dict.fromkeys(Stage, 2), dict.fromkeys(Stage, 0.5), {"a": "0.5"}],
    ids=str,
)
def test_what_is_no_table_of_rates_is_refused(rates):
    """It names the rates."""
    with pytest.raises(InvalidValue) as caught:
        rated([deal()], rates)
    assert caught.value.field == "win_rates"


@pytest.mark.parametrize("at", [JULY.naive(), "2026-07-10", JULY.date(), 5], ids=str)
def test_an_instant_has_to_be_one(eventual, at):
    """Aware, and no text."""
    with pytest.raises(InvalidValue) as caught:
        rated([deal()], eventual, at=at)
    assert caught.value.field == "at"


def test_the_machine_of_a_rater_is_that_of_the_book():
    """The funnel, unless told otherwise."""
    assert rated([])[0].machine is FUNNEL
