"""The figures by name: what people call them in both languages, and what computes each.

The key of a figure is its name at the door of this room, so a host that reads 销售进度 in a sheet
finds out what is meant.

>>> Figure.named("销售进度"), Figure.PROGRESS.label("zh")
(<Figure.PROGRESS: 'progress'>, '销售进展')
"""

from __future__ import annotations

from salesflow.labels import Term

__all__ = ["Figure"]


class Figure(Term):
    """A figure of a period, under the names the trade has for it."""

    FORECAST = "forecast", "销售预计", "forecast", "销售预测"
    PROGRESS = "progress", "销售进展", "progress", "销售进度"
    CHURN = "churn", "流失率", "churn", "销售流失率"
    REGRESSED = "regressed", "回退", "regressed", "回退率"
    UNCHANGED = "unchanged", "未变动", "unchanged"
    BRIDGE = "bridge", "漏斗变动桥", "bridge", "变动桥"
    CONVERSION = "conversion", "转换率", "conversion", "转化率"
    SHAPE = "shape", "漏斗形状", "shape"
    PACE = "pace", "推进速度", "pace"
    COVERAGE = "coverage", "覆盖率", "coverage", "管道覆盖率"
    OUTLOOK = "outlook", "完成概率", "outlook", "前景"
    EFFORT = "effort", "有效拜访量", "effort", "effective visits"
    PARTICIPATION = "participation", "学术活动参与度", "academic participation"
    UPDATE_FREQUENCY = "update_frequency", "客户信息更新频率", "update frequency"
    CONTRIBUTION = "contribution", "销售贡献", "contribution"
    MARKET_SHARE = "market_share", "市场份额", "market share", "市场占有率"
    OUTPUT_PER_INPUT = "output_per_input", "投入产出比", "output per input"
    COLLECTION_RATE = "collection_rate", "回款率", "collection rate"
    GROWTH = "growth", "增长率", "growth"
    SATISFACTION = "satisfaction", "客户满意度", "customer satisfaction"
    RETENTION = "retention", "保有率", "retention"
    ON_TIME = "on_time", "按时率", "on-time rate"
