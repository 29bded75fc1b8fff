"""The folder of a team: which files it has, and everything that is read from them.

Only `people.csv` has to be there.  `deals.csv` and `events.csv` are those of the quarter review,
the folder `visits` is that of the visit review, and both are read by the readers of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from attrs import Factory, define, evolve, field, frozen

from manager_week_parts import actions, diary, notices, team
from manager_week_parts.diary import Given
from manager_week_parts.settings import Settings
from manager_week_parts.team import Person
from quarter_review_parts import book as deal_book
from quarter_review_parts.source import Options
from report_parts.intake import FileCount, Intake, not_accepted
from report_parts.rows import Refusal, Row, read
from salesflow import Label, Opportunity, SalesflowError, Span, Week
from salesflow.conduct import Action, DailyLog, Notice, WeeklyForm
from salesflow.customers import CustomerFile
from salesflow.visits import Visit
from visit_review_parts import book as visit_book

__all__ = ["OPTIONAL", "VISITS", "Team", "team_of"]

#: the folder of the visits
VISITS: Final = "visits"
_VISITS: Final = tuple(f"{VISITS}/{name}" for name in visit_book.FILES)
_DEALS: Final = deal_book.FILES
#: the files of which each may be missing
OPTIONAL: Final = (
    team.CUSTOMERS[0],
    *_DEALS,
    f"{VISITS}/",
    diary.LOGS[0],
    diary.FORMS[0],
    diary.GIVEN[0],
    notices.NOTICES[0],
    notices.EVENTS[0],
    actions.ACTIONS[0],
)

_T = TypeVar("_T")
_DAY: Final = timedelta(days=1)


@frozen(kw_only=True)
class Team:
    """Everything that is known of a team on a day; None stands for a file that is not there."""

    said: Settings
    #: the day of the page
    on: date
    people: tuple[Person, ...]
    customers: tuple[CustomerFile, ...] | None
    deals: tuple[Opportunity, ...] | None
    visits: tuple[Visit, ...] | None
    logs: tuple[DailyLog, ...] | None
    forms: tuple[WeeklyForm, ...] | None
    given: tuple[Given, ...]
    notices: tuple[Notice, ...] | None
    actions: tuple[Action, ...] | None
    files: tuple[FileCount, ...]
    refused: tuple[Refusal, ...]
    #: the files that are not there
    missing: tuple[str, ...]
    #: how many entries are of a time after the day
    later: int

    @property
    def tz(self) -> str:
        """The time zone in which its days are counted."""
        return self.said.tz or "UTC"

    @property
    def today(self) -> Span:
        """The day of the page, as a period."""
        return Span(self.on, self.on + _DAY, tz=self.tz)

    @property
    def last_week(self) -> Week:
        """The whole week before that of the day."""
        return self.this_week.shift(-1)

    @property
    def this_week(self) -> Week:
        """The week of the day."""
        year, week, _ = self.on.isocalendar()
        return Week(year, week, tz=self.tz)

    @property
    def sellers(self) -> tuple[Person, ...]:
        """The salespeople, in the order of the file."""
        return tuple(person for person in self.people if person.sells)

    @property
    def at_work(self) -> tuple[str, ...]:
        """The salespeople who had entered by the end of last week, by id."""
        over = self.last_week.after
        return tuple(one.id for one in self.sellers if not one.entered_on or one.entered_on < over)

    @property
    def leave(self) -> Mapping[str, tuple[date, ...]]:
        """Who is away on which days; nobody is there before the entry."""
        week = [self.last_week.first + timedelta(days=n) for n in range(self.last_week.days)]
        return {
            one.id: (*one.leave, *(on for on in week if one.entered_on and on < one.entered_on))
            for one in self.people
        }


@define
class _Reader:
    """Reads files one by one, and keeps what has to be said about each."""

    folder: Path
    tz: str | None
    files: list[FileCount] = field(init=False, default=Factory(list))
    refused: list[Refusal] = field(init=False, default=Factory(list))
    missing: list[str] = field(init=False, default=Factory(list))

    def has(self, *names: str) -> bool:
        """Say whether all of some files are there, and keep the names of those that are not."""
        lacking = [name for name in names if not (self.folder / name).is_file()]
        self.missing += lacking
        return not lacking

    def intake(
        self,
        file: tuple[str, Sequence[str]],
        because: Callable[[SalesflowError], Label] = not_accepted,
    ) -> Intake:
        """Return what takes in a file that is there; its first column holds the id."""
        name, columns = file
        return Intake(read(self.folder, name, columns, self.tz), columns[0], because)

    def keep(self, *intakes: Intake) -> None:
        """Keep what became of the rows of some files."""
        for one in intakes:
            self.told([one.count], one.in_order)

    def told(
        self, counts: Sequence[FileCount], refused: Sequence[Refusal], under: str = ""
    ) -> None:
        """Keep what another reader tells of its files, which lie in the folder `under`."""
        self.files += [evolve(one, name=under + one.name) for one in counts]
        self.refused += [evolve(one, file=under + one.file) for one in refused]

    def each(
        self,
        file: tuple[str, Sequence[str]],
        make: Callable[[Row, dict[str, _T]], _T],
        put: Callable[[dict[str, _T], _T], None],
    ) -> tuple[_T, ...] | None:
        """Return what the rows of a file make, by their ids, or None where it is not there."""
        if not self.has(file[0]):
            return None
        intake, found = self.intake(file), dict[str, _T]()
        for row in intake.sheet.rows:
            made = intake.take(row, partial(make, row, found))
            if made is not None:
                put(found, made)
        self.keep(intake)
        return tuple(found.values())


def team_of(folder: Path, said: Settings, on: date) -> Team:
    """Read a folder, as known at the end of a day; it has to hold `people.csv`."""
    reader = _Reader(folder, said.tz)
    tz, currency = said.tz or "UTC", said.currency
    after = on + _DAY
    moment = Span(on, after, tz=tz).last
    people = reader.each(
        team.PEOPLE, lambda row, known: team.person(row, known, said.roadmap), _by_id
    )
    customers = reader.each(
        team.CUSTOMERS, lambda row, known: team.customer(row, known, on), _by_customer
    )
    deals, visits = _deals(reader, said, on), _visits(reader, said)
    logs = reader.each(diary.LOGS, diary.log, _by_log)
    forms = reader.each(diary.FORMS, lambda row, _: diary.form(row, tz), _in_a_row)
    given = reader.each(
        diary.GIVEN,
        lambda row, known: diary.given(row, known.values(), said.roadmap, currency),
        _in_a_row,
    )
    told = _notices(reader, tz)
    acted = reader.each(
        actions.ACTIONS, lambda row, known: actions.action(row, known, currency), _by_id
    )
    trails = [one.trail for some in (deals, visits, told) for one in some or ()]
    later = sum(event.at > moment for trail in trails for event in trail)
    return Team(
        said=said,
        on=on,
        people=people or (),
        customers=customers,
        deals=_stood(deals, moment),
        visits=_stood(visits, moment),
        logs=None if logs is None else tuple(log for log in logs if log.on < after),
        forms=forms,
        given=given or (),
        notices=_stood(told, moment),
        actions=acted,
        files=tuple(reader.files),
        refused=tuple(reader.refused),
        missing=tuple(reader.missing),
        later=later + sum(log.on >= after for log in logs or ()),
    )


def _by_id(found: dict[str, _T], made: _T) -> None:
    found[made.id] = made


def _by_customer(found: dict[str, CustomerFile], made: CustomerFile) -> None:
    found[made.customer] = made


def _by_log(found: dict[str, DailyLog], made: DailyLog) -> None:
    known = found.get(made.id)
    found[made.id] = made if known is None else diary.together(known, made)


def _in_a_row(found: dict[str, _T], made: _T) -> None:
    found[str(len(found))] = made


def _stood(things: tuple[_T, ...] | None, moment: datetime) -> tuple[_T, ...] | None:
    """Return deals, visits or notices as they stood at an instant."""
    if things is None:
        return None
    return tuple(then for one in things if (then := one.as_of(moment)) is not None)


def _deals(reader: _Reader, said: Settings, on: date) -> tuple[Opportunity, ...] | None:
    if not reader.has(*_DEALS):
        return None
    # The quarter only keeps the reader from guessing one.
    options = Options(
        currency=said.currency, quarter=(on.year, (on.month + 2) // 3), file_tz=said.tz
    )
    source = deal_book.book(reader.folder, options)
    reader.told(source.files, source.refused)
    return source.deals


def _visits(reader: _Reader, said: Settings) -> tuple[Visit, ...] | None:
    if not reader.has(*_VISITS):
        return None
    found = visit_book.book(reader.folder / VISITS, said.tz)
    reader.told(found.files, found.refused, f"{VISITS}/")
    return found.visits


def _notices(reader: _Reader, tz: str) -> tuple[Notice, ...] | None:
    issued = reader.each(notices.NOTICES, lambda row, known: notices.issued(row, known, tz), _by_id)
    if not reader.has(notices.EVENTS[0]) or issued is None:
        return issued
    events = reader.intake(notices.EVENTS, notices.because)
    found = notices.performed(issued, events)
    reader.keep(events)
    return found
