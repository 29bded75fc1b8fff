"""Customers, products and visits as the type checkers see them: never run, only checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import assert_type

from pendulum import DateTime

from salesflow import (
    Evidence,
    Finding,
    Gate,
    Label,
    Machine,
    Money,
    Month,
    Opportunity,
    Stage,
    Term,
)
from salesflow.customers import (
    AdopterCategory,
    AdoptionRung,
    AfterListing,
    BeforeListing,
    CompanyRole,
    Contact,
    CustomerFile,
    Doctor,
    DoctorScore,
    Dossier,
    Graded,
    GradeInput,
    Grading,
    HospitalGrade,
    HospitalRole,
    adopters,
    company_roles,
    hospital_roles,
    median_status,
    next_adopters,
    status_of,
)
from salesflow.forms import from_record
from salesflow.metrics import (
    Association,
    Effort,
    association,
    contribution,
    effort,
    effort_by,
    market_share,
    on_time,
)
from salesflow.products import Fab, FabPart, Matrix, PortfolioCell
from salesflow.ratios import Change, Rate
from salesflow.tables import Table
from salesflow.visits import (
    EFFECTIVE,
    STEPS,
    VISIT,
    AnswerLesson,
    CallPlan,
    Commitment,
    Habit,
    HabitLesson,
    Lessons,
    Need,
    Objection,
    ObjectionOutcome,
    Question,
    Sheet,
    Shortfall,
    Smart,
    SmartGoal,
    Spin,
    Step,
    StepLesson,
    StepProfile,
    Summary,
    Visit,
    VisitStatus,
    compare,
    evidence_from,
    lessons,
    replay,
    spin_coverage,
    visit_method,
)


def people(row: Mapping[str, object], today: date) -> None:
    contact = Contact(id="C-1", customer="H-1", roles=[HospitalRole.USER])
    assert_type(contact.roles, frozenset[HospitalRole])
    assert_type(hospital_roles([contact], "H-1"), tuple[HospitalRole, ...])
    assert_type(company_roles([]), tuple[CompanyRole, ...])
    assert_type(from_record(Doctor, row), Doctor)
    file = CustomerFile(customer="H-1", dossiers=Dossier)
    assert_type(file.findings(today), tuple[Finding, ...])
    Doctor(id="DR-1", hospital="H-1", prescription_count=40)  # type: ignore[call-arg]
    Doctor(id="DR-1")  # type: ignore[call-arg]


def scores() -> None:
    score = DoctorScore(doctor="DR-1", product="P-1", status=status_of("after", 1))
    assert_type(score.status, BeforeListing | AfterListing)
    assert_type(score.gap, int | None)
    assert_type(score.listed(), DoctorScore)
    assert_type(median_status([AfterListing.FEW]), BeforeListing | AfterListing | None)
    grading = Grading(weights={GradeInput.SIZE: 1}, cuts={HospitalGrade.A: 80, HospitalGrade.B: 60})
    assert_type(grading.grade({GradeInput.SIZE: None}), Graded)
    assert_type(adopters(400), Table[AdopterCategory, int])
    assert_type(next_adopters(72, 400), AdopterCategory | None)
    grading.grade({GradeInput.SIZE: 0.5})  # type: ignore[dict-item]


def products() -> None:
    said = Fab(product="P-1", feature="f", need="N-1")
    assert_type(said.missing, tuple[FabPart, ...])
    assert_type(said.findings(["N-1"]), tuple[Finding, ...])
    assert_type(Matrix(growth=Fraction(1, 10), share=1).cell(growth=1, share=2), PortfolioCell)


def visit(at: datetime, day: date) -> Visit:
    aim = SmartGoal(key="trial", set_on=day, baseline=AdoptionRung.AWARE, target=AdoptionRung.TRIAL)
    assert_type(aim.missing, tuple[Smart, ...])
    made = Visit.open(
        id="V-1",
        customer="H-1",
        contact="DR-1",
        owner="R-1",
        product="P-1",
        day=day,
        at=at,
        plan=CallPlan(aims=[aim]),
    )
    assert_type(made.advance(at=at, to=Step.OPENING), Visit)
    assert_type(made.record(Need(key="speed"), at=at), Visit)
    assert_type(made.advance(at=at, records=[Question(spin=Spin.PROBLEM), Need(key="n")]), Visit)
    assert_type(made.close(at=at, records=Summary(points="p")), Visit)
    assert_type(made.follow_up(made.sheet.commitments[0].fulfil(day), at=at), Visit)
    assert_type(made.unmet(records=()), tuple[Gate, ...])
    assert_type(made.step, Term)
    assert_type(made.status, VisitStatus)
    assert_type(made.held_at, DateTime | None)
    assert_type(made.path, tuple[Term, ...])
    assert_type(made.sheet, Sheet)
    assert_type(made.sheet.objections, tuple[Objection, ...])
    assert_type(made.as_of(at), Visit | None)
    assert_type(made.findings(), tuple[Finding, ...])
    assert_type(replay(made), Visit)
    made.advance(at=at, records="speed")  # type: ignore[arg-type]
    made.abort(at=at)  # type: ignore[call-arg]
    made.step = Step.CLOSE  # type: ignore[misc]
    return made


def tables() -> None:
    assert_type(VISIT, Machine)
    assert_type(STEPS[Step.NEEDS], StepProfile)
    assert_type(STEPS[Step.NEEDS].purpose, Label)
    own = visit_method("own", [Step.PRE_CALL_PLAN, Step.NEEDS, Step.CLOSE], loops=())
    assert_type(own, Machine)
    doubt = Objection(key="price").answered("evidence", ObjectionOutcome.RESOLVED)
    assert_type(doubt, Objection)
    assert_type(spin_coverage([Question()]).missing, tuple[Spin, ...])


def taught(visits: list[Visit], deal: Opportunity, july: Month, at: datetime) -> None:
    told = lessons(visits, july, whom=lambda one: one.contact)
    assert_type(told, Lessons)
    assert_type(told.steps, Table[Term, StepLesson])
    assert_type(told.answers, Table[str, AnswerLesson])
    assert_type(told.habits[Habit.FULL_SPIN], HabitLesson)
    assert_type(compare(told, told).effective, Change)
    assert_type(EFFECTIVE.missing(visits[0]), tuple[Shortfall, ...])
    proofs = evidence_from(visits, deal=deal.id)
    assert_type(proofs, tuple[Evidence, ...])
    assert_type(deal.advance(at=at, evidence=proofs, to=Stage.NEEDS_DISCOVERY), Opportunity)


def figures(visits: list[Visit], july: Month, day: date, promises: list[Commitment]) -> None:
    assert_type(effort(visits, july), Effort)
    assert_type(effort_by(visits, lambda one: one.owner, july), Table[str, Effort])
    assert_type(on_time(promises, day), Rate)
    assert_type(association([(2, Fraction(10))]), Association)
    assert_type(contribution({"north": Money(3, "CNY")}), Table[str, Fraction] | None)
    assert_type(market_share(3, 10), Fraction | None)
    EFFECTIVE.__class__(summary_within=timedelta(hours=2))
