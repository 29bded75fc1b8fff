"""Which visits count as effective, and what the others lack (有效拜访).

A visit is effective when it was held, had an aim, reached something (an aim met, or a promise of
the customer), and its summary was written in time.  The sources name the measure and leave its
rule open; this one is ours, and each part of it can be set.

>>> EFFECTIVE.summary_within
datetime.timedelta(days=1)
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from attrs import field, frozen
from pendulum import DateTime

from salesflow import forms
from salesflow.activity import counts
from salesflow.errors import InvalidValue, WrongType
from salesflow.instants import elapsed
from salesflow.labels import Term
from salesflow.visits.outcome import Party, Summary
from salesflow.visits.sheet import Sheet
from salesflow.visits.standing import Standing

__all__ = ["EFFECTIVE", "EffectiveRule", "Shortfall", "rule_of"]


class Shortfall(Term):
    """Why a visit is not effective."""

    NEVER_COUNTS = "never_counts", "活动类型不计入", "its kind does not count"
    NOT_HELD = "not_held", "未成行", "it was not held"
    NO_AIM = "no_aim", "没有目的", "it had no aim"
    NO_RESULT = "no_result", "没有达成目的或取得承诺", "no aim met, no promise obtained"
    NO_SUMMARY = "no_summary", "没有访后总结", "no summary"
    SUMMARY_LATE = "summary_late", "访后总结不及时", "the summary came late"


def _within(value: timedelta) -> timedelta:
    if not isinstance(value, timedelta):
        raise WrongType.of("summary_within", value, "pass a timedelta")
    if value < timedelta(0):
        raise InvalidValue("summary_within", "is below zero", "pass zero or more")
    return value


@frozen(kw_only=True)
class EffectiveRule:
    """From when on a visit counts as effective."""

    #: aims that were planned, at least
    aims: int = 1
    #: aims met and promises obtained, together at least
    results: int = 1
    #: whether a promise of the customer counts as a result
    promises_count: bool = True
    #: how long after the conversation the summary may be written
    summary_within: timedelta = field(default=timedelta(days=1), converter=_within)

    def __attrs_post_init__(self) -> None:
        forms.counts_of(self, "aims", "results")
        forms.flags(self, "promises_count")

    def missing(self, visit: Standing, sheet: Sheet | None = None) -> tuple[Shortfall, ...]:
        """Return what a visit lacks to be effective; () for an effective one.

        The sheet is read from the visit where it is not given.
        """
        form = visit.sheet if sheet is None else sheet
        planned = 0 if form.plan is None else len(form.plan.aims)
        late = _lateness(visit)
        lacks = {
            Shortfall.NEVER_COUNTS: not counts(visit.kind),
            Shortfall.NOT_HELD: visit.held_at is None,
            Shortfall.NO_AIM: planned < self.aims,
            Shortfall.NO_RESULT: not self.reached(form),
            Shortfall.NO_SUMMARY: late is None,
            Shortfall.SUMMARY_LATE: late is not None and late > self.summary_within,
        }
        return tuple(shortfall for shortfall, lacking in lacks.items() if lacking)

    def reached(self, sheet: Sheet) -> bool:
        """Whether a visit reached something: aims met, or promises of the customer."""
        promised = sum(
            promise.by is Party.CUSTOMER and promise.withdrawn_on is None
            for promise in sheet.commitments
        )
        return len(sheet.aims_met) + promised * self.promises_count >= self.results

    def effective(self, visit: Standing, sheet: Sheet | None = None) -> bool:
        """Whether a visit is effective."""
        return not self.missing(visit, sheet)


#: held, with an aim, with a result, summarised within a day
EFFECTIVE: Final = EffectiveRule()


def rule_of(rule: object) -> EffectiveRule:
    """Return a rule; raises `WrongType` for anything else."""
    if not isinstance(rule, EffectiveRule):
        raise WrongType.of("rule", rule, "pass an EffectiveRule")
    return rule


def _lateness(visit: Standing) -> timedelta | None:
    """Return how long after the conversation the first summary was written; None without one."""
    over: DateTime | None = None
    for event in visit.trail:
        if event.source is not event.target:
            over = event.at  # the last step begins where the conversation ends
        if over is not None and Summary in map(type, event.records):
            return elapsed(event.at, over)
    return None
