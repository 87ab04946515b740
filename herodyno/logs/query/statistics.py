"""Live statistics over selected lines: `count,p50(service),p95(service) by dyno,code`.

Percentiles are exact (nearest rank) up to 20,000 different values of a field in a group; above that
values are rounded to three digits, and memory stays bounded. Groups are bounded too: the rest is "other".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from herodyno.errors import UsageError
from herodyno.logs.events import Event
from herodyno.logs.query.fields import UNNAMED, Reader, reader_of
from herodyno.logs.query.quantities import Quantity, quantity

MOST_VALUES = 20_000
MOST_GROUPS = 5_000
OTHER = "other"

_ASKED = re.compile(r"\s*([a-z]{1,8}(?:\d{1,2}(?:\.\d{1,3})?)?)(?:\(\s*([\w.#-]{1,64})\s*\))?\s*", re.ASCII)
_HELP = "such as --stats 'count,p50(service),p95(service) by dyno,code'"


@dataclass(frozen=True, slots=True)
class Figure:
    """One column: its title ("p95(service)"), the field it is made of ("" for count), and how."""

    title: str
    field: str
    make: Callable[[_Values], float | None]


@dataclass(frozen=True, slots=True)
class Question:
    """What --stats asks: figures, and the fields by which lines are put into groups."""

    figures: tuple[Figure, ...]
    by: tuple[str, ...]

    @property
    def needle(self) -> str:
        """A text that every line which counts holds, "" when none is known."""
        fields = {figure.field for figure in self.figures if figure.field}
        return min(fields - UNNAMED, default="") if len(fields) == 1 else ""


def question(text: str) -> Question:
    """The question in words, or UsageError."""
    asked, _, by = text.partition(" by ")
    figures = tuple(_figure(part) for part in asked.split(","))
    groups = tuple(name.strip() for name in by.split(",")) if by.strip() else ()
    if any(not re.fullmatch(r"[\w.#-]{1,64}", name) for name in groups):
        raise UsageError(f"--stats: {by.strip()!r} are no field names", next_step=_HELP)
    return Question(figures, groups)


class Statistics:
    """Takes events in, tells rows at any time: group values, then a number for each figure (None: no value).

    `never_met` are the fields that no event has had so far.
    """

    def __init__(self, asked: Question) -> None:
        self.question = asked
        self._by: list[Reader] = [reader_of(name) for name in asked.by]
        self._fields = {figure.field: reader_of(figure.field) for figure in asked.figures if figure.field}
        self._groups: dict[tuple[str, ...], _Group] = {}
        self.never_met = dict.fromkeys([*self._fields, *asked.by])

    def add(self, event: Event) -> None:
        """Count the event in; where figures are made of fields, only if it has a number in one of them."""
        numbers = {name: it for name, read in self._fields.items() if (text := read(event)) and (it := quantity(text))}
        if self._fields and not numbers:
            return
        key = tuple(read(event) or "" for read in self._by)
        if self.never_met:
            for name in [*numbers, *(name for name, text in zip(self.question.by, key, strict=True) if text)]:
                self.never_met.pop(name, None)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= MOST_GROUPS:
                key = (OTHER,) * len(self._by)
            group = self._groups.setdefault(key, _Group(self._fields))
        group.count += 1
        for name, number in numbers.items():
            group.values[name].add(number)

    def rows(self) -> list[tuple[tuple[str, ...], tuple[float | None, ...]]]:
        """The groups, those with the greatest first figure first."""
        figures = self.question.figures
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
    """A histogram of one field's numbers, in the unit of the first."""

    __slots__ = ("_digits", "_unit", "counts", "most", "number", "total")

    def __init__(self) -> None:
        self.counts: Counter[float] = Counter()
        self.number = 0
        self.total = 0.0
        self.most: float | None = None
        self._unit = ""
        self._digits = False

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
        self.counts[_rounded(value) if self._digits else value] += 1
        if len(self.counts) > MOST_VALUES and not self._digits:
            self._digits = True
            rounded: Counter[float] = Counter()
            for each, times in self.counts.items():
                rounded[_rounded(each)] += times
            self.counts = rounded

    def rank(self, share: float) -> float | None:
        """The value at this share of all, by nearest rank."""
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
