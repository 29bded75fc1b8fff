"""The pages behind the number: the funnel, its pace, the deals and the people."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from quarter_review_parts.figures import many
from report_parts.layout import Page, bar, cut, few, interval
from salesflow import Money, Opportunity, Term
from salesflow.metrics import Movements, Review, bridge, churn, progress
from salesflow.ratios import percent

__all__ = ["conversion_", "focus_", "funnel_", "groups", "losses_", "pace_"]

_STALLED: Final = 8
_LOSS_IDS: Final = 3


def funnel_(page: Page, review: Review) -> None:
    """How many deals stand where, and what of it is weighed in the quarter."""
    shape, outlook = review.shape, review.forecast
    page.heading(f"漏斗现状（{page.unit}）", f"The funnel now ({page.unit})")
    most = max(1, *shape.counts.values())
    head = (
        page.say("阶段", "stage"),
        page.say("机会数", "n"),
        page.say("金额", "amount"),
        page.say("赢率", "rate"),
        page.say("期内加权", "weighted*"),
        "",
    )
    rows = [
        (
            stage.label(page.language),
            f"{count:,}",
            page.number(shape.amounts[stage]),
            percent(outlook.by_stage[stage].rate),
            page.number(outlook.by_stage[stage].weighted),
            bar(Fraction(count, most), 20),
        )
        for stage, count in shape.counts.items()
    ]
    amount = sum(money.minor for money in shape.amounts.values())
    total = (
        page.say("合计", "all open"),
        f"{shape.total:,}",
        page.number(Money.of_minor(amount, page.currency)),
        "",
        page.number(outlook.weighted),
        "",
    )
    page.table([head, *rows, total], "lrrrrl", total=True)
    page.text(
        "期内加权：仅计预计在本期成交的机会，按未回款部分 × 赢率。",
        "* only deals expected to close in the quarter: what they have still to pay × win rate",
    )


def conversion_(page: Page, review: Review, *, over: bool) -> None:
    """Of the deals that stood at a stage, how many went on."""
    page.heading("阶段转换（期内，按机会数）", "Conversion in the quarter (by deals)")
    head = page.say(
        "阶段|到过|推进|丢单|回退|未决|转换率|95% 区间",
        "stage|entered|went on|lost|back|open|rate|95% interval",
    ).split("|")
    rows = [
        (
            stage.label(page.language),
            f"{line.entered:,}",
            f"{line.advanced:,}",
            f"{line.lost:,}",
            f"{line.regressed:,}",
            f"{line.unfinished:,}",
            percent(line.rate.ratio),
            interval(line.rate.interval),
        )
        for stage, line in review.conversion.stages.items()
    ]
    page.table([head, *rows], "lrrrrrrr")
    page.text(
        "转换率 = 推进 ÷（推进 + 丢单）；未决的不算失败。",
        "rate = went on ÷ (went on + lost); those still open there are undecided, no failures.",
    )
    page.text(
        "跳过的阶段算已推进；回退的机会在其离开的阶段记为回退，并停在退回到的阶段。",
        "A skipped stage counts as passed. A deal that went back counts as gone back at the stage "
        "it left, and stands at the stage it fell to.",
    )
    # In a running quarter nobody can say yet what should have been decided by its end.
    decided, due = review.conversion.won_of_decided, review.conversion.won_of_due if over else None
    page.text(
        f"赢单率：已决 {decided}，区间 {interval(decided.interval)}"
        + (f"；预计成交日已到 {due}。" if due else "。"),
        f"Win rate: {decided} of the decided, interval {interval(decided.interval)}"
        + (f"; {due} of those that should be decided by the end." if due else "."),
    )


def pace_(page: Page, review: Review, limits: Mapping[Term, int]) -> None:
    """How long deals stay, and which are stuck."""
    page.heading("节奏", "Pace")
    head = page.say(
        "阶段|机会数|最近一次停留（中位天数）|累计停留|上限",
        "stage|n|last stay, median days|all stays|limit",
    ).split("|")
    rows = [
        (
            stage.label(page.language),
            f"{line.n:,}",
            f"{line.latest:.0f}",
            f"{line.cumulative:.0f}",
            str(limits.get(stage, "–")),
        )
        for stage, line in review.pace.stages.items()
    ]
    page.table([head, *rows], "lrrrr")
    speed = review.pace.velocity
    if speed is not None:
        cycle = f"{float(speed.cycle):.0f}"
        page.text(
            f"销售速度每天 {page.money(speed.per_day)} = {speed.n:,} 个进行中机会 × "
            f"均额 {page.money(speed.value)} × 赢单率 {speed.win_rate} ÷ 立项到赢单 {cycle} 天。",
            f"Velocity {page.money(speed.per_day)} a day = {speed.n:,} open deals × mean "
            f"{page.number(speed.value)} × win rate {speed.win_rate} ÷ {cycle} days to a win.",
        )
    stuck = review.pace.stalled
    if not limits:
        page.text(
            "未设停留上限，故不判断停滞；可在 settings.csv 中设 stalled_after，"
            "或用 --stalled-after 天数。",
            "No limit is set, so none counts as stalled: give stalled_after in settings.csv, or "
            "--stalled-after DAYS.",
        )
        return
    more = len(stuck) - _STALLED
    page.text(
        f"停滞 {len(stuck)} 个：" if stuck else "没有停滞的机会。",
        f"Stalled: {many(len(stuck))}." if stuck else "No deal is stalled.",
    )
    for one in stuck[:_STALLED]:
        page.text(
            f"{one.id}  {one.stage.label('zh')}  {one.days} 天（上限 {one.limit}）",
            f"{one.id}  {one.stage.label('en')}, {one.days} days (limit {one.limit})",
            indent="    ",
        )
    if more > 0:
        page.text(f"另有 {more} 个", f"and {more} more", indent="    ")


def focus_(page: Page, review: Review, deals: Mapping[str, Opportunity]) -> None:
    """The deals that deserve the best people."""
    page.heading(f"重点机会（{page.unit}）", f"Focus list ({page.unit})")
    if not review.focus:
        page.text("没有进行中的机会。", "No deal is open.")
        return
    head = page.say(
        "编号|客户|负责人|阶段|赢率|金额|预计成交", "id|customer|owner|stage|rate|amount|close"
    ).split("|")
    rows = [
        (
            cut(one.id, 20),
            cut(page.name(deals[one.id].customer), 18),
            cut(page.name(deals[one.id].owner), 18),
            one.stage.label(page.language),
            percent(one.rate),
            page.number(one.amount),
            str(deals[one.id].expected_close or "–"),
        )
        for one in review.focus
    ]
    page.table([head, *rows], "llllrrr", spare=1)


def losses_(page: Page, review: Review) -> None:
    """Why deals were lost, and to whom."""
    page.heading(f"丢单原因（{page.unit}）", f"Losses by reason ({page.unit})")
    if not review.losses:
        page.text("本期没有丢单。", "No deal was lost in the quarter.")
        return
    head = page.say("原因|机会数|金额|机会", "reason|n|amount|deals").split("|")
    rows = [
        (
            reason.label(page.language),
            f"{tally.n:,}",
            page.number(tally.amount),
            few(page, tally.ids, _LOSS_IDS),
        )
        for reason, tally in review.losses.items()
    ]
    n = sum(tally.n for tally in review.losses.values())
    total = (page.say("合计", "all lost"), f"{n:,}", page.number(review.bridge.lost), "")
    page.table([head, *rows, total], "lrrl", total=True)
    named = [f"{move.id} → {move.competitor}" for move in review.movements if move.competitor]
    if named:
        page.text(f"流向的竞争对手：{'，'.join(named)}", f"To competitors: {', '.join(named)}")


def groups(page: Page, title: str, parts: Mapping[str, Movements], review: Review) -> None:
    """A line for each owner, manager or office, and the team as the sum of them."""
    page.heading(f"{title}（{page.unit}）", f"{title} ({page.unit})")
    head = page.say(
        " |机会数|期初|新增*|赢单|丢单|期末|进展|流失",
        " |n|start|new*|won|lost|end|progress|churn",
    ).split("|")
    rows = [_group(page, name, parts[name]) for name in sorted(parts)]
    total = _group(page, page.say("合计", "team"), review.movements)
    page.table([head, *rows, total], "lrrrrrrrr", total=True)
    page.text(
        "新增含重启；期末还受调增调减影响。",
        "* created and reopened; the end also bears what was raised and lowered.",
    )


def _group(page: Page, name: str, moves: Movements) -> tuple[str, ...]:
    b = bridge(moves)
    new = Money.of_minor(b.created.minor + b.reopened.minor, b.created.currency)
    money = (b.start, new, b.won, b.lost, b.end)
    return (
        cut(page.name(name), 20),
        f"{len(moves):,}",
        *(page.number(one) for one in money),
        str(progress(moves)),
        str(churn(moves)),
    )
