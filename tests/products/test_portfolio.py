"""Resources go where growth and share say; a problem child needs funds and an advantage."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesflow.errors import InvalidValue, WrongType
from salesflow.products.portfolio import (
    OBJECTIVES,
    Investment,
    LifeCyclePhase,
    Matrix,
    PortfolioCell,
    StrategicObjective,
    invest,
)
from strategies import fractions

MATRIX = Matrix(growth=Decimal("0.1"), share=Fraction(3, 10))


@pytest.mark.parametrize(
    ("growth", "share", "cell"),
    [
        (Fraction(1, 10), Fraction(3, 10), "明星"),
        (Decimal("0.1"), Decimal("0.2999"), "问题小孩"),
        (Decimal("0.0999"), Decimal("0.3"), "金牛"),
        (-1, 0, "赖皮狗"),
    ],
    ids=["star", "problem_child", "cash_cow", "dog"],
)
def test_growth_and_share_choose_the_cell(growth, share, cell):
    """A figure that equals its cut-off is high."""
    assert MATRIX.cell(growth=growth, share=share).label("zh") == cell


@given(fractions(-2, 2), fractions(0, 1), fractions(-2, 2), fractions(0, 1))
def test_every_product_has_one_cell(cut, limit, growth, share):
    """Growth tells stars and problem children from the rest, share stars and cows."""
    cell = Matrix(growth=cut, share=limit).cell(growth=growth, share=share)

    assert (cell in {PortfolioCell.STAR, PortfolioCell.PROBLEM_CHILD}) is (growth >= cut)
    assert (cell in {PortfolioCell.STAR, PortfolioCell.CASH_COW}) is (share >= limit)


def test_each_cell_has_its_objective():
    """保持, 增长或突破, 丰收 and 放弃; to enter is for what is new."""
    assert [(cell.name, OBJECTIVES[cell].label("zh")) for cell in PortfolioCell] == [
        ("STAR", "保持"),
        ("PROBLEM_CHILD", "增长或突破"),
        ("CASH_COW", "丰收"),
        ("DOG", "放弃"),
    ]
    assert set(StrategicObjective) - set(OBJECTIVES.values()) == {StrategicObjective.ENTER}


def test_a_product_lives_through_four_phases():
    """导入, 成长, 成熟, 衰退."""
    assert [phase.label("zh") for phase in sorted(LifeCyclePhase)] == [
        "导入",
        "成长",
        "成熟",
        "衰退",
    ]


@pytest.mark.parametrize("figure", [0.1, True, "0.1", None], ids=repr)
@pytest.mark.parametrize("box", ["growth", "share"])
def test_growth_and_share_are_exact(box, figure):
    """0.1 is not a tenth, neither as a cut-off nor as a figure."""
    for act in (Matrix, MATRIX.cell):
        with pytest.raises(WrongType, match=rf"^{box} is of type "):
            act(**{"growth": 1, "share": 1, box: figure})
        with pytest.raises(InvalidValue, match=rf"^{box} is not a finite number"):
            act(**{"growth": 1, "share": 1, box: Decimal("NaN")})


def test_a_problem_child_becomes_a_star_with_funds_and_an_advantage():
    """Without either it is bound to be a dog, and the reason is told."""
    told = {
        (funds, advantage): invest(funds=funds, advantage=advantage)
        for funds, advantage in product([True, False], repeat=2)
    }

    assert [(one.invest, one.cell.name, one.reason.zh[:4]) for one in told.values()] == [
        (True, "STAR", "资金充足"),
        (False, "DOG", "没有区别"),
        (False, "DOG", "资金不足"),
        (False, "DOG", "资金不足"),
    ]
    assert all(isinstance(one, Investment) and one.reason.en.isascii() for one in told.values())


@given(st.sampled_from(["funds", "advantage"]), st.sampled_from([1, 0, "yes", None, [True]]))
def test_a_question_is_answered_with_yes_or_no(name, answer):
    """A number is no answer."""
    with pytest.raises(WrongType, match=rf"^{name} is of type "):
        invest(**{"funds": True, "advantage": True, name: answer})
