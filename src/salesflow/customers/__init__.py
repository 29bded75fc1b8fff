"""Whom we serve: the people and organisations around a deal."""

from salesflow.customers.dossiers import Dossier
from salesflow.customers.people import CompanyRole, HospitalRole
from salesflow.customers.standing import RelationshipLevel

__all__ = ["CompanyRole", "Dossier", "HospitalRole", "RelationshipLevel"]
