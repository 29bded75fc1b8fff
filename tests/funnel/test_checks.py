"""What a manager should know of a deal: every remark, when it comes and when it does not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from books import (
    GENERAL,
    HOST,
    WORD,
    Phase,
    answer,
    climb,
    evidence_for,
    lives,
    new_deal,
    on_day,
    sell,
    yuan,
)
from salesflow.activity import DECISIONS, SEVERITIES, ActivityKind, Decision
from salesflow.customers import CompanyRole, HospitalRole
from salesflow.errors import GateShut, SalesflowError
from salesflow.findings import Severity
from salesflow.funnel import FUNNEL, STAGES, LossReason, Opportunity, Stage
from salesflow.funnel.checks import REMARKS
from salesflow.gates import Evidence

HOSPITALITY = [kind for kind in ActivityKind if DECISIONS[kind] is Decision.NEVER_COUNTS]
REVIEWED = [kind for kind in ActivityKind if DECISIONS[kind] is Decision.NEEDS_REVIEW]
USERS = {HospitalRole.USER, HospitalRole.INITIATOR, HospitalRole.EVALUATOR}


def paper(kind, *, gate="trust_reached", **rest):
    return Evidence(gate=gate, kind=kind, ref="B-1", **rest)


def filed(*items):
    return new_deal(stage=Stage.TRUST_BUILDING).record(items, at=on_day(1))


def lost(reason, **rest):
    return new_deal().lose(reason, at=on_day(1), **rest)


def found(deal, **known):
    """The keys of the findings, in order."""
    return [finding.key for finding in deal.findings(**known)]


PAID = new_deal(stage=Stage.PAYMENT_AND_RESALE).collect(yuan(40), at=on_day(1))
# For each remark: what provokes it, and the same without the fault.
PROVOKED = {
    "evidence_never_counts": (
        filed(paper("gift")).findings(),
        filed(paper("appointment")).findings(),
    ),
    "evidence_needs_approval": (
        filed(paper("placement")).findings(),
        new_deal()
        .record(
            paper("placement", gate="accepts_purchase_or_placement_plan", approver="M-1"),
            at=on_day(1),
        )
        .findings(),
    ),
    "evidence_not_accepted": (
        filed(paper("call", gate="installed")).findings(),
        filed(paper("installation", gate="installed")).findings(),
    ),
    "gate_overridden": (
        new_deal().advance(at=on_day(1), override=WORD).findings(),
        climb(new_deal(), Stage.INFO_COLLECTION).findings(),
    ),
    "competitor_missing": (
        lost(LossReason.CHOSE_COMPETITOR).findings(),
        lost(LossReason.CHOSE_COMPETITOR, competitor="X").findings(),
    ),
    "loss_note_missing": (
        lost(LossReason.OTHER).findings(),
        lost(LossReason.OTHER, note="the ward was closed").findings(),
    ),
    "won_not_paid": (
        [f for f in PAID.win(at=on_day(2), override=WORD).findings() if "won" in f.key],
        sell(PAID).findings(),
    ),
    "bad_debt": (
        PAID.lose(LossReason.STOPPED_PURCHASING, at=on_day(2)).findings(),
        lost(LossReason.STOPPED_PURCHASING).findings(),
    ),
    "hospital_role_missing": (
        new_deal(stage=Stage.VALUE_PRESENTATION).findings(hospital_roles=USERS),
        new_deal(stage=Stage.VALUE_PRESENTATION).findings(hospital_roles=HospitalRole),
    ),
    "company_role_missing": (
        new_deal().findings(company_roles=()),
        new_deal().findings(company_roles=[CompanyRole.SALESPERSON]),
    ),
}


def test_every_remark_is_provoked():
    """No row of the table of remarks is without its case here, and no key stands twice."""
    assert [remark.key for remark in REMARKS] == list(PROVOKED)


@pytest.mark.parametrize("remark", REMARKS, ids=lambda remark: remark.key)
def test_a_remark_comes_with_its_fault_and_goes_with_it(remark):
    """The finding names the deal and says in both languages what is wrong and what to do."""
    (finding,), without = PROVOKED[remark.key]

    assert without == ()
    assert (finding.key, finding.subject) == (remark.key, "D-1")
    assert finding.severity in (remark.severity, Severity.BLOCK)
    for label in (finding.text, finding.advice):
        assert not label.zh.isascii()
        assert not set("{}<>") & set(label.zh + label.en)
    assert "Label" not in finding.text.en


def test_the_texts_name_what_they_are_about_in_their_own_language():
    """Question, kind, stage, role and money are filled in, each in the language of the text."""
    texts = {key: findings[0].text for key, (findings, _) in PROVOKED.items()}

    assert texts["evidence_never_counts"].zh == "“关系是否达到信赖？”以礼品为证，不计入"
    assert "gift filed for “Has the relationship reached trust?”" in (
        texts["evidence_never_counts"].en
    )
    assert "目标客户群" in texts["gate_overridden"].zh
    assert "target group" in texts["gate_overridden"].en
    assert "60.00 CNY" in texts["won_not_paid"].zh
    assert "60.00 CNY" in texts["bad_debt"].en
    assert "决策者" in texts["hospital_role_missing"].zh
    assert "salesperson" in texts["company_role_missing"].en


def test_a_deal_without_fault_has_no_findings():
    """A sale by the book leaves nothing to say, in whatever machine."""
    assert sell(new_deal()).findings() == ()
    assert sell(new_deal(machine=GENERAL), machine=GENERAL).findings(machine=GENERAL) == ()


# --- evidence --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", HOSPITALITY, ids=lambda kind: kind.value)
def test_hospitality_is_a_finding_of_its_own_weight(kind):
    """Gifts, coupons, cash and entertainment are blocked, meals and receptions to be avoided."""
    avoid = kind in (ActivityKind.MEAL, ActivityKind.RECEPTION)
    expected = Severity.AVOID if avoid else Severity.BLOCK

    for approver in ("", "M-1"):
        (finding,) = filed(paper(kind, approver=approver)).findings()
        assert (finding.key, finding.severity) == ("evidence_never_counts", expected)
    assert SEVERITIES[kind] is expected


@pytest.mark.parametrize("kind", REVIEWED, ids=lambda kind: kind.value)
def test_a_kind_under_review_wants_an_approver_and_the_right_gate(kind):
    """Without an approver it is not approved; with one it may still not open this gate."""
    assert found(filed(paper(kind))) == ["evidence_needs_approval"]
    assert found(filed(paper(kind, approver="M-1"))) == ["evidence_not_accepted"]


@pytest.mark.parametrize(
    ("key", "value", "keys"),
    [
        ("investment_far_below_output", None, ["evidence_not_accepted"]),
        ("investment_far_below_output", Fraction(80, 60), ["evidence_not_accepted"]),
        ("investment_far_below_output", 3, []),
        ("interested", False, ["evidence_not_accepted"]),
        ("interested", True, []),
    ],
)
def test_evidence_is_judged_by_the_machine_that_is_passed(key, value, keys):
    """The threshold of the host decides whether a value opens its gate."""
    deal = new_deal().record(paper("analysis", gate=key, value=value), at=on_day(1))

    assert found(deal, machine=HOST) == keys


def test_ae_27_a_gift_and_a_dinner_open_no_door():
    """4 → 5 with only a gift and a dinner: refused, one BLOCK, one AVOID, nothing less unmet."""
    treats = [paper("gift"), paper("meal", gate="acts_as_guide", approver="M-1")]
    deal = new_deal(stage=Stage.TRUST_BUILDING)
    unmet = deal.unmet()

    assert deal.unmet(evidence=treats) == unmet
    with pytest.raises(GateShut) as shut:
        deal.advance(at=on_day(1), evidence=treats)
    assert shut.value.missing == tuple(gate.key for gate in unmet)
    findings = deal.record(treats, at=on_day(1)).findings()
    assert [finding.severity for finding in findings] == [Severity.BLOCK, Severity.AVOID]


treats = st.builds(
    Evidence,
    gate=st.sampled_from(list(FUNNEL.gates)),
    kind=st.sampled_from(HOSPITALITY),
    ref=st.just("B-1"),
    value=st.none() | st.booleans() | st.integers(0, 9),
    approver=st.sampled_from(["", "M-1"]),
)


@given(lives(), st.lists(treats, min_size=1, max_size=6))
def test_invariant_46_hospitality_changes_findings_and_no_gate(deal, given_):
    """Any number of gifts, coupons, entertainments and meals, approved or not, opens nothing."""
    assert deal.unmet(evidence=given_) == deal.unmet()
    if deal.status.name != "OPEN":
        return
    treated = deal.record(given_, at=deal.trail[-1].at)

    assert treated.unmet() == deal.unmet()
    assert treated.facts == deal.facts
    before, after = found(deal), found(treated)
    assert len(after) == len(before) + len(given_)
    assert after.count("evidence_never_counts") == (
        before.count("evidence_never_counts") + len(given_)
    )


@given(st.sampled_from(Stage), st.lists(treats, max_size=4), st.booleans())
def test_invariant_46_hospitality_neither_helps_nor_harms_a_move(stage, given_, enough):
    """With it or without it the same advance is done, or refused for the same reasons."""
    deal = new_deal(stage=stage, amount=0)
    good = evidence_for(FUNNEL.move(stage).gates) if enough else ()
    verb = deal.win if stage is Stage.PAYMENT_AND_RESALE else deal.advance
    if enough:
        assert verb(at=on_day(1), evidence=[*given_, *good]).stage is not None
        return
    with pytest.raises(GateShut) as with_it:
        verb(at=on_day(1), evidence=given_)
    with pytest.raises(GateShut) as without_it:
        verb(at=on_day(1))
    assert with_it.value == without_it.value


def test_evidence_for_a_gate_the_table_no_longer_has_breaks_nothing():
    """A host that drops a gate from its own table can still ask for the findings of old deals."""
    deal = new_deal().record(paper("visit", gate="interested"), at=on_day(1))
    event = evolve(deal.trail[-1], evidence=(paper("visit", gate="dropped_long_ago"),))
    names = ("id", "customer", "owner", "product")
    stored = Opportunity(
        **{name: getattr(deal, name) for name in names}, trail=(deal.trail[0], event)
    )

    assert {finding.subject for finding in stored.findings()} <= {"D-1"}


# --- roles -----------------------------------------------------------------------------------


def test_ae_30_the_decision_maker_is_missed_from_the_sixth_stage_on():
    """User, initiator and evaluator known: enough at stage 5, the decision maker lacks at 6."""
    fifth, sixth = (new_deal(stage=list(Stage)[index]) for index in (4, 5))

    assert fifth.findings(hospital_roles=USERS) == ()
    (finding,) = sixth.findings(hospital_roles=USERS)
    assert "决策者" in finding.text.zh
    assert "decision maker is missing" in finding.text.en


def test_ae_31_the_sales_manager_is_missed_at_the_commitment():
    """Stage 7 with salesperson and product manager: the sales manager lacks."""
    deal = new_deal(stage=Stage.WINNING_COMMITMENT)

    (finding,) = deal.findings(company_roles={CompanyRole.SALESPERSON, CompanyRole.PRODUCT_MANAGER})
    assert "销售经理" in finding.text.zh
    assert "sales manager is missing" in finding.text.en


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_misses_the_roles_of_its_profile(stage):
    """With nobody known, every role of the profile is missed; a side not given is not checked."""
    deal, profile = new_deal(stage=stage), STAGES[stage]

    assert found(deal) == []
    assert found(deal, hospital_roles=[]) == ["hospital_role_missing"] * len(profile.hospital_roles)
    assert found(deal, company_roles=[]) == ["company_role_missing"] * len(profile.company_roles)
    assert found(deal, hospital_roles=HospitalRole, company_roles=iter(CompanyRole)) == []


def test_missing_roles_come_in_the_order_of_the_trade():
    """The hospital's side first, each in the order of its roles."""
    deal = new_deal(stage=Stage.WINNING_COMMITMENT)
    findings = deal.findings(hospital_roles=[], company_roles=[])
    expected = ["使用者", "发起者", "评估者", "决策者", "销售人员", "产品经理", "销售经理"]

    assert [finding.advice.zh for finding in findings if "接触" in finding.advice.zh] == [
        f"找到并接触{role}" for role in expected[:4]
    ]
    assert [finding.advice.zh for finding in findings][4:] == [
        f"请{role}参与" for role in expected[4:]
    ]


def test_a_stage_without_a_profile_needs_no_roles():
    """The stages of one's own pipeline have no profile here, so nothing is missed."""
    deal = new_deal(machine=GENERAL, stage=Phase.CLOSE)

    assert deal.findings(hospital_roles=[], company_roles=[], machine=GENERAL) == ()


# --- order -----------------------------------------------------------------------------------


def test_findings_come_in_the_order_of_the_trail_then_of_the_end():
    """Evidence and overrides as they happened, the end last; a reopened loss is over."""
    deal = new_deal().record(paper("gift", gate="interested"), at=on_day(1))
    deal = deal.advance(
        at=on_day(2), override=WORD, evidence=[paper("call", gate="installed")]
    ).collect(yuan(1), at=on_day(2))
    gone = deal.lose(LossReason.OTHER, at=on_day(3))
    trail = ["evidence_never_counts", "evidence_not_accepted", "gate_overridden"]

    assert found(gone) == [*trail, "loss_note_missing", "bad_debt"]
    assert found(gone.reopen(at=on_day(4), reason="again")) == trail


def test_an_answered_gate_takes_no_remark():
    """An evidence that opens its gate is nothing to remark on."""
    for gate in HOST.gates.values():
        deal = new_deal(machine=HOST).record(answer(gate), at=on_day(1), machine=HOST)
        assert deal.findings(machine=HOST) == ()


@pytest.mark.parametrize("roles", [5, "user", None.__class__, [[]], ["boss"]])
def test_what_is_no_list_of_roles_is_refused(roles):
    """A text is no list of roles, and a role nobody knows is none."""
    with pytest.raises(SalesflowError):
        new_deal().findings(hospital_roles=roles)


def test_roles_may_be_named_by_their_keys():
    """As they come out of a host's records."""
    deal = new_deal(stage=Stage.NEEDS_DISCOVERY)

    assert deal.findings(hospital_roles=["user", "initiator", "evaluator"]) == ()
