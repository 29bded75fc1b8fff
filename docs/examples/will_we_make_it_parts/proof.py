"""How well the same method did before: what was told of earlier periods beside what came."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from report_parts.layout import Page
from salesflow.metrics import Backtest, Calibration, CalibrationRow, accuracy, calibration
from will_we_make_it_parts.compute import Told
from will_we_make_it_parts.words import about, kind, rate

__all__ = ["proof_"]

_BANDS: Final = (0.05, 0.1, 0.2, 0.4, 0.6)
_RANGE: Final = 0.8
_LOW, _HIGH = 0.1, 0.9
_TIE: Final = 0.005


def proof_(page: Page, told: Told) -> None:
    """Write the section, or say why there is nothing to write."""
    one = kind(page, told.job.during)
    page.heading("同样的方法以前准不准", "How well the same method did before")
    if told.past is None:
        _too_short(page, told)
        return
    _totals(page, told.past, one)
    if told.owners:
        _owners(page, told.owners)
    found = calibration(told.past.predictions, bands=_BANDS)
    if found is None:
        page.text("以往各期没有在手机会。", "No deal stood open in the earlier ones.")
        return
    _table(page, found, one)
    _losses(page, found)


def _too_short(page: Page, told: Told) -> None:
    one = kind(page, told.job.during)
    since = (
        page.say(f"最早的结案在 {told.first}", f"the first deals were closed in {told.first}")
        if told.first
        else page.say("还没有结案的机会", "no deal has been closed yet")
    )
    page.text(
        f"历史太短，无从回测：{since}，而回测至少需要其后两个已结束的{one}。"
        "因此没有任何记录证明这些概率，请当作经验值使用。",
        f"History is too short to tell: {since}, and a back-test takes two {one}s that began "
        "after that one and are over. So no record proves these probabilities: read them as a "
        "rule of thumb.",
    )


def _totals(page: Page, past: Backtest, one: str) -> None:
    """What was told of each period at the same point, and what came in."""
    head = page.say(
        f"{one}|当时平均可期|谨慎至走运|实际|",
        f"{one}|expected then|careful – lucky|came in|",
    ).split("|")
    rows = []
    for total in past.totals:
        low, high = total.quantiles[_LOW], total.quantiles[_HIGH]
        inside = low <= total.actual <= high
        rows.append(
            (
                total.period,
                page.number(about(total.mean)),
                f"{page.number(about(low))} – {page.number(about(high))}",
                page.number(total.actual),
                page.say("在内", "within") if inside else page.say("在外", "outside"),
            )
        )
    page.table([head, *rows], "lrrrl")
    found = accuracy(past.totals)
    assert found is not None, "there are totals"
    cover = found.cover[_RANGE]
    wape, nominal = _share(found.wape), _share(found.nominal_wape)
    page.text(
        f"八成把握的范围（谨慎至走运）在 {cover.n} 期中有 {cover.hits} 期包含实际值。"
        f"总额平均偏差 {wape}，按阶段默认赢率则为 {nominal}。",
        f"The 80% range, careful to lucky, held what came in in {cover.hits} of {cover.n} {one}s. "
        f"The total was off by {wape} on average; by the nominal rates of the stages it would have "
        f"been {nominal}.",
    )


def _owners(page: Page, past: Backtest) -> None:
    found = accuracy(past.totals)
    assert found is not None, "there are totals"
    cover, last = found.cover[_RANGE], past.totals[-1].period
    page.text(
        f"分负责人看（{last}），{cover.n} 人中有 {cover.hits} 人的实际值在该范围内。",
        f"For each owner alone, in {last}, it held for {cover.hits} of {cover.n} owners.",
    )


def _share(share: Fraction | None) -> str:
    return "–" if share is None else rate(float(share))


def _table(page: Page, found: Calibration, one: str) -> None:
    head = page.say(
        "所说赢率|机会数|平均所说|实际赢单|",
        "told|deals|told on average|won in fact|",
    ).split("|")
    page.lines.append("")
    page.table([head, *(_row(page, row) for row in found.table)], "lrrrl")
    page.text(
        f"同一机会在每个{one}各算一次；“相符”指所说在实际的 95% 区间内。",
        f"A deal counts once in each {one}; “as told” lies within the 95% interval of what was "
        "seen.",
    )


def _row(page: Page, row: CalibrationRow) -> tuple[str, ...]:
    seen = float(row.seen.ratio or 0)
    low, high = f"{row.low * 100:.0f}", f"{row.high * 100:.0f}"
    if row.fits:
        verdict = page.say("相符", "as told")
    elif seen > row.told:
        verdict = page.say("实际更多", "more were won")
    else:
        verdict = page.say("实际更少", "fewer were won")
    return (
        f"{low}–{high}%",
        f"{row.seen.n:,}",
        rate(row.told),
        rate(seen),
        verdict,
    )


def _losses(page: Page, found: Calibration) -> None:
    model, nominal, constant = (
        score.log_loss for score in (found.model, found.nominal, found.constant)
    )
    gains = model < nominal - _TIE, model < constant - _TIE
    verdict = {
        (True, True): ("两者都胜过", "It beats both."),
        (True, False): (
            "胜过阶段默认，不胜过统一平均：可信其总数，勿凭它排先后",
            "It beats the stages but not the average: trust the total, do not rank deals by it.",
        ),
        (False, True): ("胜过统一平均，不胜过阶段默认", "It beats the average but not the stages."),
        (False, False): ("两者都没有胜过：请勿倚重", "It beats neither: do not lean on it."),
    }[gains]
    page.text(
        f"每个机会的误差（对数损失，越小越好，抛硬币为 0.69）：本方法 {model:.2f}，"
        f"阶段默认 {nominal:.2f}，对所有机会说同一平均赢率 {constant:.2f}。{verdict[0]}。",
        f"Error a deal (log loss; less is better, tossing a coin has 0.69): this method "
        f"{model:.2f}, the rates of the stages {nominal:.2f}, the same average told of every deal "
        f"{constant:.2f}. {verdict[1]}",
    )
