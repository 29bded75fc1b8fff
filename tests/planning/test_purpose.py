"""A task is put to five questions; what was answered with no is told apart from what is open."""

from __future__ import annotations

import pickle

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import InvalidValue
from salesflow.planning.priority import FiveTest, Purpose


def test_the_five_questions_are_those_of_the_trade():
    """Each is a question, in both languages."""
    assert [one.name for one in FiveTest] == ["MUST", "MATTERS", "WANTED", "ON_GOAL", "PAYS"]
    for one in FiveTest:
        assert one.label("zh").endswith("？")
        assert one.label("en").endswith("?")


@given(st.dictionaries(st.sampled_from(FiveTest), st.booleans()))
def test_every_question_is_answered_with_yes_or_no_or_open(answers):
    """The failed, the missing and the passed are the five, each once."""
    one = Purpose(task="t", answers=answers)

    assert set(one.failed) == {question for question, yes in answers.items() if yes is False}
    assert set(one.missing) == set(FiveTest) - set(answers)
    assert list(one.failed) == sorted(one.failed, key=list(FiveTest).index)
    assert list(one.missing) == sorted(one.missing, key=list(FiveTest).index)


def test_an_answer_is_found_by_its_key_too():
    """Words come from a store as keys; the order of the answers makes no difference."""
    keyed = Purpose(task="t", answers={"pays": False, "must": True})

    assert keyed == Purpose(task="t", answers={FiveTest.MUST: True, FiveTest.PAYS: False})
    assert keyed.failed == (FiveTest.PAYS,)


def test_a_purpose_is_a_value():
    """Hashable, stored, unchangeable, and not changed through the mapping passed in."""
    answers = {"must": True}
    one = Purpose(task="t", answers=answers)
    answers["must"] = False

    assert one.failed == ()
    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(Purpose(task="t", answers={"must": True}))
    with pytest.raises(FrozenInstanceError):
        one.task = "u"


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        ("task", ""),
        ("task", None),
        ("task", f"{CANARY}\0"),
        ("answers", None),
        ("answers", CANARY),
        ("answers", [("must", True)]),
        ("answers", {CANARY: True}),
        ("answers", {None: True}),
        ("answers", {"must": 1}),
        ("answers", {"must": None}),
        ("answers", {"must": CANARY}),
        ("answers", {"must": True, FiveTest.MUST: True}),
    ],
)
def test_what_is_no_purpose_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(Purpose, **({"task": "t", "answers": {}} | {box: bad}))

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)
