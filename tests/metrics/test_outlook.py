"""The outlook: what a period will bring, how likely each amount is, and what enters it."""

from __future__ import annotations

import copy
import pickle
from bisect import bisect_right
from datetime import date
from fractions import Fraction
from math import exp, fsum, inf, nan
from random import Random

import pendulum
import pytest

import outlook_oracle as oracle
from books import GENERAL, GENERAL_RATES, Phase, new_deal, yuan
from distribution_oracle import both, panjer
from ledgers import AUGUST, CLOSE, JULY, Q3, SPRING, STAGE, deal, lost, moved, on, won
from outlook_oracle import past
from salesflow.errors import (
    CurrencyMismatch,
    DuplicateId,
    ForeignDeal,
    InvalidValue,
    SalesflowError,
    WrongType,
)
from salesflow.funnel import WIN_RATES, Opportunity, Sighting
from salesflow.metrics import NewBusiness, Tally, forecast, learn_rates, outlook
from salesflow.metrics.book import book_of
from salesflow.metrics.outlook import Bin, Entry, Outlook
from salesflow.money import Money
from salesflow.periods import Quarter

FEN = Money("0.01", "CNY")


def told(*deals, **rest):
    """The outlook of these deals in the quarter."""
    return outlook(deals, Q3, **rest)


def fen(minor):
    """So many fen."""
    return Money.of_minor(minor, "CNY")


def new(expected=1.5, *sizes):
    """New business of some sizes in fen, each seen so often."""
    rows = [(fen(minor), n) for minor, n in sizes or [(100_00, 1)]]
    return NewBusiness(expected=expected, sizes=rows, periods=4, n=6)


def some(n=12, *, unlike=7):
    """So many open deals of different stages and amounts."""
    return [deal(f"D-{k}", 100 + unlike * k, 3 + k % 6) for k in range(n)]


# --- the contract ------------------------------------------------------------------------------


def test_the_contract_of_the_main_path():
    """Figures of money are Money, figures of chance are floats from 0 to 1."""
    o = outlook([deal(stage=6)], during=Q3, win_rates=WIN_RATES, completed=None, shock=0)

    assert isinstance(o, Outlook)
    assert o.mean == yuan(30)
    assert (o.quantile(0.1), o.quantile(0.9)) == (yuan(0), yuan(100))
    assert o.probability(at_least=yuan(100)) == pytest.approx(0.3)
    assert o.cdf(yuan(99)) == pytest.approx(0.7)
    for chance in (o.cdf(yuan(0)), o.cdf(yuan(-1)), o.probability(at_least=yuan(0))):
        assert type(chance) is float
        assert 0 <= chance <= 1
    assert outlook([deal(stage=6)], Q3) == o


def test_a_book_with_one_large_deal_has_two_peaks():
    """It comes in whole or not at all: there is no "about the mean"."""
    o = told(deal("small", 10, 5), deal("large", 1000, 5))

    assert o.mean == yuan(202)
    assert o.cdf(yuan(300)) - o.cdf(yuan(100)) == pytest.approx(0)


def test_without_deals_the_period_brings_what_it_brought():
    """For certain."""
    o = told(completed=yuan(40))

    assert (o.mean, o.quantile(0.001), o.quantile(0.999)) == (yuan(40),) * 3
    assert o.deviation == yuan(0)
    assert (o.cdf(yuan(40)), o.cdf(yuan(40) - FEN)) == (1.0, 0.0)
    assert o.probability(at_least=yuan(40)) == 1.0
    assert o.bins() == (Bin(low=yuan(40), high=yuan(40), mass=1.0),)
    assert told(currency="CNY").probability(at_least=FEN) == 0.0


def test_a_deal_of_nothing_changes_nothing():
    """Zero amounts and deals that are fully paid are no stake."""
    paid = deal("paid", 50).collect(yuan(50), at=SPRING)
    o = told(deal("A", 0), paid, deal("B", 10))

    assert o.quantile(0.99) == yuan(10)
    assert o.mean == yuan("0.50")


@pytest.mark.parametrize("zero", [yuan(0), yuan(5)])
def test_completed_gives_a_book_without_deals_its_currency(zero):
    """Nothing at all as well."""
    o = told(completed=zero)

    assert (o.mean, o.completed) == (zero, zero)


def test_completed_replaces_the_cash_collected():
    """What the deals owe stays as it is."""
    half = deal(stage=6).collect(yuan(50), at=JULY)

    assert (told(half).completed, told(half).mean) == (yuan(50), yuan(65))
    assert told(half, completed=yuan(0)).mean == yuan(15)
    assert told(half, completed=yuan(-7)).mean == yuan(8)


def test_money_paid_back_is_taken_off():
    """Imported cash may shrink."""
    seen = [
        Sighting(at=at, stage=STAGE[8], collected=yuan(held))
        for at, held in ((SPRING, 40), (AUGUST, 10))
    ]
    given = {"customer": "H", "owner": "R", "product": "P", "amount": yuan(100)}
    one = Opportunity.from_history(id="A", events=seen, **given)
    o = outlook([one, deal("B", 10, 5)], Q3)

    assert o.completed == yuan(-30)
    assert o.quantile(0.1) == yuan(-30)
    assert o.quantile(0.99) == yuan(-20)


def test_without_a_period_every_open_deal_enters_and_all_cash_counts():
    """As in a forecast."""
    book = [deal("A", close=None), deal("B", close=date(2031, 1, 1)), won(deal("C"), at=SPRING)]
    o = outlook(book)

    assert (o.completed, o.pipeline) == (yuan(100), yuan(10))
    assert (o.undated.n, o.outside.later.n, o.outside.overdue.n) == (0, 0, 0)
    assert {o.entry(one) for one in o.open_deals} == {Entry.ENTERS}


def test_what_does_not_enter_is_told_beside():
    """Undated, overdue and later, and won deals that still owe."""
    o = told(
        deal("undated", 4, close=None),
        deal("overdue", 8, close=date(2026, 6, 30)),
        deal("later", 16, close=Q3.after),
        deal("first day", 32, close=Q3.first),
        won(deal("owing", 64), paid=False),
    )

    assert [one.id for one in o.prospects] == ["first day"]
    assert o.undated == Tally(n=1, amount=yuan(4), ids=("undated",))
    assert o.outside.overdue == Tally(n=1, amount=yuan(8), ids=("overdue",))
    assert o.outside.later == Tally(n=1, amount=yuan(16))
    assert o.unpaid == Tally(n=1, amount=yuan(64), ids=("owing",))
    assert [o.entry(o.prospect(key)) for key in ("undated", "overdue", "later", "first day")] == [
        Entry.UNDATED,
        Entry.OVERDUE,
        Entry.LATER,
        Entry.ENTERS,
    ]


def test_an_outlook_can_be_asked_as_of_an_instant():
    """Stage, cash and close as they stood then."""
    later = moved(deal(), 7, at=on(9, 10)).collect(yuan(50), at=on(9, 10))

    assert told(later, at=AUGUST).mean == yuan(5)
    assert told(later, at=on(9, 10)).mean == yuan(80)
    assert told(later, at=on(5, 1)).mean == yuan(0)


def test_a_pipeline_of_ones_own():
    """Its own machine, its own rates."""
    book = [new_deal(stage=Phase.CLOSE, at=SPRING, expected_close=CLOSE, machine=GENERAL)]

    assert outlook(book, Q3, win_rates=GENERAL_RATES, machine=GENERAL).mean == yuan(80)


def test_an_outlook_is_a_value():
    """Equal, hashable, storable, before and after its figures were asked for."""
    one, other = told(*some(), new_business=new()), told(*some(), new_business=new())
    assert one.mean == other.mean
    assert one.quantile(0.5)

    assert (one, hash(one)) == (other, hash(other))
    assert copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one
    assert pickle.loads(pickle.dumps(one)).quantile(0.9) == one.quantile(0.9)
    assert "Outlook(completed=" in repr(one)


def test_a_book_made_once_and_an_iterator_are_read_alike():
    """Nobody has to hand over a list."""
    assert outlook(book_of(some()), Q3) == outlook(iter(some()), Q3) == told(*some())


# --- learned rates -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def within():
    """Rates of winning within the quarter."""
    return learn_rates(past(), as_of=JULY, during=Q3)


@pytest.fixture(scope="module")
def eventual():
    """Rates of winning some day."""
    return learn_rates(past(), as_of=JULY)


def scattered():
    """Deals of every date, and closed ones."""
    return [
        deal("undated", 40, close=None),
        deal("overdue", 80, close=date(2026, 6, 30)),
        deal("later", 160, close=Q3.after),
        deal("due", 320, 5),
        lost(deal("lost", 640)),
    ]


def test_under_rates_of_the_period_every_open_deal_enters(within):
    """The rate says when; nothing is left out."""
    o = told(*scattered(), win_rates=within)

    assert [one.id for one in o.prospects] == ["undated", "overdue", "later", "due"]
    assert (o.undated.n, o.outside.later.n, o.outside.overdue.n) == (0, 0, 0)
    assert o.wins.support == (0, 4)


def test_with_little_history_the_date_decides_although_a_period_was_meant():
    """The rates are nominal as yet."""
    o = told(*scattered(), win_rates=learn_rates(past(9), as_of=JULY, during=Q3))

    assert [one.id for one in o.prospects] == ["due"]
    assert (o.undated.n, o.outside.later.n, o.outside.overdue.n) == (1, 1, 1)


def test_under_rates_of_winning_some_day_the_date_decides(eventual):
    """As under those of the stages."""
    o = told(*scattered(), win_rates=eventual)

    assert [one.id for one in o.prospects] == ["due"]
    assert (o.undated.n, o.outside.later.n, o.outside.overdue.n) == (1, 1, 1)


@pytest.mark.parametrize("model", ["eventual", "within"])
def test_under_learned_rates_it_is_that_of_every_outcome(model, request):
    """Each deal with the chance that the table tells of it."""
    rates = request.getfixturevalue(model)
    o = told(*scattered(), win_rates=rates, at=AUGUST)
    rows = [(one.id, one.outstanding, Fraction(one.probability)) for one in o.prospects]
    law = oracle.outcomes(rows)

    for x in (-1, 0, 40_00, 200_00, 359_99, 360_00, 600_00):
        assert o.cdf(fen(x)) == pytest.approx(law.cdf(x), abs=1e-9)
    assert o.mean.minor == pytest.approx(float(law.mean), abs=0.51)
    for one in o.prospects:
        assert one.probability == rates.probability(one.stage, one.days, ())


def test_learned_fields_of_ones_own_need_their_readers():
    """And with them it is told."""
    own = {"region": lambda d: "east" if d.owner == "R-1" else "west"}
    rates = learn_rates(past(), as_of=JULY, during=Q3, fields=own)

    assert told(deal(owner="R-1"), win_rates=rates, fields=own).prospects[0].categories == ("east",)
    with pytest.raises(InvalidValue, match="fields lack a reader for region"):
        told(deal(), win_rates=rates)


def test_rates_of_another_period_or_machine_are_refused(within):
    """They say something else."""
    with pytest.raises(InvalidValue, match="win_rates were learned for another period"):
        outlook([deal()], Q3.shift(1), win_rates=within)
    with pytest.raises(InvalidValue, match="win_rates were learned for another period"):
        outlook([deal()], win_rates=within)
    with pytest.raises(ForeignDeal):
        outlook([], Q3, win_rates=within, machine=GENERAL)


# --- the common shock --------------------------------------------------------------------------


@pytest.mark.parametrize("shock", [0.25, 1, 2.5])
def test_a_shock_keeps_the_mean_and_widens_what_may_come(shock):
    """Of many deals together; neither tail is lighter."""
    plain, shaken = told(*some(unlike=10)), told(*some(unlike=10), shock=shock)

    assert shaken.mean == plain.mean
    assert shaken.distribution.mean == pytest.approx(plain.distribution.mean, rel=1e-9)
    assert shaken.deviation > plain.deviation
    assert shaken.quantile(0.05) <= plain.quantile(0.05)
    assert shaken.quantile(0.95) >= plain.quantile(0.95)
    assert shaken.wins.mean == pytest.approx(plain.wins.mean, rel=1e-9)
    assert shaken.wins.variance > plain.wins.variance
    assert shaken.shock == shock


def test_a_shock_does_nothing_to_a_single_deal():
    """Its chance is what it was; there is nobody to share a quarter with."""
    plain, shaken = told(deal(stage=6)), told(deal(stage=6), shock=1.5)

    assert shaken.cdf(yuan(99)) == pytest.approx(plain.cdf(yuan(99)), abs=1e-9)
    assert shaken.deviation == plain.deviation


@pytest.mark.parametrize("shock", [0.3, 0.8])
def test_a_shock_is_a_normal_move_of_all_log_odds(shock):
    """Told by a plain sum over a fine grid of shocks."""
    amounts = [(10, 3), (20, 5), (40, 6), (80, 7)]
    o = told(*(deal(f"{n}", n, stage) for n, stage in amounts), shock=shock)
    rows = [(f"{n}", n * 100, float(WIN_RATES[STAGE[stage]])) for n, stage in amounts]

    for x in (0, 39_00, 80_00, 120_00):
        expected = oracle.shaken(rows, 0, x, shock, steps=160)
        assert o.cdf(fen(x)) == pytest.approx(expected, abs=1e-4)


# --- new business ------------------------------------------------------------------------------


def test_new_business_adds_its_mean_and_is_told_apart():
    """Never mixed in silently."""
    without = told(*some(3))
    o = told(*some(3), new_business=new(1.5, (100_00, 1), (300_00, 1)))

    assert (without.new_business, o.new_business.mean) == (None, yuan(300))
    assert o.pipeline == without.pipeline == without.mean
    assert o.mean == o.pipeline + yuan(300)
    assert o.distribution.mean == pytest.approx(o.mean.minor, rel=1e-9, abs=0.5)
    assert o.deviation > without.deviation
    assert o.wins == without.wins


def test_new_business_alone_is_a_compound_poisson_number():
    """With no deal at all, by Panjer's recursion."""
    o = told(new_business=new(1.3, (1, 2), (3, 1)), currency="CNY")
    law = panjer(1.3, {1: 2, 3: 1}, 40)

    assert o.cdf(fen(0)) == pytest.approx(exp(-1.3), abs=1e-9)
    for x in range(20):
        assert o.cdf(fen(x)) == pytest.approx(fsum(law[: x + 1]), abs=1e-9)


def test_new_business_comes_on_top_of_deals_and_cash():
    """The sum of independent parts."""
    book = [deal("A", fen(2), 6), deal("B", fen(5), 5)]
    o = told(*book, completed=fen(7), new_business=new(0.8, (2, 1)))
    deals = [0.0] * 8
    for won_, p in ((0, 0.56), (2, 0.24), (5, 0.14), (7, 0.06)):
        deals[won_] += p
    law = both(deals, panjer(0.8, {2: 1}, 60))

    for x in range(20):
        assert o.cdf(fen(7 + x)) == pytest.approx(fsum(law[: x + 1]), abs=1e-9)


def test_new_business_of_another_currency_is_refused():
    """Also where the book has none of its own."""
    usd = NewBusiness(expected=1.0, sizes=[(Money(1, "USD"), 1)], periods=1, n=1)
    with pytest.raises(CurrencyMismatch):
        told(deal(), new_business=usd)
    with pytest.raises(CurrencyMismatch):
        told(completed=yuan(1), new_business=usd)


# --- bins --------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 7, 24, 1000])
def test_bins_hold_all_there_is(n):
    """They join, and their masses sum to one."""
    o = told(*some(), completed=yuan(30), new_business=new())
    bins = o.bins(n)

    assert len(bins) == n
    assert fsum(one.mass for one in bins) == pytest.approx(1, abs=1e-9)
    assert all(one.mass >= -1e-9 for one in bins)
    assert [a.high for a in bins[:-1]] == [b.low for b in bins[1:]]
    assert (bins[0].low, bins[-1].high) == (o.quantile(0.001), o.quantile(0.999))
    for one in bins[1:-1]:
        assert one.mass == pytest.approx(o.cdf(one.high) - o.cdf(one.low), abs=1e-9)


def test_of_few_amounts_there_are_few_bins():
    """A book of five fen has five steps."""
    o = told(*(deal(f"{n}", FEN, 5) for n in range(5)))

    assert len(o.bins()) <= 5
    assert fsum(one.mass for one in o.bins()) == pytest.approx(1)


# --- the number of wins ------------------------------------------------------------------------


def test_the_number_of_wins_is_a_poisson_binomial():
    """Whatever the deals are worth."""
    o = told(*some(8))
    law = [1.0]
    for one in o.prospects:
        law = both(law, [1 - one.probability, one.probability])

    assert o.wins.support == (0, 8)
    for k in range(9):
        assert o.wins.cdf(k) == pytest.approx(fsum(law[: k + 1]), abs=1e-9)


# --- drawn by lot ------------------------------------------------------------------------------


def distance(o, drawn):
    """The largest distance between the draws and the distribution (Kolmogorov), at some draws."""
    n = len(drawn)
    return max(abs(bisect_right(drawn, x) / n - o.cdf(x)) for x in drawn[::20])


@pytest.mark.parametrize("shock", [0, 0.8])
@pytest.mark.parametrize("more", [None, new(2.5, (50_00, 1), (200_00, 3))], ids=["none", "new"])
def test_what_is_drawn_by_lot_agrees_with_the_distribution(shock, more):
    """To what chance allows: 1.9 ÷ √n, exceeded once in seven hundred times."""
    o = told(*some(8, unlike=10), completed=yuan(30), shock=shock, new_business=more)
    drawn = o.simulated(Random(7), 4000)

    assert list(drawn) == sorted(drawn)
    assert distance(o, drawn) < 1.9 / 4000**0.5
    assert {one.currency for one in drawn} == {"CNY"}


def test_the_same_seed_gives_the_same_draws():
    """And another one others."""
    o = told(*some(), new_business=new())

    assert o.simulated(Random(7), 200) == o.simulated(Random(7), 200)
    assert o.simulated(Random(7), 200) != o.simulated(Random(8), 200)
    assert o.simulated(Random(7), 0) == ()


def test_very_many_arrivals_are_drawn_as_well():
    """Of twelve hundred, some thirty-five more or fewer."""
    o = told(new_business=new(1200.0, (1, 1)), currency="CNY")
    drawn = [one.minor for one in o.simulated(Random(3), 300)]

    assert sum(drawn) / 300 == pytest.approx(1200, abs=8)
    assert o.mean == fen(1200)


# --- rounded -----------------------------------------------------------------------------------


def test_rounding_what_is_at_stake_moves_quantiles_by_little():
    """By half a unit a deal at most, and the cash not at all."""
    book = [deal(f"D-{k}", fen(1_000_037 + 7919 * k * k), 3 + k % 6) for k in range(14)]
    o = told(*book, completed=fen(77_777))
    near = o.rounded(yuan(100))

    assert near.completed == o.completed
    assert all(one.outstanding % 100_00 == 0 for one in near.open_deals)
    for level in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert abs((near.quantile(level) - o.quantile(level)).minor) <= 14 * 50_00
    assert o.rounded(FEN) == o


def test_new_business_is_rounded_too():
    """Sizes that fall together are counted together."""
    o = told(deal(), new_business=new(2.0, (99_00, 1), (101_00, 2), (260_00, 1)))

    assert dict(o.rounded(yuan(100)).new_business.sizes) == {yuan(100): 3, yuan(300): 1}
    assert o.rounded(yuan(100)).new_business.expected == 2.0
    assert told(deal()).rounded(yuan(100)).new_business is None


# --- what is refused ---------------------------------------------------------------------------

_O = told(deal(stage=6))
_REFUSED = [
    # field, what is asked, of whom
    ("completed", lambda: told(completed=5.0)),
    ("completed", lambda: told(completed="5")),
    ("during", lambda: outlook([], "2026-Q3")),
    ("during", lambda: outlook([], CLOSE)),
    ("deals", lambda: outlook(5, Q3)),
    ("deals", lambda: outlook("D-1", Q3)),
    ("deals", lambda: told("D-1")),
    ("at", lambda: told(at=JULY.naive())),
    ("at", lambda: told(deal(), at="2026-07-01")),
    ("machine", lambda: told(machine="funnel")),
    ("win_rates", lambda: told(win_rates=0.5)),
    ("win_rates", lambda: told(win_rates={})),
    ("currency", lambda: told(currency="yuan")),
    ("new_business", lambda: told(deal(), new_business="some")),
    ("new_business", lambda: told(deal(), new_business=5)),
    *[
        ("shock", lambda shock=shock: told(deal(), shock=shock))
        for shock in (-1, nan, 6, inf, "x", True, None)
    ],
    *[
        ("quantile", lambda level=level: _O.quantile(level))
        for level in (0, 1, 0.0, 1.0, nan, True, "0.1", None, -0.1, 1.1)
    ],
    ("money", lambda: _O.cdf(5)),
    ("money", lambda: _O.cdf(5.0)),
    ("at_least", lambda: _O.probability(at_least=5.0)),
    ("at_least", lambda: _O.probability(at_least=None)),
    ("n", lambda: _O.bins(0)),
    ("n", lambda: _O.bins(1001)),
    ("n", lambda: _O.bins(True)),
    ("n", lambda: _O.bins(2.0)),
    ("n", lambda: _O.simulated(Random(1), -1)),
    ("n", lambda: _O.simulated(Random(1), 2.0)),
    ("n", lambda: _O.simulated(Random(1), True)),
    ("unit", lambda: _O.rounded(yuan(0))),
    ("unit", lambda: _O.rounded(yuan(-1))),
    ("unit", lambda: _O.rounded(5)),
    ("id", lambda: _O.prospect("nobody")),
    ("id", lambda: _O.prospect(None)),
]


@pytest.mark.parametrize(("field", "ask"), _REFUSED)
def test_what_cannot_be_asked_is_refused_by_name(field, ask):
    """In words of this library, naming the field."""
    with pytest.raises(SalesflowError) as caught:
        ask()
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("error", "ask"),
    [
        (CurrencyMismatch, lambda: told(deal("A"), deal("B", Money(1, "USD")))),
        (CurrencyMismatch, lambda: told(deal("A"), completed=Money(1, "USD"))),
        (CurrencyMismatch, lambda: told(deal("A"), completed=Money(0, "USD"))),
        (CurrencyMismatch, lambda: _O.probability(at_least=Money(1, "USD"))),
        (CurrencyMismatch, lambda: _O.cdf(Money(1, "USD"))),
        (CurrencyMismatch, lambda: _O.rounded(Money(1, "USD"))),
        (DuplicateId, lambda: told(deal("A"), deal("A"))),
        (ForeignDeal, lambda: told(deal("A"), machine=GENERAL, win_rates=GENERAL_RATES)),
        (WrongType, lambda: told(completed=True)),
    ],
)
def test_what_does_not_belong_together_is_refused(error, ask):
    """Currencies, machines, ids."""
    with pytest.raises(error):
        ask()


def test_the_mean_is_rounded_as_the_forecast_is_where_cash_was_paid_back():
    """Half a fen is rounded up before the negative cash is added, not after."""
    half = Opportunity.open(
        id="A",
        customer="H",
        owner="R",
        product="P",
        amount=Money("0.25", "CNY"),
        at=pendulum.datetime(2026, 7, 1, tz="UTC"),
        expected_close=date(2026, 9, 1),
    )
    back = Money("-15.63", "CNY")
    told = outlook([half], Quarter(2026, 3), completed=back)

    assert told.mean == Money("-15.62", "CNY")
    assert told.mean == forecast([half], Money(1, "CNY"), Quarter(2026, 3), completed=back).expected
