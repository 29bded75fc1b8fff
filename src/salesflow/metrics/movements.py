"""The narrow waist: what moved in a period, deal by deal.

A movement is one opportunity *exposed* in a period: it stood open at the start, or was created or
reopened within.  It says how the deal entered and how it stood at the end, and nothing else does:
progress, churn, bridge and conversion all read the same movements, so they can never disagree.

What a movement means, by the end of the period (the later decision wins):

- lost: closed as lost, whatever it did before;
- won: closed as won;
- advanced, regressed, unchanged: still open, further down, further up or where it entered.

Stages are compared net: up and back is no movement, two stages count once.  One amount per deal is
used in every ratio, the latest known at the end or, on request, that at the opening.

Source: the quarterly form of funnel management; readings F5 to F16 of the three formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal, TypeVar, overload

from attrs import evolve, field, frozen
from pendulum import DateTime

from salesflow.drafts import draft_of
from salesflow.errors import CurrencyMismatch, InvalidValue
from salesflow.findings import Finding
from salesflow.funnel import FUNNEL, Event, LossReason, Opportunity, Status
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics.book import book_of
from salesflow.metrics.moments import last_before, period_of
from salesflow.money import Money
from salesflow.periods import Period
from salesflow.scales import Number, exact
from salesflow.tables import Table

__all__ = [
    "AmountAt",
    "Base",
    "Builder",
    "Entered",
    "Movement",
    "MovementKind",
    "Movements",
    "movements",
]

#: which deals make the whole: all exposed ones, or those open at the start
Base = Literal["exposed", "opening"]
#: which amount counts: the latest known, or that at the opening
AmountAt = Literal["latest", "opening"]
Key = TypeVar("Key", bound=Hashable)


class Entered(Term):
    """How a deal came into the period."""

    OPENING = "opening", "期初在手", "open at the start"
    CREATED = "created", "期内新增", "created in the period"
    REOPENED = "reopened", "期内重启", "reopened in the period"


class MovementKind(Term):
    """What became of a deal by the end of the period."""

    ADVANCED = "advanced", "推进", "advanced"
    WON = "won", "赢单", "won"
    REGRESSED = "regressed", "回退", "regressed"
    LOST = "lost", "流失", "lost"
    UNCHANGED = "unchanged", "未变", "unchanged"


@frozen(kw_only=True, weakref_slot=False)
class Movement:
    """One opportunity exposed in a period: before, after, and what that makes of it."""

    #: id of the deal
    id: str
    #: its owner
    owner: str
    #: its customer
    customer: str
    #: its product
    product: str
    #: how it came into the period
    entered: Entered
    #: what became of it
    kind: MovementKind
    #: stage at which it entered
    stage_before: Term
    #: stage at the end; of a closed deal, the stage it was closed from
    stage_after: Term
    #: stages entered on the way, in order, all that were left where it was won; none where it
    #: did not climb
    passed: tuple[Term, ...]
    #: amount with which it entered
    amount_before: Money
    #: amount as last known
    amount_after: Money
    #: the amount that counts in ratios: one of the two
    amount: Money
    #: what the customer of a lost deal, who had paid a part, still owes; zero of any other deal
    bad_debt: Money
    #: expected close when it entered
    close_before: date | None
    #: expected close as last known
    close_after: date | None
    #: why it was lost, if it was
    loss: LossReason | None
    #: to whom it was lost, if known
    competitor: str
    #: which share of the deal this is, 1 unless it was split between owners
    share: Fraction = Fraction(1)

    @property
    def forward(self) -> bool:
        """Whether it moved towards the order, or became one."""
        return self.kind is MovementKind.ADVANCED or self.kind is MovementKind.WON

    @property
    def is_open(self) -> bool:
        """Whether the deal is still open at the end."""
        return self.kind is not MovementKind.WON and self.kind is not MovementKind.LOST


@frozen(kw_only=True)
class Movements(Sequence[Movement]):
    """The movements of a period, and which of them make the base of its ratios."""

    #: every deal exposed in the period
    items: tuple[Movement, ...] = field(repr=False)
    #: the period, None between two snapshots
    during: Period | None
    #: which movements make the base of ratios
    base: Base
    #: name of the machine the deals move in
    machine: str
    #: the one currency, `NO_CURRENCY` where there is no deal
    currency: str
    #: what was doubtful in the input
    findings: tuple[Finding, ...] = ()

    def __attrs_post_init__(self) -> None:
        for other in {move.amount_after.currency for move in self.items} - {self.currency}:
            raise CurrencyMismatch(self.currency, other)

    @property
    def counted(self) -> tuple[Movement, ...]:
        """The movements in the base of ratios."""
        if self.base == "exposed":
            return self.items
        return tuple(move for move in self.items if move.entered is Entered.OPENING)

    @overload
    def by(self, key: Callable[[Movement], Mapping[Key, Number]]) -> Table[Key, Movements]: ...
    @overload
    def by(self, key: Callable[[Movement], Key]) -> Table[Key, Movements]: ...
    def by(self, key: Callable[[Movement], Key | Mapping[Key, Number]]) -> Table[Key, Movements]:
        """Group the movements: `moves.by(lambda m: m.owner)`.

        Where the key is a mapping of keys to shares that sum to 1, the deal is split: each part
        bears its share of the amounts, to the minor unit, and the parts sum to the deal.  The
        ratio of a team is the ratio of the sums, never the mean of the ratios.  (What was raised
        and lowered may differ between the parts by a minor unit; their difference sums up.)
        """
        groups: dict[Key, list[Movement]] = {}
        for move in self.items:
            found = key(move)
            if isinstance(found, Mapping):
                for one, part in _split(move, found):
                    groups.setdefault(one, []).append(part)
            else:
                groups.setdefault(found, []).append(move)
        return Table({one: self._part(tuple(parts)) for one, parts in groups.items()})

    def _part(self, items: tuple[Movement, ...]) -> Movements:
        ids = {move.id for move in items} if self.findings else set[str]()
        told = tuple(finding for finding in self.findings if finding.subject in ids)
        return evolve(self, items=items, findings=told)

    @overload
    def __getitem__(self, index: int) -> Movement: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Movement]: ...
    def __getitem__(self, index: int | slice) -> Movement | Sequence[Movement]:
        return self.items[index]

    def __iter__(self) -> Iterator[Movement]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def movements(
    deals: Iterable[Opportunity],
    during: Period,
    *,
    base: Base = "exposed",
    amount_at: AmountAt = "latest",
    machine: Machine = FUNNEL,
) -> Movements:
    """Return the movements of a period from the trails of the deals.

    `base="opening"` makes ratios of the deals open at the start only, `amount_at="opening"` uses
    the amount with which a deal entered.  Deals closed before and not reopened are not exposed.

    Raises as `book_of` does.
    """
    start, end = period_of(during).start, during.end
    book = book_of(deals, machine)
    build = Builder(book.currency, machine, base, amount_at)
    for deal in book:
        exposed = _exposed(deal.trail, start, end)
        if exposed is not None:
            build.add(deal, *exposed)
    return build.done(during)


def _exposed(
    trail: tuple[Event, ...], start: DateTime, end: DateTime
) -> tuple[Entered, Event, Event] | None:
    """Return how a deal entered a window, and the events by which it entered and ended."""
    last = trail[-1]
    if last.at < start:
        return (Entered.OPENING, last, last) if last.status is Status.OPEN else None
    after = last_before(trail, end)
    if after is None:
        return None
    opening = last_before(trail, start)
    if opening is not None and opening.status is Status.OPEN:
        return Entered.OPENING, opening, after
    if opening is None:
        return Entered.CREATED, trail[0], after
    # Closed before: it enters again with the first event that shows another outcome.
    for event in trail[opening.sequence + 1 : after.sequence + 1]:
        if event.status is not opening.status:
            return Entered.REOPENED, event, after
    return None


_draft: Final = draft_of(Movement)
_WHOLE: Final = Fraction(1)
_CLOSED: Final = {Status.WON: MovementKind.WON, Status.LOST: MovementKind.LOST}


class Builder:
    """Collects the movements of a book."""

    def __init__(self, currency: str, machine: Machine, base: Base, amount_at: AmountAt) -> None:
        for name, value, allowed in (
            ("base", base, ("exposed", "opening")),
            ("amount_at", amount_at, ("latest", "opening")),
        ):
            if value not in allowed:
                raise InvalidValue(name, "is unknown", f"pass one of: {', '.join(allowed)}")
        self._machine = machine
        self._base: Base = base
        self._nothing = Money.of_minor(0, currency)
        self._latest = amount_at == "latest"
        self._last = machine.stages[-1]
        self._items: list[Movement] = []
        self._paths: dict[tuple[Term, Term], tuple[MovementKind, tuple[Term, ...]]] = {}

    def add(self, deal: Opportunity, entered: Entered, before: Event, after: Event) -> None:
        """Add the movement of a deal from one standing to another."""
        # Whoever was won passed every stage, also those another system skipped.
        reached = self._last if after.status is Status.WON else after.target
        kind, passed = self._path(before.target, reached)
        move: Any = _draft()
        move.id = deal.id
        move.owner = deal.owner
        move.customer = deal.customer
        move.product = deal.product
        move.entered = entered
        move.kind = _CLOSED.get(after.status, kind)
        move.stage_before = before.target
        move.stage_after = after.target
        move.passed = passed
        move.amount_before = before.amount
        move.amount_after = after.amount
        move.amount = after.amount if self._latest else before.amount
        owes = after.status is Status.LOST and after.collected.minor
        move.bad_debt = after.outstanding if owes else self._nothing
        move.close_before = before.expected_close
        move.close_after = after.expected_close
        move.loss = after.loss
        move.competitor = after.competitor
        move.share = _WHOLE
        move.__class__ = Movement
        self._items.append(move)

    def done(self, during: Period | None, findings: tuple[Finding, ...] = ()) -> Movements:
        """Return what was collected."""
        return Movements(
            items=tuple(self._items),
            during=during,
            base=self._base,
            machine=self._machine.name,
            currency=self._nothing.currency,
            findings=findings,
        )

    def _path(self, before: Term, after: Term) -> tuple[MovementKind, tuple[Term, ...]]:
        known = self._paths.get((before, after))
        if known is None:
            low, high = self._machine.position(before), self._machine.position(after)
            passed = self._machine.states[low + 1 : high + 1]
            kind = MovementKind.REGRESSED if high < low else MovementKind.UNCHANGED
            known = (MovementKind.ADVANCED if passed else kind), passed
            self._paths[before, after] = known
        return known


def _split(move: Movement, shares: Mapping[Key, Number]) -> Iterator[tuple[Key, Movement]]:
    parts = {one: exact(share, "shares") for one, share in shares.items()}
    if sum(parts.values()) != 1:
        raise InvalidValue("shares", "do not sum to 1", "pass shares of the whole deal")
    names = ("amount_before", "amount_after", "amount", "bad_debt")
    amounts = {name: getattr(move, name).allocate(tuple(parts.values())) for name in names}
    for index, (one, share) in enumerate(parts.items()):
        own = {name: split[index] for name, split in amounts.items()}
        yield one, evolve(move, share=move.share * share, **own)
