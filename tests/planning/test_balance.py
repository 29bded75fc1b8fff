"""One number changes, and the rest of the tree follows so that every sum still holds."""

from __future__ import annotations

import pickle

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from quota_strategies import (
    NaiveTree,
    amounts_of,
    part_weights,
    paths_of,
    trees,
    units_of,
)
from salesflow.errors import CurrencyMismatch, InvalidValue, SalesflowError, WrongType
from salesflow.money import Money, wan
from salesflow.planning.amounts import like
from salesflow.planning.balance import Hold, Leeway, leeway, rebalance
from salesflow.planning.quota import Cut, Quota

CANARY = "王小明13800138000"
TEAM = Quota(key="all", amount=900).split(Cut.PERSON, {"a": 2, "b": 1})
TEAM = TEAM.split_each(lambda leaf: leaf.split(Cut.PRODUCT, {"x": 2, "y": 1}))
# all 900: a 600 (x 400, y 200), b 300 (x 200, y 100)


def told(tree):
    return list(amounts_of(tree).values())


# --- laws ------------------------------------------------------------------------------------


def holds():
    return st.sampled_from(["whole", "parts"])


@given(trees(), st.data())
def test_invariant_26_after_any_walk_every_whole_is_the_sum_of_its_parts(tree, data):
    """Invariant 26: splits and changes in any order, beside the same walk done the slow way."""
    for _ in range(data.draw(st.integers(1, 4))):
        if data.draw(st.booleans()) and tree.depth < 5:
            weights, key = data.draw(part_weights()), data.draw(st.sampled_from("abcd"))
            tree = tree.split_each(
                lambda leaf, weights=weights, key=key: (
                    leaf.split(Cut.PROJECT, weights) if leaf.key == key else leaf
                )
            )
            continue
        path = data.draw(st.sampled_from(paths_of(tree)))
        hold = data.draw(holds())
        locked = data.draw(st.lists(st.sampled_from(paths_of(tree)), max_size=2))
        room = leeway(tree, path, hold=hold, locked=locked)
        least = units_of(room.least)
        most = least + 50 if room.most is None else units_of(room.most)
        wanted = data.draw(st.integers(least, most))
        naive = NaiveTree(tree)
        naive.change(path, wanted, hold, locked)
        tree = rebalance(tree, path, like(tree.amount, wanted), hold=hold, locked=locked)

        assert amounts_of(tree) == naive.amounts
        for _, quota in tree.walk():
            assert not quota.parts or units_of(quota.amount) == sum(
                units_of(part.amount) for part in quota.parts
            )


@given(trees(), st.data())
def test_what_is_locked_is_not_touched(tree, data):
    """Neither a locked quota nor anything in it, and beside the path of the whole held."""
    path = data.draw(st.sampled_from(paths_of(tree)))
    locked = data.draw(st.lists(st.sampled_from(paths_of(tree)), max_size=3))
    hold = data.draw(holds())
    room = leeway(tree, path, hold=hold, locked=locked)
    changed = rebalance(tree, path, room.least, hold=hold, locked=locked)

    assert changed.find(path).amount == room.least
    for lock in locked:
        assert changed.find(lock) == tree.find(lock)
    if hold == "whole":
        assert changed.amount == tree.amount


@given(trees(), st.data())
def test_whatever_the_leeway_allows_is_done_and_nothing_else(tree, data):
    """Ask or do: the two never disagree."""
    path = data.draw(st.sampled_from(paths_of(tree)))
    locked = data.draw(st.lists(st.sampled_from(paths_of(tree)), max_size=2))
    wanted = like(tree.amount, data.draw(st.integers(0, 80)))
    hold = data.draw(holds())
    if wanted in leeway(tree, path, hold=hold, locked=locked):
        changed = rebalance(tree, path, wanted, hold=hold, locked=locked)
        assert changed.find(path).amount == wanted
    else:
        with pytest.raises(InvalidValue, match=r"^amount cannot be balanced"):
            rebalance(tree, path, wanted, hold=hold, locked=locked)


@given(trees(), st.data())
def test_the_amount_it_has_already_changes_nothing(tree, data):
    path = data.draw(st.sampled_from(paths_of(tree)))

    assert rebalance(tree, path, tree.find(path).amount, hold=data.draw(holds())) == tree


@given(st.integers(1, 10**6), part_weights(), st.integers(1, 9))
def test_a_whole_that_grows_times_n_grows_in_every_part(amount, weights, n):
    """Old proportions, exactly."""
    tree = Quota(key="all", amount=amount).split(Cut.PRODUCT, weights)
    grown = rebalance(tree, "all", n * amount, hold="parts")

    assert [part.amount for part in grown.parts] == [n * part.amount for part in tree.parts]


@given(trees(), st.data())
def test_only_the_way_to_it_and_its_family_move(tree, data):
    """Holding the whole, what lies beside the family keeps its amounts."""
    path = data.draw(st.sampled_from(paths_of(tree)))
    above, _, _ = path.rpartition("/")
    assume(above)
    changed = rebalance(tree, path, leeway(tree, path).least)
    beside = [other for other in paths_of(tree) if not other.startswith(f"{above}/")]

    assert [changed.find(p).amount for p in beside] == [tree.find(p).amount for p in beside]


# --- by hand ---------------------------------------------------------------------------------


def test_the_whole_stays_and_the_siblings_make_up_for_it():
    """A falls from 600 to 450, b goes from 300 to 450, and products follow their person."""
    changed = rebalance(TEAM, "all/a", 450)

    assert told(TEAM) == [900, 600, 400, 200, 300, 200, 100]
    assert told(changed) == [900, 450, 300, 150, 450, 300, 150]
    assert changed == rebalance(TEAM, "all/a", 450, hold=Hold.WHOLE)


def test_the_siblings_stay_and_the_wholes_move():
    changed = rebalance(TEAM, "all/a/x", 500, hold="parts")

    assert told(changed) == [1000, 700, 500, 200, 300, 200, 100]


def test_what_is_locked_stays_and_the_free_rest_keeps_its_proportions():
    """With a part of b locked, 50 more for a come from the 200 of b that are free."""
    changed = rebalance(TEAM, "all/a", 650, locked=["all/b/y"])

    assert told(changed) == [900, 650, 433, 217, 250, 150, 100]
    assert leeway(TEAM, "all/a", locked=["all/b/y", "all/a/x"]) == Leeway(400, 800)


def test_a_family_of_zeros_shares_equally():
    """Nobody has an old proportion, so nobody is preferred; a locked zero stays."""
    empty = rebalance(TEAM, "all/b", 0)
    tree = Quota(key="all", amount=0).split(Cut.PRODUCT, {"x": 1, "y": 1, "z": 1})

    assert told(empty) == [900, 900, 600, 300, 0, 0, 0]
    assert told(rebalance(empty, "all/b", 101)) == [900, 799, 533, 266, 101, 51, 50]
    assert told(rebalance(tree, "all", 4, hold="parts", locked=["all/y"])) == [4, 2, 0, 2]


@pytest.mark.parametrize(
    ("path", "boxes"),
    [
        ("all", {}),
        ("all/a", {"locked": ["all/b"]}),
        ("all/a", {"locked": ["all/b/x", "all/b/y"]}),
        ("all/a", {"locked": ["all/b", "all/b/y"]}),
        ("all/a", {"locked": ["all/a"]}),
        ("all/a", {"locked": ["all/a/x", "all/a/y"]}),
        ("all/a", {"locked": ["all"]}),
        ("all/a/x", {"locked": ["all/a"]}),
        ("all/a", {"locked": ["all"], "hold": "parts"}),
        ("all/a", {"locked": ["all/a"], "hold": "parts"}),
    ],
    ids=str,
)
def test_where_nothing_can_make_up_for_it_there_is_no_leeway(path, boxes):
    """And doing it says what to do; the amount it has is no change and is taken."""
    now = TEAM.find(path).amount

    assert leeway(TEAM, path, **boxes) == Leeway(now, now)
    assert rebalance(TEAM, path, now, **boxes) is TEAM
    with pytest.raises(InvalidValue) as caught:
        rebalance(TEAM, path, now - 1, **boxes)
    assert caught.value.remedy == (
        "keep to the leeway(), unlock a part, or hold the parts instead of the whole"
    )


def test_an_only_part_moves_with_its_whole_alone():
    tree = Quota(key="all", amount=5).split(Cut.PRODUCT, {"x": 1})

    assert leeway(tree, "all/x") == Leeway(5, 5)
    assert told(rebalance(tree, "all/x", 7, hold="parts")) == [7, 7]


def test_siblings_do_not_go_below_zero():
    assert leeway(TEAM, "all/a") == Leeway(0, 900)
    with pytest.raises(InvalidValue, match=r"^amount cannot be balanced"):
        rebalance(TEAM, "all/a", 901)


def test_without_the_whole_to_keep_there_is_no_upper_end():
    room = leeway(TEAM, "all/a", hold="parts", locked=["all/a/y", "all/b"])

    assert room == Leeway(200, None)
    assert (199 in room, 200 in room, 10**9 in room) == (False, True, True)


def test_a_target_keeps_its_distance():
    """50 above before, 50 above after, wherever the change came from."""
    tree = evolve(TEAM, target=950, parts=[evolve(p, target=p.amount + 50) for p in TEAM.parts])
    changed = rebalance(tree, "all/a", 450)

    assert (changed.target, [part.target for part in changed.parts]) == (950, [500, 500])
    assert rebalance(tree, "all", 1800, hold="parts").target == 1850


def test_all_else_about_a_quota_stays():
    """Keys, cuts and money of any currency."""
    tree = Quota(key="all", amount=wan(3)).split(Cut.PRODUCT, {"x": 2, "y": 1})
    changed = rebalance(tree, "all/x", wan(1))

    assert [(part.key, part.amount) for part in changed.parts] == [("x", wan(1)), ("y", wan(2))]
    assert (changed.cut, changed.key) == (tree.cut, tree.key)


# --- hostile ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("boxes", "error", "field"),
    [
        ({"tree": CANARY}, WrongType, "tree"),
        ({"path": CANARY}, InvalidValue, "path"),
        ({"path": None}, WrongType, "path"),
        ({"amount": CANARY}, WrongType, "amount"),
        ({"amount": 1.0}, WrongType, "amount"),
        ({"amount": True}, WrongType, "amount"),
        ({"amount": -1}, InvalidValue, "amount"),
        ({"amount": 1 << 3_000_000}, InvalidValue, "amount"),
        ({"amount": Money(1, "CNY")}, WrongType, "amount"),
        ({"hold": CANARY}, InvalidValue, "hold"),
        ({"hold": None}, InvalidValue, "hold"),
        ({"locked": CANARY}, WrongType, "locked"),
        ({"locked": None}, WrongType, "locked"),
        ({"locked": [CANARY]}, InvalidValue, "path"),
        ({"locked": [["all"]]}, WrongType, "path"),
    ],
    ids=lambda value: " ".join(map(ascii, value)) if isinstance(value, dict) else "",
)
def test_bad_content_is_refused_without_a_word_of_it(boxes, error, field):
    given_boxes = {"tree": TEAM, "path": "all/a", "amount": 5, "hold": "whole", "locked": []}
    with pytest.raises(SalesflowError) as caught:
        rebalance(**{**given_boxes, **boxes})

    assert (type(caught.value), caught.value.field) == (error, field)
    assert CANARY not in str(caught.value)


def test_the_locked_are_read_once():
    """A generator serves as well as a list."""
    assert rebalance(TEAM, "all/a", 650, locked=(path for path in ["all/b/y"])) == rebalance(
        TEAM, "all/a", 650, locked=["all/b/y"]
    )


def test_invariant_30_leeway_is_of_one_currency():
    """Invariant 30: yen are in no leeway of yuan."""
    with pytest.raises(CurrencyMismatch):
        assert Money(1, "JPY") in Leeway(wan(0), wan(1))


def test_leeway_is_a_value():
    room = leeway(TEAM, "all/a")

    assert pickle.loads(pickle.dumps(room)) == room
    assert len({room, Leeway(0, 900)}) == 1
    assert [hold.label("zh") for hold in Hold] == [
        "总量不变，其余部分平衡",
        "其余部分不变，总量随之变动",
    ]
