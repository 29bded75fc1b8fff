"""Where somebody stands on the roadmap: each standard of a phase, reached or not, and what lacks.

A phase is reached when no standard is unmet and none is unknown: missing data is no failure, and
no success either.  What is asked for every week or month is held to each of them.

>>> from salesflow.money import wan
>>> from salesflow.planning.roadmap import ROADMAP
>>> monthly = {"new_sales_of_month": [wan("3.0"), wan("3.2"), wan("2.9")]}
>>> check = check_phase(ROADMAP.phase("C"), monthly, subject="R-9")
>>> [(row.number, row.verdict.name, str(row.missing)) for row in check.of("new_sales_of_month")]
[(1, 'MET', '0.00 CNY'), (2, 'MET', '0.00 CNY'), (3, 'UNMET', '1000.00 CNY')]
>>> check.findings()[0].text.en
'“sales to new customers a month”, month 3: 29000.00 CNY of 30000.00 CNY'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, cast

from attrs import frozen

from salesflow import text
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label, Term
from salesflow.planning.metric import metric_of
from salesflow.planning.phases import Phase
from salesflow.planning.rhythm import Per
from salesflow.planning.standards import Quantity, Standard, Value, Verdict
from salesflow.tables import Rows, rows_of

__all__ = ["ROADMAP_REMARKS", "RoadmapCheck", "RoadmapRow", "check_phase"]

_SHORT: Final = Remark(
    "standard_unmet",
    Severity.WATCH,
    Label(
        "“{metric}”{when}：{actual}，要求 {required}", "“{metric}”, {when}: {actual} of {required}"
    ),
    Label("还差 {missing}，制定补足计划", "{missing} is missing; plan how to make it up"),
)
_NOT_YET: Final = Remark(
    "attestation_unmet",
    Severity.WATCH,
    Label("“{metric}”{when}：未达到", "“{metric}”, {when}: not yet"),
    Label("与经理约定练习或补做", "agree with the manager how to get there"),
)
_UNMEASURED: Final = Remark(
    "standards_not_measured",
    Severity.WATCH,
    Label("{n} 项标准没有数据：{metrics}", "standards that nobody measured: {n} ({metrics})"),
    Label("补充数据；没有数据不等于未达到", "measure them; without data nobody has failed"),
)
#: every finding of a check
ROADMAP_REMARKS: Final = (_SHORT, _NOT_YET, _UNMEASURED)

# The weightiest verdict decides over several.
_WEIGHT: Final = (Verdict.UNMET, Verdict.UNKNOWN, Verdict.MET, Verdict.NOT_APPLICABLE)


def _weightiest(verdicts: Iterable[Verdict]) -> Verdict:
    return min(verdicts, key=_WEIGHT.index, default=Verdict.NOT_APPLICABLE)


@frozen(kw_only=True)
class RoadmapRow:
    """A standard held to a value: of the whole phase, or of one of its weeks or months."""

    #: the standard
    standard: Standard
    #: which week or month of the values it is, from 1; None for the whole
    number: int | None
    #: what was reached, None where it is unknown or does not apply
    actual: Quantity | None
    #: whether that is enough
    verdict: Verdict
    #: what is missing to it, zero where it is reached, None where nobody knows
    missing: Quantity | None

    @property
    def when(self) -> Label:
        """The week or month, or the phase."""
        return self.standard.per.nth(self.number or 1)


@frozen(kw_only=True)
class RoadmapCheck:
    """A phase of the roadmap, checked standard by standard."""

    #: the phase
    phase: Phase
    #: whom it is about, by id; empty where nobody said
    subject: str
    #: one row for each standard, or for each of its weeks or months
    rows: tuple[RoadmapRow, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict on the phase: met only where nothing is unmet and nothing unknown."""
        return _weightiest(row.verdict for row in self.rows)

    def of(self, metric: Term) -> tuple[RoadmapRow, ...]:
        """Return the rows of a metric; raises `InvalidValue` where the phase asks for none."""
        standard = self.phase.standard(metric)
        return tuple(row for row in self.rows if row.standard == standard)

    def verdict_of(self, metric: Term) -> Verdict:
        """Return the verdict on a metric over all its weeks or months."""
        return _weightiest(row.verdict for row in self.of(metric))

    def findings(self) -> tuple[Finding, ...]:
        """Return what is missing to the phase, row by row, then what nobody measured."""
        return tuple(self._findings(self.subject or self.phase.key))

    def _findings(self, subject: str) -> Iterator[Finding]:
        for row in self.rows:
            if row.verdict is Verdict.UNMET:
                yield _unmet(subject, row)
        unknown = (row.standard.metric for row in self.rows if row.verdict is Verdict.UNKNOWN)
        metrics = tuple(dict.fromkeys(unknown))
        if metrics:
            yield _UNMEASURED.about(subject, n=len(metrics), metrics=metrics)


def check_phase(
    phase: Phase, *values: Rows[Term, Value | Sequence[Value]], subject: str = ""
) -> RoadmapCheck:
    """Hold a phase to tables of values by metric, such as those of `measured`, and some by hand.

    A later table wins over an earlier one, except where it has None, which says nothing.  What is
    asked for by the week or the month comes as a list, oldest first; the longest list tells how
    many of them are over, and what a shorter one leaves out is unknown.  A metric that the phase
    does not ask for is left aside.

    Raises `InvalidValue` and `WrongType`, naming the metric, for a value of another unit, and
    `CurrencyMismatch`.
    """
    if not isinstance(phase, Phase):
        raise WrongType.of("phase", phase, "pass a Phase such as ROADMAP.phase('B')")
    given = dict(chain.from_iterable(_told(table) for table in values))
    turns = {row: _turns(row, given.get(row.metric)) for row in phase.standards}
    over = {
        per: max((len(turns[row]) for row in turns if row.per is per), default=0) for per in Per
    }
    rows = (
        _attained(row, number, value)
        for row, told in turns.items()
        for number, value in enumerate(_filled(told, over[row.per]), start=1)
    )
    return RoadmapCheck(phase=phase, subject=text.optional(subject, "subject"), rows=tuple(rows))


def _told(
    table: Rows[Term, Value | Sequence[Value]],
) -> Iterator[tuple[Term, Value | Sequence[Value]]]:
    """Yield what a table says by metric, without what it leaves open."""
    rows = rows_of(table, "values")
    if len({metric_of(key) for key in rows}) < len(rows):
        raise InvalidValue("values", "have a metric twice", "say each once in a table")
    return ((metric_of(key), value) for key, value in rows.items() if value is not None)


def _turns(standard: Standard, value: Value | Sequence[Value]) -> tuple[Value, ...]:
    """Return the values of a standard, one for each of its weeks or months."""
    if not isinstance(value, list | tuple):
        return (cast("Value", value),)
    if not standard.per.repeats:
        raise InvalidValue(standard.metric.value, "is a list", "pass one value for the whole")
    return tuple(value)


def _filled(values: tuple[Value, ...], length: int) -> tuple[Value, ...]:
    return values + (None,) * (max(length, 1) - len(values))


def _attained(standard: Standard, number: int, value: Value) -> RoadmapRow:
    return RoadmapRow(
        standard=standard,
        number=number if standard.per.repeats else None,
        actual=standard.actual(value),
        verdict=standard.verdict(value),
        missing=standard.missing(value),
    )


def _unmet(subject: str, row: RoadmapRow) -> Finding:
    standard, when, actual, missing = row.standard, row.when, row.actual, row.missing
    if actual is None or missing is None or isinstance(actual, bool):
        return _NOT_YET.about(subject, metric=standard.metric, when=when)
    return _SHORT.about(
        subject,
        metric=standard.metric,
        when=when,
        actual=standard.shown(actual),
        required=standard.shown(standard.required),
        missing=standard.shown(missing, up=True),
    )
