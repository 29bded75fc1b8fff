"""What may count for something, decided once, for every kind of activity."""

from __future__ import annotations

import pytest
from hypothesis import given

from salesflow.activity import DECISIONS, SEVERITIES, WORK, ActivityKind, Decision, counts
from salesflow.errors import InvalidValue
from salesflow.findings import Severity
from salesflow.gates import Gate
from salesflow.labels import Label
from strategies import evidences

K = ActivityKind
NEVER = {K.MEAL, K.RECEPTION, K.ENTERTAINMENT, K.GIFT, K.COUPON, K.CASH}
REVIEWED = {K.PLACEMENT, K.HONORARIUM, K.TRAVEL, K.SPONSORSHIP, K.OTHER}
QUESTION = Label("是否建立信任？", "Is there trust?")


@pytest.mark.parametrize("kind", sorted(NEVER, key=str), ids=str)
def test_hospitality_never_counts_even_if_approved(kind):
    """Gifts, meals and entertainment count for nothing, on nobody's word."""
    assert DECISIONS[kind] is Decision.NEVER_COUNTS
    assert not counts(kind)
    assert not counts(kind, approved=True)


@pytest.mark.parametrize("kind", sorted(REVIEWED, key=str), ids=str)
def test_a_kind_that_needs_review_counts_once_approved(kind):
    """What may be proper and may be not counts only with an approver."""
    assert DECISIONS[kind] is Decision.NEEDS_REVIEW
    assert not counts(kind)
    assert counts(kind, approved=True)


@pytest.mark.parametrize("kind", sorted(set(K) - NEVER - REVIEWED, key=str), ids=str)
def test_professional_work_counts(kind):
    """Approval is not asked for a visit, and does no harm."""
    assert DECISIONS[kind] is Decision.COUNTS
    assert kind in WORK
    assert counts(kind)
    assert counts(kind, approved=True)


def test_every_kind_has_a_decision_and_every_restricted_one_a_weight():
    """No kind slips through undecided, and each that does not simply count is a finding."""
    assert set(DECISIONS) == set(K)
    assert {kind: SEVERITIES.get(kind) for kind in NEVER} == {
        K.MEAL: Severity.AVOID,
        K.RECEPTION: Severity.AVOID,
        K.ENTERTAINMENT: Severity.BLOCK,
        K.GIFT: Severity.BLOCK,
        K.COUPON: Severity.BLOCK,
        K.CASH: Severity.BLOCK,
    }
    assert {SEVERITIES[kind] for kind in REVIEWED} == {Severity.WATCH}
    assert set(SEVERITIES) == NEVER | REVIEWED == set(K) - set(WORK)


@pytest.mark.parametrize("table", [DECISIONS, SEVERITIES])
def test_the_tables_cannot_be_talked_into_anything(table):
    """A default is replaced by passing another policy, never by changing the table."""
    with pytest.raises(TypeError):
        table[K.GIFT] = table[K.MEAL]
    with pytest.raises(TypeError):
        WORK[0] = K.GIFT


@pytest.mark.parametrize("kind", sorted(NEVER, key=str), ids=str)
def test_a_gate_that_would_accept_hospitality_cannot_be_made(kind):
    """Not alone, and not hidden among professional work."""
    for accepted in ({kind}, {*WORK, kind}):
        with pytest.raises(InvalidValue, match="accept professional work only"):
            Gate("trust", QUESTION, accepted)


@given(evidences(["trust"]))
def test_no_evidence_of_hospitality_opens_any_gate(evidence):
    """Whatever the value, the approver and the gate: a dinner opens nothing."""
    wide = Gate("trust", QUESTION, set(K) - NEVER)

    if evidence.kind in NEVER or (evidence.kind in REVIEWED and not evidence.approver):
        assert not wide.admits(evidence)
    else:
        assert wide.admits(evidence) is (evidence.value is not False)
