"""Vouchers against the logs, before anybody is reimbursed (报销与日清单核对).

A voucher is verified where the log of that person on that day names its place.  It is flagged
where no log does, where it was handed in before, and where its kind never counts or waits for an
approver; what a log says of hospitality verifies nothing.

>>> from attrs import evolve
>>> from salesflow.conduct.logs import LogEntry
>>> log = DailyLog(id="L-1", person="R-9", on=date(2026, 7, 6), entries=[LogEntry(place="H-3")])
>>> taxi = Voucher(id="B-1", person="R-9", on=date(2026, 7, 6), place="H-3",
...                amount=Money("86.50", "CNY"), kind="visit")
>>> check = check_vouchers([taxi, evolve(taxi, id="B-2", place="H-4")], [log])
>>> check.verified, [(finding.subject, finding.key) for finding in check.findings]
(('B-1',), [('B-2', 'voucher_unlogged')])

Source: at an expense claim vouchers are checked against the daily list before reimbursement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from attrs import field, frozen

from salesflow import forms, text
from salesflow.activity import DECISIONS, SEVERITIES, ActivityKind, Decision, counts
from salesflow.conduct.logs import DailyLog
from salesflow.conduct.roll import logs_once
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label
from salesflow.money import Money
from salesflow.ratios import Rate
from salesflow.tables import Table, listed, listed_of

__all__ = ["VOUCHER_REMARKS", "Voucher", "VoucherCheck", "check_vouchers"]

_UNLOGGED: Final = Remark(
    "voucher_unlogged",
    Severity.AVOID,
    Label("{person} {on} 的日志没有提到“{place}”", "no log of {person} on {on} names {place}"),
    Label("核实后再报销", "find out before it is reimbursed"),
)
_TWICE: Final = Remark(
    "voucher_twice",
    Severity.AVOID,
    Label("同一票据重复报销", "the same voucher was handed in before"),
    Label("退回重复的一张", "return the second one"),
)
_NEVER: Final = Remark(
    "voucher_never_counts",
    Severity.AVOID,
    Label("{kind}的票据不予核对通过", "a voucher for {kind} is never verified"),
    Label("报合规审查", "tell compliance"),
)
_UNAPPROVED: Final = Remark(
    "voucher_unapproved",
    Severity.WATCH,
    Label("{kind}的票据没有审批人", "a voucher for {kind} names no approver"),
    Label("先审批，再报销", "have it approved before it is reimbursed"),
)
#: every finding about a voucher
VOUCHER_REMARKS: Final = (_UNLOGGED, _TWICE, _NEVER, _UNAPPROVED)


@frozen(kw_only=True)
class Voucher:
    """A voucher that somebody hands in to be reimbursed."""

    #: number of the voucher
    id: str
    #: who hands it in, by id
    person: str
    #: the day it is for
    on: date
    #: id of the place or the customer it is for
    place: str
    #: the amount
    amount: Money
    #: what it was spent on
    kind: ActivityKind
    #: who approved it, where somebody has to
    approver: str = field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id", "person", "place")
        forms.days(self, "on")
        forms.terms(self, kind=ActivityKind)
        forms.optional_lines(self, "approver")
        if not isinstance(self.amount, Money):
            raise WrongType.of("amount", self.amount, "pass Money")
        if self.amount.minor <= 0:
            raise InvalidValue("amount", "is not above zero", "pass what was spent")


@frozen(kw_only=True)
class VoucherCheck:
    """What checking some vouchers gave."""

    #: ids of those that were verified
    verified: tuple[str, ...]
    #: ids of those that were flagged; one handed in twice may stand in both lists
    flagged: tuple[str, ...]
    #: the money verified, by currency
    verified_amounts: Table[str, Money]
    #: the money flagged, by currency
    flagged_amounts: Table[str, Money]
    #: why each was flagged
    findings: tuple[Finding, ...]

    @property
    def rate(self) -> Rate:
        """Verified of all that were handed in."""
        return Rate(len(self.verified), len(self.verified) + len(self.flagged))


def check_vouchers(
    vouchers: Iterable[Voucher], logs: Iterable[DailyLog], *, settled: Iterable[str] = ()
) -> VoucherCheck:
    """Return which vouchers the logs bear out; `settled` are numbers reimbursed before.

    Of a voucher handed in twice the first one is looked at, and the second one flagged.
    """
    named = _named(logs)
    seen = {text.line(one, "settled") for one in listed(settled, "settled")}
    verified: list[Voucher] = []
    flagged: list[Voucher] = []
    findings: list[Finding] = []
    for voucher in listed_of(vouchers, Voucher, "vouchers"):
        why = tuple(_faults(voucher, named, seen))
        (flagged if why else verified).append(voucher)
        findings += why
        seen.add(voucher.id)
    return VoucherCheck(
        verified=tuple(voucher.id for voucher in verified),
        flagged=tuple(voucher.id for voucher in flagged),
        verified_amounts=_amounts(verified),
        flagged_amounts=_amounts(flagged),
        findings=tuple(findings),
    )


def _named(logs: Iterable[DailyLog]) -> frozenset[tuple[str, date, str]]:
    """Return what the logs name: by whom, on which day, which place or customer."""
    return frozenset(
        (log.person, log.on, name)
        for log in logs_once(logs)
        for entry in log.counted
        for name in entry.names
    )


def _faults(
    voucher: Voucher, named: frozenset[tuple[str, date, str]], seen: set[str]
) -> Iterator[Finding]:
    person, on, place, kind = voucher.person, voucher.on, voucher.place, voucher.kind
    if voucher.id in seen:
        yield _TWICE.about(voucher.id)
    # Nobody approves what they hand in themselves.
    if not counts(kind, approved=voucher.approver not in ("", person)):
        remark = _NEVER if DECISIONS[kind] is Decision.NEVER_COUNTS else _UNAPPROVED
        yield remark.about(voucher.id, severity=SEVERITIES[kind], kind=kind)
    if (person, on, place) not in named:
        yield _UNLOGGED.about(voucher.id, person=person, on=on, place=place)


def _amounts(vouchers: list[Voucher]) -> Table[str, Money]:
    sums: dict[str, int] = {}
    for voucher in vouchers:
        currency = voucher.amount.currency
        sums[currency] = sums.get(currency, 0) + voucher.amount.minor
    return Table({currency: Money.of_minor(sums[currency], currency) for currency in sorted(sums)})
