"""Actions: what somebody did, or asks to do, with or for a customer, as a form to be judged.

The form has a box for what a rule has to know and for nothing else: none for anybody's personal
benefit, none for a place or a photo, none for the prescriptions of one doctor.

>>> meal = Action(id="X-1", kind="meal", on=date(2026, 7, 6), person="R-9", attendees=["DR-7"],
...               value=Money("120", "CNY"))
>>> meal.kind, [paper.value for paper in meal.missing((Scope.EVENT, Paper.REF, Paper.VALUE))]
(<ActivityKind.MEAL: 'meal'>, ['event', 'ref'])
>>> Action(id="X-2", kind="boat_trip", on=date(2026, 7, 6), person="R-9").kind
'boat_trip'
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from attrs import field, frozen

from salesflow import forms, text
from salesflow.activity import ActivityKind
from salesflow.customers import Channel, CompanyRole
from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.labels import Term
from salesflow.money import Money
from salesflow.tables import Table, several

__all__ = ["Action", "Kind", "Paper", "Scope", "kind_of", "kinds_of", "money_of"]

#: a kind of activity, or a word of the host's own
Kind = ActivityKind | str


class Scope(Term):
    """For whom, or for what, a limit is counted; the key names the box of the form."""

    PERSON = "person", "员工", "employee"
    ACCOUNT = "account", "客户", "customer"
    CALL = "call", "拜访", "visit"
    EVENT = "event", "活动", "event"
    ATTENDEE = "attendees", "参加者", "attendee"


class Paper(Term):
    """What an action has to show; the key names the box of the form."""

    APPROVER = "approver", "他人审批", "approval by somebody else"
    REF = "ref", "合同或批件编号", "reference of the contract or approval"
    PURPOSE = "purpose", "目的", "purpose"
    QUANTITY = "quantity", "数量", "quantity"
    VALUE = "value", "金额", "value"
    ESTIMATE = "estimate", "预算", "estimate"


def _spelled(word: str) -> str:
    return "".join(char for char in word.casefold() if char.isalnum())


# However a known kind is spelled, by its key or in either language, it is that kind: a "Meal" must
# not slip through as something new.
_KNOWN: Final = Table(
    {
        _spelled(word): kind
        for kind in ActivityKind
        for word in (kind.value, kind.label("zh"), kind.label("en"))
    }
)


def kind_of(value: object, box: str = "kind") -> Kind:
    """Take a kind of activity, its key or its text; any other line is a kind of the host's own."""
    if isinstance(value, ActivityKind):
        return value
    key = text.line(value, box)
    return _KNOWN.get(_spelled(key), key)


def kinds_of(value: Iterable[Kind], box: str) -> tuple[Kind, ...]:
    """Take several kinds, each once: those of the list in its order, then the host's own."""
    found = {kind_of(one, box) for one in several(value, box)}
    known = (kind for kind in ActivityKind if kind in found)
    return (*known, *sorted(kind for kind in found if isinstance(kind, str)))


def money_of(value: object, box: str) -> Money | None:
    """Take an amount that is not below zero, or None where nobody said."""
    if value is not None and not isinstance(value, Money):
        raise WrongType.of(box, value, "pass Money")
    if value is not None and value.minor < 0:
        raise InvalidValue(box, "is negative", "pass zero or more")
    return value


def _kind(value: Kind) -> Kind:
    return kind_of(value)


@frozen(kw_only=True)
class Action:
    """Something done, or to be done, with or for a customer."""

    #: the host's id
    id: str
    #: what it is; a word that the list of activities does not have is kept as it is
    kind: Kind = field(converter=_kind)
    #: the day of it
    on: date
    #: who of ours does it, by id
    person: str
    #: the role in which they do it, None where nobody said
    role: CompanyRole | None = None
    #: id of the customer
    account: str = ""
    #: id of the visit it belongs to
    call: str = ""
    #: id of the event it belongs to
    event: str = ""
    #: ids of the people at the customer whom it is for
    attendees: tuple[str, ...] = field(default=(), converter=forms.some, repr=forms.masked)
    #: how they were reached, None where nobody said
    channel: Channel | None = None
    #: how many pieces, None where there are none to count
    quantity: int | None = None
    #: what it is worth, or cost; None where nobody said
    value: Money | None = None
    #: what it was expected to cost, None where nobody said
    estimate: Money | None = None
    #: the professional purpose
    purpose: str = field(default="", repr=forms.masked)
    #: the host's reference to the contract or the approval
    ref: str = ""
    #: who approved it
    approver: str = field(default="", repr=False)
    #: whether it depends on what is prescribed, used or bought
    tied_to_prescribing: bool = False
    #: whether it is given in return for a referral
    rewards_referral: bool = False

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id", "person")
        forms.days(self, "on")
        forms.optional_terms(self, role=CompanyRole, channel=Channel)
        forms.optional_lines(self, "account", "call", "event", "ref", "approver")
        forms.texts(self, "attendees")
        if len(set(self.attendees)) < len(self.attendees):
            raise InvalidValue("attendees", "name somebody twice", "list each once")
        forms.optional_counts(self, "quantity")
        forms.notes(self, "purpose")
        forms.flags(self, "tied_to_prescribing", "rewards_referral")
        _same_currency(money_of(self.value, "value"), money_of(self.estimate, "estimate"))

    def missing(self, boxes: Iterable[Scope | Paper]) -> tuple[Scope | Paper, ...]:
        """Return those of some boxes that are empty; nobody approves what they do or are given."""
        empty = (None, "", ())
        return tuple(
            box
            for box in boxes
            if getattr(self, box.value) in empty
            or (box is Paper.APPROVER and self.approver in (self.person, *self.attendees))
        )


def _same_currency(value: Money | None, estimate: Money | None) -> None:
    if value is not None and estimate is not None and value.currency != estimate.currency:
        raise CurrencyMismatch(value.currency, estimate.currency)
