"""A phase runs for a stretch of weeks or months from the entry, and asks for each metric once."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, timedelta

import pytest
from attrs import exceptions
from hypothesis import given
from hypothesis import strategies as st

from effort_oracle import unnamed
from salesflow.errors import InvalidValue
from salesflow.labels import Label, Term
from salesflow.planning.metric import Metric
from salesflow.planning.phases import Phase, Stretch
from salesflow.planning.rhythm import Per
from salesflow.planning.standards import Standard
from strategies import dates, zones

SECRET = "Prof. Wang"
ROWS = (
    Standard(metric=Metric.TRUST, required=10),
    Standard(metric=Metric.NEEDS, required=6),
)


class House(Term):
    """What only this company asks about."""

    TRUST = "trust", "信任", "trust"


def phase(**rest):
    """A phase of three months with two standards."""
    given = {"key": "B", "label": Label("起步", "start"), "stretch": Stretch(Per.MONTH, 1, 3)}
    return Phase(**(given | {"standards": ROWS} | rest))


# --- stretches -------------------------------------------------------------------------------


@given(dates(), st.integers(1, 60), st.integers(0, 60), zones())
def test_a_stretch_of_weeks_is_so_many_weeks(entry, first, more, tz):
    during = Stretch("week", first, first + more).during(entry, tz=tz)

    assert during.first == entry + timedelta(weeks=first - 1)
    assert (during.days, during.tz) == (7 * (more + 1), tz)


@given(dates(), st.integers(1, 60), st.integers(0, 11), st.integers(0, 11))
def test_months_follow_each_other_without_a_gap(entry, first, more, next_more):
    """Also for somebody who entered on the 31st: no day is in two of them, and none in neither."""
    last = first + more
    during = Stretch("month", first, last).during(entry)
    after = Stretch("month", last + 1, last + 1 + next_more).during(entry)

    assert during.after == after.first
    months = (during.first.year - entry.year) * 12 + during.first.month - entry.month
    ends_month = (during.first + timedelta(days=1)).day == 1
    assert months == first - 1
    assert during.first.day == entry.day or (ends_month and during.first.day < entry.day)


def test_the_months_of_somebody_who_entered_on_the_last_day():
    """31 January, then the last of February, then 31 March again."""
    entry = date(2026, 1, 31)
    days = [Stretch("month", n, n).during(entry).first for n in (1, 2, 3)]

    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


@pytest.mark.parametrize("ends", [(0, 1), (2, 1), (1, 601), (601, 602), (1, 10**12)])
def test_a_stretch_counts_up_from_one(ends):
    with pytest.raises(InvalidValue, match="last leaves no stretch"):
        Stretch("week", *ends)


def test_a_stretch_is_made_of_weeks_or_months():
    wrong = ["phase", Per.YEAR, "day", SECRET, None, 5]
    numbers = [-1, True, 1.0, "1", None, 10**13]

    assert unnamed(lambda per: Stretch(per, 1, 4), wrong, "per") == []
    assert unnamed(lambda n: Stretch("week", n, 4), numbers, "first") == []
    assert unnamed(lambda n: Stretch("week", 1, n), numbers, "last") == []
    assert (
        unnamed(lambda flag: Stretch("week", 1, 4, assumed=flag), [1, None, "y"], "assumed") == []
    )


def test_the_entry_is_a_day_of_the_calendar():
    days = [None, "2026-01-12", datetime(2026, 1, 12), date(1, 1, 1), 5]

    assert unnamed(Stretch("week", 1, 4).during, days, "started_on") == []
    with pytest.raises(InvalidValue):
        Stretch("month", 1, 600).during(date(2199, 1, 1))


# --- phases ----------------------------------------------------------------------------------


def test_a_standard_is_found_by_its_metric():
    assert phase().standard("needs") is phase().standard(Metric.NEEDS) is ROWS[1]


@pytest.mark.parametrize("metric", [Metric.VALUE, House.TRUST, "value", SECRET, None, 5])
def test_a_metric_that_is_not_asked_for_has_no_standard(metric):
    with pytest.raises(InvalidValue) as refused:
        phase().standard(metric)

    assert refused.value.field == "metric"
    assert SECRET not in str(refused.value)


def test_a_standard_is_replaced_in_its_place_or_added_at_the_end():
    """The phase itself stays as it was."""
    ours, before = Standard(metric="trust", required=8), phase()

    assert before.with_standard(ours).standards == (ours, ROWS[1])
    own = Standard(metric=House.TRUST, required=1)
    assert before.with_standard(own).standards == (*ROWS, own)
    assert before == phase()


def test_a_phase_is_a_value_of_its_own():
    rows = list(ROWS)
    made = phase(standards=rows)
    rows.clear()

    assert made == phase() == copy.deepcopy(made) == pickle.loads(pickle.dumps(made))
    assert hash(made) == hash(phase())
    with pytest.raises(exceptions.FrozenInstanceError):
        made.key = "C"


@pytest.mark.parametrize(
    ("box", "values"),
    [
        ("key", [None, "", 5, "a\nb", "\x00", ["B"]]),
        ("label", [None, "起步", 5, ("起步", "start")]),
        ("stretch", [None, "B", (1, 3), 5]),
        ("standards", [None, "trust", 5, [None], [SECRET], ROWS * 2, [*ROWS, ROWS[0]]]),
        ("standards", [[Standard(metric="trust", required=n) for n in (1, 2)]]),
    ],
)
def test_a_phase_of_wrong_parts_is_refused(box, values):
    assert unnamed(lambda value: phase(**{box: value}), values, box) == []


def test_only_a_standard_replaces_a_standard():
    assert unnamed(phase().with_standard, [None, "trust", 5, SECRET, ROWS], "standard") == []
