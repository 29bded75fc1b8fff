"""Small tables in results: a mapping that can't be changed, and so can be hashed and stored.

>>> table = Table({"R-1": 3, "R-2": 5})
>>> table["R-2"], list(table), table == Table({"R-1": 3, "R-2": 5}), hash(table) == hash(table)
(5, ['R-1', 'R-2'], True, True)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Protocol, TypeVar

from attrs import field, frozen

from salesflow.errors import DuplicateId, WrongType

__all__ = ["Rows", "Table", "listed", "listed_of", "once", "rows_of", "several"]

K = TypeVar("K")
V = TypeVar("V")
K_co = TypeVar("K_co", covariant=True)
V_co = TypeVar("V_co", covariant=True)


class Rows(Protocol[K_co, V_co]):
    """Any mapping that is only read: unlike `Mapping`, it may have a narrower type of key."""

    def items(self) -> AbstractSet[tuple[K_co, V_co]]:
        """Return its rows, as pairs."""
        ...


def rows_of(value: Rows[K, V], name: str) -> dict[K, V]:
    """Return the rows of a mapping; raises `WrongType` for anything else."""
    if not isinstance(value, Mapping):
        raise WrongType.of(name, value, "pass a mapping")
    return dict(value.items())


def listed(value: Iterable[V], name: str) -> tuple[V, ...]:
    """Return what can be iterated as a tuple; raises `WrongType` for all else, text included."""
    # Asking whether something can be iterated takes longer than a short list itself.
    return value if isinstance(value, tuple) else tuple(several(value, name))


def several(value: Iterable[V], name: str) -> Iterable[V]:
    """Return what can be iterated; raises `WrongType` for all else, text included."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise WrongType.of(name, value, "pass a list of them")
    return value


def listed_of(value: Iterable[V], kind: type[V], name: str) -> tuple[V, ...]:
    """Return what can be iterated as a tuple, each of one kind; raises `WrongType` otherwise."""
    found = listed(value, name)
    for one in found:
        if not isinstance(one, kind):
            problem = f"hold a value of type {type(one).__name__}"
            raise WrongType(name, problem, f"list {kind.__name__} values")
    return found


def once(ids: Iterable[str]) -> None:
    """Prove that no id occurs twice, or a sum would count it twice; raises `DuplicateId`."""
    seen = set[str]()
    for one in ids:
        if one in seen:
            raise DuplicateId(one)
        seen.add(one)


def _pairs(rows: Mapping[K, V]) -> tuple[tuple[K, V], ...]:
    return tuple(rows.items())


@frozen(repr=False)
class Table(Mapping[K, V]):
    """Rows in the order given, found by key; a missing key raises `KeyError` as in any mapping."""

    _rows: tuple[tuple[K, V], ...] = field(converter=_pairs)
    _by_key: dict[K, V] = field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_by_key", dict(self._rows))

    def __getitem__(self, key: K) -> V:
        return self._by_key[key]

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[K]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self._rows)!r})"
