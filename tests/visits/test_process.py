"""Six general steps, seven of a visit, eight stages of a deal: one sale told on three clocks."""

from __future__ import annotations

from itertools import combinations

import pytest

from salesflow.errors import InvalidValue
from salesflow.funnel import Stage
from salesflow.labels import LANGUAGES
from salesflow.visits import PROCESS, GeneralStep, Step, VisitStatus, stages_of, steps_of

STAGE = dict(enumerate(Stage, 1))
STEP = dict(enumerate(Step, 1))
# The table of the trade: general step, steps of a visit, stages of a deal, each by its number.
TABLE = {
    1: ((1,), (1, 2, 3)),
    2: ((2,), (4,)),
    3: ((3,), (5,)),
    4: ((4,), (6,)),
    5: ((5,), (6, 7)),
    6: ((6, 7), (7, 8)),
}


def test_the_map_is_that_of_the_trade():
    """Row by row."""
    for number, row in enumerate(PROCESS, 1):
        steps, stages = TABLE[number]
        assert row.general is list(GeneralStep)[number - 1]
        assert row.steps == tuple(STEP[n] for n in steps)
        assert row.stages == tuple(STAGE[n] for n in stages)
    assert len(PROCESS) == len(TABLE)


def test_the_map_leaves_nothing_out():
    """Total over all three vocabularies."""
    assert [row.general for row in PROCESS] == list(GeneralStep)
    assert {step for row in PROCESS for step in row.steps} == set(Step)
    assert {stage for row in PROCESS for stage in row.stages} == set(Stage)
    for step in (*Step, *GeneralStep):
        assert stages_of(step)
    for of in (*Stage, *GeneralStep):
        assert steps_of(of)


def test_a_later_general_step_never_points_to_an_earlier_stage():
    """Every pair of two steps: the last stage of the one is not behind the first of the other."""
    order = list(Stage)
    for before, after in combinations(GeneralStep, 2):
        last, first = stages_of(before)[-1], stages_of(after)[0]
        assert order.index(last) <= order.index(first)


@pytest.mark.parametrize(
    ("vocabulary", "images", "order"),
    [
        (Step, stages_of, list(Stage)),
        (GeneralStep, stages_of, list(Stage)),
        (GeneralStep, steps_of, list(Step)),
        (Stage, steps_of, list(Step)),
    ],
)
def test_the_map_preserves_the_order_on_both_sides(vocabulary, images, order):
    """By what comes first of each and by what comes last, for every pair of two."""
    for before, after in combinations(vocabulary, 2):
        early, late = images(before), images(after)
        assert order.index(early[0]) <= order.index(late[0])
        assert order.index(early[-1]) <= order.index(late[-1])


@pytest.mark.parametrize("of", [*Step, *GeneralStep])
def test_stages_are_listed_once_and_in_order(of):
    """As in the funnel."""
    stages = stages_of(of)

    assert list(stages) == [stage for stage in Stage if stage in stages]


@pytest.mark.parametrize("of", [*Stage, *GeneralStep])
def test_steps_are_listed_once_and_in_order(of):
    """As in a visit."""
    steps = steps_of(of)

    assert list(steps) == [step for step in Step if step in steps]


def test_both_sides_agree():
    """A stage is served by a step iff the step serves the stage."""
    for step in Step:
        for stage in Stage:
            assert (stage in stages_of(step)) is (step in steps_of(stage))


def test_it_is_many_to_many():
    """Objections are met at two stages, and a commitment takes three steps."""
    assert stages_of(Step.OBJECTIONS) == (Stage.VALUE_PRESENTATION, Stage.WINNING_COMMITMENT)
    assert steps_of(Stage.WINNING_COMMITMENT) == (
        Step.OBJECTIONS,
        Step.CLOSE,
        Step.POST_CALL_SUMMARY,
    )
    assert stages_of(GeneralStep.CLOSE_AND_FOLLOW_UP) == stages_of(Step.CLOSE)
    assert steps_of(GeneralStep.CLOSE_AND_FOLLOW_UP) == (Step.CLOSE, Step.POST_CALL_SUMMARY)


def test_the_six_steps_have_their_names_in_both_languages():
    """As the textbooks call them."""
    assert [step.label("zh") for step in GeneralStep] == [
        "潜在客户识别",
        "客户接触",
        "需求分析",
        "产品推荐",
        "处理异议",
        "成交与后续跟进",
    ]
    assert all(step.label(tongue) for step in GeneralStep for tongue in LANGUAGES)


@pytest.mark.parametrize(
    ("image", "box", "bad"),
    [(stages_of, "step", bad) for bad in Stage]
    + [(steps_of, "of", bad) for bad in Step]
    + [
        (image, box, bad)
        for image, box in ((stages_of, "step"), (steps_of, "of"))
        for bad in (VisitStatus.CLOSED, "opening", "CANARY", None, 1, [Step.OPENING], Step)
    ],
)
def test_what_is_not_on_the_map_has_no_image(image, box, bad):
    """A stage serves no stage, a step no step, and a key is neither."""
    with pytest.raises(InvalidValue) as refused:
        image(bad)
    assert refused.value.field == box
    assert "CANARY" not in str(refused.value)
