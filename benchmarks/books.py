"""Books of deals for the benchmarks: many deals, each with a history of five events."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pendulum

from salesflow import Money, Opportunity, Stage, Status
from salesflow.funnel import LossReason, Sighting

START = pendulum.datetime(2026, 4, 1, tz="UTC")


def book(n: int, seed: int = 7) -> list[Opportunity]:
    """Return `n` deals over two quarters, of forty owners, each with five events."""
    draw = Random(seed)
    stages = list(Stage)
    deals = []
    for index in range(n):
        at = START + timedelta(hours=draw.randrange(24 * 150))
        first = draw.randrange(4)
        amount = Money(draw.randrange(1, 500) * 1_000, "CNY")
        closes = date(2026, 7, 1) + timedelta(days=draw.randrange(-30, 120))
        seen = [Sighting(at=at, stage=stages[first], expected_close=closes)]
        for step in range(3):
            at += timedelta(hours=draw.randrange(24 * 14))
            seen.append(Sighting(at=at, stage=stages[min(7, first + step + draw.randrange(2))]))
        at += timedelta(hours=draw.randrange(24 * 14))
        match draw.randrange(4):
            case 0:
                last = Sighting(at=at, status=Status.WON)
            case 1:
                last = Sighting(at=at, status=Status.LOST, loss=LossReason.STOPPED_PURCHASING)
            case 2:
                last = Sighting(at=at, amount=amount * 2, expected_close=closes + timedelta(days=9))
            case _:
                last = Sighting(at=at, stage=stages[min(7, first + 3)])
        deals.append(
            Opportunity.from_history(
                id=f"D-{index}",
                customer=f"H-{index % 997}",
                owner=f"R-{index % 40}",
                product=f"P-{index % 7}",
                amount=amount,
                expected_close=closes,
                events=[*seen, last],
            )
        )
    return deals
