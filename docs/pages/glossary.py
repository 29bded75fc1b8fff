"""The glossary, made from the words and from the labels of the library."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable
from typing import cast

from pages.text import NOTE, table
from pages.words import DOORS, TERMS, WORDS
from salesflow.labels import LANGUAGES, Term


def found(name: str) -> object:
    """Return what an address such as `salesflow.metrics.churn` leads to, or raise."""
    module = next(door for door in DOORS if name.startswith(f"{door}."))
    here: object = importlib.import_module(module)
    rest = name.removeprefix(f"{module}.")
    for part in rest.split("."):
        # A field of a value is known to its class only.
        fields = getattr(here, "__attrs_attrs__", ())
        known = {field.name: field for field in fields}
        here = known[part] if part in known else _inside(here, part)
    return here


def _inside(here: object, part: str) -> object:
    # A door may load a room only when it is asked for one of its names.
    if inspect.ismodule(here):
        return getattr(here, part)
    return inspect.getattr_static(here, part)


def sentence(thing: object) -> str:
    """Return the first sentence of a docstring."""
    text = inspect.getdoc(thing) or ""
    return text.split("\n\n")[0].replace("\n", " ")


def glossary() -> str:
    """Return the words of the trade in both languages, each with its address."""
    for *_, name, _ in WORDS:
        found(name)
    parts = [
        "# Glossary",
        NOTE,
        (
            "The words of the trade in Chinese and English, each with the name that means it.\n"
            "The labels are those of the library itself, and the names those of "
            "[the reference](reference/index.md)."
        ),
        "## Figures and things",
        table(
            ("中文", "English", "name", "meaning"),
            ((zh, en, f"`{name}`", meaning) for zh, en, name, meaning in WORDS),
        ),
    ]
    for door, names in TERMS.items():
        for name in names:
            kind = cast("type[Term]", found(f"{door}.{name}"))
            rows = [(m.label(LANGUAGES[0]), m.label(LANGUAGES[1]), f"`{m.name}`") for m in kind]
            parts += [
                f"## {name}",
                f"`{door}.{name}`: {sentence(kind)}",
                table(("中文", "English", "member"), rows),
            ]
    return "\n\n".join(parts) + "\n"


def unlisted() -> Iterable[str]:
    """Yield the enumerated words behind a door that the glossary leaves out."""
    for door in DOORS:
        names: list[str] = getattr(importlib.import_module(door), "__all__", [])
        for name in names:
            thing = found(f"{door}.{name}")
            if _enumerates(thing) and name not in TERMS.get(door, ()):
                yield f"docs/glossary.md lacks {door}.{name}"


def _enumerates(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, Term) and bool(len(thing))
