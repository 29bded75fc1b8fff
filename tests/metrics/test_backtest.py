"""The back-test: each period told again from what was known then, beside what happened."""

from __future__ import annotations

import copy
import pickle
from datetime import date, timedelta
from fractions import Fraction
from math import inf, nan
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books import GENERAL, yuan
from ledgers import Q3, STAGE, deal, lost, on, won
from outlook_oracle import expit, gusty, logit
from rates_oracle import ONLY, Only
from salesflow.errors import (
    CurrencyMismatch,
    DuplicateId,
    ForeignDeal,
    InvalidValue,
    SalesflowError,
)
from salesflow.metrics import (
    Prediction,
    accuracy,
    calibration,
    forecast,
    learn_rates,
    outlook,
)
from salesflow.metrics.backtest import PRIOR_SHOCK, Backtest, backtest, learn_shock
from salesflow.money import Money
from salesflow.periods import Month, Quarter

Q2 = Q3.shift(-1)
NINE_DAYS = timedelta(days=9)


def told(*deals, periods=(Q3,), **rest):
    """The third quarter told again."""
    return backtest(deals, periods, **rest)


def actual(*deals, **rest):
    """What came in by a back-test as of 10 July."""
    (total,) = told(*deals, after=NINE_DAYS, **rest).totals
    return total.actual


# --- what came in, by hand ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("life", "came"),
    [
        (lambda d: won(d.collect(yuan(40), at=on(5, 25))), 60),
        (lambda d: won(d.collect(yuan(40), at=on(7, 5))), 100),
        (lambda d: won(d, paid=False), 100),
        (lambda d: d.collect(yuan(40), at=on(7, 5)), 40),
        (lambda d: d.collect(yuan(40), at=on(8, 5)), 0),
        (lambda d: won(d, at=on(7, 5)), 100),
        (lambda d: won(d, at=on(7, 5), paid=False), 0),
        (lambda d: won(d, at=on(6, 5)), 0),
        (lambda d: won(d, at=on(10, 5)), 0),
        (lost, 0),
        (lambda d: won(lost(d, at=on(6, 5)).reopen(at=on(7, 2), reason="asked again")), 100),
        (lambda d: lost(d).reopen(at=on(8, 20), reason="asked again"), 0),
        (lambda d: won(lost(d, at=on(7, 20)).reopen(at=on(8, 1), reason="asked again")), 100),
        (lambda d: won(d.revise(at=on(8, 1), amount=yuan(150))), 100),
    ],
    ids=[
        "the rest of a deal part paid in spring",
        "what was paid before the origin, and the rest",
        "won and not paid yet",
        "cash before the origin alone",
        "cash after the origin without a win",
        "won before the origin and paid",
        "won before the origin and owing",
        "won in another quarter",
        "won in a later quarter",
        "lost",
        "lost, reopened before the origin, won",
        "lost and reopened, not won",
        "lost after the origin, reopened, won",
        "repriced after the origin",
    ],
)
def test_what_came_in_is_the_very_thing_that_was_told(life, came):
    """Of a deal of 100 at the third stage, open since May."""
    assert actual(life(deal())) == yuan(came)


def test_a_deal_opened_and_won_in_the_quarter_brought_all_it_was_worth():
    """Nobody knew it; opened before the origin, it is known."""
    assert actual(won(deal("A", 70, at=on(7, 20)))) == yuan(70)
    assert actual(won(deal("A", 70, at=on(7, 20)), at=on(10, 20))) == yuan(0)
    assert actual(deal("A", 70, at=on(7, 20))) == yuan(0)


def test_a_deal_lost_before_the_origin_and_won_after_it_brought_its_money_too():
    """It was lost in June, asked again in August and won: the money came in, foreseen or not."""
    again = lost(deal(), at=on(6, 5)).reopen(at=on(8, 1), reason="asked again")

    assert actual(won(again, at=on(8, 20))) == yuan(100)


def test_a_book_by_hand():
    """Cash up to the origin, and what each deal won afterwards still owed, or was worth."""
    book = [
        won(deal("A", 100).collect(yuan(40), at=on(5, 25))),
        won(deal("B", 70, at=on(7, 20))),
        won(deal("C", 500), at=on(10, 5)),
        lost(deal("D", 900)),
        deal("E", 80).collect(yuan(30), at=on(7, 5)),
        won(deal("F", 25), at=on(6, 20), paid=False).collect(yuan(25), at=on(7, 3)),
    ]
    found = told(*book, after=NINE_DAYS)
    (total,) = found.totals

    assert total.actual == yuan(60 + 70 + 30 + 25)
    assert (total.subject, total.period) == ("all", "2026-Q3")
    rows = [(one.deal, one.happened, one.nominal, one.group) for one in found.predictions]
    assert rows == [
        ("A", True, 0.05, "all"),
        ("C", False, 0.05, "all"),
        ("D", False, 0.05, "all"),
        ("E", False, 0.05, "all"),
    ]
    assert list(found.shocks.items()) == [("2026-Q3", PRIOR_SHOCK)]


# --- what was told -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def windy():
    """Two years of months with a hidden shock."""
    return gusty(3, months=14, n=12, shock=0.6)


MONTHS = [Month(2024, 9).shift(n) for n in range(6)]
SINGLE = {"win_rates": {Only.HERE: "0.35"}, "machine": ONLY}


def test_what_was_told_is_the_outlook_of_that_day(windy):
    """With the rates learned then, and the shock of the months before."""
    found = backtest(windy, MONTHS, after=timedelta(hours=5), **SINGLE)
    period, at = MONTHS[3], MONTHS[3].start + timedelta(hours=5)
    rates = learn_rates(windy, as_of=at, during=period, **SINGLE)
    before = [one for one in found.predictions if one.period < str(period)]
    o = outlook(
        windy,
        period,
        win_rates=rates,
        shock=learn_shock(before),
        at=at,
        machine=ONLY,
    )
    here = [one for one in found.predictions if one.period == str(period)]
    total = next(one for one in found.totals if one.period == str(period))

    assert found.shocks[str(period)] == learn_shock(before)
    assert [one.deal for one in here] == [one.id for one in o.prospects]
    assert [one.probability for one in here] == [one.probability for one in o.prospects]
    assert total.mean == o.mean
    assert list(total.quantiles) == [0.1, 0.5, 0.9]
    for level, told_ in total.quantiles.items():
        assert abs((told_ - o.quantile(level)).minor) <= o.mean.minor // 50
    assert total.crps > 0


def test_only_what_was_known_then_counts(windy):
    """Later deals, and the later fate of earlier ones, change nothing that was told before."""
    first = MONTHS[:3]
    cut = MONTHS[2].start + timedelta(days=40)
    known = [one for one in (d.as_of(cut) for d in windy) if one is not None]
    whole = backtest(windy, MONTHS, **SINGLE)
    part = backtest(known, first, **SINGLE)

    told_ = [(p.deal, p.period, p.probability) for p in whole.predictions]
    assert [(p.deal, p.period, p.probability) for p in part.predictions] == told_[
        : len(part.predictions)
    ]
    assert len(part.predictions) > 0
    assert whole.totals[:3] == part.totals
    assert list(whole.shocks.items())[:3] == list(part.shocks.items())


def test_the_first_origin_takes_the_prior_shock_and_later_ones_learn(windy):
    """From the origins before."""
    shocks = backtest(windy, MONTHS, **SINGLE).shocks

    assert shocks["2024-09"] == PRIOR_SHOCK
    assert len(set(shocks.values())) > 1


def test_a_shock_that_is_given_is_used(windy):
    """At each origin."""
    found = backtest(windy, MONTHS[:2], shock=0.4, **SINGLE)

    assert list(found.shocks.values()) == [0.4, 0.4]
    wide = found.totals[1].quantiles
    narrow = backtest(windy, MONTHS[:2], shock=0, **SINGLE).totals[1].quantiles
    assert wide[0.9] - wide[0.1] > narrow[0.9] - narrow[0.1]


def test_progress_is_told_after_each_origin(windy):
    """How many are done, of how many."""
    heard = []
    backtest(windy, MONTHS[:3], progress=lambda done, of: heard.append((done, of)), **SINGLE)

    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_groups_have_totals_of_their_own(windy):
    """They sum to the whole, deal by deal; each row names its group."""
    found = backtest(windy, MONTHS[:2], by=lambda d: f"G-{int(d.id[-1]) % 2}", shock=0, **SINGLE)
    whole = backtest(windy, MONTHS[:2], shock=0, **SINGLE)

    assert [(one.subject, one.period) for one in found.totals] == [
        ("G-0", "2024-09"),
        ("G-1", "2024-09"),
        ("G-0", "2024-10"),
        ("G-1", "2024-10"),
    ]
    for number in range(2):
        parts = found.totals[2 * number : 2 * number + 2]
        assert sum(one.actual for one in parts) == whole.totals[number].actual
    assert {(p.deal, p.probability, p.happened) for p in found.predictions} == {
        (p.deal, p.probability, p.happened) for p in whole.predictions
    }
    assert {one.group for one in found.predictions} == {"G-0", "G-1"}


@pytest.mark.parametrize("odd", [0, 7], ids=["round", "odd"])
def test_amounts_of_all_sizes_are_rounded_finely(odd):
    """Finer than anything a total tells; the mean is exact."""
    book = [deal(f"D-{n}", Money.of_minor(1_000_000 + odd * n * n, "CNY"), 5) for n in range(12)]
    (total,) = told(*book, shock=0).totals
    o = outlook(book, Q3)

    assert total.mean == o.mean
    for level, amount in total.quantiles.items():
        assert abs((amount - o.quantile(level)).minor) <= (12 * 4000 if odd else 0)


def test_the_nominal_total_is_what_the_forecast_expected_then():
    """Of the deals expected in the quarter, with the cash up to the origin."""
    book = [
        deal("A", 100, 5).collect(yuan(40), at=on(7, 5)),
        deal("later", 500, 5, close=Q3.after),
        deal("overdue", 500, 5, close=date(2026, 6, 30)),
        won(deal("B", 300, 4), at=on(8, 1)),
    ]
    (total,) = told(*book, after=NINE_DAYS).totals

    assert total.nominal == forecast(book, yuan(1), Q3, at=Q3.start + NINE_DAYS).expected


def test_fields_are_learned_and_read(windy):
    """Ready-made ones, and those of one's own."""
    own = {"parity": lambda d: str(int(d.id[-1]) % 2)}
    found = backtest(windy, MONTHS[:1], fields=own, **SINGLE)

    assert len(found.predictions) == 12
    assert backtest(windy, MONTHS[:1], fields=["owner"], **SINGLE).predictions


def test_new_business_is_told_as_well():
    """Each month two deals come and are won at once; the mean of the next month holds them."""
    book = [
        won(deal(f"D-{m}-{k}", 50, at=on(m, 5 + k)), at=on(m, 20 + k))
        for m in range(1, 8)
        for k in range(2)
    ]
    (total,) = told(*book, periods=[Month(2026, 7, tz=Q3.tz)], shock=0).totals

    assert total.mean > yuan(50)
    assert total.actual == yuan(100)
    assert total.quantiles[0.9] >= yuan(100)


def test_a_back_test_is_a_value_and_can_be_judged(windy):
    """Storable; its rows are those that calibration and accuracy read."""
    found = backtest(windy, MONTHS[:2], **SINGLE)

    assert isinstance(found, Backtest)
    assert pickle.loads(pickle.dumps(found)) == copy.deepcopy(found) == found
    assert calibration(found.predictions).model.n == len(found.predictions)
    assert accuracy(found.totals).n == 2


def test_of_a_book_without_deals_there_is_nothing_to_tell():
    """No row, and the prior shock."""
    assert told() == Backtest(predictions=(), totals=(), shocks=told().shocks)
    assert dict(told().shocks) == {"2026-Q3": PRIOR_SHOCK}


def test_a_book_of_one_deal_is_told_although_nobody_expected_its_win():
    """A deal at two in a hundred was won: no shock that an outlook would refuse comes of it."""
    first = won(deal("A", 100, 2, at=on(3, 20), close=date(2026, 5, 5)), at=on(5, 5))
    found = told(first, deal("B", 100, 2, at=on(5, 1)), periods=[Q2, Q3])

    assert len(found.totals) == 2
    assert all(0 <= shock <= 5 for shock in found.shocks.values())


# --- the shock that is learned -----------------------------------------------------------------


def drawn(seed, groups, n, shock, p=0.3):
    """Predictions of groups of deals that share a shock."""
    draw, rows = Random(seed), []
    for group in range(groups):
        chance = expit(logit(p) + shock * draw.gauss(0, 1))
        rows += [
            Prediction(
                deal=f"D-{case}",
                period=f"P-{group}",
                probability=p,
                nominal=p,
                happened=draw.random() < chance,
            )
            for case in range(n)
        ]
    return rows


@pytest.mark.parametrize("shock", [0.4, 0.6, 0.8])
def test_a_simulated_shock_is_found_again(shock):
    """From four hundred periods of forty deals, within a sixth."""
    assert learn_shock(drawn(5, 400, 40, shock)) == pytest.approx(shock, rel=1 / 6)


def test_of_independent_deals_next_to_none_is_learned():
    """From many periods."""
    assert learn_shock(drawn(6, 600, 40, 0)) < 0.12


def test_with_nothing_told_it_is_the_prior():
    """Nor where all that was told was certain."""
    certain = [Prediction(deal="A", probability=p, nominal=p, happened=bool(p)) for p in (0.0, 1.0)]

    assert learn_shock([]) == PRIOR_SHOCK
    assert learn_shock([], prior=0.4) == 0.4
    assert learn_shock(iter(certain), prior=0.4) == 0.4


def test_it_is_what_the_formula_says():
    """Two groups, told one half each: one of four wins, one of two; by hand."""
    rows = [
        Prediction(deal="D", group=group, probability=0.5, nominal=0.5, happened=won_)
        for group, wins in (("a", (True,) * 4), ("b", (True, False)))
        for won_ in wins
    ]
    excess, squares = (4 - 1) + (0 - 0.5), 1 + 0.25
    belief = max(3 * squares / 2, 100)

    expected = ((belief * 0.25**2 + excess) / (belief + squares)) ** 0.5
    assert learn_shock(rows) == pytest.approx(expected)


def test_periods_and_groups_are_kept_apart():
    """The same deals in one group swing more than in two."""
    rows = drawn(7, 60, 20, 0.9)
    apart = [
        Prediction(
            deal=one.deal,
            group=one.deal,
            period=one.period,
            probability=one.probability,
            nominal=one.nominal,
            happened=one.happened,
        )
        for one in rows
    ]

    assert learn_shock(rows) > 0.5
    assert learn_shock(apart) < learn_shock(rows)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from([0.001, 0.02, 0.5, 0.999]), st.booleans()),
        max_size=12,
    )
)
def test_a_learned_shock_is_one_that_an_outlook_takes(rows):
    """From 0 to 5, whatever happened."""
    told_ = [
        Prediction(deal="D", period=period, probability=p, nominal=p, happened=happened)
        for period, p, happened in rows
    ]
    shock = learn_shock(told_)

    assert 0 <= shock <= 5
    assert outlook([], currency="CNY", shock=shock).shock == shock


def test_with_the_learned_shock_eight_in_ten_totals_lie_where_eight_in_ten_should():
    """Without it, far fewer do; the hidden shock of the months is found again."""
    deals = gusty(1, months=34, n=24, shock=0.7)
    periods = [Month(2024, 1).shift(n) for n in range(6, 34)]
    learned = backtest(deals, periods, **SINGLE)
    without = backtest(deals, periods, shock=0, **SINGLE)
    (cover,) = accuracy(learned.totals).cover.values()
    (bare,) = accuracy(without.totals).cover.values()

    assert 0.68 <= cover.ratio <= 0.93
    assert bare.ratio + Fraction(15, 100) < cover.ratio
    assert accuracy(learned.totals).crps < accuracy(without.totals).crps
    assert learn_shock(learned.predictions) == pytest.approx(0.7, abs=0.2)


# --- what is refused ---------------------------------------------------------------------------

_REFUSED = [
    ("periods", lambda: told(deal(), periods=[])),
    ("periods", lambda: told(deal(), periods="2026")),
    ("periods", lambda: told(deal(), periods=5)),
    ("periods", lambda: told(deal(), periods=[Q3, Q2])),
    ("periods", lambda: told(deal(), periods=[Q3, Q3])),
    ("periods", lambda: told(deal(), periods=[Quarter(2026, 1), Month(2026, 2)])),
    ("periods", lambda: told(deal(), periods=[Month(2026, 2, tz=Q3.tz), Month(2026, 2)])),
    ("during", lambda: told(deal(), periods=["2026-Q3"])),
    ("during", lambda: told(deal(), periods=[None])),
    ("after", lambda: told(deal(), after=timedelta(days=92))),
    ("after", lambda: told(deal(), after=timedelta(microseconds=-1))),
    ("after", lambda: told(deal(), after=timedelta.max)),
    ("after", lambda: told(deal(), after=9)),
    ("after", lambda: told(deal(), after=None)),
    ("by", lambda: told(deal(), by="owner")),
    ("fields", lambda: told(deal(), fields=["region"])),
    ("fields", lambda: told(deal(), fields=5)),
    ("win_rates", lambda: told(deal(), win_rates=0.5)),
    ("win_rates", lambda: told(deal(), win_rates={STAGE[1]: "0.5"})),
    ("machine", lambda: told(deal(), machine="funnel")),
    ("deals", lambda: backtest(5, [Q3])),
    ("deals", lambda: told("D-1")),
    *[
        ("shock", lambda shock=shock, book=book: told(*book, shock=shock))
        for shock in (-1, nan, 6, inf, "x", True)
        for book in ([deal()], [])
    ],
    ("predictions", lambda: learn_shock(5)),
    ("predictions", lambda: learn_shock("told")),
    ("predictions", lambda: learn_shock([0.5])),
    *[("prior", lambda prior=prior: learn_shock([], prior=prior)) for prior in (-1, nan, "x", 6)],
]


@pytest.mark.parametrize(("field", "ask"), _REFUSED)
def test_what_cannot_be_asked_is_refused_by_name(field, ask):
    """In words of this library, naming the field."""
    with pytest.raises(SalesflowError) as caught:
        ask()
    assert caught.value.field == field


@pytest.mark.parametrize("names", [(None, "R-1"), (5, "R-1"), ("", "")], ids=str)
def test_a_group_has_a_name(names):
    """A text, and not an empty one."""
    groups = dict(zip("AB", names, strict=True))
    with pytest.raises(InvalidValue):
        told(deal("A"), deal("B"), by=lambda d: groups[d.id])


def test_progress_has_to_be_a_function():
    """Told before the long work begins."""
    with pytest.raises(InvalidValue) as caught:
        told(deal(), progress=5)
    assert caught.value.field == "progress"


@pytest.mark.parametrize(
    ("error", "ask"),
    [
        (CurrencyMismatch, lambda: told(deal("A"), deal("B", Money(1, "USD")))),
        (DuplicateId, lambda: told(deal("A"), deal("A"))),
        (ForeignDeal, lambda: told(deal("A"), machine=GENERAL)),
    ],
)
def test_what_does_not_belong_together_is_refused(error, ask):
    """Currencies, ids, machines."""
    with pytest.raises(error):
        ask()


def test_a_group_that_nobody_knew_yet_is_no_total():
    """It would be a total of nothing told and nothing come, and flatter the cover."""
    deals = [deal("A", 70, at=on(5, 20)), deal("B", 70, at=on(8, 20))]
    early, late = (
        backtest(deals, [quarter], by=lambda one: one.id) for quarter in (Q3, Q3.shift(1))
    )

    assert [total.subject for total in early.totals] == ["A"]
    assert [total.subject for total in late.totals] == ["A", "B"]
