"""Quota trees beside the same arithmetic done bare, and the allocation of a million parts.

A tree of owners and months is split, one part of it changed, and rolled up by month and by path.
The peer of splitting and changing is a largest remainder over bare Fractions that keeps no tree;
that of rolling up sums the same leaves in nested loops.  All three prove and keep a value for every
part, so the ratios are told and not aimed at; what is aimed at is the growth: ten times the leaves
take at most 15 times as long.
"""

from __future__ import annotations

import argparse
import gc
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from statistics import median
from time import perf_counter

from salesflow import Money, Year
from salesflow.planning.attainment import attainment
from salesflow.planning.balance import rebalance
from salesflow.planning.quota import Cut, Quota

MONTHS = 12
WHOLE = Money("1234567890.12", "CNY")


def weights(n: int) -> list[int]:
    """Return weights that leave remainders of every size."""
    return [1 + i % 977 for i in range(n)]


def split(leaves: int) -> Quota[Money]:
    """Cut a year among owners, and each owner's part into months."""
    owners = {f"R-{i}": weight for i, weight in enumerate(weights(leaves // MONTHS))}
    year = Quota(key="2026", amount=WHOLE, during=Year(2026)).split(Cut.PERSON, owners)
    return year.split_each(lambda owner: owner.split_months())


def change(tree: Quota[Money]) -> Quota[Money]:
    """Double the first owner, and let all others make up for it."""
    return rebalance(tree, "2026/R-0", tree.parts[0].amount * 2)


def roll_up(tree: Quota[Money]) -> object:
    """Sum by month, and attain every quota of the tree."""
    sold = {path: leaf.amount for path, leaf in tree.leaves.items()}
    return tree.by(Cut.PERIOD), attainment(tree, sold)


def naive(whole: int, parts: Sequence[int]) -> list[int]:
    """Share out by largest remainder over bare Fractions."""
    total = sum(parts)
    exact = [Fraction(whole) * part / total for part in parts]
    floors = [share.numerator // share.denominator for share in exact]
    order = sorted(range(len(parts)), key=lambda i: floors[i] - exact[i])
    for index in order[: whole - sum(floors)]:
        floors[index] += 1
    return floors


def naive_tree(leaves: int) -> list[list[int]]:
    """Share out among owners and months, and keep the numbers only."""
    owners = naive(WHOLE.minor, weights(leaves // MONTHS))
    return [naive(owner, [1] * MONTHS) for owner in owners]


def bare_sums(tree: Quota[Money]) -> tuple[Counter[str], Counter[str]]:
    """Sum the leaves by month, and by path, in nested loops."""
    months, paths = Counter[str](), Counter[str]()
    for owner in tree.parts:
        for leaf in owner.parts:
            above = f"{tree.key}/{owner.key}"
            months[leaf.key] += leaf.amount.minor
            for path in (tree.key, above, f"{above}/{leaf.key}"):
                paths[path] += leaf.amount.minor
    return months, paths


def timed(call: Callable[[], object]) -> float:
    """Seconds for one call, with the collector at rest, as `timeit` has it."""
    gc.collect()
    gc.disable()
    started = perf_counter()
    call()
    took = perf_counter() - started
    gc.enable()
    return took


def measured(runs: int, *calls: Callable[[], object]) -> list[float]:
    """Median seconds of some calls, taken in turn so that a busy moment hits them all."""
    rounds = [[timed(call) for call in calls] for _ in range(runs)]
    return [median(one[i] for one in rounds) for i in range(len(calls))]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaves", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--parts", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    names = ("split", "change", "roll up")
    before: list[float] = []
    for leaves in options.leaves:
        tree = split(leaves)
        *ours, shares, sums = measured(
            options.runs,
            lambda leaves=leaves: split(leaves),
            lambda tree=tree: change(tree),
            lambda tree=tree: roll_up(tree),
            lambda leaves=leaves: naive_tree(leaves),
            lambda tree=tree: bare_sums(tree),
        )
        for index, (name, took, peer) in enumerate(
            zip(names, ours, (shares, shares, sums), strict=True)
        ):
            growth = f", {took / before[index]:.1f} times the last" if before else ""
            print(f"{leaves} leaves, {name}: {took * 1e3:.1f} ms, {took / peer:.2f} peers{growth}")
        before = ours
    parts = weights(options.parts)
    allocated, bare = measured(
        min(options.runs, 3), lambda: WHOLE.allocate(parts), lambda: naive(WHOLE.minor, parts)
    )
    assert sum(part.minor for part in WHOLE.allocate(parts)) == WHOLE.minor
    print(
        f"{options.parts} parts: {allocated:.2f} s, ratio to bare Fractions {allocated / bare:.2f}"
    )


if __name__ == "__main__":
    main()
