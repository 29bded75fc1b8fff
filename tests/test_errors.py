"""Errors are values: equal, storable, and their text says what to do."""

from __future__ import annotations

import copy
import pickle

import pytest

import salesflow.errors as module
from salesflow.errors import (
    ClosedDeal,
    CurrencyMismatch,
    DuplicateId,
    ForeignDeal,
    GateShut,
    InvalidValue,
    LastStage,
    NoSuchMove,
    OnHold,
    OutOfOrder,
    SalesflowError,
    SkippedStage,
    WrongStanding,
    WrongType,
)
from salesflow.funnel import Stage, Status
from salesflow.visits import VisitStatus

LOW, NEXT, HIGH = Stage.TARGET_GROUP, Stage.INFO_COLLECTION, Stage.TRUST_BUILDING
LEFT_OUT = (Stage.INFO_COLLECTION, Stage.CUSTOMER_ANALYSIS)

#: one error of each class, what a Python reader may catch it as, and its whole text
EXAMPLES = [
    (
        InvalidValue("quota", "is zero", "pass an amount above zero"),
        ValueError,
        "quota is zero; pass an amount above zero.",
    ),
    (
        WrongType("amount", "is of type float", "pass a str"),
        TypeError,
        "amount is of type float; pass a str.",
    ),
    (DuplicateId("D-1"), ValueError, "the id 'D-1' occurs twice; pass each one once."),
    (
        CurrencyMismatch("CNY", "USD"),
        ValueError,
        "CNY and USD cannot be combined; convert or group by currency first.",
    ),
    (
        NoSuchMove("funnel", HIGH, LOW, (Stage.NEEDS_DISCOVERY,)),
        LookupError,
        (
            "funnel has no such move from TRUST_BUILDING to TARGET_GROUP; "
            "move to one of: NEEDS_DISCOVERY."
        ),
    ),
    (
        SkippedStage("funnel", LOW, HIGH, (NEXT,), LEFT_OUT),
        LookupError,
        (
            "moving from TARGET_GROUP to TRUST_BUILDING skips INFO_COLLECTION, CUSTOMER_ANALYSIS; "
            "advance one step at a time."
        ),
    ),
    (
        GateShut("funnel", LOW, NEXT, ("sample_volume_ok", "hospital_pays_well")),
        ValueError,
        (
            "the way from TARGET_GROUP to INFO_COLLECTION is shut, "
            "missing: sample_volume_ok, hospital_pays_well; "
            "record what each asks for, or override with a named approver and a reason."
        ),
    ),
    (
        OutOfOrder("2026-07-02T00:00:00+00:00", "2026-07-01T00:00:00+00:00"),
        ValueError,
        (
            "an event at 2026-07-01T00:00:00+00:00 cannot follow one at 2026-07-02T00:00:00+00:00; "
            "pass an instant that is not earlier than the last event."
        ),
    ),
    (
        ClosedDeal("advance", Status.LOST, "reopen it first"),
        ValueError,
        "advance is refused, the deal is LOST; reopen it first.",
    ),
    (
        WrongStanding("cancel", VisitStatus.RUNNING, "abort it and write the summary"),
        ValueError,
        "cancel is refused, the visit is RUNNING; abort it and write the summary.",
    ),
    (
        LastStage("own", HIGH, None, (Status.WON,)),
        LookupError,
        "TRUST_BUILDING is the last stage of own; win the deal instead.",
    ),
    (
        OnHold("advance"),
        ValueError,
        "advance is refused while the deal is on hold; resume it first.",
    ),
    (
        ForeignDeal("funnel", "own"),
        ValueError,
        (
            "it belongs to machine 'funnel', not to 'own'; "
            "pass machine= with the table it was opened in."
        ),
    ),
]
ERRORS = [error for error, _, _ in EXAMPLES]


def named(value):
    return type(value).__name__ if isinstance(value, Exception) else None


def test_every_error_of_the_library_has_an_example_here():
    """A new class of error is tested by being written down."""
    assert {named(error) for error in ERRORS} == set(module.__all__) - {"SalesflowError"}


@pytest.mark.parametrize(("error", "caught_as", "text"), EXAMPLES, ids=named)
def test_an_error_is_caught_as_its_own_and_as_pythons(error, caught_as, text):
    """One `except SalesflowError` catches all; so does the error a Python reader expects."""
    with pytest.raises(SalesflowError):
        raise error
    with pytest.raises(caught_as):
        raise error


@pytest.mark.parametrize(("error", "caught_as", "text"), EXAMPLES, ids=named)
def test_the_text_is_made_from_the_fields_and_ends_with_what_to_do(error, caught_as, text):
    """The text names what is wrong, then what to do, and nothing else."""
    assert str(error) == text
    problem, _, remedy = text.partition("; ")
    assert problem
    assert remedy.endswith(".")


@pytest.mark.parametrize("error", ERRORS, ids=named)
@pytest.mark.parametrize(
    "copied",
    [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy],
    ids=["pickle", "copy", "deepcopy"],
)
def test_an_error_survives_the_way_to_another_process(error, copied):
    """A worker's error arrives equal, with the same hash, fields and text."""
    arrived = copied(error)

    assert type(arrived) is type(error)
    assert arrived == error
    assert hash(arrived) == hash(error)
    assert str(arrived) == str(error)
    assert arrived.args == error.args


@pytest.mark.parametrize("error", ERRORS, ids=named)
def test_an_error_carries_cause_note_and_traceback(error):
    """Frozen as they are, errors go through `raise from`, `add_note` and `with_traceback`."""
    fresh, cause = pickle.loads(pickle.dumps(error)), KeyError("why")
    fresh.add_note("seen in the nightly import")

    with pytest.raises(type(error)) as caught:
        raise fresh.with_traceback(None) from cause

    assert caught.value.__cause__ is cause
    assert caught.value.__notes__ == ["seen in the nightly import"]
    assert caught.value == error


@pytest.mark.parametrize("error", ERRORS, ids=named)
def test_the_fields_of_an_error_cannot_be_changed(error):
    """What was refused stays as it was reported."""
    field = type(error).__attrs_attrs__[0].name

    with pytest.raises(AttributeError):
        setattr(error, field, "other")


def test_errors_of_two_kinds_or_with_two_fields_differ():
    """Equality is of class and fields, never of the text alone."""
    invalid = InvalidValue("a", "b", "c")

    assert invalid != WrongType("a", "b", "c")
    assert invalid != InvalidValue("a", "b", "d")
    assert invalid != "a b; c."
    assert len({invalid, InvalidValue("a", "b", "c"), WrongType("a", "b", "c")}) == 2


def test_a_missing_move_says_so_where_there_is_no_target_and_no_way_out():
    """Asked for any next state of a final one, the text names both facts."""
    end = NoSuchMove("funnel", Status.WON, None, ())

    assert str(end) == (
        "funnel has no such move from WON to a next state; move to one of: none, it is final."
    )
    assert "to the end skips" in str(SkippedStage("funnel", LOW, None, (), LEFT_OUT))
