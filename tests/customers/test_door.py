"""The door opens one room at a time: who only sells opens no file of a doctor."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import textwrap
from importlib import import_module
from pathlib import Path

import pytest

from salesflow import customers

EAGER = ["dossiers", "roles", "standing"]
SOURCE = Path(customers.__file__).read_text(encoding="utf-8")
LATER = list(customers._LATE)


def fresh(code):
    """What a new interpreter says to this code, read from its JSON."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def test_a_word_for_the_funnel_loads_no_form():
    """Importing the library loads the words of its customers, and none of the rooms behind."""
    loaded = fresh(
        """
        import json, sys, salesflow
        print(json.dumps(sorted(m for m in sys.modules if m.startswith("salesflow.customers."))))
        """
    )

    assert loaded == [f"salesflow.customers.{name}" for name in EAGER]


def test_every_name_is_reached_through_the_closed_door():
    """Whichever name is asked for first, it is the thing of that name and nothing else."""
    wrong = fresh(
        """
        import json, sys
        from importlib import import_module
        import salesflow.customers as door
        wrong = []
        for name in door.__all__:
            for module in [m for m in sys.modules if m.startswith("salesflow.customers")]:
                del sys.modules[module]
            door = import_module("salesflow.customers")
            for thing in (getattr(door, name), getattr(door, name)):
                if isinstance(thing, type(sys)):
                    wrong.append(name)
        print(json.dumps(wrong))
        """
    )

    assert wrong == []


def test_a_star_brings_what_the_door_lists():
    """In a fresh interpreter, each name as the very thing of its room."""
    wrong = fresh(
        """
        import json
        from importlib import import_module
        from salesflow.customers import *
        from salesflow import customers as door
        rooms = [import_module(f"salesflow.customers.{room}")
                 for room in (*door._LATE, "dossiers", "roles", "standing")]
        wrong = [name for name in door.__all__
                 if not any(globals().get(name) is vars(room).get(name, rooms) for room in rooms)]
        print(json.dumps(wrong))
        """
    )

    assert wrong == []


@pytest.mark.parametrize("name", customers.__all__)
def test_a_name_at_the_door_is_the_one_in_its_room(name):
    """One room has it, and what the door hands out is that and no copy."""
    rooms = [import_module(f"salesflow.customers.{room}") for room in (*EAGER, *LATER)]
    (room,) = [room for room in rooms if name in room.__all__]

    assert getattr(customers, name) is getattr(room, name)


def test_the_door_lists_what_its_rooms_offer():
    """No more and no less, with and without anybody having asked."""
    rooms = [import_module(f"salesflow.customers.{room}") for room in (*EAGER, *LATER)]
    offered = [name for room in rooms for name in room.__all__]

    assert sorted(customers.__all__) == sorted(offered)
    assert dir(customers) == sorted(customers.__all__)


def test_the_checkers_see_the_rooms_that_python_opens_later():
    """The star imports for the type checkers and `_LATE` name the same modules, in order."""
    (guarded,) = [node for node in ast.parse(SOURCE).body if isinstance(node, ast.If)]
    stars = [
        node.module.removeprefix("salesflow.customers.")
        for node in guarded.body
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]
    files = {path.stem for path in Path(customers.__file__).parent.glob("*.py")} - {"__init__"}

    assert len(stars) == len(guarded.body)
    assert stars == LATER == sorted(LATER)
    assert files == {*EAGER, *LATER}


@pytest.mark.parametrize("name", ["Patient", "doctor", "_types", "__nothing__", "forms"])
def test_a_name_nobody_offers_is_not_there(name):
    """The error is Python's own, so that `hasattr` and `getattr` work as ever."""
    with pytest.raises(AttributeError, match=rf"^module 'salesflow.customers' has no .*'{name}'$"):
        getattr(customers, name)
    assert not hasattr(customers, name)
