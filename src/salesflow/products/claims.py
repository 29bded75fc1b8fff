"""What we say of a product: feature, advantage, benefit (FAB), and whether it may be said.

A feature is what the product has, an advantage what that does, a benefit what the customer gains
from it; so a benefit belongs to a need of this customer.  A claim rests on evidence and knows no
absolutes: "the only one", "no side effects", "100 %" are words that no regulator lets pass.

>>> said = Fab(product="CLIA-900", feature="chemiluminescence", advantage="detects 0.01 ng/mL",
...            benefit="fewer repeat tests", need="N-1", evidence="STUDY-12")
>>> said.complete({"N-1"}), said.complete({"N-2"}), said.findings({"N-1"})
(True, False, ())
>>> [finding.key for finding in Fab(product="CLIA-900", benefit="the best there is").findings()]
['fab_incomplete', 'unlinked_benefit', 'claim_without_evidence', 'absolute_claim']

The list of absolutes is ours and only a first net: pass your own, and have a person look at texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from salesflow import forms, text
from salesflow.errors import WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label, Term
from salesflow.tables import listed

__all__ = ["ABSOLUTES", "ClinicalValue", "Fab", "FabPart", "absolutes_in"]


class FabPart(Term):
    """One of the three parts of a statement."""

    FEATURE = "feature", "特性", "feature"
    ADVANTAGE = "advantage", "优势", "advantage"
    BENEFIT = "benefit", "利益", "benefit"


class ClinicalValue(Term):
    """What a benefit is worth in the clinic."""

    EFFICACY = "efficacy", "疗效", "efficacy"
    SAFETY = "safety", "安全性", "safety"
    ADHERENCE = "adherence", "依从性", "adherence"
    COST = "cost", "成本", "cost"


#: words that promise too much: Chinese ones are looked for anywhere, English ones as whole words
ABSOLUTES: Final = (
    "最好",
    "最佳",
    "最安全",
    "最有效",
    "第一品牌",
    "排名第一",
    "唯一",
    "绝对",
    "百分之百",
    "100%",
    "100 %",
    "根治",
    "治愈率最高",
    "无副作用",
    "没有副作用",
    "零风险",
    "保证疗效",
    "保证治愈",
    "万能",
    "best",
    "only",
    "safest",
    "guarantee",
    "guaranteed",
    "absolutely",
    "always works",
    "no side effects",
    "no risk",
    "risk-free",
    "cures",
    "cured",
    "perfect",
    "unique",
    "number one",
)

# So that a word is found however its hyphen was typed.
_BETWEEN_CHINESE: Final = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_HYPHENS: Final = str.maketrans(dict.fromkeys("\u2010\u2012\u2013\u2212", "-"))

_INCOMPLETE: Final = Remark(
    "fab_incomplete",
    Severity.WATCH,
    Label("FAB 不完整，缺少：{parts}", "the statement lacks its {parts}"),
    Label("补全特性、优势和利益", "complete feature, advantage and benefit"),
)
_UNLINKED: Final = Remark(
    "unlinked_benefit",
    Severity.WATCH,
    Label("利益未对应客户需求", "the benefit answers no recorded need"),
    Label("先确认需求，再谈利益", "confirm a need first, then name the benefit"),
)
_NO_EVIDENCE: Final = Remark(
    "claim_without_evidence",
    Severity.AVOID,
    Label("产品主张没有证据来源", "a claim about the product without evidence"),
    Label("注明文献或资料来源", "name the study or the document"),
)
_ABSOLUTE: Final = Remark(
    "absolute_claim",
    Severity.AVOID,
    Label("使用了绝对化用语：{words}", "absolute words in a claim: {words}"),
    Label("改为有证据支持的表述", "say what the evidence supports"),
)
_OFF_LABEL: Final = Remark(
    "off_label_claim",
    Severity.BLOCK,
    Label("超出批准的适应症或用途", "beyond the approved use"),
    Label("停止使用，并报合规审查", "stop saying it, and tell compliance"),
)
#: every finding about a claim
CLAIM_REMARKS: Final = (_INCOMPLETE, _UNLINKED, _NO_EVIDENCE, _ABSOLUTE, _OFF_LABEL)


@frozen(kw_only=True)
class Fab:
    """A statement about a product: what it has, what that does, what the customer gains."""

    #: id of the product
    product: str
    #: what the product has
    feature: str = ""
    #: what that does, or does better
    advantage: str = ""
    #: what the customer gains
    benefit: str = ""
    #: key of the need it answers
    need: str = ""
    #: the host's reference to the study or document behind it
    evidence: str = ""
    #: what the benefit is worth in the clinic, None where nobody said
    value: ClinicalValue | None = None
    #: whether it keeps to the approved use
    on_label: bool = True

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "product")
        forms.notes(self, "feature", "advantage", "benefit")
        forms.optional_lines(self, "need", "evidence")
        forms.optional_terms(self, value=ClinicalValue)
        forms.flags(self, "on_label")

    @property
    def missing(self) -> tuple[FabPart, ...]:
        """The parts that are empty."""
        return tuple(part for part in FabPart if not getattr(self, part.value))

    def complete(self, needs: Iterable[str]) -> bool:
        """Whether all three parts are there and the benefit answers one of these needs."""
        known = needs if isinstance(needs, frozenset) else listed(needs, "needs")
        return not self.missing and bool(self.need) and self.need in known

    def findings(
        self,
        needs: Iterable[str] | None = None,
        *,
        subject: str = "",
        absolutes: Iterable[str] = ABSOLUTES,
    ) -> tuple[Finding, ...]:
        """Return what is wrong with it, about `subject`, or the product where none is given.

        `needs` are the keys of the needs known; None takes any key as known.
        """
        about = subject or self.product
        known = None if needs is None else frozenset(listed(needs, "needs"))
        return (*self._of_form(known, about), *self.claims(subject=about, absolutes=absolutes))

    def claims(
        self, *, subject: str = "", absolutes: Iterable[str] = ABSOLUTES
    ) -> tuple[Finding, ...]:
        """Return what may not be said like that: no evidence, absolutes, beyond the approval."""
        about, found = subject or self.product, list[Finding]()
        if not self.evidence:
            found.append(_NO_EVIDENCE.about(about))
        words = absolutes_in(f"{self.feature}\n{self.advantage}\n{self.benefit}", absolutes)
        if words:
            found.append(_ABSOLUTE.about(about, words=words))
        if not self.on_label:
            found.append(_OFF_LABEL.about(about))
        return tuple(found)

    def _of_form(self, needs: frozenset[str] | None, subject: str) -> Iterator[Finding]:
        if self.missing:
            yield _INCOMPLETE.about(subject, parts=self.missing)
        if self.benefit and (not self.need or (needs is not None and self.need not in needs)):
            yield _UNLINKED.about(subject)


def absolutes_in(claim: str, absolutes: Iterable[str] = ABSOLUTES) -> tuple[str, ...]:
    """Return the absolute words that a text uses, whatever their case or width."""
    said, words = _plain(claim, "claim"), listed(absolutes, "absolutes")
    plain = {_plain(word, "absolutes"): text.optional(word, "absolutes") for word in words}
    return tuple(shown for word, shown in plain.items() if word and _uses(said, word))


def _plain(value: object, box: str) -> str:
    if not isinstance(value, str):
        raise WrongType.of(box, value, "pass a str")
    folded = unicodedata.normalize("NFKC", value).casefold().translate(_HYPHENS)
    seen = "".join(one for one in folded if unicodedata.category(one) != "Cf")
    return _BETWEEN_CHINESE.sub("", " ".join(seen.split()))


def _uses(said: str, word: str) -> bool:
    # "only" is no part of "commonly"; Chinese has no spaces to tell words by.
    if word not in said or not word.isascii():
        return word in said
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", said) is not None
