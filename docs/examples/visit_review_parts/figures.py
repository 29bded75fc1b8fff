"""The first page of a visit review: how many visits, where they break off, what answers work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from report_parts.layout import Page, cut, few, interval
from salesflow.ratios import Rate, percent
from salesflow.visits import EFFECTIVE, AnswerLesson, Shortfall, Visit, VisitStatus
from visit_review_parts.cases import Cases

__all__ = ["answers_", "headline", "steps_", "visits_"]

_NAME: Final = 18


def headline(page: Page, cases: Cases) -> None:
    """Say in three sentences how many visits were held, planned and effective."""
    made, cancelled, waiting = cases.effort, len(cases.cancelled), len(cases.waiting)
    page.text(
        f"截至 {cases.today}，拜访已进行 {made.made:,} 次（临时的 {made.ad_hoc:,} 次），见到 "
        f"{made.contacts:,} 人；取消 {cancelled:,} 次，尚未开始 {waiting:,} 次。",
        f"By {cases.today}, {made.made:,} visits were held, {made.ad_hoc:,} unplanned, with "
        f"{made.contacts:,} people; {cancelled:,} cancelled, {waiting:,} not begun.",
    )
    kept, effective = made.adherence, made.effective
    page.text(
        f"计划的 {kept.n:,} 次中已履行 {kept.hits:,} 次：{_share(page, kept)}。",
        f"Held of those planned: {kept.hits:,} of {kept.n:,}, {_share(page, kept)}.",
    )
    page.text(
        f"已进行的 {effective.n:,} 次中有效 {effective.hits:,} 次：{_share(page, effective)}。",
        f"Effective of those held: {effective.hits:,} of {effective.n:,}, "
        f"{_share(page, effective)}.",
    )


def _share(page: Page, rate: Rate) -> str:
    bounds = interval(rate.interval)
    return percent(rate.ratio) + page.say(f"（95% 区间 {bounds}）", f" (95% interval {bounds})")


def _ad_hoc(cases: Cases) -> list[Visit]:
    return [visit for visit in (*cases.held, *cases.cancelled, *cases.waiting) if visit.ad_hoc]


def visits_(page: Page, cases: Cases) -> None:
    """What became of the visits, and what those that are not effective lack."""
    page.heading("拜访情况", "What became of the visits")
    broken = [visit for visit in cases.held if visit.aborted_at is not None]
    whole = [visit for visit in cases.held if visit.aborted_at is None]
    closed = [visit for visit in whole if visit.status is VisitStatus.CLOSED]
    running = [visit for visit in whole if visit.status is VisitStatus.RUNNING]
    rows = [
        (page.say("谈完并有总结", "talked to the end, and summed up"), closed),
        (page.say("中途中断", "broken off"), broken),
        (page.say("尚未结束", "still running"), running),
        (page.say("已取消", "cancelled"), cases.cancelled),
        (page.say("已计划，尚未开始", "planned, and not begun"), cases.waiting),
        (page.say("其中临时拜访", "unplanned ones among these"), _ad_hoc(cases)),
        (page.say("不计入的类型，不在任何数字中", "kinds that do not count"), cases.uncounted),
    ]
    page.table([(text, f"{len(v):,}", _ids(page, v)) for text, v in rows], "lrl", head=False)
    lacks = Counter(one for visit in cases.held for one in EFFECTIVE.missing(visit))
    told = [f"{one.label(page.language)} {lacks[one]:,}" for one in Shortfall if lacks[one]]
    if told:
        rest = len(cases.effort.ineffective)
        page.text(
            f"已进行但无效的 {rest:,} 次，原因（一次可有几项）：{'；'.join(told)}。",
            f"Held and not effective: {rest:,}. Why (a visit may have several reasons): "
            f"{'; '.join(told)}.",
        )


def _ids(page: Page, visits: Iterable[Visit]) -> str:
    return few(page, tuple(visit.id for visit in visits))


def steps_(page: Page, cases: Cases) -> None:
    """Of the visits that reached a step, how many went on."""
    page.heading("对话在哪里中断", "Where conversations break off")
    head = page.say(
        "步骤|到达|继续|中断|未决|继续率|95% 区间",
        "step|reached|went on|broke off|open|rate|95% interval",
    ).split("|")
    rows = [
        (
            step.label(page.language),
            f"{line.reached:,}",
            f"{line.rate.hits:,}",
            f"{len(line.dropped):,}",
            f"{line.reached - line.rate.n:,}",
            percent(line.rate.ratio),
            interval(line.rate.interval),
        )
        for step, line in cases.told.steps.items()
    ]
    page.table([head, *rows], "lrrrrrr")
    page.text(
        "继续率 = 继续 ÷（继续 + 中断）；在访前计划中断的即已取消；一次拜访在一个步骤只计一次。",
        "rate = went on ÷ (went on + broke off); those that break off at the plan were cancelled. "
        "Each visit counts once at each step.",
    )
    if cases.told.weakest is not None:
        weakest = cases.told.weakest
        step = weakest.label(page.language)
        told = "；".join if page.language == "zh" else "; ".join
        why = told(_reasons(page, cases, cases.told.steps[weakest].dropped))
        page.text(f"“{step}”中断的原因：{why}", f"Why at “{step}”: {why}")


def _reasons(page: Page, cases: Cases, dropped: Iterable[str]) -> Iterator[str]:
    """Yield each reason for which visits were broken off, the commonest first."""
    lost, why = set(dropped), dict[str, list[Visit]]()
    for visit in (*cases.held, *cases.cancelled):
        if visit.id in lost:
            reason = " ".join([one.reason for one in visit.trail if one.reason][-1].split())
            why.setdefault(reason, []).append(visit)
    for reason, found in sorted(why.items(), key=lambda one: -len(one[1])):
        yield page.say(
            f"{reason} {len(found)} 次（{_ids(page, found)}）",
            f"{reason} {len(found)} ({_ids(page, found)})",
        )


def answers_(page: Page, cases: Cases) -> None:
    """Which answer resolves objections: of what kind, and for whom."""
    page.heading("异议的应对", "Answers to objections")
    answers = cases.told.answers
    head = page.say(
        "技巧|异议或客户|已解决|使用|解决率|95% 区间",
        "technique|objections or customers|resolved|used|rate|95% interval",
    ).split("|")
    rows = [row for name, answer in answers.items() for row in _answer(page, name, answer)]
    if rows:
        page.table([head, *rows], "llrrrr")
        page.text(
            "每个异议既计入其类型，也计入其客户群体；使用少于 5 次的不作结论。",
            "Each objection stands in the line of its kind and in that of its group of customers. "
            "No lesson is made of fewer than 5 uses.",
        )
    else:
        page.text("没有记录应对异议的技巧。", "No answer to an objection was noted.")
    raised = [one for visit in cases.held for one in visit.sheet.objections]
    silent = sum(not one.technique or one.outcome is None for one in raised)
    page.text(
        f"提出的异议 {len(raised)} 个，其中没有回答或未注明技巧的 {silent} 个。",
        f"Objections raised: {len(raised)}; without an answer, or without its technique: {silent}.",
    )


def _answer(page: Page, name: str, answer: AnswerLesson) -> Iterator[tuple[str, ...]]:
    yield cut(name, _NAME), page.say("合计", "all"), *_shares(answer.rate)
    for kind, rate in answer.by_kind.items():
        yield "", page.say("异议：", "objection: ") + cut(kind, _NAME), *_shares(rate)
    for group, rate in answer.by_whom.items():
        yield "", page.say("客户：", "customers: ") + cut(group, _NAME), *_shares(rate)


def _shares(rate: Rate) -> tuple[str, str, str, str]:
    return f"{rate.hits:,}", f"{rate.n:,}", percent(rate.ratio), interval(rate.interval)
