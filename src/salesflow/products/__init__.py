"""What we sell: products, what may be said of them, and where the resources go."""

from salesflow.products.catalogue import (
    Advantage,
    CompetitionAnalysis,
    CompetitiveSituation,
    Competitor,
    Product,
    Strength,
)
from salesflow.products.claims import ABSOLUTES, ClinicalValue, Fab, FabPart, absolutes_in
from salesflow.products.portfolio import (
    OBJECTIVES,
    Investment,
    LifeCyclePhase,
    Matrix,
    PortfolioCell,
    StrategicObjective,
    invest,
)

__all__ = [
    "ABSOLUTES",
    "OBJECTIVES",
    "Advantage",
    "ClinicalValue",
    "CompetitionAnalysis",
    "CompetitiveSituation",
    "Competitor",
    "Fab",
    "FabPart",
    "Investment",
    "LifeCyclePhase",
    "Matrix",
    "PortfolioCell",
    "Product",
    "StrategicObjective",
    "Strength",
    "absolutes_in",
    "invest",
]
