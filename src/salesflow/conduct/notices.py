"""Business notices: work handed from one department to another, with a person and a day.

    lead  = first day due − day of issue
    slip  = last day due − first day due
    total = lead + slip

The form exists so that a hand-over lands on a person and nothing is forgotten (事情交接落实到人).
It is a value, as a deal is: each verb checks the rules, adds one event to the trail and returns a
new notice.  Lateness is never stored, it is asked on a day; and the first day that was promised is
never overwritten, so it is told against both.

>>> import pendulum
>>> at = pendulum.datetime(2013, 1, 28, 9, tz="Asia/Shanghai")
>>> notice = Notice.issue(id="N-1", department="库房", contact="W-2", issuer="R-9",
...                       details="双楠订货：雌二醇", manner="送达医院", due=date(2013, 2, 3),
...                       at=at, tz="Asia/Shanghai")
>>> [finding.key for finding in notice.findings(on=date(2013, 2, 4))]
['receipt_required']
>>> notice = notice.receipt(reason="缺货", help="跟医院协商", due=date(2013, 2, 6),
...                         at=at.add(days=5))
>>> notice, notice.lead_days, notice.slip_days, notice.total_days
(<Notice N-1: RECEIPTED, due 2013-02-06>, 6, 3, 9)
>>> notice = notice.done(at=at.add(days=9))
>>> notice.lateness(on=date(2013, 2, 6))
Lateness(original=3, latest=0)

Source: the business notice and its receipt as printed in the trade's training material.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, Self, final

from attrs import evolve, field, frozen
from pendulum import DateTime

from salesflow import forms
from salesflow.conduct.notice_trail import NOTICE, NoticeEvent, NoticeState, checked
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.instants import day, day_in, instant, midnight, zone_name
from salesflow.labels import Label

__all__ = ["NOTICE_REMARKS", "HelpItem", "Lateness", "Notice"]

_RECEIPT_REQUIRED: Final = Remark(
    "receipt_required",
    Severity.WATCH,
    Label(
        "已过完成时间 {days} 天，未完成，也没有新的回执",
        "past its day without completion or a new receipt, days: {days}",
    ),
    Label(
        "请接洽人员完成，或填写回执：原因、需要的帮助、新的完成时间",
        "have it done, or have a receipt filed: the reason, the help needed, a new day",
    ),
)
_HELP_OPEN: Final = Remark(
    "help_open",
    Severity.WATCH,
    Label("回执中提出的帮助尚未落实：{n} 项", "help that receipts ask for has not come: {n}"),
    Label("请下单人员或其主管协调", "let the issuer or a manager arrange it"),
)
#: every finding about a business notice
NOTICE_REMARKS: Final = (_RECEIPT_REQUIRED, _HELP_OPEN)


@frozen(kw_only=True)
class HelpItem:
    """Help that a receipt asks for and that has not come yet."""

    #: id of the notice
    notice: str
    #: the department that needs it
    department: str
    #: which help
    text: str = field(repr=forms.masked)
    #: the day of the receipt
    since: date


@frozen(kw_only=True)
class Lateness:
    """How many days late a notice is, against both of its days; 0 where it is not."""

    #: against the day that was asked for at first
    original: int
    #: against the day promised last, never more than against the first
    latest: int


_NOT_LATE: Final = Lateness(original=0, latest=0)


@final
@frozen(kw_only=True, repr=False)
class Notice:
    """A business notice: who asks whom for what, by when, and what became of it."""

    #: the host's id
    id: str
    #: the accepting department (受理部门), in the host's own words
    department: str
    #: the person there who answers for it (接洽人员), by id
    contact: str
    #: who ordered it (下单人员), by id
    issuer: str
    #: the department of the issuer, empty where nobody said
    issuer_department: str = ""
    #: what is to be done (业务详情)
    details: str
    #: how it comes back, or is delivered (回返方式)
    manner: str = ""
    #: IANA time zone in which its days are counted
    tz: str = field(default="UTC", converter=zone_name)
    #: everything that happened, oldest first
    trail: tuple[NoticeEvent, ...] = field(converter=checked)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id", "department", "contact", "issuer")
        forms.optional_lines(self, "issuer_department", "manner")
        forms.notes(self, "details")
        if not self.details:
            raise InvalidValue("details", "are empty", "say what is to be done")
        if self.due_dates[0] < self.issued_on:
            raise InvalidValue("due", "lies before the day of issue", "pass a day to come")
        if self.state is NoticeState.CANCELLED and self.trail[-1].by != self.issuer:
            raise InvalidValue("by", "is not who issued the notice", "let the issuer cancel it")

    def __repr__(self) -> str:
        return f"<Notice {self.id}: {self.state.name}, due {self.due}>"

    # -- moving it ----------------------------------------------------------------------------

    @classmethod
    def issue(
        cls,
        *,
        id: str,
        department: str,
        contact: str,
        issuer: str,
        details: str,
        due: date,
        at: datetime,
        issuer_department: str = "",
        manner: str = "",
        tz: str = "UTC",
        by: str = "",
    ) -> Self:
        """Issue a notice; its day may not lie before the day of issue."""
        return cls(
            id=id,
            department=department,
            contact=contact,
            issuer=issuer,
            issuer_department=issuer_department,
            details=details,
            manner=manner,
            tz=tz,
            trail=(NoticeEvent(at=at, state=NoticeState.ISSUED, due=due, by=by),),
        )

    def accept(self, *, at: datetime, by: str = "") -> Self:
        """Take the notice on: it can be done by its day.  Raises `NoSuchMove`, `OutOfOrder`."""
        return self._add(NoticeState.ACCEPTED, at, by=by)

    def receipt(
        self, *, reason: str, due: date, at: datetime, help: str = "", by: str = ""
    ) -> Self:
        """File a receipt: why it cannot be done by its day, which help is needed, and a later day.

        Raises `InvalidValue` without a reason or for a day that is not later, `NoSuchMove` and
        `OutOfOrder` as every verb does.
        """
        return self._add(NoticeState.RECEIPTED, at, due=due, reason=reason, help=help, by=by)

    def resolve_help(self, *, at: datetime, by: str = "") -> Self:
        """Tell that the help has come that receipts asked for; raises where none is open."""
        if not self.open_help:
            raise InvalidValue("help", "is not open", "resolve what a receipt asked for")
        return self._add(self.state, at, helped=True, by=by)

    def done(self, *, at: datetime, by: str = "") -> Self:
        """Report it done.  Raises `SkippedStage` for one that nobody accepted."""
        return self._add(NoticeState.DONE, at, by=by)

    def cancel(self, *, by: str, at: datetime, reason: str) -> Self:
        """Take the notice back; only who issued it may.  Raises `InvalidValue` for another."""
        return self._add(NoticeState.CANCELLED, at, reason=reason, by=by)

    # -- how it stands ------------------------------------------------------------------------

    @property
    def state(self) -> NoticeState:
        """How it stands."""
        return self.trail[-1].state

    @property
    def allowed(self) -> tuple[NoticeState, ...]:
        """Ask: the states to which a verb can lead from here, in the order of the table."""
        rows = (*NOTICE.moves, *NOTICE.departures)
        targets = {row.target for row in rows if row.source is self.state}
        return tuple(state for state in NoticeState if state in targets)

    @property
    def open(self) -> bool:
        """Whether somebody still waits for it."""
        return self.state not in NOTICE.final

    @property
    def issued_on(self) -> date:
        """The day of issue (通知时间)."""
        return self._day(self.trail[0].at)

    @property
    def closed_on(self) -> date | None:
        """The day it was done or cancelled; None while it is open."""
        return None if self.open else self._day(self.trail[-1].at)

    @property
    def done_on(self) -> date | None:
        """The day it was done; None where it was not."""
        return self.closed_on if self.state is NoticeState.DONE else None

    @property
    def due(self) -> date:
        """The day by which it is due, as promised last."""
        return self.trail[-1].due

    @property
    def due_dates(self) -> tuple[date, ...]:
        """Every day by which it was due, the first one first; each is later than the one before."""
        return (self.trail[0].due, *(event.due for event in self.trail if event.is_receipt))

    @property
    def lead_days(self) -> int:
        """Days from the issue to the day asked for at first."""
        return (self.due_dates[0] - self.issued_on).days

    @property
    def slip_days(self) -> int:
        """Days by which receipts put it off."""
        return (self.due - self.due_dates[0]).days

    @property
    def total_days(self) -> int:
        """Days from the issue to the day promised last."""
        return (self.due - self.issued_on).days

    @property
    def open_help(self) -> tuple[HelpItem, ...]:
        """Help that receipts ask for, until it comes or the notice is closed."""
        asked: list[NoticeEvent] = []
        for event in self.trail if self.open else ():
            asked = [] if event.helped else [*asked, event]
        return tuple(
            HelpItem(
                notice=self.id,
                department=self.department,
                text=event.help,
                since=self._day(event.at),
            )
            for event in asked
            if event.help
        )

    # -- how it stands on a day ---------------------------------------------------------------

    def as_of(self, moment: datetime) -> Self | None:
        """Return the notice as it stood at an instant, that instant included; None before it."""
        last = instant(moment, "moment")
        return self._cut([event for event in self.trail if event.at <= last])

    def at_end_of(self, on: date) -> Self | None:
        """Return the notice as it stood at the end of a day; None before it was issued."""
        after = midnight(day(on, "on") + timedelta(days=1), self.tz)
        return self._cut([event for event in self.trail if event.at < after])

    def overdue(self, on: date) -> bool:
        """Whether its day had passed, at the end of a day, and somebody still waited for it."""
        then = self.at_end_of(on)
        return then is not None and then.open and on > then.due

    def lateness(self, on: date) -> Lateness:
        """Return how late it was at the end of a day; what is done is no later than when done.

        One that was cancelled is not late: nobody waits for it.
        """
        then = self.at_end_of(on)
        if then is None or then.state is NoticeState.CANCELLED:
            return _NOT_LATE
        until = then.done_on or on
        first, last = ((until - due).days for due in (then.due_dates[0], then.due))
        return Lateness(original=max(0, first), latest=max(0, last))

    def findings(self, on: date) -> tuple[Finding, ...]:
        """Return what is wrong at the end of a day: no receipt where one is due, help not come."""
        return tuple(self._findings(on))

    def _findings(self, on: date) -> Iterator[Finding]:
        then = self.at_end_of(on)
        if then is None or not then.open:
            return
        if on > then.due:
            yield _RECEIPT_REQUIRED.about(self.id, days=(on - then.due).days)
        if then.open_help:
            yield _HELP_OPEN.about(self.id, n=len(then.open_help))

    def _add(
        self,
        state: NoticeState,
        at: datetime,
        *,
        due: date | None = None,
        reason: str = "",
        help: str = "",
        helped: bool = False,
        by: str = "",
    ) -> Self:
        event = NoticeEvent(
            at=at,
            state=state,
            due=self.due if due is None else due,
            reason=reason,
            help=help,
            helped=helped,
            by=by,
        )
        return evolve(self, trail=(*self.trail, event))

    def _cut(self, events: list[NoticeEvent]) -> Self | None:
        if len(events) == len(self.trail):
            return self
        return evolve(self, trail=events) if events else None

    def _day(self, at: DateTime) -> date:
        return day_in(at, self.tz)
