"""Spot checks: a sample of the logs whose truth is looked into (抽查), which anybody can repeat.

Each log has a lot: the SHA-256 of the seed and its id.  The lowest lots are drawn, so that the
same seed draws the same logs, in whatever order they come and on whatever machine.

>>> from datetime import date
>>> logs = [DailyLog(id=f"L-{n}", person=f"R-{n % 3}", on=date(2026, 7, 6)) for n in range(9)]
>>> spot_check(logs, 2, seed=7).sample == spot_check(reversed(logs), 2, seed=7).sample
True
>>> check = spot_check(logs, 3, seed=7, each_person=True)
>>> check.population, sorted(log.person for log in logs if log.id in check.sample)
(9, ['R-0', 'R-1', 'R-2'])

Source: the regular and irregular checks of three E management; hashing as used by audit sampling.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from attrs import frozen

from salesflow.conduct.logs import DailyLog
from salesflow.conduct.roll import logs_once
from salesflow.errors import InvalidValue, WrongType
from salesflow.forms import count

__all__ = ["SpotCheck", "spot_check"]


@frozen(kw_only=True)
class SpotCheck:
    """A sample of logs, and what it takes to draw it again."""

    #: ids of the logs drawn, in the order of their lots
    sample: tuple[str, ...]
    #: the number it was drawn with
    seed: int
    #: out of how many logs it was drawn
    population: int
    #: whether one log of each person was drawn first
    each_person: bool


def spot_check(
    logs: Iterable[DailyLog], size: int, *, seed: int, each_person: bool = False
) -> SpotCheck:
    """Return `size` of some logs, or all where there are no more.

    With `each_person` the sample holds at least one log of everybody; it raises `InvalidValue`
    where it is too small for that.  The seed is a whole number, zero or more; whoever is checked
    must not know it beforehand.
    """
    count(size, "size")
    count(seed, "seed")
    if type(each_person) is not bool:
        raise WrongType.of("each_person", each_person, "pass True or False")
    drawn = sorted(logs_once(logs), key=lambda log: _lot(seed, log.id))
    chosen = _stratified(drawn, size) if each_person else drawn[:size]
    return SpotCheck(
        sample=tuple(log.id for log in chosen),
        seed=seed,
        population=len(drawn),
        each_person=each_person,
    )


def _lot(seed: int, id: str) -> bytes:
    # A seed is digits only, so no other seed and id make the same text.
    return sha256(f"{seed}:{id}".encode()).digest()


def _stratified(drawn: list[DailyLog], size: int) -> list[DailyLog]:
    """Return the first log drawn of each person, and the next ones up to the size."""
    firsts: dict[str, str] = {}
    for log in drawn:
        firsts.setdefault(log.person, log.id)
    if size < len(firsts):
        raise InvalidValue("size", "is smaller than the number of people", "draw one of each")
    kept = set(firsts.values())
    more = [log.id for log in drawn if log.id not in kept][: size - len(kept)]
    kept.update(more)
    return [log for log in drawn if log.id in kept]
