"""A tally: how many deals, and how much money, beside a figure that leaves them out."""

from __future__ import annotations

from attrs import frozen

from salesflow.money import Money

__all__ = ["Tally"]


@frozen(kw_only=True)
class Tally:
    """So many deals of so much money, by name where somebody has to look after them."""

    #: how many deals
    n: int
    #: how much money they are about
    amount: Money
    #: their ids, in the order of the input; empty where nobody needs them
    ids: tuple[str, ...] = ()
