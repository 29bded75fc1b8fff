"""The rows of `records.csv` and `summaries.csv`: what was prepared, said, agreed and written.

A second row with the key of an earlier one changes it: the cells that are filled are taken, the
blank ones stay as they were.  So an objection is raised in one row and answered in the next, and
a promise is kept in a row after the visit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final, TypeVar

import pendulum
from attrs import evolve

from report_parts.intake import not_accepted
from report_parts.rows import Row, Unreadable, shown
from salesflow import Label, SalesflowError, Term
from salesflow.customers import AdoptionRung
from salesflow.errors import (
    GateShut,
    InvalidValue,
    NoSuchMove,
    OutOfOrder,
    SkippedStage,
    WrongStanding,
)
from salesflow.products import ClinicalValue, Fab
from salesflow.scales import Measure
from salesflow.visits import (
    VISIT,
    CallPlan,
    Commitment,
    Feedback,
    MarketSignal,
    Need,
    NeedDimension,
    Objection,
    ObjectionOutcome,
    Party,
    Polarity,
    PredictedObjection,
    Question,
    QuestionForm,
    Record,
    SmartGoal,
    Spin,
    Summary,
    Trend,
    Visit,
    VisitStatus,
)

__all__ = ["TYPES", "because", "recorded", "summarised"]

_R = TypeVar("_R", Need, Objection, Commitment, Feedback)
_W = TypeVar("_W", bound=Term)
_TYPE: Final = Label("类型", "type")
_ADOPTION: Final = "adoption"
# The parts of a statement, and of the measure of an aim, in one cell.
_ARROWS: Final = ("→", "->")

Maker = Callable[[Visit, Row, datetime], Record]


def because(error: SalesflowError) -> Label:
    """Say in both languages why the library refused the row of a visit."""
    said = str(error).rstrip(".")
    match error:
        case GateShut():
            asked = [VISIT.gates[key].question for key in error.missing]
            way = error.target.label("en") if isinstance(error.target, Term) else "it"
            return Label(
                f"关口未过：{''.join(one.zh for one in asked)}",
                f"the way to “{way}” is shut: {' '.join(one.en for one in asked)}",
            )
        case WrongStanding(status=VisitStatus() as status):
            return Label(f"拜访{status.label('zh')}，不能再做此操作", said)
        case SkippedStage():
            skipped = (step.label("zh") for step in error.skipped if isinstance(step, Term))
            return Label(f"跳过了步骤：{'、'.join(skipped)}", said)
        case NoSuchMove():
            return Label("没有这样的步骤变动", said)
        case OutOfOrder():
            return Label("早于该拜访的上一条记录", said)
        case _:
            return not_accepted(error)


def recorded(visit: Visit, row: Row, at: datetime) -> Visit:
    """Return the visit with the record of a row; after the close it is a follow-up."""
    maker = row.entry("type", _MAKERS, _TYPE)
    if row.cell("type") in _SAID:
        row.instant("at")  # only what is prepared needs none
    record = maker(visit, row, at)
    if visit.status is VisitStatus.CLOSED:
        return visit.follow_up(record, at=at)
    return visit.record(record, at=at)


def summarised(visit: Visit, row: Row, at: datetime) -> Visit:
    """Return the visit with its summary."""
    result = _words(row, "result", ("succeeded", "failed", "declined"))
    record = Summary(
        points=row.text("points"),
        feedback=row.cell("feedback"),
        agreed=row.cell("agreed"),
        next_plan=row.cell("next_plan"),
        succeeded="succeeded" in result if result else None,
        declined="declined" in result,
        aims_met=row.cell("aims_met").split(),
    )
    return visit.record(record, at=at)


# --- what is prepared -------------------------------------------------------------------------


def _aim(visit: Visit, row: Row, at: datetime) -> CallPlan:
    plan, metric = _plan(visit), row.cell("kind")
    baseline, target, capacity = map(_measure, _parts(row, "state"))
    if metric == _ADOPTION and capacity is None:
        capacity = max(AdoptionRung)
    aim = SmartGoal(
        key=row.text("key"),
        subject=row.cell("who"),
        action=row.cell("text"),
        metric=metric,
        baseline=baseline,
        target=target,
        capacity=capacity,
        set_on=_today(row, at),
        deadline=_due(row),
    )
    return evolve(plan, aims=(*plan.aims, aim))


def _message(visit: Visit, row: Row, at: datetime) -> CallPlan:
    plan = _plan(visit)
    return evolve(plan, key_messages=(*plan.key_messages, _statement(visit, row, at)))


def _prediction(visit: Visit, row: Row, _: datetime) -> CallPlan:
    plan = _plan(visit)
    expected = PredictedObjection(text=row.text("text"), answer=row.cell("answer"))
    return evolve(plan, predicted=(*plan.predicted, expected))


def _plan(visit: Visit) -> CallPlan:
    return visit.sheet.plan or CallPlan()


# --- what is said and agreed ------------------------------------------------------------------


def _need(visit: Visit, row: Row, _: datetime) -> Need:
    need = _known(visit, Need, row) or Need(key=row.text("key"))
    said = _words(row, "state", ("explicit", "confirmed"))
    return evolve(
        need,
        text=row.cell("text") or need.text,
        dimension=_choice(row, "kind", NeedDimension) or need.dimension,
        explicit=need.explicit or "explicit" in said,
        confirmed=need.confirmed or "confirmed" in said,
        evidence=row.cell("ref") or need.evidence,
    )


def _question(_: Visit, row: Row, __: datetime) -> Question:
    return Question(
        spin=_choice(row, "kind", Spin),
        form=_choice(row, "state", QuestionForm),
        text=row.cell("text"),
    )


def _statement(visit: Visit, row: Row, _: datetime) -> Fab:
    feature, advantage, benefit = _parts(row, "text")
    return Fab(
        product=visit.product,
        feature=feature,
        advantage=advantage,
        benefit=benefit,
        need=row.cell("key"),
        evidence=row.cell("ref"),
        value=_choice(row, "kind", ClinicalValue),
        on_label=not _words(row, "state", ("off_label",)),
    )


def _objection(visit: Visit, row: Row, _: datetime) -> Objection:
    raised = _known(visit, Objection, row) or Objection(key=row.text("key"))
    return evolve(
        raised,
        kind=row.cell("kind") or raised.kind,
        text=row.cell("text") or raised.text,
        technique=row.cell("answer") or raised.technique,
        outcome=_choice(row, "state", ObjectionOutcome) or raised.outcome,
        follow_up=_due(row) or raised.follow_up,
    )


def _commitment(visit: Visit, row: Row, at: datetime) -> Commitment:
    today = _today(row, at)
    promise = _known(visit, Commitment, row)
    if promise is None:
        promise = Commitment(key=row.text("key"), by=row.term("kind", Party), made_on=today)
    promise = evolve(
        promise,
        text=row.cell("text") or promise.text,
        who=row.cell("who") or promise.who,
        due=_due(row) or promise.due,
    )
    done = _words(row, "state", ("kept", "withdrawn"))
    if "kept" in done:
        promise = promise.fulfil(today)
    return promise.withdraw(today) if "withdrawn" in done else promise


def _feedback(visit: Visit, row: Row, at: datetime) -> Feedback:
    today, answer = _today(row, at), row.cell("answer")
    heard = _known(visit, Feedback, row) or Feedback(key=row.text("key"), received_on=today)
    heard = evolve(
        heard,
        topic=row.cell("text") or heard.topic,
        polarity=_choice(row, "kind", Polarity) or heard.polarity,
        respond_by=_due(row) or heard.respond_by,
    )
    return heard.answered(today, answer) if answer else heard


def _signal(_: Visit, row: Row, __: datetime) -> MarketSignal:
    return MarketSignal(
        subject=row.text("key"), trend=row.term("kind", Trend), note=row.cell("text")
    )


# --- cells ------------------------------------------------------------------------------------


def _known(visit: Visit, kind: type[_R], row: Row) -> _R | None:
    """Return the record that a row changes, if its key is known already."""
    key = row.text("key")
    try:
        return visit.sheet.one(kind, key)
    except InvalidValue:
        return None


def _choice(row: Row, column: str, kind: type[_W]) -> _W | None:
    return row.term(column, kind) if row.cell(column) else None


def _due(row: Row) -> date | None:
    return row.day("due") if row.cell("due") else None


def _words(row: Row, column: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a cell, each one of those that are known."""
    said = tuple(row.cell(column).split())
    for word in said:
        if word not in known:
            raise Unreadable(
                f"{column} 无此选项：{shown(word)}", f"{column} {shown(word)!r} is unknown"
            )
    return said


def _parts(row: Row, column: str) -> tuple[str, str, str]:
    """Return the three parts of a cell with arrows between them; those left out are empty."""
    cell = row.cell(column)
    for arrow in _ARROWS:
        cell = cell.replace(arrow, "\n")
    parts = [part.strip() for part in cell.split("\n")]
    if len(parts) > 3:  # noqa: PLR2004 - feature, advantage, benefit; or from, to, at most
        raise Unreadable(f"{column} 多于三段", f"{column} has more than three parts")
    first, second, third = (*parts, "", "")[:3]
    return first, second, third


def _measure(cell: str) -> Measure | None:
    if not cell:
        return None
    for rung in AdoptionRung:
        if cell in {rung.value, rung.label("zh"), rung.label("en")}:
            return rung
    try:
        return Decimal(cell)
    except InvalidOperation:
        raise Unreadable(
            f"state 无法识别：{shown(cell)}", f"state {shown(cell)!r} is no figure and no rung"
        ) from None


def _today(row: Row, at: datetime) -> date:
    """Return the day of an instant where the book is kept."""
    return at.date() if row.tz is None else pendulum.instance(at).in_timezone(row.tz).date()


_PLANNED: Final[Mapping[str, Maker]] = MappingProxyType(
    {"aim": _aim, "message": _message, "prediction": _prediction}
)
_SAID: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        "need": _need,
        "question": _question,
        "fab": _statement,
        "objection": _objection,
        "commitment": _commitment,
        "feedback": _feedback,
        "signal": _signal,
    }
)
_MAKERS: Final[Mapping[str, Maker]] = MappingProxyType({**_PLANNED, **_SAID})
#: the types of records
TYPES: Final = tuple(_MAKERS)
