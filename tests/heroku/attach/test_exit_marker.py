"""The exit status is found across any split of the bytes, never shown, and never made up."""

import itertools
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.heroku.attach.exit_marker import StatusReader, announcement, new_word

WORD = "00112233445566778899aabbccddeeff"
AROUND = "größe ✓\r\n".encode()


def mark(status: int | str, word: str = WORD) -> bytes:
    return f"\x1eherodyno {word} {status}\x1e".encode()


def read(*chunks: bytes, word: str = WORD) -> tuple[bytes, int | None]:
    reader = StatusReader(word)
    shown = b"".join(reader.feed(chunk) for chunk in chunks)
    return shown + reader.end(), reader.status


@pytest.mark.parametrize("status", [0, 1, 2, 137, 255])
def test_d4_d5_every_split_in_three_gives_the_status_and_the_output(status: int) -> None:
    data = AROUND + mark(status) + AROUND
    for first in range(len(data) + 1):
        for second in range(first, len(data) + 1):
            assert read(data[:first], data[first:second], data[second:]) == (AROUND * 2, status)


@pytest.mark.parametrize("status", range(256))
def test_every_status_is_read_byte_by_byte(status: int) -> None:
    assert read(*(bytes([byte]) for byte in AROUND + mark(status))) == (AROUND, status)


@pytest.mark.parametrize("number", [256, 512, 65536, 9999999999])
def test_d3_a_number_that_is_no_exit_status_is_a_failure(number: int) -> None:
    assert read(mark(number)) == (b"", 1)


def test_output_without_a_last_newline_gains_and_loses_nothing() -> None:
    assert read(b"no newline" + mark(0)) == (b"no newline", 0)


@pytest.mark.parametrize(
    "forged",
    [
        mark(0, "ffeeddccbbaa99887766554433221100"),
        b"\xef\xbf\xbf heroku-command-exit-status: 0\n",
        mark("-1"),
        mark(""),
        mark("12345678901"),
        mark("0")[:-1] + b"x",
    ],
)
def test_d6_a_forged_mark_is_plain_text(forged: bytes) -> None:
    assert read(forged) == (forged, None)
    assert read(forged + mark(3)) == (forged, 3)


def test_d6_the_shells_own_mark_behind_a_stolen_one_counts() -> None:
    assert read(b"a" + mark(0) + b"b", mark(7)) == (b"ab", 7)


def test_output_behind_the_mark_is_kept() -> None:
    assert read(b"front " + mark(4) + b"from the background\n") == (b"front from the background\n", 4)


def test_what_only_looks_like_the_beginning_of_a_mark_is_shown_at_the_end() -> None:
    for length in range(10):
        assert read(b"out" + mark(0)[:length]) == (b"out" + mark(0)[:length], None)


def test_a_mark_cut_short_is_not_shown_and_tells_no_status() -> None:
    for length in range(24, len(mark(137))):
        assert read(b"out", mark(137)[:length]) == (b"out", None)


def test_bytes_are_handed_on_at_once() -> None:
    reader = StatusReader(WORD)
    assert reader.feed(b"$ ") == b"$ "
    assert reader.feed(b"\x1e[0m") == b"\x1e[0m"


def test_words_differ_between_runs() -> None:
    assert len({new_word() for _ in range(100)}) == 100


@pytest.mark.parametrize("shell", ["bash", "dash", "sh"])
def test_a_shell_prints_what_the_reader_reads(shell: str) -> None:
    word = new_word()
    ran = subprocess.run([shell, "-xvc", f"s=42; {announcement(word)}"], capture_output=True, check=True)
    assert read(ran.stdout, word=word) == (b"", 42)
    assert read(ran.stderr, word=word)[1] is None, "the shell's echo of the text holds no mark"


pieces = st.one_of(
    st.binary(max_size=40),
    st.just(b"\x1e"),
    st.just(b"\x1eherodyno "),
    st.integers(0, 255).map(mark),
    st.integers(0, 50).map(lambda length: mark(9)[:length]),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(pieces, max_size=12), st.lists(st.integers(0, 400), max_size=12))
def test_any_chunking_gives_what_one_chunk_gives(parts: list[bytes], cuts: list[int]) -> None:
    data = b"".join(parts)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    chunks = [data[start:end] for start, end in itertools.pairwise(edges)]
    assert read(*chunks) == read(data)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 255), st.binary(max_size=30))
def test_any_output_passes_unchanged_around_the_mark(before: bytes, status: int, after: bytes) -> None:
    assert read(before, mark(status), after) == (before + after, status)
