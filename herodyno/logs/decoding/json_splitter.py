"""Cuts one JSON document into log records: an array of objects, or an object with a list of them.

Papertrail's API answers `{"events": [{…}, …]}`, `logs -o json` writes `{"lines": [{…}, …]}`. The document may be on one
line or on many. NDJSON is lines, and needs no splitter of its own.
"""

from __future__ import annotations

import re

from herodyno.logs.decoding.splitters import RECORD_LIMIT, LineSplitter, cut_record
from herodyno.logs.possessive import repeated

_IN_TEXT = repeated(r"[^\"\\]|\\.").encode()
_PART = re.compile(rb'"' + _IN_TEXT + rb'"|["{}\[\]]', re.DOTALL)
_BEFORE_LIST = re.compile(rb'"(?:events|lines|logs|entries|results)"\s*:\s*\Z')  # as in decoder.py
_KEY_BYTES = 64  # the longest of these keys, with blanks around it
_LAYOUT = b" \t\r\n,"
_TEXT = re.compile(rb"[ \t\r\n,]*(?=[^ \t\r\n,{\[])")  # something else than another document


class JsonSplitter:
    """The records of a JSON document, or of several. Text behind a document is lines: it is no part of it."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._at = 0  # offset up to which brackets are counted
        self._open = bytearray()  # the brackets that are open
        self._is_list = False  # whether a list of records in the outermost object is open
        self._start = -1  # offset of the record that is open, -1 for none
        self._depth = 0  # of brackets around that record
        self._over = 0  # how many bytes of it were dropped above the limit
        self._lines: LineSplitter | None = None  # of the text behind the document

    def feed(self, chunk: bytes) -> list[bytes]:
        """The records that the chunk completes."""
        if self._lines:
            return self._lines.feed(chunk)
        self._buffer += chunk
        records = []
        for part in _PART.finditer(self._buffer, self._at):
            mark = part[0]
            if not self._open and _TEXT.match(self._buffer, self._at):
                break
            if mark == b'"':  # a string whose end has not come yet
                break
            self._at = part.end()
            if mark in b"{[":
                self._opens(mark, part.start())
            elif mark in b"}]":
                del self._open[-1:]
                self._is_list = self._is_list and len(self._open) > 1
                if self._start >= 0 and len(self._open) == self._depth:
                    records.append(cut_record(bytes(self._buffer[self._start : self._at]), self._over))
                    self._start, self._over = -1, 0
        if not self._open and self._at and (text := _TEXT.match(self._buffer, self._at)):
            self._lines = LineSplitter()
            records += self._lines.feed(bytes(self._buffer[text.end() :]))
            self._buffer.clear()
            return records
        self._shrink()
        return records

    def flush(self) -> list[bytes]:
        """The record that is broken off at the end, or the last line behind the document."""
        if self._lines:
            return self._lines.flush()
        begin = self._start if self._start >= 0 else self._at
        rest = bytes(self._buffer[begin:]).strip(_LAYOUT)
        self._buffer.clear()
        return [cut_record(rest, self._over)] if rest and (self._start >= 0 or not self._open) else []

    def _opens(self, mark: bytes, place: int) -> None:
        around = bytes(self._open)
        if mark == b"[" and around == b"{" and _BEFORE_LIST.search(self._buffer, max(0, place - _KEY_BYTES), place):
            self._start, self._is_list = -1, True  # the object that holds the list is no record
        elif mark == b"{" and self._start < 0 and (self._is_list if around == b"{[" else around in (b"", b"[")):
            self._start, self._depth = place, len(around)
        self._open += mark

    def _shrink(self) -> None:
        """Drop what was read, and what a record has above the limit."""
        if self._start < 0:
            keep = max(0, self._at - _KEY_BYTES)
        else:
            keep = self._start
            limit = keep + RECORD_LIMIT
            if self._at > limit + _KEY_BYTES:
                del self._buffer[limit : self._at - _KEY_BYTES]
                self._over += self._at - _KEY_BYTES - limit
                self._at = limit + _KEY_BYTES
        del self._buffer[:keep]
        self._at -= keep
        self._start -= keep if self._start >= 0 else 0
