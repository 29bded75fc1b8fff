"""A form takes what belongs in its boxes, and says which box is wrong, never what stood in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from types import MappingProxyType

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import CANARY, everything_told
from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.forms import by_line
from salesflow.labels import Term
from strategies import dates, hostile_texts, safe_texts


class Colour(Term):
    RED = "red", "红", "red"
    BLUE = "blue", "蓝", "blue"


class Taste(Term):
    SWEET = "sweet", "甜", "sweet"


def _ticked(value: Iterable[Colour]) -> frozenset[Colour]:
    return forms.ticked(Colour, value, "ticked")


@frozen(kw_only=True)
class Card:
    """A form with a box of every kind."""

    line: str
    optional: str = ""
    note: str = ""
    texts: tuple[str, ...] = field(default=(), converter=forms.some)
    day: date = date(2026, 7, 1)
    maybe_day: date | None = None
    term: Colour = Colour.RED
    maybe_term: Colour | None = None
    flag: bool = False
    count: int = 0
    maybe_count: int | None = None
    ticked: frozenset[Colour] = field(default=frozenset(), converter=_ticked)
    made_by_us: str = field(default="", init=False)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "line")
        forms.optional_lines(self, "optional")
        forms.notes(self, "note")
        forms.texts(self, "texts")
        forms.days(self, "day")
        forms.optional_days(self, "maybe_day")
        forms.terms(self, term=Colour)
        forms.optional_terms(self, maybe_term=Colour)
        forms.flags(self, "flag")
        forms.counts_of(self, "count")
        forms.optional_counts(self, "maybe_count")


def refusal(**boxes):
    """The error for a card with a wrong box."""
    with pytest.raises(InvalidValue) as caught:
        Card(**{"line": "K-1", **boxes})
    return caught.value


# --- what is taken ---------------------------------------------------------------------------


@given(safe_texts(), dates())
def test_a_box_holds_what_was_written_in_its_safe_shape(text, day):
    """Edges are trimmed, keys become words, a list becomes a tuple."""
    card = Card(
        line=f" {text} ",
        optional=f"{text}\u200b",
        note=f"{text}\n{text}",
        texts=[f" {text}", text],
        day=day,
        maybe_day=day,
        term="blue",
        maybe_term="red",
        flag=True,
        count=3,
        ticked=["red", Colour.RED],
    )

    assert card.line == card.optional == card.texts[0] == card.texts[1]
    assert card.note == f"{card.line}\n{card.line}"
    assert (card.day, card.maybe_day) == (day, day)
    assert (card.term, card.maybe_term) == (Colour.BLUE, Colour.RED)
    assert (card.flag, card.count, card.ticked) == (True, 3, frozenset({Colour.RED}))


def test_a_box_that_may_be_empty_may_be_empty():
    """Nothing is made up for what nobody knows."""
    card = Card(line="K-1")

    assert (card.optional, card.note, card.texts) == ("", "", ())
    assert (card.maybe_day, card.maybe_term, card.maybe_count) == (None, None, None)
    assert Card(line="K-1", maybe_count=0).maybe_count == 0


@pytest.mark.parametrize(
    "kind", [list, tuple, set, iter, dict.fromkeys], ids=lambda kind: kind.__name__
)
def test_a_list_may_come_in_any_shape_and_is_copied(kind):
    """A generator is read once; what the host does to its list later is its own affair."""
    given_ = ["red"]
    card = Card(line="K-1", texts=kind(given_), ticked=kind(given_))
    given_.append("blue")

    assert card.texts == ("red",)
    assert card.ticked == {Colour.RED}


def test_a_list_of_values_holds_values_of_one_kind():
    """The kind is named, and so is the box."""
    cards = [Card(line="K-1"), Card(line="K-2")]

    assert forms.list_of(Card, iter(cards), "cards") == tuple(cards)
    with pytest.raises(WrongType, match=r"^cards is of type str; list values of Card\.$"):
        forms.list_of(Card, [*cards, "K-3"], "cards")


# --- what is refused -------------------------------------------------------------------------


@given(hostile_texts(), st.sampled_from(["line", "optional", "note", "texts"]))
def test_no_box_takes_a_text_that_could_mislead(text, box):
    """Controls, surrogates and turned directions are refused wherever text may stand."""
    error = refusal(**{box: [text] if box == "texts" else text.replace("\n", "\0")})

    assert error.field == box
    assert error.problem == "has a control, surrogate or direction character"


@pytest.mark.parametrize(
    ("box", "content", "problem"),
    [
        ("line", "", "is empty"),
        ("line", "\u200b", "is empty"),
        ("line", "x" * 201, "is longer than 200 characters"),
        ("optional", "x" * 201, "is longer than 200 characters"),
        ("note", "x" * 4001, "is longer than 4000 characters"),
        ("texts", ["a", ""], "is empty"),
        ("texts", ["x" * 4001], "is longer than 4000 characters"),
        ("texts", "red", "is of type str"),
        ("texts", 5, "is of type int"),
        ("texts", b"red", "is of type int"),
        ("texts", ["a"] * 1001, "holds more than 1000 items"),
        ("ticked", "red", "is of type str"),
        ("ticked", None, "is of type NoneType"),
        ("ticked", ["red"] * 1001, "holds more than 1000 items"),
        ("ticked", ["green"], "has no member for such a str"),
        ("ticked", [Taste.SWEET], "has no member for such a Taste"),
        ("day", None, "is of type NoneType"),
        ("day", datetime(2026, 7, 1), "is of type datetime"),
        ("maybe_day", "2026-07-01", "is of type str"),
        ("maybe_day", date(1, 1, 1), "lies outside the calendar"),
        ("term", None, "has no member for such a NoneType"),
        ("term", "RED", "has no member for such a str"),
        ("maybe_term", Taste.SWEET, "has no member for such a Taste"),
        ("maybe_term", "", "has no member for such a str"),
        ("flag", 1, "is of type int"),
        ("flag", None, "is of type NoneType"),
        ("count", True, "is of type bool"),
        ("count", 1.0, "is of type float"),
        ("count", -1, "is below zero"),
        ("count", None, "is of type NoneType"),
        ("count", 10**12 + 1, "is more than anybody counts"),
        ("maybe_count", -1, "is below zero"),
    ],
)
def test_an_error_names_the_box_and_what_is_wrong_with_it(box, content, problem):
    """The next person knows where to look."""
    error = refusal(**{box: content})

    assert (error.field, error.problem) == (box, problem)


def test_the_longest_of_everything_is_taken():
    """The limits themselves are no error."""
    card = Card(line="x" * 200, optional="x" * 200, note="x" * 4000, texts=["x" * 4000] * 1000)

    assert [len(card.line), len(card.optional), len(card.note)] == [200, 200, 4000]
    assert [len(card.texts), len(card.texts[-1])] == [1000, 4000]


def test_a_wrong_word_is_told_which_words_there_are():
    """The remedy lists the keys; the word itself is not repeated."""
    error = refusal(term=CANARY)

    assert error.remedy == "use one of: red, blue"
    assert CANARY not in everything_told(error)


# --- records ---------------------------------------------------------------------------------


def test_a_form_is_filled_from_a_record():
    """Any mapping of box to content will do, and boxes that may be empty may be left out."""
    record = {"line": "K-1", "term": "blue"}

    assert forms.from_record(Card, record) == Card(line="K-1", term=Colour.BLUE)
    assert forms.from_record(Card, MappingProxyType(record)) == forms.from_record(Card, record)


def test_a_box_that_must_be_filled_is_missed_by_name():
    """Ours is the error, not Python's."""
    with pytest.raises(InvalidValue, match=r"^line is missing; fill it: every Card has one\.$"):
        forms.from_record(Card, {"note": "x"})


@pytest.mark.parametrize("name", ["hobbies", "made_by_us", "x" * 40])
def test_a_box_the_form_does_not_have_is_refused_by_name(name):
    """Nothing slips in and nothing is lost; what we work out ourselves is not filled in."""
    with pytest.raises(InvalidValue) as caught:
        forms.from_record(Card, {"line": "K-1", name: "x"})

    assert caught.value.field == name
    assert caught.value.problem == "is no box of Card"


@pytest.mark.parametrize(
    "name", [CANARY, "李明", "x" * 41, "two words", "x\u202e", "", 7, None, b"line", ("line",)]
)
def test_a_name_that_may_be_a_content_is_not_repeated(name):
    """A host that swapped its columns has people's names where boxes should be."""
    with pytest.raises(InvalidValue) as caught:
        forms.from_record(Card, {"line": "K-1", name: "x"})

    assert caught.value.field == "a box of the record"
    assert CANARY not in everything_told(caught.value)


@pytest.mark.parametrize("record", [None, "line", [("line", "K-1")], 5, {"line"}], ids=repr)
def test_a_record_is_a_mapping(record):
    """A list of pairs may hold a box twice."""
    with pytest.raises(WrongType, match=r"^record is of type "):
        forms.from_record(Card, record)


# --- privacy ---------------------------------------------------------------------------------


@given(st.text())
def test_a_mask_tells_only_whether_a_box_is_filled(text):
    """Empty or not is worth knowing; the rest is nobody's business."""
    assert forms.masked(text) == ("'***'" if text else "''")


def test_an_empty_cell_of_a_record_counts_as_left_out():
    """A table of text has empty cells where a form has None; a box that is needed still is."""
    record = {"line": "K-1", "maybe_day": "", "maybe_term": ""}
    assert forms.from_record(Card, record) == Card(line="K-1")
    with pytest.raises(InvalidValue, match=r"^line is empty"):
        forms.from_record(Card, {"line": ""})


def test_ids_that_differ_by_space_alone_are_one_id_said_twice():
    """The second would silently take the place of the first."""
    assert by_line({" R-9 ": 1}, "leave") == {"R-9": 1}
    with pytest.raises(InvalidValue) as refused:
        by_line({"R-9": 1, " R-9": 2}, "leave")
    assert refused.value.field == "leave"
