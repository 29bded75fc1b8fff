"""Which answer to an objection works, and for whom: resolved ÷ used, with n and an interval."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import frozen

from salesflow import text
from salesflow.errors import WrongType
from salesflow.ratios import Rate
from salesflow.tables import Table
from salesflow.visits.cases import Case
from salesflow.visits.dialogue import answered
from salesflow.visits.visit import Visit

__all__ = ["AnswerLesson", "answers_given"]


@frozen(kw_only=True)
class AnswerLesson:
    """How well one technique resolved objections."""

    #: resolved of used
    rate: Rate
    #: the same for each kind of objection, where a kind was noted
    by_kind: Table[str, Rate]
    #: the same for each group of customers, where groups were asked for
    by_whom: Table[str, Rate]
    #: ids of the visits in which it resolved an objection
    resolved: tuple[str, ...]
    #: ids of the visits in which it did not
    unresolved: tuple[str, ...]


def answers_given(
    cases: Iterable[Case], whom: Callable[[Visit], str] | None = None
) -> Table[str, AnswerLesson]:
    """Return what became of each technique, in the order of their names.

    An objection counts once it was answered by a technique that somebody noted.
    """
    if whom is not None and not callable(whom):
        raise WrongType.of("whom", whom, "pass a function of a visit")
    used: dict[str, list[tuple[str, str, str, bool]]] = {}
    for case in cases:
        for objection, resolved in answered(case.sheet.objections):
            group = "" if whom is None else text.optional(whom(case.visit), "whom")
            use = (case.visit.id, objection.kind, group, resolved)
            used.setdefault(objection.technique, []).append(use)
    return Table(
        {
            technique: AnswerLesson(
                rate=_rate(resolved for *_, resolved in used[technique]),
                by_kind=_by((kind, resolved) for _, kind, _, resolved in used[technique]),
                by_whom=_by((group, resolved) for _, _, group, resolved in used[technique]),
                resolved=_visits(used[technique], resolved=True),
                unresolved=_visits(used[technique], resolved=False),
            )
            for technique in sorted(used)
        }
    )


def _visits(uses: list[tuple[str, str, str, bool]], *, resolved: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys(visit for visit, _, _, outcome in uses if outcome is resolved))


def _by(uses: Iterable[tuple[str, bool]]) -> Table[str, Rate]:
    grouped: dict[str, list[bool]] = {}
    for name, resolved in uses:
        if name:
            grouped.setdefault(name, []).append(resolved)
    return Table({name: _rate(grouped[name]) for name in sorted(grouped)})


def _rate(outcomes: Iterable[bool]) -> Rate:
    found = list(outcomes)
    return Rate(sum(found), len(found))
