"""Departments are told what waits with them, and whether they keep their days."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from notice_books import DUE, HELP, ISSUED, LATER, days_around, issued, morning, notices, receipted
from salesflow.conduct.departments import workload
from salesflow.conduct.notice_trail import NoticeState
from salesflow.errors import DuplicateId, WrongType
from salesflow.ratios import Rate
from salesflow.tables import Table

SECRET = "CANARY"
DAY = timedelta(days=1)


def one_of_each():
    """In the warehouse: open, overdue, put off, done late, done in time; and one cancelled."""
    day = DUE + DAY
    return [
        issued(id="open", due=LATER, issuer_department="sales"),
        issued(id="overdue", issuer_department="sales").accept(at=morning(ISSUED)),
        receipted(issued(id="put off", issuer_department="service")),
        receipted(issued(id="late")).done(at=morning(day)),
        issued(id="in time").accept(at=morning(ISSUED)).done(at=morning(DUE)),
        issued(id="dropped").cancel(by="R-9", at=morning(day), reason="order withdrawn"),
    ]


def test_the_load_of_a_department_on_a_day():
    """Every kind of notice once, on 4 February: days late are 1, 1 and 1 against the first day."""
    (name, load), *others = workload(one_of_each(), DUE + DAY).items()

    assert (name, others) == ("库房", [])
    assert (load.open, load.overdue, load.receipted) == (3, 1, 1)
    assert (load.done, load.cancelled) == (2, 1)
    assert load.original.on_time == Rate(1, 4)  # overdue, put off, late, in time
    assert load.original.mean_late == Fraction(3, 4)
    assert load.latest.on_time == Rate(2, 3)  # overdue, late, in time
    assert load.latest.mean_late == Fraction(1, 3)
    assert [(item.notice, item.text) for item in load.help] == [("put off", HELP)]
    assert load.waiting == Table({"sales": 2, "service": 1})


def test_on_an_earlier_day_nothing_of_it_is_known():
    """The same book on the day of issue, and before it."""
    load = workload(one_of_each(), ISSUED)["库房"]

    assert (load.open, load.overdue, load.done, load.cancelled) == (6, 0, 0, 0)
    assert load.original.on_time == load.latest.on_time == Rate(0, 0)
    assert load.original.mean_late is None
    assert workload(one_of_each(), ISSUED - DAY) == Table({})


def test_departments_are_told_apart_in_the_order_of_their_names():
    """Each notice counts where it was accepted."""
    book = [issued(id="N-1", department="warehouse"), issued(id="N-2", department="finance")]

    loads = workload(iter(book), ISSUED)
    assert list(loads) == ["finance", "warehouse"]
    assert [load.open for load in loads.values()] == [1, 1]
    assert loads["finance"].waiting == Table({})


def test_who_puts_everything_off_is_punctual_by_the_last_day_only():
    """AE-60: on time against the latest day, 3 days late against the original one."""
    load = workload([receipted().done(at=morning(LATER))], LATER)["库房"]

    assert (load.original.on_time, load.original.mean_late) == (Rate(0, 1), Fraction(3))
    assert (load.latest.on_time, load.latest.mean_late) == (Rate(1, 1), Fraction(0))


def test_nothing_makes_no_load():
    """An empty book has no departments."""
    assert workload([], DUE) == Table({})


BOOKS = st.integers(0, 4).flatmap(lambda n: st.tuples(*(notices(id=f"N-{i}") for i in range(n))))


@given(BOOKS, days_around())
def test_the_loads_agree_with_a_plain_count(book, on):
    """An oracle that walks over the notices one by one."""
    loads = workload(book, on)
    standing = [then for notice in book if (then := notice.at_end_of(on)) is not None]

    assert set(loads) == {then.department for then in standing}
    for name, load in loads.items():
        mine = [then for then in standing if then.department == name]
        states = [then.state for then in mine]
        assert load.open + load.done + load.cancelled == len(mine)
        assert load.cancelled == states.count(NoticeState.CANCELLED)
        assert load.overdue == sum(then.overdue(on) for then in mine)
        assert load.overdue <= load.open
        assert sum(load.waiting.values()) == sum(
            then.open and bool(then.issuer_department) for then in mine
        )
        decided = [then for then in mine if then.done_on or then.overdue(on)]
        assert load.latest.on_time == Rate(
            sum(then.done_on is not None and then.done_on <= then.due for then in decided),
            len(decided),
        )
        assert load.original.on_time.n >= load.latest.on_time.n
        assert load.original.on_time.hits <= load.latest.on_time.hits
        total = sum(then.lateness(on).original for then in mine)
        assert (load.original.mean_late or 0) * load.original.on_time.n == total


@given(BOOKS, days_around())
def test_the_order_of_the_book_changes_no_figure(book, on):
    """Only the help is listed in the order given."""
    there, back = workload(book, on), workload(book[::-1], on)

    for name, load in there.items():
        assert evolve(load, help=()) == evolve(back[name], help=())
        assert set(load.help) == set(back[name].help)


def test_a_load_is_a_value():
    """Equal by content, hashable, stored."""
    loads = workload(one_of_each(), DUE + DAY)

    assert loads == pickle.loads(pickle.dumps(loads)) == copy.deepcopy(loads)
    assert hash(loads) == hash(copy.deepcopy(loads))
    with pytest.raises(FrozenInstanceError):
        loads["库房"].open = 0
    assert HELP not in repr(loads)


def test_a_notice_is_counted_once():
    """The id that comes twice is named."""
    with pytest.raises(DuplicateId) as refused:
        workload([issued(), receipted()], DUE)
    assert refused.value.id == "N-1"


@pytest.mark.parametrize("bad", [SECRET, 7, None, [SECRET], [None], issued()])
def test_what_is_no_book_is_refused(bad):
    """By name, and without a word of it."""
    with pytest.raises(WrongType) as refused:
        workload(bad, DUE)
    assert refused.value.field == "notices"
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("bad", [SECRET, 7, None, datetime(2013, 2, 3, tzinfo=UTC)])
def test_the_load_is_asked_on_a_day(bad):
    """Even where there is nothing to count."""
    with pytest.raises(WrongType) as refused:
        workload([], bad)
    assert (refused.value.field, SECRET in str(refused.value)) == ("on", False)


def test_a_date_of_a_notice_is_its_own():
    """The same instants in two zones: the day passes first in Shanghai."""
    at = datetime(2013, 2, 3, 20, tzinfo=UTC)
    book = [
        issued(id=tz, department=tz, tz=tz).accept(at=morning(ISSUED)).done(at=at)
        for tz in ("Asia/Shanghai", "UTC")
    ]
    loads = workload(book, date(2013, 3, 1))

    assert loads["Asia/Shanghai"].latest.on_time == Rate(0, 1)
    assert loads["UTC"].latest.on_time == Rate(1, 1)
