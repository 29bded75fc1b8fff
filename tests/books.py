"""Deals to test with: how to open one, answer its gates, take it up the stairs, and sell it.

`GENERAL` is a pipeline of one's own, the general sales process of six stages, so that what is
tested with the funnel can be tested with another table as well.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from fractions import Fraction

import pendulum
from attrs import evolve
from hypothesis import strategies as st

from salesflow.activity import WORK, ActivityKind
from salesflow.errors import SalesflowError
from salesflow.funnel import (
    FUNNEL,
    LossReason,
    Opportunity,
    Status,
    WinRates,
    pipeline,
)
from salesflow.gates import Evidence, Gate, Override
from salesflow.labels import Label, Term
from salesflow.money import Money

#: the instant at which the deals of these tests are opened
START = pendulum.datetime(2026, 7, 1, 9, tz="Asia/Shanghai")
#: a manager's word
WORD = Override(approver="M-1", reason="seen on site")
#: the funnel of a host that said what "far below the output" means: a third
HOST = FUNNEL.with_gate(evolve(FUNNEL.gates["investment_far_below_output"], threshold=3))


def on_day(number, hour=0):
    """The instant so many days and hours after `START`."""
    return START + timedelta(days=number, hours=hour)


def yuan(amount):
    """Money in CNY."""
    return Money(amount, "CNY")


def new_deal(id="D-1", *, stage=None, amount=None, at=START, machine=FUNNEL, **rest):
    """A deal opened for 100 CNY, or for `amount` (an int or Money), with anything else as given."""
    given = {"customer": "H-3", "owner": "R-9", "product": "CLIA-900"} | rest
    money = amount if isinstance(amount, Money) else yuan(100 if amount is None else amount)
    return Opportunity.open(id=id, stage=stage, amount=money, at=at, machine=machine, **given)


def answer(gate, *, ref="V-1", **rest):
    """An evidence that opens the gate: of a kind it accepts, approved, and just high enough."""
    kind = next(kind for kind in ActivityKind if kind in gate.accepts)
    given = {"kind": kind, "value": gate.threshold, "approver": "" if kind in WORK else "M-1"}
    return Evidence(gate=gate.key, ref=ref, **(given | rest))


def evidence_for(gates, *, without=()):
    """An evidence for each gate that evidence can open, except for the keys in `without`."""
    return tuple(
        answer(gate)
        for gate in gates
        if gate.accepts and gate.key not in without and not (gate.measured and not gate.threshold)
    )


def climb(deal, to, *, at=None, machine=FUNNEL):
    """The deal after it rose to the stage `to`: a stage a day, or all of them at `at`."""
    while deal.stage is not to:
        gates = machine.move(deal.stage).gates
        moment = at or deal.trail[-1].at + timedelta(days=1)
        deal = deal.advance(at=moment, evidence=evidence_for(gates), machine=machine)
    return deal


def pay(deal, *, at=None):
    """The deal with all that was outstanding collected."""
    return deal.collect(deal.outstanding, at=at or deal.trail[-1].at) if deal.outstanding else deal


def sell(deal, *, at=None, machine=FUNNEL):
    """The deal taken to the last stage, paid and won."""
    deal = pay(climb(deal, machine.stages[-1], at=at, machine=machine), at=at)
    gates = machine.move(deal.stage).gates
    moment = at or deal.trail[-1].at
    return deal.win(at=moment, evidence=evidence_for(gates), machine=machine)


# --- a pipeline of one's own -----------------------------------------------------------------


class Phase(Term):
    """The six stages of selling anything to anybody."""

    IDENTIFY = "identify", "潜在客户识别", "identify"
    CONTACT = "contact", "客户接触", "contact"
    NEEDS = "needs", "需求分析", "needs"
    RECOMMEND = "recommend", "产品推荐", "recommend"
    OBJECTIONS = "objections", "处理异议", "handle objections"
    CLOSE = "close", "成交与后续跟进", "close and follow up"


def _asks(key, **rest):
    return Gate(key, Label(f"{key}？", f"{key}?"), **rest)


#: the general sales process of six stages, with gates of every sort
GENERAL = pipeline(
    "general",
    Phase,
    gates={
        Phase.IDENTIFY: (_asks("worth_a_call"),),
        Phase.CONTACT: (
            _asks("met", any_of="in_touch", accepts={ActivityKind.VISIT}),
            _asks("called", any_of="in_touch", accepts={ActivityKind.CALL}),
        ),
        Phase.NEEDS: (_asks("needs_told", threshold=2), _asks("pain_told", required=False)),
        Phase.RECOMMEND: (_asks("plan_shown", accepts={ActivityKind.PLACEMENT}),),
        Phase.CLOSE: (_asks("paid", accepts=(), fact="fully_paid"), _asks("content")),
    },
    landmarks=(("shape", Phase.CONTACT), ("resale", Phase.RECOMMEND)),
)
#: the win rates of that process
GENERAL_RATES = WinRates(
    dict(zip(Phase, ("0.05", "0.10", "0.25", "0.40", "0.50", "0.80"), strict=True))
)


# --- deals as Hypothesis draws them ----------------------------------------------------------


def _missing(deal, machine):
    return evidence_for(deal.unmet(machine=machine))


# Verbs as they might be used, from a way to draw, the deal, the instant and the machine.
_VERBS = {
    "record": lambda draw, d, at, m: d.record(_missing(d, m), at=at, machine=m),
    "advance": lambda draw, d, at, m: d.advance(at=at, evidence=_missing(d, m), machine=m),
    "override": lambda draw, d, at, m: d.advance(at=at, override=WORD, machine=m),
    "regress": lambda draw, d, at, m: d.regress(
        to=draw(st.sampled_from(m.stages)), at=at, reason="cooled", machine=m
    ),
    "hold": lambda draw, d, at, m: d.hold(at=at, reason="budget frozen"),
    "resume": lambda draw, d, at, m: d.resume(at=at),
    "revise": lambda draw, d, at, m: d.revise(at=at, amount=draw(_AMOUNTS)),
    "collect": lambda draw, d, at, m: d.collect(d.outstanding * draw(_SHARES), at=at),
    "sell": lambda draw, d, at, m: sell(d, at=at, machine=m),
    "trust": lambda draw, d, at, m: d.win(at=at, override=WORD, machine=m),
    "lose": lambda draw, d, at, m: d.lose(draw(st.sampled_from(LossReason)), at=at, machine=m),
    "reopen": lambda draw, d, at, m: d.reopen(at=at, reason="asked again", machine=m),
    "rest": lambda draw, d, at, m: d,
}
_MOVING = ("record", "advance", "override", "advance", "collect", "revise", "regress", "hold")
_LIKELY = {
    Status.OPEN: (*_MOVING, "advance", "lose", "sell", "trust"),
    Status.WON: ("collect",),
    Status.LOST: ("reopen", "rest", "rest", "rest"),
}
_HELD = ("resume", "resume", "record", "collect", "revise", "regress", "lose")
_AMOUNTS = st.integers(0, 10**9).map(lambda minor: Money.of_minor(minor, "CNY"))
_SHARES = st.sampled_from([Fraction(1, 3), Fraction(1, 2), 1])


@st.composite
def lives(draw, machine=FUNNEL, max_steps=14):
    """Deals that lived for a while: opened anywhere, then moved by the verbs not refused."""
    deal = new_deal(
        stage=draw(st.sampled_from(machine.stages)),
        amount=draw(_AMOUNTS),
        expected_close=draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))),
        machine=machine,
    )
    for _ in range(draw(st.integers(0, max_steps))):
        verb = draw(st.sampled_from(_HELD if deal.held else _LIKELY[deal.status]))
        at = deal.trail[-1].at + timedelta(hours=draw(st.integers(0, 900)))
        with suppress(SalesflowError):
            deal = _VERBS[verb](draw, deal, at, machine)
    return deal
