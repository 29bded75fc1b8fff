"""Learning win rates from a history: what is seen, what is tried, and what is kept.

1. The book is cut at `as_of`; nothing later is seen, and each field reads a deal as it stood.
2. Where each deal stood, and for how long, becomes the nested rates (`nested`).
3. The fields are learned on top of them (`ridge`), and tried on deals they have not seen: on the
   later ones of the history, told from the earlier ones.  They are kept at the strength that did
   best there, and only where that gained more than chance would.
4. Where history itself did worse than the nominal rates, it is refused.
5. Rates of winning within a period are moved by their drift: how far the last periods lay from what
   had been told of them, drawn towards zero, since three periods are three pieces of luck.

Source: for rolling origins L. J. Tashman, "Out-of-sample tests of forecasting accuracy" (2000).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from math import fsum
from typing import Final

from attrs import evolve, frozen
from pendulum import DateTime

from salesflow.errors import InvalidValue
from salesflow.funnel import FUNNEL, WIN_RATES, Opportunity, WinRates, rates_of
from salesflow.instants import instant
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics.book import Book, book_of
from salesflow.metrics.exposure import exposures, snapshots
from salesflow.metrics.fields import Reader, Readers, readers_of
from salesflow.metrics.nested import NOMINAL_WORTH, Cell, known, nested
from salesflow.metrics.places import (
    ANY,
    Place,
    Stand,
    bands_of,
    looks_of,
    phase_of,
    stands,
)
from salesflow.metrics.rates import RESERVED, LearnedRates, bounded
from salesflow.metrics.ridge import Effect, Lesson, effects, logistic, logit
from salesflow.metrics.trial import STRENGTHS, Scores, Trial
from salesflow.periods import Period
from salesflow.scales import Number
from salesflow.tables import Rows, Table

__all__ = ["ENOUGH", "learn_rates"]

#: below so many decided deals the rates stay close to nominal, and no field is learned
ENOUGH: Final = 50

# A category of fewer deals tells nothing.
_FEWEST: Final = 5
# The history in five parts, in order of opening; the last three are told from those before.
_FOLDS: Final = 5
_TRIED: Final = 3
_OWN: Final = ("overall", "time")
# So many deals are enough to try on.
_AT_MOST: Final = 2_500


def learn_rates(
    deals: Iterable[Opportunity],
    *,
    as_of: datetime,
    during: Period | None = None,
    win_rates: WinRates | Rows[Term, Number | str] = WIN_RATES,
    fields: Readers = (),
    enough: int = ENOUGH,
    machine: Machine = FUNNEL,
) -> LearnedRates:
    """Learn the rate of winning eventually, or within a period, from what was known at `as_of`.

    With `during`, earlier periods of its kind are looked into at the same point that `as_of` is at
    now, and a rate is that of winning before the period is over.  `fields` names what else may
    matter: "owner", "product", "customer", "amount", "origin", or a mapping of names to functions
    that answer the category of a deal as it stands.

    Deals still open are unfinished and not lost; a deal counts once in a place.  The same history
    gives the same rates, whatever its order of rows in time.

    Raises `InvalidValue` for a period that is over at `as_of`, and as `book_of` and `rates_of` do.
    """
    readers = _asked(fields, enough)
    nominal = rates_of(win_rates, machine)
    moment = instant(as_of, "as_of")
    book = _sorted(book_of(deals, machine).as_of(moment))
    history = _history(book, readers, moment, during)
    floats = {stage: bounded(float(rate)) for stage, rate in nominal.items()}
    n = len({stand.deal for stand in history.stands if stand.won is not None})
    teacher = _Teacher(history, floats, tuple(readers), _nominal_worth(n, enough))
    trial = teacher.trial() if n >= enough else None
    cells = teacher.cells(history.stands)
    trusted = trial is None or trial.trusted
    return LearnedRates(
        machine=machine.name,
        as_of=moment,
        during=during,
        nominal=Table(nominal),
        bands=history.bands,
        phase=phase_of(during),
        cells=Table(cells),
        fields=tuple(readers),
        effects=teacher.kept(cells, trial) if trial and trusted else Table({}),
        n=n,
        won=len({stand.deal for stand in history.stands if stand.won}),
        looks=len({stand.look for stand in history.stands}) if history.looks else 0,
        enough=enough,
        proof=trial.proof if trial else None,
        drift=trial.drift if trial and trusted and history.looks else None,
        trusted=trusted,
    )


def _nominal_worth(n: int, enough: int) -> float:
    """Return what the nominal rates are worth: more, where there is little history."""
    return NOMINAL_WORTH * max(1.0, enough / max(1, n))


def _asked(fields: Readers, enough: int) -> dict[str, Reader]:
    if type(enough) is not int or enough < 1:
        raise InvalidValue("enough", "is no count of deals", "pass a whole number from 1")
    readers = readers_of(fields)
    reserved = sorted(RESERVED & readers.keys())
    if reserved:
        raise InvalidValue("fields", f"use the name {reserved[0]}", "name the field otherwise")
    return readers


@frozen(kw_only=True)
class _History:
    """Where every deal stood, and which part of the history it belongs to."""

    stands: Sequence[Stand]
    #: where each open deal stands now
    now: Mapping[int, Place]
    bands: tuple[int, ...]
    #: whether it was looked at, period by period
    looks: bool
    #: the part of the history a stand belongs to, counted from the earliest
    part: Callable[[Stand], int]
    parts: int


def _history(
    book: Book, readers: Mapping[str, Reader], at: DateTime, during: Period | None
) -> _History:
    if during is None:
        rows, n = list(exposures(book, readers, at)), len(book)
        bands = bands_of(rows)
        stood = list(stands(rows, bands, ()))
        return _History(
            stands=stood,
            now={stand.deal: stand.place for stand in stood if stand.won is None},
            bands=bands,
            looks=False,
            part=lambda stand: stand.deal * _FOLDS // n,
            parts=_FOLDS,
        )
    looks = looks_of(book, during, at)
    rows = list(snapshots(book, readers, looks)) if looks else []
    bands = bands_of(rows)
    return _History(
        stands=list(stands(rows, bands, [look.phase for look in looks])),
        now={},
        bands=bands,
        looks=True,
        part=lambda stand: stand.look,
        parts=len(looks),
    )


def _sorted(book: Book) -> Book:
    """Return the deals in order of opening, so that the order given changes no rounding."""
    return evolve(book, deals=sorted(book, key=lambda deal: (deal.trail[0].at, deal.id)))


@frozen
class _Teacher:
    """Learns from any part of a history."""

    history: _History
    nominal: Mapping[Term, float]
    fields: tuple[str, ...]
    nominal_worth: float

    def cells(self, told: Sequence[Stand]) -> dict[Place, Cell]:
        """Return the nested rates of some stands."""
        history = self.history
        return nested(
            told, self.nominal, history.now, looks=history.looks, nominal_worth=self.nominal_worth
        )

    def effects(
        self, told: Sequence[Stand], cells: Mapping[Place, Cell]
    ) -> dict[str, dict[str, Effect]]:
        """Return what moves the cells: the overall level, the time at any stage, the fields."""
        scale = _worth_of_a_day(told)
        own = effects(self._places(told, cells, scale), _OWN)
        level = _odds(own[_OWN[0]], "")
        chances = {
            place: logistic(
                logit(bounded(cell.told)) + level + _odds(own[_OWN[1]], str(place.band))
            )
            for place, cell in cells.items()
            if place.band != ANY
        }
        return own | effects(self._deals(told, cells, chances, scale), self.fields)

    def kept(self, cells: Mapping[Place, Cell], trial: Trial) -> Table[str, Table[str, Effect]]:
        """Return the effects that gained, at the strength they proved."""
        if not trial.strength and not trial.own:
            return Table({})
        learned = self.effects(self.history.stands, cells)
        if trial.own:
            learned |= {name: {} for name in self.fields}
        return _scaled(learned, trial.strength or 1.0)

    def _places(
        self, told: Sequence[Stand], cells: Mapping[Place, Cell], scale: float
    ) -> list[Lesson]:
        """Return a lesson for each place: what became of the time that deals stood there."""
        sums: defaultdict[Place, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for stand, won in self._decided(told, cells):
            times = sums[stand.place]
            times[0] += stand.days
            times[1] += stand.days * won
        return [
            Lesson(
                offset=logit(bounded(cells[place].told)),
                fields=("", str(place.band)),
                worth=days * scale,
                won=won_days * scale,
            )
            for place, (days, won_days) in sums.items()
        ]

    def _deals(
        self,
        told: Sequence[Stand],
        cells: Mapping[Place, Cell],
        chances: Mapping[Place, float],
        scale: float,
    ) -> list[Lesson]:
        """Return a lesson for each deal with the same fields: what was told of it, on the whole.

        A deal stands in many places with one outcome, so they are one case and not many; cases
        that are the same, and told the same within a hundredth, are taken together.
        """
        frequent = _frequent(told, len(self.fields))
        cases: defaultdict[tuple[int, tuple[str | None, ...]], list[float]] = defaultdict(
            lambda: [0.0, 0.0, 0.0]
        )
        for stand, won in self._decided(told, cells):
            case = cases[stand.deal, stand.fields]
            case[0] += stand.days
            case[1] += stand.days * chances[stand.place]
            case[2] += stand.days * won
        sums: defaultdict[tuple[float, tuple[str | None, ...]], list[float]] = defaultdict(
            lambda: [0.0, 0.0]
        )
        for (_, categories), (days, expected, won_days) in cases.items():
            marks = tuple(map(_if_in, categories, frequent))
            equal = sums[round(logit(bounded(expected / days)), 2), marks]
            equal[0] += days * scale
            equal[1] += won_days * scale
        return [Lesson(offset, marks, *equal) for (offset, marks), equal in sums.items()]

    def _decided(
        self, told: Sequence[Stand], cells: Mapping[Place, Cell]
    ) -> Iterator[tuple[Stand, float]]:
        """Yield each stand with its outcome; of a deal still open, what is told of it today."""
        now = self.history.now
        for stand in told:
            if stand.won is not None:
                yield stand, stand.won
            elif stand.place != now[stand.deal]:
                yield stand, known(cells, now[stand.deal]).told

    def trial(self) -> Trial | None:
        """Tell each later part of the history from the parts before it, and see who does best."""
        history = self.history
        deals = {stand.deal for stand in history.stands}
        thinned = set(sorted(deals)[:: len(deals) // _AT_MOST + 1])
        tried = [stand for stand in history.stands if stand.deal in thinned]
        # Of a deal still open counts what is told of it today: those decided are the quick ones.
        parts = [history.part(stand) for stand in tried]
        outcomes = list(self._decided(tried, self.cells(tried)))
        scores = Scores()
        for part in range(max(1, history.parts - _TRIED), history.parts):
            before = [stand for stand, of in zip(tried, parts, strict=True) if of < part]
            after = [(stand, won) for stand, won in outcomes if history.part(stand) == part]
            if before and after:
                self._try(before, after, scores)
        return scores.trial(learned=bool(self.fields))

    def _try(
        self, before: Sequence[Stand], after: Sequence[tuple[Stand, float]], scores: Scores
    ) -> None:
        cells = self.cells(before)
        rows = self.effects(before, cells)
        level = _odds(rows[_OWN[0]], "")
        constant = bounded(_mean(before))
        for stand, won in after:
            place = stand.place
            told = bounded(known(cells, place).told)
            own = moves = level + _odds(rows[_OWN[1]], str(place.band))
            for name, mark in zip(self.fields, stand.fields, strict=True):
                moves += _odds(rows[name], mark)
            odds = logit(told)
            told_by = [self.nominal[place.stage], constant, told, bounded(logistic(odds + own))]
            told_by += [bounded(logistic(odds + strength * moves)) for strength in STRENGTHS]
            scores.add(stand, won, told_by)


def _odds(rows: Mapping[str, Effect], mark: str | None) -> float:
    effect = None if mark is None else rows.get(mark)
    return effect.odds if effect else 0.0


def _frequent(told: Sequence[Stand], n: int) -> list[set[str]]:
    """Return the categories of each field that enough deals have."""
    seen: list[defaultdict[str, set[int]]] = [defaultdict(set) for _ in range(n)]
    last: tuple[int, tuple[str | None, ...]] | None = None
    for stand in told:
        if (stand.deal, stand.fields) != last:
            last = stand.deal, stand.fields
            for deals, category in zip(seen, stand.fields, strict=True):
                if category is not None:
                    deals[category].add(stand.deal)
    return [{name for name, deals in rows.items() if len(deals) >= _FEWEST} for rows in seen]


def _if_in(category: str | None, frequent: set[str]) -> str | None:
    return category if category in frequent else None


def _worth_of_a_day(told: Sequence[Stand]) -> float:
    """Return how many deals one day of standing is worth: all days together, all the deals."""
    decided = [stand for stand in told if stand.won is not None]
    days = fsum(stand.days for stand in decided)
    return len({stand.deal for stand in decided}) / days if days else 0.0


def _mean(told: Sequence[Stand]) -> float:
    days = fsum(stand.days for stand in told if stand.won is not None)
    return fsum(stand.days for stand in told if stand.won) / days if days else 0.5


def _scaled(
    rows: Mapping[str, Mapping[str, Effect]], strength: float
) -> Table[str, Table[str, Effect]]:
    """Return the effects at the strength they proved."""
    return Table(
        {
            name: Table(
                {mark: Effect(strength * e.odds, strength * e.error) for mark, e in effects.items()}
            )
            for name, effects in rows.items()
        }
    )
