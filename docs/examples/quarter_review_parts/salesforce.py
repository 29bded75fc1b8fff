"""A Salesforce export: `Opportunity.csv` and `OpportunityHistory.csv`, dates day first.

`StageName` decides how a deal ended; `IsClosed` and `IsWon` of such exports are not kept up.  The
history is taken as it was seen, through no gate.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

from quarter_review_parts.source import (
    ASSUMED_USD,
    Ledger,
    Options,
    Source,
    assumed_quarter,
    because,
    ids,
    midnight,
)
from report_parts.intake import Intake
from report_parts.rows import Row, Unreadable, once, read
from salesflow import Label, Machine, Opportunity, Quarter, Status, Term, WinRates, pipeline

__all__ = ["FILES", "RATES", "SalesforceStage", "salesforce"]

FILES: Final = ("Opportunity.csv", "OpportunityHistory.csv")
_DEALS: Final = ("Id", "CreatedDate", "AccountId", "OwnerId", "Amount", "CloseDate", "StageName")
_DEALS_TOO: Final = ("IsClosed", "IsWon")
_HISTORY: Final = ("OppID", "CreatedDate", "StageName")
_WRITTEN: Final = "day/month/year"
# Salesforce knows no product on the deal itself.
_NO_PRODUCT: Final = "unknown"


class SalesforceStage(Term):
    """The default stages of a Salesforce pipeline."""

    PROSPECTING = "Prospecting", "寻找客户", "Prospecting"
    QUALIFICATION = "Qualification", "资格确认", "Qualification"
    NEEDS_ANALYSIS = "Needs Analysis", "需求分析", "Needs Analysis"
    VALUE_PROPOSITION = "Value Proposition", "价值主张", "Value Proposition"
    DECISION_MAKERS = "Id. Decision Makers", "确定决策者", "Id. Decision Makers"
    PERCEPTION_ANALYSIS = "Perception Analysis", "认知分析", "Perception Analysis"
    PROPOSAL = "Proposal/Price Quote", "方案报价", "Proposal/Price Quote"
    NEGOTIATION = "Negotiation/Review", "谈判评审", "Negotiation/Review"


#: the default probabilities of these stages
RATES: Final = WinRates(
    {
        SalesforceStage.PROSPECTING: "0.10",
        SalesforceStage.QUALIFICATION: "0.10",
        SalesforceStage.NEEDS_ANALYSIS: "0.20",
        SalesforceStage.VALUE_PROPOSITION: "0.50",
        SalesforceStage.DECISION_MAKERS: "0.60",
        SalesforceStage.PERCEPTION_ANALYSIS: "0.70",
        SalesforceStage.PROPOSAL: "0.75",
        SalesforceStage.NEGOTIATION: "0.90",
    }
)
_STATES: Final[dict[str, Term]] = {
    **{stage.value: stage for stage in SalesforceStage},
    "Closed Won": Status.WON,
    "Closed Lost": Status.LOST,
}
_STAGE: Final = Label("阶段", "stage")
_FLAGS: Final = {"Closed Won": ("TRUE", "TRUE"), "Closed Lost": ("TRUE", "FALSE")}
_STILL_OPEN: Final = ("FALSE", "FALSE")
_DEFAULT: Final = Label("本例默认的季度", "the default of this example")
_NO_DEAL: Final = Label("所属机会未读入", "its deal was refused or is not in the file")

Seen = tuple[datetime, Term]


def salesforce(folder: Path, options: Options) -> Source:
    """Read the export; without a quarter the second of 2022 is reviewed."""
    during = options.during(lambda: (2022, 2), "UTC")
    currency = options.currency or "USD"
    ledger = Ledger(currency=currency)
    deals = Intake(read(folder, FILES[0], (*_DEALS, *_DEALS_TOO)), "Id", because)
    history = Intake(read(folder, FILES[1], _HISTORY), "OppID")
    seen, last_row = _histories(history, during.tz)
    machine = _machine(deals, seen)
    reader = _Reader(currency, during.tz, machine, seen)
    read_deals: dict[str, Opportunity] = {}
    for row in deals.sheet.rows:
        minor = ledger.book(row, "Amount")
        deal = deals.take(row, partial(reader.deal, row, read_deals))
        if deal is None:
            ledger.strike(minor)
        else:
            read_deals[deal.id] = deal
    _settle_history(history, last_row, read_deals)
    ledger.unreadable += len(deals.sheet.refused)
    return Source(
        name=Label("Salesforce 导出数据", "Salesforce export"),
        deals=tuple(read_deals.values()),
        currency=currency,
        during=during,
        files=(deals.count, history.count),
        refused=(*deals.refused, *history.refused),
        ledger=ledger,
        notes=_notes(deals.sheet.rows, reader, during, options),
        machine=machine,
        win_rates=RATES,
    )


def _histories(history: Intake, tz: str) -> tuple[dict[str, list[Seen]], list[tuple[Row, str]]]:
    """Return what was seen of each deal, and the rows it came from."""
    seen: dict[str, list[Seen]] = {}
    rows: list[tuple[Row, str]] = []
    for row in history.sheet.rows:
        try:
            seen_on = midnight(row.day("CreatedDate", _WRITTEN), tz)
            sighting = seen_on, row.entry("StageName", _STATES, _STAGE)
            id_ = row.text("OppID")
        except Unreadable as problem:
            history.refuse(row, problem.reason)
            continue
        seen.setdefault(id_, []).append(sighting)
        rows.append((row, id_))
    for sightings in seen.values():
        sightings.sort(key=lambda one: one[0])
    return seen, rows


def _settle_history(
    history: Intake, rows: list[tuple[Row, str]], deals: dict[str, Opportunity]
) -> None:
    for row, id_ in rows:
        if id_ in deals:
            history.used += 1
        else:
            history.refuse(row, _NO_DEAL)


def _machine(deals: Intake, seen: dict[str, list[Seen]]) -> Machine:
    """Return the default pipeline, without the stages at which no deal ever stood.

    A company that never uses a stage has no hole in its funnel there.
    """
    used = {state for sightings in seen.values() for _, state in sightings}
    used |= {
        _STATES[name] for row in deals.sheet.rows if (name := row.cells["StageName"]) in _STATES
    }
    stages = [stage for stage in SalesforceStage if stage in used]
    return pipeline("salesforce", stages or SalesforceStage)


class _Reader:
    """Makes deals of rows, and counts what was doubtful about them."""

    def __init__(
        self, currency: str, tz: str, machine: Machine, seen: dict[str, list[Seen]]
    ) -> None:
        self.currency = currency
        self.tz = tz
        self.machine = machine
        self.seen = seen
        self.ended_elsewhere: list[str] = []
        self.opened_before: list[str] = []
        self.no_history: list[str] = []
        self.started_closed = self.skipped = self.went_back = 0

    def deal(self, row: Row, known: dict[str, Opportunity]) -> Opportunity:
        """Return the deal of a row of `Opportunity.csv` and of its history."""
        id_ = row.text("Id")
        once(id_, known)
        amount = row.money("Amount", self.currency)
        created, closes = row.day("CreatedDate", _WRITTEN), row.day("CloseDate", _WRITTEN)
        state = row.entry("StageName", _STATES, _STAGE)
        deal = Opportunity.from_history(
            id=id_,
            customer=row.text("AccountId"),
            owner=row.text("OwnerId"),
            product=_NO_PRODUCT,
            amount=amount,
            expected_close=closes,
            events=self._events(id_, midnight(created, self.tz), state),
            machine=self.machine,
        )
        self._count(self.seen.get(id_, []))
        return deal

    def _events(self, id_: str, created: datetime, state: Term) -> list[Seen]:
        events = list(self.seen.get(id_, []))
        if not events:
            self.no_history.append(id_)
            return [(created, state)]
        first, stood = events[0]
        if created < first:
            self.opened_before.append(id_)
            entered = self.machine.start if isinstance(stood, Status) else stood
            events.insert(0, (created, entered))
        last, ended = events[-1]
        if ended is not state:
            self.ended_elsewhere.append(id_)
            events.append((last, state))
        return events

    def _count(self, seen: list[Seen]) -> None:
        states = [state for _, state in seen]
        self.started_closed += bool(states) and isinstance(states[0], Status)
        place = [self.machine.position(s) for s in states if not isinstance(s, Status)]
        self.went_back += any(later < earlier for earlier, later in pairwise(place))
        self.skipped += any(later > earlier + 1 for earlier, later in pairwise(place))


def _notes(
    rows: tuple[Row, ...], reader: _Reader, during: Quarter, options: Options
) -> tuple[Label, ...]:
    denied = sum(
        (row.cells["IsClosed"], row.cells["IsWon"])
        != _FLAGS.get(row.cells["StageName"], _STILL_OPEN)
        for row in rows
    )
    elsewhere, before = reader.ended_elsewhere, reader.opened_before
    unused = [stage for stage in SalesforceStage if stage not in reader.machine.stages]
    notes = [
        Label(
            f"结局以 StageName 为准；{denied} 行的 IsClosed/IsWon 与之矛盾，不予采用。",
            f"StageName decides the outcome; IsClosed and IsWon contradict it in {denied} rows "
            "and are not used.",
        ),
        Label(
            f"{len(elsewhere)} 个机会的历史停在别处，已按 StageName 在其最后已知时刻补上终态："
            f"{ids(elsewhere)}。",
            f"{len(elsewhere)} histories end elsewhere than StageName says; that state was added "
            f"at the last known instant: {ids(elsewhere)}.",
        ),
        Label(
            f"{len(before)} 个机会的 CreatedDate 早于历史首行，视为当日立项，阶段同首行；"
            f"{reader.started_closed} 个的历史一开始就已结束，此前视为在第一阶段。",
            f"{len(before)} deals have a CreatedDate before their first history row and count as "
            f"open from that day, at the stage of that row; {reader.started_closed} histories "
            "start closed, and count as having stood at the first stage before.",
        ),
        Label(
            f"历史原样导入，不经关口：{reader.skipped} 个曾跳过阶段，{reader.went_back} 个曾回退。",
            f"Histories are taken as seen, through no gate: {reader.skipped} skip a stage, "
            f"{reader.went_back} go back.",
        ),
        Label(
            "CloseDate 视为预计成交日，且只有最新值；文件没有回款，赢单在当日计为全额回款；"
            "没有丢单原因。",
            "CloseDate is the expected close, in its latest value only. The file tells no cash, so "
            "a win counts as collected on its day; it tells no reasons for losses.",
        ),
        Label(
            "各阶段赢率取 Salesforce 的默认概率，不是这支团队自己的。",
            "The win rates are Salesforce's default probabilities of the stages, not rates of this "
            "team.",
        ),
        Label(
            f"日期按日/月/年读取，时区按 {reader.tz}。",
            f"Dates are read day first, in {reader.tz}.",
        ),
    ]
    if options.quarter is None:
        notes.append(assumed_quarter(during, _DEFAULT))
    if reader.no_history:
        notes.append(
            Label(
                f"{len(reader.no_history)} 个机会没有历史，只知现状：{ids(reader.no_history)}。",
                f"{len(reader.no_history)} deals have no history: {ids(reader.no_history)}.",
            )
        )
    if unused:
        notes.append(
            Label(
                f"默认阶段中无人用过的不列入漏斗：{'、'.join(s.label('zh') for s in unused)}。",
                "Default stages at which no deal ever stood are left out of the funnel: "
                f"{', '.join(s.label('en') for s in unused)}.",
            )
        )
    if options.currency is None:
        notes.append(ASSUMED_USD)
    return tuple(notes)
