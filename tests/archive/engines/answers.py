"""A process of its own asks an engine what `diagnose` and `logs` ask, and prints each answer and the verdict.

python -m tests.archive.engines.answers --archive PATH --engine URL…
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from herodyno.archive.engines.engine import Archive, Engine
from herodyno.archive.parquet.tables import Batch
from herodyno.cli.app import run
from herodyno.cli.archive import engine as door
from herodyno.cli.archive import profile

asked: list[tuple[str, list[Any]]] = []


class Listened:
    """An engine whose answers are written down."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.most_values = engine.most_values

    def rows(self, text: str, **values: Any) -> list[tuple[Any, ...]]:
        rows = self._engine.rows(text, **values)
        asked.append((text, list(rows)))
        return rows

    def batches(self, text: str, **values: Any) -> Iterator[Batch]:
        rows: list[Any] = []
        asked.append((text, rows))
        for batch in self._engine.batches(text, **values):
            rows += zip(*(column.to_pylist() for column in batch.columns), strict=True)
            yield batch


class ListenedArchive:
    """An archive whose engines are listened to."""

    def __init__(self, archive: Archive) -> None:
        self.root, self.require, self.version, self.listed = (
            archive.root, archive.require, archive.version, archive.listed,
        )  # fmt: skip
        self._archive = archive

    @contextmanager
    def over(self, first: str = "", last: str = "~") -> Iterator[Engine]:
        with self._archive.over(first, last) as found:
            yield Listened(found)

    def each_day(self, first_us: int, last_us: int) -> Iterator[tuple[str, Engine]]:
        for day, found in self._archive.each_day(first_us, last_us):
            yield day, Listened(found)


@contextmanager
def listened_archive_of(*words: Any) -> Iterator[Archive]:
    with archive_of(*words) as archive:
        yield ListenedArchive(archive)


def make_table(text: str) -> object:
    """Let a table of a team be there: `ENGINE STATEMENT`. What is returned keeps it there."""
    engine, _, statement = text.partition(" ")
    if engine == "chdb":
        import clickhouse_connect

        client = clickhouse_connect.get_client(interface="chdb")
        client.command(statement)
        return client
    from pyspark.sql import SparkSession

    session = SparkSession.builder.remote(engine).create()
    session.sql(statement)
    return session


def profiled() -> Any:
    """What `profile` prints, or None. Its rows come in any order, so they are not written down, and nobody is asked for
    prices."""
    door.archive_of, profile._sizes = archive_of, lambda *_: ([], [])
    printed = io.StringIO()
    with redirect_stdout(printed):
        code = run(["profile", *sys.argv[1:], "--json"])
    return json.loads(printed.getvalue()) if code == 0 else None


if __name__ == "__main__":
    archive_of, door.archive_of = door.archive_of, listened_archive_of
    kept = make_table(os.environ["TABLE"]) if os.environ.get("TABLE") else None
    printed = io.StringIO()
    with redirect_stdout(printed):
        code = run(["diagnose", *sys.argv[1:], "--since", "24h", "--json"])
    document = json.loads(printed.getvalue()) if code in (0, 10, 20) else None
    if document:
        with redirect_stdout(io.StringIO()):
            run(["logs", *sys.argv[1:]])
            run(["logs", "web.2", "status>=500", "--grep", "GET", *sys.argv[1:]])
    print(json.dumps({"code": code, "asked": asked, "document": document, "profile": document and profiled()}))
    sys.stdout.flush()
    os._exit(0)  # threads of the engines have nothing more to say
