"""Of a person the library keeps what the profession needs, and tells nobody their name."""

from __future__ import annotations

import pytest
from attrs import evolve, fields
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from books import new_deal
from people_strategies import CANARY, FULL, everything_told, least, made, refusal
from salesflow.customers import RelationshipLevel
from salesflow.customers.grading import HospitalGrade
from salesflow.customers.people import (
    Channel,
    Colleague,
    Contact,
    Department,
    Doctor,
    Hospital,
    Payer,
    Pharmacy,
    company_roles,
    holders,
    hospital_roles,
)
from salesflow.customers.roles import CompanyRole, HospitalRole
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.forms import from_record
from salesflow.funnel import Stage

PEOPLE = [Doctor, Contact, Colleague]
STAGES = list(Stage)


def contact(id, *roles, customer="H-1"):
    return Contact(id=id, customer=customer, roles=roles)


def colleague(id, *roles):
    return Colleague(id=id, roles=roles)


# --- forms -----------------------------------------------------------------------------------


def test_a_customer_is_a_hospital_a_pharmacy_or_a_payer():
    """Three kinds of organisation, one shape of file; the same id is not the same customer."""
    hospital, pharmacy, payer = (made(kind) for kind in (Hospital, Pharmacy, Payer))

    assert [hospital.id, pharmacy.id, payer.id] == ["H-3"] * 3
    assert len({hospital, pharmacy, payer}) == 3
    assert (hospital.grade, hospital.products, hospital.custodian) == (None, (), "")


def test_words_are_taken_by_their_keys():
    """A host stores keys; the form holds words."""
    assert Hospital(**FULL[Hospital]).grade is HospitalGrade.A
    assert Doctor(**FULL[Doctor]).channel is Channel.PHONE
    assert Contact(**FULL[Contact]).relationship is RelationshipLevel.TRUST
    assert Contact(**FULL[Contact]).roles == {HospitalRole.USER, HospitalRole.EVALUATOR}
    assert Colleague(**FULL[Colleague]).roles == {CompanyRole.SALESPERSON}


def test_a_department_belongs_to_a_hospital():
    """It is no target until somebody says so."""
    assert Department(id="DE-1", hospital="H-3").target is False
    with pytest.raises(InvalidValue, match=r"^hospital is empty"):
        Department(id="DE-1", hospital=" ")


def test_people_are_reached_at_work():
    """Four professional channels, and no private one."""
    assert [channel.label("zh") for channel in Channel] == [
        "面对面",
        "电话",
        "电子邮件",
        "在线会议",
    ]


def test_there_is_no_box_for_private_life():
    """The portrait of a doctor is professional: nothing else can be filled in."""
    assert [box.name for box in fields(Doctor)] == [
        "id",
        "name",
        "phone",
        "title",
        "channel",
        "best_time",
        "hospital",
        "department",
        "speciality",
        "clinical_needs",
        "treatment_concept",
        "patient_profile",
        "academic_focus",
        "experience",
    ]


# --- AE-74 -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "box", ["prescription_count", "family", "hobbies", "spouse", "home_address"]
)
@pytest.mark.parametrize("form", PEOPLE, ids=lambda form: form.__name__)
def test_ae_74_prescriptions_and_private_life_are_refused_by_name(form, box):
    """AE-74: a record with such a box makes no doctor, and neither does a call."""
    record = least(form)

    assert from_record(form, record) == form(**record)
    with pytest.raises(InvalidValue, match=rf"^{box} is no box of {form.__name__}; leave it out"):
        from_record(form, {**record, box: "12"})
    with pytest.raises(TypeError, match=box):
        form(**record, **{box: "12"})


# --- privacy ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "box"),
    [(form, box) for form in PEOPLE for box in ("name", "phone") if box in FULL[form]],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_a_name_is_kept_and_never_shown(form, box):
    """It is there for whoever asks for it; a log shows only that it is filled."""
    person = made(form, **{box: CANARY})

    assert getattr(person, box) == CANARY
    for shown in (repr(person), str(person), f"{person}", repr([person]), repr({"who": person})):
        assert CANARY not in shown
        assert f"{box}='***'" in shown
    assert f"{box}=''" in repr(made(form))


def names_of(form):
    """The boxes that say who it is, filled with the canary."""
    return {box.name: CANARY for box in fields(form) if box.name in {"name", "phone"}}


WRONG = [None, 5, b"x", "a\0", "x" * 201, ["x"], "no such word", True, 1.5]


@pytest.mark.parametrize("form", PEOPLE, ids=lambda form: form.__name__)
def test_a_name_is_not_in_the_error_about_another_box(form):
    """Whatever box is wrong, in whatever way, nobody learns whose form it was."""
    refused = 0
    for box in fields(form):
        for wrong in WRONG:
            error = refusal(form, **{**least(form), **names_of(form), box.name: wrong})
            refused += error is not None
            assert error is None or error.field == box.name
            assert error is None or CANARY not in everything_told(error)

    assert refused >= 6 * len(fields(form))


#: ways of writing a name where it does not fit, or does not belong
MISPLACED = [
    [CANARY],
    (CANARY,),
    {CANARY: CANARY},
    CANARY.encode(),
    f"{CANARY}\0",
    f"\u202e{CANARY}\u202c",
    f"{CANARY}\ud800",
    CANARY * 300,
    [[CANARY]],
    [f"{CANARY}\n"] * 2000,
]


@pytest.mark.parametrize("form", PEOPLE, ids=lambda form: form.__name__)
def test_a_name_in_the_wrong_box_is_not_in_the_error(form):
    """Of the wrong type, too long, with a control inside, or as a word that no list knows."""
    refused = set()
    for box in fields(form):
        for wrong in [*MISPLACED, CANARY]:
            boxes = {**least(form), box.name: wrong}
            for error in (refusal(form, **boxes), refusal(from_record, form, boxes)):
                if error is not None:
                    refused.add(box.name)
                    assert error.field == box.name
                    assert CANARY not in everything_told(error)

    assert refused == {box.name for box in fields(form)}


@pytest.mark.parametrize("name", [CANARY, f"{CANARY}\0", "李明", CANARY * 300])
@pytest.mark.parametrize("form", PEOPLE, ids=lambda form: form.__name__)
def test_a_name_in_the_place_of_a_box_is_not_in_the_error(form, name):
    """A table read with its columns and rows swapped."""
    with pytest.raises(InvalidValue) as caught:
        from_record(form, {**least(form), name: "x"})

    told = everything_told(caught.value)
    assert CANARY not in told
    assert name not in told


def test_a_name_is_not_in_the_error_of_a_change():
    """Neither when a person is changed nor when they are put into the wrong list."""
    doctor = made(Doctor, name=CANARY, phone=CANARY)

    with pytest.raises(SalesflowError) as changed:
        evolve(doctor, id="")
    with pytest.raises(FrozenInstanceError) as frozen:
        doctor.name = "x"
    with pytest.raises(WrongType) as listed:
        hospital_roles([doctor])
    for caught in (changed, frozen, listed):
        assert CANARY not in everything_told(caught.value)


# --- who sits at the table -------------------------------------------------------------------


def test_ae_30_the_decision_maker_is_missed_from_the_sixth_stage_on():
    """AE-30: user, initiator and evaluator known: enough at stage 5, not at stage 6."""
    known = [contact("C-1", "user", "initiator"), contact("C-2", "evaluator")]
    fifth, sixth = (new_deal(stage=STAGES[index]) for index in (4, 5))

    assert fifth.findings(hospital_roles=hospital_roles(known)) == ()
    (finding,) = sixth.findings(hospital_roles=hospital_roles(known))
    assert (finding.key, finding.subject) == ("hospital_role_missing", "D-1")
    assert "决策者" in finding.text.zh
    chief = contact("C-3", "decision_maker")
    assert sixth.findings(hospital_roles=hospital_roles([*known, chief])) == ()


def test_ae_31_the_sales_manager_is_missed_at_the_commitment():
    """AE-31: at stage 7 with salesperson and product manager, the sales manager lacks."""
    deal = new_deal(stage=Stage.WINNING_COMMITMENT)
    ours = [colleague("R-9", "salesperson"), colleague("R-8", "product_manager")]

    (finding,) = deal.findings(company_roles=company_roles(ours))
    assert (finding.key, finding.subject) == ("company_role_missing", "D-1")
    assert "销售经理" in finding.text.zh
    ours.append(colleague("R-7", "sales_manager"))
    assert deal.findings(company_roles=company_roles(ours)) == ()


def test_several_may_hold_a_role_and_one_may_hold_several():
    """By role, in the order of the trade; by person, in the order of the list."""
    people = [contact("C-2", "guide", "user"), contact("C-1", "user"), contact("C-3")]

    assert dict(holders(people)) == {
        HospitalRole.USER: ("C-2", "C-1"),
        HospitalRole.GUIDE: ("C-2",),
    }
    assert list(holders(people)) == [HospitalRole.USER, HospitalRole.GUIDE]


def test_a_hospital_is_asked_for_its_own_contacts():
    """The decision maker of another hospital decides nothing here."""
    people = [contact("C-1", "user"), contact("C-2", "decision_maker", customer="H-2")]

    assert hospital_roles(people) == (HospitalRole.USER, HospitalRole.DECISION_MAKER)
    assert hospital_roles(people, "H-1") == (HospitalRole.USER,)
    assert dict(holders(people, customer="H-2")) == {HospitalRole.DECISION_MAKER: ("C-2",)}
    assert hospital_roles(people, "H-9") == hospital_roles([]) == company_roles([]) == ()


@given(
    st.lists(st.sets(st.sampled_from(HospitalRole))),
    st.lists(st.sets(st.sampled_from(CompanyRole))),
)
def test_the_roles_known_are_those_that_anybody_holds(hospital, company):
    """Each once, in the order of the trade, whoever holds it."""
    contacts = [contact(f"C-{i}", *roles) for i, roles in enumerate(hospital)]
    colleagues = [colleague(f"R-{i}", *roles) for i, roles in enumerate(company)]
    found = holders(iter(contacts))

    assert hospital_roles(contacts) == tuple(
        r for r in HospitalRole if any(r in h for h in hospital)
    )
    assert company_roles(colleagues) == tuple(
        r for r in CompanyRole if any(r in c for c in company)
    )
    for role, ids in found.items():
        assert ids == tuple(one.id for one in contacts if role in one.roles)
