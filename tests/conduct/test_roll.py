"""The roll names everybody once, and knows who is away."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from daily_logs import DAY, SECRET, log
from salesflow.conduct.roll import NO_LEAVE, leave_of, logs_once, staff_of
from salesflow.errors import DuplicateId, SalesflowError
from salesflow.tables import Table


def test_everybody_is_on_the_roll_once_and_in_order():
    assert staff_of(name for name in ("R-2", " R-1 ")) == ("R-2", "R-1")
    with pytest.raises(DuplicateId, match="R-1"):
        staff_of(["R-1", "R-2", "R-1 "])


def test_a_log_is_read_once():
    logs = [log("L-2"), log("L-1")]

    assert logs_once(iter(logs)) == tuple(logs)
    with pytest.raises(DuplicateId, match="L-1"):
        logs_once([*logs, log("L-1", person="R-1")])


def test_leave_is_a_set_of_days_for_each_person():
    assert leave_of({"R-1": [DAY, DAY], "R-2": []}) == Table({"R-1": {DAY}, "R-2": frozenset()})
    assert leave_of(NO_LEAVE) == Table({})


@pytest.mark.parametrize(
    ("ask", "bad"),
    [
        *[(staff_of, bad) for bad in (SECRET, 7, None, [7], [""], [None], [f"{SECRET}\0"])],
        *[(logs_once, bad) for bad in (SECRET, 7, None, [SECRET], [None], log())],
        *[(leave_of, bad) for bad in (SECRET, 7, None, [DAY], {"R-1": DAY}, {"R-1": [SECRET]})],
        *[(leave_of, {"R-1": [bad]}) for bad in (datetime(2026, 7, 6), date(1066, 1, 1), 7)],
        *[(leave_of, {bad: [DAY]}) for bad in ("", 7, f"{SECRET}\0")],
    ],
)
def test_what_is_no_roll_is_refused(ask, bad):
    with pytest.raises(SalesflowError) as refused:
        ask(bad)

    assert SECRET not in str(refused.value)
