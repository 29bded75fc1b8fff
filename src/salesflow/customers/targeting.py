"""Whom to see, and how often: departments, doctors with potential, segments, key accounts.

A doctor's segment follows from status and potential, and each segment has a recommended number of
visits in a cycle of four weeks.  The cut-offs and the numbers are ours, to start from: they are
data, and a company replaces them.

>>> from salesflow.customers.scoring import AfterListing, DoctorScore
>>> doctor = DoctorScore(doctor="DR-7", product="CLIA-900", status=AfterListing.FEW,
...                      potential=AfterListing.FIRST_CHOICE)
>>> SEGMENTATION.segment(doctor), SEGMENTATION.visits(doctor)
(<Segment.GROW: 'grow'>, 4)
>>> [score.doctor for score in by_priority([doctor])]
['DR-7']
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.customers.grading import STRATEGIES, HospitalGrade
from salesflow.customers.scoring import AfterListing, DoctorScore
from salesflow.errors import InvalidValue, WrongType
from salesflow.labels import Label, Term
from salesflow.tables import Rows, Table, listed_of

__all__ = [
    "ACCOUNT_METHODS",
    "SEGMENTATION",
    "DepartmentInput",
    "KeyAccount",
    "KeyFeature",
    "Segment",
    "Segmentation",
    "TargetDepartment",
    "by_priority",
]


class DepartmentInput(Term):
    """What is looked at when a target department is chosen (目标科室的选择)."""

    INDICATION = "indication", "药品适应症", "indication of the product"
    SPECIALITY = "speciality", "医院特色", "speciality of the hospital"
    STAFF = "staff", "科室人数、结构", "number and structure of the staff"
    BEDS = "beds", "床位", "beds"
    UNITS = "units", "专科设置", "specialist units"


def _answers(value: Rows[DepartmentInput, bool]) -> Table[DepartmentInput, bool]:
    return forms.answers(DepartmentInput, value, "speaks_for_it")


@frozen(kw_only=True)
class TargetDepartment:
    """A department looked at as a target: which of the five inputs speak for it."""

    #: id of the department
    department: str
    #: whether each input speaks for it; what nobody looked at is left out
    speaks_for_it: Table[DepartmentInput, bool] = field(converter=_answers)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "department")

    @property
    def missing(self) -> tuple[DepartmentInput, ...]:
        """The inputs that nobody has looked at."""
        return tuple(key for key in DepartmentInput if key not in self.speaks_for_it)

    @property
    def in_favour(self) -> int | None:
        """How many of the five speak for it; None until all are looked at."""
        return None if self.missing else sum(self.speaks_for_it.values())


class Segment(Term):
    """What to do with a doctor, by status and potential."""

    GROW = "grow", "重点发展", "grow"
    KEEP = "keep", "重点维护", "keep"
    SUSTAIN = "sustain", "常规维护", "sustain"
    OBSERVE = "observe", "一般关注", "observe"
    PREPARE = "prepare", "推动进药", "prepare the listing"
    INFORM = "inform", "传递信息", "inform"


# Status high?  Potential high?  None: the product is not listed yet.
_SEGMENTS: Final[dict[tuple[bool | None, bool], Segment]] = {
    (False, True): Segment.GROW,
    (True, True): Segment.KEEP,
    (True, False): Segment.SUSTAIN,
    (False, False): Segment.OBSERVE,
    (None, True): Segment.PREPARE,
    (None, False): Segment.INFORM,
}


def _visits(value: Rows[Segment, int]) -> Table[Segment, int]:
    box = "visits_per_cycle"
    rows = forms.keyed(Segment, value, box)
    if set(rows) != set(Segment):
        raise InvalidValue(box, "lack a segment", "say a number for each, zero included")
    return Table({segment: forms.count(visits, box) for segment, visits in rows.items()})


@frozen(kw_only=True)
class Segmentation:
    """Where high begins, and how often each segment is visited in four weeks."""

    #: from which status on a doctor counts as won
    high_status: AfterListing = AfterListing.COMMON
    #: from which potential on a doctor counts as promising
    high_potential: AfterListing = AfterListing.COMMON
    #: recommended visits in a cycle of four weeks, for each segment
    visits_per_cycle: Table[Segment, int] = field(converter=_visits)

    def __attrs_post_init__(self) -> None:
        forms.terms(self, high_status=AfterListing, high_potential=AfterListing)

    def segment(self, score: DoctorScore) -> Segment | None:
        """Return the segment of a doctor; None where nobody judged the potential."""
        if not isinstance(score, DoctorScore):
            raise WrongType.of("score", score, "pass a DoctorScore")
        if score.potential is None:
            return None
        listed_status = score.status if isinstance(score.status, AfterListing) else None
        high = None if listed_status is None else listed_status >= self.high_status
        return _SEGMENTS[high, score.potential >= self.high_potential]

    def visits(self, score: DoctorScore) -> int | None:
        """Return the recommended visits of a doctor in four weeks; None without a segment."""
        segment = self.segment(score)
        return None if segment is None else self.visits_per_cycle[segment]


#: cut-offs and frequencies to start from
SEGMENTATION: Final = Segmentation(
    visits_per_cycle=Table(
        {
            Segment.GROW: 4,
            Segment.KEEP: 3,
            Segment.SUSTAIN: 2,
            Segment.OBSERVE: 1,
            Segment.PREPARE: 2,
            Segment.INFORM: 1,
        }
    )
)


def by_priority(scores: Iterable[DoctorScore]) -> tuple[DoctorScore, ...]:
    """Return the doctors with room to grow, the largest gap first, then the highest potential.

    Left out are those without a gap: not listed yet, not judged, or at their potential already.
    """
    found = listed_of(scores, DoctorScore, "scores")
    ranked = [(gap, score) for score in found if (gap := score.gap) is not None and gap > 0]
    ranked.sort(key=lambda pair: (-pair[0], -_potential(pair[1]), pair[1].doctor))
    return tuple(score for _, score in ranked)


def _potential(score: DoctorScore) -> int:
    return -1 if score.potential is None else score.potential.rank


class KeyFeature(Term):
    """What makes a customer a key account (大客户)."""

    LARGE_VOLUME = "large_volume", "购买量较大", "large volume"
    SPECIAL_NEEDS = "special_needs", "对产品或服务有特殊需求", "special needs"
    INFLUENCE = "influence", "对行业影响较大", "influence in the field"


#: how key accounts are managed
ACCOUNT_METHODS: Final = (
    Label("建立长期稳定的关系", "build a stable relationship for the long term"),
    Label("提供定制化服务和产品", "offer services and products made to measure"),
    Label("实施差异化营销", "market to each in its own way"),
    Label("以业绩和客户满意度建立考核机制", "appraise by results and by satisfaction"),
)


def _features(value: Iterable[KeyFeature]) -> frozenset[KeyFeature]:
    return forms.ticked(KeyFeature, value, "features")


@frozen(kw_only=True)
class KeyAccount:
    """A customer that is large, has special needs or influences others."""

    #: id of the customer
    customer: str
    #: what makes it a key account, at least one
    features: frozenset[KeyFeature] = field(converter=_features, repr=forms.shown)
    #: its grade, None where it was not graded
    grade: HospitalGrade | None = None

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "customer")
        forms.optional_terms(self, grade=HospitalGrade)
        if not self.features:
            raise InvalidValue("features", "are empty", "say what makes it a key account")

    @property
    def strategy(self) -> Label | None:
        """How a customer of its class is served; None without a grade."""
        return None if self.grade is None else STRATEGIES[self.grade]
