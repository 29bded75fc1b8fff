"""The fewest deals that would make the quota safe."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from salesflow import Money
from salesflow.metrics import Outlook, Prospect, needed, smallest_set, what_if

__all__ = ["LEVEL", "Way", "way_of"]

#: the probability that counts as safe
LEVEL: Final = 0.8
# So many more of the largest deals than are needed at least are supposed to be won.
_MORE: Final = 3
_PROVED: Final = 4


@frozen(kw_only=True)
class Way:
    """The fewest deals whose win makes it safe, as far as could be found."""

    #: fewer cannot do
    at_least: int
    #: ids of those that do; None where none were found
    ids: tuple[str, ...] | None
    #: probability of the quota if all of them are won
    probability: float


def way_of(o: Outlook, quota: Money, *, many: bool) -> Way | None:
    """Return the fewest deals that make it safe; None where it is made, or none do.

    Of many deals not every set is tried: the largest are supposed to be won, one more at a time,
    from as many as bring at least what is missing, since fewer could not do.
    """
    if o.completed >= quota or not o.prospects:
        return None
    if not many:
        # Of up to four, all smaller sets of the heaviest deals were tried.
        found = smallest_set(o, at_least=quota, level=LEVEL)
        if found is None:
            return None
        n = len(found.ids)
        return Way(
            at_least=n if n <= _PROVED else 1,
            ids=found.ids,
            probability=found.probability,
        )
    missing = needed(o, at_least=quota, level=LEVEL).minor
    if not missing:
        return Way(at_least=0, ids=(), probability=o.probability(at_least=quota))
    return _largest_won(o, quota, missing)


def _largest_won(o: Outlook, quota: Money, missing: int) -> Way | None:
    largest = sorted(o.prospects, key=lambda one: (-one.outstanding, one.id))
    least, sum_ = 0, 0
    while sum_ < missing and least < len(largest):
        sum_ += largest[least].outstanding
        least += 1
    if sum_ < missing:
        return None
    for n in range(least, min(least + _MORE, len(largest)) + 1):
        reached = _if_won(o, largest[:n], quota)
        if reached >= LEVEL:
            return Way(
                at_least=least, ids=tuple(one.id for one in largest[:n]), probability=reached
            )
    return Way(at_least=least, ids=None, probability=0.0)


def _if_won(o: Outlook, some: list[Prospect], quota: Money) -> float:
    after = what_if(o, win=[one.id for one in some]).after
    return after.probability(at_least=quota)
