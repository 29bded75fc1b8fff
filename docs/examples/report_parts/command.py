"""The command line of every example: `[en|zh] [FOLDER] …`, and one line for what is no use.

A script is a `Parser` with its own options, a function that writes the page, and

    def main(argv: Sequence[str] | None = None) -> int:
        return answer(parser(), argv, _report)


    if __name__ == "__main__":
        run(main)
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, cast

from report_parts.inputs import nothing_read
from report_parts.intake import FileCount
from report_parts.layout import Page
from report_parts.rows import BadInput
from salesflow import SalesflowError
from salesflow.labels import LANGUAGES, Language

__all__ = ["Parser", "Report", "answer", "place", "run"]

#: the page that answers the arguments, and the files that it is made of, the main one first
Report = Callable[[argparse.Namespace], tuple[Page, Sequence[FileCount]]]


class Parser(argparse.ArgumentParser):
    """Takes a language and a folder, in either order, and says what is wrong in one line."""

    def __init__(self, *, prog: str, description: str, folder: str, what: str) -> None:
        """Say in the help which files a `folder` holds, and `what` is read from them."""
        super().__init__(
            prog=prog,
            description=description,
            epilog=f"FOLDER holds {folder}. Exit code: 0 for a report, 1 for one in which every "
            f"{what} was refused, 2 where the arguments or the files are no use.",
        )
        self.add_argument("language", nargs="?", help="en (the default) or zh")
        self.add_argument(
            "folder", nargs="?", help="folder of CSV files; without it the sample book"
        )

    def error(self, message: str) -> NoReturn:
        """Print the line and leave with exit code 2."""
        self.exit(2, f"{self.prog}: {message} (try --help)\n")


def place(given: argparse.Namespace, sample: Path) -> tuple[Language, Path]:
    """Return the language, English where none is given, and the folder, or that of the sample."""
    words = [word for word in (given.language, given.folder) if word is not None]
    spoken = [word for word in words if word in LANGUAGES]
    folders = [word for word in words if word not in LANGUAGES]
    if len(spoken) > 1 or len(folders) > 1:
        raise BadInput(f"one language (en or zh) and one folder, not {' and '.join(words)}")
    folder = Path(folders[0]) if folders else sample
    if not folder.is_dir():
        raise BadInput(f"{folders[0]!r} is neither a language (en, zh) nor a folder")
    return cast("Language", spoken[0] if spoken else "en"), folder


def answer(command: Parser, argv: Sequence[str] | None, report: Report) -> int:
    """Print the report and return the exit code; arguments of no use are one line and a 2."""
    given = command.parse_args(argv)
    try:
        page, files = report(given)
    except (BadInput, SalesflowError) as problem:
        command.error(str(problem))
    print("\n".join(page.lines))
    return 1 if nothing_read(files) else 0


def run(main: Callable[[], int]) -> NoReturn:
    """Run a script: in both languages whatever the terminal says, until the reader stops."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        sys.exit(main())
    except BrokenPipeError:  # the reader has seen enough
        sys.exit(0)
