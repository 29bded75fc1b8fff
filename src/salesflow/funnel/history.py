"""Deals as another system saw them: sightings turned into a trail.

A CRM remembers what happened, not whether it was allowed.  So a history is recorded as seen:
stages may be skipped, a deal may go back, be closed from the start, or go on after its end.  Each
event is marked observed, and no gate was passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from attrs import field, frozen
from pendulum import DateTime

from salesflow import text
from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.funnel.stages import Status
from salesflow.funnel.trail import KEEP, Act, Event, Keep, LossReason, close, follow, worth
from salesflow.instants import instant
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.money import Money
from salesflow.tables import listed

__all__ = ["Sighting", "observed"]


def _outcome(value: Status | str | None) -> Status | None:
    return None if value is None else Status.of(value)


def _reason(value: LossReason | str | None) -> LossReason | None:
    return None if value is None else LossReason.of(value)


def _moment(value: datetime) -> DateTime:
    return instant(value)


@frozen(kw_only=True)
class Sighting:
    """What a CRM showed of a deal at one instant; what is not given stays as it was."""

    #: when it was so
    at: DateTime = field(converter=_moment)
    #: the stage it stood at
    stage: Term | None = None
    #: the outcome; open where a stage was seen, and otherwise as it was
    status: Status | None = field(default=None, converter=_outcome)
    #: why it was lost; `OTHER` where the other system does not say
    loss: LossReason | None = field(default=None, converter=_reason)
    #: to whom it was lost
    competitor: str = ""
    #: the amount
    amount: Money | None = None
    #: the expected close, None where it was cleared
    expected_close: date | Keep | None = KEEP
    #: all cash collected so far
    collected: Money | None = None
    #: who did it
    by: str = ""

    @classmethod
    def of(cls, seen: Sighting | tuple[datetime, Term]) -> Sighting:
        """Return a sighting; a pair of an instant and a stage, outcome or loss reason is taken."""
        match seen:
            case Sighting():
                return seen
            case (at, Status() as status):
                return cls(at=at, status=status)
            case (at, LossReason() as loss):
                return cls(at=at, status=Status.LOST, loss=loss)
            case (at, Term() as stage):
                return cls(at=at, stage=stage)
            case _:
                raise WrongType(
                    "events", "hold no sighting", "pass Sighting(at=, …) or (at, stage)"
                )


def observed(
    events: Iterable[Sighting | tuple[datetime, Term]],
    amount: Money,
    expected_close: date | None,
    machine: Machine,
) -> tuple[Event, ...]:
    """Return the trail of a deal from what was seen of it, in order of time.

    `amount` and `expected_close` are those of the first sighting, where it brings none.
    """
    seen = [Sighting.of(event) for event in listed(events, "events")]
    seen.sort(key=lambda sighting: sighting.at)
    if not seen:
        raise InvalidValue("events", "are empty", "pass at least the opening")
    sold = _sold(seen)
    trail = [_opening(seen[0], amount, expected_close, machine)]
    for index, sighting in enumerate(seen):
        event = _event(trail[-1], sighting, machine, paid=index >= sold)
        # The opening already shows the first sighting, unless that one was closed or paid.
        if index or event.status is not Status.OPEN or event.collected:
            trail.append(event)
    return tuple(trail)


def _sold(seen: list[Sighting]) -> int:
    """Return the sighting from which a deal counts as paid: its last win, where no cash is told."""
    if any(sighting.collected is not None for sighting in seen):
        return len(seen)
    status, sold = Status.OPEN, len(seen)
    for index, sighting in enumerate(seen):
        before, status = status, _status(sighting, status)
        if status is not Status.WON:
            sold = len(seen)
        elif before is not Status.WON:
            sold = index
    return sold


def _status(seen: Sighting, before: Status) -> Status:
    """The outcome a sighting shows: what it says, open with a stage, and otherwise as it was."""
    if seen.status is not None:
        return seen.status
    return before if seen.stage is None else Status.OPEN


def _opening(
    first: Sighting, amount: Money, expected_close: date | None, machine: Machine
) -> Event:
    """The deal as it came into sight; one seen closed stood at the first stage, as far as known."""
    given = worth(amount)
    amount = given if first.amount is None else worth(first.amount)
    if amount.currency != given.currency:
        raise CurrencyMismatch(given.currency, amount.currency)
    closes = expected_close if first.expected_close is KEEP else first.expected_close
    return Event(
        sequence=0,
        at=first.at,
        source=None,
        target=machine.start if first.stage is None else machine.stage(first.stage),
        by=text.optional(first.by, "by"),
        act=Act.IMPORTED,
        status=Status.OPEN,
        amount=amount,
        collected=Money.of_minor(0, amount.currency),
        expected_close=close(closes),
        observed=True,
    )


def _event(last: Event, seen: Sighting, machine: Machine, *, paid: bool) -> Event:
    stage = last.target if seen.stage is None else machine.stage(seen.stage)
    status = _status(seen, last.status)
    lost = status is Status.LOST
    amount = last.amount if seen.amount is None else worth(seen.amount)
    cash = last.collected if seen.collected is None else worth(seen.collected)
    # An export that repeats a loss every week must not forget to whom it was.
    rival = text.optional(seen.competitor, "competitor") or last.competitor
    for money in (amount, cash):
        if money.currency != last.amount.currency:
            raise CurrencyMismatch(last.amount.currency, money.currency)
    if cash > amount and not paid:
        raise InvalidValue("collected", "is more than the amount", "check the unit of either")
    return follow(
        last,
        _act(last, stage, status, seen, machine),
        seen.at,
        by=seen.by,
        target=stage,
        status=status,
        amount=amount,
        collected=amount if paid else cash,
        expected_close=KEEP if seen.expected_close is KEEP else close(seen.expected_close),
        loss=(seen.loss or last.loss or LossReason.OTHER) if lost else None,
        competitor=rival if lost else "",
        observed=True,
    )


def _act(last: Event, stage: Term, status: Status, seen: Sighting, machine: Machine) -> Act:
    """Name what must have happened between two sightings; the weightiest change gives the name."""
    climbed = machine.position(stage) - machine.position(last.target)
    named = (
        (Act.WON, status is Status.WON and last.status is not Status.WON),
        (Act.LOST, status is Status.LOST and last.status is not Status.LOST),
        (Act.REOPENED, status is Status.OPEN and last.status is not Status.OPEN),
        (Act.ADVANCED, climbed > 0),
        (Act.REGRESSED, climbed < 0),
        (Act.COLLECTED, seen.collected is not None and seen.collected != last.collected),
        (Act.REVISED, seen.amount is not None or seen.expected_close is not KEEP),
        (Act.RECORDED, True),
    )
    return next(act for act, happened in named if happened)
