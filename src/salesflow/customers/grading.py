"""The grade of a hospital: A, B or C, from weighted inputs (医院定级).

grade = the highest one whose cut-off Σ weight × score reaches.  The inputs are those of the trade,
the weights and the cut-offs are the host's: no source gives any.  Where an input is missing there
is no grade, only the list of what is missing.

>>> from decimal import Decimal
>>> grading = Grading(
...     weights={GradeInput.SIZE: Decimal("0.4"), GradeInput.LEVEL: Decimal("0.3"),
...              GradeInput.VOLUME: Decimal("0.2"), GradeInput.COMPETITION: Decimal("0.1")},
...     cuts={HospitalGrade.A: 80, HospitalGrade.B: 60},
... )
>>> scores = {GradeInput.SIZE: 90, GradeInput.LEVEL: 80, GradeInput.VOLUME: 70}
>>> grading.grade({**scores, GradeInput.COMPETITION: 60}).grade
<HospitalGrade.A: 'a'>
>>> grading.grade(scores).label("en"), [gap.name for gap in grading.grade(scores).missing]
('unknown', ['COMPETITION'])
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Final

from attrs import field, frozen

from salesflow.errors import InvalidValue
from salesflow.forms import keyed
from salesflow.labels import Label, Language, Term
from salesflow.scales import Number, Rung, exact
from salesflow.tables import Rows, Table, rows_of

__all__ = ["STRATEGIES", "GradeInput", "Graded", "Grading", "HospitalGrade"]

_UNKNOWN: Final = Label("未定级", "unknown")


class HospitalGrade(Rung):
    """The class of a hospital; A is the highest."""

    C = "c", "C级", "grade C"
    B = "b", "B级", "grade B"
    A = "a", "A级", "grade A"


class GradeInput(Term):
    """What a grade is made from; the last two are for devices and reagents."""

    SIZE = "size", "规模", "size"
    LEVEL = "level", "等级", "official level"
    VOLUME = "volume", "业务量", "volume of work"
    DRUG_USE = "drug_use", "用药水平和数量", "level and quantity of drug use"
    COMPETITION = "competition", "竞争态势", "competition"
    SAMPLE_VOLUME = "sample_volume", "标本量", "volume of samples"
    PAYMENT = "payment", "回款情况", "payment behaviour"


#: how a customer of each class is served
STRATEGIES: Final = Table(
    {
        HospitalGrade.A: Label(
            "个性化服务计划，专业的全面解决方案", "a service plan of its own, a full solution"
        ),
        HospitalGrade.B: Label(
            "稳定高效的产品和服务，维持关系", "stable and efficient service, keep the relation"
        ),
        HospitalGrade.C: Label(
            "市场开发，提高覆盖率和品牌认知", "market development, coverage, brand awareness"
        ),
    }
)


@frozen(kw_only=True)
class Graded:
    """What grading a hospital gave."""

    #: the grade, None where an input is missing
    grade: HospitalGrade | None
    #: the weighted score, exact, None where an input is missing
    score: Fraction | None
    #: the inputs that are missing, in the order of the weights
    missing: tuple[Term, ...]

    def label(self, language: Language) -> str:
        """Return the grade in words; "unknown" where there is none."""
        return _UNKNOWN.text(language) if self.grade is None else self.grade.label(language)


def _weights(value: Rows[Term, Number]) -> Table[Term, Fraction]:
    rows = rows_of(value, "weights")
    return Table({key: exact(weight, "weights") for key, weight in rows.items()})


def _cuts(value: Rows[HospitalGrade, Number]) -> Table[HospitalGrade, Fraction]:
    rows = keyed(HospitalGrade, value, "cuts")
    return Table({grade: exact(rows[grade], "cuts") for grade in reversed(rows)})


@frozen(kw_only=True)
class Grading:
    """A host's way of grading: weights that sum to 1, and cut-offs that fall from A to B.

    Whatever reaches no cut-off is a C.  The grade never falls when a score rises.
    Raises `InvalidValue` for any other table.
    """

    #: weight of each input; keyed by `GradeInput`, or by a host's own words
    weights: Table[Term, Fraction] = field(converter=_weights)
    #: the least score of grade A and of grade B
    cuts: Table[HospitalGrade, Fraction] = field(converter=_cuts)

    def __attrs_post_init__(self) -> None:
        if any(not isinstance(key, Term) for key in self.weights):
            raise InvalidValue("weights", "have a key that is no Term", "key them by GradeInput")
        if any(weight < 0 for weight in self.weights.values()) or sum(self.weights.values()) != 1:
            problem = "are negative or do not sum to 1"
            raise InvalidValue("weights", problem, "pass exact weights, such as Decimal('0.4')")
        if list(self.cuts) != [HospitalGrade.A, HospitalGrade.B]:
            raise InvalidValue("cuts", "are not those of A and B", "pass a cut-off for either")
        if any(lower >= upper for upper, lower in pairwise(self.cuts.values())):
            raise InvalidValue("cuts", "do not fall from A to B", "pass a higher one for A")

    def grade(self, scores: Rows[Term, Number | None]) -> Graded:
        """Return the grade of a hospital with these scores; a None counts as missing.

        Raises `InvalidValue` for a score that has no weight, so that none is lost without a word.
        """
        given = rows_of(scores, "scores")
        if not set(given) <= set(self.weights):
            raise InvalidValue("scores", "have an input without a weight", "weigh it, or drop it")
        missing = tuple(key for key in self.weights if given.get(key) is None)
        if missing:
            return Graded(grade=None, score=None, missing=missing)
        total = _total(self.weights, given)
        reached = (grade for grade, cut in self.cuts.items() if total >= cut)
        return Graded(grade=next(reached, HospitalGrade.C), score=total, missing=())


def _total(weights: Mapping[Term, Fraction], scores: Mapping[Term, Number | None]) -> Fraction:
    return sum(
        (weight * exact(scores[key], "scores") for key, weight in weights.items()), Fraction(0)
    )
