"""Coverage, or whether there is enough in the funnel even if not all of it closes.

    coverage = open pipeline of the period ÷ what it is to cover

Two denominators are in use and differ by a lot, so both are given, by name: the whole quota, and
what remains of it after what was completed.

Source: "pipe coverage" of sales analytics tools, which divide by either.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from salesflow.metrics.forecast import Forecast
from salesflow.money import Money

__all__ = ["Coverage", "coverage"]


@frozen(kw_only=True)
class Coverage:
    """The open pipeline of a period, unweighted, against the quota."""

    #: what open deals expected in the period have still to pay
    pipeline: Money
    #: the whole quota
    quota: Money
    #: quota − completed, zero where it is met
    remaining: Money
    #: pipeline ÷ quota
    of_quota: Fraction
    #: pipeline ÷ remaining; None where nothing remains
    of_remaining: Fraction | None


def coverage(outlook: Forecast) -> Coverage:
    """Return pipeline ÷ quota and pipeline ÷ (quota − completed), from a forecast."""
    pipeline = sum(stage.outstanding.minor for stage in outlook.by_stage.values())
    remaining = max(0, outlook.quota.minor - outlook.completed.minor)
    currency = outlook.quota.currency
    return Coverage(
        pipeline=Money.of_minor(pipeline, currency),
        quota=outlook.quota,
        remaining=Money.of_minor(remaining, currency),
        of_quota=Fraction(pipeline, outlook.quota.minor),
        of_remaining=Fraction(pipeline, remaining) if remaining else None,
    )
