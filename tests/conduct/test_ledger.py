"""The ledger adds up what was drawn on a limit, and forgets what has left the window."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from compliance_cases import DAY, act, limit, yuan
from salesflow.conduct.ledger import Ledger
from salesflow.money import Money


def meal(id="X-1", *, days=0, cost=60, **boxes):
    return act(id, "meal", **({"on": DAY + timedelta(days=days), "value": yuan(cost)} | boxes))


def drawn(rule, *actions):
    """What lies in the fullest pot of a limit after some actions, in order, were booked."""
    ledger, found = Ledger(), []
    for action in actions:
        draw = ledger.draw(rule, action)
        found.append(int(draw.fullest[0]))
        draw.book()
    return found


def test_what_is_booked_is_added_up():
    """In minor units."""
    assert drawn(limit(window="ever"), meal("A"), meal("B"), meal("C")) == [6000, 12000, 18000]


def test_what_is_only_asked_is_not_booked():
    """Asking twice is asking the same."""
    ledger, rule = Ledger(), limit(window="ever")

    assert ledger.draw(rule, meal("A")).fullest == ledger.draw(rule, meal("B")).fullest


@pytest.mark.parametrize(
    ("window", "totals"),
    [
        ("action", [6000, 6000, 6000, 6000]),
        (1, [6000, 12000, 6000, 6000]),
        (30, [6000, 12000, 18000, 12000]),
        (31, [6000, 12000, 18000, 24000]),
        ("month", [6000, 12000, 18000, 6000]),
        ("quarter", [6000, 12000, 18000, 24000]),
    ],
)
def test_what_has_left_the_window_counts_no_more(window, totals):
    """Two meals on 6 July, one on the 20th, one on 5 August: thirty days after the first."""
    visits = [meal("A"), meal("B"), meal("C", days=14), meal("D", days=30)]

    assert drawn(limit(window=window), *visits) == totals


def test_each_employee_and_customer_has_a_pot_of_their_own():
    """A pair is what both have in common."""
    actions = [
        meal("A", person="R-1", account="H-1"),
        meal("B", person="R-1", account="H-2"),
        meal("C", person="R-2", account="H-1"),
        meal("D", person="R-1", account="H-1"),
    ]

    assert drawn(limit(window="ever", per=["person"]), *actions) == [6000, 12000, 6000, 18000]
    assert drawn(limit(window="ever", per=["account"]), *actions) == [6000, 6000, 12000, 18000]
    both = limit(window="ever", per=["person", "account"])
    assert drawn(both, *actions) == [6000, 6000, 6000, 12000]


def test_each_attendee_bears_an_equal_part():
    """The one who came twice is the fullest pot; the part of a cent is kept."""
    rule = limit(window="ever", per=["attendees"])
    ledger = Ledger()
    ledger.draw(rule, meal("A", cost=100, attendees=["D-1", "D-2", "D-3"])).book()
    draw = ledger.draw(rule, meal("B", cost=10, attendees=["D-3", "D-4"]))

    assert draw.fullest == (Fraction(10000, 3) + 500, 10000)


def test_an_estimate_is_added_up_beside_what_was_spent():
    """The share is that of the sums."""
    rule = limit(window="ever", per=["event"], most_of_estimate=Fraction(11, 10))
    ledger = Ledger()
    ledger.draw(rule, meal("A", cost=10, event="E-1", estimate=yuan(20))).book()
    draw = ledger.draw(rule, meal("B", cost=40, event="E-1", estimate=yuan(30)))

    assert draw.fullest == (5000, 5500)
    assert not draw.exceeds


def test_an_estimate_leaves_the_window_with_its_action():
    """A big estimate of last month allows nothing today."""
    rule = limit(window=30, most_of_estimate=1)
    ledger = Ledger()
    ledger.draw(rule, meal("A", cost=10, estimate=yuan(500))).book()
    draw = ledger.draw(rule, meal("B", days=30, cost=60, estimate=yuan(50)))

    assert draw.fullest == (6000, 5000)


def test_the_fullest_pot_is_the_one_nearest_to_its_limit():
    """One guest cost more, the other had the smaller estimate."""
    rule = limit(window="ever", per=["attendees"], most_of_estimate=1)
    ledger = Ledger()
    ledger.draw(rule, meal("A", cost=100, estimate=yuan(200), attendees=["D-1"])).book()
    ledger.draw(rule, meal("B", cost=40, estimate=yuan(30), attendees=["D-2"])).book()
    draw = ledger.draw(rule, meal("C", cost=20, estimate=yuan(20), attendees=["D-1", "D-2"]))

    assert draw.fullest == (5000, 4000)
    assert draw.exceeds


def test_money_of_two_currencies_never_meets_in_one_pot():
    """Each has its own estimate."""
    rule = limit(window="ever", most_of_estimate=1)
    dollars = {"value": Money(60, "USD"), "estimate": Money(60, "USD")}

    assert drawn(rule, meal("A", estimate=yuan(60)), meal("B", **dollars)) == [6000, 6000]


def test_pieces_are_pieces_whatever_they_cost():
    """A currency does not open another pot."""
    rule = limit(window="ever", most_quantity=5)
    dear = meal("B", quantity=2, value=Money(1, "USD"))

    assert drawn(rule, meal("A", quantity=2), dear, meal("C", quantity=2, value=None)) == [2, 4, 6]


def test_two_limits_do_not_share_a_pot():
    """Each has its key."""
    ledger = Ledger()
    ledger.draw(limit("a", window="ever"), meal()).book()

    assert ledger.draw(limit("b", window="ever"), meal("B")).fullest[0] == 6000


@pytest.mark.parametrize(("cost", "exceeds"), [(100, False), ("100.01", True), (0, False)])
def test_exactly_at_the_limit_is_within_it(cost, exceeds):
    """A cent beyond is beyond."""
    assert Ledger().draw(limit(), meal(cost=cost)).exceeds is exceeds
