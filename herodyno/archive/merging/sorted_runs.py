"""Files of lines that are sorted alike become one sorted stream, however many they are: a merge sort outside memory.

A file is read some rows at a time, and few are open at once: where there are more, some are merged into one first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from herodyno.archive.parquet.columns import events_schema
from herodyno.archive.parquet.files import unreadable, write
from herodyno.archive.parquet.tables import Batch

if TYPE_CHECKING:
    import pyarrow as pa

# Which rows of a file are taken: a byte for each, 1 or 0.
Places: TypeAlias = Mapping[Path, bytearray]
_Value: TypeAlias = tuple[bool, Any]
_Key: TypeAlias = tuple[_Value, ...]

ORDER = ("app", "dyno", "ts_us", "recv_us", "arrival")  # a row without a value comes after those with one
# Ours, measured: a file that is open takes 3 MB.
_MOST_OPEN = 16
_ROWS = 2_048


def ordered(rows: Batch) -> Batch:
    """The rows in the order of a day's files."""
    import pyarrow.compute as pc

    keys = [(name, "ascending") for name in ORDER]
    return rows.take(pc.sort_indices(rows.select(list(ORDER)), sort_keys=keys))


def merged(files: Sequence[Path], places: Places | None, beside: Path) -> Iterator[pa.RecordBatch]:
    """The rows of sorted files in one order; of these only `places`, where they are given.

    What is merged on the way is kept in the folder `beside`, as long as it is needed.
    """
    runs, made = list(files), 0
    while len(runs) > _MOST_OPEN:
        group, runs = runs[:_MOST_OPEN], runs[_MOST_OPEN:]
        made += 1
        path = beside / f"run.{made}.parquet"
        write(path, events_schema(), _merged([_Run(each, places) for each in group]), is_staged=True)
        for each in group:
            if each.parent == beside:
                each.unlink()
        runs.append(path)
    yield from _merged([_Run(each, places) for each in runs])
    for each in runs:
        if each.parent == beside:
            each.unlink()


class _Run:
    """A file from which rows are taken in its order. `last` is the key of the last row at hand, None at its end."""

    def __init__(self, path: Path, places: Places | None) -> None:
        self._batches = _batches(path, places.get(path) if places else None)
        self._next()

    def _next(self) -> None:
        self._at = 0
        self._rows = next(self._batches, None)
        self._keys = [_Values(self._rows.column(name)) for name in ORDER] if self._rows else []
        self.last: _Key | None = tuple(values[-1] for values in self._keys) if self._rows else None

    def take(self, cut: _Key) -> pa.RecordBatch:
        """The next rows, up to this key."""
        assert self._rows
        assert self.last
        if self.last <= cut:
            taken = self._rows.slice(self._at)
            self._next()
            return taken
        first = begin = self._at
        end = self._rows.num_rows
        for values, value in zip(self._keys, cut, strict=True):
            if begin < end and not values[begin] == values[end - 1] == value:
                begin, end = bisect_left(values, value, begin, end), bisect_right(values, value, begin, end)
        self._at = end
        return self._rows.slice(first, end - first)


class _Values(Sequence[_Value]):
    """A column as what Python compares, each value made when it is asked for."""

    def __init__(self, column: pa.Array) -> None:
        self._column = column

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, at: Any) -> Any:
        value = self._column[at].as_py()
        return value is None, value


def _merged(runs: list[_Run]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    while runs := [run for run in runs if run.last]:
        cut = min(run.last for run in runs if run.last)
        taken = [rows for run in runs if (rows := run.take(cut)).num_rows]
        yield taken[0] if len(taken) == 1 else ordered(pa.concat_batches(taken))


def _batches(path: Path, places: bytearray | None) -> Iterator[pa.RecordBatch]:
    """The rows of a file that are taken, some at a time, each time at least one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    done = 0
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            for batch in file.iter_batches(_ROWS, use_threads=False):
                taken = batch
                if places is not None:
                    is_taken = pa.array(places[done : done + batch.num_rows], pa.uint8()).cast(pa.bool_())
                    done += batch.num_rows
                    taken = batch.filter(is_taken)
                if taken.num_rows:
                    yield taken.select(events_schema().names)
    except (OSError, ValueError) as error:
        raise unreadable(error) from None
