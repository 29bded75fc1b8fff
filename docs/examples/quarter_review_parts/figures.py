"""The first page of a review: the number, the three ratios, and the bridge from start to end."""

from __future__ import annotations

from fractions import Fraction

from report_parts.layout import Page, bar, few
from salesflow import Label, Money, Quarter
from salesflow.metrics import Review, Tally
from salesflow.ratios import percent

__all__ = ["bridge_", "forecast_", "headline", "many", "ratios_"]


def many(n: int) -> str:
    """Count deals in English."""
    return f"{n:,} deal" + ("" if n == 1 else "s")


def headline(
    page: Page, during: Quarter, as_of: str, review: Review, *, over: bool, assumed: bool
) -> None:
    """Say in two sentences what the manager asks first: what is done, and what is expected."""
    f = review.forecast
    gap = page.money(f.gap if f.gap.minor > 0 else -f.gap)
    quota = Label("假定指标", "an assumed quota") if assumed else Label("指标", "the quota")
    page.text(
        f"截至 {as_of}，{during} 已完成{quota.zh}的 {percent(f.completion_ratio)}"
        f"（回款 {page.money(f.completed)}，{quota.zh} {page.money(f.quota)}）。",
        f"By {as_of}, {percent(f.completion_ratio)} of {quota.en} of {during} is done: "
        f"{page.money(f.completed)} collected of {page.money(f.quota)}.",
    )
    if f.weighted:
        page.text(
            f"连同进行中机会加权预计的 {page.money(f.weighted)}，"
            f"预计达到{quota.zh}的 {percent(f.ratio)}，"
            + (f"还差 {gap}。" if f.gap.minor > 0 else f"超出 {gap}。"),
            f"With {page.money(f.weighted)} weighted from open deals, {percent(f.ratio)} is "
            f"expected, {gap} " + ("short." if f.gap.minor > 0 else "above."),
        )
    else:
        page.text(
            "没有预计在本季成交的进行中机会，故无加权预计；"
            + (f"离{quota.zh}还差 {gap}。" if f.gap.minor > 0 else f"超出{quota.zh} {gap}。"),
            "No open deal is dated into the quarter, so nothing more can be expected: it stands "
            f"{gap} " + ("short." if f.gap.minor > 0 else "above."),
        )
    if over and f.weighted:
        page.text(
            "季度已经结束：加权部分来自已错过预计成交日的进行中机会，请以已完成为准。",
            "The quarter is over: what is weighed are open deals that missed their date, so count "
            "on what is done.",
        )


def forecast_(page: Page, review: Review, *, assumed: bool) -> None:
    """Will we make the number, and is there enough in the funnel."""
    guess = page.say("（假定，见数据说明）", " (assumed, see the notes)") if assumed else ""
    outlook, cover = review.forecast, review.coverage
    above = outlook.gap.minor < 0
    gap = -outlook.gap if above else outlook.gap
    page.heading(f"销售预计（{page.unit}）", f"Forecast ({page.unit})")
    rows = [
        (page.say("指标", "quota") + guess, page.number(outlook.quota), "100.0%"),
        (
            page.say("已完成：期内回款", "completed: collected in the quarter"),
            page.number(outlook.completed),
            percent(outlook.completion_ratio),
        ),
        (
            page.say("进行中机会加权预计", "weighted: open deals × win rate"),
            page.number(outlook.weighted),
            percent(outlook.weighted / outlook.quota),
        ),
        (
            page.say("预计 = 已完成 + 加权", "expected = completed + weighted"),
            page.number(outlook.expected),
            percent(outlook.ratio),
        ),
        (
            page.say("超额 = 预计 − 指标", "above quota = expected − quota")
            if above
            else page.say("缺口 = 指标 − 预计", "gap = quota − expected"),
            page.number(gap),
            percent(gap / outlook.quota),
        ),
    ]
    page.table(rows, "lrr", head=False)
    _beside(page, review)
    page.heading("覆盖率（未加权）", "Coverage (unweighted)")
    page.text(
        f"预计在期内成交的进行中机会，尚待回款 {page.money(cover.pipeline)}：",
        f"Open deals expected in the quarter have {page.money(cover.pipeline)} still to pay:",
    )
    rest = page.number(cover.remaining)
    page.table(
        [
            (
                page.say("÷ 全部指标", "÷ the whole quota"),
                page.number(cover.quota),
                percent(cover.of_quota),
            ),
            (
                page.say("÷ 剩余指标（指标 − 已完成）", "÷ what remains of it (quota − completed)"),
                rest,
                percent(cover.of_remaining),
            ),
        ],
        "lrr",
        head=False,
    )


def _beside(page: Page, review: Review) -> None:
    outlook = review.forecast
    rows: list[tuple[str, Tally]] = [
        (page.say("没有预计成交日", "no expected close"), outlook.undated),
        (page.say("预计在本期之后", "expected after the quarter"), outlook.outside.later),
        (page.say("预计日早于本期，逾期", "expected before it, overdue"), outlook.outside.overdue),
    ]
    found = [(text, tally) for text, tally in rows if tally.n]
    if not found:
        return
    page.text("另有进行中机会不在上述数字中：", "Open deals in none of these figures:")
    lines = [(text, f"{tally.n:,}", page.number(tally.amount)) for text, tally in found]
    page.table(lines, "lrr", head=False)
    for text, tally in found:
        if tally.ids:
            page.paragraph(f"{text}{page.say('：', ': ')}{few(page, tally.ids)}")


def ratios_(page: Page, review: Review) -> None:
    """The three ratios, and the two that make them whole."""
    page.heading("三个比率（按金额）", "The three ratios (by amount)")
    rows = [
        (page.say("销售预计", "forecast"), percent(review.forecast.ratio), _of_quota(page, review)),
    ]
    parts = [
        (page.say("销售进展：推进或赢单", "progress: advanced or won"), review.progress),
        (page.say("流失率：丢单", "churn: lost"), review.churn),
        (page.say("未变", "unchanged"), review.unchanged),
        (page.say("回退", "regressed: went back"), review.regressed),
    ]
    rows += [
        (text, str(ratio), "" if ratio.part is None else page.money(ratio.part))
        for text, ratio in parts
    ]
    page.table(rows, "lrr", head=False)
    whole = review.progress.whole
    if whole is None:
        page.text("本期没有机会，后四项无从计算。", "No deal was open in the quarter: no base.")
        return
    total = sum((ratio.ratio or Fraction(0) for _, ratio in parts), Fraction(0))
    n = review.progress.n
    page.text(
        f"后四项合计 {percent(total)}，即期内出现过的 {n:,} 个机会共 {page.money(whole)}。",
        f"The last four sum to {percent(total)}: the {many(n)} open at any time in the quarter, "
        f"{page.money(whole)}.",
    )


def _of_quota(page: Page, review: Review) -> str:
    return page.money(review.forecast.expected)


def bridge_(page: Page, review: Review) -> None:
    """From the money at the start to the money at the end, as a waterfall."""
    b = review.bridge
    page.heading(f"漏斗金额的变化（{page.unit}）", f"From start to end ({page.unit})")
    steps = [
        (page.say("期初在手", "open at the start"), b.start, 1),
        (page.say("＋ 新增", "+ created"), b.created, 1),
        (page.say("＋ 重启", "+ reopened"), b.reopened, 1),
        (page.say("＋ 调增", "+ raised"), b.raised, 1),
        (page.say("－ 调减", "- lowered"), b.lowered, -1),
        (page.say("－ 流失", "- lost"), b.lost, -1),
        (page.say("－ 赢单", "- won"), b.won, -1),
    ]
    highest = max(1, b.start.minor + b.created.minor + b.reopened.minor + b.raised.minor)
    room, stands, rows = 46, 0, []
    for text, money, sign in steps:
        low = stands if sign > 0 else stands - money.minor
        stands += sign * money.minor
        drawn = " " * int(Fraction(low, highest) * room) + bar(Fraction(money.minor, highest), room)
        rows.append((text, page.number(money), drawn))
    rows.append(
        (
            page.say("＝ 期末在手", "= open at the end"),
            page.number(b.end),
            bar(Fraction(b.end.minor, highest), room),
        )
    )
    page.table(rows, "lrl", head=False, total=True)
    balance = (
        page.say("平衡", "it balances")
        if stands == b.end.minor
        else page.say("不平", "IT DOES NOT")
    )
    sums = f"{page.number(Money.of_minor(stands, b.end.currency))} = {page.number(b.end)}"
    page.text(f"逐行相加 {sums}，{balance}。", f"The lines sum to {sums}: {balance}.")
    for zh, en, tally in (
        ("推迟", "Slipped to a later close", b.slipped),
        ("提前", "Pulled in to an earlier close", b.pulled_in),
    ):
        if tally.n:
            page.text(
                f"预计成交日{zh} {tally.n} 个，{page.money(tally.amount)}：{few(page, tally.ids)}",
                f"{en}: {many(tally.n)}, {page.money(tally.amount)}: {few(page, tally.ids)}",
            )
