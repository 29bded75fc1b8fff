"""Which products to put resources into: the growth-share matrix (产品组合矩阵).

A product's cell follows from the growth of its market and its share of it, against cut-offs that
the company sets.  A problem child is a question of its own: with the funds and an advantage that
takes customers from the main competitor it can become a star, without it ends as a dog.

>>> matrix = Matrix(growth=Fraction(1, 10), share=Fraction(3, 10))
>>> cell = matrix.cell(growth=Fraction(1, 4), share=Fraction(1, 20))
>>> cell.label("zh"), OBJECTIVES[cell].label("en")
('问题小孩', 'grow or break through')
>>> invest(funds=True, advantage=False).cell.label("en")
'dog'

Source: the Boston Consulting Group's matrix (B. Henderson, 1970).  The sources of the trade name
star, problem child and dog; the cash cow and the objectives of all cells but the dog are ours.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from attrs import field, frozen

from salesflow.errors import WrongType
from salesflow.labels import Label, Term
from salesflow.scales import Number, Rung, exact
from salesflow.tables import Table

__all__ = [
    "OBJECTIVES",
    "Investment",
    "LifeCyclePhase",
    "Matrix",
    "PortfolioCell",
    "StrategicObjective",
    "invest",
]


class LifeCyclePhase(Rung):
    """Where a product stands in its life."""

    INTRODUCTION = "introduction", "导入", "introduction"
    GROWTH = "growth", "成长", "growth"
    MATURITY = "maturity", "成熟", "maturity"
    DECLINE = "decline", "衰退", "decline"


class PortfolioCell(Term):
    """A cell of the growth-share matrix."""

    STAR = "star", "明星", "star"
    PROBLEM_CHILD = "problem_child", "问题小孩", "problem child"
    CASH_COW = "cash_cow", "金牛", "cash cow"
    DOG = "dog", "赖皮狗", "dog"


class StrategicObjective(Term):
    """What a product's resources are for."""

    ENTER = "enter", "进入", "enter"
    GROW = "grow", "增长或突破", "grow or break through"
    HOLD = "hold", "保持", "hold"
    HARVEST = "harvest", "丰收", "harvest"
    ABANDON = "abandon", "放弃", "abandon"


#: the usual objective of each cell; a new product's is to enter, whatever its cell
OBJECTIVES: Final = Table(
    {
        PortfolioCell.STAR: StrategicObjective.HOLD,
        PortfolioCell.PROBLEM_CHILD: StrategicObjective.GROW,
        PortfolioCell.CASH_COW: StrategicObjective.HARVEST,
        PortfolioCell.DOG: StrategicObjective.ABANDON,
    }
)

_CELLS: Final = {
    (True, True): PortfolioCell.STAR,
    (True, False): PortfolioCell.PROBLEM_CHILD,
    (False, True): PortfolioCell.CASH_COW,
    (False, False): PortfolioCell.DOG,
}


def _growth(value: Number) -> Fraction:
    return exact(value, "growth")


def _share(value: Number) -> Fraction:
    return exact(value, "share")


@frozen(kw_only=True)
class Matrix:
    """The cut-offs of a company: from where on growth and share count as high."""

    #: growth of the market from which on it counts as high, such as 1/10 a year
    growth: Fraction = field(converter=_growth)
    #: share of the market from which on it counts as high
    share: Fraction = field(converter=_share)

    def cell(self, *, growth: Number, share: Number) -> PortfolioCell:
        """Return the cell of a product; a figure that equals the cut-off is high."""
        high = exact(growth, "growth") >= self.growth
        return _CELLS[high, exact(share, "share") >= self.share]


@frozen(kw_only=True)
class Investment:
    """The answer to the question of a problem child."""

    #: whether to invest
    invest: bool
    #: the cell it is bound for
    cell: PortfolioCell
    #: why
    reason: Label


_ENOUGH: Final = Label(
    "资金充足，且有区别优势可抢占主要竞争对手的客户",
    "there are funds, and an advantage that takes customers from the main competitor",
)
_NO_FUNDS: Final = Label("资金不足", "the funds are lacking")
_NO_ADVANTAGE: Final = Label("没有区别优势", "there is no distinctive advantage")


def invest(*, funds: bool, advantage: bool) -> Investment:
    """Return whether to invest in a problem child, by its two questions.

    Are there funds?  Is there an advantage that takes customers from the main competitor?
    """
    for name, answer in (("funds", funds), ("advantage", advantage)):
        if type(answer) is not bool:
            raise WrongType.of(name, answer, "answer with True or False")
    if funds and advantage:
        return Investment(invest=True, cell=PortfolioCell.STAR, reason=_ENOUGH)
    reason = _NO_ADVANTAGE if funds else _NO_FUNDS
    return Investment(invest=False, cell=PortfolioCell.DOG, reason=reason)
