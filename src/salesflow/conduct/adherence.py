"""Plan adherence: whether what the log of yesterday planned for tomorrow was done today.

    adherence = customers planned and seen ÷ customers planned

The plan of a log is for the person's next day of work: the next working day that is not their
leave, or an earlier one on which they wrote a log after all.  What was done is read from the logs
themselves or, where it is handed over, from the visit book.  Who was seen without a plan is told
apart and is in no rate; hospitality is neither a plan kept nor a visit.

>>> from salesflow.conduct.logs import LogEntry
>>> from salesflow.periods import Week
>>> from salesflow.workdays import WEEKDAYS
>>> friday = DailyLog(id="L-1", person="R-9", on=date(2026, 7, 3), tomorrow=["H-3", "H-4"])
>>> monday = DailyLog(id="L-2", person="R-9", on=date(2026, 7, 6),
...                   entries=[LogEntry(customer="H-3"), LogEntry(customer="H-7")])
>>> kept = plan_adherence([friday, monday], Week(2026, 28), WEEKDAYS)["R-9"]
>>> str(kept.rate), kept.ad_hoc, [(one.on.day, one.name) for one in kept.missed]
('50.0% (n=2)', 1, [(6, 'H-4')])

Source: the last box of the daily list, compared with the next day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Final

from attrs import frozen

from salesflow.conduct.logs import DailyLog
from salesflow.conduct.roll import NO_LEAVE, Leave, leave_of, logs_once
from salesflow.instants import day
from salesflow.machine import Machine
from salesflow.metrics.moments import period_of
from salesflow.periods import Period
from salesflow.ratios import Rate
from salesflow.tables import Table
from salesflow.visits import VISIT, Visit
from salesflow.visits.cases import cases_of
from salesflow.workdays import WorkCalendar, calendar_of

__all__ = ["MissedPlan", "PlanAdherence", "plan_adherence"]

_NO_NAMES: Final[frozenset[str]] = frozenset()
_ONE_DAY: Final = timedelta(days=1)
# The plans, by person and the day they are for: ids in the order written.
_Plans = dict[tuple[str, date], dict[str, None]]
# What was done, by person and day: for each customer seen, the ids they are known by.
_Done = dict[tuple[str, date], set[frozenset[str]]]


@frozen(kw_only=True)
class MissedPlan:
    """Somebody who was to be seen and was not."""

    #: the day
    on: date
    #: the id that the plan names
    name: str


@frozen(kw_only=True)
class PlanAdherence:
    """How far one person did what they had planned the day before."""

    #: how many were planned
    planned: int
    #: how many of those were seen
    done: int
    #: how many were seen without a plan
    ad_hoc: int
    #: those that were planned and not seen
    missed: tuple[MissedPlan, ...]

    @property
    def rate(self) -> Rate:
        """Seen, of those planned."""
        return Rate(self.done, self.planned)


def plan_adherence(
    logs: Iterable[DailyLog],
    during: Period,
    calendar: WorkCalendar,
    *,
    visits: Iterable[Visit] | None = None,
    on: date | None = None,
    leave: Leave = NO_LEAVE,
    machine: Machine = VISIT,
) -> Table[str, PlanAdherence]:
    """Return how far each person kept the plans for the days of a period, by their ids.

    `on` is the last day that is over, the end of the period by default.  Pass the logs from before
    the period too: the plan for its first day stands in them.
    """
    found, away = logs_once(logs), leave_of(leave)
    period_of(during)
    done = _of_logs(found) if visits is None else _of_visits(visits, during, machine)
    last = during.after - _ONE_DAY
    last = last if on is None else min(last, day(on, "on"))
    plans = _plans(found, last, calendar_of(calendar), away)
    days: dict[str, list[date]] = {}
    for person, when in sorted({*plans, *done}):
        if during.first <= when <= last:
            days.setdefault(person, []).append(when)
    return Table({person: _adherence(person, days[person], plans, done) for person in days})


def _of_logs(logs: Iterable[DailyLog]) -> _Done:
    done: _Done = {}
    for log in logs:
        seen = {entry.names for entry in log.counted} - {_NO_NAMES}
        done.setdefault((log.person, log.on), set()).update(seen)
    return done


def _of_visits(visits: Iterable[Visit], during: Period, machine: Machine) -> _Done:
    done: _Done = {}
    for case in cases_of(visits, during, None, machine).belonging:
        visit, held = case.visit, case.visit.held_at
        if held is not None:
            cell = visit.owner, during.day_of(held)
            done.setdefault(cell, set()).add(frozenset({visit.customer, visit.contact}))
    return done


def _plans(
    logs: tuple[DailyLog, ...],
    last: date,
    calendar: WorkCalendar,
    away: Table[str, frozenset[date]],
) -> _Plans:
    """Return the plans by the day they are for; those for a day after the last one are left out."""
    # A day off on which somebody worked is the next day of work; hospitality is no work.
    logged = {(log.person, log.on) for log in logs if log.counted}
    plans: _Plans = {}
    for log in (log for log in logs if log.tomorrow):
        person, off = log.person, away.get(log.person, frozenset())
        due = (
            on
            for on in _between(log.on, last)
            if (person, on) in logged or (on not in off and calendar.works(on))
        )
        for on in islice(due, 1):
            plans.setdefault((person, on), {}).update(dict.fromkeys(log.tomorrow))
    return plans


def _between(start: date, last: date) -> Iterator[date]:
    """The days after a day, up to the last one."""
    return map(date.fromordinal, range(start.toordinal() + 1, last.toordinal() + 1))


def _adherence(person: str, days: list[date], plans: _Plans, done: _Done) -> PlanAdherence:
    planned = ad_hoc = 0
    missed: list[MissedPlan] = []
    for on in days:
        plan, seen = plans.get((person, on), {}), done.get((person, on), set())
        names = _NO_NAMES.union(*seen)
        planned += len(plan)
        missed += [MissedPlan(on=on, name=name) for name in plan if name not in names]
        ad_hoc += sum(one.isdisjoint(plan) for one in seen)
    return PlanAdherence(
        planned=planned, done=planned - len(missed), ad_hoc=ad_hoc, missed=tuple(missed)
    )
