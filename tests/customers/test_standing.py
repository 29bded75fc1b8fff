"""How far we have come with a customer: four rungs, in one order."""

from __future__ import annotations

import pytest

from salesflow.activity import ActivityKind
from salesflow.customers import RelationshipLevel
from salesflow.funnel import FUNNEL
from salesflow.gates import Evidence


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
