"""Boundary lines of a long log, most of them packed: there are many thousands in a log of weeks, and they are alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from herodyno.diagnosis.counted import Renumber

_TOGETHER = 256  # events in one packed text


class KeptEvents:
    """Events in the order in which they were added. A packed one takes a tenth of the memory."""

    __slots__ = ("_last", "_packed")

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._last: list[Any] = []

    def append(self, event: Any) -> None:
        """Add an event."""
        self._last.append(event)
        if len(self._last) == _TOGETHER:
            self._pack()

    def __len__(self) -> int:
        return len(self._packed) * _TOGETHER + len(self._last)

    def __iter__(self) -> Iterator[Any]:
        for packed in self._packed:
            yield from _unpacked(packed)
        yield from self._last

    def __iadd__(self, other: KeptEvents) -> Self:
        for event in other:
            self.append(event)
        return self

    def renumbered(self, of: Renumber) -> KeptEvents:
        """The events, with another number for each line."""
        others = KeptEvents()
        for event in self:
            others.append(event._replace(line=event.line._replace(number=of(event.line.number))))
        return others

    def _pack(self) -> None:
        # Short logs need neither.
        import pickle
        import zlib

        self._packed.append(zlib.compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), 1))
        self._last = []


def _unpacked(packed: bytes) -> list[Any]:
    import pickle
    import zlib

    # Packed by this process, or by one that it began.
    events: list[Any] = pickle.loads(zlib.decompress(packed))  # noqa: S301
    return events
