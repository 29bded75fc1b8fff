"""What all pictures share: the page, its colours, and the parts they are drawn from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from pages.text import capital
from salesflow.labels import Label, Language, Term

FONTS: Final = (
    "'Helvetica Neue', Helvetica, Arial, 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
)
# A page, in pixels.
WIDE: Final = 720
MARGIN: Final = 28
GAP: Final = 54
PILL: Final = 48
# The first and the last colour of the way down, that of a good end, and those of lines and text.
BLUE: Final = (49, 92, 150)
TEAL: Final = (22, 128, 124)
GREEN: Final = "#2e7d46"
LINE: Final = "#8a97a6"
EDGE: Final = "#c3ccd6"
INK: Final = "#33414f"


def shade(part: float) -> str:
    """Return a colour so far on the way from the first to the last."""
    mixed = (round(a + (b - a) * part) for a, b in zip(BLUE, TEAL, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def arrow(top: int, n: int, language: Language) -> str:
    """Return an arrow down that bears a number of gates."""
    x, end = WIDE // 2, top + GAP - 4
    line = f"""\
  <path d="M{x} {top + 3}V{end - 6}" stroke="{LINE}" stroke-width="2" fill="none"/>
  <path d="M{x - 6} {end - 8}L{x} {end}L{x + 6} {end - 8}Z" fill="{LINE}"/>
"""
    return line + gates(x, top + 11, n, language)


def gates(x: int, top: int, n: int, language: Language) -> str:
    """Return the number of gates on an arrow; nothing for none."""
    if not n:
        return ""
    text = Label(f"{n} 道关口", f"{n} gate{'' if n == 1 else 's'}").text(language)
    return f"""\
  <rect x="{x - 39}" y="{top}" width="78" height="22" rx="11" fill="#ffffff" \
stroke="{EDGE}"/>
  <text x="{x}" y="{top + 15.5}" font-size="13" fill="{INK}" text-anchor="middle">{text}</text>
"""


def number(x: int, y: int, n: int) -> str:
    """Return a number in a circle, for the beginning of a box."""
    return f"""\
  <circle cx="{x}" cy="{y}" r="13" fill="#ffffff" fill-opacity="0.22"/>
  <text x="{x}" y="{y + 5}" font-size="14" font-weight="600" fill="#ffffff" \
text-anchor="middle">{n}</text>
"""


def end(term: Term, top: int, language: Language) -> str:
    """Return the end of the way down."""
    return f"""\
  <rect x="{WIDE // 2 - 80}" y="{top}" width="160" height="{PILL}" rx="{PILL // 2}" fill="{GREEN}"/>
  <text x="{WIDE // 2}" y="{top + PILL // 2 + 6}" font-size="17" font-weight="600" fill="#ffffff" \
text-anchor="middle">{escape(capital(term.label(language)))}</text>
"""


def page(title: str, high: int, parts: Iterable[str], language: Language) -> str:
    """Return a whole picture."""
    named = escape(title)
    head = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" width="{WIDE}" \
height="{high}" role="img" aria-label="{named}" lang="{language}" font-family="{FONTS}">
  <!-- Made by `python docs/generate.py`; do not edit by hand. -->
  <title>{named}</title>
  <rect width="{WIDE}" height="{high}" rx="14" fill="#f6f8fa"/>
"""
    return f"{head}{''.join(parts)}</svg>\n"
