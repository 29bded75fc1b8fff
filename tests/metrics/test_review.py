"""The review: every figure of a period in one value, the same as called one by one."""

from __future__ import annotations

import copy
import decimal
import pickle
import re
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from books import WORD, sell, yuan
from ledgers import (
    AUGUST,
    CLOSE,
    JULY,
    LAST,
    MOMENTS,
    Q3,
    SEPTEMBER,
    SPRING,
    STAGE,
    TICK,
    deal,
    ledgers,
    lost,
    moved,
    on,
    won,
)
from salesflow.errors import CurrencyMismatch
from salesflow.findings import Severity
from salesflow.funnel import LossReason
from salesflow.gates import Evidence
from salesflow.labels import LANGUAGES
from salesflow.metrics import (
    bridge,
    churn,
    conversion,
    coverage,
    focus,
    forecast,
    losses,
    movements,
    pace,
    progress,
    regressed,
    review,
    shape,
    unchanged,
)
from salesflow.metrics.remarks import REMARKS
from salesflow.money import Money
from salesflow.ratios import Rate

WHO = {"owner": "CANARY", "customer": "CANARY", "product": "CANARY"}
HAN = re.compile(r"[\u4e00-\u9fff]")
LIMITS = dict.fromkeys(STAGE.values(), 30)


def told(*deals, quota=500, **rest):
    """The review of these deals in the quarter."""
    return review(deals, yuan(quota), Q3, **rest)


def keys(report):
    """The keys of its findings."""
    return [finding.key for finding in report.findings]


# --- agreement -------------------------------------------------------------------------------


@given(ledgers(), st.none() | MOMENTS, st.none() | st.integers(0, 10**6).map(yuan))
def test_a_review_agrees_with_each_figure_called_by_hand(deals, at, completed):
    """Over the deals as they stood at `at`, by default the last instant of the period."""
    deals = [deal("always", at=on(4, 1)), *deals]
    moment = LAST if at is None else min(at, LAST)
    seen = [stood for stood in (one.as_of(moment) for one in deals) if stood is not None]
    outlook = forecast(seen, yuan(500), Q3, completed=completed)
    moves = movements(seen, Q3)
    report = told(*deals, at=at, completed=completed, limits=LIMITS)

    assert outlook == report.forecast
    assert coverage(outlook) == report.coverage
    assert list(moves) == list(report.movements)
    for figure in (progress, churn, regressed, unchanged, losses, bridge):
        assert figure(moves) == getattr(report, figure.__name__)
    assert conversion(moves).stages == report.conversion.stages
    assert shape(seen) == report.shape
    assert focus(seen, top=10) == report.focus
    assert pace(seen, Q3, at=moment, limits=LIMITS) == report.pace


@given(ledgers())
def test_the_owners_lines_add_up_to_the_team(deals):
    """Each owner once, in order; parts and wholes sum to the review's own."""
    report = told(*deals)
    lines = report.by_owner.values()

    assert sorted({move.owner for move in report.movements}) == list(report.by_owner)
    assert len(report.movements) == sum(line.n for line in lines)
    for name in ("progress", "churn"):
        team = getattr(report, name)
        if team.whole is not None:
            assert team.part == sum(getattr(line, name).part for line in lines)
            assert team.whole == sum(getattr(line, name).whole for line in lines)
    for name in ("start", "created", "reopened", "raised", "lowered", "lost", "won", "end"):
        sums = sum(getattr(line.bridge, name).minor for line in lines)
        assert getattr(report.bridge, name).minor == sums


@given(ledgers())
def test_the_default_is_the_last_instant_of_the_period(deals):
    """As the docs say: nothing that happened later is known, in figures and in findings."""
    deals = [deal("always"), *deals]

    report = told(*deals, limits=LIMITS)

    over = told(*deals, at=LAST, limits=LIMITS)
    assert evolve(report, findings=()) == evolve(over, findings=())
    assert over == told(*deals, at=on(12, 31), limits=LIMITS)
    quota = {"behind_quota", "missed_quota", "thin_coverage"}
    assert [f for f in report.findings if f.key not in quota] == [
        f for f in over.findings if f.key not in quota
    ]


def test_a_period_that_is_over_is_judged_by_what_was_done():
    """Read at its end, a quarter that missed its quota says so, whatever was still hoped for."""
    hoped = deal(stage=8, amount=1000, close=CLOSE)
    missed = told(hoped, at=LAST)
    running = told(hoped, at=LAST - TICK)

    assert "missed_quota" in keys(missed)
    assert {"behind_quota", "thin_coverage"}.isdisjoint(keys(missed))
    assert "missed_quota" not in keys(running)


def test_a_won_deal_that_has_not_paid_is_told_in_later_quarters_too():
    """It is in no weighted figure, so it is named beside the forecast."""
    unpaid = deal(stage=8, amount=100).win(at=SPRING, override=WORD)
    report = told(unpaid)

    assert (report.forecast.unpaid.ids, report.forecast.unpaid.amount) == (("A",), yuan(100))
    assert "won_not_paid" in keys(report)


def test_a_review_of_nothing_is_in_the_currency_of_its_quota():
    """So that it adds up with the reviews of others."""
    assert yuan(0) == told().bridge.end
    with pytest.raises(CurrencyMismatch):
        told(deal(amount=Money(1, "USD"), at=on(12, 1)))


def test_a_finding_of_a_later_quarter_is_not_in_this_one():
    """Lost in November to nobody knows whom: in the third quarter the deal was open."""
    book = [lost(deal(), LossReason.CHOSE_COMPETITOR, at=on(11, 3))]

    assert "competitor_missing" not in keys(told(*book))
    assert "competitor_missing" in keys(review(book, yuan(500), Q3.shift(1)))


def test_in_mid_quarter_only_what_was_known_counts():
    """In August the deal had reached stage 5; the win of September is not known."""
    sold = won(moved(deal(), 5), at=SEPTEMBER)
    report = told(sold, deal("B", at=SEPTEMBER), at=AUGUST)

    assert (1, STAGE[5]) == (len(report.movements), report.movements[0].stage_after)
    assert (yuan(0), yuan(20)) == (report.forecast.completed, report.forecast.weighted)
    assert report.shape.counts[STAGE[5]] == 1
    assert [one.id for one in report.focus] == ["A"]


def test_in_mid_quarter_a_deal_that_is_not_due_yet_counts_against_nobody():
    """In August a close expected on 20 September is not over; one of 1 August is."""
    book = [won(deal("W"), at=JULY), deal("later"), deal("over", close=date(2026, 8, 1))]

    assert Rate(1, 2) == told(*book, at=AUGUST).conversion.won_of_due
    assert Rate(1, 3) == told(*book).conversion.won_of_due


def test_a_review_is_a_value():
    """Equal by content, hashable, copied and stored."""
    report = told(deal("A"), won(deal("B")), lost(deal("C")), limits=LIMITS)

    assert report == copy.deepcopy(report) == pickle.loads(pickle.dumps(report))
    assert hash(report) == hash(copy.deepcopy(report))


def test_a_review_does_not_hear_the_callers_context_nor_the_order_of_the_book():
    """Three digits of precision and the reversed book: the same figures and findings."""
    book = [
        deal("A", "1234567.89", 5, owner="R-1", close=None),
        won(deal("B", "765432.10", 6, owner="R-2")),
        lost(deal("C", "98765.43", owner="R-1"), competitor="X"),
        moved(deal("D", "555.55", 6, owner="R-3"), 3),
    ]
    report = told(*book, limits=LIMITS)
    with decimal.localcontext() as context:
        context.prec = 3
        again = told(*book, limits=LIMITS)
        turned = told(*reversed(book), limits=LIMITS)

    assert report == again
    assert repr(report) == repr(again)
    for name in ("forecast", "coverage", "bridge", "conversion", "shape", "focus", "pace"):
        assert getattr(report, name) == getattr(turned, name)
    for name in ("progress", "churn", "regressed", "unchanged", "losses", "by_owner"):
        assert getattr(report, name) == getattr(turned, name)
    assert set(report.findings) == set(turned.findings)


# --- findings --------------------------------------------------------------------------------

# For each remark a book that provokes it, and what its text says.
LATE = date(2026, 10, 5)
PROVOKED = {
    "behind_quota": ([deal(stage=7, **WHO)], "12.0%.*440.00 CNY.*A"),
    "thin_coverage": ([deal(**WHO)], "20.0%"),
    "undated_deals": ([deal(close=None, **WHO)], "1 .*100.00 CNY"),
    "overdue_closes": ([deal(close=date(2026, 6, 1), **WHO)], "1 .*100.00 CNY"),
    "slipped_closes": ([deal(**WHO).revise(at=JULY, expected_close=LATE)], "1 .*100.00 CNY"),
    "shape_anomaly": ([deal(stage=4, **WHO)], "1.*0"),
    "bottleneck": ([deal("A", **WHO), deal("B", **WHO), deal("C", 5, 4, **WHO)], "0.0%"),
    "stalled": ([deal(**WHO)], "133.*30"),
    "missed_quota": ([deal(**WHO)], "0.0%.*500.00 CNY"),
    "churn": ([lost(deal(**WHO)), deal("B", 300, **WHO)], "25.0%.*100.00 CNY"),
    "regressed": ([moved(deal(stage=5, **WHO), 3)], "100.0%"),
    "standstill": ([deal(**WHO)], ""),
}


def test_every_remark_of_the_table_is_provoked():
    """Each row of `REMARKS` has its book above, and no other."""
    assert {remark.key for remark in REMARKS} == set(PROVOKED)


@pytest.mark.parametrize("key", PROVOKED)
def test_each_remark_is_provoked_and_speaks_both_languages(key):
    """With its figures, a next step, and nobody's name."""
    book, says = PROVOKED[key]
    over = {"at": LAST} if key == "missed_quota" else {}
    report = told(*book, limits=LIMITS, **over)
    found = next(finding for finding in report.findings if finding.key == key)

    for finding in report.findings:
        labels = (finding.text, finding.advice)
        texts = [label.text(tongue) for label in labels for tongue in LANGUAGES]
        assert not any("CANARY" in str(value) for value in finding.values.values())
        assert not any("CANARY" in text or "{" in text for text in (*texts, finding.subject))
    assert HAN.search(found.text.zh)
    assert HAN.search(found.advice.zh)
    whole = f"{found.text.en} {found.advice.en}"
    assert re.search(says, whole)
    assert not HAN.search(whole)


def test_a_quarter_in_which_all_is_well_has_nothing_to_say():
    """The number made, a funnel from top to bottom, nobody lost, stuck or undated."""
    book = [sell(deal("W", 600, 7), at=AUGUST), *(deal(f"{n}", 50, n) for n in range(3, 9))]

    assert told(*book).findings == ()


@pytest.mark.parametrize(
    ("key", "sound"),
    [
        ("behind_quota", {"completed": yuan(495)}),
        ("thin_coverage", {"quota": 100}),
        ("stalled", {"limits": {STAGE[3]: 134}}),
    ],
)
def test_a_remark_at_its_threshold_is_not_made(key, sound):
    """Exactly the quota is made, exactly covered is covered, the limit itself is allowed."""
    assert key in keys(told(deal(), limits={STAGE[3]: 132}))
    assert key not in keys(told(deal(), **sound))


def test_findings_are_told_in_the_order_a_manager_reads():
    """The number first, then the shape, the movements, what is stuck, and single deals."""
    book = [
        deal("U", close=None),
        lost(deal("L"), LossReason.CHOSE_COMPETITOR),
        moved(deal("R", stage=6), 4),
        deal("F", stage=4),
    ]
    found = keys(told(*book, limits=LIMITS))
    order = ["behind_quota", "thin_coverage", "undated_deals", "shape_anomaly", "bottleneck"]
    order += ["churn", "regressed", "standstill", "stalled", "competitor_missing"]

    assert order == list(dict.fromkeys(key for key in found if key in order))


def test_the_focus_of_a_gap_are_the_likeliest_deals():
    """By id, and a dash where nothing is open."""
    book = [deal(f"D-{n}", stage=n) for n in range(3, 8)]
    (behind,) = [f for f in told(*book).findings if f.key == "behind_quota"]
    (empty,) = [f for f in told().findings if f.key == "behind_quota"]

    assert "D-7, D-6, D-5, D-4, D-3;" in behind.advice.en
    assert "–" in empty.advice.en
    assert behind.subject == "2026-Q3"


def test_churn_names_its_main_reason_and_at_most_five_deals():
    """The reason with the most money, in the words of each language."""
    book = [lost(deal(f"S-{n}", 10)) for n in range(6)]
    book += [lost(deal("C", 70), LossReason.CHOSE_COMPETITOR, competitor="X")]
    (few,) = [f for f in told(*book).findings if f.key == "churn"]
    (many,) = [f for f in told(*book[:6]).findings if f.key == "churn"]

    assert "chose a competitor" in few.text.en
    assert "选择竞争对手" in few.text.zh
    assert few.advice.en.endswith("for it: C")
    assert many.advice.en.endswith("S-0, S-1, S-2, S-3, S-4 …")


def test_findings_of_single_deals_are_those_of_exposed_ones():
    """A deal lost to nobody knows whom in spring is last quarter's talk."""
    before = lost(deal("old"), LossReason.CHOSE_COMPETITOR, at=SPRING)
    within = lost(deal("new"), LossReason.CHOSE_COMPETITOR)
    found = [f for f in told(before, within).findings if f.key == "competitor_missing"]

    assert [finding.subject for finding in found] == ["new"]


def test_a_gift_filed_as_evidence_is_told_in_the_review():
    """With the severity of its kind, besides every figure."""
    gift = Evidence(gate="trust_reached", kind="gift", ref="BILL-1")
    report = told(deal().record(gift, at=JULY))
    (found,) = [f for f in report.findings if f.key == "evidence_never_counts"]

    assert (found.severity, found.subject) == (Severity.BLOCK, "A")


def test_an_override_is_told_in_the_review_without_the_name_of_who_gave_it():
    """It stays in the trail; the finding names the stage."""
    report = told(deal().advance(at=JULY, override=WORD))
    (found,) = [f for f in report.findings if f.key == "gate_overridden"]

    assert WORD.approver not in f"{found.text} {found.advice}"


def test_a_deal_without_money_that_moved_is_not_called_a_standstill():
    """The amount is unknown yet, but the deal moved forward."""
    assert "standstill" not in keys(told(moved(deal(amount=0), 4)))


def test_a_book_without_deals_is_reviewed_too():
    """Nothing is expected, nothing moved, and no ratio is made up."""
    report = told()

    assert keys(report) == ["behind_quota", "thin_coverage"]
    assert (
        report.forecast.ratio,
        report.progress.ratio,
        report.pace.velocity,
        report.shape.bottleneck,
    ) == (0, None, None, None)
    assert dict(report.by_owner) == {}


def test_long_ids_do_not_break_a_review():
    """Five ids of the longest length still fit into the text of a finding."""
    book = [lost(deal(f"{n}" * 200, 10)) for n in range(6)]

    assert "churn" in keys(told(*book))
