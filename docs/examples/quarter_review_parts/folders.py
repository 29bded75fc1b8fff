"""The folders of deals that are known, each recognised by its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from quarter_review_parts import book, crm_set, salesforce
from quarter_review_parts.source import Options, Source
from report_parts.rows import BadInput

__all__ = ["Reader", "reader_of"]

Reader = Callable[[Path, Options], Source]
_READERS: Final[tuple[tuple[tuple[str, ...], Reader], ...]] = (
    (salesforce.FILES, salesforce.salesforce),
    (crm_set.FILES, crm_set.crm_set),
    (book.FILES, book.book),
)


def reader_of(folder: Path) -> Reader:
    """Return what reads a folder; raises `BadInput` for one that holds no known files."""
    for files, reader in _READERS:
        if all((folder / name).is_file() for name in files):
            return reader
    known = "; ".join(" + ".join(files) for files, _ in _READERS)
    raise BadInput(f"{str(folder)!r} holds no files that are known: {known}")
