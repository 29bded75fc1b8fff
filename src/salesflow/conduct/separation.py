"""Separation of roles: who informs doctors neither carries a quota nor takes money.

Each role has duties it must never have.  An `Assignment` that gives it one is refused; what the
records show is looked at by `separation`, which reports it.  From the records of a sale follow
duties: who owns a deal carries a quota, who records its cash collects payment, who holds visits to
inform doctors is a medical representative, whatever they are called.

>>> Assignment(person="R-9", role="medical_rep", duties=["collect_payment"])
Traceback (most recent call last):
    ...
salesflow.errors.InvalidValue: duties hold one that is barred to a medical_rep; give it to ...

Source: what is barred to medical representatives follows China's 医药代表备案管理办法（试行） of
2020, to be checked by your counsel.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.customers import BARRED, DUTIES, Colleague, CompanyRole, Duty, may
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.funnel import Act, Opportunity
from salesflow.labels import Label
from salesflow.tables import Rows, Table, listed_of, once
from salesflow.visits import Visit

__all__ = ["SEPARATION_REMARKS", "Assignment", "separation"]

_TWO_ROLES: Final = Remark(
    "roles_conflict",
    Severity.BLOCK,
    Label("{person}身兼{roles}，职责相冲突", "{person} holds roles that conflict: {roles}"),
    Label("只保留其中一个岗位", "keep one of them"),
)
_BARRED: Final = Remark(
    "duty_barred",
    Severity.BLOCK,
    Label(
        "{person}是{role}，不得{duty}（见：{seen}）",
        "{person} is a {role} and must not {duty} (seen in: {seen})",
    ),
    Label("移交给有此职责的同事", "hand it over to a colleague who answers for it"),
)
_BOTH: Final = Remark(
    "informs_and_sells",
    Severity.BLOCK,
    Label(
        "{person}向医生传递医药学信息，不得又{duty}（见：{seen}）",
        "{person} informs doctors and must not {duty} besides (seen in: {seen})",
    ),
    Label("将两项工作分给不同的人", "give the two to different people"),
)
#: every finding about the separation of roles
SEPARATION_REMARKS: Final = (_TWO_ROLES, _BARRED, _BOTH)

_NO_DUTIES: Final[Table[str, tuple[Duty, ...]]] = Table({})


def _duties(value: Iterable[Duty]) -> frozenset[Duty]:
    return forms.ticked(Duty, value, "duties")


@frozen(kw_only=True)
class Assignment:
    """What one of our own people answers for, in one role."""

    #: who, by id
    person: str
    #: in which role
    role: CompanyRole
    #: what they answer for
    duties: frozenset[Duty] = field(converter=_duties, repr=forms.shown)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "person")
        forms.terms(self, role=CompanyRole)
        if self.duties & BARRED[self.role]:
            problem = f"hold one that is barred to a {self.role.value}"
            raise InvalidValue("duties", problem, "give it to another role")


def separation(
    colleagues: Iterable[Colleague],
    deals: Iterable[Opportunity] = (),
    *,
    informing: Iterable[Visit] = (),
    duties: Rows[str, Iterable[Duty]] = _NO_DUTIES,
) -> tuple[Finding, ...]:
    """Return where roles are not kept apart, by what the records show.

    `informing` are the visits by which doctors are informed of medicines; a salesperson's visits
    to the users of a device are none.  `duties` are those given to people by any other list, by
    id, such as who carries a quota.

    Raises `DuplicateId` where two colleagues bear one id.
    """
    roles = _roles(colleagues)
    given = {person: _duties(row) for person, row in forms.by_line(duties, "duties").items()}
    visits = listed_of(informing, Visit, "informing")
    informers = {visit.owner for visit in visits if visit.held_at is not None}
    informers |= {person for person, row in given.items() if Duty.INFORM_DOCTORS in row}
    seen: dict[tuple[str, Duty], dict[str, None]] = {}
    for person, row in given.items():
        seen |= {(person, duty): {} for duty in Duty if duty in row}
    for person, duty, deal in _shown_by(listed_of(deals, Opportunity, "deals")):
        seen.setdefault((person, duty), {})[deal] = None
    return (*_conflicts(roles), *_breaches(seen, roles, informers))


def _roles(colleagues: Iterable[Colleague]) -> dict[str, tuple[CompanyRole, ...]]:
    people = listed_of(colleagues, Colleague, "colleagues")
    once(one.id for one in people)
    return {one.id: tuple(role for role in CompanyRole if role in one.roles) for one in people}


def _shown_by(deals: Iterable[Opportunity]) -> Iterator[tuple[str, Duty, str]]:
    """Yield who has which duty by the records of a deal."""
    for deal in deals:
        yield deal.owner, Duty.CARRY_QUOTA, deal.id
        for event in deal.trail:
            if event.act is Act.COLLECTED:
                yield event.by, Duty.COLLECT_PAYMENT, deal.id


def _conflicts(roles: Rows[str, tuple[CompanyRole, ...]]) -> Iterator[Finding]:
    """Yield who holds two roles of which one has a duty that the other must not have."""
    for person, held in roles.items():
        pairs = [(a, b) for a in held for b in held if not BARRED[a].isdisjoint(DUTIES[b])]
        if pairs:
            yield _TWO_ROLES.about(
                person, person=person, roles=tuple(dict.fromkeys(sum(pairs, ())))
            )


def _breaches(
    seen: Rows[tuple[str, Duty], Iterable[str]],
    roles: Mapping[str, tuple[CompanyRole, ...]],
    informers: Container[str],
) -> Iterator[Finding]:
    """Yield who has a duty that is barred to their role, or to whoever informs doctors."""
    for (person, duty), records in seen.items():
        ids = tuple(records)
        barring = [role for role in roles.get(person, ()) if not may(role, duty)]
        if barring:
            yield _BARRED.about(person, person=person, role=barring[0], duty=duty, seen=ids)
        elif person in informers and not may(CompanyRole.MEDICAL_REP, duty):
            yield _BOTH.about(person, person=person, duty=duty, seen=ids)
