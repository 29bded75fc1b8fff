"""A visit: one pass through the steps with one customer, from its plan to its summary.

It is a value, as a deal is: each verb checks the rules, adds one event to the trail and returns a
new visit.  What was said and agreed is recorded on the way, with the step that is being left.

>>> from datetime import date
>>> import pendulum
>>> from salesflow.visits import CallPlan, Need, Step, Summary
>>> at = pendulum.datetime(2026, 7, 6, 14, 30, tz="Asia/Shanghai")
>>> visit = Visit.open(id="V-7", customer="H-3", contact="DR-7", owner="R-9", product="CLIA-900",
...                    day=date(2026, 7, 6), at=at.subtract(days=3), plan=CallPlan())
>>> visit = visit.advance(at=at).advance(at=at)
>>> visit = visit.advance(at=at.add(minutes=4), records=Need(key="speed", confirmed=True))
>>> visit.step.name, visit.sheet.needs[0].confirmed
('SOLUTION', True)
>>> visit = visit.abort(at=at.add(minutes=6), reason="called to the ward")
>>> visit = visit.close(at=at.add(minutes=9), records=Summary(points="showed interest"))
>>> visit.status.name, visit.aborted_at.name, [step.name for step in visit.path][-2:]
('CLOSED', 'SOLUTION', ['SOLUTION', 'POST_CALL_SUMMARY'])

A visit may name a deal and the stage it stood at; it never moves it.  Moving is an act of its own,
to which visits are evidence (`evidence_from`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import chain
from typing import Self, final

from attrs import field, frozen

from salesflow import forms, text
from salesflow.activity import ActivityKind
from salesflow.errors import InvalidValue, WrongStanding, WrongType
from salesflow.findings import Finding
from salesflow.gates import Evidence, Override
from salesflow.instants import day as calendar_day
from salesflow.instants import instant
from salesflow.labels import Term
from salesflow.machine import Machine, Move, filing
from salesflow.products import ABSOLUTES
from salesflow.tables import listed, listed_of
from salesflow.visits.checks import visit_findings
from salesflow.visits.effect import EFFECTIVE, EffectiveRule, rule_of
from salesflow.visits.outcome import SUMMARY, SummaryBox
from salesflow.visits.plan import LEAST_AIMS, CallPlan
from salesflow.visits.sheet import Record
from salesflow.visits.steps import VISIT, VisitStatus, method_of
from salesflow.visits.trail import VisitAct, VisitEvent, checked, follow
from salesflow.visits.upkeep import Upkeep

__all__ = ["Visit"]


@final
@frozen(kw_only=True, weakref_slot=False, repr=False)
class Visit(Upkeep):
    """A visit: who, whom, about what, and everything that happened in it.

    Made by `open`, or by a verb from another visit.  Built directly, from a stored trail, it
    proves that the trail hangs together; `replay` proves the rest.
    """

    #: the host's id of the visit
    id: str
    #: the host's id of the customer
    customer: str
    #: the host's id of the doctor or contact
    contact: str
    #: the host's id of the representative
    owner: str
    #: the host's id of the product
    product: str
    #: what kind of activity it is: a visit, a phone call, …
    kind: ActivityKind = ActivityKind.VISIT
    #: whether it was not planned: an unplanned meeting, whose plan comes late
    ad_hoc: bool = False
    #: id of the deal it is about, empty where it is about none
    deal: str = ""
    #: the stage at which that deal stood, None where nobody said
    stage: Term | None = None
    #: name of the machine it moves in
    machine: str = VISIT.name
    #: everything that happened, oldest first
    trail: tuple[VisitEvent, ...] = field(converter=checked)

    def __repr__(self) -> str:
        last = self.trail[-1]
        return f"<Visit {self.id}: {last.target.name}, {last.status.name}>"

    def __init_subclass__(cls) -> None:
        raise WrongType("Visit", "is not made to be subclassed", "hold one in your own class")

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id", "customer", "contact", "owner", "product", "machine")
        forms.optional_lines(self, "deal")
        forms.terms(self, kind=ActivityKind)
        forms.optional_terms(self, stage=Term)
        forms.flags(self, "ad_hoc")

    @classmethod
    def open(
        cls,
        *,
        id: str,
        customer: str,
        contact: str,
        owner: str,
        product: str,
        at: datetime,
        day: date | None = None,
        plan: CallPlan | None = None,
        ad_hoc: bool = False,
        kind: ActivityKind = ActivityKind.VISIT,
        deal: str = "",
        stage: Term | None = None,
        by: str = "",
        machine: Machine = VISIT,
    ) -> Self:
        """Set up a visit: a planned one for a day, or an ad hoc one, whose plan comes late."""
        first = _opening(method_of(machine), at, day, plan, by=by, ad_hoc=ad_hoc)
        return cls(
            id=id,
            customer=customer,
            contact=contact,
            owner=owner,
            product=product,
            kind=kind,
            ad_hoc=ad_hoc,
            deal=deal,
            stage=stage,
            machine=machine.name,
            trail=(first,),
        )

    # -- moving it ----------------------------------------------------------------------------

    def advance(
        self,
        *,
        at: datetime,
        to: Term | None = None,
        records: Record | Iterable[Record] = (),
        evidence: Evidence | Iterable[Evidence] = (),
        override: Override | None = None,
        by: str = "",
        machine: Machine = VISIT,
    ) -> Self:
        """Go to the next step, or to `to`: back for a loop, or past a step the table lets skip.

        The records are those of the step being left.  Raises `GateShut` naming what is missing,
        `SkippedStage` naming the steps left out, `NoSuchMove`, `WrongStanding`.
        """
        last = self._standing("advance", machine, VisitStatus.PLANNED, VisitStatus.RUNNING)
        move = machine.move(last.target, to)
        if move.target in machine.final:
            raise WrongStanding("advance", last.status, "close the visit with its summary")
        new, shown = self._filing(records, machine), filing(evidence, machine)
        target = self._through(machine, move, new, shown, override)
        event = follow(
            last,
            VisitAct.ADVANCED,
            at,
            by=by,
            target=target,
            status=VisitStatus.RUNNING,
            records=new,
            evidence=shown,
            override=override,
        )
        return self._add(event)

    def abort(
        self,
        *,
        at: datetime,
        reason: str,
        records: Record | Iterable[Record] = (),
        by: str = "",
        machine: Machine = VISIT,
    ) -> Self:
        """Break the conversation off, for a reason: the summary is still to be written."""
        last = self._standing("abort", machine, VisitStatus.RUNNING)
        summary = machine.landmark("summary")
        if last.target is summary:
            raise WrongStanding("abort", last.status, "the conversation is over, close the visit")
        _way_out(machine, last.target, summary)
        why = text.note(reason, "reason")
        new = self._filing(records, machine)
        return self._add(
            follow(last, VisitAct.ABORTED, at, by=by, target=summary, records=new, reason=why)
        )

    def close(
        self,
        *,
        at: datetime,
        records: Record | Iterable[Record] = (),
        evidence: Evidence | Iterable[Evidence] = (),
        override: Override | None = None,
        by: str = "",
        machine: Machine = VISIT,
    ) -> Self:
        """Close the visit at its last step: plan and summary on file, every objection settled.

        Raises as `advance` does.
        """
        last = self._standing("close", machine, VisitStatus.RUNNING)
        move = machine.move(last.target, VisitStatus.CLOSED)
        new, shown = self._filing(records, machine), filing(evidence, machine)
        self._through(machine, move, new, shown, override)
        event = follow(
            last,
            VisitAct.CLOSED,
            at,
            by=by,
            status=VisitStatus.CLOSED,
            records=new,
            evidence=shown,
            override=override,
        )
        return self._add(event)

    def findings(
        self,
        *,
        least_aims: int = LEAST_AIMS,
        form: Iterable[SummaryBox] = SUMMARY,
        rule: EffectiveRule = EFFECTIVE,
        absolutes: Iterable[str] = ABSOLUTES,
        skip: Iterable[str] = (),
    ) -> tuple[Finding, ...]:
        """Return what is doubtful about the visit: good practice left out, step by step.

        `skip` are keys of findings that a company's own method does not know.
        """
        left_out = frozenset(text.line(key, "skip") for key in listed(skip, "skip"))
        found = visit_findings(
            self,
            least_aims=least_aims,
            form=listed_of(form, SummaryBox, "form"),
            rule=rule_of(rule),
            absolutes=listed(absolutes, "absolutes"),
        )
        return tuple(finding for finding in found if finding.key not in left_out)

    def _through(
        self,
        machine: Machine,
        move: Move,
        new: tuple[Record, ...],
        shown: tuple[Evidence, ...],
        override: Override | None,
    ) -> Term:
        """Return the state behind the gates of a move; most moves of a visit have none."""
        if not move.gates:
            return machine.advance(move, override=override)
        filed = chain(shown, self._evidence())
        return machine.advance(move, filed, self._facts(new), override)


def _opening(
    machine: Machine,
    at: datetime,
    day: date | None,
    plan: CallPlan | None,
    *,
    by: str,
    ad_hoc: bool,
) -> VisitEvent:
    """Return the first event of a visit."""
    if (day is None) is not ad_hoc:
        remedy = "plan a day, or open an unplanned meeting with ad_hoc=True and no day"
        raise InvalidValue("day", "and ad_hoc contradict each other", remedy)
    if plan is not None and not isinstance(plan, CallPlan):
        raise WrongType.of("plan", plan, "pass a CallPlan")
    return VisitEvent(
        sequence=0,
        at=instant(at),
        source=None,
        target=machine.start,
        act=VisitAct.OPENED,
        status=VisitStatus.PLANNED,
        day=None if day is None else calendar_day(day, "day"),
        records=() if plan is None else (plan,),
        by=text.optional(by, "by"),
    )


def _way_out(machine: Machine, step: Term, summary: Term) -> None:
    """Prove that a method lets a conversation end at a step."""
    ordinary = any(row.source is step and row.target is summary for row in machine.moves)
    if not ordinary:
        machine.departure(step, summary)
