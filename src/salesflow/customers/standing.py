"""How far we have come with a customer: the ladder of relationship, the ladder of adoption.

>>> RelationshipLevel.MEETING < RelationshipLevel.TRUST
True
>>> AdoptionRung.TRIAL.rank, ADOPTION[AdoptionRung.TRIAL].en
(2, 'tries it in new or old patients, or switches some to it')

The sources number the adoption ladder from 0 to 4; that "advocate" is its rung 5 is our reading.
"""

from __future__ import annotations

from typing import Final

from salesflow.labels import Label
from salesflow.scales import Rung
from salesflow.tables import Table

__all__ = ["ADOPTION", "AdoptionRung", "RelationshipLevel"]


class RelationshipLevel(Rung):
    """The four rungs of trust (认识, 约会, 信赖, 同盟); a meeting is a professional appointment."""

    ACQUAINTED = "acquainted", "认识", "acquainted"
    MEETING = "meeting", "约会", "meeting"
    TRUST = "trust", "信赖", "trust"
    ALLIANCE = "alliance", "同盟", "alliance"


class AdoptionRung(Rung):
    """How far a doctor has taken up a product (产品接纳度阶梯); a visit aims at the next rung."""

    UNAWARE = "unaware", "不了解", "unaware"
    AWARE = "aware", "了解", "aware"
    TRIAL = "trial", "试用", "trial"
    USE = "use", "使用", "use"
    LOYALTY = "loyalty", "忠诚", "loyalty"
    ADVOCACY = "advocacy", "提倡", "advocacy"


#: what each rung of adoption means
ADOPTION: Final = Table(
    {
        AdoptionRung.UNAWARE: Label("不了解，没有听说过", "does not know it, never heard of it"),
        AdoptionRung.AWARE: Label(
            "了解产品和其使用方法，但没有使用", "knows it and how to use it, has not used it"
        ),
        AdoptionRung.TRIAL: Label(
            "在新病人或老病人中尝试使用或转换使用",
            "tries it in new or old patients, or switches some to it",
        ),
        AdoptionRung.USE: Label("常规性地使用", "uses it as a matter of routine"),
        AdoptionRung.LOYALTY: Label(
            "在这类病人中首选", "chooses it first for this kind of patient"
        ),
        AdoptionRung.ADVOCACY: Label("向同行提倡", "recommends it to colleagues"),
    }
)
