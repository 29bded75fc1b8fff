"""The public contract as the type checkers see it: never run, only checked by mypy and pyright.

Each `assert_type` states what a caller may rely on.  Each `type: ignore[...]` states what must not
pass: were it to pass one day, the unused ignore is an error itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import assert_type

import pendulum
from attrs import evolve
from pendulum import DateTime

from salesflow import (
    FUNNEL,
    WIN_RATES,
    ActivityKind,
    Cycle,
    Evidence,
    Finding,
    Gate,
    Label,
    LossReason,
    Machine,
    Money,
    Month,
    Move,
    Opportunity,
    Override,
    Quarter,
    SalesflowError,
    Severity,
    Span,
    Stage,
    Status,
    Term,
    Week,
    WinRates,
    Year,
    pipeline,
    wan,
)
from salesflow.customers import CompanyRole, HospitalRole, RelationshipLevel
from salesflow.diagrams import dot, mermaid
from salesflow.errors import GateShut, NoSuchMove, SkippedStage
from salesflow.funnel import Act, Event, RateOrigin, Sighting, replay
from salesflow.metrics import (
    Bridge,
    Conversion,
    Entered,
    Forecast,
    Movement,
    MovementKind,
    Movements,
    OwnerLine,
    Review,
    StageEstimate,
    bridge,
    churn,
    conversion,
    forecast,
    movements,
    movements_between,
    pace,
    progress,
    review,
)
from salesflow.ratios import Rate, Ratio, percent
from salesflow.tables import Table

AT = pendulum.datetime(2026, 7, 1, 9, tz="Asia/Shanghai")


def money() -> None:
    """Money has operators; a float is none of its factors."""
    price = Money("1200000", "CNY")
    assert_type(price + wan(1), Money)
    assert_type(price - wan("0.5"), Money)
    assert_type(-price, Money)
    assert_type(price * 3, Money)
    assert_type(Fraction(1, 3) * price, Money)
    assert_type(price * Decimal("0.5"), Money)
    assert_type(price / wan(1), Fraction)
    assert_type(price / 2, Money)
    assert_type(price < wan(1), bool)
    assert_type(price.amount, Decimal)
    assert_type(price.allocate([1, Fraction(1, 2)]), tuple[Money, ...])
    assert_type(sum([price, wan(1)], start=wan(0)), Money)


def periods(moment: datetime) -> None:
    """Periods are written as people say them, in a time zone."""
    quarter = Quarter(2026, 3, tz="Asia/Shanghai")
    assert_type(quarter.start, DateTime)
    assert_type(quarter.first, date)
    assert_type(quarter.months, tuple[Month, ...])
    assert_type(quarter.shift(-1), Quarter)
    assert_type(quarter.day_of(moment), date)
    assert_type(moment in quarter, bool)
    assert_type(Year(2026, first_month=4).quarters, tuple[Quarter, ...])
    assert_type(Week(2026, 47).shift(1), Week)
    assert_type(Cycle(date(2026, 1, 5), 3).days, int)
    assert_type(Span(date(2026, 7, 1), date(2026, 7, 8)).end, DateTime)


def deal() -> Opportunity:
    """Every verb returns a new deal."""
    new = Opportunity.open(
        id="D-1",
        customer="H-3",
        owner="R-9",
        product="CLIA-900",
        amount=wan(120),
        at=datetime.fromisoformat("2026-07-01T09:00:00+08:00"),
        expected_close=None,
        stage=Stage.TARGET_GROUP,
        by="R-9",
    )
    assert_type(new, Opportunity)
    assert_type(new.stage, Term)
    assert_type(new.status, Status)
    assert_type(new.amount, Money)
    assert_type(new.collected, Money)
    assert_type(new.outstanding, Money)
    assert_type(new.expected_close, date | None)
    assert_type(new.trail, tuple[Event, ...])
    assert_type(new.findings(), tuple[Finding, ...])
    assert_type(new.unmet(), tuple[Gate, ...])
    assert_type(new.as_of(AT), Opportunity | None)
    filed = [Evidence(gate="sample_volume_ok", kind="research", ref="L-1", value=None)]
    assert_type(new.unmet(evidence=filed), tuple[Gate, ...])
    assert_type(new.record(filed, at=AT), Opportunity)
    assert_type(new.record(filed[0], at=AT, by="R-9"), Opportunity)
    assert_type(new.advance(at=AT, evidence=filed, to=Stage.INFO_COLLECTION), Opportunity)
    word = Override(approver="M-1", reason="seen on site")
    assert_type(new.advance(at=AT, override=word), Opportunity)
    assert_type(new.regress(to=Stage.TRUST_BUILDING, at=AT, reason="guide left"), Opportunity)
    assert_type(new.hold(at=AT, reason="budget").resume(at=AT), Opportunity)
    lost = new.lose(LossReason.CHOSE_COMPETITOR, at=AT, competitor="C-1", note="price")
    assert_type(lost, Opportunity)
    assert_type(lost.loss_reason, LossReason | None)
    assert_type(lost.reopen(at=AT, reason="tender repeated"), Opportunity)
    assert_type(new.collect(wan(40), at=AT), Opportunity)
    assert_type(new.revise(at=AT, amount=wan(130)), Opportunity)
    assert_type(new.revise(at=AT, expected_close=None), Opportunity)
    assert_type(new.win(at=AT, evidence=filed, override=word), Opportunity)
    assert_type(new.resale(id="D-2", at=AT, amount=wan(30)), Opportunity)
    assert_type(replay(new), Opportunity)
    assert_type(new.trail[0].act, Act)
    assert_type(new.trail[0].at, DateTime)
    return new


def roles(one: Opportunity) -> None:
    """Roles are words of their own tables."""
    found = one.findings(
        hospital_roles=[HospitalRole.USER], company_roles={CompanyRole.SALESPERSON}
    )
    assert_type(found, tuple[Finding, ...])
    assert_type(RelationshipLevel.MEETING < RelationshipLevel.TRUST, bool)


def history() -> None:
    """An imported past is pairs or sightings."""
    pairs = [(AT, Stage.TRUST_BUILDING), (AT, Status.WON), (AT, LossReason.OTHER)]
    seen = [Sighting(at=AT, stage=Stage.TRUST_BUILDING), Sighting(at=AT, collected=wan(3))]
    for events in (pairs, seen):
        past = Opportunity.from_history(
            id="D-1", customer="H-3", owner="R-9", product="P-1", amount=wan(1), events=events
        )
        assert_type(past, Opportunity)


def tables() -> None:
    """A machine is a table that can be read and replaced."""
    assert_type(FUNNEL, Machine)
    assert_type(FUNNEL.moves, tuple[Move, ...])
    move = FUNNEL.moves[0]
    assert_type(move.source, Term)
    assert_type(move.target, Term)
    assert_type(move.gates, tuple[Gate, ...])
    assert_type(FUNNEL.gates["strategic"].question, Label)
    assert_type(FUNNEL.unmet(move), tuple[Gate, ...])
    assert_type(FUNNEL.advance(move, []), Term)
    stricter = evolve(FUNNEL.gates["proposal_written"], required=True)
    assert_type(FUNNEL.with_gate(stricter), Machine)
    assert_type(Stage.TARGET_GROUP.label("zh"), str)
    assert_type(WIN_RATES[Stage.TARGET_GROUP], Fraction)
    assert_type(WIN_RATES.origin, RateOrigin)
    assert_type(mermaid(FUNNEL, "zh"), str)
    assert_type(dot(FUNNEL), str)


class Phase(Term):
    """Stages of a pipeline of one's own."""

    FIRST = "first", "第一", "first"
    LAST = "last", "最后", "last"


def own() -> None:
    """The same verbs and figures over a table of one's own."""
    asks = Gate("met", Label("是否已面谈？", "Have we met?"), [ActivityKind.VISIT], any_of="")
    resale = ("resale", Phase.LAST)
    machine = pipeline("own", Phase, gates={Phase.FIRST: [asks]}, landmarks=[resale])
    rates = WinRates({Phase.FIRST: "0.1", Phase.LAST: Decimal("0.9")}, origin=RateOrigin.SET)
    one = Opportunity.open(
        id="D-1",
        customer="H-3",
        owner="R-9",
        product="P-1",
        amount=wan(1),
        at=AT,
        machine=machine,
    )
    one = one.advance(at=AT, machine=machine)
    assert_type(forecast([one], wan(1), win_rates=rates, machine=machine), Forecast)
    assert_type(movements([one], during=Month(2026, 7), machine=machine), Movements)


def figures(deals: list[Opportunity]) -> None:
    """Figures keep what they are made of."""
    q3 = Quarter(2026, 3, tz="Asia/Shanghai")
    outlook = forecast(deals, quota=wan(500), during=q3)
    assert_type(outlook, Forecast)
    assert_type(outlook.completed, Money)
    assert_type(outlook.weighted, Money)
    assert_type(outlook.expected, Money)
    assert_type(outlook.quota, Money)
    assert_type(outlook.gap, Money)
    assert_type(outlook.ratio, Fraction)
    assert_type(outlook.completion_ratio, Fraction)
    assert_type(outlook.by_stage, Table[Term, StageEstimate])
    assert_type(outlook.undated.ids, tuple[str, ...])
    assert_type(outlook.outside.overdue.n, int)
    forecast(deals, wan(500), win_rates={Stage.TARGET_GROUP: "0.02"}, completed=wan(1), at=AT)

    moves = movements(deals, during=q3, base="opening", amount_at="opening")
    assert_type(moves, Movements)
    assert_type(moves[0], Movement)
    assert_type([move.kind for move in moves], list[MovementKind])
    assert_type(moves[0].entered, Entered)
    assert_type(moves.by(lambda move: move.owner), Table[str, Movements])
    assert_type(movements_between(deals, deals), Movements)
    assert_type(progress(moves), Ratio)
    assert_type(churn(moves).ratio, Fraction | None)
    assert_type(progress(moves).part, Money | None)
    assert_type(progress(moves).whole, Money | None)
    assert_type(percent(progress(moves).ratio), str)

    b = bridge(moves)
    assert_type(b, Bridge)
    assert_type(b.start + b.created + b.reopened + b.raised - b.lowered - b.lost - b.won, Money)
    assert_type(b.end, Money)
    assert_type(conversion(moves), Conversion)
    assert_type(conversion(moves).won_of_decided, Rate)
    assert_type(conversion(moves).won_of_decided.interval, tuple[float, float] | None)
    assert_type(pace(deals, q3, limits={Stage.TRUST_BUILDING: 30}).stalled[0].days, int)

    report = review(deals, quota=wan(500), during=q3, at=AT, limits={Stage.TRUST_BUILDING: 30})
    assert_type(report, Review)
    assert_type(report.forecast, Forecast)
    assert_type(report.movements, Movements)
    assert_type(report.progress, Ratio)
    assert_type(report.by_owner, Table[str, OwnerLine])
    assert_type(report.findings, tuple[Finding, ...])
    assert_type(report.findings[0].severity, Severity)
    assert_type(report.findings[0].text.zh, str)


def split(moves: Movements) -> None:
    """A key may be a mapping of keys to shares."""

    def owners(move: Movement) -> Mapping[str, Fraction]:
        return {move.owner: Fraction(1, 2), "R-2": Fraction(1, 2)}

    assert_type(moves.by(owners), Table[str, Movements])


def refusals(one: Opportunity) -> None:
    """Errors are one tree, and their fields are typed."""
    try:
        one.advance(at=AT)
    except GateShut as error:
        assert_type(error.missing, tuple[str, ...])
    except SkippedStage as error:
        assert_type(error.skipped, tuple[Enum, ...])
    except NoSuchMove as error:
        assert_type(error.target, Enum | None)
    except SalesflowError as error:
        assert_type(str(error), str)


def refused(one: Opportunity) -> None:
    """What the checkers must refuse."""
    Money(0.1, "CNY")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wan(1) * 0.5  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    wan(1) + 1  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    one.advance()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    one.lose(at=AT)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    one.owner = "R-2"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    Override(approver="M-1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Stage.TARGET_GROUP.label("fr")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
