"""Walking a stored trail again: what replays, and which forgeries are found out."""

from __future__ import annotations

import pickle
from datetime import date
from enum import Enum

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from books import (
    GENERAL,
    HOST,
    START,
    WORD,
    Phase,
    answer,
    climb,
    evidence_for,
    lives,
    new_deal,
    on_day,
    pay,
    yuan,
)
from salesflow.errors import (
    ForeignDeal,
    GateShut,
    InvalidValue,
    NoSuchMove,
    OnHold,
    SalesflowError,
    SkippedStage,
)
from salesflow.funnel import FUNNEL, Act, LossReason, Opportunity, Stage, Status, replay

S = Stage
NAMES = ("id", "customer", "owner", "product", "machine", "origin")


def retold(deal, *, trail=None, **changes):
    """The deal built from its fields, as from a store, with some of them changed."""
    stored = {name: getattr(deal, name) for name in NAMES} | changes
    return Opportunity(**stored, trail=deal.trail if trail is None else trail)


def forged(deal, index, **changes):
    """The deal with one event of its trail changed."""
    trail = list(deal.trail)
    trail[index] = evolve(trail[index], **changes)
    return retold(deal, trail=trail)


def grown(deal, act, **changes):
    """The deal with one more event written by hand."""
    last = deal.trail[-1]
    more = {"sequence": last.sequence + 1, "source": last.target, "act": act, "evidence": ()}
    return retold(deal, trail=(*deal.trail, evolve(last, **(more | changes))))


LIFE = (
    climb(new_deal(expected_close=date(2026, 9, 20), by="R-9"), S.TRUST_BUILDING)
    .record(answer(FUNNEL.gates["acts_as_guide"]), at=on_day(4), by="R-9")
    .hold(at=on_day(5), reason="frozen", by="R-9")
    .resume(at=on_day(6), by="R-9")
    .revise(at=on_day(7), amount=yuan(90), expected_close=None, reason="tender", by="R-9")
    .collect(yuan(30), at=on_day(8), by="F-1")
    .regress(to=S.CUSTOMER_ANALYSIS, at=on_day(9), reason="cooled", by="R-9")
    .advance(at=on_day(10), override=WORD, by="R-9")
    .lose(LossReason.OTHER, at=on_day(11), competitor="X", note="no call", by="R-9")
    .reopen(at=on_day(12), reason="again", to=S.TARGET_GROUP, by="R-9")
)
PAID = pay(climb(LIFE, S.PAYMENT_AND_RESALE, at=on_day(20)))
SOLD = PAID.win(at=on_day(21), evidence=evidence_for(PAID.unmet()), by="R-9")
OPEN = new_deal()
HELD = OPEN.hold(at=on_day(1), reason="frozen")
LAST = new_deal(stage=S.PAYMENT_AND_RESALE)


# --- what the verbs wrote --------------------------------------------------------------------


@pytest.mark.parametrize("length", range(1, len(SOLD.trail) + 1))
def test_every_part_of_a_life_replays(length):
    """A trail of every verb, cut after any event, walks again to the same deal."""
    deal = retold(SOLD, trail=SOLD.trail[:length])

    assert replay(deal) == deal
    assert replay(pickle.loads(pickle.dumps(deal))) == deal


def test_that_life_uses_every_verb():
    """Nothing a deal can do is left out of the replay; only an import starts otherwise."""
    assert {event.act for event in SOLD.trail} == set(Act) - {Act.IMPORTED}
    assert replay(LAST) == LAST


@given(lives() | lives(GENERAL))
def test_any_life_replays(deal):
    """Whatever the verbs made, they make again."""
    assert replay(deal, FUNNEL if deal.machine == "funnel" else GENERAL) == deal


def test_a_second_sale_replays():
    """It opens below the first stage because it names its origin."""
    again = SOLD.resale(id="D-2", at=on_day(30))

    assert replay(again) == again
    with pytest.raises(InvalidValue):
        replay(retold(again, origin=""))


@given(st.text(max_size=30))
def test_a_reason_of_any_script_replays(reason):
    """What a verb took as a reason, it takes again, and means the same."""
    try:
        deal = OPEN.hold(at=on_day(1), reason=reason)
    except InvalidValue:
        return
    assert replay(deal) == deal


@pytest.mark.parametrize("reason", ["\u2003\u200ba", "a\u200b\u2003", "\n\u2003\u3000a"], ids=ascii)
def test_a_reason_with_odd_blanks_replays(reason):
    """Blanks of several sorts at an edge are trimmed once and for all."""
    deal = OPEN.hold(at=on_day(1), reason=reason)

    assert replay(deal) == deal


@pytest.mark.parametrize("name", ["\u0958" * 200, "\u2003a", "e\u0301" * 100], ids=len)
def test_an_id_that_was_taken_is_taken_again(name):
    """Whatever composing does to an id, the deal can be stored and built again."""
    try:
        deal = new_deal(name)
    except InvalidValue:
        return
    assert retold(deal) == deal
    assert replay(deal) == deal


# --- what nobody could have done -------------------------------------------------------------

STEP = climb(OPEN, S.INFO_COLLECTION)
FORGED = {
    "gates shut": (lambda: forged(STEP, -1, evidence=()), GateShut),
    "hospitality as evidence": (
        lambda: forged(
            STEP, -1, evidence=tuple(evolve(e, kind="gift") for e in STEP.trail[-1].evidence)
        ),
        GateShut,
    ),
    "a stage skipped": (
        lambda: grown(OPEN, Act.ADVANCED, target=S.TRUST_BUILDING, override=WORD),
        SkippedStage,
    ),
    "an advance that stays": (lambda: grown(OPEN, Act.ADVANCED, override=WORD), NoSuchMove),
    "an advance that goes back": (
        lambda: grown(STEP, Act.ADVANCED, target=S.TARGET_GROUP, override=WORD),
        NoSuchMove,
    ),
    "an advance on hold": (
        lambda: grown(HELD, Act.ADVANCED, target=S.INFO_COLLECTION, override=WORD),
        OnHold,
    ),
    "a win from the first stage": (
        lambda: grown(OPEN, Act.WON, status=Status.WON, override=WORD),
        SkippedStage,
    ),
    "a win through shut gates": (lambda: grown(LAST, Act.WON, status=Status.WON), GateShut),
    "a win that is none": (lambda: grown(LAST, Act.WON, override=WORD), InvalidValue),
    "a loss that is none": (lambda: grown(OPEN, Act.LOST), SalesflowError),
    "a step back that climbs": (
        lambda: grown(OPEN, Act.REGRESSED, target=S.TRUST_BUILDING, reason="up"),
        NoSuchMove,
    ),
    "a step back for no reason": (
        lambda: grown(STEP, Act.REGRESSED, target=S.TARGET_GROUP),
        InvalidValue,
    ),
    "a reopening of an open deal": (
        lambda: grown(OPEN, Act.REOPENED, reason="again"),
        SalesflowError,
    ),
    "a reopening that climbs": (
        lambda: grown(
            OPEN.lose(LossReason.OTHER, at=START),
            Act.REOPENED,
            status=Status.OPEN,
            loss=None,
            reason="again",
            target=S.TRUST_BUILDING,
        ),
        NoSuchMove,
    ),
    "nothing filed": (lambda: grown(OPEN, Act.RECORDED), InvalidValue),
    "an unknown gate": (
        lambda: grown(OPEN, Act.RECORDED, evidence=(evolve(STEP.trail[-1].evidence[0], gate="x"),)),
        InvalidValue,
    ),
    "a hold in passing": (
        lambda: grown(OPEN, Act.RECORDED, evidence=STEP.evidence, held=True),
        InvalidValue,
    ),
    "a hold for no reason": (lambda: grown(OPEN, Act.HELD, held=True), InvalidValue),
    "a hold that is none": (lambda: grown(OPEN, Act.HELD, reason="frozen"), InvalidValue),
    "a resumption of nothing": (lambda: grown(OPEN, Act.RESUMED), InvalidValue),
    "a revision of nothing": (lambda: grown(OPEN, Act.REVISED), InvalidValue),
    "a close changed in passing": (
        lambda: grown(OPEN, Act.RECORDED, evidence=STEP.evidence, expected_close=date(2027, 1, 1)),
        InvalidValue,
    ),
    "a competitor that won nothing": (lambda: forged(OPEN, 0, competitor="X"), InvalidValue),
    "an opening on hold": (lambda: forged(OPEN, 0, held=True), InvalidValue),
    "an opening with a reason": (lambda: forged(OPEN, 0, reason="so"), InvalidValue),
    "an opening that was paid": (lambda: forged(OPEN, 0, collected=yuan(1)), InvalidValue),
    "an opening below the first stage": (lambda: forged(LAST, 0, act=Act.OPENED), InvalidValue),
    "an import at the first stage": (lambda: forged(OPEN, 0, act=Act.IMPORTED), InvalidValue),
    "an outcome as a stage": (lambda: forged(OPEN, 0, target=Status.WON), InvalidValue),
    "a stage of another table": (lambda: forged(OPEN, 0, target=Phase.NEEDS), InvalidValue),
    "a reason with blanks": (lambda: forged(HELD, -1, reason=" frozen "), InvalidValue),
}


@pytest.mark.parametrize(("forgery", "error"), FORGED.values(), ids=FORGED)
def test_a_forged_trail_is_found_out(forgery, error):
    """Whatever rule was bypassed, the verb that would have refused refuses again."""
    with pytest.raises(error):
        replay(forgery())


OTHER = {
    "at": on_day(99),
    "expected_close": date(2030, 1, 1),
    "held": True,
    "competitor": "Y",
    "override": WORD,
    "reason": "another",
    "by": "somebody else",
    "amount": yuan(91),
    "collected": yuan(1),
    "loss": LossReason.DISQUALIFIED,
    "evidence": STEP.evidence,
}
# What a verb is told, rather than what follows: another person, reason or paper is another life.
TOLD = {"at", "by", "competitor", "evidence", "loss", "override", "reason"}


@pytest.mark.parametrize("name", OTHER)
@pytest.mark.parametrize("index", range(len(SOLD.trail)))
def test_no_event_can_claim_what_does_not_follow(name, index):
    """A field set to something else is refused, or was the free choice of its verb."""
    try:
        deal = forged(SOLD, index, **{name: OTHER[name]})
        again = replay(deal)
    except SalesflowError:
        return
    assert again == deal
    assert deal == SOLD or name in TOLD


def test_gates_are_those_of_the_table_that_is_passed():
    """A trail of a lax table does not replay through a strict one of the same name."""
    gates = HOST.move(S.CUSTOMER_ANALYSIS).gates
    cheap = [*evidence_for(gates, without=["strategic"])]
    deal = new_deal(stage=S.CUSTOMER_ANALYSIS).advance(at=on_day(1), evidence=cheap, machine=HOST)

    assert replay(deal, HOST) == deal
    with pytest.raises(GateShut) as shut:
        replay(deal)
    assert shut.value.missing == ("investment_far_below_output", "strategic")


def test_a_deal_of_another_table_is_not_replayed():
    """A name is not enough: the deal must belong to the machine it is replayed with."""
    lax = FUNNEL.with_gate(FUNNEL.gates["strategic"], name="lax")

    with pytest.raises(ForeignDeal):
        replay(retold(STEP, machine="lax"))
    with pytest.raises(ForeignDeal):
        replay(STEP, lax)


# --- what was seen ---------------------------------------------------------------------------


def test_what_was_seen_is_taken_as_seen():
    """An observed past passes, however wild; what the verbs wrote after it does not."""
    deal = Opportunity.from_history(
        **dict.fromkeys(NAMES[:4], "X-1"),
        amount=yuan(100),
        events=[(START, S.TARGET_GROUP), (on_day(1), S.PAYMENT_AND_RESALE)],
    )

    assert replay(deal) == deal
    assert replay(deal.hold(at=on_day(2), reason="frozen")).held
    with pytest.raises(GateShut):
        replay(grown(deal, Act.WON, status=Status.WON, observed=False))


class Odd(Enum):
    THING = "thing"


def test_an_unknown_act_is_refused():
    """A trail with an act of another vocabulary is refused by an error of the library."""
    with pytest.raises(SalesflowError):
        replay(grown(OPEN, Odd.THING))
