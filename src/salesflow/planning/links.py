"""Management by objectives as one table: set, break down, carry out, check and evaluate.

A goal is set when it is written, accepted by whoever owns it, made public and SMART; it is broken
down when there are concrete measures, each with somebody who does it by a day.  A check may lead
back to carrying out; when every check was made, the goal is closed.

>>> [link.label("zh") for link in GOALS.stages]
['设定', '分解', '实施', '检查评估']
>>> [gate.key for gate in GOALS.move(GoalStage.SETTING).gates]
['written', 'accepted', 'public', 'smart']

Every gate asks for a fact of the goal of the same name.

Source: 目标管理体系的四个环节 of the trade's training material; it names only the third of them, so
that the others are inferred; after P. F. Drucker, "The Practice of Management" (1954).
"""

from __future__ import annotations

from typing import Final

from salesflow.gates import Gate
from salesflow.labels import Label, Term
from salesflow.machine import Machine, Move

__all__ = ["GOALS", "GoalStage"]


class GoalStage(Term):
    """A link in the life of a goal, and its end."""

    SETTING = "setting", "设定", "setting"
    BREAKDOWN = "breakdown", "分解", "breaking down"
    CARRYING_OUT = "carrying_out", "实施", "carrying out"
    CHECKING = "checking", "检查评估", "checking and evaluating"
    CLOSED = "closed", "结束", "closed"


def _fact(key: str, zh: str, en: str) -> Gate:
    return Gate(key, Label(zh, en), accepts=(), fact=key)


_SET: Final = (
    _fact("written", "目标已写成书面？", "Is the goal in writing?"),
    _fact("accepted", "责任人已认同？", "Has its owner accepted it?"),
    _fact("public", "已公之于众？", "Was it made public?"),
    _fact("smart", "符合SMART？", "Is it SMART?"),
)
_BROKEN_DOWN: Final = (
    _fact("measures", "已有具体措施？", "Are there concrete measures?"),
    _fact("instructed", "每项措施都有负责人和期限？", "Has each of them somebody, and a day?"),
)
_CARRIED_OUT: Final = (_fact("carried_out", "有措施已落实？", "Was one of them carried out?"),)
_CHECKED: Final = (_fact("checked", "阶段性检查都已完成？", "Was every stage check made?"),)

#: the four links of management by objectives (目标管理)
GOALS: Final = Machine(
    name="goals",
    start=GoalStage.SETTING,
    moves=(
        Move(GoalStage.SETTING, GoalStage.BREAKDOWN, _SET),
        Move(GoalStage.BREAKDOWN, GoalStage.CARRYING_OUT, _BROKEN_DOWN),
        Move(GoalStage.CARRYING_OUT, GoalStage.CHECKING, _CARRIED_OUT),
        Move(GoalStage.CHECKING, GoalStage.CLOSED, _CHECKED),
        Move(GoalStage.CHECKING, GoalStage.CARRYING_OUT),
    ),
    final=(GoalStage.CLOSED,),
)
