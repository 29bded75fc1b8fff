"""Important comes before urgent; a list of tasks is judged, and never refused for being bad."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from itertools import permutations, product

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import CANARY, everything_told, refusal
from salesflow.errors import InvalidValue, WrongType
from salesflow.planning.priority import (
    MATRIX,
    TASK_REMARKS,
    Priority,
    Task,
    priority,
    ranked,
    task_findings,
)

DUE = date(2026, 7, 10)
CELLS = {row.name: dict(zip(("important", "urgent"), MATRIX[row], strict=True)) for row in MATRIX}


def task(key="t", row="B", **rest):
    """A task of a class, with everything that it needs."""
    given_ = {"text": "plan", "goal": "G-1", "minutes": 30, "due": DUE, **CELLS.get(row, {})}
    return Task(key=key, **(given_ | rest))


def found(*tasks, **rest):
    """Keys and subjects of what is found."""
    return [(one.key, one.subject) for one in task_findings("W-1", tasks, **rest)]


# --- the matrix ------------------------------------------------------------------------------


def test_ae_55_the_four_cells_of_the_matrix():
    """(important, urgent), (important, –), (–, urgent), (–, –): A, B, C, D."""
    cells = [(True, True), (True, False), (False, True), (False, False)]

    assert [priority(important=i, urgent=u).name for i, u in cells] == ["A", "B", "C", "D"]


def test_invariant_29_the_classes_and_the_cells_are_paired_one_to_one():
    """Every cell has a class, every class its cell, and no two share one."""
    cells = list(product([True, False], repeat=2))

    assert {priority(important=i, urgent=u) for i, u in cells} == set(Priority)
    assert sorted(MATRIX.values()) == sorted(cells)
    for row, (important, urgent) in MATRIX.items():
        assert priority(important=important, urgent=urgent) is row


def test_a_comes_before_b_before_c_before_d():
    """Important before urgent."""
    assert Priority.A > Priority.B > Priority.C > Priority.D


@pytest.mark.parametrize("box", ["important", "urgent"])
@pytest.mark.parametrize("bad", [None, 1, 0, "yes", CANARY, 1.0])
def test_yes_and_no_are_the_only_answers(box, bad):
    """A one is no yes."""
    error = refusal(priority, **({"important": True, "urgent": True} | {box: bad}))

    assert isinstance(error, WrongType)
    assert error.field == box
    assert CANARY not in everything_told(error)


# --- the order -------------------------------------------------------------------------------


def test_tasks_are_done_by_class_then_by_day_then_by_key():
    """What nobody judged comes last, and a task without a day after those with one."""
    order = [
        task("z", "A"),
        task("c", "B", due=date(2026, 7, 1)),
        task("a", "B"),
        task("b", "B"),
        task("0", "B", due=None),
        task("d", "C"),
        task("e", "D"),
        task("1", None, urgent=True),
        task("2", None, important=True),
    ]

    assert ranked(reversed(order)) == tuple(order)


TASKS = st.lists(
    st.builds(
        task,
        st.text("abc", min_size=1, max_size=3),
        st.sampled_from([*"ABCD", None]),
        due=st.sampled_from([None, DUE, date(2026, 7, 9)]),
        minutes=st.none() | st.integers(0, 300),
        goal=st.sampled_from(["", "G-1"]),
    ),
    max_size=5,
    unique_by=lambda one: one.key,
)


@given(TASKS)
def test_the_order_is_that_of_pairwise_comparison_and_of_nothing_else(tasks):
    """However they are listed; a naive oracle picks the first one again and again."""

    def before(one, other):
        rows = ["A", "B", "C", "D", None]
        classes = [rows.index(t.priority and t.priority.name) for t in (one, other)]
        if classes[0] != classes[1]:
            return classes[0] < classes[1]
        if one.due != other.due:
            return other.due is None or (one.due is not None and one.due < other.due)
        return one.key <= other.key

    left, order = list(tasks), []
    while left:
        first = next(one for one in left if all(before(one, other) for other in left))
        order.append(first)
        left.remove(first)

    assert ranked(tasks) == tuple(order)
    assert {ranked(listed) for listed in permutations(tasks[:3])} == {ranked(tasks[:3])}


# --- findings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"due": None}, "no_deadline"),
        ({"important": None}, "no_priority"),
        ({"urgent": None}, "no_priority"),
        ({"goal": ""}, "no_goal"),
    ],
)
def test_a_task_without_a_box_is_found_by_its_key(changes, key):
    """A task with all of them is in order."""
    assert found(task()) == []
    assert found(task("t", **changes)) == [(key, "t")]


def test_too_much_was_promised_where_the_estimates_exceed_the_time():
    """Of the whole list; a task without an estimate takes no time, and no limit is no finding."""
    tasks = task("a"), task("b"), task("c", minutes=None)

    assert found(*tasks, minutes=60) == []
    assert found(*tasks, minutes=59) == [("over_committed", "W-1")]
    assert found(*tasks) == []
    assert task_findings("W-1", tasks, minutes=0)[0].values["over"] == 60


@pytest.mark.parametrize(
    ("rows", "is_found"),
    [
        ("", False),
        ("A", False),
        ("B", False),
        ("C", True),
        ("D", True),
        ("AC", True),
        ("AAD", True),
        ("BC", False),
        ("ABCD", False),
    ],
)
def test_class_b_is_protected_from_what_is_less(rows, is_found):
    """Where there is time for C or D there is time for B: prevention before repair."""
    tasks = [task(str(i), row) for i, row in enumerate(rows)]

    assert found(*tasks) == ([("no_prevention", "W-1")] if is_found else [])


@given(TASKS, st.none() | st.integers(0, 600))
def test_findings_say_what_plain_questions_say(tasks, minutes):
    """One for each task and each box that is empty, and those of the list."""
    expected = []
    for one in tasks:
        expected += [("no_deadline", one.key)] if one.due is None else []
        expected += [("no_priority", one.key)] if one.important is None else []
        expected += [("no_goal", one.key)] if not one.goal else []
    total = sum(one.minutes for one in tasks if one.minutes)
    expected += [("over_committed", "W-1")] if minutes is not None and total > minutes else []
    rows = {one.priority.name for one in tasks if one.priority}
    expected += [("no_prevention", "W-1")] if rows & set("CD") and "B" not in rows else []

    assert found(*tasks, minutes=minutes) == expected


def test_every_remark_is_provoked():
    """No row of the table is without its case."""
    bare = Task(key="t", text="plan")
    keys = {key for key, _ in found(bare, task("c", "C"), minutes=0)}

    assert keys == {remark.key for remark in TASK_REMARKS}


# --- values ----------------------------------------------------------------------------------


def test_a_task_is_a_value_that_keeps_its_text_to_itself():
    """Hashable, stored, unchangeable; what was typed is not printed."""
    one = task(text=CANARY)

    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(task(text=CANARY))
    assert CANARY not in repr(one)
    with pytest.raises(FrozenInstanceError):
        one.due = None


BAD = {
    "key": ["", 7, None, f"{CANARY}\0"],
    "text": ["", None, 7, f"{CANARY}\u202e"],
    "important": [1, CANARY],
    "urgent": [0, CANARY],
    "goal": [7, None],
    "minutes": [1.5, True, -1, 10**13, CANARY],
    "due": [CANARY, 7, datetime(2026, 7, 1), date(1066, 1, 1)],
    "owner": [7, None],
}


@pytest.mark.parametrize(
    ("box", "bad"), [pytest.param(box, bad, id=f"{box}-{bad!r}") for box in BAD for bad in BAD[box]]
)
def test_what_is_no_task_is_refused(box, bad):
    """By the name of the box, without its content."""
    error = refusal(task, **{box: bad})

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


@pytest.mark.parametrize("bad", [None, 7, CANARY, [CANARY], [None], task(), [task(), task()]])
def test_what_is_no_list_of_tasks_is_refused(bad):
    """No key twice."""
    for act in (ranked, lambda tasks: task_findings("W-1", tasks)):
        error = refusal(act, bad)
        assert isinstance(error, InvalidValue)
        assert error.field == "tasks"
        assert CANARY not in everything_told(error)


@pytest.mark.parametrize("bad", [1.5, True, -1, CANARY])
def test_the_time_there_is_is_a_whole_number_of_minutes(bad):
    """Or None."""
    assert refusal(task_findings, "W-1", [], minutes=bad).field == "minutes"
