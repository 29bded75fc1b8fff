"""A listing divides the score of a doctor in two; nothing is computed across it."""

from __future__ import annotations

from itertools import product
from statistics import median_low

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import doctor_scores, made, statuses
from salesflow.customers import AdoptionRung
from salesflow.customers.scoring import (
    SCORE_REMARKS,
    AfterListing,
    BeforeListing,
    DoctorScore,
    ListingPhase,
    median_status,
    status_of,
)
from salesflow.errors import InvalidValue, WrongType

BEFORE, AFTER = ListingPhase
NUMBERS = st.integers() | st.integers(-6, 6)


def score(status, potential=None, **rest):
    return made(DoctorScore, status=status, potential=potential, **rest)


# --- acceptance ------------------------------------------------------------------------------


def test_ae_41_a_negative_number_belongs_to_the_time_before_the_listing():
    """AE-41: −2 before is 试用/咨商; −2 after, 0 before and 5 after are errors."""
    assert status_of("before", -2).label("zh") == "试用/咨商"
    for phase, number in [(AFTER, -2), (BEFORE, 0), (AFTER, 5)]:
        with pytest.raises(InvalidValue, match=r"^number is no status of this phase; use one of"):
            status_of(phase, number)


@pytest.mark.parametrize("number", [-1, -4])
def test_ae_42_a_listing_makes_of_any_number_a_zero_to_look_at_again(number):
    """AE-42: an applicant and an opponent alike start at 0, and have to be assessed anew."""
    before = score(status_of(BEFORE, number), AfterListing.FIRST_CHOICE)
    after = before.listed()

    assert (after.phase, after.status.number) == (AFTER, 0)
    assert after.needs_reassessment
    assert after == evolve(before, status=AfterListing.NONE, needs_reassessment=True)


def test_ae_43_nothing_is_computed_across_a_listing():
    """AE-43: −4 before and 4 after have no median; 1, 3 and 4 after have 3."""
    with pytest.raises(InvalidValue, match=r"^statuses are of both phases"):
        median_status([status_of(BEFORE, -4), status_of(AFTER, 4)])
    assert median_status([status_of(AFTER, number) for number in (1, 3, 4)]).number == 3


def test_ae_44_the_gap_exists_after_the_listing_only():
    """AE-44: potential 4 and status 1 after: 3; potential 4 and −1 before: undefined."""
    assert score(status_of(AFTER, 1), status_of(AFTER, 4)).gap == 3
    assert score(status_of(BEFORE, -1), status_of(AFTER, 4)).gap is None


# --- invariants ------------------------------------------------------------------------------


@given(st.sampled_from(ListingPhase), NUMBERS)
def test_invariant_39_a_number_has_to_fit_its_phase(phase, number):
    """Valid are −4 to −1 before and 0 to 4 after; the number comes back as it went in."""
    if (phase is BEFORE and -4 <= number <= -1) or (phase is AFTER and 0 <= number <= 4):
        status = status_of(phase, number)
        assert status.number == number
        assert score(status).phase is phase
        assert status_of(phase.value, number) is status
    else:
        with pytest.raises(InvalidValue, match=r"^number is no status of this phase"):
            status_of(phase, number)


def test_invariant_39_there_are_exactly_nine_pairs():
    """Each is a word of its own, in the order of its number."""
    found = []
    for phase, number in product(ListingPhase, range(-100, 101)):
        try:
            found.append((phase, number, status_of(phase, number).label("zh")))
        except InvalidValue:
            continue

    assert found == [
        (BEFORE, -4, "反对"),
        (BEFORE, -3, "淡漠"),
        (BEFORE, -2, "试用/咨商"),
        (BEFORE, -1, "填写进药申请"),
        (AFTER, 0, "不处方"),
        (AFTER, 1, "少量处方"),
        (AFTER, 2, "中等量处方"),
        (AFTER, 3, "常用"),
        (AFTER, 4, "首选"),
    ]


@given(st.lists(statuses()))
def test_invariant_40_an_aggregate_over_both_phases_raises(found):
    """Of one phase there is a median, the lower of two; of none there is none."""
    if len({type(status) for status in found}) > 1:
        with pytest.raises(InvalidValue, match=r"^statuses are of both phases"):
            median_status(found)
    else:
        numbers = [status.number for status in found]
        median = median_status(iter(found))
        assert (median and median.number) == (median_low(numbers) if numbers else None)
        assert median is None or median in found


@given(statuses(), statuses())
def test_invariant_40_statuses_of_both_phases_do_not_compare(one, other):
    """An opponent is neither below nor above somebody who prescribes nothing."""
    if type(one) is type(other):
        assert (one < other) is (one.number < other.number)
    else:
        assert one != other
        with pytest.raises(TypeError):
            one < other


@given(doctor_scores())
def test_invariant_41_the_gap_exists_only_after_the_listing(one):
    """And only where somebody judged the potential; it is potential less status."""
    if one.phase is AFTER and one.potential is not None:
        assert one.gap == one.potential.number - one.status.number
        assert -4 <= one.gap <= 4
    else:
        assert one.gap is None


# --- the way of a score ----------------------------------------------------------------------


@given(doctor_scores())
def test_a_listing_happens_once(one):
    """What is after the listing stays as it is; doctor, product and potential always do."""
    after = one.listed()

    assert after.phase is AFTER
    assert after.listed() is after
    assert (after is one) is (one.phase is AFTER)
    assert (after.doctor, after.product) == (one.doctor, one.product)
    assert after.potential is one.potential


@given(doctor_scores(), statuses(), st.none() | st.sampled_from(AfterListing))
def test_to_look_again_settles_a_score(one, status, potential):
    """The potential stays where none is given; a listing is never undone."""
    if one.phase is AFTER and isinstance(status, BeforeListing):
        with pytest.raises(InvalidValue, match=r"^status is one before the listing"):
            one.assess(status, potential=potential)
    else:
        again = one.assess(status, potential=potential)
        assert (again.status, again.needs_reassessment) == (status, False)
        assert again.potential is (one.potential if potential is None else potential)


@pytest.mark.parametrize("number", [True, 1.0, "1", None], ids=repr)
def test_a_number_on_the_form_is_whole(number):
    """True is no 1."""
    with pytest.raises(WrongType, match=r"^number is of type "):
        status_of(AFTER, number)


@pytest.mark.parametrize("status", ["few", True, None, AdoptionRung.TRIAL], ids=repr)
def test_a_status_is_a_word_of_one_of_two_ladders(status):
    """The key "trial" stands on more than one ladder, so a key is not enough."""
    with pytest.raises(WrongType, match=r"^status is of type "):
        score(status)
    with pytest.raises(WrongType, match=r"^status is of type "):
        score(AfterListing.FEW).assess(status)


@pytest.mark.parametrize("found", [[1], ["few"], [AfterListing.FEW, None], [[]], 5, "few", None])
def test_a_median_is_one_of_statuses(found):
    """Numbers do not tell their phase."""
    with pytest.raises(WrongType, match=r"^statuses "):
        median_status(found)


# --- findings --------------------------------------------------------------------------------

FEW = score(AfterListing.FEW)
# For each remark: what provokes it, and the same without the fault.
PROVOKED = {
    "ladders_disagree": (
        FEW.findings(AdoptionRung.LOYALTY),
        FEW.findings(AdoptionRung.TRIAL),
    ),
    "score_needs_reassessment": (
        score(BeforeListing.APPLIED).listed().findings(),
        score(BeforeListing.APPLIED).findings(),
    ),
}


def test_every_remark_is_provoked():
    """No row of the table of remarks is without its case here, and no key stands twice."""
    assert [remark.key for remark in SCORE_REMARKS] == list(PROVOKED)


@pytest.mark.parametrize("remark", SCORE_REMARKS, ids=lambda remark: remark.key)
def test_a_remark_comes_with_its_fault_and_goes_with_it(remark):
    """The finding names the doctor by id and says in both languages what to do."""
    (finding,), without = PROVOKED[remark.key]

    assert without == ()
    assert (finding.key, finding.subject) == (remark.key, "DR-7")
    assert finding.severity is remark.severity
    for label in (finding.text, finding.advice):
        assert not label.zh.isascii()
        assert not set("{}<>") & set(label.zh + label.en)


def test_the_texts_speak_their_own_language():
    """Status and rung are filled in, the product by its id."""
    ladders, listing = (PROVOKED[key][0][0].text for key in PROVOKED)

    assert ladders.zh == "处方现状“少量处方”与接纳度“忠诚”不一致"
    assert ladders.en == "status “few” and adoption “loyalty” do not agree"
    assert "CLIA-900" in listing.zh
    assert "CLIA-900" in listing.en


def test_the_key_of_a_rung_says_the_same_as_the_rung():
    """A host stores keys; the text still speaks the language of the reader."""
    assert FEW.findings("loyalty") == FEW.findings(AdoptionRung.LOYALTY)
    assert FEW.findings("trial") == ()


@pytest.mark.parametrize("rung", AdoptionRung, ids=lambda rung: rung.value)
@pytest.mark.parametrize("status", AfterListing, ids=lambda status: status.value)
def test_the_two_ladders_go_together(status, rung):
    """Status 0 with rungs 0 and 1, 1 with 2, 2 and 3 with 3, 4 with 4 and 5: else a warning."""
    fits = {0: (0, 1), 1: (2,), 2: (3,), 3: (3,), 4: (4, 5)}[status.number]
    keys = [finding.key for finding in score(status).findings(rung)]

    assert keys == ([] if rung.rank in fits else ["ladders_disagree"])


@given(doctor_scores(st.sampled_from(BeforeListing)), st.sampled_from(AdoptionRung))
def test_before_the_listing_any_rung_will_do(one, rung):
    """The ladders are compared after the listing only."""
    assert one.findings(rung) == one.findings()
    assert len(one.findings()) == one.needs_reassessment


@given(st.integers(-4, 4))
def test_a_number_is_a_status_since_its_sign_tells_the_phase(number):
    """As it stands on the form: -2 is before the listing, 2 after it."""
    phase = ListingPhase.BEFORE if number < 0 else ListingPhase.AFTER
    score = DoctorScore(doctor="DR-7", product="CLIA-900", status=number)

    assert (score.phase, score.status) == (phase, status_of(phase, number))
    assert score.status.number == number


def test_a_listing_is_not_undone_by_a_number():
    """Below zero there is no way back, however the status is written."""
    score = DoctorScore(doctor="DR-7", product="CLIA-900", status=2)
    with pytest.raises(InvalidValue, match=r"^status is one before the listing"):
        score.assess(-1)


def test_nothing_is_carried_over_a_listing_that_has_not_come():
    """Before it there is nothing to assess anew."""
    with pytest.raises(InvalidValue, match=r"^needs_reassessment before the listing"):
        DoctorScore(doctor="DR-7", product="CLIA-900", status=-1, needs_reassessment=True)
