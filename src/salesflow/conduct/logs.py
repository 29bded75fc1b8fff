"""The daily log: what somebody did today, customer by customer, and plans for tomorrow (日清单).

Everyone, every day, everything (三E管理): the log is how a process is kept in hand.  One form
serves two customs, and a profile says which boxes each of them wants filled: the daily list with
its eight contents, and the daily summary with its five (每日总结).

A box left blank is not the answer "none": `problems=()` says that there were none, None that
nobody said.  The log bears ids and words; there is no box for a position, a photo or a phone.

>>> from attrs import evolve
>>> entry = LogEntry(place="H-3/lab", customer="H-3", contact="C-7", content="trial results",
...                  problems=[Problem(key="water", text="no pure water", open=True)],
...                  help_needed=["an engineer"])
>>> log = DailyLog(id="L-1", person="R-9", on=date(2026, 7, 6), entries=[entry])
>>> log.missing(), log.missing(DAILY_SUMMARY)
(('tomorrow',), ('purpose', 'next_plan'))
>>> log.complete(), evolve(log, tomorrow=["H-4"]).complete()
(False, True)

Source: the daily list and the daily summary of funnel management; both are read as one form.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from attrs import field, frozen
from pendulum import DateTime

from salesflow import forms
from salesflow.activity import ActivityKind, counts
from salesflow.errors import InvalidValue
from salesflow.instants import instant
from salesflow.labels import Label
from salesflow.tables import Rows, Table, rows_of

__all__ = [
    "DAILY_LIST",
    "DAILY_SUMMARY",
    "DailyLog",
    "LogEntry",
    "Problem",
    "boxes_of",
]

#: the eight contents of the daily list, by the box that answers each
DAILY_LIST: Final = Table(
    {
        "place": Label("到什么地方", "where"),
        "customer": Label("拜访什么客户", "which customer"),
        "content": Label("商谈什么问题", "what was discussed"),
        "solved": Label("解决了什么问题", "what was solved"),
        "remains": Label("还存在什么问题", "what remains"),
        "help_needed": Label("需要公司提供何种帮助", "what help is needed"),
        "contact": Label("客户是谁（填资料编号）", "who the customer is, by reference"),
        "tomorrow": Label("明天的工作计划", "tomorrow's plan"),
    }
)
#: the five boxes of the daily summary
DAILY_SUMMARY: Final = Table(
    {
        "customer": Label("医院", "hospital"),
        "purpose": Label("目的", "purpose"),
        "content": Label("内容", "content"),
        "problems": Label("问题及解决方案", "problems and solutions"),
        "next_plan": Label("下一步计划", "next step, with its day"),
    }
)

# Boxes that are filled by writing into them; what the others need is said in `LogEntry.filled`.
_WRITTEN: Final = ("place", "customer", "contact", "purpose", "content")
_BOXES: Final = frozenset({*DAILY_LIST, *DAILY_SUMMARY})
_LAST_WEEKDAY: Final = 7


@frozen(kw_only=True)
class Problem:
    """A problem at a customer: solved, or flagged as open."""

    #: key, the same in each log that comes back to it
    key: str
    #: what it is
    text: str = field(default="", repr=forms.masked)
    #: how it was solved
    solution: str = field(default="", repr=forms.masked)
    #: whether it still stands, perhaps in spite of a first solution
    open: bool = False

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        forms.notes(self, "text", "solution")
        forms.flags(self, "open")

    @property
    def decided(self) -> bool:
        """Whether somebody said how it stands: by a solution, or by the flag."""
        return self.open or bool(self.solution)

    @property
    def stands(self) -> bool:
        """Whether it is not known to be solved."""
        return self.open or not self.solution


def _problems(value: Iterable[Problem] | None) -> tuple[Problem, ...] | None:
    if value is None:
        return None
    found = forms.list_of(Problem, value, "problems")
    if len({problem.key for problem in found}) < len(found):
        raise InvalidValue("problems", "bear one key twice", "give each problem its own key")
    return found


def _requests(value: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if value is None else forms.some(value)


@frozen(kw_only=True)
class LogEntry:
    """One block of the log: one customer, and what came of it."""

    #: id of the place, such as a hospital or its department; not a position
    place: str = ""
    #: id of the customer
    customer: str = ""
    #: id of the host's record of who was met, where name and phone are kept
    contact: str = ""
    #: what was done
    kind: ActivityKind = ActivityKind.VISIT
    #: what for
    purpose: str = field(default="", repr=forms.masked)
    #: what was discussed
    content: str = field(default="", repr=forms.masked)
    #: the problems, solved and open; () where there were none, None where nobody said
    problems: tuple[Problem, ...] | None = field(default=None, converter=_problems)
    #: what help of the company is needed; () for none, None where nobody said
    help_needed: tuple[str, ...] | None = field(
        default=None, converter=_requests, repr=forms.masked
    )
    #: what comes next
    next_step: str = field(default="", repr=forms.masked)
    #: the day it is planned for
    next_on: date | None = None
    #: the host's references to what shows it: a visit, a document
    refs: tuple[str, ...] = field(default=(), converter=forms.some)

    def __attrs_post_init__(self) -> None:
        forms.optional_lines(self, "place", "customer", "contact")
        forms.terms(self, kind=ActivityKind)
        forms.notes(self, "purpose", "content", "next_step")
        forms.optional_days(self, "next_on")
        forms.texts(self, "refs")
        if self.help_needed is not None:
            forms.texts(self, "help_needed")

    @property
    def names(self) -> frozenset[str]:
        """The ids under which somebody may look for it: place, customer, contact."""
        return frozenset({self.place, self.customer, self.contact} - {""})

    @property
    def filled(self) -> frozenset[str]:
        """The boxes that are answered; a problem that nobody decided leaves its box open."""
        told = self.problems is not None
        decided = self.problems is not None and all(one.decided for one in self.problems)
        answers = {box: bool(getattr(self, box)) for box in _WRITTEN} | {
            "solved": told,
            "remains": decided,
            "problems": decided,
            "help_needed": self.help_needed is not None,
            "next_plan": bool(self.next_step) and self.next_on is not None,
        }
        return frozenset(box for box, filled in answers.items() if filled)


def _entries(value: Iterable[LogEntry]) -> tuple[LogEntry, ...]:
    return forms.list_of(LogEntry, value, "entries")


def _instant(value: DateTime | None) -> DateTime | None:
    return None if value is None else instant(value, "written_at")


@frozen(kw_only=True)
class DailyLog:
    """The log of one person on one day."""

    #: the host's id
    id: str
    #: whose day it was, by id
    person: str
    #: the day
    on: date
    #: the weekday that its header says, 1 for Monday; None where it says none
    weekday: int | None = None
    #: one block for each customer
    entries: tuple[LogEntry, ...] = field(default=(), converter=_entries)
    #: ids of those to be seen on the next day of work
    tomorrow: tuple[str, ...] = field(default=(), converter=forms.some)
    #: that plan in words, such as for a day in the office
    tomorrow_note: str = field(default="", repr=forms.masked)
    #: who wrote it, by id; empty where the person did
    author: str = ""
    #: when it was written, None where nobody noted it
    written_at: DateTime | None = field(default=None, converter=_instant)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id", "person")
        forms.days(self, "on")
        forms.optional_counts(self, "weekday")
        forms.texts(self, "tomorrow")
        forms.notes(self, "tomorrow_note")
        forms.optional_lines(self, "author")
        if self.weekday is not None and not 1 <= self.weekday <= _LAST_WEEKDAY:
            raise InvalidValue("weekday", "is no weekday", "use 1 for Monday to 7 for Sunday")
        if any(entry.next_on and entry.next_on < self.on for entry in self.entries):
            raise InvalidValue("next_on", "lies before the day of the log", "check the two days")

    @property
    def on_behalf_of(self) -> str:
        """The person, where somebody else wrote the log for them; empty otherwise."""
        return self.person if self.author not in ("", self.person) else ""

    @property
    def counted(self) -> tuple[LogEntry, ...]:
        """The entries that count: hospitality does not, and changes nothing."""
        return tuple(entry for entry in self.entries if counts(entry.kind))

    @property
    def filled(self) -> frozenset[str]:
        """The boxes answered in every entry that counts, and the plan for tomorrow."""
        boxes = [entry.filled for entry in self.counted]
        shared = boxes[0].intersection(*boxes) if boxes else frozenset[str]()
        return shared | {"tomorrow"} if self.tomorrow or self.tomorrow_note else shared

    def missing(self, profile: Rows[str, Label] = DAILY_LIST) -> tuple[str, ...]:
        """Return the boxes that a profile asks for and the log leaves open, in its order.

        Raises `InvalidValue` for a profile that asks for a box no log has.
        """
        filled = self.filled
        return tuple(box for box in boxes_of(profile) if box not in filled)

    def complete(self, profile: Rows[str, Label] = DAILY_LIST) -> bool:
        """Whether every box that a profile asks for is answered."""
        return not self.missing(profile)


def boxes_of(profile: Rows[str, Label]) -> Table[str, Label]:
    """Return a profile, a mapping of boxes to labels, proved to ask for what a log can answer."""
    rows = rows_of(profile, "profile")
    if not _BOXES.issuperset(rows):
        raise InvalidValue("profile", "asks for a box no log has", f"use {sorted(_BOXES)}")
    if not all(isinstance(label, Label) for label in rows.values()):
        raise InvalidValue("profile", "has a box without its text", "give each box a Label")
    return Table(rows)
