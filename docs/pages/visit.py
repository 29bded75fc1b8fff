"""The visit on the page of diagrams: its picture as text, its seven steps, and the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pages.text import table
from salesflow.diagrams import mermaid
from salesflow.gates import Gate
from salesflow.labels import Label, Language, Term
from salesflow.visits import PROCESS, STEPS, VISIT

TITLES: Final[Mapping[Language, str]] = {"en": "The seven steps of a visit", "zh": "拜访七步"}
PICTURES: Final[Mapping[Language, str]] = {"en": "visit.en.svg", "zh": "visit.zh.svg"}
# Said below the picture, with the text from which other viewers draw.
SOURCES: Final[Mapping[Language, str]] = {
    "en": "A visit starts with its plan and ends with its summary.\n"
    "An objection may lead back to the needs or the solution, and one raised at the close back to "
    "the objections; where there is none, the step is skipped.\n"
    "Dashed lines are departures: a conversation that is broken off goes to the summary all the "
    "same, and a visit that never began is cancelled.\n\n"
    "The same as text, for [Mermaid](https://mermaid.js.org), departures included:\n\n"
    "```mermaid\n{picture}```",
    "zh": "拜访从访前计划开始，以访后总结结束。\n"
    "异议处理可以回到确定需求或提供解决方案，缔结时提出的异议回到异议处理；没有异议时跳过这一步。\n"
    "虚线表示离开主线：面谈中断后仍须写访后总结；未开始的拜访可以取消。\n\n"
    "同一张图的文本（含虚线部分），供 [Mermaid](https://mermaid.js.org) 绘制：\n\n"
    "```mermaid\n{picture}```",
}
# A title and what is said below it, for each table.
GATES: Final[Mapping[Language, str]] = {
    "en": "### Gates of a visit\n\n"
    "They ask for facts that the visit itself knows, so no evidence is filed for them.",
    "zh": "### 拜访的关口\n\n这些关口只看拜访本身的事实，不需另交证据。",
}
GUIDE: Final[Mapping[Language, str]] = {
    "en": "### What each step is for",
    "zh": "### 各步骤的要点",
}
CHECKS: Final[Mapping[Language, str]] = {
    "en": "### What is done in a good visit\n\n"
    "A check with a key is made by the library: the key is that of the finding.\n"
    "The others are for the manager who goes along.",
    "zh": "### 好的拜访怎么做\n\n"
    "带键名的检查由本库完成，键名即相应发现的键；其余由陪同拜访的主管判断。",
}
MAP: Final[Mapping[Language, str]] = {
    "en": "### Three vocabularies of selling\n\n"
    "The general process of the textbooks, the steps of a visit, and the stages of a deal.\n"
    "The map is one of themes: a visit takes minutes, a deal takes months, and no visit moves "
    "a deal.",
    "zh": "### 三套说法的对应\n\n"
    "教科书的一般流程、拜访的步骤、销售机会的阶段。\n"
    "对应的是主题：拜访以分钟计，机会以月计，拜访本身不推动机会。",
}
GATE_HEADS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("gate", "question", "on the way"),
    "zh": ("关口", "条件", "所在位置"),
}
GUIDE_HEADS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("step", "key", "purpose", "goes in", "comes out"),
    "zh": ("步骤", "键", "目的", "投入", "产出"),
}
CHECK_HEADS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("step", "check", "finding"),
    "zh": ("步骤", "检查", "发现"),
}
MAP_HEADS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("general process", "steps of a visit", "stages of a deal"),
    "zh": ("一般流程", "拜访步骤", "机会阶段"),
}


def visit(language: Language) -> str:
    """Return the picture of the visit, its gates, its steps and the map."""
    return "\n\n".join(
        (
            f"## {TITLES[language]}",
            f"![{TITLES[language]}]({PICTURES[language]})",
            SOURCES[language].format(picture=mermaid(VISIT, language, departures=True)),
            GATES[language],
            table(GATE_HEADS[language], _gates(language)),
            GUIDE[language],
            table(GUIDE_HEADS[language], _guide(language)),
            CHECKS[language],
            table(CHECK_HEADS[language], _checks(language)),
            MAP[language],
            table(MAP_HEADS[language], _map(language)),
        )
    )


def _gates(language: Language) -> Iterable[Sequence[str]]:
    ways: dict[Gate, list[str]] = {}
    for move in VISIT.moves:
        way = f"{move.source.label(language)} → {move.target.label(language)}"
        for gate in move.gates:
            ways.setdefault(gate, []).append(way)
    for gate, found in ways.items():
        yield f"`{gate.key}`", gate.question.text(language), "<br>".join(found)


def _guide(language: Language) -> Iterable[Sequence[str]]:
    for step, row in STEPS.items():
        yield (
            _numbered([step], language),
            f"`{step.value}`",
            row.purpose.text(language),
            _list(row.inputs, language),
            _list(row.outputs, language),
        )


def _checks(language: Language) -> Iterable[Sequence[str]]:
    for step, row in STEPS.items():
        for place, check in enumerate(row.checks):
            yield (
                "" if place else _numbered([step], language),
                check.question.text(language),
                check.finding and f"`{check.finding}`",
            )


def _list(labels: Iterable[Label], language: Language) -> str:
    return ("；" if language == "zh" else "; ").join(label.text(language) for label in labels)


def _map(language: Language) -> Iterable[Sequence[str]]:
    for row in PROCESS:
        yield (
            _numbered([row.general], language),
            _numbered(row.steps, language),
            _numbered(row.stages, language),
        )


def _numbered(terms: Iterable[Term], language: Language) -> str:
    # So that one sees the order, each word bears its place in its own vocabulary.
    places = {term: list(type(term)).index(term) + 1 for term in terms}
    return "<br>".join(f"{place}. {term.label(language)}" for term, place in places.items())
