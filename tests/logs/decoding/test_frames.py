"""Frames are cut by count, found again after a wrong count, and no byte of a message is lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.decoding import frames, splitters
from herodyno.logs.decoding.frames import PIECE_BYTES, FrameSplitter, Pieces, whole_messages
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.decoding.splitters import RECORD_LIMIT

HEAD = b"<190>1 2026-03-02T08:00:00.000001+00:00 host app web.1 - "


def counted(frame: bytes) -> bytes:
    return b"%d %s" % (len(frame), frame)


def split(*chunks: bytes) -> list[bytes]:
    splitter = FrameSplitter()
    return [frame for chunk in chunks for frame in splitter.feed(chunk)] + splitter.flush()


def texts(body: bytes) -> list[str]:
    return [line.text for line in read_lines([body], year=2026)]


def test_frames_are_cut_by_count() -> None:
    whole_frames = [HEAD + b"one\n", HEAD + b"two\n", HEAD + b"\n", HEAD + "drei é\n".encode()]

    assert split(b"".join(map(counted, whole_frames))) == whole_frames


def test_an_l10_frame_has_no_line_end_and_the_next_count_is_glued_to_it() -> None:
    loss = b"<172>1 2026-03-02T08:00:00+00:00 host heroku logplex - Error L10 (x): 3 messages dropped."
    body = counted(loss) + counted(HEAD + b"next\n")

    assert split(body) == [loss, HEAD + b"next\n"]
    assert texts(body)[1] == "next"


def test_a_message_that_looks_like_a_frame_is_no_frame_when_the_count_is_right() -> None:
    frame = HEAD + b"got 83 <40>1 2026-03-02T08:00:00+00:00 host app web.3 - x\n"

    assert split(counted(frame) + counted(HEAD + b"b\n")) == [frame, HEAD + b"b\n"]


def test_wrong_counts_lose_nothing() -> None:
    body = b"".join(
        count + HEAD + text + b"\n" for count, text in [(b"9 ", b"a"), (b"222 ", b"b"), (b"", b"c"), (b"60 ", b"d")]
    )

    assert texts(body) == ["a", "b", "c", "d"]


def test_frames_one_a_line_with_counts_that_leave_out_the_line_end() -> None:
    body = b"".join(counted(HEAD + text) + b"\r\n" for text in (b"a", b"b", b"c"))

    assert texts(body) == ["a", "b", "c"]


def test_an_unfinished_frame_is_kept() -> None:
    assert split(counted(HEAD + b"abcdef\n")[:-4]) == [HEAD + b"abc"]


def test_a_frame_without_end_is_bounded_and_its_rest_counted() -> None:
    splitter = FrameSplitter()
    records = splitter.feed(b"99999999 " + HEAD)
    for _ in range(100):
        records += splitter.feed(b"x" * 100_000)
        assert len(splitter._buffer) < RECORD_LIMIT + 100_100
    records += splitter.feed(b"\n" + counted(HEAD + b"next\n")) + splitter.flush()

    assert records[0].startswith(HEAD + b"xxx")
    assert records[0].endswith(b" bytes more]")
    assert records[1] == HEAD + b"next\n"


MESSAGES = st.lists(st.sampled_from([b"a", b"", b"b c", "é".encode(), b"12 <", b"<40>1", b"7 "]), max_size=6)
COUNTS = st.sampled_from(["right", "wrong", "none"])


@given(
    st.lists(st.tuples(COUNTS, MESSAGES), max_size=6),
    st.lists(st.integers(0, 600), max_size=10),
    st.sampled_from([20, 70, RECORD_LIMIT]),
)
def test_frames_are_the_same_for_any_chunking(
    parts: list[tuple[str, list[bytes]]], cuts: list[int], limit: int
) -> None:
    body = b""
    for count, message in parts:
        frame = HEAD + b"".join(message) + b"\n"
        body += {"right": counted(frame), "wrong": b"31 " + frame, "none": frame}[count]
    places = sorted({cut % (len(body) + 1) for cut in cuts} | {0, len(body)})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "RECORD_LIMIT", limit)
        patch.setattr(splitters, "RECORD_LIMIT", limit)
        assert split(*(body[begin:end] for begin, end in pairwise(places))) == split(body)


def test_pieces_of_10_000_bytes_are_one_message() -> None:
    message = ("é" * 13_000).encode()[1:]  # Odd, so that the pieces end in the middle of a character.
    pieces = [message[begin : begin + PIECE_BYTES] for begin in range(0, len(message), PIECE_BYTES)]
    whole_frames = [HEAD + piece for piece in pieces[:-1]] + [HEAD + pieces[-1] + b"\n", HEAD + b"next\n"]
    lines = [f"2026-03-02T08:00:00.000001+00:00 app[web.1]: {'x' * PIECE_BYTES}".encode()] * 2

    assert texts(b"".join(map(counted, whole_frames))) == [message.decode("utf-8", "replace"), "next"]
    assert texts(b"\n".join([*lines, lines[0][:-1]])) == ["x" * (3 * PIECE_BYTES - 1)]


def test_a_line_of_10_000_bytes_is_whole_if_it_ends_or_another_dyno_speaks_next() -> None:
    ended = HEAD + b"x" * (PIECE_BYTES - 1) + b"\n"
    other = HEAD.replace(b"web.1", b"web.2")
    alone = [HEAD + b"x" * PIECE_BYTES, other + b"y" * PIECE_BYTES, HEAD + b"z\n"]

    for records in ([ended, HEAD + b"a\n"], alone, alone[:1]):
        pieces = Pieces()
        assert [whole for record in records for whole in pieces.feed(record)] + pieces.flush() == records


@given(
    st.lists(
        st.sampled_from(
            (counted(HEAD + b"a\n"), counted(HEAD + b"a"), HEAD + b"b\n", b"\n", b"7 ", b"12 <1>1 x", b"0 <")
        )
    )
)
def test_messages_of_right_counts_are_what_the_splitter_cuts(parts: list[bytes]) -> None:
    body = b"".join(parts)
    assert whole_messages(body) in (None, split(body))
    whole = [part for part in parts if part.startswith(b"%d <190>" % len(HEAD + b"a\n"))]
    assert whole_messages(b"".join(whole)) == split(b"".join(whole))
