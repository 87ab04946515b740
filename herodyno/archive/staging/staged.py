"""Lines become rows in the staging folder, day by day, with the secrets taken out before anything is written."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from herodyno.archive.folder import ArchiveFolder, day_of, microseconds
from herodyno.archive.merging.sorted_runs import ordered
from herodyno.archive.parquet.columns import events_schema
from herodyno.archive.parquet.files import write
from herodyno.archive.parquet.tables import Batch, joined, table_of
from herodyno.archive.rows import Delivery, Row, row_of
from herodyno.archive.staging.columns import Columns, Stamped, by_day, columns_of
from herodyno.diagnosis.report.line_redaction import LineRedactor
from herodyno.diagnosis.report.redaction import redact_tokens
from herodyno.diagnosis.report.secret_forms import REDACTED
from herodyno.logs.decoding.apps import app_of
from herodyno.logs.decoding.guesses import lacks
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.events import LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.operations.state_files import make_folder
from herodyno.units import USABLE_YEARS

# Ours: so many rows are held, about 40 MB.
_MOST_ROWS = 25_000
# Ours: so much text without a time is held until a line has one.
_MOST_UNDATED = 8 << 20
# A date at the head of a line, bare, behind the head of a syslog frame, or as a value of JSON.
_DATE = re.compile(r'(?:(?:\d+ )?<\d{1,3}>\d |\{.{0,200}?")?(\d{4})-\d\d-\d\d[T ]\d\d:\d\d', re.ASCII)


class Staging:
    """The lines of one source: a file, or all frames of the drains. `lines` counts them, `undated` those of them that
    stand before the first with a time, and have that time. `guessed` counts what times of files lack: "year", "offset";
    `last_guess_us` is the latest time that lacks its year. `other_year` is that of the first date outside the
    years that are taken, "" without one; looked for in lines before the first with a time.
    """

    def __init__(self, folder: ArchiveFolder, source: str) -> None:
        self._folder = folder
        self._source = source
        self._rows: dict[str, list[Row]] = {}
        self._tables: dict[str, list[Batch]] = {}
        self._held = 0
        self._files = 0
        self._redactors: dict[str, LineRedactor] = {}
        self._ts_us: dict[str, int] = {}  # app -> the time of its last line
        self.days: set[str] = set()
        self.lines = 0
        self.undated = 0
        self._undated: dict[str, list[tuple[LogLine, Delivery]]] = {}  # app -> lines before the first with a time
        self._undated_size = self._dropped = 0
        self.guessed: Counter[str] = Counter()
        self.last_guess_us = 0
        self.other_year = ""

    def add(self, line: LogLine, came: Delivery) -> None:
        """Take in the next line."""
        if came.app not in self._ts_us and came.recv_us is None:
            if line.at is None:
                self._hold(line, came)
                return
            self._ts_us[came.app] = microseconds(line.at)
            for held in self._undated.pop(came.app, ()):
                self.undated += 1
                self.add(*held)
        self.lines += 1
        self.add_at(self.lines, line, came)

    @property
    def left_out(self) -> int:
        """Lines before the first with a time that are too many to hold, and those of an app without any time."""
        return self._dropped + sum(map(len, self._undated.values()))

    def _hold(self, line: LogLine, came: Delivery) -> None:
        if not self.other_year and (found := _DATE.match(line.raw)) and int(found[1]) not in USABLE_YEARS:
            self.other_year = found[1]
        self._undated_size += len(line.raw)
        if self._undated_size > _MOST_UNDATED:
            self._dropped += 1
        else:
            self._undated.setdefault(came.app, []).append((line, came))

    def add_text(self, text: bytes, came: Delivery, reader: LineReader) -> bool:
        """Take in the next lines as text, each ended by LF. False: nothing was taken in, since a line may be of another
        app, or the text needs to be read line by line."""
        if came.app not in self._ts_us or self.is_in_key(came.app) or b"PRIVATE KEY" in text:
            return False
        found = columns_of(text, self.lines + 1, came)
        if found is None:
            return False
        others = [reader.line(other.line) for other in found.others]
        if any(line.app or app_of(line.raw) for line in others):
            return False
        for (number, _, before), line in zip(found.others, others, strict=True):
            if before:
                self._passed(before, reader, came.app)
            self.add_at(number, line, came)
        if found.last:
            self._passed(found.last, reader, came.app)
        self.add_columns(found)
        return True

    def add_columns(self, found: Columns) -> None:
        """Take in the matched lines of a text, and count all of its lines."""
        for table in found.tables:
            for day, of_day in by_day(table):
                self._tables.setdefault(day, []).append(of_day)
                self._held += of_day.num_rows
        self.lines += found.lines
        if self._held >= _MOST_ROWS:
            self.flush()

    def add_at(self, number: int, line: LogLine, came: Delivery) -> None:
        """Take in a line as this number. Its time: its own, that of its receipt, or that of the line before."""
        if line.at is not None:
            self._ts_us[came.app] = microseconds(line.at)
        elif came.recv_us is not None:
            self._ts_us[came.app] = came.recv_us
        if came.recv_us is None and (lacking := lacks(line)):
            self.guessed[lacking] += 1
            if lacking == "year":
                self.last_guess_us = max(self.last_guess_us, self._ts_us[came.app])
        clean = self._redactor(came.app)(line)
        if came.known and came.known.get("attrs"):
            came = came._replace(known={**came.known, "attrs": _without_secrets(came.known["attrs"])})
        ts_us = self._ts_us[came.app]
        self._rows.setdefault(day_of(ts_us), []).append(row_of(event_of(clean), ts_us, number, came, line.raw))
        self._held += 1
        if self._held >= _MOST_ROWS:
            self.flush()

    def is_in_key(self, app: str) -> bool:
        """Whether lines of a private key may still come."""
        return self._redactor(app).is_in_key

    def pass_by(self, app: str, line: LogLine) -> None:
        """Show a line that is taken in as columns, since a line without a head may go on it."""
        self._redactor(app)(line)

    def add_all(self, lines: Iterable[tuple[LogLine, Delivery]]) -> None:
        """Take in lines, and write what is still held."""
        for line, came in lines:
            self.add(line, came)
        self.flush()

    def flush(self) -> None:
        """Write the rows that are held."""
        make_folder(self._folder.staging)
        for day in sorted(self._rows.keys() | self._tables.keys()):
            self._files += 1
            rows = self._rows.get(day)
            tables = [*self._tables.get(day, []), *([table_of(rows)] if rows else [])]
            # All files of a source bear its name: a line that stands twice in one source counts twice.
            path = self._folder.staging / f"{day}.{self._source}.{self._files}.parquet"
            write(path, events_schema(), [ordered(joined(tables))], is_staged=True)
            self.days.add(day)
        self._rows.clear()
        self._tables.clear()
        self._held = 0

    def _passed(self, before: Stamped, reader: LineReader, app: str) -> None:
        self.pass_by(app, reader.line(before.line))
        self._ts_us[app] = before.ts_us

    def _redactor(self, app: str) -> LineRedactor:
        if app not in self._redactors:
            self._redactors[app] = LineRedactor(redact_tokens)
        return self._redactors[app]


def _without_secrets(attrs: str) -> str:
    """The JSON object without its secrets; an object still, also where a key begins in a value and does not end."""
    clean = redact_tokens(attrs)
    if clean == attrs or _is_json(clean):
        return clean
    pairs = {name: redact_tokens(value) for name, value in json.loads(attrs).items()}
    clean = redact_tokens(json.dumps(pairs, ensure_ascii=False))
    return clean if _is_json(clean) else json.dumps(dict.fromkeys(pairs, REDACTED), ensure_ascii=False)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def staged(folder: ArchiveFolder, day: str) -> list[Path]:
    """The staged files of a day."""
    return sorted(folder.staging.glob(f"{day}.*.parquet"))
