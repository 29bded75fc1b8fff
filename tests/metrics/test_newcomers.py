"""New business: how many deals not yet opened were won in earlier periods, and what for."""

from __future__ import annotations

import copy
import pickle
from datetime import timedelta
from math import inf, nan
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outlook_oracle as oracle
from books import GENERAL, yuan
from ledgers import JULY, Q3, SPRING, STAGE, deal, on
from salesflow.errors import (
    CurrencyMismatch,
    DuplicateId,
    ForeignDeal,
    InvalidValue,
    WrongType,
)
from salesflow.funnel import Opportunity, Sighting, Status
from salesflow.metrics.newcomers import NewBusiness, learn_newcomers
from salesflow.money import Money
from salesflow.periods import Month

SEPT = Month(2026, 9, tz=Q3.tz)


def sold(id, opened, closed, amount=100, *, status=Status.WON, **rest):
    """A deal as another system saw it: opened at one instant, closed at another."""
    given = {"customer": "H-1", "owner": "R-1", "product": "P-1"} | rest
    money = amount if isinstance(amount, Money) else yuan(amount)
    events = [(opened, STAGE[3]), (closed, status)]
    return Opportunity.from_history(id=id, amount=money, events=events, **given)


def learned(*deals, during=Q3, at=JULY, **rest):
    """The new business of a period, as of 10 July."""
    return learn_newcomers(deals, during=during, as_of=at, **rest)


def like(**rest):
    """New business with anything else as given."""
    given = {"expected": 1.0, "sizes": [(yuan(100), 1)], "periods": 1, "n": 1}
    return NewBusiness(**(given | rest))


# --- by hand -----------------------------------------------------------------------------------


def test_deals_opened_after_the_same_point_and_won_in_time_are_counted():
    """10 July looks back to 10 April and 10 January: one deal then, two deals after."""
    found = learned(
        sold("A", on(1, 20), on(2, 20), 100),
        sold("B", on(4, 20), on(5, 20), 200),
        sold("C", on(4, 20), on(6, 1), 200),
        sold("open at the look", on(1, 5), on(2, 20)),
        sold("won a quarter later", on(1, 20), on(4, 15)),
        sold("won in this quarter", on(7, 1), on(7, 5)),
        sold("lost", on(2, 1), on(3, 1), status=Status.LOST),
        sold("nobody knows yet", on(8, 1), on(8, 5)),
        deal("still open", at=SPRING),
    )

    assert found == NewBusiness(
        expected=1.5, sizes=[(yuan(100), 1), (yuan(200), 2)], periods=2, n=3
    )
    assert found.minor == pytest.approx(250_00)
    assert found.mean == yuan(250)


def test_the_same_month_of_the_quarter_counts_and_all_months_a_little():
    """September is told from June and March, and half a month's worth from all eight."""
    deals = [sold(f"J-{n}", on(6, 12 + n), on(6, 25), 300) for n in range(4)]
    deals += [sold(f"M-{n}", on(3, 12 + n), on(3, 25), 100) for n in range(2)]
    deals += [sold(f"A-{n}", on(4, 12 + n), on(4, 25), 900) for n in range(2)]
    deals += [sold("first", on(1, 1), on(1, 5))]
    found = learned(*deals, during=SEPT, at=on(9, 10))

    assert found.periods == 8
    assert found.n == 8
    assert found.expected == pytest.approx((6 + 0.5 * 8 / 8) / 2.5)
    assert dict(found.sizes) == {yuan(100): 2, yuan(300): 4}


def test_where_the_same_month_never_brought_one_the_sizes_are_those_of_all():
    """Two in April, none in June or March: some half a deal, of that size."""
    deals = [sold(f"A-{n}", on(4, 12 + n), on(4, 25), 900) for n in range(2)]
    found = learned(*deals, sold("first", on(1, 1), on(1, 5)), during=SEPT, at=on(9, 10))

    assert dict(found.sizes) == {yuan(900): 2}
    assert found.expected == pytest.approx(0.5 * 2 / 8 / 2.5)


@pytest.mark.parametrize(
    "deals",
    [
        [],
        [deal("open")],
        [sold("this quarter", on(7, 1), on(7, 5))],
        [sold("lost", on(1, 20), on(2, 20), status=Status.LOST)],
        [sold("open at the look", on(1, 5), on(2, 20))],
        [sold("not yet known", on(8, 1), on(8, 20))],
    ],
    ids=lambda deals: deals[0].id if deals else "none",
)
def test_where_no_such_deal_was_ever_won_there_is_no_term(deals):
    """None, and not a guess."""
    assert learned(*deals) is None


def test_a_deal_lost_and_asked_again_counts_where_it_was_won():
    """Opened in April, lost and reopened in May, won in June."""
    events = [
        (on(4, 20), STAGE[3]),
        (on(5, 2), Status.LOST),
        (on(5, 9), Status.OPEN),
        (on(6, 9), Status.WON),
    ]
    given = {"customer": "H-1", "owner": "R-1", "product": "P-1", "amount": yuan(70)}
    found = learned(Opportunity.from_history(id="A", events=events, **given))

    assert (found.n, dict(found.sizes)) == (1, {yuan(70): 1})


def test_a_deal_won_in_one_quarter_and_paid_in_the_next_was_not_won_in_that_one():
    """Asked in July for the fourth quarter: what was won in March was won in the first of two."""
    seen = [
        Sighting(at=on(2, 1), stage=STAGE[3], collected=yuan(0)),
        Sighting(at=on(3, 20), stage=STAGE[3], status=Status.WON, collected=yuan(40)),
    ]
    given = {"customer": "H-1", "owner": "R-1", "product": "P-1", "amount": yuan(100)}
    paid = Opportunity.from_history(id="A", events=seen, **given).collect(yuan(60), at=on(4, 5))

    found = learned(paid, during=Q3.shift(1), at=on(7, 15))
    assert (found.n, found.periods, found.expected) == (1, 2, 0.5)


def test_what_was_not_known_yet_changes_nothing():
    """Later deals, and the later fate of earlier ones."""
    known = [sold("A", on(1, 20), on(2, 20)), sold("B", on(4, 20), on(5, 20), 200)]
    later = [sold("C", on(5, 1), on(7, 20)), sold("D", on(8, 1), on(8, 9))]

    assert learned(*known) == learned(*known, *later)


def test_the_book_begins_with_the_first_close():
    """The record began there: quarters before it brought nothing because nobody wrote it down."""
    old = sold("old", on(1, 2), on(4, 15))

    assert learned(sold("A", on(4, 20), on(5, 20)), old).periods == 1
    assert learned(sold("A", on(4, 20), on(5, 20)), sold("old", on(1, 2), on(1, 3))).periods == 2


# --- against counting --------------------------------------------------------------------------

_LIVES = st.lists(
    st.tuples(
        st.integers(0, 300),
        st.integers(0, 90),
        st.sampled_from([Status.WON, Status.WON, Status.LOST]),
        st.sampled_from([100, 200, 350]),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(_LIVES, st.sampled_from([Q3, SEPT, Month(2026, 8, tz=Q3.tz)]), st.integers(-40, 20))
def test_the_number_is_that_of_counting_period_by_period(lives, during, lead):
    """As of any day before or in the period."""
    at = during.start + timedelta(days=lead, hours=5)
    deals = [
        sold(
            f"D-{number}",
            on(1, 1) + timedelta(days=opened - 120, hours=number),
            on(1, 1) + timedelta(days=opened - 120 + days, hours=number + 1),
            amount,
            status=status,
        )
        for number, (opened, days, status, amount) in enumerate(lives)
    ]
    counts = oracle.newcomers(deals, during, at)
    found = learn_newcomers(deals, during=during, as_of=at)
    total = sum(len(brought) for _, brought in counts)
    if not total:
        assert found is None
        return
    monthly = isinstance(during, Month)
    alike = [b for p, b in counts if not monthly or p.month % 3 == during.month % 3]
    mean = total / len(counts)

    assert (found.periods, found.n) == (len(counts), total)
    assert found.expected == pytest.approx((sum(map(len, alike)) + 0.5 * mean) / (len(alike) + 0.5))
    seen = [minor for b in (alike if any(alike) else [b for _, b in counts]) for minor in b]
    assert sorted(minor.minor for minor, n in found.sizes for _ in range(n)) == sorted(seen)


# --- sizes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [120, 121, 500])
def test_of_many_sizes_neighbours_are_taken_together(n):
    """No more than 120, with the same number of cases and the same mean."""
    draw = Random(n)
    amounts = draw.sample(range(1, 10**6), n)
    deals = [sold(f"D-{k}", on(4, 20), on(5, 20), a) for k, a in enumerate(amounts)]
    found = learned(*deals, sold("old", on(1, 2), on(1, 3)))

    assert len(found.sizes) <= 120
    assert (len(found.sizes) == n) is (n <= 120)
    assert sum(times for _, times in found.sizes) == found.n == n
    mean = sum(size.minor * times for size, times in found.sizes) / n
    assert mean == pytest.approx(sum(amounts) * 100 / n, rel=1e-6)


def test_new_business_is_a_value():
    """Equal, hashable, and it can be stored."""
    one = learned(sold("A", on(4, 20), on(5, 20)))

    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one
    assert hash(one) == hash(learned(sold("A", on(4, 20), on(5, 20))))


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"during": "2026-Q3"}, "during"),
        ({"during": None}, "during"),
        ({"during": Q3.shift(-1)}, "during"),
        ({"at": JULY.naive()}, "as_of"),
        ({"at": "July"}, "as_of"),
        ({"at": Q3.end}, "during"),
        ({"machine": "funnel"}, "machine"),
    ],
    ids=str,
)
def test_what_cannot_be_learned_from_is_refused_by_name(given, field):
    """And in words of this library."""
    with pytest.raises(InvalidValue) as caught:
        learned(deal(), **given)
    assert caught.value.field == field


def test_a_book_is_proved():
    """One machine, one currency, each deal once."""
    with pytest.raises(DuplicateId):
        learned(deal("A"), deal("A"))
    with pytest.raises(CurrencyMismatch):
        learned(deal("A"), deal("B", Money(1, "USD")))
    with pytest.raises(ForeignDeal):
        learned(deal("A"), machine=GENERAL)
    with pytest.raises(WrongType, match="deals"):
        learned("A")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sizes", []),
        ("sizes", 5),
        ("sizes", "100"),
        ("sizes", [(100, 1)]),
        ("sizes", [(yuan(1), 0)]),
        ("sizes", [(yuan(1), -1)]),
        ("sizes", [(yuan(1), True)]),
        ("sizes", [(yuan(1), 1.0)]),
        ("sizes", [(yuan(-1), 1)]),
        ("sizes", [yuan(1)]),
        ("sizes", [5]),
        ("sizes", [(yuan(1), 1, 1)]),
        ("expected", -1.0),
        ("expected", nan),
        ("expected", inf),
        ("expected", "1"),
        ("expected", None),
        ("periods", -1),
        ("n", -1),
    ],
    ids=str,
)
def test_new_business_that_cannot_be_is_refused(field, value):
    """Where it is made, by name."""
    with pytest.raises(InvalidValue) as caught:
        like(**{field: value})
    assert caught.value.field == field


def test_sizes_are_of_one_currency():
    """A mean of two would mean nothing."""
    with pytest.raises(CurrencyMismatch):
        like(sizes=[(yuan(1), 1), (Money(1, "USD"), 1)])
