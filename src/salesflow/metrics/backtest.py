"""Back-test: how the outlook would have done, told again at the beginning of each past period.

At each origin only what was known then is seen: the book is cut there, the rates are learned from
it, new business and the common shock from the periods before it.  What then happened is set beside
what was told, as rows: a `Prediction` a deal, a `Total` a group of deals.  `calibration` and
`accuracy` judge them.

    actual = cash of the period up to the origin
             + what each deal won afterwards still owed at the origin (or was worth, if it was new)

so a total is compared with the very thing that was forecast.

Source: L. J. Tashman, "Out-of-sample tests of forecasting accuracy" (2000).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from math import fsum, gcd, sqrt
from typing import Final

from attrs import frozen
from pendulum import DateTime

from salesflow import text
from salesflow.errors import InvalidValue, WrongType
from salesflow.funnel import FUNNEL, WIN_RATES, Opportunity, Status, WinRates, rates_of
from salesflow.instants import instant
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics.accuracy import Total, crps
from salesflow.metrics.book import Book, book_of
from salesflow.metrics.calibration import Prediction
from salesflow.metrics.fields import Readers
from salesflow.metrics.learning import learn_rates
from salesflow.metrics.moments import last_before, period_of
from salesflow.metrics.newcomers import learn_newcomers
from salesflow.metrics.outlook import Outlook, outlook
from salesflow.metrics.prospects import Prospect
from salesflow.metrics.shock import shock_of
from salesflow.money import Money
from salesflow.periods import Period
from salesflow.scales import Number
from salesflow.tables import Rows, Table, listed, listed_of

__all__ = ["PRIOR_SHOCK", "Backtest", "backtest", "learn_shock"]

#: the shock that is assumed where no past says otherwise
PRIOR_SHOCK: Final = 0.25
# How many groups of usual size that is worth.
_PRIOR_GROUPS: Final = 3.0
# The least that the prior is worth: v² of forty even deals.
_PRIOR_SQUARE: Final = 100.0
# No shock is learned beyond this: it takes even odds to seven to one.
_MOST_SHOCK: Final = 2.0
# What was told from fewer earlier periods was off for want of them, and teaches no shock.
_LOOKS: Final = 4
_EVERYBODY: Final = "all"
_LEVELS: Final = (0.1, 0.5, 0.9)
# Amounts are rounded to this part of what is at stake: finer than anything a total tells.
_FINE: Final = 2_000

# Longer than any period.
_LONGEST: Final = timedelta(days=400_000)

#: told after each origin: how many are done, of how many
Progress = Callable[[int, int], object]


@frozen(kw_only=True)
class Backtest:
    """What was told at each origin, and what happened: rows for `calibration` and `accuracy`."""

    #: a row for each open deal at each origin
    predictions: tuple[Prediction, ...]
    #: a row for each group at each origin; the subject "all" is the whole book
    totals: tuple[Total, ...]
    #: the shock used at each origin, by period
    shocks: Table[str, float]


def learn_shock(predictions: Iterable[Prediction], *, prior: float = PRIOR_SHOCK) -> float:
    """Learn the common shock from predictions that have come true or not, period by period.

    Deals of one group in one period share the shock, which moves the number of wins beyond what
    independent deals would: with v = Σ p (1 - p), the variance of wins W is v + shock² v².  So

        shock² = (k v̄² prior² + Σ ((W - Σ p)² - v)) ÷ (k v̄² + Σ v²),

    over the groups, drawn to the prior as if that were `k` = 3 groups of mean size, or one of
    forty even deals where groups are small; never negative, and at most 2.
    """
    shock_of(prior, "prior")
    groups: defaultdict[tuple[str, str], list[Prediction]] = defaultdict(list)
    for one in listed_of(predictions, Prediction, "predictions"):
        groups[one.period, one.group].append(one)
    excess: list[float] = []
    square: list[float] = []
    for told in groups.values():
        variance = fsum(one.probability * (1 - one.probability) for one in told)
        missed = fsum(one.happened - one.probability for one in told)
        excess.append(missed * missed - variance)
        square.append(variance * variance)
    whole = fsum(square)
    if not whole:
        return prior
    belief = max(_PRIOR_GROUPS * whole / len(square), _PRIOR_SQUARE)
    found = (belief * prior * prior + fsum(excess)) / (belief + whole)
    return sqrt(min(_MOST_SHOCK * _MOST_SHOCK, max(0.0, found)))


def backtest(
    deals: Iterable[Opportunity],
    periods: Iterable[Period],
    *,
    after: timedelta = timedelta(0),
    win_rates: WinRates | Rows[Term, Number | str] = WIN_RATES,
    fields: Readers = (),
    by: Callable[[Opportunity], str] | None = None,
    shock: float | None = None,
    progress: Progress | None = None,
    machine: Machine = FUNNEL,
) -> Backtest:
    """Tell each period again from what was known `after` its beginning, and what happened.

    `by` groups the deals, say by owner: each group then is a total of its own, with a shock learned
    from groups; without it the whole book is one.  `shock` is learned from the origins before, of
    those that had four earlier periods to learn from, unless it is given.  `progress` is called
    after each origin.

    Raises `InvalidValue` for no periods, for periods that do not come one after the other, and for
    an origin that does not lie in its period; and as `book_of` does.
    """
    told = listed(periods, "periods")
    book = book_of(deals, machine)
    for name, call in (("by", by), ("progress", progress)):
        if call is not None and not callable(call):
            raise WrongType.of(name, call, "pass a function")
    if shock is not None:
        shock_of(shock, "shock")
    runner = _Runner(book, win_rates, fields, by or _everybody)
    for done, (period, at) in enumerate(_origins(told, after), start=1):
        runner.run(period, at, shock)
        if progress is not None:
            progress(done, len(told))
    return Backtest(
        predictions=tuple(runner.predictions),
        totals=tuple(runner.totals),
        shocks=Table(runner.shocks),
    )


def _everybody(_: Opportunity) -> str:
    return _EVERYBODY


def _origins(periods: Sequence[Period], after: timedelta) -> list[tuple[Period, DateTime]]:
    if not isinstance(after, timedelta):
        raise WrongType.of("after", after, "pass a timedelta")
    if not timedelta(0) <= after <= _LONGEST:
        raise InvalidValue("after", "leads out of a period", "pass less than its length")
    if not periods:
        raise InvalidValue("periods", "are empty", "list past periods, oldest first")
    origins = [(period_of(one), instant(one.start + after)) for one in periods]
    for period, at in origins:
        if not period.start <= at < period.end:
            raise InvalidValue("after", "leads out of a period", "pass less than its length")
    if any(later.start < earlier.end for earlier, later in pairwise(periods)):
        raise InvalidValue("periods", "overlap or do not rise", "list them oldest first")
    return origins


class _Runner:
    """Tells one period after the other; each learns the shock from those before."""

    def __init__(
        self,
        book: Book,
        win_rates: WinRates | Rows[Term, Number | str],
        fields: Readers,
        by: Callable[[Opportunity], str],
    ) -> None:
        self._book = book
        self._rates = win_rates
        self._nominal = {
            stage: float(rate) for stage, rate in rates_of(win_rates, book.machine).items()
        }
        self._fields = fields
        groups: defaultdict[str, list[Opportunity]] = defaultdict(list)
        for deal in book:
            groups[text.line(by(deal), "by")].append(deal)
        self._groups = {name: book_of(groups[name], book.machine) for name in sorted(groups)}
        self._taught: list[Prediction] = []
        self.predictions: list[Prediction] = []
        self.totals: list[Total] = []
        self.shocks: dict[str, float] = {}

    def run(self, period: Period, at: DateTime, shock: float | None) -> None:
        """Tell one period, and note what happened."""
        learned = learn_rates(
            self._book,
            as_of=at,
            during=period,
            win_rates=self._rates,
            fields=self._fields,
            machine=self._book.machine,
        )
        size = learn_shock(self._taught) if shock is None else shock
        self.shocks[str(period)] = size
        end = period.end
        for name, group in self._groups.items():
            new = learn_newcomers(group, during=period, as_of=at, machine=group.machine)
            o = outlook(
                group,
                period,
                win_rates=learned,
                shock=size,
                new_business=new,
                fields=self._fields,
                at=at,
                machine=group.machine,
                currency=group.currency,
            )
            won = {deal.id: _won(deal, at, end) for deal in group}
            if name != _EVERYBODY and not any(won.values()) and _unknown(group, at):
                continue  # nobody knew the group yet
            told = [self._prediction(one, name, str(period), won[one.id]) for one in o.prospects]
            self.predictions += told
            if learned.looks >= _LOOKS:
                self._taught += told
            self.totals.append(self._total(o, name, str(period), won))

    def _prediction(self, one: Prospect, group: str, period: str, won: int | None) -> Prediction:
        return Prediction(
            deal=one.id,
            group=group,
            period=period,
            probability=one.probability,
            nominal=self._nominal[one.stage],
            happened=won is not None,
        )

    def _total(self, o: Outlook, group: str, period: str, won: Mapping[str, int | None]) -> Total:
        def money(minor: int) -> Money:
            return Money.of_minor(minor, o.completed.currency)

        actual = o.completed.minor + sum(minor for minor in won.values() if minor)
        nominal = fsum(
            self._nominal[one.stage] * one.outstanding
            for one in o.open_deals
            if one.expected_close is None or o.window.awaits(one.expected_close)
        )
        told = _coarse(o)
        return Total(
            subject=group,
            period=period,
            mean=o.mean,
            actual=money(actual),
            nominal=money(o.completed.minor + round(nominal)),
            quantiles=Table({level: told.quantile(level) for level in _LEVELS}),
            crps=crps(told.distribution, actual),
        )


def _unknown(deals: Iterable[Opportunity], at: DateTime) -> bool:
    """Whether none of some deals was opened yet."""
    return all(deal.trail[0].at > at for deal in deals)


def _coarse(o: Outlook) -> Outlook:
    """Round the amounts where they are of all sizes, so that many totals can be told in time."""
    amounts = [one.outstanding for one in o.prospects]
    if o.new_business:
        amounts += [size.minor for size, _ in o.new_business.sizes]
    at_stake, common = sum(amounts), gcd(*amounts)
    if at_stake <= _FINE * common:
        return o
    return o.rounded(Money.of_minor(1 + at_stake // _FINE, o.completed.currency))


def _won(deal: Opportunity, at: DateTime, end: DateTime) -> int | None:
    """Return what a deal brought by being won after an origin and before the end; else None.

    Of a deal known at the origin, open or lost, that is what it still owed; of a newer one, all.
    """
    closed = last_before(deal.trail, end)
    stood = deal.as_of(at)
    if closed is None or closed.status is not Status.WON:
        return None
    if stood is None:
        return closed.amount.minor
    return None if stood.status is Status.WON else stood.outstanding.minor
