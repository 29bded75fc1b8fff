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
    "MISSED",
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
MISSED: Final = Remark(
    "missed_quota",
    Severity.AVOID,
    Label("期末完成指标的 {ratio}，差 {gap}", "the period ended at {ratio} of quota, {gap} short"),
    Label("复盘缺口，并带入下期计划", "review the gap, and take it into the next plan"),
)
THIN: Final = Remark(
    "thin_coverage",
    Severity.AVOID,
    Label(
        "即使期内机会全部成交，也只够剩余指标的 {ratio}",
        "even if all deals of the period close, they cover {ratio} of what remains",
    ),
    Label(
        "为未定日期的机会定日，开发新机会，或重议指标",
        "date the undated deals, find new ones, or discuss the quota",
    ),
)
UNDATED: Final = Remark(
    "undated_deals",
    Severity.WATCH,
    Label(
        "{n} 个机会（{amount}）没有预计成交日，未计入预测",
        "open deals without an expected close, in no forecast: {n} ({amount})",
    ),
    Label("请负责人补填预计成交日：{ids}", "ask their owners for a date: {ids}"),
)
OVERDUE: Final = Remark(
    "overdue_closes",
    Severity.WATCH,
    Label(
        "{n} 个机会（{amount}）的预计成交日早于本期，至今未结",
        "open deals expected to close before the period: {n} ({amount})",
    ),
    Label("逐个核实，改期、推进或关闭：{ids}", "date anew, move or close each: {ids}"),
)
SLIPPED: Final = Remark(
    "slipped_closes",
    Severity.WATCH,
    Label(
        "{n} 个机会（{amount}）推迟了预计成交日",
        "deals that slipped to a later close: {n} ({amount})",
    ),
    Label("逐个询问推迟原因：{ids}", "ask for the reason of each: {ids}"),
)
ANOMALY: Final = Remark(
    "shape_anomaly",
    Severity.WATCH,
    Label(
        "“{target}”有 {later} 个机会，多于“{source}”的 {earlier} 个，不呈漏斗形",
        "“{target}” holds more deals ({later}) than “{source}” before it ({earlier})",
    ),
    Label("补充“{source}”的机会，检查策略与技巧", "fill “{source}”, and check strategy and skill"),
)
BOTTLENECK: Final = Remark(
    "bottleneck",
    Severity.WATCH,
    Label(
        "当前漏斗最窄处：“{source}”{earlier} 个，“{target}”{later} 个（{rate}）",
        "the funnel is narrowest from “{source}” ({earlier}) to “{target}” ({later}): {rate}",
    ),
    Label("辅导该环节，查明机会为何不前", "coach that step, and ask what keeps the deals there"),
)
STALLED: Final = Remark(
    "stalled",
    Severity.WATCH,
    Label(
        "在“{stage}”停留 {days} 天，超过 {limit} 天",
        "stands at “{stage}” for {days} days, longer than {limit}",
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
    Label("确认缺失的条件并补做：{ids}", "find what was missing in each, and do it again: {ids}"),
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
    MISSED,
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
