"""Cuts a log packed with gzip into two parts. Both processes unpack, and each scans its part.

Unpacking is a tenth of the work of counting, so to do it twice costs less than to wait. Both look at the same bytes, so
they find the same place for the cut, without a word between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from herodyno.logfiles.opened import Logs
from herodyno.logfiles.truncated import say
from herodyno.logs.scan.blocks import line_blocks
from herodyno.logs.scan.cuts import WINDOW, cut_place

# Of the text, in per cent: the second process unpacks what lies before the cut as well. Ours, measured.
_CUT_AT = 54
_SIZE_BYTES = 4


@dataclass(frozen=True)
class PackedPart:
    """The lines of a packed file before the cut, or behind it. Without a place to cut, all lines lie before."""

    path: str
    cut_near: int
    is_behind: bool

    def __call__(self) -> Iterator[bytes]:
        # Both would note a damage that lies before the cut.
        with Logs([self.path], year=1970, note=say if self.is_behind else _silent) as logs:
            yield from line_blocks(self._own(logs.chunks(self.path)), goes_on=self.is_behind)

    def _own(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        unpacked, window = 0, b""
        for chunk in chunks:
            unpacked += len(chunk)
            if unpacked <= self.cut_near:
                if not self.is_behind:
                    yield chunk
                continue
            window += chunk
            if len(window) >= WINDOW:
                break
        place = cut_place(window)
        if not self.is_behind:
            yield window[:place]
            if place is None:
                yield from chunks
        elif place is not None:
            yield window[place:]
            yield from chunks


def packed_parts(path: str) -> list[PackedPart]:
    """The two parts of a file packed with gzip; none for a file that is packed otherwise.

    The last bytes of gzip are the size of the text, modulo 4 GiB and of the last member only. A wrong size puts the cut
    at another place, and the parts stay whole.
    """
    with Path(path).open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return []
        file.seek(-_SIZE_BYTES, 2)
        cut_near = int.from_bytes(file.read(_SIZE_BYTES), "little") * _CUT_AT // 100
    return [PackedPart(path, cut_near, is_behind) for is_behind in (False, True)]


def _silent(text: str) -> None:
    pass
