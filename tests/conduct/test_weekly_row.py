"""A row of the weekly form is filled by choice and by number."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import fields

from books import Phase
from daily_logs import SECRET
from salesflow.activity import ActivityKind, counts
from salesflow.conduct.weekly_row import WEEKLY_COLUMNS, WeeklyRow
from salesflow.customers import HospitalGrade
from salesflow.errors import InvalidValue
from salesflow.funnel import LossReason, Stage, Status
from salesflow.money import Money, wan

HAN = re.compile(r"[\u4e00-\u9fff]")


def row(deal="D-1", **rest):
    """A row with every column filled."""
    given = {"customer": "H-3", "product": "CLIA-900", "amount": wan(120)}
    given |= {"stage": Stage.TRUST_BUILDING, "previous": Stage.TARGET_GROUP, "grade": "a"}
    given |= {"win_rate": Decimal("0.1"), "expected_close": date(2026, 9, 20)}
    given |= {"activities": {"visit": 2}, "next_action": "demonstration"}
    given |= {"next_on": date(2026, 7, 28)}
    return WeeklyRow(deal=deal, **(given | rest))


def test_words_of_lists_are_taken_by_their_keys():
    one = row(status="lost", loss="chose_competitor")

    assert (one.grade, one.next_action) == (HospitalGrade.A, ActivityKind.DEMONSTRATION)
    assert (one.status, one.loss) == (Status.LOST, LossReason.CHOSE_COMPETITOR)
    assert one.activities[ActivityKind.VISIT] == 2
    assert one.win_rate == Fraction(1, 10)


def test_a_chance_goes_from_none_to_certainty_and_an_amount_from_zero():
    assert [row(win_rate=rate).win_rate for rate in (0, 1)] == [0, 1]
    assert row(amount=wan(0)).amount == wan(0)


def test_the_stages_may_be_those_of_any_machine():
    assert row(stage=Phase.NEEDS, previous=Phase.CONTACT).stage is Phase.NEEDS


def test_free_text_stands_only_in_the_note():
    """Every other box of text is an id."""
    texts = {box.name for box in fields(WeeklyRow) if box.type is str or box.type == "str"}

    assert texts == {"deal", "customer", "product", "note"}
    assert SECRET not in repr(row(note=SECRET))


@pytest.mark.parametrize("column", WEEKLY_COLUMNS)
def test_an_open_deal_wants_each_column(column):
    """Named in both languages; a closed deal needs none of them."""
    assert row().missing == ()
    assert row(**{column: None}).missing == (column,)
    assert row(status="won", **{column: None}).missing == ()
    assert HAN.search(WEEKLY_COLUMNS[column].zh)
    assert not HAN.search(WEEKLY_COLUMNS[column].en)


def test_what_is_missing_is_told_in_the_order_of_the_columns():
    bare = WeeklyRow(
        deal="D-1", customer="H-3", product="P", amount=wan(1), stage=Stage.TARGET_GROUP
    )

    assert bare.missing == tuple(WEEKLY_COLUMNS)


@pytest.mark.parametrize("kind", ActivityKind)
def test_only_what_counts_is_counted(kind):
    """Invariant 46: the rest stands in the form and in no figure; nor does a zero."""
    assert dict(row(activities={kind: 3}).counted) == ({kind: 3} if counts(kind) else {})
    assert dict(row(activities={kind: 0}).counted) == {}


def test_a_company_adds_its_own_columns():
    """Words of a list, numbers taken exactly, days, money; never free text."""
    one = row(
        extra={"tender": True, "beds": 800, "due": date(2026, 8, 1), "level": Stage.TARGET_GROUP}
    )

    assert dict(one.extra) == {
        "tender": True,
        "beds": 800,
        "due": date(2026, 8, 1),
        "level": Stage.TARGET_GROUP,
    }
    assert row(extra={"budget": wan(3), "share": Decimal("0.5")}).extra["share"] == Fraction(1, 2)


def test_a_loss_has_a_reason_and_nothing_else_has():
    """Invariant 4."""
    for status, loss in (("lost", None), ("open", "other"), ("won", "other")):
        with pytest.raises(InvalidValue, match="loss and status"):
            row(status=status, loss=loss)


def test_a_row_is_a_value():
    given = {"visit": 2}
    one = row(activities=given, extra={"beds": 800})
    given["visit"] = 9

    assert one == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(copy.deepcopy(one))
    assert one.activities[ActivityKind.VISIT] == 2


NO_TEXT = [7, None, 1.5, f"a\0{SECRET}"]
NO_DAY = [SECRET, 7, datetime(2026, 7, 6), date(1066, 1, 1)]
NO_TABLE = [SECRET, 7, None, [SECRET]]
BAD = {
    "deal": ["", *NO_TEXT],
    "customer": ["", *NO_TEXT],
    "product": ["", *NO_TEXT],
    "amount": [SECRET, 7, None, 1.5, Money("-1", "CNY")],
    "stage": [SECRET, 7, None],
    "previous": [SECRET, 7],
    "status": [SECRET, 7, None],
    "loss": [SECRET, 7],
    "grade": [SECRET, "d", 7],
    "win_rate": [0.1, True, SECRET, Decimal("NaN"), Decimal("1e999999"), 10**400, -1, 2],
    "expected_close": NO_DAY,
    "activities": [
        *NO_TABLE,
        {SECRET: 1},
        {"visit": -1},
        {"visit": 1.0},
        {"visit": True},
        {"visit": 1, ActivityKind.VISIT: 2},
    ],
    "next_action": [SECRET, 7],
    "next_on": NO_DAY,
    "extra": [
        *NO_TABLE,
        {"why": SECRET},
        {"why": None},
        {"why": 1.5},
        {"why": datetime(2026, 7, 6)},
        {"": 1},
        {7: 1},
    ],
    "note": NO_TEXT,
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_row_is_refused(box, bad):
    with pytest.raises(InvalidValue) as refused:
        row(**{box: bad})

    assert refused.value.field == box
    assert SECRET not in str(refused.value)
