"""The days of the hospitals, the month plan, what did not fit and why, and how even calls are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from month_plan_parts.figures import NAME, graded, named
from month_plan_parts.makers import Hospital
from month_plan_parts.territory import Territory
from report_parts.layout import Page, cut, few
from salesflow.money import half_up
from salesflow.planning import Callee, Obstacle, Unplaced
from salesflow.visits import Hours

__all__ = ["evenness_", "hospitals_", "left_out_", "month_"]

_MOST: Final = 10
_FEW: Final = 4
_EVERY_DAY: Final = 7


def _tenths(figure: Fraction) -> str:
    """Return a figure with one decimal."""
    tenths = half_up(abs(figure) * 10)
    return f"{'-' if figure < 0 else ''}{tenths // 10}.{tenths % 10}"


def hospitals_(page: Page, read: Territory) -> None:
    """A line for each hospital: what the month plan gives it, and what the calls take."""
    page.heading("医院：月计划与安排", "Hospitals: the month plan and the calls")
    visited = read.schedule.place_days
    callees = read.customers.values()
    places = sorted(
        {*read.hospitals, *(one.place for one in callees), *(call.place for call in read.booked)}
    )
    head = page.say(
        "医院|客户|希望|计划|月计划天数|拜访折合天数|可去天数|实去天数",
        "hospital|customers|wanted|planned|days given|days of calls|can be visited on|visited on",
    ).split("|")
    rows = [_hospital(read, place, visited.get(place, 0)) for place in places]
    wanted = sum(one.visits for one in read.customers.values())
    total = (
        page.say("合计", "all"),
        f"{len(read.customers):,}",
        f"{wanted:,}",
        f"{len(read.schedule.calls):,}",
        _tenths(read.month.allotted),
        _tenths(_worth(read, len(read.schedule.calls))),
        "",
        f"{read.schedule.trips:,}",
    )
    page.table([head, *rows, total], "lrrrrrrr", total=True)
    most = read.schedule.capacity.most_daily
    page.text(
        f"拜访折合天数 = 拜访次数 ÷ 每天最多 {most} 次；一天可去几家医院，"
        "所以实去天数之和可以大于工作日。",
        f"days of calls = calls ÷ the {most} that a day holds. A day can have several hospitals, "
        "so that the days visited may sum to more than the working days.",
    )


def _worth(read: Territory, calls: int) -> Fraction:
    """Return how many full days some calls are."""
    return Fraction(calls, max(1, read.schedule.capacity.most_daily))


def _hospital(read: Territory, place: str, visited: int) -> tuple[str, ...]:
    here = [one for one in read.customers.values() if one.place == place]
    calls = sum(call.place == place for call in read.schedule.calls)
    said = read.hospitals.get(place, Hospital())
    return (
        cut(place, NAME),
        f"{len(here):,}",
        f"{sum(one.visits for one in here):,}",
        f"{calls:,}",
        "–" if said.days is None else _tenths(said.days),
        _tenths(_worth(read, calls)),
        "–" if said.limit is None else f"{said.limit:,}",
        f"{visited:,}",
    )


def month_(page: Page, read: Territory) -> None:
    """The items of the month plan, and whether its days add up."""
    page.heading("月计划", "The month plan")
    month = read.month
    slack = _tenths(abs(month.slack))
    page.text(
        f"工作日 {month.working_days} 天，分给医院 {_tenths(month.allotted)} 天，"
        + (f"超出 {slack} 天。" if month.slack < 0 else f"机动 {slack} 天。"),
        f"{month.working_days} working days, {_tenths(month.allotted)} given to hospitals: "
        + (f"{slack} too many." if month.slack < 0 else f"{slack} left."),
    )
    places = [f"{part.first:%m-%d} {place}" for part, place in month.places.items()]
    for zh, en, said in (
        ("工作地点", "places of work", places),
        ("开发科室", "departments to develop", month.departments),
        ("开发新医生", "new doctors to develop", month.doctors),
        ("主要活动", "main activities", month.activities),
    ):
        told = page.say("；", "; ").join(said) or page.say("没有写", "none said")
        page.text(f"{zh}：{told}", f"{en}: {told}", indent="    ", first="  -")


def left_out_(page: Page, read: Territory, *, all_rows: bool) -> None:
    """What did not fit, by the reason; the most important customers first."""
    page.heading("安排不下的拜访及原因", "What did not fit, and why")
    unplaced = read.schedule.unplaced
    if not unplaced:
        page.text("全部安排得下。", "Everything fits.")
        return
    groups: dict[Obstacle, list[Unplaced]] = {}
    for one in unplaced:
        groups.setdefault(one.why, []).append(one)
    head = page.say(
        "客户|医院|分类|等级|计划/希望|差|可约见",
        "customer|hospital|segment|grade|planned|missing|can be met",
    ).split("|")
    cut_short = False
    for why, found in groups.items():
        missing = sum(one.wanted - one.planned for one in found)
        page.text(
            f"{why.label('zh')}：{len(found):,} 位客户，{missing:,} 次",
            f"{why.label('en')}: {len(found):,} customers, {missing:,} calls",
        )
        most = len(found) if all_rows else _MOST
        rows = [_missing(page, read, one) for one in found[:most]]
        if len(found) > most:
            cut_short = True
            rest = len(found) - most
            rows.append((page.say(f"另有 {rest:,} 位", f"and {rest:,} more"), *[""] * 6))
        page.table([head, *rows], "llllrrl")
    if cut_short:
        page.text("完整清单：--all-rows", "The full list: --all-rows")


def _missing(page: Page, read: Territory, one: Unplaced) -> tuple[str, ...]:
    callee = read.customers[one.contact]
    return (
        cut(one.contact, NAME),
        cut(callee.place, NAME),
        *graded(page, callee),
        page.say(f"{one.planned}/{one.wanted}", f"{one.planned} of {one.wanted}"),
        f"{one.wanted - one.planned}",
        _met(page, callee),
    )


def _met(page: Page, callee: Callee) -> str:
    """Say on which weekdays and at which hours a customer can be met."""
    days = sorted(callee.weekdays)
    names = [named(page, day) for day in days]
    when = (
        page.say("每天", "any day") if len(days) == _EVERY_DAY else page.say("、", " ").join(names)
    )
    busy = [_hours(page, one) for one in callee.busy if one.weekday in (None, *days)]
    if not busy:
        return when
    return when + page.say("，忙：", ", busy ") + page.say("、", ", ").join(busy)


def _hours(page: Page, busy: Hours) -> str:
    hours = f"{busy.start:%H:%M}–{busy.end:%H:%M}"
    return hours if busy.weekday is None else f"{named(page, busy.weekday)} {hours}"


def evenness_(page: Page, read: Territory) -> None:
    """How many days lie between the calls on a customer."""
    page.heading("重复拜访的间隔", "How even repeated calls are")
    rows = list(_gaps(page, read))
    if not rows:
        page.text("没有重复拜访。", "No customer is called upon twice.")
        return
    head = page.say(
        "计划次数|客户|均匀时的间隔|最短|中位数|最长|间隔最短的客户",
        "calls|customers|days apart if even|shortest|middle|longest|closest together",
    ).split("|")
    page.table([head, *rows], "rrrrrrl")
    page.text(
        "间隔以日历天计；节假日和可约见的日子使间隔不能处处相等。",
        "Days of the calendar from one call to the next; holidays and the days on which customers "
        "can be met keep them from being equal.",
    )


def _gaps(page: Page, read: Territory) -> Iterator[tuple[str, ...]]:
    gaps: dict[int, dict[str, Sequence[int]]] = {}
    for contact in dict.fromkeys(call.contact for call in read.schedule.calls):
        days = [call.on for call in read.schedule.of(contact)]
        if len(days) > 1:
            between = [(later - sooner).days for sooner, later in pairwise(days)]
            gaps.setdefault(len(days), {})[contact] = between
    for n, found in sorted(gaps.items(), reverse=True):
        every = sorted(gap for some in found.values() for gap in some)
        closest = [contact for contact, some in found.items() if min(some) == every[0]]
        yield (
            f"{n:,}",
            f"{len(found):,}",
            _tenths(Fraction(read.cycle.days, n)),
            *(f"{gap:,}" for gap in (every[0], every[len(every) // 2], every[-1])),
            few(page, closest, _FEW),
        )
