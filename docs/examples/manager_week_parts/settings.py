"""The `settings.csv` of a team: the day, the calendar, and what the company rules by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from attrs import Factory, evolve, frozen

from manager_week_parts.cells import days, number, quantity, whole
from quarter_review_parts.book import STALLED
from report_parts.arguments import currency, zone
from report_parts.rows import BadInput, Row, Unreadable
from report_parts.settings import SETTINGS, setting_rows, unknown_setting
from salesflow import FUNNEL, Label, Money, SalesflowError, Term
from salesflow.conduct import COMPLIANCE, Limit, Policy, Ruling, Window
from salesflow.instants import day as calendar_day
from salesflow.planning import ROADMAP, Roadmap
from salesflow.workdays import WorkCalendar

__all__ = ["KNOWN", "LIMIT_WORDS", "Settings", "settings"]

#: the settings that stand alone
KNOWN: Final = (
    "day",
    "time_zone",
    "currency",
    "holidays",
    "make_up",
    "official_until",
    "warning_days",
    "spot_check",
    "medicines",
    "deny",
    STALLED,
)
#: what a limit can say, each word with = and its value
LIMIT_WORDS: Final = (
    "kinds",
    "per",
    "window",
    "most_quantity",
    "most_value",
    "most_of_estimate",
    "since",
    "until",
    "ruling",
    "zh",
    "en",
)
_FAMILIES: Final = f"{STALLED}.STAGE, limit.NAME, standard.PHASE.METRIC"
_LIMIT: Final = "limit."
_STANDARD: Final = "standard."
#: what is due within the week is told on its Monday
_WARNING_DAYS: Final = 6
_SPOT_CHECK: Final = 3
_STAGES: Final = {str(stage.value): stage for stage in FUNNEL.stages}


@frozen(kw_only=True)
class Settings:
    """What `settings.csv` says, with what is taken where it says nothing."""

    #: the day of the page, None where it stands in no row
    day: date | None = None
    #: None where nobody said
    tz: str | None = None
    currency: str = "CNY"
    calendar: WorkCalendar = Factory(lambda: WorkCalendar(name=SETTINGS))
    #: how many days ahead is warned of
    warning_days: int = _WARNING_DAYS
    #: how many logs are drawn
    spot_check: int = _SPOT_CHECK
    #: products of which doctors are informed
    medicines: frozenset[str] = frozenset()
    policy: Policy = COMPLIANCE
    roadmap: Roadmap = ROADMAP
    #: days after which a deal at a stage is stalled
    limits: Mapping[Term, int] = Factory(dict)


def settings(folder: Path) -> Settings:
    """Return the settings of a folder, all of them optional; an unknown one is refused."""
    said: dict[str, Row] = {}
    for row in setting_rows(folder):
        try:
            name, filled = row.cell("name"), bool(row.cell("value"))
        except Unreadable as problem:
            raise BadInput(f"{SETTINGS}: {problem}") from None
        if name not in KNOWN and not name.startswith((_LIMIT, f"{STALLED}.", _STANDARD)):
            raise unknown_setting(name, KNOWN, _FAMILIES)
        if filled:
            said[name] = row
    name = ""
    made = Settings()
    # In this order: a standard may be stated in the currency, one stage goes beyond all stages.
    for name in sorted(said, key=lambda one: (one.partition(".")[0] != "currency", one)):
        try:
            made = _with(made, name, said[name])
        except Unreadable as problem:
            raise BadInput(f"{SETTINGS}, {name}: {problem}") from None
        except SalesflowError as error:
            raise BadInput(f"{SETTINGS}, {name}: {str(error).rstrip('.')}") from None
    return made


def _with(made: Settings, name: str, row: Row) -> Settings:
    """Return the settings with one more of them."""
    value, found = row.cell("value"), object()
    match name:
        case "day":
            found = calendar_day(row.day("value"), name)
        case "time_zone":
            return evolve(made, tz=zone(value))
        case "currency":
            found = currency(value)
        case "medicines":
            found = frozenset(value.split())
        case "warning_days" | "spot_check":
            found = whole(row, "value")
        case "holidays" | "make_up" | "official_until":
            return evolve(made, calendar=_calendar(made.calendar, name, row))
        case "deny":
            return evolve(made, policy=made.policy.deny(*value.split()))
        case _:
            return _of_family(made, name, row)
    return evolve(made, **{name: found})


def _calendar(calendar: WorkCalendar, name: str, row: Row) -> WorkCalendar:
    """Return the calendar with days off, days worked on a weekend, or its last official day."""
    if name == "official_until":
        return evolve(calendar, confirmed_until=row.day("value"))
    return evolve(calendar, **{name: days(row, "value")})


def _of_family(made: Settings, name: str, row: Row) -> Settings:
    """Return the settings with one more of those whose name goes on as the company likes."""
    if name.startswith(_LIMIT):
        limit = _limit(name.removeprefix(_LIMIT), row, made.currency)
        return evolve(made, policy=made.policy.with_limit(limit))
    if name.startswith(_STANDARD):
        phase_key, _, metric = name.removeprefix(_STANDARD).partition(".")
        phase = made.roadmap.phase(phase_key)
        standard = phase.standard(metric)
        own = evolve(standard, required=quantity(row, standard, made.currency))
        return evolve(made, roadmap=made.roadmap.with_phase(phase.with_standard(own)))
    key, limit = name.removeprefix(STALLED).removeprefix("."), whole(row, "value") or 0
    if key and key not in _STAGES:
        raise Unreadable("无此阶段", f"no such stage; known are {', '.join(_STAGES)}")
    stages = [_STAGES[key]] if key else _STAGES.values()
    return evolve(made, limits={**made.limits, **dict.fromkeys(stages, limit)})


def _limit(key: str, row: Row, code: str) -> Limit:
    """Return a limit written like `kinds=meal per=attendees most_value=100`."""
    said = dict(word.partition("=")[::2] for word in row.cell("value").split())
    unknown = [word for word in said if word not in LIMIT_WORDS]
    if unknown or "kinds" not in said:
        known = ", ".join(LIMIT_WORDS)
        raise Unreadable("限额写法有误", f"is not written like kinds=meal most_value=100 ({known})")
    cells = Row(row.number, said)
    window = said.get("window", Window.ACTION.value)
    return Limit(
        key=key,
        label=Label(said.get("zh", key).replace("_", " "), said.get("en", key).replace("_", " ")),
        kinds=said["kinds"].split("+"),
        per=said["per"].split("+") if "per" in said else (),
        window=whole(cells, "window") or Window.ACTION if window.isdecimal() else window,
        most_quantity=whole(cells, "most_quantity"),
        most_value=Money(said["most_value"], code) if "most_value" in said else None,
        most_of_estimate=number(cells, "most_of_estimate") if "most_of_estimate" in said else None,
        since=cells.day("since") if "since" in said else None,
        until=cells.day("until") if "until" in said else None,
        ruling=Ruling.of(said.get("ruling", Ruling.DENY.value)),
    )
