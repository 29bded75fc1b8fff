"""The page of diagrams: the funnel, the visit, and the keys of their words."""

from __future__ import annotations

from pages.funnel import funnel
from pages.text import LANGUAGES_OF_PAGES, NOTE, table
from pages.visit import visit
from salesflow import ActivityKind, LossReason, Stage
from salesflow.activity import DECISIONS
from salesflow.customers import AfterListing, BeforeListing, RelationshipLevel
from salesflow.labels import Term
from salesflow.visits import ObjectionOutcome, Step


def keys() -> str:
    """Return the words that a file names by key, each with its text."""
    lists: tuple[tuple[str, type[Term]], ...] = (
        ("Stages", Stage),
        ("Loss reasons", LossReason),
        ("Relationship", RelationshipLevel),
        ("Steps of a visit", Step),
        ("Outcomes of an objection", ObjectionOutcome),
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


def diagrams() -> str:
    """Return the page of the eight stages and the seven steps."""
    intro = (
        "# The funnel and the visit, drawn\n\n"
        f"{NOTE}\n\n"
        "This page is made from the tables `FUNNEL`, `VISIT`, `STEPS` and `PROCESS` themselves, "
        "first in English, then in Chinese.\n"
        "At its end stand [the keys](#keys) of stages, reasons, steps and activities.\n"
        "An arrow bears the number of gates that can shut it.\n"
        "From every stage a deal can also go back to an earlier one, or be lost, for a reason; "
        "those arrows are left out.\n"
    )
    pages = [draw(language) for language in LANGUAGES_OF_PAGES for draw in (funnel, visit)]
    return "\n".join([intro, "\n\n".join([*pages, keys()])]) + "\n"
