"""The audit: walking a stored visit again, verb by verb, to prove that no rule was bypassed."""

from __future__ import annotations

from typing import Any

from salesflow.errors import InvalidValue, WrongType
from salesflow.machine import Machine, table_of
from salesflow.visits.plan import CallPlan
from salesflow.visits.steps import VISIT
from salesflow.visits.trail import VisitAct, VisitEvent
from salesflow.visits.visit import Visit

__all__ = ["replay"]


def replay(visit: Visit, machine: Machine = VISIT) -> Visit:
    """Walk a visit again through its gates and return it; it equals the visit that was given.

    Raises what the verb would have raised, such as `GateShut`, or `InvalidValue` where the walk
    ends elsewhere than the stored trail says.
    """
    if not isinstance(visit, Visit):
        raise WrongType.of("visit", visit, "pass a Visit")
    table_of(machine, visit.machine)
    first = visit.trail[0]
    walked = Visit.open(
        id=visit.id,
        customer=visit.customer,
        contact=visit.contact,
        owner=visit.owner,
        product=visit.product,
        at=first.at,
        day=first.day,
        plan=next((one for one in first.records if isinstance(one, CallPlan)), None),
        ad_hoc=visit.ad_hoc,
        kind=visit.kind,
        deal=visit.deal,
        stage=visit.stage,
        by=first.by,
        machine=machine,
    )
    for event in visit.trail[1:]:
        walked = _again(walked, event, machine)
    if walked != visit:
        raise InvalidValue("trail", "is not what its verbs write", "let the verbs write it")
    return walked


def _again(visit: Visit, event: VisitEvent, machine: Machine) -> Visit:
    """Do once more what an event says was done."""
    stamp: Any = {"at": event.at, "by": event.by, "machine": machine}
    filed: Any = {"evidence": event.evidence, "override": event.override, **stamp}
    match event.act:
        case VisitAct.ADVANCED:
            again = visit.advance(to=event.target, records=event.records, **filed)
        case VisitAct.CLOSED:
            again = visit.close(records=event.records, **filed)
        case VisitAct.ABORTED:
            again = visit.abort(reason=event.reason, records=event.records, **stamp)
        case VisitAct.CANCELLED:
            again = visit.cancel(reason=event.reason, **stamp)
        case VisitAct.POSTPONED if event.day is not None:
            again = visit.postpone(event.day, reason=event.reason, **stamp)
        case VisitAct.FOLLOWED_UP:
            again = visit.follow_up(event.records, **stamp)
        case _:
            again = visit.record(event.records, **stamp)
    return again
