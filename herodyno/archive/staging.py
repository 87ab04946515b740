"""Lines become rows in the staging folder, day by day, with the secrets taken out before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from herodyno.archive.folder import ArchiveFolder, day_of, microseconds
from herodyno.archive.parquet import events_schema, table_of, write
from herodyno.archive.rows import Delivery, Row, row_of
from herodyno.diagnosis.report.line_redaction import LineRedactor
from herodyno.diagnosis.report.redaction import redact_tokens
from herodyno.logs.events import LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.operations.state_files import make_folder

# Ours: so many rows are held, about 80 MB.
_MOST_ROWS = 50_000


class Staging:
    """The lines of one source: a file, or all frames of the drains. `lines` counts them, `undated` those without a
    time before the first that has one, which are left out."""

    def __init__(self, folder: ArchiveFolder, source: str) -> None:
        self._folder = folder
        self._source = source
        self._rows: dict[str, list[Row]] = {}
        self._held = 0
        self._files = 0
        self._redactors: dict[str, LineRedactor] = {}
        self._ts_us: dict[str, int] = {}  # app -> the time of its last line
        self.days: set[str] = set()
        self.lines = 0
        self.undated = 0

    def add(self, line: LogLine, came: Delivery) -> None:
        """Take in the next line."""
        if line.at is not None:
            self._ts_us[came.app] = microseconds(line.at)
        elif came.app not in self._ts_us:
            self.undated += 1
            return
        redactor = self._redactors.get(came.app)
        if redactor is None:
            redactor = self._redactors[came.app] = LineRedactor(redact_tokens)
        clean = redactor(line)
        if came.known and came.known.get("attrs"):
            came = came._replace(known={**came.known, "attrs": redact_tokens(came.known["attrs"])})
        self.lines += 1
        ts_us = self._ts_us[came.app]
        self._rows.setdefault(day_of(ts_us), []).append(row_of(event_of(clean), ts_us, self.lines, came, line.raw))
        self._held += 1
        if self._held >= _MOST_ROWS:
            self.flush()

    def received(self, ts_us: int, app: str) -> None:
        """A time for lines of an app that come before any with a time of its own."""
        self._ts_us.setdefault(app, ts_us)

    def add_all(self, lines: Iterable[tuple[LogLine, Delivery]]) -> None:
        """Take in lines, and write what is still held."""
        for line, came in lines:
            self.add(line, came)
        self.flush()

    def flush(self) -> None:
        """Write the rows that are held."""
        make_folder(self._folder.staging)
        for day, rows in self._rows.items():
            self._files += 1
            # All files of a source bear its name: a line that stands twice in one source counts twice.
            path = self._folder.staging / f"{day}.{self._source}.{self._files}.parquet"
            write(path, events_schema(), [table_of(rows)])
            self.days.add(day)
        self._rows.clear()
        self._held = 0


def staged(folder: ArchiveFolder, day: str) -> list[Path]:
    """The staged files of a day."""
    return sorted(folder.staging.glob(f"{day}.*.parquet"))
