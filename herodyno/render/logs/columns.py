"""`logs --table`: any fields of the lines as columns, aligned for a person, or as tabs, CSV and JSON for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Any

from herodyno.logs.events import LogLine
from herodyno.logs.query.field_reader import FieldReader
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.quantities import quantity
from herodyno.logs.query.reading import LogSummary
from herodyno.render.clean import clean
from herodyno.render.logs.formats import JsonDocument, csv_cell
from herodyno.render.logs.plain import Format
from herodyno.render.text import cell_width, cut
from herodyno.units import day, exact_clock

NOTHING = "-"
_WIDEST = 40  # columns of a field that is not the last; ours
_packed = json.JSONEncoder(separators=(",", ":")).encode


class TabSeparated(Format):
    """A heading, then one line of log in each line: the fields with tabs between them, "-" for none."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = self._read = FieldReader(fields)
        self.head = "\t".join(fields) + "\n"

    def line(self, line: LogLine) -> str:
        return "\t".join([clean(value) if value else NOTHING for value in self._read(line)]) + "\n"


class CsvColumns(TabSeparated):
    """The same as CSV. A field that the line has not is an empty cell."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(fields)
        self.head = _csv(fields)

    def line(self, line: LogLine) -> str:
        return _csv(self._read(line))


class JsonRows(TabSeparated):
    """One `herodyno.log-row/1` record for each line of log."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(fields)
        self.head = ""

    def line(self, line: LogLine) -> str:
        fields = dict(zip(self._read.names, self._read(line), strict=True))
        return _packed({"schema": "herodyno.log-row/1", "fields": fields}) + "\n"


class JsonTable(JsonDocument):
    """One `herodyno.log-table/1` document: the columns, a row for each line of log, then what was read."""

    shows_marks = False

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__()
        self.fields = self._read = FieldReader(fields)
        self.head = f'{{"schema":"herodyno.log-table/1","columns":{json.dumps(list(fields))},"rows":['

    def line(self, line: LogLine) -> str:
        return self._record(self._read(line))

    def mark(self, mark: Mark) -> str:
        return ""


class AlignedColumns(Format):
    """The fields in columns, times of day in `zone`, and a line where the day changes.

    The columns are as wide as the first `screen` lines need. These are waited for, unless `at_once`. A longer value
    widens its column from there on, up to 40. `width` cuts what a terminal would wrap; None cuts nothing.
    """

    shows_marks = True

    def __init__(
        self,
        fields: Sequence[str],
        *,
        zone: tzinfo,
        screen: int,
        at_once: bool = False,
        width: int | None = None,
        color: bool = False,
        draws: bool = True,
    ) -> None:
        self.fields = self._read = FieldReader(fields)
        self._zone, self._screen, self._width, self._color = zone, screen, width, color
        self._waits = not at_once
        self._rule, self._ellipsis = ("──", "…") if draws else ("--", "~")
        self._widths: list[int] = []
        self._right: list[bool] = []
        self._held: list[list[str] | str] = []
        self._day: date | None = None

    def lines(self, items: Sequence[LogLine | Mark]) -> str:
        rows: list[list[str] | str] = []
        for item in items:
            rows += self._cells(item) if isinstance(item, LogLine) else [self._ruled(item.text)]
        if self._widths:
            return "".join(map(self._row, rows))
        self._held += rows
        return "" if self._waits and len(self._held) < self._screen else self._begun()

    def foot(self, seen: LogSummary) -> str:
        return self._begun()

    def _cells(self, line: LogLine) -> list[list[str] | str]:
        """The texts of a line's fields, after a line that names the day where a new one begins."""
        rows: list[list[str] | str] = []
        cells = [clean(value) if value else NOTHING for value in self._read(line)]
        if "time" in self._read.names and line.at:
            local = line.at.astimezone(self._zone)
            cells[self._read.names.index("time")] = exact_clock(local)
            if local.date() != self._day:
                self._day = local.date()
                rows.append(self._ruled(day(local)))
        return [*rows, cells]

    def _begun(self) -> str:
        """The heading and the lines that were held back. Sizes the columns."""
        held, self._held = self._held, []
        rows = [row for row in held[: self._screen] if isinstance(row, list)]
        if not held:
            return ""
        columns = list(zip(*rows, strict=True)) or [() for _ in self._read.names]
        numbers = [[quantity(value) for value in column if value != NOTHING] for column in columns]
        self._right = [bool(column) and None not in column for column in numbers]
        self._widths = [cell_width(name) for name in self._read.names]
        for row in rows:
            self._widen(row)
        heading = self._joined(self._read.names)
        heading = f"\x1b[1m{heading}\x1b[0m" if self._color else heading
        return f"{heading}\n" + "".join(map(self._row, held))

    def _widen(self, row: Sequence[str]) -> None:
        most = None if self._width is None else _WIDEST
        for place, value in enumerate(row):
            wanted = cell_width(value)
            self._widths[place] = max(self._widths[place], wanted if most is None else min(wanted, most))

    def _row(self, row: list[str] | str) -> str:
        if isinstance(row, str):
            return row
        self._widen(row)
        return self._joined(row) + "\n"

    def _joined(self, row: Sequence[str]) -> str:
        cells = []
        last = len(row) - 1
        for place, (value, width, right) in enumerate(zip(row, self._widths, self._right, strict=True)):
            is_cut = self._width is not None and place < last
            text = self._cut(value, width) if is_cut else value
            gap = " " * (width - cell_width(text))
            cells.append(gap + text if right else text + gap)
        joined = "  ".join(cells).rstrip()
        return joined if self._width is None else self._cut(joined, self._width)

    def _cut(self, text: str, width: int) -> str:
        shown = cut(text, width)
        return text if shown == text else shown[:-1] + self._ellipsis

    def _ruled(self, text: str) -> str:
        return f"{self._rule} {clean(text)} {self._rule}\n"


def _csv(cells: Sequence[Any]) -> str:
    into = io.StringIO()
    csv.writer(into, lineterminator="\n").writerow(map(csv_cell, cells))
    return into.getvalue()
