"""Academic events: department meetings, salons and seminars, prepared by a checklist.

What makes one good is the customer's need and an exchange of views, not a product talk.  The list
of preparations is that of the trade without its gifts; fees and travel stand on it as items that
somebody has to approve.

>>> event = AcademicEvent(id="E-1", kind="salon", on=date(2026, 9, 1), topic="early diagnosis",
...                       invited=["DR-1", "DR-2", "DR-3", "DR-4"],
...                       attended=["DR-1", "DR-3", "DR-9"])
>>> str(event.participation), event.walk_ins
('50.0% (n=4)', ('DR-9',))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Final, Self

from attrs import evolve, field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.instants import day
from salesflow.labels import Label, Term
from salesflow.ratios import Rate

__all__ = ["CHECKLIST", "EVENT_REMARKS", "AcademicEvent", "ChecklistItem", "EventKind"]


class EventKind(Term):
    """A kind of academic event."""

    DEPARTMENT_MEETING = "department_meeting", "科室会", "department meeting"
    SALON = "salon", "学术沙龙", "academic salon"
    SEMINAR = "seminar", "专家研讨会", "expert seminar"


@frozen(kw_only=True)
class ChecklistItem:
    """Something to be prepared: what, who, by when."""

    #: key within the list
    key: str
    #: what it is
    label: Label
    #: who sees to it, by id
    owner: str = ""
    #: the day by which it is due
    due: date | None = None
    #: the day it was done
    done_on: date | None = None
    #: whether compliance has to approve it
    restricted: bool = False
    #: who approved it, where somebody has to
    approver: str = field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key")
        if not isinstance(self.label, Label):
            raise WrongType.of("label", self.label, "pass a Label")
        forms.optional_lines(self, "owner", "approver")
        forms.optional_days(self, "due", "done_on")
        forms.flags(self, "restricted")

    def assign(self, owner: str, due: date) -> Self:
        """Return the item in somebody's hands, with a day."""
        return evolve(self, owner=owner, due=due)

    def done(self, on: date) -> Self:
        """Return the item as done on a day."""
        return evolve(self, done_on=on)


def _item(key: str, zh: str, en: str, *, restricted: bool = False) -> ChecklistItem:
    return ChecklistItem(key=key, label=Label(zh, en), restricted=restricted)


#: what a good event needs, nobody in charge yet
CHECKLIST: Final = (
    _item("purpose", "目的", "purpose"),
    _item("time", "时间", "time"),
    _item("place", "地点", "place"),
    _item("participants", "参加者", "participants"),
    _item("format", "形式", "format"),
    _item("theme", "主题：与定位一致，突出重点", "theme: as positioned, with one point"),
    _item("speakers", "主席和讲者的选择", "chair and speakers"),
    _item("discussion", "问与答、讨论、总结", "questions, discussion, conclusion"),
    _item("material", "议程、欢迎信、资料、胸卡", "agenda, welcome, material, badges"),
    _item("fees", "劳务费、交通费", "honoraria and travel", restricted=True),
    _item("room", "会场大小及布置", "size and layout of the room"),
    _item("podium", "主席台、讲台、桌卡", "podium, lectern, name cards"),
    _item("light", "灯光", "light"),
    _item("screen", "屏幕大小", "size of the screen"),
    _item("rehearsal", "试片", "rehearsal of slides and projector"),
)

_UNASSIGNED: Final = Remark(
    "item_unassigned",
    Severity.WATCH,
    Label("“{item}”没有负责人或期限", "“{item}” lacks somebody in charge, or a day"),
    Label("指定负责人和期限", "assign both"),
)
_LATE: Final = Remark(
    "item_overdue",
    Severity.WATCH,
    Label("“{item}”逾期 {days} 天", "“{item}” is overdue, days: {days}"),
    Label("请负责人尽快完成", "ask whoever is in charge"),
)
_UNAPPROVED: Final = Remark(
    "item_unapproved",
    Severity.AVOID,
    Label("“{item}”未经合规审批", "“{item}” was not approved by compliance"),
    Label("审批前不得安排", "have it approved before it is arranged"),
)
_NOBODY: Final = Remark(
    "nobody_attended",
    Severity.WATCH,
    Label("活动已举行，没有参加者记录", "the event is over, and no participant is on record"),
    Label("补充签到记录", "record who attended"),
)
#: every finding about an event
EVENT_REMARKS: Final = (_UNASSIGNED, _LATE, _UNAPPROVED, _NOBODY)


def _checklist(value: Iterable[ChecklistItem]) -> tuple[ChecklistItem, ...]:
    items = forms.list_of(ChecklistItem, value, "checklist")
    if len({item.key for item in items}) < len(items):
        raise InvalidValue("checklist", "has one key twice", "give each item its own key")
    return items


@frozen(kw_only=True)
class AcademicEvent:
    """An academic event, its preparation and who came."""

    #: the host's id
    id: str
    #: its kind
    kind: EventKind
    #: the day it takes place
    on: date
    #: its theme
    topic: str = ""
    #: id of the product, empty where it is about none
    product: str = ""
    #: who of ours is responsible, by id
    owner: str = ""
    #: ids of those invited
    invited: tuple[str, ...] = field(default=(), converter=forms.some)
    #: ids of those who came
    attended: tuple[str, ...] = field(default=(), converter=forms.some)
    #: what is to be prepared
    checklist: tuple[ChecklistItem, ...] = field(default=CHECKLIST, converter=_checklist)
    #: ids of the visits that followed it up
    follow_ups: tuple[str, ...] = field(default=(), converter=forms.some)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "id")
        forms.terms(self, kind=EventKind)
        forms.days(self, "on")
        forms.optional_lines(self, "topic", "product", "owner")
        forms.texts(self, "invited", "attended", "follow_ups")
        for box in ("invited", "attended", "follow_ups"):
            names: tuple[str, ...] = getattr(self, box)
            if len(set(names)) < len(names):
                raise InvalidValue(box, "name somebody twice", "list each once")

    @property
    def participation(self) -> Rate:
        """Attended of invited; who came without an invitation does not count."""
        return Rate(len(set(self.invited) & set(self.attended)), len(self.invited))

    @property
    def walk_ins(self) -> tuple[str, ...]:
        """Ids of those who came without an invitation."""
        invited = set(self.invited)
        return tuple(one for one in self.attended if one not in invited)

    @property
    def follow_ups_each(self) -> Fraction | None:
        """Follow-ups per attendee, exact; None where nobody came."""
        return Fraction(len(self.follow_ups), len(self.attended)) if self.attended else None

    def findings(self, on: date) -> tuple[Finding, ...]:
        """Return what is wrong with the preparation at the end of a day, or with the record."""
        return tuple(self._findings(day(on, "on")))

    def _findings(self, on: date) -> Iterator[Finding]:
        for item in self.checklist:
            done = item.done_on is not None and item.done_on <= on
            if not done and (not item.owner or item.due is None):
                yield _UNASSIGNED.about(self.id, item=item.label)
            elif not done and item.due is not None and on > item.due:
                yield _LATE.about(self.id, item=item.label, days=(on - item.due).days)
            arranged = done or item.owner or item.due is not None
            if arranged and item.restricted and not item.approver:
                yield _UNAPPROVED.about(self.id, item=item.label)
        if on > self.on and not self.attended:
            yield _NOBODY.about(self.id)
