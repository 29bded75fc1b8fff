"""The outlook told naively: every outcome of a book by itself, and pipelines of a known truth.

Written from the text of the trade and not from the library: each open deal comes in whole or not
at all, so a book of ten deals has 1024 outcomes, and each has its probability in fractions.
"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from itertools import combinations
from math import exp, fsum, log, pi
from random import Random
from types import SimpleNamespace

from hypothesis import strategies as st

from books import yuan
from distribution_oracle import Enumerated
from ledgers import CLOSE, JULY, OWNERS, Q3, SPRING, STAGE, TICK, deal, lost, on, won
from metrics_oracles import cash, status
from rates_oracle import DAWN, ONLY, WON, Only, looks
from salesflow.funnel import Opportunity, RateOrigin, Sighting, Status, WinRates
from salesflow.money import Money
from salesflow.periods import Month

#: levels at which no book of simple rates has a step
LEVELS = st.sampled_from([0.0507, 0.1003, 0.2509, 0.5003, 0.7507, 0.8001, 0.9503])
#: win rates of the eight stages, as history might say them
RATES = st.lists(st.fractions(0, 1, max_denominator=97), min_size=8, max_size=8).map(
    lambda rates: WinRates(dict(zip(STAGE.values(), rates, strict=True)), origin=RateOrigin.LEARNED)
)


# --- every outcome -----------------------------------------------------------------------------


def stakes(deals, during, rates, at=None):
    """The cash of a period, and of each deal that enters it: id, what it owes, and its rate."""
    told = SimpleNamespace(cash=0, rows=[])
    for one in deals:
        now = one if at is None else one.as_of(at)
        if now is None:
            continue
        told.cash += cash(now, during.end - TICK) - cash(now, during.start - TICK)
        close = now.expected_close
        if status(now) == "OPEN" and close is not None and during.first <= close < during.after:
            owed = now.amount.minor - now.collected.minor
            told.rows.append((one.id, owed, Fraction(rates[now.stage])))
    return told


def outcomes(rows, certain=0, *, won=(), lost=()):
    """All outcomes of (id, owed, chance), with some deals won and some lost for certain."""
    left = [row for row in rows if row[0] not in {*won, *lost}]
    sure = certain + sum(owed for id_, owed, _ in rows if id_ in won)
    return Enumerated([owed for _, owed, _ in left], [p for *_, p in left], sure)


def reached(rows, certain, wanted, won=(), lost=()):
    """The exact probability of at least so much."""
    every = outcomes(rows, certain, won=won, lost=lost).rows
    return sum(mass for total, mass in every if total >= wanted)


def fewest(rows, certain, wanted, level):
    """How few deals have to be won to reach a level, and the best that so few can do."""
    ids = [id_ for id_, *_ in rows]
    for size in range(len(ids) + 1):
        best = max(reached(rows, certain, wanted, some) for some in combinations(ids, size))
        if best >= level:
            return size, float(best)
    return None


def inverse(found, law, level):
    """Whether an amount is the least one that is not exceeded with a probability."""
    x = found.minor
    return law.cdf(x) >= level - 1e-9 and law.cdf(x - 1) < level + 1e-9


# --- the common shock --------------------------------------------------------------------------


def expit(odds):
    """The probability of some log-odds."""
    return 1 / (1 + exp(-odds))


def logit(p):
    """The log-odds of a probability."""
    return log(p / (1 - p))


def shaken(rows, certain, x, shock, *, reach=8.0, steps=320):
    """P(revenue ≤ x) under a common normal shock: a plain sum over a fine grid of shocks."""
    grid = [reach * (2 * k / steps - 1) for k in range(steps + 1)]
    weights = [exp(-z * z / 2) / (2 * pi) ** 0.5 * (2 * reach / steps) for z in grid]
    moved = []
    for _, owed, p in rows:
        low, high = -60.0, 60.0
        for _ in range(60):
            a = (low + high) / 2
            mean = fsum(w * expit(a + shock * z) for w, z in zip(weights, grid, strict=True))
            low, high = (a, high) if mean < p else (low, a)
        moved.append((owed, [expit(a + shock * z) for z in grid]))
    total = 0.0
    for place, weight in enumerate(weights):
        sums = {certain: 1.0}
        for owed, chances in moved:
            after = {}
            for value, mass in sums.items():
                p = chances[place]
                after[value] = after.get(value, 0.0) + mass * (1 - p)
                after[value + owed] = after.get(value + owed, 0.0) + mass * p
            sums = after
        total += weight * fsum(mass for value, mass in sums.items() if value <= x)
    return total


# --- new business ------------------------------------------------------------------------------


def newcomers(deals, during, as_of):
    """How many deals were opened after each look and won in its period, with what they brought."""
    known = [one for one in (deal.as_of(as_of) for deal in deals) if one is not None]
    closes = [one.trail[-1].at for one in known if status(one) != "OPEN"]
    found = []
    for at, end in looks(during, as_of, min(closes, default=as_of)):
        back = next(k for k in range(1, 99) if during.shift(-k).end == end)
        start = during.shift(-back).start
        brought = [
            event.amount.minor
            for one in known
            for event in one.trail
            if event.status.name == "WON" and start <= event.at < end and one.trail[0].at > at
        ]
        found.append((during.shift(-back), brought))
    return found


# --- books as Hypothesis draws them ------------------------------------------------------------

_AMOUNTS = st.one_of(
    st.sampled_from([0, 1, 100_00, 250_00]), st.integers(1, 9), st.integers(1, 10**8)
)
_CLOSES = st.sampled_from([CLOSE, CLOSE, CLOSE, Q3.first, Q3.after, None, SPRING.date()])
_PAID = st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)])
_FATES = st.sampled_from(["open", "open", "open", "open", "won", "owing", "lost"])


def stakes_of(id, minor, stage, *, close=CLOSE, paid=0, at=JULY, owner="R-1"):
    """An open deal of so many minor units, of which a share was paid at an instant."""
    one = deal(id, Money.of_minor(minor, "CNY"), stage, close=close, owner=owner)
    part = one.amount * Fraction(paid)
    return one.collect(part, at=at) if part else one


@st.composite
def pipelines(draw, *, min_size=0, max_size=6, closes=_CLOSES, fates=_FATES, paid=_PAID):
    """Books of deals: open, won, still owing, lost; partly paid before or in the quarter."""
    book = []
    for number in range(draw(st.integers(min_size, max_size))):
        one = stakes_of(
            f"D-{number}",
            draw(_AMOUNTS),
            draw(st.integers(1, 8)),
            close=draw(closes),
            paid=draw(paid),
            at=draw(st.sampled_from([SPRING, JULY])),
            owner=draw(st.sampled_from(OWNERS)),
        )
        fate = draw(fates)
        if fate in {"won", "owing"}:
            one = won(one, paid=fate == "won")
        book.append(lost(one) if fate == "lost" else one)
    return book


#: only open deals that are expected in the quarter, unpaid
OPEN = pipelines(
    max_size=7, closes=st.just(CLOSE), fates=st.just("open"), paid=st.just(Fraction(0))
)


# --- a history to learn from ------------------------------------------------------------------


def past(n=240, *, owners=("R-1", "R-2")):
    """Decided deals of two and a half years, one in three won, open for one to two months."""
    deals = []
    for number in range(n):
        opened = on(1, 5) + timedelta(days=3.7 * number - 730)
        given = {"customer": "H-1", "product": "P-1", "amount": yuan(100 + number)}
        events = [
            (opened, STAGE[3]),
            (opened + timedelta(days=10), STAGE[5]),
            (opened + timedelta(days=30 + number % 40), WON if number % 3 == 0 else Status.LOST),
        ]
        owner = owners[number // 2 % len(owners)]
        one = Opportunity.from_history(id=f"H-{number}", owner=owner, events=events, **given)
        deals.append(one)
    return deals


# --- pipelines of a known truth ----------------------------------------------------------------


def gusty(seed, *, months, n, shock, p=0.35):
    """Months of deals of one stage, all moved by one hidden shock of the month, decided in it.

    Each is opened in the two days before the month.
    """
    draw, deals = Random(seed), []
    for number in range(months):
        start = (Month(2024, 1).shift(number).start - DAWN).total_seconds() / 86_400
        chance = expit(logit(p) + shock * draw.gauss(0, 1))
        for case in range(n):
            opened, end = start - 1 - draw.random(), start + 1 + 26 * draw.random()
            given = {"stage": Only.HERE, "expected_close": Month(2024, 1).shift(number).first}
            fate = Status.WON if draw.random() < chance else Status.LOST
            seen = [
                Sighting(at=DAWN + timedelta(days=opened), **given),
                Sighting(at=DAWN + timedelta(days=end), status=fate, **given),
            ]
            deals.append(
                Opportunity.from_history(
                    id=f"D-{number}-{case}",
                    customer="H-1",
                    owner="R-1",
                    product="P-1",
                    amount=yuan(draw.choice([80, 90, 100, 110, 120])),
                    events=seen,
                    machine=ONLY,
                )
            )
    return deals
