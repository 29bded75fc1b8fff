"""Chinese and English text of every concept.

A `Label` is the pair of texts, a `Term` an enumerated word of the trade that carries one.  Texts
are data in the tables themselves, one row a member, so nothing can lack a language and no
locale is ever read.

>>> class Grade(Term):
...     A = "a", "甲级", "Grade A"
>>> Grade.A.label("zh"), Grade.A.label("en"), Grade.A.value, Grade("a"), Grade.named("甲级")
('甲级', 'Grade A', 'a', <Grade.A: 'a'>, <Grade.A: 'a'>)
"""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal, NoReturn, Self

from attrs import field, frozen

from salesflow.errors import InvalidValue
from salesflow.text import NOTE_LIMIT, line

__all__ = ["LANGUAGES", "Label", "Language", "Term"]

#: a language the library speaks
Language = Literal["zh", "en"]
#: all of them
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


def _text(value: str) -> str:
    return line(value, "label", NOTE_LIMIT)


@frozen
class Label:
    """One meaning in both languages, written `Label("赢率", "win rate")`."""

    #: Chinese text
    zh: str = field(converter=_text)
    #: English text
    en: str = field(converter=_text)

    def text(self, language: Language) -> str:
        """Return the text in `language`; a tag with a region such as `zh-CN` is understood.

        Raises `InvalidValue` for a language the library does not speak.
        """
        match str(language).replace("_", "-").partition("-")[0]:
            case "zh":
                return self.zh
            case "en":
                return self.en
            case _:
                raise InvalidValue("language", "is not spoken here", "pass 'zh' or 'en'")


class Term(Enum):
    """An enumerated word of the trade; a member is written `NAME = key, Chinese, English`.

    Other texts by which the trade knows it may follow.
    """

    _label: Label
    _texts: frozenset[str]

    def __new__(cls, key: str, zh: str, en: str, *others: str) -> Self:
        """Keep the key as the value and the texts beside it."""
        self = object.__new__(cls)
        self._value_ = key
        self._texts = frozenset(text.casefold() for text in (zh, en, *others))
        try:
            self._label = Label(zh, en)
        except InvalidValue as error:
            # `enum` builds an error of a member anew, from its text alone.
            raise ValueError(str(error)) from None
        return self

    # Members are singletons, so identity is equality; the hash of `Enum` runs in Python and is
    # several times slower, which shows in every table looked up by a stage.
    __hash__ = object.__hash__

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        known = ", ".join(member.value for member in cls)
        problem = f"has no member for such a {type(value).__name__}"
        remedy = f"use one of: {known}" if known else "pass a word of a list, such as Stage.X"
        raise InvalidValue(cls.__name__, problem, remedy)

    @classmethod
    def of(cls, value: object) -> Self:
        """Return the member with this key, or the member itself; raises `InvalidValue`."""
        if isinstance(value, cls):
            return value
        return next((m for m in cls if m.value == value), None) or cls._missing_(value)

    @classmethod
    def named(cls, text: str) -> Self:
        """Return the member that bears a text in either language, or is also called so.

        For what people write in a sheet; keys are read by `of`.  Raises `InvalidValue` where none
        is called so.
        """
        said = line(text, cls.__name__, NOTE_LIMIT)
        return next((m for m in cls if m.is_called(said)), None) or cls._missing_(text)

    def is_called(self, text: str) -> bool:
        """Whether a text is one by which the member is known, however it is written."""
        return text.casefold() in self._texts

    def label(self, language: Language) -> str:
        """Return the text of this member in `language`, as `Label.text` does."""
        return self._label.text(language)
