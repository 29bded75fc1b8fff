"""Prospects: what each open deal may still bring, and how likely that is.

The probability is that of the table that was asked: the rate of the stage, or a learned one.  Of a
partly paid deal only the rest is at stake, so no yuan is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from attrs import evolve, frozen
from pendulum import DateTime

from salesflow.drafts import draft_of
from salesflow.errors import ForeignDeal, InvalidValue
from salesflow.funnel import Opportunity, Status, WinRates, rates_of
from salesflow.instants import instant
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics.book import Book
from salesflow.metrics.exposure import clock
from salesflow.metrics.fields import Reader, Readers, categories_of
from salesflow.metrics.rates import LearnedRates
from salesflow.periods import Period
from salesflow.scales import Number
from salesflow.tables import Rows

__all__ = ["AnyRates", "Prospect", "Rater", "prospects", "rater_of"]

#: nominal rates of the stages, or learned ones
AnyRates = WinRates | LearnedRates | Rows[Term, Number | str]


@frozen(kw_only=True, weakref_slot=False)
class Prospect:
    """An open deal, as far as a period's revenue is concerned."""

    #: id of the deal
    id: str
    #: its owner
    owner: str
    #: where it stands
    stage: Term
    #: what is still to be paid, in minor units
    outstanding: int
    #: the expected close, None where nobody said
    expected_close: date | None
    #: the probability that it is won
    probability: float
    #: days at its stage, None under stage rates
    days: float | None = None
    #: the category of each learned field
    categories: tuple[str | None, ...] = ()


_draft: Final = draft_of(Prospect)


@frozen
class Rater:
    """Tells the probability of a deal from one table or the other."""

    #: the machine the deals move in
    machine: Machine
    #: the rate of each stage; empty where rates were learned
    nominal: Mapping[Term, Fraction]
    #: the same as floats, since a million deals ask for them
    floats: Mapping[Term, float]
    #: the learned rates, if any
    learned: LearnedRates | None
    #: what reads the fields that were learned
    readers: tuple[Reader, ...]
    #: the instant at which days at a stage are counted
    at: DateTime | None

    @property
    def within(self) -> bool:
        """Whether a rate is that of winning within the period, whatever close is expected."""
        return self.learned is not None and self.learned.within

    def rated(self, deal: Opportunity) -> Prospect:
        """Return an open deal with its probability."""
        now = deal.trail[-1]
        made: Any = _draft()
        made.id = deal.id
        made.owner = deal.owner
        made.stage = now.target
        made.outstanding = now.amount.minor - now.collected.minor
        made.expected_close = now.expected_close
        if self.learned is None or self.at is None:
            made.probability, made.days, made.categories = self.floats[now.target], None, ()
        else:
            made.days = clock(deal.trail, self.at)
            made.categories = categories_of(self.readers, deal)
            made.probability = self.learned.probability(now.target, made.days, made.categories)
        made.__class__ = Prospect
        prospect: Prospect = made
        return prospect

    def restaged(self, prospect: Prospect, stage: Term) -> Prospect:
        """Return a prospect that has just come to another stage of the machine."""
        self.machine.stage(stage)
        if self.learned is None:
            return evolve(prospect, stage=stage, probability=self.floats[stage])
        told = self.learned.probability(stage, 0.0, prospect.categories)
        return evolve(prospect, stage=stage, days=0.0, probability=told)


def rater_of(
    win_rates: AnyRates,
    book: Book,
    during: Period | None,
    fields: Readers | None,
    at: datetime | None,
) -> Rater:
    """Return what rates the deals of a book.

    Learned rates of winning within a period are refused for another period, and those of another
    machine for this one.
    """
    if not isinstance(win_rates, LearnedRates):
        nominal = rates_of(win_rates, book.machine)
        floats = {stage: float(rate) for stage, rate in nominal.items()}
        return Rater(book.machine, nominal, floats, None, (), None)
    if win_rates.machine != book.machine.name:
        raise ForeignDeal(win_rates.machine, book.machine.name)
    if win_rates.during is not None and win_rates.during != during:
        problem = "were learned for another period"
        raise InvalidValue("win_rates", problem, "learn them with the same during=")
    latest = max((deal.trail[-1].at for deal in book), default=win_rates.as_of)
    moment = max(latest, win_rates.as_of) if at is None else instant(at)
    return Rater(book.machine, {}, {}, win_rates, tuple(win_rates.readers(fields).values()), moment)


def prospects(deals: Iterable[Opportunity], rater: Rater) -> Iterator[Prospect]:
    """Yield every open deal, rated."""
    return (rater.rated(deal) for deal in deals if deal.trail[-1].status is Status.OPEN)
