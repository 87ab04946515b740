"""A log may be cut after a line, where no traceback is open and no message is in pieces."""

from herodyno.logs.decoding.frames import PIECE_BYTES
from herodyno.logs.scan.cuts import WINDOW, cut_place

AT = "2026-03-02T12:00:01.000002+00:00"
PLAIN = f"{AT} app[web.1]: level=info\n".encode()
FRAME = f"{AT} app[web.1]:     at f (/app/a.js:1:2)\n".encode()
HEAD = f"{AT} app[web.1]: TypeError: x\n".encode()
PIECE = b"%b%b\n" % (PLAIN[:-1], b"x" * PIECE_BYTES)


def window(*lines: bytes) -> bytes:
    return b"the rest of a line\n" + b"".join(lines) * (WINDOW // len(b"".join(lines)))


def test_a_cut_lies_behind_the_end_of_a_line_and_behind_what_may_belong_to_an_earlier_traceback() -> None:
    place = cut_place(window(PLAIN))
    assert place is not None
    assert place > 1 << 17
    assert window(PLAIN)[place - 1 :].startswith(b"\n" + PLAIN)


def test_there_is_no_cut_in_a_traceback() -> None:
    assert cut_place(window(HEAD, FRAME, FRAME)) is None


def test_there_is_no_cut_behind_a_piece_of_a_long_message() -> None:
    assert cut_place(window(PIECE)) is None


def test_there_is_no_cut_in_a_window_without_the_end_of_a_line() -> None:
    assert cut_place(b"x" * WINDOW) is None
