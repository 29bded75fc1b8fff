"""What was sold and paid is told by the trails: once each, in its month, and never by a gift."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from books import GENERAL, answer, climb, new_deal, yuan
from effort_oracle import there, unnamed
from ledgers import (
    AUGUST,
    EVE,
    JULY,
    LAST,
    MOMENTS,
    Q3,
    SEPTEMBER,
    SPRING,
    TICK,
    deal,
    ledgers,
    lost,
    moved,
    on,
    won,
)
from salesflow.activity import ActivityKind
from salesflow.errors import CurrencyMismatch, InvalidValue
from salesflow.funnel import FUNNEL, Opportunity, Sighting, Stage, Status
from salesflow.gates import Evidence
from salesflow.money import NO_CURRENCY, Money, wan
from salesflow.periods import Month, Span
from salesflow.planning.metric import Metric
from salesflow.planning.standards import Verdict
from salesflow.planning.turnover import CONTRACT_GATE, sold
from strategies import evidences
from visit_teams import TREATS

CONTRACT = FUNNEL.gates[CONTRACT_GATE]
MONTHS = [Month(2026, n, tz=Q3.tz) for n in (7, 8, 9)]
Q2 = Q3.shift(-1)
CUSTOMERS = st.sampled_from(["H-1", "H-2", "H-3"])
YUAN = (yuan(0), yuan(0), yuan(0))


def told(*deals, **rest):
    """What was sold and paid in the third quarter."""
    return sold(deals, Q3, **rest)


def signing(one, *, at=AUGUST, **rest):
    """The deal with its contract on file."""
    return one.record(answer(CONTRACT, **rest), at=at)


def paid(one, amount, at=AUGUST):
    """The deal with so many yuan collected."""
    return one.collect(yuan(amount), at=at)


def contracts(*deals, **rest):
    return told(*deals, **rest)[Metric.CONTRACTS]


# --- contracts -------------------------------------------------------------------------------


def test_a_contract_counts_in_the_period_in_which_it_was_signed():
    """From its first instant to its last one."""
    moments = [SPRING, EVE, Q3.start, AUGUST, LAST, Q3.end]
    counted = [contracts(signing(deal(stage=7), at=at)) for at in moments]

    assert counted == [0, 0, 1, 1, 1, 0]


def test_a_contract_counts_from_the_moment_it_is_known():
    one = signing(deal(stage=7), at=AUGUST)

    assert [contracts(one, at=at) for at in (AUGUST - TICK, AUGUST, Q3.end, SPRING)] == [0, 1, 1, 0]


def test_a_contract_counts_once_however_often_it_is_filed():
    """By the first paper; those that come with a move count as well."""
    twice = signing(signing(deal(stage=7), at=AUGUST), at=SEPTEMBER, ref="V-2")
    climbed = climb(deal("B", stage=7), Stage.PAYMENT_AND_RESALE, at=AUGUST)

    assert contracts(twice, climbed) == 2
    assert contracts(signing(signing(deal(stage=7), at=EVE), at=AUGUST, ref="V-2")) == 0


@pytest.mark.parametrize("kind", [*TREATS, ActivityKind.VISIT, ActivityKind.SPONSORSHIP])
@pytest.mark.parametrize("approver", ["", "M-1"])
def test_no_gift_and_no_dinner_is_a_contract(kind, approver):
    """Approved or not; and what proves something else is no contract either."""
    paper = Evidence(gate=CONTRACT_GATE, kind=kind, ref="G-1", approver=approver)

    assert contracts(deal(stage=7).record(paper, at=AUGUST)) == 0


def test_a_contract_filed_for_another_question_answers_that_one():
    """The paper that shows the commitment is not yet the signed contract."""
    paper = Evidence(gate="commitment_given", kind=ActivityKind.CONTRACT, ref="C-1")

    assert contracts(deal(stage=7).record(paper, at=AUGUST)) == 0


def test_a_word_is_no_contract():
    """Whoever passed the gate by override has not shown one, won or not."""
    assert contracts(moved(deal(stage=7), 8), won(deal("W", stage=7))) == 0


def test_a_contract_of_a_deal_that_fell_has_to_be_signed_anew():
    signed = signing(deal(stage=7), at=JULY)
    back = moved(signed, 6, at=AUGUST)
    gone = lost(signed, at=AUGUST)
    again = gone.reopen(at=SEPTEMBER, reason="asked again")

    assert [contracts(one) for one in (signed, back, gone, again)] == [1, 0, 0, 0]
    assert contracts(signing(moved(back, 7, at=SEPTEMBER), at=SEPTEMBER, ref="V-2")) == 1
    assert contracts(signing(again, at=SEPTEMBER, ref="V-2")) == 1
    assert contracts(gone, at=JULY) == 1


def seen(*events, amount=100):
    """A deal as another system saw it."""
    given = {"id": "O", "customer": "H-9", "owner": "R-9", "product": "P"}
    return Opportunity.from_history(**given, amount=yuan(amount), events=events)


@pytest.mark.parametrize(
    ("events", "counted"),
    [
        ([(SPRING, Stage.WINNING_COMMITMENT)], 0),
        ([(SPRING, Stage.WINNING_COMMITMENT), (AUGUST, Stage.PAYMENT_AND_RESALE)], 1),
        ([(SPRING, Stage.PAYMENT_AND_RESALE)], 0),
        ([(SPRING, Stage.TARGET_GROUP), (AUGUST, Status.WON)], 1),
        ([(SPRING, Stage.TARGET_GROUP), (JULY, Status.WON), (AUGUST, Status.LOST)], 0),
        ([(JULY, Stage.PAYMENT_AND_RESALE), (AUGUST, Stage.NEEDS_DISCOVERY)], 0),
        ([(JULY, Status.LOST), (AUGUST, Stage.PAYMENT_AND_RESALE)], 0),
        ([(JULY, Status.LOST), (AUGUST, Stage.PAYMENT_AND_RESALE), (SEPTEMBER, Status.WON)], 1),
    ],
)
def test_another_system_shows_a_contract_by_a_deal_that_stands_beyond_its_gate(events, counted):
    """Unless it was lost or fell back; a deal taken up again shows it at the next sighting."""
    assert contracts(seen(*events)) == counted


def test_a_lost_deal_that_is_seen_again_has_no_contract():
    """A later note about it changes nothing."""
    events = [(JULY, Stage.PAYMENT_AND_RESALE), (AUGUST, Status.LOST)]
    noted = Sighting(at=SEPTEMBER, amount=yuan(90))

    assert contracts(seen(*events, noted)) == 0


def test_a_pipeline_without_such_a_gate_tells_no_contracts():
    """Its new customers are told by its wins; and another gate can be named."""
    one = new_deal(stage=GENERAL.stages[0], at=SPRING, machine=GENERAL)
    table = sold([one], Q3, machine=GENERAL)

    assert Metric.CONTRACTS not in table
    assert table[Metric.NEW_CUSTOMERS] == 0
    paper = answer(GENERAL.gates["plan_shown"])
    filed = one.record(paper, at=AUGUST, machine=GENERAL)
    named = sold([filed], Q3, contract_gate="plan_shown", machine=GENERAL)
    assert (named[Metric.CONTRACTS], named[Metric.NEW_CUSTOMERS]) == (1, 1)


# --- new and existing customers --------------------------------------------------------------


def test_sales_to_new_customers_are_the_cash_of_each_month():
    """In the month in which it came in, whenever the deal is won."""
    one = paid(paid(deal(amount=1000), 100, at=JULY), 250, at=SEPTEMBER)

    assert told(one)[Metric.NEW_SALES_OF_MONTH] == (yuan(100), yuan(0), yuan(250))
    assert told(one)[Metric.NEW_SALES_OF_YEAR] == yuan(350)
    assert told(one, at=on(8, 31, 23))[Metric.NEW_SALES_OF_MONTH] == (yuan(100),)
    assert told(one, at=on(9, 1))[Metric.NEW_SALES_OF_MONTH] == (yuan(100), yuan(0))


def test_a_customer_won_before_the_period_is_an_existing_one():
    """The last instant before it is before it; its first one is in it."""
    for at, new in ((EVE, False), (Q3.start, True)):
        book = [won(deal("W"), at=at), paid(deal("A"), 40)]
        sales = told(*book)[Metric.NEW_SALES_OF_MONTH]

        assert (sales[1] == yuan(40)) is new


def test_a_customer_may_count_as_new_since_an_earlier_day():
    """Since the salesperson entered, say."""
    book = [won(deal("W", amount=100), at=on(6, 10)), paid(deal("A"), 40)]

    assert told(*book)[Metric.NEW_SALES_OF_YEAR] == yuan(0)
    assert told(*book, new_since=date(2026, 6, 1))[Metric.NEW_SALES_OF_YEAR] == yuan(40)
    assert told(*book, new_since=date(2026, 6, 11))[Metric.NEW_SALES_OF_YEAR] == yuan(0)


def test_a_second_sale_is_no_new_customer_unless_the_first_is_new_too():
    """The first one may be in no book of ours."""
    first = won(deal("W", amount=100), at=JULY)
    again = paid(first.resale(id="D-2", at=AUGUST), 30)

    assert told(again)[Metric.NEW_SALES_OF_YEAR] == yuan(0)
    assert told(first, again)[Metric.NEW_SALES_OF_YEAR] == yuan(130)


def test_a_new_customer_is_counted_by_its_first_contract_or_without_one_by_the_win():
    """Two deals of one customer are one customer."""
    signed = [signing(deal(f"S-{n}", stage=7, customer="H-1")) for n in range(2)]
    trusted = won(deal("W", stage=7, customer="H-2"), at=SEPTEMBER)
    waiting = paid(deal("P", stage=7, customer="H-4"), 40)
    before = signing(deal("B", stage=7, customer="H-5"), at=EVE)

    first = signing(deal("F", stage=7, customer="H-6"), at=Q3.start)

    assert told(*signed, trusted, waiting, before)[Metric.NEW_CUSTOMERS] == 2
    assert told(first)[Metric.NEW_CUSTOMERS] == 1
    assert told(won(before, at=AUGUST))[Metric.NEW_CUSTOMERS] == 0
    assert told(won(deal("E"), at=EVE), signing(deal("F", stage=7)))[Metric.NEW_CUSTOMERS] == 0


@given(ledgers(), st.data(), st.none() | MOMENTS)
def test_each_yuan_of_a_month_was_paid_by_a_new_customer_or_an_existing_one(deals, data, at):
    """Against the naive sum of the trails: what came in, by the calendar on the wall."""
    book = [evolve(one, customer=data.draw(CUSTOMERS)) for one in deals]
    moment = LAST if at is None else min(at, LAST)
    one = Money("1", "CNY")  # a collection rate of a yuan due is the cash in yuan
    table = sold(book, Q3, at=at, due=dict.fromkeys(MONTHS, one))
    rows = zip(table[Metric.NEW_SALES_OF_MONTH], table[Metric.COLLECTION_RATE], strict=True)

    months = [month for month in MONTHS if month.after <= there(moment + TICK, Q3.tz)]
    came = [_naive_cash(book, month, moment) for month in months]
    assert came == [(new.minor if new else 0) + rate * 100 for new, rate in rows]


def _naive_cash(deals, month, moment):
    total = 0
    for one in deals:
        before = 0
        for event in one.trail:
            change, before = event.collected.minor - before, event.collected.minor
            day = there(event.at, Q3.tz)
            total += change if event.at <= moment and month.first <= day < month.after else 0
    return total


@given(ledgers(), st.lists(evidences([CONTRACT_GATE]), max_size=4), st.integers(0, 99))
def test_invariant_46_no_gift_changes_what_was_sold(deals, papers, index):
    """Filed for the contract, approved or not."""
    gifts = [evolve(one, kind=TREATS[n % len(TREATS)]) for n, one in enumerate(papers)]
    mixed = list(deals)
    if deals and gifts:
        place = index % len(deals)
        one = deals[place]
        if one.status is Status.OPEN:
            mixed[place] = one.record(gifts, at=max(one.trail[-1].at, Q3.start))

    assert sold(deals, Q3) == sold(mixed, Q3)


# --- collection ------------------------------------------------------------------------------


def existing(*collected, amount=1_000_000):
    """A customer won in spring who pays so much in each month of the quarter."""
    one = won(deal("E", amount=amount), at=on(6, 1), paid=False)
    for month, sum_of_it in zip((7, 8, 9), collected, strict=False):
        if sum_of_it.minor:
            one = one.collect(sum_of_it, at=on(month, 20))
    return one


def test_ae_36_collected_of_due_month_by_month():
    """90 000 of 100 000 is 90 %, 89 999.99 is less, and where nothing was due nothing applies."""
    payer = existing(yuan(90_000), Money("89999.99", "CNY"), yuan(0))
    due = dict(zip(MONTHS, (yuan(100_000), yuan(100_000), yuan(0)), strict=True))
    july, august, september = told(payer, due=due)[Metric.COLLECTION_RATE]

    assert july * 10 == 9
    assert august < july
    assert september is Verdict.NOT_APPLICABLE


def test_the_collection_rate_is_that_of_existing_customers():
    """What a new customer pays is a sale; a month nobody named is unknown."""
    new = paid(deal("N", customer="H-9"), 80, at=JULY)
    table = told(new, existing(yuan(50)), due={Month(2026, 7): yuan(100)})

    assert table[Metric.COLLECTION_RATE] == (yuan(50) / yuan(100), None, None)
    assert Metric.COLLECTION_RATE not in told(new)


def test_without_deals_nothing_of_what_was_due_came_in():
    assert told(due={MONTHS[0]: wan(1)})[Metric.COLLECTION_RATE] == (0, None, None)
    assert told(due={MONTHS[0]: wan(1)})[Metric.NEW_SALES_OF_MONTH] == YUAN
    assert told()[Metric.NEW_SALES_OF_YEAR].currency == NO_CURRENCY


# --- growth ----------------------------------------------------------------------------------


def growing(before, after):
    """An existing customer who paid so much in spring and so much in summer."""
    one = won(deal("E", amount=10**6, at=on(2, 1)), at=on(3, 1), paid=False)
    one = one.collect(before, at=on(5, 1)) if before else one
    return one.collect(after, at=AUGUST) if after else one


def test_ae_38_growth_of_the_same_customers_in_two_periods():
    """From 100 to 130 is 30 %, to 129.9 it is 29.9 %."""
    for after, growth in ((wan(13), "3/10"), (wan("12.99"), "299/1000")):
        table = told(growing(wan(10), after), earlier=Q2)

        assert str(table[Metric.EXISTING_GROWTH]) == growth


def test_growth_is_told_once_the_period_is_over_and_only_with_one_to_compare():
    one = growing(wan(10), wan(13))

    assert Metric.EXISTING_GROWTH not in told(one)
    assert Metric.EXISTING_GROWTH not in told(one, earlier=Q2, at=LAST - TICK)
    assert Metric.EXISTING_GROWTH in told(one, earlier=Q2, at=LAST)


def test_growth_from_nothing_does_not_apply():
    """And what a new customer paid is no growth."""
    new = paid(paid(deal("N", customer="H-9"), 10, at=on(6, 1)), 80, at=JULY)

    assert (
        told(growing(None, wan(13)), earlier=Q2)[Metric.EXISTING_GROWTH] is Verdict.NOT_APPLICABLE
    )
    assert told(new, growing(wan(10), wan(13)), earlier=Q2) == told(
        new, growing(wan(10), wan(13)), earlier=Span(Q2.first, Q2.after, tz=Q2.tz)
    )
    assert told(new, growing(wan(10), wan(10)), earlier=Q2)[Metric.EXISTING_GROWTH] == 0


# --- refusals --------------------------------------------------------------------------------


def test_what_does_not_fit_together_is_refused():
    assert unnamed(lambda earlier: told(earlier=earlier), [Q3, Q3.shift(1)], "earlier") == []
    twice = {Month(2026, 7): yuan(1), Month(2026, 7, tz=Q3.tz): yuan(2)}
    assert unnamed(lambda due: told(due=due), [twice, {"2026-07": yuan(1)}], "due") == []
    values = [5, "due", [yuan(1)], {MONTHS[0]: 100}, {MONTHS[0]: None}, {Q3: yuan(1)}]
    assert unnamed(lambda due: told(due=due), values, "due") == []
    assert unnamed(lambda n: told(due={MONTHS[0]: n}), [yuan(-1)], "due") == []
    with pytest.raises(CurrencyMismatch):
        told(existing(yuan(9)), due={MONTHS[0]: Money(9, "USD")})


def test_a_period_a_day_and_a_gate_are_what_they_say():
    values = [None, "2026-Q3", 5, date(2026, 7, 1)]

    assert unnamed(lambda during: sold([], during), values, "during") == []
    assert unnamed(lambda one: told(earlier=one), values[1:], "earlier", "during") == []
    days = ["2026-07-01", 5, datetime(2026, 7, 1), date(1, 1, 1)]
    assert unnamed(lambda on: told(new_since=on), days, "new_since") == []
    gates = [None, 5, "", ["contract_signed"], "a\nb"]
    assert unnamed(lambda gate: told(contract_gate=gate), gates, "contract_gate") == []
    assert unnamed(lambda deals: sold(deals, Q3), [None, 5, ["Prof. Wang"]], "deals") == []
    with pytest.raises(InvalidValue):
        told(at=datetime(2026, 8, 1))


def test_the_gate_of_the_contract_is_one_of_the_funnel():
    assert FUNNEL.gates["contract_signed"] is CONTRACT
