"""A total is true where it is neither too high nor too low, and as sure as it should be."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from itertools import accumulate, pairwise
from math import inf, isclose, nan

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from effort_oracle import unnamed
from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.metrics.accuracy import (
    Accuracy,
    Spread,
    Total,
    accuracy,
    accuracy_by,
    crps,
    pinball,
)
from salesflow.money import Money
from salesflow.ratios import Rate
from salesflow.tables import Table
from strategies import moneys

LEVELS = st.sampled_from([(), (0.5,), (0.1, 0.9), (0.1, 0.5, 0.9), (0.05, 0.2, 0.8, 0.95)])
AMOUNTS = moneys(min_minor=-(10**4), max_minor=10**6)


def yuan(amount):
    """Money in yuan; in a test's figures, 100 minor units each."""
    return Money(amount, "CNY")


def total(told, came, /, **rest):
    """A total in yuan, of which a test says only what matters to it."""
    boxes = {"subject": "company", "period": "2026-Q3", "mean": yuan(told), "actual": yuan(came)}
    return Total(**{**boxes, **rest})


@st.composite
def totals(draw):
    """A total with or without nominal rates, quantiles and a score."""
    levels = draw(LEVELS)
    amounts = sorted(draw(AMOUNTS) for _ in levels)
    return Total(
        subject=draw(st.sampled_from(["company", "R-1", "R-2"])),
        period=draw(st.sampled_from(["2026-Q1", "2026-Q2"])),
        mean=draw(AMOUNTS),
        actual=draw(AMOUNTS),
        nominal=draw(st.none() | AMOUNTS),
        quantiles=dict(zip(levels, amounts, strict=True)),
        crps=draw(st.none() | st.floats(0, 10**6)),
    )


BOOKS = st.lists(totals(), max_size=12)
SOME = BOOKS.filter(bool)


class Steps:
    """A distribution told as a list: each amount with its weight, exact until it is asked."""

    def __init__(self, weights):
        self.weights = dict(sorted(weights.items()))
        self.whole = sum(self.weights.values())
        self.support = (min(self.weights), max(self.weights))
        self.asked = 0

    def cdf(self, x):
        self.asked += 1
        return float(sum(w for amount, w in self.weights.items() if amount <= x) / self.whole)

    def exact(self, actual):
        """E |X - actual| - E |X - X'| ÷ 2, another way to say the same."""
        part = {amount: Fraction(w, self.whole) for amount, w in self.weights.items()}
        miss = sum(p * abs(x - actual) for x, p in part.items())
        below = list(accumulate(part.values()))
        # E |X - X'| ÷ 2 is ∫ F × (1 - F), which takes no square of the number of amounts.
        own = sum(
            (high - low) * f * (1 - f)
            for (low, high), f in zip(pairwise(part), below, strict=False)
        )
        return miss - own


def steps(highest, max_size):
    """Distributions over amounts from 0 to `highest`, some of them hardly likely."""
    weights = st.integers(1, 10) | st.integers(1, 10**5)
    return st.dictionaries(st.integers(0, highest), weights, min_size=1, max_size=max_size).map(
        Steps
    )


# --- bias and WAPE ---------------------------------------------------------------------------


def test_bias_and_wape_by_hand():
    """Told 100 and 100, came 80 and 150: 30 too little of 230, and 70 off in all."""
    found = accuracy([total(100, 80), total(100, 150)])

    assert (found.n, found.bias, found.wape) == (2, Fraction(-30, 230), Fraction(70, 230))


@given(SOME)
def test_bias_and_wape_are_what_comes_of_adding_up(book):
    """In minor units, one total at a time; None without a base."""
    net = gross = missed = off = 0
    for one in book:
        miss = one.mean.minor - one.actual.minor
        net, gross = net + one.actual.minor, gross + abs(one.actual.minor)
        missed, off = missed + miss, off + abs(miss)
    found = accuracy(book)

    assert found.n == len(book)
    assert found.bias == (Fraction(missed, net) if net > 0 else None)
    assert found.wape == (Fraction(off, gross) if gross else None)


@given(SOME)
def test_the_nominal_figures_are_those_of_telling_the_nominal_amounts(book):
    """Over the totals that have one; None where none has."""
    asked = [one for one in book if one.nominal is not None]
    found = accuracy(book)
    same = accuracy(
        Total(subject="R", period="Q", mean=one.nominal, actual=one.actual) for one in asked
    )

    expected = (same.bias, same.wape) if same else (None, None)
    assert (found.nominal_bias, found.nominal_wape) == expected


@given(SOME)
def test_who_tells_what_comes_has_no_bias_and_misses_nothing(book):
    """Zero, or None where nothing came."""
    perfect = [Total(subject="R", period="Q", mean=one.actual, actual=one.actual) for one in book]
    found = accuracy(perfect)

    assert not found.bias
    assert not found.wape


@given(SOME)
def test_a_bias_is_never_beyond_the_wape(book):
    """What is missed on balance is never more than what is missed either way."""
    found = accuracy(evolve(one, actual=max(one.actual, yuan(0))) for one in book)

    assert found.bias is None or abs(found.bias) <= found.wape


@pytest.mark.parametrize(
    ("came", "has_bias", "has_wape"),
    [((0, 0), False, False), ((5, -5), False, True), ((-5, 1), False, True)],
)
def test_where_nothing_came_in_there_is_nothing_to_divide_by(came, has_bias, has_wape):
    """Nor is a bias read against a sum that was paid back."""
    found = accuracy([total(10, amount, nominal=yuan(10)) for amount in came])

    assert (found.bias is not None, found.wape is not None) == (has_bias, has_wape)
    assert (found.nominal_bias, found.nominal_wape) == (found.bias, found.wape)


def test_every_total_of_the_month_tells_too_much():
    """A quarter too much: the bias is the WAPE."""
    found = accuracy([total(125, 100), total(250, 200, nominal=yuan(100))])

    assert found.bias == found.wape == Fraction(1, 4)
    assert (found.nominal_bias, found.nominal_wape) == (Fraction(-1, 2), Fraction(1, 2))


# --- cover -----------------------------------------------------------------------------------


def test_the_cover_of_an_interval_counts_its_ends():
    """80 % from 60 to 140: 60 and 140 lie inside, 59.99 and 140.01 do not."""
    told = {0.1: yuan(60), 0.5: yuan(100), 0.9: yuan(140)}
    came = ["60", "140", "59.99", "140.01", "100"]
    found = accuracy([total(100, amount, quantiles=told) for amount in came])

    assert found.cover == Table({0.8: Rate(3, 5)})


@pytest.mark.parametrize(
    ("low", "share"),
    [(0.005, 0.99), (0.025, 0.95), (0.05, 0.9), (0.1, 0.8), (0.15, 0.7), (0.3, 0.4)],
)
def test_a_cover_is_found_by_the_share_that_was_promised(low, share):
    """However floats round 1 - 2 × 0.05, or 1 - 0.9."""
    high = 1 - low
    for told in ({low: yuan(1), high: yuan(3)}, {1 - high: yuan(1), round(high, 3): yuan(3)}):
        found = accuracy([total(2, 2, quantiles=told), total(2, 4, quantiles=told)])
        assert found.cover == Table({share: Rate(1, 2)})


@given(SOME)
def test_the_cover_is_what_counting_by_hand_gives(book):
    """Each pair of levels that leaves as much above as below, over the totals that have both."""
    expected = {}
    for low, high, share in ((0.05, 0.95, 0.9), (0.1, 0.9, 0.8), (0.2, 0.8, 0.6)):
        having = [one for one in book if low in one.quantiles and high in one.quantiles]
        inside = [one for one in having if one.quantiles[low] <= one.actual <= one.quantiles[high]]
        if having:
            expected[share] = Rate(len(inside), len(having))
    found = accuracy(book).cover

    assert dict(found) == expected
    assert list(found) == sorted(expected)


def test_levels_without_a_partner_cover_nothing():
    """The median alone, or 10 % and 80 %; their quantile losses are told all the same."""
    found = accuracy([total(2, 2, quantiles={0.1: yuan(1), 0.5: yuan(2), 0.8: yuan(3)})])

    assert dict(found.cover) == {}
    assert list(found.pinball) == [0.1, 0.5, 0.8]


# --- pinball ---------------------------------------------------------------------------------


def test_the_pinball_loss_by_hand():
    """At 90 %, 20 too little cost 18 and 20 too much cost 2; in a table, in minor units."""
    assert pinball(0.9, 100, 120) == pytest.approx(18)
    assert pinball(0.9, 140, 120) == pytest.approx(2)
    assert pinball(0.9, 120, 120) == 0

    told = {0.9: yuan(120)}
    found = accuracy([total(1, 140, quantiles=told), total(1, 100, quantiles=told), total(1, 1)])
    assert dict(found.pinball) == {0.9: pytest.approx((1800 + 200) / 2)}


@given(SOME)
def test_the_pinball_losses_are_means_over_the_totals_that_have_the_level(book):
    """Each from the definition: (level - [came < told]) × (came - told)."""
    found = accuracy(book).pinball
    levels = sorted({level for one in book for level in one.quantiles})

    assert list(found) == levels
    for level in levels:
        cases = [(one.quantiles[level], one.actual) for one in book if level in one.quantiles]
        losses = [
            (Fraction(level) - (came < told)) * (came.minor - told.minor) for told, came in cases
        ]
        assert found[level] == pytest.approx(float(sum(losses) / len(losses)), abs=1e-6)


@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=20),
    st.sampled_from([0.1, 0.25, 0.5, 0.9]),
    st.integers(-50, 50),
)
def test_nobody_loses_less_than_with_the_true_quantile(came, level, lie):
    """Over what comes, each as likely: the quantile of them has the lowest mean loss."""
    true = sorted(came)[-int(-level * len(came) // 1) - 1]

    def loss(told):
        return sum(pinball(level, told, amount) for amount in came)

    assert loss(true) <= loss(lie) + 1e-9


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.sampled_from([0.05, 0.9]))
def test_a_pinball_loss_is_never_below_zero(told, actual, level):
    """It is zero just where the amount came, and that of the median is half of the miss."""
    loss = pinball(level, told, actual)

    assert loss >= 0
    assert (loss == 0) == (told == actual)
    assert pinball(0.5, told, actual) == pytest.approx(abs(told - actual) / 2)


# --- CRPS ------------------------------------------------------------------------------------


def test_the_crps_of_a_sure_word_is_the_miss():
    """To the unit, on either side."""
    sure = Steps({500: 1})

    assert [crps(sure, came) for came in (500, 380, 620)] == [0, 120, 120]


def test_the_crps_of_heads_or_tails_by_hand():
    """0 or 100, each as likely: a quarter of 100 at either end, at 50, and 30 more at 130."""
    coin = Steps({0: 1, 100: 1})

    assert [crps(coin, came) for came in (0, 50, 100, 130, -7)] == [25, 25, 25, 55, 32]


@given(steps(60, 12), st.integers(-20, 80))
def test_the_crps_of_a_short_support_is_exact(spread, actual):
    """Amount by amount, and by the other formula: E |X - y| - E |X - X'| ÷ 2."""
    low, high = min(actual, 0), max(actual, 60)
    naive = sum((spread.cdf(x) - (x >= actual)) ** 2 for x in range(low, high))

    assert crps(spread, actual) == pytest.approx(naive, abs=1e-9)
    assert crps(spread, actual) == pytest.approx(float(spread.exact(actual)), abs=1e-9)


@given(steps(10**9, 15), st.integers(-(10**8), 11 * 10**8))
def test_the_crps_of_a_few_steps_is_exact_over_any_width(spread, actual):
    """Each step is found, to the unit."""
    assert crps(spread, actual) == pytest.approx(float(spread.exact(actual)), rel=1e-9)


@given(steps(10**9, 120), st.integers(0, 10**9))
def test_the_crps_of_many_steps_is_right_to_one_part_in_a_thousand(spread, actual):
    """With no more than 600 looks at the distribution."""
    found = crps(spread, actual)

    assert spread.asked <= 602
    assert found == pytest.approx(float(spread.exact(actual)), rel=1e-3)


@pytest.mark.parametrize("actual", [-5, 0, 3, 400_000, 999_999, 10**6, 2 * 10**6])
@pytest.mark.parametrize("n", [200, 2000])
def test_the_crps_of_an_even_distribution(n, actual):
    """Between 0 and a million: (y³ + (w - y)³) ÷ 3w² inside, and the way to it outside."""
    even = Steps({10**6 * step // n: 1 for step in range(n + 1)})

    class Even:
        support = (0, 10**6)

        def cdf(self, x):
            return (x // (10**6 // n) + 1) / (n + 1)

    assert crps(Even(), actual) == pytest.approx(float(even.exact(actual)), rel=1e-3)


def test_a_whale_is_seen():
    """Many small amounts, and one of ten million yuan that comes one time in ten."""
    spread = Steps({**{1000 * n: 9 for n in range(1, 300)}, 10**10: 299})

    assert crps(spread, 150_000) == pytest.approx(float(spread.exact(150_000)), rel=1e-3)
    assert crps(spread, 10**10) == pytest.approx(float(spread.exact(10**10)), rel=1e-3)


@given(steps(30, 5), steps(30, 5))
def test_on_average_nobody_scores_lower_than_with_the_truth(truth, lie):
    """Over what comes, as likely as it is."""

    def expected(told):
        return sum(weight * crps(told, came) for came, weight in truth.weights.items())

    assert expected(truth) <= expected(lie) + 1e-6


@given(steps(10**6, 8), st.integers(-100, 10**6 + 100), st.integers(-(10**6), 10**6))
def test_a_crps_hears_only_distances(spread, actual, shift):
    """Everything moved by as much scores the same."""
    moved = Steps({amount + shift: weight for amount, weight in spread.weights.items()})

    assert crps(moved, actual + shift) == pytest.approx(crps(spread, actual), rel=1e-9)


def test_a_distribution_may_miss_certainty_by_a_rounding():
    """One computed by waves tells 1.0000000001 now and then."""

    class Rounded(Steps):
        def cdf(self, x):
            return super().cdf(x) * (1 + 2e-10) - 1e-10

    weights = {0: 1, 10: 2, 30: 1}
    assert crps(Rounded(weights), 12) == pytest.approx(crps(Steps(weights), 12), abs=1e-7)


def test_the_mean_crps_is_over_the_totals_that_have_one():
    """None where none has."""
    book = [total(1, 1, crps=2), total(1, 1, crps=4.5), total(1, 1)]

    assert accuracy(book).crps == 3.25
    assert accuracy(book[2:]).crps is None


# --- groups ----------------------------------------------------------------------------------


@given(BOOKS)
def test_groups_partition_the_totals(book):
    """Each group is judged as if it stood alone, in the order of the names."""
    found = accuracy_by(book, lambda one: one.subject)

    assert list(found) == sorted({one.subject for one in book})
    assert sum(part.n for part in found.values()) == len(book)
    for name, part in found.items():
        assert part == accuracy([one for one in book if one.subject == name])


@given(SOME, st.randoms(use_true_random=False))
def test_the_order_of_the_totals_does_not_matter(book, draw):
    """As any iterable."""
    shuffled = book.copy()
    draw.shuffle(shuffled)

    assert accuracy(book) == accuracy(shuffled) == accuracy(iter(shuffled))


def test_no_totals_are_no_accuracy():
    """None, and no groups."""
    assert accuracy([]) is None
    assert dict(accuracy_by([], lambda one: one.subject)) == {}


def test_totals_in_two_currencies_are_refused():
    """In one figure; group by currency first."""
    dollars = Total(subject="R-1", period="Q", mean=Money(1, "USD"), actual=Money(1, "USD"))

    with pytest.raises(CurrencyMismatch):
        accuracy([total(1, 1), dollars])
    with pytest.raises(CurrencyMismatch):
        accuracy_by([total(1, 1), dollars], lambda _: "all")
    assert len(accuracy_by([total(1, 1), dollars], lambda one: one.mean.currency)) == 2


@pytest.mark.parametrize(
    "foreign",
    [
        {"actual": Money(1, "USD")},
        {"nominal": Money(1, "USD")},
        {"quantiles": {0.5: Money(1, "USD")}},
        {"quantiles": {0.1: Money(1, "CNY"), 0.9: Money(1, "USD")}},
    ],
)
def test_a_total_in_two_currencies_is_refused(foreign):
    """Where it is made."""
    with pytest.raises(CurrencyMismatch):
        total(1, 1, **foreign)


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("subject", ["", None, 7, "a\nb", "x" * 201]),
        ("period", ["", None, 7, "a\nb"]),
        ("mean", [None, 5, 0.5, "5 CNY"]),
        ("actual", [None, 5, 0.5, "5 CNY"]),
        ("nominal", [5, 0.5, "5 CNY"]),
        ("crps", [-1, -0.5, nan, inf, 10**41, True, "5", yuan(1)]),
        ("quantiles", [None, 5, "half", [yuan(1)], [(0.5, yuan(1))], {0.5: 1}, {0.5: None}]),
    ],
)
def test_a_total_with_a_bad_box_is_refused(name, values):
    """The box is named."""
    assert unnamed(lambda value: total(1, 1, **{name: value}), values, name) == []


@pytest.mark.parametrize("level", [0, 1, 0.0, 1.0, -0.1, 1.5, 90, nan, inf, True, "0.5", None])
def test_a_level_lies_between_zero_and_one(level):
    """In a table and alone."""
    assert unnamed(lambda one: total(1, 1, quantiles={one: yuan(1)}), [level], "quantiles") == []
    assert unnamed(lambda one: pinball(one, 1, 1), [level], "level") == []


@pytest.mark.parametrize(
    "crossed",
    [
        {0.1: yuan(2), 0.9: yuan(1)},
        {0.9: yuan(1), 0.1: yuan(2)},
        {0.1: yuan(1), 0.5: yuan(3), 0.9: yuan(2)},
        {0.1: yuan(1), Fraction(1, 10): yuan(1)},
    ],
)
def test_quantiles_that_cross_are_refused(crossed):
    """A higher level has the higher amount, and a level one amount."""
    with pytest.raises(InvalidValue, match=r"^quantiles cross or repeat a level; "):
        total(1, 1, quantiles=crossed)


@pytest.mark.parametrize("name", ["told", "actual"])
def test_what_is_no_number_has_no_pinball_loss(name):
    """By name."""
    values = [nan, inf, -inf, 10**40, True, "5", None, Fraction(1, 2), yuan(1)]

    assert (
        unnamed(lambda value: pinball(0.5, **{"told": 1, "actual": 1, name: value}), values, name)
        == []
    )


@pytest.mark.parametrize("figure", [accuracy, lambda book: accuracy_by(book, lambda one: "all")])
def test_what_are_no_totals_is_refused(figure):
    """By name, and not with an error of Python."""
    values = [None, 5, "told", [5], [None], total(1, 1), [total(1, 1), yuan(1)], {"a": 1}]

    assert unnamed(figure, values, "totals") == []


def test_a_key_that_names_no_group_is_refused():
    """It must be a function, and return a text that is not empty."""
    assert unnamed(lambda key: accuracy_by([], key), [None, "subject", 5], "key") == []
    for value in (None, 5, "", ("R-1",)):
        with pytest.raises(InvalidValue, match=r"^key "):
            accuracy_by([total(1, 1)], lambda _, value=value: value)


def test_what_is_no_distribution_has_no_crps():
    """Neither a list of amounts nor a kind of distribution; nor is an amount a float."""
    values = [None, 5, [1, 2], {"cdf": 1}, object()]

    assert unnamed(lambda spread: crps(spread, 5), values, "spread") == []
    assert (
        unnamed(
            lambda came: crps(Steps({0: 1}), came), [0.5, True, None, yuan(1), 10**40], "actual"
        )
        == []
    )


@pytest.mark.parametrize(
    "support",
    [None, 5, (), (1,), (1, 2, 3), (2, 1), (0.0, 1.0), (True, 2), ("1", "2"), (0, 10**40)],
)
def test_a_support_that_is_no_range_is_refused(support):
    """The lowest and the highest amount, in whole minor units."""
    spread = Steps({0: 1, 9: 1})
    spread.support = support

    assert unnamed(lambda one: crps(one, 5), [spread], "support") == []


@pytest.mark.parametrize("share", [nan, inf, -0.1, 1.1, None, "0.5", yuan(1)])
def test_a_distribution_that_tells_no_probability_is_refused(share):
    """Where it is asked."""

    class Broken(Steps):
        def cdf(self, x):
            return share

    assert unnamed(lambda one: crps(one, 5), [Broken({0: 1, 9: 1})], "cdf") == []


def test_a_refusal_tells_the_type_and_never_the_value():
    """It may stand in a log."""
    with pytest.raises(WrongType, match=r"^mean is of type str; pass Money\.$"):
        total(1, 1, mean="Dr Wang")


# --- values ----------------------------------------------------------------------------------


def test_quantiles_are_kept_in_the_order_of_their_levels():
    """As floats, whatever the order they were given in; none are told by default."""
    made = total(1, 1, quantiles={0.9: yuan(3), Fraction(1, 2): yuan(2), 0.1: yuan(2)})

    assert list(made.quantiles.items()) == [(0.1, yuan(2)), (0.5, yuan(2)), (0.9, yuan(3))]
    assert made == total(1, 1, quantiles=made.quantiles)
    assert (dict(total(1, 1).quantiles), total(1, 1).nominal, total(1, 1).crps) == ({}, None, None)


def test_any_object_with_a_support_and_a_cdf_is_a_distribution():
    """Nothing need be inherited."""
    assert isinstance(Steps({0: 1}), Spread)
    assert not isinstance(object(), Spread)
    assert isclose(crps(Steps({0: 1, 10: 1}), 5), 2.5)


def test_an_accuracy_is_a_value():
    """Equal by content, hashable, copied and stored, and not to be changed."""
    book = [total(100, 80, nominal=yuan(70), quantiles={0.1: yuan(1), 0.9: yuan(99)}, crps=3.5)]
    found = accuracy(book)

    assert found == copy.deepcopy(found) == pickle.loads(pickle.dumps(found))
    assert hash(found) == hash(copy.deepcopy(found))
    assert book[0] == pickle.loads(pickle.dumps(book[0]))
    assert len({book[0], copy.deepcopy(book[0])}) == 1
    for value, name in ((found, "bias"), (book[0], "actual")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, 1)
    assert type(found) is Accuracy
