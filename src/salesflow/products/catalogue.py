"""What we sell, and against whom: products, competitors, and where ours is really different.

An advantage counts as *differentiated* when it stands against a weakness of the competitor and
rests on evidence.

>>> analysis = CompetitionAnalysis(
...     product="CLIA-900", competitor="X-1", weaknesses=["two hours to a result"],
...     advantages=[Advantage(text="a result in 20 minutes", against="two hours to a result",
...                           evidence="STUDY-12")],
... )
>>> [advantage.text for advantage in analysis.differentiated], analysis.findings()
(['a result in 20 minutes'], ())
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label
from salesflow.products.claims import ABSOLUTES, absolutes_in
from salesflow.products.portfolio import LifeCyclePhase
from salesflow.scales import Rung
from salesflow.tables import listed

__all__ = [
    "Advantage",
    "CompetitionAnalysis",
    "CompetitiveSituation",
    "Competitor",
    "Product",
    "Strength",
]


@frozen(kw_only=True)
class Product:
    """A product of ours."""

    #: the host's id
    id: str
    #: its name
    name: str = ""
    #: therapeutic area or product line
    area: str = ""
    #: what it is approved for
    indications: tuple[str, ...] = field(default=(), converter=forms.some)
    #: where it stands in its life, None where nobody said
    life_cycle: LifeCyclePhase | None = None

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id")
        forms.optional_lines(self, "name", "area")
        forms.texts(self, "indications")
        forms.optional_terms(self, life_cycle=LifeCyclePhase)


@frozen(kw_only=True)
class Competitor:
    """A company that sells against us."""

    #: the host's id
    id: str
    #: its name
    name: str = ""
    #: its products in our field
    products: tuple[str, ...] = field(default=(), converter=forms.some)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id")
        forms.optional_lines(self, "name")
        forms.texts(self, "products")


class Strength(Rung):
    """How strong the competition is at a customer."""

    WEAK = "weak", "弱", "weak"
    AVERAGE = "average", "一般", "average"
    STRONG = "strong", "强", "strong"


@frozen(kw_only=True)
class CompetitiveSituation:
    """The competition at one customer: how many, how strong, and whether one dominates."""

    #: id of the customer
    customer: str
    #: number of competitors, None where nobody counted
    rivals: int | None = None
    #: how strong they are, None where nobody said
    strength: Strength | None = None
    #: whether one of them has an absolute advantage
    dominated: bool = False

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "customer")
        forms.optional_counts(self, "rivals")
        forms.optional_terms(self, strength=Strength)
        forms.flags(self, "dominated")
        if self.dominated and self.rivals == 0:
            raise InvalidValue("dominated", "by nobody", "count the competitor, or say False")


@frozen(kw_only=True)
class Advantage:
    """Something ours does better."""

    #: what it is
    text: str
    #: the competitor's weakness it stands against
    against: str = ""
    #: the host's reference to the study or document behind it
    evidence: str = ""

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "text")
        forms.notes(self, "against")
        forms.optional_lines(self, "evidence")


_NO_DIFFERENCE: Final = Remark(
    "no_differentiated_advantage",
    Severity.WATCH,
    Label("相对 {competitor} 没有差异化优势", "no proven advantage over {competitor}"),
    Label("对照其弱点寻找有证据的优势", "find one against its weaknesses, with evidence"),
)
_UNPROVED: Final = Remark(
    "advantage_without_evidence",
    Severity.AVOID,
    Label("对 {competitor} 的优势没有证据", "an advantage over {competitor} without evidence"),
    Label("注明文献或资料来源", "name the study or the document"),
)
_ABSOLUTE: Final = Remark(
    "absolute_advantage",
    Severity.AVOID,
    Label("使用了绝对化用语：{words}", "absolute words in an advantage: {words}"),
    Label("改为有证据支持的表述", "say what the evidence supports"),
)
#: every finding about the competition
COMPETITION_REMARKS: Final = (_NO_DIFFERENCE, _UNPROVED, _ABSOLUTE)


def _advantages(value: Iterable[Advantage]) -> tuple[Advantage, ...]:
    return forms.list_of(Advantage, value, "advantages")


@frozen(kw_only=True)
class CompetitionAnalysis:
    """One product of ours against one competitor (竞品分析)."""

    #: id of our product
    product: str
    #: id of the competitor
    competitor: str
    #: its strategy in the market
    strategy: str = ""
    #: what its product has
    features: tuple[str, ...] = field(default=(), converter=forms.some)
    #: what it does well
    strengths: tuple[str, ...] = field(default=(), converter=forms.some)
    #: what it does badly
    weaknesses: tuple[str, ...] = field(default=(), converter=forms.some)
    #: what customers say of it
    feedback: tuple[str, ...] = field(default=(), converter=forms.some)
    #: what ours does better
    advantages: tuple[Advantage, ...] = field(default=(), converter=_advantages)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "product", "competitor")
        forms.notes(self, "strategy")
        forms.texts(self, "features", "strengths", "weaknesses", "feedback")
        named = {advantage.against for advantage in self.advantages} - {""}
        if not named <= set(self.weaknesses):
            problem = "stand against a weakness that is not listed"
            raise InvalidValue("advantages", problem, "list it among the weaknesses")

    @property
    def differentiated(self) -> tuple[Advantage, ...]:
        """The advantages that stand against a weakness and rest on evidence."""
        return tuple(one for one in self.advantages if one.against and one.evidence)

    def findings(self, absolutes: Iterable[str] = ABSOLUTES) -> tuple[Finding, ...]:
        """Return what is wrong with the case against this competitor, about our product."""
        return tuple(self._findings(listed(absolutes, "absolutes")))

    def _findings(self, absolutes: tuple[str, ...]) -> Iterator[Finding]:
        if not self.differentiated:
            yield _NO_DIFFERENCE.about(self.product, competitor=self.competitor)
        for advantage in self.advantages:
            if not advantage.evidence:
                yield _UNPROVED.about(self.product, competitor=self.competitor)
            words = absolutes_in(advantage.text, absolutes)
            if words:
                yield _ABSOLUTE.about(self.product, words=words)
