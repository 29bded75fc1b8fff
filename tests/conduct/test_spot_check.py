"""A spot check is drawn by seed, so that an auditor can draw it again."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily_logs import SECRET, log, teams
from salesflow.conduct.spot_check import spot_check
from salesflow.errors import DuplicateId, InvalidValue, SalesflowError

LOGS = [log(f"L-{n}", person=f"R-{n % 7}") for n in range(50)]
SEEDS = st.integers(0, 10**12)


@given(teams(), st.integers(0, 15), SEEDS, st.randoms())
def test_invariant_38_a_sample_is_a_subset_of_its_size_and_the_same_for_its_seed(
    logs, size, seed, random
):
    """Invariant 38: of the requested size or all of them, in whatever order the logs come."""
    check = spot_check(logs, size, seed=seed)

    assert set(check.sample) <= {one.id for one in logs}
    assert len(set(check.sample)) == len(check.sample) == min(size, len(logs))
    assert spot_check(random.sample(logs, len(logs)), size, seed=seed) == check
    assert (check.seed, check.population) == (seed, len(logs))


@given(teams(), st.integers(0, 15), SEEDS)
def test_a_larger_sample_goes_on_where_a_smaller_one_ended(logs, size, seed):
    """So a check can be widened without starting again."""
    assert spot_check(logs, size + 1, seed=seed).sample[:size] == (
        spot_check(logs, size, seed=seed).sample
    )


@given(teams(), st.integers(0, 15), SEEDS)
def test_nobody_is_left_out_of_a_sample_of_each_person(logs, size, seed):
    """And its size is kept; where it is too small for everybody, it is refused."""
    people = {one.person for one in logs}
    if size < len(people):
        with pytest.raises(InvalidValue, match="size"):
            spot_check(logs, size, seed=seed, each_person=True)
        return
    check = spot_check(logs, size, seed=seed, each_person=True)

    assert {one.person for one in logs if one.id in check.sample} == people
    assert len(set(check.sample)) == len(check.sample) == min(size, len(logs))
    assert check.each_person


def test_of_each_person_the_log_with_the_lowest_lot_is_drawn():
    """Then the lowest of the others, all in the order of their lots."""
    order = spot_check(LOGS, 50, seed=3).sample
    persons = {one.id: one.person for one in LOGS}
    firsts = {persons[one]: one for one in reversed(order)}
    rest = [one for one in order if one not in firsts.values()]
    wanted = {*firsts.values(), *rest[:2]}

    check = spot_check(LOGS, 9, seed=3, each_person=True)
    assert check.sample == tuple(one for one in order if one in wanted)


def test_anybody_can_draw_it_again_by_hand():
    """The lots are SHA-256 of the seed and the id, nothing else."""
    lots = {one.id: sha256(f"42:{one.id}".encode()).hexdigest() for one in LOGS}

    assert spot_check(LOGS, 5, seed=42).sample == tuple(sorted(lots, key=lots.get)[:5])


def test_another_seed_draws_another_sample():
    """Over many seeds each log is drawn about as often as the others: 100 of 1,000 times."""
    drawn = [one for seed in range(1000) for one in spot_check(LOGS, 5, seed=seed).sample]

    assert len(set(drawn)) == len(LOGS)
    assert all(60 < drawn.count(one.id) < 145 for one in LOGS)


SCRIPT = """
from datetime import date
from salesflow.conduct.logs import DailyLog
from salesflow.conduct.spot_check import spot_check
logs = {DailyLog(id=f"L-{n}", person=f"R-{n % 7}", on=date(2026, 7, 6)) for n in range(50)}
print(*spot_check(logs, 9, seed=3, each_person=True).sample)
"""


@pytest.mark.parametrize("hashing", ["0", "1"])
def test_the_hashing_of_a_run_changes_nothing(hashing):
    """The logs even come as a set, whose order differs from run to run."""
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "PYTHONHASHSEED": hashing, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert tuple(told.stdout.split()) == spot_check(LOGS, 9, seed=3, each_person=True).sample


def test_a_check_is_a_value():
    check = spot_check(LOGS, 3, seed=1)

    assert pickle.loads(pickle.dumps(check)) == check
    assert hash(check) == hash(spot_check(LOGS, 3, seed=1))


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        *[("logs", bad) for bad in (SECRET, 7, None, [SECRET], log())],
        *[("size", bad) for bad in (-1, True, 1.0, None, SECRET, 10**400, float("nan"))],
        *[("seed", bad) for bad in (-1, True, 1.0, None, SECRET, 10**400, float("inf"))],
        *[("each_person", bad) for bad in (1, None, SECRET)],
    ],
)
def test_what_is_no_check_is_refused(box, bad):
    with pytest.raises(SalesflowError) as refused:
        spot_check(**({"logs": LOGS, "size": 3, "seed": 1} | {box: bad}))

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


def test_a_log_has_one_lot():
    with pytest.raises(DuplicateId, match="L-1"):
        spot_check([log(), log()], 1, seed=1)
