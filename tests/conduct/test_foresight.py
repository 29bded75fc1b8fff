"""What may go wrong at a stage is asked before the deal gets there."""

from __future__ import annotations

import copy
import pickle
import re

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salesflow.conduct.foresight import (
    FORESEEN,
    PREMORTEM_REMARKS,
    Difficulty,
    Precaution,
    Premortem,
    premortem,
)
from salesflow.errors import InvalidValue, SalesflowError
from salesflow.findings import Severity
from salesflow.funnel import Stage
from salesflow.labels import Term
from salesflow.ratios import Rate
from salesflow.visits import Step

HAN = re.compile(r"[\u4e00-\u9fff]")
SECRET = "CANARY"
NINE = [one for one in Difficulty if one is not Difficulty.OTHER]


def sheet(**rest):
    """The checklist of the target group, with two difficulties."""
    return premortem("D-1", Stage.TARGET_GROUP, **rest)


# --- the tables ------------------------------------------------------------------------------


def test_nine_difficulties_can_be_foreseen():
    """In the order of the trade, each in both languages, and one word for what is none of them."""
    assert len(NINE) == 9
    assert [one.label("zh") for one in NINE][:2] == ["客户可能会问的问题", "客户关心的内容"]
    assert list(Difficulty)[-1] is Difficulty.OTHER
    for one in Difficulty:
        assert HAN.search(one.label("zh"))
        assert not HAN.search(one.label("en"))


def test_every_stage_has_its_difficulties_and_every_difficulty_its_stage():
    """The table is ours; it has no gap, and asks nothing twice."""
    assert list(FORESEEN) == list(Stage)
    assert {one for row in FORESEEN.values() for one in row} == set(NINE)
    for row in FORESEEN.values():
        assert list(row) == [one for one in Difficulty if one in row]


# --- the checklist ---------------------------------------------------------------------------


@pytest.mark.parametrize("stage", Stage)
def test_the_checklist_of_a_stage_asks_what_the_table_says(stage):
    """Nothing is answered at first."""
    blank = premortem("D-1", stage)

    assert [row.difficulty for row in blank.rows] == list(FORESEEN[stage])
    assert (blank.subject, blank.stage) == ("D-1", stage)
    assert blank.prepared == Rate(0, len(FORESEEN[stage]))
    assert {finding.key for finding in blank.findings()} == {"difficulty_unanswered"}


def test_a_stage_that_the_table_does_not_know_is_asked_everything():
    """Such as a state of a company's own machine."""
    assert [row.difficulty for row in premortem("D-1", Step.CLOSE).rows] == NINE


def test_a_company_passes_its_own_table():
    """Keys of difficulties are taken too, and no difficulty at all is a table as well."""
    own = {Stage.TARGET_GROUP: ["crisis"], Stage.INFO_COLLECTION: []}

    assert [row.difficulty for row in sheet(foreseen=own).rows] == [Difficulty.CRISIS]
    empty = premortem("D-1", Stage.INFO_COLLECTION, own)
    assert (empty.rows, empty.findings(), empty.prepared.ratio) == ((), (), None)


def test_a_difficulty_is_prepared_for():
    """Each verb returns another checklist; the row stays in its place."""
    blank = sheet()
    half = blank.prepare("concerns", answer="bring the trial report", owner="R-9")
    full = half.prepare(Difficulty.TRAVEL, answer="two hospitals in one trip", owner="R-9")

    assert blank.prepared == Rate(0, 2)
    assert half.prepared == Rate(1, 2)
    assert full.findings() == ()
    assert [row.difficulty for row in full.rows] == [Difficulty.CONCERNS, Difficulty.TRAVEL]


def test_what_is_not_on_the_list_can_be_foreseen_too():
    """It comes last."""
    more = sheet().prepare("other", answer="ask the manager", owner="M-1")

    assert [row.difficulty.value for row in more.rows] == ["concerns", "travel", "other"]


def test_what_is_prepared_needs_somebody():
    """Of each row one finding, in the order of the rows."""
    findings = sheet().prepare("travel", answer="one trip").findings()

    assert [(one.key, one.values["difficulty"]) for one in findings] == [
        ("difficulty_unanswered", Difficulty.CONCERNS),
        ("precaution_unassigned", Difficulty.TRAVEL),
    ]
    assert [one.key for one in findings] == [remark.key for remark in PREMORTEM_REMARKS]
    assert findings[0].text.zh == "“客户关心的内容”没有预案"
    assert findings[1].text.en == "nobody sees to what is prepared for “travel plans”"
    for one in findings:
        assert (one.subject, one.severity) == ("D-1", Severity.WATCH)
        assert HAN.search(one.advice.zh)
        assert not HAN.search(one.advice.en)


@given(st.dictionaries(st.sampled_from(NINE), st.sampled_from(["", "R-9"])))
def test_answers_and_findings_add_up(answers):
    """What is answered is prepared; what has no answer or nobody in charge is found."""
    one = premortem("D-1", Step.CLOSE)
    for difficulty, owner in answers.items():
        one = one.prepare(difficulty, answer="done", owner=owner)

    assert one.prepared == Rate(len(answers), 9)
    assert len(one.findings()) == 9 - sum(bool(owner) for owner in answers.values())


# --- what is a checklist, and what is none ---------------------------------------------------


def test_a_checklist_is_a_value():
    """Equal by content, hashable, stored; what somebody typed is not printed."""
    one = sheet().prepare("travel", answer=SECRET)

    assert one == pickle.loads(pickle.dumps(one)) == copy.deepcopy(one)
    assert hash(one) == hash(copy.deepcopy(one))
    assert SECRET not in repr(one)
    with pytest.raises(FrozenInstanceError):
        one.subject = ""


BAD = {
    "subject": ["", 7, None, f"{SECRET}\0"],
    "stage": ["target_group", SECRET, 7, None, [], Stage, Term],
    "rows": [
        SECRET,
        7,
        None,
        [SECRET],
        [None],
        [Precaution(difficulty="crisis"), Precaution(difficulty="crisis", answer=SECRET)],
    ],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_checklist_is_refused(box, bad):
    """By the name of the box."""
    with pytest.raises(InvalidValue) as refused:
        Premortem(**({"subject": "D-1", "stage": Stage.TARGET_GROUP, "rows": ()} | {box: bad}))
    assert refused.value.field == box
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("bad", [{"difficulty": SECRET}, {"difficulty": []}, {"owner": 7}])
def test_what_is_no_row_is_refused(bad):
    """The same for a row."""
    with pytest.raises(InvalidValue) as refused:
        Precaution(**({"difficulty": "crisis"} | bad))
    assert refused.value.field in bad
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("bad", ["", " ", None, 7, f"{SECRET}\0"])
def test_an_answer_says_something(bad):
    """Preparing with nothing is refused."""
    with pytest.raises(InvalidValue) as refused:
        sheet().prepare("travel", answer=bad)
    assert refused.value.field == "answer"
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("bad", ["target_group", SECRET, 7, None, [], {}])
def test_a_checklist_is_made_for_a_stage(bad):
    """A state of some machine: its key alone does not say of which."""
    with pytest.raises(InvalidValue) as refused:
        premortem("D-1", bad)
    assert refused.value.field == "stage"
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "bad",
    [
        SECRET,
        7,
        None,
        [Difficulty.CRISIS],
        {Stage.TARGET_GROUP: SECRET},
        {Stage.TARGET_GROUP: None},
        {Stage.TARGET_GROUP: [SECRET]},
        {Stage.TARGET_GROUP: ["crisis", "crisis"]},
    ],
)
def test_what_is_no_table_is_refused(bad):
    """A mapping of stages to difficulties."""
    with pytest.raises(SalesflowError) as refused:
        sheet(foreseen=bad)
    assert SECRET not in str(refused.value)
