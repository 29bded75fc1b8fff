"""Service: whether promises are kept, questions answered, files fresh, and customers content.

Every figure of counts is a rate with its n and an interval.  A promise is decided once it was kept
or its day has passed; one that was taken back, or has no day, is in no rate.

>>> from datetime import date
>>> from salesflow.visits import Commitment
>>> kept = Commitment(key="quote", by="company", made_on=date(2025, 3, 3), due=date(2025, 3, 10))
>>> str(on_time([kept.fulfil(date(2025, 3, 9)), kept], on=date(2025, 3, 11)))
'50.0% (n=2)'
>>> satisfaction([4, 5, 3], scale=(1, 5)).mean
Fraction(4, 1)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Final

from attrs import frozen

from salesflow import text
from salesflow.customers import FRESHNESS, CustomerFile, Freshness
from salesflow.errors import InvalidValue, WrongType
from salesflow.forms import count, term_of
from salesflow.instants import day
from salesflow.ratios import Rate
from salesflow.scales import Number, common_measure, exact
from salesflow.tables import listed, listed_of
from salesflow.visits import AcademicEvent, Commitment, CommitmentState, Feedback, Party

__all__ = [
    "Satisfaction",
    "answered_in_time",
    "files_fresh",
    "on_time",
    "participation",
    "response_days",
    "retention",
    "satisfaction",
    "update_frequency",
]


# A scale has a lowest and a highest answer.
_ENDS: Final = 2


def on_time(commitments: Iterable[Commitment], on: date, *, by: Party | None = None) -> Rate:
    """Return how many of the promises decided by a day were kept by their own day.

    With `by` only the promises of that side are looked at.
    """
    today, hits, n = day(on, "on"), 0, 0
    side = None if by is None else term_of(Party, by, "by")
    for promise in listed_of(commitments, Commitment, "commitments"):
        if promise.due is None or side not in (None, promise.by):
            continue
        state = promise.state(today)
        if state in (CommitmentState.FULFILLED, CommitmentState.OVERDUE):
            n += 1
            hits += state is CommitmentState.FULFILLED and promise.on_time is True
    return Rate(hits, n)


def answered_in_time(feedback: Iterable[Feedback], on: date) -> Rate:
    """Return how much feedback with a promised day, decided by `on`, was answered by that day."""
    today, hits, n = day(on, "on"), 0, 0
    for heard in listed_of(feedback, Feedback, "feedback"):
        if heard.respond_by is None:
            continue
        answered = heard.handled_on is not None and heard.handled_on <= today
        if answered or today > heard.respond_by:
            n += 1
            hits += (
                heard.handled_on is not None and answered and heard.handled_on <= heard.respond_by
            )
    return Rate(hits, n)


def response_days(feedback: Iterable[Feedback]) -> Fraction | None:
    """Return the mean of the days our answers took, exact; None where nothing was answered."""
    days = [heard.response_days for heard in listed_of(feedback, Feedback, "feedback")]
    taken = [one for one in days if one is not None]
    return Fraction(sum(taken), len(taken)) if taken else None


def files_fresh(files: Iterable[CustomerFile], on: date, rule: Freshness = FRESHNESS) -> Rate:
    """Return how many customers' files were updated within the days that a rule allows."""
    found = listed_of(files, CustomerFile, "files")
    day(on, "on")
    if not isinstance(rule, Freshness):
        raise WrongType.of("rule", rule, "pass a Freshness")
    return Rate(sum(file.fresh(on, rule) for file in found), len(found))


def update_frequency(updates: int, customers: int, months: int) -> Fraction | None:
    """Return updates per customer and month, exact; None without customers or months."""
    for name, number in (("updates", updates), ("customers", customers), ("months", months)):
        count(number, name)
    return Fraction(updates, customers * months) if customers and months else None


def participation(events: Iterable[AcademicEvent], on: date | None = None) -> Rate:
    """Return how many of those invited to some academic events came.

    With `on` only events up to that day are looked at: nobody came yet to one that is planned.
    """
    found = listed_of(events, AcademicEvent, "events")
    last = date.max if on is None else day(on, "on")
    rates = [event.participation for event in found if event.on <= last]
    return Rate(sum(rate.hits for rate in rates), sum(rate.n for rate in rates))


def retention(before: Iterable[str], after: Iterable[str]) -> Rate:
    """Return how many of the customers before, by id, are customers still (保有率)."""
    base = {text.line(one, "before") for one in listed(before, "before")}
    left = {text.line(one, "after") for one in listed(after, "after")}
    return Rate(len(base & left), len(base))


@frozen(kw_only=True)
class Satisfaction:
    """How content customers say they are, on the scale they were asked on."""

    #: how many answered
    n: int
    #: the mean of their answers, exact; None where nobody answered
    mean: Fraction | None
    #: the lowest and the highest answer possible
    scale: tuple[Fraction, Fraction]

    @property
    def share(self) -> Fraction | None:
        """Where the mean lies between the lowest answer (0) and the highest (1)."""
        low, high = self.scale
        return None if self.mean is None else (self.mean - low) / (high - low)


def satisfaction(answers: Iterable[Number], *, scale: tuple[Number, Number]) -> Satisfaction:
    """Return the mean of some answers on a declared scale; no scale is assumed.

    Raises `InvalidValue` for an answer off the scale.
    """
    bounds = tuple(exact(bound, "scale") for bound in listed(scale, "scale"))
    if len(bounds) != _ENDS or bounds[0] >= bounds[1]:
        raise InvalidValue("scale", "does not rise from one end to another", "pass (low, high)")
    low, high = bounds
    given = [exact(answer, "answers") for answer in listed(answers, "answers")]
    if any(not low <= answer <= high for answer in given):
        raise InvalidValue("answers", "lie off the scale", "declare the scale they were given on")
    common_measure(given, "answers")
    mean = sum(given, Fraction(0)) / len(given) if given else None
    return Satisfaction(n=len(given), mean=mean, scale=(low, high))
