"""Churn: how much of the money in the funnel was lost (流失率), and why.

churn = amount of the deals lost ÷ amount of all exposed deals.  Every loss is churn, whatever its
reason; an order is not.  A deal lost after part payment counts with its full amount, so that each
deal has one amount in all ratios; what it still owes is the bad debt, told beside it.

Source: the third formula of funnel management.
"""

from __future__ import annotations

from salesflow.funnel import LossReason
from salesflow.metrics.book import Tally
from salesflow.metrics.movements import MovementKind, Movements
from salesflow.metrics.progress import ratio_of
from salesflow.money import Money
from salesflow.ratios import Ratio
from salesflow.tables import Table

__all__ = ["bad_debt", "churn", "losses"]


def churn(moves: Movements) -> Ratio:
    """Return amount lost ÷ amount of the base, whatever the reason of the loss."""
    return ratio_of(moves, MovementKind.LOST)


def losses(moves: Movements) -> Table[LossReason, Tally]:
    """Return how many deals of how much money were lost for each reason, the largest first."""
    found: dict[LossReason, list[str]] = {}
    amounts: dict[LossReason, int] = {}
    for move in moves.counted:
        if move.loss is not None:
            found.setdefault(move.loss, []).append(move.id)
            amounts[move.loss] = amounts.get(move.loss, 0) + move.amount.minor
    order = {reason: index for index, reason in enumerate(LossReason)}
    return Table(
        {
            reason: Tally(
                n=len(found[reason]),
                amount=Money.of_minor(amounts[reason], moves.currency),
                ids=tuple(found[reason]),
            )
            for reason in sorted(found, key=lambda reason: (-amounts[reason], order[reason]))
        }
    )


def bad_debt(moves: Movements) -> Money:
    """Return what customers of lost deals, who had paid a part, still owe."""
    return Money.of_minor(sum(move.bad_debt.minor for move in moves.counted), moves.currency)
