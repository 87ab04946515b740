"""Statistics over selected lines, at any time: `count,p50(service),p95(service) by dyno,code`.

Memory is bounded. Percentiles are exact (nearest rank) up to MOST_VALUES different values of a field in a group;
above that, values are rounded to three digits. Beyond MOST_GROUPS groups, lines count in the group "other".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from herodyno.errors import UsageError
from herodyno.logs.events import Event
from herodyno.logs.query.fields import IMPLICIT_FIELDS, Reader, name_in_text, reader_of
from herodyno.logs.query.quantities import Quantity, quantity

MOST_VALUES = 20_000
MOST_GROUPS = 5_000
OTHER = "other"

_ASKED = re.compile(r"\s*([a-z]{1,8}(?:\d{1,2}(?:\.\d{1,3})?)?)(?:\(\s*([\w.#-]{1,64})\s*\))?\s*", re.ASCII)
_HELP = "such as --stats 'count,p50(service),p95(service) by dyno,code'"


@dataclass(frozen=True, slots=True)
class Figure:
    """One column: its title ("p95(service)"), its field ("" for count), and how it is made of the field's values."""

    title: str
    field: str
    make: Callable[[_Values], float | None]


@dataclass(frozen=True, slots=True)
class StatsQuery:
    """What --stats asks for: figures, and the fields that lines are grouped by."""

    figures: tuple[Figure, ...]
    by: tuple[str, ...]

    @property
    def needle(self) -> str:
        """A text that every counted line holds, "" when none is known."""
        fields = {figure.field for figure in self.figures if figure.field}
        return name_in_text(min(fields - IMPLICIT_FIELDS, default="")) if len(fields) == 1 else ""


def parse_stats(text: str) -> StatsQuery:
    """The query in the words of --stats. Raises UsageError."""
    asked, _, by = text.partition(" by ")
    figures = tuple(_figure(part) for part in asked.split(","))
    groups = tuple(name.strip() for name in by.split(",")) if by.strip() else ()
    if any(not re.fullmatch(r"[\w.#-]{1,64}", name) for name in groups):
        raise UsageError(f"--stats: {by.strip()!r} are no field names", next_step=_HELP)
    return StatsQuery(figures, groups)


class Statistics:
    """Counts events into groups. `missing_fields` are the fields that no event has had so far."""

    def __init__(self, asked: StatsQuery) -> None:
        self.query = asked
        self._by: list[Reader] = [reader_of(name) for name in asked.by]
        self._fields = {figure.field: reader_of(figure.field) for figure in asked.figures if figure.field}
        self._groups: dict[tuple[str, ...], _Group] = {}
        self.missing_fields = dict.fromkeys([*self._fields, *asked.by])

    def add(self, event: Event) -> None:
        """Count an event. Where figures are made of fields, an event without a number in any of them does not count."""
        numbers = {name: it for name, read in self._fields.items() if (text := read(event)) and (it := quantity(text))}
        if self._fields and not numbers:
            return
        key = tuple(read(event) or "" for read in self._by)
        if self.missing_fields:
            for name in [*numbers, *(name for name, text in zip(self.query.by, key, strict=True) if text)]:
                self.missing_fields.pop(name, None)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= MOST_GROUPS:
                key = (OTHER,) * len(self._by)
            group = self._groups.setdefault(key, _Group(self._fields))
        group.count += 1
        for name, number in numbers.items():
            group.values[name].add(number)

    def rows(self) -> list[tuple[tuple[str, ...], tuple[float | None, ...]]]:
        """The groups, greatest first figure first: the values grouped by, a number for each figure (None: no value)."""
        figures = self.query.figures
        rows = [(key, tuple(group.figure(figure) for figure in figures)) for key, group in self._groups.items()]
        return sorted(rows, key=lambda row: (-(row[1][0] or 0), row[0]))


class _Group:
    __slots__ = ("count", "values")

    def __init__(self, fields: Sequence[str] | dict[str, Reader]) -> None:
        self.count = 0
        self.values = {name: _Values() for name in fields}

    def figure(self, figure: Figure) -> float | None:
        return figure.make(self.values[figure.field]) if figure.field else self.count


class _Values:
    """A histogram of the numbers of one field, in the unit of the first number."""

    __slots__ = ("_is_rounded", "_unit", "counts", "most", "number", "total")

    def __init__(self) -> None:
        self.counts: Counter[float] = Counter()
        self.number = 0
        self.total = 0.0
        self.most: float | None = None
        self._unit = ""
        self._is_rounded = False

    def add(self, it: Quantity) -> None:
        self._unit = self._unit or it.unit
        value = it.number
        if it.unit != self._unit and it.unit:
            one = Quantity(1.0, self._unit)
            both = it.against(one)
            if both is None:
                return
            value = both[0] / both[1]
        self.number += 1
        self.total += value
        self.most = value if self.most is None else max(self.most, value)
        self.counts[_rounded(value) if self._is_rounded else value] += 1
        if len(self.counts) > MOST_VALUES and not self._is_rounded:
            self._is_rounded = True
            rounded: Counter[float] = Counter()
            for each, times in self.counts.items():
                rounded[_rounded(each)] += times
            self.counts = rounded

    def rank(self, share: float) -> float | None:
        """The percentile by nearest rank; `share` 0.95 is the 95th."""
        wanted, seen = max(1, ceil(share * self.number)), 0
        for value in sorted(self.counts):
            seen += self.counts[value]
            if seen >= wanted:
                return value
        return None


_FIGURES: dict[str, Callable[[_Values], float | None]] = {
    "count": lambda it: it.number,
    "sum": lambda it: it.total,
    "mean": lambda it: it.total / it.number if it.number else None,
    "avg": lambda it: it.total / it.number if it.number else None,
    "min": lambda it: min(it.counts, default=None),
    "max": lambda it: it.most,
}


def _figure(text: str) -> Figure:
    found = _ASKED.fullmatch(text)
    kind, field = (found[1], found[2] or "") if found else ("", "")
    if kind == "count" and not field:
        return Figure("count", "", lambda it: None)
    if found and field and (make := _FIGURES.get(kind)):
        return Figure(f"{kind}({field})", field, make)
    if found and field and kind[:1] == "p" and kind[1:2].isdigit():
        share = float(kind[1:]) / 100
        return Figure(f"{kind}({field})", field, lambda it: it.rank(share))
    known = ", ".join(["count", *(f"{name}(FIELD)" for name in _FIGURES), "p95(FIELD)"])
    raise UsageError(f"--stats: {text.strip()!r} is none of {known}", next_step=_HELP)


def _rounded(value: float) -> float:
    return value if not value else round(value, 2 - floor(log10(abs(value))))
