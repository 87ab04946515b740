"""Some lines of a log as they are counted: rows in columns, all others as events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import compress
from types import MappingProxyType
from typing import Any, NamedTuple

from herodyno.logs.events import Event
from herodyno.logs.scan.columns import (
    NO_FAILURES,
    NO_LINES,
    NO_REQUESTS,
    NO_SAMPLES,
    Failures,
    LastLine,
    PlainLines,
    Requests,
    Samples,
)
from herodyno.logs.scan.held import HeldRows
from herodyno.logs.scan.last_lines import last_lines


class Block(NamedTuple):
    """Some lines: `rows` lines are in the columns, all others are `events`, tracebacks joined.

    `first` numbers the first line. `is_clean`: no traceback was open before the first line. `earliest` and
    `latest` are the stamps of the columns, b"" when there are none. `last_lines` are those of each name
    in `plain`. `held` are rows inside the compiled part; the columns have none of them.
    """

    first: int
    is_clean: bool
    events: list[Event]
    rows: int = 0
    earliest: bytes = b""
    latest: bytes = b""
    requests: Requests = NO_REQUESTS
    plain: PlainLines = NO_LINES
    samples: Samples = NO_SAMPLES
    last_lines: Mapping[bytes, list[LastLine]] = MappingProxyType({})
    failures: Failures = NO_FAILURES
    held: HeldRows | None = None

    def first_of_ids(self) -> dict[tuple[bytes, bytes], bytes]:
        """The stamp of the first sample of each (name, dyno id)."""
        if self.held:
            return {(name, dyno_id): first for name, dyno_id, first, _ in self.held.samples.spans if dyno_id}
        return self.samples.first_of_ids()

    def of_names(self, is_wanted: Callable[[str], bool], is_dyno: Callable[[str], bool]) -> Block:
        """The block with all events, but only rows of wanted dynos, and rows written by no dyno."""
        wanted = cache(lambda name: is_wanted(name.decode()))
        is_kept = cache(lambda name: wanted(name) or not is_dyno(name.decode()))
        requests = Requests(*_masked(self.requests, map(wanted, self.requests.dynos)))
        failures = Failures(*_masked(self.failures, map(wanted, self.failures.dynos)))
        plain = PlainLines(*_masked(self.plain, map(is_kept, self.plain.names)))
        samples = Samples(*_masked(self.samples, map(wanted, self.samples.names)))
        return self.of_columns(requests, failures, plain, samples)

    def of_columns(
        self, requests: Requests, failures: Failures, plain: PlainLines = NO_LINES, samples: Samples = NO_SAMPLES
    ) -> Block:
        """The block with all events, but with these rows, in order of time."""
        parts = [columns for columns in (requests, failures, plain, samples) if columns.stamps]
        return Block(
            self.first,
            self.is_clean,
            self.events,
            sum(len(columns.stamps) for columns in parts),
            min((columns.stamps[0] for columns in parts), default=b""),
            max((columns.stamps[-1] for columns in parts), default=b""),
            requests,
            plain,
            samples,
            last_lines(plain),
            failures,
        )


def _masked(columns: tuple[list[Any], ...], wanted: Iterable[bool]) -> Iterator[list[Any]]:
    mask = list(wanted)
    return (list(compress(column, mask)) for column in columns)
