"""Writes the pages that are made from the tables of the library, so that they cannot drift.

`python docs/generate.py` writes `docs/diagrams.md`, `docs/glossary.md` and the pictures of the
funnel and of the visit; with `--check` it writes nothing, and fails where a file is not what it
would write, where the glossary leaves out a list of words, or where a page of the reference lacks
a name of its door.  What is on the pages is made in the modules of `pages`, beside this file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Final

from pages import funnel_picture, visit_picture
from pages.diagrams import diagrams
from pages.glossary import glossary, unlisted
from pages.reference import DOCS, gaps
from pages.text import LANGUAGES_OF_PAGES

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "diagrams.md": diagrams,
    "glossary.md": glossary,
}


def made() -> Mapping[str, str]:
    """Return every page by its name."""
    pages = {name: page() for name, page in PAGES.items()}
    for language in LANGUAGES_OF_PAGES:
        pages[f"funnel.{language}.svg"] = funnel_picture.picture(language)
        pages[f"visit.{language}.svg"] = visit_picture.picture(language)
    return pages


def main() -> None:
    """Write the pages, or check that they are up to date."""
    parser = argparse.ArgumentParser(description="Write the pages made from tables.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail where stale")
    options = parser.parse_args()
    for name, text in made().items():
        path = DOCS / name
        stale = not path.exists() or path.read_text(encoding="utf-8") != text
        if stale and options.check:
            sys.exit(f"docs/{name} is out of date; run: python docs/generate.py")
        if stale:
            path.write_text(text, encoding="utf-8", newline="\n")
    problems = [*unlisted(), *gaps()]
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
