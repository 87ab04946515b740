"""Log lines that travel as rows: of a table with a heading, of `logs -o logfmt`, and lines whose time was cut off."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime

from herodyno.logs.decoding.objects import read_object
from herodyno.logs.decoding.shapes import Read
from herodyno.logs.decoding.splitters import LineSplitter
from herodyno.units import USABLE_YEARS

_LOGFMT = re.compile(r'time=(\S+) (?:app=\S+ )?source=(\S+) proc=(\S+) (?:text=("(?:[^"\\]|\\.)*"|\S*)$)?')


_OWN = b"time,source,proc,dyno,"  # how the heading of `logs -o csv` begins


class RowSplitter(LineSplitter):
    """Rows behind a heading. Rows of other tools (Papertrail, Kibana, spreadsheets) become objects by its names."""

    def __init__(self) -> None:
        super().__init__()
        self._heading: bytes | None = None
        self._names: list[str] = []
        self._delimiter = ","

    def feed(self, chunk: bytes) -> list[bytes]:
        return self._rows(super().feed(chunk))

    def flush(self) -> list[bytes]:
        return self._rows(super().flush())

    def _rows(self, rows: list[bytes]) -> list[bytes]:
        if rows and self._heading is None:
            self._heading, *rows = rows
            heading = self._heading.decode("utf-8", "replace").lstrip("\ufeff")
            self._delimiter = next((mark for mark in "\t;," if mark in heading), ",")
            self._names = _cells(heading, self._delimiter)
        if self._heading is None or self._heading.startswith(_OWN):
            return rows
        return [self._object(row) for row in rows]

    def _object(self, row: bytes) -> bytes:
        cells = _cells(row.decode("utf-8", "replace"), self._delimiter)
        if len(cells) != len(self._names):
            return row
        return json.dumps(dict(zip(self._names, cells, strict=True))).encode()


def _cells(row: str, delimiter: str) -> list[str]:
    if delimiter == "\t":
        return row.split("\t")
    try:
        return next(csv.reader([row], delimiter=delimiter), [])
    except csv.Error:
        return []


_BARE = re.compile(r"(app|heroku)\[([^\]\s]{1,128})\]: ?", re.ASCII)


def read_row(raw: str) -> Read | None:
    """A row of any of these forms."""
    return read_object(raw) if raw[:1] == "{" else read_bare(raw) or read_logfmt(raw) or read_csv(raw)


def read_bare(raw: str) -> Read | None:
    """A line whose time was cut off: `heroku[web.1]: …`."""
    found = _BARE.match(raw)
    return (None, found[1], found[2], raw[found.end() :]) if found else None


def read_csv(raw: str) -> Read | None:
    """One row of `logs -o csv`: the time first, the text last. An apostrophe kept a formula from a spreadsheet."""
    try:
        cells = next(csv.reader([raw], strict=True), [])
    except csv.Error:
        return None
    if len(cells) < 5:
        return None
    at, text = _time(cells[0]), cells[-1]
    is_formula = text[:1] == "'" and text[1:2] in "=+-@\t"
    return (at, cells[1], cells[2], text[1:] if is_formula else text) if at and cells[1] and cells[2] else None


def read_logfmt(raw: str) -> Read | None:
    """One row of `logs -o logfmt`: the router's own fields behind the head, or `text=`."""
    found = _LOGFMT.match(raw)
    at = _time(found[1]) if found else None
    if not found or not at:
        return None
    text = raw[found.end() :] if found[4] is None else found[4]
    if text.startswith('"'):
        try:
            text = json.loads(text).encode("utf-8", "replace").decode()  # half a character is no text in UTF-8
        except ValueError:
            return None
    return (at, found[2], found[3], text)


def _time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.year in USABLE_YEARS else None
