"""A habit pays where visits that kept it reached more than those that did not; no more is known."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given

from salesflow.ratios import Change, Rate
from salesflow.visits import (
    EffectiveRule,
    Habit,
    ObjectionOutcome,
    Party,
    Question,
    Spin,
    Step,
    lessons,
)
from salesflow.visits.habits import habits_of
from visit_teams import (
    AIMS,
    LONG,
    NEED,
    QUESTIONS,
    SHORT,
    START,
    asked,
    dropped,
    fab,
    held,
    lives,
    noted,
    objection,
    opened,
    plan,
    promise,
    summary,
    talked,
    teams,
)

PAYOFF_EARLY = asked(Spin.SITUATION, Spin.PROBLEM, Spin.NEED_PAYOFF, Spin.IMPLICATION)
UNASKED = tuple(question for question in QUESTIONS if question.spin is not Spin.SITUATION)
DEFERRED, LATER = ObjectionOutcome.DEFERRED, date(2026, 7, 30)
# For each habit a visit that left out this one and no other.
LEFT_OUT = {
    Habit.THREE_AIMS: held(plan=plan(aims=AIMS[:2])),
    Habit.LAST_RECORD: held(plan=plan(last_record="")),
    Habit.OPEN_FIRST: held(notes=noted(NEEDS=(Question(), *QUESTIONS, NEED))),
    Habit.FULL_SPIN: held(notes=noted(NEEDS=(*asked(*(one.spin for one in UNASKED)), NEED))),
    Habit.IMPLICATION_FIRST: held(notes=noted(NEEDS=(*PAYOFF_EARLY, NEED))),
    Habit.NEED_FIRST: held(notes=noted(NEEDS=QUESTIONS, SOLUTION=(fab(), NEED))),
    Habit.FULL_FAB: held(notes=noted(SOLUTION=(fab(), fab(advantage="")))),
    Habit.OBJECTIONS_RESOLVED: held(
        notes=noted(OBJECTIONS=(objection(outcome=DEFERRED, follow_up=LATER), objection("b")))
    ),
}


def lesson(habit, *visits, **rest):
    """What comes of a habit."""
    return lessons(visits, **rest).habits[habit]


def judged(visit):
    """The habits a visit is judged on, and whether it kept them."""
    return dict(habits_of(visit, visit.sheet))


def test_a_good_visit_keeps_every_habit():
    """All eight of them."""
    assert judged(held()) == dict.fromkeys(Habit, True)


def test_every_habit_has_its_case():
    """No row is without a visit that left it out."""
    assert list(LEFT_OUT) == list(Habit)


@pytest.mark.parametrize("habit", LEFT_OUT)
def test_each_habit_can_be_left_out_alone(habit):
    """And the lessons name the visit that did."""
    visit = LEFT_OUT[habit]

    assert judged(visit) == {one: one is not habit for one in Habit}
    assert lesson(habit, visit).missed == ("V-1",)
    assert lesson(habit, visit).kept == Rate(0, 1)
    assert lesson(habit, held()).missed == ()


def test_a_visit_is_judged_only_on_what_it_came_to():
    """Called away at the opening, it neither asked nor presented; only its plan is judged."""
    plans = {Habit.THREE_AIMS: True, Habit.LAST_RECORD: True}
    asking = {Habit.OPEN_FIRST: True, Habit.FULL_SPIN: False}
    needs = noted(NEEDS=QUESTIONS[:1], SOLUTION=(), OBJECTIONS=())

    assert judged(held(path=LONG[:1])) == plans
    assert judged(opened(plan=None)) == dict.fromkeys(plans, False)
    assert judged(held(path=LONG[:3], notes=needs)) == plans | asking
    assert judged(talked(path=LONG[:3], notes=needs)) == plans | asking


def test_a_visit_walked_to_its_end_is_judged_on_all_but_what_nobody_raised():
    """Without a question it asked none openly; without an objection none was resolved."""
    silent = judged(held(path=SHORT, notes={}))
    lacking = (Habit.OPEN_FIRST, Habit.FULL_SPIN, Habit.NEED_FIRST, Habit.FULL_FAB)

    assert silent == {Habit.THREE_AIMS: True, Habit.LAST_RECORD: True} | dict.fromkeys(
        lacking, False
    )
    assert judged(talked(path=SHORT, notes={})).keys() == {Habit.THREE_AIMS, Habit.LAST_RECORD}


def test_a_first_visit_has_no_record_to_read():
    """That nobody came before counts as known."""
    assert judged(opened(plan=plan(last_record="", first_visit=True)))[Habit.LAST_RECORD]


def test_a_need_may_be_confirmed_without_a_word_of_the_product():
    """The need came first all the same, though no statement followed."""
    only = judged(held(notes=noted(SOLUTION=())))

    assert (only[Habit.NEED_FIRST], only[Habit.FULL_FAB]) == (True, False)


def test_a_payoff_that_was_never_asked_is_judged_by_nobody():
    """Implication before need-payoff takes both."""
    visit = talked(path=LONG[:3], notes={Step.NEEDS: asked(Spin.IMPLICATION)})

    assert Habit.IMPLICATION_FIRST not in judged(visit)


# --- what comes of them ----------------------------------------------------------------------


def test_visits_with_and_without_a_habit_are_compared():
    """Two of three with it reached something, one of two without."""
    poor = {"summary": summary(aims_met=[])}
    book = [
        held("A"),
        held("B"),
        held("C", notes=noted(CLOSE=()), **poor),
        held("D", notes=noted(NEEDS=QUESTIONS[:1])),
        held("E", notes=noted(NEEDS=QUESTIONS[:1], CLOSE=()), **poor),
    ]
    found = lesson(Habit.FULL_SPIN, *book)

    assert found.kept == Rate(3, 5)
    assert found.success == Change(Rate(1, 2), Rate(2, 3))
    assert found.success.difference == Fraction(1, 6)
    assert found.missed == ("D", "E")
    assert not found.success.clear


def test_to_reach_something_is_an_aim_met_or_a_promise_obtained():
    """As the rule says: a summary that came late spoils nothing here."""
    ours = noted(CLOSE=(promise(by=Party.COMPANY),))
    poor = {"summary": summary(aims_met=[])}
    success = lambda *book, **rest: lesson(Habit.THREE_AIMS, *book, **rest).success.after

    assert success(held(wait=START.add(days=9) - START)) == Rate(1, 1)
    assert success(held(notes=ours, **poor)) == Rate(0, 1)
    assert success(held(**poor)) == Rate(1, 1)
    assert success(held(**poor), rule=EffectiveRule(promises_count=False)) == Rate(0, 1)
    assert success(held(), rule=EffectiveRule(results=3)) == Rate(0, 1)


def test_only_visits_that_were_held_show_habits():
    """A plan that was never used is no habit kept."""
    assert lesson(Habit.THREE_AIMS, opened("A"), dropped("B")).kept == Rate(0, 0)
    assert lesson(Habit.THREE_AIMS, talked(path=LONG[:1])).kept == Rate(1, 1)


def test_a_habit_that_all_keep_compares_with_nobody():
    """There is no difference to tell, and no zero either."""
    found = lesson(Habit.THREE_AIMS, held("A"), held("B"))

    assert found.success == Change(Rate(0, 0), Rate(2, 2))
    assert found.success.difference is None


@given(teams(5))
def test_every_visit_judged_keeps_a_habit_or_misses_it(visits):
    """The two groups are those judged; the plan of every visit held is."""
    found = lessons(visits)
    met = [visit for visit in visits if visit.held_at is not None]

    for one in found.habits.values():
        assert one.kept.n == one.success.before.n + one.success.after.n <= len(met)
        assert one.kept.hits == one.success.after.n
        assert len(one.missed) == one.success.before.n
    assert list(found.habits) == list(Habit)
    for habit in (Habit.THREE_AIMS, Habit.LAST_RECORD):
        assert found.habits[habit].kept.n == len(met)


@given(lives())
def test_a_finding_denies_its_habit(visit):
    """Where the visit bears the finding it was judged on the habit, and did not keep it."""
    denied = {
        "aims_few": Habit.THREE_AIMS,
        "no_plan": Habit.THREE_AIMS,
        "last_record_unread": Habit.LAST_RECORD,
        "closed_question_first": Habit.OPEN_FIRST,
        "spin_incomplete": Habit.FULL_SPIN,
        "payoff_early": Habit.IMPLICATION_FIRST,
        "solution_before_need": Habit.NEED_FIRST,
        "fab_incomplete": Habit.FULL_FAB,
        "unlinked_benefit": Habit.FULL_FAB,
        "objection_unsettled": Habit.OBJECTIONS_RESOLVED,
    }
    kept = judged(visit)

    for finding in visit.findings():
        if finding.key in denied:
            assert kept[denied[finding.key]] is False


def test_an_unconfirmed_need_is_told_once_it_is_confirmed():
    """Recorded first as heard, then as confirmed, and only then the product."""
    notes = noted(NEEDS=(*QUESTIONS, evolve(NEED, confirmed=False), NEED))

    assert judged(held(notes=notes))[Habit.NEED_FIRST]
