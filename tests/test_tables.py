"""A table is a mapping that keeps its order, can't be changed, and can be hashed and stored."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salesflow.errors import DuplicateId, WrongType
from salesflow.tables import Table, listed, once, rows_of

ROWS = st.dictionaries(st.text(max_size=3), st.integers())


@given(ROWS)
def test_a_table_reads_like_the_mapping_it_was_made_of(rows):
    """Keys, values, length, membership and order are those of the mapping."""
    table = Table(rows)

    assert isinstance(table, Mapping)
    assert list(rows.items()) == list(table.items())
    assert len(rows) == len(table)
    assert all(key in table and table[key] == value for key, value in rows.items())


def test_a_missing_key_is_a_key_error():
    """As in any mapping, and `get` gives the default."""
    table = Table({"R-1": 3})

    with pytest.raises(KeyError):
        table["R-2"]
    assert table.get("R-2") is None
    assert "R-2" not in table


def test_a_table_does_not_follow_the_mapping_it_was_made_of():
    """What is changed outside afterwards stays outside."""
    rows = {"R-1": 3}
    table = Table(rows)
    rows["R-1"] = 4
    rows["R-2"] = 5

    assert dict(table) == {"R-1": 3}


def test_a_table_cannot_be_changed():
    """No row can be set or dropped, and no field."""
    table = Table({"R-1": 3})

    with pytest.raises(TypeError):
        table["R-1"] = 4
    with pytest.raises(TypeError):
        del table["R-1"]
    with pytest.raises(FrozenInstanceError):
        table._rows = ()


@given(ROWS)
def test_equal_tables_have_one_hash_and_survive_storage(rows):
    """A copy and a pickle are equal to the table, and hash alike."""
    table = Table(rows)

    for again in (Table(dict(rows)), copy.deepcopy(table), pickle.loads(pickle.dumps(table))):
        assert table == again
        assert hash(table) == hash(again)
        assert dict(table) == dict(again)


def test_tables_differ_by_their_values_and_by_their_order():
    """The order of the rows is part of the table."""
    assert Table({"a": 1}) != Table({"a": 2})
    assert Table({"a": 1, "b": 2}) != Table({"b": 2, "a": 1})


def test_a_table_shows_itself_as_it_is_written():
    """Its text can be pasted back."""
    table = Table({"R-1": 3, "R-2": 5})

    assert repr(table) == "Table({'R-1': 3, 'R-2': 5})"
    assert eval(repr(table), {"Table": Table}) == table


# --- what a caller passes in -----------------------------------------------------------------


@given(ROWS)
def test_any_mapping_gives_its_rows(rows):
    """A dict, a table or what only reads like one, in its own order, as a dict of one's own."""
    for mapping in (rows, Table(rows), MappingProxyType(rows)):
        found = rows_of(mapping, "limits")
        assert list(found.items()) == list(rows.items())
        assert found is not mapping


@pytest.mark.parametrize("value", [None, 5, "ab", [("a", 1)], {"a"}, 0.5])
def test_what_is_no_mapping_has_no_rows(value):
    """The error names the argument."""
    with pytest.raises(WrongType, match=f"^limits is of type {type(value).__name__}; pass a mapp"):
        rows_of(value, "limits")


def test_whatever_can_be_iterated_is_listed():
    """A list, a set, a generator, the keys of a dict: a tuple comes out."""
    for value in ([1, 2], (1, 2), {1: "", 2: ""}, iter([1, 2]), (n for n in (1, 2))):
        assert listed(value, "deals") == (1, 2)
    assert listed((), "deals") == ()


@pytest.mark.parametrize("value", [None, 5, "D-1", "", 0.5])
def test_text_and_what_cannot_be_iterated_is_not_listed(value):
    """A text would fall into its letters."""
    with pytest.raises(WrongType, match=r"^deals is of type "):
        listed(value, "deals")


def test_different_ids_pass():
    """None at all, too."""
    once([])
    once(["N-1", "N-2"])
    once(str(n) for n in range(100))


@given(st.lists(st.sampled_from("abcdef")))
def test_the_first_id_that_comes_back_is_named(ids):
    """As a naive search finds it."""
    back = next((one for i, one in enumerate(ids) if one in ids[:i]), None)
    if back is None:
        once(ids)
    else:
        with pytest.raises(DuplicateId) as refused:
            once(ids)
        assert refused.value.id == back
