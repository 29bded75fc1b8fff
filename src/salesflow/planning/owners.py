"""Who may answer for a quota (指标要明确责任者): an employee, a territory or an institution.

The trade's training material names the target customer as the one responsible.  A doctor never is:
a figure that hangs on one person's prescribing is what the law forbids to ask for.  Nor is a
medical representative, who informs and does not sell.

>>> QuotaOwner(kind="employee", id="R-7", role="salesperson").role
<CompanyRole.SALESPERSON: 'salesperson'>
>>> QuotaOwner(kind="doctor", id="DR-7")
Traceback (most recent call last):
    ...
salesflow.errors.InvalidValue: kind is none that may carry a quota, as no doctor or other person of
the customer ever may; use one of: employee, territory, institution.

Source: the rules for quotas (指标) of the trade's training material; what is barred to medical
representatives follows China's 医药代表备案管理办法（试行） of 2020, to be checked by your counsel.
"""

from __future__ import annotations

from typing import NoReturn

from attrs import frozen

from salesflow import forms
from salesflow.customers import CompanyRole, Duty, may
from salesflow.errors import InvalidValue
from salesflow.labels import Term

__all__ = ["OwnerKind", "QuotaOwner"]


class OwnerKind(Term):
    """What kind of owner a quota may have: never a doctor or another person of the customer."""

    EMPLOYEE = "employee", "员工", "employee"
    TERRITORY = "territory", "区域", "territory"
    INSTITUTION = "institution", "机构", "institution"

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        del value  # it may be somebody's name
        problem = "is none that may carry a quota, as no doctor or other person of the customer"
        kinds = ", ".join(kind.value for kind in cls)
        raise InvalidValue("kind", f"{problem} ever may", f"use one of: {kinds}")


@frozen(kw_only=True)
class QuotaOwner:
    """The one responsible for a quota, by id."""

    #: what kind of owner it is
    kind: OwnerKind
    #: the host's id of the employee, territory or institution
    id: str
    #: the role of an employee, None where it is not said
    role: CompanyRole | None = None

    def __attrs_post_init__(self) -> None:
        forms.terms(self, kind=OwnerKind)
        forms.lines(self, "id")
        forms.optional_terms(self, role=CompanyRole)
        if self.role is None:
            return
        if self.kind is not OwnerKind.EMPLOYEE:
            raise InvalidValue("role", "is given for what is no employee", "leave it out")
        if not may(self.role, Duty.CARRY_QUOTA):
            remedy = "give it to a salesperson, a sales manager or a territory"
            raise InvalidValue("role", "is barred from carrying a quota", remedy)
