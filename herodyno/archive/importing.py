"""Log files of every kind that herodyno reads, and Parquet, become lines of the archive, each once.

Each line is of the app that its record names. Where records name none, the caller does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import chain
from pathlib import Path

from herodyno.archive.compaction import Compacted, merge
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.otlp.exported import is_export
from herodyno.archive.otlp.lines import exported_lines
from herodyno.archive.otlp.requests import Unreadable
from herodyno.archive.parquet_lines import is_parquet, parquet_lines
from herodyno.archive.rows import Delivery
from herodyno.archive.staging import Staging
from herodyno.errors import Refused, UsageError
from herodyno.logfiles.opened import Logs
from herodyno.logs.decoding.apps import app_of, is_drain_token
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.decoding.splitters import LineSplitter
from herodyno.logs.events import LogLine


def import_logs(
    folder: ArchiveFolder, logs: Logs, *, app: str, read_so_far: Callable[[int], None] | None = None
) -> Compacted:
    """Import logs. `read_so_far` is called with the unpacked bytes read.

    Nothing is changed when a log cannot be read to its end, when a line's app is not known (UsageError), or when a log
    has no line with a time (Refused).
    """
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
            is_table = logs.is_file(name) and Path(name).is_file() and is_parquet(Path(name))
            chunks = iter(()) if is_table else counted()
            head = next(chunks, b"")
            if is_table:
                staging.add_all(_of_apps(name, parquet_lines(Path(name)), app))
            elif is_export(head):
                staging.add_all(_of_apps(name, _exported(name, chain([head], chunks)), app))
            else:
                staging.add_all(_delivered(name, read_lines(chain([head], chunks), year=logs.year), app))
            if staging.undated and not staging.lines:
                raise Refused(f"no line of {name} has a time, so none can be put into an archive by day")
            stagings.append(staging)
        return merge(folder, stagings)


def _exported(name: str, chunks: Iterable[bytes]) -> Iterator[tuple[LogLine, Delivery]]:
    splitter = LineSplitter()
    bodies = chain.from_iterable(
        splitter.flush() if chunk is None else splitter.feed(chunk) for chunk in chain(chunks, (None,))
    )
    for number, body in enumerate(bodies, start=1):
        try:
            yield from exported_lines(body) if body.strip() else ()
        except Unreadable:
            raise Refused(f"line {number:,} of {name} is no request of OpenTelemetry's logs or metrics") from None


def _of_apps(name: str, lines: Iterator[tuple[LogLine, Delivery]], app: str) -> Iterator[tuple[LogLine, Delivery]]:
    """The lines of records that say how they came; `app` is that of records which name none."""
    for line, came in lines:
        if not (own := came.app or app):
            raise _unnamed(name)
        yield line, came._replace(app=own)


def _unnamed(name: str) -> UsageError:
    return UsageError(f"{name} does not name its app; nothing was imported", next_step="say which: --app example-app")


def _delivered(name: str, lines: Iterator[LogLine], app: str) -> Iterator[tuple[LogLine, Delivery]]:
    drain = ""
    current = app
    for line in lines:
        told = line.app or app_of(line.raw)
        if told and is_drain_token(told):
            if drain not in ("", told):
                raise UsageError(
                    f"{name} holds frames of several drains, which do not name their apps",
                    next_step="import each drain's frames alone, with --app",
                )
            drain, told = told, app
        current = told or current
        if not current:
            raise _unnamed(name)
        yield line, Delivery(app=current, drain_token=drain or None)
