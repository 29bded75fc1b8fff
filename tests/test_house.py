"""The rules of the house that no other tool holds, each shown to fail on a bad example.

Layers are held by import-linter, style by ruff; here are the mirror, the sizes, the doors, and
what must not stand in the source.
"""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "salesflow"
FILES = sorted(SOURCE.rglob("*.py"))
MODULES = [path for path in FILES if path.name != "__init__.py"]
DOORS = [path for path in FILES if path.name == "__init__.py" and path.parent != SOURCE]

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
LONGEST_DOOR = 30
WIDEST_FACE = 45


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_there_is_a_house_to_check():
    assert MODULES
    assert DOORS


# --- the mirror ------------------------------------------------------------------------------


def without_mirror(modules, tests):
    """The modules (`funnel/stages.py`) that lack their test file (`funnel/test_stages.py`)."""
    return [
        module
        for module in modules
        if str(Path(module).with_name(f"test_{Path(module).name}")) not in tests
    ]


def test_every_module_has_its_mirror():
    tests = {str(path.relative_to(ROOT / "tests")) for path in (ROOT / "tests").rglob("test_*.py")}

    assert without_mirror([named(path) for path in MODULES], tests) == []


def test_a_missing_mirror_is_seen():
    tests = {"test_money.py", "test_stages.py"}

    assert without_mirror(["money.py", "funnel/stages.py"], tests) == ["funnel/stages.py"]


# --- sizes -----------------------------------------------------------------------------------


def docstring_lines(node) -> int:
    if ast.get_docstring(node, clean=False) is None:
        return 0
    docstring = node.body[0]
    return docstring.end_lineno - docstring.lineno + 1


def too_long_module(source):
    lines = len(source.splitlines())
    return [f"{lines} lines"] if lines > LONGEST_MODULE else []


def too_long_functions(source):
    """Functions that are too long, counted from `def` to the end, without the docstring."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    sizes = [
        (node.name, node.end_lineno - node.lineno + 1 - docstring_lines(node)) for node in functions
    ]
    return [f"{name} has {size} lines" for name, size in sizes if size > LONGEST_FUNCTION]


def test_a_module_one_line_too_long_is_seen():
    assert too_long_module("x = 1\n" * 400) == []
    assert too_long_module("x = 1\n" * 401) == ["401 lines"]


def test_a_function_one_line_too_long_is_seen():
    fits = "class A:\n    def f(self):\n" + '        """One.\n\n        Two.\n        """\n'
    fits += "        x = 1\n" * 39

    assert too_long_functions(fits) == []
    assert too_long_functions(fits + "        x = 1\n") == ["f has 41 lines"]


# --- doors -----------------------------------------------------------------------------------


def names_of(source) -> list[str] | None:
    """What `__all__` lists, or None where there is none or it is computed."""
    for node in ast.parse(source).body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="__all__")], value=value)
                | ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value)
            ):
                try:
                    return list(ast.literal_eval(value))
                except ValueError:
                    return None
    return None


def in_order(names):
    """CONSTANTS, then Classes, then the rest: the order in which ruff keeps `__all__`."""
    return sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))


def lines_of_code(source) -> int:
    """Lines that hold code; a docstring is none, and `__all__` is one however long."""
    tree, rows = ast.parse(source), source.splitlines()
    code = set()
    for node in tree.body[1 if docstring_lines(tree) else 0 :]:
        is_list = rows[node.lineno - 1].startswith("__all__")
        code.update(range(node.lineno, (node.lineno if is_list else node.end_lineno) + 1))
    return sum(bool(rows[number - 1].strip()) for number in code)


def faults_of_door(source, exists):
    """What is wrong with a door; `exists` tells whether a name can be reached through it."""
    names = names_of(source)
    if names is None:
        return ["has no plain __all__"]
    size = lines_of_code(source)
    return [
        *(["__all__ is not sorted"] if names != in_order(set(names)) else []),
        *([f"{size} lines of code"] if size > LONGEST_DOOR else []),
        *(f"{name} does not exist" for name in names if not exists(name)),
    ]


def faults_of_face(source):
    names = names_of(source)
    if names is None:
        return ["has no plain __all__"]
    return [f"{len(names)} names"] if len(names) > WIDEST_FACE else []


@pytest.mark.parametrize("door", DOORS, ids=lambda path: path.parent.name)
def test_a_door_is_short_sorted_and_true(door):
    room = importlib.import_module(f"salesflow.{'.'.join(door.parent.relative_to(SOURCE).parts)}")

    assert faults_of_door(read(door), lambda name: hasattr(room, name)) == []


def test_the_face_is_narrow_sorted_and_true():
    face = read(SOURCE / "__init__.py")
    names = names_of(face)

    assert faults_of_face(face) == []
    assert names == in_order(set(names))
    assert [name for name in names if not hasattr(importlib.import_module("salesflow"), name)] == []


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ('__all__ = ["LOST", "Deal", "Stage", "win"]', []),
        ('__all__: Final = ("Deal", "win")', []),
        ('"""Doc."""', ["has no plain __all__"]),
        ("__all__ = [*names]", ["has no plain __all__"]),
        ('__all__ = ["Stage", "Deal"]', ["__all__ is not sorted"]),
        ('__all__ = ["Deal", "LOST"]', ["__all__ is not sorted"]),
        ('__all__ = ["Deal", "Deal"]', ["__all__ is not sorted"]),
        ('__all__ = ["ghost"]', ["ghost does not exist"]),
        ('"""Doc."""\n' + "import a\n\n# why\n" * 29 + '__all__ = [\n"Deal",\n"win",\n]', []),
        ('"""Doc."""\n' + "import a\n" * 30 + '__all__ = ["Deal"]', ["31 lines of code"]),
    ],
)
def test_a_bad_door_is_seen(source, faults):
    assert faults_of_door(source, lambda name: name != "ghost") == faults


def test_a_wide_face_is_seen():
    assert faults_of_face(f"__all__ = {['a'] * 45}") == []
    assert faults_of_face(f"__all__ = {['a'] * 46}") == ["46 names"]
    assert faults_of_face("") == ["has no plain __all__"]


# --- nothing at module level grows -----------------------------------------------------------

MAKERS = {"bytearray", "Counter", "OrderedDict", "defaultdict", "deque", "dict", "list", "set"}
CHANGES = {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove"}
CHANGES |= {"setdefault", "update"}


def name_of_call(node) -> str:
    """The last word of what is called: `deque` for `collections.deque(…)`."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
    return ""


def is_mutable(value) -> bool:
    displays = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
    return isinstance(value, displays) or name_of_call(value) in MAKERS


def mutable_globals(source):
    """Mutable objects bound at module level that are not at least `Final`."""
    found = []
    for node in ast.parse(source).body:
        match node:
            case ast.Assign(targets=targets, value=value) if is_mutable(value):
                found += [ast.unparse(target) for target in targets]
            case ast.AnnAssign(target=target, annotation=kind, value=ast.expr() as value):
                if is_mutable(value) and "Final" not in ast.unparse(kind):
                    found.append(ast.unparse(target))
    return [name for name in found if name != "__all__"]


def growing_globals(source):
    """Module-level names that some code sets again or changes in place, `Final` or not."""
    tree = ast.parse(source)
    ours = {
        target.id
        for node in tree.body
        for target in getattr(node, "targets", [getattr(node, "target", None)])
        if isinstance(target, ast.Name)
    }
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Global(names=names):
                found.update(names)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=verb)):
                found.update({name} if verb in CHANGES else ())
            case ast.AugAssign(target=ast.Name(id=name)) if node in tree.body:
                found.add(name)
    return sorted(found & ours)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("X = []", ["X"]),
        ("X = {}", ["X"]),
        ("X = {1}", ["X"]),
        ("X = list(range(3))", ["X"]),
        ("X: dict[str, int] = dict()", ["X"]),
        ("X = set()", ["X"]),
        ("X = collections.defaultdict(list)", ["X"]),
        ("X = {n: n for n in range(3)}", ["X"]),
        ("X: Final = {}", []),
        ("X: Final[dict[str, int]] = {}", []),
        ("X = ()", []),
        ("X = MappingProxyType({})", []),
        ("def f():\n    x = []", []),
        ('__all__ = ["f"]', []),
    ],
)
def test_a_mutable_global_is_seen(source, names):
    assert mutable_globals(source) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("X: Final = {}\ndef f():\n    X['a'] = 1", ["X"]),
        ("X: Final = {}\ndef f():\n    del X['a']", ["X"]),
        ("X: Final = []\ndef f():\n    X.append(1)", ["X"]),
        ("X = 1\ndef f():\n    global X\n    X = 2", ["X"]),
        ("X = (1,)\nX += (2,)", ["X"]),
        ("X: Final = {}\ndef f():\n    return X['a'], X.get('b')", []),
        ("X: Final = {}\ndef f():\n    y = []\n    y.append(1)", []),
    ],
)
def test_a_growing_global_is_seen(source, names):
    assert growing_globals(source) == names


# --- words that do not belong in the source --------------------------------------------------

FORBIDDEN = re.compile(r"TODO|FIXME|pragma: no cover|type: ignore|noqa")


def forbidden_words(source):
    rows = enumerate(source.splitlines(), 1)
    return [f"line {number}: {word}" for number, row in rows for word in FORBIDDEN.findall(row)]


@pytest.mark.parametrize("word", FORBIDDEN.pattern.split("|"))
def test_a_forbidden_word_is_seen(word):
    assert forbidden_words(f"x = 1\ny = 2  # {word}") == [f"line 2: {word}"]


# --- no clock, no file, no environment -------------------------------------------------------

CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "perf_counter"}
CLOCK_OWNERS = {"Date", "DateTime", "date", "datetime", "pendulum", "time"}
FILES_AND_TERMINAL = {"input", "open", "print"}
FILE_METHODS = {"read_bytes", "read_text", "write_bytes", "write_text"}  # a deal has an `open` too


def senses(source):
    """Calls that would read the clock, a file, the terminal or the environment."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in FILES_AND_TERMINAL:
                found.append(name)
            case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "getenv" | "environb"):
                found.append(ast.unparse(node))
            case ast.ImportFrom(module="os" | "time", names=names):
                found += [alias.name for alias in names]
            case ast.Call(func=ast.Attribute(attr=name)) if name in FILE_METHODS:
                found.append(ast.unparse(node.func))
            case ast.Attribute(value=owner, attr=name) if name in CLOCKS:
                last = ast.unparse(owner).rpartition(".")[2]
                found += [ast.unparse(node)] if last in CLOCK_OWNERS else []
    return found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("open('x')", ["open"]),
        ("with open('x') as f: pass", ["open"]),
        ("print(1)", ["print"]),
        ("os.environ['TZ']", ["os.environ"]),
        ("os.getenv('TZ')", ["os.getenv"]),
        ("from os import environ", ["environ"]),
        ("from time import time", ["time"]),
        ("datetime.now(UTC)", ["datetime.now"]),
        ("dt.datetime.utcnow()", ["dt.datetime.utcnow"]),
        ("field(factory=date.today)", ["date.today"]),
        ("pendulum.now('UTC')", ["pendulum.now"]),
        ("time.monotonic()", ["time.monotonic"]),
        ("Path('x').read_text()", ["Path('x').read_text"]),
        ("Opportunity.open(id='D-1')", []),
        ("deal.today", []),
        ("datetime.combine(day, time())", []),
    ],
)
def test_a_sense_is_seen(source, found):
    assert senses(source) == found


# --- all of that, in every file --------------------------------------------------------------


@pytest.mark.parametrize(
    "check",
    [
        too_long_module,
        too_long_functions,
        mutable_globals,
        growing_globals,
        forbidden_words,
        senses,
    ],
)
def test_the_source_is_in_order(check):
    assert [f"{named(path)}: {found}" for path in FILES for found in check(read(path))] == []


# --- every room below the optional floor is forbidden to do I/O ------------------------------


def unguarded(layers, guarded, rooms):
    """Rooms on a floor below the first that the second contract does not name."""
    below = {room.strip("() ") for layer in layers[1:] for room in layer.split("|")}
    return sorted(below & set(rooms) - {name.removeprefix("salesflow.") for name in guarded})


def test_the_second_contract_names_every_room():
    contracts = tomllib.loads(read(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    floors, no_io = contracts
    rooms = {path.stem for path in SOURCE.iterdir() if path.suffix in {"", ".py"}}

    assert unguarded(floors["layers"], no_io["source_modules"], rooms) == []


def test_an_unguarded_room_is_seen():
    layers = ["(exchange)", "(conduct) | (planning)", "funnel", "errors"]
    guarded = ["salesflow.funnel", "salesflow.errors"]

    assert unguarded(layers, guarded, ["exchange", "conduct", "funnel", "errors"]) == ["conduct"]
