"""What is doubtful about a single deal: its evidence, its overrides, its loss, its roles.

Nothing here raises; a deal with findings is still a deal, and the manager decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from salesflow.activity import SEVERITIES, counts
from salesflow.customers import CompanyRole, HospitalRole
from salesflow.findings import Finding, Remark, Severity
from salesflow.funnel.stages import StageProfile, Status
from salesflow.funnel.trail import Event, LossReason
from salesflow.gates import Evidence
from salesflow.labels import Label, Term
from salesflow.machine import Machine
from salesflow.tables import Rows, listed, rows_of

__all__ = ["REMARKS", "deal_findings", "role_findings"]

_NEVER_COUNTS: Final = Remark(
    "evidence_never_counts",
    Severity.AVOID,
    Label("“{gate}”以{kind}为证，不计入", "{kind} filed for “{gate}” never counts"),
    Label("以专业活动的记录为证，并报合规审查", "file professional work, and tell compliance"),
)
_NEEDS_APPROVAL: Final = Remark(
    "evidence_needs_approval",
    Severity.WATCH,
    Label("“{gate}”以{kind}为证，尚未审批", "{kind} filed for “{gate}” is not approved"),
    Label("审批后重新提交并注明审批人", "have it approved and file it again with the approver"),
)
_NOT_ACCEPTED: Final = Remark(
    "evidence_not_accepted",
    Severity.WATCH,
    Label("“{gate}”的证据（{kind}）不足以放行", "{kind} filed for “{gate}” does not open it"),
    Label("检查活动类型和数值", "check the kind of activity and the value"),
)
_OVERRIDDEN: Final = Remark(
    "gate_overridden",
    Severity.WATCH,
    Label("“{source}”之后的关口经特批放行", "the gates after “{source}” were overridden"),
    Label("补齐证据", "file the missing evidence"),
)
_COMPETITOR: Final = Remark(
    "competitor_missing",
    Severity.WATCH,
    Label("输给竞争对手，但未注明是谁", "lost to a competitor that is not named"),
    Label("向客户了解并注明竞争对手", "ask the customer and name the competitor"),
)
_LOSS_NOTE: Final = Remark(
    "loss_note_missing",
    Severity.WATCH,
    Label("丢单原因为“其他”，但无说明", "lost for another reason, which nobody noted"),
    Label("补充丢单说明", "add a note to the loss"),
)
_UNPAID: Final = Remark(
    "won_not_paid",
    Severity.WATCH,
    Label("已赢单，尚有 {money} 未回款", "won, with {money} still to be paid"),
    Label("跟进回款", "follow up the payment"),
)
_BAD_DEBT: Final = Remark(
    "bad_debt",
    Severity.WATCH,
    Label("丢单前已部分回款，{money} 未回款", "lost after part payment, {money} unpaid"),
    Label("核对欠款并与财务处理", "settle the debt with finance"),
)
_HOSPITAL_ROLE: Final = Remark(
    "hospital_role_missing",
    Severity.WATCH,
    Label("“{stage}”阶段缺少院方{role}", "the {role} is missing at stage “{stage}”"),
    Label("找到并接触{role}", "find the {role} and get in touch"),
)
_COMPANY_ROLE: Final = Remark(
    "company_role_missing",
    Severity.WATCH,
    Label("“{stage}”阶段缺少我方{role}", "our {role} is missing at stage “{stage}”"),
    Label("请{role}参与", "bring in the {role}"),
)
#: every finding a deal can give
REMARKS: Final = (
    _NEVER_COUNTS,
    _NEEDS_APPROVAL,
    _NOT_ACCEPTED,
    _OVERRIDDEN,
    _COMPETITOR,
    _LOSS_NOTE,
    _UNPAID,
    _BAD_DEBT,
    _HOSPITAL_ROLE,
    _COMPANY_ROLE,
)


def deal_findings(id: str, trail: tuple[Event, ...], machine: Machine) -> Iterator[Finding]:
    """Yield what is doubtful about a deal, in the order of its trail, then of its end."""
    for event in trail:
        for item in event.evidence:
            yield from _of_evidence(id, item, machine)
        if event.override is not None:
            yield _OVERRIDDEN.about(id, source=event.source or event.target)
    last = trail[-1]
    if last.loss is LossReason.CHOSE_COMPETITOR and not last.competitor:
        yield _COMPETITOR.about(id)
    # Another system may not tell a reason; that is no fault of anybody here.
    if last.loss is LossReason.OTHER and not last.reason and not last.observed:
        yield _LOSS_NOTE.about(id)
    if last.status is Status.WON and last.collected != last.amount:
        yield _UNPAID.about(id, money=last.outstanding)
    if last.status is Status.LOST and last.collected:
        yield _BAD_DEBT.about(id, money=last.outstanding)


def _of_evidence(id: str, item: Evidence, machine: Machine) -> Iterator[Finding]:
    # A table may have dropped a gate since; its key then stands for the question.
    gate = machine.gates.get(item.gate)
    asked = item.gate if gate is None else gate.question
    if not counts(item.kind, approved=True):
        severity = SEVERITIES[item.kind]
        yield _NEVER_COUNTS.about(id, severity=severity, gate=asked, kind=item.kind)
    elif not counts(item.kind, approved=bool(item.approver)):
        yield _NEEDS_APPROVAL.about(id, gate=asked, kind=item.kind)
    elif gate is None or not gate.admits(item):
        yield _NOT_ACCEPTED.about(id, gate=asked, kind=item.kind)


def role_findings(
    id: str,
    stage: Term,
    hospital_roles: Iterable[HospitalRole] | None,
    company_roles: Iterable[CompanyRole] | None,
    profiles: Rows[Term, StageProfile],
) -> Iterator[Finding]:
    """Yield each role that the stage needs and that is not there; None leaves a side unchecked."""
    profile = rows_of(profiles, "profiles").get(stage)
    if profile is None:
        return
    sides = (
        (_HOSPITAL_ROLE, hospital_roles, profile.hospital_roles, HospitalRole),
        (_COMPANY_ROLE, company_roles, profile.company_roles, CompanyRole),
    )
    for remark, known, required, kind in sides:
        if known is None:
            continue
        there = {kind.of(role) for role in listed(known, "roles")}
        missing = [role for role in required if role not in there]
        yield from (remark.about(id, stage=stage, role=role) for role in missing)
