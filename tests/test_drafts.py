"""A draft has the slots of a frozen value, is filled by assignment, and then becomes it."""

from __future__ import annotations

import pickle

import pendulum
import pytest
from attrs import frozen
from attrs.exceptions import FrozenInstanceError

from salesflow.drafts import draft_of
from salesflow.funnel import Opportunity
from salesflow.metrics import movements
from salesflow.money import Money
from salesflow.periods import Quarter


class Dated:
    """A base without fields, as the entry of a trail is."""

    __slots__ = ()

    @property
    def doubled(self):
        return 2 * self.x


@frozen(weakref_slot=False)
class Point(Dated):
    x: int
    y: int = 0


def drafted(**fields):
    draft = draft_of(Point)()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.__class__ = Point
    return draft


def test_a_filled_draft_is_the_value_in_every_way():
    """Equal, of one hash and one type, with the methods of the base, and storable."""
    point = drafted(x=1, y=2)

    assert point == Point(1, 2)
    assert hash(point) == hash(Point(1, 2))
    assert type(point) is Point
    assert point.doubled == 2
    assert pickle.loads(pickle.dumps(point)) == point


def test_a_draft_that_became_a_value_is_frozen():
    """Assignment ends where the value begins."""
    point = drafted(x=1, y=2)

    with pytest.raises(FrozenInstanceError):
        point.x = 3


def test_a_draft_is_not_yet_the_value():
    """An unfinished draft is taken for nothing else, and its name tells what it is."""
    draft = draft_of(Point)()

    assert not isinstance(draft, Point)
    assert isinstance(draft, Dated)
    assert type(draft).__name__ == "PointDraft"


def test_a_draft_takes_the_fields_of_the_value_and_no_other():
    """A misspelt field is refused at once."""
    with pytest.raises(AttributeError):
        drafted(z=1)
    assert not hasattr(draft_of(Point)(), "__dict__")


def test_whatever_is_drafted_is_whole():
    """No slot of a deal, an event or a movement is left empty by those who fill drafts."""
    at = pendulum.datetime(2026, 7, 1, tz="UTC")
    deal = Opportunity.open(
        id="D-1", customer="H", owner="R", product="P", amount=Money(1, "CNY"), at=at
    ).hold(at=at, reason="frozen")
    (move,) = movements([deal], Quarter(2026, 3))

    for drafted in (deal, deal.trail[-1], move):
        slots = [slot for kind in type(drafted).__mro__ for slot in getattr(kind, "__slots__", ())]
        assert slots
        assert all(hasattr(drafted, slot) for slot in slots)
