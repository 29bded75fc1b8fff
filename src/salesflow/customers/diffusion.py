"""Who takes up something new, and when: five categories of adopters.

The first 2.5 % of a population are innovators, then come the early adopters (13.5 %), the early
majority (34 %), the late majority (34 %) and the laggards (16 %).

>>> [(kind.name, n) for kind, n in adopters(400).items()][:2], next_adopters(72, 400)
([('INNOVATOR', 10), ('EARLY_ADOPTER', 54)], <AdopterCategory.EARLY_MAJORITY: 'early_majority'>)

Source: E. M. Rogers, "Diffusion of Innovations" (1962).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from typing import Final

from salesflow.errors import InvalidValue
from salesflow.forms import count, keyed
from salesflow.scales import Number, Rung, apportion, exact
from salesflow.tables import Rows, Table

__all__ = ["ADOPTER_SHARES", "AdopterCategory", "adopter_category", "adopters", "next_adopters"]


class AdopterCategory(Rung):
    """How early somebody takes up something new."""

    INNOVATOR = "innovator", "创新者", "innovator"
    EARLY_ADOPTER = "early_adopter", "早期采用者", "early adopter"
    EARLY_MAJORITY = "early_majority", "早期多数", "early majority"
    LATE_MAJORITY = "late_majority", "后期多数", "late majority"
    LAGGARD = "laggard", "置后者", "laggard"


#: share of each category in a population
ADOPTER_SHARES: Final = Table(
    {
        AdopterCategory.INNOVATOR: Fraction(25, 1000),
        AdopterCategory.EARLY_ADOPTER: Fraction(135, 1000),
        AdopterCategory.EARLY_MAJORITY: Fraction(340, 1000),
        AdopterCategory.LATE_MAJORITY: Fraction(340, 1000),
        AdopterCategory.LAGGARD: Fraction(160, 1000),
    }
)


def adopters(
    population: int, shares: Rows[AdopterCategory, Fraction] = ADOPTER_SHARES
) -> Table[AdopterCategory, int]:
    """Return how many of a population fall into each category, by largest remainder.

    The counts are whole and sum to the population.
    """
    rows = _shares(shares)
    parts = apportion(count(population, "population"), list(rows.values()))
    return Table(dict(zip(rows, parts, strict=True)))


def adopter_category(
    adopted: Number, shares: Rows[AdopterCategory, Fraction] = ADOPTER_SHARES
) -> AdopterCategory | None:
    """Return the category of whoever comes next once a share of the population has adopted.

    The share runs from 0 to 1; at 1 nobody is left: None.
    """
    share = exact(adopted, "adopted")
    if not 0 <= share <= 1:
        raise InvalidValue("adopted", "is not between 0 and 1", "pass a share of the population")
    rows = _shares(shares)
    ends = zip(rows, accumulate(rows.values()), strict=True)
    return next((category for category, end in ends if share < end), None)


def next_adopters(
    adopted: int, population: int, shares: Rows[AdopterCategory, Fraction] = ADOPTER_SHARES
) -> AdopterCategory | None:
    """Return the category of the next adopter, when so many of a population have adopted."""
    if count(adopted, "adopted") > count(population, "population"):
        raise InvalidValue("adopted", "are more than the population", "count the same people")
    if not population:
        raise InvalidValue("population", "is zero", "count people")
    return adopter_category(Fraction(adopted, population), shares)


def _shares(value: Rows[AdopterCategory, Fraction]) -> dict[AdopterCategory, Fraction]:
    if value is ADOPTER_SHARES:
        return dict(ADOPTER_SHARES)
    rows = keyed(AdopterCategory, value, "shares")
    shares = {category: exact(share, "shares") for category, share in rows.items()}
    if any(share < 0 for share in shares.values()) or sum(shares.values()) != 1:
        raise InvalidValue("shares", "are negative or do not sum to 1", "pass exact shares")
    return shares
