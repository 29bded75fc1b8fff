"""A metric of the roadmap is a word in two languages; a company may add words of its own."""

from __future__ import annotations

import pytest

from salesflow.activity import ActivityKind
from salesflow.errors import InvalidValue
from salesflow.labels import LANGUAGES, Term
from salesflow.planning.metric import Metric, metric_of


class House(Term):
    """What only this company asks about."""

    TRAINING = "training", "培训", "training"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_metrics_bear_one_name(language):
    names = [metric.label(language) for metric in Metric]

    assert len(names) == len(set(names))


def test_a_metric_is_known_by_its_key():
    assert [metric_of(metric.value) for metric in Metric] == list(Metric)
    assert [metric_of(metric) for metric in Metric] == list(Metric)


def test_a_company_has_metrics_of_its_own():
    assert metric_of(House.TRAINING) is House.TRAINING


@pytest.mark.parametrize("value", ["Prof. Wang", "", None, 5, True, 0.5, b"contracts", ["trust"]])
def test_what_is_no_metric_is_refused_and_not_repeated(value):
    with pytest.raises(InvalidValue) as refused:
        metric_of(value)

    assert refused.value.field == "metric"
    assert "Wang" not in str(refused.value)


@pytest.mark.parametrize("kind", ["MEAL", "GIFT", "ENTERTAINMENT", "COUPON", "RECEPTION", "CASH"])
def test_no_roadmap_asks_for_hospitality(kind):
    """C2, invariant 46: not even a company's own; professional work it may ask for."""
    with pytest.raises(InvalidValue) as refused:
        metric_of(ActivityKind[kind])

    assert refused.value.field == "metric"
    assert metric_of(ActivityKind.SALON) is ActivityKind.SALON
