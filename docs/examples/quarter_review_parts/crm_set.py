"""The practice set "CRM Sales Opportunities": pipeline, products and teams, dates month first.

Lost deals carry an amount of 0 and open ones none, so the list price stands in.  Open deals have no
close date, and prospects no date at all.  Accounts are blank only where a deal never closed: the
account tells the outcome and must never be used to predict it.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from quarter_review_parts.source import (
    ASSUMED_USD,
    Filled,
    Grouping,
    Ledger,
    Options,
    Source,
    assumed_quarter,
    because,
    midnight,
)
from report_parts.intake import Intake
from report_parts.layout import UNKNOWN
from report_parts.rows import Row, Unreadable, once, read, shown
from salesflow import Label, Money, Opportunity, Quarter, Status, Term, WinRates, pipeline
from salesflow.funnel import RateOrigin
from salesflow.metrics import Movement
from salesflow.ratios import Rate

__all__ = ["FILES", "CrmStage", "crm_set"]

FILES: Final = ("sales_pipeline.csv", "products.csv", "sales_teams.csv")
_DEALS: Final = (
    "opportunity_id",
    "sales_agent",
    "product",
    "account",
    "deal_stage",
    "engage_date",
    "close_date",
    "close_value",
)
_WRITTEN: Final = "month/day/year"
_STAGE: Final = Label("阶段", "stage")
_DEFAULT: Final = Label("该数据集的末季", "the last one of this set")


class CrmStage(Term):
    """The two open stages of the set; Won and Lost are outcomes."""

    PROSPECTING = "Prospecting", "寻找客户", "Prospecting"
    ENGAGING = "Engaging", "接洽中", "Engaging"


# Prospects bear no date, so none can be read: the shape of the funnel begins after them.
_MACHINE: Final = pipeline("crm set", CrmStage, landmarks=(("shape", CrmStage.ENGAGING),))
_STATES: Final[dict[str, Term]] = {
    **{stage.value: stage for stage in CrmStage},
    "Won": Status.WON,
    "Lost": Status.LOST,
}
_FILLED: Final = {
    Status.LOST: Label("丢单（文件记 0）", "lost deals, 0 in the file"),
    Status.OPEN: Label("进行中机会（文件为空）", "open deals, blank in the file"),
}


def crm_set(folder: Path, options: Options) -> Source:
    """Read the set; without a quarter the last of 2017 is reviewed."""
    during = options.during(lambda: (2017, 4), "UTC")
    currency = options.currency or "USD"
    ledger = Ledger(currency=currency)
    reader = _Reader(folder, currency, during.tz)
    intake = Intake(read(folder, FILES[0], _DEALS), "opportunity_id", because)
    for row in intake.sheet.rows:
        minor = ledger.book(row, "close_value")
        deal = intake.take(row, partial(reader.deal, row))
        if deal is None:
            ledger.strike(minor)
        else:
            reader.deals[deal.id] = deal
    ledger.unreadable += len(intake.sheet.refused)
    ledger.filled += reader.filled()
    deals = tuple(reader.deals.values())
    decided = _decided(deals, during)
    return Source(
        name=Label("CRM Sales Opportunities 数据集", "CRM Sales Opportunities data set"),
        deals=deals,
        currency=currency,
        during=during,
        files=(intake.count, reader.prices.count, reader.teams.count),
        refused=(*intake.refused, *reader.prices.refused, *reader.teams.refused),
        ledger=ledger,
        notes=_notes(reader, decided, during, options),
        machine=_MACHINE,
        # Nobody can say what a prospect is worth here, and none stands in the figures.
        win_rates=WinRates(
            {CrmStage.PROSPECTING: 0, CrmStage.ENGAGING: decided.ratio or 0},
            origin=RateOrigin.LEARNED,
        ),
        groupings=reader.groupings(),
    )


def _decided(deals: tuple[Opportunity, ...], during: Quarter) -> Rate:
    """Return the share won of the deals decided before the quarter: nothing of it is peeked at."""
    ended = Counter(deal.status for deal in deals if deal.trail[-1].at < during.start)
    return Rate(ended[Status.WON], ended[Status.WON] + ended[Status.LOST])


class _Reader:
    """Makes deals of rows, with the prices and the teams beside them."""

    def __init__(self, folder: Path, currency: str, tz: str) -> None:
        self.currency = currency
        self.tz = tz
        self.deals: dict[str, Opportunity] = {}
        self.renamed = self.no_account = 0
        self._products: dict[str, tuple[str, Money]] = {}
        self._teams: dict[str, Row] = {}
        self._filled: dict[Status, list[int]] = {Status.LOST: [], Status.OPEN: []}
        self.prices = Intake(read(folder, FILES[1], ("product", "sales_price")), "product")
        self.teams = Intake(
            read(folder, FILES[2], ("sales_agent", "manager", "regional_office")), "sales_agent"
        )
        for row in self.prices.sheet.rows:
            listed = self.prices.take(row, partial(self._price, row))
            if listed is not None:
                self._products[_key(listed[0])] = listed
        for row in self.teams.sheet.rows:
            agent = self.teams.take(row, partial(row.text, "sales_agent"))
            if agent is not None:
                self._teams[agent] = row

    def deal(self, row: Row) -> Opportunity:
        """Return the deal of a row; raises `Unreadable`."""
        id_, state = row.text("opportunity_id"), row.entry("deal_stage", _STATES, _STAGE)
        once(id_, self.deals)
        product, price = self._product(row)
        engaged = row.day("engage_date", _WRITTEN)
        status = state if isinstance(state, Status) else Status.OPEN
        stage = CrmStage.ENGAGING if isinstance(state, Status) else state
        fill = status in _FILLED and row.cell("close_value") in {"", "0"}
        amount = price if fill else row.money("close_value", self.currency)
        events: list[tuple[datetime, Term]] = [(midnight(engaged, self.tz), stage)]
        if status is not Status.OPEN:
            events.append((midnight(row.day("close_date", _WRITTEN), self.tz), status))
        deal = Opportunity.from_history(
            id=id_,
            customer=row.cell("account") or UNKNOWN,
            owner=row.text("sales_agent"),
            product=product,
            amount=amount,
            events=events,
            machine=_MACHINE,
        )
        self.no_account += not row.cell("account")
        self.renamed += product != row.text("product")
        if fill:
            self._filled[status].append(amount.minor)
        return deal

    def filled(self) -> list[Filled]:
        """The amounts taken from the price list, of lost and of open deals."""
        return [
            Filled(what=_FILLED[status], n=len(minors), minor=sum(minors))
            for status, minors in self._filled.items()
        ]

    def groupings(self) -> tuple[Grouping, ...]:
        """What else the movements are grouped by: the manager and the office of the owner."""

        def of(column: str) -> Grouping:
            title = {
                "manager": Label("按经理", "By manager"),
                "regional_office": Label("按区域", "By regional office"),
            }[column]

            def key(move: Movement) -> str:
                team = self._teams.get(move.owner)
                return team.cells[column] if team and team.cells[column] else UNKNOWN

            return title, key

        return of("manager"), of("regional_office")

    def _price(self, row: Row) -> tuple[str, Money]:
        return row.text("product"), row.money("sales_price", self.currency)

    def _product(self, row: Row) -> tuple[str, Money]:
        name = row.text("product")
        found = self._products.get(_key(name))
        if found is None:
            raise Unreadable(
                f"价目表中无 {shown(name)}", f"{shown(name)!r} is not in the price list"
            )
        return found


def _key(product: str) -> str:
    """Bring `GTXPro` and `GTX Pro` together."""
    return product.replace(" ", "").casefold()


def _notes(reader: _Reader, decided: Rate, during: Quarter, options: Options) -> tuple[Label, ...]:
    notes = [
        Label(
            "丢单在文件中为 0，进行中机会为空，均以价目表价格补入；金额见核对一节。",
            "Lost deals carry 0 in the file and open ones no amount: both were given the list "
            "price of their product. How many and how much stands in the reconciliation.",
        ),
        Label(
            "进行中机会没有成交日期，未计入预测；文件没有回款，赢单在当日计为全额回款；"
            "没有丢单原因。",
            "Open deals have no close date and are in no forecast. The file tells no cash, so a "
            "win counts as collected on its day; it tells no reasons for losses.",
        ),
        Label(
            f"接洽中的赢率取自 {during} 之前已决的机会：{decided}；寻找客户阶段无从得知，按 0 计。",
            f"The win rate of Engaging is learned from the deals decided before {during}: "
            f"{decided}; nothing is known of Prospecting, which weighs 0.",
        ),
        Label(
            f"{reader.no_account:,} 个机会没有客户名，记为“未知”；"
            "只有未结机会缺客户名，不可用于预测。",
            f"{reader.no_account:,} deals have no account and go to the customer {UNKNOWN!r}; only "
            "deals that never closed lack it, so it must not be used to predict.",
        ),
        Label(
            f"{reader.renamed:,} 个机会的产品名按价目表统一（GTXPro → GTX Pro）。",
            f"{reader.renamed:,} deals write a product otherwise than the price list, which is "
            "followed (GTXPro → GTX Pro).",
        ),
        Label(
            f"日期按月/日/年读取，时区按 {reader.tz}。",
            f"Dates are read month first, in {reader.tz}.",
        ),
    ]
    if options.quarter is None:
        notes.append(assumed_quarter(during, _DEFAULT))
    if options.currency is None:
        notes.append(ASSUMED_USD)
    return tuple(notes)
