"""What visits tell of the market, and which promises are overdue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import frozen

from salesflow.tables import Table
from salesflow.visits.cases import Case
from salesflow.visits.outcome import Commitment, CommitmentState, Trend
from salesflow.visits.visit import Visit

__all__ = ["OverduePromise", "SignalLesson", "overdue_promises", "signals_heard"]


@frozen(kw_only=True)
class SignalLesson:
    """What the visits tell of the demand for one class of products."""

    #: ids of the visits that report each trend
    visits: Table[Trend, tuple[str, ...]]
    #: how many customers report rising demand
    customers: int

    @property
    def rising(self) -> int:
        """How many visits report rising demand."""
        return len(self.visits[Trend.RISING])


def signals_heard(cases: Iterable[Case]) -> Table[str, SignalLesson]:
    """Return what is told of each class of products, in the order of their names.

    A visit counts once for a class: with the last trend it reports.
    """
    told: dict[str, list[tuple[Visit, Trend]]] = {}
    for case in cases:
        for subject, trend in {one.subject: one.trend for one in case.sheet.signals}.items():
            told.setdefault(subject, []).append((case.visit, trend))
    return Table(
        {
            subject: SignalLesson(
                visits=Table(
                    {
                        trend: tuple(visit.id for visit, said in told[subject] if said is trend)
                        for trend in Trend
                    }
                ),
                customers=len({v.customer for v, said in told[subject] if said is Trend.RISING}),
            )
            for subject in sorted(told)
        }
    )


@frozen(kw_only=True)
class OverduePromise:
    """A promise whose day has passed."""

    #: id of the visit in which it was made
    visit: str
    #: id of the representative
    owner: str
    #: id of the customer
    customer: str
    #: the promise
    promise: Commitment
    #: how many days it is overdue
    days: int


def overdue_promises(cases: Iterable[Case], on: date) -> tuple[OverduePromise, ...]:
    """Return the promises that are overdue at the end of a day, the oldest first."""
    found = [
        OverduePromise(
            visit=case.visit.id,
            owner=case.visit.owner,
            customer=case.visit.customer,
            promise=promise,
            days=promise.overdue_days(on),
        )
        for case in cases
        if case.visit.held_at is not None
        for promise in case.sheet.commitments
        if promise.state(on) is CommitmentState.OVERDUE
    ]
    return tuple(sorted(found, key=lambda one: (-one.days, one.visit, one.promise.key)))
