"""What is laid down is done, what is done can be seen, and what is seen was laid down."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salesflow.conduct.practice import (
    PRACTICE_REMARKS,
    Execution,
    RuleSet,
    RuleSystem,
    Standard,
    in_force,
    say_do_show,
)
from salesflow.errors import DuplicateId, InvalidValue, SalesflowError
from salesflow.findings import Severity
from salesflow.periods import Month
from salesflow.ratios import Rate
from salesflow.tables import Table

HAN = re.compile(r"[\u4e00-\u9fff]")
SECRET = "CANARY"
JULY = Month(2026, 7)


def rules(*keys, system="reporting", version="1", since=date(2026, 1, 1)):
    """A version of a rule system that lays down some standards."""
    standards = [Standard(key=key) for key in keys]
    return RuleSet(system=system, version=version, valid_from=since, standards=standards)


def done(id, standard="daily_list", day=6, records=("LOG-1",), **rest):
    """Something done in July, with a record of it."""
    boxes = {"on": date(2026, 7, day), "author": "R-9", "records": records}
    return Execution(**({"id": id, "standard": standard} | boxes | rest))


def keys(practice):
    """The findings, by key and subject."""
    return [(finding.key, finding.subject) for finding in practice.findings()]


# --- the triple ------------------------------------------------------------------------------


def test_what_is_said_done_and_shown_has_no_findings():
    """All three rates are full."""
    seen = say_do_show([rules("daily_list")], [done("E-1"), done("E-2", day=7)], JULY)

    assert (seen.said, seen.done, seen.shown) == (Rate(2, 2), Rate(1, 1), Rate(2, 2))
    assert seen.findings() == ()


@pytest.mark.parametrize(
    ("sets", "executions", "found"),
    [
        ([rules("daily_list")], [], ("not_done", "daily_list")),
        ([rules("daily_list")], [done("E-1", records=())], ("not_shown", "E-1")),
        ([], [done("E-1")], ("not_said", "E-1")),
        ([], [done("E-1", standard="")], ("not_said", "E-1")),
    ],
    ids=["做不到", "见不到", "没说到", "没说到 at all"],
)
def test_a_gap_in_the_triple_is_found(sets, executions, found):
    """A standard without execution, an execution without record, or without standard."""
    assert keys(say_do_show(sets, executions, JULY)) == [found]


def test_the_findings_say_it_in_the_words_of_the_trade():
    """In both languages; the rule system in its own."""
    seen = say_do_show([rules("weekly_form")], [done("E-1", records=())], JULY)
    findings = seen.findings()

    assert [one.key for one in findings] == [remark.key for remark in PRACTICE_REMARKS]
    assert findings[0].text.zh == "销售汇报制度：“weekly_form”没有执行（做不到）"
    assert findings[0].text.en == "reporting: nobody executed “weekly_form”"
    assert findings[1].text.en == "“daily_list” was executed without a record"
    for one, word in zip(findings, ("做不到", "见不到", "没说到"), strict=True):
        assert word in one.text.zh
        assert one.severity is Severity.WATCH
        for label in (one.text, one.advice):
            assert HAN.search(label.zh)
            assert not HAN.search(label.en)
            assert not set("{}") & set(label.zh + label.en)


def test_what_has_no_name_is_shown_as_a_dash():
    """An execution that names no standard at all."""
    (finding,) = say_do_show([], [done("E-1", standard="")], JULY).findings()

    assert finding.text.en == "no standard asks for “–”"


def test_each_rule_system_has_its_rate():
    """The five systems of the trade; those without rules are left out."""
    office = rules("meeting_plan", "contract_file", system="office")
    seen = say_do_show([office, rules("daily_list")], [done("E-1")], JULY)

    assert seen.systems == Table({RuleSystem.REPORTING: Rate(1, 1), RuleSystem.OFFICE: Rate(0, 2)})
    assert seen.not_done == Table(
        {"meeting_plan": RuleSystem.OFFICE, "contract_file": RuleSystem.OFFICE}
    )
    assert len(RuleSystem) == 5
    for system in RuleSystem:
        assert system.label("zh").endswith("制度")
        assert not HAN.search(system.label("en"))


def test_nothing_said_and_nothing_done_has_no_basis():
    """Not zero percent."""
    seen = say_do_show([], [], JULY)

    assert (seen.said.ratio, seen.done.ratio, seen.shown.ratio) == (None, None, None)


def test_only_the_period_counts():
    """Its first day and its last, no other."""
    year = [
        Execution(id=f"E-{on}", standard="daily_list", on=on, author="R-9")
        for on in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1))
    ]
    seen = say_do_show([rules("daily_list")], year, JULY)

    assert list(seen.not_shown) == ["E-2026-07-01", "E-2026-07-31"]


# --- versions --------------------------------------------------------------------------------


def test_a_version_is_in_force_until_the_next_one_is():
    """From its own day on."""
    old, new = rules("daily_list"), rules("log", version="2", since=date(2026, 7, 10))

    for sets in ([old, new], [new, old]):
        assert in_force(sets, date(2025, 12, 31)) == Table({})
        assert in_force(sets, date(2026, 1, 1))[RuleSystem.REPORTING] is old
        assert in_force(sets, date(2026, 7, 9))[RuleSystem.REPORTING] is old
        assert in_force(sets, date(2026, 7, 10))[RuleSystem.REPORTING] is new


def test_an_execution_is_held_to_the_rules_of_its_day():
    """And a standard that was dropped within the period is not asked for any more."""
    sets = [rules("daily_list"), rules("log", version="2", since=date(2026, 7, 10))]
    book = [done("E-1"), done("E-2", day=10), done("E-3", "log", day=9), done("E-4", "log", day=10)]

    seen = say_do_show(sets, book, JULY)
    assert seen.said == Rate(2, 4)
    assert seen.not_said == Table({"E-2": "daily_list", "E-3": "log"})
    assert (seen.done, seen.not_done) == (Rate(1, 1), Table({}))
    assert say_do_show(sets, book[:3], JULY).not_done == Table({"log": RuleSystem.REPORTING})


@pytest.mark.parametrize(("since", "asked"), [(31, ["log"]), (32, ["daily_list"])])
def test_the_last_day_of_the_period_decides_what_was_to_be_done(since, asked):
    """A version in force from the day after is not asked for yet."""
    first = date(2026, 7, 1) + timedelta(days=since - 1)
    sets = [rules("daily_list"), rules("log", version="2", since=first)]

    assert list(say_do_show(sets, [], JULY).not_done) == asked


def test_two_versions_from_one_day_are_refused():
    """Nobody could say which holds; in two systems they may start together."""
    with pytest.raises(InvalidValue) as refused:
        in_force([rules("a"), rules("b", version="2")], date(2026, 7, 1))
    assert refused.value.field == "rule_sets"
    assert len(in_force([rules("a"), rules("b", system="office")], date(2026, 7, 1))) == 2


def test_a_key_belongs_to_one_rule_system():
    """While both are in force."""
    sets = [rules("a"), rules("a", system="office", since=date(2026, 7, 1))]

    assert len(in_force(sets, date(2026, 6, 30))) == 1
    with pytest.raises(InvalidValue) as refused:
        in_force(sets, date(2026, 7, 1))
    assert refused.value.field == "rule_sets"


# --- author and person -----------------------------------------------------------------------


def test_a_form_may_be_filled_in_for_a_busy_colleague():
    """Whose execution it is stays known beside who wrote it."""
    assert done("E-1").person == "R-9"
    assert done("E-1", author="O-1", on_behalf_of="R-9").person == "R-9"
    with pytest.raises(InvalidValue) as refused:
        done("E-1", author="R-9", on_behalf_of=" R-9 ")
    assert refused.value.field == "on_behalf_of"


# --- laws ------------------------------------------------------------------------------------

KEYS = st.sampled_from(["a", "b", "c", ""])
EXECUTIONS = st.lists(
    st.tuples(KEYS, st.integers(1, 31), st.sampled_from([(), ("LOG-1",), ("LOG-1", "LOG-2")]))
).map(lambda rows: [done(f"E-{i}", *row) for i, row in enumerate(rows)])
SETS = st.lists(
    st.tuples(st.sets(st.sampled_from("abc")), st.dates(date(2026, 6, 1), date(2026, 7, 31))),
    max_size=3,
    unique_by=lambda row: row[1],
).map(lambda rows: [rules(*sorted(keys), since=since) for keys, since in rows])


@given(SETS, EXECUTIONS)
def test_the_audit_agrees_with_asking_one_by_one(sets, executions):
    """An oracle that looks for the version of each day anew."""

    def asked(on):
        valid = [one for one in sets if one.valid_from <= on]
        latest = max(valid, key=lambda one: one.valid_from, default=None)
        return {standard.key for standard in latest.standards} if latest else set()

    seen = say_do_show(sets, executions, JULY)
    said = [one for one in executions if one.standard in asked(one.on)]
    last = asked(date(2026, 7, 31))
    used = {one.standard for one in said}

    assert seen.said == Rate(len(said), len(executions))
    assert seen.done == Rate(len(last & used), len(last))
    assert seen.shown.hits == sum(bool(one.records) for one in executions)
    assert set(seen.not_done) == last - used
    assert set(seen.not_said) == {one.id for one in executions} - {one.id for one in said}
    assert len(seen.not_shown) == seen.shown.n - seen.shown.hits
    assert sum(rate.n for rate in seen.systems.values()) == seen.done.n
    assert len(seen.findings()) == len(seen.not_done) + len(seen.not_said) + len(seen.not_shown)


@given(SETS, EXECUTIONS)
def test_the_order_changes_no_rate_and_a_record_never_hurts(sets, executions):
    """With a record for everything, everything is shown, and nothing else changes."""
    seen = say_do_show(sets, executions, JULY)
    back = say_do_show(sets[::-1], executions[::-1], JULY)
    recorded = [evolve(one, records=["LOG-1"]) for one in executions]
    full = say_do_show(sets, recorded, JULY)

    assert (seen.said, seen.done, seen.shown) == (back.said, back.done, back.shown)
    assert full == evolve(seen, shown=Rate(len(executions), len(executions)), not_shown=Table({}))


# --- what is an audit, and what is none ------------------------------------------------------


def test_everything_is_a_value():
    """Equal by content, hashable, stored."""
    values = (
        rules("a"),
        done("E-1"),
        Standard(key="a", text="每天"),
        say_do_show([rules("a")], [done("E-1")], JULY),
    )
    for value in values:
        assert value == pickle.loads(pickle.dumps(value)) == copy.deepcopy(value)
        assert hash(value) == hash(copy.deepcopy(value))
    with pytest.raises(FrozenInstanceError):
        values[1].records = ()
    refs = ["LOG-1"]
    one = done("E-1", records=refs)
    refs.append("LOG-2")
    assert one.records == ("LOG-1",)


def test_an_execution_is_counted_once():
    """The id that comes twice is named, even outside the period."""
    with pytest.raises(DuplicateId) as refused:
        say_do_show([], [done("E-1"), done("E-1", on=date(2025, 1, 1))], JULY)
    assert refused.value.id == "E-1"


BAD_DAYS = [SECRET, 7, None, datetime(2026, 7, 1, tzinfo=UTC), date(1066, 1, 1)]
FORMS = {
    Execution: {
        "id": ["", 7, None, f"{SECRET}\0"],
        "standard": [7, None],
        "on": BAD_DAYS,
        "author": ["", 7, None],
        "on_behalf_of": [7, None, f"{SECRET}\n{SECRET}"],
        "records": [SECRET, 7, None, [7], [""], [f"{SECRET}\0"]],
    },
    RuleSet: {
        "system": ["law", SECRET, 7, None, []],
        "version": ["", 7, None, 1.0],
        "valid_from": BAD_DAYS,
        "standards": [SECRET, 7, None, [SECRET], [None], [Standard(key="a"), Standard(key="a")]],
    },
    Standard: {"key": ["", 7, None, f"{SECRET}\0"], "text": [7, None, f"{SECRET}\0"]},
}
GOOD = {
    Execution: {"id": "E-1", "standard": "a", "on": date(2026, 7, 6), "author": "R-9"},
    RuleSet: {
        "system": "office",
        "version": "1",
        "valid_from": date(2026, 1, 1),
        "standards": [Standard(key="a")],
    },
    Standard: {"key": "a"},
}


@pytest.mark.parametrize(
    ("form", "box", "bad"),
    [
        pytest.param(form, box, bad, id=f"{form.__name__}-{box}-{i}")
        for form, boxes in FORMS.items()
        for box, values in boxes.items()
        for i, bad in enumerate(values)
    ],
)
def test_what_is_no_form_is_refused(form, box, bad):
    """By the name of the box."""
    assert form(**GOOD[form])
    with pytest.raises(InvalidValue) as refused:
        form(**(GOOD[form] | {box: bad}))
    assert refused.value.field == box
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        *(("rule_sets", bad) for bad in (SECRET, 7, None, [SECRET], [done("E-1")], rules("a"))),
        *(("executions", bad) for bad in (SECRET, 7, None, [SECRET], [rules("a")])),
        *(("during", bad) for bad in (SECRET, 7, None, date(2026, 7, 1), timedelta(1))),
    ],
)
def test_what_cannot_be_audited_is_refused(box, bad):
    """By the name of the argument."""
    with pytest.raises(SalesflowError) as refused:
        say_do_show(**({"rule_sets": [], "executions": [], "during": JULY} | {box: bad}))
    assert refused.value.field == box
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("bad", BAD_DAYS)
def test_rules_are_in_force_on_a_day(bad):
    """Even where there are none."""
    with pytest.raises(SalesflowError) as refused:
        in_force([], bad)
    assert SECRET not in str(refused.value)
