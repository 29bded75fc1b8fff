"""The lessons of a book of visits: 10,000 and 100,000 of them, each walked through its steps.

Prints microseconds a visit and how the time grows with ten times the visits (linear is 10), and
beside it, as a peer in the same run, a bare loop that only counts who reached which step.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median
from time import perf_counter

import pendulum

from salesflow.periods import Cycle
from salesflow.products import Fab
from salesflow.visits import (
    CallPlan,
    Commitment,
    MarketSignal,
    Need,
    Objection,
    ObjectionOutcome,
    Question,
    SmartGoal,
    Step,
    Summary,
    Trend,
    Visit,
    lessons,
)

START = pendulum.datetime(2026, 7, 6, 1, tz="UTC")
DAY = date(2026, 7, 6)
LATER = date(2026, 8, 31)
CYCLE = Cycle(DAY, 1)
PLAN = CallPlan(aims=[SmartGoal(key="trial", set_on=DAY)], last_record="V-0")
TECHNIQUES = ("evidence", "demonstration", "discount promise")
OUTCOMES = tuple(ObjectionOutcome)


def visit(n: int) -> Visit:
    """Make the n-th visit: its own doctor, technique, outcome; each tenth is broken off."""
    at = START + timedelta(minutes=n % 30_000)
    made = Visit.open(
        id=f"V-{n}",
        customer=f"H-{n % 300}",
        contact=f"DR-{n % 2_000}",
        owner=f"R-{n % 50}",
        product="P-1",
        day=DAY,
        at=at,
        plan=PLAN,
    )
    made = made.advance(at=at).advance(at=at)
    asked = (Question(spin="situation", form="open"), Question(spin="problem", form="closed"))
    made = made.advance(at=at, records=(*asked, Need(key="speed", confirmed=n % 3 > 0)))
    if n % 10 == 0:
        made = made.abort(at=at, reason="called away")
        return made.close(at=at, records=Summary(points="broken off"))
    said = Fab(product="P-1", feature="f", advantage="a", benefit="b", need="speed", evidence="S")
    doubt = Objection(key="price", kind="price", technique=TECHNIQUES[n % 3])
    outcome = OUTCOMES[n * 7 % 3]
    made = made.advance(at=at, records=said)
    made = made.advance(at=at, records=doubt.answered(doubt.technique, outcome, follow_up=LATER))
    promise = Commitment(key="try", by="customer", who="DR", made_on=DAY, due=DAY)
    signal = MarketSignal(subject="class A", trend=Trend.RISING if n % 4 else Trend.STEADY)
    made = made.advance(at=at, records=(promise, signal) if n % 2 else ())
    summary = Summary(points="p", feedback="f", agreed="a", aims_met=["trial"] if n % 5 else [])
    return made.close(at=at, records=summary)


def bare(visits: Sequence[Visit]) -> dict[Step, int]:
    """Count who reached which step, and nothing else."""
    reached = dict.fromkeys(Step, 0)
    for one in visits:
        for step in {event.target for event in one.trail}:
            reached[step] += 1
    return reached


def timed(work: object, visits: Sequence[Visit]) -> float:
    """Microseconds a visit."""
    gc.collect()
    started = perf_counter()
    work(visits)
    return (perf_counter() - started) / len(visits) * 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--visits", type=int, default=100_000)
    options = parser.parse_args()
    large = [visit(n) for n in range(options.visits)]
    small = large[: options.visits // 10]
    told = lessons(large, CYCLE)
    assert told.n == len(large)
    assert told.steps[Step.NEEDS].reached == bare(large)[Step.NEEDS]
    runs = [
        (
            timed(lambda visits: lessons(visits, CYCLE), small),
            timed(lambda visits: lessons(visits, CYCLE), large),
            timed(bare, large),
        )
        for _ in range(options.runs)
    ]
    few, many, loop = (median(run[i] for run in runs) for i in range(3))
    print(f"{len(large):,} visits: {many:.1f} us a visit, {many * len(large) / 1e6:.2f} s in all")
    print(f"ten times the visits take {many / few * 10:.1f} times the time (linear: 10)")
    print(f"a bare loop over the trails: {loop:.1f} us a visit")


if __name__ == "__main__":
    main()
