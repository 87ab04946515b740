"""DuckDB in this process over the Parquet of an archive: the only door to duckdb.

The queries stand as text beside the code that asks them, in the portable subset: times as microseconds in integers, no
dialect of dates, no ASOF. So another engine can be given the same text.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from herodyno.archive.parquet import GROUP_ROWS, Batch, require
from herodyno.errors import Refused

# Ours: what does not fit goes to a temporary folder.
MEMORY = "1GB"

_EVENTS = """
CREATE VIEW events AS SELECT * FROM read_parquet(getvariable('files'), union_by_name = true, filename = true,
    file_row_number = true, hive_partitioning = false)
"""


class Engine:
    """Queries over some files of lines, seen as the view `events`. Raises Refused for a file that is not readable."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def over(self, files: Sequence[Path]) -> None:
        """Let `events` be these files."""
        with _refusing():
            self._connection.execute("SET VARIABLE files = $files", {"files": [str(path) for path in files]})
            self._connection.execute(_EVENTS.replace("CREATE", "CREATE OR REPLACE", 1))

    def rows(self, text: str, **values: Any) -> list[tuple[Any, ...]]:
        """All rows of an answer that is small."""
        with _refusing():
            found: list[tuple[Any, ...]] = self._connection.execute(text, values or None).fetchall()
        return found

    def batches(self, text: str, **values: Any) -> Iterator[Batch]:
        """An answer of any size, some rows at a time."""
        with _refusing():
            relation = self._connection.sql(text, params=values or None)
            # duckdb before 2.0 has only the older name.
            reader = getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader
            yield from reader(GROUP_ROWS)


@contextmanager
def engine(files: Sequence[Path]) -> Iterator[Engine]:
    """An engine over these files. What does not fit into memory is kept in a folder that ends with the engine."""
    require()
    import duckdb

    with tempfile.TemporaryDirectory(prefix="herodyno-") as folder:
        connection = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": folder})
        try:
            connection.execute("SET TimeZone = 'UTC'")
            found = Engine(connection)
            found.over(files)
            yield found
        finally:
            connection.close()


@contextmanager
def _refusing() -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise Refused(f"the archive cannot be read: {str(error).partition(chr(10))[0]}") from None
