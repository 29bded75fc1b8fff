"""The sales plan of a quota, made in the four steps of the trade (分配指标的步骤).

1. Fill in a sales forecast by product, with the factors of the market in mind: `products`.
2. Add up what is expected to be sold: `forecast`.
3. Where that is less than the quota, look where more can be sold: `shortfall`, `headroom`.
4. Consider how to strengthen promotion until the quota is met: `close_gap` shares the shortfall
   out and says what no product has room for; that rest asks for other means, or another quota.

    shortfall = max(0, quota − Σ forecast)          headroom = max(0, potential − forecast)

A target is always above the quota (目标要大于指标); a plan without one is not accepted.

>>> from salesflow import wan
>>> forecasts = [ProductForecast(product="CLIA-900", amount=wan(200), potential=wan(230)),
...              ProductForecast(product="CLIA-300", amount=wan(180), potential=wan(190)),
...              ProductForecast(product="ELISA", amount=wan(100))]
>>> quota = Quota(key="2026", amount=wan(500))
>>> plan = SalesPlan(quota=quota, target=wan(550), products=forecasts)
>>> str(plan.shortfall.in_wan), {name: str(more) for name, more in plan.close_gap().more.items()}
('20.000000', {'CLIA-900': '150000.00 CNY', 'CLIA-300': '50000.00 CNY'})
>>> [finding.key for finding in plan.findings()]
['forecast_short', 'no_responsible', 'not_monthly', 'no_potential']
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final, Self

from attrs import evolve, field, frozen

from salesflow import forms, text
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.instants import day
from salesflow.labels import Label
from salesflow.money import Money
from salesflow.planning.amounts import check_alike, check_amount
from salesflow.planning.quota import Quota
from salesflow.tables import Table

__all__ = ["SALES_PLAN_REMARKS", "GapPlan", "ProductForecast", "SalesPlan"]

_TARGET_LOW: Final = Remark(
    "target_not_above_quota",
    Severity.BLOCK,
    Label("目标没有大于指标", "the target is not above the quota"),
    Label("目标要大于指标，提高目标后再确认计划", "set a higher target, then accept the plan"),
)
_SHORT: Final = Remark(
    "forecast_short",
    Severity.WATCH,
    Label("预计销量比指标少 {shortfall}", "the forecast falls short of the quota by {shortfall}"),
    Label("分析哪处可再提高销量", "look where more can be sold"),
)
_NOBODY: Final = Remark(
    "no_responsible",
    Severity.WATCH,
    Label("指标没有明确责任者：{paths}", "nobody answers for: {paths}"),
    Label("为每一部分指定责任者", "name somebody for each"),
)
_NOT_MONTHLY: Final = Remark(
    "not_monthly",
    Severity.WATCH,
    Label("指标没有细分到月：{paths}", "not cut down to months: {paths}"),
    Label("按月细分指标", "cut each into months"),
)
_NO_POTENTIAL: Final = Remark(
    "no_potential",
    Severity.WATCH,
    Label("没有估计潜力的产品：{products}", "products without an estimated potential: {products}"),
    Label("估计潜力，才能知道哪处可再提高", "estimate it, or their room stays unknown"),
)
_BEYOND: Final = Remark(
    "forecast_above_potential",
    Severity.WATCH,
    Label("预计销量超过潜力的产品：{products}", "forecast above the potential: {products}"),
    Label("核对预计和潜力", "check both figures"),
)
#: every finding about a sales plan
SALES_PLAN_REMARKS: Final = (_TARGET_LOW, _SHORT, _NOBODY, _NOT_MONTHLY, _NO_POTENTIAL, _BEYOND)

# The longest month: a cycle of four weeks is a month of field work.
_MONTH: Final = 31


@frozen(kw_only=True)
class ProductForecast:
    """What one product is expected to sell, and what it could."""

    #: id of the product
    product: str
    #: what it is expected to sell
    amount: Money
    #: what it could sell at the very most, None where nobody estimated it
    potential: Money | None = None

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "product")
        _check_money(self.amount, "amount")
        if self.potential is not None:
            _check_money(self.potential, "potential")
            check_alike(self.amount, self.potential, "potential")

    @property
    def headroom(self) -> Money | None:
        """How much more it could sell; None where nobody estimated its potential."""
        return None if self.potential is None else _above_zero(self.potential - self.amount)


@frozen(kw_only=True)
class GapPlan:
    """Where a shortfall can come from."""

    #: what each product has to sell beyond its forecast, the largest room first
    more: Table[str, Money]
    #: what no product has room for
    unplaced: Money


def _products(value: Iterable[ProductForecast]) -> tuple[ProductForecast, ...]:
    products = forms.list_of(ProductForecast, value, "products")
    if len({one.product for one in products}) < len(products):
        raise InvalidValue("products", "have one product twice", "forecast each once")
    return products


@frozen(kw_only=True)
class SalesPlan:
    """A quota, the target that is set above it, and what each product is expected to sell.

    Raises `InvalidValue` for an accepted plan whose target is not above its quota.
    """

    #: what has to be sold, with the parts it is cut into
    quota: Quota[Money]
    #: what one sets out to sell
    target: Money
    #: the forecast of each product
    products: tuple[ProductForecast, ...] = field(default=(), converter=_products)
    #: who accepted the plan, by id; empty while nobody did
    accepted_by: str = ""
    #: the day it was accepted
    accepted_on: date | None = None

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.quota, Quota):
            raise WrongType.of("quota", self.quota, "pass a Quota in money")
        _check_money(self.quota.amount, "quota")
        _check_money(self.target, "target")
        check_alike(self.quota.amount, self.target, "target")
        for one in self.products:
            check_alike(self.quota.amount, one.amount, "products")
        forms.optional_lines(self, "accepted_by")
        forms.optional_days(self, "accepted_on")
        if bool(self.accepted_by) != (self.accepted_on is not None):
            raise InvalidValue(
                "accepted_by", "stands without the day, or the day without it", "say both"
            )
        if self.accepted_by and not self.target_above_quota:
            raise InvalidValue("target", "is not above the quota", "set a higher one, then accept")

    @property
    def target_above_quota(self) -> bool:
        """Whether the plan may be accepted: the target is above the quota."""
        return self.target > self.quota.amount

    @property
    def forecast(self) -> Money:
        """What all products together are expected to sell."""
        return sum((one.amount for one in self.products), self.quota.amount * 0)

    @property
    def shortfall(self) -> Money:
        """How much the forecast falls short of the quota, zero where it does not."""
        return _above_zero(self.quota.amount - self.forecast)

    @property
    def headroom(self) -> Table[str, Money]:
        """How much more each product could sell, the most first; without those unknown."""
        rooms = [(one.product, one.headroom) for one in self.products]
        known = [(product, room) for product, room in rooms if room is not None]
        return Table(dict(sorted(known, key=lambda row: (-row[1].minor, row[0]))))

    def close_gap(self) -> GapPlan:
        """Return where the shortfall can come from: in proportion to headroom, never beyond it."""
        rooms, currency = self.headroom, self.quota.amount.currency
        weights = [room.minor for room in rooms.values()]
        placed = min(self.shortfall.minor, sum(weights))
        shares = Money.of_minor(placed, currency).allocate(weights) if placed else ()
        more = {name: share for name, share in zip(rooms, shares, strict=False) if share}
        unplaced = Money.of_minor(self.shortfall.minor - placed, currency)
        return GapPlan(more=Table(more), unplaced=unplaced)

    def accept(self, *, by: str, on: date) -> Self:
        """Return the plan as accepted by somebody on a day.

        Raises `InvalidValue` where the target is not above the quota, or it is accepted already.
        """
        if self.accepted_by:
            raise InvalidValue("plan", "is accepted already", "make a new plan")
        return evolve(self, accepted_by=text.line(by, "by"), accepted_on=day(on, "on"))

    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong with the plan or doubtful in it, about the key of its quota."""
        return tuple(self._findings(self.quota.key))

    def _findings(self, subject: str) -> Iterator[Finding]:
        if not self.target_above_quota:
            yield _TARGET_LOW.about(subject)
        if self.shortfall:
            yield _SHORT.about(subject, shortfall=self.shortfall)
        for remark, holds in ((_NOBODY, _owned), (_NOT_MONTHLY, _monthly)):
            if paths := tuple(_lacking(self.quota.key, self.quota, holds)):
                yield remark.about(subject, paths=paths)
        for remark, doubtful in ((_NO_POTENTIAL, _unknown), (_BEYOND, _beyond)):
            if products := tuple(one.product for one in self.products if doubtful(one)):
                yield remark.about(subject, products=products)


def _owned(quota: Quota[Money]) -> bool:
    return quota.owner is not None


def _monthly(quota: Quota[Money]) -> bool:
    return quota.during is not None and quota.during.days <= _MONTH


def _lacking(
    path: str, quota: Quota[Money], holds: Callable[[Quota[Money]], bool]
) -> Iterator[str]:
    """Go through the leaves for which something holds nowhere on their way from the root."""
    if holds(quota):
        return
    if not quota.parts:
        yield path
    for below, part in quota.below(path):
        yield from _lacking(below, part, holds)


def _unknown(forecast: ProductForecast) -> bool:
    return forecast.potential is None


def _beyond(forecast: ProductForecast) -> bool:
    return forecast.potential is not None and forecast.potential < forecast.amount


def _check_money(value: object, box: str) -> None:
    if not isinstance(value, Money):
        raise WrongType.of(box, value, "pass Money")
    check_amount(value, box)


def _above_zero(amount: Money) -> Money:
    return max(amount, amount * 0)
