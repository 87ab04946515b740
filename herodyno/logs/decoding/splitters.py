"""Cuts bytes into records: lines of text, or data lines of server-sent events.

A splitter gives records, or an empty list while none is whole, and never raises. The records do not depend on the cuts
between chunks. Memory is bounded: a longer record keeps its first 256 KB and says at its end how many bytes are gone.
Only LF and CRLF end a line of text: U+2028, NEL, VT and FF may stand inside one.
"""

from __future__ import annotations

from typing import Protocol

RECORD_LIMIT = 256 * 1024
# Bytes. Longer than any line of Logplex, whose messages have at most 10,000 bytes.
_FIRST_LF_WITHIN = 16 * 1024


class Splitter(Protocol):
    """Cuts a stream of bytes into records (bytes of one line, frame or event, without its end)."""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The records that `chunk` completes."""

    def flush(self) -> list[bytes]:
        """The unfinished record at the end of the stream, if any."""


class LineSplitter:
    """Lines of text, ended by LF or CRLF. Of one longer than `limit` (256 KB) only the beginning is kept."""

    def __init__(self, limit: int | None = None) -> None:
        self._limit = RECORD_LIMIT if limit is None else limit
        self._rest = bytearray()
        self._over = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        first, *others = chunk.split(b"\n")
        if not others:
            self._keep(first)
            return []
        self._keep(first)
        lines = [self._finish(), *others[:-1]]
        self._keep(others[-1])
        if len(chunk) > self._limit:
            lines[1:] = [cut_record(line, limit=self._limit) for line in lines[1:]]
        if b"\r" in chunk:
            return [line.removesuffix(b"\r") for line in lines]
        lines[0] = lines[0].removesuffix(b"\r")
        return lines

    def flush(self) -> list[bytes]:
        return [line] if (line := self._finish().removesuffix(b"\r")) else []

    @property
    def is_holding(self) -> bool:
        """Whether a line has begun."""
        return bool(self._rest or self._over)

    def give_back(self) -> bytes:
        """Take the begun line out, for a caller that cuts lines too; b"" when some of the line was dropped."""
        if self._over:
            return b""
        begun = bytes(self._rest)
        self._rest.clear()
        return begun

    def _keep(self, part: bytes) -> None:
        room = self._limit - len(self._rest)
        self._rest += part[:room]
        self._over += max(0, len(part) - room)

    def _finish(self) -> bytes:
        line = bytes(self._rest) + _more(self._over)
        self._rest.clear()
        self._over = 0
        return line


class SseSplitter:
    """The `data` of server-sent events; one record for each event.

    Several data lines of one event are one text, joined by LF as the standard has it: one speaker, whatever a later
    line says. A blank line ends an event, and so does the next event's id.
    Comments, `event`, `retry` and `id` carry no log and give no record; `last_id` is the newest id.
    A line that is no field of the format becomes a record unchanged: a proxy may send a message so.
    NULs before a field are heartbeats.
    LF or CRLF ends a line. A CR inside a line is text that an app printed, and begins no line. Only a stream without
    any LF is ended by CR.
    """

    def __init__(self) -> None:
        self.last_id = ""
        self._lines = LineSplitter()
        self._head = b""  # while no line end shows which one this stream has
        self._is_by_cr: bool | None = None
        self._event: list[bytes] = []  # the data lines of the event that is open
        self._bytes = 0  # of those
        self._over = 0  # how many bytes of them were dropped above the limit

    def feed(self, chunk: bytes) -> list[bytes]:
        if self._is_by_cr is None:
            self._head += chunk
            if b"\n" not in self._head and len(self._head) < _FIRST_LF_WITHIN:
                return []
            return self._begin(is_by_cr=b"\n" not in self._head)
        return self._data(self._lines.feed(chunk.replace(b"\r", b"\n") if self._is_by_cr else chunk))

    def flush(self) -> list[bytes]:
        begun = self._begin(is_by_cr=True) if self._is_by_cr is None else []
        return begun + self._data([*self._lines.flush(), b""])

    def _begin(self, *, is_by_cr: bool) -> list[bytes]:
        head, self._head, self._is_by_cr = self._head, b"", is_by_cr
        return self.feed(head)

    def _data(self, lines: list[bytes]) -> list[bytes]:
        records = []
        for line in lines:
            line = line.lstrip(b"\0")
            field, _, value = line.partition(b":")
            if field == b"data":
                self._take(value.removeprefix(b" "))
                continue
            if self._event and (not line or field != b""):  # a comment ends nothing
                records.append(cut_record(b"\n".join(self._event), self._over))
                self._event, self._bytes, self._over = [], 0, 0
            if field == b"id":
                self.last_id = value.strip().decode("utf-8", "replace")
            elif field not in (b"", b"event", b"retry"):
                records.append(line)
        return records

    def _take(self, data: bytes) -> None:
        if self._bytes > RECORD_LIMIT:
            self._over += len(data) + 1
        else:
            self._event.append(data)
            self._bytes += len(data) + 1


def cut_record(record: bytes, over: int = 0, *, limit: int | None = None) -> bytes:
    """The record, at most its first 256 KB (`limit`), and how many bytes are gone. `over` were dropped before."""
    limit = RECORD_LIMIT if limit is None else limit
    over += max(0, len(record) - limit)
    return record[:limit] + _more(over) if over else record


def _more(over: int) -> bytes:
    return b" [... %d bytes more]" % over if over else b""
