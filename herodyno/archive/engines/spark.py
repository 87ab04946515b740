"""Apache Spark through Spark Connect: the thin client, and the query as text."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from herodyno.archive.engines.server import NEXT_STEPS
from herodyno.archive.engines.url import EngineUrl
from herodyno.archive.parquet.files import require
from herodyno.archive.parquet.tables import Batch, table_of_columns
from herodyno.errors import ExtraMissing

# Ours: rows of one batch.
_ROWS = 20_000
# Spark's names of errors: error-conditions.json.
_KINDS = {"TABLE_OR_VIEW_NOT_FOUND": "events", "PATH_NOT_FOUND": "events", "UNABLE_TO_INFER_SCHEMA": "events",
          "UNRESOLVED_COLUMN": "column", "UNAUTHENTICATED": "password", "PERMISSION_DENIED": "password",
          "UNAVAILABLE": "down", "OutOfMemoryError": "memory", "DEADLINE_EXCEEDED": "slow"}  # fmt: skip
# A day stays a text.
_SETTINGS = {"spark.sql.sources.partitionColumnTypeInference.enabled": "false"}
# Of this session, so that Spark looks at the files once; it goes with the session.
_VIEW = "herodyno_events"


class Spark:
    """A session on a Connect server. Raises ExtraMissing where the client is not installed."""

    has_escapes = True
    events = "events AS"
    next_steps: Mapping[str, str] = NEXT_STEPS
    relation = None
    versions = ""

    def __init__(self, url: EngineUrl, path: str, password: str) -> None:
        require()
        package = find_spec("pyspark")
        if package is None or find_spec("grpc") is None:
            raise ExtraMissing("Spark Connect needs pyspark-client", next_step="pip install 'herodyno[spark]'")
        # It warns of a pandas that it does not know. Nothing here uses pandas.
        warnings.filterwarnings("ignore", module="pyspark")
        # It also logs what it raises.
        logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
        # Its client looks for a whole Spark, and ends the process where it finds none.
        os.environ.setdefault("SPARK_HOME", str(Path(package.origin or "").parent))
        from pyspark import sql

        self.name, self.path = f"Spark at {url.address}", path
        self.table = _VIEW if path else url.events
        remote = remote_of(url, password)  # it stays in this process
        session: Any = sql.SparkSession
        self._start: Callable[[], Any] = lambda: session.builder.remote(remote).create()
        self._session: Any = None

    def _sql(self, text: str) -> Any:
        if self._session is None:
            self._session = self._start()
            for name, value in _SETTINGS.items():
                self._session.conf.set(name, value)
            if self.path:  # files of several versions of herodyno are one table
                files = self._session.read.option("mergeSchema", True).parquet(f"{self.path}/events")
                files.createOrReplaceTempView(_VIEW)
        return self._session.sql(text)

    def columns(self, text: str) -> dict[str, str]:
        """The columns of an answer, each with its type."""
        return dict(self._sql(text).dtypes)

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """All rows of an answer."""
        return list(self._sql(text).collect())

    def batches(self, text: str) -> Iterator[Batch]:
        """An answer some rows at a time, as they come from the server."""
        frame = self._sql(text)
        rows = frame.toLocalIterator()
        while block := list(islice(rows, _ROWS)):
            yield table_of_columns(frame.columns, list(zip(*block, strict=True)))

    def cancel(self) -> None:
        """End the query on the cluster."""
        if self._session is not None:
            self._session.interruptAll()

    def kind_of(self, error: BaseException) -> str:
        """What failed."""
        said = f"{type(error).__name__} {error}"
        return next((kind for mark, kind in _KINDS.items() if mark in said), "")

    def close(self) -> None:
        """End the session on the server."""
        if self._session is not None:
            with suppress(Exception):
                self._session.stop()


def remote_of(url: EngineUrl, password: str) -> str:
    """The address as Spark's client takes it. A token makes the client use TLS."""
    values = {"user_id": url.user, "token": password, "use_ssl": "true" if url.is_secure else ""}
    words = (f";{name}={quote(value, safe='')}" for name, value in values.items() if value)
    return f"sc://{url.address}/{''.join(words)}"
