"""A probability explains itself: where it started, what moved it, how sure it is."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from fractions import Fraction
from math import inf, isfinite, nan

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given, settings
from hypothesis import strategies as st

from books import GENERAL, Phase, new_deal
from ledgers import MOMENTS, ledgers
from rates_oracle import (
    DAY,
    LOST,
    ONLY,
    ROSY,
    STAGE,
    WALK,
    WON,
    Only,
    Walk,
    on,
    regions,
    seen,
    walks,
)
from salesflow.errors import ForeignDeal, InvalidValue, SalesflowError, WrongType
from salesflow.funnel import WIN_RATES, RateOrigin, Stage, Status
from salesflow.metrics.exposure import clock
from salesflow.metrics.fields import FIELDS
from salesflow.metrics.learning import learn_rates
from salesflow.metrics.nested import Cell
from salesflow.metrics.places import ANY, Place
from salesflow.metrics.rates import Chance, LearnedRates, Part, Proof, bounded
from salesflow.metrics.ridge import Effect, logistic, logit
from salesflow.periods import Month
from salesflow.ratios import percent, wilson
from salesflow.tables import Table

A, B = Walk.FIRST, Walk.TRIAL
AT = on(2000)


def cell(told, *, n=30, worth=30.0, seen=None, weight=0.5):
    """A cell of a place, of which a test says only what matters to it."""
    share = told if seen is None else seen
    return Cell(n=n, won=round(n * share), told=told, seen=share, worth=worth, weight=weight)


def rates(**rest):
    """Rates of three stages: two bands at the first one, an owner who sells well, no trial yet."""
    boxes = {
        "machine": "walk",
        "as_of": on(400),
        "during": None,
        "nominal": Table({A: Fraction(1, 5), B: Fraction(2, 5), Walk.OFFER: Fraction(4, 5)}),
        "bands": (14, 30),
        "phase": ANY,
        "cells": Table(
            {
                Place(A): cell(0.3, n=60),
                Place(A, 0): cell(0.35, n=40),
                Place(A, 2): cell(0.1, n=12, seen=0.05),
                Place(B): cell(0.4, n=0, worth=0.0, seen=0.0, weight=0.0),
                Place(Walk.OFFER): cell(0.8, n=5),
            }
        ),
        "fields": ("owner", "region"),
        "effects": Table(
            {
                "overall": Table({"": Effect(0.1, 0.05)}),
                "time": Table({"0": Effect(0.2, 0.1)}),
                "owner": Table({"Li": Effect(0.7, 0.2), "Wang": Effect(-0.4, 0.2)}),
                "region": Table({"east": Effect(0.3, 0.1)}),
            }
        ),
        "n": 60,
        "won": 20,
        "looks": 0,
        "enough": 50,
        "proof": Proof(n=30, nominal=0.6, constant=0.58, nested=0.55, fields=0.5),
        "drift": None,
        "trusted": True,
    }
    return LearnedRates(**{**boxes, **rest})


def keys(learned):
    """The keys of the findings."""
    return [finding.key for finding in learned.findings()]


def parts(chance):
    """Each part by its key."""
    return {part.key: part for part in chance.parts}


# --- what is told ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "days", "fields", "told"),
    [
        (A, 3, {}, logistic(logit(0.35) + 0.1 + 0.2)),
        (A, 13.99, {}, logistic(logit(0.35) + 0.1 + 0.2)),
        (A, 14, {}, logistic(logit(0.3) + 0.1)),
        (A, 99, {}, logistic(logit(0.1) + 0.1)),
        (A, 3, {"owner": "Li"}, logistic(logit(0.35) + 0.3 + 0.7)),
        (A, 3, {"owner": "Wang", "region": "east"}, logistic(logit(0.35) + 0.3 - 0.4 + 0.3)),
        (A, 3, {"region": "east"}, logistic(logit(0.35) + 0.3 + 0.3)),
        (A, 3, {"owner": "nobody", "region": None}, logistic(logit(0.35) + 0.3)),
        (B, 3, {}, logistic(logit(0.4) + 0.1 + 0.2)),
    ],
)
def test_a_probability_is_its_place_moved_by_its_fields(stage, days, fields, told):
    """By hand: the narrowest place that history knows, then every category that was learned."""
    assert rates().chance(stage, days, fields).probability == pytest.approx(told)


def test_a_chance_tells_how_many_deals_are_behind_it():
    """Those of its place, or of the narrowest around it."""
    told = rates()

    assert [told.chance(A, days).n for days in (0, 20, 99)] == [40, 60, 12]
    assert told.chance(B).n == 0
    assert [told.chance(stage).weight for stage in (A, B)] == [0.5, 0.0]
    assert told.chance(A).nominal == Fraction(1, 5)


def test_a_probability_shows_itself_as_a_percentage():
    """With one decimal, half up."""
    told = rates(effects=Table({})).chance(A, 3)

    assert str(told) == percent(Fraction(told.probability)) == "35.0%"


@given(st.floats(allow_nan=False))
def test_nothing_is_told_below_a_thousandth_or_beyond_its_mirror(probability):
    """Nothing is certain before it happened."""
    assert 0.001 <= bounded(probability) <= 0.999
    assert bounded(0.25) == 0.25


def test_an_extreme_cell_with_extreme_fields_stays_a_probability():
    """All won, and the best of owners."""
    told = rates(
        cells=Table({Place(A): cell(1.0), Place(B): cell(0.0), Place(Walk.OFFER): cell(0.5)}),
        effects=Table(
            {
                "overall": Table({"": Effect(4.0, 0.1)}),
                "time": Table({}),
                "owner": Table({"Li": Effect(4.0, 0.1), "Wang": Effect(-4.0, 0.1)}),
                "region": Table({"north": Effect(-4.0, 0.1)}),
            }
        ),
    )
    worst = evolve(told, effects=Table({**told.effects, "overall": Table({"": Effect(-4.0, 0.1)})}))

    assert told.chance(A, 0, {"owner": "Li"}).probability == 0.999
    assert worst.chance(B, 0, {"owner": "Wang", "region": "north"}).probability == 0.001


# --- why -------------------------------------------------------------------------------------

LEARNED = {
    "of stages": learn_rates(walks(300, 3), as_of=on(500), win_rates=ROSY, machine=WALK),
    "of regions": learn_rates(
        regions(500, 3, effect=1.0),
        as_of=AT,
        win_rates={Only.HERE: "0.4"},
        fields=["owner", "amount"],
        machine=ONLY,
    ),
    "of a month": learn_rates(
        walks(600, 3), as_of=on(335), during=Month(2024, 12), win_rates=ROSY, machine=WALK
    ),
    "of little": learn_rates(walks(8, 3), as_of=AT, win_rates=ROSY, machine=WALK),
    "of nothing": learn_rates([], as_of=AT, win_rates=ROSY, machine=WALK),
    "made by hand": rates(),
    "drifting": rates(drift=Effect(-0.6, 0.2)),
    "drifting, no fields": rates(drift=Effect(0.9, 0.2), effects=Table({})),
    "not trusted": rates(trusted=False, effects=Table({})),
}
DAYS = st.floats(0, 1000) | st.integers(0, 400)
MARKS = st.none() | st.sampled_from(["Li", "Wang", "east", "west", "nobody", "100-300"])


@st.composite
def asked(draw):
    """Rates, and a deal they are asked about: stage, days, categories."""
    told = LEARNED[draw(st.sampled_from(sorted(LEARNED)))]
    fields = {name: draw(MARKS) for name in told.fields}
    return told, draw(st.sampled_from(list(told.nominal))), draw(DAYS), fields


@given(asked())
def test_the_parts_lead_from_the_nominal_rate_to_the_probability(question):
    """Their changes sum to the difference, each with a name in both languages."""
    told, stage, days, fields = question
    chance = told.chance(stage, days, fields)
    whole = sum(part.change for part in chance.parts)

    assert whole == pytest.approx(chance.probability - float(chance.nominal), abs=1e-12)
    for part in chance.parts:
        assert part.label.zh
        assert part.label.en
        assert isfinite(part.odds)
    assert len(parts(chance)) == len(chance.parts)


@given(asked())
def test_the_probability_alone_is_that_of_the_chance(question):
    """For a hundred thousand deals nobody wants reasons."""
    told, stage, days, fields = question
    alone = told.probability(stage, days, tuple(fields.values()))

    assert alone == told.chance(stage, days, fields).probability


@given(asked())
def test_an_interval_holds_what_is_told_and_is_none_without_history(question):
    """Strictly between nought and one."""
    told, stage, days, fields = question
    chance = told.chance(stage, days, fields)

    if chance.interval is None:
        assert chance.weight == 0
    else:
        low, high = chance.interval
        assert 0 < low <= chance.probability <= high < 1
        assert low < high
        assert 0 < chance.weight < 1
        assert chance.origin is RateOrigin.MIXED


def test_the_reasons_by_hand():
    """Stage, time, overall level and owner, in the order in which they are taken."""
    chance = rates().chance(A, 3, {"owner": "Li"})
    found = parts(chance)

    assert list(found) == ["stage", "time", "overall", "owner"]
    assert found["stage"].odds == pytest.approx(logit(0.3) - logit(0.2))
    assert found["stage"].change == pytest.approx(0.1)
    assert found["time"].odds == pytest.approx(logit(0.35) - logit(0.3) + 0.2)
    assert found["overall"].odds == pytest.approx(0.1)
    assert found["owner"].odds == pytest.approx(0.7)
    assert [part.value for part in chance.parts] == ["first", "0-14", "", "Li"]
    assert [part.label.en for part in chance.parts] == [
        "history of the stage",
        "time at the stage",
        "overall level",
        "owner",
    ]
    assert found["owner"].label.zh == "负责人"


def test_the_days_are_written_as_a_person_would_name_them():
    """From nought, between two cuts, and open at the end."""
    told = rates()

    assert [parts(told.chance(A, days))["time"].value for days in (0, 99)] == ["0-14", "30+"]
    assert parts(rates(bands=()).chance(A, 99))["time"].value == "0+"


def test_a_field_of_ones_own_bears_its_own_name():
    """In both languages, since the library knows no other."""
    part = parts(rates().chance(A, 3, {"region": "east"}))["region"]

    assert (part.key, part.value) == ("region", "east")
    assert part.label.zh == part.label.en == "region"


@pytest.mark.parametrize("name", list(FIELDS))
def test_every_ready_made_field_has_a_name_in_both_languages(name):
    """Not its key."""
    told = rates(
        fields=(name,),
        effects=Table(
            {"overall": Table({}), "time": Table({}), name: Table({"x": Effect(1.0, 0.1)})}
        ),
    )
    label = parts(told.chance(A, 3, {name: "x"}))[name].label

    assert label.zh != name
    assert label.zh != label.en


def test_a_phase_is_a_reason_of_its_own():
    """The third month of the quarter."""
    told = rates(
        phase=3,
        cells=Table({**rates().cells, Place(A, 0, 3): cell(0.6, n=9)}),
        effects=Table({}),
        fields=(),
    )
    chance = told.chance(A, 3)

    assert list(parts(chance)) == ["stage", "time", "phase"]
    assert (chance.probability, chance.n, parts(chance)["phase"].value) == (0.6, 9, "3")


@pytest.mark.parametrize("effects", [rates().effects, Table({})])
def test_a_drift_of_the_last_periods_moves_every_deal(effects):
    """Known of all, a reason of its own, and less sure."""
    still, moved = rates(effects=effects), rates(effects=effects, drift=Effect(-0.5, 0.3))
    before, after = (told.chance(A, 3, {"owner": "Li"}) for told in (still, moved))
    part = parts(after)["drift"]

    assert logit(after.probability) == pytest.approx(logit(before.probability) - 0.5)
    assert (part.odds, part.value, part.label.en) == (-0.5, "", "drift of the last periods")
    assert after.interval[0] < before.interval[0]


@pytest.mark.parametrize("rate", [0, 1])
@pytest.mark.parametrize("n", [0, 40])
def test_where_the_nominal_rate_is_certain_the_reasons_start_within_the_bounds(rate, n):
    """From a thousandth, or its mirror: what a nominal rate of nought can be told as."""
    deals = [seen(f"D-{k}", (k, STAGE[3]), (k + 9, WON if k % 2 else LOST)) for k in range(n)]
    chance = learn_rates(deals, as_of=AT, win_rates=dict.fromkeys(Stage, rate)).chance(STAGE[3], 3)
    whole = sum(part.change for part in chance.parts)

    assert chance.nominal == rate
    assert whole == pytest.approx(chance.probability - bounded(rate), abs=1e-12)


# --- how sure --------------------------------------------------------------------------------


def test_without_fields_the_interval_is_that_of_what_was_seen():
    """Wilson's, of so many deals as they are worth, and holding what is told."""
    told = rates(effects=Table({}))
    low, high = wilson(0.35, 30)

    assert told.chance(A, 3).interval == pytest.approx((low, high))
    assert told.chance(A, 99).interval == pytest.approx((wilson(0.05, 30)[0], wilson(0.05, 30)[1]))


def test_what_is_told_lies_in_its_interval_however_strong_the_nominal_rate():
    """Told 0.9 by a nominal rate, seen 0.1: both are in it."""
    told = rates(
        cells=Table({**rates().cells, Place(A, 0): cell(0.9, seen=0.1)}), effects=Table({})
    )
    low, high = told.chance(A, 3).interval

    assert low < 0.1
    assert high == pytest.approx(0.9)


def test_what_corrects_the_nominal_rate_does_not_move_what_was_seen():
    """The overall level takes back what a rosy nominal rate brought in; history never had it."""
    plain = rates(effects=Table({}))
    level = rates(
        fields=(),
        effects=Table(
            {"overall": Table({"": Effect(-0.8, 0.1)}), "time": Table({"0": Effect(-0.1, 0.1)})}
        ),
        cells=Table({**rates().cells, Place(A, 0): cell(0.6, seen=0.35)}),
    )

    assert level.chance(A, 3).interval[1] > 0.5
    assert level.chance(A, 3).interval[1] == pytest.approx(plain.chance(A, 3).interval[1], abs=0.02)


def test_each_category_widens_the_interval_by_its_error():
    """More words, less certainty, on the scale of odds."""
    told = rates(bands=())
    width = lambda interval: logit(interval[1]) - logit(interval[0])
    few, more = (told.chance(A, 3, f).interval for f in ({}, {"owner": "Li"}))

    assert width(more) > width(few)


def test_history_that_is_not_trusted_tells_nominal_rates():
    """No parts, no interval, no fields, and the origin says so."""
    told = rates(trusted=False, effects=Table({}))
    chance = told.chance(A, 3, {"owner": "Li"})

    assert chance == Chance(
        probability=0.2,
        nominal=Fraction(1, 5),
        interval=None,
        n=0,
        origin=RateOrigin.NOMINAL,
        weight=0.0,
        parts=(),
    )
    assert told.origin is RateOrigin.NOMINAL
    assert told.probability(A, 3, ("Li", None)) == 0.2


def test_a_stage_without_history_is_nominal_but_for_the_fields():
    """Its fields were learned elsewhere; nothing was seen of itself."""
    told = rates()
    bare, known = told.chance(B, 99), evolve(told, effects=Table({})).chance(B, 99)

    assert (known.probability, known.origin, known.parts) == (0.4, RateOrigin.NOMINAL, ())
    assert (bare.origin, bare.interval, bare.n, bare.weight) == (RateOrigin.MIXED, None, 0, 0.0)
    assert [part.key for part in bare.parts] == ["overall"]


# --- of a deal -------------------------------------------------------------------------------


@given(ledgers(max_size=3), MOMENTS)
@settings(max_examples=50)
def test_the_chance_of_a_deal_is_that_of_its_stage_days_and_fields(deals, at):
    """As it stood at the instant; a deal that was not open has none."""
    told = learn_rates(deals, as_of=at, fields=["owner", "amount", "origin"], enough=1)
    for deal in deals:
        stood = deal.as_of(at)
        if stood is None or stood.status is not Status.OPEN:
            with pytest.raises(InvalidValue, match=r"^deal was not open then"):
                told.of(deal, at=at)
            continue
        fields = {name: FIELDS[name](stood) for name in told.fields}

        assert told.of(deal, at=at) == told.chance(stood.stage, clock(stood.trail, at), fields)
        assert told.of(deal, at=at, fields=FIELDS) == told.of(deal, at=at)


def test_a_deal_is_asked_about_as_it_stood_and_not_as_it_ended():
    """Won since; in spring it stood at the first stage, for nine days."""
    deal = seen("D-1", (10, A), (30, B), (60, WON), machine=WALK, owner="Li")
    told = rates(
        fields=("owner",),
        effects=Table({k: v for k, v in rates().effects.items() if k != "region"}),
    )

    assert told.of(deal, at=on(19)) == told.chance(A, 9, {"owner": "Li"})
    assert told.of(deal, at=on(31)) == told.chance(B, 1, {"owner": "Li"})
    assert told.of(deal, at=on(10)) == told.chance(A, 0, {"owner": "Li"})
    for at in (on(9), on(60), on(900)):
        with pytest.raises(InvalidValue, match="was not open then"):
            told.of(deal, at=at)


def test_a_field_of_ones_own_needs_its_reader_again():
    """A function is not stored with the rates."""
    told = rates()
    deal = seen("D-1", (10, A), machine=WALK, owner="Li")
    read = {"region": lambda deal: "east", "owner": FIELDS["owner"], "more": lambda deal: "x"}

    assert list(told.readers(read)) == ["owner", "region"]
    assert told.of(deal, at=on(19), fields=read) == told.chance(
        A, 9, {"owner": "Li", "region": "east"}
    )
    for fields in (None, ["owner"], {"region": read["region"]}):
        with pytest.raises(InvalidValue, match=r"^fields lack a reader for") as refused:
            told.of(deal, at=on(19), fields=fields)
        assert refused.value.field == "fields"


def test_a_deal_of_another_machine_has_no_chance_here():
    """Nor has one without a time."""
    told = rates(fields=(), effects=Table({}))
    with pytest.raises(ForeignDeal):
        told.of(new_deal(stage=Phase.CONTACT, machine=GENERAL), at=AT)
    deal = seen("D-1", (10, A), machine=WALK)
    for at in (datetime(2026, 7, 1), None, date(2026, 7, 1), "2026-07-01"):
        with pytest.raises(InvalidValue):
            told.of(deal, at=at)


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stage", [Status.WON, Phase.CONTACT, Stage.NEEDS_DISCOVERY, "first", None, 1, []]
)
def test_what_is_no_stage_of_the_machine_is_refused(stage):
    """With an error that says so."""
    with pytest.raises(WrongType) as refused:
        rates().chance(stage, 3)
    assert refused.value.field == "stage"


def test_the_probability_alone_refuses_a_foreign_stage_too():
    """However fast it is."""
    with pytest.raises(WrongType) as refused:
        rates().probability(Stage.NEEDS_DISCOVERY, 3, (None, None))
    assert refused.value.field == "stage"


@pytest.mark.parametrize("days", [-1, -0.001, nan, -inf, "5", None, [], DAY])
def test_what_is_no_number_of_days_is_refused(days):
    """Nobody stands anywhere for less than no time."""
    with pytest.raises(InvalidValue) as refused:
        rates().chance(A, days)
    assert refused.value.field == "days"


@pytest.mark.parametrize("days", [0, 0.0, 5, 5.5, Fraction(11, 2), 10**6])
def test_any_number_of_days_from_nought_is_taken(days):
    """Whole or not."""
    assert 0 < rates().chance(A, days).probability < 1


@pytest.mark.parametrize(
    "fields",
    [{"product": "P"}, {"owner": "Li", "Region": "east"}, {"overall": ""}, {"": "x"}, {1: "x"}],
)
def test_a_field_that_was_not_learned_is_refused(fields):
    """The error names those that were."""
    with pytest.raises(InvalidValue, match="learned are owner, region") as refused:
        rates().chance(A, 3, fields)
    assert refused.value.field == "fields"


def test_where_no_field_was_learned_it_says_none():
    """And not an empty list."""
    with pytest.raises(InvalidValue, match="learned are none"):
        rates(fields=(), effects=Table({})).chance(A, 3, {"owner": "Li"})


@pytest.mark.parametrize("fields", ["owner", ["owner"], 5, [("owner", "Li")]])
def test_fields_come_as_a_mapping(fields):
    """Name to category."""
    with pytest.raises(SalesflowError):
        rates().chance(A, 3, fields)


# --- what should be known --------------------------------------------------------------------

GOOD = Proof(n=30, nominal=0.6, constant=0.58, nested=0.55, fields=0.5)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, []),
        ({"n": 49, "proof": None}, ["little_history"]),
        ({"n": 0, "won": 0, "proof": None}, ["little_history"]),
        ({"won": 60}, ["one_outcome"]),
        ({"won": 0}, ["one_outcome"]),
        ({"effects": Table({})}, ["fields_refused"]),
        ({"effects": Table({}), "fields": (), "proof": evolve(GOOD, fields=None)}, []),
        ({"proof": evolve(GOOD, constant=0.4)}, ["no_better_than_constant"]),
        ({"proof": evolve(GOOD, constant=0.5)}, ["no_better_than_constant"]),
        ({"proof": evolve(GOOD, constant=0.52)}, []),
        ({"trusted": False, "proof": evolve(GOOD, nominal=0.5)}, ["history_refused"]),
        (
            {"trusted": False, "proof": evolve(GOOD, nominal=0.59), "effects": Table({})},
            ["history_refused", "fields_refused", "no_better_than_constant"],
        ),
        ({"n": 3, "won": 3, "proof": None}, ["little_history", "one_outcome"]),
    ],
    ids=str,
)
def test_what_should_be_known_before_rates_are_believed(given, found):
    """Little history, one outcome, and whatever the back-test found."""
    assert keys(rates(**given)) == found


@pytest.mark.parametrize(
    ("given", "within"),
    [
        ({}, False),
        ({"during": Month(2025, 2)}, True),
        ({"during": Month(2025, 2), "n": 49}, False),
        ({"during": Month(2025, 2), "trusted": False, "effects": Table({})}, False),
    ],
    ids=str,
)
def test_a_rate_is_of_the_period_only_where_a_history_of_periods_stands_behind_it(given, within):
    """With little history, or one refused, it is a nominal rate, and those know of no period."""
    assert rates(**given).within is within


def test_a_finding_says_in_both_languages_what_to_do():
    """About the machine, with its numbers."""
    told = rates(
        n=3, won=3, trusted=False, effects=Table({}), proof=evolve(GOOD, nominal=0.59, nested=0.7)
    )
    found = {finding.key: finding for finding in told.findings()}

    assert len(found) == 5
    for finding in found.values():
        assert finding.subject == "walk"
        assert finding.text.zh != finding.text.en
        assert finding.advice.zh
        assert "{" not in finding.text.zh + finding.text.en + finding.advice.zh + finding.advice.en
    assert found["little_history"].text.en.startswith("only 3 decided deals (fewer than 50)")
    assert "lost 0.700 against 0.590" in found["history_refused"].text.en
    assert "owner, region" in found["fields_refused"].text.en
    assert "(0.590) were no better" in found["no_better_than_constant"].text.en
    assert found["one_outcome"].values["won"] == 3


# --- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(LEARNED))
def test_rates_are_values(name):
    """Equal, hashable, storable, never changed in place; their long tables are not shown."""
    told = LEARNED[name]
    back = pickle.loads(pickle.dumps(told))

    assert back == told
    assert hash(back) == hash(told)
    assert "Cell(" not in repr(told)
    with pytest.raises(FrozenInstanceError):
        told.n = 3
    stage = next(iter(told.nominal))
    assert back.chance(stage, 7) == told.chance(stage, 7)
    assert hash(told.chance(stage, 7)) == hash(back.chance(stage, 7))


def test_parts_and_proofs_are_values():
    """As everything else."""
    part = parts(rates().chance(A, 3))["stage"]

    assert isinstance(part, Part)
    assert pickle.loads(pickle.dumps(part)) == part
    assert pickle.loads(pickle.dumps(GOOD)) == GOOD
    assert rates() != rates(trusted=False)


def test_the_nominal_rates_are_kept_beside_what_was_learned():
    """Exactly."""
    told = learn_rates([], as_of=AT)

    assert dict(told.nominal) == dict(WIN_RATES)
    assert told.chance(STAGE[1]).nominal == Fraction(1, 50)
