"""How well: what moved in a period, what is expected of it, and where it is blocked."""

from salesflow.metrics.book import Book, book_of
from salesflow.metrics.bridge import Bridge, bridge
from salesflow.metrics.churn import bad_debt, churn, losses
from salesflow.metrics.conversion import Conversion, StageConversion, conversion
from salesflow.metrics.coverage import Coverage, coverage
from salesflow.metrics.forecast import Forecast, Outside, StageEstimate, forecast
from salesflow.metrics.movements import Entered, Movement, MovementKind, Movements, movements
from salesflow.metrics.pace import Pace, StagePace, Stalled, Stay, Velocity, pace, stays
from salesflow.metrics.progress import progress, regressed, unchanged
from salesflow.metrics.review import OwnerLine, Review, review
from salesflow.metrics.shape import Focus, Shape, Step, focus, shape, shape_of
from salesflow.metrics.snapshots import movements_between
from salesflow.metrics.tally import Tally

__all__ = [
    "Book",
    "Bridge",
    "Conversion",
    "Coverage",
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
    "Shape",
    "StageConversion",
    "StageEstimate",
    "StagePace",
    "Stalled",
    "Stay",
    "Step",
    "Tally",
    "Velocity",
    "bad_debt",
    "book_of",
    "bridge",
    "churn",
    "conversion",
    "coverage",
    "focus",
    "forecast",
    "losses",
    "movements",
    "movements_between",
    "pace",
    "progress",
    "regressed",
    "review",
    "shape",
    "shape_of",
    "stays",
    "unchanged",
]
