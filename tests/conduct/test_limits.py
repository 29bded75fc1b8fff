"""A limit is a row of data: what it is about, whom it is counted for, and within which time."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from compliance_cases import DAY, NAME, act, limit, limits, yuan
from people_strategies import CANARY, everything_told
from salesflow.activity import ActivityKind
from salesflow.conduct.actions import Paper, Scope
from salesflow.conduct.limits import Limit, Window
from salesflow.conduct.rulings import Ruling
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.findings import Severity
from salesflow.labels import LANGUAGES
from salesflow.money import Money
from strategies import dates

GUESTS = ["DR-7", "DR-8"]


def test_words_of_a_limit_are_taken_by_their_keys():
    """From a host's settings."""
    rule = limit(kinds=["sample", "meal"], per=["account", "person"], window="quarter")

    assert rule.kinds == (ActivityKind.MEAL, "sample")
    assert rule.per == (Scope.PERSON, Scope.ACCOUNT)
    assert (rule.window, rule.ruling) == (Window.QUARTER, Ruling.DENY)


# --- the window ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "first"),
    [
        (Window.ACTION, date(2026, 8, 17)),
        (1, date(2026, 8, 17)),
        (30, date(2026, 7, 19)),
        (Window.MONTH, date(2026, 8, 1)),
        (Window.QUARTER, date(2026, 7, 1)),
        (Window.YEAR, date(2026, 1, 1)),
        (Window.EVER, date.min),
    ],
)
def test_a_window_says_from_which_day_on_is_added_up(window, first):
    """Seen from 17 August."""
    assert limit(window=window).opens(date(2026, 8, 17)) == first


@given(dates(), st.integers(0, 400), st.one_of(st.sampled_from(Window), st.integers(1, 3653)))
def test_a_window_never_moves_back(on, later, window):
    """So what has left it never comes in again."""
    rule = limit(window=window)

    assert rule.opens(on) <= on
    assert rule.opens(on) <= rule.opens(on + timedelta(days=later))


@given(dates(), st.sampled_from([Window.MONTH, Window.QUARTER, Window.YEAR]))
def test_a_calendar_window_is_the_same_on_each_of_its_days(on, window):
    """The day before it opened belongs to the one before."""
    rule = limit(window=window)
    first = rule.opens(on)

    assert rule.opens(first) == first
    assert rule.opens(first - timedelta(days=1)) < first


def test_every_window_has_both_languages():
    """Five words."""
    assert len({one.label(language) for one in Window for language in LANGUAGES}) == 10


# --- what it covers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "holds"),
    [(DAY - timedelta(days=1), False), (DAY, True), (DAY + timedelta(days=1), False)],
)
def test_a_limit_holds_from_its_first_to_its_last_day(on, holds):
    """Both included."""
    assert limit(since=DAY, until=DAY).covers(act(kind="meal", on=on)) is holds


def test_a_limit_without_days_always_holds_and_for_its_kinds_only():
    """A host's own kind among them."""
    rule = limit(kinds=["meal", "sample"])

    assert rule.covers(act(kind="meal"))
    assert rule.covers(act(kind="sample", on=date(2199, 1, 1)))
    assert not rule.covers(act(kind="visit"))


# --- what it reads ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "boxes", "missing"),
    [
        (limit(), {}, (Paper.VALUE,)),
        (limit(), {"value": yuan(1)}, ()),
        (limit(), {"value": Money(1, "USD")}, (Paper.VALUE,)),
        (limit(most_quantity=1), {"value": yuan(1)}, (Paper.QUANTITY,)),
        (limit(most_quantity=1), {"quantity": 0}, ()),
        (limit(most_of_estimate=1), {"value": Money(1, "USD")}, (Paper.ESTIMATE,)),
        (limit(most_of_estimate=1), {}, (Paper.VALUE, Paper.ESTIMATE)),
        (limit(per=["person"]), {"value": yuan(1)}, ()),
        (limit(per=["attendees", "event"]), {}, (Scope.EVENT, Scope.ATTENDEE, Paper.VALUE)),
    ],
)
def test_what_a_limit_cannot_read_is_told(rule, boxes, missing):
    """An empty box, or money of a currency that the limit is not in."""
    assert rule.missing(act(kind="meal", **boxes)) == missing


def test_what_is_drawn_and_allowed_is_pieces_or_minor_units():
    """Of each measure."""
    action = act(kind="meal", quantity=3, value=yuan(20), estimate=yuan(10))

    assert limit(most_quantity=4).draws(action) == 3
    assert limit(most_quantity=4).allows(Fraction(0)) == 4
    assert limit(most_value=yuan(50)).draws(action) == 2000
    assert limit(most_value=yuan(50)).allows(Fraction(0)) == 5000
    assert limit(most_of_estimate=Fraction(11, 10)).draws(action) == 2000
    assert limit(most_of_estimate=Fraction(11, 10)).allows(Fraction(1000)) == 1100


def test_an_action_without_figures_draws_nothing():
    """Asked of it although it cannot be read."""
    assert limit(most_quantity=4).draws(act(kind="meal")) == 0
    assert limit().draws(act(kind="meal")) == 0


# --- making one ------------------------------------------------------------------------------


@given(limits())
def test_every_limit_is_immutable_hashable_and_storable(row):
    rule = Limit(key="L", label=NAME, **row)

    assert pickle.loads(pickle.dumps(rule)) == rule
    assert hash(rule) == hash(Limit(key="L", label=NAME, **row))
    with pytest.raises(FrozenInstanceError):
        rule.ruling = Ruling.ALLOW


@pytest.mark.parametrize(
    "measures",
    [
        {"most_value": None},
        {"most_value": yuan(1), "most_quantity": 1},
        {"most_quantity": 1, "most_of_estimate": 1},
        {"most_value": yuan(1), "most_quantity": 1, "most_of_estimate": 1},
    ],
)
def test_a_limit_has_one_measure(measures):
    """Neither none nor two."""
    with pytest.raises(InvalidValue, match=r"^limit has no measure, or several; fill one of: most"):
        limit(**measures)


def test_a_limit_ends_after_it_began():
    with pytest.raises(InvalidValue, match=r"^until lies before since"):
        limit(since=DAY, until=DAY - timedelta(days=1))


def test_a_list_of_kinds_passed_in_is_copied():
    kinds = ["meal"]
    rule = limit(kinds=kinds)
    kinds.append("visit")

    assert rule.kinds == (ActivityKind.MEAL,)


HOSTILE = {
    "key": ["", None, 7, f"{CANARY}\0", CANARY * 100],
    "kinds": [(), [], CANARY, None, [None], [""], [7], [f"{CANARY}\0"]],
    "per": [CANARY, None, [CANARY], ["approver"], [None], [Severity.BLOCK]],
    "window": [0, -1, 3654, 10**9, 1 << 3_000_000, True, 1.0, None, CANARY, "day", Severity.BLOCK],
    "most_quantity": [-1, True, 1.0, CANARY, 10**13, 1 << 3_000_000],
    "most_value": [1, 1.0, CANARY, Money("-1", "CNY")],
    "most_of_estimate": [
        -1,
        1.1,
        float("nan"),
        True,
        CANARY,
        Decimal("NaN"),
        Decimal("1e999999999"),
        1 << 3_000_000,
    ],
    "since": ["2026-07-06", datetime(2026, 7, 6), CANARY, date(1, 1, 1)],
    "until": ["2026-07-06", datetime(2026, 7, 6), CANARY, date(9999, 12, 31)],
    "ruling": [None, CANARY, "DENY", Severity.BLOCK, True],
}


@pytest.mark.parametrize(
    ("box", "content"),
    [(box, content) for box, contents in HOSTILE.items() for content in contents],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value[:12],
)
def test_what_cannot_stand_in_a_limit_is_refused_by_its_name(box, content):
    """With our own error, and without a word of what stood there."""
    with pytest.raises(SalesflowError) as caught:
        limit(**{box: content})

    assert caught.value.field == box
    assert CANARY not in everything_told(caught.value)


@pytest.mark.parametrize("label", [CANARY, None, ("限额", "limit")])
def test_a_label_speaks_both_languages(label):
    with pytest.raises(WrongType, match=r"^label is of type") as caught:
        Limit(key="L", label=label, kinds=["meal"], most_quantity=1)

    assert CANARY not in everything_told(caught.value)
