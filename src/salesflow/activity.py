"""Kinds of activity, and whether each may count for anything.

What salespeople do leaves evidence: a visit, an installation, a contract.  It also leaves what
never may be evidence: gifts, meals, entertainment.  The decision is made here, once, beneath
everything that counts, so that no gate, figure or roadmap can be talked into counting a dinner.

Hospitality counts nowhere, approved or not.  Kinds that need review count only with an approver.

>>> counts(ActivityKind.VISIT), counts(ActivityKind.MEAL, approved=True)
(True, False)
>>> counts(ActivityKind.PLACEMENT), counts(ActivityKind.PLACEMENT, approved=True)
(False, True)
"""

from __future__ import annotations

from typing import Final

from salesflow.findings import Severity
from salesflow.labels import Term
from salesflow.tables import Table

__all__ = ["DECISIONS", "SEVERITIES", "WORK", "ActivityKind", "Decision", "counts"]


class Decision(Term):
    """What an activity may count for."""

    COUNTS = "counts", "计入", "counts"
    NEEDS_REVIEW = "needs_review", "须审批后计入", "counts once approved"
    NEVER_COUNTS = "never_counts", "不计入", "never counts"


class ActivityKind(Term):
    """What was done; an evidence names the kind of activity it proves."""

    VISIT = "visit", "拜访", "visit"
    CALL = "call", "电话沟通", "phone call"
    CORRESPONDENCE = "correspondence", "书面往来", "correspondence"
    APPOINTMENT = "appointment", "专业会面", "professional appointment"
    DEPARTMENT_MEETING = "department_meeting", "科室会", "department meeting"
    SALON = "salon", "学术沙龙", "academic salon"
    SEMINAR = "seminar", "专家研讨会", "expert seminar"
    RESEARCH = "research", "资料收集", "collection of information"
    ANALYSIS = "analysis", "分析评估", "analysis"
    DEMONSTRATION = "demonstration", "产品演示", "demonstration"
    TRIAL_USE = "trial_use", "产品试用", "trial use"
    TRAINING = "training", "使用培训", "training of users"
    PROPOSAL = "proposal", "提交方案", "proposal"
    NEGOTIATION = "negotiation", "商务谈判", "negotiation"
    TENDER = "tender", "招标采购", "tender"
    STATEMENT = "statement", "客户书面确认", "customer's written statement"
    CONTRACT = "contract", "签订合同", "contract"
    INSTALLATION = "installation", "安装验收", "installation"
    PAYMENT = "payment", "回款", "payment"
    SERVICE = "service", "售后服务", "after-sales service"
    PLACEMENT = "placement", "设备投放", "placement of equipment"
    HONORARIUM = "honorarium", "劳务费", "honorarium"
    TRAVEL = "travel", "差旅费", "travel"
    SPONSORSHIP = "sponsorship", "赞助", "sponsorship"
    OTHER = "other", "其他", "other"
    MEAL = "meal", "餐饮招待", "meal"
    RECEPTION = "reception", "客户接待", "reception"
    ENTERTAINMENT = "entertainment", "娱乐活动", "entertainment"
    GIFT = "gift", "礼品", "gift"
    COUPON = "coupon", "积分或优惠券", "points or coupon"
    CASH = "cash", "现金或等价物", "cash or equivalent"


# Everything not named here is professional work and counts, at no risk.
_RESTRICTED: Final = (
    (ActivityKind.PLACEMENT, Decision.NEEDS_REVIEW, Severity.WATCH),
    (ActivityKind.HONORARIUM, Decision.NEEDS_REVIEW, Severity.WATCH),
    (ActivityKind.TRAVEL, Decision.NEEDS_REVIEW, Severity.WATCH),
    (ActivityKind.SPONSORSHIP, Decision.NEEDS_REVIEW, Severity.WATCH),
    (ActivityKind.OTHER, Decision.NEEDS_REVIEW, Severity.WATCH),
    (ActivityKind.MEAL, Decision.NEVER_COUNTS, Severity.AVOID),
    (ActivityKind.RECEPTION, Decision.NEVER_COUNTS, Severity.AVOID),
    (ActivityKind.ENTERTAINMENT, Decision.NEVER_COUNTS, Severity.BLOCK),
    (ActivityKind.GIFT, Decision.NEVER_COUNTS, Severity.BLOCK),
    (ActivityKind.COUPON, Decision.NEVER_COUNTS, Severity.BLOCK),
    (ActivityKind.CASH, Decision.NEVER_COUNTS, Severity.BLOCK),
)

#: the default decision on every kind
DECISIONS: Final = Table(
    dict.fromkeys(ActivityKind, Decision.COUNTS)
    | {kind: decision for kind, decision, _ in _RESTRICTED}
)
#: how much a kind that does not simply count weighs in a finding
SEVERITIES: Final = Table({kind: severity for kind, _, severity in _RESTRICTED})
#: professional work: the kinds that count without review
WORK: Final = tuple(kind for kind in ActivityKind if DECISIONS[kind] is Decision.COUNTS)


def counts(kind: ActivityKind, *, approved: bool = False) -> bool:
    """Whether an activity may count for a gate, a figure or a roadmap by default."""
    decision = DECISIONS[kind]
    return decision is Decision.COUNTS or (approved and decision is Decision.NEEDS_REVIEW)
