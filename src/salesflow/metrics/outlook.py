"""Outlook (前景): what a period will really bring, as a distribution, and what that rests on.

    revenue = cash collected + what each open deal still owes, if it is won + new business

A forecast is one figure, the mean; an outlook tells how likely each figure is, exactly: no draws,
no normal curve.  A deal comes in whole or not at all, so a book with one large deal has two peaks
and no "about the mean" at all.

Under the rates of the stages the deals expected to close in the period enter, as in `forecast`,
and the others are told beside it.  Under rates learned for the period every open deal enters, since
such a rate says how likely the deal is won *in* it.

Deals share a quarter.  `shock` is the standard deviation of a common normal move of the log-odds of
all of them; it keeps the mean, and widens the distribution to what quarters are really like.

>>> from datetime import date
>>> import pendulum
>>> from salesflow.funnel import Stage
>>> from salesflow.periods import Quarter
>>> deal = Opportunity.open(
...     id="D-1", customer="H-3", owner="R-9", product="CLIA-900", stage=Stage.VALUE_PRESENTATION,
...     amount=Money("1200000", "CNY"), at=pendulum.datetime(2026, 7, 1, tz="UTC"),
...     expected_close=date(2026, 9, 20),
... )
>>> o = outlook([deal], during=Quarter(2026, 3))
>>> o.mean, o.quantile(0.5), o.quantile(0.9)
(Money('360000.00', 'CNY'), Money('0.00', 'CNY'), Money('1200000.00', 'CNY'))
>>> round(o.probability(at_least=Money("500000", "CNY")), 9), round(o.cdf(Money("0", "CNY")), 9)
(0.3, 0.7)

Source: J. Gil-Pelaez, "Note on the inversion theorem" (1951); Y. Hong, "On computing the
distribution function for the Poisson binomial distribution" (2013).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import fsum, sqrt
from typing import Final

from attrs import evolve, field, frozen

from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.funnel import FUNNEL, WIN_RATES, Event, Opportunity, Status
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics.book import Book, Tally, book_of
from salesflow.metrics.distribution import Distribution, distribution
from salesflow.metrics.draws import Draw, draws
from salesflow.metrics.fields import Readers
from salesflow.metrics.forecast import Outside
from salesflow.metrics.moments import Window, window
from salesflow.metrics.newcomers import NewBusiness
from salesflow.metrics.prospects import AnyRates, Prospect, Rater, prospects, rater_of
from salesflow.metrics.shock import Scenario, scenarios, shock_of
from salesflow.money import NO_CURRENCY, Money, half_up
from salesflow.periods import Period

__all__ = ["Bin", "Entry", "Outlook", "outlook"]

_BINS: Final = 24
_MOST_BINS: Final = 1_000
# Bins reach to these quantiles; beyond them the axis would be mostly empty.
_EDGE: Final = 0.001
_NOTHING: Final = Fraction(0)


class Entry(Term):
    """Whether an open deal enters the revenue of a period."""

    ENTERS = "enters", "计入", "enters"
    UNDATED = "undated", "未定日期", "undated"
    OVERDUE = "overdue", "已过预计日", "overdue"
    LATER = "later", "以后成交", "expected later"


@frozen(kw_only=True)
class Bin:
    """A run of amounts, and how likely the revenue lies in it."""

    #: more than this; in the first bin, anything up to `high`
    low: Money
    #: up to this; in the last bin, anything more than `low`
    high: Money
    #: the probability
    mass: float


@frozen(kw_only=True)
class Outlook:
    """The revenue of a period as a distribution, with all that enters it."""

    #: cash collected in the period
    completed: Money
    #: every open deal, whether it enters or not
    open_deals: tuple[Prospect, ...] = field(repr=False)
    #: standard deviation of the common move of log-odds, 0 for independent deals
    shock: float
    #: what deals not yet in the funnel will bring, where that was asked for
    new_business: NewBusiness | None
    #: won deals that have still to pay, in no figure but for the cash that came
    unpaid: Tally
    #: the period
    window: Window = field(repr=False)
    #: what rated the deals
    rater: Rater = field(repr=False, eq=False)

    # -- what it says ---------------------------------------------------------------------------

    @property
    def pipeline(self) -> Money:
        """What the open deals are expected to bring: Σ outstanding × probability."""
        return self._money(half_up(self._expected))

    @property
    def mean(self) -> Money:
        """The expected revenue: completed + pipeline + new business, the last two rounded once."""
        more = Fraction(self.new_business.minor) if self.new_business else 0
        return self._money(self.completed.minor + half_up(self._expected + more))

    @property
    def deviation(self) -> Money:
        """The standard deviation of the revenue."""
        return self._money(round(sqrt(self.distribution.variance)))

    def quantile(self, level: float) -> Money:
        """Return the least amount that the revenue stays within with probability `level`.

        P10, the careful figure, is `quantile(0.1)`.  Raises `InvalidValue` for a level that does
        not lie strictly between 0 and 1.
        """
        return self._money(self.distribution.quantile(level))

    def cdf(self, money: Money) -> float:
        """Return the probability that the revenue is at most so much, in [0, 1]."""
        return self.distribution.cdf(self.minor(money, "money"))

    def probability(self, *, at_least: Money) -> float:
        """Return the probability that the revenue is at least so much, such as the quota."""
        return self.distribution.at_least(self.minor(at_least, "at_least"))

    def bins(self, n: int = _BINS) -> tuple[Bin, ...]:
        """Return how likely the revenue lies in each of `n` runs of amounts, for plotting.

        They reach from the 0.1 % to the 99.9 % quantile; the first and the last bin take the rest.
        Of fewer different amounts there are fewer bins.
        """
        if type(n) is not int or not 1 <= n <= _MOST_BINS:
            raise InvalidValue("n", "is no number of bins", f"pass 1 to {_MOST_BINS}")
        law = self.distribution
        low, high = law.quantile(_EDGE), law.quantile(1 - _EDGE)
        edges = sorted({low + (high - low) * place // n for place in range(n)} - {low})
        steps = pairwise([0.0, *map(law.cdf, edges), 1.0])
        bounds = map(self._money, (low, *edges, high))
        return tuple(
            Bin(low=bottom, high=top, mass=after - before)
            for (bottom, top), (before, after) in zip(pairwise(bounds), steps, strict=True)
        )

    @cached_property
    def distribution(self) -> Distribution:
        """The distribution in minor units, with an estimate of its own error."""
        amounts = [one.outstanding for one in self.prospects]
        return distribution(
            amounts, self._scenarios(amounts), certain=self.completed.minor, sizes=self._sizes
        )

    @cached_property
    def wins(self) -> Distribution:
        """The number of the open deals that will be won, as a distribution."""
        ones = [1] * len(self.prospects)
        return distribution(ones, scenarios(ones, self._chances, self.shock))

    def simulated(self, draw: Draw, n: int) -> tuple[Money, ...]:
        """Return `n` revenues drawn by lot, rising: a check of the distribution, never the result.

        `draw` is a `random.Random(seed)`, so that the same seed gives the same draws.
        """
        if type(n) is not int or n < 0:
            raise InvalidValue("n", "is no number of draws", "pass a whole number from 0")
        amounts = [one.outstanding for one in self.prospects]
        drawn = draws(amounts, self._scenarios(amounts), self._sizes, draw, n)
        return tuple(self._money(self.completed.minor + minor) for minor in sorted(drawn))

    # -- what enters it -------------------------------------------------------------------------

    @cached_property
    def prospects(self) -> tuple[Prospect, ...]:
        """The open deals that may bring revenue in the period."""
        if self.rater.within:
            return self.open_deals
        awaits = self.window.awaits
        return tuple([one for one in self.open_deals if awaits(one.expected_close)])

    @property
    def undated(self) -> Tally:
        """Open deals without an expected close, in no figure; none under rates of the period."""
        return self._tally(Entry.UNDATED)

    @property
    def outside(self) -> Outside:
        """Open deals expected in other periods, in no figure; none under rates of the period."""
        later = self._tally(Entry.LATER)
        return Outside(
            later=Tally(n=later.n, amount=later.amount), overdue=self._tally(Entry.OVERDUE)
        )

    def entry(self, prospect: Prospect) -> Entry:
        """Return whether an open deal enters, and if not, why."""
        closes = prospect.expected_close
        if self.rater.within or self.window.awaits(closes):
            return Entry.ENTERS
        if closes is None:
            return Entry.UNDATED
        return Entry.LATER if closes >= self.window.after else Entry.OVERDUE

    def prospect(self, id: str) -> Prospect:
        """Return the open deal with an id; raises `InvalidValue` where there is none."""
        found = next((one for one in self.open_deals if one.id == id), None)
        if found is None:
            raise InvalidValue("id", "is that of no open deal", "name one of the open deals")
        return found

    def changed(self, open_deals: Iterable[Prospect], certain: int = 0) -> Outlook:
        """Return the outlook over other open deals, and so many minor units more for certain."""
        completed = self._money(self.completed.minor + certain)
        return evolve(self, open_deals=tuple(open_deals), completed=completed)

    def rounded(self, unit: Money) -> Outlook:
        """Return the outlook with each amount at stake rounded to a multiple of `unit`.

        A coarse unit, such as a thousandth of the pipeline, makes the distribution of a few dozen
        odd amounts much faster to compute, and moves its quantiles by about the unit.
        """
        minor = self.minor(unit, "unit")
        if minor < 1:
            raise InvalidValue("unit", "is zero or less", "pass an amount above zero")

        def near(amount: int) -> int:
            return (amount + minor // 2) // minor * minor

        new = self.new_business
        sizes = Counter[int]()
        for size, n in self._sizes:
            sizes[near(size)] += n
        return evolve(
            self,
            open_deals=tuple(
                evolve(one, outstanding=near(one.outstanding)) for one in self.open_deals
            ),
            new_business=evolve(
                new, sizes=tuple((self._money(size), n) for size, n in sizes.items())
            )
            if new
            else None,
        )

    @cached_property
    def _expected(self) -> Fraction:
        """Σ outstanding × probability, in minor units: exact under the rates of the stages."""
        if self.rater.learned is not None:
            return Fraction(fsum(one.probability * one.outstanding for one in self.prospects))
        sums = dict.fromkeys(self.rater.nominal, 0)
        for one in self.prospects:
            sums[one.stage] += one.outstanding
        return sum((self.rater.nominal[stage] * minor for stage, minor in sums.items()), _NOTHING)

    @cached_property
    def _chances(self) -> tuple[float, ...]:
        return tuple([one.probability for one in self.prospects])

    @cached_property
    def _sizes(self) -> tuple[tuple[int, int], ...]:
        sizes = self.new_business.sizes if self.new_business else ()
        return tuple((size.minor, n) for size, n in sizes)

    def _scenarios(self, amounts: Sequence[int]) -> tuple[Scenario, ...]:
        come = self.new_business.expected if self.new_business else 0.0
        return scenarios(amounts, self._chances, self.shock, arrivals=come, sizes=self._sizes)

    def _tally(self, entry: Entry) -> Tally:
        found = [one for one in self.open_deals if self.entry(one) is entry]
        return Tally(
            n=len(found),
            amount=self._money(sum(one.outstanding for one in found)),
            ids=tuple(one.id for one in found),
        )

    def _money(self, minor: int) -> Money:
        return Money.of_minor(minor, self.completed.currency)

    def minor(self, money: Money, name: str = "money") -> int:
        """Return money in minor units; raises `WrongType`, and `CurrencyMismatch` for another."""
        if not isinstance(money, Money):
            raise WrongType.of(name, money, "pass Money")
        if money.currency != self.completed.currency:
            raise CurrencyMismatch(self.completed.currency, money.currency)
        return money.minor


def outlook(
    deals: Iterable[Opportunity],
    during: Period | None = None,
    *,
    win_rates: AnyRates = WIN_RATES,
    completed: Money | None = None,
    shock: float = 0,
    new_business: NewBusiness | None = None,
    fields: Readers | None = None,
    at: datetime | None = None,
    machine: Machine = FUNNEL,
    currency: str = NO_CURRENCY,
) -> Outlook:
    """Return the outlook of a period, from the deals as they stand, or as they stood at `at`.

    `win_rates` are those of the stages, or learned ones; for learned fields of one's own, `fields`
    says how to read them.  `completed` replaces the cash collected, `new_business` adds what is not
    in the funnel yet, `currency` is that of a book without deals.  Without a period every open deal
    enters and all cash counts.

    Raises `CurrencyMismatch` for a deal in another currency, `InvalidValue` for learned rates of
    another period and for a shock that is no number from 0 to 5, and as `book_of` does.
    """
    if completed is not None and not isinstance(completed, Money):
        raise WrongType.of("completed", completed, "pass Money")
    asked = currency if completed is None else completed.currency
    if new_business is not None and not isinstance(new_business, NewBusiness):
        raise WrongType.of("new_business", new_business, "pass what learn_newcomers returned")
    book = book_of(deals, machine, currency=asked).as_of(at)
    for money in (completed, new_business.sizes[0][0] if new_business else None):
        if money is not None and money.currency != book.currency:
            raise CurrencyMismatch(book.currency, money.currency)
    span = window(during)
    rater = rater_of(win_rates, book, during, fields, at)
    cash = sum(map(span.cash, _paid(book))) if completed is None else completed.minor
    return Outlook(
        completed=Money.of_minor(cash, book.currency),
        open_deals=tuple(prospects(book, rater)),
        shock=shock_of(shock),
        new_business=new_business,
        unpaid=_unpaid(book),
        window=span,
        rater=rater,
    )


def _paid(book: Book) -> Iterator[tuple[Event, ...]]:
    """Yield the trails with cash in them; imported cash may have been paid back since."""
    for deal in book:
        trail = deal.trail
        if trail[-1].collected.minor or trail[0].observed:
            yield trail


def _unpaid(book: Book) -> Tally:
    won = [deal for deal in book if deal.trail[-1].status is Status.WON]
    owing = [deal for deal in won if deal.outstanding]
    return Tally(
        n=len(owing),
        amount=Money.of_minor(sum(deal.outstanding.minor for deal in owing), book.currency),
        ids=tuple(deal.id for deal in owing),
    )
