"""Why these probabilities: where the rates come from, and how two of them came about."""

from __future__ import annotations

from math import exp
from typing import Final

from report_parts.layout import Page
from salesflow import Opportunity
from salesflow.funnel import RateOrigin
from salesflow.metrics import Part
from will_we_make_it_parts.compute import FIELDS, Told
from will_we_make_it_parts.words import kind, rate

__all__ = ["reasons_"]

_DEALS: Final = 2
_NAMES: Final = {"owner": "负责人", "product": "产品"}
# A step of less than so much is not worth a word.
_SEEN: Final = 0.005


def reasons_(page: Page, told: Told, weightiest: tuple[str, ...]) -> None:
    """Write the section; the deals explained are the weightiest."""
    page.heading("为什么是这些概率", "Why these probabilities")
    _source(page, told)
    for finding in told.rates.findings():
        text, advice = finding.text.text(page.language), finding.advice.text(page.language)
        if page.language == "zh":
            for field, name in _NAMES.items():
                text = text.replace(field, name).replace(", ", "、")
        page.text(
            f"{text}。→ {advice}。",
            f"{text[0].upper()}{text[1:]}. → {advice[0].upper()}{advice[1:]}.",
            indent="    ",
            first="  -",
        )
    _shock(page, told)
    deals = {deal.id: deal for deal in told.job.source.deals}
    for id_ in weightiest[:_DEALS]:
        _explained(page, told, deals[id_])


def _source(page: Page, told: Told) -> None:
    rates, one = told.rates, kind(page, told.job.during)
    seen = page.say(
        f"以往{one}的同一时点曾有 {rates.n:,} 个机会在手，其中 {rates.won:,} 个在当期内赢单",
        f"{rates.n:,} deals stood open at this point of an earlier {one}; won before it was over: "
        f"{rates.won:,}",
    )
    if not told.learned:
        page.text(
            f"赢率为各阶段默认值（{RateOrigin.NOMINAL.label('zh')}），不是学得的：{seen}。",
            f"The rates are the nominal ones of the stages, not learned: {seen}.",
        )
        return
    fields = [field for field in FIELDS if rates.effects.get(field)]
    named = page.say(
        "、".join(_NAMES[field] for field in fields),
        " and ".join(fields),
    )
    marks = page.say(f"、{named}" if named else "", f", {named}" if named else "")
    label = rates.origin.label(page.language)
    page.text(
        f"赢率（{label}）由各阶段默认值出发，按历史、停留时间{marks}修正，指当期内赢单的概率：{seen}。",
        f"The rates ({label}) start at the nominal ones and are moved by history, time at the "
        f"stage{marks}; each is that of winning within the {one}: {seen}.",
    )


def _shock(page: Page, told: Told) -> None:
    """Say how much all deals are taken to share a good or a bad period."""
    shock, one = told.exact.shock, kind(page, told.job.during)
    low, high = rate(1 / (1 + exp(shock))), rate(1 / (1 + exp(-shock)))
    learned = told.past is not None
    page.text(
        f"各机会同受{one}好坏的影响：五成把握的机会，在差的{one}约为 {low}，在好的{one}约为 {high}"
        + ("，由以往各期学得。" if learned else "；这是假定值，以往不足以学得。"),
        f"All deals share a good or a bad {one}: an even chance is taken to be about {low} in a "
        f"weak one and {high} in a strong one"
        + (", as learned from the past." if learned else ", an assumption: no past says more."),
    )


def _explained(page: Page, told: Told, deal: Opportunity) -> None:
    prospect = told.exact.prospect(deal.id)
    stage = prospect.stage.label(page.language)
    if not told.learned:
        now = rate(float(prospect.probability))
        page.text(
            f"{deal.id}：{now}，即其阶段“{stage}”的默认赢率；别无其他依据。",
            f"{deal.id}: {now}, the nominal rate of its stage, {stage}; nothing else is known.",
            indent="    ",
            first="  -",
        )
        return
    made = told.rates.of(deal, at=told.job.at)
    steps = [_step(page, told, part) for part in made.parts if abs(part.change) >= _SEEN]
    first, last = rate(float(made.nominal)), rate(made.probability)
    why = page.say("，", ", ").join(steps)
    text = page.say(
        f"{deal.id}：由默认的 {first} 到 {last}，因为（百分点）：{why}",
        f"{deal.id}: from nominal {first} to {last}, because of (in points) {why}",
    )
    if made.interval:
        low, high = (rate(bound) for bound in made.interval)
        text += page.say(
            f"。同处境的 {made.n:,} 个机会给出的 95% 区间：{low} 至 {high}",
            f". {made.n:,} deals that stood alike put it between {low} and {high} (95%)",
        )
    page.paragraph(text + page.say("。", "."), indent="    ", first="  -")


def _step(page: Page, told: Told, part: Part) -> str:
    """Return one step, such as `owner Zane: +1.2 points`."""
    points = f"{part.change * 100:+.1f}".replace("-", "−")
    name, value = part.label.text(page.language), part.value
    if part.key == "stage":
        stages = {stage.value: stage for stage in told.job.source.machine.stages}
        value = stages[value].label(page.language)
    elif part.key == "time":
        value = page.say(f"{value} 天", f"{value} days").replace("-", "–")
    if part.key == "overall":
        value = ""
    shown = page.say(f"（{value}）", f" ({value})") if value else ""
    gap = "" if value and page.language == "zh" else " "
    return name + shown + gap + points
