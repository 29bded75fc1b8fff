"""Who sits at the table: five roles of the hospital, eight of the company."""

from __future__ import annotations

import pytest

from salesflow.customers import CompanyRole, HospitalRole
from salesflow.scales import Rung


def test_a_hospital_buys_through_five_roles():
    """使用者, 发起者, 评估者, 决策者, 向导: the buying centre, and nobody else."""
    assert [(role.value, role.label("zh")) for role in HospitalRole] == [
        ("user", "使用者"),
        ("initiator", "发起者"),
        ("evaluator", "评估者"),
        ("decision_maker", "决策者"),
        ("guide", "向导"),
    ]


def test_the_company_faces_it_with_eight_roles():
    """From the salesperson to the engineer, as the stages ask for them, and who informs doctors."""
    assert [(role.value, role.label("zh")) for role in CompanyRole] == [
        ("salesperson", "销售人员"),
        ("product_manager", "产品经理"),
        ("sales_manager", "销售经理"),
        ("inside_sales", "内勤"),
        ("warehouse", "库房"),
        ("finance", "财务"),
        ("engineer", "工程师"),
        ("medical_rep", "医药代表"),
    ]


def test_a_role_is_no_rank():
    """Roles are not ordered: an evaluator is not less than a decision maker."""
    assert not issubclass(HospitalRole, Rung)
    with pytest.raises(TypeError):
        sorted(HospitalRole)
