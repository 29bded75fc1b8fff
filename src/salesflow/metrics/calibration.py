"""Were the probabilities true?  Of the deals given 70 %, seven in ten should have been won.

A *table* sets what was told beside what was seen, band by band, and *scores* put the distance into
one figure.  A score alone says little, so beside the model are scored the nominal win rates, and
the constant that tells everybody the base rate.

Three deals in four were won where 90 % was told, and one in four where 10 % was told:

>>> told = [(0.9, True)] * 15 + [(0.9, False)] * 5 + [(0.1, True)] * 5 + [(0.1, False)] * 15
>>> found = calibration(
...     Prediction(deal=f"D-{n}", probability=probability, nominal=0.5, happened=happened)
...     for n, (probability, happened) in enumerate(told)
... )
>>> [(row.told, str(row.seen), row.fits) for row in found.table]
[(0.1, '25.0% (n=20)', False), (0.9, '75.0% (n=20)', False)]

The order is right, the confidence is not: told were odds of 9 to 1, seen were odds of 3 to 1, and 3
is 9 to the power of one half, the slope.  It still beats telling everybody one half:

>>> f"{found.model.slope:.3f}", f"{found.model.brier:.2f}", f"{found.nominal.brier:.2f}"
('0.500', '0.21', '0.25')
>>> f"{found.gain:.3f}", found.beats_nominal
('0.038', True)

Sources: G. W. Brier, Monthly Weather Review 78 (1950); I. J. Good, JRSS B 14 (1952), for log loss;
D. R. Cox, Biometrika 45 (1958), for the slope; T. Gneiting and A. E. Raftery, JASA 102 (2007).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from math import exp, fsum, log, log1p
from typing import Final

from attrs import frozen

from salesflow import text
from salesflow.errors import InvalidValue, WrongType
from salesflow.forms import flags, lines, optional_lines
from salesflow.ratios import Rate
from salesflow.tables import Table, listed, listed_of

__all__ = ["Calibration", "CalibrationRow", "Prediction", "Score", "calibration", "calibration_by"]

# A probability that was told, how often it was told, and how often the deal was then won.  All
# figures are sums over these, and nominal rates know but a few probabilities.
_Cell = tuple[float, int, int]

_SURE: Final = 1e-12  # the log loss of a certainty that fails is thus 27.6, not infinite
_TIE: Final = 0.005  # of log loss
_MOST_BANDS: Final = 1_000
_FEWEST: Final = 10  # predictions that bear a slope
_SAME: Final = 1e-9  # log odds no further apart are one probability, rounded twice
_CLOSE: Final = 1e-12  # a pass that promises less is the last one
_PASSES: Final = 100  # three to twenty are usual


def chance(value: float, name: str) -> float:
    """Return a probability as a float; raises `WrongType` or `InvalidValue` for what is none."""
    if isinstance(value, bool) or not isinstance(value, (float, int, Fraction)):
        raise WrongType.of(name, value, "pass a number from 0 to 1")
    if not 0 <= value <= 1:  # nor is what is not a number
        raise InvalidValue(name, "is not between 0 and 1", "pass a share, not a percentage")
    return float(value)


@frozen(kw_only=True)
class Prediction:
    """What was told of one deal at one moment, and what came of it."""

    #: id of the deal
    deal: str
    #: whatever the host groups by: owner, quarter, product; may be empty
    group: str = ""
    #: the period it was told for; may be empty
    period: str = ""
    #: the probability that was told: a number from 0 to 1, or `InvalidValue` is raised
    probability: float
    #: what the nominal win rate of its stage said: likewise
    nominal: float
    #: whether it was won within the horizon that was meant
    happened: bool

    def __attrs_post_init__(self) -> None:
        lines(self, "deal")
        optional_lines(self, "group", "period")
        flags(self, "happened")
        for box in ("probability", "nominal"):
            object.__setattr__(self, box, chance(getattr(self, box), box))


@frozen(kw_only=True)
class Score:
    """How far told probabilities lay from what happened; the lower, the better.

    Brier and log loss are proper: on average nobody scores better than by telling the truth.
    Slope and intercept tell what is wrong: log odds seen = intercept + slope × log odds told.
    Slope 1 with intercept 0 is calibrated.  A slope below 1 is overconfident, the high too high and
    the low too low; above 1 it is timid; below 0 the very order is wrong.  With slope 1, an
    intercept above 0 says that too little was told, one below 0 too much.
    """

    #: how many predictions were scored
    n: int
    #: mean of (told - happened)², happened being 1 or 0: 0 is perfect, 0.25 is tossing a coin
    brier: float
    #: mean of -ln(what was told of that which then happened): 0 is perfect, 0.693 is tossing a
    #: coin; told probabilities are first clipped to [1e-12, 1 - 1e-12]
    log_loss: float
    #: factor on the log odds; None with fewer than ten predictions, with one outcome or one
    #: probability only, and where the probabilities part the outcomes without overlap
    slope: float | None
    #: shift of the log odds; None together with the slope
    intercept: float | None


@frozen(kw_only=True)
class CalibrationRow:
    """One band of told probabilities, and how many of its deals were won."""

    #: lower end of the band, which belongs to it
    low: float
    #: upper end of the band, which belongs to the next one, or to this one where it is the last
    high: float
    #: mean of the probabilities told
    told: float
    #: how many were won, with n and an interval that takes the deals for independent
    seen: Rate

    @property
    def fits(self) -> bool:
        """Whether the told mean lies in the interval of the seen rate."""
        interval = self.seen.interval
        return interval is not None and interval[0] <= self.told <= interval[1]


@frozen(kw_only=True)
class Calibration:
    """How true a model's probabilities were, beside those that anybody could have told."""

    #: how many predictions there are
    n: int
    #: how many were won
    base: Rate
    #: score of the model
    model: Score
    #: score of the nominal win rates
    nominal: Score
    #: score of the base rate told for everybody, in hindsight: what any model must beat
    constant: Score
    #: told beside seen, for each band in which something was told
    table: tuple[CalibrationRow, ...]

    @property
    def gain(self) -> float:
        """Log loss that the model saves on the nominal win rates; below zero it is the worse."""
        return self.nominal.log_loss - self.model.log_loss

    @property
    def beats_nominal(self) -> bool:
        """Whether the model is better than the nominal win rates; up to 0.005 it is a tie."""
        return self.gain > _TIE


def calibration(
    predictions: Iterable[Prediction], *, bands: int | Sequence[float] = 10
) -> Calibration | None:
    """Return how true the probabilities of some predictions were; None where there are none.

    `bands` is the number of equally wide bands of the table, or the rising points between 0 and 1
    that part them, as in `(0.1, 0.5)`; anything else raises `WrongType` or `InvalidValue`.
    """
    edges, told = _edges(bands), listed_of(predictions, Prediction, "predictions")
    return _calibration(told, edges) if told else None


def calibration_by(
    predictions: Iterable[Prediction],
    key: Callable[[Prediction], str] = lambda prediction: prediction.group,
    *,
    bands: int | Sequence[float] = 10,
) -> Table[str, Calibration]:
    """Return the calibration of each group of predictions, in the order of the keys.

    `key` names the group of a prediction; by default it is the one written on it.
    """
    edges = _edges(bands)
    if not callable(key):
        raise WrongType.of("key", key, "pass a function of a prediction")
    groups: dict[str, list[Prediction]] = {}
    for prediction in listed_of(predictions, Prediction, "predictions"):
        groups.setdefault(text.optional(key(prediction), "key"), []).append(prediction)
    return Table({name: _calibration(groups[name], edges) for name in sorted(groups)})


def _calibration(told: Sequence[Prediction], edges: tuple[float, ...]) -> Calibration:
    model = _cells([(one.probability, one.happened) for one in told])
    nominal = _cells([(one.nominal, one.happened) for one in told])
    n, won = len(told), sum(one.happened for one in told)
    return Calibration(
        n=n,
        base=Rate(won, n),
        model=_score(model),
        nominal=_score(nominal),
        constant=_score([(won / n, n, won)]),
        table=_table(model, edges),
    )


def _cells(told: list[tuple[float, bool]]) -> list[_Cell]:
    """Count what was told, lowest first; so the order of the predictions does not matter."""
    n = Counter(probability for probability, _ in told)
    won = Counter(probability for probability, happened in told if happened)
    return [(probability, n[probability], won[probability]) for probability in sorted(n)]


def _edges(bands: int | Sequence[float]) -> tuple[float, ...]:
    """Return the ends of all bands, 0 and 1 included."""
    if isinstance(bands, bool | float | str):
        raise WrongType.of("bands", bands, "pass how many, or the points between them")
    if isinstance(bands, int):
        if not 1 <= bands <= _MOST_BANDS:
            raise InvalidValue("bands", f"are not 1 to {_MOST_BANDS}", "ten are usual")
        return tuple(edge / bands for edge in range(bands + 1))
    cuts = [chance(cut, "bands") for cut in listed(bands, "bands")]
    edges = (0.0, *cuts, 1.0)
    if not all(low < high for low, high in pairwise(edges)):
        raise InvalidValue("bands", "do not rise from 0 to 1", "sort them; leave out 0 and 1")
    return edges


def _table(cells: list[_Cell], edges: tuple[float, ...]) -> tuple[CalibrationRow, ...]:
    cuts = edges[1:-1]  # what stands on one belongs to the band above
    bands = groupby(cells, key=lambda cell: bisect_right(cuts, cell[0]))
    return tuple(_band(edges[band], edges[band + 1], list(held)) for band, held in bands)


def _band(low: float, high: float, cells: list[_Cell]) -> CalibrationRow:
    n = sum(times for _, times, _ in cells)
    mean = fsum(told * times for told, times, _ in cells) / n
    return CalibrationRow(
        low=low,
        high=high,
        # Rounding must not push a mean past what it is the mean of.
        told=min(max(mean, cells[0][0]), cells[-1][0]),
        seen=Rate(sum(won for _, _, won in cells), n),
    )


def _score(cells: list[_Cell]) -> Score:
    n = sum(times for _, times, _ in cells)
    brier = fsum(won * (1 - told) ** 2 + (times - won) * told**2 for told, times, won in cells)
    safe = [(min(max(told, _SURE), 1 - _SURE), times, won) for told, times, won in cells]
    loss = fsum(-won * log(told) - (times - won) * log1p(-told) for told, times, won in safe)
    slope, intercept = _recalibration(safe, n) or (None, None)
    return Score(n=n, brier=brier / n, log_loss=loss / n, slope=slope, intercept=intercept)


def _recalibration(cells: list[_Cell], n: int) -> tuple[float, float] | None:
    """Return the slope and intercept under which what happened was likeliest; None without one.

    There is none where a threshold parts what happened from what did not: then the steeper, the
    likelier, without end (A. Albert and J. A. Anderson, Biometrika 71, 1984).  A step of Newton's
    may end beyond the top and lower than it began; shortened by ln(1 + reach) ÷ reach, where no log
    odds move beyond the reach, it climbs (T. Sun and Q. Tran-Dinh, Math. Programming 178, 2019).
    """
    rows = [(log(told) - log1p(-told), times, won) for told, times, won in cells]
    good = [logit for logit, _, won in rows if won]
    bad = [logit for logit, times, won in rows if won < times]
    if n < _FEWEST or not (good and bad) or min(bad[-1] - good[0], good[-1] - bad[0]) < _SAME:
        return None
    slope, intercept = 1.0, 0.0  # every word taken as true
    for _ in range(_PASSES):
        tilt, shift, gain = _step(rows, slope, intercept)
        if gain < _CLOSE * n:
            return slope + tilt, intercept + shift
        reach = max(abs(shift + tilt * rows[0][0]), abs(shift + tilt * rows[-1][0]))
        short = log1p(reach) / reach
        slope, intercept = slope + short * tilt, intercept + short * shift
    return None


def _step(rows: list[_Cell], slope: float, intercept: float) -> tuple[float, float, float]:
    """Return Newton's step, a weighted regression of what was missed, and what it promises."""
    pulls: list[tuple[float, float, float]] = []
    for logit, times, won in rows:
        line = intercept + slope * logit
        small = exp(-abs(line))  # never overflows, and keeps its digits next to certainty
        large = 1 / (1 + small)
        missed = won - times * (large if line > 0 else small * large)
        pulls.append((logit, times * small * large * large, missed))
    weight = sum(sway for _, sway, _ in pulls)
    mean = sum(sway * logit for logit, sway, _ in pulls) / weight
    spread = sum(sway * (logit - mean) ** 2 for logit, sway, _ in pulls)
    level = sum(missed for _, _, missed in pulls) / weight
    tilt = sum(missed * (logit - mean) for logit, _, missed in pulls) / spread
    return tilt, level - tilt * mean, tilt * tilt * spread + level * level * weight
