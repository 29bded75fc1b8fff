"""A goal: what is to be reached, whose it is, by which measures, and how far it has come.

    progress = (actual - baseline) ÷ (target - baseline), exact, from the last check that found one

Two types: one raises results, top-down and chained to a goal above; the other raises the ability
of a person, bottom-up and with a coach.  A goal is SMART as an aim of a visit is.

>>> aim = SmartGoal(key="sales", subject="R-9", action="win departments", metric="departments",
...                 baseline=4, target=8, capacity=10, set_on=date(2026, 1, 5),
...                 deadline=date(2026, 12, 31))
>>> goal = Goal(id="G-1", kind="performance", horizon="long", owner="R-9", aim=aim,
...             text="Eight departments by the end of the year", public=True,
...             checks=[StageCheck(due=date(2026, 6, 30), on=date(2026, 7, 1), actual=5)])
>>> [gate.key for gate in goal.unmet()], goal.progress(date(2026, 7, 1))
(['accepted'], Fraction(1, 4))
>>> goal.accept(date(2026, 1, 6)).advance().stage
<GoalStage.BREAKDOWN: 'breakdown'>

Source: 目标管理 of the trade's training material (四点要求、两种类型).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Self

from attrs import evolve, field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.gates import Gate
from salesflow.instants import day
from salesflow.labels import Term
from salesflow.machine import Move
from salesflow.planning.links import GOALS, GoalStage
from salesflow.scales import Measure, Rung, exact
from salesflow.visits import SmartGoal

__all__ = ["Goal", "GoalKind", "GoalMeasure", "Horizon", "StageCheck"]


class GoalKind(Term):
    """A type of goal."""

    PERFORMANCE = "performance", "提高业绩型", "performance"
    ABILITY = "ability", "提高能力型", "ability"


class Horizon(Term):
    """How far ahead a goal looks."""

    SHORT = "short", "短期", "short term"
    LONG = "long", "长期", "long term"


@frozen(kw_only=True)
class GoalMeasure:
    """A concrete measure with a clear instruction: what, who, by when."""

    #: key within its goal
    key: str
    #: what is done
    text: str = field(repr=forms.masked)
    #: who does it, by id
    owner: str = ""
    #: the day by which it is due
    due: date | None = None
    #: the day it was done
    done_on: date | None = None

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key", "text")
        forms.optional_lines(self, "owner")
        forms.optional_days(self, "due", "done_on")


def _actual(value: Measure | None) -> Measure | None:
    if value is not None and not isinstance(value, Rung):
        exact(value, "actual")
    return value


@frozen(kw_only=True)
class StageCheck:
    """A check on the way (阶段性检查评估)."""

    #: the day it is due
    due: date
    #: the day it was made, None until then
    on: date | None = None
    #: where the goal stood, as a number or a rung; None where nobody measured
    actual: Measure | None = field(default=None, converter=_actual)
    #: what was said
    note: str = field(default="", repr=forms.masked)

    def __attrs_post_init__(self) -> None:
        forms.days(self, "due")
        forms.optional_days(self, "on")
        forms.notes(self, "note")
        if self.on is None and self.actual is not None:
            raise InvalidValue("on", "is missing of a check that found something", "add the day")

    def overdue_days(self, on: date) -> int:
        """Return how many days it is overdue at the end of a day; 0 where it is not."""
        asked = day(on, "on")
        made = self.on is not None and self.on <= asked
        return 0 if made else max(0, (asked - self.due).days)


def _measures(value: Iterable[GoalMeasure]) -> tuple[GoalMeasure, ...]:
    measures = forms.list_of(GoalMeasure, value, "measures")
    if len({measure.key for measure in measures}) < len(measures):
        raise InvalidValue("measures", "bear one key twice", "give each measure its own key")
    return measures


def _checks(value: Iterable[StageCheck]) -> tuple[StageCheck, ...]:
    return forms.list_of(StageCheck, value, "checks")


@frozen(kw_only=True)
class Goal:
    """A goal, as management by objectives knows it."""

    #: the host's id
    id: str
    #: its type
    kind: GoalKind
    #: how far ahead it looks
    horizon: Horizon
    #: whose goal it is, by id
    owner: str
    #: what is to be reached, letter by letter
    aim: SmartGoal
    #: the goal in writing
    text: str = field(default="", repr=forms.masked)
    #: id of the goal above it, empty where it hangs on none
    parent: str = ""
    #: who coaches it, by id
    coach: str = ""
    #: the day its owner accepted it
    accepted_on: date | None = None
    #: whether it was made public
    public: bool = False
    #: what is done for it
    measures: tuple[GoalMeasure, ...] = field(default=(), converter=_measures)
    #: when it is looked at, and what was found
    checks: tuple[StageCheck, ...] = field(default=(), converter=_checks)
    #: the link it has come to
    stage: GoalStage = GoalStage.SETTING

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id", "owner")
        forms.terms(self, kind=GoalKind, horizon=Horizon, stage=GoalStage)
        if not isinstance(self.aim, SmartGoal):
            raise WrongType.of("aim", self.aim, "pass a SmartGoal")
        forms.notes(self, "text")
        forms.optional_lines(self, "parent", "coach")
        forms.optional_days(self, "accepted_on")
        forms.flags(self, "public")

    @property
    def facts(self) -> frozenset[str]:
        """What holds of it, by the names that the gates ask for."""
        measures, checks = self.measures, self.checks
        holds = {
            "written": bool(self.text),
            "accepted": self.accepted_on is not None,
            "public": self.public,
            "smart": not self.aim.missing,
            "measures": bool(measures),
            "instructed": all(one.owner and one.due for one in measures),
            "carried_out": any(one.done_on for one in measures),
            "checked": bool(checks) and all(one.on for one in checks),
        }
        return frozenset(name for name, true in holds.items() if true)

    def unmet(self, to: GoalStage | None = None) -> tuple[Gate, ...]:
        """Ask: what is missing before the next link, or the one named.

        Raises `NoSuchMove` where no way leads there.
        """
        return GOALS.unmet(self._move(to), facts=self.facts)

    def advance(self, to: GoalStage | None = None) -> Self:
        """Do: return the goal at its next link, or the one named; a check may lead back.

        Raises `GateShut` naming what is missing, `NoSuchMove` where no way leads there.
        """
        link = GOALS.advance(self._move(to), facts=self.facts)
        return evolve(self, stage=GoalStage.of(link))

    def accept(self, on: date) -> Self:
        """Return the goal as accepted by its owner on a day."""
        return evolve(self, accepted_on=day(on, "accepted_on"))

    def check(self, check: StageCheck) -> Self:
        """Return the goal with a check made or planned, in place of one due on the same day."""
        (new,) = _checks([check])
        others = (one for one in self.checks if one.due != new.due)
        return evolve(self, checks=(*others, new))

    def progress(self, on: date) -> Fraction | None:
        """Return how much of the way was gone by the end of a day; None where nobody can tell."""
        asked = day(on, "on")
        made = ((one.on, one.due, one.actual) for one in self.checks if one.on is not None)
        known = [row for row in made if row[0] <= asked and row[2] is not None]
        if not known:
            return None
        # Of two checks made on one day the one that was due later tells more.
        _, _, last = max(known, key=lambda row: row[:2])
        way = _between(self.aim.baseline, self.aim.target)
        gone = _between(self.aim.baseline, last)
        return gone / way if way and gone is not None else None

    def _move(self, to: GoalStage | None) -> Move:
        return GOALS.move(self.stage, None if to is None else forms.term_of(GoalStage, to, "to"))


def _between(start: Measure | None, end: Measure | None) -> Fraction | None:
    """Return how far apart two measures of one kind are; rungs by their places on the ladder."""
    if isinstance(start, Rung) and isinstance(end, Rung):
        return Fraction(end.rank - start.rank) if type(start) is type(end) else None
    if start is None or end is None or isinstance(start, Rung) or isinstance(end, Rung):
        return None
    return exact(end, "actual") - exact(start, "baseline")
