"""Each duty has a role that answers for it, and some duties a role must never have."""

from __future__ import annotations

import pytest

from salesflow.customers import BARRED, DUTIES, CompanyRole, Duty, in_charge, may
from salesflow.errors import InvalidValue


def test_every_role_has_its_duties_and_no_duty_that_is_barred_to_it():
    """Two tables that must not contradict each other."""
    assert list(DUTIES) == list(BARRED) == list(CompanyRole)
    for role, duties in DUTIES.items():
        assert duties
        assert BARRED[role].isdisjoint(duties)


def test_the_salesperson_and_the_product_manager_share_the_stages_between_them():
    """收集资料 to 回收账款 are selling; needs and value come with help."""
    assert [duty.label("zh") for duty in DUTIES[CompanyRole.SALESPERSON]] == [
        "收集资料",
        "分析客户",
        "建立信任",
        "赢取承诺",
        "回收账款",
        "承担销售指标",
    ]
    assert DUTIES[CompanyRole.PRODUCT_MANAGER][:2] == (Duty.DISCOVER_NEEDS, Duty.PRESENT_VALUE)


@pytest.mark.parametrize(
    ("duty", "roles"),
    [
        (Duty.SHIP, (CompanyRole.WAREHOUSE,)),
        ("list_due_payments", (CompanyRole.FINANCE,)),
        (Duty.CARRY_QUOTA, (CompanyRole.SALESPERSON, CompanyRole.SALES_MANAGER)),
        (Duty.COUNT_PRESCRIPTIONS, ()),
        (Duty.GIVE_SPONSORSHIP, ()),
    ],
)
def test_who_owns_an_action_can_be_asked(duty, roles):
    """Also that nobody does."""
    assert in_charge(duty) == roles


@pytest.mark.parametrize(
    "duty",
    ["carry_quota", "collect_payment", "urge_payment", "handle_invoices", "give_sponsorship"],
)
def test_a_medical_representative_neither_sells_nor_collects(duty):
    """C9 and C11: who details doctors has no figure to reach and no money in hand."""
    assert not may(CompanyRole.MEDICAL_REP, duty)
    assert not may("medical_rep", Duty.of(duty))


@pytest.mark.parametrize("role", CompanyRole)
def test_nobody_counts_the_prescriptions_of_a_doctor(role):
    """C9: there is no role for it."""
    assert not may(role, Duty.COUNT_PRESCRIPTIONS)


@pytest.mark.parametrize("role", [role for role in CompanyRole if role.value != "medical_rep"])
def test_what_a_role_does_not_do_is_not_forbidden_to_it(role):
    """Finance may help with a proposal: only what is barred is barred."""
    assert [duty for duty in Duty if not may(role, duty)] == [Duty.COUNT_PRESCRIPTIONS]


@pytest.mark.parametrize(
    ("ask", "box"),
    [
        (lambda: may("doctor", Duty.SHIP), "role"),
        (lambda: may(CompanyRole.ENGINEER, "dance"), "duty"),
        (lambda: may(None, Duty.SHIP), "role"),
        (lambda: in_charge(["ship"]), "duty"),
    ],
)
def test_an_unknown_word_is_refused_by_the_name_of_its_box(ask, box):
    """And not repeated."""
    with pytest.raises(InvalidValue) as refused:
        ask()

    assert refused.value.field == box
    assert "dance" not in str(refused.value)
