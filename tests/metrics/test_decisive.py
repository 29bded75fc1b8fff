"""What decides the period: told again by enumerating what is left when a deal is won or lost."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outlook_oracle as oracle
from books import GENERAL, GENERAL_RATES, Phase, new_deal, yuan
from ledgers import AUGUST, CLOSE, JULY, Q3, SPRING, STAGE, deal, lost, moved, won
from outlook_oracle import LEVELS, OPEN, past, pipelines, stakes_of
from salesflow.errors import (
    CurrencyMismatch,
    DuplicateId,
    ForeignDeal,
    InvalidValue,
    SalesflowError,
)
from salesflow.funnel import WIN_RATES
from salesflow.metrics import NewBusiness, learn_rates, outlook
from salesflow.metrics.book import book_of
from salesflow.metrics.decisive import (
    Dependence,
    SmallestSet,
    decisive,
    dependence,
    needed,
    smallest_set,
    what_if,
)
from salesflow.money import Money

NEAR = 1e-9
WANTED = st.integers(0, 2 * 10**8)
#: levels that no product of the rates of the stages meets
ODD = st.sampled_from([0.0507, 0.1903, 0.3511, 0.5003, 0.7507, 0.8001, 0.9503])


def fen(minor):
    """So many fen."""
    return Money.of_minor(minor, "CNY")


def told(deals, **rest):
    """The outlook of some deals in the quarter; a book without deals is in yuan too."""
    return outlook(book_of(deals, currency="XXX" if deals else "CNY"), Q3, **rest)


def staked(deals):
    """What is at stake, told naively: cash, and rows of id, owed and rate."""
    found = oracle.stakes(deals, Q3, WIN_RATES)
    return found.rows, found.cash


def three():
    """A large deal and two small ones, at two, three and six in ten."""
    return [deal("L", 100, 5), deal("M", 60, 6), deal("S", 30, 7)]


# --- what hangs on a deal ----------------------------------------------------------------------


def test_the_deals_that_decide_come_weightiest_first():
    """Of 100, 60 and 30 with 95 wanted: the large one alone, or none of the others will do."""
    found = decisive(told(three()), at_least=yuan(95))

    assert found[0].id == "L"
    assert (found[0].if_won, found[0].outstanding) == (1.0, yuan(100))
    assert found[0].if_lost == pytest.approx(0)
    assert found[0].probability == pytest.approx(0.2)
    assert found[0].owner == "R-9"
    assert found[0].swing == pytest.approx(1)


@settings(max_examples=60)
@given(pipelines(max_size=6), WANTED)
def test_a_swing_is_that_of_winning_and_of_losing_the_deal(deals, wanted):
    """All others keep their chances."""
    rows, cash = staked(deals)
    found = decisive(told(deals), at_least=fen(wanted))

    assert sorted(one.id for one in found) == sorted(id_ for id_, *_ in rows)
    for one in found:
        owed, p = next((owed, p) for id_, owed, p in rows if id_ == one.id)
        assert (one.outstanding, one.probability) == (fen(owed), pytest.approx(float(p)))
        assert abs(one.if_won - oracle.reached(rows, cash, wanted, won=[one.id])) < NEAR
        assert abs(one.if_lost - oracle.reached(rows, cash, wanted, lost=[one.id])) < NEAR
        whole = one.probability * one.if_won + (1 - one.probability) * one.if_lost
        assert abs(whole - oracle.reached(rows, cash, wanted)) < NEAR
    assert [-one.swing for one in found] == sorted(-one.swing for one in found)


def test_only_the_largest_are_asked():
    """As many as wanted, ten unless told otherwise."""
    deals = [deal(f"D-{n:02}", 10 + n, 5) for n in range(12)]
    o = told(deals)

    assert len(decisive(o, at_least=yuan(50))) == 10
    assert {one.id for one in decisive(o, at_least=yuan(50), limit=2)} == {"D-11", "D-10"}
    assert len(decisive(o, at_least=yuan(50), limit=99)) == 12
    assert decisive(told([]), at_least=yuan(50)) == ()


def test_new_business_and_cash_count_as_well():
    """What is wanted may come from elsewhere."""
    more = NewBusiness(expected=2.0, sizes=[(yuan(50), 1)], periods=3, n=6)
    (with_it,) = decisive(told([deal("A", 100, 5)], new_business=more), at_least=yuan(50))
    (without,) = decisive(told([deal("A", 100, 5)], completed=yuan(50)), at_least=yuan(50))

    assert with_it.if_lost == pytest.approx(1 - 2.718281828459045**-2)
    assert (without.if_won, without.if_lost) == (1.0, 1.0)


# --- dependence --------------------------------------------------------------------------------


def test_a_period_rests_on_its_largest_deal():
    """20 of 20 + 18 + 18 expected, and all of the chance for 195."""
    found = dependence(told(three()), at_least=yuan(190))

    assert found == Dependence(
        id="L",
        share=pytest.approx(20 / 56),
        now=pytest.approx(0.2 * 0.3 * 0.6),
        without=pytest.approx(0),
    )


@settings(max_examples=50)
@given(pipelines(max_size=6), WANTED)
def test_without_its_largest_deal_a_period_is_that_of_the_others(deals, wanted):
    """The chance as things are, and the same with the deal lost."""
    rows, cash = staked(deals)
    o = told(deals)
    found = dependence(o, at_least=fen(wanted))
    if not rows:
        assert found is None
        return
    largest = max(owed for _, owed, _ in rows)

    assert largest == next(owed for id_, owed, _ in rows if id_ == found.id)
    assert abs(found.now - oracle.reached(rows, cash, wanted)) < NEAR
    assert abs(found.without - oracle.reached(rows, cash, wanted, lost=[found.id])) < NEAR
    p = next(p for id_, _, p in rows if id_ == found.id)
    whole = o.mean.minor
    assert found.share == (pytest.approx(float(p * largest) / whole) if whole else 0.0)


# --- what has to be found ----------------------------------------------------------------------


@settings(max_examples=80)
@given(pipelines(max_size=6), WANTED, ODD)
def test_what_is_needed_reaches_the_level_and_a_fen_less_does_not(deals, wanted, level):
    """The least certain amount; nothing where the level is reached already."""
    rows, cash = staked(deals)
    x = needed(told(deals), at_least=fen(wanted), level=level).minor

    assert x >= 0
    assert oracle.reached(rows, cash + x, wanted) >= Fraction(level)
    assert x == 0 or oracle.reached(rows, cash + x - 1, wanted) < Fraction(level)


@settings(max_examples=30)
@given(OPEN, WANTED, LEVELS)
def test_what_is_needed_does_for_a_shock_too(deals, wanted, level):
    """By the very distribution that is asked."""
    o = told(deals, shock=0.8)
    x = needed(o, at_least=fen(wanted), level=level)

    assert o.probability(at_least=fen(wanted) - x) >= level
    if x:
        assert o.probability(at_least=fen(wanted) - x + fen(1)) < level


# --- the smallest set --------------------------------------------------------------------------


def quartet():
    """Seven deals of middling odds and one that is nearly sure."""
    rows = [(5, 6), (6, 4), (8, 6), (6, 4), (7, 6), (10, 4), (8, 8)]
    return [stakes_of(f"D{n}", minor, stage) for n, (minor, stage) in enumerate(rows)]


def test_all_sets_are_tried_and_not_only_grown_from_the_best():
    """By trying all sets of all deals."""
    rows, cash = staked(quartet())
    for wanted in range(16, 50):
        found = smallest_set(told(quartet()), at_least=fen(wanted), level=0.8001)
        assert len(found.ids) == oracle.fewest(rows, cash, wanted, 0.8001)[0]


@settings(max_examples=120)
@given(OPEN, st.fractions(0, 1, max_denominator=40), ODD)
def test_the_smallest_set_is_the_smallest_there_is(deals, share, level):
    """By trying all sets of all deals; of the smallest, the one that reaches most."""
    rows, cash = staked(deals)
    wanted = cash + round(share * sum(owed for _, owed, _ in rows))
    found = smallest_set(told(deals), at_least=fen(wanted), level=level)
    best = oracle.fewest(rows, cash, wanted, level)

    assert found is not None
    size, most = best
    reached = oracle.reached(rows, cash, wanted, found.ids)
    assert abs(found.probability - reached) < NEAR
    assert found.outstanding == fen(sum(owed for id_, owed, _ in rows if id_ in found.ids))
    assert len(found.ids) == size
    assert abs(found.probability - most) < NEAR


def test_the_deals_of_a_set_come_largest_first():
    """As a manager reads them."""
    found = smallest_set(told(three()), at_least=yuan(150), level=0.9)

    assert found == SmallestSet(ids=("L", "M"), outstanding=yuan(160), probability=pytest.approx(1))


def test_where_it_is_reached_already_no_deal_has_to_be_won():
    """The empty set, with the chance as it is."""
    found = smallest_set(told(three(), completed=yuan(80)), at_least=yuan(80), level=0.8)

    assert found == SmallestSet(ids=(), outstanding=yuan(0), probability=1.0)


def test_where_all_deals_do_not_reach_it_there_is_none():
    """Nor without any deal; but new business may make up for it."""
    assert smallest_set(told(three()), at_least=yuan(191), level=0.8) is None
    assert smallest_set(told([]), at_least=yuan(1), level=0.8) is None
    more = NewBusiness(expected=9.0, sizes=[(yuan(1), 1)], periods=3, n=27)
    assert (
        len(smallest_set(told(three(), new_business=more), at_least=yuan(191), level=0.8).ids) == 3
    )


def test_a_large_set_grows_from_the_best_three():
    """Twelve equal deals, of which six are needed, beyond those that are tried one by one."""
    o = told([deal(f"D-{n:02}", 10, 3) for n in range(12)])
    found = smallest_set(o, at_least=yuan(60), level=0.9)

    assert len(found.ids) == 6
    assert found.outstanding == yuan(60)
    assert len(smallest_set(o, at_least=yuan(120), level=0.9).ids) == 12


# --- what if -----------------------------------------------------------------------------------


STILL_OPEN = pipelines(min_size=1, max_size=5, fates=st.just("open"))
PLACES = st.integers(0, 9)


def same(after, edited):
    """Whether two outlooks say the same, whatever the order of their deals."""
    return (
        after.completed == edited.completed
        and after.mean == edited.mean
        and sorted(after.open_deals, key=str) == sorted(edited.open_deals, key=str)
        and {one.id for one in after.prospects} == {one.id for one in edited.prospects}
        and (after.unpaid, after.undated, after.outside.later, after.outside.overdue.amount)
        == (edited.unpaid, edited.undated, edited.outside.later, edited.outside.overdue.amount)
        and all(
            abs(after.cdf(fen(x)) - edited.cdf(fen(x))) < NEAR
            for x in (edited.completed.minor, edited.mean.minor, 10**6, 10**8)
        )
    )


@settings(max_examples=40)
@given(STILL_OPEN, PLACES, st.sampled_from([CLOSE, Q3.after, None, SPRING.date()]), PLACES)
def test_an_edit_gives_the_outlook_of_the_edited_book(deals, place, closes, stage):
    """Won and paid, lost, moved in or out of the period, taken to another stage."""
    one = deals[place % len(deals)]
    before = told(deals)
    to = STAGE[1 + stage % 8]
    later = one if one.expected_close == closes else one.revise(expected_close=closes, at=AUGUST)
    fates = [
        ({"remove": [one.id]}, lost(one)),
        ({"win": [one.id]}, won(one)),
        ({"move": {one.id: closes}}, later),
        ({"restage": {one.id: to}}, moved(one, 1 + stage % 8)),
        (
            {"move": {one.id: closes}, "restage": {one.id: to}},
            moved(later, 1 + stage % 8),
        ),
    ]

    for edit, edited in fates:
        found = what_if(before, **edit)
        assert found.before is before
        assert same(found.after, told([edited if d is one else d for d in deals]))
    assert before == told(deals)


@settings(max_examples=30)
@given(STILL_OPEN, st.integers(0, 10**8), st.integers(1, 8), st.sampled_from([CLOSE, None]))
def test_a_deal_added_is_rated_as_the_others(deals, minor, stage, closes):
    """And enters by its date."""
    new = stakes_of("new", minor, stage, close=closes)
    before = told(deals, shock=0.4)
    found = what_if(before, add=[new])

    assert same(found.after, told([*deals, new], shock=0.4))
    assert found.mean == found.after.mean - before.mean


def test_several_edits_at_once_are_one_supposition():
    """Won, lost, added, moved in, moved out and taken on."""
    book = [*three(), deal("out", 500, 5, close=Q3.after), deal("held", 70, 5)]
    found = what_if(
        told(book),
        add=[deal("new", 7, 8)],
        remove=["S"],
        win=["M"],
        move={"out": CLOSE, "held": None},
        restage={"L": STAGE[8]},
    )

    assert found.after.completed == yuan(60)
    assert found.after.mean == yuan(60) + yuan(100) + yuan("6.30") + yuan(90)
    assert found.mean == found.after.mean - found.before.mean
    assert found.quantile(0.5) == found.after.quantile(0.5) - found.before.quantile(0.5)
    assert found.probability(at_least=yuan(60)) == pytest.approx(
        1 - found.before.probability(at_least=yuan(60))
    )


def test_without_an_edit_nothing_changes():
    """Before and after are the same."""
    found = what_if(told(three()))

    assert found.after == found.before
    assert (found.mean, found.quantile(0.9)) == (yuan(0), yuan(0))
    assert found.probability(at_least=yuan(60)) == 0


def test_a_deal_that_does_not_enter_may_be_won_too():
    """Its money comes in now."""
    found = what_if(told([deal("A", 100, 5, close=None)]), win=["A"])

    assert (found.before.mean, found.after.mean) == (yuan(0), yuan(100))


def test_under_rates_of_the_period_a_move_changes_nothing_and_a_stage_begins_anew():
    """Every open deal enters, and one that comes to a stage has stood there for no day."""
    rates = learn_rates(past(), as_of=JULY, during=Q3, fields=["owner"])
    o = told(three(), win_rates=rates, at=AUGUST)
    moved_ = what_if(o, move={"L": None})
    up = what_if(o, restage={"L": STAGE[7]}, add=[deal("new", 50, 5, at=JULY, owner="R-1")])

    assert (moved_.mean, len(moved_.after.prospects)) == (yuan(0), 3)
    assert up.after.prospect("L").days == 0
    assert up.after.prospect("L").probability == rates.probability(STAGE[7], 0.0, ("R-9",))
    assert up.after.prospect("new").categories == ("R-1",)
    assert up.after.prospect("new").days == pytest.approx((AUGUST - JULY).total_seconds() / 86_400)


# --- what is refused ---------------------------------------------------------------------------

_O = told(three())
_NONE = told([])
_REFUSED = [
    ("limit", lambda: decisive(_O, at_least=yuan(1), limit=0)),
    ("limit", lambda: decisive(_O, at_least=yuan(1), limit=True)),
    ("limit", lambda: decisive(_O, at_least=yuan(1), limit=2.0)),
    *[
        ("at_least", lambda ask=ask, o=o, wanted=wanted: ask(o, wanted))
        for ask in (
            lambda o, wanted: decisive(o, at_least=wanted),
            lambda o, wanted: dependence(o, at_least=wanted),
            lambda o, wanted: needed(o, at_least=wanted, level=0.8),
            lambda o, wanted: smallest_set(o, at_least=wanted, level=0.8),
        )
        for o in (_O, _NONE)
        for wanted in (5, 5.0, "5", None)
    ],
    *[
        ("level", lambda ask=ask, level=level: ask(level))
        for ask in (
            lambda level: needed(_O, at_least=yuan(1), level=level),
            lambda level: smallest_set(_O, at_least=yuan(1), level=level),
        )
        for level in (0, 1, True, 0.0, 1.0, -0.1, 1.1, nan, "0.8", None, Fraction(1, 2))
    ],
    ("id", lambda: what_if(_O, remove=["nobody"])),
    ("id", lambda: what_if(_O, win=["nobody"])),
    ("id", lambda: what_if(_O, move={"nobody": CLOSE})),
    ("id", lambda: what_if(_O, restage={"nobody": STAGE[3]})),
    ("move", lambda: what_if(_O, move={"L": "2026-09-20"})),
    ("move", lambda: what_if(_O, move={"L": datetime(2026, 9, 20)})),
    ("move", lambda: what_if(_O, move=["L"])),
    ("restage", lambda: what_if(_O, restage=["L"])),
    ("stage", lambda: what_if(_O, restage={"L": "WON"})),
    ("stage", lambda: what_if(_O, restage={"L": Phase.CLOSE})),
    ("add", lambda: what_if(_O, add=[won(deal("W"))])),
    ("add", lambda: what_if(_O, add=[lost(deal("W"))])),
    ("deals", lambda: what_if(_O, add=["D-1"])),
    ("remove", lambda: what_if(_O, remove="L")),
    ("win", lambda: what_if(_O, win="L")),
    ("remove", lambda: what_if(_O, remove=5)),
    ("win", lambda: what_if(_O, win=5)),
]


@pytest.mark.parametrize(("field", "ask"), _REFUSED)
def test_what_cannot_be_asked_is_refused_by_name(field, ask):
    """In words of this library, naming the field."""
    with pytest.raises(SalesflowError) as caught:
        ask()
    assert caught.value.field == field


@pytest.mark.parametrize(
    "ask",
    [
        lambda usd: decisive(_O, at_least=usd),
        lambda usd: decisive(_NONE, at_least=usd),
        lambda usd: dependence(_O, at_least=usd),
        lambda usd: dependence(_NONE, at_least=usd),
        lambda usd: needed(_O, at_least=usd, level=0.8),
        lambda usd: smallest_set(_O, at_least=usd, level=0.8),
        lambda usd: what_if(_O).probability(at_least=usd),
        lambda usd: what_if(_O, add=[deal("new", usd)]),
    ],
)
def test_a_quota_in_another_currency_is_refused(ask):
    """Nothing can be said of it."""
    with pytest.raises(CurrencyMismatch):
        ask(Money(5, "USD"))


@pytest.mark.parametrize(
    "edit",
    [
        {"remove": ["L", "L"]},
        {"win": ["L", "L"]},
        {"remove": ["L"], "win": ["L"]},
    ],
    ids=str,
)
def test_a_deal_is_lost_or_won_once(edit):
    """Not twice, and not both."""
    with pytest.raises(SalesflowError):
        what_if(told(three()), **edit)


@pytest.mark.parametrize(
    ("add", "error"),
    [
        ([deal("L")], DuplicateId),
        ([deal("new"), deal("new")], DuplicateId),
        ([new_deal("new", stage=Phase.CLOSE, machine=GENERAL)], ForeignDeal),
    ],
    ids=["open already", "twice", "of another machine"],
)
def test_a_deal_is_added_once_and_of_the_same_machine(add, error):
    """Or it would count twice."""
    with pytest.raises(error):
        what_if(told(three()), add=add)


def test_a_deal_that_was_won_is_not_added_again():
    """It would come in for certain, and once more with its chance."""
    with pytest.raises(DuplicateId):
        what_if(told(three()), win=["L"], add=[deal("L")])


def test_a_pipeline_of_ones_own_is_edited_by_its_own_table():
    """Its stages, its rates."""
    own = new_deal("A", stage=Phase.NEEDS, at=SPRING, expected_close=CLOSE, machine=GENERAL)
    o = outlook([own], Q3, win_rates=GENERAL_RATES, machine=GENERAL)

    assert what_if(o, restage={"A": Phase.CLOSE}).after.mean == yuan(80)
    with pytest.raises(InvalidValue):
        what_if(o, restage={"A": STAGE[8]})
