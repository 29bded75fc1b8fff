"""The sheet holds the latest word on everything, at the place where it first came up."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import everything_told
from salesflow.customers import AdoptionRung
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.products import Fab
from salesflow.visits import (
    CallPlan,
    Commitment,
    Feedback,
    MarketSignal,
    Need,
    Objection,
    Proof,
    Question,
    Step,
    Summary,
)
from salesflow.visits.sheet import Record, facts_of, listed_records, sheet_of
from visit_books import (
    PLAN,
    SUMMARY_OF_IT,
    aim,
    deferred,
    fab,
    heard,
    objection,
    plans,
    promise,
    records,
    resolved,
)

S = Step
SPEED = Need(key="speed")
SIGNAL = MarketSignal(subject="assays", trend="rising")
ONE_OF_EACH = (
    PLAN,
    SPEED,
    Question(spin="problem"),
    fab(),
    objection(),
    promise(),
    heard(),
    SIGNAL,
    SUMMARY_OF_IT,
    Proof(gate="interested", value=True),
)


def at_once(*items):
    """The sheet of records all made at one step."""
    return sheet_of([(S.NEEDS, items)])


def test_a_sheet_has_a_box_for_everything_that_is_recorded():
    """One record of each kind, each in its own box."""
    sheet = at_once(*ONE_OF_EACH)

    assert {type(record) for record in ONE_OF_EACH} == set(Record.__args__)
    assert (sheet.plan, sheet.summary) == (PLAN, SUMMARY_OF_IT)
    boxes = (
        *sheet.needs,
        *sheet.questions,
        *sheet.statements,
        *sheet.objections,
        *sheet.commitments,
        *sheet.feedback,
        *sheet.signals,
        *sheet.proofs,
    )
    assert boxes == (*ONE_OF_EACH[1:8], ONE_OF_EACH[9])


def test_an_empty_sheet_is_empty():
    """Nothing recorded: no plan, no summary, no need, nothing met."""
    sheet = sheet_of([])

    assert sheet == at_once()
    assert (sheet.plan, sheet.summary, sheet.needs, sheet.proofs) == (None, None, (), ())
    assert (sheet.need_first, sheet.need_keys, sheet.aims_met) == (False, frozenset(), ())
    assert dict(sheet.raised_at) == {}


def test_the_latest_of_each_key_stands_where_the_first_came_up():
    """A doubt that was answered later keeps its place and the step at which it was raised."""
    sheet = sheet_of(
        [
            (S.SOLUTION, (objection("price"), objection("speed"))),
            (S.OBJECTIONS, (deferred("speed"), resolved("price"))),
            (S.CLOSE, (objection("late"), deferred("price"))),
        ]
    )

    assert sheet.objections == (deferred("price"), deferred("speed"), objection("late"))
    assert dict(sheet.raised_at) == {"price": S.SOLUTION, "speed": S.SOLUTION, "late": S.CLOSE}


def test_questions_and_statements_are_told_in_their_order_however_often():
    """They have no key: the same question asked twice was asked twice."""
    question = Question(spin="problem")
    sheet = at_once(question, fab(), question, fab(), SIGNAL, SIGNAL)

    assert sheet.questions == (question, question)
    assert sheet.statements == (fab(), fab())
    assert sheet.signals == (SIGNAL, SIGNAL)


@pytest.mark.parametrize(
    ("items", "first"),
    [
        ((), False),
        ((Need(key="a", confirmed=True),), True),
        ((Need(key="a"),), False),
        ((Need(key="a", confirmed=True), fab()), True),
        ((fab(), Need(key="a", confirmed=True)), False),
        ((Need(key="a"), fab(), Need(key="a", confirmed=True)), False),
        ((Need(key="a", confirmed=True), fab(), Need(key="b", confirmed=True)), True),
    ],
)
def test_a_need_comes_first_where_one_was_confirmed_before_any_statement(items, first):
    """Whatever is confirmed after the product was praised comes too late."""
    assert at_once(*items).need_first is first


def test_aims_are_met_that_the_plan_has_and_the_summary_names():
    """In the order of the plan; without a plan or a summary nobody can tell."""
    plan = CallPlan(aims=[aim("a"), aim("b"), aim("c")])
    summary = Summary(points="x", aims_met=["c", "a", "unknown"])

    assert at_once(plan, summary).aims_met == ("a", "c")
    assert at_once(plan).aims_met == at_once(summary).aims_met == ()
    assert at_once(SPEED, Need(key="cost")).need_keys == {"speed", "cost"}


def test_plan_and_summary_are_the_last_ones_filed():
    """A plan may be changed until the door opens."""
    other, later_one = CallPlan(opening="hello"), Summary(points="bought")
    sheet = sheet_of([(S.PRE_CALL_PLAN, (PLAN, SUMMARY_OF_IT)), (S.CLOSE, (other, later_one))])

    assert (sheet.plan, sheet.summary) == (other, later_one)


@given(st.lists(st.lists(records() | plans(), max_size=4), max_size=4))
def test_a_sheet_is_what_a_plain_loop_gathers(written):
    """Told once more with dicts: the latest by kind and key, the others in their order."""
    steps = list(Step)[: len(written)]
    sheet = sheet_of((step, tuple(items)) for step, items in zip(steps, written, strict=True))
    every = [item for items in written for item in items]

    def latest(kind):
        keyed = {}
        for item in every:
            if type(item) is kind:
                keyed[item.key] = item
        return tuple(keyed.values())

    def all_of(kind):
        return tuple(item for item in every if type(item) is kind)

    assert sheet.needs == latest(Need)
    assert sheet.objections == latest(Objection)
    assert sheet.commitments == latest(Commitment)
    assert sheet.feedback == latest(Feedback)
    assert sheet.questions == all_of(Question)
    assert sheet.statements == all_of(Fab)
    assert sheet.signals == all_of(MarketSignal)
    assert sheet.proofs == all_of(Proof)
    assert sheet.plan == (all_of(CallPlan) or [None])[-1]
    for key, step in sheet.raised_at.items():
        raised = [
            (one, items)
            for one, items in zip(steps, written, strict=True)
            if key in {item.key for item in items if type(item) is Objection}
        ]
        assert step is raised[0][0]


def test_one_goes_on_with_what_is_known_by_kind_and_key():
    """The latest of a key, of that kind; a key of another kind is not known."""
    sheet = at_once(SPEED, objection(), promise(), heard(), resolved(), promise("next"))

    assert sheet.one(Need, "speed") == SPEED
    assert sheet.one(Feedback, "speed") == heard()
    assert sheet.one(Objection, "price") == resolved()
    assert sheet.one(Commitment, "next") == promise("next")
    for kind, key in ((Need, "price"), (Objection, "speed"), (Commitment, "CANARY7731")):
        with pytest.raises(InvalidValue) as refused:
            sheet.one(kind, key)
        assert refused.value.field == "key"
        assert kind.__name__ in str(refused.value)
        assert "CANARY7731" not in everything_told(refused.value)
    with pytest.raises(InvalidValue):
        sheet_of([]).one(Need, "speed")


@pytest.mark.parametrize(
    "kind", [None, 5, "Need", Question, Summary, CallPlan, object, [Need], SPEED], ids=repr
)
def test_one_goes_on_with_what_has_a_key(kind):
    """A question, a summary or a plan has none, and a name is no kind."""
    with pytest.raises(WrongType) as refused:
        at_once(SPEED).one(kind, "speed")
    assert refused.value.field == "kind"


# --- facts ---------------------------------------------------------------------------------------


@given(st.lists(records() | plans() | st.just(SUMMARY_OF_IT), max_size=8), st.booleans())
def test_the_facts_are_what_the_sheet_shows(items, ad_hoc):
    """A plan on file, or none possible; a summary; and no doubt that is open."""
    sheet, facts = at_once(*items), facts_of(iter(items), ad_hoc=ad_hoc)

    assert ("plan_filed" in facts) is (sheet.plan is not None)
    assert ("planned" in facts) is (ad_hoc or sheet.plan is not None)
    assert ("summarised" in facts) is (sheet.summary is not None)
    assert ("objections_settled" in facts) is all(one.settled for one in sheet.objections)
    assert facts <= {"plan_filed", "planned", "summarised", "objections_settled"}


# --- proofs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [None, True, False, 3, Decimal("0.5"), AdoptionRung.TRIAL], ids=repr
)
def test_a_proof_brings_a_fact_a_figure_or_a_rung(value):
    """The key of a gate, and what was learned for it."""
    assert Proof(gate=" interested ", value=value) == Proof(gate="interested", value=value)


# --- hostile hosts -------------------------------------------------------------------------------

CANARY = "CANARY7731"
NO_GATE = ["", None, 7, b"x", [CANARY], "\u200b"]
NO_GATE += [CANARY + "\x00", CANARY + "\u202e", CANARY * 10**5]
NO_VALUE = [0.5, CANARY, b"1", [1], Decimal("NaN"), Decimal("1e9999999"), 1 << 3_000_000]


@pytest.mark.parametrize(
    ("box", "bad"),
    [*(("gate", bad) for bad in NO_GATE), *(("value", bad) for bad in NO_VALUE)],
    ids=lambda value: value if value in ("gate", "value") else type(value).__name__,
)
def test_a_proof_of_nothing_is_refused(box, bad):
    """By the name of its box, and without a word of what stood in it."""
    with pytest.raises(InvalidValue) as refused:
        Proof(**({"gate": "interested"} | {box: bad}))
    assert refused.value.field == box
    assert CANARY not in everything_told(refused.value)


class Note(str):
    """Text with a name of its own."""

    __slots__ = ()


NO_RECORDS = {
    "text": CANARY,
    "a kind of text": Note(CANARY),
    "bytes": CANARY.encode(),
    "int": 7,
    "None": None,
    "bool": True,
    "a class": Need,
    "a step": Step.NEEDS,
    "of texts": [CANARY],
    "of None": [None],
    "nested": [[SPEED]],
    "a tuple in a tuple": ((SPEED,),),
    "mixed": [SPEED, CANARY],
    "mapping": {CANARY: SPEED},
    "generator": (CANARY for _ in range(3)),
    "an aim": aim(),
    "a step and its records": [(S.NEEDS, (SPEED,))],
}


@pytest.mark.parametrize("bad", NO_RECORDS.values(), ids=NO_RECORDS)
def test_what_is_no_record_is_refused(bad):
    """One or several records are taken, and nothing else."""
    with pytest.raises(WrongType) as refused:
        listed_records(bad)
    assert refused.value.field == "records"
    assert CANARY not in everything_told(refused.value)


@pytest.mark.parametrize("record", ONE_OF_EACH, ids=lambda one: type(one).__name__)
def test_a_record_may_come_alone_or_in_any_run(record):
    """A single one needs no brackets; a list, a set and a generator are kept as a tuple."""
    assert listed_records(record) == (record,)
    assert listed_records([record]) == listed_records({record}) == (record,)
    assert listed_records(item for item in (record, record)) == (record, record)


def test_nobody_makes_a_record_of_ones_own():
    """A kind of `Need` is not one for the sheet."""
    kind = type("Wish", (Need,), {})

    with pytest.raises(SalesflowError):
        listed_records(kind(key="speed"))


def test_a_sheet_is_a_value():
    """Equal by content, hashable, the same after a journey, and never changed."""
    sheet = at_once(*ONE_OF_EACH)

    for arrived in (pickle.loads(pickle.dumps(sheet)), copy.deepcopy(sheet)):
        assert arrived == sheet
        assert hash(arrived) == hash(sheet)
    assert sheet != at_once(*ONE_OF_EACH, SIGNAL)
    with pytest.raises(FrozenInstanceError):
        sheet.plan = None
