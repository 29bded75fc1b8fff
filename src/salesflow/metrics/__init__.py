"""How well: what moved in a period, what is expected of it, and where it is blocked."""

from salesflow.metrics.association import Association, association
from salesflow.metrics.book import Book, book_of
from salesflow.metrics.bridge import Bridge, bridge
from salesflow.metrics.churn import bad_debt, churn, losses
from salesflow.metrics.conversion import Conversion, StageConversion, conversion
from salesflow.metrics.coverage import Coverage, coverage
from salesflow.metrics.effort import Effort, effort, effort_by
from salesflow.metrics.forecast import Forecast, Outside, StageEstimate, forecast
from salesflow.metrics.market import *
from salesflow.metrics.movements import Entered, Movement, MovementKind, Movements, movements
from salesflow.metrics.pace import Pace, StagePace, Stalled, Stay, Velocity, pace, stays
from salesflow.metrics.progress import progress, regressed, unchanged
from salesflow.metrics.review import OwnerLine, Review, review
from salesflow.metrics.service import *
from salesflow.metrics.shape import Focus, Shape, Step, focus, shape, shape_of
from salesflow.metrics.snapshots import movements_between
from salesflow.metrics.tally import Tally

__all__ = [
    "Association",
    "Book",
    "Bridge",
    "Conversion",
    "Coverage",
    "Effort",
    "Entered",
    "Focus",
    "Forecast",
    "Movement",
    "MovementKind",
    "Movements",
    "Outside",
    "OwnerLine",
    "Pace",
    "Review",
    "Satisfaction",
    "Shape",
    "StageConversion",
    "StageEstimate",
    "StagePace",
    "Stalled",
    "Stay",
    "Step",
    "Tally",
    "Velocity",
    "answered_in_time",
    "association",
    "bad_debt",
    "book_of",
    "bridge",
    "churn",
    "collection_rate",
    "contribution",
    "conversion",
    "coverage",
    "effort",
    "effort_by",
    "files_fresh",
    "focus",
    "forecast",
    "growth",
    "losses",
    "market_share",
    "movements",
    "movements_between",
    "net_return",
    "on_time",
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
    "stays",
    "unchanged",
    "update_frequency",
]
