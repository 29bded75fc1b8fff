"""What stands in the way: open problems and requests for help, gathered from the daily logs.

The company knows today what a salesperson needs today, and supports at that moment.  A problem
stands until a later log solves it under its key, whoever writes that log; a request stands until
a later log of the same person on the same customer no longer names it.

>>> from salesflow.conduct.logs import LogEntry, Problem
>>> def log(day, solution=""):
...     water = Problem(key="water", text="no pure water", solution=solution)
...     entry = LogEntry(customer="H-3", problems=[water], help_needed=["an engineer"])
...     return DailyLog(id=f"L-{day}", person="R-9", on=date(2026, 7, day), entries=[entry])
>>> [(item.kind.name, item.since.day) for item in help_requests([log(7), log(6)])]
[('BLOCKER', 6), ('HELP', 6)]
>>> [item.kind.name for item in help_requests([log(7, "a filter"), log(6)])]
['HELP']
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import field, frozen

from salesflow import forms
from salesflow.conduct.logs import DailyLog
from salesflow.conduct.roll import logs_once
from salesflow.labels import Term

__all__ = ["HelpKind", "HelpRequest", "help_requests"]


class HelpKind(Term):
    """What a salesperson waits for."""

    BLOCKER = "blocker", "未解决的问题", "open problem"
    HELP = "help", "需要公司帮助", "help needed"


@frozen(kw_only=True)
class HelpRequest:
    """Something that still stands in the way at a customer."""

    #: an open problem, or a request
    kind: HelpKind
    #: id of the customer
    customer: str
    #: who reported it first, by id
    person: str
    #: the day of that log
    since: date
    #: id of that log
    log: str
    #: what it is, in the words of that log
    text: str = field(repr=forms.masked)


# The problems that stand, by customer and key; the requests, by person and customer.
_Blockers = dict[tuple[str, str], HelpRequest]
_Requests = dict[tuple[str, str], dict[str, HelpRequest]]


def help_requests(logs: Iterable[DailyLog]) -> tuple[HelpRequest, ...]:
    """Return the problems and requests that still stand after all of some logs, oldest first.

    The logs are read in the order of their days, however they are given.
    Raises `DuplicateId` for a log passed twice.
    """
    blockers: _Blockers = {}
    requests: _Requests = {}
    for log in sorted(logs_once(logs), key=lambda log: (log.on, log.id)):
        _read_problems(blockers, log)
        _read_requests(requests, log)
    standing = [
        *blockers.values(),
        *(item for asked in requests.values() for item in asked.values()),
    ]
    return tuple(sorted(standing, key=lambda item: (item.since, item.log)))


def _read_problems(blockers: _Blockers, log: DailyLog) -> None:
    for entry in log.counted:
        for problem in entry.problems or ():
            known = entry.customer, problem.key
            if problem.stands:
                blockers.setdefault(
                    known, _item(HelpKind.BLOCKER, log, entry.customer, problem.text)
                )
            else:
                blockers.pop(known, None)


def _read_requests(requests: _Requests, log: DailyLog) -> None:
    # A log may have two blocks on one customer; together they say what is needed there.
    named: dict[str, list[str]] = {}
    for entry in log.counted:
        if entry.help_needed is not None:
            named.setdefault(entry.customer, []).extend(entry.help_needed)
    for customer, texts in named.items():
        before = requests.get((log.person, customer), {})
        requests[log.person, customer] = {
            text: before.get(text) or _item(HelpKind.HELP, log, customer, text) for text in texts
        }


def _item(kind: HelpKind, log: DailyLog, customer: str, text: str) -> HelpRequest:
    return HelpRequest(
        kind=kind, customer=customer, person=log.person, since=log.on, log=log.id, text=text
    )
