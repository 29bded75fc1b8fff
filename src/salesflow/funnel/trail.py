"""The trail of a deal: every event that ever happened to it, and how the deal stood after it.

An `Event` records the act and the standing that resulted: stage, status, amount, expected close,
cash.  So the standing at any instant is simply the last event before it, and every figure of a
period can be read from two events of a trail.  A trail is only ever added to; `checked` proves
that one which came from outside hangs together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from itertools import pairwise
from typing import Any, Final

from attrs import field, frozen
from pendulum import UTC, DateTime

from salesflow import text
from salesflow.drafts import draft_of
from salesflow.errors import CurrencyMismatch, InvalidValue, OutOfOrder, WrongType
from salesflow.funnel.stages import Status
from salesflow.gates import Evidence, Override
from salesflow.instants import day, instant
from salesflow.labels import Term
from salesflow.machine import Entry
from salesflow.money import Money
from salesflow.tables import listed

__all__ = [
    "KEEP",
    "Act",
    "Event",
    "Keep",
    "LossReason",
    "checked",
    "close",
    "follow",
    "not_before",
    "so_far",
    "worth",
]


class Keep(Enum):
    """The wish to leave a field as it is, where None would mean to clear it."""

    KEEP = "keep"


#: leave the field as it is
KEEP: Final = Keep.KEEP


class Act(Term):
    """What happened to a deal."""

    OPENED = "opened", "立项", "opened"
    IMPORTED = "imported", "导入", "imported"
    RECORDED = "recorded", "提交佐证", "evidence filed"
    ADVANCED = "advanced", "推进", "advanced"
    REGRESSED = "regressed", "回退", "regressed"
    HELD = "held", "暂停", "put on hold"
    RESUMED = "resumed", "恢复", "resumed"
    REVISED = "revised", "修订", "revised"
    COLLECTED = "collected", "回款", "cash collected"
    WON = "won", "赢单", "won"
    LOST = "lost", "丢单", "lost"
    REOPENED = "reopened", "重启", "reopened"


class LossReason(Term):
    """Why a deal left the funnel without an order."""

    STOPPED_PURCHASING = "stopped_purchasing", "停止采购", "stopped purchasing"
    CHOSE_COMPETITOR = "chose_competitor", "选择竞争对手", "chose a competitor"
    DISQUALIFIED = "disqualified", "不再符合标准", "no longer qualified"
    COMPLIANCE_STOP = "compliance_stop", "合规终止", "stopped for compliance"
    OTHER = "other", "其他", "other"


@frozen(kw_only=True, weakref_slot=False)
class Event(Entry):
    """One line of a deal's trail: the act, and how the deal stood after it."""

    #: position in the trail, from 0
    sequence: int
    #: when it happened, in UTC
    at: DateTime
    #: the stage before, None for the first event
    source: Term | None
    #: the stage after
    target: Term
    #: what happened
    act: Act
    #: the outcome after it
    status: Status
    #: the amount after it
    amount: Money
    #: all cash collected up to and with it
    collected: Money
    #: the expected close after it, None where nobody said
    expected_close: date | None
    #: whether the deal is on hold after it
    held: bool = False
    #: why it was lost, while it is
    loss: LossReason | None = None
    #: to whom it was lost, if known
    competitor: str = ""
    #: what was filed with it
    evidence: tuple[Evidence, ...] = ()
    #: on whose word a shut gate was passed
    override: Override | None = None
    #: why, where the verb demands it
    reason: str = field(default="", repr=False)
    #: who did it, as the host names its people
    by: str = field(default="", repr=False)
    #: whether it was seen in another system, and so never passed a gate here
    observed: bool = False

    @property
    def outstanding(self) -> Money:
        """What is still to be paid."""
        return self.amount - self.collected


_draft: Final = draft_of(Event)
# Which acts may change what about a deal that is walked here.
_MAY_CHANGE: Final = (
    ("amount", {Act.REVISED}, "changes the amount without a revision"),
    ("expected_close", {Act.REVISED}, "changes the expected close without a revision"),
    ("target", {Act.ADVANCED, Act.REGRESSED, Act.REOPENED}, "changes the stage without a move"),
    ("status", {Act.WON, Act.LOST, Act.REOPENED}, "changes the outcome without a decision"),
    ("held", {Act.HELD, Act.RESUMED, Act.LOST}, "changes the hold without a word"),
    ("collected", {Act.COLLECTED}, "changes the cash without a collection"),
)
_OUTCOMES: Final = {
    Act.OPENED: Status.OPEN,
    Act.IMPORTED: Status.OPEN,
    Act.WON: Status.WON,
    Act.LOST: Status.LOST,
    Act.REOPENED: Status.OPEN,
}
_FIRST: Final = frozenset({Act.OPENED, Act.IMPORTED})


def checked(trail: Iterable[Event]) -> tuple[Event, ...]:
    """Return the trail, proved to be one that could have grown event by event.

    Raises `OutOfOrder` for an event earlier than its predecessor, `CurrencyMismatch` for a foreign
    currency and `InvalidValue` for any other break of the chain.
    """
    events = listed(trail, "trail")
    if not events or any(type(event) is not Event for event in events):
        raise InvalidValue("trail", "is not a run of events", "let the verbs write it")
    first = events[0]
    fresh = first.observed or not (first.collected or first.held)
    if first.source is not None or first.act not in _FIRST or first.sequence or not fresh:
        raise InvalidValue("trail", "does not start with an opening", "let the verbs write it")
    for event in events:
        _check_standing(event)
    for before, after in pairwise(events):
        _check_link(before, after)
    return events


def _check_standing(event: Event) -> None:
    whole = (
        (type(event.at) is DateTime and event.at.tzinfo is UTC)
        and (isinstance(event.amount, Money) and isinstance(event.collected, Money))
        and (event.expected_close is None or type(event.expected_close) is date)
        and (isinstance(event.target, Term) and isinstance(event.status, Status))
        and (isinstance(event.act, Act) and type(event.evidence) is tuple)
    )
    if not whole:
        raise InvalidValue("trail", "has an event of wrong parts", "let the verbs write it")
    if event.amount.currency != event.collected.currency:
        raise CurrencyMismatch(event.amount.currency, event.collected.currency)
    problems = {
        "collects more than the amount": not 0 <= event.collected.minor <= event.amount.minor,
        "has a loss without a reason, or a reason without a loss": (
            (event.status is Status.LOST) is not (event.loss is not None)
        ),
        "has a hold on a closed deal": event.held and event.status is not Status.OPEN,
        "has an act and an outcome that contradict each other": (
            not event.observed and _OUTCOMES.get(event.act, event.status) is not event.status
        ),
    }
    _refuse(problems)


def _check_link(before: Event, after: Event) -> None:
    if after.at < before.at:
        raise OutOfOrder(before.at.isoformat(), after.at.isoformat())
    if after.amount.currency != before.amount.currency:
        raise CurrencyMismatch(before.amount.currency, after.amount.currency)
    act, was = after.act, before.status
    _refuse(
        {
            "opens twice": act in _FIRST,
            "is seen elsewhere after it was walked here": after.observed and not before.observed,
            "has a gap": (
                after.sequence != before.sequence + 1 or after.source is not before.target
            ),
        }
    )
    if after.observed:
        return
    _refuse(
        {
            "goes on after a win": was is Status.WON and act is not Act.COLLECTED,
            "goes on after a loss": was is Status.LOST and act is not Act.REOPENED,
            "collects nothing": act is Act.COLLECTED and after.collected <= before.collected,
        }
    )
    for name, acts, problem in _MAY_CHANGE:
        changed = getattr(after, name) != getattr(before, name)
        _refuse({problem: changed and act not in acts})


def _refuse(problems: dict[str, bool]) -> None:
    for problem, found in problems.items():
        if found:
            raise InvalidValue("trail", problem, "let the verbs write it")


def so_far(trail: tuple[Event, ...], at: DateTime) -> tuple[Event, ...]:
    """Return the trail up to an instant, that instant included."""
    if trail[-1].at <= at:
        return trail
    return tuple(event for event in trail if event.at <= at)


def not_before(last: Event, at: datetime) -> DateTime:
    """Return the instant of a next event; raises `OutOfOrder` where it lies before `last`."""
    moment = instant(at)
    if moment < last.at:
        raise OutOfOrder(last.at.isoformat(), moment.isoformat())
    return moment


def worth(amount: Money) -> Money:
    """Return an amount a deal can have: money, and not below zero."""
    if not isinstance(amount, Money):
        raise WrongType.of("amount", amount, "pass Money")
    if amount.minor < 0:
        raise InvalidValue("amount", "is negative", "pass zero or more")
    return amount


def close(value: date | None) -> date | None:
    """Return a day on which a deal may be expected to close, or None where nobody said."""
    return None if value is None else day(value, "expected_close")


def follow(
    last: Event,
    act: Act,
    at: datetime,
    *,
    by: str = "",
    evidence: tuple[Evidence, ...] = (),
    override: Override | None = None,
    reason: str = "",
    target: Term | None = None,
    status: Status | None = None,
    amount: Money | None = None,
    collected: Money | None = None,
    expected_close: date | Keep | None = KEEP,
    held: bool | None = None,
    loss: LossReason | None = None,
    competitor: str = "",
    observed: bool = False,
) -> Event:
    """Return the event that comes after `last`: what is not given stays as it was.

    Raises `OutOfOrder` for an instant before that of `last`.
    """
    event: Any = _draft()
    event.sequence = last.sequence + 1
    event.at = not_before(last, at)
    event.source = last.target
    event.target = last.target if target is None else target
    event.evidence = evidence
    event.override = override
    event.reason = reason
    event.by = "" if by == "" else text.optional(by, "by")
    event.act = act
    event.status = last.status if status is None else status
    event.amount = last.amount if amount is None else amount
    event.collected = last.collected if collected is None else collected
    event.expected_close = last.expected_close if expected_close is KEEP else expected_close
    event.held = last.held if held is None else held
    event.loss = loss
    event.competitor = competitor
    event.observed = observed
    event.__class__ = Event
    followed: Event = event
    return followed
