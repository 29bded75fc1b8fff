"""The life of a business notice, as one table, and the trail that a notice leaves.

A notice (业务通知单, also 业务受理单) is issued to a department, accepted by a person there, and
done.  What cannot be done by its day needs a receipt (回执单): a reason, the help that is needed,
and a later day; and where that day cannot be kept either, another receipt.  Who issued a notice may
cancel it.  Receipt and cancellation leave the path, so they want a reason.

>>> [move.target.label("zh") for move in NOTICE.departures if move.source is NoticeState.RECEIPTED]
['已回执', '已取消']

An event records how the notice stood after it: its state and the day by which it is due.  So no day
is ever overwritten, and the standing on any day is the last event up to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise
from typing import Final

from attrs import field, frozen
from pendulum import DateTime

from salesflow import forms, text
from salesflow.errors import InvalidValue, OutOfOrder
from salesflow.instants import instant
from salesflow.labels import Term
from salesflow.machine import Machine, Move

__all__ = ["NOTICE", "NoticeEvent", "NoticeState", "checked"]


class NoticeState(Term):
    """How a business notice stands."""

    ISSUED = "issued", "已下单", "issued"
    ACCEPTED = "accepted", "已受理", "accepted"
    RECEIPTED = "receipted", "已回执", "put off by a receipt"
    DONE = "done", "已完成", "done"
    CANCELLED = "cancelled", "已取消", "cancelled"


#: the life of a business notice
NOTICE: Final = Machine(
    name="notice",
    start=NoticeState.ISSUED,
    moves=(
        Move(NoticeState.ISSUED, NoticeState.ACCEPTED),
        Move(NoticeState.ACCEPTED, NoticeState.DONE),
        Move(NoticeState.RECEIPTED, NoticeState.DONE),
    ),
    departures=(
        Move(NoticeState.ISSUED, NoticeState.RECEIPTED),
        Move(NoticeState.ACCEPTED, NoticeState.RECEIPTED),
        Move(NoticeState.RECEIPTED, NoticeState.RECEIPTED),
        Move(NoticeState.ISSUED, NoticeState.CANCELLED),
        Move(NoticeState.ACCEPTED, NoticeState.CANCELLED),
        Move(NoticeState.RECEIPTED, NoticeState.CANCELLED),
    ),
    final=(NoticeState.DONE, NoticeState.CANCELLED),
)
_OFF_THE_PATH: Final = frozenset(move.target for move in NOTICE.departures)


def _moment(value: datetime) -> DateTime:
    return instant(value)


@frozen(kw_only=True)
class NoticeEvent:
    """One line of the trail: what happened to a notice, and how it stood after it."""

    #: when it happened, in UTC
    at: DateTime = field(converter=_moment)
    #: how the notice stands after it
    state: NoticeState
    #: the day by which it is due, after it
    due: date
    #: why: of a receipt and of a cancellation
    reason: str = field(default="", repr=forms.masked)
    #: which help is needed: of a receipt
    help: str = field(default="", repr=forms.masked)
    #: whether it tells no more than that the help has come
    helped: bool = False
    #: who did it, as the host names its people
    by: str = field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        forms.terms(self, state=NoticeState)
        forms.days(self, "due")
        forms.notes(self, "reason", "help")
        forms.flags(self, "helped")
        forms.optional_lines(self, "by")
        if self.state in _OFF_THE_PATH and not self.helped:
            text.note(self.reason, "reason")
        if self.help and not self.is_receipt:
            raise InvalidValue("help", "is asked for without a receipt", "file a receipt")

    @property
    def is_receipt(self) -> bool:
        """Whether it is a receipt: the word that the day cannot be kept, with a new one."""
        return self.state is NoticeState.RECEIPTED and not self.helped


def checked(trail: Iterable[NoticeEvent]) -> tuple[NoticeEvent, ...]:
    """Return the trail, proved to be one that could have grown event by event.

    Raises `OutOfOrder` for an event earlier than its predecessor, `NoSuchMove` for a move that is
    not in the table, and `InvalidValue` for a day that a receipt does not put off, or that changes
    without one.
    """
    events = forms.list_of(NoticeEvent, trail, "trail")
    if not events or events[0].state is not NOTICE.start or events[0].helped:
        raise InvalidValue("trail", "does not start with the issue", "let the verbs write it")
    for before, after in pairwise(events):
        _check_link(before, after)
    return events


def _check_link(before: NoticeEvent, after: NoticeEvent) -> None:
    if after.at < before.at:
        raise OutOfOrder(before.at.isoformat(), after.at.isoformat())
    if not after.helped:
        way = NOTICE.departure if after.state in _OFF_THE_PATH else NOTICE.move
        way(before.state, after.state)
    elif after.state is not before.state or before.state in NOTICE.final:
        raise InvalidValue("trail", "moves with the help that came", "let the verbs write it")
    if after.is_receipt and after.due <= before.due:
        raise InvalidValue("due", "is not later than the day it puts off", "promise a later day")
    if not after.is_receipt and after.due != before.due:
        raise InvalidValue("trail", "changes the day without a receipt", "let the verbs write it")
