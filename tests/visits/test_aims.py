"""An aim is smart by what is written: the A is Ambitious, and nobody has to believe it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesflow.customers import AdoptionRung
from salesflow.errors import InvalidValue
from salesflow.visits import Smart, climb
from visit_books import DAY, Ladder, aim, aims, measures


def test_ae_56_an_aim_without_a_deadline_or_above_nothing_lacks_its_letters():
    """Without a deadline the T is missing; 80 with a baseline of 80 is not ambitious."""
    assert aim(deadline=None).missing == (Smart.TIMED,)
    assert aim(baseline=80, target=80).missing == (Smart.AMBITIOUS,)
    assert aim(baseline=80, target=80, deadline=None).missing == (Smart.AMBITIOUS, Smart.TIMED)
    assert aim().missing == ()


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"subject": ""}, "S"),
        ({"action": ""}, "S"),
        ({"metric": ""}, "M"),
        ({"target": None}, "MAR"),
        ({"baseline": None}, "A"),
        ({"baseline": 81}, "A"),
        ({"baseline": AdoptionRung.AWARE}, "A"),
        ({"target": AdoptionRung.TRIAL}, "AR"),
        ({"target": Fraction(401, 10)}, ""),
        ({"target": Decimal("100.1")}, "R"),
        ({"target": 100}, ""),
        ({"capacity": None}, "R"),
        ({"capacity": 79}, "R"),
        ({"deadline": date(2026, 6, 30)}, "T"),
        ({"deadline": date(2026, 7, 1)}, ""),
        ({"baseline": 0, "target": 0, "capacity": 0}, "A"),
        ({"baseline": -5, "target": -1, "capacity": 0}, ""),
    ],
)
def test_each_letter_is_checked_by_what_is_written(changes, missing):
    """Who and what, metric and target, above the baseline, within reach, by a day."""
    assert "".join(letter.name[0] for letter in aim(**changes).missing) == missing


@given(aims())
def test_an_aim_is_smart_as_five_plain_questions_say(one):
    """The letters of the trade, told once more in plain ifs."""

    def above(high, low):
        if type(high) is not type(low):
            return False
        ladder = list(type(high)) if isinstance(high, AdoptionRung | Ladder) else range(-5, 91)
        return ladder.index(high) >= ladder.index(low)

    target, base, most = one.target, one.baseline, one.capacity
    lacks = []
    if not one.subject or not one.action:
        lacks.append("specific")
    if not one.metric or target is None:
        lacks.append("measurable")
    if target is None or base is None or not above(target, base) or target == base:
        lacks.append("ambitious")
    if target is None or most is None or not above(most, target):
        lacks.append("realistic")
    if one.deadline is None or one.deadline < one.set_on:
        lacks.append("timed")

    assert [letter.value for letter in one.missing] == lacks
    rung = isinstance(target, AdoptionRung)
    assert one.moves_ladder is (rung and "ambitious" not in lacks)


def test_the_letters_are_those_of_the_trade():
    """The A is Ambitious; each letter has its word in both languages."""
    assert "".join(letter.name[0] for letter in Smart) == "SMART"
    assert Smart.AMBITIOUS.label("zh") == "有挑战性"
    assert [letter.label("en") for letter in Smart] == [letter.value for letter in Smart]


@pytest.mark.parametrize("baseline", AdoptionRung)
@pytest.mark.parametrize("target", AdoptionRung)
def test_an_aim_up_the_ladder_is_smart_if_it_leads_up(baseline, target):
    """Measured in rungs, with the highest one as what can be reached."""
    one = climb("up", "DR-7", baseline=baseline, target=target, set_on=DAY, deadline=DAY)
    up = list(AdoptionRung).index(target) > list(AdoptionRung).index(baseline)

    assert one.moves_ladder is up
    assert one.missing == (() if up else (Smart.AMBITIOUS,))
    assert target.label("zh") in one.action
    assert target.label("en") in one.action
    assert (one.key, one.subject, one.capacity) == ("up", "DR-7", AdoptionRung.ADVOCACY)


def test_a_climb_takes_the_keys_of_rungs_and_needs_a_deadline_too():
    """Rungs come from a store as words."""
    days = {"set_on": DAY, "deadline": None}
    one = climb("up", "DR-7", baseline="aware", target="trial", **days)

    assert (one.baseline, one.target) == (AdoptionRung.AWARE, AdoptionRung.TRIAL)
    assert one.missing == (Smart.TIMED,)
    assert not aim().moves_ladder
    assert not aim(baseline=Ladder.LOW, target=Ladder.HIGH, capacity=Ladder.HIGH).moves_ladder
    for wrong in ("top", None, 3, Ladder.LOW):
        with pytest.raises(InvalidValue):
            climb("up", "DR-7", baseline="aware", target=wrong, **days)


@given(measures(), measures())
def test_aims_differ_with_what_they_aim_at(one, other):
    """Two aims are equal if and only if all their boxes are."""
    assert (aim(target=one) == aim(target=other)) is (one == other)


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_deadline_holds_from_the_day_the_aim_was_set(set_on, deadline):
    """Timed ⇔ the deadline does not lie before the day on which the aim was set."""
    one = aim(set_on=DAY + timedelta(days=set_on), deadline=DAY + timedelta(days=deadline))

    assert (Smart.TIMED in one.missing) is (deadline < set_on)
