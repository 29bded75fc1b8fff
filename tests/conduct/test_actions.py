"""The form of an action: a box for what a rule has to know, and for nothing private."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from decimal import Decimal

import pytest
from attrs import evolve, fields_dict
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

from compliance_cases import DAY, PAPERS, act, boxes, kinds, yuan
from people_strategies import CANARY, everything_told
from salesflow.activity import ActivityKind
from salesflow.conduct.actions import Action, Paper, Scope, kind_of, kinds_of
from salesflow.customers import Channel, CompanyRole
from salesflow.errors import CurrencyMismatch, InvalidValue, SalesflowError, WrongType
from salesflow.forms import from_record
from salesflow.money import Money

FULL = act(
    role="salesperson",
    account="H-3",
    call="V-7",
    event="E-1",
    attendees=["DR-7", "DR-8"],
    channel="phone",
    quantity=2,
    value=yuan(100),
    estimate=yuan(90),
    **PAPERS,
)


def test_a_known_word_becomes_a_kind_and_another_stays_the_hosts_own():
    """No word is refused, since what nobody foresaw has to be judged too."""
    assert act(kind="meal").kind is ActivityKind.MEAL
    assert act(kind=ActivityKind.MEAL).kind is ActivityKind.MEAL
    assert act(kind=" boat_trip ").kind == "boat_trip"
    for spelled in ("Meal", " MEAL ", "餐饮招待", "Points or Coupon", "points_or_coupon"):
        assert isinstance(act(kind=spelled).kind, ActivityKind)


def test_kinds_are_listed_once_and_in_one_order():
    """Those of the list first, then the host's own by name, however they were given."""
    found = (ActivityKind.VISIT, ActivityKind.MEAL, "boat_trip", "sample")

    assert kinds_of(["sample", "meal", "boat_trip", "visit", ActivityKind.MEAL], "kinds") == found
    assert kinds_of({"boat_trip", "meal", "sample", "visit"}, "kinds") == found


@given(kinds())
def test_a_kind_is_taken_by_its_key(kind):
    """As a member or as its word."""
    key = kind if isinstance(kind, str) else kind.value

    assert kind_of(key) == kind_of(kind) == kind


def test_words_are_taken_by_their_keys():
    """Roles and channels from a host's file."""
    assert (FULL.role, FULL.channel) == (CompanyRole.SALESPERSON, Channel.PHONE)
    assert FULL.attendees == ("DR-7", "DR-8")


@pytest.mark.parametrize("box", [*Scope, *Paper])
def test_an_empty_box_is_missing_and_a_full_one_is_not(box):
    """Each box that a rule may ask for."""
    assert FULL.missing([box]) == ()
    assert act(person="R-9").missing([box]) == (() if box is Scope.PERSON else (box,))


def test_zero_is_a_figure_and_not_an_empty_box():
    """Nothing given is known; nothing known is not."""
    zero = act(quantity=0, value=yuan(0), estimate=yuan(0))

    assert zero.missing([Paper.QUANTITY, Paper.VALUE, Paper.ESTIMATE]) == ()


def test_nobody_approves_what_they_do_themselves():
    """An approval needs somebody else."""
    assert act(person="R-9", approver="R-9").missing([Paper.APPROVER]) == (Paper.APPROVER,)
    assert act(person="R-9", approver="M-1").missing([Paper.APPROVER]) == ()


@given(boxes())
def test_every_action_is_immutable_hashable_and_storable(row):
    """A value, whatever was filled in."""
    action = Action(id="X-1", **row)

    assert pickle.loads(pickle.dumps(action)) == action
    assert hash(evolve(action)) == hash(action)
    with pytest.raises(FrozenInstanceError):
        action.value = None


def test_a_list_passed_in_is_copied():
    """What the host does with it later changes nothing."""
    guests = ["DR-7"]
    action = act(attendees=guests)
    guests.append("DR-8")

    assert action.attendees == ("DR-7",)


def test_who_came_who_approved_and_why_does_not_show():
    """A form may be printed into a log."""
    shown = repr(act(attendees=[CANARY], approver=CANARY, purpose=CANARY))

    assert CANARY not in shown
    assert "attendees='***'" in shown


@pytest.mark.parametrize(
    "box",
    ["personal_benefit", "hobby", "family", "location", "photo", "prescription_count", "latitude"],
)
def test_ae_74_a_private_box_is_rejected(box):
    """AE-74 for actions: what the form does not have cannot be brought in."""
    with pytest.raises(InvalidValue, match=f"^{box} is no box of Action"):
        from_record(Action, {"id": "X-1", "kind": "visit", "on": DAY, "person": "R-9", box: CANARY})


def test_the_boxes_are_these_and_no_others():
    """Whoever adds one has to say here what rule needs it."""
    assert set(fields_dict(Action)) == {
        "id",
        "kind",
        "on",
        "person",
        "role",
        "account",
        "call",
        "event",
        "attendees",
        "channel",
        "quantity",
        "value",
        "estimate",
        "purpose",
        "ref",
        "approver",
        "tied_to_prescribing",
        "rewards_referral",
    }


TEXTS = ["", None, 7, b"x", f"{CANARY}\0", f"\u202e{CANARY}", CANARY * 100, [CANARY]]
OPTIONAL = [None, 7, f"{CANARY}\n{CANARY}", f"{CANARY}\ud800", CANARY * 100, {CANARY: 1}]
NO_COUNT = [True, 1.0, -1, CANARY, Decimal(1), 10**13, 1 << 3_000_000]
NO_MONEY = [100, 1.5, "100", CANARY, True, (CANARY, "CNY")]
HOSTILE = {
    "id": TEXTS,
    "person": TEXTS,
    "kind": [*TEXTS, Channel.PHONE, float("nan"), True],
    "on": [None, "2026-07-06", CANARY, datetime(2026, 7, 6), date(1, 1, 1), 20260706],
    "role": [CANARY, 7, Channel.PHONE, True, ""],
    "channel": [CANARY, "wechat_of_the_family", "home", 7, True, ""],
    "account": OPTIONAL,
    "call": OPTIONAL,
    "event": OPTIONAL,
    "ref": OPTIONAL,
    "approver": OPTIONAL,
    "attendees": [CANARY, 7, None, ["DR-7", "DR-7"], [""], [7], [f"{CANARY}\0"], [CANARY] * 1001],
    "quantity": NO_COUNT,
    "value": [*NO_MONEY, Money("-1", "CNY")],
    "estimate": [*NO_MONEY, Money("-1", "CNY")],
    "purpose": [None, 7, f"{CANARY}\0", [CANARY], CANARY * 1000],
    "tied_to_prescribing": [None, 1, 0, "yes", CANARY, 1.0],
    "rewards_referral": [None, 1, "no", CANARY],
}


@pytest.mark.parametrize(
    ("box", "content"),
    [(box, content) for box, contents in HOSTILE.items() for content in contents],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value[:12],
)
def test_what_cannot_stand_in_a_box_is_refused_by_its_name(box, content):
    """With our own error, and without a word of what stood there."""
    with pytest.raises(SalesflowError) as caught:
        act(**{box: content})

    assert caught.value.field == box
    assert CANARY not in everything_told(caught.value)


def test_an_estimate_in_another_currency_is_no_estimate():
    """Not even of nothing."""
    for value in (yuan(100), yuan(0)):
        with pytest.raises(CurrencyMismatch):
            act(value=value, estimate=Money(100, "USD"))


@pytest.mark.parametrize("value", ["meal", None, 3])
def test_a_list_of_kinds_is_a_list(value):
    with pytest.raises(WrongType, match=r"^kinds "):
        kinds_of(value, "kinds")


def test_nobody_approves_what_they_are_given():
    """Neither who does it nor who it is for."""
    paid = {"kind": "honorarium", "person": "R-9", "attendees": ["DR-7"]}

    for approver in ("R-9", "DR-7"):
        assert Paper.APPROVER in act(**paid, approver=approver).missing((Paper.APPROVER,))
    assert act(**paid, approver="M-1").missing((Paper.APPROVER,)) == ()
