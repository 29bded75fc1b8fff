"""What a success roadmap measures: one word for every figure and every ability it asks for.

Numbers come first, as far as deals and visits can tell them; then what only the work itself shows;
then what somebody has to attest, since a figure cannot.  A company adds words of its own in a
`Term` of its own.

>>> Metric.CONTRACTS.label("zh"), Metric.CONTRACTS.label("en")
('客户合作合同', 'contracts with customers')
>>> metric_of("contracts") is Metric.CONTRACTS
True

Source: the success roadmap (成功路线图) of project selling to hospitals.
"""

from __future__ import annotations

from salesflow.activity import ActivityKind, counts
from salesflow.errors import InvalidValue
from salesflow.forms import term_of
from salesflow.labels import Term

__all__ = ["Metric", "metric_of"]


class Metric(Term):
    """What a standard of the roadmap asks about."""

    # what the funnel tells
    TARGET_CUSTOMERS = "target_customers", "目标客户", "target customers"
    LEAD_CUSTOMERS = "lead_customers", "潜在的商机客户", "lead customers"
    PROSPECTS = "prospects", "潜在意向客户", "prospects, the focus of the year"
    IN_ANALYSIS = "in_analysis", "进入客户分析", "customers in analysis"
    TRUST = "trust", "进入建立信任", "customers at trust building"
    NEEDS = "needs", "进入挖掘需求", "customers at needs discovery"
    VALUE = "value", "进入呈现价值", "customers at value presentation"
    COMMITMENT = "commitment", "进入赢取承诺", "customers at winning commitment"
    # what was sold and paid
    CONTRACTS = "contracts", "客户合作合同", "contracts with customers"
    NEW_SALES_OF_MONTH = "new_sales_of_month", "新开客户月销售额", "sales to new customers a month"
    NEW_SALES_OF_YEAR = "new_sales_of_year", "新开客户年度销售额", "sales to new customers a year"
    NEW_CUSTOMERS = "new_customers", "全年新开客户", "new customers of the year"
    COLLECTION_RATE = "collection_rate", "老客户回款率", "collection rate of existing customers"
    NEW_PROJECTS = "new_projects", "老客户新开项目", "new projects at existing customers"
    EXISTING_GROWTH = "existing_growth", "老客户增长", "growth of existing customers"
    # what the field work shows
    CUSTOMERS_VISITED = "customers_visited", "拜访客户", "customers visited"
    VISIT_HOURS = "visit_hours", "拜访客户的小时数", "hours visiting customers"
    LEAD_DAYS = "lead_days", "寻找潜在商机的天数", "days looking for leads"
    CUSTOMER_DATA = "customer_data", "收集客户资料", "customers' data collected"
    PROSPECTS_FOUND = "prospects_found", "寻找潜在客户", "prospects found"
    KEY_EXCHANGES = (
        "key_exchanges",
        "与关键客户专业交流",
        "key customers met for professional exchange",
    )
    # what the desk work shows
    AT_SALES_MEETING = "at_sales_meeting", "销售会议讨论的客户", "customers at the sales meeting"
    KEY_DISCUSSED = (
        "key_discussed",
        "与经理讨论分析的重要客户",
        "key customers discussed with the manager",
    )
    SENIOR_SUPPORT = "senior_support", "申请上层援助", "senior support requested"
    FORMS_HANDED_IN = "forms_handed_in", "上交各种表格", "all forms handed in"
    # what is learned and practised
    BASICS_STUDIED = (
        "basics_studied",
        "了解研究每个客户的基本资料",
        "basic data of each customer studied",
    )
    SELLING_LEARNED = (
        "selling_learned",
        "全面学习产品和项目销售特点",
        "product and project selling learned",
    )
    INDUSTRY_KNOWN = "industry_known", "了解行业", "the industry understood"
    ANSWERS_PREPARED = (
        "answers_prepared",
        "将来可能遇到的问题已形成公式化预处理",
        "prepared formulas for the problems to come",
    )
    PRODUCT_MEMORISED = (
        "product_memorised",
        "牢记产品知识和产品特点",
        "product knowledge memorised",
    )
    ANSWERS_MEMORISED = (
        "answers_memorised",
        "牢记问题处理方法和回答方式",
        "ways to solve problems and answer questions memorised",
    )
    FIRST_TALK = "first_talk", "具备与客户初步沟通的能力", "able to hold a first conversation"
    CONSULTATIVE_SELLING = (
        "consultative_selling",
        "掌握并实践顾问式营销的基本形式",
        "consultative selling practised",
    )
    STANDARD_TALK = (
        "standard_talk",
        "能讲解标准的产品介绍",
        "able to give the standard product talk",
    )
    TECHNICAL_TALK = (
        "technical_talk",
        "具备产品和技术方面的沟通能力",
        "able to discuss product and technique",
    )


def metric_of(value: Term) -> Term:
    """Return a metric; the key of a `Metric` is taken too, and any `Term` of a company's own.

    Raises `InvalidValue` for anything else, and for hospitality, which no roadmap asks for.
    """
    if isinstance(value, ActivityKind) and not counts(value, approved=True):
        raise InvalidValue("metric", "never counts", "ask for professional work")
    return value if isinstance(value, Term) else term_of(Metric, value, "metric")
