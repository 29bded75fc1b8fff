"""Opinion leaders: what kind of weight they have, and how far the work with them has come (KOL).

>>> chen = OpinionLeader(doctor="DR-7", types={"speaker"}, step="contact")
>>> chen.next_step.label("zh"), LEADER_WEIGHTS[LeaderType.SPEAKER].label("en")
('定期联系', 'persuasion')
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label, Term
from salesflow.scales import Rung
from salesflow.tables import Table

__all__ = [
    "LEADER_WEIGHTS",
    "LEADER_WORK",
    "LeaderCriterion",
    "LeaderStep",
    "LeaderType",
    "LeaderWeight",
    "OpinionLeader",
    "Rhythm",
]


class LeaderType(Term):
    """The kind of an opinion leader."""

    ACADEMIC_LEADER = "academic_leader", "学术界领袖", "academic leader"
    SPEAKER = "speaker", "产品讲者", "speaker"
    PRESCRIBING_AUTHORITY = "prescribing_authority", "处方权威", "prescribing authority"


class LeaderWeight(Term):
    """What the word of an opinion leader rests on."""

    INFLUENCE = "influence", "影响力", "influence"
    PERSUASION = "persuasion", "说服力", "persuasion"
    DECISION_POWER = "decision_power", "决策权力", "decision power"


#: what each kind of opinion leader brings
LEADER_WEIGHTS: Final = Table(
    {
        LeaderType.ACADEMIC_LEADER: LeaderWeight.INFLUENCE,
        LeaderType.SPEAKER: LeaderWeight.PERSUASION,
        LeaderType.PRESCRIBING_AUTHORITY: LeaderWeight.DECISION_POWER,
    }
)


class LeaderCriterion(Term):
    """Why somebody is chosen as an opinion leader."""

    INFLUENCE = "influence", "影响力", "influence"
    POSITION = "position", "学术地位", "academic position"
    LEVEL = "level", "学术水平", "academic level"
    LECTURING = "lecturing", "讲课技巧熟练", "skill in lecturing"
    POLICY = "policy", "与进药或目录政策制订相关", "part in listing or reimbursement policy"


class LeaderStep(Rung):
    """The five steps of the work with an opinion leader."""

    POSITIONING = "positioning", "定位", "positioning"
    UNDERSTANDING = "understanding", "了解", "understanding"
    CONTACT = "contact", "接触", "contact"
    REGULAR_CONTACT = "regular_contact", "定期联系", "regular contact"
    COMMITMENT = "commitment", "锁定", "commitment"


#: what is done at each step; private life, friends and family are no part of it
LEADER_WORK: Final = Table(
    {
        LeaderStep.POSITIONING: Label(
            "确定产品、科室和目的", "settle the product, the department and the purpose"
        ),
        LeaderStep.UNDERSTANDING: Label(
            "了解专业需求和学术倾向", "learn the professional needs and the scientific view"
        ),
        LeaderStep.CONTACT: Label("以专业渠道接触", "get in touch by professional channels"),
        LeaderStep.REGULAR_CONTACT: Label(
            "按周、月或季定期联系", "keep in touch each week, month or quarter"
        ),
        LeaderStep.COMMITMENT: Label(
            "成为讲者或学术支持者", "they speak, or support the science in public"
        ),
    }
)


class Rhythm(Term):
    """How often an opinion leader is contacted."""

    WEEKLY = "weekly", "每周", "weekly"
    MONTHLY = "monthly", "每月", "monthly"
    QUARTERLY = "quarterly", "每季", "quarterly"


_UNPOSITIONED: Final = Remark(
    "leader_unpositioned",
    Severity.WATCH,
    Label("尚未确定产品、科室和目的，已到“{step}”", "at “{step}” without product and purpose"),
    Label("先定位，再联系", "settle product, department and purpose first"),
)
_NO_RHYTHM: Final = Remark(
    "leader_without_rhythm",
    Severity.WATCH,
    Label("已到“{step}”，但未定联系频率", "at “{step}” without a rhythm of contact"),
    Label("确定每周、每月或每季联系", "settle on weekly, monthly or quarterly contact"),
)
_NO_CRITERION: Final = Remark(
    "leader_without_criterion",
    Severity.WATCH,
    Label("未注明选择理由", "nobody noted why this person was chosen"),
    Label("注明影响力、学术地位等理由", "note influence, position or another criterion"),
)
#: every finding about an opinion leader
LEADER_REMARKS: Final = (_UNPOSITIONED, _NO_RHYTHM, _NO_CRITERION)


def _types(value: Iterable[LeaderType]) -> frozenset[LeaderType]:
    return forms.ticked(LeaderType, value, "types")


def _criteria(value: Iterable[LeaderCriterion]) -> frozenset[LeaderCriterion]:
    return forms.ticked(LeaderCriterion, value, "criteria")


@frozen(kw_only=True)
class OpinionLeader:
    """A doctor whose word others follow, and how far the work with them has come."""

    #: id of the doctor
    doctor: str
    #: what kind of leader; one may be several
    types: frozenset[LeaderType] = field(converter=_types, repr=forms.shown)
    #: how far the work has come
    step: LeaderStep = LeaderStep.POSITIONING
    #: why they were chosen
    criteria: frozenset[LeaderCriterion] = field(
        default=frozenset(), converter=_criteria, repr=forms.shown
    )
    #: the product it is about, by id
    product: str = ""
    #: what the work is for
    purpose: str = ""
    #: how often they are contacted, None where nobody settled it
    rhythm: Rhythm | None = None

    def __attrs_post_init__(self) -> None:
        if not self.types:
            raise InvalidValue("types", "are empty", "say what kind of leader")
        forms.lines(self, "doctor")
        forms.optional_lines(self, "product", "purpose")
        forms.terms(self, step=LeaderStep)
        forms.optional_terms(self, rhythm=Rhythm)

    @property
    def next_step(self) -> LeaderStep | None:
        """The step that comes next; None after the last one."""
        return next((step for step in LeaderStep if step > self.step), None)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was left out on the way to this step."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        if not self.criteria:
            yield _NO_CRITERION.about(self.doctor)
        if self.step > LeaderStep.POSITIONING and not (self.product and self.purpose):
            yield _UNPOSITIONED.about(self.doctor, step=self.step)
        if self.step >= LeaderStep.REGULAR_CONTACT and self.rhythm is None:
            yield _NO_RHYTHM.about(self.doctor, step=self.step)
