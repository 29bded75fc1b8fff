"""The sales process of pharma and medical-device field teams, as values, tables and figures.

>>> from datetime import date
>>> import pendulum
>>> from salesflow import Opportunity, Quarter, Stage, wan
>>> from salesflow.metrics import forecast
>>> deal = Opportunity.open(
...     id="D-1", customer="H-3", owner="R-9", product="CLIA-900", amount=wan(120),
...     at=pendulum.datetime(2026, 7, 1, 9, tz="Asia/Shanghai"),
...     expected_close=date(2026, 9, 20), stage=Stage.WINNING_COMMITMENT,
... )
>>> outlook = forecast([deal], quota=wan(100), during=Quarter(2026, 3, tz="Asia/Shanghai"))
>>> str(outlook), str(outlook.gap)
('72.0%', '280000.00 CNY')
"""

from salesflow.activity import ActivityKind
from salesflow.errors import SalesflowError
from salesflow.findings import Finding, Severity
from salesflow.funnel import (
    FUNNEL,
    WIN_RATES,
    LossReason,
    Opportunity,
    Stage,
    Status,
    WinRates,
    pipeline,
)
from salesflow.gates import Evidence, Gate, Override
from salesflow.labels import Label, Term
from salesflow.machine import Machine, Move
from salesflow.money import Money, wan
from salesflow.periods import Cycle, Month, Quarter, Span, Week, Year

__all__ = [
    "FUNNEL",
    "WIN_RATES",
    "ActivityKind",
    "Cycle",
    "Evidence",
    "Finding",
    "Gate",
    "Label",
    "LossReason",
    "Machine",
    "Money",
    "Month",
    "Move",
    "Opportunity",
    "Override",
    "Quarter",
    "SalesflowError",
    "Severity",
    "Span",
    "Stage",
    "Status",
    "Term",
    "Week",
    "WinRates",
    "Year",
    "pipeline",
    "wan",
]
