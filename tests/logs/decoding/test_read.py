"""Whatever the bytes and however they are cut: the same events, no crash, no line lost."""

import re
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.decoding.decoder import Framing
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import AppException, Event
from herodyno.logs.parsing.read import read_events

FILES = sorted((Path(__file__).parents[1] / "cases").glob("*.txt"))
CASES = [path.read_bytes().partition(b"\n\n")[0] for path in FILES]
LINES = [line for case in CASES for line in case.splitlines()]
HEAD = re.compile(rb"\d{4}-|[A-Z][a-z]{2} |<|\d+ <")

NOISE = st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode))
SOME_LINES = st.lists(st.one_of(st.sampled_from(LINES), NOISE), max_size=30)
FRAMINGS: list[Framing | None] = [None, "text", "papertrail", "frames", "sse"]


def lines_in(events: list[Event]) -> int:
    return sum(event.lines if isinstance(event, AppException) else 1 for event in events)


@given(SOME_LINES, st.lists(st.integers(0, 5000), max_size=20), st.sampled_from(FRAMINGS))
def test_any_chunking_gives_the_same_events_and_no_line_is_lost(
    some: list[bytes], cuts: list[int], framing: Framing | None
) -> None:
    data = b"\n".join(some)
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    chunks = [data[begin:end] for begin, end in pairwise(places)]

    events = list(read_events([data], year=2026, framing=framing))

    assert list(read_events(chunks, year=2026, framing=framing)) == events
    assert lines_in(events) == sum(1 for _ in read_lines([data], year=2026, framing=framing))


def rests_of_the_platform(lines: list[bytes]) -> int:
    """Lines without a head behind a line of the platform: perhaps the rest of it, wrapped by someone (mending.py)."""
    rests, is_platform = 0, False
    for line in lines:
        if HEAD.match(line):
            is_platform = b"heroku[" in line
        else:
            rests += is_platform
    return rests


@given(st.lists(st.sampled_from(LINES), max_size=60))
def test_every_line_of_text_is_an_event_or_counted_in_one(some: list[bytes]) -> None:
    events = list(read_events([b"\n".join(some)], year=2026, framing="text"))

    kept = [line for line in some if line.strip()]
    assert len(kept) - rests_of_the_platform(kept) <= lines_in(events) <= len(kept)


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=20))
def test_each_framing_says_the_same_of_text_lines(some: list[bytes]) -> None:
    some = [line for line in some if line.startswith(b"2026-") and line[33:34] in (b"a", b"h")]
    framed = b"".join(b"id: %d\ndata: %s\n\n" % (number, line) for number, line in enumerate(some))

    def read(data: bytes) -> list[Event]:
        return list(read_events([data], year=2026))

    assert read(framed) == read(b"\n".join(some))


def test_blank_lines_and_heartbeats_are_layout() -> None:
    assert list(read_lines([b"\n\n  \n\0\0\n\x00\n"], year=2026)) == []
    assert list(read_lines([], year=2026)) == []


def test_a_stream_that_ends_before_its_first_line_end_is_judged_by_what_there_was() -> None:
    (line,) = read_lines([b"data: 2026-03-02T08:00:00+00:00 ", b"app[web.1]: x"], year=2026)

    assert (line.source, line.text) == ("app", "x")


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    (line,) = read_lines([b"\xef\xbb", b"\xbf2026-03-02T08:00:00+00:00 app[web.1]: x"], year=2026)

    assert line.text == "x"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
@pytest.mark.parametrize("size", [1, 3, 4096])
def test_a_log_that_powershell_wrote_is_read(encoding: str, size: int) -> None:
    text = "2026-03-02T08:00:00+00:00 app[web.1]: caffè\r\n2026-03-02T08:00:01+00:00 heroku[web.1]: Idling\r\n"
    data = text.encode(encoding) if encoding == "utf-16" else ("\ufeff" + text).encode(encoding)

    lines = list(read_lines([data[begin : begin + size] for begin in range(0, len(data), size)], year=2026))

    assert [line.text for line in lines] == ["caffè", "Idling"]


def test_memory_does_not_grow_with_the_log() -> None:
    chunk = b"\n".join(line for line in LINES if line.startswith(b"2026-")) + b"\n"

    def peak(chunks: int) -> int:
        tracemalloc.start()
        for _ in read_events((chunk for _ in range(chunks)), year=2026):
            pass
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)  # Fills the caches of patterns and names.
    assert peak(60) < 1.5 * peak(6) + 100_000


@pytest.mark.parametrize("framing", ["text", "frames", "sse"])
def test_lines_come_out_before_the_stream_has_ended(framing: Framing) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"data: 2026-03-02T08:00:00+00:00 app[web.1]: x\n\n" * 20

    stream = read_lines(endless(), year=2026, framing=framing)

    assert next(stream).number == 1


@pytest.mark.parametrize(
    "raw",
    [
        rb'{"timestamp":"2026-03-02T12:00:00Z","source":"heroku","proc":"web.1","message":"a\udc80b\ud83d\ude00"}',
        rb'time=2026-03-02T12:00:00.000000Z source=heroku proc=web.1 text="a\udc80b\ud83d\ude00"',
    ],
)
def test_half_a_character_in_an_escape_does_not_reach_the_text(raw: bytes) -> None:
    (line,) = read_lines([raw + b"\n"], year=2026)
    assert (line.proc, line.text) == ("web.1", "a?b\N{GRINNING FACE}")
