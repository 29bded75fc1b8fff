"""A quota is the sum of its parts, to the fen, however often it is cut."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from quota_strategies import AMOUNTS, naive_shares, part_weights, trees, units_of
from salesflow.errors import CurrencyMismatch, InvalidValue, SalesflowError, WrongType
from salesflow.money import Money, wan
from salesflow.periods import Cycle, Month, Quarter, Span, Week, Year
from salesflow.planning.owners import QuotaOwner
from salesflow.planning.quota import Cut, Quota
from strategies import moneys

CANARY = "王小明13800138000"
YEAR = Quota(key="2026", amount=Money("1000000", "CNY"), during=Year(2026))
R7 = QuotaOwner(kind="employee", id="R-7", role="salesperson")
R8 = QuotaOwner(kind="employee", id="R-8")
NORTH = QuotaOwner(kind="territory", id="north")


def leaf(key, amount=0, **boxes):
    return Quota(key=key, amount=amount, **boxes)


def amounts(quota):
    return [part.amount for part in quota.parts]


# --- acceptance ------------------------------------------------------------------------------


def test_ae_52_a_million_over_twelve_months():
    """AE-52: four months of 83 333.34 and eight of 83 333.33 make 1 000 000.00."""
    months = YEAR.split_months()

    assert amounts(months) == [Money("83333.34", "CNY")] * 4 + [Money("83333.33", "CNY")] * 8
    assert sum(amounts(months)) == YEAR.amount
    assert [part.during for part in months.parts] == [Month(2026, n) for n in range(1, 13)]
    assert months.find("2026/2026-03").during == Month(2026, 3)


def test_ae_54_seven_hundred_by_five_three_two():
    """AE-54: 350, 210 and 140."""
    whole = Quota(key="team", amount=wan(700))
    cut = whole.split(Cut.PRODUCT, {"a": 5, "b": 3, "c": 2})

    assert amounts(cut) == [wan(350), wan(210), wan(140)]
    assert [part.key for part in cut.parts] == ["a", "b", "c"]
    assert cut.cut is Cut.PRODUCT


# --- laws ------------------------------------------------------------------------------------


@given(AMOUNTS, part_weights(4))
def test_invariant_25_a_split_is_the_largest_remainder(amount, weights):
    """Invariant 25: it loses nothing and is within one unit, as found one unit at a time."""
    cut = Quota(key="all", amount=amount).split(Cut.PRODUCT, weights)
    parts = [units_of(part) for part in amounts(cut)]
    shares = [
        Fraction(units_of(amount) * weight, sum(weights.values())) for weight in weights.values()
    ]

    assert parts == naive_shares(units_of(amount), list(weights.values()))
    assert sum(parts) == units_of(amount)
    assert all(abs(part - share) < 1 for part, share in zip(parts, shares, strict=True))


@given(AMOUNTS, st.integers(1, 30))
def test_invariant_25_equal_parts_differ_by_one_at_most(amount, n):
    """Invariant 25: the larger ones first."""
    cut = Quota(key="all", amount=amount).split(Cut.PHASE, {str(i): 1 for i in range(n)})
    parts = [units_of(part) for part in amounts(cut)]

    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts, reverse=True)


@given(trees())
def test_invariant_26_every_whole_is_the_sum_of_its_parts(tree):
    """Invariant 26: at every level, and of all leaves."""
    for _, quota in tree.walk():
        if quota.parts:
            assert sum(map(units_of, amounts(quota))) == units_of(quota.amount)
    assert sum(units_of(one.amount) for one in tree.leaves.values()) == units_of(tree.amount)


@given(trees())
def test_a_part_is_found_by_its_path(tree):
    paths = [path for path, _ in tree.walk()]

    assert len(set(paths)) == len(paths)
    assert [tree.find(path) for path in paths] == [quota for _, quota in tree.walk()]
    assert list(tree.leaves) == [path for path, quota in tree.walk() if not quota.parts]
    assert tree.depth == 1 + max(path.count("/") for path in paths)


@given(trees())
def test_totals_by_cut_sum_to_the_whole(tree):
    """Counted again over all leaves, by the last key of that cut on their way."""
    for cut in Cut:
        expected = {}
        for path, one in tree.leaves.items():
            keys = path.split("/")
            on_way = [tree.find("/".join(keys[:n])) for n in range(1, len(keys))]
            names = [key for key, above in zip(keys[1:], on_way, strict=True) if above.cut is cut]
            name = names[-1] if names else ""
            expected[name] = expected.get(name, 0) + units_of(one.amount)
        totals = {name: units_of(total) for name, total in tree.by(cut).items()}

        assert totals == expected
        assert sum(totals.values()) == units_of(tree.amount)


@given(moneys(), part_weights())
def test_every_leaf_is_cut_in_the_same_way(amount, weights):
    year = Quota(key="2026", amount=amount, during=Year(2026)).split_months()
    team = year.split_each(lambda month: month.split(Cut.PRODUCT, weights))

    assert team.amount == amount
    for before, after in zip(year.parts, team.parts, strict=True):
        assert after == before.split(Cut.PRODUCT, weights)


# --- verbs -----------------------------------------------------------------------------------


def test_a_quarter_is_cut_by_weights_of_its_months():
    """Parts of a fiscal year live in its time zone."""
    q3 = Quarter(2026, 3, first_month=4, tz="Asia/Shanghai")
    cut = Quota(key="Q3", amount=60, during=q3).split_periods(
        dict(zip(q3.months, [3, Decimal("1.5"), Fraction(3, 2)], strict=True))
    )

    assert amounts(cut) == [30, 15, 15]
    assert [part.key for part in cut.parts] == ["2026-10", "2026-11", "2026-12"]
    assert cut == Quota(key="Q3", amount=60, during=q3).split_periods(
        dict(zip(q3.months, [2, 1, 1], strict=True))
    )


def test_months_of_a_fiscal_year_run_over_new_year():
    months = Quota(key="FY", amount=12, during=Year(2026, first_month=4)).split_months()

    assert [part.key for part in months.parts][:1] == ["2026-04"]
    assert [part.key for part in months.parts][-1:] == ["2027-03"]
    assert amounts(months) == [1] * 12


def test_the_slash_of_a_span_does_not_part_its_path():
    span = Span(date(2026, 1, 1), date(2026, 2, 1))
    cut = YEAR.split_periods({span: 1})

    assert cut.find("2026/2026-01-01..2026-02-01").during == span


@pytest.mark.parametrize("during", [None, Week(2026, 1), Cycle(date(2026, 1, 5), 1)], ids=str)
def test_only_whole_months_are_cut_into_months(during):
    with pytest.raises(InvalidValue, match=r"^during is not made of calendar months"):
        Quota(key="all", amount=1, during=during).split_months()


def test_a_quota_is_shared_out_among_people_or_places():
    """The cut follows from what the owners are, and each part is owned."""
    people = YEAR.split_among({R7: 3, R8: 1})
    hospital = QuotaOwner(kind="institution", id="H-1")

    assert people.cut is Cut.PERSON
    assert [(part.key, part.owner, part.during) for part in people.parts] == [
        ("R-7", R7, YEAR.during),
        ("R-8", R8, YEAR.during),
    ]
    assert amounts(people) == [Money("750000", "CNY"), Money("250000", "CNY")]
    assert YEAR.split_among({NORTH: 1}).cut is Cut.TERRITORY
    assert YEAR.split_among({hospital: 1}).cut is Cut.CUSTOMER


def test_an_owner_answers_for_all_its_parts_once():
    """A manager's own quota holds those of the team; nothing is counted twice."""
    team = (
        evolve(YEAR, owner=NORTH).split_months().split_each(lambda m: m.split_among({R7: 1, R8: 1}))
    )
    seven = sum((q.amount for _, q in team.walk() if q.owner == R7), Money(0, "CNY"))

    assert team.total(R7) == seven == Money("500000.04", "CNY")
    assert team.total(R7) + team.total(R8) == team.amount == team.total(NORTH)
    assert team.total(QuotaOwner(kind="employee", id="R-9")) == Money(0, "CNY")
    assert team.total(QuotaOwner(kind="territory", id="R-7")) == Money(0, "CNY")


def test_an_owner_is_known_by_kind_and_id_whatever_the_role():
    team = YEAR.split_among({R7: 1})
    promoted = QuotaOwner(kind="employee", id="R-7", role="sales_manager")

    assert team.total(promoted) == YEAR.amount


def test_an_owner_within_its_own_quota_counts_once():
    whole = (
        evolve(YEAR, owner=R7)
        .split(Cut.PHASE, {"a": 1, "b": 1})
        .split_each(lambda part: part.split_among({R7: 1, R8: 1}))
    )

    assert whole.total(R7) == YEAR.amount


def test_of_quarters_and_their_months_the_finest_counts():
    """And what is not cut by period at all is told under the empty name."""
    q1 = Year(2026).quarters[0]
    year = YEAR.split_periods(dict.fromkeys(Year(2026).quarters, 1))
    mixed = evolve(
        year, parts=[part.split_months() if part.during == q1 else part for part in year.parts]
    )

    assert list(mixed.by(Cut.PERIOD)) == [
        "2026-01", "2026-02", "2026-03", "2026-Q2", "2026-Q3", "2026-Q4",
    ]  # fmt: skip
    assert dict(mixed.by("product")) == {"": YEAR.amount}


def test_what_is_cut_is_not_cut_again():
    """Its parts would be lost without a word."""
    with pytest.raises(InvalidValue, match=r"^parts are there already"):
        YEAR.split_months().split(Cut.PRODUCT, {"a": 1})


def test_cutting_each_leaf_may_leave_some_as_they_are():
    cut = YEAR.split(Cut.PRODUCT, {"a": 1, "b": 1})
    again = cut.split_each(lambda one: one if one.key == "a" else one.split(Cut.PHASE, {"x": 1}))

    assert list(again.leaves) == ["2026/a", "2026/b/x"]
    assert cut.split_each(lambda one: one) == cut


def test_cutting_each_leaf_changes_nothing_but_its_parts():
    """A split of another quota does not fit."""
    other = Quota(key="other", amount=Money(5, "CNY")).split(Cut.PHASE, {"x": 1})

    with pytest.raises(InvalidValue, match=r"^parts do not sum to the whole"):
        YEAR.split_each(lambda _: other)
    with pytest.raises(WrongType, match=r"^split hold a value of type NoneType"):
        YEAR.split_each(lambda _: None)


@pytest.mark.parametrize("path", ["", "2027", "2026/a/x", "2026/b", "a", "2026/", "/2026", CANARY])
def test_a_path_that_leads_nowhere_is_refused(path):
    with pytest.raises(InvalidValue, match=r"^path leads to no part") as caught:
        YEAR.split(Cut.PRODUCT, {"a": 1}).find(path)

    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("path", [None, 7, ["2026"], b"2026"], ids=repr)
def test_a_path_is_a_text(path):
    with pytest.raises(WrongType, match=r"^path is of type "):
        YEAR.find(path)


# --- what cannot be --------------------------------------------------------------------------

JULY, AUGUST = Month(2026, 7), Month(2026, 8)


@pytest.mark.parametrize(
    ("boxes", "field", "problem"),
    [
        ({"parts": [leaf("a", 3), leaf("b", 6)], "cut": "phase"}, "parts", "do not sum"),
        ({"parts": [leaf("a", 5), leaf("a", 5)], "cut": "phase"}, "parts", "have one key twice"),
        ({"parts": [leaf("a", 10)]}, "cut", "has no member"),
        ({"cut": "phase"}, "cut", "is said without parts"),
        ({"cut": CANARY, "parts": [leaf("a", 10)]}, "cut", "has no member"),
        ({"parts": [leaf("a", 10)], "cut": "period"}, "parts", "lack a period"),
        ({"parts": [leaf("a", 10, during=JULY), leaf("b")], "cut": "period"}, "parts", "lack a"),
        ({"parts": [leaf("a", 10, during=JULY)], "cut": "phase"}, "during", "is missing above"),
        ({"target": 10}, "target", "is not above the quota"),
        ({"target": 9}, "target", "is not above the quota"),
        ({"target": -1}, "target", "is below zero"),
        ({"target": Money(11, "CNY")}, "target", "is of type Money"),
        ({"target": 11.0}, "target", "is of type float"),
        ({"amount": -1}, "amount", "is below zero"),
        ({"amount": 1.0}, "amount", "is of type float"),
        ({"amount": True}, "amount", "is of type bool"),
        ({"amount": 10**13}, "amount", "is more than anybody counts"),
        ({"amount": 1 << 3_000_000}, "amount", "is more than anybody counts"),
        ({"amount": CANARY}, "amount", "is of type str"),
        ({"key": ""}, "key", "is empty"),
        ({"key": f"{CANARY}/x"}, "key", "has a slash"),
        ({"key": f"{CANARY}\0"}, "key", "has a control"),
        ({"key": CANARY * 100}, "key", "is longer than"),
        ({"key": 7}, "key", "is of type int"),
        ({"owner": CANARY}, "owner", "is of type str"),
        ({"during": CANARY}, "during", "is of type str"),
        ({"during": date(2026, 7, 1)}, "during", "is of type date"),
        ({"parts": CANARY, "cut": "phase"}, "parts", "is of type str"),
        ({"parts": [CANARY], "cut": "phase"}, "parts", "hold a value of type str"),
        ({"parts": None}, "parts", "is of type NoneType"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else "",
)
def test_what_is_no_quota_is_refused(boxes, field, problem):
    with pytest.raises(InvalidValue, match=rf"^{field} {problem}") as caught:
        Quota(**{"key": "all", "amount": 10, **boxes})

    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ([JULY, JULY.shift(0)], "parts overlap in time"),
        ([JULY, Week(2026, 31)], "parts overlap in time"),
        ([AUGUST, Span(date(2026, 7, 31), date(2026, 8, 2))], "parts overlap in time"),
        ([Month(2026, 6), JULY], "parts lie outside the period of the whole"),
        ([Quarter(2026, 3), Month(2026, 10)], "parts lie outside the period of the whole"),
        ([Month(2026, 7, tz="Asia/Shanghai"), AUGUST], "parts live in another time zone"),
    ],
    ids=str,
)
def test_periods_lie_inside_and_do_not_overlap(parts, problem):
    boxes = [leaf(str(n), 5, during=during) for n, during in enumerate(parts)]

    with pytest.raises(InvalidValue, match=f"^{problem}"):
        Quota(key="Q3", amount=10, during=Quarter(2026, 3), cut="period", parts=boxes)


def test_periods_may_leave_days_out_and_come_in_any_order():
    boxes = [leaf("b", 5, during=Month(2026, 9)), leaf("a", 5, during=JULY)]
    quota = Quota(key="Q3", amount=10, during=Quarter(2026, 3), cut="period", parts=boxes)

    assert [part.key for part in quota.parts] == ["b", "a"]


def test_parts_of_another_cut_may_share_a_period_but_not_leave_it():
    both = [leaf("a", 5, during=JULY), leaf("b", 5, during=JULY)]

    assert Quota(key="Q", amount=10, during=JULY, cut="product", parts=both).cut is Cut.PRODUCT
    with pytest.raises(InvalidValue, match=r"^parts lie outside"):
        Quota(key="Q", amount=10, during=AUGUST, cut="product", parts=both)


def test_a_part_far_below_cannot_slip_out_of_the_period():
    """Whoever stands between says its period too."""
    between = {"key": "R-7", "amount": 10, "cut": "period", "parts": [leaf("x", 10, during=JULY)]}

    with pytest.raises(InvalidValue, match=r"^during is missing"):
        Quota(**between)
    person = Quota(**between, during=JULY)
    with pytest.raises(InvalidValue, match=r"^parts lie outside"):
        Quota(key="all", amount=10, during=AUGUST, cut="person", parts=[person])


def test_invariant_30_two_currencies_are_no_quota():
    """Invariant 30: neither are money and a number."""
    yuan, yen = leaf("a", Money(5, "CNY")), leaf("b", Money(5, "JPY"))

    with pytest.raises(CurrencyMismatch):
        Quota(key="all", amount=Money(10, "CNY"), cut="product", parts=[yuan, yen])
    with pytest.raises(WrongType):
        Quota(key="all", amount=Money(10, "CNY"), cut="product", parts=[yuan, leaf("b", 500)])
    with pytest.raises(CurrencyMismatch):
        Quota(key="all", amount=Money(10, "CNY"), target=Money(11, "JPY"))


def test_a_target_is_above_its_quota():
    """目标要大于指标: 500 is none for 500, 501 is."""
    assert Quota(key="all", amount=500, target=501).target == 501


def test_a_tree_is_thirty_two_levels_deep_at_most():
    """One more is an error of ours and not of the interpreter."""
    tree = leaf("x", 1)
    for _ in range(31):
        tree = Quota(key="x", amount=1, cut="phase", parts=[tree])

    assert tree.depth == 32
    assert tree.find("/".join("x" * 32)).parts == ()
    assert pickle.loads(pickle.dumps(tree)) == tree
    with pytest.raises(InvalidValue, match=r"^parts are nested deeper than 32"):
        Quota(key="x", amount=1, cut="phase", parts=[tree])


@pytest.mark.parametrize(
    "weights",
    [
        {},
        {"a": 0},
        {"a": -1, "b": 2},
        {"a": 1.0},
        {"a": float("nan")},
        {"a": True},
        {"a": None},
        {"a": Decimal("sNaN")},
        {"a": Decimal("1e999999")},
        {"a": 1 << 3_000_000},
        {"": 1},
        {CANARY + "/": 1},
        {CANARY + "\0": 1},
        {7: 1},
        {"a": CANARY},
        [("a", 1)],
        CANARY,
        None,
    ],
    ids=lambda value: ascii(value)[:24] if "a" not in (value or "") else "weights",
)
def test_weights_are_exact_and_by_key(weights):
    with pytest.raises(SalesflowError) as caught:
        YEAR.split(Cut.PRODUCT, weights)

    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "weights",
    [{}, {R7: 1, NORTH: 1}, {"R-7": 1}, {R7: 1, QuotaOwner(kind="employee", id="R-7"): 1}, [R7]],
    ids=["none", "two kinds", "no owner", "one id twice", "no mapping"],
)
def test_owners_are_of_one_kind_and_each_once(weights):
    with pytest.raises(SalesflowError):
        YEAR.split_among(weights)


@pytest.mark.parametrize("weights", [{}, {"2026-01": 1}, {Month(2027, 1): 1}, [JULY]], ids=str)
def test_periods_are_periods_of_the_whole(weights):
    with pytest.raises(SalesflowError):
        YEAR.split_periods(weights)


def test_what_is_asked_for_is_of_its_kind():
    with pytest.raises(WrongType, match=r"^owner is of type str"):
        YEAR.total("R-7")
    with pytest.raises(InvalidValue, match=r"^cut has no member"):
        YEAR.by("doctor")


# --- values ----------------------------------------------------------------------------------


@given(trees())
def test_a_tree_is_a_value(tree):
    twin = pickle.loads(pickle.dumps(tree))

    assert (twin, hash(twin), twin.depth) == (tree, hash(tree), tree.depth)
    assert f"<{len(tree.parts)}>" in repr(tree)
    with pytest.raises(FrozenInstanceError):
        tree.amount = tree.amount


def test_a_list_passed_in_does_not_reach_the_tree():
    parts = [leaf("a", 10)]
    quota = Quota(key="all", amount=10, cut="phase", parts=parts)
    parts.append(leaf("b", 1))

    assert [part.key for part in quota.parts] == ["a"]


def test_every_cut_has_both_labels():
    """分阶段, 分时期, 分项目, 分产品, 分客户, and by person and territory."""
    assert {cut.label("zh") for cut in Cut} == {
        "分时期", "分阶段", "分产品", "分项目", "分客户", "分人员", "分区域",
    }  # fmt: skip


def test_a_million_parts_keep_the_sum():
    """Allocation at the size of a country, to the fen."""
    whole, weights = Money("987654321.01", "CNY"), [n % 977 for n in range(1_000_000)]
    parts, total = [part.minor for part in whole.allocate(weights)], sum(weights)

    assert sum(parts) == whole.minor
    assert all(
        abs(part * total - whole.minor * weight) < total
        for part, weight in zip(parts, weights, strict=True)
    )


def test_the_last_months_of_the_calendar_can_be_split():
    """The year 2200 has no month after it."""
    year = Quota(key="a", amount=24, during=Year(2200)).split_months()

    assert [part.key for part in year.parts][-1] == "2200-12"
    assert [part.amount for part in year.parts] == [2] * 12


@pytest.mark.parametrize("split", [None, 7, "split"])
def test_what_splits_a_leaf_is_a_function(split):
    """And is asked for by its name."""
    with pytest.raises(WrongType) as refused:
        Quota(key="a", amount=5).split_each(split)
    assert refused.value.field == "split"
