"""How far the reading of a large log is: on a terminal only, four times a second, with rate and time left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from herodyno.logs.scan.blocks import Blocks
from herodyno.render.output import Output

_EVERY_SECONDS = 0.25
_FIRST_SECONDS = 1.0  # what is done sooner needs no bar


class Progress:
    """`total` is how many bytes there are, None when that is not known."""

    def __init__(self, output: Output, total: int | None, *, now: Callable[[], float] = time.monotonic) -> None:
        self._output = output
        self._total = total
        self._now = now
        self._began = now()
        self._told = self._began + _FIRST_SECONDS - _EVERY_SECONDS
        self._done = 0

    def at(self, done: int) -> None:
        """So many bytes are read."""
        now = self._now()
        is_over = self._total is not None and done >= self._total
        if now - self._told < _EVERY_SECONDS or is_over or not self._output.shows_progress:
            return
        self._told = now
        rate = done / (now - self._began)
        if self._total is None:
            self._output.progress(f"read {done / 1e6:,.0f} MB of log, {rate / 1e6:,.0f} MB/s")
        elif rate:
            share = int(10 * done / self._total)
            self._output.progress(
                f"reading the log [{'#' * share:<10}] {done / 1e6:,.0f} of {self._total / 1e6:,.0f} MB, "
                f"{rate / 1e6:,.0f} MB/s, {(self._total - done) / rate:,.0f} s left"
            )

    def through(self, log: Blocks) -> Iterator[bytes]:
        """The log's lines, counted as they pass."""
        for lines in log():
            self._done += len(lines)
            self.at(self._done)
            yield lines
