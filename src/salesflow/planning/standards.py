"""A standard: how much of something a phase of the roadmap asks for, and whether it is reached.

A standard asks for at least so much (以上, 至少), and so much is enough:

    missing = required − actual, and nothing once it is reached

Nothing is taken for zero: what nobody measured is unknown, which is no failure, and what has no
base, such as a collection rate in a month in which nothing was due, does not apply.

>>> visits = Standard(metric="customers_visited", required=8, per="week", kind="work")
>>> visits.verdict(8).name, visits.verdict(7).name, visits.verdict(None).name, visits.missing(7)
('MET', 'UNMET', 'UNKNOWN', 1)
>>> from salesflow.metrics import collection_rate
>>> paid = Standard(metric="collection_rate", required=Fraction(9, 10), unit="share", per="month")
>>> paid.verdict(or_not_applicable(collection_rate(collected=90, due=100))).name
'MET'
>>> paid.verdict(or_not_applicable(collection_rate(collected=0, due=0))).name
'NOT_APPLICABLE'

Source: the success roadmap, which tells work standards (工作标准) from stage targets (阶段目标).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.labels import Label, Term
from salesflow.money import NO_CURRENCY, Money
from salesflow.planning.metric import metric_of
from salesflow.planning.rhythm import Per
from salesflow.ratios import percent
from salesflow.scales import Number, exact

__all__ = [
    "Quantity",
    "Standard",
    "StandardKind",
    "Unit",
    "Value",
    "Verdict",
    "or_not_applicable",
]


class StandardKind(Term):
    """What a standard holds to: the work, or what comes of it."""

    WORK = "work", "工作标准", "work standard"
    TARGET = "target", "阶段目标", "stage target"


class Verdict(Term):
    """Whether a standard is reached; what is unknown did not fail."""

    MET = "met", "达到", "met"
    UNMET = "unmet", "未达到", "unmet"
    UNKNOWN = "unknown", "未知", "unknown"
    NOT_APPLICABLE = "not_applicable", "不适用", "not applicable"


class Unit(Term):
    """What a standard is stated in."""

    COUNT = "count", "个数", "a count"
    DURATION = "duration", "天数或小时数", "days or hours"
    MONEY = "money", "金额", "money"
    SHARE = "share", "比率", "a ratio"
    ATTESTED = "attested", "确认", "attested, yes or no"


#: so much of something: whole things, days or hours, money, a ratio, or a yes
Quantity = int | Fraction | Money | bool
#: what is known of a quantity; None where nobody measured it
Value = Number | Money | bool | Verdict | None


def _duration(value: object, box: str) -> Fraction:
    lasted = exact(value, box)
    if lasted < 0:
        raise InvalidValue(box, "is below zero", "pass zero or more")
    return lasted


def _money(value: object, box: str) -> Money:
    if not isinstance(value, Money):
        raise WrongType.of(box, value, "pass Money")
    return value


def _attested(value: object, box: str) -> bool:
    if type(value) is not bool:
        raise WrongType.of(box, value, "pass True or False, or None where nobody said")
    return value


# How a quantity of each unit is read.
_READERS: Final[dict[Unit, Callable[[object, str], Quantity]]] = {
    Unit.COUNT: forms.count,
    Unit.DURATION: _duration,
    Unit.MONEY: _money,
    Unit.SHARE: exact,
    Unit.ATTESTED: _attested,
}
_ANSWERS: Final = {True: Label("是", "yes"), False: Label("否", "no")}


@frozen(kw_only=True)
class Standard:
    """A row of the roadmap: at least so much of a metric, so often."""

    #: what is asked about: a `Metric`, or a word of a company's own
    metric: Term = field(converter=metric_of)
    #: how much is enough
    required: Quantity
    #: what it is stated in
    unit: Unit = Unit.COUNT
    #: how often it is asked for
    per: Per = Per.PHASE
    #: whether it holds to the work or to what comes of it
    kind: StandardKind = StandardKind.TARGET

    def __attrs_post_init__(self) -> None:
        forms.terms(self, unit=Unit, per=Per, kind=StandardKind)
        object.__setattr__(self, "required", _READERS[self.unit](self.required, "required"))
        if self.required is False:
            raise InvalidValue("required", "asks for a no", "ask for what has to be true")

    def actual(self, value: Value) -> Quantity | None:
        """Return a value in the unit of the standard; None where it is unknown or not applicable.

        Raises `WrongType` and `InvalidValue`, naming the metric, for one of another unit.
        """
        if value is None or value is Verdict.NOT_APPLICABLE:
            return None
        found = _READERS[self.unit](value, self.metric.value)
        # A sum over nothing has no currency, and nothing came in.
        nothing = isinstance(found, Money) and found.currency == NO_CURRENCY
        return self.required * 0 if nothing and isinstance(self.required, Money) else found

    def missing(self, value: Value) -> Quantity | None:
        """Return required − actual, and zero once it is reached; None where nobody knows.

        Of what is attested, True says that it is still missing.
        """
        actual = self.actual(value)
        return None if actual is None else _gap(self.required, actual)

    def verdict(self, value: Value) -> Verdict:
        """Tell whether a value reaches the standard."""
        if value is Verdict.NOT_APPLICABLE:
            return Verdict.NOT_APPLICABLE
        missing = self.missing(value)
        if missing is None:
            return Verdict.UNKNOWN
        return Verdict.UNMET if missing else Verdict.MET

    def shown(self, quantity: Quantity, *, up: bool = False) -> Label:
        """Show a quantity of its unit, rounded down to one decimal, or up.

        What is there is rounded down and what is missing up, so that nothing short looks reached.
        """
        if isinstance(quantity, bool):
            return _ANSWERS[quantity]
        if isinstance(quantity, Money):
            return Label(str(quantity), str(quantity))
        text = _decimal(Fraction(quantity), share=self.unit is Unit.SHARE, up=up)
        return Label(text, text)


def or_not_applicable(ratio: Fraction | None) -> Fraction | Verdict:
    """Return a ratio, or not applicable where it has no base: nothing was due, nothing sold before.

    For `collection_rate`, `growth` and the like, whose None is no missing measurement.
    """
    return Verdict.NOT_APPLICABLE if ratio is None else exact(ratio, "ratio")


def _gap(required: Quantity, actual: Quantity) -> Quantity:
    """Return how much is missing to what is required; both are of one unit."""
    if isinstance(required, bool):
        return not actual
    if isinstance(required, Money):
        assert isinstance(actual, Money)
        return max(required - actual, required * 0)
    assert not isinstance(actual, Money)
    return max(required - actual, 0)


def _decimal(number: Fraction, *, share: bool, up: bool) -> str:
    rounded = ceil if up else floor
    if share:
        return percent(Fraction(rounded(number * 1000), 1000))
    tenths = rounded(number * 10)
    whole, part = divmod(tenths, 10)
    return f"{whole}.{part}" if part else str(whole)
