"""Text from a host is made safe on entry, and what was taken once is taken again."""

from __future__ import annotations

import unicodedata
from enum import Enum, StrEnum

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.text import ID_LIMIT, NOTE_LIMIT, line, note, optional
from strategies import hostile_texts, safe_texts

CANARY = "Dr-Wang-13800138000"


class Product(str, Enum):  # noqa: UP042 - the older way, whose str() is another text
    """A host's own list of products."""

    ANALYSER = "CLIA-900"
    REAGENT = "试剂"


class Region(StrEnum):
    NORTH = "north"


class Marked(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("given_text", "taken"),
    [
        ("CLIA-900", "CLIA-900"),
        ("  CLIA-900 ", "CLIA-900"),
        ("\ufeff甲医院\u3000", "甲医院"),
        ("\u200b\u00a0甲\r\n", "甲"),
        ("\ttab at the edge\t", "tab at the edge"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u212b", "\u00c5"),
        ("नमस्\u200dते", "नमस्\u200dते"),
        ("👩\u200d⚕️", "👩\u200d⚕️"),
        ("Ａ１", "Ａ１"),
    ],
)
def test_text_is_composed_and_trimmed(given_text, taken):
    """NFC inside, no blanks or import marks at the edges; joiners and wide letters stay."""
    assert line(given_text, "name") == taken
    assert optional(given_text, "name") == taken


@given(safe_texts())
@example("\u0958" * 150)
@example("\U0001d15e" * 200)
def test_what_is_taken_is_composed_and_would_be_taken_again(text):
    """Storing and loading never refuses or changes what was accepted."""
    try:
        taken = line(text, "name")
    except InvalidValue:
        composed = unicodedata.normalize("NFC", text)
        shown = [c for c in composed if unicodedata.category(c)[0] in "LNPS"]
        assert len(composed) > ID_LIMIT or not set(shown) - set("\u115f\u1160\u2800\u3164\uffa0")
        return

    assert taken == unicodedata.normalize("NFC", text)
    assert line(taken, "name") == taken
    assert optional(taken, "name") == taken
    assert note(taken, "reason") == taken


@given(hostile_texts())
def test_text_that_reorders_or_hides_is_refused(text):
    """Controls, lone surrogates and direction characters inside a text are never taken."""
    for take in (line, optional):
        with pytest.raises(InvalidValue, match="remove that character"):
            take(text, "name")


@given(hostile_texts().filter(lambda text: "\n" not in text))
def test_a_note_is_no_way_around(text):
    """Several lines are allowed in a note, unsafe characters in none of them."""
    with pytest.raises(InvalidValue, match="remove that character"):
        note(f"first line\n{text}", "reason")


@pytest.mark.parametrize(
    "code",
    [
        *(0x00, 0x09, 0x0A, 0x1F, 0x7F, 0x85, 0x9F, 0xD800, 0xDFFF),
        *(0x2028, 0x2029, 0x202A, 0x202E, 0x2066, 0x2069),
    ],
    ids=hex,
)
def test_each_end_of_the_refused_ranges_is_refused(code):
    """The ranges are closed at both ends."""
    with pytest.raises(InvalidValue, match="control, surrogate or direction"):
        line(f"a{chr(code)}b", "name")


@pytest.mark.parametrize(
    "code", [0x20, 0x7E, 0xA0, 0xD7FF, 0xE000, 0x2027, 0x202F, 0x2065, 0x206A, 0x200D], ids=hex
)
def test_each_neighbour_of_the_refused_ranges_is_taken(code):
    """Nothing beyond the ranges is refused."""
    assert line(f"a{chr(code)}b", "name") == f"a{chr(code)}b"


BLANKS = ["", " ", "\t \n", "\u3000\u200b", "\u00a0", "\u2003", "\u2009\u202f"]


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_a_blank_is_no_id_and_no_reason(blank):
    """An id or a reason that shows nothing says nothing, whatever blank it is made of."""
    with pytest.raises(InvalidValue, match=r"^id is empty; give it a text\.$"):
        line(blank, "id")
    with pytest.raises(InvalidValue, match=r"^reason is empty; say why in a few words\.$"):
        note(blank, "reason")
    assert optional(blank, "id") == ""


@pytest.mark.parametrize("take", [line, optional, note])
@pytest.mark.parametrize("value", [None, 7, b"D-1", ["D-1"], object()], ids=lambda v: str(type(v)))
def test_only_text_is_text(take, value):
    """Anything but a str is refused by name of its type."""
    with pytest.raises(WrongType, match=rf"^id is of type {type(value).__name__}; pass a str\.$"):
        take(value, "id")


@pytest.mark.parametrize(
    ("take", "limit"),
    [(line, ID_LIMIT), (optional, ID_LIMIT), (note, NOTE_LIMIT), (lambda t, f: line(t, f, 3), 3)],
    ids=["line", "optional", "note", "own limit"],
)
def test_text_is_as_long_as_its_limit_and_no_longer(take, limit):
    """The limit itself is taken, one character more is not, and a giant is refused at once."""
    assert take("x" * limit, "id") == "x" * limit
    for long in ("x" * (limit + 1), "甲" * (limit + 1), "x" * 10**7):
        with pytest.raises(InvalidValue, match=f"longer than {limit} characters; shorten it"):
            take(long, "id")


@pytest.mark.parametrize(
    "long",
    ["x\n" * NOTE_LIMIT, "\n".join(["\u0958" * (NOTE_LIMIT // 2 - 1)] * 2)],
    ids=["lines", "composed"],
)
def test_a_note_is_measured_as_a_whole(long):
    """Many short lines are long together, and composing may lengthen each of them."""
    with pytest.raises(InvalidValue, match=f"longer than {NOTE_LIMIT} characters"):
        note(long, "reason")


def test_a_note_keeps_its_lines_and_loses_its_margins():
    """A reason may have paragraphs; blanks at the edge of each line go."""
    assert note("\n  first \n\n third\u3000\r\n", "reason") == "first\n\nthird"


@pytest.mark.parametrize("take", [line, optional, note])
@pytest.mark.parametrize(
    ("value", "taken"),
    [
        (Product.ANALYSER, "CLIA-900"),
        (Product.REAGENT, "试剂"),
        (Region.NORTH, "north"),
        (Marked("D-1"), "D-1"),
        (Marked("丁-1"), "丁-1"),
    ],
)
def test_a_kind_of_str_is_taken_for_its_text_and_never_kept(take, value, taken):
    """A member of a host's own list means its text; the value holds a plain str of it."""
    text = take(value, "product")

    assert text == taken
    assert type(text) is str


@given(st.sampled_from([line, optional, note]), st.sampled_from("\x00\ud800\u202e\x85"))
def test_a_refused_text_is_not_repeated(take, bad):
    """No error text holds what somebody typed."""
    with pytest.raises(SalesflowError) as caught:
        take(f"{CANARY}{bad}{CANARY}", "name")

    assert CANARY not in f"{caught.value!s}{caught.value!r}"
    assert caught.value.__context__ is None
