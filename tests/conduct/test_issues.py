"""What keeps happening gets a rule, and what has a rule is handled by it."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import UTC, date, datetime

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salesflow.conduct.foresight import Difficulty
from salesflow.conduct.issues import (
    ISSUE_REMARKS,
    RECURS_FROM,
    Issue,
    IssueKind,
    Rule,
    issue_review,
)
from salesflow.errors import DuplicateId, InvalidValue, SalesflowError
from salesflow.findings import Severity
from salesflow.ratios import Rate
from salesflow.tables import Table

HAN = re.compile(r"[\u4e00-\u9fff]")
SECRET = "CANARY"
ON = date(2026, 7, 31)
LATE = "reagent late"


def case(day, signature=LATE, **rest):
    """A case on a day of July."""
    boxes = {"id": f"I-{day}", "on": date(2026, 7, day), "category": "shipping"}
    return Issue(**(boxes | {"signature": signature} | rest))


def rule(day=10, **rest):
    """A rule about late reagents, in force from a day of July."""
    return Rule(**({"key": "P-1", "signatures": [LATE], "on": date(2026, 7, day)} | rest))


def keys(issues, *rules, on=ON, **rest):
    """The keys of the findings."""
    return [finding.key for finding in issue_review(issues, on, rules=rules, **rest).findings()]


# --- recurring and exceptional ---------------------------------------------------------------


def test_ae_64_a_recurring_issue_needs_a_rule():
    """AE-64: the same signature twice without a rule is a finding; with a rule there is none."""
    twice = [case(3), case(9)]
    (finding,) = issue_review(twice, ON).findings()

    assert (finding.key, finding.subject, finding.values["n"]) == ("needs_rule", LATE, 2)
    assert finding.text.zh == "例常问题“reagent late”已出现 2 次，没有规则"
    assert keys(twice, rule()) == []


def test_what_was_seen_once_is_an_exception():
    """From the second case on it is recurring."""
    review = issue_review([case(3), case(9), case(5, "lost file")], ON)

    assert [one.kind for one in review.issues.values()] == [
        IssueKind.EXCEPTIONAL,
        IssueKind.RECURRING,
    ]
    assert list(review.issues) == ["lost file", LATE]
    assert keys([case(3)]) == []
    assert RECURS_FROM == 2
    for kind in IssueKind:
        assert HAN.search(kind.label("zh"))
        assert not HAN.search(kind.label("en"))


def test_from_how_many_cases_on_is_the_hosts_word():
    """Three, say; or every single one."""
    assert keys([case(3), case(9)], recurs_from=3) == []
    assert keys([case(3)], recurs_from=1) == ["needs_rule"]


def test_cases_are_told_oldest_first_and_later_ones_are_not_known():
    """On the day of a case it is known."""
    log = [case(9), case(3), case(20)]

    seen = issue_review(log, date(2026, 7, 9)).issues[LATE]
    assert seen.cases == ("I-3", "I-9")
    assert keys(log, on=date(2026, 7, 8)) == []
    assert issue_review(log, date(2026, 7, 1)).issues == Table({})


def test_kinds_of_difficulty_are_counted():
    """In the order of the list; those that did not come up are left out."""
    log = [case(3), case(4, category="travel"), case(5, category="questions"), case(6)]

    assert issue_review(log, ON).categories == Table(
        {Difficulty.QUESTIONS: 1, Difficulty.SHIPPING: 2, Difficulty.TRAVEL: 1}
    )


# --- rules -----------------------------------------------------------------------------------


def test_a_rule_that_holds_later_is_no_rule_yet():
    """From its day on it is."""
    twice = [case(3), case(9)]

    assert keys(twice, rule(day=20), on=date(2026, 7, 19)) == ["needs_rule"]
    assert keys(twice, rule(day=20), on=date(2026, 7, 20)) == []


def test_a_rule_about_something_else_does_not_help():
    """One rule may cover several issues."""
    twice = [case(3), case(9)]

    assert keys(twice, rule(signatures=["lost file"])) == ["needs_rule"]
    assert keys(twice, rule(signatures=["lost file", LATE])) == []


@pytest.mark.parametrize(
    ("day", "by", "found"),
    [
        (9, "", []),
        (10, "", ["rule_not_used"]),
        (10, "P-1", []),
        (20, "P-1", []),
        (9, "P-1", ["rule_unknown"]),
        (20, "P-2", ["rule_unknown"]),
        (20, "P-3", ["rule_unknown"]),
    ],
)
def test_a_case_is_handled_by_the_rule_that_holds(day, by, found):
    """Not without it, not by one that did not hold yet, is about something else or nowhere."""
    other = rule(key="P-2", signatures=["lost file"], day=1)

    assert keys([case(3), case(day, id="I-x", rule=by)], rule(), other) == found


def test_cases_handled_by_rule_first_are_the_preventive_share():
    """Of all cases, whatever they are about."""
    log = [case(3), case(12, rule="P-1"), case(13, rule="P-1"), case(14), case(15, "lost file")]

    review = issue_review(log, ON, rules=[rule()])
    assert review.preventive == Rate(2, 5)
    assert str(review.preventive) == "40.0% (n=5)"
    assert review.issues[LATE].by_rule == ("I-12", "I-13")
    assert review.issues[LATE].rules == ("P-1",)
    assert issue_review([], ON).preventive.ratio is None


def test_two_rules_may_cover_one_issue():
    """Either of them will do."""
    second = rule(key="P-2", day=20)
    log = [case(3), case(22, rule="P-2"), case(23, rule="P-1")]

    seen = issue_review(log, ON, rules=[rule(), second]).issues[LATE]
    assert (seen.rules, seen.by_rule) == (("P-1", "P-2"), ("I-22", "I-23"))


def test_every_remark_is_provoked_and_speaks_both_languages():
    """One log with all three faults."""
    log = [case(1, "x"), case(2, "x"), case(12), case(13, rule="P-9")]
    findings = issue_review(log, ON, rules=[rule()]).findings()

    assert sorted(one.key for one in findings) == sorted(one.key for one in ISSUE_REMARKS)
    for one in findings:
        assert one.severity is Severity.WATCH
        for label in (one.text, one.advice):
            assert HAN.search(label.zh)
            assert not HAN.search(label.en)
            assert not set("{}") & set(label.zh + label.en)
    by_key = {one.key: one for one in findings}
    assert by_key["rule_not_used"].values["cases"] == ("I-12",)
    assert by_key["rule_unknown"].values["cases"] == ("I-13",)


# --- laws ------------------------------------------------------------------------------------

CASES = st.lists(
    st.builds(
        case,
        day=st.integers(1, 28),
        signature=st.sampled_from(["a", "b", "c"]),
        rule=st.sampled_from(["", "P-0", "P-1", "P-9"]),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)
RULES = st.lists(st.tuples(st.integers(1, 28), st.sets(st.sampled_from("abc"), min_size=1))).map(
    lambda rows: [
        Rule(key=f"P-{i}", signatures=sorted(about), on=date(2026, 7, day))
        for i, (day, about) in enumerate(rows)
    ]
)


@given(CASES, RULES, st.integers(1, 28))
def test_the_review_agrees_with_asking_case_by_case(log, rules, day):
    """An oracle without groups."""
    on = date(2026, 7, day)
    review = issue_review(log, on, rules=rules)
    known = [one for one in log if one.on <= on]
    by_key = {one.key: one for one in rules}

    def by_rule(one):
        return one.rule in by_key and by_key[one.rule].covers(one)

    assert review.preventive == Rate(sum(map(by_rule, known)), len(known))
    assert sum(review.categories.values()) == len(known)
    wanting = {
        one.signature
        for one in known
        if sum(other.signature == one.signature for other in known) >= 2
        and not any(one.signature in made.signatures and made.on <= on for made in rules)
    }
    found = review.findings()
    assert {one.subject for one in found if one.key == "needs_rule"} == wanting
    ignored = {one.id for one in known if not one.rule and any(made.covers(one) for made in rules)}
    told = [one.values["cases"] for one in found if one.key == "rule_not_used"]
    assert {one for cases in told for one in cases} == ignored
    wrong = {one.id for one in known if one.rule and not by_rule(one)}
    told = [one.values["cases"] for one in found if one.key == "rule_unknown"]
    assert {one for cases in told for one in cases} == wrong


@given(CASES, RULES)
def test_the_order_of_the_log_changes_nothing(log, rules):
    """Nor does it matter in which order it is read."""
    assert issue_review(log[::-1], ON, rules=rules) == issue_review(iter(log), ON, rules=rules)


@given(CASES, RULES)
def test_a_rule_for_everything_from_today_on_leaves_nothing_without_a_rule(log, rules):
    """And blames no case of the past."""
    last = Rule(key="P-last", signatures=["a", "b", "c"], on=ON)

    before, after = keys(log, *rules), keys(log, *rules, last)
    assert after == [key for key in before if key != "needs_rule"]


# --- what is a case, and what is none --------------------------------------------------------


def test_cases_rules_and_reviews_are_values():
    """Equal by content, hashable, stored; what somebody typed is not printed."""
    one, made = case(12, details=SECRET), rule(text=SECRET)
    review = issue_review([one, case(13)], ON, rules=[made])

    for value in (one, made, review):
        assert value == pickle.loads(pickle.dumps(value)) == copy.deepcopy(value)
        assert hash(value) == hash(copy.deepcopy(value))
        assert SECRET not in repr(value)
    with pytest.raises(FrozenInstanceError):
        one.rule = "P-1"
    assert SECRET not in str(review.findings())


def test_a_case_and_a_rule_come_once():
    """The one that comes twice is named."""
    with pytest.raises(DuplicateId) as refused:
        issue_review([case(3), case(3)], ON)
    assert refused.value.id == "I-3"
    with pytest.raises(DuplicateId) as refused:
        issue_review([], ON, rules=[rule(), rule(day=2)])
    assert refused.value.id == "P-1"


BAD_DAYS = [SECRET, 7, None, datetime(2026, 7, 1, tzinfo=UTC), date(1066, 1, 1)]
BAD = {
    "id": ["", 7, None, f"{SECRET}\0"],
    "on": BAD_DAYS,
    "category": ["party", SECRET, 7, None, []],
    "signature": ["", 7, None, f"{SECRET}\u202e"],
    "details": [7, None, f"{SECRET}\0"],
    "rule": [7, None],
}
BAD_RULES = {
    "key": ["", 7, None],
    "signatures": [[], SECRET, 7, None, [7], [""], [f"{SECRET}\0"]],
    "on": BAD_DAYS,
    "text": [7, None, f"{SECRET}\0"],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_case_is_refused(box, bad):
    """By the name of the box."""
    with pytest.raises(InvalidValue) as refused:
        Issue(**({"id": "I-1", "on": ON, "category": "crisis", "signature": "x"} | {box: bad}))
    assert refused.value.field == box
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        pytest.param(box, bad, id=f"{box}-{i}")
        for box in BAD_RULES
        for i, bad in enumerate(BAD_RULES[box])
    ],
)
def test_what_is_no_rule_is_refused(box, bad):
    """The same for a rule."""
    with pytest.raises(InvalidValue) as refused:
        rule(**{box: bad})
    assert refused.value.field == box
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        *(("issues", bad) for bad in (SECRET, 7, None, [SECRET], [rule()])),
        *(("rules", bad) for bad in (SECRET, 7, None, [SECRET], [case(3)])),
        *(("on", bad) for bad in BAD_DAYS),
        *(("recurs_from", bad) for bad in (SECRET, 2.0, None, True, -1, 10**13)),
    ],
)
def test_what_cannot_be_reviewed_is_refused(box, bad):
    """By the name of the argument."""
    with pytest.raises(SalesflowError) as refused:
        issue_review(**({"issues": [], "on": ON} | {box: bad}))
    assert refused.value.field == box
    assert SECRET not in str(refused.value)


def test_a_rule_copies_its_list():
    """Changing the list afterwards changes nothing."""
    about = [LATE]
    made = rule(signatures=about)
    about.append("lost file")

    assert made.signatures == (LATE,)
    assert made.covers(case(10))
    assert not made.covers(case(9))
    assert not made.covers(case(10, "lost file"))
