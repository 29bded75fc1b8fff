"""A log with a fault is still a log; what is doubtful about it is told."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily_logs import DAY, SECRET, entry, log, problem
from salesflow.activity import DECISIONS, SEVERITIES, ActivityKind, Decision
from salesflow.conduct.log_checks import LOG_REMARKS, log_findings
from salesflow.conduct.logs import DAILY_LIST, DAILY_SUMMARY
from salesflow.errors import WrongType
from salesflow.findings import Severity

HAN = re.compile(r"[\u4e00-\u9fff]")


def found(one, profile=DAILY_LIST):
    """The keys of its findings, in order."""
    return [finding.key for finding in log_findings(one, profile)]


def written(hour, days=0):
    """A log that was written so many days after its own, at an hour in Shanghai."""
    at = pendulum.datetime(2026, 7, 6, hour, tz="Asia/Shanghai") + timedelta(days=days)
    return log(written_at=at)


# For each remark a log that provokes it.
PROVOKED = {
    "weekday_mismatch": log(weekday=2),
    "log_off_day": written(12, days=2),
    "log_incomplete": log(tomorrow=[]),
    "problem_undecided": log(entries=[entry(problems=[problem(solution="")])]),
    "next_step_undated": log(entries=[entry(next_on=None)]),
    "entry_never_counts": log(entries=[entry(), entry(kind="meal")]),
}


def test_every_remark_is_provoked():
    assert [remark.key for remark in LOG_REMARKS] == list(PROVOKED)


@pytest.mark.parametrize("remark", LOG_REMARKS, ids=lambda remark: remark.key)
def test_a_remark_comes_with_its_fault(remark):
    """It names the log and says in both languages what is wrong and what to do."""
    told = {finding.key: finding for finding in log_findings(PROVOKED[remark.key])}
    finding = told[remark.key]

    assert finding.subject == "L-1"
    for label in (finding.text, finding.advice):
        assert HAN.search(label.zh)
        assert not HAN.search(label.en)
        assert not set("{}") & set(label.zh + label.en)


@pytest.mark.parametrize("profile", [DAILY_LIST, DAILY_SUMMARY])
def test_a_good_log_has_no_findings(profile):
    assert found(log(weekday=1), profile) == []


# --- the header ------------------------------------------------------------------------------


def test_ae_61_the_weekday_of_the_header_has_to_agree_with_its_date():
    """AE-61: 周一 with 2013-01-03 is a Thursday; with 2011-01-03 it is right."""
    (finding,) = log_findings(log(on=date(2013, 1, 3), weekday=1, entries=[entry(next_on=DAY)]))

    assert finding.key == "weekday_mismatch"
    assert finding.text.zh == "表头写的是星期一，而 2013-01-03 是星期四"
    assert finding.text.en == "the header says Monday, but 2013-01-03 is a Thursday"
    assert found(log(on=date(2011, 1, 3), weekday=1)) == []


@given(st.dates(date(2010, 1, 1), date(2026, 7, 6)), st.none() | st.integers(1, 7))
def test_a_header_is_doubted_only_where_it_is_wrong(on, weekday):
    """And never where it says nothing."""
    doubted = "weekday_mismatch" in found(log(on=on, weekday=weekday))

    assert doubted is (weekday is not None and weekday != (on.weekday() + 1))


@pytest.mark.parametrize(
    ("one", "keys"),
    [
        (log(), []),
        (written(18), []),
        (written(2), []),  # still the day before, in UTC
        (written(23, days=1), []),
        (written(12, days=2), ["log_off_day"]),
        (written(12, days=-2), ["log_off_day"]),
    ],
)
def test_a_log_is_written_on_its_own_day(one, keys):
    """Within a day, since an instant has another date elsewhere."""
    assert found(one) == keys


# --- the boxes -------------------------------------------------------------------------------


def test_what_is_lacking_is_told_in_the_words_of_the_profile():
    (finding,) = log_findings(log(entries=[entry(purpose="", content="")]), DAILY_SUMMARY)

    assert finding.text.zh == "日志缺少：目的, 内容"
    assert finding.text.en == "the log lacks: purpose, content"
    assert finding.severity is Severity.WATCH


def test_each_undecided_problem_is_named():
    doubts = [problem("a", solution=""), problem("b"), problem("c", solution="", open=True)]
    findings = log_findings(log(entries=[entry(problems=doubts), entry(problems=None)]))

    assert [f.values["problem"] for f in findings if f.key == "problem_undecided"] == ["a"]


def test_a_step_without_a_day_is_told_by_customer_or_place():
    blocks = [entry(next_on=None), entry(next_on=None, customer=""), entry(next_step="")]
    findings = log_findings(log(entries=blocks))

    told = [f.values["customer"] for f in findings if f.key == "next_step_undated"]
    assert told == ["H-3", "H-3/lab"]


@pytest.mark.parametrize("kind", ActivityKind)
def test_what_does_not_count_is_told_with_its_own_weight(kind):
    """Each kind that does not simply count, and no other; nothing else is asked of it."""
    findings = log_findings(log(entries=[entry(), entry(kind=kind, next_on=None)]))
    told = [(f.key, f.severity) for f in findings]

    if DECISIONS[kind] is Decision.COUNTS:
        assert told == [("next_step_undated", Severity.WATCH)]
    else:
        assert told == [("entry_never_counts", SEVERITIES[kind])]


@pytest.mark.parametrize("bad", [SECRET, 7, None, [log()]])
def test_only_a_log_is_looked_at(bad):
    with pytest.raises(WrongType, match="log") as refused:
        log_findings(bad)

    assert SECRET not in str(refused.value)
