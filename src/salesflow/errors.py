"""What can go wrong, as one tree.

An *impossible value* raises when it is made; a *refused move* raises, and can be asked about
beforehand.  Doubtful data and bad conduct are never raised: they are returned as findings.

Each error carries typed fields, its text is made from them and ends with what to do.  It names the
field, never the value that somebody typed into it, so a text can be logged without leaking a
person's name; only ids of deals and names of machines and states appear.

>>> error = InvalidValue("quota", "is zero", "pass an amount above zero")
>>> str(error)
'quota is zero; pass an amount above zero.'
>>> isinstance(error, SalesflowError) and isinstance(error, ValueError)
True
"""

from __future__ import annotations

from enum import Enum

from attrs import frozen

__all__ = [
    "ClosedDeal",
    "CurrencyMismatch",
    "DuplicateId",
    "ForeignDeal",
    "GateShut",
    "InvalidValue",
    "LastStage",
    "NoSuchMove",
    "OnHold",
    "OutOfOrder",
    "SalesflowError",
    "SkippedStage",
    "WrongStanding",
    "WrongType",
]


class SalesflowError(Exception):
    """Any refusal of this library; catch it to catch them all."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.args == getattr(other, "args", None)

    def __hash__(self) -> int:
        return hash((type(self), self.args))


@frozen
class InvalidValue(SalesflowError, ValueError):
    """A value that cannot exist in the trade, refused where it is made."""

    #: the field or argument that was refused
    field: str
    #: what is wrong with it, in words
    problem: str
    #: what to do instead
    remedy: str

    def __str__(self) -> str:
        return f"{self.field} {self.problem}; {self.remedy}."


@frozen
class WrongType(InvalidValue, TypeError):
    """A value of a type that is never taken, such as a float for money."""

    @classmethod
    def of(cls, field: str, value: object, remedy: str) -> WrongType:
        """Return the refusal of a value: its type is told, the value itself is not."""
        return cls(field, f"is of type {type(value).__name__}", remedy)


@frozen
class DuplicateId(SalesflowError, ValueError):
    """Two deals of one book bear the same id, so a sum would count one of them twice."""

    #: the id seen twice
    id: str

    def __str__(self) -> str:
        return f"the id {self.id!r} occurs twice; pass each one once."


@frozen
class CurrencyMismatch(SalesflowError, ValueError):
    """Amounts of two currencies met in one figure."""

    #: ISO 4217 code of the first amount
    left: str
    #: ISO 4217 code of the second amount
    right: str

    def __str__(self) -> str:
        return (
            f"{self.left} and {self.right} cannot be combined; convert or group by currency first."
        )


@frozen
class NoSuchMove(SalesflowError, LookupError):
    """The table of the machine has no move between these two states."""

    #: name of the machine
    machine: str
    #: the state the subject is in
    source: Enum
    #: the state that was asked for, or None for "the next one"
    target: Enum | None
    #: the states that can be reached from here
    allowed: tuple[Enum, ...]

    def __str__(self) -> str:
        target = self.target.name if self.target else "a next state"
        allowed = ", ".join(state.name for state in self.allowed) or "none, it is final"
        return (
            f"{self.machine} has no such move from {self.source.name} to {target}; "
            f"move to one of: {allowed}."
        )


@frozen
class SkippedStage(NoSuchMove):
    """Stages are climbed like stairs; this move leaves at least one of them out."""

    #: the stages left out, in order
    skipped: tuple[Enum, ...]

    def __str__(self) -> str:
        skipped = ", ".join(state.name for state in self.skipped)
        target = self.target.name if self.target else "the end"
        return (
            f"moving from {self.source.name} to {target} skips {skipped}; "
            f"advance one step at a time."
        )


@frozen
class LastStage(NoSuchMove):
    """The stage is the last one: the only way on closes the subject."""

    def __str__(self) -> str:
        return f"{self.source.name} is the last stage of {self.machine}; win the deal instead."


@frozen
class GateShut(SalesflowError, ValueError):
    """The move exists, but its gates still lack evidence or a fact."""

    #: name of the machine
    machine: str
    #: the state the subject is in
    source: Enum
    #: the state behind the gates
    target: Enum
    #: keys of the gates still shut, in the order of the table
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"the way from {self.source.name} to {self.target.name} is shut, "
            f"missing: {', '.join(self.missing)}; "
            f"record what each asks for, or override with a named approver and a reason."
        )


@frozen
class OutOfOrder(SalesflowError, ValueError):
    """An event earlier than the last one of its trail."""

    #: instant of the last event, ISO 8601 in UTC
    last: str
    #: instant of the refused event, ISO 8601 in UTC
    at: str

    def __str__(self) -> str:
        return (
            f"an event at {self.at} cannot follow one at {self.last}; "
            f"pass an instant that is not earlier than the last event."
        )


@frozen
class ClosedDeal(SalesflowError, ValueError):
    """The deal is won or lost, and this verb needs another standing."""

    #: the verb that was refused
    verb: str
    #: the standing of the deal
    status: Enum
    #: what to do instead
    remedy: str

    def __str__(self) -> str:
        return f"{self.verb} is refused, the deal is {self.status.name}; {self.remedy}."


@frozen
class WrongStanding(SalesflowError, ValueError):
    """The visit is planned, running, closed or cancelled, and this verb needs another standing."""

    #: the verb that was refused
    verb: str
    #: the standing of the visit
    status: Enum
    #: what to do instead
    remedy: str

    def __str__(self) -> str:
        return f"{self.verb} is refused, the visit is {self.status.name}; {self.remedy}."


@frozen
class OnHold(SalesflowError, ValueError):
    """A deal on hold stays open and in the forecast, but it does not move forward."""

    #: the verb that was refused
    verb: str

    def __str__(self) -> str:
        return f"{self.verb} is refused while the deal is on hold; resume it first."


@frozen
class ForeignDeal(SalesflowError, ValueError):
    """A deal or a visit was handed to a table or a figure of another machine."""

    #: name of the machine it belongs to
    deal: str
    #: name of the machine that was passed
    machine: str

    def __str__(self) -> str:
        return (
            f"it belongs to machine {self.deal!r}, not to {self.machine!r}; "
            f"pass machine= with the table it was opened in."
        )
