"""Good practice that was left out is told step by step, and a visit with findings is still one."""

from __future__ import annotations

import re
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from salesflow.activity import SEVERITIES, WORK, ActivityKind
from salesflow.findings import Severity
from salesflow.labels import Label
from salesflow.products import Fab
from salesflow.products.claims import CLAIM_REMARKS
from salesflow.visits import (
    EffectiveRule,
    Feedback,
    Need,
    Objection,
    ObjectionOutcome,
    Question,
    QuestionForm,
    Spin,
    Step,
    SummaryBox,
    VisitStatus,
)
from salesflow.visits.academic import EVENT_REMARKS
from salesflow.visits.checks import VISIT_REMARKS
from salesflow.visits.comparison import COMPARISON_REMARKS
from salesflow.visits.lessons import LESSON_REMARKS
from salesflow.visits.plan import PLAN_REMARKS
from visit_teams import (
    DAY,
    FAULTS,
    LONG,
    NEED,
    NOTES,
    QUESTIONS,
    START,
    TREATS,
    WORD,
    asked,
    dropped,
    fab,
    held,
    lives,
    noted,
    objection,
    opened,
    plan,
    promise,
    summary,
    talked,
)

HAN = re.compile(r"[\u4e00-\u9fff]")
TABLES = (*VISIT_REMARKS, *PLAN_REMARKS, *CLAIM_REMARKS)
# A visit without feedback lacks a box of its summary as well.
BESIDES = {"no_feedback": ["summary_incomplete"]}


def found(visit, **rest):
    """The keys of the findings, in order."""
    return [finding.key for finding in visit.findings(**rest)]


def test_every_remark_is_provoked():
    """Each row of the three tables has its visit, and no other."""
    assert {remark.key for remark in TABLES} == set(FAULTS)


def test_no_key_stands_for_two_findings():
    """Of visits, plans, claims, lessons and events."""
    others = (*LESSON_REMARKS, *COMPARISON_REMARKS, *EVENT_REMARKS)
    keys = [remark.key for remark in (*TABLES, *others)]

    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("remark", TABLES, ids=lambda remark: remark.key)
def test_a_remark_comes_with_its_fault_and_goes_with_it(remark):
    """It names the visit and says in both languages what is wrong and what to do next."""
    finding, *rest = FAULTS[remark.key].findings()

    assert [one.key for one in rest] == BESIDES.get(remark.key, [])
    assert (finding.key, finding.subject, finding.severity) == (
        remark.key,
        "V-1",
        remark.severity,
    )
    for label in (finding.text, finding.advice):
        assert HAN.search(label.zh)
        assert not HAN.search(label.en)
        assert not set("{}") & set(label.zh + label.en)


def test_a_visit_without_fault_has_no_findings():
    """Neither a long one, nor a short one, nor one that nobody could plan."""
    short = [step for step in LONG if step is not Step.OBJECTIONS]

    assert held().findings() == ()
    assert held(path=short).findings() == ()
    assert held(ad_hoc=True).findings() == ()


def test_the_texts_name_what_they_are_about_in_their_own_language():
    """Step, form, kind of question, box and key, each in the language of the text."""
    texts = {key: FAULTS[key].findings()[0].text for key in FAULTS}

    assert texts["visit_never_counts"].zh == "以餐饮招待代替拜访，不计入"
    assert texts["visit_gate_overridden"].en == "“pre-call plan” was left on somebody's word"
    assert texts["one_form_of_question"].zh == "注明形式的问题都是开放式"
    assert texts["one_form_of_question"].en == "only open questions were noted"
    assert texts["spin_incomplete"].en == "types of question not asked: need-payoff"
    assert texts["need_without_evidence"].zh == "需求“speed”没有依据"
    assert texts["objection_unsettled"].en == "the objection “price” is not dealt with"
    assert texts["commitment_vague"].en == "the promise “order” names no person or no day"
    assert texts["summary_incomplete"].zh == "访后总结缺少：下一步计划"
    assert texts["summary_incomplete"].en == "the summary lacks: next plan"
    assert texts["aim_unknown"].en == "the summary reports an aim “moon” that is not in the plan"


def test_findings_come_in_the_order_of_the_steps():
    """From what kind of visit it was, over its plan and its talk, to its summary."""
    visit = held(
        kind=ActivityKind.GIFT,
        plan=plan(opening=""),
        notes={
            Step.NEEDS: (*QUESTIONS[:2], evolve(NEED, evidence="")),
            Step.SOLUTION: (fab(evidence=""),),
            Step.OBJECTIONS: (objection(technique=""),),
            Step.CLOSE: (promise(who=""),),
        },
        summary=summary(agreed=""),
    )

    assert found(visit) == [
        "visit_never_counts",
        "no_opening",
        "need_without_evidence",
        "spin_incomplete",
        "claim_without_evidence",
        "objection_without_technique",
        "commitment_vague",
        "summary_incomplete",
    ]


@given(lives(kinds=tuple(ActivityKind)))
def test_findings_of_any_visit_are_whole(visit):
    """About the visit, of the known keys, with every value filled in and nothing raised."""
    known = {remark.key for remark in TABLES}

    for finding in visit.findings():
        assert finding.key in known
        assert finding.subject == visit.id
        for label in (finding.text, finding.advice):
            assert label.zh
            assert label.en
            assert not set("{}") & set(label.zh + label.en)


# --- the kind and the frame ------------------------------------------------------------------


@pytest.mark.parametrize("kind", TREATS, ids=lambda kind: kind.value)
def test_hospitality_in_place_of_a_visit_is_a_finding_of_its_own_weight(kind):
    """Gifts and the like are blocked, meals and receptions to be avoided."""
    (finding,) = held(kind=kind).findings()

    assert (finding.key, finding.severity) == ("visit_never_counts", SEVERITIES[kind])
    assert finding.severity is not Severity.WATCH
    assert finding.values["kind"] is kind


@given(lives(), st.sampled_from(TREATS))
def test_invariant_46_the_kind_of_a_treat_changes_only_the_findings(visit, kind):
    """The same talk over dinner bears one finding more, the rest as it is."""
    treated = evolve(visit, kind=kind)

    assert found(treated) == ["visit_never_counts", *found(visit)]
    assert treated.sheet == visit.sheet


@pytest.mark.parametrize("kind", WORK, ids=lambda kind: kind.value)
def test_professional_work_is_no_finding(kind):
    """A call, a demonstration or a training is done in the same steps."""
    assert found(held(kind=kind)) == []


def test_each_override_is_told_with_the_step_before_it():
    """Without the name of who gave it; it stays in the trail."""
    visit = talked(path=LONG[:2], override=WORD)
    first, second = visit.findings()

    assert (first.values["step"], second.values["step"]) == (Step.PRE_CALL_PLAN, Step.OPENING)
    assert WORD.approver not in f"{first.text} {first.advice}"
    assert "no_plan" in found(opened(plan=None).advance(at=START, override=WORD))


def test_a_visit_that_was_cancelled_owes_no_plan():
    """One still planned, or held, does."""
    assert found(dropped(plan=None)) == []
    assert found(opened(plan=None)) == ["no_plan"]


def test_the_least_number_of_aims_may_be_set():
    """Three by default, exactly so many are enough."""
    assert found(held(), least_aims=3) == []
    assert found(held(), least_aims=4) == ["aims_few"]
    assert found(FAULTS["aims_few"], least_aims=2) == []


# --- questions -------------------------------------------------------------------------------


def test_a_visit_is_judged_only_on_what_it_came_to():
    """Called away before the first question, it lacks no question and no solution."""
    visit = held(path=LONG[:1], notes={})

    assert found(visit) == []
    assert visit.aborted_at is Step.OPENING


def test_ae_48_questions_that_were_not_asked_are_named():
    """Only S and P: I and N are missing."""
    visit = talked(path=LONG[:3], notes={Step.NEEDS: asked(Spin.SITUATION, Spin.PROBLEM)})
    (finding,) = visit.findings()

    assert finding.values["kinds"] == (Spin.IMPLICATION, Spin.NEED_PAYOFF)


@pytest.mark.parametrize(
    ("forms", "keys"),
    [
        ((None, "closed"), ["one_form_of_question"]),
        (("open", "closed"), []),
        (("closed", "open"), ["closed_question_first"]),
        (("closed", "closed"), ["closed_question_first", "one_form_of_question"]),
        (("open", None), ["one_form_of_question"]),
        ((None, None), []),
    ],
)
def test_the_form_of_a_question_is_judged_where_it_was_noted(forms, keys):
    """The first one is to be open, and both are to be used."""
    questions = [Question(form=form) for form in forms]
    visit = talked(path=LONG[:3], notes={Step.NEEDS: questions})

    assert [key for key in found(visit) if key != "spin_incomplete"] == keys


def test_a_payoff_may_come_after_any_implication():
    """It is early only where none went before."""
    early = asked(Spin.NEED_PAYOFF, Spin.SITUATION, Spin.PROBLEM, Spin.IMPLICATION)
    late = asked(Spin.IMPLICATION, Spin.NEED_PAYOFF, Spin.SITUATION, Spin.PROBLEM)

    assert found(held(notes=noted(NEEDS=(*early, NEED)))) == ["payoff_early"]
    assert found(held(notes=noted(NEEDS=(*late, NEED)))) == []


# --- the solution ----------------------------------------------------------------------------


def test_ae_49_a_statement_without_benefit_is_incomplete():
    """And a benefit without a need answers none."""
    incomplete = held(notes=noted(SOLUTION=(fab(benefit=""),)))
    unlinked = held(notes=noted(SOLUTION=(fab(need=""),)))

    assert not incomplete.sheet.statements[0].complete(incomplete.sheet.need_keys)
    assert found(incomplete) == ["fab_incomplete"]
    assert found(unlinked) == ["unlinked_benefit"]


def test_a_benefit_for_the_need_of_another_visit_is_unlinked():
    """Only needs on the same sheet count, whether they came before or after."""
    elsewhere = held(notes=noted(SOLUTION=(fab(need="cost"),)))
    after = held(
        notes=noted(SOLUTION=(fab(need="cost"),), CLOSE=(promise(), evolve(NEED, key="cost")))
    )

    assert found(elsewhere) == ["unlinked_benefit"]
    assert found(after) == []


PARTS = st.sampled_from(["", "said"])
NEEDS = ("a", "b")


@given(PARTS, PARTS, PARTS, st.sampled_from(["", *NEEDS]), st.sets(st.sampled_from(NEEDS)))
def test_invariant_33_a_statement_is_complete_with_three_parts_and_a_need(
    feature, advantage, benefit, need, known
):
    """Complete iff no part is empty and the need is one of the same visit, found or not so."""
    said = Fab(
        product="P", feature=feature, advantage=advantage, benefit=benefit, need=need, evidence="S"
    )
    needs = [Need(key=key, confirmed=True, evidence="said") for key in sorted(known)]
    visit = talked(path=LONG[:4], notes={Step.NEEDS: needs, Step.SOLUTION: (said,)})
    complete = bool(feature and advantage and benefit) and need in known

    assert visit.sheet.statements[0].complete(visit.sheet.need_keys) is complete
    lacking = {"fab_incomplete", "unlinked_benefit"} & set(found(visit))
    assert (not lacking) is complete


def test_one_statement_of_clinical_value_is_enough():
    """Not each of them has to name it."""
    assert found(held(notes=noted(SOLUTION=(fab(value=None), fab())))) == []


def test_the_need_has_to_be_confirmed_before_the_first_word_of_the_product():
    """Confirmed in the same breath but after it is too late."""
    found_early = held(notes=noted(NEEDS=QUESTIONS, SOLUTION=(NEED, fab())))
    found_late = held(notes=noted(NEEDS=QUESTIONS, SOLUTION=(fab(), NEED)))

    assert found(found_early) == []
    assert found(found_late) == ["solution_before_need"]


def test_the_absolutes_of_a_company_may_be_passed():
    """Its own words instead of ours."""
    assert found(held(), absolutes=["noon"]) == ["absolute_claim"]
    assert found(FAULTS["absolute_claim"], absolutes=iter(())) == []


# --- objections, close, summary --------------------------------------------------------------


@pytest.mark.parametrize(
    ("doubt", "keys"),
    [
        (Objection(key="a"), ["objection_unsettled"]),
        (Objection(key="a", technique="t", outcome="deferred"), ["objection_unsettled"]),
        (Objection(key="a", technique="t", outcome="deferred", follow_up=DAY), []),
        (Objection(key="a", outcome="unresolved", follow_up=DAY), ["objection_without_technique"]),
        (Objection(key="a", technique="t", outcome="resolved"), []),
    ],
)
def test_an_objection_is_settled_once_resolved_or_followed_up_by_a_day(doubt, keys):
    """One that is open wants an answer first, and then the technique."""
    assert found(talked(path=LONG[:4]).record(doubt, at=START)) == keys


def test_an_objection_that_is_answered_later_is_settled():
    """The latest record of it counts."""
    doubt = objection(outcome=ObjectionOutcome.UNRESOLVED)
    visit = talked(path=LONG[:4]).record(doubt, at=START)

    assert found(visit) == ["objection_unsettled"]
    assert found(visit.record(objection(), at=START)) == []


def test_a_plain_no_is_a_decision_too():
    """And nobody decides who was called away."""
    declined = held(notes=noted(CLOSE=()), summary=summary(declined=True))
    away = held(path=LONG[:2])

    assert found(declined) == []
    assert found(away) == []
    assert found(talked(notes=noted(CLOSE=()))) == []


def test_what_we_promise_is_no_decision_of_the_customer():
    """Only theirs is; one that they took back later was a decision all the same."""
    ours = promise(by="company", who="R-9")
    theirs = promise("trial").withdraw(date(2026, 7, 7))

    assert found(held(notes=noted(CLOSE=(ours,)))) == ["no_decision"]
    assert found(held(notes=noted(CLOSE=(ours, theirs)))) == []


@pytest.mark.parametrize("lack", [{"who": ""}, {"due": None}, {"who": "", "due": None}])
def test_a_promise_without_who_or_when_is_vague(lack):
    """One finding for each such promise."""
    assert found(held(notes=noted(CLOSE=(promise(**lack),)))) == ["commitment_vague"]


@pytest.mark.parametrize(
    ("rest", "keys"),
    [
        ({}, ["feedback_without_limit"]),
        ({"polarity": "neutral"}, ["feedback_without_limit"]),
        ({"polarity": "positive"}, []),
        ({"respond_by": DAY}, []),
        ({"handled_on": DAY}, []),
    ],
)
def test_feedback_has_a_limit_or_an_answer(rest, keys):
    """A question of the customer is answered, or a day is promised; praise asks for neither."""
    heard = Feedback(**({"key": "delivery", "received_on": DAY, "polarity": "negative"} | rest))

    assert found(held(notes=noted(CLOSE=(promise(), heard)))) == keys


def test_feedback_may_stand_in_the_summary_or_on_the_sheet():
    """Either is a record of it; the box of the form is another matter."""
    heard = Feedback(key="delivery", received_on=DAY, respond_by=DAY)
    form = (SummaryBox("points", Label("拜访要点", "main points"), required=True),)
    bare = {"summary": summary(feedback="")}

    assert found(held(notes=noted(CLOSE=(promise(), heard)), **bare), form=form) == []
    assert found(held(**bare), form=form) == ["no_feedback"]


def test_nothing_of_the_summary_is_missed_before_it_is_written():
    """The conversation is over, the summary is still to come."""
    assert found(talked()) == []
    assert talked().status is VisitStatus.RUNNING


def test_the_form_of_a_company_may_be_passed():
    """Its own boxes, in its own order."""
    form = [
        SummaryBox("market", Label("市场观察", "the market"), required=True),
        SummaryBox("open_points", Label("待解决问题", "open points"), required=True),
        SummaryBox("next_plan", Label("下一步计划", "next plan"), required=False),
    ]
    (finding,) = held(summary=summary(next_plan="")).findings(form=iter(form))

    assert finding.text.en == "the summary lacks: the market, open points"


def test_when_a_summary_is_late_is_said_by_the_rule():
    """The same rule that says which visits are effective."""
    quick = EffectiveRule(summary_within=START - START)

    assert found(held(), rule=quick) == ["summary_late"]


def test_each_aim_that_nobody_planned_is_told():
    """Also where there was no plan at all."""
    stray = held(summary=summary(aims_met=["moon", "test", "mars"]))
    unplanned = talked(plan=None, ad_hoc=True, notes=NOTES).record(summary(), at=START)

    assert [f.values["aim"] for f in stray.findings()] == ["moon", "mars"]
    assert found(unplanned) == ["no_plan", "aim_unknown"]


def test_a_question_of_no_form_comes_first_without_a_word():
    """What nobody noted is not held against anybody."""
    questions = (Question(spin=Spin.SITUATION), *asked(*list(Spin)[1:]))

    assert questions[1].form is QuestionForm.OPEN
    assert found(held(notes=noted(NEEDS=(*questions, NEED)))) == []
