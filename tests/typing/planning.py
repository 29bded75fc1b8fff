"""Planning and conduct as the type checkers see them: never run, only checked by the two."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import assert_type

import pendulum

from salesflow import FUNNEL, Cycle, Finding, Machine, Money, Opportunity, Year, wan
from salesflow.conduct import (
    COMPLIANCE,
    Action,
    Admission,
    DailyLog,
    Judgement,
    LogCoverage,
    Notice,
    Policy,
    Ruling,
    SpotCheck,
    admitted,
    gated,
    judge,
    judge_all,
    log_coverage,
    spot_check,
)
from salesflow.metrics import Figure
from salesflow.planning import (
    ROADMAP,
    Attainment,
    Call,
    Callee,
    CallSchedule,
    Capacity,
    Cut,
    CycleGoal,
    CycleStanding,
    Leeway,
    Quota,
    RoadmapCheck,
    attainment,
    call_plan,
    call_plans,
    check_phase,
    cycle_standing,
    leeway,
    measured,
    rebalance,
)
from salesflow.tables import Table
from salesflow.visits import Hours, Visit
from salesflow.workdays import WEEKDAYS, WorkCalendar


def quotas_in_money_and_in_counts(deals: int) -> None:
    year = Quota(key="2026", amount=wan(500), during=Year(2026)).split_months()
    assert_type(year.amount, Money)
    assert_type(year.by(Cut.PERIOD), Table[str, Money])
    assert_type(rebalance(year, "2026/2026-01", wan(50)), Quota[Money])
    assert_type(leeway(year, "2026/2026-01"), Leeway[Money])
    assert_type(attainment(year, {"2026/2026-01": wan(40)}), Table[str, Attainment[Money]])
    counted = Quota(key="deals", amount=deals)
    assert_type(counted.amount, int)


def the_cycle_of_calls(team: list[Callee], cycle: Cycle, visits: list[Visit]) -> None:
    plan = call_plan(team, cycle, WEEKDAYS, place_days={"H-1": Fraction(3, 2)})
    assert_type(plan, CallSchedule)
    assert_type(plan.calls, tuple[Call, ...])
    assert_type(plan.utilisation, Fraction | None)
    assert_type(call_plans({"R-9": team}, cycle, WEEKDAYS), Table[str, CallSchedule])
    goals = [CycleGoal(contact=one.contact, planned=one.visits) for one in team]
    standing = cycle_standing(goals, visits, cycle, WEEKDAYS, date(2026, 7, 6))
    assert_type(standing, CycleStanding)
    assert_type(standing.prorated, Fraction | None)
    assert_type(WEEKDAYS, WorkCalendar)
    assert_type(Capacity(visit_minutes=30, most_daily=9).hours[0].hour, int)
    assert_type(team[0].busy, tuple[Hours, ...])


def the_roadmap(deals: list[Opportunity], visits: list[Visit], cycle: Cycle) -> None:
    check = check_phase(ROADMAP.phase("B"), measured(deals, visits, during=cycle))
    assert_type(check, RoadmapCheck)
    assert_type(check.findings(), tuple[Finding, ...])
    assert_type(Figure.named("销售进度"), Figure)


def conduct(action: Action, logs: list[DailyLog], visits: list[Visit], cycle: Cycle) -> None:
    assert_type(judge(action), Judgement)
    assert_type(judge_all([action])[0].ruling, Ruling)
    assert_type(COMPLIANCE.deny("meal"), Policy)
    assert_type(gated(FUNNEL), Machine)
    assert_type(admitted(visits), Admission[Visit])
    assert_type(log_coverage(logs, ["R-9"], cycle, WEEKDAYS), LogCoverage)
    assert_type(spot_check(logs, 3, seed=7), SpotCheck)
    notice = Notice.issue(
        id="N-1", department="warehouse", contact="W-2", issuer="R-9", details="ship two kits",
        due=date(2026, 7, 10), at=pendulum.datetime(2026, 7, 6),
    )  # fmt: skip
    assert_type(notice.done(at=pendulum.datetime(2026, 7, 9)), Notice)
