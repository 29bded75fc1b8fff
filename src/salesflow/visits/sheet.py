"""The sheet of a visit: everything that was recorded, gathered as one form.

Records come in over the course of a visit, some of them twice: a need that was confirmed later, an
objection that was answered, a promise that was kept.  The sheet holds the latest of each key, at
the place where the key first came up; plan and summary are the last ones filed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeVar, cast, get_args

from attrs import frozen

from salesflow import text
from salesflow.errors import InvalidValue, WrongType
from salesflow.labels import Term
from salesflow.products import Fab
from salesflow.scales import Measure, Rung, exact
from salesflow.tables import Table, listed
from salesflow.visits.dialogue import Need, Objection, Question
from salesflow.visits.outcome import Commitment, Feedback, MarketSignal, Summary
from salesflow.visits.plan import CallPlan

__all__ = ["Proof", "Record", "Sheet", "facts_of", "listed_records", "sheet_of"]


@frozen(kw_only=True)
class Proof:
    """An answer to the question of a funnel gate, learned in the visit."""

    #: key of the gate it answers
    gate: str
    #: the figure or rung found, where the gate has a threshold; True or False where it is a fact
    value: Measure | None = None

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "gate", text.line(self.gate, "gate"))
        if self.value is not None and not isinstance(self.value, bool | Rung):
            exact(self.value, "value")


#: whatever a visit records
Record = (
    CallPlan
    | Need
    | Question
    | Fab
    | Objection
    | Commitment
    | Feedback
    | MarketSignal
    | Summary
    | Proof
)
_KINDS: Final = frozenset(get_args(Record))
R = TypeVar("R", Need, Objection, Commitment, Feedback)


@frozen(kw_only=True)
class Sheet:
    """A visit as one form."""

    #: what was prepared, None without a plan
    plan: CallPlan | None
    #: the needs, the latest of each key
    needs: tuple[Need, ...]
    #: the questions, in the order asked
    questions: tuple[Question, ...]
    #: what was said of the product, in the order said
    statements: tuple[Fab, ...]
    #: the objections, the latest of each key
    objections: tuple[Objection, ...]
    #: the promises, the latest of each key
    commitments: tuple[Commitment, ...]
    #: the feedback, the latest of each key
    feedback: tuple[Feedback, ...]
    #: what was learned of the market
    signals: tuple[MarketSignal, ...]
    #: the record after the visit, None while there is none
    summary: Summary | None
    #: answers to the questions of funnel gates
    proofs: tuple[Proof, ...]
    #: whether a need was confirmed before the first statement about the product
    need_first: bool
    #: the step at which each objection first came up, by its key
    raised_at: Table[str, Term]

    def one(self, kind: type[R], key: str) -> R:
        """Return the need, objection, promise or feedback of a key, to go on with it.

        Raises `InvalidValue` for a key that the visit does not know.
        """
        boxes: dict[object, tuple[Any, ...]] = {
            Need: self.needs,
            Objection: self.objections,
            Commitment: self.commitments,
            Feedback: self.feedback,
        }
        if not isinstance(kind, type) or kind not in boxes:
            raise WrongType.of("kind", kind, "pass Need, Objection, Commitment or Feedback")
        for record in boxes[kind]:
            if record.key == key:
                found: R = record
                return found
        raise InvalidValue("key", f"is not that of a {kind.__name__} of the visit", "check it")

    @property
    def need_keys(self) -> frozenset[str]:
        """Keys of the needs, to which benefits are linked."""
        return frozenset(need.key for need in self.needs)

    @property
    def aims_met(self) -> tuple[str, ...]:
        """Keys of the aims of the plan that the summary says were met."""
        if self.plan is None or self.summary is None:
            return ()
        met = set(self.summary.aims_met)
        return tuple(aim.key for aim in self.plan.aims if aim.key in met)


def sheet_of(written: Iterable[tuple[Term, tuple[Record, ...]]]) -> Sheet:
    """Return the sheet of records, given as they were made: a step, and what was written there."""
    boxes: dict[type, list[Any]] = {kind: [] for kind in _KINDS}
    need_first, raised_at = False, dict[str, Term]()
    for step, records in written:
        for record in records:
            boxes[type(record)].append(record)
            if type(record) is Need:
                need_first = need_first or (record.confirmed and not boxes[Fab])
            elif type(record) is Objection:
                raised_at.setdefault(record.key, step)
    return Sheet(
        plan=boxes[CallPlan][-1] if boxes[CallPlan] else None,
        needs=_latest(boxes[Need]),
        questions=tuple(boxes[Question]),
        statements=tuple(boxes[Fab]),
        objections=_latest(boxes[Objection]),
        commitments=_latest(boxes[Commitment]),
        feedback=_latest(boxes[Feedback]),
        signals=tuple(boxes[MarketSignal]),
        summary=boxes[Summary][-1] if boxes[Summary] else None,
        proofs=tuple(boxes[Proof]),
        need_first=need_first,
        raised_at=Table(raised_at),
    )


def _latest(records: list[R]) -> tuple[R, ...]:
    return tuple({record.key: record for record in records}.values())


def facts_of(records: Iterable[Record], *, ad_hoc: bool) -> frozenset[str]:
    """Return the named facts that gates may ask for, as records given in their order show them.

    "planned": a plan is filed, or nobody could plan; "plan_filed"; "summarised"; and
    "objections_settled": each one is resolved, or answered with a day on which we come back to it.
    """
    facts = {"planned"} if ad_hoc else set[str]()
    settled: dict[str, bool] = {}
    for record in records:
        if type(record) is Objection:
            settled[record.key] = record.settled
        elif type(record) is CallPlan:
            facts |= {"planned", "plan_filed"}
        elif type(record) is Summary:
            facts.add("summarised")
    if all(settled.values()):
        facts.add("objections_settled")
    return frozenset(facts)


def listed_records(value: Record | Iterable[Record]) -> tuple[Record, ...]:
    """Return one or several records as a tuple; raises `WrongType` for anything else."""
    if type(value) in _KINDS:
        return (cast("Record", value),)
    if value == ():  # most steps are left with nothing to write down
        return ()
    several = listed(cast("Iterable[Record]", value), "records")
    for record in several:
        if type(record) not in _KINDS:
            raise WrongType.of("records", record, "pass a Need, a Question, an Objection, …")
    return several
