"""How far we have come with a customer: four rungs of trust, six of adoption."""

from __future__ import annotations

import pytest

from salesflow.activity import ActivityKind
from salesflow.customers import ADOPTION, AdoptionRung, RelationshipLevel
from salesflow.funnel import FUNNEL
from salesflow.gates import Evidence
from salesflow.scales import reaches


def test_trust_grows_in_four_rungs():
    """认识, 约会, 信赖, 同盟: from acquaintance to alliance."""
    assert [(rung.value, rung.label("zh")) for rung in sorted(RelationshipLevel)] == [
        ("acquainted", "认识"),
        ("meeting", "约会"),
        ("trust", "信赖"),
        ("alliance", "同盟"),
    ]


@pytest.mark.parametrize("rung", RelationshipLevel, ids=str)
def test_the_trust_gate_of_the_funnel_is_held_to_the_ladder(rung):
    """Trust or more opens it; a meeting does not, however professional."""
    gate = FUNNEL.gates["trust_reached"]
    found = Evidence(gate=gate.key, kind=ActivityKind.VISIT, ref="R-1", value=rung)

    assert gate.admits(found) is (rung >= RelationshipLevel.TRUST)


def test_a_meeting_is_a_professional_appointment():
    """约会 is said of a meeting in the hospital; the English word leaves no doubt."""
    assert RelationshipLevel.MEETING.label("en") == "meeting"


def test_a_product_is_taken_up_in_six_rungs():
    """不了解 to 忠诚 are numbered from 0 to 4 in the sources; 提倡 above them is our reading."""
    assert [(rung.rank, rung.value, rung.label("zh")) for rung in sorted(AdoptionRung)] == [
        (0, "unaware", "不了解"),
        (1, "aware", "了解"),
        (2, "trial", "试用"),
        (3, "use", "使用"),
        (4, "loyalty", "忠诚"),
        (5, "advocacy", "提倡"),
    ]


def test_each_rung_of_adoption_says_what_it_means():
    """Every rung, in order, in words that differ and in both languages."""
    assert list(ADOPTION) == list(AdoptionRung)
    assert len({text.zh for text in ADOPTION.values()}) == len(AdoptionRung)
    assert all(text.en.isascii() and not text.zh.isascii() for text in ADOPTION.values())


def test_trust_is_no_adoption():
    """A doctor may trust us and not know the product: the ladders do not compare."""
    assert not reaches(AdoptionRung.ADVOCACY, RelationshipLevel.ACQUAINTED)
    with pytest.raises(TypeError):
        AdoptionRung.ADVOCACY > RelationshipLevel.ACQUAINTED
