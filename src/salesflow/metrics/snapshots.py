"""Movements between two snapshots, such as the weekly forms of two Mondays.

A snapshot is the list of deals as somebody saw them.  What happened in between is not known, only
the difference; and a deal that is missing afterwards is a doubt, not a loss.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from salesflow.errors import CurrencyMismatch
from salesflow.findings import Remark, Severity
from salesflow.funnel import FUNNEL, Opportunity, Status
from salesflow.labels import Label
from salesflow.machine import Machine
from salesflow.metrics.book import book_of
from salesflow.metrics.movements import AmountAt, Base, Builder, Entered, Movements

__all__ = ["REMARKS", "movements_between"]

_MISSING: Final = Remark(
    "missing_afterwards",
    Severity.WATCH,
    Label("后一份快照中没有这笔机会", "the deal is missing in the later snapshot"),
    Label("确认其去向，若丢单请登记原因", "find out what became of it; if lost, record why"),
)
#: every finding a pair of snapshots can give
REMARKS: Final = (_MISSING,)


def movements_between(
    before: Iterable[Opportunity],
    after: Iterable[Opportunity],
    *,
    base: Base = "exposed",
    amount_at: AmountAt = "latest",
    machine: Machine = FUNNEL,
) -> Movements:
    """Return the movements from one snapshot of the deals to a later one.

    A deal open before and missing after is kept as it was, unchanged, and reported as a finding.
    A new deal entered at the stage at which its own trail begins.  Raises as `movements` does.
    """
    past, present = book_of(before, machine), book_of(after, machine)
    if past and present and past.currency != present.currency:
        raise CurrencyMismatch(past.currency, present.currency)
    build = Builder((past or present).currency, machine, base, amount_at)
    earlier = {deal.id: deal for deal in past}
    for deal in present:
        _add(build, earlier.pop(deal.id, None), deal)
    missing = [deal for deal in earlier.values() if deal.status is Status.OPEN]
    for deal in missing:
        build.add(deal, Entered.OPENING, deal.trail[-1], deal.trail[-1])
    findings = tuple(_MISSING.about(deal.id) for deal in missing)
    return build.done(None, findings)


def _add(build: Builder, earlier: Opportunity | None, deal: Opportunity) -> None:
    now = deal.trail[-1]
    if earlier is None:
        build.add(deal, Entered.CREATED, deal.trail[0], now)
    elif earlier.status is Status.OPEN:
        build.add(deal, Entered.OPENING, earlier.trail[-1], now)
    else:
        # Closed before: it enters again with the first event that shows another outcome, or, where
        # the later snapshot has no past, as it stands.
        since = (*deal.trail[len(earlier.trail) :], now)
        shown = next((event for event in since if event.status is not earlier.status), None)
        if shown is not None:
            build.add(deal, Entered.REOPENED, shown, now)
