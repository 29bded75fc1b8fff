"""Visits to test with: how to plan one, walk it step by step, and close it.

`OWN` is a company's own method of four steps, with gates that ask for evidence, so that what is
tested with the seven steps can be tested with another table as well.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pendulum
from hypothesis import strategies as st

from salesflow.activity import ActivityKind
from salesflow.customers import AdoptionRung
from salesflow.errors import SalesflowError
from salesflow.gates import Evidence, Gate, Override
from salesflow.labels import Label, Term
from salesflow.products import Fab
from salesflow.scales import Rung
from salesflow.visits import (
    VISIT,
    CallPlan,
    Commitment,
    Feedback,
    MarketSignal,
    Need,
    Objection,
    ObjectionOutcome,
    Proof,
    Question,
    SmartGoal,
    Step,
    Summary,
    Visit,
    VisitStatus,
    visit_method,
)
from salesflow.visits.steps import OBJECTIONS_SETTLED, PLANNED, SUMMARISED

#: the instant at which the visits of these tests are set up, and the day they are planned for
START = pendulum.datetime(2026, 7, 6, 9, tz="Asia/Shanghai")
DAY = date(2026, 7, 6)
#: a manager's word
WORD = Override(approver="M-1", reason="seen on site")


def later(minutes=1, *, days=0):
    """The instant so many days and minutes after `START`."""
    return START + timedelta(days=days, minutes=minutes)


# --- what is written down --------------------------------------------------------------------


def aim(key="a", **rest):
    """A SMART aim: from 40 tests a month to 80, of 100 that can be reached."""
    smart = {
        "subject": "DR-7",
        "action": "run tests",
        "metric": "tests a month",
        "baseline": 40,
        "target": 80,
        "capacity": 100,
        "set_on": date(2026, 7, 1),
        "deadline": date(2026, 7, 31),
    }
    return SmartGoal(key=key, **(smart | rest))


def objection(key="price", outcome=None, **rest):
    """A doubt about the price, answered or not."""
    given = {"kind": "price", "text": "too dear"}
    return Objection(key=key, outcome=outcome, **(given | rest))


def deferred(key="price", **rest):
    """A doubt to which we come back on a day."""
    given = {"technique": "evidence", "follow_up": date(2026, 7, 13)}
    return objection(key, ObjectionOutcome.DEFERRED, **(given | rest))


def resolved(key="price", **rest):
    """A doubt that was dissolved."""
    return objection(key, ObjectionOutcome.RESOLVED, **({"technique": "evidence"} | rest))


def promise(key="quote", **rest):
    """A promise of ours, made on the day of the visit and due a week later."""
    given = {"by": "company", "text": "send it", "who": "R-9", "made_on": DAY}
    return Commitment(key=key, **(given | {"due": date(2026, 7, 13)} | rest))


def heard(key="speed", **rest):
    """Feedback that waits for an answer."""
    given = {"received_on": DAY, "topic": "speed", "respond_by": date(2026, 7, 8)}
    return Feedback(key=key, **(given | rest))


def fab(**rest):
    """A statement that is complete, and answers the need "speed"."""
    said = {"product": "CLIA-900", "feature": "one tube", "advantage": "20 minutes"}
    said |= {"benefit": "no second visit", "need": "speed", "evidence": "STUDY-12"}
    return Fab(**(said | rest))


PLAN = CallPlan(aims=[aim()])
SUMMARY_OF_IT = Summary(points="showed interest")


# --- a method of one's own -------------------------------------------------------------------


class Talk(Term):
    """The four steps of a call by telephone."""

    PREPARE = "prepare", "准备", "prepare"
    GREET = "greet", "问候", "greet"
    ADVISE = "advise", "建议", "advise"
    NOTE = "note", "记录", "note"


CONSENT = Gate("consent", Label("已同意通话？", "Was the call agreed to?"))
SHOWN = Gate("shown", Label("演示几次？", "How often was it shown?"), threshold=2, measured=True)
#: a method with gates of facts and of evidence, and with a loop
OWN = visit_method(
    "own",
    Talk,
    loops=[(Talk.ADVISE, Talk.GREET)],
    gates={
        (Talk.PREPARE, Talk.GREET): (PLANNED, CONSENT),
        (Talk.ADVISE, Talk.NOTE): (SHOWN, OBJECTIONS_SETTLED),
        (Talk.NOTE, VisitStatus.CLOSED): (SUMMARISED,),
    },
)
AGREED = Evidence(gate="consent", kind=ActivityKind.CALL, ref="C-1")
TWICE = Evidence(gate="shown", kind=ActivityKind.DEMONSTRATION, ref="C-2", value=2)


# --- visits ----------------------------------------------------------------------------------


def planned(id="V-1", **rest):
    """A visit planned for `DAY`, with a plan; or as given: `ad_hoc=True` needs no day."""
    given = {"customer": "H-3", "contact": "DR-7", "owner": "R-9", "product": "CLIA-900"}
    given |= {"at": START, "plan": PLAN}
    given |= {} if rest.get("ad_hoc") else {"day": DAY}
    return Visit.open(id=id, **(given | rest))


def walked(to=Step.CLOSE, *, visit=None, at=None, machine=VISIT, **rest):
    """A visit walked along the path to a step: a minute a step, or all of them at `at`.

    `rest` goes to `planned`.  Where gates ask for evidence it is filed.
    """
    visit = planned(machine=machine, **rest) if visit is None else visit
    path = machine.stages[machine.position(visit.step) : machine.position(to) + 1]
    for _, step in pairwise(path):
        moment = at or visit.trail[-1].at + timedelta(minutes=1)
        papers = evidence_for(visit.unmet(to=step, machine=machine))
        visit = visit.advance(at=moment, to=step, evidence=papers, machine=machine)
    return visit


def evidence_for(gates):
    """Evidence for those of these gates that evidence can open."""
    return tuple(item for item in (AGREED, TWICE) if item.gate in {gate.key for gate in gates})


def closed(records=(), *, summary=SUMMARY_OF_IT, at=None, machine=VISIT, **rest):
    """A visit walked to its end: `records` are made at its last step, with the summary."""
    visit = walked(machine.landmark("summary"), machine=machine, **rest)
    moment = at or visit.trail[-1].at + timedelta(minutes=1)
    return visit.close(at=moment, records=[*records, summary], machine=machine)


def aborted(step=Step.NEEDS, **rest):
    """A visit broken off at a step of the conversation, with its summary still to be written."""
    visit = walked(step, **rest)
    return visit.abort(at=visit.trail[-1].at, reason="called to the ward")


def fields_of(visit):
    """The fields of a visit, by name, as a host would store them."""
    names = ("id", "customer", "contact", "owner", "product", "kind", "ad_hoc", "deal", "stage")
    return {name: getattr(visit, name) for name in (*names, "machine", "trail")}


# --- visits as Hypothesis draws them ---------------------------------------------------------

DAYS = st.dates(date(2026, 6, 1), date(2026, 9, 30))
KEYS = st.sampled_from(["a", "b", "speed"])


def measures():
    """Numbers and rungs to aim at, and nothing."""
    return st.none() | st.integers(-5, 90) | st.sampled_from([*AdoptionRung, *Ladder])


class Ladder(Rung):
    """Another ladder than that of adoption."""

    LOW = "low", "低", "low"
    HIGH = "high", "高", "high"


def aims():
    """Aims, good and bad."""
    texts = st.sampled_from(["", "x"])
    return st.builds(
        SmartGoal,
        key=KEYS,
        subject=texts,
        action=texts,
        metric=texts,
        baseline=measures(),
        target=measures(),
        capacity=measures(),
        set_on=DAYS,
        deadline=st.none() | DAYS,
    )


def objections():
    """Objections in every state."""
    return st.builds(
        Objection,
        key=KEYS,
        technique=st.sampled_from(["", "evidence", "listening"]),
        outcome=st.none() | st.sampled_from(ObjectionOutcome),
        follow_up=st.none() | DAYS,
    )


def promises():
    """Promises: open, kept, taken back, with and without a day."""
    later_day = st.none() | st.dates(date(2026, 7, 6), date(2026, 9, 30))
    kept = st.fixed_dictionaries({"fulfilled_on": later_day})
    taken_back = st.fixed_dictionaries({"withdrawn_on": later_day})
    return st.builds(
        lambda key, due, rest: promise(key, due=due, **rest), KEYS, later_day, kept | taken_back
    )


def plans():
    """Plans with a few aims."""
    few = st.lists(aims(), max_size=3, unique_by=lambda one: one.key)
    return st.builds(CallPlan, aims=few, opening=st.sampled_from(["", "hello"]))


def records():
    """Anything that may be recorded at any step: neither a plan nor a summary."""
    return st.one_of(
        st.builds(Need, key=KEYS, confirmed=st.booleans()),
        st.builds(Question, spin=st.none() | st.sampled_from(["situation", "need_payoff"])),
        st.builds(fab, need=KEYS),
        objections(),
        promises(),
        st.builds(heard, KEYS, handled_on=st.none() | st.dates(DAY, date(2026, 9, 30))),
        st.builds(MarketSignal, subject=KEYS, trend=st.sampled_from(["rising", "falling"])),
        st.builds(Proof, gate=KEYS, value=st.none() | st.booleans() | st.integers(0, 9)),
    )


_FEW_PLANS = st.sampled_from([PLAN, CallPlan(), CallPlan(aims=[aim("b", deadline=None)])])

# Verbs as they might be used, from a way to draw, the visit, the instant and the machine.
_VERBS = {
    "record": lambda draw, v, at, m: v.record(draw(records()), at=at, machine=m),
    "plan": lambda draw, v, at, m: v.record(draw(_FEW_PLANS), at=at, machine=m),
    "advance": lambda draw, v, at, m: v.advance(
        at=at,
        to=draw(st.none() | st.sampled_from(m.stages)),
        records=draw(st.lists(records(), max_size=2)),
        evidence=(AGREED, TWICE) if m is OWN else (),
        machine=m,
    ),
    "go_on": lambda draw, v, at, m: v.advance(
        at=at, evidence=evidence_for(v.unmet(machine=m)), machine=m
    ),
    "override": lambda draw, v, at, m: v.advance(at=at, override=WORD, by="R-9", machine=m),
    "abort": lambda draw, v, at, m: v.abort(at=at, reason="called away", machine=m),
    "close": lambda draw, v, at, m: v.close(
        at=at, records=SUMMARY_OF_IT, override=draw(st.sampled_from([None, None, WORD])), machine=m
    ),
    "postpone": lambda draw, v, at, m: v.postpone(draw(DAYS), at=at, reason="ill", machine=m),
    "cancel": lambda draw, v, at, m: v.cancel(at=at, reason="no time", machine=m),
    "follow_up": lambda draw, v, at, m: v.follow_up(
        draw(objections() | promises()), at=at, machine=m
    ),
}
_MOVING = ("advance", "advance", "override", "go_on", "go_on", "go_on", "go_on")
_LIKELY = {
    VisitStatus.PLANNED: ("record", "plan", *_MOVING, "postpone", "cancel"),
    VisitStatus.RUNNING: ("record", *_MOVING, "abort", "close", "close"),
    VisitStatus.CLOSED: ("follow_up",),
    VisitStatus.CANCELLED: ("record",),
}


@st.composite
def visits(draw, machine=VISIT, max_steps=14):
    """Visits that went on for a while, moved by the verbs that were not refused."""
    unplanned = draw(st.booleans())
    visit = planned(
        plan=draw(st.none() | _FEW_PLANS),
        ad_hoc=unplanned,
        kind=draw(st.sampled_from([ActivityKind.VISIT, ActivityKind.CALL])),
        machine=machine,
    )
    for _ in range(draw(st.integers(0, max_steps))):
        verb = draw(st.sampled_from(_LIKELY[visit.status]))
        at = visit.trail[-1].at + timedelta(minutes=draw(st.integers(0, 90)))
        with suppress(SalesflowError):
            visit = _VERBS[verb](draw, visit, at, machine)
    return visit
