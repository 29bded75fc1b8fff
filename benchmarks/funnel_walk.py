"""A deal's walk down the funnel: open it, then seven gated and recorded advances.

The peer is `transitions` with one shared machine doing the same: a condition that finds the gates
shut or open from the evidence filed, and a callback that keeps a trail.  Prints medians per step,
and the ratio of the two within one run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from statistics import median
from time import perf_counter

import pendulum
from transitions import Machine

from salesflow import FUNNEL, Evidence, Opportunity, Stage, wan
from salesflow.funnel import replay

START = pendulum.datetime(2026, 7, 1, tz="UTC")
AMOUNT = wan(120)
STEPS = [
    (
        START + timedelta(days=7 * n),
        tuple(
            Evidence(gate=gate.key, kind=min(gate.accepts, key=lambda k: k.value), ref="V-1")
            for gate in FUNNEL.move(stage).gates
        ),
    )
    for n, stage in enumerate(list(Stage)[:-1], start=1)
]


def salesflow_walk() -> Opportunity:
    """Walk one deal to the last stage."""
    deal = Opportunity.open(
        id="D-1", customer="H-1", owner="R-1", product="P-1", amount=AMOUNT, at=START
    )
    for at, evidence in STEPS:
        deal = deal.advance(at=at, evidence=evidence)
    return deal


def transitions_walk() -> Callable[[], object]:
    """Return a walk that does the same with one shared machine of the peer."""

    class Deal:
        def __init__(self) -> None:
            self.trail: list[tuple[str, object]] = []
            self.filed: set[str] = set()

        def gates_open(self, event: object) -> bool:
            self.filed.update(item.gate for item in event.kwargs["evidence"])
            return required[self.state] <= self.filed

        def keep(self, event: object) -> None:
            self.trail.append((self.state, event.kwargs["at"], event.kwargs["evidence"]))

    names = [stage.name for stage in Stage]
    required = {
        stage.name: {gate.key for gate in FUNNEL.move(stage).gates if gate.required}
        for stage in Stage
    }
    machine = Machine(
        model=None, states=names, initial=names[0], auto_transitions=False, send_event=True
    )
    for source, target in pairwise(names):
        machine.add_transition("advance", source, target, conditions="gates_open", after="keep")

    def walk() -> object:
        deal = Deal()
        machine.add_model(deal)
        for at, evidence in STEPS:
            deal.advance(at=at, evidence=evidence)
        machine.remove_model(deal)
        assert deal.state == names[-1]
        return deal

    return walk


def timed(walk: Callable[[], object], rounds: int) -> float:
    """Microseconds a step (an opening and seven advances are eight)."""
    started = perf_counter()
    for _ in range(rounds):
        walk()
    return (perf_counter() - started) / rounds / 8 * 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--rounds", type=int, default=2_000)
    options = parser.parse_args()
    deal = salesflow_walk()
    assert deal.stage is Stage.PAYMENT_AND_RESALE
    assert replay(deal) == deal
    peer = transitions_walk()
    pairs = [
        (timed(salesflow_walk, options.rounds), timed(peer, options.rounds))
        for _ in range(options.runs)
    ]
    ours, theirs = median(p[0] for p in pairs), median(p[1] for p in pairs)
    print(f"salesflow {ours:.2f} us a step, transitions {theirs:.2f} us a step")
    print(f"ratio {median(a / b for a, b in pairs):.2f} (target: at most 0.50)")


if __name__ == "__main__":
    main()
