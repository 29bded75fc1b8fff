"""Attainment of a cycle plan, by the formulas of Veeva CRM, with its names.

For each goal, so many calls of one kind on one customer:

    Remaining          = max(Planned − Actual, 0)
    Remaining Schedule = max(Planned − Scheduled − Actual, 0)
    Interactions Goal  = Planned × Weight
    Earned             = min(Actual, Max) × Weight       without a maximum: Actual × Weight
    Attainment         = Σ Earned ÷ Σ Interactions Goal
    Prorated           = Σ Earned ÷ (Σ Interactions Goal × working days over ÷ working days)

A standing is that at the end of a day.  *Actual* are calls held in the cycle; *Scheduled* are those
planned in it for a later day.  A planned call whose day is over is *missed* here, where Veeva still
counts it as scheduled.  What never counts, a dinner say, is neither.  Proration is Salesforce's, by
the days that are over.

    Capacity = calls a day × working days     Utilization = Σ Planned ÷ Capacity
    Reach    = customers with a goal ÷ customers assigned

>>> standing = GoalStanding(goal=CycleGoal(contact="DR-7", planned=2, most=4), actual=5)
>>> standing.earned, standing.remaining, standing.goal.interactions
(Fraction(4, 1), 0, Fraction(2, 1))

Sources: Veeva Support 220981247 (real-time cycle plans), 4406570291483 (multichannel cycle plan
goals), 4411024044955 (activity maximum), 4411453118491 (Align capacity); Salesforce Life Sciences
Cloud, ProviderActivityGoal (proration).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.activity import WORK, ActivityKind, counts
from salesflow.errors import DuplicateId, InvalidValue, WrongType
from salesflow.instants import day
from salesflow.periods import Period, Span
from salesflow.planning.capacity import DETAILING, Capacity, capacity_of
from salesflow.ratios import Rate
from salesflow.scales import Number, common_measure, exact
from salesflow.tables import listed_of, several
from salesflow.text import line
from salesflow.visits import Visit, VisitStatus
from salesflow.visits.cases import each_once
from salesflow.workdays import WorkCalendar, calendar_of

__all__ = [
    "CycleGoal",
    "CycleStanding",
    "GoalStanding",
    "call_capacity",
    "cycle_standing",
    "reach",
    "utilisation",
]

_Key = tuple[str, ActivityKind, str]
_BOXES: Final = ("actual", "scheduled", "missed")
_ACTUAL, _SCHEDULED, _MISSED = _BOXES
_DAY: Final = timedelta(days=1)


def _weight(value: Number) -> Fraction:
    weight = exact(value, "weight")
    if weight < 0:
        raise InvalidValue("weight", "is below zero", "pass zero or more")
    return weight


@frozen(kw_only=True)
class CycleGoal:
    """So many calls of one kind on one customer in a cycle."""

    #: id of the customer
    contact: str
    #: the kind of call: a visit, a phone call, …; in Veeva the channel
    kind: ActivityKind = ActivityKind.VISIT
    #: id of the product that is to be spoken of, empty for any
    product: str = ""
    #: how many calls are planned
    planned: int
    #: how many calls can earn something at most, None without a limit
    most: int | None = None
    #: what one call is worth
    weight: Fraction = field(default=Fraction(1), converter=_weight)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "contact")
        forms.terms(self, kind=ActivityKind)
        if self.kind not in WORK:
            raise InvalidValue("kind", "is no professional work", "plan visits, calls, meetings")
        forms.optional_lines(self, "product")
        forms.counts_of(self, "planned")
        forms.optional_counts(self, "most")

    @property
    def interactions(self) -> Fraction:
        """The Interactions Goal: planned × weight."""
        return self.planned * self.weight


@frozen(kw_only=True)
class GoalStanding:
    """How a goal stands on a day."""

    #: the goal
    goal: CycleGoal
    #: calls held in the cycle
    actual: int = 0
    #: calls planned in the cycle for a later day
    scheduled: int = 0
    #: calls planned for a day that is over, and not held
    missed: int = 0

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.goal, CycleGoal):
            raise WrongType.of("goal", self.goal, "pass a CycleGoal")
        forms.counts_of(self, *_BOXES)

    @property
    def remaining(self) -> int:
        """Calls still to be held: max(planned − actual, 0)."""
        return max(self.goal.planned - self.actual, 0)

    @property
    def remaining_schedule(self) -> int:
        """Calls still to be scheduled: max(planned − scheduled − actual, 0)."""
        return max(self.goal.planned - self.scheduled - self.actual, 0)

    @property
    def earned(self) -> Fraction:
        """What the calls held are worth: min(actual, most) × weight."""
        most = self.actual if self.goal.most is None else self.goal.most
        return min(self.actual, most) * self.goal.weight


@frozen(kw_only=True)
class CycleStanding:
    """How the goals of a cycle stand on a day."""

    #: goal by goal, in the order given
    goals: tuple[GoalStanding, ...]
    #: working days that are over, and all of the cycle
    elapsed: Rate
    #: ids of the visits held that no goal asked for
    unplanned: tuple[str, ...]

    @property
    def interactions(self) -> Fraction:
        """The Interactions Goals, all together."""
        return sum((one.goal.interactions for one in self.goals), Fraction())

    @property
    def earned(self) -> Fraction:
        """What was earned, all together."""
        return sum((one.earned for one in self.goals), Fraction())

    @property
    def attainment(self) -> Fraction | None:
        """Earned ÷ Interactions Goal; None without a goal."""
        return self.earned / self.interactions if self.interactions else None

    @property
    def prorated_goal(self) -> Fraction:
        """What should have been earned by now: the goals × working days over ÷ working days."""
        return self.interactions * (self.elapsed.ratio or 0)

    @property
    def prorated(self) -> Fraction | None:
        """Earned ÷ what should have been earned by now; None before the first working day."""
        return self.earned / self.prorated_goal if self.prorated_goal else None

    @property
    def covered(self) -> Rate:
        """Customers with a goal who were called upon at least once."""
        planned = {one.goal.contact for one in self.goals if one.goal.planned}
        met = {one.goal.contact for one in self.goals if one.actual}
        return Rate(len(planned & met), len(planned))


def cycle_standing(
    goals: Iterable[CycleGoal],
    visits: Iterable[Visit],
    during: Period,
    calendar: WorkCalendar,
    on: date,
) -> CycleStanding:
    """Return how the goals of a cycle stand at the end of a day, by the visits known.

    Raises `DuplicateId` for two goals of one customer, kind and product, and for two visits of one
    id.
    """
    wanted, today = _by_key(goals), day(on, "on")
    worked = calendar_of(calendar).working_days(during)
    counted: Counter[tuple[str, _Key]] = Counter()
    unplanned: list[str] = []
    for visit in each_once(listed_of(visits, Visit, "visits")):
        became = _became(visit, during, today)
        keys = [(visit.contact, visit.kind, product) for product in (visit.product, "")]
        key = next((key for key in keys if key in wanted), None)
        if became and key:
            counted[became, key] += 1
        elif became == _ACTUAL:
            unplanned.append(visit.id)
    return CycleStanding(
        goals=tuple(
            GoalStanding(goal=goal, **{box: counted[box, key] for box in _BOXES})
            for key, goal in wanted.items()
        ),
        elapsed=Rate(sum(one <= today for one in worked), len(worked)),
        unplanned=tuple(unplanned),
    )


def _by_key(goals: Iterable[CycleGoal]) -> dict[_Key, CycleGoal]:
    wanted: dict[_Key, CycleGoal] = {}
    for goal in listed_of(goals, CycleGoal, "goals"):
        key = goal.contact, goal.kind, goal.product
        if key in wanted:
            raise DuplicateId(goal.contact)
        wanted[key] = goal
    common_measure((goal.weight for goal in wanted.values()), "weight")
    return wanted


def _became(visit: Visit, during: Period, today: date) -> str:
    """Return what a visit counts as at the end of a day, or nothing."""
    stood = (
        visit.as_of(Span(today, today + _DAY, tz=during.tz).last) if counts(visit.kind) else None
    )
    if stood is None:
        return ""
    if stood.held_at is not None:
        return _ACTUAL if during.day_of(stood.held_at) in during else ""
    if stood.status is not VisitStatus.PLANNED or stood.day is None or stood.day not in during:
        return ""
    return _SCHEDULED if stood.day > today else _MISSED


# --- capacity --------------------------------------------------------------------------------


def call_capacity(during: Period, calendar: WorkCalendar, capacity: Capacity = DETAILING) -> int:
    """Return Veeva's Capacity: calls a day × working days, and no week above its own limit."""
    days = calendar_of(calendar).working_days(during)
    return capacity_of(capacity).room(days, during.first)


def utilisation(goals: Iterable[CycleGoal], capacity: int) -> Fraction | None:
    """Return Veeva's Utilization: calls planned ÷ capacity; None without capacity."""
    room = forms.count(capacity, "capacity")
    planned = sum(goal.planned for goal in listed_of(goals, CycleGoal, "goals"))
    return Fraction(planned, room) if room else None


def reach(goals: Iterable[CycleGoal], assigned: Iterable[str]) -> Rate:
    """Return Veeva's Reach: customers with a goal, of those assigned to the territory."""
    targets = {goal.contact for goal in listed_of(goals, CycleGoal, "goals") if goal.planned}
    customers = {line(one, "assigned") for one in several(assigned, "assigned")}
    return Rate(len(targets & customers), len(customers))
