"""A deal's walk down the funnel: open it, then seven gated and recorded advances.

The peer is `transitions` with one shared machine doing the same: a condition that finds the gates
shut or open from the evidence filed, and a callback that keeps a trail.  `automat`'s typed machine
is the aim: it keeps the trail too, but has no gates to ask.  Prints medians per step, and ratios
within one run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Protocol

import pendulum
from automat import TypeMachineBuilder
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


class Advancing(Protocol):
    """What the typed peer understands."""

    def advance(self, at: object, evidence: object) -> None:
        """Move one state on."""


class Trail:
    """What the typed peer remembers."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, object, object]] = []


def automat_walk() -> Callable[[], object]:
    """Return a walk of automat's typed machine that keeps a trail and asks no gate."""
    builder = TypeMachineBuilder(Advancing, Trail)
    names = [stage.name for stage in Stage]
    states = [builder.state(name) for name in names]

    def connect(index: int) -> None:
        @states[index].upon(Advancing.advance).to(states[index + 1])
        def _(_: Advancing, trail: Trail, at: object, evidence: object) -> None:
            trail.rows.append((names[index + 1], at, evidence))

    for index in range(len(STEPS)):
        connect(index)
    machine = builder.build()

    def walk() -> object:
        deal = machine(Trail())
        for at, evidence in STEPS:
            deal.advance(at, evidence)
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
    walks = (salesflow_walk, transitions_walk(), automat_walk())
    runs = [[timed(walk, options.rounds) for walk in walks] for _ in range(options.runs)]
    ours, peer, aim = (median(run[i] for run in runs) for i in range(3))
    print(f"us a step: salesflow {ours:.2f}, transitions {peer:.2f}, automat {aim:.2f}")
    print(f"ratio to transitions {median(r[0] / r[1] for r in runs):.2f} (target: at most 0.50)")
    print(f"ratio to automat, which asks no gate, {median(r[0] / r[2] for r in runs):.2f}")


if __name__ == "__main__":
    main()
