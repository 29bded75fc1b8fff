"""How far we have come with a customer: the ladder of relationship.

>>> RelationshipLevel.MEETING < RelationshipLevel.TRUST
True
"""

from __future__ import annotations

from salesflow.scales import Rung

__all__ = ["RelationshipLevel"]


class RelationshipLevel(Rung):
    """The four rungs of trust (认识, 约会, 信赖, 同盟); a meeting is a professional appointment."""

    ACQUAINTED = "acquainted", "认识", "acquainted"
    MEETING = "meeting", "约会", "meeting"
    TRUST = "trust", "信赖", "trust"
    ALLIANCE = "alliance", "同盟", "alliance"
