"""The remarks of a review: a table in both languages that has no place for a person."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from salesflow.findings import Remark, Severity
from salesflow.funnel import checks
from salesflow.labels import LANGUAGES
from salesflow.metrics import remarks, snapshots

HAN = re.compile(r"[\u4e00-\u9fff]")
PEOPLE = {"owner", "by", "name", "customer", "person", "approver", "competitor", "product"}
each = pytest.mark.parametrize("remark", remarks.REMARKS, ids=lambda remark: remark.key)


def places(label, language):
    """The names in braces of a text."""
    return {name for _, name, _, _ in Formatter().parse(label.text(language)) if name}


def test_the_table_holds_every_remark_of_the_module():
    """None was forgotten in `REMARKS`, and none is there twice."""
    named = [value for value in vars(remarks).values() if isinstance(value, Remark)]

    assert sorted(r.key for r in named) == sorted(r.key for r in remarks.REMARKS)
    assert {"REMARKS"} | {n for n, v in vars(remarks).items() if isinstance(v, Remark)} == set(
        remarks.__all__
    )


def test_every_key_means_one_thing_in_the_whole_library():
    """Findings of a review, of snapshots and of a deal share no key."""
    keys = [r.key for r in (*remarks.REMARKS, *snapshots.REMARKS, *checks.REMARKS)]

    assert len(keys) == len(set(keys))


@each
def test_both_languages_tell_the_same_values(remark):
    """What is filled into one text is filled into the other."""
    for label in (remark.text, remark.advice):
        assert places(label, "zh") == places(label, "en")


@each
def test_the_chinese_text_is_chinese_and_the_english_is_not(remark):
    """And neither is empty."""
    for label in (remark.text, remark.advice):
        assert HAN.search(label.text("zh"))
        assert label.text("en")
        assert not HAN.search(label.text("en"))


@each
def test_no_remark_has_a_place_for_a_person(remark):
    """Stages, periods and deals by id; never who."""
    found = {
        name
        for tongue in LANGUAGES
        for label in (remark.text, remark.advice)
        for name in places(label, tongue)
    }

    assert found.isdisjoint(PEOPLE)


@each
def test_a_figure_blocks_nobody(remark):
    """What is blocked is conduct; a figure is watched or avoided."""
    assert remark.severity in {Severity.WATCH, Severity.AVOID}
