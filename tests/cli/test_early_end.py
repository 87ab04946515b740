"""Of packed bytes that break off, whole lines come out and their number is told; whole ones come out as they are."""

import gzip
import io
from collections.abc import Callable, Iterator

import pytest

from herodyno.cli.early_end import unpacked_behind, up_to_early_end


def reader(*chunks: bytes, cut: bool) -> Callable[[], bytes]:
    rest: Iterator[bytes] = iter(chunks)

    def read() -> bytes:
        chunk = next(rest, b"")
        if not chunk and cut:
            raise EOFError
        return chunk

    return read


@pytest.mark.parametrize("chunks", [(b"a\nb", b"c\nd", b"d\ne"), (b"a\n",), (b"a",), (), (b"no", b" line", b" end")])
def test_what_is_whole_is_unchanged(chunks: tuple[bytes, ...]) -> None:
    told: list[int] = []
    assert b"".join(up_to_early_end(reader(*chunks, cut=False), told.append)) == b"".join(chunks)
    assert told == []


def test_the_line_that_was_cut_is_left_out_and_the_others_are_counted() -> None:
    told: list[int] = []
    read = reader(b"a\nb", b"c\nd", b"d", cut=True)
    assert b"".join(up_to_early_end(read, told.append)) == b"a\nbc\n"
    assert told == [2]


def test_no_whole_line_is_an_error() -> None:
    for chunks in ((), (b"half a",)):
        with pytest.raises(EOFError):
            list(up_to_early_end(reader(*chunks, cut=True), lambda lines: None))


def test_what_a_fast_unpacker_lost_is_fetched() -> None:
    told: list[int] = []
    again = {2: b"b\nc\nhal"}.__getitem__
    assert b"".join(up_to_early_end(reader(b"a\n", cut=True), told.append, again)) == b"a\nb\nc\n"
    assert told == [3]


def test_what_lies_behind_is_what_python_unpacks() -> None:
    text = b"".join(b"line %d\n" % number for number in range(90_000))
    torn = io.BytesIO(gzip.compress(text)[:-3])
    for done in (0, 5, 1 << 18, len(text) - 3):
        assert unpacked_behind(torn, done) == text[done:]
