"""What is doubtful about a daily log: boxes left open, a header that contradicts itself.

Nothing here raises: a log with findings is still a log, and whoever reads it asks back.

>>> from datetime import date
>>> log = DailyLog(id="L-1", person="R-9", on=date(2013, 1, 3), weekday=1)
>>> [finding.text.en for finding in log_findings(log)][0]
'the header says Monday, but 2013-01-03 is a Thursday'

Source: the checks of the daily summary; a log is written on its own day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from salesflow.activity import SEVERITIES, counts
from salesflow.conduct.logs import DAILY_LIST, DailyLog, LogEntry, boxes_of
from salesflow.errors import WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label
from salesflow.tables import Rows, Table

__all__ = ["LOG_REMARKS", "log_findings"]

_WEEKDAYS: Final = (
    Label("星期一", "Monday"),
    Label("星期二", "Tuesday"),
    Label("星期三", "Wednesday"),
    Label("星期四", "Thursday"),
    Label("星期五", "Friday"),
    Label("星期六", "Saturday"),
    Label("星期日", "Sunday"),
)

_WEEKDAY: Final = Remark(
    "weekday_mismatch",
    Severity.WATCH,
    Label("表头写的是{said}，而 {on} 是{true}", "the header says {said}, but {on} is a {true}"),
    Label("核对日期和年份", "check the date, and its year"),
)
_OFF_DAY: Final = Remark(
    "log_off_day",
    Severity.WATCH,
    Label("日志不是当天填写的，相差 {days} 天", "it was not written on its day, days off: {days}"),
    Label("当天填写当天的日志", "write each day's log on that day"),
)
_INCOMPLETE: Final = Remark(
    "log_incomplete",
    Severity.WATCH,
    Label("日志缺少：{boxes}", "the log lacks: {boxes}"),
    Label("补填；没有的请注明“无”", "fill it in, and say so where there is none"),
)
_UNDECIDED: Final = Remark(
    "problem_undecided",
    Severity.WATCH,
    Label(
        "问题“{problem}”既没有解决方案，也没有注明未解决",
        "the problem “{problem}” is neither solved nor flagged as open",
    ),
    Label("写明解决方案，或注明未解决", "write the solution, or flag it as open"),
)
_UNDATED: Final = Remark(
    "next_step_undated",
    Severity.WATCH,
    Label("对客户“{customer}”的下一步计划没有日期", "the next step at {customer} has no day"),
    Label("定下日期", "set one"),
)
_KIND: Final = Remark(
    "entry_never_counts",
    Severity.AVOID,
    Label("日志中的{kind}不计入", "{kind} in the log does not count"),
    Label("报合规审查", "tell compliance"),
)
#: every finding about a log
LOG_REMARKS: Final = (_WEEKDAY, _OFF_DAY, _INCOMPLETE, _UNDECIDED, _UNDATED, _KIND)


def log_findings(log: DailyLog, profile: Rows[str, Label] = DAILY_LIST) -> tuple[Finding, ...]:
    """Return what is doubtful about a log, and what a profile asks for that it lacks."""
    if not isinstance(log, DailyLog):
        raise WrongType.of("log", log, "pass a DailyLog")
    return (*_of_header(log), *_of_boxes(log, boxes_of(profile)), *_of_entries(log))


def _of_header(log: DailyLog) -> Iterator[Finding]:
    true = log.on.isoweekday()
    if log.weekday not in (None, true):
        said = _WEEKDAYS[log.weekday - 1]
        yield _WEEKDAY.about(log.id, said=said, on=log.on, true=_WEEKDAYS[true - 1])
    # The day of an instant is another one elsewhere, by a day at most.
    days = 0 if log.written_at is None else abs(log.written_at.toordinal() - log.on.toordinal())
    if days > 1:
        yield _OFF_DAY.about(log.id, days=days)


def _of_boxes(log: DailyLog, profile: Table[str, Label]) -> Iterator[Finding]:
    lacking = tuple(profile[box] for box in log.missing(profile))
    if lacking:
        yield _INCOMPLETE.about(log.id, boxes=lacking)


def _of_entries(log: DailyLog) -> Iterator[Finding]:
    for entry in log.entries:
        if counts(entry.kind):
            yield from _of_entry(log.id, entry)
        else:
            yield _KIND.about(log.id, severity=SEVERITIES[entry.kind], kind=entry.kind)


def _of_entry(subject: str, entry: LogEntry) -> Iterator[Finding]:
    for problem in entry.problems or ():
        if not problem.decided:
            yield _UNDECIDED.about(subject, problem=problem.key)
    if entry.next_step and entry.next_on is None:
        yield _UNDATED.about(subject, customer=entry.customer or entry.place)
