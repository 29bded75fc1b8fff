"""Deals as another system saw them: any past can be recorded, and is marked as seen."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import GENERAL, START, Phase, answer, climb, new_deal, on_day, yuan
from salesflow.errors import (
    CurrencyMismatch,
    InvalidValue,
    NoSuchMove,
    SalesflowError,
    WrongType,
)
from salesflow.funnel import (
    FUNNEL,
    KEEP,
    Act,
    LossReason,
    Opportunity,
    Sighting,
    Stage,
    Status,
    replay,
)
from salesflow.gates import Gate
from salesflow.money import Money
from strategies import moneys

S = Stage
CLOSE = date(2026, 9, 20)


def seen(*events, **rest):
    """A deal imported from what was seen of it."""
    who = {"id": "D-1", "customer": "H-3", "owner": "R-9", "product": "CLIA-900"}
    return Opportunity.from_history(**(who | {"amount": yuan(100), "events": events} | rest))


def days(*states):
    """Pairs of an instant and a state, one a day."""
    return [(on_day(number), state) for number, state in enumerate(states)]


def told(deal):
    """The trail in short: act, number of the stage, outcome and cash of each event."""
    number = {stage: index for index, stage in enumerate(Stage, start=1)}
    return [
        f"{e.act.value} {number[e.target]} {e.status.value} {int(e.collected.amount)}"
        for e in deal.trail
    ]


# --- what was seen is recorded ---------------------------------------------------------------

PASTS = {
    "a climb by the book": (
        days(S.TARGET_GROUP, S.INFO_COLLECTION),
        ["imported 1 open 0", "advanced 2 open 0"],
    ),
    "stages skipped": (
        days(S.TARGET_GROUP, S.NEEDS_DISCOVERY),
        ["imported 1 open 0", "advanced 5 open 0"],
    ),
    "a step back": (
        days(S.NEEDS_DISCOVERY, S.TARGET_GROUP),
        ["imported 5 open 0", "regressed 1 open 0"],
    ),
    "the same stage again": (
        days(S.TRUST_BUILDING, S.TRUST_BUILDING, S.TRUST_BUILDING),
        ["imported 4 open 0", "recorded 4 open 0", "recorded 4 open 0"],
    ),
    "a win from the fourth stage": (
        days(S.TRUST_BUILDING, Status.WON),
        ["imported 4 open 0", "won 4 won 100"],
    ),
    "a win before anything else": (
        days(Status.WON),
        ["imported 1 open 0", "won 1 won 100"],
    ),
    "a loss before anything else": (
        days(LossReason.DISQUALIFIED),
        ["imported 1 open 0", "lost 1 lost 0"],
    ),
    "a win seen twice": (
        days(S.TRUST_BUILDING, Status.WON, Status.WON),
        ["imported 4 open 0", "won 4 won 100", "recorded 4 won 100"],
    ),
    "a loss seen twice": (
        days(S.TRUST_BUILDING, Status.LOST, Status.LOST),
        ["imported 4 open 0", "lost 4 lost 0", "recorded 4 lost 0"],
    ),
    "reopened after a win": (
        days(S.TRUST_BUILDING, Status.WON, S.NEEDS_DISCOVERY),
        ["imported 4 open 0", "won 4 won 0", "reopened 5 open 0"],
    ),
    "reopened after a win, and won again": (
        days(S.TRUST_BUILDING, Status.WON, Status.OPEN, Status.WON),
        ["imported 4 open 0", "won 4 won 0", "reopened 4 open 0", "won 4 won 100"],
    ),
    "lost, then won after all": (
        days(S.TRUST_BUILDING, LossReason.CHOSE_COMPETITOR, Status.WON),
        ["imported 4 open 0", "lost 4 lost 0", "won 4 won 100"],
    ),
    "won, then lost after all": (
        days(S.TRUST_BUILDING, Status.WON, Status.LOST),
        ["imported 4 open 0", "won 4 won 0", "lost 4 lost 0"],
    ),
}


@pytest.mark.parametrize(("events", "rows"), PASTS.values(), ids=PASTS)
def test_a_past_is_recorded_as_it_was_seen(events, rows):
    """Skips, steps back, early ends and late returns are taken; each event is marked observed."""
    deal = seen(*events)

    assert told(deal) == rows
    assert all(event.observed for event in deal.trail)
    assert replay(deal) == deal
    assert pickle.loads(pickle.dumps(deal)) == deal


def test_sightings_are_put_in_order_of_time():
    """However the export was sorted, time orders the trail; equal instants stay as given."""
    first, second, third = days(S.TARGET_GROUP, S.INFO_COLLECTION, S.CUSTOMER_ANALYSIS)
    tie = (on_day(1), S.TARGET_GROUP)

    assert seen(third, first, second) == seen(first, second, third)
    stages = [event.target for event in seen(third, second, tie, first).trail]
    assert stages == [S.TARGET_GROUP, S.INFO_COLLECTION, S.TARGET_GROUP, S.CUSTOMER_ANALYSIS]
    stages = [event.target for event in seen(third, tie, second, first).trail]
    assert stages == [S.TARGET_GROUP, S.TARGET_GROUP, S.INFO_COLLECTION, S.CUSTOMER_ANALYSIS]


def test_a_pair_is_the_short_form_of_a_sighting():
    """A stage, an outcome or a loss reason beside its instant; a sighting says more."""
    at = on_day(1)

    assert Sighting.of((at, S.TRUST_BUILDING)) == Sighting(at=at, stage=S.TRUST_BUILDING)
    assert Sighting.of((at, Status.WON)) == Sighting(at=at, status=Status.WON)
    assert Sighting.of((at, LossReason.DISQUALIFIED)) == Sighting(
        at=at, status=Status.LOST, loss=LossReason.DISQUALIFIED
    )
    whole = Sighting(at=at)
    assert Sighting.of(whole) is whole
    assert seen(Sighting(at=START, stage=S.TARGET_GROUP), (at, Status.WON)).status is Status.WON


def test_a_loss_without_a_reason_is_a_loss_for_another_reason():
    """Where the other system does not say why, nobody can be asked for a note either."""
    deal = seen(*days(S.TRUST_BUILDING, Status.LOST))

    assert (deal.status, deal.loss_reason) == (Status.LOST, LossReason.OTHER)
    assert deal.findings() == ()


@pytest.mark.parametrize("status", Status)
def test_the_key_of_an_outcome_means_the_outcome(status):
    """An export's "won" is a win in every respect: in act, in outcome and in cash."""
    keyed, meant = (
        seen((START, S.TRUST_BUILDING), Sighting(at=on_day(1), status=given_))
        for given_ in (status.value, status)
    )

    assert told(keyed) == told(meant)
    assert keyed == meant


def test_a_sighting_tells_of_everything_that_can_change():
    """Amount, close, cash, competitor and who did it are kept; what is not told stays."""
    deal = seen(
        Sighting(at=on_day(0), stage=S.TRUST_BUILDING, amount=yuan(80), expected_close=CLOSE),
        Sighting(at=on_day(1), amount=yuan(90), by="R-2"),
        Sighting(at=on_day(2), expected_close=None),
        Sighting(at=on_day(3), collected=yuan(30)),
        Sighting(at=on_day(4), status=Status.LOST, loss="chose_competitor", competitor=" X "),
    )

    acts = [event.act for event in deal.trail]
    assert acts == [Act.IMPORTED, Act.REVISED, Act.REVISED, Act.COLLECTED, Act.LOST]
    assert [event.amount for event in deal.trail] == [yuan(80), *[yuan(90)] * 4]
    assert [event.expected_close for event in deal.trail] == [CLOSE, CLOSE, None, None, None]
    assert [event.by for event in deal.trail] == ["", "R-2", "", "", ""]
    assert (deal.collected, deal.competitor) == (yuan(30), "X")
    assert deal.loss_reason is LossReason.CHOSE_COMPETITOR


def test_an_export_that_repeats_a_loss_keeps_what_is_known_of_it():
    """Week after week the same row; reason and competitor stay, until the deal is back."""
    lost = Sighting(at=on_day(1), status=Status.LOST, loss="chose_competitor", competitor="X")
    weeks = (lost, Sighting(at=on_day(8), status=Status.LOST), (on_day(15), S.TRUST_BUILDING))

    assert [event.competitor for event in seen(*weeks).trail] == ["", "X", "X", ""]


def test_what_the_first_sighting_lacks_is_said_beside_it():
    """Amount and expected close are those of the opening, unless it brings its own."""
    plain = seen((START, S.TRUST_BUILDING), expected_close=CLOSE)
    own = seen(Sighting(at=START, amount=yuan(7), expected_close=None), expected_close=CLOSE)

    assert (plain.amount, plain.expected_close, plain.opened_at) == (yuan(100), CLOSE, START)
    assert (own.amount, own.expected_close, len(own.trail)) == (yuan(7), None, 1)


# --- cash ------------------------------------------------------------------------------------


def test_an_imported_win_counts_as_collected_at_its_date():
    """Without word of cash, the whole amount came in when the deal was won."""
    deal = seen(*days(S.TRUST_BUILDING, S.NEEDS_DISCOVERY, Status.WON))

    assert deal.as_of(on_day(1)).collected == yuan(0)
    assert deal.as_of(on_day(2)).collected == yuan(100)
    assert deal.findings() == ()


def test_an_amount_revised_after_the_win_was_collected_too():
    """What the CRM says later of a won deal's amount is what was paid."""
    deal = seen(
        *days(S.TRUST_BUILDING, Status.WON),
        Sighting(at=on_day(5), status=Status.WON, amount=yuan(130)),
        Sighting(at=on_day(6), status=Status.WON, amount=yuan(70)),
    )

    assert [int(event.collected.amount) for event in deal.trail] == [0, 100, 130, 70]
    assert (deal.trail[-1].act, deal.outstanding) == (Act.REVISED, yuan(0))


@pytest.mark.parametrize("cash", [yuan(0), yuan(30), yuan(100)], ids=str)
def test_cash_that_is_told_is_believed(cash):
    """Where any sighting brings cash, a win collects nothing by itself."""
    deal = seen(
        (START, S.TRUST_BUILDING), Sighting(at=on_day(1), status=Status.WON, collected=cash)
    )

    assert (deal.status, deal.collected) == (Status.WON, cash)
    assert bool(deal.outstanding) is (deal.findings() != ())


def test_a_first_sighting_can_be_paid_already():
    """Cash seen at the opening is an event of its own after it."""
    deal = seen(Sighting(at=START, stage=S.PAYMENT_AND_RESALE, collected=yuan(40)))

    assert told(deal) == ["imported 8 open 0", "collected 8 open 40"]


def test_an_imported_deal_goes_on_by_the_rules():
    """After the past that was seen, the verbs and their gates hold again."""
    deal = seen(*days(S.TARGET_GROUP, S.NEEDS_DISCOVERY))

    later = climb(deal, S.VALUE_PRESENTATION)
    assert not later.trail[-1].observed
    assert replay(later) == later
    lost = seen(*days(S.TARGET_GROUP, Status.LOST))
    assert replay(lost.reopen(at=on_day(3), reason="again")).status is Status.OPEN
    with pytest.raises(NoSuchMove):
        deal.advance(at=on_day(9), to=S.TARGET_GROUP)


def test_a_past_in_a_pipeline_of_ones_own():
    """The stages and gates are those of the machine that is passed."""
    deal = seen(*days(Phase.CONTACT, Phase.CLOSE), machine=GENERAL)

    assert (deal.machine, deal.stage) == ("general", Phase.CLOSE)
    assert replay(deal, GENERAL) == deal
    assert seen((START, Status.WON), machine=GENERAL).stage is Phase.IDENTIFY
    with pytest.raises(InvalidValue):
        seen(*days(S.TARGET_GROUP), machine=GENERAL)


# --- what was never seen ---------------------------------------------------------------------

FIRST = (START, S.TRUST_BUILDING)
NAIVE = datetime(2026, 7, 1)
REFUSED = {
    "nothing": list,
    "a bare stage": lambda: [S.TRUST_BUILDING],
    "a bare text": lambda: ["won"],
    "a triple": lambda: [(START, S.TRUST_BUILDING, "by")],
    "None": lambda: [None],
    "a stage as text": lambda: [(START, "trust_building")],
    "a final state as stage": lambda: [Sighting(at=START, stage=Status.WON)],
    "a stage of another table": lambda: [FIRST, (on_day(1), Phase.CLOSE)],
    "a gate as stage": lambda: [(START, answer(Gate("g", FUNNEL.gates["strategic"].question)))],
    "a naive instant": lambda: [(NAIVE, S.TRUST_BUILDING)],
    "a date": lambda: [(date(2026, 7, 1), S.TRUST_BUILDING)],
    "an instant as text": lambda: [("2026-07-01T00:00:00Z", S.TRUST_BUILDING)],
    "the year 1": lambda: [(datetime(1, 1, 1, tzinfo=UTC), S.TRUST_BUILDING)],
    "the year 9999": lambda: [FIRST, (datetime(9999, 12, 31, 23, tzinfo=UTC), Status.WON)],
    "an outcome nobody knows": lambda: [Sighting(at=START, status="closed")],
    "a reason nobody knows": lambda: [FIRST, Sighting(at=START, status=Status.LOST, loss="bored")],
    "a float": lambda: [Sighting(at=START, amount=80.0)],
    "a negative amount": lambda: [FIRST, Sighting(at=START, amount=yuan(-1))],
    "another currency": lambda: [FIRST, Sighting(at=START, amount=Money(80, "USD"))],
    "cash in another currency": lambda: [Sighting(at=START, collected=Money(80, "USD"))],
    "cash below zero": lambda: [Sighting(at=START, collected=yuan(-1))],
    "cash as a number": lambda: [Sighting(at=START, collected=80)],
    "more cash than the amount": lambda: [Sighting(at=START, collected=yuan(101))],
    "less than was paid": lambda: [
        Sighting(at=START, collected=yuan(50)),
        Sighting(at=on_day(1), amount=yuan(40)),
    ],
    "a close as text": lambda: [Sighting(at=START, expected_close="2026-09-20")],
    "a close as instant": lambda: [FIRST, Sighting(at=START, expected_close=START)],
    "somebody of no name": lambda: [Sighting(at=START, by=5)],
    "somebody unsafe": lambda: [FIRST, Sighting(at=START, by="a\u202eb")],
    "an unsafe competitor": lambda: [Sighting(at=START, status=Status.LOST, competitor="a\x00b")],
}


@pytest.mark.parametrize("past", REFUSED.values(), ids=REFUSED)
def test_a_past_that_can_not_have_been_is_refused(past):
    """What no CRM can have seen is refused by an error of the library."""
    with pytest.raises(SalesflowError):
        seen(*past())


@pytest.mark.parametrize("events", [None, 5, "won", FIRST], ids=["None", "int", "str", "pair"])
def test_what_is_no_run_of_sightings_is_refused(events):
    """Nothing, a number, a text and a single pair are no history."""
    with pytest.raises(SalesflowError):
        Opportunity.from_history(
            id="D", customer="H", owner="R", product="P", amount=yuan(1), events=events
        )


def test_a_past_has_one_currency():
    """Two currencies in one past are named, wherever they meet."""
    for money in ({"amount": Money(1, "USD")}, {"collected": Money(1, "USD")}):
        with pytest.raises(CurrencyMismatch):
            seen(FIRST, Sighting(at=on_day(1), **money))
    with pytest.raises(CurrencyMismatch):
        seen(Sighting(at=START, collected=Money(1, "USD")))


def test_the_amount_beside_the_past_is_checked():
    """A number is no amount, also for an import."""
    with pytest.raises(WrongType):
        seen(FIRST, amount=100)


# --- laws ------------------------------------------------------------------------------------

sightings = st.builds(
    Sighting,
    at=st.integers(0, 9).map(on_day),
    stage=st.none() | st.sampled_from(Stage),
    status=st.sampled_from(Status),
    loss=st.sampled_from(LossReason),
    amount=st.none() | moneys(min_minor=5_000, max_minor=20_000),
    expected_close=st.just(KEEP) | st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    collected=st.none() | moneys(max_minor=5_000),
)


@given(st.lists(sightings, min_size=1, max_size=8))
def test_any_past_can_be_replayed_and_ends_as_it_was_last_seen(events):
    """Whatever was seen is taken, in time order, and the last sighting has the last word."""
    deal = seen(*events)
    *_, last = sorted(events, key=lambda sighting: sighting.at)

    assert replay(deal) == deal
    assert all(event.observed for event in deal.trail)
    assert deal.status is last.status
    assert len(deal.trail) - len(events) in (0, 1)
    assert last.stage is None or deal.stage is last.stage
    assert last.amount is None or deal.amount == last.amount
    assert (deal.loss_reason is not None) is (last.status is Status.LOST)
    if all(event.collected is None for event in events):
        assert deal.collected == (deal.amount if deal.status is Status.WON else yuan(0))


def test_a_new_deal_is_not_marked_as_seen():
    """Only an imported past is observed; a deal opened here is not."""
    assert not new_deal(stage=S.TRUST_BUILDING).trail[0].observed


def test_the_amount_of_the_first_sighting_is_in_the_currency_of_the_deal():
    """A first sighting with its own amount does not hide a mistake in the deal's."""
    with pytest.raises(CurrencyMismatch):
        seen(Sighting(at=START, amount=Money(1, "USD")), amount=yuan(100))
    with pytest.raises(WrongType):
        seen(Sighting(at=START, amount=yuan(1)), amount=None)


def test_an_instalment_after_the_win_reopens_nothing():
    """What a sighting does not tell stays as it was, the outcome too."""
    deal = seen(
        (START, S.PAYMENT_AND_RESALE),
        Sighting(at=on_day(1), status="won", collected=yuan(40)),
        Sighting(at=on_day(2), collected=yuan(100)),
    )

    assert (deal.status, deal.collected, deal.trail[-1].act) == (
        Status.WON,
        yuan(100),
        Act.COLLECTED,
    )


def test_a_loss_seen_again_keeps_its_reason():
    """A second row of the same loss without a reason does not take the reason away."""
    deal = seen(
        (START, S.TARGET_GROUP),
        (on_day(1), LossReason.CHOSE_COMPETITOR),
        Sighting(at=on_day(2), status="lost", loss=None),
    )

    assert deal.loss_reason is LossReason.CHOSE_COMPETITOR


def test_a_stage_seen_after_the_end_is_a_reopening():
    """Other systems take deals up again by giving them a stage."""
    deal = seen((START, S.TARGET_GROUP), (on_day(1), Status.WON), (on_day(2), S.TRUST_BUILDING))

    assert (deal.status, deal.trail[-1].act) == (Status.OPEN, Act.REOPENED)
