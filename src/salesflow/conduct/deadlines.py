"""Deadlines: a warning before a day, not after it (预防性的事前管理).

Whatever somebody waits for has a day: a notice, a promise, a preparation, the expected close of a
deal.  Each becomes a `Deadline`, and `upcoming` warns of those that are near.  What is late already
is told by the notice, the visit, the event or the deal itself.

>>> quote = Deadline(subject="V-7", what=Label("报价", "quotation"), due=date(2026, 7, 10))
>>> [finding.text.en for finding in upcoming([quote], on=date(2026, 7, 8))]
['quotation is due on 2026-07-10, days left: 2']
>>> upcoming([quote], on=date(2026, 7, 7)), upcoming([quote], on=date(2026, 7, 11))
((), ())
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import Final

from attrs import frozen

from salesflow import forms
from salesflow.conduct.notices import Notice
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.funnel import Opportunity, Status
from salesflow.instants import day as calendar_day
from salesflow.labels import Label
from salesflow.tables import listed, listed_of
from salesflow.visits import AcademicEvent, ChecklistItem, Commitment, Visit

__all__ = [
    "DEADLINE_REMARKS",
    "WARNING_DAYS",
    "Deadline",
    "deadlines_of",
    "near_date",
    "upcoming",
]

#: how many days before its day something is warned of
WARNING_DAYS: Final = 2
_DUE_SOON: Final = Remark(
    "due_soon",
    Severity.WATCH,
    Label("{what}于 {due} 到期，还有 {days} 天", "{what} is due on {due}, days left: {days}"),
    Label("提前安排，有困难尽早求助", "see to it now, or ask for help in time"),
)
#: every finding about a deadline
DEADLINE_REMARKS: Final = (_DUE_SOON,)
_NOTICE: Final = Label("业务通知单", "the business notice")
_CLOSE: Final = Label("预计成交", "the expected close")


@frozen(kw_only=True)
class Deadline:
    """Something that somebody waits for, and its day."""

    #: id of what it belongs to: a notice, a visit, an event, a deal
    subject: str
    #: what is due
    what: Label
    #: the day by which it is due
    due: date
    #: who sees to it, by id
    owner: str = ""
    #: the day from which nobody waits for it any more, None while somebody does
    done_on: date | None = None

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "subject")
        if not isinstance(self.what, Label):
            raise WrongType.of("what", self.what, "pass a Label")
        forms.days(self, "due")
        forms.optional_lines(self, "owner")
        forms.optional_days(self, "done_on")

    def days_left(self, on: date) -> int | None:
        """Return how many days are left at a day, 0 on the day itself; None once done or late."""
        today = calendar_day(on, "on")
        over = today > self.due or (self.done_on is not None and self.done_on <= today)
        return None if over else (self.due - today).days


def upcoming(
    deadlines: Iterable[Deadline], on: date, within_days: int = WARNING_DAYS
) -> tuple[Finding, ...]:
    """Return a warning for each deadline that is at most so many days ahead, the nearest first."""
    most = forms.count(within_days, "within_days")
    found = listed_of(deadlines, Deadline, "deadlines")
    near = [(left, one) for one in found if (left := one.days_left(on)) is not None]
    near.sort(key=lambda pair: (pair[0], pair[1].subject, pair[1].what.en, pair[1].owner))
    return tuple(
        _DUE_SOON.about(one.subject, what=one.what, due=one.due, days=left, owner=one.owner)
        for left, one in near
        if left <= most
    )


def deadlines_of(
    things: Iterable[Notice | Visit | AcademicEvent | Opportunity],
) -> tuple[Deadline, ...]:
    """Return the deadlines in notices, visits, academic events and deals, as they stand.

    Of a notice the day promised last, of a visit its promises, of an event its checklist, of an
    open deal the expected close; what has no day has no deadline.
    """
    return tuple(one for thing in listed(things, "things") for one in _of(thing))


def _of(thing: object) -> Iterator[Deadline]:
    match thing:
        case Notice():
            yield Deadline(
                subject=thing.id,
                what=_NOTICE,
                due=thing.due,
                owner=thing.contact,
                done_on=thing.closed_on,
            )
        case Visit():
            for promise in thing.sheet.commitments:
                if promise.due is not None:
                    yield _of_promise(thing.id, promise, promise.due)
        case AcademicEvent():
            for item in thing.checklist:
                if item.due is not None:
                    yield _of_item(thing.id, item, item.due)
        case Opportunity():
            closes = thing.expected_close
            if thing.status is Status.OPEN and closes is not None:
                yield Deadline(subject=thing.id, what=_CLOSE, due=closes, owner=thing.owner)
        case _:
            raise WrongType.of("things", thing, "list notices, visits, events and deals")


def _of_promise(visit: str, promise: Commitment, due: date) -> Deadline:
    what = Label(f"承诺“{promise.key}”", f"the promise “{promise.key}”")
    over = promise.fulfilled_on or promise.withdrawn_on
    return Deadline(subject=visit, what=what, due=due, owner=promise.who, done_on=over)


def _of_item(event: str, item: ChecklistItem, due: date) -> Deadline:
    what, over = item.label, item.done_on
    return Deadline(subject=event, what=what, due=due, owner=item.owner, done_on=over)


def near_date(month: int, day: int, after: date) -> date:
    """Return the day that a date without a year means, such as the "2.6" on a receipt.

    It is the first such day that is not earlier than `after`, the day due so far, in that year or
    the next.  Raises `InvalidValue` where there is none.

    >>> near_date(2, 6, after=date(2013, 2, 3)), near_date(1, 4, after=date(2013, 12, 30))
    (datetime.date(2013, 2, 6), datetime.date(2014, 1, 4))
    """
    earliest = calendar_day(after, "after")
    for box, number in (("month", month), ("day", day)):
        forms.count(number, box)
    for year in (earliest.year, earliest.year + 1):
        with suppress(ValueError, OverflowError):
            found = date(year, month, day)
            if found >= earliest:
                return calendar_day(found, "day")
    raise InvalidValue("day", "does not exist in that month", "check month and day")
