"""The table of the seven steps: its rows, its ways off, its gates, and methods like it."""

from __future__ import annotations

import copy
import pickle

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError

import visit_oracle
from salesflow.activity import ActivityKind
from salesflow.errors import InvalidValue, NoSuchMove, SalesflowError, SkippedStage, WrongType
from salesflow.gates import Gate
from salesflow.labels import Label
from salesflow.machine import Machine, Move
from salesflow.visits import VISIT, Step, VisitStatus, visit_method
from salesflow.visits.steps import PLANNED, method_of
from visit_books import CONSENT, OWN, Talk, planned

S = Step
NUMBER = {step: number for number, step in enumerate(Step, start=1)}


def test_there_are_seven_steps_in_the_order_of_the_trade():
    """From the plan to the summary, in both languages; the conversation lies between."""
    chinese = "访前计划 开场白 确定需求 提供解决方案 异议处理 缔结 访后总结"

    assert [step.label("zh") for step in Step] == chinese.split()
    assert [step.label("en") for step in Step][::6] == ["pre-call plan", "post-call summary"]
    assert VISIT.stages == tuple(Step)
    assert VISIT.start is S.PRE_CALL_PLAN
    assert VISIT.landmark("opening") is S.OPENING
    assert VISIT.landmark("summary") is S.POST_CALL_SUMMARY


def test_there_are_four_standings_and_two_are_final():
    """Planned, running, closed, cancelled: kept apart from the step, and in both languages."""
    assert [one.label("zh") for one in VisitStatus] == ["已计划", "进行中", "已结束", "已取消"]
    assert [one.label("en") for one in VisitStatus] == [one.value for one in VisitStatus]
    assert set(VISIT.final) == {VisitStatus.CLOSED, VisitStatus.CANCELLED}


@pytest.mark.parametrize("source", Step)
@pytest.mark.parametrize("target", Step)
def test_the_table_has_the_ten_pairs_of_the_trade_and_no_other(source, target):
    """A pair is a row of the table, or the refusal says which steps it would leave out."""
    ends = (NUMBER[source], NUMBER[target])
    if ends in visit_oracle.PAIRS:
        assert VISIT.move(source, target).target is target
        return

    with pytest.raises(NoSuchMove) as refused:
        VISIT.move(source, target)
    skips = ends[1] > ends[0] + 1
    assert (type(refused.value) is SkippedStage) is skips
    if skips:
        assert refused.value.skipped == tuple(list(Step)[ends[0] : ends[1] - 1])


@pytest.mark.parametrize("source", Step)
@pytest.mark.parametrize("target", [*Step, *VisitStatus])
def test_a_conversation_is_broken_off_and_a_plan_is_cancelled(source, target):
    """Off the path: from the conversation to the summary, from the plan to CANCELLED."""
    ends = (NUMBER[source], NUMBER.get(target))
    off = ends in visit_oracle.BROKEN_OFF
    cancels = (source, target) == (S.PRE_CALL_PLAN, VisitStatus.CANCELLED)
    if off or cancels:
        assert VISIT.departure(source, target).gates == ()
        return

    with pytest.raises(NoSuchMove):
        VISIT.departure(source, target)


def test_a_visit_is_closed_from_its_summary_alone():
    """The one row into CLOSED, and no ordinary row into CANCELLED."""
    rows = [move for move in VISIT.moves if isinstance(move.target, VisitStatus)]

    assert [(move.source, move.target) for move in rows] == [
        (S.POST_CALL_SUMMARY, VisitStatus.CLOSED)
    ]


def test_the_gates_ask_for_facts_of_the_visit_itself():
    """A plan before the opening, doubts settled before the close, a summary before the end."""
    asked = {
        (move.source.value, move.target.value): [gate.key for gate in move.gates]
        for move in VISIT.moves
        if move.gates
    }

    assert asked == visit_oracle.VISIT["asks"]
    for gate in VISIT.gates.values():
        assert (gate.accepts, gate.fact, gate.required) == ((), gate.key, True)
        assert not gate.question.zh.isascii()
        assert gate.question.en.endswith("?")


def test_going_on_leads_one_step_further():
    """Without a word on where to, the next step is the next one of the path."""
    for step, after in zip(Step, [*list(Step)[1:], VisitStatus.CLOSED], strict=True):
        assert VISIT.move(step).target is after


def test_the_table_is_a_value():
    """It compares by content, copies and pickles, and nothing about it can be set."""
    assert pickle.loads(pickle.dumps(Step.NEEDS)) is copy.deepcopy(Step.NEEDS) is Step.NEEDS
    assert evolve(VISIT) == VISIT
    assert hash(evolve(VISIT)) == hash(VISIT)
    assert VISIT != OWN
    with pytest.raises(FrozenInstanceError):
        VISIT.name = "mine"


# --- methods of one's own ----------------------------------------------------------------------


def test_a_method_has_the_shape_of_a_visit():
    """Steps in order, loops besides, a way off at each step of the conversation."""
    assert OWN.stages == tuple(Talk)
    assert OWN.final == (VisitStatus.CLOSED, VisitStatus.CANCELLED)
    assert {(move.source.value, move.target.value) for move in OWN.moves} == (
        visit_oracle.OWN["moves"] | {("note", "closed")}
    )
    assert {(move.source, move.target) for move in OWN.departures} == {
        (Talk.GREET, Talk.NOTE),
        (Talk.PREPARE, VisitStatus.CANCELLED),
    }
    assert [gate.key for gate in OWN.move(Talk.PREPARE).gates] == ["planned", "consent"]


def test_three_steps_make_a_method():
    """A plan, a conversation, a summary; an iterator will do, and own gates are optional."""
    short = visit_method("short", iter([Talk.GREET, Talk.ADVISE, Talk.NOTE]))

    assert short.stages == (Talk.GREET, Talk.ADVISE, Talk.NOTE)
    assert short.landmark("opening") is Talk.ADVISE
    assert short.landmark("summary") is Talk.NOTE
    assert list(short.gates) == ["planned", "plan_filed", "summarised", "objections_settled"]
    assert planned(machine=short).unmet(machine=short) == ()


def test_the_steps_of_a_method_come_in_the_order_given():
    """Not in that in which their words are defined."""
    turned = visit_method("turned", [Talk.NOTE, Talk.GREET, Talk.ADVISE, Talk.PREPARE])

    assert turned.start is Talk.NOTE
    assert turned.landmark("summary") is Talk.PREPARE
    assert {(move.source, move.target) for move in turned.departures} == {
        (Talk.GREET, Talk.PREPARE),
        (Talk.NOTE, VisitStatus.CANCELLED),
    }


LOOSE = Gate("loose", Label("行？", "ok?"))
PAIR = (Talk.PREPARE, Talk.GREET)
ASTRAY = {
    "no name": ("name", {"name": ""}),
    "a name that is no text": ("name", {"name": None}),
    "a name with a control": ("name", {"name": "a\x00b"}),
    "no step": ("steps", {"steps": []}),
    "two steps": ("steps", {"steps": [Talk.PREPARE, Talk.NOTE]}),
    "steps as a text": ("steps", {"steps": "prepare"}),
    "steps as a number": ("steps", {"steps": 3}),
    "steps as None": ("steps", {"steps": None}),
    "a step twice": ("steps", {"steps": [*Talk, Talk.GREET]}),
    "steps by their keys": ("steps", {"steps": ["prepare", "greet", "note"]}),
    "a step that is none": ("steps", {"steps": [*Talk, None]}),
    "loops as a number": ("loops", {"loops": 3}),
    "loops as a text": ("loops", {"loops": "ab"}),
    "loops of steps": ("loops", {"loops": [Talk.ADVISE, Talk.GREET]}),
    "a loop of texts": ("loops", {"loops": [("advise", "greet")]}),
    "a loop that is a text": ("loops", {"loops": ["ab"]}),
    "a loop of one step": ("loops", {"loops": [(Talk.ADVISE,)]}),
    "a loop of three steps": ("loops", {"loops": [(Talk.ADVISE, Talk.GREET, Talk.ADVISE)]}),
    "a loop of nothing": ("loops", {"loops": [()]}),
    "a loop that is none": ("loops", {"loops": [None]}),
    "a loop that is a row already": ("moves", {"loops": [(Talk.GREET, Talk.ADVISE)]}),
    "a loop from the plan": ("loops", {"loops": [(Talk.PREPARE, Talk.ADVISE)]}),
    "a loop to the plan": ("loops", {"loops": [(Talk.GREET, Talk.PREPARE)]}),
    "a loop out of the end": ("loops", {"loops": [(VisitStatus.CLOSED, Talk.NOTE)]}),
    "a loop from nowhere": ("loops", {"loops": [(Step.CLOSE, Talk.NOTE)]}),
    "a loop to nowhere": ("loops", {"loops": [(Talk.NOTE, Step.CLOSE)]}),
    "a loop from the summary": ("loops", {"loops": [(Talk.NOTE, Talk.GREET)]}),
    "gates as a list": ("gates", {"gates": [(PAIR, (LOOSE,))]}),
    "gates as a text": ("gates", {"gates": "loose"}),
    "gates at a step": ("gates", {"gates": {Talk.GREET: (LOOSE,)}}),
    "gates at no row": ("gates", {"gates": {(Talk.GREET, Talk.PREPARE): (LOOSE,)}}),
    "gates at a departure": ("gates", {"gates": {(Talk.GREET, Talk.NOTE): (LOOSE,)}}),
    "a gate that is a text": ("gates", {"gates": {PAIR: ("loose",)}}),
    "a gate without its list": ("gates", {"gates": {PAIR: LOOSE}}),
    "gates that are a text": ("gates", {"gates": {PAIR: "loose"}}),
    "gates that are none": ("gates", {"gates": {PAIR: None}}),
    "a gate twice": ("gates", {"gates": {PAIR: (LOOSE, LOOSE)}}),
}


@pytest.mark.parametrize(("field", "astray"), ASTRAY.values(), ids=ASTRAY)
def test_a_method_that_is_no_visit_is_refused(field, astray):
    """Too few steps, a loop or a gate where there is no row: none is a method of visiting."""
    table = {"name": "mine", "steps": list(Talk)} | astray

    with pytest.raises(InvalidValue) as refused:
        visit_method(**table)
    assert refused.value.field == field


def test_a_gate_with_two_meanings_is_refused():
    """One key is one question, wherever it is asked."""
    stricter = evolve(CONSENT, threshold=2)
    gates = {PAIR: (CONSENT,), (Talk.GREET, Talk.ADVISE): (stricter,)}

    with pytest.raises(SalesflowError, match="two meanings"):
        visit_method("mine", Talk, gates=gates)


@pytest.mark.parametrize("to", ["opening", 2, [Step.OPENING], b"x"], ids=repr)
def test_what_is_no_step_is_no_way(to):
    """A text or a number is not taken for a step, and is not repeated."""
    with pytest.raises(WrongType) as refused:
        VISIT.move(S.PRE_CALL_PLAN, to)
    assert refused.value.field == "to"


def test_any_table_of_rows_may_be_a_method():
    """`visit_method` is a shorthand: the same machine can be written row by row."""
    same = Machine(
        name="own",
        start=Talk.PREPARE,
        moves=[Move(row.source, row.target, row.gates) for row in OWN.moves],
        departures=OWN.departures,
        final=OWN.final,
        landmarks=OWN.landmarks,
    )

    assert same == OWN


def test_what_every_method_asks_can_be_made_stricter_and_not_looser():
    """A plan before the opening, and the close as the trade wants it, whoever writes the table."""
    opening = (Talk.PREPARE, Talk.GREET)
    strict = evolve(PLANNED, accepts=(ActivityKind.CORRESPONDENCE,))
    own = visit_method("own", Talk, gates={opening: (strict,)})

    assert own.move(*opening).gates == (strict,)
    assert method_of(own) is own
    for lax in (evolve(PLANNED, required=False), evolve(PLANNED, fact="weather")):
        with pytest.raises(InvalidValue, match=r"^gates loosen a gate that every method has"):
            visit_method("own", Talk, gates={opening: (lax,)})


@pytest.mark.parametrize("key", ["planned", "plan_filed", "summarised", "objections_settled"])
def test_a_table_made_by_hand_is_held_to_what_every_method_asks(key):
    """A gate that only invites shuts nothing, so that table is no method of visiting."""
    lax = VISIT.with_gate(evolve(VISIT.gates[key], required=False), name="lax")

    with pytest.raises(InvalidValue, match=r"^machine is no method of visiting"):
        method_of(lax)
