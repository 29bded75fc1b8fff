"""A visit's walk through the seven steps: set up, six recorded moves, closed with its summary.

The peer is `transitions` with one shared machine doing the same: a condition that asks, from what
was recorded, what the table of the visit asks, and a callback that keeps a trail with the records.
Prints medians per event, and the ratio within one run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from time import perf_counter

import pendulum
from transitions import Machine

from salesflow.products import Fab
from salesflow.visits import (
    CallPlan,
    Commitment,
    Need,
    Objection,
    ObjectionOutcome,
    Question,
    Step,
    Summary,
    Visit,
    VisitStatus,
    replay,
)

START = pendulum.datetime(2026, 7, 6, 6, tz="UTC")
DAY = date(2026, 7, 6)
PLAN = CallPlan(last_record="V-6", opening="the guideline of June")
PRICE = Objection(key="price", kind="price").answered("evidence", ObjectionOutcome.RESOLVED)
# What is recorded at each step, in the order of the path.
RECORDS = (
    (),
    (),
    (Question(spin="situation", form="open"), Need(key="speed", confirmed=True)),
    (Fab(product="P-1", feature="f", advantage="a", benefit="b", need="speed", evidence="S-1"),),
    (PRICE,),
    (Commitment(key="trial", by="customer", who="DR-7", made_on=DAY, due=DAY),),
    (Summary(points="p", feedback="f", agreed="a", succeeded=True, next_plan="n"),),
)
STEPS = [(START + timedelta(minutes=n), records) for n, records in enumerate(RECORDS)]
EVENTS = len(STEPS) + 1


def salesflow_walk() -> Visit:
    """Walk one visit from its plan to its close."""
    visit = Visit.open(
        id="V-7",
        customer="H-1",
        contact="DR-1",
        owner="R-1",
        product="P-1",
        day=DAY,
        at=START,
        plan=PLAN,
    )
    for at, records in STEPS[:-1]:
        visit = visit.advance(at=at, records=records)
    at, records = STEPS[-1]
    return visit.close(at=at, records=records)


# What the table of the visit asks before a step is left.
ASKED = {
    "PRE_CALL_PLAN": ("planned",),
    "OBJECTIONS": ("settled",),
    "POST_CALL_SUMMARY": ("planned", "summarised", "settled"),
}


class Call:
    """What the peer moves: it remembers what was recorded."""

    def __init__(self) -> None:
        self.trail: list[tuple[str, object, object]] = []
        self.plan: CallPlan | None = PLAN
        self.summary: Summary | None = None
        self.objections: dict[str, Objection] = {}

    def allowed(self, event: object) -> bool:
        for record in event.kwargs["records"]:
            if isinstance(record, Objection):
                self.objections[record.key] = record
            elif isinstance(record, Summary):
                self.summary = record
        return all(self.facts()[fact] for fact in ASKED.get(self.state, ()))

    def facts(self) -> dict[str, bool]:
        return {
            "planned": self.plan is not None,
            "settled": all(one.settled for one in self.objections.values()),
            "summarised": self.summary is not None,
        }

    def keep(self, event: object) -> None:
        self.trail.append((self.state, event.kwargs["at"], event.kwargs["records"]))


def transitions_walk() -> Callable[[], object]:
    """Return a walk that does the same with one shared machine of the peer."""
    names = [*(step.name for step in Step), VisitStatus.CLOSED.name]
    machine = Machine(
        model=None, states=names, initial=names[0], auto_transitions=False, send_event=True
    )
    for source, target in pairwise(names):
        machine.add_transition("advance", source, target, conditions="allowed", after="keep")

    def walk() -> object:
        call = Call()
        machine.add_model(call)
        for at, records in STEPS:
            call.advance(at=at, records=records)
        machine.remove_model(call)
        assert call.state == names[-1]
        return call

    return walk


def timed(walk: Callable[[], object], rounds: int) -> float:
    """Microseconds an event."""
    started = perf_counter()
    for _ in range(rounds):
        walk()
    return (perf_counter() - started) / rounds / EVENTS * 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--rounds", type=int, default=2_000)
    options = parser.parse_args()
    visit = salesflow_walk()
    assert visit.path == tuple(Step)
    assert replay(visit) == visit
    walks = (salesflow_walk, transitions_walk())
    runs = [[timed(walk, options.rounds) for walk in walks] for _ in range(options.runs)]
    ours, peer = (median(run[i] for run in runs) for i in range(2))
    print(f"us an event: salesflow {ours:.2f}, transitions {peer:.2f}")
    print(f"ratio to transitions {median(r[0] / r[1] for r in runs):.2f} (target: at most 0.50)")


if __name__ == "__main__":
    main()
