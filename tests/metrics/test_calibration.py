"""A probability is true where the deals given 70 % were won seven times in ten."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from itertools import pairwise
from math import exp, inf, isfinite, log, nan

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import assume, example, given
from hypothesis import strategies as st

from effort_oracle import unnamed
from salesflow.errors import InvalidValue, WrongType
from salesflow.metrics.calibration import (
    Calibration,
    CalibrationRow,
    Prediction,
    Score,
    calibration,
    calibration_by,
    chance,
)
from salesflow.money import Money
from salesflow.ratios import Rate

# Often the ends, often ten per cents, so that bands and ties are met.
CHANCES = st.one_of(
    st.sampled_from([0.0, 1.0, 0.5]), st.integers(0, 10).map(lambda n: n / 10), st.floats(0, 1)
)
PREDICTIONS = st.lists(
    st.builds(
        Prediction,
        deal=st.sampled_from(["D-1", "D-2"]),
        group=st.sampled_from(["", "R-1", "R-2"]),
        probability=CHANCES,
        nominal=st.sampled_from([0.05, 0.3, 0.8]),
        happened=st.booleans(),
    ),
    max_size=40,
)
SOME = PREDICTIONS.filter(bool)
CUTS = st.lists(st.floats(0.01, 0.99), unique=True, max_size=5).map(sorted)


def one(probability=0.5, happened=True, *, nominal=0.5, group="", deal="D-1"):
    """A prediction, of which a test says only what matters to it."""
    return Prediction(
        deal=deal, group=group, probability=probability, nominal=nominal, happened=happened
    )


def told(*rows):
    """Predictions from rows (probability told, how many won, of how many)."""
    return [one(p, case < won) for p, won, n in rows for case in range(n)]


def score(*rows):
    """The score of such rows."""
    return calibration(told(*rows)).model


def odds(probability):
    """The odds of a probability: 3 for 3 to 1, which is 75 %."""
    return probability / (1 - probability)


# --- told naively ----------------------------------------------------------------------------


def naive_brier(cases):
    """The mean square of what was told less what happened, in exact numbers."""
    return sum((Fraction(p) - happened) ** 2 for p, happened in cases) / len(cases)


def naive_log_loss(cases):
    """The mean surprise, with nothing more certain than one in a million million."""
    total = 0.0
    for p, happened in cases:
        safe = min(max(Fraction(p), Fraction(1e-12)), Fraction(1 - 1e-12))
        total -= log(safe if happened else 1 - safe)
    return total / len(cases)


def naive_table(cases, edges):
    """Each band that holds something: its ends, the exact mean told, the won and the number."""
    rows = []
    for low, high in pairwise(edges):
        held = [(p, won) for p, won in cases if low <= p < high or p == high == 1]
        if held:
            mean = sum(Fraction(p) for p, _ in held) / len(held)
            rows.append((low, high, mean, sum(won for _, won in held), len(held)))
    return rows


def parted(cases):
    """Whether some threshold has all that happened on one side and all else on the other."""
    won = {p for p, happened in cases if happened}
    lost = {p for p, happened in cases if not happened}
    return not won or not lost or max(lost) <= min(won) or max(won) <= min(lost)


# --- scores ----------------------------------------------------------------------------------


@given(SOME)
def test_the_scores_are_the_mean_square_and_the_mean_surprise(predictions):
    """Of the model and of the nominal rates alike, one deal at a time."""
    found = calibration(predictions)

    for name, box in (("model", "probability"), ("nominal", "nominal")):
        cases = [(getattr(each, box), each.happened) for each in predictions]
        figure = getattr(found, name)
        assert figure.n == len(cases)
        assert figure.brier == pytest.approx(float(naive_brier(cases)), abs=1e-12)
        assert figure.log_loss == pytest.approx(naive_log_loss(cases), rel=1e-9, abs=1e-12)


def test_three_deals_scored_by_hand():
    """80 % and won, 60 % and lost, 10 % and lost: (0.04 + 0.36 + 0.01) ÷ 3."""
    found = score((0.8, 1, 1), (0.6, 0, 1), (0.1, 0, 1))

    assert found.brier == pytest.approx(0.41 / 3)
    assert found.log_loss == pytest.approx(-(log(0.8) + log(0.4) + log(0.9)) / 3)
    assert (found.n, found.slope, found.intercept) == (3, None, None)


@given(st.lists(st.booleans(), min_size=1))
def test_a_perfect_forecaster_has_a_brier_of_zero(outcomes):
    """And next to no log loss; who always says the opposite has the highest of both."""
    perfect = calibration([one(float(happened), happened) for happened in outcomes]).model
    perverse = calibration([one(1.0 - happened, happened) for happened in outcomes]).model

    assert perfect.brier == 0.0
    assert perfect.log_loss == pytest.approx(0, abs=2e-12)
    assert perverse.brier == 1.0
    assert perverse.log_loss == pytest.approx(-log(1e-12), rel=1e-5)


def test_tossing_a_coin_scores_a_quarter_and_the_logarithm_of_two():
    """Whatever happens."""
    found = score((0.5, 1, 3))

    assert found.brier == 0.25
    assert found.log_loss == pytest.approx(log(2))


@given(CHANCES, st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_nobody_scores_better_than_by_telling_the_truth(lie, case):
    """Of `n` deals `won` come true: told to all of them, won ÷ n has the lowest scores."""
    won, n = case
    truth, other = score((won / n, won, n)), score((lie, won, n))

    assert truth.brier <= other.brier + 1e-12
    assert truth.log_loss <= other.log_loss + 1e-9


@pytest.mark.parametrize("truth", [n / 20 for n in range(21)])
def test_the_expected_score_is_lowest_at_the_true_probability(truth):
    """Over both outcomes, weighted by the truth, and all words in steps of five per cent."""
    words = [n / 20 for n in range(21)]

    def expected(word, name):
        won, lost = getattr(score((word, 1, 1)), name), getattr(score((word, 0, 1)), name)
        return truth * won + (1 - truth) * lost

    assert min(words, key=lambda word: expected(word, "brier")) == truth
    assert min(words, key=lambda word: expected(word, "log_loss")) == truth


@given(SOME)
def test_the_log_loss_of_the_constant_is_the_entropy_of_the_base_rate(predictions):
    """Its Brier score is the variance; both are what any model must beat."""
    found = calibration(predictions)
    base = found.base.ratio
    entropy = -sum(float(share) * log(share) for share in (base, 1 - base) if share)

    assert found.base == Rate(sum(each.happened for each in predictions), len(predictions))
    assert found.constant.brier == pytest.approx(float(base * (1 - base)), abs=1e-12)
    assert found.constant.log_loss == pytest.approx(entropy, abs=2e-11)
    assert (found.constant.slope, found.constant.intercept) == (None, None)


@pytest.mark.parametrize("happened", [True, False])
def test_a_certainty_that_fails_costs_much_and_not_endlessly(happened):
    """Clipped to one in a million million, it costs 27.6; the Brier score is not clipped."""
    found = calibration([one(float(not happened), happened)]).model

    assert found.log_loss == pytest.approx(27.63, abs=0.01)
    assert found.brier == 1.0


# --- slope and intercept ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "slope", "intercept"),
    [
        # told 9 to 1 and 1 to 9, seen 3 to 1 and 1 to 3: overconfident, and in balance
        ([(0.9, 15, 20), (0.1, 5, 20)], 0.5, 0.0),
        # told 3 to 1 and 1 to 3, seen 9 to 1 and 1 to 9: timid
        ([(0.75, 18, 20), (0.25, 2, 20)], 2.0, 0.0),
        # as told
        ([(0.8, 16, 20), (0.5, 10, 20), (0.2, 4, 20)], 1.0, 0.0),
        # twice the odds told, everywhere: too little was told
        ([(0.5, 20, 30), (0.8, 16, 18), (0.2, 10, 30)], 1.0, log(2)),
        # half the odds told: too much was told
        ([(0.5, 10, 30), (0.8, 20, 30), (0.2, 2, 18)], 1.0, -log(2)),
        # the wrong way round
        ([(0.8, 4, 20), (0.2, 16, 20)], -1.0, 0.0),
        # the words tell nothing
        ([(0.8, 6, 10), (0.2, 6, 10)], 0.0, log(1.5)),
    ],
)
def test_the_slope_and_intercept_of_odds_made_by_hand(rows, slope, intercept):
    """The odds seen are those told to the power of the slope, times e to the intercept."""
    found = score(*rows)

    assert found.slope == pytest.approx(slope, abs=1e-9)
    assert found.intercept == pytest.approx(intercept, abs=1e-9)


@given(
    st.sets(st.sampled_from([Fraction(1, 4), Fraction(1, 2), 1, 2, 3]), min_size=2),
    st.sampled_from([1, 2, 3, Fraction(1, 3)]),
    st.sampled_from([-2, -1, 0, 1, 2, 4]),
)
def test_a_slope_and_intercept_that_made_the_data_are_recovered(roots, factor, power):
    """Told odds are squares, seen odds factor × root to a power: slope is half of that power."""
    rows = []
    for root in roots:
        seen = factor * Fraction(root) ** power
        share = seen / (1 + seen)
        rows.append((float(root**2 / Fraction(1 + root**2)), share.numerator, share.denominator))
    assume(sum(n for _, _, n in rows) < 3000)
    found = score(*[(p, 5 * won, 5 * n) for p, won, n in rows])

    assert found.slope == pytest.approx(power / 2, abs=1e-7)
    assert found.intercept == pytest.approx(log(factor), abs=1e-7)


@given(SOME)
def test_at_the_likeliest_line_nothing_pulls_any_more(predictions):
    """What was seen equals what the line says, in number and weighted by the log odds told."""
    found = calibration(predictions).model
    if found.slope is not None:
        number = weighted = 0.0
        for each in predictions:
            told = min(max(each.probability, 1e-12), 1 - 1e-12)
            x = log(odds(told))
            missed = each.happened - 1 / (1 + exp(-found.intercept - found.slope * x))
            number, weighted = number + missed, weighted + missed * x
        assert number == pytest.approx(0, abs=1e-4)
        assert weighted == pytest.approx(0, abs=1e-4)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.8]), st.booleans()), max_size=25))
@example([(0.2, False)] * 9 + [(0.8, True)])
@example([(0.2, True)] * 9 + [(0.8, False)])
@example([(0.2, False)] * 5 + [(0.8, True), (0.8, False)] * 5)
def test_there_is_a_slope_just_where_the_outcomes_overlap(cases):
    """With ten predictions at least, and no threshold that parts the won from the lost."""
    assume(cases)
    found = calibration([one(p, happened) for p, happened in cases]).model

    assert (found.slope is None) == (len(cases) < 10 or parted(cases))
    assert (found.slope is None) == (found.intercept is None)


@pytest.mark.parametrize(
    "rows",
    [
        [(0.3, 2, 4), (0.6, 2, 5)],  # nine predictions
        [(0.3, 4, 4), (0.6, 9, 9)],  # all won
        [(0.3, 0, 4), (0.6, 0, 9)],  # all lost
        [(0.3, 5, 20)],  # one word for all
        [(0.3, 2, 9), (0.1 + 0.2, 4, 9)],  # one word, rounded twice
        [(0.3, 0, 9), (0.6, 9, 9)],  # parted
        [(0.3, 9, 9), (0.6, 0, 9)],  # parted, the wrong way round
        [(0.3, 0, 9), (0.6, 4, 9), (0.9, 9, 9)],  # parted at a word that had both
        [(0.0, 0, 9), (1.0, 9, 9)],  # perfect
        # a slope of ten millions: only rounding keeps these from being parted
        [(0.4999999988, 4, 5), (0.50006, 4, 5), (0.51, 0, 1), (0.99999997, 0, 1)],
    ],
)
def test_where_there_is_no_basis_there_is_no_slope(rows):
    """None, and neither 0 nor an error; the scores are there all the same."""
    found = score(*rows)

    assert (found.slope, found.intercept) == (None, None)
    assert isfinite(found.brier)
    assert isfinite(found.log_loss)


@pytest.mark.parametrize(("zero", "sure"), [(1, 20), (1, 300), (5, 20)])
def test_certainties_that_fail_at_times_do_not_unsettle_the_slope(zero, sure):
    """A model that says 0 and 1 too often is told to be less sure: its slope is near 0."""
    found = score((0.0, zero, 20), (0.3, 6, 20), (0.7, 14, 20), (1.0, sure - 1, sure))

    assert 0 < found.slope < 0.5


@pytest.mark.parametrize("power", [0.25, 1.0, 4.0])
def test_the_slope_of_many_deals_as_they_come(power):
    """A thousand deals, of which each fifth word is true to the odds told to a power."""
    words = [n / 25 for n in range(1, 25)]
    rows = [(p, round(40 / (1 + odds(p) ** -power)), 40) for p in words]

    assert score(*rows).slope == pytest.approx(power, rel=0.05)


# --- the table -------------------------------------------------------------------------------


@given(SOME, st.one_of(st.integers(1, 25), CUTS))
def test_the_table_is_what_sorting_by_hand_gives(predictions, bands):
    """Band by band, half open, the last one closed; empty bands are left out."""
    inner = [n / bands for n in range(1, bands)] if isinstance(bands, int) else bands
    cases = [(each.probability, each.happened) for each in predictions]
    expected = naive_table(cases, [0.0, *inner, 1.0])
    table = calibration(predictions, bands=bands).table

    assert [(row.low, row.high, row.seen.hits, row.seen.n) for row in table] == [
        (low, high, won, n) for low, high, _, won, n in expected
    ]
    for row, (_, _, mean, _, _) in zip(table, expected, strict=True):
        assert row.told == pytest.approx(float(mean), rel=1e-12)


@given(SOME, st.integers(1, 25))
def test_the_table_holds_every_prediction_once(predictions, bands):
    """The numbers sum to n, the won to the won of all, and each mean lies in its band."""
    found = calibration(predictions, bands=bands)

    assert sum(row.seen.n for row in found.table) == found.n == len(predictions)
    assert sum(row.seen.hits for row in found.table) == found.base.hits
    assert all(row.low <= row.told <= row.high for row in found.table)
    assert all(row.seen.n for row in found.table)


@given(CHANCES, st.integers(1, 40))
def test_the_mean_of_one_word_said_often_is_that_word(word, n):
    """To the last bit: 0.1 three times is not a hair less than 0.1."""
    (row,) = calibration([one(word)] * n).table

    assert row.told == word


@pytest.mark.parametrize(
    ("word", "band"),
    [(0.0, (0.0, 0.1)), (0.1, (0.1, 0.2)), (0.3, (0.3, 0.4)), (0.7, (0.7, 0.8)), (1.0, (0.9, 1.0))],
)
def test_a_word_on_an_edge_belongs_to_the_band_above(word, band):
    """And 100 % to the last one."""
    (row,) = calibration([one(word)]).table

    assert (row.low, row.high) == band


def test_bands_of_ones_own():
    """Three bands where 10 % and 50 % part them; no cut at all makes one band."""
    predictions = told((0.05, 0, 2), (0.1, 1, 2), (0.49, 1, 1), (0.5, 1, 1), (0.9, 1, 1))
    found = calibration(predictions, bands=(Fraction(1, 10), 0.5)).table

    assert [(row.low, row.high, row.seen) for row in found] == [
        (0.0, 0.1, Rate(0, 2)),
        (0.1, 0.5, Rate(2, 3)),
        (0.5, 1.0, Rate(2, 2)),
    ]
    assert calibration(predictions, bands=[]).table == calibration(predictions, bands=1).table


def test_a_band_fits_where_chance_alone_explains_the_difference():
    """70 % told: 6 of 10 fit, 60 of 100 do not."""
    fits = [calibration(told((0.7, 6 * n, 10 * n))).table[0].fits for n in (1, 10)]

    assert fits == [True, False]


def test_a_band_without_cases_fits_nothing():
    """There is no interval to lie in."""
    assert not CalibrationRow(low=0.0, high=1.0, told=0.5, seen=Rate(0, 0)).fits


# --- beside the nominal rates ----------------------------------------------------------------


def test_a_model_that_knows_more_than_the_stage_gains_on_it():
    """20 % and 80 % come true; the nominal rates say one half for all: it gains 0.193."""
    found = calibration(told((0.8, 16, 20), (0.2, 4, 20)))

    assert found.gain == pytest.approx(log(2) + 0.8 * log(0.8) + 0.2 * log(0.2))
    assert found.gain == found.nominal.log_loss - found.model.log_loss
    assert found.beats_nominal


def test_a_model_that_misleads_loses_against_the_stage():
    """What it was sure of did not happen."""
    found = calibration(told((0.8, 4, 20), (0.2, 16, 20)))

    assert found.gain < 0
    assert not found.beats_nominal


@pytest.mark.parametrize(("word", "beats"), [(0.5, False), (0.51, False), (0.52, True)])
def test_a_gain_of_less_than_half_a_hundredth_is_a_tie(word, beats):
    """Six of ten are won where one half was nominal: telling 51 % gains 0.0038, 52 % 0.0072."""
    found = calibration(told((word, 60, 100)))

    assert (found.gain > 0) == (word > 0.5)
    assert found.beats_nominal is beats


@given(SOME)
def test_a_model_that_repeats_the_nominal_rates_gains_nothing(predictions):
    """Exactly zero."""
    same = [one(each.nominal, each.happened, nominal=each.nominal) for each in predictions]
    found = calibration(same)

    assert found.model == found.nominal
    assert found.gain == 0.0
    assert not found.beats_nominal


# --- groups ----------------------------------------------------------------------------------


@given(PREDICTIONS)
def test_groups_partition_the_predictions(predictions):
    """Each group is judged as if it stood alone, in the order of the names."""
    found = calibration_by(predictions, bands=4)

    assert list(found) == sorted({each.group for each in predictions})
    assert sum(part.n for part in found.values()) == len(predictions)
    for name, part in found.items():
        alone = [each for each in predictions if each.group == name]
        assert part == calibration(alone, bands=4)


def test_a_group_may_be_anything_that_a_prediction_tells():
    """By the deal, say."""
    predictions = [one(deal="D-2"), one(deal="D-1"), one(deal="D-2")]
    found = calibration_by(predictions, lambda each: each.deal)

    assert [(name, part.n) for name, part in found.items()] == [("D-1", 1), ("D-2", 2)]


@given(SOME, st.randoms(use_true_random=False))
def test_the_order_of_the_predictions_does_not_matter(predictions, draw):
    """To the last bit, and as any iterable."""
    shuffled = predictions.copy()
    draw.shuffle(shuffled)

    assert calibration(predictions) == calibration(shuffled) == calibration(iter(shuffled))


def test_nothing_told_is_no_calibration():
    """None, and no groups."""
    assert calibration([]) is None
    assert dict(calibration_by([])) == {}


# --- refusals --------------------------------------------------------------------------------

NO_CHANCES = [nan, inf, -inf, 1.5, -0.1, 2, -1, Fraction(3, 2), 10**400, True, False]
NO_CHANCES += ["0.5", None, [0.5], 0.5j, Money(1, "CNY"), b"1"]


@pytest.mark.parametrize("name", ["probability", "nominal"])
def test_what_is_no_probability_is_refused(name):
    """By name, and never with what was passed."""
    rest = {"deal": "D-1", "probability": 0.5, "nominal": 0.5, "happened": True}

    assert unnamed(lambda value: Prediction(**{**rest, name: value}), NO_CHANCES, name) == []
    with pytest.raises(InvalidValue, match=r"^\w+ is not between 0 and 1; pass a share"):
        Prediction(**{**rest, name: 70})
    with pytest.raises(WrongType, match=r"^\w+ is of type str; pass a number from 0 to 1\.$"):
        Prediction(**{**rest, name: "Dr Wang"})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("deal", ["", " ", None, 7, "a\nb", "x" * 201]),
        ("group", [None, 7, "a\nb", "x" * 201]),
        ("happened", [1, 0, None, "True", 1.0]),
    ],
)
def test_a_prediction_with_a_bad_box_is_refused(name, values):
    """The box is named."""
    rest = {"deal": "D-1", "probability": 0.5, "nominal": 0.5, "happened": True}

    assert unnamed(lambda value: Prediction(**{**rest, name: value}), values, name) == []


@pytest.mark.parametrize("figure", [calibration, calibration_by])
def test_bands_that_are_none_are_refused(figure):
    """Also where there is nothing to sort into them."""
    values = [0, -1, 10**9, True, 2.5, None, "10", nan, Money(1, "CNY")]
    values += [(0.5, 0.1), (0.5, 0.5), (0.0, 0.5), (0.5, 1.0), (0.5, 1.5), (nan,), ("0.5",)]
    values += [(None,), (True,), [[0.5]]]

    assert unnamed(lambda bands: figure([], bands=bands), values, "bands") == []
    assert unnamed(lambda bands: figure([one()], bands=bands), values, "bands") == []


@pytest.mark.parametrize("figure", [calibration, calibration_by])
def test_what_are_no_predictions_is_refused(figure):
    """A list of probabilities, say."""
    values = [None, 5, "told", [0.5], [None], one(), [one(), 0.5], {"a": 1}]

    assert unnamed(figure, values, "predictions") == []


def test_a_key_that_names_no_group_is_refused():
    """It must be a function, and return a text."""
    assert unnamed(lambda key: calibration_by([one()], key), [None, "group", 5], "key") == []
    for value in (None, 5, ("R-1",), "a\nb"):
        with pytest.raises(InvalidValue, match=r"^key "):
            calibration_by([one()], lambda _, value=value: value)


# --- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "kept"), [(0, 0.0), (1, 1.0), (Fraction(1, 3), 1 / 3), (0.25, 0.25)]
)
def test_a_probability_is_kept_as_a_float(word, kept):
    """Nominal rates are fractions, certainties are often whole numbers."""
    made = one(word, nominal=word)

    assert (made.probability, made.nominal) == (kept, kept)
    assert (type(made.probability), type(made.nominal)) == (float, float)
    assert chance(word, "share") == kept


def test_ids_are_made_safe_like_everywhere():
    """Trimmed; a group may be left out."""
    assert one(deal=" D-7 ", group=" R-1 ") == one(deal="D-7", group="R-1")
    assert Prediction(deal="D", probability=0, nominal=0, happened=False).group == ""


def test_a_calibration_is_a_value():
    """Equal by content, hashable, copied and stored, and not to be changed."""
    found = calibration(told((0.9, 15, 20), (0.1, 5, 20)))

    assert found == copy.deepcopy(found) == pickle.loads(pickle.dumps(found))
    assert hash(found) == hash(copy.deepcopy(found))
    assert one() == pickle.loads(pickle.dumps(one()))
    for value, name in (
        (found, "n"),
        (found.model, "brier"),
        (found.table[0], "told"),
        (one(), "happened"),
    ):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, 1)
    assert (type(found), type(found.model)) == (Calibration, Score)
