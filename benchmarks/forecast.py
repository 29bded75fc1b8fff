"""The forecast over a million deals, beside a bare Python loop and beside Polars over columns.

The bare loop sums the same objects per stage and checks nothing.  Target: at most 2.5 times it.
Polars works on columns that lie ready, not on objects, so its ratio is only reported.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from time import perf_counter

import pendulum
import polars as pl

from salesflow import WIN_RATES, Money, Opportunity, Quarter, Stage, wan
from salesflow.labels import Term
from salesflow.metrics import forecast

QUARTER = Quarter(2026, 3, tz="Asia/Shanghai")
AT = pendulum.datetime(2026, 7, 2, tz="UTC")
STAGES = list(Stage)


def book(n: int) -> list[Opportunity]:
    """Return `n` open deals spread over stages, amounts and days of two quarters."""
    return [
        Opportunity.open(
            id=f"D-{i}",
            customer="H-1",
            owner="R-1",
            product="P-1",
            amount=Money(1_000 + i % 977, "CNY"),
            at=AT,
            expected_close=date(2026, 7, 1) + timedelta(days=i % 150),
            stage=STAGES[i % 8],
        )
        for i in range(n)
    ]


def bare(deals: list[Opportunity]) -> dict[Term, int]:
    """Sum the same objects per stage, and nothing else."""
    sums = dict.fromkeys(STAGES, 0)
    for deal in deals:
        sums[deal.stage] += deal.amount.minor
    return sums


def timed(call: Callable[[], object]) -> float:
    """Seconds for one call."""
    gc.collect()
    started = perf_counter()
    call()
    return perf_counter() - started


def polars_call(deals: list[Opportunity]) -> Callable[[], object]:
    """Return the same weighted sum over columns that lie ready."""
    frame = pl.DataFrame(
        {
            "stage": [STAGES.index(deal.stage) for deal in deals],
            "minor": [deal.amount.minor for deal in deals],
            "closes": [deal.expected_close for deal in deals],
            "rate": [float(WIN_RATES[deal.stage]) for deal in deals],
        }
    )
    inside = pl.col("closes").is_between(QUARTER.first, QUARTER.after, closed="left")
    weighted = (pl.col("minor") * pl.col("rate")).sum()
    return lambda: frame.filter(inside).group_by("stage").agg(weighted)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    deals = book(options.deals)
    quota = wan(1_000_000)
    columns = polars_call(deals)
    runs = [
        (
            timed(lambda: forecast(deals, quota, QUARTER)),
            timed(lambda: bare(deals)),
            timed(columns),
        )
        for _ in range(options.runs)
    ]
    ours, loop, frame = (median(run[i] for run in runs) for i in range(3))
    print(f"{options.deals} deals: {ours * 1e3:.0f} ms, bare loop {loop * 1e3:.0f} ms")
    ratio = median(run[0] / run[1] for run in runs)
    print(f"ratio to the bare loop {ratio:.2f} (target: at most 2.50)")
    print(f"ratio to Polars over columns {median(r[0] / r[2] for r in runs):.0f} ({frame:.4f} s)")


if __name__ == "__main__":
    main()
