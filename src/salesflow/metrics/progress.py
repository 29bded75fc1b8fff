"""Progress: how much of the money in the funnel moved towards the order (销售进展).

progress = amount that advanced or was won ÷ amount of all exposed deals.  It counts money, not
deals; it is never negative, since going back is measured beside it; and with the base "exposed"

    progress + unchanged + regressed + churn = 1, exactly.

>>> from salesflow.metrics import movements
>>> from salesflow.periods import Quarter
>>> str(progress(movements([], during=Quarter(2026, 3))))
'–'

Source: the second formula of funnel management; amount-weighted, net, won counts as moved.
"""

from __future__ import annotations

from fractions import Fraction

from salesflow.metrics.movements import MovementKind, Movements
from salesflow.money import Money
from salesflow.ratios import Ratio

__all__ = ["progress", "ratio_of", "regressed", "unchanged"]


def progress(moves: Movements) -> Ratio:
    """Return (amount advanced + amount won) ÷ amount of the base: what moved towards the order."""
    return ratio_of(moves, MovementKind.ADVANCED, MovementKind.WON)


def regressed(moves: Movements) -> Ratio:
    """Return amount regressed ÷ amount of the base: what stands earlier than it entered."""
    return ratio_of(moves, MovementKind.REGRESSED)


def unchanged(moves: Movements) -> Ratio:
    """Return amount unchanged ÷ amount of the base: what stands where it entered."""
    return ratio_of(moves, MovementKind.UNCHANGED)


def ratio_of(moves: Movements, *kinds: MovementKind) -> Ratio:
    """Return the share of the amount whose movement is of one of the kinds; None for no base."""
    part = whole = n = 0
    for move in moves.counted:
        n += 1
        minor = move.amount.minor
        whole += minor
        if move.kind in kinds:
            part += minor
    if not n:
        return Ratio(part=None, whole=None, ratio=None, n=0)
    return Ratio(
        part=Money.of_minor(part, moves.currency),
        whole=Money.of_minor(whole, moves.currency),
        ratio=Fraction(part, whole) if whole else None,
        n=n,
    )
