"""The two scores of a doctor for a product: where they stand, and where they could (复式评分).

The status runs from -4 to 4, and its sign tells the phase: below zero the hospital has not listed
the product yet, from zero on it has.  Within a phase the order means something; across the phases
it does not (an opponent at -4 becomes a 0 on the day of listing, and has not changed his mind).
So the two phases are two ladders, and the library computes nothing across them.

    gap = potential - status, and only after listing.

A score is a professional judgement of a salesperson.  Numbers of prescriptions of one doctor have
no place in it.

>>> score = DoctorScore(doctor="DR-7", product="CLIA-900", status=status_of("before", -1))
>>> score.status.label("zh"), score.gap
('填写进药申请', None)
>>> score = score.listed()
>>> score.status, score.needs_reassessment
(<AfterListing.NONE: 'none'>, True)
>>> score.assess(AfterListing.FEW, potential=AfterListing.FIRST_CHOICE).gap
3

The sources give no scale for the potential; ours is the status the doctor could reach.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median_low
from typing import Final, Self

from attrs import evolve, field, frozen

from salesflow import forms
from salesflow.customers.standing import AdoptionRung
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label, Term
from salesflow.scales import Rung
from salesflow.tables import Table, listed

__all__ = [
    "AfterListing",
    "BeforeListing",
    "DoctorScore",
    "ListingPhase",
    "PrescribingStatus",
    "median_status",
    "status_of",
]


class ListingPhase(Term):
    """Whether the hospital has listed the product."""

    BEFORE = "before", "进药前", "before listing"
    AFTER = "after", "进药后", "after listing"


class BeforeListing(Rung):
    """Where a doctor stands while the hospital has not listed the product."""

    OPPOSED = "opposed", "反对", "opposed"
    INDIFFERENT = "indifferent", "淡漠", "indifferent"
    TRIAL = "trial", "试用/咨商", "trial or consultation"
    APPLIED = "applied", "填写进药申请", "has applied for the listing"

    @property
    def number(self) -> int:
        """The number on the form: -4 to -1."""
        return self.rank - len(BeforeListing)


class AfterListing(Rung):
    """Where a doctor stands once the hospital has listed the product."""

    NONE = "none", "不处方", "does not prescribe"
    FEW = "few", "少量处方", "few"
    MEDIUM = "medium", "中等量处方", "medium, several products used evenly"
    COMMON = "common", "常用", "one of the commonly used"
    FIRST_CHOICE = "first_choice", "首选", "first choice"

    @property
    def number(self) -> int:
        """The number on the form: 0 to 4."""
        return self.rank


#: where a doctor stands, in either phase
PrescribingStatus = BeforeListing | AfterListing

_LADDERS: Final[Table[ListingPhase, tuple[PrescribingStatus, ...]]] = Table(
    {ListingPhase.BEFORE: tuple(BeforeListing), ListingPhase.AFTER: tuple(AfterListing)}
)
# Which rungs of adoption go with a status; a soft rule of thumb, so it warns and never refuses.
_ADOPTION: Final = Table(
    {
        AfterListing.NONE: (AdoptionRung.UNAWARE, AdoptionRung.AWARE),
        AfterListing.FEW: (AdoptionRung.TRIAL,),
        AfterListing.MEDIUM: (AdoptionRung.USE,),
        AfterListing.COMMON: (AdoptionRung.USE,),
        AfterListing.FIRST_CHOICE: (AdoptionRung.LOYALTY, AdoptionRung.ADVOCACY),
    }
)
_DISAGREES: Final = Remark(
    "ladders_disagree",
    Severity.WATCH,
    Label(
        "处方现状“{status}”与接纳度“{rung}”不一致",
        "status “{status}” and adoption “{rung}” do not agree",
    ),
    Label("重新评估其中之一", "assess one of the two anew"),
)
_REASSESS: Final = Remark(
    "score_needs_reassessment",
    Severity.WATCH,
    Label("产品已进药，{product} 的现状须重新评估", "{product} was listed since the last score"),
    Label("拜访后重新评估", "visit and assess anew"),
)
#: every finding about a score
SCORE_REMARKS: Final = (_DISAGREES, _REASSESS)


def status_of(phase: ListingPhase | str, number: int) -> PrescribingStatus:
    """Return the status with this number in this phase: -4 to -1 before listing, 0 to 4 after.

    Raises `InvalidValue` for any of the other pairs: there are nine.
    """
    ladder = _LADDERS[forms.term_of(ListingPhase, phase, "phase")]
    if type(number) is not int:
        raise WrongType.of("number", number, "pass an int from -4 to 4")
    for rung in ladder:
        if rung.number == number:
            return rung
    known = ", ".join(str(rung.number) for rung in ladder)
    raise InvalidValue("number", "is no status of this phase", f"use one of: {known}")


def _status(value: PrescribingStatus | int) -> PrescribingStatus:
    if isinstance(value, PrescribingStatus):
        return value
    if type(value) is not int:
        raise WrongType.of("status", value, "pass status_of(phase, number), or its number")
    if not -len(BeforeListing) <= value < len(AfterListing):
        raise InvalidValue("status", "is no status", "use -4 to -1 before listing, 0 to 4 after")
    return status_of(ListingPhase.BEFORE if value < 0 else ListingPhase.AFTER, value)


@frozen(kw_only=True)
class DoctorScore:
    """Where one doctor stands with one product, and where they could stand."""

    #: id of the doctor
    doctor: str
    #: id of the product
    product: str
    #: where they stand; the ladder tells the phase, and so does the sign of a number from -4 to 4
    status: PrescribingStatus = field(converter=_status)
    #: the status they could reach once the product is listed, None where nobody judged
    potential: AfterListing | None = None
    #: whether the status was carried over a listing, and nobody has looked since
    needs_reassessment: bool = False

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "doctor", "product")
        forms.flags(self, "needs_reassessment")
        forms.optional_terms(self, potential=AfterListing)
        if self.needs_reassessment and isinstance(self.status, BeforeListing):
            problem = "before the listing"
            raise InvalidValue("needs_reassessment", problem, "a listing is what calls for it")

    @property
    def phase(self) -> ListingPhase:
        """Whether the hospital has listed the product."""
        after = isinstance(self.status, AfterListing)
        return ListingPhase.AFTER if after else ListingPhase.BEFORE

    @property
    def gap(self) -> int | None:
        """How many rungs are left to climb: potential - status.

        None before listing, and where nobody judged the potential.
        """
        if self.potential is None or not isinstance(self.status, AfterListing):
            return None
        return self.potential.rank - self.status.rank

    def listed(self) -> Self:
        """Return the score after the hospital listed the product: 0, to be assessed anew.

        A score that is after the listing already stays as it is.
        """
        if self.phase is ListingPhase.AFTER:
            return self
        return evolve(self, status=AfterListing.NONE, needs_reassessment=True)

    def assess(
        self, status: PrescribingStatus | int, *, potential: AfterListing | None = None
    ) -> Self:
        """Return the score after somebody looked again; the potential stays where none is given.

        Raises `InvalidValue` for a status of the phase before, since a listing is not undone.
        """
        now = _status(status)
        if self.phase is ListingPhase.AFTER and isinstance(now, BeforeListing):
            raise InvalidValue("status", "is one before the listing", "pass an AfterListing")
        kept = self.potential if potential is None else potential
        return evolve(self, status=now, potential=kept, needs_reassessment=False)

    def findings(self, rung: AdoptionRung | None = None) -> tuple[Finding, ...]:
        """Return what is doubtful: a score to assess anew, a rung of adoption that disagrees."""
        seen = None if rung is None else forms.term_of(AdoptionRung, rung, "rung")
        found: list[Finding] = []
        if self.needs_reassessment:
            found.append(_REASSESS.about(self.doctor, product=self.product))
        fits = _ADOPTION.get(self.status) if isinstance(self.status, AfterListing) else None
        if seen is not None and fits is not None and seen not in fits:
            found.append(_DISAGREES.about(self.doctor, status=self.status, rung=seen))
        return tuple(found)


def median_status(statuses: Iterable[PrescribingStatus]) -> PrescribingStatus | None:
    """Return the middle one of some statuses of one phase, the lower of two; None for none.

    Raises `InvalidValue` for statuses of both phases: nothing can be computed across a listing.
    """
    found = listed(statuses, "statuses")
    kinds = {type(status) for status in found}
    if not kinds <= {BeforeListing, AfterListing}:
        raise WrongType("statuses", "hold something else", "pass status_of(phase, number)")
    if len(kinds) > 1:
        raise InvalidValue("statuses", "are of both phases", "take before and after apart")
    return median_low(found) if found else None
