"""The figures of a period told naively: replay every deal, then plain ifs and sums.

Written from the text of the trade, not from the library: a deal is looked at as it stood one tick
before the period and at its last tick, and money is an int of minor units.
"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from types import SimpleNamespace

from salesflow.funnel import Stage

TICK = timedelta(microseconds=1)


def ladder(stages=Stage):
    """The number of each stage, from 1."""
    return {stage: number for number, stage in enumerate(stages, 1)}


def status(deal):
    """Open, won or lost, as a word."""
    return deal.status.name


def stand(event):
    """How a deal stood after one event."""
    return SimpleNamespace(
        stage=event.target,
        status=event.status.name,
        amount=event.amount.minor,
        collected=event.collected.minor,
        close=event.expected_close,
    )


# --- movements -------------------------------------------------------------------------------


def entry(deal, during):
    """How a deal came into the period and how it stood then, or None where it was not exposed."""
    eve = deal.as_of(during.start - TICK)
    within = [event for event in deal.trail if during.start <= event.at < during.end]
    if eve is not None and status(eve) == "OPEN":
        return "opening", stand(eve.trail[-1])
    was = None if eve is None else status(eve)
    other = [event for event in within if event.status.name != was]
    if not other:
        return None
    return ("created" if eve is None else "reopened"), stand(other[0])


def movement(deal, during):
    """What moved, or None where the deal was not exposed."""
    entered = entry(deal, during)
    if entered is None:
        return None
    how, before = entered
    after = stand(deal.as_of(during.end - TICK).trail[-1])
    number = ladder()
    if after.status == "LOST":
        kind = "lost"
    elif after.status == "WON":
        kind = "won"
    elif number[after.stage] > number[before.stage]:
        kind = "advanced"
    elif number[after.stage] < number[before.stage]:
        kind = "regressed"
    else:
        kind = "unchanged"
    return SimpleNamespace(deal=deal, entered=how, kind=kind, before=before, after=after)


def movements(deals, during):
    """The movements of all exposed deals, in the order given."""
    found = [movement(deal, during) for deal in deals]
    return [move for move in found if move is not None]


def ratio(moves, kinds, *, base="exposed", amount_at="latest"):
    """Amount of these kinds ÷ amount of all, or None where there is none."""
    counted = [move for move in moves if base == "exposed" or move.entered == "opening"]
    amount = {
        id(move): move.after.amount if amount_at == "latest" else move.before.amount
        for move in counted
    }
    whole = sum(amount.values())
    part = sum(amount[id(move)] for move in counted if move.kind in kinds)
    return Fraction(part, whole) if whole else None


def open_amount(deals, at):
    """The money of all deals open at an instant."""
    stood = [deal.as_of(at) for deal in deals]
    return sum(deal.amount.minor for deal in stood if deal and status(deal) == "OPEN")


def bridge(deals, during):
    """The eight amounts of the bridge; start and end by looking, the rest by movement."""
    sums = dict.fromkeys(("created", "reopened", "raised", "lowered", "lost", "won"), 0)
    for move in movements(deals, during):
        change = move.after.amount - move.before.amount
        if move.entered != "opening":
            sums[move.entered] += move.before.amount
        if change > 0:
            sums["raised"] += change
        if change < 0:
            sums["lowered"] -= change
        if move.kind in {"lost", "won"}:
            sums[move.kind] += move.after.amount
    sums["start"] = open_amount(deals, during.start - TICK)
    sums["end"] = open_amount(deals, during.end - TICK)
    return sums


def balances(figures):
    """Whether a bridge balances."""
    entered = figures.start + figures.created + figures.reopened
    changed = figures.raised - figures.lowered
    return entered + changed - figures.lost - figures.won == figures.end


# --- conversion ------------------------------------------------------------------------------


def conversion(deals, during):
    """Per stage: entered, advanced, lost, regressed, unfinished; each deal once per stage."""
    rows = {stage: [0, 0, 0, 0, 0] for stage in Stage}
    number = ladder()
    for move in movements(deals, during):
        low, high = number[move.before.stage], number[move.after.stage]
        high = len(number) if move.kind == "won" else high  # the won passed every stage
        stood = [stage for stage in Stage if low <= number[stage] <= high]
        if not stood:  # it went back from where it stood, and met its end where it fell to
            rows[move.before.stage][0] += 1
            rows[move.before.stage][3] += 1
            rows[move.after.stage][0] += 1
            rows[move.after.stage][2 if move.kind == "lost" else 4] += 1
            continue
        for stage in stood:
            row = rows[stage]
            row[0] += 1
            if stage is not stood[-1] or move.kind == "won":
                row[1] += 1
            elif move.kind == "lost":
                row[2] += 1
            else:
                row[4] += 1
    return {stage: tuple(row) for stage, row in rows.items() if row[0]}


# --- forecast --------------------------------------------------------------------------------


def forecast(deals, during, rates, at=None):
    """Completed, weighted (exact), and the ids left out: undated, overdue, later."""
    told = SimpleNamespace(completed=0, weighted=Fraction(0), undated=[], overdue=[], later=[])
    for deal in deals:
        now = deal if at is None else deal.as_of(at)
        if now is None:
            continue
        told.completed += cash(now, during.end - TICK) - cash(now, during.start - TICK)
        if status(now) != "OPEN":
            continue
        close = now.expected_close
        if close is None:
            told.undated.append(deal.id)
        elif close < during.first:
            told.overdue.append(deal.id)
        elif close >= during.after:
            told.later.append(deal.id)
        else:
            told.weighted += rates[now.stage] * (now.amount.minor - now.collected.minor)
    return told


def cash(deal, at):
    """The cash a deal had brought by an instant."""
    stood = deal.as_of(at)
    return stood.collected.minor if stood else 0


# --- pace ------------------------------------------------------------------------------------


def stays(deal, until):
    """Latest and cumulative time at each stage, open and not on hold."""
    events = [event for event in deal.trail if event.at <= until]
    ends = [event.at for event in events[1:]] + [until] * bool(events)
    runs = []  # one run of time for each time the deal came to a stage, or came back to life
    for before, event, end in zip([None, *events], events, ends, strict=False):
        again = before is not None and before.status.name != "OPEN" == event.status.name
        if again or not runs or runs[-1][0] is not event.target:
            runs.append([event.target, timedelta(0)])
        if event.status.name == "OPEN" and not event.held:
            runs[-1][1] += timedelta(microseconds=round((end - event.at).total_seconds() * 1e6))
    found = {}
    for stage, time in runs:
        _, before = found.get(stage, (None, timedelta(0)))
        found[stage] = (time, before + time)
    return found
