"""Trial: how each way of telling did on deals it had not seen.

The nominal rates, one constant, the nested rates, and these with the fields at several strengths
are scored side by side by their log loss.  Deals are independent and their stands are not, so what
one way gains over another is counted a deal at a time, in standard errors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import fsum, log, sqrt
from typing import Final

from attrs import frozen

from salesflow.metrics.doubts import Proof
from salesflow.metrics.nested import LOOK_WORTH
from salesflow.metrics.places import Stand
from salesflow.metrics.ridge import Effect, Lesson, effects, logit

__all__ = ["STRENGTHS", "Scores", "Trial"]

#: how strongly the fields may be taken.
STRENGTHS: Final = (0.25, 0.5, 0.75, 1.0)
# What is kept has to gain so many standard errors; what is refused has to lose so many.
_GAIN: Final = 0.5
_LOSS: Final = 1.0
# The ways of telling, in the order of their scores.
_NOMINAL, _CONSTANT, _NESTED, _OWN = range(4)
_WAYS: Final = 4 + len(STRENGTHS)


@frozen(kw_only=True)
class Trial:
    """What became of telling the later deals from the earlier ones."""

    proof: Proof
    #: how strongly the fields are to be taken, 0 where they gained nothing
    strength: float
    #: whether the overall level and the time at any stage gained without the fields
    own: bool
    #: how far what happened lay from what was told
    drift: Effect
    #: whether history did no worse than the nominal rates
    trusted: bool


class Scores:
    """Log losses of each way of telling, a deal at a time."""

    def __init__(self) -> None:
        self._days = 0.0
        self._losses: defaultdict[int, list[float]] = defaultdict(lambda: [0.0] * _WAYS)
        self._told: defaultdict[int, list[tuple[float, Sequence[float]]]] = defaultdict(list)

    def add(self, stand: Stand, won: float, told_by: Sequence[float]) -> None:
        """Score what each way told of a stand."""
        self._days += stand.days
        self._told[stand.look].append((won, told_by))
        losses = self._losses[stand.deal]
        for way, told in enumerate(told_by):
            losses[way] -= stand.days * (won * log(told) + (1.0 - won) * log(1.0 - told))

    def trial(self, *, learned: bool) -> Trial | None:
        """Return who did best; None where nobody was told."""
        if not self._losses:
            return None
        totals = [fsum(losses[way] for losses in self._losses.values()) for way in range(_WAYS)]
        best = min(range(_OWN + 1, _WAYS), key=totals.__getitem__)
        base = _OWN if self._gain(_NESTED, _OWN) > _GAIN else _NESTED
        kept = best if learned and self._gain(base, best) > _GAIN else base
        mean = [total / self._days for total in totals]
        return Trial(
            proof=Proof(
                n=len(self._losses),
                nominal=mean[_NOMINAL],
                constant=mean[_CONSTANT],
                nested=mean[_NESTED],
                fields=mean[best] if learned else None,
            ),
            strength=STRENGTHS[kept - _OWN - 1] if kept > _OWN else 0.0,
            own=kept == _OWN,
            drift=self._drift(kept),
            trusted=self._gain(kept, _NOMINAL) < _LOSS,
        )

    def _drift(self, way: int) -> Effect:
        """Return how far the log-odds of what happened lay from those of what one way told.

        Deals of one period share its luck, so a period is worth `LOOK_WORTH` deals at most.
        """
        lessons: list[Lesson] = []
        for told in self._told.values():
            worth = min(1.0, LOOK_WORTH / len(told))
            sums: defaultdict[float, list[float]] = defaultdict(lambda: [0.0, 0.0])
            for won, told_by in told:
                equal = sums[round(logit(told_by[way]), 1)]
                equal[0] += worth
                equal[1] += worth * won
            lessons += [Lesson(odds, ("",), *equal) for odds, equal in sums.items()]
        return effects(lessons, ("drift",))["drift"][""]

    def _gain(self, before: int, after: int) -> float:
        """Return what one way gains over another, in standard errors; deals are independent."""
        gains = [losses[before] - losses[after] for losses in self._losses.values()]
        error = sqrt(fsum(gain * gain for gain in gains))
        return fsum(gains) / error if error else 0.0
