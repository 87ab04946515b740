"""Many lines as columns: each list has one field of all lines, so that counting needs no loop."""

from __future__ import annotations

from typing import NamedTuple


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
        """The stamp of the first line of each (name, dyno id), in the order of these lines."""
        keys = list(zip(self.names, self.ids, strict=True))
        firsts = dict(zip(reversed(keys), reversed(self.stamps), strict=True))
        return {(name, dyno_id): firsts[name, dyno_id] for name, dyno_id in dict.fromkeys(keys) if dyno_id is not None}

    def said(self, place: int) -> tuple[bytes, bytes, bytes]:
        """A line in parts: its stamp, the dyno's name, the text."""
        return (self.stamps[place], self.names[place], self.rests[place])


NO_REQUESTS = Requests(*([] for _ in Requests._fields))
NO_FAILURES = Failures(*([] for _ in Failures._fields))
NO_LINES = PlainLines(*([] for _ in PlainLines._fields))
NO_SAMPLES = Samples(*([] for _ in Samples._fields))
