"""Division of labour: which of our roles does what, and what a role must never do.

A salesperson is not an all-round genius: each duty has the role that answers for it (分工明确).
And some duties do not go together: whoever informs doctors as a medical representative neither
carries a quota nor collects money, so that what is said at the bedside is not said for a figure.

>>> [role.label("en") for role in in_charge(Duty.INSTALL)]
['engineer']
>>> may(CompanyRole.SALESPERSON, Duty.CARRY_QUOTA), may(CompanyRole.MEDICAL_REP, Duty.CARRY_QUOTA)
(True, False)

Source: the duties are those of the trade's training material; what is barred to medical
representatives follows China's 医药代表备案管理办法（试行） of 2020, to be checked by your counsel.
"""

from __future__ import annotations

from typing import Final

from salesflow.customers.roles import CompanyRole
from salesflow.forms import term_of
from salesflow.labels import Term
from salesflow.tables import Table

__all__ = ["BARRED", "DUTIES", "Duty", "in_charge", "may"]


class Duty(Term):
    """Something that somebody on the seller's side answers for."""

    COLLECT_INFORMATION = "collect_information", "收集资料", "collect information"
    ANALYSE_CUSTOMERS = "analyse_customers", "分析客户", "analyse customers"
    BUILD_TRUST = "build_trust", "建立信任", "build trust"
    DISCOVER_NEEDS = "discover_needs", "挖掘需求", "discover needs"
    PRESENT_VALUE = "present_value", "呈现价值", "present the value"
    PROMOTE_IN_CLINIC = "promote_in_clinic", "临床推动", "support use in the clinic"
    WIN_COMMITMENT = "win_commitment", "赢取承诺", "win the commitment"
    COLLECT_PAYMENT = "collect_payment", "回收账款", "collect payment"
    JOIN_NEGOTIATION = "join_negotiation", "参与商务谈判", "join the negotiation"
    REVIEW_KEY_CUSTOMERS = "review_key_customers", "每周分析重要客户", "review key customers weekly"
    WRITE_PROPOSAL = "write_proposal", "制作方案", "write the proposal"
    KEEP_DOCUMENTS = "keep_documents", "资料整理", "keep documents in order"
    PREPARE_CONTRACT = "prepare_contract", "准备合同", "prepare the contract"
    SHIP = "ship", "发货和跟踪", "ship and track"
    URGE_PAYMENT = "urge_payment", "督促回款", "urge payment"
    LIST_DUE_PAYMENTS = "list_due_payments", "下月催款明细", "list next month's due payments"
    INSTALL = "install", "安装调试", "install and adjust"
    MAINTAIN = "maintain", "维护修理", "maintain and repair"
    INFORM_DOCTORS = "inform_doctors", "传递医药学信息", "inform doctors"
    COLLECT_REACTIONS = "collect_reactions", "收集不良反应", "collect adverse reactions"
    CARRY_QUOTA = "carry_quota", "承担销售指标", "carry a quota"
    HANDLE_INVOICES = "handle_invoices", "处理购销票据", "handle invoices"
    COUNT_PRESCRIPTIONS = "count_prescriptions", "统计处方数量", "count a doctor's prescriptions"
    GIVE_SPONSORSHIP = "give_sponsorship", "提供捐赠或赞助", "give donations or sponsorship"


#: what each role answers for
DUTIES: Final[Table[CompanyRole, tuple[Duty, ...]]] = Table(
    {
        CompanyRole.SALESPERSON: (
            Duty.COLLECT_INFORMATION,
            Duty.ANALYSE_CUSTOMERS,
            Duty.BUILD_TRUST,
            Duty.WIN_COMMITMENT,
            Duty.COLLECT_PAYMENT,
            Duty.CARRY_QUOTA,
        ),
        CompanyRole.PRODUCT_MANAGER: (
            Duty.DISCOVER_NEEDS,
            Duty.PRESENT_VALUE,
            Duty.PROMOTE_IN_CLINIC,
        ),
        CompanyRole.SALES_MANAGER: (
            Duty.JOIN_NEGOTIATION,
            Duty.REVIEW_KEY_CUSTOMERS,
            Duty.CARRY_QUOTA,
        ),
        CompanyRole.INSIDE_SALES: (
            Duty.WRITE_PROPOSAL,
            Duty.KEEP_DOCUMENTS,
            Duty.PREPARE_CONTRACT,
        ),
        CompanyRole.WAREHOUSE: (Duty.SHIP,),
        CompanyRole.FINANCE: (Duty.URGE_PAYMENT, Duty.LIST_DUE_PAYMENTS, Duty.HANDLE_INVOICES),
        CompanyRole.ENGINEER: (Duty.INSTALL, Duty.MAINTAIN),
        CompanyRole.MEDICAL_REP: (Duty.INFORM_DOCTORS, Duty.COLLECT_REACTIONS),
    }
)
_FOR_NOBODY: Final = frozenset({Duty.COUNT_PRESCRIPTIONS})
_NOT_OF_A_MEDICAL_REP: Final = frozenset(
    {
        Duty.CARRY_QUOTA,
        Duty.COLLECT_PAYMENT,
        Duty.URGE_PAYMENT,
        Duty.HANDLE_INVOICES,
        Duty.GIVE_SPONSORSHIP,
    }
)
#: what each role must never do; counting the prescriptions of a doctor is for nobody
BARRED: Final[Table[CompanyRole, frozenset[Duty]]] = Table(
    dict.fromkeys(CompanyRole, _FOR_NOBODY)
    | {CompanyRole.MEDICAL_REP: _FOR_NOBODY | _NOT_OF_A_MEDICAL_REP}
)


def may(role: CompanyRole, duty: Duty) -> bool:
    """Whether a duty is open to a role; words of the two lists are taken by their keys too."""
    return term_of(Duty, duty, "duty") not in BARRED[term_of(CompanyRole, role, "role")]


def in_charge(duty: Duty) -> tuple[CompanyRole, ...]:
    """Return the roles that answer for a duty, in the order of the list; none for some."""
    wanted = term_of(Duty, duty, "duty")
    return tuple(role for role, duties in DUTIES.items() if wanted in duties)
