"""Learned win rates told naively, and pipelines whose true rates are known.

The oracles are written from the text of the method, not from the library: every deal is replayed
from its events, every place is summed anew, every equation is solved by halving an interval.  The
pipelines are drawn from a seed, with a chance at each stage that the test has set itself.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from math import exp, log
from random import Random

import pendulum

from books import yuan
from salesflow.funnel import LossReason, Opportunity, Stage, Status, pipeline
from salesflow.labels import Term

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
#: ten minutes, in days: what a deal is taken to have stood at the least
MOMENT = 600 / 86_400
#: the day on which these pipelines begin
DAWN = pendulum.datetime(2024, 1, 1, tz="UTC")
#: the stages by their number
STAGE = dict(enumerate(Stage, 1))
WON, LOST = Status.WON, LossReason.OTHER


def on(days):
    """The instant so many days after the first one."""
    return DAWN + timedelta(days=days)


def seen(id, *events, amount=100, **rest):
    """A deal as another system saw it: pairs of a day and a stage, a win or a loss."""
    given = {"customer": "H-1", "owner": "R-1", "product": "P-1"} | rest
    dated = [(on(day), what) for day, what in events]
    return Opportunity.from_history(id=id, amount=yuan(amount), events=dated, **given)


# --- exposure ----------------------------------------------------------------------------------


def between(start, end):
    """Days from one instant to another."""
    return (end - start).total_seconds() / 86_400


def spell(events):
    """Days on the clock of a deal when the last of these events happened."""
    clock = 0.0
    for before, after in pairwise(events):
        came_back = before.status is not Status.OPEN and after.status is Status.OPEN
        if before.status is Status.OPEN and not before.held:
            clock += between(before.at, after.at)
        if after.target is not before.target or came_back:
            clock = 0.0
    return clock


def standing(deal, at):
    """Stage and days of a deal that stood open at an instant, or None."""
    events = [event for event in deal.trail if event.at <= at]
    if not events or events[-1].status is not Status.OPEN:
        return None
    waited = 0.0 if events[-1].held else between(events[-1].at, at)
    return events[-1].target, spell(events) + waited


def exposures(deals, at):
    """Every run of every deal: number, stage, days when it began and ended, days, outcome."""
    rows = []
    for number, deal in enumerate(deals):
        events = [event for event in deal.trail if event.at <= at]
        if not events:
            continue
        won = {"OPEN": None, "WON": 1, "LOST": 0}[events[-1].status.name]
        for index, event in enumerate(events):
            if event.status is Status.OPEN:
                since = spell(events[: index + 1])
                end = events[index + 1].at if index + 1 < len(events) else at
                days = max(between(event.at, end), MOMENT)
                until = since if event.held else since + days
                rows.append((number, event.target, since, until, days, won))
    return rows


def looks(during, at, first_close, most=60):
    """Earlier periods that are over: when each is looked at, and when it was over."""
    found = []
    for back in range(1, most + 1):
        period = during.shift(-back)
        if period.end > first_close and period.end <= at:
            found.append((period.start + (at - during.start), period.end))
    return found[::-1]


def snapshots(deals, looks):
    """Each deal that stood open at each look: number, look, stage, days, won when it was over."""
    rows = set()
    for number, deal in enumerate(deals):
        for place, (at, end) in enumerate(looks):
            stood = standing(deal, at)
            if stood is not None:
                came = deal.as_of(end - TICK).status is Status.WON
                rows.add((number, place, stood[0], round(stood[1], 9), int(came)))
    return rows


# --- nested rates ------------------------------------------------------------------------------


def wider(place):
    """The place itself and those around it, as plain triples, the narrowest first."""
    stage, band, phase = place
    return list(dict.fromkeys([(stage, band, phase), (stage, band, -1), (stage, -1, -1)]))


def rates(rows, nominal, now, worth, *, above=40.0, rounds=5):
    """The rate told at every place, from rows (deal, place, days, won), place after place."""
    above = above * worth / 20
    places = {(stage, -1, -1) for stage in nominal}
    for row in rows:
        if row[3] is not None or row[1] != now[row[0]]:
            places.update(wider(row[1]))
    told = {}
    waiting = [(d, p, t) for d, p, t, won in rows if won is None and p != now[d]]
    for _ in range(1 + (rounds if waiting else 0)):
        before, told = told, {}
        for place in sorted(places, key=lambda place: (place[1] != -1) + (place[2] != -1)):
            times = defaultdict(float)
            for deal, at, days, won in rows:
                if won is not None and place in wider(at):
                    times[deal] += days
            hits = sum(days for _, at, days, won in rows if won and place in wider(at))
            days = sum(times.values())
            if before:
                for deal, at, spent in waiting:
                    if place in wider(at):
                        here = next(p for p in wider(now[deal]) if p in before)
                        hits, days = hits + spent * before[here], days + spent
            square = sum(spent * spent for spent in times.values())
            n = sum(times.values()) ** 2 / square if square else 0.0
            share = hits / days if days else 0.0
            around = wider(place)[1:]
            prior, start = (above, told[around[0]]) if around else (worth, nominal[place[0]])
            told[place] = (prior * start + n * share) / (prior + n)
    return told


# --- effects of fields -------------------------------------------------------------------------


def chance(odds):
    """The probability of some log-odds."""
    return 1 / (1 + exp(-odds)) if odds > -700 else 0.0


def effects(lessons, fields, rounds=400):
    """The ridge effects and their errors, each equation solved by halving, until all is still."""
    odds = [defaultdict(float) for _ in range(fields)]
    ridge = [10.0] * fields
    names = [sorted({row[1][k] for row in lessons} - {None}) for k in range(fields)]
    error = [{} for _ in range(fields)]

    def told(row, field, value):
        other = sum(odds[k][mark] for k, mark in enumerate(row[1]) if k != field and mark)
        return chance(row[0] + other + value)

    for _ in range(rounds):
        for k in range(fields):
            spread = 0.0
            for name in names[k]:
                rows = [row for row in lessons if row[1][k] == name]
                low, high = -4.0, 4.0
                for _ in range(40):
                    middle = (low + high) / 2
                    slope = sum(r[3] - r[2] * told(r, k, middle) for r in rows) - ridge[k] * middle
                    low, high = (middle, high) if slope > 0 else (low, middle)
                odds[k][name] = (low + high) / 2
                curve = sum(
                    r[2] * told(r, k, odds[k][name]) * (1 - told(r, k, odds[k][name])) for r in rows
                )
                error[k][name] = (curve + ridge[k]) ** -0.5
                spread += odds[k][name] ** 2 + 1 / (curve + ridge[k])
            if len(names[k]) > 1:
                ridge[k] = (4 + len(names[k])) / (4 * 0.10 + spread)
    return [{name: (odds[k][name], error[k][name]) for name in names[k]} for k in range(fields)]


def log_loss(pairs):
    """Mean log loss of pairs of a probability and what came."""
    losses = [-log(told if came else 1 - told) for told, came in pairs]
    return sum(losses) / len(losses)


# --- pipelines whose truth is known ------------------------------------------------------------


class Walk(Term):
    """Three stages of a sale of anything."""

    FIRST = "first", "初访", "first call"
    TRIAL = "trial", "试用", "trial"
    OFFER = "offer", "报价", "offer"


WALK = pipeline("walk", Walk)
#: how likely a deal leaves each stage for the next, and after how many days on average
ON = {Walk.FIRST: 0.5, Walk.TRIAL: 0.6, Walk.OFFER: 0.7}
STAYS = {Walk.FIRST: 20, Walk.TRIAL: 30, Walk.OFFER: 10}
#: so the true rates; time tells nothing, since nobody's patience wears out
TRUTH = {Walk.FIRST: 0.5 * 0.6 * 0.7, Walk.TRIAL: 0.6 * 0.7, Walk.OFFER: 0.7}
#: nominal rates far from them
ROSY = {Walk.FIRST: "0.6", Walk.TRIAL: "0.8", Walk.OFFER: "0.95"}


def walks(n, seed, *, days=365):
    """So many deals, opened over so many days, that walk through the three stages."""
    draw, deals = Random(seed), []
    for number in range(n):
        at, events = draw.random() * days, []
        for stage in Walk:
            events.append((at, stage))
            at += draw.expovariate(1 / STAYS[stage])
            if draw.random() > ON[stage]:
                events.append((at, LOST))
                break
        else:
            events.append((at, WON))
        deals.append(seen(f"D-{number}", *events, machine=WALK))
    return deals


class Only(Term):
    """A pipeline of one stage, as a small CRM has it."""

    HERE = "here", "跟进", "in talks"


ONLY = pipeline("only", Only)


def slow_losses(n, seed, *, days, share=0.4, win=15, loss=90):
    """Deals of one stage that are won within weeks, and lost only after months."""
    draw, deals = Random(seed), []
    for number in range(n):
        at, won = draw.random() * days, draw.random() < share
        end = at + draw.expovariate(1 / (win if won else loss))
        events = (at, Only.HERE), (end, WON if won else LOST)
        deals.append(seen(f"D-{number}", *events, machine=ONLY))
    return deals


def true_rate(days, share=0.4, win=15, loss=90):
    """The true rate of such a deal that has stood for so many days."""
    won, lost = share * exp(-days / win), (1 - share) * exp(-days / loss)
    return won / (won + lost)


def regions(n, seed, *, effect, base=-0.4):
    """Deals of one stage whose owner moves the log-odds by plus or minus the effect."""
    draw, deals = Random(seed), []
    for number in range(n):
        owner, at = draw.choice(["east", "west"]), draw.random() * 365
        odds = base + (effect if owner == "east" else -effect)
        came = WON if draw.random() < chance(odds) else LOST
        events = (at, Only.HERE), (at + draw.expovariate(1 / 20), came)
        deals.append(seen(f"D-{number}", *events, machine=ONLY, owner=owner))
    return deals
