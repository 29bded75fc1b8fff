"""Ours is different where the competitor is weak and we can prove it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import FULL, made
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Severity
from salesflow.products.catalogue import (
    COMPETITION_REMARKS,
    Advantage,
    CompetitionAnalysis,
    CompetitiveSituation,
    Competitor,
    Product,
    Strength,
)
from salesflow.products.portfolio import LifeCyclePhase

PROVED = Advantage(text="20 minutes", against="slow", evidence="STUDY-12")


def analysis(*advantages, weaknesses=("slow",)):
    """Ours against X-1, with these advantages."""
    return made(CompetitionAnalysis, weaknesses=weaknesses, advantages=advantages)


def found(one, **rest):
    """The keys of the findings, in order."""
    return [finding.key for finding in one.findings(**rest)]


# --- forms -----------------------------------------------------------------------------------


def test_a_product_stands_somewhere_in_its_life():
    """Its words are taken by key, its lists copied."""
    product = Product(**FULL[Product])

    assert (product.life_cycle, product.indications) == (
        LifeCyclePhase.GROWTH,
        ("thyroid function",),
    )
    assert made(Product).life_cycle is None
    assert Competitor(**FULL[Competitor]).products == ("X-100",)


def test_the_competition_is_told_by_number_strength_and_dominance():
    """竞争对手数量, 强度, 是否占据绝对优势; unknown is none of zero, weak and no."""
    assert [strength.label("zh") for strength in sorted(Strength)] == ["弱", "一般", "强"]
    assert (made(CompetitiveSituation).rivals, made(CompetitiveSituation).strength) == (None, None)
    assert made(CompetitiveSituation, rivals=0).rivals == 0
    assert made(CompetitiveSituation, dominated=True).rivals is None


def test_nobody_cannot_dominate():
    """Where there is no competitor, none has an absolute advantage."""
    with pytest.raises(InvalidValue, match=r"^dominated by nobody"):
        made(CompetitiveSituation, rivals=0, dominated=True)
    assert made(CompetitiveSituation, rivals=1, dominated=True).dominated


# --- advantages ------------------------------------------------------------------------------


def test_an_advantage_stands_against_a_weakness_that_is_listed():
    """Or against none; what nobody listed cannot be compared."""
    with pytest.raises(InvalidValue, match=r"^advantages stand against a weakness that is not"):
        analysis(PROVED, weaknesses=["dear"])
    assert analysis(Advantage(text="small"), weaknesses=[]).advantages[0].against == ""
    assert analysis(PROVED, weaknesses=[" slow "]).differentiated == (PROVED,)


def test_a_weakness_of_any_length_can_be_stood_against():
    """What may be listed may be named."""
    weakness = "slow, " * 50 + "slow"

    assert analysis(Advantage(text="20 minutes", against=weakness), weaknesses=[weakness])


@given(
    st.lists(
        st.builds(
            Advantage,
            text=st.just("20 minutes"),
            against=st.sampled_from(["", "slow", "dear"]),
            evidence=st.sampled_from(["", "STUDY-12"]),
        )
    )
)
def test_an_advantage_differentiates_against_a_weakness_and_with_evidence(advantages):
    """Both, or it is only a claim; where none does, that is a finding."""
    one = analysis(*advantages, weaknesses=["slow", "dear"])
    proved = [a for a in advantages if a.against != "" and a.evidence != ""]
    unproved = [a for a in advantages if a.evidence == ""]

    assert list(one.differentiated) == proved
    assert found(one) == (["no_differentiated_advantage"] if not proved else []) + [
        "advantage_without_evidence"
    ] * len(unproved)


@pytest.mark.parametrize("advantages", ["fast", ["fast"], [None], PROVED, None, 5], ids=repr)
def test_advantages_are_forms_of_their_own(advantages):
    """A text says neither against what nor by what evidence."""
    with pytest.raises(WrongType, match=r"^advantages is of type "):
        made(CompetitionAnalysis, advantages=advantages)


# --- findings --------------------------------------------------------------------------------

# For each remark: what provokes it in an analysis that is in good order otherwise.
PROVOKED = {
    "no_differentiated_advantage": (analysis(), Severity.WATCH),
    "advantage_without_evidence": (analysis(PROVED, Advantage(text="small")), Severity.AVOID),
    "absolute_advantage": (
        analysis(Advantage(text="唯一 and best", against="slow", evidence="S-1")),
        Severity.AVOID,
    ),
}


def test_every_remark_is_provoked():
    """No row of the table of remarks is without its case here, and no key stands twice."""
    assert [remark.key for remark in COMPETITION_REMARKS] == list(PROVOKED)


@pytest.mark.parametrize("remark", COMPETITION_REMARKS, ids=lambda remark: remark.key)
def test_a_remark_comes_with_its_fault_and_goes_with_it(remark):
    """The finding is about our product, and says in both languages what to do."""
    one, severity = PROVOKED[remark.key]
    (finding,) = one.findings()

    assert analysis(PROVED).findings() == ()
    assert (finding.key, finding.subject) == (remark.key, "CLIA-900")
    assert finding.severity is remark.severity is severity
    for label in (finding.text, finding.advice):
        assert not label.zh.isascii()
        assert not set("{}<>") & set(label.zh + label.en)


def test_the_texts_name_the_competitor_and_the_words():
    """By id, and as they stand in the list."""
    texts = {key: one.findings()[0].text for key, (one, _) in PROVOKED.items()}

    assert "X-1" in texts["no_differentiated_advantage"].zh
    assert "X-1" in texts["advantage_without_evidence"].en
    assert texts["absolute_advantage"].en == "absolute words in an advantage: 唯一, best"


def test_a_company_has_a_list_of_its_own():
    """It is read once, however many advantages there are."""
    boast = Advantage(text="a miracle", against="slow", evidence="S-1")

    assert found(analysis(boast, boast)) == []
    assert found(analysis(boast, boast), absolutes=iter(["miracle"])) == ["absolute_advantage"] * 2
    assert found(PROVOKED["absolute_advantage"][0], absolutes=[]) == []
