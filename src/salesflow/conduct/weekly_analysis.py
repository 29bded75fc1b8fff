"""The analysis of weekly forms: what moved from one week's forms to the next (分析表).

The forms of a week are a snapshot of the deals.  What moved between two of them is read by the
same movements as every other figure, so the ratios agree with those of a review of the week.

>>> from salesflow.conduct.weekly_row import WeeklyRow
>>> from salesflow.funnel import Stage
>>> from salesflow.money import wan
>>> def form(week, *stages):
...     rows = [WeeklyRow(deal=f"D-{n}", customer="H-3", product="CLIA-900", amount=wan(100),
...                       stage=stage) for n, stage in enumerate(stages)]
...     return WeeklyForm(week=Week(2026, week), person="R-9", rows=rows)
>>> table = weekly_analysis(
...     [form(29, Stage.TARGET_GROUP, Stage.TRUST_BUILDING)],
...     [form(30, Stage.INFO_COLLECTION, Stage.TRUST_BUILDING)])
>>> str(table.progress), str(table.churn), table.moves[0].kind.label("zh")
('50.0%', '0.0%', '推进')

Source: as a team grows, the table of input needs a table of analysis beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from salesflow.conduct.weekly import WeeklyForm
from salesflow.conduct.weekly_row import WeeklyRow
from salesflow.errors import DuplicateId, InvalidValue
from salesflow.findings import Finding
from salesflow.funnel import FUNNEL, Opportunity, Sighting, Status
from salesflow.machine import Machine, table_of
from salesflow.metrics import (
    Bridge,
    Movements,
    bridge,
    churn,
    movements_between,
    progress,
    regressed,
    unchanged,
)
from salesflow.periods import Week
from salesflow.ratios import Ratio
from salesflow.tables import listed_of

__all__ = ["WeeklyAnalysis", "deals_of", "weekly_analysis"]


@frozen(kw_only=True)
class WeeklyAnalysis:
    """What moved from one week's forms to the next."""

    #: what moved, deal by deal; `by` groups it
    moves: Movements
    #: share of the amount that moved towards the order
    progress: Ratio
    #: share of the amount that was lost
    churn: Ratio
    #: share of the amount that went back
    regressed: Ratio
    #: share of the amount that stands where it was
    unchanged: Ratio
    #: from the money on the earlier forms to the money on the later ones
    bridge: Bridge

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is doubtful, such as an open deal that the later forms no longer show."""
        return self.moves.findings


def weekly_analysis(
    before: Iterable[WeeklyForm], after: Iterable[WeeklyForm], *, machine: Machine = FUNNEL
) -> WeeklyAnalysis:
    """Return what moved between the forms of one week and those of a later one.

    Raises `InvalidValue` where either are of several weeks or the weeks are not in order,
    `DuplicateId` for a deal that two people of one week have, and as `movements_between` does.
    """
    earlier, later = listed_of(before, WeeklyForm, "before"), listed_of(after, WeeklyForm, "after")
    _in_order(earlier, later)
    moves = movements_between(
        deals_of(earlier, machine=machine),
        deals_of([*earlier, *later], machine=machine) if later else (),
        machine=machine,
    )
    return WeeklyAnalysis(
        moves=moves,
        progress=progress(moves),
        churn=churn(moves),
        regressed=regressed(moves),
        unchanged=unchanged(moves),
        bridge=bridge(moves),
    )


def deals_of(forms: Iterable[WeeklyForm], *, machine: Machine = FUNNEL) -> tuple[Opportunity, ...]:
    """Return the deals of the last week among some forms, each with all that the forms saw of it.

    They are deals like others: `forecast` and `shape` read them.  No gate was passed, and cash
    that came in before a win is not known.
    """
    table_of(machine)
    found = sorted(listed_of(forms, WeeklyForm, "forms"), key=lambda form: form.week.first)
    rows: dict[str, list[tuple[WeeklyRow, Week]]] = {}
    for form in found:
        for row in form.rows:
            rows.setdefault(row.deal, []).append((row, form.week))
    for deal, seen in rows.items():
        if len({week.first for _, week in seen}) < len(seen):
            raise DuplicateId(deal)
    return tuple(
        Opportunity.from_history(
            id=row.deal,
            customer=row.customer,
            owner=form.person,
            product=row.product,
            amount=rows[row.deal][0][0].amount,
            events=[sighting for seen in rows[row.deal] for sighting in _sightings(*seen)],
            machine=machine,
        )
        for form in found
        for row in form.rows
        if form.week.first == found[-1].week.first
    )


def _sightings(row: WeeklyRow, week: Week) -> Iterator[Sighting]:
    """How a row saw its deal: open, as it came into the week, and as it stood at the end."""
    if row.previous is not None:
        yield Sighting(at=week.start, stage=row.previous, status=Status.OPEN)
    yield Sighting(
        at=week.last,
        stage=row.stage,
        status=row.status,
        loss=row.loss,
        amount=row.amount,
        expected_close=row.expected_close,
    )


def _in_order(before: tuple[WeeklyForm, ...], after: tuple[WeeklyForm, ...]) -> None:
    first = {form.week.first for form in before}
    second = {form.week.first for form in after}
    for name, weeks in (("before", first), ("after", second)):
        if len(weeks) > 1:
            raise InvalidValue(name, "are of several weeks", "pass the forms of one week")
    if first and second and min(second) <= min(first):
        raise InvalidValue("after", "are not of a later week", "pass the earlier forms first")
