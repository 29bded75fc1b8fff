"""What comes from a host is doubtful until proved: one table of bad contents for every box.

Each is refused with our own error, at once, by the name of the box, and without a word of what
stood in it.  The boxes are read from the forms themselves, so that a new box is held to it too.
"""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from time import process_time

import pytest
from attrs import NOTHING, evolve, fields, fields_dict, has
from attrs.exceptions import FrozenInstanceError

from people_strategies import CANARY, FULL, everything_told, least, made, refusal
from salesflow import customers, products
from salesflow.customers.diffusion import (
    AdopterCategory,
    adopter_category,
    adopters,
    next_adopters,
)
from salesflow.customers.files import CustomerFile
from salesflow.customers.grading import Graded, GradeInput, Grading, HospitalGrade
from salesflow.customers.people import Doctor, company_roles, holders, hospital_roles
from salesflow.customers.scoring import AfterListing, DoctorScore, median_status, status_of
from salesflow.customers.targeting import Segment, Segmentation, by_priority
from salesflow.errors import InvalidValue, SalesflowError
from salesflow.findings import Severity
from salesflow.forms import from_record
from salesflow.products import (
    CompetitionAnalysis,
    Fab,
    Investment,
    Matrix,
    absolutes_in,
    invest,
)
from salesflow.scales import apportion

HUGE = 1 << 3_000_000  # close to a million digits
LONG = CANARY * 10**5
DEEP = [CANARY]
for _ in range(200):
    DEEP = [DEEP]

UNSAFE = {
    "NUL": f"{CANARY}\0{CANARY}",
    "RLO": f"\u202e{CANARY}\u202c",
    "surrogate": f"{CANARY}\ud800{CANARY}",
    "long": LONG,
}
NO_TEXT = {"bytes": CANARY.encode(), "int": 7, "None": None, "list": [CANARY], "deep": DEEP}
NO_LIST = {"text": CANARY, "int": 7, "None": None, "float": 1.5, "type": dict}
NO_WORD = {
    "unknown": CANARY,
    "upper": "A" + CANARY,
    "int": 1,
    "bool": True,
    "bytes": CANARY.encode(),
    "list": [CANARY],
    "mapping": {CANARY: CANARY},
    "foreign": Severity.BLOCK,
    "empty": "",
    **UNSAFE,
}
NO_NUMBER = {
    "float": 0.1,
    "nan": float("nan"),
    "bool": True,
    "text": CANARY,
    "digits": "1",
    "bytes": b"1",
    "None": None,
    "list": [1],
    "NaN": Decimal("NaN"),
    "sNaN": Decimal("sNaN"),
    "Infinity": Decimal("-Infinity"),
    "exponent": Decimal("1e999999999"),
    "tiny": Decimal("1e-999999999"),
    "huge": HUGE,
    "huge ratio": Fraction(1, HUGE),
}
NO_COUNT = {
    "float": 1.0,
    "bool": True,
    "text": CANARY,
    "negative": -1,
    "Decimal": Decimal(1),
    "NaN": Decimal("NaN"),
    "Fraction": Fraction(1),
    "huge": HUGE,
}
NO_DAY = {
    "text": "2026-07-01",
    "canary": CANARY,
    "datetime": datetime(2026, 7, 1),
    "int": 20260701,
    "bool": True,
    "bytes": b"2026-07-01",
    "list": [date(2026, 7, 1)],
    "ancient": date(1, 1, 1),
    "never": date(9999, 12, 31),
}
IN_A_LIST = {
    **{f"of {name}": [text] for name, text in UNSAFE.items()},
    "of bytes": [CANARY.encode()],
    "of ints": [7],
    "of None": [None],
    "of lists": [[CANARY]],
    "deep": DEEP,
    "many": [CANARY] * 10**5,
    "as bytes": CANARY.encode(),
}
EMPTY = {
    "empty": "",
    "blank": " \t",
    "ZWSP": "\u200b\u200b",
    "joiner": "\u200d",
    "filler": "\u3164",
}
WEIGHTS = {GradeInput.SIZE: 1}
CUTS = {"a": 80, "b": 60}
VISITS = dict.fromkeys(Segment, 2)
LABELLED = {"text": CANARY, "int": 7, "None": None, "pairs": [(CANARY, 1)], "set": {CANARY}}

#: bad contents by the type that a box is declared with
BY_TYPE = {
    "str": UNSAFE | NO_TEXT,
    "bool": {"int": 1, "zero": 0, "text": CANARY, "None": None, "list": [True], "bytes": b"1"},
    "date | None": NO_DAY,
    "int": NO_COUNT | {"None": None},
    "int | None": NO_COUNT,
    "Fraction": NO_NUMBER,
    "tuple[str, ...]": NO_LIST | IN_A_LIST | {"of blanks": ["\u200b"]},
    "tuple[Advantage, ...]": NO_LIST | IN_A_LIST,
    "PrescribingStatus": NO_WORD | {"key": "few", "None": None, "int": 5, "huge": HUGE},
    "Table[Term, Fraction]": LABELLED
    | {"key": {CANARY: 1}, "sum": {GradeInput.SIZE: 2}}
    | {name: {GradeInput.SIZE: bad} for name, bad in NO_NUMBER.items()},
    "Table[HospitalGrade, Fraction]": LABELLED
    | {"key": {CANARY: 1, "a": 1}}
    | {name: {**CUTS, "b": bad} for name, bad in NO_NUMBER.items()},
    "Table[DepartmentInput, bool]": LABELLED | {"key": {CANARY: True}, "yes": {"beds": CANARY}},
    "Table[Segment, int]": LABELLED
    | {"key": {CANARY: 2, **VISITS}, "one": {"grow": 2}, "None in it": {**VISITS, "grow": None}}
    | {name: {**VISITS, Segment.GROW: bad} for name, bad in NO_COUNT.items()},
}


def bad_contents(form, box):
    """The bad contents of a box, by name; words and ticked words are read from their list."""
    must = box.name in least(form)
    if box.type in BY_TYPE:
        return BY_TYPE[box.type] | (EMPTY if must and box.type == "str" else {})
    if box.type.startswith("frozenset["):
        ticked = {f"of {name}": [word] for name, word in NO_WORD.items()}
        return NO_LIST | ticked | {"of None": [None], "many": [CANARY] * 10**5}
    return NO_WORD | ({} if box.type.endswith("| None") else {"None": None})


BOXES = [(form, box) for form in FULL for box in fields(form)]
CASES = [
    pytest.param(form, box.name, bad, id=f"{form.__name__}.{box.name}-{name}")
    for form, box in BOXES
    for name, bad in bad_contents(form, box).items()
]


def assert_refused_at_once(field, act, *args, **rest):
    """Our own error that names the box, in no time, and without a trace of what stood in it."""
    seconds = []
    for _ in range(3):
        start = process_time()
        with pytest.raises(SalesflowError) as caught:
            act(*args, **rest)
        seconds.append(process_time() - start)

    told = everything_told(caught.value)
    assert min(seconds) < 0.05
    assert len(str(caught.value)) < 300
    assert CANARY not in told
    assert CANARY.split()[0] not in told
    assert getattr(caught.value, "field", None) == field


# --- the table is whole ----------------------------------------------------------------------


def test_every_form_is_in_the_table():
    """All that a door offers to be filled in; what the library itself fills in is not."""
    offered = {getattr(door, name) for door in (customers, products) for name in door.__all__}
    filled_by_us = {Graded, Investment}

    assert {one for one in offered if isinstance(one, type) and has(one)} - filled_by_us == set(
        FULL
    )


@pytest.mark.parametrize("form", FULL, ids=lambda form: form.__name__)
def test_every_box_is_in_the_table(form):
    """A full example fills each box, and a form is made from it by either door."""
    assert set(FULL[form]) == {box.name for box in fields(form)}
    assert form(**FULL[form]) == from_record(form, FULL[form])
    assert made(form) == from_record(form, least(form))


# --- boxes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "box", "bad"), CASES)
def test_a_bad_content_is_refused_at_once_by_the_name_of_its_box(form, box, bad):
    """By either door, whether the other boxes are filled or not."""
    assert_refused_at_once(box, form, **{**least(form), box: bad})
    # An empty cell of a table is no content, where there may be none.
    if bad != "" or fields_dict(form)[box].default is NOTHING:
        assert_refused_at_once(box, from_record, form, {**FULL[form], box: bad})


@pytest.mark.parametrize("blank", EMPTY.values(), ids=EMPTY)
@pytest.mark.parametrize("form", FULL, ids=lambda form: form.__name__)
def test_an_empty_box_is_empty_or_refused_but_never_looks_filled(form, blank):
    """A text of blanks, joiners or fillers is nothing, not something that nobody can see."""
    for box in (box.name for box in fields(form) if box.type == "str" and box.default == ""):
        error = refusal(made, form, **{box: blank})
        assert error is None or (error.field, error.problem) == (box, "is empty")
        assert error is not None or getattr(made(form, **{box: blank}), box) == ""


# --- functions -------------------------------------------------------------------------------

SCORE = DoctorScore(doctor="DR-7", product="CLIA-900", status=AfterListing.FEW)
GRADING = Grading(weights=WEIGHTS, cuts=CUTS)
FILE = made(CustomerFile, updated_on=date(2026, 7, 1))
FAB = Fab(**FULL[Fab])
SHARES = {AdopterCategory.INNOVATOR: Fraction(1, 2), AdopterCategory.LAGGARD: Fraction(1, 2)}
ANY = {"text": CANARY, "int": 7, "None": None, "of texts": [CANARY], "deep": DEEP, "type": dict}
NO_PEOPLE = NO_COUNT | {"None": None}
NO_TEXTS = {"text": CANARY, "int": 7, "None": None, "of ints": [7], "of None": [None]}

#: what is called, the argument that is bad, and its bad contents
ARGUMENTS = [
    ("status_of", "phase", lambda bad: status_of(bad, 1), NO_WORD),
    ("status_of", "number", lambda bad: status_of("after", bad), NO_COUNT | {"None": None}),
    ("median_status", "statuses", median_status, ANY),
    ("assess", "status", SCORE.assess, NO_WORD | {"int": 5}),
    ("assess", "potential", lambda bad: SCORE.assess(SCORE.status, potential=bad), NO_WORD),
    ("score.findings", "rung", SCORE.findings, NO_WORD),
    ("listed.findings", "rung", evolve(SCORE, status=status_of("before", -1)).findings, NO_WORD),
    ("by_priority", "scores", by_priority, ANY),
    ("holders", "contacts", holders, ANY),
    ("hospital_roles", "contacts", hospital_roles, ANY),
    ("company_roles", "colleagues", company_roles, ANY),
    ("grade", "scores", GRADING.grade, LABELLED | {"key": {CANARY: 1}}),
    (
        "grade one",
        "scores",
        lambda bad: GRADING.grade({GradeInput.SIZE: bad}),
        {name: bad for name, bad in NO_NUMBER.items() if bad is not None},
    ),
    ("cell", "growth", lambda bad: Matrix(growth=0, share=0).cell(growth=bad, share=0), NO_NUMBER),
    ("cell", "share", lambda bad: Matrix(growth=0, share=0).cell(growth=0, share=bad), NO_NUMBER),
    ("invest", "funds", lambda bad: invest(funds=bad, advantage=True), BY_TYPE["bool"]),
    ("invest", "advantage", lambda bad: invest(funds=True, advantage=bad), BY_TYPE["bool"]),
    ("fresh", "on", FILE.fresh, NO_DAY | {"None": None}),
    ("file.findings", "on", FILE.findings, NO_DAY | {"None": None}),
    ("adopters", "population", adopters, NO_PEOPLE),
    ("next_adopters", "adopted", lambda bad: next_adopters(bad, 9), NO_PEOPLE),
    ("next_adopters", "population", lambda bad: next_adopters(1, bad), NO_PEOPLE),
    ("adopter_category", "adopted", adopter_category, NO_NUMBER),
    ("adopters", "shares", lambda bad: adopters(9, bad), LABELLED),
    ("adopter_category", "shares", lambda bad: adopter_category(0, bad), LABELLED),
    (
        "adopter_category of",
        "shares",
        lambda bad: adopter_category(0, {**SHARES, AdopterCategory.INNOVATOR: bad}),
        NO_NUMBER,
    ),
    ("apportion", "weights", lambda bad: apportion(9, [1, bad]), NO_NUMBER),
    ("apportion", "whole", lambda bad: apportion(bad, [1, 1]), {"float": 2.5, "None": None}),
    ("absolutes_in", "claim", absolutes_in, {"int": 7, "None": None, "bytes": b"best"}),
    ("absolutes_in", "absolutes", lambda bad: absolutes_in("best", bad), NO_TEXTS),
    ("fab.findings", "absolutes", lambda bad: FAB.findings(absolutes=bad), NO_TEXTS),
    ("fab.findings", "needs", FAB.findings, {"text": f"N-1{CANARY}", "int": 7}),
    ("fab.complete", "needs", FAB.complete, {"text": f"N-1{CANARY}", "int": 7, "None": None}),
    (
        "analysis.findings",
        "absolutes",
        CompetitionAnalysis(**FULL[CompetitionAnalysis]).findings,
        NO_TEXTS,
    ),
]


@pytest.mark.parametrize(
    ("field", "act", "bad"),
    [
        pytest.param(field, act, bad, id=f"{called}({field})-{name}")
        for called, field, act, contents in ARGUMENTS
        for name, bad in contents.items()
    ],
)
def test_a_bad_argument_is_refused_at_once_by_its_name(field, act, bad):
    """Functions are no wider a door than forms."""
    assert_refused_at_once(field, act, bad)


def test_odd_counts_of_people_make_no_endless_ratio():
    """Two counts of a million digits are refused before anybody divides them."""
    assert_refused_at_once("adopted", next_adopters, 3**1_800_000, 1 << 2_999_999)


def test_odd_weights_are_refused_before_their_common_measure_is_found():
    """Five thousand of them would take seconds."""
    odd = [Fraction(1, 2**255 + n) for n in range(1, 10_000, 2)]

    assert_refused_at_once("weights", apportion, 10, odd)


# --- records ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [*UNSAFE.values(), CANARY, CANARY.encode(), 7, None, "李晓明", "", (CANARY,), Severity]
)
@pytest.mark.parametrize("form", FULL, ids=lambda form: form.__name__)
def test_a_record_with_a_strange_box_is_refused_at_once(form, name):
    """What stands where the name of a box should be may be the name of a person."""
    record = {**FULL[form], name: CANARY}

    assert_refused_at_once("a box of the record", from_record, form, record)


class Sly(str):
    """A text that looks like the name of a box and says something else."""

    __slots__ = ()

    def __str__(self) -> str:
        return CANARY


def test_a_sly_name_of_a_box_is_taken_at_its_letters():
    """What a kind of str says of itself is not repeated."""
    error = refusal(from_record, Doctor, {**FULL[Doctor], Sly("hobbies"): 1})

    assert isinstance(error, InvalidValue)
    assert CANARY not in everything_told(error)


@pytest.mark.parametrize("form", FULL, ids=lambda form: form.__name__)
def test_a_record_without_a_box_that_must_be_there_is_refused(form):
    """The box is named, whichever of them it is."""
    for gone in least(form):
        record = {name: content for name, content in FULL[form].items() if name != gone}
        assert_refused_at_once(gone, from_record, form, record)
    for bad in LABELLED.values():
        assert_refused_at_once("record", from_record, form, bad)


# --- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FULL, ids=lambda form: form.__name__)
def test_a_form_is_a_value(form):
    """Equal by content, hashable, the same after a journey, and never changed."""
    one, two = form(**FULL[form]), form(**FULL[form])

    assert one == two
    assert len({one, two}) == 1
    for arrived in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert arrived == one
        assert hash(arrived) == hash(one)
    for box in fields(form):
        with pytest.raises(FrozenInstanceError):
            setattr(one, box.name, getattr(two, box.name))
        with pytest.raises(FrozenInstanceError):
            delattr(one, box.name)


@pytest.mark.parametrize("form", FULL, ids=lambda form: form.__name__)
def test_forms_that_differ_in_one_box_are_not_equal(form):
    """No box is left out of the comparison."""
    record = {name: c for name, c in FULL[form].items() if name != "advantages"}
    full = form(**record)
    others = {"id": "K-2", "status": AfterListing.COMMON, "types": ["academic_leader"]}
    others |= {"weights": WEIGHTS, "cuts": CUTS | {"b": 59}, "speaks_for_it": {"beds": True}}
    others |= {"visits_per_cycle": VISITS | {Segment.GROW: 9}, "features": ["special_needs"]}
    others |= {"growth": 7, "share": 7, "update_days": 1, "discuss_days": 1, "on_label": False}
    for box in fields(form):
        other = others.get(box.name, "K-2") if box.name in least(form) else box.default
        if box.name in record:
            assert form(**{**record, box.name: others.get(box.name, other)}) != full


@pytest.mark.parametrize(
    ("form", "box"),
    [(form, box.name) for form, box in BOXES if isinstance(FULL[form][box.name], list | dict)],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_what_the_host_does_to_its_list_afterwards_changes_nothing(form, box):
    """A list, a set, a mapping or a generator is copied while the form is made."""
    content = copy.copy(FULL[form][box])
    whole = form(**FULL[form])
    one = form(**{**FULL[form], box: content})
    content.clear()

    assert content != FULL[form][box]
    assert one == whole
    assert hash(one) == hash(whole)
    if isinstance(content, list):
        assert form(**{**FULL[form], box: (item for item in FULL[form][box])}) == whole
        shared = set(FULL[form][box][:1])
        early = form(**{**FULL[form], box: shared})
        shared.clear()
        assert early == form(**{**FULL[form], box: FULL[form][box][:1]})


class Text(str):
    __slots__ = ()


class Key(str, Enum):  # noqa: UP042 - the older way, whose str() is another text
    """A host's own list of ids."""

    ONE = "K-1"


@pytest.mark.parametrize(
    ("form", "box"),
    [(form, box.name) for form, box in BOXES if box.type in {"str", "tuple[str, ...]"}],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_a_kind_of_str_is_taken_for_its_letters_and_never_kept(form, box):
    """The form holds plain text only, also of what is not ASCII."""
    for text in (Key.ONE, Text("K-1"), Text("甲"), Text("Å")):
        content = text if isinstance(FULL[form][box], str) else [text]
        rest = {"advantages": []} if box == "weaknesses" else {}
        kept = getattr(form(**{**least(form), box: content, **rest}), box)
        (kept,) = (kept,) if isinstance(kept, str) else kept
        assert type(kept) is str
        assert kept == str.__str__(text)


def test_a_word_twice_in_a_table_is_not_lost():
    """The key of a word and the word itself are one row, and there is one number for it."""
    assert_refused_at_once(
        "cuts", Grading, weights=WEIGHTS, cuts={"a": 80, HospitalGrade.A: 99, "b": 60}
    )
    assert_refused_at_once("visits_per_cycle", Segmentation, visits_per_cycle={**VISITS, "grow": 9})
