"""Everyone, every day, everything: how far the logs cover what is due."""

from __future__ import annotations

import pickle
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily_logs import DAY, HOSPITALITY, SECRET, entry, log, teams
from salesflow.conduct.cover import PersonDay, log_coverage
from salesflow.conduct.logs import DAILY_LIST, DAILY_SUMMARY
from salesflow.errors import DuplicateId, SalesflowError
from salesflow.periods import Span, Week
from salesflow.ratios import Rate
from salesflow.workdays import WEEKDAYS, WorkCalendar

WEEK = Week(2026, 28)
OFFICIAL = WorkCalendar(name="CN", confirmed_until=date(2026, 12, 31))
TEAM = ("R-1", "R-2", "R-3")


def on(day):
    """A day of the week, 0 for Monday."""
    return DAY + timedelta(days=day)


def covered(logs, people=("R-9",), *, calendar=OFFICIAL, **rest):
    """The coverage of the week."""
    return log_coverage(logs, people, WEEK, calendar, **rest)


def cells(found):
    """Persons and days, in a few letters."""
    return [(one.person, one.on.day) for one in found]


# --- what counts -----------------------------------------------------------------------------


def test_ae_62_190_complete_logs_of_200_that_are_due():
    """AE-62: 40 people × 5 days, 190 complete logs make 95.0 %; an incomplete one is none."""
    people = [f"R-{n}" for n in range(40)]
    due = [(person, on(day)) for person in people for day in range(5)]
    logs = [log(f"L-{n}", day, person=who) for n, (who, day) in enumerate(due[:190])]
    unplanned = log("L-190", due[190][1], person=due[190][0], tomorrow=[])
    report = covered([*logs, unplanned], people)

    assert report.rate == Rate(190, 200)
    assert str(report.rate) == "95.0% (n=200)"
    assert report.by_person["R-0"] == Rate(5, 5)
    assert report.by_person["R-39"] == Rate(0, 5)
    assert report.by_day[on(0)] == Rate(38, 40)
    assert report.incomplete == (PersonDay(person="R-38", on=on(0), lacks=("tomorrow",)),)
    assert cells(report.missing)[:2] == [("R-38", 7), ("R-38", 8)]
    assert len(report.missing) == 9
    assert (report.during, report.beside, report.findings) == (WEEK, (), ())


def test_completeness_is_that_of_a_profile():
    """A log may be a good summary and no good daily list."""
    brief = log(entries=[entry(contact="")])

    assert covered([brief]).incomplete[0].lacks == ("contact",)
    assert covered([brief], profile=DAILY_SUMMARY).rate == Rate(1, 5)


def test_leave_and_days_off_are_not_due():
    """Each with their own leave; a holiday is nobody's day."""
    calendar = OFFICIAL.with_days_off({on(4): "中秋节"})
    report = covered([], ("R-1", "R-2"), calendar=calendar, leave={"R-1": [on(0), on(1), on(5)]})

    assert report.by_person["R-1"] == Rate(0, 2)
    assert report.by_person["R-2"] == Rate(0, 4)
    assert list(report.by_day) == [on(0), on(1), on(2), on(3)]
    assert report.by_day[on(0)] == Rate(0, 1)
    assert cells(report.missing)[:2] == [("R-1", 8), ("R-1", 9)]


def test_a_log_that_was_not_due_is_counted_apart():
    """On a Sunday, on leave, or of somebody who was not asked about; other weeks are not read."""
    logs = [log("L-1", on(6)), log("L-2", on(1)), log("L-3", on(2), person="R-1")]
    report = covered([*logs, log("L-4", on(7)), log("L-5", on(-1))], leave={"R-9": [on(1)]})

    assert report.rate == Rate(0, 4)
    assert report.beside == ("L-1", "L-2", "L-3")


def test_nobody_and_no_day_make_no_rate():
    report = covered([log()], [])

    assert (report.rate, report.rate.ratio, report.missing) == (Rate(0, 0), None, ())
    everybody_away = covered([], leave={"R-9": [on(day) for day in range(5)]})
    assert everybody_away.by_person["R-9"].ratio is None


def test_an_estimated_calendar_is_said():
    """What is doubtful about the calendar is passed on."""
    (finding,) = covered([], calendar=WEEKDAYS).findings

    assert finding.key == "calendar_unconfirmed"
    assert finding.values["day"] == on(0)


@pytest.mark.parametrize("kind", HOSPITALITY)
def test_a_dinner_covers_no_day(kind):
    """Invariant 46: neither alone, nor beside a complete log."""
    assert covered([log(entries=[entry(kind=kind)])]).rate == Rate(0, 5)
    assert covered([log(entries=[entry(), entry(kind=kind, content="")])]).rate == Rate(1, 5)


# --- laws ------------------------------------------------------------------------------------


def naive(logs, people, days):
    """The same cell by cell: where has anybody written a complete log."""
    cells = [(person, day) for person in people for day in days]
    full = [any(one.complete() for one in logs if (one.person, one.on) == cell) for cell in cells]
    there = [any((one.person, one.on) == cell for one in logs) for cell in cells]
    return Rate(sum(full), len(full)), [c for c, t in zip(cells, there, strict=True) if not t]


@given(teams())
def test_coverage_agrees_with_a_look_at_every_cell(logs):
    """And each day due is covered, incomplete or missing."""
    report = covered(logs, TEAM)
    rate, missing = naive(logs, TEAM, OFFICIAL.working_days(WEEK))

    assert report.rate == rate
    assert [(one.person, one.on) for one in report.missing] == missing
    assert report.rate.hits + len(report.missing) + len(report.incomplete) == report.rate.n == 15
    for rates in (report.by_person.values(), report.by_day.values()):
        assert sum(one.hits for one in rates) == report.rate.hits
        assert sum(one.n for one in rates) == 15


@given(teams(), st.sampled_from(TEAM), st.integers(0, 6))
def test_invariant_37_another_complete_log_never_lowers_it(logs, person, day):
    """Invariant 37: coverage is between 0 and 1, and a complete log adds at most its own day."""
    before = covered(logs, TEAM).rate
    after = covered([*logs, log("new", on(day), person=person)], TEAM).rate

    assert 0 <= before.ratio <= 1
    assert before.hits <= after.hits <= before.hits + 1


@given(teams(), st.data())
def test_invariant_37_a_second_log_of_the_same_day_does_not_raise_it(logs, data):
    """Invariant 37: however often it is handed in."""
    again = data.draw(st.lists(st.sampled_from(logs), max_size=3) if logs else st.just([]))
    twice = [
        log(f"again-{n}", one.on, person=one.person, entries=one.entries, tomorrow=one.tomorrow)
        for n, one in enumerate(again)
    ]

    assert covered([*logs, *twice], TEAM).rate == covered(logs, TEAM).rate
    assert covered([*twice, *logs], TEAM).missing == covered(logs, TEAM).missing


def test_of_two_logs_the_one_that_lacks_least_is_told():
    """Whichever comes first; of two that lack as much, the first."""
    bare, better = log("L-1", entries=[]), log("L-2", tomorrow=[])

    for pair in ([bare, better], [better, bare]):
        assert covered(pair).incomplete[0].lacks == ("tomorrow",)
    no_place = log("L-3", entries=[entry(place="")])
    assert covered([no_place, better]).incomplete[0].lacks == ("place",)


def test_a_large_team_asks_the_calendar_no_more_often_than_a_small_one():
    """The days are found once, so that a year of a thousand people takes no quadratic time."""

    class Watched(frozenset):
        asked = 0

        def __contains__(self, day):
            Watched.asked += 1
            return super().__contains__(day)

    def asked(n):
        calendar = WorkCalendar(name="x", confirmed_until=date(2026, 12, 31))
        object.__setattr__(calendar, "make_up", Watched())
        Watched.asked = 0
        people = [f"R-{i}" for i in range(n)]
        logs = [log(f"L-{i}", person=one) for i, one in enumerate(people)]
        assert log_coverage(logs, people, Span(on(0), on(70)), calendar).rate.hits == n
        return Watched.asked

    assert asked(50) == asked(5) > 0


# --- a value, and what is refused ------------------------------------------------------------


def test_coverage_is_a_value():
    report = covered([log()])

    assert pickle.loads(pickle.dumps(report)) == report
    assert hash(report) == hash(covered([log()]))


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        *[("logs", bad) for bad in (SECRET, 7, None, [SECRET], log())],
        *[("people", bad) for bad in (SECRET, 7, None, [None], [f"{SECRET}\0"])],
        *[("during", bad) for bad in (SECRET, 7, None, DAY)],
        *[("calendar", bad) for bad in (SECRET, 7, None, {DAY})],
        *[("leave", bad) for bad in (SECRET, 7, None, {"R-9": SECRET}, {"R-9": [SECRET]})],
        *[("profile", bad) for bad in (SECRET, 7, None, {SECRET: DAILY_LIST["place"]})],
    ],
)
def test_what_is_no_coverage_is_refused(box, bad):
    given_ = {"logs": [], "people": ["R-9"], "during": WEEK, "calendar": OFFICIAL}
    with pytest.raises(SalesflowError) as refused:
        log_coverage(**(given_ | {box: bad}))

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


def test_nobody_and_nothing_is_counted_twice():
    with pytest.raises(DuplicateId, match="R-9"):
        covered([], ["R-9", "R-9"])
    with pytest.raises(DuplicateId, match="L-1"):
        covered([log(), log()])


def test_of_two_logs_that_lack_as_much_the_same_one_is_told():
    """Whichever comes first."""
    whose = log("L-1", entries=[entry(contact="")]), log("L-2", entries=[entry(place="")])

    assert covered(whose).incomplete == covered(whose[::-1]).incomplete
