"""The decoder: the same as reading at once, whatever the chunks; the unfinished end apart."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.decoding import decoder
from herodyno.logs.decoding.decoder import Decoder, FramingRule, framing_of
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.decoding.splitters import LineSplitter
from tests.logs.log_lines import raw

PIECE = raw("app[web.1]: " + "x" * 10_000)
TEXTS = [
    raw("app[web.1]: façade 🦉 a\u2028b\u0085c\x0bd\x0ce\x1cf"),
    raw("app[web.1]:     at work.rb:7", 1),
    raw("app[web.1]: ", 2),
    "  no head",
    PIECE,
    raw("app[web.1]: " + "y" * 10_000),
    raw("heroku[router]: at=info", 3),
]
LINES = st.lists(st.sampled_from(TEXTS), max_size=12)


def chunked(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def live(data: bytes, size: int, kind: str) -> list[str]:
    lines = Decoder(LineReader(year=2026), framing_of(kind))
    got = [line.raw for chunk in chunked(data, size) for line in lines.feed(chunk)]
    return got + [line.raw for line in lines.unfinished()]


@given(LINES, st.integers(1, 30_000), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["text/plain", ""]))
def test_c10_c11_c12_text_gives_the_same_lines_under_any_chunking(
    texts: list[str], size: int, end: str, kind: str
) -> None:
    data = end.join(texts).encode()
    assert live(data, size, kind) == [line.raw for line in read_lines([data], year=2026, framing="text")]


@given(LINES, st.integers(1, 30_000), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["text/event-stream", ""]))
def test_events_give_the_same_lines_under_any_chunking(texts: list[str], size: int, end: str, kind: str) -> None:
    data = "".join(f"id: 7{end}data: {text}{end}{end}" for text in texts).encode()
    assert live(data, size, kind) == [line.raw for line in read_lines([data], year=2026, framing="sse")]


@given(LINES, st.integers(1, 30_000))
def test_frames_give_the_same_lines_under_any_chunking(texts: list[str], size: int) -> None:
    frames = [f"<190>1 2026-11-23T02:00:00+00:00 host app web.1 - {text[-50:]}\n".encode() for text in texts]
    data = b"".join(b"%d %s" % (len(frame), frame) for frame in frames)
    assert live(data, size, "") == [line.raw for line in read_lines([data], year=2026)]


def test_a_line_comes_out_as_soon_as_it_ends() -> None:
    lines = Decoder(LineReader(year=2026), "text")
    text = TEXTS[0].encode()
    assert lines.feed(text) == []
    assert [line.raw for line in lines.feed(b"\n")] == [TEXTS[0]]
    assert lines.unfinished() == []


def test_c9_pieces_of_one_message_are_joined_across_chunks() -> None:
    lines = Decoder(LineReader(year=2026), "text")
    rest = raw("app[web.1]: tail").encode()
    assert lines.feed(PIECE.encode() + b"\n") == []
    (joined,) = lines.feed(rest + b"\n")
    assert joined.text == "x" * 10_000 + "tail"


def test_a_long_line_whose_rest_does_not_come_is_let_go() -> None:
    lines = Decoder(LineReader(year=2026), "text")
    assert lines.feed(PIECE.encode() + b"\n") == []
    assert [line.raw for line in lines.quiet()] == [PIECE]
    assert lines.quiet() == []


def test_half_a_line_is_not_a_line_until_it_is_asked_for() -> None:
    lines = Decoder(LineReader(year=2026), "text")
    assert lines.feed(b"\0\0" + TEXTS[1].encode()[:-3]) == []
    assert [line.raw for line in lines.unfinished()] == [TEXTS[1][:-3]]


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream"])
def test_heartbeats_are_no_lines(kind: str) -> None:
    assert live(b"\0\0\n\0" + TEXTS[1].encode() + b"\n\0", 1, kind) == [TEXTS[1]]
    assert live(b": hello\n\n:\n\n" + b"data: x\n\n", 1, "text/event-stream") == ["x"]


def test_c7_memory_is_bounded_in_a_line_of_20_mb() -> None:
    lines = Decoder(LineReader(year=2026), "text")
    for _ in range(20):
        assert lines.feed(b"x" * (1 << 20)) == []
    (line,) = lines.feed(b"\n")
    assert line.raw.endswith(" bytes more]")
    assert len(line.raw) < 300_000


def test_a_row_and_a_splitter_are_all_that_a_new_framing_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    class RecordSplitter(LineSplitter):
        """Records that end with the sign for a record's end."""

        def feed(self, chunk: bytes) -> list[bytes]:
            return super().feed(chunk.replace(b"\x1e", b"\n"))

    rule = FramingRule(re.compile(rb"#records"), RecordSplitter)
    monkeypatch.setattr(decoder, "FRAMINGS", {"records": rule, **decoder.FRAMINGS})
    data = b"\x1e".join(
        [b"#records", *(raw(f"app[web.1]: {text}", at).encode() for at, text in enumerate(("one", "two")))]
    )

    for size in (1, 7, 512):
        chunks = [data[at : at + size] for at in range(0, len(data), size)]
        assert [line.text for line in read_lines(chunks, year=2026)] == ["#records", "one", "two"]
