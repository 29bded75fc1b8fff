"""Filling the weekly form from what the library knows: deals, visits and the grades of customers.

Every deal that was in play in the week has its row, those that were won or lost in it too; stage
and stage before are those of its movement, so that the form agrees with the review of the week.
Hospitality is in no count.

>>> import pendulum
>>> from salesflow.funnel import Stage
>>> from salesflow.money import wan
>>> deal = Opportunity.open(id="D-1", customer="H-3", owner="R-9", product="CLIA-900",
...                         amount=wan(120), at=pendulum.datetime(2026, 7, 1, tz="UTC"))
>>> form = weekly_form([deal], [], Week(2026, 30), "R-9", grades={"H-3": "a"})
>>> [(row.deal, row.stage.name, str(row.win_rate), row.missing[0]) for row in form.rows]
[('D-1', 'TARGET_GROUP', '1/50', 'expected_close')]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from salesflow import text
from salesflow.activity import ActivityKind
from salesflow.conduct.weekly import WeeklyForm, week_of
from salesflow.conduct.weekly_row import WeeklyRow
from salesflow.customers import HospitalGrade
from salesflow.forms import term_of
from salesflow.funnel import FUNNEL, WIN_RATES, Opportunity, Status, WinRates, rates_of
from salesflow.labels import Term
from salesflow.machine import Machine
from salesflow.metrics import Movement, MovementKind, movements
from salesflow.periods import Week
from salesflow.scales import Number
from salesflow.tables import Rows, Table, listed_of, rows_of
from salesflow.visits import VISIT, Visit, VisitStatus
from salesflow.visits.cases import Cases, cases_of

__all__ = ["weekly_form"]

_NO_GRADES: Final[Table[str, HospitalGrade]] = Table({})
_OUTCOMES: Final = {MovementKind.WON: Status.WON, MovementKind.LOST: Status.LOST}
# The visits of a person: what was done for each deal, and what is planned next.
_Done = dict[str, Counter[ActivityKind]]
_Next = dict[str, Visit]


def weekly_form(
    deals: Iterable[Opportunity],
    visits: Iterable[Visit],
    week: Week,
    person: str,
    *,
    grades: Rows[str, HospitalGrade] = _NO_GRADES,
    win_rates: WinRates | Rows[Term, Number | str] = WIN_RATES,
    machine: Machine = FUNNEL,
    method: Machine = VISIT,
) -> WeeklyForm:
    """Return the form of a person, as deals and visits stood at the end of a week.

    Of the deals those are taken that the person owns, of the visits those they made; a visit is
    counted for the deal it names.  The next action is the visit planned first after the week.
    `grades` are the grades of customers, by id.

    Raises as `movements` and `effort` do.
    """
    who = text.line(person, "person")
    own = [deal for deal in listed_of(deals, Opportunity, "deals") if deal.owner == who]
    made = [visit for visit in listed_of(visits, Visit, "visits") if visit.owner == who]
    moves = movements(own, week_of(week), machine=machine)
    cases = cases_of(made, week, None, method)
    done, following = _done(cases), _following(cases, week)
    rates, graded = rates_of(win_rates, machine), rows_of(grades, "grades")
    besides = Counter[ActivityKind]()
    for deal in done.keys() - {move.id for move in moves}:
        besides.update(done[deal])
    return WeeklyForm(
        week=week,
        person=who,
        rows=[
            _row(move, rates, graded.get(move.customer), done, following.get(move.id))
            for move in moves
        ],
        besides=besides,
    )


def _row(
    move: Movement,
    rates: dict[Term, Fraction],
    grade: HospitalGrade | None,
    done: _Done,
    following: Visit | None,
) -> WeeklyRow:
    return WeeklyRow(
        deal=move.id,
        customer=move.customer,
        product=move.product,
        amount=move.amount_after,
        stage=move.stage_after,
        previous=move.stage_before,
        status=_OUTCOMES.get(move.kind, Status.OPEN),
        loss=move.loss,
        grade=None if grade is None else term_of(HospitalGrade, grade, "grades"),
        win_rate=rates[move.stage_after] if move.is_open else None,
        expected_close=move.close_after,
        activities=done.get(move.id, {}),
        next_action=None if following is None else following.kind,
        next_on=None if following is None else following.day,
    )


def _done(cases: Cases) -> _Done:
    done: _Done = {}
    for case in cases.belonging:
        if case.visit.held_at is not None:
            done.setdefault(case.visit.deal, Counter())[case.visit.kind] += 1
    return done


def _following(cases: Cases, week: Week) -> _Next:
    planned = [
        (visit.day, visit.id, visit)
        for visit in (case.visit for case in cases.counted)
        if visit.status is VisitStatus.PLANNED and visit.day is not None and visit.day >= week.after
    ]
    # The first one of each deal is written last, and stays.
    return {visit.deal: visit for _, _, visit in sorted(planned, key=lambda row: row[:2])[::-1]}
