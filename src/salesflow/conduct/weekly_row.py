"""A row of the weekly form: one deal, filled by choice and by number.

Stages, grades, kinds of activity and reasons are words of a list, so that figures can be computed
from them; free text stands only in the note.

>>> from decimal import Decimal
>>> from salesflow.funnel import Stage
>>> row = WeeklyRow(deal="D-1", customer="H-3", product="CLIA-900", amount=Money(9, "CNY"),
...                 stage=Stage.TRUST_BUILDING, grade="a", win_rate=Decimal("0.1"),
...                 expected_close=date(2026, 9, 20), activities={"visit": 2, "meal": 1},
...                 next_action="demonstration")
>>> row.missing, dict(row.counted)
(('next_on',), {<ActivityKind.VISIT: 'visit'>: 2})

Source: the weekly form of funnel management, which names its contents and not its columns; these
are the fewest that the figures need, and a company adds its own.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from salesflow import forms, text
from salesflow.activity import ActivityKind, counts
from salesflow.customers import HospitalGrade
from salesflow.errors import InvalidValue, WrongType
from salesflow.funnel import LossReason, Status
from salesflow.instants import day
from salesflow.labels import Label, Term
from salesflow.money import Money
from salesflow.scales import Number, exact
from salesflow.tables import Rows, Table, rows_of

__all__ = ["WEEKLY_COLUMNS", "Activities", "Choice", "WeeklyRow", "activities_of"]

#: what a host may put into a column of its own: a word of a list, a number, a day; no text
Choice = Term | Money | Number | date | bool
#: how often something was done, by its kind
Activities = Table[ActivityKind, int]

#: the columns that a row may leave open, and that an open deal should not
WEEKLY_COLUMNS: Final = Table(
    {
        "grade": Label("客户级别", "grade of the customer"),
        "win_rate": Label("赢率", "win rate"),
        "expected_close": Label("预计成交日期", "expected close"),
        "next_action": Label("下一步行动", "next action"),
        "next_on": Label("下一步日期", "day of the next action"),
    }
)

_NO_ACTIVITY: Final[Activities] = Table({})
_NO_COLUMNS: Final[Table[str, Choice]] = Table({})


def activities_of(value: Rows[ActivityKind, int], box: str = "activities") -> Activities:
    """Return how often something was done, by its kind; the keys of kinds are taken too."""
    rows = forms.keyed(ActivityKind, value, box)
    return Table({kind: forms.count(n, box) for kind, n in rows.items()})


def _win_rate(value: Number | None) -> Fraction | None:
    rate = None if value is None else exact(value, "win_rate")
    if rate is not None and not 0 <= rate <= 1:
        raise InvalidValue("win_rate", "is not between 0 and 1", "give it as a share of 1")
    return rate


def _extra(value: Rows[str, Choice]) -> Table[str, Choice]:
    rows = rows_of(value, "extra")
    return Table({text.line(name, "extra"): _choice(cell) for name, cell in rows.items()})


def _choice(value: object) -> Choice:
    match value:
        case Term() | Money() | bool():
            return value
        case date():
            return day(value, "extra")
        case str():
            raise WrongType.of("extra", value, "choose from a list; free text is for the note")
        case _:
            return exact(value, "extra")


@frozen(kw_only=True)
class WeeklyRow:
    """One deal on the weekly form: where it stands, what was done for it, what comes next."""

    #: id of the deal
    deal: str
    #: id of the customer
    customer: str
    #: id of the product
    product: str
    #: what it is about
    amount: Money
    #: the stage at which it stands; of a closed deal, the stage it was closed from
    stage: Term
    #: the stage with which it came into the week, open; None where nobody knows
    previous: Term | None = None
    #: open, won or lost
    status: Status = Status.OPEN
    #: why it was lost
    loss: LossReason | None = None
    #: the grade of the customer
    grade: HospitalGrade | None = None
    #: how likely it is to be won, from 0 to 1, exact
    win_rate: Fraction | None = field(default=None, converter=_win_rate)
    #: the day it is expected to close
    expected_close: date | None = None
    #: how much was done for it in the week, by kind
    activities: Activities = field(default=_NO_ACTIVITY, converter=activities_of)
    #: what comes next
    next_action: ActivityKind | None = None
    #: the day of that
    next_on: date | None = None
    #: the columns of the host, by name
    extra: Table[str, Choice] = field(default=_NO_COLUMNS, converter=_extra)
    #: what no column says
    note: str = field(default="", repr=forms.masked)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "deal", "customer", "product")
        forms.terms(self, stage=Term, status=Status)
        forms.optional_terms(self, previous=Term, loss=LossReason)
        forms.optional_terms(self, grade=HospitalGrade, next_action=ActivityKind)
        forms.optional_days(self, "expected_close", "next_on")
        forms.notes(self, "note")
        if not isinstance(self.amount, Money):
            raise WrongType.of("amount", self.amount, "pass Money")
        if self.amount.minor < 0:
            raise InvalidValue("amount", "is negative", "pass zero or more")
        if (self.status is Status.LOST) is not (self.loss is not None):
            raise InvalidValue("loss", "and status contradict each other", "a loss has a reason")

    @property
    def is_open(self) -> bool:
        """Whether the deal is still open."""
        return self.status is Status.OPEN

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns left open, in their order; a closed deal needs none of them.

        A next action that never counts, such as a dinner, is none.
        """
        hollow = self.next_action is not None and not counts(self.next_action)
        return tuple(
            box
            for box in WEEKLY_COLUMNS
            if self.is_open and (getattr(self, box) is None or (hollow and box == "next_action"))
        )

    @property
    def counted(self) -> Activities:
        """What was done for it, without what never counts."""
        return Table({kind: n for kind, n in self.activities.items() if n and counts(kind)})
