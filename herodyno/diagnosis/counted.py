"""Classes of counts: each field says in one place how the field begins, merges, and renumbers its lines.

Such a class is a dataclass with slots, so nothing can be counted outside its fields. A field without a merge rule
fails at the first merge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import field, fields
from functools import cache
from operator import add
from typing import Any, NamedTuple, Self, TypeAlias

_RULE = "merge rule"

# The new number of a line, given the old one.
Renumber: TypeAlias = Callable[[int], int]


class MergeRule(NamedTuple):
    """`merge` makes one value of two. `renumber` gives the lines in a value new numbers; None where it has none."""

    merge: Callable[[Any, Any], Any]
    renumber: Callable[[Any, Renumber], Any] | None = None


class Counted:
    """The base of all classes whose counts are made in parts and merged."""

    __slots__ = ()

    @classmethod
    def table(cls) -> tuple[tuple[str, MergeRule], ...]:
        """The name and the merge rule of each field."""
        counted: Any = cls
        return _table_of(counted)

    def update(self, other: Self) -> None:
        """Merge `other` into this one. `other` must not be used afterwards: the two may share parts."""
        for name, rule in self.table():
            setattr(self, name, rule.merge(getattr(self, name), getattr(other, name)))

    def shift(self, by: int) -> None:
        """Renumber all lines as if `by` more lines had come before."""
        self.renumber(lambda number: number + by)

    def renumber(self, of: Renumber) -> None:
        """Give each line another number."""
        for name, rule in self.table():
            if rule.renumber:
                setattr(self, name, rule.renumber(getattr(self, name), of))


@cache
def _table_of(counted: Any) -> tuple[tuple[str, MergeRule], ...]:
    return tuple((each.name, each.metadata[_RULE]) for each in fields(counted))


def merging(
    make: Callable[[], Any], merge: Callable[[Any, Any], Any], renumber: Callable[[Any, Renumber], Any] | None = None
) -> Any:
    """A field that begins with the value of `make` and has a merge rule of its own."""
    return field(default_factory=make, metadata={_RULE: MergeRule(merge, renumber)})


def starting(
    value: Any, merge: Callable[[Any, Any], Any], renumber: Callable[[Any, Renumber], Any] | None = None
) -> Any:
    """A field that begins with an immutable value and has a merge rule of its own."""
    return field(default=value, metadata={_RULE: MergeRule(merge, renumber)})


def total() -> Any:
    """A field that adds up."""
    return starting(0, add)


def least() -> Any:
    """A field of the least value; None while there is none."""
    return starting(None, _least)


def greatest() -> Any:
    """A field of the greatest value; None while there is none."""
    return starting(None, _greatest)


def part(make: Callable[[], Any]) -> Any:
    """A field whose value merges by its own `update` and, if Counted, is renumbered by its own `renumber`."""
    return merging(make, _updated, _renumbered)


def counts() -> Any:
    """A field that counts keys."""
    return part(Counter)


def parts() -> Any:
    """A field of parts by key."""
    return merging(dict, _all_updated, _all_renumbered)


def _least(mine: Any, other: Any) -> Any:
    return mine if other is None else other if mine is None else min(mine, other)


def _greatest(mine: Any, other: Any) -> Any:
    return mine if other is None else other if mine is None else max(mine, other)


def _updated(mine: Any, other: Any) -> Any:
    mine.update(other)
    return mine


def _all_updated(mine: dict[Any, Any], other: dict[Any, Any]) -> dict[Any, Any]:
    for key, value in other.items():
        if key in mine:
            mine[key].update(value)
        else:
            mine[key] = value
    return mine


def _renumbered(value: Any, of: Renumber) -> Any:
    if isinstance(value, Counted):
        value.renumber(of)
    return value


def _all_renumbered(values: dict[Any, Any], of: Renumber) -> dict[Any, Any]:
    for value in values.values():
        _renumbered(value, of)
    return values
