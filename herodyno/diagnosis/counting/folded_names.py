"""Names that a tally let go, counted by a hash of the name: no name came more often than its place says.

Of a million clients nobody can keep each count. A bound from above is enough to say that others rarely did what failed,
and it is the same in whatever order and parts the names came.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from operator import add
from zlib import crc32

PLACES = 1 << 15  # 256 KB. With as many names of a few requests each, a bound is too high by a few.


class FoldedNames:
    """How often names of each place came."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: array[int] = array("Q")  # empty until the first name

    def add(self, names: Mapping[str, int]) -> None:
        """Count names."""
        self._begin()
        counts = self._counts
        for name, n in names.items():
            counts[place_of(name)] += n

    def update(self, other: FoldedNames) -> None:
        """Merge another's into these."""
        if other._counts:
            self._begin()
            self._counts = array("Q", map(add, self._counts, other._counts))

    def at(self, place: int) -> int:
        """How often names of a place came."""
        return self._counts[place] if self._counts else 0

    def _begin(self) -> None:
        if not self._counts:
            self._counts = array("Q", bytes(8 * PLACES))


def place_of(name: str) -> int:
    """The place of a name, the same in every process."""
    return crc32(name.encode("utf-8", "surrogatepass")) % PLACES
