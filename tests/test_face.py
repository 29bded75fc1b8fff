"""The face of the library: what every door offers, against the golden file `face.txt`.

The diff of that file is the review of the public interface, and comes with a line in the
changelog.  After a change on purpose, write it anew from the top of the repository:

    python tests/test_face.py > tests/face.txt

A door is `salesflow` itself and every room in it that has an `__all__`.  A name that a door only
passes on is shown as such; its own room shows what it is.  Annotations appear as they stand in
the source and defaults by name, so the text is the same on every Python.
"""

from __future__ import annotations

import difflib
import enum
import functools
import importlib
import inspect
import pkgutil
import subprocess
import sys
import types
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import attrs
import pytest

GOLDEN = Path(__file__).with_name("face.txt")
HINT = "the face has changed; if that is meant: python tests/test_face.py > tests/face.txt"


# --- how one thing is shown ------------------------------------------------------------------


class Shown(str):
    """A text that `inspect` prints as it is, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def annotation(hint, module) -> Shown:
    """An annotation as it is written; one that was evaluated would read differently elsewhere."""
    if isinstance(hint, str):
        return Shown(hint)
    message = f"{module} needs `from __future__ import annotations`"
    raise TypeError(message)


def default(value, namespace) -> Shown:
    """A default as a reader would write it: a literal, a member, or the name of a constant."""
    if isinstance(value, enum.Enum):
        return Shown(f"{type(value).__name__}.{value.name}")
    if value in (None, (), frozenset()) or type(value) in {bool, int, str, Decimal, Fraction}:
        return Shown(repr(value))
    return Shown(min((name for name, known in namespace.items() if known is value), default="..."))


def signature(function) -> str:
    """The signature of a function, without `self` or `cls`."""
    function = inspect.unwrap(function)
    whole = inspect.signature(function)
    parameters = [
        parameter.replace(
            default=parameter.default
            if parameter.default is parameter.empty
            else default(parameter.default, function.__globals__),
            annotation=parameter.annotation
            if parameter.annotation is parameter.empty
            else annotation(parameter.annotation, function.__module__),
        )
        for parameter in whole.parameters.values()
        if parameter.name not in {"self", "cls"}
    ]
    shown = str(inspect.Signature(parameters))
    if whole.return_annotation is not inspect.Signature.empty:
        shown += f" -> {annotation(whole.return_annotation, function.__module__)}"
    return shown


def field_lines(cls) -> dict[str, str]:
    """Each field with its type and, where attrs makes the `__init__`, how it is passed."""
    lines, position = {}, 0
    for field in attrs.fields(cls):
        shown = f": {annotation(field.type, cls.__module__)}"
        if not field.init or has_own_init(cls):
            if not field.name.startswith("_"):
                lines[f".{field.name}"] = shown
            continue
        position += not field.kw_only
        needed = "required" if field.default is attrs.NOTHING else "default"
        how = "keyword only" if field.kw_only else f"position {position}"
        lines[f".{field.alias}"] = f"{shown}, {needed}, {how}"
    return lines


def member_line(member) -> str | None:
    """A method with its signature, a property with its type; None for anything else."""
    match member:
        case classmethod() | staticmethod():
            return f"{signature(member.__func__)}, {type(member).__name__}"
        case property():
            return f"{signature(member.fget).removeprefix('()')}, property"
        case functools.cached_property():
            return f"{signature(member.func).removeprefix('()')}, property"
        case types.MemberDescriptorType():
            return ", property"  # what attrs makes of a cached property
    return signature(member) if inspect.isfunction(inspect.unwrap(member)) else None


def has_own_init(cls) -> bool:
    """Whether a person wrote the `__init__`; attrs then keeps its own under another name."""
    made_by_attrs = attrs.has(cls) and not hasattr(cls, "__attrs_init__")
    return inspect.isfunction(vars(cls).get("__init__")) and not made_by_attrs


def class_lines(cls, public) -> dict[str, str]:
    """The bases, then by name fields, members of an enum, methods and properties."""
    bases = [base.__name__ for base in cls.__bases__ if base is not object]
    lines = {"": f": class({', '.join(bases)})" if bases else ": class"}
    if has_own_init(cls):
        lines[".__init__"] = signature(cls.__init__)
    if issubclass(cls, enum.Enum):
        lines |= {f".{name}": f" = {member.value!r}" for name, member in cls.__members__.items()}
    if attrs.has(cls):
        lines |= field_lines(cls)
    for base in cls.__mro__:
        # What a public base shows is not repeated; what a private one brings belongs here.
        if base is cls or (base.__module__.startswith("salesflow") and id(base) not in public):
            for name, member in vars(base).items():
                line = None if name.startswith("_") else member_line(member)
                if line is not None:
                    lines.setdefault(f".{name}", line)
    return lines


def lines_of(thing, public) -> dict[str, str]:
    """All that is shown of one public thing, by what follows its name."""
    if isinstance(thing, type):
        return class_lines(thing, public)
    if inspect.isfunction(inspect.unwrap(thing)):
        return {"": signature(thing)}
    if hasattr(thing, "__supertype__"):
        return {"": f": NewType of {thing.__supertype__.__name__}"}
    if isinstance(thing, types.GenericAlias | types.UnionType) or "typing" in repr(type(thing)):
        return {"": f": alias of {thing!r}"}
    return {"": f": {type(thing).__name__}"}


# --- all doors -------------------------------------------------------------------------------


def home(name, thing, rooms):
    """The room that a thing belongs to among those that offer it, or None."""
    offering = [room for room in rooms if name in room.__all__ and getattr(room, name) is thing]
    made_in = f"{getattr(thing, '__module__', '')}."
    return max(offering, key=lambda room: made_in.startswith(f"{room.__name__}."), default=None)


def describe(face, rooms) -> list[str]:
    """All lines of the golden file, sorted."""
    public = {id(getattr(door, name)) for door in (face, *rooms) for name in door.__all__}
    lines = []
    for door in (face, *rooms):
        for name in door.__all__:
            thing, full = getattr(door, name), f"{door.__name__}.{name}"
            owner = home(name, thing, rooms)
            if isinstance(thing, types.ModuleType):
                lines.append(f"{full}: room")
            elif owner not in {None, door}:
                lines.append(f"{full} is {owner.__name__}.{name}")
            else:
                lines += [f"{full}{key}{line}" for key, line in lines_of(thing, public).items()]
    return sorted(lines)


def current_face() -> list[str]:
    face = importlib.import_module("salesflow")
    names = sorted(f"salesflow.{found.name}" for found in pkgutil.iter_modules(face.__path__))
    rooms = [importlib.import_module(name) for name in names]
    return describe(face, [room for room in rooms if hasattr(room, "__all__")])


def test_the_face_is_the_one_agreed_upon():
    agreed = GOLDEN.read_text(encoding="utf-8").splitlines() if GOLDEN.exists() else []
    difference = difflib.unified_diff(agreed, current_face(), "agreed", "now", n=0, lineterm="")

    assert not (text := "\n".join(difference)), f"{HINT}\n{text}"


# --- the description can be trusted ----------------------------------------------------------

SAMPLE = """
from __future__ import annotations
import enum, functools
from decimal import Decimal
from typing import Literal, NewType
from attrs import field, frozen

__all__ = ["TABLE", "Amount", "Deal", "DealId", "Lost", "Side", "Stage", "advance"]

class Stage(enum.Enum):
    LEAD = "lead"
    WON = "won"

TABLE = {Stage.LEAD: Stage.WON}
DealId = NewType("DealId", str)
Side = Literal["buy", "sell"]

class _Noted:
    def note(self, text: str) -> str: ...

@frozen(kw_only=True)
class Deal(_Noted):
    id: DealId
    stage: Stage = Stage.LEAD
    rank: int = field(init=False, default=0)
    _rank: int = field(init=False, default=0)
    def _secret(self) -> None: ...
    def advance(self, *, to: Stage | None = None, table: dict[Stage, Stage] = TABLE) -> Deal: ...
    @classmethod
    def open(cls, id: DealId, /, *more: DealId) -> Deal: ...
    @property
    def won(self) -> bool: ...
    @functools.cached_property
    def weight(self) -> Decimal: ...

@frozen
class Amount:
    minor: int
    def __init__(self, amount: str) -> None: ...

@frozen
class Lost(Exception):
    stage: Stage
    missing: frozenset[str] = frozenset()

def advance(deal: Deal, stage: Stage = Stage.WON, rate: Decimal = Decimal(1)) -> Deal: ...
"""

SAMPLE_FACE = """\
salesflow.Deal is salesflow.sample.Deal
salesflow.sample.Amount.__init__(amount: str) -> None
salesflow.sample.Amount.minor: int
salesflow.sample.Amount: class
salesflow.sample.Deal.advance(*, to: Stage | None = None, table: dict[Stage, Stage] = TABLE) -> Deal
salesflow.sample.Deal.id: DealId, required, keyword only
salesflow.sample.Deal.note(text: str) -> str
salesflow.sample.Deal.open(id: DealId, /, *more: DealId) -> Deal, classmethod
salesflow.sample.Deal.rank: int
salesflow.sample.Deal.stage: Stage, default, keyword only
salesflow.sample.Deal.weight, property
salesflow.sample.Deal.won -> bool, property
salesflow.sample.Deal: class(_Noted)
salesflow.sample.DealId: NewType of str
salesflow.sample.Lost.missing: frozenset[str], default, position 2
salesflow.sample.Lost.stage: Stage, required, position 1
salesflow.sample.Lost: class(Exception)
salesflow.sample.Side: alias of typing.Literal['buy', 'sell']
salesflow.sample.Stage.LEAD = 'lead'
salesflow.sample.Stage.WON = 'won'
salesflow.sample.Stage: class(Enum)
salesflow.sample.TABLE: dict
salesflow.sample.advance(deal: Deal, stage: Stage = Stage.WON, rate: Decimal = Decimal('1')) -> Deal
"""


def room(source):
    """A room made of a text; the face beside it passes `Deal` on."""
    made = types.ModuleType("salesflow.sample")
    exec(compile(source, "<sample>", "exec", dont_inherit=True), made.__dict__)
    face = types.ModuleType("salesflow")
    face.__all__, face.Deal = ["Deal"], made.Deal
    return face, [made]


def test_a_face_is_described_to_the_last_word():
    assert describe(*room(SAMPLE)) == SAMPLE_FACE.splitlines()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    id: DealId", "    id: DealId\n    owner: str"),
        ("    stage: Stage = Stage.LEAD", "    stage: Stage"),
        ("    stage: Stage\n", "    deal: DealId\n    stage: Stage\n"),
        ("    id: DealId", "    id: str"),
        ("@frozen(kw_only=True)", "@frozen"),
        ('"won"', '"closed"'),
        ("Stage = Stage.WON", "Stage = Stage.LEAD"),
        ("def won", "def is_won"),
        ("Lost(Exception)", "Lost(ValueError)"),
    ],
)
def test_a_changed_face_is_seen(before, after):
    assert SAMPLE.count(before) == 1

    assert describe(*room(SAMPLE.replace(before, after))) != SAMPLE_FACE.splitlines()


def test_evaluated_annotations_are_refused():
    evaluated = SAMPLE.replace("from __future__ import annotations", "").replace("-> Deal", "")

    with pytest.raises(TypeError, match="needs `from __future__"):
        describe(*room(evaluated))


# --- what an import costs --------------------------------------------------------------------


def loaded_by(*modules) -> set[str]:
    """Top-level modules in memory after an import in a fresh interpreter."""
    code = f"import sys, {', '.join(modules)}; print(*{{m.partition('.')[0] for m in sys.modules}})"
    command = [sys.executable, "-c", code]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


@pytest.mark.parametrize(
    "heavy",
    ["IPython", "babel", "cattrs", "holidays", "narwhals", "numpy", "pandas", "polars"],
)
def test_the_face_loads_nothing_heavy(heavy, modules_of_the_face):
    assert heavy not in modules_of_the_face


def test_the_face_loads_attrs_pendulum_and_the_standard_library_only(modules_of_the_face):
    allowed = loaded_by("attrs", "pendulum") | sys.stdlib_module_names

    assert modules_of_the_face - allowed == {"salesflow"}


def test_a_heavy_import_is_seen():
    assert "cattrs" in loaded_by("cattrs")


@pytest.fixture(scope="module")
def modules_of_the_face():
    return loaded_by("salesflow")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print(*current_face(), sep="\n")
