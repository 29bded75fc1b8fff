"""A tally: so many deals of so much money, by name where somebody looks after them."""

from __future__ import annotations

import pickle

import pytest
from attrs.exceptions import FrozenInstanceError

from books import yuan
from salesflow.metrics import Tally


def test_a_tally_names_nobody_unless_it_is_told_to():
    """Ids are for deals that want looking after."""
    assert Tally(n=2, amount=yuan(5)).ids == ()
    assert Tally(n=2, amount=yuan(5), ids=("A", "B")).ids == ("A", "B")


def test_a_tally_is_a_value():
    """Equal by content, hashable, storable, and not to be changed."""
    tally = Tally(n=1, amount=yuan(5), ids=("A",))

    assert tally == pickle.loads(pickle.dumps(tally))
    assert {tally: 1}[Tally(n=1, amount=yuan(5), ids=("A",))] == 1
    assert tally != Tally(n=1, amount=yuan(6), ids=("A",))
    with pytest.raises(FrozenInstanceError):
        tally.n = 2
