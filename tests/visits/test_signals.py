"""What several visits tell of a market is worth a shift of focus; a promise overdue, a call."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesflow.visits import MarketSignal, Party, Step, Trend, lessons
from visit_teams import (
    DAY,
    JULY,
    LONG,
    NOTES,
    START,
    dropped,
    held,
    noted,
    on,
    opened,
    promise,
    talked,
    teams,
)

RISING, STEADY, FALLING = Trend


def signal(trend=RISING, subject="PCR"):
    """What a visit told of the demand."""
    return MarketSignal(subject=subject, trend=trend)


def hearing(name, *signals, **rest):
    """A visit in which these signals were heard."""
    return held(name, notes=noted(NEEDS=(*NOTES[Step.NEEDS], *signals)), **rest)


def heard(*visits, **rest):
    """What is told of each class of products."""
    return lessons(visits, **rest).signals


def promising(*promises, name="V-1", **rest):
    """A visit in which these promises were made."""
    return held(name, notes=noted(CLOSE=promises), **rest)


def overdue(*visits, day, **rest):
    """Visit, promise and days of what is overdue at the end of a day."""
    late = lessons(visits, on=day, **rest).overdue
    return [(one.visit, one.promise.key, one.days) for one in late]


# --- the market ------------------------------------------------------------------------------


def test_each_class_of_products_is_told_by_its_trends():
    """In the order of their names, with the visits behind each trend."""
    signals = heard(
        hearing("A", signal(), signal(FALLING, "CLIA")),
        hearing("B", signal(STEADY)),
        hearing("C", signal()),
    )

    assert list(signals) == ["CLIA", "PCR"]
    assert dict(signals["PCR"].visits) == {RISING: ("A", "C"), STEADY: ("B",), FALLING: ()}
    assert (signals["PCR"].rising, signals["CLIA"].rising) == (2, 0)


def test_customers_are_counted_once_for_a_rising_demand():
    """Three visits to two customers; who reports a falling one is not among them."""
    signals = heard(
        hearing("A", signal(), customer="H-1"),
        hearing("B", signal(), customer="H-1"),
        hearing("C", signal(), customer="H-2"),
        hearing("D", signal(FALLING), customer="H-4"),
    )

    assert (signals["PCR"].rising, signals["PCR"].customers) == (3, 2)


def test_a_visit_counts_once_for_a_class_with_its_last_word():
    """First it seemed to rise, then it did not."""
    signals = heard(
        hearing("A", signal(), signal(), signal(FALLING)), hearing("B", signal(), signal())
    )

    assert dict(signals["PCR"].visits) == {RISING: ("B",), STEADY: (), FALLING: ("A",)}


def test_only_visits_that_were_held_tell_of_the_market():
    """A plan is a guess."""
    planned = opened().record(signal(), at=START)

    assert dict(heard(planned, dropped("B"))) == {}
    assert dict(heard(held())) == {}


@pytest.mark.parametrize(("n", "found"), [(2, 0), (3, 1), (4, 1)])
def test_rising_demand_in_several_visits_is_a_finding(n, found):
    """From three visits on, unless the host sets another number; falling ones do not count."""
    book = [hearing(f"{i}", signal()) for i in range(n)]
    book += [hearing(f"falling {i}", signal(FALLING)) for i in range(5)]
    rising = lambda **rest: [
        one for one in lessons(book, **rest).findings if one.key == "demand_rising"
    ]

    assert len(rising()) == found
    assert rising(rising=n)[0].values["visits"] == tuple(f"{i}" for i in range(n))
    assert rising(rising=n + 1) == []


@given(teams(6))
def test_every_visit_has_one_trend_for_a_class(visits):
    """No id stands twice, and there are no more customers than visits."""
    for row in heard(*visits).values():
        ids = [one for trend in Trend for one in row.visits[trend]]
        assert 0 < len(set(ids)) == len(ids)
        assert row.customers <= row.rising
        assert bool(row.customers) is bool(row.rising)


# --- promises --------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "days"), [(9, None), (10, None), (11, 1), (20, 10)])
def test_ae_71_a_promise_is_overdue_the_day_after_its_day(day, days):
    """Due 2025-03-10 and open: on the 10th it is open, on the 11th one day overdue."""
    made = promise("quote", made_on=date(2025, 3, 3), due=date(2025, 3, 10))
    found = overdue(promising(made), day=date(2025, 3, day))

    assert found == ([] if days is None else [("V-1", "quote", days)])


def test_a_promise_kept_or_taken_back_is_not_overdue():
    """From the day on which it was; before, nobody knew."""
    kept = promising(promise("a").fulfil(date(2026, 7, 23)))
    back = promising(promise("a").withdraw(date(2026, 7, 23)))

    for visit in (kept, back):
        assert overdue(visit, day=date(2026, 7, 22)) == [("V-1", "a", 2)]
        assert overdue(visit, day=date(2026, 7, 23)) == []


def test_a_promise_without_a_day_is_never_overdue():
    """It is vague, which is a finding of its own."""
    assert overdue(promising(promise(due=None)), day=date(2027, 1, 1)) == []


def test_a_promise_that_was_followed_up_is_not_overdue():
    """The latest word counts, and only once it was said."""
    visit = promising(promise("a")).follow_up(promise("a").fulfil(date(2026, 7, 19)), at=on(7, 25))

    assert overdue(visit, day=date(2026, 7, 28)) == []
    assert overdue(visit, day=date(2026, 7, 24), at=on(7, 24, 12)) == [("V-1", "a", 4)]


def test_the_oldest_promise_comes_first():
    """Of those as old, by visit and by key."""
    old, new = {"due": date(2026, 7, 8)}, {"due": date(2026, 7, 18)}
    book = [
        promising(promise("b", **new), promise("a", **new), name="B"),
        promising(promise("z", **new), name="A"),
        promising(promise("c", **old), name="C"),
    ]

    assert overdue(*book, day=date(2026, 7, 20)) == [
        ("C", "c", 12),
        ("A", "z", 2),
        ("B", "a", 2),
        ("B", "b", 2),
    ]


def test_a_promise_counts_as_soon_as_it_is_made():
    """Also in a visit that still runs, and in one of an earlier period."""
    running = talked(path=LONG[:5]).record(promise(due=DAY), at=START)
    august = JULY.shift(1)

    assert overdue(running, day=date(2026, 7, 7)) == [("V-1", "order", 1)]
    assert lessons([running], august).n == 0
    assert [one.days for one in lessons([running], august).overdue] == [56]
    assert lessons([running], JULY.shift(-1)).overdue == ()


def test_without_a_day_nothing_is_overdue():
    """The library reads no clock."""
    assert lessons([promising(promise(due=DAY))]).overdue == ()


@given(teams(5), st.dates(date(2026, 7, 1), date(2026, 8, 15)), st.integers(0, 40))
def test_what_is_not_kept_gets_older_day_by_day(visits, today, days):
    """A promise overdue on both days is older by as many days as lie between."""
    later = date.fromordinal(today.toordinal() + days)
    before = {row[:2]: row[2] for row in overdue(*visits, day=today)}
    after = {row[:2]: row[2] for row in overdue(*visits, day=later)}

    for key in before.keys() & after.keys():
        assert after[key] == before[key] + days
    assert all(age >= 1 for age in before.values())


def test_promises_of_both_sides_are_told():
    """Ours and the customer's."""
    book = [promising(promise("a", by=Party.COMPANY), promise("b"))]

    assert overdue(*book, day=date(2026, 7, 21)) == [("V-1", "a", 1), ("V-1", "b", 1)]
