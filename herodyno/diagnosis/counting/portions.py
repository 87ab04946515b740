"""Many small texts of bytes in a row, most of them inside one object: a text alone takes 33 bytes more."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import accumulate, compress, pairwise
from operator import sub


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
    def last(self) -> bytes | None:
        """The last text; None where it is packed, or where there is none."""
        return self._waiting[-1] if self._waiting else None

    def sizes(self, begin: int) -> list[int]:
        """How long each packed text is, from a place on."""
        ends = self._ends[begin:]
        return list(map(sub, ends, [self._ends[begin - 1] if begin else 0, *ends]))

    def since(self, begin: int, end: int | None = None) -> list[bytes]:
        """The texts from one place to before another."""
        begin, end, _ = slice(begin, end).indices(len(self))
        packed = len(self._ends)
        ends = [self._ends[begin - 1] if 0 < begin <= packed else 0, *self._ends[begin:end]]
        first = ends[0]
        whole = bytes(self._whole[first : ends[-1]])
        found = [whole[start - first : stop - first] for start, stop in pairwise(ends)]
        return found + self._waiting[max(0, begin - packed) : max(0, end - packed)]

    def joined(self, begin: int = 0, end: int | None = None) -> bytes:
        """The texts from one place to before another, put together."""
        begin, end, _ = slice(begin, end).indices(len(self))
        if self._waiting:
            self.pack()
        return bytes(self._whole[self._ends[begin - 1] if begin else 0 : self._ends[end - 1]]) if begin < end else b""

    def append(self, text: bytes) -> None:
        """Add a text."""
        self._waiting.append(text)

    def extend(self, texts: Iterable[bytes]) -> None:
        """Add texts."""
        self._waiting.extend(texts)

    def update(self, other: Portions) -> None:
        """Add the texts of others."""
        self.pack()
        begin = len(self._whole)
        self._whole += other._whole
        self._ends.extend([begin + end for end in other._ends])
        self._waiting += other._waiting

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
        sizes = map(len, self._waiting)
        end = self._ends.pop() if self._ends else None
        self._ends.extend(accumulate(sizes, initial=end))
        self._waiting = []

    def fuse(self, begin: int, is_last: Iterable[bool]) -> None:
        """Make one text of each run of packed texts, from a place on: whether each text from there ends a run."""
        self._ends[begin:] = array("I", list(compress(self._ends[begin:], is_last)))

    def replace(self, begin: int, texts: Iterable[bytes]) -> None:
        """Put other texts in the place of those from a place on, and pack all."""
        self.cut(begin)
        self.extend(texts)
        self.pack()
