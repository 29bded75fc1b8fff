"""Our own book: `deals.csv`, `events.csv` and, if you like, `settings.csv`.

Copy the folder `book` and put your own deals in; docs/how-to/review-your-csv.md explains every
column.  `deals.csv` has one row a deal, as it was opened; `events.csv` one row for everything that
happened to it since, performed by the verb of the same name, through the gates.  So a row that
breaks a rule is refused, and listed.

- `advance`, `win`, `record`: `gates` names the gates answered, `kind` and `ref` the proof,
  `value` a figure or a rung such as `trust`, `approver` who approved it.  With `reason` and
  `approver`, and no `gates`, the shut gates are overridden.
- `regress` (`stage`, `reason`), `hold`, `reopen` (`reason`), `resume`
- `lose`: `reason` is a key such as `chose_competitor`; `competitor` and `note` may be blank
- `collect` (`amount`), `revise` (`amount` or `expected_close`, which `none` clears)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from quarter_review_parts.source import Ledger, Options, Source, assumed_quarter, because
from report_parts.inputs import first_reason, read_in
from report_parts.intake import Intake
from report_parts.rows import BadInput, Row, Sheet, Unreadable, once, read, shown
from report_parts.settings import SETTINGS, setting_rows, unknown_setting
from salesflow import (
    ActivityKind,
    Evidence,
    Label,
    LossReason,
    Money,
    Opportunity,
    Override,
    Quarter,
    Stage,
)
from salesflow.customers import RelationshipLevel
from salesflow.funnel import KEEP
from salesflow.scales import Measure

__all__ = ["FILES", "KNOWN", "STALLED", "book", "settings"]

FILES: Final = ("deals.csv", "events.csv")
# The columns without which nothing can be told; the others may be missing, as may their cells.
_DEALS: Final = ("id", "customer", "owner", "product", "amount", "currency", "opened_at")
_EVENTS: Final = ("deal", "at", "act")
#: the setting of a limit for all stages; with a dot and a stage after it, for that one
STALLED: Final = "stalled_after"
KNOWN: Final = ("quarter", "at", "quota", "currency", "time_zone", STALLED)
_ACT: Final = Label("动作", "act")
_NO_DEAL: Final = Label("所属机会未读入", "its deal was refused or is not in deals.csv")

Verb = Callable[[Opportunity, Row, datetime], Opportunity]


def settings(folder: Path) -> dict[str, str]:
    """Return the settings of a book, all of them optional; an unknown one is refused."""
    rows = setting_rows(folder)
    try:
        said = {row.cell("name"): row.cell("value") for row in rows if row.cells["value"]}
    except Unreadable as problem:
        raise BadInput(f"{SETTINGS}: {problem}") from None
    for name in said:
        if name not in KNOWN and not name.startswith(f"{STALLED}."):
            raise unknown_setting(name, KNOWN, f"{STALLED}.STAGE")
    return said


def book(folder: Path, options: Options) -> Source:
    """Read a book; `options` hold what the settings and the command line say."""
    zone = options.file_tz
    deals = Intake(read(folder, FILES[0], _DEALS, zone), "id", because)
    events = Intake(read(folder, FILES[1], _EVENTS, zone), "deal", because)
    currency = options.currency or _commonest_currency(deals.sheet)
    ledger = Ledger(currency=currency)
    minors = {row.number: _booked(ledger, row) for row in deals.sheet.rows}
    found: dict[str, tuple[Opportunity, Row]] = {}
    waiting = _by_deal(events)
    for row in sorted(deals.sheet.rows, key=_opening):
        deal = deals.take(row, partial(_opened, row, currency, found))
        if deal is None:
            ledger.strike(minors[row.number])
            continue
        for step in waiting.pop(deal.id, []):
            deal = events.take(step, partial(_performed, deal, step)) or deal
        found[deal.id] = deal, row
    for orphan in (step for steps in waiting.values() for step in steps):
        events.refuse(orphan, _NO_DEAL)
    ledger.unreadable += len(deals.sheet.refused)
    in_order = sorted(found.values(), key=lambda one: one[1].number)
    during = options.during(lambda: _last_quarter(deals, in_order, options.tz or "UTC"), "UTC")
    return Source(
        name=Label("机会台账", "Book of deals"),
        deals=tuple(deal for deal, _ in in_order),
        currency=currency,
        during=during,
        files=(deals.count, events.count),
        refused=(*deals.in_order, *events.in_order),
        ledger=ledger,
        notes=(
            Label(
                "每条事件都经由同名动作过关口执行；违反规则的事件不予执行并列出，机会停留在其前状态。",
                "Every event was performed by the verb of its name, through the gates. One that "
                "breaks a rule is not performed but listed, and its deal stands without it.",
            ),
            Label(
                "已完成额为期内实际回款，尚未赢单的分期回款也在内。",
                "Completed is cash collected in the quarter, instalments of open deals included.",
            ),
            *_assumed(deals, events, during, options),
        ),
    )


def _commonest_currency(sheet: Sheet) -> str:
    codes = Counter(row.cells["currency"].upper() for row in sheet.rows)
    return next((code for code, _ in codes.most_common() if _is_currency(code)), "CNY")


def _is_currency(code: str) -> bool:
    try:
        Money(0, code)
    except ValueError:
        return False
    return True


def _booked(ledger: Ledger, row: Row) -> int | None:
    return ledger.book(row, "amount") if row.cells["currency"].upper() == ledger.currency else None


def _opening(row: Row) -> float:
    # A first sale comes before its second one, wherever it stands in the file.
    try:
        return row.instant("opened_at").timestamp()
    except Unreadable:
        return 0.0


def _assumed(deals: Intake, events: Intake, during: Quarter, options: Options) -> tuple[Label, ...]:
    """Say what was read otherwise than it is written, or chosen because nobody did."""
    notes = []
    local = any(row.is_local("opened_at") for row in deals.sheet.rows)
    if options.file_tz and (local or any(row.is_local("at") for row in events.sheet.rows)):
        notes.append(read_in(options.file_tz))
    if options.quarter is None:
        notes.append(
            assumed_quarter(during, Label("最后一条记录所在的季度", "that of the last event"))
        )
    return tuple(notes)


def _last_quarter(sheet: Intake, deals: list[tuple[Opportunity, Row]], tz: str) -> tuple[int, int]:
    last = max((deal.trail[-1].at for deal, _ in deals), default=None)
    if last is None:
        why = first_reason(sheet.in_order)
        raise BadInput(f"no deal can be read{why}, so no quarter suggests itself; give --quarter")
    local = last.in_timezone(tz)
    return local.year, (local.month + 2) // 3


def _by_deal(events: Intake) -> dict[str, list[Row]]:
    """Return the events of each deal, in order of time."""
    timed: defaultdict[str, list[tuple[datetime, Row]]] = defaultdict(list)
    for row in events.sheet.rows:
        try:
            timed[row.text("deal")].append((row.instant("at"), row))
        except Unreadable as problem:
            events.refuse(row, problem.reason)
    return {
        id_: [row for _, row in sorted(steps, key=lambda step: step[0])]
        for id_, steps in timed.items()
    }


def _opened(row: Row, currency: str, found: Mapping[str, tuple[Opportunity, Row]]) -> Opportunity:
    """Open the deal of a row, or the second sale to the customer of a won one."""
    id_, at = row.text("id"), row.instant("opened_at")
    once(id_, found)
    code = row.text("currency").upper()
    if code != currency:
        raise Unreadable(
            f"币种 {shown(code)} 与本报告（{currency}）不同，请另行生成",
            f"is in {shown(code)}, not in {currency}: review that currency by itself",
        )
    amount = row.money("amount", currency)
    closes = row.day("expected_close") if row.cell("expected_close") else None
    stage = row.term("stage", Stage) if row.cell("stage") else None
    origin = row.cell("origin")
    if not origin:
        return Opportunity.open(
            id=id_,
            customer=row.text("customer"),
            owner=row.text("owner"),
            product=row.text("product"),
            amount=amount,
            at=at,
            expected_close=closes,
            stage=stage,
        )
    first = found[origin][0].as_of(at) if origin in found else None
    if first is None:
        raise Unreadable(
            f"未找到首单 {shown(origin)}", f"its first sale {shown(origin)!r} is not here"
        )
    return first.resale(
        id=id_,
        owner=row.text("owner"),
        product=row.text("product"),
        amount=amount,
        at=at,
        expected_close=closes,
        stage=stage,
    )


def _performed(deal: Opportunity, row: Row) -> Opportunity:
    return row.entry("act", _VERBS, _ACT)(deal, row, row.instant("at"))


def _evidence(row: Row) -> tuple[Evidence, ...]:
    """Return one evidence for each gate that the row names; they share the proof."""
    return tuple(
        Evidence(
            gate=gate,
            kind=row.term("kind", ActivityKind),
            ref=row.text("ref"),
            value=_measure(row.cell("value")),
            approver=row.cell("approver"),
        )
        for gate in row.cell("gates").split()
    )


def _measure(cell: str) -> Measure | None:
    if not cell:
        return None
    for rung in RelationshipLevel:
        if cell == rung.value:
            return rung
    try:
        return Decimal(cell)
    except InvalidOperation:
        raise Unreadable(
            f"value 无法识别：{shown(cell)}", f"value {shown(cell)!r} is unknown"
        ) from None


def _override(row: Row) -> Override | None:
    if row.cell("gates") or not row.cell("reason"):
        return None
    return Override(approver=row.text("approver"), reason=row.text("reason"))


def _revise(deal: Opportunity, row: Row, at: datetime) -> Opportunity:
    amount = row.money("amount", deal.amount.currency) if row.cell("amount") else None
    reason = row.cell("reason")
    match row.cell("expected_close"):
        case "":
            return deal.revise(at=at, amount=amount, expected_close=KEEP, reason=reason)
        case "none":
            return deal.revise(at=at, amount=amount, expected_close=None, reason=reason)
        case _:
            closes = row.day("expected_close")
            return deal.revise(at=at, amount=amount, expected_close=closes, reason=reason)


def _lose(deal: Opportunity, row: Row, at: datetime) -> Opportunity:
    return deal.lose(
        row.term("reason", LossReason),
        at=at,
        competitor=row.cell("competitor"),
        note=row.cell("note"),
    )


#: the verb behind each act
_VERBS: Final[Mapping[str, Verb]] = MappingProxyType(
    {
        "record": lambda deal, row, at: deal.record(_evidence(row), at=at),
        "advance": lambda deal, row, at: deal.advance(
            at=at, evidence=_evidence(row), override=_override(row)
        ),
        "win": lambda deal, row, at: deal.win(
            at=at, evidence=_evidence(row), override=_override(row)
        ),
        "regress": lambda deal, row, at: deal.regress(
            to=row.term("stage", Stage), at=at, reason=row.text("reason")
        ),
        "hold": lambda deal, row, at: deal.hold(at=at, reason=row.text("reason")),
        "resume": lambda deal, _, at: deal.resume(at=at),
        "lose": _lose,
        "reopen": lambda deal, row, at: deal.reopen(at=at, reason=row.text("reason")),
        "collect": lambda deal, row, at: deal.collect(
            row.money("amount", deal.amount.currency), at=at
        ),
        "revise": _revise,
    }
)
