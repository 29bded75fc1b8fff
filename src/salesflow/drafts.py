"""Filling frozen values fast, in the one place where that is worth a trick.

A frozen value is filled through `object.__setattr__`, one slow call a field, and that is most of
the cost of moving a deal one stage on.  A *draft* has the very same slots but is not frozen: it is
filled by plain assignment and then becomes what it drafts, by taking its class.  Nothing is
validated on the way, so only code that has proved its fields already may draft.

>>> from attrs import frozen
>>> @frozen(weakref_slot=False)
... class Point:
...     x: int
>>> draft = draft_of(Point)()
>>> draft.x = 3
>>> draft.__class__ = Point
>>> draft == Point(3)
True
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["draft_of"]


def draft_of(frozen: type) -> Callable[[], object]:
    """Return the maker of empty drafts of a frozen, slotted class whose bases have no fields."""
    layout = {"__slots__": frozen.__dict__["__slots__"]}
    return type(f"{frozen.__name__}Draft", frozen.__bases__, layout)
