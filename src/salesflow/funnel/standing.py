"""How a deal stands: everything that can be read from its trail, and asked of it.

The verbs that move a deal are in `salesflow.funnel.opportunity`; here nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any, ClassVar, Final, Self

from pendulum import DateTime

from salesflow.customers import CompanyRole, HospitalRole
from salesflow.drafts import draft_of
from salesflow.findings import Finding
from salesflow.funnel.checks import deal_findings, role_findings
from salesflow.funnel.stages import FUNNEL, STAGES, StageProfile, Status
from salesflow.funnel.trail import Act, Event, LossReason, so_far
from salesflow.gates import Evidence, Gate
from salesflow.instants import instant
from salesflow.labels import Term
from salesflow.machine import Machine, filing, table_of
from salesflow.money import Money
from salesflow.tables import Rows

__all__ = ["Standing"]

_FULLY_PAID: Final = frozenset({"fully_paid"})
_FALLS: Final = frozenset({Act.REGRESSED, Act.REOPENED})
_NO_FACTS: Final[frozenset[str]] = frozenset()


class Standing:
    """How a deal stands by the last event of its trail."""

    __slots__ = ()

    id: str
    customer: str
    owner: str
    product: str
    machine: str
    origin: str
    trail: tuple[Event, ...]
    _draft: ClassVar[staticmethod[[], object]]

    @property
    def stage(self) -> Term:
        """The stage it stands at; of a closed deal, the stage it was closed from."""
        return self.trail[-1].target

    @property
    def status(self) -> Status:
        """Its outcome: open, won or lost."""
        return self.trail[-1].status

    @property
    def amount(self) -> Money:
        """What the customer is to pay, as last known."""
        return self.trail[-1].amount

    @property
    def collected(self) -> Money:
        """What the customer has paid."""
        return self.trail[-1].collected

    @property
    def outstanding(self) -> Money:
        """What the customer has still to pay: amount − collected."""
        return self.trail[-1].outstanding

    @property
    def expected_close(self) -> date | None:
        """The day on which it is expected to close, None where nobody said."""
        return self.trail[-1].expected_close

    @property
    def held(self) -> bool:
        """Whether it is on hold: open and in the forecast, but not moving."""
        return self.trail[-1].held

    @property
    def loss_reason(self) -> LossReason | None:
        """Why it was lost, while it is."""
        return self.trail[-1].loss

    @property
    def competitor(self) -> str:
        """To whom it was lost, empty where unknown."""
        return self.trail[-1].competitor

    @property
    def opened_at(self) -> DateTime:
        """When it was opened, in UTC."""
        return self.trail[0].at

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Everything filed so far, oldest first."""
        return tuple(item for event in self.trail for item in event.evidence)

    @property
    def facts(self) -> frozenset[str]:
        """The named facts that gates may ask for: "fully_paid" once nothing is outstanding."""
        last = self.trail[-1]
        return _FULLY_PAID if last.collected == last.amount else _NO_FACTS

    def as_of(self, moment: datetime) -> Self | None:
        """Return the deal as it stood at an instant, or None before it was opened.

        What happened at that very instant is included.
        """
        trail = so_far(self.trail, instant(moment, "moment"))
        return self._with(trail) if trail else None

    def unmet(
        self,
        *,
        evidence: Evidence | Iterable[Evidence] = (),
        to: Term | None = None,
        machine: Machine = FUNNEL,
    ) -> tuple[Gate, ...]:
        """Ask: which gates of the next move are still shut, or would be with `evidence` filed.

        At the last stage the next move is the win.  A closed deal has no next move: ().
        """
        table_of(machine, self.machine)
        if self.status is not Status.OPEN:
            return ()
        given = filing(evidence, machine)
        return machine.unmet(
            machine.move(self.stage, to), chain(given, self._filed(machine)), self.facts
        )

    def findings(
        self,
        *,
        hospital_roles: Iterable[HospitalRole] | None = None,
        company_roles: Iterable[CompanyRole] | None = None,
        profiles: Rows[Term, StageProfile] = STAGES,
        machine: Machine = FUNNEL,
    ) -> tuple[Finding, ...]:
        """Return what a manager should know: bad evidence, overrides, missing reasons and roles.

        The roles of the stage, as its profile names them, are checked where the roles known at
        the customer, or facing it, are given.
        """
        table_of(machine, self.machine)
        return (
            *deal_findings(self.id, self.trail, machine),
            *role_findings(self.id, self.stage, hospital_roles, company_roles, profiles),
        )

    def _filed(self, machine: Machine) -> Iterator[Evidence]:
        """Yield the evidence that counts for the next move.

        Whoever fell back from beyond climbs again: what opened the gate before counts no more.
        """
        here, since = machine.position(self.stage), 0
        for event in self.trail:
            fell = event.act in _FALLS and event.source is not None
            if fell and machine.position(event.source or event.target) > here:
                since = event.sequence
        return (item for event in self.trail[since:] for item in event.evidence)

    def _with(self, trail: tuple[Event, ...]) -> Self:
        who = (self.id, self.customer, self.owner, self.product)
        return self._made(who, self.machine, self.origin, trail)

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        cls._draft = staticmethod(draft_of(cls))

    @classmethod
    def _made(
        cls,
        who: tuple[str, str, str, str],
        machine: str,
        origin: str,
        trail: tuple[Event, ...],
    ) -> Self:
        # A trail grown by a verb hangs together by construction: proving it again with each event
        # would make a long life quadratic.
        deal: Any = cls._draft()
        deal.id, deal.customer, deal.owner, deal.product = who
        deal.machine = machine
        deal.origin = origin
        deal.trail = trail
        deal.__class__ = cls
        made: Self = deal
        return made
