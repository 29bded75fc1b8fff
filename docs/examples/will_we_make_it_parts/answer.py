"""The answer first: how likely the quota is, what is likely at all, and what it is made of."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from report_parts.layout import Page, bar
from salesflow.metrics import Bin, Tally
from will_we_make_it_parts.compute import Told
from will_we_make_it_parts.words import about, chance, kind

__all__ = ["answer_", "chart_"]

_BINS: Final = 8
_BAR: Final = 40


def answer_(page: Page, told: Told) -> None:
    """Say it in one sentence, then the figures behind it."""
    job, o = told.job, told.exact
    day, quota = job.during.day_of(job.at), page.money(job.quota)
    if o.completed >= job.quota:
        page.text(
            f"{job.during} 已经完成 {quota}：截至 {day} 已回款 {page.money(o.completed)}。",
            f"We have made {quota} in {job.during}: {page.money(o.completed)} are in by {day}.",
        )
    else:
        likely = chance(page, told.outlook.probability(at_least=job.quota))
        page.text(
            f"{job.during} 完成 {quota}，概率：{likely}（截至 {day} 所知）。",
            f"We make {quota} in {job.during} with a probability of {likely}, as things stand on "
            f"{day}.",
        )
    page.lines.append("")
    _likely(page, told)
    _made_of(page, told)


def _likely(page: Page, told: Told) -> None:
    rows = []
    for level, zh, en in (
        (0.1, "谨慎的数字：十次有九次不低于此", "a careful figure: in nine of ten cases no less"),
        (0.5, "居中的数字：高于和低于它各占一半", "the middle: as often more as less"),
        (0.9, "走运的数字：十次只有一次超过", "a lucky one: in one of ten cases more"),
    ):
        figure = page.number(about(told.outlook.quantile(level)))
        rows.append((page.say(zh, en), f"{figure} {page.unit}"))
    page.table(rows, "lr", head=False)


def _made_of(page: Page, told: Told) -> None:
    """Show the sum that leads to the mean, and what is in none of it."""
    o, new = told.exact, told.exact.new_business
    n = f"{len(o.prospects):,}"
    rows = [
        (page.say("已经到账", "done already: cash collected"), page.money(o.completed)),
        (
            page.say(f"＋ {n} 个进行中机会的期望", f"+ expected from {n} open deals"),
            page.money(o.pipeline),
        ),
    ]
    if new:
        come = f"{new.expected:,.0f}"
        rows.append(
            (
                page.say(
                    f"＋ 新业务：尚未立项的约 {come} 单",
                    f"+ new business: about {come} wins of deals not yet opened",
                ),
                page.money(new.mean),
            )
        )
    rows.append((page.say("＝ 平均可期", "= expected on average"), page.money(o.mean)))
    page.lines.append("")
    page.table(rows, "lr", head=False, total=True)
    if not new:
        page.text(
            f"新业务未计入：以往{kind(page, told.job.during)}没有同期之后才立项并赢单的记录。",
            "New business is not counted: no earlier "
            f"{kind(page, told.job.during)} shows deals opened after this point and won in it.",
        )
    _outside(page, told)


def _outside(page: Page, told: Told) -> None:
    o = told.exact
    rows: list[tuple[str, Tally]] = [
        (page.say("没有预计成交日的", "without an expected close"), o.undated),
        (page.say("预计以后成交的", "expected later"), o.outside.later),
        (page.say("已过预计成交日的", "past their expected close"), o.outside.overdue),
        (page.say("已赢单、尚欠款的", "won but not yet paid"), o.unpaid),
    ]
    found = [
        page.say(
            f"{text} {one.n:,} 个，{page.money(one.amount)}",
            f"{one.n:,} {text} ({page.money(one.amount)})",
        )
        for text, one in rows
        if one.n
    ]
    if found:
        page.text(f"未计入的机会：{'；'.join(found)}。", f"Deals not in it: {', '.join(found)}.")


def chart_(page: Page, told: Told) -> None:
    """Draw how likely each amount is; full bars make the quota, light ones fall short."""
    quota, bins = told.job.quota, told.outlook.bins(_BINS)
    page.heading(
        f"各种结果的可能性（{page.unit}；░ 未完成，█ 完成）",
        f"How likely each result is ({page.unit}; ░ short of the quota, █ makes it)",
    )
    most = Fraction(max(one.mass for one in bins))
    rows = []
    for index, one in enumerate(bins):
        drawn = bar(Fraction(one.mass) / most, _BAR)
        holds = _holds(told, one, first=not index, last=index == len(bins) - 1)
        if holds or one.high < quota:
            drawn = drawn.replace("█", "▒" if holds else "░")
        mark = page.say("◄ 指标在此", "◄ the quota lies here") if holds else ""
        rows.append(
            (_range(page, one, index, len(bins)), chance(page, one.mass), f"{drawn} {mark}")
        )
    page.table(rows, "rrl", head=False)


def _range(page: Page, one: Bin, index: int, n: int) -> str:
    low, high = page.number(about(one.low)), page.number(about(one.high))
    if n == 1:
        return high
    if not index:
        return page.say(f"至 {high}", f"up to {high}")
    if index == n - 1:
        return page.say(f"{low} 以上", f"above {low}")
    return f"{low} – {high}"


def _holds(told: Told, one: Bin, *, first: bool, last: bool) -> bool:
    """Say whether the quota lies in a bin; the first and the last are open."""
    quota = told.job.quota
    return (first or one.low < quota) and (last or quota <= one.high)
