"""Admission: what a policy lets count, for every gate, figure and roadmap of the library.

What never counts by itself is left out everywhere already.  A company's own policy may be stricter,
and then what it denies is kept out at three doors: the gates of a machine, the visits that a
figure is fed with, and the actions somebody counts.  Left out is not hidden: the findings say what
and why.

>>> from salesflow.funnel import FUNNEL
>>> strict = gated(FUNNEL, COMPLIANCE.deny("placement"))
>>> strict.name, gated(FUNNEL) == FUNNEL
('funnel', True)
>>> admitted([]).items
()
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Generic, TypeVar

from attrs import evolve, frozen

from salesflow.activity import ActivityKind, counts
from salesflow.conduct.actions import Action
from salesflow.conduct.compliance import judge_all
from salesflow.conduct.policy import COMPLIANCE, Policy, policy_of
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.gates import Gate
from salesflow.labels import Label
from salesflow.machine import Machine, table_of
from salesflow.tables import listed_of
from salesflow.visits import Visit

__all__ = ["ADMISSION_REMARKS", "Admission", "admitted", "counted", "gated"]

V = TypeVar("V")

_LEFT_OUT: Final = Remark(
    "visit_left_out",
    Severity.WATCH,
    Label("按“{policy}”，{kind}不计入拜访", "by “{policy}”, {kind} does not count as a visit"),
    Label("改为专业拜访，并报合规审查", "make a professional visit, and tell compliance"),
)
#: every finding of an admission, besides the reasons of judgements
ADMISSION_REMARKS: Final = (_LEFT_OUT,)


@frozen(kw_only=True)
class Admission(Generic[V]):
    """What a policy lets count, and why the rest was left out."""

    #: what counts, in the order given
    items: tuple[V, ...]
    #: why the rest was left out
    findings: tuple[Finding, ...]


def counted(actions: Iterable[Action], policy: Policy = COMPLIANCE) -> Admission[Action]:
    """Return the actions that count, each once, and the reasons against the others.

    Raises as `judge_all` does.
    """
    given = listed_of(actions, Action, "actions")
    once = {action.id: action for action in given}
    judged = {judgement.action: judgement for judgement in judge_all(given, policy)}
    return Admission(
        items=tuple(action for action in once.values() if judged[action.id].counts),
        findings=tuple(
            reason for one in judged.values() if not one.counts for reason in one.reasons
        ),
    )


def admitted(visits: Iterable[Visit], policy: Policy = COMPLIANCE) -> Admission[Visit]:
    """Return the visits of kinds that count, to feed a figure with, and why others do not.

    Nobody approves a visit, so one of a kind under review is left out.
    """
    rules, found = policy_of(policy), listed_of(visits, Visit, "visits")
    return Admission(
        items=tuple(visit for visit in found if rules.counts(visit.kind)),
        findings=tuple(
            _LEFT_OUT.about(
                visit.id,
                severity=rules.ruling(visit.kind).severity,
                policy=rules.name,
                kind=visit.kind,
            )
            for visit in found
            if not rules.counts(visit.kind)
        ),
    )


def gated(machine: Machine, policy: Policy = COMPLIANCE) -> Machine:
    """Return the same table with gates that accept no kind of evidence against the policy.

    It is as strict or stricter, and keeps its name, so that its deals pass through it.  A gate
    asks for an approval only of kinds that need one by themselves; a kind that only the policy
    wants approved is taken out as well.

    Raises `InvalidValue` where nothing is left that a gate could accept.
    """
    rules = policy_of(policy)
    for gate in table_of(machine).gates.values():
        kept = tuple(kind for kind in gate.accepts if _agreed(kind, rules))
        if kept != gate.accepts:
            machine = machine.with_gate(_cut(gate, kept))
    return machine


def _agreed(kind: ActivityKind, policy: Policy) -> bool:
    """Whether the policy lets evidence of a kind count whenever a gate would."""
    return all(
        policy.counts(kind, approved=approved)
        for approved in (False, True)
        if counts(kind, approved=approved)
    )


def _cut(gate: Gate, kept: tuple[ActivityKind, ...]) -> Gate:
    if not kept:
        problem = f"denies all that the gate {gate.key} accepts"
        remedy = "let one of its kinds count, or give the machine another gate"
        raise InvalidValue("policy", problem, remedy)
    return evolve(gate, accepts=kept)
