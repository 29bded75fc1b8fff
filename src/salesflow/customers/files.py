"""The file of a customer: five dossiers, kept fresh by one named person.

Information is dynamic: it is updated each month, key customers are discussed each week, and
one custodian answers for it.

>>> file = CustomerFile(customer="H-3", custodian="R-9", dossiers=set(Dossier) - {Dossier.PERSONAL},
...                     updated_on=date(2026, 7, 1), key=True, discussed_on=date(2026, 8, 3))
>>> [finding.key for finding in file.findings(on=date(2026, 8, 5))]
['dossiers_missing', 'information_stale']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.customers.dossiers import Dossier
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.instants import day
from salesflow.labels import Label

__all__ = ["FRESHNESS", "CustomerFile", "Freshness"]

_INCOMPLETE: Final = Remark(
    "dossiers_missing",
    Severity.WATCH,
    Label("缺少资料：{dossiers}", "dossiers are missing: {dossiers}"),
    Label("拜访时收集", "collect them on the next visits"),
)
_NO_CUSTODIAN: Final = Remark(
    "no_custodian",
    Severity.WATCH,
    Label("客户资料无专人负责", "nobody is named to keep the file"),
    Label("指定一名负责人", "name one custodian"),
)
_STALE: Final = Remark(
    "information_stale",
    Severity.WATCH,
    Label(
        "客户信息 {days} 天未更新，超过 {limit} 天",
        "not updated for {days} days, more than {limit}",
    ),
    Label("核实并更新（月变更）", "check it and bring it up to date"),
)
_NEVER_UPDATED: Final = Remark(
    "information_never_updated",
    Severity.WATCH,
    Label("客户信息没有更新记录", "no update of the file is known"),
    Label("核实并更新（月变更）", "check it and bring it up to date"),
)
_NOT_DISCUSSED: Final = Remark(
    "key_customer_not_discussed",
    Severity.WATCH,
    Label(
        "重点客户超过 {limit} 天未讨论", "a key customer not discussed for more than {limit} days"
    ),
    Label("列入本周讨论（周讨论）", "put it on this week's agenda"),
)
#: every finding about a customer's file
FILE_REMARKS: Final = (_INCOMPLETE, _NO_CUSTODIAN, _STALE, _NEVER_UPDATED, _NOT_DISCUSSED)


@frozen(kw_only=True)
class Freshness:
    """How long information stays fresh, in days."""

    #: days after which a file is stale (月变更)
    update_days: int = 31
    #: days after which a key customer is due for discussion (周讨论)
    discuss_days: int = 7

    def __attrs_post_init__(self) -> None:
        forms.counts_of(self, "update_days", "discuss_days")


#: monthly updates, weekly discussion
FRESHNESS: Final = Freshness()


def _dossiers(value: Iterable[Dossier]) -> frozenset[Dossier]:
    return forms.ticked(Dossier, value, "dossiers")


@frozen(kw_only=True)
class CustomerFile:
    """The state of what is known about one customer."""

    #: id of the customer
    customer: str
    #: the one person of ours who keeps it
    custodian: str = ""
    #: the dossiers that are complete
    dossiers: frozenset[Dossier] = field(default=frozenset(), converter=_dossiers, repr=forms.shown)
    #: when it was last checked and updated, None where nobody knows
    updated_on: date | None = None
    #: whether it is one of the key customers
    key: bool = False
    #: when a key customer was last discussed in the team
    discussed_on: date | None = None

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "customer")
        forms.optional_lines(self, "custodian")
        forms.optional_days(self, "updated_on", "discussed_on")
        forms.flags(self, "key")

    @property
    def missing(self) -> tuple[Dossier, ...]:
        """The dossiers still to be completed, in the order of the trade."""
        return tuple(dossier for dossier in Dossier if dossier not in self.dossiers)

    def fresh(self, on: date, rule: Freshness = FRESHNESS) -> bool:
        """Whether the file was updated within the days that a rule allows, up to `on`."""
        age = _age(self.updated_on, day(on, "on"), "updated_on")
        return age is not None and age <= _rule(rule).update_days

    def findings(self, on: date, rule: Freshness = FRESHNESS) -> tuple[Finding, ...]:
        """Return what is missing or stale on a day."""
        return tuple(self._findings(day(on, "on"), _rule(rule)))

    def _findings(self, on: date, rule: Freshness) -> Iterator[Finding]:
        if self.missing:
            yield _INCOMPLETE.about(self.customer, dossiers=self.missing)
        if not self.custodian:
            yield _NO_CUSTODIAN.about(self.customer)
        age = _age(self.updated_on, on, "updated_on")
        if age is None:
            yield _NEVER_UPDATED.about(self.customer)
        elif age > rule.update_days:
            yield _STALE.about(self.customer, days=age, limit=rule.update_days)
        if self.key:
            since = _age(self.discussed_on, on, "discussed_on")
            if since is None or since > rule.discuss_days:
                yield _NOT_DISCUSSED.about(self.customer, limit=rule.discuss_days)


def _rule(value: object) -> Freshness:
    if not isinstance(value, Freshness):
        raise WrongType.of("rule", value, "pass a Freshness")
    return value


def _age(then: date | None, on: date, box: str) -> int | None:
    if then is None:
        return None
    if then > on:
        raise InvalidValue(box, "lies after the day that is looked at", "pass a later day")
    return (on - then).days
