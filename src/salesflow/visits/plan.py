"""The pre-call plan: at least three aims, and everything that is prepared before the door.

>>> from salesflow.customers import AdoptionRung
>>> from salesflow.visits import climb
>>> aim = climb("trial", "DR-7", baseline=AdoptionRung.AWARE, target=AdoptionRung.TRIAL,
...             set_on=date(2026, 7, 1), deadline=date(2026, 7, 31))
>>> plan = CallPlan(aims=[aim], last_record="V-6", appointment=time(14, 30))
>>> [finding.key for finding in plan.findings("V-7", day=date(2026, 7, 6))]
['aims_few', 'no_key_message', 'no_prediction', 'no_opening', 'no_material']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue
from salesflow.findings import Finding, Remark, Severity
from salesflow.forms import count
from salesflow.instants import day as calendar_day
from salesflow.instants import hour as wall_hour
from salesflow.labels import Label
from salesflow.products import Fab
from salesflow.visits.aims import SmartGoal

__all__ = [
    "LEAST_AIMS",
    "PLAN_REMARKS",
    "CallPlan",
    "Hours",
    "PredictedObjection",
]

#: aims that a visit should have at least
LEAST_AIMS: Final = 3

_WEEK: Final = 7


@frozen(kw_only=True)
class PredictedObjection:
    """An objection that is expected, with the answer prepared for it."""

    #: what the customer may say
    text: str
    #: what we answer
    answer: str = ""

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "text")
        forms.notes(self, "answer")


@frozen(kw_only=True)
class Hours:
    """Hours of a day, busy or welcome or worked: from `start` up to, not including, `end`."""

    #: the first moment, on the wall of the hospital
    start: time
    #: the first moment after them
    end: time
    #: ISO weekday, 1 for Monday; None for every day
    weekday: int | None = None

    def __attrs_post_init__(self) -> None:
        if wall_hour(self.start, "start") >= wall_hour(self.end, "end"):
            raise InvalidValue("end", "is not after the start", "split hours at midnight")
        if self.weekday is not None and count(self.weekday, "weekday") not in range(1, _WEEK + 1):
            raise InvalidValue("weekday", "is no weekday", "use 1 for Monday to 7 for Sunday")

    def covers(self, day: date, hour: time) -> bool:
        """Whether an hour of a day is one of them."""
        on, at = calendar_day(day, "day"), wall_hour(hour, "hour")
        return self.weekday in (None, on.isoweekday()) and self.start <= at < self.end


_FEW: Final = Remark(
    "aims_few",
    Severity.WATCH,
    Label("目的 {n} 个，少于 {least} 个", "aims {n} < {least}"),
    Label("补充拜访目的", "add aims to the plan"),
)
_NOT_SMART: Final = Remark(
    "aim_not_smart",
    Severity.WATCH,
    Label("目的“{aim}”不符合SMART，缺少：{parts}", "aim “{aim}” is not SMART, it lacks: {parts}"),
    Label("按SMART改写", "rewrite it by the letters of SMART"),
)
_NO_LADDER: Final = Remark(
    "no_ladder_aim",
    Severity.WATCH,
    Label("没有使客户沿接纳度阶梯上移的目的", "no aim moves the customer up the adoption ladder"),
    Label("设定上移一级的目的", "set one that is a rung higher"),
)
_UNREAD: Final = Remark(
    "last_record_unread",
    Severity.WATCH,
    Label("未翻阅上次拜访记录", "the record of the last visit was not read"),
    Label("先看上次记录", "read it first"),
)
_NO_APPOINTMENT: Final = Remark(
    "no_appointment",
    Severity.WATCH,
    Label("没有预约", "no appointment was made"),
    Label("提前预约", "make one"),
)
_BUSY: Final = Remark(
    "busy_hour",
    Severity.WATCH,
    Label("{hour} 是客户繁忙时段", "the customer is busy at {hour}"),
    Label("避开繁忙时段", "choose another hour"),
)
_UNANSWERED: Final = Remark(
    "prediction_unanswered",
    Severity.WATCH,
    Label("预测的异议没有准备答案：{n} 个", "predicted objections without an answer: {n}"),
    Label("准备答案", "prepare the answers"),
)
_NO_PREDICTION: Final = Remark(
    "no_prediction",
    Severity.WATCH,
    Label("没有预测客户异议", "no objection was predicted"),
    Label("预测异议并准备答案", "predict some, with answers"),
)
_NO_MESSAGE: Final = Remark(
    "no_key_message",
    Severity.WATCH,
    Label("没有准备关键信息", "no key message was prepared"),
    Label("准备产品特征和利益", "prepare features and benefits"),
)
_NO_OPENING: Final = Remark(
    "no_opening",
    Severity.WATCH,
    Label("没有准备开场白", "no opening was prepared"),
    Label("准备与客户利益相关的开场白", "prepare one that concerns the customer"),
)
_NO_MATERIAL: Final = Remark(
    "no_material",
    Severity.WATCH,
    Label("没有准备学术资料", "no evidence or material was prepared"),
    Label("准备文献和资料", "prepare studies and material"),
)
#: every finding about a plan
PLAN_REMARKS: Final = (
    _FEW,
    _NOT_SMART,
    _NO_LADDER,
    _UNREAD,
    _NO_APPOINTMENT,
    _BUSY,
    _UNANSWERED,
    _NO_PREDICTION,
    _NO_MESSAGE,
    _NO_OPENING,
    _NO_MATERIAL,
)


def _aims(value: Iterable[SmartGoal]) -> tuple[SmartGoal, ...]:
    aims = forms.list_of(SmartGoal, value, "aims")
    if len({aim.key for aim in aims}) < len(aims):
        raise InvalidValue("aims", "bear one key twice", "give each aim its own key")
    return aims


def _messages(value: Iterable[Fab]) -> tuple[Fab, ...]:
    return forms.list_of(Fab, value, "key_messages")


def _predicted(value: Iterable[PredictedObjection]) -> tuple[PredictedObjection, ...]:
    return forms.list_of(PredictedObjection, value, "predicted")


def _busy(value: Iterable[Hours]) -> tuple[Hours, ...]:
    return forms.list_of(Hours, value, "busy")


@frozen(kw_only=True)
class CallPlan:
    """What was prepared for a visit."""

    #: what the visit is for
    aims: tuple[SmartGoal, ...] = field(default=(), converter=_aims)
    #: the first sentences
    opening: str = ""
    #: what is to be said of the product
    key_messages: tuple[Fab, ...] = field(default=(), converter=_messages)
    #: objections that are expected, with answers
    predicted: tuple[PredictedObjection, ...] = field(default=(), converter=_predicted)
    #: the host's references to studies and material that are taken along
    materials: tuple[str, ...] = field(default=(), converter=forms.some)
    #: the host's reference to the last record that was read
    last_record: str = ""
    #: whether nobody has visited before, so that there is no record to read
    first_visit: bool = False
    #: the hour agreed on, on the wall of the hospital; None without an appointment
    appointment: time | None = None
    #: when the customer has no time
    busy: tuple[Hours, ...] = field(default=(), converter=_busy)

    def __attrs_post_init__(self) -> None:
        forms.notes(self, "opening")
        forms.texts(self, "materials")
        forms.optional_lines(self, "last_record")
        forms.flags(self, "first_visit")
        if self.appointment is not None:
            wall_hour(self.appointment, "appointment")

    def findings(
        self, subject: str, *, day: date | None = None, least_aims: int = LEAST_AIMS
    ) -> tuple[Finding, ...]:
        """Return what the plan of a visit lacks; `day` is the day it is planned for."""
        on = None if day is None else calendar_day(day, "day")
        return tuple(self._findings(subject, on, count(least_aims, "least_aims")))

    def _findings(self, subject: str, day: date | None, least: int) -> Iterator[Finding]:
        if len(self.aims) < least:
            yield _FEW.about(subject, n=len(self.aims), least=least)
        for aim in self.aims:
            if aim.missing:
                yield _NOT_SMART.about(subject, aim=aim.key, parts=aim.missing)
        lacks = {
            _NO_LADDER: not any(aim.moves_ladder for aim in self.aims),
            _UNREAD: not (self.last_record or self.first_visit),
            _NO_APPOINTMENT: self.appointment is None,
            _NO_MESSAGE: not self.key_messages,
            _NO_PREDICTION: not self.predicted,
            _NO_OPENING: not self.opening,
            _NO_MATERIAL: not self.materials,
        }
        yield from (remark.about(subject) for remark, lacking in lacks.items() if lacking)
        hour = self.appointment
        if day is not None and hour is not None and any(b.covers(day, hour) for b in self.busy):
            yield _BUSY.about(subject, hour=f"{hour:%H:%M}")
        open_ones = sum(not one.answer for one in self.predicted)
        if open_ones:
            yield _UNANSWERED.about(subject, n=open_ones)
        for message in self.key_messages:
            yield from message.claims(subject=subject)
