"""The archive of an engine's address: each engine is loaded only where it is asked for."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from herodyno.archive.engines.server import Client, Limits, ServerArchive
from herodyno.archive.engines.url import EngineUrl
from herodyno.archive.parquet.columns import require_known
from herodyno.errors import Unreachable, UsageError

if TYPE_CHECKING:
    from herodyno.archive.engines.object_store import Account

_CONNECT_SECONDS = 10.0  # ours
_ON_SERVER = re.compile(r"/|[a-z][a-z0-9]*://", re.ASCII)


@contextmanager
def server_archive(url: EngineUrl, path: str, password: str, limits: Limits) -> Iterator[ServerArchive]:
    """The archive in a folder as the server sees it, or in the table that the address names."""
    if bool(path) == bool(url.events):
        raise UsageError(
            f"{url.scheme} needs one of --archive PATH and ?events=TABLE",
            next_step="--archive is the folder as the server sees it, ?events=TABLE one of its tables",
        )
    if path and url.scheme == "chdb" and not _ON_SERVER.match(path):
        path = str(Path(path).resolve())
    if path and not _ON_SERVER.match(path):
        raise UsageError(f"--archive {path!r} is a path on the server", next_step="write it from / or as file:///…")
    if url.host:
        _check_there(url)
    client = _client(url, path.rstrip("/"), password, limits)
    try:
        if url.scheme == "chdb":  # ClickHouse cannot tell the version of a file, but these are here
            require_known(Path(path.removeprefix("file://")).glob("events/*/*.parquet"), whole=True)
        yield ServerArchive(client, limits)
    finally:
        client.close()


@contextmanager
def stored_archive(path: str, account: Account, limits: Limits) -> Iterator[ServerArchive]:
    """The copy of an archive at `s3://BUCKET/FOLDER`, which DuckDB reads from here."""
    from herodyno.archive.engines.object_store import ObjectStore

    client = ObjectStore(path.rstrip("/"), account)
    try:
        yield ServerArchive(client, limits)
    finally:
        client.close()


def _check_there(url: EngineUrl) -> None:
    """Raise Unreachable where nobody listens: the clients try for minutes, and say it in pages."""
    try:
        socket.create_connection((url.host, url.port), timeout=_CONNECT_SECONDS).close()
    except (OSError, UnicodeError) as error:
        reason = (
            "no answer in 10 s" if isinstance(error, TimeoutError) else getattr(error, "strerror", None) or str(error)
        )
        raise Unreachable(
            f"{url.scheme}://{url.address} is not there: {reason}", next_step="does it run, and does it listen there?"
        ) from None


def _client(url: EngineUrl, path: str, password: str, limits: Limits) -> Client:
    if url.scheme == "quack":
        from herodyno.archive.engines.quack import Quack

        return Quack(url, path, password)
    if url.scheme == "sc":
        from herodyno.archive.engines.spark import Spark

        return Spark(url, path, password)
    from herodyno.archive.engines.clickhouse import ClickHouse

    return ClickHouse(url, path, password, limits)
