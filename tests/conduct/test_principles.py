"""The four principles are data, and each names what serves it in this library."""

from __future__ import annotations

import copy
import pickle
import re
from importlib import import_module

import pytest
from attrs.exceptions import FrozenInstanceError

from salesflow.conduct.principles import PRINCIPLES, Principle, Tool
from salesflow.labels import Label

HAN = re.compile(r"[\u4e00-\u9fff]")
TOOLS = [(principle, tool) for principle, tools in PRINCIPLES.items() for tool in tools]


def test_there_are_four_principles_in_the_order_of_the_trade():
    """Process, say-do-show, prevention, standards; each in both languages and with its tools."""
    assert [one.value for one in PRINCIPLES] == [
        "process",
        "say_do_show",
        "prevention",
        "standards",
    ]
    assert list(PRINCIPLES) == list(Principle)
    assert Principle.SAY_DO_SHOW.label("zh") == "该说的要说到，说到的要做到，做到的要见到"
    for one in Principle:
        assert HAN.search(one.label("zh"))
        assert not HAN.search(one.label("en"))
        assert PRINCIPLES[one]


@pytest.mark.parametrize(
    ("principle", "tool"), TOOLS, ids=[f"{one.value}-{tool.module}" for one, tool in TOOLS]
)
def test_every_tool_exists_and_says_what_it_is(principle, tool):
    """In both languages; it serves one principle only, so the list stays short."""
    assert import_module(f"salesflow.{tool.module}").__doc__
    assert HAN.search(tool.name.zh)
    assert not HAN.search(tool.name.en)
    assert [one for one, other in TOOLS if other.module == tool.module] == [principle]


def test_a_tool_is_a_value():
    """Equal by content, hashable, stored."""
    tool = Tool(Label("通知单", "notice"), "conduct.notices")

    assert tool == pickle.loads(pickle.dumps(tool)) == copy.deepcopy(tool)
    assert hash(tool) == hash(copy.deepcopy(tool))
    with pytest.raises(FrozenInstanceError):
        tool.module = ""
    assert hash(PRINCIPLES) == hash(pickle.loads(pickle.dumps(PRINCIPLES)))
