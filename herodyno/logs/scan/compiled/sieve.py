"""Lines of text that surely are not wanted, by time, by speaker or by a text, are left out before they are cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ctypes import c_size_t, string_at
from typing import TYPE_CHECKING

from herodyno.logs.scan.compiled.library import library

if TYPE_CHECKING:
    from ctypes import CDLL

# The source, who speaks, and of which dyno the router speaks -> whether such lines may be wanted.
Decide = Callable[[str, str, str], bool]


class LineSieve:
    """A sieve for whole lines of text.

    `since_us` and `until_us` are bounds in microseconds since 1970, both included. `decides` is asked once for each
    name; None for lines of anybody. `by_dyno`: whether a router's line is of the dyno that it speaks of. `needle`
    stands in each wanted line.
    """

    def __init__(
        self, part: CDLL, since_us: int, until_us: int, decides: Decide | None, *, by_dyno: bool, needle: bytes = b""
    ) -> None:
        self._part = part
        self._length = c_size_t()
        self._decides = decides
        self._sieve = part.herodyno_sieve_new(since_us, until_us, decides is not None, by_dyno)
        part.herodyno_sieve_look_for(self._sieve, needle, len(needle))

    def __del__(self) -> None:
        self._part.herodyno_sieve_free(self._sieve)

    def wanted(self, lines: bytes) -> bytes:
        """The lines that may be wanted, with the first and the last, and with the neighbours of each line that has no
        usual head. All, where the part fails."""
        if self._part.herodyno_sieve_read(self._sieve, lines, len(lines)) < 0:
            return lines
        kept = string_at(self._part.herodyno_sieve_kept(self._sieve, self._length), self._length.value)
        unknown = string_at(self._part.herodyno_sieve_unknown(self._sieve, self._length), self._length.value)
        if self._decides:
            self._learn(unknown.split(b"\n")[:-1], self._decides)
        return kept

    def _learn(self, names: Iterable[bytes], decides: Decide) -> None:
        for name in names:
            speaker, _, spoken_of = name.decode("utf-8", "replace").partition(" ")
            source, _, proc = speaker.removesuffix("]").partition("[")
            self._part.herodyno_sieve_learn(self._sieve, name, len(name), decides(source, proc, spoken_of))


def line_sieve(
    since_us: int, until_us: int, decides: Decide | None, *, by_dyno: bool, needle: bytes = b""
) -> LineSieve | None:
    """A sieve by this package's compiled part; None where there is none."""
    part = library()
    return LineSieve(part, since_us, until_us, decides, by_dyno=by_dyno, needle=needle) if part else None
