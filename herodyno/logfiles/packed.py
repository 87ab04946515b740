"""Recognises a packed log by the first bytes, and unpacks the log step by step.

A gzip file that breaks off gives all its bytes before the error is raised. Python's GzipFile does so too. The fast
GzipFile of the extra [speed] loses its last buffer, and a pipe cannot be read again.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from io import BufferedReader
from typing import IO, Any

from herodyno.errors import ExtraMissing

CHUNK = 1 << 18
# Modules that unpack Zstandard: Python's own since 3.14, its backport, the older binding.
ZSTD_MODULES = ("compression.zstd", "backports.zstd", "zstandard")
_STANDARD = {b"BZh": "bz2", b"\xfd7zXZ\0": "lzma"}  # first bytes -> a module of the standard library that unpacks them
_STEP = 1 << 16
_CHECKSUM = 8  # bytes at the end of what gzip packed
_WITH_HEADER = 31  # zlib's number for: a gzip header, a checksum at the end


def unpacked_from(name: str, packed: IO[bytes]) -> Iterator[bytes] | None:
    """The unpacked bytes of a log; None for a log that is not packed. Raises ExtraMissing."""
    # A pipe cannot be rewound, so peek. One peek is enough: packers write a whole head at once.
    head = packed.peek(6)[:6] if isinstance(packed, BufferedReader) else packed.read(6)
    if not isinstance(packed, BufferedReader):
        packed.seek(0)
    if head[:2] == b"\x1f\x8b":
        return gunzipped(packed)
    if module := next((module for magic, module in _STANDARD.items() if head.startswith(magic)), None):
        return iter(partial(import_module(module).open(packed, "rb").read1, CHUNK), b"")
    return _zstd(name, packed) if head[:4] == b"\x28\xb5\x2f\xfd" else None


def isal_error() -> type[Exception]:
    """The error that isal raises for damaged data, which is no zlib.error; zlib.error when isal is not loaded."""
    known: type[Exception] = getattr(sys.modules.get("isal.isal_zlib"), "error", zlib.error)
    return known


def is_damage(error: BaseException) -> bool:
    """Whether an error says that packed data are damaged, and not that reading failed."""
    lzma_error: type[Exception] = getattr(sys.modules.get("lzma"), "LZMAError", zlib.error)
    is_of_bz2 = isinstance(error, OSError) and error.errno is None
    return is_of_bz2 or isinstance(error, (zlib.error, isal_error(), lzma_error))


def _zstd(name: str, packed: IO[bytes]) -> Iterator[bytes]:
    for module in ZSTD_MODULES:
        try:
            unpack: Any = import_module(module)
        except ImportError:
            continue
        return iter(partial(unpack.open(packed, "rb").read1, CHUNK), b"")
    raise ExtraMissing(
        f"{name} is packed with Zstandard, which this Python cannot unpack",
        next_step=f"zstd -dc {name} | herodyno diagnose --from-file -",
    )


def gunzipped(packed: IO[bytes], *, chunk: int = CHUNK) -> Iterator[bytes]:
    """The unpacked bytes of all members, at most `chunk` at a time. Bytes from a pipe come out without delay.

    Raises EOFError where the data break off, and zlib.error or isal_error() where they are damaged.
    """
    make, member, padding = _unpacker(), None, b""
    for step in _steps(packed):
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


def _steps(packed: IO[bytes]) -> Iterator[bytes]:
    """The packed bytes as they come. The checksum at the end comes alone, so that a wrong one takes no text with it."""
    read = getattr(packed, "read1", packed.read)
    while step := read(_STEP):
        yield step[:-_CHECKSUM]
        yield step[-_CHECKSUM:]


def _unpacker() -> Callable[[int], Any]:
    try:
        faster: Callable[[int], Any] = import_module("isal.isal_zlib").decompressobj  # a third of the time
    except ImportError:
        return zlib.decompressobj
    return faster
