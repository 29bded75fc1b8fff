"""The weakest step is where most conversations break off, not where most of them stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesflow.ratios import Rate
from salesflow.tables import Table
from salesflow.visits import VISIT, Step, lessons
from salesflow.visits.weakness import StepLesson, steps_walked, weakest
from visit_teams import LONG, SHORT, START, dropped, held, lives, opened, talked, teams


def row(*visits, of):
    """Of a step: reached, passed, decided, and who was dropped there."""
    lesson = steps_walked(visits, VISIT)[of]
    return lesson.reached, lesson.rate.hits, lesson.rate.n, lesson.dropped


def known(**rates):
    """A table of lessons by step, each with `passed` of `decided`."""
    rows = {step: rates.get(step.name, (0, 0)) for step in Step}
    return Table(
        {
            step: StepLesson(reached=n, rate=Rate(hits, n), dropped=())
            for step, (hits, n) in rows.items()
        }
    )


# --- steps -----------------------------------------------------------------------------------


def test_a_visit_walked_to_its_end_passed_every_step_it_reached():
    """Also the summary, once it is closed; a step left out was not reached."""
    for step in Step:
        assert row(held(), of=step) == (1, 1, 1, ())
    assert row(held(path=SHORT), of=Step.OBJECTIONS) == (0, 0, 0, ())
    assert row(held(path=SHORT), of=Step.SOLUTION) == (1, 1, 1, ())


def test_steps_come_in_the_order_of_the_path():
    """All of them, with or without visits."""
    assert list(steps_walked([], VISIT)) == list(Step)
    assert row(of=Step.CLOSE) == (0, 0, 0, ())


@pytest.mark.parametrize("number", range(1, 6))
def test_a_conversation_is_dropped_where_it_is_broken_off(number):
    """It passed the steps before, reached none after, and still has its summary."""
    at = LONG[number - 1]
    visit = held("cut", path=LONG[:number])
    steps = list(Step)

    assert row(visit, of=at) == (1, 0, 1, ("cut",))
    for step in steps[: steps.index(at)]:
        assert row(visit, of=step) == (1, 1, 1, ())
    for step in steps[steps.index(at) + 1 : -1]:
        assert row(visit, of=step) == (0, 0, 0, ())
    assert row(visit, of=Step.POST_CALL_SUMMARY) == (1, 1, 1, ())


def test_a_cancelled_visit_is_dropped_at_its_plan():
    """It never came to an opening."""
    assert row(dropped("gone"), of=Step.PRE_CALL_PLAN) == (1, 0, 1, ("gone",))
    assert row(dropped("gone"), of=Step.OPENING) == (0, 0, 0, ())


def test_a_visit_that_stands_at_a_step_is_decided_neither_way():
    """Open is unfinished and not failed."""
    for number, step in enumerate(Step):
        visit = talked(path=LONG[:number]) if number else opened()
        assert row(visit, of=step) == (1, 0, 0, ())


BACK = (Step.OPENING, Step.NEEDS, Step.SOLUTION, Step.OBJECTIONS, Step.NEEDS)


def test_a_visit_that_went_back_did_not_pass():
    """From the objections back to the needs: undecided there, however often it came."""
    visit = talked(path=BACK)
    again = talked(path=(*BACK, Step.SOLUTION, Step.CLOSE))

    assert row(visit, of=Step.OBJECTIONS) == (1, 0, 0, ())
    assert row(visit, of=Step.NEEDS) == (1, 1, 1, ())
    assert row(again, of=Step.OBJECTIONS) == (1, 0, 0, ())
    assert row(again, of=Step.SOLUTION) == (1, 1, 1, ())


def test_a_visit_that_came_back_and_went_on_passed_once():
    """Each visit counts once at each step."""
    path = (*LONG[:-1], Step.OBJECTIONS, Step.CLOSE, Step.POST_CALL_SUMMARY)

    for step in Step:
        assert row(held(path=path), of=step) == (1, 1, 1, ())


def test_a_visit_that_passed_and_was_dropped_there_in_the_end_is_dropped():
    """It went on from the needs, came back, and was broken off there."""
    visit = held("cut", path=BACK)

    assert visit.aborted_at is Step.NEEDS
    assert row(visit, of=Step.NEEDS) == (1, 0, 1, ("cut",))
    assert row(visit, of=Step.SOLUTION) == (1, 1, 1, ())


def test_who_was_dropped_is_named_in_the_order_given():
    """So that a manager can look at each of them."""
    book = [held("c", path=LONG[:2]), held("a", path=LONG[:2]), held("b")]

    assert row(*book, of=Step.NEEDS) == (3, 1, 3, ("c", "a"))


@given(lives())
def test_a_visit_is_dropped_at_most_once(visit):
    """And passes only what it reached; whoever reached the last step is not dropped there."""
    steps = steps_walked([visit], VISIT)

    assert sum(len(lesson.dropped) for lesson in steps.values()) <= 1
    assert {step for step, lesson in steps.items() if lesson.reached} == set(visit.path)
    assert steps[Step.POST_CALL_SUMMARY].dropped == ()
    assert steps[Step.PRE_CALL_PLAN].reached == 1


@given(teams(5))
def test_lessons_read_the_same_steps(visits):
    """Of the visits that were held or cancelled."""
    met = [visit for visit in visits if visit.held_at or visit.status.name == "CANCELLED"]

    assert lessons(visits).steps == steps_walked(met, VISIT)


# --- the weakest -----------------------------------------------------------------------------


def test_the_weakest_step_has_the_lowest_rate():
    """Of those that tell, and not the one with the most visits."""
    steps = known(NEEDS=(8, 10), SOLUTION=(3, 6), CLOSE=(9, 9))

    assert weakest(steps, 5) is Step.SOLUTION
    assert weakest(steps, 6) is Step.SOLUTION
    assert weakest(steps, 7) is Step.NEEDS


def test_the_earlier_of_two_equal_steps_is_the_weakest():
    """What breaks first is coached first."""
    assert weakest(known(SOLUTION=(5, 10), NEEDS=(3, 6)), 1) is Step.NEEDS


@pytest.mark.parametrize(
    ("steps", "least"),
    [
        (known(), 1),
        (known(NEEDS=(0, 4)), 5),
        (known(NEEDS=(5, 5), CLOSE=(9, 9)), 1),
        (known(NEEDS=(5, 5), CLOSE=(0, 4)), 5),
    ],
)
def test_where_nobody_was_lost_or_too_few_tell_no_step_is_weakest(steps, least):
    """A step that lost nobody is not weak for being the least strong."""
    assert weakest(steps, least) is None


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=7, max_size=7),
    st.integers(1, 6),
)
def test_no_step_that_tells_is_weaker_than_the_weakest(counts, least):
    """And it lost somebody."""
    rows = dict(zip((step.name for step in Step), counts, strict=True))
    steps = known(**{name: (hits, hits + lost) for name, (hits, lost) in rows.items()})
    found = weakest(steps, least)
    telling = [one.rate.ratio for one in steps.values() if one.rate.n >= least]

    if found is None:
        assert all(ratio == 1 for ratio in telling)
    else:
        assert steps[found].rate.ratio == min(telling) < 1
        assert steps[found].rate.n >= least


def test_the_lessons_name_the_weakest_step():
    """Two of five were called away at the needs."""
    book = [held(f"cut {i}", path=LONG[:2]) for i in range(2)] + [held(f"{i}") for i in range(3)]
    lesson = lessons(book, at=START.add(days=30))
    (finding,) = [one for one in lesson.findings if one.key == "weakest_step"]

    assert lesson.weakest is Step.NEEDS
    assert finding.values["visits"] == ("cut 0", "cut 1")
    assert finding.values["step"] is Step.NEEDS
