"""Effects: how much each field moves a rate, learned with caution.

    log-odds of a win = log-odds of the offset + the effect of the category of each field

The offset is what is known without the fields; an effect of zero leaves it there.  Each effect is
drawn towards zero (ridge), the more so the less the effects of its field differ altogether, which
is learned too (empirical Bayes): a field that tells nothing fades away.  The categories of a field
exclude each other, so each field in its turn is solved by one Newton step per category, round
after round until nothing moves.

>>> lessons = [Lesson(0.0, ("east",), 100.0, 70.0), Lesson(0.0, ("west",), 100.0, 30.0)]
>>> {name: round(told.odds, 2) for name, told in effects(lessons, ["region"])["region"].items()}
{'east': 0.71, 'west': -0.71}

Source: S. le Cessie and J. C. van Houwelingen, "Ridge estimators in logistic regression" (1992);
D. J. C. MacKay, "Bayesian interpolation" (1992), for the spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, fsum, log, sqrt
from typing import Final, NamedTuple

from attrs import frozen

__all__ = ["Effect", "Lesson", "effects", "logistic", "logit"]

# More rounds move effects by less than their errors.
_ROUNDS: Final = 8
_SETTLED: Final = 1e-3
# What is believed of the spread of a field before it is seen, and how many categories that weighs.
_SPREAD: Final = 0.10
_BELIEF: Final = 4.0
# Longer steps could overshoot, and no single word about a deal is worth odds of fifty to one.
_STEP: Final = 1.0
_LARGEST: Final = 4.0


@frozen
class Effect:
    """How far one category moves the log-odds of a win."""

    #: the move, in log-odds
    odds: float
    #: its standard error
    error: float


class Lesson(NamedTuple):
    """Equal cases taken together."""

    #: the log-odds of a win without the fields
    offset: float
    #: the category of each field, None where it has none
    fields: tuple[str | None, ...]
    #: how many deals they are worth
    worth: float
    #: how many of these were won
    won: float


def logit(probability: float) -> float:
    """Return the log-odds of a probability strictly between 0 and 1."""
    return log(probability / (1.0 - probability))


def logistic(odds: float) -> float:
    """Return the probability of some log-odds."""
    if odds >= 0:
        return 1.0 / (1.0 + exp(-odds))
    power = exp(odds)
    return power / (1.0 + power)


def effects(lessons: Sequence[Lesson], names: Sequence[str]) -> dict[str, dict[str, Effect]]:
    """Return the effect of each category of each field; `names` are those of the fields."""
    odds = [lesson.offset for lesson in lessons]
    worth = [lesson.worth for lesson in lessons]
    won = [lesson.won for lesson in lessons]
    columns = [_Column([lesson.fields[place] for lesson in lessons]) for place in range(len(names))]
    for _ in range(_ROUNDS):
        if max((column.step(odds, worth, won) for column in columns), default=0.0) < _SETTLED:
            break
    return {name: column.told() for name, column in zip(names, columns, strict=True)}


class _Column:
    """One field: its categories, their effects, and how much these differ."""

    def __init__(self, categories: Sequence[str | None]) -> None:
        self._names = sorted({name for name in categories if name is not None})
        numbers: Mapping[str | None, int] = {name: n for n, name in enumerate(self._names)}
        # The last place is nobody's: a lesson without a category moves nothing.
        self._places = [numbers.get(name, len(self._names)) for name in categories]
        self._odds = [0.0] * (len(self._names) + 1)
        self._curve = self._odds.copy()
        self._penalty = 1.0 / _SPREAD

    def step(self, odds: list[float], worth: list[float], won: list[float]) -> float:
        """Take one Newton step for every category; returns the longest move."""
        slope, curve = [0.0] * len(self._odds), [0.0] * len(self._odds)
        for place, at, n, hits in zip(self._places, odds, worth, won, strict=True):
            chance = 1.0 / (1.0 + exp(-at))
            slope[place] += hits - n * chance
            curve[place] += n * chance * (1.0 - chance)
        moves = [0.0] * len(self._odds)
        for number in range(len(self._names)):
            here = self._odds[number]
            step = (slope[number] - self._penalty * here) / (curve[number] + self._penalty)
            moved = here + max(-_STEP, min(_STEP, step))
            self._odds[number] = max(-_LARGEST, min(_LARGEST, moved))
            moves[number] = self._odds[number] - here
        odds[:] = [at + moves[place] for at, place in zip(odds, self._places, strict=True)]
        self._curve = curve
        self._learn_spread()
        return max(map(abs, moves))

    def _learn_spread(self) -> None:
        """Let the effects seen say how large effects of this field are."""
        n = len(self._names)
        if n > 1:
            seen = fsum(
                self._odds[number] ** 2 + 1.0 / (self._curve[number] + self._penalty)
                for number in range(n)
            )
            self._penalty = (_BELIEF + n) / (_BELIEF * _SPREAD + seen)

    def told(self) -> dict[str, Effect]:
        """Return the effect of each category."""
        return {
            name: Effect(self._odds[n], 1.0 / sqrt(self._curve[n] + self._penalty))
            for n, name in enumerate(self._names)
        }
