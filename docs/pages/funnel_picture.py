"""The picture of the funnel: a box a stage, top-down, narrower and narrower."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from pages.funnel import TITLES
from pages.svg import GAP, MARGIN, PILL, WIDE, arrow, end, number, page, shade
from pages.text import capital
from salesflow import FUNNEL, WIN_RATES, Stage, Status
from salesflow.labels import Label, Language
from salesflow.ratios import percent

BOX: Final = 48
BROADEST: Final = 648
NARROWEST: Final = 508


def box(place: int, stage: Stage, top: int, language: Language) -> str:
    """Return the box of a stage: its number, its name and its win rate."""
    part = (place - 1) / (len(Stage) - 1)
    width = round(BROADEST - (BROADEST - NARROWEST) * part)
    left, middle, colour = (WIDE - width) // 2, top + BOX // 2, shade(part)
    rate = Label("赢率", "win rate").text(language)
    return f"""\
  <rect x="{left}" y="{top}" width="{width}" height="{BOX}" rx="10" fill="{colour}"/>
{number(left + 28, middle, place)}\
  <text x="{left + 54}" y="{middle + 6}" font-size="17" font-weight="600" fill="#ffffff">\
{escape(capital(stage.label(language)))}</text>
  <text x="{left + width - 18}" y="{middle + 5}" font-size="13" fill="#ffffff" \
fill-opacity="0.92" text-anchor="end">{rate} {percent(WIN_RATES[stage]).replace(".0%", "%")}</text>
"""


def picture(language: Language) -> str:
    """Return the funnel as an SVG."""
    parts, top = [], MARGIN
    for place, move in enumerate(FUNNEL.moves, start=1):
        parts.append(box(place, Stage(move.source), top, language))
        parts.append(arrow(top + BOX, sum(gate.required for gate in move.gates), language))
        top += BOX + GAP
    parts.append(end(Status.WON, top, language))
    return page(TITLES[language], top + PILL + MARGIN, parts, language)
