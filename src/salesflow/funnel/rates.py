"""Win rates: how likely a deal at a stage is to be won.

The nominal table of the sources rises from 2 % for a target to 90 % for an installed and signed
project; what is missing to 100 % at the last stage is the risk that the money does not come.
Stage, outcome and probability are different things: the rate belongs to the table, not the deal,
and it says where it came from.

>>> from salesflow.funnel.stages import Stage
>>> str(WIN_RATES[Stage.NEEDS_DISCOVERY]), WIN_RATES.origin.label("zh")
('1/5', '阶段默认')
>>> WinRates({Stage.NEEDS_DISCOVERY: "0.30", Stage.VALUE_PRESENTATION: "0.20"})
Traceback (most recent call last):
    ...
salesflow.errors.InvalidValue: win_rates fall at VALUE_PRESENTATION; a nominal rate may only rise.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

from attrs import field, frozen

from salesflow.errors import InvalidValue, WrongType
from salesflow.funnel.stages import STAGES
from salesflow.labels import Term
from salesflow.machine import Machine, table_of
from salesflow.scales import Number, exact
from salesflow.tables import Rows, Table, rows_of

__all__ = ["WIN_RATES", "RateOrigin", "WinRates", "rates_of"]

_DECIMAL: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,12})?")


class RateOrigin(Term):
    """Where a probability came from."""

    NOMINAL = "nominal", "阶段默认", "stage default"
    SET = "set", "人工设定", "set by a person"
    LEARNED = "learned", "历史推算", "learned from history"
    MIXED = "mixed", "默认与历史混合", "nominal mixed with history"


# History is what it is: its rates may fall.
_OF_HISTORY: Final = frozenset({RateOrigin.LEARNED, RateOrigin.MIXED})


def _origin(value: RateOrigin | str) -> RateOrigin:
    return RateOrigin.of(value)


def _rate(value: Number | str) -> Fraction:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        value = Decimal(value)
    rate = exact(value, "win_rates")
    if not 0 <= rate <= 1:
        raise InvalidValue("win_rates", "leave the range from 0 to 1", "give each as a share of 1")
    return rate


def _rates(value: Rows[Term, Number | str]) -> tuple[tuple[Term, Fraction], ...]:
    rows = rows_of(value, "win_rates")
    if not all(isinstance(stage, Term) for stage in rows):
        raise WrongType("win_rates", "have a key that is no stage", "use the stages as keys")
    return tuple((stage, _rate(rate)) for stage, rate in rows.items())


@frozen(repr=False)
class WinRates(Table[Term, Fraction]):
    """The win rate of each stage, in the order of the path, written `WinRates({stage: "0.02"})`.

    Raises `InvalidValue` for a rate outside 0 to 1, and for a nominal table that falls: further
    down the funnel can't be less likely.  A learned table may fall; history is what it is.
    """

    _rows: tuple[tuple[Term, Fraction], ...] = field(converter=_rates)
    #: where the rates came from
    origin: RateOrigin = field(default=RateOrigin.NOMINAL, converter=_origin, kw_only=True)

    def __attrs_post_init__(self) -> None:
        given = dict(self._rows)
        kinds = dict.fromkeys(type(stage) for stage in given)
        path = tuple(stage for kind in kinds for stage in kind if stage in given)
        # Two tables of the same rates are equal, whatever the order of the mapping.
        object.__setattr__(self, "_rows", tuple((stage, given[stage]) for stage in path))
        super().__attrs_post_init__()
        if self._falls(tuple(given)):
            self._must_rise(path)

    def of(self, machine: Machine) -> dict[Term, Fraction]:
        """Return the rate of every stage of `machine`; raises `InvalidValue` where one lacks."""
        table_of(machine)
        missing = [stage.name for stage in machine.stages if stage not in self]
        if missing:
            problem = f"say nothing of {', '.join(missing)}"
            raise InvalidValue("win_rates", problem, f"give every stage of {machine.name} a rate")
        self._must_rise(machine.stages)
        return {stage: self[stage] for stage in machine.stages}

    def _falls(self, path: tuple[Term, ...]) -> list[Term]:
        if self.origin in _OF_HISTORY:
            return []
        return [later for earlier, later in pairwise(path) if self[later] < self[earlier]]

    def _must_rise(self, path: tuple[Term, ...]) -> None:
        for stage in self._falls(path):
            problem = f"fall at {stage.name}"
            raise InvalidValue("win_rates", problem, "a nominal rate may only rise")


def rates_of(
    win_rates: WinRates | Rows[Term, Number | str], machine: Machine
) -> dict[Term, Fraction]:
    """Return the rate of every stage of a machine; a plain mapping is read as a nominal table."""
    table = win_rates if isinstance(win_rates, WinRates) else WinRates(win_rates)
    return table.of(machine)


#: the nominal win rates of the eight stages
WIN_RATES: Final = WinRates({stage: row.win_rate for stage, row in STAGES.items()})
