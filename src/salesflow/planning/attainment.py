"""Attainment (销售达成率): what was sold against what was to be sold, up the whole tree.

    attainment = actual ÷ quota          shortfall = max(0, quota − actual)

What each leaf brought in is rolled up to its team, its quarter and the whole, so the figures of a
manager and of the representatives can never disagree.

>>> from salesflow import Money
>>> from salesflow.planning.quota import Cut
>>> team = Quota(key="team", amount=Money("900", "CNY"))
>>> team = team.split(Cut.PERSON, {"R-1": 2, "R-2": 1})
>>> sold = attainment(team, {"team/R-1": Money("660", "CNY")})
>>> [(path, str(one), str(one.shortfall)) for path, one in sold.items()]
[('team', '73.3%', '240.00 CNY'), ('team/R-1', '110.0%', '0.00 CNY'),
 ('team/R-2', '0.0%', '300.00 CNY')]
"""

from __future__ import annotations

from fractions import Fraction
from typing import Generic

from attrs import frozen

from salesflow.errors import InvalidValue, WrongType
from salesflow.planning.amounts import Amount, check_alike, like, units
from salesflow.planning.quota import SLASH, Quota
from salesflow.ratios import percent
from salesflow.scales import exact
from salesflow.tables import Rows, Table, rows_of

__all__ = ["Attainment", "attainment"]


@frozen(kw_only=True)
class Attainment(Generic[Amount]):
    """How much of a quota was sold; `str` shows the ratio."""

    #: what was to be sold
    quota: Amount
    #: what was sold; below zero where more came back
    actual: Amount

    @property
    def ratio(self) -> Fraction | None:
        """Actual ÷ quota, exact; None where the quota is zero."""
        whole = units(self.quota)
        return Fraction(units(self.actual), whole) if whole else None

    @property
    def shortfall(self) -> Amount:
        """What is still missing, zero where the quota is met."""
        return like(self.quota, max(0, units(self.quota) - units(self.actual)))

    def __str__(self) -> str:
        return percent(self.ratio)


def attainment(tree: Quota[Amount], actuals: Rows[str, Amount]) -> Table[str, Attainment[Amount]]:
    """Return the attainment of every quota of a tree, by path, from what each leaf brought in.

    A leaf that is left out brought in nothing.  Raises `InvalidValue` for a path that is no leaf,
    since what its parts brought in would count twice.
    """
    if not isinstance(tree, Quota):
        raise WrongType.of("tree", tree, "pass a Quota")
    given, quotas = rows_of(actuals, "actuals"), dict(tree.walk())
    for path, actual in given.items():
        if path not in quotas or quotas[path].parts:
            raise InvalidValue("actuals", "have a path that is no leaf", "key them by `leaves`")
        check_alike(tree.amount, actual, "actuals")
        exact(units(actual), "actuals")
    sums = {path: units(given[path]) if path in given else 0 for path in quotas}
    # From the last leaf back to the root, each part is complete before its whole is.
    for path in reversed(quotas):
        above, _, _ = path.rpartition(SLASH)
        if above:
            sums[above] += sums[path]
    return Table(
        {
            path: Attainment(quota=quota.amount, actual=like(tree.amount, sums[path]))
            for path, quota in quotas.items()
        }
    )
