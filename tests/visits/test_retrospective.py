"""A review covers every step, and a lesson without an action is half a lesson."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salesflow.errors import InvalidValue, WrongType
from salesflow.funnel import FUNNEL, Stage
from salesflow.visits import ProcessReview, ReviewLine, Step
from salesflow.visits.retrospective import REVIEW_REMARKS

DAY = date(2026, 7, 6)
WEEK = timedelta(days=7)


def blank(**boxes):
    """An empty review of one visit."""
    return ProcessReview.blank(**{"id": "PR-1", "subject": "V-7", "on": DAY, **boxes})


def judged(*but):
    """A review in which every step went well, but for the lines given."""
    lines = {step: ReviewLine(step=step, done=True) for step in Step}
    lines |= {line.step: line for line in but}
    return ProcessReview(id="PR-1", subject="V-7", on=DAY, lines=lines.values())


def keys(review, on=DAY):
    return [finding.key for finding in review.findings(on)]


def test_a_blank_review_has_a_line_for_each_step():
    """Of a visit as of a deal: the form follows the machine."""
    assert [line.step for line in blank().lines] == list(Step)
    assert [line.step for line in blank(machine=FUNNEL).lines] == list(Stage)
    assert keys(blank()) == ["review_incomplete"]
    assert keys(judged()) == []


def test_the_steps_left_out_are_named():
    """In both languages, by their own labels."""
    review = blank()
    for step in [step for step in Step if step is not Step.NEEDS]:
        review = review.judge(step, done=True)
    (finding,) = review.findings(DAY)

    assert (finding.subject, finding.text.zh) == ("V-7", "流程总结未涉及：确定需求")
    assert finding.text.en == "the review says nothing of: needs"


LINES = {
    "lesson_without_action": {"lesson": "too early"},
    "action_unassigned": {"action": "rehearse", "owner": "R-9"},
    "action_overdue": {"action": "rehearse", "owner": "R-9", "due": DAY - WEEK},
}


@pytest.mark.parametrize("key", LINES)
def test_a_lesson_wants_an_action_and_an_action_wants_somebody(key):
    """What nobody takes by a day is not done."""
    assert keys(judged(ReviewLine(step=Step.CLOSE, done=False, **LINES[key]))) == [key]


def test_every_remark_is_provoked():
    """The three about a line, and the one about the whole."""
    assert {remark.key for remark in REVIEW_REMARKS} == {*LINES, "review_incomplete"}


@given(st.integers(-10, 10), st.none() | st.integers(-10, 10))
def test_an_action_is_overdue_after_its_day_until_it_is_carried_out(late, carried):
    """Asked on an earlier day, what was done later is not known yet."""
    line = ReviewLine(
        step=Step.CLOSE,
        done=False,
        action="rehearse",
        owner="R-9",
        due=DAY,
        carried_out_on=None if carried is None else DAY + timedelta(days=carried),
    )
    overdue = late > 0 and (carried is None or carried > late)

    assert keys(judged(line), DAY + timedelta(days=late)) == ["action_overdue"] * overdue


def test_an_action_is_carried_out_on_a_day():
    """And the rest of its line stays."""
    review = judged().judge(Step.CLOSE, done=False, action="rehearse", owner="R-9", due=DAY)
    done = review.carry_out(Step.CLOSE, DAY + WEEK)

    assert keys(review, DAY + WEEK) == ["action_overdue"]
    assert keys(done, DAY + WEEK) == []
    assert done.lines[5].action == "rehearse"


@pytest.mark.parametrize(
    ("wrong", "box"),
    [
        (lambda: blank().judge(Stage.TARGET_GROUP, done=True), "step"),
        (lambda: blank().carry_out("close", DAY), "step"),
        (lambda: blank(id=""), "id"),
        (lambda: blank(on=datetime(2026, 7, 6)), "on"),
        (lambda: blank(machine=None), "machine"),
        (lambda: blank().findings("2026-07-06"), "on"),
        (lambda: ReviewLine(step="close"), "step"),
        (lambda: ReviewLine(step=Step.CLOSE, done=1), "done"),
        (lambda: ReviewLine(step=Step.CLOSE, lesson="a\x00b"), "lesson"),
        (lambda: ProcessReview(id="P", subject="V", on=DAY, lines=["close"]), "lines"),
        (lambda: blank(subject=None), "subject"),
    ],
)
def test_a_wrong_box_is_named(wrong, box):
    """And never what stands in it."""
    with pytest.raises(InvalidValue) as caught:
        wrong()

    assert caught.value.field == box


def test_a_step_has_one_line():
    """Two judgements of one step would contradict each other."""
    with pytest.raises(InvalidValue, match=r"^lines have one step twice"):
        ProcessReview(id="P", subject="V", on=DAY, lines=[ReviewLine(step=Step.CLOSE)] * 2)


def test_a_review_is_a_value():
    """Equal by content, hashable, storable, and not to be changed."""
    review = judged(ReviewLine(step=Step.CLOSE, done=False, lesson="too early"))

    assert review == pickle.loads(pickle.dumps(review))
    assert hash(review) == hash(pickle.loads(pickle.dumps(review)))
    assert review != judged()
    with pytest.raises(FrozenInstanceError):
        review.lines = ()
    with pytest.raises(WrongType):
        blank(subject=7)
