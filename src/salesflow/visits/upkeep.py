"""Upkeep: what happens around a visit: it is put off or cancelled, written down, followed up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, Self

from attrs import fields

from salesflow import text
from salesflow.errors import InvalidValue, WrongStanding
from salesflow.instants import day as calendar_day
from salesflow.machine import Machine, table_of
from salesflow.visits.dialogue import Objection
from salesflow.visits.outcome import Commitment, Feedback
from salesflow.visits.sheet import Record
from salesflow.visits.standing import Standing
from salesflow.visits.steps import VISIT, VisitStatus
from salesflow.visits.trail import VisitAct, VisitEvent, follow

__all__ = ["Upkeep"]

# What can be done instead, by the standing in which a verb was refused.
_REMEDIES: Final = {
    VisitStatus.PLANNED: "advance it, postpone it or cancel it",
    VisitStatus.RUNNING: "advance it, or abort it and write the summary",
    VisitStatus.CLOSED: "follow it up, or open a new visit",
    VisitStatus.CANCELLED: "open a new visit",
}


class Upkeep(Standing):
    """The verbs that leave a visit at its step."""

    __slots__ = ()

    def record(
        self,
        records: Record | Iterable[Record],
        *,
        at: datetime,
        by: str = "",
        machine: Machine = VISIT,
    ) -> Self:
        """Write something down at the step where the visit stands."""
        last = self._standing("record", machine, VisitStatus.PLANNED, VisitStatus.RUNNING)
        new = self._filing(records, machine)
        if not new:
            raise InvalidValue("records", "are empty", "record at least one")
        return self._add(follow(last, VisitAct.RECORDED, at, by=by, records=new))

    def postpone(
        self, day: date, *, at: datetime, reason: str, by: str = "", machine: Machine = VISIT
    ) -> Self:
        """Plan the visit for another day, for a reason."""
        last = self._standing("postpone", machine, VisitStatus.PLANNED)
        if last.day is None:
            raise InvalidValue("day", "of an ad hoc visit cannot be changed", "plan a new visit")
        new = calendar_day(day, "day")
        if new == last.day:
            raise InvalidValue("day", "is the day it is planned for", "pass another one")
        why = text.note(reason, "reason")
        return self._add(follow(last, VisitAct.POSTPONED, at, by=by, day=new, reason=why))

    def cancel(self, *, at: datetime, reason: str, by: str = "", machine: Machine = VISIT) -> Self:
        """Cancel a visit that has not begun, for a reason."""
        last = self._standing("cancel", machine, VisitStatus.PLANNED)
        machine.departure(last.target, VisitStatus.CANCELLED)
        why = text.note(reason, "reason")
        return self._add(
            follow(last, VisitAct.CANCELLED, at, by=by, status=VisitStatus.CANCELLED, reason=why)
        )

    def follow_up(
        self,
        records: Record | Iterable[Record],
        *,
        at: datetime,
        by: str = "",
        machine: Machine = VISIT,
    ) -> Self:
        """Write down, after the visit, what became of it: a promise kept, a question answered.

        Only promises, feedback and objections that the visit knows can be followed up.
        """
        last = self._standing("follow_up", machine, VisitStatus.CLOSED)
        new = self._filing(records, machine)
        known = {_key(record): record for record in self._records() if _key(record)}
        if any(isinstance(one, Objection) and not one.settled for one in new):
            remedy = "answer it, with a day where it is not resolved"
            raise InvalidValue("records", "leave an objection open after the visit", remedy)
        if not new or not known.keys() >= set(map(_key, new)):
            remedy = "follow up one of this visit, by its key"
            problem = "are no promise, feedback or objection that the visit knows"
            raise InvalidValue("records", problem, remedy)
        if any(_told(one) != _told(known[_key(one)]) for one in new):
            remedy = "say what became of it, or record something new on the next visit"
            raise InvalidValue("records", "change what was said in the visit", remedy)
        return self._add(follow(last, VisitAct.FOLLOWED_UP, at, by=by, records=new))

    def _add(self, event: VisitEvent) -> Self:
        return self._with((*self.trail, event))

    def _standing(self, verb: str, machine: Machine, *allowed: VisitStatus) -> VisitEvent:
        table_of(machine, self.machine)
        last = self.trail[-1]
        if last.status not in allowed:
            raise WrongStanding(verb, last.status, _REMEDIES[last.status])
        return last


# What may become known of a record after the visit.
_BECAME: Final[dict[type, tuple[str, ...]]] = {
    Commitment: ("due", "fulfilled_on", "withdrawn_on"),
    Feedback: ("respond_by", "handled_on", "response"),
    Objection: ("technique", "outcome", "follow_up"),
}


def _told(record: Record) -> tuple[object, ...]:
    """Return what was said in the visit, without what became of it."""
    boxes = (box.name for box in fields(type(record)))
    return tuple(getattr(record, box) for box in boxes if box not in _BECAME[type(record)])


def _key(record: Record) -> tuple[type, str] | None:
    """Return what tells a record that can be followed up from the others of its visit."""
    if isinstance(record, Commitment | Feedback | Objection):
        return type(record), record.key
    return None
