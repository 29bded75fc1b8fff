"""The four principles of funnel management (销售漏斗管理的4大原则), and what serves each here.

Results lag behind: who controls the process controls the result.  What is laid down is done, and
what is done can be seen.  A difficulty foreseen is cheaper than one repaired.  And when each does
what is theirs in one known way, nobody has to be a genius.

>>> [tool.name.en for tool in PRINCIPLES[Principle.PREVENTION]][:2]
['pre-mortem of a stage', 'warnings before a day']

Source: the principles are those of the trade's training material; the tools are this library's.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from salesflow.labels import Label, Term
from salesflow.tables import Table

__all__ = ["PRINCIPLES", "Principle", "Tool"]


class Principle(Term):
    """A principle of funnel management."""

    PROCESS = "process", "控制过程比控制结果更重要", "control the process more than the result"
    SAY_DO_SHOW = (
        "say_do_show",
        "该说的要说到，说到的要做到，做到的要见到",
        "say it, do it, show it",
    )
    PREVENTION = "prevention", "预防性的事前管理重于问题性的事后管理", "prevention before repair"
    STANDARDS = "standards", "营销管理的最高境界是标准化", "standardisation above all"


@frozen
class Tool:
    """Something in this library that serves a principle."""

    #: what it is
    name: Label
    #: the module it stands in, below `salesflow`
    module: str


def _tool(module: str, zh: str, en: str) -> Tool:
    return Tool(Label(zh, en), module)


#: the principles, with the tools that serve each
PRINCIPLES: Final[Table[Principle, tuple[Tool, ...]]] = Table(
    {
        Principle.PROCESS: (
            _tool("funnel.stages", "八个阶段与关口", "stages and their gates"),
            _tool("funnel.trail", "只增不改的事件记录", "trails that are only added to"),
            _tool("conduct.logs", "日清单与每日总结", "daily lists and summaries"),
            _tool("conduct.cover", "日志覆盖率", "coverage by logs: everyone, every day"),
            _tool("conduct.spot_check", "抽查", "spot checks"),
            _tool("metrics.effort", "拜访执行与有效率", "visits planned, made and effective"),
            _tool("metrics.review", "过程与结果的回顾", "review of process and result"),
        ),
        Principle.SAY_DO_SHOW: (
            _tool(
                "conduct.practice", "制度、执行、记录的审核", "audit of rule, execution and record"
            ),
            _tool("conduct.vouchers", "报销凭证核对", "vouchers held against the logs"),
            _tool("visits.proofs", "拜访佐证", "evidence from visits"),
            _tool("visits.outcome", "有期限的承诺", "promises with a day"),
        ),
        Principle.PREVENTION: (
            _tool("conduct.foresight", "阶段预案", "pre-mortem of a stage"),
            _tool("conduct.deadlines", "到期提醒", "warnings before a day"),
            _tool("conduct.issues", "例常问题与规则", "recurring issues and their rules"),
            _tool("visits.plan", "访前计划", "plan before the visit"),
        ),
        Principle.STANDARDS: (
            _tool("customers.duties", "分工", "division of labour"),
            _tool("conduct.notices", "业务通知单", "business notices between departments"),
            _tool("visits.steps", "拜访七步骤", "the seven steps of a visit"),
            _tool("visits.retrospective", "流程总结模板", "one form for the process review"),
        ),
    }
)
