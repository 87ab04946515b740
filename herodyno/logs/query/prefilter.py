"""Lines of text that cannot be wanted are dropped before they are cut: a splitter that gives fewer records."""

from __future__ import annotations

from collections.abc import Callable

from herodyno.logs.decoding.frames import PIECE_BYTES, piece_head
from herodyno.logs.decoding.splitters import RECORD_LIMIT, LineSplitter

_LONGEST = 4 * RECORD_LIMIT


class SievedLines:
    """Lines of text without those that lack `needle` or are ruled out.

    A line next to a line as long as a piece of a split message stays, since the two may be one. So do all lines among
    which some are broken, and the last of some lines: the next may be broken, and must not go on an earlier one.
    """

    def __init__(self, needle: str, rules_out: Callable[[bytes], bool] = lambda line: False) -> None:
        self._needle = needle.encode()
        self._rules_out = rules_out
        self._lines = LineSplitter()
        self._left = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        if not self._needle:
            return self._lines.feed(chunk)
        data = self._left + chunk
        end = _end_of_messages(data)
        self._left = data[end:]
        if len(self._left) < _LONGEST:
            return self._lines.feed(self._wanted(data[:end]))
        # No log session makes so long a line. What cannot be looked at whole stays, and so does what follows.
        self._needle, self._left = b"", b""
        return self._lines.feed(data)

    def flush(self) -> list[bytes]:
        left, self._left = self._left, b""
        return (self._lines.feed(self._wanted(left)) if left else []) + self._lines.flush()

    def _wanted(self, lines: bytes) -> bytes:
        """The lines round each needle. To search in all at once takes a fraction of the time to cut them first."""
        from herodyno.logs.decoding.mending import is_sound  # few searches are of text, and start-up counts

        if not is_sound(lines.replace(b"\r\n", b"\n")):
            return lines
        kept = []
        at = 0
        while (found := lines.find(self._needle, at)) >= 0:
            start = lines.rfind(b"\n", at, found) + 1 or at
            while start > at and start - 1 - (before := lines.rfind(b"\n", at, start - 1) + 1 or at) >= PIECE_BYTES:
                start = before
            end = lines.find(b"\n", found) + 1 or len(lines)
            last = start
            while end < len(lines) and end - last > PIECE_BYTES:
                last, end = end, lines.find(b"\n", end) + 1 or len(lines)
            at = end
            if end == len(lines) or end - start > PIECE_BYTES or not self._rules_out(lines[start:end]):
                kept.append(lines[start:end])
        if at < len(lines):
            kept.append(lines[max(at, lines.rfind(b"\n", 0, -1) + 1) :])
        return b"".join(kept)


def _end_of_messages(data: bytes) -> int:
    """Where the last whole line ends that does not go on in the next line."""
    from herodyno.logs.decoding.mending import may_go_on

    end = data.rfind(b"\n") + 1
    while end:
        start = data.rfind(b"\n", 0, end - 1) + 1
        line = data[start : end - 1].removesuffix(b"\r")
        if not (piece_head(line) or may_go_on(line)):
            break
        end = start
    return end
