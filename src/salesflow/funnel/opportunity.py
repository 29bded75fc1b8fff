"""An opportunity: one possible sale to one customer, from its opening to its last instalment.

It is a value.  Each verb checks the rules, adds one event to the trail and returns a new deal;
a refused verb raises and changes nothing.  The trail is the whole truth: stage, status, amount
and cash are read from its last event.

>>> from datetime import date
>>> import pendulum
>>> july = pendulum.datetime(2026, 7, 1, 9, tz="Asia/Shanghai")
>>> deal = Opportunity.open(
...     id="D-1", customer="H-3", owner="R-9", product="CLIA-900", at=july,
...     amount=Money("1200000", "CNY"), expected_close=date(2026, 9, 20),
... )
>>> [gate.key for gate in deal.unmet()]
['sample_volume_ok', 'hospital_pays_well', 'hospital_brewing_or_collecting']
>>> filed = [Evidence(gate=gate.key, kind="visit", ref="V-7") for gate in deal.unmet()]
>>> deal = deal.advance(at=july.add(days=6), evidence=filed)
>>> deal.stage.name, deal.trail[-1].act.name, deal.as_of(july).stage.name
('INFO_COLLECTION', 'ADVANCED', 'TARGET_GROUP')
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import chain
from typing import Self, final

from attrs import field, frozen

from salesflow import text
from salesflow.errors import ClosedDeal, InvalidValue, LastStage, WrongType
from salesflow.funnel.history import Sighting, observed
from salesflow.funnel.stages import FUNNEL, Status
from salesflow.funnel.trail import (
    Act,
    Event,
    LossReason,
    checked,
    close,
    follow,
    not_before,
    worth,
)
from salesflow.funnel.upkeep import Upkeep
from salesflow.gates import Evidence, Override
from salesflow.instants import instant
from salesflow.labels import Term
from salesflow.machine import Machine, filing, table_of
from salesflow.money import Money

__all__ = ["Opportunity"]


@final
@frozen(kw_only=True, weakref_slot=False, repr=False)
class Opportunity(Upkeep):
    """A deal: who, what, and everything that happened to it.

    Made by `open`, `from_history` or `resale`, and by a verb from another deal.  Built directly,
    from a stored trail, it proves that the trail hangs together; `replay` proves the rest.
    """

    #: the host's id of the deal
    id: str
    #: the host's id of the customer
    customer: str
    #: the host's id of the salesperson who owns it
    owner: str
    #: the host's id of the product
    product: str
    #: name of the machine it moves in
    machine: str = FUNNEL.name
    #: id of the won deal that this one repeats, empty where it is a first sale
    origin: str = ""
    #: everything that happened, oldest first
    trail: tuple[Event, ...] = field(converter=checked)

    def __repr__(self) -> str:
        last = self.trail[-1]
        return f"<Opportunity {self.id}: {last.target.name}, {last.status.name}, {last.amount}>"

    def __init_subclass__(cls) -> None:
        raise WrongType("Opportunity", "is not made to be subclassed", "hold one in your own class")

    def __attrs_post_init__(self) -> None:
        for name in ("id", "customer", "owner", "product", "machine"):
            object.__setattr__(self, name, text.line(getattr(self, name), name))
        object.__setattr__(self, "origin", text.optional(self.origin, "origin"))

    # -- making one ---------------------------------------------------------------------------

    @classmethod
    def open(
        cls,
        *,
        id: str,
        customer: str,
        owner: str,
        product: str,
        amount: Money,
        at: datetime,
        expected_close: date | None = None,
        stage: Term | None = None,
        origin: str = "",
        by: str = "",
        machine: Machine = FUNNEL,
    ) -> Self:
        """Open a deal at the first stage, or import one that stands at a later stage.

        A deal opened further down never passed the gates before; its trail says `IMPORTED`.
        Raises `InvalidValue` for a negative amount or a stage that is not one of the machine.
        """
        stands, act = _entry(machine, stage, origin, id)
        first = Event(
            sequence=0,
            at=instant(at),
            source=None,
            target=stands,
            by=text.optional(by, "by"),
            act=act,
            status=Status.OPEN,
            amount=worth(amount),
            collected=Money.of_minor(0, amount.currency),
            expected_close=close(expected_close),
        )
        who = (
            text.line(id, "id"),
            text.line(customer, "customer"),
            text.line(owner, "owner"),
            text.line(product, "product"),
        )
        return cls._made(who, machine.name, text.optional(origin, "origin"), (first,))

    @classmethod
    def from_history(
        cls,
        *,
        id: str,
        customer: str,
        owner: str,
        product: str,
        amount: Money,
        events: Iterable[Sighting | tuple[datetime, Term]],
        expected_close: date | None = None,
        machine: Machine = FUNNEL,
    ) -> Self:
        """Import a deal with the past another system saw: recorded as it was, through no gate.

        Each event is a `Sighting`, or a pair of an instant and what was seen: a stage,
        `Status.WON`, `Status.LOST` or a `LossReason`.  They are put in order of time, equal
        instants in the order given.  Stages may be skipped, the deal may go back, start closed or
        go on after its end; every event is marked observed.  A deal that ends won counts as
        collected at that date, unless a sighting brings cash.
        """
        trail = observed(events, amount, expected_close, machine)
        return cls(
            id=id,
            customer=customer,
            owner=owner,
            product=product,
            machine=machine.name,
            trail=trail,
        )

    def resale(
        self,
        *,
        id: str,
        at: datetime,
        amount: Money | None = None,
        expected_close: date | None = None,
        owner: str | None = None,
        product: str | None = None,
        stage: Term | None = None,
        by: str = "",
        machine: Machine = FUNNEL,
    ) -> Self:
        """Open the second sale to the customer of a won deal: a new deal that names its origin.

        It enters at the machine's landmark "resale" (needs discovery in the funnel), since the
        customer, the analysis and the trust are there.  Owner, product and amount are those of
        this deal where they are not given.  It follows the last event of this deal: before a late
        instalment, take `won.as_of(at)` first.
        """
        table_of(machine, self.machine)
        if self.status is not Status.WON:
            raise ClosedDeal("resale", self.status, "win the deal first")
        return type(self).open(
            id=id,
            customer=self.customer,
            owner=self.owner if owner is None else owner,
            product=self.product if product is None else product,
            amount=self.amount if amount is None else amount,
            at=not_before(self.trail[-1], at),
            expected_close=expected_close,
            stage=machine.landmark("resale") if stage is None else stage,
            origin=self.id,
            by=by,
            machine=machine,
        )

    # -- moving it ----------------------------------------------------------------------------

    def record(
        self,
        evidence: Evidence | Iterable[Evidence],
        *,
        at: datetime,
        by: str = "",
        machine: Machine = FUNNEL,
    ) -> Self:
        """File evidence as it comes in; what never counts is filed too, and reported."""
        last = self._open("record", machine)
        filed = filing(evidence, machine)
        if not filed:
            raise InvalidValue("evidence", "is empty", "file at least one")
        return self._add(follow(last, Act.RECORDED, at, by=by, evidence=filed))

    def advance(
        self,
        *,
        at: datetime,
        evidence: Evidence | Iterable[Evidence] = (),
        override: Override | None = None,
        to: Term | None = None,
        by: str = "",
        machine: Machine = FUNNEL,
    ) -> Self:
        """Move one stage on, through its gates; `to` is optional and checked.

        Raises `GateShut` naming what is missing, `SkippedStage` naming the stages left out,
        `LastStage` where only the win is left, `OnHold`, `ClosedDeal`.
        """
        last = self._moving("advance", machine)
        move = machine.move(last.target, to)
        if move.target in machine.final:
            raise LastStage(machine.name, last.target, to, (move.target,))
        filed = filing(evidence, machine)
        target = machine.advance(move, chain(filed, self._filed(machine)), self.facts, override)
        return self._add(
            follow(last, Act.ADVANCED, at, by=by, evidence=filed, override=override, target=target)
        )

    def win(
        self,
        *,
        at: datetime,
        evidence: Evidence | Iterable[Evidence] = (),
        override: Override | None = None,
        by: str = "",
        machine: Machine = FUNNEL,
    ) -> Self:
        """Close the deal as won, from the last stage only and through the last gates.

        Raises as `advance` does.  What is still outstanding may be collected after it.
        """
        last = self._moving("win", machine)
        move = machine.move(last.target, Status.WON)
        filed = filing(evidence, machine)
        machine.advance(move, chain(filed, self._filed(machine)), self.facts, override)
        return self._add(
            follow(last, Act.WON, at, by=by, evidence=filed, override=override, status=Status.WON)
        )

    def regress(
        self, *, to: Term, at: datetime, reason: str, by: str = "", machine: Machine = FUNNEL
    ) -> Self:
        """Take the deal back to an earlier stage, for a reason.

        What was filed stays on file, but the gates that were passed are shut again: climbing
        them a second time wants new evidence.
        """
        last = self._open("regress", machine)
        target = machine.stage(machine.departure(last.target, to).target)
        why = text.note(reason, "reason")
        return self._add(follow(last, Act.REGRESSED, at, by=by, target=target, reason=why))

    def lose(
        self,
        reason: LossReason,
        *,
        at: datetime,
        competitor: str = "",
        note: str = "",
        by: str = "",
        machine: Machine = FUNNEL,
    ) -> Self:
        """Close the deal as lost, from any stage.

        The competitor is optional with any reason; where it is missing though a competitor won,
        and where `OTHER` comes without a note, `findings` says so.
        """
        last = self._open("lose", machine)
        machine.departure(last.target, Status.LOST)
        event = follow(
            last,
            Act.LOST,
            at,
            by=by,
            reason="" if note == "" else text.note(note, "note"),
            status=Status.LOST,
            held=False,
            loss=LossReason.of(reason),
            competitor=text.optional(competitor, "competitor"),
        )
        return self._add(event)

    def reopen(
        self,
        *,
        at: datetime,
        reason: str,
        to: Term | None = None,
        by: str = "",
        machine: Machine = FUNNEL,
    ) -> Self:
        """Take up a lost deal again, at the stage it was lost from or an earlier one."""
        table_of(machine, self.machine)
        last = self.trail[-1]
        if last.status is not Status.LOST:
            raise ClosedDeal("reopen", last.status, "only a lost deal can be reopened")
        here = last.target
        target = here if to is None or to is here else machine.departure(here, to).target
        event = follow(
            last,
            Act.REOPENED,
            at,
            by=by,
            reason=text.note(reason, "reason"),
            target=machine.stage(target),
            status=Status.OPEN,
        )
        return self._add(event)


def _entry(machine: Machine, stage: Term | None, origin: str, id: str) -> tuple[Term, Act]:
    """Return the stage at which a deal enters, and whether it is opened there or imported."""
    table_of(machine)
    if origin and origin == id:
        raise InvalidValue("origin", "is the deal itself", "name the won deal it repeats")
    stands = machine.start if stage is None else machine.stage(stage)
    # A second sale may enter where the machine says; further down nothing was walked.
    door = machine.landmark("resale") if origin else machine.start
    opened = machine.position(stands) <= machine.position(door)
    return stands, Act.OPENED if opened else Act.IMPORTED
