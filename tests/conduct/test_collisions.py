"""What sales manuals recommend and a proper company must not do: C1 to C14, each held somewhere.

Each test asks the mechanism where it lives, be it a gate, a form or the policy.
"""

from __future__ import annotations

import pytest
from attrs import fields_dict, has

from books import new_deal, on_day
from compliance_cases import DAY, HOSPITALITY, PAPERS, act
from salesflow import conduct, customers, funnel, products, visits
from salesflow.activity import SEVERITIES, WORK, ActivityKind
from salesflow.conduct.actions import Action
from salesflow.conduct.admission import gated
from salesflow.conduct.compliance import judge
from salesflow.conduct.rulings import Ruling
from salesflow.conduct.separation import Assignment, separation
from salesflow.customers import Channel, Colleague, CompanyRole, Doctor, DoctorScore, Duty, may
from salesflow.errors import GateShut, InvalidValue
from salesflow.findings import Severity
from salesflow.forms import from_record
from salesflow.funnel import FUNNEL, Stage
from salesflow.gates import Evidence
from salesflow.products import ClinicalValue, Fab
from salesflow.visits import NeedDimension, Visit


def forms():
    """Every form of the library, by its name."""
    rooms = (products, customers, funnel, visits, conduct)
    names = [(room, name) for room in rooms for name in room.__all__]
    found = {name: getattr(room, name) for room, name in names}
    return {name: one for name, one in found.items() if isinstance(one, type) and has(one)} | {
        "Action": Action
    }


def boxes():
    """The name of every box of every form, split into words."""
    return {
        (name, box): set(box.strip("_").split("_"))
        for name, form in forms().items()
        for box in fields_dict(form)
    }


def test_c1_gifts_and_dinners_prove_no_trust_ae_27():
    """C1, AE-27: 4 → 5 on a gift and a dinner is refused; BLOCK and AVOID; still unmet."""
    treats = [
        Evidence(gate="trust_reached", kind="gift", ref="B-1"),
        Evidence(gate="acts_as_guide", kind="meal", ref="B-2", approver="M-1"),
    ]
    deal = new_deal(stage=Stage.TRUST_BUILDING)

    for machine in (FUNNEL, gated(FUNNEL)):
        assert deal.unmet(evidence=treats, machine=machine) == deal.unmet()
        with pytest.raises(GateShut):
            deal.advance(at=on_day(1), evidence=treats, machine=machine)
    findings = deal.record(treats, at=on_day(1)).findings()
    assert [one.severity for one in findings] == [Severity.BLOCK, Severity.AVOID]
    assert judge(act(kind="gift")).ruling is Ruling.DENY
    assert judge(act(kind="meal")).ruling is Ruling.REVIEW


def test_c2_no_hospitality_is_work():
    """C2: whatever counts for a roadmap is made of work, and no dinner is work."""
    assert HOSPITALITY.isdisjoint(kind.value for kind in WORK)
    assert {kind.value for kind in SEVERITIES} >= HOSPITALITY


@pytest.mark.parametrize("kind", ["reception", "meal"])
def test_c3_reception_passes_the_policy_and_nobody_gains_by_it(kind):
    """C3: it is reviewed, with its value on the form; there is no box for a personal benefit."""
    judgement = judge(act(kind=kind, **PAPERS))

    assert (judgement.ruling, judgement.counts) == (Ruling.REVIEW, False)
    assert not [box for box, words in boxes().items() if words & {"personal", "kickback", "bribe"}]


def test_c4_value_and_need_are_the_institutions():
    """C4: no vanity, no personal gain; income is the hospital's."""
    assert {value.value for value in ClinicalValue} == {"efficacy", "safety", "adherence", "cost"}
    assert {need.value for need in NeedDimension} == {
        "precision",
        "efficacy",
        "safety",
        "adherence",
        "labour",
        "revenue",
        "cost",
    }
    assert NeedDimension.REVENUE.label("en") == "revenue of the hospital"


def test_c5_points_and_coupons_are_refused():
    """C5: to whomever, with whatever approval."""
    judgement = judge(act(kind="coupon", attendees=["DR-7"], **PAPERS))

    assert (judgement.ruling, judgement.counts) == (Ruling.DENY, False)


def test_c6_no_gifts_at_meetings_and_fees_only_by_contract():
    """C6: gifts denied; fees and travel with contract and purpose, never tied to prescribing."""
    assert judge(act(kind="gift", event="E-1", **PAPERS)).ruling is Ruling.DENY
    for kind in ("honorarium", "travel"):
        assert not judge(act(kind=kind, event="E-1", **(PAPERS | {"ref": ""}))).counts
        assert not judge(act(kind=kind, event="E-1", **(PAPERS | {"purpose": ""}))).counts
        good = act(kind=kind, event="E-1", **PAPERS)
        assert (judge(good).ruling, judge(good).counts) == (Ruling.REVIEW, True)
        tied = act(kind=kind, event="E-1", **PAPERS, tied_to_prescribing=True)
        assert judge(tied).ruling is Ruling.DENY
    assert all("gift" not in item.label.en for item in visits.CHECKLIST)


def test_c7_people_are_reached_at_work():
    """C7: professional channels only; a friend or a family is none."""
    assert {one.value for one in Channel} == {"face_to_face", "phone", "email", "online"}
    for private in ("family", "friend", "home"):
        with pytest.raises(InvalidValue, match=r"^channel "):
            act(channel=private)


@pytest.mark.parametrize("box", ["family", "pets", "hobbies", "vehicle"])
@pytest.mark.parametrize("form", [Doctor, Action])
def test_c8_private_life_has_no_box(form, box):
    """C8: not in the model, and refused where a record brings it."""
    with pytest.raises(InvalidValue, match=f"^{box} is no box of {form.__name__}"):
        from_record(form, {box: "two"})


@pytest.mark.parametrize("form", [Doctor, DoctorScore])
def test_c9_nobody_counts_the_prescriptions_of_a_doctor_ae_74(form):
    """C9, AE-74: no form has a box for it, no role the duty, and no sponsorship is a rep's."""
    with pytest.raises(InvalidValue, match=r"^prescription_count is no box of"):
        from_record(form, {"prescription_count": 12})
    assert not [box for box, words in boxes().items() if words & {"prescription", "prescriptions"}]
    assert not any(may(role, Duty.COUNT_PRESCRIPTIONS) for role in CompanyRole)
    given = act(kind="sponsorship", role="medical_rep", **PAPERS)
    assert judge(given).ruling is Ruling.DENY


def test_c10_a_placement_is_always_reviewed():
    """C10: with all its papers too; then it counts."""
    assert judge(act(kind="placement")).ruling is Ruling.REVIEW
    approved = judge(act(kind="placement", **PAPERS))

    assert (approved.ruling, approved.counts) == (Ruling.REVIEW, True)


def test_c11_a_medical_rep_carries_no_quota_and_collects_nothing_ae_73():
    """C11, AE-73: refused where it is assigned, reported where it was done."""
    for duty in (Duty.CARRY_QUOTA, Duty.COLLECT_PAYMENT):
        with pytest.raises(InvalidValue, match=r"^duties hold one that is barred to a medical_rep"):
            Assignment(person="R-1", role="medical_rep", duties=[duty])
    rep = Colleague(id="R-1", roles=["medical_rep"])
    (finding,) = separation([rep], [new_deal(owner="R-1")])
    assert finding.severity is Severity.BLOCK


def test_c12_nobody_is_tracked():
    """C12: no form has a box for a position or a picture."""
    tracking = {"location", "latitude", "longitude", "gps", "photo", "picture", "image", "track"}

    assert len(forms()) > 40
    assert {"Visit", "Action", "Doctor", "Opportunity"} <= set(forms())
    assert not [box for box, words in boxes().items() if words & tracking]


def test_c13_a_referral_may_be_asked_for_and_not_paid_for():
    """C13: the letter is allowed; whatever is given in return is denied."""
    asked = act(kind="correspondence", purpose="asks for a referral", on=DAY)

    assert judge(asked).ruling is Ruling.ALLOW
    for kind in ActivityKind:
        reward = act(kind=kind, rewards_referral=True, **PAPERS)
        assert judge(reward).ruling is Ruling.DENY
        assert not judge(reward).counts


def test_c14_a_claim_rests_on_evidence_and_knows_no_absolutes():
    """C14: "only our product" without a study is two findings."""
    said = Fab(product="CLIA-900", feature="one tube", advantage="fast", benefit="the only one")

    keys = {finding.key for finding in said.claims()}
    assert keys == {"claim_without_evidence", "absolute_claim"}
    assert "claims" not in fields_dict(Visit)
