"""Many lines as columns: each list has one field of all lines, so that counting needs no loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import compress
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from herodyno.logs.events import Event


class Requests(NamedTuple):
    """Requests that a dyno answered without a server error, in order of time. `services` are in ms."""

    stamps: list[bytes]
    methods: list[bytes]
    paths: list[bytes]  # without query strings
    hosts: list[bytes]
    fwds: list[bytes]
    dynos: list[bytes]
    services: list[bytes]
    statuses: list[bytes]


class RequestsByDyno(NamedTuple):
    """Good requests dyno by dyno, those of each dyno in the order of the log.

    Each of `dynos`, which are sorted, has one of `numbers` (how many requests) and of `runs`: (number of a span of
    time, how many requests follow each other in it). `paths` and `fwds` are of all requests, with an LF between them.
    `methods`, `hosts` and `statuses` are how many requests have each.
    """

    dynos: list[bytes]
    numbers: list[int]
    runs: list[list[tuple[int, int]]]
    paths: bytes
    fwds: bytes
    services: list[int]
    methods: Mapping[bytes, int]
    hosts: Mapping[bytes, int]
    statuses: Mapping[bytes, int]


class WaitingRequests(Protocol):
    """Good requests of several blocks, which wait inside the compiled part."""

    def __len__(self) -> int: ...

    def take_lists(self) -> Requests:
        """All, in the order of the log. None waits any more."""

    def take_by_dyno(self, span_seconds: int) -> RequestsByDyno | None:
        """All, and none waits any more. None, and all wait, where the compiled part fails."""


class HeldRequests(Protocol):
    """Good requests of a block inside the compiled part, until the next block is read.

    `n` are their number. `spans` has (name, stamp of its first request, stamp of its last) of each dyno.
    """

    n: int
    spans: list[tuple[bytes, bytes, bytes]]

    def read(self) -> Requests:
        """The requests as lists."""

    def wait(self) -> WaitingRequests | None:
        """Put them behind those that wait. None where there is no memory for that."""


class Failures(NamedTuple):
    """Requests that failed on a dyno or by it, in order of time. `codes` are b"" where only the status is the app's."""

    stamps: list[bytes]
    methods: list[bytes]
    paths: list[bytes]
    hosts: list[bytes]
    fwds: list[bytes]
    dynos: list[bytes]
    services: list[bytes]
    statuses: list[bytes]
    codes: list[bytes]
    numbers: list[int]
    lines: list[bytes]


class PlainLines(NamedTuple):
    """Lines of apps that count by dyno, time and text, in order of time. `lines` are whole, with their heads."""

    stamps: list[bytes]
    names: list[bytes]
    numbers: list[int]
    lines: list[bytes]


class LastLine(NamedTuple):
    """One of the newest lines of an app process: its stamp, its number, its text without the head."""

    stamp: bytes
    number: int
    text: bytes


class Samples(NamedTuple):
    """Lines of log-runtime-metrics, and R14 lines, in order of time. Sizes are in MB, `pages` are pages in.

    `ids` is None for R14, `totals` is None for R14 and load, `loads` (averages of 1 minute) for R14 and memory.
    `rests` is the text of the line.
    """

    stamps: list[bytes]
    names: list[bytes]
    rests: list[bytes]
    ids: list[bytes | None]
    totals: list[bytes | None]
    swaps: list[bytes | None]
    pages: list[bytes | None]
    quotas: list[bytes | None]
    loads: list[bytes | None]
    numbers: list[int]

    def first_of_ids(self) -> dict[tuple[bytes, bytes], bytes]:
        """The stamp of the first line of each (name, dyno id)."""
        rows = zip(reversed(self.names), reversed(self.ids), reversed(self.stamps), strict=True)
        return {(name, dyno_id): stamp for name, dyno_id, stamp in rows if dyno_id is not None}

    def said(self, place: int) -> tuple[bytes, bytes, bytes]:
        """A line in parts: its stamp, the dyno's name, the text."""
        return (self.stamps[place], self.names[place], self.rests[place])


NO_REQUESTS = Requests(*([] for _ in Requests._fields))


class Block(NamedTuple):
    """Some lines: `rows` lines are in the columns, all others are `events`, tracebacks joined.

    `first` numbers the first line. `is_clean`: no traceback was open before the first line. `earliest` and
    `latest` are the stamps of the columns, b"" when there are none. `last_lines` are those of each name
    in `plain`. `held` are the good requests that the compiled part holds; then `requests` has none.
    """

    first: int
    is_clean: bool
    events: list[Event]
    rows: int = 0
    earliest: bytes = b""
    latest: bytes = b""
    requests: Requests = NO_REQUESTS
    plain: PlainLines = PlainLines(*([] for _ in PlainLines._fields))
    samples: Samples = Samples(*([] for _ in Samples._fields))
    last_lines: Mapping[bytes, list[LastLine]] = MappingProxyType({})
    failures: Failures = Failures(*([] for _ in Failures._fields))
    held: HeldRequests | None = None

    def of_names(self, is_wanted: Callable[[str], bool], is_dyno: Callable[[str], bool]) -> Block:
        """The block with all events, but only rows of wanted dynos, and rows written by no dyno."""
        wanted = cache(lambda name: is_wanted(name.decode()))
        is_kept = cache(lambda name: wanted(name) or not is_dyno(name.decode()))
        requests = Requests(*_masked(self.requests, map(wanted, self.requests.dynos)))
        failures = Failures(*_masked(self.failures, map(wanted, self.failures.dynos)))
        plain = PlainLines(*_masked(self.plain, map(is_kept, self.plain.names)))
        samples = Samples(*_masked(self.samples, map(wanted, self.samples.names)))
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
            {name: lines for name, lines in self.last_lines.items() if is_kept(name)},
            failures,
        )


def _masked(columns: tuple[list[Any], ...], wanted: Iterable[bool]) -> Iterator[list[Any]]:
    mask = list(wanted)
    return (list(compress(column, mask)) for column in columns)
