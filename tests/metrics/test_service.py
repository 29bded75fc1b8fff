"""Service is a promise kept by its day, a question answered, and a file that is not stale."""

from __future__ import annotations

import copy
import decimal
import pickle
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import effort_oracle as oracle
from effort_oracle import FIRST, SOME_DAYS, unnamed
from salesflow.customers import CustomerFile, Freshness
from salesflow.errors import InvalidValue
from salesflow.metrics.service import (
    Satisfaction,
    answered_in_time,
    files_fresh,
    on_time,
    participation,
    response_days,
    retention,
    satisfaction,
    update_frequency,
)
from salesflow.money import Money
from salesflow.ratios import Rate, percent
from salesflow.visits import AcademicEvent, Commitment, CommitmentState, Feedback, Party
from visit_teams import START

DUE = date(2025, 3, 10)
NO_DAYS = [None, 5, 0.5, "2025-03-10", START, datetime(2025, 3, 10), date(1, 1, 1)]
NO_LISTS = [None, 5, 0.5, "a promise", True]


def march(day):
    """A day of March 2025."""
    return date(2025, 3, day)


def promise(**rest):
    """A promise of ours, made on 3 March and due on the 10th."""
    return Commitment(key="p", **({"by": "company", "made_on": march(3), "due": DUE} | rest))


def asked(**rest):
    """A question heard on 3 March, whose answer was promised for the 10th."""
    return Feedback(key="f", **({"received_on": march(3), "respond_by": DUE} | rest))


def file(updated_on, id="H-3"):
    """A customer's file, last updated on a day."""
    return CustomerFile(customer=id, updated_on=updated_on)


def event(invited, attended):
    """A salon with so many invited, of whom so many came."""
    names = [f"DR-{n}" for n in range(invited)]
    return AcademicEvent(id="E-1", kind="salon", on=DUE, invited=names, attended=names[:attended])


# --- acceptance ------------------------------------------------------------------------------


def test_ae_70_thirty_four_of_forty_files_were_updated_within_the_month():
    """85.0 %; the six others are stale, or nobody knows when they were updated."""
    fresh = [file(march(1) + timedelta(days=n % 31), f"H-{n}") for n in range(34)]
    stale = [file(day, f"S-{n}") for n, day in enumerate([None, date(2025, 2, 27)] * 3)]

    assert str(files_fresh([*fresh, *stale], date(2025, 3, 31))) == "85.0% (n=40)"


def test_ae_70_thirty_of_forty_who_were_invited_came():
    """75.0 %, in one event or in three."""
    assert str(participation([event(40, 30)])) == "75.0% (n=40)"
    assert str(participation([event(10, 10), event(20, 20), event(10, 0)])) == "75.0% (n=40)"


def test_ae_71_an_open_promise_is_in_no_rate_until_its_day_has_passed():
    """Due on 10 March: on the 10th open, on the 11th overdue by a day, and broken so far."""
    quote = promise()
    tenth, eleventh = march(10), march(11)

    assert (quote.state(tenth), quote.overdue_days(tenth)) == (CommitmentState.OPEN, 0)
    assert (quote.state(eleventh), quote.overdue_days(eleventh)) == (CommitmentState.OVERDUE, 1)
    assert (on_time([quote], tenth), on_time([quote], eleventh)) == (Rate(0, 0), Rate(0, 1))


# --- promises --------------------------------------------------------------------------------


@given(st.lists(oracle.promises()), SOME_DAYS, st.none() | st.sampled_from(Party))
def test_promises_are_kept_as_the_naive_calendar_tells(promises, on, by):
    """Walked day by day: undecided, without a day and taken back they are in no rate."""
    decisions = [
        oracle.decided(one.due, one.fulfilled_on, one.withdrawn_on, on)
        for one in promises
        if by is None or one.by is by
    ]

    told = on_time(promises, on, by=by)
    assert oracle.rate(decisions) == (told.hits, told.n)


@given(st.lists(oracle.promises()), SOME_DAYS)
def test_the_two_sides_make_the_whole(promises, on):
    """Ours and the customer's."""
    ours, theirs = (on_time(promises, on, by=party) for party in Party)
    both = on_time(promises, on)

    assert (both.hits, both.n) == (ours.hits + theirs.hits, ours.n + theirs.n)


@given(st.lists(oracle.promises()), SOME_DAYS)
def test_what_becomes_of_a_promise_later_is_not_known_yet(promises, on):
    """Neither that it was kept nor that it was taken back."""

    def forgotten(one, box):
        return evolve(one, **{box: None}) if (getattr(one, box) or on) > on else one

    then = [forgotten(forgotten(one, "fulfilled_on"), "withdrawn_on") for one in promises]

    assert on_time(then, on) == on_time(promises, on)


@given(st.lists(oracle.promises()), st.randoms(use_true_random=False), SOME_DAYS)
def test_the_order_of_the_promises_does_not_matter(promises, draw, on):
    """As any iterable of them."""
    shuffled = promises.copy()
    draw.shuffle(shuffled)

    assert on_time(promises, on) == on_time(shuffled, on) == on_time(iter(shuffled), on)


@pytest.mark.parametrize(
    ("kept", "on", "told"),
    [
        (9, 8, Rate(0, 0)),
        (9, 9, Rate(1, 1)),
        (10, 10, Rate(1, 1)),
        (10, 31, Rate(1, 1)),
        (11, 10, Rate(0, 0)),
        (11, 11, Rate(0, 1)),
        (15, 12, Rate(0, 1)),
    ],
)
def test_a_promise_is_decided_once_it_was_kept_or_its_day_has_passed(kept, on, told):
    """On its day is in time, a day later is late, and the future is not known."""
    assert on_time([promise().fulfil(march(kept))], march(on)) == told


def test_a_promise_that_was_taken_back_is_in_no_rate():
    """From the day on which it was; until then it may be broken."""
    back = promise().withdraw(march(12))

    assert [on_time([back], march(day)).n for day in (10, 11, 12, 31)] == [0, 1, 0, 0]


def test_a_promise_without_a_day_is_in_no_rate():
    """Kept or not: nobody can say whether it was late."""
    vague = promise(due=None)

    assert on_time([vague, vague.fulfil(march(9))], march(31)) == Rate(0, 0)


def test_each_side_has_its_promises():
    """We kept one of two, the customer none of one."""
    book = [promise().fulfil(march(9)), promise(), promise(by="customer")]

    assert on_time(book, march(11), by=Party.COMPANY) == Rate(1, 2)
    assert on_time(book, march(11), by=Party.CUSTOMER) == Rate(0, 1)
    assert on_time(book, march(11)) == on_time(book, march(11), by=None) == Rate(1, 3)


def test_the_promises_of_a_visit_are_counted_as_they_come():
    """The same promise twice is two: the sheet of a visit holds each once."""
    assert on_time([promise(), promise()], march(11)) == Rate(0, 2)


# --- questions -------------------------------------------------------------------------------


@given(st.lists(oracle.heard()), SOME_DAYS)
def test_questions_are_answered_as_the_naive_calendar_tells(feedback, on):
    """A question is decided as a promise is, and nobody takes one back."""
    told = answered_in_time(feedback, on)
    decisions = [oracle.decided(one.respond_by, one.handled_on, None, on) for one in feedback]

    assert oracle.rate(decisions) == (told.hits, told.n)
    assert told == answered_in_time(reversed(feedback), on)


@given(st.lists(oracle.heard()), SOME_DAYS)
def test_an_answer_that_comes_later_is_not_known_yet(feedback, on):
    """Asked on an earlier day, the question is still open."""
    then = [
        evolve(one, handled_on=None) if (one.handled_on or on) > on else one for one in feedback
    ]

    assert answered_in_time(then, on) == answered_in_time(feedback, on)


@pytest.mark.parametrize(
    ("answered", "on", "told"),
    [
        (None, 10, Rate(0, 0)),
        (None, 11, Rate(0, 1)),
        (10, 9, Rate(0, 0)),
        (10, 10, Rate(1, 1)),
        (11, 10, Rate(0, 0)),
        (11, 11, Rate(0, 1)),
        (15, 12, Rate(0, 1)),
    ],
)
def test_a_question_is_answered_by_the_promised_day_or_late(answered, on, told):
    """Open on its day, late on the next."""
    question = asked(handled_on=None if answered is None else march(answered))

    assert answered_in_time([question], march(on)) == told


def test_a_question_without_a_promised_day_is_in_no_rate():
    """Answered or not."""
    vague = asked(respond_by=None)

    assert answered_in_time([vague, vague.answered(march(4))], march(31)) == Rate(0, 0)


@given(st.lists(oracle.heard()))
def test_the_mean_of_the_days_our_answers_took(feedback):
    """Exact, over those that were answered; none where nobody was."""
    days = [(one.handled_on - FIRST).days for one in feedback if one.handled_on]
    mean = response_days(feedback)

    assert (mean is None) == (days == [])
    assert mean is None or (type(mean) is Fraction and mean * len(days) == sum(days))


def test_an_answer_on_the_same_day_takes_no_days():
    """Which is not the same as no answer."""
    at_once, in_a_day = asked(handled_on=march(3)), asked(handled_on=march(4))

    assert response_days([at_once]) == 0
    assert response_days([at_once, in_a_day, asked()]) == Fraction(1, 2)
    assert response_days([asked()]) is None


# --- files -----------------------------------------------------------------------------------


@given(st.lists(st.none() | st.integers(0, 60)), st.integers(0, 40))
def test_a_file_is_fresh_for_the_days_of_the_rule(ages, days):
    """The last of them included; a file of unknown age is not fresh."""
    files = [file(None if age is None else DUE - timedelta(days=age)) for age in ages]
    fresh = sum(age is not None and age <= days for age in ages)

    told = files_fresh(files, DUE, Freshness(update_days=days))
    assert (told.hits, told.n) == (fresh, len(ages))


def test_a_file_is_fresh_for_a_month_unless_the_company_says_otherwise():
    """31 days by default."""
    book = [file(DUE - timedelta(days=31)), file(DUE - timedelta(days=32))]

    assert files_fresh(book, DUE) == Rate(1, 2)
    assert files_fresh(book, DUE, rule=Freshness(update_days=32)) == Rate(2, 2)
    assert files_fresh([], DUE) == Rate(0, 0)


def test_a_file_of_the_future_is_refused():
    """It was updated after the day that is asked about."""
    with pytest.raises(InvalidValue) as refused:
        files_fresh([file(march(3)), file(march(11))], DUE)

    assert refused.value.field == "updated_on"


def test_how_often_a_customer_was_updated_in_a_month():
    """60 updates of 40 customers in 3 months: once in two months."""
    assert update_frequency(60, 40, 3) == Fraction(1, 2)
    assert update_frequency(updates=60, customers=40, months=3) == Fraction(1, 2)
    assert update_frequency(0, 40, 3) == 0
    assert type(update_frequency(120, 40, 3)) is Fraction


@pytest.mark.parametrize(("customers", "months"), [(0, 3), (40, 0), (0, 0)])
def test_without_customers_or_months_there_is_no_frequency(customers, months):
    """None, and neither zero nor infinity."""
    assert update_frequency(60, customers, months) is None


# --- events and customers --------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6))))
def test_who_came_of_those_invited(numbers):
    """Over all events; an event to which nobody was invited adds nothing."""
    events = [event(invited, min(came, invited)) for invited, came in numbers]
    told = participation(events)

    assert told.n == sum(invited for invited, _ in numbers)
    assert told.hits == sum(min(came, invited) for invited, came in numbers)


def test_who_came_without_an_invitation_raises_no_rate():
    """Otherwise more than all would have come."""
    walk_in = evolve(event(2, 1), attended=["DR-0", "DR-8", "DR-9"])

    assert participation([walk_in]) == Rate(1, 2)
    assert participation([event(0, 0)]) == participation([]) == Rate(0, 0)


@given(st.lists(st.sampled_from("abcde")), st.lists(st.sampled_from("abcdef")))
def test_a_customer_is_retained_who_was_one_and_is_one_still(before, after):
    """Each once, however often listed; newcomers are in no rate."""
    base = {one for one in "abcdef" if one in before}
    still = [one for one in base if one in after]

    assert retention(before, after) == Rate(len(still), len(base))
    assert retention(iter(before), iter(after)) == Rate(len(still), len(base))


def test_two_of_three_customers_stayed():
    """66.7 %: who came is not counted, and who left is."""
    assert str(retention(["H-1", "H-2", "H-3"], ["H-3", "H-4", "H-1"])) == "66.7% (n=3)"
    assert retention([], ["H-1"]).ratio is None
    assert retention(["H-1"], []) == Rate(0, 1)


# --- satisfaction ----------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.integers(1, 5), st.fractions(1, 5, max_denominator=99), st.decimals(1, 5, places=2)
)


@given(st.lists(NUMBERS))
def test_how_content_customers_are_is_the_exact_mean_of_their_answers(answers):
    """On the scale it lies where its share says; without answers there is neither."""
    told = satisfaction(answers, scale=(1, 5))

    assert (told.n, told.scale) == (len(answers), (Fraction(1), Fraction(5)))
    if answers:
        assert told.mean * len(answers) == sum(map(Fraction, answers))
        assert told.share == (told.mean - 1) / 4
        assert 0 <= told.share <= 1
    else:
        assert (told.mean, told.share) == (None, None)


@given(st.lists(st.integers(0, 10), min_size=1), st.integers(1, 9), st.integers(-9, 9))
def test_the_share_does_not_hear_how_the_scale_is_numbered(answers, step, start):
    """From 0 to 10, from 1 to 5 or downwards from zero: as content as before."""
    moved = [start + step * answer for answer in answers]
    told = satisfaction(moved, scale=(start, start + 10 * step))

    assert told.share == satisfaction(answers, scale=(0, 10)).share


def test_the_ends_of_the_scale_are_answers():
    """All or nothing."""
    assert satisfaction([5, 5], scale=(1, 5)).share == 1
    assert satisfaction([1], scale=(1, 5)).share == 0
    assert percent(satisfaction([4, 5, 3], scale=(1, 5)).share) == "75.0%"


def test_an_answer_off_the_scale_is_refused():
    """Another scale was meant."""
    values = [[0], [6], [3, 6], [3, -1], [Decimal("5.01")], [Fraction(99, 100)]]

    assert unnamed(lambda answers: satisfaction(answers, scale=(1, 5)), values, "answers") == []


def test_a_scale_rises():
    """From the lowest answer to the highest."""
    values = [(5, 1), (3, 3), [5, 1], (Decimal("1.0"), 1)]

    assert unnamed(lambda scale: satisfaction([], scale=scale), values, "scale") == []


def test_no_scale_is_assumed():
    """Whoever asks says what 4 means."""
    with pytest.raises(TypeError):
        satisfaction([4])


def test_a_callers_decimal_context_is_not_heard():
    """Three digits of precision elsewhere are not ours."""
    answers = [Decimal("4.1234567"), Decimal("3.7654321")]
    told = satisfaction(answers, scale=(1, 5))

    with decimal.localcontext() as context:
        context.prec = 3
        assert told == satisfaction(answers, scale=(1, 5))
    assert told.mean == Fraction(39_444_444, 10_000_000)


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "name"),
    [
        (lambda them: on_time(them, DUE), "commitments"),
        (lambda them: answered_in_time(them, DUE), "feedback"),
        (response_days, "feedback"),
        (lambda them: files_fresh(them, DUE), "files"),
        (participation, "events"),
        (lambda them: retention(them, []), "before"),
        (lambda them: retention([], them), "after"),
        (lambda them: satisfaction(them, scale=(1, 5)), "answers"),
    ],
)
def test_what_is_no_list_is_refused(figure, name):
    """A text is none, and neither is a single one of them."""
    single = [promise(), asked(), file(DUE), event(1, 1)]

    assert unnamed(figure, [*NO_LISTS, *single], name) == []


def test_a_side_may_be_told_by_its_key():
    """As in a promise itself; what is no side is refused, also of no promises."""
    ours, theirs = promise(by=Party.COMPANY), promise(by=Party.CUSTOMER)
    values = ["us", "", 5, [Party.COMPANY], CommitmentState.OPEN, Party]

    for side in Party:
        assert on_time([ours, theirs], march(11), by=side.value) == Rate(0, 1)
    assert unnamed(lambda by: on_time([], DUE, by=by), values, "by") == []
    assert unnamed(lambda by: on_time([ours], DUE, by=by), values, "by") == []


@pytest.mark.parametrize(
    ("figure", "name"),
    [
        (lambda them: on_time(them, DUE), "commitments"),
        (lambda them: answered_in_time(them, DUE), "feedback"),
        (response_days, "feedback"),
        (lambda them: files_fresh(them, DUE), "files"),
        (participation, "events"),
        (lambda them: retention(them, []), "before"),
        (lambda them: retention([], them), "after"),
    ],
)
def test_what_is_none_of_them_is_refused(figure, name):
    """Each of the list has to be of its own kind; a customer is named by id."""
    values = [[None], [5], [b"H-1"], [Party.COMPANY], [[]], iter([0.5]), [object()]]

    assert unnamed(figure, values, name) == []


def test_a_scale_has_two_ends():
    """No fewer, no more, and none of text."""
    values = [None, 5, "15", (), (1,), (1, 3, 5), Fraction(5)]

    assert unnamed(lambda scale: satisfaction([], scale=scale), values, "scale") == []
    assert satisfaction([], scale=[1, 5]) == satisfaction([], scale=iter((1, 5)))


@pytest.mark.parametrize(
    "figure",
    [
        lambda on: on_time([], on),
        lambda on: on_time([promise()], on),
        lambda on: answered_in_time([], on),
        lambda on: answered_in_time([asked()], on),
        lambda on: files_fresh([file(DUE)], on),
        lambda on: files_fresh([], on),
    ],
)
def test_what_is_no_day_is_refused(figure):
    """The date of an instant depends on a time zone, and text has to be read first."""
    assert unnamed(figure, NO_DAYS, "on") == []


def test_what_is_no_rule_of_freshness_is_refused():
    """A number of days is none."""
    values = [None, 31, "month", Freshness, timedelta(31)]

    assert unnamed(lambda rule: files_fresh([file(DUE)], DUE, rule), values, "rule") == []


@pytest.mark.parametrize("place", range(3))
def test_updates_customers_and_months_are_counted(place):
    """None below zero, no halves and no flags."""
    name = ("updates", "customers", "months")[place]
    values = [-1, 0.5, 2.0, True, "3", None, Fraction(1, 2), Decimal(3), 10**13, DUE]

    def asked_of(value):
        counts = [1, 1, 1]
        counts[place] = value
        return update_frequency(*counts)

    assert unnamed(asked_of, values, name) == []


@pytest.mark.parametrize(
    ("figure", "name"),
    [
        (lambda one: satisfaction([3, one], scale=(1, 5)), "answers"),
        (lambda one: satisfaction([3], scale=(one, 5)), "scale"),
        (lambda one: satisfaction([3], scale=(1, one)), "scale"),
    ],
)
def test_what_is_no_exact_number_is_no_answer(figure, name):
    """Floats, flags, text, money, and what is not finite or too long."""
    values = [0.5, 3.0, True, "3", None, [3], Money(3, "CNY"), 10**80, Fraction(1, 10**80)]
    values += [Decimal(text) for text in ("NaN", "sNaN", "Infinity", "-Infinity", "1e999")]

    assert unnamed(figure, values, name) == []


# --- values ----------------------------------------------------------------------------------


def test_satisfaction_is_a_value():
    """Equal by content, hashable, copied and stored."""
    told = satisfaction([4, 5, 3], scale=(1, 5))

    assert told == Satisfaction(n=3, mean=Fraction(4), scale=(Fraction(1), Fraction(5)))
    assert told == copy.deepcopy(told) == pickle.loads(pickle.dumps(told))
    assert hash(told) == hash(copy.deepcopy(told))
    assert told != satisfaction([4, 5, 3], scale=(0, 5))


@pytest.mark.parametrize("name", ["n", "mean", "scale", "share", "who"])
def test_satisfaction_cannot_be_changed(name):
    """Nor can anybody's name be written beside it."""
    with pytest.raises(AttributeError):
        setattr(satisfaction([4], scale=(1, 5)), name, 1)


def test_figures_change_nothing_they_read():
    """The lists are as they were."""
    book, ids = [promise(), promise().fulfil(DUE)], ["H-2", "H-1", "H-2"]
    on_time(book, march(11))
    retention(ids, ids)

    assert book == [promise(), promise().fulfil(DUE)]
    assert ids == ["H-2", "H-1", "H-2"]


def test_a_rule_of_freshness_is_one_also_without_files():
    """A number of days could be of either kind."""
    with pytest.raises(InvalidValue, match=r"^rule "):
        files_fresh([], date(2026, 7, 1), 31)
