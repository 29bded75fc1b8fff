"""Settings of a territory: when the cycle begins, what a day holds, what the month plan says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from attrs import Factory, evolve, frozen

from month_plan_parts.cells import count, hours, several
from report_parts.rows import BadInput, Row, Unreadable, shown
from report_parts.settings import SETTINGS, setting_rows, unknown_setting
from salesflow import Cycle, Span
from salesflow.instants import day
from salesflow.planning import DETAILING, PROJECTS, Capacity

__all__ = ["KNOWN", "PLACE", "Settings", "settings"]

#: what the setting of a place of work begins with
PLACE: Final = "place."
_DAYS: Final = ("from", "confirmed_from", "confirmed_until")
_WORDS: Final = ("representative", "calendar")
_LISTS: Final = ("departments", "doctors", "activities")
_COUNTS: Final = ("visit_minutes", "least_daily", "most_daily", "least_weekly", "most_weekly")
KNOWN: Final = (*_DAYS, *_WORDS, "profile", *_COUNTS, "worked", *_LISTS)
_PROFILES: Final = {"detailing": DETAILING, "projects": PROJECTS}
_PLACES: Final = {f"{PLACE}{week}": week for week in range(1, 5)}
_WEEK: Final = timedelta(days=7)


@frozen(kw_only=True)
class Settings:
    """What `settings.csv` says."""

    #: days by the name of the setting
    days: Mapping[str, date] = Factory(dict)
    #: words by the name of the setting
    words: Mapping[str, str] = Factory(dict)
    #: what the month plan lists, by the name of the setting
    lists: Mapping[str, tuple[str, ...]] = Factory(dict)
    #: place of work by the number of the week
    places: Mapping[int, str] = Factory(dict)
    #: what a day and a week hold
    capacity: Capacity = DETAILING

    def places_of(self, cycle: Cycle) -> dict[Span, str]:
        """Return the places of work by the weeks of a cycle."""
        firsts = {week: cycle.first + (week - 1) * _WEEK for week in self.places}
        return {Span(firsts[week], firsts[week] + _WEEK): self.places[week] for week in firsts}


def settings(folder: Path) -> Settings:
    """Return the settings of a territory, all of them optional; an unknown one is refused."""
    said: dict[str, Row] = {}
    try:
        for row in setting_rows(folder):
            name = row.cell("name")
            if name not in KNOWN and name not in _PLACES:
                raise unknown_setting(name, KNOWN, f"{PLACE}1 to {PLACE}4")
            if row.cell("value"):
                said[name] = Row(row.number, {name: row.text("value")})
        return Settings(
            days={name: day(said[name].day(name), name) for name in _DAYS if name in said},
            words={name: said[name].text(name) for name in _WORDS if name in said},
            lists={name: several(said[name], name) for name in _LISTS if name in said},
            places={_PLACES[name]: said[name].text(name) for name in _PLACES if name in said},
            capacity=_capacity(said),
        )
    except Unreadable as problem:
        raise BadInput(f"{SETTINGS}: {problem}") from None


def _capacity(said: Mapping[str, Row]) -> Capacity:
    """Return the capacity of the profile, with what the settings say otherwise."""
    name = said["profile"].text("profile") if "profile" in said else "detailing"
    if name not in _PROFILES:
        raise BadInput(f"{SETTINGS}: the profile {shown(name)!r} is not {' or '.join(_PROFILES)}")
    changes: dict[str, Any] = {box: count(said[box], box) for box in _COUNTS if box in said}
    if "worked" in said:
        changes["worked"] = hours(said["worked"], "worked")
    return evolve(_PROFILES[name], **changes)
