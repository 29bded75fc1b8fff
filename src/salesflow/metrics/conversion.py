"""Conversion: of the deals that stood at a stage, how many went on, and how many are undecided.

Deals are counted, not rows of a log, so coming back to a stage counts nobody twice and no rate can
pass 1.  A deal still standing at a stage is unfinished, not a failure: the rate is

    advanced ÷ (advanced + lost), over the deals decided at that stage,

and the undecided are told beside it.  Ways are net: a stage that was skipped counts as passed, a
deal that fell back counts where it left and where it stands.  For the win rate both usual readings
are given, named: over the deals decided, and over those that should have been decided, where a
deal whose expected close is over counts against the rate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from attrs import frozen

from salesflow.funnel import FUNNEL
from salesflow.instants import day
from salesflow.labels import Term
from salesflow.machine import Machine, table_of
from salesflow.metrics.movements import Movement, MovementKind, Movements
from salesflow.ratios import Rate
from salesflow.tables import Table

__all__ = ["Conversion", "StageConversion", "conversion"]


@frozen(kw_only=True)
class StageConversion:
    """What became of the deals that stood at a stage in the period."""

    #: how many deals stood there
    entered: int
    #: how many went further, or were won
    advanced: int
    #: how many were lost there
    lost: int
    #: how many went back from there
    regressed: int
    #: how many still stand there, undecided
    unfinished: int

    @property
    def rate(self) -> Rate:
        """Rate: advanced ÷ (advanced + lost), with its n and interval."""
        return Rate(self.advanced, self.advanced + self.lost)


@frozen(kw_only=True)
class Conversion:
    """Conversion per stage, in the order of the path, and the win rate in two readings."""

    #: each stage that a deal stood at
    stages: Table[Term, StageConversion]
    #: won ÷ (won + lost)
    won_of_decided: Rate
    #: won ÷ (won + lost + open though the expected close is over); None where no day is
    #: known, as between two snapshots
    won_of_due: Rate | None


def conversion(
    moves: Movements, *, due: date | None = None, machine: Machine = FUNNEL
) -> Conversion:
    """Return the conversion of the deals exposed in a period, each counted once per stage.

    The rate of a stage is advanced ÷ (advanced + lost); the undecided are told beside it.
    A deal still open with an expected close before `due` should have been decided; by default
    that day is the first one after the period.
    """
    table_of(machine, moves.machine)
    if due is not None:
        due = day(due, "due")
    elif moves.during is not None:
        due = moves.during.after
    fates: Counter[tuple[Term, MovementKind]] = Counter()
    for (way, kind), n in Counter(map(_way, moves)).items():
        for fate in _fates(way, kind):
            fates[fate] += n
    won = sum(move.kind is MovementKind.WON for move in moves)
    lost = sum(move.kind is MovementKind.LOST for move in moves)
    rows = {stage: _at(stage, fates) for stage in machine.stages}
    return Conversion(
        stages=Table({stage: row for stage, row in rows.items() if row.entered}),
        won_of_decided=Rate(won, won + lost),
        won_of_due=None if due is None else Rate(won, won + lost + _overdue(moves, due)),
    )


def _way(move: Movement) -> tuple[tuple[Term, ...], MovementKind]:
    """Where a deal stood first, the stages it passed, where it stands; and what became of it."""
    return (move.stage_before, *move.passed, move.stage_after), move.kind


def _fates(way: tuple[Term, ...], kind: MovementKind) -> Iterator[tuple[Term, MovementKind]]:
    """Yield each stage of a net way, and what became of the deal there."""
    before, *passed, after = way
    won = kind is MovementKind.WON
    rest = kind if won or kind is MovementKind.LOST else MovementKind.UNCHANGED
    if not passed and after is not before and not won:
        yield before, MovementKind.REGRESSED
        yield after, rest
        return
    *climbed, last = (before, *passed)
    for stage in climbed:
        yield stage, MovementKind.ADVANCED
    yield last, MovementKind.ADVANCED if won else rest


def _at(stage: Term, fates: Counter[tuple[Term, MovementKind]]) -> StageConversion:
    advanced = fates[stage, MovementKind.ADVANCED]
    lost = fates[stage, MovementKind.LOST]
    regressed = fates[stage, MovementKind.REGRESSED]
    unfinished = fates[stage, MovementKind.UNCHANGED]
    return StageConversion(
        entered=advanced + lost + regressed + unfinished,
        advanced=advanced,
        lost=lost,
        regressed=regressed,
        unfinished=unfinished,
    )


def _overdue(moves: Movements, over: date) -> int:
    """Count the deals still open though their expected close is over."""
    return sum(
        move.is_open and move.close_after is not None and move.close_after < over for move in moves
    )
