"""The roadmap: in which phase each salesperson is, and what is missing to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from manager_week_parts.diary import by_turn
from manager_week_parts.folder import Team
from manager_week_parts.team import Person
from report_parts.layout import Page
from salesflow import Money
from salesflow.errors import CurrencyMismatch
from salesflow.instants import day_in
from salesflow.planning import Phase, RoadmapCheck, RoadmapRow, Unit, Verdict, check_phase, measured

__all__ = ["Step", "roadmap_", "steps_of"]

_NOT_KNOWN: Final = "–"


@frozen(kw_only=True)
class Step:
    """A salesperson on the roadmap."""

    person: Person
    #: the phase of the day, None before the entry, after the last phase, or without an entry
    phase: Phase | None
    #: the phase held to what is known; None where its money is of another currency
    check: RoadmapCheck | None

    @property
    def gaps(self) -> tuple[RoadmapRow, ...]:
        """What is missing now: of what is asked for each week or month, the last one told."""
        return tuple(row for row in self._latest() if row.verdict is Verdict.UNMET)

    @property
    def unknown(self) -> tuple[RoadmapRow, ...]:
        """What nobody measured."""
        return tuple(row for row in self._latest() if row.verdict is Verdict.UNKNOWN)

    def _latest(self) -> Iterator[RoadmapRow]:
        for standard in self.check.phase.standards if self.check else ():
            rows = self.check.of(standard.metric) if self.check else ()
            told = [row for row in rows if row.verdict is not Verdict.UNKNOWN]
            yield (told or rows)[-1]


def steps_of(team: Team) -> tuple[Step, ...]:
    """Return where each salesperson stands."""
    return tuple(_step(person, team) for person in team.sellers)


def _step(person: Person, team: Team) -> Step:
    entered, roadmap = person.entered_on, team.said.roadmap
    phase = None if entered is None else roadmap.phase_at(entered, team.on)
    if phase is None or entered is None:
        return Step(person=person, phase=None, check=None)
    tables = []
    if team.deals is not None:
        visits = team.visits
        tables.append(
            measured(
                [deal for deal in team.deals if deal.owner == person.id],
                None if visits is None else [one for one in visits if one.owner == person.id],
                during=phase.stretch.during(entered, tz=team.tz),
                at=team.today.last,
            )
        )
    given = by_turn(one for one in team.given if (one.person, one.phase) == (person.id, phase.key))
    try:
        check = check_phase(phase, *tables, given, subject=person.id)
    except CurrencyMismatch:
        check = None
    return Step(person=person, phase=phase, check=check)


def roadmap_(page: Page, team: Team, steps: Iterable[Step]) -> None:
    """What each salesperson lacks in the phase of the day."""
    page.heading("成功路线图：还差什么", "Roadmap: what is missing")
    found = tuple(steps)
    head = page.say(
        "员工|标准|周期|已达到|要求|还差|达标次数",
        "person|standard|when|reached|asked|missing|kept",
    ).split("|")
    rows = [row for step in found for row in _rows(page, team, step)]
    if rows:
        page.table([head, *rows], "lllrrrr")
    else:
        page.text("people.csv 中没有销售人员。", "people.csv names no salesperson.")
    for step in found:
        if step.unknown:
            names = page.say("、", ", ").join(
                row.standard.metric.label(page.language) for row in step.unknown
            )
            page.text(
                f"{step.person.id} 没有数据：{names}",
                f"{step.person.id}, measured by nobody: {names}",
                indent="    ",
                first="  -",
            )
    page.text(
        "每周、每月的标准看最近有数据的一次；“达标次数”为达标的次数/有数据的次数。"
        "没有数据不等于未达到。",
        "What is asked for every week or month is told of the last one that is known; “kept” is in "
        "how many of those known it was reached. Without data nobody has failed.",
    )


def _rows(page: Page, team: Team, step: Step) -> Iterator[tuple[str, ...]]:
    """Yield the line of a person, and one for each gap."""
    blank = ("",) * 5
    yield step.person.id, _where(page, team, step), *blank
    if step.check is not None and not step.gaps:
        yield "", f"  {_no_gap(page, step)}", *blank
    for row in step.gaps:
        of = step.check.of(row.standard.metric) if step.check else ()
        told = [one.verdict for one in of if one.verdict is not Verdict.UNKNOWN]
        kept = f"{len(told) - told.count(Verdict.UNMET)}/{len(told)}"
        yield (
            "",
            f"  {_name(page, row)}",
            row.when.text(page.language),
            *_amounts(page, row),
            kept if row.standard.per.repeats else "",
        )


def _where(page: Page, team: Team, step: Step) -> str:
    entered = step.person.entered_on
    if entered is None:
        return page.say("people.csv 没有入职日期", "no day of entry in people.csv")
    if step.phase is None:
        if entered > team.on:
            return page.say(f"{entered} 入职", f"enters on {entered}")
        return page.say(
            f"{entered} 入职，已走完路线图", f"entered {entered}, beyond the last phase"
        )
    phase, last = step.phase, step.phase.stretch.during(entered, tz=team.tz).last
    until = day_in(last, team.tz)
    found = f"{phase.key} {phase.label.text(page.language)}"
    if step.check is None:
        return page.say(
            f"{phase.key}：金额标准币种不同，请在 settings.csv 中改写",
            f"{phase.key}: restate its money in settings.csv",
        )
    return page.say(f"{found}（至 {until}）", f"{found}, to {until}")


def _no_gap(page: Page, step: Step) -> str:
    """Say of somebody without a gap whether that is known."""
    if not step.unknown:
        return page.say("没有差距", "nothing is missing")
    if len(step.unknown) == len(step.phase.standards if step.phase else ()):
        return page.say("没有任何数据", "nobody measured anything")
    return page.say("已有数据中没有差距", "nothing known is missing")


def _name(page: Page, row: RoadmapRow) -> str:
    name, money = row.standard.metric.label(page.language), row.standard.unit is Unit.MONEY
    return name + page.say(f"（{page.unit}）", f" ({page.unit})") if money else name


def _amounts(page: Page, row: RoadmapRow) -> tuple[str, str, str]:
    """Return what was reached, what is asked for, and what is missing."""
    standard, actual, missing = row.standard, row.actual, row.missing
    if actual is None or missing is None:
        return (_NOT_KNOWN,) * 3
    if isinstance(actual, bool):
        return standard.shown(actual).text(page.language), page.say("是", "yes"), ""
    return (
        _shown(page, row, actual, up=False),
        _shown(page, row, standard.required, up=False),
        _shown(page, row, missing, up=True),
    )


def _shown(page: Page, row: RoadmapRow, quantity: object, *, up: bool) -> str:
    if isinstance(quantity, Money):
        return page.number(quantity)
    return row.standard.shown(quantity, up=up).text(page.language)
