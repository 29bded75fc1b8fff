"""Teams of representatives to learn from: their visits, by hand and at random, and naive lessons.

`held` is a visit without fault, `FAULTS` one visit for each fault.  `told` reads the same lessons
off a book with plain loops, written from the text of the trade and not from the library.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time, timedelta

import pendulum
from attrs import evolve
from hypothesis import strategies as st

from salesflow.activity import DECISIONS, WORK, ActivityKind, Decision
from salesflow.customers import AdoptionRung
from salesflow.errors import SalesflowError
from salesflow.gates import Override
from salesflow.periods import Month
from salesflow.products import ClinicalValue, Fab
from salesflow.visits import (
    CallPlan,
    Commitment,
    Feedback,
    Habit,
    Hours,
    MarketSignal,
    Need,
    Objection,
    ObjectionOutcome,
    Party,
    PredictedObjection,
    Question,
    QuestionForm,
    SmartGoal,
    Spin,
    Step,
    Summary,
    Trend,
    Visit,
    VisitAct,
    VisitStatus,
    climb,
)

#: the month under test
JULY = Month(2026, 7, tz="Asia/Shanghai")
#: the shortest time there is
TICK = timedelta(microseconds=1)
#: a manager's word
WORD = Override(approver="M-1", reason="seen on site")
#: what never counts, approved or not
TREATS = tuple(kind for kind in ActivityKind if DECISIONS[kind] is Decision.NEVER_COUNTS)


def on(month, day, hour=9, minute=0):
    """An instant of 2026 in Shanghai."""
    return pendulum.datetime(2026, month, day, hour, minute, tz=JULY.tz)


#: when the visits of these tests are held
START = on(7, 6, 14, 30)
#: when they are set up
SPRING = on(6, 1)
#: the day they are held on
DAY = date(2026, 7, 6)

# --- a visit without fault -------------------------------------------------------------------


def aim(key="test", **rest):
    """An aim that is SMART."""
    given = {"subject": "DR-7", "action": "orders the test", "metric": "orders a week"}
    given |= {"baseline": 2, "target": 4, "capacity": 6}
    given |= {"set_on": date(2026, 7, 1), "deadline": date(2026, 7, 31)}
    return SmartGoal(key=key, **(given | rest))


_SET = {"set_on": date(2026, 7, 1), "deadline": date(2026, 7, 31)}
#: aims, one of them a rung higher
AIMS = (
    aim(),
    aim("ward"),
    climb("trial", "DR-7", baseline=AdoptionRung.AWARE, target=AdoptionRung.TRIAL, **_SET),
)


def fab(**rest):
    """A statement that is complete, linked to the need "speed" and proved."""
    given = {"product": "CLIA-900", "feature": "one reagent", "advantage": "fewer steps"}
    given |= {"benefit": "results before noon", "need": "speed", "evidence": "STUDY-12"}
    return Fab(**(given | {"value": ClinicalValue.EFFICACY} | rest))


def plan(**rest):
    """A plan that lacks nothing."""
    given = {"aims": AIMS, "opening": "the new guideline", "key_messages": [fab()]}
    given |= {"predicted": [PredictedObjection(text="the price", answer="cost per test")]}
    given |= {"materials": ["STUDY-12"], "last_record": "V-0", "appointment": time(14, 30)}
    return CallPlan(**(given | rest))


def promise(key="order", **rest):
    """A promise of the customer, with who and when."""
    given = {"by": Party.CUSTOMER, "who": "DR-7", "made_on": DAY, "due": date(2026, 7, 20)}
    return Commitment(key=key, **(given | rest))


def asked(*kinds, first=QuestionForm.OPEN, then=QuestionForm.CLOSED):
    """Questions of these types, the first of one form and the rest of another."""
    forms = [first, *[then] * len(kinds)]
    return tuple(Question(spin=kind, form=form) for kind, form in zip(kinds, forms, strict=False))


def objection(key="price", outcome=ObjectionOutcome.RESOLVED, **rest):
    """An objection that was answered with evidence."""
    return Objection(key=key, outcome=outcome, **({"technique": "evidence"} | rest))


def summary(**rest):
    """A summary with every box filled."""
    given = {"points": "the test was shown", "feedback": "glad", "agreed": "a trial"}
    given |= {"succeeded": True, "next_plan": "bring the reagent", "aims_met": ["test"]}
    return Summary(**(given | rest))


#: the questions of a good conversation, and the need it found
QUESTIONS = asked(*Spin)
NEED = Need(key="speed", explicit=True, confirmed=True, evidence="“we wait until evening”")
#: the records of a good visit, by the step they are made at
NOTES = {
    Step.NEEDS: (*QUESTIONS, NEED),
    Step.SOLUTION: (fab(),),
    Step.OBJECTIONS: (objection(),),
    Step.CLOSE: (promise(),),
}
#: a plan that lacks nothing, and a summary with every box filled
PLAN, SUMMARY = plan(), summary()
#: the whole conversation, and the same where nobody objected
LONG = tuple(Step)[1:]
SHORT = tuple(step for step in LONG if step is not Step.OBJECTIONS)


def opened(id="V-1", *, at=SPRING, plan=PLAN, **rest):
    """A visit set up for `DAY`; an ad hoc one for no day."""
    given = {"customer": "H-3", "contact": "DR-7", "owner": "R-9", "product": "CLIA-900"}
    given |= {"day": None if rest.get("ad_hoc") else DAY}
    return Visit.open(id=id, at=at, plan=plan, **(given | rest))


def talked(id="V-1", *, path=LONG, notes=NOTES, at=START, override=None, **rest):
    """A visit walked along `path` within an instant, with its notes as each step is left."""
    visit, notes = opened(id, **rest), dict(notes)
    for step in path:
        records = notes.pop(visit.step, ())
        visit = visit.advance(at=at, to=step, records=records, override=override)
    return visit


def held(id="V-1", *, at=START, wait=timedelta(hours=1), summary=SUMMARY, **rest):
    """A visit talked through, or broken off where its path ends early, summed up and closed."""
    visit = talked(id, at=at, **rest)
    if visit.step is not Step.POST_CALL_SUMMARY:
        visit = visit.abort(at=at, reason="called to the ward")
    override = rest.get("override")
    return visit.close(at=at + wait, records=() if summary is None else summary, override=override)


def dropped(id="V-1", *, at=START, **rest):
    """A visit that was cancelled."""
    return opened(id, **rest).cancel(at=at, reason="the ward was closed")


# --- one fault each --------------------------------------------------------------------------


def noted(**boxes):
    """The notes of a good visit with those of some steps replaced."""
    return NOTES | {Step[name]: records for name, records in boxes.items()}


def answered(outcome, n=5, technique="evidence"):
    """So many visits in which an objection met this end."""
    doubt = objection(outcome=outcome, technique=technique, follow_up=date(2026, 7, 30))
    notes = noted(OBJECTIONS=(doubt,))
    return [held(f"{technique} {outcome.name} {i}", notes=notes) for i in range(n)]


def _asking(*questions):
    return held(notes=noted(NEEDS=(*questions, NEED)))


def _saying(*statements):
    return held(notes=noted(SOLUTION=statements))


def _hearing(feedback):
    return held(notes=noted(CLOSE=(promise(), feedback)))


_DOUBT = objection(outcome=ObjectionOutcome.UNRESOLVED)
_ALL_OPEN = asked(*Spin, then=QuestionForm.OPEN)
#: for each finding a visit that gives it and no other, but for the box of the summary
FAULTS = {
    "visit_never_counts": held(kind=ActivityKind.MEAL),
    "visit_gate_overridden": talked(path=LONG[:1], override=WORD),
    "no_plan": opened(ad_hoc=True, plan=None),
    "closed_question_first": _asking(
        *asked(*Spin, first=QuestionForm.CLOSED, then=QuestionForm.OPEN)
    ),
    "one_form_of_question": _asking(*_ALL_OPEN),
    "spin_incomplete": _asking(*QUESTIONS[:3]),
    "payoff_early": _asking(
        *asked(Spin.SITUATION, Spin.PROBLEM, Spin.NEED_PAYOFF, Spin.IMPLICATION)
    ),
    "solution_before_need": held(notes=noted(NEEDS=(*QUESTIONS, evolve(NEED, confirmed=False)))),
    "need_without_evidence": held(notes=noted(NEEDS=(*QUESTIONS, evolve(NEED, evidence="")))),
    "no_clinical_value": _saying(fab(value=None)),
    "objection_unsettled": talked(path=LONG[:4], notes=noted(OBJECTIONS=())).record(
        _DOUBT, at=START
    ),
    "objection_without_technique": held(notes=noted(OBJECTIONS=(objection(technique=""),))),
    "no_decision": held(notes=noted(CLOSE=())),
    "commitment_vague": held(notes=noted(CLOSE=(promise(due=None),))),
    "no_feedback": held(summary=summary(feedback="")),
    "feedback_without_limit": _hearing(Feedback(key="late", received_on=DAY)),
    "summary_incomplete": held(summary=summary(next_plan="")),
    "summary_late": held(wait=timedelta(days=1) + TICK),
    "aim_unknown": held(summary=summary(aims_met=["test", "moon"])),
    "aims_few": held(plan=plan(aims=AIMS[1:]), summary=summary(aims_met=["trial"])),
    "aim_not_smart": held(plan=plan(aims=[aim(deadline=None), *AIMS[1:]])),
    "no_ladder_aim": held(plan=plan(aims=[*AIMS[:2], aim("third")])),
    "last_record_unread": held(plan=plan(last_record="")),
    "no_appointment": held(plan=plan(appointment=None)),
    "busy_hour": held(plan=plan(busy=[Hours(start=time(14), end=time(15))])),
    "prediction_unanswered": held(plan=plan(predicted=[PredictedObjection(text="the price")])),
    "no_prediction": held(plan=plan(predicted=())),
    "no_key_message": held(plan=plan(key_messages=())),
    "no_opening": held(plan=plan(opening="")),
    "no_material": held(plan=plan(materials=())),
    "fab_incomplete": _saying(fab(benefit="")),
    "unlinked_benefit": _saying(fab(need="")),
    "claim_without_evidence": _saying(fab(evidence="")),
    "absolute_claim": _saying(fab(advantage="always works")),
    "off_label_claim": _saying(fab(on_label=False)),
}

# --- visits as Hypothesis draws them ---------------------------------------------------------

_KEYS = st.sampled_from(["a", "b"])
_SPARSE = st.sampled_from(["", "said"])
_DAYS = st.dates(date(2026, 7, 1), date(2026, 8, 9))


@st.composite
def _promises(draw):
    kept, back = draw(st.sampled_from([(None, None), (draw(_DAYS), None), (None, draw(_DAYS))]))
    return Commitment(
        key=draw(_KEYS),
        by=draw(st.sampled_from(Party)),
        made_on=date(2026, 6, 1),
        due=draw(st.none() | _DAYS),
        fulfilled_on=kept,
        withdrawn_on=back,
    )


_PLANS = st.builds(
    CallPlan,
    aims=st.integers(0, 4).map(lambda n: [aim(f"{i}") for i in range(n)]),
    last_record=st.sampled_from(["", "V-0"]),
    first_visit=st.booleans(),
)
_SUMMARIES = st.builds(
    Summary, points=st.just("said"), aims_met=st.lists(st.sampled_from("01x"), unique=True)
)
_RECORDS = st.one_of(
    st.builds(
        Question,
        spin=st.none() | st.sampled_from(Spin),
        form=st.none() | st.sampled_from(QuestionForm),
    ),
    st.builds(Need, key=_KEYS, confirmed=st.booleans()),
    st.builds(
        Fab,
        product=st.just("CLIA-900"),
        feature=_SPARSE | st.just("said"),
        advantage=_SPARSE | st.just("said"),
        benefit=_SPARSE | st.just("said"),
        need=st.sampled_from(["", "a", "b"]),
    ),
    st.builds(
        Objection,
        key=_KEYS,
        kind=st.sampled_from(["", "price", "safety"]),
        technique=st.sampled_from(["", "evidence", "story"]),
        outcome=st.none() | st.sampled_from(ObjectionOutcome),
        follow_up=st.none() | _DAYS,
    ),
    _promises(),
    st.builds(MarketSignal, subject=st.sampled_from(["CLIA", "PCR"]), trend=st.sampled_from(Trend)),
)
_EDGES = [JULY.start - TICK, JULY.start, JULY.last, JULY.end]
#: from a week before the month to a week after it, its very edges often
MOMENTS = st.sampled_from(_EDGES) | st.sampled_from(
    [JULY.start + timedelta(hours=hours) for hours in range(-7 * 24, 38 * 24, 11)]
)
_PAUSES = st.sampled_from([timedelta(0), timedelta(hours=1), timedelta(1), timedelta(1) + TICK])


def _noting(draw):
    return draw(st.lists(_RECORDS, max_size=4))


def _elsewhere(draw, visit, at):
    to = draw(st.sampled_from(Step))
    return visit.advance(at=at, to=to, records=_noting(draw), override=WORD)


def _keeping(draw, visit, at):
    return visit.follow_up([one.fulfil(draw(_DAYS)) for one in visit.sheet.commitments], at=at)


_VERBS = {
    "on": lambda draw, v, at: v.advance(at=at, records=_noting(draw), override=WORD),
    "elsewhere": _elsewhere,
    "record": lambda draw, v, at: v.record(_noting(draw), at=at),
    "plan": lambda draw, v, at: v.record(draw(_PLANS), at=at),
    "sum up": lambda draw, v, at: v.record(draw(_SUMMARIES), at=at),
    "abort": lambda draw, v, at: v.abort(at=at, reason="called away", records=_noting(draw)),
    "cancel": lambda draw, v, at: v.cancel(at=at, reason="the ward was closed"),
    "close": lambda draw, v, at: v.close(at=at, records=draw(_SUMMARIES), override=WORD),
    "close bare": lambda draw, v, at: v.close(at=at, override=WORD),
    "keep": _keeping,
}
_LIKELY = {
    VisitStatus.PLANNED: ("plan", "plan", "on", "on", "on", "record", "cancel"),
    VisitStatus.RUNNING: (*["on"] * 5, "elsewhere", "elsewhere", "record", "abort"),
    VisitStatus.CLOSED: ("keep",),
    VisitStatus.CANCELLED: ("keep",),
}
_LAST = ("record", "sum up", "close", "close", "close", "close bare")


@st.composite
def lives(draw, id="V-1", kinds=WORK, max_steps=12):
    """Visits that went on for a while, moved by the verbs that are not refused."""
    ad_hoc = draw(st.booleans())
    visit = opened(
        id,
        at=draw(MOMENTS),
        plan=draw(st.none() | _PLANS),
        ad_hoc=ad_hoc,
        kind=draw(st.sampled_from(kinds)),
        customer=draw(st.sampled_from(["H-1", "H-2"])),
        owner=draw(st.sampled_from(["R-1", "R-2"])),
        deal=draw(st.sampled_from(["", "D-1"])),
    )
    for _ in range(draw(st.integers(0, max_steps))):
        ready = visit.step is Step.POST_CALL_SUMMARY and visit.status is VisitStatus.RUNNING
        verb = draw(st.sampled_from(_LAST if ready else _LIKELY[visit.status]))
        at = visit.trail[-1].at + draw(_PAUSES)
        with suppress(SalesflowError):
            visit = _VERBS[verb](draw, visit, at)
    return visit


def teams(max_size=6, kinds=WORK, prefix="V"):
    """Books of visits, each with an id of its own."""
    return st.integers(0, max_size).flatmap(
        lambda n: st.tuples(*(lives(f"{prefix}-{i}", kinds) for i in range(n)))
    )


# --- lessons told naively --------------------------------------------------------------------


def _latest(records, kind):
    """The last record of each key, in the order in which the keys came up."""
    order = []
    for record in records:
        if type(record) is kind and record.key not in order:
            order.append(record.key)
    every = [record for record in records if type(record) is kind]
    return [[record for record in every if record.key == key][-1] for key in order]


def _last(records, kind):
    every = [record for record in records if type(record) is kind]
    return every[-1] if every else None


def _habits_of_questions(questions, *, whole):
    kinds = [question.spin for question in questions]
    if questions or whole:
        yield Habit.OPEN_FIRST, bool(questions) and questions[0].form is QuestionForm.OPEN
        yield Habit.FULL_SPIN, set(Spin) <= set(kinds)
    if Spin.NEED_PAYOFF in kinds:
        early = kinds[: kinds.index(Spin.NEED_PAYOFF)]
        yield Habit.IMPLICATION_FIRST, Spin.IMPLICATION in early


def _habits_of_product(records, *, whole):
    needs = {need.key for need in _latest(records, Need)}
    said = [record for record in records if type(record) is Fab]
    if not said and not whole:
        return
    full = [s.feature and s.advantage and s.benefit and s.need in needs for s in said]
    yield Habit.FULL_FAB, len(said) > 0 and False not in map(bool, full)
    before = records[: records.index(said[0])] if said else records
    yield Habit.NEED_FIRST, any(type(r) is Need and r.confirmed for r in before)


def _habits(records, *, whole):
    """The habits a visit can be judged on, and whether it kept them."""
    filed, doubts = _last(records, CallPlan), _latest(records, Objection)
    kept = dict(_habits_of_questions([r for r in records if type(r) is Question], whole=whole))
    kept |= _habits_of_product(records, whole=whole)
    kept[Habit.THREE_AIMS] = bool(filed) and len(filed.aims) > 2
    kept[Habit.LAST_RECORD] = bool(filed) and (filed.first_visit or filed.last_record != "")
    if doubts:
        resolved = [doubt.outcome is ObjectionOutcome.RESOLVED for doubt in doubts]
        kept[Habit.OBJECTIONS_RESOLVED] = all(resolved)
    return kept


def _results(records):
    """How many aims were met and promises obtained."""
    filed, wrote = _last(records, CallPlan), _last(records, Summary)
    met = sum(one.key in wrote.aims_met for one in filed.aims) if filed and wrote else 0
    theirs = [one for one in _latest(records, Commitment) if one.by is Party.CUSTOMER]
    return met + sum(one.withdrawn_on is None for one in theirs)


def _summed_up(events):
    """Whether the first summary came within a day of the end of the conversation."""
    over = [event.at for event in events if event.target is Step.POST_CALL_SUMMARY]
    wrote = [e.at for e in events if any(type(record) is Summary for record in e.records)]
    return bool(wrote) and wrote[0] - over[0] <= timedelta(days=1)


def _walked(book, id, events):
    """Count the visit at each step it reached."""
    order = list(Step)
    reached = {event.target for event in events}
    lost = [e.source for e in events if e.act in {VisitAct.ABORTED, VisitAct.CANCELLED}]
    ahead = {e.source for e in events[1:] if order.index(e.target) > order.index(e.source)}
    if any(event.act is VisitAct.CLOSED for event in events):
        ahead.add(Step.POST_CALL_SUMMARY)
    for step in reached:
        row = book["steps"][step]
        row[0] += 1
        if step in lost:
            row[2].append(id)
        elif step in ahead:
            row[1] += 1


def _held(events, during):
    """When a visit was held or cancelled, if that lies in the period."""
    when = [event.at for event in events if event.act is VisitAct.ADVANCED][:1]
    if events[-1].act is VisitAct.CANCELLED:
        when = [events[-1].at]
    if during is None:
        return bool(when)
    return any(during.first <= at.in_timezone(during.tz).date() < during.after for at in when)


def _learn(book, visit, events, whom):
    """Count what was said in a visit that was held."""
    records = [record for event in events for record in event.records]
    cut = [event for event in events if event.act is VisitAct.ABORTED]
    for doubt in _latest(records, Objection):
        if doubt.technique and doubt.outcome:
            uses = book["answers"].setdefault(doubt.technique, [])
            group = whom(visit) if whom else ""
            good = doubt.outcome is ObjectionOutcome.RESOLVED
            uses.append((visit.id, doubt.kind, group, good))
    whole = events[-1].status is VisitStatus.CLOSED and not cut
    reached = _results(records) >= 1
    for habit, kept in _habits(records, whole=whole).items():
        book["habits"][habit].append((visit.id, kept, reached))
    trends = {}
    for record in records:
        if type(record) is MarketSignal:
            trends[record.subject] = record.trend
    for subject, trend in trends.items():
        book["signals"].setdefault(subject, []).append((visit.id, visit.customer, trend))


def told(visits, during=None, *, at=None, today=None, whom=None):
    """The lessons of a book as plain lists and numbers; promises overdue at the end of `today`."""
    book = {"n": 0, "held": 0, "ineffective": [], "answers": {}, "signals": {}, "overdue": []}
    book |= {"left_out": [], "steps": {step: [0, 0, []] for step in Step}}
    book |= {"habits": {habit: [] for habit in Habit}}
    limits = [moment for moment in (at, during and during.last) if moment]
    for visit in visits:
        events = [event for event in visit.trail if all(event.at <= limit for limit in limits)]
        records = [record for event in events for record in event.records]
        within = bool(events) and _held(events, during)
        if visit.kind not in WORK:
            book["left_out"] += [visit.id] * within
            continue
        met = any(event.act is VisitAct.ADVANCED for event in events)
        for made in _latest(records, Commitment) if met else ():
            past = today and made.due and made.due < today
            over = any(day and day <= today for day in (made.fulfilled_on, made.withdrawn_on))
            if past and not over:
                book["overdue"].append(((today - made.due).days, visit.id, made.key))
        if not within:
            continue
        book["n"] += 1
        _walked(book, visit.id, events)
        if events[-1].act is VisitAct.CANCELLED:
            continue
        book["held"] += 1
        aims = getattr(_last(records, CallPlan), "aims", ())
        good = bool(aims) and _results(records) >= 1 and _summed_up(events)
        book["ineffective"] += [visit.id] * (not good)
        _learn(book, visit, events, whom)
    return book
