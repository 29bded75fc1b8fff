"""Two periods side by side: a change is told where more than chance is at work."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.ratios import Change, Rate
from salesflow.visits import Habit, Lessons, ObjectionOutcome, Step, compare, lessons, visit_method
from salesflow.visits.comparison import COMPARISON_REMARKS
from visit_teams import LONG, QUESTIONS, answered, held, noted, objection, summary, teams

HAN = re.compile(r"[\u4e00-\u9fff]")
DAYS = st.dates(date(2026, 7, 1), date(2026, 8, 15))
SECRET = "CANARY"
NOTHING = lessons([])


def month(good, bad, *, technique="evidence"):
    """Lessons of so many good visits, and so many cut off after one question, without a result."""
    cut = {
        "path": LONG[:2],
        "notes": {Step.OPENING: QUESTIONS[:1]},
        "summary": summary(aims_met=[]),
    }
    doubt = objection(technique=technique)
    notes = noted(OBJECTIONS=(doubt,))
    book = [held(f"good {i}", notes=notes) for i in range(good)]
    return lessons(book + [held(f"bad {i}", **cut) for i in range(bad)])


def changes(found):
    """Measure and direction of each finding."""
    name = lambda value: getattr(value, "name", None) or getattr(value, "en", value)
    return {(finding.key, name(finding.values["measure"])) for finding in found.findings}


def test_two_months_are_compared_measure_by_measure():
    """From one rate to the other, with what stood behind each."""
    before, after = month(2, 8), month(9, 1, technique="story")
    found = compare(before, after)

    assert found.effective == Change(Rate(2, 10), Rate(9, 10))
    assert found.steps[Step.NEEDS] == Change(Rate(2, 10), Rate(9, 10))
    assert list(found.steps) == list(Step)
    assert found.habits[Habit.FULL_SPIN] == Change(Rate(2, 10), Rate(9, 10))
    assert list(found.habits) == list(Habit)
    assert dict(found.answers) == {
        "evidence": Change(Rate(2, 2), Rate(0, 0)),
        "story": Change(Rate(0, 0), Rate(9, 9)),
    }


def test_a_clear_change_is_told_with_its_direction():
    """From 20 % to 90 % of ten is more than chance; a habit that all keep did not change."""
    better, worse = compare(month(2, 8), month(9, 1)), compare(month(9, 1), month(2, 8))

    assert ("measure_better", "effective visits") in changes(better)
    assert ("measure_better", "NEEDS") in changes(better)
    assert ("measure_better", "FULL_SPIN") in changes(better)
    assert ("measure_better", "THREE_AIMS") not in changes(better)
    assert {key for key, _ in changes(better)} == {"measure_better"}
    assert {key for key, _ in changes(worse)} == {"measure_worse"}
    texts = {finding.text.en for finding in better.findings}
    assert any(
        text.startswith("“effective visits” is clearly better: 20.0% (n=10)") for text in texts
    )
    for finding in (*better.findings, *worse.findings):
        assert HAN.search(finding.text.zh)
        assert HAN.search(finding.advice.zh)
        assert not HAN.search(finding.text.en + finding.advice.en)
        assert finding.subject == "visits"


def test_a_change_names_the_visits_of_the_later_month_that_are_behind_it():
    """Those that still fell short, or in which the answer failed: for a manager to look at."""
    found = compare(month(9, 1), month(2, 8)).findings
    named = {getattr(f.values["measure"], "name", "effective"): f.values["visits"] for f in found}
    bad = tuple(f"bad {i}" for i in range(8))

    assert named["effective"] == named["NEEDS"] == named["FULL_SPIN"] == bad
    good, poor = (lessons(answered(end, 9)) for end in list(ObjectionOutcome)[:2])
    (used,) = [f for f in compare(good, poor).findings if f.values["measure"] == "evidence"]
    assert used.values["visits"] == poor.answers["evidence"].unresolved
    assert len(used.values["visits"]) == 9
    (used,) = [f for f in compare(poor, good).findings if f.values["measure"] == "evidence"]
    assert used.values["visits"] == good.answers["evidence"].unresolved == ()


def test_a_small_change_is_chance():
    """From 6 to 7 of ten nothing is said, though the rates are told."""
    found = compare(month(6, 4), month(7, 3))

    assert found.findings == ()
    assert found.effective.difference == Fraction(1, 10)


def test_a_change_of_fewer_cases_than_the_least_is_not_told():
    """Five in either month by default; its rates are there all the same."""
    before, after = month(0, 4), month(9, 0)

    assert before.effective.n == 4
    assert compare(before, after).findings == ()
    assert compare(after, before).findings == ()
    assert ("measure_better", "effective visits") in changes(compare(before, after, least=4))
    assert ("measure_better", "effective visits") in changes(compare(month(0, 5), after))
    assert compare(month(0, 5), after, least=6).findings == ()
    assert compare(before, after).effective == Change(Rate(0, 4), Rate(9, 9))


def test_an_answer_may_get_better_or_worse():
    """By its own name."""
    good, bad = (lessons(answered(end, 9)) for end in list(ObjectionOutcome)[:2])

    assert ("measure_better", "evidence") in changes(compare(bad, good))
    assert ("measure_worse", "evidence") in changes(compare(good, bad))


@given(teams(6), teams(6, prefix="W"), DAYS)
def test_only_a_change_whose_interval_leaves_out_zero_is_told(ours, theirs, today):
    """And it is told the other way round when the months are swapped."""
    before, after = lessons(ours, on=today), lessons(theirs, on=today)
    found, back = compare(before, after, least=1), compare(after, before, least=1)

    for finding in found.findings:
        low, high = finding.values["change"].interval
        assert low > 0 if finding.key == "measure_better" else high < 0
    swapped = {"measure_better": "measure_worse", "measure_worse": "measure_better"}
    assert {(swapped[key], name) for key, name in changes(back)} == changes(found)
    assert compare(before, before, least=1).findings == ()
    assert found.effective == Change(before.effective, after.effective)
    assert set(found.answers) == {*before.answers, *after.answers}


def test_months_of_two_methods_are_not_compared():
    """Their steps are others."""
    short = visit_method("short", [Step.PRE_CALL_PLAN, Step.CLOSE, Step.POST_CALL_SUMMARY])

    with pytest.raises(SalesflowError, match="method"):
        compare(lessons([]), lessons([], machine=short))


def test_a_comparison_has_two_remarks():
    """Better and worse, each told in both languages."""
    assert [remark.key for remark in COMPARISON_REMARKS] == ["measure_better", "measure_worse"]


def test_a_technique_that_was_given_up_is_no_change():
    """Of no cases nothing is known, however few are wanted."""
    found = compare(month(9, 0), month(9, 0, technique="story"), least=1)

    assert found.answers["evidence"].after == Rate(0, 0)
    assert found.findings == ()


def test_a_comparison_is_a_value():
    """Equal by content, hashable, copied and stored."""
    found = compare(month(2, 8), month(9, 1))

    assert found == copy.deepcopy(found) == pickle.loads(pickle.dumps(found))
    assert hash(found) == hash(copy.deepcopy(found))


# --- what cannot be compared -----------------------------------------------------------------


@pytest.mark.parametrize("bad", [-1, 0, True, 1.5, None, SECRET], ids=repr)
def test_what_is_no_least_number_is_refused(bad):
    """A bool is no number, and of no cases at all nothing is learned."""
    with pytest.raises(InvalidValue) as refused:
        compare(NOTHING, NOTHING, least=bad)

    assert refused.value.field == "least"
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("bad", [None, 7, SECRET, [], [held()], Lessons, Rate(0, 0)], ids=repr)
def test_what_are_no_lessons_is_refused(bad):
    """Neither the visits themselves nor one of their rates."""
    for name, pair in (("before", (bad, NOTHING)), ("after", (NOTHING, bad))):
        with pytest.raises(WrongType) as refused:
            compare(*pair)
        assert refused.value.field == name
        assert SECRET not in str(refused.value)
