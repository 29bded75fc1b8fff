"""What a figure reads of a book of visits: each once, as it stood, and never a dinner."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import effort_oracle as oracle
from effort_oracle import MOMENTS, PERIODS, books, unnamed
from salesflow.activity import WORK, ActivityKind
from salesflow.errors import DuplicateId, ForeignDeal
from salesflow.instants import instant
from salesflow.periods import Month
from salesflow.visits import VISIT, CallPlan, Visit, VisitAct, VisitStatus, visit_method
from salesflow.visits.cases import Case, Cases, cases_of
from visit_books import OWN, Talk, closed, planned
from visit_teams import DAY, JULY, START, TICK, TREATS, dropped, held, on, opened, talked

EVERY = tuple(ActivityKind)
LATER = on(12, 31)


def read(*visits, during=JULY, at=None, machine=VISIT):
    """The cases of a period, July in Shanghai unless told otherwise."""
    return cases_of(visits, during, at, machine)


def ids(cases):
    """The ids of some cases, in their order."""
    return [case.visit.id for case in cases]


# --- against a naive reading -----------------------------------------------------------------


def known(visit, during, at):
    """The events that had happened by the end of the period, and by `at`."""
    if during is not None:
        return oracle.known(visit, during, at)
    return [event for event in visit.trail if at is None or event.at <= at]


def belongs(events, during):
    """Whether the first conversation, or the cancellation, lies in the period."""
    if events and events[-1].act is VisitAct.CANCELLED:
        when = [events[-1].at]
    else:
        when = [event.at for event in events if event.act is VisitAct.ADVANCED][:1]
    if during is None:
        return when != []
    return [at for at in when if during.first <= oracle.there(at, during.tz) < during.after] != []


@given(books(kinds=EVERY), st.none() | PERIODS, st.none() | MOMENTS)
def test_a_figure_reads_what_the_naive_reader_reads(visits, during, at):
    """What was known by then, in the order given, with nothing that never counts."""
    events = {visit.id: known(visit, during, at) for visit in visits}
    work = {visit.id for visit in visits if visit.kind in WORK}
    there = {visit.id for visit in visits if belongs(events[visit.id], during)}
    cases = cases_of(visits, during, at, VISIT)

    assert ids(cases.counted) == [v.id for v in visits if events[v.id] and v.id in work]
    assert all(list(case.visit.trail) == events[case.visit.id] for case in cases.counted)
    assert ids(cases.belonging) == [v.id for v in visits if v.id in work & there]
    assert all(case.belongs is (case.visit.id in there) for case in cases.counted)
    assert list(cases.left_out) == [v.id for v in visits if v.id in there - work]


@given(books(kinds=EVERY), st.none() | PERIODS, st.none() | MOMENTS)
def test_each_case_has_the_sheet_of_the_visit_as_it_stood(visits, during, at):
    """What was written later is on neither."""
    cases = cases_of(visits, during, at, VISIT)

    for case in cases.counted:
        (whole,) = [visit for visit in visits if visit.id == case.visit.id]
        assert case.visit == (whole if cases.moment is None else whole.as_of(cases.moment))
        assert case.sheet == case.visit.sheet


@given(st.none() | PERIODS, st.none() | MOMENTS)
def test_the_last_instant_that_is_read(during, at):
    """`at`, or the end of the period where that comes first or nobody says; else everything."""
    cases = read(during=during, at=at)
    limits = [one for one in (during and during.last, at and instant(at)) if one is not None]

    assert cases.moment == (min(limits) if limits else None)


# --- what is read ----------------------------------------------------------------------------


def test_a_period_is_read_at_its_last_instant_and_never_later():
    """What happened in August is not known in July."""
    late = held(at=JULY.last)

    assert read(at=LATER).moment == read().moment == JULY.last
    assert read(late).counted[0].visit.status is VisitStatus.RUNNING
    assert read(late).counted[0].sheet.summary is None
    assert read(held(at=JULY.end)).counted[0].visit.held_at is None


def test_without_a_period_everything_is_read():
    """Up to `at`, that instant included."""
    visit = held()
    over = read(visit, during=None)
    begun, before = read(visit, during=None, at=START), read(visit, during=None, at=START - TICK)

    assert (over.moment, over.counted) == (None, (Case(visit, visit.sheet, belongs=True),))
    assert (ids(begun.belonging), ids(before.belonging)) == (["V-1"], [])
    assert begun.moment == START


def test_a_visit_that_was_not_set_up_yet_is_not_read():
    """Not even as left out."""
    cases = read(held("A"), held("B", kind=ActivityKind.MEAL), at=on(1, 1))

    assert (cases.counted, cases.belonging, cases.left_out) == ((), (), ())


def test_what_belongs_to_a_period_was_held_or_cancelled_in_it():
    """A visit that is only planned, and one of another month, belong to none."""
    book = [held("held"), dropped("cancelled"), opened("planned"), talked("running")]
    book += [held("august", at=on(8, 1)), dropped("off", at=on(8, 1))]
    book += [opened("june", at=on(6, 1)).advance(at=on(6, 30))]
    cases = read(*book)

    assert ids(cases.counted) == [visit.id for visit in book]
    assert ids(cases.belonging) == ["held", "cancelled", "running"]
    assert ids(read(*book, during=JULY.shift(1)).belonging) == ["august", "off"]
    assert ids(read(*book, during=JULY.shift(-1)).belonging) == ["june"]
    assert ids(read(*book, during=None).belonging) == [v.id for v in book if v.id != "planned"]


def test_a_visit_cancelled_later_had_not_been_called_off():
    """In July it stood as planned."""
    cases = read(dropped(at=on(8, 1)))

    assert ids(cases.counted) == ["V-1"]
    assert cases.counted[0].visit.status is VisitStatus.PLANNED
    assert cases.belonging == ()


@pytest.mark.parametrize(
    ("at", "belonging"),
    [(JULY.start - TICK, []), (JULY.start, ["V"]), (JULY.last, ["V"]), (JULY.end, [])],
)
def test_the_edges_of_a_period(at, belonging):
    """Its first instant and its last one are in it, held or cancelled."""
    planned_in_june = opened("V", at=on(6, 1))

    assert ids(read(planned_in_june.advance(at=at)).belonging) == belonging
    assert ids(read(planned_in_june.cancel(at=at, reason="ill")).belonging) == belonging


# --- what never counts -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*TREATS, ActivityKind.TRAVEL, ActivityKind.OTHER])
def test_what_never_counts_is_left_out_and_named(kind):
    """Where it lies in the period: held or cancelled, and not where it was only planned."""
    book = [held("held", kind=kind), dropped("cancelled", kind=kind), opened("planned", kind=kind)]
    book += [held("august", kind=kind, at=on(8, 1)), held("work")]
    cases = read(*book)

    assert ids(cases.counted) == ids(cases.belonging) == ["work"]
    assert cases.left_out == ("held", "cancelled")
    assert read(*book, during=None).left_out == ("held", "cancelled", "august")


@given(books(), books(max_size=4, kinds=TREATS, prefix="T"), st.none() | PERIODS)
def test_invariant_46_no_treat_changes_what_a_figure_reads(visits, treats, during):
    """It only adds to what was left out."""
    plain, mixed = read(*visits, during=during), read(*treats, *visits, during=during)

    assert plain.counted == mixed.counted
    assert plain.belonging == mixed.belonging
    assert plain.left_out == ()
    assert set(mixed.left_out) <= {treat.id for treat in treats}


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize("during", [JULY, JULY.shift(9), None])
def test_a_visit_is_read_once(during):
    """The error names the id, whether the visit would be counted, left out or not read at all."""
    for kind in (ActivityKind.VISIT, ActivityKind.MEAL):
        with pytest.raises(DuplicateId) as refused:
            read(held("A"), held("B", kind=kind), dropped("B"), during=during)
        assert refused.value.id == "B"


def test_a_visit_of_another_method_is_refused():
    """A dinner too; with its own table it is read, and the seven steps are foreign there."""
    own = closed(machine=OWN, kind=ActivityKind.CALL)

    for book in ([own], [held(), own], [closed(machine=OWN, kind=ActivityKind.MEAL)]):
        with pytest.raises(ForeignDeal) as refused:
            read(*book)
        assert (refused.value.deal, refused.value.machine) == ("own", "visit")
    with pytest.raises(ForeignDeal):
        read(planned(), machine=OWN)
    assert ids(read(own, machine=OWN).belonging) == ["V-1"]


def test_a_visit_of_a_namesake_table_is_refused():
    """The name is the same, the steps are others: nothing could be told of them."""
    twin = visit_method(VISIT.name, list(Talk))

    for during in (None, JULY):
        for visit, machine in ((held(), twin), (planned(machine=twin), VISIT)):
            with pytest.raises(ForeignDeal) as refused:
                cases_of([visit], during, None, machine)
            assert refused.value.machine == "visit"
            assert "another table named visit" in str(refused.value)


def test_what_are_no_visits_is_refused():
    """By name, and not with an error of Python."""
    values = [None, 5, 0.5, "V-1", b"V", held(), Month, [None], ["V-1"], {"V-1": held()}]
    values += [[held(), 5], [[held()]], [held().trail[0]], [CallPlan()], [Visit]]

    assert unnamed(lambda visits: cases_of(visits, JULY, None, VISIT), values, "visits") == []
    assert unnamed(lambda visits: cases_of(visits, None, None, VISIT), values, "visits") == []


def test_what_is_no_period_is_refused():
    """Only None may stand for no period at all."""
    values = [5, 0, False, "", "2026-07", DAY, START, (JULY.start, JULY.end), Month, [JULY]]

    assert unnamed(lambda during: read(during=during), values, "during") == []
    assert unnamed(lambda during: read(held(), during=during, at=START), values, "during") == []


@pytest.mark.parametrize("during", [JULY, None])
def test_what_is_no_instant_is_refused(during):
    """A naive datetime could mean any of forty instants, a date has none."""
    values = ["2026-07-01", 5, 0, False, 0.5, date(2026, 7, 1), datetime(2026, 7, 1, 9), JULY]

    assert unnamed(lambda at: read(during=during, at=at), values, "at") == []


def test_what_is_no_method_is_refused():
    """Its name is none."""
    values = [None, "visit", 5, VISIT.name, Visit]

    assert unnamed(lambda machine: read(machine=machine), values, "machine") == []
    assert unnamed(lambda machine: read(held(), machine=machine), values, "machine") == []


def test_any_iterable_of_visits_is_read_once():
    """A generator, a tuple, the values of a dict; and the list stays as it was."""
    book = [held("A"), dropped("B")]
    told = read(*book)

    for visits in (iter(book), tuple(book), {v.id: v for v in book}.values(), book):
        assert cases_of(visits, JULY, None, VISIT) == told
    assert ids(told.counted) == [visit.id for visit in book] == ["A", "B"]


# --- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [read(held(), dropped("B")), read(held()).counted[0]])
def test_cases_are_values(value):
    """Equal by content, hashable, copied and stored."""
    assert value == copy.deepcopy(value) == pickle.loads(pickle.dumps(value))
    assert hash(value) == hash(copy.deepcopy(value))
    assert value not in (read(held("C")), read(held("C")).counted[0])


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (read(held()), "counted"),
        (read(held()), "left_out"),
        (read(held()), "moment"),
        (read(held()), "extra"),
        (read(held()).counted[0], "visit"),
        (read(held()).counted[0], "sheet"),
        (read(held()).counted[0], "belongs"),
        (read(held()).counted[0], "extra"),
    ],
)
def test_cases_cannot_be_changed(value, name):
    """Nor can anything be written beside them."""
    with pytest.raises(AttributeError):
        setattr(value, name, ())


def test_a_reading_made_by_hand_is_told_by_name():
    """Nobody mistakes what counts for what was left out."""
    visit = held()
    case = Case(visit, visit.sheet, belongs=True)

    assert read(visit) == Cases(counted=(case,), left_out=(), moment=JULY.last)
    with pytest.raises(TypeError):
        Cases((case,), (), JULY.last)
