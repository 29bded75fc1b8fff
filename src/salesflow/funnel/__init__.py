"""How far we are: the eight stages, and the deals that climb them."""

from salesflow.funnel.audit import replay
from salesflow.funnel.history import Sighting
from salesflow.funnel.opportunity import Opportunity
from salesflow.funnel.rates import WIN_RATES, RateOrigin, WinRates, rates_of
from salesflow.funnel.stages import FUNNEL, STAGES, Stage, StageProfile, Status, pipeline
from salesflow.funnel.trail import KEEP, Act, Event, LossReason

__all__ = [
    "FUNNEL",
    "KEEP",
    "STAGES",
    "WIN_RATES",
    "Act",
    "Event",
    "LossReason",
    "Opportunity",
    "RateOrigin",
    "Sighting",
    "Stage",
    "StageProfile",
    "Status",
    "WinRates",
    "pipeline",
    "rates_of",
    "replay",
]
