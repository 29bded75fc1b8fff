"""The policy of a company: what may be done, what somebody has to approve, and how much of it.

A policy is data: a ruling on each kind of activity, the papers that a kind has to show, and limits.
`COMPLIANCE` is a safe default to start from.  It names no amounts, since no law is known here; the
company's own counsel enters them, and checks the rest: this library gives no legal advice.

>>> COMPLIANCE.ruling("meal"), COMPLIANCE.ruling("coupon"), COMPLIANCE.ruling("boat_trip")
(<Ruling.REVIEW: 'review'>, <Ruling.DENY: 'deny'>, <Ruling.REVIEW: 'review'>)
>>> COMPLIANCE.deny("meal").ruling("meal").name, COMPLIANCE.counts("meal", approved=True)
('DENY', False)

Whatever a policy rules, it never makes anything count that does not count by itself: hospitality
counts nowhere, approved or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Self, TypeVar

from attrs import evolve, field, frozen

from salesflow import forms, text
from salesflow.activity import WORK, ActivityKind, counts
from salesflow.conduct.actions import Kind, Paper, kind_of, kinds_of
from salesflow.conduct.limits import Limit
from salesflow.conduct.rulings import Ruling
from salesflow.errors import InvalidValue, WrongType
from salesflow.tables import Rows, Table, rows_of

__all__ = ["COMPLIANCE", "Policy", "policy_of"]

V = TypeVar("V")

_DENIED: Final = (
    ActivityKind.GIFT,
    ActivityKind.CASH,
    ActivityKind.COUPON,
    ActivityKind.ENTERTAINMENT,
)
_REVIEWED: Final = (
    ActivityKind.MEAL,
    ActivityKind.RECEPTION,
    ActivityKind.HONORARIUM,
    ActivityKind.TRAVEL,
    ActivityKind.SPONSORSHIP,
    ActivityKind.PLACEMENT,
    ActivityKind.OTHER,
)
_NO_PAPERS: Final[Table[Kind, tuple[Paper, ...]]] = Table({})


def _by_kind(value: Rows[Kind, V], box: str) -> dict[Kind, V]:
    rows = rows_of(value, box)
    found = {kind_of(kind, box): row for kind, row in rows.items()}
    if len(found) < len(rows):
        raise InvalidValue(box, "have a kind twice", "say it once")
    return found


def _rulings(value: Rows[Kind, Ruling]) -> Table[Kind, Ruling]:
    rows = _by_kind(value, "rulings")
    # In one order, so that two policies that rule alike are equal however they were written.
    return Table(
        {kind: forms.term_of(Ruling, rows[kind], "rulings") for kind in kinds_of(rows, "rulings")}
    )


def _papers(value: Rows[Kind, Iterable[Paper]]) -> Table[Kind, tuple[Paper, ...]]:
    rows: dict[Kind, tuple[Paper, ...]] = {}
    for kind, row in _by_kind(value, "papers").items():
        ticked = forms.ticked(Paper, row, "papers")
        rows[kind] = tuple(paper for paper in Paper if paper in ticked)
    return Table(rows)


def _limits(value: Iterable[Limit]) -> tuple[Limit, ...]:
    limits = forms.list_of(Limit, value, "limits")
    if len({limit.key for limit in limits}) < len(limits):
        raise InvalidValue("limits", "have one key twice", "give each its own key")
    return limits


@frozen(kw_only=True)
class Policy:
    """What a company allows, reviews and denies."""

    #: what the company calls it; each judgement bears the name
    name: str
    #: the ruling on each kind of activity, the company's own kinds among them
    rulings: Table[Kind, Ruling] = field(converter=_rulings)
    #: the ruling on every other kind; what nobody knows is never just allowed
    unknown: Ruling = Ruling.REVIEW
    #: what a kind has to show, besides the approval that every review asks for
    papers: Table[Kind, tuple[Paper, ...]] = field(default=_NO_PAPERS, converter=_papers)
    #: how much of something may be done
    limits: tuple[Limit, ...] = field(default=(), converter=_limits)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "name")
        forms.terms(self, unknown=Ruling)
        for box, ruling in (
            ("unknown", self.unknown),
            ("rulings", self.ruling(ActivityKind.PLACEMENT)),
        ):
            if ruling is Ruling.ALLOW:
                problem = "allow what always needs a review"
                raise InvalidValue(box, problem, "review or deny unknown kinds, and placements")

    def ruling(self, kind: Kind) -> Ruling:
        """Return the ruling on a kind of activity, before any limit is looked at."""
        return self.rulings.get(kind_of(kind), self.unknown)

    def counts(self, kind: Kind, *, approved: bool = False) -> bool:
        """Whether an activity of a kind may count for a gate, a figure or a roadmap.

        It has to count by itself, as `salesflow.activity.counts` says, and the policy must not
        deny it or want it approved.  A kind that the policy does not name counts for nothing.
        """
        known, ruling = kind_of(kind), self.ruling(kind)
        by_itself = counts(known, approved=approved) if isinstance(known, ActivityKind) else True
        passes = ruling is Ruling.ALLOW or (approved and ruling is Ruling.REVIEW)
        return known in self.rulings and by_itself and passes

    def deny(self, *kinds: Kind) -> Self:
        """Return the policy with some kinds denied."""
        return self.ruled(dict.fromkeys(kinds_of(kinds, "kinds"), Ruling.DENY))

    def ruled(self, rulings: Rows[Kind, Ruling], *, name: str | None = None) -> Self:
        """Return the policy with other rulings on some kinds.

        It may keep its name only if no ruling got milder: a looser policy is another policy, and
        a judgement tells which one it was.  Raises `InvalidValue` otherwise.
        """
        rows, called = _rulings(rulings), self.name if name is None else text.line(name, "name")
        if called == self.name and any(row < self.ruling(kind) for kind, row in rows.items()):
            raise InvalidValue("rulings", "are looser than before", "give the policy a name=")
        return evolve(self, name=called, rulings={**self.rulings, **rows})

    def with_limit(self, limit: Limit) -> Self:
        """Return the policy with one limit more."""
        return evolve(self, limits=(*self.limits, limit))


#: the policy to start from: professional work is allowed, what a person gains by is denied
COMPLIANCE: Final = Policy(
    name="compliance",
    rulings={
        **dict.fromkeys(WORK, Ruling.ALLOW),
        **dict.fromkeys(_REVIEWED, Ruling.REVIEW),
        **dict.fromkeys(_DENIED, Ruling.DENY),
    },
    papers={
        ActivityKind.HONORARIUM: (Paper.PURPOSE,),
        ActivityKind.TRAVEL: (Paper.PURPOSE,),
    },
)


def policy_of(policy: object) -> Policy:
    """Return a policy; raises `WrongType` for anything else."""
    if not isinstance(policy, Policy):
        raise WrongType.of("policy", policy, "pass a Policy such as COMPLIANCE")
    return policy
