"""A goal is set, broken down, carried out and checked; how far it has come is exact."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import CANARY, everything_told, refusal
from salesflow.customers import AdoptionRung
from salesflow.errors import GateShut, InvalidValue, NoSuchMove, SkippedStage
from salesflow.planning.goals import Goal, GoalKind, GoalMeasure, Horizon, StageCheck
from salesflow.planning.links import GOALS, GoalStage
from salesflow.visits import Smart
from visit_books import Ladder, aim

DAY = date(2026, 7, 6)
SET = {"accepted_on": DAY, "public": True, "text": "Eighty tests a month"}


def measure(key="m", **rest):
    """A measure with a clear instruction."""
    return GoalMeasure(key=key, **({"text": "visit weekly", "owner": "R-9", "due": DAY} | rest))


def check(actual=None, on=DAY, due=DAY, **rest):
    """A check made on its day."""
    return StageCheck(actual=actual, on=on, due=due, **rest)


def goal(**rest):
    """A goal that is set as it should be: from 40 to 80."""
    given_ = {"id": "G-1", "kind": "performance", "horizon": "short", "owner": "R-9", "aim": aim()}
    return Goal(**(given_ | SET | rest))


def keys(gates):
    """Keys of gates."""
    return [gate.key for gate in gates]


# --- setting ---------------------------------------------------------------------------------


def test_ae_56_a_goal_without_a_deadline_or_above_nothing_is_not_smart():
    """Without a deadline the T is missing; 80 with a baseline of 80 lacks the A."""
    undated, flat = goal(aim=aim(deadline=None)), goal(aim=aim(baseline=80, target=80))

    assert undated.aim.missing == (Smart.TIMED,)
    assert flat.aim.missing == (Smart.AMBITIOUS,)
    for one in (undated, flat):
        assert keys(one.unmet()) == ["smart"]
    assert keys(goal().unmet()) == []


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, []),
        ({"text": " "}, ["written"]),
        ({"accepted_on": None}, ["accepted"]),
        ({"public": False}, ["public"]),
        ({"text": "", "public": False, "aim": aim(metric="")}, ["written", "public", "smart"]),
    ],
)
def test_a_goal_is_set_when_it_is_written_accepted_public_and_smart(changes, missing):
    """Asked beforehand, and refused with the same."""
    one = goal(**changes)

    assert keys(one.unmet()) == missing
    if missing:
        with pytest.raises(GateShut) as refused:
            one.advance()
        assert list(refused.value.missing) == missing
    else:
        assert one.advance().stage is GoalStage.BREAKDOWN


# --- breaking down, carrying out, checking ---------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "changes", "missing"),
    [
        ("breakdown", {}, ["measures"]),
        ("breakdown", {"measures": [measure()]}, []),
        ("breakdown", {"measures": [measure(), measure("n", owner="")]}, ["instructed"]),
        ("breakdown", {"measures": [measure(due=None)]}, ["instructed"]),
        ("carrying_out", {}, ["carried_out"]),
        ("carrying_out", {"measures": [measure()]}, ["carried_out"]),
        ("carrying_out", {"measures": [measure(), measure("n", done_on=DAY)]}, []),
        ("checking", {}, ["checked"]),
        ("checking", {"checks": [check(), check(on=None)]}, ["checked"]),
        ("checking", {"checks": [check()]}, []),
    ],
)
def test_each_link_asks_for_its_own_facts(stage, changes, missing):
    """Measures with instructions; one of them done; every check made."""
    assert keys(goal(stage=stage, **changes).unmet()) == missing


def test_a_goal_goes_through_its_links_and_a_check_may_lead_back():
    """As the table says, by the keys of links too."""
    one = goal(measures=[measure(done_on=DAY)], checks=[check(60)])
    checking = one.advance().advance().advance()
    back = checking.advance("carrying_out")

    assert (checking.stage, back.stage) == (GoalStage.CHECKING, GoalStage.CARRYING_OUT)
    assert keys(checking.unmet("carrying_out")) == []
    assert back.advance().advance(GoalStage.CLOSED).stage is GoalStage.CLOSED
    assert one.stage is GoalStage.SETTING


def test_a_refused_move_is_refused_when_asked_and_when_done():
    """No link is left out; a closed goal stays closed; another word is no link."""
    for act in (goal().unmet, goal().advance):
        with pytest.raises(SkippedStage):
            act(GoalStage.CARRYING_OUT)
        with pytest.raises(InvalidValue, match=r"^to has no member"):
            act("done")
    for act in (goal(stage="closed").unmet, goal(stage="closed").advance):
        with pytest.raises(NoSuchMove):
            act()


def test_every_fact_that_a_gate_asks_for_is_one_that_a_goal_can_show():
    """And a goal shows no other."""
    full = goal(measures=[measure(done_on=DAY)], checks=[check()])

    assert full.facts == set(GOALS.gates)
    assert goal(text="", accepted_on=None, public=False, aim=aim(subject="")).facts == {
        "instructed"
    }


def test_accepting_a_goal_takes_a_day():
    """Another value; the first one is as it was."""
    one = goal(accepted_on=None)

    assert keys(one.accept(DAY).unmet()) == []
    assert keys(one.unmet()) == ["accepted"]
    with pytest.raises(InvalidValue, match=r"^accepted_on "):
        one.accept(datetime(2026, 7, 6))


def test_a_check_that_was_made_takes_the_place_of_the_one_that_was_planned():
    """The one due on the same day; any other stays."""
    planned, other = check(on=None), check(on=None, due=date(2026, 8, 6))
    one = goal(checks=[planned, other]).check(check(60))

    assert one.checks == (other, check(60))
    for bad in (None, CANARY, planned.due):
        assert refusal(one.check, bad).field == "checks"


# --- progress --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("boxes", "actual", "progress"),
    [
        ({}, 40, Fraction(0)),
        ({}, 50, Fraction(1, 4)),
        ({}, Decimal("53.3"), Fraction(133, 400)),
        ({}, 80, Fraction(1)),
        ({}, 100, Fraction(3, 2)),
        ({}, 30, Fraction(-1, 4)),
        ({"baseline": 80, "target": 40}, 70, Fraction(1, 4)),
        ({"baseline": 80, "target": 80}, 80, None),
        ({"baseline": None}, 50, None),
        ({"target": None}, 50, None),
        ({}, None, None),
        ({}, AdoptionRung.TRIAL, None),
        ({"baseline": AdoptionRung.AWARE, "target": AdoptionRung.TRIAL}, 50, None),
        ({"baseline": Ladder.LOW, "target": Ladder.HIGH}, AdoptionRung.TRIAL, None),
        ({"baseline": Ladder.LOW, "target": Ladder.HIGH}, Ladder.HIGH, Fraction(1)),
        ({"baseline": Ladder.LOW, "target": AdoptionRung.TRIAL}, Ladder.HIGH, None),
    ],
)
def test_progress_is_the_part_of_the_way_that_was_gone(boxes, actual, progress):
    """(actual - baseline) ÷ (target - baseline), exact; None where nobody can tell."""
    assert goal(aim=aim(**boxes), checks=[check(actual)]).progress(DAY) == progress


def test_a_rung_counts_by_its_place_on_the_ladder():
    """From the lowest to the highest, rung by rung."""
    rungs = list(AdoptionRung)
    boxes = {"baseline": rungs[0], "target": rungs[-1], "capacity": rungs[-1]}

    for place, rung in enumerate(rungs):
        one = goal(aim=aim(**boxes), checks=[check(rung)])
        assert one.progress(DAY) == Fraction(place, len(rungs) - 1)


@given(
    st.lists(
        st.tuples(st.none() | st.integers(-2, 2), st.none() | st.integers(0, 90)),
        max_size=5,
    )
)
def test_progress_is_read_from_the_last_check_known_on_the_day(rows):
    """What was found later is not known yet; of two of one day the first listed counts."""
    checks = [
        check(None if on is None else actual, None if on is None else DAY + timedelta(days=on))
        for on, actual in rows
    ]
    known = [(on, actual) for on, actual in rows if on is not None and on <= 0]
    known = [(on, actual) for on, actual in known if actual is not None]
    last = next((a for on, a in known if on == max(day for day, _ in known)), None)
    expected = None if last is None else Fraction(last - 40, 40)

    assert goal(checks=checks).progress(DAY) == expected


@pytest.mark.parametrize(
    ("on", "asked", "days"),
    [(None, 0, 0), (None, 1, 1), (None, -1, 0), (0, 5, 0), (3, 2, 2), (3, 3, 0), (3, 9, 0)],
)
def test_a_check_is_overdue_from_the_day_after_until_it_is_made(on, asked, days):
    """What happens later is not known yet."""
    made = None if on is None else DAY + timedelta(days=on)

    assert check(on=made).overdue_days(DAY + timedelta(days=asked)) == days


# --- values ----------------------------------------------------------------------------------


def test_the_words_are_those_of_the_trade():
    """提高业绩型, 提高能力型; 短期, 长期."""
    assert [kind.label("zh") for kind in GoalKind] == ["提高业绩型", "提高能力型"]
    assert [one.label("zh") for one in Horizon] == ["短期", "长期"]


def test_a_goal_is_a_value_that_keeps_what_was_typed_to_itself():
    """Hashable, stored, unchangeable, and not changed through the lists passed in."""
    measures = [measure(text=CANARY)]
    one = goal(text=CANARY, measures=measures, checks=[check(50, note=CANARY)])
    measures.clear()

    assert len(one.measures) == 1
    assert one == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(evolve(one))
    assert CANARY not in repr(one)
    for value, box in ((one, "owner"), (one.measures[0], "owner"), (one.checks[0], "on")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, box, None)


NO_DAY = [CANARY, 7, datetime(2026, 7, 6), date(1066, 1, 1)]
NO_LINE = ["", None, 7, f"{CANARY}\0"]
BAD = {
    goal: {
        "id": NO_LINE,
        "kind": [None, CANARY, Horizon.LONG],
        "horizon": [None, CANARY, 7],
        "owner": NO_LINE,
        "aim": [None, CANARY, {}],
        "text": [None, 7, f"{CANARY}\0"],
        "parent": [None, 7, f"{CANARY}\u202e"],
        "coach": [None, 7],
        "accepted_on": NO_DAY,
        "public": [1, None, CANARY],
        "measures": [None, CANARY, [CANARY], measure(), [measure(), measure()]],
        "checks": [None, CANARY, [CANARY], check(), [check()] * 1001],
        "stage": [None, CANARY, GoalKind.ABILITY],
    },
    measure: {
        "key": NO_LINE,
        "text": NO_LINE,
        "owner": [None, 7],
        "due": NO_DAY,
        "done_on": NO_DAY,
    },
    check: {
        "due": [None, *NO_DAY],
        "on": NO_DAY,
        "actual": [1.5, True, CANARY, Decimal("NaN"), 2**300, GoalKind.ABILITY],
        "note": [None, 7, f"{CANARY}\0"],
    },
}


@pytest.mark.parametrize(
    ("make", "box", "bad"),
    [
        pytest.param(make, box, bad, id=f"{make.__name__}-{box}-{i}")
        for make in BAD
        for box in BAD[make]
        for i, bad in enumerate(BAD[make][box])
    ],
)
def test_what_is_no_goal_is_refused(make, box, bad):
    """By the name of the box, without its content."""
    error = refusal(make, **{box: bad})

    assert isinstance(error, InvalidValue)
    assert error.field == box
    assert CANARY not in everything_told(error)


def test_a_check_that_found_something_was_made_on_a_day():
    """A figure without a day cannot be placed."""
    with pytest.raises(InvalidValue, match=r"^on is missing"):
        check(60, on=None)


@pytest.mark.parametrize("bad", [None, *NO_DAY])
def test_progress_and_delays_are_asked_on_a_day(bad):
    """Today is an argument, and a date."""
    for act in (goal().progress, check().overdue_days):
        assert refusal(act, bad).field == "on"


def test_of_two_checks_on_one_day_the_one_due_later_tells_more():
    """In whatever order they were written down."""
    first, last = check(41, due=DAY), check(49, due=DAY + timedelta(days=1))
    told = {goal(checks=some).progress(DAY) for some in ([first, last], [last, first])}

    assert told == {goal(checks=[last]).progress(DAY)}
