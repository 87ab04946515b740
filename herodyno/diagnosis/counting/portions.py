"""Many small texts of bytes in a row, most of them inside one object: a text alone takes 33 bytes more."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise


class Portions:
    """Texts in order. New ones wait behind the others until `pack` puts them into one object."""

    __slots__ = ("_ends", "_waiting", "_whole")

    def __init__(self) -> None:
        self._whole = bytearray()  # grows in place: a new object each time would leave memory in pieces
        self._ends = array("I")  # in `_whole`
        self._waiting: list[bytes] = []

    def __len__(self) -> int:
        return len(self._ends) + len(self._waiting)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.since(0))

    @property
    def last(self) -> bytes:
        """The last text; b"" where it is packed, or where there is none."""
        return self._waiting[-1] if self._waiting else b""

    def since(self, begin: int, end: int | None = None) -> list[bytes]:
        """The texts from one place to before another."""
        begin, end, _ = slice(begin, end).indices(len(self))
        packed = len(self._ends)
        ends = self._ends[begin : min(end, packed)]
        start = self._ends[begin - 1] if ends and begin else 0
        whole = bytes(self._whole[start : ends[-1]]) if ends else b""  # a slice of bytes is made in one step
        found = [whole[one - start : two - start] for one, two in pairwise((start, *ends))]
        return found + self._waiting[max(0, begin - packed) : max(0, end - packed)]

    def joined(self, begin: int = 0, end: int | None = None) -> bytes:
        """The texts from one place to before another, put together."""
        begin, end, _ = slice(begin, end).indices(len(self))
        if self._waiting:
            self.pack()
        return bytes(self._whole[self._ends[begin - 1] if begin else 0 : self._ends[end - 1]]) if begin < end else b""

    @property
    def ends(self) -> Sequence[int]:
        """Where each text ends when all are put together."""
        if self._waiting:
            self.pack()
        return self._ends

    def append(self, text: bytes) -> None:
        """Add a text."""
        self._waiting.append(text)

    def extend(self, texts: Iterable[bytes]) -> None:
        """Add texts."""
        self._waiting.extend(texts)

    def add_to_last(self, text: bytes) -> None:
        """Lengthen the last text, which waits."""
        self._waiting[-1] += text

    def cut(self, begin: int) -> None:
        """Remove the texts from a place on."""
        packed = len(self._ends)
        del self._waiting[max(0, begin - packed) :]
        if begin < packed:
            del self._whole[self._ends[begin - 1] if begin else 0 :]
            del self._ends[begin:]

    def pack(self) -> None:
        """Put all texts into one object."""
        self._whole += b"".join(self._waiting)
        end = self._ends[-1] if self._ends else 0
        for text in self._waiting:
            end += len(text)
            self._ends.append(end)
        self._waiting = []
