"""A timetable: at which hours the calls of a day begin, hospital by hospital.

Who is called upon on a day was decided before.  Here everybody gets an hour at which they can be
met, so that the way leads from one hospital to the next as seldom as busy hours allow: each order
of the hospitals is tried.  Among ways of equal length the one with more welcome hours is taken, and
within the hours of a hospital those whom an hour suits best come first.

>>> timetable(places=[0, 1, 0], masks=[0b111, 0b111, 0b111], welcome=[0b111, 0b111, 0b001], hours=3)
(1, 2, 0)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, permutations
from typing import Final

from salesflow.planning.diary import Diary

__all__ = ["timetable"]

# Of more hospitals than these not every order is tried.
_FEW: Final = 4


def timetable(
    places: Sequence[int], masks: Sequence[int], welcome: Sequence[int], hours: int
) -> tuple[int, ...]:
    """Return the hour of each call of a day; they are known to fit.

    `places` are the hospitals of the calls, `masks` the hours at which each can take place, one
    bit an hour, and `welcome` those that suit best.
    """
    few = sorted(set(places), key=lambda place: (-places.count(place), place))
    orders: Iterable[Sequence[int]] = permutations(few) if len(few) <= _FEW else [few]
    best = [mask & good for mask, good in zip(masks, welcome, strict=True)]
    tried = [
        _in_order(order, places, first, masks, hours) for order in orders for first in (best, masks)
    ]

    def cost(at: Sequence[int]) -> tuple[int, int]:
        return _changes(places, at), -sum(
            good >> hour & 1 for good, hour in zip(best, at, strict=True)
        )

    found = min(tried, key=cost)
    at = list(found)
    for place in few:
        those = [call for call, its in enumerate(places) if its == place]
        kept = sum(1 << found[call] for call in those)
        first, then = ([mask[call] & kept for call in those] for mask in (best, masks))
        for call, hour in zip(those, _seated(first, then, hours), strict=True):
            at[call] = hour
    return tuple(at)


def _in_order(
    order: Sequence[int],
    places: Sequence[int],
    first: Sequence[int],
    then: Sequence[int],
    hours: int,
) -> list[int]:
    """Return the hours where hospitals are visited in an order, as far as busy hours allow."""
    calls = sorted(range(len(places)), key=lambda call: order.index(places[call]))
    seats = _seated([first[call] for call in calls], [then[call] for call in calls], hours)
    by_call = dict(zip(calls, seats, strict=True))
    return [by_call[call] for call in range(len(places))]


def _seated(first: Sequence[int], then: Sequence[int], hours: int) -> list[int]:
    """Return the hour of each call: one of its first hours where that can be, or any other."""
    diary = Diary([0], hours, hours)
    for call, mask in enumerate(first):
        diary.enter(call, [mask])
    for call, mask in enumerate(then):
        diary.know(call, [mask])  # who has a good hour may have to leave it for somebody without
    for call, mask in enumerate(then):
        if not diary.calls(call):
            diary.enter(call, [mask])
    return [diary.calls(call)[0] for call in range(len(then))]


def _changes(places: Sequence[int], found: Sequence[int]) -> int:
    """Return how often the way leads from one hospital to another."""
    way = [place for _, place in sorted(zip(found, places, strict=True))]
    return sum(sooner != later for sooner, later in pairwise(way))
