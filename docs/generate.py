"""Writes the pages that are made from the tables of the library, so that they cannot drift.

`python docs/generate.py` writes `docs/diagrams.md` and `docs/glossary.md`; with `--check` it writes
nothing, and fails where a page is not what it would write, or where a page of the reference lacks a
name of its door.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from salesflow import FUNNEL, WIN_RATES, ActivityKind, Gate, LossReason, Severity, Stage, Status
from salesflow.activity import DECISIONS, WORK, Decision
from salesflow.customers import CompanyRole, Dossier, HospitalRole, RelationshipLevel
from salesflow.diagrams import mermaid
from salesflow.funnel import STAGES, Act, RateOrigin, StageProfile
from salesflow.labels import LANGUAGES, Label, Language, Term
from salesflow.metrics import Entered, MovementKind
from salesflow.ratios import percent
from salesflow.scales import Rung

DOCS: Final = Path(__file__).parent
NOTE: Final = "<!-- Made by `python docs/generate.py`; do not edit by hand. -->"

# Where names may live, the deepest first.
DOORS: Final = (
    "salesflow.activity",
    "salesflow.customers",
    "salesflow.funnel",
    "salesflow.metrics",
    "salesflow",
)

# Words of the trade that are no member of an enumeration: Chinese, English, where they live, and
# what they mean.  A name that no longer exists stops the script.
WORDS: Final = (
    ("销售漏斗", "sales funnel", "salesflow.FUNNEL", "the eight stages, their moves and gates"),
    ("销售机会", "opportunity, deal", "salesflow.Opportunity", "what the funnel counts"),
    ("阶段", "stage", "salesflow.Stage", "how far a deal has come; each one is a milestone"),
    ("赢率", "win rate", "salesflow.WinRates", "how likely deals at a stage are won"),
    ("条件、标准", "gate, criterion", "salesflow.Gate", "a question to answer before a move"),
    ("证据", "evidence", "salesflow.Evidence", "what was filed to answer a gate"),
    ("担保放行", "override", "salesflow.Override", "passing a shut gate by name, with a reason"),
    ("流失原因", "loss reason", "salesflow.LossReason", "why a deal left without an order"),
    (
        "二次销售",
        "second sale",
        "salesflow.Opportunity.resale",
        "a new deal with the customer of a won one",
    ),
    ("回款", "collection", "salesflow.Opportunity.collect", "cash that the customer has paid"),
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
    ("风险点", "finding", "salesflow.Finding", "what is wrong, about whom, what to do next"),
    ("万元", "ten thousand yuan", "salesflow.wan", "`wan(120)` is 1,200,000 CNY"),
    ("四周周期", "cycle of four weeks", "salesflow.Cycle", "the month of field planning"),
)

# The words that are enumerated: the class and its address.
TERMS: Final[tuple[tuple[type[Term], str], ...]] = (
    (Stage, "salesflow.Stage"),
    (Status, "salesflow.Status"),
    (LossReason, "salesflow.LossReason"),
    (Act, "salesflow.funnel.Act"),
    (RateOrigin, "salesflow.funnel.RateOrigin"),
    (HospitalRole, "salesflow.customers.HospitalRole"),
    (CompanyRole, "salesflow.customers.CompanyRole"),
    (RelationshipLevel, "salesflow.customers.RelationshipLevel"),
    (Dossier, "salesflow.customers.Dossier"),
    (Entered, "salesflow.metrics.Entered"),
    (MovementKind, "salesflow.metrics.MovementKind"),
    (ActivityKind, "salesflow.ActivityKind"),
    (Decision, "salesflow.activity.Decision"),
    (Severity, "salesflow.Severity"),
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


COMMAS: Final[Mapping[Language, str]] = {"en": ", ", "zh": "、"}
COLONS: Final[Mapping[Language, str]] = {"en": ": ", "zh": "："}
TITLES: Final[Mapping[Language, str]] = {"en": "The eight stages", "zh": "八个阶段"}
HEADS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("gate", "question", "evidence accepted", "besides"),
    "zh": ("键", "问题", "可接受的证据", "其他要求"),
}


# --- diagrams --------------------------------------------------------------------------------


def capital(text: str) -> str:
    """Return a text with a capital first letter, where its script has one."""
    return text[:1].upper() + text[1:]


def labels(terms: Iterable[Term], language: Language) -> str:
    """Return the labels of some terms, in the order of their own table."""
    chosen = set(terms)
    names = [term.label(language) for term in (*HospitalRole, *CompanyRole) if term in chosen]
    return COMMAS[language].join(names) or "–"


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
    """Return the kinds of activity whose evidence a gate accepts."""
    kinds = set(gate.accepts)
    if kinds == set(WORK):
        return Label("任何专业活动", "any professional work").text(language)
    if kinds > set(WORK):
        more = [kind for kind in ActivityKind if kind in kinds - set(WORK)]
        zh = "、".join(f"{kind.label('zh')}（{DECISIONS[kind].label('zh')}）" for kind in more)
        en = ", ".join(f"{kind.label('en')} ({DECISIONS[kind].label('en')})" for kind in more)
        return Label(f"任何专业活动；{zh}", f"any professional work; {en}").text(language)
    return COMMAS[language].join(kind.label(language) for kind in ActivityKind if kind in kinds)


def about(profile: StageProfile, language: Language) -> str:
    """Return the lines about a stage: its meaning, its rate and who is needed."""
    rate = Label("赢率", "win rate").text(language)
    hospital = Label("院方", "hospital").text(language)
    focus = Label("重点", "focus").text(language)
    company = Label("公司对接人员", "company").text(language)
    separator = COLONS[language]
    rows = [
        capital(profile.definition.text(language)),
        "",
        f"- {rate}{separator}{percent(WIN_RATES[profile.stage])}",
        f"- {hospital}{separator}{labels(profile.hospital_roles, language)}",
    ]
    if profile.focus:
        rows.append(f"- {focus}{separator}{labels(profile.focus, language)}")
    rows.append(f"- {company}{separator}{labels(profile.company_roles, language)}")
    return "\n".join(rows)


def funnel(language: Language) -> str:
    """Return the picture of the funnel and each stage with its gates."""
    parts = [f"## {TITLES[language]}", f"```mermaid\n{mermaid(FUNNEL, language)}```"]
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
        parts.append(table(HEADS[language], rows))
    return "\n\n".join(parts)


def diagrams() -> str:
    """Return the page of the eight stages."""
    intro = (
        "# The funnel, drawn\n\n"
        f"{NOTE}\n\n"
        "This page is made from the table `FUNNEL` itself, first in English, then in Chinese.\n"
        "Many viewers of Markdown draw the picture; others show the text it is drawn from.\n"
        "An arrow bears the number of gates that can shut it.\n"
        "From every stage a deal can also go back to an earlier one, or be lost, for a reason; "
        "those arrows are left out.\n"
    )
    languages: tuple[Language, ...] = ("en", "zh")
    return "\n".join([intro, "\n\n".join(funnel(language) for language in languages)]) + "\n"


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
        "The words of the trade in Chinese and English, each with the name that stands for it.",
        "The labels are those of the library itself.",
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


PAGES: Final = {"diagrams.md": diagrams, "glossary.md": glossary}


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
