"""How three vocabularies of selling fit together: six general steps, seven steps, eight stages.

Textbooks tell of six steps, a visit has seven, a deal eight stages.  The map is thematic and
many to many, and the three run on different clocks (minutes, weeks, months); but it leaves nothing
out, and a later general step never points to an earlier stage.

>>> [stage.label("zh") for stage in stages_of(Step.SOLUTION)]
['呈现价值']
>>> [step.label("en") for step in steps_of(Stage.PAYMENT_AND_RESALE)]
['close', 'post-call summary']
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from salesflow.errors import InvalidValue
from salesflow.funnel import Stage
from salesflow.labels import Term
from salesflow.visits.steps import Step

__all__ = ["PROCESS", "GeneralStep", "ProcessRow", "stages_of", "steps_of"]


class GeneralStep(Term):
    """A step of the general sales process."""

    IDENTIFY = "identify", "潜在客户识别", "identify possible customers"
    CONTACT = "contact", "客户接触", "make contact"
    ANALYSE_NEEDS = "analyse_needs", "需求分析", "analyse the needs"
    RECOMMEND = "recommend", "产品推荐", "recommend a product"
    HANDLE_OBJECTIONS = "handle_objections", "处理异议", "handle objections"
    CLOSE_AND_FOLLOW_UP = "close_and_follow_up", "成交与后续跟进", "close and follow up"


@frozen
class ProcessRow:
    """A row of the map: a general step, and what it is called in the other two vocabularies."""

    #: the general step
    general: GeneralStep
    #: the steps of a visit
    steps: tuple[Step, ...]
    #: the stages of a deal
    stages: tuple[Stage, ...]


#: the map, in the order of the general process
PROCESS: Final = (
    ProcessRow(
        GeneralStep.IDENTIFY,
        (Step.PRE_CALL_PLAN,),
        (Stage.TARGET_GROUP, Stage.INFO_COLLECTION, Stage.CUSTOMER_ANALYSIS),
    ),
    ProcessRow(GeneralStep.CONTACT, (Step.OPENING,), (Stage.TRUST_BUILDING,)),
    ProcessRow(GeneralStep.ANALYSE_NEEDS, (Step.NEEDS,), (Stage.NEEDS_DISCOVERY,)),
    ProcessRow(GeneralStep.RECOMMEND, (Step.SOLUTION,), (Stage.VALUE_PRESENTATION,)),
    ProcessRow(
        GeneralStep.HANDLE_OBJECTIONS,
        (Step.OBJECTIONS,),
        (Stage.VALUE_PRESENTATION, Stage.WINNING_COMMITMENT),
    ),
    ProcessRow(
        GeneralStep.CLOSE_AND_FOLLOW_UP,
        (Step.CLOSE, Step.POST_CALL_SUMMARY),
        (Stage.WINNING_COMMITMENT, Stage.PAYMENT_AND_RESALE),
    ),
)


def stages_of(step: Step | GeneralStep) -> tuple[Stage, ...]:
    """Return the stages of a deal that a step of a visit, or of the general process, serves."""
    rows = [row for row in PROCESS if step is row.general or step in row.steps]
    if not rows:
        raise InvalidValue("step", "is no step of the map", "pass a Step or a GeneralStep")
    return tuple(stage for row in rows for stage in row.stages)


def steps_of(of: Stage | GeneralStep) -> tuple[Step, ...]:
    """Return the steps of a visit that serve a stage, or a step of the general process."""
    rows = [row for row in PROCESS if of is row.general or of in row.stages]
    if not rows:
        raise InvalidValue("of", "is not on the map", "pass a Stage or a GeneralStep")
    return tuple(step for row in rows for step in row.steps)
