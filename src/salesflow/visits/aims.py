"""Aims of a visit, written so that one can say afterwards whether they were met.

SMART is checked by what is written, not by opinion: Specific (who does what), Measurable (metric
and target), **Ambitious** (the target lies above the baseline), Realistic (and not above what can
be reached), Timed (a deadline).  An aim that moves the doctor up the ladder of adoption is one
like any other, measured in rungs.

>>> aim = climb("trial", "DR-7", baseline=AdoptionRung.AWARE, target=AdoptionRung.TRIAL,
...             set_on=date(2026, 7, 1), deadline=date(2026, 7, 31))
>>> aim.missing, aim.moves_ladder
((), True)
"""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from salesflow import forms
from salesflow.customers import AdoptionRung
from salesflow.labels import Term
from salesflow.scales import Measure, Rung, exact, reaches

__all__ = ["Smart", "SmartGoal", "climb"]


class Smart(Term):
    """What makes an aim a good one; the A is Ambitious."""

    SPECIFIC = "specific", "明确", "specific"
    MEASURABLE = "measurable", "可衡量", "measurable"
    AMBITIOUS = "ambitious", "有挑战性", "ambitious"
    REALISTIC = "realistic", "可行", "realistic"
    TIMED = "timed", "有期限", "timed"


def _measure(value: Measure | None, box: str) -> Measure | None:
    if value is not None and not isinstance(value, Rung):
        exact(value, box)
    return value


def _baseline(value: Measure | None) -> Measure | None:
    return _measure(value, "baseline")


def _target(value: Measure | None) -> Measure | None:
    return _measure(value, "target")


def _capacity(value: Measure | None) -> Measure | None:
    return _measure(value, "capacity")


@frozen(kw_only=True)
class SmartGoal:
    """An aim, written so that one can say afterwards whether it was met."""

    #: key within its plan
    key: str
    #: who is to do it
    subject: str = ""
    #: what is to be done: a verb and its object
    action: str = ""
    #: what it is measured by
    metric: str = ""
    #: where it stands today, as a number or a rung
    baseline: Measure | None = field(default=None, converter=_baseline)
    #: where it is to stand
    target: Measure | None = field(default=None, converter=_target)
    #: the most that can be reached: the potential, the time and the means
    capacity: Measure | None = field(default=None, converter=_capacity)
    #: the day it was set
    set_on: date
    #: the day by which it is to be met
    deadline: date | None = None

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        forms.optional_lines(self, "subject", "action", "metric")
        forms.days(self, "set_on")
        forms.optional_days(self, "deadline")

    @property
    def missing(self) -> tuple[Smart, ...]:
        """The letters it fails, in their order; () for a SMART aim."""
        target, deadline = self.target, self.deadline
        holds = {
            Smart.SPECIFIC: bool(self.subject and self.action),
            Smart.MEASURABLE: bool(self.metric) and target is not None,
            Smart.AMBITIOUS: _above(target, self.baseline),
            Smart.REALISTIC: _within(target, self.capacity),
            Smart.TIMED: deadline is not None and deadline >= self.set_on,
        }
        return tuple(letter for letter in Smart if not holds[letter])

    @property
    def moves_ladder(self) -> bool:
        """Whether it is to bring the customer up the ladder of adoption."""
        return isinstance(self.target, AdoptionRung) and _above(self.target, self.baseline)


def _above(target: Measure | None, baseline: Measure | None) -> bool:
    if target is None or baseline is None:
        return False
    return reaches(target, baseline) and not reaches(baseline, target)


def _within(target: Measure | None, capacity: Measure | None) -> bool:
    return target is not None and capacity is not None and reaches(capacity, target)


def climb(
    key: str,
    subject: str,
    *,
    baseline: AdoptionRung,
    target: AdoptionRung,
    set_on: date,
    deadline: date | None,
) -> SmartGoal:
    """Return the aim to bring somebody from one rung of adoption to a higher one."""
    rung = forms.term_of(AdoptionRung, target, "target")
    return SmartGoal(
        key=key,
        subject=subject,
        action=f"升至“{rung.label('zh')}” / climb to “{rung.label('en')}”",
        metric="adoption",
        baseline=forms.term_of(AdoptionRung, baseline, "baseline"),
        target=rung,
        capacity=max(AdoptionRung),
        set_on=set_on,
        deadline=deadline,
    )
