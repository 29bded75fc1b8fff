"""Changing one quota of a tree so that every whole stays the sum of its parts.

One number is changed, and the rest follows: the parts below it keep their proportions, and above
it either its siblings make up for the change, so that the whole stays, or the wholes move with it.
Largest remainder shares out each family in proportion to what is free to move in its parts; where
that is zero everywhere they share equally.  What is locked stays as it is, with all it contains.
A target keeps its distance from the quota it belongs to.

>>> from salesflow import Money
>>> from salesflow.planning.quota import Cut
>>> team = Quota(key="team", amount=Money("900", "CNY"))
>>> team = team.split(Cut.PERSON, {"R-1": 2, "R-2": 1, "R-3": 1})
>>> moved = rebalance(team, "team/R-1", Money("600", "CNY"))
>>> [str(part.amount) for part in moved.parts]
['600.00 CNY', '150.00 CNY', '150.00 CNY']
>>> leeway(team, "team/R-1", locked=["team/R-2"])
Leeway(least=Money('0.00', 'CNY'), most=Money('675.00', 'CNY'))
>>> str(rebalance(team, "team/R-1", Money("600", "CNY"), hold="parts").amount)
'1050.00 CNY'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic

from attrs import evolve, frozen

from salesflow.errors import InvalidValue, WrongType
from salesflow.forms import term_of
from salesflow.labels import Term
from salesflow.planning.amounts import Amount, check_alike, check_amount, like, units
from salesflow.planning.quota import SLASH, Quota
from salesflow.scales import apportion
from salesflow.tables import listed

__all__ = ["Hold", "Leeway", "leeway", "rebalance"]


class Hold(Term):
    """What stays when a part is changed."""

    WHOLE = "whole", "总量不变，其余部分平衡", "the whole, and its other parts balance"
    PARTS = "parts", "其余部分不变，总量随之变动", "the other parts, and the wholes move"


@frozen
class Leeway(Generic[Amount]):
    """Between what a quota can be changed while the rest still balances."""

    #: the least it can be
    least: Amount
    #: the most it can be, None where nothing limits it
    most: Amount | None

    def __contains__(self, amount: Amount) -> bool:
        """Whether an amount lies within; raises `InvalidValue` for one of another kind."""
        check_alike(self.least, amount, "amount")
        return self.least <= amount and (self.most is None or amount <= self.most)


@frozen
class _Locks:
    """The paths of what is locked, and all paths above them."""

    paths: frozenset[str]
    above: frozenset[str]

    def least(self, path: str, quota: Quota[Amount]) -> int:
        """Return how much of a quota is locked."""
        if path in self.paths:
            return units(quota.amount)
        parts = quota.below(path) if path in self.above else []
        return sum(self.least(below, part) for below, part in parts)

    def moves(self, path: str, quota: Quota[Amount]) -> bool:
        """Whether a quota may become more or less."""
        if path in self.above and path not in self.paths:
            return any(self.moves(below, part) for below, part in quota.below(path))
        return path not in self.paths

    def bind(self, path: str) -> bool:
        """Whether a path, or one above it, is locked."""
        return not self.paths.isdisjoint([path, *_above(path)])


def leeway(
    tree: Quota[Amount], path: str, *, hold: Hold = Hold.WHOLE, locked: Iterable[str] = ()
) -> Leeway[Amount]:
    """Ask: between what the quota at a path can be changed; its own amount where it cannot be."""
    locks, quota = _locks(tree, locked), tree.find(path)
    others, most = _others(tree, path), None
    stuck = locks.bind(path) or not locks.moves(path, quota)
    if term_of(Hold, hold, "hold") is Hold.WHOLE:
        stuck = stuck or not any(locks.moves(*other) for other in others)
        shared = units(quota.amount) + sum(units(part.amount) for _, part in others)
        most = like(quota.amount, shared - sum(locks.least(*other) for other in others))
    if stuck:
        return Leeway(quota.amount, quota.amount)
    return Leeway(like(quota.amount, locks.least(path, quota)), most)


def rebalance(
    tree: Quota[Amount],
    path: str,
    amount: Amount,
    *,
    hold: Hold = Hold.WHOLE,
    locked: Iterable[str] = (),
) -> Quota[Amount]:
    """Do: return the tree with another amount at a path, and everything else balanced.

    Raises `InvalidValue` for an amount beyond the `leeway`, and then nothing is changed.
    """
    locked = listed(locked, "locked")
    check_amount(amount, "amount")
    if amount not in leeway(tree, path, hold=hold, locked=locked):
        remedy = "keep to the leeway(), unlock a part, or hold the parts instead of the whole"
        raise InvalidValue("amount", "cannot be balanced by what may move", remedy)
    if amount == tree.find(path).amount:
        return tree
    locks, keys = _locks(tree, locked), path.split(SLASH)[1:]
    if term_of(Hold, hold, "hold") is Hold.PARTS:
        return _put(tree, keys, lambda quota: _resize(path, quota, units(amount), locks))
    return _put(tree, keys[:-1], lambda whole: _make_room(whole, path, units(amount), locks))


def _above(path: str) -> list[str]:
    keys = path.split(SLASH)
    return [SLASH.join(keys[:level]) for level in range(1, len(keys))]


def _locks(tree: Quota[Amount], locked: Iterable[str]) -> _Locks:
    if not isinstance(tree, Quota):
        raise WrongType.of("tree", tree, "pass a Quota")
    paths = listed(locked, "locked")
    for path in paths:
        tree.find(path)
    return _Locks(frozenset(paths), frozenset(above for path in paths for above in _above(path)))


def _others(tree: Quota[Amount], path: str) -> list[tuple[str, Quota[Amount]]]:
    above, _, _ = path.rpartition(SLASH)
    family = tree.find(above).below(above) if above else []
    return [(other, part) for other, part in family if other != path]


def _put(
    quota: Quota[Amount], keys: Sequence[str], verb: Callable[[Quota[Amount]], Quota[Amount]]
) -> Quota[Amount]:
    """Return a tree with the verb done to one quota in it, and the wholes above it summed anew."""
    if not keys:
        return verb(quota)
    parts = [_put(p, keys[1:], verb) if p.key == keys[0] else p for p in quota.parts]
    return _remade(quota, sum(units(part.amount) for part in parts), parts)


def _make_room(whole: Quota[Amount], path: str, total: int, locks: _Locks) -> Quota[Amount]:
    """Return a family in which one part has another amount, and its siblings made up for it."""
    above, _, _ = path.rpartition(SLASH)
    family = [
        (at, _resize(at, part, total, locks) if at == path else part)
        for at, part in whole.below(above)
    ]
    settled = evolve(locks, paths=locks.paths | {path})
    return _remade(whole, units(whole.amount), _balance(family, units(whole.amount), settled))


def _resize(path: str, quota: Quota[Amount], total: int, locks: _Locks) -> Quota[Amount]:
    """Return a quota with another amount, and its parts in their old proportions."""
    if total == units(quota.amount):
        return quota
    return _remade(quota, total, _balance(quota.below(path), total, locks))


def _balance(
    family: Sequence[tuple[str, Quota[Amount]]], total: int, locks: _Locks
) -> list[Quota[Amount]]:
    """Return the parts of a family so that they sum to a total, sharing out what is not locked."""
    least = [locks.least(path, part) for path, part in family]
    free = [units(part.amount) - kept for (_, part), kept in zip(family, least, strict=True)]
    if not any(free):
        free = [int(locks.moves(path, part)) for path, part in family]
    shares = apportion(total - sum(least), free) if family else ()
    return [
        _resize(path, part, kept + share, locks)
        for (path, part), kept, share in zip(family, least, shares, strict=True)
    ]


def _remade(quota: Quota[Amount], total: int, parts: Sequence[Quota[Amount]]) -> Quota[Amount]:
    target = quota.target
    if target is not None:
        target = like(target, units(target) + total - units(quota.amount))
    return evolve(quota, amount=like(quota.amount, total), target=target, parts=parts)
