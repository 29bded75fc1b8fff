"""What fits: how many calls on each customer a cycle can hold, the most important first.

Calls are entered one by one, each wherever it fits: first the booked ones, then those on the most
important customers; among equally important ones everybody's first call comes before anybody's
second.  What could not be entered gets its reason.

Where a hospital has so many days and no more, these are chosen first: spread over the cycle, then
exchanged one by one as long as more of its calls fit, or more important ones.  Which days are the
very best is a question of the kind that takes forever to answer exactly; so for such hospitals the
schedule is feasible and good, and for all others it is the best there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from attrs import frozen

from salesflow.errors import InvalidValue
from salesflow.planning.assignment import Assignment, Mask
from salesflow.planning.diary import Diary
from salesflow.planning.rounds import evenly, uneven
from salesflow.planning.schedule import Obstacle, Unplaced

__all__ = ["Fit", "fit"]

# Of days for a hospital: calls that fit, those on each customer, the most important first, how
# much room there is, and how even the days are.
_Worth = tuple[int, tuple[int, ...], int, int]


@frozen(kw_only=True)
class Fit:
    """How many calls fit."""

    #: when each customer can be met on the days that are chosen for the hospital
    masks: tuple[Mask, ...]
    #: how many calls on each customer fit
    calls: tuple[int, ...]
    #: the customers of whom not all fit
    unplaced: tuple[Unplaced, ...]


def fit(task: Assignment) -> Fit:
    """Return what fits of an assignment."""
    masks = _on_chosen_days(task)
    diary, calls = _entered(task, masks)
    if sum(calls[len(task.callees) :]) < len(task.booked):
        problem = "fill a day or a week beyond its capacity"
        raise InvalidValue("booked", problem, "agree on another day")
    # What would fit if no hospital were limited tells whom the limits leave out.
    _, unlimited = (diary, calls) if masks == task.masks else _entered(task, task.masks)
    return Fit(
        masks=masks,
        calls=tuple(calls),
        unplaced=tuple(
            Unplaced(
                contact=callee.contact,
                wanted=callee.visits,
                planned=calls[number] + len(task.booked_on(number)),
                why=Obstacle.PLACE_DAYS
                if unlimited[number] > calls[number]
                else _obstacle(task, diary, masks[number], number),
            )
            for number, callee in enumerate(task.callees)
            if calls[number] < task.wanted[number]
        ),
    )


def _entered(task: Assignment, masks: Sequence[Mask]) -> tuple[Diary, list[int]]:
    """Enter the calls one by one, and return the diary and how many of each fit."""
    diary, calls = task.diary(), [0] * len(masks)
    for number in _in_order(task):
        calls[number] += diary.enter(number, masks[number])
    return diary, calls


def _in_order(task: Assignment) -> Iterator[int]:
    """Yield the number of a customer once for each call, the most important call first."""
    yield from range(len(task.callees), len(task.masks))
    for _, ranked in groupby(range(len(task.callees)), lambda number: task.callees[number].rank):
        equals = list(ranked)
        for call in range(max(task.wanted[number] for number in equals)):
            yield from (number for number in equals if task.wanted[number] > call)


def _obstacle(task: Assignment, diary: Diary, mask: Mask, number: int) -> Obstacle:
    """Say why no further call on a customer fits, where it is not for want of hospital days."""
    taken = diary.calls(number)
    free = [day for day in _met(task.masks[number]) if day not in taken]
    if len(taken) + len(free) < task.wanted[number]:
        return Obstacle.NO_DAY
    roomy = any(mask[day] and diary.has_room(day) for day in free)
    return Obstacle.HOURS if roomy else Obstacle.CAPACITY


def _met(mask: Mask) -> list[int]:
    return [day for day, hours in enumerate(mask) if hours]


# --- the days of a hospital ------------------------------------------------------------------


def _on_chosen_days(task: Assignment) -> tuple[Mask, ...]:
    """Return when each customer can be met on the days that are chosen for the hospital."""
    masks = list(task.masks)
    loads = [0] * len(task.days)
    at: dict[str, list[int]] = {}
    for number, one in enumerate(task.everybody):
        at.setdefault(one.place, []).append(number)
    # The hospital of the most important customer chooses first.
    for place, those in at.items():
        if place not in task.place_days:
            continue
        chosen = _chosen(task, those, task.place_days[place], loads)
        for number in those:
            mask = masks[number]
            masks[number] = tuple(hours if day in chosen else 0 for day, hours in enumerate(mask))
    return tuple(masks)


def _chosen(task: Assignment, those: Sequence[int], most: int, loads: list[int]) -> frozenset[int]:
    """Choose the days of a hospital, and note how full they will be."""
    agreed = [number for number in those if number >= len(task.callees)]
    fixed = frozenset(day for number in agreed for day in _met(task.masks[number]))
    if len(fixed) > most:
        problem = "lie on more days than place_days gives the hospital"
        raise InvalidValue("booked", problem, "give it more days, or agree on other days")
    others = [day for day in range(len(task.days)) if day not in fixed]
    n = min(most - len(fixed), len(others))
    rooms = [_room(task, those, day, loads[day]) for day in range(len(task.days))]

    def worth(days: frozenset[int]) -> _Worth:
        met = tuple(
            min(task.wanted[number], sum(bool(task.masks[number][day]) for day in days))
            for number in those
        )
        room = sum(rooms[day] for day in days)
        gaps = uneven([task.since(task.days[day]) for day in days], task.during.days)
        return min(sum(met), room), met, room, -gaps

    spread = (fixed.union(evenly(others, n, first)) for first in range(len(others)))
    chosen = _exchanged(max(spread, key=worth, default=fixed), others, worth)
    calls = worth(chosen)[0]
    for day in chosen:
        loads[day] += -(-calls // len(chosen))
    return chosen


def _room(task: Assignment, those: Sequence[int], day: int, load: int) -> int:
    """Return how many calls on a hospital a day has room for, at the hours its customers have."""
    hours = 0
    for number in those:
        hours |= task.masks[number][day]
    return max(0, min(task.capacity.most_daily - load, hours.bit_count()))


def _exchanged(
    chosen: frozenset[int],
    others: Sequence[int],
    worth: Callable[[frozenset[int]], _Worth],
) -> frozenset[int]:
    """Exchange one day for another as long as more or more important calls fit, or more evenly."""
    while True:
        out, spare = chosen.intersection(others), [day for day in others if day not in chosen]
        nearby = (chosen - {old} | {new} for old in sorted(out) for new in spare)
        better = max(nearby, key=worth, default=chosen)
        if worth(better) <= worth(chosen):
            return chosen
        chosen = better
