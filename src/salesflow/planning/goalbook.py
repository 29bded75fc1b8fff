"""The goals of a team: how they hang together, and what is doubtful about them.

Goals are chained (目标之间的连锁): each names the one above it, so that together they are trees.  A
chain that closes in a circle, or hangs on a goal that nobody knows, is refused.

>>> from salesflow.visits import SmartGoal
>>> aim = SmartGoal(key="sales", set_on=date(2026, 1, 5))
>>> team = Goal(id="G-1", kind="performance", horizon="long", owner="M-1", aim=aim)
>>> own = Goal(id="G-2", kind="performance", horizon="short", owner="R-9", aim=aim, parent="G-1")
>>> book = GoalBook(goals=[own, team])
>>> [goal.id for goal in book.chain("G-2")], [goal.id for goal in book.children("G-1")]
(['G-2', 'G-1'], ['G-2'])
>>> [finding.key for finding in book.findings(date(2026, 1, 6)) if finding.subject == "R-9"]
['one_horizon']
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, watch
from salesflow.instants import day
from salesflow.planning.goals import Goal, GoalKind, Horizon
from salesflow.planning.links import GOALS, GoalStage
from salesflow.tables import Table

__all__ = ["GOAL_REMARKS", "MOST_GOALS", "GoalBook"]

#: open goals that one person can keep in mind at once; ours, to start from
MOST_GOALS: Final = 5


_NOT_SMART: Final = watch(
    "goal_not_smart",
    ("目标不符合SMART，缺少：{parts}", "the goal is not SMART, it lacks: {parts}"),
    ("按SMART改写", "rewrite it by the letters of SMART"),
)
# What is found where a gate is shut, by its key.
_SHUT: Final = Table(
    {
        "written": watch(
            "goal_not_written",
            ("目标没有写成书面", "the goal is not in writing"),
            ("写下来", "write it down"),
        ),
        "accepted": watch(
            "goal_not_accepted",
            ("责任人没有认同目标", "its owner has not accepted the goal"),
            ("沟通并取得认同", "talk it over until it is accepted"),
        ),
        "public": watch(
            "goal_not_public",
            ("目标没有公之于众", "the goal was not made public"),
            ("在团队中公布", "tell the team"),
        ),
        "smart": _NOT_SMART,
        "measures": watch(
            "goal_without_measures",
            ("目标没有具体措施", "no concrete measure serves the goal"),
            ("分解为具体措施", "break it down into measures"),
        ),
        "instructed": watch(
            "instruction_unclear",
            ("有措施没有负责人或期限", "a measure lacks somebody in charge, or a day"),
            ("明确工作指令", "make the instruction clear"),
        ),
        "carried_out": watch(
            "goal_not_carried_out",
            ("还没有落实任何措施", "no measure was carried out yet"),
            ("落实措施，及时反馈", "carry one out, and report"),
        ),
        "checked": watch(
            "goal_not_checked",
            ("阶段性检查没有完成", "the stage checks are not complete"),
            ("完成检查并评估", "make them and evaluate"),
        ),
    }
)
_CHECK_OVERDUE: Final = watch(
    "check_overdue",
    ("应于 {due} 进行的检查逾期 {days} 天", "the check due on {due} is overdue, days: {days}"),
    ("尽快检查并反馈", "make it soon, and tell what was found"),
)
_UNCHAINED: Final = watch(
    "goal_unchained",
    ("业绩目标没有与上下级目标连锁", "the performance goal hangs on no other goal"),
    ("与上级目标对应", "link it to the goal above"),
)
_NO_COACH: Final = watch(
    "goal_without_coach",
    ("能力目标没有辅导人", "nobody coaches the ability goal"),
    ("请上级沟通、指导", "name somebody who guides and talks"),
)
_TOO_MANY: Final = watch(
    "goals_too_many",
    ("同时有 {n} 个目标，多于 {most} 个", "open goals {n} > {most}"),
    ("简单、集中：先做最重要的", "keep to the few that matter most"),
)
_ONE_HORIZON: Final = watch(
    "one_horizon",
    ("只有{horizon}目标", "all goals are {horizon}"),
    ("长短结合", "combine long and short"),
)
#: every finding about goals
GOAL_REMARKS: Final = (
    *_SHUT.values(),
    _CHECK_OVERDUE,
    _UNCHAINED,
    _NO_COACH,
    _TOO_MANY,
    _ONE_HORIZON,
)


def _goals(value: Iterable[Goal]) -> tuple[Goal, ...]:
    goals = forms.list_of(Goal, value, "goals")
    ids = {goal.id for goal in goals}
    if len(ids) < len(goals):
        raise InvalidValue("goals", "bear one id twice", "pass each goal once")
    if not {goal.parent for goal in goals} <= ids | {""}:
        raise InvalidValue("parent", "is no goal of the book", "pass the goals above as well")
    if len(_hanging(goals)) < len(goals):
        raise InvalidValue("parent", "leads round in a circle", "let one of them hang on none")
    return goals


def _below(goals: tuple[Goal, ...]) -> dict[str, list[Goal]]:
    below: dict[str, list[Goal]] = {}
    for goal in goals:
        below.setdefault(goal.parent, []).append(goal)
    return below


def _hanging(goals: tuple[Goal, ...]) -> list[Goal]:
    """Return the goals that can be reached from the top."""
    below = _below(goals)
    found, waiting = list[Goal](), deque(below.get("", ()))
    while waiting:
        found.append(waiting.popleft())
        waiting += below.get(found[-1].id, ())
    return found


@frozen(kw_only=True)
class GoalBook:
    """The goals of a team."""

    #: the goals, each with the one above it
    goals: tuple[Goal, ...] = field(default=(), converter=_goals)

    @property
    def roots(self) -> tuple[Goal, ...]:
        """The goals that hang on no other."""
        return self.children("")

    def children(self, id: str) -> tuple[Goal, ...]:
        """Return the goals right below one."""
        return tuple(goal for goal in self.goals if goal.parent == id)

    def chain(self, id: str) -> tuple[Goal, ...]:
        """Return a goal and those above it, up to the top; raises `InvalidValue` for another."""
        known = {goal.id: goal for goal in self.goals}
        if not isinstance(id, str) or id not in known:
            raise InvalidValue("id", "is no goal of the book", "use the id of one")
        chain = [known[id]]
        while chain[-1].parent:
            chain.append(known[chain[-1].parent])
        return tuple(chain)

    def findings(self, on: date, *, most: int = MOST_GOALS) -> tuple[Finding, ...]:
        """Return what is doubtful at the end of a day, goal by goal, then owner by owner.

        A goal is judged on the links it has come to; `most` open goals are enough for one owner.
        """
        asked, limit = day(on, "on"), forms.count(most, "most")
        return (*self._of_goals(asked), *self._of_owners(limit))

    def _of_goals(self, on: date) -> Iterator[Finding]:
        below = _below(self.goals)
        for goal in self.goals:
            yield from _of_links(goal)
            for check in goal.checks:
                days = check.overdue_days(on)
                if days:
                    yield _CHECK_OVERDUE.about(goal.id, due=check.due, days=days)
            chained = goal.parent or goal.id in below
            if goal.kind is GoalKind.PERFORMANCE and not chained:
                yield _UNCHAINED.about(goal.id)
            if goal.kind is GoalKind.ABILITY and not goal.coach:
                yield _NO_COACH.about(goal.id)

    def _of_owners(self, most: int) -> Iterator[Finding]:
        by_owner: dict[str, list[Goal]] = {}
        for goal in self.goals:
            if goal.stage is not GoalStage.CLOSED:
                by_owner.setdefault(goal.owner, []).append(goal)
        for owner, goals in by_owner.items():
            if len(goals) > most:
                yield _TOO_MANY.about(owner, n=len(goals), most=most)
            horizons = {goal.horizon for goal in goals}
            if len(horizons) < len(Horizon):
                yield _ONE_HORIZON.about(owner, horizon=horizons.pop())


def _of_links(goal: Goal) -> Iterator[Finding]:
    come_to = GOALS.position(goal.stage)
    moves = (move for move in GOALS.moves if GOALS.position(move.source) <= come_to)
    for gate in (gate for move in moves for gate in GOALS.unmet(move, facts=goal.facts)):
        remark = _SHUT[gate.key]
        if remark is _NOT_SMART:
            yield remark.about(goal.id, parts=goal.aim.missing)
        else:
            yield remark.about(goal.id)
