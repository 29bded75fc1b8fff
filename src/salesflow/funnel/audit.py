"""Walking a stored trail again: the proof that no rule was bypassed.

`Opportunity(trail=…)` proves that a trail hangs together.  `replay` goes further: it performs
each event again with the verbs, through the gates of the machine, and raises where a verb would
have refused, or where the deal would stand otherwise than the trail says.  Observed events never
passed a gate, and are taken as seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import evolve

from salesflow.errors import InvalidValue
from salesflow.funnel.opportunity import Opportunity
from salesflow.funnel.stages import FUNNEL
from salesflow.funnel.trail import Act, Event, LossReason
from salesflow.machine import Machine, table_of

__all__ = ["replay"]

_Deed = Callable[[Opportunity, Event, Machine], Opportunity]


def _won(deal: Opportunity, event: Event, machine: Machine) -> Opportunity:
    return deal.win(
        at=event.at,
        evidence=event.evidence,
        override=event.override,
        by=event.by,
        machine=machine,
    )


def _advanced(deal: Opportunity, event: Event, machine: Machine) -> Opportunity:
    return deal.advance(
        at=event.at,
        evidence=event.evidence,
        override=event.override,
        to=event.target,
        by=event.by,
        machine=machine,
    )


def _lost(deal: Opportunity, event: Event, machine: Machine) -> Opportunity:
    return deal.lose(
        event.loss or LossReason.OTHER,
        at=event.at,
        competitor=event.competitor,
        note=event.reason,
        by=event.by,
        machine=machine,
    )


_DEEDS: Final[dict[Act, _Deed]] = {
    Act.RECORDED: lambda d, e, m: d.record(e.evidence, at=e.at, by=e.by, machine=m),
    Act.ADVANCED: _advanced,
    Act.WON: _won,
    Act.LOST: _lost,
    Act.REGRESSED: lambda d, e, m: d.regress(
        to=e.target, at=e.at, reason=e.reason, by=e.by, machine=m
    ),
    Act.REOPENED: lambda d, e, m: d.reopen(
        to=e.target, at=e.at, reason=e.reason, by=e.by, machine=m
    ),
    Act.HELD: lambda d, e, _: d.hold(at=e.at, reason=e.reason, by=e.by),
    Act.RESUMED: lambda d, e, _: d.resume(at=e.at, by=e.by),
    Act.REVISED: lambda d, e, _: d.revise(
        at=e.at, amount=e.amount, expected_close=e.expected_close, reason=e.reason, by=e.by
    ),
    Act.COLLECTED: lambda d, e, _: d.collect(e.collected - d.collected, at=e.at, by=e.by),
}


def replay(deal: Opportunity, machine: Machine = FUNNEL) -> Opportunity:
    """Return the deal as its own trail makes it, walking event by event; equal to `deal`.

    Raises the error of the verb that refuses (`GateShut`, `SkippedStage`, …), and `InvalidValue`
    where an event claims another standing than its verb gives.
    """
    table_of(machine, deal.machine)
    seen = sum(event.observed for event in deal.trail)  # what was seen elsewhere comes first
    again = evolve(deal, trail=deal.trail[:seen]) if seen else _opened(deal, machine)
    for event in deal.trail[len(again.trail) :]:
        again = _DEEDS[event.act](again, event, machine)
    for index, (told, walked) in enumerate(zip(deal.trail, again.trail, strict=True)):
        if told != walked:
            problem = f"claims another standing than its verb gives, at event {index}"
            raise InvalidValue("trail", problem, "keep the trail the verbs wrote")
    return again


def _opened(deal: Opportunity, machine: Machine) -> Opportunity:
    first = deal.trail[0]
    return Opportunity.open(
        id=deal.id,
        customer=deal.customer,
        owner=deal.owner,
        product=deal.product,
        amount=first.amount,
        at=first.at,
        expected_close=first.expected_close,
        stage=first.target,
        origin=deal.origin,
        by=first.by,
        machine=machine,
    )
