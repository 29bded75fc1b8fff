"""The people of a team and the files of its customers: `people.csv` and `customers.csv`."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from attrs import frozen

from manager_week_parts.cells import days, flag, terms
from report_parts.rows import Row, Unreadable, once
from salesflow.customers import Colleague, CompanyRole, CustomerFile
from salesflow.instants import day
from salesflow.planning import Roadmap

__all__ = ["CUSTOMERS", "PEOPLE", "Person", "customer", "person"]

PEOPLE = ("people.csv", ("id", "role"))
CUSTOMERS = ("customers.csv", ("id", "key"))


@frozen(kw_only=True)
class Person:
    """One of our own people."""

    #: with the roles they hold
    colleague: Colleague
    #: the day of their entry, None where nobody said
    entered_on: date | None
    #: the days on which they are away
    leave: tuple[date, ...]

    @property
    def id(self) -> str:
        """The id by which every file knows them."""
        return self.colleague.id

    @property
    def sells(self) -> bool:
        """Whether they are a salesperson: who goes along the roadmap, and writes logs and forms."""
        return CompanyRole.SALESPERSON in self.colleague.roles


def person(row: Row, known: Container[str], roadmap: Roadmap) -> Person:
    """Return the person of a row."""
    id_, roles = row.text("id"), terms(row, "role", CompanyRole)
    once(id_, known)
    entered_on = row.day("entered_on") if row.cell("entered_on") else None
    for phase in roadmap.phases if entered_on else ():
        phase.stretch.during(entered_on)  # a year in which nobody lives is refused here
    if not roles:
        raise Unreadable("缺少 role", "role is missing")
    return Person(
        colleague=Colleague(id=id_, roles=roles),
        entered_on=entered_on,
        leave=tuple(day(one, "leave") for one in days(row, "leave")),
    )


def customer(row: Row, known: Container[str], on: date) -> CustomerFile:
    """Return the file of a customer, as it stands on a day."""
    id_ = row.text("id")
    once(id_, known)
    file = CustomerFile(
        customer=id_,
        key=flag(row, "key"),
        custodian=row.text("custodian") if row.cell("custodian") else "",
        updated_on=row.day("updated_on") if row.cell("updated_on") else None,
        discussed_on=row.day("discussed_on") if row.cell("discussed_on") else None,
    )
    file.findings(on)  # what lies after that day is refused here
    return file
