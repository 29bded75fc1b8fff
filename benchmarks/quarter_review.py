"""The review of many deals with histories: time a deal, growth with n, memory a deal.

Targets: at most 20 us a deal at 100,000 deals of five events; ten times the deals in at most
twelve times the time.  Prints medians of several runs.
"""

from __future__ import annotations

import argparse
import gc
import tracemalloc
from statistics import median
from time import perf_counter

from books import book
from salesflow import Opportunity, Quarter, wan
from salesflow.metrics import review

QUARTER = Quarter(2026, 3, tz="Asia/Shanghai")


def timed(deals: list[Opportunity]) -> float:
    """Seconds for one review."""
    gc.collect()
    started = perf_counter()
    review(deals, quota=wan(500_000), during=QUARTER)
    return perf_counter() - started


def memory(n: int) -> float:
    """Bytes a deal, its history included."""
    tracemalloc.start()
    deals = book(n)
    size = tracemalloc.get_traced_memory()[0] / len(deals)
    tracemalloc.stop()
    return size


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    large, small = book(options.deals), book(options.deals // 10)
    pairs = [(timed(large), timed(small)) for _ in range(options.runs)]
    micros = median(a for a, _ in pairs) / options.deals * 1e6
    growth = median(a / b for a, b in pairs)
    print(f"{options.deals} deals of five events: {micros:.1f} us a deal (target: at most 20)")
    print(f"ten times the deals take {growth:.1f} times the time (target: at most 12)")
    print(f"memory: {memory(2_000):.0f} bytes a deal with its history")


if __name__ == "__main__":
    main()
