"""A machine is a closed table: what it lets through can be asked, and what it asks is done."""

from __future__ import annotations

import copy
import pickle
import re
from fractions import Fraction

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salesflow.activity import DECISIONS, ActivityKind, Decision
from salesflow.customers import RelationshipLevel
from salesflow.errors import (
    ForeignDeal,
    GateShut,
    InvalidValue,
    NoSuchMove,
    SkippedStage,
    WrongType,
)
from salesflow.funnel import FUNNEL, Stage, Status
from salesflow.gates import Evidence, Gate, Override
from salesflow.labels import Label, Term
from salesflow.machine import Entry, Machine, Move, table_of
from salesflow.scales import Rung
from strategies import evidences, gate_rows

Q = Label("可以吗？", "May we?")
K = ActivityKind
WORD = Override(approver="M-1", reason="paid by the ministry")


class S(Term):
    """States of the machines below."""

    A = "a", "甲", "first"
    B = "b", "乙", "second"
    C = "c", "丙", "third"
    D = "d", "丁", "fourth"
    END = "end", "终", "end"
    OUT = "out", "出", "out"
    FAR = "far", "远", "of another table"


def gate(key, **settings):
    return Gate(key, Q, **settings)


def filed(key, value=None, kind=K.VISIT, approver=""):
    return Evidence(gate=key, kind=kind, ref="R-1", value=value, approver=approver)


def path(*gates, **settings):
    """A → B → C → D → END with these gates on the first row, and OUT from A and C."""
    rows = (Move(S.A, S.B, gates), Move(S.B, S.C), Move(S.C, S.D), Move(S.D, S.END))
    ways_off = (Move(S.A, S.OUT), Move(S.C, S.OUT), Move(S.C, S.A))
    own = {"name": "own", "start": S.A, "moves": rows, "departures": ways_off}
    return Machine(**own | {"final": (S.END, S.OUT)} | settings)


def keys(gates):
    return tuple(shut.key for shut in gates)


# --- the table is closed ----------------------------------------------------------------------

AB, BC = Move(S.A, S.B), Move(S.B, S.C)
ENDS = {"start": S.A, "final": (S.C,), "departures": ()}
BROKEN = [
    ("two rows with the same ends", {"moves": (AB, BC, Move(S.A, S.B, (gate("k"),)))}),
    ("two rows with the same ends", {"moves": (AB, BC), "departures": (AB,)}),
    ("an exit from a final state", {"moves": (AB, BC), "final": (S.B, S.C)}),
    ("an exit from a final state", {"moves": (AB, BC), "departures": (Move(S.C, S.A),)}),
    ("a dead end that is not final", {"moves": (AB, BC), "final": ()}),
    ("a dead end that is not final", {"moves": (AB, BC, Move(S.A, S.D))}),
    ("a state out of reach", {"moves": (AB, BC, Move(S.D, S.C))}),
    ("a state out of reach", {"moves": (AB, BC), "start": S.B}),
    ("a state out of reach", {"moves": (AB, BC), "final": (S.C, S.OUT)}),
    (
        "a gate key with two meanings",
        {"moves": (Move(S.A, S.B, (gate("k"),)), Move(S.B, S.C, (gate("k", measured=True),)))},
    ),
    ("a gate on a departure", {"moves": (AB, BC), "departures": (Move(S.B, S.A, (gate("k"),)),)}),
    ("a landmark off the path", {"moves": (AB, BC), "landmarks": (("shape", S.D),)}),
    ("a landmark off the path", {"moves": (AB, BC), "landmarks": (("shape", S.C),)}),
    ("an any-of group of one", {"moves": (Move(S.A, S.B, (gate("k", any_of="g"),)), BC)}),
    (
        "an any-of group of one",
        {
            "moves": (
                Move(S.A, S.B, (gate("k", any_of="g"), gate("l", any_of="h"))),
                Move(S.B, S.C, (gate("m", any_of="g"), gate("n", any_of="g"))),
            )
        },
    ),
]


@pytest.mark.parametrize(("problem", "table"), BROKEN)
def test_a_table_that_is_not_closed_cannot_be_made(problem, table):
    """Each fault is named; what is left over would be found by a deal, too late."""
    with pytest.raises(InvalidValue, match=rf"^moves has {problem}; close the table\.$"):
        Machine(name="own", **ENDS | table)


def test_a_gate_may_stand_on_two_rows_with_one_meaning():
    """The same question asked twice is no fault; nor is a group on one row."""
    twice = (gate("k"), gate("l", any_of="g"), gate("m", any_of="g"))
    machine = Machine(
        name="own", **ENDS | {"moves": (Move(S.A, S.B, twice), evolve(BC, gates=twice))}
    )

    assert tuple(machine.gates) == ("k", "l", "m")


def test_a_row_asks_each_question_once():
    """Two gates of one key on one row could not be told apart."""
    with pytest.raises(InvalidValue, match=r"^gates bear one key twice"):
        Move(S.A, S.B, (gate("k"), gate("k")))


@pytest.mark.parametrize("name", ["", " ", None, 7, "x" * 201])
def test_a_machine_has_a_name(name):
    """Deals carry it."""
    with pytest.raises(InvalidValue, match=r"^name is "):
        path(name=name)


def test_the_states_are_those_of_the_rows_in_the_order_of_the_path():
    """States of departures come last; a stage is a state that is not final."""
    machine = path()

    assert machine.states == (S.A, S.B, S.C, S.D, S.END, S.OUT)
    assert machine.stages == (S.A, S.B, S.C, S.D)
    assert [machine.position(state) for state in machine.states] == list(range(6))
    assert machine.stage(S.D) is S.D


@pytest.mark.parametrize("state", [S.FAR, Stage.TARGET_GROUP, "a", None])
def test_a_state_of_another_table_is_refused(state):
    """A place is asked only of the states the table knows."""
    with pytest.raises(InvalidValue, match=r"^state is not one of own"):
        path().position(state)
    for final in (state, S.END, S.OUT):
        with pytest.raises(InvalidValue, match=r"^stage is not a stage of own"):
            path().stage(final)


def test_a_machine_takes_its_own_deals_only():
    """A deal of another table is refused by the names of both."""
    own = path()
    assert table_of(own, "own") is own is table_of(own)
    with pytest.raises(WrongType):
        table_of("own", "own")
    with pytest.raises(ForeignDeal) as caught:
        table_of(own, "funnel")
    assert caught.value == ForeignDeal("funnel", "own")


def test_a_landmark_names_a_place_and_the_start_stands_in_for_it():
    """A table without the landmark has it at its start."""
    machine = path(landmarks=(("shape", S.C),))

    assert machine.landmark("shape") is S.C
    assert machine.landmark("resale") is S.A


# --- which moves there are --------------------------------------------------------------------


@pytest.mark.parametrize("source", [S.A, S.B, S.C, S.D])
def test_the_next_move_is_the_first_row_out_of_a_state(source):
    """Asked for or not, the next state is found."""
    machine = path()
    expected = next(row for row in machine.moves if row.source is source)

    assert machine.move(source) is expected
    assert machine.move(source, expected.target) is expected


def test_a_branch_is_taken_by_name():
    """Where two rows leave a state, the first is the path and the other can be asked for."""
    rows = (Move(S.A, S.B), Move(S.A, S.C), Move(S.B, S.C))
    machine = Machine(name="own", start=S.A, moves=rows, final=(S.C,))

    assert machine.move(S.A).target is S.B
    assert machine.move(S.A, S.C).target is S.C


@pytest.mark.parametrize(
    ("source", "target", "skipped"),
    [
        (S.A, S.C, (S.B,)),
        (S.A, S.D, (S.B, S.C)),
        (S.A, S.END, (S.B, S.C, S.D)),
        (S.C, S.END, (S.D,)),
    ],
)
def test_a_skip_names_the_stages_left_out(source, target, skipped):
    """Stages are climbed like stairs; the error names each step that is missing."""
    with pytest.raises(SkippedStage) as caught:
        path().move(source, target)

    assert caught.value == SkippedStage(
        "own", source, target, (path().move(source).target,), skipped
    )


@pytest.mark.parametrize(
    ("source", "target", "allowed"),
    [
        (S.B, S.A, (S.C,)),
        (S.B, S.B, (S.C,)),
        (S.A, S.OUT, (S.B,)),
        (S.END, None, ()),
        (S.OUT, S.END, ()),
        (S.OUT, None, ()),
    ],
)
def test_a_move_the_table_does_not_have_is_refused(source, target, allowed):
    """Back, in place, off the path or on from the end: no such move, and what there is instead."""
    with pytest.raises(NoSuchMove) as caught:
        path().move(source, target)

    assert caught.value == NoSuchMove("own", source, target, allowed)


@pytest.mark.parametrize(("source", "target"), [(S.FAR, None), (S.FAR, S.B), (S.A, S.FAR)])
def test_no_move_leads_from_or_to_another_table(source, target):
    """A foreign state is refused as such."""
    with pytest.raises(InvalidValue, match=r"^state is not one of own"):
        path().move(source, target)


@pytest.mark.parametrize(
    "target", ["b", 1, True, object()], ids=lambda target: type(target).__name__
)
def test_a_target_is_a_state_and_not_its_key(target):
    """A word in place of a state is refused by name of its type, by either way out."""
    with pytest.raises(WrongType, match=rf"^to is of type {type(target).__name__}; pass a state"):
        path().move(S.A, target)
    with pytest.raises(WrongType, match=rf"^to is of type {type(target).__name__}; pass a state"):
        path().departure(S.A, target)


def test_a_departure_leaves_the_path_where_the_table_says():
    """From A and C to OUT, from C back to A, and nowhere else."""
    machine = path()

    assert machine.departure(S.C, S.A) is machine.departures[2]
    for source, target, allowed in (
        (S.B, S.OUT, ()),
        (S.C, S.B, (S.OUT, S.A)),
        (S.A, S.B, (S.OUT,)),
    ):
        with pytest.raises(NoSuchMove) as caught:
            machine.departure(source, target)
        assert caught.value == NoSuchMove("own", source, target, allowed)


# --- which gates are shut ---------------------------------------------------------------------


def opens(one, item):
    """Whether an evidence opens a gate, told anew."""
    if item.kind not in one.accepts or item.value is False:
        return False
    if DECISIONS[item.kind] is Decision.NEEDS_REVIEW and item.approver == "":
        return False
    if item.value is None or item.value is True or one.threshold is None:
        return not one.measured
    if isinstance(one.threshold, Rung) or isinstance(item.value, Rung):
        ladder = list(RelationshipLevel)
        both = item.value in ladder and one.threshold in ladder
        return both and ladder.index(item.value) >= ladder.index(one.threshold)
    return Fraction(item.value) >= Fraction(one.threshold)


def shut_gates(move, evidence, facts):
    """The gates still shut, told anew with plain loops."""
    shut = []
    for one in move.gates:
        answered = not one.accepts
        for item in evidence:
            if item.gate == one.key and opens(one, item):
                answered = True
        if one.required and not (answered and (one.fact == "" or one.fact in facts)):
            shut.append(one)
    waiting = []
    for one in shut:
        mates = [mate for mate in move.gates if one.any_of and mate.any_of == one.any_of]
        if all(mate in shut for mate in mates):
            waiting.append(one)
    return tuple(waiting)


def tables():
    """Machines with random gates on their first row."""
    return gate_rows("klmnop").map(lambda gates: path(*gates))


FILED = st.lists(evidences("klmnopx"), max_size=14)
FACTS = st.frozensets(st.sampled_from(["paid", "signed", "other"]))


@given(tables(), FILED, FACTS)
def test_the_shut_gates_are_those_a_plain_loop_finds(machine, evidence, facts):
    """Thresholds, groups, facts and measured gates: quick or naive, the answer is one."""
    move = machine.moves[0]

    assert machine.unmet(move, evidence, facts) == shut_gates(move, evidence, facts)
    assert move.unmet(iter(reversed(evidence)), facts) == move.unmet(tuple(evidence), facts)


@given(tables(), FILED, FACTS)
def test_ask_and_do_agree(machine, evidence, facts):
    """Invariant 5: a move succeeds where nothing is unmet; else the error names the same gates."""
    move = machine.moves[0]
    missing = keys(machine.unmet(move, evidence, facts))

    if missing:
        with pytest.raises(GateShut) as caught:
            machine.advance(move, evidence, facts)
        assert caught.value == GateShut("own", S.A, S.B, missing)
    else:
        assert machine.advance(move, evidence, facts) is S.B
    assert machine.advance(move, evidence, facts, override=WORD) is S.B


@given(tables(), FILED, FILED, FACTS, FACTS)
def test_more_evidence_never_shuts_a_gate(machine, evidence, more, facts, others):
    """Invariant 6: what was open stays open, whatever else is filed or becomes true."""
    move = machine.moves[0]
    before = machine.unmet(move, evidence, facts)

    after = machine.unmet(move, [*more, *evidence], facts | others)

    assert set(after) <= set(before)
    assert list(after) == [one for one in before if one in after]


@pytest.mark.parametrize("move", FUNNEL.moves, ids=lambda move: move.source.name)
def test_each_gate_of_the_funnel_shuts_the_way_alone(move):
    """With all but one answered, that one shuts the way, unless another of its group is open."""
    facts = frozenset(one.fact for one in move.gates)
    answers = [
        filed(one.key, Fraction(3) if one.measured else one.threshold, min(one.accepts, key=str))
        for one in move.gates
    ]
    able = Move(move.source, move.target, [evolve(one, measured=False) for one in move.gates])

    assert able.unmet(answers, facts) == ()
    for one in able.gates:
        rest = [item for item in answers if item.gate != one.key]
        expected = () if one.any_of or not one.required else (one.key,)
        assert keys(able.unmet(rest, facts)) == expected
    assert keys(move.unmet((), frozenset())) == keys(one for one in move.gates if one.required)


def test_a_shut_gate_names_what_is_missing():
    """The keys come in the order of the table, and the text bears them."""
    machine = path(gate("b"), gate("a"), gate("c", required=False))

    with pytest.raises(GateShut, match=re.escape("missing: b, a;")):
        machine.advance(machine.moves[0])
    assert machine.advance(machine.moves[0], [filed("a"), filed("b")]) is S.B


def test_one_answer_opens_its_group_and_no_other():
    """Of each group one is enough; a group without an answer names all its gates."""
    four = [gate(key, any_of=group) for key, group in zip("klmn", "gghh", strict=True)]
    machine = path(*four)

    assert keys(machine.unmet(machine.moves[0])) == ("k", "l", "m", "n")
    assert keys(machine.unmet(machine.moves[0], [filed("l")])) == ("m", "n")
    assert machine.unmet(machine.moves[0], [filed("l"), filed("m")]) == ()


def test_a_fact_must_hold_besides_the_evidence():
    """Neither alone opens the gate; a gate without evidence asks for the fact alone."""
    both, alone = gate("k", fact="paid"), gate("l", accepts=(), fact="paid")
    move = path(both, alone).moves[0]

    assert keys(move.unmet([], frozenset())) == ("k", "l")
    assert keys(move.unmet([filed("k")], frozenset())) == ("k", "l")
    assert keys(move.unmet([], frozenset({"paid"}))) == ("k",)
    assert move.unmet([filed("k")], frozenset({"paid"})) == ()


def test_a_gate_that_is_not_required_never_shuts_the_way():
    """It only invites evidence, also where a required gate asks for the same fact."""
    asked, invited = gate("k", fact="paid"), gate("l", fact="paid", required=False)

    assert path(invited).moves[0].unmet([], frozenset()) == ()
    assert keys(path(asked, invited).moves[0].unmet([filed("k")], frozenset())) == ("k",)


def test_an_invitation_does_not_open_the_group_it_stands_in():
    """One of the group must be answered; a gate nobody answered is no answer."""
    asked, invited = gate("k", any_of="g"), gate("l", any_of="g", required=False)

    assert keys(path(asked, invited).moves[0].unmet([], frozenset())) == ("k",)


@pytest.mark.parametrize(
    "override",
    ["M-1", True, {"approver": "M-1"}, 0, "", object()],
    ids=lambda override: type(override).__name__,
)
def test_a_gate_is_passed_only_on_somebodys_word(override):
    """Only an Override, which has a name and a reason, passes a shut gate."""
    machine = path(gate("k"))

    with pytest.raises(WrongType, match=r"^override is not an Override; pass Override\(approver="):
        machine.advance(machine.moves[0], override=override)
    assert machine.advance(machine.moves[0], override=WORD) is S.B


# --- a machine is a value ---------------------------------------------------------------------


def test_a_hosts_threshold_replaces_the_gate_on_every_row():
    """The rest of the table stays as it was, and so does the table it was made from."""
    rows = (Move(S.A, S.B, (gate("k"), gate("l"))), Move(S.B, S.C, (gate("k"),)))
    machine = Machine(name="own", **ENDS | {"moves": rows})
    strict = gate("k", threshold=Fraction(9, 10), measured=True)

    changed = machine.with_gate(strict, name="strict")

    assert changed.name == "strict"
    assert [move.gates for move in changed.moves] == [(strict, gate("l")), (strict,)]
    assert changed.gates["k"] is strict
    assert keys(changed.unmet(changed.moves[1], [filed("k")])) == ("k",)
    assert machine.unmet(machine.moves[1], [filed("k")]) == ()
    assert machine.with_gate(strict).name == "own"
    with pytest.raises(InvalidValue, match=r"^gate has a key unknown to own"):
        machine.with_gate(gate("x"))


@pytest.mark.parametrize("machine", [path(gate("k"), landmarks=(("shape", S.B),)), FUNNEL])
@pytest.mark.parametrize(
    "copied",
    [lambda value: pickle.loads(pickle.dumps(value)), copy.copy, copy.deepcopy, evolve],
    ids=["pickle", "copy", "deepcopy", "evolve"],
)
def test_a_machine_is_stored_copied_and_compared(machine, copied):
    """A table arrives equal in another process, and works there."""
    arrived = copied(machine)

    assert arrived == machine
    assert hash(arrived) == hash(machine)
    assert arrived.unmet(arrived.move(arrived.start)) == machine.unmet(machine.moves[0])
    assert arrived.states == machine.states


def test_a_machine_does_not_follow_the_lists_it_was_made_from():
    """Rows, ends and landmarks are copied; changing the host's lists changes no table."""
    rows, ends, marks = [AB, BC], [S.C], [("shape", S.B)]
    machine = Machine(name="own", start=S.A, moves=rows, final=ends, landmarks=marks)
    for held in (rows, ends, marks):
        held.clear()

    assert machine == Machine(
        name="own", start=S.A, moves=(AB, BC), final=(S.C,), landmarks=(("shape", S.B),)
    )
    assert hash(machine) == hash(evolve(machine))


def test_a_table_is_never_changed_in_place():
    """Neither the machine, nor a row, nor the gates by key."""
    machine = path(gate("k"))

    with pytest.raises(FrozenInstanceError):
        machine.name = "other"
    with pytest.raises(FrozenInstanceError):
        machine.moves[0].gates = ()
    with pytest.raises(TypeError):
        machine.gates["k"] = gate("k", measured=True)


def test_the_end_of_the_funnel_is_won_or_lost():
    """The funnel itself is a closed table like any other."""
    assert FUNNEL.final == (Status.WON, Status.LOST)
    assert FUNNEL.stages == tuple(Stage)


def test_a_line_of_a_trail_says_what_it_bears():
    """The base of every entry names its fields and holds none, so that entries can be drafted."""
    assert Entry.__slots__ == ()
    assert list(Entry.__annotations__) == [
        *("sequence", "at", "source", "target", "evidence", "override", "reason", "by")
    ]


def test_a_looser_table_needs_a_name_of_its_own():
    """Deals of the strict table do not pass through it."""
    gate = FUNNEL.gates["installed"]
    looser = [
        evolve(gate, required=False),
        evolve(gate, accepts=(*gate.accepts, ActivityKind.CALL)),
        Gate("installed", gate.question, (), fact="fully_paid"),
    ]

    for loose in looser:
        with pytest.raises(InvalidValue, match="looser"):
            FUNNEL.with_gate(loose)
        assert FUNNEL.with_gate(loose, name="own").name == "own"
    trusted = FUNNEL.gates["trust_reached"]
    with pytest.raises(InvalidValue, match="looser"):
        FUNNEL.with_gate(evolve(trusted, threshold=RelationshipLevel.MEETING))
    with pytest.raises(InvalidValue, match="looser"):
        FUNNEL.with_gate(evolve(trusted, threshold=None))


def test_a_stricter_gate_keeps_the_name_of_the_table():
    """A host may demand more, and may set the threshold a gate waits for."""
    trusted = FUNNEL.gates["trust_reached"]
    stricter = [
        evolve(trusted, threshold=RelationshipLevel.ALLIANCE, measured=True),
        evolve(FUNNEL.gates["investment_far_below_output"], threshold=3),
        evolve(FUNNEL.gates["installed"], fact="fully_paid"),
        evolve(FUNNEL.gates["needs_analysed"], required=True),
    ]

    for gate in stricter:
        assert FUNNEL.with_gate(gate).name == "funnel"


def test_a_move_of_another_table_is_not_made():
    """A row made by hand leads nowhere, though its ends are states of the table."""
    smuggled = Move(Stage.TARGET_GROUP, Status.WON)

    with pytest.raises(NoSuchMove):
        FUNNEL.advance(smuggled)
    with pytest.raises(NoSuchMove):
        FUNNEL.unmet(smuggled)


@pytest.mark.parametrize("kind", [Gate, Move, Machine])
def test_rules_are_not_subclassed(kind):
    """A kind of gate could admit what a gate refuses."""
    with pytest.raises(WrongType):
        type("Lax", (kind,), {})


@pytest.mark.parametrize("name", ["", " ", " funnel", "funnel ", "funnel\u200b", None, "funnel"])
def test_no_spelling_of_its_own_name_lets_a_looser_table_pass(name):
    """Deals of the strict table would go through it."""
    loose = evolve(FUNNEL.gates["trust_reached"], required=False)

    with pytest.raises(InvalidValue):
        FUNNEL.with_gate(loose, name=name)
