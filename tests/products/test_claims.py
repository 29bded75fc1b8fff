"""A benefit answers a need, rests on evidence and promises nothing absolute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import FULL, made
from salesflow.findings import Severity
from salesflow.products.claims import (
    ABSOLUTES,
    CLAIM_REMARKS,
    ClinicalValue,
    Fab,
    FabPart,
    absolutes_in,
)
from strategies import safe_texts


def claim(**boxes):
    """A statement with nothing wrong, but for these boxes."""
    return Fab(**{**FULL[Fab], **boxes})


def found(fab, needs=None, **rest):
    """The keys of the findings, in order."""
    return [finding.key for finding in fab.findings(needs, **rest)]


# --- acceptance ------------------------------------------------------------------------------


def test_ae_49_a_statement_without_benefit_is_incomplete():
    """AE-49: feature and advantage alone are no FAB."""
    fab = claim(benefit="")

    assert (fab.missing, fab.complete({"N-1"})) == ((FabPart.BENEFIT,), False)
    assert found(fab, {"N-1"}) == ["fab_incomplete"]


@pytest.mark.parametrize(
    ("need", "needs"), [("", None), ("", {"N-1"}), ("N-2", {"N-1"}), ("N-1", [])]
)
def test_ae_49_a_benefit_without_need_is_unlinked(need, needs):
    """AE-49: finding "unlinked_benefit", for no need as for one that nobody recorded."""
    assert found(claim(need=need), needs) == ["unlinked_benefit"]


# --- parts -----------------------------------------------------------------------------------


@given(st.sets(st.sampled_from(FabPart)), st.sampled_from(["", "N-1", "N-2"]))
def test_a_statement_is_complete_with_three_parts_and_a_known_need(parts, need):
    """特性, 优势, 利益, in this order."""
    fab = claim(**{part.value: "" for part in FabPart if part not in parts}, need=need)

    assert fab.missing == tuple(part for part in FabPart if part not in parts)
    assert fab.complete(["N-1"]) is (len(parts) == 3 and need == "N-1")
    assert ("fab_incomplete" in found(fab)) is (len(parts) < 3)
    assert ("unlinked_benefit" in found(fab, {"N-1"})) is (
        FabPart.BENEFIT in parts and need != "N-1"
    )


def test_without_a_list_any_need_is_taken_as_known():
    """Who has no list of needs cannot say that one is missing from it."""
    assert found(claim(need="N-7")) == []
    assert found(claim(need="N-7"), {"N-1"}) == ["unlinked_benefit"]


def test_a_benefit_has_a_worth_in_the_clinic():
    """疗效, 安全性, 依从性, 成本."""
    assert [value.label("zh") for value in ClinicalValue] == ["疗效", "安全性", "依从性", "成本"]
    assert claim().value is ClinicalValue.EFFICACY
    assert made(Fab).value is None


def test_no_need_is_no_answer_to_a_need():
    """A statement without a need answers none, whatever stands in the list."""
    assert not claim(need="").complete({""})


# --- absolutes -------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ABSOLUTES)
def test_every_absolute_is_seen(word):
    """In any case and width, between Chinese and at the edge of a text."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)

    for text in (word, word.upper(), wide, f"疗效{word}！", f"It is {word}.", f"({word})"):
        assert word in absolutes_in(text)
    for part in FabPart:
        assert found(claim(**{part.value: f"so {word}, so good"})) == ["absolute_claim"]


@pytest.mark.parametrize(
    "text",
    [
        "commonly used",
        "bestow",
        "the second-bester",
        "uniqueness",
        "imperfectly",
        "1100%",
        "最近",
        "fewer repeat tests",
        "",
    ],
)
def test_a_word_within_a_word_is_no_absolute(text):
    """Only is no part of commonly, and 1100 % is no 100 %."""
    assert absolutes_in(text) == ()


@given(safe_texts(), st.sampled_from(ABSOLUTES), safe_texts())
def test_an_absolute_between_other_words_is_seen(before, word, after):
    """Wherever it stands, unless it is part of a longer word."""
    assert word in absolutes_in(f"{before} {word} {after}")


def test_a_company_has_a_list_of_its_own():
    """Its words are looked for in its spelling, and come back in its order."""
    own = ["Miracle", "神药"]

    assert absolutes_in("a miracle, the best; 神药", own) == ("Miracle", "神药")
    assert found(claim(benefit="a MIRACLE"), absolutes=iter(own)) == ["absolute_claim"]
    assert found(claim(benefit="the best"), absolutes=own) == []


def test_the_words_are_told():
    """In the order of the list, in both languages of the text."""
    (finding,) = claim(benefit="the best, 唯一").findings()

    assert finding.text.zh == "使用了绝对化用语：唯一, best"
    assert finding.values["words"] == ("唯一", "best")


# --- findings --------------------------------------------------------------------------------

# For each remark: what provokes it in a statement that is in good order otherwise.
PROVOKED = {
    "fab_incomplete": (claim(feature=""), "watch"),
    "unlinked_benefit": (claim(need=""), "watch"),
    "claim_without_evidence": (claim(evidence=""), "avoid"),
    "absolute_claim": (claim(feature="唯一"), "avoid"),
    "off_label_claim": (claim(on_label=False), "block"),
}


def test_every_remark_is_provoked():
    """No row of the table of remarks is without its case here, and no key stands twice."""
    assert [remark.key for remark in CLAIM_REMARKS] == list(PROVOKED)


@pytest.mark.parametrize("remark", CLAIM_REMARKS, ids=lambda remark: remark.key)
def test_a_remark_comes_with_its_fault_and_goes_with_it(remark):
    """The finding names the product, or whom the host says, in both languages."""
    fab, severity = PROVOKED[remark.key]
    (finding,) = fab.findings()
    (about_visit,) = fab.findings(subject="V-1")

    assert claim().findings() == claim().findings({"N-1"}) == ()
    assert (finding.key, finding.subject, about_visit.subject) == (remark.key, "CLIA-900", "V-1")
    assert finding.severity is remark.severity is Severity(severity)
    for label in (finding.text, finding.advice):
        assert not label.zh.isascii()
        assert not set("{}<>") & set(label.zh + label.en)


def test_the_missing_parts_are_named_in_the_language_of_the_text():
    """特性 in Chinese, feature in English."""
    (finding,) = claim(feature="", advantage="").findings()

    assert finding.text.zh == "FAB 不完整，缺少：特性, 优势"
    assert finding.text.en == "the statement lacks its feature, advantage"


def test_everything_wrong_comes_in_the_order_of_the_table():
    """From incomplete to off label."""
    fab = made(Fab, benefit="the best there is", on_label=False)

    assert found(fab) == list(PROVOKED)
