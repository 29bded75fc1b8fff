"""What a visit leaves behind: promises, feedback, signals from the market, the summary.

A promise (`Commitment`) is made by us or by the customer and has a day; whether it is overdue is
never stored, it is asked on a day.  Feedback is answered within a promised limit in the same way.

>>> promise = Commitment(key="quote", by="company", text="send the quotation",
...                      made_on=date(2025, 3, 3), due=date(2025, 3, 10))
>>> promise.state(date(2025, 3, 10)).name, promise.state(date(2025, 3, 11)).name
('OPEN', 'OVERDUE')
>>> promise.overdue_days(date(2025, 3, 11)), promise.fulfil(date(2025, 3, 12)).on_time
(1, False)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Self

from attrs import evolve, field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.instants import day
from salesflow.labels import Label, Term
from salesflow.tables import listed_of

__all__ = [
    "SUMMARY",
    "Commitment",
    "CommitmentState",
    "Feedback",
    "MarketSignal",
    "Party",
    "Polarity",
    "Summary",
    "SummaryBox",
    "Trend",
]


class Party(Term):
    """Who promised."""

    COMPANY = "company", "我方", "our side"
    CUSTOMER = "customer", "客户", "the customer"


class CommitmentState(Term):
    """How a promise stands on a day."""

    OPEN = "open", "未到期", "open"
    FULFILLED = "fulfilled", "已兑现", "fulfilled"
    OVERDUE = "overdue", "已逾期", "overdue"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


@frozen(kw_only=True)
class Commitment:
    """A promise: who, what, by when."""

    #: key within the visit
    key: str
    #: who promised
    by: Party
    #: what
    text: str = field(default="", repr=forms.masked)
    #: the person of that side who does it, by id
    who: str = ""
    #: the day it was made
    made_on: date
    #: the day by which it is due, None where nobody said
    due: date | None = None
    #: the day it was kept
    fulfilled_on: date | None = None
    #: the day it was taken back
    withdrawn_on: date | None = None

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        forms.terms(self, by=Party)
        forms.notes(self, "text")
        forms.optional_lines(self, "who")
        forms.days(self, "made_on")
        forms.optional_days(self, "due", "fulfilled_on", "withdrawn_on")
        for box in ("due", "fulfilled_on", "withdrawn_on"):
            _not_before(self.made_on, getattr(self, box), box)
        if self.fulfilled_on and self.withdrawn_on:
            raise InvalidValue("withdrawn_on", "of a promise that was kept", "leave one out")

    def state(self, on: date) -> CommitmentState:
        """Return how it stands at the end of a day; what happened later is not known yet."""
        on = day(on, "on")
        if self.fulfilled_on is not None and self.fulfilled_on <= on:
            return CommitmentState.FULFILLED
        if self.withdrawn_on is not None and self.withdrawn_on <= on:
            return CommitmentState.WITHDRAWN
        overdue = self.due is not None and on > self.due
        return CommitmentState.OVERDUE if overdue else CommitmentState.OPEN

    def overdue_days(self, on: date) -> int:
        """Return how many days it is overdue at the end of a day; 0 where it is not."""
        overdue = self.state(on) is CommitmentState.OVERDUE
        return (on - self.due).days if overdue and self.due is not None else 0

    @property
    def on_time(self) -> bool | None:
        """Whether it was kept by its day; None while it is not kept, or where it has none."""
        if self.fulfilled_on is None or self.due is None:
            return None
        return self.fulfilled_on <= self.due

    def fulfil(self, on: date) -> Self:
        """Return the promise as kept on a day."""
        return evolve(self, fulfilled_on=day(on, "fulfilled_on"))

    def withdraw(self, on: date) -> Self:
        """Return the promise as taken back on a day."""
        return evolve(self, withdrawn_on=day(on, "withdrawn_on"))


class Polarity(Term):
    """Whether feedback is praise, a question or a complaint."""

    POSITIVE = "positive", "正面", "positive"
    NEUTRAL = "neutral", "中性或提问", "neutral, or a question"
    NEGATIVE = "negative", "负面", "negative"


@frozen(kw_only=True)
class Feedback:
    """What the customer said of us, and when they have our answer."""

    #: key within the visit
    key: str
    #: the day we heard it
    received_on: date
    #: what it is about
    topic: str = ""
    #: praise, question or complaint
    polarity: Polarity = Polarity.NEUTRAL
    #: the promised day of our answer (承诺时限), None where none is needed
    respond_by: date | None = None
    #: the day we answered
    handled_on: date | None = None
    #: what we answered
    response: str = field(default="", repr=forms.masked)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        forms.days(self, "received_on")
        forms.optional_lines(self, "topic")
        forms.terms(self, polarity=Polarity)
        forms.optional_days(self, "respond_by", "handled_on")
        forms.notes(self, "response")
        for box in ("respond_by", "handled_on"):
            _not_before(self.received_on, getattr(self, box), box)

    @property
    def response_days(self) -> int | None:
        """How many days our answer took; None while there is none."""
        return None if self.handled_on is None else (self.handled_on - self.received_on).days

    def overdue(self, on: date) -> bool:
        """Whether the promised day has passed without an answer, at the end of a day."""
        on = day(on, "on")
        answered = self.handled_on is not None and self.handled_on <= on
        return self.respond_by is not None and on > self.respond_by and not answered

    def answered(self, on: date, response: str = "") -> Self:
        """Return the feedback as answered on a day."""
        return evolve(self, handled_on=day(on, "handled_on"), response=response)


class Trend(Term):
    """Where a market is going."""

    RISING = "rising", "上升", "rising"
    STEADY = "steady", "平稳", "steady"
    FALLING = "falling", "下降", "falling"


@frozen(kw_only=True)
class MarketSignal:
    """What a visit told of the market: the demand for a class of products."""

    #: class of products, in the host's own words
    subject: str
    #: where the demand is going
    trend: Trend
    #: what was observed
    note: str = field(default="", repr=forms.masked)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "subject")
        forms.terms(self, trend=Trend)
        forms.notes(self, "note")


# The boxes of `Summary` that a form may ask for.
_BOXES: Final = (
    "points",
    "feedback",
    "agreed",
    "open_points",
    "technique",
    "market",
    "succeeded",
    "next_plan",
    "aims_met",
)


@frozen
class SummaryBox:
    """A box of the summary, written `SummaryBox("points", Label(…), required=True)`."""

    #: name of the field of `Summary`
    box: str
    #: what to write there
    label: Label
    #: whether a summary without it is incomplete
    required: bool = field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.label, Label):
            raise WrongType.of("label", self.label, "pass a Label")
        forms.flags(self, "required")
        if self.box not in _BOXES:
            raise InvalidValue(
                "box", "is no field of a summary", f"use one of: {', '.join(_BOXES)}"
            )


#: the standard form of a summary
SUMMARY: Final = (
    SummaryBox("points", Label("拜访要点", "main points"), required=True),
    SummaryBox("feedback", Label("客户反馈", "feedback of the customer"), required=True),
    SummaryBox("agreed", Label("达成共识", "what was agreed"), required=True),
    SummaryBox("open_points", Label("待解决问题", "open points"), required=False),
    SummaryBox("technique", Label("技巧的效果", "effect of the technique"), required=False),
    SummaryBox("market", Label("市场观察", "what was seen of the market"), required=False),
    SummaryBox("succeeded", Label("成败", "success or failure"), required=True),
    SummaryBox("next_plan", Label("下一步计划", "next plan"), required=True),
)


@frozen(kw_only=True)
class Summary:
    """The record after the visit, written at once."""

    #: main points
    points: str = field(repr=forms.masked)
    #: what the customer thinks
    feedback: str = field(default="", repr=forms.masked)
    #: what was agreed
    agreed: str = field(default="", repr=forms.masked)
    #: what is still open
    open_points: str = field(default="", repr=forms.masked)
    #: which technique worked, and which did not
    technique: str = field(default="", repr=forms.masked)
    #: what was seen of the market
    market: str = field(default="", repr=forms.masked)
    #: whether the visit succeeded, None where nobody judged
    succeeded: bool | None = None
    #: what comes next
    next_plan: str = field(default="", repr=forms.masked)
    #: keys of the aims that were met
    aims_met: tuple[str, ...] = field(default=(), converter=forms.some)
    #: whether the customer said no in so many words
    declined: bool = False

    def __attrs_post_init__(self) -> None:
        forms.notes(self, "points", "feedback", "agreed", "open_points")
        if not self.points:
            raise InvalidValue("points", "are empty", "write what the visit was about")
        forms.notes(self, "technique", "market", "next_plan")
        forms.texts(self, "aims_met")
        forms.flags(self, "declined")
        if self.succeeded is not None:
            forms.flags(self, "succeeded")

    def missing(self, form: Iterable[SummaryBox] = SUMMARY) -> tuple[SummaryBox, ...]:
        """Return the required boxes of a form that are empty, in its order."""
        rows = listed_of(form, SummaryBox, "form")
        return tuple(
            row for row in rows if row.required and getattr(self, row.box) in (None, "", ())
        )


def _not_before(first: date, then: date | None, box: str) -> None:
    if then is not None and then < first:
        raise InvalidValue(box, "lies before the day it began", "check the two days")
