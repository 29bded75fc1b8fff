"""Foresight: the difficulties that can be foreseen, asked before they happen (事前管理).

A salesperson is a step ahead of the customer: what may go wrong at the next stage is asked before
the deal gets there, and each difficulty gets an answer and somebody who sees to it.  The list of
difficulties is that of the trade's training; which of them belong to which stage is ours, to start
from, and a company passes its own table.

>>> from salesflow.funnel import Stage
>>> sheet = premortem("D-1", Stage.TARGET_GROUP)
>>> [row.difficulty.label("zh") for row in sheet.rows]
['客户关心的内容', '出差计划']
>>> sheet = sheet.prepare("travel", answer="visit H-3 and H-4 in one week", owner="R-9")
>>> str(sheet.prepared), [finding.key for finding in sheet.findings()]
('50.0% (n=2)', ['difficulty_unanswered'])
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Self

from attrs import evolve, field, frozen

from salesflow import forms, text
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.funnel import Stage
from salesflow.labels import Label, Term
from salesflow.ratios import Rate
from salesflow.tables import Rows, Table, listed, rows_of

__all__ = ["FORESEEN", "PREMORTEM_REMARKS", "Difficulty", "Precaution", "Premortem", "premortem"]


class Difficulty(Term):
    """A kind of difficulty: nine that can be foreseen, and what is none of them."""

    QUESTIONS = "questions", "客户可能会问的问题", "questions the customer may ask"
    CONCERNS = "concerns", "客户关心的内容", "what the customer cares about"
    AFTER_SALES = "after_sales", "售后可能遇到的麻烦", "trouble after the sale"
    SHIPPING = "shipping", "发货、备货中的问题", "shipping and stock"
    PAYMENT = "payment", "财务要求和回款流程中的问题", "demands of finance, and payment"
    CONTRACT = "contract", "合同条款将来可能带来的麻烦", "terms of the contract that may hurt later"
    CRISIS = "crisis", "危机处理机制", "what to do in a crisis"
    TRAVEL = "travel", "出差计划", "travel plans"
    COORDINATION = "coordination", "部门之间协调的问题", "coordination between departments"
    OTHER = "other", "其他", "other"


#: what to foresee at each stage
FORESEEN: Final[Table[Term, tuple[Difficulty, ...]]] = Table(
    {
        Stage.TARGET_GROUP: (Difficulty.CONCERNS, Difficulty.TRAVEL),
        Stage.INFO_COLLECTION: (Difficulty.QUESTIONS, Difficulty.CONCERNS, Difficulty.TRAVEL),
        Stage.CUSTOMER_ANALYSIS: (Difficulty.CONCERNS, Difficulty.PAYMENT),
        Stage.TRUST_BUILDING: (Difficulty.QUESTIONS, Difficulty.CONCERNS, Difficulty.TRAVEL),
        Stage.NEEDS_DISCOVERY: (
            Difficulty.QUESTIONS,
            Difficulty.CONCERNS,
            Difficulty.COORDINATION,
        ),
        Stage.VALUE_PRESENTATION: (
            Difficulty.QUESTIONS,
            Difficulty.CONCERNS,
            Difficulty.AFTER_SALES,
            Difficulty.COORDINATION,
        ),
        Stage.WINNING_COMMITMENT: (
            Difficulty.SHIPPING,
            Difficulty.PAYMENT,
            Difficulty.CONTRACT,
            Difficulty.CRISIS,
            Difficulty.COORDINATION,
        ),
        Stage.PAYMENT_AND_RESALE: (
            Difficulty.AFTER_SALES,
            Difficulty.SHIPPING,
            Difficulty.PAYMENT,
            Difficulty.CRISIS,
            Difficulty.COORDINATION,
        ),
    }
)
# At a stage that the table does not know, of a company's own pipeline, all nine are asked.
_ALL: Final = tuple(one for one in Difficulty if one is not Difficulty.OTHER)

_UNANSWERED: Final = Remark(
    "difficulty_unanswered",
    Severity.WATCH,
    Label("“{difficulty}”没有预案", "nothing is prepared for “{difficulty}”"),
    Label("进入该阶段之前准备好", "prepare an answer before the deal gets there"),
)
_UNOWNED: Final = Remark(
    "precaution_unassigned",
    Severity.WATCH,
    Label("“{difficulty}”的预案没有负责人", "nobody sees to what is prepared for “{difficulty}”"),
    Label("指定负责人", "name somebody"),
)
#: every finding about what was foreseen
PREMORTEM_REMARKS: Final = (_UNANSWERED, _UNOWNED)


@frozen(kw_only=True)
class Precaution:
    """A line of the checklist: a difficulty, what is prepared for it, and who sees to it."""

    #: the difficulty
    difficulty: Difficulty
    #: what is prepared, empty while nothing is
    answer: str = field(default="", repr=forms.masked)
    #: who sees to it, by id
    owner: str = ""

    def __attrs_post_init__(self) -> None:
        forms.terms(self, difficulty=Difficulty)
        forms.notes(self, "answer")
        forms.optional_lines(self, "owner")


def _rows(value: Iterable[Precaution]) -> tuple[Precaution, ...]:
    rows = forms.list_of(Precaution, value, "rows")
    if len({row.difficulty for row in rows}) < len(rows):
        raise InvalidValue("rows", "have one difficulty twice", "give each one row")
    return rows


@frozen(kw_only=True)
class Premortem:
    """The checklist of what may go wrong with a deal at a stage, filled in beforehand."""

    #: id of the deal or project
    subject: str
    #: the stage it is about to enter
    stage: Term
    #: what to foresee, one row a difficulty
    rows: tuple[Precaution, ...] = field(converter=_rows)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "subject")
        forms.terms(self, stage=Term)

    @property
    def prepared(self) -> Rate:
        """How many of the difficulties have an answer."""
        return Rate(sum(bool(row.answer) for row in self.rows), len(self.rows))

    def prepare(self, difficulty: Difficulty, *, answer: str, owner: str = "") -> Self:
        """Return the checklist with an answer to a difficulty, one that is not on it included."""
        said = text.note(answer, "answer")
        new = Precaution(difficulty=difficulty, answer=said, owner=owner)
        rows = {row.difficulty: row for row in self.rows} | {new.difficulty: new}
        return evolve(self, rows=rows.values())

    def findings(self) -> tuple[Finding, ...]:
        """Return what is not prepared, and what is prepared without anybody to see to it."""
        return tuple(
            (_UNOWNED if row.answer else _UNANSWERED).about(self.subject, difficulty=row.difficulty)
            for row in self.rows
            if not (row.answer and row.owner)
        )


def premortem(
    subject: str, stage: Term, foreseen: Rows[Term, Iterable[Difficulty]] = FORESEEN
) -> Premortem:
    """Return the empty checklist of a stage, by a table of what to foresee at each.

    At a stage that the table does not know all nine difficulties are asked.
    """
    ahead = forms.term_of(Term, stage, "stage")
    asked = listed(rows_of(foreseen, "foreseen").get(ahead, _ALL), "foreseen")
    return Premortem(
        subject=subject, stage=ahead, rows=[Precaution(difficulty=one) for one in asked]
    )
