"""Of several ways of telling, the one is kept that gained more than chance would."""

from __future__ import annotations

from math import log

import pytest

from salesflow.funnel import Stage
from salesflow.metrics.places import Place, Stand
from salesflow.metrics.trial import STRENGTHS, Scores

PLACE = Place(Stage.NEEDS_DISCOVERY, 0)


def scored(rows, *, looks=1):
    """Scores of (won, told by each way); each row a deal of its own."""
    scores = Scores()
    for number, (won, told_by) in enumerate(rows):
        stand = Stand(number, PLACE, 1.0, int(won), (), number % looks)
        scores.add(stand, won, told_by)
    return scores


def ways(nominal, nested, own=None, fields=None):
    """What each way tells: nominal, constant, nested, own, and the fields at every strength."""
    own = nested if own is None else own
    fields = own if fields is None else fields
    return [nominal, 0.5, nested, own, *[fields] * len(STRENGTHS)]


def test_with_nobody_told_there_is_no_trial():
    """None is no basis."""
    assert Scores().trial(learned=True) is None


def test_history_that_tells_better_is_trusted():
    """And its mean loss is told."""
    rows = [(1, ways(0.5, 0.8)), (0, ways(0.5, 0.2))] * 40
    trial = scored(rows).trial(learned=False)

    assert trial.trusted
    assert trial.proof.nested == pytest.approx(-log(0.8))
    assert (trial.proof.nominal, trial.proof.n) == (pytest.approx(log(2)), 80)
    assert (trial.strength, trial.own, trial.proof.fields) == (0.0, False, None)


def test_history_that_tells_worse_is_refused():
    """By more than a standard error."""
    rows = [(1, ways(0.8, 0.5)), (0, ways(0.2, 0.5))] * 40

    assert not scored(rows).trial(learned=False).trusted


def test_fields_are_kept_where_they_gain_and_only_if_asked():
    """At the least strength that did best."""
    rows = [(1, ways(0.5, 0.6, fields=0.9)), (0, ways(0.5, 0.4, fields=0.1))] * 40
    trial = scored(rows).trial(learned=True)

    assert trial.strength == STRENGTHS[0]
    assert trial.proof.fields == pytest.approx(-log(0.9))
    assert scored(rows).trial(learned=False).strength == 0.0


def test_the_level_is_kept_without_fields_that_gain_nothing_more():
    """The overall level gained by itself."""
    rows = [(1, ways(0.5, 0.5, own=0.8)), (0, ways(0.5, 0.5, own=0.2))] * 40
    trial = scored(rows).trial(learned=True)

    assert (trial.own, trial.strength) == (True, 0.0)


def test_drift_leads_towards_what_happened():
    """Told one half, seen nine in ten: up; and a period counts as fifty deals at most."""
    rows = [(n % 10 > 0, ways(0.5, 0.5)) for n in range(1_000)]
    one, four = (scored(rows, looks=looks).trial(learned=False).drift for looks in (1, 4))

    assert 0 < one.odds < four.odds < log(9)
    assert four.error < one.error
