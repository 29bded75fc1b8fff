"""A policy is data: a safe default to start from, and a company's own that says so by its name."""

from __future__ import annotations

import pickle

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from compliance_cases import HOSPITALITY, REVIEWED, act, kinds, limit, policies
from people_strategies import CANARY, everything_told
from salesflow.activity import WORK, ActivityKind, counts
from salesflow.conduct.actions import Paper
from salesflow.conduct.compliance import judge
from salesflow.conduct.policy import COMPLIANCE, Policy, policy_of
from salesflow.conduct.rulings import Ruling
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.findings import Severity

K = ActivityKind
DENIED = {K.GIFT, K.CASH, K.COUPON, K.ENTERTAINMENT}
TO_REVIEW = {K.MEAL, K.RECEPTION, *map(K.of, REVIEWED)}


@pytest.mark.parametrize("kind", K)
def test_the_default_rules_on_every_kind(kind):
    """Gift, cash, coupon, entertainment denied; what may be proper reviewed; work allowed."""
    ruling = Ruling.DENY if kind in DENIED else Ruling.REVIEW if kind in TO_REVIEW else Ruling.ALLOW

    assert COMPLIANCE.ruling(kind) is COMPLIANCE.rulings[kind] is ruling
    assert COMPLIANCE.ruling(kind.value) is ruling


def test_the_default_knows_no_amounts():
    """No legal limit is invented."""
    assert COMPLIANCE.limits == ()
    assert COMPLIANCE.name == "compliance"
    assert COMPLIANCE.unknown is Ruling.REVIEW
    assert dict(COMPLIANCE.papers) == {K.HONORARIUM: (Paper.PURPOSE,), K.TRAVEL: (Paper.PURPOSE,)}


@given(st.text("abcdefghij_XYZ餐饮礼品", min_size=1, max_size=12).filter(str.strip))
def test_invariant_47_an_unknown_kind_is_never_allowed(kind):
    """Invariant 47: whatever it is called; what is called gift, 礼品 or Gift is no unknown kind."""
    action = act(kind=kind)
    if isinstance(action.kind, str):
        assert COMPLIANCE.ruling(kind) is Ruling.REVIEW
        assert judge(action).ruling is Ruling.REVIEW
        assert not COMPLIANCE.counts(kind, approved=True)


@given(policies(0), kinds(), st.booleans())
def test_no_policy_makes_anything_count_that_does_not_count_by_itself(policy, kind, approved):
    """Hospitality counts nowhere, under no policy, approved or not."""
    if isinstance(kind, K):
        assert not policy.counts(kind, approved=approved) or counts(kind, approved=approved)
    if policy.counts(kind, approved=approved):
        assert policy.ruling(kind) is not Ruling.DENY
        assert approved or policy.ruling(kind) is Ruling.ALLOW
        assert kind in policy.rulings


@pytest.mark.parametrize("kind", K)
@pytest.mark.parametrize("approved", [False, True])
def test_under_the_default_counts_what_counts_by_itself(kind, approved):
    """The default is no stricter than the ground beneath it, and no looser."""
    assert COMPLIANCE.counts(kind, approved=approved) is counts(kind, approved=approved)


def test_a_host_may_name_kinds_of_its_own():
    """What is named is known; whether it counts is then the policy's word."""
    policy = COMPLIANCE.ruled({"sample": Ruling.ALLOW, "loan": "review"}, name="ours")

    assert policy.ruling("sample") is Ruling.ALLOW
    assert policy.counts("sample")
    assert (policy.counts("loan"), policy.counts("loan", approved=True)) == (False, True)


def test_denying_is_stricter_and_keeps_the_name():
    """The default stays as it was."""
    policy = COMPLIANCE.deny("meal", K.TRAVEL, "boat_trip")

    assert policy.name == "compliance"
    assert {policy.ruling(kind) for kind in ("meal", "travel", "boat_trip")} == {Ruling.DENY}
    assert COMPLIANCE.ruling("meal") is Ruling.REVIEW


@pytest.mark.parametrize("kind", [*sorted(HOSPITALITY, key=str), "travel"])
def test_a_looser_policy_needs_a_name_of_its_own(kind):
    """So that no judgement says "compliance" of what that would not have let pass."""
    for name in (None, "compliance"):
        with pytest.raises(InvalidValue, match=r"^rulings are looser than before; give the policy"):
            COMPLIANCE.ruled({kind: Ruling.ALLOW}, name=name)
    policy = COMPLIANCE.ruled({kind: Ruling.ALLOW}, name="as counsel says")

    assert policy.ruling(kind) is Ruling.ALLOW
    assert policy.name == "as counsel says"
    assert not policy.counts(kind)


def test_an_unknown_kind_that_gets_a_milder_ruling_needs_a_name_too():
    """It was under review before anybody named it."""
    with pytest.raises(InvalidValue, match=r"^rulings are looser"):
        COMPLIANCE.ruled({"boat_trip": Ruling.ALLOW})


def test_the_same_ruling_again_is_no_looser():
    assert COMPLIANCE.ruled({"meal": "review"}) == COMPLIANCE


@pytest.mark.parametrize(
    "boxes",
    [
        {"rulings": dict(COMPLIANCE.rulings), "unknown": "allow"},
        {"rulings": {K.PLACEMENT: Ruling.ALLOW}},
        {"rulings": {"placement": "allow", "gift": "deny"}},
    ],
)
def test_what_nobody_knows_and_what_is_placed_is_never_just_allowed(boxes):
    """Under no policy: somebody has to look at it."""
    with pytest.raises(InvalidValue, match="allow what always needs a review; review or deny"):
        Policy(name="ours", **boxes)


def test_a_kind_left_out_of_a_policy_is_an_unknown_one():
    """A short policy is a strict one."""
    policy = Policy(name="ours", rulings={"visit": "allow"}, unknown="deny")

    assert [policy.ruling(kind).name for kind in ("visit", "call", "gift")] == [
        "ALLOW",
        "DENY",
        "DENY",
    ]
    assert not policy.papers


def test_a_limit_is_added_and_its_key_is_its_own():
    policy = COMPLIANCE.with_limit(limit("a")).with_limit(limit("b"))

    assert [rule.key for rule in policy.limits] == ["a", "b"]
    assert policy.name == "compliance"
    with pytest.raises(InvalidValue, match=r"^limits have one key twice"):
        policy.with_limit(limit("a"))


def test_papers_are_kept_in_one_order():
    """However the host ticked them."""
    ticked = {"purpose", Paper.APPROVER, "value"}
    policy = Policy(name="ours", rulings={}, papers={"seminar": ticked})

    assert policy.papers[K.SEMINAR] == (Paper.APPROVER, Paper.PURPOSE, Paper.VALUE)


@given(policies(1))
def test_every_policy_is_immutable_hashable_and_storable(policy):
    assert pickle.loads(pickle.dumps(policy)) == policy
    assert hash(pickle.loads(pickle.dumps(policy))) == hash(policy)
    with pytest.raises(FrozenInstanceError):
        policy.unknown = Ruling.ALLOW
    with pytest.raises(TypeError):
        policy.rulings["gift"] = Ruling.ALLOW


def test_a_mapping_passed_in_is_copied():
    rulings = dict(COMPLIANCE.rulings)
    policy = Policy(name="ours", rulings=rulings)
    rulings[K.GIFT] = Ruling.ALLOW

    assert policy.ruling("gift") is Ruling.DENY


HOSTILE = {
    "name": ["", None, 7, f"{CANARY}\0", CANARY * 100],
    "rulings": [
        None,
        [("gift", "deny")],
        {"gift": None},
        {"gift": CANARY},
        {"gift": Severity.BLOCK},
        {7: "deny"},
        {f"{CANARY}\0": "deny"},
        {"gift": "deny", K.GIFT: "review"},
    ],
    "unknown": [None, CANARY, True, Severity.BLOCK],
    "papers": [
        None,
        {"seminar": CANARY},
        {"seminar": [CANARY]},
        {"seminar": None},
        {"seminar": ["person"]},
        {7: ["value"]},
        {"seminar": (), K.SEMINAR: ()},
    ],
    "limits": [CANARY, None, [CANARY], [None], [limit("a"), limit("a")], [limit()] * 1001],
}


@pytest.mark.parametrize(
    ("box", "content"),
    [(box, content) for box, contents in HOSTILE.items() for content in contents],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value[:12],
)
def test_what_cannot_stand_in_a_policy_is_refused_by_its_name(box, content):
    """With our own error, and without a word of what stood there."""
    with pytest.raises(SalesflowError) as caught:
        Policy(**({"name": "ours", "rulings": {}} | {box: content}))

    assert caught.value.field == box
    assert CANARY not in everything_told(caught.value)


@pytest.mark.parametrize("kind", [None, 7, "", f"{CANARY}\0", Severity.BLOCK])
def test_what_is_no_word_is_no_kind(kind):
    """Asked in either way."""
    for ask in (COMPLIANCE.ruling, COMPLIANCE.counts, COMPLIANCE.deny):
        with pytest.raises(SalesflowError) as caught:
            ask(kind)
        assert CANARY not in everything_told(caught.value)


@pytest.mark.parametrize("policy", [None, CANARY, {}, Ruling.DENY, Policy])
def test_what_is_no_policy_is_refused(policy):
    with pytest.raises(WrongType, match=r"^policy is of type") as caught:
        policy_of(policy)

    assert CANARY not in everything_told(caught.value)


def test_work_is_what_the_default_allows():
    """And nothing else."""
    assert {kind for kind in K if COMPLIANCE.ruling(kind) is Ruling.ALLOW} == set(WORK)


@pytest.mark.parametrize("name", ["", " ", " compliance ", "compliance\u200b", "compliance", None])
def test_no_spelling_of_its_own_name_lets_a_looser_policy_pass(name):
    """A judgement would bear the name of the strict one."""
    with pytest.raises(InvalidValue):
        COMPLIANCE.ruled({"gift": "allow"}, name=name)


def test_policies_that_rule_alike_are_equal_however_they_were_written():
    """A mapping has no order that means anything here."""
    rulings = dict(COMPLIANCE.rulings)
    turned = dict(reversed(rulings.items()))

    assert evolve(COMPLIANCE, rulings=turned) == COMPLIANCE
