"""How a deal stands: what is read from its trail, and what can be asked of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from books import (
    GENERAL,
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
    sell,
    yuan,
)
from salesflow.errors import (
    ForeignDeal,
    GateShut,
    InvalidValue,
    NoSuchMove,
    SalesflowError,
    SkippedStage,
    WrongType,
)
from salesflow.funnel import FUNNEL, LossReason, Opportunity, Stage, Status, replay
from salesflow.gates import Evidence, Override
from salesflow.machine import filing
from strategies import evidences, hostile_texts, instants

LAX = FUNNEL.with_gate(FUNNEL.gates["strategic"], name="lax")
VOLUME = Evidence(gate="sample_volume_ok", kind="visit", ref="V-1")


def keys(gates):
    return [gate.key for gate in gates]


# --- reading ---------------------------------------------------------------------------------


def test_a_deal_stands_as_its_last_event_says():
    """Stage, outcome, money, close, hold and loss are those of the end of the trail."""
    deal = new_deal(expected_close=date(2026, 9, 20)).collect(yuan(40), at=on_day(1))
    deal = deal.hold(at=on_day(2), reason="frozen")

    assert (deal.stage, deal.status, deal.held) == (Stage.TARGET_GROUP, Status.OPEN, True)
    assert (deal.amount, deal.collected, deal.outstanding) == (yuan(100), yuan(40), yuan(60))
    assert (deal.expected_close, deal.opened_at) == (date(2026, 9, 20), START)
    assert (deal.loss_reason, deal.competitor) == (None, "")
    lost = deal.lose(LossReason.CHOSE_COMPETITOR, at=on_day(3), competitor="X")
    assert (lost.loss_reason, lost.competitor, lost.held) == (
        LossReason.CHOSE_COMPETITOR,
        "X",
        False,
    )
    again = lost.reopen(at=on_day(4), reason="asked again")
    assert (again.loss_reason, again.competitor) == (None, "")


def test_evidence_stays_on_file_oldest_first():
    """What was filed is kept; but whoever fell back climbs again with new evidence."""
    first, second = (evolve(VOLUME, ref=ref) for ref in ("V-1", "V-2"))
    deal = new_deal().record(first, at=on_day(1)).record([second], at=on_day(2))
    assert deal.evidence == (first, second)

    deal = climb(deal, Stage.INFO_COLLECTION)
    deal = deal.regress(to=Stage.TARGET_GROUP, at=on_day(9), reason="cooled")
    deal = deal.lose(LossReason.OTHER, at=on_day(9)).reopen(at=on_day(9), reason="again")
    assert deal.evidence[:2] == (first, second)
    assert deal.unmet() == FUNNEL.move(Stage.TARGET_GROUP).gates
    assert climb(deal, Stage.INFO_COLLECTION).stage is Stage.INFO_COLLECTION


def test_what_was_filed_ahead_counts_after_a_fall_from_below():
    """Evidence for a gate that was never passed is as good as on the day it was filed."""
    signed = evolve(VOLUME, gate="contract_signed", kind="contract")
    deal = new_deal(stage=Stage.VALUE_PRESENTATION).record(signed, at=on_day(1))
    deal = deal.regress(to=Stage.NEEDS_DISCOVERY, at=on_day(2), reason="cooled")
    deal = climb(deal, Stage.WINNING_COMMITMENT)

    assert "contract_signed" not in [gate.key for gate in deal.unmet()]


@pytest.mark.parametrize(("amount", "paid"), [(100, 0), (100, 99), (100, 100), (0, 0)])
def test_a_deal_is_fully_paid_when_nothing_is_outstanding(amount, paid):
    """The one fact a deal knows of itself; a deal over nothing has nothing outstanding."""
    deal = new_deal(amount=amount)
    deal = deal.collect(yuan(paid), at=on_day(1)) if paid else deal

    assert deal.facts == ({"fully_paid"} if paid == amount else set())


@given(lives())
def test_a_life_can_be_looked_at_at_any_of_its_instants(deal):
    """As of each event the deal stood as that event says; equal instants count as one."""
    for event in deal.trail:
        last = [other for other in deal.trail if other.at <= event.at][-1]
        then = deal.as_of(event.at)

        assert then.trail == deal.trail[: last.sequence + 1]
        assert (then.stage, then.status, then.amount) == (last.target, last.status, last.amount)
        assert (then.id, then.machine, then.origin) == (deal.id, deal.machine, deal.origin)


@given(lives(), instants())
def test_a_deal_was_not_there_before_it_was_opened(deal, moment):
    """As of an earlier instant there is no deal; as of a later one it is what it became."""
    then = deal.as_of(moment)

    assert (then is None) is (moment < deal.opened_at)
    assert moment < deal.trail[-1].at or then == deal


@pytest.mark.parametrize("moment", [None, "2026-07-01", date(2026, 7, 1), 5])
def test_what_is_no_instant_can_not_be_looked_at(moment):
    """A date or a text is refused: a date is no instant without its time zone."""
    with pytest.raises(WrongType) as refused:
        new_deal().as_of(moment)
    assert refused.value.field == "moment"


# --- who and what ------------------------------------------------------------------------------

SEEN = new_deal(stage=Stage.CUSTOMER_ANALYSIS)
NO_TEXTS = [None, 5, b"D-1", ["D-1"], date(2026, 7, 1)]
BAD_LINES = [
    "",
    "   ",
    "\u3000",
    "\ufeff",
    "\u2003",
    "x" * 10_000,
    "a\x00b",
    "a\u202eb",
    "a\ud800b",
]


@pytest.mark.parametrize("name", ["id", "customer", "owner", "product"])
@pytest.mark.parametrize("value", [*NO_TEXTS, *BAD_LINES], ids=lambda value: ascii(value)[:12])
def test_an_id_is_a_line_of_text(name, value):
    """Empty, endless, unsafe and other values are no id, when opened, imported or sold again."""
    fields = {"id": "D", "customer": "H", "owner": "R", "product": "P"} | {name: value}
    more = {"amount": yuan(1), "at": START}
    history = {"amount": yuan(1), "events": [(START, Stage.TARGET_GROUP)]}
    makers = [
        lambda: Opportunity.open(**fields, **more),
        lambda: Opportunity.from_history(**fields, **history),
        lambda: Opportunity(**fields, trail=SEEN.trail),
    ]
    if name != "customer" and (name == "id" or value is not None):
        makers.append(
            lambda: sell(new_deal()).resale(at=on_day(30), **({"id": "D"} | {name: value}))
        )
    for make in makers:
        with pytest.raises(InvalidValue) as refused:
            make()
        assert refused.value.field == name
        assert isinstance(refused.value, WrongType) is (not isinstance(value, str))


@given(hostile_texts())
def test_unsafe_text_gets_in_nowhere(text):
    """Controls, surrogates and direction marks are refused in every text of every verb."""
    for attempt in (
        lambda: new_deal(text),
        lambda: new_deal(origin=text),
        lambda: new_deal(by=text),
        lambda: SEEN.hold(at=START, reason="frozen", by=text),
        lambda: SEEN.lose(LossReason.OTHER, at=START, competitor=text),
        lambda: Evidence(gate="strategic", kind="visit", ref=text),
        lambda: Override(approver=text, reason="seen"),
    ):
        with pytest.raises(InvalidValue):
            attempt()


def test_composed_and_decomposed_text_are_the_same():
    """An accent typed in two ways gives one id, one competitor and one reason."""
    nfc, nfd = "Caf\u00e9", "Cafe\u0301"

    assert new_deal(nfd, owner=nfd) == new_deal(nfc, owner=nfc)
    composed, typed = (
        SEEN.lose(LossReason.OTHER, at=START, competitor=text, note=text) for text in (nfc, nfd)
    )
    assert typed == composed


# --- asking ----------------------------------------------------------------------------------


def test_asking_what_if_files_nothing():
    """`unmet(evidence=…)` answers for the evidence given, and leaves the deal alone."""
    deal = new_deal()

    assert keys(deal.unmet(evidence=VOLUME)) == [
        "hospital_pays_well",
        "hospital_brewing_or_collecting",
    ]
    assert keys(deal.unmet(evidence=iter([VOLUME])))[0] == "hospital_pays_well"
    assert keys(deal.unmet())[0] == "sample_volume_ok"
    assert deal.evidence == ()


def test_the_next_move_can_be_named_and_is_checked():
    """`to` may say the next stage, or the win at the last one; any other is no next move."""
    deal, last = new_deal(), new_deal(stage=Stage.PAYMENT_AND_RESALE)

    assert deal.unmet(to=Stage.INFO_COLLECTION) == deal.unmet()
    assert last.unmet(to=Status.WON) == last.unmet()
    assert keys(last.unmet())[0] == "all_contract_terms_done"
    with pytest.raises(SkippedStage):
        deal.unmet(to=Stage.TRUST_BUILDING)
    with pytest.raises(NoSuchMove):
        last.unmet(to=Stage.TARGET_GROUP)
    with pytest.raises(InvalidValue):
        deal.unmet(to=Phase.CONTACT)


def test_a_closed_deal_has_no_next_move():
    """Won or lost, nothing is unmet; on hold, the gates are still known."""
    lost = new_deal().lose(LossReason.OTHER, at=on_day(1))
    held = new_deal().hold(at=on_day(1), reason="frozen")

    assert lost.unmet() == sell(new_deal()).unmet() == ()
    assert held.unmet() == new_deal().unmet()


@st.composite
def folders(draw):
    """A stage with what was filed there: some good evidence, or all of it, and some of any sort."""
    stage = draw(st.sampled_from(Stage))
    gates = FUNNEL.move(stage).gates
    left_out = draw(st.sets(st.sampled_from(keys(gates))) | st.just(set()))
    stray = draw(st.lists(evidences(list(FUNNEL.gates)), max_size=5))
    return stage, [*stray, *evidence_for(gates, without=left_out)]


@given(folders(), st.booleans())
def test_invariant_05_a_move_succeeds_exactly_when_nothing_is_unmet(folder, paid):
    """Asking and doing agree: the move is done, or refused naming just what was unmet."""
    stage, evidence = folder
    deal = pay(new_deal(stage=stage)) if paid else new_deal(stage=stage)
    move = FUNNEL.move(stage)
    verb = deal.win if move.target is Status.WON else deal.advance
    unmet = tuple(keys(deal.unmet(evidence=evidence)))
    if unmet:
        with pytest.raises(GateShut) as shut:
            verb(at=on_day(1), evidence=evidence)
        assert shut.value == GateShut("funnel", stage, move.target, unmet)
    else:
        after = verb(at=on_day(1), evidence=evidence)
        assert move.target in (after.stage, after.status)
        assert after.evidence == tuple(evidence)


@given(folders())
def test_invariant_05_a_word_passes_any_gate_and_stays_in_the_trail(folder):
    """An override with an approver and a reason is enough, and is recorded."""
    stage, evidence = folder
    deal, move = new_deal(stage=stage), FUNNEL.move(stage)
    verb = deal.win if move.target is Status.WON else deal.advance

    passed = verb(at=on_day(1), evidence=evidence, override=WORD)
    assert move.target in (passed.stage, passed.status)
    assert passed.trail[-1].override == WORD


# --- filing ----------------------------------------------------------------------------------


def test_evidence_comes_alone_or_in_any_run():
    """One evidence, a list or an iterator: filed as a tuple, in the order given."""
    other = evolve(VOLUME, ref="V-2")

    assert filing(VOLUME, FUNNEL) == (VOLUME,)
    assert filing(iter([VOLUME, other]), FUNNEL) == (VOLUME, other)
    assert filing((), FUNNEL) == ()


def test_evidence_for_an_unknown_gate_is_refused():
    """A typing error in a gate's key does not get lost; the key itself is not repeated."""
    stray = evolve(VOLUME, gate="sample_volume_okay")

    with pytest.raises(InvalidValue, match="unknown to funnel") as refused:
        new_deal().record([VOLUME, stray], at=on_day(1))
    assert "okay" not in str(refused.value)
    with pytest.raises(InvalidValue):
        new_deal().unmet(evidence=stray)


@pytest.mark.parametrize(
    "evidence",
    [None, 5, True, object(), "sample_volume_ok", b"ok", {"gate": "x"}, [VOLUME, None], [[VOLUME]]],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_evidence_is_refused(evidence):
    """A text, a mapping or nothing at all is refused by an error of the library, in every verb."""
    deal = new_deal(stage=Stage.PAYMENT_AND_RESALE)
    for verb in (
        lambda: deal.record(evidence, at=on_day(1)),
        lambda: deal.win(at=on_day(1), evidence=evidence, override=WORD),
        lambda: new_deal().advance(at=on_day(1), evidence=evidence, override=WORD),
        lambda: deal.unmet(evidence=evidence),
    ):
        with pytest.raises(SalesflowError):
            verb()


# --- of which machine ------------------------------------------------------------------------

PAPER = answer(GENERAL.gates["worth_a_call"])
VERBS = {
    "record": lambda deal, **on: deal.record(PAPER, at=START, **on),
    "advance": lambda deal, **on: deal.advance(at=START, override=WORD, **on),
    "win": lambda deal, **on: deal.win(at=START, override=WORD, **on),
    "regress": lambda deal, **on: deal.regress(to=deal.stage, at=START, reason="cooled", **on),
    "lose": lambda deal, **on: deal.lose(LossReason.OTHER, at=START, **on),
    "reopen": lambda deal, **on: deal.reopen(at=START, reason="again", **on),
    "resale": lambda deal, **on: deal.resale(id="D-2", at=START, **on),
    "unmet": lambda deal, **on: deal.unmet(**on),
    "findings": lambda deal, **on: deal.findings(**on),
    "replay": replay,
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("own", [GENERAL, LAX], ids=lambda machine: machine.name)
def test_a_deal_of_another_machine_is_refused(verb, own):
    """A looser table can't slip past the gates: each verb names both machines and does nothing."""
    foreign, ours = new_deal(machine=own), new_deal()

    with pytest.raises(ForeignDeal) as refused:
        VERBS[verb](foreign)
    assert refused.value == ForeignDeal(own.name, "funnel")
    with pytest.raises(ForeignDeal) as refused:
        VERBS[verb](ours, machine=own)
    assert refused.value == ForeignDeal("funnel", own.name)


def test_a_table_made_stricter_keeps_its_name_and_its_deals():
    """A host may set a threshold in the funnel; its deals stay deals of the funnel."""
    gate = evolve(FUNNEL.gates["has_project_need"], threshold=2)
    strict = FUNNEL.with_gate(gate)
    deal = climb(new_deal(), Stage.INFO_COLLECTION)
    lukewarm = [*evidence_for(deal.unmet(), without=[gate.key]), answer(gate, value=1)]

    assert deal.unmet(evidence=lukewarm) == ()
    assert keys(deal.unmet(evidence=lukewarm, machine=strict)) == [gate.key]


def test_a_look_back_obeys_the_same_machine():
    """The deal as it stood belongs to the machine it belongs to."""
    deal = climb(new_deal(machine=GENERAL), Phase.NEEDS, machine=GENERAL)
    then = deal.as_of(START + timedelta(hours=1))

    assert keys(then.unmet(machine=GENERAL)) == ["worth_a_call"]
    with pytest.raises(ForeignDeal):
        then.unmet()
