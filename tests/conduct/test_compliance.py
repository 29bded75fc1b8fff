"""Judging what is done with customers: allow, review or deny, why, and whether it may count."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from time import process_time

import pytest
from attrs import evolve
from hypothesis import given

from compliance_cases import (
    DAY,
    HOSPITALITY,
    PAPERS,
    act,
    actions,
    crowds,
    few_kinds,
    limit,
    policies,
    told,
    yuan,
)
from people_strategies import CANARY, everything_told
from salesflow.activity import WORK, ActivityKind
from salesflow.conduct.actions import Paper
from salesflow.conduct.compliance import COMPLIANCE_REMARKS, judge, judge_all
from salesflow.conduct.policy import COMPLIANCE, Policy
from salesflow.conduct.rulings import Ruling, strictest
from salesflow.errors import DuplicateId, WrongType
from salesflow.findings import Severity
from salesflow.labels import LANGUAGES, Label
from salesflow.money import Money


def keys(judgement):
    """The keys of the reasons."""
    return [reason.key for reason in judgement.reasons]


def meal(id="X-1", *, days=0, **boxes):
    given_ = {"on": DAY + timedelta(days=days), "value": yuan(60), "account": "H-3"}
    return act(id, "meal", **(given_ | boxes))


def capped(**boxes):
    """The default policy with a limit on meals."""
    return COMPLIANCE.with_limit(limit(**({"window": "month"} | boxes)))


# --- the kind --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "ruling", "severity"),
    [
        ("meal", Ruling.REVIEW, Severity.AVOID),
        ("coupon", Ruling.DENY, Severity.BLOCK),
        ("boat_trip", Ruling.REVIEW, Severity.AVOID),
    ],
)
def test_ae_72_meal_coupon_and_an_unknown_kind(kind, ruling, severity):
    """AE-72: REVIEW, DENY, REVIEW under the default policy."""
    judgement = judge(act(kind=kind))

    assert judgement.ruling is ruling
    assert judgement.reasons[0].severity is severity
    assert not judgement.counts


@pytest.mark.parametrize("kind", WORK)
def test_professional_work_is_allowed_without_a_word(kind):
    """And counts."""
    judgement = judge(act(kind=kind))

    assert (judgement.ruling, judgement.counts, judgement.reasons) == (Ruling.ALLOW, True, ())


@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        ("placement", ["approver", "ref"]),
        ("sponsorship", ["approver", "ref"]),
        ("honorarium", ["approver", "ref", "purpose"]),
        ("travel", ["approver", "ref", "purpose"]),
        ("other", ["approver", "ref"]),
    ],
)
def test_what_is_under_review_counts_once_all_its_papers_are_there(kind, lacking):
    """Each of them is needed, and all of them are enough; it stays a matter of review."""
    bare, complete = judge(act(kind=kind)), judge(act(kind=kind, **PAPERS))

    assert keys(bare) == ["kind_needs_review", "papers_missing"]
    assert [paper.value for paper in bare.reasons[1].values["papers"]] == lacking
    assert (complete.ruling, complete.counts) == (Ruling.REVIEW, True)
    for paper in lacking:
        without = judge(act(kind=kind, **(PAPERS | {paper: ""})))
        assert (without.ruling, without.counts) == (Ruling.REVIEW, False)
        assert without.reasons[-1].values["papers"] == (Paper.of(paper),)


def test_an_approval_by_oneself_is_none():
    """Four eyes."""
    judgement = judge(act(kind="placement", **(PAPERS | {"approver": "R-9"})))

    assert judgement.reasons[-1].values["papers"] == (Paper.APPROVER,)
    assert not judgement.counts


@pytest.mark.parametrize("kind", sorted(HOSPITALITY))
@pytest.mark.parametrize("name", ["compliance", "ours"])
def test_hospitality_never_counts_however_it_is_approved(kind, name):
    """Under the default policy, and under one that allows it."""
    policy = COMPLIANCE.ruled({kind: "allow"}, name=name) if name == "ours" else COMPLIANCE
    judgement = judge(act(kind=kind, **PAPERS), policy)

    assert not judgement.counts
    assert judgement.policy == name
    if name == "ours":
        assert judgement.ruling is Ruling.ALLOW
        assert keys(judgement) == ["only_recorded"]


def test_an_unknown_kind_counts_for_nothing_even_approved():
    """Nobody knows whether it is a dinner."""
    judgement = judge(act(kind="boat_trip", **PAPERS))

    assert keys(judgement) == ["kind_unknown", "only_recorded"]
    assert not judgement.counts
    assert judge(act(kind="boat_trip"), Policy(name="x", rulings={}, unknown="deny")).ruling is (
        Ruling.DENY
    )


def test_what_a_host_only_allows_still_needs_its_approval_to_count():
    """A milder ruling opens no gate by itself."""
    policy = COMPLIANCE.ruled({"sponsorship": "allow"}, name="ours")

    assert not judge(act(kind="sponsorship"), policy).counts
    assert keys(judge(act(kind="sponsorship"), policy)) == ["only_recorded"]
    assert judge(act(kind="sponsorship", **PAPERS), policy).counts


def test_a_paper_that_a_host_asks_for_is_asked_of_work_too():
    """Without it the seminar is reviewed, and does not count."""
    policy = Policy(name="ours", rulings={"seminar": "allow"}, papers={"seminar": ["purpose"]})
    bare, told_why = judge(act(kind="seminar"), policy), act(kind="seminar", purpose="assays")

    assert (bare.ruling, bare.counts, keys(bare)) == (Ruling.REVIEW, False, ["papers_missing"])
    assert judge(told_why, policy).ruling is Ruling.ALLOW


@pytest.mark.parametrize("kind", [*ActivityKind, "sample", "boat_trip"])
@pytest.mark.parametrize("flag", ["tied_to_prescribing", "rewards_referral"])
def test_what_is_tied_to_prescribing_is_denied(kind, flag):
    """Whatever it is, whoever approved it, also under a policy that allows the rest."""
    loose = dict.fromkeys([*ActivityKind, "sample"], Ruling.ALLOW) | {"placement": "review"}
    loose.pop(ActivityKind.PLACEMENT)
    for policy in (COMPLIANCE, COMPLIANCE.ruled(loose, name="loose")):
        judgement = judge(act(kind=kind, **PAPERS, **{flag: True}), policy)
        assert judgement.ruling is Ruling.DENY
        assert not judgement.counts


@pytest.mark.parametrize(
    ("kind", "role", "ruling"),
    [
        ("sponsorship", "medical_rep", Ruling.DENY),
        ("payment", "medical_rep", Ruling.DENY),
        ("visit", "medical_rep", Ruling.ALLOW),
        ("sponsorship", "salesperson", Ruling.REVIEW),
        ("payment", "salesperson", Ruling.ALLOW),
        ("payment", None, Ruling.ALLOW),
    ],
)
def test_what_a_role_must_not_do_is_denied(kind, role, ruling):
    """A medical representative takes no payment and gives no sponsorship."""
    judgement = judge(act(kind=kind, role=role, **PAPERS))

    assert judgement.ruling is ruling
    assert ("role_barred" in keys(judgement)) is (ruling is Ruling.DENY)


# --- limits ----------------------------------------------------------------------------------


def test_beyond_a_limit_it_is_denied_and_says_by_how_much():
    """Sixty yuan and sixty again, of a hundred."""
    judgement = judge(meal("B"), capped(), history=[meal("A")])
    reason = judgement.reasons[1]

    assert (judgement.ruling, judgement.limits) == (Ruling.DENY, ("cap",))
    assert (reason.key, reason.severity) == ("limit_exceeded", Severity.BLOCK)
    assert reason.text == Label(
        "超过“限额”：120.00 CNY，上限 100.00 CNY",
        "beyond “limit”: 120.00 CNY, at most 100.00 CNY",
    )


def test_exactly_at_the_limit_is_within_it():
    """Forty more; one fen beyond is beyond."""
    assert judge(meal("B", value=yuan(40)), capped(), history=[meal("A")]).limits == ()
    assert judge(meal("B", value=yuan("40.01")), capped(), history=[meal("A")]).limits == ("cap",)


def test_a_part_of_a_fen_too_much_shows_as_too_much():
    """Three guests bear 33.34 of 100.01, of which 33.33 is allowed."""
    policy = capped(per=["attendees"], most_value=yuan("33.33"))
    judgement = judge(meal(value=yuan(100), attendees=["D-1", "D-2", "D-3"]), policy)

    assert judgement.reasons[1].values["total"] == yuan("33.34")
    assert judgement.reasons[1].values["most"] == yuan("33.33")


@pytest.mark.parametrize(
    ("ruling", "severity", "result"),
    [
        ("allow", Severity.WATCH, Ruling.ALLOW),
        ("review", Severity.AVOID, Ruling.REVIEW),
        ("deny", Severity.BLOCK, Ruling.DENY),
    ],
)
def test_a_limit_says_itself_what_follows(ruling, severity, result):
    """A note, a review or a refusal: seminars, two a month."""
    rule = limit(kinds=["seminar"], most_quantity=2, ruling=ruling)
    judgement = judge(act(kind="seminar", quantity=3), COMPLIANCE.with_limit(rule))

    assert judgement.reasons[0].severity is severity
    assert judgement.reasons[0].values["total"] == 3
    assert judgement.ruling is result
    assert judgement.counts is (result is Ruling.ALLOW)


def test_a_seminar_under_review_for_its_limit_counts_once_approved():
    """As any other review."""
    rule = limit(kinds=["seminar"], most_quantity=2, ruling="review")
    judgement = judge(act(kind="seminar", quantity=3, **PAPERS), COMPLIANCE.with_limit(rule))

    assert (judgement.ruling, judgement.counts) == (Ruling.REVIEW, True)


@pytest.mark.parametrize(
    ("boxes", "missing"),
    [
        ({"value": None}, "金额"),
        ({"value": Money(60, "USD")}, "金额"),
        ({"account": ""}, "客户"),
    ],
)
def test_a_limit_that_cannot_be_checked_calls_for_a_review(boxes, missing):
    """An empty box is no way around it, and neither is another currency."""
    policy = capped(kinds=["seminar"], per=["account"])
    judgement = judge(evolve(meal(), kind="seminar", **boxes), policy)

    assert keys(judgement) == ["limit_not_checked", "papers_missing"]
    assert (judgement.ruling, judgement.limits) == (Ruling.REVIEW, ("cap",))
    assert judgement.reasons[0].text.zh == f"无法核对“限额”，未填或币种不同：{missing}"


def test_a_limit_that_only_makes_a_note_does_so_unchecked_too():
    policy = capped(kinds=["seminar"], ruling="allow")
    judgement = judge(act(kind="seminar"), policy)

    assert (judgement.ruling, judgement.counts) == (Ruling.ALLOW, True)
    assert judgement.reasons[0].severity is Severity.WATCH


def test_what_was_denied_draws_on_no_limit():
    """The second meal went beyond it and did not take place; the third fits."""
    history = [meal("A"), meal("B", days=1)]
    fits = judge(meal("C", days=2, value=yuan(40)), capped(), history=history)

    assert fits.limits == ()
    assert judge(meal("C", days=2, value=yuan(41)), capped(), history=history).limits == ("cap",)


def test_what_is_under_review_or_only_noted_does_draw_on_it():
    """It may yet take place."""
    policy = capped(kinds=["meal", "visit"])
    history = [meal("A"), act("B", "visit", value=yuan(40), **PAPERS)]

    assert judge(meal("C", value=yuan("0.01")), policy, history=history).limits == ("cap",)


def test_an_action_counts_once_by_its_id():
    """In the history it is left out; given twice there, it is one."""
    action = meal("A")

    assert judge(action, capped(), history=[action, evolve(action, value=yuan(99))]).limits == ()
    twice = judge(meal("B", value=yuan(40)), capped(), history=[action, action])
    assert twice.limits == ()


def test_later_actions_are_no_history():
    """On the same day whoever is in the history came first."""
    assert judge(meal("B"), capped(), history=[meal("A", days=1)]).limits == ()
    assert judge(meal("B"), capped(), history=[meal("A")]).limits == ("cap",)


def test_two_actions_with_one_id_are_refused():
    """One of them would not be counted."""
    for call in (
        lambda: judge_all([meal("A"), meal("A", days=1)]),
        lambda: judge(meal("B", days=1), history=[meal("A"), meal("A", days=1)]),
    ):
        with pytest.raises(DuplicateId, match="'A' occurs twice"):
            call()


@pytest.mark.parametrize(("cost", "broken"), [(250, ()), ("250.01", ("cap",))])
def test_an_estimate_may_be_passed_by_a_share(cost, broken):
    """An event of two bills, estimated at 500 in all, may cost 110 % of it: 550."""
    share = Fraction(11, 10)
    rule = limit(kinds=["meal", "travel"], per=["event"], window="ever", most_of_estimate=share)
    dinner = meal("A", event="E-1", value=yuan(300), estimate=yuan(300))
    rail = act("B", "travel", event="E-1", value=yuan(cost), estimate=yuan(200), **PAPERS)

    assert judge(rail, COMPLIANCE.with_limit(rule), history=[dinner]).limits == broken


def test_what_is_allowed_shows_rounded_down():
    """110 % of five fen are five and a half, and six is too much."""
    policy = capped(most_of_estimate=Fraction(11, 10))
    judgement = judge(meal(value=yuan("0.06"), estimate=yuan("0.05")), policy)

    assert judgement.reasons[1].values["most"] == yuan("0.05")


# --- many at once ----------------------------------------------------------------------------


def plain(judgements):
    return {one.action: (one.ruling.value, one.counts, sorted(one.limits)) for one in judgements}


@given(actions(kinds_of=few_kinds, max_size=4), policies())
def test_actions_of_any_sort_are_judged_as_the_naive_rules_say(given_, policy):
    """Each kind, paper and flag, under any policy."""
    assert plain(judge_all(given_, policy)) == told(given_, policy)


@given(crowds())
def test_many_actions_draw_on_the_limits_as_the_naive_rules_say(crowd):
    """Running sums, against adding everything up anew for each action."""
    assert plain(judge_all(*crowd)) == told(*crowd)


@given(crowds())
def test_judging_all_is_judging_each_with_those_before(crowd):
    """By their days, told in the order given; and ruling, counting and reasons say one thing."""
    given_, policy = crowd
    judged = judge_all(given_, policy)
    by_day = sorted(given_, key=lambda action: action.on)

    assert [(one.action, one.kind, one.on) for one in judged] == [
        (action.id, action.kind, action.on) for action in given_
    ]
    by_id = {one.action: one for one in judged}
    for place, action in enumerate(by_day):
        judgement = by_id[action.id]
        assert judge(action, policy, history=by_day[:place]) == judgement
        assert judgement.ruling is strictest(judgement.reasons)
        assert judgement.ruling >= policy.ruling(action.kind)
        assert {reason.subject for reason in judgement.reasons} <= {action.id}
        if judgement.counts:
            assert judgement.ruling is not Ruling.DENY
            assert policy.counts(action.kind, approved=True)
        else:
            assert judgement.reasons


def test_the_order_of_the_list_is_not_that_of_the_days():
    """The later meal comes first in the list, and is the one too much."""
    judged = judge_all([meal("B", days=1), meal("A")], capped())

    assert [(one.action, one.limits) for one in judged] == [("B", ("cap",)), ("A", ())]


def test_twice_the_same_action_gets_the_same_judgement_twice():
    """So that it can be laid beside the list."""
    first, second = judge_all([meal("A"), meal("A")], capped())

    assert first == second


def test_judging_many_is_not_quadratic():
    """Ten times the actions in at most some fifteen times the time."""
    policy = capped(per=["attendees"], window=30, most_value=yuan(10**6))

    def seconds(n):
        many = [meal(f"X-{i}", days=i % 300, attendees=["D-1", "D-2"]) for i in range(n)]
        start = process_time()
        judge_all(many, policy)
        return process_time() - start

    small = min(seconds(200) for _ in range(3))
    assert seconds(2000) <= 15 * small + 0.05


def test_every_reason_is_told_in_both_languages():
    """The texts of the table, each with its key."""
    seen = {remark.key for remark in COMPLIANCE_REMARKS}

    assert len(seen) == len(COMPLIANCE_REMARKS) == 10
    for remark in COMPLIANCE_REMARKS:
        assert all(remark.text.text(language) for language in LANGUAGES)


def test_every_reason_of_the_table_can_be_given():
    """And no other."""
    rich = capped(kinds=["meal"]).ruled({"reception": "allow"}, name="ours")
    cases = [
        act("1", "gift"),
        act("2", "placement"),
        act("3", "boat_trip", **PAPERS),
        act("4", tied_to_prescribing=True),
        act("5", rewards_referral=True),
        act("6", "payment", role="medical_rep"),
        meal("7", value=yuan(101)),
        meal("8", value=None),
        act("9", "reception"),
    ]
    given_ = {key for one in judge_all(cases, rich) for key in keys(one)}

    assert given_ == {remark.key for remark in COMPLIANCE_REMARKS}


@pytest.mark.parametrize("action", [None, CANARY, {"id": "X"}, "gift", 7])
def test_what_is_no_action_is_not_judged(action):
    with pytest.raises(WrongType, match=r"^action is of type") as caught:
        judge(action)
    assert CANARY not in everything_told(caught.value)
    for history in (action, [action]):
        with pytest.raises(WrongType, match=r"^history ") as caught:
            judge(act(), history=history)
        assert CANARY not in everything_told(caught.value)
        with pytest.raises(WrongType, match=r"^actions "):
            judge_all(history)


@pytest.mark.parametrize("given_", [[], [act()]])
def test_what_is_no_policy_judges_nothing(given_):
    """Not even of an empty list."""
    with pytest.raises(WrongType, match=r"^policy "):
        judge_all(given_, "compliance")


def test_a_text_never_names_who_was_there():
    """Neither guests, nor approvers, nor the purpose."""
    policy = capped(per=["attendees"], most_value=yuan(1))
    boxes = {"attendees": [CANARY], "approver": CANARY, "purpose": CANARY}
    judgement = judge(meal(**boxes), policy)

    assert judgement.limits == ("cap",)
    assert CANARY not in repr(judgement)


def test_nobody_approves_what_a_limit_that_denies_could_not_read():
    """How many samples there were is not said, so an approval cannot make them count."""
    samples = limit(key="samples", kinds=["sample"], per=[], most_value=None, most_quantity=1)
    policy = COMPLIANCE.ruled({"sample": "allow"}, name="own").with_limit(samples)
    blank, said = (judge(act("X-1", "sample", quantity=n, **PAPERS), policy) for n in (None, 1))

    assert (blank.ruling, blank.counts) == (Ruling.REVIEW, False)
    assert (said.ruling, said.counts) == (Ruling.ALLOW, True)
