"""How far customers have come: the stage figures of the roadmap, and three ways to read them.

The roadmap counts who *has entered* a stage.  As a rule that is reach: the deals that stand open
at the stage or beyond, and those won.  What was lost or taken back does not count, so nobody gains
by pushing a deal forward and dropping it.

    reach(s) = Σ open at s or beyond + won

>>> counts = {Stage.INFO_COLLECTION: 30, Stage.CUSTOMER_ANALYSIS: 10, Stage.TRUST_BUILDING: 4,
...           Stage.NEEDS_DISCOVERY: 6}
>>> [n for n in reached_of(counts).values() if n]
[50, 50, 50, 20, 10, 6]
>>> reached_of(counts, reading="snapshot")[Metric.PROSPECTS]
30

`measured` puts this in one table with what was sold and what the visits show; what none of them
can tell, such as forms handed in, is given by hand beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from salesflow.forms import term_of
from salesflow.funnel import FUNNEL, Event, Opportunity, Stage, Status
from salesflow.labels import Term
from salesflow.machine import Machine, table_of
from salesflow.metrics import shape_of
from salesflow.metrics.book import book_of
from salesflow.metrics.moments import closing
from salesflow.money import Money
from salesflow.periods import Month, Period
from salesflow.planning.fieldwork import visited
from salesflow.planning.metric import Metric, metric_of
from salesflow.planning.standards import Value
from salesflow.planning.turnover import sold
from salesflow.tables import Rows, Table, rows_of
from salesflow.visits import VISIT, Visit

__all__ = ["STAGES_REACHED", "Reading", "measured", "reached", "reached_of"]


class Reading(Term):
    """What it means that a customer has entered a stage."""

    REACH = "reach", "现处于该阶段或更后，含赢单", "open at the stage or beyond, or won"
    SNAPSHOT = "snapshot", "现正处于该阶段", "open at the very stage"
    EVER_ENTERED = "ever_entered", "曾经进入，含丢单", "ever entered, lost ones included"


_COUNTED: Final = {
    Reading.REACH: (Status.OPEN, Status.WON),
    Reading.SNAPSHOT: (Status.OPEN,),
    Reading.EVER_ENTERED: tuple(Status),
}
#: the stage that each metric counts; a machine of one's own has a table of its own
STAGES_REACHED: Final[Table[Term, Term]] = Table(
    {
        Metric.TARGET_CUSTOMERS: Stage.TARGET_GROUP,
        Metric.LEAD_CUSTOMERS: Stage.INFO_COLLECTION,
        Metric.PROSPECTS: Stage.INFO_COLLECTION,
        Metric.IN_ANALYSIS: Stage.CUSTOMER_ANALYSIS,
        Metric.TRUST: Stage.TRUST_BUILDING,
        Metric.NEEDS: Stage.NEEDS_DISCOVERY,
        Metric.VALUE: Stage.VALUE_PRESENTATION,
        Metric.COMMITMENT: Stage.WINNING_COMMITMENT,
    }
)


def measured(
    deals: Iterable[Opportunity],
    visits: Iterable[Visit] | None = None,
    *,
    during: Period,
    at: datetime | None = None,
    reading: Reading = Reading.REACH,
    by_customer: bool = False,
    due: Rows[Month, Money] | None = None,
    earlier: Period | None = None,
    stages: Rows[Term, Term] = STAGES_REACHED,
    machine: Machine = FUNNEL,
    method: Machine = VISIT,
) -> Table[Term, Value | tuple[Value, ...]]:
    """Return every metric that deals and visits tell of a period, as known at `at`.

    `at` is the last instant of the period by default, and never later.  Nobody is measured by
    visits that were not handed over: without them their metrics are left out.  Pass the deals and
    visits of one salesperson.
    """
    book = book_of(deals, machine)
    rows: dict[Term, Value | tuple[Value, ...]] = dict(
        reached(
            book,
            at=closing(during, at),
            reading=reading,
            by_customer=by_customer,
            stages=stages,
            machine=machine,
        )
    )
    rows |= sold(book, during, at=at, due=due, earlier=earlier, machine=machine)
    if visits is not None:
        rows |= visited(visits, during, at=at, machine=method)
    return Table(rows)


def reached(
    deals: Iterable[Opportunity],
    *,
    at: datetime | None = None,
    reading: Reading = Reading.REACH,
    by_customer: bool = False,
    stages: Rows[Term, Term] = STAGES_REACHED,
    machine: Machine = FUNNEL,
) -> Table[Term, int]:
    """Return how many deals reached the stage of each metric, as they stand or stood at `at`.

    With `by_customer` each customer counts once, with the deal that came furthest.  Raises as
    `book_of` does, and `InvalidValue` for a stage that the machine does not have.
    """
    how = term_of(Reading, reading, "reading")
    furthest: dict[str, int] = {}
    for deal in book_of(deals, machine).as_of(at):
        if deal.status in _COUNTED[how]:
            key = deal.customer if by_customer else deal.id
            seen = deal.trail if how is Reading.EVER_ENTERED else deal.trail[-1:]
            furthest[key] = max(furthest.get(key, 0), _furthest(seen, machine))
    counts = Counter(furthest.values())
    won = counts.pop(len(machine.stages), 0)
    by_stage = {machine.stages[place]: n for place, n in counts.items()}
    return reached_of(by_stage, won=won, reading=how, stages=stages, machine=machine)


def reached_of(
    counts: Rows[Term, int],
    *,
    won: int = 0,
    reading: Reading = Reading.REACH,
    stages: Rows[Term, Term] = STAGES_REACHED,
    machine: Machine = FUNNEL,
) -> Table[Term, int]:
    """Return the same of counts that are known: deals by the stage where they stand, and won.

    For `EVER_ENTERED` they are counted by the furthest stage they came to.
    """
    no_rates = dict.fromkeys(table_of(machine).stages, 0)
    funnel = shape_of(counts, won=won, win_rates=no_rates, machine=machine)
    how = term_of(Reading, reading, "reading")
    entered: Mapping[Term, int] = funnel.counts if how is Reading.SNAPSHOT else funnel.reach
    asked = rows_of(stages, "stages")
    return Table({metric_of(key): entered[machine.stage(stage)] for key, stage in asked.items()})


def _furthest(events: Iterable[Event], machine: Machine) -> int:
    """Return the furthest place on the path, the win being the one behind the last stage."""
    won = len(machine.stages)
    return max(
        won if event.status is Status.WON else machine.position(event.target) for event in events
    )
