"""What all examples share: one command line, one way to read an argument, nothing written twice."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import EXAMPLES, example, manual
from salesflow import Money, Month, SalesflowError, Span

FILES = sorted(EXAMPLES.rglob("*.py"))
SCRIPTS = [path.stem for path in EXAMPLES.glob("*.py")]
ARGUMENTS = example("report_parts.arguments")
BAD = example("report_parts.rows").BadInput


# --- the files -------------------------------------------------------------------------------


def private(source):
    """The private names that a file imports from others."""
    return [
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith("_")
    ]


def imported(source):
    """The packages that a file imports from."""
    return {
        node.module.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
    }


def twins(sources):
    """The functions whose body, but for the docstring, stands in several places."""
    places = defaultdict(list)
    for name, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                text = "\n".join(ast.unparse(line) for line in body)
                if "\n" in text:
                    places[text].append(f"{name}: {node.name}")
    return [found for found in places.values() if len(found) > 1]


def test_no_example_imports_what_another_keeps_to_itself():
    assert {str(path): private(path.read_text(encoding="utf-8")) for path in FILES} == {
        str(path): [] for path in FILES
    }


def test_no_function_of_the_examples_is_written_twice():
    assert twins({path.name: path.read_text(encoding="utf-8") for path in FILES}) == []


def test_what_is_shared_knows_no_example():
    examples = {name for script in SCRIPTS for name in (script, f"{script}_parts")}

    for path in (EXAMPLES / "report_parts").glob("*.py"):
        assert not imported(path.read_text(encoding="utf-8")) & examples, path.name


def test_a_private_import_and_a_twin_are_seen():
    one = 'def f(x):\n    """F."""\n    y = x\n    return y\n'

    assert private("from a import b, _c") == ["_c"]
    assert twins({"a": one, "b": one.replace('"""F."""', '"""G."""')}) == [["a: f", "b: f"]]
    assert twins({"a": one, "b": one.replace("return y", "return x")}) == []


# --- the command line ------------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_takes_a_language_and_a_folder(script):
    text = manual(script)

    assert text.startswith(f"usage: {script}.py ")
    assert "[language] [folder]" in text
    assert "2 where the arguments or the files are no use." in text


def test_a_reader_who_has_seen_enough_is_no_fault():
    script = subprocess.Popen(
        [sys.executable, str(EXAMPLES / "quarter_review.py"), "zh"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    script.stdout.close()
    with script.stderr as errors:
        said = errors.read()

    assert (script.wait(), said) == (0, b"")


# --- the arguments ---------------------------------------------------------------------------

READERS = {
    "amount": lambda text: ARGUMENTS.amount(text, "CNY"),
    "currency": ARGUMENTS.currency,
    "day": lambda text: ARGUMENTS.day(text, "--from"),
    "instant": lambda text: ARGUMENTS.instant(text, "Asia/Shanghai"),
    "instant_in": lambda text: ARGUMENTS.instant_in(text, Month(2026, 8)),
    "month": lambda text: ARGUMENTS.month(text, "UTC"),
    "quarter": ARGUMENTS.quarter,
    "zone": ARGUMENTS.zone,
}
AUGUST = Span(date(2026, 8, 31), date(2026, 9, 1), tz="Asia/Shanghai")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("amount", "5,000,000", Money(5_000_000, "CNY")),
        ("amount", " 500 wan", Money(5_000_000, "CNY")),
        ("amount", "1.5万", Money(15_000, "CNY")),
        ("currency", "usd", "USD"),
        ("day", "2026-08-31", date(2026, 8, 31)),
        ("instant", "2026-08-31", AUGUST.last),
        ("instant", "2026-09-01T00:00+08:00", AUGUST.end),
        ("month", "2026-08", Month(2026, 8)),
        ("quarter", "2026Q3", (2026, 3)),
        ("quarter", "2026-q3", (2026, 3)),
        ("zone", "Asia/Shanghai", "Asia/Shanghai"),
    ],
)
def test_an_argument_is_read_as_it_is_written(name, text, value):
    assert READERS[name](text) == value


@pytest.mark.parametrize("name", READERS)
def test_what_nobody_gave_stays_open(name):
    assert READERS[name](None) is None


@given(
    st.sampled_from(sorted(READERS)),
    st.text(max_size=12) | st.from_regex(r"[0-9]{4}-?[Qq0-9]{1,2}(-[0-9]{2})?", fullmatch=True),
)
def test_any_other_argument_is_one_clear_line(name, text):
    said = ""
    try:
        READERS[name](text)
    except (BAD, SalesflowError) as problem:
        said = str(problem)

    assert "\n" not in said
