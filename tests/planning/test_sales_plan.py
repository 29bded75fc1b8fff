"""A plan for a quota: forecasts by product, what is short, where more can come from, the target."""

from __future__ import annotations

import pickle
from datetime import date, datetime

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salesflow.errors import CurrencyMismatch, InvalidValue, SalesflowError
from salesflow.findings import Severity
from salesflow.money import Money, wan
from salesflow.periods import Cycle, Month, Quarter, Year
from salesflow.planning.owners import QuotaOwner
from salesflow.planning.quota import Cut, Quota
from salesflow.planning.sales_plan import SALES_PLAN_REMARKS, GapPlan, ProductForecast, SalesPlan
from salesflow.tables import Table
from strategies import moneys

CANARY = "王小明13800138000"
ON = date(2026, 1, 5)
OWNER = QuotaOwner(kind="employee", id="M-1")
MONTHLY = Quota(key="2026", amount=wan(500), owner=OWNER, during=Year(2026)).split_months()


def forecast(product, amount, potential=None):
    return ProductForecast(
        product=product,
        amount=wan(amount),
        potential=None if potential is None else wan(potential),
    )


PRODUCTS = [forecast("a", 200, 230), forecast("b", 180, 190), forecast("c", 100, 100)]
PLAN = SalesPlan(quota=MONTHLY, target=wan(550), products=PRODUCTS)


def keys(plan):
    return [finding.key for finding in plan.findings()]


@st.composite
def plans(draw):
    """Any plan, short or not, with the potential known or not."""
    products = [
        ProductForecast(
            product=name,
            amount=draw(moneys(max_minor=100)),
            potential=draw(st.none() | moneys(max_minor=150)),
        )
        for name in draw(st.sets(st.sampled_from("abcde")))
    ]
    quota = Quota(key="q", amount=draw(moneys(max_minor=500)))
    return SalesPlan(quota=quota, target=draw(moneys(max_minor=600)), products=products)


# --- acceptance ------------------------------------------------------------------------------


def test_ae_53_a_target_of_the_quota_is_a_violation():
    """AE-53: 500 for 500 is reported, and the plan is not accepted."""
    plan = evolve(PLAN, target=wan(500))
    finding = plan.findings()[0]

    assert (finding.key, finding.severity) == ("target_not_above_quota", Severity.BLOCK)
    assert plan.target_above_quota is False
    with pytest.raises(InvalidValue, match=r"^target is not above the quota"):
        plan.accept(by="M-1", on=ON)


def test_ae_53_a_target_above_the_quota_is_accepted():
    """AE-53: 550 for 500 is ok."""
    plan = PLAN.accept(by="M-1", on=ON)

    assert (plan.accepted_by, plan.accepted_on) == ("M-1", ON)
    assert (plan.target_above_quota, keys(plan)) == (True, ["forecast_short"])


def test_ae_53_the_forecast_is_short_by_twenty():
    """AE-53: 200 + 180 + 100 are 480, and 20 less than 500."""
    assert (PLAN.forecast, PLAN.shortfall) == (wan(480), wan(20))
    assert PLAN.findings()[0].values["shortfall"] == wan(20)


# --- laws ------------------------------------------------------------------------------------


@given(plans())
def test_invariant_27_shortfall_is_what_is_missing_and_never_below_zero(plan):
    """Invariant 27: max(0, quota − Σ forecast)."""
    expected = sum(one.amount.minor for one in plan.products)

    assert plan.forecast.minor == expected
    assert plan.shortfall.minor == max(0, plan.quota.amount.minor - expected)
    assert ("forecast_short" in keys(plan)) is bool(plan.shortfall)


@given(plans())
def test_invariant_27_an_accepted_plan_has_a_target_above_its_quota(plan):
    """Invariant 27: ask or do, and no accepted plan can be made to say otherwise."""
    assert plan.target_above_quota is ("target_not_above_quota" not in keys(plan))
    if plan.target_above_quota:
        accepted = plan.accept(by="M-1", on=ON)
        assert accepted.target > accepted.quota.amount
        with pytest.raises(InvalidValue, match=r"^target is not above"):
            evolve(accepted, target=accepted.quota.amount)
    else:
        with pytest.raises(InvalidValue, match=r"^target is not above"):
            plan.accept(by="M-1", on=ON)


@given(plans())
def test_a_gap_is_closed_as_far_as_there_is_room(plan):
    """Nothing is lost, no product gets more than it has room for, and each its share of it."""
    gap, room = plan.close_gap(), sum(one.minor for one in plan.headroom.values())
    placed = min(plan.shortfall.minor, room)

    assert sum(one.minor for one in gap.more.values()) == placed
    assert gap.unplaced.minor == plan.shortfall.minor - placed
    for product, more in plan.headroom.items():
        share = gap.more.get(product, Money(0, "CNY"))
        assert 0 <= share.minor <= more.minor
        assert not room or abs(share.minor * room - placed * more.minor) < room


# --- where more can come from ----------------------------------------------------------------


def test_the_largest_room_comes_first():
    """The potential less the forecast; equals by the id of the product."""
    more = [forecast("d", 10, 20), *PRODUCTS, forecast("e", 10), forecast("f", 30, 20)]
    plan = evolve(PLAN, products=more)

    assert list(plan.headroom.items()) == [
        ("a", wan(30)),
        ("b", wan(10)),
        ("d", wan(10)),
        ("c", wan(0)),
        ("f", wan(0)),
    ]


def test_a_shortfall_is_shared_out_in_proportion_to_room():
    """20 over rooms of 30 and 10."""
    more = Table({"a": wan(15), "b": wan(5)})

    assert PLAN.close_gap() == GapPlan(more=more, unplaced=wan(0))


def test_what_no_product_has_room_for_is_said():
    """Promotion alone does not meet such a quota."""
    plan = evolve(PLAN, products=[forecast("a", 200, 230), forecast("b", 180)])

    assert plan.close_gap() == GapPlan(more=Table({"a": wan(30)}), unplaced=wan(90))


def test_without_a_shortfall_there_is_no_gap():
    plan = evolve(PLAN, products=[forecast("a", 600, 700)])

    assert (plan.shortfall, dict(plan.close_gap().more)) == (wan(0), {})
    assert plan.close_gap().unplaced == wan(0)


# --- findings --------------------------------------------------------------------------------


def test_every_leaf_needs_somebody_who_answers_for_it():
    """Whoever answers for the whole answers for its parts."""
    free = Quota(key="2026", amount=wan(500), during=Month(2026, 1))
    people = free.split(Cut.PRODUCT, {"x": 1, "y": 1})
    owned = evolve(people, parts=[evolve(people.parts[0], owner=OWNER), people.parts[1]])
    plan = evolve(PLAN, quota=owned)
    finding = plan.findings()[-1]

    assert (finding.key, finding.values["paths"]) == ("no_responsible", ("2026/y",))
    assert finding.text.zh == "指标没有明确责任者：2026/y"
    assert keys(evolve(plan, quota=evolve(owned, owner=OWNER))) == ["forecast_short"]


@pytest.mark.parametrize(
    ("during", "monthly"),
    [
        (None, False),
        (Year(2026), False),
        (Quarter(2026, 1), False),
        (Month(2026, 2), True),
        (Month(2026, 1), True),
        (Cycle(date(2026, 1, 5), 1), True),
    ],
    ids=str,
)
def test_a_quota_is_cut_down_to_months(during, monthly):
    """指标要细分到月; a cycle of four weeks is a month of field work."""
    plan = evolve(PLAN, quota=Quota(key="q", amount=wan(500), owner=OWNER, during=during))

    assert ("not_monthly" not in keys(plan)) is monthly


def test_the_parts_that_are_not_cut_into_months_are_named():
    year = Quota(key="2026", amount=wan(500), owner=OWNER, during=Year(2026))
    cut = year.split(Cut.PRODUCT, {"x": 1, "y": 1})
    mixed = evolve(cut, parts=[cut.parts[0].split_months(), cut.parts[1]])

    assert evolve(PLAN, quota=mixed).findings()[-1].values["paths"] == ("2026/y",)


def test_a_potential_that_is_unknown_or_below_the_forecast_is_told():
    plan = evolve(PLAN, products=[*PRODUCTS, forecast("d", 10), forecast("e", 20, 10)])

    assert [(one.key, one.values["products"]) for one in plan.findings()] == [
        ("no_potential", ("d",)),
        ("forecast_above_potential", ("e",)),
    ]


def test_every_remark_can_be_found():
    bare = SalesPlan(
        quota=Quota(key="q", amount=wan(500)),
        target=wan(1),
        products=[forecast("a", 1), forecast("b", 2, 1)],
    )

    assert keys(bare) == [remark.key for remark in SALES_PLAN_REMARKS]
    assert {finding.subject for finding in bare.findings()} == {"q"}


# --- hostile ---------------------------------------------------------------------------------


def test_a_plan_is_accepted_once():
    with pytest.raises(InvalidValue, match=r"^plan is accepted already"):
        PLAN.accept(by="M-1", on=ON).accept(by="M-2", on=ON)


@pytest.mark.parametrize(
    ("boxes", "field"),
    [
        ({"by": ""}, "by"),
        ({"by": None}, "by"),
        ({"by": f"{CANARY}\0"}, "by"),
        ({"on": None}, "on"),
        ({"on": datetime(2026, 1, 5)}, "on"),
        ({"on": CANARY}, "on"),
    ],
    ids=ascii,
)
def test_somebody_accepts_it_on_a_day(boxes, field):
    with pytest.raises(InvalidValue) as caught:
        PLAN.accept(**{"by": "M-1", "on": ON, **boxes})

    assert caught.value.field == field
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("boxes", "field"),
    [
        ({"quota": CANARY}, "quota"),
        ({"quota": wan(500)}, "quota"),
        ({"quota": Quota(key="q", amount=500)}, "quota"),
        ({"target": 550}, "target"),
        ({"target": 550.0}, "target"),
        ({"target": None}, "target"),
        ({"target": wan(-1)}, "target"),
        ({"products": CANARY}, "products"),
        ({"products": [CANARY]}, "products"),
        ({"products": None}, "products"),
        ({"products": [PRODUCTS[0], PRODUCTS[0]]}, "products"),
        ({"products": [forecast(str(n), 1) for n in range(1001)]}, "products"),
        ({"accepted_by": "M-1"}, "accepted_by"),
        ({"accepted_on": ON}, "accepted_by"),
        ({"accepted_by": f"{CANARY}\0", "accepted_on": ON}, "accepted_by"),
        ({"accepted_by": "M-1", "accepted_on": CANARY}, "accepted_on"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_what_is_no_plan_is_refused(boxes, field):
    with pytest.raises(SalesflowError) as caught:
        SalesPlan(**{"quota": MONTHLY, "target": wan(550), **boxes})

    assert caught.value.field == field
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("boxes", "field"),
    [
        ({"product": ""}, "product"),
        ({"product": f"\u202e{CANARY}"}, "product"),
        ({"product": 7}, "product"),
        ({"amount": 5}, "amount"),
        ({"amount": 5.5}, "amount"),
        ({"amount": wan(-1)}, "amount"),
        ({"potential": True}, "potential"),
        ({"potential": wan(-1)}, "potential"),
        ({"potential": CANARY}, "potential"),
    ],
    ids=ascii,
)
def test_what_is_no_forecast_is_refused(boxes, field):
    with pytest.raises(InvalidValue) as caught:
        ProductForecast(**{"product": "a", "amount": wan(1), **boxes})

    assert caught.value.field == field
    assert CANARY not in str(caught.value)


def test_invariant_30_a_plan_is_of_one_currency():
    """Invariant 30: in its target, its products and their potential."""
    yen = Money(600, "JPY")

    for make in (
        lambda: evolve(PLAN, target=yen),
        lambda: evolve(PLAN, products=[ProductForecast(product="a", amount=yen)]),
        lambda: ProductForecast(product="a", amount=wan(1), potential=yen),
    ):
        with pytest.raises(CurrencyMismatch):
            make()


def test_a_plan_is_a_value():
    for value in (PLAN, PLAN.close_gap(), PRODUCTS[0]):
        twin = pickle.loads(pickle.dumps(value))
        assert (twin, hash(twin)) == (value, hash(value))
    with pytest.raises(FrozenInstanceError):
        PLAN.target = wan(1)
