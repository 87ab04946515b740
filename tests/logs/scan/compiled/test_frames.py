"""The compiled part counts the messages of a frame as the loop in Python does, also of a frame that is cut or wrong."""

from __future__ import annotations

from ctypes import CDLL

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.archive.gaps import read_messages_in

pytestmark = pytest.mark.real

MESSAGE = st.binary(max_size=30).map(lambda text: b"%d %b" % (len(text), text))
WRONG = st.sampled_from(
    [b"", b"7", b"7 ", b" ", b"-1 x", b"0 ", b"00000001 x", b"000000001 x", b"99999999 x", b"\xb2 ab"]
)


@given(st.lists(MESSAGE | WRONG, max_size=6).map(b"".join), st.integers(0, 3))
def test_messages_of_a_frame_count_alike(part: CDLL, body: bytes, cut: int) -> None:
    whole = body[: len(body) - cut]
    found = read_messages_in(whole)
    assert part.herodyno_messages(whole, len(whole)) == (-1 if found is None else found)


def test_frames_that_fit_and_that_do_not(part: CDLL) -> None:
    assert [part.herodyno_messages(body, len(body)) for body in (b"", b"1 x", b"1 x2 yz", b"2 x", b"x")] == [
        0,
        1,
        2,
        -1,
        -1,
    ]
