"""DuckDB's own server (Quack, beta): the query goes to it as text, through an extension of DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from herodyno.archive.engines.engine import literal
from herodyno.archive.engines.url import PASSWORD, EngineUrl
from herodyno.archive.parquet import GROUP_ROWS, Batch, require
from herodyno.errors import ExtraMissing, NotAuthenticated

_NEEDS = "pip install 'duckdb==1.5.5' duckdb-extension-quack duckdb-extension-httpfs"
_ASK = "FROM quack_query($url, $text, token := $token, disable_ssl := $plain)"
_PARQUET = "read_parquet({}, union_by_name = true, hive_partitioning = true, hive_types_autocast = false)"


class Quack:
    """A connection to a Quack server. Raises ExtraMissing where the extension is not installed."""

    has_escapes = False
    events = "events AS NOT MATERIALIZED"  # or each query would read every day

    def __init__(self, url: EngineUrl, path: str, password: str) -> None:
        require()
        import duckdb

        self.name, self.path = f"Quack at {url.address}", path
        if not password:
            raise NotAuthenticated(f"{self.name} wants a token", next_step=f"put it into {PASSWORD}")
        every = literal(f"{path.removeprefix('file://')}/events/*/*.parquet")
        self.table = _PARQUET.format(every) if path else url.events
        self._values = {"url": f"quack:{url.address}", "token": password, "plain": not url.is_secure}
        self._connection = duckdb.connect(config={"allow_unsigned_extensions": True})
        try:
            for name in ("httpfs", "quack"):
                self._connection.execute(f"LOAD {_extension(name, duckdb.__version__)}")
        except duckdb.Error as error:
            said = str(error).partition("\n")[0]
            raise ExtraMissing(f"duckdb {duckdb.__version__} has no Quack: {said}", next_step=_NEEDS) from None

    def columns(self, text: str) -> list[str]:
        """The columns of an answer."""
        return list(self._relation(text).columns)

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """All rows of an answer."""
        return list(self._relation(text).fetchall())

    def batches(self, text: str) -> Iterator[Batch]:
        """An answer some rows at a time."""
        relation = self._relation(text)
        # duckdb before 1.5 has only the older name.
        return iter((getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader)(GROUP_ROWS))

    def _relation(self, text: str) -> Any:
        return self._connection.sql(_ASK, params={**self._values, "text": text})

    def cancel(self) -> None:
        """The wait ends here. A Quack server has no way to end a query: it goes on there."""
        self._connection.interrupt()

    def kind_of(self, error: BaseException) -> str:
        """What failed."""
        said = str(error)
        marks = {"Authentication failed": "password", "Failed to send message": "down", "No files found": "events",
                 "does not exist": "events", "Referenced column": "column", "Out of Memory": "memory"}  # fmt: skip
        return next((kind for mark, kind in marks.items() if mark in said), "")

    def close(self) -> None:
        """Leave."""
        self._connection.close()


def _extension(name: str, version: str) -> str:
    """The file of the package duckdb-extension-NAME, or the name of what INSTALL brought."""
    spec = find_spec(f"duckdb_extension_{name}")
    if spec is None or spec.origin is None:
        return name
    return literal(str(Path(spec.origin).parent / "extensions" / f"v{version}" / f"{name}.duckdb_extension"))
