"""Everything that is said is said in both languages."""

from __future__ import annotations

import importlib
import pickle
import pkgutil
import re
import string

import pytest

import salesflow
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.findings import Remark
from salesflow.funnel import FUNNEL, Stage, Status
from salesflow.labels import LANGUAGES, Label, Term

CJK = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")
KEY = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")

MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(salesflow.__path__, "salesflow.")
]


def subclasses(cls):
    return [sub for direct in cls.__subclasses__() for sub in (direct, *subclasses(direct))]


TERMS = [cls for cls in subclasses(Term) if cls.__module__.startswith("salesflow.") and list(cls)]
MEMBERS = [member for cls in TERMS for member in cls]


def held(kind):
    """Values of a kind that stand in a module, alone or in a table."""
    found = []
    for value in (value for module in MODULES for value in vars(module).values()):
        rows = value if isinstance(value, tuple | frozenset) else [value]
        found += [row for row in rows if isinstance(row, kind)]
    return list(dict.fromkeys(found))


REMARKS = held(Remark)


def is_bilingual(zh, en):
    return bool(CJK.search(zh)) and bool(LATIN.search(en)) and not CJK.search(en)


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_are_words_gates_and_remarks_to_check():
    """The walk finds the tables it is meant to check."""
    assert {Stage, Status} <= set(TERMS)
    assert REMARKS
    assert FUNNEL.gates


@pytest.mark.parametrize("member", MEMBERS, ids=str)
def test_every_word_of_the_trade_is_said_in_both_languages(member):
    """No member of any list lacks a language or bears the wrong script."""
    assert is_bilingual(member.label("zh"), member.label("en")), member


@pytest.mark.parametrize("gate", FUNNEL.gates.values(), ids=lambda gate: gate.key)
def test_every_gate_asks_in_both_languages(gate):
    """A gate is a question, with the mark of its language."""
    question = gate.question

    assert is_bilingual(question.zh, question.en)
    assert "？" in question.zh
    assert "?" in question.en


@pytest.mark.parametrize("remark", REMARKS, ids=lambda remark: remark.key)
def test_every_remark_is_said_in_both_languages_with_the_same_values(remark):
    """Both texts and both advices exist, and name the same values."""
    for label in (remark.text, remark.advice):
        assert is_bilingual(label.zh, label.en)
        assert placeholders(label.zh) == placeholders(label.en)


@pytest.mark.parametrize("term", TERMS, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_two_members_never_bear_one_label(term, language):
    """A label tells members of one list apart, and so does the key."""
    assert len({member.label(language) for member in term}) == len(term)
    assert len({member.value for member in term}) == len(term)


@pytest.mark.parametrize("member", MEMBERS, ids=str)
def test_a_member_is_found_by_its_key_and_by_itself(member):
    """The key is stored; it brings back the same object, also from another process."""
    cls = type(member)

    assert KEY.fullmatch(member.value)
    assert cls.of(member.value) is cls.of(member) is cls(member.value) is member
    assert pickle.loads(pickle.dumps(member)) is member
    assert {member: 1}[cls(member.value)] == 1


@pytest.mark.parametrize("value", ["canary-13800138000", None, 3, [], Status.OPEN, "OPEN", ""])
def test_an_unknown_key_is_refused_with_the_known_ones(value):
    """The refusal lists what may be passed and repeats nothing that was."""
    for take in (Stage, Stage.of):
        with pytest.raises(InvalidValue) as caught:
            take(value)
        assert str(caught.value).startswith("Stage has no ")
        assert str(caught.value).endswith(
            "; use one of: " + ", ".join(stage.value for stage in Stage) + "."
        )
        assert "canary" not in f"{caught.value!r}{caught.value.__context__!r}"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "赢率"),
        ("en", "win rate"),
        ("zh-CN", "赢率"),
        ("zh_TW", "赢率"),
        ("en-GB", "win rate"),
    ],
)
def test_a_tag_with_a_region_is_understood(language, text):
    """Hosts pass `zh-CN` and `en_GB`; the region makes no difference."""
    assert Label("赢率", "win rate").text(language) == text


@pytest.mark.parametrize("language", ["de", "", "z", "chinese", "EN", None, 7])
def test_a_language_not_spoken_is_refused(language):
    """There is no silent fallback to another language."""
    for say in (Label("赢率", "win rate").text, Stage.TARGET_GROUP.label):
        with pytest.raises(InvalidValue, match="pass 'zh' or 'en'"):
            say(language)


@pytest.mark.parametrize(
    ("zh", "en"), [("", "x"), ("字", ""), ("字", " "), ("字\n二", "x"), ("字", "x\u202ey")]
)
def test_a_label_lacks_no_language_and_has_one_line(zh, en):
    """An empty, broken or reordering text is refused where the label is made."""
    with pytest.raises(InvalidValue, match=r"^label "):
        Label(zh, en)


def test_a_label_is_made_of_text():
    """Anything but text is refused."""
    with pytest.raises(WrongType):
        Label(None, "x")
    assert issubclass(WrongType, SalesflowError)


def test_a_member_without_a_language_cannot_be_written():
    """A table of words that forgets a language fails when it is read."""
    with pytest.raises(TypeError):
        Term("Half", {"ONE": ("one", "一")})
    with pytest.raises(ValueError, match=r"^label is empty"):
        Term("Empty", {"ONE": ("one", "一", "")})


def test_where_any_word_would_do_a_key_is_no_word():
    """`close` could be of many lists; the refusal has no list to show."""
    with pytest.raises(InvalidValue, match="pass a word of a list"):
        Term.of("close")


@pytest.mark.parametrize("member", MEMBERS, ids=str)
def test_invariant_50_a_member_is_found_by_what_it_is_called(member):
    """In Chinese, in English, however it is written, and by every other name of it."""
    kind = type(member)
    said = [member.label(language) for language in LANGUAGES] + sorted(member._texts)

    assert [kind.named(f" {text.upper()} ") for text in said] == [member] * len(said)


@pytest.mark.parametrize("kind", TERMS, ids=lambda kind: kind.__name__)
def test_no_name_means_two_things(kind):
    """Among the words of one list."""
    texts = [text for member in kind for text in member._texts]

    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("text", ["销售", "won", "", " ", None, 7, "x" * 5000])
def test_what_nothing_is_called_is_refused(text):
    """A key is no name: it is read by another door."""
    with pytest.raises(SalesflowError):
        Stage.named(text)
