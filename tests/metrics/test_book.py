"""A book: deals that belong together.  Every figure reads one, and refuses what is none."""

from __future__ import annotations

import decimal
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import GENERAL, GENERAL_RATES, Phase, new_deal, yuan
from ledgers import CLOSE, MOMENTS, Q3, SPRING, STAGE, deal, ledgers, lost, moved, won
from salesflow.errors import (
    CurrencyMismatch,
    DuplicateId,
    ForeignDeal,
    InvalidValue,
    SalesflowError,
    WrongType,
)
from salesflow.funnel import WinRates, pipeline
from salesflow.metrics import (
    Book,
    book_of,
    bridge,
    churn,
    conversion,
    coverage,
    focus,
    forecast,
    movements,
    movements_between,
    pace,
    progress,
    review,
    shape,
)
from salesflow.money import NO_CURRENCY, Money

QUOTA = yuan(500)
USD = Money("5", "USD")
# Every figure that takes deals, called with nothing but deals.
FIGURES = {
    "book_of": book_of,
    "forecast": lambda deals, **rest: forecast(deals, QUOTA, Q3, **rest),
    "forecast without a period": lambda deals, **rest: forecast(deals, QUOTA, **rest),
    "movements": lambda deals, **rest: movements(deals, Q3, **rest),
    "movements_between before": lambda deals, **rest: movements_between(deals, [], **rest),
    "movements_between after": lambda deals, **rest: movements_between([], deals, **rest),
    "focus": focus,
    "pace": lambda deals, **rest: pace(deals, Q3, **rest),
    "review": lambda deals, **rest: review(deals, QUOTA, Q3, **rest),
    "shape": shape,
}
RATED = {"forecast", "forecast without a period", "focus", "review", "shape"}
DATED = {"forecast", "forecast without a period", "focus", "pace", "review", "shape"}
figures = pytest.mark.parametrize("name", FIGURES)


def general(id="G"):
    """A deal of another machine."""
    return new_deal(id, stage=Phase.CLOSE, at=SPRING, expected_close=CLOSE, machine=GENERAL)


# --- what every figure refuses ---------------------------------------------------------------


@figures
@pytest.mark.parametrize("other", [deal("U", USD), won(deal("U", USD)), lost(deal("U", USD))])
def test_two_currencies_never_meet_in_any_figure(name, other):
    """Open or closed, first or last in the book: group by currency first (F17b)."""
    for book in ([deal("A"), other], [other, deal("A")]):
        with pytest.raises(CurrencyMismatch):
            FIGURES[name](book)


@figures
def test_one_id_is_one_deal_in_every_figure(name):
    """The error names the id, and nothing is counted twice."""
    with pytest.raises(DuplicateId) as refused:
        FIGURES[name]([deal("A"), deal("B"), moved(deal("B"), 4), deal("C")])

    assert refused.value.id == "B"


@figures
def test_a_deal_of_another_machine_is_refused_by_every_figure(name):
    """A looser table can't slip past the gates; the error names both."""
    with pytest.raises(ForeignDeal) as refused:
        FIGURES[name]([deal("A"), general()])

    assert (refused.value.deal, refused.value.machine) == ("general", "funnel")


@figures
@pytest.mark.parametrize("book", [[5], ["D-1"], [None], "D-1", [deal(), deal().trail[0]], [deal]])
def test_what_is_no_deal_is_refused_by_every_figure(name, book):
    """With an error of the library, not with Python's own."""
    with pytest.raises(WrongType):
        FIGURES[name](book)


@figures
@pytest.mark.parametrize("book", [5, None, 0.5])
def test_what_cannot_hold_deals_is_refused_by_every_figure(name, book):
    """With an error of the library, not with Python's own."""
    with pytest.raises(WrongType):
        FIGURES[name](book)


@figures
def test_a_book_of_another_machine_is_refused_by_every_figure(name):
    """Proved or not, it belongs elsewhere."""
    with pytest.raises(ForeignDeal):
        FIGURES[name](book_of([general()], GENERAL))


# --- what every figure takes -----------------------------------------------------------------


@figures
@given(deals=ledgers())
def test_any_iterable_of_deals_is_a_book(name, deals):
    """List, tuple, generator, the values of a dict and a book give the same figure."""
    figure = FIGURES[name]
    told = figure(deals)

    assert told == figure(tuple(deals))
    assert told == figure(deal for deal in deals)
    assert told == figure({deal.id: deal for deal in deals}.values())
    assert told == figure(book_of(deals))


@figures
def test_no_deals_are_a_book_too(name):
    """Every figure has an answer for an empty one."""
    FIGURES[name]([])
    FIGURES[name](book_of(()))


@figures
def test_a_pipeline_of_ones_own_has_every_figure(name):
    """With its own machine and, where rates are read, its own rates."""
    rates = {"win_rates": GENERAL_RATES} if name in RATED else {}
    machine = GENERAL if name == "book_of" else None
    if machine:
        assert book_of([general()], machine).machine == GENERAL
    else:
        FIGURES[name]([general()], machine=GENERAL, **rates)


@figures
def test_a_callers_decimal_context_changes_no_figure(name):
    """Three digits of precision elsewhere are not ours."""
    book = [deal("A", "1234567.89", 5), won(deal("B", "7654321.01")), lost(deal("C", "98765.43"))]
    told = FIGURES[name](book)

    with decimal.localcontext() as context:
        context.prec = 3
        again = FIGURES[name](book)
        assert told == again
        assert str(told) == str(again)


@given(ledgers(), st.randoms(use_true_random=False), MOMENTS)
def test_the_order_of_the_book_changes_no_sum(deals, draw, at):
    """Forecast, ratios, bridge, conversion, coverage, shape and focus, whatever comes first."""
    shuffled = deals.copy()
    draw.shuffle(shuffled)

    def sums(book):
        outlook = forecast(book, QUOTA, Q3, at=at)
        moves = movements(book, Q3)
        steps = bridge(moves)
        funnel = shape(book, at=at)
        return (
            (outlook.ratio, outlook.completion_ratio, outlook.by_stage, coverage(outlook)),
            (progress(moves), churn(moves), conversion(moves)),
            (steps.start, steps.created, steps.reopened, steps.raised, steps.lowered),
            (steps.lost, steps.won, steps.end, steps.slipped.amount, steps.pulled_in.n),
            (funnel, focus(book, at=at), pace(book, Q3, at=at)),
        )

    assert sums(deals) == sums(shuffled)


# --- the book itself -------------------------------------------------------------------------


def test_a_book_is_a_sequence_that_is_proved_once():
    """Made again from itself it is the same object."""
    book = book_of([deal("A"), deal("B"), deal("C")])

    assert (len(book), book.currency, book.machine.name) == (3, "CNY", "funnel")
    assert isinstance(book[1:], tuple)
    assert ([one.id for one in book], book[-1].id) == (["A", "B", "C"], "C")
    assert book is book_of(book)
    assert book == Book(deals=tuple(book))


def test_a_book_built_by_hand_is_proved_too():
    """Nobody gets a sum over a deal twice, or over two currencies, past the book."""
    one, dollars = deal("A"), deal("B", amount=Money(1, "USD"))

    with pytest.raises(DuplicateId):
        Book(deals=(one, one))
    with pytest.raises(CurrencyMismatch):
        Book(deals=(one, dollars))
    with pytest.raises(CurrencyMismatch):
        Book(deals=(one,), currency="USD")
    with pytest.raises(ForeignDeal):
        Book(deals=(one,), machine=GENERAL)


def test_a_deal_of_another_table_with_the_same_name_is_foreign():
    """Its stages give it away."""
    namesake = pipeline("funnel", Phase)

    with pytest.raises(ForeignDeal):
        book_of([new_deal(machine=namesake)])


@pytest.mark.parametrize("machine", [None, "funnel", 5])
@figures
def test_what_is_no_machine_is_refused(name, machine):
    """In every figure, by an error of the library."""
    with pytest.raises(SalesflowError):
        FIGURES[name]([deal()], machine=machine)


def test_an_empty_book_has_no_currency():
    """ISO's own code for that."""
    assert book_of([]).currency == NO_CURRENCY


@given(ledgers(), st.none() | MOMENTS)
def test_a_book_knows_how_each_deal_stood(deals, at):
    """With the event of the instant; what was not open yet is left out."""
    stood = [deal if at is None else deal.as_of(at) for deal in deals]
    expected = [then for then in stood if then is not None]

    assert expected == list(book_of(deals).as_of(at))


# --- hostile arguments -----------------------------------------------------------------------

PERIODS = ["2026-Q3", 5, 0, date(2026, 7, 1), Q3.start, (Q3.start, Q3.end)]
RATES = [5, "0.5", None, [1], {"x": 1}, {5: "0.5"}, {None: 1}, {STAGE[1]: 0.5}, {STAGE[1]: "half"}]
LIMITS = [5, "x", [1], {5: 3}, {None: 3}, {"trust_building": 3}, {STAGE[3]: "3"}]
NO_INSTANTS = ["2026-07-01", 5, date(2026, 7, 1), datetime(2026, 7, 1, 9), 0.5]


def leaks(figure, values):
    """The values that `figure` takes, or refuses with an error that is not the library's own."""
    found = []
    for value in values:
        try:
            figure(value)
        except SalesflowError:
            continue
        except Exception as error:  # noqa: BLE001
            found.append((value, type(error).__name__))
        else:
            found.append((value, "taken"))
    return found


@pytest.mark.parametrize(
    ("figure", "needs_one"),
    [
        (lambda during: forecast([deal()], QUOTA, during), False),
        (lambda during: movements([deal()], during), True),
        (lambda during: pace([deal()], during), True),
        (lambda during: review([deal()], QUOTA, during), True),
    ],
    ids=["forecast", "movements", "pace", "review"],
)
def test_what_is_no_period_is_refused(figure, needs_one):
    """By every figure that wants one; only a forecast may go without."""
    assert leaks(figure, [*PERIODS, None] if needs_one else PERIODS) == []


@pytest.mark.parametrize("name", sorted(RATED))
def test_what_are_no_win_rates_are_refused(name):
    """By every figure that reads them."""
    assert leaks(lambda rates: FIGURES[name]([deal()], win_rates=rates), RATES) == []


@pytest.mark.parametrize("name", sorted(RATED))
def test_a_plain_mapping_of_rates_is_taken_by_every_figure_that_reads_them(name):
    """It is a nominal table, the same as one made by hand."""
    rates = dict.fromkeys(STAGE.values(), "0.5")

    assert FIGURES[name]([deal()], win_rates=rates) == FIGURES[name](
        [deal()], win_rates=WinRates(rates)
    )


@pytest.mark.parametrize("at", NO_INSTANTS)
@pytest.mark.parametrize("name", sorted(DATED))
def test_what_is_no_instant_is_refused(name, at):
    """A naive datetime could mean any of forty instants, a date has none."""
    with pytest.raises(InvalidValue):
        FIGURES[name]([deal()], at=at)


@pytest.mark.parametrize("figure", [forecast, review])
def test_what_is_no_money_is_refused(figure):
    """As quota, where None is no amount, and as what was completed, where it means the cash."""
    values = [500, 0.5, "500", Decimal(500), ()]

    assert leaks(lambda money: figure([deal()], money, Q3), [*values, None]) == []
    assert leaks(lambda money: figure([deal()], QUOTA, Q3, completed=money), values) == []


@pytest.mark.parametrize("figure", [forecast, review])
def test_a_quota_or_completed_in_another_currency_is_refused(figure):
    """Also where there is no deal at all."""
    for deals, ways in [([deal()], {"quota": USD}), ([], {"quota": QUOTA, "completed": USD})]:
        with pytest.raises(CurrencyMismatch):
            figure(deals, during=Q3, **ways)


@pytest.mark.parametrize("name", ["pace", "review"])
def test_what_are_no_limits_are_refused(name):
    """A mapping of stages to days."""
    assert leaks(lambda limits: FIGURES[name]([deal()], limits=limits), LIMITS) == []


def test_a_refusal_changes_nothing():
    """A figure that raised leaves the deals as they were, and the next call works."""
    book = [deal("A"), deal("U", USD)]
    with pytest.raises(CurrencyMismatch):
        movements(book, Q3)

    assert [deal("A"), deal("U", USD)] == book
    assert len(movements(book[:1], Q3, base="opening")) == 1
