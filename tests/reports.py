"""The examples of docs/examples, run in this process, and what is read from their reports."""

from __future__ import annotations

import csv
import importlib
import io
import os
import re
import subprocess
import sys
import unicodedata
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"
EXPORTS = ROOT.parent / "shared" / "data"


# --- running a script ------------------------------------------------------------------------


def example(name):
    """The module of a script, or of a part of one such as `report_parts.rows`."""
    sys.path.insert(0, str(EXAMPLES))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(EXAMPLES))


def exported(name):
    """The folder of an export; the test is skipped where the exports are not at hand."""
    folder = EXPORTS / name
    if not folder.is_dir():
        pytest.skip(f"the export {name} is not beside the repository")
    return folder


def fixtures(script):
    """The fixtures `report` and `complaint` of a script.

    What a report says of the sample or of an export is computed once in a module; a folder that a
    test has written may have changed since.
    """
    main = example(script).main

    def told(*words, code=0):
        out = io.StringIO()
        with redirect_stdout(out):
            assert main(list(words)) == code
        return tuple(out.getvalue().splitlines())

    once = cache(told)

    @pytest.fixture(scope="module")
    def report():
        """Run the script and return the lines it prints."""

        def run(*argv, code=0):
            own = any(isinstance(one, Path) and not one.is_relative_to(EXPORTS) for one in argv)
            return (told if own else once)(*map(str, argv), code=code)

        return run

    @pytest.fixture(scope="module")
    def complaint():
        """Run the script in vain and return what it says."""

        def run(*argv):
            out, err = io.StringIO(), io.StringIO()
            with (
                redirect_stdout(out),
                redirect_stderr(err),
                pytest.raises(SystemExit) as left,
            ):
                main([str(word) for word in argv])
            assert left.value.code == 2
            assert out.getvalue() == ""
            assert err.getvalue().count("\n") == 1
            return err.getvalue()

        return run

    return report, complaint


def said_twice(script, *words):
    """What a script prints in two processes with other hash seeds, to a terminal of ASCII."""
    command = [sys.executable, str(EXAMPLES / f"{script}.py"), *words]
    return [
        subprocess.run(
            command,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "ascii"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]


def manual(script):
    """What `--help` says, on one line."""
    out = io.StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit) as left:
        example(script).main(["--help"])
    assert left.value.code == 0
    return flat(out.getvalue().splitlines())


# --- reading a report ------------------------------------------------------------------------


def columns(text):
    """How many columns a line takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cells(lines, start):
    """The cells of the first line that starts so."""
    found = next(line for line in lines if line.strip().startswith(start))
    return found.strip()[len(start) :].split()


def flat(lines):
    """All lines on one, as if nothing had been wrapped."""
    return " ".join(" ".join(lines).split())


# --- reading the files and the pages beside it -----------------------------------------------


def table(path):
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fences(page):
    """The fences of a page, by the line before them."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"^([^\n]+):\n\n```text\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    return {name.strip("`"): content for name, content in found}


def named(page, heading):
    """The names in the first table below a heading of a page."""
    section = page.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    first = section.split("\n\n|")[1].split("\n\n")[0]
    return set(re.findall(r"^\|? ?`([^`]+)`", first, re.MULTILINE))
