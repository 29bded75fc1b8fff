"""What the report tells, computed: the rates, the past told again, and the outlook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from attrs import frozen

from quarter_review_parts.source import Source
from salesflow import Money, Opportunity, Status
from salesflow.metrics import (
    Backtest,
    LearnedRates,
    Outlook,
    backtest,
    learn_newcomers,
    learn_rates,
    learn_shock,
    outlook,
)
from salesflow.money import half_up
from salesflow.periods import Period
from will_we_make_it_parts.way import Way, way_of

__all__ = ["FIELDS", "Job", "Told", "told"]

#: what else a rate may depend on; never the customer, whose name may tell the outcome
FIELDS: Final = ("owner", "product")
# Older periods were told from next to no history: what was missed then would be taken for luck.
_MOST_PERIODS: Final = 6
_FEWEST_PERIODS: Final = 2
# Each owner alone takes longer than the whole book.
_OWNER_PERIODS: Final = 1
# Of more deals, amounts are rounded to this part of the pipeline, or the sums would take minutes.
_MANY: Final = 60
_FINE: Final = 500
_TICK: Final = timedelta(microseconds=1)


@frozen(kw_only=True)
class Job:
    """What is asked, all questions settled."""

    source: Source
    during: Period
    quota: Money
    #: the instant up to which anything is known
    at: datetime


@frozen(kw_only=True)
class Told:
    """The answer and its reasons."""

    job: Job
    #: what history says of the rates, whether it is used or not
    rates: LearnedRates
    #: whether it is used
    learned: bool
    #: every open deal with its exact amount
    exact: Outlook
    #: the same, rounded where there are many deals: what every probability is read from
    outlook: Outlook
    #: to what the amounts are rounded; None where they are not
    unit: Money | None
    #: whether there are so many deals that not every set of them can be tried
    many: bool
    #: the fewest deals that make it safe; None where it is made, or none do
    way: Way | None
    #: earlier periods told again; None where there are too few of them
    past: Backtest | None
    #: the last of them told again for each owner alone
    owners: Backtest | None
    #: the period in which the first deal was closed, None where none was
    first: Period | None


def told(job: Job) -> Told:
    """Compute the answer."""
    source, during = job.source, job.during
    first = _first_closed(job)
    rates = learn_rates(
        source.deals,
        as_of=job.at,
        during=during,
        win_rates=source.win_rates,
        fields=FIELDS,
        machine=source.machine,
    )
    new = learn_newcomers(source.deals, during=during, as_of=job.at, machine=source.machine)
    periods = _periods(job, first)
    past = _again(job, periods) if periods else None
    learned = rates.trusted and rates.n >= rates.enough
    exact = outlook(
        source.deals,
        during,
        win_rates=rates if learned else source.win_rates,
        shock=learn_shock(past.predictions if past else ()),
        new_business=new,
        at=job.at,
        machine=source.machine,
        currency=source.currency,
    )
    unit = _unit(exact)
    read = exact.rounded(unit) if unit else exact
    many = len(exact.prospects) > _MANY
    return Told(
        job=job,
        rates=rates,
        learned=learned,
        exact=exact,
        outlook=read,
        unit=unit,
        many=many,
        way=way_of(read, job.quota, many=many),
        past=past,
        owners=_again(job, periods[-_OWNER_PERIODS:], by=_owner) if periods else None,
        first=first,
    )


def _first_closed(job: Job) -> Period | None:
    """Return the period of the first deal that was ever closed, as far as known today."""
    stood = [deal.as_of(job.at) for deal in job.source.deals]
    ends = [deal.trail[-1].at for deal in stood if deal and deal.status is not Status.OPEN]
    if not ends:
        return None
    period = job.during
    while period.start > min(ends):
        period = period.shift(-1)
    return period


def _periods(job: Job, first: Period | None) -> list[Period]:
    """Return the earlier periods to tell again, oldest first; none where there are too few.

    Each begins after one in which deals were closed, so that there was something to learn from.
    """
    periods: list[Period] = []
    earlier = job.during.shift(-1)
    while first and earlier.start > first.start and len(periods) < _MOST_PERIODS:
        periods.append(earlier)
        earlier = earlier.shift(-1)
    return periods[::-1] if len(periods) >= _FEWEST_PERIODS else []


def _again(
    job: Job, periods: list[Period], by: Callable[[Opportunity], str] | None = None
) -> Backtest:
    """Tell earlier periods again: each as far into it as we are now, or to its end."""
    shortest = min(one.end - one.start for one in periods)
    return backtest(
        [deal for one in job.source.deals if (deal := one.as_of(job.at))],
        periods,
        after=min(job.at - job.during.start, shortest - _TICK),
        win_rates=job.source.win_rates,
        fields=FIELDS,
        by=by,
        machine=job.source.machine,
    )


def _owner(deal: Opportunity) -> str:
    return deal.owner


def _unit(o: Outlook) -> Money | None:
    """Return a round amount, some five-hundredth of the pipeline, for a book of many deals."""
    if len(o.prospects) <= _MANY:
        return None
    minor = o.pipeline.minor // _FINE
    step = 10 ** (len(str(minor)) - 1)
    return Money.of_minor(max(1, half_up(Fraction(minor, step))) * step, o.pipeline.currency)
