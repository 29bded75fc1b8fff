"""Who informs doctors neither carries a quota nor takes money, whatever they are called."""

from __future__ import annotations

import pickle

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from books import new_deal, on_day, yuan
from people_strategies import CANARY, everything_told
from salesflow.conduct.separation import SEPARATION_REMARKS, Assignment, separation
from salesflow.customers import BARRED, DUTIES, Colleague, CompanyRole, Duty, may
from salesflow.errors import DuplicateId, InvalidValue, SalesflowError, WrongType
from salesflow.findings import Severity
from salesflow.labels import LANGUAGES, Label
from visit_teams import held, opened

REP = Colleague(id="R-1", roles=["medical_rep"])
SELLER = Colleague(id="R-9", roles=["salesperson"])


def found(*args, **rest):
    """The findings as pairs of key and person."""
    return [(one.key, one.subject) for one in separation(*args, **rest)]


# --- an assignment ---------------------------------------------------------------------------


def test_ae_73_a_medical_rep_with_the_duty_of_collection_is_rejected():
    """AE-73, C11: it cannot even be written down."""
    with pytest.raises(InvalidValue, match=r"^duties hold one that is barred to a medical_rep"):
        Assignment(person="R-1", role="medical_rep", duties=["inform_doctors", "collect_payment"])


@given(st.sampled_from(CompanyRole), st.sets(st.sampled_from(Duty)))
def test_an_assignment_exists_where_each_duty_is_open_to_the_role(role, duties):
    """No more is barred than the table says, and no less."""
    try:
        made = Assignment(person="R-1", role=role, duties=duties)
    except InvalidValue:
        assert any(not may(role, duty) for duty in duties)
    else:
        assert made.duties == duties
        assert all(may(role, duty) for duty in duties)


def test_each_role_may_have_its_own_duties():
    """Nobody is refused for their job."""
    for role, duties in DUTIES.items():
        assert Assignment(person="R-1", role=role, duties=duties).role is role


def test_an_assignment_is_immutable_hashable_and_storable():
    made = Assignment(person="R-9", role="salesperson", duties=["carry_quota"])

    assert pickle.loads(pickle.dumps(made)) == made
    assert hash(made) == hash(pickle.loads(pickle.dumps(made)))
    with pytest.raises(FrozenInstanceError):
        made.duties = frozenset()
    assert "duties={CARRY_QUOTA}" in repr(made)


@pytest.mark.parametrize(
    ("box", "content"),
    [
        *(("person", bad) for bad in ("", None, 7, f"{CANARY}\0", CANARY * 100)),
        *(("role", bad) for bad in ("", None, CANARY, Duty.SHIP, True)),
        *(("duties", bad) for bad in (CANARY, None, [CANARY], [None], 7, [CompanyRole.FINANCE])),
    ],
)
def test_what_cannot_stand_in_an_assignment_is_refused(box, content):
    """By the name of the box, and without a word of what stood there."""
    given_ = {"person": "R-1", "role": "salesperson", "duties": []}
    with pytest.raises(SalesflowError) as caught:
        Assignment(**(given_ | {box: content}))

    assert caught.value.field == box
    assert CANARY not in everything_told(caught.value)


# --- what the records show -------------------------------------------------------------------


def test_where_roles_are_kept_apart_there_is_nothing_to_say():
    """A salesperson owns deals and collects; a medical rep informs."""
    deal = new_deal(owner="R-9").collect(yuan(10), at=on_day(1), by="R-9")

    assert separation([REP, SELLER], [deal], informing=[held(owner="R-1")]) == ()


def test_a_medical_rep_owns_no_deal():
    """One finding for all of them, which names them."""
    deals = [new_deal("D-1", owner="R-1"), new_deal("D-2", owner="R-1"), new_deal("D-3")]
    (finding,) = separation([REP, SELLER], deals)

    assert (finding.key, finding.subject, finding.severity) == (
        "duty_barred",
        "R-1",
        Severity.BLOCK,
    )
    assert finding.values["seen"] == ("D-1", "D-2")
    assert finding.text == Label(
        "R-1是医药代表，不得承担销售指标（见：D-1, D-2）",
        "R-1 is a medical representative and must not carry a quota (seen in: D-1, D-2)",
    )


def test_a_medical_rep_takes_no_payment():
    """Who recorded it is asked, once for each deal; a payment nobody signed tells nothing."""
    deal = new_deal(owner="R-9").collect(yuan(10), at=on_day(1), by="R-1")
    deal = deal.collect(yuan(10), at=on_day(2), by="R-1").collect(yuan(10), at=on_day(3))
    (finding,) = separation([REP, SELLER], [deal])

    assert (finding.values["duty"], finding.values["seen"]) == (Duty.COLLECT_PAYMENT, ("D-1",))


def test_another_event_signed_by_a_medical_rep_is_no_payment():
    deal = new_deal(owner="R-9").revise(at=on_day(1), amount=yuan(50), by="R-1")

    assert separation([REP, SELLER], [deal]) == ()


def test_a_list_of_duties_is_looked_at_too():
    """Such as who carries a quota."""
    assert found([REP], duties={"R-1": ["carry_quota", Duty.INFORM_DOCTORS]}) == [
        ("duty_barred", "R-1")
    ]


@pytest.mark.parametrize("role", CompanyRole)
def test_counting_prescriptions_is_for_nobody(role):
    """C9: in no role."""
    person = Colleague(id="R-1", roles=[role])

    assert found([person], duties={"R-1": ["count_prescriptions"]}) == [("duty_barred", "R-1")]


def test_whoever_informs_doctors_is_a_medical_rep_by_what_they_do():
    """A salesperson who informs doctors and owns the deal."""
    deals, visits = [new_deal(owner="R-9")], [held(owner="R-9")]
    findings = separation([SELLER], deals, informing=visits)

    assert [(one.key, one.subject, one.severity) for one in findings] == [
        ("informs_and_sells", "R-9", Severity.BLOCK)
    ]
    assert findings[0].text.zh == "R-9向医生传递医药学信息，不得又承担销售指标（见：D-1）"
    assert found([], deals, informing=visits) == [("informs_and_sells", "R-9")]
    assert found([], deals, duties={"R-9": ["inform_doctors"]}) == [("informs_and_sells", "R-9")]


def test_a_visit_that_was_never_held_informed_nobody():
    """And neither did one by somebody else."""
    deals = [new_deal(owner="R-9")]

    assert separation([SELLER], deals, informing=[opened(owner="R-9"), held(owner="R-1")]) == ()


def test_a_medical_rep_is_told_once_and_not_twice():
    """By the role; that they inform doctors besides is their job."""
    deals, visits = [new_deal(owner="R-1")], [held(owner="R-1")]

    assert found([REP], deals, informing=visits) == [("duty_barred", "R-1")]


def test_two_roles_that_bar_each_others_duties_conflict():
    """A salesperson who is a medical representative too; a manager may sell."""
    both = Colleague(id="R-2", roles=["medical_rep", "salesperson", "engineer"])
    fine = Colleague(id="R-3", roles=["salesperson", "sales_manager"])
    (finding,) = separation([both, fine])

    assert (finding.key, finding.subject) == ("roles_conflict", "R-2")
    assert set(finding.values["roles"]) == {CompanyRole.SALESPERSON, CompanyRole.MEDICAL_REP}


@given(st.sets(st.sampled_from(CompanyRole)), st.sets(st.sampled_from(Duty)))
def test_a_duty_is_reported_where_a_role_bars_it(roles, duties):
    """Against the table, role by role."""
    person = Colleague(id="R-1", roles=roles)
    findings = separation([person], duties={"R-1": duties})
    told = {one.values["duty"] for one in findings if one.key == "duty_barred"}

    assert told == {duty for duty in duties if any(duty in BARRED[role] for role in roles)}
    conflicts = any(not BARRED[a].isdisjoint(DUTIES[b]) for a in roles for b in roles)
    assert any(one.key == "roles_conflict" for one in findings) is conflicts


def test_every_finding_speaks_both_languages():
    assert [remark.key for remark in SEPARATION_REMARKS] == [
        "roles_conflict",
        "duty_barred",
        "informs_and_sells",
    ]
    for remark in SEPARATION_REMARKS:
        assert all(remark.text.text(language) for language in LANGUAGES)


def test_two_colleagues_with_one_id_are_refused():
    with pytest.raises(DuplicateId, match="'R-1'"):
        separation([REP, REP])


@pytest.mark.parametrize("bad", [None, CANARY, [CANARY], [None], 7])
def test_what_is_none_of_them_is_refused_by_its_name(bad):
    """Colleagues, deals, visits, duties."""
    for name, call in {
        "colleagues": lambda: separation(bad),
        "deals": lambda: separation([], bad),
        "informing": lambda: separation([], informing=bad),
        "duties": lambda: separation([], duties=bad),
    }.items():
        with pytest.raises(WrongType, match=f"^{name} ") as caught:
            call()
        assert CANARY not in everything_told(caught.value)


@pytest.mark.parametrize("row", [{"R-1": CANARY}, {"R-1": [CANARY]}, {"": []}, {7: []}])
def test_a_list_of_duties_holds_duties_by_id(row):
    with pytest.raises(InvalidValue, match=r"^duties ") as caught:
        separation([], duties=row)

    assert CANARY not in everything_told(caught.value)
