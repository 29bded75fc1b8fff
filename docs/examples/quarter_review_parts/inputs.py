"""What the review found doubtful, and what became of every deal and every amount of the input."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from quarter_review_parts.figures import many
from quarter_review_parts.source import Source
from report_parts.inputs import agrees, counted_
from report_parts.layout import Page, few
from salesflow import Finding, Label, Money, Severity
from salesflow.metrics import Review

__all__ = ["findings_", "reconciliation_"]

_MOST: Final = 3
_MONEY: Final = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ([A-Z]{3})\b( (?=[一-鿿]))?")


def findings_(page: Page, review: Review) -> None:
    """What is wrong, where, and what to do next; the same kind is told once."""
    page.heading("发现与建议", "Findings and advice")
    kinds: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in review.findings:
        kinds.setdefault((finding.severity, finding.key), []).append(finding)
    if not kinds:
        page.text("没有发现问题。", "Nothing was found.")
    order, known = list(Severity), {move.id for move in review.movements}
    for severity, key in sorted(kinds, key=lambda kind: order.index(kind[0])):
        _kind(page, severity, kinds[severity, key], known)


def _kind(page: Page, severity: Severity, found: Sequence[Finding], known: set[str]) -> None:
    tag = f"[{severity.label(page.language)}]"
    indent = " " * (3 + max(len(f"[{s.label('en')}]") for s in Severity))
    texts = list(dict.fromkeys(_text(page, finding.text) for finding in found))
    # A period or a stage is named in the text already.
    subjects = tuple(finding.subject for finding in found if finding.subject in known)
    if len(texts) == 1:
        whom = few(page, subjects) + page.say("：", ": ") if subjects else ""
        page.paragraph(whom + texts[0], indent=indent, first=f"  {tag}")
    else:
        for index, finding in enumerate(found[:_MOST]):
            whom = finding.subject + page.say("：", ": ") if finding.subject in known else ""
            line = whom + _text(page, finding.text)
            page.paragraph(line, indent=indent, first="" if index else f"  {tag}")
        if len(found) > _MOST:
            more = len(found) - _MOST
            page.text(f"另有 {more} 条同类", f"and {more} more of this kind", indent=indent)
    advice = list(dict.fromkeys(_text(page, finding.advice) for finding in found))
    page.paragraph(f"→ {advice[0]}", indent=indent)


def _text(page: Page, label: Label) -> str:
    """Return the text of a finding, with its amounts written as in the rest of the report."""

    def written(match: re.Match[str]) -> str:
        if match[2] != page.currency:
            return match[0]
        money = page.money(Money(match[1], match[2]))
        # A unit in Chinese joins the Chinese word after it.
        return money if page.unit == "万元" else money + (match[3] or "")

    return _MONEY.sub(written, label.text(page.language))


def reconciliation_(page: Page, source: Source, review: Review) -> None:
    """Prove that no row and no amount was dropped on the way."""
    page.heading("核对：一行不少，一分不差", "Reconciliation: nothing is dropped")
    counted_(page, source.files)
    read, exposed = len(source.deals), len(review.movements)
    page.text(
        f"读入 {read:,} 个机会 = 本期出现 {exposed:,} + 不在本期 {read - exposed:,}"
        "（此前已结束，或此后才立项）。",
        f"{many(read)} read = {exposed:,} in the quarter + {read - exposed:,} outside it (closed "
        "before, or opened later).",
    )
    _money(page, source)


def _money(page: Page, source: Source) -> None:
    ledger, deals = source.ledger, source.deals
    opened = sum(deal.trail[0].amount.minor for deal in deals)
    latest = sum(deal.amount.minor for deal in deals)
    filled = sum(one.minor for one in ledger.filled)

    def line(sign: str, zh: str, en: str, minor: int) -> tuple[str, str, str]:
        return sign, page.say(zh, en), page.number(Money.of_minor(minor, source.currency))

    rows = [line("", "文件中的金额", "amount in the file", ledger.in_file)]
    rows += [
        line(
            "+",
            f"补入 {one.n:,} 个：{one.what.zh}",
            f"{one.n:,} amounts filled in: {one.what.en}",
            one.minor,
        )
        for one in ledger.filled
    ]
    rows.append(line("-", "未读入的行", "in refused rows", ledger.refused))
    rows.append(line("=", "机会立项时的金额", "deals read, when opened", opened))
    balanced = ledger.in_file + filled - ledger.refused == opened
    page.table(
        [(*row[:2], row[2], "") for row in rows[:-1]] + [(*rows[-1], agrees(page, right=balanced))],
        "llrl",
        head=False,
    )
    if latest != opened:
        change = Money.of_minor(latest - opened, source.currency)
        now = Money.of_minor(latest, source.currency)
        page.text(
            f"此后调整合计 {page.number(change)}，最新金额 {page.money(now)}。",
            f"Raised and lowered since: {page.number(change)}; as last known {page.money(now)}.",
        )
    if ledger.unreadable:
        page.text(
            f"未读入的行中有 {ledger.unreadable} 行没有可读的 {source.currency} 金额，"
            "不在上述合计中。",
            f"Refused rows without a readable amount in {source.currency}, in no sum above: "
            f"{ledger.unreadable}.",
        )
