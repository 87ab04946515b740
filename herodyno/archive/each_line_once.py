"""The rows of a day, each line once, from the files that it has and from those that are staged for it.

A line of a drain's frame is the same when drain, frame and place are the same. Any other line is the same when app,
time, source, process and text are the same: of two files, or of a file and a drain, that hold it twice and once, the
archive holds it twice. Where a drain and a file have it, the drain's row stays.

To compare lines, the engine holds a digest of each, not its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from herodyno.archive.engines.duckdb import DuckDB
from herodyno.archive.parquet import Batch
from herodyno.archive.rows import Row

_ORDER = "ORDER BY app, dyno, ts_us, recv_us, arrival"
_ALL = f"SELECT ts, {', '.join(Row._fields)} FROM events"  # noqa: S608 - the columns are our own

# `origin` is the source that a row is of: all frames are of one, as are all staged files of one import, and what the
# archive has of imports. The archive's own lines of imports are those that its drains did not have.
_CHOSEN = """
WITH every AS (
  SELECT filename, file_row_number AS place, recv_us, arrival, ts_us, frame_id IS NOT NULL AS is_drain,
    coalesce(filename IN $kept, false) AS is_kept,
    md5_number(concat_ws(chr(0), app, source, proc, message)) AS line,
    CASE WHEN frame_id IS NULL THEN md5_number(concat(filename, chr(0), file_row_number))
         ELSE md5_number(concat_ws(chr(0), coalesce(drain_token, ''), frame_id, frame_seq)) END AS copy_of
  FROM events),
copies AS (SELECT *, row_number() OVER (PARTITION BY copy_of ORDER BY recv_us, filename) AS copy FROM every),
named AS (
  SELECT *, CASE WHEN is_drain THEN 'drain' WHEN is_kept THEN 'kept'
                 ELSE regexp_replace(filename, '[.][0-9]+[.]parquet$', '') END AS origin,
    sum(CASE WHEN is_kept AND is_drain THEN 1 ELSE 0 END) OVER (PARTITION BY ts_us, line) AS kept_of_drains
  FROM copies WHERE copy = 1),
numbered AS (
  SELECT *, row_number() OVER (PARTITION BY origin, ts_us, line ORDER BY recv_us, arrival, filename)
    + CASE WHEN is_kept AND NOT is_drain THEN kept_of_drains ELSE 0 END AS occurrence
  FROM named),
chosen AS (
  SELECT filename, place, row_number() OVER (PARTITION BY ts_us, line, occurrence
                                             ORDER BY is_drain DESC, filename, arrival) AS again
  FROM numbered)
"""
_ONCE = f"""{_CHOSEN}
{_ALL} SEMI JOIN (SELECT * FROM chosen WHERE again = 1) c ON events.filename = c.filename AND file_row_number = c.place
{_ORDER}
"""  # noqa: S608


def rows_once(engine: DuckDB, kept: Sequence[Path], staged: Sequence[Path]) -> Iterator[Batch]:
    """The rows, sorted by app, dyno and time."""
    engine.over([*kept, *staged])
    if not kept and len({path.name.rsplit(".", 2)[0] for path in staged}) == 1 and ".drain." not in staged[0].name:
        return engine.batches(f"{_ALL} {_ORDER}")
    return engine.batches(_ONCE, kept=tuple(map(str, kept)))
