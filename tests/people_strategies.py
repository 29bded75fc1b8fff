"""Customers and products for the tests: a full example of every form, and strategies for scores.

`FULL` holds each form that a host fills in, with every box filled; `least` leaves only the boxes
that must be there.
"""

from __future__ import annotations

import traceback
from datetime import date
from decimal import Decimal
from fractions import Fraction

from attrs import NOTHING, fields
from hypothesis import strategies as st

from salesflow.customers.files import CustomerFile, Freshness
from salesflow.customers.grading import GradeInput, Grading, HospitalGrade
from salesflow.customers.leaders import OpinionLeader
from salesflow.customers.people import (
    Colleague,
    Contact,
    Department,
    Doctor,
    Hospital,
    Payer,
    Pharmacy,
)
from salesflow.customers.scoring import AfterListing, BeforeListing, DoctorScore
from salesflow.customers.targeting import (
    DepartmentInput,
    KeyAccount,
    Segment,
    Segmentation,
    TargetDepartment,
)
from salesflow.errors import SalesflowError
from salesflow.products import (
    Advantage,
    CompetitionAnalysis,
    CompetitiveSituation,
    Competitor,
    Fab,
    Matrix,
    Product,
)

#: the name and number of a person; wherever it turns up in an error, privacy is broken
CANARY = "李晓明 138-0013-8000"

_ORGANISATION = {"id": "H-3", "name": "第一医院", "territory": "T-1", "custodian": "R-9"}
_PERSON = {
    "name": "李明",
    "phone": "010-1234",
    "title": "主任医师",
    "channel": "phone",
    "best_time": "Tuesday after rounds",
}

#: every form that a host fills in, with each of its boxes filled
FULL = {
    Hospital: {**_ORGANISATION, "grade": "a", "products": ["CLIA-900", "X-1"]},
    Pharmacy: _ORGANISATION,
    Payer: _ORGANISATION,
    Department: {"id": "DE-1", "hospital": "H-3", "name": "检验科", "target": True},
    Doctor: {
        **_PERSON,
        "id": "DR-7",
        "hospital": "H-3",
        "department": "DE-1",
        "speciality": "thyroid",
        "clinical_needs": ["a result within the visit"],
        "treatment_concept": "by the guideline",
        "patient_profile": "outpatients",
        "academic_focus": ["assays"],
        "experience": ["CLIA-900"],
    },
    Contact: {
        **_PERSON,
        "id": "C-1",
        "customer": "H-3",
        "department": "DE-1",
        "roles": ["user", "evaluator"],
        "relationship": "trust",
    },
    Colleague: {"id": "R-9", "name": "王芳", "roles": ["salesperson"]},
    OpinionLeader: {
        "doctor": "DR-7",
        "types": ["speaker"],
        "step": "contact",
        "criteria": ["influence"],
        "product": "CLIA-900",
        "purpose": "a talk on assays",
        "rhythm": "monthly",
    },
    DoctorScore: {
        "doctor": "DR-7",
        "product": "CLIA-900",
        "status": AfterListing.FEW,
        "potential": "first_choice",
        "needs_reassessment": True,
    },
    Grading: {
        "weights": {GradeInput.SIZE: Decimal("0.4"), GradeInput.LEVEL: Fraction(3, 5)},
        "cuts": {"b": 60, "a": 80},
    },
    TargetDepartment: {
        "department": "DE-1",
        "speaks_for_it": {key.value: key is not DepartmentInput.BEDS for key in DepartmentInput},
    },
    Segmentation: {
        "high_status": "medium",
        "high_potential": "first_choice",
        "visits_per_cycle": {segment.value: 2 for segment in Segment},
    },
    KeyAccount: {"customer": "H-3", "features": ["influence"], "grade": "b"},
    CustomerFile: {
        "customer": "H-3",
        "custodian": "R-9",
        "dossiers": ["background", "personal"],
        "updated_on": date(2026, 7, 1),
        "key": True,
        "discussed_on": date(2026, 7, 3),
    },
    Freshness: {"update_days": 31, "discuss_days": 7},
    Matrix: {"growth": Decimal("0.1"), "share": Fraction(3, 10)},
    Product: {
        "id": "CLIA-900",
        "name": "analyser",
        "area": "immunology",
        "indications": ["thyroid function"],
        "life_cycle": "growth",
    },
    Competitor: {"id": "X-1", "name": "rival", "products": ["X-100"]},
    CompetitiveSituation: {"customer": "H-3", "rivals": 2, "strength": "strong", "dominated": True},
    Advantage: {"text": "a result in 20 minutes", "against": "slow", "evidence": "STUDY-12"},
    CompetitionAnalysis: {
        "product": "CLIA-900",
        "competitor": "X-1",
        "strategy": "cheap\nand everywhere",
        "features": ["small"],
        "strengths": ["price"],
        "weaknesses": ["slow"],
        "feedback": ["often out of order"],
        "advantages": [Advantage(text="20 minutes", against="slow", evidence="STUDY-12")],
    },
    Fab: {
        "product": "CLIA-900",
        "feature": "chemiluminescence",
        "advantage": "detects 0.01 ng/mL",
        "benefit": "fewer repeat tests",
        "need": "N-1",
        "evidence": "STUDY-12",
        "value": "efficacy",
        "on_label": True,
    },
}


def least(form):
    """The boxes of a form that must be filled, filled."""
    must = {box.name for box in fields(form) if box.default is NOTHING}
    return {name: content for name, content in FULL[form].items() if name in must}


def made(form, **boxes):
    """A form with its least boxes, and these."""
    return form(**{**least(form), **boxes})


def everything_told(error):
    """All that an error could bring into a log: its text, its fields, the way it came about."""
    return "".join([*traceback.format_exception(error), str(error), repr(error), repr(error.args)])


def refusal(act, *args, **rest):
    """The library's own error, or None where nothing was refused; any other error comes through."""
    try:
        act(*args, **rest)
    except SalesflowError as error:
        return error
    return None


def statuses():
    """Where a doctor stands, before and after the listing."""
    return st.one_of(st.sampled_from(BeforeListing), st.sampled_from(AfterListing))


def doctor_scores(status=None):
    """Scores of some doctors for one product, judged and unjudged."""

    def score(doctor, stands, potential, carried):
        # Only a listing calls for another look.
        carried = carried and isinstance(stands, AfterListing)
        return DoctorScore(
            doctor=f"DR-{doctor}",
            product="CLIA-900",
            status=stands,
            potential=potential,
            needs_reassessment=carried,
        )

    return st.builds(
        score,
        st.integers(1, 9),
        statuses() if status is None else status,
        st.none() | st.sampled_from(AfterListing),
        st.booleans(),
    )


@st.composite
def gradings(draw):
    """Ways of grading: weights of some inputs that sum to 1, and two cut-offs that fall."""
    inputs = draw(st.lists(st.sampled_from(GradeInput), min_size=1, unique=True))
    size = len(inputs)
    parts = draw(st.lists(st.integers(0, 20), min_size=size, max_size=size).filter(any))
    lower, more = draw(st.integers(-50, 100)), draw(st.integers(1, 50))
    return Grading(
        weights={key: Fraction(part, sum(parts)) for key, part in zip(inputs, parts, strict=True)},
        cuts={HospitalGrade.A: lower + more, HospitalGrade.B: lower},
    )


def marks():
    """A score of one input, as a host may count it."""
    return st.one_of(
        st.integers(-20, 120),
        st.fractions(-20, 120, max_denominator=12),
        st.decimals(-20, 120, places=2),
    )
