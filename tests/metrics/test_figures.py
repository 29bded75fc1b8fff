"""A figure is found by what people call it, in either language."""

from __future__ import annotations

import pytest

from salesflow import metrics
from salesflow.errors import InvalidValue
from salesflow.metrics import Figure


@pytest.mark.parametrize("figure", Figure)
def test_the_key_of_a_figure_is_the_function_that_computes_it(figure):
    """At the door of the room."""
    assert callable(getattr(metrics, figure.value))
    assert figure.value in metrics.__all__


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("销售进度", metrics.progress),
        ("销售进展", metrics.progress),
        ("流失率", metrics.churn),
        ("销售流失率", metrics.churn),
        ("Forecast", metrics.forecast),
        (" 转换率 ", metrics.conversion),
    ],
)
def test_invariant_50_another_word_for_it_leads_to_the_same_figure(said, meant):
    """销售进度 is progress, as 销售进展 is."""
    assert getattr(metrics, Figure.named(said).value) is meant


@pytest.mark.parametrize("said", ["progres", "利润", "", None, 7, ["forecast"]])
def test_what_is_no_figure_is_refused(said):
    with pytest.raises(InvalidValue):
        Figure.named(said)
