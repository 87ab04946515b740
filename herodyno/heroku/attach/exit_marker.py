"""The exit status inside a one-off dyno's output: a mark only this run knows, taken out of the bytes as they pass.

An attached dyno sends raw bytes and no status. So the dyno's shell prints the status behind the
command, between record separators and behind a random word (`announcement`), and StatusReader
finds it across any split of packets. The last mark counts: a program that reads the random word
from its parent's command line can print a mark, but the shell's own comes behind it.
"""

import os
import re

_EDGE = b"\x1e"
_STATUS = re.compile(rb"(\d{1,10})\x1e")
_BEGUN = re.compile(rb"\d{0,10}\Z")


def new_word() -> str:
    """A word for one run: 128 random bits, so that no output holds it by chance or by guess."""
    return os.urandom(16).hex()


def announcement(word: str) -> str:
    """Shell text that prints the mark with the status in `$s`.

    The separators are written as escapes: a shell that echoes this very text prints no mark.
    """
    return rf"""printf '\036herodyno {word} %s\036' "$s" """.rstrip()


class StatusReader:
    """Takes the marks out of a stream of bytes. `status` is 0 to 255, or None while none was seen."""

    def __init__(self, word: str) -> None:
        self.status: int | None = None
        self._mark = _EDGE + f"herodyno {word} ".encode()
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        """The output in `chunk`, all of it but what may be the beginning of a mark."""
        data = self._held + chunk if self._held else chunk
        self._held = b""
        shown: list[bytes] = []
        start = 0
        while (at := data.find(self._mark, start)) >= 0:
            behind = at + len(self._mark)
            if found := _STATUS.match(data, behind):
                shown.append(data[start:at])
                start = found.end()
                self.status = _exit_status(int(found[1]))
            elif _BEGUN.match(data, behind):
                self._held = data[at:]
                shown.append(data[start:at])
                return b"".join(shown)
            else:
                shown.append(data[start:behind])
                start = behind
        end = self._start_of_a_mark(data, start)
        self._held = data[end:]
        if start == 0 and end == len(data):
            return data
        shown.append(data[start:end])
        return b"".join(shown)

    def end(self) -> bytes:
        """What was held back, once the stream has ended; nothing when it can only be a mark cut short."""
        held, self._held = self._held, b""
        return b"" if held.startswith(self._mark[:24]) else held

    def _start_of_a_mark(self, data: bytes, start: int) -> int:
        """Where the longest end of `data` begins that a mark can begin with."""
        at = data.find(_EDGE, max(start, len(data) - len(self._mark) + 1))
        while at >= 0 and not self._mark.startswith(data[at:]):
            at = data.find(_EDGE, at + 1)
        return len(data) if at < 0 else at


def _exit_status(number: int) -> int:
    """A status that fits a process's own: what does not fit is a failure, never 0."""
    return number if number <= 255 else 1
