"""What is measured, and how it compares: exact numbers, and ladders of words.

A `Rung` is a word of the trade that has an order, such as how far a relationship has come.
Numbers are taken exactly: an int, a Fraction or a Decimal, never a float, and never one so long
that computing with it would take time.

>>> class Warmth(Rung):
...     COLD = "cold", "冷", "cold"
...     WARM = "warm", "暖", "warm"
>>> Warmth.COLD < Warmth.WARM, reaches(Warmth.WARM, Warmth.COLD), reaches(2, Decimal("2.5"))
(True, True, False)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from math import lcm
from typing import Final

from salesflow.errors import InvalidValue, WrongType
from salesflow.labels import Term

__all__ = ["Measure", "Number", "Rung", "apportion", "common_measure", "exact", "reaches"]

#: a number taken exactly
Number = int | Fraction | Decimal

_BITS: Final = 256
_DIGITS: Final = 40
# Weights whose common measure is longer would take endless sums.
_COMMON_BITS: Final = 4096


class Rung(Term):
    """A member of a ladder: compares with the members of its own ladder, lowest first."""

    @property
    def rank(self) -> int:
        """Position on the ladder, 0 for the lowest rung."""
        return list(type(self)).index(self)

    def __lt__(self, other: object) -> bool:
        return self.rank < other.rank if isinstance(other, type(self)) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.rank <= other.rank if isinstance(other, type(self)) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.rank > other.rank if isinstance(other, type(self)) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.rank >= other.rank if isinstance(other, type(self)) else NotImplemented


#: what a threshold is stated in
Measure = Number | Rung


def exact(number: object, name: str) -> Fraction:
    """Return a number as a Fraction, refusing floats and what is too long to compute with.

    Raises `WrongType` for a float, a bool or no number, `InvalidValue` for a number that is not
    finite or has more than some forty digits.
    """
    match number:
        case bool():
            pass
        case int() | Fraction():
            if max(number.numerator.bit_length(), number.denominator.bit_length()) <= _BITS:
                return Fraction(number)
            raise InvalidValue(name, "has too many digits", "round it first")
        case Decimal():
            if not number.is_finite():
                raise InvalidValue(name, "is not a finite number", "leave unknown numbers out")
            # The size first: taking a million digits apart takes time and room.
            if abs(number.adjusted()) <= _DIGITS:
                with suppress(Inexact):
                    return Fraction(Context(prec=_DIGITS, traps=[Inexact]).plus(number))
            raise InvalidValue(name, "has too many digits", "round it first")
        case _:
            pass
    remedy = "pass an int, a Fraction or a Decimal"
    raise WrongType.of(name, number, remedy)


def reaches(value: Measure, threshold: Measure) -> bool:
    """Whether `value` is at least `threshold`; two different kinds of measure never are."""
    if isinstance(value, Rung) or isinstance(threshold, Rung):
        return isinstance(value, Rung) and type(value) is type(threshold) and value >= threshold
    return exact(value, "value") >= exact(threshold, "threshold")


def common_measure(numbers: Iterable[Fraction], name: str) -> int:
    """Return the least common denominator of some numbers; raises `InvalidValue` for a giant."""
    common = 1
    for number in numbers:
        common = lcm(common, number.denominator)
        if common.bit_length() > _COMMON_BITS:
            raise InvalidValue(name, "have no common measure of usual size", "round them")
    return common


def apportion(whole: int, weights: Sequence[Number]) -> tuple[int, ...]:
    """Split a whole number in proportion to weights into whole parts, losing nothing.

    Largest remainder: each part gets the floor of its share, and what is left over goes to the
    largest remainders, the earlier part first when two are equal.  The parts sum to the whole and
    each lies within one of its share.

    Raises `InvalidValue` where no weight is above zero or one is below.
    """
    if type(whole) is not int:
        raise WrongType.of("whole", whole, "pass a whole number")
    shares = [exact(weight, "weights") for weight in weights]
    common = common_measure(shares, "weights")
    # Counted in the common measure, all that follows is whole numbers.
    counts = [share.numerator * (common // share.denominator) for share in shares]
    total = sum(counts)
    if not total or min(counts) < 0:
        raise InvalidValue("weights", "are negative or sum to zero", "pass weights above zero")
    parts: list[int] = []
    remainders: list[int] = []
    for count in counts:
        part, remainder = divmod(abs(whole) * count, total)
        parts.append(part)
        remainders.append(-remainder)
    by_remainder = sorted(range(len(parts)), key=remainders.__getitem__)
    for index in by_remainder[: abs(whole) - sum(parts)]:
        parts[index] += 1
    return tuple(-part if whole < 0 else part for part in parts)
