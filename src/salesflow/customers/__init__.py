"""Whom we serve: the people and organisations around a deal.

The words that the funnel needs are loaded at once; the forms wait until somebody asks for one.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from salesflow.customers.dossiers import Dossier
from salesflow.customers.roles import CompanyRole, HospitalRole
from salesflow.customers.standing import ADOPTION, AdoptionRung, RelationshipLevel

if TYPE_CHECKING:
    from salesflow.customers.diffusion import *
    from salesflow.customers.duties import *
    from salesflow.customers.files import *
    from salesflow.customers.grading import *
    from salesflow.customers.leaders import *
    from salesflow.customers.people import *
    from salesflow.customers.scoring import *
    from salesflow.customers.targeting import *
else:
    _LATE = ("diffusion", "duties", "files", "grading", "leaders", "people", "scoring", "targeting")

    def __getattr__(name: str) -> object:
        for module in _LATE if name in __all__ else ():
            room = import_module(f"{__name__}.{module}")
            if name in room.__all__:
                return getattr(room, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return __all__


__all__ = [
    "ACCOUNT_METHODS",
    "ADOPTER_SHARES",
    "ADOPTION",
    "BARRED",
    "DUTIES",
    "FRESHNESS",
    "LEADER_WEIGHTS",
    "LEADER_WORK",
    "SEGMENTATION",
    "STRATEGIES",
    "AdopterCategory",
    "AdoptionRung",
    "AfterListing",
    "BeforeListing",
    "Channel",
    "Colleague",
    "CompanyRole",
    "Contact",
    "CustomerFile",
    "Department",
    "DepartmentInput",
    "Doctor",
    "DoctorScore",
    "Dossier",
    "Duty",
    "Freshness",
    "GradeInput",
    "Graded",
    "Grading",
    "Hospital",
    "HospitalGrade",
    "HospitalRole",
    "KeyAccount",
    "KeyFeature",
    "LeaderCriterion",
    "LeaderStep",
    "LeaderType",
    "LeaderWeight",
    "ListingPhase",
    "OpinionLeader",
    "Payer",
    "Pharmacy",
    "PrescribingStatus",
    "RelationshipLevel",
    "Rhythm",
    "Segment",
    "Segmentation",
    "TargetDepartment",
    "adopter_category",
    "adopters",
    "by_priority",
    "company_roles",
    "holders",
    "hospital_roles",
    "in_charge",
    "may",
    "median_status",
    "next_adopters",
    "status_of",
]
