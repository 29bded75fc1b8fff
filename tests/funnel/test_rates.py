"""Win rates: the nominal table of the trade, and what no table may say."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import GENERAL, GENERAL_RATES, Phase
from salesflow.errors import InvalidValue, SalesflowError, WrongType
from salesflow.funnel import FUNNEL, WIN_RATES, RateOrigin, Stage, WinRates, pipeline
from salesflow.funnel.rates import rates_of

HUNDREDTHS = [2, 2, 5, 10, 20, 30, 60, 90]
# The snapshot of the funnel picture, from the third stage on.
PICTURE = dict(zip(list(Stage)[2:], (50, 20, 12, 10, 7, 6), strict=True))

shares = st.fractions(0, 1, max_denominator=1000)
tables = st.lists(shares, min_size=8, max_size=8)


def rates(values, **rest):
    return WinRates(dict(zip(Stage, values, strict=True)), **rest)


@pytest.mark.parametrize(("stage", "percent"), list(zip(Stage, HUNDREDTHS, strict=True)))
def test_each_stage_has_the_rate_of_the_picture(stage, percent):
    """From 2 % for a target to 90 % for an installed project, exactly."""
    assert WIN_RATES[stage] == Fraction(percent, 100)


def test_the_picture_holds_nineteen_and_a_half_wins():
    """The nominal rates weigh the picture's counts as the sources do."""
    assert sum(WIN_RATES[stage] * count for stage, count in PICTURE.items()) == Fraction(39, 2)


def test_ae_32_a_nominal_rate_that_falls_is_refused():
    """Stage 5 at 30 % and stage 6 at 20 %: further down can't be less likely."""
    falling = {Stage.NEEDS_DISCOVERY: "0.30", Stage.VALUE_PRESENTATION: "0.20"}

    with pytest.raises(InvalidValue, match="fall at VALUE_PRESENTATION"):
        WinRates(falling)
    with pytest.raises(ValueError, match="fall"):
        WinRates({**dict(WIN_RATES), **falling})


def test_the_order_of_the_mapping_does_not_matter():
    """Rates are put in the order of the stages before they are judged."""
    backwards = {stage: WIN_RATES[stage] for stage in reversed(Stage)}

    assert WinRates(backwards) == WIN_RATES
    assert list(WinRates(backwards)) == list(Stage)


def test_a_learned_table_may_fall_and_one_set_by_a_person_may_not():
    """History is what it is; an opinion has to be consistent."""
    falling = [Fraction(1, 2)] * 7 + [Fraction(1, 3)]

    assert rates(falling, origin=RateOrigin.LEARNED)[Stage.PAYMENT_AND_RESALE] == Fraction(1, 3)
    for origin in (RateOrigin.NOMINAL, RateOrigin.SET):
        with pytest.raises(InvalidValue):
            rates(falling, origin=origin)


def test_a_table_says_where_its_rates_came_from():
    """The stage default unless somebody says otherwise, and two origins are two tables."""
    learned = WinRates(dict(WIN_RATES), origin=RateOrigin.LEARNED)

    assert WIN_RATES.origin is RateOrigin.NOMINAL
    assert [origin.label("zh") for origin in RateOrigin] == [
        "阶段默认",
        "人工设定",
        "历史推算",
        "默认与历史混合",
    ]
    assert all(origin.label("en") for origin in RateOrigin)
    assert learned != WIN_RATES


@given(tables)
def test_invariant_07_an_accepted_table_lies_in_range_and_never_falls(values):
    """The constructor takes a table exactly when it rises, and keeps it exactly."""
    rises = all(lower <= upper for lower, upper in pairwise(values))
    try:
        table = rates(values)
    except InvalidValue:
        assert not rises
    else:
        assert rises
        assert list(table.values()) == values


@given(tables, st.integers(0, 7), shares.filter(bool), st.booleans())
def test_invariant_07_no_table_leaves_the_range(values, index, beyond, below):
    """A rate below 0 or above 1 is refused, from whatever origin."""
    values[index] = -beyond if below else 1 + beyond

    for origin in RateOrigin:
        with pytest.raises(InvalidValue, match="range"):
            rates(values, origin=origin)


@pytest.mark.parametrize("value", ["0.5", Decimal("0.5"), Fraction(1, 2), "0.500"])
def test_a_rate_is_read_exactly(value):
    """A text, a Decimal and a Fraction say the same."""
    assert WinRates({Stage.TARGET_GROUP: value}) == WinRates({Stage.TARGET_GROUP: Fraction(1, 2)})


@pytest.mark.parametrize("value", [0, 1, "0", "1", "1.000"])
def test_the_ends_of_the_range_are_rates(value):
    """Nothing is sure to be lost or won but what a host declares so."""
    assert WinRates({Stage.TARGET_GROUP: value})[Stage.TARGET_GROUP] == Fraction(str(value))


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        True,
        None,
        "",
        "50%",
        "1/2",
        "1e-1",
        ".5",
        "0,5",
        "０.５",
        " 0.5",
        "NaN",
        b"0.5",
        [],
    ],
)
def test_what_is_no_exact_number_is_no_rate(value):
    """Floats, booleans and loose texts are refused as a wrong type."""
    with pytest.raises(WrongType):
        WinRates({Stage.TARGET_GROUP: value})


@pytest.mark.parametrize(
    "value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e-999999"), 10**400, 2, -1, "1.1"]
)
def test_a_number_that_is_no_share_is_refused(value):
    """Numbers beyond reason are refused before anything is computed with them."""
    with pytest.raises(InvalidValue):
        WinRates({Stage.TARGET_GROUP: value})


@pytest.mark.parametrize(
    "table", [None, 5, [("a", 1)], {"target_group": "0.5"}, {None: "0.5"}], ids=repr
)
def test_what_is_no_table_of_stages_is_refused(table):
    """Only a mapping of stages can be a table of win rates."""
    with pytest.raises(SalesflowError):
        WinRates(table)


def test_a_table_is_a_read_only_mapping():
    """It has a length, an order and items, lacks what it was not given, and can't be changed."""
    table = WinRates({Stage.TARGET_GROUP: "0.1", Stage.INFO_COLLECTION: "0.2"})

    assert len(table) == 2
    assert list(table) == [Stage.TARGET_GROUP, Stage.INFO_COLLECTION]
    assert Stage.TRUST_BUILDING not in table
    assert table.get(Stage.TRUST_BUILDING) is None
    with pytest.raises(KeyError):
        table[Stage.TRUST_BUILDING]
    with pytest.raises(TypeError):
        table[Stage.TARGET_GROUP] = Fraction(1)
    with pytest.raises(AttributeError):
        table.origin = RateOrigin.SET


def test_equal_tables_are_interchangeable():
    """Equality, hash, copies and pickles agree."""
    twin = rates([Fraction(percent, 100) for percent in HUNDREDTHS])

    assert twin == WIN_RATES
    assert hash(twin) == hash(WIN_RATES)
    assert pickle.loads(pickle.dumps(WIN_RATES)) == WIN_RATES
    assert copy.deepcopy(WIN_RATES)[Stage.TARGET_GROUP] == Fraction(1, 50)


def test_the_rates_of_a_machine_cover_its_stages():
    """`of` gives a rate for every stage in order, and none for anything else."""
    both = WinRates({**dict(WIN_RATES), **dict(GENERAL_RATES)}, origin=RateOrigin.LEARNED)

    assert WIN_RATES.of(FUNNEL) == dict(WIN_RATES)
    assert both.of(GENERAL) == dict(GENERAL_RATES)
    assert list(both.of(GENERAL)) == list(Phase)


def test_a_stage_without_a_rate_is_named():
    """A table of another machine, or a partial one, is refused and says what it lacks."""
    partial = WinRates({stage: rate for stage, rate in WIN_RATES.items() if rate != Fraction(1, 5)})

    with pytest.raises(InvalidValue, match="say nothing of NEEDS_DISCOVERY;"):
        partial.of(FUNNEL)
    with pytest.raises(InvalidValue, match="IDENTIFY, CONTACT"):
        WIN_RATES.of(GENERAL)


def test_a_plain_mapping_is_read_as_a_nominal_table():
    """A figure may be handed a mapping; it has to rise and to cover the machine like any table."""
    plain = {stage: Fraction(index, 9) for index, stage in enumerate(Phase)}

    assert rates_of(plain, GENERAL) == plain
    assert rates_of(WIN_RATES, FUNNEL) == dict(WIN_RATES)
    with pytest.raises(InvalidValue, match="fall"):
        rates_of(plain | {Phase.CLOSE: 0}, GENERAL)
    with pytest.raises(InvalidValue, match="say nothing"):
        rates_of(plain, FUNNEL)


def test_a_nominal_table_may_not_fall_along_the_path_it_is_used_on():
    """A host may order its stages otherwise than their enumeration does; the path decides."""
    table = WinRates({Phase.CONTACT: "0.1", Phase.NEEDS: "0.3"})
    forwards = pipeline("forwards", [Phase.CONTACT, Phase.NEEDS])
    backwards = pipeline("backwards", [Phase.NEEDS, Phase.CONTACT])

    assert list(rates_of(table, forwards).values()) == [Fraction(1, 10), Fraction(3, 10)]
    with pytest.raises(InvalidValue, match="fall at CONTACT"):
        rates_of(table, backwards)
    assert rates_of(evolve_origin(table, RateOrigin.LEARNED), backwards)[Phase.NEEDS] == Fraction(
        3, 10
    )


def evolve_origin(table, origin):
    return WinRates(dict(table), origin=origin)


def test_where_rates_come_from_is_one_of_three():
    """A key of an origin is taken, a guess is not."""
    assert WinRates({}, origin="learned").origin is RateOrigin.LEARNED
    with pytest.raises(InvalidValue):
        WinRates({}, origin="guess")
