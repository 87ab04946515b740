"""What is counted in fields: each field says in one place how the field begins, merges, and numbers its lines anew.

A class of such fields is a dataclass with slots, so a field that is not in the table cannot be counted in,
and a field that does not say how it merges fails at the first merge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import field, fields
from functools import cache
from operator import add
from typing import Any, NamedTuple, Self

_RULE = "merge rule"


class MergeRule(NamedTuple):
    """How two values of a field become one, and how a value is told that so many more lines came before."""

    merge: Callable[[Any, Any], Any]
    shift: Callable[[Any, int], Any] | None = None


class Counted:
    """The base of all classes of facts that are counted apart and put together."""

    __slots__ = ()

    @classmethod
    def table(cls) -> tuple[tuple[str, MergeRule], ...]:
        """The fields, and how each merges."""
        kind: Any = cls
        return _table_of(kind)

    def update(self, other: Self) -> None:
        """Merge. The other one is used up: its parts may live on in this one."""
        for name, rule in self.table():
            setattr(self, name, rule.merge(getattr(self, name), getattr(other, name)))

    def shift(self, by: int) -> None:
        """Number all lines as if so many had come before."""
        for name, rule in self.table():
            if rule.shift:
                setattr(self, name, rule.shift(getattr(self, name), by))


@cache
def _table_of(counted: Any) -> tuple[tuple[str, MergeRule], ...]:
    return tuple((each.name, each.metadata[_RULE]) for each in fields(counted))


def merging(
    make: Callable[[], Any], merge: Callable[[Any, Any], Any], shift: Callable[[Any, int], Any] | None = None
) -> Any:
    """A field that begins as `make` makes it and merges in a way of its own."""
    return field(default_factory=make, metadata={_RULE: MergeRule(merge, shift)})


def starting(value: Any, merge: Callable[[Any, Any], Any], shift: Callable[[Any, int], Any] | None = None) -> Any:
    """The same for a value that cannot be changed."""
    return field(default=value, metadata={_RULE: MergeRule(merge, shift)})


def total() -> Any:
    """A number of things."""
    return starting(0, add)


def least() -> Any:
    """The least value seen; None while there is none."""
    return starting(None, _least)


def greatest() -> Any:
    """The greatest value seen; None while there is none."""
    return starting(None, _greatest)


def part(make: Callable[[], Any]) -> Any:
    """Something that merges and shifts by itself."""
    return merging(make, _updated, _shifted)


def counts() -> Any:
    """How often each of some keys came."""
    return part(Counter)


def parts() -> Any:
    """Such parts by key."""
    return merging(dict, _all_updated, _all_shifted)


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


def _shifted(value: Any, by: int) -> Any:
    if isinstance(value, Counted):
        value.shift(by)
    return value


def _all_shifted(values: dict[Any, Any], by: int) -> dict[Any, Any]:
    for value in values.values():
        _shifted(value, by)
    return values
