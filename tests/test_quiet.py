"""The library is quiet: no file, socket, clock, locale or environment changes what it says."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

STORY = """
    from datetime import date
    import pendulum
    from salesflow import (
        FUNNEL, ActivityKind, Evidence, LossReason, Month, Opportunity, Quarter, Stage, Year, wan)
    from salesflow.conduct import (
        COMPLIANCE, Action, DailyLog, Notice, gated, judge_all, log_coverage, log_findings,
        spot_check, workload)
    from salesflow.customers import Contact, Doctor, HospitalRole
    from salesflow.metrics import effort, review
    from salesflow.planning import (
        ROADMAP, Callee, CycleGoal, Quota, call_plan, check_phase, cycle_standing, measured,
        rebalance)
    from salesflow.products import Fab
    from salesflow.visits import (
        CallPlan, Commitment, MarketSignal, Need, Objection, Question, SmartGoal, Summary, Visit,
        evidence_from, lessons)
    from salesflow.workdays import WEEKDAYS

    def at(day):
        return pendulum.datetime(2026, 7, day, 9, tz="Asia/Shanghai")

    def story():
        deals = []
        for n, stage in enumerate(Stage):
            deals.append(Opportunity.open(
                id=f"D-{n}", customer="H-1", owner=f"R-{n % 3}", product="P-1",
                amount=wan(f"{n + 1}.37"), at=at(1 + n), stage=stage,
                expected_close=date(2026, 9, 20)))
        filed = [Evidence(gate=g.key, kind="visit", ref="V-1") for g in deals[1].unmet()]
        deals[1] = deals[1].advance(at=at(20), evidence=filed)
        deals[2] = deals[2].lose(LossReason.CHOSE_COMPETITOR, at=at(21))
        deals[7] = deals[7].collect(wan(3), at=at(22))
        return review(deals, quota=wan(30), during=Quarter(2026, 3, tz="Asia/Shanghai"))

    def visited(n):
        day = date(2026, 7, 1 + n)
        aims = [SmartGoal(key="trial", set_on=day), SmartGoal(key="dose", set_on=day)]
        visit = Visit.open(
            id=f"V-{n}", customer=f"H-{n % 4}", contact=f"DR-{n % 5}", owner=f"R-{n % 3}",
            product="P-1", at=at(1 + n), day=day, plan=CallPlan(aims=aims))
        visit = visit.advance(at=at(1 + n))
        visit = visit.advance(at=at(1 + n), records=[Question(spin="problem")])
        if n % 4 == 3:
            visit = visit.abort(at=at(1 + n), reason="called away")
        else:
            visit = visit.advance(at=at(1 + n), records=[Need(key="speed", confirmed=True)])
            visit = visit.advance(at=at(1 + n), records=[
                Fab(product="P-1", feature="the best", benefit="speed", need="speed")])
            doubt = Objection(key="price", kind="price", technique=f"T-{n % 2}", outcome="resolved")
            visit = visit.advance(at=at(1 + n), records=[doubt])
            visit = visit.advance(at=at(1 + n), records=[
                Commitment(key="quote", by="company", made_on=day, due=day),
                MarketSignal(subject="class A", trend="rising")])
        return visit.close(at=at(1 + n), records=[Summary(points="p", aims_met=["trial"])])

    def taught():
        visits, july = [visited(n) for n in range(12)], Quarter(2026, 3, tz="Asia/Shanghai")
        told = lessons(visits, july, whom=lambda visit: visit.contact)
        people = (
            Contact(id="C-1", customer="H-1", roles=HospitalRole),
            Doctor(id="DR-1", hospital="H-1", name="N"),
        )
        findings = [finding for visit in visits for finding in visit.findings()]
        return told, effort(visits, july), evidence_from(visits), people, findings

    def planned():
        july, visits = Month(2026, 7, tz="Asia/Shanghai"), [visited(n) for n in range(12)]
        team = [Callee(contact=f"DR-{n}", place=f"H-{n % 4}", visits=1 + n % 4) for n in range(60)]
        plan = call_plan(team, july, WEEKDAYS, place_days={"H-1": 3})
        goals = [CycleGoal(contact=one.contact, planned=one.visits) for one in team]
        tree = Quota(key="2026", amount=wan(1000), during=Year(2026)).split_months()
        tree = tree.split_each(lambda month: month.split("person", {"R-1": 3, "R-2": 2}))
        values = measured([], visits, during=july)
        return (
            plan, plan.findings(), cycle_standing(goals, visits, july, WEEKDAYS, july.first),
            rebalance(tree, "2026/2026-03", wan(120)), check_phase(ROADMAP.phase("B"), values))

    def behaved():
        day = date(2026, 7, 6)
        actions = [Action(id=f"A-{kind.value}", kind=kind, on=day, person="R-1")
                   for kind in ActivityKind]
        notice = Notice.issue(id="N-1", department="warehouse", contact="W-1", issuer="R-1",
                              details="ship", due=day, at=at(1))
        logs = [DailyLog(id=f"L-{n}", person=f"R-{n % 3}", on=day) for n in range(9)]
        return (
            judge_all(actions), gated(FUNNEL, COMPLIANCE.deny("placement")),
            workload([notice], day),
            log_coverage(logs, ["R-0", "R-1"], Month(2026, 7), WEEKDAYS),
            spot_check(logs, 3, seed=7), [f for log in logs for f in log_findings(log)])
"""


def _run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(STORY) + textwrap.dedent(code)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    return done.stdout


SHOW = """
    r = story()
    print(r.forecast.ratio, r.progress.ratio, r.churn.ratio, r.bridge, r.pace.stages)
    for f in r.findings:
        print(f.key, f.subject, f.text.zh, f.text.en, f.advice.zh, f.advice.en)
    print(*taught(), *planned(), *behaved(), sep="\\n")
"""


def test_nothing_is_read_or_written_while_it_works():
    """Invariant 49: no file but the time zone's own, no socket, no process, as a hook hears it."""
    watch = """
        import sys
        heard = []
        loud = ("open", "os.", "socket.", "subprocess.", "shutil.", "tempfile.", "urllib.")
        story_code = story.__code__
        watching = False
        def listen(event, args):
            if watching and event.startswith(loud):
                heard.append((event, str(args[0]) if args else ""))
        sys.addaudithook(listen)
        watching = True
        story()
        taught()
        planned()
        behaved()
        open(__import__("os").devnull).close()  # the watch itself must be able to hear
        watching = False
        unzoned = [h for h in heard if "zoneinfo" not in h[1] and "tzdata" not in h[1]]
        print(unzoned)
    """
    assert _run(watch).strip() == str([("open", os.devnull)])


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2"},
        {"TZ": "America/New_York", "LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "utf-8"},
        {"TZ": "Australia/Lord_Howe", "PYTHONIOENCODING": "utf-8"},
    ],
)
def test_the_environment_changes_nothing(environment):
    """Hash seed, time zone and locale of the process leave every figure and text as it is."""
    expected = _run(SHOW, PYTHONHASHSEED="0", TZ="UTC", PYTHONIOENCODING="utf-8")

    assert _run(SHOW, **environment) == expected


def test_the_callers_decimal_context_changes_nothing():
    """A host that computes with three digits and every trap gets the same review."""
    narrow = """
        import decimal
        decimal.getcontext().prec = 3
        for signal in decimal.getcontext().traps:
            decimal.getcontext().traps[signal] = True
    """
    expected = _run(SHOW, PYTHONIOENCODING="utf-8")
    found = _run(textwrap.dedent(narrow) + textwrap.dedent(SHOW), PYTHONIOENCODING="utf-8")

    assert found == expected


def test_threads_agree():
    """The same figures in several threads at once are the same figures."""
    threads = """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(4) as pool:
            reviews = list(pool.map(lambda _: (story(), taught(), planned(), behaved()), range(4)))
        assert all(r == reviews[0] for r in reviews)
        print("agreed")
    """
    assert _run(threads).strip() == "agreed"
