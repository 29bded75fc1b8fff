"""What a visit proves for a deal: evidence for the gates of the funnel.

Only a closed visit proves anything, and only one of a kind that counts: a dinner stays a dinner.
Two things follow from the sheet by itself: a need that the customer confirmed, and a product that
was introduced with a complete statement.  Everything else is a `Proof` that somebody recorded.

>>> evidence_from([])
()
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from salesflow import text
from salesflow.activity import counts
from salesflow.funnel import FUNNEL
from salesflow.gates import Evidence
from salesflow.machine import Machine, table_of
from salesflow.tables import listed_of
from salesflow.visits.cases import each_once
from salesflow.visits.sheet import Proof, Sheet
from salesflow.visits.steps import VisitStatus
from salesflow.visits.visit import Visit

__all__ = ["SHOWN_BY_SHEET", "evidence_from"]

#: gates of the funnel that a sheet answers by itself, and what must be on it
SHOWN_BY_SHEET: Final = (
    ("need_recognised_by_customer", "need_confirmed"),
    ("product_introduction", "statement_complete"),
)


def evidence_from(
    visits: Iterable[Visit], *, deal: str | None = None, machine: Machine = FUNNEL
) -> tuple[Evidence, ...]:
    """Return what closed visits prove, in the order of the visits, for a deal to file.

    With `deal` only the visits that name it are read.  `machine` is the table the deal moves in:
    what follows from a sheet by itself is told only where that table has the gate.
    """
    table_of(machine)
    if deal is not None:
        deal = text.line(deal, "deal")
    found: list[Evidence] = []
    for visit in each_once(listed_of(visits, Visit, "visits")):
        closed = visit.status is VisitStatus.CLOSED and counts(visit.kind)
        if closed and deal in (None, visit.deal):
            found += (
                Evidence(gate=proof.gate, kind=visit.kind, ref=visit.id, value=proof.value)
                for proof in _proofs(visit.sheet, machine)
            )
    return tuple(found)


def _proofs(sheet: Sheet, machine: Machine) -> Iterator[Proof]:
    needs = sheet.need_keys
    holds = {
        "need_confirmed": any(need.confirmed for need in sheet.needs),
        "statement_complete": any(fab.complete(needs) for fab in sheet.statements),
    }
    for gate, fact in SHOWN_BY_SHEET:
        if holds[fact] and gate in machine.gates:
            yield Proof(gate=gate)
    yield from sheet.proofs
