"""A cycle of calls: 125 to 500 doctors of one representative, and 5 to 20 representatives.

Prints seconds (target: 500 doctors in 2 s), and how they grow with four times the representatives.
Beside it, as a peer in the same run, the plan that most people would write: doctor by doctor, the
most important first, each call on the first day and hour that are free, days on which somebody goes
to the hospital anyway before others.  For both: the calls placed and their importance, the trips,
and by how many days the gaps of calls are uneven.  Then, on small teams, how far both are from the
best plan, which the oracles of the tests find by trying all.

    PYTHONPATH=src:tests python benchmarks/call_planning.py
"""

from __future__ import annotations

import argparse
import gc
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from random import Random
from statistics import mean, median
from time import perf_counter
from typing import NamedTuple

from call_teams import cheapest, cost, countings, gaps_missed, some_guests, some_order
from salesflow.customers import SEGMENTATION, Segment
from salesflow.periods import Cycle, Period
from salesflow.planning.assignment import assignment_of
from salesflow.planning.callees import Callee, by_importance
from salesflow.planning.calls import call_plan, call_plans
from salesflow.planning.capacity import DETAILING, Capacity
from salesflow.planning.diary import Diary
from salesflow.planning.fitting import fit
from salesflow.planning.rounds import TRIP, Guest, Rounds
from salesflow.planning.schedule import Call
from salesflow.visits import Hours
from salesflow.workdays import WEEKDAYS, WorkCalendar

CYCLE = Cycle(date(2026, 1, 5), 1)
HOSPITALS = 12


def team(n: int, seed: int = 1) -> list[Callee]:
    """Make doctors of hospitals large and small: a morning is busy, a weekday is none of theirs."""
    draw = Random(seed)
    found = []
    for number in range(n):
        segment = draw.choice(list(Segment))
        found.append(
            Callee(
                contact=f"DR-{number:03}",
                place=f"H-{int(draw.paretovariate(1)) % HOSPITALS}",
                visits=SEGMENTATION.visits_per_cycle[segment],
                segment=segment,
                busy=[Hours(start=time(8), end=time(12), weekday=draw.randint(1, 5))],
                weekdays=set(range(1, 8)) - {draw.randint(1, 5)},
                best=[Hours(start=time(15), end=time(17, 30))] if draw.random() < 0.3 else (),
            )
        )
    return found


# --- the peer ----------------------------------------------------------------------------------


def first_fit(
    callees: Iterable[Callee],
    during: Period,
    calendar: WorkCalendar,
    *,
    capacity: Capacity = DETAILING,
    place_days: dict[str, int] | None = None,
    booked: Sequence[Call] = (),
) -> list[Call]:
    """Enter each call where it fits first; nobody is ever moved."""
    assert not booked
    limits, calls = place_days or {}, list[Call]()
    taken: set[tuple[date, time]] = set()
    loads: Counter[date] = Counter()
    visited: dict[str, set[date]] = {}
    days = calendar.working_days(during)
    for one in by_importance(callees):
        there, left = visited.setdefault(one.place, set()), one.visits
        # Days on which somebody goes to the hospital anyway come first.
        for day in sorted(days, key=lambda day, there=there: (day not in there, day)):
            full = loads[day] >= capacity.most_daily
            closed = day not in there and len(there) >= limits.get(one.place, len(days))
            free = (h for h in capacity.hours if (day, h) not in taken and one.meets(day, h))
            hour = next(free, None)
            if not left or full or closed or hour is None:
                continue
            calls.append(Call(contact=one.contact, place=one.place, on=day, hour=hour))
            taken.add((day, hour))
            there.add(day)
            loads[day] += 1
            left -= 1
    return calls


class Quality(NamedTuple):
    """What a plan is worth."""

    calls: int
    importance: int
    trips: int
    uneven: float


def quality(callees: Iterable[Callee], calls: Iterable[Call]) -> Quality:
    """Count the calls and the trips, and the days by which gaps miss the even one, a call."""
    ranks = {one.contact: one.rank[0] for one in callees}
    made = list(calls)
    per_doctor: dict[str, list[int]] = {}
    for call in made:
        per_doctor.setdefault(call.contact, []).append((call.on - CYCLE.first).days)
    missed = sum(float(gaps_missed(tuple(days), CYCLE.days)) for days in per_doctor.values())
    return Quality(
        calls=len(made),
        importance=sum(ranks[call.contact] for call in made),
        trips=len({(call.place, call.on) for call in made}),
        uneven=missed / max(1, len(made)),
    )


# --- speed -------------------------------------------------------------------------------------


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    gc.collect()
    started = perf_counter()
    work()
    return perf_counter() - started


def speed(runs: int) -> None:
    """Measure one representative with more and more doctors, then more and more of them."""
    print("one representative, four weeks, 15 calls a day")
    for n in (60, 125, 250, 500):
        doctors = team(n)
        times = [
            (
                timed(lambda d=doctors: call_plan(d, CYCLE, WEEKDAYS)),
                timed(lambda d=doctors: first_fit(d, CYCLE, WEEKDAYS)),
            )
            for _ in range(runs)
        ]
        ours, theirs = (median(row[i] for row in times) for i in range(2))
        print(f"{n:4} doctors: {ours:6.3f} s; first fit {theirs:.3f} s")
        show("ours", quality(doctors, call_plan(doctors, CYCLE, WEEKDAYS).calls))
        show("first fit", quality(doctors, first_fit(doctors, CYCLE, WEEKDAYS)))
    teams = {f"R-{seed}": team(120, seed) for seed in range(20)}
    few = dict(list(teams.items())[:5])
    times = [
        tuple(timed(lambda t=t: call_plans(t, CYCLE, WEEKDAYS)) for t in (few, teams))
        for _ in range(runs)
    ]
    five, twenty = (median(row[i] for row in times) for i in range(2))
    print(f"20 representatives with 120 doctors each: {twenty:.2f} s")
    print(f"four times the representatives take {twenty / five:.1f} times the time (linear: 4)")


def show(name: str, one: Quality) -> None:
    """Print one row."""
    print(
        f"     {name:9} {one.calls:4} calls, importance {one.importance:5}, "
        f"{one.trips:3} trips, uneven by {one.uneven:.2f} days a call"
    )


# --- how far from the best ---------------------------------------------------------------------


def importance(n: int, *, limited: bool) -> None:
    """Compare the importance of what is placed with the most there is, on small teams."""
    ours, theirs = list[float](), list[float]()
    for seed in range(n):
        order = some_order(seed, limited=limited)
        task = assignment_of(**order)
        weeks = [task.since(day) // 7 for day in task.days]
        possible = countings(
            task.masks,
            task.wanted,
            weeks,
            (len(task.capacity.hours), task.capacity.most_daily, task.capacity.most_weekly),
            places=[one.place for one in task.callees],
            place_days=task.place_days,
        )
        weights = [one.rank[0] for one in task.callees]
        worth = [
            sum(w * calls for w, calls in zip(weights, counts, strict=True)) for counts in possible
        ]
        placed = zip(weights, fit(task).calls, strict=True)
        greedy = quality(task.callees, first_fit(**order)).importance
        ours.append(sum(w * calls for w, calls in placed) / max(worth))
        theirs.append(greedy / max(worth))
    what = "hospitals have one to three days" if limited else "hospitals have all days"
    print(f"importance placed, of the most there is ({what}, {n} small teams)")
    share("ours", ours)
    share("first fit", theirs)


def layout(n: int) -> None:
    """Compare the cost of layouts with the least there is, on small teams."""
    ours, theirs = list[float](), list[float]()
    for seed in range(n):
        guests, days = some_guests(seed)
        weeks = [day // 7 for day in days]
        full, diary = Diary(weeks, 2, 2), Diary(weeks, 2, 2)
        fitting = [
            Guest(one.place, one.mask, sum([full.enter(who, one.mask) for _ in range(one.calls)]))
            for who, one in enumerate(guests)
        ]
        Rounds(fitting, diary, days, 14, 2).lay_out()
        least = cheapest(fitting, days, 14, 2, 2)
        if least:
            whom = range(len(guests))
            laid_out = cost(fitting, [diary.calls(who) for who in whom], days, 14)
            as_entered = cost(fitting, [full.calls(who) for who in whom], days, 14)
            ours.append(float(least / laid_out))
            theirs.append(float(least / as_entered))
    print(f"least cost of a layout, of its cost ({TRIP} days a trip, {n} small teams)")
    share("ours", ours)
    share("as entered", theirs)


def share(name: str, found: Sequence[float]) -> None:
    """Print one row."""
    best = sum(one >= 1 for one in found) / len(found)
    print(f"     {name:10} mean {mean(found):.1%}, worst {min(found):.1%}, the best in {best:.0%}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--teams", type=int, default=200)
    options = parser.parse_args()
    speed(options.runs)
    importance(options.teams, limited=False)
    importance(options.teams, limited=True)
    layout(options.teams)


if __name__ == "__main__":
    main()
