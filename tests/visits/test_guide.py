"""A guide says what each step is for and what is good, and the library checks what it can."""

from __future__ import annotations

import re

import pytest

from salesflow.products.claims import CLAIM_REMARKS
from salesflow.visits import STEPS, VISIT, Step
from salesflow.visits.checks import VISIT_REMARKS
from salesflow.visits.plan import PLAN_REMARKS
from visit_teams import FAULTS, held

HAN = re.compile(r"[\u4e00-\u9fff]")
REMARKS = {remark.key for remark in (*VISIT_REMARKS, *PLAN_REMARKS, *CLAIM_REMARKS)}
CHECKS = [check for row in STEPS.values() for check in row.checks]
PRACTICES = [check for check in CHECKS if check.finding]


def test_the_guide_has_a_row_for_every_step_in_their_order():
    """Each row says which step it is of."""
    assert list(STEPS) == list(Step) == list(VISIT.stages)
    assert [row.step for row in STEPS.values()] == list(Step)


@pytest.mark.parametrize("step", Step)
def test_every_row_is_filled_in_both_languages(step):
    """A purpose, what goes in, what comes out, what is good."""
    row = STEPS[step]

    assert row.inputs
    assert row.outputs
    assert row.checks
    for label in (row.purpose, *row.outputs, *(check.question for check in row.checks)):
        assert HAN.search(label.zh)
    for label in (row.purpose, *row.inputs, *row.outputs, *(c.question for c in row.checks)):
        assert label.zh != label.en
        assert not HAN.search(label.en)


def test_what_is_asked_is_a_question():
    """In both languages, and no question stands twice."""
    for check in CHECKS:
        assert check.question.zh.endswith("？")
        assert check.question.en.endswith("?")
    assert len({check.question for check in CHECKS}) == len(CHECKS)


def test_every_finding_of_the_guide_is_one_that_can_be_made():
    """No check points to a key nobody knows, and none to that of another check."""
    keys = [check.finding for check in PRACTICES]

    assert set(keys) <= REMARKS
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("check", PRACTICES, ids=lambda check: check.finding)
def test_a_visit_without_the_practice_gives_the_finding(check):
    """And the visit that has it does not."""
    assert check.finding in [finding.key for finding in FAULTS[check.finding].findings()]
    assert held().findings() == ()


@pytest.mark.parametrize(
    ("step", "keys"),
    [
        (
            Step.PRE_CALL_PLAN,
            {"last_record_unread", "aims_few", "aim_not_smart", "no_ladder_aim", "no_material"}
            | {"prediction_unanswered", "no_appointment", "busy_hour"},
        ),
        (Step.NEEDS, {"closed_question_first", "one_form_of_question", "spin_incomplete"}),
        (
            Step.SOLUTION,
            {"solution_before_need", "fab_incomplete", "unlinked_benefit", "no_clinical_value"}
            | {"claim_without_evidence", "absolute_claim"},
        ),
        (Step.OBJECTIONS, {"objection_unsettled", "objection_without_technique"}),
        (Step.CLOSE, {"no_decision", "commitment_vague"}),
        (
            Step.POST_CALL_SUMMARY,
            {"summary_late", "summary_incomplete", "no_feedback", "feedback_without_limit"},
        ),
    ],
)
def test_each_practice_of_the_trade_is_checked_at_its_step(step, keys):
    """Those that the sources name for the step, and some that only a person can tell."""
    assert keys <= {check.finding for check in STEPS[step].checks}


@pytest.mark.parametrize("step", list(Step)[1:])
def test_some_things_only_a_person_can_tell(step):
    """Listening, appearance, plain words: for the manager who goes along."""
    assert any(not check.finding for check in STEPS[step].checks)
