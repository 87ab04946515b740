"""What of each block of lines a selection counts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from herodyno.diagnosis.counting.block_list import EVENTS, ROWS, SKIPPED
from herodyno.diagnosis.counting.segments import text
from herodyno.logs.events import Event
from herodyno.logs.parsing.event import is_dyno
from herodyno.logs.scan.block import Block
from herodyno.logs.scan.columns import Failures, PlainLines, Requests, Samples
from herodyno.logs.scan.held import HeldLines, HeldSamples
from herodyno.logs.scan.matched import by_time
from herodyno.logs.scan.stamps import Stamps
from herodyno.units import log_time

_FIRST, _LAST = (at.replace(tzinfo=UTC) for at in (datetime.min, datetime.max))


class LogSelection(Protocol):
    """The part of a log that is counted, by time and by process type. `types` is empty for all types."""

    @property
    def start(self) -> datetime | None:
        """No earlier line counts."""

    @property
    def end(self) -> datetime | None:
        """No later line counts."""

    @property
    def types(self) -> frozenset[str]:
        """The process types that count; all where there is none."""

    @property
    def is_all(self) -> bool:
        """Whether every line counts."""

    def counts_as(self, other: Any) -> bool:
        """Whether both select the same lines of any log."""

    def select(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The part of each block that counts."""

    def where(self, earliest: float, latest: float) -> int:
        """How to read a block with these times: SKIPPED, EVENTS or ROWS (block_list.py)."""

    def holds(self, at: datetime) -> bool:
        """Whether a time lies inside the span."""

    def has_name(self, dyno: str) -> bool:
        """Whether a dyno is of a type that counts."""

    def is_of_type(self, event: Event) -> bool:
        """Whether an event is of a type that counts, or of none."""


class Selecting:
    """What of the blocks of a log counts, block by block in the order of the log.

    An event without a time counts as the line before does. `is_clear`: that was known of all such events so far. Where
    the first lines of several parts of a log go on from others, `goes_on` says so.
    """

    def __init__(self, selection: LogSelection, *, goes_on: bool) -> None:
        self.is_clear = True
        self._selection = selection
        self._is_inside: bool | None = selection.start is None
        if goes_on and (selection.start or selection.end):
            self._is_inside = None

    def has_name(self, name: bytes) -> bool:
        """Whether the rows of a dyno count."""
        return self._selection.has_name(text(name))

    def events(self, events: Sequence[Event], earliest: float, latest: float, rows: int = 0) -> Iterator[bool]:
        """Whether each event of a block counts. The block has so many rows; these are the times of rows and events."""
        selection = self._selection
        all_are = {ROWS: True, SKIPPED: False}.get(selection.where(earliest, latest))
        is_known = not rows or (all_are is not None and all_are is self._is_inside)
        for event in events:
            if event.line.at is not None:
                self._is_inside = selection.holds(event.line.at)
            elif not is_known or self._is_inside is None:
                self.is_clear = False
            yield bool(self._is_inside) and selection.is_of_type(event)
        if rows:
            self._is_inside = all_are

    def rows(self, block: Block, stamps: Stamps) -> Block:
        """The block with the rows that count. Of held samples and lines, those of other types are still there."""
        selection = self._selection
        if not block.rows:
            return block
        where = selection.where(stamps.seconds(block.earliest), stamps.seconds(block.latest))
        if where == SKIPPED:
            return Block(block.first, block.is_clean, block.events)
        if where == EVENTS:
            block = _between(_listed(block), _stamp(selection.start or _FIRST), _stamp(selection.end or _LAST))
        return _of_types(block, selection) if selection.types else block


@dataclass(slots=True)
class _NoRequests:
    """Held requests of which none counts."""

    n: int = 0
    spans: Sequence[Any] = ()


@dataclass(slots=True)
class _PartOfHeld:
    """Held rows. Of `requests` and of `failures` either all count, or there are none."""

    requests: Any
    failures: Any
    samples: HeldSamples
    lines: HeldLines


def _listed(block: Block) -> Block:
    """The block with its rows as lists."""
    held = block.held
    if held is None:
        return block
    return block._replace(
        requests=Requests(*by_time(held.requests.read())),
        failures=Failures(*by_time(held.failures.read())),
        plain=held.lines.lists(),
        samples=Samples(*by_time(held.samples.read())),
        held=None,
    )


def _between(block: Block, start: bytes, end: bytes) -> Block:
    """The block, of lists, with the rows between two stamps."""

    def cut(columns: tuple[list[Any], ...]) -> Iterator[list[Any]]:
        own = slice(bisect_left(columns[0], start), bisect_right(columns[0], end))
        return (column[own] for column in columns)

    return block.of_columns(
        Requests(*cut(block.requests)),
        Failures(*cut(block.failures)),
        PlainLines(*cut(block.plain)),
        Samples(*cut(block.samples)),
    )


def _of_types(block: Block, selection: LogSelection) -> Block:
    """The block with the rows of these types. Of held rows, the samples and lines of other types are still there."""
    held = block.held
    if held is None:
        return block.of_names(selection.has_name, is_dyno)

    def is_wanted(name: bytes) -> bool:
        return selection.has_name(text(name))

    requests: Any = held.requests
    failures: Any = held.failures
    listed = Block(block.first, block.is_clean, block.events)
    if not all(is_wanted(name) for name, _, _ in (*requests.spans, *failures.spans)):
        listed = listed.of_columns(Requests(*by_time(requests.read())), Failures(*by_time(failures.read())))
        listed = listed.of_names(selection.has_name, is_dyno)
        requests = failures = _NoRequests()
    spoke = [span for span in held.lines.spans if is_wanted(span[0]) or not is_dyno(text(span[0]))]
    spans: list[tuple[bytes, bytes]] = [span[1:3] for span in (*requests.spans, *failures.spans, *spoke)]
    if listed.rows:
        spans.append((listed.earliest, listed.latest))
    return listed._replace(
        rows=listed.rows + requests.n + failures.n + held.samples.n + sum(span[3] for span in spoke),
        earliest=min((first for first, _ in spans), default=b""),
        latest=max((last for _, last in spans), default=b""),
        held=_PartOfHeld(requests, failures, held.samples, held.lines),
    )


def _stamp(at: datetime) -> bytes:
    return log_time(at).removesuffix("+00:00").encode()
