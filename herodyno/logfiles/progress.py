"""Reports how much of a log is read, through a callback: this module knows nothing of terminals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from herodyno.logs.scan.blocks import Batch, Blocks

# Called often, with the bytes read so far and the bytes in all (None when that is not known).
ShowProgress: TypeAlias = Callable[[int, int | None], None]


class Progress:
    """Calls `show`. `total` is the number of bytes to read, None when that is not known."""

    def __init__(self, show: ShowProgress, total: int | None) -> None:
        self._show = show
        self._total = total
        self._done = 0

    def at(self, done: int) -> None:
        """Report that `done` bytes are read."""
        self._show(done, self._total)

    def through(self, log: Blocks) -> Iterator[Batch]:
        """The log's lines, with a report after each batch is read."""
        for batch in log():
            self._done += len(batch)
            self.at(self._done)
            yield batch
