"""What --stats asks for, from the words: `count,p95(service) by 1m,dyno`.

A width of time is written 1m, and as other tools write it too: time(5m), bin(5m), minute, per minute.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from herodyno.errors import UsageError
from herodyno.logs.query.fields import IMPLICIT_FIELDS, name_in_text
from herodyno.logs.query.values import Values
from herodyno.units import exact_duration

_ASKED = re.compile(r"\s*([a-z]{1,8}(?:\d{1,2}(?:\.\d{1,3})?)?)(?:\(\s*([\w.#-]{1,64}|\*?)\s*\))?\s*", re.ASCII)
_FIELD = re.compile(r"[A-Za-z_][\w.#-]{0,63}", re.ASCII)
_CLAUSES = re.compile(r"\s+(?:by|per|every)\s+", re.IGNORECASE)
_COMMAS = re.compile(r",(?![^()]*\))")  # not those between brackets
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_WIDTH = re.compile(
    r"(\d{1,6}(?:\.\d{1,3})?)?\s*(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?)",
    re.ASCII | re.IGNORECASE,
)
# The functions that round a time, and the names of the time of a line, in the words of other tools.
_FUNCTION = re.compile(
    r"(?:time|bin|bucket|timeslice|time_bucket|date_bin|date_trunc)[\s=(]\s*(.*?)\s*\)?", re.IGNORECASE
)
_TIME_NAMES = frozenset({"time", "_time", "timestamp", "@timestamp", "at", "ts", "log_time", "date"})
_LONGEST = 366 * 86_400
_HELP = "such as --stats 'count,p50(service),p95(service) by dyno,code', 'count by 1m', 'count by 5m,dyno'"


@dataclass(frozen=True, slots=True)
class Figure:
    """One column: its title ("p95(service)"), its field ("" for count), and how it is made of the field's values."""

    title: str
    field: str
    make: Callable[[Values], float | None]


@dataclass(frozen=True, slots=True)
class StatsQuery:
    """What --stats asks for: figures, and what lines are grouped by.

    `by` are fields. `seconds` is the width of the buckets of time, 0 for none; `place` is where the time stands among
    the fields.
    """

    figures: tuple[Figure, ...]
    by: tuple[str, ...]
    seconds: int = 0
    place: int = 0

    def titles(self, seconds: int) -> tuple[str, ...]:
        """What lines are grouped by, the time in its place: ("time(1m)", "dyno")."""
        if not seconds:
            return self.by
        return (*self.by[: self.place], f"time({exact_duration(seconds)})", *self.by[self.place :])

    @property
    def needle(self) -> str:
        """A text that every counted line holds, "" when none is known, or lines that are not counted matter too."""
        fields = {figure.field for figure in self.figures if figure.field}
        one = len(fields) == 1 and not self.seconds
        return name_in_text(min(fields - IMPLICIT_FIELDS, default="")) if one else ""


def parse_stats(text: str) -> StatsQuery:
    """The query in the words of --stats. Raises UsageError."""
    asked, *clauses = _CLAUSES.split(text)
    figures = tuple(_figure(part) for part in _COMMAS.split(asked))
    terms = [term.strip() for clause in clauses for term in _COMMAS.split(clause)]
    widths = [(place, seconds) for place, term in enumerate(terms) if (seconds := _width(term))]
    if len(widths) > 1:
        raise UsageError("--stats: lines go by one width of time", next_step=_HELP)
    place, seconds = widths[0] if widths else (0, 0)
    fields = [term for number, term in enumerate(terms) if not (seconds and number == place)]
    for term in fields:
        if term.lower() == "time":
            raise UsageError(
                "--stats: by time needs a width", next_step=f"such as --stats '{asked} by 1m', or by time(5m)"
            )
        if not _FIELD.fullmatch(term):
            raise UsageError(f"--stats: {term!r} is no field and no width of time", next_step=_HELP)
    return StatsQuery(figures, tuple(fields), seconds, place)


def _width(term: str) -> int:
    """The seconds of a width of time, 0 for a term that is none. Raises UsageError for one that cannot be had."""
    function = _FUNCTION.fullmatch(term)
    words = [word.strip().strip("'\"") for word in (function[1] if function else term).split(",")]
    words = [word for word in words if not (function and word.lower() in _TIME_NAMES)]
    found = _WIDTH.fullmatch(words[0].lower().removeprefix("interval ").strip("'\"")) if len(words) == 1 else None
    if not found or (not function and not found[1] and len(found[2]) < 3):  # a field may be called "d"
        return 0
    seconds = float(found[1] or 1) * _SECONDS[found[2][0]]
    if not 1 <= seconds <= _LONGEST or seconds != int(seconds):
        raise UsageError(
            f"--stats: {term!r} is no width of time", next_step="whole seconds, from 1s to 366d: 30s, 5m, 1h, 1d"
        )
    return int(seconds)


_FIGURES: dict[str, Callable[[Values], float | None]] = {
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
    if kind == "count" and field in ("", "*"):
        return Figure("count", "", lambda it: None)
    field = field.strip("*")
    if found and field and (make := _FIGURES.get(kind)):
        return Figure(f"{kind}({field})", field, make)
    if found and field and kind[:1] == "p" and kind[1:2].isdigit():
        share = float(kind[1:]) / 100
        return Figure(f"{kind}({field})", field, lambda it: it.rank(share))
    known = ", ".join(["count", *(f"{name}(FIELD)" for name in _FIGURES), "p95(FIELD)"])
    raise UsageError(f"--stats: {text.strip()!r} is none of {known}", next_step=_HELP)
