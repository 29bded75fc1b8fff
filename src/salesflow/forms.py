"""Forms: checking the boxes of a frozen value while it is made.

Many values of the trade are forms that somebody fills in: ids, names, words from a list, days.
Each function below takes the form and the names of some boxes, and puts back what was written
there in its safe shape, or refuses it with an error that names the box and never its content.

>>> from attrs import frozen
>>> @frozen(kw_only=True)
... class Card:
...     id: str
...     phone: str = ""
...     def __attrs_post_init__(self) -> None:
...         lines(self, "id")
...         optional_lines(self, "phone")
>>> Card(id=" DR-7 ").id
'DR-7'
>>> Card(id="")
Traceback (most recent call last):
    ...
salesflow.errors.InvalidValue: id is empty; give it a text.
>>> from_record(Card, {"id": "DR-7", "hobbies": "chess"})
Traceback (most recent call last):
    ...
salesflow.errors.InvalidValue: hobbies is no box of Card; leave it out: only what the work ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, Final, TypeVar, cast

from attrs import NOTHING, fields_dict

from salesflow import text
from salesflow.errors import InvalidValue, WrongType
from salesflow.instants import day
from salesflow.labels import Term
from salesflow.tables import Rows, Table, rows_of, several

__all__ = [
    "answers",
    "by_line",
    "count",
    "counts_of",
    "days",
    "flags",
    "from_record",
    "keyed",
    "lines",
    "list_of",
    "masked",
    "notes",
    "optional_counts",
    "optional_days",
    "optional_lines",
    "optional_terms",
    "shown",
    "some",
    "term_of",
    "terms",
    "texts",
    "ticked",
]

V = TypeVar("V")
T = TypeVar("T", bound=Term)

# Most items one box may hold.
_MOST: Final = 1_000
# Longest name of a box that an error repeats.
_LONGEST: Final = 40
# More than anybody counts by hand, and short enough to be shown.
_HIGHEST: Final = 10**12


def from_record(form: type[V], record: Rows[str, object]) -> V:
    """Return a form filled from a host's record, a mapping of box to content.

    An empty text in a box that may be left out counts as left out.
    Raises `InvalidValue` for a box that the form does not have, so that nothing private slips in
    and nothing is lost without a word, and for one that is missing.
    """
    known = {name: box for name, box in fields_dict(cast("Any", form)).items() if box.init}
    optional = {name for name, box in known.items() if box.default is not NOTHING}
    # An empty cell of a table says nothing, whatever its box would hold.
    boxes = {
        name: value
        for name, value in rows_of(record, "record").items()
        if type(value) is not str or value or name not in optional
    }
    for name in boxes:
        if name not in known:
            remedy = "leave it out: only what the work needs is kept"
            raise InvalidValue(_told(name), f"is no box of {form.__name__}", remedy)
    for name in known:
        if name not in optional and name not in boxes:
            raise InvalidValue(name, "is missing", f"fill it: every {form.__name__} has one")
    return form(**boxes)


def _told(name: object) -> str:
    # What stands as the name of a box may itself be something that somebody typed.
    said = str.__str__(name) if isinstance(name, str) else ""
    plain = said.isidentifier() and said.isascii() and len(said) <= _LONGEST
    return said if plain else "a box of the record"


def lines(form: object, /, *boxes: str) -> None:
    """Boxes with one line of text that must be there, such as an id."""
    _settle(form, boxes, text.line)


def optional_lines(form: object, /, *boxes: str) -> None:
    """Boxes with one line of text that may be empty."""
    _settle(form, boxes, text.optional)


def notes(form: object, /, *boxes: str) -> None:
    """Boxes with free text of several lines that may be empty."""
    _settle(form, boxes, _note)


def texts(form: object, /, *boxes: str) -> None:
    """Boxes that list lines of text, none of them empty."""
    _settle(form, boxes, _texts)


def days(form: object, /, *boxes: str) -> None:
    """Boxes with a calendar date."""
    _settle(form, boxes, day)


def optional_days(form: object, /, *boxes: str) -> None:
    """Boxes with a calendar date, or None."""
    _settle(form, boxes, _optional_day)


def terms(form: object, /, **kinds: type[Term]) -> None:
    """Boxes with a word of a list, by box; the key of the word is taken too."""
    for box, kind in kinds.items():
        _settle(form, (box,), partial(term_of, kind))


def optional_terms(form: object, /, **kinds: type[Term]) -> None:
    """Boxes with a word of a list, or None."""
    for box, kind in kinds.items():
        if getattr(form, box) is not None:
            _settle(form, (box,), partial(term_of, kind))


def flags(form: object, /, *boxes: str) -> None:
    """Boxes that are ticked or not."""
    _settle(form, boxes, partial(_of_type, bool, remedy="pass True or False"))


def counts_of(form: object, /, *boxes: str) -> None:
    """Boxes with a whole number, zero or more."""
    _settle(form, boxes, count)


def optional_counts(form: object, /, *boxes: str) -> None:
    """Boxes with a whole number, zero or more, or None where nobody counted."""
    _settle(form, boxes, _optional_count)


def some(value: Iterable[str]) -> tuple[str, ...]:
    """Take a list of texts; `texts` then looks at each of them, and at what is no list."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return cast("tuple[str, ...]", value)
    # A set has no order, or rather one that differs from run to run.
    few = islice(sorted(value, key=str) if isinstance(value, AbstractSet) else value, _MOST + 1)
    return tuple(few)


def count(value: object, box: str) -> int:
    """Take a whole number, zero or more, of things that somebody could have counted."""
    counted = _of_type(int, value, box, remedy="pass a whole number")
    if counted < 0:
        raise InvalidValue(box, "is below zero", "pass zero or more")
    if counted > _HIGHEST:
        raise InvalidValue(box, "is more than anybody counts", "check the figure")
    return counted


def term_of(kind: type[T], value: object, box: str) -> T:
    """Take a word of a list, or its key."""
    if isinstance(value, kind):
        return value
    try:
        return kind.of(value)
    except InvalidValue as error:
        raise InvalidValue(box, error.problem, error.remedy) from None


def keyed(kind: type[T], rows: Rows[T, V], box: str) -> dict[T, V]:
    """Take a mapping by the words of a list, in the order of the list; no word twice."""
    given = rows_of(rows, box)
    found = {term_of(kind, key, box): value for key, value in given.items()}
    if len(found) < len(given):
        raise InvalidValue(box, "has a word twice", "say it once")
    return {key: found[key] for key in kind if key in found}


def answers(kind: type[T], rows: Rows[T, bool], box: str) -> Table[T, bool]:
    """Take yes or no by the words of a list; what nobody answered is left out."""
    found = keyed(kind, rows, box)
    for yes in found.values():
        _of_type(bool, yes, box, remedy="pass True or False")
    return Table(found)


def by_line(rows: Rows[str, V], box: str) -> dict[str, V]:
    """Take a mapping by ids, each a line of text; no id twice, however it is spaced."""
    given = rows_of(rows, box)
    found = {text.line(key, box): value for key, value in given.items()}
    if len(found) < len(given):
        raise InvalidValue(box, "has an id twice", "say it once")
    return found


def ticked(kind: type[T], value: Iterable[T], box: str) -> frozenset[T]:
    """Take the words of a list that were ticked in a box; their keys are taken too."""
    return frozenset(term_of(kind, item, box) for item in _few(value, box))


def shown(value: frozenset[Term]) -> str:
    """Show ticked words by name, in one order: for `field(repr=shown)`."""
    return "{" + ", ".join(sorted(term.name for term in value)) + "}"


def list_of(kind: type[V], value: Iterable[V], box: str) -> tuple[V, ...]:
    """Take a list of other values, each of one kind."""
    remedy = f"list values of {kind.__name__}"
    return tuple(_of_type(kind, item, box, remedy=remedy) for item in _few(value, box))


def masked(value: object) -> str:
    """Show that a box of a person is filled, and not with what: for `field(repr=masked)`."""
    return "'***'" if value else "''"


def _settle(form: object, /, boxes: tuple[str, ...], safe: Callable[[object, str], object]) -> None:
    for box in boxes:
        object.__setattr__(form, box, safe(getattr(form, box), box))


def _note(value: object, box: str) -> str:
    return "" if isinstance(value, str) and not value.strip() else text.note(value, box)


def _few(value: Iterable[V], box: str) -> tuple[V, ...]:
    items = tuple(islice(several(value, box), _MOST + 1))  # one too many tells enough
    if len(items) > _MOST:
        raise InvalidValue(box, f"holds more than {_MOST} items", "split the form")
    return items


def _texts(value: object, box: str) -> tuple[str, ...]:
    items = _few(cast("Iterable[object]", value), box)
    return tuple(text.line(item, box, text.NOTE_LIMIT) for item in items)


def _optional_day(value: object, box: str) -> date | None:
    return None if value is None else day(value, box)


def _of_type(kind: type[V], value: object, box: str, *, remedy: str) -> V:
    if type(value) is not kind:
        raise WrongType.of(box, value, remedy)
    return value


def _optional_count(value: object, box: str) -> int | None:
    return None if value is None else count(value, box)
