"""Compliance: judging what is done with customers, before it is done or afterwards.

    ruling = the strictest that the kind of activity, its papers and the limits lead to

What may not be is returned, never raised: a judgement says allow, review or deny, why, and whether
the action may count for a gate, a figure or a roadmap.  What is denied never counts; what is under
review counts once somebody else approved it, with a reference; hospitality counts nowhere.

>>> from datetime import date
>>> coupon = Action(id="X-1", kind="coupon", on=date(2026, 7, 6), person="R-9")
>>> talk = Action(id="X-2", kind="honorarium", on=date(2026, 7, 6), person="R-9",
...               approver="M-1", ref="CT-7", purpose="a lecture on assays")
>>> [(one.ruling.name, one.counts) for one in judge_all([coupon, talk])]
[('DENY', False), ('REVIEW', True)]

The rules are those of a policy, `COMPLIANCE` by default; it is no legal advice.

Source: the guideline of 2025 on preventing commercial bribery by pharma companies
(《医药企业防范商业贿赂风险合规指引》) grades risks as done here; the measures of 2020 on medical
representatives (《医药代表备案管理办法（试行）》) bar what they may not do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil, floor
from typing import Final

from salesflow.activity import ActivityKind
from salesflow.conduct.actions import Action, Kind, Paper, Scope
from salesflow.conduct.ledger import Draw, Ledger
from salesflow.conduct.limits import Limit
from salesflow.conduct.policy import COMPLIANCE, Policy, policy_of
from salesflow.conduct.rulings import Judgement, Ruling, strictest
from salesflow.customers import Duty, may
from salesflow.errors import DuplicateId, WrongType
from salesflow.findings import Finding, Remark
from salesflow.labels import Label
from salesflow.money import Money
from salesflow.tables import Table, listed_of

__all__ = ["COMPLIANCE_REMARKS", "judge", "judge_all"]


def _remark(key: str, ruling: Ruling, text: tuple[str, str], advice: tuple[str, str]) -> Remark:
    return Remark(key, ruling.severity, Label(*text), Label(*advice))


_DENIED: Final = _remark(
    "kind_denied",
    Ruling.DENY,
    ("不得提供或安排{kind}", "{kind} is denied"),
    ("取消，并报合规部门", "call it off, and tell compliance"),
)
_REVIEWED: Final = _remark(
    "kind_needs_review",
    Ruling.REVIEW,
    ("{kind}须经合规审批", "{kind} needs a review"),
    ("先审批，后安排", "have it approved before it is arranged"),
)
_UNKNOWN: Final = _remark(
    "kind_unknown",
    Ruling.REVIEW,
    ("政策未规定的活动类型：{kind}", "a kind of activity that the policy does not name: {kind}"),
    ("选用已有类型，或由合规部门定类", "use a known kind, or let compliance rule on it"),
)
_TIED: Final = _remark(
    "tied_to_prescribing",
    Ruling.DENY,
    ("与处方、使用或采购挂钩", "it depends on what is prescribed, used or bought"),
    ("取消，并报合规部门", "call it off, and tell compliance"),
)
_REWARD: Final = _remark(
    "referral_rewarded",
    Ruling.DENY,
    ("以利益换取转介绍", "something is given in return for a referral"),
    ("可以请客户介绍，但不得给予回报", "ask for the referral, and give nothing for it"),
)
_BARRED: Final = _remark(
    "role_barred",
    Ruling.DENY,
    ("{role}不得{duty}", "no {role} may {duty}"),
    ("交由有此职责的岗位办理", "leave it to a role that answers for it"),
)
_OVER: Final = _remark(
    "limit_exceeded",
    Ruling.DENY,
    ("超过“{limit}”：{total}，上限 {most}", "beyond “{limit}”: {total}, at most {most}"),
    ("减少、推迟或取消", "do less of it, later, or not at all"),
)
_UNCHECKED: Final = _remark(
    "limit_not_checked",
    Ruling.REVIEW,
    (
        "无法核对“{limit}”，未填或币种不同：{boxes}",
        "“{limit}” cannot be checked; empty, or in another currency: {boxes}",
    ),
    ("补全后重新核对", "complete it, and have it checked again"),
)
_LACKING: Final = _remark(
    "papers_missing",
    Ruling.REVIEW,
    ("缺少：{papers}", "it lacks: {papers}"),
    ("补齐后再执行", "complete them before it is done"),
)
_RECORDED: Final = _remark(
    "only_recorded",
    Ruling.ALLOW,
    ("{kind}只作记录，不计入任何指标", "{kind} is only recorded, and counts for nothing"),
    ("以专业活动推进工作", "make progress by professional work"),
)
#: every reason a judgement can give
COMPLIANCE_REMARKS: Final = (
    _DENIED,
    _REVIEWED,
    _UNKNOWN,
    _TIED,
    _REWARD,
    _BARRED,
    _OVER,
    _UNCHECKED,
    _LACKING,
    _RECORDED,
)

# What is said of a kind by the ruling on it.
_OF_KIND: Final = Table({Ruling.DENY: _DENIED, Ruling.REVIEW: _REVIEWED})
# Flags of the form that no approval can heal.
_OF_FLAGS: Final = (("tied_to_prescribing", _TIED), ("rewards_referral", _REWARD))
# Kinds that are a duty, and so not for every role.
_DUTIES: Final[Table[Kind, Duty]] = Table(
    {
        ActivityKind.PAYMENT: Duty.COLLECT_PAYMENT,
        ActivityKind.SPONSORSHIP: Duty.GIVE_SPONSORSHIP,
    }
)
# What every review asks for.
_APPROVAL: Final = (Paper.APPROVER, Paper.REF)


def judge(
    action: Action, policy: Policy = COMPLIANCE, *, history: Iterable[Action] = ()
) -> Judgement:
    """Return what a policy says of an action, given what was done before.

    The history may hold the action itself and later ones: they are left out.  Those of the same
    day came before it.  What the policy denied in its time draws on no limit.

    Raises `DuplicateId` where two different actions of the history bear one id.
    """
    if not isinstance(action, Action):
        raise WrongType.of("action", action, "pass an Action")
    before = listed_of(history, Action, "history")
    earlier = [one for one in before if one.id != action.id and one.on <= action.on]
    return judge_all((*earlier, action), policy)[-1]


def judge_all(actions: Iterable[Action], policy: Policy = COMPLIANCE) -> tuple[Judgement, ...]:
    """Return what a policy says of each of many actions, in the order given.

    They are judged day by day, those of one day in the order given, each with those before it as
    its history; the same action given twice is one action.

    Raises `DuplicateId` where two different ones bear one id.
    """
    given, rules, ledger = listed_of(actions, Action, "actions"), policy_of(policy), Ledger()
    once: dict[str, Action] = {}
    for action in given:
        if once.setdefault(action.id, action) != action:
            raise DuplicateId(action.id)
    by_day = sorted(once.values(), key=lambda action: action.on)
    judged = {action.id: _judged(action, rules, ledger) for action in by_day}
    return tuple(judged[action.id] for action in given)


def _judged(action: Action, policy: Policy, ledger: Ledger) -> Judgement:
    limits = [limit for limit in policy.limits if limit.covers(action)]
    lacks = [(limit, limit.missing(action)) for limit in limits]
    draws = [ledger.draw(limit, action) for limit, boxes in lacks if not boxes]
    broken = {limit.key: _unchecked(action, limit, boxes) for limit, boxes in lacks if boxes}
    broken |= {draw.limit.key: _over(action, draw) for draw in draws if draw.exceeds}
    # Nobody's approval makes up for a limit that would deny, and could not be read.
    unread = any(limit.ruling is Ruling.DENY for limit, boxes in lacks if boxes)
    reasons = [*_of_conduct(action, policy), *broken.values()]
    lacking = action.missing(_papers(action, policy, strictest(reasons)))
    if lacking:
        reasons.append(_LACKING.about(action.id, papers=lacking))
    ruling = strictest(reasons)
    approved = not action.missing(_APPROVAL)
    passes = ruling is not Ruling.DENY and not lacking and not unread
    counts = passes and policy.counts(action.kind, approved=approved)
    if passes and not counts:
        reasons.append(_RECORDED.about(action.id, kind=action.kind))
    for draw in draws if ruling is not Ruling.DENY else ():
        draw.book()
    return Judgement(
        action=action.id,
        kind=action.kind,
        on=action.on,
        policy=policy.name,
        ruling=ruling,
        counts=counts,
        limits=tuple(broken),
        reasons=tuple(reasons),
    )


def _of_conduct(action: Action, policy: Policy) -> Iterator[Finding]:
    """Yield what speaks against an action by itself: its kind, its flags, the role behind it."""
    kind, ruling = action.kind, policy.ruling(action.kind)
    if kind not in policy.rulings:
        yield _UNKNOWN.about(action.id, severity=ruling.severity, kind=kind)
    elif ruling in _OF_KIND:
        yield _OF_KIND[ruling].about(action.id, kind=kind)
    for flag, remark in _OF_FLAGS:
        if getattr(action, flag):
            yield remark.about(action.id)
    role, duty = action.role, _DUTIES.get(kind)
    if role is not None and duty is not None and not may(role, duty):
        yield _BARRED.about(action.id, role=role, duty=duty)


def _papers(action: Action, policy: Policy, ruling: Ruling) -> tuple[Paper, ...]:
    """Return what an action has to show; nothing makes up for what is denied."""
    papers = policy.papers.get(action.kind, ())
    needed = {Ruling.ALLOW: papers, Ruling.REVIEW: (*_APPROVAL, *papers), Ruling.DENY: ()}
    return tuple(dict.fromkeys(needed[ruling]))


def _unchecked(action: Action, limit: Limit, boxes: tuple[Scope | Paper, ...]) -> Finding:
    # A limit that only makes a note does no more here.
    severity = min(limit.ruling, Ruling.REVIEW).severity
    return _UNCHECKED.about(action.id, severity=severity, limit=limit.label, boxes=boxes)


def _over(action: Action, draw: Draw) -> Finding:
    total, most = draw.fullest
    money = action.value if draw.limit.most_quantity is None else None
    return _OVER.about(
        action.id,
        severity=draw.limit.ruling.severity,
        limit=draw.limit.label,
        # Rounded apart, so that a part of a cent too much shows as too much.
        total=_shown(ceil(total), money),
        most=_shown(floor(most), money),
    )


def _shown(amount: int, money: Money | None) -> Money | int:
    return amount if money is None else Money.of_minor(amount, money.currency)
