"""The first page of a month plan: what fits, who is reached, the four weeks and one day of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from month_plan_parts.territory import Territory
from report_parts.layout import Page, cut
from salesflow.customers import Segment
from salesflow.planning import SEGMENT_ORDER, Call, Callee, call_capacity
from salesflow.ratios import Rate, percent

__all__ = ["NAME", "day_", "graded", "grid_", "headline", "named", "segments_"]

#: columns of an id
NAME: Final = 18
_WEEKDAYS: Final = (
    *(("周一", "Mon"), ("周二", "Tue"), ("周三", "Wed"), ("周四", "Thu"), ("周五", "Fri")),
    *(("周六", "Sat"), ("周日", "Sun")),
)
_WEEK: Final = 7
_DAY: Final = timedelta(days=1)
_PLACES: Final = 6


def named(page: Page, weekday: int) -> str:
    """Return the name of a weekday, 1 for Monday."""
    return page.say(*_WEEKDAYS[weekday - 1])


def graded(page: Page, one: Callee | None) -> tuple[str, str]:
    """Return segment and grade of a customer, as far as they are known."""
    segment = None if one is None else one.segment
    grade = None if one is None else one.grade
    return (
        "–" if segment is None else segment.label(page.language),
        "–" if grade is None else grade.value.upper(),
    )


def headline(page: Page, read: Territory) -> None:
    """Say in a few sentences how much fits, and whether the calendar can be trusted."""
    schedule = read.schedule
    calls, room = len(schedule.calls), call_capacity(read.cycle, read.calendar, schedule.capacity)
    used = percent(schedule.utilisation)
    page.text(
        f"{len(schedule.days)} 个工作日，计划拜访 {calls:,} 次，可容纳 {room:,} 次，"
        f"利用率 {used}。",
        f"{calls:,} calls are planned on {len(schedule.days)} working days that hold {room:,}: "
        f"{used} are used.",
    )
    wanted = sum(one.visits for one in read.customers.values())
    missing = sum(one.wanted - one.planned for one in schedule.unplaced)
    reached = _reached(read, read.customers.values())
    page.text(
        f"{reached.n:,} 位客户希望 {wanted:,} 次，其中 {missing:,} 次安排不下；至少见一次的 "
        f"{reached.hits:,} 位，{percent(reached.ratio)}。",
        f"{reached.n:,} customers want {wanted:,} calls, of which {missing:,} do not fit; "
        f"{reached.hits:,} of them are met at least once, {percent(reached.ratio)}.",
    )
    for note in schedule.notes:
        said, advice = note.text.text(page.language), note.advice.text(page.language)
        page.text(f"注意：{said}。{advice}。", f"Mind: {said}; {advice}.")


def _reached(read: Territory, some: Iterable[Callee]) -> Rate:
    """Return how many of some customers are called upon at all."""
    met = {call.contact for call in read.schedule.calls}
    ids = {one.contact for one in some}
    return Rate(len(met & ids), len(ids))


def segments_(page: Page, read: Territory) -> None:
    """A line for each segment, the most important first: calls wanted and planned, who is met."""
    page.heading("按客户分类", "By segment")
    head = page.say(
        "分类|客户|希望|计划|安排不下|至少见一次|比例",
        "segment|customers|wanted|planned|not fitting|met at least once|share",
    ).split("|")
    order = sorted(Segment, key=lambda one: -SEGMENT_ORDER[one])
    groups = [
        (segment, [one for one in read.customers.values() if one.segment is segment])
        for segment in (*order, None)
    ]
    rows = [
        (page.say("无分类", "none") if segment is None else segment.label(page.language), some)
        for segment, some in groups
        if some
    ]
    total = (page.say("合计", "all"), list(read.customers.values()))
    lines = [(name, *_segment(read, some)) for name, some in (*rows, total)]
    page.table([head, *lines], "lrrrrrr", total=True)


def _segment(read: Territory, some: Sequence[Callee]) -> tuple[str, ...]:
    ids = {one.contact for one in some}
    missing = sum(one.wanted - one.planned for one in read.schedule.unplaced if one.contact in ids)
    planned = sum(call.contact in ids for call in read.schedule.calls)
    reached = _reached(read, some)
    counts = len(some), sum(one.visits for one in some), planned, missing, reached.hits
    return (*(f"{n:,}" for n in counts), percent(reached.ratio))


def grid_(page: Page, read: Territory) -> None:
    """A line for each day of the four weeks: its calls and its hospitals, or why it is off."""
    page.heading("四周安排", "The four weeks")
    head = page.say("周|日期||拜访|医院（次数）", "week|date||calls|hospitals (calls)").split("|")
    page.table([head, *_days(page, read)], "rllrl")
    schedule = read.schedule
    page.text(
        f"每天所去医院合计 {schedule.trips:,} 家次；这些拜访至少需要 "
        f"{schedule.trips_bound:,} 家次。",
        f"Hospitals of each day, all days together: {schedule.trips:,}; these calls take at least "
        f"{schedule.trips_bound:,}.",
    )


def _days(page: Page, read: Territory) -> Iterator[tuple[str, ...]]:
    for since in range(read.cycle.days):
        on = read.cycle.first + since * _DAY
        week = "" if since % _WEEK else str(since // _WEEK + 1)
        calls = read.schedule.on(on)
        worked = read.calendar.works(on)
        n = f"{len(calls):,}" if worked else ""
        yield week, str(on), named(page, on.isoweekday()), n, _told(page, read, on, calls)


def _told(page: Page, read: Territory, on: date, calls: Sequence[Call]) -> str:
    """Return the hospitals of a day, or the name of a day off."""
    if not read.calendar.works(on):
        off = read.calendar.holidays
        return off[on].text(page.language) if on in off else page.say("周末", "weekend")
    places = Counter(call.place for call in calls).most_common()
    told = "  ".join(f"{cut(name, NAME)} ({n})" for name, n in places[:_PLACES])
    more = len(places) - _PLACES
    told += page.say(f"  等 {more} 家", f"  and {more} more") if more > 0 else ""
    if on not in read.calendar.make_up:
        return told
    return f"{told}  {page.say('（补班）', '[makes up for a day off]')}".strip()


def day_(page: Page, read: Territory, on: date) -> None:
    """One day hour by hour."""
    page.heading(
        f"{on} {named(page, on.isoweekday())}：逐时安排",
        f"{named(page, on.isoweekday())} {on}, hour by hour",
    )
    calls = read.schedule.on(on)
    if not calls:
        page.text("没有拜访。", "No calls.")
        return
    head = page.say(
        "时间|客户|医院|分类|等级|第几次|说明", "hour|customer|hospital|segment|grade|call|note"
    ).split("|")
    page.table([head, *(_line(page, read, call) for call in calls)], "lllllll")


def _line(page: Page, read: Territory, call: Call) -> tuple[str, ...]:
    one = read.customers.get(call.contact)
    mine = read.schedule.of(call.contact)
    nth = f"{mine.index(call) + 1}/{len(mine)}"
    booked = call in read.booked
    return (
        f"{call.hour:%H:%M}",
        cut(call.contact, NAME),
        cut(call.place, NAME),
        *graded(page, one),
        nth,
        page.say("已预约", "booked") if booked else _welcome(page, one, call),
    )


def _welcome(page: Page, one: Callee | None, call: Call) -> str:
    """Say how the hour suits a customer who has best ones."""
    if one is None or not one.best:
        return ""
    if one.welcomes(call.on, call.hour):
        return page.say("最佳时间", "best hour")
    return page.say("不是最佳时间", "not a best hour")
