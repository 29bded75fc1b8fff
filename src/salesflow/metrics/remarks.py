"""What a quarter review can find: each row what is wrong, and what to do next.

The texts name the stage or the deals by id; they never name a person.
"""

from __future__ import annotations

from typing import Final

from salesflow.findings import Remark, Severity
from salesflow.labels import Label

__all__ = [
    "ANOMALY",
    "BEHIND",
    "BOTTLENECK",
    "CHURNED",
    "OVERDUE",
    "REGRESSED",
    "REMARKS",
    "SLIPPED",
    "STALLED",
    "STANDSTILL",
    "THIN",
    "UNDATED",
]

BEHIND: Final = Remark(
    "behind_quota",
    Severity.WATCH,
    Label("预计完成指标的 {ratio}，缺口 {gap}", "{ratio} of quota is expected, {gap} is missing"),
    Label(
        "推进重点机会：{focus}；或补充加权后不少于缺口的新机会",
        "move the focus deals: {focus}; or find deals that weigh as much as the gap",
    ),
)
THIN: Final = Remark(
    "thin_coverage",
    Severity.AVOID,
    Label(
        "即使期内机会全部成交，也只够剩余指标的 {ratio}",
        "even if all deals of the period close, they cover {ratio} of what remains",
    ),
    Label("立即开发新机会，或重议指标", "find new deals now, or talk about the quota"),
)
UNDATED: Final = Remark(
    "undated_deals",
    Severity.WATCH,
    Label(
        "{n} 笔机会（{amount}）没有预计成交日，未计入预测",
        "open deals without an expected close, in no forecast: {n} ({amount})",
    ),
    Label("请负责人补填预计成交日", "ask their owners for a date"),
)
OVERDUE: Final = Remark(
    "overdue_closes",
    Severity.WATCH,
    Label(
        "{n} 笔机会（{amount}）的预计成交日早于本期，至今未结",
        "open deals expected to close before the period: {n} ({amount})",
    ),
    Label("核实：改期、推进或关闭", "check each: date it anew, move it, or close it"),
)
SLIPPED: Final = Remark(
    "slipped_closes",
    Severity.WATCH,
    Label(
        "{n} 笔机会（{amount}）推迟了预计成交日",
        "deals that slipped to a later close: {n} ({amount})",
    ),
    Label("逐笔询问推迟原因", "ask for the reason of each"),
)
ANOMALY: Final = Remark(
    "shape_anomaly",
    Severity.WATCH,
    Label(
        "“{target}”有 {later} 笔，多于“{source}”的 {earlier} 笔，漏斗不成形",
        "deals at “{target}”: {later}, at “{source}” before it: {earlier}; that is no funnel",
    ),
    Label("补充“{source}”的机会，检查策略与技巧", "fill “{source}”, and check strategy and skill"),
)
BOTTLENECK: Final = Remark(
    "bottleneck",
    Severity.WATCH,
    Label(
        "瓶颈在“{source}”到“{target}”：{rate}",
        "the narrowest step is from “{source}” to “{target}”: {rate}",
    ),
    Label("辅导该环节，看哪些关口未过", "coach that step, and look which gates stay shut"),
)
STALLED: Final = Remark(
    "stalled",
    Severity.WATCH,
    Label(
        "在“{stage}”停留 {days} 天，超过 {limit} 天",
        "days at “{stage}”: {days}, more than {limit}",
    ),
    Label("约访并推进，或暂停、关闭", "visit and move it, or put it on hold, or close it"),
)
CHURNED: Final = Remark(
    "churn",
    Severity.WATCH,
    Label(
        "流失 {ratio}（{amount}），主要原因：{reason}",
        "{ratio} was lost ({amount}), most of it because: {reason}",
    ),
    Label("复盘该原因的丢单：{ids}", "review the deals lost for it: {ids}"),
)
REGRESSED: Final = Remark(
    "regressed",
    Severity.WATCH,
    Label("{ratio} 的金额回退到更早阶段", "{ratio} of the amount went back to an earlier stage"),
    Label("确认缺失的条件并补做", "find what was missing and do it again"),
)
STANDSTILL: Final = Remark(
    "standstill",
    Severity.WATCH,
    Label("本期没有任何机会推进", "no deal moved forward in the period"),
    Label("逐笔检查下一步计划", "check the next step of every deal"),
)
#: every finding of a review besides those of its deals and snapshots
REMARKS: Final = (
    BEHIND,
    THIN,
    UNDATED,
    OVERDUE,
    SLIPPED,
    ANOMALY,
    BOTTLENECK,
    STALLED,
    CHURNED,
    REGRESSED,
    STANDSTILL,
)
