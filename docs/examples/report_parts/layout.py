"""Text on a page of fixed width: columns that align though a Chinese character is two wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from salesflow import Money
from salesflow.labels import Language
from salesflow.money import MINOR_UNITS, half_up
from salesflow.ratios import percent

__all__ = [
    "UNKNOWN",
    "WIDTH",
    "Page",
    "bar",
    "cut",
    "few",
    "interval",
    "pad",
    "width",
    "wrapped",
]

#: stands for a name that a file does not tell
UNKNOWN: Final = "unknown"
#: columns of the page
WIDTH: Final = 98
_GAP: Final = "  "
_FEW: Final = 4
# What may not begin a line of Chinese.
_CLOSING: Final = "，。；：、）”！？"


def width(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Fill a text up to so many columns; a number stands to the right."""
    space = " " * max(0, columns - width(text))
    return space + text if right else text + space


def cut(text: str, columns: int) -> str:
    """Shorten a text to so many columns."""
    if width(text) <= columns:
        return text
    kept = ""
    for character in text:
        if width(kept + character) >= columns:
            break
        kept += character
    return kept + "…"


def wrapped(text: str, columns: int) -> Iterator[str]:
    """Yield the lines of a paragraph, broken at spaces and between Chinese characters."""
    line = ""
    for word in _words(text):
        if line and width(line) + width(word.rstrip()) > columns and word not in _CLOSING:
            yield line.rstrip()
            line = ""
        line += word
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    word = ""
    for character in text:
        if _columns(character) == 2:  # noqa: PLR2004 - a wide character may end any line
            if word:
                yield word
            yield character
            word = ""
            continue
        word += character
        if character == " ":
            yield word
            word = ""
    if word:
        yield word


def bar(part: Fraction, columns: int) -> str:
    """Return a bar for a share of 1; what is not zero is seen."""
    length = half_up(part * columns)
    return "█" * (max(1, length) if part else 0)


def interval(bounds: tuple[float, float] | None) -> str:
    """Show the bounds of a share, or of a difference of two."""
    if bounds is None:
        return "–"
    low, high = (percent(Fraction(bound)) for bound in bounds)
    return f"{low} – {high}"


def few(page: Page, ids: Sequence[str], most: int = _FEW) -> str:
    """Return the first ids, and how many more there are."""
    if len(ids) <= most:
        return ", ".join(ids)
    more = len(ids) - most
    return ", ".join(ids[:most]) + page.say(f" 等 {len(ids):,} 个", f" and {more} more")


class Page:
    """A report as it is written, in one language and one currency."""

    def __init__(self, language: Language, currency: str, *, whole: bool) -> None:
        self.language: Language = language
        self.currency = currency
        self.lines: list[str] = []
        self._in_wan = language == "zh" and currency == "CNY"
        decimals = MINOR_UNITS.get(currency, 0)
        self._exponent = decimals + 4 if self._in_wan else decimals
        self._shown = 2 if self._in_wan else 0 if whole else decimals

    def say(self, zh: str, en: str) -> str:
        """Return the text of the language of the page."""
        return zh if self.language == "zh" else en

    def name(self, name: str) -> str:
        """Return a name as the file writes it; what it does not tell is in the page's language."""
        return self.say("未知", UNKNOWN) if name == UNKNOWN else name

    def number(self, money: Money) -> str:
        """Return an amount as it stands in a column: 万 in Chinese, thousands separated."""
        steps = half_up(Fraction(money.minor * 10**self._shown, 10**self._exponent))
        whole, part = divmod(abs(steps), 10**self._shown)
        sign = "-" if steps < 0 else ""
        return f"{sign}{whole:,}" + (f".{part:0{self._shown}}" if self._shown else "")

    def money(self, money: Money) -> str:
        """Return an amount as it stands in a sentence, with its unit."""
        return f"{self.number(money)} {self.unit}"

    @property
    def unit(self) -> str:
        """The unit of the columns of money."""
        return "万元" if self._in_wan else self.currency

    def title(self, zh: str, en: str) -> None:
        """Begin the report."""
        self.lines += ["═" * WIDTH, f"  {self.say(zh, en)}", "═" * WIDTH]

    def heading(self, zh: str, en: str) -> None:
        """Begin a section."""
        title = self.say(zh, en)
        self.lines += ["", f"{title} {'─' * (WIDTH - width(title) - 1)}"]

    def text(self, zh: str, en: str, *, indent: str = "  ", first: str = "") -> None:
        """Write a paragraph."""
        self.paragraph(self.say(zh, en), indent=indent, first=first)

    def paragraph(self, text: str, *, indent: str = "  ", first: str = "") -> None:
        """Write a paragraph that is already in the language of the page."""
        lead = first or indent
        for line in wrapped(text, WIDTH - width(indent)):
            self.lines.append((pad(lead, width(indent)) + line).rstrip())
            lead = indent

    def table(
        self,
        rows: Sequence[Sequence[str]],
        align: str,
        *,
        total: bool = False,
        head: bool = True,
        spare: int | None = None,
    ) -> None:
        """Write rows below a header; `align` has an l or r for each column.

        Where the page is too narrow the column `spare` is left out, then the gaps shrink.
        """
        columns = [max(map(width, cells)) for cells in zip(*rows, strict=True)]
        if spare is not None and _room(columns, _GAP) > WIDTH:
            kept = [index for index in range(len(align)) if index != spare]
            short = [[row[index] for index in kept] for row in rows]
            self.table(short, "".join(align[index] for index in kept), total=total, head=head)
            return
        gap = _GAP if _room(columns, _GAP) <= WIDTH else " "
        texts = [index for index, side in enumerate(align) if side == "l"]
        widest = max(texts, key=lambda index: columns[index])
        columns[widest] = max(8, columns[widest] - max(0, _room(columns, gap) - WIDTH))
        rule = _GAP + gap.join("─" * column for column in columns)
        for index, row in enumerate(rows):
            if total and index == len(rows) - 1:
                self.lines.append(rule.rstrip())
            cells = (
                pad(cut(cell, column), column, right=side == "r")
                for cell, column, side in zip(row, columns, align, strict=True)
            )
            self.lines.append((_GAP + gap.join(cells)).rstrip())
            if head and index == 0:
                self.lines.append(rule.rstrip())


def _room(columns: Sequence[int], gap: str) -> int:
    return len(_GAP) + sum(columns) + len(gap) * (len(columns) - 1)
