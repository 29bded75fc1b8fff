"""A visit is effective that was held, had an aim, reached something and was summed up at once."""

from __future__ import annotations

import copy
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesflow.activity import DECISIONS, ActivityKind, Decision
from salesflow.errors import InvalidValue, WrongType
from salesflow.visits import EFFECTIVE, EffectiveRule, Party, Shortfall, Step, VisitStatus
from visit_teams import (
    LONG,
    START,
    TICK,
    TREATS,
    aim,
    dropped,
    held,
    lives,
    noted,
    opened,
    plan,
    promise,
    summary,
    talked,
)

SECRET = "CANARY"
KINDS = list(ActivityKind)
AIMLESS = {"plan": plan(aims=()), "summary": summary(aims_met=[])}
FRUITLESS = {"notes": noted(CLOSE=()), "summary": summary(aims_met=[])}
DAY_LONG = timedelta(days=1)

# For each shortfall a visit that has it and no other, and the same visit under a rule that lets
# it pass; a visit that was not held has no summary either.
ALONE = {
    Shortfall.NEVER_COUNTS: (held(kind=ActivityKind.MEAL), None),
    Shortfall.NO_AIM: (held(**AIMLESS), EffectiveRule(aims=0)),
    Shortfall.NO_RESULT: (held(**FRUITLESS), EffectiveRule(results=0)),
    Shortfall.NO_SUMMARY: (talked(), None),
    Shortfall.SUMMARY_LATE: (
        held(wait=DAY_LONG + TICK),
        EffectiveRule(summary_within=DAY_LONG + TICK),
    ),
}


def test_a_good_visit_lacks_nothing():
    """Held, three aims, one met, one promise, summed up within the hour."""
    assert EFFECTIVE.missing(held()) == ()
    assert EFFECTIVE.effective(held())


def test_every_shortfall_has_its_case():
    """None is left out but that of a visit which was not held."""
    assert {*ALONE, Shortfall.NOT_HELD} == set(Shortfall)


@pytest.mark.parametrize("shortfall", ALONE)
def test_each_shortfall_comes_alone(shortfall):
    """One thing lacking is enough; the rule says which."""
    visit, lax = ALONE[shortfall]

    assert EFFECTIVE.missing(visit) == (shortfall,)
    assert not EFFECTIVE.effective(visit)
    if lax is not None:
        assert lax.effective(visit)


def test_a_visit_that_was_not_held_is_not_effective():
    """Cancelled or still planned, though it had three aims."""
    lacking = (Shortfall.NOT_HELD, Shortfall.NO_RESULT, Shortfall.NO_SUMMARY)

    assert EFFECTIVE.missing(dropped()) == lacking
    assert EFFECTIVE.missing(opened()) == lacking


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.value)
def test_what_does_not_simply_count_is_never_effective(kind):
    """A visit bears no approval, so only professional work is one."""
    missing = EFFECTIVE.missing(held(kind=kind))

    assert missing == (() if DECISIONS[kind] is Decision.COUNTS else (Shortfall.NEVER_COUNTS,))


@given(lives(kinds=TREATS), st.booleans(), st.integers(0, 1))
def test_invariant_46_hospitality_is_never_effective(visit, promises, least):
    """However good the talk, and however lax the rule."""
    rule = EffectiveRule(
        aims=0, results=least, promises_count=promises, summary_within=timedelta(days=999)
    )

    assert Shortfall.NEVER_COUNTS in rule.missing(visit)
    assert not rule.effective(visit)


# --- the parameters --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("planned", "least", "enough"), [(2, 3, False), (3, 3, True), (0, 0, True)]
)
def test_the_least_number_of_aims_may_be_set(planned, least, enough):
    """Exactly so many are enough."""
    visit = held(plan=plan(aims=[aim(f"{i}") for i in range(planned)]))

    assert (Shortfall.NO_AIM not in EffectiveRule(aims=least).missing(visit)) is enough


@pytest.mark.parametrize(
    ("met", "promised", "least", "enough"),
    [
        ((), 0, 1, False),
        (("test",), 0, 1, True),
        ((), 1, 1, True),
        (("test",), 1, 2, True),
        (("test",), 1, 3, False),
        (("test", "ward"), 1, 3, True),
    ],
)
def test_aims_met_and_promises_obtained_are_counted_together(met, promised, least, enough):
    """Together at least so many results."""
    close = [promise(f"{i}") for i in range(promised)]
    visit = held(notes=noted(CLOSE=close), summary=summary(aims_met=met))

    assert EffectiveRule(results=least).effective(visit) is enough


def test_a_team_may_not_count_promises():
    """Then only an aim that was met is a result."""
    strict = EffectiveRule(promises_count=False)

    assert strict.effective(held())
    assert strict.missing(held(summary=summary(aims_met=[]))) == (Shortfall.NO_RESULT,)


def test_a_promise_of_ours_is_no_result():
    """Only the customer's is something obtained; one promise filed twice is one."""
    ours = noted(CLOSE=(promise(by=Party.COMPANY),))
    twice = noted(CLOSE=(promise(), promise(text="anew")))

    assert EFFECTIVE.missing(held(notes=ours, summary=summary(aims_met=[]))) == (
        Shortfall.NO_RESULT,
    )
    assert not EffectiveRule(results=2).effective(held(notes=twice, summary=summary(aims_met=[])))


def test_a_promise_that_the_customer_took_back_is_no_result():
    """A second one that still stands is."""
    back = promise().withdraw(date(2026, 7, 7))
    gone, kept = (
        held(notes=noted(CLOSE=notes), summary=summary(aims_met=[]))
        for notes in ((back,), (back, promise("trial")))
    )

    assert EFFECTIVE.missing(gone) == (Shortfall.NO_RESULT,)
    assert EFFECTIVE.missing(kept) == ()


def test_an_aim_that_was_not_planned_cannot_be_met():
    """Nor is one counted twice that is named twice."""
    stray = held(notes=noted(CLOSE=()), summary=summary(aims_met=["moon"]))
    twice = held(notes=noted(CLOSE=()), summary=summary(aims_met=["test", "test"]))

    assert EFFECTIVE.missing(stray) == (Shortfall.NO_RESULT,)
    assert EFFECTIVE.effective(twice)
    assert not EffectiveRule(results=2).effective(twice)


@pytest.mark.parametrize("within", [timedelta(0), timedelta(hours=2), DAY_LONG])
def test_a_summary_at_the_very_limit_is_in_time(within):
    """And a microsecond later it is late."""
    rule = EffectiveRule(summary_within=within)

    assert rule.missing(held(wait=within)) == ()
    assert rule.missing(held(wait=within + TICK)) == (Shortfall.SUMMARY_LATE,)


def test_the_summary_is_timed_from_the_end_of_the_conversation():
    """Not from its beginning: a talk of two days was summed up within the hour."""
    visit = talked(path=LONG[:-1]).advance(at=START + timedelta(days=2))
    late = visit.close(at=START + timedelta(days=3) + TICK, records=summary())

    assert EFFECTIVE.effective(visit.close(at=START + timedelta(days=3), records=summary()))
    assert EFFECTIVE.missing(late) == (Shortfall.SUMMARY_LATE,)


def test_a_visit_broken_off_is_timed_from_the_break():
    """It can be effective too: an aim was met before the doctor was called away."""
    visit = talked(path=LONG[:2]).abort(at=START + timedelta(days=2), reason="called away")

    assert EFFECTIVE.effective(visit.close(at=START + timedelta(days=3), records=summary()))
    assert visit.aborted_at is Step.NEEDS


def test_the_first_summary_counts_for_its_time_and_the_last_for_its_words():
    """Written at once and completed a week later: in time, with the aims of the last one."""
    quick = talked().record(summary(aims_met=[]), at=START)
    visit = quick.close(at=START + timedelta(days=7), records=summary(aims_met=["test"]))

    assert EffectiveRule(promises_count=False).effective(visit)
    assert EffectiveRule(promises_count=False).missing(quick) == (Shortfall.NO_RESULT,)


@given(lives())
def test_missing_is_what_lacks_and_effective_that_nothing_does(visit):
    """In the order of the list, each once; the sheet may be handed in."""
    missing = EFFECTIVE.missing(visit)

    assert list(missing) == [shortfall for shortfall in Shortfall if shortfall in missing]
    assert EFFECTIVE.effective(visit) is (missing == ())
    assert EFFECTIVE.missing(visit, visit.sheet) == missing
    assert EFFECTIVE.effective(visit, visit.sheet) is EFFECTIVE.effective(visit)
    if visit.status is VisitStatus.CANCELLED:
        assert Shortfall.NOT_HELD in missing
    assert not {Shortfall.NO_SUMMARY, Shortfall.SUMMARY_LATE} <= set(missing)


@given(lives(), st.integers(0, 3), st.integers(0, 3))
def test_a_laxer_rule_finds_no_more(visit, aims, results):
    """Each part of it only ever lets more visits pass."""
    strict = EffectiveRule(aims=aims + 1, results=results + 1, promises_count=False)
    lax = EffectiveRule(aims=aims, results=results, summary_within=timedelta(days=2))

    assert set(lax.missing(visit)) <= set(strict.missing(visit))


def test_a_sheet_that_is_handed_in_is_the_one_that_is_read():
    """So that a book of visits is read once for all its figures."""
    assert EFFECTIVE.missing(held(), held(**FRUITLESS).sheet) == (Shortfall.NO_RESULT,)


# --- what is no rule -------------------------------------------------------------------------


def test_the_rule_is_a_value():
    """Equal by content, and the default is the rule of the trade."""
    assert EffectiveRule() == EFFECTIVE == copy.deepcopy(EFFECTIVE)
    assert (EFFECTIVE.aims, EFFECTIVE.results, EFFECTIVE.promises_count) == (1, 1, True)
    assert hash(EffectiveRule(aims=3)) == hash(EffectiveRule(aims=3))


@pytest.mark.parametrize("box", ["aims", "results"])
@pytest.mark.parametrize("bad", [-1, True, 1.5, SECRET, [1], None], ids=repr)
def test_what_is_no_number_of_aims_or_results_is_refused(box, bad):
    """A bool is no number."""
    with pytest.raises(InvalidValue) as refused:
        EffectiveRule(**{box: bad})

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("bad", [1, None, SECRET, 0.5], ids=repr)
def test_what_is_no_span_of_time_is_refused(bad):
    """Seconds as a number, or a text."""
    with pytest.raises(WrongType) as refused:
        EffectiveRule(summary_within=bad)

    assert SECRET not in str(refused.value)


def test_a_summary_cannot_be_due_before_the_end():
    """Not even by a microsecond."""
    with pytest.raises(InvalidValue, match="summary_within"):
        EffectiveRule(summary_within=-TICK)


@pytest.mark.parametrize("bad", [1, None, SECRET], ids=repr)
def test_what_is_neither_true_nor_false_is_refused(bad):
    """One is not yes."""
    with pytest.raises(WrongType, match="promises_count"):
        EffectiveRule(promises_count=bad)
