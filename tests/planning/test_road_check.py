"""A phase is reached when nothing is unmet and nothing unknown; a check says what is missing."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from effort_oracle import unnamed
from ledgers import STAGE
from salesflow.errors import CurrencyMismatch, InvalidValue, SalesflowError
from salesflow.findings import Severity
from salesflow.labels import Label, Term
from salesflow.metrics import collection_rate, growth
from salesflow.money import Money, wan
from salesflow.planning.metric import Metric
from salesflow.planning.phases import Phase, Stretch
from salesflow.planning.readings import reached_of
from salesflow.planning.rhythm import Per
from salesflow.planning.road_check import ROADMAP_REMARKS, check_phase
from salesflow.planning.roadmap import ROADMAP
from salesflow.planning.standards import Standard, Unit, Verdict, or_not_applicable

SECRET = "Prof. Wang"
MET, UNMET, UNKNOWN, NOT_APPLICABLE = Verdict
A, B, C, D, E = ROADMAP.phases


class House(Term):
    """What only this company asks about."""

    TRAINING = "training", "培训", "training"


def full(phase, turns=2):
    """Values that reach every standard of a phase, just so."""
    return {
        row.metric.value: [row.required] * turns if row.per.repeats else row.required
        for row in phase.standards
    }


def verdicts(check, metric):
    return [row.verdict for row in check.of(metric)]


# --- acceptance ------------------------------------------------------------------------------


def test_ae_34_twenty_target_customers_and_five_leads():
    """20 and 5 are met; 19 is unmet, 19 of 20."""
    enough = check_phase(A, {"target_customers": 20, "lead_customers": 5})
    short = check_phase(A, {"target_customers": 19, "lead_customers": 5})

    for check, verdict in ((enough, MET), (short, UNMET)):
        assert check.verdict_of(Metric.TARGET_CUSTOMERS) is verdict
        assert check.verdict_of(Metric.LEAD_CUSTOMERS) is MET
    (row,) = short.of(Metric.TARGET_CUSTOMERS)
    assert (row.standard.required, row.actual, row.missing) == (20, 19, 1)
    texts = short.findings()[0].text
    assert texts.en == "“target customers”, in the phase: 19 of 20"
    assert texts.zh == "“目标客户”本阶段：19，要求 20"


def test_ae_35_reach_meets_phase_b_and_a_snapshot_does_not():
    """50, 20, 10 and 6 against 30, 10 and 4."""
    counts = {STAGE[2]: 30, STAGE[3]: 10, STAGE[4]: 4, STAGE[5]: 6}
    metrics = (Metric.PROSPECTS, Metric.IN_ANALYSIS, Metric.TRUST, Metric.NEEDS)
    reach, snapshot = (
        check_phase(B, reached_of(counts, reading=how)) for how in ("reach", "snapshot")
    )

    assert [reach.verdict_of(metric) for metric in metrics] == [MET] * 4
    assert [snapshot.verdict_of(metric) for metric in metrics] == [UNMET, UNMET, UNMET, MET]
    assert [snapshot.of(metric)[0].missing for metric in metrics] == [20, 10, 6, 0]


def test_ae_36_ninety_percent_collected_month_by_month():
    """90 000 of 100 000 met, 89 999.99 unmet, nothing due not applicable."""
    months = (("90000", 100_000), ("89999.99", 100_000), ("0", 0))
    rates = [
        or_not_applicable(collection_rate(Money(paid, "CNY"), Money(due, "CNY")))
        for paid, due in months
    ]
    check = check_phase(C, {Metric.COLLECTION_RATE: rates})

    assert verdicts(check, Metric.COLLECTION_RATE) == [MET, UNMET, NOT_APPLICABLE]
    text = check.findings()[0].text.en
    assert text == "“collection rate of existing customers”, month 2: 89.9% of 90.0%"
    assert check.findings()[0].advice.zh.startswith("还差 0.1%")


def test_ae_37_forty_five_in_analysis_reach_phase_c_and_not_phase_d():
    values = {Metric.IN_ANALYSIS: 45}

    assert check_phase(C, values).verdict_of(Metric.IN_ANALYSIS) is MET
    assert check_phase(D, values).verdict_of(Metric.IN_ANALYSIS) is UNMET


def test_ae_38_the_year_of_seven_new_customers_and_growth_of_thirty_percent():
    """100 → 130 meets the whole year; 129.9 leaves the growth unmet, by 0.1 %."""
    year = {Metric.NEW_CUSTOMERS: 7, Metric.NEW_SALES_OF_YEAR: wan(60)}
    good, short = (
        check_phase(E, year, {Metric.EXISTING_GROWTH: growth(wan(100), wan(after))})
        for after in ("130", "129.9")
    )

    assert (good.verdict, good.findings()) == (MET, ())
    assert short.verdict is UNMET
    assert [row.verdict for row in short.rows] == [MET, MET, UNMET]
    (row,) = short.of(Metric.EXISTING_GROWTH)
    assert (row.actual, row.missing) == (Fraction(299, 1000), Fraction(1, 1000))
    text = short.findings()[0].text.en
    assert text == "“growth of existing customers”, in the year: 29.9% of 30.0%"


def test_ae_40_the_third_month_is_short_by_a_thousand_yuan():
    """3.0, 3.2 and 2.9: the metric is unmet as a whole."""
    check = check_phase(C, {Metric.NEW_SALES_OF_MONTH: [wan("3.0"), wan("3.2"), wan("2.9")]})

    assert verdicts(check, Metric.NEW_SALES_OF_MONTH) == [MET, MET, UNMET]
    assert check.verdict_of(Metric.NEW_SALES_OF_MONTH) is UNMET
    third = check.of(Metric.NEW_SALES_OF_MONTH)[2]
    assert (third.number, third.when.en, third.missing) == (3, "month 3", wan("0.1"))


# --- the verdict on a phase ------------------------------------------------------------------


@pytest.mark.parametrize("phase", ROADMAP.phases, ids=lambda phase: phase.key)
def test_just_enough_of_everything_reaches_a_phase(phase):
    check = check_phase(phase, full(phase))

    assert (check.verdict, check.findings()) == (MET, ())
    assert {row.missing for row in check.rows if row.standard.unit is not Unit.MONEY} == {0}


@pytest.mark.parametrize("phase", ROADMAP.phases, ids=lambda phase: phase.key)
def test_without_any_data_nothing_has_failed_and_nothing_is_reached(phase):
    check = check_phase(phase)

    assert check.verdict is UNKNOWN
    assert {(row.verdict, row.actual, row.missing) for row in check.rows} == {(UNKNOWN, None, None)}
    (finding,) = check.findings()
    assert finding.key == "standards_not_measured"
    assert finding.values["metrics"] == tuple(row.metric for row in phase.standards)


LEVELS = st.sampled_from([None, NOT_APPLICABLE, 0, 1, 2])


@given(st.lists(LEVELS, max_size=9))
def test_a_phase_is_met_only_without_anything_unmet_or_unknown(levels):
    """What is unmet weighs more than what is unknown; what does not apply weighs nothing."""
    phase = _phase(len(levels))
    metrics = [row.metric for row in phase.standards]
    check = check_phase(phase, dict(zip(metrics, levels, strict=True)))
    numbers = [level for level in levels if type(level) is int]

    if 0 in numbers:
        assert check.verdict is UNMET
    elif None in levels:
        assert check.verdict is UNKNOWN
    else:
        assert check.verdict is (MET if numbers else NOT_APPLICABLE)
    assert sum(finding.key == "standard_unmet" for finding in check.findings()) == numbers.count(0)


def _phase(rows):
    standards = [Standard(metric=metric, required=1) for metric in list(Metric)[:rows]]
    label, stretch = Label("任", "any"), Stretch("week", 1, 2)
    return Phase(key="X", label=label, stretch=stretch, standards=standards)


@given(st.lists(st.integers(0, 9), max_size=5), st.lists(st.integers(0, 9), max_size=5))
def test_what_a_shorter_list_leaves_out_is_unknown(visited, found):
    """The longest list of weeks tells how many are over; without any it is one."""
    check = check_phase(C, {"customers_visited": visited, "prospects_found": found})
    weeks = max(len(visited), len(found), 1)

    for metric, values in ((Metric.CUSTOMERS_VISITED, visited), (Metric.PROSPECTS_FOUND, found)):
        rows = check.of(metric)
        assert [row.number for row in rows] == list(range(1, weeks + 1))
        assert [row.actual for row in rows] == [*values, *[None] * (weeks - len(values))]
    assert [row.number for row in check.of(Metric.NEW_SALES_OF_MONTH)] == [1]
    assert [row.number for row in check.of(Metric.CONTRACTS)] == [None]


def test_before_the_first_month_is_over_its_standards_are_unknown():
    """They do not vanish from the check."""
    check = check_phase(C, {"new_sales_of_month": [], "collection_rate": ()})

    assert verdicts(check, Metric.NEW_SALES_OF_MONTH) == [UNKNOWN]
    assert verdicts(check, Metric.COLLECTION_RATE) == [UNKNOWN]


@given(st.permutations(list(full(C))))
def test_the_order_of_the_values_does_not_matter(keys):
    values = full(C)

    assert check_phase(C, {key: values[key] for key in keys}) == check_phase(C, values)


# --- values ----------------------------------------------------------------------------------


def test_what_was_given_later_wins_unless_it_says_nothing():
    """Measured first, by hand after it; an empty box erases nothing."""
    measured, by_hand = {Metric.CONTRACTS: 1, Metric.TRUST: 20}, {"contracts": 2, "trust": None}
    check = check_phase(C, measured, by_hand)

    assert (check.of("contracts")[0].actual, check.of("trust")[0].actual) == (2, 20)
    assert check_phase(C, by_hand, measured).of("contracts")[0].actual == 1


def test_one_value_is_that_of_the_first_week():
    assert check_phase(C, {"customers_visited": 8}) == check_phase(C, {"customers_visited": [8]})


def test_what_a_phase_does_not_ask_for_is_left_aside():
    assert check_phase(A, {Metric.CONTRACTS: 9, House.TRAINING: "any"}) == check_phase(A)


def test_a_company_asks_for_a_metric_of_its_own():
    own = E.with_standard(Standard(metric=House.TRAINING, required=3, per=Per.YEAR))

    assert check_phase(own, {House.TRAINING: 2}).of(House.TRAINING)[0].missing == 1


def test_hours_may_be_given_as_any_exact_number():
    hours = [Decimal("9.5"), Fraction(21, 2), 10]
    check = check_phase(B, {Metric.VISIT_HOURS: hours})

    assert verdicts(check, Metric.VISIT_HOURS) == [UNMET, MET, MET]
    assert check.findings()[0].text.zh == "“拜访客户的小时数”第 1 周：9.5，要求 10"


def test_a_list_that_is_changed_later_changes_nothing():
    weeks = [8, 7]
    check = check_phase(C, {"customers_visited": weeks})
    before = copy.deepcopy(check)
    weeks.clear()

    assert check == before == pickle.loads(pickle.dumps(check))
    assert hash(check) == hash(before)
    assert hash(check.rows[0]) == hash(before.rows[0])


# --- findings --------------------------------------------------------------------------------


def test_each_unmet_standard_is_a_finding_about_the_salesperson():
    """What is attested has no figure; what nobody measured is one finding for all."""
    values = full(C) | {"forms_handed_in": [True, False], "contracts": 1, "trust": None}
    findings = check_phase(C, values, subject="R-9").findings()

    assert [finding.key for finding in findings] == [
        "attestation_unmet",
        "standard_unmet",
        "standards_not_measured",
    ]
    assert {finding.subject for finding in findings} == {"R-9"}
    assert {finding.severity for finding in findings} == {Severity.WATCH}
    assert findings[0].text == Label(
        "“上交各种表格”第 2 周：未达到", "“all forms handed in”, week 2: not yet"
    )
    assert findings[1].values["metric"] is Metric.CONTRACTS
    assert findings[1].advice.en == "1 is missing; plan how to make it up"
    assert findings[2].values["metrics"] == (Metric.TRUST,)


def test_without_a_name_the_findings_are_about_the_phase():
    assert {finding.subject for finding in check_phase(B).findings()} == {"B"}


def test_a_metric_that_is_unknown_for_weeks_is_named_once():
    check = check_phase(C, full(C, turns=5) | {"key_discussed": [5]})
    (finding,) = check.findings()

    assert finding.values["metrics"] == (Metric.KEY_DISCUSSED,)
    named = "key customers discussed with the manager"
    assert finding.text.en == f"standards that nobody measured: 1 ({named})"


def test_every_remark_has_a_key_of_its_own():
    keys = [remark.key for remark in ROADMAP_REMARKS]

    assert keys == ["standard_unmet", "attestation_unmet", "standards_not_measured"]


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "values"),
    [
        ("contracts", [0.5, "2", SECRET, True, -1, 10**80, Decimal("NaN"), [2], (2,), [], wan(1)]),
        (
            "customers_visited",
            [0.5, SECRET, [8, "8"], [[8]], [True], {8}, iter([8]), range(3), b"8"],
        ),
        ("new_sales_of_month", [3, [30_000], SECRET, [wan(3), 3], 0.5]),
        ("collection_rate", [0.9, [0.9], "90 %", [wan(1)], Decimal("Infinity"), [True]]),
        ("forms_handed_in", [1, "yes", [1], [None, "no"], SECRET]),
        ("trust", [MET, UNKNOWN, Metric.TRUST, {}, object()]),
    ],
)
def test_a_value_of_another_unit_is_refused_by_the_name_of_its_metric(metric, values):
    assert unnamed(lambda value: check_phase(C, {metric: value}), values, metric) == []


def test_a_table_of_values_is_keyed_by_metrics_each_once():
    tables = [None, 5, "contracts", [("contracts", 2)], {"contracts"}, object()]

    assert unnamed(lambda table: check_phase(C, table), tables, "values") == []
    assert unnamed(lambda key: check_phase(C, {key: 2}), [SECRET, None, 5, ""], "metric") == []
    with pytest.raises(InvalidValue, match="values have a metric twice"):
        check_phase(C, {"contracts": 2, Metric.CONTRACTS: 3})


def test_a_phase_a_subject_and_a_metric_are_what_they_say():
    assert unnamed(check_phase, [None, "C", 5, ROADMAP], "phase") == []
    subjects = [None, 5, "a\nb", "\x00", "x" * 999]
    assert unnamed(lambda subject: check_phase(C, subject=subject), subjects, "subject") == []
    assert unnamed(check_phase(C).of, [SECRET, "prospects", None], "metric") == []
    assert unnamed(check_phase(C).verdict_of, [SECRET, "prospects", None], "metric") == []


def test_money_of_another_currency_is_refused():
    with pytest.raises(CurrencyMismatch):
        check_phase(C, {"new_sales_of_month": [Money(9, "USD")]})


def test_no_error_repeats_what_somebody_typed():
    for value in (SECRET, [SECRET], {SECRET: 1}):
        with pytest.raises(SalesflowError) as refused:
            check_phase(C, {"contracts": value})
        assert SECRET not in str(refused.value)
    assert evolve(C, key="Z").key == "Z"
