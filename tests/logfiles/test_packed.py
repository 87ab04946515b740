"""Whatever is packed comes out, whichever module unpacks it and however the bytes come, up to the last one there is."""

from __future__ import annotations

import gzip
import io
import random
import sys
import zlib
from importlib.util import find_spec
from typing import IO, cast

import pytest

from herodyno.logfiles.packed import gunzipped, isal_error
from tests.real_parts import need

TEXT = b"".join(b"2026-03-02T11:55:%02d.%06d+00:00 app[web.1]: line %d\n" % (n % 60, n * 7919 % 10**6, n)
                for n in range(8_000))  # fmt: skip
PACKED = gzip.compress(TEXT, mtime=0)


@pytest.fixture(params=["isal", "zlib"], autouse=True)
def unpacker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "zlib":
        monkeypatch.setitem(sys.modules, "isal.isal_zlib", None)
    else:
        need("isal", present=find_spec("isal"), install="pip install -e '.[speed]'")


class Pipe(io.RawIOBase):
    """Bytes that come in pieces of this size, and cannot be read again."""

    def __init__(self, data: bytes, size: int) -> None:
        self.rest, self.size = data, size

    def read1(self, most: int) -> bytes:
        piece, self.rest = self.rest[: self.size], self.rest[self.size :]
        return piece


def pipe(data: bytes, size: int = 1 << 16) -> IO[bytes]:
    return cast("IO[bytes]", Pipe(data, size))


def cut(packed: bytes, *, chunk: int = 1 << 18) -> bytes:
    """What comes out before the early end is told."""
    got = b""
    try:
        for piece in gunzipped(pipe(packed), chunk=chunk):
            got += piece
    except EOFError:
        return got
    pytest.fail("no early end was told")


@pytest.mark.parametrize("size", [1, 3, 1000, 1 << 16])
@pytest.mark.parametrize("chunk", [100, 1 << 18])
def test_the_text_comes_out_in_pieces_that_are_not_too_large(size: int, chunk: int) -> None:
    text, packed = (TEXT, PACKED) if size > 3 else (TEXT[:4000], gzip.compress(TEXT[:4000]))
    pieces = list(gunzipped(pipe(packed, size), chunk=chunk))
    assert b"".join(pieces) == text
    assert max(map(len, pieces)) <= chunk


def test_all_members_are_read_and_padding_is_passed_over() -> None:
    parts = [TEXT[:50_000], b"", TEXT[50_000:]]
    packed = b"".join(gzip.compress(part) + b"\0" * 600 for part in parts)
    assert b"".join(gunzipped(pipe(packed, 777))) == TEXT


def test_a_pipe_that_breaks_off_gives_all_that_can_be_unpacked() -> None:
    rng = random.Random(5)
    for length in [
        len(PACKED) - 1,
        len(PACKED) - 8,
        len(PACKED) - 9,
        *(rng.randrange(20, len(PACKED)) for _ in range(40)),
    ]:
        reference = zlib.decompressobj(31)
        expected = reference.decompress(PACKED[:length]) + reference.flush()
        got = cut(PACKED[:length])
        assert TEXT.startswith(got)
        assert len(expected) - len(got) < 16, "a faster module may hold back a few bytes"
        assert cut(PACKED[:length], chunk=512) == got


def test_a_flood_of_nothing_stays_in_bounds() -> None:
    packed = gzip.compress(bytes(30_000_000))
    assert max(len(piece) for piece in gunzipped(pipe(packed))) <= 1 << 18


@pytest.mark.parametrize(
    "damage", [PACKED[:-6] + b"\0\0" + PACKED[-4:], PACKED + b"behind it", b"\x1f\x8b" + b"\xff" * 90]
)
def test_damage_is_an_error(damage: bytes) -> None:
    try:
        b"".join(gunzipped(pipe(damage)))
    except (zlib.error, isal_error()):  # asked only now: before the first unpacking isal may not be loaded
        return
    pytest.fail("damaged data were taken for whole ones")
