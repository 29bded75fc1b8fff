"""A quota is carried by an employee, a territory or an institution, and by nobody else."""

from __future__ import annotations

import pickle

import pytest
from attrs.exceptions import FrozenInstanceError

from salesflow.customers import CompanyRole, Duty, HospitalRole, may
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.planning.owners import OwnerKind, QuotaOwner

CANARY = "王小明13800138000"


@pytest.mark.parametrize("kind", OwnerKind, ids=lambda kind: kind.value)
def test_each_kind_is_taken_by_its_key_too(kind):
    owner = QuotaOwner(kind=kind.value, id=" X-1 ")

    assert owner == QuotaOwner(kind=kind, id="X-1")
    assert (owner.kind, owner.id, owner.role) == (kind, "X-1", None)


def test_an_owner_is_a_value():
    owner = QuotaOwner(kind="employee", id="R-7", role="salesperson")

    assert pickle.loads(pickle.dumps(owner)) == owner
    assert len({owner, QuotaOwner(kind="employee", id="R-7", role="salesperson")}) == 1
    with pytest.raises(FrozenInstanceError):
        owner.id = "R-8"


# --- AE-73 -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["doctor", "Doctor", "contact", "", None, 1, ["doctor"], HospitalRole.USER], ids=repr
)
def test_ae_73_a_doctor_never_owns_a_quota(kind):
    """AE-73: the refusal says why, and who may."""
    with pytest.raises(InvalidValue) as caught:
        QuotaOwner(kind=kind, id="DR-7")

    assert caught.value.field == "kind"
    assert "no doctor or other person of the customer ever may" in str(caught.value)
    assert caught.value.remedy == "use one of: employee, territory, institution"


def test_ae_73_the_word_itself_is_refused():
    """AE-73: a doctor is no kind of owner, wherever the word is read."""
    for read in (OwnerKind, OwnerKind.of):
        with pytest.raises(InvalidValue, match="no doctor"):
            read("doctor")


@pytest.mark.parametrize("role", CompanyRole, ids=lambda role: role.value)
def test_ae_73_a_role_carries_a_quota_if_it_may(role):
    """AE-73: of our own roles the medical representative is barred, the others are not."""
    if may(role, Duty.CARRY_QUOTA):
        assert QuotaOwner(kind="employee", id="R-7", role=role).role is role
    else:
        with pytest.raises(InvalidValue) as caught:
            QuotaOwner(kind="employee", id="R-7", role=role)
        assert (caught.value.field, role) == ("role", CompanyRole.MEDICAL_REP)


def test_ae_73_a_medical_representative_is_refused_by_key_too():
    """AE-73: the remedy says who carries it instead."""
    with pytest.raises(InvalidValue, match=r"^role is barred .* salesperson, a sales manager"):
        QuotaOwner(kind="employee", id="R-7", role="medical_rep")


@pytest.mark.parametrize("kind", ["territory", "institution"])
def test_only_an_employee_has_a_role(kind):
    with pytest.raises(InvalidValue, match=r"^role is given for what is no employee"):
        QuotaOwner(kind=kind, id="T-1", role="salesperson")


# --- hostile ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "value", "error"),
    [
        ("kind", CANARY, InvalidValue),
        ("id", "", InvalidValue),
        ("id", f"{CANARY}\0", InvalidValue),
        ("id", f"\u202e{CANARY}", InvalidValue),
        ("id", CANARY * 1000, InvalidValue),
        ("id", 7, WrongType),
        ("id", None, WrongType),
        ("role", CANARY, InvalidValue),
        ("role", 7, InvalidValue),
        ("role", HospitalRole.USER, InvalidValue),
    ],
)
def test_bad_content_is_refused_without_a_word_of_it(box, value, error):
    with pytest.raises(SalesflowError) as caught:
        QuotaOwner(**{"kind": "employee", "id": "R-7", box: value})

    assert (type(caught.value), caught.value.field) == (error, box)
    assert CANARY not in str(caught.value)
