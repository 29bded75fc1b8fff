"""Teams to be called upon: by hand and at random, and naive answers to what a plan must do.

`countings` tells, by trying every set of customers on every day, which numbers of calls fit;
`cheapest` tries every layout.  Both are slow, and right by reading them.
"""

from __future__ import annotations

from collections import Counter, deque
from datetime import date, time, timedelta
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations, product
from random import Random

from hypothesis import strategies as st

from salesflow.customers import HospitalGrade, Segment
from salesflow.periods import Cycle, Span
from salesflow.planning.callees import Callee
from salesflow.planning.capacity import Capacity
from salesflow.planning.rounds import TRIP, Guest
from salesflow.planning.schedule import Call
from salesflow.visits import Hours
from salesflow.workdays import WorkCalendar

#: a Monday, and the cycle that starts on it
MONDAY = date(2026, 1, 5)
CYCLE = Cycle(MONDAY, 1)


def on(n):
    """The day so many days after that Monday."""
    return MONDAY + timedelta(days=n)


def span(days, first=MONDAY):
    """A period of so many days."""
    return Span(first, first + timedelta(days=days))


def from_to(start, end, weekday=None):
    """From one full hour up to another."""
    return Hours(start=time(start), end=time(end), weekday=weekday)


def holding(hours, **rest):
    """A capacity of so many hours a day, the first one at eight."""
    given = {"worked": [from_to(8, 8 + hours)], "visit_minutes": 60, "most_daily": hours}
    return Capacity(**(given | rest))


def callee(contact="DR-7", place="H-1", visits=1, **rest):
    """A customer."""
    return Callee(contact=contact, place=place, visits=visits, **rest)


def call(contact="DR-7", place="H-1", day=0, hour=8):
    """A call at a full hour, so many days after the Monday."""
    return Call(contact=contact, place=place, on=on(day), hour=time(hour))


# --- at random -------------------------------------------------------------------------------

_WEEKDAYS = [range(1, 8), [1, 3, 5], [2, 4, 7], [1], [5], [3, 6], [1, 2, 4, 5]]
_SHIFTS = [
    from_to(start, end, weekday)
    for start, end in combinations(range(8, 13), 2)
    for weekday in (None, 1, 3, 5, 6)
]


def callees(max_size=6, max_visits=4):
    """Customers of three hospitals; some wanted often, some important, some hard to meet."""
    shifts = st.lists(st.sampled_from(_SHIFTS), max_size=2)
    one = st.fixed_dictionaries(
        {
            "place": st.sampled_from(["H-1", "H-2", "H-3"]),
            "visits": st.integers(0, max_visits),
            "segment": st.sampled_from([None, *Segment]),
            "grade": st.sampled_from([None, *HospitalGrade]),
            "importance": st.sampled_from([None, None, 0, 1, 2, 3]),
            "busy": shifts,
            "best": shifts,
            "weekdays": st.sampled_from(_WEEKDAYS),
        }
    )
    return st.lists(one, max_size=max_size).map(
        lambda boxes: [callee(f"DR-{n}", **box) for n, box in enumerate(boxes)]
    )


def capacities(max_hours=4):
    """Capacities of few hours, with a limit of the week or without."""
    return st.builds(
        lambda hours, daily, weekly: holding(hours, most_daily=daily, most_weekly=weekly),
        st.integers(1, max_hours),
        st.integers(0, max_hours),
        st.none() | st.integers(0, 9),
    )


@st.composite
def calendars(draw, during):
    """Calendars of a period, with days off and days that make up for others."""
    days = [during.first + timedelta(days=n) for n in range(during.days)]
    off = draw(st.sets(st.sampled_from(days), max_size=4))
    make_up = draw(st.sets(st.sampled_from(days), max_size=2)) - off
    return WorkCalendar(name="CN", holidays=off, make_up=make_up)


@st.composite
def agreed(draw, team, days, *, during, capacity, place_days):
    """Calls that can be booked together, on customers and on strangers."""
    slots = [(day, hour) for day in days for hour in capacity.hours]
    some = draw(st.lists(st.sampled_from(slots), unique=True, max_size=3)) if slots else []
    known = [(one.contact, one.place) for one in team]
    calls = []
    for day, hour in some:
        contact, place = draw(st.sampled_from([*known, ("DR-X", "H-3"), ("DR-Y", "H-9")]))
        calls.append(Call(contact=contact, place=place, on=day, hour=hour))
        if faults(calls, during, capacity, place_days):
            calls.pop()
    return calls


@st.composite
def orders(draw, max_days=16, max_customers=6, max_visits=4, max_hours=4, *, limited=True):
    """What a plan is asked for, as the arguments of `call_plan`."""
    first = on(draw(st.integers(0, 6)))
    during = span(draw(st.integers(1, max_days)), first)
    calendar = draw(calendars(during))
    capacity = draw(capacities(max_hours))
    team = draw(callees(max_customers, max_visits))
    limits = st.dictionaries(st.sampled_from(["H-1", "H-2", "H-3"]), st.integers(0, 4))
    place_days = draw(limits) if limited else {}
    days = calendar.working_days(during)
    booked = draw(agreed(team, days, during=during, capacity=capacity, place_days=place_days))
    return {
        "callees": team,
        "during": during,
        "calendar": calendar,
        "capacity": capacity,
        "place_days": place_days,
        "booked": booked,
    }


def some_order(seed, *, limited):
    """A small order that is the same for a seed, with more wanted than fits."""
    draw = Random(seed)
    team = [
        callee(
            f"DR-{n}",
            f"H-{draw.randrange(3)}",
            draw.randint(1, 3),
            importance=draw.randint(1, 6),
            busy=[from_to(8, 9, draw.randint(1, 5))] if draw.random() < 0.4 else (),
            weekdays=draw.sample(range(1, 6), draw.randint(2, 5)),
        )
        for n in range(draw.randint(3, 5))
    ]
    return {
        "callees": team,
        "during": span(8),
        "calendar": WorkCalendar(name="CN"),
        "capacity": holding(2),
        "place_days": {f"H-{n}": draw.randint(1, 3) for n in range(3)} if limited else {},
        "booked": (),
    }


# --- what must hold --------------------------------------------------------------------------


def faults(calls, during, capacity, place_days):
    """What is wrong with some calls as a whole, counted anew."""
    weeks = Counter((one.on - during.first).days // 7 for one in calls)
    places = Counter(place for place, _ in {(one.place, one.on) for one in calls})
    most = capacity.most_weekly
    wrong = {
        "an hour is taken twice": len({(one.on, one.hour) for one in calls}) < len(calls),
        "a customer is called upon twice a day": len({(one.on, one.contact) for one in calls})
        < len(calls),
        "a day is too full": any(
            n > capacity.most_daily for n in Counter(one.on for one in calls).values()
        ),
        "a week is too full": most is not None and any(n > most for n in weeks.values()),
        "a hospital has too many days": any(
            days > place_days.get(place, days) for place, days in places.items()
        ),
    }
    return [fault for fault, found in wrong.items() if found]


# --- which numbers of calls fit --------------------------------------------------------------


def groups(hours_of_each, hours, most):
    """Every set of customers who can be called upon on one day."""
    ways = product(
        *(
            [None, *(who for who, mask in enumerate(hours_of_each) if mask >> hour & 1)]
            for hour in range(hours)
        )
    )
    lists = ([who for who in way if who is not None] for way in ways)
    return {frozenset(way) for way in lists if len(set(way)) == len(way) <= most}


def countings(masks, wanted, weeks, capacity, *, places=(), place_days=None):
    """Every tuple of numbers of calls that fit together, day after day, set after set.

    A state is how many calls each has, how many the week has, how many days each hospital has.
    """
    hours, most_daily, most_weekly = capacity
    limits = list((place_days or {}).items())
    start = tuple(0 for _ in masks), 0, tuple(0 for _ in limits)
    states, before = {start}, None
    for day, week in enumerate(weeks):
        found = groups([mask[day] for mask in masks], hours, most_daily)
        after = set()
        for counts, load, visited in states:
            held = load if week == before else 0
            for group in found:
                there = {places[who] for who in group} if places else set()
                seen = tuple(
                    n + (place in there) for n, (place, _) in zip(visited, limits, strict=True)
                )
                if (
                    all(counts[who] < wanted[who] for who in group)
                    and (most_weekly is None or held + len(group) <= most_weekly)
                    and all(n <= most for n, (_, most) in zip(seen, limits, strict=True))
                ):
                    more = tuple(n + (who in group) for who, n in enumerate(counts))
                    after.add((more, held + len(group), seen))
        states, before = after, week
    return {counts for counts, _, _ in states}


def max_flow(masks, wanted, weeks, capacity):
    """How many calls fit at the most: augmenting paths through a network, one unit at a time."""
    hours, most_daily, most_weekly = capacity
    room = Counter()
    for who, mask in enumerate(masks):
        room["source", ("who", who)] = wanted[who]
        for day, met in enumerate(mask):
            room[("who", who), ("sits", who, day)] = 1
            for hour in range(hours):
                room[("sits", who, day), ("hour", day, hour)] = met >> hour & 1
    for day, week in enumerate(weeks):
        for hour in range(hours):
            room[("hour", day, hour), ("held", day, hour)] = 1
            room[("held", day, hour), ("day", day)] = 1
        room[("day", day), ("week", week)] = most_daily
        room[("week", week), "sink"] = len(weeks) * hours if most_weekly is None else most_weekly
    nearby = {}
    for one, other in room:
        nearby.setdefault(one, set()).add(other)
        nearby.setdefault(other, set()).add(one)
    flow = 0
    while path := _augmenting(room, nearby):
        for one, other in path:
            room[one, other] -= 1
            room[other, one] += 1
        flow += 1
    return flow


def _augmenting(room, nearby):
    came, queue = {"source": "source"}, deque(["source"])
    while queue and "sink" not in came:
        one = queue.popleft()
        for other in nearby.get(one, ()):
            if other not in came and room[one, other] > 0:
                came[other] = one
                queue.append(other)
    path, here = [], "sink"
    while here in came and came[here] != here:
        path.append((came[here], here))
        here = came[here]
    return path


# --- the best layout -------------------------------------------------------------------------


@cache
def gaps_missed(days, length):
    """By how many days the gaps of calls miss the even gap, by the formula."""
    if len(days) < 2:
        return Fraction(0)
    first, *later = sorted(days)
    ends = [*later, first + length]
    gaps = [end - start for start, end in zip([first, *later], ends, strict=True)]
    return sum((abs(gap - Fraction(length, len(days))) for gap in gaps), Fraction(0))


def cost(guests, calls, days, length):
    """What a layout costs, in days: hospitals of a day after its first, and uneven gaps."""
    trips = {
        (guest.place, day) for guest, those in zip(guests, calls, strict=True) for day in those
    }
    gaps = (
        gaps_missed((*guest.booked, *(days[day] for day in those)), length)
        for guest, those in zip(guests, calls, strict=True)
    )
    return TRIP * (len(trips) - len({day for _, day in trips})) + sum(gaps)


def cheapest(guests, days, length, hours, most_daily):
    """The least that any layout of these guests costs: every one is tried."""
    fits = [
        groups([guest.mask[day] for guest in guests], hours, most_daily) for day in range(len(days))
    ]
    best = [None]

    def go_on(calls):
        spent = cost(guests[: len(calls)], calls, days, length)
        if best[0] is not None and spent >= best[0]:  # more guests never make it cheaper
            return
        if len(calls) == len(guests):
            best[0] = spent
            return
        guest = guests[len(calls)]
        open_days = [day for day, met in enumerate(guest.mask) if met]
        for those in combinations(open_days, guest.calls):
            layout = [*calls, those]
            if all(
                frozenset(who for who, at in enumerate(layout) if day in at) in fits[day]
                for day in those
            ):
                go_on(layout)

    go_on([])
    return best[0]


def some_guests(seed):
    """Guests of three hospitals in two weeks, the same for a seed; and their days."""
    draw = Random(seed)
    per_week = draw.choice([2, 3])
    days = [7 * week + 2 * n for week in range(2) for n in range(per_week)]
    guests = [
        Guest(
            draw.randrange(3),
            tuple(draw.choice([3, 3, 3, 1, 2, 0]) for _ in days),
            draw.choice([1, 1, 2, 3]),
        )
        for _ in range(draw.randint(2, 5))
    ]
    return guests, days


def fewest_trips(frequencies, days, most_daily):
    """The fewest trips for calls on customers of hospitals, whenever they can be met.

    `frequencies` tells each customer's hospital, and how many calls.
    """
    best = None
    for layout in product(*(combinations(range(days), n) for _, n in frequencies)):
        loads = Counter(day for those in layout for day in those)
        if all(n <= most_daily for n in loads.values()):
            trips = len(
                {
                    (place, day)
                    for (place, _), those in zip(frequencies, layout, strict=True)
                    for day in those
                }
            )
            best = trips if best is None else min(best, trips)
    return best


def reordered(items):
    """Every order of a few things."""
    return [list(order) for order in permutations(items)]
