"""An academic event is prepared item by item, and judged by who came and what followed."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salesflow.activity import ActivityKind
from salesflow.errors import InvalidValue, SalesflowError
from salesflow.findings import Severity
from salesflow.labels import Label
from salesflow.ratios import Rate
from salesflow.visits import CHECKLIST, AcademicEvent, ChecklistItem, EventKind
from salesflow.visits.academic import EVENT_REMARKS

HAN = re.compile(r"[\u4e00-\u9fff]")
SECRET = "CANARY"
DUE, DAY = date(2026, 8, 20), date(2026, 9, 1)
AFTER = DAY + timedelta(days=1)
LABEL = Label("会场", "the room")


def item(key="room", **rest):
    """An item in somebody's hands, due on a day."""
    return ChecklistItem(key=key, **({"label": LABEL, "owner": "R-9", "due": DUE} | rest))


def event(*items, **rest):
    """A salon with this list."""
    given_ = {"id": "E-1", "kind": EventKind.SALON, "on": DAY, "attended": ["DR-1"]}
    return AcademicEvent(**(given_ | {"checklist": items} | rest))


def names(n, prefix="DR"):
    """So many ids."""
    return [f"{prefix}-{i}" for i in range(n)]


def found(one, on=AFTER):
    """The keys of its findings, in order."""
    return [finding.key for finding in one.findings(on)]


# For each remark an event that provokes it, and the same without the fault.
PROVOKED = {
    "item_unassigned": (event(item(owner="")), event(item(done_on=DUE))),
    "item_overdue": (event(item()), event(item(done_on=DUE))),
    "item_unapproved": (
        event(item(restricted=True, done_on=DUE)),
        event(item(restricted=True, done_on=DUE, approver="C-1")),
    ),
    "nobody_attended": (event(attended=()), event()),
}


# --- the checklist ---------------------------------------------------------------------------


def test_the_checklist_is_that_of_the_trade_without_its_gifts():
    """Fifteen points, each in both languages; no gift among them."""
    assert [one.key for one in CHECKLIST] == [
        "purpose",
        "time",
        "place",
        "participants",
        "format",
        "theme",
        "speakers",
        "discussion",
        "material",
        "fees",
        "room",
        "podium",
        "light",
        "screen",
        "rehearsal",
    ]
    for one in CHECKLIST:
        assert HAN.search(one.label.zh)
        assert not HAN.search(one.label.en)
        assert "礼" not in one.label.zh
        assert "gift" not in one.label.en


def test_fees_and_travel_are_the_items_that_somebody_has_to_approve():
    """Nothing is in anybody's hands at first."""
    assert [one.key for one in CHECKLIST if one.restricted] == ["fees"]
    assert not any(one.owner or one.due or one.done_on or one.approver for one in CHECKLIST)
    assert AcademicEvent(id="E-1", kind="salon", on=DAY).checklist == CHECKLIST


def test_an_item_is_assigned_and_done():
    """Each verb returns another value."""
    bare = CHECKLIST[0]
    assigned = bare.assign("R-9", DUE)

    assert (assigned.owner, assigned.due, assigned.done_on) == ("R-9", DUE, None)
    assert assigned.done(DAY).done_on == DAY
    assert bare.owner == ""
    with pytest.raises(FrozenInstanceError):
        bare.owner = "R-9"


def test_who_approved_is_not_printed():
    """The name stays in the value."""
    assert SECRET not in repr(item(approver=SECRET))


def test_the_kinds_of_events_are_those_of_the_activities():
    """Each under the same key and the same name, so that an event can be a kind of visit."""
    for kind in EventKind:
        activity = ActivityKind.of(kind.value)
        assert (activity.label("zh"), activity.label("en")) == (kind.label("zh"), kind.label("en"))


# --- findings --------------------------------------------------------------------------------


def test_every_remark_is_provoked():
    """No row of the table is without its case here."""
    assert [remark.key for remark in EVENT_REMARKS] == list(PROVOKED)


@pytest.mark.parametrize("remark", EVENT_REMARKS, ids=lambda remark: remark.key)
def test_a_remark_comes_with_its_fault_and_goes_with_it(remark):
    """It names the event and says in both languages what is wrong and what to do."""
    faulty, sound = PROVOKED[remark.key]
    (finding,) = faulty.findings(AFTER)

    assert found(sound) == []
    assert (finding.key, finding.subject, finding.severity) == (remark.key, "E-1", remark.severity)
    for label in (finding.text, finding.advice):
        assert HAN.search(label.zh)
        assert not HAN.search(label.en)
        assert not set("{}") & set(label.zh + label.en)


def test_the_texts_name_the_item_in_their_own_language():
    """And how late it is."""
    (finding,) = event(item()).findings(DAY)

    assert finding.text.zh == "“会场”逾期 12 天"
    assert finding.text.en == "“the room” is overdue, days: 12"
    assert PROVOKED["item_unapproved"][0].findings(DAY)[0].severity is Severity.AVOID


@pytest.mark.parametrize(
    ("rest", "day", "keys"),
    [
        ({"owner": ""}, DUE, ["item_unassigned"]),
        ({"due": None}, DUE, ["item_unassigned"]),
        ({"owner": "", "due": None}, AFTER, ["item_unassigned"]),
        ({"owner": ""}, AFTER, ["item_unassigned"]),
        ({}, DUE, []),
        ({}, DUE + timedelta(days=1), ["item_overdue"]),
        ({"done_on": AFTER}, AFTER, []),
        ({"done_on": AFTER}, DAY, ["item_overdue"]),
        ({"owner": "", "due": None, "done_on": DUE}, DUE, []),
        ({"owner": "", "due": None, "done_on": DUE}, DUE - timedelta(days=1), ["item_unassigned"]),
        ({"restricted": True, "done_on": DUE}, DUE, ["item_unapproved"]),
        ({"restricted": True}, DUE, ["item_unapproved"]),
        ({"restricted": True, "owner": ""}, DUE, ["item_unassigned", "item_unapproved"]),
        ({"restricted": True, "due": None}, DUE, ["item_unassigned", "item_unapproved"]),
        ({"restricted": True, "owner": "", "due": None}, DUE, ["item_unassigned"]),
        ({"restricted": True}, AFTER, ["item_overdue", "item_unapproved"]),
        ({"restricted": True, "approver": "C-1"}, DUE, []),
        ({"restricted": False, "done_on": DUE}, DUE, []),
        ({"restricted": True, "done_on": DUE, "approver": "C-1"}, DUE, []),
    ],
)
def test_an_item_is_judged_at_the_end_of_a_day(rest, day, keys):
    """On its day it is in time, the day after it is late; done is done from its day on."""
    assert found(event(item(**rest)), day) == keys


def test_a_list_that_nobody_took_in_hand_has_a_finding_for_each_item():
    """In the order of the list."""
    findings = AcademicEvent(id="E-1", kind="salon", on=DAY).findings(DUE)

    assert [finding.key for finding in findings] == ["item_unassigned"] * 15
    assert [finding.values["item"] for finding in findings] == [one.label for one in CHECKLIST]


def test_a_list_that_is_done_has_no_findings():
    """With the fees approved."""
    done = [evolve(one.assign("R-9", DUE).done(DUE), approver="C-1") for one in CHECKLIST]

    assert found(event(*done)) == []
    fees = [evolve(one, approver="") for one in done]
    assert found(event(*fees)) == ["item_unapproved"]


def test_who_came_is_on_record_once_the_event_is_over():
    """On its own day it may still be running."""
    empty = event(attended=())

    assert found(empty, DAY) == []
    assert found(empty, AFTER) == ["nobody_attended"]


# --- who came --------------------------------------------------------------------------------


def test_ae_70_participation_is_attended_of_invited():
    """30 of 40 invited attended: 75.0 %."""
    one = event(invited=names(40), attended=names(30))

    assert one.participation == Rate(30, 40)
    assert str(one.participation) == "75.0% (n=40)"


def test_who_came_without_an_invitation_is_told_and_does_not_count():
    """In the order of the list of those who came."""
    one = event(invited=["DR-1", "DR-2"], attended=["DR-9", "DR-2", "DR-8"])

    assert one.participation == Rate(1, 2)
    assert one.walk_ins == ("DR-9", "DR-8")


def test_an_open_event_has_no_participation():
    """Nobody was invited, so there is no rate, and not a rate of zero."""
    assert event().participation == Rate(0, 0)
    assert event().participation.ratio is None
    assert event().walk_ins == ("DR-1",)


def test_follow_ups_are_told_per_attendee():
    """Exact; nobody came, nothing to tell."""
    visits = names(2, "V")

    assert event(attended=names(3), follow_ups=visits).follow_ups_each == Fraction(2, 3)
    assert event(attended=names(3)).follow_ups_each == 0
    assert event(attended=(), follow_ups=visits).follow_ups_each is None


IDS = st.lists(st.sampled_from(names(6)), unique=True)


@given(IDS, IDS)
def test_everybody_who_came_was_invited_or_walked_in(invited, attended):
    """And no more participated than came, or than were invited."""
    one = event(invited=invited, attended=attended)

    assert one.participation.hits + len(one.walk_ins) == len(attended)
    assert one.participation.n == len(invited)
    assert set(one.walk_ins).isdisjoint(invited)


def test_an_event_is_a_value():
    """Equal by content, hashable, copied and stored; lists become tuples."""
    one = event(item(), invited=names(3), follow_ups=["V-1"], topic="early diagnosis")

    assert one == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(copy.deepcopy(one))
    assert one.invited == tuple(names(3))
    assert evolve(one, kind="seminar").kind is EventKind.SEMINAR
    assert event(invited=(name for name in names(2))).invited == ("DR-0", "DR-1")


# --- what is no event ------------------------------------------------------------------------

NO_LIST = [SECRET, 7, None, 1.5, [7], [None], [""], [SECRET, SECRET], [f"a\0{SECRET}"]]
BAD = {
    "id": ["", " ", 7, None, f"{SECRET}\0{SECRET}", "x" * 201],
    "kind": ["party", 7, None, ActivityKind.GIFT, SECRET],
    "on": [SECRET, 7, None, datetime(2026, 9, 1), date(1066, 1, 1)],
    "topic": [7, None, f"{SECRET}\u202e"],
    "product": [7, None],
    "owner": [7, None],
    "invited": NO_LIST,
    "attended": NO_LIST,
    "follow_ups": NO_LIST,
    "checklist": [SECRET, 7, None, [7], [SECRET], [item(), item(owner="")], item()],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [pytest.param(box, bad, id=f"{box}-{i}") for box in BAD for i, bad in enumerate(BAD[box])],
)
def test_what_is_no_event_is_refused(box, bad):
    """By the name of the box, and without a word of what stood in it."""
    with pytest.raises(InvalidValue) as refused:
        event(**{box: bad})

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


BAD_ITEMS = {
    "key": ["", 7, None, f"{SECRET}\0"],
    "label": [SECRET, None, 7, ("会场", SECRET), Label],
    "owner": [7, None],
    "due": [SECRET, 7, datetime(2026, 9, 1)],
    "done_on": [SECRET, 7, datetime(2026, 9, 1)],
    "restricted": [1, None, "yes"],
    "approver": [7, None],
}


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        pytest.param(box, bad, id=f"{box}-{i}")
        for box in BAD_ITEMS
        for i, bad in enumerate(BAD_ITEMS[box])
    ],
)
def test_what_is_no_item_is_refused(box, bad):
    """The same for a line of the list."""
    with pytest.raises(InvalidValue) as refused:
        item(**{box: bad})

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("bad", [SECRET, 7, None, datetime(2026, 9, 1)])
def test_findings_are_asked_on_a_day(bad):
    """A datetime has no day without a zone; it is refused before any finding is made."""
    with pytest.raises(SalesflowError) as refused:
        event(item()).findings(bad)

    assert SECRET not in str(refused.value)


def test_an_item_is_given_to_somebody_for_a_day():
    """Assigning and doing prove what they are given."""
    with pytest.raises(InvalidValue, match="due"):
        item().assign("R-9", datetime(2026, 9, 1))
    with pytest.raises(InvalidValue, match="owner"):
        item().assign(7, DUE)
    with pytest.raises(InvalidValue, match="done_on"):
        item().done(SECRET)
