"""How a visit stands: everything that can be read from its trail, and asked of it.

The verbs that move a visit are in `salesflow.visits.visit`; here nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, ClassVar, Final, Self

from pendulum import DateTime

from salesflow.activity import ActivityKind
from salesflow.drafts import draft_of
from salesflow.errors import InvalidValue
from salesflow.gates import Evidence, Gate
from salesflow.instants import instant
from salesflow.labels import Term
from salesflow.machine import Machine, filing, table_of
from salesflow.visits.dialogue import Objection, ObjectionOutcome
from salesflow.visits.outcome import Summary
from salesflow.visits.plan import CallPlan
from salesflow.visits.sheet import Record, Sheet, facts_of, listed_records, sheet_of
from salesflow.visits.steps import VISIT, VisitStatus
from salesflow.visits.trail import VisitAct, VisitEvent

__all__ = ["Standing"]

_ACTIVE: Final = frozenset({VisitStatus.PLANNED, VisitStatus.RUNNING})


def _late(objection: Objection, at: DateTime) -> bool:
    # The day of an instant is another one elsewhere, by a day at most.
    day, open_still = objection.follow_up, objection.outcome is not ObjectionOutcome.RESOLVED
    return open_still and day is not None and day < at.date() - timedelta(days=1)


class Standing:
    """How a visit stands by the events of its trail."""

    __slots__ = ()

    id: str
    customer: str
    contact: str
    owner: str
    product: str
    kind: ActivityKind
    ad_hoc: bool
    deal: str
    stage: Term | None
    machine: str
    trail: tuple[VisitEvent, ...]
    _draft: ClassVar[staticmethod[[], object]]

    @property
    def step(self) -> Term:
        """The step it stands at; of a closed visit the last one."""
        return self.trail[-1].target

    @property
    def status(self) -> VisitStatus:
        """Whether it is planned, running, closed or cancelled."""
        return self.trail[-1].status

    @property
    def day(self) -> date | None:
        """The day it is planned for; None for an ad hoc visit."""
        return self.trail[-1].day

    @property
    def path(self) -> tuple[Term, ...]:
        """The steps walked, each as often as it was entered."""
        return (
            self.trail[0].target,
            *(event.target for event in self.trail if event.source not in (None, event.target)),
        )

    @property
    def held_at(self) -> DateTime | None:
        """When the customer was met; None for a visit that never began."""
        moves = (event.at for event in self.trail if event.act is VisitAct.ADVANCED)
        return next(moves, None)

    @property
    def aborted_at(self) -> Term | None:
        """The step at which it was broken off; None where it was not."""
        broken = (event.source for event in self.trail if event.act is VisitAct.ABORTED)
        return next(broken, None)

    @property
    def closed_at(self) -> DateTime | None:
        """When it was closed; None while it is not."""
        closings = (event.at for event in self.trail if event.act is VisitAct.CLOSED)
        return next(closings, None)

    @property
    def sheet(self) -> Sheet:
        """Everything recorded, gathered as one form."""
        # What is recorded while a step is left belongs to that step.
        return sheet_of((event.source or event.target, event.records) for event in self.trail)

    def as_of(self, moment: datetime) -> Self | None:
        """Return the visit as it stood at an instant, that instant included; None before it."""
        last = instant(moment, "moment")
        if self.trail[-1].at <= last:
            return self
        trail = tuple(event for event in self.trail if event.at <= last)
        return self._with(trail) if trail else None

    def unmet(
        self,
        *,
        records: Record | Iterable[Record] = (),
        evidence: Evidence | Iterable[Evidence] = (),
        to: Term | None = None,
        machine: Machine = VISIT,
    ) -> tuple[Gate, ...]:
        """Ask: which gates of the next move are still shut, or would be with these records.

        At the summary the next move closes the visit; a closed or cancelled one has none: ().
        """
        table_of(machine, self.machine)
        if self.status not in _ACTIVE:
            return ()
        new = self._filing(records, machine)
        move = machine.move(self.step, to)
        return machine.unmet(
            move, chain(filing(evidence, machine), self._evidence()), self._facts(new)
        )

    def _records(self) -> Iterator[Record]:
        return chain.from_iterable(event.records for event in self.trail)

    def _evidence(self) -> Iterator[Evidence]:
        return chain.from_iterable(event.evidence for event in self.trail)

    def _facts(self, new: tuple[Record, ...]) -> frozenset[str]:
        """The named facts that gates may ask for, with these records filed besides."""
        return facts_of(chain(self._records(), new), ad_hoc=self.ad_hoc)

    def _filing(self, records: Record | Iterable[Record], machine: Machine) -> tuple[Record, ...]:
        """Return the records of the step where the visit stands, each where it may be made."""
        new = listed_records(records)
        last = self.trail[-1]
        for record in new:
            kind = type(record)
            if kind is Summary and last.target is not machine.landmark("summary"):
                remedy = "finish or abort the conversation first"
                raise InvalidValue("records", "hold a summary before the last step", remedy)
            if type(record) is Objection and _late(record, last.at):
                remedy = "pass a day to come"
                raise InvalidValue("records", "follow an objection up on a day long over", remedy)
            if kind is CallPlan and not self.ad_hoc and last.status is not VisitStatus.PLANNED:
                remedy = "file it before the opening, or open an ad hoc visit"
                raise InvalidValue("records", "hold a plan made afterwards", remedy)
        return new

    def _with(self, trail: tuple[VisitEvent, ...]) -> Self:
        # A trail grown by a verb hangs together by construction: it is not proved again.
        visit: Any = self._draft()
        visit.id = self.id
        visit.customer = self.customer
        visit.contact = self.contact
        visit.owner = self.owner
        visit.product = self.product
        visit.kind = self.kind
        visit.ad_hoc = self.ad_hoc
        visit.deal = self.deal
        visit.stage = self.stage
        visit.machine = self.machine
        visit.trail = trail
        visit.__class__ = type(self)
        made: Self = visit
        return made

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        cls._draft = staticmethod(draft_of(cls))
