"""What stands in the way is gathered from the logs until a later log says it is gone."""

from __future__ import annotations

import pickle
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily_logs import DAY, HOSPITALITY, SECRET, entry, log, problem
from salesflow.conduct.blockers import HelpKind, help_requests
from salesflow.errors import DuplicateId, SalesflowError


def day(n, *entries, person="R-9"):
    """The log of the n-th day."""
    return log(f"L-{n}-{person}", DAY + timedelta(days=n), person=person, entries=entries)


def stuck(key="water", **rest):
    """A block with an open problem, and nothing asked for."""
    return entry(problems=[problem(key, solution="", open=True)], **rest)


def asks(*texts, **rest):
    """A block that asks for help."""
    return entry(help_needed=texts, **rest)


def told(*logs):
    """What stands, in a few letters."""
    return [(item.kind.name[0], item.customer, item.log) for item in help_requests(logs)]


def test_a_problem_stands_from_its_first_log_until_one_solves_it():
    """Whoever solves it, and in whatever order the logs are read."""
    first, again = day(0, stuck()), day(1, stuck())
    solved = day(2, entry(), person="R-1")

    assert told(again, first) == [("B", "H-3", "L-0-R-9")]
    assert told(solved, first, again) == []
    assert told(first, solved, day(3, stuck())) == [("B", "H-3", "L-3-R-9")]


def test_logs_are_read_by_their_days_and_not_by_their_ids():
    solved = log("L-2", DAY + timedelta(days=1))
    stood = log("L-9", DAY, entries=[stuck()])

    assert told(solved, stood) == []
    assert told(log("L-9", DAY), log("L-2", DAY + timedelta(days=1), entries=[stuck()])) != []


def test_a_problem_is_known_by_its_customer_and_its_key():
    elsewhere = day(1, entry(customer="H-4"), entry(problems=[problem("power")]))

    assert told(day(0, stuck()), elsewhere) == [("B", "H-3", "L-0-R-9")]


def test_a_problem_that_nobody_decided_still_stands():
    """And so does one whose solution did not hold."""
    undecided = entry(problems=[problem(solution="")])
    relapsed = entry(problems=[problem(open=True)])

    assert told(day(0, undecided)) == told(day(0, relapsed)) == [("B", "H-3", "L-0-R-9")]


def test_a_request_stands_until_the_person_no_longer_makes_it():
    """A blank box says nothing, an empty list says that none is needed any more."""
    first = day(0, asks("an engineer", "a price list"))

    assert told(first) == [("H", "H-3", "L-0-R-9")] * 2
    assert told(first, day(1, entry(help_needed=None))) == told(first)
    assert told(first, day(1, asks(), person="R-1")) == told(first)
    assert told(first, day(1, asks("an engineer"))) == told(first)[:1]
    assert told(first, day(1, asks())) == []
    assert told(first, day(1, asks(), asks("a visit"))) == [("H", "H-3", "L-1-R-9")]


def test_an_item_says_who_waits_since_when_and_for_what():
    """Its words are not printed."""
    (item,) = help_requests([day(0, asks(SECRET, problems=None))])

    assert (item.kind, item.person, item.since, item.text) == (HelpKind.HELP, "R-9", DAY, SECRET)
    assert SECRET not in repr(item)
    assert pickle.loads(pickle.dumps(item)) == item
    assert hash(item) == hash(pickle.loads(pickle.dumps(item)))


@pytest.mark.parametrize("kind", HOSPITALITY)
def test_hospitality_asks_for_nothing(kind):
    """And solves nothing either."""
    assert told(day(0, stuck(kind=kind), asks("a budget", kind=kind))) == []
    assert told(day(0, stuck()), day(1, entry(kind=kind))) == [("B", "H-3", "L-0-R-9")]


BLOCKS = st.sampled_from([stuck(), entry(), stuck("power"), asks("x"), asks("x", customer="H-4")])


@given(st.lists(st.lists(BLOCKS, max_size=2), max_size=6), st.randoms())
def test_the_order_in_which_logs_are_read_does_not_matter(days, random):
    logs = [day(n, *blocks) for n, blocks in enumerate(days)]
    mixed = random.sample(logs, len(logs))

    assert help_requests(mixed) == help_requests(logs)
    assert [item.since for item in help_requests(logs)] == sorted(
        item.since for item in help_requests(logs)
    )


@pytest.mark.parametrize("bad", [SECRET, 7, None, [SECRET], [None], log()])
def test_only_logs_are_read(bad):
    with pytest.raises(SalesflowError) as refused:
        help_requests(bad)

    assert SECRET not in str(refused.value)


def test_a_log_is_read_once():
    with pytest.raises(DuplicateId, match="L-1"):
        help_requests([log(), log()])
