"""The page of diagrams: the funnel, the visit, the notice, the goal, and keys of their words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pages.funnel import funnel
from pages.text import LANGUAGES_OF_PAGES, NOTE, table
from pages.visit import GATE_HEADS, visit
from salesflow import ActivityKind, LossReason, Stage
from salesflow.activity import DECISIONS
from salesflow.conduct import NOTICE, NoticeState
from salesflow.customers import AfterListing, BeforeListing, RelationshipLevel
from salesflow.diagrams import mermaid
from salesflow.labels import Language, Term
from salesflow.planning import GOALS
from salesflow.visits import ObjectionOutcome, Step

# A title and what is said above the picture.
NOTICES: Final[Mapping[Language, str]] = {
    "en": "## The life of a business notice\n\n"
    "A notice is issued, accepted and done.\n"
    "What cannot be done by its day is put off by a receipt, with a reason and a later day, and "
    "only who issued it may cancel it.",
    "zh": "## 业务通知单\n\n"
    "通知单下单后由接洽人员受理，直至完成。\n"
    "不能按时完成的，须填写回执，写明原因和新的完成时间；只有下单人员可以取消。",
}
GOALS_OF: Final[Mapping[Language, str]] = {
    "en": "## The four links of a goal\n\n"
    "Management by objectives: a check may lead back to carrying out.\n"
    "The gates ask for facts that the goal itself knows.",
    "zh": "## 目标管理的四个环节\n\n检查后可以回到实施。\n关口只看目标本身的事实。",
}


def notice(language: Language) -> str:
    """Return the life of a business notice."""
    return f"{NOTICES[language]}\n\n```mermaid\n{mermaid(NOTICE, language, departures=True)}```"


def goals(language: Language) -> str:
    """Return the life of a goal, and its gates."""
    rows = (
        (
            f"`{gate.key}`",
            gate.question.text(language),
            f"{move.source.label(language)} → {move.target.label(language)}",
        )
        for move in GOALS.moves
        for gate in move.gates
    )
    picture = f"```mermaid\n{mermaid(GOALS, language)}```"
    return "\n\n".join((GOALS_OF[language], picture, table(GATE_HEADS[language], rows)))


def keys() -> str:
    """Return the words that a file names by key, each with its text."""
    lists: tuple[tuple[str, type[Term]], ...] = (
        ("Stages", Stage),
        ("Loss reasons", LossReason),
        ("Relationship", RelationshipLevel),
        ("Steps of a visit", Step),
        ("Outcomes of an objection", ObjectionOutcome),
        ("States of a business notice", NoticeState),
    )
    heads = ("key", "中文", "English")
    parts = ["## Keys", "In a file or a form each of these words is written by its key."]
    for title, kind in lists:
        rows = [(f"`{m.value}`", m.label("zh"), m.label("en")) for m in kind]
        parts += [f"### {title}", table(heads, rows)]
    scores = [
        (str(m.number), f"`{m.value}`", m.label("zh"), m.label("en"))
        for m in (*BeforeListing, *AfterListing)
    ]
    parts += ["### Score of a doctor", table(("number", *heads), scores)]
    rows = [
        (f"`{kind.value}`", kind.label("zh"), kind.label("en"), DECISIONS[kind].label("en"))
        for kind in ActivityKind
    ]
    parts += ["### Kinds of activity", table((*heads, "as evidence"), (list(r) for r in rows))]
    return "\n\n".join(parts)


DRAWN: Final = (funnel, visit, notice, goals)


def diagrams() -> str:
    """Return the page of the stages, the steps, the notice and the goal."""
    intro = (
        "# The funnel, the visit, the notice and the goal, drawn\n\n"
        f"{NOTE}\n\n"
        "This page is made from the tables `FUNNEL`, `VISIT`, `STEPS`, `PROCESS`, `NOTICE` and "
        "`GOALS` themselves, first in English, then in Chinese.\n"
        "At its end stand [the keys](#keys) of stages, reasons, steps and activities.\n"
        "An arrow bears the number of gates that can shut it.\n"
        "From every stage a deal can also go back to an earlier one, or be lost, for a reason; "
        "those arrows are left out.\n"
    )
    pages = [draw(language) for language in LANGUAGES_OF_PAGES for draw in DRAWN]
    return "\n".join([intro, "\n\n".join([*pages, keys()])]) + "\n"
