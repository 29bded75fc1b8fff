"""A gate is a question, and evidence of the right kind, approved and high enough, answers it."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

from salesflow.activity import WORK, ActivityKind
from salesflow.customers import RelationshipLevel
from salesflow.errors import InvalidValue, SalesflowError
from salesflow.gates import Evidence, Gate, Override
from salesflow.labels import Label
from salesflow.scales import Rung
from strategies import evidences

K = ActivityKind
Q = Label("可以吗？", "May we?")
CANARY = "Dr-Wang-13800138000"
TRUST = RelationshipLevel.TRUST


class Warmth(Rung):
    WARM = "warm", "暖", "warm"


def evidence(value=None, kind="visit", approver=""):
    return Evidence(gate="g", kind=kind, ref="R-1", value=value, approver=approver)


PLAIN = Gate("g", Q)
MEASURED = Gate("g", Q, measured=True)
HALF = Gate("g", Q, threshold=Fraction(1, 2))
HALF_MEASURED = Gate("g", Q, threshold=Fraction(1, 2), measured=True)
TRUSTED = Gate("g", Q, threshold=TRUST)

#: for each value an evidence may bring: which of the five gates above it opens
ANSWERS = [
    (None, "PLAIN HALF TRUSTED"),
    (True, "PLAIN HALF TRUSTED"),
    (False, ""),
    (0, "PLAIN"),
    (1, "PLAIN HALF HALF_MEASURED"),
    (Decimal("0.5"), "PLAIN HALF HALF_MEASURED"),
    (Fraction(499, 1000), "PLAIN"),
    (RelationshipLevel.MEETING, "PLAIN"),
    (TRUST, "PLAIN TRUSTED"),
    (RelationshipLevel.ALLIANCE, "PLAIN TRUSTED"),
    (Warmth.WARM, "PLAIN"),
]


@pytest.mark.parametrize(("value", "opened"), ANSWERS, ids=str)
def test_a_value_opens_the_gates_it_is_high_enough_for(value, opened):
    """A bare word is enough unless the gate is measured; a figure is held to the threshold."""
    gates = {"PLAIN": PLAIN, "MEASURED": MEASURED, "HALF": HALF}
    gates |= {"HALF_MEASURED": HALF_MEASURED, "TRUSTED": TRUSTED}

    found = [name for name, gate in gates.items() if gate.admits(evidence(value))]

    assert " ".join(found) == opened


def test_a_measured_gate_without_a_threshold_stays_shut():
    """Until a host says how high is high enough, nothing is."""
    assert not any(MEASURED.admits(evidence(value)) for value, _ in ANSWERS)


@pytest.mark.parametrize(
    ("kind", "approver", "opens"),
    [
        (K.CONTRACT, "", True),
        (K.PLACEMENT, "", False),
        (K.PLACEMENT, "M-1", True),
        (K.VISIT, "", False),
        (K.VISIT, "M-1", False),
        (K.MEAL, "M-1", False),
    ],
    ids=str,
)
def test_only_the_kinds_a_gate_accepts_open_it(kind, approver, opens):
    """A kind that needs review counts with an approver; one that is not accepted never does."""
    gate = Gate("g", Q, {K.CONTRACT, K.PLACEMENT})

    assert gate.admits(evidence(kind=kind, approver=approver)) is opens


@given(evidences(["g"]))
def test_a_higher_threshold_never_opens_a_gate(item):
    """What is high enough for a high bar is high enough for a low one."""
    low, high = (Gate("g", Q, threshold=bar) for bar in (1, 3))

    assert low.admits(item) or not high.admits(item)


def test_a_gate_accepts_professional_work_unless_it_says_otherwise():
    """The default is every kind that counts without review."""
    assert set(PLAIN.accepts) == set(WORK)
    assert PLAIN.required
    assert not PLAIN.measured


def test_a_gate_needs_something_that_opens_it():
    """Neither a kind of evidence nor a fact would leave it shut for ever."""
    with pytest.raises(InvalidValue, match=r"^accepts is empty; accept a kind of evidence or name"):
        Gate("g", Q, ())
    assert not Gate("paid", Q, (), fact="fully_paid").accepts


def test_a_gate_takes_the_keys_of_activities_as_evidence_does():
    """`{"visit"}` is the same as `{ActivityKind.VISIT}`, in any order; unknown ones are refused."""
    assert Gate("g", Q, ["call", "visit", K.CALL]) == Gate("g", Q, {K.VISIT, K.CALL})
    assert repr(Gate("g", Q, ["call", "visit"])) == repr(Gate("g", Q, ["visit", "call"]))
    with pytest.raises(InvalidValue, match="accept professional work only"):
        Gate("g", Q, ["gift"])
    with pytest.raises(InvalidValue, match=r"^ActivityKind has no "):
        Gate("g", Q, ["party"])


@pytest.mark.parametrize("threshold", [0.9, float("nan"), True, "0.9", Decimal("NaN")], ids=repr)
def test_a_threshold_is_an_exact_number_or_a_rung(threshold):
    """A table with an impossible threshold is refused when written, not when a deal meets it."""
    with pytest.raises(InvalidValue):
        Gate("g", Q, threshold=threshold)


@pytest.mark.parametrize("key", ["", " ", None, 7, "a\nb", "x" * 201], ids=ascii)
def test_a_key_or_reference_is_a_line_of_text(key):
    """A gate without a key cannot be answered, an evidence without a reference not be checked."""
    with pytest.raises(SalesflowError):
        Gate(key, Q)
    with pytest.raises(SalesflowError):
        Evidence(gate=key, kind="visit", ref="R-1")
    with pytest.raises(SalesflowError):
        Evidence(gate="g", kind="visit", ref=key)


@pytest.mark.parametrize("value", [0.9, float("nan"), "high", Decimal("sNaN"), [], b"1"], ids=repr)
def test_evidence_brings_an_exact_figure_or_none(value):
    """A float or a text is no figure found."""
    with pytest.raises(InvalidValue, match=r"^value is "):
        evidence(value)


@pytest.mark.parametrize("kind", ["VISIT", "dinner", None, 3, CANARY])
def test_evidence_is_of_a_known_kind(kind):
    """An unknown kind is refused by name of what is known; nothing counts by accident."""
    with pytest.raises(InvalidValue, match=r"^ActivityKind has no .*; use one of: visit, call,"):
        evidence(kind=kind)


def test_evidence_takes_the_key_of_its_kind():
    """A stored key and the member mean the same."""
    assert evidence(kind="visit") == evidence(kind=K.VISIT)
    assert evidence().kind is K.VISIT


@pytest.mark.parametrize(
    ("approver", "reason", "field"),
    [
        ("", "the director asked", "approver"),
        ("  ", "the director asked", "approver"),
        (None, "the director asked", "approver"),
        ("M-1", "", "reason"),
        ("M-1", " \n ", "reason"),
        ("M-1", None, "reason"),
    ],
)
def test_an_override_needs_a_name_and_a_reason(approver, reason, field):
    """Nobody passes a gate on no one's word, or without saying why."""
    with pytest.raises(SalesflowError, match=rf"^{field} is "):
        Override(approver=approver, reason=reason)


def test_a_reason_may_have_several_lines():
    """The name is one line, the reason a note."""
    override = Override(approver=" M-1 ", reason="paid by the ministry\nsee letter 7")

    assert override.approver == "M-1"
    assert override.reason == "paid by the ministry\nsee letter 7"


@pytest.mark.parametrize(
    "act",
    [
        lambda: Evidence(gate="g", kind=CANARY, ref="R"),
        lambda: Evidence(gate="g", kind="visit", ref=f"{CANARY}\x00"),
        lambda: Evidence(gate="g", kind="visit", ref="R", value=CANARY),
        lambda: Evidence(gate="g", kind="visit", ref="R", approver=f"{CANARY}\u202e"),
        lambda: Override(approver=CANARY * 20, reason="x"),
        lambda: Override(approver="M-1", reason=f"{CANARY}\x00"),
    ],
    ids=["kind", "ref", "value", "evidence approver", "override approver", "reason"],
)
def test_a_refusal_repeats_nothing_that_was_typed(act):
    """A person's name or number never gets into a log by way of an error."""
    with pytest.raises(SalesflowError) as caught:
        act()
    assert CANARY not in f"{caught.value!s}{caught.value!r}{caught.value.__context__!r}"


@pytest.mark.parametrize("value", [PLAIN, TRUSTED, evidence(2), Override(approver="M", reason="r")])
def test_gates_and_evidence_are_values(value):
    """Equal, hashable, storable, and never changed in place."""
    arrived = pickle.loads(pickle.dumps(value))

    assert arrived == value
    assert hash(arrived) == hash(value)
    assert evolve(value) == value
    with pytest.raises(FrozenInstanceError):
        setattr(value, type(value).__attrs_attrs__[0].name, "other")


def test_a_gate_does_not_follow_the_list_it_was_made_from():
    """Kinds are copied; changing the host's list changes no gate."""
    kinds = [K.VISIT]
    gate = Gate("g", Q, kinds)
    kinds.append(K.CALL)

    assert set(gate.accepts) == {K.VISIT}


def test_a_gate_that_asks_for_a_fact_may_come_to_ask_for_evidence_besides():
    """And not the other way round: evidence that was asked for stays asked for."""
    plain = Gate("planned", Q, accepts=(), fact="planned")
    shown = evolve(plain, accepts=(ActivityKind.VISIT,))

    assert shown.replaces(plain)
    assert not plain.replaces(shown)
    assert not evolve(shown, fact="").replaces(plain)
