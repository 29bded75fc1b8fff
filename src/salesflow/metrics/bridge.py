"""The pipeline bridge: from the money at the start to the money at the end, with nothing lost.

    start + created + reopened + raised − lowered − lost − won = end, always

Each deal enters with an amount (start, created or reopened), is raised or lowered to its latest
amount, and with that is lost, won, or stands at the end.  Closes that slipped or were pulled in
change no amount; they are told beside the bridge.

Source: the waterfall used by pipeline inspection tools, made to balance by construction.
"""

from __future__ import annotations

from attrs import frozen

from salesflow.metrics.book import Tally
from salesflow.metrics.movements import Entered, Movement, MovementKind, Movements
from salesflow.money import Money

__all__ = ["Bridge", "bridge"]


@frozen(kw_only=True)
class Bridge:
    """The pipeline of a period, from start to end; all amounts are zero or more."""

    #: open at the start
    start: Money
    #: came in new
    created: Money
    #: came in again after a loss
    reopened: Money
    #: revised upwards
    raised: Money
    #: revised downwards
    lowered: Money
    #: left as lost
    lost: Money
    #: left as won
    won: Money
    #: open at the end
    end: Money
    #: still open, and now expected to close later than before
    slipped: Tally
    #: still open, and now expected to close earlier than before
    pulled_in: Tally


def bridge(moves: Movements) -> Bridge:
    """Return the bridge of all exposed deals; the base and the amount of the ratios do not matter.

    start + created + reopened + raised − lowered − lost − won = end, always.
    Over no deal at all every amount is zero, in ISO's "no currency".
    """
    sums: dict[str, int] = dict.fromkeys(("raised", "lowered", "lost", "won", "end"), 0)
    entered = dict.fromkeys(Entered, 0)
    slipped: list[Movement] = []
    pulled_in: list[Movement] = []
    exits = {MovementKind.WON: "won", MovementKind.LOST: "lost"}
    for move in moves:
        before, after = move.amount_before.minor, move.amount_after.minor
        entered[move.entered] += before
        if after != before:
            sums["raised" if after > before else "lowered"] += abs(after - before)
        way_out = exits.get(move.kind, "end")
        sums[way_out] += after
        closes, closed = move.close_after, move.close_before
        if closes is None or closed is None or closes == closed or way_out != "end":
            continue
        (slipped if closes > closed else pulled_in).append(move)
    money = {name: Money.of_minor(minor, moves.currency) for name, minor in sums.items()}
    return Bridge(
        start=Money.of_minor(entered[Entered.OPENING], moves.currency),
        created=Money.of_minor(entered[Entered.CREATED], moves.currency),
        reopened=Money.of_minor(entered[Entered.REOPENED], moves.currency),
        slipped=_tally(slipped, moves.currency),
        pulled_in=_tally(pulled_in, moves.currency),
        **money,
    )


def _tally(found: list[Movement], currency: str) -> Tally:
    return Tally(
        n=len(found),
        amount=Money.of_minor(sum(move.amount_after.minor for move in found), currency),
        ids=tuple(move.id for move in found),
    )
