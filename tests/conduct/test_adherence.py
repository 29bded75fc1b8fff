"""What the log of yesterday planned for tomorrow is compared with what was done today."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily_logs import DAY, HOSPITALITY, SECRET, entry, log, seen
from salesflow.activity import ActivityKind
from salesflow.conduct.adherence import MissedPlan, PlanAdherence, plan_adherence
from salesflow.errors import DuplicateId, SalesflowError
from salesflow.metrics import effort
from salesflow.periods import Week
from salesflow.ratios import Rate
from salesflow.workdays import WEEKDAYS
from visit_teams import dropped, held, opened, talked
from visit_teams import on as at

WEEK = Week(2026, 28, tz="Asia/Shanghai")


def on(day):
    """A day of the week, 0 for Monday."""
    return DAY + timedelta(days=day)


def wrote(day, *done, plan=(), person="R-9", kind="visit"):
    """A log: whom somebody saw on a day, and whom they plan to see on the next."""
    blocks = seen(*done, kind=kind)
    return log(f"L-{day}-{person}", on(day), person=person, entries=blocks, tomorrow=plan)


def kept(*logs, calendar=WEEKDAYS, **rest):
    """What became of the plans of the week: planned, done, ad hoc, missed."""
    table = plan_adherence(logs, WEEK, calendar, **rest)
    return {
        person: (one.planned, one.done, one.ad_hoc, [(m.on.day, m.name) for m in one.missed])
        for person, one in table.items()
    }


# --- from the logs ---------------------------------------------------------------------------


def test_ae_69_twelve_planned_and_ten_done():
    """AE-69: adherence 83.3 %, and the two that were missed by name."""
    plans = [[f"H-{day}{n}" for n in range(3)] for day in range(1, 5)]
    done = [plans[0], plans[1], plans[2][:2], plans[3][:2]]
    logs = [wrote(0, plan=plans[0])]
    logs += [wrote(n, *done[n - 1], plan=plans[n] if n < 4 else ()) for n in range(1, 5)]
    (one,) = plan_adherence(logs, WEEK, WEEKDAYS).values()

    assert one.rate == Rate(10, 12)
    assert str(one.rate) == "83.3% (n=12)"
    assert one.ad_hoc == 0
    assert one.missed == (MissedPlan(on=on(3), name="H-32"), MissedPlan(on=on(4), name="H-42"))


def test_ae_69_from_the_visit_book_it_agrees_with_the_effort():
    """AE-69: 12 planned, 10 made, 8 effective: 83.3 % and 80.0 %, by either way of counting."""
    names = [f"H-{n}" for n in range(12)]
    good = [held(f"V-{n}", customer=names[n]) for n in range(8)]
    unsummed = [talked(f"V-{n}", customer=names[n]) for n in (8, 9)]
    off = [dropped("V-10", customer=names[10]), opened("V-11", customer=names[11])]
    visits = [*good, *unsummed, *off]
    plan = log("L-1", on(-3), entries=[], tomorrow=names)

    (one,) = plan_adherence([plan], WEEK, WEEKDAYS, visits=visits).values()
    work = effort(visits, WEEK)

    assert one.rate == work.adherence == Rate(10, 12)
    assert [missed.name for missed in one.missed] == ["H-10", "H-11"]
    assert str(work.effective) == "80.0% (n=10)"


def test_who_was_seen_without_a_plan_is_told_apart():
    """Neither rate nor missed; on the first day of all everybody is ad hoc."""
    assert kept(wrote(0, "H-1", plan=["H-2"]), wrote(1, "H-2", "H-3", "H-4")) == {
        "R-9": (1, 1, 3, [])
    }


def test_each_person_keeps_their_own_plan():
    """In the order of the ids; whoever wrote a log in the week is among them."""
    logs = [wrote(0, plan=["H-1"]), wrote(1, "H-1", person="R-1"), wrote(0, person="R-2")]

    assert kept(*logs, wrote(-3, person="R-3")) == {
        "R-1": (0, 0, 1, []),
        "R-2": (0, 0, 0, []),
        "R-9": (1, 0, 0, [(7, "H-1")]),
    }
    assert list(kept(*logs)) == ["R-1", "R-2", "R-9"]


def test_a_day_without_a_log_misses_its_plan():
    assert kept(wrote(0, plan=["H-1", "H-2"])) == {"R-9": (2, 0, 0, [(7, "H-1"), (7, "H-2")])}


@pytest.mark.parametrize("name", ["H-3", "H-3/lab", "C-7"])
def test_a_plan_names_a_place_a_customer_or_a_contact(name):
    """Somebody seen twice on a day was seen."""
    today = log("L-2", on(1), tomorrow=[])
    again = log("L-3", on(1), tomorrow=[])

    assert kept(wrote(0, plan=[name]), today, again) == {"R-9": (1, 1, 0, [])}


def test_a_block_that_names_nobody_is_no_visit():
    assert kept(wrote(0, ""), wrote(1, "", plan=["H-1"])) == {"R-9": (1, 0, 0, [(8, "H-1")])}


def test_a_plan_written_twice_is_one_plan():
    """By two logs of a day, as well as twice in one."""
    logs = [wrote(0, plan=["H-1", "H-1"]), log("L-9", on(0), entries=[], tomorrow=["H-1", "H-2"])]

    assert kept(*logs, wrote(1, "H-1")) == {"R-9": (2, 1, 0, [(7, "H-2")])}


@pytest.mark.parametrize("kind", HOSPITALITY)
def test_a_dinner_keeps_no_plan_and_is_no_visit(kind):
    """Invariant 46, in the logs and in the visit book."""
    plan, dinner = wrote(0, plan=["H-1"]), wrote(1, "H-1", kind=kind)

    assert kept(plan, dinner) == kept(plan) == {"R-9": (1, 0, 0, [(7, "H-1")])}
    visit = held(customer="H-1", kind=ActivityKind(kind), at=at(7, 7))
    assert kept(plan, visits=[visit]) == kept(plan)


# --- which day tomorrow is -------------------------------------------------------------------


def test_the_day_after_friday_is_monday():
    """The log of the Friday before is read for the first day of the week."""
    assert kept(wrote(-3, plan=["H-1"]), wrote(0, "H-1")) == {"R-9": (1, 1, 0, [])}


def test_a_day_of_work_at_the_weekend_is_a_day_all_the_same():
    """Whoever writes a log on Saturday kept the plan of Friday, or did not."""
    assert kept(wrote(4, plan=["H-1"]), wrote(5, "H-1")) == {"R-9": (1, 1, 0, [])}
    assert kept(wrote(4, plan=["H-1"]), wrote(5, "H-1", person="R-1"))["R-1"] == (0, 0, 1, [])


def test_a_holiday_and_leave_put_the_plan_off():
    """To the next day on which the person works."""
    plan = wrote(0, plan=["H-1"])
    holiday = WEEKDAYS.with_days_off([on(1)])

    assert kept(plan, wrote(2, "H-1")) == {"R-9": (1, 0, 1, [(7, "H-1")])}
    assert kept(plan, wrote(2, "H-1"), calendar=holiday) == {"R-9": (1, 1, 0, [])}
    assert kept(plan, leave={"R-9": [on(1), on(2)]}) == {"R-9": (1, 0, 0, [(9, "H-1")])}
    assert kept(plan, leave={"R-1": [on(1)]}) == {"R-9": (1, 0, 0, [(7, "H-1")])}


def test_a_day_to_come_is_not_missed_yet():
    """Up to the last day that is over; a plan for the next week belongs to that."""
    logs = [wrote(0, plan=["H-1"]), wrote(1, plan=["H-2"]), wrote(4, plan=["H-3"])]

    assert kept(*logs)["R-9"][0] == 2
    assert kept(*logs, on=on(1))["R-9"] == (1, 0, 0, [(7, "H-1")])
    assert kept(*logs, on=on(0))["R-9"] == (0, 0, 0, [])
    assert kept(*logs, on=on(-1)) == {}
    assert kept(*logs, on=on(60)) == kept(*logs)


def test_a_plan_is_not_kept_by_what_was_done_before_or_later():
    logs = [wrote(0, "H-1", plan=["H-1"]), wrote(1), wrote(2, "H-1")]

    assert kept(*logs) == {"R-9": (1, 0, 2, [(7, "H-1")])}


def test_visits_of_the_book_fall_on_days_where_the_period_lives():
    """A talk at eight in the evening of Monday in New York is held on Tuesday in Shanghai."""
    plan = wrote(0, plan=["H-1"])
    visit = held(customer="H-1", at=at(7, 7, 0, 30))

    assert kept(plan, visits=[visit]) == {"R-9": (1, 1, 0, [])}
    assert kept(plan, visits=[held(customer="DR-1", contact="H-1", at=at(7, 7))])["R-9"][1] == 1


# --- laws ------------------------------------------------------------------------------------

NAMES = st.lists(st.sampled_from(["H-1", "H-2", "H-3"]), max_size=3)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=5, max_size=5))
def test_every_plan_is_done_or_missed_and_every_visit_planned_or_not(days):
    """Against a day by day comparison of two lists."""
    logs = [wrote(n, *done, plan=plan) for n, (done, plan) in enumerate(days)]
    table = plan_adherence(logs, WEEK, WEEKDAYS)
    one = table.get("R-9", PlanAdherence(planned=0, done=0, ad_hoc=0, missed=()))
    before = [set(), *(set(plan) for _, plan in days)]
    pairs = [(plan, set(done)) for plan, (done, _) in zip(before, days, strict=False)]

    assert one.planned == sum(len(plan) for plan, _ in pairs)
    assert one.done == sum(len(plan & done) for plan, done in pairs)
    assert one.ad_hoc == sum(len(done - plan) for plan, done in pairs)
    assert one.done + len(one.missed) == one.planned


def test_adherence_is_a_value():
    table = plan_adherence([wrote(0, plan=["H-1"])], WEEK, WEEKDAYS)

    assert pickle.loads(pickle.dumps(table)) == table
    assert hash(table) == hash(pickle.loads(pickle.dumps(table)))


@pytest.mark.parametrize(
    ("box", "bad"),
    [
        *[("logs", bad) for bad in (SECRET, 7, None, [SECRET], log())],
        *[("during", bad) for bad in (SECRET, 7, None, DAY)],
        *[("calendar", bad) for bad in (SECRET, 7, None, {DAY})],
        *[("visits", bad) for bad in (SECRET, 7, [SECRET])],
        *[("on", bad) for bad in (SECRET, 7, datetime(2026, 7, 6))],
        *[("leave", bad) for bad in (SECRET, 7, None, {"R-9": SECRET})],
    ],
)
def test_what_is_no_comparison_is_refused(box, bad):
    given_ = {"logs": [], "during": WEEK, "calendar": WEEKDAYS}
    with pytest.raises(SalesflowError) as refused:
        plan_adherence(**(given_ | {box: bad}))

    assert refused.value.field == box
    assert SECRET not in str(refused.value)


def test_a_log_is_read_once():
    with pytest.raises(DuplicateId, match="L-1"):
        kept(log(), log())


@pytest.mark.parametrize("kind", HOSPITALITY)
def test_a_dinner_on_a_day_off_makes_no_day_of_work_of_it(kind):
    """Invariant 46: Friday's plan is still for Monday."""
    friday = log("L-1", on=date(2026, 7, 3), tomorrow=["H-3"])
    dinner = log("L-2", on=date(2026, 7, 4), entries=[entry(kind=kind)], tomorrow=())
    monday = log("L-3", on=date(2026, 7, 6), tomorrow=())
    week = Week(2026, 28)

    without = plan_adherence([friday, monday], week, WEEKDAYS)
    assert without["R-9"].planned == 1
    assert plan_adherence([friday, dinner, monday], week, WEEKDAYS) == without
