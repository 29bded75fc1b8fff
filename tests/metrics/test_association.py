"""Two things may go together; that one causes the other no figure can tell."""

from __future__ import annotations

import copy
import decimal
import pickle
import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from effort_oracle import unnamed
from salesflow.metrics.association import Association, association
from salesflow.money import Money

COUNTS = st.integers(0, 60)
OUTPUTS = st.one_of(
    st.integers(-1000, 1000),
    st.fractions(-1000, 1000, max_denominator=999),
    st.decimals(-1000, 1000, places=2),
)
PAIRS = st.lists(st.tuples(COUNTS, OUTPUTS), max_size=12)
POSITIVE = st.one_of(st.integers(1, 99), st.fractions(Fraction(1, 99), 99, max_denominator=99))


def r(pairs):
    """Pearson's r of some pairs."""
    return association(pairs).r


def varies(values):
    """Whether there are two different values."""
    return len(set(values)) > 1


# --- acceptance ------------------------------------------------------------------------------


def test_ae_66_visits_and_output_that_rise_together():
    """(2,10), (4,20), (6,30), (8,40): r is 1, and a visit brings 100 ÷ 20 = 5."""
    found = association([(2, 10), (4, 20), (6, 30), (8, 40)])

    assert found == Association(n=4, r=1.0, output_per_visit=Fraction(5))


def test_ae_66_where_everybody_is_visited_equally_often_r_is_undefined():
    """Or where everybody buys the same; the output per visit is defined all the same."""
    assert association([(3, 10), (3, 20), (3, 30)]) == Association(
        n=3, r=None, output_per_visit=Fraction(60, 9)
    )
    assert association([(1, 7), (2, 7), (3, 7)]).r is None


# --- against the standard library ------------------------------------------------------------


@given(PAIRS)
def test_r_is_that_of_the_standard_library(pairs):
    """Where it is defined: three pairs or more, and both sides vary; else there is none."""
    visits, output = [x for x, _ in pairs], [Fraction(y) for _, y in pairs]

    if len(pairs) < 3 or not varies(visits) or not varies(output):
        assert r(pairs) is None
    else:
        assert r(pairs) == pytest.approx(statistics.correlation(visits, output), abs=1e-9)


@given(PAIRS)
def test_the_output_per_visit_is_all_output_by_all_visits(pairs):
    """Exact, and none without a visit."""
    visits, found = sum(x for x, _ in pairs), association(pairs)

    assert found.n == len(pairs)
    if visits:
        assert found.output_per_visit * visits == sum(Fraction(y) for _, y in pairs)
        assert type(found.output_per_visit) is Fraction
    else:
        assert found.output_per_visit is None


# --- invariants ------------------------------------------------------------------------------


@given(PAIRS)
def test_invariant_45_r_lies_between_minus_one_and_one_or_is_undefined(pairs):
    """To the last bit: it is rounded once, and never past its bounds."""
    assert r(pairs) is None or -1 <= r(pairs) <= 1
    assert type(r(pairs)) in {float, type(None)}


@given(st.lists(st.tuples(COUNTS, st.fractions(0, 99, max_denominator=9)), max_size=12))
def test_invariant_45_r_is_symmetric(pairs):
    """Visits with output, or output with visits."""
    assert r(pairs) == r([(y, x) for x, y in pairs])


@given(PAIRS, POSITIVE, st.integers(0, 99), POSITIVE, OUTPUTS)
def test_invariant_45_r_hears_neither_scale_nor_origin(pairs, scale, start, factor, shift):
    """In 万 or in yuan, counted from any point: the very same r."""
    moved = [(scale * x + start, factor * Fraction(y) + Fraction(shift)) for x, y in pairs]

    assert r(moved) == r(pairs)


@given(PAIRS)
def test_turning_one_side_round_turns_the_sign(pairs):
    """What rose with the visits now falls with them."""
    turned = r([(x, -y) for x, y in pairs])

    assert turned == (None if r(pairs) is None else -r(pairs))


@given(st.lists(COUNTS, min_size=3, max_size=12).filter(varies), POSITIVE, OUTPUTS)
def test_what_lies_on_a_line_goes_together_wholly(visits, slope, start):
    """Exactly 1 on a rising line, exactly -1 on a falling one."""
    assert r([(x, slope * x + Fraction(start)) for x in visits]) == 1.0
    assert r([(x, Fraction(start) - slope * x) for x in visits]) == -1.0


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_the_customers_does_not_matter(pairs, draw):
    """As any iterable of pairs."""
    shuffled = pairs.copy()
    draw.shuffle(shuffled)

    assert association(pairs) == association(shuffled) == association(iter(shuffled))


@given(PAIRS)
def test_a_callers_decimal_context_is_not_heard(pairs):
    """Three digits of precision elsewhere are not ours."""
    assume(pairs)
    found = association(pairs)

    with decimal.localcontext() as context:
        context.prec = 3
        assert found == association(pairs)


# --- at the edge -----------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(4))
def test_fewer_than_three_pairs_have_no_r(n):
    """Two points always lie on a line, and that tells nothing."""
    found = association([(1, 2), (2, 3), (3, 5)][:n])

    assert (found.n, found.r is None) == (n, n < 3)
    assert (found.output_per_visit is None) == (n == 0)


def test_things_that_do_not_go_together_have_an_r_of_zero():
    """Which is not the same as none."""
    assert r([(1, 1), (2, 2), (3, 1)]) == 0.0


def test_customers_whom_nobody_visits_have_no_output_per_visit():
    """Nothing is divided by zero."""
    assert association([(0, 5), (0, 6), (0, 8)]) == Association(n=3, r=None, output_per_visit=None)


def test_numbers_are_taken_exactly():
    """0.1 and 0.2 as decimals are three tenths, and a third is a third."""
    found = association([(1, Decimal("0.1")), (1, Decimal("0.2")), (1, Fraction(1, 3))])

    assert found.output_per_visit == Fraction(19, 90)


def test_a_hair_of_difference_is_seen():
    """Where floats would call forty digits constant."""
    tiny = [(10**30 + n, 10**30 + n) for n in range(3)]

    assert r(tiny) == 1.0
    assert r([(x, -y) for x, y in tiny]) == -1.0


def test_an_r_is_of_both_signs_at_any_scale():
    """The smallest numbers that are taken, and the greatest."""
    for unit in (Fraction(1, 2**255), Fraction(2**240)):
        assert r([(n * unit, n * unit) for n in range(3)]) == 1.0
        assert r([(n * unit, -n * unit) for n in range(3)]) == -1.0


# --- refusals --------------------------------------------------------------------------------


def test_what_are_no_pairs_is_refused():
    """By name, and not with an error of Python."""
    values = [None, 5, 0.5, "12", (1, 2), [5], [None], ["12"], {"a": 1}, [Money(1, "CNY")]]
    values += [[()], [(1,)], [(1, 2, 3)], [[[1, 2]]], [(1, 2), (3,)], [(1, 2), "34"]]

    assert unnamed(association, values, "pairs") == []


@pytest.mark.parametrize(("place", "name"), [(0, "visits"), (1, "output")])
def test_what_is_no_exact_number_is_refused_on_either_side(place, name):
    """Floats, flags, text, money, and what is not finite or too long."""
    values = [0.5, True, "3", None, [1], Money(1, "CNY"), 10**80, Fraction(1, 10**80), 1j]
    values += [Decimal(text) for text in ("NaN", "sNaN", "Infinity", "-Infinity", "1e999")]

    def asked(value):
        pair = [1, 1]
        pair[place] = value
        return association([(1, 2), tuple(pair)])

    assert unnamed(asked, values, name) == []


def test_nobody_is_visited_less_than_never():
    """A negative count is refused; output may be below zero where goods came back."""
    values = [-1, Fraction(-1, 9), Decimal("-0.01")]

    assert unnamed(lambda count: association([(count, 1)]), values, "visits") == []
    assert association([(1, -5)]).output_per_visit == -5


# --- values ----------------------------------------------------------------------------------


def test_an_association_is_a_value():
    """Equal by content, hashable, copied and stored."""
    found = association([(1, 2), (2, 3), (3, 5)])

    assert found == copy.deepcopy(found) == pickle.loads(pickle.dumps(found))
    assert hash(found) == hash(copy.deepcopy(found))
    assert found != association([(1, 2), (2, 3), (3, 6)])


@pytest.mark.parametrize("name", ["n", "r", "output_per_visit", "cause"])
def test_an_association_cannot_be_changed(name):
    """Nor can a cause be written beside it."""
    with pytest.raises(AttributeError):
        setattr(association([]), name, 1)
