"""Departments: who works on what for whom, and whether the days are kept.

    on time   = done by the day ÷ decided, which is: done, or past the day
    mean late = days late ÷ decided, where in time counts as 0

Both are told twice: against the day that was asked for at first, and against the day promised last
in a receipt.  A department that puts everything off is punctual by the second and not by the first.
Cancelled notices are counted apart and are in no rate.

>>> import pendulum
>>> at = pendulum.datetime(2026, 7, 6, 9, tz="UTC")
>>> notice = Notice.issue(id="N-1", department="warehouse", contact="W-2", issuer="R-9", at=at,
...                       details="ship two kits", due=date(2026, 7, 10), issuer_department="sales")
>>> put_off = notice.receipt(reason="out of stock", due=date(2026, 7, 14), at=at.add(days=3))
>>> load = workload([put_off.done(at=at.add(days=8))], on=date(2026, 7, 31))["warehouse"]
>>> str(load.original.on_time), str(load.latest.on_time), load.original.mean_late
('0.0% (n=1)', '100.0% (n=1)', Fraction(4, 1))
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from salesflow.conduct.notice_trail import NoticeState
from salesflow.conduct.notices import HelpItem, Notice
from salesflow.instants import day
from salesflow.ratios import Rate
from salesflow.tables import Table, listed_of, once

__all__ = ["DepartmentLoad", "Punctuality", "workload"]


@frozen(kw_only=True)
class Punctuality:
    """How well the days of some notices are kept."""

    #: done by the day, of those decided
    on_time: Rate
    #: mean of the days late, exact; None where nothing is decided
    mean_late: Fraction | None


@frozen(kw_only=True)
class DepartmentLoad:
    """The notices of one department, at the end of a day."""

    #: how many somebody waits for
    open: int
    #: how many of those are past their day
    overdue: int
    #: how many of those are put off by a receipt
    receipted: int
    #: how many are done
    done: int
    #: how many were cancelled
    cancelled: int
    #: against the day that was asked for at first
    original: Punctuality
    #: against the day promised last
    latest: Punctuality
    #: help it asked for that has not come
    help: tuple[HelpItem, ...]
    #: the departments that wait for it, where the issuer named one, with how many open notices
    waiting: Table[str, int]


def workload(notices: Iterable[Notice], on: date) -> Table[str, DepartmentLoad]:
    """Return the load of each accepting department at the end of a day, in the order of the names.

    Raises `DuplicateId` for a notice that is passed twice.
    """
    today = day(on, "on")
    found = listed_of(notices, Notice, "notices")
    once(notice.id for notice in found)
    groups: dict[str, list[Notice]] = {}
    for notice in found:
        then = notice.at_end_of(today)
        if then is not None:
            groups.setdefault(then.department, []).append(then)
    return Table({name: _load(groups[name], today) for name in sorted(groups)})


def _load(notices: Sequence[Notice], on: date) -> DepartmentLoad:
    waited_for = [notice for notice in notices if notice.open]
    states = [notice.state for notice in notices]
    late = [(notice, notice.lateness(on)) for notice in notices]
    return DepartmentLoad(
        open=len(waited_for),
        overdue=sum(days.latest > 0 for notice, days in late if notice.open),
        receipted=states.count(NoticeState.RECEIPTED),
        done=states.count(NoticeState.DONE),
        cancelled=states.count(NoticeState.CANCELLED),
        original=_punctuality((notice.state, days.original) for notice, days in late),
        latest=_punctuality((notice.state, days.latest) for notice, days in late),
        help=tuple(item for notice in waited_for for item in notice.open_help),
        waiting=_waiting(waited_for),
    )


def _punctuality(lateness: Iterable[tuple[NoticeState, int]]) -> Punctuality:
    decided = [days for state, days in lateness if days or state is NoticeState.DONE]
    n = len(decided)
    mean = Fraction(sum(decided), n) if n else None
    return Punctuality(on_time=Rate(decided.count(0), n), mean_late=mean)


def _waiting(notices: Iterable[Notice]) -> Table[str, int]:
    names = Counter(notice.issuer_department for notice in notices if notice.issuer_department)
    return Table(dict(sorted(names.items())))
