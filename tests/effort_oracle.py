"""The figures of effort, service and association told naively, and diaries to read them from.

Written from the text of the trade and not from the library: a visit is read event by event, a
promise is watched day by day, and a day is what the calendar on the wall of that place says.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from salesflow.activity import WORK
from salesflow.errors import SalesflowError
from salesflow.periods import Month, Span, Week
from salesflow.visits import (
    CallPlan,
    Commitment,
    EffectiveRule,
    Feedback,
    Party,
    Step,
    Summary,
    VisitAct,
)
from strategies import ZONES
from visit_teams import SHORT, TICK, WORD, aim, opened

# --- what is refused -------------------------------------------------------------------------


def unnamed(call, values, *names):
    """The values that `call` takes, or refuses without naming one of these arguments.

    An error that is not the library's own is such a refusal, whatever it says.
    """
    found = []
    for value in values:
        try:
            call(value)
        except SalesflowError as error:
            if getattr(error, "field", None) not in names:
                found.append((value, str(error)))
        except Exception as error:  # noqa: BLE001
            found.append((value, type(error).__name__))
        else:
            found.append((value, "taken"))
    return found


# --- diaries as Hypothesis draws them --------------------------------------------------------

_JULYS = [Month(2026, 7, tz=zone) for zone in ZONES]
_EDGES = [
    edge + tick for july in _JULYS for edge in (july.start, july.end) for tick in (-TICK, TICK * 0)
]
#: from a week before July 2026 to a week after it, and often an edge of July somewhere
MOMENTS = st.sampled_from(_EDGES) | st.sampled_from(
    [_JULYS[0].start + timedelta(hours=hours) for hours in range(-7 * 24, 38 * 24, 5)]
)
_DAYS = st.dates(date(2026, 6, 28), date(2026, 8, 3))
_PAUSES = st.sampled_from([timedelta(hours=hours) for hours in (0, 0, 3, 24, 24 * 9)])
_WAITS = st.sampled_from([timedelta(0), timedelta(hours=3), timedelta(days=1)]).flatmap(
    lambda wait: st.sampled_from([wait, wait + TICK])
)
_PLANS = [None, *(CallPlan(aims=[aim(f"{i}") for i in range(n)]) for n in range(3))]
_SUMMARIES = st.lists(st.sampled_from("01x"), unique=True).map(
    lambda met: Summary(points="said", aims_met=met)
)
_PROMISES = st.lists(
    st.builds(
        Commitment,
        key=st.sampled_from("ab"),
        by=st.sampled_from(Party),
        made_on=st.just(date(2026, 6, 1)),
    ),
    max_size=2,
)
#: periods around July 2026, in places of every kind
PERIODS = st.sampled_from(ZONES).flatmap(
    lambda tz: st.one_of(
        st.just(Month(2026, 7, tz=tz)),
        st.integers(27, 31).map(lambda week: Week(2026, week, tz=tz)),
        st.dates(date(2026, 6, 29), date(2026, 8, 2)).map(
            lambda first: Span(first, first + timedelta(days=1), tz=tz)
        ),
    )
)
#: rules of what is effective
RULES = st.builds(
    EffectiveRule,
    aims=st.integers(0, 2),
    results=st.integers(0, 2),
    promises_count=st.booleans(),
    summary_within=st.sampled_from([timedelta(0), timedelta(hours=3), timedelta(days=1)]),
)
_FATES = ("planned", "cancelled", "running", "over", "closed", "closed", "closed", "followed up")


@st.composite
def diaries(draw, id="V-1", kinds=WORK):
    """A visit of any fate: planned or not, put off, cancelled, begun, broken off or closed."""
    ad_hoc = draw(st.booleans())
    visit = opened(
        id,
        at=draw(MOMENTS),
        plan=draw(st.sampled_from(_PLANS)),
        ad_hoc=ad_hoc,
        day=None if ad_hoc else draw(_DAYS),
        kind=draw(st.sampled_from(kinds)),
        contact=draw(st.sampled_from(["DR-1", "DR-2"])),
        owner=draw(st.sampled_from(["R-1", "R-2"])),
    )
    if draw(st.booleans()):
        with suppress(SalesflowError):
            at = visit.trail[-1].at + draw(_PAUSES)
            visit = visit.postpone(draw(_DAYS), at=at, reason="the ward was full")
    fate, at = draw(st.sampled_from(_FATES)), visit.trail[-1].at + draw(_PAUSES)
    if fate == "planned":
        return visit
    if fate == "cancelled":
        return visit.cancel(at=at, reason="the ward was closed")
    for step in SHORT[: draw(st.integers(1, len(SHORT)))]:
        promises = draw(_PROMISES) if visit.step is Step.CLOSE else ()
        visit = visit.advance(at=at, to=step, records=promises, override=WORD)
    if fate == "running":
        return visit
    if visit.step is not Step.POST_CALL_SUMMARY:
        visit = visit.abort(at=at, reason="called to the ward", records=draw(_PROMISES))
    if fate == "over":
        return visit
    visit = visit.close(at=at + draw(_WAITS), records=draw(_SUMMARIES), override=WORD)
    if fate == "followed up" and visit.sheet.commitments:
        kept = [one.fulfil(date(2026, 7, 20)) for one in visit.sheet.commitments]
        visit = visit.follow_up(kept, at=visit.trail[-1].at + draw(_PAUSES))
    return visit


def books(max_size=7, kinds=WORK, prefix="V"):
    """Books of visits, each with an id of its own."""
    return st.integers(0, max_size).flatmap(
        lambda n: st.tuples(*(diaries(f"{prefix}-{i}", kinds) for i in range(n)))
    )


# --- effort told naively ---------------------------------------------------------------------


def there(moment, tz):
    """The date on the wall of a place at an instant."""
    return datetime.fromtimestamp(moment.timestamp(), UTC).astimezone(ZoneInfo(tz)).date()


def known(visit, during, at=None):
    """The events of a visit up to the end of a period, and up to `at`."""
    return [
        event
        for event in visit.trail
        if there(event.at, during.tz) < during.after and (at is None or event.at <= at)
    ]


def is_effective(events, rule):
    """Whether these events of a visit that was held show an aim, a result and a prompt summary."""
    written = [record for event in events for record in event.records]
    plans = [one for one in written if isinstance(one, CallPlan)]
    sums = [one for one in written if isinstance(one, Summary)]
    if not sums:
        return False
    aims = {one.key for one in plans[-1].aims} if plans else set()
    latest = {one.key: one for one in written if isinstance(one, Commitment)}
    stands = [one.by for one in latest.values() if one.withdrawn_on is None]
    results = len(aims.intersection(sums[-1].aims_met))
    if rule.promises_count:
        results += stands.count(Party.CUSTOMER)
    over = next(event.at for event in events if event.target is Step.POST_CALL_SUMMARY)
    wrote = next(event.at for event in events if sums[0] in event.records)
    in_time = wrote - over <= rule.summary_within
    return in_time and len(aims) >= rule.aims and results >= rule.results


def effort(visits, during, at, rule):
    """The figures of effort by name: counts, pairs of counts, and ids."""
    told = SimpleNamespace(planned=[], kept=[], cancelled=[], made=[], ad_hoc=[])
    met, lacking = set(), []
    for visit in visits:
        events = known(visit, during, at)
        if not events or visit.kind not in WORK:
            continue
        acts = [event.act for event in events]
        day = events[-1].day
        gone = at is None or at >= during.end or day is None or day < there(at + TICK, during.tz)
        settled = gone or {VisitAct.ADVANCED, VisitAct.CANCELLED}.intersection(acts)
        if day and during.first <= day < during.after and settled:
            told.planned.append(visit.id)
            if VisitAct.ADVANCED in acts:
                told.kept.append(visit.id)
            if VisitAct.CANCELLED in acts:
                told.cancelled.append(visit.id)
        if VisitAct.ADVANCED not in acts:
            continue
        if there(events[acts.index(VisitAct.ADVANCED)].at, during.tz) >= during.first:
            told.made.append(visit.id)
            if day is None:
                told.ad_hoc.append(visit.id)
            met.add(visit.contact)
            if not is_effective(events, rule):
                lacking.append(visit.id)
    made = len(told.made)
    return {
        "made": made,
        "ad_hoc": len(told.ad_hoc),
        "cancelled": len(told.cancelled),
        "contacts": len(met),
        "adherence": (len(told.kept), len(told.planned)),
        "effective": (made - len(lacking), made),
        "ineffective": lacking,
    }


# --- promises and questions, day by day ------------------------------------------------------

FIRST = date(2026, 7, 1)
#: the days on which something of these tests may happen
SOME_DAYS = st.dates(FIRST, date(2026, 7, 12))


@st.composite
def promises(draw):
    """Promises of either side: open, kept, kept late, taken back, with and without a day."""
    end = draw(st.sampled_from(["", "kept", "taken back"]))
    return Commitment(
        key="p",
        by=draw(st.sampled_from(Party)),
        made_on=FIRST,
        due=draw(st.none() | SOME_DAYS),
        fulfilled_on=draw(SOME_DAYS) if end == "kept" else None,
        withdrawn_on=draw(SOME_DAYS) if end == "taken back" else None,
    )


def heard():
    """Feedback with and without a promised day, answered or not."""
    days = st.none() | SOME_DAYS
    return st.builds(
        Feedback, key=st.just("f"), received_on=st.just(FIRST), respond_by=days, handled_on=days
    )


def _until(on):
    return [FIRST + timedelta(days=n) for n in range((on - FIRST).days + 1)]


def decided(due, done, back, on):
    """How a promise was decided by the end of a day: True, False, or None where it was not."""
    kept = gone = None
    for today in _until(on):
        kept = today if today == done else kept
        gone = today if today == back else gone
    if due is None or gone:
        return None
    if kept:
        return kept <= due
    return False if on > due else None


def rate(decisions):
    """How many of the decided were good: (hits, n)."""
    settled = [one for one in decisions if one is not None]
    return settled.count(True), len(settled)
