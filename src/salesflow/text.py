"""Text that comes from a host: ids, names and reasons, made safe on entry.

Unicode lets two equal looking texts differ and lets one text reorder another on screen.  So
text is brought to the composed form (NFC), its edges are trimmed, and control characters, lone
surrogates and direction controls are refused.  Joiners stay: some scripts need them.

>>> line("  CLIA-900 ", "product")
'CLIA-900'
>>> line("", "id")
Traceback (most recent call last):
    ...
salesflow.errors.InvalidValue: id is empty; give it a text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from salesflow.errors import InvalidValue, WrongType

__all__ = ["ID_LIMIT", "NOTE_LIMIT", "line", "note", "optional"]

#: longest id or name, in characters
ID_LIMIT: Final = 200
#: longest reason or note, in characters
NOTE_LIMIT: Final = 4_000

# Controls and lone surrogates; then the characters that turn the direction of what follows.
_UNSAFE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
# Letters and symbols that show nothing.
_FILLERS: Final = "\u115f\u1160\u2800\u3164\uffa0"
# White space, and the invisible marks that exports leave at the edges of a cell.
_EDGES: Final = re.compile(r"^[\s\u200b\ufeff]+|[\s\u200b\ufeff]+$")


def line(value: object, field: str, limit: int = ID_LIMIT) -> str:
    """Return one line of text that is not empty: an id or a name.

    Raises `WrongType` for anything but a str, `InvalidValue` for an empty, unsafe or too long one.
    """
    if type(value) is str and len(value) <= limit and value.isascii() and value.isprintable():
        text = value.strip()  # the common case, at no cost
    else:
        text = optional(value, field, limit)
    if not (text.isascii() and text) and not _shows(text):
        raise InvalidValue(field, "is empty", "give it a text")
    return text


def optional(value: object, field: str, limit: int = ID_LIMIT) -> str:
    """Return one line of text that may be empty; the same refusals as `line` otherwise."""
    value = _sized(value, field, limit)
    if value.isascii() and value.isprintable():  # the common case, at no cost
        return str.__str__(value).strip()
    text = _EDGES.sub("", unicodedata.normalize("NFC", value))
    if _UNSAFE.search(text):
        raise InvalidValue(
            field, "has a control, surrogate or direction character", "remove that character"
        )
    # Composing may lengthen a text; and what shows nothing says nothing.
    return _sized(text, field, limit) if _shows(text) else ""


def note(value: object, field: str) -> str:
    """Return free text that is not empty and may have several lines: a reason or a note."""
    rows = _sized(value, field, NOTE_LIMIT).split("\n")
    joined = "\n".join(optional(row, field, NOTE_LIMIT) for row in rows)
    text = _sized(joined.strip(), field, NOTE_LIMIT)
    if not (text.isascii() and text) and not _shows(text):
        raise InvalidValue(field, "is empty", "say why in a few words")
    return text


def _sized(value: object, field: str, limit: int) -> str:
    if not isinstance(value, str):
        raise WrongType.of(field, value, "pass a str")
    if len(value) > limit:
        raise InvalidValue(field, f"is longer than {limit} characters", "shorten it")
    return value


def _shows(text: str) -> bool:
    # A text of joiners, marks and fillers is no name and no reason.
    return any(
        unicodedata.category(character)[0] in "LNPS" and character not in _FILLERS
        for character in text
    )
