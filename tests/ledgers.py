"""Ledgers to test figures with: deals in and around one quarter, by hand and at random.

Stages are given by their number, 1 to 8, as the trade counts them, and amounts in whole yuan.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from fractions import Fraction

import pendulum
from attrs import evolve
from hypothesis import strategies as st

from books import WORD, new_deal, pay
from salesflow.errors import SalesflowError
from salesflow.funnel import FUNNEL, LossReason, Opportunity, Sighting, Stage, Status
from salesflow.metrics import movements
from salesflow.money import Money
from salesflow.periods import Quarter

#: the quarter under test, where the deals live
Q3 = Quarter(2026, 3, tz="Asia/Shanghai")
#: the shortest time there is
TICK = timedelta(microseconds=1)
#: the last instant before the quarter, and its own last one
EVE, LAST = Q3.start - TICK, Q3.end - TICK
#: the stages by their number
STAGE = dict(enumerate(Stage, 1))


def on(month, day, hour=9, minute=0):
    """An instant of 2026 in Shanghai."""
    return pendulum.datetime(2026, month, day, hour, minute, tz=Q3.tz)


SPRING, JULY, AUGUST, SEPTEMBER = on(5, 20), on(7, 10), on(8, 10), on(9, 10)
#: a day in the quarter on which a deal may be expected to close
CLOSE = date(2026, 9, 20)


def deal(id="A", amount=100, stage=3, *, at=SPRING, close=CLOSE, **rest):
    """A deal at stage number `stage`, open before the quarter unless `at` says otherwise."""
    return new_deal(id, stage=STAGE[stage], amount=amount, at=at, expected_close=close, **rest)


def moved(deal, *stages, at=AUGUST):
    """The deal taken to stage after stage at one instant, on by word, back for a reason."""
    for target in map(STAGE.get, stages):
        if FUNNEL.position(target) < FUNNEL.position(deal.stage):
            deal = deal.regress(to=target, at=at, reason="cooled")
        while deal.stage is not target:
            deal = deal.advance(at=at, override=WORD)
    return deal


def won(deal, *, at=AUGUST, paid=True):
    """The deal taken to the last stage, paid unless told otherwise, and won."""
    deal = moved(deal, 8, at=at)
    return (pay(deal, at=at) if paid else deal).win(at=at, override=WORD)


def lost(deal, reason=LossReason.STOPPED_PURCHASING, *, at=AUGUST, **rest):
    """The deal lost."""
    return deal.lose(reason, at=at, **rest)


def quarter(*deals, **rest):
    """The movements of these deals in the quarter."""
    return movements(deals, Q3, **rest)


def repriced(deal, price, *, id=None):
    """The same life with other money: `price` maps every sum of minor units."""
    trail = tuple(
        evolve(
            event,
            amount=Money.of_minor(price(event.amount.minor), event.amount.currency),
            collected=Money.of_minor(price(event.collected.minor), event.amount.currency),
            observed=True,
        )
        for event in deal.trail
    )
    return evolve(deal, id=id or deal.id, trail=trail)


# --- deals as Hypothesis draws them ----------------------------------------------------------

OWNERS = ("R-1", "R-2", "R-3")
STAGES = st.sampled_from(Stage)
AMOUNTS = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 10**7)).map(
    lambda minor: Money.of_minor(minor, "CNY")
)
CLOSES = st.none() | st.dates(date(2026, 5, 1), date(2026, 12, 31))
SHARES = st.sampled_from([Fraction(1, 3), Fraction(1, 2), Fraction(1)])
_CASH = [Fraction(0), Fraction(1, 3), Fraction(1)]
_EDGES = [EVE, Q3.start, on(9, 30, 23, 30), LAST, Q3.end]
#: from two months before the quarter to two months after it, its very edges often
MOMENTS = st.sampled_from(_EDGES) | st.sampled_from(
    [Q3.start + timedelta(hours=hours) for hours in range(-60 * 24, 150 * 24, 7)]
)
#: a quarter in which nothing happens any more
QUIET = Quarter(2027, 1, tz=Q3.tz)

_ON = st.just(lambda d, at: d.advance(at=at, override=WORD))
_BACK = STAGES.map(lambda to: lambda d, at: d.regress(to=to, at=at, reason="cooled"))
_LOSE = st.sampled_from(LossReason).map(lambda why: lambda d, at: d.lose(why, at=at))
_OTHERS = st.sampled_from(
    [
        lambda d, at: d.hold(at=at, reason="budget frozen"),
        lambda d, at: d.resume(at=at),
        lambda d, at: d.win(at=at, override=WORD),
        lambda d, at: won(d, at=at),
        lambda d, at: d.reopen(at=at, reason="asked again"),
    ]
)
_TERMS = st.one_of(
    AMOUNTS.map(lambda money: lambda d, at: d.revise(at=at, amount=money)),
    CLOSES.map(lambda close: lambda d, at: d.revise(at=at, expected_close=close)),
    SHARES.map(lambda share: lambda d, at: d.collect(d.outstanding * share, at=at)),
)
_VERBS = st.one_of(_ON, _ON, _BACK, _LOSE, _OTHERS, _TERMS)


@st.composite
def walked(draw, id="D-1", amounts=AMOUNTS):
    """Deals that lived by the verbs, in and around the quarter; a refused verb changes nothing."""
    first, *moments = sorted(draw(st.lists(MOMENTS, min_size=1, max_size=7)))
    deal = new_deal(
        id,
        stage=draw(STAGES),
        amount=draw(amounts),
        at=first,
        owner=draw(st.sampled_from(OWNERS)),
        expected_close=draw(CLOSES),
    )
    for at in moments:
        with suppress(SalesflowError):
            deal = draw(_VERBS)(deal, at)
    return deal


@st.composite
def observed(draw, id="D-1", amounts=AMOUNTS):
    """Deals as another system saw them: skipping stages, closing and coming back at will.

    Cash only grows; a refund is an example of its own.
    """
    moments = sorted(draw(st.lists(MOMENTS, min_size=1, max_size=5)))
    amount = draw(amounts)
    cash = sorted(draw(st.sampled_from(_CASH)) for _ in moments)
    told = draw(st.booleans())
    statuses = st.sampled_from([Status.OPEN, Status.OPEN, Status.OPEN, Status.WON, Status.LOST])
    seen = [
        Sighting(
            at=at,
            stage=draw(STAGES),
            status=draw(statuses),
            expected_close=draw(CLOSES),
            collected=amount * share if told else None,
        )
        for at, share in zip(moments, cash, strict=True)
    ]
    return Opportunity.from_history(
        id=id,
        customer="H-1",
        owner=draw(st.sampled_from(OWNERS)),
        product="P-1",
        amount=amount,
        events=seen,
    )


def lives(id="D-1", amounts=AMOUNTS):
    """Deals of any past."""
    return st.one_of(walked(id, amounts), walked(id, amounts), observed(id, amounts))


@st.composite
def ledgers(draw, min_size=0, max_size=5):
    """Books of deals in one currency, zero amounts among them."""
    n = draw(st.integers(min_size, max_size))
    return [draw(lives(f"D-{index}")) for index in range(n)]


@st.composite
def owner_shares(draw):
    """Which share of a deal belongs to whom; the shares sum to 1."""
    parts = draw(st.lists(st.integers(0, 7), min_size=3, max_size=3).filter(any))
    return {owner: Fraction(part, sum(parts)) for owner, part in zip(OWNERS, parts, strict=True)}
