"""Log files of every kind that herodyno reads, and Parquet, become lines of the archive, each once.

Each line is of the app that its record names. Where records name none, the caller does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import NoReturn

from herodyno.archive.compaction import Compacted, merge
from herodyno.archive.folder import ArchiveFolder, microseconds
from herodyno.archive.otlp.exported import is_export
from herodyno.archive.otlp.lines import exported_lines
from herodyno.archive.otlp.requests import Unreadable
from herodyno.archive.parquet.files import keep_little_memory
from herodyno.archive.parquet_lines import is_parquet, parquet_lines
from herodyno.archive.rows import Delivery, time_of
from herodyno.archive.staging.staged import Staging
from herodyno.errors import Refused, UsageError
from herodyno.logfiles.opened import Logs
from herodyno.logs.decoding.apps import app_of, is_drain_token
from herodyno.logs.decoding.decoder import sniff
from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.decoding.splitters import LineSplitter
from herodyno.logs.events import LogLine
from herodyno.logs.scan.blocks import is_text, line_blocks
from herodyno.logs.scan.rows import text_lines
from herodyno.units import USABLE_YEARS, count, log_time

# Ours, measured: in blocks of a tenth the pattern of secrets is made anew too often.
LONGEST_EXPORT_BYTES = 64 << 20  # ours: of a request in a file; collectors send 20 MiB at most
_BLOCK_BYTES = 4 << 20


def import_logs(
    folder: ArchiveFolder,
    logs: Logs,
    *,
    app: str,
    read_so_far: Callable[[int], None] | None = None,
    years_until: datetime | None = None,
) -> Compacted:
    """Import logs. `read_so_far` is called with the unpacked bytes read.

    A time without a year gets one from `logs.year` if `years_until` is given, and must not be later than that. Without
    it, such a time is refused: a wrong year would move "now" of the archive for every verdict to come.

    Nothing is changed when a log cannot be read to its end, when a line's app or year is not known (UsageError), or
    when a log has no line with a time (Refused).
    """
    keep_little_memory()
    with folder.writing():
        stagings = []
        read = 0
        for name in logs.names:

            def counted(name: str = name) -> Iterator[bytes]:
                nonlocal read
                for chunk in logs.chunks(name):
                    read += len(chunk)
                    if read_so_far:
                        read_so_far(read)
                    yield chunk

            staging = Staging(folder, f"file-{sha256(name.encode()).hexdigest()[:12]}")
            deliveries = _Deliveries(name, app)
            is_table = logs.is_file(name) and Path(name).is_file() and is_parquet(Path(name))
            if is_table:
                staging.add_all(deliveries.of_records(parquet_lines(Path(name))))
            else:
                _stage(counted(), staging, deliveries, logs.year)
            if staging.left_out and not staging.lines:
                raise _undated(name, staging.other_year)
            _check_years(name, staging, years_until)
            stagings.append(staging)
        guessed = sum((staging.guessed for staging in stagings), Counter[str]())
        return merge(folder, stagings)._replace(
            undated=sum(staging.undated for staging in stagings),
            left_out=sum(staging.left_out for staging in stagings),
            without_year=guessed["year"],
            without_offset=guessed["offset"],
        )


def _undated(name: str, other_year: str) -> Refused:
    if not other_year:
        return Refused(f"no line of {name} has a time, so none can be put into an archive by day")
    return Refused(
        f"no line of {name} has a time in the years {USABLE_YEARS[0]} to {USABLE_YEARS[-1]}, which are taken, but "
        f"{other_year}; nothing was imported",
        next_step="a clock was wrong: write the right dates into the file",
    )


def _check_years(name: str, staging: Staging, until: datetime | None) -> None:
    lines = count(staging.guessed["year"], "line")
    if staging.guessed["year"] and until is None:
        raise UsageError(
            f"{lines} of {name} without a year, and an archive keeps days; nothing was imported",
            next_step="say which: --year 2025, or --year newest for the newest that is not in the future",
        )
    if until is not None and staging.last_guess_us > microseconds(until):
        last = log_time(time_of(staging.last_guess_us))
        raise UsageError(
            f"--year dates {name} up to {last}, which is in the future; nothing was imported",
            next_step="take the year before, or --year newest",
        )


def _stage(chunks: Iterator[bytes], staging: Staging, deliveries: _Deliveries, year: Year) -> None:
    """Stage a log of any framing. Of a log of text, most lines are taken in many at a time."""
    head, chunks = _with_head(chunks)
    if is_export(head):
        staging.add_all(deliveries.of_records(_exported(deliveries.name, chunks)))
        return
    if not is_text(head):
        staging.add_all(deliveries.of_lines(read_lines(chunks, year=year)))
        return
    reader = LineReader(year=year)
    for text in _joined(line_blocks(chunks)):
        came = deliveries.now()
        if came is None or not staging.add_text(text, came, reader):
            for line, its_own in deliveries.of_lines(map(reader.line, text_lines(text))):
                staging.add(line, its_own)
    staging.flush()


def _joined(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same lines in larger blocks, but for the first: until a time is known, lines are read one by one."""
    held: list[bytes] = []
    is_first = True
    for block in blocks:
        held.append(block)
        if is_first or sum(map(len, held)) >= _BLOCK_BYTES:
            yield b"".join(held)
            held.clear()
            is_first = False
    if held:
        yield b"".join(held)


def _with_head(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, enough of them to know the framing, and all of the chunks."""
    head = b""
    for chunk in chunks:
        head += chunk
        if sniff(head):
            break
    return head, chain([head], chunks)


def _exported(name: str, chunks: Iterable[bytes]) -> Iterator[tuple[LogLine, Delivery]]:
    splitter = LineSplitter(LONGEST_EXPORT_BYTES)
    bodies = chain.from_iterable(
        splitter.flush() if chunk is None else splitter.feed(chunk) for chunk in chain(chunks, (None,))
    )
    for number, body in enumerate(bodies, start=1):
        try:
            yield from exported_lines(body) if body.strip() else ()
        except Unreadable:
            raise Refused(f"line {number:,} of {name} is no request of OpenTelemetry's logs or metrics") from None


class _Deliveries:
    """Which app each line of a log is of: the one that its record names, else the one before, at first `app`."""

    def __init__(self, name: str, app: str) -> None:
        self.name = name
        self._default = app
        self._current = app
        self._drain = ""

    def of_lines(self, lines: Iterable[LogLine]) -> Iterator[tuple[LogLine, Delivery]]:
        """Each line with its delivery. Raises UsageError where the app is not known."""
        for line in lines:
            told = line.app or app_of(line.raw)
            if told and is_drain_token(told):
                if self._drain not in ("", told):
                    raise UsageError(
                        f"{self.name} holds frames of several drains, which do not name their apps",
                        next_step="import each drain's frames alone, with --app",
                    )
                self._drain, told = told, self._default
            self._current = told or self._current
            yield line, self.now() or self._unnamed()

    def of_records(self, lines: Iterable[tuple[LogLine, Delivery]]) -> Iterator[tuple[LogLine, Delivery]]:
        """The lines of records that say how they came. Raises UsageError where the app is not known."""
        for line, came in lines:
            yield line, came._replace(app=came.app or self._default) if came.app or self._default else self._unnamed()

    def now(self) -> Delivery | None:
        """The delivery of a line that does not name its app; None while no line did."""
        return Delivery(app=self._current, drain_token=self._drain or None) if self._current else None

    def _unnamed(self) -> NoReturn:
        raise UsageError(
            f"{self.name} does not name its app; nothing was imported", next_step="say which: --app example-app"
        )
