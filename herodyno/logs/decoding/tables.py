"""Log lines that travel as rows: `logs -o csv`, `logs -o logfmt`, and lines whose time was cut off."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime

from herodyno.logs.decoding.shapes import Read
from herodyno.logs.decoding.splitters import LineSplitter
from herodyno.units import USABLE_YEARS

_LOGFMT = re.compile(r'time=(\S+) source=(\S+) proc=(\S+) (?:text=("(?:[^"\\]|\\.)*"|\S*)$)?')


class RowSplitter(LineSplitter):
    """Rows behind a heading."""

    def __init__(self) -> None:
        super().__init__()
        self._is_behind_heading = False

    def feed(self, chunk: bytes) -> list[bytes]:
        rows = super().feed(chunk)
        if rows and not self._is_behind_heading:
            self._is_behind_heading = True
            return rows[1:]
        return rows


_BARE = re.compile(r"(app|heroku)\[([^\]\s]{1,128})\]: ?", re.ASCII)


def read_row(raw: str) -> Read | None:
    """A row of any of these forms."""
    return read_bare(raw) or read_logfmt(raw) or read_csv(raw)


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
            text = json.loads(text)
        except ValueError:
            return None
    return (at, found[2], found[3], text)


def _time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.year in USABLE_YEARS else None
