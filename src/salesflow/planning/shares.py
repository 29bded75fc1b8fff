"""Sharing out a quota by the six factors of the trade (分配指标的因素).

    weight of a part = Σ weight of the factor × score of the part

The host weighs the factors and scores every part from 0 to 100.  A high score always means that
the part can bear more: strong competitors make a *low* score, an easy market a high one.  What
nobody scored is asked for and never guessed.

>>> from fractions import Fraction
>>> half = Fraction(1, 2)
>>> rule = FactorWeights(weights={"region_potential": half, "competition": half})
>>> scores = {"north": {"region_potential": 80, "competition": 60},
...           "south": {"region_potential": 50, "competition": 10}}
>>> dict(rule.shares(scores))
{'north': Fraction(70, 1), 'south': Fraction(30, 1)}
>>> rule.missing({"north": {"competition": 60}})["north"][0].label("en")
'present use and greatest potential of the region'

The weights are those that `Quota.split` takes.  Source: the six factors of the trade's training
material, which gives them no weights.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from attrs import field, frozen

from salesflow import text
from salesflow.errors import InvalidValue
from salesflow.forms import keyed
from salesflow.labels import Label, Term
from salesflow.scales import Number, exact
from salesflow.tables import Rows, Table, rows_of

__all__ = ["HIGH_SCORES", "AllocationFactor", "FactorWeights", "Scores"]

_HIGHEST: Final = 100


class AllocationFactor(Term):
    """What decides how much of a quota a part can bear."""

    CUSTOMER_POTENTIAL = (
        "customer_potential",
        "客户的消费经济、潜力",
        "economy and potential of the customers",
    )
    REGION_POTENTIAL = (
        "region_potential",
        "各区域现有用量与最大潜力",
        "present use and greatest potential of the region",
    )
    COMPETITION = "competition", "竞争对手投入及表现", "what competitors put in and achieve"
    EASE = "ease", "市场开发、管理的难易程度", "how hard the market is to develop and manage"
    COMPANY_INPUT = "company_input", "公司的投入", "what the company puts in"
    ABILITY_GROWTH = "ability_growth", "代表的能力成长", "growing ability of the representative"


#: what a high score says of each factor: the part can bear more
HIGH_SCORES: Final = Table(
    {
        AllocationFactor.CUSTOMER_POTENTIAL: Label("客户潜力大", "customers of great potential"),
        AllocationFactor.REGION_POTENTIAL: Label(
            "现有用量与最大潜力差距大", "far from the greatest potential still"
        ),
        AllocationFactor.COMPETITION: Label("竞争对手弱", "weak competitors"),
        AllocationFactor.EASE: Label("市场容易开发和管理", "easy to develop and manage"),
        AllocationFactor.COMPANY_INPUT: Label("公司投入多", "much put in by the company"),
        AllocationFactor.ABILITY_GROWTH: Label("代表能力成长快", "fast growing ability"),
    }
)

#: scores of each part, by its key and by factor; None where nobody scored
Scores = Rows[str, Rows[AllocationFactor, Number | None]]


def _weights(value: Rows[AllocationFactor, Number]) -> Table[AllocationFactor, Fraction]:
    rows = keyed(AllocationFactor, value, "weights")
    return Table({factor: exact(weight, "weights") for factor, weight in rows.items()})


@frozen(kw_only=True)
class FactorWeights:
    """A host's way of sharing out: weights of factors that sum to 1.

    Raises `InvalidValue` for any other weights.
    """

    #: weight of each factor that counts
    weights: Table[AllocationFactor, Fraction] = field(converter=_weights)

    def __attrs_post_init__(self) -> None:
        if any(weight < 0 for weight in self.weights.values()) or sum(self.weights.values()) != 1:
            problem = "are negative or do not sum to 1"
            raise InvalidValue("weights", problem, "pass exact weights, such as Decimal('0.4')")

    def missing(self, scores: Scores) -> Table[str, tuple[AllocationFactor, ...]]:
        """Ask: which factors nobody has scored yet, for each part that lacks one."""
        gaps = {
            key: tuple(factor for factor in self.weights if factor not in row)
            for key, row in self._read(scores).items()
        }
        return Table({key: lacking for key, lacking in gaps.items() if lacking})

    def shares(self, scores: Scores) -> Table[str, Fraction]:
        """Do: return the weight of each part, to split a quota by.

        Raises `InvalidValue` where a score is missing, lies off the scale or has no weight.
        """
        if self.missing(scores):
            raise InvalidValue("scores", "are not complete", "score all that missing() names")
        return Table(
            {
                key: sum((self.weights[factor] * row[factor] for factor in row), Fraction(0))
                for key, row in self._read(scores).items()
            }
        )

    def _read(self, scores: Scores) -> dict[str, dict[AllocationFactor, Fraction]]:
        given = rows_of(scores, "scores")
        rows = {text.line(key, "scores"): self._scored(row) for key, row in given.items()}
        if len(rows) < len(given):
            raise InvalidValue("scores", "have a part twice", "score it once")
        return rows

    def _scored(
        self, row: Rows[AllocationFactor, Number | None]
    ) -> dict[AllocationFactor, Fraction]:
        given = keyed(AllocationFactor, row, "scores")
        if not set(given) <= set(self.weights):
            raise InvalidValue("scores", "have a factor without a weight", "weigh it, or drop it")
        found = {
            factor: exact(score, "scores") for factor, score in given.items() if score is not None
        }
        if any(not 0 <= score <= _HIGHEST for score in found.values()):
            raise InvalidValue("scores", "lie off the scale", f"score from 0 to {_HIGHEST}")
        return found
