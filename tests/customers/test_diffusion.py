"""A few begin, the many follow, some come last: five categories that make the whole."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesflow.customers.diffusion import (
    ADOPTER_SHARES,
    AdopterCategory,
    adopter_category,
    adopters,
    next_adopters,
)
from salesflow.errors import InvalidValue, WrongType

PORTIONS = st.fractions(0, 1, max_denominator=1000)


def by_share(adopted):
    """The category by other means: the list of the textbook, in percent of those who adopted."""
    ends = [Fraction(5, 2), 16, 50, 84, 100]
    left = [kind for kind, end in zip(AdopterCategory, ends, strict=True) if adopted * 100 < end]
    return left[0] if left else None


def test_ae_46_of_four_hundred_doctors_ten_are_innovators():
    """AE-46: 10, 54, 136, 136 and 64; after 72 adopters the early majority is next."""
    assert list(adopters(400).items()) == list(
        zip(AdopterCategory, [10, 54, 136, 136, 64], strict=True)
    )
    assert next_adopters(72, 400) is AdopterCategory.EARLY_MAJORITY


def test_the_shares_are_those_of_the_textbook():
    """2.5, 13.5, 34, 34 and 16 %: 2.5, 16, 50, 84 and 100 % together."""
    percent = [Decimal("2.5"), Decimal("13.5"), 34, 34, 16]

    assert [share * 100 for share in ADOPTER_SHARES.values()] == percent
    assert list(ADOPTER_SHARES) == sorted(AdopterCategory) == list(AdopterCategory)
    assert [kind.label("zh") for kind in AdopterCategory][::4] == ["创新者", "置后者"]


@given(st.integers(0, 10**6))
def test_invariant_43_the_categories_make_the_population(population):
    """Shares sum to 1; counts are whole, sum to n and lie within one of their share."""
    found = adopters(population)

    assert sum(ADOPTER_SHARES.values()) == 1
    assert sum(found.values()) == population
    assert list(found) == list(AdopterCategory)
    for kind, count in found.items():
        assert abs(count - population * ADOPTER_SHARES[kind]) < 1


@given(PORTIONS, PORTIONS)
def test_invariant_43_whoever_comes_later_is_no_earlier_adopter(one, other):
    """The category never falls as more of the population have adopted, up to the last."""
    earlier, later = (adopter_category(share) for share in sorted([one, other]))

    assert adopter_category(one) is by_share(one)
    assert later is None or (earlier is not None and earlier <= later)
    assert (adopter_category(one) is None) is (one == 1)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_next_adopter_follows_from_the_share(counted):
    """So many of so many are a share, and nothing else counts."""
    adopted, population = counted

    assert next_adopters(adopted, population) is by_share(Fraction(adopted, population))


@pytest.mark.parametrize(
    ("adopted", "kind"),
    [
        (0, AdopterCategory.INNOVATOR),
        (Decimal("0.0249"), AdopterCategory.INNOVATOR),
        (Decimal("0.025"), AdopterCategory.EARLY_ADOPTER),
        (Decimal("0.16"), AdopterCategory.EARLY_MAJORITY),
        (Fraction(1, 2), AdopterCategory.LATE_MAJORITY),
        (Decimal("0.84"), AdopterCategory.LAGGARD),
        (1, None),
    ],
    ids=str,
)
def test_a_category_ends_where_the_next_begins(adopted, kind):
    """With the whole share taken up, the next adopter belongs to the next category."""
    assert adopter_category(adopted) is kind


def test_nobody_is_left_when_all_have_adopted():
    """And a population of nobody has no next adopter."""
    assert next_adopters(400, 400) is None
    assert set(adopters(0).values()) == {0}
    with pytest.raises(InvalidValue, match=r"^population is zero"):
        next_adopters(0, 0)


@pytest.mark.parametrize(("adopted", "population"), [(401, 400), (1, 0)])
def test_more_than_all_cannot_have_adopted(adopted, population):
    """Two counts of different people make no share."""
    with pytest.raises(InvalidValue, match=r"^adopted are more than the population"):
        next_adopters(adopted, population)


@pytest.mark.parametrize("share", [Fraction(-1, 100), Fraction(101, 100), 2, -1], ids=str)
def test_a_share_lies_between_nothing_and_all(share):
    """18 is no share; 18 % is 0.18."""
    with pytest.raises(InvalidValue, match=r"^adopted is not between 0 and 1"):
        adopter_category(share)


@pytest.mark.parametrize("count", [1.0, True, "1", None, Fraction(1), Decimal(1)], ids=repr)
def test_people_are_counted_in_whole_numbers(count):
    """Nobody is half a doctor."""
    for act in (adopters, lambda n: next_adopters(n, 9), lambda n: next_adopters(1, n)):
        with pytest.raises(WrongType, match=r"^(population|adopted) is of type "):
            act(count)
    for act in (adopters, lambda n: next_adopters(n, 9), lambda n: next_adopters(1, n)):
        with pytest.raises(InvalidValue, match=r"^(population|adopted) is below zero"):
            act(-1)


def test_a_company_may_have_shares_of_its_own():
    """A market with two kinds of customers has two categories."""
    shares = {AdopterCategory.INNOVATOR: Fraction(1, 4), AdopterCategory.LAGGARD: Fraction(3, 4)}

    assert list(adopters(10, shares).values()) == [3, 7]
    assert next_adopters(2, 10, shares) is AdopterCategory.INNOVATOR
    assert next_adopters(3, 10, shares) is AdopterCategory.LAGGARD


@pytest.mark.parametrize("late", [Fraction(17, 100), Fraction(-16, 100)])
def test_shares_of_a_company_are_parts_of_a_whole(late):
    """Whatever the categories, together they are everybody."""
    shares = {**ADOPTER_SHARES, AdopterCategory.LAGGARD: late}
    with pytest.raises(InvalidValue, match=r"^shares "):
        adopters(400, shares)
