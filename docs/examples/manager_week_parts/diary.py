"""What people hand in: daily logs, weekly forms, and the numbers that nobody can measure.

`logs.csv` has one row for each customer of a day; the rows with one `id` are one log.  A cell that
says `none` says that there was none, and a blank one says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from manager_week_parts.cells import choice, flag, quantity, said, whole
from report_parts.rows import Row, Unreadable
from salesflow import ActivityKind, Term, Week
from salesflow.conduct import DailyLog, LogEntry, Problem, WeeklyForm
from salesflow.planning import Roadmap

__all__ = ["FORMS", "GIVEN", "LOGS", "Given", "by_turn", "form", "given", "log", "together"]

LOGS = ("logs.csv", ("id", "person", "on"))
FORMS = ("forms.csv", ("person", "monday"))
GIVEN = ("given.csv", ("person", "phase", "metric", "value"))


def log(row: Row, known: Mapping[str, DailyLog]) -> DailyLog:
    """Return the log of a row, with the one block that the row tells of."""
    id_, person, on = row.text("id"), row.text("person"), row.day("on")
    first = known.get(id_)
    if first is not None and (first.person, first.on) != (person, on):
        raise Unreadable(
            "同一日志的员工或日期前后不一",
            "person or day is another than in its first row",
        )
    entry = LogEntry(
        place=row.cell("place"),
        customer=row.cell("customer"),
        contact=row.cell("contact"),
        kind=choice(row, "kind", ActivityKind) or ActivityKind.VISIT,
        content=row.cell("content"),
        problems=_problems(row),
        help_needed=said(row, "help"),
    )
    return DailyLog(
        id=id_,
        person=person,
        on=on,
        entries=[entry],
        tomorrow=row.cell("tomorrow").split(),
        tomorrow_note=row.cell("tomorrow_note"),
        author=row.cell("author"),
    )


def together(log: DailyLog, more: DailyLog) -> DailyLog:
    """Return a log with the block of one more row."""
    tomorrow = dict.fromkeys((*log.tomorrow, *more.tomorrow))
    return evolve(
        log,
        entries=(*log.entries, *more.entries),
        tomorrow=tuple(tomorrow),
        tomorrow_note=log.tomorrow_note or more.tomorrow_note,
        author=log.author or more.author,
    )


def _problems(row: Row) -> tuple[Problem, ...] | None:
    keys = said(row, "problem")
    if not keys:
        return keys if keys is None else ()
    solution = row.cell("solution")
    return (Problem(key=keys[0], text=keys[0], solution=solution, open=flag(row, "open")),)


def form(row: Row, tz: str) -> WeeklyForm:
    """Return the form that a row says was handed in, for the week that begins on its Monday."""
    monday = row.day("monday")
    if monday.weekday():
        raise Unreadable(f"{monday} 不是星期一", f"{monday} is no Monday")
    year, week, _ = monday.isocalendar()
    return WeeklyForm(
        week=Week(year, week, tz=tz), person=row.text("person"), author=row.cell("author")
    )


@frozen(kw_only=True)
class Given:
    """A number of the roadmap that somebody gives, since nothing measures it."""

    person: str
    phase: str
    metric: Term
    #: which week or month of the phase, 0 for the whole
    turn: int
    value: object


def given(row: Row, known: Iterable[Given], roadmap: Roadmap, currency: str) -> Given:
    """Return the number of a row, proved to be one that its phase asks for."""
    phase = roadmap.phase(row.text("phase"))
    standard = phase.standard(row.text("metric"))
    turn = whole(row, "turn") or 0
    if bool(turn) is not standard.per.repeats or turn > phase.stretch.last * 5:
        raise Unreadable(
            f"turn 应为本阶段的第几{'周或月' if standard.per.repeats else '次，此项应留空'}",
            "turn is the number of the week or month in the phase, and blank for the whole of it",
        )
    value = quantity(row, standard, currency)
    standard.verdict(value)
    made = Given(
        person=row.text("person"),
        phase=phase.key,
        metric=standard.metric,
        turn=turn,
        value=value,
    )
    if any(evolve(one, value=value) == made for one in known):
        raise Unreadable("同一数字出现两次", "the number is given twice")
    return made


def by_turn(numbers: Iterable[Given]) -> dict[Term, object]:
    """Return the numbers of one person and phase by metric, those of weeks and months as lists."""
    found: dict[Term, dict[int, object]] = {}
    for one in numbers:
        found.setdefault(one.metric, {})[one.turn] = one.value
    return {
        metric: [turns.get(n) for n in range(1, max(turns) + 1)] if max(turns) else turns[0]
        for metric, turns in found.items()
    }
