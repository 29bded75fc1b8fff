"""What was sold against what was to be sold, the same for a manager and for the team."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quota_strategies import trees, units_of
from salesflow.errors import CurrencyMismatch, InvalidValue, SalesflowError, WrongType
from salesflow.money import Money, wan
from salesflow.planning.amounts import like
from salesflow.planning.attainment import Attainment, attainment
from salesflow.planning.quota import Cut, Quota

CANARY = "王小明13800138000"
TEAM = Quota(key="team", amount=wan(900)).split(Cut.PERSON, {"R-1": 2, "R-2": 1})


@given(trees(), st.data())
def test_a_whole_attains_what_its_parts_attain(tree, data):
    """Summed again over the leaves below each path; returns count against it."""
    some = data.draw(st.sets(st.sampled_from(list(tree.leaves))))
    sold = {path: data.draw(st.integers(-20, 60)) for path in some}
    told = attainment(tree, {path: like(tree.amount, n) for path, n in sold.items()})

    assert list(told) == [path for path, _ in tree.walk()]
    for path, quota in tree.walk():
        below = sum(n for leaf, n in sold.items() if f"{leaf}/".startswith(f"{path}/"))
        whole = units_of(quota.amount)
        assert told[path].quota == quota.amount
        assert units_of(told[path].actual) == below
        assert told[path].ratio == (Fraction(below, whole) if whole else None)
        assert units_of(told[path].shortfall) == max(0, whole - below)


def test_attainment_is_shown_as_a_percentage():
    told = attainment(TEAM, {"team/R-1": wan(660), "team/R-2": wan(75)})

    assert {path: str(one) for path, one in told.items()} == {
        "team": "81.7%",
        "team/R-1": "110.0%",
        "team/R-2": "25.0%",
    }
    assert [one.shortfall for one in told.values()] == [wan(165), wan(0), wan(225)]


def test_a_quota_of_zero_has_no_attainment():
    """No basis is no ratio, however much was sold."""
    one = attainment(Quota(key="gift", amount=0), {"gift": 3})["gift"]

    assert (one.ratio, str(one), one.shortfall) == (None, "–", 0)


@pytest.mark.parametrize(
    ("actuals", "error", "field"),
    [
        ({"team": wan(1)}, InvalidValue, "actuals"),
        ({"team/R-3": wan(1)}, InvalidValue, "actuals"),
        ({CANARY: wan(1)}, InvalidValue, "actuals"),
        ({7: wan(1)}, InvalidValue, "actuals"),
        ({"team/R-1": 7}, WrongType, "actuals"),
        ({"team/R-1": 7.5}, WrongType, "actuals"),
        ({"team/R-1": None}, WrongType, "actuals"),
        ({"team/R-1": CANARY}, WrongType, "actuals"),
        ([CANARY], WrongType, "actuals"),
        (None, WrongType, "actuals"),
    ],
    ids=lambda value: " ".join(map(ascii, value)) if isinstance(value, dict) else "",
)
def test_what_is_sold_is_told_by_leaf(actuals, error, field):
    with pytest.raises(SalesflowError) as caught:
        attainment(TEAM, actuals)

    assert (type(caught.value), caught.value.field) == (error, field)
    assert CANARY not in str(caught.value)


def test_a_number_beyond_counting_and_another_currency_are_refused():
    """Invariant 30: yen attain no quota of yuan."""
    with pytest.raises(CurrencyMismatch):
        attainment(TEAM, {"team/R-1": Money(1, "JPY")})
    with pytest.raises(InvalidValue, match=r"^actuals has too many digits"):
        attainment(Quota(key="all", amount=5), {"all": 1 << 3_000_000})
    with pytest.raises(WrongType, match=r"^tree is of type str"):
        attainment(CANARY, {})


def test_attainment_is_a_value():
    one = Attainment(quota=5, actual=3)

    assert pickle.loads(pickle.dumps(one)) == one
    assert len({one, Attainment(quota=5, actual=3)}) == 1
