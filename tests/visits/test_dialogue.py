"""What was said: needs, questions that build on each other, doubts and what dissolved them."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime
from fractions import Fraction

import pytest
from attrs import evolve, fields
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import everything_told
from salesflow.errors import InvalidValue, SalesflowError
from salesflow.ratios import Rate
from salesflow.visits import (
    Need,
    NeedDimension,
    Objection,
    ObjectionOutcome,
    Question,
    QuestionForm,
    Spin,
    Step,
    effectiveness,
    spin_coverage,
)
from visit_books import DAYS, deferred, objection, objections, resolved

RESOLVED, UNRESOLVED, DEFERRED = ObjectionOutcome
SPIN = {"S": Spin.SITUATION, "P": Spin.PROBLEM, "I": Spin.IMPLICATION, "N": Spin.NEED_PAYOFF}


def asked(letters):
    """Questions by their letters; a dash stands for one that is none of the four."""
    return [Question(spin=SPIN.get(letter)) for letter in letters]


# --- questions -----------------------------------------------------------------------------------


def test_ae_48_situation_and_problem_alone_lack_two_types():
    """Questions S and P only: I and N are missing."""
    coverage = spin_coverage(asked("SP"))

    assert coverage.missing == (Spin.IMPLICATION, Spin.NEED_PAYOFF)
    assert coverage.asked == {Spin.SITUATION, Spin.PROBLEM}
    assert not coverage.payoff_early


@given(st.text("SPIN-", max_size=12))
def test_invariant_34_what_was_not_asked_is_missing(letters):
    """Invariant 34: what was asked ⊆ {S, P, I, N}, and missing is its complement, in order."""
    coverage = spin_coverage(iter(asked(letters)))

    assert coverage.asked == {kind for letter, kind in SPIN.items() if letter in letters}
    assert coverage.missing == tuple(SPIN[one] for one in "SPIN" if one not in letters)
    assert coverage.payoff_early is ("N" in letters and "I" not in letters[: letters.index("N")])


@pytest.mark.parametrize(
    ("letters", "early"),
    [("", False), ("SPI", False), ("SPIN", False), ("N", True), ("NI", True), ("INN", False)],
)
def test_the_payoff_comes_after_an_implication(letters, early):
    """Whoever asks for the payoff before any implication asks too early."""
    assert spin_coverage(asked(letters)).payoff_early is early


def test_the_four_types_are_told_in_both_languages():
    """Situation, problem, implication, need-payoff, in this order; open and closed."""
    assert "".join(kind.name[0] for kind in Spin) == "SPIN"
    assert [kind.label("zh") for kind in Spin] == ["情境", "问题", "暗示", "需要回报"]
    assert [form.label("zh") for form in QuestionForm] == ["开放式", "封闭式"]


@pytest.mark.parametrize("questions", ["SPIN", 4, None, ["SPIN"], [Spin.PROBLEM], [None]], ids=repr)
def test_coverage_is_of_a_list_of_questions(questions):
    """A text and a number are no questions."""
    with pytest.raises(SalesflowError):
        spin_coverage(questions)


# --- needs ---------------------------------------------------------------------------------------


def test_a_need_is_about_the_institution():
    """Precision, efficacy, safety, adherence, labour, revenue, cost; nobody's personal gain."""
    assert [dimension.value for dimension in NeedDimension] == [
        "precision",
        "efficacy",
        "safety",
        "adherence",
        "labour",
        "revenue",
        "cost",
    ]
    personal = ("虚荣", "利益", "vanity", "personal", "income")
    for dimension in NeedDimension:
        both = dimension.label("zh") + dimension.label("en")
        assert not any(word in both for word in personal)


def test_a_need_is_what_was_written():
    """Words may be given by their keys; what nobody said stays unknown."""
    need = Need(key=" speed ", dimension="labour", explicit=True, text="a result\nwithin the visit")

    assert (need.key, need.dimension) == ("speed", NeedDimension.LABOUR)
    assert (need.explicit, need.confirmed, need.evidence) == (True, False, "")
    assert Need(key="x").dimension is None


# --- objections ----------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [None, *ObjectionOutcome])
@pytest.mark.parametrize("day", [None, date(2026, 7, 13)])
def test_a_doubt_is_settled_once_it_is_resolved_or_answered_with_a_day(outcome, day):
    """A day alone is no answer, and an answer that did not help wants a day."""
    doubt = objection(outcome=outcome, follow_up=day)

    assert doubt.settled is (outcome is RESOLVED or (outcome is not None and day is not None))


def test_an_answer_is_another_value():
    """The doubt keeps its key and words; technique, outcome and day are those of the answer."""
    doubt = objection(follow_up=date(2026, 7, 8))
    put_off = doubt.answered("evidence", "deferred", follow_up=date(2026, 7, 13))

    assert (put_off.key, put_off.kind, put_off.text) == ("price", "price", "too dear")
    assert (put_off.technique, put_off.outcome) == ("evidence", DEFERRED)
    assert put_off.follow_up == date(2026, 7, 13)
    assert put_off.settled
    assert put_off.answered("listening", RESOLVED).follow_up is None
    assert doubt == objection(follow_up=date(2026, 7, 8))


@given(objections(), st.sampled_from(["", "x"]), st.sampled_from(ObjectionOutcome), DAYS)
def test_any_doubt_can_be_answered_with_a_day(doubt, technique, outcome, day):
    """After an answer with a day nothing is open."""
    after = doubt.answered(technique, outcome, follow_up=day)

    assert after.settled
    assert (after.key, after.technique, after.outcome) == (doubt.key, technique, outcome)


# --- what works ----------------------------------------------------------------------------------


def test_a_technique_is_as_good_as_what_it_resolved():
    """Resolved ÷ used, in the order of the names, with the number of cases."""
    doubts = [
        resolved("a"),
        deferred("b"),
        resolved("c", technique="listening"),
        objection("d"),
        objection("e", UNRESOLVED, technique=""),
        objection("f", technique="evidence"),
    ]
    rates = effectiveness(iter(doubts))

    assert list(rates.items()) == [("evidence", Rate(1, 2)), ("listening", Rate(1, 1))]
    assert list(effectiveness([])) == []


@given(st.lists(objections(), max_size=12))
def test_effectiveness_counts_each_answer_once(doubts):
    """Told once more in plain loops: used, and of these resolved."""
    rates = effectiveness(doubts)
    used = [one for one in doubts if one.technique != "" and one.outcome is not None]

    assert list(rates) == sorted({one.technique for one in used})
    for name, rate in rates.items():
        outcomes = [one.outcome for one in used if one.technique == name]
        assert rate.ratio == Fraction(outcomes.count(RESOLVED), len(outcomes))
        assert rate.n == len(outcomes)


@pytest.mark.parametrize("doubts", ["price", 4, None, ["price"], [None], [Question()]], ids=repr)
def test_effectiveness_is_of_a_list_of_doubts(doubts):
    """A text and a number are none."""
    with pytest.raises(SalesflowError):
        effectiveness(doubts)


# --- hostile hosts -------------------------------------------------------------------------------

CANARY = "CANARY7731"
NO_NOTE = {
    "NUL": CANARY + "\x00" + CANARY,
    "RLO": CANARY + "\u202e",
    "surrogate": CANARY + "\ud800" + CANARY,
    "a million": CANARY * 10**5,
    "bytes": CANARY.encode(),
    "int": 7,
    "None": None,
    "list": [CANARY],
    "ZWSP": "\u200b",
}
NO_TEXT = {name: bad for name, bad in NO_NOTE.items() if name != "ZWSP"}
NO_LINE = NO_NOTE | {"empty": "", "lines": f"{CANARY}\n{CANARY}"}
NO_WORD = {"unknown": CANARY, "int": 1, "list": [CANARY], "another's": Step.NEEDS, "bool": False}
NO_FLAG = {"int": 1, "text": CANARY, "None": None}
NO_DAY = {"datetime": datetime(2026, 7, 6), "text": CANARY, "int": 1, "never": date(9999, 12, 31)}
BAD = {
    Need: {
        "key": NO_LINE,
        "text": NO_NOTE,
        "dimension": NO_WORD,
        "explicit": NO_FLAG,
        "confirmed": NO_FLAG,
        "evidence": NO_NOTE,
    },
    Question: {"spin": NO_WORD, "form": NO_WORD, "text": NO_NOTE},
    Objection: {
        "key": NO_LINE,
        "kind": NO_TEXT,
        "text": NO_NOTE,
        "technique": NO_TEXT,
        "outcome": NO_WORD,
        "follow_up": NO_DAY,
    },
}
LEAST = {Need: {"key": "speed"}, Question: {}, Objection: {"key": "price"}}
CASES = [
    pytest.param(form, box, bad, id=f"{form.__name__}.{box}-{name}")
    for form, boxes in BAD.items()
    for box, contents in boxes.items()
    for name, bad in contents.items()
]


def test_every_box_is_held_to_the_table():
    """A new box is tested by being written down."""
    for form, boxes in BAD.items():
        assert set(boxes) == {box.name for box in fields(form)}


@pytest.mark.parametrize(("form", "box", "bad"), CASES)
def test_a_bad_content_is_refused_by_the_name_of_its_box(form, box, bad):
    """Our own error, and not a word of what stood in the box."""
    with pytest.raises(SalesflowError) as refused:
        form(**(LEAST[form] | {box: bad}))
    assert refused.value.field == box
    assert CANARY not in everything_told(refused.value)


def test_an_answer_wants_a_technique_an_outcome_and_a_day_that_are_some():
    """What no objection can hold, no answer brings in."""
    for bad in (("x", CANARY, None), (7, RESOLVED, None), ("x", DEFERRED, "tomorrow")):
        with pytest.raises(InvalidValue):
            objection().answered(bad[0], bad[1], follow_up=bad[2])


VALUES = [
    Need(key="speed", confirmed=True),
    Question(spin=Spin.PROBLEM, form=QuestionForm.OPEN, text="what if?"),
    deferred(),
    resolved(),
    spin_coverage(asked("SPN")),
    spin_coverage(asked("SPIN")),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_what_was_said_is_a_value(value):
    """Equal by content, hashable, the same after a journey, and never changed."""
    for arrived in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value), evolve(value)):
        assert arrived == value
        assert hash(arrived) == hash(value)
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(type(value))[0].name, None)
    assert value not in [other for other in VALUES if other is not value]
