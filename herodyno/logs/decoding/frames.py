"""Logplex frames: octet-counted syslog records as a drain receives them, and the pieces of long lines.

A body repeats `LEN SP <PRI>1 SP …`; LEN counts the bytes behind the blank. Frames are cut by count, never by line.
Counts in saved bodies are often wrong or gone (edited by hand). Such a frame ends with its line. Only Logplex's own L10
has no line end: the next frame follows its full stop at once. An app can print the start of a frame, so a start in the
middle of any other line is text.
Source: Heroku's log drain documentation; bodies in the test fixtures of public drain receivers.
"""

from __future__ import annotations

import re

from herodyno.heroku_facts import MESSAGE_BYTES
from herodyno.logs.decoding.splitters import RECORD_LIMIT, cut_record

PIECE_BYTES = MESSAGE_BYTES  # of all pieces of a long message but the last

FRAME_START = re.compile(rb"(?:\d{1,8} )?<\d{1,3}>1 ")
_COUNT = re.compile(rb"(\d{1,8}) (?=<)")
# Logplex writes it to a drain that was too slow, and ends it with the time since when lines were dropped.
_L10 = re.compile(
    rb"(?:\d{1,8} )?<\d{1,3}>1 \S{1,64} \S{1,64} heroku logplex - (?:- )?Error L10 \(output buffer overflow\)"
    rb"[^\n<>]{1,200}? since \d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d)\."
)
# A count that is too great reaches over the next frame, or into its count.
_ANOTHER = re.compile(rb"\n(?:\d{1,8} )?<\d{1,3}>1 ")
_CUT_COUNT = re.compile(rb"\n\d{1,8} ?\Z")
_START_BYTES = 16  # "12345678 <191>1 ", the longest start of a frame.

_HEAD = re.compile(rb"<\d{1,3}>1 \S+ \S+ \S+ \S+ -? ?|\d{4}-\S+ [\w.-]+\[[^\]\s]+\]: ?")


class FrameSplitter:
    """Cuts a body into frames, without the count, and with the message's line end if there is one."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0  # Without a right count, the end of the first frame does not lie before this offset.
        self._is_edited = False  # whether a count was wrong
        self._over = 0  # How many bytes of that frame were dropped above the limit.

    def feed(self, chunk: bytes) -> list[bytes]:
        self._buffer += chunk
        return self._frames(is_all=False)

    def flush(self) -> list[bytes]:
        return self._frames(is_all=True)

    def _frames(self, *, is_all: bool) -> list[bytes]:
        frames = []
        at = 0
        while at < len(self._buffer) and (taken := self._next(at, is_all=is_all)):
            frame, at = taken
            if frame.strip():
                frames.append(frame)
        del self._buffer[:at]
        return frames

    def _next(self, at: int, *, is_all: bool) -> tuple[bytes, int] | None:
        """The frame that begins at `at` and where it ends, or None when more bytes are needed."""
        if len(self._buffer) - at < _START_BYTES and not is_all:
            return None
        count = None if self._searched else _COUNT.match(self._buffer, at)
        if count and int(count[1]) <= RECORD_LIMIT:
            start, end = count.end(), count.end() + int(count[1])
            if len(self._buffer) < end + _START_BYTES and not is_all:
                return None
            if end <= len(self._buffer) and self._is_right(start, end):
                return bytes(self._buffer[start:end]), end
            self._is_edited = True
        return self._resynchronise(at, is_all=is_all)

    def _is_right(self, start: int, end: int) -> bool:
        """Whether a count is right, by where its frame ends. Right counts rule, also over an LF in a message.

        Once a count of this body was wrong, a frame with another inside is none.
        """
        if not self._begins_frame(end) or _CUT_COUNT.search(self._buffer, start, end):
            return False
        return not (self._is_edited and _ANOTHER.search(self._buffer, start, end))

    def _begins_frame(self, at: int) -> bool:
        """Whether a frame follows, or nothing but line ends. In the middle of a line only a counted one follows."""
        rest = bytes(self._buffer[at : at + _START_BYTES])
        begun = rest.lstrip(b"\r\n")
        is_behind_line = begun != rest or self._buffer[at - 1] == ord("\n")
        return not begun or bool(_COUNT.match(begun) or (is_behind_line and FRAME_START.match(begun)))

    def _resynchronise(self, at: int, *, is_all: bool) -> tuple[bytes, int] | None:
        """A frame whose count is wrong or missing."""
        end = self._buffer.find(b"\n", at + self._searched) + 1
        if not end and not is_all:
            self._drop_above_limit(at)
            self._searched = max(1, len(self._buffer) - at)
            return None
        end = end or len(self._buffer)
        if (lost := _L10.match(self._buffer, at)) and FRAME_START.match(self._buffer, lost.end()):
            end = lost.end()
        frame = bytes(self._buffer[at:end])
        over, self._over, self._searched = self._over, 0, 0
        count = _COUNT.match(frame)
        return cut_record(frame[count.end() :] if count else frame, over), end

    def _drop_above_limit(self, at: int) -> None:
        """Drop the bytes above the limit, but keep the last ones, in which the start of a frame may be cut."""
        keep, tail = at + RECORD_LIMIT + _START_BYTES, len(self._buffer) - _START_BYTES
        if tail > keep:
            del self._buffer[keep:tail]
            self._over += tail - keep


def whole_messages(body: bytes) -> list[bytes] | None:
    """The messages of a body, as FrameSplitter cuts them. None where a count is wrong, or where a message may be a
    piece of a long one."""
    messages = []
    at = 0
    while at < len(body):
        count = _COUNT.match(body, at)
        if not count:
            return None
        at = count.end() + int(count[1])
        message = body[count.end() : at]
        if at > len(body) or len(message) > PIECE_BYTES:
            return None
        if not message.endswith(b"\n") and _CUT_COUNT.search(message):
            return None
        messages.append(message)
    return messages


class Pieces:
    """Joins the pieces of one long message: the heads are equal, and all pieces but the last have 10,000 bytes.

    Pieces are joined as bytes because a piece may end within a character. A frame that ends in LF is complete,
    whatever its size.
    """

    def __init__(self) -> None:
        self.held = b""
        self._head = b""

    def feed(self, record: bytes) -> list[bytes]:
        """The records that this record completes."""
        held, head = self.held, self._head
        if held and record.startswith(head) and len(held) < RECORD_LIMIT:
            held += record[len(head) :]
            is_last = piece_head(record) != head
            self.held = b"" if is_last else held
            return [held] if is_last else []
        self._head = piece_head(record)
        self.held = record if self._head else b""
        done = [held] if held else []
        return done if self.held else [*done, record]

    def flush(self) -> list[bytes]:
        """The record that is still held, at the end of the stream."""
        held, self.held = self.held, b""
        return [held] if held else []


def piece_head(record: bytes) -> bytes:
    """The head of a record whose message has exactly the size of a piece; b"" for any other record."""
    if len(record) <= PIECE_BYTES or record.endswith(b"\n"):
        return b""
    found = _HEAD.match(record)
    return found[0] if found and len(record) - found.end() == PIECE_BYTES else b""
