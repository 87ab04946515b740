"""gzip unpacked step by step: all that a file that breaks off still holds comes out before its end is told.

Python's GzipFile does so too; the fast one of the extra [speed] loses its last buffer, and a pipe cannot be read again.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import IO, Any

CHUNK = 1 << 18
_STEP = 1 << 16
_WITH_HEADER = 31  # zlib's number for: a gzip header, a checksum at the end


def gunzipped(packed: IO[bytes], *, chunk: int = CHUNK) -> Iterator[bytes]:
    """The unpacked bytes of all members, at most `chunk` at once; what a pipe brings comes out at once.

    Raises EOFError where it breaks off; zlib.error, or the faster module's own error, where it is damaged.
    """
    make, member, padding = _unpacker(), None, b""
    read = getattr(packed, "read1", packed.read)
    while step := read(_STEP):
        while step:
            if member is None:
                step = step.lstrip(padding)
                padding = b"\0"  # some writers fill up the last block behind a member
                if not step:
                    break
                if step[:1] != b"\x1f":
                    raise zlib.error("something else lies behind what was packed")
                member = make(_WITH_HEADER)
            text = member.decompress(step, chunk)
            if text:
                yield text
            if member.eof:
                step, member = member.unused_data, None
            else:
                step = member.unconsumed_tail
    if member is not None:
        yield member.flush()
        raise EOFError("it ends before the end of what was packed")


def _unpacker() -> Callable[[int], Any]:
    try:
        faster: Callable[[int], Any] = import_module("isal.isal_zlib").decompressobj  # a third of the time
    except ImportError:
        return zlib.decompressobj
    return faster
