"""What is doubtful about a single visit: good practice that was left out, step by step.

Nothing here raises: a visit with findings is still a visit, and the manager coaches.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from salesflow.activity import SEVERITIES, counts
from salesflow.findings import Finding, Remark, Severity, watch
from salesflow.labels import Label
from salesflow.visits.dialogue import QuestionForm, spin_coverage
from salesflow.visits.effect import EffectiveRule, Shortfall
from salesflow.visits.outcome import Party, Polarity, SummaryBox
from salesflow.visits.sheet import Sheet
from salesflow.visits.standing import Standing
from salesflow.visits.steps import VisitStatus

__all__ = ["VISIT_REMARKS", "visit_findings"]


_KIND: Final = Remark(
    "visit_never_counts",
    Severity.AVOID,
    Label("以{kind}代替拜访，不计入", "a {kind} recorded as a visit does not count"),
    Label("改为专业拜访，并报合规审查", "make a professional visit, and tell compliance"),
)
_OVERRIDDEN: Final = watch(
    "visit_gate_overridden",
    ("“{step}”之后的关口经特批放行", "“{step}” was left on somebody's word"),
    ("补齐记录", "complete the record"),
)
_NO_PLAN: Final = watch(
    "no_plan", ("没有拜访计划", "there is no plan"), ("先做计划", "plan before the visit")
)
_CLOSED_FIRST: Final = watch(
    "closed_question_first",
    ("第一个问题不是开放式问题", "the first question was not an open one"),
    ("以开放式问题开始", "begin with an open question"),
)
_ONE_FORM: Final = watch(
    "one_form_of_question",
    ("注明形式的问题都是{form}", "only {form} questions were noted"),
    ("结合开放式和封闭式问题", "use open and closed questions both"),
)
_SPIN: Final = watch(
    "spin_incomplete",
    ("SPIN提问缺少：{kinds}", "types of question not asked: {kinds}"),
    ("补充这类问题", "ask these as well"),
)
_PAYOFF: Final = watch(
    "payoff_early",
    ("在暗示问题之前就问了需要回报", "a need-payoff question came before any implication"),
    ("先让客户看到问题的后果", "let the customer see the consequence first"),
)
_SOLUTION_EARLY: Final = watch(
    "solution_before_need",
    ("在确认需求之前就谈产品", "the product came before a confirmed need"),
    ("先确认至少一个需求", "confirm at least one need first"),
)
_NEED_UNPROVED: Final = watch(
    "need_without_evidence",
    ("需求“{need}”没有依据", "the need “{need}” rests on nothing recorded"),
    ("记录客户原话", "record the words of the customer"),
)
_NO_VALUE: Final = watch(
    "no_clinical_value",
    ("没有说明临床价值", "no statement names what it is worth in the clinic"),
    ("说明疗效、安全性、依从性或成本", "name efficacy, safety, adherence or cost"),
)
_UNSETTLED: Final = watch(
    "objection_unsettled",
    ("异议“{objection}”未处理", "the objection “{objection}” is not dealt with"),
    ("回答，或约定跟进日期", "answer it, or agree on a day"),
)
_NO_TECHNIQUE: Final = watch(
    "objection_without_technique",
    ("异议“{objection}”未注明应对技巧", "how “{objection}” was answered was not noted"),
    ("注明技巧，便于总结", "note it, so that the team can learn"),
)
_NO_DECISION: Final = watch(
    "no_decision",
    (
        "没有取得客户承诺，客户也没有明确拒绝",
        "it ended with neither a promise of the customer nor a plain no",
    ),
    ("下次拜访争取明确答复", "ask for a decision on the next visit"),
)
_VAGUE: Final = watch(
    "commitment_vague",
    ("承诺“{promise}”缺少负责人或期限", "the promise “{promise}” names no person or no day"),
    ("补充负责人和期限", "add both"),
)
_NO_FEEDBACK: Final = watch(
    "no_feedback",
    ("没有记录客户反馈", "no feedback of the customer was recorded"),
    ("每次拜访都收集反馈", "collect it on every visit"),
)
_NO_LIMIT: Final = watch(
    "feedback_without_limit",
    ("反馈“{feedback}”没有承诺答复时限", "no day was promised for answering “{feedback}”"),
    ("承诺答复日期", "promise one"),
)
_SUMMARY_GAPS: Final = watch(
    "summary_incomplete",
    ("访后总结缺少：{boxes}", "the summary lacks: {boxes}"),
    ("补全总结", "complete it"),
)
_SUMMARY_LATE: Final = watch(
    "summary_late",
    ("访后总结不及时", "the summary came late"),
    ("拜访后立即写总结", "write it at once after the visit"),
)
_UNKNOWN_AIM: Final = watch(
    "aim_unknown",
    (
        "总结中达成的目的“{aim}”不在计划中",
        "the summary reports an aim “{aim}” that is not in the plan",
    ),
    ("核对目的", "compare the two"),
)
#: every finding of a visit besides those of its plan and its claims
VISIT_REMARKS: Final = (
    _KIND,
    _OVERRIDDEN,
    _NO_PLAN,
    _CLOSED_FIRST,
    _ONE_FORM,
    _SPIN,
    _PAYOFF,
    _SOLUTION_EARLY,
    _NEED_UNPROVED,
    _NO_VALUE,
    _UNSETTLED,
    _NO_TECHNIQUE,
    _NO_DECISION,
    _VAGUE,
    _NO_FEEDBACK,
    _NO_LIMIT,
    _SUMMARY_GAPS,
    _SUMMARY_LATE,
    _UNKNOWN_AIM,
)


def visit_findings(
    visit: Standing,
    *,
    least_aims: int,
    form: tuple[SummaryBox, ...],
    rule: EffectiveRule,
    absolutes: tuple[str, ...],
) -> tuple[Finding, ...]:
    """Return what is doubtful about a visit, in the order of its steps.

    A visit is judged only on what it came to: questions once one is recorded, the close once the
    visit is closed and was not broken off.
    """
    sheet = visit.sheet
    return (
        *_of_frame(visit),
        *_of_plan(visit, sheet, least_aims),
        *_of_questions(visit, sheet),
        *_of_solution(visit, sheet, absolutes),
        *_of_objections(visit, sheet),
        *_of_close(visit, sheet),
        *_of_summary(visit, sheet, form, rule),
    )


def _of_frame(visit: Standing) -> Iterator[Finding]:
    if not counts(visit.kind):
        severity = SEVERITIES[visit.kind]
        yield _KIND.about(visit.id, severity=severity, kind=visit.kind)
    for event in visit.trail:
        if event.override is not None:
            yield _OVERRIDDEN.about(visit.id, step=event.source or event.target)


def _of_plan(visit: Standing, sheet: Sheet, least_aims: int) -> Iterator[Finding]:
    if sheet.plan is not None:
        yield from sheet.plan.findings(visit.id, day=visit.day, least_aims=least_aims)
    elif visit.status is not VisitStatus.CANCELLED:
        yield _NO_PLAN.about(visit.id)


def _of_questions(visit: Standing, sheet: Sheet) -> Iterator[Finding]:
    for need in sheet.needs:
        if not need.evidence:
            yield _NEED_UNPROVED.about(visit.id, need=need.key)
    if not sheet.questions:
        return
    if sheet.questions[0].form is QuestionForm.CLOSED:
        yield _CLOSED_FIRST.about(visit.id)
    used = {question.form for question in sheet.questions} - {None}
    for only in QuestionForm:
        if used == {only}:
            yield _ONE_FORM.about(visit.id, form=only)
    spin = spin_coverage(sheet.questions)
    if spin.missing:
        yield _SPIN.about(visit.id, kinds=spin.missing)
    if spin.payoff_early:
        yield _PAYOFF.about(visit.id)


def _of_solution(visit: Standing, sheet: Sheet, absolutes: tuple[str, ...]) -> Iterator[Finding]:
    if not sheet.statements:
        return
    if not sheet.need_first:
        yield _SOLUTION_EARLY.about(visit.id)
    if not any(fab.value for fab in sheet.statements):
        yield _NO_VALUE.about(visit.id)
    needs = sheet.need_keys
    for fab in sheet.statements:
        yield from fab.findings(needs, subject=visit.id, absolutes=absolutes)


def _of_objections(visit: Standing, sheet: Sheet) -> Iterator[Finding]:
    for objection in sheet.objections:
        if not objection.settled:
            yield _UNSETTLED.about(visit.id, objection=objection.key)
        elif not objection.technique:
            yield _NO_TECHNIQUE.about(visit.id, objection=objection.key)


def _of_close(visit: Standing, sheet: Sheet) -> Iterator[Finding]:
    for promise in sheet.commitments:
        if not promise.who or promise.due is None:
            yield _VAGUE.about(visit.id, promise=promise.key)
    for heard in sheet.feedback:
        answered = heard.handled_on is not None or heard.polarity is Polarity.POSITIVE
        if heard.respond_by is None and not answered:
            yield _NO_LIMIT.about(visit.id, feedback=heard.key)
    if visit.status is not VisitStatus.CLOSED:
        return
    declined = sheet.summary is not None and sheet.summary.declined
    promised = any(promise.by is Party.CUSTOMER for promise in sheet.commitments)
    if visit.aborted_at is None and not promised and not declined:
        yield _NO_DECISION.about(visit.id)
    if not sheet.feedback and not (sheet.summary and sheet.summary.feedback):
        yield _NO_FEEDBACK.about(visit.id)


def _of_summary(
    visit: Standing, sheet: Sheet, form: tuple[SummaryBox, ...], rule: EffectiveRule
) -> Iterator[Finding]:
    if sheet.summary is None:
        return
    gaps = sheet.summary.missing(form)
    if gaps:
        yield _SUMMARY_GAPS.about(visit.id, boxes=tuple(row.label for row in gaps))
    if Shortfall.SUMMARY_LATE in rule.missing(visit, sheet):
        yield _SUMMARY_LATE.about(visit.id)
    known = {aim.key for aim in (sheet.plan.aims if sheet.plan else ())}
    for key in sheet.summary.aims_met:
        if key not in known:
            yield _UNKNOWN_AIM.about(visit.id, aim=key)
