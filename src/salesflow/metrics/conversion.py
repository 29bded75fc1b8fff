"""Conversion: of the deals that stood at a stage, how many went on, and how many are undecided.

Deals are counted, not rows of a log, so coming back to a stage counts nobody twice and no rate can
pass 1.  A deal still standing at a stage is unfinished, not a failure: the rate is

    advanced ÷ (advanced + lost), over the deals decided at that stage,

and the undecided are told beside it.  A stage that was skipped counts as passed.  For the win rate
both usual readings are given, named: over the deals decided, and over those that should have been
decided, where a deal whose expected close is over counts against the rate.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

from attrs import frozen

from salesflow.funnel import FUNNEL
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics.movements import Movement, MovementKind, Movements
from salesflow.ratios import Rate
from salesflow.tables import Table

__all__ = ["Conversion", "StageConversion", "conversion"]

_WON: Final = MovementKind.WON
_LOST: Final = MovementKind.LOST


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
    machine.accept(moves.machine)
    if due is None and moves.during is not None:
        due = moves.during.after
    entered: Counter[Term] = Counter()
    ended: Counter[tuple[Term, MovementKind]] = Counter()
    for (path, kind), n in Counter(map(_path, moves)).items():
        for stage in path:
            entered[stage] += n
        ended[path[-1], kind] += n
    won = sum(n for (_, kind), n in ended.items() if kind is _WON)
    lost = sum(n for (_, kind), n in ended.items() if kind is _LOST)
    return Conversion(
        stages=Table(
            {
                stage: StageConversion(
                    entered=entered[stage],
                    # Whoever did not end at a stage went on from it, and so did the won.
                    advanced=entered[stage]
                    - sum(ended[stage, kind] for kind in MovementKind if kind is not _WON),
                    lost=ended[stage, _LOST],
                    regressed=ended[stage, MovementKind.REGRESSED],
                    unfinished=ended[stage, MovementKind.ADVANCED]
                    + ended[stage, MovementKind.UNCHANGED],
                )
                for stage in machine.stages
                if entered[stage]
            }
        ),
        won_of_decided=Rate(won, won + lost),
        won_of_due=None if due is None else Rate(won, won + lost + _overdue(moves, due)),
    )


def _path(move: Movement) -> tuple[tuple[Term, ...], MovementKind]:
    """The stages a deal stood at, then what became of it; one that went back ends where it left."""
    fell = not move.passed and not move.is_open
    first = move.stage_after if fell else move.stage_before
    return (first, *move.passed), move.kind


def _overdue(moves: Movements, over: date) -> int:
    """Count the deals still open though their expected close is over."""
    return sum(
        move.is_open and move.close_after is not None and move.close_after < over for move in moves
    )
