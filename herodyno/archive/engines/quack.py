"""DuckDB's own server (Quack, beta): the query goes to it as text, through an extension of DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from herodyno.archive.engines.extensions import columns_of, connected, table_of, versions_of
from herodyno.archive.engines.server import NEXT_STEPS
from herodyno.archive.engines.url import PASSWORD, EngineUrl
from herodyno.archive.parquet.files import GROUP_ROWS
from herodyno.archive.parquet.tables import Batch
from herodyno.errors import NotAuthenticated

_NEEDS = "pip install 'duckdb==1.5.5' duckdb-extension-quack duckdb-extension-httpfs"
_ASK = "FROM quack_query($url, $text, token := $token, disable_ssl := $plain)"


class Quack:
    """A connection to a Quack server. Raises ExtraMissing where the extension is not installed."""

    has_escapes = False
    events = "events AS NOT MATERIALIZED"  # or each query would read every day
    next_steps: Mapping[str, str] = NEXT_STEPS
    relation = None

    def __init__(self, url: EngineUrl, path: str, password: str) -> None:
        self.name, self.path = f"Quack at {url.address}", path
        if not password:
            raise NotAuthenticated(f"{self.name} wants a token", next_step=f"put it into {PASSWORD}")
        self.table = table_of(path.removeprefix("file://")) if path else url.events
        self.versions = versions_of(path.removeprefix("file://")) if path else ""
        self._values = {"url": f"quack:{url.address}", "token": password, "plain": not url.is_secure}
        self._connection = connected(["httpfs", "quack"], _NEEDS)

    def columns(self, text: str) -> dict[str, str]:
        """The columns of an answer, each with its type."""
        return columns_of(self._relation(text))

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
