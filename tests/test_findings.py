"""A finding is data: what is wrong, about whom, how much it weighs, and what to do."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from attrs.exceptions import FrozenInstanceError

from salesflow.findings import Finding, Remark, Severity
from salesflow.funnel import Stage
from salesflow.labels import Label
from salesflow.tables import Table

LATE = Remark(
    "late",
    Severity.WATCH,
    Label("{stage}已{days}天未动", "no move at {stage} for {days} days"),
    Label("请安排{what}", "plan {what}"),
)
VALUES = {"stage": Stage.TRUST_BUILDING, "days": 40, "what": Label("拜访", "a visit")}


def test_a_remark_fills_in_its_values_in_both_languages():
    """A term and a label speak their own language, a number is the same in both."""
    assert LATE.about("D-1", **VALUES) == Finding(
        key="late",
        severity=Severity.WATCH,
        subject="D-1",
        text=Label("建立信任已40天未动", "no move at trust building for 40 days"),
        advice=Label("请安排拜访", "plan a visit"),
        values=Table(VALUES),
    )


def test_the_values_of_a_finding_are_kept_beside_its_texts():
    """A host that words its findings otherwise needs no text to take apart."""
    assert dict(LATE.about("D-1", **VALUES).values) == VALUES


@pytest.mark.parametrize("severity", Severity)
def test_a_finding_may_weigh_more_than_its_remark(severity):
    """The table gives the default weight; the case at hand may say another."""
    assert LATE.about("D-1", severity=severity, **VALUES).severity is severity
    assert LATE.about("D-1", severity=None, **VALUES).severity is Severity.WATCH


LACKING = Remark(
    "lacking",
    Severity.WATCH,
    Label("缺少：{what}", "lacking: {what}"),
    Label("补全", "complete it"),
)


@pytest.mark.parametrize(
    ("what", "zh", "en"),
    [
        ((Severity.BLOCK, Severity.WATCH), "禁止, 关注", "block, watch"),
        ((Label("甲", "one"), "D-1", 7), "甲, D-1, 7", "one, D-1, 7"),
        (
            tuple(Severity) * 2,
            "禁止, 避免, 关注, 禁止, 避免 …",
            "block, avoid, watch, block, avoid …",
        ),
        ((), "–", "–"),
    ],
    ids=["terms", "mixed", "many", "none"],
)
def test_each_word_of_a_list_speaks_the_language_of_the_text(what, zh, en):
    """The first five are named, each in its own language; the values hold them all."""
    finding = LACKING.about("D-1", what=what)

    assert finding.text == Label(f"缺少：{zh}", f"lacking: {en}")
    assert finding.values["what"] == what


def test_a_value_in_braces_is_text_and_nothing_more():
    """What a host typed cannot reach into the objects behind the text."""
    finding = LATE.about("D-1", stage="{days.__class__}", days="{0}", what="{what!r}")

    assert finding.text.en == "no move at {days.__class__} for {0} days"
    assert finding.advice.zh == "请安排{what!r}"


def test_a_missing_value_is_a_mistake_of_the_caller():
    """A text with a hole is not said."""
    with pytest.raises(KeyError):
        LATE.about("D-1", days=40)


def test_the_three_severities_are_those_of_the_guideline():
    """禁止, 避免, 关注: the risk levels of the 2025 guideline, gravest first."""
    assert [severity.label("zh") for severity in Severity] == ["禁止", "避免", "关注"]
    assert [severity.value for severity in Severity] == ["block", "avoid", "watch"]


def test_a_finding_is_a_value():
    """It is equal, hashable, storable and cannot be changed."""
    one, two = (LATE.about("D-1", **VALUES) for _ in range(2))

    assert one == two
    assert len({one, two, pickle.loads(pickle.dumps(one))}) == 1
    assert one != LATE.about("D-2", **VALUES)
    with pytest.raises(FrozenInstanceError):
        one.subject = "D-2"


def test_values_in_a_sentence_are_short_and_plain():
    """A fraction has one decimal, and a long text an end."""
    remark = Remark("late", Severity.WATCH, Label("{n}", "{n}"), Label("做", "do"))
    numbers = (Fraction(1, 2), Fraction(3), Fraction(-5, 4))
    said = [remark.about("D-1", n=n).text.en for n in numbers]

    assert said == ["0.5", "3", "-1.2"]
    assert len(remark.about("D-1", n="x" * 5000).text.en) == 201
