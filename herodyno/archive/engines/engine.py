"""The port of every engine and of what it answers over: a query is text over `events`, and an answer is rows.

The text keeps to what the engines share: times are microseconds in integers, a column of a join has its alias, a count
is a sum of CASE, no dialect of dates, no ASOF. `$name` stands for a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from herodyno.archive.parquet.tables import Batch
from herodyno.diagnosis.timeline.listed import ListedDyno

_NAME = re.compile(r"(?P<relation>\(VALUES )?\$(?P<name>[a-z_][a-z0-9_]*)(?(relation)\))")


class Engine(Protocol):
    """Queries over `events`. Values are integers, texts, None, tuples of these for `IN $name`, or Relations.

    `most_values` rows of a Relation do not slow a query down. Raises Refused for an answer that cannot be had,
    Unreachable where a server does not answer in time.
    """

    most_values: int

    def rows(self, text: str, **values: Any) -> list[tuple[Any, ...]]:
        """All rows of an answer that is small."""

    def batches(self, text: str, **values: Any) -> Iterator[Batch]:
        """An answer of any size, some rows at a time."""


class Relation(tuple[tuple[Any, ...], ...]):
    """Rows for `(VALUES $name) AS …`: at least one, as SQL wants it."""


class Archive(Protocol):
    """Days of lines that an engine answers over. `root` is what a person calls it."""

    @property
    def root(self) -> Path | str: ...

    def require(self) -> None:
        """Raise NotFound when there is no line."""

    def over(self, first: str = "", last: str = "~") -> AbstractContextManager[Engine]:
        """An engine over the lines from one day to another, both included; of all days without bounds."""

    def each_day(self, first_us: int, last_us: int) -> Iterator[tuple[str, Engine]]:
        """The days from one time to another that have lines, oldest first, and an engine over each until the next."""

    def listed(self, app: str, *, until_us: int) -> Sequence[ListedDyno]:
        """The dynos that the API listed until a time; none where lists are not kept."""

    def version(self, day: str) -> object:
        """Another one once the day was written anew; None where nobody can tell."""


def with_values(
    text: str,
    values: Mapping[str, Any],
    *,
    has_escapes: bool = False,
    relation: Callable[[Relation], str] | None = None,
) -> str:
    """The text with each `$name` as a literal. `has_escapes`: a backslash in a literal begins an escape.

    `relation` writes what stands for `(VALUES $name)` where an engine has another way that is faster.
    """

    def written(found: re.Match[str]) -> str:
        value, of_relation = values[found["name"]], found["relation"]
        if of_relation and relation:
            return relation(value)
        one = literal(value, has_escapes=has_escapes)
        return f"{of_relation}{one})" if of_relation else one

    return _NAME.sub(written, text)


def literal(value: Any, *, has_escapes: bool = False) -> str:
    """A value as SQL writes it."""
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case int() | float():
            return repr(value)
        case str():
            escaped = value.replace("\\", "\\\\") if has_escapes else value
            return "'" + escaped.replace("'", "\\'" if has_escapes else "''") + "'"
        case Relation():
            return ", ".join(_row(each, has_escapes=has_escapes) for each in value)
        case () | []:
            return "(NULL)"  # nothing is IN it
        case tuple() | list():
            write = _row if isinstance(value[0], tuple) else literal
            return f"({', '.join(write(each, has_escapes=has_escapes) for each in value)})"
    raise TypeError(f"{type(value).__name__} is no value of a query")


def _row(values: Sequence[Any], *, has_escapes: bool) -> str:
    """A row, with each integer as one of 64 bits: Spark compares rows of the same types alone, and ClickHouse finds no
    type for a number below zero and one above."""
    texts = (literal(each, has_escapes=has_escapes) for each in values)
    typed = (f"CAST({text} AS BIGINT)" if type(each) is int else text for each, text in zip(values, texts, strict=True))
    return f"({', '.join(typed)})"
