"""Learned win rates: what history says of a deal that stands here, for so long, with these marks.

A learned rate starts at the nominal rate of the stage, is shrunk towards what became of the deals
that stood at the same stage for as long, and is then moved by the fields that the caller named, as
far as these have proved themselves.  With ten deals of history it is all but nominal; it is never
0 or 1.  `learn_rates` makes the value; it can be stored, compared, and applied to any deal later.

A probability explains itself: a `Chance` bears the deals behind it, its interval, how much of it
is history, and the steps that lead from the nominal rate to it.

>>> import pendulum
>>> from salesflow.funnel import Stage
>>> from salesflow.metrics.learning import learn_rates
>>> rates = learn_rates([], as_of=pendulum.datetime(2026, 7, 1, tz="UTC"))
>>> chance = rates.chance(Stage.NEEDS_DISCOVERY, days=12)
>>> str(chance), chance.origin.label("en"), chance.interval is None
('20.0%', 'stage default', True)
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from math import fsum, hypot, inf
from typing import Final

from attrs import field, frozen
from pendulum import DateTime

from salesflow.errors import ForeignDeal, InvalidValue, WrongType
from salesflow.findings import Finding
from salesflow.funnel import Opportunity, RateOrigin, Status
from salesflow.instants import instant
from salesflow.labels import Label, Term
from salesflow.metrics.doubts import Proof, doubts
from salesflow.metrics.exposure import clock
from salesflow.metrics.fields import FIELDS, Reader, Readers, categories_of, readers_of
from salesflow.metrics.nested import Cell, around_of, known
from salesflow.metrics.places import Place, place_of
from salesflow.metrics.ridge import Effect, logistic, logit
from salesflow.periods import Period
from salesflow.ratios import Z95, percent, wilson
from salesflow.tables import Rows, Table, rows_of

__all__ = ["RESERVED", "Chance", "LearnedRates", "Part"]

#: a learned or nominal rate is told within these bounds: nothing is certain before it happened
_LOWEST: Final = 0.001
_LABELS: Final = {
    "stage": Label("阶段历史", "history of the stage"),
    "time": Label("在本阶段的时间", "time at the stage"),
    "phase": Label("季度内月份", "month of the quarter"),
    "drift": Label("近期偏移", "drift of the last periods"),
    "overall": Label("整体水平", "overall level"),
    "owner": Label("负责人", "owner"),
    "product": Label("产品", "product"),
    "customer": Label("客户", "customer"),
    "amount": Label("金额档", "size of the amount"),
    "origin": Label("首次或二次销售", "first or second sale"),
}
_LEVELS: Final = ("stage", "time", "phase")
#: names of parts that are no fields
RESERVED: Final = frozenset({"stage", "time", "phase", "drift", "overall"})


@frozen(kw_only=True)
class Part:
    """One step on the way from the nominal rate to the probability of a deal."""

    #: what moved it: "stage", "time", "phase", "drift", "overall" or the name of a field
    key: str
    #: the same in both languages
    label: Label
    #: the category of the deal, empty where that says nothing
    value: str
    #: the move in log-odds
    odds: float
    #: the move in probability; all moves sum to probability - nominal
    change: float


@frozen(kw_only=True)
class Chance:
    """The probability of a deal, and why it is so."""

    #: the probability, never 0 or 1
    probability: float
    #: the nominal rate of its stage
    nominal: Fraction
    #: 95 % interval of what history says; None without history
    interval: tuple[float, float] | None
    #: how many decided deals stood where it stands, or in the narrowest place around it
    n: int
    #: nominal, learned, or both mixed
    origin: RateOrigin
    #: how much of it is history, 0 to 1
    weight: float
    #: the steps from the nominal rate to it
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return percent(Fraction(self.probability))


@frozen(kw_only=True)
class LearnedRates:
    """Win rates learned from a history, as far as it was known at an instant."""

    #: name of the machine
    machine: str
    #: the instant up to which history was seen
    as_of: DateTime
    #: won within this period; None for won eventually
    during: Period | None
    #: the rates it started from
    nominal: Table[Term, Fraction]
    #: days at a stage at which a new band begins
    bands: tuple[int, ...]
    #: the month of the quarter that `during` lies in, `ANY` where none is meant
    phase: int
    #: what history says of each place
    cells: Table[Place, Cell] = field(repr=False)
    #: the fields that were named
    fields: tuple[str, ...]
    #: what each category moves; empty where nothing gained
    effects: Table[str, Table[str, Effect]] = field(repr=False)
    #: how many decided deals it was learned from
    n: int
    #: how many of these were won
    won: int
    #: how many earlier periods were looked into; 0 for won eventually
    looks: int
    #: below so many decided deals it stays close to nominal
    enough: int
    #: how it did on deals it had not seen; None with too few of them
    proof: Proof | None
    #: how far the last periods lay from what was told of them; None for won eventually
    drift: Effect | None
    #: whether history is used; False where it proved worse than the nominal rates
    trusted: bool

    def probability(self, stage: Term, days: float, categories: tuple[str | None, ...]) -> float:
        """Return the probability alone, for many deals: `categories` in the order of `fields`."""
        odds = self._odds.get(stage)
        if odds is None:
            raise _no_stage()
        band = bisect_right(self.bands, days)
        if not self.effects:
            return bounded(logistic(odds[band]))
        moves = self._moves(band, categories)
        return bounded(logistic(odds[band] + fsum(effect.odds for _, _, effect in moves)))

    def chance(
        self, stage: Term, days: float = 0.0, fields: Rows[str, str | None] | None = None
    ) -> Chance:
        """Return the probability of a deal at a stage for some days, with its explanation.

        A field that is not given, or a category never seen, moves nothing.  Raises `InvalidValue`
        for a field that was not learned, for negative days, and `WrongType` for no stage of the
        machine.
        """
        given = {} if fields is None else rows_of(fields, "fields")
        unknown = [name for name in given if name not in self.fields]
        if unknown:
            known_fields = ", ".join(self.fields) or "none"
            raise InvalidValue("fields", "name what was not learned", f"learned are {known_fields}")
        return self._told(stage, days, tuple(given.get(name) for name in self.fields))

    def of(self, deal: Opportunity, *, at: datetime, fields: Readers | None = None) -> Chance:
        """Return the chance of an open deal as it stood at an instant.

        `fields` reads the deal as in learning; it may be left out where only ready-made fields
        were learned.  Raises `ForeignDeal` for a deal of another machine and `InvalidValue` for one
        that was not open.
        """
        if deal.machine != self.machine:
            raise ForeignDeal(deal.machine, self.machine)
        moment = instant(at)
        stood = deal.as_of(moment)
        if stood is None or stood.status is not Status.OPEN:
            raise InvalidValue("deal", "was not open then", "ask at an instant when it was")
        categories = categories_of(self.readers(fields).values(), stood)
        return self._told(stood.stage, clock(stood.trail, moment), categories)

    def readers(self, fields: Readers | None = None) -> dict[str, Reader]:
        """Return the readers of the fields that were learned, in their order.

        Raises `InvalidValue` where a field of one's own comes without its reader.
        """
        given = readers_of(self._ready() if fields is None else fields)
        missing = [name for name in self.fields if name not in given]
        if missing:
            problem = f"lack a reader for {', '.join(missing)}"
            raise InvalidValue("fields", problem, "pass the fields used in learning")
        return {name: given[name] for name in self.fields}

    @property
    def within(self) -> bool:
        """Whether a rate is that of winning within the period, whatever close is expected.

        With little history, or one refused, rates stay nominal, and those know of no period.
        """
        return self.during is not None and self.trusted and self.n >= self.enough

    @property
    def origin(self) -> RateOrigin:
        """Nominal where history is not used or there is none, mixed otherwise."""
        return RateOrigin.MIXED if self.trusted and self.n else RateOrigin.NOMINAL

    def findings(self) -> tuple[Finding, ...]:
        """Return what should be known before these rates are believed."""
        return doubts(
            self.machine,
            n=self.n,
            won=self.won,
            enough=self.enough,
            proof=self.proof,
            trusted=self.trusted,
            refused=() if any(map(self.effects.get, self.fields)) else self.fields,
        )

    def _ready(self) -> list[str]:
        return [name for name in self.fields if name in FIELDS]

    def _place(self, stage: Term, days: float) -> Place:
        if not isinstance(stage, Term) or Place(stage) not in self.cells:
            raise _no_stage()
        if isinstance(days, bool) or not isinstance(days, int | float | Fraction):
            raise WrongType.of("days", days, "pass days at the stage, as a number")
        if not 0 <= days < inf:
            raise InvalidValue("days", "are below zero or no number", "pass days at the stage")
        return place_of(stage, days, self.bands, self.phase)

    @cached_property
    def _odds(self) -> dict[Term, list[float]]:
        """The log-odds of each stage and band, before the fields."""
        drift = self.drift.odds if self.drift else 0.0
        told: dict[Term, list[float]] = {}
        for stage, rate in self.nominal.items():
            places = [Place(stage, band, self.phase) for band in range(len(self.bands) + 1)]
            told[stage] = (
                [logit(bounded(known(self.cells, place).told)) + drift for place in places]
                if self.trusted
                else [logit(bounded(float(rate)))] * len(places)
            )
        return told

    def _moves(
        self, band: int, categories: tuple[str | None, ...]
    ) -> list[tuple[str, str, Effect]]:
        """Return what the fields do: name, category, effect."""
        if not self.effects:
            return []
        told: list[tuple[str, str, Effect]] = []
        marks = ("", str(band), *categories)
        for (name, rows), mark in zip(self.effects.items(), marks, strict=True):
            if mark is not None and mark in rows:
                told.append((name, mark, rows[mark]))
        return told

    def _told(self, stage: Term, days: float, categories: tuple[str | None, ...]) -> Chance:
        place = self._place(stage, days)
        cell = known(self.cells, place)
        trusted = self.trusted and cell.worth > 0
        moves: list[tuple[str, str, Effect]] = []
        if self.trusted:
            moves += [("drift", "", self.drift)] if self.drift else []
            moves += self._moves(place.band, categories)
        steps = [*(self._levels(place) if trusted else ()), *_steps(moves)]
        parts = _parts(bounded(float(self.nominal[stage])), steps)
        told = self.probability(stage, days, categories)
        return Chance(
            probability=told,
            nominal=self.nominal[stage],
            interval=_interval(cell, moves, told) if trusted else None,
            n=cell.n if self.trusted else 0,
            origin=self.origin if trusted or moves else RateOrigin.NOMINAL,
            weight=cell.weight if trusted else 0.0,
            parts=parts,
        )

    def _levels(self, place: Place) -> list[tuple[str, str, float]]:
        """Return what each level of history moves: name, value, log-odds."""
        before = logit(bounded(float(self.nominal[place.stage])))
        values = (place.stage.value, self._days(place.band), str(place.phase))
        steps: list[tuple[str, str, float]] = []
        for name, value, around in zip(_LEVELS, values, reversed(around_of(place)), strict=False):
            told = logit(bounded(known(self.cells, around).told))
            steps.append((name, value, told - before))
            before = told
        return steps

    def _days(self, band: int) -> str:
        """Write a band as days, such as `14-30`."""
        ends = ("0", *map(str, self.bands))
        return f"{ends[band]}-{ends[band + 1]}" if band + 1 < len(ends) else f"{ends[band]}+"


def _no_stage() -> WrongType:
    return WrongType("stage", "is no stage of the machine", "pass a stage it was learned for")


def bounded(probability: float) -> float:
    """Return a probability within the bounds of what can be told before it happened."""
    return min(1.0 - _LOWEST, max(_LOWEST, probability))


def _steps(moves: list[tuple[str, str, Effect]]) -> list[tuple[str, str, float]]:
    return [(name, "" if name in _LEVELS else mark, effect.odds) for name, mark, effect in moves]


def _parts(nominal: float, steps: list[tuple[str, str, float]]) -> tuple[Part, ...]:
    """Walk from the nominal rate to the probability; each step changes it by so much."""
    parts: dict[str, Part] = {}
    odds = logit(nominal)
    for name, value, move in steps:
        before, odds = bounded(logistic(odds)), odds + move
        change = bounded(logistic(odds)) - before
        made = parts.get(name)
        parts[name] = Part(
            key=name,
            label=_LABELS.get(name, Label(name, name)),
            value=made.value if made else value,
            odds=move + (made.odds if made else 0.0),
            change=change + (made.change if made else 0.0),
        )
    return tuple(parts.values())


def _interval(cell: Cell, moves: list[tuple[str, str, Effect]], told: float) -> tuple[float, float]:
    """Return the interval of history alone, moved and widened by the fields, holding what is told.

    Errors of independent parts add by their squares, on the scale of log-odds.
    """
    low, high = (logit(bounded(bound)) for bound in wilson(cell.seen, cell.worth))
    middle = logit(bounded(cell.seen))
    # Overall level and time only make up for the nominal rate, which is not in what was seen.
    moves = [move for move in moves if move[0] not in {"overall", "time"}]
    shift = fsum(effect.odds for _, _, effect in moves)
    wide = Z95 * hypot(*(effect.error for _, _, effect in moves))
    return (
        min(told, logistic(middle + shift - hypot(middle - low, wide))),
        max(told, logistic(middle + shift + hypot(high - middle, wide))),
    )
