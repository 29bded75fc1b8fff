"""Limits: how much of something, for whom, within which time, and what follows beyond it.

A limit is a row of data: kinds of activity, whom it is counted for (`per`), a window of time, and
one of three measures.  What lies exactly at the limit is within it.

    quantity      pieces, such as samples
    value         money, such as what a meal costs
    of estimate   the share of the estimate that the money may reach, such as 110 %

With attendees in `per` each of them bears an equal part.  The library knows no amounts that a law
would set, so none is set here: a company enters its own.

>>> samples = Limit(key="samples", label=Label("样品限额", "limit of samples"), kinds=["sample"],
...                 per=["person", "account"], window="quarter", most_quantity=10)
>>> samples.opens(date(2026, 8, 17)), samples.ruling.name
(datetime.date(2026, 7, 1), 'DENY')
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.conduct.actions import Action, Kind, Paper, Scope, kinds_of, money_of
from salesflow.conduct.rulings import Ruling
from salesflow.errors import InvalidValue, WrongType
from salesflow.forms import term_of
from salesflow.labels import Label, Term
from salesflow.money import Money
from salesflow.scales import Number, exact
from salesflow.tables import Table, several

__all__ = ["Limit", "Window"]


class Window(Term):
    """What is added up to be compared with a limit: calendar windows, and two without one."""

    ACTION = "action", "每次", "each action alone"
    MONTH = "month", "每月", "calendar month"
    QUARTER = "quarter", "每季", "calendar quarter"
    YEAR = "year", "每年", "calendar year"
    EVER = "ever", "累计", "all of them"


# How many months a calendar window is long.
_MONTHS: Final = Table({Window.MONTH: 1, Window.QUARTER: 3, Window.YEAR: 12})
# The measures, and the boxes that each of them reads.
_MEASURES: Final = Table(
    {
        "most_quantity": (Paper.QUANTITY,),
        "most_value": (Paper.VALUE,),
        "most_of_estimate": (Paper.VALUE, Paper.ESTIMATE),
    }
)
# Days of the longest window that moves along: ten years.
_LONGEST: Final = 3_653


def _kinds(value: Iterable[Kind]) -> tuple[Kind, ...]:
    return kinds_of(value, "kinds")


def _per(value: Iterable[Scope]) -> tuple[Scope, ...]:
    found = {term_of(Scope, one, "per") for one in several(value, "per")}
    return tuple(scope for scope in Scope if scope in found)


def _window(value: Window | int) -> Window | int:
    if type(value) is not int:
        return term_of(Window, value, "window")
    if not 1 <= value <= _LONGEST:
        raise InvalidValue("window", "is out of range", f"use 1 to {_LONGEST} days, or a word")
    return value


def _share(value: Number | None) -> Fraction | None:
    share = None if value is None else exact(value, "most_of_estimate")
    if share is not None and share < 0:
        raise InvalidValue("most_of_estimate", "is negative", "pass 1 for the estimate itself")
    return share


@frozen(kw_only=True)
class Limit:
    """The most of something that may be done, for somebody, within some time."""

    #: key within the policy
    key: str
    #: what it is called
    label: Label
    #: the kinds of activity it is about
    kinds: tuple[Kind, ...] = field(converter=_kinds)
    #: for whom or what it is counted: `["person", "account"]` for each pair; empty for all at once
    per: tuple[Scope, ...] = field(default=(), converter=_per)
    #: what is added up; a number means so many days that end with the day of the action
    window: Window | int = field(default=Window.ACTION, converter=_window)
    #: most pieces
    most_quantity: int | None = None
    #: most money
    most_value: Money | None = None
    #: most money, as a share of the estimate
    most_of_estimate: Fraction | None = field(default=None, converter=_share)
    #: first day on which it holds, None where it always did
    since: date | None = None
    #: last day on which it holds, None where it has no end
    until: date | None = None
    #: what is ruled beyond it; ALLOW only makes a note
    ruling: Ruling = Ruling.DENY

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        if not isinstance(self.label, Label):
            raise WrongType.of("label", self.label, "pass a Label")
        if not self.kinds:
            raise InvalidValue("kinds", "are empty", "say what the limit is about")
        forms.optional_counts(self, "most_quantity")
        money_of(self.most_value, "most_value")
        if sum(getattr(self, measure) is not None for measure in _MEASURES) != 1:
            remedy = f"fill one of: {', '.join(_MEASURES)}"
            raise InvalidValue("limit", "has no measure, or several", remedy)
        forms.optional_days(self, "since", "until")
        if self.since and self.until and self.until < self.since:
            raise InvalidValue("until", "lies before since", "check the two days")
        forms.terms(self, ruling=Ruling)

    def covers(self, action: Action) -> bool:
        """Whether it is about this kind of action, and holds on its day."""
        since, until = self.since or date.min, self.until or date.max
        return action.kind in self.kinds and since <= action.on <= until

    def missing(self, action: Action) -> tuple[Scope | Paper, ...]:
        """Return the boxes it has to read and cannot: empty, or money of another currency."""
        measure = next(name for name in _MEASURES if getattr(self, name) is not None)
        lacking = action.missing((*self.per, *_MEASURES[measure]))
        most, value = self.most_value, action.value
        foreign = most is not None and value is not None and most.currency != value.currency
        return (*lacking, Paper.VALUE) if foreign else lacking

    def opens(self, on: date) -> date:
        """Return the first day that is added up with a day."""
        if isinstance(self.window, int):
            return on - timedelta(days=self.window - 1)
        if self.window not in _MONTHS:
            return on if self.window is Window.ACTION else date.min
        return date(on.year, on.month - (on.month - 1) % _MONTHS[self.window], 1)

    def draws(self, action: Action) -> int:
        """Return what an action draws on it, in pieces or minor units."""
        if self.most_quantity is not None:
            return action.quantity or 0
        return 0 if action.value is None else action.value.minor

    def allows(self, estimate: Fraction) -> Fraction:
        """Return the most there may be, in pieces or minor units, given what was estimated."""
        if self.most_of_estimate is not None:
            return self.most_of_estimate * estimate
        most = self.most_quantity if self.most_value is None else self.most_value.minor
        return Fraction(most or 0)
