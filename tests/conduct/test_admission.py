"""What a policy denies counts nowhere: not for a gate, not for a figure, under any policy."""

from __future__ import annotations

import pickle
from datetime import timedelta

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from books import GENERAL, evidence_for, lives, new_deal, on_day
from compliance_cases import PAPERS, act, actions, policies
from people_strategies import CANARY, everything_told
from salesflow.activity import ActivityKind
from salesflow.conduct.admission import ADMISSION_REMARKS, Admission, admitted, counted, gated
from salesflow.conduct.compliance import judge_all
from salesflow.conduct.policy import COMPLIANCE, Policy
from salesflow.conduct.rulings import Ruling
from salesflow.errors import DuplicateId, GateShut, InvalidValue, WrongType
from salesflow.findings import Severity
from salesflow.funnel import FUNNEL, Stage, Status
from salesflow.gates import Evidence
from salesflow.labels import LANGUAGES, Label
from salesflow.metrics import churn, effort, forecast, movements, progress, review
from salesflow.money import Money
from salesflow.periods import Quarter
from salesflow.visits import VISIT, evidence_from, lessons
from strategies import evidences
from visit_teams import JULY, TREATS, held, teams

Q3 = Quarter(2026, 3, tz="Asia/Shanghai")
QUOTA = Money(500, "CNY")
WITHOUT_SEMINARS = COMPLIANCE.deny("seminar")


#: visits held, some of each kind
_VISITS = [held(f"V-{n}-{kind.value}", kind=kind) for kind in ActivityKind for n in (1, 2)]
_HELD = st.lists(st.sampled_from(_VISITS), unique_by=lambda visit: visit.id)

# --- actions and visits ----------------------------------------------------------------------


@given(actions(max_size=4))
def test_what_is_counted_is_what_the_judgements_say(given_):
    """In the order given, with the reasons against the rest."""
    policy = COMPLIANCE.deny("seminar", "sample")
    admission, judged = counted(given_, policy), judge_all(given_, policy)

    assert [one.id for one in admission.items] == [one.action for one in judged if one.counts]
    reasons = [reason for one in judged if not one.counts for reason in one.reasons]
    assert list(admission.findings) == reasons


def test_an_action_given_twice_is_counted_once():
    """And two with one id are refused."""
    assert counted([act("A"), act("A")]).items == (act("A"),)
    with pytest.raises(DuplicateId):
        counted([act("A"), act("A", "call")])


def test_an_approved_honorarium_counts_and_a_dinner_does_not():
    """The one after its review, the other never."""
    talk, dinner = act("A", "honorarium", **PAPERS), act("B", "meal", **PAPERS)
    admission = counted([talk, dinner])

    assert admission.items == (talk,)
    assert {finding.subject for finding in admission.findings} == {"B"}


@given(_HELD, policies(0))
def test_the_visits_admitted_are_those_whose_kind_counts(visits, policy):
    """Each other one is a finding; nothing is hidden, and nothing denied gets in."""
    admission = admitted(visits, policy)
    inside = {visit.id for visit in admission.items}

    assert inside == {visit.id for visit in visits if policy.counts(visit.kind)}
    assert [one.subject for one in admission.findings] == [
        visit.id for visit in visits if visit.id not in inside
    ]
    for visit in admission.items:
        assert policy.ruling(visit.kind) is Ruling.ALLOW


@pytest.mark.parametrize(
    ("kind", "policy", "severity"),
    [
        ("gift", COMPLIANCE, Severity.BLOCK),
        ("meal", COMPLIANCE, Severity.AVOID),
        ("meal", COMPLIANCE.ruled({"meal": "allow"}, name="ours"), Severity.WATCH),
        ("seminar", WITHOUT_SEMINARS, Severity.BLOCK),
    ],
)
def test_a_visit_left_out_weighs_as_the_policy_rules(kind, policy, severity):
    """A host that allows dinners still sees why none counts."""
    (finding,) = admitted([held(kind=kind)], policy).findings

    assert (finding.key, finding.severity, finding.subject) == ("visit_left_out", severity, "V-1")
    assert policy.name in finding.text.en


def test_the_finding_speaks_both_languages():
    (remark,) = ADMISSION_REMARKS
    (finding,) = admitted([held(kind="gift")]).findings

    assert remark.key == finding.key
    assert finding.text == Label(
        "按“compliance”，礼品不计入拜访", "by “compliance”, gift does not count as a visit"
    )
    assert all(finding.advice.text(language) for language in LANGUAGES)


@given(_HELD)
def test_a_stricter_policy_reaches_the_figures_through_what_they_are_fed_with(visits):
    """Effort of the admitted visits is effort without what the policy denies."""
    without = [visit for visit in visits if visit.kind is not ActivityKind.SEMINAR]

    fed = admitted(visits, WITHOUT_SEMINARS).items

    assert effort(fed, JULY) == effort(without, JULY)
    assert evolve(lessons(fed), findings=(), left_out=()) == evolve(
        lessons(without), findings=(), left_out=()
    )


def test_an_admission_is_a_value():
    admission = counted([act("A"), act("B", "gift")])

    assert pickle.loads(pickle.dumps(admission)) == admission
    assert hash(admission) == hash(counted([act("A"), act("B", "gift")]))
    assert isinstance(admission, Admission)


# --- gates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("machine", [FUNNEL, VISIT, GENERAL], ids=lambda machine: machine.name)
def test_the_default_policy_leaves_every_table_as_it_is(machine):
    """The gates are as strict already."""
    assert gated(machine) is machine


def test_a_stricter_policy_makes_stricter_gates_under_the_same_name():
    """Where seminars are denied, one opens no gate; the deals pass through the new table."""
    strict = gated(FUNNEL, WITHOUT_SEMINARS)
    deal = new_deal(stage=Stage.NEEDS_DISCOVERY)
    good = evidence_for(FUNNEL.move(deal.stage).gates)
    seminars = [evolve(one, kind="seminar") for one in good]

    assert strict.name == FUNNEL.name
    assert len(deal.unmet(evidence=seminars)) < len(deal.unmet(evidence=seminars, machine=strict))
    with pytest.raises(GateShut):
        deal.advance(at=on_day(1), evidence=seminars, machine=strict)
    moved = deal.advance(at=on_day(1), evidence=good, machine=strict)
    assert moved.stage is Stage.VALUE_PRESENTATION


@given(
    st.sampled_from(FUNNEL.moves),
    st.sets(st.sampled_from(ActivityKind), max_size=6),
    st.lists(evidences(list(FUNNEL.gates)), max_size=8),
)
def test_what_a_policy_does_not_count_opens_no_gate(move, kinds, filed):
    """Evidence of a kind denied or reviewed might as well not be there; no gate gets looser."""
    policy = COMPLIANCE.deny(*list(kinds)[::2]).ruled(
        {kind: max(Ruling.REVIEW, COMPLIANCE.ruling(kind)) for kind in list(kinds)[1::2]}
    )
    try:
        strict = gated(FUNNEL, policy)
    except InvalidValue:
        return
    row = strict.move(move.source, move.target)
    counting = [one for one in filed if policy.counts(one.kind, approved=bool(one.approver))]
    shut = strict.unmet(row, filed)

    assert shut == strict.unmet(row, counting)
    assert {gate.key for gate in FUNNEL.unmet(move, filed)} <= {gate.key for gate in shut}
    assert [gate.key for gate in row.gates] == [gate.key for gate in move.gates]


def test_work_that_the_policy_wants_approved_is_taken_out_of_the_gates():
    """A gate asks for no approval of work, so nobody would see whether there was one."""
    policy = COMPLIANCE.ruled({"visit": "review"})
    strict = gated(FUNNEL, policy)

    for key, gate in FUNNEL.gates.items():
        kept = tuple(kind for kind in gate.accepts if kind is not ActivityKind.VISIT)
        assert strict.gates[key].accepts == kept


def test_a_placement_under_review_stays_with_its_gate():
    """The gate asks for the approver itself."""
    assert gated(GENERAL).gates["plan_shown"].accepts == (ActivityKind.PLACEMENT,)


def test_a_gate_that_nothing_could_open_is_refused():
    """Said by its key, with what to do."""
    with pytest.raises(InvalidValue) as caught:
        gated(GENERAL, COMPLIANCE.deny("placement"))

    assert str(caught.value) == (
        "policy denies all that the gate plan_shown accepts; "
        "let one of its kinds count, or give the machine another gate."
    )


def test_a_gate_of_a_fact_alone_needs_no_kind():
    """Paid is paid; but a gate that wants evidence besides never comes to want the fact only."""
    paid = GENERAL.gates["paid"]
    both = GENERAL.with_gate(evolve(paid, accepts={ActivityKind.SEMINAR}))

    assert gated(GENERAL, WITHOUT_SEMINARS).gates["paid"] == paid
    with pytest.raises(InvalidValue, match=r"^policy denies all that the gate paid accepts"):
        gated(both, WITHOUT_SEMINARS)


# --- across the library ----------------------------------------------------------------------

_TREATS = st.builds(
    Evidence,
    gate=st.sampled_from(list(FUNNEL.gates)),
    kind=st.sampled_from(TREATS),
    ref=st.just("B-1"),
    value=st.none() | st.booleans() | st.integers(0, 9),
    approver=st.sampled_from(["", "M-1"]),
)


@st.composite
def treated_books(draw):
    """Some deals, and the same with gifts, coupons, entertainment and meals filed to them."""
    deals = [evolve(draw(lives(max_steps=6)), id=f"D-{i}") for i in range(draw(st.integers(1, 3)))]
    treated = []
    for deal in deals:
        treats = draw(st.lists(_TREATS, max_size=4))
        later = deal.trail[-1].at + timedelta(hours=draw(st.integers(0, 400)))
        able = treats and deal.status is Status.OPEN
        treated.append(deal.record(treats, at=later) if able else deal)
    return deals, treated


def figures(report):
    """All of a review but its findings."""
    names = [box.name for box in fields(type(report)) if box.name != "findings"]
    return {name: getattr(report, name) for name in names}


@given(treated_books())
def test_invariant_46_treats_change_no_gate_and_no_figure_of_a_book(books):
    """Invariant 46: approved or not, any number of them; only the findings grow."""
    deals, treated = books

    for deal, same in zip(deals, treated, strict=True):
        assert same.unmet() == deal.unmet()
        assert same.facts == deal.facts
        assert len(same.findings()) >= len(deal.findings())
    assert figures(review(treated, QUOTA, Q3)) == figures(review(deals, QUOTA, Q3))
    assert forecast(treated, quota=QUOTA, during=Q3) == forecast(deals, quota=QUOTA, during=Q3)
    moves, same_moves = movements(deals, during=Q3), movements(treated, during=Q3)
    assert progress(same_moves) == progress(moves)
    assert churn(same_moves) == churn(moves)


@given(teams(2), teams(2, kinds=TREATS, prefix="G"))
def test_invariant_46_treats_change_no_figure_of_a_team(visits, treats):
    """Invariant 46 for visits: effort, lessons and what a visit proves stay as they were."""
    all_, told = [*treats, *visits], lessons(visits, JULY)

    assert effort(all_, JULY) == effort(visits, JULY)
    treated = lessons(all_, JULY)
    assert evolve(treated, findings=(), left_out=()) == evolve(told, findings=(), left_out=())
    assert evidence_from(all_) == evidence_from(visits)
    assert admitted(all_).items == tuple(visits)
    assert len(admitted(all_).findings) == len(treats)


@given(actions(max_size=3), st.lists(st.sampled_from(TREATS), max_size=5), st.booleans())
def test_invariant_46_treats_change_nothing_that_is_counted_among_actions(given_, kinds, approved):
    """Invariant 46 for actions: the same ones count, with as many dinners as one likes."""
    papers = PAPERS if approved else {}
    treats = [act(f"T-{i}", kind, **papers) for i, kind in enumerate(kinds)]

    assert counted([*treats, *given_]).items == counted(given_).items


# --- hostile ---------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [None, CANARY, [CANARY], [None], 7])
def test_what_is_none_of_them_is_refused_by_its_name(bad):
    for name, call in {
        "actions": lambda: counted(bad),
        "visits": lambda: admitted(bad),
        "machine": lambda: gated(bad),
        "policy": lambda: gated(FUNNEL, bad),
    }.items():
        with pytest.raises(WrongType, match=f"^{name} ") as caught:
            call()
        assert CANARY not in everything_told(caught.value)
    for call in (counted, admitted):
        with pytest.raises(WrongType, match=r"^policy "):
            call([], bad)


def test_an_empty_policy_lets_no_work_through():
    """What it does not name it does not count, so no gate could open."""
    empty = Policy(name="empty", rulings={})

    assert admitted([held()], empty).items == ()
    with pytest.raises(InvalidValue, match=r"^policy denies all that the gate sample_volume_ok"):
        gated(FUNNEL, empty)
