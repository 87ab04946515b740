"""A Logplex without sockets: a log that grows; sessions repeat its last 1,500 lines and break where they are told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple

import httpx

KEPT = 1500


class Cut(NamedTuple):
    """A session: how many lines went by unseen before it, how many bytes it gives, and how it ends.

    Without `loses` no more lines go by than are kept, so that a perfect reader misses none.
    """

    away: int
    gives: int | None  # None: all there is
    ends_well: bool = False
    loses: bool = False


class GrowingLog(httpx.BaseTransport):
    """Each request is the next session of the plan; one that gives all there is stays silent then until `over`."""

    def __init__(
        self, lines: Sequence[str], plan: Sequence[Cut], *, seed: int = 1, sse: bool = False, kept: int = KEPT
    ) -> None:
        self.lines, self.plan, self.sse, self.kept = lines, plan, sse, kept
        self.random = Random(seed)
        self.sessions = 0
        self.written = 0  # how many lines of the log are there
        self.over = threading.Event()
        self.given = 0  # how many of them a reader has got whole

    def new_session(self) -> str:
        return "https://logs-api.heroku.com/sessions/7"

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        cut = self.plan[self.sessions]
        self.sessions += 1
        kind = "text/event-stream" if self.sse else "text/plain"
        return httpx.Response(200, headers={"content-type": kind}, stream=Body(lambda: self._body(cut)))

    def _body(self, cut: Cut) -> Iterator[bytes]:
        # Ten lines overlap: with one, and equal lines on both of its sides, no reader could tell them apart.
        room = len(self.lines) if cut.loses else max(0, self.kept - 10 - (self.written - self.given))
        self.written = min(len(self.lines), self.written + min(cut.away, room))
        at, left = max(0, self.written - self.kept), cut.gives
        while at < len(self.lines) and (left is None or left > 0):
            pieces = [
                self._rendered(number) for number in range(at, min(at + self.random.randint(1, 400), len(self.lines)))
            ]
            data = b"".join(pieces)[:left]
            left = None if left is None else left - len(data)
            whole = len(pieces) if left != 0 else data.count(b"\n\n\n" if self.sse else b"\n")
            at += len(pieces)
            self.given = max(self.given, at - len(pieces) + whole)
            self.written = max(self.written, at)
            yield data
        if left is None:
            self.over.wait(30)
        elif not cut.ends_well:
            raise httpx.ReadError("cut off")

    def _rendered(self, number: int) -> bytes:
        line = self.lines[number].encode()
        return b"id: %d\ndata: %s\n\n\n" % (number, line) if self.sse else line + b"\n"


class Body(httpx.SyncByteStream):
    """A body that is made while it is read."""

    def __init__(self, make: Callable[[], Iterator[bytes]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[bytes]:
        return self._make()


def log_of(count: int, *, seed: int = 1) -> list[str]:
    """Lines as an app writes them: bursts of equal lines in one microsecond, late ones, indented, wide, empty."""
    random = Random(seed)
    lines: list[str] = []
    micro = 0
    while len(lines) < count:
        micro += random.randint(0, 3000)
        late = random.random() < 0.02
        second, rest = divmod(micro - 90_000 * late + 10_000_000, 1_000_000)
        stamp = f"2026-11-23T{2 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.{rest:06}+00:00"
        text = random.choice(("GET /a", "    at work.rb:7", "façade 🦉", "", f"n={random.randint(0, 99)}", "a\u2028b"))
        equal = random.choice((1, 1, 1, 1, 2, 5))
        lines += [f"{stamp} app[web.{random.randint(1, 4)}]: {text}"] * equal
    return lines[:count]
