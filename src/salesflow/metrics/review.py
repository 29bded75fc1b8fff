"""The quarter review: every figure of a period in one value, and what it tells.

All figures read the same deals up to the same moment, so they agree: the forecast, the three
ratios, the bridge, conversion, shape, pace and coverage of the team, and what moved for each owner.
The findings say what is wrong, where, and what to do next, in both languages.

>>> import pendulum
>>> from salesflow import Opportunity, Quarter, Stage, wan
>>> deal = Opportunity.open(
...     id="D-1", customer="H-3", owner="R-9", product="CLIA-900", amount=wan(120),
...     at=pendulum.datetime(2026, 7, 1, tz="UTC"), stage=Stage.NEEDS_DISCOVERY,
... )
>>> report = review([deal], quota=wan(500), during=Quarter(2026, 3))
>>> [finding.key for finding in report.findings][:3]
['behind_quota', 'thin_coverage', 'undated_deals']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from attrs import evolve, frozen

from salesflow.findings import Finding
from salesflow.funnel import FUNNEL, WIN_RATES, LossReason, Opportunity, WinRates
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics import remarks
from salesflow.metrics.book import Book, Tally, book_of
from salesflow.metrics.bridge import Bridge, bridge
from salesflow.metrics.churn import bad_debt, churn, losses
from salesflow.metrics.conversion import Conversion, conversion
from salesflow.metrics.coverage import Coverage, coverage
from salesflow.metrics.forecast import Forecast, check_quota, forecast
from salesflow.metrics.moments import closing, first_day_ahead
from salesflow.metrics.movements import MovementKind, Movements, movements
from salesflow.metrics.pace import Pace, pace
from salesflow.metrics.progress import progress, regressed, unchanged
from salesflow.metrics.shape import Focus, Shape, focus, shape
from salesflow.money import Money
from salesflow.periods import Period
from salesflow.ratios import Ratio, percent
from salesflow.scales import Number
from salesflow.tables import Rows, Table

__all__ = ["OwnerLine", "Review", "review"]

# Deals of the focus list.
_FOCUS: Final = 10


@frozen(kw_only=True)
class OwnerLine:
    """One owner's part of the review; the team's ratios are ratios of the sums of these."""

    #: how many deals were exposed
    n: int
    #: share of the amount that moved towards the order
    progress: Ratio
    #: share of the amount that was lost
    churn: Ratio
    #: from the money at the start to the money at the end
    bridge: Bridge


@frozen(kw_only=True)
class Review:
    """A period under review: figures that agree, and findings."""

    #: the period
    during: Period
    #: will we make the number
    forecast: Forecast
    #: is there enough in the funnel
    coverage: Coverage
    #: what moved, deal by deal
    movements: Movements
    #: share of the amount that moved towards the order
    progress: Ratio
    #: share of the amount that was lost
    churn: Ratio
    #: share of the amount that went back
    regressed: Ratio
    #: share of the amount that stands where it was
    unchanged: Ratio
    #: what customers of lost deals, who had paid a part, still owe
    bad_debt: Money
    #: why deals were lost
    losses: Table[LossReason, Tally]
    #: from the money at the start to the money at the end
    bridge: Bridge
    #: of the deals at a stage, how many went on
    conversion: Conversion
    #: how many deals stand where
    shape: Shape
    #: the deals that deserve the best people
    focus: tuple[Focus, ...]
    #: how long deals stay, which are stuck, what the funnel yields a day
    pace: Pace
    #: the same for each owner
    by_owner: Table[str, OwnerLine]
    #: what is wrong, where, and what to do next
    findings: tuple[Finding, ...]


def review(
    deals: Iterable[Opportunity],
    quota: Money,
    during: Period,
    *,
    at: datetime | None = None,
    win_rates: WinRates | Rows[Term, Number | str] = WIN_RATES,
    completed: Money | None = None,
    limits: Rows[Term, int] | None = None,
    machine: Machine = FUNNEL,
) -> Review:
    """Return the review of a period, with the deals as they stood at `at`.

    `at` is the last instant of the period by default, and never later; in a running quarter pass
    the present, or time at a stage is counted up to the quarter's end.  `completed` replaces the
    cash collected, `limits` are the days after which a deal at a stage is stalled.

    Raises as `forecast` and `movements` do.
    """
    check_quota(quota, completed)
    moment = closing(during, at)
    # One proof for all figures, and nothing of what came after the moment.
    book = book_of(deals, machine, currency=quota.currency).as_of(moment)
    moves = movements(book, during, machine=machine)
    outlook = forecast(
        book, quota, during, win_rates=win_rates, completed=completed, machine=machine
    )
    figures = Review(
        during=during,
        forecast=outlook,
        coverage=coverage(outlook),
        movements=moves,
        progress=progress(moves),
        churn=churn(moves),
        regressed=regressed(moves),
        unchanged=unchanged(moves),
        bad_debt=bad_debt(moves),
        losses=losses(moves),
        bridge=bridge(moves),
        conversion=conversion(moves, due=first_day_ahead(during, moment), machine=machine),
        shape=shape(book, win_rates=win_rates, machine=machine),
        focus=focus(book, top=_FOCUS, win_rates=win_rates, machine=machine),
        pace=pace(book, during, at=moment, limits=limits, machine=machine),
        by_owner=_by_owner(moves),
        findings=(),
    )
    told = _findings(figures, over=at is not None and moment == during.last)
    return evolve(figures, findings=(*told, *_of_deals(book, figures, machine)))


def _by_owner(moves: Movements) -> Table[str, OwnerLine]:
    parts = moves.by(lambda move: move.owner)
    return Table({owner: _line(parts[owner]) for owner in sorted(parts)})


def _line(moves: Movements) -> OwnerLine:
    return OwnerLine(
        n=len(moves), progress=progress(moves), churn=churn(moves), bridge=bridge(moves)
    )


def _of_deals(deals: Book, figures: Review, machine: Machine) -> Iterator[Finding]:
    """What is doubtful about single deals: those exposed in the period, and those not paid yet."""
    concerned = {move.id for move in figures.movements} | set(figures.forecast.unpaid.ids)
    for deal in deals:
        if deal.id in concerned:
            yield from deal.findings(machine=machine)


def _findings(figures: Review, *, over: bool) -> Iterator[Finding]:
    """Read the figures as a manager would: the number first, then where it leaks."""
    subject = str(figures.during)
    yield from _of_forecast(figures, subject, over=over)
    yield from _of_shape(figures.shape)
    yield from _of_movements(figures, subject)
    for stuck in figures.pace.stalled:
        yield remarks.STALLED.about(stuck.id, stage=stuck.stage, days=stuck.days, limit=stuck.limit)


def _of_forecast(figures: Review, subject: str, *, over: bool) -> Iterator[Finding]:
    outlook, cover = figures.forecast, figures.coverage
    if over and outlook.completion_ratio < 1:
        missing = outlook.quota - outlook.completed
        done = percent(outlook.completion_ratio)
        yield remarks.MISSED.about(subject, ratio=done, gap=missing)
    elif outlook.ratio < 1:
        best = tuple(deal.id for deal in figures.focus)
        ratio = percent(outlook.ratio)
        yield remarks.BEHIND.about(subject, ratio=ratio, gap=outlook.gap, focus=best)
    if cover.of_remaining is not None and cover.of_remaining < 1 and not over:
        yield remarks.THIN.about(subject, ratio=percent(cover.of_remaining))
    doubts = (
        (remarks.UNDATED, outlook.undated),
        (remarks.OVERDUE, outlook.outside.overdue),
        (remarks.SLIPPED, figures.bridge.slipped),
    )
    for remark, tally in doubts:
        if tally.n:
            yield remark.about(subject, n=tally.n, amount=tally.amount, ids=tally.ids)


def _of_shape(funnel: Shape) -> Iterator[Finding]:
    for step in funnel.anomalies:
        yield remarks.ANOMALY.about(
            step.target.value,
            source=step.source,
            target=step.target,
            earlier=funnel.counts[step.source],
            later=funnel.counts[step.target],
        )
    narrow = funnel.bottleneck
    if narrow is not None and narrow.ratio is not None and narrow.ratio < 1:
        yield remarks.BOTTLENECK.about(
            narrow.source.value,
            source=narrow.source,
            target=narrow.target,
            rate=percent(narrow.ratio),
            earlier=funnel.counts[narrow.source],
            later=funnel.counts[narrow.target],
        )


def _of_movements(figures: Review, subject: str) -> Iterator[Finding]:
    if figures.churn.ratio:
        reason, tally = next(iter(figures.losses.items()))
        yield remarks.CHURNED.about(
            subject,
            ratio=percent(figures.churn.ratio),
            amount=figures.churn.part,
            reason=reason,
            ids=tally.ids,
        )
    if figures.regressed.ratio:
        back = (m.id for m in figures.movements if m.kind is MovementKind.REGRESSED)
        ratio = percent(figures.regressed.ratio)
        yield remarks.REGRESSED.about(subject, ratio=ratio, ids=tuple(back))
    if figures.movements and not any(move.forward for move in figures.movements):
        yield remarks.STANDSTILL.about(subject)
