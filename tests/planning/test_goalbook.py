"""Goals hang together in trees; what is doubtful about them is told goal by goal."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from graphlib import CycleError, TopologicalSorter

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import InvalidValue, SalesflowError
from salesflow.planning.goalbook import GOAL_REMARKS, MOST_GOALS, GoalBook
from salesflow.planning.goals import Goal, GoalMeasure, StageCheck
from salesflow.planning.links import GOALS, GoalStage
from salesflow.visits import Smart
from visit_books import aim

DAY = date(2026, 7, 6)
SOUND = {
    "horizon": "short",
    "owner": "R-9",
    "aim": aim(),
    "text": "Eighty tests a month",
    "accepted_on": DAY,
    "public": True,
    "coach": "M-1",
    "kind": "ability",
}


def goal(id="G-1", **rest):
    """An ability goal, set as it should be."""
    return Goal(id=id, **(SOUND | rest))


def book(*goals):
    """The goals of a team."""
    return GoalBook(goals=goals)


def found(*goals, on=DAY, **rest):
    """Keys and subjects of what is found."""
    return [(row.key, row.subject) for row in book(*goals).findings(on, **rest)]


#: beside it a goal leaves nothing to say of its owner's horizons
FAR = goal("G-0", horizon="long")


# --- the tree --------------------------------------------------------------------------------


def test_goals_are_chained_from_the_top():
    """In whatever order they are listed; those below in the order of the list."""
    one = book(
        goal("C", parent="B"), goal("A"), goal("B", parent="A"), goal("D", parent="A"), goal("E")
    )

    assert [row.id for row in one.roots] == ["A", "E"]
    assert [row.id for row in one.children("A")] == ["B", "D"]
    assert one.children("C") == ()
    assert [row.id for row in one.chain("C")] == ["C", "B", "A"]
    assert [row.id for row in one.chain("E")] == ["E"]
    for bad in ("X", "", None):
        with pytest.raises(InvalidValue, match=r"^id is no goal of the book"):
            one.chain(bad)


@given(st.lists(st.integers(-1, 5), min_size=1, max_size=6))
def test_a_chain_that_hangs_on_nothing_or_closes_in_a_circle_is_refused(above):
    """An oracle of the standard library sorts the goals, or cannot."""
    parents = {f"G{i}": f"G{up}" if up >= 0 else "" for i, up in enumerate(above)}
    goals = [goal(key, parent=up) for key, up in parents.items()]
    try:
        list(
            TopologicalSorter(
                {key: [up] if up else [] for key, up in parents.items()}
            ).static_order()
        )
        sound = set(parents.values()) <= {*parents, ""}
    except CycleError:
        sound = False

    error = refusal(book, *goals)

    assert (error is None) is sound
    if error is None:
        tree = book(*goals)
        for row in tree.goals:
            chain = tree.chain(row.id)
            assert [one.parent for one in chain] == [one.id for one in chain[1:]] + [""]
        assert sum(len(tree.children(row.id)) for row in tree.goals) + len(tree.roots) == len(goals)
    else:
        assert error.field == "parent"


def test_a_long_chain_is_no_danger():
    """A thousand goals, each below the last."""
    goals = [goal(f"G{i}", parent=f"G{i - 1}" if i else "") for i in range(1000)]

    assert len(book(*reversed(goals)).chain("G999")) == 1000
    with pytest.raises(InvalidValue, match=r"^parent leads round in a circle"):
        book(evolve(goals[0], parent="G999"), *goals[1:])


# --- findings --------------------------------------------------------------------------------

MEASURE = GoalMeasure(key="m", text="visit weekly", owner="R-9", due=DAY)
DONE = evolve(MEASURE, done_on=DAY)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"text": ""}, ["goal_not_written"]),
        ({"accepted_on": None}, ["goal_not_accepted"]),
        ({"public": False}, ["goal_not_public"]),
        ({"aim": aim(metric="")}, ["goal_not_smart"]),
        ({"coach": ""}, ["goal_without_coach"]),
        ({"kind": "performance", "coach": ""}, ["goal_unchained"]),
        ({"kind": "performance", "parent": "G-0"}, []),
        ({"stage": "breakdown"}, ["goal_without_measures"]),
        ({"stage": "breakdown", "text": ""}, ["goal_not_written", "goal_without_measures"]),
        ({"stage": "breakdown", "measures": [evolve(MEASURE, due=None)]}, ["instruction_unclear"]),
        ({"stage": "breakdown", "measures": [MEASURE]}, []),
        ({"stage": "carrying_out", "measures": [MEASURE]}, ["goal_not_carried_out"]),
        ({"stage": "carrying_out", "measures": [DONE]}, []),
        ({"stage": "checking", "measures": [DONE]}, ["goal_not_checked"]),
        ({"checks": [StageCheck(due=DAY - timedelta(days=1))]}, ["check_overdue"]),
        ({"checks": [StageCheck(due=DAY)]}, []),
    ],
)
def test_a_goal_is_judged_on_the_links_it_has_come_to(changes, expected):
    """Nobody asks for measures while it is being set."""
    assert found(FAR, goal(**changes)) == [(key, "G-1") for key in expected]


def test_ae_56_the_letters_that_a_goal_lacks_are_named():
    """Without a deadline the T; 80 with a baseline of 80 the A."""
    undated, flat = goal(aim=aim(deadline=None)), goal("G-2", aim=aim(baseline=80, target=80))
    first, second = book(FAR, undated, flat).findings(DAY)

    assert first.values["parts"] == (Smart.TIMED,)
    assert second.values["parts"] == (Smart.AMBITIOUS,)
    assert second.text.zh == "目标不符合SMART，缺少：有挑战性"


def test_a_performance_goal_that_carries_others_is_chained_too():
    """The top of a chain hangs on nothing, and is no orphan."""
    top = goal("G-2", kind="performance")

    assert found(FAR, top, goal(parent="G-2")) == []
    assert found(FAR, top) == [("goal_unchained", "G-2")]


def test_a_check_is_told_with_its_day_and_its_delay():
    """Each of them."""
    checks = [StageCheck(due=DAY), StageCheck(due=DAY - timedelta(days=3))]
    rows = book(FAR, goal(checks=checks)).findings(DAY + timedelta(days=2))

    assert [row.text.en for row in rows] == [
        "the check due on 2026-07-06 is overdue, days: 2",
        "the check due on 2026-07-03 is overdue, days: 5",
    ]


@pytest.mark.parametrize(("n", "closed", "is_found"), [(5, 0, False), (6, 0, True), (6, 1, False)])
def test_one_keeps_to_few_goals(n, closed, is_found):
    """Open ones, of one owner; the limit is the host's."""
    goals = [
        goal(
            f"G-{i}",
            horizon="long" if i % 2 else "short",
            stage="closed" if i < closed else "setting",
            measures=[DONE],
            checks=[StageCheck(due=DAY, on=DAY)],
        )
        for i in range(n)
    ]

    assert MOST_GOALS == 5
    assert found(*goals) == ([("goals_too_many", "R-9")] if is_found else [])
    assert found(*goals, most=6) == []
    assert found(*goals, most=0) == [("goals_too_many", "R-9")]
    shared = [evolve(one, owner=f"R-{i // 2}") for i, one in enumerate(goals)]
    assert "goals_too_many" not in {key for key, _ in found(*shared, most=2)}


@pytest.mark.parametrize(
    ("horizons", "text"),
    [
        ((), None),
        (("short",), "all goals are short term"),
        (("long", "long"), "all goals are long term"),
        (("short", "long"), None),
    ],
)
def test_long_and_short_are_combined(horizons, text):
    """By owner; a closed goal no longer counts."""
    goals = [goal(f"G-{i}", horizon=horizon) for i, horizon in enumerate(horizons)]
    over = {"stage": "closed", "measures": [DONE], "checks": [StageCheck(due=DAY, on=DAY)]}
    rows = book(*goals, goal("X", owner="R-1", **over)).findings(DAY)

    assert [(row.key, row.subject, row.text.en) for row in rows] == (
        [("one_horizon", "R-9", text)] if text else []
    )


def test_every_gate_and_every_remark_is_provoked():
    """No row of the table is without its case."""
    bare = goal(
        text="",
        accepted_on=None,
        public=False,
        aim=aim(metric=""),
        coach="",
        stage=GoalStage.CHECKING,
        checks=[StageCheck(due=DAY)],
    )
    unclear = goal("G-2", measures=[evolve(MEASURE, owner="")], stage="breakdown")
    orphan = goal("G-3", kind="performance")
    rows = found(bare, unclear, orphan, on=DAY + timedelta(days=1), most=2)

    assert {key for key, _ in rows} == {remark.key for remark in GOAL_REMARKS}
    assert len(GOAL_REMARKS) == len(GOALS.gates) + 5


# --- values ----------------------------------------------------------------------------------


def test_a_book_is_a_value():
    """Hashable, stored, unchangeable, and not changed through the list passed in."""
    goals = [goal()]
    one = GoalBook(goals=goals)
    goals.clear()

    assert one == book(goal())
    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(book(goal()))
    assert GoalBook().findings(DAY) == ()
    with pytest.raises(FrozenInstanceError):
        one.goals = ()


@pytest.mark.parametrize(
    "bad", [None, 7, CANARY, [CANARY], goal(), [goal(), goal()], [goal()] * 1001]
)
def test_what_is_no_book_is_refused(bad):
    """No id twice."""
    error = refusal(GoalBook, goals=bad)

    assert isinstance(error, InvalidValue)
    assert error.field == "goals"
    assert CANARY not in everything_told(error)


def test_a_parent_that_nobody_knows_is_refused_without_its_name():
    """What stands in the box may be a person's."""
    error = refusal(book, goal(parent=CANARY))

    assert error.field == "parent"
    assert CANARY not in everything_told(error)


@pytest.mark.parametrize("bad", [None, CANARY, 7, datetime(2026, 7, 6)])
def test_findings_are_asked_on_a_day(bad):
    """And with a whole number of goals as the limit."""
    assert refusal(book(goal()).findings, bad).field == "on"
    for most in (1.5, True, -1, None, CANARY):
        assert isinstance(refusal(book(goal()).findings, DAY, most=most), SalesflowError)
