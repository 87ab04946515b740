"""The exit status inside a one-off dyno's output: a mark that only this run knows, taken out of the bytes.

An attached dyno sends raw bytes and no status. So the dyno's shell prints a mark after the command: the status behind
a random word, between two record separators (`announcement`). StatusReader finds the mark across any split of packets.
The last mark counts: a program can read the random word from its parent's command line and print a mark of its own,
but the shell's mark comes later.
"""

import os
import re

_EDGE = b"\x1e"
_STATUS = re.compile(rb"(\d{1,10})\x1e")
_BEGUN = re.compile(rb"\d{0,10}\Z")


def new_word() -> str:
    """The random word of one run: 128 bits in hexadecimal, so that no output holds it by chance or by guess."""
    return os.urandom(16).hex()


def announcement(word: str) -> str:
    """Shell text that prints the mark with the status in the variable `$s`.

    The separators are written as escapes, so that a shell that echoes this text prints no mark.
    """
    return rf"""printf '\036herodyno {word} %s\036' "$s" """.rstrip()


class StatusReader:
    """Takes the marks of `word` out of a stream of bytes. `status` is 0 to 255, or None before the first mark."""

    def __init__(self, word: str) -> None:
        self.status: int | None = None
        self._mark = _EDGE + f"herodyno {word} ".encode()
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        """The output so far without marks. Bytes that may begin a mark are held back until the next call."""
        data = self._held + chunk if self._held else chunk
        self._held = b""
        shown: list[bytes] = []
        start = 0
        while (at := data.find(self._mark, start)) >= 0:
            after = at + len(self._mark)
            if found := _STATUS.match(data, after):
                shown.append(data[start:at])
                start = found.end()
                self.status = _exit_status(int(found[1]))
            elif _BEGUN.match(data, after):
                self._held = data[at:]
                shown.append(data[start:at])
                return b"".join(shown)
            else:
                shown.append(data[start:after])
                start = after
        end = self._start_of_a_mark(data, start)
        self._held = data[end:]
        if start == 0 and end == len(data):
            return data
        shown.append(data[start:end])
        return b"".join(shown)

    def end(self) -> bytes:
        """The bytes held back, after the end of the stream; none when they can only be a mark cut short."""
        held, self._held = self._held, b""
        return b"" if held.startswith(self._mark[:24]) else held

    def _start_of_a_mark(self, data: bytes, start: int) -> int:
        """The index in `data` where bytes begin that may be the beginning of a mark, or its length."""
        at = data.find(_EDGE, max(start, len(data) - len(self._mark) + 1))
        while at >= 0 and not self._mark.startswith(data[at:]):
            at = data.find(_EDGE, at + 1)
        return len(data) if at < 0 else at


def _exit_status(number: int) -> int:
    """The number as a process's exit status: above 255 it becomes 1, never 0."""
    return number if number <= 255 else 1
