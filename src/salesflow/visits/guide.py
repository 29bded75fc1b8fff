"""The guide to the seven steps: what each is for, what goes in, what comes out, what is good.

A check that the library can make itself names the finding it gives (`Visit.findings`); the others
are for the manager who goes along.

>>> row = STEPS[Step.NEEDS]
>>> row.purpose.zh, [check.finding for check in row.checks]
('找到真实需求', ['closed_question_first', 'one_form_of_question', 'spin_incomplete', ''])
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from salesflow.labels import Label
from salesflow.tables import Table
from salesflow.visits.steps import Step

__all__ = ["STEPS", "Check", "StepProfile"]


@frozen
class Check:
    """Something that is done in a good visit."""

    #: what is asked
    question: Label
    #: key of the finding that says it was not done, empty where only a person can tell
    finding: str = ""


@frozen(kw_only=True)
class StepProfile:
    """A row of the guide: all that the trade says of one step."""

    #: the step
    step: Step
    #: what it is for
    purpose: Label
    #: what goes into it
    inputs: tuple[Label, ...]
    #: what comes out of it
    outputs: tuple[Label, ...]
    #: what is done in a good visit
    checks: tuple[Check, ...]


_ROWS: Final = (
    StepProfile(
        step=Step.PRE_CALL_PLAN,
        purpose=Label("成功的基础：了解需求和痛点", "the basis of success: need and pain known"),
        inputs=(
            Label("客户记录", "the record of the customer"),
            Label("上次拜访记录", "the record of the last visit"),
            Label("产品与竞争品", "product and competition"),
            Label("时间、地点、预约", "time, place, appointment"),
        ),
        outputs=(
            Label("SMART目的", "SMART aims"),
            Label("开场白", "the opening"),
            Label("关键信息：特征和利益", "key messages: features and benefits"),
            Label("预测的异议和答案", "predicted objections, with answers"),
            Label("资料", "material"),
        ),
        checks=(
            Check(Label("看过上次记录？", "Was the last record read?"), "last_record_unread"),
            Check(Label("至少三个目的？", "Are there three aims at least?"), "aims_few"),
            Check(Label("目的符合SMART？", "Is each aim SMART?"), "aim_not_smart"),
            Check(
                Label("有沿接纳度阶梯上移的目的？", "Does an aim move the customer up the ladder?"),
                "no_ladder_aim",
            ),
            Check(Label("学术资料已备？", "Is the evidence ready?"), "no_material"),
            Check(Label("关键信息已备？", "Are the key messages ready?"), "no_key_message"),
            Check(Label("开场白已备？", "Is the opening ready?"), "no_opening"),
            Check(Label("预测了异议？", "Are objections predicted?"), "no_prediction"),
            Check(Label("每个都有答案？", "Has each an answer?"), "prediction_unanswered"),
            Check(Label("已预约？", "Is there an appointment?"), "no_appointment"),
            Check(Label("避开繁忙时段？", "Are busy hours avoided?"), "busy_hour"),
        ),
    ),
    StepProfile(
        step=Step.OPENING,
        purpose=Label("引起注意，建立初步信任", "attention, and a first trust"),
        inputs=(
            Label("拜访计划", "the plan"),
            Label("行业新闻、专业知识、共同兴趣", "news of the field, expertise, common interest"),
        ),
        outputs=(Label("双方认同的话题", "a topic both agree on"),),
        checks=(
            Check(Label("说明了目的？", "Was the purpose stated?")),
            Check(Label("与客户的利益相关？", "Did it concern the customer?")),
            Check(Label("仪表专业，简洁明了？", "Was it professional, clear and short?")),
        ),
    ),
    StepProfile(
        step=Step.NEEDS,
        purpose=Label("找到真实需求", "the real need"),
        inputs=(
            Label("SPIN问题", "SPIN questions"),
            Label("开放式和封闭式问题", "open and closed questions"),
        ),
        outputs=(Label("有依据的需求记录", "needs on record, with evidence"),),
        checks=(
            Check(
                Label("以开放式问题开始？", "Did it begin with an open question?"),
                "closed_question_first",
            ),
            Check(
                Label("两种问题都用了？", "Were both forms of question used?"),
                "one_form_of_question",
            ),
            Check(Label("四类问题都问了？", "Were all four types asked?"), "spin_incomplete"),
            Check(Label("先聆听？", "Did listening come first?")),
        ),
    ),
    StepProfile(
        step=Step.SOLUTION,
        purpose=Label("适合需求的可行方案", "a feasible solution, fitted to the need"),
        inputs=(
            Label("需求", "the needs"),
            Label("特性、优势、利益（FAB）", "feature, advantage, benefit (FAB)"),
        ),
        outputs=(Label("与需求相连的FAB陈述", "statements linked to needs"),),
        checks=(
            Check(Label("先确认了需求？", "Was a need confirmed before?"), "solution_before_need"),
            Check(Label("FAB完整？", "Is each statement complete?"), "fab_incomplete"),
            Check(Label("利益对应需求？", "Does each benefit answer a need?"), "unlinked_benefit"),
            Check(
                Label("说明了临床价值？", "Is the value in the clinic named?"), "no_clinical_value"
            ),
            Check(Label("有数据和案例？", "Are there data and cases?"), "claim_without_evidence"),
            Check(Label("没有夸大？", "Is nothing exaggerated?"), "absolute_claim"),
            Check(Label("语言通俗？", "Was the language plain?")),
        ),
    ),
    StepProfile(
        step=Step.OBJECTIONS,
        purpose=Label("消除疑虑", "doubts dissolved"),
        inputs=(
            Label("客户的异议", "the objections raised"),
            Label("准备好的答案", "the answers prepared"),
        ),
        outputs=(Label("异议及其处理结果", "each objection with its outcome"),),
        checks=(
            Check(Label("倾听、解释、解决、确认？", "Listen, explain, solve, confirm?")),
            Check(
                Label("未解决的都有跟进日期？", "Is each open one followed up by a day?"),
                "objection_unsettled",
            ),
            Check(
                Label("注明了应对技巧？", "Was the technique noted?"), "objection_without_technique"
            ),
        ),
    ),
    StepProfile(
        step=Step.CLOSE,
        purpose=Label("明确的决定和承诺", "a clear decision, a commitment"),
        inputs=(Label("已确认的需求和利益", "needs and benefits that were confirmed"),),
        outputs=(Label("承诺（谁、什么、何时）或明确拒绝", "who, what and when, or a plain no"),),
        checks=(
            Check(Label("先重申需求和利益？", "Were needs and benefits confirmed again?")),
            Check(Label("得到明确答复？", "Was there a decision?"), "no_decision"),
            Check(Label("承诺详细具体？", "Is the commitment specific?"), "commitment_vague"),
        ),
    ),
    StepProfile(
        step=Step.POST_CALL_SUMMARY,
        purpose=Label("总结经验，跟进", "lessons and follow-up"),
        inputs=(Label("本次拜访", "the visit"),),
        outputs=(
            Label("拜访要点", "main points"),
            Label("客户反馈", "feedback of the customer"),
            Label("达成共识", "what was agreed"),
            Label("待解决问题", "open points"),
            Label("下次计划", "the next plan"),
        ),
        checks=(
            Check(Label("立即写了总结？", "Was it written at once?"), "summary_late"),
            Check(Label("模板填写完整？", "Is the form complete?"), "summary_incomplete"),
            Check(Label("收集了反馈？", "Was feedback captured?"), "no_feedback"),
            Check(
                Label("承诺了答复时限？", "Was a day of answer promised?"),
                "feedback_without_limit",
            ),
            Check(Label("调整了下次策略？", "Was the next strategy adjusted?")),
        ),
    ),
)
#: the seven steps, row by row
STEPS: Final = Table({row.step: row for row in _ROWS})
