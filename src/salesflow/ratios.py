"""Ratios that keep what they were made of: of money, and of counts.

A `Ratio` is a part of a whole in money; it is exact and is `None` where there is no base.  A
`Rate` is so many of so many; it bears its n and, since it was learned from cases, an interval.
Rounding happens only in `percent`, half up, to one decimal.

>>> percent(Fraction(853, 1000)), percent(None)
('85.3%', '–')
>>> rate = Rate(7, 10)
>>> rate.ratio, rate.n, [round(bound, 2) for bound in rate.interval or ()]
(Fraction(7, 10), 10, [0.4, 0.89])

Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
JASA 22 (1927), for the interval of a rate; R. G. Newcombe, "Interval estimation for the difference
between independent proportions", Statistics in Medicine 17 (1998), method 10, for that of a change.
"""

from __future__ import annotations

from fractions import Fraction
from math import hypot, sqrt
from typing import Final

from attrs import field, frozen

from salesflow.errors import InvalidValue, WrongType
from salesflow.money import Money, half_up

__all__ = ["Z95", "Change", "Rate", "Ratio", "percent", "wilson"]

#: the two-sided 95 % point of the normal distribution
Z95: Final = 1.959963984540054


def percent(ratio: Fraction | None) -> str:
    """Show a ratio as a percentage with one decimal, rounded half up; no base shows a dash."""
    if ratio is None:
        return "–"
    tenths = half_up(ratio * 1000)
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}%"


def wilson(share: float, n: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share seen in `n` cases; `n` is above zero.

    Cases that do not weigh the same may be worth a number that is not whole.
    """
    spread = Z95 * Z95 / n
    centre = (share + spread / 2) / (1 + spread)
    half = Z95 * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    # Rounding must not push the bounds past the share itself.
    return min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))


@frozen(kw_only=True)
class Ratio:
    """A part of a whole, both in money; all three are None where there is no base."""

    #: the part
    part: Money | None
    #: the whole
    whole: Money | None
    #: part ÷ whole, exact; also None where the whole is zero
    ratio: Fraction | None
    #: how many deals the whole is made of
    n: int

    def __str__(self) -> str:
        return percent(self.ratio)


@frozen
class Rate:
    """So many cases of so many, written `Rate(7, 10)`."""

    #: cases in which it happened
    hits: int = field()
    #: cases decided either way
    n: int = field()

    def __attrs_post_init__(self) -> None:
        for name, count in (("hits", self.hits), ("n", self.n)):
            if type(count) is not int:
                raise WrongType.of(name, count, "count cases, as an int")
        if not 0 <= self.hits <= self.n:
            raise InvalidValue("hits", "are not between zero and n", "count cases, not events")

    @property
    def ratio(self) -> Fraction | None:
        """Rate itself: hits ÷ n, exact; None where no case was decided."""
        return Fraction(self.hits, self.n) if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the rate behind the cases; None where n is zero."""
        return wilson(self.hits / self.n, self.n) if self.n else None

    def __str__(self) -> str:
        return f"{percent(self.ratio)} (n={self.n})"


@frozen
class Change:
    """From one rate to another, written `Change(before, after)`: two periods, or two groups."""

    #: the rate before, or without
    before: Rate
    #: the rate after, or with
    after: Rate

    def __attrs_post_init__(self) -> None:
        for name, rate in (("before", self.before), ("after", self.after)):
            if not isinstance(rate, Rate):
                raise WrongType.of(name, rate, "pass a Rate")

    @property
    def difference(self) -> Fraction | None:
        """The rate after less the rate before, exact; None where either has no cases."""
        before, after = self.before.ratio, self.after.ratio
        return None if before is None or after is None else after - before

    @property
    def interval(self) -> tuple[float, float] | None:
        """Newcombe's 95 % interval of the difference; None where either has no cases."""
        before, after = self.before.interval, self.after.interval
        was, now = self.before.ratio, self.after.ratio
        if before is None or after is None or was is None or now is None:
            return None
        low = hypot(float(now) - after[0], before[1] - float(was))
        high = hypot(after[1] - float(now), float(was) - before[0])
        middle = float(now - was)
        return middle - low, middle + high

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero, so that more than chance is likely at work."""
        interval = self.interval
        return interval is not None and not interval[0] <= 0 <= interval[1]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
