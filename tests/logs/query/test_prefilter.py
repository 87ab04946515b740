"""The prefilter drops most lines and never one that is wanted."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.decoding.read import read_lines
from herodyno.logs.decoding.splitters import LineSplitter
from herodyno.logs.query.filters import condition
from herodyno.logs.query.prefilter import SievedLines
from herodyno.logs.query.selecting import Selection, Selector
from tests.logs.log_lines import raw, request

H12 = raw(request(code="H12", service=30000, status=503))
LINES = [
    H12,
    raw(request()),
    raw(request(service=2500, path="/a?status=503&service=9")),
    raw(request(status=503)).replace("service=30ms", "service=1"),
    raw("app[web.1]: H12"),
    raw("app[web.1]: status=500, service=3000ms"),
    raw('app[web.1]: {"status": 502, "service": "3s"}'),
    raw('app[web.1]: sample#service=2500ms measure#status="501"'),
    raw("app[web.1]: " + "x" * 9_988),
    raw("app[web.1]: H12 status=" + "9" * 9_977),
    raw("app[web.1]: H12 status=" + "x" * 9_977),
    raw("app[web.1]: " + "x" * 10_000),  # these three are pieces of one message, or of two
    raw("app[web.1]: H12 status=" + "x" * 9_989),
    raw("app[web.1]: H12 status=500"),
    raw("app[web.2]: " + "x" * 10_000),
    "data: H12 status=500",
    "<190>1 2026-11-23T02:00:00+00:00 host app web.1 - H12 status=500 status=200",
    "  H12 status=500 ",
    "",
]
WORDS = ["code=H12", "path~^/", "status>=500", "status<300", "dyno=web.1", "service=30s", "service>2s", "service<2s",
         "service<=1", "code!=H12", "bytes>1"]  # fmt: skip


def shown(chunks: list[bytes], selection: Selection, *, is_sieved: bool) -> list[str]:
    selector = Selector(selection)
    text = partial(SievedLines, selection.needle, selection.rules_out) if is_sieved else LineSplitter
    return [line.raw for line in read_lines(chunks, year=2026, text=text) if selector.wants(line)]


@given(
    st.lists(st.sampled_from(LINES), max_size=30),
    st.integers(1, 40_000),
    st.sets(st.sampled_from(WORDS), min_size=1),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_sieved_and_decoded_is_what_is_decoded_and_filtered(
    lines: list[str], size: int, words: set[str], end: str
) -> None:
    selection = Selection(conditions=tuple(found for word in sorted(words) if (found := condition(word))))
    data = end.join(lines).encode()
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert shown(chunks, selection, is_sieved=True) == shown(chunks, selection, is_sieved=False)


def selection_of(word: str) -> Selection:
    wanted = condition(word)
    assert wanted
    return Selection(conditions=(wanted,))


def records(splitter: SievedLines, chunks: list[bytes]) -> list[bytes]:
    return [record for chunk in chunks for record in splitter.feed(chunk)] + splitter.flush()


def test_most_lines_are_dropped_unread() -> None:
    data = "\n".join([raw(request())] * 1000 + [H12, ""]).encode()
    selection = selection_of("status>=500")
    assert records(SievedLines(selection.needle, selection.rules_out), [data]) == [H12.encode()]


@pytest.mark.parametrize("size", [100, 1 << 16, 1 << 22])
def test_a_message_in_pieces_is_kept_whole_though_a_chunk_ends_between_them(size: int) -> None:
    first = raw("app[web.1]: " + "x" * 10_000)
    data = "\n".join([first, raw("app[web.1]: r-77"), H12, ""]).encode()
    cut = len(first) + 1
    chunks = [data[:cut], *(data[at : at + size] for at in range(cut, len(data), size))]
    assert shown(chunks, Selection(request_id="r-77"), is_sieved=True) == [f"{first}r-77"]


def test_a_broken_line_at_the_start_of_a_chunk_does_not_go_on_a_line_before_the_one_that_was_dropped() -> None:
    first = raw(request(request="r-77")).removesuffix(" protocol=http1.1")
    chunks = [
        f"{first}\n{raw('app[web.1]: x')}\n".encode(),
        b"\x1b[36m" + raw(request(request="r-77")).encode() + b"\n",
    ]
    selection = Selection(request_id="r-77")
    assert len(shown(chunks, selection, is_sieved=False)) == 2
    assert shown(chunks, selection, is_sieved=True) == shown(chunks, selection, is_sieved=False)


@pytest.mark.parametrize("size", [1 << 16, 1 << 22])
def test_a_line_of_3_mb_is_the_line_it_is_without_a_sieve(size: int) -> None:
    data = "\n".join([raw(request()), raw("app[web.1]: " + "x" * 3_000_000 + " status=500"), H12, ""]).encode()
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    selection = selection_of("status>=500")
    assert shown(chunks, selection, is_sieved=True) == shown(chunks, selection, is_sieved=False) == [H12]


def test_the_lines_that_are_left_do_not_tell_how_a_log_travels() -> None:
    data = "\n".join([raw(request()), "data: status=500", ""]).encode()
    lines = read_lines([data], year=2026, text=partial(SievedLines, "status=5"))
    assert [line.raw for line in lines][1:] == ["data: status=500"]  # a line without a head may go on the one before


def test_frames_and_events_pass_as_they_are() -> None:
    for data in (b"8 <190>1 x\n", b"data: x\n\n"):
        sieved = read_lines([data], year=2026, text=partial(SievedLines, "needle"))
        assert list(sieved) == list(read_lines([data], year=2026))
