"""Whom a cycle of calls is for: each customer, how often, when, where, and how important.

How important a customer is follows from the segment first and the grade of the hospital second;
a company that sees it otherwise says a number of its own.  How often is a wish: what does not fit
is told, and the important come first.

>>> from salesflow.customers import Segment
>>> grow = Callee(contact="DR-7", place="H-1", visits=4, segment="grow")
>>> inform = Callee(contact="DR-8", place="H-1", visits=1, segment=Segment.INFORM)
>>> [callee.contact for callee in by_importance([inform, grow])]
['DR-7', 'DR-8']
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Final, Self

from attrs import field, frozen

from salesflow import forms
from salesflow.customers import (
    SEGMENTATION,
    DoctorScore,
    HospitalGrade,
    Segment,
    Segmentation,
)
from salesflow.errors import InvalidValue, WrongType
from salesflow.instants import day, minute_of
from salesflow.tables import Table, listed_of
from salesflow.visits import Hours

__all__ = ["SEGMENT_ORDER", "Callee", "by_importance"]

#: how important a segment is, the higher the more; ours, to start from
SEGMENT_ORDER: Final = Table(
    {
        Segment.GROW: 6,
        Segment.KEEP: 5,
        Segment.PREPARE: 4,
        Segment.SUSTAIN: 3,
        Segment.OBSERVE: 2,
        Segment.INFORM: 1,
    }
)
_WEEKDAYS: Final = frozenset(range(1, 8))
# A customer is called upon once a day at the most, and no cycle has more days.
_MOST: Final = 28


def _busy(value: Iterable[Hours]) -> tuple[Hours, ...]:
    return forms.list_of(Hours, value, "busy")


def _best(value: Iterable[Hours]) -> tuple[Hours, ...]:
    return forms.list_of(Hours, value, "best")


def _weekdays(value: Iterable[int]) -> frozenset[int]:
    found = frozenset(forms.list_of(int, value, "weekdays"))
    if not found or not found <= _WEEKDAYS:
        raise InvalidValue("weekdays", "are no days of a week", "list 1 for Monday to 7")
    return found


@frozen(kw_only=True)
class Callee:
    """A customer to be called upon in a cycle of four weeks."""

    #: id of the doctor, or of the customer
    contact: str
    #: id of the hospital, or wherever the call takes place
    place: str
    #: how many calls are wanted in the cycle
    visits: int
    #: segment, None where there is none
    segment: Segment | None = None
    #: grade of the hospital, None where it was not graded
    grade: HospitalGrade | None = None
    #: how important, the higher the more; None to follow segment and grade
    importance: int | None = None
    #: hours at which the customer has no time
    busy: tuple[Hours, ...] = field(default=(), converter=_busy)
    #: hours at which a call is most welcome
    best: tuple[Hours, ...] = field(default=(), converter=_best)
    #: ISO weekdays on which the customer can be met
    weekdays: frozenset[int] = field(default=_WEEKDAYS, converter=_weekdays)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "contact", "place")
        forms.counts_of(self, "visits")
        if self.visits > _MOST:
            raise InvalidValue("visits", "are more than days in a cycle", f"use {_MOST} at most")
        forms.optional_terms(self, segment=Segment, grade=HospitalGrade)
        forms.optional_counts(self, "importance")

    @classmethod
    def of_score(
        cls,
        score: DoctorScore,
        place: str,
        segmentation: Segmentation = SEGMENTATION,
        **boxes: object,
    ) -> Self:
        """Return a doctor with the segment and the frequency that the two scores recommend.

        Further boxes are passed on.  Raises `InvalidValue` where nobody judged the potential, so
        that no frequency is invented.
        """
        if not isinstance(segmentation, Segmentation):
            raise WrongType.of("segmentation", segmentation, "pass a Segmentation")
        segment, visits = segmentation.segment(score), segmentation.visits(score)
        if visits is None and "visits" not in boxes:
            raise InvalidValue("potential", "was not judged", "score it, or say visits yourself")
        known = {"contact": score.doctor, "place": place, "segment": segment, "visits": visits}
        return forms.from_record(cls, known | boxes)

    @property
    def rank(self) -> tuple[int, int]:
        """How important: the number given, or segment and grade; the higher the more."""
        if self.importance is not None:
            return self.importance, 0
        segment = 0 if self.segment is None else SEGMENT_ORDER[self.segment]
        return segment, 0 if self.grade is None else 1 + self.grade.rank

    def meets(self, on: date, hour: time, minutes: int = 0) -> bool:
        """Whether the customer can be met at an hour of a day, for so many minutes from then on."""
        weekday = day(on, "on").isoweekday()
        ends = minute_of(hour) + forms.count(minutes, "minutes")
        until = [busy.start for busy in self.busy if busy.weekday in (None, weekday)]
        return (
            weekday in self.weekdays
            and not any(busy.covers(on, hour) for busy in self.busy)
            and not any(hour < start and minute_of(start) < ends for start in until)
        )

    def welcomes(self, on: date, hour: time) -> bool:
        """Whether it is one of the best hours; any hour is where none was named."""
        return not self.best or any(best.covers(on, hour) for best in self.best)


def by_importance(callees: Iterable[Callee]) -> tuple[Callee, ...]:
    """Return the customers, the most important first; equals by their ids."""
    found = listed_of(callees, Callee, "callees")
    return tuple(sorted(found, key=lambda one: ((-one.rank[0], -one.rank[1]), one.contact)))
