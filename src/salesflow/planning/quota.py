"""Quotas (指标): a tree whose every whole is the sum of its parts, to the minor unit.

A quota is cut into parts by period, person, product or whatever else it is managed by, and each
part again (目标的细分管理).  Sharing out is by largest remainder, so nothing is lost and each part
lies within one minor unit of its exact share of the whole that was split.  A quota is stated in
money or in a whole number of things, such as new deals; one tree keeps to one of them.

A part is found by its path, the keys from the root down.

>>> from salesflow import Money, Year
>>> year = Quota(key="2026", amount=Money("1000000", "CNY"), during=Year(2026)).split_months()
>>> [str(part.amount) for part in year.parts[3:5]]
['83333.34 CNY', '83333.33 CNY']
>>> team = year.split_each(lambda month: month.split(Cut.PRODUCT, {"CLIA-900": 2, "CLIA-300": 1}))
>>> team.find("2026/2026-01/CLIA-300").amount
Money('27777.78', 'CNY')
>>> [(product, str(total)) for product, total in team.by(Cut.PRODUCT).items()]
[('CLIA-900', '666666.64 CNY'), ('CLIA-300', '333333.36 CNY')]

Source: the rules for quotas (指标要细分到月, 指标要明确责任者, 目标要大于指标) and the cuts of
goals in the trade's training material; largest remainder is Hamilton's method.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, Generic

from attrs import evolve, field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.labels import Term
from salesflow.periods import Month, Period
from salesflow.planning.amounts import Amount, check_alike, check_amount, like, units
from salesflow.planning.owners import OwnerKind, QuotaOwner
from salesflow.scales import Number, apportion
from salesflow.tables import Rows, Table, listed_of, rows_of

__all__ = ["Cut", "Quota"]

#: stands between the keys of a path
SLASH: Final = "/"
_DEEPEST: Final = 32
# Months of a year.
_YEAR: Final = 12


class Cut(Term):
    """What a quota is cut by (目标的细分管理)."""

    PERIOD = "period", "分时期", "by period"
    PHASE = "phase", "分阶段", "by phase"
    PRODUCT = "product", "分产品", "by product"
    PROJECT = "project", "分项目", "by project"
    CUSTOMER = "customer", "分客户", "by customer"
    PERSON = "person", "分人员", "by person"
    TERRITORY = "territory", "分区域", "by territory"


# How a quota is cut that is shared out among owners of a kind.
_CUTS: Final = Table(
    {
        OwnerKind.EMPLOYEE: Cut.PERSON,
        OwnerKind.TERRITORY: Cut.TERRITORY,
        OwnerKind.INSTITUTION: Cut.CUSTOMER,
    }
)


def _listed(value: Iterable[Quota[Amount]]) -> tuple[Quota[Amount], ...]:
    return listed_of(value, Quota, "parts")


def _counted(parts: Sequence[object]) -> str:
    return f"<{len(parts)}>"


@frozen(kw_only=True)
class Quota(Generic[Amount]):
    """What is to be sold, by whom and when, with the parts it is cut into.

    Raises `InvalidValue` where it is not the sum of its parts, a key occurs twice among them, or
    their periods overlap or lie outside its own.
    """

    #: name of this part in its family, such as a month or the id of a product
    key: str
    #: what is to be sold: money, or a whole number of things
    amount: Amount
    #: who answers for it; None leaves it to whoever answers for the whole it belongs to
    owner: QuotaOwner | None = None
    #: when it is to be sold
    during: Period | None = None
    #: what one sets out to sell, always more than one has to (目标要大于指标)
    target: Amount | None = None
    #: what it is cut by, None for a leaf
    cut: Cut | None = None
    #: the parts it is cut into, in order
    parts: tuple[Quota[Amount], ...] = field(default=(), converter=_listed, repr=_counted)
    #: how many levels it has, 1 for a leaf
    depth: int = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        if SLASH in self.key:
            raise InvalidValue("key", "has a slash, which parts the keys of a path", "use a dash")
        check_amount(self.amount, "amount")
        _check_frame(self)
        depth = 1 + max((part.depth for part in self.parts), default=0)
        if depth > _DEEPEST:
            raise InvalidValue("parts", f"are nested deeper than {_DEEPEST}", "cut in fewer steps")
        object.__setattr__(self, "depth", depth)
        if self.parts:
            forms.terms(self, cut=Cut)
            _check_sum(self)
            _check_periods(self)
        elif self.cut is not None:
            raise InvalidValue("cut", "is said without parts", "say both or neither")

    def split(self, cut: Cut, weights: Rows[str, Number]) -> Quota[Amount]:
        """Return the quota cut into parts in proportion to weights, by the key of each part.

        Parts are of the period of the whole.  Raises `InvalidValue` where it is cut already.
        """
        rows: dict[str, Number] = rows_of(weights, "weights")
        return _split(self, cut, [(key, self.during, None) for key in rows], [*rows.values()])

    def split_among(self, weights: Rows[QuotaOwner, Number]) -> Quota[Amount]:
        """Return the quota shared out among owners of one kind, each by its id."""
        rows: dict[QuotaOwner, Number] = rows_of(weights, "weights")
        kinds = {owner.kind for owner in listed_of(tuple(rows), QuotaOwner, "weights")}
        if len(kinds) != 1:
            raise InvalidValue("weights", "are not of owners of one kind", "split kind by kind")
        parts = [(owner.id, self.during, owner) for owner in rows]
        return _split(self, _CUTS[kinds.pop()], parts, [*rows.values()])

    def split_periods(self, weights: Rows[Period, Number]) -> Quota[Amount]:
        """Return the quota cut by period; equal parts are `dict.fromkeys(year.quarters, 1)`."""
        rows: dict[Period, Number] = rows_of(weights, "weights")
        for period in rows:
            _check_period(period, "weights")
        parts = [(str(period).replace(SLASH, ".."), period, None) for period in rows]
        return _split(self, Cut.PERIOD, parts, [*rows.values()])

    def split_months(self) -> Quota[Amount]:
        """Return the quota cut into equal calendar months (指标要细分到月)."""
        return self.split_periods(dict.fromkeys(_months(self.during), 1))

    def split_each(self, split: Callable[[Quota[Amount]], Quota[Amount]]) -> Quota[Amount]:
        """Return the tree with every leaf cut in the same way: `lambda leaf: leaf.split(…)`."""
        if not callable(split):
            raise WrongType.of("split", split, "pass a function of a leaf")
        if self.parts:
            return evolve(self, parts=[part.split_each(split) for part in self.parts])
        (found,) = listed_of([split(self)], Quota, "split")
        return evolve(self, cut=found.cut, parts=found.parts)

    def below(self, path: str) -> list[tuple[str, Quota[Amount]]]:
        """Return the parts of the quota that stands at a path, as pairs of path and quota."""
        return [(f"{path}{SLASH}{part.key}", part) for part in self.parts]

    def walk(self) -> Iterator[tuple[str, Quota[Amount]]]:
        """Go through the tree from the root down, as pairs of path and quota."""
        waiting: list[tuple[str, Quota[Amount]]] = [(self.key, self)]
        while waiting:
            path, quota = waiting.pop()
            yield path, quota
            waiting += reversed(quota.below(path))

    @property
    def leaves(self) -> Table[str, Quota[Amount]]:
        """The parts that are not cut any further, by path."""
        return Table({path: quota for path, quota in self.walk() if not quota.parts})

    def find(self, path: str) -> Quota[Amount]:
        """Return the quota at a path; raises `InvalidValue` where there is none."""
        if not isinstance(path, str):
            raise WrongType.of("path", path, "join the keys from the root down by slashes")
        root, *keys = path.split(SLASH)
        found = self if root == self.key else None
        for key in keys:
            parts = () if found is None else found.parts
            found = next((part for part in parts if part.key == key), None)
        if found is None:
            raise InvalidValue("path", "leads to no part", "join the keys from the root down by /")
        return found

    def by(self, cut: Cut) -> Table[str, Amount]:
        """Return the total of each part of a cut across the tree, such as of each product.

        Where a part is cut again in the same way, such as quarters into months, the finest counts;
        what is not cut that way at all stands under "".  The totals sum to the whole.
        """
        wanted, totals = forms.term_of(Cut, cut, "cut"), dict[str, int]()
        waiting: list[tuple[str, Quota[Amount]]] = [("", self)]
        while waiting:
            name, quota = waiting.pop()
            if not quota.parts:
                totals[name] = totals.get(name, 0) + units(quota.amount)
            named = quota.cut is wanted
            waiting += [(part.key if named else name, part) for part in reversed(quota.parts)]
        return Table({name: like(self.amount, total) for name, total in totals.items()})

    def total(self, owner: QuotaOwner) -> Amount:
        """Return all that an owner answers for in the tree; a part of a part counts once."""
        if not isinstance(owner, QuotaOwner):
            raise WrongType.of("owner", owner, "pass a QuotaOwner")
        total = 0
        waiting: list[Quota[Amount]] = [self]
        while waiting:
            quota = waiting.pop()
            if quota.owner is not None and _name(quota.owner) == _name(owner):
                total += units(quota.amount)
            else:
                waiting += quota.parts
        return like(self.amount, total)


def _name(owner: QuotaOwner) -> tuple[OwnerKind, str]:
    # The same person may have another role in another part.
    return owner.kind, owner.id


def _split(
    whole: Quota[Amount],
    cut: Cut,
    parts: Sequence[tuple[str, Period | None, QuotaOwner | None]],
    weights: Sequence[Number],
) -> Quota[Amount]:
    if whole.parts:
        raise InvalidValue("parts", "are there already", "split the leaves, or the whole uncut")
    shares = apportion(units(whole.amount), weights)
    made = [
        Quota(key=key, amount=like(whole.amount, share), during=during, owner=owner)
        for (key, during, owner), share in zip(parts, shares, strict=True)
    ]
    return evolve(whole, cut=cut, parts=made)


def _months(during: Period | None) -> Iterator[Month]:
    if during is None or during.first.day != 1 or during.after.day != 1:
        raise InvalidValue("during", "is not made of calendar months", "split by period instead")
    first = Month(during.first.year, during.first.month, tz=during.tz)
    ends = during.after
    n = (ends.year - first.year) * _YEAR + ends.month - first.month
    yield from (first.shift(later) for later in range(n))


def _check_frame(quota: Quota[Amount]) -> None:
    if quota.owner is not None and not isinstance(quota.owner, QuotaOwner):
        raise WrongType.of("owner", quota.owner, "pass a QuotaOwner")
    if quota.during is not None:
        _check_period(quota.during, "during")
    if quota.target is not None:
        check_amount(quota.target, "target")
        check_alike(quota.amount, quota.target, "target")
        if units(quota.target) <= units(quota.amount):
            raise InvalidValue("target", "is not above the quota", "set out to sell more than that")


def _check_period(value: object, box: str) -> None:
    if not isinstance(value, Period):
        raise WrongType.of(box, value, "pass a period such as Month(2026, 7)")


def _check_sum(quota: Quota[Amount]) -> None:
    for part in quota.parts:
        check_alike(quota.amount, part.amount, "parts")
    if sum(units(part.amount) for part in quota.parts) != units(quota.amount):
        raise InvalidValue("parts", "do not sum to the whole", "share it out with split()")
    if len({part.key for part in quota.parts}) < len(quota.parts):
        raise InvalidValue("parts", "have one key twice", "give each its own key")


def _check_periods(quota: Quota[Amount]) -> None:
    whole, spans = quota.during, [part.during for part in quota.parts if part.during is not None]
    if quota.cut is not Cut.PERIOD:
        # Mostly the very period of the whole, and then there is nothing to prove.
        spans = [span for span in spans if span is not whole]
    elif len(spans) < len(quota.parts):
        raise InvalidValue("parts", "lack a period", "cut by period with split_periods()")
    if not spans:
        return
    if whole is None:
        raise InvalidValue("during", "is missing above a part that has one", "say it for both")
    if any(span.tz != whole.tz for span in spans):
        raise InvalidValue("parts", "live in another time zone than the whole", "use one zone")
    days = sorted((span.first, span.after) for span in spans)
    if days[0][0] < whole.first or max(after for _, after in days) > whole.after:
        raise InvalidValue("parts", "lie outside the period of the whole", "pass those inside it")
    if quota.cut is Cut.PERIOD and any(first < after for (_, after), (first, _) in pairwise(days)):
        raise InvalidValue("parts", "overlap in time", "pass periods that do not")
