"""The visits of a period as they stood on the day of the report, sorted by what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from attrs import frozen

from salesflow import Span
from salesflow.activity import counts
from salesflow.metrics import Effort, effort, effort_by
from salesflow.visits import Comparison, Lessons, Visit, VisitStatus, compare, lessons

__all__ = ["Cases", "cases_of", "halves"]

_LISTS: Final = ("held", "cancelled", "waiting", "uncounted", "outside")


@frozen(kw_only=True)
class Cases:
    """What the report is about; every visit that was read stands in exactly one of the lists."""

    #: the day of the report
    today: date
    told: Lessons
    #: how many visits were planned, made and effective
    effort: Effort
    #: the lessons of each representative, in the order of their ids
    owners: Mapping[str, Lessons]
    #: the effort of each of them
    efforts: Mapping[str, Effort]
    #: the first half of the period beside the second, None where it was not asked for
    compared: Comparison | None
    during: Span
    #: visits in which the customer was met
    held: tuple[Visit, ...]
    cancelled: tuple[Visit, ...]
    #: planned for the period, and not begun
    waiting: tuple[Visit, ...]
    #: of a kind that does not count
    uncounted: tuple[Visit, ...]
    #: before or after the period, or set up after the day of the report
    outside: tuple[Visit, ...]

    @property
    def total(self) -> int:
        """How many visits stand in the lists."""
        lists = (self.held, self.cancelled, self.waiting, self.uncounted, self.outside)
        return sum(map(len, lists))


def cases_of(
    visits: Iterable[Visit],
    during: Span,
    at: datetime,
    groups: Mapping[str, str],
    *,
    compared: bool,
) -> Cases:
    """Sort the visits, and let the library draw its lessons from them."""
    every = tuple(visits)

    def learn(of: Iterable[Visit], span: Span) -> Lessons:
        return lessons(of, span, at=at, whom=lambda visit: groups.get(visit.contact, ""))

    lists: dict[str, list[Visit]] = {name: [] for name in _LISTS}
    for visit in every:
        stood = visit.as_of(at)
        lists[_list(stood, during)].append(stood or visit)
    efforts = effort_by(every, lambda visit: visit.owner, during, at=at)
    busy = {one.owner for name in ("held", "cancelled") for one in lists[name]}
    # Who was to make a visit, and made none, has a line too.
    owners = [name for name, one in efforts.items() if name in busy or one.adherence.n]
    parts = halves(during) if compared else None
    return Cases(
        today=during.day_of(at),
        told=learn(every, during),
        effort=effort(every, during, at=at),
        owners={owner: learn((v for v in every if v.owner == owner), during) for owner in owners},
        efforts={owner: efforts[owner] for owner in owners},
        compared=compare(*(learn(every, part) for part in parts)) if parts else None,
        during=during,
        **{name: tuple(found) for name, found in lists.items()},
    )


def _list(visit: Visit | None, during: Span) -> str:
    """Name the list of a visit, as it stood on the day of the report."""
    if visit is None:
        return "outside"
    match visit.status:
        case VisitStatus.PLANNED:
            when, name = visit.day or visit.trail[0].at, "waiting"
        case VisitStatus.CANCELLED:
            when, name = visit.trail[-1].at, "cancelled"
        case _:
            when, name = visit.held_at or visit.trail[0].at, "held"
    if when not in during:
        return "outside"
    return name if counts(visit.kind) else "uncounted"


def halves(during: Span) -> tuple[Span, Span] | None:
    """Cut a period in two; None where it is a single day."""
    middle = during.first + timedelta(days=during.days // 2)
    if middle == during.first:
        return None
    return Span(during.first, middle, tz=during.tz), Span(middle, during.after, tz=during.tz)
