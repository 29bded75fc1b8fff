"""Vouchers are checked against the logs before anybody is reimbursed."""

from __future__ import annotations

import pickle
import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily_logs import DAY, HOSPITALITY, SECRET, entry, log, seen
from salesflow.activity import DECISIONS, SEVERITIES, ActivityKind, Decision
from salesflow.conduct.vouchers import VOUCHER_REMARKS, Voucher, check_vouchers
from salesflow.errors import DuplicateId, InvalidValue, SalesflowError
from salesflow.money import Money
from salesflow.ratios import Rate

HAN = re.compile(r"[\u4e00-\u9fff]")
YUAN = Money("86.50", "CNY")
LOGGED = (log(),)


def voucher(id="B-1", **rest):
    """A voucher that the log bears out."""
    given_ = {"person": "R-9", "on": DAY, "place": "H-3", "amount": YUAN, "kind": "visit"}
    return Voucher(id=id, **(given_ | rest))


def found(*vouchers, logs=LOGGED, **rest):
    """The findings, by voucher."""
    check = check_vouchers(vouchers, logs, **rest)
    return [(finding.subject, finding.key) for finding in check.findings]


def test_ae_63_two_of_three_vouchers_are_borne_out():
    """AE-63: 3 vouchers, logs match 2: 1 flagged, 2 verified, each with its money."""
    claims = [voucher(), voucher("B-2", place="H-3/lab"), voucher("B-3", place="H-9")]
    check = check_vouchers(claims, [log()])

    assert (check.verified, check.flagged) == (("B-1", "B-2"), ("B-3",))
    assert check.verified_amounts["CNY"] == Money("173.00", "CNY")
    assert check.flagged_amounts["CNY"] == YUAN
    assert check.rate == Rate(2, 3)
    (finding,) = check.findings
    assert (finding.key, finding.subject) == ("voucher_unlogged", "B-3")
    assert finding.text.zh == "R-9 2026-07-06 的日志没有提到“H-9”"


@pytest.mark.parametrize(
    "rest",
    [
        {"place": "H-4"},
        {"person": "R-1"},
        {"on": DAY + timedelta(days=1)},
    ],
)
def test_the_log_of_that_person_on_that_day_names_that_place(rest):
    """Nobody else's, and no other day's."""
    assert found(voucher(**rest)) == [("B-1", "voucher_unlogged")]
    assert found(voucher(), logs=[]) == [("B-1", "voucher_unlogged")]


def test_any_block_of_any_log_of_the_day_will_do():
    logs = [log("L-1", entries=[]), log("L-2", entries=seen("H-7", "H-3"))]

    assert found(voucher(), logs=logs) == []


def test_the_same_voucher_is_reimbursed_once():
    """The second is flagged, whoever hands it in; so is one that was reimbursed before."""
    check = check_vouchers([voucher(), voucher(), voucher("B-2")], [log()], settled=["B-2"])

    assert (check.verified, check.flagged) == (("B-1",), ("B-1", "B-2"))
    assert [f.key for f in check.findings] == ["voucher_twice", "voucher_twice"]
    assert check.verified_amounts["CNY"] == YUAN
    assert check.flagged_amounts["CNY"] == YUAN * 2


@pytest.mark.parametrize("kind", ActivityKind)
def test_what_never_counts_is_flagged_and_what_needs_review_waits_for_it(kind):
    """Each with its own weight, though a log names the place."""
    plain = check_vouchers([voucher(kind=kind)], [log()])
    approved = check_vouchers([voucher(kind=kind, approver="M-1")], [log()])
    expected = {
        Decision.COUNTS: ([], []),
        Decision.NEEDS_REVIEW: (["voucher_unapproved"], []),
        Decision.NEVER_COUNTS: (["voucher_never_counts"], ["voucher_never_counts"]),
    }[DECISIONS[kind]]

    assert ([f.key for f in plain.findings], [f.key for f in approved.findings]) == expected
    assert all(f.severity is SEVERITIES[kind] for f in plain.findings)
    assert bool(plain.verified) is (expected[0] == [])


@pytest.mark.parametrize("kind", HOSPITALITY)
def test_what_a_log_says_of_hospitality_verifies_nothing(kind):
    """Invariant 46."""
    dinner = log(entries=[entry(kind=kind)])

    assert found(voucher(), logs=[dinner]) == [("B-1", "voucher_unlogged")]


def test_money_of_two_currencies_is_told_apart():
    claims = [voucher(), voucher("B-2", amount=Money("10", "USD")), voucher("B-3")]
    check = check_vouchers(claims, [log()])

    assert dict(check.verified_amounts) == {"CNY": YUAN * 2, "USD": Money("10", "USD")}
    assert not check.flagged_amounts


@pytest.mark.parametrize("remark", VOUCHER_REMARKS, ids=lambda remark: remark.key)
def test_every_remark_is_told_in_both_languages(remark):
    """With what to do, and without a brace left over."""
    claims = [
        voucher(),
        voucher(),
        voucher("B-2", place="H-9"),
        voucher("B-3", kind="meal"),
        voucher("B-4", kind="travel"),
    ]
    told = {finding.key: finding for finding in check_vouchers(claims, [log()]).findings}

    assert set(told) == {one.key for one in VOUCHER_REMARKS}
    for label in (told[remark.key].text, told[remark.key].advice):
        assert HAN.search(label.zh)
        assert not HAN.search(label.en)
        assert not set("{}") & set(label.zh + label.en)


CLAIMS = st.lists(
    st.builds(
        voucher,
        st.sampled_from(["B-1", "B-2", "B-3"]),
        place=st.sampled_from(["H-3", "H-9"]),
        kind=st.sampled_from(["visit", "meal", "travel"]),
        amount=st.sampled_from([YUAN, Money("10", "USD")]),
    ),
    max_size=6,
)


@given(CLAIMS)
def test_every_voucher_is_verified_or_flagged_with_a_reason(claims):
    """No money is lost on the way, and no number is verified twice."""
    check = check_vouchers(claims, [log()])

    assert sorted(check.verified + check.flagged) == sorted(one.id for one in claims)
    assert len(set(check.verified)) == len(check.verified)
    assert set(check.flagged) == {finding.subject for finding in check.findings}
    for currency in ("CNY", "USD"):
        zero = Money("0", currency)
        parts = (check.verified_amounts, check.flagged_amounts)
        told = sum((part.get(currency, zero) for part in parts), zero)
        assert told == sum((c.amount for c in claims if c.amount.currency == currency), zero)


def test_a_voucher_is_a_value_and_hides_who_approved():
    one = voucher(approver=SECRET)
    check = check_vouchers([one], [log()])

    assert SECRET not in repr(one)
    assert pickle.loads(pickle.dumps((one, check))) == (one, check)
    assert hash(check) == hash(check_vouchers([one], [log()]))


NO_TEXT = [7, None, 1.5, f"a\0{SECRET}"]
BAD = {
    "id": ["", *NO_TEXT],
    "person": ["", *NO_TEXT],
    "on": [SECRET, 7, None, datetime(2026, 7, 6), date(1066, 1, 1)],
    "place": ["", *NO_TEXT],
    "amount": [SECRET, 7, None, 86.5, Money("0", "CNY"), Money("-1", "CNY")],
    "kind": ["party", 7, None, SECRET],
    "approver": NO_TEXT,
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_voucher_is_refused(box, bad):
    with pytest.raises(InvalidValue) as refused:
        voucher(**{box: bad})

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        *[("vouchers", bad) for bad in (SECRET, 7, None, [SECRET], voucher())],
        *[("logs", bad) for bad in (SECRET, 7, None, [SECRET])],
        *[("settled", bad) for bad in (SECRET, 7, None, [7], [f"{SECRET}\0"])],
    ],
)
def test_what_is_no_check_is_refused(box, bad):
    with pytest.raises(SalesflowError) as refused:
        check_vouchers(**({"vouchers": [], "logs": []} | {box: bad}))

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


def test_a_log_is_read_once():
    with pytest.raises(DuplicateId, match="L-1"):
        check_vouchers([], [log(), log()])


def test_nobody_approves_their_own_voucher():
    """Somebody else does."""
    own = voucher(kind="honorarium", approver="R-9")

    assert found(own) == [("B-1", "voucher_unapproved")]
    assert found(voucher(kind="honorarium", approver="M-1")) == []
