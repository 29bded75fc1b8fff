"""What a row makes: a customer, the days of a hospital, a call that is booked."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Final

from attrs import frozen

from month_plan_parts.cells import count, dated, days, hour, hours, number, weekdays, worded
from report_parts.intake import not_accepted
from report_parts.rows import ANSWERS, Row, Unreadable, once, shown
from salesflow import Label, SalesflowError
from salesflow.customers import SEGMENTATION, AfterListing, DoctorScore, HospitalGrade, Segment
from salesflow.errors import InvalidValue
from salesflow.planning import Call, Callee
from salesflow.text import line

__all__ = [
    "CUSTOMERS",
    "Hospital",
    "because",
    "call_of",
    "customer",
    "hospital",
    "leave",
]

CUSTOMERS: Final = "customers.csv"
_LEAVE: Final = Label("个人休假", "day off")
_CHOICE: Final = Label("选项", "choice")
# What the library says of booked calls, in Chinese.
_BOOKED: Final = {
    "lie on a day that is not worked": "预约的日子不是工作日",
    "lie at an hour at which no call begins": "预约的钟点不能开始拜访",
    "take an hour twice": "这一时段已有预约",
    "name a customer twice on a day": "同一客户一天预约了两次",
    "fill a day or a week beyond its capacity": "当天或当周已约满",
    "lie on more days than place_days gives the hospital": "超出该医院可去的天数",
}


@frozen(kw_only=True)
class Hospital:
    """A row of `hospitals.csv`."""

    #: days that the month plan gives it, None where it gives none
    days: Fraction | None = None
    #: on how many days it can be visited, None where nobody says
    visit_days: int | None = None
    #: whether it is a target of the month
    target: bool = False

    @property
    def limit(self) -> int | None:
        """On how many days it can be visited; on half a day it is visited too."""
        if self.visit_days is None and self.days is not None:
            return ceil(self.days)
        return self.visit_days


def because(error: SalesflowError) -> Label:
    """Say in both languages why the library refused a row."""
    said = not_accepted(error)
    if isinstance(error, InvalidValue) and error.problem in _BOOKED:
        return Label(_BOOKED[error.problem], said.en)
    return said


def customer(row: Row, known: Container[str]) -> tuple[str, Callee]:
    """Return a customer by the id, known once."""
    contact = row.text("contact")
    once(contact, known)
    return contact, _callee(row, contact)


def _callee(row: Row, contact: str) -> Callee:
    """Return a customer; segment and frequency follow from the scores where nobody says them."""
    segment, visits = _segment(row, contact), count(row, "visits")
    if visits is None and segment is not None:
        visits = SEGMENTATION.visits_per_cycle[segment]
    if visits is None:
        raise Unreadable(
            "visits、segment、potential 均为空，无从得知频率",
            "visits, segment and potential are blank, so nobody says how often",
        )
    return Callee(
        contact=contact,
        place=row.text("place"),
        visits=visits,
        segment=segment,
        grade=row.term("grade", HospitalGrade) if row.cell("grade") else None,
        importance=count(row, "importance"),
        weekdays=weekdays(row, "weekdays"),
        busy=hours(row, "busy"),
        best=hours(row, "best"),
    )


def _segment(row: Row, contact: str) -> Segment | None:
    if row.cell("segment"):
        return row.term("segment", Segment)
    return SEGMENTATION.segment(_score(row, contact)) if row.cell("potential") else None


def _score(row: Row, contact: str) -> DoctorScore:
    potential = number(row, "potential")
    rung = next((rung for rung in AfterListing if rung.number == potential), None)
    if rung is None:
        raise Unreadable("potential 不是 0 至 4", "potential is no score from 0 to 4")
    status = number(row, "status")
    if status is None:
        raise Unreadable("status 为空", "status is blank, beside a potential")
    return DoctorScore(doctor=contact, product=row.text("product"), status=status, potential=rung)


def hospital(row: Row, known: Container[str]) -> tuple[str, Hospital]:
    """Return the id of a hospital and what the month plan says of it."""
    name = line(row.text("hospital"), "hospital")
    once(name, known)
    return name, Hospital(
        days=days(row, "days"),
        visit_days=count(row, "visit_days"),
        target=row.entry("target", ANSWERS, _CHOICE) if row.cell("target") else False,
    )


def leave(row: Row, known: Container[date]) -> tuple[date, Label]:
    """Return a day off of the representative, with its name."""
    return dated(row, known), worded(row, _LEAVE)


def call_of(row: Row, customers: Mapping[str, Callee]) -> Call:
    """Return a call that is booked; its place is that of the customer where nobody says it."""
    contact = row.text("contact")
    if contact not in customers and not row.cell("place"):
        raise Unreadable(
            f"{CUSTOMERS} 中没有读入此客户，也没有写 place：{shown(contact)}",
            f"the contact {shown(contact)!r} was not read from {CUSTOMERS}, and place is blank",
        )
    place = row.text("place") if row.cell("place") else customers[contact].place
    return Call(contact=contact, place=place, on=row.day("day"), hour=hour(row, "hour"))
