"""The optional `settings.csv` of a book: a name and a value in each row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from report_parts.rows import BadInput, Row, read, shown

__all__ = ["SETTINGS", "setting_rows", "unknown_setting"]

SETTINGS: Final = "settings.csv"


def setting_rows(folder: Path) -> tuple[Row, ...]:
    """Return the rows of the settings, none where there is no such file."""
    if not (folder / SETTINGS).is_file():
        return ()
    return read(folder, SETTINGS, ("name", "value")).rows


def unknown_setting(name: str, known: Sequence[str], family: str) -> BadInput:
    """Refuse a name; `family` stands for those that go on as the book likes."""
    return BadInput(
        f"{SETTINGS}: the name {shown(name)!r} is unknown; known are {', '.join(known)} and "
        f"{family}"
    )
