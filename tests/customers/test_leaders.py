"""An opinion leader is worked with in five steps, all of them professional."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import made
from salesflow.customers.leaders import (
    LEADER_REMARKS,
    LEADER_WEIGHTS,
    LEADER_WORK,
    LeaderCriterion,
    LeaderStep,
    LeaderType,
    OpinionLeader,
    Rhythm,
)
from salesflow.errors import InvalidValue

STEPS = list(LeaderStep)
PLACED = {"product": "CLIA-900", "purpose": "a talk", "criteria": ["influence"]}

# For each remark: what provokes it, and the same without the fault.
PROVOKED = {
    "leader_unpositioned": (
        made(OpinionLeader, step="understanding", criteria=["level"]),
        made(OpinionLeader, step="positioning", criteria=["level"]),
    ),
    "leader_without_rhythm": (
        made(OpinionLeader, step="regular_contact", **PLACED),
        made(OpinionLeader, step="regular_contact", rhythm="monthly", **PLACED),
    ),
    "leader_without_criterion": (made(OpinionLeader), made(OpinionLeader, criteria=["position"])),
}


def found(leader):
    """The keys of the findings, in order."""
    return [finding.key for finding in leader.findings()]


# --- words -----------------------------------------------------------------------------------


def test_each_kind_of_leader_has_a_weight_of_its_own():
    """学术界领袖 has 影响力, 产品讲者 说服力, 处方权威 决策权力."""
    assert [(kind.label("zh"), weight.label("zh")) for kind, weight in LEADER_WEIGHTS.items()] == [
        ("学术界领袖", "影响力"),
        ("产品讲者", "说服力"),
        ("处方权威", "决策权力"),
    ]
    assert list(LEADER_WEIGHTS) == list(LeaderType)


def test_the_work_has_five_steps():
    """定位, 了解, 接触, 定期联系, 锁定; each says what is done."""
    assert [step.label("zh") for step in sorted(LeaderStep)] == [
        "定位",
        "了解",
        "接触",
        "定期联系",
        "锁定",
    ]
    assert list(LEADER_WORK) == STEPS
    assert all(work.en.isascii() and not work.zh.isascii() for work in LEADER_WORK.values())


@pytest.mark.parametrize("word", ["爱好", "家人", "朋友", "无条件", "处方"])
def test_private_ways_are_no_part_of_the_work(word):
    """What the old textbooks say of hobbies, friends and family is left out."""
    assert not any(word in work.zh for work in LEADER_WORK.values())


def test_a_leader_is_chosen_for_a_reason_and_contacted_in_a_rhythm():
    """Five reasons, three rhythms."""
    assert [one.label("zh") for one in LeaderCriterion][:4] == [
        "影响力",
        "学术地位",
        "学术水平",
        "讲课技巧熟练",
    ]
    assert LeaderCriterion.POLICY.label("en") == "part in listing or reimbursement policy"
    assert [one.label("zh") for one in Rhythm] == ["每周", "每月", "每季"]


# --- steps -----------------------------------------------------------------------------------


def test_one_step_follows_the_other():
    """From positioning to commitment; after that there is none."""
    following = [made(OpinionLeader, step=step).next_step for step in STEPS]

    assert following == [*STEPS[1:], None]
    assert made(OpinionLeader).step is LeaderStep.POSITIONING


def test_one_may_be_several_kinds_of_leader():
    """A speaker may sit in the listing committee as well."""
    leader = OpinionLeader(doctor="DR-7", types=[LeaderType.SPEAKER, "academic_leader", "speaker"])

    assert leader.types == {LeaderType.SPEAKER, LeaderType.ACADEMIC_LEADER}


# --- findings --------------------------------------------------------------------------------


def test_every_remark_is_provoked():
    """No row of the table of remarks is without its case here, and no key stands twice."""
    assert [remark.key for remark in LEADER_REMARKS] == list(PROVOKED)


@pytest.mark.parametrize("remark", LEADER_REMARKS, ids=lambda remark: remark.key)
def test_a_remark_comes_with_its_fault_and_goes_with_it(remark):
    """The finding names the doctor by id and says in both languages what to do."""
    with_it, without = PROVOKED[remark.key]
    (finding,) = with_it.findings()

    assert without.findings() == ()
    assert (finding.key, finding.subject) == (remark.key, "DR-7")
    assert finding.severity is remark.severity
    for label in (finding.text, finding.advice):
        assert not label.zh.isascii()
        assert not set("{}<>") & set(label.zh + label.en)


def test_the_step_is_said_in_the_language_of_the_text():
    """定期联系 in Chinese, regular contact in English."""
    (finding,) = PROVOKED["leader_without_rhythm"][0].findings()

    assert "“定期联系”" in finding.text.zh
    assert "“regular contact”" in finding.text.en


@given(
    st.sampled_from(LeaderStep),
    st.sampled_from(["", "CLIA-900"]),
    st.sampled_from(["", "a talk"]),
    st.none() | st.sampled_from(Rhythm),
    st.sets(st.sampled_from(LeaderCriterion)),
)
def test_a_step_asks_for_what_the_steps_before_it_settle(step, product, purpose, rhythm, criteria):
    """Product and purpose from the second step on, a rhythm from the fourth, a reason always."""
    leader = made(
        OpinionLeader, step=step, product=product, purpose=purpose, rhythm=rhythm, criteria=criteria
    )
    place = STEPS.index(step)
    expected = {
        "leader_without_criterion": not criteria,
        "leader_unpositioned": place >= 1 and "" in (product, purpose),
        "leader_without_rhythm": place >= 3 and rhythm is None,
    }

    assert found(leader) == [key for key, expects in expected.items() if expects]


def test_a_leader_leads_in_some_way():
    """Somebody without a kind is a doctor like any other."""
    with pytest.raises(InvalidValue, match=r"^types are empty"):
        OpinionLeader(doctor="DR-7", types=())
