"""Effects of fields: found where there is one, small where there is little to go by."""

from __future__ import annotations

from math import exp, log
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rates_oracle as oracle
from salesflow.metrics.ridge import Effect, Lesson, effects, logistic, logit

CATEGORIES = st.none() | st.sampled_from(["east", "north", "west"])


@st.composite
def lesson_lists(draw, fields=1, max_size=8):
    """Lessons of some deals each, some of them won."""
    rows = []
    for _ in range(draw(st.integers(0, max_size))):
        worth = draw(st.floats(0.5, 200))
        marks = tuple(draw(CATEGORIES) for _ in range(fields))
        share = draw(st.floats(0, 1))
        rows.append(Lesson(draw(st.floats(-3, 3)), marks, worth, worth * share))
    return rows


def odds(rows, names=("region",)):
    """The moves, by field and category."""
    return {
        name: {mark: effect.odds for mark, effect in found.items()}
        for name, found in effects(rows, names).items()
    }


# --- odds ------------------------------------------------------------------------------------


@given(st.floats(1e-9, 1 - 1e-9))
def test_odds_and_probability_are_one_thing(probability):
    """There and back."""
    assert logistic(logit(probability)) == pytest.approx(probability, rel=1e-6)
    assert logit(probability) == pytest.approx(log(probability) - log(1 - probability), abs=1e-6)


@given(st.floats(-700, 700), st.floats(-700, 700))
def test_higher_odds_are_never_a_lower_probability(one, other):
    """And no odds overflow."""
    assert (logistic(one) <= logistic(other)) or one > other
    assert logistic(one) + logistic(-one) == pytest.approx(1)
    assert 0 <= logistic(one) <= 1


def test_even_odds_are_a_half():
    """And odds of three to one three quarters; beyond all measure it is still a number."""
    assert logistic(0.0) == 0.5
    assert logistic(log(3)) == pytest.approx(0.75)
    assert (logistic(-1e6), logistic(1e6)) == (0.0, 1.0)


# --- effects ---------------------------------------------------------------------------------


@given(lesson_lists())
def test_the_effects_of_a_field_solve_their_equations(rows):
    """Within their errors of what halving intervals finds, however long it looks."""
    (naive,) = oracle.effects(rows, 1, rounds=60)
    found = effects(rows, ["region"])["region"]

    assert found.keys() == naive.keys()
    for name, effect in found.items():
        assert effect.odds == pytest.approx(naive[name][0], abs=0.1 + naive[name][1])
        assert effect.error == pytest.approx(naive[name][1], rel=0.5)


@pytest.mark.parametrize("seed", range(5))
def test_two_fields_are_told_apart(seed):
    """Each effect is that of its own field, also where the two often come together."""
    draw, rows = Random(seed), []
    for _ in range(60):
        region = draw.choice(["east", "west"])
        size = draw.choice(["large"] * 3 + ["small"] if region == "east" else ["large", "small"])
        true = (0.8 if region == "east" else -0.8) + (0.3 if size == "large" else -0.3)
        worth = draw.uniform(5, 60)
        rows.append(Lesson(0.2, (region, size), worth, worth * oracle.chance(0.2 + true)))
    naive = oracle.effects(rows, 2, rounds=80)
    found = odds(rows, ("region", "size"))

    for mine, theirs in zip(naive, (found["region"], found["size"]), strict=True):
        for name, (move, error) in mine.items():
            assert theirs[name] == pytest.approx(move, abs=0.05 + error)
    assert found["region"]["east"] - found["region"]["west"] == pytest.approx(1.6, abs=0.25)
    assert found["size"]["large"] - found["size"]["small"] == pytest.approx(0.6, abs=0.25)


@given(lesson_lists(fields=2), st.randoms())
def test_the_order_of_lessons_changes_no_effect(rows, lots):
    """But for the rounding of sums."""
    mixed = rows.copy()
    lots.shuffle(mixed)

    for name, found in odds(rows, ("a", "b")).items():
        assert odds(mixed, ("a", "b"))[name] == pytest.approx(found, abs=1e-6)


@given(lesson_lists())
def test_the_opposite_of_everything_has_the_opposite_effects(rows):
    """Won and lost are two names of two sides."""
    turned = [Lesson(-row.offset, row.fields, row.worth, row.worth - row.won) for row in rows]
    opposite = {name: -move for name, move in odds(turned)["region"].items()}

    assert opposite == pytest.approx(odds(rows)["region"], abs=1e-6)


@given(lesson_lists(), st.floats(-3, 3), st.floats(0.1, 100))
def test_a_lesson_without_a_category_moves_nothing(rows, offset, worth):
    """None is no category of its own."""
    more = [*rows, Lesson(offset, (None,), worth, worth)]

    assert odds(more)["region"] == pytest.approx(odds(rows)["region"], abs=1e-9)
    assert None not in odds(more)["region"]


def test_what_is_as_expected_has_no_effect():
    """Told 0.5 and half of them won."""
    rows = [Lesson(0.0, (name,), 100.0, 50.0) for name in ("east", "west")]

    assert odds(rows)["region"] == {"east": 0.0, "west": 0.0}


def test_more_deals_of_the_same_move_further_and_are_surer():
    """Three of four, worth four, forty and four thousand deals."""
    found = [
        effects([Lesson(0.0, ("east",), n, 0.75 * n)], ["region"])["region"]["east"]
        for n in (4.0, 40.0, 4000.0)
    ]

    assert 0 < found[0].odds < found[1].odds < found[2].odds < log(3)
    assert found[2].odds == pytest.approx(log(3), abs=0.02)
    assert found[0].error > found[1].error > found[2].error > 0


def test_a_field_that_tells_nothing_fades_away():
    """Twenty categories a hair apart are drawn to zero more than two that differ."""
    draw = Random(3)
    noise = [Lesson(0.0, (f"R-{n}",), 20.0, 10.0 + draw.uniform(-1, 1)) for n in range(20)]
    moves = odds(noise)["region"].values()
    free = [4 * (row.won / row.worth - 0.5) for row in noise]

    assert max(map(abs, moves)) < 0.45 * max(map(abs, free))


@pytest.mark.parametrize("won", [0.0, 1e6])
def test_no_word_about_a_deal_is_worth_more_than_odds_of_fifty_to_one(won):
    """A million deals, all won, where nobody expected any."""
    offset = 6.9 if won == 0.0 else -6.9
    move = odds([Lesson(offset, ("east",), 1e6, won)])["region"]["east"]

    assert abs(move) == 4.0
    assert exp(abs(move)) < 55


def test_without_lessons_or_fields_there_are_no_effects():
    """Nothing to learn, nothing to learn from."""
    assert effects([], ["region"]) == {"region": {}}
    assert effects([Lesson(0.0, (), 10.0, 5.0)], []) == {}
    assert effects([Lesson(0.0, (None,), 10.0, 5.0)], ["region"]) == {"region": {}}


def test_an_effect_is_a_value():
    """Equal by content."""
    assert Effect(0.5, 0.1) == Effect(0.5, 0.1)
    assert hash(Effect(0.5, 0.1)) == hash(Effect(0.5, 0.1))
