"""What is said in a visit: needs, questions, objections.

Questions are of four types that build on each other (SPIN): Situation, Problem, Implication and
Need-payoff; and they are open or closed.  An objection is raised, answered by some technique, and
resolved or not; what is not resolved is followed up by a day.

>>> asked = [Question(spin="situation", form="open"), Question(spin="problem", form="closed")]
>>> [kind.name for kind in spin_coverage(asked).missing]
['IMPLICATION', 'NEED_PAYOFF']
>>> price = Objection(key="price", kind="price")
>>> price = price.answered("evidence", ObjectionOutcome.DEFERRED, follow_up=date(2026, 7, 9))
>>> price.settled, str(effectiveness([price])["evidence"])
(True, '0.0% (n=1)')

Source: N. Rackham, "SPIN Selling" (1988).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Self

from attrs import evolve, field, frozen

from salesflow import forms
from salesflow.labels import Term
from salesflow.ratios import Rate
from salesflow.tables import Table, listed_of

__all__ = [
    "Need",
    "NeedDimension",
    "Objection",
    "ObjectionOutcome",
    "Question",
    "QuestionForm",
    "Spin",
    "SpinCoverage",
    "answered",
    "effectiveness",
    "spin_coverage",
]


class NeedDimension(Term):
    """What a need is about; all of it is the institution's, none is anybody's personal gain."""

    PRECISION = "precision", "精确", "precision"
    EFFICACY = "efficacy", "疗效", "efficacy"
    SAFETY = "safety", "安全、减少医疗纠纷", "safety, fewer disputes"
    ADHERENCE = "adherence", "依从性", "adherence"
    LABOUR = "labour", "减少人力支出", "less labour"
    REVENUE = "revenue", "医院收入", "revenue of the hospital"
    COST = "cost", "成本", "cost"


@frozen(kw_only=True)
class Need:
    """What the customer needs, and how we know."""

    #: key within the visit or the deal
    key: str
    #: what it is
    text: str = field(default="", repr=forms.masked)
    #: what it is about, None where nobody said
    dimension: NeedDimension | None = None
    #: whether the customer said it in so many words
    explicit: bool = False
    #: whether the customer agreed that it is one
    confirmed: bool = False
    #: what it rests on: the words, the record
    evidence: str = field(default="", repr=forms.masked)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        forms.notes(self, "text", "evidence")
        forms.optional_terms(self, dimension=NeedDimension)
        forms.flags(self, "explicit", "confirmed")


class Spin(Term):
    """The four types of questions; each prepares the next."""

    SITUATION = "situation", "情境", "situation"
    PROBLEM = "problem", "问题", "problem"
    IMPLICATION = "implication", "暗示", "implication"
    NEED_PAYOFF = "need_payoff", "需要回报", "need-payoff"


class QuestionForm(Term):
    """Whether a question invites an account, or a yes or no."""

    OPEN = "open", "开放式", "open"
    CLOSED = "closed", "封闭式", "closed"


@frozen(kw_only=True)
class Question:
    """A question that was asked."""

    #: its type, None where it is none of the four
    spin: Spin | None = None
    #: its form, None where nobody noted it
    form: QuestionForm | None = None
    #: its words
    text: str = field(default="", repr=forms.masked)

    def __attrs_post_init__(self) -> None:
        forms.optional_terms(self, spin=Spin, form=QuestionForm)
        forms.notes(self, "text")


@frozen(kw_only=True)
class SpinCoverage:
    """Which of the four types were asked, and in what order."""

    #: the types that were asked
    asked: frozenset[Spin]
    #: the types that were not, in their order
    missing: tuple[Spin, ...]
    #: whether a need-payoff was asked before any implication
    payoff_early: bool


def spin_coverage(questions: Iterable[Question]) -> SpinCoverage:
    """Return the coverage of the questions of one conversation, given in the order asked."""
    order = [question.spin for question in listed_of(questions, Question, "questions")]
    asked = frozenset(spin for spin in order if spin is not None)
    before_payoff = order[: order.index(Spin.NEED_PAYOFF)] if Spin.NEED_PAYOFF in asked else None
    return SpinCoverage(
        asked=asked,
        missing=tuple(spin for spin in Spin if spin not in asked),
        payoff_early=before_payoff is not None and Spin.IMPLICATION not in before_payoff,
    )


class ObjectionOutcome(Term):
    """What became of an objection."""

    RESOLVED = "resolved", "已解决", "resolved"
    UNRESOLVED = "unresolved", "未解决", "unresolved"
    DEFERRED = "deferred", "已推迟", "deferred"


@frozen(kw_only=True)
class Objection:
    """A doubt that the customer raised, and what became of it."""

    #: key within the visit
    key: str
    #: its kind, in the host's own words, such as "price"
    kind: str = ""
    #: what was said
    text: str = field(default="", repr=forms.masked)
    #: how it was answered, in the host's own words, such as "evidence"
    technique: str = ""
    #: what became of it, None while nobody answered
    outcome: ObjectionOutcome | None = None
    #: the day by which we come back to it
    follow_up: date | None = None

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        forms.optional_lines(self, "kind", "technique")
        forms.notes(self, "text")
        forms.optional_terms(self, outcome=ObjectionOutcome)
        forms.optional_days(self, "follow_up")

    @property
    def settled(self) -> bool:
        """Whether it is resolved, or answered with a day on which we come back to it."""
        if self.outcome is ObjectionOutcome.RESOLVED:
            return True
        return self.outcome is not None and self.follow_up is not None

    def answered(
        self, technique: str, outcome: ObjectionOutcome, *, follow_up: date | None = None
    ) -> Self:
        """Return the objection after an answer; a day is due where it did not resolve it."""
        return evolve(self, technique=technique, outcome=outcome, follow_up=follow_up)


def answered(objections: Iterable[Objection]) -> Iterator[tuple[Objection, bool]]:
    """Yield each objection answered by a technique that was noted, and whether that resolved it."""
    for objection in objections:
        if objection.technique and objection.outcome is not None:
            yield objection, objection.outcome is ObjectionOutcome.RESOLVED


def effectiveness(objections: Iterable[Objection]) -> Table[str, Rate]:
    """Return for each technique how often it resolved the objection: resolved ÷ used.

    Techniques are in the order of their names; objections without one are left out.
    """
    used: dict[str, list[bool]] = {}
    for objection, resolved in answered(listed_of(objections, Objection, "objections")):
        used.setdefault(objection.technique, []).append(resolved)
    return Table({name: Rate(sum(used[name]), len(used[name])) for name in sorted(used)})
