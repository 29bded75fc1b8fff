"""A closed visit is evidence for a deal: it opens a gate, and a dinner opens none."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from books import GENERAL, START, evidence_for, new_deal
from salesflow.activity import WORK, ActivityKind
from salesflow.customers import RelationshipLevel
from salesflow.errors import DuplicateId, GateShut, InvalidValue, WrongType
from salesflow.findings import Severity
from salesflow.funnel import FUNNEL, Stage
from salesflow.gates import Evidence
from salesflow.visits import Proof, Step, Visit, VisitStatus, evidence_from
from salesflow.visits.proofs import SHOWN_BY_SHEET
from visit_teams import (
    LONG,
    NEED,
    NOTES,
    QUESTIONS,
    TREATS,
    dropped,
    fab,
    held,
    lives,
    noted,
    on,
    opened,
    talked,
    teams,
)

SECRET = "CANARY"
NEED_GATE, PRODUCT_GATE = "need_recognised_by_customer", "product_introduction"
BARE = {"notes": noted(NEEDS=QUESTIONS, SOLUTION=())}


def gates(evidence):
    """The gates that are answered, in order."""
    return [one.gate for one in evidence]


def proving(*proofs, **rest):
    """A visit that recorded these proofs at its close, and nothing that shows by itself."""
    return held(notes={Step.CLOSE: proofs}, **rest)


# --- what is proved --------------------------------------------------------------------------


def test_a_good_visit_shows_a_need_and_an_introduction():
    """From the sheet itself; the evidence bears the id of the visit and its kind."""
    found = evidence_from([held("V-7", kind=ActivityKind.DEMONSTRATION)])

    assert found == (
        Evidence(gate=NEED_GATE, kind=ActivityKind.DEMONSTRATION, ref="V-7"),
        Evidence(gate=PRODUCT_GATE, kind=ActivityKind.DEMONSTRATION, ref="V-7"),
    )
    assert [gate for gate, _ in SHOWN_BY_SHEET] == gates(found)
    assert set(gates(found)) <= set(FUNNEL.gates)


@pytest.mark.parametrize(
    ("notes", "shown"),
    [
        (noted(NEEDS=(evolve(NEED, confirmed=False),)), [PRODUCT_GATE]),
        (noted(NEEDS=(NEED, evolve(NEED, confirmed=False))), [PRODUCT_GATE]),
        (noted(NEEDS=(evolve(NEED, confirmed=False), NEED)), [NEED_GATE, PRODUCT_GATE]),
        (noted(SOLUTION=(fab(benefit=""),)), [NEED_GATE]),
        (noted(SOLUTION=(fab(need="cost"),)), [NEED_GATE]),
        (noted(SOLUTION=(fab(need="cost"), fab())), [NEED_GATE, PRODUCT_GATE]),
        (BARE["notes"], []),
    ],
)
def test_a_sheet_shows_what_was_confirmed_and_what_was_said_in_full(notes, shown):
    """The latest word of the customer counts, and one complete statement is enough."""
    assert gates(evidence_from([held(notes=notes)])) == shown


def test_a_visit_that_was_broken_off_proves_what_it_came_to():
    """Once its summary is written and it is closed."""
    visit = held(path=LONG[:3])

    assert visit.aborted_at is Step.SOLUTION
    assert gates(evidence_from([visit])) == [NEED_GATE]


def test_proofs_are_told_after_what_the_sheet_shows_with_their_values():
    """In the order of the visits, then of the records."""
    first = held("A", notes=NOTES | {Step.CLOSE: (Proof(gate="interested", value=True),)})
    second = proving(Proof(gate="trust_reached", value=RelationshipLevel.TRUST), id="B")
    found = evidence_from([second, first])

    assert [(one.ref, one.gate) for one in found] == [
        ("B", "trust_reached"),
        ("A", NEED_GATE),
        ("A", PRODUCT_GATE),
        ("A", "interested"),
    ]
    assert [one.value for one in found] == [RelationshipLevel.TRUST, None, None, True]


def test_only_the_visits_of_a_deal_are_read_for_it():
    """Without a deal all of them are; a visit about none proves nothing for one."""
    book = [held("A", deal="D-1"), held("B", deal="D-2"), held("C")]

    assert {one.ref for one in evidence_from(book)} == {"A", "B", "C"}
    assert {one.ref for one in evidence_from(book, deal="D-1")} == {"A"}
    assert evidence_from(book, deal="D-3") == ()
    assert {one.ref for one in evidence_from(iter(book), deal=" D-2 ")} == {"B"}


def test_another_table_is_told_only_of_gates_it_has():
    """What shows by itself is of the funnel; a proof names its gate itself."""
    visit = held(notes=NOTES | {Step.CLOSE: (Proof(gate="met"),)})

    assert gates(evidence_from([visit], machine=GENERAL)) == ["met"]
    assert gates(evidence_from([visit])) == [NEED_GATE, PRODUCT_GATE, "met"]


# --- what proves nothing ---------------------------------------------------------------------


def test_only_a_closed_visit_proves_anything():
    """Planned, running, its summary unwritten, or cancelled: nothing."""
    book = [opened("A"), talked("B", path=LONG[:5]), talked("C"), dropped("D")]

    assert all(visit.sheet.needs for visit in book[1:3])
    assert evidence_from(book) == ()
    assert talked("C").status is VisitStatus.RUNNING


@pytest.mark.parametrize("kind", ActivityKind, ids=lambda kind: kind.value)
def test_only_professional_work_proves_anything(kind):
    """No gift, no dinner, and nothing that somebody would have to approve first."""
    proof = Proof(gate="trust_reached", value=RelationshipLevel.ALLIANCE)
    notes = NOTES | {Step.CLOSE: (proof,)}

    assert bool(evidence_from([held(kind=kind, notes=notes)])) is (kind in WORK)


@given(teams(5), teams(4, kinds=TREATS, prefix="G"), st.sampled_from([None, "D-1"]))
def test_invariant_46_treats_change_no_evidence(visits, treats, deal):
    """Any number of gifts, coupons, entertainments and meals: the same evidence."""
    plain = evidence_from(visits, deal=deal)

    assert evidence_from([*treats, *visits], deal=deal) == plain
    assert evidence_from([*visits, *treats], deal=deal) == plain
    assert {one.ref for one in plain} <= {
        visit.id for visit in visits if visit.status is VisitStatus.CLOSED
    }


@given(lives(), lives("V-2"))
def test_evidence_of_two_visits_is_that_of_each(one, other):
    """Nothing follows from visits together that does not follow from one of them."""
    assert evidence_from([one, other]) == evidence_from([one]) + evidence_from([other])


# --- in a deal -------------------------------------------------------------------------------


def test_a_confirmed_need_opens_its_gate_and_no_other():
    """With the rest of the answers the deal goes on; without the visit it stays."""
    deal = new_deal(stage=Stage.NEEDS_DISCOVERY)
    rest = evidence_for(deal.unmet(), without=(NEED_GATE,))
    later = START.add(days=9)
    proved = evidence_from([held(deal="D-1")], deal="D-1")

    assert {gate.key for gate in deal.unmet()} - {
        gate.key for gate in deal.unmet(evidence=proved)
    } == {NEED_GATE}
    with pytest.raises(GateShut) as shut:
        deal.advance(at=later, evidence=rest)
    assert shut.value.missing == (NEED_GATE,)
    assert deal.advance(at=later, evidence=[*rest, *proved]).stage is Stage.VALUE_PRESENTATION


def test_visits_alone_may_take_a_deal_a_stage_on():
    """Every question of the stage was answered in talks, the level of trust by its rung."""
    deal = new_deal(stage=Stage.TRUST_BUILDING)
    answers = [Proof(gate=gate.key, value=gate.threshold) for gate in deal.unmet()]
    visits = [proving(*answers[:1], id="A", deal="D-1"), proving(*answers[1:], id="B", deal="D-1")]
    later = START.add(days=9)

    moved = deal.advance(at=later, evidence=evidence_from(visits, deal="D-1"))
    assert moved.stage is Stage.NEEDS_DISCOVERY
    assert moved.findings() == ()
    with pytest.raises(GateShut):
        deal.advance(at=later, evidence=evidence_from(visits, deal="D-2"))


@pytest.mark.parametrize(
    ("value", "opens"),
    [
        (RelationshipLevel.MEETING, False),
        (RelationshipLevel.TRUST, True),
        (RelationshipLevel.ALLIANCE, True),
        (False, False),
    ],
)
def test_a_proof_has_to_reach_the_threshold_of_its_gate(value, opens):
    """A relationship of meetings is no trust, and a plain no opens nothing."""
    deal = new_deal(stage=Stage.TRUST_BUILDING)
    proved = evidence_from([proving(Proof(gate="trust_reached", value=value))])
    waiting = [gate.key for gate in deal.unmet(evidence=proved)]

    assert proved[0].value == value
    assert ("trust_reached" not in waiting) is opens


def test_ae_27_a_gift_and_a_dinner_written_down_as_visits_open_no_door():
    """The gates stay shut; two findings, one blocked and one to be avoided."""
    trust = Proof(gate="trust_reached", value=RelationshipLevel.TRUST)
    treats = [proving(trust, id=kind, kind=kind, deal="D-1") for kind in ("gift", "meal")]
    deal = new_deal(stage=Stage.TRUST_BUILDING)

    assert deal.unmet(evidence=evidence_from(treats, deal="D-1")) == deal.unmet()
    found = [f for visit in treats for f in visit.findings() if f.key == "visit_never_counts"]
    assert [finding.severity for finding in found] == [Severity.BLOCK, Severity.AVOID]


def test_a_visit_never_moves_its_deal():
    """Moving is an act of its own, and filing what a visit proves leaves the visit as it is."""
    visit = held(deal="D-1")
    deal = new_deal(stage=Stage.NEEDS_DISCOVERY)
    told = deal.record(evidence_from([visit], deal="D-1"), at=on(7, 20))

    assert told.stage is deal.stage
    assert visit == held(deal="D-1")
    assert NEED_GATE not in [gate.key for gate in told.unmet()]


# --- what is no book -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    [7, None, SECRET, held(), [7], [held(), None], [Visit], [[held()]], {SECRET: 1}],
    ids=lambda bad: type(bad).__name__,
)
def test_what_is_no_list_of_visits_is_refused(bad):
    """With our own error, that says nothing of what was in it."""
    with pytest.raises(WrongType) as refused:
        evidence_from(bad)

    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("bad", [1.5, SECRET, [1], "nan"], ids=repr)
def test_what_is_no_measure_proves_nothing(bad):
    """A proof is refused where it is made."""
    with pytest.raises(InvalidValue) as refused:
        Proof(gate="interested", value=bad)

    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("deal", ["", "  ", 5, ["D-1"], b"D-1", f"{SECRET}\0"], ids=repr)
def test_a_deal_is_named_or_left_out(deal):
    """No name is no deal; without one all visits are read."""
    for book in ([], [held()]):
        with pytest.raises(InvalidValue) as refused:
            evidence_from(book, deal=deal)
        assert refused.value.field == "deal"
        assert SECRET not in str(refused.value)


@pytest.mark.parametrize("kind", [ActivityKind.VISIT, ActivityKind.GIFT])
@pytest.mark.parametrize("deal", [None, "D-1"])
def test_a_visit_given_twice_would_prove_twice(kind, deal):
    """So it is refused, also where it proves nothing."""
    with pytest.raises(DuplicateId) as refused:
        evidence_from([held("A"), held("B"), opened("A", kind=kind)], deal=deal)
    assert refused.value.id == "A"


@pytest.mark.parametrize("machine", [None, "funnel", 5, Stage], ids=repr)
def test_what_is_no_table_of_a_deal_is_refused(machine):
    """Whether there are visits or not."""
    for book in ([], [held()]):
        with pytest.raises(WrongType) as refused:
            evidence_from(book, machine=machine)
        assert refused.value.field == "machine"
