"""Where one line ends and the next begins does not depend on how the bytes arrived."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.decoding import splitters
from herodyno.logs.decoding.decoder import Framing, sniff
from herodyno.logs.decoding.splitters import RECORD_LIMIT, LineSplitter, Splitter, SseSplitter


def split(splitter: Splitter, chunks: Iterable[bytes]) -> list[bytes]:
    return [record for chunk in chunks for record in splitter.feed(chunk)] + splitter.flush()


def in_chunks(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[begin:end] for begin, end in pairwise(places)]


PIECES = st.lists(
    st.sampled_from(
        [
            b"\n",
            b"\r",
            b"\r\n",
            b"\n\n",
            b"data:",
            b"data: a",
            b"id: 7",
            b":",
            b"event: x",
            "é".encode(),
            b"\xff",
            b"abc ",
        ]
    ),
    max_size=40,
).map(b"".join)
CUTS = st.lists(st.integers(min_value=0, max_value=500), max_size=12)


@given(PIECES, CUTS)
def test_lines_are_the_same_for_any_chunking(data: bytes, cuts: list[int]) -> None:
    assert split(LineSplitter(), in_chunks(data, cuts)) == split(LineSplitter(), [data])


@given(PIECES, CUTS)
def test_cut_lines_are_the_same_for_any_chunking(data: bytes, cuts: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitters, "RECORD_LIMIT", 5)
        assert split(LineSplitter(), in_chunks(data, cuts)) == split(LineSplitter(), [data])


@given(PIECES, CUTS)
def test_events_are_the_same_for_any_chunking(data: bytes, cuts: list[int]) -> None:
    assert split(SseSplitter(), in_chunks(data, cuts)) == split(SseSplitter(), [data])


def test_only_lf_and_crlf_end_a_line() -> None:
    inside = "a\u2028b\u0085c\vd\fe\x1cf\rg"

    assert split(LineSplitter(), [f"{inside}\r\nnext\n".encode()]) == [inside.encode(), b"next"]


def test_a_line_cut_in_mid_character_and_mid_line_end_is_whole() -> None:
    data = "caffè\r\nb\r\n".encode()

    assert split(LineSplitter(), [data[cut : cut + 1] for cut in range(len(data))]) == ["caffè".encode(), b"b"]


def test_a_stream_that_ends_in_mid_line_keeps_the_part() -> None:
    assert split(LineSplitter(), [b"a\nhal", b"f"]) == [b"a", b"half"]


@pytest.mark.parametrize("size", [1 << 16, 1 << 20, 20_000_100])
def test_a_line_of_20_mb_keeps_256_kb_and_counts_the_rest(size: int) -> None:
    data = b"x" * 20_000_000 + b"\nnext\n"
    splitter = LineSplitter()
    records = []
    for begin in range(0, len(data), size):
        records += splitter.feed(data[begin : begin + size])
        assert len(splitter._rest) <= RECORD_LIMIT

    assert records[0] == b"x" * RECORD_LIMIT + b" [... %d bytes more]" % (20_000_000 - RECORD_LIMIT)
    assert records[1:] == [b"next"]


def test_the_data_lines_of_an_event_are_one_record_and_the_rest_is_none() -> None:
    splitter = SseSplitter()
    stream = (
        b": hello\n\nid: 41\r\ndata: one\ndata:  two\r\n\nevent: end\nretry: 5\nid: 42\ndata:three\n\nBad gateway\n"
    )

    assert split(splitter, [stream]) == [b"one\n two", b"three", b"Bad gateway"]
    assert splitter.last_id == "42"
    by_cr = SseSplitter()
    assert split(by_cr, [stream.replace(b"\r\n", b"\r").replace(b"\n", b"\r")]) == [
        b"one\n two",
        b"three",
        b"Bad gateway",
    ]
    assert by_cr.last_id == "42"


@pytest.mark.parametrize("size", [1, 7, 10_000_000])
def test_a_cr_that_an_app_printed_begins_no_data_line_wherever_it_stands(size: int) -> None:
    printed = b"data: 10 %\rdata: forged\rid: 9\r\rforged too"
    stream = printed + b"\n\nid: 1\ndata: next\n\n" + b"data: " + b"\r" * 20_000 + b"data: x\n\n"
    cuts = [stream[at : at + size] for at in range(0, len(stream), size)]
    splitter = SseSplitter()

    records = split(splitter, cuts)

    assert records == [printed.removeprefix(b"data: "), b"next", b"\r" * 20_000 + b"data: x"]
    assert splitter.last_id == "1"


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (b"2026-03-02T08:00:00.000001+00:00 app[web.1]: hi\n", "text"),
        (b"$ heroku logs\n2026-03-02T08:00:00+00:00 app[web.1]: hi\n", "text"),
        (b"Jul 16 22:52:42 example-app heroku/web.1:  Idling\n", "papertrail"),
        (b"7000001\t2026-03-02 00:19:36 -0800\t2026-03-02 00:19:36 -0800\t4\n", "papertrail"),
        (b"83 <40>1 2026-03-02T08:00:00+00:00 host app web.3 - x\n", "frames"),
        (b"\n\n<40>1 2026-03-02T08:00:00+00:00 host app web.3 - x\n", "frames"),
        (b"\xef\xbb\xbfid: 1\ndata: x\n\n", "sse"),
        (b":\n", "sse"),
        (b"data: 2026", None),
        (b"x" * 512, "text"),
        (b"", None),
    ],
)
def test_the_first_bytes_tell_how_lines_travel(head: bytes, wanted: Framing | None) -> None:
    assert sniff(head) == wanted


def test_what_is_all_is_judged_as_it_is() -> None:
    assert sniff(b"data: 2026", is_all=True) == "sse"
    assert sniff(b"", is_all=True) == "text"
