"""Which deals decide, how much hangs on the largest, and what would make it safe."""

from __future__ import annotations

from typing import Final

from report_parts.layout import Page
from salesflow import Money
from salesflow.metrics import Swing, decisive, dependence, needed
from will_we_make_it_parts.compute import Told
from will_we_make_it_parts.way import LEVEL, Way
from will_we_make_it_parts.words import about, chance, rate

__all__ = ["deciding_"]

_SHOWN: Final = 5
_FEW: Final = 3
_NAMED: Final = 6


def deciding_(page: Page, told: Told) -> tuple[str, ...]:
    """Write the section; return the ids of the weightiest deals."""
    page.heading("哪些机会起决定作用", "Which deals decide")
    o, quota = told.outlook, told.job.quota
    if o.completed >= quota:
        page.text(
            "指标已完成，不再取决于任何机会。", "The quota is made: no deal decides any more."
        )
        return ()
    if not o.prospects:
        page.text("没有计入的进行中机会。", "No open deal enters the figures.")
        _new(page, told)
        return ()
    swings = decisive(o, at_least=quota, limit=_FEW if told.many else 10)
    _swings(page, told, swings)
    _largest(page, told)
    _safe(page, told)
    _new(page, told)
    return tuple(swing.id for swing in swings)


def _owed(told: Told, id_: str) -> Money:
    """Return what a deal owes, not rounded."""
    return Money.of_minor(told.exact.prospect(id_).outstanding, told.job.quota.currency)


def _swings(page: Page, told: Told, swings: tuple[Swing, ...]) -> None:
    head = page.say(
        "机会|负责人|金额|赢率|赢则完成概率|丢则完成概率",
        "deal|owner|amount|win rate|if won, we make it|if lost",
    ).split("|")
    rows = [
        (
            one.id,
            page.name(one.owner),
            page.number(_owed(told, one.id)),
            rate(one.probability),
            chance(page, one.if_won),
            chance(page, one.if_lost),
        )
        for one in swings[:_SHOWN]
    ]
    page.table([head, *rows], "llrrrr")


def _largest(page: Page, told: Told) -> None:
    found = dependence(told.outlook, at_least=told.job.quota)
    assert found is not None, "there are open deals"
    owed, share = page.money(_owed(told, found.id)), rate(found.share)
    now, without = chance(page, found.now), chance(page, found.without)
    same = now == without
    if same and told.many:
        return  # one of many: nothing rests on it
    page.text(
        f"最大的机会 {found.id}（{owed}）占平均可期的 {share}；没有它，完成概率"
        + (f"仍为 {now}。" if same else f"由 {now} 变为 {without}。"),
        f"The largest deal, {found.id} ({owed}), carries {share} of what is expected; without it "
        + (
            f"the probability is still {now}."
            if same
            else f"the probability goes from {now} to {without}."
        ),
    )


def _safe(page: Page, told: Told) -> None:
    way, level = told.way, chance(page, LEVEL)
    if way is None:
        page.text(
            f"即使赢下全部进行中机会，完成概率也到不了 {level}。",
            f"Even winning every open deal would not bring the probability to {level}.",
        )
        return
    if way.ids == ():
        page.text(
            f"完成概率已达 {level} 以上，无须另保哪个机会。",
            f"The probability is {level} or more already: no single deal has to be secured.",
        )
        return
    if way.ids is None:
        page.text(
            f"要使完成概率达到 {level}，至少须赢下 {way.at_least:,} 个机会："
            "靠的是面，不是个别大单。",
            f"To bring it to {level}, at least {way.at_least:,} deals have to be won: it is the "
            "breadth that decides, not a few large deals.",
        )
        return
    _named(page, told, way, way.ids)


def _named(page: Page, told: Told, way: Way, ids: tuple[str, ...]) -> None:
    owed = sum((_owed(told, id_) for id_ in ids), Money(0, told.job.quota.currency))
    n, level, reached = len(ids), chance(page, LEVEL), chance(page, way.probability)
    names = ", ".join(ids[:_NAMED])
    if n > _NAMED:
        names += page.say("等", f" and {n - _NAMED} more")
    deals = "deal" if n == 1 else "deals"
    fewer = way.at_least == n and n > 1
    page.text(
        f"要使完成概率达到 {level}：赢下 {n:,} 个机会（{names}，共 {page.money(owed)}），"
        f"概率即为 {reached}" + ("；少于此数则不够。" if fewer else "。"),
        f"To bring it to {level}, win {n:,} {deals} ({names}; {page.money(owed)}): then it is "
        f"{reached}" + (", and fewer will not do." if fewer else "."),
    )


def _new(page: Page, told: Told) -> None:
    missing = needed(told.outlook, at_least=told.job.quota, level=LEVEL)
    if not missing:
        return
    money, level = page.money(about(missing)), chance(page, LEVEL)
    more = page.say("在上述新业务之外，", " on top of the new business above")
    if not told.exact.new_business:
        more = ""
    page.text(
        f"若只靠新机会，{more}须另外带来确定的 {money}，完成概率才到 {level}。",
        f"With new deals alone it would take {money}, for certain,{more and more + ','} to bring "
        f"it to {level}.",
    )
