"""What every page is written with: Markdown tables, capitals, commas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from salesflow.labels import Language

NOTE: Final = "<!-- Made by `python docs/generate.py`; do not edit by hand. -->"
COMMAS: Final[Mapping[Language, str]] = {"en": ", ", "zh": "、"}
COLONS: Final[Mapping[Language, str]] = {"en": ": ", "zh": "："}
LANGUAGES_OF_PAGES: Final[tuple[Language, ...]] = ("en", "zh")


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [tuple(heads), *map(tuple, rows)]
    lines.insert(1, ("---",) * len(lines[0]))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def capital(text: str) -> str:
    """Return a text with a capital first letter, where its script has one."""
    return text[:1].upper() + text[1:]


def narrowed(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table without the columns in which nothing stands."""
    kept = [index for index in range(len(heads)) if any(row[index] for row in rows)]
    return table((heads[i] for i in kept), ([row[i] for i in kept] for row in rows))
