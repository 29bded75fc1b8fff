"""The funnel on the page of diagrams: its picture as text, and each stage with its gates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from pages.text import COLONS, COMMAS, capital, narrowed
from salesflow import FUNNEL, WIN_RATES, ActivityKind, Gate
from salesflow.activity import DECISIONS, Decision
from salesflow.customers import CompanyRole, HospitalRole
from salesflow.diagrams import mermaid
from salesflow.funnel import STAGES, StageProfile
from salesflow.labels import LANGUAGES, Label, Language, Term
from salesflow.ratios import percent
from salesflow.scales import Rung

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
TITLES: Final[Mapping[Language, str]] = {"en": "The eight stages", "zh": "八个阶段"}
HEADS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("gate", "question", "evidence accepted", "besides"),
    "zh": ("关口", "条件", "可接受的证据", "其他要求"),
}
PICTURES: Final[Mapping[Language, str]] = {"en": "funnel.en.svg", "zh": "funnel.zh.svg"}


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
