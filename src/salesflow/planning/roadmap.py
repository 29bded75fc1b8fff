"""The success roadmap (成功路线图): what a salesperson reaches in each phase of the first year.

Success has rules and comes from effort: whoever reaches at least these standards, phase by phase,
gets there.  After a year a company makes its own of them, by its market: another value.

>>> ROADMAP.phase("C").standard("in_analysis").required
40
>>> own = ROADMAP.phase("C").with_standard(Standard(metric="in_analysis", required=30))
>>> ROADMAP.with_phase(own).phase("C").standard("in_analysis").required
30
>>> ROADMAP.phase_at(date(2026, 1, 12), on=date(2026, 2, 20)).label.en
'first months with quota'

The source asks in two phases to invite key customers to meals and entertainment.  That is left
out: hospitality counts nowhere here.  `DEVIATIONS` says what stands in its place.

The spans of the phases B to E are ours (`Stretch.assumed`), since their figures are lost in the
source.  All of them run from the entry: the weeks of training lie within the first months, and the
last phase looks back on the whole year.

Source: training material on project selling to hospitals, and its five phases.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Final, Self

from attrs import evolve, field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.instants import day
from salesflow.labels import Label, Term
from salesflow.money import wan
from salesflow.planning.metric import Metric, metric_of
from salesflow.planning.phases import Phase, Stretch
from salesflow.planning.rhythm import Per
from salesflow.planning.standards import Quantity, Standard, StandardKind, Unit

__all__ = ["DEVIATIONS", "ROADMAP", "Deviation", "Roadmap"]


@frozen(kw_only=True)
class Deviation:
    """Something the source asks for and the roadmap does not, and what stands in its place."""

    #: key of the phase
    phase: str
    #: what the source asks for
    asked: Label
    #: why it is left out
    reason: Label
    #: the metric of the standard in its place
    substitute: Term = field(converter=metric_of)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "phase")
        for box in ("asked", "reason"):
            if not isinstance(getattr(self, box), Label):
                raise WrongType.of(box, getattr(self, box), "pass a Label")


def _phases(value: Iterable[Phase]) -> tuple[Phase, ...]:
    phases = forms.list_of(Phase, value, "phases")
    if len({phase.key for phase in phases}) < len(phases):
        raise InvalidValue("phases", "have one key twice", "give each phase its own key")
    return phases


def _deviations(value: Iterable[Deviation]) -> tuple[Deviation, ...]:
    return forms.list_of(Deviation, value, "deviations")


@frozen(kw_only=True)
class Roadmap:
    """The phases on the way to success, in order; a company's own is another value."""

    #: its name
    name: str
    #: the phases, in order
    phases: tuple[Phase, ...] = field(converter=_phases)
    #: where it differs from its source
    deviations: tuple[Deviation, ...] = field(default=(), converter=_deviations)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "name")
        for row in self.deviations:
            self.phase(row.phase).standard(row.substitute)

    def phase(self, key: str) -> Phase:
        """Return the phase of a key; raises `InvalidValue` where there is none."""
        for phase in self.phases:
            if phase.key == key:
                return phase
        raise InvalidValue("phase", f"is not one of {self.name}", "use the key of one of them")

    def with_phase(self, phase: Phase) -> Self:
        """Return the roadmap with the phase of that key replaced, or added as the last."""
        (new,) = forms.list_of(Phase, [phase], "phase")
        if all(old.key != new.key for old in self.phases):
            return evolve(self, phases=(*self.phases, new))
        return evolve(self, phases=(new if old.key == new.key else old for old in self.phases))

    def phases_at(self, started_on: date, on: date) -> tuple[Phase, ...]:
        """Return the phases that run on `on` for somebody who entered on a day, in order."""
        today = day(on, "on")
        return tuple(phase for phase in self.phases if today in phase.stretch.during(started_on))

    def phase_at(self, started_on: date, on: date) -> Phase | None:
        """Return the first of these, None before the entry and after the last phase."""
        return next(iter(self.phases_at(started_on, on)), None)


def _work(metric: Metric, required: Quantity, unit: Unit = Unit.COUNT) -> Standard:
    """A work standard, asked for every week."""
    return Standard(
        metric=metric, required=required, unit=unit, per=Per.WEEK, kind=StandardKind.WORK
    )


def _done(metric: Metric) -> Standard:
    """A work standard that somebody attests every week."""
    return _work(metric, required=True, unit=Unit.ATTESTED)


def _target(
    metric: Metric, required: Quantity, unit: Unit = Unit.COUNT, per: Per = Per.PHASE
) -> Standard:
    """A target of the phase."""
    return Standard(metric=metric, required=required, unit=unit, per=per)


def _able(metric: Metric) -> Standard:
    """A target of the phase that somebody attests."""
    return _target(metric, required=True, unit=Unit.ATTESTED)


_A: Final = Phase(
    key="A",
    label=Label("销售培训期", "training"),
    stretch=Stretch(Per.WEEK, 1, 4),
    standards=(
        _done(Metric.BASICS_STUDIED),
        _done(Metric.SELLING_LEARNED),
        _done(Metric.INDUSTRY_KNOWN),
        _done(Metric.ANSWERS_PREPARED),
        _able(Metric.PRODUCT_MEMORISED),
        _able(Metric.ANSWERS_MEMORISED),
        _able(Metric.FIRST_TALK),
        _target(Metric.TARGET_CUSTOMERS, 20),
        _target(Metric.LEAD_CUSTOMERS, 5),
        _able(Metric.CONSULTATIVE_SELLING),
    ),
)
_B: Final = Phase(
    key="B",
    label=Label("有定额的最初几个月", "first months with quota"),
    stretch=Stretch(Per.MONTH, 1, 3, assumed=True),
    standards=(
        _work(Metric.CUSTOMER_DATA, 20),
        _work(Metric.LEAD_DAYS, 4, Unit.DURATION),
        _work(Metric.VISIT_HOURS, 10, Unit.DURATION),
        _target(Metric.PROSPECTS, 50),
        _target(Metric.IN_ANALYSIS, 20),
        _target(Metric.TRUST, 10),
        _target(Metric.NEEDS, 6),
        _able(Metric.STANDARD_TALK),
        _able(Metric.TECHNICAL_TALK),
    ),
)
_C: Final = Phase(
    key="C",
    label=Label("有定额的成长阶段", "months of growth with quota"),
    stretch=Stretch(Per.MONTH, 4, 6, assumed=True),
    standards=(
        _work(Metric.CUSTOMERS_VISITED, 8),
        _work(Metric.PROSPECTS_FOUND, 2),
        _done(Metric.FORMS_HANDED_IN),
        _work(Metric.AT_SALES_MEETING, 5),
        _work(Metric.KEY_DISCUSSED, 5),
        _done(Metric.SENIOR_SUPPORT),
        _work(Metric.KEY_EXCHANGES, 2),
        _target(Metric.IN_ANALYSIS, 40),
        _target(Metric.TRUST, 20),
        _target(Metric.NEEDS, 12),
        _target(Metric.VALUE, 10),
        _target(Metric.COMMITMENT, 7),
        _target(Metric.CONTRACTS, 2),
        _target(Metric.NEW_SALES_OF_MONTH, wan(3), Unit.MONEY, Per.MONTH),
        _target(Metric.COLLECTION_RATE, Fraction(9, 10), Unit.SHARE, Per.MONTH),
        _target(Metric.NEW_PROJECTS, 3),
    ),
)
_D: Final = Phase(
    key="D",
    label=Label("有定额的成熟阶段", "mature months with quota"),
    stretch=Stretch(Per.MONTH, 7, 9, assumed=True),
    # as C, but for two rows
    standards=_C.with_standard(_work(Metric.KEY_EXCHANGES, 1))
    .with_standard(_target(Metric.IN_ANALYSIS, 50))
    .standards,
)
_E: Final = Phase(
    key="E",
    label=Label("有定额的全年", "the year with quota"),
    stretch=Stretch(Per.MONTH, 1, 12, assumed=True),
    standards=(
        _target(Metric.NEW_CUSTOMERS, 7, per=Per.YEAR),
        _target(Metric.NEW_SALES_OF_YEAR, wan(60), Unit.MONEY, Per.YEAR),
        _target(Metric.EXISTING_GROWTH, Fraction(3, 10), Unit.SHARE, Per.YEAR),
    ),
)

_NO_HOSPITALITY: Final = Label(
    "招待不得作为工作要求，也不计入任何结果；以专业交流代替",
    "hospitality is no standard of work and counts nowhere; professional exchange takes its place",
)
#: what the source asks for and the roadmap does not
DEVIATIONS: Final = (
    Deviation(
        phase="C",
        asked=Label(
            "每周请出 2 个关键客户吃饭、娱乐",
            "2 key customers a week invited to meals and entertainment",
        ),
        reason=_NO_HOSPITALITY,
        substitute=Metric.KEY_EXCHANGES,
    ),
    Deviation(
        phase="D",
        asked=Label(
            "每周请出 1 个关键客户吃饭、娱乐",
            "1 key customer a week invited to meals and entertainment",
        ),
        reason=_NO_HOSPITALITY,
        substitute=Metric.KEY_EXCHANGES,
    ),
)
#: the roadmap to start from
ROADMAP: Final = Roadmap(name="success", phases=(_A, _B, _C, _D, _E), deviations=DEVIATIONS)
