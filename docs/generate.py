"""Writes the pages that are made from the tables of the library, so that they cannot drift.

`python docs/generate.py` writes `docs/diagrams.md`, `docs/glossary.md` and the two pictures of the
funnel; with `--check` it writes nothing, and fails where a file is not what it would write, or
where a page of the reference lacks a name of its door.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from salesflow import FUNNEL, WIN_RATES, ActivityKind, Gate, LossReason, Severity, Stage, Status
from salesflow.activity import DECISIONS, Decision
from salesflow.customers import CompanyRole, Dossier, HospitalRole, RelationshipLevel
from salesflow.diagrams import mermaid
from salesflow.funnel import STAGES, Act, RateOrigin, StageProfile
from salesflow.labels import LANGUAGES, Label, Language, Term
from salesflow.metrics import Entered, MovementKind
from salesflow.ratios import percent
from salesflow.scales import Rung

DOCS: Final = Path(__file__).parent
NOTE: Final = "<!-- Made by `python docs/generate.py`; do not edit by hand. -->"

# Where names live: the doors by which the reference names them.
DOORS: Final = (
    "salesflow.activity",
    "salesflow.customers",
    "salesflow.findings",
    "salesflow.funnel",
    "salesflow.gates",
    "salesflow.metrics",
    "salesflow.money",
    "salesflow.periods",
)

# Words of the trade that are no member of an enumeration: Chinese, English, where they live, and
# what they mean.  A name that no longer exists stops the script.
WORDS: Final = (
    (
        "销售漏斗",
        "sales funnel",
        "salesflow.funnel.FUNNEL",
        "the eight stages and their gates",
    ),
    ("销售机会", "opportunity, deal", "salesflow.funnel.Opportunity", "what the funnel counts"),
    ("阶段", "stage", "salesflow.funnel.Stage", "how far a deal has come; each one is a milestone"),
    ("赢率", "win rate", "salesflow.funnel.WinRates", "how likely deals at a stage are won"),
    ("关口", "gate", "salesflow.gates.Gate", "what has to be answered before a move"),
    ("条件", "question, criterion", "salesflow.gates.Gate.question", "what a gate asks"),
    ("证据", "evidence", "salesflow.gates.Evidence", "what was filed to answer a gate"),
    ("特批", "override", "salesflow.gates.Override", "passing a shut gate by name, with a reason"),
    ("流失原因", "loss reason", "salesflow.funnel.LossReason", "why a deal left without an order"),
    (
        "二次销售",
        "second sale",
        "salesflow.funnel.Opportunity.resale",
        "a new deal with the customer of a won one",
    ),
    (
        "回款",
        "collection",
        "salesflow.funnel.Opportunity.collect",
        "cash the customer has paid",
    ),
    ("指标", "quota", "salesflow.metrics.Forecast.quota", "what is to be sold in a period"),
    ("销售预计", "forecast", "salesflow.metrics.forecast", "(completed + weighted) ÷ quota"),
    (
        "完成率",
        "completion ratio",
        "salesflow.metrics.Forecast.completion_ratio",
        "completed ÷ quota",
    ),
    (
        "阶段预计",
        "stage estimate",
        "salesflow.metrics.StageEstimate",
        "what a stage is expected to bring",
    ),
    ("销售进展", "progress", "salesflow.metrics.progress", "amount moved on ÷ all amounts"),
    ("流失率", "churn", "salesflow.metrics.churn", "amount lost ÷ all amounts"),
    ("变动", "movement", "salesflow.metrics.Movement", "what became of one deal in a period"),
    ("转换率", "conversion", "salesflow.metrics.conversion", "went on ÷ (went on + lost)"),
    ("瓶颈", "bottleneck", "salesflow.metrics.Shape.bottleneck", "the narrowest step"),
    ("漏斗形状", "shape", "salesflow.metrics.shape", "how many deals stand where"),
    ("重点机会", "focus", "salesflow.metrics.focus", "deals that deserve the best people"),
    ("覆盖率", "coverage", "salesflow.metrics.coverage", "open pipeline ÷ what it is to cover"),
    ("停滞", "stalled", "salesflow.metrics.Stalled", "longer at a stage than the limit"),
    ("周表", "weekly form", "salesflow.metrics.movements_between", "two of them, compared"),
    ("季度表格", "quarterly form", "salesflow.metrics.review", "all figures of a quarter"),
    (
        "风险点",
        "finding",
        "salesflow.findings.Finding",
        "what is wrong, and what to do next",
    ),
    ("万元", "ten thousand yuan", "salesflow.money.wan", "`wan(120)` is 1,200,000 CNY"),
    ("四周周期", "cycle of four weeks", "salesflow.periods.Cycle", "the month of field planning"),
)

# The words that are enumerated: the class and its address.
TERMS: Final[tuple[tuple[type[Term], str], ...]] = (
    (Stage, "salesflow.funnel.Stage"),
    (Status, "salesflow.funnel.Status"),
    (LossReason, "salesflow.funnel.LossReason"),
    (Act, "salesflow.funnel.Act"),
    (RateOrigin, "salesflow.funnel.RateOrigin"),
    (HospitalRole, "salesflow.customers.HospitalRole"),
    (CompanyRole, "salesflow.customers.CompanyRole"),
    (RelationshipLevel, "salesflow.customers.RelationshipLevel"),
    (Dossier, "salesflow.customers.Dossier"),
    (Entered, "salesflow.metrics.Entered"),
    (MovementKind, "salesflow.metrics.MovementKind"),
    (ActivityKind, "salesflow.activity.ActivityKind"),
    (Decision, "salesflow.activity.Decision"),
    (Severity, "salesflow.findings.Severity"),
)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [tuple(heads), *map(tuple, rows)]
    lines.insert(1, ("---",) * len(lines[0]))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def found(name: str) -> object:
    """Return what an address such as `salesflow.metrics.churn` leads to, or raise."""
    module = next(door for door in DOORS if name.startswith(f"{door}."))
    here: object = importlib.import_module(module)
    rest = name.removeprefix(f"{module}.")
    for part in rest.split("."):
        # A field of a value is known to its class only.
        fields = getattr(here, "__attrs_attrs__", ())
        known = {field.name: field for field in fields}
        here = known[part] if part in known else inspect.getattr_static(here, part)
    return here


# What most gates accept, said once above the tables.
USUAL: Final = Counter(gate.accepts for gate in FUNNEL.gates.values()).most_common(1)[0][0]
# Said once above the tables, and the text from which other viewers draw.
SOURCES: Final[Mapping[Language, str]] = {
    "en": "The same as text, for [Mermaid](https://mermaid.js.org):\n\n"
    "```mermaid\n{gates}```\n\n"
    "A gate that names no evidence below accepts the record of any field or desk work: {usual}.",
    "zh": "同一张图的文本，供 [Mermaid](https://mermaid.js.org) 绘制：\n\n"
    "```mermaid\n{gates}```\n\n"
    "下表中未写明证据的关口，接受任何专业活动的记录：{usual}。",
}
COMMAS: Final[Mapping[Language, str]] = {"en": ", ", "zh": "、"}
COLONS: Final[Mapping[Language, str]] = {"en": ": ", "zh": "："}
TITLES: Final[Mapping[Language, str]] = {"en": "The eight stages", "zh": "八个阶段"}
HEADS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("gate", "question", "evidence accepted", "besides"),
    "zh": ("关口", "条件", "可接受的证据", "其他要求"),
}
LANGUAGES_OF_PAGES: Final[tuple[Language, ...]] = ("en", "zh")


# --- diagrams --------------------------------------------------------------------------------


def capital(text: str) -> str:
    """Return a text with a capital first letter, where its script has one."""
    return text[:1].upper() + text[1:]


def labels(terms: Iterable[Term], language: Language) -> str:
    """Return the labels of some terms, in the order of their own table."""
    chosen = set(terms)
    names = [term.label(language) for term in (*HospitalRole, *CompanyRole) if term in chosen]
    return COMMAS[language].join(names)


def demand(gate: Gate, language: Language) -> str:
    """Return what a gate wants besides an answer."""
    parts = []
    if not gate.required:
        parts.append(Label("可选", "optional"))
    if gate.any_of:
        parts.append(Label("同组满足其一即可", "one of its group is enough"))
    if isinstance(gate.threshold, Rung):
        rung = gate.threshold
        parts.append(Label(f"至少{rung.label('zh')}", f"at least {rung.label('en')}"))
    if gate.measured and gate.threshold is None:
        parts.append(Label("须有数值，阈值由使用方设定", "a figure; you set the threshold"))
    if gate.fact:
        parts.append(Label(f"须满足事实 `{gate.fact}`", f"the fact `{gate.fact}` must hold"))
    return ("；" if language == "zh" else "; ").join(part.text(language) for part in parts)


def accepted(gate: Gate, language: Language) -> str:
    """Return the kinds of activity whose evidence a gate accepts; nothing for all of the work."""
    kinds, usual = set(gate.accepts), set(USUAL)
    if kinds == usual:
        return ""
    if kinds > usual:
        more = [kind for kind in ActivityKind if kind in kinds - usual]
        named = {tongue: [shown(kind, tongue) for kind in more] for tongue in LANGUAGES}
        zh, en = "、".join(named["zh"]), ", ".join(named["en"])
        return Label(f"另可：{zh}", f"also {en}").text(language)
    return COMMAS[language].join(kind.label(language) for kind in gate.accepts)


def shown(kind: ActivityKind, language: Language) -> str:
    """Return a kind of activity, with its decision where it does not simply count."""
    decision = DECISIONS[kind]
    if decision is Decision.COUNTS:
        return kind.label(language)
    return Label(
        f"{kind.label('zh')}（{decision.label('zh')}）",
        f"{kind.label('en')} ({decision.label('en')})",
    ).text(language)


def about(profile: StageProfile, language: Language) -> str:
    """Return the lines about a stage: its meaning, its rate and who is needed."""
    facts = (
        (Label("键", "key"), f"`{profile.stage.value}`"),
        (Label("赢率", "win rate"), percent(WIN_RATES[profile.stage])),
        (Label("院方", "hospital"), labels(profile.hospital_roles, language)),
        (Label("重点", "focus"), labels(profile.focus, language)),
        (Label("公司对接人员", "company"), labels(profile.company_roles, language)),
    )
    rows = [capital(profile.definition.text(language)), ""]
    rows += [f"- {name.text(language)}{COLONS[language]}{fact}" for name, fact in facts if fact]
    return "\n".join(rows)


def narrowed(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table without the columns in which nothing stands."""
    kept = [index for index in range(len(heads)) if any(row[index] for row in rows)]
    return table((heads[i] for i in kept), ([row[i] for i in kept] for row in rows))


def funnel(language: Language) -> str:
    """Return the picture of the funnel and each stage with its gates."""
    parts = [
        f"## {TITLES[language]}",
        f"![{TITLES[language]}]({PICTURES[language]})",
        SOURCES[language].format(
            gates=mermaid(FUNNEL, language),
            usual=COMMAS[language].join(kind.label(language) for kind in USUAL),
        ),
    ]
    for number, move in enumerate(FUNNEL.moves, start=1):
        ends = f"{capital(move.source.label(language))} → {move.target.label(language)}"
        rows = [
            (
                f"`{gate.key}`",
                gate.question.text(language),
                accepted(gate, language),
                demand(gate, language),
            )
            for gate in move.gates
        ]
        parts += [f"### {number}. {ends}", about(STAGES[move.source], language)]
        parts.append(narrowed(HEADS[language], rows))
    return "\n\n".join(parts)


def keys() -> str:
    """Return the words that a file names by key, each with its text."""
    lists: tuple[tuple[str, type[Term]], ...] = (
        ("Stages", Stage),
        ("Loss reasons", LossReason),
        ("Relationship", RelationshipLevel),
    )
    heads = ("key", "中文", "English")
    parts = ["## Keys", "In a file or a form each of these words is written by its key."]
    for title, kind in lists:
        rows = [(f"`{m.value}`", m.label("zh"), m.label("en")) for m in kind]
        parts += [f"### {title}", table(heads, rows)]
    rows = [
        (f"`{kind.value}`", kind.label("zh"), kind.label("en"), DECISIONS[kind].label("en"))
        for kind in ActivityKind
    ]
    parts += ["### Kinds of activity", table((*heads, "as evidence"), (list(r) for r in rows))]
    return "\n\n".join(parts)


def diagrams() -> str:
    """Return the page of the eight stages."""
    intro = (
        "# The funnel, drawn\n\n"
        f"{NOTE}\n\n"
        "This page is made from the table `FUNNEL` itself, first in English, then in Chinese.\n"
        "At its end stand [the keys](#keys) of stages, reasons and activities.\n"
        "An arrow bears the number of gates that can shut it.\n"
        "From every stage a deal can also go back to an earlier one, or be lost, for a reason; "
        "those arrows are left out.\n"
    )
    pages = [funnel(language) for language in LANGUAGES_OF_PAGES]
    return "\n".join([intro, "\n\n".join([*pages, keys()])]) + "\n"


# --- pictures --------------------------------------------------------------------------------

PICTURES: Final[Mapping[Language, str]] = {"en": "funnel.en.svg", "zh": "funnel.zh.svg"}
FONTS: Final = (
    "'Helvetica Neue', Helvetica, Arial, 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
)
# A page of the picture, in pixels.
WIDE: Final = 720
MARGIN: Final = 28
BOX: Final = 48
GAP: Final = 54
BROADEST: Final = 648
NARROWEST: Final = 508
# The first and the last colour of the way down, and that of an order.
BLUE: Final = (49, 92, 150)
TEAL: Final = (22, 128, 124)
GREEN: Final = "#2e7d46"


def shade(part: float) -> str:
    """Return a colour so far on the way from the first to the last."""
    mixed = (round(a + (b - a) * part) for a, b in zip(BLUE, TEAL, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def box(number: int, stage: Stage, top: int, language: Language) -> str:
    """Return the box of a stage: its number, its name and its win rate."""
    part = (number - 1) / (len(Stage) - 1)
    width = round(BROADEST - (BROADEST - NARROWEST) * part)
    left, middle, colour = (WIDE - width) // 2, top + BOX // 2, shade(part)
    rate = Label("赢率", "win rate").text(language)
    return f"""\
  <rect x="{left}" y="{top}" width="{width}" height="{BOX}" rx="10" fill="{colour}"/>
  <circle cx="{left + 28}" cy="{middle}" r="13" fill="#ffffff" fill-opacity="0.22"/>
  <text x="{left + 28}" y="{middle + 5}" font-size="14" font-weight="600" fill="#ffffff" \
text-anchor="middle">{number}</text>
  <text x="{left + 54}" y="{middle + 6}" font-size="17" font-weight="600" fill="#ffffff">\
{escape(capital(stage.label(language)))}</text>
  <text x="{left + width - 18}" y="{middle + 5}" font-size="13" fill="#ffffff" \
fill-opacity="0.92" text-anchor="end">{rate} {percent(WIN_RATES[stage]).replace(".0%", "%")}</text>
"""


def arrow(top: int, n: int, language: Language) -> str:
    """Return an arrow down that bears a number of gates."""
    x, end = WIDE // 2, top + GAP - 4
    line = f"""\
  <path d="M{x} {top + 3}V{end - 6}" stroke="#8a97a6" stroke-width="2" fill="none"/>
  <path d="M{x - 6} {end - 8}L{x} {end}L{x + 6} {end - 8}Z" fill="#8a97a6"/>
"""
    if not n:
        return line
    text = Label(f"{n} 道关口", f"{n} gate{'' if n == 1 else 's'}").text(language)
    return f"""{line}\
  <rect x="{x - 39}" y="{top + 11}" width="78" height="22" rx="11" fill="#ffffff" \
stroke="#c3ccd6"/>
  <text x="{x}" y="{top + 26.5}" font-size="13" fill="#33414f" text-anchor="middle">{text}</text>
"""


def picture(language: Language) -> str:
    """Return the funnel as an SVG: a box a stage, top-down, narrower and narrower."""
    parts, top = [], MARGIN
    for number, move in enumerate(FUNNEL.moves, start=1):
        parts.append(box(number, Stage(move.source), top, language))
        parts.append(arrow(top + BOX, sum(gate.required for gate in move.gates), language))
        top += BOX + GAP
    won = escape(capital(Status.WON.label(language)))
    parts.append(f"""\
  <rect x="{WIDE // 2 - 80}" y="{top}" width="160" height="{BOX}" rx="{BOX // 2}" fill="{GREEN}"/>
  <text x="{WIDE // 2}" y="{top + BOX // 2 + 6}" font-size="17" font-weight="600" fill="#ffffff" \
text-anchor="middle">{won}</text>
""")
    high = top + BOX + MARGIN
    title = escape(TITLES[language])
    head = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" width="{WIDE}" \
height="{high}" role="img" aria-label="{title}" lang="{language}" font-family="{FONTS}">
  <!-- Made by `python docs/generate.py`; do not edit by hand. -->
  <title>{title}</title>
  <rect width="{WIDE}" height="{high}" rx="14" fill="#f6f8fa"/>
"""
    return f"{head}{''.join(parts)}</svg>\n"


# --- glossary --------------------------------------------------------------------------------


def sentence(thing: object) -> str:
    """Return the first sentence of a docstring."""
    text = inspect.getdoc(thing) or ""
    return text.split("\n\n")[0].replace("\n", " ")


def glossary() -> str:
    """Return the words of the trade in both languages, each with its address."""
    for *_, name, _ in WORDS:
        found(name)
    parts = [
        "# Glossary",
        NOTE,
        (
            "The words of the trade in Chinese and English, each with the name that means it.\n"
            "The labels are those of the library itself, and the names those of "
            "[the reference](reference/index.md)."
        ),
        "## Figures and things",
        table(
            ("中文", "English", "name", "meaning"),
            ((zh, en, f"`{name}`", meaning) for zh, en, name, meaning in WORDS),
        ),
    ]
    for kind, name in TERMS:
        if found(name) is not kind:
            sys.exit(f"{name} is not {kind}")
        rows = [(m.label(LANGUAGES[0]), m.label(LANGUAGES[1]), f"`{m.name}`") for m in kind]
        parts += [
            f"## {kind.__name__}",
            f"`{name}`: {sentence(kind)}",
            table(("中文", "English", "member"), rows),
        ]
    return "\n\n".join(parts) + "\n"


# --- reference -------------------------------------------------------------------------------

# Written by hand in the order in which one reads; each must name all that is behind its door.
REFERENCES: Final = {
    "salesflow.funnel": "reference/funnel.md",
    "salesflow.metrics": "reference/metrics.md",
}


def gaps() -> Iterable[str]:
    """Yield what is wrong with a hand-written page of the reference."""
    for door, page in REFERENCES.items():
        text = (DOCS / page).read_text(encoding="utf-8")
        named = Counter(re.findall(rf":: {re.escape(door)}\.(\w+)$", text, re.MULTILINE))
        behind = set(importlib.import_module(door).__all__)
        wrong = {
            "lacks": behind - named.keys(),
            "names what is not there:": named.keys() - behind,
            "names twice:": {name for name, n in named.items() if n > 1},
        }
        for problem, names in wrong.items():
            if names:
                yield f"docs/{page} {problem} {', '.join(sorted(names))}"


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "diagrams.md": diagrams,
    "glossary.md": glossary,
    PICTURES["en"]: lambda: picture("en"),
    PICTURES["zh"]: lambda: picture("zh"),
}


def main() -> None:
    """Write the pages, or check that they are up to date."""
    parser = argparse.ArgumentParser(description="Write the pages made from tables.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail where stale")
    options = parser.parse_args()
    for name, page in PAGES.items():
        path, text = DOCS / name, page()
        stale = not path.exists() or path.read_text(encoding="utf-8") != text
        if stale and options.check:
            sys.exit(f"docs/{name} is out of date; run: python docs/generate.py")
        if stale:
            path.write_text(text, encoding="utf-8", newline="\n")
    problems = list(gaps())
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
