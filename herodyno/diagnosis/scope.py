"""The part of a log that a verdict is about: a span of time, process types, single dynos.

Time and type decide which lines are counted. A dyno decides only which dynos are shown and may be accused: the
peers of a dyno stay in the comparison, since a dyno stands out only against peers. The timeline is always built from
the whole log, so a line belongs to the same incarnation under every filter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import inf
from typing import TypeAlias

from herodyno.diagnosis.counting.block_list import EVENTS, ROWS, SKIPPED
from herodyno.diagnosis.report.phrases import listed
from herodyno.diagnosis.timeline.boundaries import FirstLast
from herodyno.diagnosis.timeline.incarnations import Incarnation, moment
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.dynos import SHORTEST_ID_PREFIX, Dyno, Formation, is_fir_name, natural_order, process_type_of
from herodyno.errors import NotFound, UsageError
from herodyno.logs.events import Event, RouterRequest
from herodyno.logs.parsing.event import is_dyno
from herodyno.logs.scan.block import Block
from herodyno.units import bound_clock

# Heroku's router sends requests to this process type only.
_ROUTED = "web"

When: TypeAlias = Callable[[datetime], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """The filter as the user gave it. `since` and `until` make a bound of the time of asking. `dynos` are names, ids or
    beginnings of ids."""

    since: When | None = None
    until: When | None = None
    types: tuple[str, ...] = ()
    dynos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The filter resolved against a timeline. None and empty mean no bound. `sentences` are for the report's limits."""

    start: datetime | None = None
    end: datetime | None = None
    types: frozenset[str] = frozenset()
    focus: frozenset[tuple[str, int]] = frozenset()
    sentences: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether every line counts."""
        return not (self.start or self.end or self.types)

    def select(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The part of each block that counts. Rows lie in the span. An undated event goes with the event before."""
        is_inside = self.start is None
        for block in blocks:
            events = []
            for event in block.events:
                if event.line.at is not None:
                    is_inside = self.holds(event.line.at)
                if (is_inside or block.rows) and self.is_of_type(event):
                    events.append(event)
            is_inside = is_inside or block.rows > 0
            selected = block._replace(events=events)
            yield selected.of_names(self.has_name, is_dyno) if self.types else selected

    def where(self, earliest: float, latest: float) -> int:
        """How to read a block with these times: SKIPPED, EVENTS or ROWS (block_list.py)."""
        start = self.start.timestamp() if self.start else -inf
        end = self.end.timestamp() if self.end else inf
        if start <= earliest <= latest <= end:
            return ROWS
        return SKIPPED if earliest <= latest and (latest < start or end < earliest) else EVENTS

    def holds(self, at: datetime) -> bool:
        """Whether a time lies inside the span."""
        return (self.start is None or at >= self.start) and (self.end is None or at <= self.end)

    def has(self, incarnation: Incarnation) -> bool:
        """Whether an incarnation is of a wanted type and overlaps the span."""
        return (
            (not self.types or incarnation.type in self.types)
            and (self.start is None or incarnation.end is None or moment(incarnation.end) >= self.start)
            and (self.end is None or incarnation.start is None or moment(incarnation.start) <= self.end)
        )

    def shows(self, incarnation: Incarnation) -> bool:
        """Whether an incarnation is shown and may be accused."""
        return not self.focus or incarnation.key in self.focus

    def shows_name(self, dyno: str) -> bool:
        """Whether any incarnation of a name is shown."""
        return not self.focus or any(dyno == name for name, _ in self.focus)

    def of_types(self, dynos: Sequence[Dyno] | None) -> list[Dyno] | None:
        """The API's dynos of the wanted types."""
        return None if dynos is None else [dyno for dyno in dynos if not self.types or dyno.type in self.types]

    def formation(self, rows: Sequence[Formation] | None) -> list[Formation] | None:
        """The formation's rows of the wanted types."""
        return None if rows is None else [row for row in rows if not self.types or row.type in self.types]

    def counts_as(self, other: Scope) -> bool:
        """Whether both select the same lines of any log."""
        return (self.start, self.end, self.types) == (other.start, other.end, other.types)

    def has_name(self, dyno: str) -> bool:
        """Whether a dyno is of a wanted type."""
        return not self.types or process_type_of(dyno) in self.types

    def is_of_type(self, event: Event) -> bool:
        """Whether an event is of a wanted type, or of none."""
        if not self.types:
            return True
        dyno = getattr(event, "dyno", "")
        if dyno:
            return self.has_name(dyno)
        return not isinstance(event, RouterRequest) or _ROUTED in self.types


EVERYTHING = Scope()


def scope_of(
    log_filter: Filter,
    *,
    at: datetime,
    times: Timeline,
    window: FirstLast | None,
    formation: Sequence[Formation] | None,
    zone: tzinfo,
) -> Scope:
    """Resolve a filter. Raises NotFound for an unknown type or dyno.

    Raises UsageError when `since` is later than `until`, or when the beginning of an id fits several dynos.
    """
    start = log_filter.since(at) if log_filter.since else None
    end = log_filter.until(at) if log_filter.until else None
    if start and end and start > end:
        raise UsageError("--since is later than --until", next_step="nothing lies between them")
    known = {incarnation.type for incarnation in times.all_incarnations()} | {row.type for row in formation or ()}
    for wanted in log_filter.types:
        if wanted not in known:
            raise NotFound(f"neither API nor log knows a process type {wanted!r}", next_step=_known(known))
    focus = [incarnation for word in log_filter.dynos for incarnation in _incarnations_of(word, times)]
    types = frozenset(log_filter.types) | {incarnation.type for incarnation in focus}
    sentences = list(_time_sentences(start, end, window, at, zone))
    if log_filter.types:
        sentences.append(f"only process type {listed(sorted(log_filter.types))} was looked at")
    if log_filter.dynos:
        sentences.append(
            f"only {listed(list(log_filter.dynos))} is shown and could be accused; its peers stay in the comparison"
        )
    return Scope(
        start=start,
        end=end,
        types=types,
        focus=frozenset(incarnation.key for incarnation in focus),
        sentences=tuple(sentences),
    )


def _incarnations_of(word: str, times: Timeline) -> list[Incarnation]:
    """All incarnations under a name, or those whose id begins with the word."""
    found = list(times.incarnations.get(word, ()))
    if not found and len(word) >= SHORTEST_ID_PREFIX:
        lowered = word.casefold()
        found = [
            incarnation
            for incarnation in times.all_incarnations()
            if (incarnation.id or "").casefold().startswith(lowered)
            or (is_fir_name(incarnation.dyno) and incarnation.dyno.startswith(lowered))
        ]
    if not found:
        raise NotFound(f"neither API nor log knows a dyno or dyno id {word!r}", next_step=_known(times.incarnations))
    names = {incarnation.dyno for incarnation in found}
    if len(names) > 1:
        raise UsageError(f"{word!r} begins the ids of {listed(sorted(names))}", next_step="give more of the id")
    return found


def _known(known: Iterable[str]) -> str:
    return f"there is: {', '.join(sorted(known, key=natural_order)) or 'none'}"


def _time_sentences(
    start: datetime | None, end: datetime | None, window: FirstLast | None, at: datetime, zone: tzinfo
) -> Iterator[str]:
    first = moment(window.first) if window else None
    days = [at, *filter(None, (start, end))]
    if start:
        early = f"; the log begins later, at {bound_clock(first, zone, days=days)}" if first and first > start else ""
        yield f"only lines since {bound_clock(start, zone, days=days)} were counted{early}"
    if end:
        yield f"only lines until {bound_clock(end, zone, days=days)} were counted"
