"""Which answer works is learned from what became of the objections, and for whom."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.ratios import Rate
from salesflow.visits import ObjectionOutcome, Step, lessons
from visit_teams import LONG, START, dropped, held, noted, objection, opened, talked, teams

RESOLVED, UNRESOLVED, DEFERRED = ObjectionOutcome
LATER = date(2026, 7, 30)


def answered(name, *doubts, **rest):
    """A visit in which these objections were raised and answered."""
    return held(name, notes=noted(OBJECTIONS=doubts), **rest)


def doubt(key, technique="evidence", outcome=RESOLVED, **rest):
    """An objection with a day on which we come back to it."""
    return objection(key, outcome, technique=technique, **({"follow_up": LATER} | rest))


def given_(*visits, **rest):
    """What became of each technique."""
    return lessons(visits, **rest).answers


def test_an_answer_is_resolved_of_used():
    """Only resolved counts: put off or not solved is used in vain."""
    answers = given_(
        answered("A", doubt("a"), doubt("b", outcome=UNRESOLVED)),
        answered("B", doubt("a", outcome=DEFERRED), doubt("b")),
    )

    assert answers["evidence"].rate == Rate(2, 4)
    assert answers["evidence"].resolved == ("A", "B")
    assert answers["evidence"].unresolved == ("A", "B")


def test_answers_come_in_the_order_of_their_names():
    """Each technique on its own."""
    answers = given_(answered("A", doubt("a", "story"), doubt("b", "empathy"), doubt("c", "trial")))

    assert list(answers) == ["empathy", "story", "trial"]
    assert {name: row.rate.n for name, row in answers.items()} == dict.fromkeys(answers, 1)


def test_they_are_told_apart_by_the_kind_of_objection():
    """What works against a price may fail where safety is doubted; no kind is no group."""
    answers = given_(
        answered("A", doubt("a", kind="price"), doubt("b", kind="safety", outcome=UNRESOLVED)),
        answered("B", doubt("a", kind="price"), doubt("b")),
    )

    assert dict(answers["evidence"].by_kind) == {"price": Rate(2, 2), "safety": Rate(0, 1)}
    assert list(answers["evidence"].by_kind) == ["price", "safety"]
    assert answers["evidence"].rate == Rate(3, 4)


def test_they_are_told_apart_by_who_doubted():
    """The host says to which group a visit belongs; an empty name is no group."""
    groups = {"H-1": "surgeons", "H-2": "heads", "H-3": ""}
    book = [
        answered("A", doubt("a"), customer="H-1"),
        answered("B", doubt("a", outcome=UNRESOLVED), customer="H-2"),
        answered("C", doubt("a"), customer="H-3"),
    ]
    answers = given_(*book, whom=lambda visit: groups[visit.customer])

    assert dict(answers["evidence"].by_whom) == {"heads": Rate(0, 1), "surgeons": Rate(1, 1)}
    assert list(answers["evidence"].by_whom) == ["heads", "surgeons"]
    assert answers["evidence"].rate == Rate(2, 3)
    assert dict(given_(*book)["evidence"].by_whom) == {}


def test_a_group_is_asked_of_the_visit_as_it_stood():
    """What it became later is not known to the host's rule either."""
    visit = talked(path=LONG[:5], notes=noted(OBJECTIONS=(doubt("a"),)))
    after = visit.advance(at=START.add(days=3))
    step = lambda visit: visit.step.value

    assert list(given_(after, whom=step)["evidence"].by_whom) == ["post_call_summary"]
    assert list(given_(after, whom=step, at=START)["evidence"].by_whom) == ["close"]


@pytest.mark.parametrize(
    "rest",
    [
        {"technique": ""},
        {"outcome": None},
        {"technique": "", "outcome": None},
    ],
)
def test_an_objection_counts_once_it_was_answered_by_a_technique(rest):
    """One still open, or answered in a way that nobody noted, teaches nothing."""
    visit = talked(path=LONG[:4]).record(doubt("a", **rest), at=START)

    assert dict(given_(visit)) == {}


def test_the_last_answer_to_an_objection_counts():
    """A story failed, the evidence solved it: one objection, one technique."""
    visit = talked(path=LONG[:4]).record(doubt("a", "story", UNRESOLVED), at=START)
    solved = visit.record(doubt("a"), at=START)

    assert list(given_(visit)) == ["story"]
    assert list(given_(solved)) == ["evidence"]
    assert given_(solved)["evidence"].rate == Rate(1, 1)


def test_an_objection_that_was_resolved_in_the_follow_up_counts_as_resolved():
    """A day was agreed on, and it was kept."""
    visit = answered("A", doubt("a", outcome=DEFERRED))

    assert given_(visit)["evidence"].rate == Rate(0, 1)
    assert given_(visit.follow_up(doubt("a"), at=START.add(days=9)))["evidence"].rate == Rate(1, 1)


def test_a_visit_in_which_an_answer_was_used_twice_is_named_once():
    """It was used twice all the same."""
    answers = given_(
        answered("A", doubt("a"), doubt("b")),
        answered("B", doubt("a", outcome=UNRESOLVED), doubt("b", outcome=DEFERRED)),
    )

    assert answers["evidence"].rate == Rate(2, 4)
    assert (answers["evidence"].resolved, answers["evidence"].unresolved) == (("A",), ("B",))


def test_only_visits_that_were_held_teach_answers():
    """What was written into a plan is no conversation."""
    planned = opened().record(doubt("a"), at=START)

    assert planned.step is Step.PRE_CALL_PLAN
    assert dict(given_(planned, dropped("B"))) == {}
    assert dict(given_(planned.cancel(at=START, reason="no time"))) == {}


@given(teams(5))
def test_kinds_and_groups_are_parts_of_the_whole(visits):
    """Every use has one group, and at most one kind."""
    for row in given_(*visits, whom=lambda visit: visit.owner).values():
        assert sum(part.n for part in row.by_whom.values()) == row.rate.n
        assert sum(part.hits for part in row.by_whom.values()) == row.rate.hits
        assert sum(part.n for part in row.by_kind.values()) <= row.rate.n
        assert bool(row.resolved) is (row.rate.hits > 0)
        assert len(row.resolved) <= row.rate.hits
        assert bool(row.unresolved) is (row.rate.hits < row.rate.n)
        assert len(row.unresolved) <= row.rate.n - row.rate.hits


def test_an_error_of_the_hosts_own_rule_stays_the_hosts():
    """It is not dressed up as ours."""

    def broken(visit):
        raise LookupError(visit.id)

    with pytest.raises(LookupError, match="A") as raised:
        given_(answered("A", doubt("a")), whom=broken)
    assert not isinstance(raised.value, SalesflowError)


@pytest.mark.parametrize("group", [5, None, ["CANARY"], b"CANARY", "a\0CANARY"], ids=repr)
def test_what_is_no_name_of_a_group_is_refused(group):
    """The host's rule has to name one, or none with an empty text."""
    with pytest.raises(InvalidValue) as refused:
        given_(answered("A", doubt("a")), whom=lambda visit: group)

    assert refused.value.field == "whom"
    assert "CANARY" not in str(refused.value)


@pytest.mark.parametrize("whom", ["CANARY", 5, {"V-1": "heads"}, [len], True], ids=repr)
@pytest.mark.parametrize("book", [[], [answered("A", doubt("a"))]], ids=["none", "one"])
def test_what_is_no_rule_of_groups_is_refused(whom, book):
    """It is a function of a visit, whether there are visits or not."""
    with pytest.raises(WrongType) as refused:
        given_(*book, whom=whom)

    assert refused.value.field == "whom"
    assert "CANARY" not in str(refused.value)
