"""A diary: the hours of a cycle's days, into which calls are entered one by one.

A call takes one hour of one day; nobody is called upon twice a day; a day and a week hold so many
calls and no more.  Entering one more call may mean moving others: to another hour of their day, or
to another day.  That is a flow through a network

    customer → customer's day → hour → day → week

and a call can be entered exactly where the flow can be augmented.  So no call that fits is ever
refused, and the sets of calls that fit form a matroid: entering the most important first, each if
it fits, leaves out as little as possible, whatever each call is worth.

Sources: L. R. Ford and D. R. Fulkerson, "Maximal flow through a network", Canadian Journal of
Mathematics 8 (1956), for augmenting paths; J. Edmonds, "Matroids and the greedy algorithm",
Mathematical Programming 1 (1971), for why the greedy order is the best one.

>>> diary = Diary(weeks=[0, 0], hours=1, most_daily=1)
>>> diary.enter(0, [0b1, 0b1]), diary.enter(1, [0b1, 0]), diary.enter(2, [0b1, 0b1])
(True, True, False)
>>> diary.calls(0), diary.calls(1)  # 0 was moved to the second day, for the first is all 1 has
({1: 0}, {0: 0})
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

__all__ = ["Diary"]

_FREE: Final = -1
# Where a search can stand: somebody needs one more day; is to sit on a day, at another hour than
# now; an hour is wanted; a day, or a week, is full, so that somebody has to leave it.
_NEED, _SIT, _HOUR, _DAY, _WEEK = range(5)

_State = tuple[int, int, int]
_Sitting = tuple[int, int, int]


class Diary:
    """Hours of days, with who is entered in each; customers, days and hours by number."""

    def __init__(
        self, weeks: Sequence[int], hours: int, most_daily: int, most_weekly: int | None = None
    ) -> None:
        """Open an empty diary: `weeks` tells the week of each day."""
        self._weeks = weeks
        self._hours = hours
        self._most_daily = most_daily
        self._most_weekly = len(weeks) * hours if most_weekly is None else most_weekly
        self._holders = [[_FREE] * hours for _ in weeks]
        self._day_loads = [0] * len(weeks)
        self._week_loads = dict.fromkeys(weeks, 0)
        self._masks: dict[int, Sequence[int]] = {}
        self._calls: dict[int, dict[int, int]] = {}
        # What no path led on from never leads on again (Ford and Fulkerson), until room is made.
        self._dead: set[_State] = set()

    def calls(self, customer: int) -> dict[int, int]:
        """Return the hour of each day on which a customer is entered."""
        return self._calls.get(customer, {})

    def holders(self, day: int) -> list[int]:
        """Return who is entered on a day, by the hour."""
        return [holder for holder in self._holders[day] if holder != _FREE]

    def load(self, day: int) -> int:
        """Return how many calls a day holds."""
        return self._day_loads[day]

    def has_room(self, day: int) -> bool:
        """Whether a day, and its week, could hold one more call."""
        return (
            self._day_loads[day] < self._most_daily
            and self._week_loads[self._weeks[day]] < self._most_weekly
        )

    def know(self, customer: int, mask: Sequence[int]) -> None:
        """Note at which hours of each day a customer can be met, one bit an hour."""
        if self._masks.get(customer, mask) != mask:
            self._dead.clear()
        self._masks[customer] = mask
        self._calls.setdefault(customer, {})

    def enter(self, customer: int, mask: Sequence[int]) -> bool:
        """Enter one more call on a customer, moving others if need be; False where none fits."""
        self.know(customer, mask)
        moves = self._moves(customer)
        for who, day, _ in moves:
            if day in self._calls[who]:
                self._leave(who, day)
        for who, day, hour in moves:
            if hour != _FREE:
                self._take(who, day, hour)
        return bool(moves)

    def seat(self, customer: int, day: int) -> bool:
        """Enter a call on one day, moving others within that day only; False where it can't be."""
        if not self.has_room(day) or day in self._calls[customer]:
            return False
        came: dict[int, tuple[int, int]] = {}
        queue = deque([customer])
        while queue:
            who = queue.popleft()
            for hour in _bits(self._masks[who][day]):
                if hour in came:
                    continue
                came[hour] = who, self._calls[who].get(day, _FREE)
                holder = self._holders[day][hour]
                if holder == _FREE:
                    self._shift(day, hour, came)
                    return True
                queue.append(holder)
        return False

    def unseat(self, customer: int, day: int) -> None:
        """Take a call out of the diary."""
        self._leave(customer, day)
        self._dead.clear()

    def _shift(self, day: int, free: int, came: dict[int, tuple[int, int]]) -> None:
        """Move everybody on the way to a free hour by one, and the first of them in."""
        hour = free
        while hour != _FREE:
            who, before = came[hour]
            if before != _FREE:
                self._leave(who, day)
            self._take(who, day, hour)
            hour = before

    def _take(self, customer: int, day: int, hour: int) -> None:
        self._holders[day][hour] = customer
        self._calls[customer][day] = hour
        self._day_loads[day] += 1
        self._week_loads[self._weeks[day]] += 1

    def _leave(self, customer: int, day: int) -> None:
        self._holders[day][self._calls[customer].pop(day)] = _FREE
        self._day_loads[day] -= 1
        self._week_loads[self._weeks[day]] -= 1

    def _moves(self, customer: int) -> list[_Sitting]:
        """Return who is to sit when so that one more call fits, or nothing where none does.

        The shortest augmenting path, found breadth first.
        """
        start = (_NEED, customer, 0)
        came: dict[_State, _State] = {start: start}
        queue = deque(came.keys() - self._dead)
        ways = (self._days, self._ways, self._room, self._of_day, self._of_week)
        while queue:
            here = queue.popleft()
            kind, one, two = here
            if kind == _HOUR and self._holders[one][two] == _FREE and self.has_room(one):
                return _sittings(came, here)
            for state in ways[kind](one, two):
                if state not in came and state not in self._dead:
                    came[state] = here
                    queue.append(state)
        self._dead.update(came)
        return []

    def _days(self, customer: int, _: int) -> Iterator[_State]:
        """Where to go on for somebody who needs one more day: to any that is not taken."""
        for day, mask in enumerate(self._masks[customer]):
            if mask and day not in self._calls[customer]:
                yield _SIT, customer, day

    def _ways(self, customer: int, day: int) -> Iterator[_State]:
        """Where to go on for somebody who is to sit on a day: to any hour, or off that day."""
        for hour in _bits(self._masks[customer][day]):
            yield _HOUR, day, hour
        if day in self._calls[customer]:
            yield _NEED, customer, 0

    def _room(self, day: int, hour: int) -> Iterator[_State]:
        """Where to go on for an hour that is taken, or on a day or in a week that is full."""
        holder = self._holders[day][hour]
        if holder != _FREE:
            yield _SIT, holder, day
        elif self._day_loads[day] >= self._most_daily:
            yield _DAY, day, 0
        else:
            yield _WEEK, self._weeks[day], 0

    def _of_day(self, day: int, _: int) -> Iterator[_State]:
        return ((_SIT, holder, day) for holder in self.holders(day))

    def _of_week(self, week: int, _: int) -> Iterator[_State]:
        for day, its_week in enumerate(self._weeks):
            if its_week == week:
                yield from self._of_day(day, _)


def _bits(mask: int) -> Iterator[int]:
    """Yield the hours of a mask, the earliest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _sittings(came: dict[_State, _State], end: _State) -> list[_Sitting]:
    """Return what a path means for each customer on it: the day, and the hour or none."""
    found, here, hour = list[_Sitting](), end, _FREE
    while came[here] != here:
        kind, one, two = here
        if kind == _SIT:
            found.append((one, two, hour))
        hour = two if kind == _HOUR else _FREE
        here = came[here]
    return found
