"""State machines as tables: states, moves and gates, all of it data.

A `Machine` is a list of rows.  A `Move` leads from one state to another through `Gate`s; a
*departure* leaves the path for a stated reason instead (a step back, a loss, an abort).  The
table holds no callable, so it can be printed, drawn, translated, compared, stored and replaced
by a user's own; this module knows nothing of what the states mean.

Every rule can be asked and done: `unmet` returns the gates still shut, `advance` raises
`GateShut` naming the same.  Whether an evidence is true is the host's business; whether it
counts is decided by the gate, and gifts and meals never do.

>>> from salesflow.labels import Label
>>> class Light(Term):
...     RED = "red", "红", "red"
...     GREEN = "green", "绿", "green"
>>> clear = Gate("road_clear", Label("路口已清空？", "Is the road clear?"))
>>> light = Machine(name="light", start=Light.RED, final=(Light.GREEN,),
...                 moves=(Move(Light.RED, Light.GREEN, gates=(clear,)),))
>>> light.unmet(light.move(Light.RED))[0].question.en
'Is the road clear?'
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

from attrs import evolve, field, frozen
from pendulum import DateTime

from salesflow import text
from salesflow.errors import (
    ForeignDeal,
    GateShut,
    InvalidValue,
    NoSuchMove,
    SkippedStage,
    WrongType,
)
from salesflow.gates import Evidence, Gate, Override
from salesflow.labels import Term
from salesflow.tables import Table

__all__ = ["Entry", "Machine", "Move", "filing", "table_of"]


def _gates(value: Iterable[Gate]) -> tuple[Gate, ...]:
    return tuple(value)


@final
@frozen
class Move:
    """A row of the table: from one state to another, through gates."""

    #: the state it leaves
    source: Term
    #: the state it leads to
    target: Term
    #: what must be answered before
    gates: tuple[Gate, ...] = field(default=(), converter=_gates)
    _by_key: dict[str, Gate] = field(init=False, eq=False, repr=False)
    _answers: frozenset[str] = field(init=False, eq=False, repr=False)
    _facts: frozenset[str] = field(init=False, eq=False, repr=False)

    def __init_subclass__(cls) -> None:
        raise WrongType("Move", "is not made to be subclassed", "make a value of it instead")

    def __attrs_post_init__(self) -> None:
        by_key = {gate.key: gate for gate in self.gates}
        if len(by_key) < len(self.gates):
            raise InvalidValue("gates", "bear one key twice", "give each gate its own key")
        demanded = [gate for gate in self.gates if gate.required]
        answers = frozenset(gate.key for gate in demanded if gate.accepts)
        facts = frozenset(gate.fact for gate in demanded if gate.fact)
        set_once = object.__setattr__
        set_once(self, "_by_key", by_key)
        set_once(self, "_answers", answers)
        set_once(self, "_facts", facts)

    def unmet(self, evidence: Iterable[Evidence], facts: frozenset[str]) -> tuple[Gate, ...]:
        """Return the gates still shut, in the order of the table."""
        waiting, by_key = set(self._answers), self._by_key
        for item in evidence:
            if item.gate in waiting and by_key[item.gate].admits(item):
                waiting.remove(item.gate)
                if not waiting:
                    break
        if not waiting and self._facts <= facts:
            return ()
        demanded = [gate for gate in self.gates if gate.required]
        shut = [
            gate
            for gate in demanded
            if gate.key in waiting or (gate.fact and gate.fact not in facts)
        ]
        # One answer of a group opens the group.
        keys = {gate.key for gate in shut}
        opened = {gate.any_of for gate in demanded if gate.any_of and gate.key not in keys}
        return tuple(gate for gate in shut if gate.any_of not in opened)

    def with_gate(self, gate: Gate) -> Move:
        """Return the row with the gate of the same key replaced, if it has one."""
        gates = tuple(gate if old.key == gate.key else old for old in self.gates)
        return evolve(self, gates=gates)


class Entry:
    """What every line of a trail bears: what happened, when, and on what grounds.

    A trail is ordered by instant, then by sequence, and is only ever added to.
    """

    __slots__ = ()

    #: position in the trail, from 0
    sequence: int
    #: when it happened, in UTC
    at: DateTime
    #: the state before, None for the first entry
    source: Term | None
    #: the state after
    target: Term
    #: what was filed with it
    evidence: tuple[Evidence, ...]
    #: on whose word a shut gate was passed
    override: Override | None
    #: why, where the verb demands it
    reason: str
    #: who did it, as the host names its people
    by: str


def _name(value: str) -> str:
    return text.line(value, "name")


def _states(value: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(value)


def _places(value: Iterable[tuple[str, Term]]) -> tuple[tuple[str, Term], ...]:
    return tuple((name, state) for name, state in value)


def _table(value: Iterable[Move]) -> tuple[Move, ...]:
    return tuple(value)


@final
@frozen(kw_only=True)
class Machine:
    """A closed table of states and moves; a user's own process is another value of this type.

    Raises `InvalidValue` where the table is not closed: two rows with the same ends, a state out
    of reach, an exit from a final state or a dead end that is not declared final, one gate key
    with two meanings.
    """

    #: machine key; a deal or visit carries it
    name: str = field(converter=_name)
    #: the first state
    start: Term
    #: the path, row by row, in the order of the trade
    moves: tuple[Move, ...] = field(converter=_table)
    #: moves off the path that want a reason instead of evidence
    departures: tuple[Move, ...] = field(default=(), converter=_table)
    #: states without an exit
    final: tuple[Term, ...] = field(converter=_states)
    #: named places on the path, as pairs of name and state
    landmarks: tuple[tuple[str, Term], ...] = field(default=(), converter=_places)
    #: every state, in the order of the path
    states: tuple[Term, ...] = field(init=False, eq=False, repr=False)
    #: the states that are not final, in the same order
    stages: tuple[Term, ...] = field(init=False, eq=False, repr=False)
    #: every gate, by its key
    gates: Table[str, Gate] = field(init=False, eq=False, repr=False)
    _moves: dict[Term, dict[Term, Move]] = field(init=False, eq=False, repr=False)
    _departures: dict[Term, dict[Term, Move]] = field(init=False, eq=False, repr=False)
    _positions: dict[Term, int] = field(init=False, eq=False, repr=False)

    def __init_subclass__(cls) -> None:
        raise WrongType("Machine", "is not made to be subclassed", "make a value of it instead")

    def __attrs_post_init__(self) -> None:
        ends = [end for move in self.moves for end in (move.source, move.target)]
        ends += [move.target for move in self.departures]
        states = tuple(dict.fromkeys([self.start, *ends]))
        gates = [gate for move in self.moves for gate in move.gates]
        set_once = object.__setattr__
        set_once(self, "states", states)
        set_once(self, "stages", tuple(state for state in states if state not in self.final))
        set_once(self, "gates", Table({gate.key: gate for gate in gates}))
        set_once(self, "_moves", _rows(self.moves, states))
        set_once(self, "_departures", _rows(self.departures, states))
        set_once(self, "_positions", {state: index for index, state in enumerate(states)})
        _check_closed(self, gates)

    def position(self, state: Term) -> int:
        """Return the place of a state on the path, from 0; raises `InvalidValue` for another."""
        try:
            return self._positions[state]
        except KeyError:
            raise InvalidValue("state", f"is not one of {self.name}", "use its states") from None

    def stage(self, state: Term) -> Term:
        """Return a state of the path that is not final; raises `InvalidValue` for any other."""
        if state not in self.stages:
            raise InvalidValue("stage", f"is not a stage of {self.name}", "use one of its stages")
        return state

    def landmark(self, name: str) -> Term:
        """Return the state a landmark stands at; the start where the table does not name it."""
        return dict(self.landmarks).get(name, self.start)

    def move(self, source: Term, target: Term | None = None) -> Move:
        """Return the row from `source` to `target`, or the first row out of `source`.

        Raises `SkippedStage` where states of the path would be left out, `NoSuchMove` otherwise.
        """
        _check_state(target)
        rows = self._moves.get(source, {})
        if target is None and rows:
            return next(iter(rows.values()))
        move = rows.get(target) if target is not None else None
        if move is None:
            raise self._refusal(source, target, tuple(rows))
        return move

    def departure(self, source: Term, target: Term) -> Move:
        """Return the row of a departure; raises `NoSuchMove` where the table has none."""
        _check_state(target)
        rows = self._departures.get(source, {})
        move = rows.get(target)
        if move is None:
            raise NoSuchMove(self.name, source, target, tuple(rows))
        return move

    def unmet(
        self, move: Move, evidence: Iterable[Evidence] = (), facts: frozenset[str] = frozenset()
    ) -> tuple[Gate, ...]:
        """Ask: which gates of a move are still shut, given the evidence and the facts."""
        self._own(move)
        return move.unmet(evidence, facts)

    def advance(
        self,
        move: Move,
        evidence: Iterable[Evidence] = (),
        facts: frozenset[str] = frozenset(),
        override: Override | None = None,
    ) -> Term:
        """Do: return the state behind the gates.

        Raises `GateShut` naming the gates still shut, unless somebody overrides them by name.
        """
        self._own(move)
        if override is None:
            shut = move.unmet(evidence, facts)
            if shut:
                keys = tuple(gate.key for gate in shut)
                raise GateShut(self.name, move.source, move.target, keys)
        elif type(override) is not Override:
            raise WrongType("override", "is not an Override", "pass Override(approver=, reason=)")
        return move.target

    def with_gate(self, gate: Gate, *, name: str | None = None) -> Machine:
        """Return the table with the gate of that key replaced, such as by a host's threshold.

        The table may keep its name only if the gate got stricter, or got the threshold it waited
        for; a looser table is another table, and deals of this one do not pass through it.
        Raises `InvalidValue` otherwise.
        """
        if gate.key not in self.gates:
            raise InvalidValue(
                "gate", f"has a key unknown to {self.name}", "use a key of the table"
            )

        called = self.name if name is None else text.line(name, "name")
        if called == self.name and not gate.replaces(self.gates[gate.key]):
            raise InvalidValue("gate", "is looser than before", "give the table a name= of its own")
        moves = tuple(move.with_gate(gate) for move in self.moves)
        return evolve(self, name=called, moves=moves)

    def _own(self, move: Move) -> None:
        row = self._moves.get(move.source, {}).get(move.target)
        if row is not move and row != move:
            raise NoSuchMove(self.name, move.source, move.target, ())

    def _refusal(self, source: Term, target: Term | None, allowed: tuple[Term, ...]) -> NoSuchMove:
        here = self.position(source)
        there = here if target is None else self.position(target)
        on_path = target in allowed or any(target is move.target for move in self.moves)
        if there > here + 1 and on_path:
            skipped = self.states[here + 1 : there]
            return SkippedStage(self.name, source, target, allowed, skipped)
        return NoSuchMove(self.name, source, target, allowed)


def table_of(machine: object, name: str | None = None) -> Machine:
    """Return the machine of a deal, or of figures, that bear a machine's name, if they do.

    Raises `ForeignDeal` for one of another name, `WrongType` for what is no machine.
    """
    if not isinstance(machine, Machine):
        raise WrongType.of("machine", machine, "pass a Machine such as FUNNEL")
    if name is not None and machine.name != name:
        raise ForeignDeal(name, machine.name)
    return machine


def filing(evidence: Evidence | Iterable[Evidence], machine: Machine) -> tuple[Evidence, ...]:
    """Return one or several evidences as a tuple, each for a gate that the machine has."""
    if isinstance(evidence, tuple):  # the common case; asking for an Iterable takes its time
        filed = evidence
    else:
        filed = tuple(evidence) if isinstance(evidence, Iterable) else (evidence,)
    for item in filed:
        if type(item) is not Evidence:
            raise WrongType("evidence", f"holds a {type(item).__name__}", "pass Evidence(gate=, …)")
        if item.gate not in machine.gates:
            problem = f"answers a gate unknown to {machine.name}"
            raise InvalidValue("evidence", problem, "use the key of one of its gates")
    return filed


def _check_state(target: Term | None) -> None:
    if target is not None and not isinstance(target, Term):
        raise WrongType.of("to", target, "pass a state of the table")


def _rows(moves: tuple[Move, ...], states: tuple[Term, ...]) -> dict[Term, dict[Term, Move]]:
    rows: dict[Term, dict[Term, Move]] = {state: {} for state in states}
    for move in moves:
        rows.setdefault(move.source, {})[move.target] = move
    return rows


def _check_closed(machine: Machine, gates: list[Gate]) -> None:
    """Prove the table closed, or say what is wrong with it."""
    every = (*machine.moves, *machine.departures)
    sources = {move.source for move in every}
    exits: dict[Term, set[Term]] = {}
    for move in every:
        exits.setdefault(move.source, set()).add(move.target)
    reached, found = {machine.start}, [machine.start]
    while found:
        news = exits.get(found.pop(), set()) - reached
        reached |= news
        found += news
    grouped = [{gate.any_of for gate in move.gates if gate.any_of} for move in machine.moves]
    problems = {
        "has two rows with the same ends": len({(m.source, m.target) for m in every}) < len(every),
        "has an exit from a final state": not sources.isdisjoint(machine.final),
        "has a dead end that is not final": not reached <= sources | set(machine.final),
        "has a state out of reach": not sources | set(machine.final) <= reached,
        "has a gate key with two meanings": any(machine.gates[g.key] != g for g in gates),
        "has a gate on a departure": any(move.gates for move in machine.departures),
        "has a landmark off the path": any(s not in machine.stages for _, s in machine.landmarks),
        "has an any-of group of one": any(
            sum(gate.any_of == group for gate in move.gates) == 1
            for move, groups in zip(machine.moves, grouped, strict=True)
            for group in groups
        ),
    }
    for problem, found_it in problems.items():
        if found_it:
            raise InvalidValue("moves", problem, "close the table")
