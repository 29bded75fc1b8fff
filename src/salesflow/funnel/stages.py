"""The eight stages of project selling to hospitals, as one table.

A deal climbs the stages like stairs, one at a time, and each stage is a milestone: only when all
are reached is the project secure.  A stage is left through gates; what each gate asks stands in
`salesflow.funnel.criteria`.  A step back, to any lower stage, and a loss, from any stage, want a
reason instead.  Winning is the last gate: contract done, paid, and the customer content.

>>> FUNNEL.move(Stage.WINNING_COMMITMENT).target.label("zh")
'完成回款，并奠定二次销售基础'
>>> [gate.key for gate in FUNNEL.move(Stage.WINNING_COMMITMENT).gates]
['commitment_given', 'contract_signed', 'installed']

The trust stage is defined by a professional relationship; the gifts and dinners by which some
sales manuals define it are no evidence here, for any gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from attrs import frozen

from salesflow.customers import CompanyRole, HospitalRole
from salesflow.errors import InvalidValue
from salesflow.funnel import criteria
from salesflow.gates import Gate
from salesflow.labels import Label, Term
from salesflow.machine import Machine, Move
from salesflow.tables import Rows, Table, listed, rows_of

__all__ = ["FUNNEL", "STAGES", "Stage", "StageProfile", "Status", "pipeline"]


class Stage(Term):
    """Where a deal stands on its way to the order."""

    TARGET_GROUP = "target_group", "目标客户群", "target group"
    INFO_COLLECTION = "info_collection", "收集资料", "information collection"
    CUSTOMER_ANALYSIS = "customer_analysis", "客户分析", "customer analysis"
    TRUST_BUILDING = "trust_building", "建立信任", "trust building"
    NEEDS_DISCOVERY = "needs_discovery", "挖掘需求", "needs discovery"
    VALUE_PRESENTATION = "value_presentation", "呈现价值", "value presentation"
    WINNING_COMMITMENT = "winning_commitment", "赢取承诺", "winning commitment", "销售实现"
    PAYMENT_AND_RESALE = (
        "payment_and_resale",
        "完成回款，并奠定二次销售基础",
        "payment and basis of the second sale",
    )


class Status(Term):
    """The outcome of a deal, kept apart from its stage and from any probability."""

    OPEN = "open", "进行中", "open"
    WON = "won", "赢单", "won"
    LOST = "lost", "丢单", "lost"


def pipeline(
    name: str,
    stages: Iterable[Term],
    gates: Rows[Term, Sequence[Gate]] | None = None,
    landmarks: Iterable[tuple[str, Term]] = (),
) -> Machine:
    """Return the machine of a sales pipeline: the stages as stairs, with the way off at each.

    From each stage one row leads to the next, the last one to `Status.WON`, through the gates
    given for the stage they leave; departures lead back to every earlier stage and to
    `Status.LOST`.  Landmarks: "shape" is the first stage whose count belongs to the funnel's
    shape, "resale" the stage at which a second sale enters.
    """
    path = listed(stages, "stages")
    if not path:
        raise InvalidValue("stages", "are empty", "name at least one")
    through = {} if gates is None else rows_of(gates, "gates")
    if not set(through) <= set(path):
        problem = "are set at a state that is no stage of the pipeline"
        raise InvalidValue("gates", problem, "key them by the stage they leave")
    ends = (*path[1:], Status.WON)
    return Machine(
        name=name,
        start=path[0],
        moves=tuple(
            Move(stage, target, through.get(stage, ()))
            for stage, target in zip(path, ends, strict=True)
        ),
        departures=tuple(
            Move(stage, target)
            for index, stage in enumerate(path)
            for target in (*path[:index], Status.LOST)
        ),
        final=(Status.WON, Status.LOST),
        landmarks=tuple(landmarks),
    )


@frozen(kw_only=True)
class StageProfile:
    """A row of the table of stages: all that the trade says of one."""

    #: the stage
    stage: Term
    #: what it means to stand here
    definition: Label
    #: the nominal win rate of a deal that stands here
    win_rate: Fraction
    #: what must be answered before a deal leaves
    gates: tuple[Gate, ...] = ()
    #: roles of the hospital that must be worked with
    hospital_roles: tuple[HospitalRole, ...] = ()
    #: the hospital roles that matter most
    focus: tuple[HospitalRole, ...] = ()
    #: roles of the company that must face the hospital
    company_roles: tuple[CompanyRole, ...] = ()
    #: what is done here
    work: tuple[Label, ...] = ()


_USERS: Final = (HospitalRole.USER, HospitalRole.INITIATOR, HospitalRole.EVALUATOR)
_ALL: Final = (*_USERS, HospitalRole.DECISION_MAKER)
_SELLER: Final = (CompanyRole.SALESPERSON,)
_SELLERS: Final = (*_SELLER, CompanyRole.PRODUCT_MANAGER)

_ROWS: Final = (
    StageProfile(
        stage=Stage.TARGET_GROUP,
        definition=Label(
            "我们的产品和服务所适合的特定客户群或市场",
            "the customers or the market that our products and services suit",
        ),
        win_rate=Fraction(2, 100),
        gates=criteria.TARGET_GATES,
        company_roles=_SELLER,
        work=(Label("界定目标客户", "define the target customers"),),
    ),
    StageProfile(
        stage=Stage.INFO_COLLECTION,
        definition=Label(
            "在目标客户群中经初步收集资料发现潜在的商机",
            "finding possible opportunities in the target group by a first look",
        ),
        win_rate=Fraction(2, 100),
        gates=criteria.COLLECTION_GATES,
        hospital_roles=_USERS,
        company_roles=_SELLER,
        work=(
            Label("收集五类资料", "collect the five dossiers"),
            Label("评估潜在的商机", "evaluate the lead"),
        ),
    ),
    StageProfile(
        stage=Stage.CUSTOMER_ANALYSIS,
        definition=Label(
            "通过评估、有一定需求的客户项目，为后续工作作准备",
            "projects that passed evaluation and show a need, analysed to prepare what follows",
        ),
        win_rate=Fraction(5, 100),
        gates=criteria.ANALYSIS_GATES,
        hospital_roles=_USERS,
        company_roles=_SELLER,
        work=(
            Label("发展向导", "develop a guide"),
            Label("分析客户组织结构", "analyse the customer's organisation"),
        ),
    ),
    StageProfile(
        stage=Stage.TRUST_BUILDING,
        definition=Label(
            "沿认识、约会、信赖、同盟建立专业关系",
            "building a professional relationship: acquainted, meeting, trust, alliance",
        ),
        win_rate=Fraction(10, 100),
        gates=criteria.TRUST_GATES,
        hospital_roles=_USERS,
        company_roles=_SELLER,
        work=(
            Label("请客户穿针引线", "be introduced to colleagues"),
            Label("请客户成为向导", "win a guide"),
            Label("争取坚定支持", "win firm support"),
        ),
    ),
    StageProfile(
        stage=Stage.NEEDS_DISCOVERY,
        definition=Label(
            "以顾问式营销发现客户的问题并提供解决方案",
            "discovering the customer's problems as a consultant, and offering a solution",
        ),
        win_rate=Fraction(20, 100),
        gates=criteria.NEEDS_GATES,
        hospital_roles=_USERS,
        company_roles=_SELLERS,
        work=(
            Label("充分询问科室情况", "question the department in full"),
            Label("分析机构的需求", "analyse the needs of the institution"),
            Label("帮助客户发现需求", "help the customer see the need"),
            Label("帮助客户设计解决方案", "help the customer design a solution"),
            Label("将产品特点融入解决方案", "build the product's features into it"),
        ),
    ),
    StageProfile(
        stage=Stage.VALUE_PRESENTATION,
        definition=Label(
            "让客户看到我们的产品和方案最大程度满足其需求",
            "showing that our product and plan serve the need to the greatest extent",
        ),
        win_rate=Fraction(30, 100),
        gates=criteria.VALUE_GATES,
        hospital_roles=_ALL,
        focus=_ALL,
        company_roles=_SELLERS,
        work=(
            Label("根据需求分析", "analyse from the needs"),
            Label("竞争分析", "analyse the competition"),
            Label("产品介绍", "introduce the product"),
            Label("整理建议书", "write the proposal"),
            Label("呈现方案", "present the solution"),
        ),
    ),
    StageProfile(
        stage=Stage.WINNING_COMMITMENT,
        definition=Label(
            "从客户承诺合作到签订合同并按合同安装产品（销售实现）",
            "from the promise to cooperate to the signed contract and the product installed",
        ),
        win_rate=Fraction(60, 100),
        gates=criteria.COMMITMENT_GATES,
        hospital_roles=_ALL,
        focus=(HospitalRole.DECISION_MAKER,),
        company_roles=(*_SELLERS, CompanyRole.SALES_MANAGER),
        work=(
            Label(
                "加强与决策者的专业沟通", "deepen the professional exchange with decision makers"
            ),
            Label("强调我们的竞争优势", "stress our competitive advantage"),
            Label("强调效益最大化", "stress the greatest benefit"),
            Label("商务谈判让双方满意", "negotiate so that both sides are content"),
            Label("尽可能实现增值销售", "sell what adds value, where it does"),
        ),
    ),
    StageProfile(
        stage=Stage.PAYMENT_AND_RESALE,
        definition=Label(
            "完成全部合同条款，得到客户认可，建立良好关系",
            "all contract terms completed, the customer's approval, a good relationship",
        ),
        win_rate=Fraction(90, 100),
        gates=criteria.PAYMENT_GATES,
        hospital_roles=_ALL,
        focus=(HospitalRole.USER, HospitalRole.INITIATOR),
        company_roles=_SELLERS,
        work=(
            Label("催款", "urge payment"),
            Label("后期耗材采购", "see to the purchase of consumables"),
            Label("临床推动", "support clinical use"),
            Label("客户关系维护", "care for the relationship"),
            Label("售后服务", "give after-sales service"),
            Label("准备二次销售", "prepare the second sale"),
            Label("请客户介绍同行", "ask for referrals"),
        ),
    ),
)
#: the eight stages, row by row
STAGES: Final = Table({row.stage: row for row in _ROWS})

#: the funnel of eight stages, with every gate
FUNNEL: Final = pipeline(
    "funnel",
    Stage,
    gates={row.stage: row.gates for row in STAGES.values()},
    # Before analysis a customer is only part of the territory; a second sale needs no new trust.
    landmarks=(("shape", Stage.CUSTOMER_ANALYSIS), ("resale", Stage.NEEDS_DISCOVERY)),
)
