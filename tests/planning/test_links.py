"""The four links of management by objectives, as a table."""

from __future__ import annotations

import pickle

import pytest

from salesflow.errors import GateShut, NoSuchMove, SkippedStage
from salesflow.planning.links import GOALS, GoalStage

S = GoalStage
PATH = [
    (S.SETTING, S.BREAKDOWN, ["written", "accepted", "public", "smart"]),
    (S.BREAKDOWN, S.CARRYING_OUT, ["measures", "instructed"]),
    (S.CARRYING_OUT, S.CHECKING, ["carried_out"]),
    (S.CHECKING, S.CLOSED, ["checked"]),
    (S.CHECKING, S.CARRYING_OUT, []),
]


def test_there_are_four_links_and_an_end():
    """设定 → 分解 → 实施 → 检查评估."""
    assert [link.label("zh") for link in GOALS.stages] == ["设定", "分解", "实施", "检查评估"]
    assert GOALS.states == tuple(GoalStage)
    assert (GOALS.start, GOALS.final) == (S.SETTING, (S.CLOSED,))


def test_the_table_is_this_one():
    """Row by row, with the gates of each; a check may lead back to carrying out."""
    rows = [(move.source, move.target, [gate.key for gate in move.gates]) for move in GOALS.moves]

    assert rows == PATH
    assert GOALS.departures == ()


def test_every_gate_asks_for_the_fact_of_its_name_in_both_languages():
    """And accepts no evidence: a goal shows its facts itself."""
    for key, gate in GOALS.gates.items():
        assert (gate.fact, gate.accepts, gate.required) == (key, (), True)
        assert gate.question.zh.endswith("？")
        assert gate.question.en.endswith("?")


@pytest.mark.parametrize(("source", "target", "keys"), PATH)
def test_a_move_is_open_with_its_facts_and_shut_without_any_of_them(source, target, keys):
    """Asked and done alike."""
    move = GOALS.move(source, target)

    assert GOALS.advance(move, facts=frozenset(keys)) is target
    for key in keys:
        rest = frozenset(GOALS.gates) - {key}
        assert [gate.key for gate in GOALS.unmet(move, facts=rest)] == [key]
        with pytest.raises(GateShut):
            GOALS.advance(move, facts=rest)


def test_no_link_is_left_out_and_a_closed_goal_stays_closed():
    """The next link of a check is the end."""
    assert GOALS.move(S.CHECKING).target is S.CLOSED
    with pytest.raises(SkippedStage):
        GOALS.move(S.SETTING, S.CARRYING_OUT)
    with pytest.raises(NoSuchMove):
        GOALS.move(S.BREAKDOWN, S.SETTING)
    with pytest.raises(NoSuchMove):
        GOALS.move(S.CLOSED)


def test_the_table_is_a_value():
    """Hashable and stored."""
    assert pickle.loads(pickle.dumps(GOALS)) == GOALS
    assert hash(pickle.loads(pickle.dumps(GOALS))) == hash(GOALS)
