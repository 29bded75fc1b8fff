"""The picture of a visit: its steps top-down, the loops on the left, the ways out on the right."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from pages.svg import (
    EDGE,
    GAP,
    INK,
    LINE,
    MARGIN,
    PILL,
    WIDE,
    arrow,
    end,
    gates,
    number,
    page,
    shade,
)
from pages.text import capital
from pages.visit import TITLES
from salesflow.labels import Label, Language
from salesflow.machine import Move
from salesflow.visits import STEPS, VISIT, Step, VisitStatus

BOX: Final = 54
BROAD: Final = 340
LEFT: Final = (WIDE - BROAD) // 2
RIGHT: Final = LEFT + BROAD
# Where lines run beside the boxes: loops by how far back they lead, skips, and what is broken off.
LANE: Final = 36
SKIP: Final = RIGHT + 60
OUT: Final = RIGHT + 142
ROUND: Final = 10
# Where lines meet the side of a box, from its top: one that comes in, then those that go out.
ARRIVES: Final = 41
LEAVES: Final = (13, 27)
MIDDLE: Final = BOX // 2
DASHED: Final = ' stroke-dasharray="5 5"'


def top_of(step: Step) -> int:
    """Return where the box of a step begins."""
    return MARGIN + VISIT.position(step) * (BOX + GAP)


def box(step: Step, language: Language) -> str:
    """Return the box of a step: its number, its name and what it is for."""
    top, place = top_of(step), VISIT.position(step)
    colour = shade(place / (len(Step) - 1))
    return f"""\
  <rect x="{LEFT}" y="{top}" width="{BROAD}" height="{BOX}" rx="10" fill="{colour}"/>
{number(LEFT + 28, top + MIDDLE, place + 1)}\
  <text x="{LEFT + 54}" y="{top + 24}" font-size="17" font-weight="600" fill="#ffffff">\
{escape(capital(step.label(language)))}</text>
  <text x="{LEFT + 54}" y="{top + 43}" font-size="12.5" fill="#ffffff" fill-opacity="0.92">\
{escape(STEPS[step].purpose.text(language))}</text>
"""


def wire(start: tuple[int, int], lane: int, finish: tuple[int, int], style: str = "") -> str:
    """Return a line from a side of a box along a lane to a side of another, with its head."""
    (x, y), (to_x, to_y) = start, finish
    out, down = (1 if lane > x else -1), (1 if to_y > y else -1)
    side = 1 if to_x > lane else -1
    head = to_x - 8 * side
    path = (
        f"M{x} {y}H{lane - out * ROUND}Q{lane} {y} {lane} {y + down * ROUND}"
        f"V{to_y - down * ROUND}Q{lane} {to_y} {lane + side * ROUND} {to_y}H{head}"
    )
    return f"""\
  <path d="{path}" stroke="{LINE}" stroke-width="2" fill="none"{style}/>
  <path d="M{head} {to_y - 6}L{to_x} {to_y}L{head} {to_y + 6}Z" fill="{LINE}"/>
"""


def beside(move: Move, language: Language) -> str:
    """Return a move that the path does not have: a loop on the left, a skip on the right."""
    source, target = Step(move.source), Step(move.target)
    far = VISIT.position(target) - VISIT.position(source)
    if far < 0:
        start = (LEFT - 3, top_of(source) + LEAVES[-far - 1])
        finish = (LEFT - 2, top_of(target) + ARRIVES)
        return wire(start, LEFT - 6 + far * LANE, finish)
    start = (RIGHT + 3, top_of(source) + ARRIVES)
    line = wire(start, SKIP, (RIGHT + 2, top_of(target) + LEAVES[0]))
    n = sum(gate.required for gate in move.gates)
    return line + gates(SKIP, top_of(source) + BOX + 16, n, language)


def broken_off(language: Language) -> str:
    """Return the dashed lines from the conversation to the summary."""
    aborts = [Step(move.source) for move in VISIT.departures if isinstance(move.target, Step)]
    summary = Step(VISIT.landmark("summary"))
    finish = (RIGHT + 2, top_of(summary) + MIDDLE)
    first, *others = (top_of(step) + MIDDLE for step in aborts)
    stubs = "".join(
        f'  <path d="M{RIGHT + 3} {y}H{OUT}" stroke="{LINE}" stroke-width="2" '
        f'fill="none"{DASHED}/>\n'
        for y in others
    )
    text = Label("中断", "broken off").text(language)
    return f"""{wire((RIGHT + 3, first), OUT, finish, DASHED)}{stubs}\
  <text x="{OUT - 8}" y="{finish[1] - 10}" font-size="13" fill="{INK}" text-anchor="end">\
{text}</text>
"""


def cancelled(language: Language) -> str:
    """Return the way out before the visit begins."""
    middle, left = top_of(Step(VISIT.start)) + MIDDLE, RIGHT + 48
    word = escape(capital(VisitStatus.CANCELLED.label(language)))
    return f"""\
  <path d="M{RIGHT + 3} {middle}H{left - 10}" stroke="{LINE}" stroke-width="2" fill="none"{DASHED}/>
  <path d="M{left - 10} {middle - 6}L{left - 2} {middle}L{left - 10} {middle + 6}Z" fill="{LINE}"/>
  <rect x="{left}" y="{middle - 16}" width="106" height="32" rx="16" fill="#ffffff" \
stroke="{EDGE}"/>
  <text x="{left + 53}" y="{middle + 5}" font-size="14" fill="{INK}" text-anchor="middle">\
{word}</text>
"""


def picture(language: Language) -> str:
    """Return the visit as an SVG."""
    parts = [broken_off(language), cancelled(language)]
    for move in VISIT.moves:
        source, target = Step(move.source), VISIT.position(move.target)
        if target == VISIT.position(source) + 1 or move.target in VISIT.final:
            n = sum(gate.required for gate in move.gates)
            parts += [box(source, language), arrow(top_of(source) + BOX, n, language)]
        else:
            parts.append(beside(move, language))
    bottom = top_of(Step(VISIT.landmark("summary"))) + BOX + GAP
    parts.append(end(VisitStatus.CLOSED, bottom, language))
    return page(TITLES[language], bottom + PILL + MARGIN, parts, language)
