"""A season is learned from whole years, each of the same weight, and says how many there were."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salesflow.errors import CurrencyMismatch, InvalidValue, SalesflowError, WrongType
from salesflow.money import Money, wan
from salesflow.periods import Month, Quarter, Week, Year
from salesflow.planning.quota import Quota
from salesflow.planning.seasons import ENOUGH_YEARS, SEASON_REMARKS, SeasonShare, seasons
from strategies import moneys

CANARY = "王小明13800138000"


def quarters_of(year, *amounts, **boxes):
    return {Quarter(year, n, **boxes): wan(amount) for n, amount in enumerate(amounts, 1)}


PAST = {**quarters_of(2024, 1, 2, 3, 4), **quarters_of(2025, 40, 20, 20, 20)}


@st.composite
def pasts(draw):
    """Some years of quarters, of which any may lack one or have sold nothing."""
    years = draw(st.lists(st.integers(2000, 2030), min_size=1, max_size=5, unique=True))
    past = {
        Quarter(year, n): draw(moneys(max_minor=draw(st.sampled_from([0, 3, 10**14]))))
        for year in years
        for n in range(1, 5)
    }
    gone = draw(st.sets(st.sampled_from(list(past)), max_size=len(past) - 1))
    return {period: sold for period, sold in past.items() if period not in gone}


# --- laws ------------------------------------------------------------------------------------


@given(pasts())
def test_the_share_is_the_mean_of_the_shares_of_complete_years(past):
    """Found again year by year."""
    learned = seasons(past)
    shares = {}
    for year in {period.year for period in past}:
        sold = [past[Quarter(year, n)].minor for n in range(1, 5) if Quarter(year, n) in past]
        if len(sold) == 4 and sum(sold):
            shares[year] = [Fraction(one, sum(sold)) for one in sold]

    assert learned.years == tuple(sorted(shares))
    assert learned.left_out == tuple(sorted({period.year for period in past} - set(shares)))
    for number, share in learned.shares.items():
        seen = [row[number - 1] for row in shares.values()]
        assert (share.low, share.high) == (min(seen), max(seen))
        assert share.mean == sum(seen) / Fraction(len(seen))
    assert sum(share.mean for share in learned.shares.values()) == bool(shares)


@given(pasts(), moneys())
def test_whatever_was_learned_splits_a_year(past, amount):
    """The longest past makes no weight too long to split by."""
    learned, year = seasons(past), Year(2031)
    if learned.n:
        weights = learned.weights(year.quarters)
        cut = Quota(key="2031", amount=amount, during=year).split_periods(weights)
        shares = [share.mean for share in learned.shares.values()]
        for part, share in zip(cut.parts, shares, strict=True):
            assert abs(part.amount.minor - amount.minor * share) <= 2


@given(pasts(), st.integers(2, 1000))
def test_a_year_that_sold_more_weighs_no_more(past, factor):
    grown = {p: sold * factor if p.year % 2 else sold for p, sold in past.items()}

    assert seasons(grown) == seasons(past)


# --- by hand ---------------------------------------------------------------------------------


def test_two_years_of_quarters():
    """Of 10 and of 100: 10 % and 40 % make 25 % for the first quarter."""
    learned = seasons(PAST)

    assert (learned.n, learned.years, learned.left_out) == (2, (2024, 2025), ())
    assert learned.shares[1] == SeasonShare(
        mean=Fraction(1, 4), low=Fraction(1, 10), high=Fraction(2, 5)
    )
    assert dict(learned.weights([Quarter(2027, 4), Quarter(2027, 1)])) == {
        Quarter(2027, 4): Fraction(3, 10),
        Quarter(2027, 1): Fraction(1, 4),
    }


def test_months_are_learned_and_split_in_the_same_way():
    past = {Month(2025, n): wan(n) for n in range(1, 13)}
    year = Quota(key="2026", amount=wan(156), during=Year(2026))
    months = [Month(2026, n) for n in range(1, 13)]

    assert [part.amount for part in year.split_periods(seasons(past).weights(months)).parts] == [
        wan(2 * n) for n in range(1, 13)
    ]


def test_fiscal_quarters_keep_their_own_year():
    learned = seasons(quarters_of(2025, 1, 1, 1, 2, first_month=4))

    assert learned.calendar == (4, 4)
    assert learned.weights([Quarter(2026, 4, first_month=4)])[
        Quarter(2026, 4, first_month=4)
    ] == Fraction(2, 5)
    with pytest.raises(InvalidValue, match=r"^periods are not of the kind learned from"):
        learned.weights([Quarter(2026, 4)])


def test_a_broken_year_is_left_out_and_named():
    """And so is one in which more came back than was sold, or nothing was sold."""
    past = {
        **PAST,
        **quarters_of(2026, 1, 1, 1),
        **quarters_of(2027, 0, 0, 0, 0),
        **quarters_of(2028, 5, -1, 5, 5),
    }
    learned = seasons(past)
    thin, left_out = learned.findings("CLIA-900")

    assert (learned.years, learned.left_out) == ((2024, 2025), (2026, 2027, 2028))
    assert learned.shares == seasons(PAST).shares
    assert (thin.key, thin.subject, thin.text.zh) == (
        "season_thin",
        "CLIA-900",
        "季节规律只有 2 个完整年度可依",
    )
    assert (left_out.key, left_out.text.en) == (
        "season_years_left_out",
        "years left out: 2026, 2027, 2028",
    )
    assert [remark.key for remark in SEASON_REMARKS] == [thin.key, left_out.key]


def test_three_years_are_enough_unless_the_host_says_otherwise():
    learned = seasons({**PAST, **quarters_of(2026, 1, 1, 1, 1)})

    assert ENOUGH_YEARS == learned.n == 3
    assert learned.findings("P-1") == ()
    assert [one.key for one in learned.findings("P-1", enough=4)] == ["season_thin"]


def test_without_a_complete_year_there_is_nothing_to_split_by():
    """Nothing is invented: it can be asked for, and doing it raises."""
    learned = seasons(quarters_of(2026, 1, 1, 1))

    assert (learned.n, dict(learned.shares), learned.calendar) == (0, {}, (4, 1))
    with pytest.raises(InvalidValue, match=r"^history has no complete year"):
        learned.weights(Year(2027).quarters)


# --- hostile ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("past", "problem"),
    [
        ({}, "is empty or mixes calendars"),
        ({Month(2026, 1): wan(1), Quarter(2025, 1): wan(1)}, "is empty or mixes calendars"),
        (
            {Quarter(2026, 1): wan(1), Quarter(2025, 1, first_month=4): wan(1)},
            "is empty or mixes calendars",
        ),
        (
            {Month(2026, 1): wan(1), Month(2026, 1, tz="Asia/Shanghai"): wan(1)},
            "has one period twice",
        ),
        ({Week(2026, 1): wan(1)}, "is of type Week"),
        ({CANARY: wan(1)}, "is of type str"),
        ({Month(2026, 1): 1}, "is of type int"),
        ({Month(2026, 1): 1.5}, "is of type float"),
        ({Month(2026, 1): CANARY}, "is of type str"),
        ([Month(2026, 1)], "is of type list"),
        (CANARY, "is of type str"),
        (None, "is of type NoneType"),
    ],
)
def test_a_past_is_money_by_month_or_quarter(past, problem):
    with pytest.raises(InvalidValue) as caught:
        seasons(past)

    assert (caught.value.field, caught.value.problem) == ("history", problem)


def test_invariant_30_a_past_is_of_one_currency():
    """Invariant 30: yuan and yen are no season."""
    with pytest.raises(CurrencyMismatch):
        seasons({Month(2026, 1): wan(1), Month(2026, 2): Money(1, "JPY")})


@pytest.mark.parametrize("periods", [[CANARY], CANARY, None, [Month(2026, 1)], [[]], [Year(2026)]])
def test_weights_are_for_periods_of_the_same_kind(periods):
    with pytest.raises(SalesflowError, match=r"^periods ") as caught:
        seasons(PAST).weights(periods)

    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("boxes", "error"),
    [
        ({"subject": ""}, InvalidValue),
        ({"subject": 7}, WrongType),
        ({"enough": -1}, InvalidValue),
        ({"enough": 2.5}, WrongType),
        ({"enough": True}, WrongType),
    ],
)
def test_findings_are_about_something(boxes, error):
    with pytest.raises(InvalidValue) as caught:
        seasons(PAST).findings(**{"subject": "P-1", **boxes})

    assert (type(caught.value), caught.value.field) == (error, *boxes)


def test_a_season_is_a_value():
    learned = seasons(PAST)

    assert pickle.loads(pickle.dumps(learned)) == learned
    assert len({learned, seasons(PAST)}) == 1
    with pytest.raises(FrozenInstanceError):
        learned.years = ()
