"""DuckDB in this process over the Parquet of an archive: the only door to duckdb."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from herodyno.archive.engines.engine import Relation, with_values
from herodyno.archive.parquet.columns import events_schema
from herodyno.archive.parquet.files import require, unreadable
from herodyno.archive.parquet.tables import Batch, table_of_columns
from herodyno.errors import Refused
from herodyno.operations.state_files import make_folder

_T = TypeVar("_T")

# Ours: what does not fit goes to a temporary folder.
MEMORY = "1GB"
# Of an engine that only sorts and compares the lines of a day; in one thread, since each needs a part of it.
_SORTING_MEMORY = "160MB"
_BATCH_ROWS = 16_384
# Ours, measured: DuckDB takes 35 us to read a row of VALUES, for each query anew.
_LONGEST_VALUES = 100
_TOLD_SECONDS = 1.0
# What DuckDB says of a file that was swept after its name was read.
_GONE = ("No files found that match", "No such file or directory")

_NO_EVENTS = "CREATE OR REPLACE VIEW events AS FROM no_lines"
_EVENTS = """
CREATE OR REPLACE VIEW events AS SELECT * FROM read_parquet(getvariable('files'), union_by_name = true, filename = true,
    file_row_number = true, hive_partitioning = false)
"""


class DuckDB:
    """Queries over some files of lines, seen as the view `events`. Raises Refused for a file that is not readable.

    A query runs in a thread of its own, so that Ctrl-C reaches this one and ends the query. `told` hears each second
    how long one has taken.
    """

    most_values = 200_000

    def __init__(self, connection: Any, thread: ThreadPoolExecutor, told: Callable[[float], object]) -> None:
        self._connection = connection
        self._thread = thread
        self._told = told
        self._relations: dict[str, Relation] = {}

    def over(self, files: Sequence[Path]) -> None:
        """Let `events` be these files, or no line at all."""
        if not files:  # read_parquet wants one
            self._asked(lambda: self._connection.register("no_lines", events_schema().empty_table()))
            self._asked(lambda: self._connection.execute(_NO_EVENTS))
            return
        self._asked(
            lambda: self._connection.execute("SET VARIABLE files = $files", {"files": [str(path) for path in files]})
        )
        self._asked(lambda: self._connection.execute(_EVENTS))

    def rows(self, text: str, **values: Any) -> list[tuple[Any, ...]]:
        """All rows of an answer that is small."""
        return self._asked(lambda: self._connection.execute(self._with_values(text, values)).fetchall())

    def batches(self, text: str, **values: Any) -> Iterator[Batch]:
        """An answer of any size, some rows at a time."""

        def reader() -> Iterator[Batch]:
            relation = self._connection.sql(self._with_values(text, values))
            # duckdb before 2.0 has only the older name.
            make = getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader
            return iter(make(_BATCH_ROWS))

        found = self._asked(reader)
        while (batch := self._asked(lambda: next(found, None))) is not None:
            yield batch

    def _with_values(self, text: str, values: dict[str, Any]) -> str:
        """The text with its values; a long relation as a table of this connection."""
        for name, value in values.items():
            if isinstance(value, Relation) and len(value) > _LONGEST_VALUES:
                if self._relations.get(name) is not value:
                    columns = list(zip(*value, strict=True))
                    table = table_of_columns([f"c{at}" for at in range(len(columns))], columns)
                    self._connection.register(f"values_{name}", table)
                    self._relations[name] = value
                text = text.replace(f"(VALUES ${name})", f"(FROM values_{name})")
        return with_values(text, values)

    def _asked(self, ask: Callable[[], _T]) -> _T:
        import duckdb

        answer = self._thread.submit(ask)
        try:
            return self._waited(answer)
        except (duckdb.Error, OSError, ValueError) as error:  # damage that shows late comes as an error of Arrow
            said = str(error).partition("\n")[0]
            if isinstance(error, duckdb.OutOfMemoryException):
                raise Refused(
                    f"DuckDB has too little memory: {said.partition(': ')[2]}", next_step="ask for less with --since"
                ) from None
            if any(mark in said for mark in _GONE):
                raise Refused("the archive was written to while it was read", next_step="run it again") from None
            raise unreadable(error) from None
        except (KeyboardInterrupt, SystemExit):
            self._connection.interrupt()
            wait([answer])
            raise

    def _waited(self, answer: Future[_T]) -> _T:
        began = time.monotonic()
        while not wait([answer], timeout=_TOLD_SECONDS).done:
            self._told(time.monotonic() - began)
        return answer.result()


@contextmanager
def engine(
    files: Sequence[Path], *, staging: Path | None = None, told: Callable[[float], object] = lambda _: None
) -> Iterator[DuckDB]:
    """An engine over these files. What does not fit into memory is kept in a folder that ends with the engine.

    That of a writer, which only sorts and compares, lies in its `staging`, which the next writer sweeps after a kill.
    """
    require()
    import duckdb

    if staging:
        make_folder(staging)
    with tempfile.TemporaryDirectory(prefix="herodyno-", dir=staging) as folder, ThreadPoolExecutor(1) as thread:
        memory = {"memory_limit": _SORTING_MEMORY, "threads": "1"} if staging else {"memory_limit": MEMORY}
        connection = duckdb.connect(config={**memory, "temp_directory": folder})
        try:
            connection.execute("SET TimeZone = 'UTC'")
            found = DuckDB(connection, thread, told)
            found.over(files)
            yield found
        finally:
            connection.close()
