"""The criteria of the eight stages: which gates there are, and what opens them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from books import HOST, answer, climb, evidence_for, new_deal, on_day, pay
from salesflow.activity import DECISIONS, WORK, ActivityKind, Decision
from salesflow.customers import Dossier, RelationshipLevel
from salesflow.errors import GateShut
from salesflow.funnel import FUNNEL, Stage, Status
from salesflow.gates import Evidence
from strategies import evidences

# What the trade asks before each stage is left; work that does not shut the way has a star.
ASKED = {
    Stage.TARGET_GROUP: "sample_volume_ok hospital_pays_well hospital_brewing_or_collecting",
    Stage.INFO_COLLECTION: (
        "background usage_status org_structure personal competitors sample_volume_ok pays_well "
        "has_project_need success_odds_analysed investment_output_ok"
    ),
    Stage.CUSTOMER_ANALYSIS: (
        "opportunity_exists interested accepts_purchase_or_placement_plan sample_min_and_growth "
        "investment_far_below_output strategic guide_developed org_structure_analysed"
    ),
    Stage.TRUST_BUILDING: "trust_reached introduces_colleagues acts_as_guide firm_support",
    Stage.NEEDS_DISCOVERY: (
        "department_questioned* needs_analysed* need_recognised_by_customer solution_designed "
        "features_built_into_solution*"
    ),
    Stage.VALUE_PRESENTATION: (
        "needs_based_analysis* competition_analysis* product_introduction* proposal_written* "
        "solution_presented decision_maker_reached"
    ),
    Stage.WINNING_COMMITMENT: "commitment_given contract_signed installed",
    Stage.PAYMENT_AND_RESALE: "all_contract_terms_done customer_approves relationship_good",
}
GATES = [pytest.param(gate, id=gate.key) for gate in FUNNEL.gates.values()]
OFF_LIMITS = [kind for kind in ActivityKind if DECISIONS[kind] is Decision.NEVER_COUNTS]
IN_WORDS = {gate.key for gate in FUNNEL.gates.values() if not gate.measured}


def papers(stage, **rest):
    """Evidence for every gate that leaves the stage, each with the fields of `rest`."""
    return [answer(gate, **rest) for gate in FUNNEL.move(stage).gates]


@pytest.mark.parametrize("stage", Stage)
def test_each_stage_asks_what_the_trade_asks(stage):
    """The gates of a stage are the criteria of the sources, in their order."""
    asked = [gate.key + "*" * (not gate.required) for gate in FUNNEL.move(stage).gates]

    assert asked == ASKED[stage].split()


@pytest.mark.parametrize("gate", GATES)
def test_each_criterion_is_a_question_in_both_languages(gate):
    """A gate is asked in Chinese and in English, and its key is plain ASCII."""
    assert gate.question.zh.endswith(("？", "）"))
    assert gate.question.en.endswith(("?", ")"))
    assert not gate.question.zh.isascii()
    assert gate.question.en.isprintable()
    assert gate.key.isascii()
    assert gate.key.islower()


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("kind", OFF_LIMITS, ids=lambda kind: kind.value)
def test_hospitality_opens_no_gate_approved_or_not(gate, kind):
    """No gate of the funnel counts a gift, a meal or cash, whoever approves it."""
    assert kind not in gate.accepts
    for approver in ("", "M-1"):
        assert not gate.admits(answer(gate, kind=kind, approver=approver))


def test_the_collection_stage_wants_every_dossier():
    """The five dossiers are the first five gates of the second stage."""
    gates = FUNNEL.move(Stage.INFO_COLLECTION).gates[:5]

    assert [gate.key for gate in gates] == [dossier.value for dossier in Dossier]
    for dossier, gate in zip(Dossier, gates, strict=True):
        assert dossier.label("zh") in gate.question.zh
        assert dossier.label("en") in gate.question.en


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("installed", "installation"),
        ("contract_signed", "contract statement tender"),
        (
            "decision_maker_reached",
            "appointment department_meeting negotiation salon seminar visit",
        ),
    ],
)
def test_some_criteria_take_only_their_own_kind_of_evidence(key, kinds):
    """A phone call installs nothing: such a gate opens for its own kinds alone."""
    gate = FUNNEL.gates[key]

    admitted = {kind for kind in ActivityKind if gate.admits(answer(gate, kind=kind))}
    assert admitted == {ActivityKind(kind) for kind in kinds.split()}


def test_a_placement_counts_for_the_plan_alone_and_once_approved():
    """Placing equipment is a form of the deal, so it may prove its acceptance after review."""
    placement = {"kind": ActivityKind.PLACEMENT}
    opened = {
        (gate.key, approver)
        for gate in FUNNEL.gates.values()
        for approver in ("", "M-1")
        if gate.admits(answer(gate, approver=approver, **placement))
    }

    assert opened == {("accepts_purchase_or_placement_plan", "M-1")}


@pytest.mark.parametrize("stage", list(Stage)[:-1])
def test_each_required_gate_alone_keeps_the_way_shut(stage):
    """Leaving one criterion out refuses the advance and names exactly that one."""
    deal = new_deal(stage=stage)
    for gate in FUNNEL.move(stage).gates:
        group = [g.key for g in FUNNEL.move(stage).gates if g.any_of and g.any_of == gate.any_of]
        left_out = group or [gate.key]
        evidence = evidence_for(FUNNEL.move(stage).gates, without=left_out)
        if not gate.required:
            assert deal.unmet(evidence=evidence) == ()
            continue

        with pytest.raises(GateShut) as shut:
            deal.advance(at=on_day(1), evidence=evidence)
        assert list(shut.value.missing) == left_out


@pytest.mark.parametrize("level", RelationshipLevel)
@pytest.mark.parametrize("sign", ["introduces_colleagues", "acts_as_guide", "firm_support"])
def test_trust_wants_the_rung_and_one_sign_of_it(level, sign):
    """From trust upwards, with any one of the three signs, the way to the needs is open."""
    deal = new_deal(stage=Stage.TRUST_BUILDING)
    evidence = [
        Evidence(gate="trust_reached", kind="appointment", ref="A-1", value=level),
        Evidence(gate=sign, kind="visit", ref="V-1"),
    ]

    opened = level >= RelationshipLevel.TRUST
    assert [gate.key for gate in deal.unmet(evidence=evidence)] == (
        [] if opened else ["trust_reached"]
    )
    signless = [gate.key for gate in deal.unmet(evidence=evidence[:1])]
    assert signless[-3:] == ["introduces_colleagues", "acts_as_guide", "firm_support"]


def test_an_evidence_that_says_no_opens_nothing():
    """Evidence with the value False was looked for and not found."""
    for stage in Stage:
        keys = {gate.key for gate in new_deal(stage=stage).unmet(evidence=papers(stage))}
        denied = new_deal(stage=stage).unmet(evidence=papers(stage, value=False))

        assert {gate.key for gate in denied} == {g.key for g in new_deal(stage=stage).unmet()}
        assert keys <= {"all_contract_terms_done"}


# --- worked examples -------------------------------------------------------------------------


def test_ae_24_four_of_five_dossiers_are_not_enough():
    """2 → 3 without the dossier of competitors, all checks passed: exactly that one is missing."""
    deal = climb(new_deal(), Stage.INFO_COLLECTION)
    evidence = evidence_for(deal.unmet(), without=["competitors"])

    assert [gate.key for gate in deal.unmet(evidence=evidence)] == ["competitors"]
    with pytest.raises(GateShut) as shut:
        deal.advance(at=on_day(2), evidence=evidence)
    assert shut.value.missing == ("competitors",)


def test_ae_25_an_investment_too_dear_passes_only_as_strategic():
    """3 → 4, input 60, output 80, wanted three times the input: refused, unless strategic."""
    rest = ["investment_far_below_output", "strategic"]
    deal = new_deal(stage=Stage.CUSTOMER_ANALYSIS)
    gates = HOST.move(Stage.CUSTOMER_ANALYSIS).gates
    ratio = answer(HOST.gates[rest[0]], kind="analysis", value=Fraction(80, 60))
    filed = [*evidence_for(gates, without=rest), ratio]
    plain, strategic = (answer(HOST.gates["strategic"], value=value) for value in (False, True))

    with pytest.raises(GateShut) as shut:
        deal.advance(at=on_day(1), evidence=[*filed, plain], machine=HOST)
    assert list(shut.value.missing) == rest  # one criterion, of two gates of which one is enough
    passed = deal.advance(at=on_day(1), evidence=[*filed, strategic], machine=HOST)
    assert passed.stage is Stage.TRUST_BUILDING


@pytest.mark.parametrize(
    ("value", "opened"),
    [
        (3, True),
        (Fraction(180, 60), True),
        (Fraction(179, 60), False),
        (None, False),
        (True, False),
    ],
)
def test_the_investment_is_held_to_the_threshold_of_the_host(value, opened):
    """The ratio of output to input has to be there, and to reach what the host demands."""
    gate = HOST.gates["investment_far_below_output"]

    assert gate.admits(answer(gate, value=value)) is opened


def test_without_a_threshold_an_investment_is_never_far_below_the_output():
    """The sources give no number, so no figure passes by default, however good."""
    gate = FUNNEL.gates["investment_far_below_output"]

    assert gate.threshold is None
    assert not any(gate.admits(answer(gate, value=value)) for value in (None, True, 3, 10**6))


def test_ae_28_signed_but_not_installed_is_not_enough():
    """7 → 8 with the commitment and the contract: the installation is missing."""
    deal = new_deal(stage=Stage.WINNING_COMMITMENT)
    evidence = evidence_for(deal.unmet(), without=["installed"])

    with pytest.raises(GateShut) as shut:
        deal.advance(at=on_day(1), evidence=evidence)
    assert shut.value.missing == ("installed",)
    contract = Evidence(gate="installed", kind="contract", ref="K-7")
    assert [gate.key for gate in deal.unmet(evidence=[*evidence, contract])] == ["installed"]


def test_ae_29_ninety_of_hundred_paid_wins_nothing():
    """At the last stage with all evidence but 10 of 100 outstanding, the terms are not done."""
    deal = new_deal(stage=Stage.PAYMENT_AND_RESALE)
    deal = deal.collect(deal.amount * Fraction(9, 10), at=on_day(1))
    evidence = papers(Stage.PAYMENT_AND_RESALE)

    with pytest.raises(GateShut) as shut:
        deal.win(at=on_day(2), evidence=evidence)
    assert shut.value.missing == ("all_contract_terms_done",)
    assert pay(deal).win(at=on_day(2), evidence=evidence).status is Status.WON


def test_cash_alone_is_not_all_contract_terms():
    """Fully paid without evidence that the terms are done, the gate is as shut."""
    deal = pay(new_deal(stage=Stage.PAYMENT_AND_RESALE))
    evidence = evidence_for(deal.unmet(), without=["all_contract_terms_done"])

    assert [gate.key for gate in deal.unmet(evidence=evidence)] == ["all_contract_terms_done"]


# --- laws ------------------------------------------------------------------------------------

PAPERS = st.lists(evidences(list(FUNNEL.gates)), max_size=20)


@given(st.sampled_from(Stage), PAPERS, PAPERS)
def test_invariant_06_evidence_never_shuts_a_gate(stage, filed, more):
    """What is open stays open whatever is filed besides, before or after."""
    deal = new_deal(stage=stage)
    shut = set(deal.unmet(evidence=filed))

    assert set(deal.unmet(evidence=[*filed, *more])) <= shut
    assert set(deal.unmet(evidence=[*more, *filed])) <= shut
    grown = deal.record(filed, at=on_day(1)) if filed else deal
    assert set(grown.unmet()) == shut
    assert set(grown.unmet(evidence=more)) <= shut


@given(st.sampled_from(Stage), PAPERS)
def test_evidence_that_never_counts_is_ignored(stage, filed):
    """Taking hospitality and unapproved doubtful kinds away changes no gate."""
    counted = [
        item
        for item in filed
        if item.kind in WORK or (DECISIONS[item.kind] is Decision.NEEDS_REVIEW and item.approver)
    ]
    deal = new_deal(stage=stage)

    assert deal.unmet(evidence=filed) == deal.unmet(evidence=counted)


@given(st.sampled_from(sorted(IN_WORDS)), st.integers(-5, 5))
def test_a_host_may_put_a_threshold_on_any_criterion(key, threshold):
    """With a threshold, a figure has to reach it, and a bare word still answers."""
    gate = evolve(FUNNEL.gates[key], threshold=threshold)

    assert gate.admits(answer(gate, value=threshold))
    assert gate.admits(answer(gate, value=None))
    assert not gate.admits(answer(gate, value=threshold - 1))
