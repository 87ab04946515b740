"""Rows that the compiled part holds inside: what counting asks of them. Where it fails, they come out as lists.

The rows of a block are there until the next block is read. Rows that wait are there until they are taken.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from herodyno.logs.scan.columns import Failures, LastLine, PlainLines, Requests, Samples


class NamesOfRequests(NamedTuple):
    """The different names in good requests, as they were met, and how many requests have each.

    `paths` and `fwds` stand with an LF between them. `services` are in ms.
    """

    paths: bytes
    of_paths: Sequence[int]
    fwds: bytes
    of_fwds: Sequence[int]
    services: Sequence[bytes]
    methods: Mapping[bytes, int]
    hosts: Mapping[bytes, int]
    statuses: Mapping[bytes, int]


class Places(NamedTuple):
    """What each path, fwd and service of NamesOfRequests counts as: a place below their number; -1 for nothing.

    `steps` has the step of the grid of each service, one byte.
    """

    paths: Sequence[int]
    clients: Sequence[int]
    services: Sequence[int]
    steps: bytes


class Frequent(NamedTuple):
    """How many requests have each place; of too many places only the most frequent, and how many have `others`."""

    places: Sequence[int]
    numbers: Sequence[int]
    others: int


class RequestsOfDyno(NamedTuple):
    """Good requests of one dyno, in the order of the log.

    `cells` are numbers of spans of time, `of_cells` how many requests follow each other in each. `steps` is that of
    each request.
    """

    dyno: bytes
    cells: array[int]
    of_cells: array[int]
    steps: bytes
    services: Frequent
    paths: Frequent
    clients: Frequent


class RequestRows(NamedTuple):
    """Good requests in the order of the log, with all of them that counts. `cells` are numbers of spans of time."""

    dynos: Sequence[bytes]
    cells: Sequence[int]
    paths: Sequence[bytes]
    fwds: Sequence[bytes]
    services: Sequence[bytes]
    methods: Mapping[bytes, int]
    hosts: Mapping[bytes, int]
    statuses: Mapping[bytes, int]


class NewestLine(NamedTuple):
    """One of the newest of some lines: its time in seconds since 1970, its number, the line."""

    seconds: float
    number: int
    line: bytes


class SamplesOfDyno(NamedTuple):
    """The samples of a (name, dyno id), or the R14 lines of a name: then `dyno_id` is empty.

    `seconds` are the times of memory samples, or of R14 lines; `totals`, `swaps` and `quotas` (MB) and `pages` are of
    memory samples, `load_seconds` and `loads` of samples of the load. `newest` are some of the lines of `seconds`.
    """

    name: bytes
    dyno_id: bytes
    first: float
    last: float
    seconds: Sequence[float]
    totals: Sequence[float]
    swaps: Sequence[float]
    quotas: Sequence[float]
    pages: Sequence[int]
    load_seconds: Sequence[float]
    loads: Sequence[float]
    newest: Sequence[NewestLine]

    @property
    def lines(self) -> int:
        """How many lines these are."""
        return len(self.seconds) + len(self.loads)


class FailuresByDyno(NamedTuple):
    """Failed requests dyno by dyno, those of each dyno in the order of the log.

    Each of `dynos`, which are sorted, has one of `numbers` (how many requests) and of `newest`: of each code, or of
    each status without a code, some of the newest lines. `paths`, `fwds`, `codes` and `statuses` are of all requests,
    with an LF between them; `seconds` (since 1970) and `services` (ms) are of all, too. `methods` and `hosts` are how
    many have each.
    """

    dynos: list[bytes]
    numbers: list[int]
    paths: bytes
    fwds: bytes
    codes: bytes
    statuses: bytes
    seconds: Sequence[float]
    services: Sequence[int]
    methods: Mapping[bytes, int]
    hosts: Mapping[bytes, int]
    newest: list[list[tuple[bytes, NewestLine]]]


class ManyRequests(Protocol):
    """Good requests of several blocks."""

    def names(self) -> NamesOfRequests:
        """The names in them."""

    def take_by_dyno(self, places: Places, most: int) -> Iterable[RequestsOfDyno] | None:
        """All, the dynos sorted, and none waits any more. None, and all wait, where the compiled part fails.

        Of more than twice `most` paths or clients of a dyno, the most frequent are told, the first met where they tie.
        """


class WaitingRequests(ManyRequests, Protocol):
    """The same, inside the compiled part."""

    def take_rows(self) -> RequestRows:
        """All, in the order of the log. None waits any more."""


class WaitingFailures(Protocol):
    """Failed requests of several blocks."""

    def __len__(self) -> int: ...

    def take_lists(self) -> Failures:
        """All, in the order of the log. None waits any more."""

    def take_by_dyno(self, newest: int) -> FailuresByDyno | None:
        """All, with so many of the newest lines, and none waits any more. None, and all wait, where the part fails."""


class WaitingSamples(Protocol):
    """Samples and R14 lines of several blocks."""

    def __len__(self) -> int: ...

    def take_lists(self) -> Samples:
        """All, in the order of the log. None waits any more."""

    def take_by_dyno(self, newest: int) -> list[SamplesOfDyno] | None:
        """All, with so many of the newest lines, and none waits any more. None, and all wait, where the part fails."""


class WaitingLines(Protocol):
    """The newest lines that each app process wrote in several blocks."""

    def take_lists(self) -> list[tuple[bytes, LastLine]]:
        """At least LAST_LINES of each name that wrote so many. None waits any more."""


class HeldRequests(Protocol):
    """Good requests of a block. `spans` has (name, stamp of its first request, stamp of its last) of each dyno.

    `name_bytes` are those of all paths, hosts and X-Forwarded-Fors.
    """

    n: int
    name_bytes: int
    spans: list[tuple[bytes, bytes, bytes]]

    def read(self) -> Requests:
        """The requests as lists."""

    def wait(self, span_seconds: int) -> WaitingRequests | None:
        """Put them behind those that wait, each in a span of time. None where the compiled part fails."""


class HeldFailures(Protocol):
    """Failed requests of a block, as HeldRequests has good ones."""

    n: int
    spans: list[tuple[bytes, bytes, bytes]]

    def read(self) -> Failures:
        """The requests as lists."""

    def wait(self) -> WaitingFailures | None:
        """Put them behind those that wait. None where there is no memory for that."""


class HeldSamples(Protocol):
    """Samples and R14 lines of a block. `spans` has (name, dyno id, first stamp, last stamp); R14 has no id."""

    n: int
    spans: list[tuple[bytes, bytes, bytes, bytes]]

    def read(self) -> Samples:
        """The lines as lists."""

    def wait(self) -> WaitingSamples | None:
        """Put them behind those that wait. None where there is no memory for that."""


class HeldLines(Protocol):
    """Lines of apps of a block, in order of time.

    `spans` has (name, stamp of its first line, stamp of its last, number of its lines), `slots` has (number of a span
    of time, how many lines follow each other in it).
    """

    n: int
    spans: list[tuple[bytes, bytes, bytes, int]]
    slots: list[tuple[int, int]]

    def speakers(self, begin: int, end: int) -> Sequence[int]:
        """The place in `spans` of the name of each line between two places."""

    def read(self, begin: int, end: int, longest: int) -> tuple[bytes, Sequence[int]]:
        """The lines between two places, cut to so many bytes, with an LF between them; and their numbers."""

    def wait(self) -> WaitingLines | None:
        """Put the newest lines of each name behind those that wait. None where the compiled part cannot tell them."""

    def lists(self) -> PlainLines:
        """The lines as lists."""

    def last_lines(self) -> Mapping[bytes, list[LastLine]]:
        """The newest lines of each name."""


class HeldRows(Protocol):
    """The rows of a block."""

    @property
    def requests(self) -> HeldRequests:
        """The good requests."""

    @property
    def failures(self) -> HeldFailures:
        """The failed requests."""

    @property
    def samples(self) -> HeldSamples:
        """The runtime metrics and R14 lines."""

    @property
    def lines(self) -> HeldLines:
        """The lines of apps."""
