"""Pictures of a machine, as text: Mermaid and DOT, made from the table that is really used.

States are named s0, s1, … and labels are quoted, so no label can end the picture or add to it.
Departures are left out unless asked for: every stage may lead to a loss, and the arrows of that
would hide the path.

>>> from salesflow.funnel import FUNNEL
>>> print(mermaid(FUNNEL, "zh").splitlines()[1])
    state "目标客户群" as s0
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from salesflow.labels import Label, Language, Term
from salesflow.machine import Machine, Move

__all__ = ["dot", "mermaid"]

_MERMAID: Final = str.maketrans(
    {
        '"': "#quot;",
        "#": "#35;",
        "%": "#37;",
        ";": "#59;",
        "<": "#lt;",
        ">": "#gt;",
        "\\": "#92;",
        "\n": " ",
    }
)
_DOT: Final = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": " "})


def mermaid(machine: Machine, language: Language = "en", *, departures: bool = False) -> str:
    """Return a Mermaid `stateDiagram-v2`; an arrow bears the number of its gates."""
    moves = (*machine.moves, *(machine.departures if departures else ()))
    rows = ["stateDiagram-v2"]
    for state, name in _names(machine, moves):
        rows.append(f'    state "{state.label(language).translate(_MERMAID)}" as {name}')
    rows.append(f"    [*] --> s{machine.position(machine.start)}")
    for move in moves:
        arrow = f"    s{machine.position(move.source)} --> s{machine.position(move.target)}"
        rows.append(f"{arrow} : {_gates(move, language)}" if move.gates else arrow)
    rows += [
        f"    {name} --> [*]" for state, name in _names(machine, moves) if state in machine.final
    ]
    return "\n".join(rows) + "\n"


def dot(machine: Machine, language: Language = "en", *, departures: bool = False) -> str:
    """Return a Graphviz digraph; an arrow bears the number of its gates."""
    moves = (*machine.moves, *(machine.departures if departures else ()))
    rows = ["digraph {"]
    for state, name in _names(machine, moves):
        rows.append(f'    {name} [label="{state.label(language).translate(_DOT)}"];')
    for move in moves:
        arrow = f"    s{machine.position(move.source)} -> s{machine.position(move.target)}"
        label = f' [label="{_gates(move, language)}"]' if move.gates else ""
        rows.append(f"{arrow}{label};")
    return "\n".join([*rows, "}"]) + "\n"


def _names(machine: Machine, moves: Iterable[Move]) -> list[tuple[Term, str]]:
    """Name the states that the moves touch."""
    drawn = {end for move in moves for end in (move.source, move.target)}
    return [(state, f"s{i}") for i, state in enumerate(machine.states) if state in drawn]


def _gates(move: Move, language: Language) -> str:
    n = sum(gate.required for gate in move.gates)
    return Label(f"{n} 道关口", f"{n} gate{'' if n == 1 else 's'}").text(language)
