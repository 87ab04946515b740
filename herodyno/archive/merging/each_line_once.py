"""The rows of a day, each line once, from the files that it has and from those that are staged for it.

A line of a drain's frame is the same when drain, frame and place are the same. Lines of two sources are the same when
app, time, source, process and text are the same: of two files, of two drains, or of a file and a drain, that hold it
twice and once, the archive holds it twice. Where a drain and a file have it, the drain's row stays.

To compare lines, the engine holds a digest of each, not its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from herodyno.archive.engines.duckdb import DuckDB
from herodyno.archive.merging.sorted_runs import merged
from herodyno.archive.parquet.columns import rows_in
from herodyno.archive.parquet.tables import Batch

# `origin` is the source that a row is of: the staged frames of one drain, the staged files of one import, what the
# archive has of drains, and what it has of imports. The archive's own lines of imports are those that its drains did
# not have, and a drain's new lines are those after what the archive has of it.
_CHOOSE = """
CREATE OR REPLACE TEMP TABLE chosen AS
WITH every AS (
  SELECT filename, file_row_number AS place, recv_us, arrival, ts_us, frame_id IS NOT NULL AS is_drain,
    coalesce(filename IN $kept, false) AS is_kept, hash(drain_token) AS drain,
    md5_number(concat_ws(chr(0), app, source, proc, message)) AS line,
    CASE WHEN frame_id IS NULL THEN md5_number(concat(filename, chr(0), file_row_number))
         ELSE md5_number(concat_ws(chr(0), coalesce(drain_token, ''), frame_id, frame_seq)) END AS copy_of
  FROM events WHERE ts_us >= $first_us AND ts_us <= $last_us),
copies AS (
  SELECT *, row_number() OVER (PARTITION BY copy_of ORDER BY is_kept DESC, recv_us, filename) AS copy FROM every),
named AS (
  SELECT *, CASE WHEN is_drain AND is_kept THEN 'drains' WHEN is_drain THEN CAST(drain AS VARCHAR)
                 WHEN is_kept THEN 'kept' ELSE regexp_replace(filename, '[.][0-9]+[.]parquet$', '') END AS origin,
    sum(CASE WHEN is_kept AND is_drain THEN 1 ELSE 0 END) OVER (PARTITION BY ts_us, line) AS kept_of_drains,
    sum(CASE WHEN is_kept AND is_drain THEN 1 ELSE 0 END) OVER (PARTITION BY ts_us, line, drain) AS kept_of_drain
  FROM copies WHERE copy = 1),
numbered AS (
  SELECT *, row_number() OVER (PARTITION BY origin, ts_us, line ORDER BY recv_us, arrival, filename)
    + CASE WHEN is_kept AND NOT is_drain THEN kept_of_drains
           WHEN is_drain AND NOT is_kept THEN kept_of_drain ELSE 0 END AS occurrence
  FROM named)
SELECT filename AS file, place, is_kept, row_number() OVER (PARTITION BY ts_us, line, occurrence
  ORDER BY is_drain DESC, is_kept DESC, filename, arrival) AS again
FROM numbered
"""
_CHOSEN = "SELECT file, place FROM chosen WHERE again = 1"
_NO_BOUNDS = {"first_us": -(1 << 62), "last_us": 1 << 62}


def rows_once(engine: DuckDB, kept: Sequence[Path], staged: Sequence[Path], beside: Path) -> Iterator[Batch]:
    """All rows of a day, sorted by app, dyno and time. `beside` is a folder for what is merged on the way."""
    files = [*kept, *staged]
    if not staged or (not kept and _is_one_import(staged)):
        return merged(files, None, beside)
    engine.over(files)
    engine.rows(_CHOOSE, kept=tuple(map(str, kept)), **_NO_BOUNDS)
    return merged(files, _places(engine, files), beside)


def rows_to_add(engine: DuckDB, kept: Sequence[Path], staged: Sequence[Path], beside: Path) -> Iterator[Batch] | None:
    """The staged rows that the kept files do not have, sorted alike. None where a kept row has to go for a staged one.

    Kept rows of other times are not looked at.
    """
    engine.over(staged)
    ((first_us, last_us),) = engine.rows("SELECT min(ts_us), max(ts_us) FROM events")
    engine.over([*kept, *staged])
    engine.rows(_CHOOSE, kept=tuple(map(str, kept)), first_us=first_us, last_us=last_us)
    if engine.rows("SELECT 1 FROM chosen WHERE is_kept AND again > 1 LIMIT 1"):
        return None
    return merged(staged, _places(engine, staged), beside)


def _places(engine: DuckDB, files: Sequence[Path]) -> dict[Path, bytearray]:
    """Which rows of each file are chosen."""
    places = {str(path): bytearray(rows_in(path)) for path in files}
    for batch in engine.batches(_CHOSEN):
        for file, place in zip(*(batch.column(at).to_pylist() for at in (0, 1)), strict=True):
            if file in places:
                places[file][place] = 1
    engine.rows("DROP TABLE chosen")
    return {Path(file): each for file, each in places.items()}


def _is_one_import(staged: Sequence[Path]) -> bool:
    return len({path.name.rsplit(".", 2)[0] for path in staged}) == 1 and ".drain." not in staged[0].name
