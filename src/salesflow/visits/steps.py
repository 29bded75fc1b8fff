"""The seven steps of a visit, as one table.

A visit starts with its plan and ends with its summary.  In between is the conversation: opening,
needs, solution, objections where there are any, close.  An objection may lead back to the needs or
the solution, and one raised at the close back to the objections.  A conversation that is broken
off (the doctor is called away) still goes to the summary; a visit that never began is cancelled.
Nothing else is a visit of this method, and a company's own method is another table of this kind.

>>> [step.label("zh") for step in VISIT.stages]
['访前计划', '开场白', '确定需求', '提供解决方案', '异议处理', '缔结', '访后总结']
>>> [gate.key for gate in VISIT.move(Step.SOLUTION, Step.CLOSE).gates]
['objections_settled']

Gates here ask for facts of the visit itself: "planned" (a plan is filed, or nobody could plan),
"plan_filed", "objections_settled" (each one resolved, or followed up by a day) and "summarised".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from salesflow.errors import InvalidValue
from salesflow.gates import Gate
from salesflow.labels import Label, Term
from salesflow.machine import Machine, Move, table_of
from salesflow.tables import Rows, listed, listed_of, rows_of

__all__ = ["VISIT", "Step", "VisitStatus", "method_of", "visit_method"]

# A plan, a conversation, a summary.
_FEWEST: Final = 3
_ENDS: Final = 2


class Step(Term):
    """A step of a visit."""

    PRE_CALL_PLAN = "pre_call_plan", "访前计划", "pre-call plan"
    OPENING = "opening", "开场白", "opening"
    NEEDS = "needs", "确定需求", "needs"
    SOLUTION = "solution", "提供解决方案", "solution"
    OBJECTIONS = "objections", "异议处理", "objections"
    CLOSE = "close", "缔结", "close"
    POST_CALL_SUMMARY = "post_call_summary", "访后总结", "post-call summary"


class VisitStatus(Term):
    """How a visit stands, kept apart from its step."""

    PLANNED = "planned", "已计划", "planned"
    RUNNING = "running", "进行中", "running"
    CLOSED = "closed", "已结束", "closed"
    CANCELLED = "cancelled", "已取消", "cancelled"


def _fact(key: str, zh: str, en: str) -> Gate:
    return Gate(key, Label(zh, en), accepts=(), fact=key)


#: what is asked before a visit opens
PLANNED: Final = _fact("planned", "拜访计划已就绪？", "Is the visit planned?")
#: what is asked before the close
OBJECTIONS_SETTLED: Final = _fact(
    "objections_settled",
    "每个异议都已解决，或已约定跟进日期？",
    "Is each objection resolved, or followed up by a day?",
)
#: what is asked before a visit is closed
PLAN_FILED: Final = _fact("plan_filed", "拜访计划已存档？", "Is the plan on file?")
SUMMARISED: Final = _fact("summarised", "访后总结已写？", "Is the summary written?")
_CLOSING: Final = (PLAN_FILED, SUMMARISED, OBJECTIONS_SETTLED)


def method_of(machine: object) -> Machine:
    """Return a table, proved to be that of a visit: no way past its plan or its summary.

    Raises `InvalidValue` for any other table, `WrongType` for what is none.
    """
    if machine is VISIT:  # proved already
        return VISIT
    table = table_of(machine)
    start, summary = table.start, table.landmark("summary")
    rows = {(move.source, move.target): move for move in table.moves}
    last = rows.get((summary, VisitStatus.CLOSED))
    first = rows.get((start, table.landmark("opening")))
    sound = (
        {target for source, target in rows if source is start} == {table.landmark("opening")}
        and {target for source, target in rows if source is summary} == {VisitStatus.CLOSED}
        and {source for source, target in rows if target is VisitStatus.CLOSED} == {summary}
        and _asks(first, (PLANNED,))
        and _asks(last, _CLOSING)
    )
    if not sound:
        raise InvalidValue("machine", "is no method of visiting", "make one with visit_method")
    return table


def _asks(move: Move | None, gates: tuple[Gate, ...]) -> bool:
    facts = {gate.fact for gate in move.gates if gate.required} if move else set[str]()
    return facts >= {gate.fact for gate in gates}


def visit_method(
    name: str,
    steps: Iterable[Term],
    *,
    loops: Iterable[tuple[Term, Term]] = (),
    gates: Rows[tuple[Term, Term], Sequence[Gate]] | None = None,
) -> Machine:
    """Return the machine of a method of visiting: its steps in order, and the moves besides.

    The first step is the plan, the last one the summary; between them is the conversation.
    `loops` are the moves that the path does not have: back to an earlier step of the conversation,
    past one, or to the summary at once.  `gates` are keyed by the move they guard, as a pair of
    steps, and come on top of those that every method has: a plan before the opening; plan, summary
    and settled objections before the last move of all, from the summary to `VisitStatus.CLOSED`.
    Departures lead from each step of the conversation to the summary, for a visit broken off, and
    from the plan to `VisitStatus.CANCELLED`.
    """
    path = listed_of(steps, Term, "steps")
    if len(set(path)) < len(path):
        raise InvalidValue("steps", "name one twice", "use loops= to come back to a step")
    if len(path) < _FEWEST:
        raise InvalidValue("steps", "are fewer than three", "name plan, conversation and summary")
    pairs = (_pair(loop, path[1:]) for loop in listed(loops, "loops"))
    rows = (*pairwise(path), (path[-1], VisitStatus.CLOSED), *pairs)
    through = {} if gates is None else rows_of(gates, "gates")
    if not set(through) <= set(rows):
        raise InvalidValue("gates", "are set at a move the method lacks", "key them by its moves")
    always = {rows[0]: (PLANNED,), (path[-1], VisitStatus.CLOSED): _CLOSING}
    asked = {row: _merged(always.get(row, ()), through.get(row, ())) for row in rows}
    broken_off = ((step, path[-1]) for step in path[1:-1] if (step, path[-1]) not in rows)
    off = (*broken_off, (path[0], VisitStatus.CANCELLED))
    return Machine(
        name=name,
        start=path[0],
        moves=tuple(Move(*row, asked[row]) for row in rows),
        departures=tuple(Move(*row) for row in off),
        final=(VisitStatus.CLOSED, VisitStatus.CANCELLED),
        landmarks=(("opening", path[1]), ("summary", path[-1])),
    )


def _merged(always: tuple[Gate, ...], own: Sequence[Gate]) -> tuple[Gate, ...]:
    given = {gate.key: gate for gate in listed_of(own, Gate, "gates")}
    if any(gate.key in given and not given[gate.key].replaces(gate) for gate in always):
        remedy = "give it a key of its own: what every method asks stays"
        raise InvalidValue("gates", "loosen a gate that every method has", remedy)
    return (*(gate for gate in always if gate.key not in given), *own)


def _pair(loop: tuple[Term, Term], after: tuple[Term, ...]) -> tuple[Term, Term]:
    ends = listed_of(loop, Term, "loops")
    # The conversation may go anywhere within itself and end early; nothing leaves the summary.
    if len(ends) != _ENDS or not set(ends) <= set(after) or ends[0] is after[-1]:
        remedy = "list pairs of steps, from one of the conversation to another or to the summary"
        raise InvalidValue("loops", "lead out of the conversation", remedy)
    return ends[0], ends[1]


#: the visit of seven steps
VISIT: Final = visit_method(
    "visit",
    Step,
    loops=(
        (Step.SOLUTION, Step.CLOSE),
        (Step.OBJECTIONS, Step.NEEDS),
        (Step.OBJECTIONS, Step.SOLUTION),
        (Step.CLOSE, Step.OBJECTIONS),
    ),
    gates={
        (Step.SOLUTION, Step.CLOSE): (OBJECTIONS_SETTLED,),
        (Step.OBJECTIONS, Step.CLOSE): (OBJECTIONS_SETTLED,),
    },
)
