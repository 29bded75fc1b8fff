"""The shape of the funnel: how many deals stand where, and where it is blocked.

A healthy funnel has no more deals at a stage than at the one before.  Where it has, a link of the
customer development has a problem, in strategy or in skill; the narrowest step is the bottleneck.
The first stages are the population worked on and do not belong to the shape: by default it starts
at customer analysis, where the machine has its landmark "shape".

>>> from salesflow.ratios import percent
>>> counts = dict(zip(FUNNEL.stages[2:], [50, 20, 12, 10, 7, 6]))
>>> funnel = shape_of(counts)
>>> funnel.is_funnel_shaped, [percent(step.ratio) for step in funnel.steps], funnel.expected_wins
(True, ['40.0%', '60.0%', '83.3%', '70.0%', '85.7%'], Fraction(39, 2))
>>> funnel.bottleneck.source.name, funnel.bottleneck.target.name
('CUSTOMER_ANALYSIS', 'TRUST_BUILDING')

Source: the funnel as a management chart, one bar a stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from heapq import nsmallest
from itertools import pairwise

from attrs import frozen

from salesflow.errors import InvalidValue
from salesflow.funnel import FUNNEL, WIN_RATES, Opportunity, Status, WinRates, rates_of
from salesflow.labels import Term
from salesflow.machine import Machine, table_of
from salesflow.metrics.book import book_of
from salesflow.money import Money
from salesflow.scales import Number
from salesflow.tables import Rows, Table, rows_of

__all__ = ["Focus", "Shape", "Step", "focus", "shape", "shape_of"]


@frozen(kw_only=True)
class Step:
    """Two neighbouring stages of a snapshot."""

    #: the earlier stage
    source: Term
    #: the later stage
    target: Term
    #: later count ÷ earlier count; None where the earlier stage is empty
    ratio: Fraction | None


@frozen(kw_only=True)
class Shape:
    """A snapshot of the funnel: counts and amounts per stage, and what they tell."""

    #: open deals at each stage of the machine
    counts: Table[Term, int]
    #: their amounts
    amounts: Table[Term, Money]
    #: deals won, which reached every stage
    won: int
    #: neighbouring stages of the shape, in order
    steps: tuple[Step, ...]
    #: Σ count × win rate
    expected_wins: Fraction

    @property
    def total(self) -> int:
        """All open deals."""
        return sum(self.counts.values())

    @property
    def anomalies(self) -> tuple[Step, ...]:
        """Steps at which the later stage holds more deals than the earlier one."""
        return tuple(s for s in self.steps if self.counts[s.target] > self.counts[s.source])

    @property
    def is_funnel_shaped(self) -> bool:
        """Whether no later stage holds more deals than the one before."""
        return not self.anomalies

    @property
    def bottleneck(self) -> Step | None:
        """The narrowest step, the earliest of equals; None where no step has a ratio."""
        measured = [step for step in self.steps if step.ratio is not None]
        return min(measured, key=lambda step: step.ratio or Fraction(0), default=None)

    @property
    def reach(self) -> Table[Term, int]:
        """How many deals stand at each stage or beyond, the won included."""
        reached, rows = self.won, dict[Term, int]()
        for stage, count in reversed(tuple(self.counts.items())):
            reached += count
            rows[stage] = reached
        return Table({stage: rows[stage] for stage in self.counts})


@frozen(kw_only=True)
class Focus:
    """A deal that deserves the best people: likely and large."""

    #: id of the deal
    id: str
    #: where it stands
    stage: Term
    #: win rate of that stage
    rate: Fraction
    #: its amount
    amount: Money
    #: when it is expected to close
    expected_close: date | None
    #: its customer
    customer: str
    #: its owner
    owner: str


def shape(
    deals: Iterable[Opportunity],
    *,
    at: datetime | None = None,
    since: Term | None = None,
    win_rates: WinRates | Rows[Term, Number | str] = WIN_RATES,
    machine: Machine = FUNNEL,
) -> Shape:
    """Return the shape of the funnel, as the deals stand or as they stood at `at`.

    `since` is the first stage that belongs to the shape.  Raises as `book_of` does.
    """
    won, book = 0, book_of(deals, machine).as_of(at)
    counts = dict.fromkeys(machine.stages, 0)
    amounts = dict.fromkeys(machine.stages, 0)
    for deal in book:
        now = deal.trail[-1]
        if now.status is Status.OPEN:
            counts[now.target] += 1
            amounts[now.target] += now.amount.minor
        won += now.status is Status.WON
    money = {stage: Money.of_minor(minor, book.currency) for stage, minor in amounts.items()}
    return shape_of(
        counts, amounts=money, won=won, since=since, win_rates=win_rates, machine=machine
    )


def shape_of(
    counts: Rows[Term, int],
    *,
    amounts: Mapping[Term, Money] | None = None,
    won: int = 0,
    since: Term | None = None,
    win_rates: WinRates | Rows[Term, Number | str] = WIN_RATES,
    machine: Machine = FUNNEL,
) -> Shape:
    """Return the shape of a funnel whose counts are known; a stage not given holds none."""
    table_of(machine)
    given = rows_of(counts, "counts")
    for stage, count in given.items():
        machine.stage(stage)
        _check_count("counts", count)
    _check_count("won", won)
    rates = rates_of(win_rates, machine)
    full = {stage: given.get(stage, 0) for stage in machine.stages}
    first = machine.position(machine.landmark("shape") if since is None else machine.stage(since))
    return Shape(
        counts=Table(full),
        amounts=Table(amounts or {}),
        won=won,
        steps=tuple(
            Step(
                source=earlier,
                target=later,
                ratio=Fraction(full[later], full[earlier]) if full[earlier] else None,
            )
            for earlier, later in pairwise(machine.stages[first:])
        ),
        expected_wins=sum((full[stage] * rate for stage, rate in rates.items()), Fraction(0)),
    )


def focus(
    deals: Iterable[Opportunity],
    *,
    top: int | None = None,
    at: datetime | None = None,
    win_rates: WinRates | Rows[Term, Number | str] = WIN_RATES,
    machine: Machine = FUNNEL,
) -> tuple[Focus, ...]:
    """Return the open deals by win rate, then amount, both falling, then id; the first `top`."""
    if top is not None:
        _check_count("top", top)
    rates = rates_of(win_rates, machine)
    # Ranks instead of fractions: comparing fractions is slow.
    rank = {rate: -index for index, rate in enumerate(sorted(set(rates.values())))}
    ranks = {stage: rank[rate] for stage, rate in rates.items()}
    opened = (
        (ranks[deal.stage], -deal.amount.minor, deal.id, deal)
        for deal in book_of(deals, machine).as_of(at)
        if deal.status is Status.OPEN
    )
    chosen = sorted(opened, key=_order) if top is None else nsmallest(top, opened, key=_order)
    return tuple(
        Focus(
            id=deal.id,
            stage=deal.stage,
            rate=rates[deal.stage],
            amount=deal.amount,
            expected_close=deal.expected_close,
            customer=deal.customer,
            owner=deal.owner,
        )
        for *_, deal in chosen
    )


def _check_count(name: str, count: int) -> None:
    if type(count) is not int or count < 0:
        raise InvalidValue(name, "is no whole number of deals", "count deals, from 0")


def _order(row: tuple[int, int, str, Opportunity]) -> tuple[int, int, str]:
    return row[:3]
