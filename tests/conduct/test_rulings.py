"""A ruling follows from its reasons, and the strictest one wins."""

from __future__ import annotations

import pickle

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from compliance_cases import DAY, act
from salesflow.conduct.compliance import judge
from salesflow.conduct.rulings import Judgement, Ruling, strictest
from salesflow.errors import WrongType
from salesflow.findings import Remark, Severity
from salesflow.labels import LANGUAGES, Label


def reason(severity):
    return Remark("r", severity, Label("缘由", "reason"), Label("改正", "mend it")).about("X-1")


@pytest.mark.parametrize(
    ("severity", "ruling"),
    [
        (Severity.BLOCK, Ruling.DENY),
        (Severity.AVOID, Ruling.REVIEW),
        (Severity.WATCH, Ruling.ALLOW),
    ],
)
def test_block_denies_avoid_reviews_and_watch_only_notes(severity, ruling):
    """The three risk levels, and what follows from each."""
    assert strictest([reason(severity)]) is ruling
    assert ruling.severity is severity


def test_nothing_said_against_it_means_allowed():
    """No reason, no refusal."""
    assert strictest(()) is Ruling.ALLOW


@given(st.lists(st.sampled_from(Severity), min_size=1), st.sampled_from(Severity))
def test_one_reason_more_never_makes_a_ruling_milder(severities, severity):
    """The strictest wins, wherever it stands."""
    before = strictest([reason(one) for one in severities])
    after = strictest([reason(one) for one in (severity, *severities)])

    assert after == max(before, strictest([reason(severity)]))
    assert after is strictest([reason(one) for one in (*severities, severity)])


def test_a_ruling_has_an_order_and_both_languages():
    """From allow to deny."""
    assert Ruling.ALLOW < Ruling.REVIEW < Ruling.DENY
    assert [[one.label(language) for language in LANGUAGES] for one in Ruling] == [
        ["允许", "allow"],
        ["须审批", "review"],
        ["禁止", "deny"],
    ]


@pytest.mark.parametrize("reasons", ["BLOCK", [Severity.BLOCK], None, 3])
def test_what_is_no_finding_is_no_reason(reasons):
    with pytest.raises(WrongType, match=r"^reasons "):
        strictest(reasons)


def test_a_judgement_is_plain_data_for_the_audit():
    """Immutable, hashable, storable: the same action judged twice gives the same value."""
    judgement = judge(act(kind="gift"))

    assert judgement == judge(act(kind="gift"))
    assert hash(judgement) == hash(judge(act(kind="gift")))
    assert pickle.loads(pickle.dumps(judgement)) == judgement
    assert (judgement.action, judgement.on, judgement.policy) == ("X-1", DAY, "compliance")
    with pytest.raises(FrozenInstanceError):
        judgement.ruling = Ruling.ALLOW
    assert isinstance(judgement, Judgement)
