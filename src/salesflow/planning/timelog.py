"""Where the time goes: record it, analyse it, manage it (记录时间 → 分析时间 → 管理时间).

    share of a class = its minutes ÷ minutes that somebody judged, exact

>>> log = TimeLog(owner="R-9", entries=[
...     TimeEntry(on=date(2026, 7, 6), activity="search", minutes=45, priority="c",
...               waster="searching"),
...     TimeEntry(on=date(2026, 7, 6), activity="analyse accounts", minutes=15, priority="b")])
>>> log.shares[Priority.C], log.wasted[TimeWaster.SEARCHING]
(Fraction(3, 4), 45)
>>> [finding.text.en for finding in log.findings()]
['more time goes to what is only urgent (75.0%) than to prevention (25.0%)',
 'most of the time lost goes to: looking for things']

Source: the trade's training material (时间管理方法, 浪费时间的10大原因), after P. F. Drucker, "The
Effective Executive" (1967).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Final, TypeVar

from attrs import field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label, Term
from salesflow.metrics import vital_few
from salesflow.metrics.market import contribution
from salesflow.planning.priority import Priority
from salesflow.ratios import percent
from salesflow.tables import Table

__all__ = ["TIME_REMARKS", "TimeEntry", "TimeLog", "TimeStep", "TimeWaster"]

K = TypeVar("K")

# Minutes of a day.
_DAY: Final = 24 * 60


class TimeStep(Term):
    """A step of managing one's time, in order."""

    GOAL = "goal", "明确目标", "make the goal clear"
    PRIORITY = "priority", "分清轻重缓急", "tell what comes first"
    PLAN = "plan", "制定计划", "make a plan"
    ACT = "act", "立即行动", "act at once"


class TimeWaster(Term):
    """A reason why time is lost, for looking at oneself: the ten of the list, then six more."""

    SEARCHING = "searching", "找东西", "looking for things"
    INTERRUPTED = "interrupted", "时断时续", "stopping and starting"
    NOT_DELEGATING = "not_delegating", "事无巨细，不懂授权", "doing everything oneself"
    DELAYED = "delayed", "偶发延误", "chance delays"
    LAZY = "lazy", "懒惰", "laziness"
    LIVING_IN_THE_PAST = "living_in_the_past", "活于记忆里", "living in memories"
    HESITATING = "hesitating", "患得患失、拖拖拉拉", "hesitating and putting off"
    RASH = "rash", "缺乏理解就匆忙行动", "acting before understanding"
    NEGATIVE_MOOD = "negative_mood", "消极情绪", "a negative mood"
    NO_ORDER = "no_order", "事无轻重缓急", "nothing more urgent than the rest"
    OVER_COMMITTED = "over_committed", "承诺太多", "too many promises"
    NO_GOAL = "no_goal", "缺乏目标", "no goal"
    NO_PRIORITY = "no_priority", "缺乏优先等级", "no order of priority"
    NO_DEADLINE = "no_deadline", "缺乏完成期限", "no deadline"
    UNCLEAR_DUTIES = "unclear_duties", "权责不清", "unclear duties and powers"
    NO_RESOURCES = "no_resources", "缺乏资源", "lack of means"


@frozen(kw_only=True)
class TimeEntry:
    """A line of the record: on what a piece of a day went."""

    #: the day
    on: date
    #: what was done
    activity: str = field(repr=forms.masked)
    #: how many minutes it took
    minutes: int
    #: its class, None where nobody has judged it
    priority: Priority | None = None
    #: why the time was lost, None where it was not
    waster: TimeWaster | None = None

    def __attrs_post_init__(self) -> None:
        forms.days(self, "on")
        forms.lines(self, "activity")
        forms.counts_of(self, "minutes")
        forms.optional_terms(self, priority=Priority, waster=TimeWaster)


_UNJUDGED: Final = Remark(
    "time_unjudged",
    Severity.WATCH,
    Label("有 {minutes} 分钟没有分清轻重缓急", "minutes whose priority nobody judged: {minutes}"),
    Label("判断是否重要、是否紧急", "judge how important and how urgent they were"),
)
_URGENT_FIRST: Final = Remark(
    "urgent_first",
    Severity.WATCH,
    Label(
        "紧急不重要的事占 {urgent}，多于重要不紧急的事 {prevention}",
        "more time goes to what is only urgent ({urgent}) than to prevention ({prevention})",
    ),
    Label(
        "授权或拒绝C类事，把时间留给B类事", "delegate or refuse class C, for the sake of class B"
    ),
)
_WASTED: Final = Remark(
    "time_wasted",
    Severity.WATCH,
    Label("浪费的时间主要来自：{wasters}", "most of the time lost goes to: {wasters}"),
    Label("先改掉这几项", "put these right first"),
)
#: every finding about a record of time
TIME_REMARKS: Final = (_UNJUDGED, _URGENT_FIRST, _WASTED)


def _sums(minutes: Iterable[tuple[K, int]]) -> dict[K, int]:
    sums: dict[K, int] = {}
    for key, spent in minutes:
        sums[key] = sums.get(key, 0) + spent
    return sums


def _entries(value: Iterable[TimeEntry]) -> tuple[TimeEntry, ...]:
    entries = forms.list_of(TimeEntry, value, "entries")
    if any(minutes > _DAY for minutes in _sums((one.on, one.minutes) for one in entries).values()):
        raise InvalidValue("entries", "fill more than a day", "keep one record for each person")
    return entries


@frozen(kw_only=True)
class TimeLog:
    """A person's record of time."""

    #: whose time it is, by id
    owner: str
    #: the lines of the record
    entries: tuple[TimeEntry, ...] = field(default=(), converter=_entries)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "owner")

    @property
    def minutes(self) -> int:
        """How many minutes are on record."""
        return sum(entry.minutes for entry in self.entries)

    @property
    def shares(self) -> Table[Priority, Fraction] | None:
        """The share of each class in the minutes judged, A first; None where none was judged."""
        spent = _sums((one.priority, one.minutes) for one in self.entries)
        return contribution({row: spent.get(row, 0) for row in sorted(Priority, reverse=True)})

    @property
    def wasted(self) -> Table[TimeWaster, int]:
        """The minutes lost for each reason, the most first; equals in the order of the list."""
        lost = _sums((one.waster, one.minutes) for one in self.entries)
        found = {waster: lost[waster] for waster in TimeWaster if lost.get(waster)}
        return Table({waster: found[waster] for waster in sorted(found, key=lambda w: -found[w])})

    def findings(self) -> tuple[Finding, ...]:
        """Return what the record tells: unjudged time, too little prevention, what wastes most."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        unjudged = sum(entry.minutes for entry in self.entries if entry.priority is None)
        if unjudged:
            yield _UNJUDGED.about(self.owner, minutes=unjudged)
        shares = self.shares
        if shares and shares[Priority.C] > shares[Priority.B]:
            urgent, prevention = percent(shares[Priority.C]), percent(shares[Priority.B])
            yield _URGENT_FIRST.about(self.owner, urgent=urgent, prevention=prevention)
        if self.wasted:
            yield _WASTED.about(self.owner, wasters=vital_few(self.wasted))
