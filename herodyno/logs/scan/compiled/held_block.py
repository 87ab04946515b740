"""A block whose rows stay inside the compiled part: HeldRows (scan/held.py)."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from herodyno.logs.events import Event
from herodyno.logs.scan.block import Block
from herodyno.logs.scan.columns import Failures, LastLine, PlainLines, Requests, Samples
from herodyno.logs.scan.compiled.library import Columns
from herodyno.logs.scan.compiled.lists import failed_requests_of, lists_of, requests_of, samples_of
from herodyno.logs.scan.compiled.waiting import FailuresOfBlocks, LastLinesOfBlocks, RequestsOfBlocks, SamplesOfBlocks
from herodyno.logs.scan.last_lines import last_lines
from herodyno.logs.scan.rows import Rows, row_number


class HeldBlock:
    """The block that was read last. `rows` are for open tracebacks."""

    def __init__(self, columns: Columns, rows: Rows, slot_seconds: int) -> None:
        self.rows = rows
        self._columns = columns
        self._slot = slot_seconds * 1_000_000

    def block(self, is_clean: bool, events: list[Event], taken: Collection[int]) -> Block:
        """The block with these events. The rows at the places `taken` became events."""
        columns, first = self._columns, self.rows.first
        left_out = sorted(row_number(self.rows, place) for place in taken)
        if columns.close(left_out, self._slot) < 0:
            return lists_of(columns, self.rows).block(is_clean, events, taken)
        earliest, latest = columns.texts("ends") or (b"", b"")
        self.requests, self.failures = RequestsOfBlock(columns), FailuresOfBlock(columns)
        self.samples, self.lines = SamplesOfBlock(columns), LinesOfBlock(columns)
        rows = len(self.rows) - len(taken)
        return Block(first, is_clean, events, rows, earliest, latest, held=self)


class RequestsOfBlock:
    """The good requests of the block that was read last: HeldRequests."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self.n = columns.length("requests_stamps")
        sizes = map(columns.size, ("requests_paths", "requests_hosts", "requests_fwds"))
        self.name_bytes = sum(sizes) - 3 * self.n  # without the LF
        self.spans = list(zip(*map(columns.texts, ("spans_dynos", "spans_firsts", "spans_lasts")), strict=True))

    def read(self) -> Requests:
        """The requests as lists."""
        return requests_of(self._columns)

    def wait(self, span_seconds: int) -> RequestsOfBlocks | None:
        """Put the requests behind those that wait inside, each in a span of time. None where the part fails."""
        return RequestsOfBlocks.of_block(self._columns, span_seconds)


class FailuresOfBlock:
    """The failed requests of the block that was read last: HeldFailures."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self.n = columns.length("failures_stamps")
        names = ("failed_spans_dynos", "failed_spans_firsts", "failed_spans_lasts")
        self.spans = list(zip(*map(columns.texts, names), strict=True))

    def read(self) -> Failures:
        """The requests as lists."""
        return failed_requests_of(self._columns)

    def wait(self) -> FailuresOfBlocks | None:
        """Put the requests behind those that wait inside. None where there is no memory for that."""
        return FailuresOfBlocks.of_block(self._columns)


class SamplesOfBlock:
    """The runtime metrics and R14 lines of the block that was read last: HeldSamples."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self.n = columns.length("samples_stamps")
        names = ("sampled_names", "sampled_ids", "sampled_firsts", "sampled_lasts")
        self.spans = list(zip(*map(columns.texts, names), strict=True))

    def read(self) -> Samples:
        """The lines as lists."""
        return samples_of(self._columns)

    def wait(self) -> SamplesOfBlocks | None:
        """Put the lines behind those that wait inside. None where there is no memory for that."""
        return SamplesOfBlocks.of_block(self._columns)


class LinesOfBlock:
    """The lines of apps of the block that was read last: HeldLines."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        texts, numbers = columns.texts, columns.numbers
        self.spans = list(
            zip(
                texts("speakers_names"), texts("speakers_firsts"), texts("speakers_lasts"), numbers("speakers_lines"),
                strict=True,
            )
        )  # fmt: skip
        self.slots = list(zip(numbers("slots"), numbers("slots_lines"), strict=True))
        self.n = sum(n for _, n in self.slots)

    def speakers(self, begin: int, end: int) -> Sequence[int]:
        """The place in `spans` of the name of each line between two places."""
        return self._groups[begin:end]

    def read(self, begin: int, end: int, longest: int) -> tuple[bytes, Sequence[int]]:
        """The lines between two places, cut to so many bytes, with an LF between them; and their numbers."""
        if self._columns.take_lines(begin, end, longest) >= 0:
            return self._columns.joined("taken_lines"), self._columns.numbers("taken_numbers")
        lines, numbers, order = self._lines, self._numbers, self._order[begin:end]
        return b"\n".join([lines[at][:longest] for at in order]), array("q", [numbers[at] for at in order])

    def wait(self) -> LastLinesOfBlocks | None:
        """Put the newest lines of each name behind those that wait inside. None where the part cannot tell them."""
        return LastLinesOfBlocks.of_block(self._columns)

    def lists(self) -> PlainLines:
        """The lines as lists."""
        stamps, names = self._columns.texts("plain_stamps"), self._columns.texts("plain_names")
        columns = (stamps, names, self._numbers, self._lines)
        return PlainLines(*([column[at] for at in self._order] for column in columns))  # type: ignore[arg-type]

    def last_lines(self) -> Mapping[bytes, list[LastLine]]:
        """The newest lines of each name."""
        return last_lines(self.lists())

    @cached_property
    def _lines(self) -> list[bytes]:
        return self._columns.texts("plain_lines")

    @cached_property
    def _order(self) -> array[int]:
        return self._columns.numbers("plain_order")

    @cached_property
    def _numbers(self) -> array[int]:
        return self._columns.numbers("plain_numbers")

    @cached_property
    def _groups(self) -> array[int]:
        return self._columns.numbers("plain_groups")
