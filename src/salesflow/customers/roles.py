"""Who sits at the table: the buying centre of a hospital, and our own people.

A hospital buys through several persons in several roles; one person may hold more than one role
and a role may be held by several.  Which roles a stage needs is said in the table of stages.
"""

from __future__ import annotations

from salesflow.labels import Term

__all__ = ["CompanyRole", "HospitalRole"]


class HospitalRole(Term):
    """A role in the hospital's buying centre (院方)."""

    USER = "user", "使用者", "user"
    INITIATOR = "initiator", "发起者", "initiator"
    EVALUATOR = "evaluator", "评估者", "evaluator"
    DECISION_MAKER = "decision_maker", "决策者", "decision maker"
    GUIDE = "guide", "向导", "guide"


class CompanyRole(Term):
    """A role on the seller's side (公司对接人员)."""

    SALESPERSON = "salesperson", "销售人员", "salesperson"
    PRODUCT_MANAGER = "product_manager", "产品经理", "product manager"
    SALES_MANAGER = "sales_manager", "销售经理", "sales manager"
    INSIDE_SALES = "inside_sales", "内勤", "inside sales"
    WAREHOUSE = "warehouse", "库房", "warehouse"
    FINANCE = "finance", "财务", "finance"
    ENGINEER = "engineer", "工程师", "engineer"
    MEDICAL_REP = "medical_rep", "医药代表", "medical representative"
