"""The roadmap to start from is that of the trade, without its dinners; a company has its own."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given

from effort_oracle import unnamed
from salesflow.errors import InvalidValue
from salesflow.labels import LANGUAGES, Label
from salesflow.money import wan
from salesflow.planning.metric import Metric
from salesflow.planning.phases import Stretch
from salesflow.planning.rhythm import Per
from salesflow.planning.roadmap import DEVIATIONS, ROADMAP, Deviation, Roadmap
from salesflow.planning.standards import Standard, StandardKind, Unit
from strategies import dates

SECRET = "Prof. Wang"
ENTRY = date(2026, 1, 12)
_HOSPITALITY = re.compile(
    "吃|饭|餐|娱乐|礼|招待|meal|dinner|gift|entertain|hospitality|coupon|treat", re.IGNORECASE
)


def table(key):
    """The standards of a phase by metric key: how much, how often, and whether it is work."""
    return {
        row.metric.value: (row.required, row.per.value, row.kind is StandardKind.WORK)
        for row in ROADMAP.phase(key).standards
    }


# --- the table of the trade ------------------------------------------------------------------

WORK_OF_C = {
    "customers_visited": (8, "week", True),
    "prospects_found": (2, "week", True),
    "forms_handed_in": (True, "week", True),
    "at_sales_meeting": (5, "week", True),
    "key_discussed": (5, "week", True),
    "senior_support": (True, "week", True),
    "key_exchanges": (2, "week", True),
}
TARGETS_OF_C = {
    "in_analysis": (40, "phase", False),
    "trust": (20, "phase", False),
    "needs": (12, "phase", False),
    "value": (10, "phase", False),
    "commitment": (7, "phase", False),
    "contracts": (2, "phase", False),
    "new_sales_of_month": (wan(3), "month", False),
    "collection_rate": (Fraction(9, 10), "month", False),
    "new_projects": (3, "phase", False),
}


def test_training_asks_for_knowledge_twenty_targets_and_five_leads():
    """Phase A: four standards of work, and what can only be attested is asked for too."""
    attested = ("basics_studied", "selling_learned", "industry_known", "answers_prepared")
    abilities = ("product_memorised", "answers_memorised", "first_talk", "consultative_selling")

    assert table("A") == {
        **dict.fromkeys(attested, (True, "week", True)),
        **dict.fromkeys(abilities, (True, "phase", False)),
        "target_customers": (20, "phase", False),
        "lead_customers": (5, "phase", False),
    }


def test_the_first_months_ask_for_fifty_prospects_and_ten_hours_a_week():
    """Phase B."""
    assert table("B") == {
        "customer_data": (20, "week", True),
        "lead_days": (4, "week", True),
        "visit_hours": (10, "week", True),
        "prospects": (50, "phase", False),
        "in_analysis": (20, "phase", False),
        "trust": (10, "phase", False),
        "needs": (6, "phase", False),
        "standard_talk": (True, "phase", False),
        "technical_talk": (True, "phase", False),
    }


def test_the_third_phase_asks_for_contracts_and_money():
    """Phase C."""
    assert table("C") == WORK_OF_C | TARGETS_OF_C


def test_the_fourth_phase_is_the_third_but_for_two_rows():
    """Phase D: 50 in analysis, one key customer a week; the others are the very same rows."""
    c, d = ROADMAP.phase("C"), ROADMAP.phase("D")
    changed = [new for old, new in zip(c.standards, d.standards, strict=True) if old is not new]

    assert {row.metric: row.required for row in changed} == {
        Metric.KEY_EXCHANGES: 1,
        Metric.IN_ANALYSIS: 50,
    }
    assert [row.metric for row in c.standards] == [row.metric for row in d.standards]


def test_the_year_asks_for_new_customers_their_sales_and_growth():
    """Phase E."""
    assert table("E") == {
        "new_customers": (7, "year", False),
        "new_sales_of_year": (wan(60), "year", False),
        "existing_growth": (Fraction(3, 10), "year", False),
    }


def test_every_requirement_is_stated_in_its_unit():
    units = {row.metric: row.unit for phase in ROADMAP.phases for row in phase.standards}

    assert {metric for metric, unit in units.items() if unit is Unit.DURATION} == {
        Metric.LEAD_DAYS,
        Metric.VISIT_HOURS,
    }
    assert set(units) == set(Metric)


def test_ae_39_no_metric_of_any_phase_is_about_hospitality():
    """C2: neither C nor D asks for a meal or for entertainment, in no language."""
    said = [
        text
        for phase in ROADMAP.phases
        for row in phase.standards
        for text in (row.metric.value, *map(row.metric.label, LANGUAGES))
    ]

    assert [text for text in said if _HOSPITALITY.search(text)] == []
    assert _HOSPITALITY.search(DEVIATIONS[0].asked.en)  # the pattern finds what it is to find


def test_ae_39_what_was_left_out_is_written_down():
    """C2: professional exchange with 2 key customers a week in C, and with 1 in D."""
    told = {
        row.phase: (
            re.search("[12]", row.asked.zh).group(),
            ROADMAP.phase(row.phase).standard(row.substitute).required,
        )
        for row in ROADMAP.deviations
    }

    assert told == {"C": ("2", 2), "D": ("1", 1)}
    assert ROADMAP.deviations == DEVIATIONS
    assert all(_HOSPITALITY.search(row.asked.en) and row.reason.zh for row in DEVIATIONS)


def test_the_spans_whose_figures_are_lost_are_said_to_be_ours():
    """Only the four weeks of training are those of the source."""
    assert [phase.key for phase in ROADMAP.phases if not phase.stretch.assumed] == ["A"]
    assert "".join(phase.key for phase in ROADMAP.phases) == "ABCDE"


# --- which phase somebody is in --------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "key"),
    [
        (date(2026, 1, 11), None),
        (ENTRY, "A"),
        (date(2026, 2, 8), "A"),
        (date(2026, 2, 9), "B"),
        (date(2026, 4, 11), "B"),
        (date(2026, 4, 12), "C"),
        (date(2026, 7, 12), "D"),
        (date(2026, 10, 12), "E"),
        (date(2027, 1, 11), "E"),
        (date(2027, 1, 12), None),
    ],
)
def test_the_phase_of_somebody_on_a_day(on, key):
    """Four weeks of training, then three months, three and three, then the end of the year."""
    phase = ROADMAP.phase_at(ENTRY, on)

    assert key == (phase and phase.key)


@given(dates())
def test_everybody_is_in_a_phase_on_each_day_of_the_first_year(entry):
    """And the phases come in their order."""
    days = (Stretch("month", 1, 12).during(entry).after - entry).days
    keys = [ROADMAP.phase_at(entry, entry + timedelta(days=n)).key for n in range(0, days, 13)]

    assert keys == sorted(keys)
    assert set(keys) == set("ABCDE")


def test_a_day_is_a_day():
    days = [None, "2026-01-12", datetime(2026, 1, 12), 5]

    assert unnamed(lambda on: ROADMAP.phase_at(ENTRY, on), days, "on") == []
    assert unnamed(lambda entry: ROADMAP.phase_at(entry, ENTRY), days, "started_on") == []


# --- a roadmap of one's own ------------------------------------------------------------------


def test_a_company_replaces_a_phase_or_adds_one():
    shorter = evolve(ROADMAP.phase("B"), stretch=Stretch(Per.MONTH, 1, 2))
    second_year = evolve(ROADMAP.phase("E"), key="F", stretch=Stretch(Per.MONTH, 13, 24))
    own = ROADMAP.with_phase(shorter).with_phase(second_year)

    assert "".join(phase.key for phase in own.phases) == "ABCDEF"
    assert own.phase("B") is shorter
    assert own.phase_at(ENTRY, date(2026, 3, 12)).key == "E"
    assert own.phase_at(ENTRY, date(2027, 3, 12)).key == "F"
    assert "".join(phase.key for phase in ROADMAP.phases) == "ABCDE"


def test_what_stands_for_something_left_out_cannot_be_dropped_without_a_word():
    """A phase without its substitute is refused, until the roadmap says nothing of it."""
    rows = [row for row in ROADMAP.phase("C").standards if row.metric is not Metric.KEY_EXCHANGES]
    without = evolve(ROADMAP.phase("C"), standards=rows)

    with pytest.raises(InvalidValue):
        ROADMAP.with_phase(without)
    assert evolve(ROADMAP, deviations=()).with_phase(without).phase("C") is without


def test_a_roadmap_is_a_value():
    for value in (ROADMAP, DEVIATIONS[0], ROADMAP.phase("D")):
        assert value == copy.deepcopy(value) == pickle.loads(pickle.dumps(value))
        assert hash(value) == hash(copy.deepcopy(value))
    phases = list(ROADMAP.phases)
    made = Roadmap(name="success", phases=phases, deviations=list(DEVIATIONS))
    phases.clear()
    assert made == ROADMAP


def deviation(**rest):
    given = {"phase": "C", "asked": Label("请客", "dinners"), "reason": Label("合规", "compliance")}
    return Deviation(**(given | {"substitute": "key_exchanges"} | rest))


@pytest.mark.parametrize(
    ("make", "box", "values", "field"),
    [
        (Roadmap, "name", [None, "", 5, "a\nb"], "name"),
        (Roadmap, "phases", [None, "A", 5, [None], [SECRET], ROADMAP.phases * 2], "phases"),
        (Roadmap, "deviations", [None, "C", [SECRET], 5], "deviations"),
        (Roadmap, "deviations", [[deviation(phase="Z")]], "phase"),
        (Roadmap, "deviations", [[deviation(substitute="lead_days")]], "metric"),
        (deviation, "phase", [None, "", 5], "phase"),
        (deviation, "asked", [None, "请客", 5], "asked"),
        (deviation, "reason", [None, "合规", 5], "reason"),
        (deviation, "substitute", [None, SECRET, 5, "dinners"], "metric"),
    ],
)
def test_a_roadmap_of_wrong_parts_is_refused(make, box, values, field):
    given = {"name": "own", "phases": ROADMAP.phases} if make is Roadmap else {}

    assert unnamed(lambda value: make(**(given | {box: value})), values, field) == []


@pytest.mark.parametrize("key", ["Z", "a", "", None, 5, SECRET, ["A"]])
def test_a_phase_that_is_not_there_is_refused_and_not_repeated(key):
    with pytest.raises(InvalidValue) as refused:
        ROADMAP.phase(key)

    assert SECRET not in str(refused.value)


def test_only_a_phase_replaces_a_phase():
    values = [None, "C", SECRET, 5, Standard(metric="trust", required=1)]

    assert unnamed(ROADMAP.with_phase, values, "phase") == []


def test_the_phases_of_a_day_are_all_that_run():
    """The year runs beside the months."""
    keys = [phase.key for phase in ROADMAP.phases_at(date(2026, 2, 2), on=date(2026, 8, 31))]

    assert keys == ["D", "E"]
    assert ROADMAP.phases_at(date(2026, 2, 2), on=date(2026, 2, 1)) == ()
