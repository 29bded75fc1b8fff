"""How well: what moved in a period, what is expected of it, and where it is blocked."""

from salesflow.metrics.accuracy import Accuracy, Total, accuracy, accuracy_by
from salesflow.metrics.association import Association, association
from salesflow.metrics.backtest import Backtest, backtest, learn_shock
from salesflow.metrics.book import Book, Tally, book_of
from salesflow.metrics.bridge import Bridge, bridge
from salesflow.metrics.calibration import *
from salesflow.metrics.churn import bad_debt, churn, losses
from salesflow.metrics.conversion import Conversion, StageConversion, conversion
from salesflow.metrics.coverage import Coverage, coverage
from salesflow.metrics.decisive import *
from salesflow.metrics.distribution import Distribution
from salesflow.metrics.doubts import Proof
from salesflow.metrics.effort import Effort, effort, effort_by
from salesflow.metrics.fields import FIELDS
from salesflow.metrics.figures import Figure
from salesflow.metrics.forecast import Forecast, Outside, StageEstimate, forecast
from salesflow.metrics.learning import learn_rates
from salesflow.metrics.market import *
from salesflow.metrics.movements import Entered, Movement, MovementKind, Movements, movements
from salesflow.metrics.newcomers import NewBusiness, learn_newcomers
from salesflow.metrics.outlook import Bin, Outlook, outlook
from salesflow.metrics.pace import Pace, StagePace, Stalled, Stay, Velocity, pace, stays
from salesflow.metrics.progress import progress, regressed, unchanged
from salesflow.metrics.prospects import Prospect
from salesflow.metrics.rates import Chance, LearnedRates, Part
from salesflow.metrics.review import OwnerLine, Review, review
from salesflow.metrics.service import *
from salesflow.metrics.shape import Focus, Shape, Step, focus, shape, shape_of
from salesflow.metrics.snapshots import movements_between

__all__ = [
    "FIELDS",
    "Accuracy",
    "Association",
    "Backtest",
    "Bin",
    "Book",
    "Bridge",
    "Calibration",
    "CalibrationRow",
    "Chance",
    "Conversion",
    "Coverage",
    "Dependence",
    "Distribution",
    "Effort",
    "Entered",
    "Figure",
    "Focus",
    "Forecast",
    "LearnedRates",
    "Movement",
    "MovementKind",
    "Movements",
    "NewBusiness",
    "Outlook",
    "Outside",
    "OwnerLine",
    "Pace",
    "Part",
    "Prediction",
    "Proof",
    "Prospect",
    "Review",
    "Satisfaction",
    "Score",
    "Shape",
    "SmallestSet",
    "StageConversion",
    "StageEstimate",
    "StagePace",
    "Stalled",
    "Stay",
    "Step",
    "Swing",
    "Tally",
    "Total",
    "Velocity",
    "WhatIf",
    "accuracy",
    "accuracy_by",
    "answered_in_time",
    "association",
    "backtest",
    "bad_debt",
    "book_of",
    "bridge",
    "calibration",
    "calibration_by",
    "churn",
    "collection_rate",
    "contribution",
    "conversion",
    "coverage",
    "decisive",
    "dependence",
    "effort",
    "effort_by",
    "files_fresh",
    "focus",
    "forecast",
    "growth",
    "learn_newcomers",
    "learn_rates",
    "learn_shock",
    "losses",
    "market_share",
    "movements",
    "movements_between",
    "needed",
    "net_return",
    "on_time",
    "outlook",
    "output_per_input",
    "pace",
    "participation",
    "per_head",
    "progress",
    "regressed",
    "response_days",
    "retention",
    "review",
    "satisfaction",
    "shape",
    "shape_of",
    "smallest_set",
    "stays",
    "unchanged",
    "update_frequency",
    "vital_few",
    "what_if",
]
