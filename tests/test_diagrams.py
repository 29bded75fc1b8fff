"""A picture shows the table that is used, and no label can break it."""

from __future__ import annotations

import re

import pytest

from salesflow.diagrams import dot, mermaid
from salesflow.funnel import FUNNEL, Stage, Status, pipeline
from salesflow.gates import Gate
from salesflow.labels import LANGUAGES, Label, Term
from salesflow.machine import Machine, Move

HOSTILE = [
    'say "hi"',
    '"] --> s9 : x',
    "a --> b",
    "a -> b; c -> d",
    "}; digraph { x",
    "<script>alert(1)</script>",
    "</svg><img src=x>",
    "back\\slash",
    'ends with \\" and \\',
    "#quot; #35;",
    "%% comment",
    "note right of s0 : x",
    "[*]",
    "s0",
    "line one\nstate s9\nline two",
    '"\n}\n',
]

MERMAID_STATE = re.compile(r'    state "([^"<>\\;]|#\w+;)*" as (s\d+)')
DOT_STATE = re.compile(r'    (s\d+) \[label="([^"\\]|\\["\\])*"\];')


def two_states(first, second="done"):
    """A machine of two states whose labels are forged: even the check of labels may fail."""
    states = Term("States", {"A": ("a", "甲", "first"), "B": ("b", "乙", "second")})
    for state, text in zip(states, (first, second), strict=True):
        for language in LANGUAGES:
            object.__setattr__(state._label, language, text)
    row = Move(states.A, states.B, (Gate("k", Label("问？", "q?")),))
    return Machine(name="two", start=states.A, moves=(row,), final=(states.B,))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_move_of_the_funnel_is_drawn_once(language):
    """The picture is the table: stages by their labels, rows by their ends, one way in and out."""
    rows = mermaid(FUNNEL, language).splitlines()
    drawn = [*Stage, Status.WON]
    moves = [f"s{FUNNEL.position(m.source)} --> s{FUNNEL.position(m.target)}" for m in FUNNEL.moves]

    assert rows[0] == "stateDiagram-v2"
    assert rows[1:10] == [
        f'    state "{state.label(language)}" as s{i}' for i, state in enumerate(drawn)
    ]
    assert rows[10] == "    [*] --> s0"
    assert [row.split(" : ")[0].strip() for row in rows[11:19]] == moves
    assert rows[19:] == ["    s8 --> [*]"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_graphviz_draws_the_same_states_and_moves(language):
    """Both pictures are made from one table."""
    rows = dot(FUNNEL, language).splitlines()
    moves = [f"s{FUNNEL.position(m.source)} -> s{FUNNEL.position(m.target)}" for m in FUNNEL.moves]

    assert (rows[0], rows[-1]) == ("digraph {", "}")
    assert rows[1:10] == [
        f'    s{i} [label="{state.label(language)}"];'
        for i, state in enumerate([*Stage, Status.WON])
    ]
    assert [row.partition(" [")[0].strip() for row in rows[10:-1]] == moves


def test_departures_are_drawn_where_they_are_asked_for():
    """Every step back and every loss, once; without asking, none."""
    arrows = re.compile(r"^    s(\d+) -+> s(\d+)", re.MULTILINE)
    rows = [(FUNNEL.position(m.source), FUNNEL.position(m.target)) for m in FUNNEL.moves]
    ways_off = [(FUNNEL.position(m.source), FUNNEL.position(m.target)) for m in FUNNEL.departures]

    for draw in (mermaid, dot):
        assert [(int(a), int(b)) for a, b in arrows.findall(draw(FUNNEL))] == rows
        whole = draw(FUNNEL, departures=True)
        assert [(int(a), int(b)) for a, b in arrows.findall(whole)] == rows + ways_off
        assert Status.LOST.label("en") in whole
        assert Status.LOST.label("en") not in draw(FUNNEL)
    assert mermaid(FUNNEL, departures=True).count("--> [*]") == 2


def test_an_arrow_bears_the_number_of_gates_that_can_shut_it():
    """Gates that only invite evidence are not counted; an ungated arrow bears nothing."""
    inviting = Gate("b", Label("问？", "q?"), required=False)
    one, two = Gate("a", Label("问？", "q?")), Gate("c", Label("问？", "q?"))
    path = (Stage.TARGET_GROUP, Stage.INFO_COLLECTION, Stage.CUSTOMER_ANALYSIS)
    machine = pipeline("own", path, {path[0]: (one, inviting), path[1]: (one, two)})

    assert mermaid(machine).splitlines()[6:9] == [
        "    s0 --> s1 : 1 gate",
        "    s1 --> s2 : 2 gates",
        "    s2 --> s3",
    ]
    assert "s1 --> s2 : 2 道关口" in mermaid(machine, "zh")
    assert dot(machine).splitlines()[5:8] == [
        '    s0 -> s1 [label="1 gate"];',
        '    s1 -> s2 [label="2 gates"];',
        "    s2 -> s3;",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_label_breaks_the_mermaid_picture(text):
    """The number of lines is that of the table, and every label ends where it should."""
    rows = mermaid(two_states(text)).split("\n")

    assert len(rows) == 7
    assert [MERMAID_STATE.fullmatch(row)[2] for row in rows[1:3]] == ["s0", "s1"]
    assert rows[3:] == ["    [*] --> s0", "    s0 --> s1 : 1 gate", "    s1 --> [*]", ""]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_label_breaks_the_graphviz_picture(text):
    """Quotes and backslashes are escaped, so a label stays one string of one line."""
    rows = dot(two_states("fine", text)).split("\n")

    assert len(rows) == 6
    assert [DOT_STATE.fullmatch(row)[1] for row in rows[1:3]] == ["s0", "s1"]
    assert rows[3:] == ['    s0 -> s1 [label="1 gate"];', "}", ""]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_label_is_still_shown(text):
    """Escaping loses nothing but the line break."""
    shown = text.replace("\n", " ")
    signs = {"quot": '"', "lt": "<", "gt": ">", "35": "#", "59": ";", "92": "\\", "37": "%"}

    label = mermaid(two_states(text)).split("\n")[1][len('    state "') : -len('" as s0')]
    assert re.sub(r"#(\w+);", lambda found: signs[found[1]], label) == shown

    label = dot(two_states(text)).split("\n")[1][len('    s0 [label="') : -len('"];')]
    assert re.sub(r"\\(.)", r"\1", label) == shown


@pytest.mark.parametrize("text", ["%%{init: {'theme': 'dark'}}%%", "a %%{wrap}%% b"])
def test_no_label_is_a_directive_of_mermaid(text):
    """Mermaid reads `%%{…}%%` wherever it stands, quoted or not, and would obey a label."""
    assert "%%{" not in mermaid(two_states(text))
