"""Of packed bytes that break off, whole lines come out and their number is told; whole ones come out as they are."""

from collections.abc import Iterator

import pytest

from herodyno.logfiles.truncated import whole_lines


def reader(*chunks: bytes, cut: bool) -> Iterator[bytes]:
    yield from chunks
    if cut:
        raise EOFError


@pytest.mark.parametrize("chunks", [(b"a\nb", b"c\nd", b"d\ne"), (b"a\n",), (b"a",), (), (b"no", b" line", b" end")])
def test_what_is_whole_is_unchanged(chunks: tuple[bytes, ...]) -> None:
    told: list[tuple[int, str]] = []
    assert b"".join(whole_lines(reader(*chunks, cut=False), lambda *how: told.append(how))) == b"".join(chunks)
    assert told == []


def test_the_line_that_was_cut_is_left_out_and_the_others_are_counted() -> None:
    told: list[tuple[int, str]] = []
    read = reader(b"a\nb", b"c\nd", b"d", cut=True)
    assert b"".join(whole_lines(read, lambda *how: told.append(how))) == b"a\nbc\n"
    assert told == [(2, "ends early")]


def test_no_whole_line_is_an_error() -> None:
    for chunks in ((), (b"half a",)):
        with pytest.raises(EOFError):
            list(whole_lines(reader(*chunks, cut=True), lambda lines, how: None))
