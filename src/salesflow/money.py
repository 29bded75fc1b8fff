"""Money: an exact amount in one ISO 4217 currency, down to the minor unit and no further.

An amount is kept as a whole number of minor units (分, cents), so adding and comparing are integer
arithmetic: exact, and out of reach of anybody's decimal context.  A product with a fraction is
rounded once, half up, to the minor unit.  Two currencies never meet: they raise.

>>> deal = Money("1200000", "CNY")
>>> deal - Money("400000.50", "CNY")
Money('799999.50', 'CNY')
>>> deal == wan(120)
True
>>> Money("1000000", "CNY").allocate([1] * 12)[3:5]
(Money('83333.34', 'CNY'), Money('83333.33', 'CNY'))

Source: ISO 4217 (currency codes and minor units); largest remainder is Hamilton's method.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from typing import Final, Self, final, overload

from attrs import field, frozen

from salesflow.errors import CurrencyMismatch, InvalidValue, WrongType
from salesflow.scales import apportion, exact
from salesflow.tables import Table, listed

__all__ = ["MINOR_UNITS", "NO_CURRENCY", "Money", "half_up", "wan"]

# The currencies in force, by their number of decimals (ISO 4217, 2026).
_BY_DECIMALS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL "
    "GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
    "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD "
    "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
    "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR "
    "ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
#: decimals of each currency, by its ISO 4217 code
MINOR_UNITS: Final = Table(
    {code: decimals for decimals, codes in _BY_DECIMALS.items() for code in codes.split()}
)
#: ISO 4217's own code for "no currency involved": the currency of a sum over nothing
NO_CURRENCY: Final = "XXX"

_INTEGER_DIGITS: Final = 18
_LARGEST_BITS: Final = 60
_LONGEST_TEXT: Final = 28
_AMOUNT: Final = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,8}))?")
# Beyond any economy; a product that passes it is a mistake, and would cost time to print.
_LARGEST: Final = 10**40

Factor = int | Decimal | Fraction


@final
@frozen(init=False, repr=False, order=False)
class Money:
    """An amount in a currency, written `Money("1200000", "CNY")`.

    Takes a str such as `"1200000.50"`, an int of whole units, or a Decimal; never a float.
    Raises `WrongType` or `InvalidValue` for anything that is not exactly an amount of at most
    18 integer digits and the decimals its currency has.
    """

    #: whole minor units, negative for what is owed
    minor: int
    #: ISO 4217 code
    currency: str = field()

    def __init_subclass__(cls) -> None:
        raise WrongType("Money", "is not made to be subclassed", "make a value of it instead")

    def __init__(self, amount: str | int | Decimal, currency: str) -> None:
        object.__setattr__(self, "minor", _read(amount, _decimals(currency)))
        # Plain text even where an enumeration of the host was passed.
        object.__setattr__(self, "currency", str.__str__(currency))

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> Self:
        """Return an amount counted in minor units, the way sums are kept inside a figure."""
        if type(minor) is not int:
            raise WrongType.of("minor", minor, "pass an int")
        if not -_LARGEST < minor < _LARGEST:
            raise InvalidValue("amount", "is beyond any economy", "check the unit")
        if currency != NO_CURRENCY:
            _decimals(currency)
        money = object.__new__(cls)
        object.__setattr__(money, "minor", minor)
        object.__setattr__(money, "currency", str.__str__(currency))
        return money

    @property
    def amount(self) -> Decimal:
        """The amount in whole units, with all its decimals."""
        digits = tuple(map(int, str(abs(self.minor))))
        return Decimal((self.minor < 0, digits, -MINOR_UNITS.get(self.currency, 0)))

    @property
    def in_wan(self) -> Decimal:
        """The amount in 万, exactly; `wan(money.in_wan)` gives the same money back."""
        sign, digits, exponent = self.amount.as_tuple()
        assert isinstance(exponent, int)
        return Decimal((sign, digits, exponent - 4))

    def allocate(self, weights: Sequence[Factor]) -> tuple[Money, ...]:
        """Split the amount in proportion to `weights`, to the minor unit, losing nothing.

        Largest remainder: each part gets the floor of its share, and the minor units left over go
        to the largest remainders, the earlier part first when two are equal.  The parts sum to
        the whole and each lies within one minor unit of its share.

        Raises `InvalidValue` where no weight is above zero or one is below.
        """
        parts = apportion(self.minor, listed(weights, "weights"))
        return tuple(Money.of_minor(part, self.currency) for part in parts)

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.minor

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money.of_minor(self.minor + self._same(other), self.currency)

    def __radd__(self, other: int) -> Money:
        # `sum()` starts from the int 0; any other number is a mistake.
        return self if type(other) is int and other == 0 else NotImplemented

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money.of_minor(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money.of_minor(-self.minor, self.currency)

    def __mul__(self, factor: Factor) -> Money:
        """Multiply and round once, half up, to the minor unit; a float raises `WrongType`."""
        return Money.of_minor(half_up(self.minor * exact(factor, "factor")), self.currency)

    __rmul__ = __mul__

    @overload
    def __truediv__(self, other: Money) -> Fraction: ...
    @overload
    def __truediv__(self, other: Factor) -> Money: ...
    def __truediv__(self, other: Money | Factor) -> Fraction | Money:
        """Money by money is an exact ratio, money by a number is money; zero raises."""
        divisor = self._same(other) if isinstance(other, Money) else exact(other, "divisor")
        if not divisor:
            raise InvalidValue("divisor", "is zero", "ask for the ratio only where there is a base")
        if isinstance(other, Money):
            return Fraction(self.minor, other.minor)
        return Money.of_minor(half_up(self.minor / Fraction(divisor)), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other) if isinstance(other, Money) else NotImplemented

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other) if isinstance(other, Money) else NotImplemented

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other) if isinstance(other, Money) else NotImplemented

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other) if isinstance(other, Money) else NotImplemented

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def __repr__(self) -> str:
        return f"Money({str(self.amount)!r}, {self.currency!r})"


def wan(amount: str | int | Decimal, currency: str = "CNY") -> Money:
    """Return an amount given in 万 (ten thousand units), the unit of Chinese sales plans.

    >>> wan("426.5")
    Money('4265000.00', 'CNY')
    """
    return Money.of_minor(_read(amount, 4 + _decimals(currency)), currency)


def half_up(value: Fraction | int) -> int:
    """Round to a whole number, halves away from zero, as accountants do.

    >>> half_up(Fraction(5, 2)), half_up(Fraction(-5, 2))
    (3, -3)
    """
    magnitude = int(abs(Fraction(value)) + Fraction(1, 2))
    return -magnitude if value < 0 else magnitude


def _decimals(currency: object) -> int:
    if not isinstance(currency, str) or currency not in MINOR_UNITS:
        raise InvalidValue("currency", "is not a currency in force", "pass an ISO 4217 code")
    return MINOR_UNITS[currency]


def _read(amount: object, decimals: int) -> int:
    """Return `amount` × 10 to the `decimals`, refusing before anything slow could happen."""
    match amount:
        case bool() | float():
            pass
        case int():
            if amount.bit_length() <= _LARGEST_BITS:
                return _sized(int(amount) * 10**decimals, decimals)
            raise InvalidValue("amount", "has more than 18 integer digits", "check the unit")
        case Decimal():
            return _sized(_from_decimal(amount, decimals), decimals)
        case str():
            return _sized(_from_text(amount, decimals), decimals)
        case _:
            pass
    remedy = "pass a str, an int or a Decimal"
    raise WrongType.of("amount", amount, remedy)


def _sized(units: int, decimals: int) -> int:
    if abs(units) >= 10 ** (_INTEGER_DIGITS + decimals):
        raise InvalidValue("amount", "has more than 18 integer digits", "check the unit")
    return units


def _from_text(amount: str, decimals: int) -> int:
    matched = _AMOUNT.fullmatch(amount) if len(amount) <= _LONGEST_TEXT else None
    if matched is None:
        problem = "is not a plain amount such as 1200000.50"
        raise InvalidValue("amount", problem, "use up to 18 ASCII digits and one point")
    sign, whole, part = matched.groups(default="")
    if len(part) > decimals:
        raise InvalidValue("amount", f"has more than {decimals} decimals", "round it first")
    units = int(whole + part.ljust(decimals, "0"))
    return -units if sign else units


def _from_decimal(amount: Decimal, decimals: int) -> int:
    if not amount.is_finite():
        raise InvalidValue("amount", "is not a finite number", "leave unknown amounts out")
    if amount and amount.adjusted() >= _INTEGER_DIGITS + decimals:
        raise InvalidValue("amount", "has more than 18 integer digits", "check the unit")
    # A context of our own: the caller's precision and traps change nothing.
    exact = Context(prec=2 * _INTEGER_DIGITS, traps=[Inexact])
    try:
        fixed = exact.quantize(amount, Decimal((0, (1,), -decimals)))
    except Inexact:
        raise InvalidValue(
            "amount", f"has more than {decimals} decimals", "round it first"
        ) from None
    return int(fixed.scaleb(decimals, exact))
