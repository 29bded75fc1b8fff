"""What must be true before a deal goes on: every criterion of the eight stages, as gates.

The first three stages are strict: all their criteria are demanded.  For the later ones the
sources list work to be done and name what ends the stage; the work takes evidence but does not
shut the way (`required=False`), and a host that wants it stricter says so in its own table.

Two criteria carry a fact besides evidence: all contract terms are done only when the deal is also
fully paid, which the deal itself knows.  The investment gate has no default threshold, since
"far below the output" has no number in the sources: a host sets one (`FUNNEL.with_gate`), and
until then a deal passes there only as strategic.
"""

from __future__ import annotations

from typing import Final

from salesflow.activity import WORK, ActivityKind
from salesflow.customers import Dossier, RelationshipLevel
from salesflow.gates import Gate
from salesflow.labels import Label

__all__ = [
    "ANALYSIS_GATES",
    "COLLECTION_GATES",
    "COMMITMENT_GATES",
    "NEEDS_GATES",
    "PAYMENT_GATES",
    "TARGET_GATES",
    "TRUST_GATES",
    "VALUE_GATES",
]

_K = ActivityKind
_IN_PERSON: Final = (
    _K.VISIT,
    _K.APPOINTMENT,
    _K.DEPARTMENT_MEETING,
    _K.SALON,
    _K.SEMINAR,
    _K.NEGOTIATION,
)
_CLOSING: Final = (_K.CONTRACT, _K.INSTALLATION, _K.PAYMENT)
# Field and desk work; a signed or paid paper proves its own gate, not that somebody is a guide.
_WORK: Final = tuple(kind for kind in WORK if kind not in _CLOSING)
_SIGNED: Final = (_K.CONTRACT, _K.TENDER, _K.STATEMENT)
# A placement of equipment is a form of deal, and counts once it is approved.
_DEAL_FORM: Final = (*_WORK, _K.CONTRACT, _K.PLACEMENT)

_SAMPLE_VOLUME: Final = Gate(
    "sample_volume_ok",
    Label("标本量达到项目要求？", "Does the sample volume meet the project?"),
    _WORK,
)

#: 1 → 2: a hospital is a target only with all three
TARGET_GATES: Final = (
    _SAMPLE_VOLUME,
    Gate(
        "hospital_pays_well",
        Label("医院回款良好？", "Does the hospital pay its bills well?"),
        _WORK,
    ),
    Gate(
        "hospital_brewing_or_collecting",
        Label(
            "医院正在酝酿或者收集资料？", "Is the hospital considering or gathering information?"
        ),
        _WORK,
    ),
)

#: 2 → 3: five dossiers, and five checks of the lead
COLLECTION_GATES: Final = (
    *(
        Gate(
            dossier.value,
            Label(
                f"{dossier.label('zh')}是否齐全？", f"Is the dossier there: {dossier.label('en')}?"
            ),
            _WORK,
        )
        for dossier in Dossier
    ),
    _SAMPLE_VOLUME,
    Gate("pays_well", Label("回款良好？", "Does the customer pay well?"), _WORK),
    Gate("has_project_need", Label("有项目需求？", "Is there a need for the project?"), _WORK),
    Gate(
        "success_odds_analysed",
        Label("成功几率是否已分析？", "Have the odds of success been analysed?"),
        _WORK,
    ),
    Gate(
        "investment_output_ok",
        Label(
            "前期投入、后期设备投入和项目产出是否达到要求？",
            "Do early cost, equipment and output of the project meet the requirement?",
        ),
        _WORK,
    ),
)

#: 3 → 4: a customer worth a project, a guide found, the organisation understood
ANALYSIS_GATES: Final = (
    Gate("opportunity_exists", Label("有销售机会？", "Is there an opportunity?"), _WORK),
    Gate(
        "interested",
        Label("客户对我们的产品有兴趣？", "Is the customer interested in what we offer?"),
        _WORK,
    ),
    Gate(
        "accepts_purchase_or_placement_plan",
        Label("客户认同购买或投放方案？", "Does the customer accept to buy, or a placement plan?"),
        _DEAL_FORM,
    ),
    Gate(
        "sample_min_and_growth",
        Label(
            "标本达到项目最低需求，未来1–2年增长可观？",
            "Do samples reach the minimum, with good growth over one to two years?",
        ),
        _WORK,
    ),
    Gate(
        "investment_far_below_output",
        Label(
            "投入远远小于产出？（产出÷投入）",
            "Is the investment far below the output? (output ÷ investment)",
        ),
        _WORK,
        any_of="investment_far_below_output_or_strategic",
        measured=True,
    ),
    Gate(
        "strategic",
        Label("医院意义重大？", "Is the hospital of strategic weight?"),
        _WORK,
        any_of="investment_far_below_output_or_strategic",
    ),
    Gate("guide_developed", Label("是否发展了向导？", "Has a guide been developed?"), _WORK),
    Gate(
        "org_structure_analysed",
        Label("客户组织结构是否已分析？", "Has the customer's organisation been analysed?"),
        _WORK,
    ),
)

#: 4 → 5: trusted as a professional, and one of three signs of it
TRUST_GATES: Final = (
    Gate(
        "trust_reached",
        Label("关系是否达到信赖？", "Has the relationship reached trust?"),
        _WORK,
        threshold=RelationshipLevel.TRUST,
    ),
    Gate(
        "introduces_colleagues",
        Label("客户乐于穿针引线？", "Is the customer glad to introduce colleagues?"),
        _WORK,
        any_of="sign_of_trust",
    ),
    Gate(
        "acts_as_guide",
        Label("客户成为向导？", "Does the customer guide us with steady information?"),
        _WORK,
        any_of="sign_of_trust",
    ),
    Gate(
        "firm_support",
        Label("客户坚定支持我们的方案？", "Does the customer stand up for our plan?"),
        _WORK,
        any_of="sign_of_trust",
    ),
)

#: 5 → 6: a need the customer sees, and a solution for it
NEEDS_GATES: Final = (
    Gate(
        "department_questioned",
        Label("是否充分询问科室情况？", "Has the department been questioned in full?"),
        _WORK,
        required=False,
    ),
    Gate(
        "needs_analysed",
        Label(
            "需求是否从精确、安全、人力、科室收入分析？",
            "Have needs been analysed: precision, safety, labour, revenue of the institution?",
        ),
        _WORK,
        required=False,
    ),
    Gate(
        "need_recognised_by_customer",
        Label("客户是否认识到需求？", "Does the customer recognise a need?"),
        _WORK,
    ),
    Gate(
        "solution_designed",
        Label("解决方案是否已设计？", "Has a solution been designed?"),
        _WORK,
    ),
    Gate(
        "features_built_into_solution",
        Label("产品特点是否融入方案？", "Are the product's features built into the solution?"),
        _WORK,
        required=False,
    ),
)

#: 6 → 7: the solution presented, and the decision maker met
VALUE_GATES: Final = (
    Gate(
        "needs_based_analysis",
        Label("是否根据需求分析？", "Is the analysis based on the needs?"),
        _WORK,
        required=False,
    ),
    Gate(
        "competition_analysis",
        Label("是否做过竞争分析？", "Has the competition been analysed?"),
        _WORK,
        required=False,
    ),
    Gate(
        "product_introduction",
        Label("是否介绍产品？", "Has the product been introduced?"),
        _WORK,
        required=False,
    ),
    Gate(
        "proposal_written",
        Label("建议书是否整理？", "Has the proposal been written?"),
        _WORK,
        required=False,
    ),
    Gate(
        "solution_presented",
        Label("方案是否已呈现？", "Has the solution been presented?"),
        _WORK,
    ),
    Gate(
        "decision_maker_reached",
        Label("是否已面见决策者？", "Has the decision maker been met?"),
        _IN_PERSON,
    ),
)

#: 7 → 8: promised, signed and installed as the contract says
COMMITMENT_GATES: Final = (
    Gate(
        "commitment_given",
        Label("客户是否承诺合作？", "Has the customer promised to cooperate?"),
        (*_WORK, _K.CONTRACT),
    ),
    Gate("contract_signed", Label("合同是否签订？", "Is the contract signed?"), _SIGNED),
    Gate(
        "installed",
        Label("产品是否按合同安装？", "Is the product installed as the contract says?"),
        (_K.INSTALLATION,),
    ),
)

#: 8 → won: paid, approved, and a relationship that carries the next sale
PAYMENT_GATES: Final = (
    Gate(
        "all_contract_terms_done",
        Label("合同条款是否全部完成并收齐款项？", "Are all contract terms done, and fully paid?"),
        WORK,
        fact="fully_paid",
    ),
    Gate("customer_approves", Label("客户是否认可？", "Does the customer approve?"), _WORK),
    Gate("relationship_good", Label("是否建立良好关系？", "Is the relationship good?"), _WORK),
)
