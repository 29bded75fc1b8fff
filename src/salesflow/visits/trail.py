"""The trail of a visit: every event of it, with the records that came with each.

As with a deal, an event records the act and how the visit stood after it, and a trail is only
ever added to.  `checked` proves that one which came from outside hangs together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

from attrs import field, frozen
from pendulum import UTC, DateTime

from salesflow import text
from salesflow.drafts import draft_of
from salesflow.errors import InvalidValue, OutOfOrder
from salesflow.gates import Evidence, Override
from salesflow.instants import instant
from salesflow.labels import Term
from salesflow.machine import Entry
from salesflow.tables import listed
from salesflow.visits.outcome import Summary
from salesflow.visits.plan import CallPlan
from salesflow.visits.sheet import Record, listed_records
from salesflow.visits.steps import VisitStatus

__all__ = ["VisitAct", "VisitEvent", "checked", "follow"]


class VisitAct(Term):
    """What happened to a visit."""

    OPENED = "opened", "建立", "set up"
    RECORDED = "recorded", "记录", "recorded"
    POSTPONED = "postponed", "改期", "postponed"
    ADVANCED = "advanced", "进入下一步", "went on"
    ABORTED = "aborted", "中断", "broken off"
    CANCELLED = "cancelled", "取消", "cancelled"
    CLOSED = "closed", "结束", "closed"
    FOLLOWED_UP = "followed_up", "跟进", "followed up"


@frozen(kw_only=True, weakref_slot=False)
class VisitEvent(Entry):
    """One line of a visit's trail."""

    #: position in the trail, from 0
    sequence: int
    #: when it happened, in UTC
    at: DateTime
    #: the step before, None for the first event
    source: Term | None
    #: the step after
    target: Term
    #: what happened
    act: VisitAct
    #: how the visit stands after it
    status: VisitStatus
    #: the day the visit is planned for, None for an ad hoc one
    day: date | None
    #: what was recorded with it
    records: tuple[Record, ...] = ()
    #: what was filed for gates that ask for evidence
    evidence: tuple[Evidence, ...] = ()
    #: on whose word a shut gate was passed
    override: Override | None = None
    #: why, where the verb demands it
    reason: str = field(default="", repr=False)
    #: who did it, as the host names its people
    by: str = field(default="", repr=False)


_draft: Final = draft_of(VisitEvent)
_MOVES: Final = frozenset({VisitAct.ADVANCED, VisitAct.ABORTED})
# What stands after an act, given what stood before; any other pair cannot have happened.
_STANDINGS: Final = {
    (VisitAct.RECORDED, VisitStatus.PLANNED): VisitStatus.PLANNED,
    (VisitAct.RECORDED, VisitStatus.RUNNING): VisitStatus.RUNNING,
    (VisitAct.POSTPONED, VisitStatus.PLANNED): VisitStatus.PLANNED,
    (VisitAct.ADVANCED, VisitStatus.PLANNED): VisitStatus.RUNNING,
    (VisitAct.ADVANCED, VisitStatus.RUNNING): VisitStatus.RUNNING,
    (VisitAct.ABORTED, VisitStatus.RUNNING): VisitStatus.RUNNING,
    (VisitAct.CANCELLED, VisitStatus.PLANNED): VisitStatus.CANCELLED,
    (VisitAct.CLOSED, VisitStatus.RUNNING): VisitStatus.CLOSED,
    (VisitAct.FOLLOWED_UP, VisitStatus.CLOSED): VisitStatus.CLOSED,
}


def checked(trail: Iterable[VisitEvent]) -> tuple[VisitEvent, ...]:
    """Return the trail, proved to be one that could have grown event by event.

    Raises `OutOfOrder` for an event earlier than its predecessor and `InvalidValue` for any other
    break of the chain.  Whether the steps are those of a method, `replay` proves.
    """
    events = listed(trail, "trail")
    if not events or any(type(event) is not VisitEvent for event in events):
        raise InvalidValue("trail", "is not a run of events", "let the verbs write it")
    for event in events:
        _check_parts(event)
    first = events[0]
    opened = (first.act, first.status) == (VisitAct.OPENED, VisitStatus.PLANNED)
    if first.source is not None or first.sequence or not opened:
        raise InvalidValue("trail", "does not start with an opening", "let the verbs write it")
    for before, after in pairwise(events):
        _check_link(before, after)
    _check_close(events)
    return events


def _check_close(events: tuple[VisitEvent, ...]) -> None:
    """Prove that a visit was closed with what every method asks for, or on somebody's word."""
    kinds: set[type] = set()
    for event in events:
        kinds.update(map(type, event.records))
        complete = {CallPlan, Summary} <= kinds or event.override is not None
        if event.act is VisitAct.CLOSED and not complete:
            problem = "has a close without plan and summary"
            raise InvalidValue("trail", problem, "let the verbs write it")


def _check_parts(event: VisitEvent) -> None:
    whole = (
        (type(event.sequence) is int and isinstance(event.target, Term))
        and (type(event.at) is DateTime and event.at.tzinfo is UTC)
        and (isinstance(event.act, VisitAct) and isinstance(event.status, VisitStatus))
        and (event.day is None or type(event.day) is date)
        and (event.override is None or type(event.override) is Override)
        and (type(event.reason) is str and type(event.by) is str)
        and not isinstance(event.target, VisitStatus)
        and (type(event.evidence) is tuple and type(event.records) is tuple)
    )
    if not whole or any(type(item) is not Evidence for item in event.evidence):
        raise InvalidValue("trail", "has an event of wrong parts", "let the verbs write it")
    listed_records(event.records)


def _check_link(before: VisitEvent, after: VisitEvent) -> None:
    if after.at < before.at:
        raise OutOfOrder(before.at.isoformat(), after.at.isoformat())
    problems = {
        "has a gap": after.sequence != before.sequence + 1 or after.source is not before.target,
        "has an act that its standing does not allow": (
            _STANDINGS.get((after.act, before.status)) is not after.status
        ),
        "changes the step without a move": (
            (after.target is not before.target) is not (after.act in _MOVES)
        ),
        "changes the day without a word": (
            after.day != before.day and after.act is not VisitAct.POSTPONED
        ),
    }
    for problem, found in problems.items():
        if found:
            raise InvalidValue("trail", problem, "let the verbs write it")


def follow(
    last: VisitEvent,
    act: VisitAct,
    at: datetime,
    *,
    by: str = "",
    target: Term | None = None,
    status: VisitStatus | None = None,
    day: date | None = None,
    records: tuple[Record, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    override: Override | None = None,
    reason: str = "",
) -> VisitEvent:
    """Return the event that comes after `last`: what is not given stays as it was.

    Raises `OutOfOrder` for an instant before that of `last`.
    """
    event: Any = _draft()
    event.sequence = last.sequence + 1
    event.at = instant(at)
    if event.at < last.at:
        raise OutOfOrder(last.at.isoformat(), event.at.isoformat())
    event.source = last.target
    event.target = last.target if target is None else target
    event.act = act
    event.status = last.status if status is None else status
    event.day = last.day if day is None else day
    event.records = records
    event.evidence = evidence
    event.override = override
    event.reason = reason
    event.by = "" if by == "" else text.optional(by, "by")
    event.__class__ = VisitEvent
    followed: VisitEvent = event
    return followed
