"""Whom we serve: organisations, and the people who work in them.

Organisations are hospitals with their departments, pharmacies and payers.  People are doctors,
and contacts: anybody at a customer who has a role in its buying.  Only what the profession needs
is kept: there is no box for a family, a hobby or the number of prescriptions of one doctor.
Names and phones never show in a `repr` or in an error.

>>> chief = Contact(id="C-1", customer="H-3", name="李明", roles={HospitalRole.EVALUATOR, "user"})
>>> chief.name, "李明" in repr(chief), [role.name for role in hospital_roles([chief])]
('李明', False, ['USER', 'EVALUATOR'])
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from salesflow import forms
from salesflow.customers.grading import HospitalGrade
from salesflow.customers.roles import CompanyRole, HospitalRole
from salesflow.customers.standing import RelationshipLevel
from salesflow.labels import Term
from salesflow.tables import Table, listed_of

__all__ = [
    "Channel",
    "Colleague",
    "Contact",
    "Department",
    "Doctor",
    "Hospital",
    "Payer",
    "Pharmacy",
    "company_roles",
    "holders",
    "hospital_roles",
]


class Channel(Term):
    """How somebody is reached at work; there is no private one."""

    FACE_TO_FACE = "face_to_face", "面对面", "face to face"
    PHONE = "phone", "电话", "phone"
    EMAIL = "email", "电子邮件", "e-mail"
    ONLINE = "online", "在线会议", "online meeting"


@frozen(kw_only=True)
class _Organisation:
    #: the host's id
    id: str
    #: its name
    name: str = ""
    #: the territory it belongs to
    territory: str = ""
    #: the one person of ours who keeps its file
    custodian: str = ""

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id")
        forms.optional_lines(self, "name", "territory", "custodian")


@frozen(kw_only=True)
class Hospital(_Organisation):
    """A hospital (医院): it buys, and it decides which products it lists."""

    #: its grade, None where it was not graded
    grade: HospitalGrade | None = None
    #: ids of the products it has listed (进药)
    products: tuple[str, ...] = field(default=(), converter=forms.some)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        forms.optional_terms(self, grade=HospitalGrade)
        forms.texts(self, "products")


@frozen(kw_only=True)
class Pharmacy(_Organisation):
    """A pharmacy (药店) as a customer."""


@frozen(kw_only=True)
class Payer(_Organisation):
    """A payer (医保机构) as a customer: it decides what is reimbursed."""


@frozen(kw_only=True)
class Department:
    """A unit of a hospital (科室)."""

    #: the host's id
    id: str
    #: id of its hospital
    hospital: str
    #: its name
    name: str = ""
    #: whether it is one we aim at
    target: bool = False

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id", "hospital")
        forms.optional_lines(self, "name")
        forms.flags(self, "target")


@frozen(kw_only=True)
class _Person:
    #: the host's id
    id: str
    #: their name
    name: str = field(default="", repr=forms.masked)
    #: their phone at work
    phone: str = field(default="", repr=forms.masked)
    #: their professional title
    title: str = ""
    #: how they like to be reached, None where nobody asked
    channel: Channel | None = None
    #: the best time for a visit, in words
    best_time: str = ""

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id")
        forms.optional_lines(self, "name", "phone", "title", "best_time")
        forms.optional_terms(self, channel=Channel)


@frozen(kw_only=True)
class Doctor(_Person):
    """A doctor (医生), with the professional portrait that a visit needs (客户画像)."""

    #: id of the hospital
    hospital: str
    #: id of the department
    department: str = ""
    #: the field within the speciality (亚专业)
    speciality: str = ""
    #: needs in clinical work
    clinical_needs: tuple[str, ...] = field(default=(), converter=forms.some)
    #: the idea of treatment they follow
    treatment_concept: str = ""
    #: what is typical of the patients they see, as a group
    patient_profile: str = ""
    #: subjects they follow in the literature
    academic_focus: tuple[str, ...] = field(default=(), converter=forms.some)
    #: products they know from use, by id
    experience: tuple[str, ...] = field(default=(), converter=forms.some)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        forms.lines(self, "hospital")
        forms.optional_lines(self, "department", "speciality", "treatment_concept")
        forms.optional_lines(self, "patient_profile")
        forms.texts(self, "clinical_needs", "academic_focus", "experience")


def _hospital_roles(value: Iterable[HospitalRole]) -> frozenset[HospitalRole]:
    return forms.ticked(HospitalRole, value, "roles")


def _company_roles(value: Iterable[CompanyRole]) -> frozenset[CompanyRole]:
    return forms.ticked(CompanyRole, value, "roles")


@frozen(kw_only=True)
class Contact(_Person):
    """Somebody at a customer, with roles in its buying (联系人)."""

    #: id of the customer
    customer: str
    #: id of the department
    department: str = ""
    #: the roles they hold
    roles: frozenset[HospitalRole] = field(
        default=frozenset(), converter=_hospital_roles, repr=forms.shown
    )
    #: how far the relationship has come, None where nobody said
    relationship: RelationshipLevel | None = None

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        forms.lines(self, "customer")
        forms.optional_lines(self, "department")
        forms.optional_terms(self, relationship=RelationshipLevel)


@frozen(kw_only=True)
class Colleague:
    """One of our own people who faces the customer, with their roles."""

    #: the host's id
    id: str
    #: their name
    name: str = field(default="", repr=forms.masked)
    #: the roles they hold
    roles: frozenset[CompanyRole] = field(
        default=frozenset(), converter=_company_roles, repr=forms.shown
    )

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id")
        forms.optional_lines(self, "name")


def holders(
    contacts: Iterable[Contact], customer: str | None = None
) -> Table[HospitalRole, tuple[str, ...]]:
    """Return who holds each role that is held: the ids of the contacts, by role.

    With `customer` only the contacts of that customer are asked.
    """
    found: dict[HospitalRole, list[str]] = {role: [] for role in HospitalRole}
    for contact in listed_of(contacts, Contact, "contacts"):
        for role in contact.roles if customer in (None, contact.customer) else ():
            found[role].append(contact.id)
    return Table({role: tuple(ids) for role, ids in found.items() if ids})


def hospital_roles(
    contacts: Iterable[Contact], customer: str | None = None
) -> tuple[HospitalRole, ...]:
    """Return the roles of the buying centre that some contacts hold between them.

    This is what `Opportunity.findings(hospital_roles=…)` compares with the roles of the stage.
    """
    return tuple(holders(contacts, customer))


def company_roles(colleagues: Iterable[Colleague]) -> tuple[CompanyRole, ...]:
    """Return the roles that some of our own people hold between them."""
    held = {role for one in listed_of(colleagues, Colleague, "colleagues") for role in one.roles}
    return tuple(role for role in CompanyRole if role in held)
