"""Rounds: on which days a hospital is visited, so that calls are even and days hold few hospitals.

How many calls fit was decided before; here they are laid out well.  A layout costs

    `TRIP` × hospitals of each day after its first
        + Σ over customers of the days by which their gaps are uneven

where the even gap of n calls is the length of the cycle ÷ n, and the last gap runs to the first
call of the next cycle.  Hospitals are laid out one by one, the largest first, each on as few days
as its calls need, spread over the cycle; then calls move to other days, or change places, as long
as that makes the layout cheaper.

>>> from salesflow.planning.diary import Diary
>>> guests = [Guest(place=place, mask=(1, 1, 1, 1), calls=2) for place in (0, 1)]
>>> diary = Diary(weeks=[0, 0, 1, 1], hours=1, most_daily=1)
>>> Rounds(guests, diary, days=(0, 1, 7, 8), length=14, soft=1).lay_out()
>>> [sorted(diary.calls(guest)) for guest in (0, 1)]  # each has a day in both weeks
[[0, 2], [1, 3]]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from attrs import frozen

from salesflow.planning.diary import Diary

__all__ = ["TRIP", "Guest", "Rounds", "evenly", "uneven"]

#: one more hospital on a day weighs as much as gaps that are so many days off
TRIP: Final = 4
# Days are counted in parts, so that gaps of up to twelve calls have a common measure.
_DAY: Final = 27_720


@frozen
class Guest:
    """A customer as the layout sees one: where, when, and how many calls fit."""

    #: number of the place
    place: int
    #: the hours that will do on each day, one bit an hour
    mask: tuple[int, ...]
    #: how many calls are to be laid out
    calls: int
    #: days since the start of the cycle on which calls are booked already
    booked: tuple[int, ...] = ()


def uneven(days: Sequence[int], length: int) -> int:
    """Return by how much the gaps between calls miss the even gap, in 27,720ths of a day."""
    n = len(days)
    if n <= 1:
        return 0
    ordered = sorted(days)
    gaps = [later - sooner for sooner, later in pairwise(ordered)]
    gaps.append(length - ordered[-1] + ordered[0])
    return sum(abs(n * gap - length) for gap in gaps) * _DAY // n


def evenly(things: Sequence[int], n: int, first: int) -> tuple[int, ...]:
    """Return `n` of some things, as evenly as they go, from the one numbered `first` on."""
    size = len(things)
    return tuple(things[(first + step * size // n) % size] for step in range(n))


class Rounds:
    """A layout in the making: who is called upon on which day."""

    def __init__(
        self, guests: Sequence[Guest], diary: Diary, days: Sequence[int], length: int, soft: int
    ) -> None:
        """Begin with nobody entered.

        `days` are those of work, counted from the start of the cycle; `soft` is how many calls a
        day holds while there is room elsewhere.
        """
        self._guests = guests
        self._diary = diary
        self._days = days
        self._length = length
        self._soft = soft
        # How many calls each place has on a day, how many places a day has, and by how much a move
        # would make gaps more even.
        self._there: Counter[tuple[int, int]] = Counter()
        self._places: Counter[int] = Counter()
        self._evener: list[dict[tuple[int, int], int]] = [{} for _ in guests]

    def lay_out(self) -> None:
        """Enter every call of every guest, and better the layout while that is possible."""
        guests = self._guests
        everybody = sorted(range(len(guests)), key=lambda g: (guests[g].place, -guests[g].calls, g))
        places = [list(those) for _, those in groupby(everybody, lambda g: guests[g].place)]
        for those in sorted(places, key=lambda those: -sum(guests[g].calls for g in those)):
            self._lay_out_place(those)
        for guest in everybody:
            while len(self._diary.calls(guest)) < guests[guest].calls:
                self._diary.enter(guest, guests[guest].mask)
        self._there.update((guests[g].place, day) for g, day in self._entered())
        self._places.update(day for _, day in self._there)
        # Each change makes the layout cheaper, so this comes to an end.
        while self._bettered():
            pass

    def _bettered(self) -> int:
        """Go through all calls and hospitals once, and return how much was made better."""
        moved = sum(self._better(guest, day) for guest, day in [*self._entered()])
        return moved + sum(self._given_up(place, day) for place, day in [*self._there])

    def _entered(self) -> Iterator[tuple[int, int]]:
        return ((g, day) for g in range(len(self._guests)) for day in self._diary.calls(g))

    # --- the first layout --------------------------------------------------------------------

    def _lay_out_place(self, those: Sequence[int]) -> None:
        for guest in those:
            self._diary.know(guest, self._guests[guest].mask)
        chosen = self._days_of_place(those)
        for guest in those:
            for day in self._days_of_guest(guest, chosen):
                self._diary.seat(guest, day)

    def _days_of_place(self, those: Sequence[int]) -> tuple[int, ...]:
        """Choose as few days as the calls on a place need, where most of them fit."""
        guests = [self._guests[guest] for guest in those]
        calls = sum(guest.calls for guest in guests)
        every = range(len(self._days))
        most = max(guest.calls for guest in guests)
        n = min(max(most, -(-calls // self._soft)), len(every))
        if not n:
            return ()

        def worth(chosen: tuple[int, ...]) -> tuple[int, int]:
            met = sum(min(g.calls, sum(bool(g.mask[day]) for day in chosen)) for g in guests)
            room = sum(max(0, self._soft - self._diary.load(day)) for day in chosen)
            return min(met, room), -sum(self._diary.load(day) for day in chosen)

        return max((evenly(every, n, first) for first in every), key=worth)

    def _days_of_guest(self, guest: int, chosen: Sequence[int]) -> tuple[int, ...]:
        """Choose days of the place for one guest: even ones first, then those with most room."""
        mask, n = self._guests[guest].mask, self._guests[guest].calls
        free = [day for day in sorted(chosen) if mask[day] and self._diary.load(day) < self._soft]
        if len(free) <= n:
            return tuple(free)

        def cost(those: tuple[int, ...]) -> tuple[int, int]:
            return self._uneven(guest, those), sum(self._diary.load(day) for day in those)

        return min((evenly(free, n, first) for first in range(len(free))), key=cost)

    # --- a better one ------------------------------------------------------------------------

    def _better(self, guest: int, day: int) -> bool:
        """Move a call to a better day, or change places with another call; say whether it did."""
        here = self._diary.calls(guest)
        if day not in here:  # has been moved already
            return False
        for to, hours in enumerate(self._guests[guest].mask):
            if not hours or to in here:
                continue
            gain = self._gain(guest, day, to)
            if gain + self._relief(day, to) > 0 and self._move(guest, day, to):
                return True
            for other in self._diary.holders(to):
                well = self._swaps_well(guest, other, day, to)
                if well and self._swap(guest, other, day, to):
                    return True
        return False

    def _given_up(self, place: int, day: int) -> bool:
        """Move all calls on a hospital off one day, if that is cheaper; say whether it did."""
        those = [who for who in self._diary.holders(day) if self._guests[who].place == place]
        gain, moved = 0, list[tuple[int, int]]()
        for guest in those:
            found = self._moved_off(guest, day)
            if found is None:
                break
            gain += found[0]
            moved.append((guest, found[1]))
        if len(moved) == len(those) and gain > 0:
            return True
        for guest, to in reversed(moved):
            self._move(guest, to, day)
        return False

    def _moved_off(self, guest: int, day: int) -> tuple[int, int] | None:
        """Move a call to the best of the other days; return what was gained, and the day."""
        here = self._diary.calls(guest)
        days = (to for to, hours in enumerate(self._guests[guest].mask) if hours and to not in here)
        best = sorted(
            ((self._gain(guest, day, to) + self._relief(day, to), to) for to in days), reverse=True
        )
        return next(((gain, to) for gain, to in best if self._move(guest, day, to)), None)

    def _gain(self, guest: int, day: int, to: int) -> int:
        """Return how much cheaper the layout is with a call on another day."""
        leaves, joins, gathers = self._place_moves(guest, day, to)
        trips = self._saved(day, -leaves) + self._saved(to, joins)
        return self._levelled(guest, day, to) + trips + gathers

    def _gain_of_swap(self, guest: int, other: int, day: int, to: int) -> int:
        """Return how much cheaper it is with two calls in each other's place."""
        even = self._levelled(guest, day, to) + self._levelled(other, to, day)
        if self._guests[guest].place == self._guests[other].place:  # nobody's trips change
            return even
        leaves, joins, gathers = self._place_moves(guest, day, to)
        others_leave, others_join, others_gather = self._place_moves(other, to, day)
        trips = self._saved(day, others_join - leaves) + self._saved(to, joins - others_leave)
        return even + trips + gathers + others_gather

    def _place_moves(self, guest: int, day: int, to: int) -> tuple[bool, bool, int]:
        """Return whether a place leaves a day and joins another, and how it gathers where it is."""
        place = self._guests[guest].place
        left, met = self._there[place, day], self._there[place, to]
        return left == 1, met == 0, met - left + 1

    def _saved(self, day: int, change: int) -> int:
        """Return what it saves that a day has more or fewer places; its first one is free."""
        before = self._places[day]
        return TRIP * _DAY * (max(0, before - 1) - max(0, before + change - 1))

    def _levelled(self, guest: int, day: int, to: int) -> int:
        """Return by how much gaps become more even with a call on another day."""
        known = self._evener[guest]
        evener = known.get((day, to))
        if evener is None:
            here = self._diary.calls(guest)
            moved = [to if one == day else one for one in here]
            evener = self._uneven(guest, here) - self._uneven(guest, moved)
            known[day, to] = evener
        return evener

    def _relief(self, day: int, to: int) -> int:
        # A day that is fuller than need be is half a day's gap worse for each call too many.
        fuller, full = self._diary.load(day) > self._soft, self._diary.load(to) >= self._soft
        return (fuller - full) * _DAY // 2

    def _swaps_well(self, guest: int, other: int, day: int, to: int) -> bool:
        if other == guest or not self._guests[other].mask[day] or day in self._diary.calls(other):
            return False
        return self._gain_of_swap(guest, other, day, to) > 0

    def _uneven(self, guest: int, days: Sequence[int] | dict[int, int]) -> int:
        known = self._guests[guest]
        if known.calls + len(known.booked) <= 1:
            return 0
        return uneven([*known.booked, *(self._days[day] for day in days)], self._length)

    def _move(self, guest: int, day: int, to: int) -> bool:
        self._diary.unseat(guest, day)
        moved = self._diary.seat(guest, to)
        if moved:
            self._count(guest, day, to)
        else:
            self._diary.seat(guest, day)
        return moved

    def _swap(self, guest: int, other: int, day: int, to: int) -> bool:
        diary = self._diary
        diary.unseat(guest, day)
        diary.unseat(other, to)
        if diary.seat(guest, to):
            if diary.seat(other, day):
                self._count(guest, day, to)
                self._count(other, to, day)
                return True
            diary.unseat(guest, to)
        # What was seated there a moment ago fits there again.
        diary.seat(guest, day)
        diary.seat(other, to)
        return False

    def _count(self, guest: int, day: int, to: int) -> None:
        place = self._guests[guest].place
        self._there[place, day] -= 1
        self._places[day] -= self._there[place, day] == 0
        self._places[to] += self._there[place, to] == 0
        self._there[place, to] += 1
        self._evener[guest].clear()
