"""Gates, the evidence that opens them, and the one way around them.

A `Gate` is a question in two languages with the kinds of activity whose evidence answers it and,
where needed, a threshold, an any-of group or a named fact.  All of it is data: a gate holds no
callable, so a table of gates can be stored, compared, translated and replaced.

>>> from decimal import Decimal
>>> pays = Gate("pays_well", Label("回款良好？", "Does it pay well?"), threshold=Decimal("0.9"))
>>> pays.admits(Evidence(gate="pays_well", kind="analysis", ref="FIN-7", value=Decimal("0.95")))
True
>>> pays.admits(Evidence(gate="pays_well", kind="meal", ref="BILL-1"))
False
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

from attrs import field, frozen

from salesflow import text
from salesflow.activity import WORK, ActivityKind, counts
from salesflow.errors import InvalidValue, WrongType
from salesflow.labels import Label
from salesflow.scales import Measure, Rung, exact, reaches

__all__ = ["Evidence", "Gate", "Override"]


def _kind(value: ActivityKind | str) -> ActivityKind:
    return value if type(value) is ActivityKind else ActivityKind.of(value)


def _measured(value: Measure | None) -> Measure | None:
    if value is not None and not isinstance(value, bool | Rung):
        exact(value, "value")
    return value


def _threshold(value: Measure | None) -> Measure | None:
    if value is not None and not isinstance(value, Rung):
        exact(value, "threshold")
    return value


def _gate_key(value: str) -> str:
    return text.line(value, "gate")


def _reference(value: str) -> str:
    return text.line(value, "ref")


def _approver(value: str) -> str:
    return text.line(value, "approver")


def _maybe_approver(value: str) -> str:
    return text.optional(value, "approver")


def _reason(value: str) -> str:
    return text.note(value, "reason")


@frozen(kw_only=True)
class Evidence:
    """What the host filed to show that a gate's question is answered."""

    #: key of the gate it answers
    gate: str = field(converter=_gate_key)
    #: the kind of activity it proves; its key such as "visit" is taken too
    kind: ActivityKind = field(converter=_kind)
    #: the host's own reference to the record; the record itself stays with the host
    ref: str = field(converter=_reference)
    #: the figure or rung found, where the gate has a threshold; True or False where it is a fact
    value: Measure | None = field(default=None, converter=_measured)
    #: who approved it, for the kinds that need review
    approver: str = field(default="", converter=_maybe_approver, repr=False)


@frozen(kw_only=True)
class Override:
    """Passing a shut gate on somebody's word: possible only by name and with a reason."""

    #: who takes the responsibility
    approver: str = field(converter=_approver, repr=False)
    #: why the gate does not apply
    reason: str = field(converter=_reason, repr=False)


def _kinds(value: Iterable[ActivityKind]) -> tuple[ActivityKind, ...]:
    accepted = frozenset(map(ActivityKind.of, value))
    return tuple(kind for kind in ActivityKind if kind in accepted)


@final
@frozen
class Gate:
    """A question that must be answered before a move, and what answers it."""

    #: machine key
    key: str = field(converter=_gate_key)
    #: the question, in both languages
    question: Label
    #: kinds of activity whose evidence is accepted; hospitality can't be among them
    accepts: tuple[ActivityKind, ...] = field(default=WORK, converter=_kinds)
    #: the least value an evidence must bring, if it brings one
    threshold: Measure | None = field(default=None, converter=_threshold, kw_only=True)
    #: whether a bare word is not enough: the value must be there, and a threshold to hold it to
    measured: bool = field(default=False, kw_only=True)
    #: name of a group of gates of one move of which one is enough
    any_of: str = field(default="", kw_only=True)
    #: name of a fact that must hold besides the evidence, such as "fully_paid"
    fact: str = field(default="", kw_only=True)
    #: whether the gate can shut the way; if not, it only invites evidence
    required: bool = field(default=True, kw_only=True)
    _counting: frozenset[ActivityKind] = field(init=False, eq=False, repr=False)
    _reviewed: frozenset[ActivityKind] = field(init=False, eq=False, repr=False)

    def __init_subclass__(cls) -> None:
        raise WrongType("Gate", "is not made to be subclassed", "make a value of it instead")

    def __attrs_post_init__(self) -> None:
        counting = frozenset(kind for kind in self.accepts if counts(kind))
        reviewed = frozenset(kind for kind in self.accepts if counts(kind, approved=True))
        object.__setattr__(self, "_counting", counting)
        object.__setattr__(self, "_reviewed", reviewed - counting)
        if len(reviewed) < len(self.accepts):
            problem = "has a kind that never counts, such as a gift or a meal"
            raise InvalidValue("accepts", problem, "accept professional work only")
        if not self.accepts and not self.fact:
            raise InvalidValue("accepts", "is empty", "accept a kind of evidence or name a fact")

    def replaces(self, other: Gate) -> bool:
        """Whether this gate shuts whenever `other` does, or sets the threshold it waits for."""
        return (
            self._demands(other)
            and self.required >= other.required
            and self.measured >= other.measured
            and (self.fact == other.fact or not other.fact)
            and self.any_of == other.any_of
            and _as_high(self.threshold, other.threshold)
        )

    def _demands(self, other: Gate) -> bool:
        # A gate that asked for a fact only may come to ask for evidence besides.
        if not other.accepts:
            return True
        return bool(self.accepts) and set(self.accepts) <= set(other.accepts)

    def admits(self, evidence: Evidence) -> bool:
        """Whether one evidence answers the question: right kind, approved, high enough."""
        kind = evidence.kind
        if kind not in self._counting and not (kind in self._reviewed and evidence.approver):
            return False
        value = evidence.value
        if value is None or value is True:
            return not self.measured
        if self.threshold is None or value is False:
            return value is not False and not self.measured
        return reaches(value, self.threshold)


def _as_high(threshold: Measure | None, before: Measure | None) -> bool:
    return before is None or (threshold is not None and reaches(threshold, before))
