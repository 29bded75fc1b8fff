"""The weekly form: a row for each deal, complete or not, handed in or not."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date

import pytest

from daily_logs import HOSPITALITY, SECRET
from salesflow.activity import SEVERITIES, ActivityKind
from salesflow.conduct.weekly import WEEKLY_REMARKS, WeeklyForm, handed_in, owing, week_of
from salesflow.conduct.weekly_row import WEEKLY_COLUMNS, WeeklyRow
from salesflow.errors import DuplicateId, SalesflowError
from salesflow.funnel import Stage
from salesflow.money import wan
from salesflow.periods import Month, Week
from salesflow.ratios import Rate

HAN = re.compile(r"[\u4e00-\u9fff]")
WEEK = Week(2026, 30)


def row(deal="D-1", **rest):
    """A row that lacks nothing."""
    given = {"customer": "H-3", "product": "CLIA-900", "amount": wan(120), "grade": "a"}
    given |= {"stage": Stage.TRUST_BUILDING, "win_rate": 0, "expected_close": date(2026, 9, 20)}
    given |= {"activities": {"visit": 2}, "next_action": "visit", "next_on": date(2026, 7, 27)}
    return WeeklyRow(deal=deal, **(given | rest))


def form(*rows, person="R-9", week=WEEK, **rest):
    """A form with these rows."""
    return WeeklyForm(week=week, person=person, rows=rows, **rest)


def found(one):
    """The findings, by deal or person."""
    return [(finding.subject, finding.key) for finding in one.findings()]


# --- findings --------------------------------------------------------------------------------

# For each remark a row that provokes it.
PROVOKED = {
    "row_incomplete": row(grade=None),
    "deal_without_activity": row(activities={}),
    "next_action_past": row(next_on=date(2026, 7, 26)),
    "activity_never_counts": row(activities={"visit": 1, "meal": 1}),
}


def test_every_remark_is_provoked():
    assert [remark.key for remark in WEEKLY_REMARKS] == list(PROVOKED)


@pytest.mark.parametrize("remark", WEEKLY_REMARKS, ids=lambda remark: remark.key)
def test_a_remark_comes_with_its_fault(remark):
    """It names the deal and says in both languages what is wrong and what to do."""
    (finding,) = form(row("D-0"), PROVOKED[remark.key]).findings()

    assert (finding.key, finding.subject) == (remark.key, "D-1")
    for label in (finding.text, finding.advice):
        assert HAN.search(label.zh)
        assert not HAN.search(label.en)
        assert not set("{}") & set(label.zh + label.en)


def test_a_good_form_has_no_findings():
    assert form().findings() == form(row(), row("D-2")).findings() == ()


def test_what_a_row_lacks_is_told_in_words():
    (finding,) = form(row(win_rate=None, next_on=None)).findings()

    assert finding.text.zh == "周表缺少：赢率, 下一步日期"
    assert finding.values["columns"] == (WEEKLY_COLUMNS["win_rate"], WEEKLY_COLUMNS["next_on"])


def test_a_closed_deal_needs_no_more_work():
    closed = row(status="won", activities={}, next_on=date(2026, 7, 20), grade=None)

    assert found(form(closed)) == []
    assert form(closed).complete


def test_a_next_action_lies_after_the_week():
    """On Monday at the earliest; its Sunday is over."""
    assert found(form(row(next_on=date(2026, 7, 27)))) == []
    assert found(form(row(next_on=date(2026, 7, 26)))) == [("D-1", "next_action_past")]


@pytest.mark.parametrize("kind", HOSPITALITY)
def test_hospitality_is_told_and_counts_nowhere(kind):
    """Invariant 46: done, planned or done besides, in the row or alone."""
    done = row(activities={"visit": 2, kind: 3}, next_action=kind)
    hollow = [("D-1", "row_incomplete"), ("D-1", "activity_never_counts")]
    (finding,) = form(besides={kind: 1}).findings()

    assert (finding.key, finding.severity) == ("activity_never_counts", SEVERITIES[kind])
    assert found(form(done)) == found(form(row(next_action=kind))) == hollow
    assert not form(row(next_action=kind)).complete
    assert found(form(besides={kind: 1, "call": 1})) == [("R-9", "activity_never_counts")]
    assert found(form(row(activities={kind: 1})))[0] == ("D-1", "deal_without_activity")
    assert found(form(row(activities={"visit": 1, kind: 0}))) == []
    assert form(done, besides={kind: 1}).activities == form(row()).activities


# --- the form --------------------------------------------------------------------------------


def test_a_form_is_complete_when_each_row_is():
    assert form().complete
    assert form(row(), row("D-2")).complete
    assert not form(row(), row("D-2", grade=None)).complete


def test_activities_are_summed_over_the_rows_and_besides():
    one = form(row(), row("D-2", activities={"call": 1, "visit": 1}), besides={"visit": 4})

    assert dict(one.activities) == {ActivityKind.VISIT: 7, ActivityKind.CALL: 1}
    assert dict(form(besides={"visit": 0}).activities) == {}


def test_somebody_else_may_fill_the_form():
    assert form(author="O-1").on_behalf_of == "R-9"
    assert form(author="R-9").on_behalf_of == form().on_behalf_of == ""


def test_a_deal_has_one_row():
    with pytest.raises(DuplicateId, match="D-1"):
        form(row(), row("D-2"), row())


# --- handed in -------------------------------------------------------------------------------


def test_all_forms_of_the_week_are_handed_in_or_owed():
    """Complete or not, once or twice; other weeks and strangers change nothing."""
    forms = [form(person="R-1"), form(person="R-1"), form(row(grade=None), person="R-2")]
    forms += [form(person="R-3", week=Week(2026, 29)), form(person="R-7")]
    people = ["R-3", "R-2", "R-1", "R-4"]

    assert handed_in(forms, people, WEEK) == Rate(2, 4)
    assert owing(forms, people, WEEK) == ("R-3", "R-4")
    assert handed_in(forms, [], WEEK).ratio is None


def test_a_week_is_told_by_its_number():
    """Whatever the zone in which the form was filled."""
    elsewhere = form(week=Week(2026, 30, tz="Asia/Shanghai"))

    assert owing([elsewhere], ["R-9"], WEEK) == ()
    assert owing([elsewhere], ["R-9"], Week(2025, 30)) == ("R-9",)
    assert week_of(WEEK) is WEEK


def test_a_form_is_a_value():
    one = form(row(), besides={"visit": 1})

    assert one == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(copy.deepcopy(one))


NO_LIST = [SECRET, 7, None, [SECRET], [None]]
BAD = {
    "week": [SECRET, 7, None, Month(2026, 7), date(2026, 7, 20)],
    "person": ["", 7, None, f"{SECRET}\0"],
    "rows": [*NO_LIST, row()],
    "besides": [SECRET, 7, None, {SECRET: 1}, {"visit": 1.5}],
    "author": [7, None, f"{SECRET}\0"],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_form_is_refused(box, bad):
    with pytest.raises(SalesflowError) as refused:
        WeeklyForm(**({"week": WEEK, "person": "R-9"} | {box: bad}))

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("ask", [handed_in, owing])
@pytest.mark.parametrize(
    ("box", "bad"),
    [
        *[("forms", bad) for bad in NO_LIST],
        *[("people", bad) for bad in (SECRET, 7, None, [7], [""])],
        *[("week", bad) for bad in (SECRET, 7, None, Month(2026, 7))],
    ],
)
def test_what_is_no_roll_call_is_refused(ask, box, bad):
    with pytest.raises(SalesflowError) as refused:
        ask(**({"forms": [], "people": ["R-9"], "week": WEEK} | {box: bad}))

    assert refused.value.field == box
    assert SECRET not in str(refused.value)
    with pytest.raises(DuplicateId):
        ask([], ["R-9", "R-9"], WEEK)
