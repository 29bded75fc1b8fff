"""Rulings: whether something may be done, and the reasons.

A ruling follows from the weight of its reasons, and the strictest one wins:

    block (禁止) → deny      avoid (避免) → review      watch (关注), or none → allow

>>> max(Ruling.ALLOW, Ruling.REVIEW), Ruling.DENY.severity, strictest([])
(<Ruling.REVIEW: 'review'>, <Severity.BLOCK: 'block'>, <Ruling.ALLOW: 'allow'>)

Source: the three risk levels of China's guideline of 2025 on preventing commercial bribery by
pharma companies (《医药企业防范商业贿赂风险合规指引》); what it means for you, ask your counsel.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from attrs import frozen

from salesflow.conduct.actions import Kind
from salesflow.findings import Finding, Severity
from salesflow.scales import Rung
from salesflow.tables import Table, listed_of

__all__ = ["Judgement", "Ruling", "strictest"]


class Ruling(Rung):
    """Whether something may be done, from the mildest to the strictest."""

    ALLOW = "allow", "允许", "allow"
    REVIEW = "review", "须审批", "review"
    DENY = "deny", "禁止", "deny"

    @property
    def severity(self) -> Severity:
        """How much a reason for this ruling weighs."""
        return _WEIGHTS[self]


_WEIGHTS: Final = Table(
    {
        Ruling.ALLOW: Severity.WATCH,
        Ruling.REVIEW: Severity.AVOID,
        Ruling.DENY: Severity.BLOCK,
    }
)
_RULINGS: Final = Table({severity: ruling for ruling, severity in _WEIGHTS.items()})


def strictest(reasons: Iterable[Finding]) -> Ruling:
    """Return the ruling that some reasons lead to; without any it is ALLOW."""
    found = listed_of(reasons, Finding, "reasons")
    return max((_RULINGS[reason.severity] for reason in found), default=Ruling.ALLOW)


@frozen(kw_only=True)
class Judgement:
    """What a policy says of one action: plain data, to be kept for the audit."""

    #: id of the action
    action: str
    #: what kind it was
    kind: Kind
    #: the day it was for
    on: date
    #: name of the policy
    policy: str
    #: whether it may be done
    ruling: Ruling
    #: whether it may count for a gate, a figure or a roadmap
    counts: bool
    #: keys of the limits that it breaks, or that could not be checked
    limits: tuple[str, ...]
    #: why, in both languages; what is merely noted is here too
    reasons: tuple[Finding, ...]
